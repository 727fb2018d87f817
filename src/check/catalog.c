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
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_coerce.h"
#include "parser/parse_func.h"
#include "parser/parse_relation.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteHandler.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
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

/*
 * A column, of type oid, of the only row of a catalog that the keys find by one
 * of its indexes; invalid when they find none.
 */
static Oid
scan_catalog(Oid catalog, Oid index, int nkeys, ScanKeyData *keys, AttrNumber attnum)
{
	Relation	rel = table_open(catalog, AccessShareLock);
	SysScanDesc scan = systable_beginscan(rel, index, true, NULL, nkeys, keys);
	HeapTuple	tuple = systable_getnext(scan);
	Oid			result = InvalidOid;
	bool		isnull;

	if (HeapTupleIsValid(tuple))
		result = DatumGetObjectId(heap_getattr(tuple, attnum, RelationGetDescr(rel), &isnull));
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return result;
}

/* The schema that an extension is in; invalid when it is not installed. */
Oid
prismiq_extension_namespace(const char *name)
{
	ScanKeyData key;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum(name));
	return scan_catalog(ExtensionRelationId, ExtensionNameIndexId, 1, &key,
						Anum_pg_extension_extnamespace);
}

/*
 * A schema by a name that a caller wrote; invalid when there is none.  The
 * system cache is not asked, for it would keep an entry for every name that is
 * none.  The same goes for relations.
 */
Oid
prismiq_schema_by_name(const char *name)
{
	NameData	wanted;
	ScanKeyData key;

	if (strlen(name) >= NAMEDATALEN)
		return InvalidOid;
	namestrcpy(&wanted, name);
	ScanKeyInit(&key, Anum_pg_namespace_nspname, BTEqualStrategyNumber, F_NAMEEQ,
				NameGetDatum(&wanted));
	return scan_catalog(NamespaceRelationId, NamespaceNameIndexId, 1, &key,
						Anum_pg_namespace_oid);
}

/* A relation of a schema by a name that a caller wrote; invalid when there is none. */
Oid
prismiq_relation_by_name(const char *name, Oid nspid)
{
	NameData	wanted;
	ScanKeyData keys[2];

	if (strlen(name) >= NAMEDATALEN)
		return InvalidOid;
	namestrcpy(&wanted, name);
	ScanKeyInit(&keys[0], Anum_pg_class_relname, BTEqualStrategyNumber, F_NAMEEQ,
				NameGetDatum(&wanted));
	ScanKeyInit(&keys[1], Anum_pg_class_relnamespace, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(nspid));
	return scan_catalog(RelationRelationId, ClassNameNspIndexId, 2, keys, Anum_pg_class_oid);
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
 * them, for every statement names it.  A relation that is gone cannot be read.
 */
bool
prismiq_relation_readable(Oid relid, const char *tenant_column, bool *read_all)
{
	AttrNumber	attnum;
	bool		missing = false;

	*read_all = pg_class_aclcheck_ext(relid, GetUserId(), ACL_SELECT, &missing) == ACLCHECK_OK;
	if (*read_all || missing || !SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid)))
		return *read_all;
	if (tenant_column == NULL)
		return pg_attribute_aclcheck_all(relid, GetUserId(), ACL_SELECT,
										 ACLMASK_ANY) == ACLCHECK_OK;
	attnum = get_attnum(relid, tenant_column);
	return attnum > 0 && pg_attribute_aclcheck_ext(relid, attnum, GetUserId(), ACL_SELECT,
												   &missing) == ACLCHECK_OK;
}

/* May this column of a readable table be seen at all by the caller? */
bool
prismiq_column_allowed(const PrismiqTable *table, AttrNumber attnum, const char *name)
{
	const PrismiqColumnConfig *config;
	bool		missing;

	if (!table->read_all &&
		pg_attribute_aclcheck_ext(table->relid, attnum, GetUserId(), ACL_SELECT,
								  &missing) != ACLCHECK_OK)
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

	if (table->found_names == NULL)
		table->found_names = palloc0(sizeof(PrismiqNames));
	table->found = lappend(table->found, ref);
	prismiq_names_add(table->found_names, ref->name, &found)->value = ref;
}

/*
 * Is something that a view reads a materialized view without data?  A tree
 * walker; "arg" is the view, which its own range table has entries of.
 */
static bool
reads_unfilled(Node *node, void *arg)
{
	if (node == NULL)
		return false;
	if (IsA(node, RangeTblEntry))
	{
		const RangeTblEntry *rte = (const RangeTblEntry *) node;

		return rte->rtekind == RTE_RELATION && rte->relid != *(const Oid *) arg &&
			!prismiq_relation_is_filled(rte->relid);
	}
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, reads_unfilled, arg, QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, reads_unfilled, arg);
}

/* Can the relation be read?  Not a materialized view without data, nor a view of one. */
bool
prismiq_relation_is_filled(Oid relid)
{
	char		relkind = get_rel_relkind(relid);
	Relation	rel;
	bool		result;

	check_stack_depth();
	if (relkind != RELKIND_VIEW && relkind != RELKIND_MATVIEW)
		return true;
	rel = relation_open(relid, AccessShareLock);
	result = relkind == RELKIND_MATVIEW ? RelationIsPopulated(rel) :
		!reads_unfilled((Node *) get_view_query(rel), &relid);
	relation_close(rel, NoLock);
	return result;
}

/* Take over what was found out of a column already; false when nothing was. */
static bool
recall_column(PrismiqTable *table, const char *name, PrismiqColumnRef *ref)
{
	const PrismiqName *entry = table->found_names == NULL ? NULL :
		prismiq_names_find(table->found_names, name);
	const PrismiqColumnRef *known;

	if (entry == NULL)
		return false;
	known = (const PrismiqColumnRef *) entry->value;
	ref->table = table;
	ref->attnum = known->attnum;
	ref->name = known->name;
	ref->type = known->type;
	ref->typmod = known->typmod;
	ref->large = known->large;
	ref->collation = known->collation;
	ref->notnull = known->notnull;
	ref->basetype = known->basetype;
	return true;
}

/*
 * The number of a relation's column; InvalidAttrNumber when it has none of that
 * name.  The names are searched here and not in the system cache, which would
 * keep an entry for every name that is none.  The relation is not opened: it
 * may be one that is only looked at, and is not to be locked.
 */
AttrNumber
prismiq_column_number(PrismiqTable *table, const char *name)
{
	const PrismiqName *entry;

	if (!OidIsValid(table->relid))
		return InvalidAttrNumber;
	if (table->column_names.places == NULL)
	{
		CatCList   *columns = SearchSysCacheList1(ATTNUM, ObjectIdGetDatum(table->relid));
		bool		found;
		int			i;

		for (i = 0; i < columns->n_members; i++)
		{
			Form_pg_attribute att = (Form_pg_attribute) GETSTRUCT(&columns->members[i]->tuple);

			if (att->attnum > 0 && !att->attisdropped)
				prismiq_names_add(&table->column_names, pstrdup(NameStr(att->attname)),
								  &found)->number = att->attnum;
		}
		ReleaseCatCacheList(columns);
	}
	entry = prismiq_names_find(&table->column_names, name);
	return entry != NULL ? (AttrNumber) entry->number : InvalidAttrNumber;
}

/* What the catalog says of a column; false when it is gone. */
static bool
describe_column(const PrismiqTable *table, AttrNumber attnum, PrismiqColumnRef *ref)
{
	HeapTuple	tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(table->relid),
										Int16GetDatum(attnum));
	Form_pg_attribute att;

	if (!HeapTupleIsValid(tuple))
		return false;
	att = (Form_pg_attribute) GETSTRUCT(tuple);
	ref->attnum = attnum;
	ref->name = pstrdup(NameStr(att->attname));
	ref->type = att->atttypid;
	ref->typmod = att->atttypmod;
	ref->collation = att->attcollation;
	ref->notnull = att->attnotnull;
	ReleaseSysCache(tuple);
	ref->basetype = prismiq_base_type(ref->type);
	return true;
}

/*
 * Look a column up and note what the catalog says of it.  False when it does
 * not exist or must not be seen, which the caller must not tell apart.
 */
bool
prismiq_column_find(PrismiqTable *table, const char *name, PrismiqColumnRef *ref)
{
	AttrNumber	attnum;
	PrismiqColumnRef *found;

	if (recall_column(table, name, ref))
		return true;
	attnum = prismiq_column_number(table, name);
	if (attnum == InvalidAttrNumber || !prismiq_column_allowed(table, attnum, name) ||
		!describe_column(table, attnum, ref))
		return false;
	ref->table = table;
	found = palloc(sizeof(PrismiqColumnRef));
	*found = *ref;
	found->quoted = NULL;
	prismiq_column_keep(table, found);
	return true;
}

/* A column that is known to be there and may be seen; null when it is gone all the same. */
PrismiqColumnRef *
prismiq_column_numbered(PrismiqTable *table, AttrNumber attnum)
{
	PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));
	ListCell   *lc;

	foreach(lc, table->found)
		if (((const PrismiqColumnRef *) lfirst(lc))->attnum == attnum)
			return (PrismiqColumnRef *) lfirst(lc);
	ref->table = table;
	return describe_column(table, attnum, ref) ? ref : NULL;
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
