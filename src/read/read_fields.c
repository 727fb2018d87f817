/*-------------------------------------------------------------------------
 *
 * read_fields.c
 *	  calculated_fields: names, expressions and the types they are cast to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/settings.h"
#include "model/expr.h"
#include "read/read.h"

static const char *const field_keys[] = {"name", "expression", "data_type", NULL};

/* Spellings of data_type, with what front ends call the types. */
static const struct
{
	const char *name;
	PrismiqFieldType type;
}			field_types[] = {
	{"text", PRISMIQ_FIELD_TEXT},
	{"string", PRISMIQ_FIELD_TEXT},
	{"number", PRISMIQ_FIELD_NUMBER},
	{"numeric", PRISMIQ_FIELD_NUMBER},
	{"decimal", PRISMIQ_FIELD_NUMBER},
	{"integer", PRISMIQ_FIELD_INTEGER},
	{"bigint", PRISMIQ_FIELD_INTEGER},
	{"float", PRISMIQ_FIELD_FLOAT},
	{"double", PRISMIQ_FIELD_FLOAT},
	{"boolean", PRISMIQ_FIELD_BOOLEAN},
	{"date", PRISMIQ_FIELD_DATE},
	{"timestamp", PRISMIQ_FIELD_TIMESTAMP},
	{"datetime", PRISMIQ_FIELD_TIMESTAMP},
};

/* data_type, or the expression's own. */
static PrismiqFieldType
read_type(const PrismiqObject *item)
{
	const char *text = prismiq_object_name(item, "data_type", false);
	PrismiqNearest nearest;
	int			i;

	if (text == NULL)
		return PRISMIQ_FIELD_ANY;
	prismiq_nearest_init(&nearest, text);
	for (i = 0; i < lengthof(field_types); i++)
	{
		if (pg_strcasecmp(field_types[i].name, text) == 0)
			return field_types[i].type;
		prismiq_nearest_offer(&nearest, field_types[i].name);
	}
	prismiq_fault_add(item->faults, PRISMIQ_INVALID_VALUE,
					  prismiq_object_path(item, "data_type"),
					  nearest.name != NULL ? prismiq_nearest_result(&nearest) :
					  "Valid types are: text, number, integer, float, boolean, date, timestamp.",
					  "unknown data type \"%s\"", text);
	return PRISMIQ_FIELD_ANY;
}

/* The name, which no other field may have; null after a fault. */
static const char *
read_name(const PrismiqObject *item, const List *fields)
{
	const char *name = prismiq_object_name(item, "name", true);
	const PrismiqPath *path = prismiq_object_path(item, "name");
	ListCell   *lc;

	if (name == NULL)
		return NULL;
	if (strlen(name) >= NAMEDATALEN)
	{
		prismiq_fault_add(item->faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "the name of a calculated field must have 1 to %d bytes",
						  NAMEDATALEN - 1);
		return NULL;
	}
	foreach(lc, fields)
	{
		const PrismiqField *other = (const PrismiqField *) lfirst(lc);

		if (other->name == NULL || strcmp(other->name, name) != 0)
			continue;
		prismiq_fault_add(item->faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "calculated field \"%s\" is there twice", name);
		return NULL;
	}
	return name;
}

/* The query's calculated fields. */
List *
prismiq_read_fields(const PrismiqObject *query)
{
	const json_t *array = prismiq_object_array(query, "calculated_fields");
	const PrismiqPath *path = prismiq_object_path(query, "calculated_fields");
	int			max = prismiq_limit(PRISMIQ_MAX_COLUMNS);
	List	   *fields = NIL;
	size_t		i;

	if (json_array_size(array) > (size_t) max)
	{
		prismiq_fault_add(query->faults, PRISMIQ_TOO_COMPLEX, path, NULL,
						  "\"calculated_fields\" has %zu elements, more than the limit of %d",
						  json_array_size(array), max);
		return NIL;
	}
	for (i = 0; i < json_array_size(array); i++)
	{
		PrismiqField *field = palloc0(sizeof(PrismiqField));
		PrismiqObject item;
		const char *text;

		CHECK_FOR_INTERRUPTS();
		field->path = prismiq_path_index(path, (int) i);
		field->number = (int) i + 1;
		if (!prismiq_object_open(&item, json_array_get(array, i), field->path, query->faults,
								 field_keys))
			continue;
		field->name = read_name(&item, fields);
		field->expression_path = prismiq_object_path(&item, "expression");
		text = prismiq_object_name(&item, "expression", true);
		if (text != NULL)
			field->written = prismiq_read_expr(text, field->expression_path, query->faults);
		field->data_type = read_type(&item);
		fields = lappend(fields, field);
	}
	return fields;
}
