/*-------------------------------------------------------------------------
 *
 * told_apart.c
 *	  Where what is grouped by tells the repetitions of a row apart.
 *
 * A film in two categories stands twice in a join of films with categories, but
 * once in each category.  Grouped by the category no row is repeated in its
 * group, and nothing has to be done for it: so with bridges between two tables,
 * which are what repeats rows most often, grouped by the key of either.
 *
 * Of a row of the measure's tables, in one group, we know all columns of these
 * tables and the columns that are grouped by.  Equal joins tell more columns from
 * those, a unique key whose columns are known tells a whole row, and so on.  When
 * that reaches all joined tables, there is one joined row.
 *
 * Only inner joins are looked at, in which every row fulfils every condition,
 * and columns without nulls, of which a group has many while a key has none.
 * What groups by less than it says (totals, the rest of "top", a pivot) is left
 * to the flags of fan_out.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/lsyscache.h"

#include "access/access.h"
#include "join/join.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"

/* What is known of the joined row, by the tables' places in the query. */
typedef struct KnownRow
{
	Bitmapset  *rows;			/* tables of which all is known */
	Bitmapset **columns;		/* of each table: attnums that are known */
} KnownRow;

/*
 * Has the column one value in all rows of a group?  Not where equal strings differ;
 * of a list or a document something inside may be meant, and two times without a zone
 * may be one instant.
 */
static bool
is_whole_value(const PrismiqColumnRef *ref)
{
	return ref->table != NULL && ref->expr == NULL && !ref->star && !ref->ranked &&
		ref->notnull && ref->attnum > 0 &&
		(!OidIsValid(ref->collation) || get_collation_isdeterministic(ref->collation)) &&
		ref->basetype != JSONBOID && ref->basetype != TIMESTAMPOID &&
		!OidIsValid(get_element_type(ref->basetype));
}

/* A column that the rows are grouped by. */
static void
know_group_column(KnownRow *known, const PrismiqColumnRef *ref)
{
	Bitmapset **columns;

	if (!is_whole_value(ref))
		return;
	columns = &known->columns[ref->table->index];
	*columns = bms_add_member(*columns, ref->attnum);
}

/* All of them; of dates only those that no bucket is made of. */
static void
know_group(KnownRow *known, const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column) && column->date_trunc == NULL &&
			column->instead == NULL)
			know_group_column(known, column->ref);
	}
	foreach(lc, query->group_extra)
		know_group_column(known, (const PrismiqColumnRef *) lfirst(lc));
}

/* Is the whole row of the table known, now that these columns of it are? */
static bool
know_row(KnownRow *known, PrismiqTable *table)
{
	Bitmapset  *columns = bms_copy(known->columns[table->index]);

	if (bms_is_member(table->index, known->rows))
		return false;
	if (table->tenant_attnum > 0)
		columns = bms_add_member(columns, table->tenant_attnum);
	if (!prismiq_table_is_unique(table, columns))
		return false;
	known->rows = bms_add_member(known->rows, table->index);
	return true;
}

/* What one side of a join tells of the other: is there anything new? */
static bool
know_across(KnownRow *known, const PrismiqJoin *join, const PrismiqTable *near,
			const PrismiqTable *far)
{
	bool		whole = bms_is_member(near->index, known->rows);
	bool		result = false;
	ListCell   *lc;

	foreach(lc, join->keys)
	{
		const PrismiqJoinKey *key = (const PrismiqJoinKey *) lfirst(lc);
		const PrismiqColumnRef *ref = prismiq_key_of(key, far);

		if (!prismiq_key_is_exact(key, ref) ||
			bms_is_member(ref->attnum, known->columns[far->index]) ||
			!(whole || bms_is_member(prismiq_key_of(key, near)->attnum,
									 known->columns[near->index])))
			continue;
		known->columns[far->index] = bms_add_member(known->columns[far->index], ref->attnum);
		result = true;
	}
	return result;
}

/* Everything that follows; each turn learns something, so there are few. */
static void
know_all(KnownRow *known, const PrismiqQuery *query)
{
	bool		progress = true;

	while (progress)
	{
		ListCell   *lc;

		progress = false;
		foreach(lc, query->join_order)
		{
			PrismiqJoin *join = (PrismiqJoin *) lfirst(lc);

			progress |= know_across(known, join, join->from, join->to);
			progress |= know_across(known, join, join->to, join->from);
			progress |= know_row(known, join->from);
			progress |= know_row(known, join->to);
		}
	}
}

/*
 * Has each group at most one joined row for a row of these tables, or for a
 * combination of theirs?
 */
bool
prismiq_groups_tell_apart(const PrismiqQuery *query, const Bitmapset *grain)
{
	KnownRow	known = {NULL};
	ListCell   *lc;

	if (!query->grouped || query->totals != NULL || query->top != NULL || query->pivot != NULL)
		return false;
	foreach(lc, query->join_order)
		if (((const PrismiqJoin *) lfirst(lc))->printed_type != PRISMIQ_JOIN_INNER)
			return false;
	known.rows = bms_copy(grain);
	known.columns = palloc0(sizeof(Bitmapset *) * list_length(query->tables));
	know_group(&known, query);
	know_all(&known, query);
	return bms_is_subset(prismiq_joined_tables(query), known.rows);
}
