/*-------------------------------------------------------------------------
 *
 * dense_grid.c
 *	  The grid of dense aggregates: which buckets there are, and what becomes of
 *	  the values.
 *
 * A grid is a jsonb, so that it is one constant of a statement and anyone can
 * write it:
 *
 *	{"interval": "1 hour", "start": "2024-03-01", "stop": "2024-04-01",
 *	 "timezone": "Europe/Berlin", "origin": null, "gaps": true,
 *	 "fill": "previous", "measures": ["count", "avg"]}
 *
 * Its buckets are those of prismiq_time_buckets().  What it says is made into an
 * array of their edges, once.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "base/json.h"
#include "base/settings.h"
#include "model/dates.h"
#include "model/zones.h"
#include "run/dense.h"

/* A grid is small; what is larger is none. */
#define MAX_SPEC_BYTES (64 * 1024)
#define MAX_SPEC_DEPTH 4

/* A piece has at least so many cells. */
#define MIN_PIECE_SHIFT 5

static const char *const grid_keys[] = {
	"interval", "start", "stop", "timezone", "origin", "gaps", "fill", "measures", NULL
};

static const char *const fill_names[] = {
	[PRISMIQ_DENSE_NULL] = "null",
	[PRISMIQ_DENSE_PREVIOUS] = "previous",
	[PRISMIQ_DENSE_LINEAR] = "linear",
	NULL
};

/* What a grid says, as it is read. */
typedef struct Reading
{
	PrismiqObject object;
	Oid			type;			/* of the times */
	pg_tz	   *zone;
	PrismiqGrid *grid;
	int64		start;
	int64		stop;
	bool		gaps;
	PrismiqDenseFill fill;
	const json_t *measures;
} Reading;

/* A fault of one of the grid's keys. */
#define add_fault(reading, key, ...) \
	prismiq_fault_add((reading)->object.faults, PRISMIQ_INVALID_VALUE, \
					  prismiq_object_path(&(reading)->object, key), NULL, __VA_ARGS__)

/* A time as the grid counts; false after a fault. */
static bool
read_time(Reading *reading, const char *key, int64 *value)
{
	const char *text = prismiq_object_text(&reading->object, key, true);
	PrismiqParsedTime parsed;

	if (text == NULL)
		return false;
	if (!prismiq_time_parse(text, &parsed) || (reading->zone == NULL && parsed.has_zone))
	{
		add_fault(reading, key, "\"%s\" is not a time of the grid", key);
		return false;
	}
	*value = parsed.has_zone ? parsed.instant : parsed.local;
	if (TIMESTAMP_NOT_FINITE(parsed.local) ||
		(reading->zone != NULL && !parsed.has_zone &&
		 !prismiq_local_to_instant(parsed.local, reading->zone, value)))
	{
		add_fault(reading, key, "\"%s\" is out of range", key);
		return false;
	}
	return true;
}

/* The zone, which only instants have. */
static void
read_zone(Reading *reading)
{
	bool		instants = reading->type == TIMESTAMPTZOID;
	const char *name;

	/* Before anything has a type, the zone tells what the times are. */
	if (!OidIsValid(reading->type))
		instants = prismiq_object_has(&reading->object, "timezone");
	if (!instants)
	{
		if (prismiq_object_has(&reading->object, "timezone"))
			add_fault(reading, "timezone", "only times with time zone have a \"timezone\"");
		return;
	}
	name = prismiq_object_text(&reading->object, "timezone", true);
	if (name == NULL)
		return;
	reading->zone = prismiq_zone_find(name);
	if (reading->zone == NULL)
		add_fault(reading, "timezone", "time zone \"%s\" not recognized", name);
}

/* The grid of the interval and the origin. */
static void
read_interval(Reading *reading)
{
	const char *interval = prismiq_object_text(&reading->object, "interval", true);
	bool		has_origin = prismiq_object_has(&reading->object, "origin");
	int64		origin = 0;
	Timestamp	local;
	const char *reason = NULL;

	if (interval == NULL || (has_origin && !read_time(reading, "origin", &origin)))
		return;
	local = origin;
	if (has_origin && reading->zone != NULL &&
		!prismiq_instant_to_local(origin, reading->zone, &local))
	{
		add_fault(reading, "origin", "\"origin\" is out of range");
		return;
	}
	reading->grid = prismiq_grid_make(interval, reading->zone, has_origin ? &local : NULL,
									  PRISMIQ_MONDAY, 1, &reason);
	if (reading->grid == NULL)
	{
		add_fault(reading, "interval", "invalid interval \"%s\": %s", interval, reason);
		return;
	}
	if (has_origin && reading->zone != NULL && reading->grid->kind == PRISMIQ_GRID_ABSOLUTE)
		prismiq_grid_set_origin(reading->grid, origin);
	if (reading->type == DATEOID && reading->grid->kind != PRISMIQ_GRID_MONTHS &&
		reading->grid->width % USECS_PER_DAY != 0)
		add_fault(reading, "interval", "the buckets of a date must be whole days");
}

/* Read a grid for times of a type, invalid when that is not known; false after a fault. */
static bool
read_grid(Reading *reading, Jsonb *spec, Oid type, PrismiqFaults *faults)
{
	const json_t *node = prismiq_json_from_jsonb(spec, MAX_SPEC_BYTES, MAX_SPEC_DEPTH, faults);

	memset(reading, 0, sizeof(Reading));
	reading->type = type;
	if (node == NULL ||
		!prismiq_object_open(&reading->object, node, prismiq_path_key(NULL, "grid", NULL),
							 faults, grid_keys))
		return false;
	read_zone(reading);
	if (faults->errors != NIL)
		return false;
	read_interval(reading);
	(void) read_time(reading, "start", &reading->start);
	(void) read_time(reading, "stop", &reading->stop);
	reading->gaps = prismiq_object_boolean(&reading->object, "gaps", true);
	reading->fill = (PrismiqDenseFill) prismiq_object_choice(&reading->object, "fill", fill_names,
															 false, PRISMIQ_DENSE_NULL);
	if (!reading->gaps && reading->fill != PRISMIQ_DENSE_NULL)
		add_fault(reading, "fill", "buckets that are not listed cannot be filled");
	reading->measures = prismiq_object_array(&reading->object, "measures");
	return faults->errors == NIL;
}

/* What becomes of each of the values, which must be as many. */
static void
read_measures(Reading *reading, PrismiqDenseGrid *grid, const Oid *types)
{
	int			count = reading->measures != NULL ? json_array_size(reading->measures) : 0;
	int			i;

	if (count != grid->nmeasures)
		prismiq_reject_argument("grid", "Give \"measures\" a name for each value.",
								"the grid has %d measures for %d values", count,
								grid->nmeasures);
	for (i = 0; i < count; i++)
	{
		const json_t *node = json_array_get(reading->measures, i);
		const char *name = prismiq_json_kind(node) == PRISMIQ_JSON_STRING ?
			prismiq_json_string(node) : NULL;
		PrismiqDenseMeasure *measure = &grid->measures[i];
		int			n = 0;

		while (name != NULL && prismiq_dense_names[n] != NULL &&
			   strcmp(name, prismiq_dense_names[n]) != 0)
			n++;
		if (name == NULL || prismiq_dense_names[n] == NULL)
			prismiq_reject_argument("grid", "Valid measures are: count, sum, avg, min, max.",
									"measure %d of the grid is not a valid one", i + 1);
		measure->aggregate = (PrismiqDenseAggregate) n;
		measure->type = types != NULL ? types[i] : InvalidOid;
		if (types != NULL && !prismiq_dense_resolve(measure))
			prismiq_reject_argument("grid", NULL, "cannot take %s of values of type %s", name,
									format_type_be(types[i]));
	}
}

/* The bucket of a time that has to have one. */
static void
find_bucket(const PrismiqGrid *grid, int64 value, PrismiqBucket *bucket)
{
	if (!prismiq_grid_bucket(grid, value, bucket))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
}

/* The edges of all buckets that the range touches. */
static void
make_edges(PrismiqDenseGrid *grid, const Reading *reading)
{
	int			limit = prismiq_limit(PRISMIQ_MAX_BUCKETS);
	int64		count;
	PrismiqBucket bucket = {0, 0};
	int			i;

	if (reading->start < reading->stop)
		find_bucket(reading->grid, reading->start, &bucket);
	count = prismiq_grid_count(reading->grid, reading->start, reading->stop, limit);
	if (count > limit)
		prismiq_reject(PRISMIQ_LIMIT, psprintf("the range has more than %d buckets", limit),
					   prismiq_limit_hint(PRISMIQ_MAX_BUCKETS,
										  "Ask for wider buckets or a shorter range"),
					   "query is too complex");
	grid->buckets = (int) count;
	grid->edges = palloc_extended(sizeof(int64) * (count + 1), MCXT_ALLOC_HUGE);
	bucket.end = reading->start;
	for (i = 0; i < grid->buckets; i++)
	{
		CHECK_FOR_INTERRUPTS();
		find_bucket(reading->grid, bucket.end, &bucket);
		grid->edges[i] = bucket.start;
	}
	grid->edges[i] = bucket.end;
	if (count > 0)
		grid->scale = count / ((double) grid->edges[i] - (double) grid->edges[0]);
}

/* How the cells of a state lie in memory. */
void
prismiq_dense_shape(PrismiqDenseGrid *grid)
{
	grid->shift = MIN_PIECE_SHIFT;
	while (grid->buckets > (int64) PRISMIQ_DENSE_PIECES << grid->shift)
		grid->shift++;
	grid->cell_size = offsetof(PrismiqDenseCell, slots) +
		sizeof(PrismiqDenseSlot) * grid->nmeasures;
}

/*
 * Make a grid for times of a type and values of these types, or raise.  Without
 * "types" the values are not known, and only their number is held against the
 * grid; -1 is any.  All of it is in the current memory context.
 */
PrismiqDenseGrid *
prismiq_dense_grid(Jsonb *spec, Oid type, int nmeasures, const Oid *types)
{
	PrismiqDenseGrid *grid = palloc0(sizeof(PrismiqDenseGrid));
	MemoryContext oldcontext = CurrentMemoryContext;
	MemoryContext scratch = AllocSetContextCreate(oldcontext, "prismiq dense grid",
												  ALLOCSET_SMALL_SIZES);
	PrismiqFaults faults = {NIL, NIL};
	Reading		reading;

	if (type != TIMESTAMPTZOID && type != TIMESTAMPOID && type != DATEOID)
		prismiq_reject_argument("time", NULL, "times of type %s have no buckets",
								format_type_be(type));
	grid->spec = palloc(VARSIZE(spec));
	memcpy(grid->spec, spec, VARSIZE(spec));
	grid->type = type;

	/* The tree is freed with the context that it was made in. */
	MemoryContextSwitchTo(scratch);
	if (!read_grid(&reading, spec, type, &faults))
		prismiq_fault_raise_any(&faults);
	grid->nmeasures = nmeasures >= 0 ? nmeasures :
		reading.measures != NULL ? json_array_size(reading.measures) : 0;
	MemoryContextSwitchTo(oldcontext);
	grid->measures = palloc0(sizeof(PrismiqDenseMeasure) * Max(1, grid->nmeasures));
	grid->gaps = reading.gaps;
	grid->fill = reading.fill;
	read_measures(&reading, grid, types);
	make_edges(grid, &reading);
	MemoryContextDelete(scratch);
	prismiq_dense_shape(grid);
	return grid;
}

/* How many buckets a grid has, for the planner; -1 when it is none. */
int
prismiq_dense_buckets(Jsonb *spec)
{
	int			limit = prismiq_limit(PRISMIQ_MAX_BUCKETS);
	PrismiqFaults faults = {NIL, NIL};
	Reading		reading;

	if (!read_grid(&reading, spec, InvalidOid, &faults))
		return -1;
	return (int) Min(limit, prismiq_grid_count(reading.grid, reading.start, reading.stop, limit));
}
