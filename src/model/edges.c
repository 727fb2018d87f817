/*-------------------------------------------------------------------------
 *
 * edges.c
 *	  What a grid remembers of its edges, where they are no arithmetic: months, and
 *	  buckets of local time near a change of the zone's offset.
 *
 * The time line is cut into spans, of a power of 2 so that a value's span is a
 * shift, and shorter than a bucket: so there is one edge in a span, or none.
 * What is remembered of a span is that edge and those around it.  A span that
 * has more edges, as a zone may make it, is not remembered.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/int.h"
#include "datatype/timestamp.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "model/edges.h"

/* How many spans are remembered: months of a century, and the changes of thirty years. */
#define SPANS 2048

/* How many seasons; those of 17 years, each several times. */
#define SEASONS 512

/* So many buckets are looked for before there is room: most grids are asked for a few. */
#define FIRST_MISSES 8

/* The edges of a span: buckets are [before, edge) and [edge, after). */
typedef struct PrismiqSpan
{
	uint64		number;			/* of the span, from 1; 0: nothing is known */
	int64		before;
	int64		edge;
	int64		after;
} PrismiqSpan;

/* Room for what is remembered. */
static void
make_room(PrismiqEdges *edges)
{
	edges->spans = MemoryContextAllocZero(edges->context, sizeof(PrismiqSpan) * SPANS);
	if (!edges->has_seasons)
		return;
	edges->seasons = MemoryContextAllocZero(edges->context, sizeof(PrismiqSeason) * SEASONS);
	edges->season_mask = SEASONS - 1;
}

/*
 * Remember the span of a value, whose bucket was found.  What is looked for besides
 * is the one bucket more that the span touches, if it does.
 */
static void
remember(const PrismiqGrid *grid, PrismiqSpan *span, uint64 number, const PrismiqBucket *bucket)
{
	int			shift = grid->edges->shift;
	int64		first = (int64) (number << shift);
	int64		last = (int64) ((number << shift) + (UINT64CONST(1) << shift) - 1);
	PrismiqBucket other;
	int64		k;

	if (bucket->start <= first && bucket->end > last)
		*span = (PrismiqSpan) {number + 1, bucket->start, bucket->end, bucket->end};
	else if (bucket->start <= first)
	{
		if (prismiq_grid_locate(grid, bucket->end, &k, &other) &&
			other.start == bucket->end && other.end > last)
			*span = (PrismiqSpan) {number + 1, bucket->start, bucket->end, other.end};
	}
	else if (bucket->end > last && prismiq_grid_locate(grid, first, &k, &other) &&
			 other.end == bucket->start)
		*span = (PrismiqSpan) {number + 1, other.start, bucket->start, bucket->end};
}

/* The bucket of a value whose edges are looked for, and remembered. */
static bool
look_up(const PrismiqGrid *grid, int64 value, PrismiqBucket *bucket)
{
	PrismiqEdges *edges = grid->edges;
	uint64		number = (uint64) value >> edges->shift;
	PrismiqSpan *span;
	int64		k;

	if (edges->spans == NULL)
	{
		if (edges->misses++ < FIRST_MISSES)
			return prismiq_grid_locate(grid, value, &k, bucket);
		make_room(edges);
	}
	span = &edges->spans[number % SPANS];
	if (span->number == number + 1)
	{
		bool		is_first = value < span->edge;

		bucket->start = is_first ? span->before : span->edge;
		bucket->end = is_first ? span->edge : span->after;
		return true;
	}
	if (!prismiq_grid_locate(grid, value, &k, bucket))
		return false;
	remember(grid, span, number, bucket);
	return true;
}

/*
 * The bucket of a value where all are of one width, counted from the origin in local
 * time that is so much later than the value.  It is what prismiq_grid_locate() finds,
 * by one division.
 */
static inline bool
bucket_of_width(const PrismiqGrid *grid, int64 value, int64 shift, PrismiqBucket *bucket)
{
	int64		rest;
	int64		k;

	if (pg_sub_s64_overflow(value + shift, grid->origin, &rest))
		return prismiq_grid_locate(grid, value, &k, bucket);
	rest %= grid->width;
	if (rest < 0)
		rest += grid->width;
	if (pg_sub_s64_overflow(value, rest, &bucket->start) || !IS_VALID_TIMESTAMP(bucket->start))
		return false;
	if (pg_add_s64_overflow(bucket->start, grid->width, &bucket->end) ||
		bucket->end > END_TIMESTAMP)
		bucket->end = END_TIMESTAMP;
	return true;
}

/* See the header. */
bool
prismiq_grid_bucket(const PrismiqGrid *grid, int64 value, PrismiqBucket *bucket)
{
	const PrismiqSeason *season;

	if (!IS_VALID_TIMESTAMP(value))
		return false;
	if (grid->edges == NULL)
		return bucket_of_width(grid, value, 0, bucket);
	if (grid->edges->has_seasons &&
		(season = prismiq_season_known(grid->edges, value)) != NULL)
		return bucket_of_width(grid, value, season->shift, bucket);
	return look_up(grid, value, bucket);
}
