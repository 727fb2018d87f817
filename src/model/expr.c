/*-------------------------------------------------------------------------
 *
 * expr.c
 *	  The walker over lowered expressions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "model/expr.h"

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
