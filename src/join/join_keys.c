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

/*
 * Two columns of different collations: either says which strings are equal
 * when both only tell bytes apart, and neither when one of them does not.
 * False after a fault.
 */
static bool
check_collations(PrismiqCheck *check, PrismiqJoinKey *key)
{
	if (prismiq_pair_collates(key->from->collation, key->to->collation, &key->collate) &&
		(!key->collate || key->op == PRISMIQ_OP_EQ || key->op == PRISMIQ_OP_NEQ))
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

/* Does a cast make different values of a column equal?  One to citext forgets the case. */
static bool
cast_makes_equal(Oid from, Oid to)
{
	return (to == FLOAT8OID && (from == INT8OID || from == NUMERICOID)) ||
		(to >= FirstNormalObjectId && from != to);
}

/* The column of a key that is the table's. */
PrismiqColumnRef *
prismiq_key_of(const PrismiqJoinKey *key, const PrismiqTable *table)
{
	return key->from->table == table ? key->from : key->to;
}

/* Is one column of a key compared exactly? */
bool
prismiq_key_is_exact(const PrismiqJoinKey *key, const PrismiqColumnRef *ref)
{
	return key->op == PRISMIQ_OP_EQ && !cast_makes_equal(ref->basetype, key->cast_type);
}
