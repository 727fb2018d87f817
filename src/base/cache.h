/*-------------------------------------------------------------------------
 *
 * cache.h
 *	  The one way to remember what the catalogs say.
 *
 * A cache is a static variable of its owner, who writes down what it is made
 * from:
 *
 *		static PrismiqCache names = {
 *			.name = "prismiq names",
 *			.catalogs = PRISMIQ_OF_TYPES | PRISMIQ_OF_NAMESPACES,
 *			.max_entries = 4096
 *		};
 *
 * What is found in a cache is good until the next look at the catalogs or at
 * the cache: copy it at once, or pin it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_CACHE_H
#define PRISMIQ_CACHE_H

#include "postgres.h"

/* The catalogs whose changes make a cache untrue. */
typedef enum PrismiqCatalogs
{
	PRISMIQ_OF_NAMESPACES = 1 << 0,
	PRISMIQ_OF_TYPES = 1 << 1,
	PRISMIQ_OF_FUNCTIONS = 1 << 2,
	PRISMIQ_OF_OPERATORS = 1 << 3,
	PRISMIQ_OF_OPERATOR_CLASSES = 1 << 4,
	PRISMIQ_OF_OPERATOR_FAMILIES = 1 << 5,
	PRISMIQ_OF_CASTS = 1 << 6,
	PRISMIQ_OF_RELATION = 1 << 7,	/* the rows of those followed; a trigger tells of changes */
	PRISMIQ_OF_ANY_RELATION = 1 << 8,	/* columns, keys, rights, policies, rules, what it is */
	PRISMIQ_OF_AGGREGATES = 1 << 9,
	PRISMIQ_OF_COLLATIONS = 1 << 10,
	PRISMIQ_OF_ENUMS = 1 << 11,
	PRISMIQ_OF_ROLES = 1 << 12,	/* and who is a member of which */
	PRISMIQ_OF_STATISTICS = 1 << 13	/* of columns */
} PrismiqCatalogs;

typedef struct PrismiqCache
{
	/* what the owner says */
	const char *name;
	int			catalogs;		/* PrismiqCatalogs */
	int			max_entries;	/* more than that and all are forgotten */

	/* what the owner makes of it, in memory of prismiq_cache_memory(); or null */
	void	   *root;
	int			entries;		/* how many that is, for who watches */

	/* cache.c's own */
	struct PrismiqCacheMemory *memory;
	uint64		generation;		/* of what is remembered */
	uint64		current;		/* the same, unless that may be untrue by now */
	struct PrismiqCache *next;	/* of all caches in use */
} PrismiqCache;

/* What is asked for: a few numbers, zero where there are fewer. */
#define PRISMIQ_CACHE_PARTS 6

typedef struct PrismiqCacheKey
{
	uint32		parts[PRISMIQ_CACHE_PARTS];
	uint64		generation;		/* set by prismiq_cache_find() */
} PrismiqCacheKey;

/* A cache of answers, each kept under its key. */
extern const void *prismiq_cache_find(PrismiqCache *cache, PrismiqCacheKey *key);
extern void prismiq_cache_keep(PrismiqCache *cache, const PrismiqCacheKey *key,
							   const void *answer, Size size);

/* A cache that its owner fills as it likes, below "root". */
extern uint64 prismiq_cache_begin(PrismiqCache *cache);
extern bool prismiq_cache_holds(const PrismiqCache *cache, uint64 generation);
extern MemoryContext prismiq_cache_memory(const PrismiqCache *cache);
extern void prismiq_cache_follow(PrismiqCache *cache, Oid relid);
extern void prismiq_cache_pin(PrismiqCache *cache, int *uses);

/* Either. */
extern void prismiq_cache_forget(PrismiqCache *cache);

/* The caches in use, one after the other (null begins and ends), and what they remember. */
extern const PrismiqCache *prismiq_cache_next(const PrismiqCache *cache);
extern int	prismiq_cache_count(const PrismiqCache *cache);

#endif							/* PRISMIQ_CACHE_H */
