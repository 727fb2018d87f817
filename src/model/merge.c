/*-------------------------------------------------------------------------
 *
 * merge.c
 *	  Dashboard filters join a widget's query as further conditions.
 *
 * Everything that the query says stays as it is; a filter only ever restricts:
 * the rows, or (join/related_filters.c) related rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/fault.h"
#include "model/condition.h"
#include "model/merge.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"

const char	prismiq_merge_root[] = "filters";

/* Is the filter meant for the widget, and has it a value? */
bool
prismiq_filter_applies(const PrismiqDashboardFilter *filter, const char *widget_id)
{
	ListCell   *lc;

	if (filter->tests == NIL)
		return false;
	if (!filter->restricted)
		return true;
	foreach(lc, filter->applies_to)
		if (pg_strcasecmp((const char *) lfirst(lc), widget_id) == 0)
			return true;
	return false;
}

/* Does the filter's "table" (if it has one) mean this table of the query? */
bool
prismiq_filter_names_table(const PrismiqDashboardFilter *filter, const PrismiqTable *table)
{
	size_t		len;

	if (filter->table == NULL || strcmp(filter->table, table->relname) == 0)
		return true;
	len = strlen(table->nspname);
	return strncmp(filter->table, table->nspname, len) == 0 && filter->table[len] == '.' &&
		strcmp(filter->table + len + 1, table->relname) == 0;
}

/* Add the filter's tests, on the field of the given table, to the query's own. */
void
prismiq_filter_merge(PrismiqQuery *query, const PrismiqDashboardFilter *filter,
					 const PrismiqTable *table)
{
	ListCell   *lc;

	if (query->filters == NULL)
	{
		query->filters = palloc0(sizeof(PrismiqCondition));
		query->filters->kind = PRISMIQ_CONDITION_AND;
		query->filters->path = filter->path;
	}
	foreach(lc, filter->tests)
	{
		PrismiqCondition *test = palloc(sizeof(PrismiqCondition));

		*test = *(const PrismiqCondition *) lfirst(lc);
		test->ref = palloc0(sizeof(PrismiqColumnRef));
		test->ref->path = test->ref->table_path = test->ref->column_path = filter->path;
		test->ref->table_id = table->id;
		test->ref->column = filter->field;
		test->ref->plain = true;
		test->merged = true;
		query->filters->members = lappend(query->filters->members, test);
	}
}

/* Is a fault about a filter's value rather than about the definition? */
bool
prismiq_fault_is_of_filter(const PrismiqFault *fault)
{
	const PrismiqPath *path;

	for (path = fault->path; path != NULL; path = path->up)
		if (path->key == prismiq_merge_root)
			return true;
	return false;
}
