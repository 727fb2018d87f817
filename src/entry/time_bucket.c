/*-------------------------------------------------------------------------
 *
 * time_bucket.c
 *	  SQL-callable: the bucket of a time, the buckets of a range.
 *
 * These run once per row, so what the arguments other than the time make is
 * kept with the call site (fn_extra) for as long as they stay the same, and so
 * is the bucket that was hit last: most calls are a few comparisons.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/fault.h"
#include "base/settings.h"
#include "entry/entry.h"
#include "model/buckets.h"
#include "model/dates.h"
#include "model/zones.h"

PGDLLEXPORT Datum prismiq_time_bucket_session(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_time_bucket_zone(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_time_bucket_timestamp(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_time_bucket_date(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_time_bucket_auto(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_time_buckets_zone(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_time_buckets_timestamp(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_time_buckets_date(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_time_bucket_session);
PG_FUNCTION_INFO_V1(prismiq_time_bucket_zone);
PG_FUNCTION_INFO_V1(prismiq_time_bucket_timestamp);
PG_FUNCTION_INFO_V1(prismiq_time_bucket_date);
PG_FUNCTION_INFO_V1(prismiq_time_bucket_auto);
PG_FUNCTION_INFO_V1(prismiq_time_buckets_zone);
PG_FUNCTION_INFO_V1(prismiq_time_buckets_timestamp);
PG_FUNCTION_INFO_V1(prismiq_time_buckets_date);

/* The default of max_points, as for "auto" of a time series. */
#define DEFAULT_MAX_POINTS 1000

/* What all arguments but the time come to, and the last bucket. */
typedef struct BucketState
{
	MemoryContext memory;		/* of the grid and the name */
	Interval	width;
	pg_tz	   *zone;			/* the session's, or the one of this name */
	char	   *zone_name;
	int			zone_name_len;
	bool		has_origin;
	int64		origin;
	bool		constant;		/* all arguments but the time are, at this call site */
	PrismiqGrid *grid;			/* null until made */
	PrismiqBucket bucket;
	DateADT		first_day;		/* the same of dates: included ... */
	DateADT		end_day;		/* ... and excluded */
} BucketState;

/*
 * Are all arguments but the time constants?  Parameters are not, for PL/pgSQL keeps
 * a call site while they change.
 */
static bool
is_constant(const FmgrInfo *flinfo)
{
	ListCell   *lc;

	if (flinfo->fn_expr == NULL || !IsA(flinfo->fn_expr, FuncExpr))
		return false;
	foreach(lc, ((const FuncExpr *) flinfo->fn_expr)->args)
		if (foreach_current_index(lc) != 1 && !IsA(lfirst(lc), Const))
			return false;
	return true;
}

/* The state of this call site. */
static inline BucketState *
state_of(FunctionCallInfo fcinfo)
{
	BucketState *state = (BucketState *) fcinfo->flinfo->fn_extra;

	if (unlikely(state == NULL))
	{
		state = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(BucketState));
		state->memory = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "prismiq time bucket",
											  ALLOCSET_SMALL_SIZES);
		state->constant = is_constant(fcinfo->flinfo);
		fcinfo->flinfo->fn_extra = state;
	}
	return state;
}

/* Was the state made of this width and origin (null for none)? */
static inline bool
is_made_of(const BucketState *state, const Interval *width, const int64 *origin)
{
	if (state->constant && state->grid != NULL)
		return true;
	return state->grid != NULL &&
		state->width.time == width->time &&
		state->width.day == width->day &&
		state->width.month == width->month &&
		state->has_origin == (origin != NULL) &&
		(origin == NULL || state->origin == *origin);
}

/* Raise for a time that has no bucket. */
static void
out_of_range(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("timestamp out of range")));
}

/*
 * A grid for these arguments; or null, which of them has none, and why.  With a zone
 * the origin is an instant, and its local reading is where days and months are
 * counted from.
 */
PrismiqGrid *
prismiq_time_bucket_grid(const Interval *width, pg_tz *zone, const int64 *origin,
						 const char **argument, const char **reason)
{
	PrismiqGrid *grid;
	Timestamp	local;

	if (origin != NULL)
	{
		local = *origin;
		if (!IS_VALID_TIMESTAMP(*origin) ||
			(zone != NULL && !prismiq_instant_to_local(*origin, zone, &local)))
		{
			*argument = "origin";
			*reason = "the origin is out of range";
			return NULL;
		}
	}
	*argument = "width";
	grid = prismiq_grid_from_interval(width, zone, origin ? &local : NULL, PRISMIQ_MONDAY, 1,
									  reason);
	if (grid != NULL && origin != NULL && zone != NULL && grid->kind == PRISMIQ_GRID_ABSOLUTE)
		prismiq_grid_set_origin(grid, *origin);
	return grid;
}

/* The same, or an error. */
static PrismiqGrid *
make_grid(const Interval *width, pg_tz *zone, const int64 *origin)
{
	const char *argument;
	const char *reason;
	PrismiqGrid *grid = prismiq_time_bucket_grid(width, zone, origin, &argument, &reason);

	if (grid == NULL)
		prismiq_reject_argument(argument, NULL, "%s", reason);
	return grid;
}

/* Make the state anew for these arguments; "zone_name" may be null. */
static void
remake(BucketState *state, const Interval *width, pg_tz *zone, const text *zone_name,
	   const int64 *origin)
{
	MemoryContext oldcontext;

	state->grid = NULL;
	state->zone_name = NULL;
	MemoryContextReset(state->memory);
	oldcontext = MemoryContextSwitchTo(state->memory);
	if (zone_name != NULL)
	{
		state->zone_name_len = VARSIZE_ANY_EXHDR(zone_name);
		state->zone_name = pnstrdup(VARDATA_ANY(zone_name), state->zone_name_len);
	}
	state->width = *width;
	state->zone = zone;
	state->has_origin = origin != NULL;
	state->origin = origin != NULL ? *origin : 0;
	state->bucket.start = state->bucket.end = 0;
	state->first_day = state->end_day = 0;
	state->grid = make_grid(width, zone, origin);
	MemoryContextSwitchTo(oldcontext);
}

/* The start of the bucket that holds a finite value. */
static inline int64
bucket_start(BucketState *state, int64 value)
{
	if (value >= state->bucket.start && value < state->bucket.end)
		return state->bucket.start;
	if (!prismiq_grid_bucket(state->grid, value, &state->bucket))
	{
		state->bucket.start = state->bucket.end = 0;
		out_of_range();
	}
	return state->bucket.start;
}

/* The zone of that name, or an error. */
static pg_tz *
find_zone(const text *name)
{
	char	   *copy = text_to_cstring(name);
	pg_tz	   *zone = prismiq_zone_find(copy);

	if (zone == NULL)
		prismiq_reject_argument("timezone",
								"Use a full name such as Europe/Paris; pg_timezone_names lists "
								"them.", "time zone \"%s\" not recognized", copy);
	return zone;
}

/* prismiq_time_bucket(interval, timestamptz): in the session's zone */
Datum
prismiq_time_bucket_session(PG_FUNCTION_ARGS)
{
	BucketState *state = state_of(fcinfo);
	const Interval *width;
	TimestampTz ts;

	if (prismiq_has_null(fcinfo))
		PG_RETURN_NULL();
	width = PG_GETARG_INTERVAL_P(0);
	ts = PG_GETARG_TIMESTAMPTZ(1);
	if (TIMESTAMP_NOT_FINITE(ts))
		PG_RETURN_TIMESTAMPTZ(ts);
	if (!is_made_of(state, width, NULL) || state->zone != session_timezone)
		remake(state, width, session_timezone, NULL, NULL);
	PG_RETURN_TIMESTAMPTZ(bucket_start(state, ts));
}

/* prismiq_time_bucket(interval, timestamptz, timezone, origin) */
Datum
prismiq_time_bucket_zone(PG_FUNCTION_ARGS)
{
	BucketState *state = state_of(fcinfo);
	const Interval *width;
	TimestampTz ts;
	text	   *name;
	int64		origin;
	bool		has_origin = !PG_ARGISNULL(3);

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	width = PG_GETARG_INTERVAL_P(0);
	ts = PG_GETARG_TIMESTAMPTZ(1);
	name = PG_GETARG_TEXT_PP(2);
	origin = has_origin ? PG_GETARG_TIMESTAMPTZ(3) : 0;

	if (!is_made_of(state, width, has_origin ? &origin : NULL) ||
		(!state->constant &&
		 (state->zone_name_len != VARSIZE_ANY_EXHDR(name) ||
		  memcmp(state->zone_name, VARDATA_ANY(name), state->zone_name_len) != 0)))
		remake(state, width, find_zone(name), name, has_origin ? &origin : NULL);
	if (TIMESTAMP_NOT_FINITE(ts))
		PG_RETURN_TIMESTAMPTZ(ts);
	PG_RETURN_TIMESTAMPTZ(bucket_start(state, ts));
}

/* prismiq_time_bucket(interval, timestamp, origin) */
Datum
prismiq_time_bucket_timestamp(PG_FUNCTION_ARGS)
{
	BucketState *state = state_of(fcinfo);
	const Interval *width;
	Timestamp	ts;
	int64		origin;
	bool		has_origin = !PG_ARGISNULL(2);

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	width = PG_GETARG_INTERVAL_P(0);
	ts = PG_GETARG_TIMESTAMP(1);
	origin = has_origin ? PG_GETARG_TIMESTAMP(2) : 0;

	if (!is_made_of(state, width, has_origin ? &origin : NULL))
		remake(state, width, NULL, NULL, has_origin ? &origin : NULL);
	if (TIMESTAMP_NOT_FINITE(ts))
		PG_RETURN_TIMESTAMP(ts);
	PG_RETURN_TIMESTAMP(bucket_start(state, ts));
}

/* A date as the local time of its midnight; an infinite one stays infinite. */
static Timestamp
date_to_local(DateADT date)
{
	int64		result;

	if (DATE_IS_NOBEGIN(date))
		return DT_NOBEGIN;
	if (DATE_IS_NOEND(date))
		return DT_NOEND;
	if (!prismiq_day_to_local(date, &result))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("date out of range for timestamp")));
	return result;
}

/* Dates have no buckets that begin within a day. */
static void
check_date_width(const Interval *width)
{
	if (width->time % USECS_PER_DAY != 0)
		prismiq_reject_argument("width", "Convert the date to a timestamp for narrower buckets.",
								"the buckets of a date must be whole days");
}

/* prismiq_time_bucket(interval, date, origin) */
Datum
prismiq_time_bucket_date(PG_FUNCTION_ARGS)
{
	BucketState *state = state_of(fcinfo);
	const Interval *width;
	DateADT		date;
	int64		origin;
	bool		has_origin = !PG_ARGISNULL(2);

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	width = PG_GETARG_INTERVAL_P(0);
	date = PG_GETARG_DATEADT(1);
	origin = has_origin ? date_to_local(PG_GETARG_DATEADT(2)) : 0;

	if (!is_made_of(state, width, has_origin ? &origin : NULL))
	{
		check_date_width(width);
		remake(state, width, NULL, NULL, has_origin ? &origin : NULL);
	}
	if (date >= state->first_day && date < state->end_day)
		PG_RETURN_DATEADT(state->first_day);
	if (DATE_NOT_FINITE(date))
		PG_RETURN_DATEADT(date);
	state->end_day = state->first_day = 0;
	state->first_day = (DateADT) (bucket_start(state, date_to_local(date)) / USECS_PER_DAY);
	state->end_day = (DateADT) (state->bucket.end / USECS_PER_DAY);
	PG_RETURN_DATEADT(state->first_day);
}

/* prismiq_time_bucket_auto(start, stop, max_points) */
Datum
prismiq_time_bucket_auto(PG_FUNCTION_ARGS)
{
	int32		max_points = PG_ARGISNULL(2) ? DEFAULT_MAX_POINTS : PG_GETARG_INT32(2);
	TimestampTz start;
	TimestampTz stop;
	const char *width;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	start = PG_GETARG_TIMESTAMPTZ(0);
	stop = PG_GETARG_TIMESTAMPTZ(1);
	if (TIMESTAMP_NOT_FINITE(start) || TIMESTAMP_NOT_FINITE(stop))
		prismiq_reject_argument("start", NULL, "start and stop must be finite");
	if (max_points < 1)
		prismiq_reject_argument("max_points", NULL, "max_points must be positive");
	width = prismiq_interval_auto(((double) stop - (double) start) / USECS_PER_SEC, max_points,
								  false);
	if (width == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(DirectFunctionCall3(interval_in, CStringGetDatum(width),
										ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

/* Where an enumeration of buckets stands. */
typedef struct BucketSeries
{
	PrismiqGrid *grid;
	PrismiqBucket bucket;
	int64		stop;			/* excluded */
	bool		done;
} BucketSeries;

/* Begin an enumeration; refuses one that is longer than prismiq.max_buckets. */
static BucketSeries *
series_begin(const Interval *width, pg_tz *zone, const int64 *origin, int64 start, int64 stop)
{
	BucketSeries *series = palloc0(sizeof(BucketSeries));
	int			limit = prismiq_limit(PRISMIQ_MAX_BUCKETS);

	series->grid = make_grid(width, zone, origin);
	series->stop = stop;
	if (stop <= start)
	{
		series->done = true;
		return series;
	}
	if (TIMESTAMP_NOT_FINITE(start) || TIMESTAMP_NOT_FINITE(stop))
		prismiq_reject_argument("start", NULL, "start and stop must be finite");
	if (!prismiq_grid_bucket(series->grid, start, &series->bucket))
		out_of_range();
	if (prismiq_grid_count(series->grid, start, stop, limit) > limit)
		prismiq_reject(PRISMIQ_LIMIT,
					   psprintf("the range has more than %d buckets", limit),
					   prismiq_limit_hint(PRISMIQ_MAX_BUCKETS,
										  "Ask for wider buckets or a shorter range"),
					   "query is too complex");
	return series;
}

/* The start of the next bucket; false at the end. */
static bool
series_next(BucketSeries *series, int64 *start)
{
	CHECK_FOR_INTERRUPTS();
	if (series->done)
		return false;
	*start = series->bucket.start;
	series->done = series->bucket.end >= series->stop ||
		!prismiq_grid_bucket(series->grid, series->bucket.end, &series->bucket);
	return true;
}

/*
 * One call of an enumeration: true and the next start, or false at the end.
 * The arguments are looked at in the first call only; "zone_arg" and
 * "origin_arg" say which they are, -1 for no zone.
 */
static bool
series_call(FunctionCallInfo fcinfo, int zone_arg, int origin_arg, bool dates, int64 *start)
{
	FuncCallContext *call;

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext oldcontext;

		call = SRF_FIRSTCALL_INIT();
		oldcontext = MemoryContextSwitchTo(call->multi_call_memory_ctx);
		if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1) && !PG_ARGISNULL(2) &&
			(zone_arg < 0 || !PG_ARGISNULL(zone_arg)))
		{
			bool		has_origin = !PG_ARGISNULL(origin_arg);
			int64		values[3] = {0, 0, 0};
			int			args[3] = {1, 2, origin_arg};
			int			i;

			for (i = 0; i < (has_origin ? 3 : 2); i++)
				values[i] = dates ? date_to_local(PG_GETARG_DATEADT(args[i])) :
					PG_GETARG_TIMESTAMP(args[i]);
			if (dates)
				check_date_width(PG_GETARG_INTERVAL_P(0));
			call->user_fctx = series_begin(PG_GETARG_INTERVAL_P(0),
										   zone_arg < 0 ? NULL :
										   find_zone(PG_GETARG_TEXT_PP(zone_arg)),
										   has_origin ? &values[2] : NULL,
										   values[0], values[1]);
		}
		MemoryContextSwitchTo(oldcontext);
	}
	call = SRF_PERCALL_SETUP();
	return call->user_fctx != NULL && series_next(call->user_fctx, start);
}

/* prismiq_time_buckets(interval, timestamptz, timestamptz, timezone, origin) */
Datum
prismiq_time_buckets_zone(PG_FUNCTION_ARGS)
{
	int64		start;
	bool		more = series_call(fcinfo, 3, 4, false, &start);
	FuncCallContext *call = SRF_PERCALL_SETUP();

	if (!more)
		SRF_RETURN_DONE(call);
	SRF_RETURN_NEXT(call, TimestampTzGetDatum(start));
}

/* prismiq_time_buckets(interval, timestamp, timestamp, origin) */
Datum
prismiq_time_buckets_timestamp(PG_FUNCTION_ARGS)
{
	int64		start;
	bool		more = series_call(fcinfo, -1, 3, false, &start);
	FuncCallContext *call = SRF_PERCALL_SETUP();

	if (!more)
		SRF_RETURN_DONE(call);
	SRF_RETURN_NEXT(call, TimestampGetDatum(start));
}

/* prismiq_time_buckets(interval, date, date, origin) */
Datum
prismiq_time_buckets_date(PG_FUNCTION_ARGS)
{
	int64		start;
	bool		more = series_call(fcinfo, -1, 3, true, &start);
	FuncCallContext *call = SRF_PERCALL_SETUP();

	if (!more)
		SRF_RETURN_DONE(call);
	SRF_RETURN_NEXT(call, DateADTGetDatum((DateADT) (start / USECS_PER_DAY)));
}
