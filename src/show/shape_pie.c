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
#include "show/groups.h"
#include "show/shape.h"
#include "show/show.h"

#define MAX_SLICES 8
#define MOST_SLICES 1000

/* One slice, with a value that may be null. */
typedef struct Slice
{
	const char *name;
	const char *label;
	Numeric		value;
	int			column;			/* the measure that it is of */
	int64		row;			/* that has the value; or -1: it is made of several */
} Slice;

typedef struct Pie
{
	PrismiqShow *show;
	const PrismiqShown *shown;
	int			count;
	Slice	   *slices;
	Numeric		total;			/* null: there are no numbers */
} Pie;

/* One more slice. */
static void
add_slice(Pie *pie, const char *name, const char *label, Numeric value, int column, int64 row)
{
	Slice	   *slice = &pie->slices[pie->count++];

	slice->name = name;
	slice->label = label;
	slice->value = value;
	slice->column = column;
	slice->row = row;
	if (value != NULL)
		prismiq_fold(PRISMIQ_FOLD_SUM, &pie->total, value);
}

/* Is a column one that may be a slice: no period before, and no change since? */
static bool
is_sliced(const Pie *pie, int column)
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
slice_measures(Pie *pie)
{
	const PrismiqShown *shown = pie->shown;
	int			i;

	pie->slices = palloc(sizeof(Slice) * Max(shown->ncolumns, 1));
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
slice_rest(Pie *pie, const PrismiqGroups *groups, int measure)
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
}

/* Rank the values of a dimension; where the rest does not add up, have it made by the database. */
static void
find_groups(Pie *pie, PrismiqGroups *groups, int by, int measure)
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
		prismiq_groups_find(groups, asked, by);
		prismiq_groups_rank(groups, asked, measure, fold, MOST_SLICES);
		prismiq_groups_put_last(groups, asked, "Other");
	}
}

/* Each value of a dimension is a slice; of several rows it is, where they make one value. */
static void
slice_groups(Pie *pie, int by, int measure)
{
	PrismiqGroups groups;
	bool		unknown = false;
	int			i;

	find_groups(pie, &groups, by, measure);
	pie->slices = palloc(sizeof(Slice) * (groups.kept + 1));
	for (i = 0; i < groups.kept; i++)
	{
		const PrismiqShownGroup *group = &groups.groups[i];
		bool		adds_up = group->nrows == 1 ||
			prismiq_fold_of(pie->shown, measure) != PRISMIQ_FOLD_NONE;

		unknown = unknown || !adds_up;
		add_slice(pie, group->name, prismiq_groups_label(pie->show, pie->shown, &groups, group),
				  adds_up ? group->total : NULL, measure, group->nrows == 1 ? group->row : -1);
	}
	if (unknown)
		prismiq_fault_warn(pie->show->faults, PRISMIQ_INVALID_VALUE, NULL, "Group by less.",
						   "several rows are of one slice, and do not add up to one value");
	if (groups.count > groups.kept)
		slice_rest(pie, &groups, measure);
}

/* A slice's share of the total in percent; null where there is none. */
static void
write_percent(const Pie *pie, const Slice *slice)
{
	Datum		share;

	prismiq_write_key(pie->show->buf, "percent");
	if (slice->value == NULL || pie->total == NULL || numeric_is_nan(pie->total) ||
		numeric_is_inf(pie->total) ||
		DatumGetBool(DirectFunctionCall2(numeric_eq, NumericGetDatum(pie->total),
										 DirectFunctionCall1(int4_numeric, Int32GetDatum(0)))))
	{
		prismiq_write_literal(pie->show->buf, "null");
		return;
	}
	share = DirectFunctionCall2(numeric_mul, NumericGetDatum(slice->value),
								DirectFunctionCall1(int4_numeric, Int32GetDatum(100)));
	share = DirectFunctionCall2(numeric_div, share, NumericGetDatum(pie->total));
	prismiq_write_number(pie->show->buf, pie->shown, -1, DatumGetNumeric(share));
}

/* One slice. */
static void
write_slice(const Pie *pie, int i)
{
	const Slice *slice = &pie->slices[i];
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
	write_percent(pie, slice);
	prismiq_write_key(buf, "color");
	prismiq_write_text(buf, prismiq_widget_color(pie->show->widget->config, i, slice->name,
												 slice->label));
	prismiq_write_close(buf, '}');
}

/* {slices, total} */
void
prismiq_shape_pie(PrismiqShow *show)
{
	Pie			pie = {show, show->shown};
	StringInfo	buf = show->buf;
	int			by = prismiq_show_named(show, "x");
	int			measure = prismiq_show_named(show, "y");
	int			i;

	if (by < 0)
		by = prismiq_show_nth(show->shown, "dimension", 0);
	if (by < 0)
		by = prismiq_show_nth(show->shown, "time", 0);
	for (i = 0; measure < 0 && i < show->shown->ncolumns; i++)
		if (is_sliced(&pie, i))
			measure = i;
	if (by < 0 || measure < 0)
		slice_measures(&pie);
	else
		slice_groups(&pie, by, measure);
	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "slices");
	prismiq_write_open(buf, '[');
	for (i = 0; i < pie.count; i++)
		write_slice(&pie, i);
	prismiq_write_close(buf, ']');
	prismiq_write_key(buf, "total");
	prismiq_write_number(buf, pie.shown, pie.count > 0 ? pie.slices[0].column : -1, pie.total);
	prismiq_write_close(buf, '}');
}
