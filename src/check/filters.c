/*-------------------------------------------------------------------------
 *
 * filters.c
 *	  Conditions on rows, of the whole answer, of a join, of one measure.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "access/context.h"
#include "check/check.h"
#include "expr/lower.h"
#include "model/condition.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/table.h"
#include "value/value.h"

/* One test of filters. */
static bool
check_filter(PrismiqCondition *condition, void *arg)
{
	PrismiqCheck *check = (PrismiqCheck *) arg;
	PrismiqColumnRef *ref = prismiq_test_ref(PrismiqTestOf(condition));

	CHECK_FOR_INTERRUPTS();
	prismiq_check_source_zone(check, ref);
	if (!prismiq_check_column_ref(check, ref, false) ||
		!prismiq_check_no_measure(check, ref, "Put conditions on aggregates into \"having\".") ||
		!prismiq_check_local_times(check, ref))
		return false;
	prismiq_take_source_zone(check, ref);
	prismiq_check_operand(check, condition, ref->basetype, ref->collation);
	return false;
}

/* All filters, those that stand in joins, and the names of those that are left out. */
void
prismiq_check_filters(PrismiqCheck *check)
{
	ListCell   *lc;
	ListCell   *lc2;

	(void) prismiq_condition_walk(check->query->filters, check_filter, check);
	(void) prismiq_condition_walk(check->query->left_out, check_filter, check);
	foreach(lc, check->query->join_order)
		foreach(lc2, ((PrismiqJoin *) lfirst(lc))->conditions)
			(void) prismiq_condition_walk(lfirst(lc2), check_filter, check);
}

/* The conditions that only the rows of one measure have to meet. */
void
prismiq_check_column_filters(PrismiqCheck *check, PrismiqColumn *column)
{
	(void) prismiq_condition_walk(column->filters, check_filter, check);
}
