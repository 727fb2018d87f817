/*-------------------------------------------------------------------------
 *
 * spec_pie.c
 *	  Pictures of shares of a whole.
 *
 * Each slice is a row of the data: y, "series" (s0, s1, ...), "text" and "percent",
 * both as people read them, and "row" (its first of the answer); "name" is looked up.
 * What has no share that could be seen (nothing, a loss) has no slice.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "base/fault.h"
#include "show/spec.h"

/* The value of a slice; false where there is none to be seen. */
static bool
slice_value(const PrismiqSlice *slice, double *value)
{
	return prismiq_spec_double(slice->value, value) && *value > 0.0;
}

/* One row of the data. */
static void
write_slice(PrismiqSpec *spec, const PrismiqPie *pie, int i, double value)
{
	const PrismiqSlice *slice = &pie->slices[i];
	Numeric		percent = prismiq_pie_percent(pie, slice);
	PrismiqFormatSpec format = {.kind = PRISMIQ_FORMAT_PERCENT, .decimals = -1};
	StringInfo	buf = spec->buf;

	prismiq_spec_put(buf, "{'y':");
	prismiq_spec_number(buf, value);
	prismiq_spec_put(buf, "'series':");
	prismiq_spec_series_key(buf, i);
	prismiq_write_key(buf, "order");
	prismiq_write_integer(buf, i);
	if (!pie->asked && slice->first >= 0)
	{
		prismiq_write_key(buf, "row");
		prismiq_write_integer(buf, slice->first);
	}
	prismiq_write_key(buf, "text");
	prismiq_write_text(buf, prismiq_spec_number_text(pie->shown, slice->column, slice->value));
	prismiq_write_key(buf, "percent");
	prismiq_write_text(buf, percent == NULL ? NULL :
					   prismiq_format_text(&format, NUMERICOID, NumericGetDatum(percent), false,
										   &pie->shown->locale));
	prismiq_write_close(buf, '}');
}

/* What the slices are called and look like; their number. */
static int
make_legend(PrismiqSpecLegend *legend, const PrismiqPie *pie)
{
	int			count = 0;
	int			i;

	legend->count = pie->count;
	legend->entries = palloc0(sizeof(PrismiqSpecEntry) * Max(pie->count, 1));
	for (i = 0; i < pie->count; i++)
	{
		PrismiqSpecEntry *entry = &legend->entries[i];
		double		value;

		entry->label = pie->slices[i].label;
		entry->color = pie->slices[i].color;
		entry->rest = pie->slices[i].rest;
		entry->left_out = !slice_value(&pie->slices[i], &value);
		count += entry->left_out ? 0 : 1;
	}
	return count;
}

/* What the picture shows, in words. */
static const char *
describe(const PrismiqPie *pie, int count)
{
	if (pie->by < 0)
		return psprintf("pie chart of %d measures", count);
	return psprintf("pie chart of %s by %s, %d slices",
					pie->shown->columns[pie->slices[0].column].label,
					pie->shown->columns[pie->by].label, count);
}

/* What the fields are. */
static void
write_fields(PrismiqSpec *spec, const PrismiqPie *pie, const PrismiqSpecLegend *legend)
{
	StringInfo	buf = spec->buf;

	prismiq_spec_put(buf, "'y':{'kind':'number'");
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, pie->by < 0 ? NULL :
					   pie->shown->columns[pie->slices[0].column].label);
	prismiq_write_key(buf, "unit");
	prismiq_write_text(buf, prismiq_spec_unit(pie->shown, pie->slices[0].column));
	prismiq_write_close(buf, '}');
	prismiq_spec_legend(spec, pie->by < 0 ? NULL : pie->shown->columns[pie->by].label, legend);
}

/* A pie. */
bool
prismiq_spec_pie(PrismiqSpec *spec)
{
	const PrismiqPie *pie = prismiq_pie_find(spec->show);
	PrismiqSpecLegend legend;
	int			count = make_legend(&legend, pie);
	StringInfo	buf = spec->buf;
	double		value;
	int			i;

	if (count == 0)
		return false;
	prismiq_spec_begin(spec, describe(pie, count));
	prismiq_spec_put(buf, "'data':{'values':[");
	for (i = 0; i < pie->count; i++)
		if (slice_value(&pie->slices[i], &value))
			write_slice(spec, pie, i, value);
	prismiq_spec_put(buf, "]},'transform':[");
	prismiq_spec_names(spec, &legend);
	prismiq_spec_put(buf, "{'calculate':");
	prismiq_write_text(buf, "datum.name + ': ' + datum.text + ' (' + datum.percent + ')'");
	prismiq_spec_put(buf, "'as':'aria'}],'mark':{'type':'arc','tooltip':{'content':'data'}},"
					 "'encoding':{'theta':{'field':'y','type':'quantitative','title':null,"
					 "'stack':true},'order':{'field':'order','type':'quantitative'}");
	prismiq_spec_color_scale(spec, &legend);
	prismiq_spec_put(buf, "'description':{'field':'aria','type':'nominal'}}");
	prismiq_spec_fields(spec);
	write_fields(spec, pie, &legend);
	prismiq_spec_end(spec);
	return true;
}
