/*-------------------------------------------------------------------------
 *
 * shape_metric.c
 *	  One number: its value, where it stands among thresholds, how it changed,
 *	  and how it went over time.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "base/fault.h"
#include "catalog/catalogs.h"
#include "model/buckets.h"
#include "model/series.h"
#include "model/stages.h"
#include "show/shape.h"
#include "show/show.h"

/* When a bucket begins, in the grid's own terms; false for null. */
static bool
bucket_begin(const PrismiqShown *shown, int64 row, int column, int64 *begin)
{
	const PrismiqKeptRow *kept = &shown->rows->rows[row];

	if (kept->isnull[column])
		return false;
	if (prismiq_base_type(shown->columns[column].output->type) == DATEOID)
		*begin = (int64) DatumGetDateADT(kept->values[column]) * USECS_PER_DAY;
	else
		*begin = DatumGetTimestamp(kept->values[column]);
	return true;
}

/*
 * Now, in the terms of the series: an instant, or the reading of a clock in its
 * zone.  It is the transaction's, as of all that a definition has of today.
 */
static int64
series_now(const PrismiqShown *shown)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	struct pg_tm tm;
	fsec_t		fsec;
	int			tz;
	Timestamp	local;

	if (shown->query->time_series->type == TIMESTAMPTZOID)
		return now;
	if (timestamp2tm(now, &tz, &tm, &fsec, NULL, shown->locale.zone) != 0 ||
		tm2timestamp(&tm, fsec, NULL, &local) != 0)
		return now;
	return local;
}

/* Say that there are more rows than the one that is shown. */
static void
warn_of_rows(PrismiqShow *show, int64 count, const char *of)
{
	if (count > 1)
		prismiq_fault_warn(show->faults, PRISMIQ_INVALID_VALUE, NULL,
						   "Group by less, or give a limit of 1.",
						   "the query has " INT64_FORMAT " rows%s, of which the first is shown",
						   count, of);
}

/* The first row, of no series; -1 when there is none. */
static int64
find_first_row(PrismiqShow *show)
{
	int64		first = -1;
	int64		count = 0;
	int64		row;

	for (row = 0; row < show->shown->rows->count; row++)
		if (prismiq_show_is_detail(show->shown, row) && count++ == 0)
			first = row;
	warn_of_rows(show, count, "");
	return first;
}

/* The row of the last bucket that has ended, else of the last; -1 when there is none. */
static int64
find_last_row(PrismiqShow *show, int time)
{
	const PrismiqShown *shown = show->shown;
	const PrismiqTimeSeries *series = shown->query->time_series;
	int64		now = series_now(shown);
	int64		best = -1;
	int64		best_begin = 0;
	bool		best_ended = false;
	int64		count = 0;
	int64		row;

	for (row = 0; row < shown->rows->count; row++)
	{
		PrismiqBucket bucket;
		int64		begin;
		bool		ended;

		if (!prismiq_show_is_detail(shown, row) || !bucket_begin(shown, row, time, &begin))
			continue;
		ended = series->bucketing == NULL ? begin <= now :
			prismiq_grid_bucket(series->bucketing->grid, begin, &bucket) && bucket.end <= now;
		if (best < 0 || (ended && !best_ended) || (ended == best_ended && begin > best_begin))
		{
			best = row;
			best_begin = begin;
			best_ended = ended;
			count = 1;
		}
		else if (begin == best_begin)
			count++;
	}
	warn_of_rows(show, count, " for the bucket that is shown");
	return best;
}

/* The row that is shown. */
static int64
find_row(PrismiqShow *show)
{
	int			time = prismiq_show_nth(show->shown, "time", 0);

	return time < 0 ? find_first_row(show) : find_last_row(show, time);
}

/* Where a number stands: the last threshold that it reaches, or null. */
static void
write_status(PrismiqShow *show, int64 row, int column)
{
	const json_t *thresholds = json_object_get(show->widget->config, "thresholds");
	Numeric		number;
	Numeric		bound;
	int			level = -1;
	size_t		i;

	prismiq_write_key(show->buf, "status");
	if (row >= 0 && prismiq_show_number(show->shown, row, column, &number) &&
		!numeric_is_nan(number))
		for (i = 0; i < json_array_size(thresholds); i++)
			if (prismiq_widget_number(json_object_get(json_array_get(thresholds, i), "value"),
									  &bound) &&
				DatumGetBool(DirectFunctionCall2(numeric_ge, NumericGetDatum(number),
												 NumericGetDatum(bound))))
				level = (int) i;
	if (level < 0)
	{
		prismiq_write_literal(show->buf, "null");
		return;
	}
	prismiq_write_open(show->buf, '{');
	prismiq_write_key(show->buf, "level");
	prismiq_write_integer(show->buf, level);
	prismiq_write_key(show->buf, "color");
	prismiq_write_text(show->buf, prismiq_json_text(json_array_get(thresholds, level), "color"));
	prismiq_write_key(show->buf, "label");
	prismiq_write_text(show->buf, prismiq_json_text(json_array_get(thresholds, level), "label"));
	prismiq_write_close(show->buf, '}');
}

/* The place of an output in the answer, or -1. */
static int
place_of(const PrismiqShown *shown, const PrismiqOutput *output)
{
	int			i;

	for (i = 0; output != NULL && i < shown->ncolumns; i++)
		if (shown->columns[i].output == output)
			return i;
	return -1;
}

/* The comparison of a measure, or null. */
static const PrismiqComparison *
find_comparison(const PrismiqShown *shown, int column)
{
	const PrismiqCompare *compare = shown->query->compare;
	ListCell   *lc;

	foreach(lc, compare != NULL ? compare->comparisons : NIL)
		if (column >= 0 && ((const PrismiqComparison *) lfirst(lc))->measure ==
			shown->columns[column].output)
			return (const PrismiqComparison *) lfirst(lc);
	return NULL;
}

/* Up, down or flat; null when it is not known. */
static const char *
direction_of(const PrismiqShown *shown, int64 row, int change)
{
	Numeric		number;
	int			sign;

	if (change < 0 || !prismiq_show_number(shown, row, change, &number) ||
		numeric_is_nan(number))
		return NULL;
	sign = DatumGetInt32(DirectFunctionCall1(numeric_int4,
											 DirectFunctionCall1(numeric_sign,
																 NumericGetDatum(number))));
	return sign > 0 ? "up" : sign < 0 ? "down" : "flat";
}

/* How the value changed since the period before. */
static void
write_trend(PrismiqShow *show, int64 row, int column)
{
	const PrismiqShown *shown = show->shown;
	const PrismiqComparison *comparison = find_comparison(shown, column);
	StringInfo	buf = show->buf;
	bool		invert = prismiq_widget_flag(show->widget->config, "invert", false);
	const char *direction;
	int			change;

	prismiq_write_key(buf, "trend");
	if (comparison == NULL || row < 0)
	{
		prismiq_write_literal(buf, "null");
		return;
	}
	change = place_of(shown, comparison->change);
	direction = direction_of(shown, row, change);
	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "current");
	prismiq_write_cell(buf, shown, row, column);
	prismiq_write_key(buf, "previous");
	prismiq_write_cell(buf, shown, row, place_of(shown, comparison->previous));
	prismiq_write_key(buf, "change");
	prismiq_write_cell(buf, shown, row, change);
	prismiq_write_key(buf, "change_percent");
	prismiq_write_cell(buf, shown, row, place_of(shown, comparison->percent));
	prismiq_write_key(buf, "direction");
	prismiq_write_text(buf, direction);
	prismiq_write_key(buf, "good");
	prismiq_write_literal(buf, direction == NULL || strcmp(direction, "flat") == 0 ? "null" :
						  (strcmp(direction, "up") == 0) != invert ? "true" : "false");
	prismiq_write_close(buf, '}');
}

/* Is a row of the sparkline of the group whose value is shown? */
static bool
is_of_group(const PrismiqShow *show, int64 row, int64 shown_row)
{
	const PrismiqShown *over_time = show->sparkline;
	int			i;

	for (i = 0; i < over_time->ncolumns; i++)
	{
		const char *value;
		const char *wanted;

		if (strcmp(over_time->columns[i].role, "dimension") != 0)
			continue;
		value = prismiq_show_plain(over_time, row, i);
		wanted = shown_row < 0 ? NULL :
			prismiq_show_plain(show->shown, shown_row,
							   prismiq_show_find(show->shown, over_time->columns[i].output->name));
		if (value == NULL || wanted == NULL ? value != wanted : strcmp(value, wanted) != 0)
			return false;
	}
	return true;
}

/* The value over time: one point a bucket, or null where it was not asked for. */
static void
write_sparkline(PrismiqShow *show, int64 shown_row, int column)
{
	const PrismiqShown *shown = show->sparkline;
	int			time = shown == NULL ? -1 : prismiq_show_nth(shown, "time", 0);
	int			value = shown == NULL || column < 0 ? -1 :
		prismiq_show_find(shown, show->shown->columns[column].output->name);
	int64		row;

	prismiq_write_key(show->buf, "sparkline");
	if (time < 0 || value < 0)
	{
		prismiq_write_literal(show->buf, "null");
		return;
	}
	prismiq_write_open(show->buf, '[');
	for (row = 0; row < shown->rows->count; row++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!prismiq_show_is_detail(shown, row) || !is_of_group(show, row, shown_row))
			continue;
		prismiq_write_open(show->buf, '[');
		prismiq_write_cell(show->buf, shown, row, time);
		prismiq_write_cell(show->buf, shown, row, value);
		prismiq_write_close(show->buf, ']');
	}
	prismiq_write_close(show->buf, ']');
}

/* A number of the config, or null. */
static void
write_config_number(PrismiqShow *show, const char *key)
{
	const json_t *node = json_object_get(show->widget->config, key);

	prismiq_write_key(show->buf, key);
	if (prismiq_json_kind(node) == PRISMIQ_JSON_NUMBER)
		prismiq_write_json(show->buf, node);
	else
		prismiq_write_literal(show->buf, "null");
}

/* {value, formatted, label, status, trend, sparkline, target, min, max} */
void
prismiq_shape_metric(PrismiqShow *show)
{
	const PrismiqShown *shown = show->shown;
	StringInfo	buf = show->buf;
	int64		row = find_row(show);
	int			column = prismiq_show_named(show, "value");
	char	   *formatted;

	if (column < 0)
		column = prismiq_show_nth(shown, "measure", 0);
	if (column < 0)
		column = prismiq_show_nth(shown, "dimension", 0);
	formatted = row < 0 ? NULL : prismiq_show_formatted(shown, row, column);
	if (formatted == NULL)
	{
		const char *empty = prismiq_json_text(show->widget->config, "empty_text");

		formatted = pstrdup(empty != NULL ? empty : "no data");
	}
	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "value");
	if (row < 0)
		prismiq_write_literal(buf, "null");
	else
		prismiq_write_cell(buf, shown, row, column);
	prismiq_write_key(buf, "formatted");
	prismiq_write_text(buf, formatted);
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, column < 0 ? NULL : shown->columns[column].label);
	write_status(show, row, column);
	write_trend(show, row, column);
	write_sparkline(show, row, column);
	write_config_number(show, "target");
	write_config_number(show, "min");
	write_config_number(show, "max");
	prismiq_write_close(buf, '}');
}
