/*-------------------------------------------------------------------------
 *
 * pipeline_custom.c
 *	  Drives a custom widget that is answered by a function of the application's.
 *
 * The function is called with the widget's parameters, those that the caller gives
 * over them, and the values of the dashboard's filters that are for the widget: what
 * it does with these nobody else can know, so they count as applied.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "access/endpoints.h"
#include "base/edit.h"
#include "base/fault.h"
#include "doc/config.h"
#include "model/merge.h"
#include "pipeline_widget.h"
#include "run/run.h"
#include "show/custom.h"
#include "show/show.h"

/* The name of the function that a widget is to be answered by, or null. */
const char *
prismiq_custom_endpoint(const PrismiqWidget *widget)
{
	return strcmp(widget->shape, "custom") == 0 ?
		prismiq_json_text(widget->config, "endpoint") : NULL;
}

/*
 * Note that there is no such endpoint for the caller, who is not told whether there is
 * one for others; of a config at "path".
 */
void
prismiq_custom_missing(Oid tables, const char *name, const PrismiqPath *path,
					   PrismiqFaults *faults)
{
	char	   *nearest = prismiq_endpoint_nearest(tables, name, faults);

	prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE,
					  prismiq_path_key(path, "endpoint", prismiq_widget_config_keys),
					  nearest != NULL ? nearest :
					  "It has to be registered, and its function executable for the role.",
					  "endpoint \"%s\" not found", name);
}

/* {filter id: value in force} of those that have one and are for the widget; null: none. */
static char *
filter_values(const PrismiqDashboardCall *call)
{
	StringInfoData buf;
	ListCell   *lc;
	bool		any = false;

	initStringInfo(&buf);
	prismiq_write_open(&buf, '{');
	foreach(lc, call->placing.filters)
	{
		const PrismiqDashboardFilter *filter = (const PrismiqDashboardFilter *) lfirst(lc);

		if (filter->tests == NIL || filter->written == NULL ||
			!prismiq_filter_applies(filter, call->placing.widget_id))
			continue;
		any = true;
		prismiq_write_key(&buf, filter->id);
		prismiq_write_literal(&buf, filter->written);
	}
	prismiq_write_close(&buf, '}');
	return any ? buf.data : NULL;
}

/* What the function is called with. */
static Jsonb *
make_params(const PrismiqDashboardCall *call, const PrismiqWidget *widget)
{
	const json_t *parameters = json_object_get(widget->config, "parameters");
	char	   *filters = filter_values(call);
	Jsonb	   *given = !prismiq_jsonb_has(call->options, "params") ? NULL :
		prismiq_jsonb_member(call->options, "params");
	StringInfoData buf;
	Jsonb	   *params;

	initStringInfo(&buf);
	if (prismiq_json_kind(parameters) == PRISMIQ_JSON_OBJECT)
		prismiq_write_json(&buf, parameters);
	else
		appendStringInfoString(&buf, "{}");
	params = prismiq_jsonb_from_text(buf.data);
	if (given != NULL && JB_ROOT_IS_OBJECT(given))
		params = prismiq_jsonb_merge(params, given);
	params = prismiq_jsonb_without(params, "filters");	/* which are the dashboard's */
	if (filters != NULL)
		params = prismiq_jsonb_merge(params,
									 prismiq_jsonb_wrap("filters",
														prismiq_jsonb_from_text(filters)));
	return params;
}

/*
 * What the function of an endpoint returns; raises where there is none of that name, or
 * it is not for the caller.
 */
const PrismiqCustomData *
prismiq_custom_call(PrismiqDashboardCall *call, const PrismiqWidget *widget, const char *name)
{
	PrismiqCustomData *data = palloc0(sizeof(PrismiqCustomData));
	PrismiqFaults faults = {NIL, NIL};
	PrismiqEndpoint endpoint;

	if (!prismiq_endpoint_find(call->tables, name, &endpoint))
	{
		prismiq_custom_missing(call->tables, name, prismiq_path_key(NULL, "config", NULL),
							   &faults);
		prismiq_fault_raise_any(&faults);
	}
	data->endpoint = name;
	data->type = endpoint.function.type;
	if (!prismiq_run_function(&endpoint.function,
							  JsonbPGetDatum(make_params(call, widget)), &data->value))
		prismiq_reject(PRISMIQ_DENIED, NULL, "It takes EXECUTE on the function that answers it.",
					   "permission denied for endpoint \"%s\"", name);
	return data;
}
