/*-------------------------------------------------------------------------
 *
 * dates.c
 *	  Date literals, relative dates, and the choice of "auto".
 *
 * Nothing here raises for what a caller wrote: PostgreSQL's parts are used
 * where they answer with a code, not where they throw.  Days are counted from
 * 2000-01-01, months from January of year 0 (1 BC).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "common/int.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "model/buckets.h"
#include "model/dates.h"
#include "model/now.h"
#include "model/zones.h"

/* Larger offsets of relative dates leave the calendar anyway. */
#define OFFSET_LIMIT 200000000

/* The result of one run of PostgreSQL's date and time parser. */
typedef struct Decoded
{
	int			dtype;
	struct pg_tm tm;
	fsec_t		fsec;
	int			tz;
} Decoded;

/*
 * Is this field of a text what the parser takes for the name of a zone, and
 * none?  Up to version 15 the parser throws an error there.  It comes after a
 * date, and neither is it one itself ("Jan-31-2024").
 */
static bool
is_unknown_zone(char **fields, const int *types, int field)
{
	int			i;

	if (types[field] != DTK_DATE || isdigit((unsigned char) fields[field][0]))
		return false;
	for (i = 0; i < field; i++)
		if (types[i] == DTK_DATE || types[i] == DTK_NUMBER)
			return pg_tzset(fields[field]) == NULL;
	return false;
}

/*
 * Run the parser on a text; with "zone_allowed" off, a text that names a zone
 * or an offset is refused.  "zulu" tells of the word allballs, which names a
 * zone without the parser minding.
 */
static bool
decode(const char *text, bool zone_allowed, Decoded *result, bool *zulu)
{
	char		workbuf[MAXDATELEN + MAXDATEFIELDS];
	char	   *fields[MAXDATEFIELDS];
	int			types[MAXDATEFIELDS];
	int			count;
	int			i;

	if (ParseDateTime(text, workbuf, sizeof(workbuf), fields, types, MAXDATEFIELDS, &count) != 0)
		return false;
	for (i = 0; i < count; i++)
	{
		if (strcmp(fields[i], "now") == 0 || strcmp(fields[i], "today") == 0 ||
			strcmp(fields[i], "tomorrow") == 0 || strcmp(fields[i], "yesterday") == 0)
			return false;
		if (is_unknown_zone(fields, types, i))
			return false;
		if (strcmp(fields[i], "allballs") == 0)
			*zulu = true;
	}
	return prismiq_decode_datetime(fields, types, count, &result->dtype, &result->tm,
								   &result->fsec, zone_allowed ? &result->tz : NULL) == 0;
}

/* Is it written exactly as YYYY-MM-DD? */
static bool
is_iso_date(const char *text)
{
	int			i;

	for (i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? text[i] != '-' : !isdigit((unsigned char) text[i]))
			return false;
	return text[10] == '\0';
}

/*
 * Does a text that was read have a time of day in it?  The parser does not
 * tell, but it refuses a second one.
 */
static bool
has_time(const char *text)
{
	Decoded		decoded;
	bool		zulu = false;
	char	   *longer;
	bool		refused;

	if (is_iso_date(text))
		return false;
	if (strchr(text, ':') != NULL)
		return true;
	longer = psprintf("%s 01:02:03", text);
	refused = !decode(longer, false, &decoded, &zulu);
	pfree(longer);
	return refused;
}

/* See the header. */
bool
prismiq_time_parse(const char *text, PrismiqParsedTime *parsed)
{
	Decoded		decoded;
	bool		zulu = false;

	memset(parsed, 0, sizeof(*parsed));
	if (!decode(text, false, &decoded, &zulu))
	{
		if (!decode(text, true, &decoded, &zulu))
			return false;
		parsed->has_zone = true;
	}
	else if (zulu)
	{
		parsed->has_zone = true;
		decoded.tz = 0;
	}

	switch (decoded.dtype)
	{
		case DTK_DATE:
			break;
		case DTK_EPOCH:
			parsed->has_zone = true;
			parsed->local = parsed->instant = SetEpochTimestamp();
			return true;
		case DTK_LATE:
			parsed->has_zone = true;
			TIMESTAMP_NOEND(parsed->local);
			TIMESTAMP_NOEND(parsed->instant);
			return true;
		case DTK_EARLY:
			parsed->has_zone = true;
			TIMESTAMP_NOBEGIN(parsed->local);
			TIMESTAMP_NOBEGIN(parsed->instant);
			return true;
		default:
			return false;
	}

	if (tm2timestamp(&decoded.tm, decoded.fsec, NULL, &parsed->local) != 0)
		return false;
	if (parsed->has_zone)
		return tm2timestamp(&decoded.tm, decoded.fsec, &decoded.tz, &parsed->instant) == 0;
	parsed->date_only = parsed->local % USECS_PER_DAY == 0 && !has_time(text);
	return true;
}

/* See the header. */
const char *
prismiq_interval_auto(double seconds, int max_points, bool days)
{
	static const struct
	{
		const char *text;
		double		seconds;
	}			units[] =
	{
		{.text = "1 day", .seconds = SECS_PER_DAY},
		{.text = "1 week", .seconds = 7.0 * SECS_PER_DAY},
		{.text = "1 month", .seconds = DAYS_PER_YEAR / MONTHS_PER_YEAR * SECS_PER_DAY},
		{.text = "3 months", .seconds = DAYS_PER_YEAR / 4 * SECS_PER_DAY},
	};
	int			i;

	if (seconds <= 8.0 * SECS_PER_HOUR)
		return NULL;
	if (!days && seconds <= SECS_PER_DAY)
		return "1 minute";
	if (!days && seconds <= 4.0 * SECS_PER_DAY)
		return "10 minutes";
	if (seconds <= 31.0 * SECS_PER_DAY || seconds / SECS_PER_HOUR < max_points)
		return days ? "1 day" : "1 hour";
	for (i = 0; i < lengthof(units); i++)
		if (seconds / units[i].seconds < max_points)
			return units[i].text;
	return "1 year";
}

/* See the header. */
bool
prismiq_calendar_today(const PrismiqCalendar *calendar, Timestamp *local)
{
	int64		day;

	if (!prismiq_instant_to_local(calendar->now, calendar->zone, local) ||
		TIMESTAMP_NOT_FINITE(*local))
		return false;
	day = prismiq_floor_div(*local, USECS_PER_DAY);
	prismiq_now_within(calendar, false, day * USECS_PER_DAY, (day + 1) * USECS_PER_DAY);
	return true;
}

/* The day of "now" in the calendar's zone, and its month. */
static bool
find_today(const PrismiqCalendar *calendar, int64 *day, int64 *month)
{
	Timestamp	local;
	int			y,
				m,
				d;

	if (!prismiq_calendar_today(calendar, &local))
		return false;
	*day = prismiq_floor_div(local, USECS_PER_DAY);
	j2date((int) *day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	*month = (int64) y * MONTHS_PER_YEAR + m - 1;
	return true;
}

/* See the header. */
bool
prismiq_day_to_local(int64 day, Timestamp *local)
{
	return !pg_mul_s64_overflow(day, USECS_PER_DAY, local) && *local >= MIN_TIMESTAMP &&
		*local <= END_TIMESTAMP;
}

/* See the header. */
bool
prismiq_day_of_month(int64 month, int day, int64 *result)
{
	int64		y = prismiq_floor_div(month, MONTHS_PER_YEAR);
	int			m = (int) (month - y * MONTHS_PER_YEAR) + 1;

	if (y < -5000 || y > 300000)
		return false;
	*result = date2j((int) y, m, Min(day, day_tab[isleap(y)][m - 1])) - POSTGRES_EPOCH_JDATE;
	return true;
}

/* Make the range of the days from the first up to but not including the last. */
static bool
range_of_days(int64 first, int64 end, PrismiqLocalRange *range)
{
	memset(range, 0, sizeof(*range));
	if (first < -OFFSET_LIMIT || first > OFFSET_LIMIT || end < -OFFSET_LIMIT || end > OFFSET_LIMIT)
		return false;
	if (!prismiq_day_to_local(first, &range->start) || !prismiq_day_to_local(end, &range->end))
		return false;
	range->has_start = range->has_end = true;
	return true;
}

/* See the header. */
bool
prismiq_range_relative(const PrismiqCalendar *calendar, int64 days, PrismiqLocalRange *range)
{
	int64		today;
	int64		month;

	if (days < -OFFSET_LIMIT || days > OFFSET_LIMIT || !find_today(calendar, &today, &month))
		return false;
	return range_of_days(today + Min(days, 0), today + Max(days, 0) + 1, range);
}

/* First day of the period that begins "step" months after the offset-th. */
static bool
period_start(const PrismiqCalendar *calendar, int64 month, int step, int64 offset, int64 *day)
{
	int64		base = step > 1 ? calendar->fiscal_start_month - 1 : 0;
	int64		index = prismiq_floor_div(month - base, step) + offset;

	return prismiq_day_of_month(index * step + base, 1, day);
}

/* See the header. */
bool
prismiq_range_window(const PrismiqCalendar *calendar, PrismiqPeriod period, int64 offset,
					 PrismiqLocalRange *range)
{
	int64		today;
	int64		month;
	int64		first;
	int64		end;
	int			step = 1;

	if (offset < -OFFSET_LIMIT || offset > OFFSET_LIMIT ||
		!find_today(calendar, &today, &month))
		return false;
	switch (period)
	{
		case PRISMIQ_PERIOD_DAILY:
			return range_of_days(today + offset, today + offset + 1, range);
		case PRISMIQ_PERIOD_WEEKLY:
			first = prismiq_week_begin(today, calendar->week_start) + PRISMIQ_WEEK_DAYS * offset;
			return range_of_days(first, first + PRISMIQ_WEEK_DAYS, range);
		case PRISMIQ_PERIOD_MONTHLY:
			break;
		case PRISMIQ_PERIOD_QUARTERLY:
			step = 3;
			break;
		case PRISMIQ_PERIOD_YEARLY:
			step = MONTHS_PER_YEAR;
			break;
	}
	return period_start(calendar, month, step, offset, &first) &&
		period_start(calendar, month, step, offset + 1, &end) &&
		range_of_days(first, end, range);
}

/* The last n minutes or hours, in absolute time up to and including now. */
static bool
range_until_now(const PrismiqCalendar *calendar, int64 n, int64 unit,
					PrismiqLocalRange *range)
{
	TimestampTz now = prismiq_now_instant(calendar);
	int64		span;

	memset(range, 0, sizeof(*range));
	if (pg_mul_s64_overflow(n, unit, &span) ||
		pg_sub_s64_overflow(now, span, &range->instant_start) ||
		!IS_VALID_TIMESTAMP(range->instant_start) ||
		!prismiq_instant_to_local(range->instant_start, calendar->zone, &range->start) ||
		!IS_VALID_TIMESTAMP(now) ||
		!prismiq_instant_to_local(now, calendar->zone, &range->end))
		return false;
	range->instant_end = now + 1;
	range->end++;
	range->has_start = range->has_end = true;
	range->until_now = true;
	return true;
}

/* Units of last_<n>_<unit>. */
enum
{
	PRESET_MINUTES,
	PRESET_HOURS,
	PRESET_DAYS,
	PRESET_WEEKS,
	PRESET_MONTHS
};

const char *const prismiq_preset_units[] = {
	[PRESET_MINUTES] = "minutes",
	[PRESET_HOURS] = "hours",
	[PRESET_DAYS] = "days",
	[PRESET_WEEKS] = "weeks",
	[PRESET_MONTHS] = "months",
	NULL
};

/* The last n days, weeks or months, the last of their days being today. */
static bool
range_through_today(const PrismiqCalendar *calendar, int64 n, int unit,
					PrismiqLocalRange *range)
{
	int64		today;
	int64		month;
	int64		first;
	int			y,
				m,
				d;

	if (!find_today(calendar, &today, &month))
		return false;
	if (unit == PRESET_DAYS)
		return range_of_days(today + 1 - n, today + 1, range);
	if (unit == PRESET_WEEKS)
		return range_of_days(today + 1 - PRISMIQ_WEEK_DAYS * n, today + 1, range);

	/* months: what tomorrow was n months ago */
	j2date((int) today + 1 + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	return prismiq_day_of_month((int64) y * MONTHS_PER_YEAR + m - 1 - n, d, &first) &&
		range_of_days(first, today + 1, range);
}

/* A preset of the form last_<n>_<unit>. */
static bool
range_of_last(const PrismiqCalendar *calendar, const char *preset, PrismiqLocalRange *range)
{
	const char *p = preset + strlen("last_");
	int64		n = 0;
	int			i;

	for (; isdigit((unsigned char) *p); p++)
	{
		n = n * 10 + (*p - '0');
		if (n > OFFSET_LIMIT)
			return false;
	}
	if (n == 0 || *p++ != '_')
		return false;
	for (i = 0; prismiq_preset_units[i] != NULL; i++)
		if (strcmp(p, prismiq_preset_units[i]) == 0)
			break;
	switch (i)
	{
		case PRESET_MINUTES:
			return range_until_now(calendar, n, USECS_PER_MINUTE, range);
		case PRESET_HOURS:
			return range_until_now(calendar, n, USECS_PER_HOUR, range);
		case PRESET_DAYS:
		case PRESET_WEEKS:
		case PRESET_MONTHS:
			return range_through_today(calendar, n, i, range);
		default:
			return false;
	}
}

const char *const prismiq_preset_names[] = {
	"today", "yesterday", "last_7_days", "last_30_days",
	"this_week", "last_week", "this_month", "last_month",
	"this_quarter", "last_quarter", "this_year", "last_year",
	"all_time", NULL
};

/* See the header. */
bool
prismiq_range_preset(const PrismiqCalendar *calendar, const char *preset,
					 PrismiqLocalRange *range)
{
	static const struct
	{
		const char *name;
		PrismiqPeriod period;
	}			periods[] =
	{
		{.name = "week", .period = PRISMIQ_PERIOD_WEEKLY},
		{.name = "month", .period = PRISMIQ_PERIOD_MONTHLY},
		{.name = "quarter", .period = PRISMIQ_PERIOD_QUARTERLY},
		{.name = "year", .period = PRISMIQ_PERIOD_YEARLY},
	};
	PrismiqLocalRange today;
	int			i;

	memset(range, 0, sizeof(*range));
	if (strcmp(preset, "all_time") == 0)
		return true;
	if (strcmp(preset, "today") == 0)
		return prismiq_range_window(calendar, PRISMIQ_PERIOD_DAILY, 0, range);
	if (strcmp(preset, "yesterday") == 0)
		return prismiq_range_window(calendar, PRISMIQ_PERIOD_DAILY, -1, range);
	if (strncmp(preset, "this_", 5) != 0 && strncmp(preset, "last_", 5) != 0)
		return false;
	for (i = 0; i < lengthof(periods); i++)
	{
		if (strcmp(preset + 5, periods[i].name) != 0)
			continue;
		if (preset[0] == 'l')
			return prismiq_range_window(calendar, periods[i].period, -1, range);
		if (!prismiq_range_window(calendar, periods[i].period, 0, range) ||
			!prismiq_range_window(calendar, PRISMIQ_PERIOD_DAILY, 0, &today))
			return false;
		range->end = today.end;
		return true;
	}
	return preset[0] == 'l' && range_of_last(calendar, preset, range);
}
