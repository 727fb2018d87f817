/*-------------------------------------------------------------------------
 *
 * ref.h
 *	  References to columns.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_REF_H
#define PRISMIQ_REF_H

#include "postgres.h"

#include "access/attnum.h"
#include "nodes/bitmapset.h"
#include "pgtime.h"

#include "base/path.h"

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
	bool		unnest;			/* means the elements of an array, not the array */
	const struct PrismiqInside *inside; /* a value inside of the column; null: the column */
	const char *source_timezone;	/* in which its local times are read; null: not said */
	const PrismiqPath *source_timezone_path;

	/* given by read/read_measure.c, of a value inside of a column by expr/resolve.c */
	struct PrismiqField *field; /* it means this one, whatever "column" says; or null */

	/* found by value/calendar.c */
	pg_tz	   *source_zone;	/* that zone, or null */

	/*
	 * found by expr/resolve.c; as access/columns.c knows a table's column,
	 * check/nested.c one of a definition inside.  join/paths.c, join/related.c,
	 * stage/top.c and expr/expr_dates.c make references of their own.
	 */
	struct PrismiqTable *table;
	bool		star;
	AttrNumber	attnum;
	const char *name;			/* the catalog's own spelling */
	Oid			type;			/* as declared; a domain stays one */
	Oid			basetype;
	Oid			read_cast;		/* where its table is read it is cast to it, or invalid */
	int32		typmod;
	Oid			collation;
	bool		notnull;		/* by constraint; an outer join may still null it */

	/*
	 * A calculated field, or the elements of an array: what is printed instead of a
	 * column.  "table" is then the first table that it refers to, "attnum" a number
	 * that is the field's, or that of elements.  Of a column whose local times are
	 * answered as instants it is how they become such; "table" and "attnum" stay the
	 * column's.
	 */
	struct PrismiqExpr *expr;

	/* found by check/nested.c */
	bool		large;			/* of a definition inside: see PrismiqOutput */

	/* found by stage/top.c */
	bool		ranked;			/* no column, but the place of the row's group in "top" */

	/* found by print/sqltext.c */
	const char *quoted;			/* the name as SQL writes it, once it has been written */
} PrismiqColumnRef;

/* expr.c */
extern Bitmapset *prismiq_ref_tables(const PrismiqColumnRef *ref);
struct PrismiqColumn;
extern Bitmapset *prismiq_argument_tables(const struct PrismiqColumn *column);
extern const PrismiqColumnRef *prismiq_ref_column(const PrismiqColumnRef *ref);

#endif							/* PRISMIQ_REF_H */
