/*-------------------------------------------------------------------------
 *
 * pipeline_widget.c
 *	  Drives one widget: its query, what its config adds to that, and the shape
 *	  that is made of the rows.
 *
 * What a widget asks beside its own query is the same definition with other
 * members: a comparison for a trend, a time series for a sparkline, the largest
 * groups and the rest.  So each goes the way of every definition, under the same
 * filters and in the same snapshot.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "portability/instr_time.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "access/access.h"
#include "base/edit.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "model/condition.h"
#include "model/config.h"
#include "model/merge.h"
#include "model/series.h"
#include "model/test.h"
#include "pipeline.h"
#include "pipeline_point.h"
#include "pipeline_widget.h"
#include "run/run.h"
#include "run/sinks.h"
#include "run/stat.h"
#include "show/show.h"

/* One widget on its way. */
typedef struct Answering
{
	PrismiqDashboardCall *call;
	const PrismiqWidget *widget;
	Jsonb	   *definition;
	Jsonb	   *options;
	bool		own_sort;		/* the caller says what to sort by */
	PrismiqPipeline pipeline;	/* of its own query */
} Answering;

/* Note that a filter's value is bad; once, though the filter went to several places. */
static void
note_bad_values(PrismiqDashboardCall *call, PrismiqFaults *faults)
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

/* A definition under the dashboard's filters, as far as its statement or its faults. */
void
prismiq_widget_prepare(PrismiqDashboardCall *call, Jsonb *options, PrismiqPipeline *pipeline,
					   Jsonb *definition)
{
	PrismiqAsked asked = {call->tables, definition, options, .call = call};

	prismiq_pipeline_prepare(pipeline, &asked);
}

/* The same for who goes on with the check. */
void
prismiq_widget_look_into(PrismiqDashboardCall *call, Jsonb *options, PrismiqPipeline *pipeline,
						 Jsonb *definition)
{
	PrismiqAsked asked = {call->tables, definition, options, .call = call, .looked_into = true};

	prismiq_pipeline_prepare(pipeline, &asked);
}

/* How values are written for people: as the configuration says, in the answer's zone. */
PrismiqFormatLocale
prismiq_widget_locale(const PrismiqPipeline *pipeline)
{
	const PrismiqTenantConfig *config = pipeline->config;
	PrismiqFormatLocale locale = {
		.currency = config->currency,
		.decimal = config->decimal,
		.group = config->group,
		.zone = pipeline->zone
	};

	return locale;
}

/* Run a prepared definition, and describe what comes out. */
static PrismiqShown *
run(Answering *answering, PrismiqPipeline *pipeline)
{
	PrismiqDashboardCall *call = answering->call;
	const PrismiqKeptRows *rows = NULL;
	PrismiqFormatLocale locale = prismiq_widget_locale(pipeline);
	PrismiqRunLimits limits;

	prismiq_pipeline_limits(pipeline, false, &limits);
	if (call->shares)
		rows = prismiq_shared_find(call, pipeline->statement);
	if (rows == NULL && call->shares)
		rows = prismiq_shared_run(call, pipeline->statement, &limits);
	if (rows == NULL)
	{
		PrismiqKeptRows *own = palloc(sizeof(PrismiqKeptRows));

		prismiq_run(pipeline->statement, &limits, prismiq_rows_kept_create(own, &limits));
		rows = own;
	}
	return prismiq_show_columns(pipeline->query, pipeline->statement, rows,
								answering->widget->config, pipeline->options->bigint_as_string,
								&locale);
}

/* The widget's definition with other members; null, and what is wrong, where it is none. */
static const PrismiqShown *
ask_with(Answering *answering, Jsonb *members, const PrismiqFault **fault)
{
	PrismiqPipeline *pipeline = palloc0(sizeof(PrismiqPipeline));
	List	   *placed = answering->call->placing.placed;
	PrismiqShown *shown = NULL;

	prismiq_widget_prepare(answering->call, answering->options, pipeline,
						   prismiq_jsonb_merge(answering->definition, members));
	if (pipeline->faults.errors == NIL)
		shown = run(answering, pipeline);
	else
		*fault = (const PrismiqFault *) linitial(pipeline->faults.errors);
	answering->call->placing.placed = placed;
	return shown;
}

/* The same for the shapes, which go on without it. */
static const PrismiqShown *
ask(void *arg, Jsonb *members)
{
	const PrismiqFault *fault;

	return ask_with((Answering *) arg, members, &fault);
}

/* Is every fault of a member of the definition? */
static bool
faults_are_of(const PrismiqFaults *faults, const char *key)
{
	ListCell   *lc;

	foreach(lc, faults->errors)
	{
		const PrismiqPath *path = ((const PrismiqFault *) lfirst(lc))->path;

		while (path != NULL && path->up != NULL)
			path = path->up;
		if (path == NULL || path->key == NULL || strcmp(path->key, key) != 0)
			return false;
	}
	return true;
}

/*
 * Prepare the widget's own query, with the comparison that its config wants for a
 * trend; true where there is no range that it could compare by.
 */
static bool
prepare_own(Answering *answering)
{
	const json_t *trend = json_object_get(answering->widget->config, "trend");
	const json_t *period = json_object_get(trend, "period");
	PrismiqPipeline *pipeline = &answering->pipeline;
	StringInfoData compare;

	if (strcmp(answering->widget->shape, "metric") != 0 || period == NULL ||
		prismiq_jsonb_has(answering->definition, "compare"))
	{
		prismiq_widget_prepare(answering->call, answering->options, pipeline,
						   answering->definition);
		return false;
	}
	initStringInfo(&compare);
	prismiq_write_literal(&compare, "{\"compare\":{\"period\":");
	prismiq_write_json(&compare, period);
	appendStringInfoString(&compare, "}}");
	prismiq_widget_prepare(answering->call, answering->options, pipeline,
						   prismiq_jsonb_merge_text(answering->definition, compare.data));
	if (pipeline->faults.errors == NIL || !faults_are_of(&pipeline->faults, "compare"))
		return false;
	prismiq_widget_prepare(answering->call, answering->options, pipeline,
						   answering->definition);
	return true;
}

/* Note the first date column that a condition is on. */
static bool
find_date(PrismiqCondition *condition, void *arg)
{
	const PrismiqColumnRef **found = (const PrismiqColumnRef **) arg;
	const PrismiqColumnRef *ref = prismiq_test_ref(PrismiqTestOf(condition));

	if (ref == NULL || ref->table == NULL || ref->expr != NULL ||
		!prismiq_type_is_time(ref->basetype))
		return false;
	*found = ref;
	return true;
}

/* {table_id, date_column, ...} of the series of a sparkline; false: there is no column for it. */
static bool
write_date_column(StringInfo buf, const PrismiqQuery *query, const json_t *sparkline)
{
	const char *column = prismiq_json_text(sparkline, "column");
	const PrismiqColumnRef *ref = NULL;
	const char *table = prismiq_json_text(sparkline, "table");
	const PrismiqTable *first = query->asked_first;
	PrismiqExposure exposure;

	if (column == NULL && query->time_series != NULL)
		ref = query->time_series->ref;
	if (column == NULL && ref == NULL && query->asked_filters != NULL)
		(void) prismiq_condition_walk(query->asked_filters, find_date, &ref);
	if (ref != NULL && ref->table != NULL)
	{
		table = ref->table->id;
		column = ref->name;
		prismiq_point_write_zone(buf, ref->source_zone);
	}
	if (column == NULL && first != NULL && OidIsValid(first->relid) &&
		prismiq_exposure_find(first->relid, &exposure))
	{
		table = first->id;
		column = exposure.time_column;
	}
	if (column == NULL)
		return false;
	prismiq_write_key(buf, "date_column");
	prismiq_write_text(buf, column);
	prismiq_write_key(buf, "table_id");
	prismiq_write_text(buf, table == NULL && first != NULL ? first->id : table);
	return true;
}

/*
 * The series of a sparkline as a member of a definition: the query's own, with its
 * range and what it fills, by another interval; null when there is no column for it.
 */
static Jsonb *
sparkline_series(Answering *answering, const json_t *sparkline)
{
	StringInfoData buf;
	Jsonb	   *series;

	initStringInfo(&buf);
	prismiq_write_open(&buf, '{');
	prismiq_write_key(&buf, "interval");
	prismiq_write_json(&buf, json_object_get(sparkline, "interval"));
	if (!write_date_column(&buf, answering->pipeline.query, sparkline))
		return NULL;
	prismiq_write_close(&buf, '}');
	series = prismiq_jsonb_from_text(buf.data);
	if (answering->pipeline.query->time_series != NULL &&
		json_object_get(sparkline, "column") == NULL)
		series = prismiq_jsonb_merge(prismiq_jsonb_member(answering->definition, "time_series"),
									 series);
	return prismiq_jsonb_wrap("time_series", series);
}

/* The query over time for a sparkline, with windows only where fields need them; or null. */
static const PrismiqShown *
ask_sparkline(Answering *answering, PrismiqShow *show)
{
	static const char *const left_out[] = {
		"windows", "compare", "limit", "offset", "order_by", "top", "pivot", "totals", "qualify"
	};
	const json_t *sparkline = json_object_get(answering->widget->config, "sparkline");
	const PrismiqPath *path = prismiq_path_key(prismiq_path_key(NULL, "config", NULL),
											   "sparkline", NULL);
	Answering	over_time = *answering;
	const PrismiqShown *shown = NULL;
	const PrismiqFault *fault = NULL;
	Jsonb	   *series;
	int			i;

	if (json_object_get(sparkline, "interval") == NULL)
		return NULL;
	for (i = prismiq_has_over(answering->pipeline.query) ? 1 : 0; i < lengthof(left_out); i++)
		over_time.definition = prismiq_jsonb_without(over_time.definition, left_out[i]);
	series = sparkline_series(answering, sparkline);
	if (series == NULL)
		prismiq_fault_warn(show->faults, PRISMIQ_INVALID_TIME_SERIES, path,
						   "Say which in \"column\", or expose the table with a time column.",
						   "the query has no date column to draw it over");
	else
		shown = ask_with(&over_time, series, &fault);
	if (fault != NULL)
		prismiq_fault_warn(show->faults, fault->code, path, fault->suggestion, "%s",
						   fault->message);
	return shown;
}

/* Options with the order that a table's config gives, where the caller gives none. */
static Jsonb *
with_default_sort(const PrismiqWidget *widget, Jsonb *options)
{
	const json_t *sort = json_object_get(widget->config, "default_sort");
	StringInfoData members;

	if (json_array_size(sort) == 0 || prismiq_jsonb_has(options, "sort"))
		return options;
	initStringInfo(&members);
	prismiq_write_literal(&members, "{\"sort\":");
	prismiq_write_json(&members, sort);
	prismiq_write_close(&members, '}');
	return prismiq_jsonb_merge_text(options, members.data);
}

/*
 * Prepare a definition in the order that the config gives, where the caller gives
 * none.  Returns what is wrong with that order, which is then left out: columns
 * come and go with the definition.
 */
List *
prismiq_widget_prepare_sorted(PrismiqDashboardCall *call, const PrismiqWidget *widget,
							  Jsonb *options, PrismiqPipeline *pipeline, Jsonb *definition)
{
	Jsonb	   *sorted = with_default_sort(widget, options);
	List	   *faults;

	prismiq_widget_prepare(call, sorted, pipeline, definition);
	faults = pipeline->faults.errors;
	if (sorted == options || faults == NIL || !faults_are_of(&pipeline->faults, "sort"))
		return NIL;
	prismiq_widget_prepare(call, options, pipeline, definition);
	return faults;
}

/* Warn of an order in the config that the answer cannot have. */
static void
warn_of_sort(PrismiqFaults *faults, const List *wrong)
{
	const PrismiqPath *path = prismiq_path_key(prismiq_path_key(NULL, "config", NULL),
											   "default_sort", NULL);
	ListCell   *lc;

	foreach(lc, wrong)
	{
		const PrismiqFault *fault = (const PrismiqFault *) lfirst(lc);

		prismiq_fault_warn(faults, fault->code, path, fault->suggestion, "%s", fault->message);
	}
}

/* What a table's config says of its pages, where the caller does not; and it wants the count. */
static void
page_options(Answering *answering)
{
	int64		size = prismiq_widget_integer(answering->widget->config, "page_size", 1,
											  PG_INT32_MAX, 0);
	Jsonb	   *options = answering->options;

	answering->own_sort = prismiq_jsonb_has(options, "sort");
	if (size > 0 && !prismiq_jsonb_has(options, "page_size") &&
		!prismiq_jsonb_has(options, "limit") && !prismiq_jsonb_has(options, "offset"))
		options = prismiq_jsonb_merge_text(options, psprintf("{\"page_size\": " INT64_FORMAT "}",
															 size));
	answering->options = prismiq_jsonb_merge_text(options, "{\"count\": \"exact\"}");
}

/* Rows are sorted by what the config lets them be; a fault for each other column. */
static void
check_sort(Answering *answering)
{
	PrismiqPipeline *pipeline = &answering->pipeline;
	ListCell   *lc;

	foreach(lc, answering->own_sort ? pipeline->options->sort : NIL)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);

		if (order->alias != NULL &&
			!prismiq_show_sortable(answering->widget->config, order->alias))
			prismiq_fault_add(&pipeline->faults, PRISMIQ_INVALID_VALUE, order->alias_path, NULL,
							  "the widget cannot be sorted by \"%s\"", order->alias);
	}
}

/* Which page of how many rows a table's answer is. */
static void
find_page(Answering *answering, PrismiqShow *show)
{
	PrismiqPipeline *pipeline = &answering->pipeline;
	const PrismiqQuery *query = pipeline->query;
	const PrismiqKeptRows *rows = show->shown->rows;
	PrismiqRunLimits limits;
	int64		counted = -1;

	if (pipeline->statement->counted && rows->count > 0)
		counted = DatumGetInt64(rows->rows[0].values[rows->ncolumns - 1]);
	prismiq_pipeline_limits(pipeline, false, &limits);
	show->total_count = prismiq_pipeline_total(pipeline, &limits, rows->count,
											   rows->truncated, counted);
	show->page_size = Max(query->page_limit, 0);
	show->page = show->page_size > 0 ? query->page_offset / show->page_size + 1 : 1;
}

/* What a default query's params are: the caller's, else the config's keys that are called so. */
Jsonb *
prismiq_widget_params(const PrismiqWidget *widget, Jsonb *definition, Jsonb *options)
{
	PrismiqFaults faults = {NIL, NIL};
	const json_t *root = prismiq_json_from_jsonb(definition, MaxAllocSize, 128, &faults);
	json_t	   *declared = json_object_get(root, "params");
	Jsonb	   *given = !prismiq_jsonb_has(options, "params") ? NULL :
		prismiq_jsonb_member(options, "params");
	StringInfoData buf;
	Jsonb	   *params;
	void	   *iter;

	if (given != NULL && !JB_ROOT_IS_OBJECT(given))
		return options;			/* which is refused where they are read */
	initStringInfo(&buf);
	prismiq_write_open(&buf, '{');
	for (iter = json_object_iter(declared); iter != NULL;
		 iter = json_object_iter_next(declared, iter))
	{
		const json_t *value = json_object_get(widget->config, json_object_iter_key(iter));

		if (value == NULL)
			continue;
		prismiq_write_key(&buf, json_object_iter_key(iter));
		prismiq_write_json(&buf, value);
	}
	prismiq_write_close(&buf, '}');
	params = prismiq_jsonb_from_text(buf.data);
	if (given != NULL)
		params = prismiq_jsonb_merge(params, given);
	return prismiq_jsonb_merge(options, prismiq_jsonb_wrap("params", params));
}

/*
 * Which of the dashboard's filters bind the widget, and why the others do not; an
 * endpoint is given all that are for the widget.
 */
static void
write_filters(const PrismiqDashboardCall *call, bool given, StringInfo buf)
{
	ListCell   *lc;

	prismiq_write_key(buf, "filters");
	prismiq_write_open(buf, '[');
	foreach(lc, call->placing.filters)
	{
		const PrismiqDashboardFilter *filter = (const PrismiqDashboardFilter *) lfirst(lc);
		const char *reason = NULL;

		if (filter->nowhere)
			reason = "no_such_column";
		else if (!prismiq_filter_applies(filter, call->placing.widget_id))
			reason = "not_listed";
		else if (filter->tests == NIL)
			reason = "no_value";
		else if (!(given && filter->written != NULL) &&
				 !list_member_ptr(call->placing.placed, filter))
			reason = "no_such_column";
		prismiq_write_open(buf, '{');
		prismiq_write_key(buf, "id");
		prismiq_write_text(buf, filter->id);
		if (filter->point_column != NULL)
		{
			prismiq_write_key(buf, "column");
			prismiq_write_text(buf, filter->point_column);
		}
		prismiq_write_key(buf, "applied");
		prismiq_write_literal(buf, reason == NULL ? "true" : "false");
		prismiq_write_key(buf, "reason");
		prismiq_write_text(buf, reason);
		prismiq_write_close(buf, '}');
	}
	prismiq_write_close(buf, ']');
}

/* The widget's query answered, for the shape; raises what is wrong with it. */
static void
answer_query(Answering *answering, PrismiqShow *show)
{
	bool		is_table = strcmp(answering->widget->shape, "table") == 0;
	PrismiqPipeline *pipeline = &answering->pipeline;
	List	   *wrong_sort = NIL;
	bool		no_trend = false;

	if (is_table)
	{
		page_options(answering);
		wrong_sort = prismiq_widget_prepare_sorted(answering->call, answering->widget,
												   answering->options, pipeline,
												   answering->definition);
		check_sort(answering);
	}
	else
		no_trend = prepare_own(answering);
	note_bad_values(answering->call, &pipeline->faults);
	prismiq_pipeline_raise(pipeline);
	show->faults = &pipeline->faults;
	warn_of_sort(show->faults, wrong_sort);
	if (no_trend)
		prismiq_fault_warn(show->faults, PRISMIQ_INVALID_VALUE,
						   prismiq_path_key(prismiq_path_key(NULL, "config", NULL), "trend", NULL),
						   "Filter a date column on both ends.",
						   "the query has no range of dates to compare by");
	if (is_table)
		prismiq_pipeline_count(pipeline);
	show->shown = run(answering, pipeline);
	prismiq_stat_rows(show->shown->rows->count);
	show->zone_name = pipeline->zone_name;
	show->theme = pipeline->config->theme;
	if (is_table)
		find_page(answering, show);
	if (strcmp(answering->widget->shape, "metric") == 0 && !answering->call->only_picture)
		show->sparkline = ask_sparkline(answering, show);
}

/* The definition that the widget asks: its own, or its type's; null: it asks nothing. */
static Jsonb *
find_definition(Answering *answering)
{
	const PrismiqWidget *widget = answering->widget;

	if (widget->query != NULL)
		return widget->query;
	if (widget->default_query != NULL && !widget->saved)
	{
		answering->options = prismiq_widget_params(widget, widget->default_query,
												   answering->options);
		return widget->default_query;
	}
	return NULL;
}

/* The answer of a widget, as JSON; raises, and what the server says as well. */
StringInfo
prismiq_pipeline_answer(PrismiqDashboardCall *call, const PrismiqWidget *widget)
{
	Answering	answering = {.call = call, .widget = widget, .options = call->options};
	PrismiqFaults faults = {NIL, NIL};
	PrismiqShow show = {.widget = widget, .faults = &faults, .ask = ask, .arg = &answering};
	const char *endpoint = prismiq_custom_endpoint(widget);
	instr_time	start;
	instr_time	duration;

	INSTR_TIME_SET_CURRENT(start);
	call->placing.placed = NIL;
	call->placing.widget_id = widget->id;
	answering.definition = find_definition(&answering);
	if (answering.definition != NULL)
	{
		prismiq_pipeline_counted(answering.definition, widget->saved);
		answer_query(&answering, &show);
	}
	if (endpoint != NULL)
		show.custom = prismiq_custom_call(call, widget, endpoint);
	show.buf = makeStringInfo();
	show.picture = call->own.picture;
	if (call->only_picture)
	{
		prismiq_spec_write(&show);
		return show.buf;
	}
	prismiq_write_open(show.buf, '{');
	prismiq_show_write(&show, call->own.formatted, call->own.config);
	write_filters(call, endpoint != NULL, show.buf);
	prismiq_write_key(show.buf, "warnings");
	prismiq_fault_sort(show.faults);
	prismiq_fault_append_json(show.buf, show.faults->warnings);
	INSTR_TIME_SET_CURRENT(duration);
	INSTR_TIME_SUBTRACT(duration, start);
	prismiq_write_key(show.buf, "execution_time_ms");
	appendStringInfo(show.buf, "%.3f", INSTR_TIME_GET_MILLISEC(duration));
	prismiq_write_close(show.buf, '}');
	return show.buf;
}
