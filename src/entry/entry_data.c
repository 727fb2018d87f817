/*-------------------------------------------------------------------------
 *
 * entry_data.c
 *	  prismiq_widget_data and prismiq_dashboard_data.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "access/endpoints.h"
#include "base/fault.h"
#include "base/json.h"
#include "doc/doc.h"
#include "entry/entry.h"
#include "pipeline.h"
#include "pipeline_drill.h"
#include "pipeline_options.h"
#include "pipeline_save.h"
#include "run/stat.h"
#include "who/who.h"

/*
 * prismiq_widget_data(widget_id uuid, filters jsonb, options jsonb) returns
 * json
 *
 * The widget's answer with the dashboard's filters merged in; null for a
 * widget without a query.  PT404 when the caller does not see the widget.
 */
PRISMIQ_COUNTED_FUNCTION(prismiq_widget_data)
{
	if (PG_ARGISNULL(0))
	{
		(void) prismiq_context_require();
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "widget not found");
	}
	PG_RETURN_POINTER(prismiq_pipeline_widget(prismiq_arg_tables(fcinfo, 3),
											  PG_GETARG_DATUM(0),
											  prismiq_arg_document(fcinfo, 1, "{}"),
											  prismiq_arg_document(fcinfo, 2, "{}"))->data);
}

/*
 * prismiq_internal.filter_tables(filters jsonb, queries jsonb, here regnamespace)
 * returns jsonb
 *
 * On which tables each filter is, for the triggers that keep it.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_filter_tables)
{
	PrismiqFaults faults = {NIL, NIL};

	if (prismiq_has_null(fcinfo))
		PG_RETURN_NULL();
	PG_RETURN_JSONB_P(prismiq_pipeline_filter_tables(
						prismiq_arg_tables(fcinfo, 2),
						prismiq_json_from_jsonb(PG_GETARG_JSONB_P(0), MaxAllocSize,
												PRISMIQ_DOCUMENT_DEPTH, &faults),
						prismiq_json_from_jsonb(PG_GETARG_JSONB_P(1), MaxAllocSize,
												PRISMIQ_DOCUMENT_DEPTH, &faults)));
}

/*
 * prismiq_dashboard_data(dashboard_id uuid, filters jsonb, options jsonb)
 * returns json
 *
 * {widget_id: answer or {"error": ...}} of every widget, from one snapshot.
 * PT404 when the caller does not see the dashboard.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_dashboard_data)
{
	if (PG_ARGISNULL(0))
	{
		(void) prismiq_context_require();
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "dashboard not found");
	}
	PG_RETURN_POINTER(prismiq_pipeline_dashboard(prismiq_arg_tables(fcinfo, 3),
												 PG_GETARG_DATUM(0),
												 prismiq_arg_document(fcinfo, 1, "{}"),
												 prismiq_arg_document(fcinfo, 2, "{}"))->data);
}

/*
 * prismiq_internal.endpoint_problem(function text, owner name) returns text
 *
 * Why no widget can be answered by a function; null when it can.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_endpoint_problem)
{
	PrismiqEndpoint endpoint;
	const char *problem;

	if (prismiq_has_null(fcinfo))
		PG_RETURN_NULL();
	problem = prismiq_endpoint_function(text_to_cstring(PG_GETARG_TEXT_PP(0)),
										NameStr(*PG_GETARG_NAME(1)), &endpoint);
	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem));
}

/*
 * prismiq_internal.widget_preview(widget jsonb, filters jsonb, options jsonb,
 * here regnamespace) returns json
 *
 * The answer of a widget that is not saved; it was looked at already.
 */
PRISMIQ_COUNTED_FUNCTION(prismiq_widget_preview)
{
	PG_RETURN_POINTER(prismiq_pipeline_preview(prismiq_arg_tables(fcinfo, 3),
											   prismiq_arg_document(fcinfo, 0, "{}"),
											   prismiq_arg_document(fcinfo, 1, "{}"),
											   prismiq_arg_document(fcinfo, 2, "{}"))->data);
}

/*
 * prismiq_filter_options(dashboard_id uuid, filter_id text, search text,
 * filters jsonb, max_values integer) returns json
 *
 * {options: [{value, label, count}], truncated}.  PT404 when the caller does not
 * see the dashboard, or it has no such filter.
 */
PRISMIQ_COUNTED_FUNCTION(prismiq_filter_options)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
	{
		(void) prismiq_context_require();
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "dashboard not found");
	}
	PG_RETURN_POINTER(prismiq_pipeline_filter_options(
						prismiq_arg_tables(fcinfo, 5), PG_GETARG_DATUM(0),
						text_to_cstring(PG_GETARG_TEXT_PP(1)),
						PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2)),
						prismiq_arg_document(fcinfo, 3, "{}"),
						PG_ARGISNULL(4) ? PRISMIQ_DEFAULT_OPTIONS : PG_GETARG_INT32(4))->data);
}

/* The id of a widget; PT404 for null. */
static Datum
widget_argument(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
	{
		(void) prismiq_context_require();
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "widget not found");
	}
	return PG_GETARG_DATUM(0);
}

/*
 * prismiq_widget_drill(widget_id uuid, point jsonb, filters jsonb, options jsonb)
 * returns json
 *
 * The rows behind a point of the widget's answer, as a table's answer.
 */
PRISMIQ_COUNTED_FUNCTION(prismiq_widget_drill)
{
	PG_RETURN_POINTER(prismiq_pipeline_drill(prismiq_arg_tables(fcinfo, 4),
											 widget_argument(fcinfo),
											 prismiq_arg_document(fcinfo, 1, "{}"),
											 prismiq_arg_document(fcinfo, 2, "{}"),
											 prismiq_arg_document(fcinfo, 3, "{}"))->data);
}

/*
 * prismiq_widget_spec(widget_id uuid, filters jsonb, options jsonb) returns json
 *
 * A picture of what the widget shows; null where it is none.
 */
PRISMIQ_COUNTED_FUNCTION(prismiq_widget_spec)
{
	StringInfo	spec = prismiq_pipeline_spec(prismiq_arg_tables(fcinfo, 3),
											 widget_argument(fcinfo),
											 prismiq_arg_document(fcinfo, 1, "{}"),
											 prismiq_arg_document(fcinfo, 2, "{}"));

	if (spec == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(spec->data);
}

/*
 * prismiq_widget_csv(widget_id uuid, filters jsonb, options jsonb) returns
 * "text/csv"
 *
 * What the widget shows, all pages of it, with its labels as the header.
 */
PRISMIQ_COUNTED_FUNCTION(prismiq_widget_csv)
{
	PG_RETURN_POINTER(prismiq_pipeline_widget_csv(prismiq_arg_tables(fcinfo, 3),
												  widget_argument(fcinfo),
												  prismiq_arg_document(fcinfo, 1, "{}"),
												  prismiq_arg_document(fcinfo, 2, "{}"))->data);
}
