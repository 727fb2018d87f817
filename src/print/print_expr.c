/*-------------------------------------------------------------------------
 *
 * print_expr.c
 *	  Calculated fields: the twin of expr/lower.c.
 *
 * Every node is printed in parentheses of its own, so that no precedence is
 * ever relied on.  Values are parameters, functions and operators go by their
 * OIDs; nothing that was written in an expression is in the text.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgroids.h"

#include "base/fault.h"
#include "model/expr.h"
#include "model/table.h"
#include "print/print.h"

/* Arguments with something between them. */
static void
print_args(PrismiqSql *sql, const List *args, const char *separator)
{
	ListCell   *lc;

	foreach(lc, args)
	{
		if (lc != list_head(args))
			prismiq_sql_text(sql, separator);
		prismiq_print_expr(sql, (const PrismiqExpr *) lfirst(lc));
	}
}

/* WORD(a, b) */
static void
print_word(PrismiqSql *sql, const char *word, const PrismiqExpr *expr)
{
	prismiq_sql_text(sql, word);
	print_args(sql, expr->args, ", ");
	prismiq_sql_text(sql, ")");
}

/* left op right, of the arguments' types */
static void
print_operator(PrismiqSql *sql, const PrismiqExpr *expr, const char *before_right)
{
	prismiq_print_expr(sql, (const PrismiqExpr *) linitial(expr->args));
	prismiq_sql_operator(sql, expr->function);
	prismiq_sql_text(sql, before_right);
}

/* function(a, b) */
static void
print_function(PrismiqSql *sql, const PrismiqExpr *expr)
{
	prismiq_sql_function(sql, expr->function);
	print_word(sql, "(", expr);
}

/* CASE WHEN a THEN b ... ELSE c END */
static void
print_case(PrismiqSql *sql, const PrismiqExpr *expr)
{
	int			count = list_length(expr->args);
	int			i;

	prismiq_sql_text(sql, "CASE");
	for (i = 0; i + 1 < count; i += 2)
	{
		prismiq_sql_text(sql, " WHEN ");
		prismiq_print_expr(sql, (const PrismiqExpr *) list_nth(expr->args, i));
		prismiq_sql_text(sql, " THEN ");
		prismiq_print_expr(sql, (const PrismiqExpr *) list_nth(expr->args, i + 1));
	}
	if (i < count)
	{
		prismiq_sql_text(sql, " ELSE ");
		prismiq_print_expr(sql, (const PrismiqExpr *) list_nth(expr->args, i));
	}
	prismiq_sql_text(sql, " END");
}

/* An argument as a value of its base type: a column's domain, handed on by COALESCE too, goes. */
static void
print_based(PrismiqSql *sql, const PrismiqExpr *expr)
{
	prismiq_print_expr(sql, expr);
	if (expr->kind == PRISMIQ_EXPR_CONST || expr->kind == PRISMIQ_EXPR_OPERATOR ||
		expr->kind == PRISMIQ_EXPR_FUNCTION || expr->kind == PRISMIQ_EXPR_CAST ||
		(expr->kind == PRISMIQ_EXPR_COLUMN && expr->ref->type == expr->ref->basetype))
		return;
	prismiq_sql_cast(sql, expr->type);
}

/*
 * NULLIF(a, b) takes "=" by its name, which leads to PostgreSQL's own where
 * that is the first on the search path and fits the types exactly.  Elsewhere
 * array_remove() says the same, by the type's own equality.
 */
static void
print_nullif(PrismiqSql *sql, const PrismiqExpr *expr)
{
	const PrismiqExpr *left = (const PrismiqExpr *) linitial(expr->args);
	const PrismiqExpr *right = (const PrismiqExpr *) lsecond(expr->args);

	if (expr->plain && prismiq_sql_catalog_is_first())
	{
		prismiq_sql_text(sql, "NULLIF(");
		print_based(sql, left);
		prismiq_sql_text(sql, ", ");
		print_based(sql, right);
		prismiq_sql_text(sql, ")");
		sql->operators = list_append_unique_oid(sql->operators, expr->function);
		return;
	}
	prismiq_sql_text(sql, "(");
	prismiq_sql_function(sql, F_ARRAY_REMOVE);
	prismiq_sql_text(sql, "(ARRAY[");
	print_based(sql, left);
	prismiq_sql_text(sql, "], ");
	print_based(sql, right);
	prismiq_sql_text(sql, "))[1]");
}

/* a = ANY (ARRAY[b, c]) */
static void
print_any(PrismiqSql *sql, const PrismiqExpr *expr)
{
	print_operator(sql, expr, "ANY (ARRAY[");
	print_args(sql, list_copy_tail(expr->args, 1), ", ");
	prismiq_sql_text(sql, "])");
}

/* function(values), or function(fraction) WITHIN GROUP (ORDER BY values) */
static void
print_call(PrismiqSql *sql, const PrismiqExpr *expr)
{
	if (expr->direct == NULL)
	{
		prismiq_sql_function(sql, expr->function);
		prismiq_sql_text(sql, expr->distinct ? "(DISTINCT " : "(");
	}
	else
	{
		prismiq_sql_function(sql, expr->function);
		prismiq_sql_text(sql, "(");
		prismiq_print_expr(sql, expr->direct);
		prismiq_sql_text(sql, ") WITHIN GROUP (ORDER BY ");
	}
	print_args(sql, expr->args, ", ");
	prismiq_sql_text(sql, ")");
}

/*
 * An aggregate, of the period at hand where the rows of two are read, of one of each
 * row's repetitions and none that an outer join made up, with the condition of the
 * measure that it is part of and its own.
 */
static void
print_aggregate(PrismiqSql *sql, const PrismiqExpr *expr)
{
	const PrismiqExpr *filter = expr->filter;
	const char *separator = " FILTER (WHERE ";

	if (expr->args == NIL)
	{
		prismiq_sql_function(sql, F_COUNT_);
		prismiq_sql_text(sql, "(*)");
	}
	else
		print_call(sql, expr);
	if (expr->row_once == NULL && expr->real == NIL && filter == NULL &&
		sql->condition == NULL && sql->period == NULL)
		return;
	if (sql->period != NULL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_sql_text(sql, sql->period);
		separator = " AND ";
	}
	if (expr->row_once != NULL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_row_once(sql, expr->row_once);
		separator = " AND ";
	}
	if (expr->real != NIL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_real(sql, expr->real);
		separator = " AND ";
	}
	if (sql->condition != NULL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_sql_text(sql, sql->condition);
		separator = " AND ";
	}
	if (filter != NULL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_expr(sql, filter);
	}
	prismiq_sql_text(sql, ")");
}

/* What is printed as the argument followed by fixed text or a type. */
static void
print_postfix(PrismiqSql *sql, const PrismiqExpr *expr)
{
	prismiq_print_expr(sql, (const PrismiqExpr *) linitial(expr->args));
	switch (expr->kind)
	{
		case PRISMIQ_EXPR_CAST:
			prismiq_sql_cast(sql, expr->type);
			break;
		case PRISMIQ_EXPR_COLLATE:
			prismiq_sql_text(sql, " COLLATE pg_catalog.\"default\"");
			break;
		case PRISMIQ_EXPR_IS_NULL:
			prismiq_sql_text(sql, " IS NULL");
			break;
		default:
			prismiq_sql_text(sql, " IS NOT NULL");
			break;
	}
}

/* Nodes that need parentheses around them. */
static void
print_enclosed(PrismiqSql *sql, const PrismiqExpr *expr)
{
	prismiq_sql_text(sql, "(");
	switch (expr->kind)
	{
		case PRISMIQ_EXPR_OPERATOR:
			print_operator(sql, expr, "");
			prismiq_print_expr(sql, (const PrismiqExpr *) lsecond(expr->args));
			break;
		case PRISMIQ_EXPR_CAST:
		case PRISMIQ_EXPR_COLLATE:
		case PRISMIQ_EXPR_IS_NULL:
		case PRISMIQ_EXPR_IS_NOT_NULL:
			print_postfix(sql, expr);
			break;
		case PRISMIQ_EXPR_AND:
			print_args(sql, expr->args, " AND ");
			break;
		case PRISMIQ_EXPR_OR:
			print_args(sql, expr->args, " OR ");
			break;
		case PRISMIQ_EXPR_NOT:
			prismiq_sql_text(sql, "NOT ");
			print_args(sql, expr->args, "");
			break;
		case PRISMIQ_EXPR_ANY:
			print_any(sql, expr);
			break;
		case PRISMIQ_EXPR_CASE:
			print_case(sql, expr);
			break;
		case PRISMIQ_EXPR_NULLIF:
			print_nullif(sql, expr);
			break;
		default:
			elog(ERROR, "unexpected expression kind %d", (int) expr->kind);
	}
	prismiq_sql_text(sql, ")");
}

/* A column of the answer; what filled its gaps may have made another type of it. */
static void
print_output(PrismiqSql *sql, const PrismiqExpr *expr)
{
	prismiq_print_output_ref(sql, "r.", expr->output);
	if (expr->output->type != expr->type)
		prismiq_sql_cast(sql, expr->type);
}

/* In the statement of the period before, a condition on the date is the one moved back. */
void
prismiq_print_expr(PrismiqSql *sql, const PrismiqExpr *expr)
{
	check_stack_depth();
	if (sql->previous && expr->before != NULL)
		expr = expr->before;
	switch (expr->kind)
	{
		case PRISMIQ_EXPR_COLUMN:
			prismiq_print_ref(sql, expr->ref);
			break;
		case PRISMIQ_EXPR_OUTPUT:
			print_output(sql, expr);
			break;
		case PRISMIQ_EXPR_CONST:
			prismiq_sql_const(sql, expr->value);
			break;
		case PRISMIQ_EXPR_FUNCTION:
			print_function(sql, expr);
			break;
		case PRISMIQ_EXPR_COALESCE:
			print_word(sql, "COALESCE(", expr);
			break;
		case PRISMIQ_EXPR_GREATEST:
			print_word(sql, "GREATEST(", expr);
			break;
		case PRISMIQ_EXPR_LEAST:
			print_word(sql, "LEAST(", expr);
			break;
		case PRISMIQ_EXPR_BUCKET:
			prismiq_print_bucket_of(sql, expr->bucketing, expr->ref);
			break;
		case PRISMIQ_EXPR_AGGREGATE:
			print_aggregate(sql, expr);
			break;
		case PRISMIQ_EXPR_ELEMENT:
			prismiq_sql_text(sql, sql->wrapped ? "j.e" : "e.v");
			break;
		case PRISMIQ_EXPR_ELEMENT_NUMBER:
			prismiq_sql_text(sql, "e.n");
			break;
		default:
			print_enclosed(sql, expr);
			break;
	}
}

/* A column of one of the query's tables, or a calculated field. */
void
prismiq_print_ref(PrismiqSql *sql, const PrismiqColumnRef *ref)
{
	if (ref->ranked)
		prismiq_print_place_of(sql);
	else if (ref->expr != NULL)
		prismiq_print_expr(sql, ref->expr);
	else
		prismiq_print_place(sql, ref->table, ref->attnum, ref->name);
}
