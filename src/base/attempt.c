/*-------------------------------------------------------------------------
 *
 * attempt.c
 *	  What may fail without taking the call along: the one place that begins
 *	  subtransactions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "base/attempt.h"
#include "base/fault.h"

/*
 * Take the error that is being handled off the server's stack of errors, which has few
 * places: a copy, or null where there is no memory for one.
 */
static ErrorData *
take_error(void)
{
	ErrorData  *volatile error = NULL;

	PG_TRY();
	{
		error = CopyErrorData();
	}
	PG_CATCH();
	{
		/* of memory, which is all that a copy takes */
	}
	PG_END_TRY();
	FlushErrorState();
	return error;
}

/* See the header. */
ErrorData *
prismiq_attempt(PrismiqAttempt end, void (*body) (void *arg), void *arg)
{
	MemoryContext caller = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData  *volatile error = NULL;
	volatile bool failed = false;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(caller);
	PG_TRY();
	{
		body(arg);
		if (end == PRISMIQ_ATTEMPT_KEEP)
			ReleaseCurrentSubTransaction();
		else
			RollbackAndReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		/* First, as the server does: where memory ran out there is none for the copy before. */
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(caller);
		error = take_error();
		failed = true;
	}
	PG_END_TRY();
	MemoryContextSwitchTo(caller);
	CurrentResourceOwner = owner;
	if (failed && error == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
	return error;
}
