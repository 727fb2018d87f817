/*-------------------------------------------------------------------------
 *
 * path.c
 *	  A place in the caller's document.
 *
 * Written out, it is a JSON pointer; two of them are compared by the order in
 * which the format lists its keys.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "base/path.h"

/* A key that is longer is cut off: what is said of a document is not larger than it. */
#define MAX_PATH_KEY_BYTES 255

/* A path one step deeper; of a place that is sealed, that place. */
static const PrismiqPath *
make_step(const PrismiqPath *up, const char *key, const char *const *keys, int order)
{
	PrismiqPath *path;

	if (up != NULL && up->sealed != NULL)
		return up;
	path = palloc(sizeof(PrismiqPath));
	path->up = up;
	path->key = key;
	path->keys = keys;
	path->order = order;
	path->sealed = NULL;
	return path;
}

/*
 * A path one key deeper.  "keys" are those that the format knows there, in its
 * order, before all that it does not know; null where it knows none.
 */
const PrismiqPath *
prismiq_path_key(const PrismiqPath *up, const char *key, const char *const *keys)
{
	return make_step(up, key, keys, 0);
}

/* The same for a place whose value stands for something that is not in the document. */
const PrismiqPath *
prismiq_path_sealed(const PrismiqPath *up, const char *key, const char *const *keys,
					const char *name)
{
	PrismiqPath *path;

	if (up != NULL && up->sealed != NULL)
		return up;
	path = palloc(sizeof(PrismiqPath));
	*path = *make_step(up, key, keys, 0);
	path->sealed = name;
	return path;
}

/* The same for a member of an object whose members have names of the caller's. */
const PrismiqPath *
prismiq_path_member(const PrismiqPath *up, const char *key, int index)
{
	return make_step(up, key, NULL, index);
}

/* Rank of a path's last step among its siblings. */
static int
step_order(const PrismiqPath *path)
{
	int			i;

	if (path->keys == NULL)
		return path->order;
	for (i = 0; path->keys[i] != NULL && strcmp(path->keys[i], path->key) != 0; i++)
		 /* skip */ ;
	return i;
}

/* A path one array element deeper. */
const PrismiqPath *
prismiq_path_index(const PrismiqPath *up, int index)
{
	return make_step(up, NULL, NULL, index);
}

/* How many steps from the root. */
static int
path_depth(const PrismiqPath *path)
{
	int			depth = 0;

	for (; path != NULL; path = path->up)
		depth++;
	return depth;
}

/* Steps of a path from the root to the leaf. */
static const PrismiqPath **
path_steps(const PrismiqPath *path, int *depth)
{
	const PrismiqPath **steps;
	int			i;

	*depth = path_depth(path);
	steps = palloc(sizeof(PrismiqPath *) * (*depth + 1));
	for (i = *depth - 1; i >= 0; i--)
	{
		steps[i] = path;
		path = path->up;
	}
	return steps;
}

/* Append a path as a JSON pointer (RFC 6901): "~" is "~0", "/" is "~1". */
void
prismiq_path_append(StringInfo buf, const PrismiqPath *path)
{
	int			depth;
	const PrismiqPath **steps = path_steps(path, &depth);
	int			i;

	for (i = 0; i < depth; i++)
	{
		const char *key = steps[i]->key;
		const char *end;

		appendStringInfoChar(buf, '/');
		if (key == NULL)
		{
			appendStringInfo(buf, "%d", steps[i]->order);
			continue;
		}
		end = key + pg_mbcliplen(key, strlen(key), MAX_PATH_KEY_BYTES);
		for (; key < end; key++)
		{
			if (*key == '~')
				appendStringInfoString(buf, "~0");
			else if (*key == '/')
				appendStringInfoString(buf, "~1");
			else
				appendStringInfoChar(buf, *key);
		}
	}
	pfree(steps);
}

/* Order of two places: as the contract lists the keys, arrays by index. */
int
prismiq_path_compare(const PrismiqPath *a, const PrismiqPath *b)
{
	int			depth_a;
	int			depth_b;
	const PrismiqPath **steps_a = path_steps(a, &depth_a);
	const PrismiqPath **steps_b = path_steps(b, &depth_b);
	int			i;
	int			result = 0;

	for (i = 0; result == 0 && i < depth_a && i < depth_b; i++)
	{
		result = step_order(steps_a[i]) - step_order(steps_b[i]);
		if (result == 0 && steps_a[i]->key != NULL && steps_b[i]->key != NULL)
			result = strcmp(steps_a[i]->key, steps_b[i]->key);
	}
	if (result == 0)
		result = depth_a - depth_b;
	pfree(steps_a);
	pfree(steps_b);
	return result;
}
