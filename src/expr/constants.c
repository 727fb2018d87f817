/*-------------------------------------------------------------------------
 *
 * constants.c
 *	  What an expression comes to that no row is needed for.
 *
 * The planner would work it out before the first row, by the same functions:
 * strict and immutable ones of the server's own.  What raises an error there
 * raises the same one here, and the door makes the same of it (run/guard.c).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_proc.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/lsyscache.h"

#include "expr/lower.h"
#include "model/expr.h"

/* Is it a function that only depends on its arguments, none of them null? */
static bool
is_plain_function(Oid function, int nargs)
{
	return OidIsValid(function) && function < FirstUnpinnedObjectId &&
		func_volatile(function) == PROVOLATILE_IMMUTABLE && func_strict(function) &&
		!get_func_retset(function) && get_func_nargs(function) == nargs;
}

/* The value of a function of constants. */
static bool
call_function(Oid function, const List *args, Oid collation, Datum *value)
{
	LOCAL_FCINFO(fcinfo, FUNC_MAX_ARGS);
	FmgrInfo	flinfo;
	ListCell   *lc;
	int			i = 0;

	if (!is_plain_function(function, list_length(args)))
		return false;
	fmgr_info(function, &flinfo);
	InitFunctionCallInfoData(*fcinfo, &flinfo, list_length(args), collation, NULL, NULL);
	foreach(lc, args)
	{
		fcinfo->args[i].isnull = false;
		if (!prismiq_expr_evaluate((const PrismiqExpr *) lfirst(lc), &fcinfo->args[i].value))
			return false;
		i++;
	}
	*value = FunctionCallInvoke(fcinfo);
	return !fcinfo->isnull;
}

/* See the header. */
bool
prismiq_expr_evaluate(const PrismiqExpr *expr, Datum *value)
{
	const PrismiqExpr *arg;
	Oid			function;

	check_stack_depth();
	switch (expr->kind)
	{
		case PRISMIQ_EXPR_CONST:
			*value = expr->value->value;
			return !expr->value->isnull;
		case PRISMIQ_EXPR_FUNCTION:
			return call_function(expr->function, expr->args, expr->collation, value);
		case PRISMIQ_EXPR_OPERATOR:
			return call_function(get_opcode(expr->function), expr->args, expr->collation, value);
		case PRISMIQ_EXPR_CAST:
			arg = (const PrismiqExpr *) linitial(expr->args);
			if (find_coercion_pathway(expr->type, arg->type, COERCION_EXPLICIT,
									  &function) != COERCION_PATH_FUNC)
				return false;
			return call_function(function, expr->args, expr->collation, value);
		default:
			return false;
	}
}
