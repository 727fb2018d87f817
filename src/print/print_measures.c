/*-------------------------------------------------------------------------
 *
 * print_measures.c
 *	  Calls of aggregates: the twin of catalog/aggregates.c.
 *
 * Lists are always ordered, so that the same rows give the same text.  first
 * and last skip nulls: they are the first and last value that is known.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/fmgroids.h"

#include "model/measure.h"
#include "model/pivot.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/words.h"
#include "print/print.h"

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
	else if (column->aggfn_with != NULL)
	{
		prismiq_sql_text(sql, ", ");
		prismiq_print_ref(sql, column->aggfn_with);
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
 * Which rows an aggregate is of, when not of all: those of the period at hand where
 * two are read, one of each row's repetitions, none that an outer join made up,
 * the column's own conditions, and the known values of first and last.
 * "separator" goes before them; false: of all.
 */
static bool
print_conditions(PrismiqSql *sql, const PrismiqColumn *column, const char *separator)
{
	bool		place = prismiq_aggregation_is_of_place(column->aggregation);

	if (column->row_once == NULL && column->real == NIL && column->filters == NULL && !place &&
		sql->period == NULL)
		return false;
	if (sql->period != NULL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_sql_text(sql, sql->period);
		separator = " AND ";
	}
	if (column->row_once != NULL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_row_once(sql, column->row_once);
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
	return true;
}

/* FILTER (WHERE ...) */
static void
print_filter(PrismiqSql *sql, const PrismiqColumn *column)
{
	if (print_conditions(sql, column, " FILTER (WHERE "))
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

/* The call with its order, its FILTER and its cast. */
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

/* A column's value before it is aggregated. */
void
prismiq_print_argument(PrismiqSql *sql, const PrismiqColumn *column)
{
	if (column->bucketing != NULL)
		prismiq_print_bucket_of(sql, column->bucketing, column->ref);
	else
		prismiq_print_ref(sql, column->ref);
}

/*
 * A measure's value as prismiq_dense() takes it, whose aggregates pass over nulls:
 * CASE WHEN conditions THEN value END.  Of rows that are counted it is true.
 */
void
prismiq_print_measured(PrismiqSql *sql, const PrismiqColumn *column)
{
	bool		some = print_conditions(sql, column, "CASE WHEN ");

	prismiq_sql_text(sql, some ? " THEN " : "");
	if (column->ref->star)
		prismiq_sql_text(sql, "true");
	else
		prismiq_print_argument(sql, column);
	prismiq_sql_text(sql, some ? " END" : "");
}

/* The expression of an output column, or of a measure in having. */
void
prismiq_print_column(PrismiqSql *sql, const PrismiqColumn *column)
{
	if (column->instead != NULL)
	{
		prismiq_print_expr(sql, column->instead);
		return;
	}
	if (PrismiqColumnIsDimension(column))
	{
		if (sql->wrapped && column->place > 0)
			prismiq_sql_number(sql, "j.d", column->place);
		else
			prismiq_print_argument(sql, column);
		return;
	}
	if (column->aggregation != PRISMIQ_AGG_EXPRESSION)
	{
		prismiq_print_aggregate(sql, column);
		return;
	}
	if (column->filters != NULL)
		sql->condition = prismiq_sql_set_aside(sql, prismiq_print_condition, column->filters);
	prismiq_print_ref(sql, column->ref);
	sql->condition = NULL;
}

/* The bucket of the time series, or its column as it stands. */
void
prismiq_print_bucket(PrismiqSql *sql, const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;

	if (sql->wrapped)
		prismiq_sql_text(sql, "j.d0");
	else if (series->bucketing != NULL)
		prismiq_print_bucket_of(sql, series->bucketing, series->ref);
	else
		prismiq_print_ref(sql, series->ref);
}

/* A time in it; of flagged rows the bucket itself, which is in the same one. */
void
prismiq_print_time(PrismiqSql *sql, const PrismiqQuery *query)
{
	if (sql->wrapped)
		prismiq_print_bucket(sql, query);
	else
		prismiq_print_time_of(sql, query->time_series->bucketing, query->time_series->ref);
}

/* The number of a group column among those of the answer, from 1. */
static int
group_number(const PrismiqQuery *query, const PrismiqColumn *column)
{
	int			number = 0;
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		if (PrismiqColumnIsDimension((const PrismiqColumn *) lfirst(lc)))
			number++;
		if (lfirst(lc) == column)
			break;
	}
	return number;
}

/*
 * A column without an aggregation as text: the group's own value, k.d1, for
 * values that are equal may be written in several ways (1.0, 1.00).  The server
 * would write an instant in the session's zone.
 */
static void
print_as_text(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqColumn *column)
{
	bool		instant = column->ref->basetype == TIMESTAMPTZOID;

	prismiq_sql_number(sql, instant ? "(k.d" : "k.d", group_number(query, column));
	if (instant)
	{
		prismiq_sql_text(sql, " AT TIME ZONE ");
		prismiq_sql_const(sql, query->top->zone);
		prismiq_sql_text(sql, ")");
	}
	prismiq_sql_cast(sql, TEXTOID);
}

/* A column without an aggregation; of a row of the rest of "top" it is "Other". */
static void
print_value(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqColumn *column)
{
	const PrismiqTop *top = query->top;

	if (top == NULL || !top->other || sql->ranking || sql->wrapped)
	{
		prismiq_print_column(sql, column);
		return;
	}
	prismiq_sql_text(sql, "CASE WHEN ");
	prismiq_print_place_of(sql);
	prismiq_sql_compare(sql, INT8OID, PRISMIQ_OP_LTE);
	prismiq_sql_const(sql, top->count);
	prismiq_sql_text(sql, " THEN ");
	print_as_text(sql, query, column);
	prismiq_sql_text(sql, " ELSE ");
	prismiq_sql_const(sql, top->label);
	prismiq_sql_text(sql, " END");
}

/*
 * A column without an aggregation, as what rows are grouped by.  CASE WHEN value
 * = ANY (the kept ones) THEN value END where others are one group.
 */
void
prismiq_print_dimension(PrismiqSql *sql, const PrismiqQuery *query,
						const PrismiqColumn *column)
{
	if (column->kept == NULL || sql->wrapped)
	{
		print_value(sql, query, column);
		return;
	}
	prismiq_sql_text(sql, "CASE WHEN ");
	print_value(sql, query, column);
	prismiq_sql_operator(sql, query->pivot->equal);
	prismiq_sql_text(sql, "ANY (");
	prismiq_sql_const(sql, column->kept);
	prismiq_sql_text(sql, ") THEN ");
	print_value(sql, query, column);
	prismiq_sql_text(sql, " END");
}
