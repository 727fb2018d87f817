/*-------------------------------------------------------------------------
 *
 * spec.c
 *	  A picture of an answer, as a specification in the language of Vega-Lite
 *	  with its data inside.
 *
 * It is made of what the shape is made of: the same series in the same order,
 * with the same rest.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/fault.h"
#include "run/run.h"
#include "show/spec.h"

/* The types of widgets that are drawn. */
static const struct
{
	const char *type;
	bool		(*write) (PrismiqSpec *spec);
}			kinds[] = {
	{.type = "line_chart", .write = prismiq_spec_series},
	{.type = "area_chart", .write = prismiq_spec_series},
	{.type = "bar_chart", .write = prismiq_spec_series},
	{.type = "pie_chart", .write = prismiq_spec_pie},
	{.type = "scatter_chart", .write = prismiq_spec_scatter},
	{.type = "map", .write = prismiq_spec_map},
	{.type = "heatmap", .write = prismiq_spec_heatmap},
};

/*
 * Write the specification of the picture; null where the widget is none, or there is
 * nothing to draw.
 */
void
prismiq_spec_write(PrismiqShow *show)
{
	PrismiqSpec spec = {.show = show, .buf = makeStringInfo()};
	PrismiqRunLimits limits;
	bool		drawn = false;
	int			i;

	prismiq_run_limits(&limits);
	spec.max_bytes = limits.max_bytes;
	if (strcmp(show->widget->shape, "series") == 0 && show->shown != NULL &&
		show->shown->rows->count > 0)
		for (i = 0; i < lengthof(kinds); i++)
			if (strcmp(kinds[i].type, show->widget->type) == 0)
			{
				prismiq_spec_theme(&spec);
				drawn = kinds[i].write(&spec);
				break;
			}
	prismiq_write_literal(show->buf, drawn ? spec.buf->data : "null");
	pfree(spec.buf->data);
	pfree(spec.buf);
}
