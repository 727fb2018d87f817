/*-------------------------------------------------------------------------
 *
 * compile_levels.c
 *	  Levels of totals in the base stage: the twin of stage/totals.c.
 *
 * The levels are grouping sets of one SELECT.  Where the joined rows have flags
 * (compile_rows.c) that hold within the groups of one level only, each level has a
 * SELECT of its own.  Either way a total is made from
 * the rows, so it is right for every aggregate, and "l" tells a column that is
 * rolled up from one that is null.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "compile/compile.h"
#include "model/answer.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/words.h"
#include "print/print.h"

/* How many of the columns are kept at a level. */
static int
kept_at(const PrismiqTotals *totals, int level)
{
	return list_length(totals->rolled) - level;
}

/* Is a key of the query rolled up at a level? */
static bool
is_rolled(const PrismiqQuery *query, const PrismiqOutput *key, int level)
{
	ListCell   *lc;
	int			n = 0;

	if (level <= 0)
		return false;
	if (key->role == PRISMIQ_ROLE_EXTRA)
		return true;
	foreach(lc, query->totals->rolled)
		if (n++ >= kept_at(query->totals, level) && lfirst(lc) == key)
			return true;
	return false;
}

/* Is a column, or with null the bucket, rolled up in the SELECT being printed? */
bool
prismiq_is_rolled(const PrismiqSql *sql, const PrismiqQuery *query,
				  const PrismiqColumn *column)
{
	ListCell   *lc;

	if (sql->ranking)
		return column == NULL;
	foreach(lc, query->keys)
	{
		const PrismiqOutput *key = (const PrismiqOutput *) lfirst(lc);

		if (key->role != PRISMIQ_ROLE_EXTRA && key->column == column)
			return is_rolled(query, key, sql->level);
	}
	return false;
}

/* Are the levels grouping sets? */
static bool
by_sets(const PrismiqQuery *query)
{
	return query->totals != NULL && !query->totals->separate;
}

/* The expression that rows are grouped by for a column of the answer. */
static void
print_key(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqOutput *key)
{
	if (key->role == PRISMIQ_ROLE_TIME)
		prismiq_print_bucket(sql, query);
	else
		prismiq_print_dimension(sql, query, key->column);
}

/* The level as a column: 0 for a group, else how many columns are rolled up. */
void
prismiq_print_level(PrismiqSql *sql, const PrismiqQuery *query)
{
	ListCell   *lc;
	bool		first = true;

	prismiq_sql_text(sql, ",\n  ");
	if (!by_sets(query) || query->totals->rolled == NIL)
		prismiq_sql_number(sql, "", sql->level);
	else
		foreach(lc, query->totals->rolled)
		{
			if (!first)
				prismiq_sql_operator(sql, query->totals->plus);
			prismiq_sql_text(sql, "GROUPING(");
			print_key(sql, query, (const PrismiqOutput *) lfirst(lc));
			prismiq_sql_text(sql, ")");
			first = false;
		}
	prismiq_sql_text(sql, " AS l");
}

/* GROUPING SETS ((1, 2), (1), ()), by position in the SELECT list. */
static void
print_sets(PrismiqSql *sql, const PrismiqQuery *query, const int *positions)
{
	int			level;

	prismiq_sql_text(sql, "\nGROUP BY GROUPING SETS (");
	for (level = 0; level <= list_length(query->totals->rolled); level++)
	{
		const char *separator = level == 0 ? "(" : ", (";
		int			i = 0;
		ListCell   *lc;

		foreach(lc, query->keys)
		{
			int			position = positions[i++];

			if (is_rolled(query, (const PrismiqOutput *) lfirst(lc), level))
				continue;
			prismiq_sql_number(sql, separator, position);
			separator = ", ";
		}
		prismiq_sql_text(sql, strchr(separator, '(') != NULL ? separator : "");
		prismiq_sql_text(sql, ")");
	}
	prismiq_sql_text(sql, ")");
}

/*
 * GROUP BY of a statement with stages.  "positions" are those of query->keys
 * in the SELECT list.
 */
void
prismiq_print_levels(PrismiqSql *sql, const PrismiqQuery *query, const int *positions)
{
	const char *separator = "\nGROUP BY ";
	int			i = 0;
	ListCell   *lc;

	if (by_sets(query))
	{
		print_sets(sql, query, positions);
		return;
	}
	foreach(lc, query->keys)
	{
		int			position = positions[i++];

		if (is_rolled(query, (const PrismiqOutput *) lfirst(lc), sql->level))
			continue;
		prismiq_sql_number(sql, separator, position);
		separator = ", ";
	}
	if (separator[0] == '\n' && query->totals != NULL)
		prismiq_sql_text(sql, "\nGROUP BY ()");
}

/*
 * HAVING is for groups, and not for their totals: with grouping sets print
 * "(GROUPING(...) <> 0 OR "; false when there is nothing to print.
 */
bool
prismiq_print_level_guard(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *separator = "(GROUPING(";
	ListCell   *lc;

	if (!by_sets(query) || query->totals->rolled == NIL)
		return false;
	foreach(lc, query->totals->rolled)
	{
		prismiq_sql_text(sql, separator);
		print_key(sql, query, (const PrismiqOutput *) lfirst(lc));
		separator = ", ";
	}
	prismiq_sql_text(sql, ")");
	prismiq_sql_compare(sql, INT4OID, PRISMIQ_OP_NEQ);
	prismiq_sql_text(sql, "0 OR ");
	return true;
}

/* How many SELECTs the base stage is made of. */
int
prismiq_level_selects(const PrismiqQuery *query)
{
	return query->totals == NULL || by_sets(query) ? 1 :
		list_length(query->totals->rolled) + 1;
}

/* l = 0: a row of the answer itself, not a total. */
void
prismiq_print_is_detail(PrismiqSql *sql, const char *level)
{
	prismiq_sql_text(sql, level);
	prismiq_sql_compare(sql, INT4OID, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, "0");
}
