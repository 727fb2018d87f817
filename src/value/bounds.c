/*-------------------------------------------------------------------------
 *
 * bounds.c
 *	  The range of a date column that conditions leave.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/settings.h"
#include "model/condition.h"
#include "model/expr.h"
#include "model/table.h"
#include "model/words.h"
#include "value/value.h"

/* Narrow the bounds: rows are within these as well. */
void
prismiq_bounds_narrow(PrismiqBounds *bounds, const PrismiqBounds *other)
{
	if (other->has_low && (!bounds->has_low || other->low > bounds->low))
	{
		bounds->has_low = true;
		bounds->low = other->low;
	}
	if (other->has_high && (!bounds->has_high || other->high < bounds->high))
	{
		bounds->has_high = true;
		bounds->high = other->high;
	}
}

/* Widen the bounds: rows are within these, or within those. */
static void
widen(PrismiqBounds *bounds, const PrismiqBounds *other)
{
	bounds->has_low = bounds->has_low && other->has_low;
	bounds->low = Min(bounds->low, other->low);
	bounds->has_high = bounds->has_high && other->has_high;
	bounds->high = Max(bounds->high, other->high);
}

/* The bounds of the rows that pass a test, or fail it, when it is on the column. */
static PrismiqBounds
test_bounds(const PrismiqColumnRef *ref, const PrismiqTest *test, bool negated)
{
	const PrismiqColumnRef *own = prismiq_test_ref(test);
	const PrismiqForm *form = test->form;
	PrismiqBounds bounds;

	memset(&bounds, 0, sizeof(bounds));
	if (form == NULL || own == NULL || form->or_null || own->table != ref->table ||
		own->attnum != ref->attnum)
		return bounds;
	if (!negated)
	{
		bounds.has_low = form->bounds_low;
		bounds.low = form->low_value;
		bounds.has_high = form->bounds_high;
		bounds.high = form->high_value;
	}
	else if (form->bounds_low != form->bounds_high)
	{
		/* What is not after a time is before it; what is outside of a range may be anywhere. */
		bounds.has_low = form->bounds_high;
		bounds.low = form->high_value;
		bounds.has_high = form->bounds_low;
		bounds.high = form->low_value;
	}
	return bounds;
}

/*
 * The bounds of the rows that pass a condition, as far as they are known;
 * "negated" asks for those that fail it.
 */
PrismiqBounds
prismiq_bounds_of(const PrismiqColumnRef *ref, const PrismiqCondition *condition, bool negated)
{
	PrismiqBounds bounds;
	bool		first = true;
	ListCell   *lc;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	memset(&bounds, 0, sizeof(bounds));
	if (condition == NULL)
		return bounds;
	if (condition->kind == PRISMIQ_CONDITION_TEST)
		return test_bounds(ref, PrismiqTestOf(condition), negated);
	if (condition->kind == PRISMIQ_CONDITION_NOT)
		negated = !negated;
	foreach(lc, prismiq_condition_members(condition))
	{
		PrismiqBounds member = prismiq_bounds_of(ref, (const PrismiqCondition *) lfirst(lc),
											   negated);

		if (first)
			bounds = member;
		else if ((condition->kind == PRISMIQ_CONDITION_OR) == negated)
			prismiq_bounds_narrow(&bounds, &member);
		else
			widen(&bounds, &member);
		first = false;
	}
	return bounds;
}

/* The same for any column; true when both are known. */
bool
prismiq_condition_bounds(const PrismiqCondition *condition, const PrismiqColumnRef *ref,
						 int64 *start, int64 *end)
{
	PrismiqBounds bounds = prismiq_bounds_of(ref, condition, false);

	*start = bounds.low;
	*end = bounds.high;
	return bounds.has_low && bounds.has_high;
}
