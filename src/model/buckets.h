/*-------------------------------------------------------------------------
 *
 * buckets.h
 *	  How instants fall into buckets.
 *
 * Pure arithmetic: no catalog, no SPI, no JSON.  Instants are TimestampTz
 * (microseconds since 2000-01-01 UTC); local times are Timestamp, the reading
 * of a wall clock in some zone.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_BUCKETS_H
#define PRISMIQ_BUCKETS_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

/*
 * How instants fall into buckets.
 *
 * ABSOLUTE: every width microseconds from the origin, in absolute time
 * (widths up to an hour).
 * LOCAL: every width microseconds of local time from the local origin
 * (hours above one, days, weeks).
 * MONTHS: every n calendar months of local time from the local origin, whose
 * day of the month (the last one of a shorter month) and time of day are kept.
 *
 * A grid without a zone works on Timestamp values as they stand.
 *
 * The buckets of a grid are the spans between consecutive edges, where an edge
 * is a local edge converted to an instant as PostgreSQL converts it: a time
 * that does not exist is read with the offset from before the change, one that
 * exists twice is the second.  So every instant is in exactly one bucket and
 * no bucket begins after what is in it; local edges that fall on the same
 * instant (a day that a zone skipped) are one edge and make no empty bucket.
 */
typedef enum PrismiqGridKind
{
	PRISMIQ_GRID_ABSOLUTE,
	PRISMIQ_GRID_LOCAL,
	PRISMIQ_GRID_MONTHS
} PrismiqGridKind;

typedef struct PrismiqGrid
{
	PrismiqGridKind kind;
	int64		width;			/* microseconds, or months */
	Timestamp	origin;			/* local; for ABSOLUTE with a zone an instant */
	pg_tz	   *zone;			/* null: values are local times already */

	/* MONTHS: the origin's month since year 0, day of the month, time of day */
	int64		origin_month;
	int			origin_day;
	int64		origin_time;

	/* What is remembered, see edges.h; null: edges are arithmetic */
	struct PrismiqEdges *edges;
} PrismiqGrid;

/* The span of one bucket. */
typedef struct PrismiqBucket
{
	int64		start;			/* included */
	int64		end;			/* excluded */
} PrismiqBucket;

/* Weekdays: 0 is Sunday, 1 Monday; 2000-01-01 was a Saturday. */
#define PRISMIQ_MONDAY 1
#define PRISMIQ_EPOCH_WEEKDAY 6
#define PRISMIQ_WEEK_DAYS 7

/* Quotient towards minus infinity. */
static inline int64
prismiq_floor_div(int64 dividend, int64 divisor)
{
	int64		quotient = dividend / divisor;

	return dividend % divisor < 0 ? quotient - 1 : quotient;
}

/* The day with which the week of a day begins; days are counted from 2000-01-01. */
static inline int64
prismiq_week_begin(int64 day, int week_start)
{
	int64		first = week_start - PRISMIQ_EPOCH_WEEKDAY;

	return first + prismiq_floor_div(day - first, PRISMIQ_WEEK_DAYS) * PRISMIQ_WEEK_DAYS;
}

/* The names of units ("second" to "year"), ending with null. */
extern const char *const prismiq_unit_names[];

/*
 * Make a grid from an interval such as "day", "15 minutes", "3 months" (unit
 * names as in query.md, singular or plural, or anything that interval input
 * takes as long as it does not mix months with days or hours).  Null and a
 * reason when it is none (a phrase, "an interval must be positive").  "origin"
 * (local) may be null: 2000-01-01, for whole weeks the first "week_start" day
 * on or after it, for months the first of "fiscal_start_month" (1 when the
 * fiscal year does not matter).
 */
extern PrismiqGrid *prismiq_grid_make(const char *text, pg_tz *zone, const Timestamp *origin,
									  int week_start, int fiscal_start_month,
									  const char **reason);
extern PrismiqGrid *prismiq_grid_from_interval(const Interval *width, pg_tz *zone,
											   const Timestamp *origin, int week_start,
											   int fiscal_start_month, const char **reason);

/* Count from an instant instead: matters where an hour is repeated. */
extern void prismiq_grid_set_origin(PrismiqGrid *grid, TimestampTz origin);

/* The grid's width as PostgreSQL writes an interval ("1 day", "00:15:00"). */
extern char *prismiq_grid_width_text(const PrismiqGrid *grid);

/* The same in words ("1 day", "15 minutes", "3 months"). */
extern char *prismiq_grid_width_words(const PrismiqGrid *grid);

/*
 * The bucket that holds a value (an instant when the grid has a zone, else a
 * local time); false when out of range or the value is infinite.  The next
 * bucket is the one that holds this one's end; there is none after the bucket
 * that ends with END_TIMESTAMP.
 */
extern bool prismiq_grid_bucket(const PrismiqGrid *grid, int64 value, PrismiqBucket *bucket);

/*
 * How many buckets the half-open span touches, counting no further than
 * limit + 1; for max_buckets and for auto.  A span that is infinite or out of
 * range has limit + 1.
 */
extern int64 prismiq_grid_count(const PrismiqGrid *grid, int64 start, int64 end, int64 limit);

#endif							/* PRISMIQ_BUCKETS_H */
