/*-------------------------------------------------------------------------
 *
 * unique.c
 *	  What the catalogs know of rows being unique.
 *
 * Valid, whole (not partial, not on expressions), immediate unique indexes
 * tell.  An index of a table that others inherit from says nothing of their
 * rows, and is not asked.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relation.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"

#include "check/check.h"

/*
 * Does a key of an index tell apart all values that the column's own equality
 * tells apart?  Not under another collation, when the column's takes different
 * strings for equal.
 */
static bool
key_is_exact(Relation rel, Relation index, int key)
{
	AttrNumber	attnum = index->rd_index->indkey.values[key];
	Oid			collation;

	if (attnum <= 0)
		return false;
	collation = TupleDescAttr(RelationGetDescr(rel), attnum - 1)->attcollation;
	return !OidIsValid(collation) || collation == index->rd_indcollation[key] ||
		get_collation_isdeterministic(collation);
}

/* The key columns of an index that makes rows unique; null when it does not. */
static Bitmapset *
unique_columns(Relation rel, Oid index_oid, bool *primary)
{
	Relation	index = index_open(index_oid, AccessShareLock);
	Form_pg_index form = index->rd_index;
	Bitmapset  *result = NULL;
	int			i;

	*primary = form->indisprimary;
	if (form->indisunique && form->indisvalid && form->indimmediate &&
		RelationGetIndexPredicate(index) == NIL)
		for (i = 0; i < form->indnkeyatts; i++)
		{
			if (!key_is_exact(rel, index, i))
			{
				result = NULL;
				break;
			}
			result = bms_add_member(result, form->indkey.values[i]);
		}
	index_close(index, AccessShareLock);
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
 * Is at most one row of the relation found for given values of these columns?
 * A null in one of the columns equals nothing and so finds no row.
 */
bool
prismiq_relation_is_unique(Oid relid, const Bitmapset *attnums)
{
	Relation	rel = relation_open(relid, AccessShareLock);
	bool		result = false;
	ListCell   *lc;

	foreach(lc, telling_indexes(rel))
	{
		bool		primary;
		Bitmapset  *columns = unique_columns(rel, lfirst_oid(lc), &primary);

		if (columns != NULL && bms_is_subset(columns, attnums))
		{
			result = true;
			break;
		}
	}
	relation_close(rel, NoLock);
	return result;
}

/* May the statement name these columns, and is none of them ever null? */
static bool
columns_tell(const PrismiqTable *table, Relation rel, const Bitmapset *attnums)
{
	int			attnum = -1;

	while ((attnum = bms_next_member(attnums, attnum)) >= 0)
	{
		/* the tenant column is never null where the tenant's rows are */
		if (attnum != table->tenant_attnum &&
			!TupleDescAttr(RelationGetDescr(rel), attnum - 1)->attnotnull)
			return false;
		if (!table->read_all &&
			pg_attribute_aclcheck(table->relid, attnum, GetUserId(),
								  ACL_SELECT) != ACLCHECK_OK)
			return false;
	}
	return true;
}

/* Does each row have a place (tableoid and ctid) that no other row has? */
static bool
rows_are_stored(const PrismiqTable *table)
{
	ListCell   *lc;

	if (table->relkind == RELKIND_MATVIEW)
		return true;
	if (table->relkind != RELKIND_RELATION && table->relkind != RELKIND_PARTITIONED_TABLE)
		return false;
	foreach(lc, find_all_inheritors(table->relid, AccessShareLock, NULL))
		if (get_rel_relkind(lfirst_oid(lc)) == RELKIND_FOREIGN_TABLE)
			return false;
	return true;
}

/*
 * Columns that tell the rows of a table apart, besides its tenant column: a
 * primary key, else a unique index without nulls; else "stored", they are told
 * apart by where they are stored.  False when nothing tells them apart.
 */
bool
prismiq_relation_key(const PrismiqTable *table, Bitmapset **attnums, bool *stored)
{
	Relation	rel = relation_open(table->relid, AccessShareLock);
	Bitmapset  *best = NULL;
	ListCell   *lc;

	foreach(lc, telling_indexes(rel))
	{
		bool		primary;
		Bitmapset  *columns = unique_columns(rel, lfirst_oid(lc), &primary);

		if (columns == NULL || !columns_tell(table, rel, columns))
			continue;
		if (best == NULL || primary || bms_num_members(columns) < bms_num_members(best))
			best = columns;
		if (primary)
			break;
	}
	relation_close(rel, NoLock);
	*attnums = bms_del_member(bms_copy(best), table->tenant_attnum);
	*stored = best == NULL && table->read_all && rows_are_stored(table);
	return best != NULL || *stored;
}
