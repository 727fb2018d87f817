/*-------------------------------------------------------------------------
 *
 * door.c
 *	  The door: functions called from SQL come in under prismiq.query_timeout and
 *	  behind the guard.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "base/notation.h"
#include "base/settings.h"
#include "run/door.h"

/* A function called from SQL, for what prismiq_deadline() calls. */
typedef struct FunctionCall
{
	PGFunction	function;
	FunctionCallInfo fcinfo;
	Datum		result;
} FunctionCall;

/* Call the function, with notation and errors of ours. */
static void
call_function(void *arg)
{
	FunctionCall *call = (FunctionCall *) arg;
	MemoryContext caller = CurrentMemoryContext;

	PG_TRY();
	{
		int			level = prismiq_notation_begin();

		call->result = call->function(call->fcinfo);
		prismiq_notation_end(level);
	}
	PG_CATCH();
	{
		prismiq_guard_door(caller);
		PG_RE_THROW();
	}
	PG_END_TRY();
}

/*
 * The door: a function called from SQL, under prismiq.query_timeout, in one
 * notation whatever the session's is, and behind the guard.
 */
Datum
prismiq_deadline_call(PGFunction function, FunctionCallInfo fcinfo)
{
	FunctionCall call = {function, fcinfo, (Datum) 0};

	prismiq_deadline(call_function, &call, prismiq_limit(PRISMIQ_QUERY_TIMEOUT));
	return call.result;
}
