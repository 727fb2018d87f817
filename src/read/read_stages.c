/*-------------------------------------------------------------------------
 *
 * read_stages.c
 *	  What is computed over the grouped rows: windows, qualify, pivot,
 *	  compare, top, totals.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "base/nearest.h"
#include "base/settings.h"
#include "model/answer.h"
#include "model/known_keys.h"
#include "model/literal.h"
#include "model/pivot.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/window.h"
#include "read/read.h"
#include "read/shapes.h"

const char *const prismiq_top_keys[] = {"n", "by", "other", NULL};
const char *const prismiq_compare_keys[] = {"period", NULL};
const char *const prismiq_offset_keys[] = {"offset", NULL};
const char *const prismiq_pivot_keys[] = {
	"column", "value", "rows", "values", "max_columns", NULL
};
const char *const prismiq_frame_keys[] = {"preceding", "following", NULL};

/* The name of an output column; null after a fault or when there is none. */
static PrismiqAlias *
read_alias(const PrismiqObject *object, const char *key)
{
	const char *name = prismiq_object_name(object, key, false);
	PrismiqAlias *alias;

	if (name == NULL)
		return NULL;
	alias = palloc0(sizeof(PrismiqAlias));
	alias->name = name;
	alias->path = prismiq_object_path(object, key);
	return alias;
}

/* A list of names of output columns. */
static List *
read_aliases(const PrismiqObject *object, const char *key)
{
	PrismiqElements elements = prismiq_elements_of(object, key, PRISMIQ_MAX_ITEMS);
	List	   *result = NIL;

	while (prismiq_elements_next(&elements))
	{
		const json_t *node = elements.node;
		PrismiqAlias *alias = palloc0(sizeof(PrismiqAlias));

		alias->path = elements.path;
		if (prismiq_json_kind(node) == PRISMIQ_JSON_STRING)
		{
			alias->name = prismiq_json_string(node);
			result = lappend(result, alias);
		}
		else
			prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE, alias->path, NULL,
							  "\"%s\" takes names of columns of the answer", key);
	}
	return result;
}

/* One end of a frame: a number of rows, or "all". */
static int64
read_frame_end(const PrismiqObject *frame, const char *key, int64 fallback)
{
	const json_t *node = prismiq_object_get(frame, key);

	if (prismiq_json_kind(node) == PRISMIQ_JSON_STRING)
	{
		if (pg_strcasecmp(prismiq_json_string(node), "all") != 0)
			prismiq_fault_add(frame->faults, PRISMIQ_INVALID_WINDOW,
							  prismiq_object_path(frame, key), "Examples: 6, \"all\".",
							  "\"%s\" takes a number of rows, or \"all\"", key);
		return -1;
	}
	return prismiq_object_integer(frame, key, 0, PG_INT32_MAX, fallback);
}

/* frame: {preceding, following}, rows; all before and none after by default. */
static PrismiqFrame *
read_frame(const PrismiqObject *object)
{
	PrismiqObject item;
	PrismiqFrame *frame;

	if (!prismiq_object_has(object, "frame") ||
		!prismiq_object_open(&item, prismiq_object_get(object, "frame"),
							 prismiq_object_path(object, "frame"), object->faults,
							 prismiq_frame_keys))
		return NULL;
	frame = palloc0(sizeof(PrismiqFrame));
	frame->preceding = read_frame_end(&item, "preceding", -1);
	frame->following = read_frame_end(&item, "following", 0);
	return frame;
}

/* The function of a window; -1 after a fault. */
static int
read_function(const PrismiqObject *object)
{
	const char *text = prismiq_object_name(object, "function", true);
	char	   *nearest;
	int			i;

	if (text == NULL)
		return -1;
	for (i = 0; prismiq_window_names[i] != NULL; i++)
		if (pg_strcasecmp(prismiq_window_names[i], text) == 0)
			return i;
	nearest = prismiq_nearest_of(object->faults, text, prismiq_window_names);
	prismiq_fault_add(object->faults, PRISMIQ_INVALID_WINDOW,
					  prismiq_object_path(object, "function"),
					  nearest != NULL ? nearest :
					  "Examples: running_total, rank, percent_of_total.",
					  "unknown window function \"%s\"", text);
	return -1;
}

/* One window; left out when it has no alias or function. */
static void
read_window(PrismiqQuery *query, PrismiqReader *reader, const json_t *node,
			const PrismiqPath *path)
{
	PrismiqWindow *window = palloc0(sizeof(PrismiqWindow));
	PrismiqFaults *faults = reader->faults;
	PrismiqObject object;
	int			function;
	int			errors;

	window->path = path;
	if (!prismiq_object_open(&object, node, path, faults, prismiq_window_keys))
		return;
	window->alias = prismiq_read_alias(&object, true);
	function = read_function(&object);
	window->function_path = prismiq_object_path(&object, "function");
	window->of = read_alias(&object, "of");
	window->has_partition = prismiq_object_has(&object, "partition_by");
	window->partition_by = read_aliases(&object, "partition_by");
	window->order_by = prismiq_read_sort(&object, "order_by", PRISMIQ_MAX_ITEMS);
	errors = list_length(faults->errors);
	window->n = prismiq_read_integer(reader, &object, "n", 0, PG_INT32_MAX, -1);
	if (list_length(faults->errors) == errors)
		window->n_path = prismiq_object_path(&object, "n");
	window->frame = read_frame(&object);
	window->frame_path = prismiq_object_path(&object, "frame");
	if (window->alias == NULL || function < 0)
		return;
	window->function = (PrismiqWindowFunction) function;
	query->windows = lappend(query->windows, window);
}

/* windows */
static void
read_windows(PrismiqQuery *query, PrismiqReader *reader, const PrismiqObject *object)
{
	PrismiqElements elements = prismiq_elements_of(object, "windows", PRISMIQ_MAX_COLUMNS);

	while (prismiq_elements_next(&elements))
	{
		read_window(query, reader, elements.node, elements.path);
	}
}

/* The values that become columns, one by one; a list or object is a fault. */
static void
read_pivot_values(PrismiqPivot *pivot, const PrismiqObject *item)
{
	PrismiqElements elements = prismiq_elements_of(item, "values", PRISMIQ_MAX_COLUMNS);

	pivot->values_path = elements.list_path;
	pivot->has_values = elements.array != NULL;
	while (prismiq_elements_next(&elements))
	{
		PrismiqLiteral *literal = prismiq_read_plain(elements.node, elements.path);

		if (literal != NULL)
			pivot->values = lappend(pivot->values, literal);
		else
			prismiq_fault_add(item->faults, PRISMIQ_INVALID_VALUE, elements.path, NULL,
							  "\"values\" takes single values");
	}
}

/* pivot: {column, value, rows?, values?, max_columns?} */
static void
read_pivot(PrismiqQuery *query, PrismiqReader *reader, const PrismiqObject *object)
{
	int			limit = prismiq_limit(PRISMIQ_MAX_COLUMNS);
	PrismiqObject item;
	PrismiqPivot *pivot;

	if (!prismiq_object_has(object, "pivot") ||
		!prismiq_object_open(&item, prismiq_object_get(object, "pivot"),
							 prismiq_object_path(object, "pivot"), object->faults,
							 prismiq_pivot_keys))
		return;
	pivot = palloc0(sizeof(PrismiqPivot));
	pivot->path = prismiq_object_path(object, "pivot");
	(void) prismiq_object_name(&item, "column", true);
	(void) prismiq_object_name(&item, "value", true);
	pivot->column = read_alias(&item, "column");
	pivot->value = read_alias(&item, "value");
	pivot->has_rows = prismiq_object_has(&item, "rows");
	pivot->rows = read_aliases(&item, "rows");
	read_pivot_values(pivot, &item);
	pivot->max_columns = prismiq_read_integer(reader, &item, "max_columns", 1, limit,
											  Min(50, limit));
	query->pivot = pivot;
}

/* compare: {period}, a name or {"offset": "7 days"} */
static void
read_compare(PrismiqQuery *query, PrismiqReader *reader, const PrismiqObject *object)
{
	PrismiqObject item;
	PrismiqObject offset;
	PrismiqCompare *compare;
	int			period;

	if (!prismiq_object_has(object, "compare") ||
		!prismiq_object_open(&item, prismiq_object_get(object, "compare"),
							 prismiq_object_path(object, "compare"), object->faults,
							 prismiq_compare_keys))
		return;
	compare = palloc0(sizeof(PrismiqCompare));
	compare->path = prismiq_object_path(object, "compare");
	compare->period_path = prismiq_object_path(&item, "period");
	if (json_is_object(prismiq_object_get(&item, "period")))
	{
		if (!prismiq_object_open(&offset, prismiq_object_get(&item, "period"),
								 compare->period_path, object->faults, prismiq_offset_keys))
			return;
		compare->period = PRISMIQ_COMPARE_OFFSET;
		(void) prismiq_object_name(&offset, "offset", true);
		compare->offset = prismiq_read_literal(reader, &offset, "offset");
		if (compare->offset == NULL || compare->offset->kind != PRISMIQ_LITERAL_STRING)
			return;
	}
	else
	{
		if (!prismiq_object_has(&item, "period"))
			prismiq_fault_add(object->faults, PRISMIQ_MISSING_FIELD, compare->period_path,
							  NULL, "\"period\" is required");
		period = prismiq_object_choice(&item, "period", prismiq_compare_names, true, -1);
		if (period < 0)
			return;
		compare->period = (PrismiqComparePeriod) period;
	}
	query->compare = compare;
}

/* top: {n, by, other?} */
static void
read_top(PrismiqQuery *query, PrismiqReader *reader, const PrismiqObject *object)
{
	PrismiqObject item;
	PrismiqTop *top;
	int64		n;

	if (!prismiq_object_has(object, "top") ||
		!prismiq_object_open(&item, prismiq_object_get(object, "top"),
							 prismiq_object_path(object, "top"), object->faults, prismiq_top_keys))
		return;
	top = palloc0(sizeof(PrismiqTop));
	top->path = prismiq_object_path(object, "top");
	if (!prismiq_object_has(&item, "n"))
		prismiq_fault_add(object->faults, PRISMIQ_MISSING_FIELD,
						  prismiq_object_path(&item, "n"), NULL, "\"n\" is required");
	n = prismiq_read_integer(reader, &item, "n", 1, PG_INT32_MAX, -1);
	(void) prismiq_object_name(&item, "by", true);
	top->n = n;
	top->by = read_alias(&item, "by");
	top->other = prismiq_object_boolean(&item, "other", true);
	query->top = top;
}

/* totals: true, or the names of the columns that are rolled up. */
static void
read_totals(PrismiqQuery *query, const PrismiqObject *object)
{
	const json_t *node = prismiq_object_get(object, "totals");
	PrismiqTotals *totals;

	if (node == NULL || json_is_null(node) || json_is_false(node) ||
		(json_is_array(node) && json_array_size(node) == 0))
		return;
	if (!json_is_true(node) && !json_is_array(node))
	{
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "totals"), NULL,
						  "\"totals\" is true or a list of columns of the answer");
		return;
	}
	totals = palloc0(sizeof(PrismiqTotals));
	totals->path = prismiq_object_path(object, "totals");
	totals->all = json_is_true(node);
	if (!totals->all)
		totals->aliases = read_aliases(object, "totals");
	query->totals = totals;
}

/* Everything that is computed over the grouped rows. */
void
prismiq_read_stages(PrismiqQuery *query, PrismiqReader *reader, const PrismiqObject *object)
{
	read_windows(query, reader, object);
	query->qualify = prismiq_read_conditions(reader, object, "qualify", PRISMIQ_OPERAND_OUTPUT);
	read_pivot(query, reader, object);
	read_compare(query, reader, object);
	read_top(query, reader, object);
	read_totals(query, object);
}
