/*-------------------------------------------------------------------------
 *
 * apart_filters.c
 *	  Conditions outside of a branch say which of its rows are worth grouping.
 *
 * A branch that is grouped before it is joined would be read as a whole, whatever
 * little of it is joined at last.  So its rows are held to what they are joined
 * to: EXISTS (a row there that passes the conditions), which takes away nothing
 * but rows that the join or the conditions would.  Of tables farther away it is
 * the same, as long as no outer join makes up rows on the way that a condition
 * might let through.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "join/apart.h"
#include "join/join.h"
#include "model/condition.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/table.h"
#include "model/words.h"

/* Add the tables of a column or calculated field. */
Bitmapset *
prismiq_add_ref_tables(Bitmapset *tables, const PrismiqColumnRef *ref)
{
	return ref->table == NULL && ref->expr == NULL ? tables :
		bms_add_members(tables, prismiq_ref_tables(ref));
}

/* The tables of the query that a condition looks at. */
Bitmapset *
prismiq_condition_tables(const PrismiqCondition *condition)
{
	Bitmapset  *result = NULL;
	ListCell   *lc;

	check_stack_depth();
	if (condition == NULL)
		return NULL;
	if (condition->kind == PRISMIQ_CONDITION_RELATED)
	{
		const PrismiqRelated *related = PrismiqRelatedOf(condition);

		return bms_make_singleton(((const PrismiqJoin *) linitial(related->steps))->from->index);
	}
	if (condition->kind == PRISMIQ_CONDITION_TEST)
	{
		const PrismiqColumnRef *ref = prismiq_test_ref(PrismiqTestOf(condition));

		return ref == NULL ? NULL : prismiq_add_ref_tables(NULL, ref);
	}
	foreach(lc, prismiq_condition_members(condition))
	{
		const PrismiqCondition *member = (const PrismiqCondition *) lfirst(lc);

		result = bms_add_members(result, prismiq_condition_tables(member));
	}
	return result;
}

/* A test against a query, which it would have to be asked again for. */
static bool
has_query(PrismiqCondition *condition, void *arg)
{
	return prismiq_test_query(PrismiqTestOf(condition)) != NULL;
}

/* The range of the series, as a condition on its column. */
static PrismiqCondition *
range_condition(const PrismiqTimeSeries *series)
{
	PrismiqCondition *condition = prismiq_condition_make(PRISMIQ_CONDITION_TEST, NULL);
	PrismiqTest *test = PrismiqTestOf(condition);

	test->on = PRISMIQ_OPERAND_COLUMN;
	PrismiqColumnOperandOf(test)->ref = series->ref;
	test->form = series->range;
	return condition;
}

/*
 * The join that leads from a set of tables, outside of the branch, to one more that is
 * wanted or on the way to it.
 */
static PrismiqJoin *
next_step(const PrismiqQuery *query, const Bitmapset *wanted, const Bitmapset *reached,
		  bool *forward)
{
	ListCell   *lc;

	foreach(lc, query->join_order)
	{
		PrismiqJoin *join = (PrismiqJoin *) lfirst(lc);
		bool		from = bms_is_member(join->from->index, reached);

		*forward = from;
		if (from != bms_is_member(join->to->index, reached) &&
			bms_is_member(from ? join->to->index : join->from->index, wanted))
			return join;
	}
	return NULL;
}

/* A join as it leads from one table to the other. */
static PrismiqJoin *
leading(const PrismiqJoin *join, PrismiqTable *from)
{
	PrismiqJoin *step = palloc(sizeof(PrismiqJoin));

	*step = *join;
	step->to = prismiq_other_end(join, from);
	step->from = from;
	return step;
}

/* The tables that are reached from one without passing what an outer join may make up. */
static Bitmapset *
sure_tables(const PrismiqQuery *query, const PrismiqBranch *branch, const PrismiqTable *start)
{
	Bitmapset  *result = bms_make_singleton(start->index);
	bool		progress = true;

	while (progress)
	{
		ListCell   *lc;

		progress = false;
		foreach(lc, query->join_order)
		{
			const PrismiqJoin *join = (const PrismiqJoin *) lfirst(lc);
			bool		from = bms_is_member(join->from->index, result);

			if (join == branch->join || from == bms_is_member(join->to->index, result) ||
				(from && join->printed_type == PRISMIQ_JOIN_LEFT))
				continue;
			result = bms_add_member(result, from ? join->to->index : join->from->index);
			progress = true;
		}
	}
	return result;
}

/* The condition that holds the rows of a branch to what they are joined to; or null. */
PrismiqCondition *
prismiq_branch_condition(PrismiqQuery *query, const PrismiqBranch *branch)
{
	PrismiqTable *near = prismiq_other_end(branch->join, branch->top);
	Bitmapset  *sure = sure_tables(query, branch, near);
	Bitmapset  *reached = bms_make_singleton(near->index);
	Bitmapset  *wanted = bms_copy(reached);
	PrismiqCondition *result = prismiq_condition_make(PRISMIQ_CONDITION_RELATED, NULL);
	PrismiqRelated *related = PrismiqRelatedOf(result);
	const PrismiqTimeSeries *series = query->time_series;
	PrismiqJoin *join;
	bool		forward;
	ListCell   *lc;

	foreach(lc, query->filters != NULL ? PrismiqGroupOf(query->filters)->members : NIL)
	{
		PrismiqCondition *condition = (PrismiqCondition *) lfirst(lc);
		Bitmapset  *tables = prismiq_condition_tables(condition);

		if (bms_membership(tables) != BMS_SINGLETON || !bms_is_subset(tables, sure) ||
			prismiq_condition_walk(condition, has_query, NULL))
			continue;
		wanted = bms_add_members(wanted, tables);
		related->members = lappend(related->members, condition);
	}
	/* With a period before it would have to be moved, and rows before it are not within it. */
	if (series != NULL && series->range != NULL && query->compare == NULL &&
		!series->fill_before &&
		series->ref->expr == NULL && bms_is_member(series->ref->table->index, sure))
	{
		wanted = bms_add_member(wanted, series->ref->table->index);
		related->members = lappend(related->members, range_condition(series));
	}
	if (related->members == NIL)
		return NULL;
	related->table = near;
	related->steps = list_make1(leading(branch->join, branch->top));
	wanted = bms_del_members(prismiq_spanned_tables(query, wanted), branch->tables);
	while ((join = next_step(query, wanted, reached, &forward)) != NULL)
	{
		PrismiqJoin *step = leading(join, forward ? join->from : join->to);

		reached = bms_add_member(reached, step->to->index);
		related->steps = lappend(related->steps, step);
	}
	return result;
}
