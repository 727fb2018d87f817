/*-------------------------------------------------------------------------
 *
 * entry_push.c
 *	  Writing jsonb, piece by piece.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"

#include "base/fault.h"
#include "entry/entry.h"

/* Add a key to the jsonb object being built. */
void
prismiq_push_key(JsonbParseState **state, const char *key)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, key);
	value.val.string.len = strlen(key);
	pushJsonbValue(state, WJB_KEY, &value);
}

/* Add a string, or null, as a value or an element. */
void
prismiq_push_text(JsonbParseState **state, JsonbIteratorToken token, const char *text)
{
	JsonbValue	value;

	if (text == NULL)
		value.type = jbvNull;
	else
	{
		value.type = jbvString;
		value.val.string.val = unconstify(char *, text);
		value.val.string.len = strlen(text);
	}
	pushJsonbValue(state, token, &value);
}

/* Add a boolean as a value. */
void
prismiq_push_boolean(JsonbParseState **state, bool value)
{
	JsonbValue	boolean;

	boolean.type = jbvBool;
	boolean.val.boolean = value;
	pushJsonbValue(state, WJB_VALUE, &boolean);
}

/* A key whose value is a JSON text. */
void
prismiq_push_document(JsonbParseState **state, const char *key, const char *text)
{
	Jsonb	   *jb = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
	JsonbValue	value;

	prismiq_push_key(state, key);
	value.type = jbvBinary;
	value.val.binary.data = &jb->root;
	value.val.binary.len = VARSIZE(jb) - VARHDRSZ;
	pushJsonbValue(state, WJB_VALUE, &value);
}

/* A key whose value is a list of faults. */
void
prismiq_push_faults(JsonbParseState **state, const char *key, const List *faults)
{
	StringInfoData buf;

	if (faults == NIL)
	{
		prismiq_push_key(state, key);
		pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
		pushJsonbValue(state, WJB_END_ARRAY, NULL);
		return;
	}
	initStringInfo(&buf);
	prismiq_fault_append_json(&buf, faults);
	prismiq_push_document(state, key, buf.data);
}
