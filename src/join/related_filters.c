/*-------------------------------------------------------------------------
 *
 * related_filters.c
 *	  A dashboard's filters on tables that only conditions of scope any and none
 *	  use.
 *
 * Such a filter does not make its table one of the answer's rows, which would
 * repeat and drop them: it says of the related rows, or of the rows on the way
 * to them, which ones count.  So it stands in every EXISTS that comes by its
 * table, or by a table that the definition joins with it; and nowhere else: when
 * the condition is left out, so is the filter.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "access/access.h"
#include "access/context.h"
#include "join/join.h"
#include "model/condition.h"
#include "model/measure.h"
#include "model/merge.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"

/* The nodes of related rows in a condition. */
static void
collect_nodes(PrismiqCondition *condition, List **nodes)
{
	ListCell   *lc;

	check_stack_depth();
	if (condition == NULL)
		return;
	if (condition->kind == PRISMIQ_CONDITION_RELATED)
		*nodes = lappend(*nodes, condition);
	foreach(lc, prismiq_condition_members(condition))
		collect_nodes((PrismiqCondition *) lfirst(lc), nodes);
}

/* Those of the whole definition that stand. */
static List *
all_nodes(const PrismiqQuery *query)
{
	List	   *nodes = NIL;
	ListCell   *lc;

	collect_nodes(query->filters, &nodes);
	foreach(lc, query->columns)
		collect_nodes(((const PrismiqColumn *) lfirst(lc))->filters, &nodes);
	return nodes;
}

/* The filter once more, for one of several nodes. */
static PrismiqCondition *
copy_filter(const PrismiqCondition *filter, PrismiqTable *table)
{
	PrismiqCondition *copy = palloc(sizeof(PrismiqCondition));
	PrismiqColumnRef *ref = palloc(sizeof(PrismiqColumnRef));

	*ref = *prismiq_test_ref(PrismiqTestOf(filter));
	ref->table = table;
	*copy = *filter;
	PrismiqColumnOperandOf(PrismiqTestOf(copy))->ref = ref;
	return copy;
}

/* Let every node that the filter's table belongs to have the filter; false when none does. */
static bool
give_filter(PrismiqCheck *check, const List *nodes, const PrismiqCondition *filter,
			PrismiqTable *table)
{
	bool		given = false;
	ListCell   *lc;

	foreach(lc, nodes)
	{
		PrismiqRelated *related = PrismiqRelatedOf((PrismiqCondition *) lfirst(lc));

		CHECK_FOR_INTERRUPTS();
		if (!prismiq_path_extend(check, &related->steps, table))
			continue;
		related->members = lappend(related->members, copy_filter(filter, table));
		given = true;
	}
	return given;
}

/* The table that a dashboard's filter is on; null of other conditions, and of calculated fields. */
static PrismiqTable *
filtered_table(PrismiqCheck *check, const PrismiqCondition *condition)
{
	const PrismiqColumnRef *ref;

	if (!condition->merged)
		return NULL;
	ref = prismiq_test_ref(PrismiqTestOf(condition));
	return ref->plain ? prismiq_table_by_id(check, ref->table_id, ref->table_path) : NULL;
}

/* A filter whose place is left out restricts nothing, and must not be said to. */
static void
take_back(PrismiqPlacing *placing, const PrismiqPath *path)
{
	ListCell   *lc;

	foreach(lc, placing->placed)
	{
		int			position = foreach_current_index(lc);

		if (((const PrismiqDashboardFilter *) lfirst(lc))->path != path)
			continue;
		placing->placed = list_delete_nth_cell(placing->placed, position);
		placing->places = list_delete_nth_cell(placing->places, position);
		return;
	}
}

/* Move the dashboard's filters to where they belong; the related rows have their nodes. */
void
prismiq_check_related_filters(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	PrismiqGroup *filters;
	List	   *nodes = all_nodes(query);
	List	   *idle = NIL;
	List	   *kept = NIL;
	const PrismiqPath *taken = NULL;
	ListCell   *lc;

	collect_nodes(query->left_out, &idle);
	if ((nodes == NIL && idle == NIL) || query->filters == NULL)
		return;
	filters = PrismiqGroupOf(query->filters);
	foreach(lc, filters->members)
	{
		PrismiqCondition *member = (PrismiqCondition *) lfirst(lc);
		PrismiqTable *table = filtered_table(check, member);
		const PrismiqPath *path;

		if (table != NULL && table->aside && give_filter(check, nodes, member, table))
			continue;
		if (table == NULL || !table->aside || !give_filter(check, idle, member, table))
		{
			kept = lappend(kept, member);
			continue;
		}
		path = prismiq_test_ref(PrismiqTestOf(member))->path;
		if (taken != path)
			take_back(check->placing, path);
		taken = path;			/* the tests of one filter follow one another */
	}
	filters->members = kept;
}
