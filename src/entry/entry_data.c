/*-------------------------------------------------------------------------
 *
 * entry_data.c
 *	  prismiq_widget_data and prismiq_dashboard_data.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "base/fault.h"
#include "base/json.h"
#include "doc/doc.h"
#include "entry/entry.h"
#include "pipeline.h"
#include "pipeline_save.h"
#include "who/who.h"

/*
 * prismiq_widget_data(widget_id uuid, filters jsonb, options jsonb) returns
 * json
 *
 * The widget's answer with the dashboard's filters merged in; null for a
 * widget without a query.  PT404 when the caller does not see the widget.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_widget_data)
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
