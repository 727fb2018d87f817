/*-------------------------------------------------------------------------
 *
 * attempt.h
 *	  What may fail without taking the call along.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_ATTEMPT_H
#define PRISMIQ_ATTEMPT_H

#include "postgres.h"

typedef enum PrismiqAttempt
{
	PRISMIQ_ATTEMPT_KEEP,		/* what was done stays, unless there is an error */
	PRISMIQ_ATTEMPT_UNDO		/* locks and all else are given back in any case */
} PrismiqAttempt;

/*
 * Run "body" in a subtransaction and in the caller's memory.  Null when it went
 * well; else its error, with everything undone: it is the caller's to say which
 * errors are raised again.  There are no subtransactions in parallel mode.
 */
extern ErrorData *prismiq_attempt(PrismiqAttempt end, void (*body) (void *arg), void *arg);

#endif							/* PRISMIQ_ATTEMPT_H */
