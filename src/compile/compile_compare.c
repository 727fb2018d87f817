/*-------------------------------------------------------------------------
 *
 * compile_compare.c
 *	  The period before beside the answer: the twin of stage/compare.c.
 *
 * Where that can be (stage/compare_once.c) the base stage is "periods", made of the
 * rows of both, and "data" is what there is of the answer.  Else "previous" is the
 * base stage again, with the conditions on the date column moved back.  HAVING
 * chooses among the answer's own groups.  "compared" joins each row with the one
 * whose bucket is its own, moved back, and whose other group columns are equal; a
 * row without one has nulls.
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

/* The base stage of rows among which are others than the answer's: of an earlier time. */
void
prismiq_print_base_earlier(PrismiqSql *sql, const PrismiqQuery *query)
{
	if (query->top != NULL && query->top->other &&
		(query->having == NULL || PrismiqHasBuckets(query)))
		sql->rest = query->top->rest;
	prismiq_print_base(sql, query, true);
	sql->rest = NULL;
}

/* Are the values of the period before in the answer's own rows? */
static bool
is_beside(const PrismiqQuery *query)
{
	return query->compare->once && !PrismiqHasBuckets(query);
}

/* , a measure of the period before as y1: null, not 0, where that has no rows */
static void
print_earlier(PrismiqSql *sql, const PrismiqQuery *query, int measure)
{
	bool		tells = query->compare->tells && query->keys != NIL;

	if (tells)
	{
		prismiq_sql_text(sql, ", CASE WHEN ");
		prismiq_print_has_rows(sql, query, true);
		prismiq_sql_number(sql, " THEN r.y", measure);
		prismiq_sql_text(sql, " END");
	}
	else
		prismiq_sql_number(sql, ", r.y", measure);
	prismiq_sql_number(sql, " AS y", measure);
}

/*
 * The columns of one period out of those of both.  Where there are no buckets the
 * rows of the answer keep what is of the period before.
 */
static void
print_period(PrismiqSql *sql, const PrismiqQuery *query, bool before)
{
	const char *separator = "SELECT ";
	ListCell   *lc;

	foreach(lc, query->keys)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_output_ref(sql, "r.", (const PrismiqOutput *) lfirst(lc));
		separator = ", ";
	}
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column))
			continue;
		prismiq_sql_text(sql, separator);
		separator = ", ";
		if (before)
			prismiq_sql_number(sql, "r.y", column->output.number);
		else
			prismiq_print_output_ref(sql, "r.", &column->output);
		prismiq_print_output_name(sql, &column->output, true);
		if (!before && is_beside(query))
			print_earlier(sql, query, column->output.number);
	}
	prismiq_sql_text(sql, query->totals != NULL ? ", r.l" : "");
	prismiq_sql_text(sql, !before && prismiq_having_is_kept(query) ? ", r.keep" : "");
	prismiq_sql_text(sql, " FROM periods AS r");
}

/*
 * periods AS (the base stage, of the rows of both periods), data AS (what is of the
 * answer)
 */
void
prismiq_print_periods(PrismiqSql *sql, const PrismiqQuery *query)
{
	bool		chosen = prismiq_having_is_here(query) && !prismiq_having_is_kept(query);

	prismiq_sql_text(sql, "periods AS (");
	sql->periods = true;
	prismiq_print_base_earlier(sql, query);
	sql->periods = false;
	prismiq_sql_text(sql, "), data AS (");
	print_period(sql, query, false);
	if (query->keys != NIL)
	{
		prismiq_sql_text(sql, " WHERE ");
		prismiq_print_has_rows(sql, query, false);
		prismiq_sql_text(sql, chosen ? " AND r.keep" : "");
	}
	else if (chosen)
		prismiq_sql_text(sql, " WHERE r.keep");
	prismiq_sql_text(sql, ")");
}

/* , previous AS (the base stage, of the rows of the period before) */
void
prismiq_print_previous(PrismiqSql *sql, const PrismiqQuery *query)
{
	if (is_beside(query))
		return;
	prismiq_sql_text(sql, ", previous AS (");
	if (query->compare->once)
	{
		print_period(sql, query, true);
		if (query->compare->tells)
		{
			prismiq_sql_text(sql, " WHERE ");
			prismiq_print_has_rows(sql, query, true);
		}
	}
	else
	{
		sql->previous = true;
		prismiq_print_base_earlier(sql, query);
		sql->previous = false;
	}
	prismiq_sql_text(sql, ")");
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

/* A measure of one of the periods; of the one before it is not filled, but of that type. */
static void
print_measure(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqComparison *comparison,
			  bool before)
{
	const PrismiqColumn *column = comparison->measure->column;

	if (before && is_beside(query))
		prismiq_sql_number(sql, "r.y", comparison->measure->number);
	else
		prismiq_print_output_ref(sql, before ? "p." : "r.", comparison->measure);
	if (before && column != NULL && column->fill_line != NULL &&
		OidIsValid(column->fill_line->cast_type))
		prismiq_sql_cast(sql, column->fill_line->cast_type);
}

/* Its value, cast for calculating with it. */
static void
print_value(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqComparison *comparison,
			bool before)
{
	print_measure(sql, query, comparison, before);
	if (!OidIsValid(comparison->arithmetic->cast_type))
		return;
	prismiq_sql_cast(sql, comparison->arithmetic->cast_type);
}

/* now - before */
static void
print_change(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqComparison *comparison)
{
	print_value(sql, query, comparison, false);
	prismiq_sql_operator(sql, comparison->arithmetic->minus);
	print_value(sql, query, comparison, true);
}

/* CASE WHEN before <> 0 THEN (now - before) * 100 / before END */
static void
print_percent(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqComparison *comparison)
{
	const PrismiqArithmetic *arithmetic = comparison->arithmetic;

	prismiq_sql_text(sql, "CASE WHEN ");
	print_value(sql, query, comparison, true);
	prismiq_sql_operator(sql, arithmetic->differs);
	prismiq_sql_const(sql, arithmetic->zero);
	prismiq_sql_text(sql, " THEN (");
	print_change(sql, query, comparison);
	prismiq_sql_text(sql, ")");
	prismiq_sql_operator(sql, arithmetic->times);
	prismiq_sql_const(sql, arithmetic->hundred);
	prismiq_sql_operator(sql, arithmetic->divide);
	print_value(sql, query, comparison, true);
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

		prismiq_sql_text(sql, ",\n  ");
		print_measure(sql, query, comparison, true);
		prismiq_sql_number(sql, " AS p", number);
		if (comparison->change != NULL)
		{
			prismiq_sql_text(sql, ",\n  ");
			print_change(sql, query, comparison);
			prismiq_sql_number(sql, " AS c", number);
		}
		if (comparison->percent != NULL)
		{
			prismiq_sql_text(sql, ",\n  ");
			print_percent(sql, query, comparison);
			prismiq_sql_number(sql, " AS q", number);
		}
	}
	prismiq_sql_text(sql, "\n  FROM ");
	prismiq_sql_text(sql, stage);
	prismiq_sql_text(sql, " AS r");
	if (!is_beside(query))
	{
		prismiq_sql_text(sql, "\n  LEFT JOIN previous AS p");
		print_match(sql, query);
	}
	prismiq_sql_text(sql, ")");
}
