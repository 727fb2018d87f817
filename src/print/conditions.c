/*-------------------------------------------------------------------------
 *
 * conditions.c
 *	  WHERE and HAVING: the twin of value/tests.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "model/condition.h"
#include "model/literal.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/words.h"
#include "print/print.h"

/* A side of the comparison, cast as the test wants it. */
static void
print_cast(PrismiqSql *sql, const PrismiqTest *test)
{
	if (OidIsValid(test->cast_type))
		prismiq_sql_cast(sql, test->cast_type);
}

/* FROM (the nested query) AS q(c) */
static void
print_values(PrismiqSql *sql, const PrismiqCondition *condition)
{
	prismiq_sql_text(sql, " FROM (");
	sql->print_query(sql, condition->query);
	prismiq_sql_text(sql, ") AS q(c)");
}

/* operand = ANY (SELECT ...), or NOT EXISTS */
void
prismiq_print_in_query(PrismiqSql *sql, const PrismiqCondition *condition)
{
	const PrismiqTest *test = condition->test;
	bool		anti = test->negated && condition->ref != NULL;

	if (anti)
	{
		prismiq_sql_text(sql, "NOT EXISTS (SELECT 1");
		print_values(sql, condition);
		prismiq_sql_text(sql, " WHERE ");
	}
	else if (test->negated)
		prismiq_sql_text(sql, "NOT (");
	prismiq_print_bare_operand(sql, condition);
	print_cast(sql, test);
	if (test->collate)
		prismiq_sql_text(sql, " COLLATE pg_catalog.\"C\"");
	prismiq_sql_operator(sql, test->op);
	if (anti)
	{
		prismiq_sql_text(sql, "q.c");
		print_cast(sql, test);
		prismiq_sql_text(sql, ")");
		return;
	}
	prismiq_sql_text(sql, "ANY (SELECT q.c");
	print_cast(sql, test);
	print_values(sql, condition);
	prismiq_sql_text(sql, test->negated ? " WHERE q.c IS NOT NULL))" : ")");
}

/* What is tested: a column, in having an aggregate; without its cast. */
void
prismiq_print_bare_operand(PrismiqSql *sql, const PrismiqCondition *condition)
{
	if (condition->answer != NULL)
		prismiq_print_answer_ref(sql, "r.", condition->answer);
	else if (condition->measure != NULL)
		prismiq_print_column(sql, condition->measure);
	else
		prismiq_print_ref(sql, condition->ref);
}

/* The same, cast as the test wants it. */
static void
print_operand(PrismiqSql *sql, const PrismiqCondition *condition)
{
	prismiq_print_bare_operand(sql, condition);
	if (OidIsValid(condition->test->cast_type))
		prismiq_sql_cast(sql, condition->test->cast_type);
}

/* operand op value */
static void
print_comparison(PrismiqSql *sql, const PrismiqCondition *condition, Oid op,
				 PrismiqConst *value)
{
	print_operand(sql, condition);
	prismiq_sql_operator(sql, op);
	prismiq_sql_const(sql, value);
}

/* The test proper, without what nulls and tenants add. */
static void
print_core(PrismiqSql *sql, const PrismiqCondition *condition)
{
	const PrismiqTest *test = condition->test;

	if (test->kind == PRISMIQ_TEST_QUERY)
	{
		prismiq_print_in_query(sql, condition);
		return;
	}
	if (test->negated)
		prismiq_sql_text(sql, "NOT (");
	switch (test->kind)
	{
		case PRISMIQ_TEST_COMPARE:
			print_comparison(sql, condition, test->op, test->value);
			break;
		case PRISMIQ_TEST_ANY:
			print_operand(sql, condition);
			prismiq_sql_operator(sql, test->op);
			prismiq_sql_text(sql, "ANY (");
			prismiq_sql_const(sql, test->value);
			prismiq_sql_text(sql, ")");
			break;
		case PRISMIQ_TEST_RANGE:
			if (test->low != NULL)
				print_comparison(sql, condition, test->low_op, test->low);
			if (test->low != NULL && test->high != NULL)
				prismiq_sql_text(sql, " AND ");
			if (test->high != NULL)
				print_comparison(sql, condition, test->high_op, test->high);
			break;
		default:
			elog(ERROR, "unexpected test kind %d", (int) test->kind);
	}
	if (test->negated)
		prismiq_sql_text(sql, ")");
}

/* One test, in parentheses where it has parts. */
static void
print_test(PrismiqSql *sql, const PrismiqCondition *condition)
{
	const PrismiqTest *test = condition->test;
	bool		parts;

	if (sql->previous && condition->previous != NULL)
	{
		PrismiqCondition moved = *condition;

		moved.test = condition->previous;
		moved.previous = NULL;
		print_test(sql, &moved);
		return;
	}
	parts = test->or_null || test->and_not_null ||
		(test->kind == PRISMIQ_TEST_RANGE && !test->negated);

	switch (test->kind)
	{
		case PRISMIQ_TEST_FALSE:
			prismiq_sql_text(sql, "false");
			return;
		case PRISMIQ_TEST_TRUE:
			prismiq_sql_text(sql, "true");
			return;
		case PRISMIQ_TEST_NULL:
		case PRISMIQ_TEST_NOT_NULL:
			prismiq_print_bare_operand(sql, condition);
			prismiq_sql_text(sql, test->kind == PRISMIQ_TEST_NULL ? " IS NULL" : " IS NOT NULL");
			return;
		default:
			break;
	}
	if (parts)
		prismiq_sql_text(sql, "(");
	print_core(sql, condition);
	if (test->or_null || test->and_not_null)
	{
		prismiq_sql_text(sql, test->or_null ? " OR " : " AND ");
		prismiq_print_bare_operand(sql, condition);
		prismiq_sql_text(sql, test->or_null ? " IS NULL" : " IS NOT NULL");
	}
	if (parts)
		prismiq_sql_text(sql, ")");
}

/* A condition: a test, a related row, or a group in parentheses. */
void
prismiq_print_condition(PrismiqSql *sql, const PrismiqCondition *condition)
{
	bool		first = true;
	ListCell   *lc;

	check_stack_depth();
	if (condition->kind == PRISMIQ_CONDITION_TEST)
	{
		print_test(sql, condition);
		return;
	}
	if (condition->kind == PRISMIQ_CONDITION_RELATED)
	{
		prismiq_print_related(sql, condition);
		return;
	}
	prismiq_sql_text(sql, condition->kind == PRISMIQ_CONDITION_NOT ? "(NOT " : "(");
	foreach(lc, condition->members)
	{
		if (!first)
			prismiq_sql_text(sql, condition->kind == PRISMIQ_CONDITION_OR ? " OR " : " AND ");
		prismiq_print_condition(sql, (const PrismiqCondition *) lfirst(lc));
		first = false;
	}
	if (first)
		prismiq_sql_text(sql, "true");
	prismiq_sql_text(sql, ")");
}

/* The series' own range, as a test of its column. */
static void
print_series_range(PrismiqSql *sql, const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;
	PrismiqCondition condition;

	memset(&condition, 0, sizeof(condition));
	condition.kind = PRISMIQ_CONDITION_TEST;
	condition.ref = series->ref;
	condition.test = series->range;
	if (sql->previous)
		condition.test = query->compare->range;
	print_test(sql, &condition);
}

/* WHERE: the range of the series, then the filters one by one. */
void
prismiq_print_where(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *word = "\nWHERE ";
	ListCell   *lc;

	if (query->time_series != NULL && query->time_series->range != NULL)
	{
		prismiq_sql_text(sql, word);
		print_series_range(sql, query);
		word = "\n  AND ";
	}
	if (query->filters == NULL)
		return;
	foreach(lc, query->filters->members)
	{
		prismiq_sql_text(sql, word);
		prismiq_print_condition(sql, (const PrismiqCondition *) lfirst(lc));
		word = "\n  AND ";
	}
}
