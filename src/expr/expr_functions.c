/*-------------------------------------------------------------------------
 *
 * expr_functions.c
 *	  The functions that an expression may call, and nothing else.
 *
 * Every one has a row in the table below.  A row either names one of
 * PostgreSQL's functions and the kinds of its arguments, or has a function of
 * ours that makes the nodes.  Arguments are made to be of exactly the types
 * that the function is declared with, so that no other one is ever meant.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "regex/regex.h"
#include "utils/lsyscache.h"

#include "base/fault.h"
#include "base/nearest.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/words.h"
#include "value/value.h"

typedef PrismiqExpr *(*Lowerer) (PrismiqLower *lower, PrismiqExpr *written, List *args);

/* What PostgreSQL's function takes an argument as. */
typedef enum ArgumentKind
{
	ARG_TEXT,
	ARG_SEARCHED,				/* a text in which is searched */
	ARG_INTEGER,
	ARG_NUMBER,					/* numeric or double precision; several are of one type */
	ARG_NUMERIC
} ArgumentKind;

/* The most arguments that a function of PostgreSQL's is called with. */
#define MAX_ARGUMENTS 3

typedef struct FunctionRow
{
	const char *name;
	const char *target;			/* PostgreSQL's function; null: "lowerer" makes it */
	ArgumentKind kinds[MAX_ARGUMENTS];	/* of the arguments of "target" */
	int			min;
	int			max;
	Lowerer		lowerer;
} FunctionRow;

/* More arguments than this are refused. */
#define ANY_NUMBER 1000

/* if(c, a, b) and case(c, a, d, b, ..., e) */
static PrismiqExpr *
lower_if(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	PrismiqExpr *expr = palloc(sizeof(PrismiqExpr));

	*expr = *written;
	expr->kind = PRISMIQ_EXPR_WRITTEN_CASE;
	expr->has_operand = false;
	return prismiq_lower_expr(lower, expr);
}

/* coalesce, ifnull, greatest, least: values of one type. */
static PrismiqExpr *
lower_choice(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	Oid			type = prismiq_expr_common(lower, written->position, args);
	PrismiqExprKind kind = PRISMIQ_EXPR_COALESCE;

	if (!OidIsValid(type))
		return NULL;
	if (strcmp(written->name, "greatest") == 0)
		kind = PRISMIQ_EXPR_GREATEST;
	else if (strcmp(written->name, "least") == 0)
		kind = PRISMIQ_EXPR_LEAST;
	if (kind != PRISMIQ_EXPR_COALESCE && !prismiq_type_is_groupable(type))
		return prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, written->position, NULL,
								  "values of type %s cannot be compared so",
								  prismiq_type_name(type));
	return prismiq_expr_make(lower, kind, written->position, type,
							 prismiq_expr_all_to(lower, args, type));
}

/* nullif(a, b) */
static PrismiqExpr *
lower_nullif(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	Oid			type = prismiq_expr_common(lower, written->position, args);
	Oid			equal;

	if (!OidIsValid(type))
		return NULL;
	equal = prismiq_comparison_operator(type, PRISMIQ_OP_EQ);
	if (!OidIsValid(equal))
		return prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, written->position, NULL,
								  "values of type %s cannot be compared so",
								  prismiq_type_name(type));
	return prismiq_expr_nullif(lower, written->position, equal, type,
							   prismiq_expr_all_to(lower, args, type));
}

/* mod(a, b) is a % b. */
static PrismiqExpr *
lower_mod(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	return prismiq_lower_modulo(lower, written->position, (PrismiqExpr *) linitial(args),
								(PrismiqExpr *) lsecond(args));
}

/* log(a), log(base, a) */
static PrismiqExpr *
lower_log(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	List	   *exact = NIL;
	ListCell   *lc;

	foreach(lc, args)
	{
		PrismiqExpr *arg = prismiq_expr_to_exact(lower, (PrismiqExpr *) lfirst(lc));

		exact = lappend(exact, list_length(args) == 1 ? arg :
						prismiq_expr_cast(lower, arg, NUMERICOID));
	}
	return prismiq_expr_function(lower, written->position, "log", exact);
}

/* concat(...): text, in which nulls are nothing. */
static PrismiqExpr *
lower_concat(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	PrismiqExpr *result = NULL;
	ListCell   *lc;

	foreach(lc, args)
	{
		PrismiqExpr *arg = prismiq_expr_convert(lower, (PrismiqExpr *) lfirst(lc),
												PRISMIQ_FIELD_TEXT);

		if (arg == NULL || arg->kind != PRISMIQ_EXPR_CONST || arg->value->isnull)
			arg = prismiq_expr_make(lower, PRISMIQ_EXPR_COALESCE, written->position, TEXTOID,
									list_make2(arg,
											   prismiq_expr_text_const(lower, written->position,
																	   "")));
		if (lc == list_head(args))
			result = arg;
		else
			result = prismiq_expr_operator(lower, written->position, "||", result, arg);
	}
	return result;
}

/* find(part, text): the place of the first from 1, 0 when there is none. */
static PrismiqExpr *
lower_find(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	return prismiq_expr_function(lower, written->position, "strpos",
								 list_make2(prismiq_expr_plain_text(lower, lsecond(args)),
											prismiq_expr_plain_text(lower, linitial(args))));
}

/* starts_with(text, part) */
static PrismiqExpr *
lower_starts_with(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	return prismiq_expr_function(lower, written->position, "starts_with",
								 list_make2(prismiq_expr_plain_text(lower, linitial(args)),
											prismiq_expr_plain_text(lower, lsecond(args))));
}

/* contains(text, part) */
static PrismiqExpr *
lower_contains(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	PrismiqExpr *place = lower_find(lower, written,
									list_make2(lsecond(args), linitial(args)));

	return prismiq_expr_operator(lower, written->position, ">", place,
								 prismiq_expr_integer(lower, written->position, 0));
}

/* ends_with(text, part) */
static PrismiqExpr *
lower_ends_with(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	PrismiqExpr *text = prismiq_expr_plain_text(lower, (PrismiqExpr *) linitial(args));
	PrismiqExpr *part = prismiq_expr_plain_text(lower, (PrismiqExpr *) lsecond(args));
	PrismiqExpr *length = prismiq_expr_function(lower, written->position, "length",
												list_make1(part));
	PrismiqExpr *end = prismiq_expr_function(lower, written->position, "right",
											 list_make2(text, length));

	return prismiq_lower_equal(lower, written->position, end, part);
}

/*
 * Is a pattern a regular expression, and small?  Compiling one may take very
 * long, so none is made of what is not known yet.
 */
static bool
check_pattern(PrismiqLower *lower, const PrismiqExpr *pattern)
{
	const char *text;
	pg_wchar   *wide;
	regex_t		regex;
	char		message[128];
	int			code;

	if (pattern->type != UNKNOWNOID)
	{
		(void) prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, pattern->position, NULL,
								  "a regular expression must be a text that is written out,");
		return false;
	}
	text = pattern->literal->text;
	if (text == NULL)
		return true;
	if (!prismiq_expr_pattern_fits(lower, pattern))
		return false;
	if (!prismiq_regex_is_small(text))
	{
		(void) prismiq_expr_fault(lower, PRISMIQ_TOO_COMPLEX, pattern->position,
								  "Repeat less in it.", "the regular expression is too complex");
		return false;
	}
	wide = palloc((strlen(text) + 1) * sizeof(pg_wchar));
	code = pg_regcomp(&regex, wide, pg_mb2wchar_with_len(text, wide, (int) strlen(text)),
					  REG_ADVANCED, C_COLLATION_OID);
	if (code == REG_OKAY)
	{
		pg_regfree(&regex);
		return true;
	}
	CHECK_FOR_INTERRUPTS();		/* on 15 a cancel is one of its errors */
	pg_regerror(code, &regex, message, sizeof(message));
	(void) prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, pattern->position, NULL,
							  "not a regular expression (%s)", message);
	return false;
}

/* regexp_match(text, pattern): does it? */
static PrismiqExpr *
lower_regexp_match(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	PrismiqExpr *pattern = (PrismiqExpr *) lsecond(args);

	if (!check_pattern(lower, pattern))
		return NULL;
	return prismiq_expr_operator(lower, written->position, "~",
								 prismiq_expr_plain_text(lower, (PrismiqExpr *) linitial(args)),
								 prismiq_expr_plain_text(lower, pattern));
}

/* number(), text(), boolean() */
static PrismiqExpr *
lower_conversion(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	PrismiqFieldType type = PRISMIQ_FIELD_TEXT;

	if (strcmp(written->name, "number") == 0)
		type = PRISMIQ_FIELD_NUMBER;
	else if (strcmp(written->name, "boolean") == 0)
		type = PRISMIQ_FIELD_BOOLEAN;
	return prismiq_expr_convert(lower, (PrismiqExpr *) linitial(args), type);
}

static const FunctionRow functions[] = {
	{.name = "if", .min = 2, .max = 3, .lowerer = lower_if},
	{.name = "case", .min = 2, .max = ANY_NUMBER, .lowerer = lower_if},
	{.name = "coalesce", .min = 1, .max = ANY_NUMBER, .lowerer = lower_choice},
	{.name = "ifnull", .min = 2, .max = 2, .lowerer = lower_choice},
	{.name = "nullif", .min = 2, .max = 2, .lowerer = lower_nullif},
	{.name = "greatest", .min = 1, .max = ANY_NUMBER, .lowerer = lower_choice},
	{.name = "least", .min = 1, .max = ANY_NUMBER, .lowerer = lower_choice},
	{.name = "abs", .target = "abs", .kinds = {ARG_NUMBER}, .min = 1, .max = 1},
	{.name = "round", .target = "round", .kinds = {ARG_NUMERIC, ARG_INTEGER}, .min = 1, .max = 2},
	{.name = "ceil", .target = "ceil", .kinds = {ARG_NUMBER}, .min = 1, .max = 1},
	{.name = "floor", .target = "floor", .kinds = {ARG_NUMBER}, .min = 1, .max = 1},
	{.name = "trunc", .target = "trunc", .kinds = {ARG_NUMERIC, ARG_INTEGER}, .min = 1, .max = 2},
	{.name = "power", .target = "power", .kinds = {ARG_NUMBER, ARG_NUMBER}, .min = 2, .max = 2},
	{.name = "sqrt", .target = "sqrt", .kinds = {ARG_NUMBER}, .min = 1, .max = 1},
	{.name = "ln", .target = "ln", .kinds = {ARG_NUMBER}, .min = 1, .max = 1},
	{.name = "log", .min = 1, .max = 2, .lowerer = lower_log},
	{.name = "exp", .target = "exp", .kinds = {ARG_NUMBER}, .min = 1, .max = 1},
	{.name = "mod", .min = 2, .max = 2, .lowerer = lower_mod},
	{.name = "sign", .target = "sign", .kinds = {ARG_NUMBER}, .min = 1, .max = 1},
	{.name = "concat", .min = 1, .max = ANY_NUMBER, .lowerer = lower_concat},
	{.name = "concatenate", .min = 1, .max = ANY_NUMBER, .lowerer = lower_concat},
	{.name = "lower", .target = "lower", .kinds = {ARG_TEXT}, .min = 1, .max = 1},
	{.name = "upper", .target = "upper", .kinds = {ARG_TEXT}, .min = 1, .max = 1},
	{.name = "trim", .target = "btrim", .kinds = {ARG_TEXT, ARG_TEXT}, .min = 1, .max = 2},
	{.name = "ltrim", .target = "ltrim", .kinds = {ARG_TEXT, ARG_TEXT}, .min = 1, .max = 2},
	{.name = "rtrim", .target = "rtrim", .kinds = {ARG_TEXT, ARG_TEXT}, .min = 1, .max = 2},
	{.name = "length", .target = "length", .kinds = {ARG_TEXT}, .min = 1, .max = 1},
	{.name = "left", .target = "left", .kinds = {ARG_TEXT, ARG_INTEGER}, .min = 2, .max = 2},
	{.name = "right", .target = "right", .kinds = {ARG_TEXT, ARG_INTEGER}, .min = 2, .max = 2},
	{
		.name = "substring", .target = "substring",
		.kinds = {ARG_TEXT, ARG_INTEGER, ARG_INTEGER}, .min = 2, .max = 3
	},
	{
		.name = "replace", .target = "replace",
		.kinds = {ARG_SEARCHED, ARG_SEARCHED, ARG_SEARCHED}, .min = 3, .max = 3
	},
	{
		.name = "split_part", .target = "split_part",
		.kinds = {ARG_SEARCHED, ARG_SEARCHED, ARG_INTEGER}, .min = 3, .max = 3
	},
	{.name = "find", .min = 2, .max = 2, .lowerer = lower_find},
	{.name = "starts_with", .min = 2, .max = 2, .lowerer = lower_starts_with},
	{.name = "ends_with", .min = 2, .max = 2, .lowerer = lower_ends_with},
	{.name = "contains", .min = 2, .max = 2, .lowerer = lower_contains},
	{.name = "regexp_match", .min = 2, .max = 2, .lowerer = lower_regexp_match},
	{.name = "today", .min = 0, .max = 0, .lowerer = prismiq_lower_date_call},
	{.name = "now", .min = 0, .max = 0, .lowerer = prismiq_lower_date_call},
	{.name = "date", .min = 1, .max = 6, .lowerer = prismiq_lower_date_call},
	{.name = "year", .min = 1, .max = 1, .lowerer = prismiq_lower_date_call},
	{.name = "quarter", .min = 1, .max = 1, .lowerer = prismiq_lower_date_call},
	{.name = "month", .min = 1, .max = 1, .lowerer = prismiq_lower_date_call},
	{.name = "week", .min = 1, .max = 1, .lowerer = prismiq_lower_date_call},
	{.name = "day", .min = 1, .max = 1, .lowerer = prismiq_lower_date_call},
	{.name = "weekday", .min = 1, .max = 1, .lowerer = prismiq_lower_date_call},
	{.name = "iso_year", .min = 1, .max = 1, .lowerer = prismiq_lower_date_call},
	{.name = "iso_week", .min = 1, .max = 1, .lowerer = prismiq_lower_date_call},
	{.name = "hour", .min = 1, .max = 1, .lowerer = prismiq_lower_date_call},
	{.name = "minute", .min = 1, .max = 1, .lowerer = prismiq_lower_date_call},
	{.name = "second", .min = 1, .max = 1, .lowerer = prismiq_lower_date_call},
	{.name = "date_trunc", .min = 2, .max = 2, .lowerer = prismiq_lower_date_call},
	{.name = "date_add", .min = 2, .max = 3, .lowerer = prismiq_lower_date_call},
	{.name = "datediff", .min = 2, .max = 3, .lowerer = prismiq_lower_date_call},
	{.name = "to_date", .min = 1, .max = 2, .lowerer = prismiq_lower_date_call},
	{.name = "age_days", .min = 1, .max = 1, .lowerer = prismiq_lower_date_call},
	{.name = "total_seconds", .min = 1, .max = 1, .lowerer = prismiq_lower_date_call},
	{.name = "number", .min = 1, .max = 1, .lowerer = lower_conversion},
	{.name = "text", .min = 1, .max = 1, .lowerer = lower_conversion},
	{.name = "boolean", .min = 1, .max = 1, .lowerer = lower_conversion},
	{.name = "json", .min = 3, .max = ANY_NUMBER, .lowerer = prismiq_lower_json},
};

/*
 * A text that is searched, and a part of which is the result.  PostgreSQL does
 * not search where different strings are equal; nor may it be done by bytes, as
 * find() and contains() do, because the result would have lost its collation.
 */
static PrismiqExpr *
to_searched(PrismiqLower *lower, PrismiqExpr *arg)
{
	if (arg == NULL || !OidIsValid(arg->collation) ||
		get_collation_isdeterministic(arg->collation))
		return prismiq_expr_to_text(lower, arg);
	return prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, arg->position, NULL,
							  "a text of a collation that is not deterministic cannot be "
							  "taken apart");
}

/* One argument as a function wants it. */
static PrismiqExpr *
to_kind(PrismiqLower *lower, PrismiqExpr *arg, ArgumentKind kind)
{
	switch (kind)
	{
		case ARG_TEXT:
			return prismiq_expr_to_text(lower, arg);
		case ARG_SEARCHED:
			return to_searched(lower, arg);
		case ARG_INTEGER:
			return prismiq_expr_to_integer(lower, arg);
		case ARG_NUMERIC:
			return prismiq_expr_cast(lower, prismiq_expr_to_exact(lower, arg), NUMERICOID);
		case ARG_NUMBER:
			break;
	}
	return prismiq_expr_to_exact(lower, arg);
}

/* A call of one of PostgreSQL's functions. */
static PrismiqExpr *
lower_target(PrismiqLower *lower, const FunctionRow *row, PrismiqExpr *written, List *args)
{
	List	   *result = NIL;
	int			i = 0;
	ListCell   *lc;

	foreach(lc, args)
		result = lappend(result, to_kind(lower, (PrismiqExpr *) lfirst(lc), row->kinds[i++]));
	if (row->kinds[0] == ARG_NUMBER && row->kinds[1] == ARG_NUMBER)
	{
		Oid			type = prismiq_expr_common(lower, written->position, result);

		if (!OidIsValid(type))
			return NULL;
		result = prismiq_expr_all_to(lower, result, type);
	}
	return prismiq_expr_function(lower, written->position, row->target, result);
}

/* Note a function that there is not. */
static PrismiqExpr *
unknown_function(PrismiqLower *lower, const PrismiqExpr *written)
{
	PrismiqNearest nearest;
	int			i;

	(void) prismiq_nearest_init(&nearest, lower->check->faults, written->name);
	for (i = 0; i < lengthof(functions); i++)
		prismiq_nearest_offer(&nearest, functions[i].name);
	for (i = 0; prismiq_expr_aggregates[i] != NULL; i++)
		prismiq_nearest_offer(&nearest, prismiq_expr_aggregates[i]);
	return prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, written->position,
							  prismiq_nearest_result(&nearest), "unknown function \"%.*s\"",
							  pg_mbcliplen(written->name, strlen(written->name), 100),
							  written->name);
}

/* Note that a call has too few arguments, or too many. */
static PrismiqExpr *
wrong_count(PrismiqLower *lower, const FunctionRow *row, const PrismiqExpr *written, int count)
{
	const char *wanted;

	if (row->min == row->max)
		wanted = psprintf("%d", row->min);
	else if (row->max == ANY_NUMBER)
		wanted = psprintf("%d or more", row->min);
	else
		wanted = psprintf("%d to %d", row->min, row->max);
	return prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, written->position, NULL,
							  "%s() takes %s argument%s, found %d,", row->name, wanted,
							  row->min == 1 && row->max == 1 ? "" : "s", count);
}

/* Aggregates have rules of their own; the rest is in the table above. */
PrismiqExpr *
prismiq_lower_call(PrismiqLower *lower, PrismiqExpr *written)
{
	const FunctionRow *row = NULL;
	int			count = list_length(written->args);
	List	   *args;
	int			i;
	ListCell   *lc;

	if (prismiq_expr_is_aggregate(written->name))
		return prismiq_lower_aggregate(lower, written);
	for (i = 0; row == NULL && i < lengthof(functions); i++)
		if (strcmp(functions[i].name, written->name) == 0)
			row = &functions[i];
	if (row == NULL)
		return unknown_function(lower, written);
	if (count < row->min || count > row->max)
		return wrong_count(lower, row, written, count);
	if (row->lowerer == lower_if)
		return lower_if(lower, written, NIL);
	args = prismiq_lower_list(lower, written->args);
	foreach(lc, args)
		if (lfirst(lc) == NULL)
			return NULL;
	if (row->lowerer != NULL)
		return row->lowerer(lower, written, args);
	return lower_target(lower, row, written, args);
}
