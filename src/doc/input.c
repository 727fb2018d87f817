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

#include "catalog/pg_collation.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "doc/doc.h"

const char *const prismiq_dashboard_keys[] = {
	"name", "description", "layout", "filters", "owner_id", "is_public", "is_default",
	"allowed_viewers", "allowed_editors", "timezone", "refresh_interval", "widgets", NULL
};
static const char *const dashboard_change_keys[] = {
	"name", "description", "layout", "filters", "owner_id", "is_public", "is_default",
	"allowed_viewers", "allowed_editors", "timezone", "refresh_interval", "widgets",
	"version", NULL
};
static const char *const saved_query_keys[] = {
	"name", "description", "query", "sql", "owner_id", "is_shared", NULL
};
static const char *const saved_query_change_keys[] = {
	"name", "description", "query", "sql", "owner_id", "is_shared", "version", NULL
};
static const char *const list_keys[] = {
	"search", "scope", "sort", "limit", "offset", "page", "page_size", "count", NULL
};
static const char *const scopes[] = {"all", "mine", "shared", "public", "provided", NULL};
static const char *const sorts[] = {
	"default", "name", "-name", "created_at", "-created_at", "updated_at", "-updated_at", NULL
};

/* Longest texts, as the tables have them, in characters; the ids of users in bytes. */
#define MAX_NAME 255
#define MAX_DESCRIPTION 10000
#define MAX_USER 1024

/* A name that is not blank and not too long; required in what is new. */
static void
read_name(const PrismiqObject *object, bool is_new)
{
	const char *name = prismiq_object_text(object, "name", is_new);

	if (!is_new)
		prismiq_object_refuse_null(object, "name");
	if (name == NULL)
		return;
	/* What is blank depends on the database's collation, as in the tables' constraints. */
	if (!DatumGetBool(DirectFunctionCall2Coll(textregexeq, DEFAULT_COLLATION_OID,
											  CStringGetTextDatum(name),
											  CStringGetTextDatum("\\S"))))
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "name"), NULL,
						  "\"name\" must not be blank");
	else if (pg_mbstrlen(name) > MAX_NAME)
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "name"), NULL,
						  "\"name\" must have at most %d characters", MAX_NAME);
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
	prismiq_object_refuse_null(object, key);
	prismiq_object_boolean(object, key, false);
}

/* Texts that name users; nobody knows here which there are. */
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

/*
 * The columns that the dashboard will have: a new layout without any has the
 * default, and without a layout they stay as they are.
 */
static int64
layout_columns(const PrismiqObject *dashboard, const PrismiqFacts *facts)
{
	const json_t *layout = prismiq_object_get(dashboard, "layout");
	const json_t *columns;
	int64		number;

	if (prismiq_json_kind(layout) != PRISMIQ_JSON_OBJECT)
		return facts->columns;
	columns = json_object_get(layout, "columns");
	if (columns == NULL)
		return PRISMIQ_LAYOUT_DEFAULT;

	/* What is no number of columns is noted where it is read: let all widgets fit. */
	return prismiq_json_kind(columns) == PRISMIQ_JSON_NUMBER &&
		prismiq_json_number_to_int(columns, &number) && number >= 1 ?
		Min(number, PRISMIQ_LAYOUT_COLUMNS) : 2 * PRISMIQ_LAYOUT_COLUMNS;
}

/* The keys of a dashboard, in the order of the contract. */
void
prismiq_read_dashboard_parts(const PrismiqObject *dashboard, const PrismiqFacts *stored,
							 bool is_new)
{
	PrismiqFacts facts = *stored;
	const json_t *widgets = prismiq_object_get(dashboard, "widgets");

	facts.columns = layout_columns(dashboard, stored);
	read_name(dashboard, is_new);
	prismiq_object_bounded(dashboard, "description", MAX_DESCRIPTION);
	prismiq_object_part(dashboard, "layout", prismiq_read_layout_input);
	prismiq_object_part(dashboard, "filters", prismiq_read_dashboard_filters);
	read_owner(dashboard);
	read_flag(dashboard, "is_public");
	read_flag(dashboard, "is_default");
	read_users(dashboard, "allowed_viewers");
	read_users(dashboard, "allowed_editors");
	prismiq_object_zone(dashboard);
	prismiq_object_integer(dashboard, "refresh_interval", 1, INT_MAX, 1);
	if (widgets == NULL)
		prismiq_check_layout_holds(&facts, prismiq_object_path(dashboard, "layout"),
								   dashboard->faults);
	prismiq_object_refuse_null(dashboard, "widgets");
	if (prismiq_object_has(dashboard, "widgets"))
		prismiq_read_widgets(widgets, &facts, prismiq_object_path(dashboard, "widgets"),
							 dashboard->faults);
}

/* What may be left out has a default; the name has none. */
void
prismiq_read_dashboard_new(const json_t *node, const PrismiqFacts *facts, PrismiqFaults *faults)
{
	PrismiqObject dashboard;

	if (prismiq_object_open(&dashboard, node, NULL, faults, prismiq_dashboard_keys))
		prismiq_read_dashboard_parts(&dashboard, facts, true);
}

/* What may be changed of a dashboard: any part may be missing. */
void
prismiq_read_dashboard_change(const json_t *node, const PrismiqFacts *facts,
							  PrismiqFaults *faults)
{
	PrismiqObject dashboard;

	if (!prismiq_object_open(&dashboard, node, NULL, faults, dashboard_change_keys))
		return;
	prismiq_read_dashboard_parts(&dashboard, facts, false);
	prismiq_object_integer(&dashboard, "version", 1, INT_MAX, 1);
}

/* What a new one and a change have in common: only a new one must have a name and a query. */
void
prismiq_read_saved_query_parts(const PrismiqObject *saved, bool is_new)
{
	read_name(saved, is_new);
	prismiq_object_bounded(saved, "description", MAX_DESCRIPTION);
	if (is_new && prismiq_object_get(saved, "query") == NULL &&
		!prismiq_object_has(saved, "sql"))
		prismiq_fault_add(saved->faults, PRISMIQ_MISSING_FIELD,
						  prismiq_object_path(saved, "query"), NULL,
						  "\"query\" is required");
	prismiq_object_refuse_null(saved, "query");
	prismiq_object_definition(saved, "query");
	if (prismiq_object_has(saved, "sql"))
		prismiq_fault_add(saved->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(saved, "sql"),
						  "Write it as a definition in \"query\".",
						  "\"sql\" is not supported yet");
	read_owner(saved);
	read_flag(saved, "is_shared");
}

/* A new one has no version: nobody can have seen an older one. */
void
prismiq_read_saved_query_new(const json_t *node, const PrismiqFacts *facts,
							 PrismiqFaults *faults)
{
	PrismiqObject saved;

	if (prismiq_object_open(&saved, node, NULL, faults, saved_query_keys))
		prismiq_read_saved_query_parts(&saved, true);
}

/* What is not said stays; "version" is the one that the caller has seen. */
void
prismiq_read_saved_query_change(const json_t *node, const PrismiqFacts *facts,
								PrismiqFaults *faults)
{
	PrismiqObject saved;

	if (!prismiq_object_open(&saved, node, NULL, faults, saved_query_change_keys))
		return;
	prismiq_read_saved_query_parts(&saved, false);
	prismiq_object_integer(&saved, "version", 1, INT_MAX, 1);
}

/* A tenant's configuration as a function takes it. */
void
prismiq_read_config_new(const json_t *node, const PrismiqFacts *facts, PrismiqFaults *faults)
{
	prismiq_read_schema_config(node, NULL, faults);
}

/* What the functions that list things take. */
void
prismiq_read_list_options(const json_t *node, const PrismiqFacts *facts, PrismiqFaults *faults)
{
	PrismiqObject options;

	if (!prismiq_object_open(&options, node, NULL, faults, list_keys))
		return;
	prismiq_object_text(&options, "search", false);
	prismiq_object_choice(&options, "scope", scopes, false, 0);
	prismiq_object_choice(&options, "sort", sorts, false, 0);
	prismiq_object_integer(&options, "limit", 0, INT_MAX, 0);
	prismiq_object_integer(&options, "offset", 0, INT_MAX, 0);
	prismiq_object_integer(&options, "page", 1, INT_MAX, 1);
	prismiq_object_integer(&options, "page_size", 1, 10000, 1);
	prismiq_object_boolean(&options, "count", false);
	prismiq_object_refuse_both(&options, "limit", "page");
	prismiq_object_refuse_both(&options, "limit", "page_size");
	prismiq_object_refuse_both(&options, "offset", "page");
}
