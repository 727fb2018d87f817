/*-------------------------------------------------------------------------
 *
 * config.c
 *	  What a tenant says of its tables (time zone, names, hidden columns), above
 *	  what the application says for all tenants.
 *
 * One row of prismiq_schema_config per tenant and the row of prismiq_model, of
 * the schema whose tables are meant, read as system code does (the tenant
 * predicate is the key of the look-up) with a fresh catalog snapshot, and kept
 * per backend until one of the tables changes.
 *
 * What a tenant says goes before what the model says, key by key, and what either
 * hides is hidden: no tenant uncovers what the application keeps to itself.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "access/access.h"
#include "access/config_read.h"
#include "base/cache.h"
#include "base/fault.h"
#include "base/json.h"
#include "catalog/catalogs.h"
#include "model/config.h"

/* Tenants kept; more than that and all are forgotten. */
#define MAX_CACHED_TENANTS 256
#define TENANT_KEY_SIZE 256

/* The application's own settings are kept like a tenant's; no tenant is called so. */
#define NO_TENANT ""

/* More than what is stored may have. */
#define MAX_DOCUMENT_DEPTH 256

typedef struct ConfigKey
{
	Oid			tables;			/* the schema that they are in */
	char		tenant_id[TENANT_KEY_SIZE];
} ConfigKey;

typedef struct ConfigEntry
{
	ConfigKey	key;
	PrismiqTenantConfig *config;
} ConfigEntry;

/* The root is a hash table of them. */
static PrismiqCache configs = {
	.name = "prismiq tenant settings",
	.catalogs = PRISMIQ_OF_RELATION
};

/* The document of the first row that a scan finds, as jsonb; or null. */
static Jsonb *
scan_document(Relation rel, Oid index, int nkeys, ScanKeyData *key)
{
	AttrNumber	config_attnum = prismiq_home_column(rel, "config", JSONBOID);
	SysScanDesc scan = systable_beginscan(rel, index, OidIsValid(index), NULL, nkeys, key);
	HeapTuple	tuple = systable_getnext(scan);
	Jsonb	   *result = NULL;

	if (HeapTupleIsValid(tuple))
	{
		bool		isnull;
		Datum		value = heap_getattr(tuple, config_attnum, RelationGetDescr(rel), &isnull);

		if (!isnull)
			result = DatumGetJsonbPCopy(value);
	}
	systable_endscan(scan);
	return result;
}

/* One of our tables of a schema, whose changes the cache hears of. */
static Relation
open_followed(Oid tables, const char *name, uint64 generation)
{
	Relation	rel = prismiq_home_open(tables, name, AccessShareLock);

	if (prismiq_cache_holds(&configs, generation))
		prismiq_cache_follow(&configs, RelationGetRelid(rel));
	return rel;
}

/* The tenant's document as jsonb, or null when there is none. */
static Jsonb *
fetch_document(Oid tables, const char *tenant_id, uint64 generation)
{
	Relation	rel = open_followed(tables, "prismiq_schema_config", generation);
	AttrNumber	key_attnum = prismiq_home_column(rel, "tenant_id", TEXTOID);
	ScanKeyData key;
	Jsonb	   *result;

	ScanKeyEntryInitialize(&key, 0, key_attnum, BTEqualStrategyNumber, TEXTOID,
						   TupleDescAttr(RelationGetDescr(rel), key_attnum - 1)->attcollation,
						   F_TEXTEQ, CStringGetTextDatum(tenant_id));
	result = scan_document(rel, prismiq_home_index(rel, key_attnum), 1, &key);
	table_close(rel, AccessShareLock);
	return result;
}

/* The application's. */
static Jsonb *
fetch_model(Oid tables, uint64 generation)
{
	Relation	rel = open_followed(tables, "prismiq_model", generation);
	Jsonb	   *result = scan_document(rel, InvalidOid, 0, NULL);

	table_close(rel, AccessShareLock);
	return result;
}

/* Read a document, or none, into a context. */
static void
load_config(PrismiqTenantConfig *config, Jsonb *document, MemoryContext target)
{
	MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "prismiq settings",
											   ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(work);
	PrismiqFaults faults = {NIL, NIL};
	const json_t *root = document == NULL ? NULL :
		prismiq_json_from_jsonb(document, MaxAllocSize, MAX_DOCUMENT_DEPTH, &faults);

	MemoryContextSwitchTo(target);
	prismiq_config_read(config, root);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(work);
}

/* The settings that are remembered under a key; null when they have to be read. */
static PrismiqTenantConfig *
recall_config(const ConfigKey *key)
{
	ConfigEntry *entry = configs.root == NULL ? NULL :
		hash_search(configs.root, key, HASH_FIND, NULL);

	return entry != NULL ? entry->config : NULL;
}

/* Remember settings, which are in the cache's memory. */
static void
keep_config(const ConfigKey *key, PrismiqTenantConfig *config)
{
	ConfigEntry *entry;
	bool		found;

	if (configs.root == NULL)
	{
		HASHCTL		ctl;

		ctl.keysize = sizeof(ConfigKey);
		ctl.entrysize = sizeof(ConfigEntry);
		ctl.hcxt = prismiq_cache_memory(&configs);
		configs.root = hash_create("prismiq tenant settings", 32, &ctl,
								   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	entry = hash_search(configs.root, key, HASH_ENTER, &found);
	entry->config = config;
	configs.entries = hash_get_num_entries(configs.root);
	if (configs.entries >= MAX_CACHED_TENANTS)
		prismiq_cache_forget(&configs); /* at the next look */
}

/* Make settings of a document, remembered under a key where they are to be kept. */
static PrismiqTenantConfig *
make_config(const ConfigKey *key, Jsonb *document, bool keep)
{
	MemoryContext target = keep ? prismiq_cache_memory(&configs) : CurrentMemoryContext;
	PrismiqTenantConfig *config = MemoryContextAlloc(target, sizeof(PrismiqTenantConfig));

	load_config(config, document, target);
	if (keep)
		keep_config(key, config);
	return config;
}

/* A key of the cache. */
static ConfigKey
make_key(Oid tables, const char *tenant_id)
{
	ConfigKey	key = {0};

	key.tables = tables;
	strlcpy(key.tenant_id, tenant_id, sizeof(key.tenant_id));
	return key;
}

/*
 * The tenant's settings; neutral ones when it has none.  The result lasts as
 * long as the current memory context.
 */
const PrismiqTenantConfig *
prismiq_config_get(Oid tables, const char *tenant_id)
{
	uint64		generation = prismiq_cache_begin(&configs);
	ConfigKey	key = make_key(tables, tenant_id);
	ConfigKey	model_key = make_key(tables, NO_TENANT);
	PrismiqTenantConfig *result = recall_config(&key);
	PrismiqTenantConfig *model;
	MemoryContext old;
	Jsonb	   *model_document;
	Jsonb	   *document;
	bool		keep;

	if (result == NULL)
	{
		model_document = fetch_model(tables, generation);
		document = fetch_document(tables, tenant_id, generation);

		/* No look at the catalogs from here on. */
		keep = prismiq_cache_holds(&configs, generation);
		model = keep ? recall_config(&model_key) : NULL;
		if (model == NULL)
			model = make_config(&model_key, model_document, keep);
		result = make_config(&key, document, keep);
		old = MemoryContextSwitchTo(keep ? prismiq_cache_memory(&configs) : CurrentMemoryContext);
		prismiq_config_complete(result, model);
		MemoryContextSwitchTo(old);
		if (!keep)
			return result;
	}
	prismiq_cache_pin(&configs, NULL);
	return result;
}

/* The number of what is remembered now: as long as it stays, so does what was got. */
uint64
prismiq_config_generation(void)
{
	return prismiq_cache_begin(&configs);
}

/* Is a table called so: by its name alone, or with its schema before it? */
bool
prismiq_config_names(const char *written, const char *schema, const char *name)
{
	size_t		len = strlen(schema);

	return strcmp(written, name) == 0 ||
		(strncmp(written, schema, len) == 0 && written[len] == '.' &&
		 strcmp(written + len + 1, name) == 0);
}

/* What is said of a table under a name, or null. */
static const PrismiqTableConfig *
find_entry(const PrismiqTenantConfig *config, const char *name)
{
	const PrismiqName *entry = prismiq_names_find(&config->tables, name);

	return entry != NULL ? (const PrismiqTableConfig *) entry->value : NULL;
}

/* What is said first and what is said after it of the same table. */
static const PrismiqTableConfig *
both_entries(const PrismiqTableConfig *first, const PrismiqTableConfig *then)
{
	PrismiqTableConfig *both;

	if (first == NULL || then == NULL)
		return first != NULL ? first : then;
	both = palloc(sizeof(PrismiqTableConfig));
	*both = *first;
	if (both->display_name == NULL)
		both->display_name = then->display_name;
	if (both->description == NULL)
		both->description = then->description;
	both->hidden = first->hidden || then->hidden;
	both->columns = list_concat_copy(first->columns, then->columns);
	return both;
}

/*
 * The settings of a table, or null: the tenant's before the application's, and of
 * either those of its name with its schema, as prismiq_tables() lists them, before
 * those of its name alone.  What one of them hides is hidden.
 */
const PrismiqTableConfig *
prismiq_config_table(const PrismiqTenantConfig *config, const char *schema, const char *name)
{
	const PrismiqTableConfig *result = NULL;
	char	   *qualified = NULL;

	for (; config != NULL; config = config->model)
	{
		if (config->tables.count == 0)
			continue;
		if (qualified == NULL)
			qualified = psprintf("%s.%s", schema, name);
		result = both_entries(result, find_entry(config, qualified));
		result = both_entries(result, find_entry(config, name));
	}
	return result;
}

/* Let settings of a column speak where those before them do not. */
static void
complete_column(PrismiqColumnConfig *column, const PrismiqColumnConfig *then)
{
	if (column->display_name == NULL)
		column->display_name = then->display_name;
	if (column->description == NULL)
		column->description = then->description;
	if (column->format == NULL && column->format_object == NULL)
	{
		column->format = then->format;
		column->format_object = then->format_object;
	}
	if (column->date_format == NULL)
		column->date_format = then->date_format;
	if (column->unit == NULL)
		column->unit = then->unit;
	column->hidden |= then->hidden;
}

/* The settings of a column by its name, or null: the first that say a thing count. */
const PrismiqColumnConfig *
prismiq_config_column(const PrismiqTableConfig *table, const char *name)
{
	const PrismiqColumnConfig *found = NULL;
	PrismiqColumnConfig *both = NULL;
	ListCell   *lc;

	if (table == NULL)
		return NULL;
	foreach(lc, table->columns)
	{
		const PrismiqColumnConfig *column = (const PrismiqColumnConfig *) lfirst(lc);

		if (strcmp(column->name, name) != 0)
			continue;
		if (found == NULL)
		{
			found = column;
			continue;
		}
		if (both == NULL)
		{
			both = palloc(sizeof(PrismiqColumnConfig));
			*both = *found;
			found = both;
		}
		complete_column(both, column);
	}
	return found;
}

/* A measure of the application's model by its name, or null. */
const PrismiqMeasureConfig *
prismiq_config_measure(const PrismiqTenantConfig *config, const char *name)
{
	const PrismiqName *entry = prismiq_names_find(&config->measure_names, name);

	return entry != NULL ? (const PrismiqMeasureConfig *) entry->value : NULL;
}
