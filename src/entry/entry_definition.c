/*-------------------------------------------------------------------------
 *
 * entry_definition.c
 *	  SQL-callable: the JSON Schema of a definition.
 *
 * The table of shapes (read/shapes.c) as JSON Schema, 2020-12.  Each object of it is
 * one of $defs.  Where a key is not required null says the same as leaving it
 * out, as it does to the reader.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"

#include "base/fault.h"
#include "entry/entry.h"
#include "model/buckets.h"
#include "model/dates.h"
#include "model/words.h"
#include "read/shapes.h"
#include "show/show.h"

PGDLLEXPORT Datum prismiq_definition_schema(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_definition_schema);

/* What there may be in one place, as a list of schemas of which one must fit. */
static void
begin_choices(StringInfo buf)
{
	appendStringInfoString(buf, "\"anyOf\":[");
}

/* Words as a list of JSON strings. */
static void
append_list(StringInfo buf, const char *const *words)
{
	appendStringInfoChar(buf, '[');
	for (; *words != NULL; words++)
	{
		prismiq_write_text(buf, *words);
	}
	appendStringInfoChar(buf, ']');
}

/* Words for a regular expression, in capitals or not: no flag says so in JSON Schema. */
static void
append_any_case(StringInfo buf, const char *const *words)
{
	const char *separator = "";

	for (; *words != NULL; words++, separator = "|")
	{
		const char *c;

		appendStringInfoString(buf, separator);
		for (c = *words; *c != '\0'; c++)
		{
			if (pg_toupper((unsigned char) *c) == pg_tolower((unsigned char) *c))
				appendStringInfoChar(buf, *c);
			else
				appendStringInfo(buf, "[%c%c]", pg_tolower((unsigned char) *c),
								 pg_toupper((unsigned char) *c));
		}
	}
}

/* One of the words, as an element of a list of choices. */
static void
append_words(StringInfo buf, const char *const *words, bool any_case)
{
	prismiq_write_literal(buf, "{\"enum\":");
	append_list(buf, words);
	appendStringInfoChar(buf, '}');
	if (!any_case)
		return;
	appendStringInfoString(buf, ",{\"type\":\"string\",\"pattern\":\"^(");
	append_any_case(buf, words);
	appendStringInfoString(buf, ")$\"}");
}

/* Another object, as an element of a list of choices. */
static void
append_object(StringInfo buf, const char *name)
{
	prismiq_write_literal(buf, psprintf("{\"$ref\":\"#/$defs/%s\"}", name));
}

/* A whole number within bounds; a maximum of 0 is none. */
static void
append_integer(StringInfo buf, int64 min, int64 max)
{
	prismiq_write_literal(buf, psprintf("{\"type\":\"integer\",\"minimum\":" INT64_FORMAT, min));
	if (max != 0)
		appendStringInfo(buf, ",\"maximum\":" INT64_FORMAT, max);
	appendStringInfoChar(buf, '}');
}

/*
 * A width: a unit of ours, or what PostgreSQL may know as an interval, which has
 * a digit.
 */
static void
append_interval(StringInfo buf)
{
	prismiq_write_literal(buf, "{\"type\":\"string\",\"pattern\":\"[0-9]|^(");
	append_any_case(buf, prismiq_unit_names);
	appendStringInfoString(buf, ")[sS]?$\"}");
}

/* A single value of a key, as an element of a list of choices. */
static void
append_single(StringInfo buf, const PrismiqShape *shape)
{
	switch (shape->kind)
	{
		case PRISMIQ_SHAPE_TEXT:
			prismiq_write_literal(buf, "{\"type\":\"string\"}");
			break;
		case PRISMIQ_SHAPE_NAME:
			prismiq_write_literal(buf, "{\"type\":\"string\",\"minLength\":1}");
			break;
		case PRISMIQ_SHAPE_ALIAS:
			prismiq_write_literal(buf, psprintf("{\"type\":\"string\",\"minLength\":1,"
												"\"maxLength\":%d}", NAMEDATALEN - 1));
			break;
		case PRISMIQ_SHAPE_UUID:
			prismiq_write_literal(buf, "{\"type\":\"string\",\"pattern\":"
								   "\"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$\"}");
			break;
		case PRISMIQ_SHAPE_INTERVAL:
			append_interval(buf);
			break;
		case PRISMIQ_SHAPE_BOOLEAN:
			prismiq_write_literal(buf, "{\"type\":\"boolean\"}");
			break;
		case PRISMIQ_SHAPE_INTEGER:
			append_integer(buf, shape->min, shape->max);
			break;
		case PRISMIQ_SHAPE_SCALAR:
			append_object(buf, "scalar");
			break;
		case PRISMIQ_SHAPE_STEP:
			prismiq_write_literal(buf, "{\"type\":\"string\"}");
			append_integer(buf, PG_INT32_MIN, PG_INT32_MAX);
			break;
		case PRISMIQ_SHAPE_OBJECT:
			append_object(buf, shape->object);
			break;
		case PRISMIQ_SHAPE_MAP:
			prismiq_write_literal(buf, psprintf("{\"type\":\"object\",\"additionalProperties\":"
												"{\"$ref\":\"#/$defs/%s\"}}", shape->object));
			break;
		case PRISMIQ_SHAPE_CHOICE:
		case PRISMIQ_SHAPE_ANY:
		case PRISMIQ_SHAPE_NOTHING:
			break;
	}
}

/* What may stand under a key; null only where it says the same as nothing. */
static void
append_shape(StringInfo buf, const PrismiqShape *shape)
{
	bool		single = shape->list == PRISMIQ_SHAPE_SINGLE ||
		shape->list == PRISMIQ_SHAPE_EITHER;

	appendStringInfoString(buf, "{\"description\":");
	escape_json(buf, shape->says);
	if (shape->kind == PRISMIQ_SHAPE_ANY)
	{
		appendStringInfoChar(buf, '}');
		return;
	}
	appendStringInfoChar(buf, ',');
	begin_choices(buf);
	if (single)
		append_single(buf, shape);
	if (shape->list != PRISMIQ_SHAPE_SINGLE)
	{
		prismiq_write_literal(buf, "{\"type\":\"array\",\"items\":{");
		begin_choices(buf);
		append_single(buf, shape);
		appendStringInfoString(buf, "]}");
		if (shape->list == PRISMIQ_SHAPE_NOT_EMPTY)
			appendStringInfoString(buf, ",\"minItems\":1");
		appendStringInfoChar(buf, '}');
	}
	if (shape->words != NULL)
		append_words(buf, shape->words, shape->any_case);
	if (shape->kind == PRISMIQ_SHAPE_CHOICE && shape->object != NULL)
		append_object(buf, shape->object);
	if (shape->boolean)
	{
		prismiq_write_literal(buf, "{\"type\":\"boolean\"}");
	}
	if (shape->param)
		append_object(buf, "param_use");
	if (!shape->required)
	{
		prismiq_write_literal(buf, "{\"type\":\"null\"}");
	}
	appendStringInfoString(buf, "]}");
}

/* Is the key in the list? */
static bool
has_key(const char *const *keys, const char *key)
{
	for (; *keys != NULL; keys++)
		if (strcmp(*keys, key) == 0)
			return true;
	return false;
}

/* What is said of a key of an object. */
static const PrismiqShape *
find_shape(const PrismiqObjectShape *object, const char *key)
{
	const PrismiqShape *shape;

	for (shape = object->members; shape->key != NULL; shape++)
		if (strcmp(shape->key, key) == 0)
			return shape;
	elog(ERROR, "nothing is said of key \"%s\" of object \"%s\"", key, object->name);
}

/*
 * One way to write an object.  What stands under the keys is said once, among the
 * members: said again, it would be looked at twice on each level of a nested query.
 */
static void
append_variant(StringInfo buf, const PrismiqObjectShape *object,
			   const PrismiqShapeVariant *variant)
{
	const char *const *key;

	prismiq_write_literal(buf, "{\"required\":");
	append_list(buf, variant->needs);
	appendStringInfoString(buf, ",\"properties\":{");
	for (key = variant->needs; *key != NULL; key++)
	{
		prismiq_write_text(buf, *key);
		appendStringInfoString(buf, ":{\"not\":{\"type\":\"null\"}}");
	}
	for (key = variant->bars; *key != NULL; key++)
	{
		if (!has_key(object->keys, *key))
			continue;
		prismiq_write_text(buf, *key);
		appendStringInfoString(buf, ":{\"type\":\"null\"}");
	}
	appendStringInfoString(buf, "}}");
}

/* The ways to write an object, where there are several. */
static void
append_variants(StringInfo buf, const PrismiqObjectShape *object)
{
	const PrismiqShapeVariant *variant;

	if (object->variants == NULL)
		return;
	prismiq_write_open(buf, '{');
	begin_choices(buf);
	for (variant = object->variants; variant->bars != NULL; variant++)
		append_variant(buf, object, variant);
	appendStringInfoString(buf, "]}");
}

/* The value of a condition whose operator takes this. */
static void
append_taken(StringInfo buf, PrismiqOperatorTakes takes)
{
	int			i;

	switch (takes)
	{
		case PRISMIQ_TAKES_VALUE:
			append_object(buf, "scalar");
			append_object(buf, "param_use");
			break;
		case PRISMIQ_TAKES_LIST:
			append_object(buf, "values");
			append_object(buf, "param_use");
			break;
		case PRISMIQ_TAKES_PAIR:
			append_object(buf, "pair");
			append_object(buf, "param_use");
			break;
		case PRISMIQ_TAKES_NOTHING:
			appendStringInfoString(buf, "{\"type\":\"null\"}");
			break;
		case PRISMIQ_TAKES_DAYS:
			append_integer(buf, -1000000, 1000000);
			append_object(buf, "param_use");
			break;
		case PRISMIQ_TAKES_WINDOW:
			append_object(buf, "date_window");
			break;
		case PRISMIQ_TAKES_PRESET:
			append_words(buf, prismiq_preset_names, false);
			appendStringInfoString(buf, ",{\"type\":\"string\",\"pattern\":\"^last_[0-9]+_(");
			for (i = 0; prismiq_preset_units[i] != NULL; i++)
				appendStringInfo(buf, "%s%s", i > 0 ? "|" : "", prismiq_preset_units[i]);
			appendStringInfoString(buf, ")$\"}");
			append_object(buf, "param_use");
			break;
		case PRISMIQ_TAKES_QUERY:
			append_object(buf, "query_value");
			break;
	}
}

/* What stands in "value", by the operator; nothing but of a condition. */
static void
append_operators(StringInfo buf, const PrismiqObjectShape *object)
{
	int			takes;
	int			i;

	if (object->group == NULL)
		return;
	prismiq_write_open(buf, '{');
	begin_choices(buf);
	for (takes = PRISMIQ_TAKES_VALUE; takes <= PRISMIQ_TAKES_QUERY; takes++)
	{
		prismiq_write_literal(buf, "{\"properties\":{\"operator\":{\"enum\":[");
		for (i = 0; prismiq_operator_names[i] != NULL; i++)
		{
			if (prismiq_operator_takes((PrismiqOperator) i) != takes)
				continue;
			prismiq_write_text(buf, prismiq_operator_names[i]);
			if (i == PRISMIQ_OP_IN)
				appendStringInfoString(buf, ",\"in_\"");
		}
		appendStringInfoString(buf, "]},\"value\":{");
		begin_choices(buf);
		append_taken(buf, (PrismiqOperatorTakes) takes);
		appendStringInfo(buf, "]}},\"required\":[\"operator\"%s]}",
						 takes == PRISMIQ_TAKES_NOTHING ? "" : ",\"value\"");
	}
	appendStringInfoString(buf, "]}");
}

/* The keys of an object. */
static void
append_members(StringInfo buf, const PrismiqObjectShape *object)
{
	const char *const *key;
	int			count = 0;

	appendStringInfoString(buf, "\"properties\":{");
	for (key = object->keys; *key != NULL; key++, count++)
	{
		const PrismiqShape *shape = find_shape(object, *key);

		prismiq_write_key(buf, *key);
		append_shape(buf, shape);
	}
	if (object->members[count].key != NULL)
		elog(ERROR, "object \"%s\" has no key \"%s\"", object->name, object->members[count].key);
	appendStringInfoString(buf, "},\"required\":[");
	for (key = object->keys; *key != NULL; key++)
	{
		if (!find_shape(object, *key)->required)
			continue;
		prismiq_write_text(buf, *key);
	}
	appendStringInfoChar(buf, ']');
}

/* An object, as one of $defs. */
static void
append_definition(StringInfo buf, const PrismiqObjectShape *object)
{
	prismiq_write_text(buf, object->name);
	appendStringInfoString(buf, ":{\"description\":");
	escape_json(buf, object->says);
	appendStringInfoString(buf, ",\"type\":\"object\",");
	append_members(buf, object);
	appendStringInfoString(buf, ",\"additionalProperties\":false");
	if (object->variants != NULL || object->group != NULL)
	{
		appendStringInfoString(buf, ",\"allOf\":[");
		append_variants(buf, object);
		append_operators(buf, object);
		appendStringInfoChar(buf, ']');
	}
	appendStringInfoChar(buf, '}');
}

/* Groups of conditions: all of them, one of them, or not this one. */
static void
append_group(StringInfo buf, const PrismiqObjectShape *test)
{
	const char *const *key;

	appendStringInfo(buf, ",\"%s\":{\"description\":", test->group);
	escape_json(buf, test->says);
	appendStringInfoChar(buf, ',');
	begin_choices(buf);
	append_object(buf, test->name);
	for (key = prismiq_group_keys; *key != NULL; key++)
	{
		appendStringInfo(buf, ",{\"type\":\"object\",\"required\":[\"%s\"],"
						 "\"additionalProperties\":false,\"properties\":{\"%s\":", *key, *key);
		if (strcmp(*key, "not") == 0)
			appendStringInfo(buf, "{\"$ref\":\"#/$defs/%s\"}", test->group);
		else
			appendStringInfo(buf, "{\"type\":\"array\",\"minItems\":1,"
							 "\"items\":{\"$ref\":\"#/$defs/%s\"}}", test->group);
		appendStringInfoString(buf, "}}");
	}
	appendStringInfoString(buf, "]}");
}

/* A list of single values, as one of $defs. */
static void
append_values(StringInfo buf, const char *name, const char *says, const char *size)
{
	appendStringInfo(buf, ",\"%s\":{\"description\":\"%s\",\"type\":\"array\","
					 "\"items\":{\"anyOf\":[{\"$ref\":\"#/$defs/scalar\"},"
					 "{\"$ref\":\"#/$defs/param_use\"}]}%s}", name, says, size);
}

/* prismiq_definition_schema(): JSON Schema of a definition. */
Datum
prismiq_definition_schema(PG_FUNCTION_ARGS)
{
	const PrismiqObjectShape *object;
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
						   "\"title\":\"Prismiq query definition\","
						   "\"$ref\":\"#/$defs/query\",\"$defs\":{");
	for (object = prismiq_definition_shapes; object->name != NULL; object++)
	{
		append_definition(&buf, object);
		if (object->group != NULL)
			append_group(&buf, object);
	}
	appendStringInfoString(&buf, ",\"scalar\":{\"description\":\"A single value.\","
						   "\"type\":[\"string\",\"number\",\"boolean\",\"null\"]}");
	append_values(&buf, "values", "A list of values.", "");
	append_values(&buf, "pair", "The lowest value and the highest.",
				  ",\"minItems\":2,\"maxItems\":2");
	appendStringInfoString(&buf, "}}");
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(buf.data));
}
