/*-------------------------------------------------------------------------
 *
 * types.c
 *	  What the catalogs say of a type.
 *
 * A node whose look-up failed has no type, and the walkers go on with it so
 * that all faults are found in one go.  So every question here has an answer
 * for InvalidOid, which accuses nothing: that node has its own fault already.  The
 * server's functions, which raise an internal error then, are called from here
 * and from operators.c alone (make check-style).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "base/compat_rights.h"
#include "catalog/catalogs.h"

/*
 * The type under a domain, else the type itself.  None of those with the
 * server's fixed OIDs is a domain, and most columns are of one.  A domain over a
 * type that the caller may not name stays a domain: a statement could not cast
 * to what is under it, and such a type has no operators (operators.c).
 */
Oid
prismiq_base_type(Oid type)
{
	Oid			base = type < FirstGenbkiObjectId ? type : getBaseType(type);

	return base == type || prismiq_type_is_nameable(base) ? base : type;
}

/*
 * What a column of a domain is cast to where a statement reads it: a type that
 * somebody made has operators in its own schema, and one for the domain itself,
 * there by the same name, would win.  Invalid where that cannot be.
 */
Oid
prismiq_domain_cast(Oid type, Oid base)
{
	return base != type && base >= FirstUnpinnedObjectId ? base : InvalidOid;
}

/* Can rows be grouped and sorted by values of the type? */
bool
prismiq_type_is_groupable(Oid type)
{
	TypeCacheEntry *entry;

	if (!OidIsValid(type))
		return true;
	entry = lookup_type_cache(type, TYPECACHE_EQ_OPR | TYPECACHE_LT_OPR);
	return OidIsValid(entry->eq_opr) && OidIsValid(entry->lt_opr);
}

/* The category of a type, one of TYPCATEGORY_...; '\0' when there is none. */
char
prismiq_type_category(Oid type)
{
	char		category = '\0';
	bool		preferred;

	if (OidIsValid(type))
		get_type_category_preferred(type, &category, &preferred);
	return category;
}

/* A type's name for messages and metadata. */
char *
prismiq_type_name(Oid type)
{
	return OidIsValid(type) ? format_type_be(type) : "unknown";
}

/* Invalid for a type that was dropped just now. */
Oid
prismiq_type_namespace(Oid type)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	Oid			result = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		result = ((Form_pg_type) GETSTRUCT(tuple))->typnamespace;
		ReleaseSysCache(tuple);
	}
	return result;
}

/* May a statement of the caller's name the type?  Not without a right on its schema. */
bool
prismiq_type_is_nameable(Oid type)
{
	return type < FirstNormalObjectId || prismiq_may_use_schema(prismiq_type_namespace(type));
}

/* Does a composite type hold values whose input looks names up? */
static bool
row_input_asks_catalogs(Oid type)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(type, -1);
	bool		result = false;
	int			i;

	for (i = 0; i < desc->natts && !result; i++)
		result = !TupleDescAttr(desc, i)->attisdropped &&
			prismiq_type_input_asks_catalogs(TupleDescAttr(desc, i)->atttypid);
	ReleaseTupleDesc(desc);
	return result;
}

/*
 * Does a type's input function look names up in the catalogs, or that of
 * something which its values are made of?  It must not be given what a caller
 * wrote: whether a name is known there is nothing for the caller, and the
 * system caches keep an entry for every name that is none.
 */
bool
prismiq_type_input_asks_catalogs(Oid type)
{
	check_stack_depth();
	switch (type)
	{
		case ACLITEMOID:
		case REGCLASSOID:
		case REGCOLLATIONOID:
		case REGCONFIGOID:
		case REGDICTIONARYOID:
		case REGNAMESPACEOID:
		case REGOPERATOROID:
		case REGOPEROID:
		case REGPROCEDUREOID:
		case REGPROCOID:
		case REGROLEOID:
		case REGTYPEOID:
			return true;
		default:
			break;
	}
	if (OidIsValid(get_element_type(type)))
		return prismiq_type_input_asks_catalogs(get_element_type(type));
	switch (get_typtype(type))
	{
		case TYPTYPE_ENUM:
			return true;
		case TYPTYPE_DOMAIN:
			return prismiq_type_input_asks_catalogs(getBaseType(type));
		case TYPTYPE_COMPOSITE:
			return row_input_asks_catalogs(type);
		case TYPTYPE_RANGE:
			return prismiq_type_input_asks_catalogs(get_range_subtype(type));
		case TYPTYPE_MULTIRANGE:
			return prismiq_type_input_asks_catalogs(get_multirange_range(type));
		default:
			return false;
	}
}

/* Is it a type that dates and buckets work on? */
bool
prismiq_type_is_time(Oid type)
{
	return type == DATEOID || type == TIMESTAMPOID || type == TIMESTAMPTZOID;
}

/* How wide a type of numbers is, from 1; 0 for other types. */
int
prismiq_number_rank(Oid type)
{
	switch (type)
	{
		case INT2OID:
			return 1;
		case INT4OID:
			return 2;
		case INT8OID:
			return 3;
		case NUMERICOID:
			return 4;
		case FLOAT4OID:
			return 5;
		case FLOAT8OID:
			return 6;
		default:
			return 0;
	}
}

/* citext and the like are strings too. */
bool
prismiq_type_is_text(Oid type)
{
	return type == TEXTOID || prismiq_type_category(type) == TYPCATEGORY_STRING;
}
