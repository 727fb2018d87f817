/*-------------------------------------------------------------------------
 *
 * pipeline.c
 *	  Drives one definition through the stages: read, check, compile, run.
 *
 * Faults do not stop a stage before it has found all of its own; the next
 * stage runs on what is whole, so that one call tells the caller everything.
 * A statement is compiled only when there is none.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "parser/parse_func.h"
#include "portability/instr_time.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/uuid.h"

#include "access/access.h"
#include "access/context.h"
#include "base/attempt.h"
#include "base/compat_rights.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "check/check.h"
#include "compile/compile.h"
#include "model/config.h"
#include "model/measure.h"
#include "model/options.h"
#include "model/pivot.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/words.h"
#include "pipeline.h"
#include "pipeline_compiled.h"
#include "pipeline_widget.h"
#include "print/statement.h"
#include "read/fingerprint.h"
#include "read/read.h"
#include "run/door.h"
#include "run/encode.h"
#include "run/run.h"
#include "run/sinks.h"
#include "run/stat.h"
#include "who/who.h"

/*
 * JSON levels that a definition may have: a group of conditions is two levels
 * (object and list), a definition inside another up to four, plus the levels
 * around and below them.
 */
#define LEVELS_PER_GROUP 4
#define LEVELS_AROUND 16

/* How deep a document may be nested. */
static int
max_depth(void)
{
	return prismiq_limit(PRISMIQ_MAX_NESTING) * LEVELS_PER_GROUP + LEVELS_AROUND;
}

/* Read the options and raise what is wrong with them. */
static PrismiqQueryOptions *
read_options(PrismiqPipeline *pipeline, Jsonb *document)
{
	PrismiqQueryOptions *options = NULL;
	const json_t *root;

	root = prismiq_json_from_jsonb(document, prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES),
								   max_depth(), &pipeline->option_faults);
	if (root != NULL)
		options = prismiq_read_options(root, &pipeline->option_faults);
	prismiq_fault_raise_any(&pipeline->option_faults);
	pipeline->options = options;
	return options;
}

/* What the options say of the call at hand. */
static void
obey_options(const PrismiqQueryOptions *options)
{
	if (options->timeout_ms > 0)
		prismiq_deadline_lower(options->timeout_ms);
}

/* Look at the options of a call that is about to begin, and raise what is wrong with them. */
void
prismiq_pipeline_start(Jsonb *options)
{
	PrismiqPipeline pipeline;

	memset(&pipeline, 0, sizeof(PrismiqPipeline));
	obey_options(read_options(&pipeline, options));
}

/* The definition of a saved query, as the caller sees it. */
static void
answer_saved(PrismiqPipeline *pipeline, PrismiqQuestion *question)
{
	PrismiqCheck *check = &pipeline->check;
	PrismiqStatement *statement = prismiq_compile_saved(check->own_schema,
														check->who->tenant_id,
														question->table->saved_query);
	const json_t *root;
	Datum		value;
	bool		isnull;

	question->found = prismiq_run_one(statement, NULL, &value, &isnull) && !isnull;
	if (!question->found)
		return;
	root = prismiq_json_from_jsonb(DatumGetJsonbP(value),
								   prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES), max_depth(),
								   &pipeline->faults);
	if (root != NULL)
		question->query = prismiq_read_saved(root, question->path, question->depth + 2,
											 pipeline->options, &pipeline->faults);
}

/* What the application's model says of a measure, into the column that names it. */
static void
answer_measure(PrismiqPipeline *pipeline, PrismiqQuestion *question)
{
	PrismiqCheck *check = &pipeline->check;
	PrismiqColumn *column = question->measure;
	const PrismiqTenantConfig *config = prismiq_config_get(check->own_schema,
														   check->who->tenant_id);
	const PrismiqMeasureConfig *measure = prismiq_config_measure(config, column->named->name);

	question->found = measure != NULL;
	if (question->found)
		prismiq_read_measure(prismiq_pipeline_measure(measure), column->named->path, column,
							 &pipeline->faults);
}

/* Ask the database what the check has to know. */
static void
answer_question(PrismiqPipeline *pipeline)
{
	PrismiqCheck *check = &pipeline->check;
	PrismiqQuestion *question = &check->question;
	Oid			home = prismiq_home_namespace();
	bool		isnull[2] = {false, false};

	if (question->kind == PRISMIQ_QUESTION_SAVED)
		answer_saved(pipeline, question);
	else if (question->kind == PRISMIQ_QUESTION_MEASURE)
		answer_measure(pipeline, question);
	else
		question->found = prismiq_run_one(question->kind == PRISMIQ_QUESTION_BOUNDS ?
										  prismiq_compile_bounds(check->query, home) :
										  prismiq_compile_pivot_values(check->query, home),
										  NULL, question->values, isnull) &&
			!isnull[0] && !isnull[1];
	question->answered = true;
}

/* Check a definition that has been read.  True: without a question but of the model. */
static bool
check_query(PrismiqPipeline *pipeline, PrismiqQuery *query, PrismiqPlacing *placing)
{
	PrismiqCheck *check = &pipeline->check;
	bool		of_itself = true;

	check->faults = &pipeline->faults;
	check->options = pipeline->options;
	check->query = query;
	check->placing = placing;
	while (!prismiq_check_run(check))
	{
		of_itself = of_itself && check->question.kind == PRISMIQ_QUESTION_MEASURE;
		answer_question(pipeline);
	}
	pipeline->query = query;
	pipeline->config = check->config;
	pipeline->zone_name = check->zone_name;
	pipeline->zone = check->calendar.zone;
	return of_itself;
}

/* Read a definition and check it.  Raises only without a context.  True: as above. */
static bool
check_definition(PrismiqPipeline *pipeline, Jsonb *definition, PrismiqPlacing *placing)
{
	const json_t *root;

	pipeline->check.who = prismiq_context_require();
	root = prismiq_json_from_jsonb(definition, prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES),
								   max_depth(), &pipeline->faults);
	return root != NULL &&
		check_query(pipeline, prismiq_read_query(root, pipeline->options, &pipeline->faults),
					placing);
}

/*
 * Find what is wrong with a definition within a document, at "path", as
 * prismiq_pipeline_validate() does, and note it among the document's faults.
 */
void
prismiq_pipeline_look(Oid tables, const json_t *definition, const PrismiqPath *path,
					  PrismiqPlacing *placing, PrismiqFaults *faults)
{
	PrismiqPipeline pipeline;
	PrismiqQuery *query;
	PrismiqQueryOptions *options;

	memset(&pipeline, 0, sizeof(PrismiqPipeline));
	pipeline.check.own_schema = tables;
	pipeline.check.who = prismiq_context_require();
	options = prismiq_read_options(NULL, &pipeline.option_faults);
	options->only_looked_at = true;
	options->params_are_shared = true;
	pipeline.options = options;
	query = prismiq_read_query_at(definition, path, options, &pipeline.faults);
	(void) check_query(&pipeline, query, placing);
	faults->errors = list_concat(faults->errors, pipeline.faults.errors);
}

/*
 * Tell who counts calls which query the one at hand is: the definition, and the saved
 * query that it is from, or null.
 */
void
prismiq_pipeline_counted(Jsonb *definition, const char *saved_query)
{
	PrismiqFingerprint fingerprint;

	/* What is too large to be read is no query. */
	if (!prismiq_stat_is_on() ||
		VARSIZE(definition) > prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES))
		return;
	fingerprint = prismiq_fingerprint(definition);
	if (saved_query != NULL)
		fingerprint.saved_query = *DatumGetUUIDP(DirectFunctionCall1(uuid_in,
																	 CStringGetDatum(saved_query)));
	prismiq_stat_query(fingerprint.value, &fingerprint.saved_query);
}

/* The statements that say how many rows the whole answer has, where the options ask for that. */
static void
compile_totals(PrismiqPipeline *pipeline)
{
	PrismiqTotal total = pipeline->options->total;
	Oid			home = prismiq_home_namespace();
	PrismiqStatement *counted = NULL;

	if (total == PRISMIQ_TOTAL_NONE)
		return;
	pipeline->estimates = total == PRISMIQ_TOTAL_ESTIMATED && prismiq_may_see_plans();
	pipeline->total = prismiq_compile_total(pipeline->query, home, pipeline->estimates);
	if (total == PRISMIQ_TOTAL_EXACT)
		counted = prismiq_compile_counted(pipeline->query, home);
	if (counted != NULL)
		counted->warnings = pipeline->statement->warnings;
	pipeline->counted = counted;
}

/* Take a definition as far as its statement, or its faults.  True: without a question. */
static bool
compile(PrismiqPipeline *pipeline, const PrismiqAsked *asked, PrismiqPlacing *placing)
{
	PrismiqQueryOptions *options = read_options(pipeline, asked->options);
	PrismiqStatement *statement;
	bool		of_itself;

	obey_options(options);
	if (asked->call != NULL)
	{
		options->params_are_shared = true;
		if (asked->call->timezone != NULL)
			options->dashboard_timezone = pstrdup(asked->call->timezone);
	}
	pipeline->check.own_schema = asked->tables;
	of_itself = check_definition(pipeline, asked->definition, placing);
	if (pipeline->faults.errors != NIL)
		return false;
	statement = prismiq_compile_query(pipeline->query, prismiq_home_namespace());
	prismiq_fault_sort(&pipeline->faults);
	statement->warnings = pipeline->faults.warnings;
	pipeline->statement = statement;
	compile_totals(pipeline);
	return of_itself;
}

/*
 * Take a definition as far as its statement, or its faults; or find it as it was
 * compiled before.  What is to be remembered refers to nothing of the call: it has
 * filters of its own, and the call is told which of them found their place.
 */
void
prismiq_pipeline_prepare(PrismiqPipeline *pipeline, const PrismiqAsked *asked)
{
	PrismiqDashboardCall *call = asked->call;
	PrismiqCompiling compiling;
	PrismiqPlacing placing = {NIL};
	MemoryContext old;
	List	   *placed = NIL;

	memset(pipeline, 0, sizeof(PrismiqPipeline));
	if (prismiq_compiled_find(&compiling, asked, pipeline))
	{
		obey_options(pipeline->options);
		return;
	}
	old = MemoryContextSwitchTo(compiling.memory);
	if (compiling.remember)
		pipeline->check.calendar.holds = &compiling.holds;
	if (call != NULL)
	{
		placing.filters = compiling.remember ? prismiq_filters_again(call) :
			call->placing.filters;
		placing.widget_id = call->placing.widget_id;
	}
	if (!compile(pipeline, asked, call == NULL ? NULL : &placing))
		compiling.remember = false;
	pipeline->check.calendar.holds = NULL;
	MemoryContextSwitchTo(old);
	if (call != NULL)
		placed = prismiq_filters_place(call, &placing);
	if (!asked->looked_into)
		memset(&pipeline->check, 0, sizeof(PrismiqCheck));
	prismiq_compiled_keep(&compiling, pipeline, placed);
}

/* A definition to be looked at, for prismiq_attempt(). */
typedef struct Look
{
	PrismiqPipeline *pipeline;
	PrismiqTake take;
	void	   *take_arg;
} Look;

/* Take the definition and check it, with errors that are ours. */
static void
look_guarded(void *arg)
{
	Look	   *look = (Look *) arg;
	MemoryContext caller = CurrentMemoryContext;

	PG_TRY();
	{
		(void) check_definition(look->pipeline, look->take(look->take_arg), NULL);
	}
	PG_CATCH();
	{
		prismiq_guard_door(caller);
		PG_RE_THROW();
	}
	PG_END_TRY();
}

/*
 * Note what ended a check as a fault: a definition that cannot be checked is no
 * valid one.  What has nothing to do with it, such as a cancel, goes on.
 */
static void
note_failure(PrismiqFaults *faults, ErrorData *edata)
{
	if (edata->sqlerrcode == ERRCODE_QUERY_CANCELED && prismiq_deadline_settle())
		prismiq_fault_add(faults, PRISMIQ_TOO_COMPLEX, NULL,
						  prismiq_limit_hint(PRISMIQ_QUERY_TIMEOUT, "Ask for less"),
						  "checking the definition takes longer than prismiq.query_timeout "
						  "allows");
	else if (edata->sqlerrcode == MAKE_SQLSTATE('P', 'T', '4', '1', '3') ||
			 edata->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE)
		prismiq_fault_add(faults, PRISMIQ_TOO_COMPLEX, NULL, edata->hint, "%s", edata->message);
	else if (edata->sqlerrcode == MAKE_SQLSTATE('P', 'T', '4', '0', '4'))
		prismiq_fault_add(faults, PRISMIQ_TABLE_NOT_FOUND, NULL, edata->hint,
						  "something that the query needs was changed or removed meanwhile");
	else if (edata->sqlerrcode == ERRCODE_INVALID_PARAMETER_VALUE)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, NULL, edata->hint, "%s", edata->message);
	else
		ReThrowError(edata);
	FreeErrorData(edata);
}

/*
 * Find what is wrong with a definition, without running anything of it: what
 * only the rows know (the range of "auto", the values of a pivot) is left for
 * the run.  Whatever ends the check is a fault too, and a subtransaction takes
 * back what had been begun.  "take" gives the definition; it may take its time.
 */
void
prismiq_pipeline_validate(PrismiqPipeline *pipeline, Oid tables, PrismiqTake take,
						  void *take_arg)
{
	Look		look = {pipeline, take, take_arg};
	PrismiqQueryOptions *options;
	ErrorData  *error;

	memset(pipeline, 0, sizeof(PrismiqPipeline));
	pipeline->check.own_schema = tables;
	options = prismiq_read_options(NULL, &pipeline->option_faults);
	options->only_looked_at = true;
	pipeline->options = options;
	(void) prismiq_context_require();
	error = prismiq_attempt(PRISMIQ_ATTEMPT_KEEP, look_guarded, &look);
	if (error != NULL)
		note_failure(&pipeline->faults, error);
	prismiq_fault_sort(&pipeline->faults);
}

/* Raise the definition's faults, if it has any. */
void
prismiq_pipeline_raise(PrismiqPipeline *pipeline)
{
	prismiq_fault_raise_any(&pipeline->faults);
}

/*
 * Limits of the run: what the settings allow, lowered by the options.  An
 * export (CSV, a stream) is never cut at the display limit: it is bounded by
 * prismiq.max_rows_cap, and refused beyond that.
 */
void
prismiq_pipeline_limits(const PrismiqPipeline *pipeline, bool is_export,
						PrismiqRunLimits *limits)
{
	const PrismiqQueryOptions *options = pipeline->options;

	prismiq_run_limits(limits);
	if (is_export)
	{
		limits->max_rows = prismiq_limit_cap(PRISMIQ_MAX_ROWS);
		limits->rows_setting = prismiq_limit_cap_name(PRISMIQ_MAX_ROWS);
	}
	if (options->max_rows > 0 && (limits->max_rows == 0 || options->max_rows < limits->max_rows))
	{
		limits->max_rows = options->max_rows;
		limits->rows_setting = "the option max_rows";
	}
}

/* Append how a column is to be shown, as members of an object that has some. */
static void
append_hints(StringInfo buf, const PrismiqHints *hints)
{
	int			i;

	for (i = 0; i < PRISMIQ_HINTS; i++)
	{
		const char *name;
		bool		is_json;
		const char *hint = prismiq_hint(hints, i, &name, &is_json);

		if (hint == NULL)
			continue;
		appendStringInfo(buf, ", \"%s\": ", name);
		if (is_json)
			appendStringInfoString(buf, hint);
		else
			prismiq_encode_json_string(buf, hint, strlen(hint));
	}
}

/* Append the metadata of the answer's columns, in their order. */
static void
append_metadata(StringInfo buf, const PrismiqStatement *statement)
{
	ListCell   *lc;

	appendStringInfoString(buf, ",\"metadata\":[");
	foreach(lc, statement->outputs)
	{
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);
		const char *type = format_type_be(output->type);

		appendStringInfoString(buf, foreach_current_index(lc) > 0 ? ",{\"name\":" : "{\"name\":");
		prismiq_encode_json_string(buf, output->name, strlen(output->name));
		appendStringInfoString(buf, ",\"type\":");
		prismiq_encode_json_string(buf, type, strlen(type));
		append_hints(buf, &output->hints);
		appendStringInfoChar(buf, '}');
	}
	appendStringInfoChar(buf, ']');
}

/*
 * May the caller see what the planner knows?  Its estimates know other
 * tenants' rows, so they are for roles with profile "admin": those that may
 * list the exposures.
 */
bool
prismiq_may_see_plans(void)
{
	char	   *nspname = get_namespace_name(prismiq_home_namespace());
	Oid			function;

	if (superuser_arg(GetUserId()))
		return true;
	if (nspname == NULL)
		return false;			/* dropped just now */
	function = LookupFuncName(list_make2(makeString(nspname),
										 makeString(pstrdup("prismiq_exposed"))),
							  0, NULL, true);
	return OidIsValid(function) && prismiq_may_execute(function);
}

/* Let the rows of a prepared definition say how many there are in all, where that is cheap. */
void
prismiq_pipeline_count(PrismiqPipeline *pipeline)
{
	if (pipeline->counted != NULL)
		pipeline->statement = pipeline->counted;
}

/*
 * How many rows the definition's whole answer has.  "counted" is what they say, or
 * -1.  Else they are counted, unless the rows at hand are known to end it; or
 * estimated by the planner, for those who may know: with a condition on the right
 * value an estimate tells whether another tenant's rows have it.
 */
int64
prismiq_pipeline_total(const PrismiqPipeline *pipeline, const PrismiqRunLimits *limits,
					   int64 row_count, bool truncated, int64 counted)
{
	const PrismiqQuery *query = pipeline->query;
	int64		total = query->page_offset + row_count;
	bool		at_end = !truncated && (row_count > 0 || query->page_offset == 0) &&
		(query->page_limit < 0 || row_count < query->page_limit);
	double		rows;
	double		cost;
	Datum		value;
	bool		isnull;

	if (counted >= 0)
		return counted;
	if (pipeline->estimates)
	{
		(void) prismiq_run_explain(pipeline->total, &rows, &cost);
		total = (int64) Min(rows, (double) (PG_INT64_MAX / 2));	/* it may be 1e100 */
	}
	else if (!at_end)
	{
		(void) prismiq_run_one(pipeline->total, limits, &value, &isnull);
		total = DatumGetInt64(value);
	}
	return total;
}

/*
 * Run a prepared definition and encode the whole answer; the buffer is a
 * complete varlena of type json.
 */
StringInfo
prismiq_pipeline_json(PrismiqPipeline *pipeline)
{
	const PrismiqStatement *statement;
	PrismiqRunLimits limits;
	PrismiqJsonOptions json;
	PrismiqSink *sink;
	StringInfo	buf;
	instr_time	start;
	instr_time	duration;

	prismiq_pipeline_count(pipeline);
	statement = pipeline->statement;
	prismiq_pipeline_limits(pipeline, false, &limits);
	json.format = (PrismiqFormat) pipeline->options->format;
	json.bigint_as_string = pipeline->options->bigint_as_string;
	json.zone = pipeline->zone;

	INSTR_TIME_SET_CURRENT(start);
	sink = prismiq_rows_json_create(statement, &json, &limits);
	prismiq_run(statement, &limits, sink);
	prismiq_stat_rows(sink->row_count);
	buf = prismiq_rows_json_finish(sink);
	if (pipeline->options->total != PRISMIQ_TOTAL_NONE)
		appendStringInfo(buf, ",\"total_count\":" INT64_FORMAT,
						 prismiq_pipeline_total(pipeline, &limits, sink->row_count,
												sink->truncated, sink->total));
	INSTR_TIME_SET_CURRENT(duration);
	INSTR_TIME_SUBTRACT(duration, start);

	appendStringInfo(buf, ",\"execution_time_ms\":%.3f,\"is_from_cache\":false,"
					 "\"cached_at\":null,\"bucket\":", INSTR_TIME_GET_MILLISEC(duration));
	if (statement->bucket != NULL)
		prismiq_encode_json_string(buf, statement->bucket, strlen(statement->bucket));
	else
		appendStringInfoString(buf, "null");
	appendStringInfoString(buf, ",\"warnings\":");
	prismiq_fault_append_json(buf, statement->warnings);
	if (pipeline->options->metadata)
		append_metadata(buf, statement);
	appendStringInfoChar(buf, '}');
	SET_VARSIZE(buf->data, buf->len);
	return buf;
}
