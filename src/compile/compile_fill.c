/*-------------------------------------------------------------------------
 *
 * compile_fill.c
 *	  Empty buckets filled from the buckets around them: the twin of
 *	  stage/fill.c.
 *
 * The rows of the filled stage are made first with an empty bucket's measures
 * null, marked (e), and numbered for each measure by how many known values
 * there are up to the bucket (p1, p2 and so on) and from it on (n1 and so on):
 * buckets of one number share their neighbour, which is the first row of its
 * number.  Only buckets of the range and the row's own combination of group
 * columns are looked at.  A bucket that has rows keeps what they say, if it is
 * null.  A series that is aggregated with all its buckets at once comes with
 * the same (run/dense_fill.c).
 *
 * What a line has from before the range (fill_before) is made of its rows there: the
 * base stage again, "earlier", and of that the last known value of each measure,
 * "carried" (v, k1 and so on), for both forms.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/fmgroids.h"

#include "compile/compile.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/words.h"
#include "print/print.h"

#define PARTITION "(PARTITION BY "

/*
 * What tells the lines of a series apart, after a word: prefix "s." or "r.", d1 and on, x1
 * and on.  Returns what goes before the next; the word, where there is nothing.
 */
static const char *
print_line(PrismiqSql *sql, const PrismiqQuery *query, const char *word, const char *prefix)
{
	const char *separator = word;
	int			dimension = 0;
	int			i;
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		if (!PrismiqColumnIsDimension((const PrismiqColumn *) lfirst(lc)))
			continue;
		prismiq_sql_text(sql, separator);
		prismiq_sql_text(sql, prefix);
		prismiq_sql_number(sql, "d", ++dimension);
		separator = ", ";
	}
	for (i = 1; i <= list_length(query->group_extra); i++)
	{
		prismiq_sql_text(sql, separator);
		prismiq_sql_text(sql, prefix);
		prismiq_sql_number(sql, "x", i);
		separator = ", ";
	}
	return separator;
}

/* The marks of the filled rows: is the bucket empty, and each measure's numbers. */
void
prismiq_print_fill_marks(PrismiqSql *sql, const PrismiqQuery *query)
{
	int			measure = 0;
	ListCell   *lc;

	prismiq_sql_text(sql, ",\n  ");
	prismiq_print_empty(sql, query->time_series);
	prismiq_sql_text(sql, " AS e");
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);
		int			i;

		if (PrismiqColumnIsDimension(column))
			continue;
		measure++;
		for (i = 0; i < (column->fill_line != NULL ? 2 : 1); i++)
		{
			prismiq_sql_text(sql, ",\n  ");
			prismiq_sql_function(sql, F_COUNT_ANY);
			prismiq_sql_number(sql, "(r.m", measure);
			prismiq_sql_number(sql, i == 0 ? ") OVER before AS p" : ") OVER after AS n",
							   measure);
		}
		if (query->time_series->earlier == NULL)
			continue;
		prismiq_sql_number(sql, ", v.m", measure);
		prismiq_sql_number(sql, " AS k", measure);
	}
}

/* The windows that they are counted over. */
void
prismiq_print_fill_windows(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *separator;

	prismiq_sql_text(sql, "\nWINDOW before AS ");
	separator = print_line(sql, query, PARTITION, "s.");
	prismiq_sql_text(sql, separator[0] == '(' ? "(ORDER BY g.b)" : " ORDER BY g.b)");
	if (query->time_series->fill != PRISMIQ_FILL_LINEAR)
		return;
	prismiq_sql_text(sql, ", after AS ");
	separator = print_line(sql, query, PARTITION, "s.");
	prismiq_sql_text(sql, separator[0] == '(' ? "(ORDER BY g.b DESC)" : " ORDER BY g.b DESC)");
}

/* A cast, where there is anything to cast. */
static void
print_cast(PrismiqSql *sql, Oid type, Oid cast_type)
{
	if (!OidIsValid(cast_type) || cast_type == type)
		return;
	prismiq_sql_cast(sql, cast_type);
}

/* The neighbour's value or time: first_value(r.m1) OVER p1, cast as asked. */
static void
print_neighbour(PrismiqSql *sql, const char *what, int number, bool next, Oid type, int measure,
				Oid cast_type)
{
	prismiq_sql_function(sql, F_FIRST_VALUE);
	prismiq_sql_text(sql, "(");
	if (number > 0)
		prismiq_sql_number(sql, what, number);
	else
		prismiq_sql_text(sql, what);
	prismiq_sql_number(sql, next ? ") OVER n" : ") OVER p", measure);
	print_cast(sql, type, cast_type);
}

/* A time less that of the bucket before, as a number of the arithmetic's type. */
static void
print_elapsed(PrismiqSql *sql, const PrismiqTimeSeries *series, bool whole, int measure,
			  Oid type)
{
	prismiq_sql_text(sql, series->type == DATEOID ? "(" : "EXTRACT(epoch FROM ");
	if (whole)
		print_neighbour(sql, "r.b", 0, true, series->type, measure, InvalidOid);
	else
		prismiq_sql_text(sql, "r.b");
	prismiq_sql_operator(sql, series->time_minus);
	print_neighbour(sql, "r.b", 0, false, series->type, measure, InvalidOid);
	prismiq_sql_text(sql, ")");
	print_cast(sql, series->type == DATEOID ? INT4OID : NUMERICOID, type);
}

/* before - ((before - after) * elapsed / whole) */
static void
print_interpolated(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqColumn *column,
				   int measure)
{
	const PrismiqArithmetic *line = column->fill_line;
	Oid			own = column->basetype;

	print_neighbour(sql, "r.m", measure, false, own, measure, line->type);
	prismiq_sql_operator(sql, line->minus);
	prismiq_sql_text(sql, "((");
	print_neighbour(sql, "r.m", measure, false, own, measure, line->type);
	prismiq_sql_operator(sql, line->minus);
	print_neighbour(sql, "r.m", measure, true, own, measure, line->type);
	prismiq_sql_text(sql, ")");
	prismiq_sql_operator(sql, line->times);
	print_elapsed(sql, query->time_series, false, measure, line->type);
	prismiq_sql_operator(sql, line->divide);
	print_elapsed(sql, query->time_series, true, measure, line->type);
	prismiq_sql_text(sql, ")");
}

/* The last value before the row, or else that from before the range. */
static void
print_previous(PrismiqSql *sql, const PrismiqTimeSeries *series, const PrismiqColumn *column,
			   int measure)
{
	prismiq_sql_text(sql, series->earlier != NULL ? "COALESCE(" : "");
	print_neighbour(sql, "r.m", measure, false, column->basetype, measure, InvalidOid);
	if (series->earlier == NULL)
		return;
	prismiq_sql_number(sql, ", r.k", measure);
	prismiq_sql_text(sql, ")");
}

/* SELECT the filled stage's columns from the marked rows, up to FROM. */
void
prismiq_print_fill_select(PrismiqSql *sql, const PrismiqQuery *query)
{
	int			dimension = 0;
	int			measure = 0;
	int			i;
	ListCell   *lc;

	prismiq_sql_text(sql, "SELECT r.b");
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column))
		{
			prismiq_sql_number(sql, ", r.d", ++dimension);
			continue;
		}
		measure++;
		prismiq_sql_text(sql, ",\n  CASE WHEN r.e THEN ");
		if (column->fill_line != NULL)
			print_interpolated(sql, query, column, measure);
		else
			print_previous(sql, query->time_series, column, measure);
		prismiq_sql_number(sql, " ELSE r.m", measure);
		if (column->fill_line != NULL)
			print_cast(sql, column->basetype, column->fill_line->type);
		prismiq_sql_number(sql, " END AS m", measure);
	}
	for (i = 1; i <= list_length(query->group_extra); i++)
		prismiq_sql_number(sql, ", r.x", i);
}

/* The windows that its expressions look through: one, or two, for each measure. */
void
prismiq_print_fill_neighbours(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *word = "\nWINDOW ";
	int			measure = 0;
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);
		int			i;

		if (PrismiqColumnIsDimension(column))
			continue;
		measure++;
		for (i = 0; i < (column->fill_line != NULL ? 2 : 1); i++)
		{
			prismiq_sql_text(sql, word);
			prismiq_sql_number(sql, i == 0 ? "p" : "n", measure);
			prismiq_sql_text(sql, " AS ");
			prismiq_sql_text(sql, print_line(sql, query, PARTITION, "r."));
			prismiq_sql_number(sql, i == 0 ? "r.p" : "r.n", measure);
			prismiq_sql_text(sql, i == 0 ? " ORDER BY r.b)" : " ORDER BY r.b DESC)");
			word = ", ";
		}
	}
}

/* Which of the earlier groups count: those of no total, and that HAVING lets through. */
static void
print_counting(PrismiqSql *sql, const PrismiqQuery *query)
{
	if (query->totals != NULL)
	{
		prismiq_sql_text(sql, " WHERE ");
		prismiq_print_is_detail(sql, "r.l");
	}
	if (query->having != NULL)
		prismiq_sql_text(sql, query->totals != NULL ? " AND r.keep" : " WHERE r.keep");
}

/*
 * , earlier AS (the rows before the range, grouped), carried AS (for each line the last
 * value of each measure that is not null)
 */
void
prismiq_print_carried(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *separator;
	bool		lines;
	int			measure = 0;
	ListCell   *lc;

	if (query->time_series->earlier == NULL)
		return;
	prismiq_sql_text(sql, ", earlier AS (");
	sql->earlier = true;
	prismiq_print_base_earlier(sql, query);
	sql->earlier = false;
	prismiq_sql_text(sql, "), carried AS (SELECT");
	lines = print_line(sql, query, " DISTINCT ON (", "r.")[0] == ',';
	separator = print_line(sql, query, lines ? ") " : " ", "r.");
	foreach(lc, query->columns)
	{
		if (PrismiqColumnIsDimension((const PrismiqColumn *) lfirst(lc)))
			continue;
		prismiq_sql_text(sql, separator);
		prismiq_sql_function(sql, F_FIRST_VALUE);
		prismiq_sql_number(sql, "(r.m", ++measure);
		prismiq_sql_text(sql, ") OVER ");
		prismiq_sql_text(sql, print_line(sql, query, PARTITION, "r.")[0] == ',' ? " " : "(");
		prismiq_sql_number(sql, "ORDER BY r.m", measure);
		prismiq_sql_number(sql, " IS NULL, r.b DESC) AS m", measure);
		separator = ", ";
	}
	prismiq_sql_text(sql, " FROM earlier AS r");
	print_counting(sql, query);
	prismiq_sql_text(sql, lines ? ")" : " LIMIT 1)");
}
