/*-------------------------------------------------------------------------
 *
 * entry.h
 *	  What the files of this room share: the door, and writing jsonb.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_ENTRY_H
#define PRISMIQ_ENTRY_H

#include "postgres.h"

#include "fmgr.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "model/buckets.h"
#include "run/door.h"

/*
 * The head of a function that SQL calls and that takes a definition or answers
 * from tables; what follows it is the body.  The call's time limit begins here.
 */
#define PRISMIQ_LIMITED_FUNCTION(name) PRISMIQ_DOOR_FUNCTION(name, prismiq_deadline_call)

/* The same of one that runs a definition: its calls are counted. */
#define PRISMIQ_COUNTED_FUNCTION(name) PRISMIQ_DOOR_FUNCTION(name, prismiq_stat_call)

#define PRISMIQ_DOOR_FUNCTION(name, door) \
PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
PG_FUNCTION_INFO_V1(name); \
static Datum name##_limited(PG_FUNCTION_ARGS); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	return door(name##_limited, fcinfo); \
} \
static Datum \
name##_limited(PG_FUNCTION_ARGS)

/*
 * Is an argument null?  A function that is STRICT asks all the same: its owner,
 * who is the extension's and no superuser, can make it no longer so.
 */
static inline bool
prismiq_has_null(FunctionCallInfo fcinfo)
{
	int			i;

	for (i = 0; i < PG_NARGS(); i++)
		if (PG_ARGISNULL(i))
			return true;
	return false;
}

/*
 * entry_args.c: an argument that is a document.  Null is the fallback, as JSON
 * text, and a JSON string that holds an object is that object.
 */
extern Jsonb *prismiq_arg_document(FunctionCallInfo fcinfo, int number, const char *fallback);

/*
 * The schema whose tables are meant: the extension's own, unless the function has one
 * argument more, by which a function in another schema hands that schema's name on.
 */
extern Oid	prismiq_arg_tables(FunctionCallInfo fcinfo, int number);

/* What a definition that is not given stands for: none, which is a fault. */
#define PRISMIQ_NO_DEFINITION "null"

/* entry_push.c: each adds to the object or array being built */
extern void prismiq_push_key(JsonbParseState **state, const char *key);
extern void prismiq_push_text(JsonbParseState **state, JsonbIteratorToken token,
							  const char *text);
extern void prismiq_push_boolean(JsonbParseState **state, bool value);
extern void prismiq_push_document(JsonbParseState **state, const char *key, const char *text);
extern void prismiq_push_faults(JsonbParseState **state, const char *key, const List *faults);

/* A key and its value, text or null. */
static inline void
prismiq_push_member(JsonbParseState **state, const char *key, const char *text)
{
	prismiq_push_key(state, key);
	prismiq_push_text(state, WJB_VALUE, text);
}

/* A key and its value, true or false. */
static inline void
prismiq_push_flag(JsonbParseState **state, const char *key, bool value)
{
	prismiq_push_key(state, key);
	prismiq_push_boolean(state, value);
}

/* time_bucket.c: the grid of its arguments, for what bounds it (bucket_last.c) */
extern PrismiqGrid *prismiq_time_bucket_grid(const Interval *width, pg_tz *zone,
											 const int64 *origin, const char **argument,
											 const char **reason);

#endif							/* PRISMIQ_ENTRY_H */
