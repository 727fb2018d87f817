/*-------------------------------------------------------------------------
 *
 * compile_compare.c
 *	  The period before beside the answer: the twin of stage/compare.c.
 *
 * The stage "previous" is the base stage again, with the conditions on the
 * date column moved back and without HAVING, which chooses among the answer's
 * own groups.  "compared" joins each row with the one whose bucket is its own,
 * moved back, and whose other group columns are equal; a row without one has
 * nulls.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "compile/compile.h"
#include "model/answer.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/words.h"
#include "print/print.h"

/* , previous AS (the base stage, of the rows of the period before) */
void
prismiq_print_previous(PrismiqSql *sql, const PrismiqQuery *query)
{
	sql->previous = true;
	if (query->top != NULL && query->top->other &&
		(query->having == NULL || PrismiqHasBuckets(query)))
		sql->rest = query->top->rest;
	prismiq_sql_text(sql, ", previous AS (");
	prismiq_print_base(sql, query, true);
	prismiq_sql_text(sql, ")");
	sql->rest = NULL;
	sql->previous = false;
}

/* The row's bucket in local time. */
static void
print_local(PrismiqSql *sql, const PrismiqCompare *compare)
{
	prismiq_sql_text(sql, "r.b");
	if (compare->zone == NULL)
		return;
	prismiq_sql_text(sql, " AT TIME ZONE ");
	prismiq_sql_const(sql, compare->zone);
}

/* The same, moved back; a local time. */
static void
print_local_shifted(PrismiqSql *sql, const PrismiqQuery *query)
{
	const PrismiqCompare *compare = query->compare;

	prismiq_sql_text(sql, "(");
	print_local(sql, compare);
	prismiq_sql_text(sql, ")");
	prismiq_sql_operator(sql, compare->minus);
	prismiq_sql_const(sql, compare->shift);
}

/* The same, as a value of the bucket's type. */
static void
print_shifted(PrismiqSql *sql, const PrismiqQuery *query)
{
	const PrismiqCompare *compare = query->compare;

	prismiq_sql_text(sql, "(");
	print_local_shifted(sql, query);
	prismiq_sql_text(sql, ")");
	if (compare->zone != NULL)
	{
		prismiq_sql_text(sql, " AT TIME ZONE ");
		prismiq_sql_const(sql, compare->zone);
	}
	else if (query->time_series->type == DATEOID)
		prismiq_sql_cast(sql, DATEOID);
}

/* The bucket that the row's own is compared with. */
static void
print_other_bucket(PrismiqSql *sql, const PrismiqQuery *query)
{
	const PrismiqBucketing *bucketing = query->time_series->bucketing;

	if (bucketing == NULL)
	{
		prismiq_sql_text(sql, "(");
		print_shifted(sql, query);
		prismiq_sql_text(sql, ")");
		return;
	}
	prismiq_sql_home(sql, "prismiq_time_bucket");
	prismiq_sql_text(sql, "(");
	prismiq_sql_const(sql, bucketing->width);
	prismiq_sql_text(sql, ", ");
	print_shifted(sql, query);
	prismiq_print_bucketing(sql, bucketing);
}

/* AND moved back and forth again, the bucket is where it was */
static void
print_reversible(PrismiqSql *sql, const PrismiqQuery *query)
{
	const PrismiqCompare *compare = query->compare;

	if (!compare->checks_local && !compare->checks_instant)
		return;
	prismiq_sql_text(sql, query->totals != NULL ? " AND (r.b IS NULL OR (" : " AND (");
	if (compare->checks_instant)
	{
		print_shifted(sql, query);
		prismiq_sql_text(sql, " AT TIME ZONE ");
		prismiq_sql_const(sql, compare->zone);
	}
	else
		print_local_shifted(sql, query);
	prismiq_sql_text(sql, ")");
	prismiq_sql_operator(sql, compare->plus);
	prismiq_sql_const(sql, compare->shift);
	prismiq_sql_compare(sql, TIMESTAMPOID, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, "(");
	print_local(sql, compare);
	prismiq_sql_text(sql, ")");
	if (query->time_series->type == DATEOID)
		prismiq_sql_cast(sql, TIMESTAMPOID);
	prismiq_sql_text(sql, query->totals != NULL ? ")" : "");
}

/* A key of both periods, for its sides to be printed. */
typedef struct ComparedKey
{
	const PrismiqQuery *query;
	const PrismiqOutput *key;
} ComparedKey;

/* p.d1, or r.d1; of a bucket the one that the row's own is compared with. */
static void
print_key_side(PrismiqSql *sql, bool right, const void *arg)
{
	const ComparedKey *compared = (const ComparedKey *) arg;

	if (right && compared->key->role == PRISMIQ_ROLE_TIME)
		print_other_bucket(sql, compared->query);
	else
		prismiq_print_output_ref(sql, right ? "r." : "p.", compared->key);
}

/* A value of a measure, cast for calculating with it. */
static void
print_value(PrismiqSql *sql, const PrismiqComparison *comparison, const char *side)
{
	prismiq_print_output_ref(sql, side, comparison->measure);
	if (!OidIsValid(comparison->arithmetic->cast_type))
		return;
	prismiq_sql_cast(sql, comparison->arithmetic->cast_type);
}

/* now - before */
static void
print_change(PrismiqSql *sql, const PrismiqComparison *comparison)
{
	print_value(sql, comparison, "r.");
	prismiq_sql_operator(sql, comparison->arithmetic->minus);
	print_value(sql, comparison, "p.");
}

/* CASE WHEN before <> 0 THEN (now - before) * 100 / before END */
static void
print_percent(PrismiqSql *sql, const PrismiqComparison *comparison)
{
	const PrismiqArithmetic *arithmetic = comparison->arithmetic;

	prismiq_sql_text(sql, "CASE WHEN ");
	print_value(sql, comparison, "p.");
	prismiq_sql_operator(sql, arithmetic->differs);
	prismiq_sql_const(sql, arithmetic->zero);
	prismiq_sql_text(sql, " THEN (");
	print_change(sql, comparison);
	prismiq_sql_text(sql, ")");
	prismiq_sql_operator(sql, arithmetic->times);
	prismiq_sql_const(sql, arithmetic->hundred);
	prismiq_sql_operator(sql, arithmetic->divide);
	print_value(sql, comparison, "p.");
	prismiq_sql_text(sql, " END");
}

/* ON: the same group, the bucket before, the same level of totals. */
static void
print_match(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *separator = " ON ";
	ListCell   *lc;
	ListCell   *lc2;

	forboth(lc, query->keys, lc2, query->compare->same)
	{
		ComparedKey compared = {query, (const PrismiqOutput *) lfirst(lc)};

		prismiq_sql_text(sql, separator);
		prismiq_print_same(sql, (const PrismiqSame *) lfirst(lc2), print_key_side, &compared);
		separator = " AND ";
	}
	if (query->totals != NULL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_sql_text(sql, "p.l");
		prismiq_sql_compare(sql, INT4OID, PRISMIQ_OP_EQ);
		prismiq_sql_text(sql, "r.l");
		separator = " AND ";
	}
	if (separator[1] == 'O')
		prismiq_sql_text(sql, " ON true");
	else if (PrismiqHasBuckets(query))
		print_reversible(sql, query);
}

/* , compared AS (the rows of a stage with the values of the period before) */
void
prismiq_print_compared(PrismiqSql *sql, const PrismiqQuery *query, const char *stage)
{
	ListCell   *lc;

	prismiq_sql_text(sql, ", compared AS (SELECT r.*");
	foreach(lc, query->compare->comparisons)
	{
		const PrismiqComparison *comparison = (const PrismiqComparison *) lfirst(lc);
		int			number = comparison->measure->number;

		prismiq_print_output_ref(sql, ",\n  p.", comparison->measure);
		prismiq_sql_number(sql, " AS p", number);
		if (comparison->change != NULL)
		{
			prismiq_sql_text(sql, ",\n  ");
			print_change(sql, comparison);
			prismiq_sql_number(sql, " AS c", number);
		}
		if (comparison->percent != NULL)
		{
			prismiq_sql_text(sql, ",\n  ");
			print_percent(sql, comparison);
			prismiq_sql_number(sql, " AS q", number);
		}
	}
	prismiq_sql_text(sql, "\n  FROM ");
	prismiq_sql_text(sql, stage);
	prismiq_sql_text(sql, " AS r\n  LEFT JOIN previous AS p");
	print_match(sql, query);
	prismiq_sql_text(sql, ")");
}
