/*-------------------------------------------------------------------------
 *
 * cache.c
 *	  The one way to remember what the catalogs say.
 *
 * Invalidations come in whenever the server looks something up, so also in the
 * middle of what our own code does.  Hence these rules, which only this file
 * has to keep:
 *
 * - A callback does nothing but count: the cache's "current" number moves on,
 *   and what it holds stays readable.
 *
 * - What is untrue by then is thrown away where the owner begins a look-up,
 *   and nowhere else.
 *
 * - An answer is kept only when the number is what it was when it was looked
 *   for.  Else it is good for the caller, who asked under the same catalogs,
 *   and for nobody after it.  This holds as well when a function of the user's
 *   that ran meanwhile had us look something up.
 *
 * Memory that is pinned outlives the cache's next generation, until the memory
 * context goes in which it was pinned: the end of the call, or an error.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "base/cache.h"

/* The memory of one generation; it lies in its own context. */
typedef struct PrismiqCacheMemory
{
	MemoryContext context;
	int			pins;
	bool		dropped;		/* no cache's any more: it goes with the last pin */
	int			nfollowed;
	int			max_followed;
	Oid		   *followed;		/* relations whose rows it is made from */
} PrismiqCacheMemory;

/* One of the pins; lies in the context that it is for. */
typedef struct Pin
{
	MemoryContextCallback callback;
	PrismiqCacheMemory *memory;
	int		   *uses;
} Pin;

/* An answer and the key that it is kept under. */
typedef struct CacheEntry
{
	struct CacheEntry *next;	/* in the same list */
	uint32		parts[PRISMIQ_CACHE_PARTS];
	char		answer[FLEXIBLE_ARRAY_MEMBER];
} CacheEntry;

/* The root of a cache of answers.  A look into it is to cost next to nothing. */
#define LISTS 512

typedef struct CacheTable
{
	CacheEntry *lists[LISTS];
} CacheTable;

/* The list that a key's answer is in. */
static inline CacheEntry **
list_of(CacheTable *table, const uint32 *parts)
{
	uint32		hash = 0;
	int			i;

	for (i = 0; i < PRISMIQ_CACHE_PARTS; i++)
		hash = hash * 0x9e3779b1 + parts[i];
	return &table->lists[murmurhash32(hash) % LISTS];
}

/* Are two keys the same? */
static inline bool
same_parts(const uint32 *a, const uint32 *b)
{
	int			i;

	for (i = 0; i < PRISMIQ_CACHE_PARTS; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* The system caches whose invalidations tell of each kind of change. */
static const struct
{
	PrismiqCatalogs catalog;
	int			cacheid;
}			catalog_caches[] = {
	{.catalog = PRISMIQ_OF_NAMESPACES, .cacheid = NAMESPACEOID},
	{.catalog = PRISMIQ_OF_TYPES, .cacheid = TYPEOID},
	{.catalog = PRISMIQ_OF_FUNCTIONS, .cacheid = PROCOID},
	{.catalog = PRISMIQ_OF_OPERATORS, .cacheid = OPEROID},
	{.catalog = PRISMIQ_OF_OPERATOR_CLASSES, .cacheid = CLAOID},
	{.catalog = PRISMIQ_OF_OPERATOR_FAMILIES, .cacheid = AMOPOPID},
	{.catalog = PRISMIQ_OF_CASTS, .cacheid = CASTSOURCETARGET},
	{.catalog = PRISMIQ_OF_AGGREGATES, .cacheid = AGGFNOID},
	{.catalog = PRISMIQ_OF_COLLATIONS, .cacheid = COLLOID},
	{.catalog = PRISMIQ_OF_ENUMS, .cacheid = ENUMOID},
	{.catalog = PRISMIQ_OF_STATISTICS, .cacheid = STATRELATTINH},
	{.catalog = PRISMIQ_OF_ROLES, .cacheid = AUTHOID},
	{.catalog = PRISMIQ_OF_ROLES, .cacheid = AUTHMEMROLEMEM},
	{.catalog = PRISMIQ_OF_ROLES, .cacheid = DATABASEOID}	/* whose owner has a role of its own */
};

static PrismiqCache *caches = NULL;	/* those in use */
static int	watched = 0;		/* catalogs with a callback, and relations */

/* A catalog changed: what is made from it may be untrue. */
static void
catalog_changed(Datum arg, int cacheid, uint32 hashvalue)
{
	PrismiqCache *cache;

	for (cache = caches; cache != NULL; cache = cache->next)
		if (cache->catalogs & DatumGetInt32(arg))
			cache->current++;
}

/* Is what is remembered made from a relation's rows?  No number means all relations. */
static bool
follows(const PrismiqCache *cache, Oid relid)
{
	int			i;

	if (!OidIsValid(relid))
		return true;
	for (i = 0; cache->memory != NULL && i < cache->memory->nfollowed; i++)
		if (cache->memory->followed[i] == relid)
			return true;
	return false;
}

/* Only count: it comes in the middle of other look-ups. */
static void
relation_changed(Datum arg, Oid relid)
{
	PrismiqCache *cache;

	for (cache = caches; cache != NULL; cache = cache->next)
		if ((cache->catalogs & PRISMIQ_OF_ANY_RELATION) ||
			((cache->catalogs & PRISMIQ_OF_RELATION) && follows(cache, relid)))
			cache->current++;
}

/*
 * Hear of changes from now on.  The server has a fixed number of places for
 * callbacks, so there is one for each catalog and not for each cache.
 */
static void
enlist(PrismiqCache *cache)
{
	int			relations = PRISMIQ_OF_RELATION | PRISMIQ_OF_ANY_RELATION;
	int			fresh = cache->catalogs & ~watched;
	int			i;

	for (i = 0; i < lengthof(catalog_caches); i++)
		if (fresh & catalog_caches[i].catalog)
			CacheRegisterSyscacheCallback(catalog_caches[i].cacheid, catalog_changed,
										  Int32GetDatum(catalog_caches[i].catalog));
	if ((fresh & relations) && (watched & relations) == 0)
		CacheRegisterRelcacheCallback(relation_changed, (Datum) 0);
	watched |= fresh;
	cache->current = 1;			/* a generation of 0 is none */
	cache->next = caches;
	caches = cache;
}

/* Give the memory of a generation back, or leave that to the last pin. */
static void
drop_memory(PrismiqCacheMemory *memory)
{
	if (memory->pins > 0)
		memory->dropped = true;
	else
		MemoryContextDelete(memory->context);
}

/* A context goes in which memory was pinned. */
static void
unpin(void *arg)
{
	Pin		   *pin = (Pin *) arg;
	PrismiqCacheMemory *memory = pin->memory;

	if (pin->uses != NULL)
		(*pin->uses)--;
	if (--memory->pins == 0 && memory->dropped)
		MemoryContextDelete(memory->context);
}

/* Nothing that was remembered is true any more; what is pinned of it lives on until let go. */
static void
begin_generation(PrismiqCache *cache)
{
	PrismiqCacheMemory *old = cache->memory;
	MemoryContext context;

	if (cache->current == 0)
		enlist(cache);
	cache->memory = NULL;
	cache->root = NULL;
	cache->entries = 0;
	if (old != NULL)
		drop_memory(old);
	context = AllocSetContextCreate(CacheMemoryContext, "prismiq cache", ALLOCSET_SMALL_SIZES);
	MemoryContextSetIdentifier(context, cache->name);
	cache->memory = MemoryContextAllocZero(context, sizeof(PrismiqCacheMemory));
	cache->memory->context = context;
	cache->generation = cache->current;
}

/*
 * Begin a look-up: what may be untrue is forgotten.  The result is the number
 * of what is remembered now; "root" is null when nothing is yet.
 */
uint64
prismiq_cache_begin(PrismiqCache *cache)
{
	if (cache->memory == NULL || cache->generation != cache->current)
		begin_generation(cache);
	return cache->generation;
}

/* Has nothing changed since a look-up began, and been forgotten neither? */
bool
prismiq_cache_holds(const PrismiqCache *cache, uint64 generation)
{
	return cache->memory != NULL && cache->generation == generation &&
		cache->current == generation;
}

/* Where what is to be remembered is allocated. */
MemoryContext
prismiq_cache_memory(const PrismiqCache *cache)
{
	return cache->memory->context;
}

/*
 * What will be remembered is read from a relation: hear of changes of its rows,
 * from before the first of them is read.
 */
void
prismiq_cache_follow(PrismiqCache *cache, Oid relid)
{
	PrismiqCacheMemory *memory = cache->memory;

	if (follows(cache, relid))
		return;
	if (memory->nfollowed == memory->max_followed)
	{
		int			room = Max(8, memory->max_followed * 2);
		Oid		   *followed = MemoryContextAlloc(memory->context, room * sizeof(Oid));

		if (memory->nfollowed > 0)
			memcpy(followed, memory->followed, memory->nfollowed * sizeof(Oid));
		memory->followed = followed;
		memory->max_followed = room;
	}
	memory->followed[memory->nfollowed++] = relid;
}

/*
 * Leave what is remembered now readable until the current memory context is
 * reset or deleted.  "uses", of a part of it that its owner may throw away by
 * itself, is one higher until then; or it is null.
 */
void
prismiq_cache_pin(PrismiqCache *cache, int *uses)
{
	Pin		   *pin = palloc(sizeof(Pin));

	pin->callback.func = unpin;
	pin->callback.arg = pin;
	pin->memory = cache->memory;
	pin->uses = uses;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &pin->callback);
	cache->memory->pins++;
	if (uses != NULL)
		(*uses)++;
}

/* What is remembered depends on something that is no catalog, which changed. */
void
prismiq_cache_forget(PrismiqCache *cache)
{
	if (cache->memory != NULL)
		cache->current++;
}

/* The answer that is kept under a key; null when it has to be found. */
const void *
prismiq_cache_find(PrismiqCache *cache, PrismiqCacheKey *key)
{
	CacheEntry *entry;

	key->generation = prismiq_cache_begin(cache);
	if (cache->root == NULL)
		return NULL;
	for (entry = *list_of(cache->root, key->parts); entry != NULL; entry = entry->next)
		if (same_parts(entry->parts, key->parts))
			return entry->answer;
	return NULL;
}

/* Keep the answer to what was not found, unless the catalogs changed meanwhile. */
void
prismiq_cache_keep(PrismiqCache *cache, const PrismiqCacheKey *key, const void *answer,
				   Size size)
{
	CacheTable *table;
	CacheEntry *entry;
	CacheEntry **list;

	if (!prismiq_cache_holds(cache, key->generation))
		return;
	if (cache->root == NULL)
		cache->root = MemoryContextAllocZero(cache->memory->context, sizeof(CacheTable));
	table = cache->root;
	list = list_of(table, key->parts);
	entry = MemoryContextAlloc(cache->memory->context, offsetof(CacheEntry, answer) + size);
	memcpy(entry->parts, key->parts, sizeof(entry->parts));
	memcpy(entry->answer, answer, size);
	entry->next = *list;
	*list = entry;
	if (++cache->entries > cache->max_entries)
		prismiq_cache_forget(cache);	/* at the next look */
}

/* See the header. */
const PrismiqCache *
prismiq_cache_next(const PrismiqCache *cache)
{
	return cache == NULL ? caches : cache->next;
}

/* How many answers a cache holds; what is untrue by now is none. */
int
prismiq_cache_count(const PrismiqCache *cache)
{
	return prismiq_cache_holds(cache, cache->current) ? cache->entries : 0;
}
