/*-------------------------------------------------------------------------
 *
 * compile_pivot.c
 *	  Values that become columns: the twin of stage/pivot.c.
 *
 * The rows of the last stage are grouped by the row columns, and each cell is
 * the one with its value, because the base stage groups by nothing else.  Several
 * meet only under "other", where having or qualify chose them one by one: an
 * aggregate takes them together.  A cell without rows is null.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/fmgroids.h"

#include "compile/compile.h"
#include "model/answer.h"
#include "model/pivot.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/words.h"
#include "print/print.h"

/* Which rows of the last stage a cell is of. */
static void
print_cell_rows(PrismiqSql *sql, const PrismiqPivot *pivot, const PrismiqPivotCell *cell)
{
	const PrismiqOutput *column = pivot->column->output;

	if (cell->value != NULL)
	{
		prismiq_print_output_ref(sql, "r.", column);
		prismiq_sql_operator(sql, cell->other ? pivot->differs : pivot->equal);
		prismiq_sql_text(sql, cell->other ? "ALL (" : "");
		prismiq_sql_const(sql, cell->value);
		prismiq_sql_text(sql, cell->other ? ")" : "");
	}
	if (cell->value != NULL && cell->or_null)
		prismiq_sql_text(sql, " OR ");
	if (cell->value == NULL || cell->or_null)
	{
		prismiq_print_output_ref(sql, "r.", column);
		prismiq_sql_text(sql, " IS NULL");
	}
}

/* sum(r.m1) FILTER (WHERE r.d1 = $n)::type, or (array_agg(r.m1) FILTER (...))[1] */
static void
print_cell(PrismiqSql *sql, const PrismiqPivot *pivot, const PrismiqPivotCell *cell)
{
	bool		combined = OidIsValid(pivot->combine);

	prismiq_sql_text(sql, "(");
	prismiq_sql_function(sql, combined ? pivot->combine : F_ARRAY_AGG_ANYNONARRAY);
	prismiq_print_output_ref(sql, "(r.", pivot->value->output);
	prismiq_sql_text(sql, ") FILTER (WHERE ");
	print_cell_rows(sql, pivot, cell);
	if (!combined)
	{
		prismiq_sql_text(sql, "))[1]");
		return;
	}
	prismiq_sql_text(sql, "))");
	prismiq_sql_cast(sql, pivot->combine_arg);
}

/* FROM the stage, without what qualify takes away. */
static void
print_rows(PrismiqSql *sql, const PrismiqQuery *query, const char *stage)
{
	prismiq_sql_text(sql, "\nFROM ");
	prismiq_sql_text(sql, stage);
	prismiq_sql_text(sql, " AS r");
	if (query->qualify == NULL)
		return;
	prismiq_sql_text(sql, "\nWHERE ");
	if (query->totals != NULL)
	{
		prismiq_sql_text(sql, "NOT ");
		prismiq_print_is_detail(sql, "r.l");
		prismiq_sql_text(sql, " OR ");
	}
	prismiq_print_condition(sql, query->qualify);
}

/* The answer: the row columns, and a column for each value. */
void
prismiq_print_pivot(PrismiqSql *sql, const PrismiqQuery *query, const char *stage)
{
	const char *separator = "\nSELECT ";
	int			position = 0;
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);

		prismiq_sql_text(sql, separator);
		if (output->role == PRISMIQ_ROLE_CELL)
			print_cell(sql, query->pivot, output->cell);
		else
			prismiq_print_output_ref(sql, "r.", output);
		prismiq_sql_text(sql, " AS ");
		prismiq_sql_name(sql, output->name);
		separator = ",\n  ";
	}
	if (query->answer == NIL)
		prismiq_sql_text(sql, "\nSELECT");
	print_rows(sql, query, stage);
	separator = "\nGROUP BY ";
	foreach(lc, query->answer)
	{
		position++;
		if (((const PrismiqOutput *) lfirst(lc))->role == PRISMIQ_ROLE_CELL)
			continue;
		prismiq_sql_number(sql, separator, position);
		separator = ", ";
	}
	if (separator[0] == '\n')
		prismiq_sql_text(sql, "\nGROUP BY ()");
	if (query->answer == NIL)
		prismiq_sql_text(sql, " HAVING false");	/* no columns, no rows */
}

/*
 * The distinct values of the column, in order, as one array: one more than
 * there may be columns, so that too many are known to be.
 */
void
prismiq_print_pivot_values(PrismiqSql *sql, const PrismiqQuery *query, const char *stage)
{
	const PrismiqPivot *pivot = query->pivot;

	prismiq_sql_text(sql, "\nSELECT ");
	prismiq_sql_function(sql, F_ARRAY_AGG_ANYNONARRAY);
	prismiq_sql_text(sql, "(q.v ORDER BY q.v)\nFROM (SELECT DISTINCT ");
	prismiq_print_output_ref(sql, "r.", pivot->column->output);
	prismiq_sql_cast(sql, pivot->type);
	prismiq_sql_text(sql, " AS v");
	print_rows(sql, query, stage);
	prismiq_sql_text(sql, "\nORDER BY 1 LIMIT ");
	prismiq_sql_const(sql, prismiq_const_make(INT8OID, Int64GetDatum(pivot->max_columns + 1)));
	prismiq_sql_text(sql, ") AS q");
}
