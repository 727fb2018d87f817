/*-------------------------------------------------------------------------
 *
 * definition.c
 *	  The safety walker over a definition: every name gets its OID, every
 *	  column its type and output name, or a fault.
 *
 * The twin of compile/compile_base.c, which prints exactly the nodes that
 * were annotated here and decides nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "check/check.h"
#include "expr/lower.h"
#include "join/join.h"
#include "model/answer.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"
#include "value/value.h"

/*
 * Order by the column under an aggregate, which loses its name with it; a
 * count of rows is nothing that rows can be ordered by.
 */
static void
strip_order(PrismiqQuery *query)
{
	List	   *kept = NIL;
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		PrismiqColumnRef *ref = ((PrismiqColumn *) lfirst(lc))->ref;

		ref->star = ref->column != NULL && strcmp(ref->column, "*") == 0;
	}
	prismiq_check_answer(query);
	prismiq_answer_restart(query, NIL);
	foreach(lc, query->order_by)
	{
		PrismiqOrder *order = (PrismiqOrder *) lfirst(lc);
		PrismiqColumn *column = NULL;
		ListCell   *lc2;

		foreach(lc2, query->columns)
		{
			PrismiqColumn *candidate = (PrismiqColumn *) lfirst(lc2);

			if (order->alias != NULL && candidate->name != NULL &&
				candidate->aggregation != PRISMIQ_AGG_NONE &&
				strcmp(candidate->name, order->alias) == 0)
				column = candidate;
		}
		if (column != NULL && column->ref->star)
			continue;
		if (column != NULL)
		{
			order->ref = column->ref;
			order->alias = NULL;
		}
		kept = lappend(kept, order);
	}
	query->order_by = kept;
}

/* options.disable_aggregation: the raw rows behind the answer. */
static void
strip_aggregation(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	List	   *kept = NIL;
	ListCell   *lc;

	strip_order(query);
	foreach(lc, query->columns)
	{
		PrismiqColumn *column = (PrismiqColumn *) lfirst(lc);
		PrismiqField *field = prismiq_field_find(check, column->ref);

		if (field != NULL && field->expr != NULL && field->expr->has_aggregate)
			continue;			/* no row has it */
		column->aggregation = PRISMIQ_AGG_NONE;
		column->distinct = false;
		column->filters = NULL;
		column->args = NULL;
		if (column->ref->column == NULL || strcmp(column->ref->column, "*") != 0)
			kept = lappend(kept, column);
	}
	query->columns = kept;
	query->having = NULL;
	query->windows = NIL;
	query->qualify = NULL;
	query->pivot = NULL;
	query->compare = NULL;
	query->top = NULL;
	query->totals = NULL;
	query->group_by = NIL;
	query->has_group_by = false;
}

/* Columns of the answer. */
static void
check_columns(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	ListCell   *lc;

	if (check->options->disable_aggregation && query->columns != NIL)
	{
		strip_aggregation(check);
		if (query->columns == NIL && query->time_series == NULL)
			prismiq_fault_add(check->faults, PRISMIQ_EMPTY_QUERY,
							  prismiq_path_key(NULL, "columns", 2), "Add the columns to be shown.",
							  "nothing is left of the columns without their aggregation");
	}
	foreach(lc, query->columns)
	{
		PrismiqColumn *column = (PrismiqColumn *) lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		column->place = foreach_current_index(lc) + 1;
		(void) prismiq_check_column(check, column);
		if (column->aggregation != PRISMIQ_AGG_NONE)
			query->grouped = true;
	}
	if (query->has_group_by)
		query->grouped = true;
	if (query->time_series != NULL && !query->grouped &&
		!check->options->disable_aggregation && prismiq_columns_are_known(query))
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_TIME_SERIES, query->time_series->path,
						  "Give at least one column an aggregation.",
						  "a time series needs an aggregated column");
	prismiq_check_answer(query);
	prismiq_check_fill(check);
}

/* A column that rows are grouped by needs an ordering. */
static void
check_groupable(PrismiqCheck *check, const PrismiqColumnRef *ref, const PrismiqPath *path)
{
	if (!prismiq_type_is_groupable(ref->basetype))
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION, path, NULL,
						  "rows cannot be grouped by column \"%s\" of type %s", ref->name,
						  prismiq_type_name(ref->type));
}

/*
 * group_by: what is not in the answer is kept apart; what is in the answer
 * without an aggregation must be grouped by.
 */
static void
check_group_by(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	Bitmapset  *matched = NULL;
	bool		known = true;
	ListCell   *lc;
	int			i;

	foreach(lc, query->group_by)
	{
		PrismiqColumnRef *ref = (PrismiqColumnRef *) lfirst(lc);
		bool		found = false;
		ListCell   *lc2;

		if (!prismiq_check_column_ref(check, ref, false) ||
			!prismiq_check_no_measure(check, ref, "Group by columns that are not aggregates."))
		{
			/* It may have been meant to be any of the columns. */
			known = known && ref->column != NULL && strcmp(ref->column, "*") == 0;
			continue;
		}
		check_groupable(check, ref, ref->column_path);
		i = 0;
		foreach(lc2, query->columns)
		{
			PrismiqColumn *column = (PrismiqColumn *) lfirst(lc2);

			if (column->aggregation == PRISMIQ_AGG_NONE && prismiq_same_column(ref, column->ref))
			{
				matched = bms_add_member(matched, i);
				found = true;
			}
			i++;
		}
		if (query->time_series != NULL && prismiq_same_column(ref, query->time_series->ref))
			found = true;		/* grouped by its bucket */
		if (!found)
			query->group_extra = lappend(query->group_extra, ref);
	}
	if (!query->grouped)
		return;
	i = -1;
	foreach(lc, query->columns)
	{
		PrismiqColumn *column = (PrismiqColumn *) lfirst(lc);

		i++;
		if (column->aggregation != PRISMIQ_AGG_NONE || !PrismiqColumnIsKnown(column))
			continue;
		if (query->has_group_by && known && !bms_is_member(i, matched))
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION, column->path,
							  "Add it to \"group_by\", or give it an aggregation.",
							  "column \"%s\" is neither grouped by nor aggregated",
							  column->ref->name);
		else if (!query->has_group_by)
			check_groupable(check, column->ref, column->path);
	}
}

/*
 * Look the tables up, for the caller and its tenant; what is merged into the
 * query before the rest is checked may depend on them.
 */
void
prismiq_check_tables(PrismiqCheck *check)
{
	check->config = prismiq_config_get(check->who->tenant_id);
	prismiq_check_calendar(check);
	prismiq_tables_find(check);
	prismiq_check_derived(check);
	if (check->merge != NULL)
		check->merge(check, check->merge_arg);
}

/*
 * Check the rest of a definition: the passes, in their order.  All faults are
 * noted; the model may be printed only when there are none.
 */
void
prismiq_check_query(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;

	/* The rows, and how they are grouped. */
	prismiq_check_fields(check);
	prismiq_check_joins(check);
	prismiq_check_series_begin(check);
	check_columns(check);
	prismiq_check_filters(check);
	prismiq_check_having(check);
	check_group_by(check);

	/* What is computed over the groups; an order of what a limit lets through is, too. */
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
	prismiq_check_qualify(check);
	prismiq_check_in_queries(check);
	prismiq_check_order_types(check);

	/* The range of the series, with all conditions known. */
	prismiq_check_series_end(check);
	prismiq_check_series_fill(check);
	if (query->time_series == NULL || !query->time_series->auto_pending)
		prismiq_check_compare(check);
	prismiq_check_pivot(check);
	if (check->faults->errors != NIL)
		return;

	/* What the joins make of the rows. */
	prismiq_check_made_up(check);
	prismiq_check_fan_out(check);
	prismiq_columns_own(query->tables);
}
