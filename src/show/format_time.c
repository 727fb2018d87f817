/*-------------------------------------------------------------------------
 *
 * format_time.c
 *	  Dates and times as people read them, in the zone of the answer.
 *
 * Names of months and weekdays are English, whatever the server's locale is.
 * Infinities, years BC and beyond 9999 have no pattern: they are shown as an
 * answer has them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "pgtime.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "base/fault.h"
#include "model/buckets.h"
#include "model/dates.h"
#include "model/zones.h"
#include "run/encode.h"
#include "show/format.h"

/* From the epoch of PostgreSQL, 2000-01-01, to that of Unix, in seconds. */
#define EPOCH_SECONDS ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

/* The conversions of patterns; what is none of them is shown as it stands. */
#define CONVERSIONS "AaBbCcDdeFGgHhIjklMmnpRrSTtUuVvWwXxYyZz"

/* The longest text of one of them, by far. */
#define CONVERSION_TEXT 64

#define DATE_PATTERN "%Y-%m-%d"

/* The pattern that shows the value, or null when it is to be shown as without a format. */
static const char *
pattern_of(const PrismiqFormatSpec *spec, Oid type)
{
	if (spec->date_format != NULL && strlen(spec->date_format) <= PRISMIQ_FORMAT_TEXT)
		return spec->date_format;
	switch (spec->kind)
	{
		case PRISMIQ_FORMAT_DATE:
			return DATE_PATTERN;
		case PRISMIQ_FORMAT_DATETIME:
			return type == DATEOID ? DATE_PATTERN : "%Y-%m-%d %H:%M";
		case PRISMIQ_FORMAT_TIME:
			return type == DATEOID ? DATE_PATTERN : "%H:%M";
		case PRISMIQ_FORMAT_MONTH:
			return "%B %Y";
		case PRISMIQ_FORMAT_WEEKDAY:
			return "%A";
		default:
			return NULL;
	}
}

/*
 * Take a value apart in the zone; what has no zone of its own is taken as it
 * stands, and has none to show.  False when it has no four digits of years.
 */
static bool
take_apart(Oid type, Datum value, pg_tz *zone, struct pg_tm *tm)
{
	Timestamp	time;
	pg_time_t	seconds;
	struct pg_tm *found;

	if (type == DATEOID)
	{
		if (DATE_NOT_FINITE(DatumGetDateADT(value)) ||
			!prismiq_day_to_local(DatumGetDateADT(value), &time))
			return false;
	}
	else
		time = DatumGetTimestamp(value);
	if (TIMESTAMP_NOT_FINITE(time))
		return false;
	seconds = prismiq_floor_div(time, USECS_PER_SEC) + EPOCH_SECONDS;
	found = type == TIMESTAMPTZOID ? pg_localtime(&seconds, zone) : pg_gmtime(&seconds);
	if (found == NULL || found->tm_year + 1900 < 1 || found->tm_year + 1900 > 9999)
		return false;
	*tm = *found;
	if (type != TIMESTAMPTZOID)
	{
		tm->tm_isdst = -1;
		tm->tm_zone = "";
	}
	return true;
}

/* Append one conversion; "bare" without the zeros or blanks before it. */
static void
append_conversion(StringInfo buf, char conversion, bool bare, const struct pg_tm *tm)
{
	const char	pattern[] = {'%', conversion, '\0'};
	char		text[CONVERSION_TEXT];
	size_t		len = pg_strftime(text, sizeof(text), pattern, tm);
	const char *from = text;

	while (bare && len > 1 && (from[0] == '0' || from[0] == ' '))
	{
		from++;
		len--;
	}
	appendBinaryStringInfo(buf, from, (int) len);
}

/* What a pattern makes of a time. */
static char *
apply_pattern(const char *pattern, const struct pg_tm *tm)
{
	StringInfoData buf;
	const char *at;

	initStringInfo(&buf);
	for (at = pattern; *at != '\0'; at++)
	{
		bool		bare = at[0] == '%' && at[1] == '-';
		char		conversion = at[0] == '%' ? at[bare ? 2 : 1] : '\0';

		if (conversion == '%' && !bare)
		{
			appendStringInfoChar(&buf, '%');
			at++;
		}
		else if (conversion != '\0' && strchr(CONVERSIONS, conversion) != NULL)
		{
			append_conversion(&buf, conversion, bare, tm);
			at += bare ? 2 : 1;
		}
		else
			appendStringInfoChar(&buf, *at);
	}
	return buf.data;
}

/*
 * Without a format: ISO 8601 as an answer has it, but with a blank for the T, and in
 * the zone without telling the offset, for the answer tells its zone once.
 */
static char *
plain_text(Oid type, Datum value, pg_tz *zone)
{
	PrismiqEncoder encoder;
	StringInfoData buf;
	Timestamp	local;
	char	   *letter;

	initStringInfo(&buf);
	if (type == TIMESTAMPTZOID &&
		prismiq_instant_to_local(DatumGetTimestampTz(value), zone, &local))
	{
		type = TIMESTAMPOID;
		value = TimestampGetDatum(local);
	}
	prismiq_encoder_init(&encoder, type, zone, false);
	prismiq_encode_text(&encoder, &buf, value);
	prismiq_append_char(&buf, '\0');
	letter = strchr(buf.data, 'T');
	if (letter != NULL)
		*letter = ' ';
	return buf.data;
}

/* See the header. */
char *
prismiq_format_time(const PrismiqFormatSpec *spec, Oid type, Datum value, pg_tz *zone)
{
	const char *pattern;
	struct pg_tm tm;

	if (type != DATEOID && type != TIMESTAMPOID && type != TIMESTAMPTZOID)
		return NULL;
	if (zone == NULL)
		zone = session_timezone;
	pattern = pattern_of(spec, type);
	return pattern != NULL && take_apart(type, value, zone, &tm) ?
		apply_pattern(pattern, &tm) : plain_text(type, value, zone);
}
