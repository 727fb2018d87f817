/*-------------------------------------------------------------------------
 *
 * compile_top.c
 *	  The largest groups: the twin of check/check_top.c.
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

#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "check/check.h"
#include "compile/compile.h"
#include "model/stages.h"

/* The place of a row's group. */
void
prismiq_print_place_of(PrismiqSql *sql)
{
	if (sql->wrapped)
		prismiq_sql_text(sql, "j.o");
	else if (sql->rest == NULL)
		prismiq_sql_text(sql, "k.o");
	else
	{
		prismiq_sql_text(sql, "COALESCE(k.o, ");
		prismiq_sql_const(sql, sql->rest);
		prismiq_sql_text(sql, ")");
	}
}

/* The number of a group column among those of the answer, from 1. */
static int
group_number(const PrismiqQuery *query, const PrismiqColumn *column)
{
	int			number = 0;
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		if (((const PrismiqColumn *) lfirst(lc))->aggregation == PRISMIQ_AGG_NONE)
			number++;
		if (lfirst(lc) == column)
			break;
	}
	return number;
}

/*
 * A column without an aggregation as text: the group's own value, k.d1, for
 * values that are equal may be written in several ways (1.0, 1.00).  The server
 * would write an instant in the session's zone.
 */
static void
print_as_text(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqColumn *column)
{
	bool		instant = column->ref->basetype == TIMESTAMPTZOID;

	prismiq_sql_number(sql, instant ? "(k.d" : "k.d", group_number(query, column));
	if (instant)
	{
		prismiq_sql_text(sql, " AT TIME ZONE ");
		prismiq_sql_const(sql, query->top->zone);
		prismiq_sql_text(sql, ")");
	}
	prismiq_sql_cast(sql, TEXTOID);
}

/* A column without an aggregation; of a row of the rest of "top" it is "Other". */
static void
print_value(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqColumn *column)
{
	const PrismiqTop *top = query->top;

	if (top == NULL || !top->other || sql->ranking || sql->wrapped)
	{
		prismiq_print_column(sql, column);
		return;
	}
	prismiq_sql_text(sql, "CASE WHEN ");
	prismiq_print_place_of(sql);
	prismiq_sql_operator(sql, prismiq_comparison_operator(INT8OID, PRISMIQ_OP_LTE));
	prismiq_sql_const(sql, top->count);
	prismiq_sql_text(sql, " THEN ");
	print_as_text(sql, query, column);
	prismiq_sql_text(sql, " ELSE ");
	prismiq_sql_const(sql, top->label);
	prismiq_sql_text(sql, " END");
}

/*
 * A column without an aggregation, as what rows are grouped by.  CASE WHEN value
 * = ANY (the kept ones) THEN value END where others are one group.
 */
void
prismiq_print_dimension(PrismiqSql *sql, const PrismiqQuery *query,
						const PrismiqColumn *column)
{
	if (column->kept == NULL || sql->wrapped)
	{
		print_value(sql, query, column);
		return;
	}
	prismiq_sql_text(sql, "CASE WHEN ");
	print_value(sql, query, column);
	prismiq_sql_operator(sql, prismiq_comparison_operator(query->pivot->type, PRISMIQ_OP_EQ));
	prismiq_sql_text(sql, "ANY (");
	prismiq_sql_const(sql, column->kept);
	prismiq_sql_text(sql, ") THEN ");
	print_value(sql, query, column);
	prismiq_sql_text(sql, " END");
}

/* What makes a group, printed one by one. */
typedef void (*GroupPrinter) (PrismiqSql *sql, const PrismiqQuery *query,
							  const PrismiqColumn *column, const PrismiqColumnRef *ref,
							  int number);

/* Call the printer for the answer's group columns and then the others. */
static void
each_group_column(PrismiqSql *sql, const PrismiqQuery *query, GroupPrinter printer)
{
	int			number = 0;
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (column->aggregation == PRISMIQ_AGG_NONE)
			printer(sql, query, column, column->ref, ++number);
	}
	foreach(lc, query->top->extras)
		printer(sql, query, NULL, (const PrismiqColumnRef *) lfirst(lc), ++number);
}

/* The expression of a group column. */
static void
print_expression(PrismiqSql *sql, const PrismiqColumn *column, const PrismiqColumnRef *ref)
{
	if (column != NULL)
		prismiq_print_column(sql, column);
	else
		prismiq_print_ref(sql, ref);
}

/* expression AS d1 */
static void
print_selected(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqColumn *column,
			   const PrismiqColumnRef *ref, int number)
{
	print_expression(sql, column, ref);
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

/*
 * expression = k.d1, where two nulls are equal: arrays compare so, and hash; and
 * by an operator that the caller may not use by its name.
 */
static void
print_same(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqColumn *column,
		   const PrismiqColumnRef *ref, int number)
{
	Oid			type = ref->basetype;	/* column->type may be text by now */
	bool		nullable = !ref->notnull || ref->table == NULL || ref->table->nullable;
	Oid			equal = prismiq_comparison_operator(type, PRISMIQ_OP_EQ);
	bool		arrays = (nullable || !OidIsValid(equal)) && OidIsValid(get_array_type(type)) &&
		!OidIsValid(get_element_type(type));

	prismiq_sql_text(sql, number == 1 ? " ON " : " AND ");
	prismiq_sql_text(sql, arrays ? "ARRAY[" : nullable ? "(" : "");
	print_expression(sql, column, ref);
	if (arrays)
	{
		prismiq_sql_cast(sql, type);
		prismiq_sql_text(sql, "]");
		prismiq_sql_operator(sql, ARRAY_EQ_OP);
		prismiq_sql_number(sql, "ARRAY[k.d", number);
		prismiq_sql_cast(sql, type);
		prismiq_sql_text(sql, "]");
		return;
	}
	prismiq_sql_operator(sql, equal);
	prismiq_sql_number(sql, "k.d", number);
	if (!nullable)
		return;
	prismiq_sql_text(sql, " OR ");
	print_expression(sql, column, ref);
	prismiq_sql_number(sql, " IS NULL AND k.d", number);
	prismiq_sql_text(sql, " IS NULL)");
}

/* The join of the rows with the places of their groups. */
void
prismiq_print_best_join(PrismiqSql *sql, const PrismiqQuery *query)
{
	if (query->top == NULL || sql->ranking)
		return;
	prismiq_sql_text(sql, sql->rest != NULL ? "\n  LEFT JOIN best AS k" : "\n  JOIN best AS k");
	each_group_column(sql, query, print_same);
	if (query->top->other)
		return;
	prismiq_sql_text(sql, " AND k.o");
	prismiq_sql_operator(sql, prismiq_comparison_operator(INT8OID, PRISMIQ_OP_LTE));
	prismiq_sql_const(sql, query->top->count);
}

/* LEAST(row_number() OVER (ORDER BY q.m DESC NULLS LAST, q.d1, ...), n + 1) */
static void
print_number(PrismiqSql *sql, const PrismiqQuery *query)
{
	prismiq_sql_text(sql, ", LEAST(");
	prismiq_sql_function(sql, F_ROW_NUMBER);
	prismiq_sql_text(sql, "() OVER (ORDER BY q.m DESC NULLS LAST");
	each_group_column(sql, query, print_name);
	prismiq_sql_text(sql, "), ");
	prismiq_sql_const(sql, query->top->rest);
	prismiq_sql_text(sql, ") AS o");
}

/* The stage "best": every group with its place. */
void
prismiq_print_best(PrismiqSql *sql, const PrismiqQuery *query)
{
	bool		before = prismiq_rows_begin(sql, query);

	sql->ranking = true;
	prismiq_sql_text(sql, "best AS (SELECT q.*");
	print_number(sql, query);
	prismiq_sql_text(sql, "\n  FROM (SELECT ");
	each_group_column(sql, query, print_selected);
	prismiq_print_column(sql, query->top->by->answer->column);
	prismiq_sql_text(sql, " AS m");
	prismiq_print_rows(sql, query);
	each_group_column(sql, query, print_position);
	if (query->having != NULL && !PrismiqHasBuckets(query))
	{
		prismiq_sql_text(sql, "\n  HAVING ");
		prismiq_print_condition(sql, query->having);
	}
	prismiq_sql_text(sql, ") AS q)");
	sql->ranking = false;
	prismiq_rows_end(sql, before);
}
