/*-------------------------------------------------------------------------
 *
 * test.c
 *	  The parts of a test that only some of them have.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/test.h"

/* The column that a test is on; null where it is on something else. */
PrismiqColumnRef *
prismiq_test_ref(const PrismiqTest *test)
{
	return test->on == PRISMIQ_OPERAND_COLUMN ? test->operand.column.ref : NULL;
}

/* The values as they were written; none where the operator takes no such. */
List *
prismiq_test_literals(const PrismiqTest *test)
{
	switch (test->op)
	{
		case PRISMIQ_OP_DATE_RELATIVE:
		case PRISMIQ_OP_NOT_DATE_RELATIVE:
		case PRISMIQ_OP_DATE_WINDOW:
		case PRISMIQ_OP_IN_QUERY:
		case PRISMIQ_OP_NOT_IN_QUERY:
			return NIL;
		default:
			return test->value.literals;
	}
}

/* The query whose values a test compares with; null where it does not. */
struct PrismiqQuery *
prismiq_test_query(const PrismiqTest *test)
{
	return test->op == PRISMIQ_OP_IN_QUERY || test->op == PRISMIQ_OP_NOT_IN_QUERY ?
		test->value.query : NULL;
}
