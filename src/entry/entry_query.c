/*-------------------------------------------------------------------------
 *
 * entry_query.c
 *	  prismiq_compile, prismiq_validate, prismiq_query and its kin.
 *
 * Each unpacks its arguments, lets the pipeline do the work, and hands the
 * result back.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

#include "base/fault.h"
#include "base/scratch.h"
#include "entry/entry.h"
#include "pipeline.h"
#include "print/print.h"
#include "print/statement.h"
#include "run/door.h"
#include "run/run.h"
#include "run/sinks.h"
#include "run/stat.h"
#include "show/show.h"

PGDLLEXPORT Datum prismiq_query_rows(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_query_rows);

/* A definition and its options as far as the statement; raises what is wrong. */
static void
prepare(PrismiqPipeline *pipeline, FunctionCallInfo fcinfo)
{
	PrismiqAsked asked = {
		.tables = prismiq_arg_tables(fcinfo, 2),
		.definition = prismiq_arg_document(fcinfo, 0, PRISMIQ_NO_DEFINITION),
		.options = prismiq_arg_document(fcinfo, 1, "{}")
	};

	prismiq_pipeline_counted(asked.definition, NULL);
	prismiq_pipeline_prepare(pipeline, &asked);
	prismiq_pipeline_raise(pipeline);
}

/* A parameter's number as numeric; NaN and infinities have none, nor has what is no number. */
static Numeric
finite_numeric(const PrismiqParam *param)
{
	char	   *text;
	Numeric		number;

	switch (param->type)
	{
		case INT2OID:
			return int64_to_numeric(DatumGetInt16(param->value));
		case INT4OID:
			return int64_to_numeric(DatumGetInt32(param->value));
		case INT8OID:
			return int64_to_numeric(DatumGetInt64(param->value));
		case NUMERICOID:
			number = DatumGetNumeric(param->value);
			return numeric_is_nan(number) || numeric_is_inf(number) ? NULL : number;
		case FLOAT4OID:
		case FLOAT8OID:
			text = DatumGetCString(DirectFunctionCall1(param->type == FLOAT4OID ? float4out :
													   float8out, param->value));
			if (strpbrk(text, "nN") != NULL)
				return NULL;	/* NaN, Infinity */
			return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(text),
													   ObjectIdGetDatum(InvalidOid),
													   Int32GetDatum(-1)));
		default:
			return NULL;
	}
}

/* Any other value as the text that its type's input function takes. */
static char *
value_text(const PrismiqParam *param)
{
	Oid			typoutput;
	bool		varlena;

	if (param->type == TEXTOID || param->type == VARCHAROID)
		return TextDatumGetCString(param->value);
	getTypeOutputInfo(param->type, &typoutput, &varlena);
	return OidOutputFunctionCall(typoutput, param->value);
}

/*
 * A parameter's value: numbers and booleans as such, dates and times in ISO
 * 8601, everything else as the text that its type's input function takes; so
 * that value ->> can be cast to the type in every case.
 */
static void
push_param_value(JsonbParseState **state, const PrismiqParam *param)
{
	JsonbValue	value;
	char		buf[MAXDATELEN + 1];

	value.type = jbvNull;
	if (param->isnull)
	{
		pushJsonbValue(state, WJB_VALUE, &value);
		return;
	}
	switch (param->type)
	{
		case BOOLOID:
			value.type = jbvBool;
			value.val.boolean = DatumGetBool(param->value);
			pushJsonbValue(state, WJB_VALUE, &value);
			return;
		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			JsonEncodeDateTime(buf, param->value, param->type, NULL);
			prismiq_push_text(state, WJB_VALUE, pstrdup(buf));	/* jsonb keeps the pointer */
			return;
		default:
			break;
	}
	value.val.numeric = finite_numeric(param);
	if (value.val.numeric == NULL)
	{
		prismiq_push_text(state, WJB_VALUE, value_text(param));
		return;
	}
	value.type = jbvNumeric;
	pushJsonbValue(state, WJB_VALUE, &value);
}

/* params: [{type, value}] */
static void
push_params(JsonbParseState **state, const PrismiqStatement *statement)
{
	int			i;

	prismiq_push_key(state, "params");
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (i = 0; i < statement->nparams; i++)
	{
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		prismiq_push_key(state, "type");
		prismiq_push_text(state, WJB_VALUE, prismiq_sql_type_name(statement->params[i].type));
		prismiq_push_key(state, "value");
		push_param_value(state, &statement->params[i]);
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

/* Add how a column is to be shown to the object being built. */
static void
push_hints(JsonbParseState **state, const PrismiqHints *hints)
{
	int			i;

	for (i = 0; i < PRISMIQ_HINTS; i++)
	{
		const char *name;
		bool		is_json;
		const char *hint = prismiq_hint(hints, i, &name, &is_json);

		if (hint == NULL)
			continue;
		if (is_json)
			prismiq_push_document(state, name, hint);
		else
			prismiq_push_member(state, name, hint);
	}
}

/* columns: [{name, type, ...}] */
static void
push_columns(JsonbParseState **state, const PrismiqStatement *statement)
{
	ListCell   *lc;

	prismiq_push_key(state, "columns");
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	foreach(lc, statement->outputs)
	{
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);

		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		prismiq_push_key(state, "name");
		prismiq_push_text(state, WJB_VALUE, output->name);
		prismiq_push_key(state, "type");
		prismiq_push_text(state, WJB_VALUE, prismiq_sql_type_name(output->type));
		push_hints(state, &output->hints);
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

/* What prismiq_compile() says of a definition, as jsonb in a memory context. */
static Jsonb *
tell(const PrismiqStatement *statement, MemoryContext context)
{
	JsonbParseState *state = NULL;
	JsonbValue	null_value;
	JsonbValue *result;
	MemoryContext old;
	Jsonb	   *told;
	ListCell   *lc;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	prismiq_push_key(&state, "sql");
	prismiq_push_text(&state, WJB_VALUE, statement->sql);
	push_params(&state, statement);
	push_columns(&state, statement);
	prismiq_push_key(&state, "tables");
	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	foreach(lc, statement->tables)
		prismiq_push_text(&state, WJB_ELEM, (const char *) lfirst(lc));
	pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	prismiq_push_key(&state, "rollup");
	null_value.type = jbvNull;
	pushJsonbValue(&state, WJB_VALUE, &null_value);
	prismiq_push_faults(&state, "warnings", statement->warnings);
	result = pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	old = MemoryContextSwitchTo(context);
	told = JsonbValueToJsonb(result);
	MemoryContextSwitchTo(old);
	return told;
}

/*
 * prismiq_compile(definition jsonb, options jsonb) returns jsonb
 *
 * {sql, params: [{type, value}], columns: [{name, type, ...}], tables,
 * rollup, warnings}.  22023 or PT413 for a bad definition, 42501 without a
 * context.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_compile)
{
	PrismiqScratch scratch;
	PrismiqPipeline pipeline;
	const Jsonb *known;
	Jsonb	   *told;

	prismiq_scratch_begin(&scratch);
	prepare(&pipeline, fcinfo);
	known = prismiq_compiled_told(&pipeline);
	if (known != NULL)
		told = memcpy(MemoryContextAlloc(scratch.caller, VARSIZE(known)), known, VARSIZE(known));
	else
	{
		told = tell(pipeline.statement, scratch.caller);
		prismiq_compiled_tell(&pipeline, told);
	}
	prismiq_scratch_end(&scratch);
	PG_RETURN_JSONB_P(told);
}

/* The definition that a function was given. */
static Jsonb *
take_definition(void *arg)
{
	FunctionCallInfo fcinfo = (FunctionCallInfo) arg;

	return prismiq_arg_document(fcinfo, 0, PRISMIQ_NO_DEFINITION);
}

/*
 * prismiq_validate(definition jsonb) returns jsonb
 *
 * {valid, errors, warnings}; raises only 42501, without a context.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_validate)
{
	PrismiqPipeline pipeline;
	JsonbParseState *state = NULL;
	JsonbValue	value;
	Jsonb	   *result;

	prismiq_pipeline_validate(&pipeline, prismiq_arg_tables(fcinfo, 1), take_definition, fcinfo);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	prismiq_push_key(&state, "valid");
	value.type = jbvBool;
	value.val.boolean = pipeline.faults.errors == NIL;
	pushJsonbValue(&state, WJB_VALUE, &value);
	prismiq_push_faults(&state, "errors", pipeline.faults.errors);
	prismiq_push_faults(&state, "warnings", pipeline.faults.warnings);
	result = JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
	(void) prismiq_deadline_settle();	/* it is done, so the time is not over */
	PG_RETURN_JSONB_P(result);
}

/*
 * prismiq_query(definition jsonb, options jsonb) returns json
 *
 * The answer, as api.md has it.
 */
PRISMIQ_COUNTED_FUNCTION(prismiq_query)
{
	PrismiqScratch scratch;
	PrismiqPipeline pipeline;
	char	   *answer;

	prismiq_scratch_begin(&scratch);
	prepare(&pipeline, fcinfo);
	MemoryContextSwitchTo(scratch.caller);
	answer = prismiq_pipeline_json(&pipeline)->data;
	prismiq_scratch_end(&scratch);
	PG_RETURN_POINTER(answer);
}

/*
 * prismiq_query_csv(definition jsonb, options jsonb) returns "text/csv"
 *
 * RFC 4180 with a header row; PT413 beyond prismiq.max_rows_cap rows, because a
 * CSV cannot say that it was cut.
 */
PRISMIQ_COUNTED_FUNCTION(prismiq_query_csv)
{
	PrismiqPipeline pipeline;
	PrismiqRunLimits limits;
	PrismiqSink *sink;
	char	  **labels = NULL;

	prepare(&pipeline, fcinfo);
	prismiq_pipeline_limits(&pipeline, true, &limits);
	if (pipeline.options->csv.header == PRISMIQ_CSV_HEADER_LABEL)
		labels = prismiq_show_labels(pipeline.query, pipeline.statement, NULL);
	sink = prismiq_rows_csv_create(pipeline.statement, &pipeline.options->csv, labels,
								   pipeline.zone, &limits);
	prismiq_run(pipeline.statement, &limits, sink);
	prismiq_stat_rows(sink->row_count);
	PG_RETURN_POINTER(prismiq_rows_csv_finish(sink)->data);
}

/* The executor gives up on a stream before its end. */
static void
close_stream(Datum arg)
{
	prismiq_stream_close((PrismiqStream *) DatumGetPointer(arg));
}

/* The first call: everything up to the first row. */
static Datum
start_rows(PG_FUNCTION_ARGS)
{
	FuncCallContext *funcctx = SRF_FIRSTCALL_INIT();
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext old = MemoryContextSwitchTo(funcctx->multi_call_memory_ctx);
	PrismiqPipeline pipeline;
	PrismiqRunLimits limits;
	PrismiqStream *stream;

	prepare(&pipeline, fcinfo);
	prismiq_pipeline_limits(&pipeline, true, &limits);
	stream = prismiq_stream_open(pipeline.statement, &limits, pipeline.zone,
								 pipeline.options->bigint_as_string);
	RegisterExprContextCallback(rsinfo->econtext, close_stream, PointerGetDatum(stream));
	funcctx->user_fctx = stream;
	MemoryContextSwitchTo(old);
	return (Datum) 0;
}

/*
 * prismiq_query_rows(definition jsonb, options jsonb) returns setof jsonb
 *
 * One object a row, in memory that does not grow with their number.
 */
Datum
prismiq_query_rows(PG_FUNCTION_ARGS)
{
	FuncCallContext *funcctx;
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	PrismiqStream *stream;
	Datum		row;

	if (SRF_IS_FIRSTCALL())
		(void) prismiq_stat_call(start_rows, fcinfo);
	funcctx = SRF_PERCALL_SETUP();
	stream = (PrismiqStream *) funcctx->user_fctx;
	if (prismiq_stream_next(stream, &row))
		SRF_RETURN_NEXT(funcctx, row);

	UnregisterExprContextCallback(rsinfo->econtext, close_stream, PointerGetDatum(stream));
	prismiq_stream_close(stream);
	SRF_RETURN_DONE(funcctx);
}

/*
 * prismiq_explain(definition jsonb, options jsonb) returns jsonb
 *
 * {sql, warnings}; for profile admin also {plan, estimated_rows,
 * estimated_cost}.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_explain)
{
	PrismiqPipeline pipeline;
	JsonbParseState *state = NULL;

	prepare(&pipeline, fcinfo);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	prismiq_push_key(&state, "sql");
	prismiq_push_text(&state, WJB_VALUE, pipeline.statement->sql);
	prismiq_push_faults(&state, "warnings", pipeline.statement->warnings);
	if (prismiq_may_see_plans())
	{
		double		rows;
		double		cost;
		JsonbValue	value;

		prismiq_push_document(&state, "plan",
							  prismiq_run_explain(pipeline.statement, &rows, &cost));
		value.type = jbvNumeric;
		value.val.numeric = DatumGetNumeric(DirectFunctionCall1(float8_numeric,
																Float8GetDatum(rows)));
		prismiq_push_key(&state, "estimated_rows");
		pushJsonbValue(&state, WJB_VALUE, &value);
		value.val.numeric = DatumGetNumeric(DirectFunctionCall1(float8_numeric,
																Float8GetDatum(cost)));
		prismiq_push_key(&state, "estimated_cost");
		pushJsonbValue(&state, WJB_VALUE, &value);
	}
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}
