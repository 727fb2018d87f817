/*-------------------------------------------------------------------------
 *
 * tenants.c
 *	  Which columns can tell tenants apart, and a tenant's id as a value.
 *
 * Two tenants with different ids must never be the same value of a tenant
 * column: to compare them is all that keeps them apart.  Two rules see to it:
 *
 * - Only types are taken in which values are equal when they are written the
 *   same, and not otherwise.  That leaves out types that round (float), ignore
 *   something (numeric's zeros, citext's case, "char"'s length, intervals),
 *   wrap (oid, xid), or are written as the session's settings say (dates,
 *   bytea, money), and all that are not the server's own; and collations under
 *   which different texts are equal.
 *
 * - The id's value, written out, must be the id again, byte for byte.  So
 *   " 7", "+7" and "007" are not tenant 7, nor is a uuid in capitals.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "access/access.h"
#include "base/input_value.h"
#include "catalog/catalogs.h"

/* The type under a domain, else the type itself; invalid when it is gone. */
static Oid
base_of(Oid type, char *typtype)
{
	for (;;)
	{
		HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
		Oid			under;

		if (!HeapTupleIsValid(tuple))
			return InvalidOid;
		*typtype = ((Form_pg_type) GETSTRUCT(tuple))->typtype;
		under = ((Form_pg_type) GETSTRUCT(tuple))->typbasetype;
		ReleaseSysCache(tuple);
		if (*typtype != TYPTYPE_DOMAIN)
			return type;
		type = under;
	}
}

/* Are texts equal under the collation only when they are the same? */
static bool
collation_tells_apart(Oid collation)
{
	HeapTuple	tuple;
	bool		result;

	if (!OidIsValid(collation))
		return true;			/* the type has none */
	tuple = SearchSysCache1(COLLOID, ObjectIdGetDatum(collation));
	if (!HeapTupleIsValid(tuple))
		return false;
	result = ((Form_pg_collation) GETSTRUCT(tuple))->collisdeterministic;
	ReleaseSysCache(tuple);
	return result;
}

/*
 * The type as which a column's values are compared with tenants' ids; invalid
 * when two tenants could be the same value.
 */
Oid
prismiq_tenant_type(Oid type, Oid collation)
{
	char		typtype = '\0';
	Oid			base = base_of(type, &typtype);

	switch (base)
	{
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
		case NAMEOID:
		case UUIDOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
			break;
		default:
			if (!OidIsValid(base) || typtype != TYPTYPE_ENUM)
				return InvalidOid;
	}
	return collation_tells_apart(collation) ? base : InvalidOid;
}

/*
 * A tenant's id as a value of a type that prismiq_tenant_type() gave; false
 * when it is none: such a tenant has no rows in the table.
 */
bool
prismiq_tenant_value(Oid type, const char *tenant_id, Datum *value)
{
	Oid			typinput;
	Oid			typioparam;
	Oid			typoutput;
	bool		isvarlena;

	if (type == TEXTOID || type == VARCHAROID)
	{
		*value = CStringGetTextDatum(tenant_id);
		return true;
	}
	/* The blanks at the end are written, and yet do not count. */
	if (type == BPCHAROID && tenant_id[strlen(tenant_id) - 1] == ' ')
		return false;
	/* Labels of an enum are written as they are. */
	if (type >= FirstNormalObjectId)
		return prismiq_enum_find(NULL, type, tenant_id, value);
	getTypeInputInfo(type, &typinput, &typioparam);
	if (!prismiq_input_value(typinput, tenant_id, typioparam, -1, value))
		return false;
	getTypeOutputInfo(type, &typoutput, &isvarlena);
	return strcmp(OidOutputFunctionCall(typoutput, *value), tenant_id) == 0;
}

/* Some tenant's id that is a value of the type; null when there is none. */
const char *
prismiq_tenant_any(Oid type)
{
	switch (type)
	{
		case InvalidOid:
			return NULL;
		case UUIDOID:
			return "00000000-0000-0000-0000-000000000000";
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return "0";
		default:
			return type >= FirstNormalObjectId ? prismiq_enum_any(type) : "any";
	}
}
