/*-------------------------------------------------------------------------
 *
 * pairs.c
 *	  How values of two types are compared with each other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "catalog/catalogs.h"
#include "model/words.h"

/* Is it a number, and not only counted among them by its category, as numbers of objects are? */
static bool
is_number(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID || type == NUMERICOID ||
		type == FLOAT4OID || type == FLOAT8OID;
}

/* Is every value of a text type one of an extension's type as it is, so that no cast is run? */
static bool
is_held_by(Oid text, Oid type)
{
	HeapTuple	tuple;
	bool		result;

	if (text >= FirstNormalObjectId || !prismiq_type_is_nameable(type))
		return false;
	tuple = SearchSysCache2(CASTSOURCETARGET, ObjectIdGetDatum(text), ObjectIdGetDatum(type));
	if (!HeapTupleIsValid(tuple))
		return false;
	result = ((Form_pg_cast) GETSTRUCT(tuple))->castmethod == COERCION_METHOD_BINARY;
	ReleaseSysCache(tuple);
	return result;
}

/*
 * A type that both can be compared as, when one is wider than the other.  Text is
 * compared as an extension's type of strings with one of that, as citext.
 */
static Oid
common_type(Oid left, Oid right)
{
	char		category = prismiq_type_category(left);

	if (category != prismiq_type_category(right))
		return InvalidOid;
	if (left >= FirstNormalObjectId || right >= FirstNormalObjectId)
	{
		if (category != TYPCATEGORY_STRING)
			return InvalidOid;
		return is_held_by(left, right) ? right : is_held_by(right, left) ? left : InvalidOid;
	}
	if (category == TYPCATEGORY_STRING)
		return TEXTOID;
	if (!is_number(left) || !is_number(right))
		return InvalidOid;
	if (left == FLOAT4OID || left == FLOAT8OID || right == FLOAT4OID || right == FLOAT8OID)
		return FLOAT8OID;
	return NUMERICOID;
}

/*
 * The operator that compares values of two types, and the type to cast both to
 * first, or invalid; false when they cannot be compared.
 */
bool
prismiq_pair_operator(Oid left, Oid right, PrismiqOperator op, Oid *operator, Oid *cast_type)
{
	*cast_type = InvalidOid;
	*operator = left == right ? prismiq_comparison_operator(left, op) :
		prismiq_family_operator(left, right, op);
	if (!OidIsValid(*operator) && left != right)
	{
		*cast_type = common_type(left, right);
		if (OidIsValid(*cast_type))
			*operator = prismiq_comparison_operator(*cast_type, op);
	}
	return OidIsValid(*operator);
}

/*
 * Does it make no difference by which of two collations strings are told to be
 * equal?  It does not when both only tell bytes apart; "collate" says that they are
 * two, so that one has to be named.
 */
bool
prismiq_pair_collates(Oid left, Oid right, bool *collate)
{
	*collate = OidIsValid(left) && OidIsValid(right) && left != right;
	return !*collate ||
		(get_collation_isdeterministic(left) && get_collation_isdeterministic(right));
}
