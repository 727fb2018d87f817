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
#include "who/who.h"

/* Read the filters, which may be null, and their values; raises what is wrong with these. */
static void
read_filters(PrismiqDashboardCall *call, Jsonb *filters, Jsonb *tables, Jsonb *values)
{
	PrismiqFaults faults = {NIL, NIL};
	const json_t *stored = filters == NULL ? NULL :
		prismiq_json_from_jsonb(filters, MaxAllocSize, 64, &faults);
	const json_t *known = tables == NULL ? NULL :
		prismiq_json_from_jsonb(tables, MaxAllocSize, 64, &faults);
	const json_t *given = prismiq_json_from_jsonb(values,
												  prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES),
												  64, &faults);

	if (stored != NULL && given != NULL)
		call->placing.filters = prismiq_read_filter_values(stored, given, known, &faults);
	prismiq_fault_raise_any(&faults);
}

/* The saved query that a widget shows was deleted, or is not for the caller. */
static void
reject_saved(void)
{
	prismiq_reject(PRISMIQ_NOT_FOUND, "The widget's saved query is not there for the caller.",
				   NULL, "saved query not found");
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

/* A value of a row of prismiq_compile_widgets(), or null. */
static const char *
row_text(const PrismiqKeptRow *row, PrismiqWidgetColumn column)
{
	return row->isnull[column] ? NULL : TextDatumGetCString(row->values[column]);
}

/* The same of a document. */
static Jsonb *
row_document(const PrismiqKeptRow *row, PrismiqWidgetColumn column)
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
		Jsonb	   *next = row_document(row, columns[i]);

		if (next != NULL && JB_ROOT_IS_OBJECT(next))
			config = config == NULL ? next :
				DatumGetJsonbP(DirectFunctionCall2(jsonb_concat, JsonbPGetDatum(config),
												   JsonbPGetDatum(next)));
	}
	return config == NULL ? NULL : prismiq_json_from_jsonb(config, MaxAllocSize,
														   PRISMIQ_DOCUMENT_DEPTH, &faults);
}

/* The widget of a row, in the current memory context. */
static PrismiqWidget *
read_widget(const PrismiqKeptRow *row)
{
	PrismiqWidget *widget = palloc0(sizeof(PrismiqWidget));

	widget->id = DatumGetCString(DirectFunctionCall1(uuid_out, row->values[PRISMIQ_WIDGET_ID]));
	widget->own_type = row_text(row, PRISMIQ_WIDGET_TYPE);
	widget->type = row_text(row, PRISMIQ_WIDGET_BASE_TYPE);
	widget->shape = row_text(row, PRISMIQ_WIDGET_SHAPE);
	widget->title = row_text(row, PRISMIQ_WIDGET_TITLE);
	widget->query = row_document(row, PRISMIQ_WIDGET_QUERY);
	widget->saved = !row->isnull[PRISMIQ_WIDGET_SAVED] &&
		DatumGetBool(row->values[PRISMIQ_WIDGET_SAVED]);
	widget->default_query = row_document(row, PRISMIQ_WIDGET_DEFAULT_QUERY);
	widget->config = read_config(row);
	if (widget->shape == NULL)
		widget->shape = widget->type = "custom";	/* its type is gone from the registry */
	return widget;
}

/* The rows of a dashboard's widgets, or of one of them. */
static PrismiqKeptRows *
fetch(PrismiqDashboardCall *call, bool dashboard, Datum id)
{
	PrismiqStatement *statement = prismiq_compile_widgets(call->tables,
														  prismiq_context_require()->tenant_id,
														  dashboard, id);
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

/* What every widget of the call has in common; raises what is wrong with the call's arguments. */
static void
begin_call(PrismiqDashboardCall *call, const PrismiqKeptRow *row, Jsonb *filters)
{
	PrismiqPipeline checked;

	prismiq_pipeline_start(&checked, call->tables, call->options);
	call->timezone = row_text(row, PRISMIQ_WIDGET_TIMEZONE);
	call->memory = CurrentMemoryContext;
	read_filters(call, row_document(row, PRISMIQ_WIDGET_FILTERS),
				 row_document(row, PRISMIQ_WIDGET_FILTER_TABLES), filters);
}

/* The options that are not prismiq_query's: "formatted", and which "widgets". */
static Jsonb *
take_options(PrismiqDashboardCall *call, Jsonb *options, bool dashboard, List **ids)
{
	static const char *const own_keys[] = {"formatted", "widgets"};
	PrismiqFaults faults = {NIL, NIL};
	const json_t *root = prismiq_json_from_jsonb(options,
												 prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES),
												 PRISMIQ_DOCUMENT_DEPTH, &faults);
	int			i;

	if (root != NULL)
		prismiq_read_widget_options(root, &call->formatted, dashboard ? ids : NULL, &faults);
	prismiq_fault_raise_any(&faults);
	if (!JB_ROOT_IS_OBJECT(options))
		return options;
	for (i = 0; i < (dashboard ? 2 : 1); i++)
		options = DatumGetJsonbP(DirectFunctionCall2(jsonb_delete, JsonbPGetDatum(options),
													 CStringGetTextDatum(own_keys[i])));
	return options;
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

/* prismiq_widget_data: the answer of one widget. */
StringInfo
prismiq_pipeline_widget(Oid tables, Datum widget_id, Jsonb *filters, Jsonb *options)
{
	PrismiqDashboardCall call = {.tables = tables};
	PrismiqKeptRows *rows;
	PrismiqWidget *widget;
	StringInfo	answer;
	StringInfo	buf;

	rows = fetch(&call, false, widget_id);
	if (rows->count == 0)
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "widget not found");
	call.options = take_options(&call, options, false, NULL);
	begin_call(&call, &rows->rows[0], filters);
	widget = read_widget(&rows->rows[0]);
	if (widget->saved && widget->query == NULL)
		reject_saved();
	buf = begin_buffer();
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
		reject_saved();
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
	PG_TRY();
	{
		error = prismiq_attempt(PRISMIQ_ATTEMPT_KEEP, answer_body, &attempt);
	}
	PG_FINALLY();
	{
		prismiq_fault_catch_end(&catcher);
	}
	PG_END_TRY();
	if (error != NULL)
		append_failure(buf, call, error, &catcher);
	else
		appendBinaryStringInfo(buf, attempt.answer->data, attempt.answer->len);
}

/* Does any query stand twice among the widgets?  Then what it answers is kept. */
static bool
has_twins(const PrismiqKeptRows *rows)
{
	int64		i;
	int64		j;

	for (i = 0; i < rows->count; i++)
		for (j = 0; j < i; j++)
		{
			const Jsonb *a = row_document(&rows->rows[i], PRISMIQ_WIDGET_QUERY);
			const Jsonb *b = row_document(&rows->rows[j], PRISMIQ_WIDGET_QUERY);

			if (a != NULL && b != NULL && VARSIZE(a) == VARSIZE(b) &&
				memcmp(a, b, VARSIZE(a)) == 0)
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

/* The rows of the widgets that are asked for, in their order; all when none are named. */
static List *
choose_widgets(const PrismiqKeptRows *rows, const List *ids)
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
	for (i = 0; ids == NIL && i < rows->count; i++)
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
	PrismiqKeptRows *rows = fetch(&call, true, dashboard_id);
	MemoryContext work;
	List	   *ids = NIL;
	ListCell   *lc;

	if (rows->count == 0)
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "dashboard not found");
	call.options = take_options(&call, options, true, &ids);
	begin_call(&call, &rows->rows[0], filters);
	call.shares = has_twins(rows);
	appendStringInfoChar(buf, '{');
	work = AllocSetContextCreate(caller, "prismiq widget", ALLOCSET_DEFAULT_SIZES);
	foreach(lc, choose_widgets(rows, ids))
	{
		PrismiqWidget *widget;

		MemoryContextSwitchTo(work);
		widget = read_widget((const PrismiqKeptRow *) lfirst(lc));
		append_key(buf, foreach_current_index(lc) > 0 ? "," : "", widget->id);
		append_widget(buf, &call, widget);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(work);
	}
	MemoryContextDelete(work);
	appendStringInfoChar(buf, '}');
	return finish(buf);
}
