/*-------------------------------------------------------------------------
 *
 * follow.c
 *	  Exposures follow their relations: what triggers do to their tables.
 *
 * An exposure gets the number of its relation when its row is written, or, if
 * the relation comes later, as in a restore, when that is created by somebody
 * who could have exposed it.  It goes when its relation is dropped, and gets
 * the new name when its relation is renamed.  A relation that takes the name
 * of an exposure that is not its own ends that exposure.
 *
 * This runs as whoever does the DDL, and so neither asks for privileges nor
 * runs anything of anybody's: the tables are changed as the server changes its
 * catalogs, which fires no triggers, and never while they have an index on an
 * expression.  A row is locked before it is changed, in its newest version, so
 * that who writes it at the same time is waited for.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "access/access.h"
#include "access/store.h"
#include "base/compat_rights.h"
#include "base/fault.h"
#include "catalog/catalogs.h"

/* Both tables, open. */
typedef struct Tables
{
	PrismiqStore exposures;
	PrismiqStore numbers;
} Tables;

/* A row that is found, with what identifies it. */
typedef struct Row
{
	ItemPointerData tid;
	PrismiqRelationName name;
	Oid			relid;			/* in the table of numbers */
} Row;

/* Are the indexes of a table such that a row is entered without running anything? */
static void
check_indexes(Relation rel)
{
	ListCell   *lc;

	foreach(lc, RelationGetIndexList(rel))
	{
		Relation	index = index_open(lfirst_oid(lc), AccessShareLock);
		bool		plain = heap_attisnull(index->rd_indextuple, Anum_pg_index_indexprs, NULL) &&
			heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL) &&
			!index->rd_index->indisexclusion && index->rd_index->indimmediate;

		index_close(index, AccessShareLock);
		if (!plain)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
					 errmsg("table \"%s\" of extension \"prismiq\" has an index that it was "
							"not made with", RelationGetRelationName(rel))));
	}
}

/* Has the table of numbers only the columns that a new row is given? */
static void
check_columns(Relation rel)
{
	TupleDesc	desc = RelationGetDescr(rel);
	int			live = 0;
	int			i;

	for (i = 0; i < desc->natts; i++)
		if (!TupleDescAttr(desc, i)->attisdropped)
			live++;
	if (live != PRISMIQ_STORE_RELID + 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
				 errmsg("table \"%s\" of extension \"prismiq\" has a column that it was not "
						"made with", RelationGetRelationName(rel))));
}

/* Both tables; for writing, only if they are still as they were made. */
static void
open_tables(Tables *tables, LOCKMODE lockmode)
{
	prismiq_store_open(&tables->exposures, false, lockmode);
	prismiq_store_open(&tables->numbers, true, lockmode);
	if (lockmode >= RowExclusiveLock)
	{
		check_columns(tables->numbers.rel);
		check_indexes(tables->numbers.rel);
		check_indexes(tables->exposures.rel);
	}
}

/* Close them.  After a change their locks stay, as do those of any command. */
static void
close_tables(Tables *tables, LOCKMODE lockmode)
{
	LOCKMODE	release = lockmode >= RowExclusiveLock ? NoLock : lockmode;

	table_close(tables->numbers.rel, release);
	table_close(tables->exposures.rel, release);
}

/* The index over the columns of some scan keys, or invalid: then the table is scanned. */
static Oid
index_for(Relation rel, const ScanKeyData *keys, int nkeys)
{
	Oid			result = InvalidOid;
	ListCell   *lc;

	foreach(lc, RelationGetIndexList(rel))
	{
		Relation	index = index_open(lfirst_oid(lc), AccessShareLock);
		Form_pg_index form = index->rd_index;
		int			i;

		for (i = 0; i < nkeys && form->indisvalid && i < form->indnkeyatts; i++)
			if (form->indkey.values[i] != keys[i].sk_attno)
				break;
		if (i == nkeys && form->indisunique)
			result = RelationGetRelid(index);
		index_close(index, AccessShareLock);
	}
	return result;
}

/* The first row that some keys find; false when there is none. */
static bool
find_row(const PrismiqStore *store, ScanKeyData *keys, int nkeys, bool numbers, Row *row)
{
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;
	bool		isnull;
	Oid			index = index_for(store->rel, keys, nkeys);

	scan = systable_beginscan(store->rel, index, OidIsValid(index), NULL, nkeys, keys);
	while (!found && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		row->tid = tuple->t_self;
		row->relid = InvalidOid;
		found = prismiq_store_name(store, tuple, &row->name);
		if (found && numbers)
			row->relid = DatumGetObjectId(prismiq_store_value(store, tuple, PRISMIQ_STORE_RELID,
															  &isnull));
	}
	systable_endscan(scan);
	return found;
}

/* The row of a relation as people call it; "numbers": with its number. */
static bool
find_name(const PrismiqStore *store, const PrismiqRelationName *name, bool numbers, Row *row)
{
	ScanKeyData keys[2];

	ScanKeyInit(&keys[0], store->attnums[PRISMIQ_STORE_SCHEMA], BTEqualStrategyNumber, F_NAMEEQ,
				NameGetDatum(&name->schema));
	ScanKeyInit(&keys[1], store->attnums[PRISMIQ_STORE_RELATION], BTEqualStrategyNumber, F_NAMEEQ,
				NameGetDatum(&name->relation));
	return find_row(store, keys, 2, numbers, row);
}

/* The row that means a relation of this database, whatever it is called now. */
static bool
find_number(const PrismiqStore *numbers, Oid relid, Row *row)
{
	ScanKeyData key;

	ScanKeyInit(&key, numbers->attnums[PRISMIQ_STORE_RELID], BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	return find_row(numbers, &key, 1, true, row);
}

/*
 * Lock the newest version of a row, waiting for who is changing it; a copy of
 * it, or null when it is gone.
 */
static HeapTuple
lock_row(Relation rel, Row *row)
{
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	Snapshot	snapshot = RegisterSnapshot(GetCatalogSnapshot(RelationGetRelid(rel)));
	TM_FailureData failure;
	TM_Result	result;
	HeapTuple	tuple = NULL;

	result = table_tuple_lock(rel, &row->tid, snapshot, slot, GetCurrentCommandId(true),
							  LockTupleExclusive, LockWaitBlock,
							  TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &failure);
	if (result == TM_Ok)
	{
		tuple = ExecCopySlotHeapTuple(slot);
		row->tid = tuple->t_self;
	}
	UnregisterSnapshot(snapshot);
	ExecDropSingleTupleTableSlot(slot);
	return tuple;
}

/* A row that somebody else has taken away meanwhile is passed over. */
static void
delete_row(const PrismiqStore *store, Row *row)
{
	if (lock_row(store->rel, row) == NULL)
		return;
	CatalogTupleDelete(store->rel, &row->tid);
	CommandCounterIncrement();
}

/* Give a row another name. */
static void
rename_row(const PrismiqStore *store, Row *row, const PrismiqRelationName *name)
{
	HeapTuple	tuple = lock_row(store->rel, row);
	Datum		values[MaxTupleAttributeNumber];
	bool		nulls[MaxTupleAttributeNumber];
	bool		replace[MaxTupleAttributeNumber];
	AttrNumber	schema = store->attnums[PRISMIQ_STORE_SCHEMA] - 1;
	AttrNumber	relation = store->attnums[PRISMIQ_STORE_RELATION] - 1;

	if (tuple == NULL)
		return;
	memset(nulls, 0, sizeof(nulls));
	memset(replace, 0, sizeof(replace));
	replace[schema] = replace[relation] = true;
	values[schema] = NameGetDatum(&name->schema);
	values[relation] = NameGetDatum(&name->relation);
	CatalogTupleUpdate(store->rel, &row->tid,
					   heap_modify_tuple(tuple, RelationGetDescr(store->rel), values, nulls,
										 replace));
	CommandCounterIncrement();
}

/* Note the number of the relation that a name is for.  Seen from the next command on. */
static void
insert_number(const PrismiqStore *numbers, Oid relid, const PrismiqRelationName *name)
{
	TupleDesc	desc = RelationGetDescr(numbers->rel);
	Datum	   *values = palloc0(sizeof(Datum) * desc->natts);
	bool	   *nulls = palloc(sizeof(bool) * desc->natts);

	memset(nulls, true, sizeof(bool) * desc->natts);
	values[numbers->attnums[PRISMIQ_STORE_RELID] - 1] = ObjectIdGetDatum(relid);
	values[numbers->attnums[PRISMIQ_STORE_SCHEMA] - 1] = NameGetDatum(&name->schema);
	values[numbers->attnums[PRISMIQ_STORE_RELATION] - 1] = NameGetDatum(&name->relation);
	nulls[numbers->attnums[PRISMIQ_STORE_RELID] - 1] = false;
	nulls[numbers->attnums[PRISMIQ_STORE_SCHEMA] - 1] = false;
	nulls[numbers->attnums[PRISMIQ_STORE_RELATION] - 1] = false;
	CatalogTupleInsert(numbers->rel, heap_form_tuple(desc, values, nulls));
}

/* Make a number that of a name, and of no other one; or (invalid) the name nobody's. */
static void
set_number(const PrismiqStore *numbers, Oid relid, const PrismiqRelationName *name)
{
	Row			row;
	bool		known = false;

	if (find_name(numbers, name, true, &row))
	{
		known = row.relid == relid;
		if (!known)
			delete_row(numbers, &row);
	}
	if (known || !OidIsValid(relid))
		return;
	if (find_number(numbers, relid, &row))
		delete_row(numbers, &row);
	insert_number(numbers, relid, name);
}

/* Can the relation be exposed at all? */
static bool
may_be_exposed(Oid relid, const PrismiqRelationFacts *facts)
{
	return prismiq_relkind_is_queryable(facts->relkind) &&
		facts->relpersistence != RELPERSISTENCE_TEMP && relid >= FirstNormalObjectId &&
		getExtensionOfObject(RelationRelationId, relid) !=
		getExtensionOfObject(RelationRelationId, prismiq_home_relation("prismiq_exposures"));
}

/* The relation that has a name now, if it can be exposed. */
static Oid
relation_named(const PrismiqRelationName *name)
{
	PrismiqRelationFacts facts;
	Oid			nspid = prismiq_schema_by_name(NameStr(name->schema));
	Oid			relid = OidIsValid(nspid) ?
		prismiq_relation_by_name(NameStr(name->relation), nspid) : InvalidOid;

	return OidIsValid(relid) && prismiq_relation_facts(relid, &facts) &&
		may_be_exposed(relid, &facts) ? relid : InvalidOid;
}

/* Note which relation a name is for now; none when it is not exposed any more. */
static void
settle(const Tables *tables, const PrismiqRelationName *name)
{
	Row			row;
	bool		exposed = find_name(&tables->exposures, name, false, &row);

	set_number(&tables->numbers, exposed ? relation_named(name) : InvalidOid, name);
}

/*
 * A row of exposures was written; "old" or "new" is null where there is none.
 * When rows are only inserted, as in a restore, no name comes twice, and what
 * was noted for one need not be seen by the next: a command of its own for each
 * of thousands would take long.
 */
void
prismiq_exposure_written(Relation exposures, HeapTuple old, HeapTuple new)
{
	Tables		tables;
	PrismiqStore written;
	PrismiqRelationName old_name;
	PrismiqRelationName new_name;

	/* Whoever may has put the trigger on another table: then this raises, or is harmless. */
	prismiq_store_columns(&written, exposures, false);
	if ((old != NULL && !prismiq_store_name(&written, old, &old_name)) ||
		(new != NULL && !prismiq_store_name(&written, new, &new_name)))
		return;
	if (old != NULL)
		CommandCounterIncrement();	/* see what was done to the row */
	open_tables(&tables, RowExclusiveLock);
	if (old != NULL)
		settle(&tables, &old_name);
	if (old != NULL && new != NULL)
	{
		CommandCounterIncrement();
		settle(&tables, &new_name);
	}
	else if (new != NULL)
		set_number(&tables.numbers, relation_named(&new_name), &new_name);
	CacheInvalidateRelcache(tables.exposures.rel);
	close_tables(&tables, RowExclusiveLock);
}

/* The names in one of the tables, as a list of Row. */
static List *
all_rows(const PrismiqStore *store, bool numbers)
{
	List	   *result = NIL;
	SysScanDesc scan = systable_beginscan(store->rel, InvalidOid, false, NULL, 0, NULL);
	HeapTuple	tuple;
	bool		isnull;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Row		   *row = palloc0(sizeof(Row));

		CHECK_FOR_INTERRUPTS();
		row->tid = tuple->t_self;
		if (numbers)
			row->relid = DatumGetObjectId(prismiq_store_value(store, tuple, PRISMIQ_STORE_RELID,
															  &isnull));
		if (prismiq_store_name(store, tuple, &row->name))
			result = lappend(result, row);
	}
	systable_endscan(scan);
	return result;
}

/* Rows of exposures came or went without a trigger that told of each. */
void
prismiq_exposures_rewritten(void)
{
	Tables		tables;
	Row			row;
	ListCell   *lc;

	open_tables(&tables, RowExclusiveLock);
	foreach(lc, all_rows(&tables.numbers, true))
	{
		const PrismiqRelationName *name = &((Row *) lfirst(lc))->name;

		CHECK_FOR_INTERRUPTS();
		if (!find_name(&tables.exposures, name, false, &row))
			set_number(&tables.numbers, InvalidOid, name);
	}
	foreach(lc, all_rows(&tables.exposures, false))
	{
		const PrismiqRelationName *name = &((Row *) lfirst(lc))->name;

		CHECK_FOR_INTERRUPTS();
		if (!find_name(&tables.numbers, name, true, &row))
			settle(&tables, name);
	}
	CacheInvalidateRelcache(tables.exposures.rel);
	close_tables(&tables, RowExclusiveLock);
}

/*
 * Those of some relations that are exposed, or have the name of an exposure.
 * Most have not, and then the tables are not locked against anybody.
 */
static List *
concerned(const List *relids)
{
	Tables		tables;
	PrismiqRelationFacts facts;
	Row			row;
	List	   *result = NIL;
	ListCell   *lc;

	if (relids == NIL)
		return NIL;
	open_tables(&tables, AccessShareLock);
	foreach(lc, relids)
	{
		Oid			relid = lfirst_oid(lc);

		CHECK_FOR_INTERRUPTS();
		if (find_number(&tables.numbers, relid, &row) ||
			(prismiq_relation_facts(relid, &facts) &&
			 find_name(&tables.exposures, &facts.name, false, &row)))
			result = lappend_oid(result, relid);
	}
	close_tables(&tables, AccessShareLock);
	return result;
}

/* What is done about one relation, with the tables open. */
typedef void (*Follower) (const Tables *tables, Oid relid);

/* Do it about those of some relations that exposures have to do with. */
static void
each_concerned(const List *relids, Follower follower)
{
	List	   *found = concerned(relids);
	Tables		tables;
	ListCell   *lc;

	if (found == NIL)
		return;
	open_tables(&tables, RowExclusiveLock);
	foreach(lc, found)
	{
		CHECK_FOR_INTERRUPTS();
		follower(&tables, lfirst_oid(lc));
	}
	CacheInvalidateRelcache(tables.exposures.rel);
	close_tables(&tables, RowExclusiveLock);
}

/* A relation is new: it may be what an exposure waits for. */
static void
take_up(const Tables *tables, Oid relid)
{
	PrismiqRelationFacts facts;
	Row			row;

	if (prismiq_owns_relation(relid) &&
		pg_class_aclcheck(RelationGetRelid(tables->exposures.rel), GetUserId(),
						  ACL_INSERT) == ACLCHECK_OK &&
		prismiq_relation_facts(relid, &facts) &&
		!find_name(&tables->numbers, &facts.name, true, &row))
		settle(tables, &facts.name);
}

/* A new relation may be what an exposure waits for. */
void
prismiq_exposures_created(const List *relids)
{
	each_concerned(relids, take_up);
}

/*
 * A relation may have another name now.  An exposure that is under it already
 * is that of a relation that is gone, and ends.
 */
static void
follow(const Tables *tables, Oid relid)
{
	PrismiqRelationFacts facts;
	Row			number;
	Row			row;
	bool		exposed = find_number(&tables->numbers, relid, &number);

	if (!prismiq_relation_facts(relid, &facts) ||
		(exposed && prismiq_same_name(&number.name, &facts.name)))
		return;
	set_number(&tables->numbers, InvalidOid, &facts.name);
	if (find_name(&tables->exposures, &facts.name, false, &row))
		delete_row(&tables->exposures, &row);
	if (!exposed)
		return;
	if (find_name(&tables->exposures, &number.name, false, &row))
		rename_row(&tables->exposures, &row, &facts.name);
	rename_row(&tables->numbers, &number, &facts.name);
}

/* Relations were renamed, or moved to other schemas. */
void
prismiq_exposures_renamed(const List *relids)
{
	each_concerned(relids, follow);
}

/* Any relation may have been: a schema was renamed, or an extension moved. */
void
prismiq_exposures_moved(void)
{
	Tables		tables;
	List	   *renamed = NIL;
	ListCell   *lc;

	open_tables(&tables, AccessShareLock);
	foreach(lc, all_rows(&tables.numbers, true))
	{
		const Row  *row = (const Row *) lfirst(lc);
		PrismiqRelationFacts facts;

		CHECK_FOR_INTERRUPTS();
		if (prismiq_relation_facts(row->relid, &facts) &&
			!prismiq_same_name(&facts.name, &row->name))
			renamed = lappend_oid(renamed, row->relid);
	}
	close_tables(&tables, AccessShareLock);
	prismiq_exposures_renamed(renamed);
}

/* A relation is gone, and with it its exposure. */
static void
drop(const Tables *tables, Oid relid)
{
	Row			number;
	Row			row;

	if (!find_number(&tables->numbers, relid, &number))
		return;
	if (find_name(&tables->exposures, &number.name, false, &row))
		delete_row(&tables->exposures, &row);
	delete_row(&tables->numbers, &number);
}

/* Exposures of what is gone go with it. */
void
prismiq_exposures_dropped(const List *relids)
{
	each_concerned(relids, drop);
}
