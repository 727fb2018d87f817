/*-------------------------------------------------------------------------
 *
 * check_query.c
 *	  The safety walker over a definition: every name gets its OID, every
 *	  column its type and output name, or a fault.
 *
 * The twin of compile/compile_query.c, which prints exactly the nodes that
 * were annotated here and decides nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "check/check.h"
#include "model/expr.h"

/*
 * Look a reference up; false after a fault, or when the reference could not be
 * read.  "star_ok" lets "*" through.
 */
bool
prismiq_check_column_ref(PrismiqCheck *check, PrismiqColumnRef *ref, bool star_ok)
{
	PrismiqTable *table;
	PrismiqField *field;

	if (ref == NULL || ref->column == NULL)
		return false;
	field = ref->table == NULL || ref->expr != NULL ? prismiq_field_find(check, ref) : NULL;
	if (field != NULL)
		return prismiq_check_field_ref(check, ref, field);
	if (ref->table == NULL && ref->table_id == NULL)
	{
		if (ref->without_table)
			prismiq_fault_add(check->faults, PRISMIQ_MISSING_FIELD, ref->table_path, NULL,
							  "\"table_id\" is required");
		return false;
	}
	table = ref->table != NULL ? ref->table :
		prismiq_table_by_id(check, ref->table_id, ref->table_path);
	if (table == NULL || !PrismiqTableIsKnown(table))
		return false;			/* the table's own fault says it */
	if (strcmp(ref->column, "*") == 0 && star_ok)
	{
		ref->table = table;
		ref->star = true;
		return true;
	}
	if (!prismiq_column_find(table, ref->column, ref))
	{
		prismiq_fault_add(check->faults, PRISMIQ_COLUMN_NOT_FOUND, ref->column_path,
						  prismiq_column_nearest(table, check->faults, ref->column),
						  "column \"%s\" not found in table \"%s\"", ref->column,
						  table->relname);
		return false;
	}
	table->used = bms_add_member(table->used, ref->attnum);
	return true;
}

/* count(*) of a table. */
static bool
check_star(PrismiqCheck *check, PrismiqColumn *column)
{
	if (column->aggregation == PRISMIQ_AGG_COUNT && column->date_trunc == NULL &&
		!column->distinct)
	{
		column->type = INT8OID;
		column->typmod = -1;
		return true;
	}
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION, column->aggregation_path,
					  "Use count.", "\"*\" goes only with count");
	return false;
}

/*
 * Give a column its function and type; false after a fault.  Used for the
 * columns of the answer and the measures of having.
 */
bool
prismiq_check_column(PrismiqCheck *check, PrismiqColumn *column)
{
	PrismiqColumnRef *ref = column->ref;

	prismiq_check_column_filters(check, column);
	if (!prismiq_check_column_ref(check, ref, column->aggregation == PRISMIQ_AGG_COUNT))
		return false;
	if (ref->star)
		return check_star(check, column);
	if (ref->expr != NULL && ref->expr->has_aggregate)
		return prismiq_check_measure_field(check, column);
	if (column->date_trunc != NULL)
	{
		column->bucketing = prismiq_check_date_trunc(check, column);
		if (column->bucketing == NULL)
			return false;
	}
	if (column->aggregation == PRISMIQ_AGG_NONE)
	{
		column->type = column->bucketing != NULL ? ref->basetype : ref->type;
		column->typmod = column->bucketing != NULL ? -1 : ref->typmod;
		column->collation = ref->collation;
		return true;
	}
	return prismiq_check_aggregate(check, column);
}

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
 * Are there columns, and is it known of each what it is?  One that was not
 * found, or a calculated field that has faults, may well be an aggregate: what
 * lacks one is not accused then.
 */
bool
prismiq_columns_are_known(const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->columns)
		if (!PrismiqColumnIsKnown((const PrismiqColumn *) lfirst(lc)))
			return false;
	return query->columns != NIL;
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
 * Check the rest of a definition.  All faults are noted; the model may be
 * printed only when there are none.
 */
void
prismiq_check_query(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;

	prismiq_check_fields(check);
	prismiq_check_joins(check);
	prismiq_check_series_begin(check);
	check_columns(check);
	prismiq_check_filters(check);
	prismiq_check_having(check);
	check_group_by(check);
	prismiq_check_stages(check);
	prismiq_check_series_end(check);
	prismiq_check_series_fill(check);
	if (query->time_series == NULL || !query->time_series->auto_pending)
		prismiq_check_compare(check);
	prismiq_check_pivot(check);
	if (check->faults->errors != NIL)
		return;
	prismiq_check_made_up(check);
	prismiq_check_fan_out(check);
}
