/*-------------------------------------------------------------------------
 *
 * store.c
 *	  The tables that exposures are kept in, and what a backend remembers of
 *	  them.
 *
 * prismiq_exposures says by name what may be queried: that is what a person
 * reads and what a dump takes along.  prismiq_exposed_relations says which
 * relation of this database each of the names is for, by number; it is written
 * where exposures are (follow.c) and not dumped.  An exposure is for the
 * relation that has the number, as long as that has the name: a relation that
 * takes the name of one that was dropped, renamed or not yet restored is not
 * exposed, whether or not we heard of the change.
 *
 * Both are read by a scan, as system code does, not with the caller's
 * privileges: no role needs any on the tables.  What is read is kept per
 * backend and dropped when the relcache entry of prismiq_exposures is
 * invalidated, which everything that writes the tables does.  It is read with a
 * fresh catalog snapshot, never the transaction's: an old one must not fill a
 * cache that outlives it.
 *
 * The tables are their owner's, who may be anybody: columns are not trusted to
 * have the types that we gave them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "access/access.h"
#include "access/store.h"
#include "base/cache.h"
#include "base/fault.h"
#include "catalog/catalogs.h"

typedef struct ColumnSpec
{
	const char *name;
	Oid			type;
} ColumnSpec;

static const ColumnSpec exposure_columns[PRISMIQ_STORE_COLUMNS] = {
	[PRISMIQ_STORE_SCHEMA] = {"schema_name", NAMEOID},
	[PRISMIQ_STORE_RELATION] = {"relation_name", NAMEOID},
	[PRISMIQ_STORE_TENANT_COLUMN] = {"tenant_column", NAMEOID},
	[PRISMIQ_STORE_TIME_COLUMN] = {"time_column", NAMEOID},
	[PRISMIQ_STORE_SHARED] = {"shared", BOOLOID},
	[PRISMIQ_STORE_TENANT] = {"tenant", TEXTOID},
};

static const ColumnSpec number_columns[PRISMIQ_STORE_COLUMNS] = {
	[PRISMIQ_STORE_SCHEMA] = {"schema_name", NAMEOID},
	[PRISMIQ_STORE_RELATION] = {"relation_name", NAMEOID},
	[PRISMIQ_STORE_RELID] = {"relid", OIDOID},
};

/* What is remembered of one exposure. */
typedef struct Entry
{
	PrismiqRelationName name;	/* hash key */
	PrismiqExposure exposure;	/* its relid is invalid until it is known */
	struct Entry *next;			/* of those of the same name in other schemas */
} Entry;

/* The same by other keys. */
typedef struct ByNumber
{
	Oid			relid;			/* hash key */
	Entry	   *entry;
} ByNumber;

typedef struct ByBareName
{
	NameData	relation;		/* hash key */
	Entry	   *first;
} ByBareName;

typedef struct AllExposures
{
	HTAB	   *by_name;
	HTAB	   *by_number;
	HTAB	   *by_bare_name;
} AllExposures;

/* The root is all of them. */
static PrismiqCache exposures = {
	.name = "prismiq exposures",
	.catalogs = PRISMIQ_OF_RELATION
};

/* Find the columns of one of the tables, and make sure of their types. */
void
prismiq_store_columns(PrismiqStore *store, Relation rel, bool numbers)
{
	const ColumnSpec *specs = numbers ? number_columns : exposure_columns;
	int			i;

	store->rel = rel;
	for (i = 0; i < PRISMIQ_STORE_COLUMNS && specs[i].name != NULL; i++)
		store->attnums[i] = prismiq_home_column(rel, specs[i].name, specs[i].type);
}

/* Open one of the tables: the one of numbers, or the one of exposures. */
void
prismiq_store_open(PrismiqStore *store, bool numbers, LOCKMODE lockmode)
{
	const char *name = numbers ? "prismiq_exposed_relations" : "prismiq_exposures";

	prismiq_store_columns(store, prismiq_home_open(prismiq_home_namespace(), name, lockmode),
						  numbers);
}

/* A column of a row. */
Datum
prismiq_store_value(const PrismiqStore *store, HeapTuple tuple, PrismiqStoreColumn column,
					bool *isnull)
{
	return heap_getattr(tuple, store->attnums[column], RelationGetDescr(store->rel), isnull);
}

/* The name in a row, with nothing behind its end; false when there is none. */
bool
prismiq_store_name(const PrismiqStore *store, HeapTuple tuple, PrismiqRelationName *name)
{
	bool		isnull[2];
	Datum		schema = prismiq_store_value(store, tuple, PRISMIQ_STORE_SCHEMA, &isnull[0]);
	Datum		relation = prismiq_store_value(store, tuple, PRISMIQ_STORE_RELATION, &isnull[1]);

	if (isnull[0] || isnull[1])
		return false;
	namestrcpy(&name->schema, NameStr(*DatumGetName(schema)));
	namestrcpy(&name->relation, NameStr(*DatumGetName(relation)));
	return true;
}

/* What a relation is called now, and what it is; false when it is gone. */
bool
prismiq_relation_facts(Oid relid, PrismiqRelationFacts *facts)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Form_pg_class form;
	char	   *nspname;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_class) GETSTRUCT(tuple);
	namestrcpy(&facts->name.relation, NameStr(form->relname));
	facts->nspid = form->relnamespace;
	facts->relkind = form->relkind;
	facts->relpersistence = form->relpersistence;
	ReleaseSysCache(tuple);
	nspname = get_namespace_name(facts->nspid);
	if (nspname == NULL)
		return false;
	namestrcpy(&facts->name.schema, nspname);
	return true;
}

/* A text of a row in the current context, or null. */
static const char *
copied_text(const PrismiqStore *store, HeapTuple tuple, PrismiqStoreColumn column, Oid type)
{
	bool		isnull;
	Datum		value = prismiq_store_value(store, tuple, column, &isnull);

	if (isnull)
		return NULL;
	return type == NAMEOID ? pstrdup(NameStr(*DatumGetName(value))) : TextDatumGetCString(value);
}

/* Remember one row of prismiq_exposures. */
static void
load_exposure(AllExposures *all, const PrismiqStore *store, HeapTuple tuple)
{
	PrismiqRelationName name;
	PrismiqExposure exposure = {InvalidOid};
	MemoryContext old;
	Entry	   *entry;
	ByBareName *bare;
	Datum		shared;
	bool		isnull;
	bool		found;

	if (!prismiq_store_name(store, tuple, &name))
		return;
	old = MemoryContextSwitchTo(prismiq_cache_memory(&exposures));
	exposure.tenant_column = copied_text(store, tuple, PRISMIQ_STORE_TENANT_COLUMN, NAMEOID);
	exposure.time_column = copied_text(store, tuple, PRISMIQ_STORE_TIME_COLUMN, NAMEOID);
	exposure.tenant = copied_text(store, tuple, PRISMIQ_STORE_TENANT, TEXTOID);
	MemoryContextSwitchTo(old);
	shared = prismiq_store_value(store, tuple, PRISMIQ_STORE_SHARED, &isnull);
	exposure.shared = !isnull && DatumGetBool(shared);

	/* The table has a constraint that says this; a row that gets past it exposes nothing. */
	if ((exposure.tenant_column != NULL) + (exposure.tenant != NULL) + exposure.shared != 1)
		return;
	entry = hash_search(all->by_name, &name, HASH_ENTER, &found);
	if (found)
		return;
	exposure.schema_name = NameStr(entry->name.schema);
	exposure.relation_name = NameStr(entry->name.relation);
	entry->exposure = exposure;
	bare = hash_search(all->by_bare_name, &name.relation, HASH_ENTER, &found);
	entry->next = found ? bare->first : NULL;
	bare->first = entry;
}

/* Remember one row of prismiq_exposed_relations. */
static void
load_number(AllExposures *all, const PrismiqStore *store, HeapTuple tuple)
{
	PrismiqRelationName name;
	ByNumber   *by_number;
	Entry	   *entry;
	Datum		relid;
	bool		isnull;
	bool		found;

	relid = prismiq_store_value(store, tuple, PRISMIQ_STORE_RELID, &isnull);
	if (isnull || !prismiq_store_name(store, tuple, &name))
		return;
	entry = hash_search(all->by_name, &name, HASH_FIND, NULL);
	if (entry == NULL)
		return;
	by_number = hash_search(all->by_number, &relid, HASH_ENTER, &found);
	if (found)
		return;
	by_number->relid = entry->exposure.relid = DatumGetObjectId(relid);
	by_number->entry = entry;
}

/* One of the two tables, row by row, whatever its policies say. */
static void
load_table(AllExposures *all, bool numbers, Snapshot snapshot)
{
	PrismiqStore store;
	SysScanDesc scan;
	HeapTuple	tuple;

	prismiq_store_open(&store, numbers, AccessShareLock);
	scan = systable_beginscan(store.rel, InvalidOid, false, snapshot, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		CHECK_FOR_INTERRUPTS();
		if (numbers)
			load_number(all, &store, tuple);
		else
			load_exposure(all, &store, tuple);
	}
	systable_endscan(scan);
	table_close(store.rel, AccessShareLock);
}

/* An empty hash table in the cache's memory. */
static HTAB *
make_table(const char *name, Size keysize, Size entrysize)
{
	HASHCTL		ctl;

	ctl.keysize = keysize;
	ctl.entrysize = entrysize;
	ctl.hcxt = prismiq_cache_memory(&exposures);
	return hash_create(name, 64, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Fill the cache anew, by name and by number: there is one look-up for each way to ask. */
static void
load_exposures(void)
{
	Oid			relid = prismiq_home_relation("prismiq_exposures");
	AllExposures *all;
	Snapshot	snapshot;

	/* Without what a load that failed may have left. */
	prismiq_cache_forget(&exposures);
	(void) prismiq_cache_begin(&exposures);
	prismiq_cache_follow(&exposures, relid);
	all = MemoryContextAlloc(prismiq_cache_memory(&exposures), sizeof(AllExposures));
	all->by_name = make_table("prismiq exposures", sizeof(PrismiqRelationName), sizeof(Entry));
	all->by_number = make_table("prismiq exposed relations", sizeof(Oid), sizeof(ByNumber));
	all->by_bare_name = make_table("prismiq exposed names", sizeof(NameData),
								   sizeof(ByBareName));

	/* One snapshot, since what belongs together is written together. */
	snapshot = RegisterSnapshot(GetCatalogSnapshot(relid));
	load_table(all, false, snapshot);
	load_table(all, true, snapshot);
	UnregisterSnapshot(snapshot);
	exposures.root = all;
	exposures.entries = hash_get_num_entries(all->by_name);
}

/*
 * All exposures.  What is found in there is good until the next look at the
 * catalogs, and so is copied before it is handed out.
 */
static AllExposures *
all_exposures(void)
{
	(void) prismiq_cache_begin(&exposures);
	if (exposures.root == NULL)
		load_exposures();
	return exposures.root;
}

/* A copy of a text, or null. */
static const char *
copy_of(const char *text)
{
	return text == NULL ? NULL : pstrdup(text);
}

/* Hand an exposure out; false when there is none, or no relation has it. */
static bool
hand_out(const Entry *entry, PrismiqExposure *exposure)
{
	if (entry == NULL || !OidIsValid(entry->exposure.relid))
		return false;
	*exposure = entry->exposure;
	exposure->schema_name = pstrdup(exposure->schema_name);
	exposure->relation_name = pstrdup(exposure->relation_name);
	exposure->tenant_column = copy_of(exposure->tenant_column);
	exposure->time_column = copy_of(exposure->time_column);
	exposure->tenant = copy_of(exposure->tenant);
	return true;
}

/* The exposure that a relation has by its number; whether by its name too is to be seen. */
bool
prismiq_exposure_find(Oid relid, PrismiqExposure *exposure)
{
	ByNumber   *by_number = hash_search(all_exposures()->by_number, &relid, HASH_FIND, NULL);

	return by_number != NULL && hand_out(by_number->entry, exposure);
}

/* The number of the relation that is exposed under a name, or invalid. */
Oid
prismiq_exposure_named(const char *schema_name, const char *relation_name)
{
	PrismiqRelationName name;
	Entry	   *entry;

	if (strlen(schema_name) >= NAMEDATALEN || strlen(relation_name) >= NAMEDATALEN)
		return InvalidOid;
	namestrcpy(&name.schema, schema_name);
	namestrcpy(&name.relation, relation_name);
	entry = hash_search(all_exposures()->by_name, &name, HASH_FIND, NULL);
	return entry == NULL ? InvalidOid : entry->exposure.relid;
}

/* The numbers of the relations that are exposed under a name in any schema. */
List *
prismiq_exposure_namesakes(const char *relation_name)
{
	NameData	name;
	ByBareName *bare;
	Entry	   *entry;
	List	   *result = NIL;

	if (strlen(relation_name) >= NAMEDATALEN)
		return NIL;
	namestrcpy(&name, relation_name);
	bare = hash_search(all_exposures()->by_bare_name, &name, HASH_FIND, NULL);
	for (entry = bare == NULL ? NULL : bare->first; entry != NULL; entry = entry->next)
		if (OidIsValid(entry->exposure.relid))
			result = lappend_oid(result, entry->exposure.relid);
	list_sort(result, list_oid_cmp);
	return result;
}

/* The numbers of all relations that are exposed, in ascending order. */
List *
prismiq_exposure_all(void)
{
	HASH_SEQ_STATUS status;
	ByNumber   *by_number;
	List	   *result = NIL;

	hash_seq_init(&status, all_exposures()->by_number);
	while ((by_number = hash_seq_search(&status)) != NULL)
		result = lappend_oid(result, by_number->relid);
	list_sort(result, list_oid_cmp);
	return result;
}
