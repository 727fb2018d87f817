/*-------------------------------------------------------------------------
 *
 * unique.c
 *	  What the catalogs know of rows by their indexes: that they are unique, and
 *	  whether they can be read from one.
 *
 * Valid, whole (not partial, not on expressions), immediate unique indexes
 * tell.  An index of a table that others inherit from says nothing of their
 * rows, and is not asked.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"

#include "access/access.h"
#include "catalog/catalogs.h"
#include "model/table.h"

/*
 * Does a key of an index tell apart all values that the column's own equality
 * tells apart?  Not under another collation, when the column's takes different
 * strings for equal.
 */
static bool
key_is_exact(Relation rel, AttrNumber attnum, Oid key_collation)
{
	Oid			collation;

	if (attnum <= 0)
		return false;
	collation = TupleDescAttr(RelationGetDescr(rel), attnum - 1)->attcollation;
	return !OidIsValid(collation) || collation == key_collation ||
		get_collation_isdeterministic(collation);
}

/* The key columns of an index that makes rows unique; null when it does not. */
static PrismiqUniqueKey *
unique_key(Relation rel, Oid index_oid)
{
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index_oid));
	Form_pg_index form;
	PrismiqUniqueKey *result = NULL;
	Bitmapset  *attnums = NULL;
	int			i;

	if (!HeapTupleIsValid(tuple))
		return NULL;			/* dropped concurrently: its own lock is not taken */
	form = (Form_pg_index) GETSTRUCT(tuple);
	if (form->indisunique && form->indisvalid && form->indimmediate &&
		heap_attisnull(tuple, Anum_pg_index_indpred, NULL))
	{
		bool		isnull;
		Datum		datum = SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indcollation,
											&isnull);
		const oidvector *collations = (const oidvector *) DatumGetPointer(datum);

		for (i = 0; i < form->indnkeyatts; i++)
		{
			if (!key_is_exact(rel, form->indkey.values[i], collations->values[i]))
			{
				attnums = NULL;
				break;
			}
			attnums = bms_add_member(attnums, form->indkey.values[i]);
		}
	}
	if (attnums != NULL)
	{
		result = palloc(sizeof(PrismiqUniqueKey));
		result->attnums = attnums;
		result->primary = form->indisprimary;
	}
	ReleaseSysCache(tuple);
	return result;
}

/* The relation's indexes, or none where they do not speak for all its rows. */
static List *
telling_indexes(Relation rel)
{
	if (rel->rd_rel->relkind == RELKIND_RELATION && rel->rd_rel->relhassubclass)
		return NIL;
	return RelationGetIndexList(rel);
}

/*
 * What makes the table's rows unique.  Every measure asks it of every join;
 * the table is locked while the definition is checked, so one look is enough.
 */
static List *
unique_keys(PrismiqTable *table)
{
	Relation	rel;
	ListCell   *lc;

	if (table->unique_known)
		return table->unique;
	rel = relation_open(table->relid, NoLock);	/* prismiq_table_open() has it */
	foreach(lc, telling_indexes(rel))
	{
		PrismiqUniqueKey *key = unique_key(rel, lfirst_oid(lc));

		if (key != NULL)
			table->unique = lappend(table->unique, key);
	}
	relation_close(rel, NoLock);
	table->unique_known = true;
	return table->unique;
}

/*
 * Is at most one row of the table found for given values of these columns?  A
 * null in one of the columns equals nothing and so finds no row.
 */
bool
prismiq_table_is_unique(PrismiqTable *table, const Bitmapset *attnums)
{
	ListCell   *lc;

	foreach(lc, unique_keys(table))
		if (bms_is_subset(((const PrismiqUniqueKey *) lfirst(lc))->attnums, attnums))
			return true;
	return false;
}

/*
 * May the statement name these columns, and is none of them ever null?  "seen":
 * may the caller, too?
 */
static bool
columns_tell(const PrismiqTable *table, Relation rel, const Bitmapset *attnums, bool seen)
{
	int			attnum = -1;

	while ((attnum = bms_next_member(attnums, attnum)) >= 0)
	{
		Form_pg_attribute att = TupleDescAttr(RelationGetDescr(rel), attnum - 1);

		/* the tenant column is never null where the tenant's rows are */
		if (attnum != table->tenant_attnum &&
			(!att->attnotnull ||
			 (seen && !prismiq_column_allowed(table, attnum, NameStr(att->attname)))))
			return false;
		if (!table->read_all &&
			pg_attribute_aclcheck(table->relid, attnum, GetUserId(),
								  ACL_SELECT) != ACLCHECK_OK)
			return false;
	}
	return true;
}

/*
 * Columns that tell the rows of a table apart, besides its tenant column (none:
 * it has one row): a primary key, else a unique index without nulls.  False when
 * there are no such columns.  "seen": only those that the caller may see, as an
 * order of rows shows something of what they are ordered by.
 */
bool
prismiq_table_find_key(PrismiqTable *table, bool seen, Bitmapset **key)
{
	Relation	rel;
	Bitmapset  *best = NULL;
	ListCell   *lc;

	*key = NULL;
	if (table->derived)
	{
		if (table->unique != NIL)
			*key = ((PrismiqUniqueKey *) linitial(table->unique))->attnums;
		return table->unique != NIL;
	}
	rel = relation_open(table->relid, AccessShareLock);
	foreach(lc, unique_keys(table))
	{
		const PrismiqUniqueKey *unique = (const PrismiqUniqueKey *) lfirst(lc);

		if (!columns_tell(table, rel, unique->attnums, seen))
			continue;
		if (best == NULL || unique->primary ||
			bms_num_members(unique->attnums) < bms_num_members(best))
			best = unique->attnums;
		if (unique->primary)
			break;
	}
	relation_close(rel, NoLock);
	*key = bms_del_member(bms_copy(best), table->tenant_attnum);
	return best != NULL;
}

/*
 * What tells the rows of a table apart in the statement: such a key; else where
 * they are stored; else (a view, a foreign table, a derived table, a role that
 * may read some columns only) their number as they come.
 */
void
prismiq_table_key(PrismiqTable *table)
{
	table->key_known = true;
	table->keyless = !prismiq_table_find_key(table, false, &table->key);
	table->ordinal = table->keyless &&
		(table->derived || !table->read_all ||
		 !prismiq_relation_is_stored(table->relid, table->relkind));
}

/* What a table's index is like, as far as it tells what may be read from it. */
typedef struct IndexKeys
{
	Bitmapset  *held;			/* its columns */
	Bitmapset  *keys;			/* those that it orders rows by */
	AttrNumber	first;			/* the first two of these; 0: an expression, or none */
	AttrNumber	second;
} IndexKeys;

/* Does an index have its rows in order, one by one? */
static bool
is_ordered(Oid index_oid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(index_oid));
	bool		result;

	if (!HeapTupleIsValid(tuple))
		return false;
	result = ((Form_pg_class) GETSTRUCT(tuple))->relam == BTREE_AM_OID;
	ReleaseSysCache(tuple);
	return result;
}

/* Of an ordered index of all rows; false when it is another. */
static bool
read_index(Oid index_oid, IndexKeys *index)
{
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index_oid));
	Form_pg_index form;
	bool		result;
	int			i;

	memset(index, 0, sizeof(IndexKeys));
	if (!HeapTupleIsValid(tuple))
		return false;			/* dropped concurrently: its own lock is not taken */
	form = (Form_pg_index) GETSTRUCT(tuple);
	result = form->indisvalid && heap_attisnull(tuple, Anum_pg_index_indpred, NULL) &&
		is_ordered(index_oid);
	for (i = 0; result && i < form->indnatts; i++)
	{
		AttrNumber	attnum = form->indkey.values[i];

		if (attnum <= 0)
			continue;
		index->held = bms_add_member(index->held, attnum);
		if (i < form->indnkeyatts)
			index->keys = bms_add_member(index->keys, attnum);
	}
	if (result)
		index->first = form->indkey.values[0];
	if (result && form->indnkeyatts > 1)
		index->second = form->indkey.values[1];
	ReleaseSysCache(tuple);
	return result;
}

/* The indexes of the table, by their numbers. */
static List *
table_indexes(const PrismiqTable *table)
{
	Relation	rel;
	List	   *result;

	if (table->derived)
		return NIL;
	rel = relation_open(table->relid, NoLock);	/* prismiq_table_open() has it */
	result = RelationGetIndexList(rel);
	relation_close(rel, NoLock);
	return result;
}

/*
 * May what the statement reads of a table be had from an index by the column alone,
 * without the table?
 */
bool
prismiq_table_is_held(const PrismiqTable *table, AttrNumber attnum)
{
	Bitmapset  *attnums = bms_copy(table->used);
	IndexKeys	index;
	ListCell   *lc;

	if (table->tenant_attnum > 0)
		attnums = bms_add_member(attnums, table->tenant_attnum);
	foreach(lc, table_indexes(table))
		if (read_index(lfirst_oid(lc), &index) && bms_is_member(attnum, index.keys) &&
			bms_is_subset(attnums, index.held))
			return true;
	return false;
}

/* Does an index lead to the tenant's least and greatest value of the column? */
bool
prismiq_table_is_led(const PrismiqTable *table, AttrNumber attnum)
{
	IndexKeys	index;
	ListCell   *lc;

	if (OidIsValid(table->tenant_cast))
		return false;			/* an index does not know the column as it is compared */
	foreach(lc, table_indexes(table))
		if (read_index(lfirst_oid(lc), &index) &&
			(table->tenant_attnum > 0 ?
			 index.first == table->tenant_attnum && index.second == attnum :
			 index.first == attnum))
			return true;
	return false;
}
