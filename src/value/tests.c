/*-------------------------------------------------------------------------
 *
 * tests.c
 *	  A test: an operand, an operator, and values, which become constants.
 *
 * LIKE has an operator of the operand's own, or else that of text.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "model/condition.h"
#include "model/dates.h"
#include "model/expr.h"
#include "model/literal.h"
#include "model/words.h"
#include "value/value.h"

/* Nodes of a test of a column against a value, which may be a range. */
#define NODES_PER_TEST 5

/* The value as an operand's text pattern: what LIKE takes specially is escaped. */
static char *
escape_pattern(const char *text, bool open_start, bool open_end)
{
	StringInfoData buf;

	initStringInfo(&buf);
	if (open_start)
		appendStringInfoChar(&buf, '%');
	for (; *text; text++)
	{
		if (*text == '%' || *text == '_' || *text == '\\')
			appendStringInfoChar(&buf, '\\');
		appendStringInfoChar(&buf, *text);
	}
	if (open_end)
		appendStringInfoChar(&buf, '%');
	return buf.data;
}

/* Does the pattern end in a backslash that escapes nothing? */
static bool
ends_in_lone_backslash(const char *pattern)
{
	int			count = 0;
	size_t		len = strlen(pattern);

	while (len > 0 && pattern[--len] == '\\')
		count++;
	return count % 2 == 1;
}

/* Note that the operator does not go with the type. */
static void
add_invalid_operator(PrismiqCheck *check, const PrismiqCondition *condition, Oid type,
					 const char *suggestion)
{
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_OPERATOR, condition->op_path, suggestion,
					  "operator \"%s\" does not go with type %s",
					  prismiq_operator_names[condition->op], prismiq_type_name(type));
}

/*
 * The LIKE operator of a text-like type: its own, for an extension's type that
 * has one (citext), else that of text, to which the operand is cast.
 */
static Oid
pattern_operator(Oid type, bool ignore_case, Oid *value_type, Oid *cast_type)
{
	const char *name = ignore_case ? "~~*" : "~~";
	Oid			op;

	*value_type = TEXTOID;
	if (type >= FirstNormalObjectId && !prismiq_type_is_nameable(type))
		return InvalidOid;		/* its own cannot be looked up, and text's may say otherwise */
	if (type >= FirstNormalObjectId)
	{
		op = prismiq_own_operator(type, name);
		if (OidIsValid(op))
		{
			*value_type = type;
			return op;
		}
	}
	if (type != TEXTOID && type != VARCHAROID)
		*cast_type = TEXTOID;
	return ignore_case ? OID_TEXT_ICLIKE_OP : OID_TEXT_LIKE_OP;
}

/* like, ilike, contains, starts_with, ends_with and their negations. */
static void
check_pattern(PrismiqCheck *check, PrismiqCondition *condition, Oid type, Oid collation)
{
	const PrismiqLiteral *literal = (const PrismiqLiteral *) linitial(condition->values);
	PrismiqTest *test = condition->test;
	PrismiqOperator op = condition->op;
	bool		ignore_case = op != PRISMIQ_OP_LIKE && op != PRISMIQ_OP_NOT_LIKE;
	const char *pattern = literal->text;
	Oid			value_type;

	if (prismiq_type_category(type) != TYPCATEGORY_STRING)
	{
		add_invalid_operator(check, condition, type, "It is for text columns.");
		return;
	}
	if (OidIsValid(collation) && !get_collation_isdeterministic(collation))
	{
		add_invalid_operator(check, condition, type,
							 "The column's collation is not deterministic.");
		return;
	}
	if (literal->kind != PRISMIQ_LITERAL_STRING)
	{
		prismiq_fault_add(check->faults, PRISMIQ_TYPE_MISMATCH, literal->path, NULL,
						  "operator \"%s\" takes a string", prismiq_operator_names[op]);
		return;
	}
	if (!prismiq_pattern_fits(pattern))
	{
		prismiq_fault_add(check->faults, PRISMIQ_TOO_COMPLEX, literal->path, NULL,
						  "the pattern is longer than %d characters", PRISMIQ_MAX_PATTERN);
		return;
	}
	if (op == PRISMIQ_OP_CONTAINS || op == PRISMIQ_OP_STARTS_WITH || op == PRISMIQ_OP_ENDS_WITH)
		pattern = escape_pattern(pattern, op != PRISMIQ_OP_STARTS_WITH,
								 op != PRISMIQ_OP_ENDS_WITH);
	else if (ends_in_lone_backslash(pattern))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, literal->path,
						  "Write two backslashes for a backslash.",
						  "the pattern ends in a lone backslash");
		return;
	}
	test->op = pattern_operator(type, ignore_case, &value_type, &test->cast_type);
	if (OidIsValid(test->op) && prismiq_operator_is_negation(op))
		test->op = get_negator(test->op);
	if (!OidIsValid(test->op))
	{
		add_invalid_operator(check, condition, type, NULL);
		return;
	}
	test->kind = PRISMIQ_TEST_COMPARE;
	test->value = prismiq_const_make(value_type, PointerGetDatum(cstring_to_text(pattern)));
}

/* A new test of the same operand, for a list that is taken apart. */
static PrismiqCondition *
derive_condition(const PrismiqCondition *condition, PrismiqOperator op,
				 PrismiqLiteral *literal)
{
	PrismiqCondition *result = palloc(sizeof(PrismiqCondition));

	*result = *condition;
	result->op = op;
	result->values = literal ? list_make1(literal) : NIL;
	result->test = NULL;
	return result;
}

/* Is any value of the list only a date? */
static bool
has_date_only(List *values)
{
	ListCell   *lc;

	foreach(lc, values)
	{
		const PrismiqLiteral *literal = (const PrismiqLiteral *) lfirst(lc);
		PrismiqParsedTime parsed;

		if (literal->kind == PRISMIQ_LITERAL_STRING &&
			prismiq_time_parse(literal->text, &parsed) && parsed.date_only)
			return true;
	}
	return false;
}

/*
 * A list that no array can hold (days against a timestamp, a type without an
 * array type): taken apart into one test a value.
 */
static void
split_list(PrismiqCheck *check, PrismiqCondition *condition, Oid type, Oid collation)
{
	bool		negative = condition->op == PRISMIQ_OP_NOT_IN;
	bool		null_listed = false;
	List	   *members = NIL;
	ListCell   *lc;

	if (!prismiq_effort_nodes(check, list_length(condition->values) * NODES_PER_TEST,
							  condition->value_path))
		return;
	foreach(lc, condition->values)
	{
		PrismiqLiteral *literal = (PrismiqLiteral *) lfirst(lc);

		if (literal->kind == PRISMIQ_LITERAL_NULL)
			null_listed = true;
		else
			members = lappend(members, derive_condition(condition, negative ?
														PRISMIQ_OP_NEQ : PRISMIQ_OP_EQ, literal));
	}
	if (null_listed || condition->op == PRISMIQ_OP_IN_OR_NULL)
		members = lappend(members, derive_condition(condition, negative ?
													PRISMIQ_OP_IS_NOT_NULL : PRISMIQ_OP_IS_NULL,
													NULL));
	condition->kind = negative ? PRISMIQ_CONDITION_AND : PRISMIQ_CONDITION_OR;
	condition->members = members;
	foreach(lc, members)
		prismiq_check_operand(check, (PrismiqCondition *) lfirst(lc), type, collation);
}

/* The list's values as one array constant; null after a fault. */
static PrismiqConst *
list_constant(PrismiqCheck *check, List *values, Oid type, Oid *cast_type)
{
	Datum	   *elements = palloc(sizeof(Datum) * list_length(values));
	int			count = 0;
	bool		ok = true;
	int16		len;
	bool		byval;
	char		align;
	Oid			element = type;
	ListCell   *lc;

	foreach(lc, values)
	{
		const PrismiqLiteral *literal = (const PrismiqLiteral *) lfirst(lc);
		Oid			cast = InvalidOid;
		PrismiqConst *value = prismiq_value_read(check, literal, element, &cast);

		CHECK_FOR_INTERRUPTS();
		if (value == NULL)
			ok = false;
		else if (OidIsValid(cast))
		{
			/* One fraction among integers: all are numeric then. */
			*cast_type = cast;
			return list_constant(check, values, cast, &cast);
		}
		else
			elements[count++] = value->value;
	}
	if (!ok)
		return NULL;
	get_typlenbyvalalign(element, &len, &byval, &align);
	return prismiq_const_make(get_array_type(element),
							  PointerGetDatum(construct_array(elements, count, element, len,
															  byval, align)));
}

/* in, not_in, in_or_null. */
static void
check_list(PrismiqCheck *check, PrismiqCondition *condition, Oid type, Oid collation)
{
	PrismiqTest *test = condition->test;
	bool		null_listed = false;
	List	   *values = NIL;
	ListCell   *lc;

	foreach(lc, condition->values)
	{
		PrismiqLiteral *literal = (PrismiqLiteral *) lfirst(lc);

		if (literal->kind == PRISMIQ_LITERAL_NULL)
			null_listed = true;
		else
			values = lappend(values, literal);
	}
	if (condition->op == PRISMIQ_OP_NOT_IN)
	{
		test->and_not_null = null_listed;
		test->or_null = !null_listed && !condition->nulls_exclude;
	}
	else
		test->or_null = null_listed || condition->op == PRISMIQ_OP_IN_OR_NULL;

	if (values == NIL)
	{
		bool		negative = condition->op == PRISMIQ_OP_NOT_IN;

		if (null_listed || condition->op == PRISMIQ_OP_IN_OR_NULL)
			test->kind = negative ? PRISMIQ_TEST_NOT_NULL : PRISMIQ_TEST_NULL;
		else
			test->kind = negative ? PRISMIQ_TEST_TRUE : PRISMIQ_TEST_FALSE;
		test->or_null = test->and_not_null = false;
		return;
	}
	if (!OidIsValid(get_array_type(type)) ||
		(type != DATEOID && prismiq_type_is_time(type) && has_date_only(values)) ||
		(type == TIMESTAMPOID && check->source_zone != NULL))
	{
		split_list(check, condition, type, collation);
		return;
	}
	test->value = list_constant(check, values, type, &test->cast_type);
	test->op = prismiq_comparison_operator(OidIsValid(test->cast_type) ? test->cast_type : type,
										   PRISMIQ_OP_EQ);
	test->kind = PRISMIQ_TEST_ANY;
	test->negated = condition->op == PRISMIQ_OP_NOT_IN;
	if (test->value != NULL && prismiq_type_is_time(type) && !test->negated)
		prismiq_list_bounds(test, type);
}

/* between and not_between on other types than dates. */
static void
check_between(PrismiqCheck *check, PrismiqCondition *condition, Oid type)
{
	const PrismiqLiteral *first = (const PrismiqLiteral *) linitial(condition->values);
	const PrismiqLiteral *second = (const PrismiqLiteral *) lsecond(condition->values);
	PrismiqTest *test = condition->test;
	Oid			cast = InvalidOid;
	Oid			other = InvalidOid;

	test->low = prismiq_value_read(check, first, type, &cast);
	test->high = prismiq_value_read(check, second, type, &other);
	if (test->low == NULL || test->high == NULL)
		return;
	if (OidIsValid(cast) != OidIsValid(other))
	{
		/* A fraction at one end: both are numeric then. */
		test->cast_type = OidIsValid(cast) ? cast : other;
		cast = other = InvalidOid;
		test->low = prismiq_value_read(check, first, test->cast_type, &cast);
		test->high = prismiq_value_read(check, second, test->cast_type, &other);
	}
	else
		test->cast_type = cast;
	if (OidIsValid(test->cast_type))
		type = test->cast_type;
	test->kind = PRISMIQ_TEST_RANGE;
	test->low_op = prismiq_comparison_operator(type, PRISMIQ_OP_GTE);
	test->high_op = prismiq_comparison_operator(type, PRISMIQ_OP_LTE);
	test->negated = condition->op == PRISMIQ_OP_NOT_BETWEEN;
	if (!OidIsValid(test->low_op) || !OidIsValid(test->high_op))
		add_invalid_operator(check, condition, type, NULL);
}

/* eq, neq, gt, gte, lt, lte on other types than dates. */
static void
check_scalar(PrismiqCheck *check, PrismiqCondition *condition, Oid type)
{
	const PrismiqLiteral *literal = (const PrismiqLiteral *) linitial(condition->values);
	PrismiqTest *test = condition->test;

	test->op = prismiq_comparison_operator(type, condition->op);
	if (!OidIsValid(test->op))
	{
		add_invalid_operator(check, condition, type, "Use is_null or is_not_null.");
		return;
	}
	test->value = prismiq_value_read(check, literal, type, &test->cast_type);
	if (test->value == NULL)
		return;
	if (OidIsValid(test->cast_type))
		test->op = prismiq_comparison_operator(test->cast_type, condition->op);
	test->kind = PRISMIQ_TEST_COMPARE;
}

/*
 * array_contains: operand @> one-element array.
 */
static void
check_array_contains(PrismiqCheck *check, PrismiqCondition *condition, Oid type)
{
	PrismiqTest *test = condition->test;
	Oid			element = get_element_type(type);
	Oid			cast = InvalidOid;

	if (!OidIsValid(element) ||
		!OidIsValid(prismiq_comparison_operator(prismiq_base_type(element), PRISMIQ_OP_EQ)))
	{
		add_invalid_operator(check, condition, type, "It is for arrays.");
		return;
	}
	test->value = list_constant(check, condition->values, element, &cast);
	if (OidIsValid(cast))
		test->cast_type = get_array_type(cast);
	test->op = OID_ARRAY_CONTAINS_OP;
	test->kind = PRISMIQ_TEST_COMPARE;
}

/* Does the operator take a null, and has it one? */
static bool
check_null_value(PrismiqCheck *check, PrismiqCondition *condition)
{
	PrismiqLiteral *literal = NULL;
	ListCell   *lc;

	if (condition->op == PRISMIQ_OP_IN || condition->op == PRISMIQ_OP_NOT_IN ||
		condition->op == PRISMIQ_OP_IN_OR_NULL)
		return false;
	foreach(lc, condition->values)
		if (((PrismiqLiteral *) lfirst(lc))->kind == PRISMIQ_LITERAL_NULL)
			literal = (PrismiqLiteral *) lfirst(lc);
	if (literal == NULL)
		return false;
	if (condition->op == PRISMIQ_OP_EQ)
		condition->test->kind = PRISMIQ_TEST_NULL;
	else if (condition->op == PRISMIQ_OP_NEQ)
		condition->test->kind = PRISMIQ_TEST_NOT_NULL;
	else
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, literal->path,
						  "Use is_null or is_not_null.",
						  "operator \"%s\" takes no null",
						  prismiq_operator_names[condition->op]);
	return true;
}

/* Give a test its operators and values, for an operand of the given type. */
void
prismiq_check_operand(PrismiqCheck *check, PrismiqCondition *condition, Oid type, Oid collation)
{
	PrismiqOperand operand;

	condition->test = palloc0(sizeof(PrismiqTest));
	condition->test->kind = PRISMIQ_TEST_FALSE;
	if (condition->value_path == NULL || check_null_value(check, condition))
		return;
	condition->test->or_null = prismiq_operator_is_negation(condition->op) &&
		!condition->nulls_exclude;

	switch (condition->op)
	{
		case PRISMIQ_OP_IS_NULL:
			condition->test->kind = PRISMIQ_TEST_NULL;
			return;
		case PRISMIQ_OP_IS_NOT_NULL:
			condition->test->kind = PRISMIQ_TEST_NOT_NULL;
			return;
		case PRISMIQ_OP_IN:
		case PRISMIQ_OP_NOT_IN:
		case PRISMIQ_OP_IN_OR_NULL:
			if (!OidIsValid(prismiq_comparison_operator(type, PRISMIQ_OP_EQ)))
				add_invalid_operator(check, condition, type, "Use is_null or is_not_null.");
			else
				check_list(check, condition, type, collation);
			return;
		case PRISMIQ_OP_LIKE:
		case PRISMIQ_OP_ILIKE:
		case PRISMIQ_OP_NOT_LIKE:
		case PRISMIQ_OP_NOT_ILIKE:
		case PRISMIQ_OP_CONTAINS:
		case PRISMIQ_OP_STARTS_WITH:
		case PRISMIQ_OP_ENDS_WITH:
			check_pattern(check, condition, type, collation);
			return;
		case PRISMIQ_OP_ARRAY_CONTAINS:
			check_array_contains(check, condition, type);
			return;
		case PRISMIQ_OP_IN_QUERY:
		case PRISMIQ_OP_NOT_IN_QUERY:
			return;				/* whoever knows queries goes on from here */
		default:
			break;
	}
	if (prismiq_type_is_time(type))
	{
		operand.type = type;
		operand.typmod = -1;
		operand.source_zone = NULL;
		if (condition->ref != NULL && check->query->time_series != NULL &&
			check->query->time_series->ref->table == condition->ref->table &&
			check->query->time_series->ref->attnum == condition->ref->attnum)
			operand.source_zone = check->source_zone;
		prismiq_check_date_test(check, condition, &operand);
		return;
	}
	if (condition->op >= PRISMIQ_OP_DATE_RELATIVE)
		add_invalid_operator(check, condition, type, "It is for dates and times.");
	else if (condition->op == PRISMIQ_OP_BETWEEN || condition->op == PRISMIQ_OP_NOT_BETWEEN)
		check_between(check, condition, type);
	else
		check_scalar(check, condition, type);
}
