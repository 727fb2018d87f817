/*-------------------------------------------------------------------------
 *
 * pipeline_cross.c
 *	  Cross-filters: a point of one widget is a filter of the dashboard's others.
 *
 * The point becomes the conditions that it is behind a drill-down, and those on one
 * column a filter like the dashboard's own: on the table that the column is of, on
 * every widget but the one that the point was chosen in.  Points are read under the
 * dashboard's filters, and not under each other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/fmgrprotos.h"
#include "utils/uuid.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "doc/doc.h"
#include "model/condition.h"
#include "model/expr.h"
#include "model/merge.h"
#include "model/table.h"
#include "pipeline_point.h"
#include "pipeline_widget.h"
#include "read/read.h"
#include "run/door.h"
#include "run/sinks.h"

/*
 * The widget of an id, which has to be one of the same dashboard, and the options that
 * it is asked with.
 */
static PrismiqWidget *
find_source(PrismiqDashboardCall *call, const PrismiqKeptRow *of, const char *id,
			Jsonb **options)
{
	PrismiqKeptRows *rows;
	PrismiqWidget *widget;

	if (!prismiq_is_uuid(id))
		prismiq_reject_argument("cross_filter", NULL, "an id of a widget is a uuid");
	rows = prismiq_call_fetch(call, false, DirectFunctionCall1(uuid_in, CStringGetDatum(id)));
	if (rows->count == 0 ||
		memcmp(DatumGetPointer(rows->rows[0].values[PRISMIQ_WIDGET_DASHBOARD]),
			   DatumGetPointer(of->values[PRISMIQ_WIDGET_DASHBOARD]), UUID_LEN) != 0)
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, "The dashboard has no such widget.",
					   "widget not found");
	widget = prismiq_call_widget(&rows->rows[0]);
	if (widget->query == NULL && widget->saved)
		prismiq_call_reject_saved();
	*options = prismiq_point_options(call->options);
	if (widget->query == NULL && widget->default_query != NULL)
	{
		widget->query = widget->default_query;
		*options = prismiq_widget_params(widget, widget->query, *options);
	}
	if (widget->query == NULL)
		prismiq_reject_argument("cross_filter", NULL, "the widget of the point has no query");
	return widget;
}

/*
 * Is it known of other widgets' tables which of their columns is meant?  Not of what is
 * calculated, nor of a table that the query has twice, each time for something else.
 */
static bool
is_placeable(const PrismiqPoint *point, const PrismiqColumnRef *ref)
{
	int			count = 0;
	ListCell   *lc;

	if (ref->table == NULL || prismiq_ref_column(ref) == NULL || !OidIsValid(ref->table->relid))
		return false;
	foreach(lc, point->pipeline->query->tables)
		if (((const PrismiqTable *) lfirst(lc))->relid == ref->table->relid)
			count++;
	return count == 1;
}

/* A filter on the column of one condition, without its tests. */
static PrismiqDashboardFilter *
make_filter(const char *widget_id, const PrismiqPoint *point, const PrismiqPointTest *test)
{
	PrismiqDashboardFilter *filter = palloc0(sizeof(PrismiqDashboardFilter));
	const PrismiqTable *table = test->ref->table;

	filter->id = widget_id;
	filter->type = PRISMIQ_FILTER_SELECT;	/* which suits every column */
	filter->path = prismiq_path_key(prismiq_path_key(NULL, prismiq_merge_root, NULL), widget_id,
									NULL);
	filter->field = test->ref->column;
	if (test->ref->source_zone != NULL)
		filter->source_timezone = pg_get_timezone_name(test->ref->source_zone);
	filter->nowhere = !is_placeable(point, test->ref);
	if (!filter->nowhere)
		filter->table = psprintf("%s.%s", table->nspname, table->relname);
	filter->point_of = widget_id;
	filter->point_column = test->name;
	return filter;
}

/* Filters of the conditions of a point: one of all that are on the same column. */
static List *
make_filters(const char *widget_id, const PrismiqPoint *point)
{
	const PrismiqPointTest *before = NULL;
	PrismiqDashboardFilter *filter = NULL;
	List	   *filters = NIL;
	ListCell   *lc;

	foreach(lc, point->tests)
	{
		const PrismiqPointTest *test = (const PrismiqPointTest *) lfirst(lc);

		if (before == NULL || test->name != before->name)
		{
			filter = make_filter(widget_id, point, test);
			filters = lappend(filters, filter);
		}
		filter->tests = lappend(filter->tests,
								prismiq_filter_test(test->op, test->literal, filter->path));
		before = test;
	}
	return filters;
}

/* The filters that a point of a widget stands for. */
static List *
read_point(PrismiqDashboardCall *call, const PrismiqKeptRow *of, const char *id,
		   const json_t *node)
{
	Jsonb	   *options;
	PrismiqWidget *widget = find_source(call, of, id, &options);
	PrismiqPipeline pipeline;
	PrismiqPoint point = {.pipeline = &pipeline, .argument = "cross_filter"};

	call->placing.widget_id = widget->id;
	prismiq_widget_look_into(call, options, &pipeline, widget->query);
	prismiq_pipeline_raise(&pipeline);
	prismiq_point_read(&point, node);
	return make_filters(widget->id, &point);
}

/*
 * What every widget of the call has in common, as prismiq_call_begin() has it, and
 * the points that were chosen in some of them.
 */
void
prismiq_cross_begin(PrismiqDashboardCall *call, const PrismiqKeptRow *row, Jsonb *filters)
{
	json_t	   *points = unconstify(json_t *, call->own.cross_filter);
	List	   *chosen = NIL;
	void	   *iter;

	prismiq_call_begin(call, row, filters);
	if (points != NULL && row == NULL)
		prismiq_reject_argument("cross_filter", "Give \"dashboard_id\" as well.",
								"\"cross_filter\" is of the widgets of a dashboard");
	for (iter = json_object_iter(points); iter != NULL;
		 iter = json_object_iter_next(points, iter))
	{
		prismiq_deadline_check();
		chosen = list_concat(chosen, read_point(call, row, json_object_iter_key(iter),
												json_object_iter_value(iter)));
	}
	call->altered = chosen != NIL;
	call->placing.filters = list_concat(call->placing.filters, chosen);
}
