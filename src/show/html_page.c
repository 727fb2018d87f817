/*-------------------------------------------------------------------------
 *
 * html_page.c
 *	  A page that shows a dashboard: the element of the module (src/show/web), and
 *	  inside of it the first answers, for the module and for people without scripts.
 *
 * There is no script and no style in the page but those that it asks for by address:
 * it works under Content-Security-Policy: default-src 'self'.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/json.h"

#include "show/html.h"

/* Members of a dashboard that the page has for the module; its widgets go by themselves. */
static const char *const dashboard_members[] = {
	"id", "name", "description", "layout", "filters", "timezone", "refresh_interval", "version",
	"is_owner", "can_edit", "is_provided", "updated_at"
};

/* Those of a widget: not what it asks. */
static const char *const widget_members[] = {"id", "type", "title", "position", "config"};

/* What a browser is told before there is anything to see; what the text is written in, first. */
static void
append_head(StringInfo buf, const PrismiqPage *page, const char *name)
{
	appendStringInfoString(buf, "<!DOCTYPE html>\n<html");
	prismiq_html_attribute(buf, "lang", page->locale != NULL ? page->locale : "en");
	appendStringInfoString(buf, ">\n<head>\n<meta charset=\"utf-8\" />\n<title>");
	prismiq_html_text(buf, name);
	appendStringInfoString(buf, "</title>\n"
						   "<meta name=\"viewport\" "
						   "content=\"width=device-width, initial-scale=1\" />\n"
						   "<meta name=\"color-scheme\"");
	prismiq_html_attribute(buf, "content", strcmp(page->theme, "auto") == 0 ? "light dark" :
						   page->theme);
	appendStringInfoString(buf, " />\n<link rel=\"stylesheet\"");
	prismiq_html_attribute(buf, "href", psprintf("%sprismiq.css", page->assets_url));
	appendStringInfoString(buf, " />\n<link rel=\"icon\"");
	prismiq_html_attribute(buf, "href", psprintf("%sprismiq.svg", page->assets_url));
	appendStringInfoString(buf, " />\n<script type=\"module\"");
	prismiq_html_attribute(buf, "src", psprintf("%sprismiq.js", page->assets_url));
	appendStringInfoString(buf, "></script>\n</head>\n");
}

/* Some members of an object as JSON, those that are there. */
static char *
some_of(const json_t *object, const char *const *keys, int nkeys)
{
	StringInfoData json;
	int			i;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (i = 0; i < nkeys; i++)
	{
		const json_t *value = json_object_get(object, keys[i]);

		if (value == NULL)
			continue;
		if (json.len > 1)
			appendStringInfoChar(&json, ',');
		escape_json(&json, keys[i]);
		appendStringInfoChar(&json, ':');
		prismiq_json_append(&json, value);
	}
	appendStringInfoChar(&json, '}');
	return json.data;
}

/* A value as JSON; null where there is none. */
static char *
json_of(const json_t *node)
{
	StringInfoData json;

	if (node == NULL)
		return NULL;
	initStringInfo(&json);
	prismiq_json_append(&json, node);
	return json.data;
}

/* One widget with its answer, where it has been asked. */
static void
append_widget(StringInfo buf, const json_t *widget, const json_t *answers)
{
	const char *id = prismiq_json_text(widget, "id");
	const json_t *answer = id != NULL ? json_object_get(answers, id) : NULL;
	const char *title = prismiq_json_text(widget, "title");
	StringInfoData rest;

	if (id == NULL)
		return;
	appendStringInfoString(buf, "<article");
	prismiq_html_attribute(buf, "data-widget",
						   some_of(widget, widget_members, lengthof(widget_members)));
	if (answer != NULL)
	{
		initStringInfo(&rest);
		prismiq_page_rest(&rest, answer);
		prismiq_html_attribute(buf, "data-answer", rest.data);
	}
	appendStringInfoString(buf, ">\n");
	prismiq_html_element(buf, "h2", title != NULL ? title : prismiq_json_text(answer, "title"));
	prismiq_html_element(buf, "p", prismiq_json_text(json_object_get(widget, "config"),
													 "description"));
	if (answer != NULL)
		prismiq_page_content(buf, answer);
	appendStringInfoString(buf, "\n</article>\n");
}

/* Which filters are in force, for people. */
static void
append_filters(StringInfo buf, const json_t *filters, const json_t *values)
{
	size_t		i;

	for (i = 0; i < json_array_size(filters); i++)
	{
		const json_t *filter = json_array_get(filters, i);
		const char *id = prismiq_json_text(filter, "id");
		const char *label = prismiq_json_text(filter, "label");
		const json_t *value = id != NULL ? json_object_get(values, id) : NULL;

		if (value == NULL)
			value = json_object_get(filter, "default_value");
		if (prismiq_json_kind(value) <= PRISMIQ_JSON_NULL && json_object_get(values, id) == NULL)
			value = json_object_get(filter, "date_preset");

		if (prismiq_json_kind(value) <= PRISMIQ_JSON_NULL)
			continue;
		appendStringInfoString(buf, "<p>");
		prismiq_html_text(buf, label != NULL ? label : id);
		appendStringInfoString(buf, ": ");
		prismiq_html_text(buf, prismiq_json_kind(value) == PRISMIQ_JSON_STRING ?
						  prismiq_json_string(value) : json_of(value));
		appendStringInfoString(buf, "</p>\n");
	}
}

/* By which points of its widgets a dashboard is filtered, for people. */
static void
append_crossed(StringInfo buf, const json_t *widgets, const json_t *points)
{
	size_t		i;

	for (i = 0; i < json_array_size(widgets); i++)
	{
		const json_t *widget = json_array_get(widgets, i);
		const char *id = prismiq_json_text(widget, "id");
		const char *title = prismiq_json_text(widget, "title");
		const json_t *point = id != NULL ? json_object_get(points, id) : NULL;

		if (prismiq_json_kind(point) != PRISMIQ_JSON_OBJECT)
			continue;
		appendStringInfoString(buf, "<p>");
		prismiq_html_text(buf, title != NULL ? title : "");
		appendStringInfoString(buf, ": ");
		prismiq_html_text(buf, json_of(point));
		appendStringInfoString(buf, "</p>\n");
	}
}

/* See the header. */
void
prismiq_page_write(StringInfo buf, const PrismiqPage *page)
{
	const json_t *dashboard = page->dashboard;
	const json_t *widgets = json_object_get(dashboard, "widgets");
	const char *name = prismiq_json_text(dashboard, "name");
	size_t		i;

	append_head(buf, page, name != NULL ? name : "");
	appendStringInfoString(buf, "<body");
	if (strcmp(page->theme, "auto") != 0)
		prismiq_html_attribute(buf, "class", psprintf("prismiq-%s", page->theme));
	appendStringInfoString(buf, ">\n<main class=\"prismiq-page\">\n<prismiq-dashboard");
	prismiq_html_attribute(buf, "dashboard-id", prismiq_json_text(dashboard, "id"));
	prismiq_html_attribute(buf, "theme", page->theme);
	prismiq_html_attribute(buf, "locale", page->locale);
	prismiq_html_attribute(buf, "endpoint", page->endpoint);
	prismiq_html_attribute(buf, "assets-url", page->assets_url);
	prismiq_html_attribute(buf, "heading-level", "1");
	prismiq_html_attribute(buf, "filters", json_of(page->filters));
	if (json_object_size(page->options) > 0)
		prismiq_html_attribute(buf, "options", json_of(page->options));
	prismiq_html_attribute(buf, "data-dashboard",
						   some_of(dashboard, dashboard_members, lengthof(dashboard_members)));
	prismiq_html_attribute(buf, "data-config", json_of(page->config));
	appendStringInfoString(buf, ">\n");
	prismiq_html_element(buf, "h1", name);
	prismiq_html_element(buf, "p", prismiq_json_text(dashboard, "description"));
	append_filters(buf, json_object_get(dashboard, "filters"), page->filters);
	append_crossed(buf, widgets, json_object_get(page->options, "cross_filter"));
	for (i = 0; i < json_array_size(widgets); i++)
		append_widget(buf, json_array_get(widgets, i), page->answers);
	appendStringInfoString(buf, "</prismiq-dashboard>\n</main>\n</body>\n</html>\n");
}
