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
#include "show/groups.h"
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
	int64		row;			/* that has the value, or -1: it is of several */
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

		if (strcmp(shown->columns[i].role, "measure") != 0)
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

/* Each value of a dimension is a slice. */
static void
slice_groups(Pie *pie, int by, int measure)
{
	int64		most = prismiq_widget_integer(pie->show->widget->config, "max_slices", 1,
											  MOST_SLICES, MAX_SLICES);
	PrismiqGroups groups;
	const PrismiqShown *asked;
	int			i;

	prismiq_groups_find(&groups, pie->shown, by);
	prismiq_groups_rank(&groups, pie->shown, measure, most);
	if (groups.count > groups.kept && prismiq_fold_of(pie->shown, measure) == PRISMIQ_FOLD_NONE &&
		(asked = prismiq_groups_ask(pie->show, &groups, measure, most)) != NULL)
	{
		pie->shown = asked;
		prismiq_groups_find(&groups, asked, by);
		prismiq_groups_rank(&groups, asked, measure, MOST_SLICES);
		prismiq_groups_put_last(&groups, asked, "Other");
	}
	pie->slices = palloc(sizeof(Slice) * (groups.kept + 1));
	for (i = 0; i < groups.kept; i++)
		add_slice(pie, groups.groups[i].name,
				  prismiq_groups_label(pie->show, pie->shown, &groups, &groups.groups[i]),
				  groups.groups[i].total, measure, groups.groups[i].row);
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
	if (measure < 0)
		measure = prismiq_show_nth(show->shown, "measure", 0);
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
