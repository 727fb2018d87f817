/*-------------------------------------------------------------------------
 *
 * objects.c
 *	  What the parts of documents that functions take have in common.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "base/fault.h"
#include "base/json.h"
#include "doc/doc.h"
#include "read/read.h"

/* See the header. */
void
prismiq_object_refuse_null(const PrismiqObject *object, const char *key)
{
	if (prismiq_json_kind(prismiq_object_get(object, key)) == PRISMIQ_JSON_NULL)
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, key), NULL,
						  "\"%s\" must not be null", key);
}

/* See the header. */
void
prismiq_object_refuse_both(const PrismiqObject *object, const char *one, const char *other)
{
	if (prismiq_object_has(object, one) && prismiq_object_has(object, other))
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, other), NULL,
						  "give \"%s\" or \"%s\", not both", one, other);
}

/* See the header. */
void
prismiq_object_bounded(const PrismiqObject *object, const char *key, int most)
{
	const char *text = prismiq_object_text(object, key, false);

	if (text != NULL && pg_mbstrlen(text) > most)
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, key), NULL,
						  "\"%s\" must have at most %d characters", key, most);
}

/* See the header. */
void
prismiq_object_part(const PrismiqObject *object, const char *key, PrismiqDocumentReader reader)
{
	const json_t *node = prismiq_object_get(object, key);

	if (node == NULL)
		return;
	if (prismiq_json_kind(node) == PRISMIQ_JSON_NULL)
		prismiq_object_refuse_null(object, key);
	else
		reader(node, prismiq_object_path(object, key), object->faults);
}

/* See the header. */
void
prismiq_object_definition(const PrismiqObject *object, const char *key)
{
	if (prismiq_object_has(object, key))
		(void) prismiq_read_query_at(prismiq_object_get(object, key),
									 prismiq_object_path(object, key), NULL, object->faults);
}

/* See the header. */
void
prismiq_object_each(const PrismiqObject *object, const char *key, PrismiqDocumentReader reader)
{
	json_t	   *map = unconstify(json_t *, prismiq_object_get(object, key));
	const PrismiqPath *path;
	void	   *iter;

	if (!prismiq_object_has(object, key))
		return;
	path = prismiq_object_path(object, key);
	if (prismiq_json_kind(map) != PRISMIQ_JSON_OBJECT)
	{
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "\"%s\" must be an object, not %s", key,
						  prismiq_json_kind_name(prismiq_json_kind(map)));
		return;
	}
	for (iter = json_object_iter(map); iter != NULL; iter = json_object_iter_next(map, iter))
	{
		CHECK_FOR_INTERRUPTS();
		reader(json_object_iter_value(iter),
			   prismiq_path_key(path, pstrdup(json_object_iter_key(iter)), NULL),
			   object->faults);
	}
}
