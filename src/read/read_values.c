/*-------------------------------------------------------------------------
 *
 * read_values.c
 *	  Values of a definition: scalars and lists, written out or by the name of
 *	  a parameter.
 *
 * Wherever a value may stand, {"param": name} may: it is replaced by the
 * parameter's value, which was checked against the declared type, and from
 * there on is the same as if it had been written in its place.  Without
 * options (a definition that is only looked at) a parameter may have no value
 * yet; what depends on it is passed over.
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
#include "model/dates.h"
#include "model/literal.h"
#include "model/options.h"
#include "read/read.h"
#include "read/shapes.h"

const char *const prismiq_param_keys[] = {"type", "default", "required", NULL};
const char *const prismiq_param_use_keys[] = {"param", "optional", NULL};

typedef enum ParamType
{
	PARAM_TEXT,
	PARAM_NUMBER,
	PARAM_INTEGER,
	PARAM_BOOLEAN,
	PARAM_DATE,
	PARAM_TIMESTAMP,
	PARAM_UUID
} ParamType;

/* Each type, and behind it the lists of them in the same order. */
#define PARAM_TYPES (PARAM_UUID + 1)
const char *const prismiq_param_types[] = {
	[PARAM_TEXT] = "text",
	[PARAM_NUMBER] = "number",
	[PARAM_INTEGER] = "integer",
	[PARAM_BOOLEAN] = "boolean",
	[PARAM_DATE] = "date",
	[PARAM_TIMESTAMP] = "timestamp",
	[PARAM_UUID] = "uuid",
	[PARAM_TYPES + PARAM_TEXT] = "text[]",
	[PARAM_TYPES + PARAM_NUMBER] = "number[]",
	[PARAM_TYPES + PARAM_INTEGER] = "integer[]",
	[PARAM_TYPES + PARAM_BOOLEAN] = "boolean[]",
	[PARAM_TYPES + PARAM_DATE] = "date[]",
	[PARAM_TYPES + PARAM_TIMESTAMP] = "timestamp[]",
	[PARAM_TYPES + PARAM_UUID] = "uuid[]",
	NULL
};

/* A declared parameter with its value. */
typedef struct ReadParam
{
	const char *name;
	bool		known;			/* has a value, if only null */
	bool		given;			/* somebody said it: the caller, or the definition by default */
	bool		bad;			/* it was declared or given wrongly; that has been noted */
	bool		is_list;
	List	   *values;			/* PrismiqLiteral; of a scalar: one */
} ReadParam;

/* A JSON scalar as a literal, whatever it looks like; null for lists and objects. */
PrismiqLiteral *
prismiq_read_plain(const json_t *node, const PrismiqPath *path)
{
	PrismiqLiteral *literal = palloc0(sizeof(PrismiqLiteral));

	literal->path = path;
	switch (prismiq_json_kind(node))
	{
		case PRISMIQ_JSON_NULL:
			literal->kind = PRISMIQ_LITERAL_NULL;
			return literal;
		case PRISMIQ_JSON_BOOLEAN:
			literal->kind = PRISMIQ_LITERAL_BOOLEAN;
			literal->text = json_is_true(node) ? "true" : "false";
			return literal;
		case PRISMIQ_JSON_NUMBER:
			literal->kind = PRISMIQ_LITERAL_NUMBER;
			literal->text = prismiq_json_number(node);
			return literal;
		case PRISMIQ_JSON_STRING:
			literal->kind = PRISMIQ_LITERAL_STRING;
			literal->text = prismiq_json_string(node);
			return literal;
		default:
			return NULL;
	}
}

/* A JSON value as it was given, a scalar or a list of them; kept beside the options. */
PrismiqGivenParam *
prismiq_read_given_param(const char *name, const json_t *node)
{
	PrismiqGivenParam *given = palloc0(sizeof(PrismiqGivenParam));
	size_t		i;

	CHECK_FOR_INTERRUPTS();
	given->name = name;
	given->is_list = prismiq_json_kind(node) == PRISMIQ_JSON_ARRAY;
	if (!given->is_list)
	{
		PrismiqLiteral *literal = prismiq_read_plain(node, NULL);

		given->is_object = literal == NULL;
		given->values = literal != NULL ? list_make1(literal) : NIL;
		return given;
	}
	for (i = 0; i < json_array_size(node); i++)
	{
		PrismiqLiteral *literal = prismiq_read_plain(json_array_get(node, i), NULL);

		CHECK_FOR_INTERRUPTS();
		if (literal == NULL)
			given->is_object = true;
		else
			given->values = lappend(given->values, literal);
	}
	return given;
}

/* Is the literal a whole number?  A fraction of zeros is none. */
static bool
is_whole(const PrismiqLiteral *literal)
{
	const char *digits = literal->text + (literal->text[0] == '-' ? 1 : 0);
	size_t		count = strspn(digits, "0123456789");

	if (literal->kind != PRISMIQ_LITERAL_NUMBER || count == 0)
		return false;
	digits += count;
	return *digits == '\0' || (*digits == '.' && digits[1 + strspn(digits + 1, "0")] == '\0');
}

/* Is the literal a value of the type?  Null is one of each. */
static bool
literal_fits(const PrismiqLiteral *literal, ParamType type)
{
	PrismiqParsedTime parsed;

	if (literal->kind == PRISMIQ_LITERAL_NULL)
		return true;
	switch (type)
	{
		case PARAM_NUMBER:
			return literal->kind == PRISMIQ_LITERAL_NUMBER;
		case PARAM_INTEGER:
			return is_whole(literal);
		case PARAM_BOOLEAN:
			return literal->kind == PRISMIQ_LITERAL_BOOLEAN;
		default:
			break;
	}
	if (literal->kind != PRISMIQ_LITERAL_STRING)
		return false;
	switch (type)
	{
		case PARAM_DATE:
			return prismiq_time_parse(literal->text, &parsed) && parsed.date_only;
		case PARAM_TIMESTAMP:
			return prismiq_time_parse(literal->text, &parsed);
		case PARAM_UUID:
			return prismiq_is_uuid(literal->text);
		default:
			return true;
	}
}

/* Take a value for a parameter, given or by default; a fault when it does not fit. */
static void
take_value(PrismiqReader *reader, ReadParam *param, const PrismiqGivenParam *given, int type,
		   const PrismiqPath *path)
{
	bool		fits = !given->is_object &&
		(given->is_list == param->is_list || (!given->is_list &&
											  ((PrismiqLiteral *) linitial(given->values))->kind ==
											  PRISMIQ_LITERAL_NULL));
	ListCell   *lc;

	param->known = true;
	if (!prismiq_values_fit(reader->faults, path, list_length(given->values)))
	{
		param->bad = true;
		return;
	}
	foreach(lc, given->values)
		if (!literal_fits((const PrismiqLiteral *) lfirst(lc), type % PARAM_TYPES))
			fits = false;
	if (!fits)
	{
		prismiq_fault_add(reader->faults, PRISMIQ_TYPE_MISMATCH, path, NULL,
						  "the value of parameter \"%s\" is not of type %s", param->name,
						  prismiq_param_types[type]);
		param->bad = true;
	}
	else if (given->is_list == param->is_list)
		param->values = given->values;
}

/* Is the value a null alone? */
static bool
is_null(const PrismiqGivenParam *given)
{
	return !given->is_list && given->values != NIL &&
		((const PrismiqLiteral *) linitial(given->values))->kind == PRISMIQ_LITERAL_NULL;
}

/* One declaration, with the value given for it. */
static void
read_param(PrismiqReader *reader, const char *name, const json_t *node,
		   const PrismiqPath *path, const PrismiqGivenParam *given)
{
	ReadParam  *param = palloc0(sizeof(ReadParam));
	PrismiqObject object;
	int			type = -1;
	bool		required;
	bool		found;

	param->name = name;
	reader->params = lappend(reader->params, param);
	prismiq_names_add(&reader->param_names, name, &found)->value = param;
	if (prismiq_object_open(&object, node, path, reader->faults, prismiq_param_keys) &&
		prismiq_object_name(&object, "type", true) != NULL)
		type = prismiq_object_choice(&object, "type", prismiq_param_types, false, -1);
	if (type < 0)
	{
		param->bad = true;
		return;
	}
	required = prismiq_object_boolean(&object, "required", false);
	param->is_list = type >= PARAM_TYPES;
	param->given = prismiq_object_has(&object, "default");
	if (prismiq_object_get(&object, "default") != NULL)
		take_value(reader, param,
				   prismiq_read_given_param(name, prismiq_object_get(&object, "default")), type,
				   prismiq_object_path(&object, "default"));
	if (given != NULL && !(required && is_null(given)))
	{
		param->values = NIL;
		param->given = true;
		take_value(reader, param, given, type, path);
	}
	if (param->known)
		return;
	param->known = !required && reader->has_options;
	if (!required)
		return;
	if (reader->has_options)
		prismiq_fault_add(reader->faults, PRISMIQ_MISSING_PARAM, path,
						  "Give it in the option \"params\".",
						  "parameter \"%s\" needs a value", name);
	else
		prismiq_fault_warn(reader->faults, PRISMIQ_MISSING_PARAM, path,
						   "Give it in the option \"params\".",
						   "parameter \"%s\" needs a value", name);
}

/* Offer the names of the parameters that a definition sees. */
static void
offer_params(const PrismiqReader *reader, PrismiqNearest *nearest)
{
	ListCell   *lc;

	for (; reader != NULL; reader = reader->outer)
		foreach(lc, reader->params)
			prismiq_nearest_offer(nearest, ((const ReadParam *) lfirst(lc))->name);
}

/* Values for parameters that are not declared. */
static void
refuse_undeclared(PrismiqReader *reader, const PrismiqQueryOptions *options,
				  const PrismiqPath *path)
{
	ListCell   *lc;

	foreach(lc, options->params)
	{
		const PrismiqGivenParam *given = (const PrismiqGivenParam *) lfirst(lc);
		PrismiqNearest nearest;

		if (prismiq_names_find(&reader->param_names, given->name) != NULL)
			continue;
		if (prismiq_nearest_init(&nearest, reader->faults, given->name))
			offer_params(reader, &nearest);
		prismiq_fault_add(reader->faults, PRISMIQ_UNKNOWN_FIELD,
						  prismiq_path_member(path, given->name, list_length(reader->params)),
						  prismiq_nearest_result(&nearest),
						  "the definition has no parameter \"%s\"", given->name);
	}
}

/* The value given for a parameter, or null. */
static const PrismiqGivenParam *
find_given(const PrismiqQueryOptions *options, const char *name)
{
	const PrismiqName *known = options == NULL ? NULL :
		prismiq_names_find(&options->param_names, name);

	return known != NULL ? (const PrismiqGivenParam *) known->value : NULL;
}

/* The declared parameter of that name, of the definition or one around it; or null. */
static const ReadParam *
lookup_param(const PrismiqReader *reader, const char *name)
{
	const PrismiqName *known = NULL;

	for (; known == NULL && reader != NULL; reader = reader->outer)
		known = prismiq_names_find(&reader->param_names, name);
	return known != NULL ? (const ReadParam *) known->value : NULL;
}

/*
 * The definition's parameters, each with its value.  "options" is null where a
 * definition is only looked at.
 */
void
prismiq_read_params(PrismiqReader *reader, const PrismiqObject *query,
					const PrismiqQueryOptions *options)
{
	const json_t *node = prismiq_object_get(query, "params");
	const PrismiqPath *path = prismiq_object_path(query, "params");
	void	   *iter;
	int			i = 0;

	reader->has_options = options != NULL && !options->only_looked_at;
	if (prismiq_json_kind(node) == PRISMIQ_JSON_OBJECT)
	{
		if (prismiq_read_items(query, "params") == 0)
			return;
		for (iter = json_object_iter(unconstify(json_t *, node)); iter != NULL;
			 iter = json_object_iter_next(unconstify(json_t *, node), iter))
		{
			const char *name = json_object_iter_key(iter);

			CHECK_FOR_INTERRUPTS();
			read_param(reader, name, json_object_iter_value(iter),
					   prismiq_path_member(path, name, i++), find_given(options, name));
		}
	}
	else if (prismiq_json_kind(node) > PRISMIQ_JSON_NULL)
		prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "\"params\" must be an object, not %s",
						  prismiq_json_kind_name(prismiq_json_kind(node)));
	if (options != NULL && !options->params_are_shared && reader->depth == 1)
		refuse_undeclared(reader, options, path);
}

/*
 * The parameter that {"param": name} names; null (mostly after a fault) when none, or
 * when it is optional and was not given, which the reader notes for the condition whose
 * value it is.  Elsewhere nothing is optional.
 */
static const ReadParam *
find_param(PrismiqReader *reader, const json_t *node, const PrismiqPath *path)
{
	PrismiqObject object;
	PrismiqNearest nearest;
	const ReadParam *param;
	const char *name;
	bool		optional;

	if (!prismiq_object_open(&object, node, path, reader->faults, prismiq_param_use_keys))
		return NULL;
	name = prismiq_object_name(&object, "param", true);
	optional = prismiq_object_boolean(&object, "optional", false);
	if (name == NULL)
		return NULL;
	param = lookup_param(reader, name);
	if (param != NULL && (param->bad || !param->known))
		return NULL;
	if (param != NULL && optional && reader->in_condition && !param->given)
	{
		reader->leaves_out = true;
		return NULL;
	}
	if (param != NULL)
		return param;
	if (prismiq_nearest_init(&nearest, reader->faults, name))
		offer_params(reader, &nearest);
	prismiq_fault_add(reader->faults, PRISMIQ_MISSING_PARAM,
					  prismiq_object_path(&object, "param"), nearest.name != NULL ?
					  prismiq_nearest_result(&nearest) : "Declare it in \"params\".",
					  "there is no parameter \"%s\"", name);
	return NULL;
}

/* A parameter's value at the place where it is used. */
static PrismiqLiteral *
use_literal(const PrismiqLiteral *value, const PrismiqPath *path)
{
	PrismiqLiteral *literal = palloc0(sizeof(PrismiqLiteral));

	if (value != NULL)
		*literal = *value;
	literal->path = path;
	return literal;
}

/* Does the node name a parameter? */
bool
prismiq_is_param(const json_t *node)
{
	return prismiq_json_kind(node) == PRISMIQ_JSON_OBJECT &&
		json_object_get(node, "param") != NULL;
}

/*
 * A single value; null after a fault, or when it is a parameter's that is not
 * known yet.
 */
PrismiqLiteral *
prismiq_read_scalar(PrismiqReader *reader, const json_t *node, const PrismiqPath *path)
{
	PrismiqLiteral *literal = prismiq_read_plain(node, path);

	if (literal != NULL)
		return literal;
	if (prismiq_is_param(node))
	{
		const ReadParam *param = find_param(reader, node, path);

		if (param == NULL)
			return NULL;
		if (!param->is_list)
			return use_literal(param->values == NIL ? NULL : linitial(param->values), path);
		prismiq_fault_add(reader->faults, PRISMIQ_TYPE_MISMATCH, path, NULL,
						  "parameter \"%s\" is a list where a single value is needed",
						  param->name);
		return NULL;
	}
	prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE, path, NULL,
					  "the value must be a single value, not %s",
					  prismiq_json_kind_name(prismiq_json_kind(node)));
	return NULL;
}

/* The single value of a key, or null when the key is absent. */
PrismiqLiteral *
prismiq_read_literal(PrismiqReader *reader, const PrismiqObject *object, const char *key)
{
	const json_t *node = prismiq_object_get(object, key);

	return node == NULL ? NULL :
		prismiq_read_scalar(reader, node, prismiq_object_path(object, key));
}

/*
 * A list of values, or a parameter that is one.  False after a fault, or when
 * a value is not known yet; "not_list" is the fault's message for what is no
 * list, with a place for "name".
 */
bool
prismiq_read_values(PrismiqReader *reader, const json_t *node, const PrismiqPath *path,
					const char *not_list, const char *name, List **values)
{
	size_t		count = json_array_size(node);
	bool		ok = true;
	size_t		i;

	*values = NIL;
	if (prismiq_is_param(node))
	{
		const ReadParam *param = find_param(reader, node, path);
		ListCell   *lc;

		if (param == NULL)
			return false;
		if (param->is_list)
		{
			foreach(lc, param->values)
				*values = lappend(*values, use_literal((const PrismiqLiteral *) lfirst(lc),
													   path));
			return true;
		}
		prismiq_fault_add(reader->faults, PRISMIQ_TYPE_MISMATCH, path, NULL,
						  "parameter \"%s\" is a single value where a list is needed",
						  param->name);
		return false;
	}
	if (prismiq_json_kind(node) != PRISMIQ_JSON_ARRAY)
	{
		prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE, path, NULL, not_list, name);
		return false;
	}
	if (!prismiq_values_fit(reader->faults, path, count))
		return false;
	for (i = 0; i < count; i++)
	{
		PrismiqLiteral *literal = prismiq_read_scalar(reader, json_array_get(node, i),
													  prismiq_path_index(path, i));

		if (literal == NULL)
			ok = false;
		else
			*values = lappend(*values, literal);
	}
	return ok;
}

/*
 * A whole number within bounds, written out or by a parameter; the fallback
 * when it is absent, null, bad or not known yet.
 */
int64
prismiq_read_integer(PrismiqReader *reader, const PrismiqObject *object, const char *key,
					 int64 min, int64 max, int64 fallback)
{
	const json_t *node = prismiq_object_get(object, key);
	PrismiqLiteral *literal;
	int64		value;

	if (!prismiq_is_param(node))
		return prismiq_object_integer(object, key, min, max, fallback);
	literal = prismiq_read_scalar(reader, node, prismiq_object_path(object, key));
	if (literal == NULL || literal->kind == PRISMIQ_LITERAL_NULL)
		return fallback;
	if (is_whole(literal))
	{
		errno = 0;
		value = strtoll(literal->text, NULL, 10);
		if (errno == 0 && value >= min && value <= max)
			return value;
	}
	prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE, literal->path, NULL,
					  "\"%s\" must be an integer from " INT64_FORMAT " to " INT64_FORMAT, key,
					  min, max);
	return fallback;
}

/*
 * A name that is a value (a zone, an interval), written out or by a parameter;
 * null when it is absent, bad or not known yet.
 */
const char *
prismiq_read_word(PrismiqReader *reader, const PrismiqObject *object, const char *key,
				  bool required)
{
	const json_t *node = prismiq_object_get(object, key);
	PrismiqLiteral *literal;

	if (!prismiq_is_param(node))
		return prismiq_object_name(object, key, required);
	literal = prismiq_read_scalar(reader, node, prismiq_object_path(object, key));
	if (literal == NULL || (literal->kind == PRISMIQ_LITERAL_NULL && !required))
		return NULL;
	if (literal->kind == PRISMIQ_LITERAL_STRING && literal->text[0] != '\0')
		return literal->text;
	prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE, literal->path, NULL,
					  "\"%s\" must be a string that is not empty", key);
	return NULL;
}
