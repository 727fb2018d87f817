/*-------------------------------------------------------------------------
 *
 * object.c
 *	  An object of the document, read key by key.
 *
 * Unknown keys and values of a wrong kind are noted as faults, and reading goes
 * on.  Of an object all that is there is found in one walk, since most of the
 * keys that it may have are absent.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/json.h"
#include "base/nearest.h"

/* Rank of a key of the document among the known ones, or -1. */
static int
document_key_order(const char *const *keys, const char *key)
{
	int			i;

	for (i = 0; keys[i] != NULL; i++)
		if (keys[i][0] == key[0] && strcmp(keys[i], key) == 0)
			return i;
	return -1;
}

/*
 * Note a key that the format does not know, with the nearest that it does.
 * Keys that other engines paste into SQL get a code of their own.
 */
static void
add_unknown_key(const PrismiqObject *object, const char *key)
{
	static const char *const sql_keys[] = {"sql_expression", "in_subquery", "raw_sql", "sql"};
	int			i;

	for (i = 0; i < lengthof(sql_keys); i++)
	{
		if (strcmp(key, sql_keys[i]) != 0)
			continue;
		prismiq_fault_add(object->faults, PRISMIQ_UNSAFE_SQL,
						  prismiq_path_key(object->path, sql_keys[i], object->keys),
						  "Say it with a calculated field, or with a condition on a nested query.",
						  "\"%s\" would carry SQL, which a definition never does", key);
		return;
	}
	prismiq_fault_add(object->faults, PRISMIQ_UNKNOWN_FIELD,
					  prismiq_path_key(object->path, pstrdup(key), object->keys),
					  prismiq_nearest_of(object->faults, key, object->keys),
					  "unknown key \"%s\"", key);
}

/* A bit for a key, by its first letter: tells most of the keys that are not there. */
static inline uint32
letter_bit(const char *key)
{
	return (uint32) 1 << (key[0] & 31);
}

/* Begin to read an object; keys that are not known may be faults. */
static bool
open_object(PrismiqObject *object, const json_t *node, const PrismiqPath *path,
			PrismiqFaults *faults, const char *const *keys, bool others)
{
	void	   *iter;

	object->node = node;
	object->path = path;
	object->faults = faults;
	object->keys = keys;
	object->count = 0;
	object->letters = 0;
	object->partial = false;
	if (prismiq_json_kind(node) != PRISMIQ_JSON_OBJECT)
	{
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "expected an object, found %s",
						  prismiq_json_kind_name(prismiq_json_kind(node)));
		return false;
	}
	for (iter = json_object_iter(unconstify(json_t *, node)); iter != NULL;
		 iter = json_object_iter_next(unconstify(json_t *, node), iter))
	{
		const char *key = json_object_iter_key(iter);
		int			order = document_key_order(keys, key);

		CHECK_FOR_INTERRUPTS();
		object->letters |= letter_bit(key);
		if (order < 0 && !others)
			add_unknown_key(object, key);
		if (order < 0 || object->count == PRISMIQ_OBJECT_MEMBERS)
			object->partial = true;
		else
		{
			object->members[object->count].key = keys[order];
			object->members[object->count++].value = json_object_iter_value(iter);
		}
	}
	return true;
}

/*
 * Begin to read an object with the given keys.  A value that is no object is
 * an INVALID_VALUE fault and false; unknown keys are faults, and reading goes
 * on.
 */
bool
prismiq_object_open(PrismiqObject *object, const json_t *node, const PrismiqPath *path,
					PrismiqFaults *faults, const char *const *keys)
{
	return open_object(object, node, path, faults, keys, false);
}

/* The same where other keys are nothing to this reader. */
bool
prismiq_object_open_some(PrismiqObject *object, const json_t *node, const PrismiqPath *path,
						 PrismiqFaults *faults, const char *const *keys)
{
	return open_object(object, node, path, faults, keys, true);
}

/* The place of one of the object's known keys. */
const PrismiqPath *
prismiq_object_path(const PrismiqObject *object, const char *key)
{
	return prismiq_path_key(object->path, key, object->keys);
}

/*
 * The value of a key, or null when it is absent.  An object has few of the
 * keys that it may have, so they are gone through rather than those.
 */
const json_t *
prismiq_object_get(const PrismiqObject *object, const char *key)
{
	const PrismiqMember *member;
	const PrismiqMember *end = object->members + object->count;

	if ((object->letters & letter_bit(key)) == 0)
		return NULL;
	for (member = object->members; member < end; member++)
		if (member->key[0] == key[0] && strcmp(member->key, key) == 0)
			return member->value;
	return object->partial ? json_object_get(object->node, key) : NULL;
}

/* Is the key there with a value other than null? */
bool
prismiq_object_has(const PrismiqObject *object, const char *key)
{
	PrismiqJsonKind kind = prismiq_json_kind(prismiq_object_get(object, key));

	return kind != PRISMIQ_JSON_ABSENT && kind != PRISMIQ_JSON_NULL;
}

/* Note that a key's value is of the wrong kind. */
static void
add_wrong_kind(const PrismiqObject *object, const char *key, const char *expected)
{
	PrismiqJsonKind kind = prismiq_json_kind(prismiq_object_get(object, key));

	prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
					  prismiq_object_path(object, key), NULL,
					  "\"%s\" must be %s, not %s", key, expected, prismiq_json_kind_name(kind));
}

/* Note that a key is not there. */
static void
add_missing(const PrismiqObject *object, const char *key)
{
	prismiq_fault_add(object->faults, PRISMIQ_MISSING_FIELD,
					  prismiq_object_path(object, key), NULL,
					  "\"%s\" is required", key);
}

/* A string, or null when absent (a fault if required) or of another kind. */
const char *
prismiq_object_text(const PrismiqObject *object, const char *key, bool required)
{
	const json_t *node = prismiq_object_get(object, key);
	PrismiqJsonKind kind;

	if (node == NULL && !required)
		return NULL;
	kind = prismiq_json_kind(node);
	if (kind == PRISMIQ_JSON_STRING)
		return prismiq_json_string(node);
	if (kind != PRISMIQ_JSON_ABSENT && kind != PRISMIQ_JSON_NULL)
		add_wrong_kind(object, key, "a string");
	else if (required)
		add_missing(object, key);
	return NULL;
}

/* A text that is a name: an empty one is a fault. */
const char *
prismiq_object_name(const PrismiqObject *object, const char *key, bool required)
{
	const char *text = prismiq_object_text(object, key, required);

	if (text != NULL && text[0] == '\0')
	{
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, key), NULL,
						  "\"%s\" must not be empty", key);
		return NULL;
	}
	return text;
}

/* true or false; the fallback when absent, null or of another kind. */
bool
prismiq_object_boolean(const PrismiqObject *object, const char *key, bool fallback)
{
	const json_t *node = prismiq_object_get(object, key);
	PrismiqJsonKind kind = prismiq_json_kind(node);

	if (kind == PRISMIQ_JSON_BOOLEAN)
		return json_is_true(node);
	if (kind != PRISMIQ_JSON_ABSENT && kind != PRISMIQ_JSON_NULL)
		add_wrong_kind(object, key, "true or false");
	return fallback;
}

/* An integer within bounds; the fallback when absent, null or bad. */
int64
prismiq_object_integer(const PrismiqObject *object, const char *key,
					   int64 min, int64 max, int64 fallback)
{
	const json_t *node = prismiq_object_get(object, key);
	PrismiqJsonKind kind = prismiq_json_kind(node);
	int64		value;

	if (kind == PRISMIQ_JSON_ABSENT || kind == PRISMIQ_JSON_NULL)
		return fallback;
	if (kind != PRISMIQ_JSON_NUMBER)
	{
		add_wrong_kind(object, key, "an integer");
		return fallback;
	}
	if (!prismiq_json_number_to_int(node, &value) || value < min || value > max)
	{
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, key), NULL,
						  "\"%s\" must be an integer from " INT64_FORMAT " to " INT64_FORMAT,
						  key, min, max);
		return fallback;
	}
	return value;
}

/* The digits of a number, or null when absent, null or of another kind (a fault). */
const char *
prismiq_object_number(const PrismiqObject *object, const char *key)
{
	const json_t *node = prismiq_object_get(object, key);
	PrismiqJsonKind kind = prismiq_json_kind(node);

	if (kind == PRISMIQ_JSON_NUMBER)
		return prismiq_json_number(node);
	if (kind != PRISMIQ_JSON_ABSENT && kind != PRISMIQ_JSON_NULL)
		add_wrong_kind(object, key, "a number");
	return NULL;
}

/* An array, or null when absent, null or of another kind (a fault). */
const json_t *
prismiq_object_array(const PrismiqObject *object, const char *key)
{
	const json_t *node = prismiq_object_get(object, key);
	PrismiqJsonKind kind = prismiq_json_kind(node);

	if (kind == PRISMIQ_JSON_ARRAY)
		return node;
	if (kind != PRISMIQ_JSON_ABSENT && kind != PRISMIQ_JSON_NULL)
		add_wrong_kind(object, key, "an array");
	return NULL;
}

/* "Valid values are: a, b.", or the one that was meant. */
char *
prismiq_object_suggest(const PrismiqObject *object, const char *text, const char *what,
					   const char *const *choices)
{
	char	   *nearest = prismiq_nearest_of(object->faults, text, choices);
	StringInfoData list;
	int			i;

	if (nearest != NULL)
		return nearest;
	initStringInfo(&list);
	appendStringInfo(&list, "Valid %s are:", what);
	for (i = 0; choices[i] != NULL; i++)
		appendStringInfo(&list, "%s %s", i > 0 ? "," : "", choices[i]);
	appendStringInfoChar(&list, '.');
	return list.data;
}

/* The index of a string among the choices (an array that ends with null). */
int
prismiq_object_choice(const PrismiqObject *object, const char *key,
					  const char *const *choices, bool ignore_case, int fallback)
{
	const char *text = prismiq_object_text(object, key, false);
	int			i;

	if (text == NULL)
		return fallback;
	for (i = 0; choices[i] != NULL; i++)
		if ((ignore_case ? pg_strcasecmp(choices[i], text) : strcmp(choices[i], text)) == 0)
			return i;
	prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
					  prismiq_object_path(object, key),
					  prismiq_object_suggest(object, text, "values", choices),
					  "\"%s\" is not a valid value of \"%s\"", text, key);
	return fallback;
}
