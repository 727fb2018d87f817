/*-------------------------------------------------------------------------
 *
 * dense_fill.h
 *	  What the empty buckets of a dense series have.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_DENSE_FILL_H
#define PRISMIQ_DENSE_FILL_H

#include "postgres.h"

/* What a bucket without rows has; the order is that of the names in dense_grid.c. */
typedef enum PrismiqDenseFill
{
	PRISMIQ_DENSE_NULL,
	PRISMIQ_DENSE_PREVIOUS,		/* the last value before it */
	PRISMIQ_DENSE_LINEAR		/* the point on the line to the next value */
} PrismiqDenseFill;

/* A value that a measure has in a bucket, which begins at a time. */
typedef struct PrismiqDensePoint
{
	int64		time;
	Datum		value;
} PrismiqDensePoint;

extern Oid	prismiq_dense_line_type(Oid type);
extern Datum prismiq_dense_line_value(Oid type, Datum value);
extern Datum prismiq_dense_between(Oid time_type, Oid type, const PrismiqDensePoint *before,
								   const PrismiqDensePoint *after, int64 time);

#endif							/* PRISMIQ_DENSE_FILL_H */
