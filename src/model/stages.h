/*-------------------------------------------------------------------------
 *
 * stages.h
 *	  The parts of a definition that are computed over the grouped rows.
 *
 * As in query.h, read/ fills in what the definition says and stage/ what
 * stands under "found by".
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_STAGES_H
#define PRISMIQ_STAGES_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/fault.h"
#include "model/answer.h"
#include "model/condition.h"
#include "model/literal.h"
#include "model/same.h"

/* A name of an output column, as the definition writes it. */
typedef struct PrismiqAlias
{
	const char *name;
	const PrismiqPath *path;

	/* found by the stage that the name is for */
	PrismiqOutput *output;
} PrismiqAlias;

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
	PrismiqOutput *output;
	bool		descending;
	int			nulls;			/* as of PrismiqOrder */
} PrismiqSortKey;

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

	/* found by stage/top.c */
	PrismiqConst *count;		/* n */
	PrismiqConst *rest;			/* n + 1, the place of the rest */
	PrismiqConst *label;		/* "Other" */
	PrismiqConst *zone;			/* instants are written in it, as text */
	List	   *extras;			/* PrismiqColumnRef */

	/* found by stage/same.c */
	List	   *same;			/* PrismiqSame: of the answer's group columns, of extras */
} PrismiqTop;

typedef enum PrismiqComparePeriod
{
	PRISMIQ_COMPARE_PERIOD,
	PRISMIQ_COMPARE_WEEK,
	PRISMIQ_COMPARE_MONTH,
	PRISMIQ_COMPARE_YEAR,
	PRISMIQ_COMPARE_OFFSET
} PrismiqComparePeriod;

/* The names of those before the offset; ends with null. */
extern const char *const prismiq_compare_names[];

/* One measure beside its value of the period before. */
typedef struct PrismiqComparison
{
	PrismiqOutput *measure;
	PrismiqOutput *previous;
	PrismiqOutput *change;		/* null: the type has no difference */
	PrismiqOutput *percent;		/* null: the type has no numbers */
	PrismiqArithmetic *arithmetic;
} PrismiqComparison;

/* The period before: conditions on the date column are moved back by "shift". */
typedef struct PrismiqCompare
{
	const PrismiqPath *path;
	PrismiqComparePeriod period;
	PrismiqLiteral *offset;
	const PrismiqPath *period_path;

	/* found by stage/compare.c */
	List	   *comparisons;	/* PrismiqComparison */
	PrismiqConst *shift;		/* interval */
	PrismiqForm *range;			/* of the series, moved back; or null */
	PrismiqConst *zone;			/* buckets are moved in it; null: as they stand */
	Oid			minus;			/* timestamp - interval */
	Oid			plus;
	bool		checks_local;	/* a bucket must come back where it was, in local time */
	bool		checks_instant; /* and through the instant */

	/* found by stage/compare_once.c */
	bool		once;			/* the rows of both periods are read together: those that */
	PrismiqCondition *rows;		/* pass this (null: one of the next two), and */
	List	   *always;			/* PrismiqCondition: these */
	PrismiqCondition *now;		/* tells those of the answer from */
	PrismiqCondition *before;	/* those of the period before, as it is in that */
	bool		tells;			/* a measure of no rows is not null */

	/* found by stage/same.c */
	List	   *same;			/* PrismiqSame, as the query's keys */
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

	/* found by stage/totals.c */
	List	   *rolled;			/* PrismiqOutput */
	bool		separate;		/* a SELECT for each level, not grouping sets */
	Oid			plus;
	PrismiqOutput *level;
} PrismiqTotals;

#endif							/* PRISMIQ_STAGES_H */
