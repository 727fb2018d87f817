/*-------------------------------------------------------------------------
 *
 * joins.c
 *	  Joins: which columns, and in which order.
 *
 * The joins of a definition make a tree over its tables; each is printed when
 * one of its sides has been reached, flipped if need be, so that no table is
 * ever joined twice and none is cross joined.  What no join reaches is joined
 * along foreign keys (paths.c).
 *
 * What the joins multiply is found out in fan_out.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/stratnum.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "check/check.h"

/* A type's equality with another type within one operator family, or invalid. */
static Oid
family_equality(Oid left, Oid right)
{
	TypeCacheEntry *left_entry = lookup_type_cache(left, TYPECACHE_BTREE_OPFAMILY);
	TypeCacheEntry *right_entry = lookup_type_cache(right, TYPECACHE_BTREE_OPFAMILY);

	if (!OidIsValid(left_entry->btree_opf) || left_entry->btree_opf != right_entry->btree_opf)
		return InvalidOid;
	return get_opfamily_member(left_entry->btree_opf, left_entry->btree_opintype,
							   right_entry->btree_opintype, BTEqualStrategyNumber);
}

/* A type that both can be compared as, when one is wider than the other. */
static Oid
common_type(Oid left, Oid right)
{
	char		left_category;
	char		right_category;
	bool		preferred;

	get_type_category_preferred(left, &left_category, &preferred);
	get_type_category_preferred(right, &right_category, &preferred);
	if (left_category != right_category || left >= FirstNormalObjectId ||
		right >= FirstNormalObjectId)
		return InvalidOid;
	if (left_category == TYPCATEGORY_STRING)
		return TEXTOID;
	if (left_category != TYPCATEGORY_NUMERIC || left == CASHOID || right == CASHOID)
		return InvalidOid;
	if (left == FLOAT4OID || left == FLOAT8OID || right == FLOAT4OID || right == FLOAT8OID)
		return FLOAT8OID;
	return NUMERICOID;
}

/* Could the cast of a column to a type raise? */
static bool
cast_may_raise(Oid from, Oid to)
{
	return from == NUMERICOID && to == FLOAT8OID;
}

/*
 * Two columns of different collations: either says which strings are equal
 * when both only tell bytes apart, and neither when one of them does not.
 * False after a fault.
 */
static bool
check_collations(PrismiqCheck *check, PrismiqJoin *join, PrismiqJoinKey *key)
{
	Oid			left = key->from->collation;
	Oid			right = key->to->collation;

	if (!OidIsValid(left) || !OidIsValid(right) || left == right)
		return true;
	key->collate = true;
	if (get_collation_isdeterministic(left) && get_collation_isdeterministic(right))
		return true;
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_JOIN, join->path, NULL,
					  "cannot join \"%s\" with \"%s\": their collations differ",
					  key->from->name, key->to->name);
	return false;
}

/* Find the operator of one pair of columns; false after a fault. */
bool
prismiq_join_key_check(PrismiqCheck *check, PrismiqJoin *join, PrismiqJoinKey *key)
{
	Oid			left = key->from->basetype;
	Oid			right = key->to->basetype;

	key->eq = left == right ? prismiq_comparison_operator(left, PRISMIQ_OP_EQ) :
		family_equality(left, right);
	if (!OidIsValid(key->eq) && left != right)
	{
		key->cast_type = common_type(left, right);
		if (OidIsValid(key->cast_type))
			key->eq = prismiq_comparison_operator(key->cast_type, PRISMIQ_OP_EQ);
	}
	if (!OidIsValid(key->eq))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_JOIN, join->path, NULL,
						  "cannot join \"%s\" of type %s with \"%s\" of type %s",
						  key->from->name, prismiq_type_name(key->from->type),
						  key->to->name, prismiq_type_name(key->to->type));
		return false;
	}
	if (!prismiq_operator_is_silent(key->eq) || cast_may_raise(left, key->cast_type) ||
		cast_may_raise(right, key->cast_type))
		key->from->table->fenced = key->to->table->fenced = true;
	return check_collations(check, join, key);
}

/* Look up the tables and columns of a join; false after a fault. */
static bool
resolve_join(PrismiqCheck *check, PrismiqJoin *join)
{
	ListCell   *lc;
	bool		ok = true;

	foreach(lc, join->keys)
	{
		PrismiqJoinKey *key = (PrismiqJoinKey *) lfirst(lc);
		bool		found = prismiq_check_column_ref(check, key->from, false);

		if (!prismiq_check_column_ref(check, key->to, false) || !found)
			ok = false;
		else if (key->from->table == key->to->table)
		{
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_JOIN, join->path,
							  "List the table twice, with two ids, to join it with itself.",
							  "a join needs two tables");
			ok = false;
		}
		else
			ok = prismiq_join_key_check(check, join, key) && ok;
	}
	if (ok && join->keys != NIL)
	{
		PrismiqJoinKey *key = (PrismiqJoinKey *) linitial(join->keys);

		join->from = key->from->table;
		join->to = key->to->table;
	}
	return ok;
}

/* Swap the sides of a join, so that it joins what was its "from". */
static void
flip_join(PrismiqJoin *join)
{
	PrismiqTable *table = join->from;

	join->from = join->to;
	join->to = table;
	if (join->printed_type == PRISMIQ_JOIN_LEFT)
		join->printed_type = PRISMIQ_JOIN_RIGHT;
	else if (join->printed_type == PRISMIQ_JOIN_RIGHT)
		join->printed_type = PRISMIQ_JOIN_LEFT;
}

/* Take a join into the order of printing. */
static void
place_join(PrismiqQuery *query, PrismiqJoin *join)
{
	ListCell   *lc;

	join->to->joined = true;
	query->join_order = lappend(query->join_order, join);

	/* An outer join makes everything on its weak side nullable. */
	if (join->printed_type == PRISMIQ_JOIN_LEFT || join->printed_type == PRISMIQ_JOIN_FULL)
		join->to->nullable = true;
	if (join->printed_type == PRISMIQ_JOIN_RIGHT || join->printed_type == PRISMIQ_JOIN_FULL)
		foreach(lc, query->tables)
		{
			PrismiqTable *table = (PrismiqTable *) lfirst(lc);

			if (table->joined && table != join->to)
				table->nullable = true;
		}
}

/*
 * Place every join that one side of which has been reached, as often as there
 * are any.  Both sides reached: the tables would be joined in a circle.
 */
static void
place_reached(PrismiqCheck *check, List *joins)
{
	bool		progress = true;

	while (progress)
	{
		ListCell   *lc;

		progress = false;
		foreach(lc, joins)
		{
			PrismiqJoin *join = (PrismiqJoin *) lfirst(lc);

			CHECK_FOR_INTERRUPTS();
			if (join->from == NULL || list_member_ptr(check->query->join_order, join))
				continue;
			if (!join->from->joined && !join->to->joined)
				continue;
			if (join->from->joined && join->to->joined)
			{
				prismiq_fault_add(check->faults, PRISMIQ_CIRCULAR_JOIN, join->path,
								  "Remove one of the joins, or list a table twice.",
								  "tables \"%s\" and \"%s\" are already joined",
								  join->from->id, join->to->id);
				join->from = NULL;
				continue;
			}
			join->printed_type = join->type;
			if (!join->from->joined)
				flip_join(join);
			place_join(check->query, join);
			progress = true;
		}
	}
}

/* Resolve the joins, order them, and connect what they leave out. */
void
prismiq_check_joins(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	PrismiqTable *first;
	bool		ok = true;
	ListCell   *lc;

	foreach(lc, query->joins)
		if (!resolve_join(check, (PrismiqJoin *) lfirst(lc)))
			ok = false;
	foreach(lc, query->tables)
	{
		const PrismiqTable *table = (const PrismiqTable *) lfirst(lc);

		if (!OidIsValid(table->relid) || table->id == NULL)
			ok = false;
	}
	if (!ok || query->tables == NIL)
		return;					/* what is missing has been noted */

	first = (PrismiqTable *) linitial(query->tables);
	first->joined = true;
	place_reached(check, query->joins);

	/* A copy: automatic joins may bring tables that are not listed. */
	foreach(lc, list_copy(query->tables))
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		if (table->joined)
			continue;
		if (!prismiq_path_connect(check, table))
			return;
		place_reached(check, query->joins);
	}
}
