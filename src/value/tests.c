/*-------------------------------------------------------------------------
 *
 * tests.c
 *	  A test: an operand, an operator, and values, which become constants.
 *
 * LIKE has an operator of the operand's own, or else that of text; an enum's label is text.
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
add_invalid_operator(PrismiqCheck *check, const PrismiqTest *test, Oid type,
					 const char *suggestion)
{
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_OPERATOR, test->op_path, suggestion,
					  "operator \"%s\" does not go with type %s",
					  prismiq_operator_names[test->op], prismiq_type_name(type));
}

/*
 * The LIKE operator of a text-like type: its own, for an extension's type that
 * has one (citext), else that of text, to which the operand is cast.  Of an enum
 * the label is compared, which is a name, so an operator of its own is not looked for.
 */
static Oid
pattern_operator(Oid type, bool ignore_case, Oid *value_type, Oid *cast_type)
{
	const char *name = ignore_case ? "~~*" : "~~";
	Oid			op;
	bool		own = type >= FirstNormalObjectId && !type_is_enum(type);

	*value_type = TEXTOID;
	if (own && !prismiq_type_is_nameable(type))
		return InvalidOid;		/* its own cannot be looked up, and text's may say otherwise */
	if (own)
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
check_pattern(PrismiqCheck *check, PrismiqTest *test, Oid type, Oid collation)
{
	const PrismiqLiteral *literal = (const PrismiqLiteral *) linitial(test->value.literals);
	PrismiqForm *form = test->form;
	PrismiqOperator op = test->op;
	Oid			like;
	bool		ignore_case = op != PRISMIQ_OP_LIKE && op != PRISMIQ_OP_NOT_LIKE;
	const char *pattern = literal->text;
	Oid			value_type;

	if (prismiq_type_category(type) != TYPCATEGORY_STRING && !type_is_enum(type))
	{
		add_invalid_operator(check, test, type, "It is for texts and enums.");
		return;
	}
	if (OidIsValid(collation) && !get_collation_isdeterministic(collation))
	{
		add_invalid_operator(check, test, type,
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
	like = pattern_operator(type, ignore_case, &value_type, &form->cast_type);
	if (OidIsValid(like) && prismiq_operator_is_negation(op))
		like = get_negator(like);
	if (!OidIsValid(like))
	{
		add_invalid_operator(check, test, type, NULL);
		return;
	}
	form->kind = PRISMIQ_FORM_COMPARE;
	form->of.compare.op = like;
	form->of.compare.value = prismiq_const_make(value_type,
												PointerGetDatum(cstring_to_text(pattern)));
}

/* The zone in which what a test is on is read, or null. */
static pg_tz *
source_zone(const PrismiqTest *test)
{
	const PrismiqColumnRef *ref = prismiq_test_ref(test);

	return ref != NULL ? ref->source_zone : NULL;
}

/* A new test of the same operand, for a list that is taken apart. */
static PrismiqCondition *
derive_condition(const PrismiqCondition *condition, PrismiqOperator op,
				 PrismiqLiteral *literal)
{
	PrismiqCondition *result = palloc(sizeof(PrismiqCondition));
	PrismiqTest *test;

	*result = *condition;
	test = PrismiqTestOf(result);
	test->op = op;
	test->value.literals = literal ? list_make1(literal) : NIL;
	test->form = NULL;
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
	const PrismiqTest *test = PrismiqTestOf(condition);
	bool		negative = test->op == PRISMIQ_OP_NOT_IN;
	bool		null_listed = false;
	List	   *members = NIL;
	ListCell   *lc;

	if (!prismiq_effort_nodes(check, list_length(test->value.literals) * NODES_PER_TEST,
							  test->value_path))
		return;
	foreach(lc, test->value.literals)
	{
		PrismiqLiteral *literal = (PrismiqLiteral *) lfirst(lc);

		if (literal->kind == PRISMIQ_LITERAL_NULL)
			null_listed = true;
		else
			members = lappend(members, derive_condition(condition, negative ?
														PRISMIQ_OP_NEQ : PRISMIQ_OP_EQ, literal));
	}
	if (null_listed || test->op == PRISMIQ_OP_IN_OR_NULL)
		members = lappend(members, derive_condition(condition, negative ?
													PRISMIQ_OP_IS_NOT_NULL : PRISMIQ_OP_IS_NULL,
													NULL));
	condition->kind = negative ? PRISMIQ_CONDITION_AND : PRISMIQ_CONDITION_OR;
	PrismiqGroupOf(condition)->members = members;
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
	PrismiqTest *test = PrismiqTestOf(condition);
	PrismiqForm *form = test->form;
	bool		negative = test->op == PRISMIQ_OP_NOT_IN;
	bool		null_listed = false;
	List	   *values = NIL;
	Oid			cast = InvalidOid;
	ListCell   *lc;

	foreach(lc, test->value.literals)
	{
		PrismiqLiteral *literal = (PrismiqLiteral *) lfirst(lc);

		if (literal->kind == PRISMIQ_LITERAL_NULL)
			null_listed = true;
		else
			values = lappend(values, literal);
	}
	if (negative)
	{
		form->and_not_null = null_listed;
		form->or_null = !null_listed && !test->nulls_exclude;
	}
	else
		form->or_null = null_listed || test->op == PRISMIQ_OP_IN_OR_NULL;

	if (values == NIL)
	{
		if (null_listed || test->op == PRISMIQ_OP_IN_OR_NULL)
			form->kind = negative ? PRISMIQ_FORM_NOT_NULL : PRISMIQ_FORM_NULL;
		else
			form->kind = negative ? PRISMIQ_FORM_TRUE : PRISMIQ_FORM_FALSE;
		form->or_null = form->and_not_null = false;
		return;
	}
	if (!OidIsValid(get_array_type(type)) ||
		(type != DATEOID && prismiq_type_is_time(type) && has_date_only(values)) ||
		source_zone(test) != NULL)
	{
		split_list(check, condition, type, collation);
		return;
	}
	form->kind = PRISMIQ_FORM_ANY;
	form->of.compare.value = list_constant(check, values, type, &cast);
	form->of.compare.op = prismiq_comparison_operator(OidIsValid(cast) ? cast : type,
													  PRISMIQ_OP_EQ);
	form->cast_type = cast;
	form->negated = negative;
	if (form->of.compare.value != NULL && prismiq_type_is_time(type) && !negative)
		prismiq_list_bounds(form, type);
}

/* between and not_between on other types than dates. */
static void
check_between(PrismiqCheck *check, PrismiqTest *test, Oid type)
{
	const PrismiqLiteral *first = (const PrismiqLiteral *) linitial(test->value.literals);
	const PrismiqLiteral *second = (const PrismiqLiteral *) lsecond(test->value.literals);
	PrismiqForm *form = test->form;
	Oid			cast = InvalidOid;
	Oid			other = InvalidOid;
	PrismiqConst *low = prismiq_value_read(check, first, type, &cast);
	PrismiqConst *high = prismiq_value_read(check, second, type, &other);

	if (low == NULL || high == NULL)
		return;
	if (OidIsValid(cast) != OidIsValid(other))
	{
		/* A fraction at one end: both are numeric then. */
		form->cast_type = OidIsValid(cast) ? cast : other;
		cast = other = InvalidOid;
		low = prismiq_value_read(check, first, form->cast_type, &cast);
		high = prismiq_value_read(check, second, form->cast_type, &other);
	}
	else
		form->cast_type = cast;
	if (OidIsValid(form->cast_type))
		type = form->cast_type;
	form->kind = PRISMIQ_FORM_RANGE;
	form->of.range.low = low;
	form->of.range.low_op = prismiq_comparison_operator(type, PRISMIQ_OP_GTE);
	form->of.range.high = high;
	form->of.range.high_op = prismiq_comparison_operator(type, PRISMIQ_OP_LTE);
	form->negated = test->op == PRISMIQ_OP_NOT_BETWEEN;
	if (!OidIsValid(form->of.range.low_op) || !OidIsValid(form->of.range.high_op))
		add_invalid_operator(check, test, type, NULL);
}

/* eq, neq, gt, gte, lt, lte on other types than dates. */
static void
check_scalar(PrismiqCheck *check, PrismiqTest *test, Oid type)
{
	const PrismiqLiteral *literal = (const PrismiqLiteral *) linitial(test->value.literals);
	PrismiqForm *form = test->form;
	Oid			op = prismiq_comparison_operator(type, test->op);
	PrismiqConst *value;

	if (!OidIsValid(op))
	{
		add_invalid_operator(check, test, type, "Use is_null or is_not_null.");
		return;
	}
	value = prismiq_value_read(check, literal, type, &form->cast_type);
	if (value == NULL)
		return;
	form->kind = PRISMIQ_FORM_COMPARE;
	form->of.compare.op = OidIsValid(form->cast_type) ?
		prismiq_comparison_operator(form->cast_type, test->op) : op;
	form->of.compare.value = value;
}

/* array_contains: operand @> one-element array. */
static void
check_array_contains(PrismiqCheck *check, PrismiqTest *test, Oid type)
{
	PrismiqForm *form = test->form;
	Oid			element = get_element_type(type);
	Oid			cast = InvalidOid;

	if (!OidIsValid(element) ||
		!OidIsValid(prismiq_comparison_operator(prismiq_base_type(element), PRISMIQ_OP_EQ)))
	{
		add_invalid_operator(check, test, type, "It is for arrays.");
		return;
	}
	form->kind = PRISMIQ_FORM_COMPARE;
	form->of.compare.value = list_constant(check, test->value.literals, element, &cast);
	form->of.compare.op = OID_ARRAY_CONTAINS_OP;
	if (OidIsValid(cast))
		form->cast_type = get_array_type(cast);
}

/* Does the operator take a null, and has it one? */
static bool
check_null_value(PrismiqCheck *check, PrismiqTest *test)
{
	PrismiqLiteral *literal = NULL;
	ListCell   *lc;

	if (test->op == PRISMIQ_OP_IN || test->op == PRISMIQ_OP_NOT_IN ||
		test->op == PRISMIQ_OP_IN_OR_NULL)
		return false;
	foreach(lc, prismiq_test_literals(test))
		if (((PrismiqLiteral *) lfirst(lc))->kind == PRISMIQ_LITERAL_NULL)
			literal = (PrismiqLiteral *) lfirst(lc);
	if (literal == NULL)
		return false;
	if (test->op == PRISMIQ_OP_EQ)
		test->form->kind = PRISMIQ_FORM_NULL;
	else if (test->op == PRISMIQ_OP_NEQ)
		test->form->kind = PRISMIQ_FORM_NOT_NULL;
	else
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, literal->path,
						  "Use is_null or is_not_null.",
						  "operator \"%s\" takes no null",
						  prismiq_operator_names[test->op]);
	return true;
}

/* The operators that are for dates and times, or have an order of their own there. */
static void
check_ordered(PrismiqCheck *check, PrismiqTest *test, Oid type)
{
	PrismiqOperand operand;

	if (prismiq_type_is_time(type))
	{
		operand.type = type;
		operand.typmod = -1;
		operand.source_zone = source_zone(test);
		prismiq_check_date_test(check, test, &operand);
	}
	else if (test->op >= PRISMIQ_OP_DATE_RELATIVE)
		add_invalid_operator(check, test, type, "It is for dates and times.");
	else if (test->op == PRISMIQ_OP_BETWEEN || test->op == PRISMIQ_OP_NOT_BETWEEN)
		check_between(check, test, type);
	else
		check_scalar(check, test, type);
}

/*
 * Give a test its operators and values, for an operand of the given type.  A
 * list that no array can hold makes the condition a group.
 */
void
prismiq_check_operand(PrismiqCheck *check, PrismiqCondition *condition, Oid type, Oid collation)
{
	PrismiqTest *test = PrismiqTestOf(condition);

	test->form = palloc0(sizeof(PrismiqForm));
	test->form->kind = PRISMIQ_FORM_FALSE;
	if (test->value_path == NULL || check_null_value(check, test))
		return;
	test->form->or_null = prismiq_operator_is_negation(test->op) && !test->nulls_exclude;

	switch (test->op)
	{
		case PRISMIQ_OP_IS_NULL:
			test->form->kind = PRISMIQ_FORM_NULL;
			break;
		case PRISMIQ_OP_IS_NOT_NULL:
			test->form->kind = PRISMIQ_FORM_NOT_NULL;
			break;
		case PRISMIQ_OP_IN:
		case PRISMIQ_OP_NOT_IN:
		case PRISMIQ_OP_IN_OR_NULL:
			if (!OidIsValid(prismiq_comparison_operator(type, PRISMIQ_OP_EQ)))
				add_invalid_operator(check, test, type, "Use is_null or is_not_null.");
			else
				check_list(check, condition, type, collation);
			break;
		case PRISMIQ_OP_LIKE:
		case PRISMIQ_OP_ILIKE:
		case PRISMIQ_OP_NOT_LIKE:
		case PRISMIQ_OP_NOT_ILIKE:
		case PRISMIQ_OP_CONTAINS:
		case PRISMIQ_OP_STARTS_WITH:
		case PRISMIQ_OP_ENDS_WITH:
			check_pattern(check, test, type, collation);
			break;
		case PRISMIQ_OP_ARRAY_CONTAINS:
			check_array_contains(check, test, type);
			break;
		case PRISMIQ_OP_IN_QUERY:
		case PRISMIQ_OP_NOT_IN_QUERY:
			break;				/* whoever knows queries goes on from here */
		default:
			check_ordered(check, test, type);
			break;
	}
}
