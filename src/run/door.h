/*-------------------------------------------------------------------------
 *
 * door.h
 *	  What stands around every call: the door, its time limit, its guard.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_DOOR_H
#define PRISMIQ_DOOR_H

#include "postgres.h"

#include "fmgr.h"

/*
 * deadline.c: the time limit of one call.  Every function that takes a
 * definition or answers from tables goes in by prismiq_deadline_call().
 */
#define PRISMIQ_TIMEOUT_MESSAGE "canceling query due to prismiq.query_timeout"
#define PRISMIQ_TIMEOUT_HINT "Narrow the range or the filters of the query."

extern bool prismiq_deadline_try(void (*body) (void *arg), void *arg, int timeout_ms);
extern void prismiq_deadline(void (*body) (void *arg), void *arg, int timeout_ms);
extern void prismiq_deadline_lower(int64 timeout_ms);
extern int	prismiq_deadline_left(void);
extern void prismiq_deadline_check(void);
extern bool prismiq_deadline_settle(void);

/*
 * guard.c: every call of the executor or the planner goes through here.  An
 * error in "body" is raised again as one that tells nothing, and "cleanup"
 * (may be null; must not raise) runs on every way out.
 */
extern void prismiq_guard_door(MemoryContext caller);
extern void prismiq_guard(void (*body) (void *arg), void (*cleanup) (void *arg), void *arg);

/* Is an error not to be caught in a subtransaction and passed over? */
extern bool prismiq_error_must_pass(const ErrorData *edata);

/* door.c: what the functions of SQL come in by */
extern Datum prismiq_deadline_call(PGFunction function, FunctionCallInfo fcinfo);

#endif							/* PRISMIQ_DOOR_H */
