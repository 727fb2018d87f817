/*-------------------------------------------------------------------------
 *
 * periods.h
 *	  The period before another one: how far back it is, and where it begins
 *	  and ends.
 *
 * Pure arithmetic on the clock readings of one place.  How far back is a
 * PostgreSQL interval, of which first the months are taken away, then the days,
 * then the time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_PERIODS_H
#define PRISMIQ_PERIODS_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "model/buckets.h"

/*
 * A clock reading as a day (since 2000-01-01) and the time on it, which reaches
 * further than a Timestamp does: as far as dates do.  The end of a range is
 * read on its last day, so its time goes from just after 0 to 24 hours.
 */
typedef struct PrismiqReading
{
	int64		day;
	int64		time;			/* microseconds */
} PrismiqReading;

/* What becomes of a reading that is moved back. */
typedef enum PrismiqEdge
{
	PRISMIQ_EDGE_START,			/* keeps its day of the month, or the last of a shorter one */
	PRISMIQ_EDGE_END			/* so too, but on the last day of a month it stays on the last */
} PrismiqEdge;

/*
 * Move a reading back.  The result's time is from 0 to less than 24 hours for
 * either edge.  What would come to lie before the calendar begins is its begin.
 */
extern PrismiqReading prismiq_reading_back(PrismiqReading reading, PrismiqEdge edge,
										   const Interval *shift);

/*
 * Is a range (half-open, of local times) no longer than a day?  Then its end
 * keeps its day as its start does: one day is compared with one day.
 */
extern bool prismiq_range_is_day(Timestamp start, Timestamp end);

/*
 * How far back the period before a range (half-open, of local times, not empty)
 * is: its length.  Whole days are whole days even when the last minute of them
 * is cut; with a grid it is of whole buckets, as many as do not overlap the
 * range; "points" asks for whole seconds, as points of time come.
 */
extern void prismiq_shift_of_range(const PrismiqGrid *grid, bool points, Timestamp start,
								   Timestamp end, Interval *shift);

/*
 * Make whole buckets of how far back another period is, or each bucket would be
 * compared with parts of two: the nearest number of them between months and
 * widths in days, else the next.  Buckets of a day and less can have any month.
 */
extern void prismiq_shift_to_buckets(const PrismiqGrid *grid, Interval *shift);

#endif							/* PRISMIQ_PERIODS_H */
