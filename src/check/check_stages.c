/*-------------------------------------------------------------------------
 *
 * check_stages.c
 *	  What is computed over the grouped rows, in the order that its parts need
 *	  each other: first every column of the answer gets its name, then its type.
 *
 * The twin of compile/compile_stages.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "check/check.h"
#include "model/stages.h"

/* order_by and all stages; the columns and what is grouped by are checked. */
void
prismiq_check_stages(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;

	/* An order of what the definition's own limit lets through is a stage of its own. */
	if (check->options->sort != NIL && (query->limit >= 0 || query->offset > 0))
		query->staged = true;
	prismiq_check_pivot_begin(query);
	prismiq_check_windows_begin(query);
	prismiq_check_compare_begin(query);
	prismiq_check_totals_begin(query);
	prismiq_check_top(check);
	prismiq_check_order_by(check);
	prismiq_check_ties(check);
	prismiq_check_keys(query);
	prismiq_check_totals(check);
	prismiq_check_windows(check);
	prismiq_check_order_types(check);
}
