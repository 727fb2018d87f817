/*-------------------------------------------------------------------------
 *
 * nearest.h
 *	  The name that was probably meant: the nearest to what was written.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_NEAREST_H
#define PRISMIQ_NEAREST_H

#include "postgres.h"

#include "base/fault.h"

/*
 * The closest of some names to what was written, within distance 3, or null.
 * Feed it only names that the caller may see.  Looking for one takes far longer
 * than finding a fault, so it is done for the first faults of a document only:
 * where prismiq_nearest_init() is false nothing need be offered, and the result
 * is null.
 */
typedef struct PrismiqNearest
{
	const char *wanted;
	char	   *folded;			/* the same in lower case */
	int			wanted_len;
	int			best;
	const char *name;
} PrismiqNearest;

extern bool prismiq_nearest_init(PrismiqNearest *state, PrismiqFaults *faults,
								 const char *wanted);
extern bool prismiq_nearest_improves(const PrismiqNearest *state, const char *candidate);
extern void prismiq_nearest_offer(PrismiqNearest *state, const char *candidate);
extern char *prismiq_nearest_result(const PrismiqNearest *state);

/* The suggestion of one of a list of names, which ends with null. */
extern char *prismiq_nearest_of(PrismiqFaults *faults, const char *wanted,
								const char *const *names);

#endif							/* PRISMIQ_NEAREST_H */
