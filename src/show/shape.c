/*-------------------------------------------------------------------------
 *
 * shape.c
 *	  A widget's answer: its columns, its rows, and the member that is called
 *	  like its shape, in which they are as a front end draws them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/fault.h"
#include "catalog/catalogs.h"
#include "run/plans.h"
#include "run/run.h"
#include "show/shape.h"
#include "show/show.h"

/* The shapes, and what types of widgets have one of their own within it. */
static const struct
{
	const char *shape;
	const char *type;			/* null: all others */
	void		(*write) (PrismiqShow *show);
}			shapes[] = {
	{.shape = "metric", .write = prismiq_shape_metric},
	{.shape = "status", .write = prismiq_shape_status},
	{.shape = "series", .type = "pie_chart", .write = prismiq_shape_pie},
	{.shape = "series", .type = "scatter_chart", .write = prismiq_shape_points},
	{.shape = "series", .type = "map", .write = prismiq_shape_points},
	{.shape = "series", .type = "heatmap", .write = prismiq_shape_heatmap},
	{.shape = "series", .write = prismiq_shape_series},
	{.shape = "table", .write = prismiq_shape_table},
};

/* The columns: what each is called and what it is for. */
static void
write_columns(StringInfo buf, const PrismiqShown *shown)
{
	int			i;

	prismiq_write_key(buf, "columns");
	prismiq_write_open(buf, '[');
	for (i = 0; shown != NULL && i < shown->ncolumns; i++)
	{
		prismiq_write_open(buf, '{');
		prismiq_show_column(buf, shown, i);
		prismiq_write_close(buf, '}');
	}
	prismiq_write_close(buf, ']');
}

/* The rows, as the database has the values or as people read them. */
static void
write_rows(StringInfo buf, const PrismiqShown *shown, const char *key, bool formatted,
		   int64 max_bytes)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext, "prismiq row",
													  ALLOCSET_DEFAULT_SIZES);
	int64		row;
	int			i;

	prismiq_write_key(buf, key);
	prismiq_write_open(buf, '[');
	for (row = 0; shown != NULL && row < shown->rows->count; row++)
	{
		MemoryContext old = MemoryContextSwitchTo(row_context);

		CHECK_FOR_INTERRUPTS();
		prismiq_write_open(buf, '[');
		for (i = 0; i < shown->ncolumns; i++)
			if (formatted)
				prismiq_write_text(buf, prismiq_show_formatted(shown, row, i));
			else
				prismiq_write_cell(buf, shown, row, i);
		prismiq_write_close(buf, ']');
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_context);
		if (max_bytes > 0 && buf->len > max_bytes)
			prismiq_run_reject_size();
	}
	prismiq_write_close(buf, ']');
	MemoryContextDelete(row_context);
}

/* A text that the widget's makers wrote. */
static void
write_text_shape(PrismiqShow *show)
{
	prismiq_write_open(show->buf, '{');
	prismiq_write_key(show->buf, "content");
	prismiq_write_text(show->buf, prismiq_json_text(show->widget->config, "content"));
	prismiq_write_key(show->buf, "markdown");
	prismiq_write_literal(show->buf, "true");
	prismiq_write_close(show->buf, '}');
}

/* The member that is called like the shape. */
static void
write_shape(PrismiqShow *show)
{
	const PrismiqWidget *widget = show->widget;
	int			i;

	prismiq_write_key(show->buf, widget->shape);
	if (strcmp(widget->shape, "text") == 0)
	{
		write_text_shape(show);
		return;
	}
	if (strcmp(widget->shape, "custom") == 0)
	{
		prismiq_shape_custom(show);
		return;
	}
	for (i = 0; i < lengthof(shapes); i++)
		if (strcmp(shapes[i].shape, widget->shape) == 0 &&
			(shapes[i].type == NULL || strcmp(shapes[i].type, widget->type) == 0))
		{
			shapes[i].write(show);
			return;
		}
	prismiq_write_literal(show->buf, "null");
}

/*
 * The members of the answer that come of its rows, into an object that is open;
 * warnings that come up are noted.
 */
void
prismiq_show_write(PrismiqShow *show, bool formatted, bool config)
{
	const PrismiqWidget *widget = show->widget;
	const PrismiqShown *shown = show->shown;
	StringInfo	buf = show->buf;
	PrismiqRunLimits limits;

	prismiq_run_limits(&limits);
	prismiq_write_key(buf, "widget_id");
	prismiq_write_text(buf, widget->id);
	prismiq_write_key(buf, "type");
	prismiq_write_text(buf, widget->own_type);
	prismiq_write_key(buf, "shape");
	prismiq_write_text(buf, widget->shape);
	prismiq_write_key(buf, "title");
	prismiq_write_text(buf, widget->title);
	if (config)
	{
		prismiq_write_key(buf, "config");
		if (widget->config != NULL)
			prismiq_json_append(buf, widget->config);
		else
			prismiq_write_literal(buf, "{}");
	}
	write_columns(buf, shown);
	prismiq_write_key(buf, "timezone");
	prismiq_write_text(buf, show->zone_name);
	prismiq_write_key(buf, "bucket");
	prismiq_write_text(buf, shown != NULL ? shown->statement->bucket : NULL);
	write_rows(buf, shown, "rows", false, limits.max_bytes);
	if (formatted)
		write_rows(buf, shown, "formatted", true, limits.max_bytes);
	prismiq_write_key(buf, "row_count");
	prismiq_write_integer(buf, shown != NULL ? shown->rows->count : 0);
	prismiq_write_key(buf, "truncated");
	prismiq_write_literal(buf, shown != NULL && shown->rows->truncated ? "true" : "false");
	write_shape(show);
	if (show->picture != PRISMIQ_PICTURE_NONE)
	{
		prismiq_write_key(buf, "spec");
		prismiq_spec_write(show);
	}
}
