/*-------------------------------------------------------------------------
 *
 * zones.c
 *	  Time zones by name, and clock readings in them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "model/zones.h"

/*
 * May a name that holds a digit be the name of a zone?  Most with digits are
 * POSIX rules ("UTC+3" is three hours behind UTC), which pg_tzset() makes up a
 * zone for.  These few are in the database of zones.
 */
static bool
is_zone_with_digit(const char *name)
{
	static const char *const known[] = {"GMT0", "GMT+0", "GMT-0", "EST5EDT", "CST6CDT",
	"MST7MDT", "PST8PDT", "Etc/GMT0", NULL};
	int			i;

	for (i = 0; known[i] != NULL; i++)
		if (pg_strcasecmp(name, known[i]) == 0)
			return true;
	if (pg_strncasecmp(name, "Etc/GMT+", 8) == 0 || pg_strncasecmp(name, "Etc/GMT-", 8) == 0)
	{
		int			hours = 0;
		const char *p = name + 8;

		if (*p == '0' && p[1] != '\0')
			return false;
		for (; isdigit((unsigned char) *p) && hours < 100; p++)
			hours = hours * 10 + (*p - '0');
		return *p == '\0' && p > name + 8 && hours <= (name[7] == '-' ? 14 : 12);
	}
	return false;
}

/* See the header. */
pg_tz *
prismiq_zone_find(const char *name)
{
	pg_tz	   *zone;

	if (session_timezone != NULL &&
		pg_strcasecmp(name, pg_get_timezone_name(session_timezone)) == 0)
		return session_timezone;
	if (name[0] == '\0' || strlen(name) > TZ_STRLEN_MAX)
		return NULL;
	if (strpbrk(name, "0123456789") != NULL && !is_zone_with_digit(name))
		return NULL;
	zone = pg_tzset(name);
	if (zone != NULL && !pg_tz_acceptable(zone))
		return NULL;
	return zone;
}

/* See the header. */
bool
prismiq_local_to_instant(Timestamp local, pg_tz *zone, TimestampTz *instant)
{
	struct pg_tm tm;
	fsec_t		fsec;

	if (TIMESTAMP_NOT_FINITE(local))
	{
		*instant = local;
		return true;
	}
	if (timestamp2tm(local, NULL, &tm, &fsec, NULL, NULL) != 0)
		return false;
	*instant = local + DetermineTimeZoneOffset(&tm, zone) * USECS_PER_SEC;
	return IS_VALID_TIMESTAMP(*instant);
}

/* See the header. */
bool
prismiq_instant_to_local(TimestampTz instant, pg_tz *zone, Timestamp *local)
{
	struct pg_tm tm;
	fsec_t		fsec;
	int			tz;

	if (TIMESTAMP_NOT_FINITE(instant))
	{
		*local = instant;
		return true;
	}
	if (timestamp2tm(instant, &tz, &tm, &fsec, NULL, zone) != 0)
		return false;
	*local = instant - tz * USECS_PER_SEC;
	return IS_VALID_TIMESTAMP(*local);
}
