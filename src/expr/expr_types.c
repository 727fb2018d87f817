/*-------------------------------------------------------------------------
 *
 * expr_types.c
 *	  Types within expressions: what may stand where, and how it gets there.
 *
 * Unless the expression says so, a value only ever becomes a wider one of its kind: an
 * integer a numeric, any kind of string text, a date a timestamp, a timestamp
 * without time zone one of the query's zone.  A text that was written takes
 * the type of what it meets; a 0 or 1 that meets a boolean is one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/lsyscache.h"

#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/dates.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/literal.h"
#include "value/value.h"

/* Note that a value is of the wrong type. */
static PrismiqExpr *
mismatch(PrismiqLower *lower, const PrismiqExpr *arg, const char *wanted, const char *suggestion)
{
	return prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, arg->position, suggestion,
							  "expected %s, found a value of type %s", wanted,
							  arg->type == UNKNOWNOID ? "text" : prismiq_type_name(arg->type));
}

/* A text as a date or timestamp in the query's zone; false when it is none. */
static bool
read_time(PrismiqCheck *check, const char *text, Oid type, PrismiqConst **value)
{
	PrismiqOperand operand = {type, -1, NULL};
	PrismiqParsedTime parsed;
	int64		number;

	if (!prismiq_time_parse(text, &parsed) ||
		!prismiq_time_to_operand(check, &operand, &parsed, false, &number))
		return false;
	*value = prismiq_operand_const(&operand, number);
	return true;
}

/* A literal whose type was open as a value of a type. */
static PrismiqExpr *
read_literal(PrismiqLower *lower, PrismiqExpr *arg, Oid type)
{
	PrismiqCheck *check = lower->check;
	PrismiqFaults *faults = check->faults;
	PrismiqFaults ignored = {NIL, NIL};
	const char *text = arg->literal->text;
	PrismiqConst *value = NULL;
	Oid			cast = InvalidOid;

	if (arg->literal->kind == PRISMIQ_LITERAL_NULL)
	{
		value = prismiq_const_make(type, (Datum) 0);
		value->isnull = true;
		return prismiq_expr_const(lower, arg->position, value);
	}
	if (prismiq_type_is_time(type))
		(void) read_time(check, text, type, &value);
	else
	{
		check->faults = &ignored;
		value = prismiq_value_read(check, arg->literal, type, &cast);
		check->faults = faults;
	}
	if (value != NULL)
		return prismiq_expr_const(lower, arg->position, value);
	return prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, arg->position, NULL,
							  "\"%.*s%s\" is not a valid value of type %s",
							  pg_mbcliplen(text, strlen(text), 100), text,
							  strlen(text) > 100 ? "..." : "", prismiq_type_name(type));
}

/* Is it a 0 or 1 that was written? */
static bool
is_flag(const PrismiqExpr *arg)
{
	return arg->kind == PRISMIQ_EXPR_CONST && arg->literal != NULL &&
		(strcmp(arg->literal->text, "0") == 0 || strcmp(arg->literal->text, "1") == 0);
}

/* The value as one of a type that it may become by itself. */
PrismiqExpr *
prismiq_expr_to(PrismiqLower *lower, PrismiqExpr *arg, Oid type)
{
	if (arg == NULL || arg->type == type)
		return arg;
	if (arg->type == UNKNOWNOID)
		return read_literal(lower, arg, type);
	if ((prismiq_number_rank(arg->type) > 0 && prismiq_number_rank(type) > 0) ||
		(type == TEXTOID && prismiq_type_is_text(arg->type)))
		return prismiq_expr_cast(lower, arg, type);
	if (prismiq_type_is_time(type) && prismiq_type_is_time(arg->type))
		return prismiq_expr_from_local(lower, prismiq_expr_local(lower, arg), type);
	if (type == BOOLOID && is_flag(arg))
		return prismiq_expr_const(lower, arg->position,
								  prismiq_const_make(BOOLOID,
													 BoolGetDatum(arg->literal->text[0] == '1')));
	return mismatch(lower, arg, psprintf("a value of type %s", prismiq_type_name(type)), NULL);
}

/* Any string, or an enum's label, as text. */
PrismiqExpr *
prismiq_expr_to_text(PrismiqLower *lower, PrismiqExpr *arg)
{
	if (arg == NULL || arg->type == UNKNOWNOID)
		return prismiq_expr_to(lower, arg, TEXTOID);
	if (prismiq_type_is_text(arg->type) || type_is_enum(arg->type))
		return prismiq_expr_cast(lower, arg, TEXTOID);
	return mismatch(lower, arg, "a text", "Use text().");
}

/* The same, for patterns: not in a collation that finds different strings equal. */
PrismiqExpr *
prismiq_expr_plain_text(PrismiqLower *lower, PrismiqExpr *arg)
{
	arg = prismiq_expr_to_text(lower, arg);
	if (arg == NULL || !OidIsValid(arg->collation) ||
		get_collation_isdeterministic(arg->collation))
		return arg;
	return prismiq_expr_make(lower, PRISMIQ_EXPR_COLLATE, arg->position, arg->type,
							 list_make1(arg));
}

/* A number of any type; a text that was written is read as one. */
PrismiqExpr *
prismiq_expr_to_number(PrismiqLower *lower, PrismiqExpr *arg)
{
	if (arg == NULL || prismiq_number_rank(arg->type) > 0)
		return arg;
	if (arg->type == UNKNOWNOID)
		return read_literal(lower, arg, NUMERICOID);
	return mismatch(lower, arg, "a number",
					arg->type == INTERVALOID ? "Use total_seconds()." :
					arg->type == BOOLOID || prismiq_type_is_text(arg->type) ||
					type_is_enum(arg->type) ? "Use number()." : NULL);
}

/* A numeric, or a double precision where it is a floating-point number already. */
PrismiqExpr *
prismiq_expr_to_exact(PrismiqLower *lower, PrismiqExpr *arg)
{
	arg = prismiq_expr_to_number(lower, arg);
	if (arg == NULL)
		return NULL;
	return prismiq_expr_cast(lower, arg, prismiq_number_rank(arg->type) > 4 ?
							 FLOAT8OID : NUMERICOID);
}

/* An integer, for functions that count; fractions are cut off. */
PrismiqExpr *
prismiq_expr_to_integer(PrismiqLower *lower, PrismiqExpr *arg)
{
	arg = prismiq_expr_to_number(lower, arg);
	if (arg != NULL && prismiq_number_rank(arg->type) > 3)
		arg = prismiq_expr_function(lower, arg->position, "trunc",
									list_make1(prismiq_expr_to_exact(lower, arg)));
	return prismiq_expr_cast(lower, arg, INT4OID);
}

/* A date or timestamp; a text that was written is read as one. */
PrismiqExpr *
prismiq_expr_to_time(PrismiqLower *lower, PrismiqExpr *arg)
{
	PrismiqParsedTime parsed;

	if (arg == NULL || prismiq_type_is_time(arg->type))
		return arg;
	if (arg->type != UNKNOWNOID)
		return mismatch(lower, arg, "a date or timestamp", prismiq_type_is_text(arg->type) ||
						type_is_enum(arg->type) ? "Use to_date()." : NULL);
	if (arg->literal->kind == PRISMIQ_LITERAL_NULL ||
		!prismiq_time_parse(arg->literal->text, &parsed))
		return read_literal(lower, arg, TIMESTAMPOID);
	return read_literal(lower, arg, parsed.date_only ? DATEOID :
						parsed.has_zone ? TIMESTAMPTZOID : TIMESTAMPOID);
}

/* A literal that met nothing which would say its type is a text. */
PrismiqExpr *
prismiq_expr_settle(PrismiqLower *lower, PrismiqExpr *arg)
{
	return arg != NULL && arg->type == UNKNOWNOID ? prismiq_expr_to(lower, arg, TEXTOID) : arg;
}

/* The wider of two types of a kind; invalid when they are of different kinds. */
static Oid
wider(Oid left, Oid right)
{
	int			left_rank = prismiq_number_rank(left);
	int			right_rank = prismiq_number_rank(right);

	if (left == right)
		return left;
	if (left_rank > 0 && right_rank > 0)
	{
		if (Max(left_rank, right_rank) > 4)
			return FLOAT8OID;
		return left_rank > right_rank ? left : right;
	}
	if (prismiq_type_is_time(left) && prismiq_type_is_time(right))
	{
		if (left == TIMESTAMPTZOID || right == TIMESTAMPTZOID)
			return TIMESTAMPTZOID;
		return TIMESTAMPOID;
	}
	if (prismiq_type_is_text(left) && prismiq_type_is_text(right))
		return TEXTOID;
	return InvalidOid;
}

/* Is it a number that was written, and that no float can be? */
static bool
is_beyond_floats(PrismiqLower *lower, const PrismiqExpr *arg)
{
	PrismiqCheck *check = lower->check;
	PrismiqFaults *faults = check->faults;
	PrismiqFaults ignored = {NIL, NIL};
	Oid			cast = InvalidOid;

	if (arg->kind != PRISMIQ_EXPR_CONST || arg->type != NUMERICOID || arg->literal == NULL)
		return false;
	check->faults = &ignored;
	(void) prismiq_value_read(check, arg->literal, FLOAT8OID, &cast);
	check->faults = faults;
	return OidIsValid(cast);
}

/* The one type that all arguments can have; invalid after a fault. */
Oid
prismiq_expr_common(PrismiqLower *lower, int position, const List *args)
{
	Oid			result = InvalidOid;
	Oid			flags = InvalidOid;
	bool		beyond_floats = false;
	ListCell   *lc;

	foreach(lc, args)
	{
		const PrismiqExpr *arg = (const PrismiqExpr *) lfirst(lc);
		Oid			both;

		if (arg == NULL)
			return InvalidOid;
		if (arg->type == UNKNOWNOID)
			continue;
		if (is_flag(arg))
		{
			flags = arg->type;
			continue;
		}
		both = OidIsValid(result) ? wider(result, arg->type) : arg->type;
		if (!OidIsValid(both))
		{
			(void) prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, position, NULL,
									  "types %s and %s do not go together",
									  prismiq_type_name(result), prismiq_type_name(arg->type));
			return InvalidOid;
		}
		result = both;
		beyond_floats = beyond_floats || is_beyond_floats(lower, arg);
	}
	if (!OidIsValid(result))
		return OidIsValid(flags) ? flags : TEXTOID;
	if (beyond_floats)
		return NUMERICOID;
	if (!OidIsValid(flags) || result == BOOLOID)
		return result;
	if (OidIsValid(wider(result, flags)))
		return wider(result, flags);
	(void) prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, position, NULL,
							  "types %s and %s do not go together",
							  prismiq_type_name(result), prismiq_type_name(flags));
	return InvalidOid;
}

/* All arguments as values of a type. */
List *
prismiq_expr_all_to(PrismiqLower *lower, const List *args, Oid type)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, args)
		result = lappend(result, prismiq_expr_to(lower, (PrismiqExpr *) lfirst(lc), type));
	return result;
}

/* number(a): a text is read as one, and a boolean is 0 or 1. */
static PrismiqExpr *
convert_to_number(PrismiqLower *lower, PrismiqExpr *arg)
{
	if (arg->type == BOOLOID)
		return prismiq_expr_cast(lower, arg, INT4OID);
	if (prismiq_type_is_text(arg->type) || type_is_enum(arg->type))
		return prismiq_expr_cast(lower, prismiq_expr_to_text(lower, arg), NUMERICOID);
	return prismiq_expr_to_number(lower, arg);
}

/* boolean(a): a number is true when it is not zero. */
static PrismiqExpr *
convert_to_boolean(PrismiqLower *lower, PrismiqExpr *arg)
{
	if (prismiq_number_rank(arg->type) > 0)
	{
		arg = prismiq_expr_to_exact(lower, arg);
		return prismiq_expr_operator(lower, arg->position, "<>", arg,
									 prismiq_expr_number(lower, arg->position, 0, arg->type));
	}
	if (prismiq_type_is_text(arg->type))
		return prismiq_expr_cast(lower, prismiq_expr_to_text(lower, arg), BOOLOID);
	return prismiq_expr_to(lower, arg, BOOLOID);
}

/* date(a), timestamp(a): a text is read as one. */
static PrismiqExpr *
convert_to_time(PrismiqLower *lower, PrismiqExpr *arg, bool date)
{
	if (arg->type == UNKNOWNOID)
		arg = prismiq_expr_to(lower, arg, TIMESTAMPOID);
	else if (prismiq_type_is_text(arg->type))
		return prismiq_expr_cast(lower, prismiq_expr_to_text(lower, arg),
								 date ? DATEOID : TIMESTAMPOID);
	arg = prismiq_expr_to_time(lower, arg);
	if (arg == NULL || (!date && arg->type == TIMESTAMPTZOID))
		return arg;
	return prismiq_expr_to(lower, arg, date ? DATEOID : TIMESTAMPOID);
}

/* What number(), text() and the like do, and data_type. */
PrismiqExpr *
prismiq_expr_convert(PrismiqLower *lower, PrismiqExpr *arg, PrismiqFieldType type)
{
	if (arg == NULL)
		return NULL;
	switch (type)
	{
		case PRISMIQ_FIELD_ANY:
			return prismiq_expr_settle(lower, arg);
		case PRISMIQ_FIELD_TEXT:
			if (arg->type == UNKNOWNOID)
				return prismiq_expr_to(lower, arg, TEXTOID);
			if (arg->type == TIMESTAMPTZOID)
				arg = prismiq_expr_local(lower, arg);
			return prismiq_expr_cast(lower, arg, TEXTOID);
		case PRISMIQ_FIELD_NUMBER:
			return convert_to_number(lower, arg);
		case PRISMIQ_FIELD_INTEGER:
			return prismiq_expr_cast(lower, convert_to_number(lower, arg), INT8OID);
		case PRISMIQ_FIELD_FLOAT:
			return prismiq_expr_cast(lower, convert_to_number(lower, arg), FLOAT8OID);
		case PRISMIQ_FIELD_BOOLEAN:
			return convert_to_boolean(lower, arg);
		case PRISMIQ_FIELD_DATE:
			return convert_to_time(lower, arg, true);
		case PRISMIQ_FIELD_TIMESTAMP:
			return convert_to_time(lower, arg, false);
	}
	return NULL;
}
