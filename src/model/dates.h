/*-------------------------------------------------------------------------
 *
 * dates.h
 *	  Relative dates, and date literals.
 *
 * Pure arithmetic, like buckets.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_DATES_H
#define PRISMIQ_DATES_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

#include "model/now.h"

typedef enum PrismiqPeriod
{
	PRISMIQ_PERIOD_DAILY,
	PRISMIQ_PERIOD_WEEKLY,
	PRISMIQ_PERIOD_MONTHLY,
	PRISMIQ_PERIOD_QUARTERLY,
	PRISMIQ_PERIOD_YEARLY
} PrismiqPeriod;

/*
 * A half-open range of local times; either side may be open.
 *
 * With "until_now" (last n minutes or hours) the range is one of absolute
 * time up to and including now, and "instant_start" and "instant_end" are its
 * bounds; "start" and "end" are their local readings, for columns without a
 * zone.
 */
typedef struct PrismiqLocalRange
{
	bool		has_start;
	bool		has_end;
	Timestamp	start;			/* included */
	Timestamp	end;			/* excluded */
	bool		until_now;
	TimestampTz instant_start;	/* included */
	TimestampTz instant_end;	/* excluded */
} PrismiqLocalRange;

/*
 * A text that was read as a date or time.  "date_only": it names a whole day
 * and "local" is its midnight.  "has_zone": the text named an offset or zone
 * and "instant" is valid; otherwise only "local" is.  "local" is always the
 * clock reading as written.  An infinity has both, and is infinite in both.
 */
typedef struct PrismiqParsedTime
{
	bool		date_only;
	bool		has_zone;
	Timestamp	local;
	TimestampTz instant;
} PrismiqParsedTime;

/*
 * When a day (since 2000-01-01) begins; false when that is out of the range of
 * timestamps, whose end is in it.
 */
extern bool prismiq_day_to_local(int64 day, Timestamp *local);

/*
 * The day (since 2000-01-01) that is the day-th of a month (since January of
 * year 0), or the month's last if it is shorter; false when the calendar does
 * not reach there.
 */
extern bool prismiq_day_of_month(int64 month, int day, int64 *result);

/*
 * Read "2024-01-31", "2024-01-31T10:00:00Z", "infinity" and whatever else
 * PostgreSQL's timestamp input takes, without raising: false when it is not
 * one.  The words "now", "today", "tomorrow", "yesterday" are refused, for they
 * would follow the session's zone and not the query's.
 */
extern bool prismiq_time_parse(const char *text, PrismiqParsedTime *parsed);

/*
 * The interval that "auto" chooses for a span in seconds, as text ("1 minute",
 * "1 day", ...), of days none that is shorter; null for every point.
 */
extern const char *prismiq_interval_auto(double seconds, int max_points, bool days);

/* What clocks show, of which only the day may be looked at; false when out of range. */
extern bool prismiq_calendar_today(const PrismiqCalendar *calendar, Timestamp *local);

/*
 * Relative conditions as local half-open ranges, see docs/definition.md.
 * False when out of range, or when the preset is unknown.
 */
extern bool prismiq_range_relative(const PrismiqCalendar *calendar, int64 days,
								   PrismiqLocalRange *range);
extern bool prismiq_range_window(const PrismiqCalendar *calendar, PrismiqPeriod period,
								 int64 offset, PrismiqLocalRange *range);
extern bool prismiq_range_preset(const PrismiqCalendar *calendar, const char *preset,
								 PrismiqLocalRange *range);

/* The preset names without the last_<n>_<unit> ones, ending with null. */
extern const char *const prismiq_preset_names[];

/* And the units of those. */
extern const char *const prismiq_preset_units[];

#endif							/* PRISMIQ_DATES_H */
