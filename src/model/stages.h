/*-------------------------------------------------------------------------
 *
 * stages.h
 *	  The parts of a definition that are computed over the grouped rows.
 *
 * As in query.h, read/ fills in what the definition says and check/ what
 * stands under "found".
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_STAGES_H
#define PRISMIQ_STAGES_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/fault.h"
#include "model/query.h"

/* Functions of windows, in the order of query.md. */
typedef enum PrismiqWindowFunction
{
	PRISMIQ_WINDOW_RUNNING_TOTAL,
	PRISMIQ_WINDOW_MOVING_AVG,
	PRISMIQ_WINDOW_RANK,
	PRISMIQ_WINDOW_DENSE_RANK,
	PRISMIQ_WINDOW_ROW_NUMBER,
	PRISMIQ_WINDOW_NTILE,
	PRISMIQ_WINDOW_LAG,
	PRISMIQ_WINDOW_LEAD,
	PRISMIQ_WINDOW_FIRST_VALUE,
	PRISMIQ_WINDOW_LAST_VALUE,
	PRISMIQ_WINDOW_PERCENT_OF_TOTAL,
	PRISMIQ_WINDOW_DIFFERENCE,
	PRISMIQ_WINDOW_PERCENT_CHANGE,
	PRISMIQ_WINDOW_CUMULATIVE_PERCENT
} PrismiqWindowFunction;

/* A name of an output column, as the definition writes it. */
typedef struct PrismiqAlias
{
	const char *name;
	const PrismiqPath *path;

	/* found */
	PrismiqAnswer *answer;
} PrismiqAlias;

/* Rows before and after the current one; -1 for all of them. */
typedef struct PrismiqFrame
{
	int64		preceding;
	int64		following;
} PrismiqFrame;

/*
 * How a number is calculated with: cast to a type that holds the result, and
 * the operators of that type.
 */
typedef struct PrismiqArithmetic
{
	Oid			cast_type;		/* operands are cast to it, or invalid */
	Oid			type;			/* of the operands, after the cast */
	Oid			minus;
	Oid			minus_type;
	Oid			times;
	Oid			divide;
	Oid			differs;		/* <> */
	PrismiqConst *hundred;
	PrismiqConst *zero;
} PrismiqArithmetic;

typedef struct PrismiqSortKey
{
	PrismiqAnswer *answer;
	bool		descending;
	int			nulls;			/* as of PrismiqOrder */
} PrismiqSortKey;

typedef struct PrismiqWindow
{
	const PrismiqPath *path;
	const char *alias;
	PrismiqWindowFunction function;
	const PrismiqPath *function_path;
	PrismiqAlias *of;			/* or null */
	bool		has_partition;
	List	   *partition_by;	/* PrismiqAlias */
	List	   *order_by;		/* PrismiqOrder, by alias */
	int64		n;				/* -1: not said */
	const PrismiqPath *n_path;
	PrismiqFrame *frame;		/* or null */
	const PrismiqPath *frame_path;

	/* found */
	List	   *partition;		/* PrismiqAnswer */
	List	   *order;			/* PrismiqSortKey */
	Oid			function_oid;
	Oid			function_arg;	/* type of its first argument, or invalid */
	PrismiqConst *count;		/* n */
	bool		framed;
	PrismiqConst *preceding;	/* of the frame; null: all before */
	PrismiqConst *following;	/* null: all after */
	PrismiqArithmetic *arithmetic;
	PrismiqAnswer *answer;		/* null: it is not whole */
} PrismiqWindow;

/*
 * The largest groups.  The stage "best" has every group with its place, where
 * those after the n-th share one; rows are grouped by that place, and what was
 * grouped by and is not shown ("extras") only finds it.
 */
typedef struct PrismiqTop
{
	const PrismiqPath *path;
	int64		n;
	PrismiqAlias *by;
	bool		other;			/* the rest in one row */

	/* found */
	PrismiqConst *count;		/* n */
	PrismiqConst *rest;			/* n + 1, the place of the rest */
	PrismiqConst *label;		/* "Other" */
	PrismiqConst *zone;			/* instants are written in it, as text */
	List	   *extras;			/* PrismiqColumnRef */
} PrismiqTop;

typedef enum PrismiqComparePeriod
{
	PRISMIQ_COMPARE_PERIOD,
	PRISMIQ_COMPARE_WEEK,
	PRISMIQ_COMPARE_MONTH,
	PRISMIQ_COMPARE_YEAR,
	PRISMIQ_COMPARE_OFFSET
} PrismiqComparePeriod;

/* One measure beside its value of the period before. */
typedef struct PrismiqComparison
{
	PrismiqAnswer *measure;
	PrismiqAnswer *previous;
	PrismiqAnswer *change;		/* null: the type has no difference */
	PrismiqAnswer *percent;		/* null: the type has no numbers */
	PrismiqArithmetic *arithmetic;
} PrismiqComparison;

/* The period before: conditions on the date column are moved back by "shift". */
typedef struct PrismiqCompare
{
	const PrismiqPath *path;
	PrismiqComparePeriod period;
	PrismiqLiteral *offset;
	const PrismiqPath *period_path;

	/* found */
	List	   *comparisons;	/* PrismiqComparison */
	PrismiqConst *shift;		/* interval */
	PrismiqTest *range;			/* of the series, moved back; or null */
	PrismiqConst *zone;			/* buckets are moved in it; null: as they stand */
	Oid			minus;			/* timestamp - interval */
	Oid			plus;
	bool		checks_local;	/* a bucket must come back where it was, in local time */
	bool		checks_instant; /* and through the instant */
} PrismiqCompare;

/*
 * Subtotals: level 0 are the groups, level n the groups with the last n of
 * "rolled" rolled up.
 */
typedef struct PrismiqTotals
{
	const PrismiqPath *path;
	bool		all;			/* every group column of the answer */
	List	   *aliases;		/* PrismiqAlias */

	/* found */
	List	   *rolled;			/* PrismiqAnswer */
	bool		separate;		/* a SELECT for each level, not grouping sets */
	Oid			plus;
	PrismiqAnswer *level;
} PrismiqTotals;

/* One column that a pivot makes: the rows with a value, or with none of them. */
typedef struct PrismiqPivotCell
{
	bool		other;
	PrismiqConst *value;		/* null: the rows without a value; of other: all the values */
	bool		or_null;		/* other: the rows without a value too */
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

	/* found */
	bool		pending;		/* the values have to be asked for */
	List	   *row_answers;	/* PrismiqAnswer */
	Oid			type;			/* of the values that become columns */
	Oid			combine;		/* aggregate of several cells, or invalid */
	Oid			combine_arg;
} PrismiqPivot;

/* query.c */
extern const char *const prismiq_window_names[];

#endif							/* PRISMIQ_STAGES_H */
