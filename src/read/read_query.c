/*-------------------------------------------------------------------------
 *
 * read_query.c
 *	  A query definition, from JSON to the model.
 *
 * Only the shape is looked at here: kinds of values, known keys, limits on
 * how much of each there may be.  What the names mean is the walkers' business.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "base/names.h"
#include "base/settings.h"
#include "model/answer.h"
#include "model/known_keys.h"
#include "model/measure.h"
#include "model/options.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"
#include "read/read.h"
#include "read/shapes.h"

/* fan_out: what a definition may ask for where joins repeat rows. */
const char *const prismiq_fan_out_names[] = {
	[PRISMIQ_FAN_OUT_CORRECT] = "correct",
	[PRISMIQ_FAN_OUT_ERROR] = "error",
	[PRISMIQ_FAN_OUT_ALLOW] = "allow",
	NULL
};

/* Keys in the order of the contract; faults are reported in that order. */
const char *const prismiq_grouped_keys[] = {
	"table_id", "column", "path", "type", "unnest", NULL
};
const char *const prismiq_order_keys[] = {
	"table_id", "column", "path", "type", "alias", "direction", "nulls", NULL
};

/* What a table is: a name, a nested definition or a saved one. */
static void
read_source(PrismiqReader *reader, PrismiqTable *table, const PrismiqObject *item)
{
	static const char *const sources[] = {"name", "query", "saved_query"};
	int			given = 0;
	int			i;

	for (i = 0; i < lengthof(sources); i++)
		given += prismiq_object_has(item, sources[i]);
	if (given > 1)
	{
		prismiq_fault_add(item->faults, PRISMIQ_INVALID_VALUE, table->path, NULL,
						  "a table has one of \"name\", \"query\" and \"saved_query\"");
		return;
	}
	if (prismiq_object_has(item, "query"))
		table->query = prismiq_read_nested(reader, prismiq_object_get(item, "query"),
										   prismiq_object_path(item, "query"));
	else if (prismiq_object_has(item, "saved_query"))
		table->saved_query = prismiq_object_uuid(item, "saved_query", true);
	else
		table->name = prismiq_object_name(item, "name", true);
	table->schema = prismiq_object_name(item, "schema", false);
	if (table->schema != NULL && given > 0 && !prismiq_object_has(item, "name"))
		prismiq_fault_add(item->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(item, "schema"), NULL,
						  "only a table with a name has a schema");
}

/* A list that must be there, and not empty. */
static void
require_one(const PrismiqObject *object, const char *key, const PrismiqElements *elements,
			const char *what)
{
	if (!prismiq_object_has(object, key))
		prismiq_fault_add(object->faults, PRISMIQ_MISSING_FIELD, elements->list_path, NULL,
						  "\"%s\" is required", key);
	else if (elements->array != NULL && json_array_size(elements->array) == 0)
		prismiq_fault_add(object->faults, PRISMIQ_EMPTY_QUERY, elements->list_path, NULL,
						  "a query needs at least one %s", what);
}

/* tables: at least one, each with an id of its own. */
static void
read_tables(PrismiqReader *reader, PrismiqQuery *query, const PrismiqObject *object)
{
	PrismiqElements elements = prismiq_elements_of(object, "tables", PRISMIQ_MAX_TABLES);
	PrismiqNames ids = {0};

	require_one(object, "tables", &elements, "table");
	while (prismiq_elements_next(&elements))
	{
		PrismiqObject item;
		PrismiqTable *table = palloc0(sizeof(PrismiqTable));
		bool		taken = false;

		table->path = elements.path;
		table->listed = true;
		table->index = elements.index;
		query->tables = lappend(query->tables, table);
		if (!prismiq_object_open(&item, elements.node, table->path,
								 object->faults, prismiq_table_keys))
			continue;
		table->id = prismiq_object_name(&item, "id", true);
		read_source(reader, table, &item);
		table->alias = prismiq_object_text(&item, "alias", false);
		if (table->id != NULL)
			prismiq_names_add(&ids, table->id, &taken);
		if (taken)
		{
			prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
							  prismiq_object_path(&item, "id"), NULL,
							  "table id \"%s\" is used twice", table->id);
			table->id = NULL;
		}
	}
}

/* A column whose aggregation could not be read counts as a measure to all else. */
static void
read_column(PrismiqReader *reader, PrismiqQuery *query, const json_t *node,
			const PrismiqPath *path)
{
	PrismiqFaults *faults = reader->faults;
	PrismiqObject item;
	PrismiqColumn *column = palloc0(sizeof(PrismiqColumn));
	bool		plain;			/* no aggregation, and none was meant */
	int			errors;
	int			left_out = list_length(reader->left_out);

	if (!prismiq_object_open(&item, node, path, faults, prismiq_column_keys))
		return;
	if (prismiq_object_has(&item, "measure"))
	{
		query->columns = lappend(query->columns, prismiq_read_named(&item));
		return;
	}
	column->path = path;
	column->ref = prismiq_read_column_ref(&item);
	errors = list_length(faults->errors);
	column->aggregation = prismiq_read_aggregation(&item, false);
	column->unread = list_length(faults->errors) > errors;
	plain = column->aggregation == PRISMIQ_AGG_NONE && !column->unread;
	if (column->unread)
		column->aggregation = PRISMIQ_AGG_SUM;	/* so that it is a measure to all else */
	column->aggregation_path = prismiq_object_path(&item, "aggregation");
	column->alias = prismiq_read_alias(&item, false);
	column->date_trunc = prismiq_object_name(&item, "date_trunc", false);
	column->date_trunc_path = prismiq_object_path(&item, "date_trunc");
	prismiq_read_source_timezone(reader, &item, column->ref);
	column->distinct = prismiq_object_boolean(&item, "distinct", false);
	column->distinct_path = prismiq_object_path(&item, "distinct");
	column->ref->unnest = prismiq_object_boolean(&item, "unnest", false);
	if (column->ref->unnest && !plain && !column->unread)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, prismiq_object_path(&item, "unnest"),
						  "Leave the aggregation out: the rows are grouped by the elements.",
						  "\"unnest\" goes with no aggregation");
	if (column->distinct && plain)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, column->distinct_path, NULL,
						  "\"distinct\" needs an aggregation");
	column->filters = prismiq_read_conditions(reader, &item, "filters", PRISMIQ_OPERAND_COLUMN);
	if (plain && (column->filters != NULL || list_length(reader->left_out) > left_out))
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, prismiq_object_path(&item, "filters"),
						  "Put conditions on the rows into the query's own \"filters\".",
						  "\"filters\" of a column need an aggregation");
	if (!column->unread)
		column->args = prismiq_read_aggregate_args(reader, &item, column->aggregation);
	column->hints.date_format = prismiq_object_text(&item, "date_format", false);
	column->hints.format = prismiq_object_text(&item, "format", false);
	column->hints.display_name = prismiq_object_text(&item, "display_name", false);
	query->columns = lappend(query->columns, column);
}

/* columns: at least one. */
static void
read_columns(PrismiqReader *reader, PrismiqQuery *query, const PrismiqObject *object)
{
	PrismiqElements elements = prismiq_elements_of(object, "columns", PRISMIQ_MAX_COLUMNS);

	require_one(object, "columns", &elements, "column");
	while (prismiq_elements_next(&elements))
		read_column(reader, query, elements.node, elements.path);
}

/* group_by */
static void
read_group_by(PrismiqQuery *query, const PrismiqObject *object)
{
	PrismiqElements elements = prismiq_elements_of(object, "group_by", PRISMIQ_MAX_COLUMNS);

	/* Front ends send an empty list when they mean "derive it". */
	query->has_group_by = elements.count > 0;
	while (prismiq_elements_next(&elements))
	{
		PrismiqObject item;

		PrismiqColumnRef *ref;

		if (!prismiq_object_open(&item, elements.node, elements.path,
								 object->faults, prismiq_grouped_keys))
			continue;
		ref = prismiq_read_column_ref(&item);
		ref->unnest = prismiq_object_boolean(&item, "unnest", false);
		query->group_by = lappend(query->group_by, ref);
	}
}

/* order_by: by column or by alias. */
static void
read_order_by(PrismiqQuery *query, const PrismiqObject *object)
{
	PrismiqElements elements = prismiq_elements_of(object, "order_by", PRISMIQ_MAX_COLUMNS);

	while (prismiq_elements_next(&elements))
	{
		PrismiqObject item;
		PrismiqOrder *order = palloc0(sizeof(PrismiqOrder));

		order->path = elements.path;
		if (!prismiq_object_open(&item, elements.node, order->path,
								 object->faults, prismiq_order_keys))
			continue;
		order->alias = prismiq_object_name(&item, "alias", false);
		order->alias_path = prismiq_object_path(&item, "alias");
		if (order->alias == NULL)
			order->ref = prismiq_read_column_ref(&item);
		else
		{
			(void) prismiq_object_name(&item, "table_id", false);
			prismiq_read_no_inside(&item, "an alias");
		}
		if (order->alias != NULL && prismiq_object_has(&item, "column"))
			prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE, order->path, NULL,
							  "order by a column or by an alias, not both");
		prismiq_read_direction(order, &item);
		query->order_by = lappend(query->order_by, order);
	}
}

/* Put a test into a group of its like, which is made for the first one. */
static void
keep_test(PrismiqCondition **group, PrismiqCondition *test)
{
	if (*group == NULL)
		*group = prismiq_condition_make(PRISMIQ_CONDITION_AND, test->path);
	PrismiqGroupOf(*group)->members = lappend(PrismiqGroupOf(*group)->members, test);
}

/* Conditions that are left out still say which tables they are on, and may have faults. */
static void
keep_left_out(PrismiqQuery *query, const PrismiqReader *reader)
{
	ListCell   *lc;

	foreach(lc, reader->left_out)
	{
		PrismiqCondition *condition = (PrismiqCondition *) lfirst(lc);
		PrismiqTest *test = PrismiqTestOf(condition);

		if (test->on == PRISMIQ_OPERAND_MEASURE)
			keep_test(&query->left_out_having, condition);
		if (test->on != PRISMIQ_OPERAND_COLUMN)
			continue;
		if (test->operand.column.scope == PRISMIQ_SCOPE_JOIN)
			test->operand.column.scope = PRISMIQ_SCOPE_ROWS;	/* there is no ON that it is in */
		keep_test(&query->left_out, condition);
	}
}

/* Each key by itself: what is wrong with one hides nothing of another. */
static void
read_keys(PrismiqReader *reader, PrismiqQuery *query, const PrismiqObject *object)
{
	read_tables(reader, query, object);
	prismiq_read_joins(query, object);
	read_columns(reader, query, object);
	query->filters = prismiq_read_conditions(reader, object, "filters", PRISMIQ_OPERAND_COLUMN);
	query->having = prismiq_read_conditions(reader, object, "having", PRISMIQ_OPERAND_MEASURE);
	read_group_by(query, object);
	read_order_by(query, object);
	query->limit = prismiq_read_integer(reader, object, "limit", 0, PG_INT64_MAX, -1);
	query->offset = prismiq_read_integer(reader, object, "offset", 0, PG_INT64_MAX, 0);
	if (prismiq_object_has(object, "time_series"))
		query->time_series = prismiq_read_time_series(reader, object);
	prismiq_read_fields(query, object);
	prismiq_read_stages(query, reader, object);
	keep_left_out(query, reader);
	query->fan_out = prismiq_object_choice(object, "fan_out", prismiq_fan_out_names, false,
										   PRISMIQ_FAN_OUT_CORRECT);
}

/* A reader of a definition that stands so deep in others; without options a parameter is none. */
PrismiqReader
prismiq_reader_make(int depth, const PrismiqQueryOptions *options, PrismiqFaults *faults)
{
	PrismiqReader reader = {0};

	reader.faults = faults;
	reader.options = options;
	reader.depth = depth;
	reader.max_nesting = prismiq_limit(PRISMIQ_MAX_NESTING);
	reader.max_filters = prismiq_limit(PRISMIQ_MAX_FILTERS);
	return reader;
}

/*
 * Read a definition that stands at "path" of a document.  Always returns a
 * model, whole or in part; the faults say which.
 */
PrismiqQuery *
prismiq_read_query_at(const json_t *root, const PrismiqPath *path,
					  const PrismiqQueryOptions *options, PrismiqFaults *faults)
{
	PrismiqQuery *query = palloc0(sizeof(PrismiqQuery));
	PrismiqReader reader = prismiq_reader_make(1, options, faults);
	PrismiqObject object;

	query->limit = -1;
	if (prismiq_json_kind(root) != PRISMIQ_JSON_OBJECT)
	{
		prismiq_fault_add(faults, PRISMIQ_INVALID_JSON, path, NULL,
						  "a query definition must be a JSON object, not %s",
						  prismiq_json_kind_name(prismiq_json_kind(root)));
		return query;
	}
	(void) prismiq_object_open(&object, root, path, faults, prismiq_query_keys);
	prismiq_read_params(&reader, &object, options);
	read_keys(&reader, query, &object);
	return query;
}

/* The same for one that is a document of its own. */
PrismiqQuery *
prismiq_read_query(const json_t *root, const PrismiqQueryOptions *options,
				   PrismiqFaults *faults)
{
	return prismiq_read_query_at(root, NULL, options, faults);
}

/*
 * A definition inside another: it sees the parameters of what is around it,
 * and counts its conditions with theirs.  Null when it is none, or too deep.
 */
PrismiqQuery *
prismiq_read_nested(PrismiqReader *outer, const json_t *node, const PrismiqPath *path)
{
	PrismiqQuery *query = palloc0(sizeof(PrismiqQuery));
	PrismiqReader reader = prismiq_reader_make(outer->depth + 1, outer->options, outer->faults);
	PrismiqObject object;

	check_stack_depth();
	if (reader.depth > reader.max_nesting)
	{
		prismiq_fault_add(outer->faults, PRISMIQ_TOO_COMPLEX, path,
						  prismiq_limit_hint(PRISMIQ_MAX_NESTING, "Nest less"),
						  "definitions are nested more than %d deep", reader.max_nesting);
		return NULL;
	}
	if (!prismiq_object_open(&object, node, path, outer->faults, prismiq_query_keys))
		return NULL;
	query->limit = -1;
	reader.filters = outer->filters;
	reader.alternatives = outer->alternatives;
	reader.outer = outer;
	prismiq_read_params(&reader, &object, outer->options);
	read_keys(&reader, query, &object);
	outer->filters = reader.filters;
	outer->alternatives = reader.alternatives;
	return query;
}

/* A saved definition that another one uses as a table, "depth" levels deep. */
PrismiqQuery *
prismiq_read_saved(const json_t *node, const PrismiqPath *path, int depth,
				   const PrismiqQueryOptions *options, PrismiqFaults *faults)
{
	PrismiqReader outer = prismiq_reader_make(depth - 1, options, faults);

	return prismiq_read_nested(&outer, node, path);
}
