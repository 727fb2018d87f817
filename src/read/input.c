/*-------------------------------------------------------------------------
 *
 * input.c
 *	  What the functions take that write dashboards, widgets and saved queries.
 *
 * These look at the shape of "data" as a whole, so that a caller sees all its
 * faults at once, with their places in what it sent.  The tables check each
 * value again, whatever road it comes by.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/formatting.h"

#include "read/document.h"
#include "read/read.h"

static const char *const dashboard_keys[] = {
	"name", "description", "layout", "filters", "owner_id", "is_public", "is_default",
	"allowed_viewers", "allowed_editors", "timezone", "refresh_interval", "widgets", NULL
};
static const char *const dashboard_change_keys[] = {
	"name", "description", "layout", "filters", "owner_id", "is_public", "is_default",
	"allowed_viewers", "allowed_editors", "timezone", "refresh_interval", "widgets",
	"version", NULL
};
static const char *const widget_keys[] = {
	"id", "type", "title", "query", "saved_query_id", "position", "config", NULL
};
static const char *const widget_change_keys[] = {
	"type", "title", "query", "saved_query_id", "position", "config", "version", NULL
};
static const char *const saved_query_keys[] = {
	"name", "description", "query", "sql", "owner_id", "is_shared", NULL
};
static const char *const saved_query_change_keys[] = {
	"name", "description", "query", "sql", "owner_id", "is_shared", "version", NULL
};
static const char *const position_keys[] = {
	"id", "widget_id", "position", "x", "y", "w", "h", NULL
};
static const char *const list_keys[] = {
	"search", "scope", "sort", "limit", "offset", "page", "page_size", NULL
};
static const char *const scopes[] = {"all", "mine", "shared", "public", NULL};
static const char *const sorts[] = {
	"name", "-name", "created_at", "-created_at", "updated_at", "-updated_at", NULL
};

/* Widgets of one call; prismiq.max_widgets_per_dashboard allows no more. */
#define MAX_WIDGETS 10000

/* Longest texts, as the tables have them, in characters; the ids of users in bytes. */
#define MAX_NAME 255
#define MAX_TITLE 1000
#define MAX_DESCRIPTION 10000
#define MAX_USER 1024

/* A list of things about widgets, or null (a fault when it is another kind or longer). */
static const json_t *
widget_array(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	if (prismiq_json_kind(node) != PRISMIQ_JSON_ARRAY)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "expected an array, found %s",
						  prismiq_json_kind_name(prismiq_json_kind(node)));
	else if (json_array_size(node) > MAX_WIDGETS)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "expected at most %d elements", MAX_WIDGETS);
	else
		return node;
	return NULL;
}

/* A null stands for "none" only where there can be none. */
static void
refuse_null(const PrismiqObject *object, const char *key)
{
	if (prismiq_json_kind(prismiq_object_get(object, key)) == PRISMIQ_JSON_NULL)
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, key), NULL,
						  "\"%s\" must not be null", key);
}

/* A name that is not blank and not too long; required in what is new. */
static void
read_name(const PrismiqObject *object, bool is_new)
{
	const char *name = prismiq_object_text(object, "name", is_new);

	if (!is_new)
		refuse_null(object, "name");
	if (name == NULL)
		return;
	if (name[strspn(name, " \t\n\r\f\v")] == '\0')
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "name"), NULL,
						  "\"name\" must not be blank");
	else if (pg_mbstrlen(name) > MAX_NAME)
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "name"), NULL,
						  "\"name\" must have at most %d characters", MAX_NAME);
}

/* A text of at most so many characters, or null. */
static void
read_bounded(const PrismiqObject *object, const char *key, int most)
{
	const char *text = prismiq_object_text(object, key, false);

	if (text != NULL && pg_mbstrlen(text) > most)
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, key), NULL,
						  "\"%s\" must have at most %d characters", key, most);
}

/* The id of a user, or null. */
static void
read_owner(const PrismiqObject *object)
{
	const char *owner = prismiq_object_name(object, "owner_id", false);

	if (owner != NULL && strlen(owner) > MAX_USER)
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "owner_id"), NULL,
						  "\"owner_id\" must have at most %d bytes", MAX_USER);
}

/* true or false, where null is neither. */
static void
read_flag(const PrismiqObject *object, const char *key)
{
	refuse_null(object, key);
	prismiq_object_boolean(object, key, false);
}

/* A list of users. */
static void
read_users(const PrismiqObject *object, const char *key)
{
	const json_t *users = prismiq_object_get(object, key);
	const PrismiqPath *path;
	int			count;
	int			i;

	if (users == NULL)
		return;
	path = prismiq_object_path(object, key);
	if (prismiq_json_kind(users) != PRISMIQ_JSON_ARRAY)
	{
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "expected an array, found %s",
						  prismiq_json_kind_name(prismiq_json_kind(users)));
		return;
	}
	count = prismiq_read_items(object, key);
	for (i = 0; i < count; i++)
	{
		const json_t *user = json_array_get(users, i);

		CHECK_FOR_INTERRUPTS();
		if (prismiq_json_kind(user) != PRISMIQ_JSON_STRING ||
			prismiq_json_string(user)[0] == '\0')
			prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
							  prismiq_path_index(path, i), NULL,
							  "\"%s\" must hold ids of users as strings", key);
		else if (strlen(prismiq_json_string(user)) > MAX_USER)
			prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
							  prismiq_path_index(path, (int) i), NULL,
							  "the id of a user must have at most %d bytes", MAX_USER);
	}
}

/* Read a key's value by its own reader when it is there; null is refused. */
static void
read_part(const PrismiqObject *object, const char *key, PrismiqDocumentReader reader)
{
	const json_t *node = prismiq_object_get(object, key);

	if (node == NULL)
		return;
	if (prismiq_json_kind(node) == PRISMIQ_JSON_NULL)
		refuse_null(object, key);
	else
		reader(node, prismiq_object_path(object, key), object->faults);
}

/* A definition, of which only that it is an object is looked at here. */
static void
read_query(const PrismiqObject *object)
{
	if (prismiq_object_has(object, "query"))
		prismiq_read_widget_config(prismiq_object_get(object, "query"),
								   prismiq_object_path(object, "query"), object->faults);
}

/* Only one of two keys may have a value. */
static void
refuse_both(const PrismiqObject *object, const char *one, const char *other)
{
	if (prismiq_object_has(object, one) && prismiq_object_has(object, other))
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, other), NULL,
						  "give \"%s\" or \"%s\", not both", one, other);
}

/* The keys of a widget, its id and its version aside. */
static void
read_widget_parts(const PrismiqObject *widget, bool is_new)
{
	if (!is_new)
		refuse_null(widget, "type");
	prismiq_object_name(widget, "type", is_new);
	read_bounded(widget, "title", MAX_TITLE);
	read_query(widget);
	prismiq_object_uuid(widget, "saved_query_id", false);
	refuse_both(widget, "query", "saved_query_id");
	read_part(widget, "position", prismiq_read_position);
	read_part(widget, "config", prismiq_read_widget_config);
}

/* A widget to be made; it may bring its id, for filters to refer to. */
void
prismiq_read_widget_new(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject widget;

	if (!prismiq_object_open(&widget, node, path, faults, widget_keys))
		return;
	prismiq_object_uuid(&widget, "id", false);
	read_widget_parts(&widget, true);
}

/* Changes of a widget. */
void
prismiq_read_widget_change(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject widget;

	if (!prismiq_object_open(&widget, node, path, faults, widget_change_keys))
		return;
	read_widget_parts(&widget, false);
	prismiq_object_integer(&widget, "version", 1, INT_MAX, 1);
}

/* Note an id that an earlier element of the array has too; upper case is the same. */
static void
refuse_repeated_id(PrismiqNames *ids, const json_t *item, const char *key,
				   const PrismiqPath *path, PrismiqFaults *faults)
{
	const json_t *id = json_object_get(item, key);
	const char *text;
	bool		taken;

	if (prismiq_json_kind(id) != PRISMIQ_JSON_STRING)
		return;
	text = prismiq_json_string(id);
	if (!prismiq_is_uuid(text))
		return;					/* that has been noted */
	(void) prismiq_names_add(ids, asc_tolower(text, strlen(text)), &taken);
	if (taken)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "two widgets have the id \"%s\"", text);
}

/* The widgets of a dashboard. */
static void
read_widgets(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	const json_t *widgets = widget_array(node, path, faults);
	PrismiqNames ids = {0};
	size_t		i;

	for (i = 0; widgets != NULL && i < json_array_size(widgets); i++)
	{
		const PrismiqPath *place = prismiq_path_index(path, (int) i);

		CHECK_FOR_INTERRUPTS();
		prismiq_read_widget_new(json_array_get(widgets, i), place, faults);
		refuse_repeated_id(&ids, json_array_get(widgets, i), "id", place, faults);
	}
}

/* The keys of a dashboard, in the order of the contract. */
static void
read_dashboard_parts(const PrismiqObject *dashboard, bool is_new)
{
	read_name(dashboard, is_new);
	read_bounded(dashboard, "description", MAX_DESCRIPTION);
	read_part(dashboard, "layout", prismiq_read_layout);
	read_part(dashboard, "filters", prismiq_read_dashboard_filters);
	read_owner(dashboard);
	read_flag(dashboard, "is_public");
	read_flag(dashboard, "is_default");
	read_users(dashboard, "allowed_viewers");
	read_users(dashboard, "allowed_editors");
	prismiq_object_name(dashboard, "timezone", false);
	prismiq_object_integer(dashboard, "refresh_interval", 1, INT_MAX, 1);
	read_part(dashboard, "widgets", read_widgets);
}

/* A dashboard to be made. */
void
prismiq_read_dashboard_new(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject dashboard;

	if (prismiq_object_open(&dashboard, node, path, faults, dashboard_keys))
		read_dashboard_parts(&dashboard, true);
}

/* Changes of a dashboard. */
void
prismiq_read_dashboard_change(const json_t *node, const PrismiqPath *path,
							  PrismiqFaults *faults)
{
	PrismiqObject dashboard;

	if (!prismiq_object_open(&dashboard, node, path, faults, dashboard_change_keys))
		return;
	read_dashboard_parts(&dashboard, false);
	prismiq_object_integer(&dashboard, "version", 1, INT_MAX, 1);
}

/* The keys of a saved query. */
static void
read_saved_query_parts(const PrismiqObject *saved, bool is_new)
{
	read_name(saved, is_new);
	read_bounded(saved, "description", MAX_DESCRIPTION);
	if (is_new && prismiq_object_get(saved, "query") == NULL &&
		!prismiq_object_has(saved, "sql"))
		prismiq_fault_add(saved->faults, PRISMIQ_MISSING_FIELD,
						  prismiq_object_path(saved, "query"), NULL,
						  "\"query\" is required");
	refuse_null(saved, "query");
	read_query(saved);
	if (prismiq_object_has(saved, "sql"))
		prismiq_fault_add(saved->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(saved, "sql"),
						  "Write it as a definition in \"query\".",
						  "\"sql\" is not supported yet");
	read_owner(saved);
	read_flag(saved, "is_shared");
}

/* A saved query to be made. */
void
prismiq_read_saved_query_new(const json_t *node, const PrismiqPath *path,
							 PrismiqFaults *faults)
{
	PrismiqObject saved;

	if (prismiq_object_open(&saved, node, path, faults, saved_query_keys))
		read_saved_query_parts(&saved, true);
}

/* Changes of a saved query. */
void
prismiq_read_saved_query_change(const json_t *node, const PrismiqPath *path,
								PrismiqFaults *faults)
{
	PrismiqObject saved;

	if (!prismiq_object_open(&saved, node, path, faults, saved_query_change_keys))
		return;
	read_saved_query_parts(&saved, false);
	prismiq_object_integer(&saved, "version", 1, INT_MAX, 1);
}

/* One of the new positions: {id, x, y, w, h} or {id, position: {...}}. */
static void
read_positioned(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	static const char *const sides[] = {"x", "y", "w", "h", NULL};
	PrismiqObject item;
	const char *id_key;
	int			i;

	if (!prismiq_object_open(&item, node, path, faults, position_keys))
		return;
	id_key = prismiq_object_has(&item, "widget_id") ? "widget_id" : "id";
	if (strcmp(id_key, "widget_id") == 0)
		refuse_both(&item, "id", "widget_id");
	prismiq_object_uuid(&item, id_key, true);
	if (prismiq_object_has(&item, "position"))
	{
		read_part(&item, "position", prismiq_read_position);
		for (i = 0; sides[i] != NULL; i++)
			refuse_both(&item, "position", sides[i]);
		return;
	}
	for (i = 0; sides[i] != NULL; i++)
	{
		bool		is_size = i >= 2;

		if (prismiq_object_has(&item, sides[i]))
			prismiq_object_integer(&item, sides[i], is_size ? 1 : 0,
								   i % 2 == 0 ? PRISMIQ_LAYOUT_COLUMNS : PRISMIQ_LAYOUT_ROWS, 1);
		else
			prismiq_fault_add(faults, PRISMIQ_MISSING_FIELD,
							  prismiq_object_path(&item, sides[i]), NULL,
							  "\"%s\" is required", sides[i]);
	}
}

/* The list of new positions. */
void
prismiq_read_positions(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	const json_t *items = widget_array(node, path, faults);
	PrismiqNames ids = {0};
	PrismiqNames widget_ids = {0};
	size_t		i;

	for (i = 0; items != NULL && i < json_array_size(items); i++)
	{
		const PrismiqPath *place = prismiq_path_index(path, (int) i);

		CHECK_FOR_INTERRUPTS();
		read_positioned(json_array_get(items, i), place, faults);
		refuse_repeated_id(&ids, json_array_get(items, i), "id", place, faults);
		refuse_repeated_id(&widget_ids, json_array_get(items, i), "widget_id", place, faults);
	}
}

/* What the functions that list things take. */
void
prismiq_read_list_options(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject options;

	if (!prismiq_object_open(&options, node, path, faults, list_keys))
		return;
	prismiq_object_text(&options, "search", false);
	prismiq_object_choice(&options, "scope", scopes, false, 0);
	prismiq_object_choice(&options, "sort", sorts, false, 0);
	prismiq_object_integer(&options, "limit", 0, INT_MAX, 0);
	prismiq_object_integer(&options, "offset", 0, INT_MAX, 0);
	prismiq_object_integer(&options, "page", 1, INT_MAX, 1);
	prismiq_object_integer(&options, "page_size", 1, 10000, 1);
	refuse_both(&options, "limit", "page");
	refuse_both(&options, "limit", "page_size");
	refuse_both(&options, "offset", "page");
}
