/*-------------------------------------------------------------------------
 *
 * json.c
 *	  The jansson prelude: jsonb to a jansson tree, and what its values are.
 *
 * The tree hangs on the memory context that is current when it is built: a
 * reset callback drops it, whatever is thrown meanwhile.  jansson's allocators
 * stay as they are, since another extension may share the library; so every
 * null return is checked.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/varlena.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/settings.h"

#define TAG '\001'

/* Raise for a null return of jansson, which can only be a lack of memory. */
static void
out_of_memory(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OUT_OF_MEMORY),
			 errmsg("out of memory")));
}

/* The tree's owner: dropped with the memory context it hangs on. */
typedef struct TreeOwner
{
	MemoryContextCallback callback;
	json_t	   *root;
} TreeOwner;

/* Memory-context callback: the tree is malloc'ed and would outlive its context. */
static void
drop_tree(void *arg)
{
	TreeOwner  *owner = (TreeOwner *) arg;

	json_decref(owner->root);
	owner->root = NULL;
}

/*
 * A definition names the same few tables, columns and operators again and
 * again.  Strings of a tree are never changed, so equal ones may be one: the
 * last that fell on each place are looked at.  The places borrow from the tree.
 */
#define SHARED_STRINGS 64
#define SHARED_LENGTH 32

/* A string that the tree has already, with a reference of its own, or a new one. */
static json_t *
shared_string(json_t **shared, const char *text, int len)
{
	json_t	  **place;

	if (len == 0 || len > SHARED_LENGTH)
		return json_stringn_nocheck(text, len);
	place = &shared[(len + (unsigned char) text[0] * 5 +
					 (unsigned char) text[len - 1] * 11) % SHARED_STRINGS];
	if (*place != NULL && json_string_length(*place) == (size_t) len &&
		memcmp(json_string_value(*place), text, len) == 0)
		return json_incref(*place);
	return *place = json_stringn_nocheck(text, len);
}

/* A scalar of jsonb as a jansson value (a reference that is the caller's). */
static json_t *
scalar_to_json(json_t **shared, const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			return json_null();
		case jbvBool:
			return json_boolean(value->val.boolean);
		case jbvNumeric:
			{
				/* numeric_normalize would lose "1.0"; keep what was written */
				Datum		number = NumericGetDatum(value->val.numeric);
				char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, number));
				int			len = strlen(text);
				char	   *tagged = palloc(len + 2);
				json_t	   *node;

				tagged[0] = TAG;
				tagged[1] = 'n';
				memcpy(tagged + 2, text, len);
				node = json_stringn_nocheck(tagged, len + 2);
				pfree(tagged);
				pfree(text);
				return node;
			}
		case jbvString:
			if (value->val.string.len > 0 && value->val.string.val[0] == TAG)
			{
				char	   *tagged = palloc(value->val.string.len + 1);
				json_t	   *node;

				tagged[0] = TAG;
				memcpy(tagged + 1, value->val.string.val, value->val.string.len);
				node = json_stringn_nocheck(tagged, value->val.string.len + 1);
				pfree(tagged);
				return node;
			}
			return shared_string(shared, value->val.string.val, value->val.string.len);
		default:
			elog(ERROR, "unexpected jsonb scalar type %d", (int) value->type);
	}
	return NULL;				/* keep the compiler quiet */
}

/*
 * A new empty object, or null.  Not by json_object(): the server exports a
 * function of that name and ours would be bound to it.  Inside jansson the
 * name means jansson's own.  A copy costs half of json_pack(), which parses
 * its format.
 */
static json_t *
new_object(void)
{
	static json_t *empty = NULL;

	if (empty == NULL)
		empty = json_pack("{}");
	return json_copy(empty);
}

/* A container that is being filled. */
typedef struct TreeLevel
{
	json_t	   *node;
	const char *key;			/* of the next value, in the jsonb; null in an array */
	int			key_len;
} TreeLevel;

/* Add a new value (a reference that is ours) to its container. */
static void
attach(const TreeLevel *level, json_t *value)
{
	int			failed;

	if (value == NULL)
		out_of_memory();
	if (level->key == NULL)
		failed = json_array_append_new(level->node, value);
	else
		failed = json_object_setn_new_nocheck(level->node, level->key, level->key_len, value);
	if (failed)
		out_of_memory();
}

/*
 * Walk the jsonb and build the tree.  No recursion: open containers stand in
 * an array whose size the depth limit fixes.  False when too deep.
 */
static bool
build_tree(TreeOwner *owner, Jsonb *jb, int max_depth)
{
	JsonbIterator *it = JsonbIteratorInit(&jb->root);
	JsonbValue	value;
	JsonbIteratorToken token;
	TreeLevel  *open = palloc(sizeof(TreeLevel) * (max_depth + 1));
	int			depth = 0;
	bool		raw_scalar = JB_ROOT_IS_SCALAR(jb);
	json_t	   *shared[SHARED_STRINGS] = {NULL};

	while ((token = JsonbIteratorNext(&it, &value, false)) != WJB_DONE)
	{
		json_t	   *node = NULL;

		CHECK_FOR_INTERRUPTS();
		switch (token)
		{
			case WJB_BEGIN_ARRAY:
			case WJB_BEGIN_OBJECT:
				if (raw_scalar)
					break;
				if (depth >= max_depth)
					return false;
				node = token == WJB_BEGIN_ARRAY ? json_array() : new_object();
				if (node == NULL)
					out_of_memory();
				if (depth == 0)
					owner->root = node;
				else
					attach(&open[depth - 1], node);
				open[depth].node = node;
				open[depth++].key = NULL;
				break;
			case WJB_END_ARRAY:
			case WJB_END_OBJECT:
				if (!raw_scalar)
					depth--;
				break;
			case WJB_KEY:
				open[depth - 1].key = value.val.string.val;
				open[depth - 1].key_len = value.val.string.len;
				break;
			case WJB_VALUE:
			case WJB_ELEM:
				node = scalar_to_json(shared, &value);
				if (depth == 0)
				{
					if (node == NULL)
						out_of_memory();
					owner->root = node;
				}
				else
					attach(&open[depth - 1], node);
				break;
			default:
				elog(ERROR, "unexpected jsonb token %d", (int) token);
		}
	}
	return true;
}

/*
 * Turn a jsonb into a tree that lives as long as the current memory context.
 * Null, with a TOO_COMPLEX fault at the root, when it is over a limit.
 */
const json_t *
prismiq_json_from_jsonb(Jsonb *jb, int max_bytes, int max_depth, PrismiqFaults *faults)
{
	TreeOwner  *owner;

	if ((Size) VARSIZE(jb) - VARHDRSZ > (Size) max_bytes)
	{
		prismiq_fault_add(faults, PRISMIQ_TOO_COMPLEX, NULL,
						  faults->unlimited ? "Make it smaller." :
						  prismiq_limit_hint(PRISMIQ_MAX_DEFINITION_BYTES, "Make it smaller"),
						  "the document is larger than %d bytes", max_bytes);
		return NULL;
	}

	owner = palloc0(sizeof(TreeOwner));
	owner->callback.func = drop_tree;
	owner->callback.arg = owner;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &owner->callback);

	if (!build_tree(owner, jb, max_depth))
	{
		prismiq_fault_add(faults, PRISMIQ_TOO_COMPLEX, NULL,
						  faults->unlimited ? "Nest less." :
						  prismiq_limit_hint(PRISMIQ_MAX_NESTING, "Nest less"),
						  "the document is nested more than %d levels deep", max_depth);
		return NULL;
	}
	return owner->root;
}

/* What a node is; a null pointer is ABSENT. */
PrismiqJsonKind
prismiq_json_kind(const json_t *node)
{
	const char *text;

	if (node == NULL)
		return PRISMIQ_JSON_ABSENT;
	switch (json_typeof(node))
	{
		case JSON_OBJECT:
			return PRISMIQ_JSON_OBJECT;
		case JSON_ARRAY:
			return PRISMIQ_JSON_ARRAY;
		case JSON_TRUE:
		case JSON_FALSE:
			return PRISMIQ_JSON_BOOLEAN;
		case JSON_NULL:
			return PRISMIQ_JSON_NULL;
		default:
			text = json_string_value(node);
			return text != NULL && text[0] == TAG && text[1] == 'n' ?
				PRISMIQ_JSON_NUMBER : PRISMIQ_JSON_STRING;
	}
}

/* "found %s": with its article. */
const char *
prismiq_json_kind_name(PrismiqJsonKind kind)
{
	static const char *const names[] = {
		[PRISMIQ_JSON_ABSENT] = "nothing",
		[PRISMIQ_JSON_NULL] = "null",
		[PRISMIQ_JSON_BOOLEAN] = "a boolean",
		[PRISMIQ_JSON_NUMBER] = "a number",
		[PRISMIQ_JSON_STRING] = "a string",
		[PRISMIQ_JSON_ARRAY] = "an array",
		[PRISMIQ_JSON_OBJECT] = "an object",
	};

	return names[kind];
}

/* The text of a STRING node; lives as long as the tree. */
const char *
prismiq_json_string(const json_t *node)
{
	const char *text = json_string_value(node);

	Assert(prismiq_json_kind(node) == PRISMIQ_JSON_STRING);
	return text[0] == TAG ? text + 1 : text;
}

/* A member that is a string, or null; lives as long as the tree. */
const char *
prismiq_json_text(const json_t *object, const char *key)
{
	const json_t *member = json_object_get(object, key);

	return prismiq_json_kind(member) == PRISMIQ_JSON_STRING ? prismiq_json_string(member) : NULL;
}

/* The digits of a NUMBER node; lives as long as the tree. */
const char *
prismiq_json_number(const json_t *node)
{
	Assert(prismiq_json_kind(node) == PRISMIQ_JSON_NUMBER);
	return json_string_value(node) + 2;
}

/*
 * A NUMBER node as an integer; false when it has a fraction other than zero
 * or does not fit ("5.0" fits).
 */
bool
prismiq_json_number_to_int(const json_t *node, int64 *value)
{
	const char *text = prismiq_json_number(node);
	char	   *end;
	long long	parsed;

	errno = 0;
	parsed = strtoll(text, &end, 10);
	if (errno != 0 || end == text)
		return false;
	if (*end == '.')
		for (end++; *end == '0'; end++)
			 /* skip */ ;
	if (*end != '\0')
		return false;
	*value = parsed;
	return true;
}

/* Append the members of an object as JSON text. */
static void
append_members(StringInfo buf, json_t *object)
{
	const char *separator = "";
	void	   *iter;

	for (iter = json_object_iter(object); iter != NULL;
		 iter = json_object_iter_next(object, iter))
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfoString(buf, separator);
		escape_json(buf, json_object_iter_key(iter));
		appendStringInfoString(buf, ": ");
		prismiq_json_append(buf, json_object_iter_value(iter));
		separator = ", ";
	}
}

/* Append a node as JSON text: what is kept of a document for longer than its tree lives. */
void
prismiq_json_append(StringInfo buf, const json_t *node)
{
	size_t		i;

	check_stack_depth();
	switch (prismiq_json_kind(node))
	{
		case PRISMIQ_JSON_OBJECT:
			appendStringInfoChar(buf, '{');
			append_members(buf, unconstify(json_t *, node));
			appendStringInfoChar(buf, '}');
			break;
		case PRISMIQ_JSON_ARRAY:
			appendStringInfoChar(buf, '[');
			for (i = 0; i < json_array_size(node); i++)
			{
				CHECK_FOR_INTERRUPTS();
				if (i > 0)
					appendStringInfoString(buf, ", ");
				prismiq_json_append(buf, json_array_get(node, i));
			}
			appendStringInfoChar(buf, ']');
			break;
		case PRISMIQ_JSON_BOOLEAN:
			appendStringInfoString(buf, json_is_true(node) ? "true" : "false");
			break;
		case PRISMIQ_JSON_NUMBER:
			appendStringInfoString(buf, prismiq_json_number(node));
			break;
		case PRISMIQ_JSON_STRING:
			escape_json(buf, prismiq_json_string(node));
			break;
		default:
			appendStringInfoString(buf, "null");
	}
}
