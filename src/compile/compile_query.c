/*-------------------------------------------------------------------------
 *
 * compile_query.c
 *	  The base stage of a statement, the rows grouped: the twin of
 *	  check/check_query.c.  compile_stages.c puts the other stages above it.
 *
 * Output columns are referred to by position in GROUP BY, which needs no
 * quoting and means the output expression itself.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compile/compile.h"

/* A column's value before it is aggregated. */
void
prismiq_print_argument(PrismiqSql *sql, const PrismiqColumn *column)
{
	if (column->bucketing != NULL)
		prismiq_print_bucket_of(sql, column->bucketing, column->ref);
	else
		prismiq_print_ref(sql, column->ref);
}

/* The expression of an output column, or of a measure in having. */
void
prismiq_print_column(PrismiqSql *sql, const PrismiqColumn *column)
{
	if (column->aggregation == PRISMIQ_AGG_NONE)
	{
		if (sql->wrapped && column->place > 0)
			prismiq_sql_number(sql, "j.d", column->place);
		else
			prismiq_print_argument(sql, column);
		return;
	}
	prismiq_print_aggregate(sql, column);
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

/*
 * How the rows of the base stage call a column: by its name in the answer, or
 * in a statement of several stages by a name of ours.
 */
static void
print_as(PrismiqSql *sql, bool staged, const char *name, const char *prefix, int number)
{
	prismiq_sql_text(sql, " AS ");
	if (!staged)
		prismiq_sql_name(sql, name);
	else if (number > 0)
		prismiq_sql_number(sql, prefix, number);
	else
		prismiq_sql_text(sql, prefix);
}

/*
 * The output expressions.  Staged: the bucket is b, columns without an
 * aggregation are d1 and on, measures m1 and on, what is grouped by and not
 * shown x1 and on; "keep" is what HAVING says of a group that a filled series
 * has to know of.
 */
static void
print_select(PrismiqSql *sql, const PrismiqQuery *query, bool staged)
{
	const char *separator = "SELECT ";
	int			dimensions = 0;
	int			measures = 0;
	int			extras = 0;
	ListCell   *lc;

	if (query->time_series != NULL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_bucket(sql, query);
		print_as(sql, staged, query->time_series->name, "b", 0);
		separator = ",\n  ";
	}
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);
		bool		dimension = column->aggregation == PRISMIQ_AGG_NONE;

		prismiq_sql_text(sql, separator);
		prismiq_print_column(sql, column);
		print_as(sql, staged, column->name, dimension ? "d" : "m",
				 dimension ? ++dimensions : ++measures);
		separator = ",\n  ";
	}
	if (!staged)
		return;
	foreach(lc, query->group_extra)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_ref(sql, (const PrismiqColumnRef *) lfirst(lc));
		print_as(sql, true, NULL, "x", ++extras);
		separator = ",\n  ";
	}
	if (prismiq_having_is_kept(query))
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_condition(sql, query->having);
		prismiq_sql_text(sql, " IS TRUE AS keep");
	}
}

/* GROUP BY the positions of what is not aggregated, and what is not shown. */
static void
print_group_by(PrismiqSql *sql, const PrismiqQuery *query, bool staged)
{
	const char *separator = "\nGROUP BY ";
	int			position = 0;
	ListCell   *lc;

	if (query->time_series != NULL)
	{
		prismiq_sql_number(sql, separator, ++position);
		separator = ", ";
	}
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		position++;
		if (column->aggregation != PRISMIQ_AGG_NONE)
			continue;
		prismiq_sql_number(sql, separator, position);
		separator = ", ";
	}
	foreach(lc, query->group_extra)
	{
		position++;
		if (staged)
			prismiq_sql_number(sql, separator, position);
		else
		{
			prismiq_sql_text(sql, separator);
			prismiq_print_ref(sql, (const PrismiqColumnRef *) lfirst(lc));
		}
		separator = ", ";
	}
	if (query->having != NULL && !prismiq_having_is_kept(query))
	{
		prismiq_sql_text(sql, "\nHAVING ");
		prismiq_print_condition(sql, query->having);
	}
}

/*
 * The base stage: the rows, grouped.  Alone it is the whole statement but for
 * its order; staged, it is what the stages above are made from.
 */
void
prismiq_print_base(PrismiqSql *sql, const PrismiqQuery *query, bool staged)
{
	bool		before = prismiq_rows_begin(sql, query);

	print_select(sql, query, staged);
	prismiq_print_rows(sql, query);
	if (query->grouped)
		print_group_by(sql, query, staged);
	prismiq_rows_end(sql, before);
}
