/*-------------------------------------------------------------------------
 *
 * dense_state.c
 *	  The functions of the dense aggregate: a row, two states, a state of a
 *	  parallel worker.
 *
 * A state lives in the aggregate's memory context, so that hash aggregation sees
 * how large it is and spills by its own rules.  Its cells come in pieces of at
 * least a sixteenth of the grid, made when a row falls into them: small groups
 * take little, and what the first rows take tells what the group will take.
 *
 * None of these can be called but as part of an aggregate.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "base/fault.h"
#include "run/dense.h"

/* The arguments of the transition function before the values: state, grid, time. */
#define FIRST_VALUE 3

/* What a state of another process begins with; its grid's text follows, then cells. */
typedef struct PackedHead
{
	Oid			type;
	int			buckets;
	int			nmeasures;
} PackedHead;

/* The aggregate's memory; raises where there is no aggregate. */
MemoryContext
prismiq_dense_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("function is a part of the aggregate prismiq_dense and cannot be called "
						"by itself")));
	return context;
}

/* Is the grid the same for all rows of the statement, by what stands there? */
static bool
grid_is_constant(FunctionCallInfo fcinfo)
{
	Aggref	   *aggref = AggGetAggref(fcinfo);
	Node	   *arg;

	if (aggref == NULL || aggref->args == NIL)
		return false;
	arg = (Node *) linitial_node(TargetEntry, aggref->args)->expr;
	return IsA(arg, Const) ||
		(IsA(arg, Param) && ((Param *) arg)->paramkind == PARAM_EXTERN);
}

/* Read the grid for the types of this call, into a memory context. */
static PrismiqDenseGrid *
read_grid(FunctionCallInfo fcinfo, MemoryContext context)
{
	int			nmeasures = PG_NARGS() - FIRST_VALUE;
	MemoryContext oldcontext = MemoryContextSwitchTo(context);
	Oid			types[FUNC_MAX_ARGS];
	PrismiqDenseGrid *grid;
	int			i;

	if (get_fn_expr_variadic(fcinfo->flinfo) || nmeasures < 0)
		prismiq_reject_argument("time", NULL, "give the time and the values one by one");
	for (i = 0; i <= nmeasures; i++)
	{
		types[i] = get_fn_expr_argtype(fcinfo->flinfo, i + FIRST_VALUE - 1);
		if (OidIsValid(types[i]))
			types[i] = getBaseType(types[i]);
	}
	grid = prismiq_dense_grid(PG_GETARG_JSONB_P(1), types[0], nmeasures, types + 1);
	MemoryContextSwitchTo(oldcontext);
	return grid;
}

/*
 * The grid of a row's state, where that is not known to be the same for all
 * rows: one that changes between calls is read for each state, and may not
 * change within one.  Null: there is none.
 */
static PrismiqDenseGrid *
grid_of_row(FunctionCallInfo fcinfo, const PrismiqDenseState *state, MemoryContext context)
{
	Jsonb	   *spec;

	if (PG_ARGISNULL(1))
		return NULL;
	if (state == NULL && grid_is_constant(fcinfo))
	{
		PrismiqDenseGrid *grid = read_grid(fcinfo, fcinfo->flinfo->fn_mcxt);

		fcinfo->flinfo->fn_extra = grid;
		return grid;
	}
	if (state == NULL)
		return read_grid(fcinfo, context);
	spec = PG_GETARG_JSONB_P(1);
	if (VARSIZE(spec) != VARSIZE(state->grid->spec) ||
		memcmp(spec, state->grid->spec, VARSIZE(spec)) != 0)
		prismiq_reject_argument("grid", NULL, "the grid must be the same for all rows of a group");
	return state->grid;
}

/* A state without cells. */
static PrismiqDenseState *
make_state(PrismiqDenseGrid *grid, MemoryContext context)
{
	PrismiqDenseState *state = MemoryContextAllocZero(context, sizeof(PrismiqDenseState));

	state->grid = grid;
	return state;
}

/* A bucket's cell; null when no row fell near it. */
PrismiqDenseCell *
prismiq_dense_cell(const PrismiqDenseState *state, int bucket)
{
	const PrismiqDenseGrid *grid = state->grid;
	char	   *piece = state->pieces[bucket >> grid->shift];

	if (piece == NULL)
		return NULL;
	return (PrismiqDenseCell *)
		(piece + (bucket & ((1 << grid->shift) - 1)) * grid->cell_size);
}

/* A bucket's cell, made if it is not there. */
static inline PrismiqDenseCell *
make_cell(PrismiqDenseState *state, int bucket, MemoryContext context)
{
	const PrismiqDenseGrid *grid = state->grid;
	int			piece = bucket >> grid->shift;

	if (unlikely(state->pieces[piece] == NULL))
	{
		int			cells = Min(1 << grid->shift, grid->buckets - (piece << grid->shift));

		state->pieces[piece] =
			MemoryContextAllocExtended(context, cells * grid->cell_size,
									   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	}
	return prismiq_dense_cell(state, bucket);
}

/*
 * The bucket of a time, or -1.  Rows come in the order of time more often than
 * not: the last bucket is tried first.  Buckets are of nearly one width, so that a
 * guess is off by a few at most, where a zone changes its offset.
 */
static inline int
find_bucket(PrismiqDenseGrid *grid, int64 time)
{
	const int64 *edges = grid->edges;
	int			bucket = grid->last;

	if (grid->buckets == 0 || time < edges[0] || time >= edges[grid->buckets])
		return -1;
	if (time >= edges[bucket] && time < edges[bucket + 1])
		return bucket;
	bucket = (int) (((double) time - (double) edges[0]) * grid->scale);
	bucket = Min(bucket, grid->buckets - 1);
	while (time < edges[bucket])
		bucket--;
	while (time >= edges[bucket + 1])
		bucket++;
	grid->last = bucket;
	return bucket;
}

/* The time of a row as the grid counts; what it cannot count is infinite. */
static inline int64
time_of(const PrismiqDenseGrid *grid, Datum value)
{
	DateADT		date;

	if (grid->type != DATEOID)
		return DatumGetTimestamp(value);
	date = DatumGetDateADT(value);
	if (DATE_NOT_FINITE(date) || date >= TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE)
		return DT_NOEND;
	return date * USECS_PER_DAY;
}

/* A row: (state, grid, time, values ...) to the state. */
PrismiqDenseState *
prismiq_dense_add(FunctionCallInfo fcinfo)
{
	PrismiqDenseState *state = PG_ARGISNULL(0) ? NULL : (PrismiqDenseState *) PG_GETARG_POINTER(0);
	PrismiqDenseGrid *grid = (PrismiqDenseGrid *) fcinfo->flinfo->fn_extra;
	MemoryContext context = prismiq_dense_context(fcinfo);
	PrismiqDenseCell *cell;
	int			bucket;
	int			i;

	if (grid == NULL)
		grid = grid_of_row(fcinfo, state, context);
	if (grid == NULL)
		return state;
	if (state == NULL)
		state = make_state(grid, context);
	if (PG_ARGISNULL(2))
		return state;
	bucket = find_bucket(grid, time_of(grid, PG_GETARG_DATUM(2)));
	if (bucket < 0)
		return state;
	cell = make_cell(state, bucket, context);
	cell->rows++;
	for (i = 0; i < grid->nmeasures; i++)
		if (!PG_ARGISNULL(i + FIRST_VALUE))
			prismiq_dense_take(&grid->measures[i], &cell->slots[i],
							   PG_GETARG_DATUM(i + FIRST_VALUE), fcinfo, context);
	return state;
}

/* A state as bytes for another process. */
bytea *
prismiq_dense_serialize(FunctionCallInfo fcinfo)
{
	PrismiqDenseState *state;
	PrismiqDenseGrid *grid;
	PackedHead	head;
	StringInfoData buf;
	int			bucket;
	int			i;

	(void) prismiq_dense_context(fcinfo);
	state = (PrismiqDenseState *) PG_GETARG_POINTER(0);
	grid = state->grid;
	head = (PackedHead) {grid->type, grid->buckets, grid->nmeasures};
	pq_begintypsend(&buf);
	appendBinaryStringInfo(&buf, (const char *) &head, sizeof(head));
	appendBinaryStringInfo(&buf, (const char *) grid->measures,
						   sizeof(PrismiqDenseMeasure) * grid->nmeasures);
	appendBinaryStringInfo(&buf, (const char *) grid->spec, VARSIZE(grid->spec));
	for (bucket = 0; bucket < grid->buckets; bucket++)
	{
		PrismiqDenseCell *cell = prismiq_dense_cell(state, bucket);

		if (cell == NULL || cell->rows == 0)
			continue;
		CHECK_FOR_INTERRUPTS();
		appendBinaryStringInfo(&buf, (const char *) &bucket, sizeof(bucket));
		appendBinaryStringInfo(&buf, (const char *) &cell->rows, sizeof(cell->rows));
		for (i = 0; i < grid->nmeasures; i++)
			prismiq_dense_write(&grid->measures[i], &cell->slots[i], fcinfo, &buf);
	}
	return pq_endtypsend(&buf);
}

/* The grid of a state of another process, as far as putting together needs it. */
static PrismiqDenseGrid *
unpack_grid(const PackedHead *head, const char *rest, Size spec_size, MemoryContext context)
{
	MemoryContext oldcontext = MemoryContextSwitchTo(context);
	PrismiqDenseGrid *grid = palloc0(sizeof(PrismiqDenseGrid));
	Size		size = sizeof(PrismiqDenseMeasure) * head->nmeasures;

	grid->type = head->type;
	grid->buckets = head->buckets;
	grid->nmeasures = head->nmeasures;
	grid->measures = palloc(Max(size, 1));
	memcpy(grid->measures, rest, size);
	grid->spec = palloc(spec_size);
	memcpy(grid->spec, rest + size, spec_size);
	prismiq_dense_shape(grid);
	MemoryContextSwitchTo(oldcontext);
	return grid;
}

/* Is it the grid of a state that is there? */
static bool
is_grid(const PrismiqDenseGrid *grid, const PackedHead *head, const char *rest, Size spec_size)
{
	Size		size = sizeof(PrismiqDenseMeasure) * head->nmeasures;

	return grid != NULL && grid->type == head->type && grid->buckets == head->buckets &&
		grid->nmeasures == head->nmeasures && VARSIZE(grid->spec) == spec_size &&
		memcmp(grid->measures, rest, size) == 0 &&
		memcmp(grid->spec, rest + size, spec_size) == 0;
}

/* What a state of another process begins with: its grid, shared where that can be. */
static PrismiqDenseGrid *
read_packed_grid(FunctionCallInfo fcinfo, StringInfo buf, const PrismiqDenseState *state,
				 MemoryContext context)
{
	PrismiqDenseGrid *known = (PrismiqDenseGrid *) fcinfo->flinfo->fn_extra;
	PackedHead	head;
	int32		spec_header;
	Size		spec_size;
	const char *rest;

	memcpy(&head, pq_getmsgbytes(buf, sizeof(head)), sizeof(head));
	rest = pq_getmsgbytes(buf, sizeof(PrismiqDenseMeasure) * head.nmeasures);
	memcpy(&spec_header, pq_getmsgbytes(buf, VARHDRSZ), VARHDRSZ);
	spec_size = VARSIZE(&spec_header);
	(void) pq_getmsgbytes(buf, spec_size - VARHDRSZ);
	if (state != NULL)
	{
		if (!is_grid(state->grid, &head, rest, spec_size))
			prismiq_reject_argument("grid", NULL,
									"the grid must be the same for all rows of a group");
		return state->grid;
	}
	if (is_grid(known, &head, rest, spec_size))
		return known;
	if (known != NULL)
		return unpack_grid(&head, rest, spec_size, context);
	known = unpack_grid(&head, rest, spec_size, fcinfo->flinfo->fn_mcxt);
	fcinfo->flinfo->fn_extra = known;
	return known;
}

/* Two states: the second is still as bytes, as prismiq_dense_serialize() made them. */
PrismiqDenseState *
prismiq_dense_combine(FunctionCallInfo fcinfo)
{
	PrismiqDenseState *state = PG_ARGISNULL(0) ? NULL : (PrismiqDenseState *) PG_GETARG_POINTER(0);
	MemoryContext context = prismiq_dense_context(fcinfo);
	PrismiqDenseGrid *grid;
	bytea	   *packed;
	StringInfoData buf;
	int			i;

	if (PG_ARGISNULL(1))
		return state;
	packed = (bytea *) PG_GETARG_POINTER(1);
	memset(&buf, 0, sizeof(buf));
	buf.data = VARDATA_ANY(packed);
	buf.len = buf.maxlen = VARSIZE_ANY_EXHDR(packed);
	grid = read_packed_grid(fcinfo, &buf, state, context);
	if (state == NULL)
		state = make_state(grid, context);
	while (buf.cursor < buf.len)
	{
		PrismiqDenseCell *cell;
		int			bucket;
		int64		rows;

		CHECK_FOR_INTERRUPTS();
		memcpy(&bucket, pq_getmsgbytes(&buf, sizeof(bucket)), sizeof(bucket));
		memcpy(&rows, pq_getmsgbytes(&buf, sizeof(rows)), sizeof(rows));
		if (bucket < 0 || bucket >= grid->buckets)
			elog(ERROR, "bucket %d of a state is out of range", bucket);
		cell = make_cell(state, bucket, context);
		cell->rows += rows;
		for (i = 0; i < grid->nmeasures; i++)
			prismiq_dense_merge(&grid->measures[i], &cell->slots[i], &buf, fcinfo, context);
	}
	return state;
}
