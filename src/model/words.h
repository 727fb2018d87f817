/*-------------------------------------------------------------------------
 *
 * words.h
 *	  The words of a definition: aggregations, operators, kinds of joins.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_WORDS_H
#define PRISMIQ_WORDS_H

#include "postgres.h"

typedef enum PrismiqAggregation
{
	PRISMIQ_AGG_NONE,
	PRISMIQ_AGG_SUM,
	PRISMIQ_AGG_AVG,
	PRISMIQ_AGG_COUNT,
	PRISMIQ_AGG_COUNT_DISTINCT,
	PRISMIQ_AGG_MIN,
	PRISMIQ_AGG_MAX,
	PRISMIQ_AGG_MEDIAN,
	PRISMIQ_AGG_PERCENTILE,
	PRISMIQ_AGG_STDDEV,
	PRISMIQ_AGG_VARIANCE,
	PRISMIQ_AGG_CORR,
	PRISMIQ_AGG_MODE,
	PRISMIQ_AGG_FIRST,
	PRISMIQ_AGG_LAST,
	PRISMIQ_AGG_BOOL_AND,
	PRISMIQ_AGG_BOOL_OR,
	PRISMIQ_AGG_STRING_AGG,
	PRISMIQ_AGG_ARRAY_AGG,
	PRISMIQ_AGG_APPROX_COUNT_DISTINCT,

	/* never written: a calculated field that holds aggregates; has no name */
	PRISMIQ_AGG_EXPRESSION
} PrismiqAggregation;

typedef enum PrismiqJoinType
{
	PRISMIQ_JOIN_INNER,
	PRISMIQ_JOIN_LEFT,
	PRISMIQ_JOIN_RIGHT,
	PRISMIQ_JOIN_FULL
} PrismiqJoinType;

typedef enum PrismiqFanOut
{
	PRISMIQ_FAN_OUT_CORRECT,
	PRISMIQ_FAN_OUT_ERROR,
	PRISMIQ_FAN_OUT_ALLOW
} PrismiqFanOut;

/* Operators of conditions, in the order of query.md. */
typedef enum PrismiqOperator
{
	PRISMIQ_OP_EQ,
	PRISMIQ_OP_NEQ,
	PRISMIQ_OP_GT,
	PRISMIQ_OP_GTE,
	PRISMIQ_OP_LT,
	PRISMIQ_OP_LTE,
	PRISMIQ_OP_IN,
	PRISMIQ_OP_NOT_IN,
	PRISMIQ_OP_IN_OR_NULL,
	PRISMIQ_OP_BETWEEN,
	PRISMIQ_OP_NOT_BETWEEN,
	PRISMIQ_OP_LIKE,
	PRISMIQ_OP_ILIKE,
	PRISMIQ_OP_NOT_LIKE,
	PRISMIQ_OP_NOT_ILIKE,
	PRISMIQ_OP_CONTAINS,
	PRISMIQ_OP_STARTS_WITH,
	PRISMIQ_OP_ENDS_WITH,
	PRISMIQ_OP_IS_NULL,
	PRISMIQ_OP_IS_NOT_NULL,
	PRISMIQ_OP_DATE_RELATIVE,
	PRISMIQ_OP_NOT_DATE_RELATIVE,
	PRISMIQ_OP_DATE_WINDOW,
	PRISMIQ_OP_DATE_PRESET,
	PRISMIQ_OP_ARRAY_CONTAINS,
	PRISMIQ_OP_IN_QUERY,
	PRISMIQ_OP_NOT_IN_QUERY
} PrismiqOperator;

/* What stands in "value" beside an operator. */
typedef enum PrismiqOperatorTakes
{
	PRISMIQ_TAKES_VALUE,
	PRISMIQ_TAKES_LIST,
	PRISMIQ_TAKES_PAIR,
	PRISMIQ_TAKES_NOTHING,
	PRISMIQ_TAKES_DAYS,
	PRISMIQ_TAKES_WINDOW,		/* {period, value} */
	PRISMIQ_TAKES_PRESET,
	PRISMIQ_TAKES_QUERY			/* {query} */
} PrismiqOperatorTakes;

typedef enum PrismiqConditionKind
{
	PRISMIQ_CONDITION_AND,
	PRISMIQ_CONDITION_OR,
	PRISMIQ_CONDITION_NOT,
	PRISMIQ_CONDITION_TEST,
	PRISMIQ_CONDITION_RELATED	/* made by join/: of a related row, ANDed */
} PrismiqConditionKind;

/* Of what a condition speaks. */
typedef enum PrismiqScope
{
	PRISMIQ_SCOPE_ROWS,			/* of the rows of the answer */
	PRISMIQ_SCOPE_JOIN,			/* of what is joined, in the ON clause */
	PRISMIQ_SCOPE_EXISTS,		/* "any": a related row exists for which it holds */
	PRISMIQ_SCOPE_NOT_EXISTS	/* "none": no such row exists */
} PrismiqScope;

typedef enum PrismiqFill
{
	PRISMIQ_FILL_VALUE,
	PRISMIQ_FILL_NULL,
	PRISMIQ_FILL_PREVIOUS,		/* the last value that is not null, carried forward */
	PRISMIQ_FILL_LINEAR			/* on the line between the neighbours in time */
} PrismiqFill;

/* How total_count is found. */
typedef enum PrismiqTotal
{
	PRISMIQ_TOTAL_NONE,
	PRISMIQ_TOTAL_EXACT,
	PRISMIQ_TOTAL_ESTIMATED
} PrismiqTotal;

extern const char *const prismiq_aggregation_names[];
extern const char *const prismiq_operator_names[];
extern const char *const prismiq_join_type_names[];
extern const char *const prismiq_weekday_names[];	/* by number: 0 is Sunday */
extern PrismiqOperatorTakes prismiq_operator_takes(PrismiqOperator op);
extern bool prismiq_operator_is_negation(PrismiqOperator op);
extern bool prismiq_aggregation_ignores_duplicates(PrismiqAggregation aggregation);
extern bool prismiq_aggregation_is_ordered_set(PrismiqAggregation aggregation);
extern bool prismiq_aggregation_is_of_place(PrismiqAggregation aggregation);
extern bool prismiq_aggregation_takes_distinct(PrismiqAggregation aggregation);

#endif							/* PRISMIQ_WORDS_H */
