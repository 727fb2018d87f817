/*-------------------------------------------------------------------------
 *
 * fingerprint.c
 *	  By what definitions that ask the same of other values are told to be one.
 *
 * A fingerprint is a hash of what stands under the known keys of a definition
 * (shapes.c): names, operators, widths, words.  Left out is what a parameter may
 * stand for (values, numbers, zones), the length of a list of values, and labels.
 * jsonb has put the keys in order and thrown away what white space says, so the
 * same definition has the same fingerprint in every backend and after a restart.
 * A definition that has faults has one too.
 *
 * The fingerprints of definitions that came before are kept by their bytes: it
 * is a function of them and of nothing else, so it never gets untrue.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "base/members.h"
#include "read/fingerprint.h"
#include "read/shapes.h"
#include "read/tokens.h"

/* No definition that can be read is nested deeper. */
#define MAX_DEPTH 1000

/* What stands for a constant. */
#define CONSTANT '?'

/* A definition on its way to a fingerprint. */
typedef struct Walk
{
	StringInfoData text;		/* what is hashed */
	int			depth;
	pg_uuid_t	saved_query;
	bool		has_saved_query;
} Walk;

static void write_object(Walk *walk, JsonbContainer *node, const PrismiqObjectShape *shape);

/* An object's shape, by its name. */
static const PrismiqObjectShape *
find_shape(const char *name)
{
	const PrismiqObjectShape *shape = prismiq_definition_shapes;

	while (shape->name != NULL && strcmp(shape->name, name) != 0)
		shape++;
	return shape->name != NULL ? shape : NULL;
}

/* The shape of conditions, by the name that members call them, groups or not. */
static const PrismiqObjectShape *
find_group(const char *name)
{
	const PrismiqObjectShape *shape = prismiq_definition_shapes;

	while (shape->name != NULL && (shape->group == NULL || strcmp(shape->group, name) != 0))
		shape++;
	return shape->name != NULL ? shape : find_shape(name);
}

/* Is a string of jsonb, which has no end of its own, this one? */
static bool
is_text(const JsonbValue *value, const char *text)
{
	return value->val.string.len == strlen(text) &&
		memcmp(value->val.string.val, text, value->val.string.len) == 0;
}

/* A text with its length before it, so that nothing in it can look like what is around it. */
static void
write_text(Walk *walk, const char *text, int len, bool any_case)
{
	int			at;

	appendStringInfo(&walk->text, "%d\"", len);
	at = walk->text.len;
	appendBinaryStringInfo(&walk->text, text, len);
	for (; any_case && at < walk->text.len; at++)
		walk->text.data[at] = pg_ascii_tolower((unsigned char) walk->text.data[at]);
}

/* An expression by its tokens: its numbers and texts are constants. */
static void
write_expression(Walk *walk, const JsonbValue *value)
{
	PrismiqFaults faults = {NIL, NIL};
	PrismiqTokens tokens = {
		.faults = &faults,
		.next = pnstrdup(value->val.string.val, value->val.string.len),
		.next_position = 1
	};

	do
	{
		CHECK_FOR_INTERRUPTS();
		prismiq_tokens_next(&tokens);
		if (tokens.token == PRISMIQ_TOKEN_NUMBER || tokens.token == PRISMIQ_TOKEN_STRING)
			appendStringInfoChar(&walk->text, CONSTANT);
		else if (tokens.text != NULL)
			write_text(walk, tokens.text, strlen(tokens.text), false);
		else
			appendBinaryStringInfo(&walk->text, tokens.start, tokens.next - tokens.start);
	} while (tokens.token != PRISMIQ_TOKEN_END && tokens.token != PRISMIQ_TOKEN_BAD);
}

/* Note the saved query that is a table. */
static void
note_saved(Walk *walk, const JsonbValue *value)
{
	const char *text = pnstrdup(value->val.string.val, value->val.string.len);

	if (walk->has_saved_query || !prismiq_is_uuid(text))
		return;
	walk->has_saved_query = true;
	walk->saved_query = *DatumGetUUIDP(DirectFunctionCall1(uuid_in, CStringGetDatum(text)));
}

/* Is what stands under a key a constant, unless it is an object? */
static bool
is_constant(const PrismiqShape *member)
{
	switch (member->kind)
	{
		case PRISMIQ_SHAPE_SCALAR:
		case PRISMIQ_SHAPE_INTEGER:
			return true;
		case PRISMIQ_SHAPE_ANY:
			return strcmp(member->key, "value") == 0;
		case PRISMIQ_SHAPE_NAME:
			return member->param;	/* a zone */
		default:
			return false;
	}
}

/* A scalar under a key. */
static void
write_scalar(Walk *walk, const JsonbValue *value, const PrismiqShape *member)
{
	bool		is_word = value->type == jbvString && member->words != NULL &&
		member->kind != PRISMIQ_SHAPE_CHOICE;

	if (is_constant(member) && !is_word)
		appendStringInfoChar(&walk->text, CONSTANT);
	else if (value->type == jbvBool)
		appendStringInfoChar(&walk->text, value->val.boolean ? 't' : 'f');
	else if (value->type == jbvNumeric && member->kind == PRISMIQ_SHAPE_STEP)
		appendStringInfoString(&walk->text, numeric_normalize(value->val.numeric));
	else if (value->type != jbvString)
		appendStringInfoChar(&walk->text, CONSTANT);	/* a fault */
	else if (strcmp(member->key, "expression") == 0)
		write_expression(walk, value);
	else
	{
		if (member->kind == PRISMIQ_SHAPE_UUID)
			note_saved(walk, value);
		write_text(walk, value->val.string.val, value->val.string.len,
				   member->any_case || member->kind == PRISMIQ_SHAPE_UUID);
	}
}

/*
 * An object that stands where a value may: a date window, or a nested query; where
 * it is the use of a parameter, that is a constant.
 */
static void
write_value_object(Walk *walk, JsonbContainer *node)
{
	static const struct
	{
		const char *key;
		const char *shape;
	}			forms[] = {{"query", "query_value"}, {"period", "date_window"}};
	JsonbValue	found;
	int			i;

	for (i = 0; i < lengthof(forms); i++)
		if (getKeyJsonValueFromContainer(node, forms[i].key, strlen(forms[i].key), &found) != NULL)
		{
			write_object(walk, node, find_shape(forms[i].shape));
			return;
		}
	appendStringInfoChar(&walk->text, CONSTANT);
}

/* Objects by any names, all of one shape. */
static void
write_map(Walk *walk, JsonbContainer *node, const PrismiqObjectShape *shape)
{
	JsonbIterator *it = JsonbIteratorInit(node);
	JsonbIteratorToken token;
	JsonbValue	value;

	appendStringInfoChar(&walk->text, '<');
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
			write_text(walk, value.val.string.val, value.val.string.len, false);
		else if (token == WJB_VALUE && value.type == jbvBinary &&
				 JsonContainerIsObject(value.val.binary.data))
			write_object(walk, value.val.binary.data, shape);
	}
	appendStringInfoChar(&walk->text, '>');
}

/* What stands under a key that its object may have, or in the list there. */
static void
write_member(Walk *walk, const JsonbValue *value, const PrismiqShape *member)
{
	JsonbContainer *node = value->type == jbvBinary ? value->val.binary.data : NULL;

	if (node == NULL)
		write_scalar(walk, value, member);
	else if (JsonContainerIsObject(node))
	{
		if (member->kind == PRISMIQ_SHAPE_MAP)
			write_map(walk, node, find_shape(member->object));
		else if (member->object != NULL)
			write_object(walk, node, find_group(member->object));
		else
			write_value_object(walk, node);
	}
	else if (is_constant(member))
		appendStringInfoChar(&walk->text, CONSTANT);	/* of whatever length */
	else
	{
		JsonbIterator *it = JsonbIteratorInit(node);
		JsonbIteratorToken token;
		JsonbValue	element;

		appendStringInfoChar(&walk->text, '[');
		while ((token = JsonbIteratorNext(&it, &element, true)) != WJB_DONE)
		{
			CHECK_FOR_INTERRUPTS();
			if (token != WJB_ELEM)
				continue;
			if (element.type == jbvBinary && JsonContainerIsArray(element.val.binary.data))
				appendStringInfoChar(&walk->text, CONSTANT);	/* a fault */
			else
				write_member(walk, &element, member);
		}
		appendStringInfoChar(&walk->text, ']');
	}
}

/* The shape of what stands under a key; null where the object has no such key. */
static const PrismiqShape *
find_member(const PrismiqObjectShape *shape, const JsonbValue *key)
{
	const PrismiqShape *member = shape->members;

	while (member->key != NULL && !is_text(key, member->key))
		member++;
	return member->key != NULL ? member : NULL;
}

/* Is it a key of groups of conditions, where there may be such? */
static bool
is_group_key(const PrismiqObjectShape *shape, const JsonbValue *key)
{
	const char *const *name = prismiq_group_keys;

	while (shape->group != NULL && *name != NULL && !is_text(key, *name))
		name++;
	return shape->group != NULL && *name != NULL;
}

/* An object by the keys that it may have; others are faults, and say nothing here. */
static void
write_object(Walk *walk, JsonbContainer *node, const PrismiqObjectShape *shape)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	key;
	JsonbValue	value;

	check_stack_depth();
	if (++walk->depth > MAX_DEPTH)
	{
		walk->depth--;
		return;
	}
	it = JsonbIteratorInit(node);
	appendStringInfoChar(&walk->text, '{');
	while ((token = JsonbIteratorNext(&it, &key, true)) != WJB_DONE)
	{
		PrismiqShape group = {.key = "", .kind = PRISMIQ_SHAPE_OBJECT, .object = shape->group};
		const PrismiqShape *member;

		CHECK_FOR_INTERRUPTS();
		if (token != WJB_KEY)
			continue;
		(void) JsonbIteratorNext(&it, &value, true);
		member = find_member(shape, &key);
		if (member == NULL && is_group_key(shape, &key))
			member = &group;
		if (member == NULL || member->is_label || value.type == jbvNull)
			continue;			/* null is no more than leaving it out */
		write_text(walk, key.val.string.val, key.val.string.len, false);
		write_member(walk, &value, member);
	}
	appendStringInfoChar(&walk->text, '}');
	walk->depth--;
}

/* The fingerprint of a definition, by walking it. */
static PrismiqFingerprint
find(Jsonb *definition)
{
	PrismiqFingerprint found = {0};
	Walk		walk = {.depth = 0};

	initStringInfo(&walk.text);
	if (JB_ROOT_IS_OBJECT(definition))
		write_object(&walk, &definition->root, find_shape("query"));
	found.value = hash_bytes_extended((const unsigned char *) walk.text.data, walk.text.len, 0);
	if (found.value == 0)
		found.value = 1;
	found.saved_query = walk.saved_query;
	pfree(walk.text.data);
	return found;
}

/* The same, which is kept: definitions come again and again. */
PrismiqFingerprint
prismiq_fingerprint(Jsonb *definition)
{
	static struct
	{
		uint64		hash;
		int			size;		/* 0: nothing is kept here */
		PrismiqFingerprint found;
	}			kept[256];
	int			size = VARSIZE(definition);
	uint64		hash = hash_bytes_extended((const unsigned char *) VARDATA(definition),
										   size - VARHDRSZ, 0);
	int			place = hash % lengthof(kept);

	if (kept[place].size != size || kept[place].hash != hash)
	{
		PrismiqFingerprint found = find(definition);

		kept[place].found = found;
		kept[place].hash = hash;
		kept[place].size = size;
	}
	return kept[place].found;
}
