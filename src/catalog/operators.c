/*-------------------------------------------------------------------------
 *
 * operators.c
 *	  The operators that compare values of a type.
 *
 * A definition asks for the same few operators again and again, and each
 * answer takes several looks at the catalogs.  So they are remembered, per
 * backend, until one of the catalogs that they are made from changes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/namespace.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "base/cache.h"
#include "base/compat_rights.h"
#include "catalog/catalogs.h"
#include "model/stages.h"
#include "model/words.h"

/* The operators of a type's default operator classes; invalid where there is none. */
typedef struct TypeOperators
{
	Oid			by_strategy[BTMaxStrategyNumber + 1];	/* of btree; [0] is "not equal" */
} TypeOperators;

/* Keys: a type. */
static PrismiqCache operators = {
	.name = "prismiq operators",
	.catalogs = PRISMIQ_OF_TYPES | PRISMIQ_OF_OPERATOR_CLASSES | PRISMIQ_OF_OPERATOR_FAMILIES |
	PRISMIQ_OF_OPERATORS | PRISMIQ_OF_FUNCTIONS,
	.max_entries = 1024
};

/*
 * Ask the catalogs for a type's operators.  Containers have those of all
 * containers, whatever is in them: only the type cache looks whether that can be
 * compared.
 */
static void
find_operators(Oid type, TypeOperators *found)
{
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR | TYPECACHE_LT_OPR |
											  TYPECACHE_BTREE_OPFAMILY);
	Oid			equal = entry->eq_opr;	/* may be that of a hash class */
	Oid			family = OidIsValid(entry->lt_opr) ? entry->btree_opf : InvalidOid;
	Oid			input = entry->btree_opintype;
	int			strategy;

	found->by_strategy[0] = OidIsValid(equal) ? get_negator(equal) : InvalidOid;
	for (strategy = 1; strategy <= BTMaxStrategyNumber; strategy++)
		found->by_strategy[strategy] = OidIsValid(family) ?
			get_opfamily_member(family, input, input, strategy) : InvalidOid;
	found->by_strategy[BTEqualStrategyNumber] = equal;
}

/* Is it a type at all, and not a domain over one that the caller may not name? */
static bool
has_operators(Oid type)
{
	return OidIsValid(type) &&
		(type < FirstNormalObjectId || get_typtype(type) != TYPTYPE_DOMAIN);
}

/*
 * An operator, if the caller may use it: its name is printed with its schema,
 * which takes a right on that.  Invalid when not.
 */
static Oid
usable_operator(Oid op)
{
	HeapTuple	tuple;
	Form_pg_operator form;
	bool		usable;

	if (op < FirstNormalObjectId)
		return op;
	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(op));
	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	form = (Form_pg_operator) GETSTRUCT(tuple);
	usable = prismiq_may_use_schema(form->oprnamespace) && prismiq_may_execute(form->oprcode);
	ReleaseSysCache(tuple);
	return usable ? op : InvalidOid;
}

/*
 * The operator that compares two values of a type, by the type's default
 * operator class; invalid when it has none, or none that the caller may use.
 */
Oid
prismiq_comparison_operator(Oid type, PrismiqOperator op)
{
	static const int strategies[] = {
		[PRISMIQ_OP_EQ] = BTEqualStrategyNumber,
		[PRISMIQ_OP_NEQ] = 0,
		[PRISMIQ_OP_GT] = BTGreaterStrategyNumber,
		[PRISMIQ_OP_GTE] = BTGreaterEqualStrategyNumber,
		[PRISMIQ_OP_LT] = BTLessStrategyNumber,
		[PRISMIQ_OP_LTE] = BTLessEqualStrategyNumber,
	};
	PrismiqCacheKey key = {{type}};
	const TypeOperators *known;
	TypeOperators found;

	if (op >= lengthof(strategies) || !has_operators(type))
		return InvalidOid;
	known = prismiq_cache_find(&operators, &key);
	if (known != NULL)
		return usable_operator(known->by_strategy[strategies[op]]);

	find_operators(type, &found);
	prismiq_cache_keep(&operators, &key, &found, sizeof(found));
	return usable_operator(found.by_strategy[strategies[op]]);
}

/*
 * The operator that compares values of two types of one operator family; invalid
 * when there is none that the caller may use.  An operator of any array, enum or
 * range takes two of one type only.
 */
Oid
prismiq_family_operator(Oid left, Oid right, PrismiqOperator op)
{
	static const StrategyNumber strategies[] = {
		[PRISMIQ_OP_EQ] = BTEqualStrategyNumber,
		[PRISMIQ_OP_NEQ] = BTEqualStrategyNumber,
		[PRISMIQ_OP_GT] = BTGreaterStrategyNumber,
		[PRISMIQ_OP_GTE] = BTGreaterEqualStrategyNumber,
		[PRISMIQ_OP_LT] = BTLessStrategyNumber,
		[PRISMIQ_OP_LTE] = BTLessEqualStrategyNumber,
	};
	TypeCacheEntry *entry;
	Oid			family;
	Oid			input;
	Oid			result;

	if (op >= lengthof(strategies) || !has_operators(left) || !has_operators(right))
		return InvalidOid;
	entry = lookup_type_cache(left, TYPECACHE_BTREE_OPFAMILY);
	family = entry->btree_opf;
	input = entry->btree_opintype;
	entry = lookup_type_cache(right, TYPECACHE_BTREE_OPFAMILY);
	if (!OidIsValid(family) || family != entry->btree_opf || IsPolymorphicType(input))
		return InvalidOid;
	result = get_opfamily_member(family, input, entry->btree_opintype, strategies[op]);
	if (OidIsValid(result) && op == PRISMIQ_OP_NEQ)
		result = get_negator(result);
	return usable_operator(result);
}

/* Who an operator belongs to; invalid when it is gone. */
static Oid
owner_of_operator(Oid op)
{
	HeapTuple	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(op));
	Oid			owner = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		owner = ((Form_pg_operator) GETSTRUCT(tuple))->oprowner;
		ReleaseSysCache(tuple);
	}
	return owner;
}

/* Who a type belongs to; invalid when it is gone. */
static Oid
owner_of_type(Oid type)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	Oid			owner = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		owner = ((Form_pg_type) GETSTRUCT(tuple))->typowner;
		ReleaseSysCache(tuple);
	}
	return owner;
}

/* The operator of a name in a schema; invalid when there is none. */
static Oid
operator_in(const char *nspname, const char *name, Oid left, Oid right)
{
	return OpernameGetOprid(list_make2(makeString(pstrdup(nspname)), makeString(pstrdup(name))),
							left, right);
}

/*
 * The operator of a name that whoever made a type made beside it, or invalid.
 * One that somebody else put there is not the type's own.
 */
Oid
prismiq_own_operator(Oid type, const char *name)
{
	char	   *nspname = get_namespace_name(prismiq_type_namespace(type));
	Oid			op;

	if (nspname == NULL)
		return InvalidOid;		/* dropped just now */
	op = operator_in(nspname, name, type, type);
	return OidIsValid(op) && owner_of_operator(op) == owner_of_type(type) ? op : InvalidOid;
}

/* An operator of pg_catalog by its name; invalid when there is none. */
Oid
prismiq_builtin_operator(const char *name, Oid left, Oid right)
{
	return operator_in("pg_catalog", name, left, right);
}
