/*-------------------------------------------------------------------------
 *
 * shape_points.c
 *	  Points in a plane: of a scatter chart by two measures, of a map by their
 *	  longitude and latitude; and the cells of a heat map.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "model/measure.h"
#include "model/table.h"
#include "show/chart.h"
#include "show/groups.h"
#include "show/shape.h"
#include "show/show.h"

/* Is a column taken already? */
static bool
is_taken(const PrismiqPlane *plane, int column)
{
	return column == plane->x || column == plane->y || column == plane->label ||
		column == plane->size || column == plane->by;
}

/* The next column that has numbers and is not taken: a measure before a dimension; or -1. */
static int
next_number(const PrismiqShown *shown, const PrismiqPlane *plane, bool measures_only)
{
	int			i;

	for (i = 0; i < shown->ncolumns; i++)
		if (strcmp(shown->columns[i].role, "measure") == 0 && shown->columns[i].is_number &&
			!is_taken(plane, i))
			return i;
	for (i = 0; !measures_only && i < shown->ncolumns; i++)
		if (strcmp(shown->columns[i].role, "dimension") == 0 && shown->columns[i].is_number &&
			!is_taken(plane, i))
			return i;
	return -1;
}

/* The name of the column that an output column is made of; or null. */
static const char *
made_of(const PrismiqOutput *output)
{
	return output->column != NULL ? output->column->ref->name : NULL;
}

/* A column by one of several names that mean the same, its own or of what it is made; or -1. */
static int
known_as(const PrismiqShown *shown, const char *const *names)
{
	int			i;

	for (; *names != NULL; names++)
		for (i = 0; i < shown->ncolumns; i++)
		{
			const PrismiqOutput *output = shown->columns[i].output;
			const char *column = made_of(output);

			if (pg_strcasecmp(output->name, *names) == 0 ||
				(column != NULL && shown->columns[i].is_number &&
				 pg_strcasecmp(column, *names) == 0))
				return i;
		}
	return -1;
}

/* Which columns are what: as the config says, else by names, roles and types. */
static void
find_columns(PrismiqShow *show, PrismiqPlane *plane)
{
	static const char *const longitudes[] = {"longitude", "lon", "lng", "long", "x", NULL};
	static const char *const latitudes[] = {"latitude", "lat", "y", NULL};
	const PrismiqShown *shown = show->shown;
	bool		is_map = strcmp(show->widget->type, "map") == 0;
	int			i;

	plane->label = plane->size = -1;
	plane->x = prismiq_show_named(show, "x");
	plane->y = prismiq_show_named(show, "y");
	plane->by = prismiq_show_named(show, "series");
	if (is_map && plane->x < 0)
		plane->x = known_as(shown, longitudes);
	if (is_map && plane->y < 0)
		plane->y = known_as(shown, latitudes);
	/* any number may be an axis, but none that is not known to be one is a place on the earth */
	if (!is_map && plane->x < 0)
		plane->x = next_number(shown, plane, false);
	if (!is_map && plane->y < 0)
		plane->y = next_number(shown, plane, false);
	for (i = 0; plane->label < 0 && i < shown->ncolumns; i++)
		if (strcmp(shown->columns[i].role, "dimension") == 0 && !is_taken(plane, i))
			plane->label = i;
	if (plane->label < 0)
		plane->label = plane->by;
	plane->size = next_number(shown, plane, true);
}

/* One more series: the groups from one to before another. */
static void
add_series(PrismiqPlane *plane, const char *name, const char *label, int from, int until)
{
	PrismiqPlaneSeries *series = &plane->series[plane->count];

	series->name = name;
	series->label = label;
	series->color = prismiq_widget_color(plane->show->widget->config, plane->count++, name, label);
	series->from = from;
	series->until = until;
}

/* One series per value of what the config names, largest total first, and the rest; or one. */
static void
find_series(PrismiqPlane *plane)
{
	PrismiqShow *show = plane->show;
	const PrismiqShown *shown = show->shown;
	int64		most = prismiq_widget_integer(show->widget->config, "max_series", 1,
											  PRISMIQ_MOST_SERIES, PRISMIQ_SERIES);
	PrismiqGroups *groups = &plane->groups;
	int			i;

	prismiq_groups_find(groups, shown, plane->by);
	if (plane->by < 0)
	{
		const PrismiqShownColumn *y = plane->y >= 0 ? &shown->columns[plane->y] : NULL;

		plane->series = palloc0(sizeof(PrismiqPlaneSeries));
		add_series(plane, y != NULL ? y->output->name : NULL, y != NULL ? y->label : NULL, 0, 1);
		return;
	}
	prismiq_groups_rank(groups, shown, plane->y, PRISMIQ_FOLD_SUM, most);
	plane->series = palloc0(sizeof(PrismiqPlaneSeries) * (groups->kept + 1));
	for (i = 0; i < groups->kept; i++)
		add_series(plane, groups->groups[i].name,
				   prismiq_groups_label(show, shown, groups, &groups->groups[i]), i, i + 1);
	if (groups->count > groups->kept)
	{
		add_series(plane, prismiq_groups_rest(groups), prismiq_groups_rest(groups), groups->kept,
				   groups->count);
		plane->series[plane->count - 1].rest = true;
	}
}

/* What is drawn; looked for once. */
const PrismiqPlane *
prismiq_plane_find(PrismiqShow *show)
{
	PrismiqPlane *plane;

	if (show->found != NULL)
		return (const PrismiqPlane *) show->found;
	plane = palloc0(sizeof(PrismiqPlane));
	plane->show = show;
	find_columns(show, plane);
	prismiq_show_need(show, plane->x >= 0 && plane->y >= 0,
					  strcmp(show->widget->type, "map") == 0 ? "longitude or latitude" :
					  "the places of the points");
	find_series(plane);
	show->found = plane;
	return plane;
}

/* One series with its points: [x, y, label, size]. */
static void
write_series(StringInfo buf, const PrismiqPlane *plane, const PrismiqPlaneSeries *series)
{
	const PrismiqShown *shown = plane->show->shown;
	int64		row;

	prismiq_write_series(buf, series->name, series->label, series->color);
	for (row = 0; row < shown->rows->count; row++)
	{
		CHECK_FOR_INTERRUPTS();
		if (plane->groups.of[row] < series->from || plane->groups.of[row] >= series->until)
			continue;
		prismiq_write_open(buf, '[');
		prismiq_write_cell(buf, shown, row, plane->x);
		prismiq_write_cell(buf, shown, row, plane->y);
		prismiq_write_text(buf, plane->label < 0 ? NULL :
						   prismiq_show_named_value(shown, row, plane->label));
		prismiq_write_cell(buf, shown, row, plane->size);
		prismiq_write_close(buf, ']');
	}
	prismiq_write_close(buf, ']');
	prismiq_write_close(buf, '}');
}

/* {x, y, series: [{name, label, color, points: [[x, y, label, size]]}], annotations, stacked} */
void
prismiq_shape_points(PrismiqShow *show)
{
	const PrismiqPlane *plane = prismiq_plane_find(show);
	const PrismiqShown *shown = show->shown;
	StringInfo	buf = show->buf;
	int			i;

	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "x");
	prismiq_write_axis(buf, shown, plane->x, false);
	prismiq_write_key(buf, "y");
	prismiq_write_axis(buf, shown, plane->y, false);
	prismiq_write_key(buf, "series");
	prismiq_write_open(buf, '[');
	for (i = 0; i < plane->count; i++)
		write_series(buf, plane, &plane->series[i]);
	prismiq_write_close(buf, ']');
	prismiq_write_annotations(show);
	prismiq_write_key(buf, "stacked");
	prismiq_write_literal(buf, "false");
	prismiq_write_close(buf, '}');
}

/* An axis of a heat map, with its values. */
static void
write_values(PrismiqShow *show, const char *key, const PrismiqGroups *groups)
{
	StringInfo	buf = show->buf;
	int			i;

	prismiq_write_key(buf, key);
	if (groups->column < 0)
	{
		prismiq_write_literal(buf, "null");
		return;
	}
	prismiq_write_axis(buf, show->shown, groups->column, true);
	prismiq_write_key(buf, "values");
	prismiq_write_open(buf, '[');
	for (i = 0; i < groups->count; i++)
		prismiq_write_cell(buf, show->shown, groups->groups[i].row, groups->column);
	prismiq_write_close(buf, ']');
	prismiq_write_close(buf, '}');
}

/* What is drawn of a heat map; looked for once. */
const PrismiqMatrix *
prismiq_matrix_find(PrismiqShow *show)
{
	const PrismiqShown *shown = show->shown;
	PrismiqMatrix *matrix;
	int			x;
	int			y;
	int			i;

	if (show->found != NULL)
		return (const PrismiqMatrix *) show->found;
	matrix = palloc0(sizeof(PrismiqMatrix));
	matrix->show = show;
	x = prismiq_show_named(show, "x");
	y = prismiq_show_named(show, "y");
	matrix->value = prismiq_show_named(show, "value");
	if (x < 0)
		x = prismiq_show_nth(shown, "time", 0);
	for (i = 0; x < 0 && i < shown->ncolumns; i++)
		if (strcmp(shown->columns[i].role, "dimension") == 0 && i != y)
			x = i;
	for (i = 0; y < 0 && i < shown->ncolumns; i++)
		if (strcmp(shown->columns[i].role, "dimension") == 0 && i != x)
			y = i;
	if (matrix->value < 0)
		matrix->value = prismiq_show_nth(shown, "measure", 0);
	prismiq_show_need(show, x >= 0 && y >= 0, "one of the axes");
	prismiq_show_need(show, matrix->value >= 0, "the values of the cells");
	prismiq_groups_find(&matrix->across, shown, x);
	prismiq_groups_find(&matrix->down, shown, y);
	prismiq_groups_by_value(&matrix->across, shown);
	prismiq_groups_by_value(&matrix->down, shown);
	show->found = matrix;
	return matrix;
}

/* {x: {..., values}, y: {..., values}, cells: [[i, j, v]]}: cells only where there are rows. */
void
prismiq_shape_heatmap(PrismiqShow *show)
{
	const PrismiqMatrix *matrix = prismiq_matrix_find(show);
	const PrismiqShown *shown = show->shown;
	StringInfo	buf = show->buf;
	int64		row;

	prismiq_write_open(buf, '{');
	write_values(show, "x", &matrix->across);
	write_values(show, "y", &matrix->down);
	prismiq_write_key(buf, "cells");
	prismiq_write_open(buf, '[');
	for (row = 0; row < shown->rows->count; row++)
	{
		if (matrix->across.of[row] < 0)
			continue;
		CHECK_FOR_INTERRUPTS();
		prismiq_write_open(buf, '[');
		prismiq_write_integer(buf, matrix->across.of[row]);
		prismiq_write_integer(buf, matrix->down.of[row]);
		prismiq_write_cell(buf, shown, row, matrix->value);
		prismiq_write_close(buf, ']');
	}
	prismiq_write_close(buf, ']');
	prismiq_write_close(buf, '}');
}
