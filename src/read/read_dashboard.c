/*-------------------------------------------------------------------------
 *
 * read_dashboard.c
 *	  A dashboard's filters with the values given for them, as tests.
 *
 * Values come as {filter_id: value}; a filter without one uses its default
 * value, or its date preset.  0 and false are values; null, "" and "__all__"
 * and an empty list mean that the filter is off.  A value of the wrong shape
 * is a fault at /filters/<id>, never a filter dropped in silence.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "model/condition.h"
#include "model/literal.h"
#include "model/merge.h"
#include "model/words.h"
#include "read/read.h"

/* Begin a test with an operator. */
static PrismiqCondition *
make_test(PrismiqOperator op, const PrismiqPath *path)
{
	PrismiqCondition *condition = prismiq_condition_make(PRISMIQ_CONDITION_TEST, path);
	PrismiqTest *test = PrismiqTestOf(condition);

	test->on = PRISMIQ_OPERAND_COLUMN;
	test->op_path = test->value_path = path;
	test->op = op;
	return condition;
}

/* Does the value say that the filter is off? */
static bool
is_off(const json_t *node)
{
	switch (prismiq_json_kind(node))
	{
		case PRISMIQ_JSON_ABSENT:
		case PRISMIQ_JSON_NULL:
			return true;
		case PRISMIQ_JSON_STRING:
			return prismiq_json_string(node)[0] == '\0' ||
				strcmp(prismiq_json_string(node), "__all__") == 0;
		case PRISMIQ_JSON_ARRAY:
			return json_array_size(node) == 0;
		default:
			return false;
	}
}

/* Note a value of the wrong shape. */
static void
add_bad_value(PrismiqFaults *faults, const PrismiqDashboardFilter *filter,
			  const char *expected)
{
	prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, filter->path, NULL,
					  "filter \"%s\" takes %s", filter->id, expected);
}

/* A test of one scalar; a fault that says what was expected when it is none. */
static void
read_scalar(PrismiqDashboardFilter *filter, PrismiqOperator op, const json_t *value,
			const PrismiqPath *path, const char *expected, PrismiqFaults *faults)
{
	PrismiqLiteral *literal = prismiq_read_plain(value, path);
	PrismiqCondition *condition = make_test(op, path);

	if (literal == NULL)
	{
		add_bad_value(faults, filter, expected);
		return;
	}
	PrismiqTestOf(condition)->value.literals = list_make1(literal);
	filter->tests = lappend(filter->tests, condition);
}

/* Two bounds of an object, either optional. */
static void
read_bounds(PrismiqDashboardFilter *filter, const json_t *value, const char *const *keys,
			const char *expected, PrismiqFaults *faults)
{
	PrismiqObject object;
	int			i;

	if (prismiq_json_kind(value) != PRISMIQ_JSON_OBJECT)
	{
		add_bad_value(faults, filter, expected);
		return;
	}
	if (!prismiq_object_open(&object, value, filter->path, faults, keys))
		return;
	for (i = 0; i < 2; i++)
	{
		const json_t *bound = prismiq_object_get(&object, keys[i]);

		if (!is_off(bound))
			read_scalar(filter, i == 0 ? PRISMIQ_OP_GTE : PRISMIQ_OP_LTE, bound,
						prismiq_object_path(&object, keys[i]), expected, faults);
	}
}

/* {start, end}, or the name of a preset. */
static void
read_date_range(PrismiqDashboardFilter *filter, const json_t *value, PrismiqFaults *faults)
{
	static const char *const keys[] = {"start", "end", NULL};
	static const char expected[] = "{start, end} or the name of a date preset";

	if (prismiq_json_kind(value) == PRISMIQ_JSON_STRING)
		read_scalar(filter, PRISMIQ_OP_DATE_PRESET, value, filter->path, expected, faults);
	else
		read_bounds(filter, value, keys, expected, faults);
}

/* A list of scalars; one alone counts as a list of one. */
static void
read_choices(PrismiqDashboardFilter *filter, const json_t *value, PrismiqFaults *faults)
{
	PrismiqCondition *condition = make_test(PRISMIQ_OP_IN, filter->path);
	PrismiqTest *test = PrismiqTestOf(condition);
	size_t		i;

	if (prismiq_json_kind(value) != PRISMIQ_JSON_ARRAY)
	{
		read_scalar(filter, PRISMIQ_OP_EQ, value, filter->path, "a list of values", faults);
		return;
	}
	if (!prismiq_values_fit(faults, filter->path, json_array_size(value)))
		return;
	for (i = 0; i < json_array_size(value); i++)
	{
		const json_t *element = json_array_get(value, i);
		const PrismiqPath *path = prismiq_path_index(filter->path, (int) i);
		PrismiqLiteral *literal = prismiq_read_plain(element, path);

		if (prismiq_json_kind(element) == PRISMIQ_JSON_STRING &&
			strcmp(prismiq_json_string(element), "__all__") == 0)
			return;				/* all are chosen */
		if (literal == NULL)
		{
			add_bad_value(faults, filter, "a list of values");
			return;
		}
		test->value.literals = lappend(test->value.literals, literal);
	}
	filter->tests = lappend(filter->tests, condition);
}

/* The value in the form that the filter's type takes. */
static void
read_filter_value(PrismiqDashboardFilter *filter, const char *type, const json_t *value,
				  PrismiqFaults *faults)
{
	static const char *const number_keys[] = {"min", "max", NULL};

	if (is_off(value))
		return;
	if (strcmp(type, "date_range") == 0)
		read_date_range(filter, value, faults);
	else if (strcmp(type, "multi_select") == 0)
		read_choices(filter, value, faults);
	else if (strcmp(type, "number_range") == 0)
		read_bounds(filter, value, number_keys, "{min, max}", faults);
	else if (strcmp(type, "select") == 0)
		read_scalar(filter, PRISMIQ_OP_EQ, value, filter->path, "a single value", faults);
	else if (prismiq_json_kind(value) == PRISMIQ_JSON_STRING)
		read_scalar(filter, PRISMIQ_OP_CONTAINS, value, filter->path, "a text", faults);
	else
		add_bad_value(faults, filter, "a text");
}

/* A member that is a string, or null. */
static const char *
text_member(const json_t *node, const char *key)
{
	const json_t *member = json_object_get(node, key);

	return prismiq_json_kind(member) == PRISMIQ_JSON_STRING ? prismiq_json_string(member) : NULL;
}

/* One filter as it is stored (it was checked when it was written). */
static PrismiqDashboardFilter *
read_filter(const json_t *node, const json_t *values, const PrismiqPath *root,
			PrismiqFaults *faults)
{
	PrismiqDashboardFilter *filter = palloc0(sizeof(PrismiqDashboardFilter));
	const char *type = text_member(node, "type");
	const json_t *widgets = json_object_get(node, "applies_to");
	const json_t *value;
	size_t		i;

	filter->id = text_member(node, "id");
	filter->field = text_member(node, "field");
	filter->table = text_member(node, "table");
	if (filter->id == NULL || filter->field == NULL || type == NULL)
		return NULL;
	filter->path = prismiq_path_key(root, filter->id, NULL);
	filter->restricted = prismiq_json_kind(widgets) == PRISMIQ_JSON_ARRAY;
	for (i = 0; i < json_array_size(widgets); i++)
	{
		const json_t *widget = json_array_get(widgets, i);

		if (prismiq_json_kind(widget) == PRISMIQ_JSON_STRING)
			filter->applies_to = lappend(filter->applies_to,
										 pstrdup(prismiq_json_string(widget)));
	}

	/* Only a key that is absent leaves the default in force. */
	value = json_object_get(values, filter->id);
	if (value == NULL)
	{
		value = json_object_get(node, "default_value");
		if (prismiq_json_kind(value) <= PRISMIQ_JSON_NULL)
			value = json_object_get(node, "date_preset");
	}
	read_filter_value(filter, type, value, faults);
	return filter;
}

/*
 * The filters of a dashboard, as a list of PrismiqDashboardFilter.  A value
 * for a filter that the dashboard does not have is a fault.
 */
List *
prismiq_read_filter_values(const json_t *filters, const json_t *values, PrismiqFaults *faults)
{
	const PrismiqPath *root = prismiq_path_key(NULL, prismiq_merge_root, NULL);
	size_t		count = json_array_size(filters);
	const char **ids = palloc0(sizeof(char *) * (count + 1));
	List	   *result = NIL;
	PrismiqObject object;
	size_t		i;

	for (i = 0; i < count; i++)
	{
		PrismiqDashboardFilter *filter = read_filter(json_array_get(filters, i), values, root,
													 faults);

		if (filter == NULL)
			continue;
		ids[list_length(result)] = filter->id;
		result = lappend(result, filter);
	}

	/* Opening the object with the ids as its known keys finds the others. */
	if (prismiq_json_kind(values) != PRISMIQ_JSON_OBJECT ||
		prismiq_read_items_of(values, root, faults) > 0)
		(void) prismiq_object_open(&object, values, root, faults, ids);
	return result;
}
