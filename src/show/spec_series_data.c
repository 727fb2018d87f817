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
#include "utils/float.h"
#include "utils/memutils.h"

#include "base/fault.h"
#include "show/spec.h"
#include "show/spec_axis.h"
#include "show/spec_series.h"

/* The number of a point, as its row has it; false where it has none that can be drawn. */
static bool
read_value(const PrismiqSpecDrawing *drawing, const PrismiqChartSeries *series,
		   const PrismiqChartPoint *point, double *value)
{
	int			place = drawing->axis.groups.of[point->row];
	Numeric		number = point->value;

	if (place < 0 || drawing->axis.keys[place] == NULL)
		return false;
	if (!point->made &&
		!prismiq_show_number(drawing->chart->shown, point->row, series->measure, &number))
		return false;
	return prismiq_spec_double(number, value);
}

/* The numbers of all points, NaN where there is none. */
static void
read_values(PrismiqSpecDrawing *drawing)
{
	MemoryContext point_context = AllocSetContextCreate(CurrentMemoryContext, "prismiq point",
														ALLOCSET_DEFAULT_SIZES);
	int			s;
	int64		p;

	drawing->values = palloc(sizeof(double *) * Max(drawing->chart->count, 1));
	for (s = 0; s < drawing->chart->count; s++)
	{
		const PrismiqChartSeries *series = &drawing->chart->series[s];

		drawing->values[s] = palloc_extended(sizeof(double) * Max(series->count, 1),
											 MCXT_ALLOC_HUGE);
		for (p = 0; p < series->count; p++)
		{
			MemoryContext old = MemoryContextSwitchTo(point_context);

			CHECK_FOR_INTERRUPTS();
			if (!read_value(drawing, series, &series->points[p], &drawing->values[s][p]))
				drawing->values[s][p] = get_float8_nan();
			MemoryContextSwitchTo(old);
			MemoryContextReset(point_context);
		}
	}
	MemoryContextDelete(point_context);
}

/* Has a point a number that is drawn? */
static bool
is_drawn(const PrismiqSpecDrawing *drawing, int s, int64 p)
{
	return !isnan(drawing->values[s][p]);
}

/* Has a point no neighbour that a line could come from, or go to? */
static bool
is_alone(const PrismiqSpecDrawing *drawing, int s, int64 p)
{
	return (p == 0 || !is_drawn(drawing, s, p - 1)) &&
		(p == drawing->chart->series[s].count - 1 || !is_drawn(drawing, s, p + 1));
}

/* How many points there are, and between which values. */
void
prismiq_drawing_look(PrismiqSpecDrawing *drawing)
{
	double		sum = 0.0;
	int			s;
	int64		p;

	read_values(drawing);
	for (s = 0; s < drawing->chart->count; s++)
	{
		double		highest = 0.0;

		for (p = 0; p < drawing->chart->series[s].count; p++)
		{
			double		value = drawing->values[s][p];

			if (!is_drawn(drawing, s, p))
				continue;
			drawing->least = drawing->points == 0 ? value : Min(drawing->least, value);
			drawing->greatest = drawing->points == 0 ? value : Max(drawing->greatest, value);
			highest = Max(highest, fabs(value));
			drawing->points++;
			if (!drawing->bars && is_alone(drawing, s, p))
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
	bool		known = is_drawn(drawing, s, p);

	if (place < 0 || drawing->axis.keys[place] == NULL || (drawing->bars && !known))
		return;
	prismiq_spec_put(buf, "{'x':");
	prismiq_spec_key(buf, &drawing->axis, place);
	prismiq_write_key(buf, "y");
	if (known)
		prismiq_spec_number(buf, drawing->values[s][p]);
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
	if (drawing->alone > 0 && known && is_alone(drawing, s, p))
		prismiq_spec_put(buf, "'alone':true");
	prismiq_write_close(buf, '}');
}

/* The data, and what the series are called. */
void
prismiq_drawing_data(PrismiqSpecDrawing *drawing)
{
	const PrismiqChart *chart = drawing->chart;
	StringInfo	buf = drawing->spec->buf;
	MemoryContext point_context = AllocSetContextCreate(CurrentMemoryContext, "prismiq point",
														ALLOCSET_DEFAULT_SIZES);
	int			s;
	int64		p;

	prismiq_spec_put(buf, "'data':{'values':[");
	for (s = 0; s < chart->count; s++)
		for (p = 0; p < chart->series[s].count; p++)
		{
			MemoryContext old = MemoryContextSwitchTo(point_context);

			CHECK_FOR_INTERRUPTS();
			write_point(drawing, s, p);
			MemoryContextSwitchTo(old);
			MemoryContextReset(point_context);
			prismiq_spec_check_size(drawing->spec);
		}
	MemoryContextDelete(point_context);
	prismiq_spec_put(buf, "]},'transform':[");
	prismiq_spec_names(drawing->spec, &drawing->legend);
	prismiq_write_close(buf, ']');
}
