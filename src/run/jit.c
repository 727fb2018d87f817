/*-------------------------------------------------------------------------
 *
 * jit.c
 *	  Does compiling a plan pay?
 *
 * The server decides by the cost of a plan, most of which may be pages that are
 * read.  What compiling saves goes by rows, about 30 ns for each in a process; it
 * takes 50 to 100 ms in each process, which that many rows have to bring in.
 * Measured for series that are aggregated with all their buckets at once, which
 * have little left to be compiled: they are compiled where rows are many.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "jit/jit.h"
#include "miscadmin.h"
#include "nodes/plannodes.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"

#include "run/barrier.h"

/* Fewer rows than that in one process do not pay. */
#define MIN_JIT_ROWS 1000000

static double most_rows(const Plan *plan);

/* The same of several plans. */
static double
most_rows_of(const List *plans)
{
	double		rows = 0;
	ListCell   *lc;

	foreach(lc, plans)
		rows = Max(rows, most_rows((const Plan *) lfirst(lc)));
	return rows;
}

/*
 * The most rows that a node of a plan hands on in one process or, where it reads
 * a table from one end to the other, can look at for what that costs.
 */
static double
most_rows(const Plan *plan)
{
	double		rows;

	if (plan == NULL)
		return 0;
	check_stack_depth();
	rows = plan->plan_rows;
	if (IsA(plan, SeqScan))
		rows = Max(rows, (plan->total_cost - plan->startup_cost) /
				   Max(cpu_tuple_cost, DEFAULT_CPU_TUPLE_COST));
	else if (IsA(plan, Append))
		rows = Max(rows, most_rows_of(((const Append *) plan)->appendplans));
	else if (IsA(plan, MergeAppend))
		rows = Max(rows, most_rows_of(((const MergeAppend *) plan)->mergeplans));
	else if (IsA(plan, SubqueryScan))
		rows = Max(rows, most_rows(((const SubqueryScan *) plan)->subplan));
	rows = Max(rows, most_rows(plan->lefttree));
	return Max(rows, most_rows(plan->righttree));
}

/* Run a plan interpreted, where compiling it does not pay. */
void
prismiq_jit_decide(PlannedStmt *planned)
{
	if (planned->jitFlags != PGJIT_NONE &&
		Max(most_rows(planned->planTree), most_rows_of(planned->subplans)) < MIN_JIT_ROWS)
		planned->jitFlags = PGJIT_NONE;
}
