/*-------------------------------------------------------------------------
 *
 * joins.h
 *	  Joins, and the pairs of columns that they are by.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_JOINS_H
#define PRISMIQ_JOINS_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/path.h"
#include "model/table.h"
#include "model/words.h"

/* One pair of columns of a join. */
typedef struct PrismiqJoinKey
{
	const PrismiqPath *path;
	PrismiqColumnRef *from;
	PrismiqColumnRef *to;
	PrismiqOperator op;			/* one that compares two values */

	/* found by join/join_keys.c */
	Oid			operator;		/* from op to */
	Oid			cast_type;		/* both sides are cast to it, or invalid */
	bool		collate;		/* different collations: compare bytes */
} PrismiqJoinKey;

typedef struct PrismiqJoin
{
	const PrismiqPath *path;
	const char *from_table_id;
	const char *to_table_id;
	const PrismiqPath *from_path;
	const PrismiqPath *to_path;
	List	   *keys;			/* PrismiqJoinKey */
	PrismiqJoinType type;

	/* found by join/paths.c */
	bool		automatic;		/* along a foreign key */

	/* found by join/joins.c, along a foreign key by join/paths.c; flipped by join/join_order.c */
	PrismiqTable *from;			/* already joined when this one is printed */
	PrismiqTable *to;			/* joined by this one */

	/* found by join/join_order.c, of steps to a related row by join/paths.c */
	PrismiqJoinType printed_type;	/* type, flipped when the sides were */

	/* found by join/related.c */
	List	   *conditions;		/* PrismiqCondition of scope "join" */
} PrismiqJoin;

#endif							/* PRISMIQ_JOINS_H */
