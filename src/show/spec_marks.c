/*-------------------------------------------------------------------------
 *
 * spec_marks.c
 *	  What the config puts on a chart beside its data: rules at thresholds and
 *	  annotations, and spans between two values.
 *
 * Each has data of its own, so that labels and colors are values there.  A number is
 * one of the measure, a text a place: a time, or a category.  What is not on the axis
 * is left out.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/color.h"
#include "base/fault.h"
#include "show/spec.h"
#include "show/spec_axis.h"

/* Where a mark is: a JSON value. */
typedef struct Place
{
	bool		on_measure;
	const char *value;
} Place;

/* The place of a text among categories; null: there is no such. */
static const char *
category(const PrismiqSpecAxis *axis, const char *text)
{
	int			i;

	for (i = 0; i < axis->groups.count; i++)
		if (strcmp(axis->labels[i], text) == 0 ||
			(axis->groups.groups[i].name != NULL &&
			 strcmp(axis->groups.groups[i].name, text) == 0))
			return axis->keys[i];
	return NULL;
}

/* The place of a time: itself, or the last of those before it where each stands for itself. */
static const char *
time_place(const PrismiqSpecAxis *axis, Timestamp clock)
{
	int			best = -1;
	int			i;

	if (axis->scale == PRISMIQ_SCALE_TIME)
		return prismiq_clock_text(clock);
	for (i = 0; i < axis->groups.count; i++)
		if (axis->keys[i] != NULL && axis->clocks[i] <= clock &&
			(best < 0 || axis->clocks[i] > axis->clocks[best]))
			best = i;
	return best < 0 ? NULL : axis->keys[best];
}

/* Where a value of the config is; false: nowhere on this chart. */
static bool
find_place(const PrismiqSpecPlane *plane, const json_t *node, Place *place)
{
	const PrismiqSpecAxis *axis = plane->axis;
	StringInfoData buf;
	const char *text;
	Timestamp	clock;
	Numeric		number;
	double		value;

	initStringInfo(&buf);
	if (prismiq_widget_number(node, &number))
	{
		if (!prismiq_spec_double(number, &value))
			return false;
		prismiq_spec_number(&buf, value);
		place->on_measure = true;
		place->value = buf.data;
		return true;
	}
	if (prismiq_json_kind(node) != PRISMIQ_JSON_STRING || axis->column < 0)
		return false;
	text = prismiq_json_string(node);
	if (axis->scale == PRISMIQ_SCALE_BAND)
		text = category(axis, text);
	else if (axis->scale == PRISMIQ_SCALE_NUMBER || !prismiq_clock_read(text, &clock))
		return false;
	else
		text = time_place(axis, clock);
	if (text == NULL)
		return false;
	prismiq_write_text(&buf, text);
	appendStringInfoString(&buf, "");	/* ends with a zero */
	place->on_measure = false;
	place->value = buf.data;
	return true;
}

/* What a mark is called, and its color: its own, or that of what is beside the data. */
static void
write_look(const PrismiqSpec *spec, const json_t *node)
{
	const char *color = prismiq_json_text(node, "color");
	const char *label = prismiq_json_text(node, "label");

	prismiq_write_key(spec->buf, "label");
	prismiq_write_text(spec->buf, label != NULL ? label : "");
	prismiq_write_key(spec->buf, "color");
	prismiq_write_text(spec->buf, color != NULL && prismiq_is_color(color) ? color :
					   spec->theme.secondary);
}

/* The rows of those spans that lie along one of the axes; their number. */
static int
write_span_rows(PrismiqSpec *spec, const PrismiqSpecPlane *plane, bool on_measure)
{
	const json_t *list = json_object_get(spec->show->widget->config, "annotations");
	StringInfo	buf = spec->buf;
	int			count = 0;
	size_t		i;

	for (i = 0; i < json_array_size(list); i++)
	{
		const json_t *node = json_array_get(list, i);
		Place		from;
		Place		to;

		if (!find_place(plane, json_object_get(node, "from"), &from) ||
			!find_place(plane, json_object_get(node, "to"), &to) ||
			from.on_measure != to.on_measure || from.on_measure != on_measure)
			continue;
		prismiq_write_open(buf, '{');
		prismiq_write_key(buf, on_measure ? "y" : "x");
		prismiq_write_literal(buf, from.value);
		prismiq_write_key(buf, on_measure ? "y2" : "x2");
		prismiq_write_literal(buf, to.value);
		write_look(spec, node);
		prismiq_write_close(buf, '}');
		count++;
	}
	return count;
}

/* The rows of the rules along one of the axes, out of a list of the config; their number. */
static int
write_rule_rows(PrismiqSpec *spec, const PrismiqSpecPlane *plane, const char *key,
				bool on_measure)
{
	const json_t *list = json_object_get(spec->show->widget->config, key);
	StringInfo	buf = spec->buf;
	int			count = 0;
	size_t		i;

	for (i = 0; i < json_array_size(list); i++)
	{
		const json_t *node = json_array_get(list, i);
		Place		place;

		if (!find_place(plane, json_object_get(node, "value"), &place) ||
			place.on_measure != on_measure)
			continue;
		prismiq_write_open(buf, '{');
		prismiq_write_key(buf, on_measure ? "y" : "x");
		prismiq_write_literal(buf, place.value);
		write_look(spec, node);
		prismiq_write_close(buf, '}');
		count++;
	}
	return count;
}

/* The encoding along an axis, where it is drawn. */
static void
write_encoding(StringInfo buf, const PrismiqSpecPlane *plane, bool on_measure)
{
	prismiq_write_literal(buf, on_measure ? plane->measure : plane->place);
	if (on_measure)
		prismiq_write_close(buf, '}');
}

/* Labels at the end of what is drawn, inside of the chart, each before its own shadow. */
static void
write_labels(StringInfo buf, const PrismiqSpecPlane *plane, bool on_measure)
{
	static const char *const styles[] = {"prismiq-halo", "prismiq-mark"};
	bool		across = on_measure != plane->horizontal;
	int			i;

	for (i = 0; i < lengthof(styles); i++)
	{
		prismiq_spec_put(buf, "{'mark':{'type':'text','aria':false");
		prismiq_write_key(buf, "style");
		prismiq_write_text(buf, styles[i]);
		prismiq_spec_put(buf, across ?
						 "'align':'right','baseline':'bottom','dx':-4,'dy':-3,'limit':240}" :
						 "'align':'left','baseline':'top','dx':4,'dy':2,'limit':160}");
		prismiq_spec_put(buf, "'encoding':{");
		write_encoding(buf, plane, on_measure);
		prismiq_spec_put(buf, across ? "'x':{'value':'width'}" : "'y':{'value':0}");
		prismiq_spec_put(buf, "'text':{'field':'label','type':'nominal'}}}");
	}
}

/* Spans lie behind the data. */
void
prismiq_spec_spans(PrismiqSpec *spec, const PrismiqSpecPlane *plane)
{
	StringInfo	buf = spec->buf;
	int			on_measure;

	for (on_measure = 0; on_measure < 2; on_measure++)
	{
		const char *channel = (on_measure != 0) != plane->horizontal ? "y2" : "x2";
		int			before = buf->len;

		prismiq_spec_put(buf, "{'data':{'values':[");
		if (write_span_rows(spec, plane, on_measure != 0) == 0)
		{
			buf->len = before;
			buf->data[before] = '\0';
			continue;
		}
		prismiq_spec_put(buf, "]},'layer':[{'mark':{'type':'rect','opacity':0.12,'clip':true,"
						 "'aria':false},'encoding':{");
		write_encoding(buf, plane, on_measure != 0);
		prismiq_write_key(buf, channel);
		prismiq_spec_put(buf, on_measure != 0 ? "{'field':'y2'}" : "{'field':'x2'}");
		prismiq_spec_put(buf, "'color':{'field':'color','type':'nominal','scale':null}}}");
		write_labels(buf, plane, on_measure != 0);
		prismiq_spec_put(buf, "]}");
	}
}

/* Rules lie before them. */
void
prismiq_spec_rules(PrismiqSpec *spec, const PrismiqSpecPlane *plane)
{
	StringInfo	buf = spec->buf;
	int			on_measure;

	for (on_measure = 0; on_measure < 2; on_measure++)
	{
		int			before = buf->len;

		prismiq_spec_put(buf, "{'data':{'values':[");
		if (write_rule_rows(spec, plane, "thresholds", on_measure != 0) +
			write_rule_rows(spec, plane, "annotations", on_measure != 0) == 0)
		{
			buf->len = before;
			buf->data[before] = '\0';
			continue;
		}
		prismiq_spec_put(buf, "]},'layer':[{'mark':{'type':'rule','strokeDash':[4,3],'clip':true,"
						 "'aria':false},'encoding':{");
		write_encoding(buf, plane, on_measure != 0);
		prismiq_spec_put(buf, "'color':{'field':'color','type':'nominal','scale':null}}}");
		write_labels(buf, plane, on_measure != 0);
		prismiq_spec_put(buf, "]}");
	}
}
