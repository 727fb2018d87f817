/*-------------------------------------------------------------------------
 *
 * bucketing.c
 *	  Intervals as grids and as arguments of prismiq_time_bucket().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "model/buckets.h"
#include "model/dates.h"
#include "model/expr.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/series.h"
#include "model/zones.h"
#include "value/value.h"

/* A text constant. */
static PrismiqConst *
text_const(const char *text)
{
	return prismiq_const_make(TEXTOID, CStringGetTextDatum(text));
}

/*
 * Make the bucketing of an interval for values of a type; null and a fault
 * when the interval is none, or is finer than a date.  "fiscal": buckets of
 * months, however they are written, count from where the fiscal year begins.
 */
PrismiqBucketing *
prismiq_bucketing_make(PrismiqCheck *check, const char *interval, const PrismiqPath *path, Oid type,
					   pg_tz *source_zone, const Timestamp *origin, bool fiscal)
{
	PrismiqBucketing *result = palloc0(sizeof(PrismiqBucketing));
	pg_tz	   *zone = type == TIMESTAMPTZOID || source_zone != NULL ?
		check->calendar.zone : NULL;
	int			fiscal_month = fiscal ? check->calendar.fiscal_start_month : 1;
	const char *reason = NULL;
	PrismiqGrid *plain;
	char	   *width;

	result->grid = prismiq_grid_make(interval, zone, origin, check->calendar.week_start,
									 fiscal_month, &reason);
	if (result->grid == NULL)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_TIME_SERIES, path,
						  "Examples: day, week, 15 minutes, 3 months.",
						  "invalid interval \"%s\": %s", interval, reason);
		return NULL;
	}
	if (type == DATEOID && result->grid->kind != PRISMIQ_GRID_MONTHS &&
		result->grid->width % USECS_PER_DAY != 0)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_TIME_SERIES, path, NULL,
						  "a date cannot be put into buckets of \"%s\"", interval);
		return NULL;
	}
	width = prismiq_grid_width_text(result->grid);
	result->width = prismiq_const_make(INTERVALOID,
									   DirectFunctionCall3(interval_in, CStringGetDatum(width),
														   ObjectIdGetDatum(InvalidOid),
														   Int32GetDatum(-1)));
	if (zone != NULL)
		result->zone = text_const(pg_get_timezone_name(zone));
	if (source_zone != NULL)
		result->source_zone = text_const(pg_get_timezone_name(source_zone));

	/* An origin is printed only where it is not the default one. */
	plain = prismiq_grid_make(interval, zone, NULL, PRISMIQ_MONDAY, 1, &reason);
	if (plain != NULL && plain->origin != result->grid->origin)
	{
		Timestamp	value = result->grid->origin;

		if (type == DATEOID)
			result->origin = prismiq_const_make(DATEOID,
												DateADTGetDatum((DateADT) (value / USECS_PER_DAY)));
		else if (zone == NULL)
			result->origin = prismiq_const_make(TIMESTAMPOID, TimestampGetDatum(value));
		else if (result->grid->kind == PRISMIQ_GRID_ABSOLUTE ||
				 prismiq_local_to_instant(value, zone, &value))
			result->origin = prismiq_const_make(TIMESTAMPTZOID, TimestampTzGetDatum(value));
	}
	return result;
}

/* The bucketing of a column's date_trunc; null after a fault. */
PrismiqBucketing *
prismiq_check_date_trunc(PrismiqCheck *check, PrismiqColumn *column)
{
	PrismiqTimeSeries *series = check->query->time_series;

	if (!prismiq_type_is_time(column->ref->basetype))
	{
		prismiq_fault_add(check->faults, PRISMIQ_TYPE_MISMATCH, column->date_trunc_path, NULL,
						  "column \"%s\" is of type %s, not a date or timestamp",
						  column->ref->name, prismiq_type_name(column->ref->type));
		return NULL;
	}
	return prismiq_bucketing_make(check, column->date_trunc, column->date_trunc_path,
								  column->ref->basetype, NULL, NULL,
								  series != NULL && series->fiscal);
}
