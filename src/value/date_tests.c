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

/* Let a test say "low <= operand < high", either side optional. */
void
prismiq_range_form(PrismiqCheck *check, PrismiqForm *form, const PrismiqOperand *operand,
				   bool has_low, int64 low, bool has_high, int64 high)
{
	if (!has_low && !has_high)
	{
		form->kind = PRISMIQ_FORM_TRUE;
		return;
	}
	form->kind = PRISMIQ_FORM_RANGE;
	if (has_low)
	{
		form->of.range.low_op = prismiq_comparison_operator(operand->type, PRISMIQ_OP_GTE);
		form->of.range.low = prismiq_operand_const(operand, low);
		form->bounds_low = !is_infinite(operand, low);
		form->low_value = low;
	}
	if (has_high)
	{
		form->of.range.high_op = prismiq_comparison_operator(operand->type, PRISMIQ_OP_LT);
		form->of.range.high = prismiq_operand_const(operand, high);
		form->bounds_high = !is_infinite(operand, high);
		form->high_value = high;
	}
}

/* A side of a range that nothing bounds leaves out the infinity there, and with it nulls. */
void
prismiq_range_finite(PrismiqForm *form, const PrismiqOperand *operand, bool low)
{
	bool		date = operand->type == DATEOID;

	form->kind = PRISMIQ_FORM_RANGE;
	if (low)
	{
		form->of.range.low_op = prismiq_comparison_operator(operand->type, PRISMIQ_OP_GT);
		form->of.range.low = prismiq_operand_const(operand, date ? DATEVAL_NOBEGIN : DT_NOBEGIN);
		return;
	}
	form->of.range.high_op = prismiq_comparison_operator(operand->type, PRISMIQ_OP_LT);
	form->of.range.high = prismiq_operand_const(operand, date ? DATEVAL_NOEND : DT_NOEND);
}

/* A list of dates or times: its rows lie between its least and its greatest. */
void
prismiq_list_bounds(PrismiqForm *form, Oid type)
{
	PrismiqOperand operand = {type, -1, NULL};
	bool		date = type == DATEOID;
	Datum	   *elements;
	int			count;
	int			i;

	deconstruct_array(DatumGetArrayTypeP(form->of.compare.value->value), type, date ? 4 : 8,
					  date || FLOAT8PASSBYVAL, date ? TYPALIGN_INT : TYPALIGN_DOUBLE,
					  &elements, NULL, &count);
	for (i = 0; i < count; i++)
	{
		int64		value = date ? (int64) DatumGetDateADT(elements[i]) :
			(int64) DatumGetTimestamp(elements[i]);

		if (is_infinite(&operand, value))
			return;
		form->low_value = i == 0 ? value : Min(form->low_value, value);
		form->high_value = i == 0 ? value + 1 : Max(form->high_value, value + 1);
	}
	form->bounds_low = form->bounds_high = count > 0;
}

/* Let a test say "operand op value". */
static void
compare_form(PrismiqForm *form, const PrismiqOperand *operand, PrismiqOperator op,
			 int64 value)
{
	form->kind = PRISMIQ_FORM_COMPARE;
	form->of.compare.op = prismiq_comparison_operator(operand->type, op);
	form->of.compare.value = prismiq_operand_const(operand, value);
	if (is_infinite(operand, value))
		return;
	form->bounds_low = op == PRISMIQ_OP_EQ || op == PRISMIQ_OP_GT || op == PRISMIQ_OP_GTE;
	form->bounds_high = op == PRISMIQ_OP_EQ || op == PRISMIQ_OP_LT || op == PRISMIQ_OP_LTE;
	form->low_value = op == PRISMIQ_OP_GT ? value + 1 : value;
	form->high_value = op == PRISMIQ_OP_LT ? value : value + 1;
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
check_scalar(PrismiqCheck *check, PrismiqTest *test, const PrismiqOperand *operand)
{
	const PrismiqLiteral *literal = (const PrismiqLiteral *) linitial(test->value.literals);
	PrismiqForm *form = test->form;
	PrismiqOperator op = test->op;
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
		compare_form(form, operand, op, value);
		return;
	}
	switch (op)
	{
		case PRISMIQ_OP_GT:
			prismiq_range_form(check, form, operand, true, next, false, 0);
			break;
		case PRISMIQ_OP_GTE:
			prismiq_range_form(check, form, operand, true, value, false, 0);
			break;
		case PRISMIQ_OP_LT:
			prismiq_range_form(check, form, operand, false, 0, true, value);
			break;
		case PRISMIQ_OP_LTE:
			prismiq_range_form(check, form, operand, false, 0, true, next);
			break;
		default:
			prismiq_range_form(check, form, operand, true, value, true, next);
			form->negated = op == PRISMIQ_OP_NEQ;
			break;
	}
}

/* An end that names a day includes it; on a column of instants that is the start of the next. */
static void
check_between(PrismiqCheck *check, PrismiqTest *test, const PrismiqOperand *operand)
{
	const PrismiqLiteral *first = (const PrismiqLiteral *) linitial(test->value.literals);
	const PrismiqLiteral *second = (const PrismiqLiteral *) lsecond(test->value.literals);
	PrismiqForm *form = test->form;
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
		add_out_of_range(check, test->value_path);
		return;
	}
	prismiq_range_form(check, form, operand, true, low, true, high);
	if (!whole_day)
	{
		form->of.range.high_op = prismiq_comparison_operator(operand->type, PRISMIQ_OP_LTE);
		if (form->bounds_high)
			form->high_value = high + 1;
	}
	form->negated = test->op == PRISMIQ_OP_NOT_BETWEEN;
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
check_relative(PrismiqCheck *check, PrismiqTest *test, const PrismiqOperand *operand)
{
	const PrismiqCalendar *calendar = &check->calendar;
	PrismiqForm *form = test->form;
	PrismiqLocalRange range;
	const PrismiqLiteral *literal;
	int64		low = 0;
	int64		high = 0;
	bool		ok = true;

	memset(&range, 0, sizeof(range));
	switch (test->op)
	{
		case PRISMIQ_OP_DATE_WINDOW:
			ok = prismiq_range_window(calendar, test->value.relative.period,
									  test->value.relative.days, &range);
			break;
		case PRISMIQ_OP_DATE_PRESET:
			literal = (const PrismiqLiteral *) linitial(test->value.literals);
			if (literal->kind == PRISMIQ_LITERAL_STRING &&
				prismiq_range_preset(calendar, literal->text, &range))
				break;
			add_unknown_preset(check, literal);
			return;
		default:
			ok = prismiq_range_relative(calendar, test->value.relative.days, &range);
			break;
	}
	if (ok && range.has_start)
		ok = edge_to_operand(check, operand, &range, false, &low);
	if (ok && range.has_end)
		ok = edge_to_operand(check, operand, &range, true, &high);
	if (!ok)
	{
		add_out_of_range(check, test->value_path);
		return;
	}
	prismiq_range_form(check, form, operand, range.has_start, low,
					   range.has_end, high);
	form->negated = test->op == PRISMIQ_OP_NOT_DATE_RELATIVE;
}

/* A test on a date or time, other than lists and null tests. */
void
prismiq_check_date_test(PrismiqCheck *check, PrismiqTest *test,
						const PrismiqOperand *operand)
{
	switch (test->op)
	{
		case PRISMIQ_OP_BETWEEN:
		case PRISMIQ_OP_NOT_BETWEEN:
			check_between(check, test, operand);
			break;
		case PRISMIQ_OP_DATE_RELATIVE:
		case PRISMIQ_OP_NOT_DATE_RELATIVE:
		case PRISMIQ_OP_DATE_WINDOW:
		case PRISMIQ_OP_DATE_PRESET:
			check_relative(check, test, operand);
			break;
		default:
			check_scalar(check, test, operand);
			break;
	}

	/* A negated range says nothing of where the rows are. */
	if (test->form->negated)
		test->form->bounds_low = test->form->bounds_high = false;
}
