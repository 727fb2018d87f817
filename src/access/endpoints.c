/*-------------------------------------------------------------------------
 *
 * endpoints.c
 *	  Functions of the application's that custom widgets are answered by.
 *
 * prismiq_custom_endpoints names them by signature, with whose they were when they
 * were registered.  A function that takes the place of one that was dropped or
 * renamed is called only if it is the same owner's: who may merely create functions
 * in the schema cannot put one in its place.  What the function itself names without a
 * schema is looked for as its author has set; see call.c.
 *
 * The table is read as system code does, with no privilege of the caller's; it is
 * its owner's, who may be anybody, and what is in it is not trusted to be right.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"

#include "access/endpoints.h"
#include "base/compat_rights.h"
#include "base/nearest.h"
#include "catalog/catalogs.h"

/* See the header. */
const char *
prismiq_endpoint_function(const char *signature, const char *owner, PrismiqEndpoint *endpoint)
{
	const char *owner_now;

	if (!prismiq_function_find(signature, &endpoint->function))
		return "function_gone";
	if (!endpoint->function.is_plain ||
		(endpoint->function.type != JSONBOID && endpoint->function.type != TEXTOID &&
		 endpoint->function.type != BYTEAOID))
		return "not_suitable";
	owner_now = GetUserNameFromId(endpoint->function.owner, true);
	return owner_now != NULL && strcmp(owner_now, owner) == 0 ? NULL : "owner_changed";
}

/* Begin a scan of the table, by the name of an endpoint where it is not null. */
static SysScanDesc
begin_scan(Relation rel, const char *name)
{
	AttrNumber	attnum = prismiq_home_column(rel, "endpoint", TEXTOID);
	Oid			index = name != NULL ? prismiq_home_index(rel, attnum) : InvalidOid;
	ScanKeyData key;

	if (name == NULL)
		return systable_beginscan(rel, InvalidOid, false, NULL, 0, NULL);
	ScanKeyEntryInitialize(&key, 0, attnum, BTEqualStrategyNumber, TEXTOID,
						   TupleDescAttr(RelationGetDescr(rel), attnum - 1)->attcollation,
						   F_TEXTEQ, CStringGetTextDatum(name));
	return systable_beginscan(rel, index, OidIsValid(index), NULL, 1, &key);
}

/* A value of a row. */
static Datum
value_of(Relation rel, HeapTuple tuple, const char *column, Oid type, bool *isnull)
{
	return heap_getattr(tuple, prismiq_home_column(rel, column, type), RelationGetDescr(rel),
						isnull);
}

/* Does an endpoint hold, and may the caller execute its function? */
static bool
is_there(Relation rel, HeapTuple tuple, PrismiqEndpoint *endpoint)
{
	bool		no_function;
	bool		no_owner;
	Datum		function = value_of(rel, tuple, "function", TEXTOID, &no_function);
	Datum		owner = value_of(rel, tuple, "owner", NAMEOID, &no_owner);

	return !no_function && !no_owner &&
		prismiq_endpoint_function(TextDatumGetCString(function),
								  NameStr(*DatumGetName(owner)), endpoint) == NULL &&
		prismiq_may_use_schema(endpoint->function.schema) &&
		prismiq_may_execute(endpoint->function.oid);
}

/* See the header. */
bool
prismiq_endpoint_find(Oid tables, const char *name, PrismiqEndpoint *endpoint)
{
	Relation	rel = prismiq_home_open(tables, "prismiq_custom_endpoints", AccessShareLock);
	SysScanDesc scan = begin_scan(rel, name);
	HeapTuple	tuple = systable_getnext(scan);
	bool		found = false;

	if (HeapTupleIsValid(tuple))
		found = is_there(rel, tuple, endpoint);
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	endpoint->name = name;
	return found;
}

/* See the header. */
char *
prismiq_endpoint_nearest(Oid tables, const char *name, PrismiqFaults *faults)
{
	PrismiqNearest nearest;
	PrismiqEndpoint endpoint;
	Relation	rel;
	SysScanDesc scan;
	HeapTuple	tuple;

	if (!prismiq_nearest_init(&nearest, faults, name))
		return NULL;
	rel = prismiq_home_open(tables, "prismiq_custom_endpoints", AccessShareLock);
	scan = begin_scan(rel, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		isnull;
		Datum		value = value_of(rel, tuple, "endpoint", TEXTOID, &isnull);

		CHECK_FOR_INTERRUPTS();
		if (!isnull && is_there(rel, tuple, &endpoint))
			prismiq_nearest_offer(&nearest, TextDatumGetCString(value));
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return prismiq_nearest_result(&nearest);
}
