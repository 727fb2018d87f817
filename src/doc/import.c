/*-------------------------------------------------------------------------
 *
 * import.c
 *	  A dashboard as a document that goes from one tenant to another.
 *
 * Its widgets and saved queries have names of the document's own in place of
 * ids.  Whoever imports it gives all of them new ids first
 * (prismiq_internal.document_renamed()): what is read here has these, and is
 * read as any dashboard that a function takes.  The document as it was sent is
 * among the facts; in it each name must be there once, and each reference lead
 * to one of them.  What leads elsewhere has an id of nothing by now, and is
 * noted here alone.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "base/names.h"
#include "doc/doc.h"
#include "who/who.h"

#define IMPORT_FORMAT "prismiq.dashboard"
#define IMPORT_VERSION "1.0"

/* The longest name of a widget or a saved query within a document, in bytes. */
#define MAX_LOCAL_NAME 255

const char *const prismiq_import_keys[] = {
	"format", "version", "name", "description", "layout", "filters", "timezone",
	"refresh_interval", "widgets", "saved_queries", "warnings", NULL
};
static const char *const import_query_keys[] = {
	"id", "name", "description", "query", "is_shared", NULL
};
static const char *const import_option_keys[] = {"on_conflict", "name", NULL};
static const char *const conflict_words[] = {"error", "rename", "replace", NULL};
static const char *const provided_option_keys[] = {"tenants", "params", NULL};

/* What the names of one kind are called in faults. */
typedef struct NamesOf
{
	const char *what;
	PrismiqNames names;
} NamesOf;

/* A document's names, and where faults go. */
typedef struct References
{
	NamesOf		widgets;
	NamesOf		queries;
	PrismiqFaults *faults;
} References;

/* A member that is an array, or null: another kind is noted where it is read. */
static const json_t *
array_of(const json_t *object, const char *key)
{
	const json_t *node = json_object_get(object, key);

	return prismiq_json_kind(node) == PRISMIQ_JSON_ARRAY ? node : NULL;
}

/* Collect the names that the elements of a list have, each of them once. */
static void
collect_names(NamesOf *of, const json_t *list, const PrismiqPath *path, bool required,
			  PrismiqFaults *faults)
{
	size_t		i;

	for (i = 0; i < json_array_size(list); i++)
	{
		const json_t *element = json_array_get(list, i);
		const json_t *id = json_object_get(element, "id");
		const PrismiqPath *place = prismiq_path_key(prismiq_path_index(path, (int) i), "id",
													import_query_keys);
		const char *name;
		bool		taken;

		CHECK_FOR_INTERRUPTS();
		if (prismiq_json_kind(element) != PRISMIQ_JSON_OBJECT || (id == NULL && !required))
			continue;
		name = prismiq_json_kind(id) == PRISMIQ_JSON_STRING ? prismiq_json_string(id) : NULL;
		if (id == NULL)
			prismiq_fault_add(faults, PRISMIQ_MISSING_FIELD, place, NULL, "\"id\" is required");
		else if (name == NULL || name[0] == '\0' || strlen(name) > MAX_LOCAL_NAME)
			prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, place, NULL,
							  "\"id\" must be a string of 1 to %d bytes", MAX_LOCAL_NAME);
		else
		{
			(void) prismiq_names_add(&of->names, name, &taken);
			if (taken)
				prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, place, NULL,
								  "the document has two %s \"%s\"", of->what, name);
		}
	}
}

/* Note a reference that leads to nothing; what is no string at all is noted where it is read. */
static void
check_reference(const NamesOf *of, const json_t *node, const PrismiqPath *path,
				PrismiqFaults *faults)
{
	if (prismiq_json_kind(node) == PRISMIQ_JSON_STRING &&
		prismiq_names_find(&of->names, prismiq_json_string(node)) == NULL)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "there is none \"%s\" among the %s of the document",
						  prismiq_json_string(node), of->what);
}

/* The saved queries that stand in a definition, or in one within it, as tables. */
static void
check_definition(const References *references, const json_t *node, const PrismiqPath *path)
{
	json_t	   *object = unconstify(json_t *, node);
	void	   *iter;
	size_t		i;
	int			order = 0;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (prismiq_json_kind(node) == PRISMIQ_JSON_ARRAY)
		for (i = 0; i < json_array_size(node); i++)
			check_definition(references, json_array_get(node, i),
							 prismiq_path_index(path, (int) i));
	if (prismiq_json_kind(node) != PRISMIQ_JSON_OBJECT)
		return;
	for (iter = json_object_iter(object); iter != NULL;
		 iter = json_object_iter_next(object, iter))
	{
		const char *key = json_object_iter_key(iter);
		const json_t *value = json_object_iter_value(iter);
		const PrismiqPath *place = prismiq_path_member(path, pstrdup(key), order++);

		if (strcmp(key, "tables") == 0 && prismiq_json_kind(value) == PRISMIQ_JSON_ARRAY)
			for (i = 0; i < json_array_size(value); i++)
				check_reference(&references->queries,
								json_object_get(json_array_get(value, i), "saved_query"),
								prismiq_path_key(prismiq_path_index(place, (int) i),
												 "saved_query", NULL), references->faults);
		check_definition(references, value, place);
	}
}

/* The references of the elements of a list: to saved queries, by themselves and in definitions. */
static void
check_elements(const References *references, const json_t *list, const PrismiqPath *path)
{
	size_t		i;

	for (i = 0; i < json_array_size(list); i++)
	{
		const json_t *element = json_array_get(list, i);
		const PrismiqPath *place = prismiq_path_index(path, (int) i);

		check_definition(references, json_object_get(element, "query"),
						 prismiq_path_key(place, "query", import_query_keys));
		check_reference(&references->queries, json_object_get(element, "saved_query_id"),
						prismiq_path_key(place, "saved_query_id", NULL), references->faults);
	}
}

/* The widgets that a filter is for: what is none was dropped, so all of that is noted here. */
static void
check_applies_to(const References *references, const json_t *filter, const PrismiqPath *path)
{
	const json_t *widgets = array_of(filter, "applies_to");
	const PrismiqPath *list = prismiq_path_key(path, "applies_to", NULL);
	size_t		i;

	for (i = 0; i < json_array_size(widgets); i++)
	{
		const json_t *widget = json_array_get(widgets, i);
		const PrismiqPath *place = prismiq_path_index(list, (int) i);

		CHECK_FOR_INTERRUPTS();
		if (prismiq_json_kind(widget) == PRISMIQ_JSON_STRING)
			check_reference(&references->widgets, widget, place, references->faults);
		else
			prismiq_fault_add(references->faults, PRISMIQ_INVALID_VALUE, place, NULL,
							  "\"applies_to\" must hold ids of widgets");
	}
}

/* Names and references of a document as it was sent. */
static void
check_references(const json_t *document, PrismiqFaults *faults)
{
	References	references = {
		.widgets = {.what = "widgets"},
		.queries = {.what = "saved queries"},
		.faults = faults
	};
	const json_t *widgets = array_of(document, "widgets");
	const json_t *queries = array_of(document, "saved_queries");
	const json_t *filters = array_of(document, "filters");
	const PrismiqPath *widgets_path = prismiq_path_key(NULL, "widgets", prismiq_import_keys);
	const PrismiqPath *queries_path = prismiq_path_key(NULL, "saved_queries", prismiq_import_keys);
	const PrismiqPath *filters_path = prismiq_path_key(NULL, "filters", prismiq_import_keys);
	size_t		i;

	collect_names(&references.widgets, widgets, widgets_path, false, faults);
	collect_names(&references.queries, queries, queries_path, true, faults);
	for (i = 0; i < json_array_size(filters); i++)
		check_applies_to(&references, json_array_get(filters, i),
						 prismiq_path_index(filters_path, (int) i));
	check_elements(&references, widgets, widgets_path);
	check_elements(&references, queries, queries_path);
}

/* What kind of document it is, and of which version. */
static void
read_format(const PrismiqObject *import)
{
	const char *format = prismiq_object_text(import, "format", true);
	const char *version = prismiq_object_text(import, "version", true);

	if (format != NULL && strcmp(format, IMPORT_FORMAT) != 0)
		prismiq_fault_add(import->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(import, "format"),
						  "It is \"" IMPORT_FORMAT "\".",
						  "this is no dashboard that was exported");
	if (version != NULL && strcmp(version, IMPORT_VERSION) != 0)
		prismiq_fault_add(import->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(import, "version"),
						  "This one is \"" IMPORT_VERSION "\".",
						  "version \"%s\" of the format is not known", version);
}

/* See the header. */
void
prismiq_read_import(const json_t *node, const PrismiqFacts *facts, PrismiqFaults *faults)
{
	PrismiqObject import;
	PrismiqElements queries;

	if (!prismiq_object_open(&import, node, NULL, faults, prismiq_import_keys))
		return;
	read_format(&import);
	prismiq_read_dashboard_parts(&import, facts, true);
	queries = prismiq_elements_of(&import, "saved_queries", PRISMIQ_MAX_ITEMS);
	while (prismiq_elements_next(&queries))
	{
		PrismiqObject saved;

		if (prismiq_object_open(&saved, queries.node, queries.path, faults, import_query_keys))
			prismiq_read_saved_query_parts(&saved, true);
	}
	check_references(facts->document != NULL ? facts->document : node, faults);
}

/* What to do where the name is taken, and which name. */
void
prismiq_read_import_options(const json_t *node, const PrismiqFacts *facts,
							PrismiqFaults *faults)
{
	PrismiqObject options;

	if (!prismiq_object_open(&options, node, NULL, faults, import_option_keys))
		return;
	prismiq_object_choice(&options, "on_conflict", conflict_words, false, 0);
	prismiq_object_text(&options, "name", false);
}

/* For whom a dashboard is provided, and the values of its parameters. */
void
prismiq_read_provided_options(const json_t *node, const PrismiqFacts *facts,
							  PrismiqFaults *faults)
{
	PrismiqObject options;
	PrismiqElements tenants;

	if (!prismiq_object_open(&options, node, NULL, faults, provided_option_keys))
		return;
	tenants = prismiq_elements_of(&options, "tenants", PRISMIQ_MAX_LIST_VALUES);
	if (tenants.array != NULL && json_array_size(tenants.array) == 0)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, tenants.list_path,
						  "Leave it out, and the dashboard is for all.",
						  "\"tenants\" must name one");
	while (prismiq_elements_next(&tenants))
	{
		const char *tenant = prismiq_json_kind(tenants.node) == PRISMIQ_JSON_STRING ?
			prismiq_json_string(tenants.node) : "";

		if (tenant[0] == '\0' || strlen(tenant) > PRISMIQ_TENANT_MAX_BYTES)
			prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, tenants.path, NULL,
							  "a tenant is a string of 1 to %d bytes",
							  PRISMIQ_TENANT_MAX_BYTES);
	}
	if (prismiq_object_has(&options, "params") &&
		prismiq_json_kind(prismiq_object_get(&options, "params")) != PRISMIQ_JSON_OBJECT)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, prismiq_object_path(&options, "params"),
						  NULL, "\"params\" must be an object of names and values");
}
