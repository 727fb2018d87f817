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
 * is no estimate then, nor when planning takes long.  A cancel, the timeout of
 * the whole call or a lack of memory passes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "tcop/tcopprot.h"
#include "utils/memutils.h"

#include "base/attempt.h"
#include "print/statement.h"
#include "run/door.h"
#include "run/plans.h"
#include "run/run.h"

/* The milliseconds that planning one statement may take. */
#define PLANNING_MS 500

typedef struct Estimate
{
	PrismiqStatement *(*make) (void *arg);
	void	   *arg;
	bool		known;
	double		rows;
} Estimate;

/* Make the statement and plan it.  Under the guard. */
static void
estimate_body(void *arg)
{
	Estimate   *estimate = (Estimate *) arg;
	const PrismiqStatement *statement = estimate->make(estimate->arg);
	Oid		   *types;
	List	   *raw;
	List	   *queries;
	PlannedStmt *planned;
	int			i;

	if (statement == NULL)
		return;
	types = palloc(sizeof(Oid) * Max(statement->nparams, 1));
	raw = raw_parser(statement->sql, RAW_PARSE_DEFAULT);
	for (i = 0; i < statement->nparams; i++)
		types[i] = statement->params[i].type;
	queries = pg_analyze_and_rewrite_fixedparams(linitial_node(RawStmt, raw), statement->sql,
												 types, statement->nparams, NULL);
	planned = prismiq_barrier_plan(linitial_node(Query, queries), statement,
								   CURSOR_OPT_PARALLEL_OK, prismiq_run_params(statement));
	estimate->rows = planned->planTree->plan_rows;
	estimate->known = true;
}

/* The same under the guard, for the time limit. */
static void
estimate_guarded(void *arg)
{
	prismiq_guard(estimate_body, NULL, arg);
}

/* The same under a time limit of its own; where it takes too long nothing is known. */
static void
estimate_limited(void *arg)
{
	(void) prismiq_deadline_try(estimate_guarded, arg, PLANNING_MS);
}

/*
 * The same in a subtransaction, which is undone in any case: then nothing stays
 * locked of what was planned.  What the planner says is no pointer into it.
 */
static void
estimate_safely(Estimate *estimate)
{
	ErrorData  *error = prismiq_attempt(PRISMIQ_ATTEMPT_UNDO, estimate_limited, estimate);

	if (error != NULL && prismiq_error_must_pass(error))
		ReThrowError(error);
}

/*
 * The rows that the planner expects of a statement; false when it cannot tell.
 * The statement is made by a function of the caller's (null: there is none), so
 * that what this locks and allocates goes as well.
 */
bool
prismiq_run_estimate(PrismiqStatement *(*make) (void *arg), void *arg, double *rows)
{
	Estimate	estimate = {make, arg, false, 0};
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "prismiq estimate",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	/* There are no subtransactions in parallel mode: then an error passes. */
	if (IsInParallelMode())
		prismiq_guard(estimate_body, NULL, &estimate);
	else
		estimate_safely(&estimate);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	*rows = estimate.rows;
	return estimate.known;
}
