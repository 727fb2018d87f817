/*-------------------------------------------------------------------------
 *
 * test.h
 *	  A test: an operand, an operator and a value; and what it came to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_TEST_H
#define PRISMIQ_TEST_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/path.h"
#include "model/dates.h"
#include "model/table.h"
#include "model/words.h"

/* What a test came to; the printer knows one form for each. */
typedef enum PrismiqFormKind
{
	PRISMIQ_FORM_FALSE,
	PRISMIQ_FORM_TRUE,
	PRISMIQ_FORM_NULL,
	PRISMIQ_FORM_NOT_NULL,
	PRISMIQ_FORM_COMPARE,		/* operand op value */
	PRISMIQ_FORM_ANY,			/* operand op any (value) */
	PRISMIQ_FORM_RANGE,			/* operand >= low and operand < high, or one of them */
	PRISMIQ_FORM_QUERY			/* operand op one of a nested query's values */
} PrismiqFormKind;

typedef struct PrismiqForm
{
	PrismiqFormKind kind;
	Oid			cast_type;		/* the operand is cast to it, or invalid */
	bool		negated;		/* NOT (...) around the test */
	bool		or_null;		/* lets a null operand through */
	bool		and_not_null;	/* a null in a not_in list */
	union
	{
		struct
		{
			Oid			op;
			PrismiqConst *value;	/* of any: an array */
		}			compare;	/* and any */
		struct
		{
			Oid			low_op;
			PrismiqConst *low;	/* or null */
			Oid			high_op;
			PrismiqConst *high; /* or null */
		}			range;
		struct
		{
			Oid			op;
			bool		collate;	/* different collations: compare bytes */
		}			query;
	}			of;

	/* What it says of a date or time: bounds of the rows it lets through. */
	bool		bounds_low;
	bool		bounds_high;
	int64		low_value;		/* included */
	int64		high_value;		/* excluded */
} PrismiqForm;

/* What a test is on: each part of a definition that has tests has its own. */
typedef enum PrismiqOperandKind
{
	PRISMIQ_OPERAND_COLUMN,		/* filters: a column, or a calculated field */
	PRISMIQ_OPERAND_MEASURE,	/* having: a measure, which need not be in the answer */
	PRISMIQ_OPERAND_OUTPUT		/* qualify: an output column */
} PrismiqOperandKind;

typedef struct PrismiqColumnOperand
{
	PrismiqColumnRef *ref;		/* null: of a dashboard's filter that has no table yet */
	PrismiqScope scope;
	const PrismiqPath *scope_path;
} PrismiqColumnOperand;

typedef struct PrismiqMeasureOperand
{
	const char *alias;			/* of an output column, or */
	PrismiqColumnRef *ref;		/* what is aggregated; both null: it could not be read */
	bool		has_aggregation;
	PrismiqAggregation aggregation;
	struct PrismiqAggregateArgs *args;	/* of the aggregation, or null */
	struct PrismiqColumn *named;	/* or a measure of the model */

	/* found by check/having.c */
	struct PrismiqColumn *measure;
} PrismiqMeasureOperand;

typedef struct PrismiqOutputOperand
{
	const char *alias;			/* null: it could not be read */
	bool		is_measure;		/* it is written as in having */

	/* found by check/having.c */
	struct PrismiqOutput *output;
} PrismiqOutputOperand;

typedef struct PrismiqTest
{
	PrismiqOperandKind on;
	union
	{
		PrismiqColumnOperand column;
		PrismiqMeasureOperand measure;
		PrismiqOutputOperand output;
	}			operand;
	PrismiqOperator op;
	const PrismiqPath *op_path;
	const PrismiqPath *value_path;	/* null: the value could not be read */
	union
	{
		List	   *literals;	/* PrismiqLiteral; empty for is_null and the like */
		struct
		{
			int64		days;	/* date_relative, and the offset of date_window */
			PrismiqPeriod period;	/* date_window */
		}			relative;
		struct PrismiqQuery *query; /* in_query, not_in_query */
	}			value;
	bool		nulls_exclude;

	/* found by value/tests.c, and of queries by check/nested.c */
	PrismiqForm *form;			/* null: what the test is on was not found */

	/* found by stage/moved.c and stage/fill.c, where it differs */
	PrismiqForm *previous;		/* of the period compared with */
	PrismiqForm *earlier;		/* of the rows before the range of a series */
} PrismiqTest;

/* What a test is on, by its kind. */
#define PrismiqColumnOperandOf(test) \
	(AssertMacro((test)->on == PRISMIQ_OPERAND_COLUMN), &(test)->operand.column)
#define PrismiqMeasureOperandOf(test) \
	(AssertMacro((test)->on == PRISMIQ_OPERAND_MEASURE), &(test)->operand.measure)
#define PrismiqOutputOperandOf(test) \
	(AssertMacro((test)->on == PRISMIQ_OPERAND_OUTPUT), &(test)->operand.output)

/* test.c */
extern PrismiqColumnRef *prismiq_test_ref(const PrismiqTest *test);
extern List *prismiq_test_literals(const PrismiqTest *test);
extern struct PrismiqQuery *prismiq_test_query(const PrismiqTest *test);

#endif							/* PRISMIQ_TEST_H */
