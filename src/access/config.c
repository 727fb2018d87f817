/*-------------------------------------------------------------------------
 *
 * config.c
 *	  What a tenant says of its tables: time zone, names, hidden columns.
 *
 * One row of prismiq_schema_config per tenant, of the schema whose tables are
 * meant, read as system code does (the
 * tenant predicate is the key of the look-up) with a fresh catalog snapshot, and
 * kept per backend until the table changes.  The document was checked when it
 * was written, so reading is lenient: what has the wrong kind counts as
 * absent.
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
#include "base/cache.h"
#include "base/fault.h"
#include "base/json.h"
#include "catalog/catalogs.h"
#include "model/config.h"

/* Tenants kept; more than that and all are forgotten. */
#define MAX_CACHED_TENANTS 256
#define TENANT_KEY_SIZE 256

typedef struct ConfigKey
{
	Oid			tables;			/* the schema that they are in */
	char		tenant_id[TENANT_KEY_SIZE];
} ConfigKey;

typedef struct ConfigEntry
{
	ConfigKey	key;
	PrismiqTenantConfig config;
} ConfigEntry;

/* The root is a hash table of them. */
static PrismiqCache configs = {
	.name = "prismiq tenant settings",
	.catalogs = PRISMIQ_OF_RELATION
};

/* A string member, copied; null when it is none. */
static const char *
text_member(const json_t *node, const char *key)
{
	const json_t *member = json_object_get(node, key);

	return prismiq_json_kind(member) == PRISMIQ_JSON_STRING ?
		pstrdup(prismiq_json_string(member)) : NULL;
}

/* The columns of one table's settings. */
static List *
read_columns(const json_t *columns)
{
	List	   *result = NIL;
	void	   *iter;

	for (iter = json_object_iter(unconstify(json_t *, columns)); iter != NULL;
		 iter = json_object_iter_next(unconstify(json_t *, columns), iter))
	{
		const json_t *node = json_object_iter_value(iter);
		PrismiqColumnConfig *column = palloc0(sizeof(PrismiqColumnConfig));

		column->name = pstrdup(json_object_iter_key(iter));
		column->display_name = text_member(node, "display_name");
		column->description = text_member(node, "description");
		column->format = text_member(node, "format");
		column->date_format = text_member(node, "date_format");
		column->hidden = json_is_true(json_object_get(node, "hidden"));
		result = lappend(result, column);
	}
	return result;
}

/* The tables of a tenant's settings. */
static List *
read_tables(const json_t *tables)
{
	List	   *result = NIL;
	void	   *iter;

	for (iter = json_object_iter(unconstify(json_t *, tables)); iter != NULL;
		 iter = json_object_iter_next(unconstify(json_t *, tables), iter))
	{
		const json_t *node = json_object_iter_value(iter);
		PrismiqTableConfig *table = palloc0(sizeof(PrismiqTableConfig));

		table->name = pstrdup(json_object_iter_key(iter));
		table->display_name = text_member(node, "display_name");
		table->description = text_member(node, "description");
		table->hidden = json_is_true(json_object_get(node, "hidden"));
		table->columns = read_columns(json_object_get(node, "columns"));
		result = lappend(result, table);
	}
	return result;
}

/* Read a document into the current context. */
static void
read_config(PrismiqTenantConfig *config, const json_t *root)
{
	const char *text;
	const json_t *month = json_object_get(root, "fiscal_year_start_month");
	int64		number;
	int			i;

	config->timezone = text_member(root, "timezone");
	text = text_member(root, "week_start");
	for (i = 0; text != NULL && prismiq_weekday_names[i] != NULL; i++)
		if (pg_strcasecmp(text, prismiq_weekday_names[i]) == 0)
			config->week_start = i;
	if (prismiq_json_kind(month) == PRISMIQ_JSON_NUMBER &&
		prismiq_json_number_to_int(month, &number) && number >= 1 && number <= 12)
		config->fiscal_year_start_month = (int) number;
	config->tables = read_tables(json_object_get(root, "tables"));
}

/* The tenant's document as jsonb, or null when there is none. */
static Jsonb *
fetch_document(Relation rel, const char *tenant_id)
{
	AttrNumber	key_attnum = prismiq_home_column(rel, "tenant_id", TEXTOID);
	AttrNumber	config_attnum = prismiq_home_column(rel, "config", JSONBOID);
	Oid			index;
	SysScanDesc scan;
	ScanKeyData key;
	HeapTuple	tuple;
	Jsonb	   *result = NULL;

	index = prismiq_home_index(rel, key_attnum);
	ScanKeyEntryInitialize(&key, 0, key_attnum, BTEqualStrategyNumber, TEXTOID,
						   TupleDescAttr(RelationGetDescr(rel), key_attnum - 1)->attcollation,
						   F_TEXTEQ, CStringGetTextDatum(tenant_id));
	scan = systable_beginscan(rel, index, OidIsValid(index), NULL, 1, &key);
	tuple = systable_getnext(scan);
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

/* Read a tenant's document into a context. */
static void
load_config(PrismiqTenantConfig *config, Jsonb *document, MemoryContext target)
{
	MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "prismiq settings",
											   ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(work);
	PrismiqFaults faults = {NIL, NIL};
	const json_t *root = prismiq_json_from_jsonb(document, MaxAllocSize, 64, &faults);

	MemoryContextSwitchTo(target);
	if (root != NULL)
		read_config(config, root);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(work);
}

/* The settings that are remembered of a tenant; null when they have to be read. */
static PrismiqTenantConfig *
recall_config(const ConfigKey *key)
{
	ConfigEntry *entry = configs.root == NULL ? NULL :
		hash_search(configs.root, key, HASH_FIND, NULL);

	return entry != NULL ? &entry->config : NULL;
}

/* Remember the settings of one more tenant. */
static PrismiqTenantConfig *
keep_config(const ConfigKey *key, const PrismiqTenantConfig *config)
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
	entry->config = *config;
	if (hash_get_num_entries(configs.root) >= MAX_CACHED_TENANTS)
		prismiq_cache_forget(&configs); /* at the next look */
	return &entry->config;
}

/*
 * The tenant's settings; neutral ones when it has none.  The result lasts as
 * long as the current memory context.
 */
const PrismiqTenantConfig *
prismiq_config_get(Oid tables, const char *tenant_id)
{
	uint64		generation = prismiq_cache_begin(&configs);
	ConfigKey	key = {0};
	PrismiqTenantConfig *result;
	PrismiqTenantConfig config = {NULL, -1, 0, NIL};
	Relation	rel;
	Jsonb	   *document;
	bool		keep;

	key.tables = tables;
	strlcpy(key.tenant_id, tenant_id, sizeof(key.tenant_id));
	result = recall_config(&key);
	if (result == NULL)
	{
		rel = prismiq_home_open(tables, "prismiq_schema_config", AccessShareLock);
		if (prismiq_cache_holds(&configs, generation))
			prismiq_cache_follow(&configs, RelationGetRelid(rel));
		document = fetch_document(rel, tenant_id);
		table_close(rel, AccessShareLock);

		/* No look at the catalogs from here on. */
		keep = prismiq_cache_holds(&configs, generation);
		if (document != NULL)
			load_config(&config, document,
						keep ? prismiq_cache_memory(&configs) : CurrentMemoryContext);
		if (!keep)
		{
			result = palloc(sizeof(PrismiqTenantConfig));
			*result = config;
			return result;
		}
		result = keep_config(&key, &config);
	}
	prismiq_cache_pin(&configs);
	return result;
}

/* The entry of a table, by its name alone or with its schema before it; or null. */
static const PrismiqTableConfig *
find_entry(const PrismiqTenantConfig *config, const char *schema, const char *name)
{
	size_t		len = schema == NULL ? 0 : strlen(schema);
	ListCell   *lc;

	foreach(lc, config->tables)
	{
		const PrismiqTableConfig *table = (const PrismiqTableConfig *) lfirst(lc);
		const char *rest = table->name;

		if (schema != NULL)
		{
			if (strncmp(rest, schema, len) != 0 || rest[len] != '.')
				continue;
			rest += len + 1;
		}
		if (strcmp(rest, name) == 0)
			return table;
	}
	return NULL;
}

/*
 * The settings of a table, or null: those of its name, and those of its name
 * with its schema, as prismiq_tables() lists them.  What either hides is hidden.
 */
const PrismiqTableConfig *
prismiq_config_table(const PrismiqTenantConfig *config, const char *schema, const char *name)
{
	const PrismiqTableConfig *plain;
	const PrismiqTableConfig *qualified;
	PrismiqTableConfig *both;

	if (config == NULL)
		return NULL;
	plain = find_entry(config, NULL, name);
	qualified = find_entry(config, schema, name);
	if (plain == NULL || qualified == NULL)
		return plain != NULL ? plain : qualified;
	both = palloc(sizeof(PrismiqTableConfig));
	*both = *qualified;
	if (both->display_name == NULL)
		both->display_name = plain->display_name;
	if (both->description == NULL)
		both->description = plain->description;
	both->hidden = plain->hidden || qualified->hidden;
	both->columns = list_concat_copy(qualified->columns, plain->columns);
	return both;
}

/* The settings of a column by its name, or null; those that hide it where there are several. */
const PrismiqColumnConfig *
prismiq_config_column(const PrismiqTableConfig *table, const char *name)
{
	const PrismiqColumnConfig *found = NULL;
	ListCell   *lc;

	if (table == NULL)
		return NULL;
	foreach(lc, table->columns)
	{
		const PrismiqColumnConfig *column = (const PrismiqColumnConfig *) lfirst(lc);

		if (strcmp(column->name, name) == 0 && (found == NULL || column->hidden))
			found = column;
	}
	return found;
}
