/*-------------------------------------------------------------------------
 *
 * entry_context.c
 *	  SQL-callable: who is asking, and saying so.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"

#include "base/fault.h"
#include "who/who.h"

PGDLLEXPORT Datum prismiq_tenant_id(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_user_id(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_roles(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_context(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_set_context(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_tenant_id);
PG_FUNCTION_INFO_V1(prismiq_user_id);
PG_FUNCTION_INFO_V1(prismiq_roles);
PG_FUNCTION_INFO_V1(prismiq_context);
PG_FUNCTION_INFO_V1(prismiq_set_context);

/* prismiq_tenant_id() */
Datum
prismiq_tenant_id(PG_FUNCTION_ARGS)
{
	const PrismiqContext *context = prismiq_context_get();

	if (!context->present)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(context->tenant_id));
}

/* prismiq_user_id() */
Datum
prismiq_user_id(PG_FUNCTION_ARGS)
{
	const PrismiqContext *context = prismiq_context_get();

	if (!context->present || context->user_id == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(context->user_id));
}

/* prismiq_roles() */
Datum
prismiq_roles(PG_FUNCTION_ARGS)
{
	const PrismiqContext *context = prismiq_context_get();
	Datum	   *roles;
	int			count = 0;
	ListCell   *cell;

	if (!context->present)
		PG_RETURN_NULL();
	roles = palloc(sizeof(Datum) * (list_length(context->roles) + 1));
	foreach(cell, context->roles)
		roles[count++] = CStringGetTextDatum((const char *) lfirst(cell));
	PG_RETURN_ARRAYTYPE_P(construct_array(roles, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* Append a key and a text, or null. */
static void
append_member(StringInfo buf, const char *key, const char *value)
{
	escape_json(buf, key);
	appendStringInfoString(buf, ": ");
	if (value != NULL)
		escape_json(buf, value);
	else
		appendStringInfoString(buf, "null");
	appendStringInfoString(buf, ", ");
}

/* What prismiq_context() answers; without a context its members are null. */
static Datum
context_jsonb(void)
{
	const PrismiqContext *context = prismiq_context_get();
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '{');
	append_member(&buf, "tenant_id", context->tenant_id);
	append_member(&buf, "user_id", context->user_id);
	append_member(&buf, "source", context->source);
	appendStringInfoString(&buf, "\"roles\": [");
	foreach(cell, context->roles)
	{
		if (foreach_current_index(cell) > 0)
			appendStringInfoString(&buf, ", ");
		escape_json(&buf, (const char *) lfirst(cell));
	}
	appendStringInfoString(&buf, "]}");
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(buf.data));
}

/* prismiq_context() */
Datum
prismiq_context(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(context_jsonb());
}

/* The elements of a text[] argument, none of which may be null. */
static List *
list_of_texts(ArrayType *array)
{
	List	   *list = NIL;
	Datum	   *values;
	bool	   *nulls;
	int			count;
	int			i;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &count);
	for (i = 0; i < count; i++)
	{
		if (nulls[i])
			prismiq_reject_argument("roles", "A role cannot be null.", "invalid role name");
		list = lappend(list, TextDatumGetCString(values[i]));
	}
	return list;
}

/* prismiq_set_context(tenant_id, user_id, roles, is_local) */
Datum
prismiq_set_context(PG_FUNCTION_ARGS)
{
	prismiq_context_set(PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0)),
						PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1)),
						PG_ARGISNULL(2) ? NIL : list_of_texts(PG_GETARG_ARRAYTYPE_P(2)),
						PG_ARGISNULL(3) || PG_GETARG_BOOL(3));
	PG_RETURN_DATUM(context_jsonb());
}
