/*-------------------------------------------------------------------------
 *
 * catalog.c
 *	  Names to OIDs, types, operators and privileges, asked of the catalogs.
 *
 * Everything goes through the system caches, which PostgreSQL keeps true; what
 * is remembered here besides (where the extension lives) is in a cache of ours.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/transam.h"
#include "access/table.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_index.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "parser/parse_func.h"
#include "parser/parse_relation.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteHandler.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "base/cache.h"
#include "base/compat.h"
#include "check/check.h"

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
	Relation	rel = table_open(ExtensionRelationId, AccessShareLock);
	SysScanDesc scan;
	ScanKeyData key;
	HeapTuple	tuple;
	Oid			result = InvalidOid;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum(name));
	scan = systable_beginscan(rel, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		result = ((Form_pg_extension) GETSTRUCT(tuple))->extnamespace;
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

/* One of the extension's own tables. */
Oid
prismiq_home_relation(const char *name)
{
	Oid			relid = get_relname_relid(name, prismiq_home_namespace());

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("extension \"prismiq\" lacks its table \"%s\"", name)));
	return relid;
}

/*
 * May the role read the relation, once it may use its schema?  Either all of
 * it, or some columns; in the latter case the tenant column must be among
 * them, for every statement names it.
 */
bool
prismiq_relation_readable(Oid relid, const char *tenant_column, bool *read_all)
{
	AttrNumber	attnum;

	*read_all = false;
	if (pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) == ACLCHECK_OK)
	{
		*read_all = true;
		return true;
	}
	if (tenant_column == NULL)
		return pg_attribute_aclcheck_all(relid, GetUserId(), ACL_SELECT,
										 ACLMASK_ANY) == ACLCHECK_OK;
	attnum = get_attnum(relid, tenant_column);
	return attnum > 0 &&
		pg_attribute_aclcheck(relid, attnum, GetUserId(), ACL_SELECT) == ACLCHECK_OK;
}

/* May this column of a readable table be seen at all by the caller? */
bool
prismiq_column_allowed(const PrismiqTable *table, AttrNumber attnum, const char *name)
{
	const PrismiqColumnConfig *config;

	if (!table->read_all &&
		pg_attribute_aclcheck(table->relid, attnum, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		return false;
	if (table->config == NULL)
		return true;
	config = prismiq_config_column(table->config, name);
	return config == NULL || !config->hidden;
}

/* Keep what was found out of a column of the table. */
void
prismiq_column_keep(PrismiqTable *table, PrismiqColumnRef *ref)
{
	bool		found;

	table->found = lappend(table->found, ref);
	prismiq_names_add(&table->found_names, ref->name, &found)->value = ref;
}

/* Take over what was found out of a column already; false when nothing was. */
static bool
recall_column(PrismiqTable *table, const char *name, PrismiqColumnRef *ref)
{
	const PrismiqName *entry = prismiq_names_find(&table->found_names, name);
	const PrismiqColumnRef *known;

	if (entry == NULL)
		return false;
	known = (const PrismiqColumnRef *) entry->value;
	ref->table = table;
	ref->attnum = known->attnum;
	ref->name = known->name;
	ref->type = known->type;
	ref->typmod = known->typmod;
	ref->collation = known->collation;
	ref->notnull = known->notnull;
	ref->basetype = known->basetype;
	return true;
}

/*
 * Look a column up and note what the catalog says of it.  False when it does
 * not exist or must not be seen, which the caller must not tell apart.
 */
bool
prismiq_column_find(PrismiqTable *table, const char *name, PrismiqColumnRef *ref)
{
	HeapTuple	tuple;
	Form_pg_attribute att;
	PrismiqColumnRef *found;

	if (recall_column(table, name, ref))
		return true;
	if (strlen(name) >= NAMEDATALEN || table->derived)
		return false;
	tuple = SearchSysCacheAttName(table->relid, name);
	if (!HeapTupleIsValid(tuple))
		return false;
	att = (Form_pg_attribute) GETSTRUCT(tuple);
	if (att->attnum <= 0 ||
		!prismiq_column_allowed(table, att->attnum, NameStr(att->attname)))
	{
		ReleaseSysCache(tuple);
		return false;
	}
	ref->table = table;
	ref->attnum = att->attnum;
	ref->name = pstrdup(NameStr(att->attname));
	ref->type = att->atttypid;
	ref->typmod = att->atttypmod;
	ref->collation = att->attcollation;
	ref->notnull = att->attnotnull;
	ReleaseSysCache(tuple);
	ref->basetype = prismiq_base_type(ref->type);
	found = palloc(sizeof(PrismiqColumnRef));
	*found = *ref;
	found->quoted = NULL;
	prismiq_column_keep(table, found);
	return true;
}

/* The nearest column that the caller may see, as a suggestion; or null. */
char *
prismiq_column_nearest(const PrismiqTable *table, PrismiqFaults *faults, const char *name)
{
	Relation	rel;
	TupleDesc	desc;
	PrismiqNearest nearest;
	char	   *result;
	int			i;
	ListCell   *lc;

	if (!prismiq_nearest_init(&nearest, faults, name))
		return NULL;
	if (table->derived)
	{
		foreach(lc, table->found)
			prismiq_nearest_offer(&nearest, ((PrismiqColumnRef *) lfirst(lc))->name);
		return prismiq_nearest_result(&nearest);
	}
	rel = relation_open(table->relid, AccessShareLock);
	desc = RelationGetDescr(rel);
	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (!att->attisdropped &&
			prismiq_column_allowed(table, att->attnum, NameStr(att->attname)))
			prismiq_nearest_offer(&nearest, NameStr(att->attname));
	}
	result = prismiq_nearest_result(&nearest);
	relation_close(rel, NoLock);
	return result;
}

/* The schema that a type is in. */
Oid
prismiq_type_namespace(Oid type)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	Oid			result = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		result = ((Form_pg_type) GETSTRUCT(tuple))->typnamespace;
		ReleaseSysCache(tuple);
	}
	return result;
}


/*
 * The type under a domain, else the type itself.  None of those with the
 * server's fixed OIDs is a domain, and most columns are of one.
 */
Oid
prismiq_base_type(Oid type)
{
	return type < FirstGenbkiObjectId ? type : getBaseType(type);
}

/* Can rows be grouped and sorted by values of the type? */
bool
prismiq_type_is_groupable(Oid type)
{
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR | TYPECACHE_LT_OPR);

	return OidIsValid(entry->eq_opr) && OidIsValid(entry->lt_opr);
}

/* A type's name for messages and metadata. */
char *
prismiq_type_name(Oid type)
{
	return format_type_be(type);
}
