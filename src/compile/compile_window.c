/*-------------------------------------------------------------------------
 *
 * compile_window.c
 *	  Windows over the rows of the stage before: the twin of
 *	  stage/window.c.
 *
 * The stage "windowed" has all columns of the one before it, r, and a column
 * w1, w2 and so on for each window.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "compile/compile.h"
#include "model/answer.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/window.h"
#include "print/print.h"

/* What a window is of, cast for calculating with it. */
static void
print_of(PrismiqSql *sql, const PrismiqWindow *window)
{
	prismiq_print_output_ref(sql, "r.", window->of->output);
	if (window->arithmetic != NULL && OidIsValid(window->arithmetic->cast_type))
		prismiq_sql_cast(sql, window->arithmetic->cast_type);
}

/* function(of [, n]) OVER v1 */
static void
print_call(PrismiqSql *sql, const PrismiqWindow *window, int number)
{
	prismiq_sql_function(sql, window->function_oid);
	prismiq_sql_text(sql, "(");
	switch (window->function)
	{
		case PRISMIQ_WINDOW_RANK:
		case PRISMIQ_WINDOW_DENSE_RANK:
		case PRISMIQ_WINDOW_ROW_NUMBER:
			break;
		case PRISMIQ_WINDOW_NTILE:
			prismiq_sql_const(sql, window->count);
			break;
		case PRISMIQ_WINDOW_LAG:
		case PRISMIQ_WINDOW_LEAD:
			print_of(sql, window);
			prismiq_sql_text(sql, ", ");
			prismiq_sql_const(sql, window->count);
			break;
		default:
			print_of(sql, window);
	}
	prismiq_sql_number(sql, ") OVER v", number);
}

/* The sum over the whole partition: percentages are of it. */
static void
print_total(PrismiqSql *sql, const PrismiqWindow *window, int number)
{
	prismiq_sql_function(sql, window->function_oid);
	prismiq_sql_text(sql, "(");
	print_of(sql, window);
	prismiq_sql_number(sql, ") OVER t", number);
}

/* The hundred percent: the row before, or the total. */
static void
print_base(PrismiqSql *sql, const PrismiqWindow *window, int number)
{
	if (window->function == PRISMIQ_WINDOW_PERCENT_CHANGE)
		print_call(sql, window, number);
	else
		print_total(sql, window, number);
}

/* CASE WHEN base <> 0 THEN part * 100 / base END */
static void
print_percent(PrismiqSql *sql, const PrismiqWindow *window, int number)
{
	const PrismiqArithmetic *arithmetic = window->arithmetic;

	prismiq_sql_text(sql, "CASE WHEN ");
	print_base(sql, window, number);
	prismiq_sql_operator(sql, arithmetic->differs);
	prismiq_sql_const(sql, arithmetic->zero);
	prismiq_sql_text(sql, " THEN ");
	if (window->function == PRISMIQ_WINDOW_PERCENT_CHANGE)
	{
		prismiq_sql_text(sql, "(");
		print_of(sql, window);
		prismiq_sql_operator(sql, arithmetic->minus);
		print_call(sql, window, number);
		prismiq_sql_text(sql, ")");
	}
	else if (window->function == PRISMIQ_WINDOW_CUMULATIVE_PERCENT)
		print_call(sql, window, number);
	else
		print_of(sql, window);
	prismiq_sql_operator(sql, arithmetic->times);
	prismiq_sql_const(sql, arithmetic->hundred);
	prismiq_sql_operator(sql, arithmetic->divide);
	print_base(sql, window, number);
	prismiq_sql_text(sql, " END");
}

/* The call, and what is calculated with it where a call alone does not say it. */
static void
print_window(PrismiqSql *sql, const PrismiqWindow *window, int number)
{
	switch (window->function)
	{
		case PRISMIQ_WINDOW_PERCENT_OF_TOTAL:
		case PRISMIQ_WINDOW_PERCENT_CHANGE:
		case PRISMIQ_WINDOW_CUMULATIVE_PERCENT:
			print_percent(sql, window, number);
			break;
		case PRISMIQ_WINDOW_DIFFERENCE:
			print_of(sql, window);
			prismiq_sql_operator(sql, window->arithmetic->minus);
			print_call(sql, window, number);
			break;
		default:
			print_call(sql, window, number);
	}
}

/* PARTITION BY */
static void
print_partition(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqWindow *window)
{
	const char *separator = "PARTITION BY ";
	ListCell   *lc;

	/* Totals are among themselves, level by level. */
	if (query->totals != NULL)
	{
		prismiq_sql_text(sql, "PARTITION BY r.l");
		separator = ", ";
	}
	foreach(lc, window->partition)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_output_ref(sql, "r.", (const PrismiqOutput *) lfirst(lc));
		separator = ", ";
	}
}

/* ROWS BETWEEN */
static void
print_frame(PrismiqSql *sql, const PrismiqWindow *window)
{
	prismiq_sql_text(sql, " ROWS BETWEEN ");
	if (window->preceding == NULL)
		prismiq_sql_text(sql, "UNBOUNDED");
	else
		prismiq_sql_const(sql, window->preceding);
	prismiq_sql_text(sql, " PRECEDING AND ");
	if (window->following == NULL)
		prismiq_sql_text(sql, "UNBOUNDED FOLLOWING");
	else if (DatumGetInt64(window->following->value) == 0)
		prismiq_sql_text(sql, "CURRENT ROW");
	else
	{
		prismiq_sql_const(sql, window->following);
		prismiq_sql_text(sql, " FOLLOWING");
	}
}

/* WINDOW v1 AS (PARTITION BY ... ORDER BY ... ROWS ...) and so on. */
static void
print_definitions(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *separator = "\n  WINDOW ";
	int			number = 0;
	ListCell   *lc;

	foreach(lc, query->windows)
	{
		const PrismiqWindow *window = (const PrismiqWindow *) lfirst(lc);
		bool		bare = window->partition == NIL && query->totals == NULL;
		const char *by = bare ? "ORDER BY " : " ORDER BY ";
		ListCell   *lc2;

		number++;
		prismiq_sql_text(sql, separator);
		separator = ",\n    ";
		if (window->function == PRISMIQ_WINDOW_PERCENT_OF_TOTAL ||
			window->function == PRISMIQ_WINDOW_CUMULATIVE_PERCENT)
		{
			prismiq_sql_number(sql, "t", number);
			prismiq_sql_text(sql, " AS (");
			print_partition(sql, query, window);
			prismiq_sql_text(sql, ")");
			if (window->function == PRISMIQ_WINDOW_PERCENT_OF_TOTAL)
				continue;
			prismiq_sql_text(sql, separator);
		}
		prismiq_sql_number(sql, "v", number);
		prismiq_sql_text(sql, " AS (");
		print_partition(sql, query, window);
		foreach(lc2, window->order)
		{
			const PrismiqSortKey *key = (const PrismiqSortKey *) lfirst(lc2);

			prismiq_sql_text(sql, by);
			prismiq_print_output_ref(sql, "r.", key->output);
			prismiq_print_direction(sql, key->descending, key->nulls);
			by = ", ";
		}
		if (window->framed)
			print_frame(sql, window);
		prismiq_sql_text(sql, ")");
	}
}

/* The stage "windowed": the rows of a stage with a column for each window. */
void
prismiq_print_windowed(PrismiqSql *sql, const PrismiqQuery *query, const char *stage)
{
	int			number = 0;
	ListCell   *lc;

	prismiq_sql_text(sql, "SELECT r.*");
	foreach(lc, query->windows)
	{
		prismiq_sql_text(sql, ",\n  ");
		print_window(sql, (const PrismiqWindow *) lfirst(lc), ++number);
		prismiq_sql_number(sql, " AS w", number);
	}
	prismiq_sql_text(sql, "\n  FROM ");
	prismiq_sql_text(sql, stage);
	prismiq_sql_text(sql, " AS r");
	print_definitions(sql, query);
}
