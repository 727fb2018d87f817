/*-------------------------------------------------------------------------
 *
 * dense_cells.c
 *	  What a dense aggregate comes to, and the rows that this is turned into.
 *
 * It is a value of the type prismiq_cells: what the buckets with rows came to,
 * with the grid that they are of.  No input function makes one, and no cast, so
 * that what is read here was written here.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "base/compat.h"
#include "base/fault.h"
#include "run/dense.h"

/* Of the layout below: a table may keep a value for longer than a version lasts. */
#define CELLS_VERSION 1

/* The rows begin with the bucket and the number of its rows. */
#define FIRST_MEASURE 2

/*
 * The value: this head, an OID for the type of each measure, an entry for each
 * bucket that has rows, in their order, and what is pointed to: the grid, and
 * values that are not passed by value, by their offset from the beginning.
 */
typedef struct Cells
{
	int32		vl_len_;
	int32		version;
	Oid			type;			/* of the times */
	int32		nmeasures;
	int32		entries;
	int32		spec;			/* offset of the grid */
	Oid			results[FLEXIBLE_ARRAY_MEMBER];
} Cells;

/* One bucket; a null for each measure follows its values. */
typedef struct Entry
{
	int64		rows;
	int64		bucket;
	Datum		values[FLEXIBLE_ARRAY_MEMBER];
} Entry;

/* Where the entries begin, and how far they are apart. */
#define ENTRIES_OFFSET(nmeasures) \
	MAXALIGN(offsetof(Cells, results) + sizeof(Oid) * (nmeasures))
#define ENTRY_SIZE(nmeasures) \
	MAXALIGN(offsetof(Entry, values) + (sizeof(Datum) + sizeof(bool)) * (nmeasures))
#define ENTRY_NULLS(entry, nmeasures) ((bool *) ((entry)->values + (nmeasures)))

/* Is a measure's value behind a pointer?  Of the types that are measured only this one is. */
#define IS_POINTER(type) ((type) == NUMERICOID)

StaticAssertDecl(sizeof(Datum) == sizeof(int64), "an entry holds all other values in a Datum");

/* Append bytes, aligned; their offset. */
static int
append(StringInfo buf, const void *bytes, int size)
{
	static const char zeros[MAXIMUM_ALIGNOF] = {0};
	int			offset;

	appendBinaryStringInfo(buf, zeros, MAXALIGN(buf->len) - buf->len);
	offset = buf->len;
	appendBinaryStringInfo(buf, bytes, size);
	return offset;
}

/* The entry of a bucket. */
static void
append_entry(StringInfo buf, const PrismiqDenseGrid *grid, PrismiqDenseCell *cell, Entry *entry,
			 StringInfo behind, FunctionCallInfo fcinfo)
{
	int			i;

	for (i = 0; i < grid->nmeasures; i++)
	{
		bool	   *isnull = &ENTRY_NULLS(entry, grid->nmeasures)[i];
		Datum		value = prismiq_dense_finish(&grid->measures[i], &cell->slots[i], fcinfo,
												 isnull);

		if (!*isnull && IS_POINTER(grid->measures[i].result))
			value = Int32GetDatum(append(behind, DatumGetPointer(value),
										 VARSIZE_ANY(DatumGetPointer(value))));
		entry->values[i] = value;
	}
	entry->rows = cell->rows;
	(void) append(buf, entry, ENTRY_SIZE(grid->nmeasures));
}

/* The head, and what is behind the entries, at its place. */
static Cells *
assemble(StringInfo buf, const PrismiqDenseGrid *grid, StringInfo behind, int entries)
{
	int			base = append(buf, behind->data, behind->len);
	Cells	   *cells = (Cells *) buf->data;
	int			i;
	int			k;

	SET_VARSIZE(cells, buf->len);
	cells->version = CELLS_VERSION;
	cells->type = grid->type;
	cells->nmeasures = grid->nmeasures;
	cells->entries = entries;
	cells->spec = base;			/* it is the first thing behind */
	for (i = 0; i < grid->nmeasures; i++)
	{
		cells->results[i] = grid->measures[i].result;
		if (!IS_POINTER(cells->results[i]))
			continue;
		for (k = 0; k < entries; k++)
		{
			Entry	   *entry = (Entry *) (buf->data + ENTRIES_OFFSET(grid->nmeasures) +
										   k * ENTRY_SIZE(grid->nmeasures));

			entry->values[i] = Int32GetDatum(DatumGetInt32(entry->values[i]) + base);
		}
	}
	return cells;
}

/* The aggregate's final function: (state) to cells. */
Datum
prismiq_dense_cells(FunctionCallInfo fcinfo)
{
	PrismiqDenseState *state;
	const PrismiqDenseGrid *grid;
	Entry	   *entry;
	StringInfoData buf;
	StringInfoData behind;
	int			entries = 0;
	int			bucket;

	(void) prismiq_dense_context(fcinfo);
	state = (PrismiqDenseState *) PG_GETARG_POINTER(0);
	grid = state->grid;
	entry = palloc0(ENTRY_SIZE(grid->nmeasures));
	initStringInfo(&buf);
	initStringInfo(&behind);
	enlargeStringInfo(&buf, ENTRIES_OFFSET(grid->nmeasures));
	memset(buf.data, 0, ENTRIES_OFFSET(grid->nmeasures));
	buf.len = ENTRIES_OFFSET(grid->nmeasures);
	(void) append(&behind, grid->spec, VARSIZE(grid->spec));
	for (bucket = 0; bucket < grid->buckets; bucket++)
	{
		PrismiqDenseCell *cell = prismiq_dense_cell(state, bucket);

		if (cell == NULL || cell->rows == 0)
			continue;
		CHECK_FOR_INTERRUPTS();
		entry->bucket = bucket;
		append_entry(&buf, grid, cell, entry, &behind, fcinfo);
		entries++;
	}
	return PointerGetDatum(assemble(&buf, grid, &behind, entries));
}

/* Cells of this grid, as they are asked for, or an error. */
static void
check_cells(const Cells *cells, const PrismiqDenseGrid *grid)
{
	const Jsonb *spec = (const Jsonb *) ((const char *) cells + cells->spec);

	if (cells->version != CELLS_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cells were made by another version of prismiq")));
	if (VARSIZE(spec) != VARSIZE(grid->spec) ||
		memcmp(spec, grid->spec, VARSIZE(spec)) != 0 || cells->type != grid->type)
		prismiq_reject_argument("grid", "Give both functions the same grid.",
								"the cells are of another grid");
}

/* The type of a measure in the rows, which those of a line may not share with the cells. */
static Oid
row_type(const PrismiqDenseGrid *grid, Oid result)
{
	Oid			type = grid->fill == PRISMIQ_DENSE_LINEAR ? prismiq_dense_line_type(result) :
		result;

	if (!OidIsValid(type))
		prismiq_reject_argument("grid", "Use previous or null.",
								"there is nothing between two values of type %s",
								format_type_be(result));
	return type;
}

/* The columns that are asked for must be those of the cells, or an error. */
static void
check_columns(const Cells *cells, const PrismiqDenseGrid *grid, TupleDesc desc)
{
	int			i;

	for (i = 0; i < desc->natts; i++)
	{
		Oid			type = TupleDescAttr(desc, i)->atttypid;
		Oid			expected = i == 0 ? grid->type : INT8OID;

		if (i >= FIRST_MEASURE)
			expected = cells != NULL ? row_type(grid, cells->results[i - FIRST_MEASURE]) : type;
		if (type != expected)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column %d of the rows is of type %s, not %s", i + 1,
							format_type_be(expected), format_type_be(type))));
	}
}

/* Find out what rows are asked for; null and an error where these cannot be. */
static TupleDesc
expected_columns(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;

	if (info == NULL || !IsA(info, ReturnSetInfo) ||
		(info->allowedModes & SFRM_Materialize) == 0 || info->expectedDesc == NULL ||
		info->expectedDesc->natts < FIRST_MEASURE)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("the rows of cells need a list of columns"),
				 errhint("Call the function in FROM, as f(...) AS r(bucket timestamptz, "
						 "rows bigint, ...).")));
	return info->expectedDesc;
}

/* The grid of the call, read once for a call site that keeps it. */
static const PrismiqDenseGrid *
rows_grid(FunctionCallInfo fcinfo, Jsonb *spec, Oid type, int nmeasures)
{
	PrismiqDenseGrid *grid = (PrismiqDenseGrid *) fcinfo->flinfo->fn_extra;
	MemoryContext oldcontext;

	if (grid != NULL && grid->type == type && VARSIZE(spec) == VARSIZE(grid->spec) &&
		memcmp(spec, grid->spec, VARSIZE(spec)) == 0)
		return grid;

	/* One that changes from call to call is not worth to be kept. */
	if (grid != NULL)
		return prismiq_dense_grid(spec, type, nmeasures, NULL);
	oldcontext = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	grid = prismiq_dense_grid(spec, type, nmeasures, NULL);
	MemoryContextSwitchTo(oldcontext);
	fcinfo->flinfo->fn_extra = grid;
	return grid;
}

/* The entries of cells as they are gone through. */
typedef struct Walk
{
	const PrismiqDenseGrid *grid;
	const Cells *cells;			/* null: of no rows */
	int			next;			/* the first entry that was not passed */
	int		   *before;			/* of each measure: the last one passed that has a value, or -1 */
	int		   *after;			/* the next one that has, as far as was looked for */
	MemoryContext scratch;		/* what a row's values take */
} Walk;

/* An entry, by its number. */
static const Entry *
entry_at(const Walk *walk, int number)
{
	return (const Entry *) ((const char *) walk->cells + ENTRIES_OFFSET(walk->grid->nmeasures) +
							(Size) number * ENTRY_SIZE(walk->grid->nmeasures));
}

/* Begin before the first entry. */
static void
begin_walk(Walk *walk, const PrismiqDenseGrid *grid, const Cells *cells)
{
	int			i;

	*walk = (Walk) {.grid = grid, .cells = cells};
	walk->before = palloc(sizeof(int) * (grid->nmeasures + 1));
	walk->after = palloc0(sizeof(int) * (grid->nmeasures + 1));
	for (i = 0; i < grid->nmeasures; i++)
		walk->before[i] = -1;
	walk->scratch = AllocSetContextCreate(CurrentMemoryContext, "prismiq dense rows",
										  ALLOCSET_DEFAULT_SIZES);
}

/* The bucket's own entry; null when it has no rows. */
static const Entry *
entry_of(const Walk *walk, int bucket)
{
	const Entry *entry;

	if (walk->cells == NULL || walk->next >= walk->cells->entries)
		return NULL;
	entry = entry_at(walk, walk->next);
	return entry->bucket == bucket ? entry : NULL;
}

/* Go past the entry that is next: what follows looks back at it. */
static void
pass_entry(Walk *walk)
{
	const Entry *entry = entry_at(walk, walk->next);
	int			i;

	for (i = 0; i < walk->grid->nmeasures; i++)
		if (!ENTRY_NULLS(entry, walk->grid->nmeasures)[i])
			walk->before[i] = walk->next;
	walk->next++;
}

/* A measure's value in an entry, which has one. */
static Datum
entry_value(const Walk *walk, const Entry *entry, int measure)
{
	if (!IS_POINTER(walk->cells->results[measure]))
		return entry->values[measure];
	return PointerGetDatum((const char *) walk->cells + DatumGetInt32(entry->values[measure]));
}

/* The same with its time. */
static PrismiqDensePoint
entry_point(const Walk *walk, int number, int measure)
{
	const Entry *entry = entry_at(walk, number);

	return (PrismiqDensePoint) {walk->grid->edges[entry->bucket],
		entry_value(walk, entry, measure)};
}

/* Is there an entry to come in which a measure has a value?  It is looked for once. */
static bool
find_after(Walk *walk, int measure)
{
	int		   *after = &walk->after[measure];

	*after = Max(*after, walk->next);
	while (*after < walk->cells->entries &&
		   ENTRY_NULLS(entry_at(walk, *after), walk->grid->nmeasures)[measure])
		(*after)++;
	return *after < walk->cells->entries;
}

/* What a bucket without rows has of a measure; false: null. */
static bool
fill_value(Walk *walk, int bucket, int measure, Datum *value)
{
	const PrismiqDenseGrid *grid = walk->grid;
	PrismiqDensePoint before;
	PrismiqDensePoint after;

	if (grid->fill == PRISMIQ_DENSE_NULL || walk->before[measure] < 0)
		return false;
	before = entry_point(walk, walk->before[measure], measure);
	*value = before.value;
	if (grid->fill == PRISMIQ_DENSE_PREVIOUS)
		return true;
	if (!find_after(walk, measure))
		return false;
	after = entry_point(walk, walk->after[measure], measure);
	*value = prismiq_dense_between(grid->type, walk->cells->results[measure], &before, &after,
								   grid->edges[bucket]);
	return true;
}

/* What a bucket has of a measure, by its entry or around it; false: null. */
static bool
bucket_value(Walk *walk, const Entry *entry, int bucket, int measure, Datum *value)
{
	if (entry == NULL)
		return fill_value(walk, bucket, measure, value);
	if (ENTRY_NULLS(entry, walk->grid->nmeasures)[measure])
		return false;
	*value = entry_value(walk, entry, measure);
	if (walk->grid->fill == PRISMIQ_DENSE_LINEAR)
		*value = prismiq_dense_line_value(walk->cells->results[measure], *value);
	return true;
}

/* Put a row for every bucket that is to be listed. */
static void
put_rows(ReturnSetInfo *info, const PrismiqDenseGrid *grid, const Cells *cells)
{
	int			columns = grid->nmeasures + FIRST_MEASURE;
	Datum	   *values = palloc0(sizeof(Datum) * columns);
	bool	   *nulls = palloc0(sizeof(bool) * columns);
	Walk		walk;
	int			bucket;
	int			i;

	begin_walk(&walk, grid, cells);
	for (bucket = 0; bucket < grid->buckets; bucket++)
	{
		const Entry *entry = entry_of(&walk, bucket);
		MemoryContext oldcontext;

		CHECK_FOR_INTERRUPTS();
		if (entry == NULL && !grid->gaps)
			continue;
		oldcontext = MemoryContextSwitchTo(walk.scratch);
		values[0] = grid->type == DATEOID ?
			DateADTGetDatum((DateADT) (grid->edges[bucket] / USECS_PER_DAY)) :
			TimestampGetDatum(grid->edges[bucket]);
		values[1] = Int64GetDatum(entry != NULL ? entry->rows : 0);
		for (i = 0; i < grid->nmeasures; i++)
			nulls[i + FIRST_MEASURE] = !bucket_value(&walk, entry, bucket, i,
													 &values[i + FIRST_MEASURE]);
		MemoryContextSwitchTo(oldcontext);
		tuplestore_putvalues(info->setResult, info->setDesc, values, nulls);
		MemoryContextReset(walk.scratch);
		if (entry != NULL)
			pass_entry(&walk);
	}
	MemoryContextDelete(walk.scratch);
}

/* (cells, grid) to rows, each a bucket, the number of its rows, and the measures. */
void
prismiq_dense_unpack(FunctionCallInfo fcinfo)
{
	TupleDesc	desc = expected_columns(fcinfo);
	const Cells *cells = NULL;
	const PrismiqDenseGrid *grid;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(1))
		return;
	if (!PG_ARGISNULL(0))
		cells = (const Cells *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	grid = rows_grid(fcinfo, PG_GETARG_JSONB_P(1), TupleDescAttr(desc, 0)->atttypid,
					 desc->natts - FIRST_MEASURE);
	if (cells != NULL)
		check_cells(cells, grid);
	check_columns(cells, grid, desc);
	put_rows((ReturnSetInfo *) fcinfo->resultinfo, grid, cells);
}
