/*-------------------------------------------------------------------------
 *
 * compile_stages.c
 *	  A checked definition as one SQL statement.
 *
 * A statement is made of stages, each a relation over the one before: the base
 * rows, grouped (compile_query.c); filled, every bucket of a series
 * (compile_series.c); and what is computed over these.  A definition that
 * needs only the base stage is printed as it alone; otherwise the stages are
 * CTEs whose columns have names of ours (b, d1, x1, m1 and so on), and the
 * last SELECT gives the answer's names.
 *
 * Output columns are referred to by position in ORDER BY, which needs no
 * quoting and means the output expression itself.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "common/int.h"
#include "utils/json.h"

#include "check/check.h"
#include "compile/compile.h"

/* Direction and place of nulls. */
void
prismiq_print_direction(PrismiqSql *sql, bool descending, int nulls)
{
	if (descending)
		prismiq_sql_text(sql, " DESC");
	if (nulls != 0)
		prismiq_sql_text(sql, nulls < 0 ? " NULLS FIRST" : " NULLS LAST");
}

/*
 * A series without order_by: by bucket, then by its other group columns.  The
 * position of each output column is its number from 1.
 */
static void
print_series_order(PrismiqSql *sql, const PrismiqQuery *query, const char *extra_prefix,
				   const char *separator)
{
	int			position = 1;
	int			extra = 0;
	ListCell   *lc;

	prismiq_sql_text(sql, separator);
	prismiq_sql_text(sql, "1");
	if (!query->grouped)
		return;
	foreach(lc, query->columns)
	{
		position++;
		if (((const PrismiqColumn *) lfirst(lc))->aggregation == PRISMIQ_AGG_NONE)
			prismiq_sql_number(sql, ", ", position);
	}
	foreach(lc, query->group_extra)
	{
		prismiq_sql_text(sql, ", ");
		if (extra_prefix != NULL)
			prismiq_sql_number(sql, extra_prefix, ++extra);
		else
			prismiq_print_ref(sql, (const PrismiqColumnRef *) lfirst(lc));
	}
}

/* Does the definition's limit count the groups, and not their totals?  Not of a pivot. */
static bool
limits_groups(const PrismiqQuery *query)
{
	return query->totals != NULL && query->pivot == NULL;
}

/*
 * The caller's own order comes first; where the definition limits its answer,
 * it is an order of what that lets through, and the whole is wrapped.
 */
static bool
is_wrapped(const PrismiqQuery *query)
{
	return !limits_groups(query) && query->sort != NIL &&
		(query->limit >= 0 || query->offset > 0);
}

/* The caller's own order; returns what goes before the next part of ORDER BY. */
static const char *
print_sort(PrismiqSql *sql, const PrismiqQuery *query, const char *separator)
{
	ListCell   *lc;

	foreach(lc, query->sort)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);

		prismiq_sql_number(sql, separator, order->output);
		prismiq_print_direction(sql, order->descending, order->nulls);
		separator = ", ";
	}
	return separator;
}

/*
 * ORDER BY.  "extra_prefix" is how columns that are grouped by but not shown
 * are called where the tables themselves cannot be seen, else null.
 */
static void
print_order(PrismiqSql *sql, const PrismiqQuery *query, const char *extra_prefix)
{
	const char *separator = "\nORDER BY ";
	ListCell   *lc;

	if (query->unordered)
		return;
	if (!is_wrapped(query))
		separator = print_sort(sql, query, separator);
	if (query->order_by == NIL && query->time_series != NULL)
		print_series_order(sql, query, extra_prefix, separator);
	foreach(lc, query->order_by)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);

		if (order->output > 0)
			prismiq_sql_number(sql, separator, order->output);
		else
		{
			prismiq_sql_text(sql, separator);
			if (order->extra > 0 && extra_prefix != NULL)
				prismiq_sql_number(sql, extra_prefix, order->extra);
			else
				prismiq_print_ref(sql, order->ref);
		}
		prismiq_print_direction(sql, order->descending, order->nulls);
		separator = ", ";
	}
}

/* LIMIT and OFFSET, as parameters so that pages share a plan; -1 is no limit. */
static void
print_limit(PrismiqSql *sql, int64 limit, int64 offset)
{
	PrismiqConst *value;

	if (limit >= 0)
	{
		value = palloc0(sizeof(PrismiqConst));
		value->type = INT8OID;
		value->value = Int64GetDatum(limit);
		prismiq_sql_text(sql, "\nLIMIT ");
		prismiq_sql_const(sql, value);
	}
	if (offset > 0)
	{
		value = palloc0(sizeof(PrismiqConst));
		value->type = INT8OID;
		value->value = Int64GetDatum(offset);
		prismiq_sql_text(sql, "\nOFFSET ");
		prismiq_sql_const(sql, value);
	}
}

/* The definition's own limit; with totals it is of the groups, and printed with them. */
static void
print_own_limit(PrismiqSql *sql, const PrismiqQuery *query)
{
	if (!limits_groups(query))
		print_limit(sql, query->limit, query->offset);
}

/* The page of the definition's answer, which has a limit of its own. */
static void
print_page(PrismiqSql *sql, const PrismiqQuery *query)
{
	int64		limit = query->limit;
	int64		offset = query->offset;

	if (limits_groups(query))
	{
		print_limit(sql, query->page_limit, query->page_offset);
		return;
	}
	if (limit >= 0)
		limit = Max(0, limit - query->page_offset);
	if (query->page_limit >= 0 && (limit < 0 || query->page_limit < limit))
		limit = query->page_limit;
	if (pg_add_s64_overflow(offset, query->page_offset, &offset))
		offset = PG_INT64_MAX;
	print_limit(sql, limit, offset);
}

/* SELECT the answer's columns, under their names, from the last stage. */
static void
print_answer(PrismiqSql *sql, const PrismiqQuery *query, const char *stage)
{
	const char *separator = "\nSELECT ";
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		const PrismiqAnswer *answer = (const PrismiqAnswer *) lfirst(lc);

		prismiq_sql_text(sql, separator);
		prismiq_print_answer_ref(sql, "r.", answer);
		prismiq_sql_text(sql, " AS ");
		prismiq_sql_name(sql, answer->name);
		separator = ",\n  ";
	}
	prismiq_sql_text(sql, "\nFROM ");
	prismiq_sql_text(sql, stage);
	prismiq_sql_text(sql, " AS r");
}

/* A column of the answer as the stages call it, after a prefix: r.m1. */
void
prismiq_print_answer_ref(PrismiqSql *sql, const char *prefix, const PrismiqAnswer *answer)
{
	prismiq_sql_text(sql, prefix);
	if (answer->number > 0)
		prismiq_sql_number(sql, answer->prefix, answer->number);
	else
		prismiq_sql_text(sql, answer->prefix);
}

/* Are the buckets of a series filled? */
static bool
is_filled(const PrismiqQuery *query)
{
	return query->time_series != NULL && query->time_series->filled;
}

/* The stages as CTEs; returns the last of them. */
static const char *
print_ctes(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *stage = "data";

	prismiq_sql_text(sql, "WITH ");
	if (query->top != NULL)
	{
		prismiq_print_best(sql, query);
		prismiq_sql_text(sql, ", ");
	}
	prismiq_sql_text(sql, "data AS (");
	prismiq_print_base(sql, query, true);
	prismiq_sql_text(sql, ")");
	if (is_filled(query))
	{
		prismiq_print_combinations(sql, query);
		if (!query->staged)
			return "filled";
		prismiq_sql_text(sql, ", filled AS (");
		prismiq_print_filled(sql, query, true);
		prismiq_sql_text(sql, ")");
		stage = "filled";
	}
	if (query->compare != NULL)
	{
		prismiq_print_previous(sql, query);
		prismiq_print_compared(sql, query, stage);
		stage = "compared";
	}
	if (query->windows != NIL)
	{
		prismiq_sql_text(sql, ", windowed AS (");
		prismiq_print_windowed(sql, query, stage);
		prismiq_sql_text(sql, ")");
		stage = "windowed";
	}
	return stage;
}

/* The order of a pivot's rows: totals last, each as said, else by the row columns. */
static void
print_pivot_order(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *separator = "\nORDER BY ";
	int			position = 0;
	ListCell   *lc;

	if (query->unordered)
		return;
	if (query->totals != NULL)
	{
		prismiq_sql_text(sql, "\nORDER BY r.l");
		separator = ", ";
	}
	if (!is_wrapped(query))
		separator = print_sort(sql, query, separator);
	foreach(lc, query->order_by)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);

		prismiq_sql_number(sql, separator, order->output);
		prismiq_print_direction(sql, order->descending, order->nulls);
		separator = ", ";
	}
	foreach(lc, query->answer)
	{
		position++;
		if (query->order_by != NIL ||
			((const PrismiqAnswer *) lfirst(lc))->kind == PRISMIQ_ANSWER_PIVOT)
			continue;
		prismiq_sql_number(sql, separator, position);
		separator = ", ";
	}
}

/* The answer from the last stage, in its order. */
static void
print_stages(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *stage = print_ctes(sql, query);

	if (!query->staged)
	{
		prismiq_print_filled(sql, query, false);
		print_order(sql, query, "s.x");
		return;
	}
	if (query->pivot != NULL)
	{
		prismiq_print_pivot(sql, query, stage);
		print_pivot_order(sql, query);
		return;
	}
	if (query->totals != NULL)
	{
		prismiq_print_numbered(sql, query, stage);
		print_answer(sql, query, "numbered");
		prismiq_print_totals_page(sql, query);
		return;
	}
	print_answer(sql, query, stage);
	if (query->qualify != NULL)
	{
		prismiq_sql_text(sql, "\nWHERE ");
		prismiq_print_condition(sql, query->qualify);
	}
	print_order(sql, query, "r.x");
}

/* The values that a pivot makes columns of, for the statement that has them. */
PrismiqStatement *
prismiq_compile_pivot_values(const PrismiqQuery *query, Oid home)
{
	PrismiqSql *sql = prismiq_sql_begin(home);

	prismiq_print_pivot_values(sql, query, print_ctes(sql, query));
	return prismiq_sql_finish(sql);
}

/* Does HAVING mark the groups instead of removing them? */
bool
prismiq_having_is_kept(const PrismiqQuery *query)
{
	return query->having != NULL && query->time_series != NULL && query->time_series->filled;
}

/* Display hints as the text of a JSON object; null when there are none. */
static char *
hints_text(const PrismiqHints *hints)
{
	const char *const keys[] = {"display_name", "description", "format", "date_format"};
	const char *const values[] = {
		hints->display_name, hints->description, hints->format, hints->date_format
	};
	StringInfoData buf;
	int			i;

	buf.data = NULL;
	for (i = 0; i < lengthof(keys); i++)
	{
		if (values[i] == NULL)
			continue;
		if (buf.data == NULL)
			initStringInfo(&buf);
		appendStringInfo(&buf, "%s\"%s\": ", buf.len == 0 ? "{" : ", ", keys[i]);
		escape_json(&buf, values[i]);
	}
	if (buf.data != NULL)
		appendStringInfoChar(&buf, '}');
	return buf.data;
}

/* The columns of the answer and the tables it is from. */
static void
describe(PrismiqStatement *statement, const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;
	ListCell   *lc;

	if (series != NULL && series->bucket_text != NULL)
		statement->bucket = pstrdup(series->bucket_text);
	foreach(lc, query->answer)
	{
		const PrismiqAnswer *answer = (const PrismiqAnswer *) lfirst(lc);
		PrismiqOutput *output = palloc(sizeof(PrismiqOutput));

		output->name = pstrdup(answer->name);
		output->type = answer->type;
		output->typmod = answer->typmod;
		output->large = prismiq_answer_is_large(query, answer);
		output->hints = hints_text(&answer->hints);
		if (answer->kind == PRISMIQ_ANSWER_BUCKET)
			output->type = series->bucketing != NULL ? series->type : series->ref->type;
		statement->outputs = lappend(statement->outputs, output);
	}
	statement->tables = prismiq_statement_tables(query);
}

/* The definition's rows in its order, without its limit. */
static void
print_rows(PrismiqSql *sql, const PrismiqQuery *query)
{
	bool		before;

	if (query->staged || (query->time_series != NULL && query->time_series->filled))
	{
		print_stages(sql, query);
		return;
	}
	if (query->top != NULL)
	{
		prismiq_sql_text(sql, "WITH ");
		prismiq_print_best(sql, query);
		prismiq_sql_text(sql, "\n");
	}
	before = prismiq_rows_begin(sql, query);
	prismiq_print_base(sql, query, false);
	print_order(sql, query, NULL);
	prismiq_rows_end(sql, before);
}

/* The caller's order of what the definition limited; ties as the definition has them. */
static void
print_wrapped(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *separator;
	ListCell   *lc;

	prismiq_sql_text(sql, "SELECT *\nFROM (");
	print_rows(sql, query);
	print_own_limit(sql, query);
	prismiq_sql_text(sql, ") AS answer");
	separator = print_sort(sql, query, "\nORDER BY ");
	foreach(lc, query->order_by)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);

		if (order->output == 0)
			continue;
		prismiq_sql_number(sql, separator, order->output);
		prismiq_print_direction(sql, order->descending, order->nulls);
	}
	print_limit(sql, query->page_limit, query->page_offset);
}

/* A query inside another: all of it, without parentheses. */
void
prismiq_print_nested(PrismiqSql *sql, const PrismiqQuery *query)
{
	PrismiqSql	before = *sql;

	check_stack_depth();
	sql->wrapped = sql->previous = sql->ranking = false;
	sql->rest = NULL;
	sql->level = 0;
	print_rows(sql, query);
	print_page(sql, query);
	sql->wrapped = before.wrapped;
	sql->previous = before.previous;
	sql->ranking = before.ranking;
	sql->rest = before.rest;
	sql->level = before.level;
}

/* Print a query that was checked without a fault. */
PrismiqStatement *
prismiq_compile_query(const PrismiqQuery *query, Oid home)
{
	PrismiqSql *sql = prismiq_sql_begin(home);
	PrismiqStatement *statement;

	if (is_wrapped(query))
		print_wrapped(sql, query);
	else
	{
		print_rows(sql, query);
		print_page(sql, query);
	}
	statement = prismiq_sql_finish(sql);
	describe(statement, query);
	return statement;
}

/*
 * How many rows the definition's whole answer has: the same statement, without
 * the caller's page, counted; or ("rows") those rows themselves, for the
 * planner to estimate.
 */
PrismiqStatement *
prismiq_compile_total(const PrismiqQuery *query, Oid home, bool rows)
{
	PrismiqSql *sql = prismiq_sql_begin(home);
	PrismiqQuery whole = *query;

	whole.sort = NIL;
	whole.unordered = query->limit < 0 && query->offset == 0;
	prismiq_sql_text(sql, rows ? "" : "SELECT pg_catalog.count(*)\nFROM (");
	print_rows(sql, &whole);
	print_own_limit(sql, &whole);
	prismiq_sql_text(sql, rows ? "" : ") AS answer");
	return prismiq_sql_finish(sql);
}
