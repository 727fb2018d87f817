/*-------------------------------------------------------------------------
 *
 * deadline.c
 *	  The time limit of one call, from its first step to its last.
 *
 * Setting statement_timeout inside a running function does nothing, so there
 * is a timeout of our own.  It begins at the door: every function that takes
 * a definition, or answers from tables, does its work inside
 * prismiq_deadline_call(), so that reading, checking, waiting for locks,
 * planning and running share one limit.  The timer's handler does what a
 * cancel request does and no more, so that the call ends where the server
 * would let a cancel end it; on the way out the call sees that it was the
 * timer, and says so.
 *
 * Calls nest (a function in the query may run another query): the frames on
 * the C stack form a chain, the timer is always set to the earliest deadline
 * of the chain, and the frame that brought a deadline in takes it out again.
 * So an inner call never extends an outer limit.  A call that begins when the
 * time of one around it is over ends at once.
 *
 * The timer is registered by the first call in each backend and not by
 * _PG_init, because a backend forgets what the postmaster registered.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

#include "base/fault.h"
#include "base/notation.h"
#include "base/settings.h"
#include "run/door.h"

/* One call with a limit; they nest. */
typedef struct DeadlineFrame
{
	struct DeadlineFrame *outer;
	TimestampTz start;
	TimestampTz deadline;		/* the earliest of the chain; DT_NOEND for none */
	bool		settled;		/* the call answers although its time is over */
} DeadlineFrame;

static DeadlineFrame *innermost = NULL;
static volatile sig_atomic_t expired = false;
static TimeoutId timer;
static bool timer_registered = false;

/* The timer went off: cancel what runs.  A signal handler. */
static void
timer_handler(void)
{
	expired = true;
	QueryCancelPending = true;
	InterruptPending = true;
	SetLatch(MyLatch);
}

/* The deadline that held outside of a frame. */
static TimestampTz
outer_deadline(const DeadlineFrame *frame)
{
	return frame->outer ? frame->outer->deadline : DT_NOEND;
}

/* As statement_timeout ends a query, with a message of ours. */
static void
raise_timeout(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_QUERY_CANCELED),
			 errmsg(PRISMIQ_TIMEOUT_MESSAGE),
			 errhint(PRISMIQ_TIMEOUT_HINT)));
}

/* Let a frame end so long after its start, if nothing ends it before. */
static void
set_deadline(DeadlineFrame *frame, int timeout_ms)
{
	TimestampTz deadline;

	if (timeout_ms <= 0)
		return;
	deadline = TimestampTzPlusMilliseconds(frame->start, (int64) timeout_ms);
	if (deadline >= frame->deadline)
		return;
	frame->deadline = deadline;
	if (!timer_registered)
	{
		timer = RegisterTimeout(USER_TIMEOUT, timer_handler);
		timer_registered = true;
	}
	enable_timeout_at(timer, deadline);
}

/* Put a frame on the chain; set the timer if its deadline comes first. */
static void
enter(DeadlineFrame *frame, int timeout_ms)
{
	prismiq_deadline_check();
	frame->outer = innermost;
	frame->start = GetCurrentTimestamp();
	frame->deadline = outer_deadline(frame);
	frame->settled = false;
	set_deadline(frame, timeout_ms);
	innermost = frame;
}

/*
 * Take a frame off the chain and set the timer back to what it was.  True when
 * the time was over and nobody has dealt with it: then the cancel that the
 * handler asked for is withdrawn, because the caller raises it.  (A cancel of the
 * client's in the same moment is answered by that same error.)
 */
static bool
leave(DeadlineFrame *frame)
{
	bool		was_expired;

	innermost = frame->outer;
	if (frame->deadline == outer_deadline(frame))
		return expired && !frame->settled;	/* the deadline is the outer frame's to remove */

	disable_timeout(timer, false);
	was_expired = expired;
	if (was_expired)
		QueryCancelPending = false;
	expired = false;
	if (frame->outer && frame->outer->deadline != DT_NOEND)
		enable_timeout_at(timer, frame->outer->deadline);
	return was_expired && !frame->settled;
}

/*
 * Call body(arg), which may take so long (in milliseconds; 0: as long as the
 * limits around it let it).  False when the time was over, wherever the body was
 * by then: the caller takes back what it had begun, or raises.
 */
bool
prismiq_deadline_try(void (*body) (void *arg), void *arg, int timeout_ms)
{
	MemoryContext caller = CurrentMemoryContext;
	DeadlineFrame frame;
	volatile bool in_time = true;

	check_stack_depth();
	enter(&frame, timeout_ms);
	PG_TRY();
	{
		body(arg);
	}
	PG_CATCH();
	{
		if (!leave(&frame) || geterrcode() != ERRCODE_QUERY_CANCELED)
			PG_RE_THROW();
		MemoryContextSwitchTo(caller);
		FlushErrorState();
		in_time = false;
	}
	PG_END_TRY();
	return in_time && !leave(&frame);
}

/* The same, where it is an error that the time is over. */
void
prismiq_deadline(void (*body) (void *arg), void *arg, int timeout_ms)
{
	if (!prismiq_deadline_try(body, arg, timeout_ms))
		raise_timeout();
}

/* Let the call at hand end so long after its beginning, if not before. */
void
prismiq_deadline_lower(int64 timeout_ms)
{
	if (innermost == NULL)
		elog(ERROR, "there is no call to limit");
	set_deadline(innermost, (int) Min(timeout_ms, PG_INT32_MAX));
}

/* The milliseconds that are left of the call at hand, at least 1; 0 for no limit. */
int
prismiq_deadline_left(void)
{
	long		left;

	if (innermost == NULL || innermost->deadline == DT_NOEND)
		return 0;
	left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), innermost->deadline);
	return (int) Max(Min(left, PG_INT32_MAX), 1);
}

/* For loops in which something may have swallowed a cancel: is the time over? */
void
prismiq_deadline_check(void)
{
	CHECK_FOR_INTERRUPTS();
	if (unlikely(expired))
		raise_timeout();
}

/*
 * Is the time over?  A caller that asks deals with it itself: the cancel is
 * withdrawn, and the call at hand ends with whatever it answers.
 */
bool
prismiq_deadline_settle(void)
{
	if (!expired)
		return false;
	innermost->settled = true;
	QueryCancelPending = false;
	return true;
}
