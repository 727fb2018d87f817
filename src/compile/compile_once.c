/*-------------------------------------------------------------------------
 *
 * compile_once.c
 *	  Rows of two periods that are read once: the twin of stage/compare_once.c.
 *
 * The base stage groups the rows of both.  Each measure is there twice, with a
 * FILTER for each of the periods: m1 and on are the answer's, y1 and on those of
 * the period before.  "n" and "o" count the rows of each, for a group may have
 * rows of one of them only.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/fmgroids.h"

#include "compile/compile.h"
#include "model/answer.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/words.h"
#include "print/print.h"

/* From now on aggregates are of one of the periods. */
void
prismiq_period_begin(PrismiqSql *sql, const PrismiqCompare *compare, bool before)
{
	sql->previous = before;
	sql->period = NULL;
	sql->period = prismiq_sql_set_aside(sql, prismiq_print_condition,
										before ? compare->before : compare->now);
}

/* From now on they are of all rows. */
void
prismiq_period_end(PrismiqSql *sql)
{
	sql->previous = false;
	sql->period = NULL;
}

/* , count(*) FILTER (WHERE the period) AS n */
static void
print_count(PrismiqSql *sql, const char *name)
{
	prismiq_sql_text(sql, ",\n  ");
	prismiq_sql_function(sql, F_COUNT_);
	prismiq_sql_text(sql, "(*) FILTER (WHERE ");
	prismiq_sql_text(sql, sql->period);
	prismiq_sql_text(sql, ") AS ");
	prismiq_sql_text(sql, name);
}

/* The end of the SELECT list: the measures of the period before, and what tells it apart. */
void
prismiq_print_earlier(PrismiqSql *sql, const PrismiqQuery *query)
{
	ListCell   *lc;

	if (query->keys != NIL)
		print_count(sql, "n");
	prismiq_period_begin(sql, query->compare, true);
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column))
			continue;
		prismiq_sql_text(sql, ",\n  ");
		prismiq_print_column(sql, column);
		prismiq_sql_number(sql, " AS y", column->output.number);
	}
	if (query->keys != NIL && query->compare->tells)
		print_count(sql, "o");
	prismiq_period_end(sql);
}

/* How many columns the total of all rows rolls up, which is there without a row; 0: none is. */
static int
empty_level(const PrismiqQuery *query)
{
	ListCell   *lc;

	if (query->totals == NULL)
		return 0;
	foreach(lc, query->keys)
		if (((const PrismiqOutput *) lfirst(lc))->role != PRISMIQ_ROLE_EXTRA &&
			!list_member_ptr(query->totals->rolled, lfirst(lc)))
			return 0;
	return list_length(query->totals->rolled);
}

/* Does a group have rows of a period? */
void
prismiq_print_has_rows(PrismiqSql *sql, const PrismiqQuery *query, bool before)
{
	int			level = empty_level(query);

	prismiq_sql_text(sql, level > 0 ? "(" : "");
	prismiq_sql_text(sql, before ? "r.o" : "r.n");
	prismiq_sql_compare(sql, INT8OID, PRISMIQ_OP_GT);
	prismiq_sql_text(sql, "0::bigint");
	if (level == 0)
		return;
	prismiq_sql_text(sql, " OR r.l");
	prismiq_sql_compare(sql, INT4OID, PRISMIQ_OP_EQ);
	prismiq_sql_number(sql, "", level);
	prismiq_sql_text(sql, ")");
}
