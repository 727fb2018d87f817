/*-------------------------------------------------------------------------
 *
 * plain.c
 *	  Which relations can be planned for a list of all of them.
 *
 * To plan a relation is to open up its views and the policies of its tables,
 * and to run what of it is constant, with the rights of whoever asks.  Who
 * queries a relation wants that.  Who lists relations does not: views of views
 * of one owner could make the list endless for everybody, or run functions of
 * that owner's.  So a relation is planned for a list only if it is a table, or
 * a view of tables, and nothing but what the server brought is in the view and
 * in the policies of the tables.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_rewrite.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "catalog/catalogs.h"

/*
 * Does a view's rule, or a policy, use only its own relation and tables, which
 * are noted (null: no tables either), and what the server brought?
 */
static bool
uses_only_tables(Oid classid, Oid objid, Oid own, List **tables)
{
	Relation	rel = table_open(DependRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		result = true;

	ScanKeyInit(&keys[0], Anum_pg_depend_classid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(classid));
	ScanKeyInit(&keys[1], Anum_pg_depend_objid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(objid));
	scan = systable_beginscan(rel, DependDependerIndexId, true, NULL, 2, keys);
	while (result && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend depend = (Form_pg_depend) GETSTRUCT(tuple);

		CHECK_FOR_INTERRUPTS();
		if (depend->refclassid == RelationRelationId && depend->refobjid == own)
			continue;
		result = depend->refclassid == RelationRelationId && tables != NULL &&
			prismiq_relkind_is_stored(get_rel_relkind(depend->refobjid));
		if (result)
			*tables = list_append_unique_oid(*tables, depend->refobjid);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return result;
}

/* Are the policies of a table, if they count, plain? */
static bool
policies_are_plain(Oid relid)
{
	Relation	rel;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	bool		result;

	if (!HeapTupleIsValid(tuple))
		return false;
	result = !((Form_pg_class) GETSTRUCT(tuple))->relrowsecurity;
	ReleaseSysCache(tuple);
	if (result)
		return true;

	result = true;
	rel = table_open(PolicyRelationId, AccessShareLock);
	ScanKeyInit(&key, Anum_pg_policy_polrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(rel, PolicyPolrelidPolnameIndexId, true, NULL, 1, &key);
	while (result && HeapTupleIsValid(tuple = systable_getnext(scan)))
		result = uses_only_tables(PolicyRelationId, ((Form_pg_policy) GETSTRUCT(tuple))->oid,
								  relid, NULL);
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return result;
}

/* Can a relation be planned for a list? */
bool
prismiq_relation_is_plain(Oid relid)
{
	List	   *tables = NIL;
	HeapTuple	tuple;
	Oid			rule;
	ListCell   *lc;

	if (prismiq_relkind_is_stored(get_rel_relkind(relid)))
		return policies_are_plain(relid);
	if (get_rel_relkind(relid) != RELKIND_VIEW)
		return false;
	tuple = SearchSysCache2(RULERELNAME, ObjectIdGetDatum(relid), PointerGetDatum("_RETURN"));
	if (!HeapTupleIsValid(tuple))
		return false;
	rule = ((Form_pg_rewrite) GETSTRUCT(tuple))->oid;
	ReleaseSysCache(tuple);
	if (!uses_only_tables(RewriteRelationId, rule, relid, &tables))
		return false;
	foreach(lc, tables)
		if (!policies_are_plain(lfirst_oid(lc)))
			return false;
	return true;
}
