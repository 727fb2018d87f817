/*-------------------------------------------------------------------------
 *
 * lower.c
 *	  The safety walker over expressions: from what was written to a tree of
 *	  columns, constants, operators and functions by OID, or a fault with its
 *	  place in the text.
 *
 * The twin of print/print_expr.c, which prints exactly the nodes that are
 * made here and decides nothing.  What is not listed here, in expr_operators.c,
 * expr_functions.c, expr_dates.c or expr_aggregates.c cannot be printed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/expr.h"
#include "model/literal.h"
#include "value/value.h"

/* A number, in the narrowest of integer, bigint and numeric that holds it. */
static PrismiqExpr *
lower_number(PrismiqLower *lower, PrismiqExpr *written)
{
	static const Oid types[] = {INT4OID, INT8OID, NUMERICOID};
	PrismiqCheck *check = lower->check;
	PrismiqFaults *faults = check->faults;
	const char *text = written->literal->text;
	bool		integer = strspn(text, "-0123456789") == strlen(text);
	PrismiqFaults ignored = {NIL, NIL};
	PrismiqConst *value = NULL;
	PrismiqExpr *expr;
	int			i;

	check->faults = &ignored;
	for (i = integer ? 0 : 2; value == NULL && i < lengthof(types); i++)
	{
		Oid			cast = InvalidOid;

		value = prismiq_value_read(check, written->literal, types[i], &cast);
		if (OidIsValid(cast))
			value = NULL;		/* out of range */
	}
	check->faults = faults;
	if (value == NULL && ignored.errors != NIL &&
		((const PrismiqFault *) llast(ignored.errors))->code == PRISMIQ_TOO_COMPLEX)
		return prismiq_expr_fault(lower, PRISMIQ_TOO_COMPLEX, written->position, NULL,
								  "a number has at most %d digits", PRISMIQ_MAX_DIGITS);
	if (value == NULL)
		return prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, written->position, NULL,
								  "number out of range");
	expr = prismiq_expr_const(lower, written->position, value);
	expr->literal = written->literal;
	return expr;
}

/* A literal; the type of a text or null is left open. */
static PrismiqExpr *
lower_literal(PrismiqLower *lower, PrismiqExpr *written)
{
	const char *text = written->literal->text;
	PrismiqExpr *expr;

	switch (written->literal->kind)
	{
		case PRISMIQ_LITERAL_NUMBER:
			return lower_number(lower, written);
		case PRISMIQ_LITERAL_BOOLEAN:
			return prismiq_expr_const(lower, written->position,
									  prismiq_const_make(BOOLOID,
														 BoolGetDatum(text[0] == 't')));
		default:
			expr = prismiq_expr_make(lower, PRISMIQ_EXPR_LITERAL, written->position, UNKNOWNOID,
									 NIL);
			expr->literal = written->literal;
			return expr;
	}
}

/* Where a boolean is needed: a 0 or 1 as it is written is one, no other number. */
PrismiqExpr *
prismiq_lower_condition(PrismiqLower *lower, PrismiqExpr *written)
{
	PrismiqExpr *expr = prismiq_lower_expr(lower, written);

	if (expr != NULL && expr->type != BOOLOID && expr->type != UNKNOWNOID)
		return prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, expr->position,
								  "Compare it with something.",
								  "expected a condition, found a value of type %s",
								  prismiq_type_name(expr->type));
	return prismiq_expr_to(lower, expr, BOOLOID);
}

/* Several expressions. */
List *
prismiq_lower_list(PrismiqLower *lower, const List *written)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, written)
		result = lappend(result, prismiq_lower_expr(lower, (PrismiqExpr *) lfirst(lc)));
	return result;
}

/* case: conditions and results, which have one type. */
static PrismiqExpr *
lower_case(PrismiqLower *lower, PrismiqExpr *written)
{
	PrismiqExpr *operand = NULL;
	List	   *conditions = NIL;
	List	   *results = NIL;
	List	   *args = NIL;
	int			i = 0;
	int			count = list_length(written->args);
	Oid			type;

	if (written->has_operand)
	{
		operand = prismiq_lower_expr(lower, (PrismiqExpr *) linitial(written->args));
		i = 1;
	}
	for (; i + 1 < count; i += 2)
	{
		PrismiqExpr *condition = (PrismiqExpr *) list_nth(written->args, i);

		if (written->has_operand)
			condition = prismiq_lower_equal(lower, condition->position, operand,
											prismiq_lower_expr(lower, condition));
		else
			condition = prismiq_lower_condition(lower, condition);
		conditions = lappend(conditions, condition);
		results = lappend(results, prismiq_lower_expr(lower, list_nth(written->args, i + 1)));
	}
	if (i < count)
		results = lappend(results, prismiq_lower_expr(lower, list_nth(written->args, i)));
	type = prismiq_expr_common(lower, written->position, results);
	if (!OidIsValid(type))
		return NULL;
	results = prismiq_expr_all_to(lower, results, type);
	for (i = 0; i < list_length(results); i++)
	{
		if (i < list_length(conditions))
			args = lappend(args, list_nth(conditions, i));
		args = lappend(args, list_nth(results, i));
	}
	return prismiq_expr_make(lower, PRISMIQ_EXPR_CASE, written->position, type, args);
}

/* Lower any expression; null after a fault. */
PrismiqExpr *
prismiq_lower_expr(PrismiqLower *lower, PrismiqExpr *written)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	switch (written->kind)
	{
		case PRISMIQ_EXPR_REF:
			return prismiq_lower_ref(lower, written);
		case PRISMIQ_EXPR_LITERAL:
			return lower_literal(lower, written);
		case PRISMIQ_EXPR_WRITTEN_OP:
			return prismiq_lower_operator(lower, written);
		case PRISMIQ_EXPR_CALL:
			return prismiq_lower_call(lower, written);
		case PRISMIQ_EXPR_WRITTEN_CASE:
			return lower_case(lower, written);
		default:
			elog(ERROR, "unexpected expression kind %d", (int) written->kind);
	}
}
