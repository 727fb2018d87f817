/*-------------------------------------------------------------------------
 *
 * expr.c
 *	  Lowered expressions: the walker over them, and of which tables they are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "model/expr.h"
#include "model/table.h"

/*
 * Walk the nodes of a lowered tree, a node before what is below it.  Shared
 * parts are walked as often as they occur; their size is bounded.
 */
bool
prismiq_expr_walk(PrismiqExpr *expr, PrismiqExprWalker walker, void *arg)
{
	ListCell   *lc;

	check_stack_depth();
	if (expr == NULL)
		return false;
	if (walker(expr, arg))
		return true;
	foreach(lc, expr->args)
		if (prismiq_expr_walk((PrismiqExpr *) lfirst(lc), walker, arg))
			return true;
	return prismiq_expr_walk(expr->direct, walker, arg) ||
		prismiq_expr_walk(expr->filter, walker, arg);
}

/* The tables (their indexes) that a column or calculated field is worked out of. */
Bitmapset *
prismiq_ref_tables(const PrismiqColumnRef *ref)
{
	return ref->expr != NULL ? ref->expr->tables : bms_make_singleton(ref->table->index);
}

/* The same of all that an aggregate of a column takes: it may be of two. */
Bitmapset *
prismiq_argument_tables(const PrismiqColumn *column)
{
	Bitmapset  *tables = bms_copy(prismiq_ref_tables(column->ref));

	return column->aggfn_with == NULL ? tables :
		bms_add_members(tables, prismiq_ref_tables(column->aggfn_with));
}

/* The table's column that is meant, or whose elements are; null for a calculated field. */
const PrismiqColumnRef *
prismiq_ref_column(const PrismiqColumnRef *ref)
{
	if (ref->expr == NULL || ref->attnum > 0)
		return ref;
	return ref->expr->kind == PRISMIQ_EXPR_ELEMENT ? ref->expr->ref : NULL;
}

/*
 * The tables whose rows an aggregate of an expression is of: those of its
 * values, or where these have none (a count) those of its condition.
 */
Bitmapset *
prismiq_aggregate_tables(const PrismiqExpr *expr)
{
	Bitmapset  *tables = NULL;
	ListCell   *lc;

	foreach(lc, expr->args)
		tables = bms_add_members(tables, ((const PrismiqExpr *) lfirst(lc))->tables);
	return tables != NULL ? tables : expr->tables;
}
