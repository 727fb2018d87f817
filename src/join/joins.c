/*-------------------------------------------------------------------------
 *
 * joins.c
 *	  The joins of a definition: their tables and columns, none left out.
 *
 * The joins of a definition make a tree over its tables; each is printed when
 * one of its sides has been reached, flipped if need be (join_order.c), so that
 * no table is ever joined twice and none is cross joined.  What no join reaches
 * is joined along foreign keys (paths.c).
 *
 * What the joins multiply is found out in fan_out.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "expr/lower.h"
#include "join/join.h"
#include "model/query.h"
#include "model/table.h"

/* Look up the tables and columns of a join; false after a fault. */
static bool
resolve_join(PrismiqCheck *check, PrismiqJoin *join)
{
	PrismiqTable *from = join->from_table_id == NULL ? NULL :
		prismiq_table_by_id(check, join->from_table_id, join->from_path);
	PrismiqTable *to = join->to_table_id == NULL ? NULL :
		prismiq_table_by_id(check, join->to_table_id, join->to_path);
	ListCell   *lc;
	bool		ok = from != NULL && to != NULL && from != to && join->keys != NIL;

	if (from != NULL && from == to)
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_JOIN, join->path,
						  "List the table twice, with two ids, to join it with itself.",
						  "a join needs two tables");
	foreach(lc, join->keys)
	{
		PrismiqJoinKey *key = (PrismiqJoinKey *) lfirst(lc);
		bool		found = from != NULL && prismiq_check_column_ref(check, key->from, false);

		if (to == NULL || !prismiq_check_column_ref(check, key->to, false) || !found)
			ok = false;
		else if (from != to && !prismiq_join_key_check(check, join, key))
			ok = false;
	}
	if (ok)
	{
		join->from = from;
		join->to = to;
	}
	return ok;
}

/* Look up all tables and columns of the joins; false when something is missing. */
static bool
resolve_joins(PrismiqCheck *check)
{
	bool		ok = true;
	ListCell   *lc;

	foreach(lc, check->query->joins)
		if (!resolve_join(check, (PrismiqJoin *) lfirst(lc)))
			ok = false;
	foreach(lc, check->query->tables)
	{
		const PrismiqTable *table = (const PrismiqTable *) lfirst(lc);

		if (!PrismiqTableIsKnown(table) || table->id == NULL)
			ok = false;
	}
	return ok && check->query->tables != NIL;
}

/* Where FROM begins; when all tables stand aside, the first of them does not. */
static PrismiqTable *
first_table(const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->tables)
		if (!((PrismiqTable *) lfirst(lc))->aside)
			return (PrismiqTable *) lfirst(lc);
	((PrismiqTable *) linitial(query->tables))->aside = false;
	return (PrismiqTable *) linitial(query->tables);
}

/* Note the joins that lead in a circle among the tables that stand aside. */
static void
refuse_circles(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	int			count = list_length(query->tables);
	int		   *parts = palloc(sizeof(int) * count);
	int			i;
	ListCell   *lc;

	/* What does not stand aside is one part: it will be joined. */
	for (i = 0; i < count; i++)
		parts[i] = ((PrismiqTable *) list_nth(query->tables, i))->aside ? i + 1 : 0;
	foreach(lc, query->joins)
	{
		PrismiqJoin *join = (PrismiqJoin *) lfirst(lc);
		int			from = join->from == NULL ? 0 : parts[join->from->index];
		int			to = join->from == NULL ? 0 : parts[join->to->index];

		if (join->from == NULL || (!join->from->aside && !join->to->aside))
			continue;
		if (from == to)
			prismiq_fault_add(check->faults, PRISMIQ_CIRCULAR_JOIN, join->path,
							  "Remove one of the joins, or list a table twice.",
							  "tables \"%s\" and \"%s\" are already joined",
							  join->from->id, join->to->id);
		for (i = 0; i < count; i++)
			if (parts[i] == Max(from, to))
				parts[i] = Min(from, to);
	}
}

/* Resolve the joins, order them, and connect what they leave out. */
void
prismiq_check_joins(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	int			errors;

	if (!resolve_joins(check))
		return;					/* what is missing has been noted */
	prismiq_tables_set_aside(check);
	refuse_circles(check);
	query->first = first_table(query);
	query->first->joined = true;
	prismiq_joins_place(check, query->joins);
	errors = list_length(check->faults->errors);
	if (!prismiq_paths_connect(check))
		return;
	if (prismiq_check_related(check) && list_length(check->faults->errors) == errors)
		(void) prismiq_paths_connect(check);
}
