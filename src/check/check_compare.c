/*-------------------------------------------------------------------------
 *
 * check_compare.c
 *	  The period before: how far back it is, and what each measure gains.
 *
 * The twin of compile/compile_compare.c.  The rows of the period before are
 * those that the same conditions let through, with every condition on the date
 * column moved back; its buckets are matched by time.  All moving is done in
 * local time, so a day stays a day whatever a change of clocks makes of it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "check/check.h"
#include "model/stages.h"

/* One column of a comparison in the answer. */
static PrismiqAnswer *
add_answer(PrismiqQuery *query, const PrismiqAnswer *measure, const char *suffix,
		   const char *prefix, Oid type)
{
	PrismiqAnswer *answer;

	answer = prismiq_answer_add(query, PRISMIQ_ANSWER_COMPARISON,
								psprintf("%s_%s", measure->name, suffix), prefix,
								measure->number);
	answer->type = type;
	return answer;
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
		PrismiqAnswer *answer = (PrismiqAnswer *) lfirst(lc);

		if (answer->kind == PRISMIQ_ANSWER_COLUMN && answer->name != NULL &&
			OidIsValid(answer->type) && answer->column->aggregation != PRISMIQ_AGG_NONE)
			measures = lappend(measures, answer);
	}
	foreach(lc, measures)
	{
		PrismiqComparison *comparison = palloc0(sizeof(PrismiqComparison));
		PrismiqAnswer *measure = (PrismiqAnswer *) lfirst(lc);
		PrismiqArithmetic *arithmetic = prismiq_difference_find(prismiq_base_type(measure->type));

		comparison->measure = measure;
		comparison->arithmetic = arithmetic;
		comparison->previous = add_answer(query, measure, "previous", "p", measure->type);
		comparison->previous->typmod = measure->typmod;
		comparison->previous->collation = measure->collation;
		if (arithmetic != NULL && OidIsValid(arithmetic->minus_type))
			comparison->change = add_answer(query, measure, "change", "c",
											arithmetic->minus_type);
		if (arithmetic != NULL && arithmetic->hundred != NULL)
			comparison->percent = add_answer(query, measure, "change_percent", "q",
											 arithmetic->type);
		query->compare->comparisons = lappend(query->compare->comparisons, comparison);
	}
}

/* An operator of pg_catalog. */
static Oid
builtin_operator(const char *name, Oid left, Oid right)
{
	return OpernameGetOprid(list_make2(makeString("pg_catalog"), makeString(pstrdup(name))),
							left, right);
}

/* A value in the column's terms as a local time of the query's zone. */
static bool
to_local(PrismiqCheck *check, const PrismiqSubject *subject, int64 value, Timestamp *local)
{
	TimestampTz instant = value;

	*local = value;
	if (subject->type == DATEOID)
	{
		if (value < -2451545 || value > PG_INT32_MAX / 20)
			return false;
		*local = value * USECS_PER_DAY;
		return true;
	}
	if (subject->type == TIMESTAMPOID && subject->source_zone == NULL)
		return true;
	if (subject->type == TIMESTAMPOID &&
		!prismiq_local_to_instant(value, subject->source_zone, &instant))
		return false;
	return prismiq_instant_to_local(instant, check->calendar.zone, local);
}

/* A value in the column's terms, moved back; as it stands when it is infinite. */
static int64
shift_value(PrismiqCheck *check, const PrismiqSubject *subject, int64 value)
{
	Timestamp	local;
	int64		result;

	if (subject->type == DATEOID ? DATE_NOT_FINITE(value) : TIMESTAMP_NOT_FINITE(value))
		return value;
	if (!to_local(check, subject, value, &local))
		return value;
	local = DatumGetTimestamp(DirectFunctionCall2(timestamp_mi_interval,
												  TimestampGetDatum(local),
												  check->query->compare->shift->value));
	return prismiq_local_to_subject(check, subject, local, &result) ? result : value;
}

/* A Datum of the column's type, moved back. */
static Datum
shift_datum(PrismiqCheck *check, const PrismiqSubject *subject, Datum value)
{
	int64		terms = subject->type == DATEOID ? (int64) DatumGetDateADT(value) :
		(int64) DatumGetTimestamp(value);

	return prismiq_subject_const(subject, shift_value(check, subject, terms))->value;
}

/* A constant of a test, moved back; a list element by element. */
static PrismiqConst *
shift_const(PrismiqCheck *check, const PrismiqSubject *subject, PrismiqConst *value)
{
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	int			i;
	int16		len;
	bool		byval;
	char		align;

	if (value == NULL || value->isnull)
		return value;
	if (value->type == subject->type)
		return prismiq_const_make(value->type, shift_datum(check, subject, value->value));
	if (get_element_type(value->type) != subject->type)
		return value;
	get_typlenbyvalalign(subject->type, &len, &byval, &align);
	deconstruct_array(DatumGetArrayTypeP(value->value), subject->type, len, byval, align,
					  &elements, &nulls, &count);
	for (i = 0; i < count; i++)
		elements[i] = shift_datum(check, subject, elements[i]);
	return prismiq_const_make(value->type,
							  PointerGetDatum(construct_array(elements, count, subject->type,
															  len, byval, align)));
}

/* A test, moved back. */
static PrismiqTest *
shift_test(PrismiqCheck *check, const PrismiqSubject *subject, const PrismiqTest *test)
{
	PrismiqTest *result;

	if (test == NULL)
		return NULL;
	result = palloc(sizeof(PrismiqTest));
	*result = *test;
	result->value = shift_const(check, subject, test->value);
	result->low = shift_const(check, subject, test->low);
	result->high = shift_const(check, subject, test->high);
	return result;
}

/* What the walk over the filters looks for, and moves. */
typedef struct DateTests
{
	PrismiqCheck *check;
	PrismiqSubject subject;
	const PrismiqColumnRef *ref;	/* the date column */
	bool		several;		/* there is more than one */
	bool		moving;
} DateTests;

/* Find the one date column that the filters bound, or move its tests back. */
static bool
visit_test(PrismiqCondition *condition, void *arg)
{
	DateTests  *tests = (DateTests *) arg;
	const PrismiqColumnRef *ref = condition->ref;
	int64		start;
	int64		end;

	if (ref == NULL || ref->table == NULL || condition->test == NULL)
		return false;
	if (tests->moving)
	{
		if (prismiq_same_column(ref, tests->ref))
			condition->previous = shift_test(tests->check, &tests->subject, condition->test);
		return false;
	}
	if (!prismiq_type_is_time(ref->basetype) ||
		!prismiq_filter_bounds(tests->check->query, ref, &start, &end))
		return false;
	if (tests->ref != NULL && !prismiq_same_column(ref, tests->ref))
		tests->several = true;
	tests->ref = ref;
	return false;
}

/* The length of a range, in whole months or days where it has them. */
static Interval *
range_length(PrismiqCheck *check, const PrismiqSubject *subject, int64 start, int64 end)
{
	const PrismiqTimeSeries *series = check->query->time_series;
	Interval   *result = palloc0(sizeof(Interval));
	Timestamp	low;
	Timestamp	high;
	struct pg_tm from;
	struct pg_tm to;
	fsec_t		from_part;
	fsec_t		to_part;

	if (start >= end || !to_local(check, subject, start, &low) ||
		!to_local(check, subject, end, &high) || high <= low)
		return NULL;
	if (series != NULL && series->bucketing != NULL &&
		series->bucketing->grid->kind == PRISMIQ_GRID_MONTHS &&
		timestamp2tm(low, NULL, &from, &from_part, NULL, NULL) == 0 &&
		timestamp2tm(high, NULL, &to, &to_part, NULL, NULL) == 0 &&
		from.tm_mday == 1 && to.tm_mday == 1 &&
		low % USECS_PER_DAY == 0 && high % USECS_PER_DAY == 0)
	{
		result->month = (to.tm_year - from.tm_year) * MONTHS_PER_YEAR + to.tm_mon - from.tm_mon;
		return result;
	}
	result->day = (int32) ((high - low) / USECS_PER_DAY);
	result->time = (high - low) % USECS_PER_DAY;
	return result;
}

/* {"offset": "7 days"}: null and a fault when it is none, or not back in time. */
static Interval *
read_offset(PrismiqCheck *check, const PrismiqCompare *compare)
{
	Oid			cast = InvalidOid;
	PrismiqConst *value = prismiq_value_read(check, compare->offset, INTERVALOID, &cast);
	Interval   *interval;

	if (value == NULL)
		return NULL;
	interval = DatumGetIntervalP(value->value);
	if (interval->month >= 0 && interval->day >= 0 && interval->time >= 0 &&
		(interval->month > 0 || interval->day > 0 || interval->time > 0) &&
		interval->month < PG_INT32_MAX)
		return interval;
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, compare->offset->path,
					  "Examples: 7 days, 1 month.",
					  "an offset goes back in time, so it must be positive");
	return NULL;
}

/* How far back the other period is; null after a fault. */
static Interval *
find_shift(PrismiqCheck *check, const DateTests *tests, bool known, int64 start, int64 end)
{
	const PrismiqCompare *compare = check->query->compare;
	Interval   *result = palloc0(sizeof(Interval));

	switch (compare->period)
	{
		case PRISMIQ_COMPARE_WEEK:
			result->day = 7;
			return result;
		case PRISMIQ_COMPARE_MONTH:
			result->month = 1;
			return result;
		case PRISMIQ_COMPARE_YEAR:
			result->month = MONTHS_PER_YEAR;
			return result;
		case PRISMIQ_COMPARE_OFFSET:
			return read_offset(check, compare);
		case PRISMIQ_COMPARE_PERIOD:
			break;
	}
	result = known ? range_length(check, &tests->subject, start, end) : NULL;
	if (result == NULL)
		prismiq_fault_add(check->faults, check->query->time_series != NULL ?
						  PRISMIQ_INVALID_TIME_SERIES : PRISMIQ_INVALID_VALUE,
						  compare->period_path, "Give the range a start and an end.",
						  "the period before is only known when the range is");
	return result;
}

/* The date column and its range without a series; false after a fault. */
static bool
find_range(PrismiqCheck *check, DateTests *tests, int64 *start, int64 *end)
{
	const PrismiqCompare *compare = check->query->compare;

	(void) prismiq_condition_walk(check->query->filters, visit_test, tests);
	if (tests->ref != NULL && !tests->several)
		return prismiq_filter_bounds(check->query, tests->ref, start, end);
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, compare->path,
					  tests->several ? "Use a time series to say which." :
					  "Filter a date column on both ends.",
					  tests->several ? "several date columns have a range to compare by" :
					  "comparing needs a range of dates");
	return false;
}

/* How the buckets of a series are moved and matched. */
static void
settle_buckets(PrismiqCheck *check)
{
	const PrismiqTimeSeries *series = check->query->time_series;
	PrismiqCompare *compare = check->query->compare;
	const Interval *shift = DatumGetIntervalP(compare->shift->value);
	const PrismiqGrid *grid = series->bucketing != NULL ? series->bucketing->grid : NULL;

	if (series->type == TIMESTAMPTZOID)
		compare->zone = prismiq_const_make(TEXTOID, CStringGetTextDatum(check->zone_name));
	compare->minus = builtin_operator("-", series->type == DATEOID ? DATEOID : TIMESTAMPOID,
									  INTERVALOID);
	compare->plus = builtin_operator("+", TIMESTAMPOID, INTERVALOID);

	/* A day that a shorter month lacks has no day to be compared with. */
	compare->checks_instant = compare->zone != NULL &&
		(grid == NULL || grid->kind == PRISMIQ_GRID_ABSOLUTE);
	compare->checks_local = !compare->checks_instant && shift->month != 0 &&
		(grid == NULL || (grid->kind != PRISMIQ_GRID_MONTHS && grid->width <= USECS_PER_DAY));
}

/* compare; the filters are checked and the series is settled. */
void
prismiq_check_compare(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	PrismiqTimeSeries *series = query->time_series;
	PrismiqCompare *compare = query->compare;
	DateTests	tests = {check};
	int64		start = 0;
	int64		end = 0;
	bool		known = true;
	Interval   *shift;

	if (compare == NULL || query->columns == NIL)
		return;
	if (!query->grouped)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, compare->path,
						  "Give at least one column an aggregation.",
						  "comparing needs an aggregated column");
		return;
	}
	if (series != NULL)
	{
		if (series->ref->table == NULL)
			return;
		tests.ref = series->ref;
		known = series->has_start && series->has_end;
		start = series->start;
		end = series->end;
	}
	else if (!find_range(check, &tests, &start, &end))
		return;
	tests.subject.type = tests.ref->basetype;
	tests.subject.typmod = -1;
	tests.subject.source_zone = series != NULL ? check->source_zone : NULL;
	shift = find_shift(check, &tests, known, start, end);
	if (shift == NULL)
		return;
	compare->shift = prismiq_const_make(INTERVALOID, IntervalPGetDatum(shift));
	tests.moving = true;
	(void) prismiq_condition_walk(query->filters, visit_test, &tests);
	if (series != NULL)
	{
		compare->range = shift_test(check, &tests.subject, series->range);
		settle_buckets(check);
	}
}
