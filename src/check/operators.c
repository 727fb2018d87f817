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

#include "access/stratnum.h"
#include "access/transam.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "base/cache.h"
#include "check/check.h"

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

/* Ask the catalogs for a type's operators. */
static void
find_operators(Oid type, TypeOperators *found)
{
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR | TYPECACHE_BTREE_OPFAMILY);
	Oid			equal = entry->eq_opr;	/* may be that of a hash class */
	Oid			family = entry->btree_opf;
	Oid			input = entry->btree_opintype;
	int			strategy;

	found->by_strategy[0] = OidIsValid(equal) ? get_negator(equal) : InvalidOid;
	for (strategy = 1; strategy <= BTMaxStrategyNumber; strategy++)
		found->by_strategy[strategy] = OidIsValid(family) ?
			get_opfamily_member(family, input, input, strategy) : InvalidOid;
	found->by_strategy[BTEqualStrategyNumber] = equal;
}

/*
 * The operator that compares two values of a type, by the type's default
 * operator class; invalid when it has none.
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

	if (op >= lengthof(strategies))
		return InvalidOid;
	known = prismiq_cache_find(&operators, &key);
	if (known != NULL)
		return known->by_strategy[strategies[op]];

	find_operators(type, &found);
	prismiq_cache_keep(&operators, &key, &found, sizeof(found));
	return found.by_strategy[strategies[op]];
}
