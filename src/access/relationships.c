/*-------------------------------------------------------------------------
 *
 * relationships.c
 *	  Tables that belong together by what the application's model says, and not by
 *	  a foreign key: views above all, and tables without constraints.
 *
 * What is found has the form of a foreign key, so that joins go along it in the
 * same way; but nothing holds the rows to it, and whether it leads to one row or to
 * many is asked of unique indexes, as always.  One of its ends may be a table or
 * column that is not there, not for the caller, or not to be compared with the
 * other: then it is as if it had not been said.
 *
 * A table is written "name" or "schema.name".  A name alone means the table of that
 * name in the schema of the other end, else the only one that the caller may see: so
 * one model serves tenants that have a schema each.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "miscadmin.h"
#include "utils/syscache.h"

#include "access/access.h"
#include "access/relationships.h"
#include "catalog/catalogs.h"
#include "model/config.h"
#include "model/table.h"
#include "model/words.h"

/* The numbers of the relations that are exposed and may be meant by a written name. */
List *
prismiq_relations_written(const char *name)
{
	List	   *result = NIL;
	const char *dot;

	/* A longer text is no name of a table, with a schema or without. */
	if (strlen(name) > 2 * NAMEDATALEN)
		return NIL;
	result = prismiq_exposure_namesakes(name);
	for (dot = strchr(name, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
	{
		Oid			relid = prismiq_exposure_named(pnstrdup(name, dot - name), dot + 1);

		if (OidIsValid(relid))
			result = list_append_unique_oid(result, relid);
	}
	return result;
}

/* The table that a name beside a schema means; false when there is none, or several. */
static bool
find_beside(PrismiqTable *table, const char *name, const char *schema,
			const PrismiqContext *who, const PrismiqTenantConfig *config)
{
	int			count = 0;
	ListCell   *lc;

	foreach(lc, prismiq_relations_written(name))
	{
		PrismiqTable seen = {NULL};

		CHECK_FOR_INTERRUPTS();
		if (!prismiq_table_see(&seen, lfirst_oid(lc), who, config))
			continue;
		*table = seen;
		if (strcmp(seen.nspname, schema) == 0)
			return true;
		count++;
	}
	return count == 1;
}

/* The type and collation of a relation's column; false when it is gone. */
static bool
column_type(Oid relid, AttrNumber attnum, Oid *type, Oid *collation)
{
	HeapTuple	tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relid), Int16GetDatum(attnum));

	if (!HeapTupleIsValid(tuple))
		return false;
	*type = prismiq_base_type(((Form_pg_attribute) GETSTRUCT(tuple))->atttypid);
	*collation = ((Form_pg_attribute) GETSTRUCT(tuple))->attcollation;
	ReleaseSysCache(tuple);
	return true;
}

/* Can the server say whether values of two relations' columns are equal? */
bool
prismiq_columns_compare(Oid left, AttrNumber left_attnum, Oid right, AttrNumber right_attnum)
{
	Oid			types[2];
	Oid			collations[2];
	Oid			operator;
	Oid			cast_type;
	bool		collate;

	return column_type(left, left_attnum, &types[0], &collations[0]) &&
		column_type(right, right_attnum, &types[1], &collations[1]) &&
		prismiq_pair_operator(types[0], types[1], PRISMIQ_OP_EQ, &operator, &cast_type) &&
		prismiq_pair_collates(collations[0], collations[1], &collate);
}

/* A relationship between two tables as a key; null when it cannot be one. */
static PrismiqForeignKey *
make_key(const PrismiqRelationshipConfig *relationship, const PrismiqTable *from,
		 const PrismiqTable *to)
{
	PrismiqForeignKey *key = palloc0(sizeof(PrismiqForeignKey));
	PrismiqTable from_names = *from;
	PrismiqTable to_names = *to;
	ListCell   *lc;
	ListCell   *lc2;

	key->from = from->relid;
	key->to = to->relid;
	key->said = true;
	forboth(lc, relationship->from_columns, lc2, relationship->to_columns)
	{
		AttrNumber	here = prismiq_column_number(&from_names, (const char *) lfirst(lc));
		AttrNumber	there = prismiq_column_number(&to_names, (const char *) lfirst(lc2));

		if (key->nkeys == INDEX_MAX_KEYS || here == InvalidAttrNumber ||
			there == InvalidAttrNumber ||
			!prismiq_columns_compare(from->relid, here, to->relid, there))
			return NULL;
		key->from_attnums[key->nkeys] = here;
		key->to_attnums[key->nkeys++] = there;
	}
	return key;
}

/* What the model says leads from a table to others. */
List *
prismiq_relationships_from(const PrismiqTable *table, const PrismiqContext *who,
						   const PrismiqTenantConfig *config)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, config->relationships)
	{
		const PrismiqRelationshipConfig *relationship =
			(const PrismiqRelationshipConfig *) lfirst(lc);
		PrismiqTable to = {NULL};
		PrismiqForeignKey *key;

		CHECK_FOR_INTERRUPTS();
		if (!prismiq_config_names(relationship->from_table, table->nspname, table->relname) ||
			!find_beside(&to, relationship->to_table, table->nspname, who, config))
			continue;
		key = make_key(relationship, table, &to);
		if (key != NULL)
			result = lappend(result, key);
	}
	return result;
}

/* What it says leads from others to a table. */
List *
prismiq_relationships_to(const PrismiqTable *table, const PrismiqContext *who,
						 const PrismiqTenantConfig *config)
{
	List	   *result = NIL;
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, config->relationships)
	{
		const PrismiqRelationshipConfig *relationship =
			(const PrismiqRelationshipConfig *) lfirst(lc);

		if (!prismiq_config_names(relationship->to_table, table->nspname, table->relname))
			continue;
		foreach(lc2, prismiq_relations_written(relationship->from_table))
		{
			PrismiqTable from = {NULL};
			PrismiqTable to = {NULL};
			PrismiqForeignKey *key = NULL;

			CHECK_FOR_INTERRUPTS();
			if (prismiq_table_see(&from, lfirst_oid(lc2), who, config) &&
				find_beside(&to, relationship->to_table, from.nspname, who, config) &&
				to.relid == table->relid)
				key = make_key(relationship, &from, table);
			if (key != NULL)
				result = lappend(result, key);
		}
	}
	return result;
}

/*
 * Are all pairs of columns of one key, but that of the tenants, pairs of another?
 * "turned": the other leads the other way.  Tenants are equal anyhow.
 */
static bool
pairs_are_in(const PrismiqForeignKey *a, const PrismiqForeignKey *b, const PrismiqTable *from,
			 const PrismiqTable *to, bool turned)
{
	const AttrNumber *b_from = turned ? b->to_attnums : b->from_attnums;
	const AttrNumber *b_to = turned ? b->from_attnums : b->to_attnums;
	int			i;
	int			j;

	for (i = 0; i < a->nkeys; i++)
	{
		if (a->from_attnums[i] == from->tenant_attnum && a->to_attnums[i] == to->tenant_attnum)
			continue;
		for (j = 0; j < b->nkeys; j++)
			if (a->from_attnums[i] == b_from[j] && a->to_attnums[i] == b_to[j])
				break;
		if (j == b->nkeys)
			return false;
	}
	return true;
}

/* Does a key, from one table to another, join the same rows as another key does? */
bool
prismiq_keys_repeat(const PrismiqForeignKey *a, const PrismiqForeignKey *b,
					const PrismiqTable *from, const PrismiqTable *to)
{
	if (a->from == b->from && a->to == b->to && pairs_are_in(a, b, from, to, false) &&
		pairs_are_in(b, a, from, to, false))
		return true;
	return a->from == b->to && a->to == b->from && pairs_are_in(a, b, from, to, true) &&
		pairs_are_in(b, a, to, from, true);
}
