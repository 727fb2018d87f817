/*-------------------------------------------------------------------------
 *
 * made_up.c
 *	  The rows that an outer join makes up, which no aggregate sees.
 *
 * Where an outer join finds no row of a table it makes one up, of nulls.  What
 * is aggregated of it is null too, and most aggregates ignore nulls; but a
 * count of rows would count it, a list would show it, and an expression need
 * not be null (coalesce(x, 0), x is null).  So such an aggregate is told which
 * tables its values are from, and looks only at joined rows in which one of
 * them at least has a row of its own: a column of ours, true in every row of
 * the table, says so (the marker).
 *
 * Values of several tables are the answer's own business: the amount of an
 * order less its discount, if it has one, counts for an order without one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "miscadmin.h"

#include "access/context.h"
#include "join/join.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"

/*
 * The tables one of which has to have a row; none when the rows of one of them
 * are never made up, or when there are no tables.
 */
static List *
tables_to_be_there(const PrismiqQuery *query, const Bitmapset *tables)
{
	List	   *result = NIL;
	int			index = -1;
	ListCell   *lc;

	while ((index = bms_next_member(tables, index)) >= 0)
	{
		PrismiqTable *table = (PrismiqTable *) list_nth(query->tables, index);

		if (!table->nullable)
			return NIL;
		result = lappend(result, table);
	}
	foreach(lc, result)
		((PrismiqTable *) lfirst(lc))->marker = true;
	return result;
}

/*
 * Does the aggregate ignore nulls?  PostgreSQL's own do, but for lists; of
 * others it is not known.
 */
static bool
ignores_nulls(const PrismiqColumn *column)
{
	return column->aggregation != PRISMIQ_AGG_ARRAY_AGG && column->sketch == NULL &&
		column->aggfn < FirstNormalObjectId;
}

/* One aggregate of a measure that is an expression. */
static bool
check_aggregate(PrismiqExpr *expr, void *arg)
{
	const PrismiqExpr *value = expr->args != NIL ? (const PrismiqExpr *) linitial(expr->args) :
		NULL;

	if (expr->kind != PRISMIQ_EXPR_AGGREGATE || expr->real != NIL)
		return false;
	if (value != NULL && value->kind == PRISMIQ_EXPR_COLUMN &&
		expr->function < FirstNormalObjectId)
		return false;
	expr->real = tables_to_be_there((const PrismiqQuery *) arg, prismiq_aggregate_tables(expr));
	return false;
}

/* Give a measure the tables one of which must have a row of its own. */
static void
check_measure(PrismiqQuery *query, PrismiqColumn *column)
{
	PrismiqColumnRef *ref = column->ref;

	if (column->aggregation == PRISMIQ_AGG_EXPRESSION)
		(void) prismiq_expr_walk(ref->expr, check_aggregate, query);
	else if (!PrismiqColumnIsDimension(column) &&
			 (ref->star || ref->expr != NULL || !ignores_nulls(column)))
		column->real = tables_to_be_there(query, prismiq_argument_tables(column));
}

/* Every measure of the answer and of having; the joins are known. */
void
prismiq_check_made_up(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		CHECK_FOR_INTERRUPTS();
		check_measure(query, (PrismiqColumn *) lfirst(lc));
	}
	foreach(lc, query->having_measures)
		check_measure(query, (PrismiqColumn *) lfirst(lc));
}
