/*-------------------------------------------------------------------------
 *
 * compile_aggregate.c
 *	  Calls of aggregates: the twin of check/aggregates.c.
 *
 * Lists are always ordered, so that the same rows give the same text.  first
 * and last skip nulls: they are the first and last value that is known.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/fmgroids.h"

#include "compile/compile.h"

/* ORDER BY inside the call; ties of another column are broken by the value itself. */
static void
print_order(PrismiqSql *sql, const PrismiqColumn *column)
{
	bool		descending = column->aggregation == PRISMIQ_AGG_LAST;

	if (column->aggfn_order != NULL)
	{
		prismiq_sql_text(sql, " ORDER BY ");
		prismiq_print_ref(sql, column->aggfn_order);
		prismiq_sql_text(sql, descending ? " DESC NULLS LAST" : "");
	}
	if (!column->aggfn_sorted)
		return;
	prismiq_sql_text(sql, column->aggfn_order != NULL ? ", " : " ORDER BY ");
	prismiq_print_argument(sql, column);
	prismiq_sql_text(sql, descending ? " DESC" : "");
}

/* function(values), with what belongs into the parentheses. */
static void
print_plain(PrismiqSql *sql, const PrismiqColumn *column)
{
	bool		distinct = column->distinct ||
		column->aggregation == PRISMIQ_AGG_COUNT_DISTINCT ||
		column->aggregation == PRISMIQ_AGG_APPROX_COUNT_DISTINCT;

	prismiq_sql_function(sql, column->aggfn);
	prismiq_sql_text(sql, distinct ? "(DISTINCT " : "(");
	prismiq_print_argument(sql, column);
	if (column->aggfn_arg != NULL)
	{
		prismiq_sql_text(sql, ", ");
		prismiq_sql_const(sql, column->aggfn_arg);
	}
	print_order(sql, column);
	prismiq_sql_text(sql, ")");
}

/* function(fraction) WITHIN GROUP (ORDER BY values) */
static void
print_ordered_set(PrismiqSql *sql, const PrismiqColumn *column)
{
	bool		direct = column->aggfn_arg != NULL;

	prismiq_sql_function(sql, column->aggfn);
	prismiq_sql_text(sql, "(");
	if (direct)
		prismiq_sql_const(sql, column->aggfn_arg);
	prismiq_sql_text(sql, ") WITHIN GROUP (ORDER BY ");
	prismiq_print_argument(sql, column);
	prismiq_sql_text(sql, ")");
}

/*
 * FILTER (WHERE ...): one of each row's repetitions, none that an outer join
 * made up, the column's own conditions, and the known values of first and last.
 */
static void
print_filter(PrismiqSql *sql, const PrismiqColumn *column)
{
	bool		place = prismiq_aggregation_is_of_place(column->aggregation);
	const char *separator = " FILTER (WHERE ";

	if (column->once == NULL && column->real == NIL && column->filters == NULL && !place)
		return;
	if (column->once != NULL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_once(sql, column->once);
		separator = " AND ";
	}
	if (column->real != NIL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_real(sql, column->real);
		separator = " AND ";
	}
	if (column->filters != NULL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_condition(sql, column->filters);
		separator = " AND ";
	}
	if (place)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_argument(sql, column);
		prismiq_sql_text(sql, " IS NOT NULL");
	}
	prismiq_sql_text(sql, ")");
}

/* COALESCE(cardinality(add(hash(value, 0)) FILTER ...)::bigint, 0): no row has no sketch. */
static void
print_sketch(PrismiqSql *sql, const PrismiqColumn *column)
{
	const PrismiqSketch *sketch = column->sketch;

	prismiq_sql_text(sql, "COALESCE(");
	prismiq_sql_function(sql, sketch->cardinality);
	prismiq_sql_text(sql, "(");
	prismiq_sql_function(sql, sketch->add);
	prismiq_sql_text(sql, "(");
	prismiq_sql_function(sql, sketch->hash);
	prismiq_sql_text(sql, "(");
	prismiq_print_argument(sql, column);
	prismiq_sql_text(sql, ", 0))");
	print_filter(sql, column);
	prismiq_sql_text(sql, ")::bigint, 0)");
}

/* An aggregated column. */
void
prismiq_print_aggregate(PrismiqSql *sql, const PrismiqColumn *column)
{
	bool		place = prismiq_aggregation_is_of_place(column->aggregation);

	if (column->sketch != NULL)
	{
		print_sketch(sql, column);
		return;
	}
	if (place)
		prismiq_sql_text(sql, "(");
	if (column->ref->star)
	{
		prismiq_sql_function(sql, F_COUNT_);
		prismiq_sql_text(sql, "(*)");
	}
	else if (prismiq_aggregation_is_ordered_set(column->aggregation))
		print_ordered_set(sql, column);
	else
		print_plain(sql, column);
	print_filter(sql, column);
	if (place)
		prismiq_sql_text(sql, ")[1]");
}
