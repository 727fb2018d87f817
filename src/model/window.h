/*-------------------------------------------------------------------------
 *
 * window.h
 *	  Windows: what is computed for a row of the answer from its neighbours.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_WINDOW_H
#define PRISMIQ_WINDOW_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/fault.h"
#include "model/answer.h"
#include "model/literal.h"
#include "model/stages.h"

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

/* Rows before and after the current one; -1 for all of them. */
typedef struct PrismiqFrame
{
	int64		preceding;
	int64		following;
} PrismiqFrame;

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

	/* found by expr/over_names.c */
	List	   *users;			/* PrismiqField: whose expressions name it */

	/* found by stage/window.c */
	List	   *partition;		/* PrismiqOutput */
	List	   *order;			/* PrismiqSortKey */
	Oid			function_oid;
	Oid			function_arg;	/* type of its first argument, or invalid */
	PrismiqConst *count;		/* n */
	bool		framed;
	PrismiqConst *preceding;	/* of the frame; null: all before */
	PrismiqConst *following;	/* null: all after */
	PrismiqArithmetic *arithmetic;
	PrismiqOutput *output;		/* null: it is not whole */
} PrismiqWindow;

extern const char *const prismiq_window_names[];

#endif							/* PRISMIQ_WINDOW_H */
