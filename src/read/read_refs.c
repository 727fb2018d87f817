/*-------------------------------------------------------------------------
 *
 * read_refs.c
 *	  References to columns and measures, and what answers are sorted by.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/json.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "base/settings.h"
#include "model/answer.h"
#include "model/inside.h"
#include "model/known_keys.h"
#include "model/measure.h"
#include "model/table.h"
#include "model/words.h"
#include "read/read.h"
#include "read/shapes.h"

/* Orders of the answer are by its own columns. */
const char *const prismiq_sort_keys[] = {"alias", "direction", "nulls", NULL};

/* Where the nulls of an order stand, by whether they come last. */
const char *const prismiq_nulls_place_names[] = {[false] = "first", [true] = "last", NULL};

/* Which way an order goes, by whether it descends. */
const char *const prismiq_direction_names[] = {[false] = "ASC", [true] = "DESC", NULL};

/*
 * Refuse the keys of the contract that this version does not speak; true when
 * there was one.  An empty list or object asks for nothing and is let through.
 */
bool
prismiq_read_unsupported(const PrismiqObject *object, const char *const *keys)
{
	bool		found = false;

	for (; *keys != NULL; keys++)
	{
		const json_t *node = prismiq_object_get(object, *keys);

		if (!prismiq_object_has(object, *keys) ||
			(json_is_array(node) && json_array_size(node) == 0) ||
			(json_is_object(node) && json_object_size(node) == 0) ||
			json_is_false(node))
			continue;
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, *keys), NULL,
						  "\"%s\" is not supported yet", *keys);
		found = true;
	}
	return found;
}

/* One step of a path, onto its JSON: a key of an object, or a place in an array. */
static void
append_step(const PrismiqElements *elements, PrismiqFaults *faults, StringInfo where)
{
	int64		place;

	if (prismiq_json_kind(elements->node) == PRISMIQ_JSON_STRING)
		escape_json(where, prismiq_json_string(elements->node));
	else if (prismiq_json_kind(elements->node) == PRISMIQ_JSON_NUMBER &&
			 prismiq_json_number_to_int(elements->node, &place) &&
			 place >= PG_INT32_MIN && place <= PG_INT32_MAX)
		appendStringInfo(where, "%d", (int) place);
	else
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, elements->path, NULL,
						  "a path is of keys (strings) and places in arrays (whole numbers)");
}

/* The steps of a path as JSON; null after a fault. */
static const char *
read_where(const PrismiqObject *object)
{
	PrismiqElements elements = prismiq_elements_of(object, "path", PRISMIQ_MAX_NESTING);
	int			errors = list_length(object->faults->errors);
	StringInfoData where;

	initStringInfo(&where);
	appendStringInfoChar(&where, '[');
	while (prismiq_elements_next(&elements))
	{
		if (elements.index > 0)
			appendStringInfoChar(&where, ',');
		append_step(&elements, object->faults, &where);
	}
	appendStringInfoChar(&where, ']');
	if (elements.array != NULL && json_array_size(elements.array) == 0)
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE, elements.list_path,
						  "Leave it out.", "a path has at least one key");
	return elements.count > 0 && list_length(object->faults->errors) == errors ? where.data : NULL;
}

/* Where inside of its column a value stands; null: it is the column that is meant. */
const PrismiqInside *
prismiq_read_inside(const PrismiqObject *object)
{
	bool		has_path = prismiq_object_has(object, "path");
	bool		has_type = prismiq_object_has(object, "type");
	PrismiqInside *inside;
	int			type;

	if (!has_path && !has_type)
		return NULL;
	inside = palloc0(sizeof(PrismiqInside));
	inside->path = prismiq_object_path(object, "path");
	if (!has_path)
		prismiq_fault_add(object->faults, PRISMIQ_MISSING_FIELD, inside->path,
						  "Leave \"type\" out where the column itself is meant.",
						  "\"path\" is required beside \"type\"");
	else
		inside->where = read_where(object);
	if (!has_type)
		prismiq_fault_add(object->faults, PRISMIQ_MISSING_FIELD,
						  prismiq_object_path(object, "type"), PRISMIQ_INSIDE_HINT,
						  "\"type\" is required beside \"path\"");
	type = prismiq_object_choice(object, "type", prismiq_inside_names, false, -1);
	if (type < 0)
		inside->where = NULL;
	else
		inside->type = (PrismiqInsideType) type;
	return inside;
}

/* Something that has no columns of its own is given no path either. */
void
prismiq_read_no_inside(const PrismiqObject *object, const char *what)
{
	static const char *const members[] = {"path", "type"};
	int			i;

	for (i = 0; i < lengthof(members); i++)
		if (prismiq_object_has(object, members[i]))
			prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
							  prismiq_object_path(object, members[i]), "Leave it out.",
							  "%s has no \"%s\"", what, members[i]);
}

/*
 * A table's id and a column under these keys.  Without a table id it can only
 * be a calculated field, which is for expr/ to see.
 */
PrismiqColumnRef *
prismiq_read_ref(const PrismiqObject *object, const char *column_key)
{
	PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));

	ref->path = object->path;
	ref->table_path = prismiq_object_path(object, "table_id");
	ref->table_id = prismiq_object_name(object, "table_id", false);
	ref->without_table = !prismiq_object_has(object, "table_id");
	ref->column = prismiq_object_name(object, column_key, true);
	ref->column_path = prismiq_object_path(object, column_key);
	ref->inside = prismiq_read_inside(object);
	ref->plain = ref->inside != NULL;
	return ref;
}

/* {table_id, column} of any object that names a column. */
PrismiqColumnRef *
prismiq_read_column_ref(const PrismiqObject *object)
{
	return prismiq_read_ref(object, "column");
}

/* The zone in which a column's local times are read. */
void
prismiq_read_source_timezone(PrismiqReader *reader, const PrismiqObject *object,
							 PrismiqColumnRef *ref)
{
	ref->source_timezone = prismiq_read_word(reader, object, "source_timezone", false);
	ref->source_timezone_path = prismiq_object_path(object, "source_timezone");
}

/* Keys of columns and conditions that say what a measure says itself. */
const char *const prismiq_measure_own_keys[] = {
	"column", "path", "type", "aggregation", "date_trunc", "source_timezone", "distinct", "unnest",
	"filters", "args", NULL
};

/*
 * A column or condition that names a measure.  Until the model has been asked it
 * counts as a measure of which nothing is known.
 */
PrismiqColumn *
prismiq_read_named(const PrismiqObject *object)
{
	PrismiqColumn *column = palloc0(sizeof(PrismiqColumn));
	PrismiqNamedMeasure *named = palloc0(sizeof(PrismiqNamedMeasure));
	int			i;

	for (i = 0; prismiq_measure_own_keys[i] != NULL; i++)
		if (prismiq_object_has(object, prismiq_measure_own_keys[i]))
			prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
							  prismiq_object_path(object, prismiq_measure_own_keys[i]),
							  "Leave it out.", "a measure says itself what its \"%s\" is",
							  prismiq_measure_own_keys[i]);
	named->name = prismiq_object_name(object, "measure", true);
	named->path = prismiq_path_sealed(object->path, "measure", object->keys, named->name);
	named->table_id = prismiq_object_name(object, "table_id", false);
	named->table_path = prismiq_object_path(object, "table_id");
	column->named = named;
	column->path = object->path;
	column->ref = palloc0(sizeof(PrismiqColumnRef));
	column->ref->path = column->ref->table_path = column->ref->column_path = named->path;
	column->aggregation = PRISMIQ_AGG_SUM;
	column->aggregation_path = column->date_trunc_path = column->distinct_path = named->path;
	column->unread = true;
	if (object->keys != prismiq_column_keys)
		return column;
	column->alias = prismiq_read_alias(object, false);
	if (column->alias == NULL)
		column->alias = named->name;
	column->hints.date_format = prismiq_object_text(object, "date_format", false);
	column->hints.format = prismiq_object_text(object, "format", false);
	column->hints.display_name = prismiq_object_text(object, "display_name", false);
	return column;
}

/* The direction of an order, and where its nulls go. */
void
prismiq_read_direction(PrismiqOrder *order, const PrismiqObject *item)
{
	int			last;

	order->descending = prismiq_object_choice(item, "direction", prismiq_direction_names, true,
											  false);
	last = prismiq_object_choice(item, "nulls", prismiq_nulls_place_names, true, -1);
	if (last >= 0)
		order->nulls = last ? 1 : -1;
}

/* Orders by output columns alone: the caller's own, and those of windows. */
List *
prismiq_read_sort(const PrismiqObject *object, const char *key, PrismiqLimit limit)
{
	PrismiqElements elements = prismiq_elements_of(object, key, limit);
	List	   *result = NIL;

	while (prismiq_elements_next(&elements))
	{
		PrismiqObject item;
		PrismiqOrder *order = palloc0(sizeof(PrismiqOrder));

		order->path = elements.path;
		if (!prismiq_object_open(&item, elements.node, order->path,
								 object->faults, prismiq_sort_keys))
			continue;
		order->alias = prismiq_object_name(&item, "alias", true);
		order->alias_path = prismiq_object_path(&item, "alias");
		prismiq_read_direction(order, &item);
		if (order->alias != NULL)
			result = lappend(result, order);
	}
	return result;
}

/* The alias that is given to an output column; null when there is none, or after a fault. */
const char *
prismiq_read_alias(const PrismiqObject *object, bool required)
{
	const char *alias = prismiq_object_text(object, "alias", required);

	if (alias == NULL || (alias[0] != '\0' && strlen(alias) < NAMEDATALEN))
		return alias;
	prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE, prismiq_object_path(object, "alias"),
					  NULL, "an alias must have 1 to %d bytes", NAMEDATALEN - 1);
	return NULL;
}
