/*-------------------------------------------------------------------------
 *
 * entry_moving.c
 *	  What SQL cannot do, or not fast, for dashboards that go from one tenant
 *	  to another: other ids within a definition, and ids made of names.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/cryptohash.h"
#include "common/sha1.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "base/fault.h"
#include "entry/entry.h"

PGDLLEXPORT Datum prismiq_references_map(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_name_uuid(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_references_map);
PG_FUNCTION_INFO_V1(prismiq_name_uuid);

/* Where the walk over a definition is, by the container that is open. */
typedef enum Place
{
	ELSEWHERE,
	TABLES,						/* an array under the key "tables" */
	TABLE						/* an object in that */
} Place;

/* Is a key or a string this one? */
static bool
is_text(const JsonbValue *value, const char *text)
{
	return value->type == jbvString && value->val.string.len == strlen(text) &&
		memcmp(value->val.string.val, text, value->val.string.len) == 0;
}

/* What stands for an id: itself, or its lower case as uuids are written, is looked for. */
static JsonbValue *
find_id(Jsonb *ids, const JsonbValue *id, Jsonb *otherwise)
{
	JsonbValue *found = getKeyJsonValueFromContainer(&ids->root, id->val.string.val,
													 id->val.string.len, NULL);

	if (found == NULL)
	{
		char	   *lower = pnstrdup(id->val.string.val, id->val.string.len);
		char	   *p;

		for (p = lower; *p != '\0'; p++)
			*p = pg_ascii_tolower((unsigned char) *p);
		found = getKeyJsonValueFromContainer(&ids->root, lower, id->val.string.len, NULL);
	}
	if (found == NULL)
		found = getIthJsonbValueFromContainer(&otherwise->root, 0);
	return found;
}

/*
 * references_map(definition jsonb, ids jsonb, otherwise jsonb): the definition
 * with other ids in "saved_query" of its tables, and of those of the
 * definitions within it.  What is not among the ids gets "otherwise".
 */
Datum
prismiq_references_map(PG_FUNCTION_ARGS)
{
	Jsonb	   *definition;
	Jsonb	   *ids;
	Jsonb	   *otherwise;
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbParseState *state = NULL;
	JsonbValue *result = NULL;
	JsonbValue	value;
	List	   *places = NIL;
	bool		is_tables = false;	/* the key at hand is "tables" */
	bool		is_reference = false;	/* it is "saved_query" of a table */

	if (prismiq_has_null(fcinfo))
		PG_RETURN_NULL();
	definition = PG_GETARG_JSONB_P(0);
	ids = PG_GETARG_JSONB_P(1);
	otherwise = PG_GETARG_JSONB_P(2);
	if (JB_ROOT_IS_SCALAR(definition) || !JB_ROOT_IS_OBJECT(ids) || !JB_ROOT_IS_SCALAR(otherwise))
		PG_RETURN_JSONB_P(definition);
	it = JsonbIteratorInit(&definition->root);
	while ((token = JsonbIteratorNext(&it, &value, false)) != WJB_DONE)
	{
		Place		around = places == NIL ? ELSEWHERE : (Place) llast_int(places);

		CHECK_FOR_INTERRUPTS();
		if (token == WJB_VALUE && is_reference && value.type == jbvString)
			result = pushJsonbValue(&state, token, find_id(ids, &value, otherwise));
		else
			result = pushJsonbValue(&state, token,
									token == WJB_KEY || token == WJB_VALUE || token == WJB_ELEM ?
									&value : NULL);
		if (token == WJB_BEGIN_ARRAY)
			places = lappend_int(places, is_tables ? TABLES : ELSEWHERE);
		else if (token == WJB_BEGIN_OBJECT)
			places = lappend_int(places, around == TABLES ? TABLE : ELSEWHERE);
		else if (token == WJB_END_ARRAY || token == WJB_END_OBJECT)
			places = list_delete_last(places);
		is_tables = token == WJB_KEY && is_text(&value, "tables");
		is_reference = token == WJB_KEY && around == TABLE && is_text(&value, "saved_query");
	}
	PG_RETURN_JSONB_P(JsonbValueToJsonb(result));
}

/*
 * name_uuid(space uuid, name text): the uuid of version 5 (RFC 9562) that a
 * name has in a name space; the same wherever it is asked.
 */
Datum
prismiq_name_uuid(PG_FUNCTION_ARGS)
{
	pg_cryptohash_ctx *sha1;
	uint8		digest[SHA1_DIGEST_LENGTH];
	text	   *name;
	pg_uuid_t  *space;
	pg_uuid_t  *uuid;
	bool		done;

	if (prismiq_has_null(fcinfo))
		PG_RETURN_NULL();
	space = PG_GETARG_UUID_P(0);
	name = PG_GETARG_TEXT_PP(1);
	sha1 = pg_cryptohash_create(PG_SHA1);
	done = sha1 != NULL && pg_cryptohash_init(sha1) >= 0 &&
		pg_cryptohash_update(sha1, space->data, UUID_LEN) >= 0 &&
		pg_cryptohash_update(sha1, (const uint8 *) VARDATA_ANY(name),
							 VARSIZE_ANY_EXHDR(name)) >= 0 &&
		pg_cryptohash_final(sha1, digest, sizeof(digest)) >= 0;
	pg_cryptohash_free(sha1);
	if (!done)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR), errmsg("the name could not be hashed")));
	uuid = (pg_uuid_t *) palloc(sizeof(pg_uuid_t));
	memcpy(uuid->data, digest, UUID_LEN);
	uuid->data[6] = (uuid->data[6] & 0x0f) | 0x50;
	uuid->data[8] = (uuid->data[8] & 0x3f) | 0x80;
	PG_RETURN_UUID_P(uuid);
}
