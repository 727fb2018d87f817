/*-------------------------------------------------------------------------
 *
 * fill.c
 *	  What empty buckets show: a value, or what the buckets around them have.
 *
 * The twin of compile/compile_fill.c.  What the measures are filled with gives
 * them their types, which the other stages build on; whether there are buckets
 * at all may only be known when the rows have been asked.
 *
 * The rows before a range, of which values are carried in, are those that its other
 * conditions let through; their buckets are not in the answer.
 *
 * Only numbers have values between them.  A whole number need not have: it is
 * interpolated as numeric, and that is then the type of its column.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "model/answer.h"
#include "model/condition.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/words.h"
#include "stage/stage.h"
#include "value/value.h"

/*
 * Each measure that looks at its neighbours has windows of its own, and planning
 * takes the time of their number cubed, in which nothing can interrupt it.
 */
#define MAX_FROM_NEIGHBOURS 100

/* Are there few enough measures? */
static bool
check_number(PrismiqCheck *check)
{
	int			count = 0;
	ListCell   *lc;

	foreach(lc, check->query->answer)
		if (((const PrismiqOutput *) lfirst(lc))->role == PRISMIQ_ROLE_MEASURE)
			count++;
	if (count <= MAX_FROM_NEIGHBOURS)
		return true;
	prismiq_fault_add(check->faults, PRISMIQ_TOO_COMPLEX, check->query->time_series->fill_path,
					  "Use null or value, or several queries.",
					  "at most %d measures are filled from the buckets around them",
					  MAX_FROM_NEIGHBOURS);
	return false;
}

/* Give every measure what its interpolation takes; the answer has its columns. */
void
prismiq_check_fill_begin(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	PrismiqTimeSeries *series = query->time_series;
	ListCell   *lc;

	if (series == NULL || !series->fill_missing || !OidIsValid(series->type) ||
		!prismiq_fill_has_neighbours(series) || !check_number(check) ||
		series->fill != PRISMIQ_FILL_LINEAR)
		return;
	series->time_minus = prismiq_difference_find(series->type)->minus;
	foreach(lc, query->answer)
	{
		PrismiqOutput *output = (PrismiqOutput *) lfirst(lc);
		PrismiqColumn *column = output->column;

		if (output->role != PRISMIQ_ROLE_MEASURE || !OidIsValid(output->type))
			continue;
		column->fill_line = prismiq_arithmetic_find(column->basetype);
		if (column->fill_line == NULL)
		{
			prismiq_fault_add(check->faults, PRISMIQ_TYPE_MISMATCH, series->fill_path,
							  "Use previous, null or value.",
							  "there is nothing between two values of \"%s\", which is of type %s",
							  output->name, prismiq_type_name(output->type));
			continue;
		}
		column->unfilled = output->type;
		output->type = column->fill_line->type;
	}
}

/* The series turned out to have no buckets: its measures stay as they are. */
static void
undo_lines(PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		PrismiqOutput *output = (PrismiqOutput *) lfirst(lc);

		if (output->column == NULL || output->column->fill_line == NULL)
			continue;
		output->column->fill_line = NULL;
		output->type = output->column->unfilled;
	}
}

/*
 * Do the rows that are grouped have the column's least and greatest value, as far as
 * it is within what is known of the range?  Then one look at them is enough.
 */
static bool
has_extremes(const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;
	ListCell   *lc;

	if (query->top != NULL || query->first != series->ref->table)
		return false;
	foreach(lc, query->join_order)
		if (((const PrismiqJoin *) lfirst(lc))->printed_type != PRISMIQ_JOIN_LEFT)
			return false;
	foreach(lc, query->filters != NULL ? PrismiqGroupOf(query->filters)->members : NIL)
	{
		const PrismiqCondition *condition = (const PrismiqCondition *) lfirst(lc);
		const PrismiqForm *form = condition->kind == PRISMIQ_CONDITION_TEST ?
			PrismiqTestOf(condition)->form : NULL;

		if (form == NULL || form->kind != PRISMIQ_FORM_RANGE || form->negated ||
			form->or_null || form->and_not_null ||
			!prismiq_same_column(prismiq_test_ref(PrismiqTestOf(condition)), series->ref))
			return false;
	}
	return true;
}

/* Where the range has no start or no end: whose it is. */
static void
find_extremes(const PrismiqQuery *query)
{
	PrismiqTimeSeries *series = query->time_series;
	Oid			result;

	if ((series->low != NULL && series->high != NULL) || !has_extremes(query))
		return;
	series->first = prismiq_aggregate_find(PRISMIQ_AGG_MIN, series->type, &result);
	series->last = prismiq_aggregate_find(PRISMIQ_AGG_MAX, series->type, &result);
}

/*
 * Conditions that let the range begin where it does say nothing of the rows before it;
 * those that it begins after still hold.
 */
static void
forget_start(const PrismiqTimeSeries *series, PrismiqCondition *condition, bool negated)
{
	PrismiqBounds bounds;
	PrismiqForm *form;
	ListCell   *lc;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (condition == NULL)
		return;
	if (condition->kind == PRISMIQ_CONDITION_TEST)
	{
		bounds = prismiq_bounds_of(series->ref, condition, negated);
		if (!bounds.has_low || bounds.low < series->start)
			return;
		form = palloc0(sizeof(PrismiqForm));
		form->kind = negated ? PRISMIQ_FORM_FALSE : PRISMIQ_FORM_TRUE;
		PrismiqTestOf(condition)->earlier = form;
		return;
	}
	if (condition->kind == PRISMIQ_CONDITION_NOT)
		negated = !negated;
	foreach(lc, prismiq_condition_members(condition))
		forget_start(series, (PrismiqCondition *) lfirst(lc), negated);
}

/*
 * fill_before: the rows before the range.  Where "range" begins earlier than the
 * conditions let it, they begin there; where nothing says a start, there are none.
 */
static void
find_earlier(PrismiqCheck *check)
{
	PrismiqTimeSeries *series = check->query->time_series;
	const PrismiqForm *range = series->range;
	PrismiqOperand operand = {series->ref->basetype, -1, NULL};
	bool		begins = range != NULL && range->bounds_low && range->low_value < series->start;

	if (!series->fill_before || !series->has_start)
		return;
	series->earlier = palloc0(sizeof(PrismiqForm));
	prismiq_range_form(check, series->earlier, &operand, begins, begins ? range->low_value : 0,
					   true, series->start);
	if (!begins)
		prismiq_range_finite(series->earlier, &operand, true);
	forget_start(series, check->query->asked_filters, false);
}

/* What an empty bucket shows, for every measure. */
void
prismiq_check_fill_end(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	PrismiqTimeSeries *series = query->time_series;
	PrismiqLiteral zero = {PRISMIQ_LITERAL_NUMBER, "0", NULL};
	ListCell   *lc;

	if (!PrismiqHasBuckets(query) || series->bucketing == NULL || !series->fill_missing ||
		!query->grouped)
	{
		undo_lines(query);
		return;
	}
	series->filled = true;
	find_extremes(query);
	find_earlier(check);
	if (prismiq_fill_has_neighbours(series))
		query->staged = true;
	if (series->fill != PRISMIQ_FILL_VALUE)
		return;
	foreach(lc, query->columns)
	{
		PrismiqColumn *column = (PrismiqColumn *) lfirst(lc);
		Oid			type;
		Oid			cast = InvalidOid;

		if (PrismiqColumnIsDimension(column) || !OidIsValid(column->basetype))
			continue;
		type = column->basetype;
		if (series->fill_value == NULL && prismiq_type_category(type) != TYPCATEGORY_NUMERIC)
			continue;
		if (series->fill_value != NULL && series->fill_value->kind == PRISMIQ_LITERAL_NULL)
			continue;
		column->fill_value = prismiq_value_read(check, series->fill_value ?
												series->fill_value : &zero, type, &cast);
		if (OidIsValid(cast))
			prismiq_fault_add(check->faults, PRISMIQ_TYPE_MISMATCH, series->fill_value->path,
							  NULL, "the fill value is none of type %s, which \"%s\" has",
							  prismiq_type_name(column->output.type), column->output.name);
	}
}
