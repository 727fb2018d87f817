/*-------------------------------------------------------------------------
 *
 * spec_series.c
 *	  Pictures of lines, areas and bars.  What their data are is told in
 *	  spec_series_data.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "base/fault.h"
#include "show/spec.h"
#include "show/spec_axis.h"
#include "show/spec_series.h"

/* So many series have solid lines, so many more the next dashes, and so on. */
#define SERIES_OF_DASH 4

static const char *const dashes[] = {"[1,0]", "[6,3]", "[2,3]", "[8,3,2,3]"};

/* The keys of the series as the domain of a scale, which stays open. */
static void
write_series_domain(const PrismiqSpecDrawing *drawing)
{
	StringInfo	buf = drawing->spec->buf;
	int			s;

	prismiq_spec_put(buf, "{'field':'series','type':'nominal','scale':{'domain':[");
	for (s = 0; s < drawing->chart->count; s++)
		prismiq_spec_series_key(buf, s);
	prismiq_write_close(buf, ']');
}

/* Dashes by series, where there are so many that colors alone would not do. */
static void
write_dashes(const PrismiqSpecDrawing *drawing)
{
	StringInfo	buf = drawing->spec->buf;
	int			s;

	if (drawing->chart->count <= SERIES_OF_DASH)
		return;
	prismiq_write_key(buf, "strokeDash");
	write_series_domain(drawing);
	prismiq_spec_put(buf, "'range':[");
	for (s = 0; s < drawing->chart->count; s++)
		prismiq_write_literal(buf, drawing->legend.entries[s].dash);
	prismiq_spec_put(buf, "]},'legend':null}");
}

/* An end of config.y_range, if it has that. */
static bool
range_end(const PrismiqSpecDrawing *drawing, int end, double *value)
{
	const json_t *range = json_object_get(drawing->spec->show->widget->config, "y_range");
	Numeric		number;

	return prismiq_widget_number(json_array_get(range, end), &number) &&
		prismiq_spec_double(number, value);
}

/* Do lines begin at zero?  Not where they would be flat then. */
static bool
begins_at_zero(const PrismiqSpecDrawing *drawing)
{
	double		nearest = drawing->least > 0.0 ? drawing->least : -drawing->greatest;
	double		farthest = drawing->least > 0.0 ? drawing->greatest : -drawing->least;

	return drawing->bars || drawing->areas || nearest <= farthest / 2.0 ||
		drawing->least == drawing->greatest;
}

/* The encoding of the measure, without what stacks it. */
static const char *
measure_encoding(const PrismiqSpecDrawing *drawing)
{
	StringInfo	buf = makeStringInfo();
	const char *const ends[] = {"domainMin", "domainMax"};
	int			end;

	prismiq_write_key(buf, drawing->horizontal ? "x" : "y");
	prismiq_spec_put(buf, "{'field':'y','type':'quantitative','title':null,'scale':{");
	for (end = 0; end < 2; end++)
	{
		double		value;

		if (!range_end(drawing, end, &value))
			continue;
		prismiq_write_key(buf, ends[end]);
		prismiq_spec_number(buf, value);
	}
	prismiq_spec_put(buf, begins_at_zero(drawing) ? "'zero':true}" : "'zero':false}");
	prismiq_spec_put(buf, "'axis':{'grid':true,'domain':false,'labelOverlap':true");
	prismiq_spec_measure_axis(buf, drawing->measure < 0 ? NULL :
							  &drawing->chart->shown->columns[drawing->measure],
							  Max(fabs(drawing->least), fabs(drawing->greatest)));
	prismiq_spec_put(buf, "}");
	return buf->data;
}

/* The encoding of the places. */
static const char *
place_encoding(const PrismiqSpecDrawing *drawing)
{
	StringInfo	buf = makeStringInfo();

	prismiq_spec_encode(buf, drawing->horizontal ? "y" : "x", "x", &drawing->axis);
	return buf->data;
}

/* Does the config cut off what is drawn? */
static bool
is_cut(const PrismiqSpecDrawing *drawing)
{
	double		value;

	return range_end(drawing, 0, &value) || range_end(drawing, 1, &value);
}

/* Both encodings and the colors; the measure stacked as the config says. */
static void
write_encodings(const PrismiqSpecDrawing *drawing, const PrismiqSpecPlane *plane)
{
	StringInfo	buf = drawing->spec->buf;

	prismiq_write_literal(buf, plane->place);
	prismiq_write_literal(buf, plane->measure);
	prismiq_spec_put(buf, drawing->stacked ? "'stack':'zero'}" : "'stack':null}");
	prismiq_spec_color_scale(drawing->spec, &drawing->legend);
}

/* Bars; of several series beside each other, unless they are stacked. */
static void
write_bars(const PrismiqSpecDrawing *drawing, const PrismiqSpecPlane *plane)
{
	StringInfo	buf = drawing->spec->buf;

	prismiq_spec_put(buf, "{'transform':[{'calculate':");
	prismiq_write_text(buf, "datum.label + ', ' + datum.name + ': ' + datum.text");
	prismiq_spec_put(buf, "'as':'aria'}],'mark':{'type':'bar','tooltip':{'content':'data'}");
	if (is_cut(drawing))
		prismiq_spec_put(buf, "'clip':true");
	prismiq_spec_put(buf, "},'encoding':{");
	write_encodings(drawing, plane);
	if (!drawing->stacked && drawing->chart->count > 1)
	{
		prismiq_write_key(buf, drawing->horizontal ? "yOffset" : "xOffset");
		write_series_domain(drawing);
		prismiq_spec_put(buf, "}}");
	}
	prismiq_spec_put(buf, "'description':{'field':'aria','type':'nominal'}}}");
}

/* One layer that shows every point: "mark" has its members. */
static void
write_layer(const PrismiqSpecDrawing *drawing, const PrismiqSpecPlane *plane, const char *mark)
{
	StringInfo	buf = drawing->spec->buf;

	prismiq_spec_put(buf, mark);
	if (is_cut(drawing))
		prismiq_spec_put(buf, "'clip':true");
	prismiq_spec_put(buf, "},'encoding':{");
	write_encodings(drawing, plane);
}

/* Lines, with what is below them or without, and a point where no line is. */
static void
write_lines(const PrismiqSpecDrawing *drawing, const PrismiqSpecPlane *plane)
{
	StringInfo	buf = drawing->spec->buf;

	if (drawing->areas)
	{
		write_layer(drawing, plane, "{'mark':{'type':'area','opacity':1,'fillOpacity':0.15,"
					"'aria':false");
		prismiq_spec_put(buf, "}}");
	}
	write_layer(drawing, plane, "{'mark':{'type':'line','aria':false");
	write_dashes(drawing);
	prismiq_spec_put(buf, "}}");
	/* What lies on something else is where that is: only all of it can be put there. */
	if (drawing->alone == 0 || (drawing->stacked && drawing->alone < drawing->points))
		return;
	write_layer(drawing, plane, "{'transform':[{'filter':{'field':'alone','equal':true}}],"
				"'mark':{'type':'point','filled':true,'size':30,'opacity':1,'aria':false");
	prismiq_spec_put(buf, "}}");
}

/* A line at the place next to the pointer, which has what all series are there. */
static void
write_pointer(const PrismiqSpecDrawing *drawing, const PrismiqSpecPlane *plane)
{
	StringInfo	buf = drawing->spec->buf;

	prismiq_spec_put(buf, "{'transform':[{'pivot':'series','value':'text',"
					 "'groupby':['x','label','at'],'op':'max'}],'params':[{'name':'pointer',"
					 "'select':{'type':'point','fields':['x'],'nearest':true,"
					 "'on':'pointermove','clear':'pointerout'}}],"
					 "'mark':{'type':'rule','style':'prismiq-hover','aria':false,"
					 "'tooltip':{'content':'data'}},'encoding':{");
	prismiq_write_literal(buf, plane->place);
	prismiq_spec_put(buf, "'opacity':{'condition':{'param':'pointer','empty':false,'value':1},"
					 "'value':0}}}");
}

/* What the series are, for whoever draws a legend. */
static void
write_fields(const PrismiqSpecDrawing *drawing)
{
	const PrismiqChart *chart = drawing->chart;
	const PrismiqShow *show = drawing->spec->show;
	const char *y_label = prismiq_json_text(show->widget->config, "y_label");
	StringInfo	buf = drawing->spec->buf;

	prismiq_write_key(buf, "x");
	prismiq_spec_axis_field(buf, &drawing->axis);
	prismiq_spec_put(buf, "'y':{'kind':'number'");
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, y_label != NULL ? y_label : chart->nmeasures != 1 ? NULL :
					   chart->shown->columns[chart->measures[0]].label);
	prismiq_write_key(buf, "unit");
	prismiq_write_text(buf, drawing->measure < 0 ? NULL :
					   prismiq_spec_unit(chart->shown, drawing->measure));
	prismiq_write_close(buf, '}');
	prismiq_spec_legend(drawing->spec, chart->by < 0 ? NULL :
						chart->shown->columns[chart->by].label, &drawing->legend);
}

/* What the picture shows, in words. */
static const char *
describe(const PrismiqSpecDrawing *drawing)
{
	const PrismiqChart *chart = drawing->chart;
	StringInfoData words;
	int			s;

	initStringInfo(&words);
	appendStringInfo(&words, "%s of ", drawing->bars ? "bar chart" :
					 drawing->areas ? "area chart" : "line chart");
	for (s = 0; s < chart->nmeasures && s < 3; s++)
		appendStringInfo(&words, "%s%s", s > 0 ? ", " : "",
						 chart->shown->columns[chart->measures[s]].label);
	if (chart->nmeasures > 3)
		appendStringInfo(&words, " and %d more", chart->nmeasures - 3);
	if (chart->x >= 0)
		appendStringInfo(&words, " by %s", chart->shown->columns[chart->x].label);
	if (chart->by >= 0)
		appendStringInfo(&words, " and %s", chart->shown->columns[chart->by].label);
	appendStringInfo(&words, ", %d series, " INT64_FORMAT " points", chart->count,
					 drawing->points);
	return words.data;
}

/* The first of the measures, if all are in its unit and have its format; else -1. */
static int
common_measure(const PrismiqChart *chart)
{
	const char *unit;
	int			first;
	int			m;

	if (chart->nmeasures == 0)
		return -1;
	first = chart->measures[0];
	unit = prismiq_spec_unit(chart->shown, first);
	for (m = 1; m < chart->nmeasures; m++)
	{
		const char *other = prismiq_spec_unit(chart->shown, chart->measures[m]);

		if (chart->shown->columns[chart->measures[m]].spec.kind !=
			chart->shown->columns[first].spec.kind ||
			strcmp(unit != NULL ? unit : "", other != NULL ? other : "") != 0)
			return -1;
	}
	return first;
}

/* What the series are called and look like: of many, lines have dashes too. */
static void
make_legend(PrismiqSpecDrawing *drawing)
{
	const PrismiqChart *chart = drawing->chart;
	int			s;

	drawing->legend.count = chart->count;
	drawing->legend.entries = palloc0(sizeof(PrismiqSpecEntry) * Max(chart->count, 1));
	for (s = 0; s < chart->count; s++)
	{
		PrismiqSpecEntry *entry = &drawing->legend.entries[s];

		entry->label = chart->series[s].label;
		entry->color = chart->series[s].color;
		entry->rest = chart->series[s].rest;
		entry->dash = drawing->bars ? NULL : dashes[s / SERIES_OF_DASH % lengthof(dashes)];
	}
}

/* Do the bars lie?  As the config says, else where their labels would not fit below them. */
static bool
lies(const PrismiqSpecDrawing *drawing)
{
	const char *orientation = prismiq_json_text(drawing->spec->show->widget->config,
												"orientation");

	if (!drawing->bars)
		return false;
	if (orientation != NULL)
		return strcmp(orientation, "horizontal") == 0;
	return drawing->axis.scale == PRISMIQ_SCALE_BAND && drawing->axis.long_labels;
}

/* Lines, areas and bars. */
bool
prismiq_spec_series(PrismiqSpec *spec)
{
	PrismiqShow *show = spec->show;
	const json_t *config = show->widget->config;
	PrismiqSpecDrawing drawing = {.spec = spec, .chart = prismiq_chart_find(show)};
	PrismiqSpecPlane plane;

	drawing.bars = strcmp(show->widget->type, "bar_chart") == 0;
	drawing.areas = !drawing.bars &&
		prismiq_widget_flag(config, "fill", strcmp(show->widget->type, "area_chart") == 0);
	drawing.stacked = (drawing.bars || drawing.areas) &&
		prismiq_widget_flag(config, "stacked", false);
	prismiq_spec_axis(&drawing.axis, show, drawing.chart->shown, drawing.chart->x, drawing.bars);
	prismiq_drawing_look(&drawing);
	if (drawing.points == 0)
		return false;
	make_legend(&drawing);
	drawing.measure = common_measure(drawing.chart);
	drawing.horizontal = lies(&drawing);
	plane.axis = &drawing.axis;
	plane.horizontal = drawing.horizontal;
	plane.place = place_encoding(&drawing);
	plane.measure = measure_encoding(&drawing);
	prismiq_spec_begin(spec, describe(&drawing));
	prismiq_drawing_data(&drawing);
	prismiq_spec_put(spec->buf, "'layer':[");
	prismiq_spec_spans(spec, &plane);
	if (drawing.bars)
		write_bars(&drawing, &plane);
	else
		write_lines(&drawing, &plane);
	prismiq_spec_rules(spec, &plane);
	if (!drawing.bars)
		write_pointer(&drawing, &plane);
	prismiq_spec_put(spec->buf, "]");
	prismiq_spec_fields(spec);
	write_fields(&drawing);
	prismiq_spec_end(spec);
	return true;
}
