/*-------------------------------------------------------------------------
 *
 * dense.h
 *	  Aggregates of all buckets of a time series in one state.
 *
 * GROUP BY bucket and series makes PostgreSQL look a group up, or sort, for
 * every row.  Where the buckets are known before the first row comes, only the
 * series need be groups: their state is an array of cells, one for a bucket,
 * and the bucket of a row is its index.  Gaps are there already, and the cells
 * are in order.
 *
 * The grid, a jsonb that says which buckets there are and what becomes of the
 * values, is read once for a call site.  States are made by the aggregate, put
 * together from those of parallel workers, and end as a value of a type that
 * nothing else makes (dense_cells.c), which is turned into rows again.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_DENSE_H
#define PRISMIQ_DENSE_H

#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "base/fault.h"
#include "model/buckets.h"
#include "run/dense_fill.h"

/* What becomes of the values of a measure; the order is that of prismiq_dense_names. */
typedef enum PrismiqDenseAggregate
{
	PRISMIQ_DENSE_COUNT,
	PRISMIQ_DENSE_SUM,
	PRISMIQ_DENSE_AVG,
	PRISMIQ_DENSE_MIN,
	PRISMIQ_DENSE_MAX
} PrismiqDenseAggregate;

/* How its values are taken in. */
typedef enum PrismiqDenseStep
{
	PRISMIQ_STEP_COUNT,			/* only counted */
	PRISMIQ_STEP_INTEGER,		/* smallint, integer: added as bigint */
	PRISMIQ_STEP_WIDE,			/* bigint: added in 128 bits */
	PRISMIQ_STEP_SINGLE,		/* real */
	PRISMIQ_STEP_DOUBLE,		/* double precision */
	PRISMIQ_STEP_MOMENTS,		/* either of them, for an average */
	PRISMIQ_STEP_NUMERIC,		/* by PostgreSQL's own functions */
	PRISMIQ_STEP_BEST_INTEGER,	/* the least or greatest, also of dates and timestamps */
	PRISMIQ_STEP_BEST_FLOAT,
	PRISMIQ_STEP_BEST_NUMERIC
} PrismiqDenseStep;

typedef struct PrismiqDenseMeasure
{
	PrismiqDenseAggregate aggregate;
	PrismiqDenseStep step;
	Oid			type;			/* of its values, and of what comes out */
	Oid			result;
} PrismiqDenseMeasure;

/* What a bucket knows of a measure. */
typedef struct PrismiqDenseSlot
{
	int64		count;			/* of values that are not null */
	union
	{
		int64		integer;
		struct
		{
			uint64		low;
			int64		high;
		}			wide;		/* two's complement */
		float4		single;
		struct
		{
			float8		sum;
			float8		squares;	/* of differences from the mean, as float8_accum() has it */
		}			moments;
		float8		best;
		Datum		datum;		/* a numeric, or PostgreSQL's state of one */
	}			of;
} PrismiqDenseSlot;

typedef struct PrismiqDenseCell
{
	int64		rows;
	PrismiqDenseSlot slots[FLEXIBLE_ARRAY_MEMBER];
} PrismiqDenseCell;

/* A state has at most so many pieces of cells, each made when a row falls into it. */
#define PRISMIQ_DENSE_PIECES 16

/* What is the same for all states of a call site. */
typedef struct PrismiqDenseGrid
{
	Jsonb	   *spec;			/* what it was read from */
	Oid			type;			/* of the times */
	int			buckets;
	bool		gaps;			/* buckets without rows are listed, too */
	PrismiqDenseFill fill;		/* with this */
	int64	   *edges;			/* one more than buckets; null: only to be put together */
	double		scale;			/* buckets per microsecond, about */
	int			last;			/* the bucket that was hit last */
	int			shift;			/* a piece has 1 << shift cells */
	Size		cell_size;
	int			nmeasures;
	PrismiqDenseMeasure *measures;
} PrismiqDenseGrid;

typedef struct PrismiqDenseState
{
	PrismiqDenseGrid *grid;
	char	   *pieces[PRISMIQ_DENSE_PIECES];
} PrismiqDenseState;

/* dense_grid.c */
extern PrismiqDenseGrid *prismiq_dense_grid(Jsonb *spec, Oid type, int nmeasures, const Oid *types);
extern int	prismiq_dense_buckets(Jsonb *spec);
extern void prismiq_dense_shape(PrismiqDenseGrid *grid);

/* dense_slot.c */
extern const char *const prismiq_dense_names[];
extern bool prismiq_dense_resolve(PrismiqDenseMeasure *measure);
extern void prismiq_dense_take(const PrismiqDenseMeasure *measure, PrismiqDenseSlot *slot,
							   Datum value, FunctionCallInfo fcinfo, MemoryContext context);
extern Datum prismiq_dense_finish(const PrismiqDenseMeasure *measure,
								  const PrismiqDenseSlot *slot, FunctionCallInfo fcinfo,
								  bool *isnull);
extern void prismiq_dense_write(const PrismiqDenseMeasure *measure,
								const PrismiqDenseSlot *slot, FunctionCallInfo fcinfo,
								StringInfo buf);
extern void prismiq_dense_merge(const PrismiqDenseMeasure *measure, PrismiqDenseSlot *slot,
								StringInfo buf, FunctionCallInfo fcinfo, MemoryContext context);

/* dense_state.c: the functions of the aggregate */
extern MemoryContext prismiq_dense_context(FunctionCallInfo fcinfo);
extern PrismiqDenseState *prismiq_dense_add(FunctionCallInfo fcinfo);
extern PrismiqDenseState *prismiq_dense_combine(FunctionCallInfo fcinfo);
extern bytea *prismiq_dense_serialize(FunctionCallInfo fcinfo);
extern PrismiqDenseCell *prismiq_dense_cell(const PrismiqDenseState *state, int bucket);

/* dense_cells.c: what comes out, and its rows */
extern Datum prismiq_dense_cells(FunctionCallInfo fcinfo);
extern void prismiq_dense_unpack(FunctionCallInfo fcinfo);

#endif							/* PRISMIQ_DENSE_H */
