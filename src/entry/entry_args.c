/*-------------------------------------------------------------------------
 *
 * entry_args.c
 *	  Arguments as functions take them: null, and documents as strings.
 *
 * A null argument means its default, so no function of ours that takes a
 * document is STRICT: it would answer null, which says nothing to whoever sent
 * a null over HTTP.  And some gateways hand an object in a URL on as a JSON
 * string: a string that holds an object is that object.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"

#include "base/edit.h"
#include "base/fault.h"
#include "base/input_value.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "entry/entry.h"

PGDLLEXPORT Datum prismiq_json_argument(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_json_argument);

/* The object that a JSON string holds, or the document as it is. */
static Jsonb *
unwrap(Jsonb *document)
{
	JsonbValue	value;
	Datum		inner;

	/* What is larger is refused for its size. */
	if (!JB_ROOT_IS_SCALAR(document) || !JsonbExtractScalar(&document->root, &value) ||
		value.type != jbvString ||
		value.val.string.len > prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES))
		return document;
	if (!prismiq_input_value(F_JSONB_IN, pnstrdup(value.val.string.val, value.val.string.len),
							 JSONBOID, -1, &inner) ||
		!JB_ROOT_IS_OBJECT(DatumGetJsonbP(inner)))
		return document;
	return DatumGetJsonbP(inner);
}

/* See the header. */
Jsonb *
prismiq_arg_document(FunctionCallInfo fcinfo, int number, const char *fallback)
{
	if (PG_ARGISNULL(number))
		return prismiq_jsonb_from_text(fallback);
	return unwrap(PG_GETARG_JSONB_P(number));
}

/* See the header. */
Oid
prismiq_arg_tables(FunctionCallInfo fcinfo, int number)
{
	if (PG_NARGS() <= number)
		return prismiq_home_namespace();
	return prismiq_home_tables(PG_ARGISNULL(number) ? InvalidOid : PG_GETARG_OID(number));
}

/* prismiq_json_argument(argument jsonb, fallback jsonb): the same for functions in SQL. */
Datum
prismiq_json_argument(PG_FUNCTION_ARGS)
{
	if (!PG_ARGISNULL(0))
		PG_RETURN_JSONB_P(unwrap(PG_GETARG_JSONB_P(0)));
	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(1));
}
