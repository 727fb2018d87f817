/*-------------------------------------------------------------------------
 *
 * moved.c
 *	  The conditions of the period before: those of the answer, moved back.
 *
 * model/periods.h says how the start and the end of a range move.  Here it is
 * found which of the two a value is, by what its operator lets through: the
 * value of "lt" and "lte" ends a range, under a "not" it begins one.  A single
 * day or instant keeps its day, and so does a range that is no longer than a day.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/buckets.h"
#include "model/condition.h"
#include "model/dates.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/periods.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"
#include "model/zones.h"
#include "stage/stage.h"
#include "value/value.h"

/* A value in the column's terms as what clocks show then; false when out of range. */
static bool
clock_time(const PrismiqMoving *moving, int64 value, Timestamp *local)
{
	const PrismiqOperand *operand = &moving->operand;
	TimestampTz instant = value;

	*local = value;
	if (operand->type == DATEOID)
		return prismiq_day_to_local(value, local);
	if (operand->type == TIMESTAMPOID && operand->source_zone == NULL)
		return true;
	if (operand->type == TIMESTAMPOID &&
		!prismiq_local_to_instant(value, operand->source_zone, &instant))
		return false;
	return prismiq_instant_to_local(instant, moving->check->calendar.zone, local);
}

/* See the header. */
bool
prismiq_moved_local(const PrismiqMoving *moving, int64 value, Timestamp *local)
{
	Timestamp	midnight;
	Timestamp	before;

	if (!clock_time(moving, value, local))
		return false;
	midnight = prismiq_floor_div(*local, USECS_PER_DAY) * USECS_PER_DAY;
	if (*local != midnight && clock_time(moving, value - 1, &before) && before < midnight)
		*local = midnight;
	return true;
}

/* A value in the column's terms as a reading for an edge; false when out of range. */
static bool
to_reading(const PrismiqMoving *moving, int64 value, PrismiqEdge edge, PrismiqReading *reading)
{
	Timestamp	local;

	reading->day = value;
	reading->time = 0;
	if (moving->operand.type != DATEOID)
	{
		if (!prismiq_moved_local(moving, value, &local))
			return false;
		reading->day = prismiq_floor_div(local, USECS_PER_DAY);
		reading->time = local - reading->day * USECS_PER_DAY;
	}
	if (edge == PRISMIQ_EDGE_END && reading->time == 0)
	{
		reading->day--;
		reading->time = USECS_PER_DAY;
	}
	return true;
}

/* A value in the column's terms, moved back. */
static int64
move_value(const PrismiqMoving *moving, int64 value, PrismiqEdge edge, bool one_day)
{
	PrismiqReading reading;
	int64		result;

	if (!to_reading(moving, value, edge, &reading))
		return value;
	reading = prismiq_reading_back(reading, one_day ? PRISMIQ_EDGE_START : edge, moving->shift);
	if (moving->operand.type == DATEOID)
		return reading.day;
	if (!prismiq_local_to_operand(moving->check, &moving->operand,
								  reading.day * USECS_PER_DAY + reading.time, &result))
		return value < 0 ? MIN_TIMESTAMP : value;
	return result;
}

/* A Datum of the column's type in the column's terms; false when it is infinite. */
static bool
finite_value(const PrismiqMoving *moving, Datum datum, int64 *value)
{
	if (moving->operand.type == DATEOID)
	{
		*value = DatumGetDateADT(datum);
		return !DATE_NOT_FINITE(*value);
	}
	*value = DatumGetTimestamp(datum);
	return !TIMESTAMP_NOT_FINITE(*value);
}

/* A list of dates or times, each moved back by itself. */
static PrismiqConst *
move_list(const PrismiqMoving *moving, PrismiqConst *list)
{
	Oid			type = moving->operand.type;
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	int			i;
	int16		len;
	bool		byval;
	char		align;

	get_typlenbyvalalign(type, &len, &byval, &align);
	deconstruct_array(DatumGetArrayTypeP(list->value), type, len, byval, align,
					  &elements, &nulls, &count);
	for (i = 0; i < count; i++)
	{
		int64		value;

		CHECK_FOR_INTERRUPTS();
		if (finite_value(moving, elements[i], &value))
			elements[i] = prismiq_operand_const(&moving->operand,
												move_value(moving, value, PRISMIQ_EDGE_START,
														   true))->value;
	}
	return prismiq_const_make(list->type,
							  PointerGetDatum(construct_array(elements, count, type, len, byval,
															  align)));
}

/*
 * A value that a column is compared with, moved back: as the start of a range
 * or as its end, by what the operator makes of it ("negated" makes the other).
 */
static PrismiqConst *
move_bound(const PrismiqMoving *moving, Oid op, int64 value, bool negated, bool one_day)
{
	Oid			type = moving->operand.type;
	bool		after = op == prismiq_comparison_operator(type, PRISMIQ_OP_GT);
	bool		up_to = op == prismiq_comparison_operator(type, PRISMIQ_OP_LTE);
	bool		end = up_to || op == prismiq_comparison_operator(type, PRISMIQ_OP_LT);

	/* In terms of half-open ranges both are about the next value. */
	int			next = after || up_to ? 1 : 0;

	if (op == prismiq_comparison_operator(type, PRISMIQ_OP_EQ) ||
		op == prismiq_comparison_operator(type, PRISMIQ_OP_NEQ))
		one_day = true;
	value = move_value(moving, value + next,
					   end != negated ? PRISMIQ_EDGE_END : PRISMIQ_EDGE_START, one_day);
	return prismiq_operand_const(&moving->operand, value - next);
}

/* The same of a constant; as it stands where there is none, or it is infinite. */
static PrismiqConst *
move_const(const PrismiqMoving *moving, Oid op, PrismiqConst *bound, bool negated, bool one_day)
{
	int64		value;

	if (bound == NULL || !finite_value(moving, bound->value, &value))
		return bound;
	return move_bound(moving, op, value, negated, one_day);
}

/* Is a range in the column's terms, half-open, no longer than a day? */
static bool
is_one_day(const PrismiqMoving *moving, int64 low, int64 high)
{
	Timestamp	start;
	Timestamp	end;

	return prismiq_moved_local(moving, low, &start) && prismiq_moved_local(moving, high, &end) &&
		prismiq_range_is_day(start, end);
}

/* The same of what a test lets through, or keeps out. */
static bool
form_is_one_day(const PrismiqMoving *moving, const PrismiqForm *form)
{
	bool		included;
	int64		low;
	int64		high;

	if (form->kind != PRISMIQ_FORM_RANGE || form->of.range.low == NULL ||
		form->of.range.high == NULL)
		return false;
	included = form->of.range.high_op !=
		prismiq_comparison_operator(moving->operand.type, PRISMIQ_OP_LT);
	return finite_value(moving, form->of.range.low->value, &low) &&
		finite_value(moving, form->of.range.high->value, &high) &&
		is_one_day(moving, low, included ? high + 1 : high);
}

/* A test, moved back; "negated" is of the groups around it. */
static PrismiqForm *
move_form(const PrismiqMoving *moving, const PrismiqForm *form, bool negated)
{
	PrismiqForm *result = palloc(sizeof(PrismiqForm));
	bool		one_day = moving->one_day || form_is_one_day(moving, form);

	*result = *form;
	switch (form->kind)
	{
		case PRISMIQ_FORM_ANY:
			result->of.compare.value = move_list(moving, form->of.compare.value);
			break;
		case PRISMIQ_FORM_COMPARE:
			result->of.compare.value = move_const(moving, form->of.compare.op,
												  form->of.compare.value, negated, one_day);
			break;
		case PRISMIQ_FORM_RANGE:
			/* What lies outside of a range is still said by that range. */
			if (form->of.range.low != NULL && form->of.range.high != NULL)
				negated = false;
			else
				negated = negated != form->negated;
			result->of.range.low = move_const(moving, form->of.range.low_op, form->of.range.low,
											  negated, one_day);
			result->of.range.high = move_const(moving, form->of.range.high_op,
											   form->of.range.high, negated, one_day);
			break;
		default:
			break;
	}
	return result;
}

/* See the header. */
PrismiqForm *
prismiq_move_form(const PrismiqMoving *moving, const PrismiqForm *form)
{
	return move_form(moving, form, false);
}

/* Does an expression stand for the date column, and nothing else? */
static bool
is_date_column(const PrismiqMoving *moving, const PrismiqExpr *expr)
{
	return (expr->kind == PRISMIQ_EXPR_COLUMN && prismiq_same_column(expr->ref, moving->ref)) ||
		(moving->ref->expr != NULL && expr == moving->ref->expr);
}

/*
 * Is an expression the date column, or what it is as a value of another type of
 * dates and times (its day, above all)?  "own" then moves values of that type.
 */
static bool
is_date_operand(const PrismiqMoving *moving, const PrismiqExpr *expr, PrismiqMoving *own)
{
	const PrismiqExpr *arg = expr;

	*own = *moving;
	while (!is_date_column(moving, arg))
	{
		own->operand.type = expr->type;
		own->operand.source_zone = NULL;
		if (!prismiq_type_is_time(arg->type) ||
			(arg->kind != PRISMIQ_EXPR_CAST &&
			 (arg->kind != PRISMIQ_EXPR_FUNCTION ||
			  (arg->function != F_TIMEZONE_TEXT_TIMESTAMP &&
			   arg->function != F_TIMEZONE_TEXT_TIMESTAMPTZ))))
			return false;
		arg = (const PrismiqExpr *) llast(arg->args);
	}
	return true;
}

/* Move what a condition says of the date column back. */
static void
move_condition(const PrismiqMoving *moving, PrismiqCondition *condition, bool negated)
{
	PrismiqMoving own = *moving;
	int64		low;
	int64		high;
	ListCell   *lc;

	check_stack_depth();
	if (condition == NULL)
		return;
	if (condition->kind == PRISMIQ_CONDITION_TEST)
	{
		PrismiqTest *test = PrismiqTestOf(condition);
		const PrismiqColumnRef *ref = prismiq_test_ref(test);

		if (ref != NULL)
			own.operand.source_zone = ref->source_zone;
		if (ref != NULL && ref->table != NULL && test->form != NULL &&
			(prismiq_same_column(ref, moving->ref) ||
			 (ref->expr != NULL && is_date_operand(moving, ref->expr, &own))))
			test->previous = move_form(&own, test->form, negated);
		return;
	}
	if (condition->kind == PRISMIQ_CONDITION_NOT)
		negated = !negated;
	else if (condition->kind == PRISMIQ_CONDITION_AND &&
			 prismiq_condition_bounds(condition, moving->ref, &low, &high))
	{
		/* What lies outside of a range is still said by that range. */
		negated = false;
		own.one_day = own.one_day || is_one_day(moving, low, high);
	}
	foreach(lc, prismiq_condition_members(condition))
	{
		CHECK_FOR_INTERRUPTS();
		move_condition(&own, (PrismiqCondition *) lfirst(lc), negated);
	}
}

/* The value of an expression of the column's type, where it is a constant. */
static bool
constant_value(const PrismiqMoving *moving, const PrismiqExpr *expr, int64 *value)
{
	Datum		datum;

	return expr->type == moving->operand.type && expr->tables == NULL &&
		prismiq_expr_evaluate(expr, &datum) && finite_value(moving, datum, value);
}

/* A copy of a node with other arguments; the node itself is shared. */
static PrismiqExpr *
with_arguments(const PrismiqExpr *expr, List *args)
{
	PrismiqExpr *result = palloc(sizeof(PrismiqExpr));

	*result = *expr;
	result->args = args;
	return result;
}

/* A constant in an expression, moved back. */
static PrismiqExpr *
move_constant(const PrismiqMoving *moving, const PrismiqExpr *expr, Oid op, int64 value,
			  bool negated)
{
	PrismiqExpr *result = with_arguments(expr, NIL);

	result->kind = PRISMIQ_EXPR_CONST;
	result->literal = NULL;
	result->value = move_bound(moving, op, value, negated, moving->one_day);
	return result;
}

/* [day] >= "2024-04-16", or the other way round. */
typedef struct DateComparison
{
	PrismiqMoving moving;		/* of the type that is compared */
	bool		reversed;		/* the constant stands on the left */
	Oid			op;				/* with the constant on the right */
	int64		value;
} DateComparison;

/* Does an operator compare the date column with a constant? */
static bool
find_comparison(const PrismiqMoving *moving, const PrismiqExpr *expr, DateComparison *comparison)
{
	const PrismiqExpr *left;
	const PrismiqExpr *right;

	if (expr->kind != PRISMIQ_EXPR_OPERATOR || get_op_rettype(expr->function) != BOOLOID)
		return false;
	left = (const PrismiqExpr *) linitial(expr->args);
	right = (const PrismiqExpr *) lsecond(expr->args);
	comparison->reversed = !is_date_operand(moving, left, &comparison->moving);
	if (!comparison->reversed)
	{
		comparison->op = expr->function;
		return constant_value(&comparison->moving, right, &comparison->value);
	}
	comparison->op = get_commutator(expr->function);
	return is_date_operand(moving, right, &comparison->moving) &&
		constant_value(&comparison->moving, left, &comparison->value);
}

/* The same, moved back; null where it is something else. */
static PrismiqExpr *
move_comparison(const PrismiqMoving *moving, const PrismiqExpr *expr, bool negated)
{
	PrismiqExpr *left = (PrismiqExpr *) linitial(expr->args);
	PrismiqExpr *right = (PrismiqExpr *) lsecond(expr->args);
	DateComparison comparison;
	PrismiqExpr *moved;

	if (!find_comparison(moving, expr, &comparison))
		return NULL;
	moved = move_constant(&comparison.moving, comparison.reversed ? left : right, comparison.op,
						  comparison.value, negated);
	return with_arguments(expr, comparison.reversed ? list_make2(moved, right) :
						  list_make2(left, moved));
}

/* Do the comparisons of an "and" make a range?  Then it is one from "start" to "end". */
static bool
find_range(const PrismiqMoving *moving, const PrismiqExpr *expr, Timestamp *start, Timestamp *end)
{
	ListCell   *lc;

	*start = DT_NOBEGIN;
	*end = DT_NOEND;
	foreach(lc, expr->args)
	{
		const PrismiqExpr *arg = (const PrismiqExpr *) lfirst(lc);
		DateComparison comparison;
		bool		negated = false;
		Oid			type;
		Timestamp	local;
		bool		after;
		bool		up_to;
		bool		low;

		CHECK_FOR_INTERRUPTS();
		for (; arg->kind == PRISMIQ_EXPR_NOT; arg = (const PrismiqExpr *) linitial(arg->args))
			negated = !negated;
		if (!find_comparison(moving, arg, &comparison))
			continue;
		if (negated)
			comparison.op = get_negator(comparison.op);
		type = comparison.moving.operand.type;
		after = comparison.op == prismiq_comparison_operator(type, PRISMIQ_OP_GT);
		up_to = comparison.op == prismiq_comparison_operator(type, PRISMIQ_OP_LTE);
		low = after || comparison.op == prismiq_comparison_operator(type, PRISMIQ_OP_GTE);
		if (!low && !up_to && comparison.op != prismiq_comparison_operator(type, PRISMIQ_OP_LT))
			continue;
		if (!prismiq_moved_local(&comparison.moving,
								 comparison.value + (after || up_to ? 1 : 0), &local))
			continue;
		if (low)
			*start = Max(*start, local);
		else
			*end = Min(*end, local);
	}
	return *start != DT_NOBEGIN && *end != DT_NOEND && *start < *end;
}

/* [day] in ("2024-04-16", ...), moved back; null where it is something else. */
static PrismiqExpr *
move_any(const PrismiqMoving *moving, const PrismiqExpr *expr)
{
	PrismiqExpr *operand = (PrismiqExpr *) linitial(expr->args);
	List	   *args = list_make1(operand);
	PrismiqMoving own;
	ListCell   *lc;
	int64		value;

	if (!is_date_operand(moving, operand, &own))
		return NULL;
	for_each_from(lc, expr->args, 1)
	{
		PrismiqExpr *arg = (PrismiqExpr *) lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (constant_value(&own, arg, &value))
			arg = move_constant(&own, arg, expr->function, value, false);
		args = lappend(args, arg);
	}
	return with_arguments(expr, args);
}

/*
 * Note what the conditions of an expression that compare the date column with
 * constants are in the period before, wherever in it they stand.  A condition
 * that fields share is noted once.
 */
static void
move_expr(const PrismiqMoving *moving, PrismiqExpr *expr, bool negated)
{
	PrismiqMoving own = *moving;
	Timestamp	start;
	Timestamp	end;
	ListCell   *lc;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (expr == NULL || expr->before != NULL)
		return;
	if (expr->kind == PRISMIQ_EXPR_OPERATOR)
		expr->before = move_comparison(moving, expr, negated);
	else if (expr->kind == PRISMIQ_EXPR_ANY)
		expr->before = move_any(moving, expr);
	if (expr->before != NULL)
		return;

	if (expr->kind == PRISMIQ_EXPR_NOT)
		negated = !negated;
	else if (expr->kind != PRISMIQ_EXPR_AND && expr->kind != PRISMIQ_EXPR_OR)
		negated = false;
	if (expr->kind == PRISMIQ_EXPR_AND && find_range(moving, expr, &start, &end))
	{
		/* What lies outside of a range is still said by that range. */
		negated = false;
		own.one_day = own.one_day || prismiq_range_is_day(start, end);
	}
	foreach(lc, expr->args)
		move_expr(&own, (PrismiqExpr *) lfirst(lc), negated);
	move_expr(moving, expr->filter, false);
}

/* See the header. */
void
prismiq_move_conditions(const PrismiqMoving *moving)
{
	PrismiqQuery *query = moving->check->query;
	ListCell   *lc;
	ListCell   *lc2;

	move_condition(moving, query->filters, false);
	foreach(lc, query->join_order)
		foreach(lc2, ((PrismiqJoin *) lfirst(lc))->conditions)
			move_condition(moving, (PrismiqCondition *) lfirst(lc2), false);
	foreach(lc, query->columns)
		move_condition(moving, ((const PrismiqColumn *) lfirst(lc))->filters, false);
	foreach(lc, query->having_measures)
		move_condition(moving, ((const PrismiqColumn *) lfirst(lc))->filters, false);
	foreach(lc, query->fields)
		move_expr(moving, ((const PrismiqField *) lfirst(lc))->expr, false);
}
