/*-------------------------------------------------------------------------
 *
 * read_fields.c
 *	  calculated_fields: names, expressions and the types they are cast to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "base/names.h"
#include "base/nearest.h"
#include "base/settings.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/query.h"
#include "read/read.h"
#include "read/shapes.h"

const char *const prismiq_field_keys[] = {"name", "expression", "data_type", NULL};

/* Spellings of data_type, with what front ends call the types. */
const char *const prismiq_data_type_names[] = {
	"text", "string", "number", "numeric", "decimal", "integer", "bigint", "float", "double",
	"boolean", "date", "timestamp", "datetime", NULL
};

/* What each of them is. */
static const PrismiqFieldType field_types[] = {
	PRISMIQ_FIELD_TEXT, PRISMIQ_FIELD_TEXT, PRISMIQ_FIELD_NUMBER, PRISMIQ_FIELD_NUMBER,
	PRISMIQ_FIELD_NUMBER, PRISMIQ_FIELD_INTEGER, PRISMIQ_FIELD_INTEGER, PRISMIQ_FIELD_FLOAT,
	PRISMIQ_FIELD_FLOAT, PRISMIQ_FIELD_BOOLEAN, PRISMIQ_FIELD_DATE, PRISMIQ_FIELD_TIMESTAMP,
	PRISMIQ_FIELD_TIMESTAMP
};

StaticAssertDecl(lengthof(field_types) == lengthof(prismiq_data_type_names) - 1,
				 "each name of a type is of one type");

/* data_type, or the expression's own. */
static PrismiqFieldType
read_type(const PrismiqObject *item)
{
	const char *text = prismiq_object_name(item, "data_type", false);
	PrismiqNearest nearest;
	int			i;

	if (text == NULL)
		return PRISMIQ_FIELD_ANY;
	for (i = 0; i < lengthof(field_types); i++)
		if (pg_strcasecmp(prismiq_data_type_names[i], text) == 0)
			return field_types[i];
	(void) prismiq_nearest_init(&nearest, item->faults, text);
	for (i = 0; i < lengthof(field_types); i++)
		prismiq_nearest_offer(&nearest, prismiq_data_type_names[i]);
	prismiq_fault_add(item->faults, PRISMIQ_INVALID_VALUE,
					  prismiq_object_path(item, "data_type"),
					  nearest.name != NULL ? prismiq_nearest_result(&nearest) :
					  "Valid types are: text, number, integer, float, boolean, date, timestamp.",
					  "unknown data type \"%s\"", text);
	return PRISMIQ_FIELD_ANY;
}

/* The name, which no other field may have; null after a fault. */
static const char *
read_name(const PrismiqObject *item, PrismiqField *field, PrismiqNames *names)
{
	const char *name = prismiq_object_name(item, "name", true);
	const PrismiqPath *path = prismiq_object_path(item, "name");
	PrismiqName *entry;
	bool		taken;

	if (name == NULL)
		return NULL;
	if (strlen(name) >= NAMEDATALEN)
	{
		prismiq_fault_add(item->faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "the name of a calculated field must have 1 to %d bytes",
						  NAMEDATALEN - 1);
		return NULL;
	}
	entry = prismiq_names_add(names, name, &taken);
	if (taken)
	{
		prismiq_fault_add(item->faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "calculated field \"%s\" is there twice", name);
		return NULL;
	}
	entry->value = field;
	return name;
}

/* The query's calculated fields. */
void
prismiq_read_fields(PrismiqQuery *query, const PrismiqObject *object)
{
	PrismiqElements elements = prismiq_elements_of(object, "calculated_fields",
												   PRISMIQ_MAX_COLUMNS);

	while (prismiq_elements_next(&elements))
	{
		PrismiqField *field = palloc0(sizeof(PrismiqField));
		PrismiqObject item;
		const char *text;

		field->path = elements.path;
		field->number = elements.index + 1;
		if (!prismiq_object_open(&item, elements.node, field->path, object->faults,
								 prismiq_field_keys))
			continue;
		field->name = read_name(&item, field, &query->field_names);
		field->expression_path = prismiq_object_path(&item, "expression");
		text = prismiq_object_name(&item, "expression", true);
		if (text != NULL)
			field->written = prismiq_read_expr(text, field->expression_path, object->faults);
		field->data_type = read_type(&item);
		query->fields = lappend(query->fields, field);
	}
}
