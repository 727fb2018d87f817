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
#include "expr/elements.h"
#include "expr/lower.h"
#include "join/join.h"
#include "model/answer.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/known_keys.h"
#include "model/measure.h"
#include "model/pivot.h"
#include "model/query.h"
#include "model/series.h"
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

			if (order->alias != NULL && candidate->output.name != NULL &&
				!PrismiqColumnIsDimension(candidate) &&
				strcmp(candidate->output.name, order->alias) == 0)
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

		if (field != NULL && (field->over || (field->expr != NULL && field->expr->has_aggregate)))
			continue;			/* no row has it */
		column->aggregation = PRISMIQ_AGG_NONE;
		column->ref->unnest = column->distinct = false;
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

/* What is left of the columns must be something. */
static void
check_stripped(PrismiqCheck *check)
{
	const PrismiqQuery *query = check->query;

	if (!check->options->disable_aggregation || query->columns == NIL)
		return;
	strip_aggregation(check);
	if (query->columns == NIL && query->time_series == NULL)
		prismiq_fault_add(check->faults, PRISMIQ_EMPTY_QUERY,
						  prismiq_path_key(NULL, "columns", prismiq_query_keys),
						  "Add the columns to be shown.",
						  "nothing is left of the columns without their aggregation");
}

/* Each column, and whether one of them groups the rows. */
static void
check_columns(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		PrismiqColumn *column = (PrismiqColumn *) lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		column->place = foreach_current_index(lc) + 1;
		(void) prismiq_check_column(check, column);
		if (!PrismiqColumnIsDimension(column))
			query->grouped = true;
	}
	if (query->has_group_by || query->having != NULL)
		query->grouped = true;
	if (query->time_series != NULL && !query->grouped &&
		!check->options->disable_aggregation && prismiq_columns_are_known(query))
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_TIME_SERIES, query->time_series->path,
						  "Give at least one column an aggregation.",
						  "a time series needs an aggregated column");
}

/* The answer, as its columns are so far. */
static void
check_answer(PrismiqCheck *check)
{
	prismiq_check_answer(check->query);
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

			if (PrismiqColumnIsDimension(column) && prismiq_same_column(ref, column->ref))
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
		if (!PrismiqColumnIsDimension(column) || !PrismiqColumnIsKnown(column))
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

/* The tenant's settings, and what the definition counts time by. */
static void
begin(PrismiqCheck *check)
{
	if (check->config == NULL)
		check->config = prismiq_config_get(check->own_schema, check->who->tenant_id);
	prismiq_check_calendar(check);
}

/* What is computed over the groups: an order of what a limit lets through is, too. */
static void
begin_stages(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;

	if (check->options->sort != NIL && (query->limit >= 0 || query->offset > 0))
		query->staged = true;
	prismiq_check_pivot_begin(query);
	prismiq_check_windows_begin(query);
	prismiq_check_compare_begin(query);
	prismiq_check_totals_begin(query);
}

/* What the rows are grouped by. */
static void
check_keys(PrismiqCheck *check)
{
	prismiq_check_keys(check->query);
}

/* What the statement reads of its tables, and names for what it adds to them. */
static void
end_columns(PrismiqCheck *check)
{
	prismiq_columns_end(check->query->tables);
}

/* How groups are told to be the same. */
static void
check_same(PrismiqCheck *check)
{
	prismiq_check_same(check->query);
}

/* Labels of the answer, unless its columns are not known. */
static void
check_labels(PrismiqCheck *check)
{
	if (check->query->pivot == NULL || check->query->pivot->made)
		prismiq_check_labels(check->query);
}

/* Order and page of the answer, unless its columns are not known. */
static void
check_page(PrismiqCheck *check)
{
	if (check->query->pivot == NULL || check->query->pivot->made)
		prismiq_check_page(check);
}

/* The columns of the answer, in its last shape. */
static void
check_outputs(PrismiqCheck *check)
{
	prismiq_check_outputs(check->query);
}

/* One walk over a definition. */
typedef struct Pass
{
	void		(*run) (PrismiqCheck *check);
	bool		whole;			/* only over a definition without faults */
} Pass;

/* All of them, in their order. */
static const Pass passes[] = {
	/* the tables */
	{.run = prismiq_check_saved},
	{.run = begin},
	{.run = prismiq_tables_find},
	{.run = prismiq_check_derived},
	{.run = prismiq_check_named},

	/* the rows, and how they are grouped */
	{.run = prismiq_check_fields},
	{.run = prismiq_check_placing},
	{.run = prismiq_check_joins},
	{.run = prismiq_check_series_begin},
	{.run = check_stripped},
	{.run = prismiq_check_unnest},
	{.run = prismiq_check_over_begin},
	{.run = check_columns},
	{.run = check_answer},
	{.run = prismiq_check_fill_begin},
	{.run = prismiq_check_filters},
	{.run = prismiq_check_having},
	{.run = check_group_by},
	{.run = prismiq_check_unnest_end},

	/* what is computed over the groups */
	{.run = begin_stages},
	{.run = prismiq_check_top},
	{.run = prismiq_check_order_by},
	{.run = prismiq_check_ties},
	{.run = check_keys},
	{.run = prismiq_check_totals},
	{.run = prismiq_check_windows},
	{.run = prismiq_check_over},
	{.run = prismiq_check_qualify},
	{.run = prismiq_check_in_queries},
	{.run = prismiq_check_order_types},

	/* the range of the series, with all conditions known */
	{.run = prismiq_check_series_end},

	/* what the joins make of the rows */
	{.run = prismiq_check_made_up, .whole = true},
	{.run = prismiq_check_apart, .whole = true},
	{.run = prismiq_check_fan_out, .whole = true},
	{.run = prismiq_check_totals_end, .whole = true},
	{.run = prismiq_check_read_once, .whole = true},
	{.run = end_columns, .whole = true},

	/* a range that only the rows know, and what hangs on it */
	{.run = prismiq_check_series_auto, .whole = true},
	{.run = prismiq_check_fill_end},
	{.run = prismiq_check_compare},

	/* the answer in its last shape */
	{.run = prismiq_check_hints},
	{.run = prismiq_check_pivot},
	{.run = prismiq_check_compare_once, .whole = true},
	{.run = check_same, .whole = true},
	{.run = prismiq_check_dense, .whole = true},
	{.run = prismiq_check_pivot_values, .whole = true},
	{.run = check_labels},
	{.run = check_page},
	{.run = check_outputs, .whole = true},
	{.run = prismiq_check_named_end},
};

/*
 * Run the passes over a definition.  False when one of them left a question:
 * with its answer the check goes on where it was.  All faults are noted; the
 * model may be printed only when there are none.
 */
bool
prismiq_check_run(PrismiqCheck *check)
{
	for (; check->pass < lengthof(passes); check->pass++)
	{
		const Pass *pass = &passes[check->pass];

		if (pass->whole && check->faults->errors != NIL)
			continue;
		pass->run(check);
		if (check->question.kind != PRISMIQ_QUESTION_NONE)
			return false;
	}
	return true;
}
