/*-------------------------------------------------------------------------
 *
 * condition.h
 *	  Conditions on rows, on groups and on the answer.
 *
 * A condition is a group of conditions, a test, or one of related rows; what
 * belongs to one of these is reached by the macro of its name.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_CONDITION_H
#define PRISMIQ_CONDITION_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/path.h"
#include "model/table.h"
#include "model/test.h"
#include "model/words.h"

/* and, or, not */
typedef struct PrismiqGroup
{
	List	   *members;		/* PrismiqCondition */
} PrismiqGroup;

/* A related row exists, or does not exist, for a row of the query's tables. */
typedef struct PrismiqRelated
{
	List	   *members;		/* PrismiqCondition, ANDed: what is said of it */
	bool		not_exists;
	PrismiqTable *table;		/* which the conditions are on */
	List	   *steps;			/* PrismiqJoin, from a joined table to this one */
} PrismiqRelated;

typedef struct PrismiqCondition
{
	PrismiqConditionKind kind;
	const PrismiqPath *path;
	bool		merged;			/* a dashboard's filter, not of the definition */
	union
	{
		PrismiqGroup group;
		PrismiqTest test;
		PrismiqRelated related; /* made by join/related.c */
	}			of;
} PrismiqCondition;

/* What a condition has by its kind. */
#define PrismiqGroupOf(condition) \
	(AssertMacro((condition)->kind == PRISMIQ_CONDITION_AND || \
				 (condition)->kind == PRISMIQ_CONDITION_OR || \
				 (condition)->kind == PRISMIQ_CONDITION_NOT), &(condition)->of.group)
#define PrismiqTestOf(condition) \
	(AssertMacro((condition)->kind == PRISMIQ_CONDITION_TEST), &(condition)->of.test)
#define PrismiqRelatedOf(condition) \
	(AssertMacro((condition)->kind == PRISMIQ_CONDITION_RELATED), &(condition)->of.related)

/* Walk the tests of a condition; stops when the callback returns true. */
typedef bool (*PrismiqConditionWalker) (PrismiqCondition *test, void *arg);

/* condition.c */
extern PrismiqCondition *prismiq_condition_make(PrismiqConditionKind kind,
												const PrismiqPath *path);
extern List *prismiq_condition_members(const PrismiqCondition *condition);
extern bool prismiq_condition_walk(PrismiqCondition *condition,
								   PrismiqConditionWalker walker, void *arg);

#endif							/* PRISMIQ_CONDITION_H */
