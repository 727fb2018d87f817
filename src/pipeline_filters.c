/*-------------------------------------------------------------------------
 *
 * pipeline_filters.c
 *	  The filters of a dashboard, in a call of its functions.
 *
 * They can be read again from their documents: what is remembered of a definition
 * has filters of its own.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/settings.h"
#include "pipeline_widget.h"
#include "read/read.h"

/* Read the filters of the call, if it has any, and their values. */
List *
prismiq_filters_read(const PrismiqDashboardCall *call, PrismiqFaults *faults)
{
	int			limits[PRISMIQ_FILTER_DOCUMENTS] = {
		MaxAllocSize, MaxAllocSize, prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES)
	};
	const json_t *trees[PRISMIQ_FILTER_DOCUMENTS] = {NULL};
	int			i;

	for (i = 0; i < PRISMIQ_FILTER_DOCUMENTS; i++)
		if (call->filter_documents[i] != NULL)
			trees[i] = prismiq_json_from_jsonb(call->filter_documents[i], limits[i], 64, faults);
	return trees[0] == NULL || trees[2] == NULL ? NIL :
		prismiq_read_filter_values(trees[0], trees[2], trees[1], faults);
}

/* The same once more, in the current memory context: they were read without a fault. */
List *
prismiq_filters_again(const PrismiqDashboardCall *call)
{
	PrismiqFaults faults = {NIL, NIL};

	return prismiq_filters_read(call, &faults);
}

/*
 * Tell the call which of its filters found their place, where those that were placed
 * may be others, read from the same documents; their positions.
 */
List *
prismiq_filters_place(PrismiqDashboardCall *call, const PrismiqPlacing *placing)
{
	List	   *positions = NIL;
	ListCell   *lc;
	ListCell   *lc2;

	call->placing.placed = NIL;
	foreach(lc, placing->placed)
		foreach(lc2, placing->filters)
			if (lfirst(lc) == lfirst(lc2))
			{
				int			position = foreach_current_index(lc2);

				positions = lappend_int(positions, position);
				call->placing.placed = lappend(call->placing.placed,
											   list_nth(call->placing.filters, position));
			}
	return positions;
}
