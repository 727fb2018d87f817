/*-------------------------------------------------------------------------
 *
 * members.c
 *	  Members of objects that more than one kind of document has: uuids, and lists
 *	  within their limits.
 *
 * No list of a definition or document is without a limit: it has one of its
 * own, or prismiq.max_items.  Of a list that is too long nothing is read.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "base/settings.h"

/* Is the text a uuid in its usual form, 8-4-4-4-12 hexadecimal digits? */
bool
prismiq_is_uuid(const char *text)
{
	int			i;

	for (i = 0; i < 36; i++)
	{
		if (i == 8 || i == 13 || i == 18 || i == 23)
		{
			if (text[i] != '-')
				return false;
		}
		else if (!isxdigit((unsigned char) text[i]))
			return false;
	}
	return text[36] == '\0';
}

/* A uuid, or null when absent (a fault if required) or none. */
const char *
prismiq_object_uuid(const PrismiqObject *object, const char *key, bool required)
{
	const char *text = prismiq_object_text(object, key, required);

	if (text != NULL && !prismiq_is_uuid(text))
	{
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, key), NULL,
						  "\"%s\" must be a uuid", key);
		return NULL;
	}
	return text;
}

/* The number of elements, at most the limit; beyond is a TOO_COMPLEX fault, and 0. */
static int
count_within(PrismiqFaults *faults, const PrismiqPath *path, const char *what, size_t count,
			 PrismiqLimit limit)
{
	int			max = prismiq_limit(limit);

	if (count <= (size_t) max || faults->unlimited)
		return (int) count;
	prismiq_fault_add(faults, PRISMIQ_TOO_COMPLEX, path,
					  prismiq_limit_hint(limit, "Make the list shorter"),
					  "%s has %zu elements, more than the limit of %d", what, count, max);
	return 0;
}

/* The elements of an array, or the members of an object. */
static size_t
size_of(const json_t *node)
{
	return prismiq_json_kind(node) == PRISMIQ_JSON_OBJECT ? json_object_size(node) :
		json_array_size(node);
}

/* How many elements of a key's list are read: all, or none if they are too many. */
int
prismiq_read_count(const PrismiqObject *object, const char *key, const json_t *array,
				   PrismiqLimit limit)
{
	if (array == NULL)
		return 0;
	return count_within(object->faults, prismiq_object_path(object, key),
						psprintf("\"%s\"", key), size_of(array), limit);
}

/* The same for a list, or an object of any names, that has no limit of its own. */
int
prismiq_read_items(const PrismiqObject *object, const char *key)
{
	return prismiq_read_count(object, key, prismiq_object_get(object, key),
							  PRISMIQ_MAX_ITEMS);
}

/* The same for a list that stands by itself. */
int
prismiq_read_items_of(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	return count_within(faults, path, "the list", size_of(node),
						PRISMIQ_MAX_ITEMS);
}

/* A key's list, before its first element. */
PrismiqElements
prismiq_elements_of(const PrismiqObject *object, const char *key, PrismiqLimit limit)
{
	PrismiqElements elements = {.array = prismiq_object_array(object, key), .index = -1};

	elements.list_path = prismiq_object_path(object, key);
	elements.count = prismiq_read_count(object, key, elements.array, limit);
	return elements;
}

/* Go on to the next element; false at the end. */
bool
prismiq_elements_next(PrismiqElements *elements)
{
	CHECK_FOR_INTERRUPTS();
	if (++elements->index >= elements->count)
		return false;
	elements->node = json_array_get(elements->array, elements->index);
	elements->path = prismiq_path_index(elements->list_path, elements->index);
	return true;
}

/* See the header. */
bool
prismiq_values_fit(PrismiqFaults *faults, const PrismiqPath *path, size_t count)
{
	int			max = prismiq_limit(PRISMIQ_MAX_LIST_VALUES);

	if (count <= (size_t) max)
		return true;
	prismiq_fault_add(faults, PRISMIQ_TOO_COMPLEX, path,
					  prismiq_limit_hint(PRISMIQ_MAX_LIST_VALUES, "Make the list shorter"),
					  "the list has %zu values, more than the limit of %d", count, max);
	return false;
}
