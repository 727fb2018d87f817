/*-------------------------------------------------------------------------
 *
 * pairs.c
 *	  How values of two types are compared with each other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"

#include "catalog/catalogs.h"
#include "model/words.h"

/* Is it a number, and not only counted among them by its category, as numbers of objects are? */
static bool
is_number(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID || type == NUMERICOID ||
		type == FLOAT4OID || type == FLOAT8OID;
}

/* A type that both can be compared as, when one is wider than the other. */
static Oid
common_type(Oid left, Oid right)
{
	char		category = prismiq_type_category(left);

	if (category != prismiq_type_category(right) || left >= FirstNormalObjectId ||
		right >= FirstNormalObjectId)
		return InvalidOid;
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
