/*-------------------------------------------------------------------------
 *
 * fan_out.c
 *	  What the joins multiply, and how each row is counted once all the same.
 *
 * A measure is multiplied when, walking the tree of joins away from its table,
 * some join leads to a table where the joined columns are not unique.
 * Uniqueness is asked of the catalogs; the tenant columns of two tables always
 * count as equal, since every row that is seen has the same tenant.
 *
 * What can be grouped before it is joined has been (apart.c), and where what is
 * grouped by tells repetitions apart none is in the same group (told_apart.c);
 * here is the rest.
 * "correct": the joined rows get a flag that is true for one of the
 * repetitions of each row of the measure's table in each group, and the
 * measure is taken of flagged rows only (compile/compile_rows.c).  What tells
 * the table's rows apart is a key of its own, else where they are stored, else
 * (a view) their number as they come.  An
 * expression over several tables counts each combination of their rows once;
 * tables on the way between them belong to the combination.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "join/join.h"
#include "model/condition.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"

/* A measure's column and the check, for the walk over its aggregates. */
typedef struct FanOutWalk
{
	PrismiqCheck *check;
	PrismiqColumn *column;
} FanOutWalk;

/* A condition of an aggregate, as one of the kind that other columns have. */
static PrismiqCondition *
aggregate_condition(PrismiqCheck *check, PrismiqExpr *filter)
{
	PrismiqCondition *condition = prismiq_condition_make(PRISMIQ_CONDITION_TEST, NULL);
	PrismiqTest *test = PrismiqTestOf(condition);
	PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));
	PrismiqForm *form = palloc0(sizeof(PrismiqForm));

	ref->expr = filter;
	ref->type = ref->basetype = BOOLOID;
	ref->typmod = -1;
	form->kind = PRISMIQ_FORM_COMPARE;
	form->of.compare.op = prismiq_comparison_operator(BOOLOID, PRISMIQ_OP_EQ);
	form->of.compare.value = prismiq_const_make(BOOLOID, BoolGetDatum(true));
	test->on = PRISMIQ_OPERAND_COLUMN;
	PrismiqColumnOperandOf(test)->ref = ref;
	test->op = PRISMIQ_OP_EQ;
	test->form = form;
	return condition;
}

/* One aggregate of a measure: its rows may be repeated by a join. */
static bool
check_aggregate_fan_out(PrismiqExpr *expr, void *arg)
{
	FanOutWalk *walk = (FanOutWalk *) arg;
	PrismiqExpr *filter = expr->filter;
	Bitmapset  *tables;

	if (expr->kind != PRISMIQ_EXPR_AGGREGATE || expr->ignores_duplicates || expr->row_once != NULL)
		return false;
	tables = prismiq_aggregate_tables(expr);
	if (tables == NULL)
		return false;			/* of all joined rows */
	expr->row_once = prismiq_fan_out_row_once(walk->check, tables, filter != NULL &&
									  !bms_is_subset(filter->tables, tables) ?
									  aggregate_condition(walk->check, filter) : NULL,
									  walk->column,
									  psprintf("%s() in \"%s\"", expr->name,
											   walk->column->ref->name));
	return false;
}

/* The aggregates of a measure that is an expression: each counts its rows once. */
void
prismiq_check_field_fan_out(PrismiqCheck *check, PrismiqColumn *column, PrismiqExpr *expr)
{
	FanOutWalk	walk = {check, column};

	(void) prismiq_expr_walk(expr, check_aggregate_fan_out, &walk);
}

/* The columns of one side of a join that are compared exactly, and the tenant column. */
Bitmapset *
prismiq_joined_columns(const PrismiqJoin *join, const PrismiqTable *table)
{
	Bitmapset  *result = NULL;
	ListCell   *lc;

	foreach(lc, join->keys)
	{
		PrismiqJoinKey *key = (PrismiqJoinKey *) lfirst(lc);
		PrismiqColumnRef *ref = prismiq_key_of(key, table);

		if (prismiq_key_is_exact(key, ref))
			result = bms_add_member(result, ref->attnum);
	}
	if (table->tenant_attnum > 0)
		result = bms_add_member(result, table->tenant_attnum);
	return result;
}

/* Does a row of the join's other side find at most one row of this table? */
bool
prismiq_joins_one(const PrismiqJoin *join, PrismiqTable *table)
{
	return prismiq_table_is_unique(table, prismiq_joined_columns(join, table));
}

/* The table at the other end of a join; null when the join is not of this table. */
PrismiqTable *
prismiq_other_end(const PrismiqJoin *join, const PrismiqTable *table)
{
	if (join->from == table)
		return join->to;
	return join->to == table ? join->from : NULL;
}

/*
 * The join that multiplies the rows of a table, walking away from it to what
 * is not in "grain"; or null.
 */
static PrismiqJoin *
multiplying_join(PrismiqQuery *query, PrismiqTable *table, const Bitmapset *grain,
				 const PrismiqJoin *arrived_by)
{
	ListCell   *lc;

	check_stack_depth();
	foreach(lc, query->join_order)
	{
		PrismiqJoin *join = (PrismiqJoin *) lfirst(lc);
		PrismiqJoin *further;
		PrismiqTable *other = prismiq_other_end(join, table);

		if (join == arrived_by || other == NULL || bms_is_member(other->index, grain))
			continue;
		if (!prismiq_joins_one(join, other))
			return join;
		further = multiplying_join(query, other, grain, join);
		if (further != NULL)
			return further;
	}
	return NULL;
}

/* The same for the tables of a grain: the first such join, and the table. */
static PrismiqJoin *
multiplied_grain(PrismiqQuery *query, const Bitmapset *grain, PrismiqTable **table)
{
	bool		single = bms_membership(grain) == BMS_SINGLETON;
	PrismiqJoin *join = NULL;
	int			index = -1;

	while (join == NULL && (index = bms_next_member(grain, index)) >= 0)
	{
		*table = (PrismiqTable *) list_nth(query->tables, index);
		if (single && (*table)->multiplied_known)
			return (*table)->multiplied_by;
		join = multiplying_join(query, *table, grain, NULL);
	}
	if (single)
	{
		(*table)->multiplied_by = join;
		(*table)->multiplied_known = true;
	}
	return join;
}

/* The tables of a set, and those on the way between them. */
Bitmapset *
prismiq_spanned_tables(PrismiqQuery *query, const Bitmapset *tables)
{
	Bitmapset  *result;
	bool		progress = bms_num_members(tables) > 1;
	ListCell   *lc;

	if (!progress)
		return bms_copy(tables);
	result = prismiq_joined_tables(query);

	/* Take away the ends of the tree that are not asked for. */
	while (progress)
	{
		progress = false;
		foreach(lc, query->tables)
		{
			PrismiqTable *table = (PrismiqTable *) lfirst(lc);
			int			neighbours = 0;
			ListCell   *lc2;

			if (!bms_is_member(table->index, result) || bms_is_member(table->index, tables))
				continue;
			foreach(lc2, query->join_order)
			{
				PrismiqTable *other = prismiq_other_end((PrismiqJoin *) lfirst(lc2), table);

				if (other != NULL && bms_is_member(other->index, result))
					neighbours++;
			}
			if (neighbours > 1)
				continue;
			result = bms_del_member(result, table->index);
			progress = true;
		}
	}
	return result;
}

/*
 * Has each combination of rows of "fixed" at most one row of the table that is
 * at the other end of the join?  A join that keeps that table's unmatched rows
 * leaves them without anything to tell them by.
 */
static bool
is_fixed_by(const PrismiqJoin *join, PrismiqTable *table)
{
	PrismiqJoinType type = join->printed_type;

	if (type == PRISMIQ_JOIN_FULL ||
		(type == PRISMIQ_JOIN_RIGHT && join->to == table) ||
		(type == PRISMIQ_JOIN_LEFT && join->from == table))
		return false;
	return prismiq_joins_one(join, table);
}

/*
 * Add all tables of which a row of the set has at most one row; "real" when it
 * is known to be a row and not nulls that an outer join made up.
 */
Bitmapset *
prismiq_fixed_tables(PrismiqQuery *query, const Bitmapset *tables, const Bitmapset *within,
					 bool real)
{
	Bitmapset  *result = bms_copy(tables);
	bool		progress = true;

	while (progress)
	{
		ListCell   *lc;

		progress = false;
		foreach(lc, query->join_order)
		{
			PrismiqJoin *join = (PrismiqJoin *) lfirst(lc);
			bool		from = bms_is_member(join->from->index, result);
			PrismiqTable *other = from ? join->to : join->from;

			if (from == bms_is_member(join->to->index, result) ||
				(within != NULL && !bms_is_member(other->index, within)) ||
				!(real ? prismiq_joins_one(join, other) : is_fixed_by(join, other)))
				continue;
			result = bms_add_member(result, other->index);
			progress = true;
		}
	}
	return result;
}

/* The tables of the grain without which the rest tells the rows apart as well. */
static Bitmapset *
keyed_tables(PrismiqQuery *query, const Bitmapset *grain)
{
	Bitmapset  *result = bms_copy(grain);
	int			index = -1;

	if (bms_num_members(grain) < 2)
		return result;
	while ((index = bms_next_member(grain, index)) >= 0)
	{
		Bitmapset  *rest = bms_del_member(bms_copy(result), index);

		if (bms_is_subset(grain, prismiq_fixed_tables(query, rest, grain, false)))
			result = rest;
	}
	return result;
}

/* The tables whose keys tell all joined rows apart. */
Bitmapset *
prismiq_keyed_tables(PrismiqQuery *query)
{
	return keyed_tables(query, prismiq_joined_tables(query));
}

/* Find out what tells the rows of a set of tables apart. */
static void
take_keys(PrismiqQuery *query, const Bitmapset *tables)
{
	int			index = -1;

	while ((index = bms_next_member(tables, index)) >= 0)
	{
		PrismiqTable *table = (PrismiqTable *) list_nth(query->tables, index);

		if (!table->key_known)
		{
			prismiq_table_key(table);
			table->used = bms_add_members(table->used, table->key);
		}
		if (table->nullable && table->derived)
			table->marker = true;	/* its key may be nulls, or nothing at all */
	}
}

/* The tables that a condition looks at. */
static bool
add_condition_table(PrismiqCondition *condition, void *arg)
{
	Bitmapset **tables = (Bitmapset **) arg;
	const PrismiqColumnRef *ref = prismiq_test_ref(PrismiqTestOf(condition));

	if (ref != NULL && ref->expr != NULL)
		*tables = bms_add_members(*tables, ref->expr->tables);
	else if (ref != NULL && ref->table != NULL)
		*tables = bms_add_member(*tables, ref->table->index);
	return false;
}

/* An equal flag that is there already, or a new one. */
static PrismiqRowOnce *
give_flag(PrismiqQuery *query, Bitmapset *grain, PrismiqCondition *filter)
{
	PrismiqRowOnce *once;
	ListCell   *lc;

	foreach(lc, query->row_once)
	{
		once = (PrismiqRowOnce *) lfirst(lc);
		if (bms_equal(once->grain, grain) && once->filter == filter)
			return once;
	}
	once = palloc0(sizeof(PrismiqRowOnce));
	once->grain = grain;
	once->keyed = keyed_tables(query, grain);
	once->fixed = prismiq_fixed_tables(query, once->keyed, NULL,
							   bms_membership(once->keyed) == BMS_SINGLETON);
	once->filter = filter;
	return once;
}

/*
 * How the rows of a measure over these tables are counted once in their groups, or
 * null when nothing multiplies them there, or after a fault.  "filter" is the
 * measure's own condition, or null; "what" names the measure.
 */
PrismiqRowOnce *
prismiq_fan_out_row_once(PrismiqCheck *check, Bitmapset *tables, PrismiqCondition *filter,
					 PrismiqColumn *column, const char *what)
{
	PrismiqQuery *query = check->query;
	Bitmapset  *grain = prismiq_spanned_tables(query, tables);
	PrismiqTable *table = NULL;
	PrismiqJoin *join = multiplied_grain(query, grain, &table);
	PrismiqRowOnce *once;
	Bitmapset  *filtered = NULL;

	if (join == NULL || query->fan_out == PRISMIQ_FAN_OUT_ALLOW)
		return NULL;
	column->repeated = true;
	if (query->fan_out == PRISMIQ_FAN_OUT_CORRECT && prismiq_groups_tell_apart(query, grain))
		return NULL;
	(void) prismiq_condition_walk(filter, add_condition_table, &filtered);
	once = give_flag(query, grain, bms_is_subset(filtered, grain) ? NULL : filter);
	if (query->fan_out == PRISMIQ_FAN_OUT_CORRECT)
	{
		take_keys(query, once->keyed);
		if (once->number == 0)
		{
			query->row_once = lappend(query->row_once, once);
			once->number = list_length(query->row_once);
		}
		return once;
	}
	prismiq_fault_add(check->faults, PRISMIQ_FAN_OUT, column->path,
					  "Set \"fan_out\" to \"correct\", or ask in a query without that join.",
					  "joining \"%s\" and \"%s\" repeats rows of \"%s\", so %s would be wrong",
					  join->from->relname, join->to->relname, table->relname, what);
	return NULL;
}

/* A measure that is made from parts is flagged where one of these is. */
static bool
take_flag(PrismiqExpr *expr, void *arg)
{
	if (expr->row_once == NULL)
		return false;
	((PrismiqColumn *) arg)->row_once = expr->row_once;
	return true;
}

/* One measure: how its rows are counted, when a join repeats them. */
static void
check_measure(PrismiqCheck *check, PrismiqColumn *column)
{
	Bitmapset  *tables;

	if (column->instead != NULL)
	{
		prismiq_check_field_fan_out(check, column, column->instead);
		(void) prismiq_expr_walk(column->instead, take_flag, column);
		return;
	}
	if (PrismiqColumnIsDimension(column) || column->distinct ||
		column->ref->table == NULL ||
		prismiq_aggregation_ignores_duplicates(column->aggregation))
		return;
	if (column->aggregation == PRISMIQ_AGG_EXPRESSION)
	{
		prismiq_check_field_fan_out(check, column, column->ref->expr);
		return;
	}
	tables = prismiq_argument_tables(column);
	if (tables == NULL)
		return;					/* of all joined rows */
	column->row_once = prismiq_fan_out_row_once(check, tables,
										column->filters, column,
										psprintf("%s of \"%s\"",
												 prismiq_aggregation_names[column->aggregation],
												 column->ref->star ? "*" : column->ref->name));
}

/* Every measure of a query and of its having. */
static void
check_query(PrismiqCheck *check)
{
	ListCell   *lc;

	foreach(lc, check->query->columns)
		check_measure(check, (PrismiqColumn *) lfirst(lc));
	foreach(lc, check->query->having_measures)
		check_measure(check, (PrismiqColumn *) lfirst(lc));
}

/* Every measure, those of what was set apart too. */
void
prismiq_check_fan_out(PrismiqCheck *check)
{
	PrismiqCheck inner = *check;
	ListCell   *lc;

	if (check->query->fan_out == PRISMIQ_FAN_OUT_ALLOW || check->query->join_order == NIL)
		return;
	check_query(check);
	foreach(lc, check->query->tables)
		if (((const PrismiqTable *) lfirst(lc))->apart)
		{
			inner.query = ((const PrismiqTable *) lfirst(lc))->query;
			check_query(&inner);
		}
}
