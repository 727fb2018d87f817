/*-------------------------------------------------------------------------
 *
 * exposure.c
 *	  What may be queried, and which tenant predicate it must carry.
 *
 * A relation is queryable only when all of this holds: it is in
 * prismiq_exposures; the role may use its schema and read it (its tenant
 * column included); the context's tenant may see it; the tenant's own
 * configuration does not hide it.  In every other case it is "not found", and
 * nothing tells the cases apart.
 *
 * Exposures are read by a scan of the table itself, as system code
 * does, not with the caller's privileges: no role needs any on the table.  They
 * are kept per backend until the table's relcache entry is
 * invalidated, which a trigger on it does at every change.  They are read
 * with a fresh catalog snapshot, never the transaction's: an old one must not
 * fill a cache that outlives it.
 *
 * Each table that a definition uses is locked (AccessShareLock) before it is
 * looked at and stays so until the transaction ends, as a plain SELECT does,
 * so its names cannot change between the check and the execution.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "base/cache.h"
#include "base/compat.h"
#include "base/settings.h"
#include "check/check.h"

/* Columns of prismiq_exposures, looked up by name when it is read. */
typedef struct ExposureColumns
{
	AttrNumber	relation;
	AttrNumber	tenant_column;
	AttrNumber	time_column;
	AttrNumber	shared;
	AttrNumber	tenant;
} ExposureColumns;

/* The root is a hash table of all of them. */
static PrismiqCache exposures = {
	.name = "prismiq exposures",
	.catalogs = PRISMIQ_OF_RELATION
};

/* Copy one row into the cache's table. */
static void
load_row(HTAB *table, HeapTuple tuple, TupleDesc desc, const ExposureColumns *columns)
{
	Datum		value;
	bool		isnull;
	Oid			relid;
	PrismiqExposure *exposure;
	bool		found;

	value = heap_getattr(tuple, columns->relation, desc, &isnull);
	if (isnull)
		return;
	relid = DatumGetObjectId(value);
	exposure = hash_search(table, &relid, HASH_ENTER, &found);
	memset(&exposure->tenant_column, 0, sizeof(NameData));
	memset(&exposure->time_column, 0, sizeof(NameData));
	exposure->tenant = NULL;

	value = heap_getattr(tuple, columns->tenant_column, desc, &isnull);
	if (!isnull)
		exposure->tenant_column = *DatumGetName(value);
	value = heap_getattr(tuple, columns->time_column, desc, &isnull);
	if (!isnull)
		exposure->time_column = *DatumGetName(value);
	value = heap_getattr(tuple, columns->shared, desc, &isnull);
	exposure->shared = !isnull && DatumGetBool(value);
	value = heap_getattr(tuple, columns->tenant, desc, &isnull);
	if (!isnull)
	{
		MemoryContext old = MemoryContextSwitchTo(prismiq_cache_memory(&exposures));

		exposure->tenant = TextDatumGetCString(value);
		MemoryContextSwitchTo(old);
	}
}

/* Read all exposures. */
static void
load_exposures(void)
{
	Relation	rel;
	SysScanDesc scan;
	HeapTuple	tuple;
	ExposureColumns columns;
	HASHCTL		ctl;
	HTAB	   *table;
	Oid			relid = prismiq_home_relation("prismiq_exposures");

	/* Without what a load that failed may have left. */
	prismiq_cache_forget(&exposures);
	(void) prismiq_cache_begin(&exposures);
	exposures.relid = relid;
	ctl.keysize = sizeof(Oid);
	ctl.entrysize = sizeof(PrismiqExposure);
	ctl.hcxt = prismiq_cache_memory(&exposures);
	table = hash_create("prismiq exposures", 64, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);

	rel = table_open(relid, AccessShareLock);
	columns.relation = get_attnum(relid, "relation");
	columns.tenant_column = get_attnum(relid, "tenant_column");
	columns.time_column = get_attnum(relid, "time_column");
	columns.shared = get_attnum(relid, "shared");
	columns.tenant = get_attnum(relid, "tenant");
	scan = systable_beginscan(rel, InvalidOid, false, NULL, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		load_row(table, tuple, RelationGetDescr(rel), &columns);
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	exposures.root = table;
}

/*
 * The table of all exposures.  What is found in it is good until the next look
 * at exposures.
 */
static HTAB *
all_exposures(void)
{
	(void) prismiq_cache_begin(&exposures);
	if (exposures.root == NULL)
		load_exposures();
	return exposures.root;
}

/* The exposure of a relation, or null. */
const PrismiqExposure *
prismiq_exposure_find(Oid relid)
{
	return hash_search(all_exposures(), &relid, HASH_FIND, NULL);
}

/* The relations of all exposures, as a list of OIDs. */
List *
prismiq_exposure_all(void)
{
	HASH_SEQ_STATUS status;
	PrismiqExposure *exposure;
	List	   *result = NIL;

	hash_seq_init(&status, all_exposures());
	while ((exposure = hash_seq_search(&status)) != NULL)
		result = lappend_oid(result, exposure->relid);
	list_sort(result, list_oid_cmp);
	return result;
}

/* Kinds of relations that can be queried. */
static bool
is_queryable_kind(char relkind)
{
	return relkind == RELKIND_RELATION || relkind == RELKIND_PARTITIONED_TABLE ||
		relkind == RELKIND_VIEW || relkind == RELKIND_MATVIEW ||
		relkind == RELKIND_FOREIGN_TABLE;
}

/*
 * The tenant's id as a value of the tenant column's type, and the operator
 * that compares them.  False when the type has no equality, or when the id is
 * no value of the type: such a tenant has no rows in the table.
 */
static bool
bind_tenant(PrismiqTable *table, const char *tenant_id)
{
	Oid			typinput;
	Oid			typioparam;
	Datum		value;
	Oid			type = prismiq_base_type(table->tenant_type);

	table->tenant_type = type;
	table->tenant_eq = prismiq_comparison_operator(type, PRISMIQ_OP_EQ);
	if (!OidIsValid(table->tenant_eq))
		return false;
	if (type == TEXTOID || type == VARCHAROID)
		value = CStringGetTextDatum(tenant_id);
	else if (type_is_enum(type))
	{
		if (!prismiq_enum_find(NULL, type, tenant_id, &value))
			return false;
	}
	else
	{
		/* Two tenants must not become one by what the type cuts off. */
		if (type == NAMEOID && strlen(tenant_id) >= NAMEDATALEN)
			return false;
		if (type == BPCHAROID && tenant_id[strlen(tenant_id) - 1] == ' ')
			return false;
		if (prismiq_type_input_asks_catalogs(type))
			return false;
		getTypeInputInfo(type, &typinput, &typioparam);
		if (!prismiq_input_value(typinput, tenant_id, typioparam, -1, &value))
			return false;
	}
	table->tenant_value = prismiq_const_make(type, value);
	return true;
}

/* Does the tenant see the relation, and by which predicate? */
static bool
attach_tenant(PrismiqTable *table, const PrismiqExposure *exposure, const PrismiqContext *who)
{
	HeapTuple	tuple;
	Form_pg_attribute att;
	bool		ok = false;

	if (exposure->shared)
		return true;
	if (exposure->tenant != NULL)
		return strcmp(exposure->tenant, who->tenant_id) == 0;
	if (NameStr(exposure->tenant_column)[0] == '\0')
		return false;
	tuple = SearchSysCacheAttName(table->relid, NameStr(exposure->tenant_column));
	if (!HeapTupleIsValid(tuple))
		return false;			/* the column is gone: never unfiltered */
	att = (Form_pg_attribute) GETSTRUCT(tuple);
	if (att->attnum > 0)
	{
		table->tenant_attnum = att->attnum;
		table->tenant_column = pstrdup(NameStr(att->attname));
		table->tenant_type = att->atttypid;
		ok = true;
	}
	ReleaseSysCache(tuple);
	return ok && bind_tenant(table, who->tenant_id);
}

/*
 * Take a relation for a table of the query; false when the caller must not
 * know of it.  "usable" is a schema that the caller is known to be let into.
 */
static bool
open_relation(PrismiqTable *table, Oid relid, Oid usable, const PrismiqContext *who,
			  const PrismiqTenantConfig *config)
{
	const PrismiqExposure *exposure;
	const char *tenant_column;
	HeapTuple	tuple;
	Form_pg_class form;
	Oid			nspid;

	exposure = prismiq_exposure_find(relid);
	if (exposure == NULL)
		return false;
	tenant_column = NameStr(exposure->tenant_column)[0] ?
		pstrdup(NameStr(exposure->tenant_column)) : NULL;
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_class) GETSTRUCT(tuple);
	table->relid = relid;
	table->relkind = form->relkind;
	table->relname = pstrdup(NameStr(form->relname));
	nspid = form->relnamespace;
	ReleaseSysCache(tuple);
	if ((nspid != usable && !prismiq_may_use_schema(nspid)) ||
		!prismiq_relation_readable(relid, tenant_column, &table->read_all))
		return false;
	table->nspname = get_namespace_name(nspid);
	if (table->nspname == NULL || !is_queryable_kind(table->relkind))
		return false;
	table->config = prismiq_config_table(config, table->relname);
	if (table->config != NULL && table->config->hidden)
		return false;

	/* Reading the settings above may have reloaded the cache: ask again. */
	exposure = prismiq_exposure_find(relid);
	return exposure != NULL && attach_tenant(table, exposure, who);
}

/*
 * Lock a relation that a name led to and take it; false, and no lock kept,
 * when it is not for the caller.
 */
bool
prismiq_table_open(PrismiqTable *table, Oid relid, const PrismiqContext *who,
				   const PrismiqTenantConfig *config)
{
	PrismiqTable opened = *table;
	Oid			nspid = get_rel_namespace(relid);

	/* Do not queue on locks of what the caller may not even see. */
	if (prismiq_exposure_find(relid) == NULL || !prismiq_may_use_schema(nspid))
		return false;
	LockRelationOid(relid, AccessShareLock);
	if (open_relation(&opened, relid, nspid, who, config))
	{
		*table = opened;
		return true;
	}
	UnlockRelationOid(relid, AccessShareLock);
	return false;
}

/* Candidates for a name, in the order in which they count. */
static bool
try_relation(PrismiqTable *table, Oid nspid, const char *name, const PrismiqContext *who,
			 const PrismiqTenantConfig *config)
{
	Oid			relid;

	if (!OidIsValid(nspid))
		return false;
	relid = prismiq_relation_by_name(name, nspid);
	return OidIsValid(relid) && prismiq_table_open(table, relid, who, config);
}

/*
 * Find an exposed relation: in the named schema, else in prismiq.schema, else
 * along the search path, else the only exposed one of that name.  The result
 * counts the relations found: 0, 1, or more (then it is ambiguous).
 */
static int
find_relation(PrismiqTable *table, const PrismiqContext *who,
			  const PrismiqTenantConfig *config)
{
	ListCell   *lc;
	PrismiqTable only = *table;
	int			count = 0;

	if (strlen(table->name) >= NAMEDATALEN)
		return 0;
	if (table->schema != NULL)
		return strlen(table->schema) < NAMEDATALEN &&
			try_relation(table, prismiq_schema_by_name(table->schema), table->name, who,
						 config) ? 1 : 0;
	if (prismiq_setting_schema != NULL && prismiq_setting_schema[0] != '\0' &&
		try_relation(table, prismiq_schema_by_name(prismiq_setting_schema), table->name, who,
					 config))
		return 1;
	foreach(lc, fetch_search_path(false))
	{
		if (try_relation(table, lfirst_oid(lc), table->name, who, config))
			return 1;
	}
	foreach(lc, prismiq_exposure_all())
	{
		Oid			relid = lfirst_oid(lc);
		char	   *relname = get_rel_name(relid);
		PrismiqTable candidate = *table;

		if (relname == NULL || strcmp(relname, table->name) != 0 ||
			!prismiq_table_open(&candidate, relid, who, config))
			continue;
		only = candidate;
		count++;
	}
	if (count == 1)
		*table = only;
	return count;
}

/* The nearest name among the tables that the caller may query, or null. */
static char *
nearest_table(PrismiqCheck *check, const char *name)
{
	PrismiqNearest nearest;
	ListCell   *lc;

	if (!prismiq_nearest_init(&nearest, check->faults, name))
		return NULL;
	foreach(lc, prismiq_exposure_all())
	{
		PrismiqTable candidate;

		CHECK_FOR_INTERRUPTS();
		memset(&candidate, 0, sizeof(candidate));
		if (open_relation(&candidate, lfirst_oid(lc), InvalidOid, check->who, check->config))
			prismiq_nearest_offer(&nearest, candidate.relname);
	}
	return prismiq_nearest_result(&nearest);
}

/* Look up every table of the query. */
void
prismiq_tables_find(PrismiqCheck *check)
{
	ListCell   *lc;

	foreach(lc, check->query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);
		const PrismiqPath *path;
		int			count;

		if (table->name == NULL)
			continue;
		count = find_relation(table, check->who, check->config);
		path = prismiq_path_key(table->path, "name", 1);
		if (count == 1 && prismiq_relation_is_filled(table->relid))
			continue;
		if (count == 1)
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, path,
							  "REFRESH MATERIALIZED VIEW fills it.",
							  "table \"%s\" has not been filled with data", table->name);
		else if (count == 0)
			prismiq_fault_add(check->faults, PRISMIQ_TABLE_NOT_FOUND, path,
							  nearest_table(check, table->name),
							  "table \"%s\" not found", table->name);
		else
			prismiq_fault_add(check->faults, PRISMIQ_AMBIGUOUS_TABLE, path,
							  "Name its schema with \"schema\".",
							  "table \"%s\" is exposed in more than one schema", table->name);
	}
}

/* One table by name, for functions that take a name; null: not found. */
PrismiqTable *
prismiq_table_resolve(const char *schema, const char *name, const PrismiqContext *who,
					  const PrismiqTenantConfig *config)
{
	PrismiqTable *table = palloc0(sizeof(PrismiqTable));

	table->name = name;
	table->schema = schema;
	return find_relation(table, who, config) == 1 ? table : NULL;
}

/* The table that an id names; a fault at the path when it names none. */
PrismiqTable *
prismiq_table_by_id(PrismiqCheck *check, const char *id, const PrismiqPath *path)
{
	PrismiqNearest nearest;
	ListCell   *lc;

	foreach(lc, check->query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		if (table->id != NULL && strcmp(table->id, id) == 0)
			return table;
	}
	(void) prismiq_nearest_init(&nearest, check->faults, id);
	foreach(lc, check->query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		if (table->id != NULL)
			prismiq_nearest_offer(&nearest, table->id);
	}
	prismiq_fault_add(check->faults, PRISMIQ_TABLE_NOT_FOUND, path,
					  prismiq_nearest_result(&nearest),
					  "no table of the query has the id \"%s\"", id);
	return NULL;
}
