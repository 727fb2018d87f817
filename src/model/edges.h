/*-------------------------------------------------------------------------
 *
 * edges.h
 *	  What a grid remembers, between buckets.c and edges.c.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_EDGES_H
#define PRISMIQ_EDGES_H

#include "postgres.h"

#include "model/buckets.h"

/*
 * A span in which a zone's offset stays what it is and is far from changing, so
 * that buckets are plain arithmetic.
 */
typedef struct PrismiqSeason
{
	TimestampTz from;			/* included */
	TimestampTz until;			/* excluded */
	int64		shift;			/* local time minus instant */
} PrismiqSeason;

/*
 * What a grid remembers.  It begins with one season; who is asked for many buckets
 * gets room for more, each by its time.
 */
typedef struct PrismiqEdges
{
	MemoryContext context;		/* of the grid */
	int			misses;			/* that were looked for */

	bool		has_seasons;	/* buckets of local time */
	PrismiqSeason first;
	PrismiqSeason *seasons;
	int			season_mask;	/* how many, less 1 */

	int			shift;			/* a span is 2 to this power of microseconds */
	struct PrismiqSpan *spans;	/* null: none is remembered yet */
} PrismiqEdges;

/* Where a season is kept: 2^40 microseconds, 13 days, seldom have a change in them. */
static inline PrismiqSeason *
prismiq_season_place(const PrismiqEdges *edges, TimestampTz value)
{
	return &edges->seasons[((uint64) value >> 40) & edges->season_mask];
}

/* The season that a value is known to be in, or null.  A valid time and a shift do not overflow. */
static inline const PrismiqSeason *
prismiq_season_known(const PrismiqEdges *edges, TimestampTz value)
{
	const PrismiqSeason *season = prismiq_season_place(edges, value);

	return value >= season->from && value < season->until ? season : NULL;
}

/* buckets.c: a bucket without what is remembered, and the index of an edge where it begins */
extern bool prismiq_grid_locate(const PrismiqGrid *grid, int64 value, int64 *k,
								PrismiqBucket *bucket);

#endif							/* PRISMIQ_EDGES_H */
