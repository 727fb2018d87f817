/*-------------------------------------------------------------------------
 *
 * read_filters.c
 *	  Conditions and groups of conditions: filters and having.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/nearest.h"
#include "base/settings.h"
#include "model/condition.h"
#include "model/known_keys.h"
#include "model/literal.h"
#include "model/words.h"
#include "read/read.h"
#include "read/shapes.h"

/* What a negation does with a null. */
const char *const prismiq_nulls_names[] = {[false] = "include", [true] = "exclude", NULL};

/* The periods of date_window. */
const char *const prismiq_period_names[] = {
	[PRISMIQ_PERIOD_DAILY] = "daily",
	[PRISMIQ_PERIOD_WEEKLY] = "weekly",
	[PRISMIQ_PERIOD_MONTHLY] = "monthly",
	[PRISMIQ_PERIOD_QUARTERLY] = "quarterly",
	[PRISMIQ_PERIOD_YEARLY] = "yearly",
	NULL
};

const char *const prismiq_date_window_keys[] = {"period", "value", NULL};
const char *const prismiq_query_value_keys[] = {"query", NULL};
const char *const prismiq_group_keys[] = {"and", "or", "not", NULL};

/* The scopes that are written; what says none restricts the rows. */
#define FIRST_SCOPE PRISMIQ_SCOPE_JOIN
const char *const prismiq_scope_names[] = {
	[PRISMIQ_SCOPE_JOIN - FIRST_SCOPE] = "join",
	[PRISMIQ_SCOPE_EXISTS - FIRST_SCOPE] = "any",
	[PRISMIQ_SCOPE_NOT_EXISTS - FIRST_SCOPE] = "none",
	NULL
};

/*
 * So many groups of alternatives, whatever prismiq.max_filters allows.  The server
 * plans each beside each other, with nothing that could stop it: twice as many take
 * four times as long, and with 4,000 PostgreSQL 18 looks for a cancel only after
 * four seconds, past any time limit.  A "not" makes alternatives of an "and".
 */
#define MAX_ALTERNATIVES 2000

static PrismiqCondition *read_condition(PrismiqReader *reader, const json_t *node,
										const PrismiqPath *path, PrismiqOperandKind on,
										int depth);

/* A list of scalars; "exactly" 0 means any number up to the limit. */
static bool
read_list(PrismiqReader *reader, PrismiqTest *test, const json_t *node, int exactly)
{
	const char *not_list = exactly > 0 ? "operator \"%s\" takes a list of two values" :
		"operator \"%s\" takes a list of values";
	const char *name = prismiq_operator_names[test->op];

	if (!prismiq_read_values(reader, node, test->value_path, not_list, name, &test->value.literals))
		return false;
	if (exactly == 0 || list_length(test->value.literals) == exactly)
		return true;
	prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE, test->value_path, NULL, not_list,
					  name);
	return false;
}

/* date_relative: a number of days. */
static bool
read_days(PrismiqReader *reader, PrismiqTest *test, const PrismiqObject *object)
{
	int64	   *days = &test->value.relative.days;
	int			errors = list_length(reader->faults->errors);

	if (prismiq_is_param(prismiq_object_get(object, "value")))
	{
		*days = prismiq_read_integer(reader, object, "value", -1000000, 1000000, PG_INT64_MAX);
		if (*days != PG_INT64_MAX)
			return true;
		if (list_length(reader->faults->errors) > errors || reader->leaves_out ||
			!reader->has_options)
			return false;
	}
	else if (prismiq_json_kind(prismiq_object_get(object, "value")) == PRISMIQ_JSON_NUMBER &&
			 prismiq_json_number_to_int(prismiq_object_get(object, "value"), days) &&
			 *days >= -1000000 && *days <= 1000000)
		return true;
	prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE, test->value_path, NULL,
					  "operator \"%s\" takes a number of days from -1000000 to 1000000",
					  prismiq_operator_names[test->op]);
	return false;
}

/* date_window: {period, value}. */
static bool
read_window(PrismiqReader *reader, PrismiqTest *test, const json_t *node)
{
	PrismiqObject object;
	int64	   *days = &test->value.relative.days;
	int			errors = list_length(reader->faults->errors);

	if (!prismiq_object_open(&object, node, test->value_path, reader->faults,
							 prismiq_date_window_keys))
		return false;
	if (prismiq_object_name(&object, "period", true) != NULL)
		test->value.relative.period = prismiq_object_choice(&object, "period",
															prismiq_period_names, false, 0);
	if (prismiq_object_get(&object, "value") == NULL)
		prismiq_fault_add(reader->faults, PRISMIQ_MISSING_FIELD,
						  prismiq_object_path(&object, "value"), NULL, "\"value\" is required");
	*days = prismiq_read_integer(reader, &object, "value", -100000, 100000, PG_INT64_MAX);
	if (list_length(reader->faults->errors) == errors && *days == PG_INT64_MAX &&
		!reader->leaves_out &&
		(reader->has_options ||
		 prismiq_json_kind(prismiq_object_get(&object, "value")) == PRISMIQ_JSON_NULL))
		prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(&object, "value"), NULL,
						  "\"value\" must not be null");
	return list_length(reader->faults->errors) == errors && *days != PG_INT64_MAX;
}

/* in_query: {query: a definition}. */
static bool
read_query_value(PrismiqReader *reader, PrismiqTest *test, const json_t *node)
{
	PrismiqObject object;

	if (!prismiq_object_open(&object, node, test->value_path, reader->faults,
							 prismiq_query_value_keys))
		return false;
	if (!prismiq_object_has(&object, "query"))
	{
		prismiq_fault_add(reader->faults, PRISMIQ_MISSING_FIELD,
						  prismiq_object_path(&object, "query"), NULL, "\"query\" is required");
		return false;
	}
	test->value.query = prismiq_read_nested(reader, prismiq_object_get(&object, "query"),
											prismiq_object_path(&object, "query"));
	return test->value.query != NULL;
}

/* The value in the form that the operator takes; false when it is not. */
static bool
read_value(PrismiqReader *reader, PrismiqTest *test, const PrismiqObject *object)
{
	const json_t *node = prismiq_object_get(object, "value");
	PrismiqLiteral *literal;

	if (prismiq_operator_takes(test->op) == PRISMIQ_TAKES_NOTHING)
	{
		if (!prismiq_object_has(object, "value"))
			return true;
		prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE, test->value_path, NULL,
						  "operator \"%s\" takes no value", prismiq_operator_names[test->op]);
		return false;
	}
	if (node == NULL)
	{
		prismiq_fault_add(reader->faults, PRISMIQ_MISSING_FIELD, test->value_path, NULL,
						  "\"value\" is required");
		return false;
	}
	switch (prismiq_operator_takes(test->op))
	{
		case PRISMIQ_TAKES_LIST:
			return read_list(reader, test, node, 0);
		case PRISMIQ_TAKES_PAIR:
			return read_list(reader, test, node, 2);
		case PRISMIQ_TAKES_DAYS:
			return read_days(reader, test, object);
		case PRISMIQ_TAKES_QUERY:
			return read_query_value(reader, test, node);
		case PRISMIQ_TAKES_WINDOW:
			return read_window(reader, test, node);
		default:
			literal = prismiq_read_scalar(reader, node, test->value_path);
			if (literal == NULL)
				return false;
			test->value.literals = list_make1(literal);
			return true;
	}
}

/* The operator; false (and a fault) when it is none. */
static bool
read_operator(PrismiqReader *reader, PrismiqTest *test, const PrismiqObject *object)
{
	const char *text = prismiq_object_name(object, "operator", true);
	int			i;

	test->op_path = prismiq_object_path(object, "operator");
	if (text == NULL)
		return false;
	if (strcmp(text, "in_") == 0)
		text = "in";
	for (i = 0; prismiq_operator_names[i] != NULL; i++)
	{
		if (prismiq_operator_names[i][0] != text[0] ||
			strcmp(prismiq_operator_names[i], text) != 0)
			continue;
		test->op = (PrismiqOperator) i;
		return true;
	}
	if (strcmp(text, "in_subquery") == 0 || strcmp(text, "not_in_subquery") == 0)
	{
		prismiq_fault_add(reader->faults, PRISMIQ_UNSAFE_SQL, test->op_path,
						  "Use in_query with a nested definition.",
						  "operator \"%s\" would carry SQL, which a definition never does",
						  text);
		return false;
	}
	prismiq_fault_add(reader->faults, PRISMIQ_INVALID_OPERATOR, test->op_path,
					  prismiq_nearest_of(reader->faults, text, prismiq_operator_names),
					  "unknown operator \"%s\"", text);
	return false;
}

/* What a filter is on: a column, or a calculated field. */
static void
read_column_operand(PrismiqReader *reader, PrismiqColumnOperand *operand,
					const PrismiqObject *object)
{
	operand->ref = prismiq_read_column_ref(object);
	prismiq_read_source_timezone(reader, object, operand->ref);
	if (prismiq_object_has(object, "measure"))
		prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "measure"),
						  "Put conditions on measures into \"having\".",
						  "a filter cannot be on a measure");
	else if (prismiq_object_has(object, "aggregation"))
		prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "aggregation"),
						  "Put conditions on aggregates into \"having\".",
						  "a filter cannot have an aggregation");
	else if (prismiq_object_has(object, "args"))
		prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "args"), NULL,
						  "a filter takes no arguments");
}

/* What a having test is on: an output column's alias, or an aggregate. */
static void
read_measure_operand(PrismiqReader *reader, PrismiqMeasureOperand *operand,
					 const PrismiqObject *object)
{
	int			errors;

	if (prismiq_object_has(object, "measure"))
	{
		operand->named = prismiq_read_named(object);
		return;
	}
	if (prismiq_object_has(object, "source_timezone"))
		prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "source_timezone"),
						  "Give it to the column of the answer, and compare that.",
						  "a condition on an aggregate has no \"source_timezone\"");
	if (!prismiq_object_has(object, "table_id") && !prismiq_object_has(object, "aggregation"))
	{
		operand->alias = prismiq_object_name(object, "column", true);
		prismiq_read_no_inside(object, "a column of the answer");
		if (prismiq_object_has(object, "args"))
			prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE,
							  prismiq_object_path(object, "args"), NULL,
							  "a condition on a column of the answer takes no arguments");
		return;
	}
	operand->ref = prismiq_read_column_ref(object);
	errors = list_length(reader->faults->errors);
	operand->aggregation = prismiq_read_aggregation(object, true);
	operand->has_aggregation = list_length(reader->faults->errors) == errors;
	operand->args = prismiq_read_aggregate_args(reader, object, operand->aggregation);
}

/* What a test is on. */
static void
read_operand(PrismiqReader *reader, PrismiqTest *test, const PrismiqObject *object)
{
	PrismiqMeasureOperand measure;

	switch (test->on)
	{
		case PRISMIQ_OPERAND_COLUMN:
			read_column_operand(reader, &test->operand.column, object);
			break;
		case PRISMIQ_OPERAND_MEASURE:
			read_measure_operand(reader, &test->operand.measure, object);
			break;
		case PRISMIQ_OPERAND_OUTPUT:
			memset(&measure, 0, sizeof(measure));
			read_measure_operand(reader, &measure, object);
			test->operand.output.alias = measure.alias;
			test->operand.output.is_measure = measure.ref != NULL || measure.named != NULL;
			break;
	}
}

/* What rows a filter speaks of; other tests have no scope. */
static void
read_scope(PrismiqReader *reader, PrismiqTest *test, const PrismiqObject *object)
{
	PrismiqScope scope = (PrismiqScope)
		(PRISMIQ_SCOPE_JOIN + prismiq_object_choice(object, "scope", prismiq_scope_names, false,
													-1));
	const PrismiqPath *path = prismiq_object_path(object, "scope");

	if (test->on == PRISMIQ_OPERAND_COLUMN)
	{
		test->operand.column.scope = scope;
		test->operand.column.scope_path = path;
	}
	else if (scope != PRISMIQ_SCOPE_ROWS)
		prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE, path,
						  "Put it into \"filters\".", "a having condition has no scope");
}

/* One test; null when there is nothing left of it to check, or when it is left out. */
static PrismiqCondition *
read_test(PrismiqReader *reader, const json_t *node, const PrismiqPath *path,
		  PrismiqOperandKind on)
{
	PrismiqCondition *condition = prismiq_condition_make(PRISMIQ_CONDITION_TEST, path);
	PrismiqTest *test = PrismiqTestOf(condition);
	PrismiqObject object;
	bool		ok;

	if (!prismiq_object_open(&object, node, path, reader->faults, prismiq_test_keys))
		return NULL;
	if (++reader->filters == reader->max_filters + 1)
		prismiq_fault_add(reader->faults, PRISMIQ_TOO_COMPLEX, path,
						  prismiq_limit_hint(PRISMIQ_MAX_FILTERS, "Use fewer conditions"),
						  "more conditions than the limit of %d", reader->max_filters);
	test->on = on;
	read_operand(reader, test, &object);
	test->value_path = prismiq_object_path(&object, "value");
	reader->leaves_out = false;
	reader->in_condition = true;
	ok = read_operator(reader, test, &object) && read_value(reader, test, &object);
	reader->in_condition = false;
	test->nulls_exclude = prismiq_object_choice(&object, "nulls", prismiq_nulls_names, false,
												false);
	read_scope(reader, test, &object);
	if (!ok)
		test->value_path = NULL;	/* names are still looked up */
	if (reader->leaves_out)
	{
		reader->left_out = lappend(reader->left_out, condition);
		return NULL;
	}
	return condition;
}

/* Another group that the server makes alternatives of. */
static void
count_alternatives(PrismiqReader *reader, const PrismiqPath *path)
{
	if (++reader->alternatives == MAX_ALTERNATIVES + 1)
		prismiq_fault_add(reader->faults, PRISMIQ_TOO_COMPLEX, path,
						  "Test one column for a list of values with \"in\".",
						  "more than %d groups of alternatives", MAX_ALTERNATIVES);
}

/* Is nothing in the group, since what stood there was left out?  So many were before it. */
static bool
is_emptied(const PrismiqReader *reader, const PrismiqGroup *group, int left_out)
{
	return group->members == NIL && list_length(reader->left_out) > left_out;
}

/* A list of conditions as a group; null when all of them were left out. */
static PrismiqCondition *
read_group(PrismiqReader *reader, PrismiqConditionKind kind, const json_t *array,
		   const PrismiqPath *path, PrismiqOperandKind on, int depth)
{
	PrismiqCondition *condition = prismiq_condition_make(kind, path);
	PrismiqGroup *group = PrismiqGroupOf(condition);
	int			left_out = list_length(reader->left_out);
	size_t		i;

	if (kind == PRISMIQ_CONDITION_OR)
		count_alternatives(reader, path);
	for (i = 0; i < json_array_size(array); i++)
	{
		PrismiqCondition *member = read_condition(reader, json_array_get(array, i),
												  prismiq_path_index(path, i), on, depth);

		CHECK_FOR_INTERRUPTS();
		if (member != NULL)
			group->members = lappend(group->members, member);
	}
	return is_emptied(reader, group, left_out) ? NULL : condition;
}

/* Which of the words of a group an object has, or -1. */
static int
group_kind(const json_t *node)
{
	void	   *iter;
	int			i;

	if (prismiq_json_kind(node) != PRISMIQ_JSON_OBJECT)
		return -1;
	for (iter = json_object_iter(unconstify(json_t *, node)); iter != NULL;
		 iter = json_object_iter_next(unconstify(json_t *, node), iter))
	{
		const char *key = json_object_iter_key(iter);

		for (i = 0; prismiq_group_keys[i] != NULL; i++)
			if (key[0] == prismiq_group_keys[i][0] && strcmp(key, prismiq_group_keys[i]) == 0)
				return i;
	}
	return -1;
}

/*
 * Is this a group whose word is mistyped?  An object of one key that no test
 * has, which would lack all that a test needs.
 */
static bool
is_group_mistyped(const json_t *node)
{
	const char *key;
	int			i;

	if (prismiq_json_kind(node) != PRISMIQ_JSON_OBJECT || json_object_size(node) != 1)
		return false;
	key = json_object_iter_key(json_object_iter(unconstify(json_t *, node)));
	for (i = 0; prismiq_test_keys[i] != NULL; i++)
		if (strcmp(key, prismiq_test_keys[i]) == 0)
			return false;
	return true;
}

/* {"and": [...]}, {"or": [...]}, {"not": {...}} or a test. */
static PrismiqCondition *
read_condition(PrismiqReader *reader, const json_t *node, const PrismiqPath *path,
			   PrismiqOperandKind on, int depth)
{
	PrismiqObject object;
	const PrismiqPath *inner;
	const json_t *array;
	int			i;

	check_stack_depth();
	if (depth > reader->max_nesting)
	{
		prismiq_fault_add(reader->faults, PRISMIQ_TOO_COMPLEX, path,
						  prismiq_limit_hint(PRISMIQ_MAX_NESTING, "Nest less"),
						  "conditions are nested more than %d deep", reader->max_nesting);
		return NULL;
	}
	i = group_kind(node);
	if (i < 0 && !is_group_mistyped(node))
		return read_test(reader, node, path, on);

	(void) prismiq_object_open(&object, node, path, reader->faults, prismiq_group_keys);
	if (i < 0)
		return NULL;
	if (json_object_size(node) > 1)
	{
		prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "a group of conditions has exactly one of \"and\", \"or\", \"not\"");
		return NULL;
	}
	inner = prismiq_object_path(&object, prismiq_group_keys[i]);
	if (i == 2)
	{
		PrismiqCondition *condition = prismiq_condition_make(PRISMIQ_CONDITION_NOT, path);
		int			left_out = list_length(reader->left_out);
		PrismiqCondition *member = read_condition(reader, json_object_get(node, "not"), inner,
												  on, depth + 1);

		count_alternatives(reader, path);
		PrismiqGroupOf(condition)->members = member ? list_make1(member) : NIL;
		return is_emptied(reader, PrismiqGroupOf(condition), left_out) ? NULL : condition;
	}
	array = prismiq_object_array(&object, prismiq_group_keys[i]);
	if (array == NULL || json_array_size(array) == 0)
	{
		if (array != NULL || !prismiq_object_has(&object, prismiq_group_keys[i]))
			prismiq_fault_add(reader->faults, PRISMIQ_INVALID_VALUE, inner, NULL,
							  "a group of conditions must not be empty");
		return NULL;
	}
	return read_group(reader, i == 0 ? PRISMIQ_CONDITION_AND : PRISMIQ_CONDITION_OR, array,
					  inner, on, depth + 1);
}

/*
 * A list of conditions under a key, ANDed; null when there are none.  Elements
 * count as depth 1.
 */
PrismiqCondition *
prismiq_read_conditions(PrismiqReader *reader, const PrismiqObject *object, const char *key,
						PrismiqOperandKind on)
{
	const json_t *array = prismiq_object_array(object, key);

	if (array == NULL || json_array_size(array) == 0)
		return NULL;
	return read_group(reader, PRISMIQ_CONDITION_AND, array, prismiq_object_path(object, key),
					  on, 1);
}
