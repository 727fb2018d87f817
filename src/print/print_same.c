/*-------------------------------------------------------------------------
 *
 * print_same.c
 *	  Is a value of one stage the same as one of another, where two nulls are:
 *	  the twin of stage/same.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "model/stages.h"
#include "model/words.h"
#include "print/print.h"

/* ARRAY[left::type] = ARRAY[right::type] */
static void
print_arrays(PrismiqSql *sql, const PrismiqSame *same, PrismiqSidePrinter side, const void *arg)
{
	int			i;

	for (i = 0; i < 2; i++)
	{
		if (i == 1)
			prismiq_sql_operator(sql, same->operator);
		prismiq_sql_text(sql, "ARRAY[");
		side(sql, i == 1, arg);
		if (OidIsValid(same->cast_type))
			prismiq_sql_cast(sql, same->cast_type);
		prismiq_sql_text(sql, "]");
	}
}

/* COALESCE(left, value) = COALESCE(right, value) AND (left IS NULL) = (right IS NULL) */
static void
print_filled(PrismiqSql *sql, const PrismiqSame *same, PrismiqSidePrinter side, const void *arg)
{
	int			i;

	for (i = 0; i < 2; i++)
	{
		if (i == 1)
			prismiq_sql_operator(sql, same->operator);
		prismiq_sql_text(sql, "COALESCE(");
		side(sql, i == 1, arg);
		prismiq_sql_text(sql, ", ");
		prismiq_sql_const(sql, same->instead);
		prismiq_sql_text(sql, ")");
	}
	prismiq_sql_text(sql, " AND (");
	side(sql, false, arg);
	prismiq_sql_text(sql, " IS NULL)");
	prismiq_sql_compare(sql, BOOLOID, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, "(");
	side(sql, true, arg);
	prismiq_sql_text(sql, " IS NULL)");
}

/* The condition that both sides are the same; may stand beside AND. */
void
prismiq_print_same(PrismiqSql *sql, const PrismiqSame *same, PrismiqSidePrinter side,
				   const void *arg)
{
	bool		or_null = same->kind == PRISMIQ_SAME_OR_NULL;

	if (same->kind == PRISMIQ_SAME_ARRAYS)
	{
		print_arrays(sql, same, side, arg);
		return;
	}
	if (same->kind == PRISMIQ_SAME_FILLED)
	{
		print_filled(sql, same, side, arg);
		return;
	}
	prismiq_sql_text(sql, or_null ? "(" : "");
	side(sql, false, arg);
	prismiq_sql_operator(sql, same->operator);
	side(sql, true, arg);
	if (!or_null)
		return;
	prismiq_sql_text(sql, " OR ");
	side(sql, false, arg);
	prismiq_sql_text(sql, " IS NULL AND ");
	side(sql, true, arg);
	prismiq_sql_text(sql, " IS NULL)");
}
