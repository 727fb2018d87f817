/*-------------------------------------------------------------------------
 *
 * compile_totals.c
 *	  Subtotals in the base stage: the twin of check/check_totals.c.
 *
 * The levels are grouping sets of one SELECT.  Where the joined rows are
 * flagged (compile_rows.c), a flag holds within the groups of one level, so
 * there each level has a SELECT of its own.  Either way a total is made from
 * the rows, so it is right for every aggregate, and "l" tells a column that is
 * rolled up from one that is null.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "utils/fmgroids.h"

#include "check/check.h"
#include "compile/compile.h"
#include "model/stages.h"

/* How many of the columns are kept at a level. */
static int
kept_at(const PrismiqTotals *totals, int level)
{
	return list_length(totals->rolled) - level;
}

/* Is a key of the query rolled up at a level? */
static bool
is_rolled(const PrismiqQuery *query, const PrismiqAnswer *key, int level)
{
	ListCell   *lc;
	int			n = 0;

	if (level <= 0)
		return false;
	if (key->kind == PRISMIQ_ANSWER_EXTRA)
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
		const PrismiqAnswer *key = (const PrismiqAnswer *) lfirst(lc);

		if (key->kind != PRISMIQ_ANSWER_EXTRA && key->column == column)
			return is_rolled(query, key, sql->level);
	}
	return false;
}

/* Are the levels grouping sets? */
static bool
by_sets(const PrismiqQuery *query)
{
	return query->totals != NULL && !query->totals->separate && query->once == NIL;
}

/* The expression that rows are grouped by for a column of the answer. */
static void
print_key(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqAnswer *key)
{
	if (key->kind == PRISMIQ_ANSWER_BUCKET)
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
			print_key(sql, query, (const PrismiqAnswer *) lfirst(lc));
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

			if (is_rolled(query, (const PrismiqAnswer *) lfirst(lc), level))
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

		if (is_rolled(query, (const PrismiqAnswer *) lfirst(lc), sql->level))
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
		print_key(sql, query, (const PrismiqAnswer *) lfirst(lc));
		separator = ", ";
	}
	prismiq_sql_text(sql, ")");
	prismiq_sql_operator(sql, prismiq_comparison_operator(INT4OID, PRISMIQ_OP_NEQ));
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
	prismiq_sql_operator(sql, prismiq_comparison_operator(INT4OID, PRISMIQ_OP_EQ));
	prismiq_sql_text(sql, "0");
}

/* The order of the rows: level by level, each in the answer's order. */
static void
print_number_order(PrismiqSql *sql, const PrismiqQuery *query)
{
	ListCell   *lc;

	prismiq_sql_text(sql, "ORDER BY r.l");
	foreach(lc, query->order_by)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);

		if (order->output > 0)
			prismiq_print_answer_ref(sql, ", r.", (const PrismiqAnswer *)
									 list_nth(query->answer, order->output - 1));
		else
			prismiq_sql_number(sql, ", r.x", order->extra);
		prismiq_print_direction(sql, order->descending, order->nulls);
	}
	foreach(lc, query->keys)
		prismiq_print_answer_ref(sql, ", r.", (const PrismiqAnswer *) lfirst(lc));
}

/*
 * The stage "numbered": the rows in their order, the totals after the others.
 * qualify chooses among the groups only.
 */
void
prismiq_print_numbered(PrismiqSql *sql, const PrismiqQuery *query, const char *stage)
{
	prismiq_sql_text(sql, ", numbered AS (SELECT r.*, ");
	prismiq_sql_function(sql, F_ROW_NUMBER);
	prismiq_sql_text(sql, "() OVER (");
	print_number_order(sql, query);
	prismiq_sql_text(sql, ") AS n\n  FROM ");
	prismiq_sql_text(sql, stage);
	prismiq_sql_text(sql, " AS r");
	if (query->qualify != NULL)
	{
		prismiq_sql_text(sql, "\n  WHERE NOT ");
		prismiq_print_is_detail(sql, "r.l");
		prismiq_sql_text(sql, " OR ");
		prismiq_print_condition(sql, query->qualify);
	}
	prismiq_sql_text(sql, ")");
}

/* One bound of the page: AND r.n op $n */
static void
print_bound(PrismiqSql *sql, PrismiqOperator op, int64 value)
{
	prismiq_sql_text(sql, " AND r.n");
	prismiq_sql_operator(sql, prismiq_comparison_operator(INT8OID, op));
	prismiq_sql_const(sql, prismiq_const_make(INT8OID, Int64GetDatum(value)));
}

/*
 * limit and offset are of the groups, and all totals are there; the caller's
 * order is within a level.
 */
void
prismiq_print_totals_page(PrismiqSql *sql, const PrismiqQuery *query)
{
	int64		end;
	ListCell   *lc;

	if (query->limit >= 0 || query->offset > 0)
	{
		prismiq_sql_text(sql, "\nWHERE NOT ");
		prismiq_print_is_detail(sql, "r.l");
		prismiq_sql_text(sql, " OR (true");
		if (query->offset > 0)
			print_bound(sql, PRISMIQ_OP_GT, query->offset);
		if (query->limit >= 0 && !pg_add_s64_overflow(query->offset, query->limit, &end))
			print_bound(sql, PRISMIQ_OP_LTE, end);
		prismiq_sql_text(sql, ")");
	}
	if (query->unordered)
		return;
	prismiq_sql_text(sql, query->sort != NIL ? "\nORDER BY r.l" : "\nORDER BY ");
	foreach(lc, query->sort)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);

		prismiq_print_answer_ref(sql, ", r.", (const PrismiqAnswer *)
								 list_nth(query->answer, order->output - 1));
		prismiq_print_direction(sql, order->descending, order->nulls);
	}
	prismiq_sql_text(sql, query->sort != NIL ? ", r.n" : "r.n");
}
