/*-------------------------------------------------------------------------
 *
 * apart_branch.c
 *	  A branch of the tree of joins becomes one table, grouped by what it is
 *	  joined by.
 *
 * It is a definition inside the definition that nobody wrote: its tables stay the
 * ones that they are, with their places in the list of all, and what refers to
 * them goes on doing so inside.  Outside the new table has taken the place of
 * its join.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/context.h"
#include "join/apart.h"
#include "join/join.h"
#include "model/condition.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"

/* The join of the branch, with the table in its place. */
static PrismiqJoin *
make_join(PrismiqGrouped *grouped)
{
	const PrismiqBranch *branch = grouped->branch;
	PrismiqJoin *join = palloc(sizeof(PrismiqJoin));
	PrismiqUniqueKey *unique = palloc0(sizeof(PrismiqUniqueKey));
	ListCell   *lc;

	*join = *branch->join;
	join->from = prismiq_other_end(branch->join, branch->top);
	join->to = grouped->table;
	join->printed_type = branch->inner ? PRISMIQ_JOIN_INNER : PRISMIQ_JOIN_LEFT;
	join->conditions = NIL;
	join->keys = NIL;
	foreach(lc, branch->join->keys)
	{
		PrismiqJoinKey *key = palloc(sizeof(PrismiqJoinKey));
		PrismiqColumnRef *ref;

		*key = *(const PrismiqJoinKey *) lfirst(lc);
		ref = prismiq_grouped_key(grouped, prismiq_key_of(key, branch->top));
		unique->attnums = bms_add_member(unique->attnums, ref->attnum);
		if (key->from->table == branch->top)
			key->from = ref;
		else
			key->to = ref;
		join->keys = lappend(join->keys, key);
	}
	unique->primary = true;
	grouped->table->unique_known = true;
	grouped->table->unique = list_make1(unique);
	return join;
}

/*
 * Write the joins of the branch from its top on.  They led away from what was
 * first; on the way from there to the top, where all are inner ones, they turn.
 */
static List *
inner_joins(const PrismiqQuery *query, const PrismiqBranch *branch)
{
	Bitmapset  *joined = bms_make_singleton(branch->top->index);
	List	   *result = NIL;
	bool		progress = true;

	while (progress)
	{
		ListCell   *lc;

		progress = false;
		foreach(lc, query->join_order)
		{
			PrismiqJoin *join = (PrismiqJoin *) lfirst(lc);
			bool		from = bms_is_member(join->from->index, joined);

			if (from == bms_is_member(join->to->index, joined) || join == branch->join ||
				!bms_is_member(join->from->index, branch->tables) ||
				!bms_is_member(join->to->index, branch->tables))
				continue;
			if (!from)
			{
				PrismiqJoin *turned = palloc(sizeof(PrismiqJoin));

				*turned = *join;
				turned->from = join->to;
				turned->to = join->from;
				join = turned;
			}
			joined = bms_add_member(joined, join->to->index);
			result = lappend(result, join);
			progress = true;
		}
	}
	return result;
}

/* The joins that are left, with that of the table in the place of the branch's. */
static void
take_out(PrismiqQuery *query, const PrismiqBranch *branch, PrismiqJoin *join)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, query->join_order)
	{
		PrismiqJoin *other = (PrismiqJoin *) lfirst(lc);

		if (other == branch->join)
			result = lappend(result, join);
		else if (!bms_is_member(other->from->index, branch->tables))
			result = lappend(result, other);
	}
	query->join_order = result;
	if (bms_is_member(query->first->index, branch->tables))
		query->first = join->from;
}

/* The conditions that are left. */
static PrismiqCondition *
other_conditions(const PrismiqQuery *query, const List *taken)
{
	PrismiqCondition *result;
	ListCell   *lc;

	if (query->filters == NULL || taken == NIL)
		return query->filters;
	result = palloc(sizeof(PrismiqCondition));
	*result = *query->filters;
	PrismiqGroupOf(result)->members = NIL;
	foreach(lc, PrismiqGroupOf(query->filters)->members)
		if (!list_member_ptr(taken, lfirst(lc)))
			PrismiqGroupOf(result)->members = lappend(PrismiqGroupOf(result)->members,
													  lfirst(lc));
	return result;
}

/* The definition of the table: the rows of the branch, nothing asked of them yet. */
static PrismiqQuery *
make_query(PrismiqQuery *query, const PrismiqBranch *branch)
{
	PrismiqQuery *result = palloc0(sizeof(PrismiqQuery));
	PrismiqCondition *outside = prismiq_branch_condition(query, branch);
	List	   *filters = outside != NULL ? lappend(list_copy(branch->filters), outside) :
		branch->filters;

	result->apart = true;
	result->tables = query->tables;
	result->first = branch->top;
	result->join_order = inner_joins(query, branch);
	if (filters != NIL)
	{
		result->filters = prismiq_condition_make(PRISMIQ_CONDITION_AND, NULL);
		PrismiqGroupOf(result->filters)->members = filters;
	}
	result->limit = result->page_limit = -1;
	result->fan_out = query->fan_out;
	result->grouped = true;
	return result;
}

/* The table, without its columns. */
static PrismiqTable *
make_table(PrismiqQuery *query, const PrismiqBranch *branch)
{
	PrismiqTable *table = palloc0(sizeof(PrismiqTable));

	table->path = branch->top->path;
	table->relname = branch->top->relname;
	table->nspname = branch->top->nspname;
	table->index = list_length(query->tables);
	table->joined = table->derived = table->apart = table->read_all = true;
	table->nullable = !branch->inner;
	query->tables = lappend(query->tables, table);
	return table;
}

/* Group the tables of a branch before they are joined. */
void
prismiq_branch_group(PrismiqCheck *check, PrismiqQuery *query, PrismiqBranch *branch)
{
	PrismiqGrouped grouped = {.check = check, .branch = branch};
	PrismiqJoin *join;
	ListCell   *lc;

	grouped.table = make_table(query, branch);
	grouped.query = grouped.table->query = make_query(query, branch);
	join = make_join(&grouped);
	foreach(lc, query->columns)
		prismiq_measure_set_apart(&grouped, (PrismiqColumn *) lfirst(lc));
	foreach(lc, query->having_measures)
		prismiq_measure_set_apart(&grouped, (PrismiqColumn *) lfirst(lc));
	query->filters = other_conditions(query, branch->filters);
	take_out(query, branch, join);
}
