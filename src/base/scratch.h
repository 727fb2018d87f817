/*-------------------------------------------------------------------------
 *
 * scratch.h
 *	  Memory for the length of one call.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_SCRATCH_H
#define PRISMIQ_SCRATCH_H

#include "postgres.h"

typedef struct PrismiqScratch
{
	MemoryContext caller;		/* where results go */
	MemoryContext own;			/* gone at the end of the call */
} PrismiqScratch;

extern void prismiq_scratch_begin(PrismiqScratch *scratch);
extern void prismiq_scratch_end(PrismiqScratch *scratch);

#endif							/* PRISMIQ_SCRATCH_H */
