/*-------------------------------------------------------------------------
 *
 * compile_totals.c
 *	  The rows of an answer with totals: numbered level by level, and paged.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "utils/fmgroids.h"

#include "compile/compile.h"
#include "model/answer.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/words.h"
#include "print/print.h"

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
			prismiq_print_output_ref(sql, ", r.", (const PrismiqOutput *)
									 list_nth(query->answer, order->output - 1));
		else
			prismiq_sql_number(sql, ", r.x", order->extra);
		prismiq_print_direction(sql, order->descending, order->nulls);
	}
	foreach(lc, query->keys)
		prismiq_print_output_ref(sql, ", r.", (const PrismiqOutput *) lfirst(lc));
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
	prismiq_sql_compare(sql, INT8OID, op);
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

		prismiq_print_output_ref(sql, ", r.", (const PrismiqOutput *)
								 list_nth(query->answer, order->output - 1));
		prismiq_print_direction(sql, order->descending, order->nulls);
	}
	prismiq_sql_text(sql, query->sort != NIL ? ", r.n" : "r.n");
}
