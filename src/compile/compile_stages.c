/*-------------------------------------------------------------------------
 *
 * compile_stages.c
 *	  The stages of a statement, one above the other, and the order and page of
 *	  its answer.
 *
 * A statement is made of stages, each a relation over the one before: the base
 * rows, grouped (compile_base.c); filled, every bucket of a series
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
#include "common/int.h"
#include "miscadmin.h"

#include "compile/compile.h"
#include "model/answer.h"
#include "model/literal.h"
#include "model/query.h"
#include "model/stages.h"
#include "print/print.h"

/* Does the definition's limit count the groups, and not their totals?  Not of a pivot. */
static bool
limits_groups(const PrismiqQuery *query)
{
	return query->totals != NULL && query->pivot == NULL;
}

/*
 * The caller's own order comes first; where the definition limits its answer,
 * it is an order of what that lets through.
 */
static bool
sorts_limited(const PrismiqQuery *query)
{
	return !limits_groups(query) && query->sort != NIL &&
		(query->limit >= 0 || query->offset > 0);
}

/*
 * How an order names its columns: those of the answer by their place in the
 * SELECT list, or as the stages call them; those that are not shown after a
 * prefix, or (null) as columns of the tables, where these can be seen.
 */
typedef struct OrderNames
{
	const char *extra_prefix;
	bool		staged;
} OrderNames;

/* Parts of an order; returns what goes before the next. */
static const char *
print_orders(PrismiqSql *sql, const PrismiqQuery *query, const List *orders,
			 const OrderNames *names, const char *separator)
{
	ListCell   *lc;

	foreach(lc, orders)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);

		prismiq_sql_text(sql, separator);
		if (order->output > 0 && names->staged)
			prismiq_print_output_ref(sql, "r.", (const PrismiqOutput *)
									 list_nth(query->answer, order->output - 1));
		else if (order->output > 0)
			prismiq_sql_number(sql, "", order->output);
		else if (order->extra > 0 && names->extra_prefix != NULL)
			prismiq_sql_number(sql, names->extra_prefix, order->extra);
		else
			prismiq_print_ref(sql, order->ref);
		prismiq_print_direction(sql, order->descending, order->nulls);
		separator = ", ";
	}
	return separator;
}

/* ORDER BY: the caller's, the definition's, and what tells equal rows apart. */
static void
print_order(PrismiqSql *sql, const PrismiqQuery *query, const char *extra_prefix)
{
	const OrderNames names = {.extra_prefix = extra_prefix};
	const char *separator = "\nORDER BY ";

	if (query->unordered)
		return;
	separator = print_orders(sql, query, query->sort, &names, separator);
	separator = print_orders(sql, query, query->order_by, &names, separator);
	(void) print_orders(sql, query, query->ties, &names, separator);
}

/*
 * LIMIT and OFFSET; -1 is no limit.  PostgreSQL takes a limit that it does not know
 * for a tenth of the rows, and would never keep a plan for a few of them, so the
 * limit is a number, of which there are few.  Pages share a text by their offset.
 */
static void
print_limit(PrismiqSql *sql, int64 limit, int64 offset)
{
	PrismiqConst *value;

	if (limit >= 0 && limit <= PG_INT32_MAX)
		prismiq_sql_number(sql, "\nLIMIT ", (int) limit);
	else if (limit >= 0)
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

	if (limits_groups(query) || sorts_limited(query))
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
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);

		prismiq_sql_text(sql, separator);
		prismiq_print_output_ref(sql, "r.", output);
		prismiq_sql_text(sql, " AS ");
		prismiq_sql_name(sql, output->name);
		separator = ",\n  ";
	}
	prismiq_print_row_count(sql);
	prismiq_sql_text(sql, "\nFROM ");
	prismiq_sql_text(sql, stage);
	prismiq_sql_text(sql, " AS r");
}

/* WITH, and the rows grouped, where the statement is over these (stage/read_once.c). */
static void
print_with(PrismiqSql *sql, const PrismiqQuery *query)
{
	prismiq_sql_text(sql, "WITH ");
	if (query->first == NULL || !query->first->whole)
		return;
	prismiq_sql_text(sql, "whole AS (");
	sql->print_query(sql, query->first->query);
	prismiq_sql_text(sql, "), ");
}

/* The stages as CTEs; returns the last of them. */
const char *
prismiq_print_ctes(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *stage = "data";

	print_with(sql, query);
	if (query->top != NULL)
	{
		prismiq_print_best(sql, query);
		prismiq_sql_text(sql, ", ");
	}
	if (query->compare != NULL && query->compare->once)
		prismiq_print_periods(sql, query);
	else
	{
		prismiq_sql_text(sql, "data AS (");
		if (PrismiqIsDense(query))
			prismiq_print_dense(sql, query);
		else
			prismiq_print_base(sql, query, true);
		prismiq_sql_text(sql, ")");
	}
	if (prismiq_is_filled(query) || PrismiqIsDense(query))
	{
		if (!PrismiqIsDense(query))
			prismiq_print_combinations(sql, query);
		prismiq_print_carried(sql, query);
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
	if (query->over != NIL)
	{
		prismiq_sql_text(sql, ", calculated AS (");
		prismiq_print_calculated(sql, query, stage);
		prismiq_sql_text(sql, ")");
		stage = "calculated";
	}
	return stage;
}

/*
 * The order of a pivot's rows: totals last, each as said, then by the columns of
 * the rows, which tell them apart.
 */
static void
print_pivot_order(PrismiqSql *sql, const PrismiqQuery *query, const List *sort)
{
	const OrderNames names = {NULL};
	const char *separator = "\nORDER BY ";
	ListCell   *lc;

	if (query->unordered)
		return;
	if (query->totals != NULL)
	{
		prismiq_sql_number(sql, separator, query->totals->level->place);
		separator = ", ";
	}
	separator = print_orders(sql, query, sort, &names, separator);
	separator = print_orders(sql, query, query->order_by, &names, separator);
	foreach(lc, query->answer)
	{
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);

		if (output->role == PRISMIQ_ROLE_CELL || output->role == PRISMIQ_ROLE_LEVEL)
			continue;
		prismiq_sql_number(sql, separator, output->place);
		separator = ", ";
	}
}

/* WHERE what qualify says, when it says anything. */
static void
print_qualify(PrismiqSql *sql, const PrismiqQuery *query)
{
	if (query->qualify == NULL)
		return;
	prismiq_sql_text(sql, "\nWHERE ");
	prismiq_print_condition(sql, query->qualify);
}

/* , limited AS (what the definition's own limit lets through, for another order) */
static void
print_limited(PrismiqSql *sql, const PrismiqQuery *query, const char *stage)
{
	const OrderNames names = {.extra_prefix = "r.x", .staged = true};
	const char *separator = "\nORDER BY ";

	prismiq_sql_text(sql, ", limited AS (SELECT r.*\nFROM ");
	prismiq_sql_text(sql, stage);
	prismiq_sql_text(sql, " AS r");
	print_qualify(sql, query);
	separator = print_orders(sql, query, query->order_by, &names, separator);
	(void) print_orders(sql, query, query->ties, &names, separator);
	print_limit(sql, query->limit, query->offset);
	prismiq_sql_text(sql, ")");
}

/* The answer from the last stage, in its order. */
static void
print_stages(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *stage = prismiq_print_ctes(sql, query);

	if (!query->staged)
	{
		prismiq_print_filled(sql, query, false);
		print_order(sql, query, "s.x");
		return;
	}
	if (query->pivot != NULL)
	{
		prismiq_print_pivot(sql, query, stage);
		print_pivot_order(sql, query, sorts_limited(query) ? NIL : query->sort);
		return;
	}
	if (query->totals != NULL)
	{
		prismiq_print_numbered(sql, query, stage);
		print_answer(sql, query, "numbered");
		prismiq_print_totals_page(sql, query);
		return;
	}
	if (sorts_limited(query))
	{
		print_limited(sql, query, stage);
		print_answer(sql, query, "limited");
	}
	else
	{
		print_answer(sql, query, stage);
		print_qualify(sql, query);
	}
	print_order(sql, query, "r.x");
}

/* The definition's rows in its order, without its limit. */
static void
print_rows(PrismiqSql *sql, const PrismiqQuery *query)
{
	bool		before;

	if (query->staged || prismiq_is_filled(query) || PrismiqIsDense(query))
	{
		print_stages(sql, query);
		return;
	}
	if (query->top != NULL)
	{
		print_with(sql, query);
		prismiq_print_best(sql, query);
		prismiq_sql_text(sql, "\n");
	}
	before = prismiq_rows_begin(sql, query);
	prismiq_print_base(sql, query, false);
	print_order(sql, query, NULL);
	prismiq_rows_end(sql, before);
}

/* The caller's order of those rows of a pivot that the definition's limit lets through. */
static void
print_limited_pivot(PrismiqSql *sql, const PrismiqQuery *query)
{
	prismiq_sql_text(sql, "SELECT *\nFROM (");
	print_rows(sql, query);
	print_own_limit(sql, query);
	prismiq_sql_text(sql, ") AS answer");
	print_pivot_order(sql, query, query->sort);
}

/* The definition's answer, without the caller's page. */
void
prismiq_print_limited(PrismiqSql *sql, const PrismiqQuery *query)
{
	print_rows(sql, query);
	print_own_limit(sql, query);
}

/* The caller's page of the definition's answer. */
void
prismiq_print_paged(PrismiqSql *sql, const PrismiqQuery *query)
{
	if (query->pivot != NULL && sorts_limited(query))
		print_limited_pivot(sql, query);
	else
		print_rows(sql, query);
	print_page(sql, query);
}

/* A query inside another: all of it, without parentheses. */
void
prismiq_print_nested(PrismiqSql *sql, const PrismiqQuery *query)
{
	PrismiqSql	before = *sql;

	check_stack_depth();
	/* A branch of the joins is of the same period as they are. */
	sql->previous &= query->apart;
	sql->earlier &= query->apart;
	sql->wrapped = sql->ranking = sql->periods = sql->counted = false;
	sql->rest = NULL;
	sql->period = NULL;
	sql->level = 0;
	print_rows(sql, query);
	print_page(sql, query);
	sql->wrapped = before.wrapped;
	sql->previous = before.previous;
	sql->earlier = before.earlier;
	sql->ranking = before.ranking;
	sql->periods = before.periods;
	sql->counted = before.counted;
	sql->period = before.period;
	sql->rest = before.rest;
	sql->level = before.level;
}
