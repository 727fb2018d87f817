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
#include "show/groups.h"
#include "show/shape.h"
#include "show/show.h"

/* Which columns are what; -1: there is none. */
typedef struct Plane
{
	int			x;
	int			y;
	int			label;
	int			size;
	int			by;				/* one series per value of it */
} Plane;

/* Is a column taken already? */
static bool
is_taken(const Plane *plane, int column)
{
	return column == plane->x || column == plane->y || column == plane->label ||
		column == plane->size || column == plane->by;
}

/* The next column that has numbers and is not taken: a measure before a dimension; or -1. */
static int
next_number(const PrismiqShown *shown, const Plane *plane, bool measures_only)
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
find_columns(PrismiqShow *show, Plane *plane)
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
	if (plane->x < 0)
		plane->x = next_number(shown, plane, false);
	if (plane->y < 0)
		plane->y = next_number(shown, plane, false);
	for (i = 0; plane->label < 0 && i < shown->ncolumns; i++)
		if (strcmp(shown->columns[i].role, "dimension") == 0 && !is_taken(plane, i))
			plane->label = i;
	if (plane->label < 0)
		plane->label = plane->by;
	plane->size = next_number(shown, plane, true);
}

/* [x, y, label, size] of each row of the groups from one to before another. */
static void
write_points(PrismiqShow *show, const Plane *plane, const PrismiqGroups *groups, int from,
			 int until)
{
	const PrismiqShown *shown = show->shown;
	StringInfo	buf = show->buf;
	int64		row;

	prismiq_write_key(buf, "points");
	prismiq_write_open(buf, '[');
	for (row = 0; row < shown->rows->count; row++)
	{
		CHECK_FOR_INTERRUPTS();
		if (groups->of[row] < from || groups->of[row] >= until)
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
}

/* One series: the groups from one to before another, the "n"-th that is written. */
static void
write_series(PrismiqShow *show, const Plane *plane, const PrismiqGroups *groups, int n,
			 const char *name, const char *label, int until)
{
	StringInfo	buf = show->buf;

	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "name");
	prismiq_write_text(buf, name);
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, label);
	prismiq_write_key(buf, "color");
	prismiq_write_text(buf, prismiq_widget_color(show->widget->config, n, name, label));
	write_points(show, plane, groups, n, until);
	prismiq_write_close(buf, '}');
}

/* One series per value of what the config names, largest total first, and the rest; or one. */
static void
write_all_series(PrismiqShow *show, const Plane *plane)
{
	const PrismiqShown *shown = show->shown;
	int64		most = prismiq_widget_integer(show->widget->config, "max_series", 1,
											  PRISMIQ_MOST_SERIES, PRISMIQ_SERIES);
	PrismiqGroups groups;
	int			i;

	prismiq_groups_find(&groups, shown, plane->by);
	if (plane->by < 0)
	{
		const PrismiqShownColumn *y = plane->y >= 0 ? &shown->columns[plane->y] : NULL;

		write_series(show, plane, &groups, 0, y != NULL ? y->output->name : NULL,
					 y != NULL ? y->label : NULL, 1);
		return;
	}
	prismiq_groups_rank(&groups, shown, plane->y, PRISMIQ_FOLD_SUM, most);
	for (i = 0; i < groups.kept; i++)
		write_series(show, plane, &groups, i, groups.groups[i].name,
					 prismiq_groups_label(show, shown, &groups, &groups.groups[i]), i + 1);
	if (groups.count > groups.kept)
		write_series(show, plane, &groups, groups.kept, prismiq_groups_rest(&groups),
					 prismiq_groups_rest(&groups), groups.count);
}

/* {x, y, series: [{name, label, color, points: [[x, y, label, size]]}], annotations, stacked} */
void
prismiq_shape_points(PrismiqShow *show)
{
	const PrismiqShown *shown = show->shown;
	StringInfo	buf = show->buf;
	Plane		plane;

	find_columns(show, &plane);
	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "x");
	prismiq_write_axis(buf, shown, plane.x, false);
	prismiq_write_key(buf, "y");
	prismiq_write_axis(buf, shown, plane.y, false);
	prismiq_write_key(buf, "series");
	prismiq_write_open(buf, '[');
	write_all_series(show, &plane);
	prismiq_write_close(buf, ']');
	prismiq_write_annotations(show);
	prismiq_write_key(buf, "stacked");
	prismiq_write_literal(buf, "false");
	prismiq_write_close(buf, '}');
}

/* An axis of a heat map, with its values in the order in which the rows have them. */
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

/* {x: {..., values}, y: {..., values}, cells: [[i, j, v]]}: cells only where there are rows. */
void
prismiq_shape_heatmap(PrismiqShow *show)
{
	const PrismiqShown *shown = show->shown;
	StringInfo	buf = show->buf;
	PrismiqGroups across;
	PrismiqGroups down;
	int			x = prismiq_show_named(show, "x");
	int			y = prismiq_show_named(show, "y");
	int			value = prismiq_show_named(show, "value");
	int64		row;
	int			i;

	if (x < 0)
		x = prismiq_show_nth(shown, "time", 0);
	for (i = 0; x < 0 && i < shown->ncolumns; i++)
		if (strcmp(shown->columns[i].role, "dimension") == 0 && i != y)
			x = i;
	for (i = 0; y < 0 && i < shown->ncolumns; i++)
		if (strcmp(shown->columns[i].role, "dimension") == 0 && i != x)
			y = i;
	if (value < 0)
		value = prismiq_show_nth(shown, "measure", 0);
	prismiq_groups_find(&across, shown, x);
	prismiq_groups_find(&down, shown, y);
	prismiq_write_open(buf, '{');
	write_values(show, "x", &across);
	write_values(show, "y", &down);
	prismiq_write_key(buf, "cells");
	prismiq_write_open(buf, '[');
	for (row = 0; row < shown->rows->count; row++)
	{
		if (across.of[row] < 0)
			continue;
		CHECK_FOR_INTERRUPTS();
		prismiq_write_open(buf, '[');
		prismiq_write_integer(buf, across.of[row]);
		prismiq_write_integer(buf, down.of[row]);
		prismiq_write_cell(buf, shown, row, value);
		prismiq_write_close(buf, ']');
	}
	prismiq_write_close(buf, ']');
	prismiq_write_close(buf, '}');
}
