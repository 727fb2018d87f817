/*-------------------------------------------------------------------------
 *
 * scratch.c
 *	  Memory for the length of one call.
 *
 * A definition on its way needs some tens of kilobytes in hundreds of pieces,
 * and in the caller's context they would be asked of malloc() block by block,
 * and given back, at every call.  Each such block also makes malloc() tidy up
 * what was left of the last JSON tree, which the next one could have used as
 * it was; that took longer than to build the tree.  So one context is kept,
 * with a first block that is large enough for most definitions.
 *
 * While it is in use it hangs below the caller's context and goes with it
 * when an error is thrown; the next call then makes a new one.  A call inside
 * a call finds none kept, and makes its own.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "base/scratch.h"

/* What is kept between calls. */
#define KEPT_BYTES (64 * 1024)

/* The context that nobody uses, or null. */
static MemoryContext kept = NULL;

/* Begin to allocate in memory of our own. */
void
prismiq_scratch_begin(PrismiqScratch *scratch)
{
	scratch->caller = CurrentMemoryContext;
	if (kept != NULL)
	{
		scratch->own = kept;
		kept = NULL;
		MemoryContextSetParent(scratch->own, scratch->caller);
	}
	else
		scratch->own = AllocSetContextCreate(scratch->caller, "prismiq call", KEPT_BYTES,
											 ALLOCSET_DEFAULT_INITSIZE,
											 ALLOCSET_DEFAULT_MAXSIZE);
	MemoryContextSwitchTo(scratch->own);
}

/* Forget all of it, and go on in the caller's context. */
void
prismiq_scratch_end(PrismiqScratch *scratch)
{
	MemoryContextSwitchTo(scratch->caller);
	if (kept != NULL)
	{
		MemoryContextDelete(scratch->own);
		return;
	}
	MemoryContextReset(scratch->own);
	MemoryContextSetParent(scratch->own, TopMemoryContext);
	kept = scratch->own;
}
