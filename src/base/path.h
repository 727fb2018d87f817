/*-------------------------------------------------------------------------
 *
 * path.h
 *	  A place in the caller's document.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_PATH_H
#define PRISMIQ_PATH_H

#include "postgres.h"

#include "lib/stringinfo.h"

/*
 * A place in the caller's document, as a chain from the leaf to the root.
 * It is rendered as a JSON pointer only when there is a fault to tell of, so
 * keeping one in every node costs nothing else.  "key" is null for an element
 * of an array.  Faults are reported in the order of the document: of elements
 * by "order", their index, of keys as the format lists them in "keys".
 *
 * What a name in the document stands for may be written elsewhere, where the
 * caller may not look: all of that is told of at the name, whose place is "sealed".
 */
typedef struct PrismiqPath
{
	const struct PrismiqPath *up;
	const char *key;
	const char *const *keys;	/* ends with null */
	int			order;
	const char *sealed;			/* the name that stands there; or null */
} PrismiqPath;

extern const PrismiqPath *prismiq_path_key(const PrismiqPath *up, const char *key,
										   const char *const *keys);
extern const PrismiqPath *prismiq_path_sealed(const PrismiqPath *up, const char *key,
											  const char *const *keys, const char *name);
extern const PrismiqPath *prismiq_path_member(const PrismiqPath *up, const char *key, int index);
extern const PrismiqPath *prismiq_path_index(const PrismiqPath *up, int index);
extern int	prismiq_path_compare(const PrismiqPath *a, const PrismiqPath *b);
extern void prismiq_path_append(StringInfo buf, const PrismiqPath *path);

#endif							/* PRISMIQ_PATH_H */
