/*-------------------------------------------------------------------------
 *
 * expr_sizes.c
 *	  How large the values of an expression may become, and how much work
 *	  they are.
 *
 * The executor evaluates all expressions of a row without looking for an
 * interrupt, and keeps every value until the row is done.  One product of two
 * numbers of 65,000 digits takes 200 ms, and replace() in replace() makes a
 * gigabyte out of a few kilobytes.  So both are reckoned while an expression
 * is lowered: the digits of a number, the bytes of a text, the work of making
 * them (in products of two digits, which is about 1 ns for 20), each with those
 * of the values that it is made from.  What a column holds is not known here:
 * it counts as the constants below say, and so the figures are no upper bound
 * where rows hold huge values themselves.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/memutils.h"

#include <math.h>

#include "utils/builtins.h"

#include "access/context.h"
#include "base/compat.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/expr.h"
#include "model/literal.h"
#include "value/value.h"

/* What a value of a column counts as. */
#define COLUMN_DIGITS 50
#define INTEGER_DIGITS 20		/* of a float too */
#define COLUMN_BYTES 1000

/* Digits of a number that is read from a column's text, and from any other. */
#define READ_DIGITS 1000
#define MADE_DIGITS 10000

/* power() with an exponent that is not known may take 200 ms and more. */
#define POWER_WORK 4e8

/* exp() of a numeric: what it puts out, and the work. */
#define EXP_DIGITS 2700
#define EXP_WORK 1e8

/* Series of terms: ln(), log(), for each pair of digits. */
#define SERIES_WORK 200

/* A list of values in one text: an aggregate's. */
#define LIST_LENGTH 100

/* The digits or bytes of a value of a type of which nothing else is known. */
static void
measure_unknown(PrismiqExpr *expr)
{
	if (expr->type == NUMERICOID)
		expr->digits = COLUMN_DIGITS;
	else if (prismiq_number_rank(expr->type) > 0)
		expr->digits = INTEGER_DIGITS;
	else
		expr->bytes = COLUMN_BYTES;
}

/* A constant is as large as it is written, and takes as much work. */
void
prismiq_expr_measure_const(PrismiqExpr *expr)
{
	const PrismiqConst *value = expr->value;

	if (value->isnull)
		expr->digits = expr->bytes = 0;
	else if (value->type == NUMERICOID)
		expr->digits = prismiq_count_digits(DatumGetCString(DirectFunctionCall1(numeric_out,
																				 value->value)));
	else if (value->type == TEXTOID)
		expr->bytes = VARSIZE_ANY_EXHDR(DatumGetPointer(value->value));
	expr->work = expr->memory = expr->digits + expr->bytes;
}

/* arg::type */
static void
measure_cast(PrismiqExpr *expr, const PrismiqExpr *arg)
{
	if (prismiq_type_is_text(expr->type))
		expr->bytes = prismiq_type_is_text(arg->type) ? arg->bytes :
			prismiq_number_rank(arg->type) > 0 ? arg->digits + 10 : 100;
	else if (expr->type != NUMERICOID)
		measure_unknown(expr);
	else if (prismiq_number_rank(arg->type) > 0)
		expr->digits = arg->digits;
	else
		expr->digits = arg->kind == PRISMIQ_EXPR_COLUMN ? READ_DIGITS : MADE_DIGITS;
}

/*
 * A new node, whose work and memory are those of its arguments and its own.
 * The largest argument is what it may become; functions and operators that
 * make more of them are measured again when their names are known.
 */
void
prismiq_expr_measure(PrismiqExpr *expr)
{
	ListCell   *lc;

	if (expr->args == NIL)
		measure_unknown(expr);
	foreach(lc, expr->args)
	{
		const PrismiqExpr *arg = (const PrismiqExpr *) lfirst(lc);

		expr->work += arg->work;
		expr->memory += arg->memory;
		if (expr->type == BOOLOID)
			continue;
		expr->digits = Max(expr->digits, arg->digits);
		expr->bytes = Max(expr->bytes, arg->bytes);
	}
	if (expr->type != NUMERICOID && prismiq_number_rank(expr->type) > 0)
		expr->digits = INTEGER_DIGITS;
	if (prismiq_number_rank(expr->type) > 0)
		expr->bytes = 0;
	if (expr->kind == PRISMIQ_EXPR_CAST)
		measure_cast(expr, (const PrismiqExpr *) linitial(expr->args));
	else if (expr->kind == PRISMIQ_EXPR_AGGREGATE)
	{
		expr->bytes *= LIST_LENGTH;
		expr->digits += 20;
	}
	expr->work += expr->digits + expr->bytes;
	expr->memory += expr->digits + expr->bytes;
}

/* The node became larger than was thought; digits have a bound, and so have bytes. */
static void
grow(PrismiqExpr *expr, double digits, double bytes, double work)
{
	digits = Min(digits, PRISMIQ_NUMERIC_DIGITS);
	bytes = Min(bytes, (double) MaxAllocSize);
	expr->work += work + Max(bytes - expr->bytes, 0);
	expr->memory += Max(digits - expr->digits, 0) + Max(bytes - expr->bytes, 0);
	expr->digits = digits;
	expr->bytes = bytes;
}

/* An operator over two arguments. */
void
prismiq_expr_measure_operator(PrismiqExpr *expr, const char *name)
{
	const PrismiqExpr *left = (const PrismiqExpr *) linitial(expr->args);
	const PrismiqExpr *right = (const PrismiqExpr *) lsecond(expr->args);
	double		product = left->digits * right->digits;

	if (strcmp(name, "||") == 0)
		grow(expr, 0, left->bytes + right->bytes, 0);
	else if (expr->type != NUMERICOID)
		return;
	else if (strcmp(name, "*") == 0)
		grow(expr, left->digits + right->digits, 0, product);
	else if (strcmp(name, "/") == 0)
		grow(expr, left->digits + right->digits + 20, 0, product);
	else if (strcmp(name, "%") == 0)
		grow(expr, right->digits, 0, product);
	else
		grow(expr, Max(left->digits, right->digits) + 1, 0, 0);
}

/* An integer that was written, or the fallback. */
static double
written_integer(const PrismiqExpr *arg, double fallback)
{
	return arg->kind == PRISMIQ_EXPR_CONST && arg->literal != NULL ?
		fabs(strtod(arg->literal->text, NULL)) : fallback;
}

/* power(a, b) of numerics */
static void
measure_power(PrismiqExpr *expr, const PrismiqExpr *base, const PrismiqExpr *exponent)
{
	double		times = written_integer(exponent, -1);
	double		digits = Min(base->digits * times + 20, PRISMIQ_NUMERIC_DIGITS);

	if (times < 0)
		grow(expr, MADE_DIGITS, 0, POWER_WORK);
	else
		grow(expr, digits, 0, digits * digits);
}

/* replace(a, b, c): each b in a may become a c. */
static void
measure_replace(PrismiqExpr *expr)
{
	const PrismiqExpr *text = (const PrismiqExpr *) linitial(expr->args);
	const PrismiqExpr *part = (const PrismiqExpr *) lsecond(expr->args);
	const PrismiqExpr *by = (const PrismiqExpr *) lthird(expr->args);
	double		least = part->kind == PRISMIQ_EXPR_CONST ? Max(part->bytes, 1) : 1;

	grow(expr, 0, text->bytes * Max(by->bytes / least, 1), 0);
}

/* A function by its name in pg_catalog. */
void
prismiq_expr_measure_function(PrismiqExpr *expr, const char *name)
{
	const PrismiqExpr *first = expr->args != NIL ? (const PrismiqExpr *) linitial(expr->args) :
		NULL;
	const PrismiqExpr *second = list_length(expr->args) > 1 ?
		(const PrismiqExpr *) lsecond(expr->args) : NULL;

	if (strcmp(name, "replace") == 0)
		measure_replace(expr);
	else if (strcmp(name, "upper") == 0 || strcmp(name, "lower") == 0)
		grow(expr, 0, first->bytes * 3, 0);
	else if ((strcmp(name, "left") == 0 || strcmp(name, "right") == 0) && second != NULL)
		grow(expr, 0, Min(first->bytes, written_integer(second, first->bytes) * 4), 0);
	else if (expr->type != NUMERICOID)
		return;
	else if (strcmp(name, "power") == 0)
		measure_power(expr, first, second);
	else if (strcmp(name, "exp") == 0)
		grow(expr, EXP_DIGITS, 0, EXP_WORK);
	else if (strcmp(name, "ln") == 0 || strcmp(name, "log") == 0)
		grow(expr, expr->digits + 20, 0, expr->digits * expr->digits * SERIES_WORK);
	else if (strcmp(name, "sqrt") == 0)
		grow(expr, expr->digits + 20, 0, expr->digits * expr->digits);
	else if (strcmp(name, "round") == 0 || strcmp(name, "trunc") == 0)
		grow(expr, first->digits + Min(second != NULL ? written_integer(second, 2000) : 0, 2000),
			 0, 0);
}

/* A value inside of a document, which may be written in a text of it. */
void
prismiq_expr_measure_inside(PrismiqExpr *expr)
{
	if (expr->type == NUMERICOID)
		grow(expr, READ_DIGITS, 0, READ_DIGITS);
}

/* The same for an expression, which is used once more, and for what it takes of a row. */
bool
prismiq_expr_count_use(PrismiqCheck *check, const PrismiqExpr *expr, const PrismiqPath *path)
{
	PrismiqEffort *effort = check->effort;

	if (!prismiq_effort_nodes(check, expr->size, path))
		return false;
	effort->work += expr->work;
	effort->memory += expr->memory;
	if (effort->work > PRISMIQ_MAX_EFFORT_WORK)
		return prismiq_effort_refuse(check, path, "the expressions calculate with too many digits");
	if (effort->memory > PRISMIQ_MAX_EFFORT_MEMORY)
		return prismiq_effort_refuse(check, path, "the expressions make texts that are too long");
	return true;
}
