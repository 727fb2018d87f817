/*-------------------------------------------------------------------------
 *
 * join_keys.c
 *	  How two columns are compared that tables are joined by.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "join/join.h"
#include "model/table.h"
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
 * Two columns of different collations: either says which strings are equal
 * when both only tell bytes apart, and neither when one of them does not.
 * False after a fault.
 */
static bool
check_collations(PrismiqCheck *check, PrismiqJoinKey *key)
{
	Oid			left = key->from->collation;
	Oid			right = key->to->collation;

	if (!OidIsValid(left) || !OidIsValid(right) || left == right)
		return true;
	key->collate = true;
	if (get_collation_isdeterministic(left) && get_collation_isdeterministic(right) &&
		(key->op == PRISMIQ_OP_EQ || key->op == PRISMIQ_OP_NEQ))
		return true;
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_JOIN, key->path, NULL,
					  "cannot join \"%s\" with \"%s\": their collations differ",
					  key->from->name, key->to->name);
	return false;
}

/* Can PostgreSQL make a FULL join by this pair? */
static bool
can_join_fully(const PrismiqJoinKey *key)
{
	Oid			type = OidIsValid(key->cast_type) ? key->cast_type : key->from->basetype;

	return key->op == PRISMIQ_OP_EQ &&
		(op_mergejoinable(key->operator, type) || op_hashjoinable(key->operator, type));
}

/* Find the operator of one pair of columns; false after a fault. */
bool
prismiq_join_key_check(PrismiqCheck *check, const PrismiqJoin *join, PrismiqJoinKey *key)
{
	if (!prismiq_pair_operator(key->from->basetype, key->to->basetype, key->op, &key->operator,
							   &key->cast_type))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_JOIN, key->path, NULL,
						  "cannot join \"%s\" of type %s with \"%s\" of type %s",
						  key->from->name, prismiq_type_name(key->from->type),
						  key->to->name, prismiq_type_name(key->to->type));
		return false;
	}
	if (join->type == PRISMIQ_JOIN_FULL && !can_join_fully(key))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_JOIN, key->path,
						  "Use LEFT or RIGHT, or equal columns.",
						  "a FULL join takes only columns that are equal");
		return false;
	}
	return check_collations(check, key);
}
