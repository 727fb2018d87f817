/*-------------------------------------------------------------------------
 *
 * shape_table.c
 *	  A table: which columns are shown and how, which may be sorted by, and
 *	  which page of how many rows this is.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/fault.h"
#include "model/options.h"
#include "show/shape.h"
#include "show/show.h"

/* May the rows be sorted by a column? */
bool
prismiq_show_sortable(const json_t *config, const char *name)
{
	const json_t *sortable = json_object_get(config, "sortable");

	if (prismiq_json_kind(sortable) == PRISMIQ_JSON_BOOLEAN)
		return json_is_true(sortable);
	return prismiq_json_kind(sortable) != PRISMIQ_JSON_ARRAY ||
		prismiq_widget_names(sortable, name);
}

/* One column; "given" is what the config says of it, or null. */
static void
write_column(PrismiqShow *show, int i, const json_t *given)
{
	const PrismiqShownColumn *column = &show->shown->columns[i];
	const char *align = prismiq_json_text(given, "align");
	const json_t *width = json_object_get(given, "width");
	StringInfo	buf = show->buf;

	prismiq_write_open(buf, '{');
	prismiq_show_column(buf, show->shown, i);
	prismiq_write_key(buf, "sortable");
	prismiq_write_literal(buf, prismiq_show_sortable(show->widget->config,
													 column->output->name) ? "true" : "false");
	prismiq_write_key(buf, "align");
	prismiq_write_text(buf, align != NULL ? align : column->is_number ? "right" : "left");
	if (width != NULL)
	{
		prismiq_write_key(buf, "width");
		prismiq_write_json(buf, width);
	}
	prismiq_write_close(buf, '}');
}

/* The columns that the config lists, in its order; without a list all of them. */
static void
write_columns(PrismiqShow *show)
{
	const json_t *given = json_object_get(show->widget->config, "columns");
	const PrismiqPath *path = prismiq_path_key(prismiq_path_key(NULL, "config", NULL), "columns",
											   NULL);
	size_t		count = json_array_size(given);
	size_t		i;

	prismiq_write_key(show->buf, "columns");
	prismiq_write_open(show->buf, '[');
	for (i = 0; i < count; i++)
	{
		const json_t *node = json_array_get(given, i);
		const char *name = prismiq_json_text(node, "name");
		int			column = prismiq_show_find(show->shown, name);

		if (column >= 0)
			write_column(show, column, node);
		else if (name != NULL)
			prismiq_fault_warn(show->faults, PRISMIQ_COLUMN_NOT_FOUND,
							   prismiq_path_index(path, (int) i), NULL,
							   "the answer has no column \"%s\"", name);
	}
	for (i = 0; count == 0 && i < show->shown->ncolumns; i++)
		write_column(show, (int) i, NULL);
	prismiq_write_close(show->buf, ']');
}

/* What the rows are sorted by, as the options take it. */
static void
write_sort(PrismiqShow *show)
{
	ListCell   *lc;

	prismiq_write_key(show->buf, "sort");
	prismiq_write_open(show->buf, '[');
	foreach(lc, show->shown->query->sort)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);

		prismiq_write_open(show->buf, '{');
		prismiq_write_key(show->buf, "alias");
		prismiq_write_text(show->buf, order->alias);
		prismiq_write_key(show->buf, "direction");
		prismiq_write_text(show->buf, order->descending ? "DESC" : "ASC");
		if (order->nulls != 0)
		{
			prismiq_write_key(show->buf, "nulls");
			prismiq_write_text(show->buf, order->nulls < 0 ? "first" : "last");
		}
		prismiq_write_close(show->buf, '}');
	}
	prismiq_write_close(show->buf, ']');
}

/* {columns, total_count, page, page_size, sort} */
void
prismiq_shape_table(PrismiqShow *show)
{
	StringInfo	buf = show->buf;

	prismiq_write_open(buf, '{');
	write_columns(show);
	prismiq_write_key(buf, "total_count");
	prismiq_write_integer(buf, show->total_count);
	prismiq_write_key(buf, "page");
	prismiq_write_integer(buf, show->page);
	prismiq_write_key(buf, "page_size");
	if (show->page_size > 0)
		prismiq_write_integer(buf, show->page_size);
	else
		prismiq_write_literal(buf, "null");
	write_sort(show);
	prismiq_write_close(buf, '}');
}
