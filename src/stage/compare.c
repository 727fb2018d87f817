/*-------------------------------------------------------------------------
 *
 * compare.c
 *	  The period before: how far back it is, and what each measure gains.
 *
 * The twin of compile/compile_compare.c.  The rows of the period before are
 * those that the same conditions let through, with every condition on the date
 * column moved back, those of a join and of a measure as well; its buckets are
 * matched by time.  All moving is done in local time, so a day stays a day
 * whatever a change of clocks makes of it.  moved.c moves the conditions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "model/answer.h"
#include "model/buckets.h"
#include "model/condition.h"
#include "model/literal.h"
#include "model/periods.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"
#include "value/value.h"

/* Buckets of later years than 3713 BC can be moved so far back. */
#define MAX_OFFSET_YEARS 1000

#define SHORTEST_MONTH 28
#define LONGEST_MONTH 31

/* One column of a comparison in the answer. */
static PrismiqOutput *
add_compared(PrismiqQuery *query, const PrismiqOutput *measure, PrismiqRole role,
			 const char *suffix, Oid type)
{
	PrismiqOutput *output = prismiq_output_add(query, role,
											   psprintf("%s_%s", measure->name, suffix),
											   measure->number);

	output->type = type;
	return output;
}

/* What each measure gains, as columns of the answer. */
void
prismiq_check_compare_begin(PrismiqQuery *query)
{
	List	   *measures = NIL;
	ListCell   *lc;

	if (query->compare == NULL)
		return;
	query->staged = true;
	foreach(lc, query->answer)
	{
		PrismiqOutput *output = (PrismiqOutput *) lfirst(lc);

		if (output->role == PRISMIQ_ROLE_MEASURE && output->name != NULL &&
			OidIsValid(output->type))
			measures = lappend(measures, output);
	}
	foreach(lc, measures)
	{
		PrismiqComparison *comparison = palloc0(sizeof(PrismiqComparison));
		PrismiqOutput *measure = (PrismiqOutput *) lfirst(lc);
		PrismiqArithmetic *arithmetic = prismiq_difference_find(prismiq_base_type(measure->type));

		comparison->measure = measure;
		comparison->arithmetic = arithmetic;
		comparison->previous = add_compared(query, measure, PRISMIQ_ROLE_PREVIOUS, "previous",
											measure->type);
		comparison->previous->typmod = measure->typmod;
		comparison->previous->collation = measure->collation;
		if (arithmetic != NULL && OidIsValid(arithmetic->minus_type))
			comparison->change = add_compared(query, measure, PRISMIQ_ROLE_CHANGE, "change",
											  arithmetic->minus_type);
		if (arithmetic != NULL && arithmetic->hundred != NULL)
			comparison->percent = add_compared(query, measure, PRISMIQ_ROLE_PERCENT,
											   "change_percent", arithmetic->type);
		query->compare->comparisons = lappend(query->compare->comparisons, comparison);
	}
}

/* What the walk over the filters looks for: the one date column that they bound. */
typedef struct DateColumn
{
	const PrismiqCondition *filters;
	List	   *asked;			/* PrismiqColumnRef *: whose bounds are known, one a column */
	const PrismiqColumnRef *ref;
	bool		several;		/* there is more than one */
} DateColumn;

/* Note the date column of a test, when the filters bound it on both ends. */
static bool
find_column(PrismiqCondition *condition, void *arg)
{
	DateColumn *column = (DateColumn *) arg;
	const PrismiqTest *test = PrismiqTestOf(condition);
	const PrismiqColumnRef *ref = prismiq_test_ref(test);
	int64		start;
	int64		end;
	ListCell   *lc;

	CHECK_FOR_INTERRUPTS();
	if (ref == NULL || ref->table == NULL || test->form == NULL ||
		!prismiq_type_is_time(ref->basetype))
		return false;
	foreach(lc, column->asked)
		if (prismiq_same_column(ref, (const PrismiqColumnRef *) lfirst(lc)))
			return false;		/* filters may be many; each question looks at all of them */
	column->asked = lappend(column->asked, unconstify(PrismiqColumnRef *, ref));
	if (!prismiq_condition_bounds(column->filters, ref, &start, &end))
		return false;
	column->several = column->ref != NULL;
	column->ref = ref;
	return column->several;
}

/*
 * {"offset": "7 days"}: false and a fault when it is none, not back in time, or
 * further than buckets can be moved.
 */
static bool
read_offset(PrismiqCheck *check, const PrismiqCompare *compare, Interval *shift)
{
	Oid			cast = InvalidOid;
	PrismiqConst *value = prismiq_value_read(check, compare->offset, INTERVALOID, &cast);

	if (value == NULL)
		return false;
	*shift = *DatumGetIntervalP(value->value);
	if (shift->month < 0 || shift->day < 0 || shift->time < 0 ||
		(shift->month == 0 && shift->day == 0 && shift->time == 0))
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, compare->offset->path,
						  "Examples: 7 days, 1 month.",
						  "an offset goes back in time, so it must be positive");
	else if (shift->month > MAX_OFFSET_YEARS * MONTHS_PER_YEAR ||
			 shift->day > MAX_OFFSET_YEARS * DAYS_PER_YEAR ||
			 shift->time > MAX_OFFSET_YEARS * DAYS_PER_YEAR * USECS_PER_DAY)
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, compare->offset->path,
						  "Examples: 7 days, 1 month.",
						  "an offset goes back %d years at most", MAX_OFFSET_YEARS);
	else
		return true;
	return false;
}

/* How far back the other period is; false after a fault. */
static bool
find_shift(const PrismiqMoving *moving, bool known, Timestamp start, Timestamp end)
{
	PrismiqCheck *check = moving->check;
	const PrismiqCompare *compare = check->query->compare;
	const PrismiqTimeSeries *series = check->query->time_series;
	const PrismiqGrid *grid = series != NULL && series->bucketing != NULL ?
		series->bucketing->grid : NULL;
	Interval   *shift = moving->shift;

	switch (compare->period)
	{
		case PRISMIQ_COMPARE_WEEK:
			shift->day = PRISMIQ_WEEK_DAYS;
			break;
		case PRISMIQ_COMPARE_MONTH:
			shift->month = 1;
			break;
		case PRISMIQ_COMPARE_YEAR:
			shift->month = MONTHS_PER_YEAR;
			break;
		case PRISMIQ_COMPARE_OFFSET:
			if (!read_offset(check, compare, shift))
				return false;
			break;
		case PRISMIQ_COMPARE_PERIOD:
			if (!known)
			{
				prismiq_fault_add(check->faults, series != NULL ? PRISMIQ_INVALID_TIME_SERIES :
								  PRISMIQ_INVALID_VALUE, compare->period_path,
								  "Give the range a start and an end.",
								  "the period before is only known when the range is");
				return false;
			}
			prismiq_shift_of_range(grid, series != NULL, start, end, shift);
			return true;
	}
	if (grid != NULL)
		prismiq_shift_to_buckets(grid, shift);
	return true;
}

/* Is the condition on a column that was not found? */
static bool
is_unknown(PrismiqCondition *condition, void *arg)
{
	const PrismiqColumnRef *ref = prismiq_test_ref(PrismiqTestOf(condition));

	return ref != NULL && ref->table == NULL;
}

/*
 * The date column and its range without a series, by all filters, those that
 * stand in joins among them; null after a fault.
 */
static const PrismiqColumnRef *
find_range(PrismiqCheck *check, int64 *start, int64 *end)
{
	const PrismiqQuery *query = check->query;
	PrismiqCondition filters = {PRISMIQ_CONDITION_AND};
	PrismiqGroup *group = PrismiqGroupOf(&filters);
	DateColumn	column = {&filters, NIL};
	ListCell   *lc;

	if (query->filters != NULL)
		group->members = list_make1(query->filters);
	foreach(lc, query->join_order)
		group->members = list_concat(group->members,
									 ((const PrismiqJoin *) lfirst(lc))->conditions);
	(void) prismiq_condition_walk(&filters, find_column, &column);
	if (column.ref != NULL && !column.several)
	{
		(void) prismiq_condition_bounds(&filters, column.ref, start, end);
		return column.ref;
	}
	if (prismiq_condition_walk(&filters, is_unknown, NULL))
		return NULL;			/* its own fault says it */
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, query->compare->path,
					  column.several ? "Use a time series to say which." :
					  "Filter a date column on both ends.",
					  column.several ? "several date columns have a range to compare by" :
					  "comparing needs a range of dates");
	return NULL;
}

/* How the buckets of a series are moved and matched. */
static void
settle_buckets(PrismiqCheck *check, Interval *shift)
{
	const PrismiqTimeSeries *series = check->query->time_series;
	PrismiqCompare *compare = check->query->compare;
	const PrismiqGrid *grid = series->bucketing != NULL ? series->bucketing->grid : NULL;

	if (series->type == TIMESTAMPTZOID)
		compare->zone = prismiq_const_make(TEXTOID, CStringGetTextDatum(check->zone_name));
	compare->minus = prismiq_builtin_operator("-", series->type == DATEOID ? DATEOID :
											  TIMESTAMPOID, INTERVALOID);
	compare->plus = prismiq_builtin_operator("+", TIMESTAMPOID, INTERVALOID);

	/* A day that a shorter month lacks has no day to be compared with. */
	compare->checks_instant = compare->zone != NULL &&
		(grid == NULL || grid->kind == PRISMIQ_GRID_ABSOLUTE);
	compare->checks_local = !compare->checks_instant && shift->month != 0 &&
		(grid == NULL || (grid->kind != PRISMIQ_GRID_MONTHS && grid->width <= USECS_PER_DAY));

	/*
	 * Buckets from the 31st on begin on the last day of shorter months, and that
	 * day may lie before the edge of a longer one: look a little after it.
	 */
	if (grid != NULL && grid->kind == PRISMIQ_GRID_MONTHS && grid->origin_day > SHORTEST_MONTH)
		shift->day -= LONGEST_MONTH - SHORTEST_MONTH;
}

/* compare; the filters are checked and the series is settled. */
void
prismiq_check_compare(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	PrismiqTimeSeries *series = query->time_series;
	PrismiqCompare *compare = query->compare;
	PrismiqMoving moving = {check};
	int64		start = 0;
	int64		end = 0;
	Timestamp	low = 0;
	Timestamp	high = 0;
	bool		known = true;

	if (compare == NULL || query->columns == NIL || (series != NULL && series->auto_pending))
		return;
	if (!query->grouped)
	{
		if (prismiq_columns_are_known(query))
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, compare->path,
							  "Give at least one column an aggregation.",
							  "comparing needs an aggregated column");
		return;
	}
	moving.shift = palloc0(sizeof(Interval));
	if (series != NULL)
	{
		moving.ref = series->ref->table != NULL ? series->ref : NULL;
		known = series->has_start && series->has_end;
		start = series->start;
		end = series->end;
	}
	else
		moving.ref = find_range(check, &start, &end);
	if (moving.ref == NULL)
	{
		/* Nothing to move, but an offset may be wrong all the same. */
		if (compare->period == PRISMIQ_COMPARE_OFFSET)
			(void) read_offset(check, compare, moving.shift);
		return;
	}
	moving.operand.type = moving.ref->basetype;
	moving.operand.typmod = -1;
	moving.operand.source_zone = moving.ref->source_zone;
	known = known && prismiq_moved_local(&moving, start, &low) &&
		prismiq_moved_local(&moving, end, &high) && low < high;
	moving.one_day = known && prismiq_range_is_day(low, high);
	if (!find_shift(&moving, known, low, high))
		return;
	compare->shift = prismiq_const_make(INTERVALOID, IntervalPGetDatum(moving.shift));
	prismiq_move_conditions(&moving);
	if (series != NULL)
	{
		if (series->range != NULL)
			compare->range = prismiq_move_form(&moving, series->range);
		settle_buckets(check, moving.shift);
	}
}
