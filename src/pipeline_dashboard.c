/*-------------------------------------------------------------------------
 *
 * pipeline_dashboard.c
 *	  Drives the queries of one widget, or of a whole dashboard, with the
 *	  dashboard's filters merged in.
 *
 * All widgets of a dashboard are answered under the snapshot of the one
 * calling statement.  Each runs in a subtransaction of its own, so that a
 * broken one does not take the others along; but a cancel, a lack of memory or
 * a serialisation failure is never taken for a broken widget and ends the
 * whole call.  A filter's bad value is the caller's mistake and not a
 * widget's: it ends the call too.
 *
 * The time limit is one for all of them: the widget that it cuts says so, and
 * so do those that were not begun by then; those that were done stay.  So
 * nothing out here, between the widgets, looks for interrupts.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "access/context.h"
#include "base/attempt.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "compile/compile.h"
#include "model/merge.h"
#include "pipeline.h"
#include "print/statement.h"
#include "read/read.h"
#include "run/door.h"
#include "run/encode.h"
#include "run/run.h"
#include "who/who.h"

/* What every widget of one call has in common. */
typedef struct DashboardCall
{
	Oid			tables;			/* the schema that the dashboard is in */
	PrismiqPlacing placing;		/* of the filters, on the widget at hand */
	const char *timezone;		/* the dashboard's, or null */
	Jsonb	   *options;
	bool		bad_value;		/* a filter's value does not fit its column */
} DashboardCall;

/* Read the filters, which may be null, and their values; raises what is wrong with these. */
static void
read_filters(DashboardCall *call, Jsonb *filters, Jsonb *values)
{
	PrismiqFaults faults = {NIL, NIL};
	const json_t *stored = filters == NULL ? NULL :
		prismiq_json_from_jsonb(filters, MaxAllocSize, 64, &faults);
	const json_t *given = prismiq_json_from_jsonb(values,
												  prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES),
												  64, &faults);

	if (stored != NULL && given != NULL)
		call->placing.filters = prismiq_read_filter_values(stored, given, &faults);
	prismiq_fault_raise_any(&faults);
}

/* Note that a filter's value is bad; once, though the filter went to several places. */
static void
note_bad_values(DashboardCall *call, PrismiqFaults *faults)
{
	List	   *kept = NIL;
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, faults->errors)
	{
		const PrismiqFault *fault = (const PrismiqFault *) lfirst(lc);
		bool		noted = false;

		if (prismiq_fault_is_of_filter(fault))
		{
			call->bad_value = true;
			foreach(lc2, kept)
				noted = noted || (((const PrismiqFault *) lfirst(lc2))->path == fault->path &&
								  strcmp(((const PrismiqFault *) lfirst(lc2))->message,
										 fault->message) == 0);
		}
		if (!noted)
			kept = lappend(kept, lfirst(lc));
	}
	faults->errors = kept;
}

/* Answer one widget's query; raises, and what the server says as well. */
static StringInfo
answer_widget(DashboardCall *call, Jsonb *definition)
{
	PrismiqPipeline pipeline;

	call->placing.placed = NIL;
	prismiq_pipeline_start(&pipeline, call->tables, call->options);
	pipeline.options->dashboard_timezone = call->timezone;
	pipeline.options->params_are_shared = true;
	prismiq_pipeline_prepare(&pipeline, definition, &call->placing);
	note_bad_values(call, &pipeline.faults);
	prismiq_pipeline_raise(&pipeline);
	return prismiq_pipeline_json(&pipeline);
}

/* The same with errors that are ours: the caller hears of them without passing the door. */
static StringInfo
answer_guarded(DashboardCall *call, Jsonb *definition)
{
	MemoryContext caller = CurrentMemoryContext;
	StringInfo volatile answer = NULL;

	PG_TRY();
	{
		answer = answer_widget(call, definition);
	}
	PG_CATCH();
	{
		prismiq_guard_door(caller);
		PG_RE_THROW();
	}
	PG_END_TRY();
	return answer;
}

/* The saved query that a widget shows was deleted, or is not for the caller. */
static void
reject_saved(void)
{
	prismiq_reject(PRISMIQ_NOT_FOUND, "The widget's saved query is not there for the caller.",
				   NULL, "saved query not found");
}

/*
 * prismiq_widget_data: the answer of one widget's query, or JSON null for a
 * widget without one.
 */
StringInfo
prismiq_pipeline_widget(Oid tables, Datum widget_id, Jsonb *filters, Jsonb *options)
{
	const PrismiqContext *who = prismiq_context_require();
	DashboardCall call;
	PrismiqStatement *statement;
	Datum		values[4];
	bool		isnull[4];
	StringInfo	buf;

	memset(&call, 0, sizeof(call));
	statement = prismiq_compile_widget(tables, who->tenant_id, widget_id);
	if (!prismiq_run_one(statement, NULL, values, isnull))
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "widget not found");
	call.tables = tables;
	call.options = options;
	call.placing.widget_id = DatumGetCString(DirectFunctionCall1(uuid_out, widget_id));
	call.timezone = isnull[3] ? NULL : TextDatumGetCString(values[3]);
	read_filters(&call, isnull[2] ? NULL : DatumGetJsonbP(values[2]), filters);
	if (!isnull[0])
		return answer_widget(&call, DatumGetJsonbP(values[0]));
	if (DatumGetBool(values[1]))
		reject_saved();
	buf = makeStringInfo();
	appendStringInfoSpaces(buf, VARHDRSZ);
	appendStringInfoString(buf, "null");
	SET_VARSIZE(buf->data, buf->len);
	return buf;
}

/* Append a separator, "name" and a colon. */
static void
append_key(StringInfo buf, const char *separator, const char *name)
{
	appendStringInfoString(buf, separator);
	prismiq_encode_json_string(buf, name, strlen(name));
	appendStringInfoChar(buf, ':');
}

/* Append a member whose value is a text or null. */
static void
append_member(StringInfo buf, const char *separator, const char *name, const char *text)
{
	append_key(buf, separator, name);
	if (text != NULL)
		prismiq_encode_json_string(buf, text, strlen(text));
	else
		appendStringInfoString(buf, "null");
}

/*
 * {"error": {code, sqlstate, message, hint, errors}}.  "code" is the first
 * fault's, where the error consists of faults ("caught", or null: of none);
 * "errors" is then the list of all of them.
 */
static void
append_error(StringInfo buf, const ErrorData *edata, const PrismiqFaultCatch *caught)
{
	const char *code = NULL;

	if (caught != NULL)
		code = prismiq_fault_code_name(caught->code);
	else if (edata->sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE)
		code = "PERMISSION_DENIED";
	else if (edata->sqlerrcode == MAKE_SQLSTATE('P', 'T', '4', '0', '4'))
		code = "NOT_FOUND";
	else if (edata->sqlerrcode == ERRCODE_QUERY_CANCELED)
		code = "TIMED_OUT";
	append_key(buf, "{", "error");
	append_member(buf, "{", "code", code);
	append_member(buf, ",", "sqlstate", unpack_sql_state(edata->sqlerrcode));
	append_member(buf, ",", "message", edata->message);
	append_member(buf, ",", "hint", edata->hint);
	append_key(buf, ",", "errors");
	appendStringInfoString(buf, caught != NULL ? caught->list : "[]");
	appendStringInfoString(buf, "}}");
}

/* The error of a widget for which there was no time. */
static void
append_timeout(StringInfo buf)
{
	ErrorData	edata;

	memset(&edata, 0, sizeof(edata));
	edata.sqlerrcode = ERRCODE_QUERY_CANCELED;
	edata.message = pstrdup(PRISMIQ_TIMEOUT_MESSAGE);
	edata.hint = pstrdup(PRISMIQ_TIMEOUT_HINT);
	append_error(buf, &edata, NULL);
}

/* What becomes of an error in a widget, once its subtransaction is gone. */
static void
append_failure(StringInfo buf, const DashboardCall *call, ErrorData *edata,
			   const PrismiqFaultCatch *catcher)
{
	if (edata->sqlerrcode == ERRCODE_QUERY_CANCELED && prismiq_deadline_settle())
		append_timeout(buf);
	else if (call->bad_value || prismiq_error_must_pass(edata))
		ReThrowError(edata);
	else
		append_error(buf, edata, prismiq_fault_is_caught(catcher, edata) ? catcher : NULL);
}

/* One widget to be answered, for prismiq_attempt(). */
typedef struct Widget
{
	DashboardCall *call;
	Jsonb	   *definition;		/* null: its saved query is not there */
	StringInfo	answer;
} Widget;

/* Answer a widget. */
static void
answer_body(void *arg)
{
	Widget	   *widget = (Widget *) arg;

	if (widget->definition == NULL)
		reject_saved();
	widget->answer = answer_guarded(widget->call, widget->definition);
}

/*
 * Answer one widget inside a subtransaction and append what comes of it.  The
 * answer's memory is the caller's to reset.
 */
static void
append_widget(StringInfo buf, DashboardCall *call, Jsonb *definition, bool saved)
{
	Widget		widget = {call, definition, NULL};
	PrismiqFaultCatch catcher;
	ErrorData  *volatile error = NULL;

	if (definition == NULL && !saved)
	{
		appendStringInfoString(buf, "null");
		return;
	}
	if (prismiq_deadline_settle())
	{
		append_timeout(buf);
		return;
	}
	prismiq_fault_catch_begin(&catcher);
	PG_TRY();
	{
		error = prismiq_attempt(PRISMIQ_ATTEMPT_KEEP, answer_body, &widget);
	}
	PG_FINALLY();
	{
		prismiq_fault_catch_end(&catcher);
	}
	PG_END_TRY();
	if (error != NULL)
		append_failure(buf, call, error, &catcher);
	else
		appendBinaryStringInfo(buf, widget.answer->data + VARHDRSZ,
							   widget.answer->len - VARHDRSZ);
}

/* prismiq_dashboard_data: {widget_id: answer or {"error": ...}} */
StringInfo
prismiq_pipeline_dashboard(Oid tables, Datum dashboard_id, Jsonb *filters, Jsonb *options)
{
	const PrismiqContext *who = prismiq_context_require();
	StringInfo	buf = makeStringInfo();
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext work;
	PrismiqPipeline checked;
	DashboardCall call;
	Datum		values[5];
	bool		isnull[5];
	Datum	   *arrays[3];
	bool	   *nulls[3];
	int			count = 0;
	int			i;

	memset(&call, 0, sizeof(call));
	if (!prismiq_run_one(prismiq_compile_dashboard(tables, who->tenant_id, dashboard_id), NULL,
						 values, isnull))
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "dashboard not found");
	call.tables = tables;
	call.options = options;
	prismiq_pipeline_start(&checked, tables, options);	/* bad options are the call's fault */
	call.timezone = isnull[1] ? NULL : TextDatumGetCString(values[1]);
	read_filters(&call, isnull[0] ? NULL : DatumGetJsonbP(values[0]), filters);
	deconstruct_array(DatumGetArrayTypeP(values[2]), UUIDOID, UUID_LEN, false, TYPALIGN_CHAR,
					  &arrays[0], &nulls[0], &count);
	deconstruct_array(DatumGetArrayTypeP(values[3]), JSONBOID, -1, false, TYPALIGN_INT,
					  &arrays[1], &nulls[1], &count);
	deconstruct_array(DatumGetArrayTypeP(values[4]), BOOLOID, 1, true, TYPALIGN_CHAR,
					  &arrays[2], &nulls[2], &count);

	appendStringInfoSpaces(buf, VARHDRSZ);
	appendStringInfoChar(buf, '{');
	work = AllocSetContextCreate(caller, "prismiq widget", ALLOCSET_DEFAULT_SIZES);
	for (i = 0; i < count; i++)
	{
		MemoryContextSwitchTo(work);
		call.placing.widget_id = DatumGetCString(DirectFunctionCall1(uuid_out, arrays[0][i]));
		append_key(buf, i > 0 ? "," : "", call.placing.widget_id);
		append_widget(buf, &call, nulls[1][i] ? NULL : DatumGetJsonbP(arrays[1][i]),
					  DatumGetBool(arrays[2][i]));
		MemoryContextSwitchTo(caller);
		MemoryContextReset(work);
	}
	MemoryContextDelete(work);
	appendStringInfoChar(buf, '}');
	SET_VARSIZE(buf->data, buf->len);
	return buf;
}
