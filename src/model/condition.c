/*-------------------------------------------------------------------------
 *
 * condition.c
 *	  Conditions: how they are made, what is in them, and the walker over them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "model/condition.h"

/* A new condition, with nothing in it. */
PrismiqCondition *
prismiq_condition_make(PrismiqConditionKind kind, const PrismiqPath *path)
{
	PrismiqCondition *condition = palloc0(sizeof(PrismiqCondition));

	condition->kind = kind;
	condition->path = path;
	return condition;
}

/* The conditions inside another; none are in a test. */
List *
prismiq_condition_members(const PrismiqCondition *condition)
{
	switch (condition->kind)
	{
		case PRISMIQ_CONDITION_TEST:
			return NIL;
		case PRISMIQ_CONDITION_RELATED:
			return PrismiqRelatedOf(condition)->members;
		default:
			return PrismiqGroupOf(condition)->members;
	}
}

/* Walk the tests of a condition, in the order in which they are written. */
bool
prismiq_condition_walk(PrismiqCondition *condition, PrismiqConditionWalker walker, void *arg)
{
	ListCell   *lc;

	check_stack_depth();
	if (condition == NULL)
		return false;
	if (condition->kind == PRISMIQ_CONDITION_TEST)
		return walker(condition, arg);
	foreach(lc, prismiq_condition_members(condition))
		if (prismiq_condition_walk((PrismiqCondition *) lfirst(lc), walker, arg))
			return true;
	return false;
}
