/*-------------------------------------------------------------------------
 *
 * json_schema.c
 *	  What the type of a widget asks of its widgets' config: a JSON Schema of a few
 *	  keywords, and documents held to it.
 *
 * A schema with another keyword is refused, so that none is thought to hold
 * which does not.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "base/nearest.h"
#include "doc/config.h"

static const char *const schema_keys[] = {
	"type", "properties", "required", "enum", "items", "minimum", "maximum", "minLength",
	"maxLength", "additionalProperties", "description", "default", NULL
};
static const char *const types[] = {
	"null", "boolean", "integer", "number", "string", "array", "object", NULL
};

static void check_by_schema(const json_t *value, const json_t *defaults, const json_t *schema,
							const PrismiqPath *path, PrismiqFaults *faults);

/* Is the name one of a type? */
static void
read_type(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject none = {.faults = faults};
	int			i;

	if (prismiq_json_kind(node) != PRISMIQ_JSON_STRING)
	{
		prismiq_read_name(node, path, faults);
		return;
	}
	for (i = 0; types[i] != NULL; i++)
		if (strcmp(types[i], prismiq_json_string(node)) == 0)
			return;
	prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path,
					  prismiq_object_suggest(&none, prismiq_json_string(node), "types", types),
					  "\"%s\" is no type of JSON", prismiq_json_string(node));
}

/* See the header. */
void
prismiq_read_json_schema(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject schema;

	check_stack_depth();
	if (prismiq_json_kind(node) == PRISMIQ_JSON_BOOLEAN ||
		!prismiq_object_open(&schema, node, path, faults, schema_keys))
		return;
	if (prismiq_json_kind(prismiq_object_get(&schema, "type")) == PRISMIQ_JSON_ARRAY)
		prismiq_object_list(&schema, "type", read_type);
	else
		prismiq_object_value(&schema, "type", read_type);
	prismiq_object_each(&schema, "properties", prismiq_read_json_schema);
	prismiq_object_list(&schema, "required", prismiq_read_text);
	(void) prismiq_object_array(&schema, "enum");
	prismiq_object_value(&schema, "items", prismiq_read_json_schema);
	(void) prismiq_object_number(&schema, "minimum");
	(void) prismiq_object_number(&schema, "maximum");
	(void) prismiq_object_integer(&schema, "minLength", 0, INT_MAX, 0);
	(void) prismiq_object_integer(&schema, "maxLength", 0, INT_MAX, 0);
	prismiq_object_value(&schema, "additionalProperties", prismiq_read_json_schema);
	(void) prismiq_object_text(&schema, "description", false);
}

/* Is a number one without a fraction? */
static bool
is_whole(const char *digits)
{
	const char *point = strchr(digits, '.');

	return point == NULL || strspn(point + 1, "0") == strlen(point + 1);
}

/* Is the value of that type? */
static bool
is_of_type(const json_t *value, const json_t *type)
{
	const char *name = prismiq_json_kind(type) == PRISMIQ_JSON_STRING ?
		prismiq_json_string(type) : "";

	switch (prismiq_json_kind(value))
	{
		case PRISMIQ_JSON_NULL:
			return strcmp(name, "null") == 0;
		case PRISMIQ_JSON_BOOLEAN:
			return strcmp(name, "boolean") == 0;
		case PRISMIQ_JSON_NUMBER:
			return strcmp(name, "number") == 0 ||
				(strcmp(name, "integer") == 0 && is_whole(prismiq_json_number(value)));
		case PRISMIQ_JSON_STRING:
			return strcmp(name, "string") == 0;
		case PRISMIQ_JSON_ARRAY:
			return strcmp(name, "array") == 0;
		case PRISMIQ_JSON_OBJECT:
			return strcmp(name, "object") == 0;
		default:
			return false;
	}
}

/* Note a value that is of none of the types. */
static void
check_type(const json_t *value, const json_t *type, const PrismiqPath *path,
		   PrismiqFaults *faults)
{
	StringInfoData names;
	bool		several = prismiq_json_kind(type) == PRISMIQ_JSON_ARRAY;
	size_t		count = several ? json_array_size(type) : 1;
	size_t		i;

	if (type == NULL)
		return;
	initStringInfo(&names);
	for (i = 0; i < count; i++)
	{
		const json_t *one = several ? json_array_get(type, i) : type;

		CHECK_FOR_INTERRUPTS();
		if (is_of_type(value, one))
			return;
		if (prismiq_json_kind(one) == PRISMIQ_JSON_STRING)
			appendStringInfo(&names, "%s%s", names.len > 0 ? " or " : "",
							 prismiq_json_string(one));
	}
	prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL, "must be of type %s, not %s",
					  names.data, prismiq_json_kind_name(prismiq_json_kind(value)));
}

/* Are two values the same?  Numbers by what they count: 1 is 1.0. */
static bool
is_same(const json_t *a, const json_t *b)
{
	if (prismiq_json_kind(a) == PRISMIQ_JSON_NUMBER && prismiq_json_kind(b) == PRISMIQ_JSON_NUMBER)
		return prismiq_digits_compare(prismiq_json_number(a), prismiq_json_number(b)) == 0;
	return json_equal(a, b) != 0;
}

/* Note a value that is none of those that there may be. */
static void
check_enum(const json_t *value, const json_t *values, const PrismiqPath *path,
		   PrismiqFaults *faults)
{
	StringInfoData names;
	size_t		i;

	if (prismiq_json_kind(values) != PRISMIQ_JSON_ARRAY)
		return;
	initStringInfo(&names);
	for (i = 0; i < json_array_size(values); i++)
	{
		const json_t *one = json_array_get(values, i);

		CHECK_FOR_INTERRUPTS();
		if (is_same(value, one))
			return;
		if (prismiq_json_kind(one) == PRISMIQ_JSON_STRING)
			appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "", prismiq_json_string(one));
	}
	prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path,
					  names.len > 0 ? psprintf("Valid values are: %s.", names.data) : NULL,
					  "it is none of the values that the type of the widget allows");
}

/* Note a number, or a text, that is out of its bounds. */
static void
check_bounds(const json_t *value, const json_t *schema, const PrismiqPath *path,
			 PrismiqFaults *faults)
{
	PrismiqFaults ignored = {NIL, NIL};
	PrismiqObject bounds;
	const char *least;
	const char *most;
	int64		length;

	if (!prismiq_object_open_some(&bounds, schema, NULL, &ignored, schema_keys))
		return;
	if (prismiq_json_kind(value) == PRISMIQ_JSON_NUMBER)
	{
		least = prismiq_object_number(&bounds, "minimum");
		most = prismiq_object_number(&bounds, "maximum");
		if (least != NULL && prismiq_digits_compare(prismiq_json_number(value), least) < 0)
			prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
							  "must be at least %s", least);
		if (most != NULL && prismiq_digits_compare(prismiq_json_number(value), most) > 0)
			prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
							  "must be at most %s", most);
	}
	if (prismiq_json_kind(value) == PRISMIQ_JSON_STRING)
	{
		length = pg_mbstrlen(prismiq_json_string(value));
		if (length < prismiq_object_integer(&bounds, "minLength", 0, INT_MAX, 0))
			prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL, "is too short");
		if (length > prismiq_object_integer(&bounds, "maxLength", 0, INT_MAX, INT_MAX))
			prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL, "is too long");
	}
}

/* Note members that are missing, and are no defaults either. */
static void
check_required(const json_t *value, const json_t *defaults, const json_t *required,
			   const PrismiqPath *path, PrismiqFaults *faults)
{
	size_t		i;

	for (i = 0; i < json_array_size(required); i++)
	{
		const json_t *name = json_array_get(required, i);

		CHECK_FOR_INTERRUPTS();
		if (prismiq_json_kind(name) == PRISMIQ_JSON_STRING &&
			json_object_get(value, prismiq_json_string(name)) == NULL &&
			json_object_get(defaults, prismiq_json_string(name)) == NULL)
			prismiq_fault_add(faults, PRISMIQ_MISSING_FIELD,
							  prismiq_path_key(path, prismiq_json_string(name), NULL), NULL,
							  "\"%s\" is required", prismiq_json_string(name));
	}
}

/* Offer the keys of an object. */
static void
offer_keys(PrismiqNearest *nearest, const json_t *object)
{
	void	   *iter;

	for (iter = json_object_iter(unconstify(json_t *, object)); iter != NULL;
		 iter = json_object_iter_next(unconstify(json_t *, object), iter))
		prismiq_nearest_offer(nearest, json_object_iter_key(iter));
}

/* Hold each member to its schema, and those that have none to the one for all others. */
static void
check_members(const json_t *value, const json_t *schema, const PrismiqPath *path,
			  PrismiqFaults *faults)
{
	const json_t *properties = json_object_get(schema, "properties");
	const json_t *others = json_object_get(schema, "additionalProperties");
	PrismiqNearest nearest;
	void	   *iter;

	for (iter = json_object_iter(unconstify(json_t *, value)); iter != NULL;
		 iter = json_object_iter_next(unconstify(json_t *, value), iter))
	{
		const char *key = json_object_iter_key(iter);
		const json_t *own = json_object_get(properties, key);
		const PrismiqPath *place = prismiq_path_key(path, pstrdup(key), NULL);

		CHECK_FOR_INTERRUPTS();
		if (own == NULL && json_is_false(others))
		{
			if (prismiq_nearest_init(&nearest, faults, key))
				offer_keys(&nearest, properties);
			prismiq_fault_add(faults, PRISMIQ_UNKNOWN_FIELD, place,
							  prismiq_nearest_result(&nearest), "unknown key \"%s\"", key);
		}
		else if (own != NULL || others != NULL)
			check_by_schema(json_object_iter_value(iter), NULL, own ? own : others, place, faults);
	}
}

/* Hold a value, which may lie over defaults, to a schema. */
static void
check_by_schema(const json_t *value, const json_t *defaults, const json_t *schema,
				const PrismiqPath *path, PrismiqFaults *faults)
{
	const json_t *items;
	size_t		i;

	check_stack_depth();
	if (json_is_false(schema))
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "the type of the widget allows nothing here");
	if (prismiq_json_kind(schema) != PRISMIQ_JSON_OBJECT)
		return;
	check_type(value, json_object_get(schema, "type"), path, faults);
	check_enum(value, json_object_get(schema, "enum"), path, faults);
	check_bounds(value, schema, path, faults);
	if (prismiq_json_kind(value) == PRISMIQ_JSON_OBJECT)
	{
		check_required(value, defaults, json_object_get(schema, "required"), path, faults);
		check_members(value, schema, path, faults);
	}
	items = json_object_get(schema, "items");
	for (i = 0; items != NULL && i < json_array_size(value); i++)
		check_by_schema(json_array_get(value, i), NULL, items,
						prismiq_path_index(path, (int) i), faults);
}

/* Is the key one of a list that ends with null? */
static bool
is_one_of(const char *key, const char *const *keys)
{
	for (; *keys != NULL; keys++)
		if (strcmp(*keys, key) == 0)
			return true;
	return false;
}

/* Note keys that are neither known nor the type's own. */
static void
check_config_keys(const json_t *config, const PrismiqConfigRules *rules, const PrismiqPath *path,
				  PrismiqFaults *faults)
{
	const json_t *properties = json_object_get(rules->schema, "properties");
	PrismiqNearest nearest;
	void	   *iter;
	int			i;

	/* A schema that says so itself lets others in, or names them one by one. */
	if (json_object_get(rules->schema, "additionalProperties") != NULL)
		return;
	for (iter = json_object_iter(unconstify(json_t *, config)); iter != NULL;
		 iter = json_object_iter_next(unconstify(json_t *, config), iter))
	{
		const char *key = json_object_iter_key(iter);

		CHECK_FOR_INTERRUPTS();
		if (is_one_of(key, prismiq_widget_config_keys) ||
			json_object_get(properties, key) != NULL ||
			json_object_get(rules->params, key) != NULL)
			continue;
		if (prismiq_nearest_init(&nearest, faults, key))
		{
			for (i = 0; prismiq_widget_config_keys[i] != NULL; i++)
				prismiq_nearest_offer(&nearest, prismiq_widget_config_keys[i]);
			offer_keys(&nearest, properties);
			offer_keys(&nearest, rules->params);
		}
		prismiq_fault_add(faults, PRISMIQ_UNKNOWN_FIELD,
						  prismiq_path_key(path, pstrdup(key), prismiq_widget_config_keys),
						  prismiq_nearest_result(&nearest), "unknown key \"%s\"", key);
	}
}

/* See the header. */
void
prismiq_check_config_fits(const json_t *config, const PrismiqConfigRules *rules,
						  const PrismiqPath *path, PrismiqFaults *faults)
{
	if (prismiq_json_kind(config) != PRISMIQ_JSON_OBJECT)
		return;					/* noted where it is read */
	check_config_keys(config, rules, path, faults);
	check_by_schema(config, rules->defaults, rules->schema, path, faults);
}
