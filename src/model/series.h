/*-------------------------------------------------------------------------
 *
 * series.h
 *	  Time series.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_SERIES_H
#define PRISMIQ_SERIES_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/fault.h"
#include "model/buckets.h"
#include "model/condition.h"
#include "model/literal.h"
#include "model/table.h"
#include "model/words.h"

/*
 * How a column falls into buckets: the grid for our own arithmetic, and the
 * arguments of prismiq_time_bucket() that say the same in the statement.
 */
typedef struct PrismiqBucketing
{
	PrismiqGrid *grid;
	PrismiqConst *width;		/* interval */
	PrismiqConst *source_zone;	/* text: timestamps are read in this zone; or null */
	PrismiqConst *zone;			/* text; null: values as they stand */
	PrismiqConst *origin;		/* null: the default */
} PrismiqBucketing;

typedef struct PrismiqTimeSeries
{
	const PrismiqPath *path;
	PrismiqColumnRef *ref;
	const char *interval;
	const PrismiqPath *interval_path;
	const char *alias;
	bool		fill_missing;
	PrismiqFill fill;
	const PrismiqPath *fill_path;
	PrismiqLiteral *fill_value; /* null: 0 where the measure's type has one */
	bool		fill_before;
	const char *timezone;
	const PrismiqPath *timezone_path;
	int			week_start;		/* 0 to 6; -1: the tenant's */
	bool		fiscal;
	PrismiqLiteral *origin;
	PrismiqLiteral *range_start;
	PrismiqLiteral *range_end;
	int			max_points;
	bool		complete_only;

	/* found by check/series.c */
	Oid			type;			/* of the bucket */
	Oid			least;			/* aggregates of the column */
	Oid			greatest;
	struct PrismiqBucketing *bucketing; /* null for every point */
	const char *bucket_text;	/* width, for the answer; null for every point */
	bool		auto_pending;	/* auto needs the column's own bounds first */
	bool		has_start;		/* bounds of the rows, in the column's own terms */
	bool		has_end;
	int64		start;			/* included */
	int64		end;			/* excluded */
	PrismiqForm *range;			/* what "range" adds to the rows' conditions, or null */
	PrismiqConst *low;			/* known start of the range (included), or null */
	PrismiqConst *high;			/* known end of the range (excluded), or null */

	/* found by stage/answer.c */
	struct PrismiqOutput *output;	/* the bucket in the answer */

	/* found by stage/pivot.c */
	bool		left_out;		/* of a pivot's rows: only the range is of use */

	/* found by stage/fill.c */
	bool		filled;			/* empty buckets are made */
	Oid			first;			/* what is missing of the range is that of the rows: */
	Oid			last;			/* aggregates of their buckets; invalid: of the column */
	Oid			time_minus;		/* the operator between two buckets, for linear */
	PrismiqForm *earlier;		/* the rows before the range whose values are carried in, or null */

	/* found by stage/dense.c */
	PrismiqConst *dense;		/* jsonb: the grid of prismiq_dense(), which aggregates; or null */
	Oid			dense_function; /* which it is */

	/* found by stage/same.c */
	List	   *same;			/* PrismiqSame: of the other group columns, when filled */
} PrismiqTimeSeries;

extern bool prismiq_fill_has_neighbours(const PrismiqTimeSeries *series);

#endif							/* PRISMIQ_SERIES_H */
