/*-------------------------------------------------------------------------
 *
 * measure.h
 *	  The columns that a definition asks for.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_MEASURE_H
#define PRISMIQ_MEASURE_H

#include "postgres.h"

#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"

#include "base/fault.h"
#include "model/answer.h"
#include "model/condition.h"
#include "model/literal.h"
#include "model/table.h"
#include "model/words.h"

/* What an aggregation is told besides its column. */
typedef struct PrismiqAggregateArgs
{
	const PrismiqPath *path;
	const PrismiqPath *order_path;
	PrismiqLiteral *fraction;	/* percentile; or null */
	PrismiqLiteral *separator;	/* string_agg; or null */
	const char *order_by;		/* a column of the measure's table; or null */
	const struct PrismiqInside *order_inside;	/* a value inside of it; null: the column */
	PrismiqColumnRef *with;		/* corr: the other column, by its name alone; or null */
} PrismiqAggregateArgs;

/*
 * Rows that a join repeats, each to be counted once in its group: the rows of
 * one table, or the combinations of rows of several that one expression uses.
 * The joined rows carry a row-once flag, true for one of each row's repetitions.
 */
typedef struct PrismiqRowOnce
{
	int			number;			/* of the flag, from 1 */
	Bitmapset  *grain;			/* indexes of the tables */
	Bitmapset  *keyed;			/* those of them whose keys tell the rows apart */
	Bitmapset  *fixed;			/* tables of which a row of the grain has one row */
	PrismiqCondition *filter;	/* only rows that pass it are looked at; or null */
} PrismiqRowOnce;

/* The functions of the hll extension that estimate a number of different values. */
typedef struct PrismiqSketch
{
	Oid			hash;			/* (value, integer) */
	Oid			add;			/* the aggregate over hashes */
	Oid			hash_type;
	Oid			cardinality;	/* of what that makes */
	Oid			sketch_type;
} PrismiqSketch;

/*
 * A measure of the application's model that the definition names.  What it is stands
 * in its column, as if it had been written there, once the model has been asked.
 */
typedef struct PrismiqNamedMeasure
{
	const char *name;			/* null: it could not be read */
	const PrismiqPath *path;
	const char *table_id;		/* null: the only one that is the measure's table */
	const PrismiqPath *table_path;

	/* found by check/saved.c */
	bool		asked;

	/* given by read/read_measure.c */
	const char *table;			/* as the model names it; null: there is no such measure */
	struct PrismiqField *field; /* what it calculates; null: an aggregate of a column */
} PrismiqNamedMeasure;

/* A column that is asked for: of the answer, or what having has a condition on. */
typedef struct PrismiqColumn
{
	const PrismiqPath *path;
	PrismiqColumnRef *ref;
	PrismiqAggregation aggregation;
	bool		unread;			/* an aggregation, but nobody knows which */
	const PrismiqPath *aggregation_path;
	const char *alias;
	const char *date_trunc;
	const PrismiqPath *date_trunc_path;
	bool		distinct;
	const PrismiqPath *distinct_path;
	PrismiqCondition *filters;	/* FILTER (WHERE ...) of an aggregate */
	PrismiqAggregateArgs *args; /* of the aggregation, or null */
	PrismiqHints hints;
	PrismiqNamedMeasure *named; /* it is a measure of the model; or null */

	/* found by stage/over.c */
	struct PrismiqField *over;	/* the calculated field over windows that it is; or null */

	/*
	 * found by check/definition.c, anew by stage/pivot.c: in the query's columns, from
	 * 1; 0: not among them.  By stage/over.c, of a field over windows: how many of these
	 * stand before it.
	 */
	int			place;

	/* found as PrismiqOutput says; of having it may be of no output column */
	PrismiqOutput output;

	/* found by check/measures.c */
	Oid			aggfn;			/* the aggregate function; invalid for count(*) */
	PrismiqConst *aggfn_arg;	/* fraction or separator; or null */
	PrismiqColumnRef *aggfn_order;	/* what its values are ordered by first; or null */
	PrismiqColumnRef *aggfn_with;	/* the other value that it takes; null: it takes one */
	bool		aggfn_sorted;	/* its values are ordered by themselves (too) */
	PrismiqSketch *sketch;		/* how it is estimated; null: exact */
	struct PrismiqBucketing *bucketing; /* of date_trunc */

	/* found by join/fan_out.c */
	PrismiqRowOnce *row_once;	/* of a measure whose rows a join repeats in a group; or null */
	bool		repeated;		/* a join repeats its rows, if only in different groups */

	/* found by join/made_up.c */
	List	   *real;			/* PrismiqTable: one of them has a row; empty: no matter */

	/* found by join/apart_parts.c, of a dimension by stage/read_once.c */
	struct PrismiqExpr *instead;	/* what it is made from, of rows that were grouped; or null */

	/* found by stage/answer.c, of what is not shown by check/having.c; stage/top.c makes text */
	Oid			basetype;		/* of the output column, before empty buckets are filled */

	/* found by stage/fill.c */
	PrismiqConst *fill_value;	/* of a measure in an empty bucket; null: null */
	struct PrismiqArithmetic *fill_line;	/* how to interpolate it, when filled so; and */
	Oid			unfilled;		/* the type that it has otherwise (a measure has no typmod) */

	/* found by stage/pivot.c */
	PrismiqConst *kept;			/* array of the values that stay, others are null; or null */
} PrismiqColumn;

/* A column without an aggregation: rows that are grouped are grouped by it. */
#define PrismiqColumnIsDimension(column) \
	((column)->aggregation == PRISMIQ_AGG_NONE)

/* Do we know what the column is?  Of one that was not found nothing is said. */
#define PrismiqColumnIsKnown(column) \
	(!PrismiqColumnIsDimension(column) || (column)->ref->table != NULL)

#endif							/* PRISMIQ_MEASURE_H */
