/*-------------------------------------------------------------------------
 *
 * expr_operators.c
 *	  Operators of expressions.
 *
 * Integers are added and subtracted as bigint; the product of two bigints is
 * numeric; "/" is never integer division; "/" and "%" by zero are null.  A
 * comparison with a null that was written is a null test.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/lsyscache.h"

#include "base/fault.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/literal.h"
#include "model/words.h"
#include "value/value.h"

static const char *const op_names[] = {
	[PRISMIQ_EXPR_OP_ADD] = "+",
	[PRISMIQ_EXPR_OP_SUB] = "-",
	[PRISMIQ_EXPR_OP_MUL] = "*",
	[PRISMIQ_EXPR_OP_DIV] = "/",
	[PRISMIQ_EXPR_OP_MOD] = "%",
};

/* Is it null as it was written? */
static bool
is_written_null(const PrismiqExpr *expr)
{
	return expr->type == UNKNOWNOID && expr->literal->kind == PRISMIQ_LITERAL_NULL;
}

/* Note that an operator has no meaning for its operands. */
static PrismiqExpr *
no_operator(PrismiqLower *lower, int position, const char *name, const PrismiqExpr *left,
			const PrismiqExpr *right)
{
	return prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, position, NULL,
							  "operator %s does not go with types %s and %s", name,
							  prismiq_type_name(left->type == UNKNOWNOID ? TEXTOID : left->type),
							  prismiq_type_name(right->type == UNKNOWNOID ? TEXTOID : right->type));
}

/* nullif(divisor, 0) */
static PrismiqExpr *
null_if_zero(PrismiqLower *lower, PrismiqExpr *divisor)
{
	PrismiqExpr *zero;

	if (divisor == NULL || prismiq_expr_is_nonzero(divisor))
		return divisor;
	zero = prismiq_expr_number(lower, divisor->position, 0, divisor->type);
	return prismiq_expr_nullif(lower, divisor->position,
							   prismiq_comparison_operator(divisor->type, PRISMIQ_OP_EQ),
							   divisor->type, list_make2(divisor, zero));
}

/* a % b, null when b is zero. */
PrismiqExpr *
prismiq_lower_modulo(PrismiqLower *lower, int position, PrismiqExpr *left, PrismiqExpr *right)
{
	Oid			type;

	left = prismiq_expr_to_number(lower, left);
	right = prismiq_expr_to_number(lower, right);
	if (left == NULL || right == NULL)
		return NULL;
	type = prismiq_number_rank(left->type) > 3 || prismiq_number_rank(right->type) > 3 ?
		NUMERICOID : INT8OID;
	return prismiq_expr_operator(lower, position, "%", prismiq_expr_cast(lower, left, type),
								 null_if_zero(lower, prismiq_expr_cast(lower, right, type)));
}

/* + - * / of two numbers. */
static PrismiqExpr *
number_arithmetic(PrismiqLower *lower, int position, PrismiqExprOp op, PrismiqExpr *left,
				  PrismiqExpr *right)
{
	int			rank;
	Oid			type;

	left = prismiq_expr_to_number(lower, left);
	right = prismiq_expr_to_number(lower, right);
	if (left == NULL || right == NULL)
		return NULL;
	rank = Max(prismiq_number_rank(left->type), prismiq_number_rank(right->type));
	if (rank > 4)
		type = FLOAT8OID;
	else if (rank == 4 || op == PRISMIQ_EXPR_OP_DIV ||
			 (rank == 3 && op == PRISMIQ_EXPR_OP_MUL))
		type = NUMERICOID;
	else
		type = INT8OID;
	left = prismiq_expr_cast(lower, left, type);
	right = prismiq_expr_cast(lower, right, type);
	if (op == PRISMIQ_EXPR_OP_DIV)
		right = null_if_zero(lower, right);
	return prismiq_expr_operator(lower, position, op_names[op], left, right);
}

/* interval * number, number * interval, interval / number. */
static PrismiqExpr *
scale_interval(PrismiqLower *lower, int position, PrismiqExprOp op, PrismiqExpr *left,
			   PrismiqExpr *right)
{
	PrismiqExpr *interval = left->type == INTERVALOID ? left : right;
	PrismiqExpr *factor = left->type == INTERVALOID ? right : left;

	if ((op != PRISMIQ_EXPR_OP_MUL && (op != PRISMIQ_EXPR_OP_DIV || interval != left)) ||
		factor->type == INTERVALOID)
		return no_operator(lower, position, op_names[op], left, right);
	factor = prismiq_expr_cast(lower, prismiq_expr_to_number(lower, factor), FLOAT8OID);
	if (op == PRISMIQ_EXPR_OP_DIV)
		factor = null_if_zero(lower, factor);
	return prismiq_expr_operator(lower, position, op_names[op], interval, factor);
}

/* A date or timestamp and what is added to, or taken from, it. */
static PrismiqExpr *
time_arithmetic(PrismiqLower *lower, int position, PrismiqExprOp op, PrismiqExpr *left,
				PrismiqExpr *right)
{
	bool		left_time = prismiq_type_is_time(left->type);
	bool		right_time = prismiq_type_is_time(right->type);
	bool		subtract = op == PRISMIQ_EXPR_OP_SUB;
	PrismiqExpr *time = left_time ? left : right;
	PrismiqExpr *step = left_time ? right : left;
	Oid			type;

	if (subtract && (left_time || left->type == UNKNOWNOID) &&
		(right_time || right->type == UNKNOWNOID))
	{
		left = prismiq_expr_to_time(lower, left);
		right = prismiq_expr_to_time(lower, right);
		type = prismiq_expr_common(lower, position, list_make2(left, right));
		if (!OidIsValid(type))
			return NULL;
		left = prismiq_expr_to(lower, left, type);
		right = prismiq_expr_to(lower, right, type);
		return prismiq_expr_when_finite(lower, right, left,
										prismiq_expr_operator(lower, position, "-", left, right));
	}
	if ((op != PRISMIQ_EXPR_OP_ADD && (!subtract || !left_time)) ||
		(left_time && right_time))
		return no_operator(lower, position, op_names[op], left, right);
	if (step->type == UNKNOWNOID)
		step = prismiq_expr_to(lower, step, INTERVALOID);
	if (step == NULL)
		return NULL;
	if (step->type == INTERVALOID)
		return prismiq_expr_add_interval(lower, time, step, subtract);
	if (prismiq_number_rank(step->type) > 0)
		return prismiq_expr_add_days(lower, time, step, subtract);
	return no_operator(lower, position, op_names[op], left, right);
}

/* + - * / % */
static PrismiqExpr *
lower_arithmetic(PrismiqLower *lower, PrismiqExpr *written)
{
	PrismiqExpr *left = prismiq_lower_expr(lower, (PrismiqExpr *) linitial(written->args));
	PrismiqExpr *right = prismiq_lower_expr(lower, (PrismiqExpr *) lsecond(written->args));
	PrismiqExprOp op = written->op;
	int			position = written->position;
	bool		additive = op == PRISMIQ_EXPR_OP_ADD || op == PRISMIQ_EXPR_OP_SUB;

	if (left == NULL || right == NULL)
		return NULL;
	if (prismiq_type_is_time(left->type) || prismiq_type_is_time(right->type))
		return time_arithmetic(lower, position, op, left, right);
	if (left->type == INTERVALOID || right->type == INTERVALOID)
	{
		if (additive && (left->type == INTERVALOID || left->type == UNKNOWNOID) &&
			(right->type == INTERVALOID || right->type == UNKNOWNOID))
			return prismiq_expr_operator(lower, position, op_names[op],
										 prismiq_expr_to(lower, left, INTERVALOID),
										 prismiq_expr_to(lower, right, INTERVALOID));
		return scale_interval(lower, position, op, left, right);
	}
	if ((prismiq_number_rank(left->type) == 0 && left->type != UNKNOWNOID) ||
		(prismiq_number_rank(right->type) == 0 && right->type != UNKNOWNOID))
		return no_operator(lower, position, op_names[op], left, right);
	if (op == PRISMIQ_EXPR_OP_MOD)
		return prismiq_lower_modulo(lower, position, left, right);
	return number_arithmetic(lower, position, op, left, right);
}

/* -a */
static PrismiqExpr *
lower_negation(PrismiqLower *lower, PrismiqExpr *written)
{
	PrismiqExpr *arg = prismiq_lower_expr(lower, (PrismiqExpr *) linitial(written->args));

	if (arg == NULL)
		return NULL;
	if (arg->type == INTERVALOID)
		return scale_interval(lower, written->position, PRISMIQ_EXPR_OP_MUL, arg,
							  prismiq_expr_integer(lower, written->position, -1));
	return number_arithmetic(lower, written->position, PRISMIQ_EXPR_OP_SUB,
							 prismiq_expr_integer(lower, written->position, 0), arg);
}

/* a || b || c: text, null when one of them is. */
static PrismiqExpr *
lower_concat(PrismiqLower *lower, PrismiqExpr *written)
{
	PrismiqExpr *result = NULL;
	ListCell   *lc;

	foreach(lc, written->args)
	{
		PrismiqExpr *arg = prismiq_lower_expr(lower, (PrismiqExpr *) lfirst(lc));

		arg = prismiq_expr_convert(lower, arg, PRISMIQ_FIELD_TEXT);
		if (lc == list_head(written->args))
			result = arg;
		else
			result = prismiq_expr_operator(lower, written->position, "||", result, arg);
	}
	return result;
}

/* IS NULL takes any type, so nothing says what an untyped literal is: it is text. */
static PrismiqExpr *
null_test(PrismiqLower *lower, int position, PrismiqExpr *arg, bool negated)
{
	return prismiq_expr_make(lower, negated ? PRISMIQ_EXPR_IS_NOT_NULL : PRISMIQ_EXPR_IS_NULL,
							 position, BOOLOID, list_make1(prismiq_expr_settle(lower, arg)));
}

/* == != < <= > >= */
static PrismiqExpr *
lower_comparison(PrismiqLower *lower, PrismiqExpr *written)
{
	static const PrismiqOperator ops[] = {
		[PRISMIQ_EXPR_OP_EQ] = PRISMIQ_OP_EQ,
		[PRISMIQ_EXPR_OP_NE] = PRISMIQ_OP_NEQ,
		[PRISMIQ_EXPR_OP_LT] = PRISMIQ_OP_LT,
		[PRISMIQ_EXPR_OP_LE] = PRISMIQ_OP_LTE,
		[PRISMIQ_EXPR_OP_GT] = PRISMIQ_OP_GT,
		[PRISMIQ_EXPR_OP_GE] = PRISMIQ_OP_GTE,
	};
	PrismiqExpr *left = prismiq_lower_expr(lower, (PrismiqExpr *) linitial(written->args));
	PrismiqExpr *right = prismiq_lower_expr(lower, (PrismiqExpr *) lsecond(written->args));
	bool		negated = written->op == PRISMIQ_EXPR_OP_NE;

	if (left == NULL || right == NULL)
		return NULL;
	if (negated || written->op == PRISMIQ_EXPR_OP_EQ)
	{
		if (is_written_null(right))
			return null_test(lower, written->position, left, negated);
		if (is_written_null(left))
			return null_test(lower, written->position, right, negated);
	}
	return prismiq_expr_compare(lower, written->position, ops[written->op], left, right);
}

/* not a */
static PrismiqExpr *
negate(PrismiqLower *lower, int position, PrismiqExpr *arg)
{
	return prismiq_expr_make(lower, PRISMIQ_EXPR_NOT, position, BOOLOID, list_make1(arg));
}

/* and, or, not */
static PrismiqExpr *
lower_logic(PrismiqLower *lower, PrismiqExpr *written)
{
	List	   *args = NIL;
	ListCell   *lc;

	foreach(lc, written->args)
		args = lappend(args, prismiq_lower_condition(lower, (PrismiqExpr *) lfirst(lc)));
	return prismiq_expr_make(lower, written->op == PRISMIQ_EXPR_OP_AND ? PRISMIQ_EXPR_AND :
							 written->op == PRISMIQ_EXPR_OP_OR ? PRISMIQ_EXPR_OR :
							 PRISMIQ_EXPR_NOT, written->position, BOOLOID, args);
}

/*
 * a [not] in (...).  A null in the list is a null test, so that "not in" with
 * one does not match nothing.
 */
static PrismiqExpr *
lower_in(PrismiqLower *lower, PrismiqExpr *written)
{
	List	   *all = prismiq_lower_list(lower, written->args);
	List	   *args = NIL;
	bool		has_null = false;
	PrismiqExpr *expr = NULL;
	Oid			type;
	ListCell   *lc;

	foreach(lc, all)
	{
		PrismiqExpr *arg = (PrismiqExpr *) lfirst(lc);

		if (arg == NULL)
			return NULL;
		if (args != NIL && is_written_null(arg))
			has_null = true;
		else
			args = lappend(args, arg);
	}
	if (list_length(all) < 2)
		return prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, written->position, NULL,
								  "the list of \"in\" is empty");
	if (list_length(args) > 1)
	{
		type = prismiq_expr_common(lower, written->position, args);
		if (!OidIsValid(type))
			return NULL;
		if (!OidIsValid(prismiq_comparison_operator(type, PRISMIQ_OP_EQ)) ||
			!OidIsValid(get_array_type(type)))
			return prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, written->position, NULL,
									  "values of type %s cannot be compared so",
									  prismiq_type_name(type));
		expr = prismiq_expr_make(lower, PRISMIQ_EXPR_ANY, written->position, BOOLOID,
								 prismiq_expr_all_to(lower, args, type));
		if (expr == NULL)
			return NULL;
		expr->function = prismiq_comparison_operator(type, PRISMIQ_OP_EQ);
	}
	if (has_null)
	{
		PrismiqExpr *test = null_test(lower, written->position, (PrismiqExpr *) linitial(args),
									  false);

		expr = expr == NULL ? test : prismiq_expr_make(lower, PRISMIQ_EXPR_OR, written->position,
													   BOOLOID, list_make2(expr, test));
	}
	return written->negated ? negate(lower, written->position, expr) : expr;
}

/* a [not] between b and c */
static PrismiqExpr *
lower_between(PrismiqLower *lower, PrismiqExpr *written)
{
	List	   *args = prismiq_lower_list(lower, written->args);
	Oid			type = prismiq_expr_common(lower, written->position, args);
	PrismiqExpr *expr;

	if (!OidIsValid(type))
		return NULL;
	args = prismiq_expr_all_to(lower, args, type);
	if (linitial(args) == NULL || lsecond(args) == NULL || lthird(args) == NULL)
		return NULL;
	expr = prismiq_expr_make(lower, PRISMIQ_EXPR_AND, written->position, BOOLOID,
							 list_make2(prismiq_expr_compare(lower, written->position,
															 PRISMIQ_OP_GTE, linitial(args),
															 lsecond(args)),
										prismiq_expr_compare(lower, written->position,
															 PRISMIQ_OP_LTE, linitial(args),
															 lthird(args))));
	return written->negated ? negate(lower, written->position, expr) : expr;
}

/* May a pattern that was written be so long? */
bool
prismiq_expr_pattern_fits(PrismiqLower *lower, const PrismiqExpr *pattern)
{
	if (prismiq_pattern_fits(pattern->literal->text))
		return true;
	(void) prismiq_expr_fault(lower, PRISMIQ_TOO_COMPLEX, pattern->position, NULL,
							  "the pattern is longer than %d characters", PRISMIQ_MAX_PATTERN);
	return false;
}

/* a [not] like b; a pattern that was written must not end in a lone backslash. */
static PrismiqExpr *
lower_like(PrismiqLower *lower, PrismiqExpr *written)
{
	PrismiqExpr *left = prismiq_lower_expr(lower, (PrismiqExpr *) linitial(written->args));
	PrismiqExpr *right = prismiq_lower_expr(lower, (PrismiqExpr *) lsecond(written->args));
	PrismiqExpr *expr;

	if (left == NULL || right == NULL)
		return NULL;
	if (right->type == UNKNOWNOID && right->literal->text != NULL)
	{
		size_t		len = strlen(right->literal->text);
		int			backslashes = 0;

		if (!prismiq_expr_pattern_fits(lower, right))
			return NULL;
		while (len > 0 && right->literal->text[--len] == '\\')
			backslashes++;
		if (backslashes % 2 == 1)
			return prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, right->position,
									  "Write two backslashes for a backslash.",
									  "the pattern ends in a lone backslash");
	}
	left = prismiq_expr_plain_text(lower, left);
	right = prismiq_expr_plain_text(lower, right);
	expr = prismiq_expr_operator(lower, written->position, "~~", left, right);
	return written->negated ? negate(lower, written->position, expr) : expr;
}

/* Which of the above makes an operator that was written. */
PrismiqExpr *
prismiq_lower_operator(PrismiqLower *lower, PrismiqExpr *written)
{
	switch (written->op)
	{
		case PRISMIQ_EXPR_OP_ADD:
		case PRISMIQ_EXPR_OP_SUB:
		case PRISMIQ_EXPR_OP_MUL:
		case PRISMIQ_EXPR_OP_DIV:
		case PRISMIQ_EXPR_OP_MOD:
			return lower_arithmetic(lower, written);
		case PRISMIQ_EXPR_OP_NEG:
			return lower_negation(lower, written);
		case PRISMIQ_EXPR_OP_CONCAT:
			return lower_concat(lower, written);
		case PRISMIQ_EXPR_OP_EQ:
		case PRISMIQ_EXPR_OP_NE:
		case PRISMIQ_EXPR_OP_LT:
		case PRISMIQ_EXPR_OP_LE:
		case PRISMIQ_EXPR_OP_GT:
		case PRISMIQ_EXPR_OP_GE:
			return lower_comparison(lower, written);
		case PRISMIQ_EXPR_OP_AND:
		case PRISMIQ_EXPR_OP_OR:
		case PRISMIQ_EXPR_OP_NOT:
			return lower_logic(lower, written);
		case PRISMIQ_EXPR_OP_IN:
			return lower_in(lower, written);
		case PRISMIQ_EXPR_OP_BETWEEN:
			return lower_between(lower, written);
		case PRISMIQ_EXPR_OP_LIKE:
			return lower_like(lower, written);
		case PRISMIQ_EXPR_OP_IS_NULL:
			return null_test(lower, written->position,
							 prismiq_lower_expr(lower, (PrismiqExpr *) linitial(written->args)),
							 written->negated);
	}
	elog(ERROR, "unexpected operator %d in an expression", (int) written->op);
}
