/*-------------------------------------------------------------------------
 *
 * plans.h
 *	  Plans of our own statements: how they are made, kept and shared.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_PLANS_H
#define PRISMIQ_PLANS_H

#include "postgres.h"

#include "nodes/params.h"
#include "nodes/parsenodes.h"
#include "nodes/plannodes.h"
#include "utils/plancache.h"
#include "utils/resowner.h"

#include "print/statement.h"
#include "run/run.h"

/*
 * barrier.c: plans of our own statements, in which nothing runs on a row before
 * its tenant predicate.  No other way leads to a plan.
 */
extern void prismiq_barrier_init(void);
extern CachedPlan *prismiq_barrier_cached_plan(CachedPlanSource *source,
											   const PrismiqStatement *statement,
											   ParamListInfo params, ResourceOwner owner,
											   int *seen);
extern PlannedStmt *prismiq_barrier_plan(Query *query, const PrismiqStatement *statement,
										 int cursor_options, ParamListInfo params);

/*
 * plans.c: kept plans.  A plan is pinned while it is planned or run, and is
 * not dropped meanwhile.
 */
typedef struct PrismiqKeptPlan PrismiqKeptPlan;

extern PrismiqKeptPlan *prismiq_plan_pin(const PrismiqStatement *statement,
										 int cursor_options);
extern void prismiq_plan_unpin(PrismiqKeptPlan *kept);
extern CachedPlan *prismiq_plan_get(PrismiqKeptPlan *kept, const PrismiqStatement *statement,
									ParamListInfo params, ResourceOwner owner);
extern const char *prismiq_plan_text(const PrismiqKeptPlan *kept);
extern void prismiq_plan_note(PrismiqKeptPlan *kept, const CachedPlan *plan, int64 planning,
							  int64 running);

/* What portal.c, stream.c and estimate.c have in common */
extern ParamListInfo prismiq_run_params(const PrismiqStatement *statement);
extern PlannedStmt *prismiq_run_planned(CachedPlan *plan, const char *sql);
extern void prismiq_run_reject_cost(void) __attribute__((noreturn));
extern void prismiq_run_reject_rows(const PrismiqRunLimits *limits) __attribute__((noreturn));
extern void prismiq_run_reject_size(void) __attribute__((noreturn));

#endif							/* PRISMIQ_PLANS_H */
