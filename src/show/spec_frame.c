/*-------------------------------------------------------------------------
 *
 * spec_frame.c
 *	  What every specification of a picture begins and ends with.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/fault.h"
#include "show/spec.h"

#define SCHEMA "https://vega.github.io/schema/vega-lite/v6.json"

/* What the widget is called; null: nothing. */
static const char *
title_of(const PrismiqShow *show)
{
	const char *title = show->widget->title;

	return title != NULL && title[0] != '\0' ? title : NULL;
}

/* The head: what every specification has. */
void
prismiq_spec_begin(PrismiqSpec *spec, const char *description)
{
	StringInfo	buf = spec->buf;
	const char *title = title_of(spec->show);

	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "$schema");
	prismiq_write_text(buf, SCHEMA);
	prismiq_write_key(buf, "description");
	prismiq_write_text(buf, title == NULL ? description :
					   psprintf("%s: %s", title, description));
	if (title != NULL)
	{
		prismiq_spec_put(buf, "'title':{");
		prismiq_write_key(buf, "text");
		prismiq_write_text(buf, prismiq_spec_value(title));
		prismiq_write_close(buf, '}');
	}
	prismiq_spec_put(buf, "'width':'container','height':'container',"
					 "'autosize':{'type':'fit','contains':'padding'}");
	prismiq_write_key(buf, "background");
	prismiq_write_text(buf, spec->theme.background != NULL ? spec->theme.background :
					   "transparent");
}

/* "usermeta" as far as the fields. */
void
prismiq_spec_fields(PrismiqSpec *spec)
{
	const PrismiqWidget *widget = spec->show->widget;
	StringInfo	buf = spec->buf;

	prismiq_spec_put(buf, "'usermeta':{'prismiq':{");
	prismiq_write_key(buf, "type");
	prismiq_write_text(buf, widget->type);
	prismiq_write_key(buf, "shape");
	prismiq_write_text(buf, widget->shape);
	prismiq_write_key(buf, "theme");
	prismiq_write_text(buf, spec->show->picture == PRISMIQ_PICTURE_DARK ? "dark" : "light");
	prismiq_write_key(buf, "timezone");
	prismiq_write_text(buf, spec->show->zone_name);
	prismiq_write_key(buf, "fields");
	prismiq_write_open(buf, '{');
}

/* The end: what was opened by the two, and the theme. */
void
prismiq_spec_end(PrismiqSpec *spec)
{
	prismiq_spec_put(spec->buf, "}}}");
	prismiq_spec_config(spec);
	prismiq_write_close(spec->buf, '}');
	prismiq_spec_check_size(spec);
}
