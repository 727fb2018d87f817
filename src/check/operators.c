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
#include "common/hashfn.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "check/check.h"

/* The operators of a type's default operator classes; invalid where there is none. */
typedef struct TypeOperators
{
	Oid			type;			/* hash key */
	char		status;			/* simplehash's */
	Oid			by_strategy[BTMaxStrategyNumber + 1];	/* of btree; [0] is "not equal" */
} TypeOperators;

#define SH_PREFIX types
#define SH_ELEMENT_TYPE TypeOperators
#define SH_KEY_TYPE Oid
#define SH_KEY type
#define SH_HASH_KEY(tb, key) murmurhash32(key)
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

static MemoryContext operators_context = NULL;
static types_hash *types = NULL;
static bool operators_valid = false;

/* One of the catalogs changed: what was found out no longer holds. */
static void
operators_changed(Datum arg, int cacheid, uint32 hashvalue)
{
	operators_valid = false;
}

/* Register the callbacks; once per backend. */
void
prismiq_operators_init(void)
{
	CacheRegisterSyscacheCallback(TYPEOID, operators_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(CLAOID, operators_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(AMOPOPID, operators_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(OPEROID, operators_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(PROCOID, operators_changed, (Datum) 0);
}

/* Make sure that what is remembered is true. */
static void
ensure_operators(void)
{
	if (operators_valid)
		return;
	if (operators_context == NULL)
		operators_context = AllocSetContextCreate(CacheMemoryContext, "prismiq operators",
												  ALLOCSET_SMALL_SIZES);
	MemoryContextReset(operators_context);
	types = types_create(operators_context, 32, NULL);
	operators_valid = true;
}

/* Ask the catalogs for a type's operators. */
static void
find_operators(Oid type, Oid *by_strategy)
{
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR | TYPECACHE_BTREE_OPFAMILY);
	int			strategy;

	by_strategy[0] = OidIsValid(entry->eq_opr) ? get_negator(entry->eq_opr) : InvalidOid;
	for (strategy = 1; strategy <= BTMaxStrategyNumber; strategy++)
		by_strategy[strategy] = !OidIsValid(entry->btree_opf) ? InvalidOid :
			get_opfamily_member(entry->btree_opf, entry->btree_opintype,
								entry->btree_opintype, strategy);
	by_strategy[BTEqualStrategyNumber] = entry->eq_opr; /* may be that of a hash class */
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
	Oid			found[BTMaxStrategyNumber + 1];
	TypeOperators *entry;
	bool		exists;

	if (op >= lengthof(strategies))
		return InvalidOid;
	ensure_operators();
	entry = types_lookup(types, type);
	if (entry != NULL)
		return entry->by_strategy[strategies[op]];

	find_operators(type, found);
	if (operators_valid)		/* and did not change meanwhile */
	{
		entry = types_insert(types, type, &exists);
		memcpy(entry->by_strategy, found, sizeof(found));
	}
	return found[strategies[op]];
}
