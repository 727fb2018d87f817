/*-------------------------------------------------------------------------
 *
 * join_keys.c
 *	  How two columns are compared that tables are joined by.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

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
