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
 * A key that all partitions of a table have, each its own, is the table's: there is
 * no row that it does not hold.  Partitions may have their columns in other places,
 * but they have them under the same names.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_inherits.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
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
	key->above = OidIsValid(form->conparentid);
	DeconstructFkConstraintRow(tuple, &key->nkeys, key->from_attnums, key->to_attnums,
							   NULL, NULL, NULL, NULL, NULL);
	return key;
}

/* The foreign keys that a relation has itself. */
static List *
own_keys(Oid relid)
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

/* Do two keys of a relation hold the same columns to the same, in any order? */
static bool
hold_the_same(const PrismiqForeignKey *a, const PrismiqForeignKey *b)
{
	int			i;
	int			j;

	if (a->to != b->to || a->nkeys != b->nkeys || a->period != b->period)
		return false;
	for (i = 0; i < a->nkeys; i++)
	{
		for (j = 0; j < b->nkeys; j++)
			if (a->from_attnums[i] == b->from_attnums[j] && a->to_attnums[i] == b->to_attnums[j])
				break;
		if (j == b->nkeys)
			return false;
	}
	return true;
}

/* Is there a key in the list that holds the same? */
static bool
is_held(const List *keys, const PrismiqForeignKey *key)
{
	ListCell   *lc;

	foreach(lc, keys)
		if (hold_the_same((const PrismiqForeignKey *) lfirst(lc), key))
			return true;
	return false;
}

/* A partition's key as one of the table that it is of; false when a column is gone by now. */
static bool
lift_key(PrismiqForeignKey *key, Oid table)
{
	int			i;

	for (i = 0; i < key->nkeys; i++)
	{
		const char *name = get_attname(key->from, key->from_attnums[i], true);

		key->from_attnums[i] = name != NULL ? get_attnum(table, name) : InvalidAttrNumber;
		if (key->from_attnums[i] == InvalidAttrNumber)
			return false;
	}
	key->from = table;
	return true;
}

/*
 * The keys of one partition that are among the candidates; of the first one, those that
 * the table has not itself.
 */
static List *
keys_of_partition(Oid table, Oid partition, const List *own, const List *candidates, bool first)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, prismiq_foreign_keys_from(partition))
	{
		PrismiqForeignKey *key = (PrismiqForeignKey *) lfirst(lc);

		if (lift_key(key, table) && !is_held(result, key) &&
			(first ? !is_held(own, key) : is_held(candidates, key)))
			result = lappend(result, key);
	}
	return result;
}

/* The keys that all partitions of a table have, and the table itself ("own") has not. */
static List *
shared_keys(Oid relid, const List *own)
{
	List	   *result = NIL;
	List	   *partitions;
	ListCell   *lc;

	check_stack_depth();
	if (get_rel_relkind(relid) != RELKIND_PARTITIONED_TABLE)
		return NIL;
	partitions = find_inheritance_children(relid, NoLock);
	foreach(lc, partitions)
	{
		CHECK_FOR_INTERRUPTS();
		result = keys_of_partition(relid, lfirst_oid(lc), own, result,
								   lc == list_head(partitions));
		if (result == NIL)
			break;
	}
	return result;
}

/*
 * The foreign keys of a relation, as a list of PrismiqForeignKey: its own, and those of
 * all of its partitions.
 */
List *
prismiq_foreign_keys_from(Oid relid)
{
	List	   *own = own_keys(relid);

	return list_concat(own, shared_keys(relid, own));
}

/* Add the keys of tables to a relation that the keys of their partitions, in the list, make. */
static List *
add_keys_above(List *keys, Oid relid)
{
	List	   *tables = NIL;
	List	   *result = keys;
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, keys)
	{
		const PrismiqForeignKey *key = (const PrismiqForeignKey *) lfirst(lc);

		if (!key->above && get_rel_relispartition(key->from))
			tables = list_concat_unique_oid(tables, get_partition_ancestors(key->from));
	}
	foreach(lc, tables)
	{
		CHECK_FOR_INTERRUPTS();
		foreach(lc2, shared_keys(lfirst_oid(lc), own_keys(lfirst_oid(lc))))
			if (((const PrismiqForeignKey *) lfirst(lc2))->to == relid)
				result = lappend(result, lfirst(lc2));
	}
	return result;
}

/*
 * The foreign keys that lead to a relation, those of all partitions of a table too.  No
 * index of pg_constraint finds them; but they depend on the columns that they lead to.
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
	return add_keys_above(result, relid);
}
