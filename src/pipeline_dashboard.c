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

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "access/context.h"
#include "base/attempt.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "compile/compile.h"
#include "doc/doc.h"
#include "model/merge.h"
#include "pipeline.h"
#include "pipeline_widget.h"
#include "print/statement.h"
#include "read/read.h"
#include "run/door.h"
#include "run/encode.h"
#include "run/run.h"
#include "run/sinks.h"
#include "run/stat.h"
#include "who/who.h"

/* Append a member whose value is a text or null. */
static void
append_member(StringInfo buf, const char *name, const char *text)
{
	prismiq_write_key(buf, name);
	prismiq_write_text(buf, text);
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
	appendStringInfoChar(buf, '{');
	prismiq_write_key(buf, "error");
	prismiq_write_open(buf, '{');
	append_member(buf, "code", code);
	append_member(buf, "sqlstate", unpack_sql_state(edata->sqlerrcode));
	append_member(buf, "message", edata->message);
	append_member(buf, "hint", edata->hint);
	prismiq_write_key(buf, "errors");
	prismiq_write_literal(buf, caught != NULL ? caught->list : "[]");
	prismiq_write_close(buf, '}');
	prismiq_write_close(buf, '}');
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

/* The error of a widget that has nothing to ask. */
static void
append_no_query(StringInfo buf)
{
	PrismiqFaults faults = {NIL, NIL};
	PrismiqFaultCatch caught = {.code = PRISMIQ_EMPTY_QUERY};
	StringInfoData list;
	ErrorData	edata;

	memset(&edata, 0, sizeof(edata));
	edata.sqlerrcode = ERRCODE_INVALID_PARAMETER_VALUE;
	edata.message = pstrdup("the widget has no query");
	edata.hint = pstrdup("Give it a query or a saved query, or its type a default query.");
	prismiq_fault_add(&faults, PRISMIQ_EMPTY_QUERY, prismiq_path_key(NULL, "query", NULL),
					  edata.hint, "%s", edata.message);
	initStringInfo(&list);
	prismiq_fault_append_json(&list, faults.errors);
	caught.list = list.data;
	append_error(buf, &edata, &caught);
}

/* Has a widget something to ask, or nothing to show but its config? */
static bool
has_answer(const PrismiqWidget *widget)
{
	return widget->query != NULL || widget->saved || widget->default_query != NULL ||
		strcmp(widget->shape, "text") == 0 || strcmp(widget->shape, "custom") == 0;
}

/* What becomes of an error in a widget, once its subtransaction is gone. */
static void
append_failure(StringInfo buf, const PrismiqDashboardCall *call, ErrorData *edata,
			   const PrismiqFaultCatch *catcher)
{
	if (edata->sqlerrcode == ERRCODE_QUERY_CANCELED && prismiq_deadline_settle())
		append_timeout(buf);
	else if (call->bad_value || prismiq_error_must_pass(edata))
		ReThrowError(edata);
	else
		append_error(buf, edata, prismiq_fault_is_caught(catcher, edata) ? catcher : NULL);
}

/* Make a buffer with an answer in it a complete varlena of type json. */
static StringInfo
finish(StringInfo buf)
{
	SET_VARSIZE(buf->data, buf->len);
	return buf;
}

/* A buffer with room for the header of a varlena. */
static StringInfo
begin_buffer(void)
{
	StringInfo	buf = makeStringInfo();

	appendStringInfoSpaces(buf, VARHDRSZ);
	return buf;
}

/* The widget of an id, with what its dashboard says; raises where the caller does not see it. */
static PrismiqWidget *
begin_widget(PrismiqDashboardCall *call, Datum widget_id, Jsonb *filters, Jsonb *options)
{
	PrismiqKeptRows *rows = prismiq_call_fetch(call, false, widget_id);
	PrismiqWidget *widget;

	if (rows->count == 0)
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "widget not found");
	call->options = prismiq_call_options(call, options, false, NULL);
	prismiq_cross_begin(call, &rows->rows[0], filters);
	widget = prismiq_call_widget(&rows->rows[0]);
	if (widget->saved && widget->query == NULL)
		prismiq_call_reject_saved();
	return widget;
}

/* prismiq_widget_spec: its picture; null: it is none, or there is nothing to draw. */
StringInfo
prismiq_pipeline_spec(Oid tables, Datum widget_id, Jsonb *filters, Jsonb *options)
{
	PrismiqDashboardCall call = {.tables = tables, .only_picture = true};
	PrismiqWidget *widget = begin_widget(&call, widget_id, filters, options);
	StringInfo	answer;
	StringInfo	buf = begin_buffer();

	if (strcmp(widget->shape, "series") != 0 || !has_answer(widget))
		return NULL;
	if (call.own.picture == PRISMIQ_PICTURE_NONE)
		call.own.picture = PRISMIQ_PICTURE_LIGHT;
	answer = prismiq_pipeline_answer(&call, widget);
	if (strcmp(answer->data, "null") == 0)
		return NULL;
	appendBinaryStringInfo(buf, answer->data, answer->len);
	return finish(buf);
}

/* prismiq_widget_data: the answer of one widget. */
StringInfo
prismiq_pipeline_widget(Oid tables, Datum widget_id, Jsonb *filters, Jsonb *options)
{
	PrismiqDashboardCall call = {.tables = tables};
	PrismiqWidget *widget = begin_widget(&call, widget_id, filters, options);
	StringInfo	answer;
	StringInfo	buf = begin_buffer();

	if (!has_answer(widget))
	{
		append_no_query(buf);
		return finish(buf);
	}
	answer = prismiq_pipeline_answer(&call, widget);
	appendBinaryStringInfo(buf, answer->data, answer->len);
	return finish(buf);
}

/* prismiq_query_preview: the answer of a widget that is not saved. */
StringInfo
prismiq_pipeline_preview(Oid tables, Jsonb *data, Jsonb *filters, Jsonb *options)
{
	PrismiqDashboardCall call = {.tables = tables};
	PrismiqKeptRows *rows = NULL;
	JsonbValue *dashboard = getKeyJsonValueFromContainer(&data->root, "dashboard_id",
														 strlen("dashboard_id"), NULL);
	PrismiqWidget *widget;
	StringInfo	answer;
	StringInfo	buf = begin_buffer();

	if (dashboard != NULL && dashboard->type == jbvString)
	{
		char	   *id = pnstrdup(dashboard->val.string.val, dashboard->val.string.len);

		rows = prismiq_call_fetch(&call, true, DirectFunctionCall1(uuid_in, CStringGetDatum(id)));
		if (rows->count == 0)
			prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "dashboard not found");
	}
	call.options = prismiq_call_options(&call, options, false, NULL);
	prismiq_cross_begin(&call, rows != NULL ? &rows->rows[0] : NULL, filters);
	widget = prismiq_call_unsaved(&call, data);
	if (widget->saved && widget->query == NULL)
		prismiq_call_reject_saved();
	if (!has_answer(widget))
	{
		append_no_query(buf);
		return finish(buf);
	}
	answer = prismiq_pipeline_answer(&call, widget);
	appendBinaryStringInfo(buf, answer->data, answer->len);
	return finish(buf);
}

/* One widget to be answered, for prismiq_attempt(). */
typedef struct Attempt
{
	PrismiqDashboardCall *call;
	const PrismiqWidget *widget;
	StringInfo	answer;
} Attempt;

/* Answer a widget, with errors that are ours: the caller hears of them without passing the door. */
static void
answer_body(void *arg)
{
	Attempt    *attempt = (Attempt *) arg;
	MemoryContext caller = CurrentMemoryContext;

	if (attempt->widget->saved && attempt->widget->query == NULL)
		prismiq_call_reject_saved();
	PG_TRY();
	{
		attempt->answer = prismiq_pipeline_answer(attempt->call, attempt->widget);
	}
	PG_CATCH();
	{
		prismiq_guard_door(caller);
		PG_RE_THROW();
	}
	PG_END_TRY();
}

/*
 * Answer one widget inside a subtransaction and append what comes of it.  The
 * answer's memory is the caller's to reset.
 */
static void
append_widget(StringInfo buf, PrismiqDashboardCall *call, const PrismiqWidget *widget)
{
	Attempt		attempt = {call, widget, NULL};
	PrismiqStatCall counted;
	PrismiqFaultCatch catcher;
	ErrorData  *volatile error = NULL;

	if (!has_answer(widget))
	{
		append_no_query(buf);
		return;
	}
	if (prismiq_deadline_settle())
	{
		append_timeout(buf);
		return;
	}
	prismiq_fault_catch_begin(&catcher);
	prismiq_stat_begin(&counted);
	PG_TRY();
	{
		error = prismiq_attempt(PRISMIQ_ATTEMPT_KEEP, answer_body, &attempt);
	}
	PG_FINALLY();
	{
		prismiq_stat_leave(&counted);
		prismiq_fault_catch_end(&catcher);
	}
	PG_END_TRY();
	prismiq_stat_count(&counted, error != NULL ? error->sqlerrcode : 0);
	if (error != NULL)
		append_failure(buf, call, error, &catcher);
	else
		appendBinaryStringInfo(buf, attempt.answer->data, attempt.answer->len);
}

/* Does any query stand twice among the widgets?  Then what it answers is kept. */
static bool
has_twins(const PrismiqKeptRows *rows)
{
	Jsonb	  **queries = palloc(sizeof(Jsonb *) * Max(rows->count, 1));
	int64		i;
	int64		j;

	for (i = 0; i < rows->count; i++)
	{
		const Jsonb *query = queries[i] = prismiq_call_document(&rows->rows[i],
																PRISMIQ_WIDGET_QUERY);

		for (j = 0; query != NULL && j < i; j++)
			if (queries[j] != NULL && VARSIZE(query) == VARSIZE(queries[j]) &&
				memcmp(query, queries[j], VARSIZE(query)) == 0)
				return true;
	}
	return false;
}

/* The row of a widget; null when the dashboard has none of that id. */
static const PrismiqKeptRow *
find_widget(const PrismiqKeptRows *rows, const char *id)
{
	Datum		wanted = DirectFunctionCall1(uuid_in, CStringGetDatum(id));
	int64		i;

	for (i = 0; i < rows->count; i++)
		if (!rows->rows[i].isnull[PRISMIQ_WIDGET_ID] &&
			memcmp(DatumGetPointer(rows->rows[i].values[PRISMIQ_WIDGET_ID]),
				   DatumGetPointer(wanted), UUID_LEN) == 0)
			return &rows->rows[i];
	return NULL;
}

/* The rows of the widgets that are asked for, in their order; or all. */
static List *
choose_widgets(const PrismiqKeptRows *rows, bool some, const List *ids)
{
	List	   *chosen = NIL;
	ListCell   *lc;
	int64		i;

	foreach(lc, ids)
	{
		const PrismiqKeptRow *row = find_widget(rows, (const char *) lfirst(lc));

		if (row == NULL)
			prismiq_reject(PRISMIQ_NOT_FOUND, NULL, "The dashboard has no such widget.",
						   "widget not found");
		chosen = list_append_unique_ptr(chosen, unconstify(PrismiqKeptRow *, row));
	}
	for (i = 0; !some && i < rows->count; i++)
		if (!rows->rows[i].isnull[PRISMIQ_WIDGET_ID])
			chosen = lappend(chosen, &rows->rows[i]);
	return chosen;
}

/* prismiq_dashboard_data: {widget_id: answer or {"error": ...}} */
StringInfo
prismiq_pipeline_dashboard(Oid tables, Datum dashboard_id, Jsonb *filters, Jsonb *options)
{
	StringInfo	buf = begin_buffer();
	MemoryContext caller = CurrentMemoryContext;
	PrismiqDashboardCall call = {.tables = tables};
	PrismiqKeptRows *rows = prismiq_call_fetch(&call, true, dashboard_id);
	MemoryContext work;
	List	   *ids = NIL;
	ListCell   *lc;

	if (rows->count == 0)
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "dashboard not found");
	call.options = prismiq_call_options(&call, options, true, &ids);
	prismiq_cross_begin(&call, &rows->rows[0], filters);
	call.shares = has_twins(rows);
	appendStringInfoChar(buf, '{');
	work = AllocSetContextCreate(caller, "prismiq widget", ALLOCSET_DEFAULT_SIZES);
	foreach(lc, choose_widgets(rows, call.some, ids))
	{
		PrismiqWidget *widget;

		MemoryContextSwitchTo(work);
		widget = prismiq_call_widget((const PrismiqKeptRow *) lfirst(lc));
		prismiq_write_key(buf, widget->id);
		append_widget(buf, &call, widget);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(work);
	}
	MemoryContextDelete(work);
	appendStringInfoChar(buf, '}');
	return finish(buf);
}
