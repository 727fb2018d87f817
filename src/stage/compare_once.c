/*-------------------------------------------------------------------------
 *
 * compare_once.c
 *	  Two periods of rows that are read once.
 *
 * The twin of compile/compile_once.c.  The rows of the answer and those of the
 * period before are told apart by their dates alone, so both are read, joined and
 * grouped together, and each measure is aggregated over those of each period.
 *
 * Not where the period says more than which rows there are: what they are joined
 * by, or what they are grouped by; nor where it is dear to tell them apart.  From
 * an index alone PostgreSQL reads one range at a time, so two of them with a gap in
 * between are read one by one where it could do that.  And the buckets of a series
 * that has them all at once (dense.c) are made faster than those of both periods can
 * be, where an index leads to the rows of each.  Repetitions of a row are flagged
 * within a period, which serves only where no row is in both.
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
#include "catalog/catalogs.h"
#include "model/condition.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"
#include "value/value.h"

/* ---- what the period changes ---- */

/* An expression that is another one in the period before. */
static bool
expr_moves(PrismiqExpr *expr, void *arg)
{
	return expr->before != NULL;
}

/* Is a column, or calculated field, another one there? */
static bool
ref_moves(const PrismiqColumnRef *ref)
{
	return ref->expr != NULL && prismiq_expr_walk(ref->expr, expr_moves, NULL);
}

/* A test that is another one there. */
static bool
test_moves(PrismiqCondition *condition, void *arg)
{
	const PrismiqTest *test = PrismiqTestOf(condition);
	const PrismiqColumnRef *ref = prismiq_test_ref(test);

	return test->previous != NULL || (ref != NULL && ref_moves(ref));
}

/* Is a condition another one there? */
static bool
condition_moves(PrismiqCondition *condition)
{
	return prismiq_condition_walk(condition, test_moves, NULL);
}

/* Does it look at other rows than the one at hand? */
static bool
looks_elsewhere(const PrismiqCondition *condition)
{
	ListCell   *lc;

	check_stack_depth();
	if (condition->kind == PRISMIQ_CONDITION_RELATED)
		return true;
	if (condition->kind == PRISMIQ_CONDITION_TEST)
		return prismiq_test_query(PrismiqTestOf(condition)) != NULL;
	foreach(lc, prismiq_condition_members(condition))
		if (looks_elsewhere((const PrismiqCondition *) lfirst(lc)))
			return true;
	return false;
}

/* Are rows joined by something that is something else there? */
static bool
joins_move(const PrismiqQuery *query)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, query->join_order)
	{
		const PrismiqJoin *join = (const PrismiqJoin *) lfirst(lc);

		foreach(lc2, join->keys)
		{
			const PrismiqJoinKey *key = (const PrismiqJoinKey *) lfirst(lc2);

			if (ref_moves(key->from) || ref_moves(key->to))
				return true;
		}
		foreach(lc2, join->conditions)
			if (condition_moves((PrismiqCondition *) lfirst(lc2)))
				return true;
	}
	return false;
}

/* Is a column something else there: what it is of, or which rows it takes? */
static bool
column_moves(const PrismiqColumn *column)
{
	return ref_moves(column->ref) || condition_moves(column->filters) ||
		prismiq_expr_walk(column->instead, expr_moves, NULL);
}

/* Is a branch of the joins another one there? */
static bool
branches_move(const PrismiqQuery *query)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, query->tables)
	{
		const PrismiqTable *table = (const PrismiqTable *) lfirst(lc);

		if (!table->apart)
			continue;
		if (condition_moves(table->query->filters) || joins_move(table->query))
			return true;
		foreach(lc2, table->query->columns)
			if (column_moves((const PrismiqColumn *) lfirst(lc2)))
				return true;
	}
	return false;
}

/* Are the groups others there? */
static bool
groups_move(const PrismiqQuery *query)
{
	ListCell   *lc;

	if (query->time_series != NULL && ref_moves(query->time_series->ref))
		return true;
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column) && column_moves(column))
			return true;
	}
	foreach(lc, query->group_extra)
		if (ref_moves((const PrismiqColumnRef *) lfirst(lc)))
			return true;
	if (query->top == NULL)
		return false;
	foreach(lc, query->top->extras)
		if (ref_moves((const PrismiqColumnRef *) lfirst(lc)))
			return true;
	return false;
}

/* Is the one of a row's repetitions that counts another one there? */
static bool
flags_move(const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->row_once)
		if (condition_moves(((const PrismiqRowOnce *) lfirst(lc))->filter))
			return true;
	return false;
}

/* Is any measure something of no rows? */
static bool
tells_no_rows(const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (column->aggregation == PRISMIQ_AGG_COUNT ||
			column->aggregation == PRISMIQ_AGG_COUNT_DISTINCT ||
			column->aggregation == PRISMIQ_AGG_APPROX_COUNT_DISTINCT ||
			column->aggregation == PRISMIQ_AGG_EXPRESSION || column->instead != NULL)
			return true;
	}
	return false;
}

/* ---- a range of dates, and the one before it ---- */

/* A range of a column in its own terms, half-open. */
typedef struct Span
{
	const PrismiqColumnRef *ref;
	PrismiqBounds bounds;
} Span;

/* A bound that a test has, included or (an end) not; false when it is none. */
static bool
read_bound(Oid type, const PrismiqConst *value, Oid op, int64 *bound)
{
	if (value->type != type)
		return false;
	if (type == DATEOID ? DATE_NOT_FINITE(DatumGetDateADT(value->value)) :
		TIMESTAMP_NOT_FINITE(DatumGetTimestamp(value->value)))
		return false;
	*bound = type == DATEOID ? (int64) DatumGetDateADT(value->value) :
		(int64) DatumGetTimestamp(value->value);
	if (op == prismiq_comparison_operator(type, PRISMIQ_OP_GT) ||
		op == prismiq_comparison_operator(type, PRISMIQ_OP_LTE))
		(*bound)++;
	return true;
}

/* Narrow a range by a test of its column; false when that says anything else. */
static bool
narrow(Span *span, const PrismiqForm *form)
{
	Oid			type = span->ref->basetype;
	PrismiqBounds bounds = {0};
	bool		range = form->kind == PRISMIQ_FORM_RANGE;
	bool		low;
	Oid			op;

	if (form->negated || form->or_null || form->and_not_null || OidIsValid(form->cast_type) ||
		(!range && form->kind != PRISMIQ_FORM_COMPARE))
		return false;
	if (range)
	{
		bounds.has_low = form->of.range.low != NULL;
		bounds.has_high = form->of.range.high != NULL;
		if ((bounds.has_low && !read_bound(type, form->of.range.low, form->of.range.low_op,
										   &bounds.low)) ||
			(bounds.has_high && !read_bound(type, form->of.range.high, form->of.range.high_op,
											&bounds.high)))
			return false;
		prismiq_bounds_narrow(&span->bounds, &bounds);
		return true;
	}
	op = form->of.compare.op;
	low = op == prismiq_comparison_operator(type, PRISMIQ_OP_GT) ||
		op == prismiq_comparison_operator(type, PRISMIQ_OP_GTE);
	if (!low && op != prismiq_comparison_operator(type, PRISMIQ_OP_LT) &&
		op != prismiq_comparison_operator(type, PRISMIQ_OP_LTE))
		return false;
	bounds.has_low = low;
	bounds.has_high = !low;
	if (!read_bound(type, form->of.compare.value, op, low ? &bounds.low : &bounds.high))
		return false;
	prismiq_bounds_narrow(&span->bounds, &bounds);
	return true;
}

/* What conditions say of the date column in either period, where it is two ranges. */
static bool
find_spans(const List *conditions, Span *now, Span *before)
{
	ListCell   *lc;

	foreach(lc, conditions)
	{
		const PrismiqCondition *condition = (const PrismiqCondition *) lfirst(lc);
		const PrismiqTest *test;

		if (condition->kind != PRISMIQ_CONDITION_TEST)
			return false;
		test = PrismiqTestOf(condition);
		if (now->ref == NULL)
			now->ref = before->ref = prismiq_test_ref(test);
		if (test->previous == NULL || !prismiq_same_column(prismiq_test_ref(test), now->ref) ||
			ref_moves(now->ref) || !narrow(now, test->form) || !narrow(before, test->previous))
			return false;
	}
	return now->bounds.has_low && now->bounds.has_high &&
		before->bounds.has_low && before->bounds.has_high &&
		before->bounds.low < before->bounds.high && now->bounds.low < now->bounds.high &&
		before->bounds.low < now->bounds.low && before->bounds.high < now->bounds.high;
}

/* A condition that the date column is from "low" on, or before "high", or both. */
static PrismiqCondition *
make_range(PrismiqCheck *check, const PrismiqColumnRef *ref, const int64 *low, const int64 *high)
{
	PrismiqCondition *condition = prismiq_condition_make(PRISMIQ_CONDITION_TEST, NULL);
	PrismiqTest *test = PrismiqTestOf(condition);
	PrismiqOperand operand = {.type = ref->basetype, .typmod = -1};

	test->on = PRISMIQ_OPERAND_COLUMN;
	PrismiqColumnOperandOf(test)->ref = unconstify(PrismiqColumnRef *, ref);
	test->form = palloc0(sizeof(PrismiqForm));
	prismiq_range_form(check, test->form, &operand, low != NULL, low != NULL ? *low : 0,
					   high != NULL, high != NULL ? *high : 0);
	return condition;
}

/* Several conditions as one. */
static PrismiqCondition *
make_group(PrismiqConditionKind kind, List *members)
{
	PrismiqCondition *condition = prismiq_condition_make(kind, NULL);

	PrismiqGroupOf(condition)->members = members;
	return condition;
}

/*
 * Two ranges: rows are read from either, or, where they touch, from one that is
 * both; and one bound tells to which of them a row belongs.
 */
static void
set_spans(PrismiqCheck *check, const Span *now, const Span *before)
{
	PrismiqCompare *compare = check->query->compare;
	const PrismiqBounds *a = &now->bounds;
	const PrismiqBounds *b = &before->bounds;

	if (b->high >= a->low)
		compare->rows = make_range(check, now->ref, &b->low, &a->high);
	else
		compare->rows = make_group(PRISMIQ_CONDITION_OR,
								   list_make2(make_range(check, now->ref, &a->low, &a->high),
											  make_range(check, now->ref, &b->low, &b->high)));
	compare->now = make_range(check, now->ref, &a->low, NULL);
	compare->before = make_range(check, now->ref, NULL, &b->high);
}

/* A test that is another one in the period before: takes the first. */
static bool
take_test(PrismiqCondition *condition, void *arg)
{
	if (!test_moves(condition, NULL))
		return false;
	*(const PrismiqColumnRef **) arg = prismiq_test_ref(PrismiqTestOf(condition));
	return true;
}

/* May an index alone have what is read of the rows of one period? */
static bool
is_held(const PrismiqCondition *moved)
{
	const PrismiqColumnRef *ref = NULL;

	(void) prismiq_condition_walk(unconstify(PrismiqCondition *, moved), take_test, &ref);
	return ref != NULL && ref->expr == NULL && prismiq_table_is_held(ref->table, ref->attnum);
}

/* Are the rows of each period found by an index, to make the answer's buckets at once? */
static bool
has_dense_periods(const PrismiqQuery *query)
{
	const PrismiqColumnRef *ref = PrismiqHasBuckets(query) ? query->time_series->ref : NULL;

	return ref != NULL && ref->expr == NULL && !OidIsValid(ref->read_cast) &&
		prismiq_dense_fits(query) && prismiq_table_is_led(ref->table, ref->attnum);
}

/* The conditions that are others in the period before; "always" has those that are not. */
static List *
split_conditions(const PrismiqQuery *query, List **always)
{
	const PrismiqTimeSeries *series = query->time_series;
	List	   *moved = NIL;
	List	   *members = NIL;
	ListCell   *lc;

	if (series != NULL && series->range != NULL)
	{
		PrismiqCondition *range = prismiq_condition_make(PRISMIQ_CONDITION_TEST, NULL);

		PrismiqTestOf(range)->on = PRISMIQ_OPERAND_COLUMN;
		PrismiqColumnOperandOf(PrismiqTestOf(range))->ref = series->ref;
		PrismiqTestOf(range)->form = series->range;
		PrismiqTestOf(range)->previous = query->compare->range;
		members = lappend(members, range);
	}
	if (query->filters != NULL)
		members = list_concat(members, PrismiqGroupOf(query->filters)->members);
	foreach(lc, members)
	{
		PrismiqCondition *condition = (PrismiqCondition *) lfirst(lc);

		if (condition_moves(condition))
			moved = lappend(moved, condition);
		else
			*always = lappend(*always, condition);
	}
	return moved;
}

/* Read the rows of both periods once, where that says the same. */
void
prismiq_check_compare_once(PrismiqCheck *check)
{
	const PrismiqQuery *query = check->query;
	PrismiqCompare *compare = query->compare;
	Span		now = {NULL};
	Span		before = {NULL};
	PrismiqCondition *tells;
	List	   *moved;
	bool		spans;

	if (compare == NULL || compare->shift == NULL || joins_move(query) || branches_move(query) ||
		groups_move(query) || flags_move(query) || has_dense_periods(query))
		return;
	moved = split_conditions(query, &compare->always);
	if (moved == NIL)
		return;
	tells = make_group(PRISMIQ_CONDITION_AND, moved);
	spans = find_spans(moved, &now, &before);
	if ((query->row_once != NIL && (!spans || before.bounds.high > now.bounds.low)) ||
		looks_elsewhere(tells) ||
		((!spans || before.bounds.high < now.bounds.low) && is_held(tells)))
		return;
	compare->now = compare->before = tells;
	if (spans)
		set_spans(check, &now, &before);
	compare->tells = tells_no_rows(query);
	compare->once = true;
}
