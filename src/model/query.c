/*-------------------------------------------------------------------------
 *
 * query.c
 *	  Spellings of the model's enumerations, and what a query is told by.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/expr.h"
#include "model/field.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/window.h"
#include "model/words.h"

const char *const prismiq_aggregation_names[] = {
	[PRISMIQ_AGG_NONE] = "none",
	[PRISMIQ_AGG_SUM] = "sum",
	[PRISMIQ_AGG_AVG] = "avg",
	[PRISMIQ_AGG_COUNT] = "count",
	[PRISMIQ_AGG_COUNT_DISTINCT] = "count_distinct",
	[PRISMIQ_AGG_MIN] = "min",
	[PRISMIQ_AGG_MAX] = "max",
	[PRISMIQ_AGG_MEDIAN] = "median",
	[PRISMIQ_AGG_PERCENTILE] = "percentile",
	[PRISMIQ_AGG_STDDEV] = "stddev",
	[PRISMIQ_AGG_VARIANCE] = "variance",
	[PRISMIQ_AGG_CORR] = "corr",
	[PRISMIQ_AGG_MODE] = "mode",
	[PRISMIQ_AGG_FIRST] = "first",
	[PRISMIQ_AGG_LAST] = "last",
	[PRISMIQ_AGG_BOOL_AND] = "bool_and",
	[PRISMIQ_AGG_BOOL_OR] = "bool_or",
	[PRISMIQ_AGG_STRING_AGG] = "string_agg",
	[PRISMIQ_AGG_ARRAY_AGG] = "array_agg",
	[PRISMIQ_AGG_APPROX_COUNT_DISTINCT] = "approx_count_distinct",
	[PRISMIQ_AGG_EXPRESSION] = NULL
};

const char *const prismiq_operator_names[] = {
	[PRISMIQ_OP_EQ] = "eq",
	[PRISMIQ_OP_NEQ] = "neq",
	[PRISMIQ_OP_GT] = "gt",
	[PRISMIQ_OP_GTE] = "gte",
	[PRISMIQ_OP_LT] = "lt",
	[PRISMIQ_OP_LTE] = "lte",
	[PRISMIQ_OP_IN] = "in",
	[PRISMIQ_OP_NOT_IN] = "not_in",
	[PRISMIQ_OP_IN_OR_NULL] = "in_or_null",
	[PRISMIQ_OP_BETWEEN] = "between",
	[PRISMIQ_OP_NOT_BETWEEN] = "not_between",
	[PRISMIQ_OP_LIKE] = "like",
	[PRISMIQ_OP_ILIKE] = "ilike",
	[PRISMIQ_OP_NOT_LIKE] = "not_like",
	[PRISMIQ_OP_NOT_ILIKE] = "not_ilike",
	[PRISMIQ_OP_CONTAINS] = "contains",
	[PRISMIQ_OP_STARTS_WITH] = "starts_with",
	[PRISMIQ_OP_ENDS_WITH] = "ends_with",
	[PRISMIQ_OP_IS_NULL] = "is_null",
	[PRISMIQ_OP_IS_NOT_NULL] = "is_not_null",
	[PRISMIQ_OP_DATE_RELATIVE] = "date_relative",
	[PRISMIQ_OP_NOT_DATE_RELATIVE] = "not_date_relative",
	[PRISMIQ_OP_DATE_WINDOW] = "date_window",
	[PRISMIQ_OP_DATE_PRESET] = "date_preset",
	[PRISMIQ_OP_ARRAY_CONTAINS] = "array_contains",
	[PRISMIQ_OP_IN_QUERY] = "in_query",
	[PRISMIQ_OP_NOT_IN_QUERY] = "not_in_query",
	NULL
};

const char *const prismiq_window_names[] = {
	"running_total", "moving_avg", "rank", "dense_rank", "row_number", "ntile", "lag", "lead",
	"first_value", "last_value", "percent_of_total", "difference", "percent_change",
	"cumulative_percent", NULL
};

const char *const prismiq_join_type_names[] = {
	[PRISMIQ_JOIN_INNER] = "INNER",
	[PRISMIQ_JOIN_LEFT] = "LEFT",
	[PRISMIQ_JOIN_RIGHT] = "RIGHT",
	[PRISMIQ_JOIN_FULL] = "FULL",
	NULL
};

const char *const prismiq_compare_names[] = {
	[PRISMIQ_COMPARE_PERIOD] = "previous_period",
	[PRISMIQ_COMPARE_WEEK] = "previous_week",
	[PRISMIQ_COMPARE_MONTH] = "previous_month",
	[PRISMIQ_COMPARE_YEAR] = "previous_year",
	NULL
};

const char *const prismiq_weekday_names[] = {
	"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", NULL
};

/* Does the operator let a null through unless told not to? */
bool
prismiq_operator_is_negation(PrismiqOperator op)
{
	switch (op)
	{
		case PRISMIQ_OP_NEQ:
		case PRISMIQ_OP_NOT_IN:
		case PRISMIQ_OP_NOT_BETWEEN:
		case PRISMIQ_OP_NOT_LIKE:
		case PRISMIQ_OP_NOT_ILIKE:
		case PRISMIQ_OP_NOT_DATE_RELATIVE:
		case PRISMIQ_OP_NOT_IN_QUERY:
			return true;
		default:
			return false;
	}
}

/* What the value of a condition with this operator is. */
PrismiqOperatorTakes
prismiq_operator_takes(PrismiqOperator op)
{
	switch (op)
	{
		case PRISMIQ_OP_IS_NULL:
		case PRISMIQ_OP_IS_NOT_NULL:
			return PRISMIQ_TAKES_NOTHING;
		case PRISMIQ_OP_IN:
		case PRISMIQ_OP_NOT_IN:
		case PRISMIQ_OP_IN_OR_NULL:
			return PRISMIQ_TAKES_LIST;
		case PRISMIQ_OP_BETWEEN:
		case PRISMIQ_OP_NOT_BETWEEN:
			return PRISMIQ_TAKES_PAIR;
		case PRISMIQ_OP_DATE_RELATIVE:
		case PRISMIQ_OP_NOT_DATE_RELATIVE:
			return PRISMIQ_TAKES_DAYS;
		case PRISMIQ_OP_DATE_WINDOW:
			return PRISMIQ_TAKES_WINDOW;
		case PRISMIQ_OP_DATE_PRESET:
			return PRISMIQ_TAKES_PRESET;
		case PRISMIQ_OP_IN_QUERY:
		case PRISMIQ_OP_NOT_IN_QUERY:
			return PRISMIQ_TAKES_QUERY;
		default:
			return PRISMIQ_TAKES_VALUE;
	}
}

/* Is the aggregate the same when its rows are repeated? */
bool
prismiq_aggregation_ignores_duplicates(PrismiqAggregation aggregation)
{
	switch (aggregation)
	{
		case PRISMIQ_AGG_COUNT_DISTINCT:
		case PRISMIQ_AGG_APPROX_COUNT_DISTINCT:
		case PRISMIQ_AGG_MIN:
		case PRISMIQ_AGG_MAX:
		case PRISMIQ_AGG_FIRST:
		case PRISMIQ_AGG_LAST:
		case PRISMIQ_AGG_BOOL_AND:
		case PRISMIQ_AGG_BOOL_OR:
			return true;
		default:
			return false;
	}
}

/* Is it written WITHIN GROUP (ORDER BY value)? */
bool
prismiq_aggregation_is_ordered_set(PrismiqAggregation aggregation)
{
	return aggregation == PRISMIQ_AGG_MEDIAN || aggregation == PRISMIQ_AGG_PERCENTILE ||
		aggregation == PRISMIQ_AGG_MODE;
}

/* Is it the value at one end of an order? */
bool
prismiq_aggregation_is_of_place(PrismiqAggregation aggregation)
{
	return aggregation == PRISMIQ_AGG_FIRST || aggregation == PRISMIQ_AGG_LAST;
}

/* May it look at different values only? */
bool
prismiq_aggregation_takes_distinct(PrismiqAggregation aggregation)
{
	return aggregation != PRISMIQ_AGG_NONE && aggregation != PRISMIQ_AGG_CORR &&
		!prismiq_aggregation_is_ordered_set(aggregation) &&
		!prismiq_aggregation_is_of_place(aggregation);
}

/* Are empty buckets filled from the buckets around them? */
bool
prismiq_fill_has_neighbours(const PrismiqTimeSeries *series)
{
	return series->fill == PRISMIQ_FILL_PREVIOUS || series->fill == PRISMIQ_FILL_LINEAR;
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

/* Is a column of the answer one that its rows are grouped by? */
bool
prismiq_output_is_key(const PrismiqOutput *output)
{
	return output->role == PRISMIQ_ROLE_TIME || output->role == PRISMIQ_ROLE_DIMENSION;
}

/* Are the buckets of a series filled? */
bool
prismiq_is_filled(const PrismiqQuery *query)
{
	return query->time_series != NULL && query->time_series->filled;
}

/* Is any calculated field computed over the windows? */
bool
prismiq_has_over(const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->fields)
		if (((const PrismiqField *) lfirst(lc))->over)
			return true;
	return false;
}

/* Does HAVING choose among the groups that are the answer?  Else among those of "top". */
bool
prismiq_having_is_here(const PrismiqQuery *query)
{
	return query->having != NULL && (query->top == NULL || PrismiqHasBuckets(query));
}

/* Does HAVING mark the groups instead of removing them? */
bool
prismiq_having_is_kept(const PrismiqQuery *query)
{
	return query->having != NULL && prismiq_is_filled(query);
}

/* The n-th hint, from 0, with the name that it has in documents; or null. */
const char *
prismiq_hint(const PrismiqHints *hints, int n, const char **name, bool *is_json)
{
	const char *const names[PRISMIQ_HINTS] = {
		"display_name", "description", "format", "date_format", "unit"
	};
	const char *const values[PRISMIQ_HINTS] = {
		hints->display_name, hints->description,
		hints->format != NULL ? hints->format : hints->format_object,
		hints->date_format, hints->unit
	};

	*name = names[n];
	*is_json = values[n] != NULL && values[n] == hints->format_object;
	return values[n];
}

/* The tables whose rows are joined, by their indexes. */
Bitmapset *
prismiq_joined_tables(const PrismiqQuery *query)
{
	const PrismiqTable *first = query->first != NULL ? query->first :
		(const PrismiqTable *) linitial(query->tables);
	Bitmapset  *result = bms_make_singleton(first->index);
	ListCell   *lc;

	foreach(lc, query->join_order)
		result = bms_add_member(result, ((const PrismiqJoin *) lfirst(lc))->to->index);
	return result;
}
