/*-------------------------------------------------------------------------
 *
 * pipeline_options.c
 *	  Drives what a dashboard's filter can be set to, and a widget that is not
 *	  saved.
 *
 * The values of a column are asked for by a definition, like all else: so they
 * are the tenant's own, of what the caller may see, under the values of the
 * other filters.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "catalog/pg_collation.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "access/access.h"
#include "base/edit.h"
#include "base/fault.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "compile/compile.h"
#include "doc/doc.h"
#include "model/merge.h"
#include "pipeline.h"
#include "pipeline_options.h"
#include "pipeline_widget.h"
#include "run/run.h"
#include "run/sinks.h"
#include "run/stat.h"
#include "show/show.h"
#include "who/who.h"

/* The most options that can be asked for. */
#define MAX_OPTIONS 1000

/* One call for a filter's options. */
typedef struct Choosing
{
	PrismiqDashboardCall call;
	PrismiqDashboardFilter *filter;
	const PrismiqKeptRows *widgets;	/* of the dashboard */
	const json_t *node;			/* as the dashboard has it */
	const json_t *source;		/* the definition whose calculated field it is on; or null */
	const char *search;			/* in lower case; null: all */
	int64		most;
	int64		count;			/* written so far */
	bool		truncated;
	StringInfo	buf;
} Choosing;

/* A text in lower case, as the database folds it. */
static char *
folded(const char *text)
{
	return str_tolower(text, strlen(text), DEFAULT_COLLATION_OID);
}

/* Is what is searched for in a label? */
static bool
matches(const Choosing *choosing, const char *label)
{
	return choosing->search == NULL || (label != NULL &&
										strstr(folded(label), choosing->search) != NULL);
}

/* The head of an option, as far as its value; false where it is not wanted, or one too many. */
static bool
open_option(Choosing *choosing, const char *label)
{
	if (!matches(choosing, label))
		return false;
	if (choosing->count >= choosing->most)
	{
		choosing->truncated = true;
		return false;
	}
	choosing->count++;
	prismiq_write_open(choosing->buf, '{');
	prismiq_write_key(choosing->buf, "label");
	prismiq_write_text(choosing->buf, label);
	prismiq_write_key(choosing->buf, "value");
	return true;
}

/* Its end. */
static void
close_option(Choosing *choosing)
{
	prismiq_write_close(choosing->buf, '}');
}

/* A scalar as text: what an option without a label is called. */
static const char *
scalar_text(const json_t *node)
{
	StringInfoData buf;

	if (prismiq_json_kind(node) == PRISMIQ_JSON_STRING)
		return prismiq_json_string(node);
	initStringInfo(&buf);
	prismiq_write_json(&buf, node);
	return buf.data;
}

/* The options that the dashboard lists. */
static void
write_static(Choosing *choosing, const json_t *options)
{
	size_t		i;

	for (i = 0; i < json_array_size(options); i++)
	{
		const json_t *node = json_array_get(options, i);
		bool		is_object = prismiq_json_kind(node) == PRISMIQ_JSON_OBJECT;
		const json_t *value = is_object ? json_object_get(node, "value") : node;
		const char *label = is_object ? prismiq_json_text(node, "label") : NULL;

		if (!open_option(choosing, label != NULL ? label : scalar_text(value)))
			continue;
		prismiq_write_json(choosing->buf, value);
		prismiq_write_key(choosing->buf, "count");
		prismiq_write_literal(choosing->buf, "null");
		close_option(choosing);
	}
}

/* The label that the dashboard gives a value, or null. */
static const char *
listed_label(const Choosing *choosing, const char *value)
{
	const json_t *options = json_object_get(choosing->node, "options");
	size_t		i;

	for (i = 0; value != NULL && i < json_array_size(options); i++)
	{
		const json_t *node = json_array_get(options, i);

		if (prismiq_json_kind(node) == PRISMIQ_JSON_OBJECT &&
			strcmp(scalar_text(json_object_get(node, "value")), value) == 0)
			return prismiq_json_text(node, "label");
	}
	return NULL;
}

/* The definition, or one inside it, that has a calculated field of a name; or null. */
static const json_t *
find_source(const json_t *definition, const char *field)
{
	const json_t *fields = json_object_get(definition, "calculated_fields");
	const json_t *tables = json_object_get(definition, "tables");
	const json_t *found = NULL;
	size_t		i;

	check_stack_depth();
	for (i = 0; i < json_array_size(fields); i++)
	{
		const char *name = prismiq_json_text(json_array_get(fields, i), "name");

		if (name != NULL && strcmp(name, field) == 0)
			return definition;
	}
	for (i = 0; found == NULL && i < json_array_size(tables); i++)
		found = find_source(json_object_get(json_array_get(tables, i), "query"), field);
	return found;
}

/*
 * The first table of the widgets' queries that the filter has a place on; or null, and
 * the first of them in which it has one on a calculated field.
 */
static const char *
look_for_table(Choosing *choosing)
{
	PrismiqDashboardFilter filter = *choosing->filter;
	PrismiqPlacing placing = {.filters = list_make1(&filter), .saving = true};
	PrismiqFaults faults = {NIL, NIL};
	ListCell   *lc;
	int64		i;

	filter.restricted = false;
	for (i = 0; i < choosing->widgets->count; i++)
	{
		Jsonb	   *query = prismiq_call_document(&choosing->widgets->rows[i],
												  PRISMIQ_WIDGET_QUERY);
		const json_t *definition = query == NULL ? NULL :
			prismiq_json_from_jsonb(query, MaxAllocSize, PRISMIQ_DOCUMENT_DEPTH, &faults);

		if (definition != NULL)
			prismiq_pipeline_look(choosing->call.tables, definition, NULL, &placing, &faults);
		foreach(lc, placing.places)
			if (lfirst(lc) != NULL)
				return (const char *) lfirst(lc);
		if (placing.places != NIL && choosing->source == NULL && filter.table == NULL)
			choosing->source = find_source(definition, filter.field);
	}
	return NULL;
}

/*
 * The table that the filter is on: what it names, else the first that it was known
 * to be on when it was saved, else one that has its field.
 */
static const char *
find_table(Choosing *choosing)
{
	const PrismiqDashboardFilter *filter = choosing->filter;

	if (filter->table != NULL)
		return filter->table;
	return filter->known_on != NIL ? (const char *) linitial(filter->known_on) :
		look_for_table(choosing);
}

/* "table_id" and "column": without a table it is a calculated field. */
static void
write_operand(StringInfo buf, const char *table, const char *column)
{
	if (table != NULL)
	{
		prismiq_write_key(buf, "table_id");
		prismiq_write_text(buf, table);
	}
	prismiq_write_key(buf, "column");
	prismiq_write_text(buf, column);
}

/*
 * How many rows of a table each value of a column, or calculated field, has.  What is
 * searched for is asked of the database where the label is the text itself, and no more
 * rows than options where every one is an option.
 */
static void
write_counted(const Choosing *choosing, StringInfo buf, const char *counted, const char *table,
			  const char *column, bool asks)
{
	prismiq_write_key(buf, "columns");
	prismiq_write_literal(buf, "[{\"alias\":\"value\"");
	write_operand(buf, table, column);
	appendStringInfoString(buf, "},{\"aggregation\":\"count\",\"alias\":\"count\"");
	write_operand(buf, counted, "*");
	appendStringInfoString(buf, "}],\"filters\":[{\"operator\":");
	prismiq_write_text(buf, asks ? "contains" : "is_not_null");
	write_operand(buf, table, column);
	if (asks)
	{
		prismiq_write_key(buf, "value");
		prismiq_write_text(buf, choosing->search);
	}
	appendStringInfoString(buf, "}],\"order_by\":[{\"alias\":\"count\",\"direction\":\"DESC\"},"
						   "{\"alias\":\"value\"}]");
	if (asks || choosing->search == NULL)
		appendStringInfo(buf, ",\"limit\":" INT64_FORMAT, choosing->most + 1);
}

/* The definition of a column's values. */
static Jsonb *
make_definition(const Choosing *choosing, const PrismiqTable *table, const PrismiqColumnRef *ref)
{
	bool		asks = choosing->search != NULL && prismiq_type_is_text(ref->basetype) &&
		json_array_size(json_object_get(choosing->node, "options")) == 0;
	StringInfoData buf;

	initStringInfo(&buf);
	prismiq_write_literal(&buf, "{\"tables\":[{\"id\":\"t\",\"name\":");
	prismiq_write_text(&buf, table->relname);
	prismiq_write_key(&buf, "schema");
	prismiq_write_text(&buf, table->nspname);
	appendStringInfoString(&buf, "}]");
	write_counted(choosing, &buf, "t", "t", ref->name, asks);
	prismiq_write_close(&buf, '}');
	return prismiq_jsonb_from_text(buf.data);
}

/*
 * The same of a calculated field, over the tables of the definition that has it: the rows
 * of the first of them are counted.
 */
static Jsonb *
make_calculated(const Choosing *choosing)
{
	static const char *const members[] = {"tables", "joins", "calculated_fields", "params"};
	const json_t *first = json_array_get(json_object_get(choosing->source, "tables"), 0);
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	prismiq_write_open(&buf, '{');
	for (i = 0; i < lengthof(members); i++)
	{
		const json_t *member = json_object_get(choosing->source, members[i]);

		if (member == NULL)
			continue;
		prismiq_write_key(&buf, members[i]);
		prismiq_write_json(&buf, member);
	}
	write_counted(choosing, &buf, prismiq_json_text(first, "id"), NULL, choosing->filter->field,
				  false);
	prismiq_write_close(&buf, '}');
	return prismiq_jsonb_from_text(buf.data);
}

/* The other filters: their values decide which rows are counted. */
static void
leave_out(Choosing *choosing)
{
	choosing->call.altered = true;
	choosing->call.placing.filters =
		list_delete_ptr(list_copy(choosing->call.placing.filters), choosing->filter);
}

/* The options that the rows have, most rows first. */
static void
write_dynamic(Choosing *choosing)
{
	const PrismiqContext *who = prismiq_context_require();
	const PrismiqTenantConfig *config = prismiq_config_get(choosing->call.tables, who->tenant_id);
	const char *name = find_table(choosing);
	PrismiqTable *table = name == NULL ? NULL : prismiq_table_resolve(name, who, config);
	PrismiqPipeline pipeline;
	PrismiqColumnRef ref;
	PrismiqKeptRows rows;
	PrismiqRunLimits limits;
	PrismiqFormatLocale locale;
	PrismiqShown *shown;
	Jsonb	   *definition;
	int64		row;

	memset(&ref, 0, sizeof(ref));
	if (name == NULL ? choosing->source == NULL :
		table == NULL || !prismiq_column_find(table, choosing->filter->field, &ref))
		prismiq_reject_argument("filter_id", NULL, "filter \"%s\" is on column \"%s\", which no "
								"table of the dashboard has", choosing->filter->id,
								choosing->filter->field);
	leave_out(choosing);
	definition = name != NULL ? make_definition(choosing, table, &ref) :
		make_calculated(choosing);
	prismiq_pipeline_counted(definition, NULL);
	prismiq_widget_prepare(&choosing->call, choosing->call.options, &pipeline, definition);
	prismiq_pipeline_raise(&pipeline);
	prismiq_run_limits(&limits);
	prismiq_run(pipeline.statement, &limits, prismiq_rows_kept_create(&rows, &limits));
	prismiq_stat_rows(rows.count);
	choosing->truncated = rows.truncated;
	locale = prismiq_widget_locale(&pipeline);
	shown = prismiq_show_columns(pipeline.query, pipeline.statement, &rows, NULL, false,
								 &locale);
	for (row = 0; row < rows.count; row++)
	{
		const char *label = listed_label(choosing, prismiq_show_plain(shown, row, 0));

		if (!open_option(choosing, label != NULL ? label :
						 prismiq_show_formatted(shown, row, 0)))
			continue;
		prismiq_write_cell(choosing->buf, shown, row, 0);
		prismiq_write_key(choosing->buf, "count");
		prismiq_write_cell(choosing->buf, shown, row, 1);
		close_option(choosing);
	}
}

/* The filter of the dashboard that has the id; PT404 when there is none. */
static void
find_filter(Choosing *choosing, Jsonb *filters, const char *id)
{
	PrismiqFaults faults = {NIL, NIL};
	const json_t *nodes = filters == NULL ? NULL :
		prismiq_json_from_jsonb(filters, MaxAllocSize, PRISMIQ_DOCUMENT_DEPTH, &faults);
	ListCell   *lc;
	size_t		i;

	foreach(lc, choosing->call.placing.filters)
		if (strcmp(((const PrismiqDashboardFilter *) lfirst(lc))->id, id) == 0)
			choosing->filter = (PrismiqDashboardFilter *) lfirst(lc);
	for (i = 0; i < json_array_size(nodes); i++)
	{
		const char *of = prismiq_json_text(json_array_get(nodes, i), "id");

		if (of != NULL && strcmp(of, id) == 0)
			choosing->node = json_array_get(nodes, i);
	}
	if (choosing->filter == NULL || choosing->node == NULL)
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "filter not found");
}

/* See the header. */
StringInfo
prismiq_pipeline_filter_options(Oid tables, Datum dashboard_id, const char *filter_id,
								const char *search, Jsonb *filters, int32 max_values)
{
	Choosing	choosing = {.call = {.tables = tables}};
	PrismiqKeptRows *rows = prismiq_call_fetch(&choosing.call, true, dashboard_id);
	const json_t *options;

	if (rows->count == 0)
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "dashboard not found");
	if (max_values < 1 || max_values > MAX_OPTIONS)
		prismiq_reject_argument("max_values", NULL, "max_values must be from 1 to %d", MAX_OPTIONS);
	choosing.call.options = prismiq_jsonb_from_text("{}");
	prismiq_call_begin(&choosing.call, &rows->rows[0], filters);
	find_filter(&choosing, prismiq_call_document(&rows->rows[0], PRISMIQ_WIDGET_FILTERS),
				filter_id);
	choosing.widgets = rows;
	choosing.search = search == NULL || search[0] == '\0' ? NULL : folded(search);
	choosing.most = max_values;
	choosing.buf = makeStringInfo();
	appendStringInfoSpaces(choosing.buf, VARHDRSZ);
	appendStringInfoString(choosing.buf, "{\"options\":");
	prismiq_write_open(choosing.buf, '[');
	options = json_object_get(choosing.node, "options");
	if (json_array_size(options) > 0 && !json_is_true(json_object_get(choosing.node, "dynamic")))
		write_static(&choosing, options);
	else
		write_dynamic(&choosing);
	prismiq_write_close(choosing.buf, ']');
	prismiq_write_key(choosing.buf, "truncated");
	prismiq_write_literal(choosing.buf, choosing.truncated ? "true" : "false");
	prismiq_write_close(choosing.buf, '}');
	SET_VARSIZE(choosing.buf->data, choosing.buf->len);
	return choosing.buf;
}
