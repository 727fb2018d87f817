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

#include "base/fault.h"
#include "entry/entry.h"
#include "pipeline.h"
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
