/*-------------------------------------------------------------------------
 *
 * keys.c
 *	  Foreign keys, asked of the catalogs and not of the relations.
 *
 * Whoever looks for a way between two tables passes many that are not on it.
 * To ask the relation cache for their keys would mean to lock each of them, so
 * they are read from pg_constraint; what was chosen is looked at again once it
 * is locked.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_depend.h"
#include "utils/fmgroids.h"
#include "utils/syscache.h"

#include "base/compat.h"
#include "catalog/catalogs.h"

/* A row of pg_constraint as a foreign key; null when it is none. */
static PrismiqForeignKey *
read_key(HeapTuple tuple)
{
	Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);
	PrismiqForeignKey *key;

	if (form->contype != CONSTRAINT_FOREIGN)
		return NULL;
	key = palloc0(sizeof(PrismiqForeignKey));
	key->from = form->conrelid;
	key->to = form->confrelid;
	key->period = prismiq_key_has_period(form->oid);
	DeconstructFkConstraintRow(tuple, &key->nkeys, key->from_attnums, key->to_attnums,
							   NULL, NULL, NULL, NULL, NULL);
	return key;
}

/* The foreign keys of a relation, as a list of PrismiqForeignKey. */
List *
prismiq_foreign_keys_from(Oid relid)
{
	Relation	rel = table_open(ConstraintRelationId, AccessShareLock);
	List	   *result = NIL;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_constraint_conrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(rel, ConstraintRelidTypidNameIndexId, true, NULL, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		PrismiqForeignKey *found = read_key(tuple);

		if (found != NULL)
			result = lappend(result, found);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return result;
}

/*
 * The foreign keys that lead to a relation.  No index of pg_constraint finds
 * them; but they depend on the columns that they lead to.
 */
List *
prismiq_foreign_keys_to(Oid relid)
{
	Relation	rel = table_open(DependRelationId, AccessShareLock);
	List	   *oids = NIL;
	List	   *result = NIL;
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	ListCell   *lc;

	ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(RelationRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(rel, DependReferenceIndexId, true, NULL, 2, keys);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend form = (Form_pg_depend) GETSTRUCT(tuple);

		if (form->classid == ConstraintRelationId)
			oids = lappend_oid(oids, form->objid);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);

	/* One of several columns has as many dependencies. */
	list_sort(oids, list_oid_cmp);
	list_deduplicate_oid(oids);
	foreach(lc, oids)
	{
		PrismiqForeignKey *found;

		tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(lfirst_oid(lc)));
		if (!HeapTupleIsValid(tuple))
			continue;
		found = read_key(tuple);
		ReleaseSysCache(tuple);
		if (found != NULL && found->to == relid)
			result = lappend(result, found);
	}
	return result;
}
