/*-------------------------------------------------------------------------
 *
 * compile_top.c
 *	  The largest groups: the twin of stage/top.c.
 *
 * The stage "best" groups the rows once without their buckets and gives each
 * group its place; the base stage then joins the rows with it, as "k", and
 * groups them by that place, so that the rest is aggregated from its rows and
 * a group that is really called "Other" stays apart.  HAVING removes groups
 * there, before they get places; over a series it removes buckets, and stands
 * where it always does.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/fmgroids.h"

#include "compile/compile.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/table.h"
#include "print/print.h"

/* expression AS d1 */
static void
print_selected(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqColumn *column,
			   const PrismiqColumnRef *ref, int number)
{
	prismiq_print_group_column(sql, column, ref);
	prismiq_sql_number(sql, " AS d", number);
	prismiq_sql_text(sql, ", ");
}

/* , q.d1 */
static void
print_name(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqColumn *column,
		   const PrismiqColumnRef *ref, int number)
{
	prismiq_sql_number(sql, ", q.d", number);
}

/* GROUP BY 1, 2 */
static void
print_position(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqColumn *column,
			   const PrismiqColumnRef *ref, int number)
{
	prismiq_sql_number(sql, number == 1 ? "\n  GROUP BY " : ", ", number);
}

/* LEAST(row_number() OVER (ORDER BY q.m DESC NULLS LAST, q.d1, ...), n + 1) */
static void
print_number(PrismiqSql *sql, const PrismiqQuery *query)
{
	prismiq_sql_text(sql, ", LEAST(");
	prismiq_sql_function(sql, F_ROW_NUMBER);
	prismiq_sql_text(sql, "() OVER (ORDER BY q.m DESC NULLS LAST");
	prismiq_each_group_column(sql, query, print_name);
	prismiq_sql_text(sql, "), ");
	prismiq_sql_const(sql, query->top->rest);
	prismiq_sql_text(sql, ") AS o");
}

/* The stage "best": every group with its place. */
void
prismiq_print_best(PrismiqSql *sql, const PrismiqQuery *query)
{
	bool		before;

	before = prismiq_rows_begin(sql, query);
	sql->ranking = true;
	prismiq_sql_text(sql, "best AS (SELECT q.*");
	print_number(sql, query);
	prismiq_sql_text(sql, "\n  FROM (SELECT ");
	prismiq_each_group_column(sql, query, print_selected);
	prismiq_print_column(sql, query->top->by->output->column);
	prismiq_sql_text(sql, " AS m");
	prismiq_print_rows(sql, query);
	prismiq_each_group_column(sql, query, print_position);
	if (query->having != NULL && !PrismiqHasBuckets(query))
	{
		prismiq_sql_text(sql, "\n  HAVING ");
		prismiq_print_condition(sql, query->having);
	}
	prismiq_sql_text(sql, ") AS q)");
	sql->ranking = false;
	prismiq_rows_end(sql, before);
}
