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

const char *const prismiq_filter_types[] = {
	[PRISMIQ_FILTER_DATE_RANGE] = "date_range",
	[PRISMIQ_FILTER_SELECT] = "select",
	[PRISMIQ_FILTER_MULTI_SELECT] = "multi_select",
	[PRISMIQ_FILTER_TEXT] = "text",
	[PRISMIQ_FILTER_NUMBER_RANGE] = "number_range",
	[PRISMIQ_FILTER_SEARCH] = "search",
	NULL
};

/* The keys of a filter, in the order in which their faults are told. */
const char *const prismiq_filter_keys[] = {
	"id", "type", "label", "field", "table", "default_value", "options", "date_preset",
	"dynamic", "applies_to", NULL
};

/* A test of a filter, which still lacks its operand; the value may be null. */
PrismiqCondition *
prismiq_filter_test(PrismiqOperator op, PrismiqLiteral *literal, const PrismiqPath *path)
{
	PrismiqCondition *condition = prismiq_condition_make(PRISMIQ_CONDITION_TEST, path);
	PrismiqTest *test = PrismiqTestOf(condition);

	test->on = PRISMIQ_OPERAND_COLUMN;
	test->op_path = test->value_path = path;
	test->op = op;
	if (literal != NULL)
		test->value.literals = list_make1(literal);
	return condition;
}

/* Is the filter meant for the widget? */
bool
prismiq_filter_applies(const PrismiqDashboardFilter *filter, const char *widget_id)
{
	ListCell   *lc;

	if (filter->point_of != NULL)
		return !filter->nowhere &&
			(widget_id == NULL || pg_strcasecmp(filter->point_of, widget_id) != 0);
	if (!filter->restricted)
		return true;
	if (widget_id == NULL)
		return false;
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

/* Is it a table of which the filter says, or said when it was saved, that it is on it? */
bool
prismiq_filter_is_on(const PrismiqDashboardFilter *filter, const PrismiqTable *table)
{
	ListCell   *lc;
	char	   *name;

	if (filter->table != NULL)
		return prismiq_filter_names_table(filter, table);
	if (filter->known_on == NIL)
		return false;
	name = psprintf("%s.%s", table->nspname, table->relname);
	foreach(lc, filter->known_on)
		if (strcmp((const char *) lfirst(lc), name) == 0)
			return true;
	return false;
}

/*
 * Add the filter's tests, on the field of the given table or (null) on the calculated
 * field, to the query's own.
 */
void
prismiq_filter_merge(PrismiqQuery *query, const PrismiqDashboardFilter *filter,
					 const PrismiqTable *table)
{
	PrismiqGroup *group;
	ListCell   *lc;

	if (filter->tests == NIL)
		return;
	if (query->filters == NULL)
		query->filters = prismiq_condition_make(PRISMIQ_CONDITION_AND, filter->path);
	group = PrismiqGroupOf(query->filters);
	foreach(lc, filter->tests)
	{
		PrismiqCondition *condition = palloc(sizeof(PrismiqCondition));
		PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));

		ref->path = ref->table_path = ref->column_path = ref->source_timezone_path = filter->path;
		ref->source_timezone = filter->source_timezone;
		ref->table_id = table != NULL ? table->id : NULL;
		ref->column = filter->field;
		ref->plain = table != NULL;
		*condition = *(const PrismiqCondition *) lfirst(lc);
		PrismiqColumnOperandOf(PrismiqTestOf(condition))->ref = ref;
		condition->merged = true;
		group->members = lappend(group->members, condition);
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
