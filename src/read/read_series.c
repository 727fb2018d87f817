/*-------------------------------------------------------------------------
 *
 * read_series.c
 *	  The time_series part of a definition.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/fault.h"
#include "base/json.h"
#include "model/series.h"
#include "model/words.h"
#include "read/read.h"
#include "read/shapes.h"

/* fill: what an empty bucket shows. */
const char *const prismiq_fill_names[] = {
	[PRISMIQ_FILL_VALUE] = "value",
	[PRISMIQ_FILL_NULL] = "null",
	[PRISMIQ_FILL_PREVIOUS] = "previous",
	[PRISMIQ_FILL_LINEAR] = "linear",
	NULL
};

const char *const prismiq_series_keys[] = {
	"table_id", "date_column", "path", "type", "interval", "alias", "fill_missing", "fill",
	"fill_value", "fill_before", "timezone", "source_timezone", "week_start", "fiscal", "origin",
	"range", "max_points", "complete_only", NULL
};
const char *const prismiq_range_keys[] = {"start", "end", NULL};


/* range: {start, end}, either may be left out. */
static void
read_range(PrismiqReader *reader, PrismiqTimeSeries *series, const PrismiqObject *object)
{
	PrismiqObject range;

	if (!prismiq_object_has(object, "range"))
		return;
	if (!prismiq_object_open(&range, prismiq_object_get(object, "range"),
							 prismiq_object_path(object, "range"), object->faults,
							 prismiq_range_keys))
		return;
	series->range_start = prismiq_read_literal(reader, &range, "start");
	series->range_end = prismiq_read_literal(reader, &range, "end");
}

/* fill: what an empty bucket shows. */
static void
read_fill(PrismiqReader *reader, PrismiqTimeSeries *series, const PrismiqObject *object)
{

	series->fill = (PrismiqFill) prismiq_object_choice(object, "fill", prismiq_fill_names, false,
													   PRISMIQ_FILL_VALUE);
	series->fill_path = prismiq_object_path(object, "fill");
	series->fill_missing = prismiq_object_boolean(object, "fill_missing", true);
	series->fill_value = prismiq_read_literal(reader, object, "fill_value");
	series->fill_before = prismiq_object_boolean(object, "fill_before", false);
	if (series->fill_value != NULL && prismiq_fill_has_neighbours(series))
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE, series->fill_value->path, NULL,
						  "\"fill_value\" does not go with fill \"%s\"",
						  prismiq_fill_names[series->fill]);
	if (series->fill_before && series->fill != PRISMIQ_FILL_PREVIOUS)
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_TIME_SERIES,
						  prismiq_object_path(object, "fill_before"), "Use fill \"previous\".",
						  "\"fill_before\" does not go with fill \"%s\"",
						  prismiq_fill_names[series->fill]);
}

/* Read the query's time_series; null when it is not even an object. */
PrismiqTimeSeries *
prismiq_read_time_series(PrismiqReader *reader, const PrismiqObject *query)
{
	PrismiqTimeSeries *series = palloc0(sizeof(PrismiqTimeSeries));
	PrismiqObject object;

	series->path = prismiq_object_path(query, "time_series");
	if (!prismiq_object_open(&object, prismiq_object_get(query, "time_series"), series->path,
							 query->faults, prismiq_series_keys))
		return NULL;

	series->ref = prismiq_read_ref(&object, "date_column");
	series->interval = prismiq_read_word(reader, &object, "interval", true);
	series->interval_path = prismiq_object_path(&object, "interval");
	series->alias = prismiq_read_alias(&object, false);
	read_fill(reader, series, &object);
	series->timezone = prismiq_read_word(reader, &object, "timezone", false);
	series->timezone_path = prismiq_object_path(&object, "timezone");
	prismiq_read_source_timezone(reader, &object, series->ref);
	series->week_start = prismiq_object_choice(&object, "week_start",
											   prismiq_weekday_names, true, -1);
	series->fiscal = prismiq_object_boolean(&object, "fiscal", false);
	series->origin = prismiq_read_literal(reader, &object, "origin");
	read_range(reader, series, &object);
	series->max_points = (int) prismiq_object_integer(&object, "max_points", 1, 100000, 1000);
	series->complete_only = prismiq_object_boolean(&object, "complete_only", false);
	return series;
}
