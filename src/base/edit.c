/*-------------------------------------------------------------------------
 *
 * edit.c
 *	  Documents with other members, by the server's own functions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "base/edit.h"

/* A document out of text of our own making. */
Jsonb *
prismiq_jsonb_from_text(const char *text)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
}

/* Is a key among the members? */
bool
prismiq_jsonb_has(Jsonb *document, const char *key)
{
	return DatumGetBool(DirectFunctionCall2(jsonb_exists, JsonbPGetDatum(document),
											CStringGetTextDatum(key)));
}

/* The document with the members of another one in the place of its own. */
Jsonb *
prismiq_jsonb_merge(Jsonb *document, Jsonb *members)
{
	return DatumGetJsonbP(DirectFunctionCall2(jsonb_concat, JsonbPGetDatum(document),
											  JsonbPGetDatum(members)));
}

/* The same with members that are JSON text. */
Jsonb *
prismiq_jsonb_merge_text(Jsonb *document, const char *members)
{
	return prismiq_jsonb_merge(document, prismiq_jsonb_from_text(members));
}

/* The document with the elements of an array, JSON text, behind those of a member. */
Jsonb *
prismiq_jsonb_append_text(Jsonb *document, const char *key, const char *elements)
{
	JsonbValue *old = getKeyJsonValueFromContainer(&document->root, key, strlen(key), NULL);
	Datum		list = JsonbPGetDatum(prismiq_jsonb_from_text(elements));
	char	   *text;

	if (old != NULL && old->type == jbvBinary)
		list = DirectFunctionCall2(jsonb_concat, JsonbPGetDatum(JsonbValueToJsonb(old)), list);
	text = JsonbToCString(NULL, &DatumGetJsonbP(list)->root, -1);
	return prismiq_jsonb_merge_text(document, psprintf("{\"%s\": %s}", key, text));
}

/* The document without a member. */
Jsonb *
prismiq_jsonb_without(Jsonb *document, const char *key)
{
	return DatumGetJsonbP(DirectFunctionCall2(jsonb_delete, JsonbPGetDatum(document),
											  CStringGetTextDatum(key)));
}

/* A member of a document that has it. */
Jsonb *
prismiq_jsonb_member(Jsonb *document, const char *key)
{
	return DatumGetJsonbP(DirectFunctionCall2(jsonb_object_field, JsonbPGetDatum(document),
											  CStringGetTextDatum(key)));
}

/* A document of one member, whose key is a plain word. */
Jsonb *
prismiq_jsonb_wrap(const char *key, Jsonb *value)
{
	return prismiq_jsonb_from_text(psprintf("{\"%s\": %s}", key,
											JsonbToCString(NULL, &value->root, VARSIZE(value))));
}
