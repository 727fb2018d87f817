/*-------------------------------------------------------------------------
 *
 * relations.c
 *	  Relations and schemas by their names, their kinds, and whether a relation
 *	  can be read.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "rewrite/rewriteHandler.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "base/cache.h"
#include "catalog/catalogs.h"

/*
 * A column, of type oid, of the only row of a catalog that the keys find by one
 * of its indexes; invalid when they find none.
 */
Oid
prismiq_catalog_scan(Oid catalog, Oid index, int nkeys, ScanKeyData *keys, AttrNumber attnum)
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

/*
 * A schema by a name that a caller wrote; invalid when there is none.  The
 * system cache is not asked, since it would keep an entry for every name that is
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
	return prismiq_catalog_scan(NamespaceRelationId, NamespaceNameIndexId, 1, &key,
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
	return prismiq_catalog_scan(RelationRelationId, ClassNameNspIndexId, 2, keys,
								Anum_pg_class_oid);
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

/* Can relations of the kind be exposed? */
bool
prismiq_relkind_is_queryable(char relkind)
{
	return prismiq_relkind_is_stored(relkind) || relkind == RELKIND_VIEW ||
		relkind == RELKIND_FOREIGN_TABLE;
}

/* May relations of the kind have foreign keys, and be what they refer to? */
bool
prismiq_relkind_is_table(char relkind)
{
	return relkind == RELKIND_RELATION || relkind == RELKIND_PARTITIONED_TABLE;
}

/* Are rows of the kind stored by this server?  Partitions may be elsewhere. */
bool
prismiq_relkind_is_stored(char relkind)
{
	return prismiq_relkind_is_table(relkind) || relkind == RELKIND_MATVIEW;
}

/* Is every row of a relation stored by this server, those of its partitions too? */
bool
prismiq_relation_is_stored(Oid relid, char relkind)
{
	ListCell   *lc;

	if (!prismiq_relkind_is_stored(relkind))
		return false;
	if (!has_subclass(relid))
		return true;
	foreach(lc, find_all_inheritors(relid, AccessShareLock, NULL))
		if (get_rel_relkind(lfirst_oid(lc)) == RELKIND_FOREIGN_TABLE)
			return false;
	return true;
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
