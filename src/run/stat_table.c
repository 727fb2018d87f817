/*-------------------------------------------------------------------------
 *
 * stat_table.c
 *	  What runs: the table of queries and their numbers.
 *
 * It is one block, of a size that prismiq.stat_max says: in shared memory where
 * the library was preloaded, else in the backend's.  So it never grows, and
 * nothing that is done with it can fail, as it is done while an error is on its
 * way too.
 *
 * In shared memory a lightweight lock guards which entries there are, and a
 * spinlock in each entry its numbers: to count, both are held, the first one
 * shared.  When the table is full, those that were used the least are forgotten,
 * and what all others were used counts a bit less, so that what was used long
 * ago gives way in the end.  All calls in a database are an entry too, without
 * a fingerprint; it is used more than any other there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/memutils.h"

#include "base/settings.h"
#include "run/stat.h"

#define TRANCHE "prismiq"
#define SHARED_NAME "prismiq queries"

/* How many are forgotten at once, and what is left of the use of the others. */
#define EVICTED_PART 20
#define USE_LEFT 0.99

/* No entry has that number. */
#define NONE (-1)

typedef struct StatEntry
{
	slock_t		mutex;			/* for what follows it, while the table is locked shared */
	double		used;
	PrismiqStatQuery query;
} StatEntry;

typedef struct StatTable
{
	LWLock	   *lock;			/* null: no other backend sees the table */
	int			capacity;
	int			nslots;			/* a power of 2, at least twice the capacity */
	int			count;
	int64		evicted;
	StatEntry	entries[FLEXIBLE_ARRAY_MEMBER]; /* then the slots: numbers of entries, by hash */
} StatTable;

static StatTable *table = NULL;
static shmem_request_hook_type next_request_hook = NULL;
static shmem_startup_hook_type next_startup_hook = NULL;

/* How many slots a table has, so that there is always one that is free. */
static int
slot_count(int capacity)
{
	int			nslots = 1;

	while (nslots < 2 * capacity)
		nslots *= 2;
	return nslots;
}

/* The size of a table. */
static Size
table_size(int capacity)
{
	return add_size(add_size(offsetof(StatTable, entries),
							 mul_size(capacity, sizeof(StatEntry))),
					mul_size(slot_count(capacity), sizeof(int)));
}

/* The slots, behind the last entry. */
static int *
slots(void)
{
	return (int *) &table->entries[table->capacity];
}

/* Make all slots free. */
static void
clear_slots(void)
{
	int			i;

	for (i = 0; i < table->nslots; i++)
		slots()[i] = NONE;
}

/* Make an empty table of a block. */
static void
init_table(int capacity, LWLock *lock)
{
	table->lock = lock;
	table->capacity = capacity;
	table->nslots = slot_count(capacity);
	table->count = 0;
	table->evicted = 0;
	clear_slots();
}

/* Ask for the shared memory. */
static void
request_shared(void)
{
	if (next_request_hook)
		next_request_hook();
	RequestAddinShmemSpace(table_size(prismiq_setting_stat_max));
	RequestNamedLWLockTranche(TRANCHE, 1);
}

/* Make or find the table there. */
static void
start_shared(void)
{
	bool		found;

	if (next_startup_hook)
		next_startup_hook();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	table = ShmemInitStruct(SHARED_NAME, table_size(prismiq_setting_stat_max), &found);
	if (!found)
		init_table(prismiq_setting_stat_max, &GetNamedLWLockTranche(TRANCHE)->lock);
	LWLockRelease(AddinShmemInitLock);
}

/* While the server reads shared_preload_libraries: there will be shared memory. */
void
prismiq_stat_init(void)
{
	if (!process_shared_preload_libraries_in_progress)
		return;
	next_request_hook = shmem_request_hook;
	shmem_request_hook = request_shared;
	next_startup_hook = shmem_startup_hook;
	shmem_startup_hook = start_shared;
}

/*
 * The table, which this backend makes for itself where there is no shared one.  What
 * is not used of it is not touched, and so takes no memory.  False: there is none.
 */
static bool
have_table(void)
{
	if (table == NULL)
	{
		table = MemoryContextAllocExtended(TopMemoryContext,
										   table_size(prismiq_setting_stat_max),
										   MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
		if (table != NULL)
			init_table(prismiq_setting_stat_max, NULL);
	}
	return table != NULL;
}

/* Lock the table, if others see it. */
static void
lock_table(LWLockMode mode)
{
	if (table->lock != NULL)
		LWLockAcquire(table->lock, mode);
}

/* And unlock it. */
static void
unlock_table(void)
{
	if (table->lock != NULL)
		LWLockRelease(table->lock);
}

/* Are two keys the same? */
static bool
same_key(const PrismiqStatKey *a, const PrismiqStatKey *b)
{
	return a->fingerprint == b->fingerprint && a->database == b->database &&
		memcmp(&a->saved_query, &b->saved_query, sizeof(pg_uuid_t)) == 0;
}

/* The slot of a key, or the one where it is missing. */
static int *
find_slot(const PrismiqStatKey *key)
{
	uint32		hash = hash_combine(murmurhash32((uint32) key->fingerprint ^ key->database),
									DatumGetUInt32(hash_any(key->saved_query.data, UUID_LEN)));
	int			i = hash & (table->nslots - 1);

	while (slots()[i] != NONE && !same_key(&table->entries[slots()[i]].query.key, key))
		i = (i + 1) & (table->nslots - 1);
	return &slots()[i];
}

/* The entry of a key, or null. */
static StatEntry *
find_entry(const PrismiqStatKey *key)
{
	int			number = *find_slot(key);

	return number == NONE ? NULL : &table->entries[number];
}

/* Give every entry its slot. */
static void
fill_slots(void)
{
	int			i;

	clear_slots();
	for (i = 0; i < table->count; i++)
		*find_slot(&table->entries[i].query.key) = i;
}

/* Those that were used most come first. */
static int
compare_use(const void *a, const void *b)
{
	double		use_a = ((const StatEntry *) a)->used;
	double		use_b = ((const StatEntry *) b)->used;

	return use_a > use_b ? -1 : use_a < use_b ? 1 : 0;
}

/* Forget those that were used the least.  The table is locked exclusively. */
static void
make_room(void)
{
	int			gone = Max(table->capacity / EVICTED_PART, 2);
	int			i;

	for (i = 0; i < table->count; i++)
		table->entries[i].used *= USE_LEFT;
	qsort(table->entries, table->count, sizeof(StatEntry), compare_use);
	table->count -= gone;
	table->evicted += gone;
	fill_slots();
}

/* An entry for a key, new or not.  The table is locked exclusively, and has room. */
static StatEntry *
make_entry(const PrismiqStatKey *key)
{
	int		   *slot = find_slot(key);

	if (*slot == NONE)
	{
		StatEntry  *entry = &table->entries[table->count];

		memset(entry, 0, sizeof(StatEntry));
		SpinLockInit(&entry->mutex);
		entry->query.key = *key;
		*slot = table->count++;
	}
	return &table->entries[*slot];
}

/* Add the numbers of a call.  The table is locked. */
static void
add_counts(StatEntry *entry, const PrismiqStatQuery *call)
{
	PrismiqStatCounts *counts = &entry->query.counts;
	int			i;

	SpinLockAcquire(&entry->mutex);
	entry->used += 1.0;
	if (entry->query.tables.count == 0)
		entry->query.tables = call->tables;
	counts->calls += call->counts.calls;
	counts->errors += call->counts.errors;
	counts->refused += call->counts.refused;
	counts->rows += call->counts.rows;
	counts->total_ms += call->counts.total_ms;
	counts->worst_ms = Max(counts->worst_ms, call->counts.worst_ms);
	for (i = 0; i < lengthof(counts->durations); i++)
		counts->durations[i] += call->counts.durations[i];
	SpinLockRelease(&entry->mutex);
}

/* Count a call, by itself and among all.  It cannot fail. */
void
prismiq_stat_add(const PrismiqStatQuery *call)
{
	PrismiqStatQuery all = *call;
	StatEntry  *entry;
	StatEntry  *entry_of_all;

	if (!have_table())
		return;
	all.key.fingerprint = 0;
	memset(&all.key.saved_query, 0, sizeof(pg_uuid_t));
	all.tables.count = 0;
	lock_table(LW_SHARED);
	entry = find_entry(&call->key);
	entry_of_all = find_entry(&all.key);
	if (entry == NULL || entry_of_all == NULL)
	{
		unlock_table();
		lock_table(LW_EXCLUSIVE);
		if (table->count > table->capacity - 2)
			make_room();
		entry = make_entry(&call->key);
		entry_of_all = make_entry(&all.key);
	}
	if (entry != entry_of_all)
		add_counts(entry, call);
	add_counts(entry_of_all, &all);
	unlock_table();
}

/* The queries of this database, in the current memory context. */
PrismiqStatQuery *
prismiq_stat_read(int *count)
{
	PrismiqStatQuery *queries;
	int			i;

	*count = 0;
	if (!have_table())
		return NULL;
	queries = palloc(sizeof(PrismiqStatQuery) * table->capacity);
	lock_table(LW_SHARED);
	for (i = 0; i < table->count; i++)
	{
		StatEntry  *entry = &table->entries[i];

		if (entry->query.key.database != MyDatabaseId || entry->query.key.fingerprint == 0)
			continue;
		SpinLockAcquire(&entry->mutex);
		queries[(*count)++] = entry->query;
		SpinLockRelease(&entry->mutex);
	}
	unlock_table();
	return queries;
}

/* What there is to say of the counting itself, and of all calls in this database. */
void
prismiq_stat_state(PrismiqStatState *state)
{
	PrismiqStatKey key;
	StatEntry  *entry;

	memset(state, 0, sizeof(PrismiqStatState));
	if (!have_table())
		return;
	memset(&key, 0, sizeof(key));
	key.database = MyDatabaseId;
	lock_table(LW_SHARED);
	state->shared = table->lock != NULL;
	state->queries = table->count;
	state->evicted = table->evicted;
	entry = find_entry(&key);
	if (entry != NULL)
	{
		SpinLockAcquire(&entry->mutex);
		state->all = entry->query.counts;
		SpinLockRelease(&entry->mutex);
	}
	unlock_table();
}

/* Forget what was counted in this database. */
void
prismiq_stat_reset(void)
{
	int			kept = 0;
	int			i;

	if (!have_table())
		return;
	lock_table(LW_EXCLUSIVE);
	for (i = 0; i < table->count; i++)
		if (table->entries[i].query.key.database != MyDatabaseId)
			table->entries[kept++] = table->entries[i];
	table->count = kept;
	fill_slots();
	unlock_table();
}
