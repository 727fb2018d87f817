/*-------------------------------------------------------------------------
 *
 * date_tests.c
 *	  Conditions on dates and times: half-open ranges in the query's zone.
 *
 * A value that is only a date means the whole day against a timestamp, so
 * "lte D" is "< D + 1" and the last day of a range is never cut.  The column
 * itself is never wrapped in a function: an index on it serves every one of
 * these.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/nearest.h"
#include "catalog/catalogs.h"
#include "model/condition.h"
#include "model/dates.h"
#include "model/literal.h"
#include "model/words.h"
#include "value/value.h"

/* Infinity compares, but bounds nothing. */
static bool
is_infinite(const PrismiqOperand *operand, int64 value)
{
	return operand->type == DATEOID ? DATE_NOT_FINITE(value) : TIMESTAMP_NOT_FINITE(value);
}

/* Turn a test into "low <= operand < high", either side optional. */
void
prismiq_range_test(PrismiqCheck *check, PrismiqTest *test, const PrismiqOperand *operand,
				   bool has_low, int64 low, bool has_high, int64 high)
{
	if (!has_low && !has_high)
	{
		test->kind = PRISMIQ_TEST_TRUE;
		return;
	}
	test->kind = PRISMIQ_TEST_RANGE;
	if (has_low)
	{
		test->low_op = prismiq_comparison_operator(operand->type, PRISMIQ_OP_GTE);
		test->low = prismiq_operand_const(operand, low);
		test->bounds_low = !is_infinite(operand, low);
		test->low_value = low;
	}
	if (has_high)
	{
		test->high_op = prismiq_comparison_operator(operand->type, PRISMIQ_OP_LT);
		test->high = prismiq_operand_const(operand, high);
		test->bounds_high = !is_infinite(operand, high);
		test->high_value = high;
	}
}

/* A list of dates or times: its rows lie between its least and its greatest. */
void
prismiq_list_bounds(PrismiqTest *test, Oid type)
{
	PrismiqOperand operand = {type, -1, NULL};
	bool		date = type == DATEOID;
	Datum	   *elements;
	int			count;
	int			i;

	deconstruct_array(DatumGetArrayTypeP(test->value->value), type, date ? 4 : 8,
					  date || FLOAT8PASSBYVAL, date ? TYPALIGN_INT : TYPALIGN_DOUBLE,
					  &elements, NULL, &count);
	for (i = 0; i < count; i++)
	{
		int64		value = date ? (int64) DatumGetDateADT(elements[i]) :
			(int64) DatumGetTimestamp(elements[i]);

		if (is_infinite(&operand, value))
			return;
		test->low_value = i == 0 ? value : Min(test->low_value, value);
		test->high_value = i == 0 ? value + 1 : Max(test->high_value, value + 1);
	}
	test->bounds_low = test->bounds_high = count > 0;
}

/* Turn a test into "operand op value". */
static void
compare_test(PrismiqTest *test, const PrismiqOperand *operand, PrismiqOperator op,
			 int64 value)
{
	test->kind = PRISMIQ_TEST_COMPARE;
	test->op = prismiq_comparison_operator(operand->type, op);
	test->value = prismiq_operand_const(operand, value);
	if (is_infinite(operand, value))
		return;
	test->bounds_low = op == PRISMIQ_OP_EQ || op == PRISMIQ_OP_GT || op == PRISMIQ_OP_GTE;
	test->bounds_high = op == PRISMIQ_OP_EQ || op == PRISMIQ_OP_LT || op == PRISMIQ_OP_LTE;
	test->low_value = op == PRISMIQ_OP_GT ? value + 1 : value;
	test->high_value = op == PRISMIQ_OP_LT ? value : value + 1;
}

/* Note that a date is beyond what the type can hold. */
static void
add_out_of_range(PrismiqCheck *check, const PrismiqPath *path)
{
	prismiq_fault_add(check->faults, PRISMIQ_TYPE_MISMATCH, path, NULL,
					  "the date is out of range");
}

/* eq, neq, gt, gte, lt, lte with one value. */
static void
check_scalar(PrismiqCheck *check, PrismiqCondition *condition, const PrismiqOperand *operand)
{
	const PrismiqLiteral *literal = (const PrismiqLiteral *) linitial(condition->values);
	PrismiqTest *test = condition->test;
	PrismiqOperator op = condition->op;
	PrismiqParsedTime parsed;
	int64		value;
	int64		next = 0;

	if (!prismiq_value_time(check, literal, operand->type, &parsed))
		return;
	if (!prismiq_time_to_operand(check, operand, &parsed, false, &value) ||
		(parsed.date_only && !prismiq_time_to_operand(check, operand, &parsed, true, &next)))
	{
		add_out_of_range(check, literal->path);
		return;
	}
	if (!parsed.date_only || operand->type == DATEOID)
	{
		compare_test(test, operand, op, value);
		return;
	}
	switch (op)
	{
		case PRISMIQ_OP_GT:
			prismiq_range_test(check, test, operand, true, next, false, 0);
			break;
		case PRISMIQ_OP_GTE:
			prismiq_range_test(check, test, operand, true, value, false, 0);
			break;
		case PRISMIQ_OP_LT:
			prismiq_range_test(check, test, operand, false, 0, true, value);
			break;
		case PRISMIQ_OP_LTE:
			prismiq_range_test(check, test, operand, false, 0, true, next);
			break;
		default:
			prismiq_range_test(check, test, operand, true, value, true, next);
			test->negated = op == PRISMIQ_OP_NEQ;
			break;
	}
}

/* An end that names a day includes it; on a column of instants that is the start of the next. */
static void
check_between(PrismiqCheck *check, PrismiqCondition *condition, const PrismiqOperand *operand)
{
	const PrismiqLiteral *first = (const PrismiqLiteral *) linitial(condition->values);
	const PrismiqLiteral *second = (const PrismiqLiteral *) lsecond(condition->values);
	PrismiqTest *test = condition->test;
	PrismiqParsedTime start;
	PrismiqParsedTime end;
	int64		low;
	int64		high;
	bool		whole_day;
	bool		ok;

	ok = prismiq_value_time(check, first, operand->type, &start);
	if (!prismiq_value_time(check, second, operand->type, &end) || !ok)
		return;
	whole_day = end.date_only && operand->type != DATEOID;
	if (!prismiq_time_to_operand(check, operand, &start, false, &low) ||
		!prismiq_time_to_operand(check, operand, &end, whole_day, &high))
	{
		add_out_of_range(check, condition->value_path);
		return;
	}
	prismiq_range_test(check, test, operand, true, low, true, high);
	if (!whole_day)
	{
		test->high_op = prismiq_comparison_operator(operand->type, PRISMIQ_OP_LTE);
		if (test->bounds_high)
			test->high_value = high + 1;
	}
	test->negated = condition->op == PRISMIQ_OP_NOT_BETWEEN;
}

/*
 * An edge of a relative range in the operand's terms.  An end that falls
 * inside a day includes that day for a date.
 */
static bool
edge_to_operand(PrismiqCheck *check, const PrismiqOperand *operand,
				const PrismiqLocalRange *range, bool end, int64 *value)
{
	PrismiqParsedTime parsed;

	parsed.date_only = false;
	parsed.has_zone = range->until_now;
	parsed.local = end ? range->end : range->start;
	parsed.instant = end ? range->instant_end : range->instant_start;
	if (end && operand->type == DATEOID)
	{
		if (!prismiq_local_to_operand(check, operand, range->end - 1, value))
			return false;
		*value += 1;
		return true;
	}
	return prismiq_time_to_operand(check, operand, &parsed, false, value);
}

/* A word that is no preset, with the one that was meant or some that there are. */
static void
add_unknown_preset(PrismiqCheck *check, const PrismiqLiteral *literal)
{
	const char *hint = NULL;

	if (literal->kind == PRISMIQ_LITERAL_STRING)
		hint = prismiq_nearest_of(check->faults, literal->text, prismiq_preset_names);
	if (hint == NULL)
		hint = "Examples: today, last_7_days, this_month, last_24_hours.";
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, literal->path, hint,
					  "unknown date preset");
}

/* date_relative, date_window, date_preset. */
static void
check_relative(PrismiqCheck *check, PrismiqCondition *condition, const PrismiqOperand *operand)
{
	const PrismiqCalendar *calendar = &check->calendar;
	PrismiqLocalRange range;
	const PrismiqLiteral *literal;
	int64		low = 0;
	int64		high = 0;
	bool		ok = true;

	memset(&range, 0, sizeof(range));
	switch (condition->op)
	{
		case PRISMIQ_OP_DATE_WINDOW:
			ok = prismiq_range_window(calendar, condition->period, condition->days, &range);
			break;
		case PRISMIQ_OP_DATE_PRESET:
			literal = (const PrismiqLiteral *) linitial(condition->values);
			if (literal->kind == PRISMIQ_LITERAL_STRING &&
				prismiq_range_preset(calendar, literal->text, &range))
				break;
			add_unknown_preset(check, literal);
			return;
		default:
			ok = prismiq_range_relative(calendar, condition->days, &range);
			break;
	}
	if (ok && range.has_start)
		ok = edge_to_operand(check, operand, &range, false, &low);
	if (ok && range.has_end)
		ok = edge_to_operand(check, operand, &range, true, &high);
	if (!ok)
	{
		add_out_of_range(check, condition->value_path);
		return;
	}
	prismiq_range_test(check, condition->test, operand, range.has_start, low,
					   range.has_end, high);
	condition->test->negated = condition->op == PRISMIQ_OP_NOT_DATE_RELATIVE;
}

/* A test on a date or time, other than lists and null tests. */
void
prismiq_check_date_test(PrismiqCheck *check, PrismiqCondition *condition,
						const PrismiqOperand *operand)
{
	switch (condition->op)
	{
		case PRISMIQ_OP_BETWEEN:
		case PRISMIQ_OP_NOT_BETWEEN:
			check_between(check, condition, operand);
			break;
		case PRISMIQ_OP_DATE_RELATIVE:
		case PRISMIQ_OP_NOT_DATE_RELATIVE:
		case PRISMIQ_OP_DATE_WINDOW:
		case PRISMIQ_OP_DATE_PRESET:
			check_relative(check, condition, operand);
			break;
		default:
			check_scalar(check, condition, operand);
			break;
	}

	/* A negated range says nothing of where the rows are. */
	if (condition->test->negated)
		condition->test->bounds_low = condition->test->bounds_high = false;
}
