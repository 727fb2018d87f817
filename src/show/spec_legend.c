/*-------------------------------------------------------------------------
 *
 * spec_legend.c
 *	  What tells the marks of a picture apart: in its data the keys s0, s1, ...
 *	  stand for series, and beside them is what these are called and look like.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/color.h"
#include "base/fault.h"
#include "show/spec.h"

/* "s" and a number. */
void
prismiq_spec_series_key(StringInfo buf, int n)
{
	prismiq_write_text(buf, psprintf("s%d", n));
}

/* The color that an entry has beside those of the theme; null: it has one of these. */
static const char *
own_color(const PrismiqSpec *spec, const PrismiqSpecEntry *entry)
{
	if (entry->color != NULL && prismiq_is_color(entry->color))
		return entry->color;
	return entry->rest ? spec->theme.rest : NULL;
}

/* The color of the n-th, whatever it comes from. */
static const char *
color_of(const PrismiqSpec *spec, const PrismiqSpecLegend *legend, int n)
{
	const char *color = own_color(spec, &legend->entries[n]);

	return color != NULL ? color : spec->theme.colors[n % spec->theme.ncolors];
}

/* "color": those of the theme, unless one has a color of its own. */
void
prismiq_spec_color_scale(PrismiqSpec *spec, const PrismiqSpecLegend *legend)
{
	StringInfo	buf = spec->buf;
	bool		any = false;
	int			i;

	prismiq_spec_put(buf, "'color':{'field':'series','type':'nominal','legend':null,"
					 "'scale':{'domain':[");
	for (i = 0; i < legend->count; i++)
	{
		prismiq_spec_series_key(buf, i);
		any = any || own_color(spec, &legend->entries[i]) != NULL;
	}
	prismiq_write_close(buf, ']');
	if (any)
	{
		prismiq_spec_put(buf, "'range':[");
		for (i = 0; i < legend->count; i++)
			prismiq_write_text(buf, color_of(spec, legend, i));
		prismiq_write_close(buf, ']');
	}
	prismiq_spec_put(buf, "}}");
}

/* A transform that adds "name" to each row of the data: the label of its series. */
void
prismiq_spec_names(PrismiqSpec *spec, const PrismiqSpecLegend *legend)
{
	StringInfo	buf = spec->buf;
	int			i;

	prismiq_spec_put(buf, "{'lookup':'series','from':{'data':{'values':[");
	for (i = 0; i < legend->count; i++)
	{
		prismiq_spec_put(buf, "{'series':");
		prismiq_spec_series_key(buf, i);
		prismiq_write_key(buf, "name");
		prismiq_write_text(buf, legend->entries[i].label);
		prismiq_write_close(buf, '}');
	}
	prismiq_spec_put(buf, "]},'key':'series','fields':['name']}}");
}

/* "series" of the fields: what a page makes a legend of. */
void
prismiq_spec_legend(PrismiqSpec *spec, const char *label, const PrismiqSpecLegend *legend)
{
	StringInfo	buf = spec->buf;
	int			i;

	prismiq_spec_put(buf, "'series':{'label':");
	prismiq_write_text(buf, label);
	prismiq_spec_put(buf, "'values':[");
	for (i = 0; i < legend->count; i++)
	{
		if (legend->entries[i].left_out)
			continue;
		prismiq_spec_put(buf, "{'key':");
		prismiq_spec_series_key(buf, i);
		prismiq_write_key(buf, "label");
		prismiq_write_text(buf, legend->entries[i].label);
		prismiq_write_key(buf, "color");
		prismiq_write_text(buf, color_of(spec, legend, i));
		prismiq_write_key(buf, "dash");
		prismiq_write_literal(buf, legend->entries[i].dash != NULL ? legend->entries[i].dash :
							  "[1,0]");
		prismiq_write_close(buf, '}');
	}
	prismiq_spec_put(buf, "]}");
}
