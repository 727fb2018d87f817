/*-------------------------------------------------------------------------
 *
 * spec_graticule.c
 *	  The lines of longitude and latitude behind the points of a map.
 *
 * There is no map of the world in a picture: what could be fetched is somebody
 * else's, and would tell them who looks at what.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "mb/pg_wchar.h"

#include "base/fault.h"
#include "show/spec.h"
#include "show/spec_axis.h"

/* At most so many spaces between lines, and so many parts of a line in each. */
#define MOST_SPACES 6
#define PARTS 8

/* In degrees; the least is some kilometres. */
static const double steps[] = {0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30};

/* From where to where, in steps. */
typedef struct Extent
{
	double		from;
	double		until;
} Extent;

/* Between which values of an axis there are points. */
static Extent
extent_of(const PrismiqSpecAxis *axis)
{
	Extent		extent = {0.0, 0.0};
	bool		any = false;
	int			i;

	for (i = 0; i < axis->groups.count; i++)
	{
		Numeric		number;
		double		value;

		if (axis->keys[i] == NULL ||
			!prismiq_show_number(axis->shown, axis->groups.groups[i].row, axis->column, &number) ||
			!prismiq_spec_double(number, &value))
			continue;
		extent.from = any ? Min(extent.from, value) : value;
		extent.until = any ? Max(extent.until, value) : value;
		any = true;
	}
	return extent;
}

/* The same between lines, with some room, and within the earth. */
static Extent
rounded(Extent extent, double step, double most)
{
	extent.from = floor(extent.from / step) * step;
	extent.until = ceil(extent.until / step) * step;
	if (extent.until - extent.from < step)
		extent.until = extent.from + step;
	extent.from = Max(extent.from, -most);
	extent.until = Min(extent.until, most);
	if (extent.until - extent.from < step)
		extent.from = extent.until - step;
	return extent;
}

/* Lines at each step of "at", along "along"; "across" says that "at" are longitudes. */
static void
write_lines(StringInfo buf, Extent at, Extent along, double step, bool across)
{
	int			count = (int) rint((at.until - at.from) / step);
	int			parts = (int) rint((along.until - along.from) / step) * PARTS;
	int			i;
	int			p;

	for (i = 0; i <= count; i++)
	{
		double		here = at.from + i * step;

		prismiq_spec_put(buf, "{'type':'Feature','properties':{},'geometry':"
						 "{'type':'LineString','coordinates':[");
		for (p = 0; p <= parts; p++)
		{
			double		there = along.from + p * step / PARTS;

			prismiq_write_open(buf, '[');
			prismiq_write_literal(buf, psprintf("%.6g", across ? here : there));
			prismiq_write_literal(buf, psprintf("%.6g", across ? there : here));
			prismiq_write_close(buf, ']');
		}
		prismiq_spec_put(buf, "]}}");
	}
}

/* What the lines at each step of "at" are called, each at its lower or left end, "along". */
static void
write_degrees(StringInfo buf, Extent at, double along, double step, bool across)
{
	int			count = (int) rint((at.until - at.from) / step);
	int			i;

	/* the last line has no room beside it, and where the first ones meet there is one of them */
	for (i = across ? 0 : 1; i < count; i++)
	{
		double		here = rint((at.from + i * step) / step) * step;
		const char *side = here == 0.0 ? "" : across ? (here < 0 ? "W" : "E") :
			(here < 0 ? "S" : "N");

		prismiq_spec_put(buf, "{'x':");
		prismiq_write_literal(buf, psprintf("%.6g", across ? here : along));
		prismiq_write_key(buf, "y");
		prismiq_write_literal(buf, psprintf("%.6g", across ? along : here));
		prismiq_write_key(buf, "text");
		/* no other encoding is sure to have the sign for degrees */
		prismiq_write_literal(buf, psprintf("\"%.6g%s%s\"", fabs(here),
											GetDatabaseEncoding() == PG_UTF8 ? "\\u00b0" : " ",
											side));
		prismiq_write_close(buf, '}');
	}
}

/* Layers of lines around the points of the axes, which the map is fitted to, and their names. */
void
prismiq_spec_graticule(PrismiqSpec *spec, const PrismiqSpecAxis *longitude,
					   const PrismiqSpecAxis *latitude)
{
	Extent		x = extent_of(longitude);
	Extent		y = extent_of(latitude);
	double		span = Max(x.until - x.from, y.until - y.from);
	int			i = 0;

	while (i < (int) lengthof(steps) - 1 && span / steps[i] > MOST_SPACES)
		i++;
	x = rounded(x, steps[i], 180.0);
	y = rounded(y, steps[i], 90.0);
	prismiq_spec_put(spec->buf, "{'data':{'values':[");
	write_lines(spec->buf, x, y, steps[i], true);
	write_lines(spec->buf, y, x, steps[i], false);
	prismiq_spec_put(spec->buf, "]},'mark':{'type':'geoshape','filled':false,"
					 "'style':'prismiq-graticule','aria':false}}");
	prismiq_spec_put(spec->buf, "{'data':{'values':[");
	write_degrees(spec->buf, x, y.from, steps[i], true);
	write_degrees(spec->buf, y, x.from, steps[i], false);
	prismiq_spec_put(spec->buf, "]},'mark':{'type':'text','style':'prismiq-mark','aria':false,"
					 "'fontSize':10,'align':'left','baseline':'bottom','dx':3,'dy':-2},"
					 "'encoding':{'longitude':{'field':'x','type':'quantitative'},"
					 "'latitude':{'field':'y','type':'quantitative'},"
					 "'text':{'field':'text','type':'nominal'}}}");
}
