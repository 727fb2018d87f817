/*-------------------------------------------------------------------------
 *
 * spec_points.c
 *	  Pictures of points by two measures.
 *
 * Each point is a row of the data: x, y, "series" (s0, s1, ...), "label" (what the
 * point is), "place" and "text" (x and y as people read them), and where points have
 * sizes "size" and "amount" (the same as people read it), and "row" (the answer's);
 * "name", the label of the series, is looked up.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/fault.h"
#include "show/spec.h"
#include "show/spec_axis.h"

/* Of more points each is smaller. */
#define MANY_POINTS 300

/* What is drawn. */
typedef struct Drawing
{
	const PrismiqPlane *plane;
	const PrismiqShown *shown;
	PrismiqSpecAxis x;
	PrismiqSpecAxis y;
	PrismiqSpecLegend legend;
	int64		points;
} Drawing;

/* Has a row a place on both axes? */
static bool
is_placed(const Drawing *drawing, int64 row)
{
	int			i = drawing->x.groups.of[row];
	int			j = drawing->y.groups.of[row];

	return drawing->plane->x >= 0 && drawing->plane->y >= 0 && i >= 0 && j >= 0 &&
		drawing->x.keys[i] != NULL && drawing->y.keys[j] != NULL;
}

/* The series of a row. */
static int
series_of(const PrismiqPlane *plane, int64 row)
{
	int			s;

	for (s = 0; s < plane->count - 1; s++)
		if (plane->groups.of[row] < plane->series[s].until)
			break;
	return s;
}

/* One row of the data. */
static void
write_point(StringInfo buf, const Drawing *drawing, int64 row)
{
	const PrismiqPlane *plane = drawing->plane;
	int			i = drawing->x.groups.of[row];
	int			j = drawing->y.groups.of[row];
	Numeric		number;
	double		size;

	prismiq_spec_put(buf, "{'x':");
	prismiq_spec_key(buf, &drawing->x, i);
	prismiq_write_key(buf, "y");
	prismiq_spec_key(buf, &drawing->y, j);
	prismiq_write_key(buf, "series");
	prismiq_spec_series_key(buf, series_of(plane, row));
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, plane->label < 0 ? NULL :
					   prismiq_show_named_value(drawing->shown, row, plane->label));
	prismiq_write_key(buf, "row");
	prismiq_write_integer(buf, row);
	prismiq_write_key(buf, "place");
	prismiq_write_text(buf, drawing->x.labels[i]);
	prismiq_write_key(buf, "text");
	prismiq_write_text(buf, drawing->y.labels[j]);
	if (plane->size >= 0)
	{
		bool		known = prismiq_show_number(drawing->shown, row, plane->size, &number) &&
			prismiq_spec_double(number, &size);

		prismiq_write_key(buf, "size");
		prismiq_spec_number(buf, known && size > 0.0 ? size : 0.0);
		prismiq_write_key(buf, "amount");
		prismiq_write_text(buf, prismiq_spec_text(drawing->shown, row, plane->size));
	}
	prismiq_write_close(buf, '}');
}

/* The data, and what the series are called. */
static void
write_data(PrismiqSpec *spec, const Drawing *drawing)
{
	StringInfo	buf = spec->buf;
	MemoryContext point_context = AllocSetContextCreate(CurrentMemoryContext, "prismiq point",
														ALLOCSET_DEFAULT_SIZES);
	int64		row;

	prismiq_spec_put(buf, "'data':{'values':[");
	for (row = 0; row < drawing->shown->rows->count; row++)
	{
		MemoryContext old = MemoryContextSwitchTo(point_context);

		CHECK_FOR_INTERRUPTS();
		if (is_placed(drawing, row))
			write_point(buf, drawing, row);
		MemoryContextSwitchTo(old);
		MemoryContextReset(point_context);
		prismiq_spec_check_size(spec);
	}
	MemoryContextDelete(point_context);
	prismiq_spec_put(buf, "]},'transform':[");
	prismiq_spec_names(spec, &drawing->legend);
	prismiq_spec_put(buf, "{'calculate':");
	prismiq_write_text(buf, "(isValid(datum.label) ? datum.label : datum.name) + ': ' + "
					   "datum.place + ', ' + datum.text");
	prismiq_spec_put(buf, "'as':'aria'}]");
}

/* The points themselves, as a layer whose encoding stays open. */
static void
write_marks(PrismiqSpec *spec, const Drawing *drawing)
{
	StringInfo	buf = spec->buf;

	prismiq_spec_put(buf, "{'mark':{'type':'point','filled':true,'opacity':0.7,"
					 "'tooltip':{'content':'data'}");
	if (drawing->plane->size < 0)
		prismiq_spec_put(buf, drawing->points > MANY_POINTS ? "'size':15" : "'size':50");
	prismiq_spec_put(buf, "},'encoding':{");
	prismiq_spec_color_scale(spec, &drawing->legend);
	if (drawing->plane->size >= 0)
		prismiq_spec_put(buf, "'size':{'field':'size','type':'quantitative','title':null,"
						 "'legend':null,'scale':{'zero':true,'range':[20,500]}}");
	prismiq_spec_put(buf, "'description':{'field':'aria','type':'nominal'}");
}

/* What the fields are. */
static void
write_fields(PrismiqSpec *spec, const Drawing *drawing)
{
	const PrismiqPlane *plane = drawing->plane;
	StringInfo	buf = spec->buf;

	prismiq_write_key(buf, "x");
	prismiq_spec_axis_field(buf, &drawing->x);
	prismiq_write_key(buf, "y");
	prismiq_spec_axis_field(buf, &drawing->y);
	prismiq_write_key(buf, "size");
	prismiq_spec_measure_field(buf, drawing->shown, plane->size);
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, plane->label < 0 ? NULL :
					   drawing->shown->columns[plane->label].label);
	prismiq_spec_legend(spec, plane->by < 0 ? NULL : drawing->shown->columns[plane->by].label,
						&drawing->legend);
}

/* What is drawn; false: nothing. */
static bool
look_at_points(PrismiqSpec *spec, Drawing *drawing)
{
	PrismiqShow *show = spec->show;
	int			s;
	int64		row;

	drawing->plane = prismiq_plane_find(show);
	drawing->shown = show->shown;
	prismiq_spec_axis(&drawing->x, show, show->shown, drawing->plane->x, false);
	prismiq_spec_axis(&drawing->y, show, show->shown, drawing->plane->y, false);
	drawing->y.graded = true;
	for (row = 0; row < show->shown->rows->count; row++)
		drawing->points += is_placed(drawing, row) ? 1 : 0;
	drawing->legend.count = drawing->plane->count;
	drawing->legend.entries = palloc0(sizeof(PrismiqSpecEntry) * Max(drawing->plane->count, 1));
	for (s = 0; s < drawing->plane->count; s++)
	{
		drawing->legend.entries[s].label = drawing->plane->series[s].label;
		drawing->legend.entries[s].color = drawing->plane->series[s].color;
		drawing->legend.entries[s].rest = drawing->plane->series[s].rest;
	}
	return drawing->points > 0;
}

/* What the picture shows, in words. */
static const char *
describe(const Drawing *drawing, const char *kind)
{
	const PrismiqShown *shown = drawing->shown;
	StringInfoData words;

	initStringInfo(&words);
	appendStringInfo(&words, "%s of %s by %s", kind, shown->columns[drawing->plane->y].label,
					 shown->columns[drawing->plane->x].label);
	if (drawing->plane->by >= 0)
		appendStringInfo(&words, " and %s", shown->columns[drawing->plane->by].label);
	appendStringInfo(&words, ", " INT64_FORMAT " points", drawing->points);
	return words.data;
}

/* A scatter chart. */
bool
prismiq_spec_scatter(PrismiqSpec *spec)
{
	Drawing		drawing = {NULL};
	PrismiqSpecPlane axes = {.axis = &drawing.x};
	StringInfoData place;
	StringInfoData measure;
	bool		marked;

	if (!look_at_points(spec, &drawing))
		return false;
	drawing.x.graded = true;
	initStringInfo(&place);
	initStringInfo(&measure);
	prismiq_spec_encode(&place, "x", "x", &drawing.x);
	prismiq_spec_encode(&measure, "y", "y", &drawing.y);
	measure.data[--measure.len] = '\0';	/* it stays open */
	axes.place = place.data;
	axes.measure = measure.data;
	marked = drawing.y.scale == PRISMIQ_SCALE_NUMBER;
	prismiq_spec_begin(spec, describe(&drawing, "scatter chart"));
	write_data(spec, &drawing);
	prismiq_spec_put(spec->buf, "'layer':[");
	if (marked)
		prismiq_spec_spans(spec, &axes);
	write_marks(spec, &drawing);
	prismiq_write_literal(spec->buf, axes.place);
	prismiq_write_literal(spec->buf, axes.measure);
	prismiq_spec_put(spec->buf, "}}}");
	if (marked)
		prismiq_spec_rules(spec, &axes);
	prismiq_write_close(spec->buf, ']');
	prismiq_spec_fields(spec);
	write_fields(spec, &drawing);
	prismiq_spec_end(spec);
	return true;
}

/* Points outside of the earth have no place. */
static void
leave_out(PrismiqSpecAxis *axis, double most)
{
	int			i;

	for (i = 0; i < axis->groups.count; i++)
	{
		Numeric		number;
		double		value;

		if (!prismiq_show_number(axis->shown, axis->groups.groups[i].row, axis->column, &number) ||
			!prismiq_spec_double(number, &value) || fabs(value) > most)
			axis->keys[i] = NULL;
	}
}

/* A map: points by longitude and latitude, with lines of both behind them. */
bool
prismiq_spec_map(PrismiqSpec *spec)
{
	Drawing		drawing = {NULL};
	int64		row;

	if (!look_at_points(spec, &drawing))
		return false;
	leave_out(&drawing.x, 180.0);
	leave_out(&drawing.y, 90.0);
	drawing.points = 0;
	for (row = 0; row < drawing.shown->rows->count; row++)
		drawing.points += is_placed(&drawing, row) ? 1 : 0;
	if (drawing.points == 0)
		return false;
	prismiq_spec_begin(spec, describe(&drawing, "map"));
	write_data(spec, &drawing);
	prismiq_spec_put(spec->buf, "'projection':{'type':'equirectangular'},'layer':[");
	prismiq_spec_graticule(spec, &drawing.x, &drawing.y);
	write_marks(spec, &drawing);
	prismiq_spec_put(spec->buf, "'longitude':{'field':'x','type':'quantitative'},"
					 "'latitude':{'field':'y','type':'quantitative'}}}]");
	prismiq_spec_fields(spec);
	write_fields(spec, &drawing);
	prismiq_spec_end(spec);
	return true;
}
