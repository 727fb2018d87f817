/*-------------------------------------------------------------------------
 *
 * spec_series_data.c
 *	  The data of pictures of lines, areas and bars.
 *
 * Each point is a row of the data: x, y, "series" (s0, s1, ...), "label" (x as
 * people read it), "text" (y likewise) and "row" (the answer's); "name", the label of
 * the series, is looked up.  At a place of x the rows of all series are made one by
 * "pivot", with their texts under the keys of the series: that is what a pointer shows.
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

/* The number of a point; false where it has none that can be drawn. */
static bool
point_value(const PrismiqSpecDrawing *drawing, const PrismiqChartSeries *series, int64 i,
			double *value)
{
	const PrismiqChartPoint *point = &series->points[i];
	Numeric		number = point->value;

	if (drawing->axis.groups.of[point->row] < 0 ||
		drawing->axis.keys[drawing->axis.groups.of[point->row]] == NULL)
		return false;
	if (!point->made &&
		!prismiq_show_number(drawing->chart->shown, point->row, series->measure, &number))
		return false;
	return prismiq_spec_double(number, value);
}

/* Has a point no neighbour that a line could come from, or go to? */
static bool
is_alone(const PrismiqSpecDrawing *drawing, const PrismiqChartSeries *series, int64 i)
{
	double		value;

	return (i == 0 || !point_value(drawing, series, i - 1, &value)) &&
		(i == series->count - 1 || !point_value(drawing, series, i + 1, &value));
}

/* How many points there are, and between which values. */
void
prismiq_drawing_look(PrismiqSpecDrawing *drawing)
{
	double		sum = 0.0;
	int			i;
	int64		p;

	for (i = 0; i < drawing->chart->count; i++)
	{
		const PrismiqChartSeries *series = &drawing->chart->series[i];
		double		highest = 0.0;
		double		value;

		for (p = 0; p < series->count; p++)
		{
			CHECK_FOR_INTERRUPTS();
			if (!point_value(drawing, series, p, &value))
				continue;
			drawing->least = drawing->points == 0 ? value : Min(drawing->least, value);
			drawing->greatest = drawing->points == 0 ? value : Max(drawing->greatest, value);
			highest = Max(highest, fabs(value));
			drawing->points++;
			if (!drawing->bars && is_alone(drawing, series, p))
				drawing->alone++;
		}
		sum += highest;
	}
	if (drawing->stacked)
		drawing->greatest = Max(drawing->greatest, sum);
}

/*
 * The rows of the answer by which a point is found again: its own, and for what a
 * pointer shows the first at its place.  What the database was asked anew has none.
 */
static void
write_rows(const PrismiqSpecDrawing *drawing, const PrismiqChartPoint *point, int place)
{
	StringInfo	buf = drawing->spec->buf;

	if (drawing->chart->asked)
		return;
	if (!point->made)
	{
		prismiq_write_key(buf, "row");
		prismiq_write_integer(buf, point->row);
	}
	if (!drawing->bars)
	{
		prismiq_write_key(buf, "at");
		prismiq_write_integer(buf, drawing->axis.groups.groups[place].row);
	}
}

/* One row of the data. */
static void
write_point(PrismiqSpecDrawing *drawing, int s, int64 p)
{
	const PrismiqChartSeries *series = &drawing->chart->series[s];
	const PrismiqChartPoint *point = &series->points[p];
	int			place = drawing->axis.groups.of[point->row];
	StringInfo	buf = drawing->spec->buf;
	double		value;
	bool		known = point_value(drawing, series, p, &value);

	if (place < 0 || drawing->axis.keys[place] == NULL || (drawing->bars && !known))
		return;
	prismiq_spec_put(buf, "{'x':");
	prismiq_spec_key(buf, &drawing->axis, place);
	prismiq_write_key(buf, "y");
	if (known)
		prismiq_spec_number(buf, value);
	else
		prismiq_write_literal(buf, "null");
	prismiq_write_key(buf, "series");
	prismiq_spec_series_key(buf, s);
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, drawing->axis.labels[place]);
	prismiq_write_key(buf, "text");
	prismiq_write_text(buf, point->made ?
					   prismiq_spec_number_text(drawing->chart->shown, series->measure,
												point->value) :
					   prismiq_spec_text(drawing->chart->shown, point->row, series->measure));
	write_rows(drawing, point, place);
	if (drawing->alone > 0 && known && is_alone(drawing, series, p))
		prismiq_spec_put(buf, "'alone':true");
	prismiq_write_close(buf, '}');
}

/* The data, and what the series are called. */
void
prismiq_drawing_data(PrismiqSpecDrawing *drawing)
{
	const PrismiqChart *chart = drawing->chart;
	StringInfo	buf = drawing->spec->buf;
	int			s;
	int64		p;

	prismiq_spec_put(buf, "'data':{'values':[");
	for (s = 0; s < chart->count; s++)
		for (p = 0; p < chart->series[s].count; p++)
		{
			CHECK_FOR_INTERRUPTS();
			write_point(drawing, s, p);
			prismiq_spec_check_size(drawing->spec);
		}
	prismiq_spec_put(buf, "]}");
	prismiq_spec_put(buf, "'transform':[");
	prismiq_spec_names(drawing->spec, &drawing->legend);
	prismiq_write_close(buf, ']');
}
