/*-------------------------------------------------------------------------
 *
 * encode_time.c
 *	  Dates and times as ISO 8601, as the server's to_json writes them.
 *
 * An answer has the same day, and the same offset from UTC, in row after row:
 * both are kept with the encoder as text and looked up anew only when they
 * change.  Years beyond four digits and years BC, which are rare and written
 * in a way of their own, are left to the server.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "pgtime.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/fault.h"
#include "run/encode.h"

/* Days since 2000-01-01 of 0001-01-01 and 9999-12-31. */
#define FIRST_PLAIN_DAY (-730119)
#define LAST_PLAIN_DAY 2921939

/* From the epoch of PostgreSQL, 2000-01-01, to that of Unix, in seconds. */
#define EPOCH_SECONDS ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

/* How far back an offset that was looked up is tried to hold: data may run backwards. */
#define LOOK_BACK_SECONDS ((int64) 60 * SECS_PER_DAY)

#define DAY_LEN 10				/* 2024-01-31 */

/* Two digits. */
static inline void
put2(char *to, int value)
{
	to[0] = '0' + value / 10;
	to[1] = '0' + value % 10;
}

/* Make the encoder's day_text that of this day, which is a plain one. */
static void
set_day(PrismiqEncoder *encoder, int32 day)
{
	int			year;
	int			month;
	int			mday;

	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
	put2(encoder->day_text, year / 100);
	put2(encoder->day_text + 2, year % 100);
	encoder->day_text[4] = '-';
	put2(encoder->day_text + 5, month);
	encoder->day_text[7] = '-';
	put2(encoder->day_text + 8, mday);
	encoder->day = day;
}

/* Append a day's text. */
static inline void
append_day(PrismiqEncoder *encoder, StringInfo buf, int32 day)
{
	if (day != encoder->day || encoder->day_text[0] == '\0')
		set_day(encoder, day);
	prismiq_append(buf, encoder->day_text, DAY_LEN);
}

/*
 * Append a local time, whose year has four digits: "2024-01-31T10:00:00.5".
 * False, and nothing appended, when it has not.
 */
static bool
append_local(PrismiqEncoder *encoder, StringInfo buf, Timestamp local)
{
	int64		day = local / USECS_PER_DAY;
	int64		time = local % USECS_PER_DAY;
	int			second;
	int			fraction;
	char	   *to;

	if (time < 0)
	{
		time += USECS_PER_DAY;
		day--;
	}
	if (day < FIRST_PLAIN_DAY || day > LAST_PLAIN_DAY)
		return false;

	append_day(encoder, buf, (int32) day);
	second = (int) (time / USECS_PER_SEC);
	fraction = (int) (time % USECS_PER_SEC);
	to = prismiq_reserve(buf, 16);
	to[0] = 'T';
	put2(to + 1, second / SECS_PER_HOUR);
	to[3] = ':';
	put2(to + 4, second / SECS_PER_MINUTE % MINS_PER_HOUR);
	to[6] = ':';
	put2(to + 7, second % SECS_PER_MINUTE);
	buf->len += 9;
	if (fraction != 0)
	{
		int			digits = 6;
		int			i;

		for (; fraction % 10 == 0; digits--)
			fraction /= 10;
		to[9] = '.';
		for (i = digits; i > 0; i--)
		{
			to[9 + i] = '0' + fraction % 10;
			fraction /= 10;
		}
		buf->len += 1 + digits;
	}
	return true;
}

/* Write an offset (seconds east of UTC) as "+02:00", with seconds if it has any. */
static void
set_offset(PrismiqEncoder *encoder, long offset)
{
	int			seconds = (int) labs(offset);
	char	   *to = encoder->offset_text;

	to[0] = offset < 0 ? '-' : '+';
	put2(to + 1, seconds / SECS_PER_HOUR);
	to[3] = ':';
	put2(to + 4, seconds / SECS_PER_MINUTE % MINS_PER_HOUR);
	encoder->offset_len = 6;
	if (seconds % SECS_PER_MINUTE != 0)
	{
		to[6] = ':';
		put2(to + 7, seconds % SECS_PER_MINUTE);
		encoder->offset_len = 9;
	}
	encoder->offset = (int64) offset * USECS_PER_SEC;
}

/*
 * Look up the offset that holds at an instant (Unix time), and from when until
 * when it holds at least.  False when the zone does not know.
 */
static bool
find_offset(PrismiqEncoder *encoder, pg_time_t at)
{
	pg_time_t	from = at - LOOK_BACK_SECONDS;
	long		before;
	long		after;
	int			before_dst;
	int			after_dst;
	pg_time_t	boundary;
	int			found;

	found = pg_next_dst_boundary(&from, &before, &before_dst, &boundary, &after, &after_dst,
								 encoder->zone);
	if (found > 0 && boundary <= at)
	{
		from = at;
		found = pg_next_dst_boundary(&from, &before, &before_dst, &boundary, &after,
									 &after_dst, encoder->zone);
	}
	if (found < 0 || labs(before) >= 100 * SECS_PER_HOUR)
		return false;
	encoder->offset_from = from;
	encoder->offset_until = found > 0 ? boundary : PG_INT64_MAX;
	set_offset(encoder, before);
	return true;
}

/* Infinities, years BC and the like: the server's own words. */
static void
append_by_server(PrismiqEncoder *encoder, StringInfo buf, Timestamp value, bool with_zone)
{
	char		text[MAXDATELEN + 1];
	struct pg_tm tm;
	fsec_t		fsec;
	int			tz = 0;
	const char *tzn = NULL;

	if (TIMESTAMP_NOT_FINITE(value))
		EncodeSpecialTimestamp(value, text);
	else if (timestamp2tm(value, with_zone ? &tz : NULL, &tm, &fsec, with_zone ? &tzn : NULL,
						  with_zone ? encoder->zone : NULL) == 0)
		EncodeDateTime(&tm, fsec, with_zone, tz, tzn, USE_XSD_DATES, text);
	else
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	prismiq_append(buf, text, strlen(text));
}

/* Append a date. */
void
prismiq_encode_date(PrismiqEncoder *encoder, StringInfo buf, Datum value)
{
	DateADT		date = DatumGetDateADT(value);
	char		text[MAXDATELEN + 1];
	struct pg_tm tm;

	if (date >= FIRST_PLAIN_DAY && date <= LAST_PLAIN_DAY)
	{
		append_day(encoder, buf, date);
		return;
	}
	if (DATE_NOT_FINITE(date))
		EncodeSpecialDate(date, text);
	else
	{
		j2date(date + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
		EncodeDateOnly(&tm, USE_XSD_DATES, text);
	}
	prismiq_append(buf, text, strlen(text));
}

/* Append a timestamp without time zone. */
void
prismiq_encode_timestamp(PrismiqEncoder *encoder, StringInfo buf, Datum value)
{
	Timestamp	local = DatumGetTimestamp(value);

	if (!append_local(encoder, buf, local))
		append_by_server(encoder, buf, local, false);
}

/* Append a timestamp with time zone, as local time and offset. */
void
prismiq_encode_timestamptz(PrismiqEncoder *encoder, StringInfo buf, Datum value)
{
	TimestampTz instant = DatumGetTimestampTz(value);
	int64		second = instant / USECS_PER_SEC;

	if (TIMESTAMP_NOT_FINITE(instant))
	{
		append_by_server(encoder, buf, instant, true);
		return;
	}
	if (instant % USECS_PER_SEC < 0)
		second--;
	second += EPOCH_SECONDS;
	if ((second >= encoder->offset_from && second < encoder->offset_until) ||
		find_offset(encoder, (pg_time_t) second))
	{
		if (append_local(encoder, buf, instant + encoder->offset))
		{
			prismiq_append(buf, encoder->offset_text, encoder->offset_len);
			return;
		}
	}
	append_by_server(encoder, buf, instant, true);
}
