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

/* FROM (the nested query) AS q(c) */
static void
print_values(PrismiqSql *sql, const PrismiqTest *test)
{
	prismiq_sql_text(sql, " FROM (");
	sql->print_query(sql, prismiq_test_query(test));
	prismiq_sql_text(sql, ") AS q(c)");
}

/* What is tested: a column, in having an aggregate; without its cast. */
static void
print_bare_operand(PrismiqSql *sql, const PrismiqTest *test)
{
	switch (test->on)
	{
		case PRISMIQ_OPERAND_COLUMN:
			prismiq_print_ref(sql, PrismiqColumnOperandOf(test)->ref);
			break;
		case PRISMIQ_OPERAND_MEASURE:
			prismiq_print_column(sql, PrismiqMeasureOperandOf(test)->measure);
			break;
		case PRISMIQ_OPERAND_OUTPUT:
			prismiq_print_output_ref(sql, "r.", PrismiqOutputOperandOf(test)->output);
			break;
	}
}

/* A side of the comparison, cast as the test wants it. */
static void
print_cast(PrismiqSql *sql, const PrismiqForm *form)
{
	if (OidIsValid(form->cast_type))
		prismiq_sql_cast(sql, form->cast_type);
}

/* operand = ANY (SELECT ...), or NOT EXISTS */
static void
print_in_query(PrismiqSql *sql, const PrismiqTest *test, const PrismiqForm *form)
{
	bool		anti = form->negated && test->on == PRISMIQ_OPERAND_COLUMN;

	if (anti)
	{
		prismiq_sql_text(sql, "NOT EXISTS (SELECT 1");
		print_values(sql, test);
		prismiq_sql_text(sql, " WHERE ");
	}
	else if (form->negated)
		prismiq_sql_text(sql, "NOT (");
	print_bare_operand(sql, test);
	print_cast(sql, form);
	if (form->of.query.collate)
		prismiq_sql_text(sql, " COLLATE pg_catalog.\"C\"");
	prismiq_sql_operator(sql, form->of.query.op);
	if (anti)
	{
		prismiq_sql_text(sql, "q.c");
		print_cast(sql, form);
		prismiq_sql_text(sql, ")");
		return;
	}
	prismiq_sql_text(sql, "ANY (SELECT q.c");
	print_cast(sql, form);
	print_values(sql, test);
	prismiq_sql_text(sql, form->negated ? " WHERE q.c IS NOT NULL))" : ")");
}

/* operand op value */
static void
print_comparison(PrismiqSql *sql, const PrismiqTest *test, const PrismiqForm *form, Oid op,
				 PrismiqConst *value)
{
	print_bare_operand(sql, test);
	print_cast(sql, form);
	prismiq_sql_operator(sql, op);
	if (form->kind == PRISMIQ_FORM_ANY)
		prismiq_sql_text(sql, "ANY (");
	prismiq_sql_const(sql, value);
	if (form->kind == PRISMIQ_FORM_ANY)
		prismiq_sql_text(sql, ")");
}

/* The test proper, without what nulls and tenants add. */
static void
print_core(PrismiqSql *sql, const PrismiqTest *test, const PrismiqForm *form)
{
	if (form->kind == PRISMIQ_FORM_QUERY)
	{
		print_in_query(sql, test, form);
		return;
	}
	if (form->negated)
		prismiq_sql_text(sql, "NOT (");
	switch (form->kind)
	{
		case PRISMIQ_FORM_COMPARE:
		case PRISMIQ_FORM_ANY:
			print_comparison(sql, test, form, form->of.compare.op, form->of.compare.value);
			break;
		case PRISMIQ_FORM_RANGE:
			if (form->of.range.low != NULL)
				print_comparison(sql, test, form, form->of.range.low_op, form->of.range.low);
			if (form->of.range.low != NULL && form->of.range.high != NULL)
				prismiq_sql_text(sql, " AND ");
			if (form->of.range.high != NULL)
				print_comparison(sql, test, form, form->of.range.high_op, form->of.range.high);
			break;
		default:
			elog(ERROR, "unexpected form %d of a test", (int) form->kind);
	}
	if (form->negated)
		prismiq_sql_text(sql, ")");
}

/* One test in its form, in parentheses where it has parts. */
static void
print_form(PrismiqSql *sql, const PrismiqTest *test, const PrismiqForm *form)
{
	bool		parts = form->or_null || form->and_not_null ||
		(form->kind == PRISMIQ_FORM_RANGE && !form->negated);

	switch (form->kind)
	{
		case PRISMIQ_FORM_FALSE:
			prismiq_sql_text(sql, "false");
			return;
		case PRISMIQ_FORM_TRUE:
			prismiq_sql_text(sql, "true");
			return;
		case PRISMIQ_FORM_NULL:
		case PRISMIQ_FORM_NOT_NULL:
			print_bare_operand(sql, test);
			prismiq_sql_text(sql, form->kind == PRISMIQ_FORM_NULL ? " IS NULL" : " IS NOT NULL");
			return;
		default:
			break;
	}
	if (parts)
		prismiq_sql_text(sql, "(");
	print_core(sql, test, form);
	if (form->or_null || form->and_not_null)
	{
		prismiq_sql_text(sql, form->or_null ? " OR " : " AND ");
		print_bare_operand(sql, test);
		prismiq_sql_text(sql, form->or_null ? " IS NULL" : " IS NOT NULL");
	}
	if (parts)
		prismiq_sql_text(sql, ")");
}

/* One test, of the period at hand, or of what is before it. */
static void
print_test(PrismiqSql *sql, const PrismiqTest *test)
{
	const PrismiqForm *form = test->form;

	if (sql->previous && test->previous != NULL)
		form = test->previous;
	else if (sql->earlier && test->earlier != NULL)
		form = test->earlier;
	print_form(sql, test, form);
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
		print_test(sql, PrismiqTestOf(condition));
		return;
	}
	if (condition->kind == PRISMIQ_CONDITION_RELATED)
	{
		prismiq_print_related(sql, condition);
		return;
	}
	prismiq_sql_text(sql, condition->kind == PRISMIQ_CONDITION_NOT ? "(NOT " : "(");
	foreach(lc, prismiq_condition_members(condition))
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

/* The range of a series at hand: what it adds to the rows' conditions, or null. */
static const PrismiqForm *
series_range(const PrismiqSql *sql, const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;

	if (series == NULL)
		return NULL;
	if (sql->earlier)
		return series->earlier;
	return sql->previous && series->range != NULL ? query->compare->range : series->range;
}

/* The same, as a test of its column. */
static void
print_series_range(PrismiqSql *sql, const PrismiqTimeSeries *series, const PrismiqForm *range)
{
	PrismiqTest test;

	memset(&test, 0, sizeof(test));
	test.on = PRISMIQ_OPERAND_COLUMN;
	PrismiqColumnOperandOf(&test)->ref = series->ref;
	print_form(sql, &test, range);
}

/* WHERE of the rows of two periods: those of one of them, then what is said of both. */
static void
print_periods(PrismiqSql *sql, const PrismiqCompare *compare)
{
	ListCell   *lc;

	prismiq_sql_text(sql, "\nWHERE ");
	if (compare->rows != NULL)
		prismiq_print_condition(sql, compare->rows);
	else
	{
		prismiq_sql_text(sql, "(");
		prismiq_print_condition(sql, compare->now);
		prismiq_sql_text(sql, " OR ");
		sql->previous = true;
		prismiq_print_condition(sql, compare->before);
		sql->previous = false;
		prismiq_sql_text(sql, ")");
	}
	foreach(lc, compare->always)
	{
		prismiq_sql_text(sql, "\n  AND ");
		prismiq_print_condition(sql, (const PrismiqCondition *) lfirst(lc));
	}
}

/* WHERE: the range of the series, then the filters one by one. */
void
prismiq_print_where(PrismiqSql *sql, const PrismiqQuery *query)
{
	const PrismiqForm *range = series_range(sql, query);
	const char *word = "\nWHERE ";
	ListCell   *lc;

	if (sql->periods)
	{
		print_periods(sql, query->compare);
		return;
	}
	if (range != NULL)
	{
		prismiq_sql_text(sql, word);
		print_series_range(sql, query->time_series, range);
		word = "\n  AND ";
	}
	if (query->filters == NULL)
		return;
	foreach(lc, PrismiqGroupOf(query->filters)->members)
	{
		prismiq_sql_text(sql, word);
		prismiq_print_condition(sql, (const PrismiqCondition *) lfirst(lc));
		word = "\n  AND ";
	}
}
