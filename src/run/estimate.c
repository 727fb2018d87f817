/*-------------------------------------------------------------------------
 *
 * estimate.c
 *	  How many rows the planner expects of a statement.
 *
 * The statement is planned for its own parameters and the plan thrown away: a
 * kept plan may be one for any tenant, and a list of all tables must not push
 * the plans of real queries out.
 *
 * Planning may run functions of a table's row policies, and a view may be
 * broken: that is the table's own trouble, known when it is queried, and must
 * not take a whole list along.  So it happens in a subtransaction, and there
 * is no estimate then.  A cancel, a timeout or a lack of memory passes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "tcop/tcopprot.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "run/run.h"

typedef struct Estimate
{
	const PrismiqStatement *statement;
	double		rows;
} Estimate;

/* Plan.  Under the guard. */
static void
estimate_body(void *arg)
{
	Estimate   *estimate = (Estimate *) arg;
	const PrismiqStatement *statement = estimate->statement;
	Oid		   *types = palloc(sizeof(Oid) * Max(statement->nparams, 1));
	List	   *raw = raw_parser(statement->sql, RAW_PARSE_DEFAULT);
	List	   *queries;
	PlannedStmt *planned;
	int			i;

	for (i = 0; i < statement->nparams; i++)
		types[i] = statement->params[i].type;
	queries = pg_analyze_and_rewrite_fixedparams(linitial_node(RawStmt, raw), statement->sql,
												 types, statement->nparams, NULL);
	planned = prismiq_barrier_plan(linitial_node(Query, queries), statement,
								   CURSOR_OPT_PARALLEL_OK, prismiq_run_params(statement));
	estimate->rows = planned->planTree->plan_rows;
}

/* The same in a subtransaction; false after an error. */
static bool
estimate_safely(Estimate *estimate)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile bool ok = true;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		prismiq_guard(estimate_body, NULL, estimate);
		ReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
	}
	PG_CATCH();
	{
		ErrorData  *edata;

		MemoryContextSwitchTo(context);
		edata = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		if (prismiq_error_must_pass(edata))
			ReThrowError(edata);
		ok = false;
	}
	PG_END_TRY();
	return ok;
}

/* The rows that the planner expects; false when it cannot tell. */
bool
prismiq_run_estimate(const PrismiqStatement *statement, double *rows)
{
	Estimate	estimate = {statement, 0};
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "prismiq estimate",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	bool		ok = true;

	/* There are no subtransactions in parallel mode: then an error passes. */
	if (IsInParallelMode())
		prismiq_guard(estimate_body, NULL, &estimate);
	else
		ok = estimate_safely(&estimate);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	*rows = estimate.rows;
	return ok;
}
