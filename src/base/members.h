/*-------------------------------------------------------------------------
 *
 * members.h
 *	  Members of objects that more than one kind of document has.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_MEMBERS_H
#define PRISMIQ_MEMBERS_H

#include "postgres.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/settings.h"

/* The elements of a key's list, one after the other. */
typedef struct PrismiqElements
{
	const json_t *array;		/* null: there is no such list */
	const PrismiqPath *list_path;
	int			count;			/* 0 where they are too many, a fault */
	int			index;			/* of the element at hand, from 0 */
	const json_t *node;			/* the element at hand */
	const PrismiqPath *path;	/* and its place */
} PrismiqElements;

extern PrismiqElements prismiq_elements_of(const PrismiqObject *object, const char *key,
										   PrismiqLimit limit);
extern bool prismiq_elements_next(PrismiqElements *elements);

/* How many elements of a list are read. */
extern int	prismiq_read_count(const PrismiqObject *object, const char *key,
							   const json_t *array, PrismiqLimit limit);
extern int	prismiq_read_items(const PrismiqObject *object, const char *key);
extern int	prismiq_read_items_of(const json_t *node, const PrismiqPath *path,
								  PrismiqFaults *faults);

/* May the list of a condition have so many values?  Else a TOO_COMPLEX fault. */
extern bool prismiq_values_fit(PrismiqFaults *faults, const PrismiqPath *path, size_t count);

/* A key that must hold a uuid as text. */
extern const char *prismiq_object_uuid(const PrismiqObject *object, const char *key,
									   bool required);
extern bool prismiq_is_uuid(const char *text);

#endif							/* PRISMIQ_MEMBERS_H */
