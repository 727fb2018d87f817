/*-------------------------------------------------------------------------
 *
 * table.h
 *	  Tables.
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
#include "model/ref.h"

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

	/* given by read/read_query.c; to tables that are not listed by join/paths.c, join/related.c */
	int			index;			/* place in the query's list; its SQL alias is made from it */
	bool		listed;			/* false: reached on the way of an automatic join */

	/* found by check/saved.c */
	bool		saved_known;	/* the saved query has been asked for */

	/* found by access/exposure.c; of a definition inside by check/nested.c */
	Oid			relid;
	const char *nspname;
	const char *relname;
	char		relkind;
	bool		read_all;		/* the role may read every column */
	const struct PrismiqTableConfig *config;	/* the tenant's display settings, or null */

	/* found by access/exposure.c */
	AttrNumber	tenant_attnum;	/* 0: shared, or the whole relation is the tenant's */
	const char *tenant_column;
	Oid			tenant_type;
	Oid			tenant_cast;	/* the column is cast to it for that, or invalid */
	Oid			tenant_eq;		/* the operator tenant_column = $n */
	PrismiqConst *tenant_value;

	/* found by check/nested.c */
	bool		derived;		/* "query" was checked, and "found" has its columns */

	/* found by access/columns.c */
	List	   *found;			/* PrismiqColumnRef: its columns that were looked up */
	PrismiqNames *found_names;	/* their names; like the list shared with what is a copy */
	PrismiqNames column_names;	/* of all its columns, by number; filled when it is asked */
	List	   *unasked;		/* PrismiqColumnRef: those "used" that nobody asked for */
	const char *own_row;		/* what the statement calls its marker, */
	const char *own_tableoid;	/* and its place: no column has these names */
	const char *own_ctid;

	/* found by access/unique.c; of a definition inside by check/nested.c */
	bool		unique_known;	/* the next is filled */
	List	   *unique;			/* PrismiqUniqueKey */

	/* found by access/unique.c */
	bool		key_known;		/* what tells its rows apart has been looked for: */
	Bitmapset  *key;			/* attnums (none: it has one row), or */
	bool		keyless;		/* where they are stored, or */
	bool		ordinal;		/* (with keyless) the number that they get as they are read */

	/* found by join/related.c */
	bool		aside;			/* only conditions of scope any and none need it */

	/* found by join/join_order.c, of the first table by join/joins.c */
	bool		joined;

	/* found by join/join_order.c */
	bool		nullable;		/* may be null-extended by an outer join */

	/* found by join/paths.c */
	bool		beyond_tenant;	/* joined by way of the tenant's own row, which nobody listed */

	/* found by join/fan_out.c */
	bool		multiplied_known;	/* the next is looked for */
	struct PrismiqJoin *multiplied_by;	/* the join that repeats its rows, or null */

	/* found by join/made_up.c and join/fan_out.c */
	bool		marker;			/* needs a column that tells a real row */

	/* found by join/apart_branch.c */
	bool		apart;			/* nobody wrote it: "query" is a branch of the joins, grouped */

	/* found by stage/read_once.c */
	bool		whole;			/* (with apart) not a branch, but all: the stage "whole" */

	/*
	 * found by whatever refers to a column: expr/resolve.c, join/paths.c,
	 * join/related.c, join/fan_out.c, stage/ties.c, check/measures.c
	 */
	Bitmapset  *used;			/* attnums that the statement refers to */

	/* found by print/sqltext.c */
	char	   *quoted;			/* both names as SQL writes them, once they have been written */
} PrismiqTable;

/* table.c */
extern PrismiqColumnRef *prismiq_table_column(const PrismiqTable *table, AttrNumber attnum);

#endif							/* PRISMIQ_TABLE_H */
