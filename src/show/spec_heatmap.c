/*-------------------------------------------------------------------------
 *
 * spec_heatmap.c
 *	  Pictures of a measure by two dimensions, as colors.
 *
 * Each cell is a row of the data: x, y, "color" (the number), "text" (the same as
 * people read it), "label" and "name" (x and y likewise), and "row" (the answer's).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/fault.h"
#include "show/spec.h"
#include "show/spec_axis.h"

/* What is drawn, and between which numbers. */
typedef struct Drawing
{
	const PrismiqMatrix *matrix;
	const PrismiqShown *shown;
	PrismiqSpecAxis across;
	PrismiqSpecAxis down;
	int64		cells;
	int64		least;			/* rows of these numbers */
	int64		greatest;
} Drawing;

/* The number of a row's cell; false where it has none, or no place. */
static bool
cell_value(const Drawing *drawing, int64 row, double *value)
{
	int			i = drawing->across.groups.of[row];
	int			j = drawing->down.groups.of[row];
	Numeric		number;

	return i >= 0 && j >= 0 && drawing->across.keys[i] != NULL &&
		drawing->down.keys[j] != NULL &&
		prismiq_show_number(drawing->shown, row, drawing->matrix->value, &number) &&
		prismiq_spec_double(number, value);
}

/* How many cells there are, and which are the least and the greatest. */
static void
look_at_cells(Drawing *drawing)
{
	double		least = 0.0;
	double		greatest = 0.0;
	double		value;
	int64		row;

	for (row = 0; row < drawing->shown->rows->count; row++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!cell_value(drawing, row, &value))
			continue;
		if (drawing->cells == 0 || value < least)
		{
			least = value;
			drawing->least = row;
		}
		if (drawing->cells == 0 || value > greatest)
		{
			greatest = value;
			drawing->greatest = row;
		}
		drawing->cells++;
	}
}

/* One row of the data. */
static void
write_cell(StringInfo buf, const Drawing *drawing, int64 row)
{
	int			i = drawing->across.groups.of[row];
	int			j = drawing->down.groups.of[row];
	double		value;

	if (!cell_value(drawing, row, &value))
		return;
	prismiq_spec_put(buf, "{'x':");
	prismiq_spec_key(buf, &drawing->across, i);
	prismiq_write_key(buf, "y");
	prismiq_spec_key(buf, &drawing->down, j);
	prismiq_write_key(buf, "color");
	prismiq_spec_number(buf, value);
	prismiq_write_key(buf, "text");
	prismiq_write_text(buf, prismiq_spec_text(drawing->shown, row, drawing->matrix->value));
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, drawing->across.labels[i]);
	prismiq_write_key(buf, "name");
	prismiq_write_text(buf, drawing->down.labels[j]);
	prismiq_write_key(buf, "row");
	prismiq_write_integer(buf, row);
	prismiq_write_close(buf, '}');
}

/* The data. */
static void
write_cells(PrismiqSpec *spec, const Drawing *drawing)
{
	MemoryContext cell_context = AllocSetContextCreate(CurrentMemoryContext, "prismiq cell",
													   ALLOCSET_DEFAULT_SIZES);
	int64		row;

	prismiq_spec_put(spec->buf, "'data':{'values':[");
	for (row = 0; row < drawing->shown->rows->count; row++)
	{
		MemoryContext old = MemoryContextSwitchTo(cell_context);

		CHECK_FOR_INTERRUPTS();
		write_cell(spec->buf, drawing, row);
		MemoryContextSwitchTo(old);
		MemoryContextReset(cell_context);
		prismiq_spec_check_size(spec);
	}
	MemoryContextDelete(cell_context);
	prismiq_spec_put(spec->buf, "]}");
}

/* What the fields are; of the colors also the ends of their scale, as people read them. */
static void
write_fields(StringInfo buf, const Drawing *drawing)
{
	int			value = drawing->matrix->value;

	prismiq_write_key(buf, "x");
	prismiq_spec_axis_field(buf, &drawing->across);
	prismiq_write_key(buf, "y");
	prismiq_spec_axis_field(buf, &drawing->down);
	prismiq_spec_put(buf, "'color':{'kind':'number'");
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, drawing->shown->columns[value].label);
	prismiq_write_key(buf, "unit");
	prismiq_write_text(buf, prismiq_spec_unit(drawing->shown, value));
	prismiq_write_key(buf, "least");
	prismiq_write_text(buf, prismiq_spec_text(drawing->shown, drawing->least, value));
	prismiq_write_key(buf, "greatest");
	prismiq_write_text(buf, prismiq_spec_text(drawing->shown, drawing->greatest, value));
	prismiq_write_close(buf, '}');
}

/* What the picture shows, in words. */
static const char *
describe(const Drawing *drawing)
{
	StringInfoData words;

	initStringInfo(&words);
	appendStringInfo(&words, "heat map of %s",
					 drawing->shown->columns[drawing->matrix->value].label);
	if (drawing->across.column >= 0)
		appendStringInfo(&words, " by %s", drawing->shown->columns[drawing->across.column].label);
	if (drawing->down.column >= 0)
		appendStringInfo(&words, " and %s", drawing->shown->columns[drawing->down.column].label);
	appendStringInfo(&words, ", " INT64_FORMAT " cells", drawing->cells);
	return words.data;
}

/* A heat map. */
bool
prismiq_spec_heatmap(PrismiqSpec *spec)
{
	PrismiqShow *show = spec->show;
	const PrismiqMatrix *matrix = prismiq_matrix_find(show);
	Drawing		drawing = {.matrix = matrix, .shown = show->shown};
	StringInfo	buf = spec->buf;

	prismiq_spec_axis(&drawing.across, show, show->shown, matrix->across.column, true);
	prismiq_spec_axis(&drawing.down, show, show->shown, matrix->down.column, true);
	look_at_cells(&drawing);
	if (drawing.cells == 0)
		return false;
	prismiq_spec_begin(spec, describe(&drawing));
	write_cells(spec, &drawing);
	prismiq_spec_put(buf, "'transform':[{'calculate':");
	prismiq_write_text(buf, "datum.name + ', ' + datum.label + ': ' + datum.text");
	prismiq_spec_put(buf, "'as':'aria'}],'mark':{'type':'rect','style':'prismiq-gap',"
					 "'tooltip':{'content':'data'}},'encoding':{");
	prismiq_spec_encode(buf, "x", "x", &drawing.across);
	prismiq_spec_encode(buf, "y", "y", &drawing.down);
	prismiq_spec_put(buf, "'color':{'field':'color','type':'quantitative','title':null,"
					 "'legend':null},'description':{'field':'aria','type':'nominal'}}");
	prismiq_spec_fields(spec);
	write_fields(buf, &drawing);
	prismiq_spec_end(spec);
	return true;
}
