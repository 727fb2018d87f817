/*-------------------------------------------------------------------------
 *
 * portal.c
 *	  Plan and execute one statement, with the caller's rights, under the
 *	  caller's snapshot, within limits.
 *
 * The executor is driven directly and not through SPI: the plan is at hand
 * before it starts (prismiq.max_cost), nothing is put on an error's context,
 * and an answer costs no tuple table.  It runs to completion, or until the
 * sink has had enough, because only then may the plan be parallel.
 *
 * The functions that come here are STABLE, so the active snapshot is that of
 * the calling query, and all that one statement asks is seen at one moment.
 * The search_path is left alone: the text is right under the caller's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/tupdesc.h"
#include "commands/explain.h"
#include "executor/execdesc.h"
#include "jit/jit.h"
#include "tcop/dest.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "base/fault.h"
#include "base/settings.h"
#include "print/statement.h"
#include "run/door.h"
#include "run/plans.h"
#include "run/run.h"
#include "run/stat.h"

/*
 * What JIT is left to: it takes some milliseconds for each column and condition,
 * and as many for each table, partition and part of a view in the plan.
 */
#define MAX_JIT_TEXT 1200
#define MAX_JIT_RELATIONS 16

/* One run, for the functions under the guard. */
typedef struct Run
{
	const PrismiqStatement *statement;
	const PrismiqRunLimits *limits;
	DestReceiver *dest;
	PrismiqKeptPlan *kept;		/* while pinned */
	bool		too_expensive;
	ExplainState *explain;		/* explain only: where to, ... */
	double		rows;			/* ... and the estimates */
	double		cost;
} Run;

/* What the settings allow. */
void
prismiq_run_limits(PrismiqRunLimits *limits)
{
	limits->max_rows = prismiq_limit(PRISMIQ_MAX_ROWS);
	limits->rows_setting = prismiq_limit_name(PRISMIQ_MAX_ROWS);
	limits->max_bytes = prismiq_limit(PRISMIQ_MAX_RESULT_BYTES);
	limits->max_cost = prismiq_limit_max_cost();
}

/* The parameters as the executor wants them; null when there are none. */
ParamListInfo
prismiq_run_params(const PrismiqStatement *statement)
{
	ParamListInfo params;
	int			i;

	if (statement->nparams == 0)
		return NULL;
	params = makeParamList(statement->nparams);
	for (i = 0; i < statement->nparams; i++)
	{
		params->params[i].value = statement->params[i].value;
		params->params[i].isnull = statement->params[i].isnull;
		params->params[i].pflags = PARAM_FLAG_CONST;
		params->params[i].ptype = statement->params[i].type;
	}
	return params;
}

/*
 * The one SELECT of a plan.  A large statement is run without JIT: compiling
 * grows with it, can take minutes, and LLVM cannot be interrupted, so no time
 * limit would hold.
 */
PlannedStmt *
prismiq_run_planned(CachedPlan *plan, const char *sql)
{
	PlannedStmt *planned;

	if (list_length(plan->stmt_list) != 1)
		elog(ERROR, "plan has %d statements", list_length(plan->stmt_list));
	planned = linitial_node(PlannedStmt, plan->stmt_list);
	if (planned->commandType != CMD_SELECT || planned->hasModifyingCTE)
		elog(ERROR, "plan is not a plain SELECT");
	if (strlen(sql) > MAX_JIT_TEXT || list_length(planned->rtable) > MAX_JIT_RELATIONS)
		planned->jitFlags = PGJIT_NONE;
	return planned;
}

/* Refuse what the planner thinks too expensive: without figures, which know other tenants' rows. */
void
prismiq_run_reject_cost(void)
{
	PrismiqFaults faults = {NIL, NIL};

	prismiq_fault_add(&faults, PRISMIQ_TOO_EXPENSIVE, NULL,
					  prismiq_limit_cost_hint("Narrow the range or the filters of the query"),
					  "the query would cost more than prismiq.max_cost allows");
	prismiq_fault_raise_any(&faults);
	pg_unreachable();
}

/* On every way out of the guard. */
static void
run_cleanup(void *arg)
{
	Run		   *run = (Run *) arg;

	if (run->kept)
		prismiq_plan_unpin(run->kept);
	run->kept = NULL;
}

/* Plan, and run into run->dest.  Under the guard. */
static void
run_body(void *arg)
{
	Run		   *run = (Run *) arg;
	ParamListInfo params = prismiq_run_params(run->statement);
	const char *text;
	CachedPlan *plan;
	PlannedStmt *planned;
	QueryDesc  *desc;
	TimestampTz start;
	TimestampTz ready;

	run->kept = prismiq_plan_pin(run->statement, CURSOR_OPT_PARALLEL_OK);
	text = prismiq_plan_text(run->kept);
	start = GetCurrentTimestamp();
	plan = prismiq_plan_get(run->kept, run->statement, params, CurrentResourceOwner);
	planned = prismiq_run_planned(plan, text);
	ready = GetCurrentTimestamp();

	if (run->limits->max_cost > 0 && planned->planTree->total_cost > run->limits->max_cost)
		run->too_expensive = true;
	else
	{
		desc = CreateQueryDesc(planned, text, GetActiveSnapshot(),
							   InvalidSnapshot, run->dest, params, NULL, 0);
		ExecutorStart(desc, 0);
		prismiq_executor_run(desc, 0, true);
		ExecutorFinish(desc);
		ExecutorEnd(desc);
		FreeQueryDesc(desc);
		prismiq_plan_note(run->kept, plan, ready - start, GetCurrentTimestamp() - ready);
	}
	ReleaseCachedPlan(plan, CurrentResourceOwner);
}

/* Call the body under the guard, in memory of its own. */
static void
run_guarded(Run *run, void (*body) (void *arg))
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "prismiq run",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext oldcontext = MemoryContextSwitchTo(context);

	prismiq_guard(body, run_cleanup, run);
	MemoryContextSwitchTo(oldcontext);
	MemoryContextDelete(context);
	if (run->too_expensive)
		prismiq_run_reject_cost();
}

/* Raise for an answer that is not cut and has too many rows. */
void
prismiq_run_reject_rows(const PrismiqRunLimits *limits)
{
	prismiq_reject(PRISMIQ_LIMIT,
				   psprintf("the answer has more rows than %s allows", limits->rows_setting),
				   psprintf("Narrow the filters, give a limit, or raise %s.",
							limits->rows_setting),
				   "result has too many rows");
}

/* Raise for an answer of too many bytes. */
void
prismiq_run_reject_size(void)
{
	prismiq_reject(PRISMIQ_LIMIT, "the answer is larger than prismiq.max_result_bytes allows",
				   prismiq_limit_hint(PRISMIQ_MAX_RESULT_BYTES, "Ask for fewer rows or columns"),
				   "result is too large");
}

/* What a sink refused is raised once the executor is done, outside the guard. */
void
prismiq_run(const PrismiqStatement *statement, const PrismiqRunLimits *limits,
			PrismiqSink *sink)
{
	Run			run = {0};

	run.statement = statement;
	run.limits = limits;
	run.dest = &sink->receiver;
	prismiq_stat_sources(statement->sources);
	run_guarded(&run, run_body);

	if (sink->too_large)
		prismiq_run_reject_size();
	if (sink->truncated && sink->whole)
		prismiq_run_reject_rows(limits);
}

/* A destination that keeps one row. */
typedef struct OneRow
{
	DestReceiver receiver;
	MemoryContext context;		/* of what is kept */
	const Oid  *types;			/* of the columns, or null: they are known */
	bool		misfit;			/* they are not */
	Datum	   *values;
	bool	   *isnull;
	bool		found;
} OneRow;

/* Keep the first row, and ask for no other. */
static bool
one_receive(TupleTableSlot *slot, DestReceiver *self)
{
	OneRow	   *one = (OneRow *) self;
	TupleDesc	desc = slot->tts_tupleDescriptor;
	MemoryContext oldcontext;
	int			i;

	if (one->found || one->misfit)
		return false;
	slot_getallattrs(slot);
	oldcontext = MemoryContextSwitchTo(one->context);
	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attr = TupleDescAttr(desc, i);

		one->isnull[i] = slot->tts_isnull[i];
		one->values[i] = (Datum) 0;
		if (!slot->tts_isnull[i])
			one->values[i] = datumCopy(slot->tts_values[i], attr->attbyval, attr->attlen);
	}
	MemoryContextSwitchTo(oldcontext);
	one->found = true;
	return false;
}

/* Are the columns of the types that the reader takes them for? */
static void
one_startup(DestReceiver *self, int operation, TupleDesc desc)
{
	OneRow	   *one = (OneRow *) self;
	int			i;

	for (i = 0; one->types != NULL && i < desc->natts; i++)
		if (TupleDescAttr(desc, i)->atttypid != one->types[i])
			one->misfit = true;
}

/* The row has been copied: there is nothing to end. */
static void
one_shutdown(DestReceiver *self)
{
}

/* The first row of a statement. */
bool
prismiq_run_one(const PrismiqStatement *statement, const PrismiqRunLimits *limits,
				Datum *values, bool *isnull)
{
	PrismiqRunLimits settings;
	Run			run = {0};
	OneRow		one = {{0}};

	one.receiver.receiveSlot = one_receive;
	one.receiver.rStartup = one_startup;
	one.receiver.rShutdown = one_shutdown;
	one.receiver.rDestroy = one_shutdown;
	one.receiver.mydest = DestNone;
	one.context = CurrentMemoryContext;
	one.types = statement->result_types;
	one.values = values;
	one.isnull = isnull;

	prismiq_run_limits(&settings);
	run.statement = statement;
	run.limits = limits != NULL ? limits : &settings;
	run.dest = &one.receiver;
	run_guarded(&run, run_body);
	if (one.misfit)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
				 errmsg("a table of extension \"prismiq\" has a column of another type")));
	return one.found;
}

/* Plan and describe the plan.  Under the guard. */
static void
explain_body(void *arg)
{
	Run		   *run = (Run *) arg;
	ParamListInfo params = prismiq_run_params(run->statement);
	const char *text;
	CachedPlan *plan;
	PlannedStmt *planned;
	QueryDesc  *desc;

	run->kept = prismiq_plan_pin(run->statement, CURSOR_OPT_PARALLEL_OK);
	text = prismiq_plan_text(run->kept);
	plan = prismiq_plan_get(run->kept, run->statement, params, CurrentResourceOwner);
	planned = prismiq_run_planned(plan, text);
	run->rows = planned->planTree->plan_rows;
	run->cost = planned->planTree->total_cost;

	desc = CreateQueryDesc(planned, text, GetActiveSnapshot(),
						   InvalidSnapshot, None_Receiver, params, NULL, 0);
	ExecutorStart(desc, EXEC_FLAG_EXPLAIN_ONLY);
	ExplainBeginOutput(run->explain);
	ExplainOpenGroup("Query", NULL, true, run->explain);
	ExplainPrintPlan(run->explain, desc);
	ExplainCloseGroup("Query", NULL, true, run->explain);
	ExplainEndOutput(run->explain);
	ExecutorEnd(desc);
	FreeQueryDesc(desc);
	ReleaseCachedPlan(plan, CurrentResourceOwner);
}

/* The plan as EXPLAIN (FORMAT JSON) prints it, and the planner's estimates. */
char *
prismiq_run_explain(const PrismiqStatement *statement, double *rows, double *cost)
{
	PrismiqRunLimits limits;
	Run			run = {0};

	prismiq_run_limits(&limits);
	run.statement = statement;
	run.limits = &limits;
	run.explain = NewExplainState();
	run.explain->format = EXPLAIN_FORMAT_JSON;
	run.explain->costs = true;
	run_guarded(&run, explain_body);
	*rows = run.rows;
	*cost = run.cost;
	return run.explain->str->data;
}
