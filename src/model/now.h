/*-------------------------------------------------------------------------
 *
 * now.h
 *	  The instant that relative dates are of, and how long what is made of it
 *	  holds.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_NOW_H
#define PRISMIQ_NOW_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

/*
 * For which instants all that was made of "now" would come out the same: those of
 * a span, while clocks in the zone (if there is one) show what is in another.  Both
 * are half-open.  A day is one of clock readings and not of instants, since clocks
 * go back.
 */
typedef struct PrismiqHolds
{
	TimestampTz from;
	TimestampTz until;
	pg_tz	   *zone;
	Timestamp	local_from;
	Timestamp	local_until;
} PrismiqHolds;

/* How the calendar of a query is set up. */
typedef struct PrismiqCalendar
{
	pg_tz	   *zone;			/* never null */
	int			week_start;		/* 0 (Sunday) to 6 (Saturday) */
	int			fiscal_start_month; /* 1 to 12 */
	TimestampTz now;			/* whoever looks at it says what was looked at: */
	PrismiqHolds *holds;		/* here, unless it is null */
} PrismiqCalendar;

/* Nothing has been made of it yet: that holds always. */
extern void prismiq_holds_begin(PrismiqHolds *holds);

/* Does what was made hold for an instant? */
extern bool prismiq_holds_at(const PrismiqHolds *holds, TimestampTz now);

/* What is made depends on something that nobody can tell of: it never holds again. */
extern void prismiq_now_unknown(const PrismiqCalendar *calendar);

/* The instant itself is looked at. */
extern TimestampTz prismiq_now_instant(const PrismiqCalendar *calendar);

/* It is within a span of instants, or of clock readings; no more is looked at. */
extern void prismiq_now_within(const PrismiqCalendar *calendar, bool instants, int64 from,
							   int64 until);

#endif							/* PRISMIQ_NOW_H */
