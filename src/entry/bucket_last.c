/*-------------------------------------------------------------------------
 *
 * bucket_last.c
 *	  The last time whose bucket is not after a value, or is before it.
 *
 * run/bucket_bounds.c puts these into plans beside conditions on buckets, where they
 * may be called although no row is looked at.  So they do not raise anything: what
 * has no grid, or no bucket, is not bounded, and prismiq_time_bucket() says what is
 * wrong when it is called.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "entry/entry.h"
#include "model/buckets.h"
#include "model/dates.h"
#include "model/zones.h"

PGDLLEXPORT Datum prismiq_time_bucket_last_session(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_time_bucket_last_zone(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_time_bucket_last_timestamp(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_time_bucket_last_date(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_time_bucket_last_session);
PG_FUNCTION_INFO_V1(prismiq_time_bucket_last_zone);
PG_FUNCTION_INFO_V1(prismiq_time_bucket_last_timestamp);
PG_FUNCTION_INFO_V1(prismiq_time_bucket_last_date);

/*
 * The last value whose bucket is not after a value (strict: is before it), in units of
 * the type: a microsecond, or a day.
 */
static int64
last_value(PrismiqGrid *grid, int64 value, bool strict, int64 unit)
{
	PrismiqBucket bucket;

	if (TIMESTAMP_NOT_FINITE(value))
		return value;
	if (strict)
		value -= unit;			/* the least one has room below it */
	if (grid == NULL || !prismiq_grid_bucket(grid, value, &bucket))
		return DT_NOEND;
	return bucket.end - unit;
}

/* The grid of these arguments as prismiq_time_bucket() has it, or null. */
static PrismiqGrid *
find_grid(const Interval *width, pg_tz *zone, const int64 *origin)
{
	const char *argument;
	const char *reason;

	return prismiq_time_bucket_grid(width, zone, origin, &argument, &reason);
}

/* time_bucket_last_session(width interval, value timestamptz, strict boolean) */
Datum
prismiq_time_bucket_last_session(PG_FUNCTION_ARGS)
{
	if (prismiq_has_null(fcinfo))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(last_value(find_grid(PG_GETARG_INTERVAL_P(0), session_timezone, NULL),
									 PG_GETARG_TIMESTAMPTZ(1), PG_GETARG_BOOL(2), 1));
}

/*
 * time_bucket_last_zone(width interval, value timestamptz, timezone text, origin
 * timestamptz, strict boolean)
 */
Datum
prismiq_time_bucket_last_zone(PG_FUNCTION_ARGS)
{
	PrismiqGrid *grid = NULL;
	pg_tz	   *zone;
	int64		origin = 0;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(4))
		PG_RETURN_NULL();
	if (!PG_ARGISNULL(3))
		origin = PG_GETARG_TIMESTAMPTZ(3);
	zone = prismiq_zone_find(text_to_cstring(PG_GETARG_TEXT_PP(2)));
	if (zone != NULL)
		grid = find_grid(PG_GETARG_INTERVAL_P(0), zone, PG_ARGISNULL(3) ? NULL : &origin);
	PG_RETURN_TIMESTAMPTZ(last_value(grid, PG_GETARG_TIMESTAMPTZ(1), PG_GETARG_BOOL(4), 1));
}

/*
 * time_bucket_last_timestamp(width interval, value timestamp, origin timestamp, strict
 * boolean)
 */
Datum
prismiq_time_bucket_last_timestamp(PG_FUNCTION_ARGS)
{
	int64		origin = 0;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	if (!PG_ARGISNULL(2))
		origin = PG_GETARG_TIMESTAMP(2);
	PG_RETURN_TIMESTAMP(last_value(find_grid(PG_GETARG_INTERVAL_P(0), NULL,
											 PG_ARGISNULL(2) ? NULL : &origin),
								   PG_GETARG_TIMESTAMP(1), PG_GETARG_BOOL(3), 1));
}

/* time_bucket_last_date(width interval, value date, origin date, strict boolean) */
Datum
prismiq_time_bucket_last_date(PG_FUNCTION_ARGS)
{
	const Interval *width;
	DateADT		value;
	PrismiqGrid *grid = NULL;
	int64		local;
	int64		origin = 0;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	width = PG_GETARG_INTERVAL_P(0);
	value = PG_GETARG_DATEADT(1);
	if (DATE_NOT_FINITE(value))
		PG_RETURN_DATEADT(value);
	if (width->time % USECS_PER_DAY == 0 && prismiq_day_to_local(value, &local) &&
		(PG_ARGISNULL(2) || (!DATE_NOT_FINITE(PG_GETARG_DATEADT(2)) &&
							 prismiq_day_to_local(PG_GETARG_DATEADT(2), &origin))))
		grid = find_grid(width, NULL, PG_ARGISNULL(2) ? NULL : &origin);
	else
		local = 0;				/* which has no bucket then */
	local = last_value(grid, local, PG_GETARG_BOOL(3), USECS_PER_DAY);
	if (local == DT_NOEND)
		PG_RETURN_DATEADT(DATEVAL_NOEND);
	PG_RETURN_DATEADT((DateADT) prismiq_floor_div(local, USECS_PER_DAY));
}
