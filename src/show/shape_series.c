/*-------------------------------------------------------------------------
 *
 * shape_series.c
 *	  Lines, bars and areas: one series per measure, and per value of the
 *	  dimension after x where there is one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "base/names.h"
#include "model/words.h"
#include "show/chart.h"
#include "show/groups.h"
#include "show/shape.h"
#include "show/show.h"

/* What an axis is: the role, type and label of its column; null where it has none. */
void
prismiq_write_axis(StringInfo buf, const PrismiqShown *shown, int column, bool open)
{
	if (column < 0)
	{
		prismiq_write_literal(buf, "null");
		return;
	}
	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "role");
	prismiq_write_text(buf, shown->columns[column].role);
	prismiq_write_key(buf, "type");
	prismiq_write_text(buf, prismiq_show_type(shown, column));
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, shown->columns[column].label);
	if (!open)
		prismiq_write_close(buf, '}');
}

/* Marks that the config puts on the chart. */
void
prismiq_write_annotations(PrismiqShow *show)
{
	const json_t *annotations = json_object_get(show->widget->config, "annotations");

	prismiq_write_key(show->buf, "annotations");
	if (prismiq_json_kind(annotations) == PRISMIQ_JSON_ARRAY)
		prismiq_write_json(show->buf, annotations);
	else
		prismiq_write_literal(show->buf, "[]");
}

/* Is a column drawn unless the config says otherwise: the change of a measure is not? */
static bool
is_drawn(const PrismiqShownColumn *column)
{
	return strcmp(column->role, "measure") == 0 &&
		column->output->role != PRISMIQ_ROLE_CHANGE &&
		column->output->role != PRISMIQ_ROLE_PERCENT;
}

/* Say what the config's "y" names that is not in the answer. */
static void
warn_of_missing(PrismiqShow *show, const json_t *y)
{
	const PrismiqPath *path = prismiq_path_key(prismiq_path_key(NULL, "config", NULL), "y", NULL);
	size_t		i;

	if (prismiq_json_kind(y) == PRISMIQ_JSON_STRING)
		(void) prismiq_show_named(show, "y");
	for (i = 0; i < json_array_size(y); i++)
	{
		const json_t *item = json_array_get(y, i);

		if (prismiq_json_kind(item) == PRISMIQ_JSON_STRING &&
			prismiq_show_find(show->shown, prismiq_json_string(item)) < 0)
			prismiq_fault_warn(show->faults, PRISMIQ_COLUMN_NOT_FOUND,
							   prismiq_path_index(path, (int) i), NULL,
							   "the answer has no column \"%s\"", prismiq_json_string(item));
	}
}

/* May a column tell series apart?  Not one that is drawn itself. */
static bool
may_tell(const PrismiqChart *chart, const json_t *y, bool raw, int i)
{
	const PrismiqShownColumn *column = &chart->shown->columns[i];

	return strcmp(column->role, "dimension") == 0 && i != chart->x &&
		!(raw && y == NULL && column->is_number) &&
		!(y != NULL && prismiq_widget_names(y, column->output->name));
}

/* Which columns are drawn, and how: of rows that are not grouped, those that hold numbers. */
static void
find_columns(PrismiqChart *chart)
{
	const PrismiqShown *shown = chart->shown;
	const json_t *y = json_object_get(chart->show->widget->config, "y");
	bool		raw = !shown->query->grouped && prismiq_show_nth(shown, "measure", 0) < 0;
	int			i;

	chart->x = prismiq_show_named(chart->show, "x");
	chart->by = prismiq_show_named(chart->show, "series");
	if (chart->x < 0)
		chart->x = prismiq_show_nth(shown, "time", 0);
	for (i = 0; chart->x < 0 && i < shown->ncolumns; i++)
		if (strcmp(shown->columns[i].role, "dimension") == 0 && i != chart->by)
			chart->x = i;
	for (i = 0; chart->by < 0 && i < shown->ncolumns; i++)
		if (may_tell(chart, y, raw, i))
			chart->by = i;
	warn_of_missing(chart->show, y);
	chart->measures = palloc(sizeof(int) * Max(shown->ncolumns, 1));
	chart->nmeasures = 0;
	for (i = 0; i < shown->ncolumns; i++)
		if (i != chart->x && i != chart->by &&
			(y == NULL ? is_drawn(&shown->columns[i]) || (raw && shown->columns[i].is_number) :
			 prismiq_widget_names(y, shown->columns[i].output->name)))
			chart->measures[chart->nmeasures++] = i;
}

/* One more series: of a value, of a measure, or of both. */
static PrismiqChartSeries *
add_series(PrismiqChart *chart, const char *name, const char *label, int measure)
{
	const PrismiqShownColumn *column = &chart->shown->columns[measure];
	PrismiqChartSeries *series = &chart->series[chart->count];
	bool		of_group = chart->by >= 0;

	if (of_group && chart->nmeasures > 1)
	{
		name = psprintf("%s, %s", name != NULL ? name : label, column->label);
		label = psprintf("%s, %s", label, column->label);
	}
	else if (!of_group)
	{
		name = column->output->name;
		label = column->label;
	}
	series->name = name;
	series->label = label;
	series->color = prismiq_widget_color(chart->show->widget->config, chart->count++, name,
										 label);
	series->measure = measure;
	return series;
}

/*
 * The points of each group, one after the other: its rows as they come.  All
 * measures have the same.
 */
static PrismiqChartPoint **
find_points(const PrismiqChart *chart)
{
	const PrismiqGroups *groups = &chart->groups;
	PrismiqChartPoint **points = palloc(sizeof(PrismiqChartPoint *) * Max(groups->count, 1));
	int64	   *found = palloc0(sizeof(int64) * Max(groups->count, 1));
	int64		row;
	int			i;

	for (i = 0; i < groups->count; i++)
		points[i] = palloc0(sizeof(PrismiqChartPoint) * groups->groups[i].nrows);
	for (row = 0; row < chart->shown->rows->count; row++)
	{
		int			group = groups->of[row];

		if (group >= 0)
			points[group][found[group]++].row = row;
	}
	pfree(found);
	return points;
}

/* The points of the rest: at each x, what is made of all its groups. */
static void
find_rest(const PrismiqChart *chart, PrismiqChartSeries *series)
{
	PrismiqFold fold = prismiq_fold_of(chart->shown, series->measure);
	PrismiqGroups at;
	Numeric    *values;
	bool	   *seen;
	int64		row;
	int			i;

	prismiq_groups_find(&at, chart->shown, chart->x);
	values = palloc0(sizeof(Numeric) * Max(at.count, 1));
	seen = palloc0(sizeof(bool) * Max(at.count, 1));
	for (row = 0; row < chart->shown->rows->count; row++)
	{
		Numeric		number;

		if (chart->groups.of[row] < chart->groups.kept)
			continue;
		seen[at.of[row]] = true;
		if (prismiq_show_number(chart->shown, row, series->measure, &number))
			prismiq_fold(fold, &values[at.of[row]], number);
	}
	series->rest = true;
	series->points = palloc0(sizeof(PrismiqChartPoint) * Max(at.count, 1));
	for (i = 0; i < at.count; i++)
	{
		PrismiqChartPoint *point = &series->points[series->count];

		if (!seen[i])
			continue;
		point->row = at.groups[i].row;
		point->made = true;
		point->value = values[i];
		series->count++;
	}
}

/* Can all measures of the rest be made of their groups' own? */
static bool
rest_adds_up(const PrismiqChart *chart)
{
	int			i;

	for (i = 0; i < chart->nmeasures; i++)
		if (prismiq_fold_of(chart->shown, chart->measures[i]) == PRISMIQ_FOLD_NONE)
			return false;
	return true;
}

/* Rank the groups; where the rest does not add up, have it made by the database. */
static void
find_groups(PrismiqChart *chart, bool *rest)
{
	PrismiqShow *show = chart->show;
	int64		most = prismiq_widget_integer(show->widget->config, "max_series", 1,
										  PRISMIQ_MOST_SERIES, PRISMIQ_SERIES);
	const PrismiqShown *asked;

	prismiq_groups_find(&chart->groups, chart->shown, chart->by);
	prismiq_groups_rank(&chart->groups, chart->shown,
						chart->nmeasures > 0 ? chart->measures[0] : -1, PRISMIQ_FOLD_SUM,
						most);
	*rest = chart->groups.count > chart->groups.kept;
	if (!*rest || rest_adds_up(chart))
		return;
	*rest = false;
	asked = chart->nmeasures > 0 && prismiq_show_nth(chart->shown, "time", 0) == chart->x ?
		prismiq_groups_ask(show, &chart->groups, chart->measures[0], most) : NULL;
	if (asked == NULL)
	{
		prismiq_fault_warn(show->faults, PRISMIQ_INVALID_VALUE, NULL,
						   "Give \"max_series\", or \"top\" in the query.",
						   "%d more series are not shown, and do not add up to one",
						   chart->groups.count - chart->groups.kept);
		return;
	}
	chart->shown = asked;
	chart->asked = true;
	prismiq_groups_find(&chart->groups, asked, chart->by);
	prismiq_groups_rank(&chart->groups, asked, chart->measures[0], PRISMIQ_FOLD_SUM,
						PRISMIQ_MOST_SERIES);
	prismiq_groups_put_last(&chart->groups, asked, "Other");
}

/* Is the answer grouped by more than x and what makes the series? */
static bool
has_more_groups(const PrismiqChart *chart)
{
	int			i;

	for (i = 0; i < chart->shown->ncolumns; i++)
		if (i != chart->x && i != chart->by &&
			(strcmp(chart->shown->columns[i].role, "dimension") == 0 ||
			 strcmp(chart->shown->columns[i].role, "time") == 0))
			return true;
	return false;
}

/* Say that a series has several points at one x, where it has. */
static void
warn_of_repetition(const PrismiqChart *chart)
{
	const PrismiqShown *shown = chart->shown;
	PrismiqNames points = {0};
	int64		row;
	bool		found = false;

	for (row = 0; has_more_groups(chart) && !found && row < shown->rows->count; row++)
	{
		char	   *x = prismiq_show_plain(shown, row, chart->x);

		CHECK_FOR_INTERRUPTS();
		if (chart->groups.of[row] >= 0)
			(void) prismiq_names_add(&points, psprintf("%d%s%s", chart->groups.of[row],
													   x != NULL ? "=" : "", x != NULL ? x : ""),
									 &found);
	}
	if (found)
		prismiq_fault_warn(chart->show->faults, PRISMIQ_INVALID_VALUE, NULL,
						   "Group by less, or say in \"x\" and \"series\" what is which.",
						   "several rows are of one series and one x");
}

/* The series, largest total first, and the rest of them. */
static void
find_series(PrismiqChart *chart, bool rest)
{
	int			groups = chart->by < 0 ? 1 : chart->groups.kept;
	PrismiqChartPoint **points = find_points(chart);
	int			i;
	int			m;

	chart->series = palloc0(sizeof(PrismiqChartSeries) * ((groups + 1) * chart->nmeasures + 1));
	for (i = 0; i < groups; i++)
		for (m = 0; m < chart->nmeasures; m++)
		{
			const PrismiqShownGroup *group = chart->groups.count > 0 ?
				&chart->groups.groups[i] : NULL;
			const char *label = chart->by < 0 ? NULL :
				prismiq_groups_label(chart->show, chart->shown, &chart->groups, group);

			PrismiqChartSeries *series = add_series(chart, group != NULL ? group->name : NULL,
													label, chart->measures[m]);

			series->rest = chart->asked && i == groups - 1 && group != NULL &&
				group->name != NULL && strcmp(group->name, "Other") == 0;
			if (group == NULL)
				continue;
			series->points = points[i];
			series->count = group->nrows;
		}
	for (m = 0; rest && m < chart->nmeasures; m++)
	{
		const char *name = prismiq_groups_rest(&chart->groups);

		find_rest(chart, add_series(chart, name, name, chart->measures[m]));
	}
}

/* What is drawn; looked for once, for it may ask the database, and warns. */
const PrismiqChart *
prismiq_chart_find(PrismiqShow *show)
{
	PrismiqChart *chart;
	bool		rest = false;

	if (show->found != NULL)
		return (const PrismiqChart *) show->found;
	chart = palloc0(sizeof(PrismiqChart));
	chart->show = show;
	chart->shown = show->shown;
	find_columns(chart);
	prismiq_show_need(show, chart->nmeasures > 0, "the values of the chart");
	find_groups(chart, &rest);
	warn_of_repetition(chart);
	find_series(chart, rest);
	show->found = chart;
	return chart;
}

/* The beginning of a series, as far as its points. */
void
prismiq_write_series(StringInfo buf, const char *name, const char *label, const char *color)
{
	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "name");
	prismiq_write_text(buf, name);
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, label);
	prismiq_write_key(buf, "color");
	prismiq_write_text(buf, color);
	prismiq_write_key(buf, "points");
	prismiq_write_open(buf, '[');
}

/* One series with its points. */
static void
write_series(StringInfo buf, const PrismiqChart *chart, const PrismiqChartSeries *series)
{
	int64		i;

	prismiq_write_series(buf, series->name, series->label, series->color);
	for (i = 0; i < series->count; i++)
	{
		const PrismiqChartPoint *point = &series->points[i];

		CHECK_FOR_INTERRUPTS();
		prismiq_write_open(buf, '[');
		prismiq_write_cell(buf, chart->shown, point->row, chart->x);
		if (point->made)
			prismiq_write_number(buf, chart->shown, series->measure, point->value);
		else
			prismiq_write_cell(buf, chart->shown, point->row, series->measure);
		prismiq_write_close(buf, ']');
	}
	prismiq_write_close(buf, ']');
	prismiq_write_close(buf, '}');
}

/* {x, series, annotations, stacked} */
void
prismiq_shape_series(PrismiqShow *show)
{
	const PrismiqChart *chart = prismiq_chart_find(show);
	StringInfo	buf = show->buf;
	int			i;

	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "x");
	prismiq_write_axis(buf, show->shown, chart->x, false);
	prismiq_write_key(buf, "series");
	prismiq_write_open(buf, '[');
	for (i = 0; i < chart->count; i++)
		write_series(buf, chart, &chart->series[i]);
	prismiq_write_close(buf, ']');
	prismiq_write_annotations(show);
	prismiq_write_key(buf, "stacked");
	prismiq_write_literal(buf, prismiq_widget_flag(show->widget->config, "stacked", false) ?
						  "true" : "false");
	prismiq_write_close(buf, '}');
}
