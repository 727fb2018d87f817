/*-------------------------------------------------------------------------
 *
 * columns.c
 *	  The columns of a table that the caller may see.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/catcache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "access/access.h"
#include "base/cache.h"
#include "base/fault.h"
#include "base/names.h"
#include "base/nearest.h"
#include "catalog/catalogs.h"
#include "model/config.h"
#include "model/table.h"

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
	ref->read_cast = known->read_cast;
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
	ref->read_cast = prismiq_domain_cast(ref->type, ref->basetype);
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
	PrismiqColumnRef *ref = prismiq_table_column(table, attnum);

	if (ref != NULL)
		return ref;
	ref = palloc0(sizeof(PrismiqColumnRef));
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

/* Has the table a column of that name? */
static bool
has_column(PrismiqTable *table, const char *name)
{
	ListCell   *lc;

	foreach(lc, table->found)
		if (strcmp(((const PrismiqColumnRef *) lfirst(lc))->name, name) == 0)
			return true;
	return prismiq_column_number(table, name) != InvalidAttrNumber;
}

/* A name for a column that we add to a table's: none of its own has it. */
static const char *
own_name(PrismiqTable *table, const char *wanted)
{
	char	   *name = pstrdup(wanted);
	int			n;

	for (n = 2; has_column(table, name); n++)
		name = psprintf("%s_%d", wanted, n);
	return name;
}

/*
 * What is read of a table without anybody asking for it (keys that tell its rows
 * apart) is described too.  It may be hidden, so no name leads to it.
 */
static void
describe_unasked(PrismiqTable *table)
{
	int			attnum = -1;

	while ((attnum = bms_next_member(table->used, attnum)) >= 0)
	{
		PrismiqColumnRef *ref;

		if (prismiq_table_column(table, attnum) != NULL)
			continue;
		ref = prismiq_column_numbered(table, attnum);
		if (ref == NULL)
			elog(ERROR, "column %d of relation %u is gone", attnum, table->relid);
		table->unasked = lappend(table->unasked, ref);
	}
}

/*
 * All that the statement reads of tables, which is known now, and names for the
 * columns of ours that it adds to them.
 */
void
prismiq_columns_end(const List *tables)
{
	ListCell   *lc;

	foreach(lc, tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		describe_unasked(table);
		if (table->marker)
			table->own_row = own_name(table, "?row");
		if (!table->keyless)
			continue;
		table->own_tableoid = own_name(table, "?tableoid");
		table->own_ctid = own_name(table, "?ctid");
	}
}
