/*-------------------------------------------------------------------------
 *
 * pipeline_save.c
 *	  Holds a document that is being saved against the catalogs: the queries of
 *	  its widgets, and what its filters are on.
 *
 * All of it with the caller's own view: what it may not see is not found.  Plain
 * DML and a restore do not come here; what no longer fits when it runs is then
 * an error of the widget that it concerns.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/value.h"
#include "utils/formatting.h"
#include "utils/jsonb.h"

#include "access/access.h"
#include "access/context.h"
#include "access/describe.h"
#include "access/endpoints.h"
#include "base/fault.h"
#include "base/json.h"
#include "doc/doc.h"
#include "model/merge.h"
#include "model/table.h"
#include "pipeline.h"
#include "pipeline_save.h"
#include "pipeline_widget.h"
#include "read/read.h"
#include "who/who.h"

/* A widget of the document: where its definition stands, and which it is. */
typedef struct Part
{
	const char *id;				/* null: it gets one when it is made */
	const json_t *definition;	/* null: it has none */
	const PrismiqPath *path;	/* null: the definition is somewhere else, and not looked at */
} Part;

/* A document on its way. */
typedef struct Saving
{
	Oid			tables;
	const PrismiqFacts *facts;
	PrismiqFaults *faults;
	List	   *parts;			/* Part */
	List	   *filters;		/* PrismiqDashboardFilter */
	List	   *placed;			/* of them: those that are on a table of some widget */
	const json_t *imported;		/* saved queries that come along; or null */
	const char *const *keys;	/* of the document, in whose order its faults are */
} Saving;

/* A member that is a text, in lower case, as ids are; or null. */
static const char *
id_of(const json_t *node, const char *key)
{
	const char *id = prismiq_json_text(node, key);

	return id == NULL ? NULL : asc_tolower(id, strlen(id));
}

/* Are they one place?  A widget's query and a saved one are keys of other lists. */
static bool
same_place(const PrismiqPath *a, const PrismiqPath *b)
{
	for (; a != NULL && b != NULL; a = a->up, b = b->up)
		if (a->key != NULL && b->key != NULL ? strcmp(a->key, b->key) != 0 :
			a->key != b->key || a->order != b->order)
			return false;
	return a == b;
}

/* Has the document's reader found a fault in this part of it already? */
static bool
is_faulty(const PrismiqFaults *faults, const PrismiqPath *part)
{
	ListCell   *lc;

	foreach(lc, faults->errors)
	{
		const PrismiqPath *path = ((const PrismiqFault *) lfirst(lc))->path;

		for (; path != NULL; path = path->up)
			if (same_place(path, part))
				return true;
	}
	return false;
}

/* The definition of a saved query that a widget is on; null when it is not known. */
static const json_t *
saved_definition(const Saving *saving, const char *id)
{
	size_t		i;

	for (i = 0; i < json_array_size(saving->imported); i++)
	{
		const json_t *query = json_array_get(saving->imported, i);
		const char *of = id_of(query, "id");

		if (of != NULL && strcmp(of, id) == 0)
			return json_object_get(query, "query");
	}
	return json_object_get(saving->facts->saved_queries, id);
}

/* A widget's endpoint, if it names one, has to be registered. */
static void
check_endpoint(Saving *saving, const json_t *widget, const PrismiqPath *path)
{
	const PrismiqPath *config = prismiq_path_key(path, "config", prismiq_widget_keys);
	const char *name = prismiq_json_text(json_object_get(widget, "config"), "endpoint");
	PrismiqEndpoint endpoint;

	if (name != NULL && !is_faulty(saving->faults, config) &&
		!prismiq_endpoint_find(saving->tables, name, &endpoint))
		prismiq_custom_missing(saving->tables, name, config, saving->faults);
}

/* A widget as a function takes it: its own query, or that of its saved query. */
static void
add_part(Saving *saving, const json_t *widget, const PrismiqPath *path)
{
	Part	   *part = palloc0(sizeof(Part));
	const json_t *query = json_object_get(widget, "query");
	const char *saved = id_of(widget, "saved_query_id");

	check_endpoint(saving, widget, path);
	part->id = id_of(widget, "id");
	if (prismiq_json_kind(query) == PRISMIQ_JSON_OBJECT)
	{
		part->definition = query;
		part->path = prismiq_path_key(path, "query", prismiq_widget_keys);
	}
	else if (saved != NULL)
		part->definition = saved_definition(saving, saved);
	if (prismiq_json_kind(part->definition) != PRISMIQ_JSON_OBJECT)
		part->definition = NULL;
	saving->parts = lappend(saving->parts, part);
}

/* The widgets that are there already, for filters that come alone. */
static void
add_stored(Saving *saving)
{
	json_t	   *widgets = unconstify(json_t *, saving->facts->widgets);
	void	   *iter;

	for (iter = json_object_iter(widgets); iter != NULL;
		 iter = json_object_iter_next(widgets, iter))
	{
		Part	   *part = palloc0(sizeof(Part));
		const json_t *query = json_object_get(json_object_iter_value(iter), "query");

		part->id = json_object_iter_key(iter);
		part->definition = prismiq_json_kind(query) == PRISMIQ_JSON_OBJECT ? query : NULL;
		saving->parts = lappend(saving->parts, part);
	}
}

/*
 * Is it about the range to compare by?  A dashboard's filter may give it, when the
 * query runs; whether the rest of "compare" is right has been looked at already.
 */
static bool
is_about_range(const PrismiqFault *fault, const Part *part)
{
	const PrismiqPath *path = fault->path;

	while (path != NULL && path->up != part->path)
		path = path->up;
	return path != NULL && path->key != NULL && strcmp(path->key, "compare") == 0;
}

/* Is it about a saved query, which may come along?  Whether it does is looked at by the reader. */
static bool
is_about_saved(const PrismiqFault *fault)
{
	return fault->path != NULL && fault->path->key != NULL &&
		strcmp(fault->path->key, "saved_query") == 0;
}

/* Look at a widget's query, and which filters find a place in it. */
static void
look_at_part(Saving *saving, const Part *part)
{
	PrismiqPlacing placing = {.filters = saving->filters, .widget_id = part->id, .saving = true};
	PrismiqFaults faults = {NIL, NIL};
	ListCell   *lc;

	if (part->definition == NULL ||
		(part->path != NULL && is_faulty(saving->faults, part->path)))
		return;
	prismiq_pipeline_look(saving->tables, part->definition, part->path, &placing, &faults);
	saving->placed = list_concat_unique_ptr(saving->placed, placing.placed);
	foreach(lc, faults.errors)
	{
		const PrismiqFault *fault = (const PrismiqFault *) lfirst(lc);
		bool		of_filter = prismiq_fault_is_of_filter(fault);

		/*
		 * What is wrong with a query that is not the document's own is not its fault;
		 * which of several columns is meant may be said later.
		 */
		if (of_filter ? fault->code != PRISMIQ_AMBIGUOUS_COLUMN :
			part->path != NULL && !is_about_range(fault, part) &&
			!(saving->imported != NULL && is_about_saved(fault)))
			saving->faults->errors = lappend(saving->faults->errors, lfirst(lc));
	}
}

/* A filter that no widget of the document has a place for: is there one among the tables? */
static void
look_at_filter(Saving *saving, const PrismiqDashboardFilter *filter)
{
	const PrismiqContext *who = prismiq_context_require();
	const PrismiqTenantConfig *config = prismiq_config_get(saving->tables, who->tenant_id);
	const PrismiqPath *field = prismiq_path_key(filter->place, "field", prismiq_filter_keys);
	PrismiqTable *table;
	ListCell   *lc;

	if (filter->table != NULL)
	{
		PrismiqColumnRef ref;

		table = prismiq_table_resolve(filter->table, who, config);
		memset(&ref, 0, sizeof(ref));
		if (table == NULL)
			prismiq_fault_add(saving->faults, PRISMIQ_TABLE_NOT_FOUND,
							  prismiq_path_key(filter->place, "table", prismiq_filter_keys),
							  prismiq_table_nearest(filter->table, who, config),
							  "table \"%s\" not found", filter->table);
		else if (!prismiq_column_find(table, filter->field, &ref))
			prismiq_fault_add(saving->faults, PRISMIQ_COLUMN_NOT_FOUND, field,
							  prismiq_column_nearest(table, saving->faults, filter->field),
							  "table \"%s\" has no column \"%s\"", filter->table, filter->field);
		return;
	}
	foreach(lc, prismiq_describe_visible(who, config))
	{
		PrismiqColumnRef ref;

		CHECK_FOR_INTERRUPTS();
		memset(&ref, 0, sizeof(ref));
		if (prismiq_column_find((PrismiqTable *) lfirst(lc), filter->field, &ref))
			return;				/* of a widget that is to come */
	}
	prismiq_fault_add(saving->faults, PRISMIQ_COLUMN_NOT_FOUND, field, NULL,
					  "no table has a column \"%s\"", filter->field);
}

/* The widgets that a filter names have to be the document's. */
static void
check_applies_to(Saving *saving, const PrismiqDashboardFilter *filter)
{
	const PrismiqPath *path = prismiq_path_key(filter->place, "applies_to", prismiq_filter_keys);
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, filter->applies_to)
	{
		bool		found = false;

		foreach(lc2, saving->parts)
		{
			const Part *part = (const Part *) lfirst(lc2);

			found = found || (part->id != NULL &&
							  pg_strcasecmp(part->id, (const char *) lfirst(lc)) == 0);
		}
		if (!found)
			prismiq_fault_add(saving->faults, PRISMIQ_INVALID_VALUE,
							  prismiq_path_index(path, foreach_current_index(lc)), NULL,
							  "filter \"%s\" is for a widget that the dashboard does not have",
							  filter->id);
	}
}

/* The filters of the document, once all of its widgets have been looked at. */
static void
check_filters(Saving *saving)
{
	ListCell   *lc;

	foreach(lc, saving->filters)
	{
		const PrismiqDashboardFilter *filter = (const PrismiqDashboardFilter *) lfirst(lc);

		if (saving->parts != NIL || saving->facts->widgets != NULL)
			check_applies_to(saving, filter);
		if (!list_member_ptr(saving->placed, filter) && !is_faulty(saving->faults, filter->place))
			look_at_filter(saving, filter);
	}
}

/* A dashboard as a whole: its widgets, and then its filters. */
static void
save_dashboard(Saving *saving, const json_t *node)
{
	const PrismiqPath *filters = prismiq_path_key(NULL, prismiq_merge_root, saving->keys);
	const PrismiqPath *path = prismiq_path_key(NULL, "widgets", saving->keys);
	const json_t *widgets = json_object_get(node, "widgets");
	ListCell   *lc;
	size_t		i;

	if (prismiq_json_kind(widgets) == PRISMIQ_JSON_ARRAY)
		for (i = 0; i < json_array_size(widgets); i++)
			add_part(saving, json_array_get(widgets, i), prismiq_path_index(path, (int) i));
	else
		add_stored(saving);
	if (!is_faulty(saving->faults, filters))
		saving->filters = prismiq_read_filters_saved(json_object_get(node, "filters"), filters,
													 saving->faults);
	foreach(lc, saving->parts)
	{
		const Part *part = (const Part *) lfirst(lc);

		if (part->path != NULL || saving->filters != NIL)
			look_at_part(saving, part);
	}
	check_filters(saving);
}

/* A dashboard, or what is changed of one; see the header. */
void
prismiq_pipeline_save_dashboard(Oid tables, const json_t *node, const PrismiqFacts *facts,
								PrismiqFaults *faults)
{
	Saving		saving = {.tables = tables, .facts = facts, .faults = faults,
	.keys = prismiq_dashboard_keys};

	save_dashboard(&saving, node);
}

/* A dashboard that is imported, with its saved queries. */
void
prismiq_pipeline_save_import(Oid tables, const json_t *node, const PrismiqFacts *facts,
							 PrismiqFaults *faults)
{
	Saving		saving = {.tables = tables, .facts = facts, .faults = faults,
	.keys = prismiq_import_keys};
	Saving		queries = saving;
	const PrismiqPath *path = prismiq_path_key(NULL, "saved_queries", prismiq_import_keys);
	size_t		i;

	/* What is provided may come without a tenant, which has all of the tables that are seen. */
	if (!prismiq_context_get()->present)
		return;
	saving.imported = queries.imported = json_object_get(node, "saved_queries");
	save_dashboard(&saving, node);
	for (i = 0; i < json_array_size(saving.imported); i++)
	{
		add_part(&queries, json_array_get(saving.imported, i), prismiq_path_index(path, (int) i));
		look_at_part(&queries, (const Part *) llast(queries.parts));
	}
}

/* A widget or a saved query, or what is changed of one: its query alone. */
void
prismiq_pipeline_save_query(Oid tables, const json_t *node, const PrismiqFacts *facts,
							PrismiqFaults *faults)
{
	Saving		saving = {.tables = tables, .facts = facts, .faults = faults};

	add_part(&saving, node, NULL);
	if (((const Part *) linitial(saving.parts))->path != NULL)
		look_at_part(&saving, (const Part *) linitial(saving.parts));
}

/*
 * On which tables of the queries each filter is: {filter id: ["schema.table", ...]}.
 * What cannot be looked at is passed over, and no fault is raised.
 */
Jsonb *
prismiq_pipeline_filter_tables(Oid tables, const json_t *filters, const json_t *queries)
{
	PrismiqFaults faults = {NIL, NIL};
	PrismiqPlacing placing = {.filters = prismiq_read_filters_saved(filters, NULL, &faults),
	.saving = true};
	JsonbParseState *state = NULL;
	ListCell   *lc;
	ListCell   *lc2;
	ListCell   *lc3;
	size_t		i;

	foreach(lc, placing.filters)
		((PrismiqDashboardFilter *) lfirst(lc))->restricted = false;
	for (i = 0; placing.filters != NIL && i < json_array_size(queries); i++)
		if (prismiq_json_kind(json_array_get(queries, i)) == PRISMIQ_JSON_OBJECT)
			prismiq_pipeline_look(tables, json_array_get(queries, i), NULL, &placing, &faults);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	foreach(lc, placing.filters)
	{
		const PrismiqDashboardFilter *filter = (const PrismiqDashboardFilter *) lfirst(lc);
		JsonbValue	value = {.type = jbvString};
		List	   *names = NIL;

		value.val.string.val = unconstify(char *, filter->id);
		value.val.string.len = strlen(filter->id);
		pushJsonbValue(&state, WJB_KEY, &value);
		pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
		forboth(lc2, placing.placed, lc3, placing.places)
		{
			char	   *name = (char *) lfirst(lc3);

			if (lfirst(lc2) != filter || name == NULL || list_member(names, makeString(name)))
				continue;
			names = lappend(names, makeString(name));
			value.val.string.val = name;
			value.val.string.len = strlen(name);
			pushJsonbValue(&state, WJB_ELEM, &value);
		}
		pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}
