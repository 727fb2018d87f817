/*-------------------------------------------------------------------------
 *
 * placing.c
 *	  On which tables of a widget's definition a dashboard's filters are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "check/check.h"
#include "expr/lower.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/merge.h"
#include "model/table.h"

/* Has a table of the query the field of a filter, and may the filter mean it? */
static bool
has_field(PrismiqTable *table, const PrismiqDashboardFilter *filter, bool derived,
		  PrismiqColumnRef *ref)
{
	memset(ref, 0, sizeof(PrismiqColumnRef));
	return table->id != NULL && PrismiqTableIsKnown(table) && table->derived == derived &&
		prismiq_filter_names_table(filter, table) &&
		prismiq_column_find(table, filter->field, ref);
}

/* What columns a type of filter can be on; null: any. */
static const char *
suiting(PrismiqFilterType type, Oid basetype)
{
	switch (type)
	{
		case PRISMIQ_FILTER_DATE_RANGE:
			return prismiq_type_is_time(basetype) ? NULL : "dates";
		case PRISMIQ_FILTER_NUMBER_RANGE:
			return prismiq_type_category(basetype) == TYPCATEGORY_NUMERIC ? NULL : "numbers";
		case PRISMIQ_FILTER_TEXT:
		case PRISMIQ_FILTER_SEARCH:
			return prismiq_type_is_text(basetype) ? NULL : "texts";
		default:
			return NULL;
	}
}

/* Does the filter suit the column?  Else a fault. */
static bool
suits(PrismiqCheck *check, const PrismiqDashboardFilter *filter, const PrismiqColumnRef *ref)
{
	const char *wanted = suiting(filter->type, ref->basetype);

	if (wanted != NULL)
		prismiq_fault_add(check->faults, PRISMIQ_TYPE_MISMATCH,
						  filter->place == NULL ? NULL :
						  prismiq_path_key(filter->place, "type", prismiq_filter_keys), NULL,
						  "filter \"%s\" is of type %s, which is for %s, but %s \"%s\" is of "
						  "type %s", filter->id, prismiq_filter_types[filter->type], wanted,
						  ref->expr != NULL ? "calculated field" : "column",
						  filter->field, prismiq_type_name(ref->type));
	return wanted == NULL;
}

/*
 * A table of the query that the filter is on, and that has its field no more; or
 * null.  It was there when the dashboard was saved: what became of it is not said.
 */
static const PrismiqTable *
find_lost(PrismiqCheck *check, const PrismiqDashboardFilter *filter)
{
	ListCell   *lc;

	foreach(lc, check->query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		if (table->id != NULL && OidIsValid(table->relid) && prismiq_filter_is_on(filter, table))
			return table;
	}
	return NULL;
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
find_field(PrismiqCheck *check, const PrismiqDashboardFilter *filter, bool derived,
		   PrismiqColumnRef *found_ref)
{
	List	   *found = NIL;
	ListCell   *lc;

	foreach(lc, check->query->tables)
	{
		PrismiqColumnRef ref;

		if (!has_field((PrismiqTable *) lfirst(lc), filter, derived, &ref))
			continue;
		if (found == NIL)
			*found_ref = ref;
		found = lappend(found, lfirst(lc));
	}
	if (list_length(found) > 1 && filter->table == NULL)
		prismiq_fault_add(check->faults, PRISMIQ_AMBIGUOUS_COLUMN, filter->place,
						  "Say which one is meant, in \"table\" of the filter.",
						  "filter \"%s\" is on column \"%s\", which tables %s have",
						  filter->id, filter->field, list_tables(found));
	return found != NIL ? (PrismiqTable *) linitial(found) : NULL;
}

/* The calculated field that a filter means where it names no table; or null. */
static const PrismiqField *
find_calculated(PrismiqCheck *check, const PrismiqDashboardFilter *filter)
{
	const PrismiqField *field = filter->table != NULL ? NULL :
		prismiq_field_by_name(check, filter->field);

	return field != NULL && (field->over || field->expr != NULL) ? field : NULL;
}

/*
 * Place a filter on a calculated field; false when there is none, or one that is an
 * aggregate or computed over windows, which no row has.
 */
static bool
place_on_calculated(PrismiqCheck *check, const PrismiqDashboardFilter *filter)
{
	const PrismiqField *field = find_calculated(check, filter);
	PrismiqPlacing *placing = check->placing;
	PrismiqColumnRef ref = {0};

	if (field == NULL || field->over || field->expr->has_aggregate)
		return false;
	ref.expr = field->expr;
	ref.type = ref.basetype = field->expr->type;
	if (suits(check, filter, &ref))
		prismiq_filter_merge(check->query, filter, NULL);
	placing->placed = lappend(placing->placed, unconstify(PrismiqDashboardFilter *, filter));
	placing->places = lappend(placing->places, NULL);
	return true;
}

/* The filter has found its place, or one that does not suit it. */
static void
place(PrismiqCheck *check, const PrismiqDashboardFilter *filter, const PrismiqTable *table,
	  const PrismiqColumnRef *ref)
{
	PrismiqPlacing *placing = check->placing;

	if (suits(check, filter, ref))
		prismiq_filter_merge(check->query, filter, table);
	placing->placed = lappend(placing->placed, unconstify(PrismiqDashboardFilter *, filter));
	placing->places = lappend(placing->places, table->derived ? NULL :
							  psprintf("%s.%s", table->nspname, table->relname));
}

/* The filter has no place, and should have one: a fault, unless there are others. */
static void
add_unplaced(PrismiqCheck *check, const PrismiqDashboardFilter *filter)
{
	const PrismiqTable *lost = find_lost(check, filter);
	const PrismiqField *field = find_calculated(check, filter);
	const PrismiqPath *path = filter->place == NULL ? NULL :
		prismiq_path_key(filter->place, "field", prismiq_filter_keys);

	if (lost != NULL)
		prismiq_fault_add(check->faults, PRISMIQ_COLUMN_NOT_FOUND, path, NULL,
						  "filter \"%s\" is on column \"%s\", which table \"%s\" does not have",
						  filter->id, filter->field, lost->relname);
	else if (check->depth == 0 && filter->restricted && field != NULL)
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION, path,
						  "Filter by what it is made of.",
						  "filter \"%s\" is for this widget, whose calculated field \"%s\" is %s",
						  filter->id, filter->field,
						  field->over ? "computed over windows" : "an aggregate");
	else if (check->depth == 0 && filter->restricted && check->faults->errors == NIL)
		prismiq_fault_add(check->faults, PRISMIQ_COLUMN_NOT_FOUND, path, NULL,
						  "filter \"%s\" is for this widget, which has no column \"%s\"",
						  filter->id, filter->field);
}

/*
 * Place the filters on a widget's definition, and on its derived tables, once
 * the tables are known.  A filter goes to every definition one of whose
 * relations has the field; only where there is none is it tried on the calculated
 * fields of the definition, and on what a derived table answers with.  So a column
 * goes before a calculated field of its name: for all widgets the filter means the
 * same.  A filter that names the widget must be placed:
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
		PrismiqColumnRef ref;
		PrismiqTable *table;
		bool		placed = list_member_ptr(placing->placed, filter);

		if ((filter->tests == NIL && !placing->saving) ||
			!prismiq_filter_applies(filter, placing->widget_id))
			continue;
		table = find_field(check, filter, false, &ref);
		if (table == NULL && !placed && place_on_calculated(check, filter))
			continue;
		if (table == NULL && !placed)
			table = find_field(check, filter, true, &ref);
		if (table != NULL)
			place(check, filter, table, &ref);
		else if (!placed)
			add_unplaced(check, filter);
	}
}
