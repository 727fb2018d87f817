/*-------------------------------------------------------------------------
 *
 * inside.h
 *	  Values inside of a jsonb column.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_INSIDE_H
#define PRISMIQ_INSIDE_H

#include "postgres.h"

#include "base/path.h"

/* What such a value is taken as. */
typedef enum PrismiqInsideType
{
	PRISMIQ_INSIDE_TEXT,
	PRISMIQ_INSIDE_NUMBER,
	PRISMIQ_INSIDE_INTEGER,
	PRISMIQ_INSIDE_BOOLEAN,
	PRISMIQ_INSIDE_DATE,
	PRISMIQ_INSIDE_TIMESTAMP,
	PRISMIQ_INSIDE_UUID
} PrismiqInsideType;

#define PRISMIQ_INSIDE_TYPES (PRISMIQ_INSIDE_UUID + 1)

/* A suggestion for who wrote none of them. */
#define PRISMIQ_INSIDE_HINT \
	"Valid types are: text, number, integer, boolean, date, timestamp, uuid."

/* Their names, by their numbers; ends with null. */
extern const char *const prismiq_inside_names[];

/* Where a value stands in a column, and what it is taken as. */
typedef struct PrismiqInside
{
	const PrismiqPath *path;	/* of what says where */
	const char *where;			/* keys and places as a JSON array; null: it could not be read */
	PrismiqInsideType type;
} PrismiqInside;

#endif							/* PRISMIQ_INSIDE_H */
