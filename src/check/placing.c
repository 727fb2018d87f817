/*-------------------------------------------------------------------------
 *
 * placing.c
 *	  On which tables of a widget's definition a dashboard's filters are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "check/check.h"
#include "model/merge.h"
#include "model/table.h"

/* Has a table of the query the field of a filter, and may the filter mean it? */
static bool
has_field(PrismiqTable *table, const PrismiqDashboardFilter *filter, bool derived)
{
	PrismiqColumnRef ref;

	memset(&ref, 0, sizeof(ref));
	return table->id != NULL && PrismiqTableIsKnown(table) && table->derived == derived &&
		prismiq_filter_names_table(filter, table) &&
		prismiq_column_find(table, filter->field, &ref);
}

/* "deal" and "stock": tables by their names, or where these are the same by their ids. */
static char *
list_tables(const List *tables)
{
	StringInfoData buf;
	ListCell   *lc;
	ListCell   *lc2;

	initStringInfo(&buf);
	foreach(lc, tables)
	{
		const PrismiqTable *table = (const PrismiqTable *) lfirst(lc);
		const char *name = table->relname;
		int			place = foreach_current_index(lc);

		foreach(lc2, tables)
			if (lfirst(lc2) != table &&
				strcmp(((const PrismiqTable *) lfirst(lc2))->relname, table->relname) == 0)
				name = table->id;
		appendStringInfo(&buf, "%s\"%s\"", place == 0 ? "" :
						 place == list_length(tables) - 1 ? " and " : ", ", name);
	}
	return buf.data;
}

/*
 * The table of the query that a filter is placed on, or null: a relation, or
 * else (where "derived") a derived table that answers with the field.  Where
 * the filter names none and several have the field, which one is listed first
 * must not matter: a fault.
 */
static PrismiqTable *
find_field(PrismiqCheck *check, const PrismiqDashboardFilter *filter, bool derived)
{
	List	   *found = NIL;
	ListCell   *lc;

	foreach(lc, check->query->tables)
		if (has_field((PrismiqTable *) lfirst(lc), filter, derived))
			found = lappend(found, lfirst(lc));
	if (list_length(found) > 1 && filter->table == NULL)
		prismiq_fault_add(check->faults, PRISMIQ_AMBIGUOUS_COLUMN, NULL,
						  "Say which one is meant, in \"table\" of the filter.",
						  "filter \"%s\" is on column \"%s\", which tables %s have",
						  filter->id, filter->field, list_tables(found));
	return found != NIL ? (PrismiqTable *) linitial(found) : NULL;
}

/*
 * Place the filters on a widget's definition, and on its derived tables, once
 * the tables are known.  A filter goes to every definition one of whose
 * relations has the field; only where there is none is it tried on what a
 * derived table answers with.  A filter that names the widget must be placed:
 * to drop it in silence would show what the reader believes to have filtered
 * out.
 */
void
prismiq_check_placing(PrismiqCheck *check)
{
	PrismiqPlacing *placing = check->placing;
	ListCell   *lc;

	if (placing == NULL)
		return;
	foreach(lc, placing->filters)
	{
		const PrismiqDashboardFilter *filter = (const PrismiqDashboardFilter *) lfirst(lc);
		PrismiqTable *table;

		if (!prismiq_filter_applies(filter, placing->widget_id))
			continue;
		table = find_field(check, filter, false);
		if (table == NULL && !list_member_ptr(placing->placed, filter))
			table = find_field(check, filter, true);
		if (table != NULL)
		{
			prismiq_filter_merge(check->query, filter, table);
			placing->placed = lappend(placing->placed,
									  unconstify(PrismiqDashboardFilter *, filter));
		}
		else if (check->depth == 0 && filter->restricted &&
				 !list_member_ptr(placing->placed, filter) && check->faults->errors == NIL)
			prismiq_fault_add(check->faults, PRISMIQ_COLUMN_NOT_FOUND, NULL, NULL,
							  "filter \"%s\" is for this widget, which has no column \"%s\"",
							  filter->id, filter->field);
	}
}
