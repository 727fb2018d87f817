/*-------------------------------------------------------------------------
 *
 * home.c
 *	  Where the extension is installed, and others that we may work with.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "base/cache.h"
#include "base/compat_rights.h"
#include "base/fault.h"
#include "catalog/catalogs.h"

/* Where the extension lives. */
typedef struct Home
{
	Oid			namespace;
	Oid			exposures;		/* its table of them */
} Home;

static PrismiqCache homes = {
	.name = "prismiq home",
	.catalogs = PRISMIQ_OF_NAMESPACES,
	.max_entries = 1
};

/* The schema that an extension is in; invalid when it is not installed. */
Oid
prismiq_extension_namespace(const char *name)
{
	ScanKeyData key;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum(name));
	return prismiq_catalog_scan(ExtensionRelationId, ExtensionNameIndexId, 1, &key,
								Anum_pg_extension_extnamespace);
}

/* The version that an extension's objects in this database are of; null when there are none. */
char *
prismiq_extension_version(const char *name)
{
	Relation	rel = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	char	   *result = NULL;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum(name));
	scan = systable_beginscan(rel, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool		isnull;
		Datum		version = heap_getattr(tuple, Anum_pg_extension_extversion,
										   RelationGetDescr(rel), &isnull);

		if (!isnull)
			result = TextDatumGetCString(version);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return result;
}

/*
 * The schema that our own extension is in.  There is no system cache for
 * extensions before version 18, so the answer is kept, for as long as the table
 * found there is.  Its number is compared and not just its name: once the
 * extension is dropped and created elsewhere, who owns the old schema may put a
 * table of the same name there.
 */
Oid
prismiq_home_namespace(void)
{
	PrismiqCacheKey key = {{0}};
	const Home *known = prismiq_cache_find(&homes, &key);
	Home		home;

	if (known != NULL)
	{
		home = *known;
		if (get_relname_relid("prismiq_exposures", home.namespace) == home.exposures)
			return home.namespace;
		prismiq_cache_forget(&homes);
		(void) prismiq_cache_find(&homes, &key);
	}
	home.namespace = prismiq_extension_namespace("prismiq");
	if (!OidIsValid(home.namespace))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("extension \"prismiq\" is not installed in this database")));
	home.exposures = get_relname_relid("prismiq_exposures", home.namespace);
	if (OidIsValid(home.exposures))
		prismiq_cache_keep(&homes, &key, &home, sizeof(home));
	return home.namespace;
}

static PrismiqCache dense_aggregates = {
	.name = "prismiq dense",
	.catalogs = PRISMIQ_OF_FUNCTIONS | PRISMIQ_OF_NAMESPACES,
	.max_entries = 1
};

/*
 * The aggregate prismiq_dense(), which takes values of any types.  So somebody
 * else's of that name beside it may fit a call better: then there is none.
 */
Oid
prismiq_home_dense(void)
{
	Oid			home = prismiq_home_namespace();
	PrismiqCacheKey key = {{home}};
	const Oid  *known = prismiq_cache_find(&dense_aggregates, &key);
	Oid			found = InvalidOid;
	int			count = 0;
	CatCList   *list;
	int			i;

	if (known != NULL)
		return *known;
	list = SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum("prismiq_dense"));
	for (i = 0; i < list->n_members; i++)
	{
		Form_pg_proc form = (Form_pg_proc) GETSTRUCT(&list->members[i]->tuple);

		if (form->pronamespace != home)
			continue;
		count++;
		found = form->oid;
	}
	ReleaseSysCacheList(list);
	if (count != 1)
		found = InvalidOid;
	prismiq_cache_keep(&dense_aggregates, &key, &found, sizeof(found));
	return found;
}

/* One of our own tables of a schema. */
static Oid
find_relation(Oid schema, const char *name)
{
	Oid			relid = get_relname_relid(name, schema);

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("extension \"prismiq\" lacks its table \"%s\"", name)));
	return relid;
}

/* One of the extension's own tables. */
Oid
prismiq_home_relation(const char *name)
{
	return find_relation(prismiq_home_namespace(), name);
}

/* Whose a relation is; nobody's when there is none. */
static Oid
owner_of(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid			result;

	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	result = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return result;
}

/*
 * See the header.  Any caller may name any schema, and what a tenant has hidden is
 * read from its tables with no privilege of the caller's.  So the tables have to be
 * our owner's, whom nobody can give a table to, and the schema one that the caller
 * may look into: by way of its functions the same could be had.
 */
Oid
prismiq_home_tables(Oid schema)
{
	Oid			home = prismiq_home_namespace();
	Oid			owner = owner_of(get_relname_relid("prismiq_schema_config", home));

	if (schema == home)
		return home;
	if (!OidIsValid(schema) || !OidIsValid(owner) ||
		owner_of(get_relname_relid("prismiq_schema_config", schema)) != owner ||
		!prismiq_may_use_schema(schema))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("the schema holds no tables of extension \"prismiq\" for the caller")));
	return schema;
}

/* See the header. */
Relation
prismiq_home_open(Oid schema, const char *name, LOCKMODE lockmode)
{
	Relation	rel = table_open(find_relation(schema, name), lockmode);

	if (rel->rd_rel->relkind != RELKIND_RELATION || rel->rd_rel->relam != HEAP_TABLE_AM_OID)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
				 errmsg("\"%s\" of extension \"prismiq\" is not the table that it was made as",
						name)));
	return rel;
}

/* See the header. */
AttrNumber
prismiq_home_column(Relation rel, const char *name, Oid type)
{
	TupleDesc	desc = RelationGetDescr(rel);
	int			i;

	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (!att->attisdropped && att->atttypid == type && strcmp(NameStr(att->attname), name) == 0)
			return att->attnum;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
			 errmsg("table \"%s\" of extension \"prismiq\" lacks its column \"%s\"",
					RelationGetRelationName(rel), name)));
}

/* See the header. */
Oid
prismiq_home_index(Relation rel, AttrNumber first)
{
	Relation	index;
	bool		fits;

	list_free(RelationGetIndexList(rel));
	if (!OidIsValid(rel->rd_pkindex))
		return InvalidOid;
	index = index_open(rel->rd_pkindex, AccessShareLock);
	fits = index->rd_index->indisvalid && index->rd_index->indnkeyatts > 0 &&
		index->rd_index->indkey.values[0] == first;
	index_close(index, AccessShareLock);
	return fits ? rel->rd_pkindex : InvalidOid;
}
