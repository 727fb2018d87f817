/*-------------------------------------------------------------------------
 *
 * whole.c
 *	  Which columns of type numeric hold whole numbers: those that are made by
 *	  adding up integers, which PostgreSQL widens to numeric.
 *
 * For those who cannot read more than 53 bits such a column is like one of
 * bigint.  What decides is how a column is made, never the values in it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "catalog/catalogs.h"
#include "model/answer.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/pivot.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/window.h"
#include "model/words.h"

static bool is_whole(const PrismiqExpr *expr);
static bool output_is_whole(const PrismiqQuery *query, const PrismiqOutput *output);

/* Is it a type of integers? */
static bool
is_integer(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID;
}

/* Are all of some arguments whole: every step-th, from the first? */
static bool
are_whole(const List *args, int first, int step)
{
	int			i;

	for (i = first; i < list_length(args); i += step)
		if (!is_whole((const PrismiqExpr *) list_nth(args, i)))
			return false;
	return args != NIL;
}

/* The results of a case: the second of each pair, and the last alone. */
static bool
results_are_whole(const List *args)
{
	return are_whole(args, 1, 2) &&
		(list_length(args) % 2 == 0 || is_whole((const PrismiqExpr *) llast(args)));
}

/* Does a function, an aggregate or what is behind an operator keep numbers whole? */
static bool
keeps_whole(Oid function)
{
	switch (function)
	{
		case F_SUM_INT8:
		case F_SUM_NUMERIC:
		case F_MIN_NUMERIC:
		case F_MAX_NUMERIC:
		case F_NUMERIC_ADD:
		case F_NUMERIC_SUB:
		case F_NUMERIC_MUL:
		case F_NUMERIC_MOD:
		case F_ABS_NUMERIC:
			return true;
		default:
			return false;
	}
}

/* Is a column whole: of integers, or of a definition inside that makes it so? */
static bool
column_is_whole(const PrismiqColumnRef *ref)
{
	return ref->expr != NULL ? is_whole(ref->expr) : is_integer(ref->basetype) || ref->large;
}

/* Is an expression whole, or null? */
static bool
is_whole(const PrismiqExpr *expr)
{
	check_stack_depth();
	if (is_integer(expr->type))
		return true;
	if (expr->type != NUMERICOID)
		return false;
	switch (expr->kind)
	{
		case PRISMIQ_EXPR_CONST:
			return expr->value->isnull ||
				(expr->literal != NULL && strpbrk(expr->literal->text, ".eE") == NULL);
		case PRISMIQ_EXPR_COLUMN:
			return column_is_whole(expr->ref);
		case PRISMIQ_EXPR_OPERATOR:
			return keeps_whole(get_opcode(expr->function)) && are_whole(expr->args, 0, 1);
		case PRISMIQ_EXPR_FUNCTION:
		case PRISMIQ_EXPR_AGGREGATE:
			return keeps_whole(expr->function) && are_whole(expr->args, 0, 1);
		case PRISMIQ_EXPR_CAST:
		case PRISMIQ_EXPR_COALESCE:
		case PRISMIQ_EXPR_GREATEST:
		case PRISMIQ_EXPR_LEAST:
			return are_whole(expr->args, 0, 1);
		case PRISMIQ_EXPR_NULLIF:
			return is_whole((const PrismiqExpr *) linitial(expr->args));
		case PRISMIQ_EXPR_CASE:
			return results_are_whole(expr->args);
		default:
			return false;
	}
}

/* Is a column of the definition, with its aggregation, whole? */
static bool
measure_is_whole(const PrismiqColumn *column)
{
	switch (column->aggregation)
	{
		case PRISMIQ_AGG_NONE:
		case PRISMIQ_AGG_EXPRESSION:
		case PRISMIQ_AGG_SUM:
		case PRISMIQ_AGG_MIN:
		case PRISMIQ_AGG_MAX:
		case PRISMIQ_AGG_FIRST:
		case PRISMIQ_AGG_LAST:
		case PRISMIQ_AGG_MODE:
			return column->fill_line == NULL && column_is_whole(column->ref);
		default:
			return false;
	}
}

/* Is what a window makes of a column whole? */
static bool
window_is_whole(const PrismiqQuery *query, const PrismiqOutput *output)
{
	ListCell   *lc;

	foreach(lc, query->windows)
	{
		const PrismiqWindow *window = (const PrismiqWindow *) lfirst(lc);

		if (window->output != output)
			continue;
		switch (window->function)
		{
			case PRISMIQ_WINDOW_RUNNING_TOTAL:
			case PRISMIQ_WINDOW_DIFFERENCE:
			case PRISMIQ_WINDOW_LAG:
			case PRISMIQ_WINDOW_LEAD:
			case PRISMIQ_WINDOW_FIRST_VALUE:
			case PRISMIQ_WINDOW_LAST_VALUE:
				return output_is_whole(query, window->of->output);
			default:
				return false;
		}
	}
	return false;
}

/* Is the value of the period before, or the change since then, whole? */
static bool
comparison_is_whole(const PrismiqQuery *query, const PrismiqOutput *output)
{
	ListCell   *lc;

	foreach(lc, query->compare->comparisons)
	{
		const PrismiqComparison *comparison = (const PrismiqComparison *) lfirst(lc);

		if (comparison->previous == output || comparison->change == output)
			return output_is_whole(query, comparison->measure);
	}
	return false;
}

/* Has a column of the answer whole numbers only, by how it is made? */
static bool
output_is_whole(const PrismiqQuery *query, const PrismiqOutput *output)
{
	Oid			type = prismiq_base_type(output->type);

	check_stack_depth();
	if (is_integer(type))
		return true;
	switch (output->role)
	{
		case PRISMIQ_ROLE_DIMENSION:
		case PRISMIQ_ROLE_MEASURE:
			return measure_is_whole(output->column);
		case PRISMIQ_ROLE_CELL:
			return output_is_whole(query, query->pivot->value->output);
		case PRISMIQ_ROLE_PREVIOUS:
		case PRISMIQ_ROLE_CHANGE:
			return comparison_is_whole(query, output);
		case PRISMIQ_ROLE_WINDOW:
			return window_is_whole(query, output);
		default:
			return false;
	}
}

/* Has it whole numbers that may have more than 53 bits? */
bool
prismiq_output_is_large(const PrismiqQuery *query, const PrismiqOutput *output)
{
	Oid			type = prismiq_base_type(output->type);

	return type == INT8OID || (type == NUMERICOID && output_is_whole(query, output));
}
