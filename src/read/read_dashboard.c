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

	if (literal == NULL)
		add_bad_value(faults, filter, expected);
	else
		filter->tests = lappend(filter->tests, prismiq_filter_test(op, literal, path));
}

/* Keep a value as it was given. */
static void
keep_written(PrismiqDashboardFilter *filter, const json_t *value)
{
	StringInfoData buf;

	initStringInfo(&buf);
	prismiq_json_append(&buf, value);
	filter->written = buf.data;
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
	PrismiqCondition *condition = prismiq_filter_test(PRISMIQ_OP_IN, NULL, filter->path);
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
read_filter_value(PrismiqDashboardFilter *filter, const json_t *value, PrismiqFaults *faults)
{
	static const char *const number_keys[] = {"min", "max", NULL};

	if (is_off(value))
		return;
	keep_written(filter, value);
	switch (filter->type)
	{
		case PRISMIQ_FILTER_DATE_RANGE:
			read_date_range(filter, value, faults);
			break;
		case PRISMIQ_FILTER_MULTI_SELECT:
			read_choices(filter, value, faults);
			break;
		case PRISMIQ_FILTER_NUMBER_RANGE:
			read_bounds(filter, value, number_keys, "{min, max}", faults);
			break;
		case PRISMIQ_FILTER_SELECT:
			read_scalar(filter, PRISMIQ_OP_EQ, value, filter->path, "a single value", faults);
			break;
		case PRISMIQ_FILTER_TEXT:
		case PRISMIQ_FILTER_SEARCH:
			if (prismiq_json_kind(value) == PRISMIQ_JSON_STRING)
				read_scalar(filter, PRISMIQ_OP_CONTAINS, value, filter->path, "a text", faults);
			else
				add_bad_value(faults, filter, "a text");
			break;
	}
}

/* One filter as it is stored, but for its value; null for one that is none. */
static PrismiqDashboardFilter *
read_filter(const json_t *node)
{
	PrismiqDashboardFilter *filter = palloc0(sizeof(PrismiqDashboardFilter));
	const char *type = prismiq_json_text(node, "type");
	const json_t *widgets = json_object_get(node, "applies_to");
	size_t		i;

	filter->id = prismiq_json_text(node, "id");
	filter->field = prismiq_json_text(node, "field");
	filter->table = prismiq_json_text(node, "table");
	for (i = 0; type != NULL && prismiq_filter_types[i] != NULL; i++)
		if (strcmp(type, prismiq_filter_types[i]) == 0)
			break;
	if (filter->id == NULL || filter->field == NULL || type == NULL ||
		prismiq_filter_types[i] == NULL)
		return NULL;
	filter->type = (PrismiqFilterType) i;
	filter->restricted = prismiq_json_kind(widgets) == PRISMIQ_JSON_ARRAY;
	for (i = 0; i < json_array_size(widgets); i++)
	{
		const json_t *widget = json_array_get(widgets, i);

		if (prismiq_json_kind(widget) == PRISMIQ_JSON_STRING)
			filter->applies_to = lappend(filter->applies_to,
										 pstrdup(prismiq_json_string(widget)));
	}
	return filter;
}

/* The value that holds when none is given: the default, else the preset; or null. */
static const json_t *
default_of(const json_t *node, const char **key)
{
	*key = "default_value";
	if (prismiq_json_kind(json_object_get(node, *key)) <= PRISMIQ_JSON_NULL)
		*key = "date_preset";
	return json_object_get(node, *key);
}

/* The tables that a filter was on when it was saved: {filter id: ["schema.table"]}. */
static void
read_known_on(PrismiqDashboardFilter *filter, const json_t *known)
{
	const json_t *names = json_object_get(known, filter->id);
	size_t		i;

	for (i = 0; i < json_array_size(names); i++)
		if (prismiq_json_kind(json_array_get(names, i)) == PRISMIQ_JSON_STRING)
			filter->known_on = lappend(filter->known_on,
									   pstrdup(prismiq_json_string(json_array_get(names, i))));
}

/*
 * The filters of a document that is being saved, at "path", with their default
 * values; the places of faults are in that document.
 */
List *
prismiq_read_filters_saved(const json_t *filters, const PrismiqPath *path, PrismiqFaults *faults)
{
	List	   *result = NIL;
	size_t		i;

	for (i = 0; i < json_array_size(filters); i++)
	{
		const json_t *node = json_array_get(filters, i);
		PrismiqDashboardFilter *filter = read_filter(node);
		const json_t *value;
		const char *key;

		if (filter == NULL)
			continue;			/* its own faults say so */
		value = default_of(node, &key);
		filter->place = prismiq_path_index(path, (int) i);
		filter->path = prismiq_path_key(filter->place, key, prismiq_filter_keys);
		read_filter_value(filter, value, faults);
		result = lappend(result, filter);
	}
	return result;
}

/*
 * The filters of a dashboard, as a list of PrismiqDashboardFilter, with the values
 * that are given for them and what is known of the tables that they were on.  A
 * value for a filter that the dashboard does not have is a fault.
 */
List *
prismiq_read_filter_values(const json_t *filters, const json_t *values, const json_t *known,
						   PrismiqFaults *faults)
{
	const PrismiqPath *root = prismiq_path_key(NULL, prismiq_merge_root, NULL);
	size_t		count = json_array_size(filters);
	const char **ids = palloc0(sizeof(char *) * (count + 1));
	List	   *result = NIL;
	PrismiqObject object;
	size_t		i;

	for (i = 0; i < count; i++)
	{
		const json_t *node = json_array_get(filters, i);
		PrismiqDashboardFilter *filter = read_filter(node);
		const json_t *value;
		const char *key;

		if (filter == NULL)
			continue;
		filter->path = prismiq_path_key(root, filter->id, NULL);
		read_known_on(filter, known);

		/* Only a key that is absent leaves the default in force. */
		value = json_object_get(values, filter->id);
		if (value == NULL)
			value = default_of(node, &key);
		read_filter_value(filter, value, faults);
		ids[list_length(result)] = filter->id;
		result = lappend(result, filter);
	}

	/* Opening the object with the ids as its known keys finds the others. */
	if (prismiq_json_kind(values) != PRISMIQ_JSON_OBJECT ||
		prismiq_read_items_of(values, root, faults) > 0)
		(void) prismiq_object_open(&object, values, root, faults, ids);
	return result;
}
