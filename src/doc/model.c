/*-------------------------------------------------------------------------
 *
 * model.c
 *	  The application's model: what a tenant's configuration has, relationships
 *	  between tables, and measures.
 *
 * Only the shape is looked at here, as of all that is stored: a constraint stands
 * on it.  Whether there are such tables and columns, prismiq_model_set() asks
 * besides.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "doc/config.h"
#include "doc/doc.h"
#include "model/known_keys.h"
#include "model/measure.h"
#include "read/read.h"

/* The columns at one end of a relationship; how many, or 0 after a fault. */
static int
read_end(const PrismiqObject *relationship, const char *one, const char *several)
{
	PrismiqElements elements;
	int			errors = list_length(relationship->faults->errors);

	if (!prismiq_object_has(relationship, several))
		return prismiq_object_name(relationship, one, true) != NULL ? 1 : 0;
	prismiq_object_refuse_both(relationship, one, several);
	elements = prismiq_elements_of(relationship, several, PRISMIQ_MAX_ITEMS);
	if (elements.array != NULL &&
		(json_array_size(elements.array) == 0 ||
		 json_array_size(elements.array) > INDEX_MAX_KEYS))
	{
		prismiq_fault_add(relationship->faults, PRISMIQ_INVALID_VALUE, elements.list_path, NULL,
						  "\"%s\" must have from 1 to %d columns", several, INDEX_MAX_KEYS);
		return 0;
	}
	while (prismiq_elements_next(&elements))
		if (prismiq_json_kind(elements.node) != PRISMIQ_JSON_STRING ||
			prismiq_json_string(elements.node)[0] == '\0')
			prismiq_fault_add(relationship->faults, PRISMIQ_INVALID_VALUE, elements.path, NULL,
							  "\"%s\" must hold names of columns as strings", several);
	return list_length(relationship->faults->errors) > errors ? 0 : elements.count;
}

/* Columns of two tables that belong together. */
static void
read_relationship(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject relationship;
	int			from;
	int			to;

	if (!prismiq_object_open(&relationship, node, path, faults, prismiq_relationship_keys))
		return;
	prismiq_object_name(&relationship, "from_table", true);
	from = read_end(&relationship, "from_column", "from_columns");
	prismiq_object_name(&relationship, "to_table", true);
	to = read_end(&relationship, "to_column", "to_columns");
	if (from > 0 && to > 0 && from != to)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "a relationship has as many columns at its one end as at the other");
}

/* A measure under its name, which columns of answers have after it. */
static void
read_measure(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqColumn column = {NULL};
	PrismiqNamedMeasure named = {NULL};
	PrismiqColumnRef ref = {NULL};
	const json_t *format = json_object_get(node, "format");

	if (path->key[0] == '\0' || strlen(path->key) >= NAMEDATALEN)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "the name of a measure must have 1 to %d bytes", NAMEDATALEN - 1);
	named.name = path->key;
	column.named = &named;
	column.ref = &ref;
	prismiq_read_measure(node, path, &column, faults);
	if (prismiq_json_kind(format) == PRISMIQ_JSON_OBJECT)
		prismiq_read_format(format, prismiq_path_key(path, "format", prismiq_measure_keys),
							faults);
}

/* The application's model. */
void
prismiq_read_model(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject model;
	PrismiqElements elements;

	if (!prismiq_object_open(&model, node, path, faults, prismiq_model_keys))
		return;
	prismiq_read_config_keys(&model);
	elements = prismiq_elements_of(&model, "relationships", PRISMIQ_MAX_ITEMS);
	while (prismiq_elements_next(&elements))
		read_relationship(elements.node, elements.path, faults);
	if (prismiq_json_kind(prismiq_object_get(&model, "measures")) != PRISMIQ_JSON_OBJECT ||
		prismiq_read_items(&model, "measures") > 0)
		prismiq_object_each(&model, "measures", read_measure);
}
