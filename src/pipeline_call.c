/*-------------------------------------------------------------------------
 *
 * pipeline_call.c
 *	  What the functions of dashboards begin with: the rows of widgets, what is
 *	  said of their types, the dashboard's filters, options.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "access/context.h"
#include "base/edit.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/settings.h"
#include "compile/compile.h"
#include "doc/doc.h"
#include "pipeline.h"
#include "pipeline_widget.h"
#include "print/statement.h"
#include "read/read.h"
#include "run/run.h"
#include "run/sinks.h"
#include "who/who.h"

/* A value of a row of prismiq_compile_widgets(), or null. */
static const char *
row_text(const PrismiqKeptRow *row, PrismiqWidgetColumn column)
{
	return row->isnull[column] ? NULL : TextDatumGetCString(row->values[column]);
}

/* The same of an id, as text. */
static const char *
row_uuid(const PrismiqKeptRow *row, PrismiqWidgetColumn column)
{
	return row->isnull[column] ? NULL :
		DatumGetCString(DirectFunctionCall1(uuid_out, row->values[column]));
}

/* The same of a document. */
Jsonb *
prismiq_call_document(const PrismiqKeptRow *row, PrismiqWidgetColumn column)
{
	return row->isnull[column] ? NULL : DatumGetJsonbP(row->values[column]);
}

/* A widget's own config over its type's, and that over the type's that it is an alias of. */
static const json_t *
read_config(const PrismiqKeptRow *row)
{
	static const PrismiqWidgetColumn columns[] = {
		PRISMIQ_WIDGET_BASE_CONFIG, PRISMIQ_WIDGET_DEFAULT_CONFIG, PRISMIQ_WIDGET_CONFIG
	};
	PrismiqFaults faults = {NIL, NIL};
	Jsonb	   *config = NULL;
	int			i;

	for (i = 0; i < lengthof(columns); i++)
	{
		Jsonb	   *next = prismiq_call_document(row, columns[i]);

		if (next != NULL && JB_ROOT_IS_OBJECT(next))
			config = config == NULL ? next :
				DatumGetJsonbP(DirectFunctionCall2(jsonb_concat, JsonbPGetDatum(config),
												   JsonbPGetDatum(next)));
	}
	return config == NULL ? NULL : prismiq_json_from_jsonb(config, MaxAllocSize,
														   PRISMIQ_DOCUMENT_DEPTH, &faults);
}

/* The widget of a row, in the current memory context. */
PrismiqWidget *
prismiq_call_widget(const PrismiqKeptRow *row)
{
	PrismiqWidget *widget = palloc0(sizeof(PrismiqWidget));

	widget->id = row_uuid(row, PRISMIQ_WIDGET_ID);
	widget->own_type = row_text(row, PRISMIQ_WIDGET_TYPE);
	widget->type = row_text(row, PRISMIQ_WIDGET_BASE_TYPE);
	widget->shape = row_text(row, PRISMIQ_WIDGET_SHAPE);
	widget->title = row_text(row, PRISMIQ_WIDGET_TITLE);
	widget->query = prismiq_call_document(row, PRISMIQ_WIDGET_QUERY);
	widget->saved = row_uuid(row, PRISMIQ_WIDGET_SAVED);
	widget->default_query = prismiq_call_document(row, PRISMIQ_WIDGET_DEFAULT_QUERY);
	widget->config = read_config(row);
	if (widget->shape == NULL)
		widget->shape = widget->type = "custom";	/* its type is gone from the registry */
	return widget;
}

/* Run a statement that fetches rows of our own tables. */
static PrismiqKeptRows *
fetch(const PrismiqStatement *statement)
{
	PrismiqKeptRows *rows = palloc(sizeof(PrismiqKeptRows));
	PrismiqRunLimits limits = {0};
	int			i;

	prismiq_run(statement, &limits, prismiq_rows_kept_create(rows, &limits));
	for (i = 0; i < rows->ncolumns; i++)
		if (TupleDescAttr(rows->desc, i)->atttypid != statement->result_types[i])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
					 errmsg("a table of extension \"prismiq\" has a column of another type")));
	return rows;
}

/* The rows of a dashboard's widgets, or of one of them. */
PrismiqKeptRows *
prismiq_call_fetch(PrismiqDashboardCall *call, bool dashboard, Datum id)
{
	return fetch(prismiq_compile_widgets(call->tables, prismiq_context_require()->tenant_id,
										 dashboard, id));
}

/*
 * A widget that is not saved, as a function takes it, with its type as the registry
 * has it; PT404 where that, or its saved query, is not there for the caller.
 */
PrismiqWidget *
prismiq_call_unsaved(PrismiqDashboardCall *call, Jsonb *data)
{
	PrismiqFaults faults = {NIL, NIL};
	const json_t *node = prismiq_json_from_jsonb(data, PRISMIQ_DOCUMENT_BYTES,
												 PRISMIQ_DOCUMENT_DEPTH, &faults);
	const char *type = prismiq_json_text(node, "type");
	const char *saved = prismiq_json_text(node, "saved_query_id");
	const char *title = prismiq_json_text(node, "title");
	PrismiqKeptRows *rows = fetch(prismiq_compile_type(call->tables, type != NULL ? type : ""));
	PrismiqKeptRow *row;
	JsonbValue *config;
	JsonbValue *query;
	bool		isnull;
	Datum		value;

	if (rows->count == 0)
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "widget type not found");
	row = &rows->rows[0];
	config = getKeyJsonValueFromContainer(&data->root, "config", strlen("config"), NULL);
	query = getKeyJsonValueFromContainer(&data->root, "query", strlen("query"), NULL);
	row->isnull[PRISMIQ_WIDGET_CONFIG] = config == NULL || config->type != jbvBinary;
	if (!row->isnull[PRISMIQ_WIDGET_CONFIG])
		row->values[PRISMIQ_WIDGET_CONFIG] = JsonbPGetDatum(JsonbValueToJsonb(config));
	row->isnull[PRISMIQ_WIDGET_QUERY] = query == NULL || query->type != jbvBinary;
	if (!row->isnull[PRISMIQ_WIDGET_QUERY])
		row->values[PRISMIQ_WIDGET_QUERY] = JsonbPGetDatum(JsonbValueToJsonb(query));
	else if (saved != NULL)
	{
		row->values[PRISMIQ_WIDGET_SAVED] = DirectFunctionCall1(uuid_in, CStringGetDatum(saved));
		row->isnull[PRISMIQ_WIDGET_SAVED] = false;
		if (prismiq_run_one(prismiq_compile_saved(call->tables,
												  prismiq_context_require()->tenant_id, saved),
							NULL, &value, &isnull) && !isnull)
		{
			row->isnull[PRISMIQ_WIDGET_QUERY] = false;
			row->values[PRISMIQ_WIDGET_QUERY] = value;
		}
	}

	/* Without one it would get its type's when it is saved; null is none. */
	if (title != NULL)
		row->values[PRISMIQ_WIDGET_TITLE] = CStringGetTextDatum(title);
	if (json_object_get(node, "title") != NULL)
		row->isnull[PRISMIQ_WIDGET_TITLE] = title == NULL;
	return prismiq_call_widget(row);
}

/*
 * What every widget of the call has in common; raises what is wrong with the call's
 * arguments.  "row" is null where there is no dashboard.
 */
void
prismiq_call_begin(PrismiqDashboardCall *call, const PrismiqKeptRow *row, Jsonb *filters)
{
	PrismiqFaults faults = {NIL, NIL};

	prismiq_pipeline_start(call->options);
	call->memory = CurrentMemoryContext;
	if (row == NULL)
		return;
	call->timezone = row_text(row, PRISMIQ_WIDGET_TIMEZONE);
	call->filter_documents[0] = prismiq_call_document(row, PRISMIQ_WIDGET_FILTERS);
	call->filter_documents[1] = prismiq_call_document(row, PRISMIQ_WIDGET_FILTER_TABLES);
	call->filter_documents[2] = filters;
	call->placing.filters = prismiq_filters_read(call, &faults);
	prismiq_fault_raise_any(&faults);
}

/* The options that are not prismiq_query's; of a dashboard "widgets" are too. */
Jsonb *
prismiq_call_options(PrismiqDashboardCall *call, Jsonb *options, bool dashboard, List **ids)
{
	PrismiqFaults faults = {NIL, NIL};
	const json_t *root = prismiq_json_from_jsonb(options,
												 prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES),
												 PRISMIQ_DOCUMENT_DEPTH, &faults);
	int			i;

	if (root != NULL)
		prismiq_read_widget_options(root, &call->own, dashboard ? ids : NULL, &faults);
	call->some = prismiq_json_kind(json_object_get(root, "widgets")) == PRISMIQ_JSON_ARRAY;
	prismiq_fault_raise_any(&faults);
	if (!JB_ROOT_IS_OBJECT(options))
		return options;
	for (i = 0; i < PRISMIQ_WIDGET_OPTIONS - (dashboard ? 0 : 1); i++)
		options = prismiq_jsonb_without(options, prismiq_widget_option_keys[i]);
	return options;
}

/* The saved query that a widget shows was deleted, or is not for the caller. */
void
prismiq_call_reject_saved(void)
{
	prismiq_reject(PRISMIQ_NOT_FOUND, "The widget's saved query is not there for the caller.",
				   NULL, "saved query not found");
}
