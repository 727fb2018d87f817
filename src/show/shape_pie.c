/*-------------------------------------------------------------------------
 *
 * shape_pie.c
 *	  Shares of a whole: one slice per value of the first dimension, or without
 *	  one per measure.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "base/fault.h"
#include "model/answer.h"
#include "show/chart.h"
#include "show/groups.h"
#include "show/shape.h"
#include "show/show.h"

#define MAX_SLICES 8
#define MOST_SLICES 1000

/* One more slice. */
static void
add_slice(PrismiqPie *pie, const char *name, const char *label, Numeric value, int column,
		  int64 row)
{
	PrismiqSlice *slice = &pie->slices[pie->count++];

	slice->name = name;
	slice->label = label;
	slice->value = value;
	slice->column = column;
	slice->row = slice->first = row;
	if (value != NULL)
		prismiq_fold(PRISMIQ_FOLD_SUM, &pie->total, value);
}

/* Is a column one that may be a slice: no period before, and no change since? */
static bool
is_sliced(const PrismiqPie *pie, int column)
{
	const json_t *y = json_object_get(pie->show->widget->config, "y");
	const PrismiqOutput *output = pie->shown->columns[column].output;

	if (y != NULL)
		return prismiq_widget_names(y, output->name);
	return strcmp(pie->shown->columns[column].role, "measure") == 0 &&
		output->role != PRISMIQ_ROLE_PREVIOUS && output->role != PRISMIQ_ROLE_CHANGE &&
		output->role != PRISMIQ_ROLE_PERCENT;
}

/* Without a dimension each measure is a slice. */
static void
slice_measures(PrismiqPie *pie)
{
	const PrismiqShown *shown = pie->shown;
	int			i;

	pie->slices = palloc0(sizeof(PrismiqSlice) * Max(shown->ncolumns, 1));
	for (i = 0; shown->rows->count > 0 && i < shown->ncolumns; i++)
	{
		Numeric		number = NULL;

		if (!is_sliced(pie, i))
			continue;
		(void) prismiq_show_number(shown, 0, i, &number);
		add_slice(pie, shown->columns[i].output->name, shown->columns[i].label, number, i, 0);
	}
}

/* What is left over, as one slice. */
static void
slice_rest(PrismiqPie *pie, const PrismiqGroups *groups, int measure)
{
	PrismiqFold fold = prismiq_fold_of(pie->shown, measure);
	const char *name = prismiq_groups_rest(groups);
	Numeric		value = NULL;
	int			i;

	if (fold == PRISMIQ_FOLD_NONE)
	{
		prismiq_fault_warn(pie->show->faults, PRISMIQ_INVALID_VALUE, NULL,
						   "Give \"max_slices\", or \"top\" in the query.",
						   "%d more slices are not shown, and do not add up to one",
						   groups->count - groups->kept);
		return;
	}
	for (i = groups->kept; i < groups->count; i++)
		if (groups->groups[i].total != NULL)
			prismiq_fold(fold, &value, groups->groups[i].total);
	add_slice(pie, name, name, value, measure, -1);
	pie->slices[pie->count - 1].rest = true;
}

/* Rank the values of a dimension; where the rest does not add up, have it made by the database. */
static void
find_groups(PrismiqPie *pie, PrismiqGroups *groups, int by, int measure)
{
	int64		most = prismiq_widget_integer(pie->show->widget->config, "max_slices", 1,
											  MOST_SLICES, MAX_SLICES);
	PrismiqFold fold = prismiq_fold_of(pie->shown, measure);
	const PrismiqShown *asked;

	if (fold == PRISMIQ_FOLD_NONE)
		fold = PRISMIQ_FOLD_SUM;
	prismiq_groups_find(groups, pie->shown, by);
	prismiq_groups_rank(groups, pie->shown, measure, fold, most);
	if (groups->count > groups->kept && prismiq_fold_of(pie->shown, measure) == PRISMIQ_FOLD_NONE &&
		(asked = prismiq_groups_ask(pie->show, groups, measure, most)) != NULL)
	{
		pie->shown = asked;
		pie->asked = true;
		prismiq_groups_find(groups, asked, by);
		prismiq_groups_rank(groups, asked, measure, fold, MOST_SLICES);
		prismiq_groups_put_last(groups, asked, "Other");
	}
}

/* Each value of a dimension is a slice; of several rows it is, where they make one value. */
static void
slice_groups(PrismiqPie *pie, int by, int measure)
{
	PrismiqGroups groups;
	bool		unknown = false;
	int			i;

	find_groups(pie, &groups, by, measure);
	pie->slices = palloc0(sizeof(PrismiqSlice) * (groups.kept + 1));
	for (i = 0; i < groups.kept; i++)
	{
		const PrismiqShownGroup *group = &groups.groups[i];
		bool		adds_up = group->nrows == 1 ||
			prismiq_fold_of(pie->shown, measure) != PRISMIQ_FOLD_NONE;

		unknown = unknown || !adds_up;
		add_slice(pie, group->name, prismiq_groups_label(pie->show, pie->shown, &groups, group),
				  adds_up ? group->total : NULL, measure, group->nrows == 1 ? group->row : -1);
		pie->slices[pie->count - 1].first = group->row;
		pie->slices[pie->count - 1].rest = pie->asked && i == groups.kept - 1 &&
			group->name != NULL && strcmp(group->name, "Other") == 0;
	}
	if (unknown)
		prismiq_fault_warn(pie->show->faults, PRISMIQ_INVALID_VALUE, NULL, "Group by less.",
						   "several rows are of one slice, and do not add up to one value");
	if (groups.count > groups.kept)
		slice_rest(pie, &groups, measure);
}

/* A slice's share of the total in percent; null where there is none. */
Numeric
prismiq_pie_percent(const PrismiqPie *pie, const PrismiqSlice *slice)
{
	Datum		share;

	if (slice->value == NULL || pie->total == NULL || numeric_is_nan(pie->total) ||
		numeric_is_inf(pie->total) ||
		DatumGetBool(DirectFunctionCall2(numeric_eq, NumericGetDatum(pie->total),
										 DirectFunctionCall1(int4_numeric, Int32GetDatum(0)))))
		return NULL;
	share = DirectFunctionCall2(numeric_mul, NumericGetDatum(slice->value),
								DirectFunctionCall1(int4_numeric, Int32GetDatum(100)));
	return DatumGetNumeric(DirectFunctionCall2(numeric_div, share, NumericGetDatum(pie->total)));
}

/* One slice. */
static void
write_slice(const PrismiqPie *pie, int i)
{
	const PrismiqSlice *slice = &pie->slices[i];
	StringInfo	buf = pie->show->buf;

	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "name");
	prismiq_write_text(buf, slice->name);
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, slice->label);
	prismiq_write_key(buf, "value");
	if (slice->value != NULL && slice->row >= 0)
		prismiq_write_cell(buf, pie->shown, slice->row, slice->column);
	else
		prismiq_write_number(buf, pie->shown, slice->column, slice->value);
	prismiq_write_key(buf, "formatted");
	prismiq_write_text(buf, prismiq_show_number_formatted(pie->shown, slice->column,
														  slice->value));
	prismiq_write_key(buf, "percent");
	prismiq_write_number(buf, pie->shown, -1, prismiq_pie_percent(pie, slice));
	prismiq_write_key(buf, "color");
	prismiq_write_text(buf, slice->color);
	prismiq_write_close(buf, '}');
}

/* What is drawn; looked for once. */
const PrismiqPie *
prismiq_pie_find(PrismiqShow *show)
{
	PrismiqPie *pie;
	int			by;
	int			measure;
	int			i;

	if (show->found != NULL)
		return (const PrismiqPie *) show->found;
	pie = palloc0(sizeof(PrismiqPie));
	pie->show = show;
	pie->shown = show->shown;
	by = prismiq_show_named(show, "x");
	measure = prismiq_show_named(show, "y");
	if (by < 0)
		by = prismiq_show_nth(show->shown, "dimension", 0);
	if (by < 0)
		by = prismiq_show_nth(show->shown, "time", 0);
	for (i = 0; measure < 0 && i < show->shown->ncolumns; i++)
		if (is_sliced(pie, i))
			measure = i;
	prismiq_show_need(show, measure >= 0, "the size of the slices");
	pie->by = measure < 0 ? -1 : by;
	if (pie->by < 0)
		slice_measures(pie);
	else
		slice_groups(pie, by, measure);
	for (i = 0; i < pie->count; i++)
		pie->slices[i].color = prismiq_widget_color(show->widget->config, i, pie->slices[i].name,
													pie->slices[i].label);
	show->found = pie;
	return pie;
}

/* {slices, total} */
void
prismiq_shape_pie(PrismiqShow *show)
{
	const PrismiqPie *pie = prismiq_pie_find(show);
	StringInfo	buf = show->buf;
	int			i;

	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "slices");
	prismiq_write_open(buf, '[');
	for (i = 0; i < pie->count; i++)
		write_slice(pie, i);
	prismiq_write_close(buf, ']');
	prismiq_write_key(buf, "total");
	prismiq_write_number(buf, pie->shown, pie->count > 0 ? pie->slices[0].column : -1, pie->total);
	prismiq_write_close(buf, '}');
}
