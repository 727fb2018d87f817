/*-------------------------------------------------------------------------
 *
 * pivot.h
 *	  The model of a pivot: values of a column as columns.
 *
 * As in stages.h, read/ fills in what the definition says and stage/ what
 * stands under "found by".
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_PIVOT_H
#define PRISMIQ_PIVOT_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/path.h"
#include "model/literal.h"
#include "model/stages.h"

/* One column that a pivot makes: the rows with a value, or with none of them. */
typedef struct PrismiqPivotCell
{
	bool		other;
	PrismiqConst *value;		/* null: the rows without a value; of other: all the values */
	bool		or_null;		/* other: the rows without a value too */
	bool		rest;			/* it is the rest, whichever way that is made */
} PrismiqPivotCell;

/*
 * The values of a group column as columns.  They are known when the statement
 * is printed: said by the definition, or asked for.
 */
typedef struct PrismiqPivot
{
	const PrismiqPath *path;
	PrismiqAlias *column;
	PrismiqAlias *value;
	List	   *rows;			/* PrismiqAlias */
	bool		has_rows;
	List	   *values;			/* PrismiqLiteral */
	const PrismiqPath *values_path;
	bool		has_values;
	int64		max_columns;

	/* found by stage/pivot.c */
	bool		pending;		/* the values have to be asked for */
	bool		made;			/* the answer has its columns */
	List	   *row_outputs;	/* PrismiqOutput */
	Oid			type;			/* of the values that become columns */
	Oid			equal;			/* operators of that type */
	Oid			differs;
	Oid			combine;		/* aggregate of several cells, or invalid */
	Oid			combine_arg;
} PrismiqPivot;

#endif							/* PRISMIQ_PIVOT_H */
