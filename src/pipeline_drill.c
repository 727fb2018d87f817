/*-------------------------------------------------------------------------
 *
 * pipeline_drill.c
 *	  Drives what goes on from a widget's answer: the rows behind one of its
 *	  points, and the answer as CSV.
 *
 * The point becomes conditions (pipeline_point.c), and the aggregation is taken off;
 * all else of the query, and the dashboard's filters, stay.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "access/access.h"
#include "access/describe.h"
#include "base/edit.h"
#include "base/fault.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "doc/doc.h"
#include "model/measure.h"
#include "model/series.h"
#include "model/zones.h"
#include "pipeline.h"
#include "pipeline_drill.h"
#include "pipeline_point.h"
#include "pipeline_widget.h"
#include "run/encode.h"
#include "run/door.h"
#include "run/plans.h"
#include "run/stat.h"
#include "show/show.h"

/* A widget's answer, and what is asked behind it. */
typedef struct Drill
{
	const PrismiqWidget *widget;
	PrismiqPipeline *pipeline;	/* the widget's own query, prepared */
	const PrismiqPoint *point;
	const char *conditions;		/* of the point, as an array */
} Drill;

/* {table_id, column} of a table of the query, with the zone that its times are read in, if any. */
static void
write_column(StringInfo buf, const PrismiqTable *table, const char *name, pg_tz *source_zone)
{
	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "table_id");
	prismiq_write_text(buf, table->id);
	prismiq_write_key(buf, "column");
	prismiq_write_text(buf, name);
	prismiq_point_write_zone(buf, source_zone);
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
			write_column(buf, table, prismiq_json_string(name), NULL);
			break;
		}
}

/* All columns of the query's first table. */
static void
write_all(StringInfo buf, const PrismiqCheck *check)
{
	PrismiqTable *first = check->query->asked_first;
	const PrismiqTableDescription *description = first == NULL || !OidIsValid(first->relid) ?
		NULL : prismiq_describe_table(first, check->who, check->config);
	ListCell   *lc;

	foreach(lc, description != NULL ? description->columns : NIL)
		write_column(buf, first,
					 ((const PrismiqColumnDescription *) lfirst(lc))->name, NULL);
}

/* Does the point say what a column is? */
static bool
is_said(const PrismiqPoint *point, const char *name)
{
	ListCell   *lc;

	foreach(lc, point->tests)
		if (strcmp(((const PrismiqPointTest *) lfirst(lc))->name, name) == 0)
			return true;
	return false;
}

/*
 * Do the definition's columns tell anything of the rows without their aggregation, but
 * what the point has said?  Rows that are not grouped are shown as they were.
 */
static bool
has_columns(const Drill *drill)
{
	bool		grouped = false;
	bool		any = false;
	ListCell   *lc;

	foreach(lc, drill->pipeline->query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		grouped = grouped || !PrismiqColumnIsDimension(column);
		if (column->ref->star)
			continue;
		if (!PrismiqColumnIsDimension(column) ||
			(column->output.role != PRISMIQ_ROLE_MEASURE &&
			 !is_said(drill->point, column->output.name)))
			return true;
		any = any || column->output.role != PRISMIQ_ROLE_MEASURE;
	}
	return any && !grouped;
}

/* When each row was: the date of a series beside the columns that the definition has. */
static Jsonb *
with_date(Drill *drill, Jsonb *definition)
{
	const PrismiqQuery *query = drill->pipeline->query;
	const PrismiqColumnRef *date = query->time_series != NULL ? query->time_series->ref : NULL;
	StringInfoData buf;
	ListCell   *lc;

	if (date == NULL || date->table == NULL || date->table->id == NULL)
		return definition;
	foreach(lc, query->columns)
	{
		const PrismiqColumnRef *ref = ((const PrismiqColumn *) lfirst(lc))->ref;

		if (ref->table == date->table && ref->attnum == date->attnum)
			return definition;
	}
	initStringInfo(&buf);
	prismiq_write_literal(&buf, "[{");
	prismiq_point_write_ref(&buf, date);
	prismiq_point_write_zone(&buf, date->source_zone);
	appendStringInfoString(&buf, "}]");
	return prismiq_jsonb_append_text(definition, "columns", buf.data);
}

/* One end of the range of a series as a condition: of local times whose zone is said an instant. */
static void
add_end(PrismiqPoint *range, const PrismiqColumnRef *ref, PrismiqOperator op, int64 bound)
{
	Oid			type = ref->basetype;

	if (type == DATEOID)
		bound *= USECS_PER_DAY;
	else if (ref->source_zone != NULL && prismiq_local_to_instant(bound, ref->source_zone, &bound))
		type = TIMESTAMPTZOID;
	prismiq_point_bound(range, ref, op, type, bound);
}

/*
 * What a series says of the rows, as conditions, for it is taken out: its range, and how
 * the local times are read that other conditions are on.
 */
static Jsonb *
without_series(Drill *drill, Jsonb *definition)
{
	const PrismiqTimeSeries *series = drill->pipeline->query->time_series;
	PrismiqPoint range = {.pipeline = drill->pipeline};

	if (series == NULL)
		return definition;
	if (series->range_start != NULL && series->has_start)
		add_end(&range, series->ref, PRISMIQ_OP_GTE, series->start);
	if (series->range_end != NULL && series->has_end)
		add_end(&range, series->ref, PRISMIQ_OP_LT, series->end);
	prismiq_point_zone(&range, series->ref);
	return prismiq_jsonb_append_text(prismiq_jsonb_without(definition, "time_series"), "filters",
									 prismiq_point_written(&range));
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
		write_wanted(&columns, drill->pipeline->query, names);
	else if (!has_columns(drill))
		write_all(&columns, &drill->pipeline->check);
	prismiq_write_close(&columns, ']');
	prismiq_write_close(&columns, '}');
	definition = without_series(drill, definition);
	if (strcmp(columns.data, "{\"columns\":[]}") != 0)
		definition = prismiq_jsonb_merge_text(definition, columns.data);
	else
		definition = with_date(drill, definition);
	return prismiq_jsonb_append_text(definition, "filters", drill->conditions);
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
	prismiq_cross_begin(call, &rows->rows[0], filters);
	widget = prismiq_call_widget(&rows->rows[0]);
	if (widget->saved && widget->query == NULL)
		prismiq_call_reject_saved();
	if (widget->query == NULL && !widget->saved)
	{
		widget->query = widget->default_query;
		if (widget->query != NULL)
			call->options = prismiq_widget_params(widget, widget->query, call->options);
	}
	if (widget->query == NULL)
		prismiq_reject_argument("widget_id", NULL, "the widget has no query");
	call->placing.widget_id = widget->id;
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
	return node;
}

/* prismiq_widget_drill: the rows behind one point, as a table's answer. */
StringInfo
prismiq_pipeline_drill(Oid tables, Datum widget_id, Jsonb *point, Jsonb *filters, Jsonb *options)
{
	PrismiqDashboardCall call = {.tables = tables};
	PrismiqPipeline pipeline;
	PrismiqWidget *widget = begin(&call, widget_id, filters, options);
	Drill		drill = {.widget = widget, .pipeline = &pipeline};
	PrismiqPoint chosen = {.pipeline = &pipeline, .argument = "point"};
	const json_t *node = take_point(point);
	const json_t *enabled = json_object_get(json_object_get(widget->config, "drill_down"),
											"enabled");
	PrismiqWidget rows_of = *widget;
	StringInfo	answer;
	StringInfo	buf = makeStringInfo();

	if (json_is_false(enabled))
		prismiq_reject_argument("widget_id", NULL, "the widget does not show what is behind it");
	prismiq_widget_look_into(&call, prismiq_point_options(call.options), &pipeline,
						   widget->query);
	prismiq_pipeline_raise(&pipeline);
	prismiq_point_read(&chosen, node);
	drill.point = &chosen;
	drill.conditions = prismiq_point_written(&chosen);
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
	appendStringInfoString(buf, drill.conditions);
	prismiq_write_close(buf, '}');
	SET_VARSIZE(buf->data, buf->len);
	return buf;
}

/* One cell of a CSV: the value, or with "formatted" what people read. */
static void
write_csv_cell(StringInfo buf, const PrismiqShown *shown, int64 row, int column, bool formatted,
			   const PrismiqCsvStyle *style)
{
	char	   *text = formatted ? prismiq_show_formatted(shown, row, column) :
		prismiq_show_plain(shown, row, column);
	Oid			type = prismiq_base_type(shown->columns[column].output->type);

	if (text != NULL)
		prismiq_csv_append(buf, text, strlen(text), style->delimiter,
						   !style->raw && (formatted || !prismiq_csv_is_harmless(type)));
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

/* One line of a CSV: of a row, or (-1) the header, which has the labels or the names. */
static void
write_csv_line(StringInfo buf, const PrismiqShown *shown, int64 row, const int *columns, int count,
			   bool formatted, const PrismiqCsvStyle *style)
{
	int			i;

	for (i = 0; i < count; i++)
	{
		const PrismiqShownColumn *column = &shown->columns[columns[i]];
		const char *title = style->header == PRISMIQ_CSV_HEADER_NAME ? column->output->name :
			column->label;

		if (i > 0)
			appendStringInfoChar(buf, style->delimiter);
		if (row < 0)
			prismiq_csv_append(buf, title, strlen(title), style->delimiter, !style->raw);
		else
			write_csv_cell(buf, shown, row, columns[i], formatted, style);
	}
	appendStringInfoString(buf, "\r\n");
}

/* All rows as CSV. */
static void
write_csv(StringInfo buf, const PrismiqWidget *widget, const PrismiqShown *shown, bool formatted,
		  const PrismiqCsvStyle *style)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext, "prismiq row",
													  ALLOCSET_DEFAULT_SIZES);
	int		   *columns = palloc(sizeof(int) * Max(shown->ncolumns, 1));
	int			count = screen_columns(widget, shown, columns);
	int64		row;

	for (row = -1; row < shown->rows->count; row++)
	{
		MemoryContext old = MemoryContextSwitchTo(row_context);

		prismiq_deadline_check();
		write_csv_line(buf, shown, row, columns, count, formatted, style);
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

	prismiq_pipeline_counted(widget->query, widget->saved);
	(void) prismiq_widget_prepare_sorted(&call, widget, call.options, &pipeline, widget->query);
	prismiq_pipeline_raise(&pipeline);
	prismiq_pipeline_limits(&pipeline, true, &limits);
	prismiq_run(pipeline.statement, &limits, prismiq_rows_kept_create(&rows, &limits));
	if (rows.truncated)
		prismiq_run_reject_rows(&limits);
	prismiq_stat_rows(rows.count);
	locale = prismiq_widget_locale(&pipeline);
	appendStringInfoSpaces(buf, VARHDRSZ);
	write_csv(buf, widget, prismiq_show_columns(pipeline.query, pipeline.statement, &rows,
												widget->config, false, &locale),
			  call.own.formatted, &pipeline.options->csv);
	SET_VARSIZE(buf->data, buf->len);
	return buf;
}
