/*-------------------------------------------------------------------------
 *
 * expr_compare.c
 *	  Comparisons of two expressions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "base/fault.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/expr.h"
#include "model/words.h"

/* Two values in a comparison of their common type. */
PrismiqExpr *
prismiq_expr_compare(PrismiqLower *lower, int position, PrismiqOperator op, PrismiqExpr *left,
					 PrismiqExpr *right)
{
	Oid			type = prismiq_expr_common(lower, position, list_make2(left, right));
	PrismiqExpr *expr;
	Oid			function;

	if (!OidIsValid(type))
		return NULL;
	function = prismiq_comparison_operator(type, op);
	if (!OidIsValid(function))
		return prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, position, NULL,
								  "values of type %s cannot be compared so",
								  prismiq_type_name(type));
	expr = prismiq_expr_make(lower, PRISMIQ_EXPR_OPERATOR, position, BOOLOID,
							 list_make2(prismiq_expr_to(lower, left, type),
										prismiq_expr_to(lower, right, type)));
	if (expr != NULL)
		expr->function = function;
	return expr;
}

/* a = b */
PrismiqExpr *
prismiq_lower_equal(PrismiqLower *lower, int position, PrismiqExpr *left, PrismiqExpr *right)
{
	if (left == NULL || right == NULL)
		return NULL;
	return prismiq_expr_compare(lower, position, PRISMIQ_OP_EQ, left, right);
}
