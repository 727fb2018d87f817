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

#include "pipeline.h"

PGDLLEXPORT Datum prismiq_widget_data(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_dashboard_data(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_widget_data);
PG_FUNCTION_INFO_V1(prismiq_dashboard_data);

/*
 * prismiq_widget_data(widget_id uuid, filters jsonb, options jsonb) returns
 * json
 *
 * The widget's answer with the dashboard's filters merged in; null for a
 * widget without a query.  PT404 when the caller does not see the widget.
 */
Datum
prismiq_widget_data(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(prismiq_pipeline_widget(PG_GETARG_DATUM(0), PG_GETARG_JSONB_P(1),
											  PG_GETARG_JSONB_P(2))->data);
}

/*
 * prismiq_dashboard_data(dashboard_id uuid, filters jsonb, options jsonb)
 * returns json
 *
 * {widget_id: answer or {"error": ...}} of every widget, from one snapshot.
 * PT404 when the caller does not see the dashboard.
 */
Datum
prismiq_dashboard_data(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(prismiq_pipeline_dashboard(PG_GETARG_DATUM(0), PG_GETARG_JSONB_P(1),
												 PG_GETARG_JSONB_P(2))->data);
}
