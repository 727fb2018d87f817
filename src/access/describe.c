/*-------------------------------------------------------------------------
 *
 * describe.c
 *	  What the caller may query, in words: tables, columns, relationships.
 *
 * A table or column is described only when a query could use it, by the very
 * functions that resolve the names of a query (exposure.c, columns.c); what is
 * described is copied, so that nothing here points into a cache.
 *
 * Thousands of tables may be described in one call, so each is locked while it
 * is looked at and no longer: a list of names locks none.
 *
 * Descriptions do not depend on the caller's search_path: while types and
 * defaults are written out it is pg_catalog, so that everything from another
 * schema is qualified.
 *
 * A default is told only when it can tell nothing but itself: constants and
 * functions of the server's own.  Not told are the tenant column's default (a
 * tenant), generated columns (other columns), sequences, and functions and
 * relations of users.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "commands/comment.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "rewrite/rewriteHandler.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"

#include "access/access.h"
#include "access/describe.h"
#include "access/relationships.h"
#include "catalog/catalogs.h"
#include "model/config.h"
#include "model/table.h"
#include "who/who.h"

/* By schema, then by name. */
static int
compare_tables(const ListCell *a, const ListCell *b)
{
	const PrismiqTable *left = (const PrismiqTable *) lfirst(a);
	const PrismiqTable *right = (const PrismiqTable *) lfirst(b);
	int			result = strcmp(left->nspname, right->nspname);

	return result != 0 ? result : strcmp(left->relname, right->relname);
}

/* Every table that the caller may query, as a list of PrismiqTable; none is locked. */
List *
prismiq_describe_visible(const PrismiqContext *who, const PrismiqTenantConfig *config)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, prismiq_exposure_all())
	{
		PrismiqTable *table = palloc0(sizeof(PrismiqTable));

		CHECK_FOR_INTERRUPTS();
		if (prismiq_table_see(table, lfirst_oid(lc), who, config))
			result = lappend(result, table);
	}
	list_sort(result, compare_tables);
	return result;
}

/* A name for people: "departed_at" is "Departed at". */
char *
prismiq_describe_name(const char *name)
{
	char	   *result = pstrdup(name);
	char	   *c;

	for (c = result; *c != '\0'; c += pg_mblen(c))
		if (*c == '_')
			*c = ' ';
	*result = pg_ascii_toupper((unsigned char) *result);
	return result;
}

/* What is configured, else what is commented, copied; null when neither. */
static const char *
description_of(const char *configured, Oid relid, AttrNumber attnum)
{
	if (configured != NULL)
		return pstrdup(configured);
	return GetComment(relid, RelationRelationId, attnum);
}

/* A copy, or null for null. */
static const char *
copied(const char *text)
{
	return text != NULL ? pstrdup(text) : NULL;
}

/* A function that is not the server's own; a callback. */
static bool
is_foreign_function(Oid funcid, void *context)
{
	return funcid >= FirstNormalObjectId;
}

/* Does an expression tell of more than values?  A walker. */
static bool
tells_more(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query) || IsA(node, Var) || IsA(node, NextValueExpr))
		return true;
	if (check_functions_in_node(node, is_foreign_function, NULL))
		return true;
	if (!IsA(node, List))
		switch (exprType(node))
		{
			case REGCLASSOID:
			case REGPROCOID:
			case REGPROCEDUREOID:
			case REGOPEROID:
			case REGOPERATOROID:
			case REGTYPEOID:
			case REGROLEOID:
			case REGNAMESPACEOID:
			case REGCONFIGOID:
			case REGDICTIONARYOID:
			case REGCOLLATIONOID:
				return true;
			default:
				break;
		}
	return expression_tree_walker(node, tells_more, context);
}

/* A column's default as text, or null when it has none or tells too much. */
static const char *
default_of(Relation rel, Form_pg_attribute att, const PrismiqTable *table)
{
	Node	   *expression;

	if (att->attgenerated != '\0' || att->attidentity != '\0' ||
		att->attnum == table->tenant_attnum)
		return NULL;
	expression = build_column_default(rel, att->attnum);
	if (expression == NULL || tells_more(expression, NULL))
		return NULL;
	return deparse_expression(expression, NIL, false, false);
}

/* What is told of a column: the tenant's own words for it come before ours. */
static PrismiqColumnDescription *
describe_column(Relation rel, Form_pg_attribute att, const PrismiqTable *table,
				const Bitmapset *key)
{
	PrismiqColumnDescription *result = palloc0(sizeof(PrismiqColumnDescription));
	const PrismiqColumnConfig *config =
		prismiq_config_column(table->config, NameStr(att->attname));

	result->name = pstrdup(NameStr(att->attname));
	result->data_type = format_type_with_typemod(att->atttypid, att->atttypmod);
	result->is_nullable = !att->attnotnull;
	result->is_primary_key =
		bms_is_member(att->attnum - FirstLowInvalidHeapAttributeNumber, key);
	result->default_value = default_of(rel, att, table);
	result->display_name = config != NULL && config->display_name != NULL ?
		pstrdup(config->display_name) : prismiq_describe_name(NameStr(att->attname));
	result->description = description_of(config != NULL ? config->description : NULL,
										 table->relid, att->attnum);
	if (config != NULL)
	{
		result->format = copied(config->format);
		result->format_object = copied(config->format_object);
		result->date_format = copied(config->date_format);
		result->unit = copied(config->unit);
	}
	return result;
}

/* Describe the columns that the caller may see. */
static void
describe_columns(PrismiqTableDescription *result, const PrismiqTable *table)
{
	Relation	rel = relation_open(table->relid, AccessShareLock);
	TupleDesc	desc = RelationGetDescr(rel);
	Bitmapset  *key = RelationGetIndexAttrBitmap(rel, INDEX_ATTR_BITMAP_PRIMARY_KEY);
	int			level = NewGUCNestLevel();
	int			i;

	(void) set_config_option("search_path", "pg_catalog", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (!att->attisdropped &&
			prismiq_column_allowed(table, att->attnum, NameStr(att->attname)))
			result->columns = lappend(result->columns,
									  describe_column(rel, att, table, key));
	}
	AtEOXact_GUC(true, level);
	relation_close(rel, AccessShareLock);
}

/* Describe one table; null when the caller may not query it any more. */
PrismiqTableDescription *
prismiq_describe_table(const PrismiqTable *seen, const PrismiqContext *who,
					   const PrismiqTenantConfig *config)
{
	PrismiqTable *table = palloc0(sizeof(PrismiqTable));
	PrismiqTableDescription *result;

	if (!prismiq_table_open(table, seen->relid, who, config))
		return NULL;
	result = palloc0(sizeof(PrismiqTableDescription));
	result->table = table;
	result->display_name = table->config != NULL && table->config->display_name != NULL ?
		pstrdup(table->config->display_name) : prismiq_describe_name(table->relname);
	result->description =
		description_of(table->config != NULL ? table->config->description : NULL,
					   table->relid, 0);
	describe_columns(result, table);
	UnlockRelationOid(table->relid, AccessShareLock);
	return result;
}

/* Names of some columns; false when one of them must not be seen. */
static bool
column_names(const PrismiqTable *table, const AttrNumber *attnums, int count, List **names)
{
	int			i;

	for (i = 0; i < count; i++)
	{
		char	   *name = get_attname(table->relid, attnums[i], true);

		if (name == NULL || !prismiq_column_allowed(table, attnums[i], name))
			return false;
		*names = lappend(*names, name);
	}
	return true;
}

/* A table by its number. */
typedef struct TableByNumber
{
	Oid			relid;			/* hash key */
	const PrismiqTable *table;
} TableByNumber;

/* Tables by their numbers. */
static HTAB *
tables_by_number(const List *tables)
{
	HASHCTL		ctl;
	HTAB	   *result;
	bool		found;
	ListCell   *lc;

	ctl.keysize = sizeof(Oid);
	ctl.entrysize = sizeof(TableByNumber);
	ctl.hcxt = CurrentMemoryContext;
	result = hash_create("prismiq tables", 64, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	foreach(lc, tables)
	{
		const PrismiqTable *table = (const PrismiqTable *) lfirst(lc);
		TableByNumber *entry = hash_search(result, &table->relid, HASH_ENTER, &found);

		entry->table = table;
	}
	return result;
}

/* Is a key of the model one that stands among the foreign keys already? */
static bool
is_repeated(const PrismiqForeignKey *said, const List *keys, const PrismiqTable *from,
			const PrismiqTable *to)
{
	ListCell   *lc;

	foreach(lc, keys)
		if (prismiq_keys_repeat(said, (const PrismiqForeignKey *) lfirst(lc), from, to))
			return true;
	return false;
}

/* The keys of one table: its foreign keys, and those that only the model says. */
static List *
keys_from(const PrismiqTable *table, HTAB *tables, const PrismiqContext *who,
		  const PrismiqTenantConfig *config)
{
	List	   *keys = prismiq_relkind_is_table(table->relkind) ?
		prismiq_foreign_keys_from(table->relid) : NIL;
	ListCell   *lc;

	foreach(lc, prismiq_relationships_from(table, who, config))
	{
		PrismiqForeignKey *said = (PrismiqForeignKey *) lfirst(lc);
		const TableByNumber *to = hash_search(tables, &said->to, HASH_FIND, NULL);

		if (to != NULL && !is_repeated(said, keys, table, to->table) &&
			!is_repeated(said, prismiq_foreign_keys_from(said->to), table, to->table))
			keys = lappend(keys, said);
	}
	return keys;
}

/* Add the keys of one table that lead to one of the others. */
static List *
add_relationships(List *result, const PrismiqTable *table, HTAB *tables, const List *keys)
{
	ListCell   *lc;

	foreach(lc, keys)
	{
		const PrismiqForeignKey *key = (const PrismiqForeignKey *) lfirst(lc);
		const TableByNumber *to = hash_search(tables, &key->to, HASH_FIND, NULL);
		PrismiqRelationship *relationship;

		if (to == NULL)
			continue;
		relationship = palloc0(sizeof(PrismiqRelationship));
		relationship->from = table;
		relationship->to = to->table;
		if (column_names(table, key->from_attnums, key->nkeys, &relationship->from_columns) &&
			column_names(to->table, key->to_attnums, key->nkeys, &relationship->to_columns))
			result = lappend(result, relationship);
	}
	return result;
}

/*
 * The foreign keys between some tables, and what the model says besides, all
 * columns of which the caller may see, as a list of PrismiqRelationship.
 */
List *
prismiq_describe_relationships(const List *tables, const PrismiqContext *who,
							   const PrismiqTenantConfig *config)
{
	HTAB	   *by_number = tables_by_number(tables);
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, tables)
	{
		const PrismiqTable *table = (const PrismiqTable *) lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		result = add_relationships(result, table, by_number,
								   keys_from(table, by_number, who, config));
	}
	hash_destroy(by_number);
	return result;
}
