/*-------------------------------------------------------------------------
 *
 * compile_base.c
 *	  The base stage of a statement, the rows grouped: the twin of
 *	  check/definition.c.  compile_stages.c puts the other stages above it.
 *
 * Output columns are referred to by position in GROUP BY, which needs no
 * quoting and means the output expression itself.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compile/compile.h"
#include "model/answer.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"
#include "print/print.h"

/* Is what HAVING says a column, since more groups than it lets through are of use? */
static bool
marks_having(const PrismiqSql *sql, const PrismiqQuery *query)
{
	if (sql->periods)
		return prismiq_having_is_here(query);
	return prismiq_having_is_kept(query) && !sql->previous;
}

/* What the stages above know of a group beyond its columns. */
static void
print_marks(PrismiqSql *sql, const PrismiqQuery *query)
{
	bool		guarded;

	if (query->totals != NULL)
		prismiq_print_level(sql, query);
	if (!marks_having(sql, query))
		return;
	if (sql->level > 0)
	{
		prismiq_sql_text(sql, ",\n  true AS keep");
		return;
	}
	prismiq_sql_text(sql, ",\n  ");
	guarded = prismiq_print_level_guard(sql, query);
	prismiq_print_condition(sql, query->having);
	prismiq_sql_text(sql, guarded ? ") IS TRUE AS keep" : " IS TRUE AS keep");
}

/*
 * The output expressions.  Staged: the bucket is b, columns without an
 * aggregation are d1 and on, measures m1 and on, what is grouped by and not
 * shown x1 and on; "l" is the level of a total, "keep" what HAVING says of a
 * group that a filled series, or the period before, has to know of.
 */
static void
print_select(PrismiqSql *sql, const PrismiqQuery *query, bool staged)
{
	const char *separator = "SELECT ";
	int			extras = 0;
	ListCell   *lc;

	if (sql->periods)
		prismiq_period_begin(sql, query->compare, false);
	if (PrismiqHasBuckets(query))
	{
		prismiq_sql_text(sql, separator);
		if (prismiq_is_rolled(sql, query, NULL))
			prismiq_sql_null(sql, query->time_series->type);
		else
			prismiq_print_bucket(sql, query);
		prismiq_print_output_name(sql, query->time_series->output, staged);
		separator = ",\n  ";
	}
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);
		bool		dimension = PrismiqColumnIsDimension(column);

		prismiq_sql_text(sql, separator);
		if (dimension && prismiq_is_rolled(sql, query, column))
			prismiq_sql_null(sql, column->basetype);
		else if (dimension)
			prismiq_print_dimension(sql, query, column);
		else
			prismiq_print_column(sql, column);
		prismiq_print_output_name(sql, &column->output, staged);
		separator = ",\n  ";
	}
	if (!staged)
	{
		prismiq_print_row_count(sql);
		return;
	}
	foreach(lc, query->group_extra)
	{
		const PrismiqColumnRef *ref = (const PrismiqColumnRef *) lfirst(lc);

		prismiq_sql_text(sql, separator);
		if (sql->level > 0)
			prismiq_sql_null(sql, ref->basetype);
		else
			prismiq_print_ref(sql, ref);
		prismiq_sql_number(sql, " AS x", ++extras);
		separator = ",\n  ";
	}
	print_marks(sql, query);
	if (sql->periods)
		prismiq_print_earlier(sql, query);
}

/* The places of what is grouped by in a staged SELECT list, as in query->keys. */
static int *
key_positions(const PrismiqQuery *query)
{
	int			series = PrismiqHasBuckets(query) ? 1 : 0;
	int			outputs = series + list_length(query->columns);
	int		   *positions = palloc(sizeof(int) * (list_length(query->keys) + 1));
	int			position = series;
	int			n = 0;
	int			i;
	ListCell   *lc;

	if (series > 0)
		positions[n++] = 1;
	foreach(lc, query->columns)
	{
		position++;
		if (PrismiqColumnIsDimension((const PrismiqColumn *) lfirst(lc)))
			positions[n++] = position;
	}
	for (i = 1; i <= list_length(query->group_extra); i++)
		positions[n++] = outputs + i;
	return positions;
}

/* GROUP BY the positions of what is not aggregated, and what is not shown. */
static void
print_group_keys(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *separator = "\nGROUP BY ";
	const int  *positions = key_positions(query);
	int			n = 0;
	ListCell   *lc;

	foreach(lc, query->keys)
		if (((const PrismiqOutput *) lfirst(lc))->role != PRISMIQ_ROLE_EXTRA)
		{
			prismiq_sql_number(sql, separator, positions[n++]);
			separator = ", ";
		}
	foreach(lc, query->group_extra)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_ref(sql, (const PrismiqColumnRef *) lfirst(lc));
		separator = ", ";
	}
}

/* What is grouped by; HAVING stands here only where no stage above looks at the groups. */
static void
print_group_by(PrismiqSql *sql, const PrismiqQuery *query, bool staged)
{
	bool		guarded;

	if (staged)
		prismiq_print_levels(sql, query, key_positions(query));
	else
		print_group_keys(sql, query);
	if (!prismiq_having_is_here(query) || prismiq_having_is_kept(query) || sql->level > 0 ||
		sql->previous || sql->periods)
		return;
	prismiq_sql_text(sql, "\nHAVING ");
	guarded = prismiq_print_level_guard(sql, query);
	prismiq_print_condition(sql, query->having);
	prismiq_sql_text(sql, guarded ? ")" : "");
}

/*
 * The base stage: the rows, grouped.  Alone it is the whole statement but for
 * its order; staged, it is what the stages above are made from.
 */
void
prismiq_print_base(PrismiqSql *sql, const PrismiqQuery *query, bool staged)
{
	bool		before = prismiq_rows_begin(sql, query);
	int			selects = prismiq_level_selects(query);

	for (sql->level = 0; sql->level < selects; sql->level++)
	{
		prismiq_sql_text(sql, sql->level > 0 ? "\nUNION ALL\n" : "");
		print_select(sql, query, staged);
		prismiq_print_rows(sql, query);
		if (query->grouped)
			print_group_by(sql, query, staged);
	}
	sql->level = 0;
	prismiq_rows_end(sql, before);
}
