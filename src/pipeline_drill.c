/*-------------------------------------------------------------------------
 *
 * pipeline_drill.c
 *	  Drives what goes on from a widget's answer: the rows behind one of its
 *	  points, and the answer as CSV.
 *
 * A point is {column of the answer: value as answered}.  Its columns become
 * conditions on what they were made from, and the aggregation is taken off; all
 * else of the query, and the dashboard's filters, stay.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "access/access.h"
#include "access/describe.h"
#include "base/edit.h"
#include "base/fault.h"
#include "base/input_value.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "doc/doc.h"
#include "model/buckets.h"
#include "model/measure.h"
#include "model/pivot.h"
#include "model/series.h"
#include "model/stages.h"
#include "pipeline.h"
#include "pipeline_drill.h"
#include "pipeline_widget.h"
#include "run/encode.h"
#include "run/door.h"
#include "run/plans.h"
#include "show/show.h"
#include "value/value.h"

/* A point on its way to conditions. */
typedef struct Drill
{
	const PrismiqWidget *widget;
	PrismiqPipeline *pipeline;	/* the widget's own query, prepared */
	const json_t *point;
	StringInfoData conditions;	/* an array that is open */
} Drill;

/* A condition on a column of the definition, as far as its value. */
static void
open_condition(Drill *drill, const PrismiqColumnRef *ref, const char *op)
{
	StringInfo	buf = &drill->conditions;

	prismiq_write_open(buf, '{');
	if (ref->table_id != NULL)
	{
		prismiq_write_key(buf, "table_id");
		prismiq_write_text(buf, ref->table_id);
	}
	prismiq_write_key(buf, "column");
	prismiq_write_text(buf, ref->column);
	prismiq_write_key(buf, "operator");
	prismiq_write_text(buf, op);
}

/* A whole condition on one value; null is one too. */
static void
add_equal(Drill *drill, const PrismiqColumnRef *ref, const json_t *value)
{
	bool		is_null = prismiq_json_kind(value) == PRISMIQ_JSON_NULL;

	open_condition(drill, ref, is_null ? "is_null" : "eq");
	if (!is_null)
	{
		prismiq_write_key(&drill->conditions, "value");
		prismiq_write_json(&drill->conditions, value);
	}
	prismiq_write_close(&drill->conditions, '}');
}

/* One end of a bucket. */
static void
add_bound(Drill *drill, const PrismiqColumnRef *ref, const char *op, Oid type, int64 bound)
{
	PrismiqEncoder encoder;
	StringInfoData text;
	Datum		value = type == DATEOID ? DateADTGetDatum((DateADT) (bound / USECS_PER_DAY)) :
		TimestampGetDatum(bound);

	initStringInfo(&text);
	prismiq_encoder_init(&encoder, type, drill->pipeline->check.calendar.zone, false);
	prismiq_encode_text(&encoder, &text, value);
	appendStringInfoChar(&text, '\0');
	open_condition(drill, ref, op);
	prismiq_write_key(&drill->conditions, "value");
	prismiq_write_text(&drill->conditions, text.data);
	prismiq_write_close(&drill->conditions, '}');
}

/* A date or an instant out of text; false when it is none. */
static bool
read_begin(Oid type, const json_t *value, int64 *begin)
{
	Oid			input = type == DATEOID ? F_DATE_IN :
		type == TIMESTAMPTZOID ? F_TIMESTAMPTZ_IN : F_TIMESTAMP_IN;
	Datum		datum;

	if (prismiq_json_kind(value) != PRISMIQ_JSON_STRING ||
		!prismiq_input_value(input, prismiq_json_string(value), InvalidOid, -1, &datum))
		return false;
	*begin = type == DATEOID ? (int64) DatumGetDateADT(datum) * USECS_PER_DAY :
		DatumGetTimestamp(datum);
	return true;
}

/* A bucket, by its start. */
static void
add_bucket(Drill *drill, const PrismiqColumnRef *ref, const PrismiqBucketing *bucketing, Oid type,
		   const char *name, const json_t *value)
{
	PrismiqBucket bucket;
	int64		begin;

	if (bucketing == NULL || prismiq_json_kind(value) == PRISMIQ_JSON_NULL)
	{
		add_equal(drill, ref, value);
		return;
	}
	if (!read_begin(type, value, &begin) ||
		!prismiq_grid_bucket(bucketing->grid, begin, &bucket))
		prismiq_reject_argument("point", NULL, "\"%s\" of the point is not the start of a bucket",
								name);
	add_bound(drill, ref, "gte", type, bucket.start);
	add_bound(drill, ref, "lt", type, bucket.end);
}

/* The column that a pivot takes apart: one of its values is a column of the answer. */
static void
add_cell(Drill *drill, const PrismiqOutput *output)
{
	const PrismiqPivot *pivot = drill->pipeline->check.query->pivot;
	const PrismiqColumn *column = pivot->column->output->column;
	PrismiqEncoder encoder;
	StringInfoData text;

	if (column == NULL || output->cell->other)
		prismiq_reject_argument("point", NULL, "the rows of \"%s\" cannot be told by a value",
								output->name);
	if (output->cell->value == NULL)
	{
		open_condition(drill, column->ref, "is_null");
		prismiq_write_close(&drill->conditions, '}');
		return;
	}
	initStringInfo(&text);
	prismiq_encoder_init(&encoder, output->cell->value->type,
						 drill->pipeline->check.calendar.zone, false);
	prismiq_encode_json(&encoder, &text, output->cell->value->value);
	appendStringInfoChar(&text, '\0');
	open_condition(drill, column->ref, "eq");
	prismiq_write_key(&drill->conditions, "value");
	prismiq_write_literal(&drill->conditions, text.data);
	prismiq_write_close(&drill->conditions, '}');
}

/* One member of the point: what it says of the rows. */
static void
add_member(Drill *drill, const PrismiqOutput *output, const json_t *value)
{
	const PrismiqQuery *query = drill->pipeline->check.query;
	const PrismiqTimeSeries *series = query->time_series;
	const PrismiqColumn *column = output->column;

	switch (output->role)
	{
		case PRISMIQ_ROLE_TIME:
			add_bucket(drill, series->ref, series->bucketing, series->type, output->name, value);
			break;
		case PRISMIQ_ROLE_DIMENSION:
			if (query->top != NULL && query->top->other &&
				prismiq_json_kind(value) == PRISMIQ_JSON_STRING &&
				strcmp(prismiq_json_string(value), "Other") == 0)
				prismiq_reject_argument("point", NULL,
										"the rest of several groups has no one value");
			if (column->bucketing != NULL)
				add_bucket(drill, column->ref, column->bucketing, output->type, output->name,
						   value);
			else
				add_equal(drill, column->ref, value);
			break;
		case PRISMIQ_ROLE_CELL:
			add_cell(drill, output);
			break;
		default:
			break;				/* a measure says nothing of which rows there are */
	}
}

/* The members of the point, each a column of the answer. */
static void
read_point(Drill *drill)
{
	const List *outputs = drill->pipeline->statement->outputs;
	json_t	   *point = unconstify(json_t *, drill->point);
	ListCell   *lc;
	void	   *iter;

	for (iter = json_object_iter(point); iter != NULL; iter = json_object_iter_next(point, iter))
	{
		const PrismiqOutput *found = NULL;

		foreach(lc, outputs)
			if (strcmp(((const PrismiqOutput *) lfirst(lc))->name,
					   json_object_iter_key(iter)) == 0)
				found = (const PrismiqOutput *) lfirst(lc);
		if (found == NULL)
			prismiq_reject_argument("point", NULL, "the widget's answer has no column \"%s\"",
									json_object_iter_key(iter));
		if (prismiq_json_kind(json_object_iter_value(iter)) >= PRISMIQ_JSON_ARRAY)
			prismiq_reject_argument("point", NULL, "\"%s\" of the point must be a single value",
									found->name);
		add_member(drill, found, json_object_iter_value(iter));
	}
}

/* {table_id, column} of a table of the query. */
static void
write_column(StringInfo buf, const PrismiqTable *table, const char *name)
{
	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "table_id");
	prismiq_write_text(buf, table->id);
	prismiq_write_key(buf, "column");
	prismiq_write_text(buf, name);
	prismiq_write_close(buf, '}');
}

/* The columns that the config wants: each of the first table that has it. */
static void
write_wanted(StringInfo buf, const PrismiqQuery *query, const json_t *names)
{
	ListCell   *lc;
	size_t		i;

	for (i = 0; i < json_array_size(names); i++)
		foreach(lc, query->tables)
		{
			PrismiqTable *table = (PrismiqTable *) lfirst(lc);
			const json_t *name = json_array_get(names, i);
			PrismiqColumnRef ref;

			memset(&ref, 0, sizeof(ref));
			if (prismiq_json_kind(name) != PRISMIQ_JSON_STRING || table->id == NULL ||
				!prismiq_column_find(table, prismiq_json_string(name), &ref))
				continue;
			write_column(buf, table, prismiq_json_string(name));
			break;
		}
}

/* All columns of the query's first table. */
static void
write_all(StringInfo buf, const PrismiqCheck *check)
{
	const PrismiqTableDescription *description = check->query->first == NULL ||
		!OidIsValid(check->query->first->relid) ? NULL :
		prismiq_describe_table(check->query->first, check->who, check->config);
	ListCell   *lc;

	foreach(lc, description != NULL ? description->columns : NIL)
		write_column(buf, check->query->first,
					 ((const PrismiqColumnDescription *) lfirst(lc))->name);
}

/* Is anything left of the definition's columns without their aggregation? */
static bool
has_columns(const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (!column->ref->star && (!PrismiqColumnIsDimension(column) ||
								   column->output.role != PRISMIQ_ROLE_MEASURE))
			return true;
	}
	return false;
}

/* What the range of a series says of the rows, as conditions: the series itself is taken out. */
static Jsonb *
without_series(Drill *drill, Jsonb *definition)
{
	const PrismiqTimeSeries *series = drill->pipeline->check.query->time_series;
	Drill		range = *drill;

	if (series == NULL)
		return definition;
	initStringInfo(&range.conditions);
	prismiq_write_open(&range.conditions, '[');
	if (series->range_start != NULL && series->has_start)
		add_bound(&range, series->ref, "gte", series->ref->basetype, series->start);
	if (series->range_end != NULL && series->has_end)
		add_bound(&range, series->ref, "lt", series->ref->basetype, series->end);
	prismiq_write_close(&range.conditions, ']');
	return prismiq_jsonb_append_text(prismiq_jsonb_without(definition, "time_series"), "filters",
									 range.conditions.data);
}

/* The definition of the rows behind the point. */
static Jsonb *
make_definition(Drill *drill, Jsonb *definition)
{
	static const char *const of_groups[] = {"order_by", "limit", "offset"};
	const json_t *names = json_object_get(json_object_get(drill->widget->config, "drill_down"),
										  "columns");
	StringInfoData columns;
	int			i;

	for (i = 0; i < lengthof(of_groups); i++)
		definition = prismiq_jsonb_without(definition, of_groups[i]);
	initStringInfo(&columns);
	prismiq_write_literal(&columns, "{\"columns\":");
	prismiq_write_open(&columns, '[');
	if (json_array_size(names) > 0)
		write_wanted(&columns, drill->pipeline->check.query, names);
	else if (!has_columns(drill->pipeline->check.query))
		write_all(&columns, &drill->pipeline->check);
	prismiq_write_close(&columns, ']');
	prismiq_write_close(&columns, '}');
	definition = without_series(drill, definition);
	if (strcmp(columns.data, "{\"columns\":[]}") != 0)
		definition = prismiq_jsonb_merge_text(definition, columns.data);
	return prismiq_jsonb_append_text(definition, "filters", drill->conditions.data);
}

/* The widget and what is common to its call; raises where it cannot be answered. */
static PrismiqWidget *
begin(PrismiqDashboardCall *call, Datum widget_id, Jsonb *filters, Jsonb *options)
{
	PrismiqKeptRows *rows = prismiq_call_fetch(call, false, widget_id);
	PrismiqWidget *widget;

	if (rows->count == 0)
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "widget not found");
	call->options = prismiq_call_options(call, options, false, NULL);
	prismiq_call_begin(call, &rows->rows[0], filters);
	widget = prismiq_call_widget(&rows->rows[0]);
	if (widget->saved && widget->query == NULL)
		prismiq_call_reject_saved();
	if (widget->query == NULL && !widget->saved)
		widget->query = widget->default_query;
	if (widget->query == NULL)
		prismiq_reject_argument("widget_id", NULL, "the widget has no query");
	return widget;
}

/* A point as it is given. */
static const json_t *
take_point(Jsonb *point)
{
	PrismiqFaults faults = {NIL, NIL};
	const json_t *node = prismiq_json_from_jsonb(point,
												 prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES),
												 PRISMIQ_DOCUMENT_DEPTH, &faults);

	prismiq_fault_raise_any(&faults);
	if (prismiq_json_kind(node) != PRISMIQ_JSON_OBJECT)
		prismiq_reject_argument("point", "Example: {\"carrier\": \"AA\"}.",
								"a point is an object of columns of the widget's answer");
	return node;
}

/* prismiq_widget_drill: the rows behind one point, as a table's answer. */
StringInfo
prismiq_pipeline_drill(Oid tables, Datum widget_id, Jsonb *point, Jsonb *filters, Jsonb *options)
{
	PrismiqDashboardCall call = {.tables = tables};
	PrismiqPipeline pipeline;
	PrismiqWidget *widget = begin(&call, widget_id, filters, options);
	Drill		drill = {.widget = widget, .pipeline = &pipeline, .point = take_point(point)};
	const json_t *enabled = json_object_get(json_object_get(widget->config, "drill_down"),
											"enabled");
	PrismiqWidget rows_of = *widget;
	StringInfo	answer;
	StringInfo	buf = makeStringInfo();

	if (json_is_false(enabled))
		prismiq_reject_argument("widget_id", NULL, "the widget does not show what is behind it");
	prismiq_widget_prepare(&call, prismiq_jsonb_from_text("{}"),
						   &pipeline, widget->query);
	prismiq_pipeline_raise(&pipeline);
	initStringInfo(&drill.conditions);
	prismiq_write_open(&drill.conditions, '[');
	read_point(&drill);
	prismiq_write_close(&drill.conditions, ']');
	rows_of.shape = rows_of.type = "table";
	rows_of.query = make_definition(&drill, widget->query);
	rows_of.config = NULL;
	call.options = prismiq_jsonb_merge_text(call.options, "{\"disable_aggregation\": true}");
	answer = prismiq_pipeline_answer(&call, &rows_of);
	appendStringInfoSpaces(buf, VARHDRSZ);
	appendBinaryStringInfo(buf, answer->data, answer->len - 1); /* the brace is closed below */
	prismiq_write_key(buf, "definition");
	appendStringInfoString(buf, JsonbToCString(NULL, &rows_of.query->root, -1));
	prismiq_write_key(buf, "point_filters");
	appendStringInfoString(buf, drill.conditions.data);
	prismiq_write_close(buf, '}');
	SET_VARSIZE(buf->data, buf->len);
	return buf;
}

/* One cell of a CSV: the value, or with "formatted" what people read. */
static void
write_csv_cell(StringInfo buf, const PrismiqShown *shown, int64 row, int column, bool formatted,
			   bool raw)
{
	char	   *text = formatted ? prismiq_show_formatted(shown, row, column) :
		prismiq_show_plain(shown, row, column);
	Oid			type = prismiq_base_type(shown->columns[column].output->type);

	if (text != NULL)
		prismiq_csv_append(buf, text, strlen(text),
						   !raw && (formatted || !prismiq_csv_is_harmless(type)));
}

/* The columns that are on the screen: those that a table's config lists, else all. */
static int
screen_columns(const PrismiqWidget *widget, const PrismiqShown *shown, int *columns)
{
	const json_t *given = strcmp(widget->shape, "table") == 0 ?
		json_object_get(widget->config, "columns") : NULL;
	int			count = 0;
	size_t		i;

	for (i = 0; i < json_array_size(given) && count < shown->ncolumns; i++)
	{
		int			column = prismiq_show_find(shown, prismiq_json_text(json_array_get(given, i),
																		  "name"));

		if (column >= 0)
			columns[count++] = column;
	}
	for (i = 0; json_array_size(given) == 0 && i < shown->ncolumns; i++)
		columns[count++] = (int) i;
	return count;
}

/* All rows as CSV, with the labels as the header. */
static void
write_csv(StringInfo buf, const PrismiqWidget *widget, const PrismiqShown *shown, bool formatted,
		  bool raw)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext, "prismiq row",
													  ALLOCSET_DEFAULT_SIZES);
	int		   *columns = palloc(sizeof(int) * Max(shown->ncolumns, 1));
	int			count = screen_columns(widget, shown, columns);
	int64		row;
	int			i;

	for (row = -1; row < shown->rows->count; row++)
	{
		MemoryContext old = MemoryContextSwitchTo(row_context);

		prismiq_deadline_check();
		for (i = 0; i < count; i++)
		{
			const char *label = shown->columns[columns[i]].label;

			if (i > 0)
				appendStringInfoChar(buf, ',');
			if (row < 0)
				prismiq_csv_append(buf, label, strlen(label), !raw);
			else
				write_csv_cell(buf, shown, row, columns[i], formatted, raw);
		}
		appendStringInfoString(buf, "\r\n");
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_context);
	}
}

/* prismiq_widget_csv: what is on the screen, all pages of it, with its filters and labels. */
StringInfo
prismiq_pipeline_widget_csv(Oid tables, Datum widget_id, Jsonb *filters, Jsonb *options)
{
	PrismiqDashboardCall call = {.tables = tables};
	PrismiqPipeline pipeline;
	PrismiqWidget *widget = begin(&call, widget_id, filters, options);
	PrismiqKeptRows rows;
	PrismiqRunLimits limits;
	PrismiqFormatLocale locale;
	StringInfo	buf = makeStringInfo();

	prismiq_widget_prepare(&call, prismiq_widget_sorted(widget, call.options), &pipeline,
						   widget->query);
	prismiq_pipeline_raise(&pipeline);
	prismiq_pipeline_limits(&pipeline, true, &limits);
	prismiq_run(pipeline.statement, &limits, prismiq_rows_kept_create(&rows, &limits));
	if (rows.truncated)
		prismiq_run_reject_rows(&limits);
	locale = prismiq_widget_locale(&pipeline);
	appendStringInfoSpaces(buf, VARHDRSZ);
	write_csv(buf, widget, prismiq_show_columns(pipeline.check.query, pipeline.statement, &rows,
												widget->config, false, &locale),
			  call.formatted, pipeline.options->csv_raw);
	SET_VARSIZE(buf->data, buf->len);
	return buf;
}
