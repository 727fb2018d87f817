/*-------------------------------------------------------------------------
 *
 * table.h
 *	  Columns, tables and joins.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_TABLE_H
#define PRISMIQ_TABLE_H

#include "postgres.h"

#include "access/attnum.h"
#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"

#include "base/fault.h"
#include "base/names.h"
#include "model/literal.h"
#include "model/words.h"

/* A column as the definition names it. */
typedef struct PrismiqColumnRef
{
	const PrismiqPath *path;	/* of the object that names it */
	const PrismiqPath *table_path;
	const PrismiqPath *column_path;
	const char *table_id;		/* null: not given (a calculated field needs none) */
	const char *column;			/* "*" is only for count */
	bool		plain;			/* means a table's column, never a calculated field */
	bool		without_table;	/* "table_id" was left out */

	/* found */
	struct PrismiqTable *table;
	bool		star;
	AttrNumber	attnum;
	const char *name;			/* the catalog's own spelling */
	const char *quoted;			/* the same as SQL writes it, once it has been written */
	Oid			type;			/* as declared; a domain stays one */
	Oid			basetype;
	Oid			read_cast;		/* where its table is read it is cast to it, or invalid */
	int32		typmod;
	Oid			collation;
	bool		notnull;		/* by constraint; an outer join may still null it */
	bool		large;			/* of a definition inside: see PrismiqOutput */
	bool		ranked;			/* no column, but the place of the row's group in "top" */

	/*
	 * A calculated field: what is printed instead of a column.  "table" is then
	 * the first table that it refers to, "attnum" a number that is the field's.
	 */
	struct PrismiqExpr *expr;
} PrismiqColumnRef;

/* Columns that make the rows of a table unique. */
typedef struct PrismiqUniqueKey
{
	Bitmapset  *attnums;
	bool		primary;
} PrismiqUniqueKey;

/* Do we know what the table's columns are? */
#define PrismiqTableIsKnown(table) (OidIsValid((table)->relid) || (table)->derived)

typedef struct PrismiqTable
{
	const PrismiqPath *path;
	const char *id;
	const char *name;
	const char *schema;			/* null: look for it */
	const char *alias;			/* a label only */
	struct PrismiqQuery *query; /* a nested definition instead of a name */
	const char *saved_query;	/* or a uuid of a saved one, whose definition is asked for */

	/* found */
	int			index;			/* place in the query's list; its SQL alias is made from it */
	bool		listed;			/* false: reached on the way of an automatic join */
	bool		joined;
	bool		aside;			/* only conditions of scope any and none need it */
	bool		saved_known;	/* the saved query has been asked for */
	bool		derived;		/* "query" was checked, and "found" has its columns */
	Oid			relid;
	const char *nspname;
	const char *relname;
	char	   *quoted;			/* both as SQL writes them, once they have been written */
	char		relkind;
	bool		read_all;		/* the role may read every column */
	AttrNumber	tenant_attnum;	/* 0: shared, or the whole relation is the tenant's */
	const char *tenant_column;
	Oid			tenant_type;
	Oid			tenant_cast;	/* the column is cast to it for that, or invalid */
	Oid			tenant_eq;		/* the operator tenant_column = $n */
	PrismiqConst *tenant_value;
	const struct PrismiqTableConfig *config;	/* the tenant's display settings, or null */
	List	   *found;			/* PrismiqColumnRef: its columns that were looked up */
	PrismiqNames *found_names;	/* their names; like the list shared with what is a copy */
	PrismiqNames column_names;	/* of all its columns, by number; filled when it is asked */
	bool		unique_known;	/* the next is filled */
	List	   *unique;			/* PrismiqUniqueKey */
	bool		multiplied_known;	/* the next is looked for */
	struct PrismiqJoin *multiplied_by;	/* the join that repeats its rows, or null */
	Bitmapset  *used;			/* attnums that the statement refers to */
	List	   *unasked;		/* PrismiqColumnRef: those of them that nobody asked for */
	bool		nullable;		/* may be null-extended by an outer join */
	bool		marker;			/* needs a row marker, which tells a real row */
	bool		key_known;		/* what tells its rows apart has been looked for: */
	Bitmapset  *key;			/* attnums (none: it has one row), or */
	bool		keyless;		/* where they are stored, or */
	bool		ordinal;		/* (with keyless) the number that they get as they are read */
	const char *own_row;		/* what the statement calls its row marker, */
	const char *own_tableoid;	/* and where its rows are stored, or */
	const char *own_ctid;		/* their ordinal: no column has these names */
} PrismiqTable;

/* One pair of columns of a join. */
typedef struct PrismiqJoinKey
{
	const PrismiqPath *path;
	PrismiqColumnRef *from;
	PrismiqColumnRef *to;
	PrismiqOperator op;			/* one that compares two values */

	/* found */
	Oid			operator;		/* from op to */
	Oid			cast_type;		/* both sides are cast to it, or invalid */
	bool		collate;		/* different collations: compare bytes */
} PrismiqJoinKey;

typedef struct PrismiqJoin
{
	const PrismiqPath *path;
	const char *from_table_id;
	const char *to_table_id;
	const PrismiqPath *from_path;
	const PrismiqPath *to_path;
	List	   *keys;			/* PrismiqJoinKey */
	PrismiqJoinType type;

	/* found */
	bool		automatic;		/* along a foreign key */
	PrismiqTable *from;			/* already joined when this one is printed */
	PrismiqTable *to;			/* joined by this one */
	PrismiqJoinType printed_type;	/* type, flipped when the sides were */
	List	   *conditions;		/* PrismiqCondition of scope "join" */
} PrismiqJoin;

/* table.c */
extern PrismiqColumnRef *prismiq_table_column(const PrismiqTable *table, AttrNumber attnum);

#endif							/* PRISMIQ_TABLE_H */
