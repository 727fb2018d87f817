/*-------------------------------------------------------------------------
 *
 * condition.h
 *	  Conditions on rows, on groups and on the answer.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_CONDITION_H
#define PRISMIQ_CONDITION_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/fault.h"
#include "model/dates.h"
#include "model/literal.h"
#include "model/table.h"
#include "model/words.h"

/* Foreign keys lead from one listed table to another, which no join does. */
typedef struct PrismiqLink
{
	PrismiqTable *near;
	PrismiqTable *far;
} PrismiqLink;

/* A related row exists, or does not exist, for a row of the query's tables. */
typedef struct PrismiqRelated
{
	bool		not_exists;
	PrismiqTable *table;		/* which the conditions are on */
	List	   *steps;			/* PrismiqJoin, from a joined table to this one */
} PrismiqRelated;

/* What a test came to; the printer knows one form for each. */
typedef enum PrismiqTestKind
{
	PRISMIQ_TEST_FALSE,
	PRISMIQ_TEST_TRUE,
	PRISMIQ_TEST_NULL,
	PRISMIQ_TEST_NOT_NULL,
	PRISMIQ_TEST_COMPARE,		/* operand op value */
	PRISMIQ_TEST_ANY,			/* operand = any (value) */
	PRISMIQ_TEST_RANGE,			/* operand >= low and operand < high, or one of them */
	PRISMIQ_TEST_QUERY			/* operand = one of a nested query's values */
} PrismiqTestKind;

typedef struct PrismiqTest
{
	PrismiqTestKind kind;
	Oid			cast_type;		/* operand is cast to it, or invalid */
	Oid			op;
	PrismiqConst *value;
	Oid			low_op;
	PrismiqConst *low;
	Oid			high_op;
	PrismiqConst *high;
	bool		negated;		/* NOT (...) around the test */
	bool		or_null;		/* lets a null operand through */
	bool		and_not_null;	/* a null in a not_in list */
	bool		collate;		/* different collations: compare bytes */
	Oid			query_type;		/* of the nested query's values, before the cast */

	/* What it says of a date or time: bounds of the rows it lets through. */
	bool		bounds_low;
	bool		bounds_high;
	int64		low_value;		/* included */
	int64		high_value;		/* excluded */
} PrismiqTest;

typedef struct PrismiqCondition
{
	PrismiqConditionKind kind;
	const PrismiqPath *path;
	List	   *members;		/* of a group */

	/* a test */
	PrismiqColumnRef *ref;
	const char *alias;			/* having: the output column instead of ref */
	bool		has_aggregation;
	PrismiqAggregation aggregation;
	struct PrismiqAggregateArgs *args; /* of the aggregation, or null */
	PrismiqScope scope;
	const PrismiqPath *scope_path;
	PrismiqOperator op;
	const PrismiqPath *op_path;
	const PrismiqPath *value_path;
	List	   *values;			/* PrismiqLiteral; empty for is_null and the like */
	int64		days;			/* date_relative, and the offset of date_window */
	PrismiqPeriod period;		/* date_window */
	struct PrismiqQuery *query; /* in_query, not_in_query */
	bool		nulls_exclude;
	bool		merged;			/* a dashboard's filter, not of the definition */

	/* found */
	PrismiqRelated *related;	/* of the kind of that name */
	struct PrismiqColumn *measure;	/* having: what is tested */
	struct PrismiqAnswer *answer;	/* qualify: what is tested */
	PrismiqTest *test;
	PrismiqTest *previous;		/* of the period compared with, where it differs */
} PrismiqCondition;

/* Walk the tests of a condition; stops when the callback returns true. */
typedef bool (*PrismiqConditionWalker) (PrismiqCondition *test, void *arg);

extern bool prismiq_condition_walk(PrismiqCondition *condition,
								   PrismiqConditionWalker walker, void *arg);

#endif							/* PRISMIQ_CONDITION_H */
