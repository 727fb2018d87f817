/*-------------------------------------------------------------------------
 *
 * apart.c
 *	  Facts apart: what multiplies the rows of measures is grouped before it is
 *	  joined.
 *
 * Orders and tickets of customers, joined, are each order with each ticket.  A
 * flag (fan_out.c) counts each once all the same, but the product is made,
 * sorted and thrown away.  Where it can be done the tables behind a join that
 * multiplies, a branch of the tree of joins, become one table instead: a row
 * for each value that they are joined by, with the measures of the branch
 * aggregated as far as that goes (apart_branch.c).  It has at most one row for
 * each row that it is joined to, and so multiplies nothing.
 *
 * The answer is the same when nothing but the joined columns and its measures is
 * asked of the branch:
 *
 * - no column that the answer is grouped by is in it;
 * - each condition, and each measure, is of tables in it alone or of none in it;
 * - its measures can be made from those of parts: sums, counts, averages of
 *   exact numbers, the least and the greatest; and what they count is of one
 *   such row only;
 * - it is joined by equality, of columns that are grouped as they are compared;
 * - the join is an inner one, or keeps the rows that it is joined to; then
 *   whatever is in the branch must not take these away again.
 *
 * A join that multiplies and leads to what the answer is grouped by has no such
 * branch.  When it leads there over a bridge, a table of nothing but pairs, the
 * measures may have one on their own side: rentals by the categories of films are
 * first counted by film, of which there are few, and flags count films once.
 * Elsewhere that would be a detour: an order has hardly more payments than it has
 * lines.
 *
 * What is left is as it was, and flags count it once.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "access/access.h"
#include "access/context.h"
#include "catalog/catalogs.h"
#include "join/apart.h"
#include "join/join.h"
#include "model/condition.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/words.h"

/* What is known of a query before its branches are looked at. */
typedef struct Facts
{
	PrismiqQuery *query;
	Bitmapset  *kept;			/* tables of what the answer is grouped by */
	PrismiqTable *root;			/* no branch has it */
	List	   *joins;			/* PrismiqJoin: those that multiply a measure's rows */
	List	   *stuck;			/* of these, behind which there is no branch */
	List	   *near;			/* PrismiqJoin: from a measure's rows on the way to such a one */
	const PrismiqColumn *column;	/* whose expression is being walked */
	const PrismiqBranch *branch;	/* that is being looked at */
	Bitmapset  *grain;
} Facts;

/* ---- the tables of things ---- */

/* All that one aggregate looks at; none: at all joined rows. */
static Bitmapset *
column_tables(const PrismiqColumn *column)
{
	Bitmapset  *result = bms_union(prismiq_argument_tables(column),
								   prismiq_condition_tables(column->filters));

	return column->aggfn_order == NULL ? result :
		prismiq_add_ref_tables(result, column->aggfn_order);
}

/* ---- what the branches must do for ---- */

/* One aggregate of a measure; true stops the walk. */
typedef bool (*AggregateVisitor) (Facts *facts, Bitmapset *rows, Bitmapset *tables,
								  bool repeats, PrismiqPart part);

/* The walk over the expression of a measure. */
typedef struct ExpressionVisit
{
	Facts	   *facts;
	AggregateVisitor visit;
} ExpressionVisit;

/* One node of it. */
static bool
visit_node(PrismiqExpr *expr, void *arg)
{
	const ExpressionVisit *walk = (const ExpressionVisit *) arg;

	if (expr->kind != PRISMIQ_EXPR_AGGREGATE)
		return false;
	return walk->visit(walk->facts, prismiq_aggregate_tables(expr),
					   expr->tables == NULL ? NULL :
					   bms_union(expr->tables,
								 prismiq_condition_tables(walk->facts->column->filters)),
					   !expr->ignores_duplicates, prismiq_part_of_expr(expr));
}

/* The aggregates of one measure. */
static bool
visit_measure(Facts *facts, const PrismiqColumn *column, AggregateVisitor visit)
{
	ExpressionVisit walk = {facts, visit};

	if (PrismiqColumnIsDimension(column))
		return false;
	facts->column = column;
	if (column->aggregation == PRISMIQ_AGG_EXPRESSION)
		return prismiq_expr_walk(column->ref->expr, visit_node, &walk);
	if (column->ref->table == NULL)
		return visit(facts, NULL, NULL, true, PRISMIQ_PART_NONE);
	return visit(facts, prismiq_argument_tables(column), column_tables(column),
				 !column->distinct && !prismiq_aggregation_ignores_duplicates(column->aggregation),
				 prismiq_part_of_column(column));
}

/* Those of every measure; true when the visitor has stopped at one. */
static bool
visit_measures(Facts *facts, AggregateVisitor visit)
{
	ListCell   *lc;

	foreach(lc, facts->query->columns)
		if (visit_measure(facts, (const PrismiqColumn *) lfirst(lc), visit))
			return true;
	foreach(lc, facts->query->having_measures)
		if (visit_measure(facts, (const PrismiqColumn *) lfirst(lc), visit))
			return true;
	return false;
}

/* Gather the joins that multiply the rows of a table, walking away from it. */
static void
gather_joins(Facts *facts, PrismiqTable *table, const PrismiqJoin *arrived_by)
{
	ListCell   *lc;

	check_stack_depth();
	foreach(lc, facts->query->join_order)
	{
		PrismiqJoin *join = (PrismiqJoin *) lfirst(lc);
		PrismiqTable *other = prismiq_other_end(join, table);

		if (join == arrived_by || other == NULL || bms_is_member(other->index, facts->grain))
			continue;
		if (!prismiq_joins_one(join, other) && !list_member_ptr(facts->joins, join))
			facts->joins = lappend(facts->joins, join);
		gather_joins(facts, other, join);
	}
}

/* The joins that multiply the rows of an aggregate; one of all joined rows forbids it. */
static bool
find_joins(Facts *facts, Bitmapset *rows, Bitmapset *tables, bool repeats, PrismiqPart part)
{
	int			index = -1;

	if (tables == NULL)
		return true;
	if (!repeats)
		return false;
	facts->grain = prismiq_spanned_tables(facts->query, rows);
	while ((index = bms_next_member(facts->grain, index)) >= 0)
		gather_joins(facts, (PrismiqTable *) list_nth(facts->query->tables, index), NULL);
	return false;
}

/* Does the join lead to a table whose key is of this join and of one that leads on from there? */
static bool
leads_to_bridge(const PrismiqQuery *query, const PrismiqJoin *join, PrismiqTable *bridge)
{
	ListCell   *lc;

	foreach(lc, query->join_order)
	{
		const PrismiqJoin *further = (const PrismiqJoin *) lfirst(lc);
		PrismiqTable *end = prismiq_other_end(further, bridge);

		if (further != join && end != NULL && prismiq_joins_one(further, end) &&
			prismiq_table_is_unique(bridge,
									bms_union(prismiq_joined_columns(join, bridge),
											  prismiq_joined_columns(further, bridge))))
			return true;
	}
	return false;
}

/*
 * Gather the joins on the way from a table to a stuck one, which leads to a bridge, where
 * many rows on the near side have one on the far side; is there such a one this way?
 */
static bool
gather_near(Facts *facts, PrismiqTable *table, const PrismiqJoin *arrived_by)
{
	bool		result = false;
	ListCell   *lc;

	check_stack_depth();
	foreach(lc, facts->query->join_order)
	{
		PrismiqJoin *join = (PrismiqJoin *) lfirst(lc);
		PrismiqTable *other = prismiq_other_end(join, table);

		if (join == arrived_by || other == NULL || bms_is_member(other->index, facts->grain))
			continue;
		if (list_member_ptr(facts->stuck, join))
			result |= leads_to_bridge(facts->query, join, other);
		else if (gather_near(facts, other, join))
		{
			if (!prismiq_joins_one(join, table))
				facts->near = list_append_unique_ptr(facts->near, join);
			result = true;
		}
	}
	return result;
}

/* Those of an aggregate, unless its groups have none of its rows twice. */
static bool
find_near(Facts *facts, Bitmapset *rows, Bitmapset *tables, bool repeats, PrismiqPart part)
{
	int			index = -1;

	facts->grain = prismiq_spanned_tables(facts->query, rows);
	if (!repeats || prismiq_groups_tell_apart(facts->query, facts->grain))
		return false;
	while ((index = bms_next_member(facts->grain, index)) >= 0)
		(void) gather_near(facts, (PrismiqTable *) list_nth(facts->query->tables, index), NULL);
	return false;
}

/*
 * Does an aggregate stand in the way of the branch?  One that sees its rows as often as
 * they are there must find each of them in one group of the branch only.
 */
static bool
is_in_the_way(Facts *facts, Bitmapset *rows, Bitmapset *tables, bool repeats, PrismiqPart part)
{
	const PrismiqBranch *branch = facts->branch;
	Bitmapset  *grain;

	if (!bms_overlap(tables, branch->tables))
		return false;
	if (part == PRISMIQ_PART_NONE || !bms_is_subset(tables, branch->tables))
		return true;
	if (!repeats)
		return false;
	grain = prismiq_spanned_tables(facts->query, rows);
	return !bms_is_member(branch->top->index,
						  prismiq_fixed_tables(facts->query, grain, branch->tables,
											   bms_membership(grain) == BMS_SINGLETON));
}

/* The tables of what rows are grouped by. */
static Bitmapset *
grouping_tables(const PrismiqQuery *query)
{
	Bitmapset  *result = NULL;
	ListCell   *lc;

	if (query->time_series != NULL)
		result = prismiq_add_ref_tables(result, query->time_series->ref);
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column))
			result = prismiq_add_ref_tables(result, column->ref);
	}
	foreach(lc, query->group_extra)
		result = prismiq_add_ref_tables(result, (const PrismiqColumnRef *) lfirst(lc));
	if (query->top != NULL)
		foreach(lc, query->top->extras)
			result = prismiq_add_ref_tables(result, (const PrismiqColumnRef *) lfirst(lc));
	return result;
}

/* ---- one branch ---- */

/* The tables that are reached from one without a join. */
static Bitmapset *
reach(const PrismiqQuery *query, const PrismiqTable *table, const PrismiqJoin *without,
	  Bitmapset *reached)
{
	ListCell   *lc;

	check_stack_depth();
	reached = bms_add_member(reached, table->index);
	foreach(lc, query->join_order)
	{
		const PrismiqJoin *join = (const PrismiqJoin *) lfirst(lc);
		const PrismiqTable *other = prismiq_other_end(join, table);

		if (join != without && other != NULL && !bms_is_member(other->index, reached))
			reached = reach(query, other, without, reached);
	}
	return reached;
}

/* Does a condition that is true say that a column of a real row has a value? */
static bool
rejects_nulls(const PrismiqCondition *condition)
{
	const PrismiqColumnRef *ref;
	const PrismiqForm *form;

	if (condition->kind != PRISMIQ_CONDITION_TEST)
		return false;
	ref = prismiq_test_ref(PrismiqTestOf(condition));
	form = PrismiqTestOf(condition)->form;
	if (ref == NULL || ref->expr != NULL || form->or_null)
		return false;
	return form->kind == PRISMIQ_FORM_COMPARE || form->kind == PRISMIQ_FORM_ANY ||
		form->kind == PRISMIQ_FORM_RANGE || form->kind == PRISMIQ_FORM_NOT_NULL;
}

/*
 * Take the conditions of the branch, those of WHERE and those of its own join; false
 * when one of them is of other tables too, or takes away rows that the join keeps
 * without saying that there has to be one of the branch.
 */
static bool
take_conditions(PrismiqBranch *branch, const PrismiqQuery *query)
{
	bool		inner = branch->join->printed_type == PRISMIQ_JOIN_INNER;
	ListCell   *lc;

	foreach(lc, query->filters != NULL ? PrismiqGroupOf(query->filters)->members : NIL)
	{
		PrismiqCondition *condition = (PrismiqCondition *) lfirst(lc);
		Bitmapset  *tables = prismiq_condition_tables(condition);

		if (!bms_overlap(tables, branch->tables))
			continue;
		if (!bms_is_subset(tables, branch->tables))
			return false;
		branch->filters = lappend(branch->filters, condition);
		inner |= rejects_nulls(condition);
	}
	if (branch->filters != NIL && !inner)
		return false;
	foreach(lc, branch->join->conditions)
	{
		PrismiqCondition *condition = (PrismiqCondition *) lfirst(lc);

		if (!bms_is_subset(prismiq_condition_tables(condition), branch->tables))
			return false;
		branch->filters = lappend(branch->filters, condition);
	}
	branch->inner = inner;
	/* Without a series one of them may say which dates are compared, and has to stay. */
	return branch->filters == NIL || query->compare == NULL || query->time_series != NULL;
}

/* May the branch be joined by what it is grouped by? */
static bool
keys_are_exact(const PrismiqBranch *branch)
{
	ListCell   *lc;

	foreach(lc, branch->join->keys)
	{
		const PrismiqJoinKey *key = (const PrismiqJoinKey *) lfirst(lc);
		const PrismiqColumnRef *ref = prismiq_key_of(key, branch->top);

		if (!prismiq_key_is_exact(key, ref) || key->collate ||
			!prismiq_type_is_groupable(ref->basetype))
			return false;
	}
	return true;
}

/*
 * Can the joins of the branch be written from its top on?  Those that keep rows lead
 * away from it; and where its own join keeps rows, all of them do.
 */
static bool
joins_lead_away(const PrismiqBranch *branch, const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->join_order)
	{
		const PrismiqJoin *join = (const PrismiqJoin *) lfirst(lc);
		bool		keeps = join->printed_type == PRISMIQ_JOIN_LEFT;

		if (join == branch->join || !bms_is_member(join->from->index, branch->tables))
			continue;
		if (!keeps && branch->join->printed_type != PRISMIQ_JOIN_INNER)
			return false;
		if (keeps && bms_is_member(branch->top->index,
								   reach(query, join->to, join, NULL)))
			return false;
	}
	return true;
}

/* The branch behind a join, or null when it cannot be grouped by itself. */
static PrismiqBranch *
find_branch(Facts *facts, PrismiqJoin *join)
{
	PrismiqQuery *query = facts->query;
	PrismiqBranch *branch = palloc0(sizeof(PrismiqBranch));

	branch->join = join;
	branch->top = join->to;
	branch->tables = reach(query, join->to, join, NULL);
	if (bms_is_member(facts->root->index, branch->tables))
	{
		branch->top = join->from;
		branch->tables = reach(query, join->from, join, NULL);
	}
	facts->branch = branch;
	if (prismiq_joins_one(join, branch->top) ||
		bms_overlap(branch->tables, facts->kept) ||
		(join->printed_type == PRISMIQ_JOIN_LEFT && branch->top != join->to) ||
		!keys_are_exact(branch) ||
		!joins_lead_away(branch, query) ||
		!take_conditions(branch, query) ||
		visit_measures(facts, is_in_the_way))
		return NULL;
	return branch;
}

/* Are all joins inner ones, or such that keep the rows of what was joined before? */
static bool
has_plain_joins(const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->join_order)
	{
		PrismiqJoinType type = ((const PrismiqJoin *) lfirst(lc))->printed_type;

		if (type != PRISMIQ_JOIN_INNER && type != PRISMIQ_JOIN_LEFT)
			return false;
	}
	return true;
}

/* The table from which all branches are seen: one that is grouped by, else a middle one. */
static PrismiqTable *
find_root(const Facts *facts)
{
	const PrismiqJoin *join;
	const PrismiqQuery *query = facts->query;

	if (facts->kept != NULL)
		return (PrismiqTable *) list_nth(query->tables, bms_next_member(facts->kept, -1));
	join = (const PrismiqJoin *) linitial(facts->joins);
	return prismiq_joins_one(join, join->from) ? join->from : join->to;
}

/* Add a branch to others; one within another is set apart there. */
static List *
add_branch(List *branches, PrismiqBranch *branch)
{
	ListCell   *lc;

	foreach(lc, branches)
	{
		PrismiqBranch *other = (PrismiqBranch *) lfirst(lc);

		if (bms_is_subset(branch->tables, other->tables))
			return branches;
		if (bms_is_subset(other->tables, branch->tables))
			branches = foreach_delete_current(branches, lc);
	}
	return lappend(branches, branch);
}

/* The branches of a query. */
static List *
find_branches(Facts *facts)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, facts->joins)
	{
		PrismiqBranch *branch = find_branch(facts, (PrismiqJoin *) lfirst(lc));

		if (branch != NULL)
			result = add_branch(result, branch);
		else
			facts->stuck = lappend(facts->stuck, lfirst(lc));
	}
	if (facts->stuck != NIL)
		(void) visit_measures(facts, find_near);
	foreach(lc, facts->near)
	{
		PrismiqBranch *branch = find_branch(facts, (PrismiqJoin *) lfirst(lc));

		if (branch != NULL)
			result = add_branch(result, branch);
	}
	return result;
}

/* Set the facts of one query apart. */
static void
set_apart(PrismiqCheck *check, PrismiqQuery *query)
{
	Facts		facts = {.query = query};
	ListCell   *lc;

	if (!query->grouped || !has_plain_joins(query) ||
		visit_measures(&facts, find_joins) || facts.joins == NIL)
		return;
	facts.kept = grouping_tables(query);
	facts.root = find_root(&facts);
	foreach(lc, find_branches(&facts))
		prismiq_branch_group(check, query, (PrismiqBranch *) lfirst(lc));
}

/*
 * Group what multiplies the rows of measures before it is joined, wherever that
 * changes nothing; and within what is grouped the same.
 */
void
prismiq_check_apart(PrismiqCheck *check)
{
	const List *tables = check->query->tables;
	int			i;

	check->query->asked_first = check->query->first;
	check->query->asked_filters = check->query->filters;
	if (check->query->fan_out != PRISMIQ_FAN_OUT_CORRECT || check->query->join_order == NIL)
		return;
	set_apart(check, check->query);
	/* The list grows meanwhile. */
	for (i = 0; i < list_length(tables); i++)
	{
		const PrismiqTable *table = (const PrismiqTable *) list_nth(tables, i);

		CHECK_FOR_INTERRUPTS();
		if (table->apart)
			set_apart(check, table->query);
	}
}
