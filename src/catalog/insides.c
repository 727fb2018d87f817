/*-------------------------------------------------------------------------
 *
 * insides.c
 *	  Our functions that take a value out of a jsonb value (entry/entry_inside.c).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

#include "catalog/catalogs.h"
#include "model/inside.h"

/* What they are called in SQL and in C, and what they return. */
static const struct
{
	const char *name;
	const char *symbol;
	Oid			type;
}			functions[] =
{
	[PRISMIQ_INSIDE_TEXT] = {"prismiq_json_text", "prismiq_inside_text", TEXTOID},
	[PRISMIQ_INSIDE_NUMBER] = {"prismiq_json_number", "prismiq_inside_number", NUMERICOID},
	[PRISMIQ_INSIDE_INTEGER] = {"prismiq_json_integer", "prismiq_inside_integer", INT8OID},
	[PRISMIQ_INSIDE_BOOLEAN] = {"prismiq_json_boolean", "prismiq_inside_boolean", BOOLOID},
	[PRISMIQ_INSIDE_DATE] = {"prismiq_json_date", "prismiq_inside_date", DATEOID},
	[PRISMIQ_INSIDE_TIMESTAMP] = {
		"prismiq_json_timestamp", "prismiq_inside_timestamp", TIMESTAMPOID
	},
	[PRISMIQ_INSIDE_UUID] = {"prismiq_json_uuid", "prismiq_inside_uuid", UUIDOID},
};

StaticAssertDecl(lengthof(functions) == PRISMIQ_INSIDE_TYPES,
				 "each type has its function");

/* The function for a type, and what it returns; raises where somebody has dropped it. */
Oid
prismiq_inside_function(PrismiqInsideType type, Oid *result_type)
{
	static const Oid arguments[] = {JSONBOID, JSONBOID};
	Oid			function;

	function = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid,
							   CStringGetDatum(functions[type].name),
							   PointerGetDatum(buildoidvector(arguments, lengthof(arguments))),
							   ObjectIdGetDatum(prismiq_home_namespace()));
	*result_type = functions[type].type;
	if (!OidIsValid(function))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("function %s(jsonb, jsonb) of prismiq is not there",
						functions[type].name)));
	return function;
}

/* Is it one of them, as we have made it? */
bool
prismiq_is_inside_function(Oid function)
{
	HeapTuple	tuple;
	bool		found = false;
	int			i;

	if (function < FirstNormalObjectId)
		return false;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		return false;
	for (i = 0; i < lengthof(functions) && !found; i++)
		found = prismiq_function_has_symbol(tuple, functions[i].symbol);
	ReleaseSysCache(tuple);
	return found;
}
