/*-------------------------------------------------------------------------
 *
 * widget.c
 *	  What a widget's config says, read without looking for faults: it was
 *	  checked when it was saved, and what has the wrong kind counts as absent.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "base/fault.h"
#include "show/show.h"

/* True or false. */
bool
prismiq_widget_flag(const json_t *config, const char *key, bool fallback)
{
	const json_t *member = json_object_get(config, key);

	return prismiq_json_kind(member) == PRISMIQ_JSON_BOOLEAN ? json_is_true(member) : fallback;
}

/* A whole number within bounds. */
int64
prismiq_widget_integer(const json_t *config, const char *key, int64 min, int64 max,
					   int64 fallback)
{
	const json_t *member = json_object_get(config, key);
	int64		number;

	if (prismiq_json_kind(member) != PRISMIQ_JSON_NUMBER ||
		!prismiq_json_number_to_int(member, &number) || number < min || number > max)
		return fallback;
	return number;
}

/* Any number; false where there is none. */
bool
prismiq_widget_number(const json_t *node, Numeric *number)
{
	if (prismiq_json_kind(node) != PRISMIQ_JSON_NUMBER)
		return false;

	/* It comes from a jsonb, which holds such numbers. */
	*number = DatumGetNumeric(DirectFunctionCall3(numeric_in,
												  CStringGetDatum(prismiq_json_number(node)),
												  ObjectIdGetDatum(InvalidOid),
												  Int32GetDatum(-1)));
	return true;
}

/* Is a name what the config says, or in the list that it has? */
bool
prismiq_widget_names(const json_t *node, const char *name)
{
	size_t		i;

	if (prismiq_json_kind(node) == PRISMIQ_JSON_STRING)
		return strcmp(prismiq_json_string(node), name) == 0;
	for (i = 0; i < json_array_size(node); i++)
	{
		const json_t *item = json_array_get(node, i);

		if (prismiq_json_kind(item) == PRISMIQ_JSON_STRING &&
			strcmp(prismiq_json_string(item), name) == 0)
			return true;
	}
	return false;
}

/*
 * The color of the n-th of several things (from 0): "colors" is a list, or an
 * object by what they are called.
 */
const char *
prismiq_widget_color(const json_t *config, int n, const char *name, const char *label)
{
	const json_t *colors = json_object_get(config, "colors");
	const json_t *color;

	if (prismiq_json_kind(colors) == PRISMIQ_JSON_ARRAY && json_array_size(colors) > 0)
	{
		color = json_array_get(colors, n % json_array_size(colors));
		return prismiq_json_kind(color) == PRISMIQ_JSON_STRING ? prismiq_json_string(color) : NULL;
	}
	if (prismiq_json_kind(colors) != PRISMIQ_JSON_OBJECT)
		return NULL;
	color = name != NULL ? json_object_get(colors, name) : NULL;
	if (color == NULL && label != NULL)
		color = json_object_get(colors, label);
	return prismiq_json_kind(color) == PRISMIQ_JSON_STRING ? prismiq_json_string(color) : NULL;
}
