/*-------------------------------------------------------------------------
 *
 * expr_build.c
 *	  Nodes of lowered expressions.
 *
 * Functions and operators are looked up here, by names that are fixed text of
 * this room, in pg_catalog, for exactly the types of their arguments: what is
 * written in an expression never decides which function is called.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/expr.h"
#include "model/literal.h"
#include "value/value.h"

/* Most arguments that a function here takes. */
#define MAX_ARGS 8

/* Note a fault, with its place in the text; returns null for convenience. */
PrismiqExpr *
prismiq_expr_fault(PrismiqLower *lower, PrismiqCode code, int position,
				   const char *suggestion, const char *fmt,...)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (;;)
	{
		va_list		args;
		int			needed;

		va_start(args, fmt);
		needed = appendStringInfoVA(&buf, fmt, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(&buf, needed);
	}
	prismiq_fault_add(lower->check->faults, code, lower->field->expression_path, suggestion,
					  "%s at character %d", buf.data, position);
	return NULL;
}

/* The collation of some arguments' combination; sets *conflict when they differ. */
static Oid
combined_collation(const List *args, bool *conflict)
{
	Oid			result = InvalidOid;
	ListCell   *lc;

	*conflict = false;
	foreach(lc, args)
	{
		const PrismiqExpr *arg = (const PrismiqExpr *) lfirst(lc);

		if (!type_is_collatable(arg->type) || !OidIsValid(arg->collation) ||
			arg->collation == result)
			continue;
		if (!OidIsValid(result) || result == DEFAULT_COLLATION_OID)
			result = arg->collation;
		else if (arg->collation != DEFAULT_COLLATION_OID)
			*conflict = true;
	}
	return result;
}

/* Where columns of different collations meet, the database's is used for all. */
static List *
settle_collations(PrismiqLower *lower, PrismiqExprKind kind, List *args, Oid *collation)
{
	List	   *result = NIL;
	bool		conflict;
	ListCell   *lc;

	*collation = combined_collation(args, &conflict);
	if (!conflict || kind == PRISMIQ_EXPR_COLLATE)
		return args;
	*collation = DEFAULT_COLLATION_OID;
	foreach(lc, args)
	{
		PrismiqExpr *arg = (PrismiqExpr *) lfirst(lc);

		if (type_is_collatable(arg->type))
			arg = prismiq_expr_make(lower, PRISMIQ_EXPR_COLLATE, arg->position, arg->type,
									list_make1(arg));
		if (arg == NULL)
			return NIL;
		result = lappend(result, arg);
	}
	return result;
}

/* A new node; null when an argument is, or when it would be too large. */
PrismiqExpr *
prismiq_expr_make(PrismiqLower *lower, PrismiqExprKind kind, int position, Oid type, List *args)
{
	PrismiqExpr *expr;
	ListCell   *lc;
	Oid			collation;

	foreach(lc, args)
		if (lfirst(lc) == NULL)
			return NULL;
	args = settle_collations(lower, kind, args, &collation);
	expr = palloc0(sizeof(PrismiqExpr));
	expr->kind = kind;
	expr->position = position;
	expr->type = type;
	expr->args = args;
	expr->size = expr->depth = 1;
	foreach(lc, args)
	{
		const PrismiqExpr *arg = (const PrismiqExpr *) lfirst(lc);

		expr->size += arg->size;
		expr->depth = Max(expr->depth, arg->depth + 1);
		expr->tables = bms_add_members(expr->tables, arg->tables);
		expr->has_aggregate |= arg->has_aggregate;
		expr->has_column |= arg->has_column;
	}
	if (kind == PRISMIQ_EXPR_COLLATE)
		expr->collation = DEFAULT_COLLATION_OID;
	else if (type_is_collatable(type))
		expr->collation = OidIsValid(collation) ? collation : DEFAULT_COLLATION_OID;
	prismiq_expr_measure(expr);
	if (expr->size <= PRISMIQ_EXPR_PRINTED_NODES && expr->depth <= PRISMIQ_EXPR_PRINTED_DEPTH)
		return expr;
	return prismiq_expr_fault(lower, PRISMIQ_TOO_COMPLEX, position, NULL,
							  "the expression, with the fields that it refers to, is too large");
}

/* A value, which is printed as a parameter. */
PrismiqExpr *
prismiq_expr_const(PrismiqLower *lower, int position, PrismiqConst *value)
{
	PrismiqExpr *expr = prismiq_expr_make(lower, PRISMIQ_EXPR_CONST, position, value->type, NIL);

	expr->value = value;
	prismiq_expr_measure_const(expr);
	return expr;
}

/* A number of ours; like one that was written it can become any type of number. */
PrismiqExpr *
prismiq_expr_integer(PrismiqLower *lower, int position, int32 value)
{
	PrismiqExpr *expr = prismiq_expr_const(lower, position,
										   prismiq_const_make(INT4OID, Int32GetDatum(value)));

	expr->literal = palloc0(sizeof(PrismiqLiteral));
	expr->literal->kind = PRISMIQ_LITERAL_NUMBER;
	expr->literal->text = psprintf("%d", value);
	return expr;
}

/* The same, of a type of numbers. */
PrismiqExpr *
prismiq_expr_number(PrismiqLower *lower, int position, int32 value, Oid type)
{
	return prismiq_expr_cast(lower, prismiq_expr_integer(lower, position, value), type);
}

/* Is it a number that was written, and not zero? */
bool
prismiq_expr_is_nonzero(const PrismiqExpr *expr)
{
	const char *text;

	if (expr->kind != PRISMIQ_EXPR_CONST || expr->literal == NULL)
		return false;
	text = expr->literal->text;
	return strcspn(text, "123456789") < strcspn(text, "eE");
}

/* A text of ours, such as a separator: not one that the expression was written with. */
PrismiqExpr *
prismiq_expr_text_const(PrismiqLower *lower, int position, const char *text)
{
	return prismiq_expr_const(lower, position,
							  prismiq_const_make(TEXTOID, CStringGetTextDatum(text)));
}

/* The query's time zone, the same parameter wherever it is needed. */
PrismiqExpr *
prismiq_expr_zone(PrismiqLower *lower, int position)
{
	if (lower->zone == NULL)
		lower->zone = prismiq_const_make(TEXTOID,
										 CStringGetTextDatum(lower->check->zone_name));
	return prismiq_expr_const(lower, position, lower->zone);
}

/* Nothing is looked up along the search path. */
static List *
catalog_name(const char *name)
{
	return list_make2(makeString(pstrdup("pg_catalog")), makeString(pstrdup(name)));
}

/* One of PostgreSQL's functions, for exactly these arguments. */
PrismiqExpr *
prismiq_expr_function(PrismiqLower *lower, int position, const char *name, List *args)
{
	Oid			types[MAX_ARGS];
	Oid			function;
	PrismiqExpr *expr;
	int			count = 0;
	ListCell   *lc;

	Assert(list_length(args) <= MAX_ARGS);
	foreach(lc, args)
	{
		if (lfirst(lc) == NULL)
			return NULL;
		types[count++] = ((const PrismiqExpr *) lfirst(lc))->type;
	}
	function = LookupFuncName(catalog_name(name), count, types, false);
	expr = prismiq_expr_make(lower, PRISMIQ_EXPR_FUNCTION, position, get_func_rettype(function),
							 args);
	if (expr == NULL)
		return NULL;
	expr->function = function;
	prismiq_expr_measure_function(expr, name);
	return expr;
}

/* One of PostgreSQL's operators, for exactly these arguments. */
PrismiqExpr *
prismiq_expr_operator(PrismiqLower *lower, int position, const char *name, PrismiqExpr *left,
					  PrismiqExpr *right)
{
	PrismiqExpr *expr;
	Oid			op;

	if (left == NULL || right == NULL)
		return NULL;
	op = prismiq_builtin_operator(name, left->type, right->type);
	if (!OidIsValid(op))
		elog(ERROR, "there is no operator %s for types %u and %u", name, left->type,
			 right->type);
	expr = prismiq_expr_make(lower, PRISMIQ_EXPR_OPERATOR, position, get_op_rettype(op),
							 list_make2(left, right));
	if (expr == NULL)
		return NULL;
	expr->function = op;
	prismiq_expr_measure_operator(expr, name);
	return expr;
}

/* The first argument, or null where it is equal to the second. */
PrismiqExpr *
prismiq_expr_nullif(PrismiqLower *lower, int position, Oid equal, Oid type, List *args)
{
	PrismiqExpr *expr = prismiq_expr_make(lower, PRISMIQ_EXPR_NULLIF, position, type, args);
	Oid			left;
	Oid			right;

	if (expr == NULL)
		return NULL;
	op_input_types(equal, &left, &right);
	expr->function = equal;
	expr->plain = equal < FirstUnpinnedObjectId &&
		left == ((const PrismiqExpr *) linitial(args))->type &&
		right == ((const PrismiqExpr *) lsecond(args))->type;
	return expr;
}

/* A number as it was written, read as another type of number; null if it is none. */
static PrismiqExpr *
reread_number(PrismiqLower *lower, PrismiqExpr *arg, Oid type)
{
	PrismiqCheck *check = lower->check;
	PrismiqFaults *faults = check->faults;
	PrismiqFaults ignored = {NIL, NIL};
	PrismiqConst *value;
	PrismiqExpr *expr;
	Oid			cast = InvalidOid;

	check->faults = &ignored;
	value = prismiq_value_read(check, arg->literal, type, &cast);
	check->faults = faults;
	if (value == NULL || OidIsValid(cast))
		return NULL;
	expr = prismiq_expr_const(lower, arg->position, value);
	expr->literal = arg->literal;
	return expr;
}

/* arg::type; a number that was written becomes one of the type at once. */
PrismiqExpr *
prismiq_expr_cast(PrismiqLower *lower, PrismiqExpr *arg, Oid type)
{
	PrismiqExpr *expr = NULL;

	if (arg == NULL || arg->type == type)
		return arg;
	if (arg->kind == PRISMIQ_EXPR_CONST && arg->literal != NULL && prismiq_number_rank(type) > 0)
		expr = reread_number(lower, arg, type);
	if (expr == NULL)
		expr = prismiq_expr_make(lower, PRISMIQ_EXPR_CAST, arg->position, type, list_make1(arg));
	return expr;
}

/* A column as a node; what is money is a numeric from here on. */
PrismiqExpr *
prismiq_expr_column(PrismiqLower *lower, int position, PrismiqColumnRef *ref)
{
	PrismiqExpr *expr = prismiq_expr_make(lower, PRISMIQ_EXPR_COLUMN, position, ref->basetype,
										  NIL);

	expr->ref = ref;
	expr->collation = ref->collation;
	expr->tables = bms_make_singleton(ref->table->index);
	expr->has_column = true;
	return ref->basetype == CASHOID ? prismiq_expr_cast(lower, expr, NUMERICOID) : expr;
}

/* A date or timestamp as a local timestamp of the query's zone. */
PrismiqExpr *
prismiq_expr_local(PrismiqLower *lower, PrismiqExpr *arg)
{
	if (arg == NULL)
		return NULL;
	if (arg->type == TIMESTAMPTZOID)
		return prismiq_expr_function(lower, arg->position, "timezone",
									 list_make2(prismiq_expr_zone(lower, arg->position), arg));
	return prismiq_expr_cast(lower, arg, TIMESTAMPOID);
}

/* A local timestamp as a value of a type of dates or times. */
PrismiqExpr *
prismiq_expr_from_local(PrismiqLower *lower, PrismiqExpr *arg, Oid type)
{
	if (arg == NULL || type != TIMESTAMPTZOID)
		return prismiq_expr_cast(lower, arg, type);
	return prismiq_expr_function(lower, arg->position, "timezone",
								 list_make2(prismiq_expr_zone(lower, arg->position), arg));
}
