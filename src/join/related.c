/*-------------------------------------------------------------------------
 *
 * related.c
 *	  Conditions with a scope: in the ON clause of a join, or of related rows.
 *
 * Conditions of scope any and none become nodes of their own, each an EXISTS
 * over the way from the joined tables to the table that they are on.  Those
 * of one scope and table that are ANDed belong to one related row: "an order
 * that is paid and large".  A group that is all of scope any on one table
 * belongs to it as well; every other one in an "or" or "not" stands for a row
 * of its own.
 *
 * A table that only such conditions are on stands aside: it is not joined, and
 * neither are tables that are not used otherwise and only lead to it, be it
 * along joins of the definition, foreign keys, or some of each.  Conditions that
 * are left out, since nobody gave their optional values, count for that: which
 * rows are joined does not depend on which values are given.  A
 * condition on a table that is joined looks at another appearance of it,
 * related to what that table is joined to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "access/context.h"
#include "base/fault.h"
#include "expr/lower.h"
#include "join/join.h"
#include "model/answer.h"
#include "model/condition.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"

/* What the definition's keys say of a table. */
typedef struct TableUse
{
	PrismiqCheck *check;
	PrismiqQuery *query;
	Bitmapset  *rows;			/* indexes: used for the rows of the answer */
	Bitmapset  *related;		/* named by conditions of scope any and none */
	List	   *links;			/* PrismiqLink */
} TableUse;

/* The listed table of an id, or null. */
static PrismiqTable *
listed_table(const PrismiqQuery *query, const char *id)
{
	ListCell   *lc;

	foreach(lc, query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		if (id != NULL && table->id != NULL && table->listed && strcmp(table->id, id) == 0)
			return table;
	}
	return NULL;
}

/* Is the test about related rows? */
static bool
is_of_related(const PrismiqTest *test)
{
	return test->on == PRISMIQ_OPERAND_COLUMN &&
		(test->operand.column.scope == PRISMIQ_SCOPE_EXISTS ||
		 test->operand.column.scope == PRISMIQ_SCOPE_NOT_EXISTS);
}

/* The same, for a walk that looks for one. */
static bool
find_related(PrismiqCondition *condition, void *arg)
{
	return is_of_related(PrismiqTestOf(condition));
}

/* Has the definition any such test?  Most have none, and are spared the rest. */
static bool
has_related(const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->columns)
		if (prismiq_condition_walk(((PrismiqColumn *) lfirst(lc))->filters, find_related, NULL))
			return true;
	return prismiq_condition_walk(query->filters, find_related, NULL) ||
		prismiq_condition_walk(query->left_out, find_related, NULL);
}

/* Note that a column's table, or those of a calculated field, are used for the rows. */
static void
use_ref(TableUse *use, const PrismiqColumnRef *ref)
{
	PrismiqTable *table = ref == NULL ? NULL : listed_table(use->query, ref->table_id);
	PrismiqField *field = ref == NULL ? NULL : prismiq_field_find(use->check, ref);

	if (field != NULL && field->expr != NULL)
		use->rows = bms_add_members(use->rows, field->expr->tables);
	if (table != NULL)
		use->rows = bms_add_member(use->rows, table->index);
}

/* A test uses a table as a related one or as one that is joined. */
static bool
use_test(PrismiqCondition *condition, void *arg)
{
	TableUse   *use = (TableUse *) arg;
	const PrismiqTest *test = PrismiqTestOf(condition);

	if (is_of_related(test))
	{
		PrismiqColumnRef *ref = prismiq_test_ref(test);
		PrismiqTable *table = ref == NULL ? NULL : listed_table(use->query, ref->table_id);

		if (table != NULL)
			use->related = bms_add_member(use->related, table->index);
	}
	else if (test->on == PRISMIQ_OPERAND_MEASURE)
	{
		const PrismiqMeasureOperand *measure = &test->operand.measure;

		use_ref(use, measure->named != NULL ? measure->named->ref : measure->ref);
		use_ref(use, measure->args != NULL ? measure->args->with : NULL);
	}
	else if (!condition->merged || !prismiq_test_ref(test)->plain)
		use_ref(use, prismiq_test_ref(test));	/* a dashboard's filter uses no table */
	return false;
}

/* What the whole definition uses. */
static void
use_query(TableUse *use)
{
	PrismiqQuery *query = use->query;
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		PrismiqColumn *column = (PrismiqColumn *) lfirst(lc);

		use_ref(use, column->ref);
		use_ref(use, column->args != NULL ? column->args->with : NULL);
		(void) prismiq_condition_walk(column->filters, use_test, use);
	}
	(void) prismiq_condition_walk(query->filters, use_test, use);
	(void) prismiq_condition_walk(query->having, use_test, use);
	(void) prismiq_condition_walk(query->left_out, use_test, use);
	(void) prismiq_condition_walk(query->left_out_having, use_test, use);
	foreach(lc, query->group_by)
		use_ref(use, (PrismiqColumnRef *) lfirst(lc));
	foreach(lc, query->order_by)
		use_ref(use, ((PrismiqOrder *) lfirst(lc))->ref);
	if (query->time_series != NULL)
		use_ref(use, query->time_series->ref);
}

/* Joins and links between a table and others that do, or do not, stand aside. */
static int
count_joins(const PrismiqQuery *query, const List *links, const PrismiqTable *table, bool aside)
{
	int			count = 0;
	ListCell   *lc;

	foreach(lc, query->joins)
	{
		const PrismiqJoin *join = (const PrismiqJoin *) lfirst(lc);

		if (join->from == table && join->to != NULL && join->to->aside == aside)
			count++;
		if (join->to == table && join->from != NULL && join->from->aside == aside)
			count++;
	}
	foreach(lc, links)
	{
		const PrismiqLink *link = (const PrismiqLink *) lfirst(lc);

		if ((link->near == table && link->far->aside == aside) ||
			(link->far == table && link->near->aside == aside))
			count++;
	}
	return count;
}

/* Does the definition list a table that it uses for nothing? */
static bool
has_unused(const TableUse *use)
{
	return bms_num_members(use->rows) + bms_num_members(use->related) <
		list_length(use->query->tables);
}

/*
 * Set aside the tables that are not joined: those that only conditions of
 * scope any and none are on, and unused ones that only lead to such.  An
 * unused one that no join mentions may turn out to lead there; if not, it is
 * joined after all.
 */
void
prismiq_tables_set_aside(PrismiqCheck *check)
{
	TableUse	use = {check, check->query, NULL, NULL, NIL};
	bool		progress;
	ListCell   *lc;

	if (!has_related(check->query))
		return;					/* nothing is set aside to begin with */
	use_query(&use);
	use.related = bms_difference(use.related, use.rows);
	progress = !bms_is_empty(use.related);
	if (progress && has_unused(&use))
		use.links = prismiq_path_links(check, use.rows, use.related);
	foreach(lc, check->query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		table->aside = bms_is_member(table->index, use.related);
	}
	while (progress)
	{
		progress = false;
		foreach(lc, check->query->tables)
		{
			PrismiqTable *table = (PrismiqTable *) lfirst(lc);
			int			leading;

			if (table->aside || bms_is_member(table->index, use.rows))
				continue;
			leading = count_joins(check->query, use.links, table, true);
			if (count_joins(check->query, use.links, table, false) > (leading > 0 ? 1 : 0))
				continue;
			table->aside = true;
			progress = true;
		}
	}
}

/* The scope and table that all tests of a condition have in common; false when none. */
typedef struct Common
{
	bool		any;			/* seen a test */
	bool		mixed;
	PrismiqScope scope;
	const char *table_id;
} Common;

/* Compare a test with those before it; true when they differ. */
static bool
compare_test(PrismiqCondition *condition, void *arg)
{
	Common	   *common = (Common *) arg;
	const PrismiqColumnOperand *operand = PrismiqColumnOperandOf(PrismiqTestOf(condition));
	const char *table_id = operand->ref == NULL ? NULL : operand->ref->table_id;

	if (table_id == NULL || (common->any && (operand->scope != common->scope ||
											 strcmp(table_id, common->table_id) != 0)))
		common->mixed = true;
	common->any = true;
	common->scope = operand->scope;
	common->table_id = table_id;
	return common->mixed;
}

/* Under NOT, tests are not of one and the same related row. */
static bool
has_not(const PrismiqCondition *condition)
{
	ListCell   *lc;

	check_stack_depth();
	if (condition->kind == PRISMIQ_CONDITION_NOT)
		return true;
	foreach(lc, prismiq_condition_members(condition))
		if (has_not((const PrismiqCondition *) lfirst(lc)))
			return true;
	return false;
}

/* Does the condition as a whole say something of one row of one table? */
static bool
has_one_scope(PrismiqCondition *condition, Common *common)
{
	memset(common, 0, sizeof(Common));
	(void) prismiq_condition_walk(condition, compare_test, common);
	if (common->mixed || !common->any || common->scope == PRISMIQ_SCOPE_ROWS)
		return false;
	if (condition->kind == PRISMIQ_CONDITION_TEST || common->scope == PRISMIQ_SCOPE_JOIN)
		return true;
	return !has_not(condition) &&
		(common->scope == PRISMIQ_SCOPE_EXISTS || condition->kind == PRISMIQ_CONDITION_AND);
}

/* A copy of a column reference for another appearance of its table. */
static PrismiqColumnRef *
moved_ref(const PrismiqColumnRef *ref, PrismiqTable *from, PrismiqTable *to)
{
	PrismiqColumnRef *result = palloc(sizeof(PrismiqColumnRef));

	*result = *ref;
	if (ref->table == from)
	{
		result->table = to;
		to->used = bms_add_member(to->used, ref->attnum);
	}
	return result;
}

/* Another appearance of a joined table, related to what that table is joined to. */
static bool
relate_again(PrismiqCheck *check, PrismiqRelated *related, const PrismiqPath *path)
{
	PrismiqTable *table = related->table;
	PrismiqTable *again = palloc(sizeof(PrismiqTable));
	const PrismiqJoin *join = NULL;
	PrismiqJoin *step = palloc(sizeof(PrismiqJoin));
	int			count = 0;
	ListCell   *lc;

	foreach(lc, check->query->join_order)
	{
		const PrismiqJoin *candidate = (const PrismiqJoin *) lfirst(lc);

		if (candidate->from != table && candidate->to != table)
			continue;
		count++;
		if (join == NULL || candidate->to == table)
			join = candidate;
	}
	if (join == NULL || (count > 1 && join->to != table))
	{
		prismiq_fault_add(check->faults, join == NULL ? PRISMIQ_MISSING_JOIN :
						  PRISMIQ_AMBIGUOUS_JOIN, path,
						  "List the table once more, with an id of its own, and say how it is "
						  "joined.",
						  join == NULL ? "table \"%s\" is joined to nothing that its rows could "
						  "be related to" : "rows of table \"%s\" are related to more than one "
						  "table", table->id);
		return false;
	}
	if (!prismiq_join_has_room(check, path, "the related rows"))
		return false;
	*again = *table;
	again->used = NULL;
	again->joined = again->listed = again->nullable = again->marker = again->keyless = false;
	again->index = list_length(check->query->tables);
	check->query->tables = lappend(check->query->tables, again);
	*step = *join;
	step->from = join->from == table ? join->to : join->from;
	step->to = again;
	step->keys = NIL;
	foreach(lc, join->keys)
	{
		PrismiqJoinKey *key = palloc(sizeof(PrismiqJoinKey));

		*key = *(const PrismiqJoinKey *) lfirst(lc);
		key->from = moved_ref(key->from, table, again);
		key->to = moved_ref(key->to, table, again);
		step->keys = lappend(step->keys, key);
	}
	related->table = again;
	related->steps = list_make1(step);
	return true;
}

/* Let a test look at the related appearance of its table. */
static bool
bind_test(PrismiqCondition *condition, void *arg)
{
	PrismiqColumnOperandOf(PrismiqTestOf(condition))->ref->table = (PrismiqTable *) arg;
	return false;
}

/* A new node of related rows; null after a fault. */
static PrismiqCondition *
make_related(PrismiqCheck *check, const PrismiqCondition *condition, const Common *common)
{
	PrismiqCondition *node = prismiq_condition_make(PRISMIQ_CONDITION_RELATED, condition->path);
	PrismiqRelated *related = PrismiqRelatedOf(node);

	related->table = listed_table(check->query, common->table_id);
	if (related->table == NULL)
		return NULL;			/* noted where the column is looked up */
	related->not_exists = common->scope == PRISMIQ_SCOPE_NOT_EXISTS;
	if (related->table->joined)
		return relate_again(check, related, condition->path) ? node : NULL;
	related->steps = prismiq_path_steps(check, related->table, condition->path);
	return related->steps != NIL ? node : NULL;
}

/* The node of a scope and table among the members of an AND, or a new one. */
static PrismiqCondition *
give_related(PrismiqCheck *check, List *members, const PrismiqCondition *condition,
			 const Common *common, bool shared)
{
	PrismiqTable *table = listed_table(check->query, common->table_id);
	ListCell   *lc;

	foreach(lc, members)
	{
		PrismiqCondition *node = (PrismiqCondition *) lfirst(lc);
		const PrismiqRelated *related;

		if (!shared || node->kind != PRISMIQ_CONDITION_RELATED)
			continue;
		related = PrismiqRelatedOf(node);
		if (related->not_exists == (common->scope == PRISMIQ_SCOPE_NOT_EXISTS) && table != NULL &&
			related->table->relid == table->relid &&
			strcmp(related->table->id, common->table_id) == 0)
			return node;
	}
	return make_related(check, condition, common);
}

/* Put a condition of scope "join" where it belongs; false after a fault. */
static bool
move_to_join(PrismiqCheck *check, PrismiqCondition *condition, const Common *common)
{
	PrismiqTable *table = listed_table(check->query, common->table_id);
	PrismiqJoin *found = NULL;
	ListCell   *lc;

	if (table == NULL)
		return false;			/* noted where the column is looked up */
	foreach(lc, check->query->join_order)
	{
		PrismiqJoin *join = (PrismiqJoin *) lfirst(lc);

		if (join->to == table || (join->from == table && found == NULL &&
								  table == check->query->first))
			found = join;
	}
	if (found != NULL && found->printed_type != PRISMIQ_JOIN_FULL)
	{
		found->conditions = lappend(found->conditions, condition);
		return true;
	}
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, condition->path,
					  found == NULL ? "Leave \"scope\" out." :
					  "Use LEFT or RIGHT, or leave \"scope\" out.",
					  found == NULL ? "table \"%s\" has no join for the condition to stand in" :
					  "a FULL join of table \"%s\" takes no conditions", table->id);
	return false;
}

/* Note the tests of scope "join" that are not ANDed on their own. */
static bool
refuse_join_scope(PrismiqCondition *condition, void *arg)
{
	PrismiqCheck *check = (PrismiqCheck *) arg;
	const PrismiqColumnOperand *operand = PrismiqColumnOperandOf(PrismiqTestOf(condition));

	if (operand->scope == PRISMIQ_SCOPE_JOIN)
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, operand->scope_path,
						  "Put it beside the other filters.",
						  "a condition of scope \"join\" is on its own, or in a group of such on "
						  "one table");
	return false;
}

/* Replace what speaks of related rows in a condition; "top": it is all of the filters. */
static void
relate(PrismiqCheck *check, PrismiqCondition *condition, bool top)
{
	PrismiqGroup *group = PrismiqGroupOf(condition);
	List	   *members = NIL;
	ListCell   *lc;

	check_stack_depth();
	foreach(lc, group->members)
	{
		PrismiqCondition *member = (PrismiqCondition *) lfirst(lc);
		PrismiqCondition *node;
		PrismiqRelated *related;
		Common		common;

		CHECK_FOR_INTERRUPTS();
		if (!has_one_scope(member, &common))
		{
			if (member->kind == PRISMIQ_CONDITION_TEST)
				(void) refuse_join_scope(member, check);
			else
				relate(check, member, false);
			members = lappend(members, member);
			continue;
		}
		if (common.scope == PRISMIQ_SCOPE_JOIN)
		{
			if (!top)
				(void) prismiq_condition_walk(member, refuse_join_scope, check);
			else if (move_to_join(check, member, &common))
				continue;
			members = lappend(members, member);
			continue;
		}
		node = give_related(check, members, member, &common,
							condition->kind == PRISMIQ_CONDITION_AND);
		if (node == NULL)
		{
			members = lappend(members, member);
			continue;
		}
		related = PrismiqRelatedOf(node);
		(void) prismiq_condition_walk(member, bind_test, related->table);
		related->members = lappend(related->members, member);
		members = list_append_unique_ptr(members, node);
	}
	group->members = members;
}

/* Does one of the steps come to a table? */
static bool
steps_lead_to(const List *steps, const PrismiqTable *table)
{
	ListCell   *lc;

	foreach(lc, steps)
		if (((const PrismiqJoin *) lfirst(lc))->to == table)
			return true;
	return false;
}

/*
 * A table that was set aside in vain is joined after all: one that leads
 * nowhere, and that a join of the definition does not hang on what stands aside.
 */
static void
take_back_unused(PrismiqQuery *query, List *steps)
{
	bool		progress = true;
	ListCell   *lc;

	while (progress)
	{
		progress = false;
		foreach(lc, query->tables)
		{
			PrismiqTable *table = (PrismiqTable *) lfirst(lc);

			if (!table->aside || steps_lead_to(steps, table) ||
				(count_joins(query, NIL, table, true) > 0 &&
				 count_joins(query, NIL, table, false) == 0))
				continue;
			table->aside = false;
			progress = true;
		}
	}
}

/* The steps of all nodes of related rows in a condition. */
static void
collect_steps(const PrismiqCondition *condition, List **steps)
{
	ListCell   *lc;

	check_stack_depth();
	if (condition == NULL)
		return;
	if (condition->kind == PRISMIQ_CONDITION_RELATED)
		*steps = list_concat(*steps, PrismiqRelatedOf(condition)->steps);
	foreach(lc, prismiq_condition_members(condition))
		collect_steps((const PrismiqCondition *) lfirst(lc), steps);
}

/*
 * The conditions with a scope, once the tables are joined.  True when a table
 * that stood aside has to be joined after all.
 */
bool
prismiq_check_related(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	List	   *steps = NIL;
	ListCell   *lc;

	if (query->filters != NULL)
		relate(check, query->filters, true);
	foreach(lc, query->columns)
		if (((PrismiqColumn *) lfirst(lc))->filters != NULL)
			relate(check, ((PrismiqColumn *) lfirst(lc))->filters, false);
	if (query->left_out != NULL)
		relate(check, query->left_out, false);
	prismiq_check_related_filters(check);
	collect_steps(query->filters, &steps);
	collect_steps(query->left_out, &steps);
	foreach(lc, query->columns)
		collect_steps(((PrismiqColumn *) lfirst(lc))->filters, &steps);
	take_back_unused(query, steps);
	return !prismiq_tables_are_joined(query);
}
