/*-------------------------------------------------------------------------
 *
 * series.c
 *	  The time series of a query: its range, its interval, its grid.
 *
 * Values of the date column are handled in three terms: the column's own
 * (days or microseconds, what conditions compare with), the grid's
 * (microseconds, instants when there is a zone) and constants of the bucket's
 * type (what the statement is given).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "check/check.h"
#include "expr/lower.h"
#include "model/buckets.h"
#include "model/condition.h"
#include "model/dates.h"
#include "model/expr.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/now.h"
#include "model/query.h"
#include "model/series.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"
#include "model/zones.h"
#include "value/value.h"

/* Look the series' column up, before conditions on it are checked. */
void
prismiq_check_series_begin(PrismiqCheck *check)
{
	PrismiqTimeSeries *series = check->query->time_series;
	PrismiqColumnRef *ref;
	Oid			result;

	if (series == NULL)
		return;
	ref = series->ref;
	if (!prismiq_check_column_ref(check, ref, false))
		return;
	if (!prismiq_check_no_measure(check, ref, NULL))
	{
		ref->table = NULL;
		return;
	}
	if (ref->expr != NULL && bms_num_members(ref->expr->tables) > 1)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_TIME_SERIES, ref->column_path, NULL,
						  "the date of a time series must be of one table");
		ref->table = NULL;
		return;
	}
	if (!prismiq_type_is_time(ref->basetype))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_TIME_SERIES, ref->column_path, NULL,
						  "column \"%s\" is of type %s, not a date or timestamp",
						  ref->name, prismiq_type_name(ref->type));
		ref->table = NULL;
		return;
	}
	if (!prismiq_check_local_times(check, ref))
		ref->source_zone = NULL;
	series->type = ref->source_zone != NULL ? TIMESTAMPTZOID : ref->basetype;
	series->least = prismiq_aggregate_find(PRISMIQ_AGG_MIN, ref->basetype, &result);
	series->greatest = prismiq_aggregate_find(PRISMIQ_AGG_MAX, ref->basetype, &result);
}

/* A value of the column's terms in the grid's; false when out of range. */
static bool
to_grid(PrismiqCheck *check, int64 value, int64 *result)
{
	const PrismiqColumnRef *ref = check->query->time_series->ref;

	*result = value;
	if (ref->basetype == DATEOID)
		return prismiq_day_to_local(value, result);
	if (ref->source_zone != NULL)
		return prismiq_local_to_instant(value, ref->source_zone, result);
	return true;
}

/* A value of the column's terms as a constant of the bucket's type. */
static PrismiqConst *
bucket_const(PrismiqCheck *check, int64 value)
{
	PrismiqTimeSeries *series = check->query->time_series;
	PrismiqOperand operand = {series->type, -1, NULL};
	int64		instant = value;

	if (series->ref->source_zone != NULL && !to_grid(check, value, &instant))
		return NULL;
	return prismiq_operand_const(&operand, instant);
}

/* range: {start, end}; a bare date as end includes its day. */
static void
check_range(PrismiqCheck *check, const PrismiqOperand *operand, PrismiqBounds *range)
{
	PrismiqTimeSeries *series = check->query->time_series;
	PrismiqParsedTime parsed;

	if (series->range_start != NULL && series->range_start->kind != PRISMIQ_LITERAL_NULL &&
		prismiq_value_time(check, series->range_start, operand->type, &parsed))
	{
		range->has_low = prismiq_time_to_operand(check, operand, &parsed, false, &range->low);
		if (!range->has_low || TIMESTAMP_NOT_FINITE(parsed.local))
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_TIME_SERIES,
							  series->range_start->path, NULL, "the date is out of range");
	}
	if (series->range_end != NULL && series->range_end->kind != PRISMIQ_LITERAL_NULL &&
		prismiq_value_time(check, series->range_end, operand->type, &parsed))
	{
		range->has_high = prismiq_time_to_operand(check, operand, &parsed, parsed.date_only,
													&range->high);
		if (!range->has_high || TIMESTAMP_NOT_FINITE(parsed.local))
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_TIME_SERIES,
							  series->range_end->path, NULL, "the date is out of range");
	}
}

/* complete_only: the range ends where the bucket of now begins. */
static void
check_complete(PrismiqCheck *check, PrismiqBounds *range)
{
	PrismiqTimeSeries *series = check->query->time_series;
	PrismiqGrid *grid = series->bucketing->grid;
	Timestamp	local;
	PrismiqBucket bucket;
	int64		end;

	if (!prismiq_instant_to_local(check->calendar.now, check->calendar.zone, &local) ||
		!prismiq_grid_bucket(grid, grid->zone != NULL ? check->calendar.now : local, &bucket))
		return;
	prismiq_now_within(&check->calendar, grid->zone != NULL, bucket.start, bucket.end);
	end = bucket.start;
	if (series->ref->basetype == DATEOID)
		end /= USECS_PER_DAY;
	else if (series->ref->source_zone != NULL)
	{
		if (!prismiq_instant_to_local(end, series->ref->source_zone, &local))
			return;
		end = local;
	}
	if (!range->has_high || end < range->high)
	{
		range->has_high = true;
		range->high = end;
	}
}

/*
 * The rows of a series have a finite time: where nothing bounds a side, the
 * infinities are left out, and with them the nulls.
 */
static void
make_range_test(PrismiqCheck *check, const PrismiqOperand *operand, const PrismiqBounds *range,
				const PrismiqBounds *all)
{
	PrismiqTimeSeries *series = check->query->time_series;
	PrismiqForm *form = palloc0(sizeof(PrismiqForm));

	prismiq_range_form(check, form, operand, range->has_low, range->low,
					   range->has_high, range->high);
	if (!all->has_low)
		prismiq_range_finite(form, operand, true);
	if (!all->has_high)
		prismiq_range_finite(form, operand, false);
	if (form->kind == PRISMIQ_FORM_RANGE)
		series->range = form;
}

/* Too many buckets are refused before anything runs, and one that no timestamp begins. */
static void
check_bucket_count(PrismiqCheck *check, const PrismiqBounds *bounds)
{
	PrismiqTimeSeries *series = check->query->time_series;
	int			limit = prismiq_limit(PRISMIQ_MAX_BUCKETS);
	PrismiqBucket first;
	int64		low;
	int64		high;

	if (!bounds->has_low || !bounds->has_high || bounds->low >= bounds->high)
		return;
	if (to_grid(check, bounds->low, &low) &&
		!prismiq_grid_bucket(series->bucketing->grid, low, &first))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_TIME_SERIES, series->interval_path,
						  "Choose a narrower interval or a later start.",
						  "the first bucket of the range would begin before 4714-11-24 BC");
		return;
	}
	if (to_grid(check, bounds->low, &low) && to_grid(check, bounds->high, &high) &&
		prismiq_grid_count(series->bucketing->grid, low, high, limit) <= limit)
		return;
	prismiq_fault_add(check->faults, PRISMIQ_TOO_COMPLEX, series->interval_path,
					  prismiq_limit_hint(PRISMIQ_MAX_BUCKETS,
										 "Choose a wider interval or a shorter range"),
					  "the range has more than %d buckets", limit);
}

/* Bounds in seconds apart, for auto. */
static double
span_seconds(PrismiqCheck *check, const PrismiqBounds *bounds)
{
	int64		low;
	int64		high;

	if (bounds->low >= bounds->high ||
		!to_grid(check, bounds->low, &low) || !to_grid(check, bounds->high, &high))
		return 0;
	return ((double) high - (double) low) / USECS_PER_SEC;
}

/* The explicit origin as a local time; false when there is none or it is bad. */
static bool
read_origin(PrismiqCheck *check, Timestamp *origin)
{
	PrismiqTimeSeries *series = check->query->time_series;
	PrismiqParsedTime parsed;

	if (series->origin == NULL || series->origin->kind == PRISMIQ_LITERAL_NULL)
		return false;
	if (!prismiq_value_time(check, series->origin, TIMESTAMPOID, &parsed))
		return false;
	if (TIMESTAMP_NOT_FINITE(parsed.local))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_TIME_SERIES, series->origin->path, NULL,
						  "the origin must be finite");
		return false;
	}
	*origin = parsed.local;
	if (parsed.has_zone)
		return prismiq_instant_to_local(parsed.instant, check->calendar.zone, origin);
	return true;
}

/* The rows are not grouped into buckets: what stands for them is the column itself. */
static void
show_every_point(PrismiqTimeSeries *series)
{
	if (series->output != NULL)
		series->output->type = series->ref->type;
}

/* Settle the grid and what hangs on it, once the bounds are known. */
static void
settle(PrismiqCheck *check, const PrismiqOperand *operand, PrismiqBounds range,
	   PrismiqBounds bounds)
{
	PrismiqTimeSeries *series = check->query->time_series;
	const char *interval = series->interval;
	Timestamp	origin;
	bool		has_origin;

	if (pg_strcasecmp(interval, "auto") == 0)
		interval = prismiq_interval_auto(span_seconds(check, &bounds), series->max_points,
										 series->ref->basetype == DATEOID);
	if (interval == NULL || check->options->disable_aggregation)
	{
		show_every_point(series);
		if (!check->options->disable_aggregation)
			make_range_test(check, operand, &range, &bounds);
		else if (range.has_low || range.has_high)
		{
			series->range = palloc0(sizeof(PrismiqForm));
			prismiq_range_form(check, series->range, operand, range.has_low, range.low,
							   range.has_high, range.high);
		}
		return;
	}

	has_origin = read_origin(check, &origin);
	series->bucketing = prismiq_bucketing_make(check, interval, series->interval_path,
											   series->ref->basetype, series->ref->source_zone,
											   has_origin ? &origin : NULL, series->fiscal);
	if (series->bucketing == NULL)
		return;
	series->bucket_text = prismiq_grid_width_words(series->bucketing->grid);
	if (series->complete_only)
	{
		check_complete(check, &range);
		if (range.has_high && (!bounds.has_high || range.high < bounds.high))
		{
			bounds.has_high = series->has_end = true;
			bounds.high = series->end = range.high;
		}
	}
	make_range_test(check, operand, &range, &bounds);
	check_bucket_count(check, &bounds);
	if (bounds.has_low)
		series->low = bucket_const(check, bounds.low);
	if (bounds.has_high)
		series->high = bucket_const(check, bounds.high);
}

/* The operand that conditions on the series' column have. */
static PrismiqOperand
series_operand(PrismiqCheck *check)
{
	PrismiqOperand operand;

	operand.type = check->query->time_series->ref->basetype;
	operand.typmod = -1;
	operand.source_zone = check->query->time_series->ref->source_zone;
	return operand;
}

/* What "range" says, and what it and the filters say together. */
static void
collect_bounds(PrismiqCheck *check, const PrismiqOperand *operand, PrismiqBounds *range,
			   PrismiqBounds *bounds)
{
	PrismiqTimeSeries *series = check->query->time_series;
	PrismiqBounds filtered;

	memset(range, 0, sizeof(PrismiqBounds));
	check_range(check, operand, range);
	*bounds = *range;
	filtered = prismiq_bounds_of(series->ref, check->query->filters, false);
	prismiq_bounds_narrow(bounds, &filtered);
	series->has_start = bounds->has_low;
	series->start = bounds->low;
	series->has_end = bounds->has_high;
	series->end = bounds->high;
}

/*
 * The column was not found: what the series says beside it may be wrong all the
 * same.  A timestamp takes whatever one of the other types does.
 */
static void
check_without_column(PrismiqCheck *check)
{
	PrismiqTimeSeries *series = check->query->time_series;
	PrismiqOperand operand = {TIMESTAMPOID, -1, NULL};
	PrismiqBounds ignored = {0};
	Timestamp	origin;
	bool		has_origin = read_origin(check, &origin);

	if (pg_strcasecmp(series->interval, "auto") != 0)
		(void) prismiq_bucketing_make(check, series->interval, series->interval_path,
									  TIMESTAMPOID, NULL, has_origin ? &origin : NULL,
									  series->fiscal);
	check_range(check, &operand, &ignored);
}

/* After the filters: the range, the interval, the grid. */
void
prismiq_check_series_end(PrismiqCheck *check)
{
	PrismiqTimeSeries *series = check->query->time_series;
	PrismiqOperand operand;
	PrismiqBounds range;
	PrismiqBounds bounds;

	if (series == NULL || series->interval == NULL)
		return;
	if (series->ref->table == NULL)
	{
		check_without_column(check);
		return;
	}
	operand = series_operand(check);
	collect_bounds(check, &operand, &range, &bounds);
	if (pg_strcasecmp(series->interval, "auto") == 0 &&
		!(bounds.has_low && bounds.has_high) && !check->options->disable_aggregation)
	{
		series->auto_pending = true;
		return;
	}
	settle(check, &operand, range, bounds);
}

/* A Datum of the column's type in the column's terms. */
static int64
datum_value(Oid type, Datum value)
{
	return type == DATEOID ? (int64) DatumGetDateADT(value) : (int64) DatumGetTimestamp(value);
}

/*
 * May the range be asked for at next to no cost, and is it worth it?  An index has the
 * column's least and greatest value, and of a range that is known a filled series is
 * aggregated with all of its buckets at once (stage/dense.c).
 */
static bool
wants_range(const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;
	const PrismiqColumnRef *ref = series->ref;

	return series->bucketing != NULL && series->fill_missing && query->grouped &&
		(series->low == NULL || series->high == NULL) && query->compare == NULL &&
		query->pivot == NULL && prismiq_dense_takes(query) && ref->expr == NULL &&
		!OidIsValid(ref->read_cast) && prismiq_table_is_led(ref->table, ref->attnum);
}

/* What is missing of a range is that of the column: rows are within it. */
static void
take_extremes(const PrismiqTimeSeries *series, const PrismiqQuestion *answer,
			  PrismiqBounds *range, PrismiqBounds *bounds)
{
	Oid			type = series->ref->basetype;

	if (!answer->found)
		return;
	if (!bounds->has_low && series->low == NULL)
	{
		bounds->has_low = range->has_low = true;
		bounds->low = range->low = datum_value(type, answer->values[0]);
	}
	if (!bounds->has_high && series->high == NULL)
	{
		bounds->has_high = range->has_high = true;
		bounds->high = range->high = datum_value(type, answer->values[1]) + 1;
	}
}

/*
 * An "auto" that has no range asks for the column's least and greatest finite
 * value for the tenant, and is settled by them; and so does a series that is better
 * aggregated when its range is known.
 */
void
prismiq_check_series_auto(PrismiqCheck *check)
{
	PrismiqTimeSeries *series = check->query->time_series;
	PrismiqQuestion answer = check->question;
	PrismiqFaults ignored = {NIL, NIL};
	PrismiqFaults *faults = check->faults;
	PrismiqOperand operand;
	PrismiqBounds range;
	PrismiqBounds bounds;

	if (series == NULL || !prismiq_check_asks(check) ||
		(!series->auto_pending && !answer.answered && !wants_range(check->query)))
		return;
	memset(&check->question, 0, sizeof(PrismiqQuestion));
	if (!answer.answered)
	{
		check->question.kind = PRISMIQ_QUESTION_BOUNDS;
		return;
	}
	operand = series_operand(check);

	/* Its faults have been noted the first time. */
	check->faults = &ignored;
	collect_bounds(check, &operand, &range, &bounds);
	check->faults = faults;

	if (!answer.found && !series->auto_pending)
		return;					/* there is nothing that it would be the range of */
	take_extremes(series, &answer, &range, &bounds);
	series->auto_pending = false;
	settle(check, &operand, range, bounds);
}
