/*-------------------------------------------------------------------------
 *
 * refs.c
 *	  Columns as the stages of a statement call them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgroids.h"

#include "base/fault.h"
#include "model/answer.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/stages.h"
#include "model/table.h"
#include "print/print.h"

/* One of a table's columns that the statement reads. */
const PrismiqColumnRef *
prismiq_read_column(const PrismiqTable *table, AttrNumber attnum)
{
	const PrismiqColumnRef *column = prismiq_table_column(table, attnum);

	if (column == NULL)
		elog(ERROR, "column %d of relation %u was not looked up", attnum, table->relid);
	return column;
}

/* A column of one of the query's tables: t1.name, or j.c1_2. */
void
prismiq_print_place(PrismiqSql *sql, const PrismiqTable *table, AttrNumber attnum,
					const char *name)
{
	bool		wrapped = sql->wrapped && table->joined;

	prismiq_sql_number(sql, wrapped ? "j.c" : "t", table->index + 1);
	if (wrapped)
		prismiq_sql_number(sql, "_", attnum);
	else
	{
		prismiq_sql_text(sql, ".");
		prismiq_sql_column(sql, table, attnum, name);
	}
}

/* What is true of a table's real rows, and null of those that an outer join made up. */
void
prismiq_print_marker(PrismiqSql *sql, const PrismiqTable *table)
{
	prismiq_print_place(sql, table, 0, table->own_row);
}

/* t1."?row", or (t1."?row" OR t2."?row"): a row of one of the tables, and none made up. */
void
prismiq_print_real(PrismiqSql *sql, const List *tables)
{
	ListCell   *lc;

	prismiq_sql_text(sql, list_length(tables) > 1 ? "(" : "");
	foreach(lc, tables)
	{
		prismiq_sql_text(sql, lc != list_head(tables) ? " OR " : "");
		prismiq_print_marker(sql, (const PrismiqTable *) lfirst(lc));
	}
	prismiq_sql_text(sql, list_length(tables) > 1 ? ")" : "");
}

/* The condition that is true of one of the repetitions of each row. */
void
prismiq_print_row_once(PrismiqSql *sql, const PrismiqRowOnce *once)
{
	prismiq_sql_number(sql, "j.f", once->number);
}

/* Of a row's group among the largest ("top"). */
void
prismiq_print_place_of(PrismiqSql *sql)
{
	if (sql->wrapped)
		prismiq_sql_text(sql, "j.o");
	else if (sql->rest == NULL)
		prismiq_sql_text(sql, "k.o");
	else
	{
		prismiq_sql_text(sql, "COALESCE(k.o, ");
		prismiq_sql_const(sql, sql->rest);
		prismiq_sql_text(sql, ")");
	}
}

/* , count(*) OVER (): of the answer's rows, where they are to say how many they are */
void
prismiq_print_row_count(PrismiqSql *sql)
{
	if (!sql->counted)
		return;
	prismiq_sql_text(sql, ",\n  ");
	prismiq_sql_function(sql, F_COUNT_);
	prismiq_sql_text(sql, "(*) OVER () AS \"?count\"");
}

/* Direction and place of nulls. */
void
prismiq_print_direction(PrismiqSql *sql, bool descending, int nulls)
{
	if (descending)
		prismiq_sql_text(sql, " DESC");
	if (nulls != 0)
		prismiq_sql_text(sql, nulls < 0 ? " NULLS FIRST" : " NULLS LAST");
}

/* The letter that the stages call the columns of a role by; of cells there is none. */
static const char *
role_letter(PrismiqRole role)
{
	switch (role)
	{
		case PRISMIQ_ROLE_TIME:
			return "b";
		case PRISMIQ_ROLE_DIMENSION:
			return "d";
		case PRISMIQ_ROLE_MEASURE:
			return "m";
		case PRISMIQ_ROLE_PREVIOUS:
			return "p";
		case PRISMIQ_ROLE_CHANGE:
			return "c";
		case PRISMIQ_ROLE_PERCENT:
			return "q";
		case PRISMIQ_ROLE_WINDOW:
			return "w";
		case PRISMIQ_ROLE_OVER:
			return "f";
		case PRISMIQ_ROLE_LEVEL:
			return "l";
		case PRISMIQ_ROLE_EXTRA:
			return "x";
		case PRISMIQ_ROLE_CELL:
			break;
	}
	elog(ERROR, "a column of role %d has no name in the stages", (int) role);
}

/* An output column as the stages call it, after a prefix: r.m1. */
void
prismiq_print_output_ref(PrismiqSql *sql, const char *prefix, const PrismiqOutput *output)
{
	prismiq_sql_text(sql, prefix);
	if (output->number > 0)
		prismiq_sql_number(sql, role_letter(output->role), output->number);
	else
		prismiq_sql_text(sql, role_letter(output->role));
}

/* AS its name in the answer, or in the stages. */
void
prismiq_print_output_name(PrismiqSql *sql, const PrismiqOutput *output, bool staged)
{
	prismiq_sql_text(sql, " AS ");
	if (staged)
		prismiq_print_output_ref(sql, "", output);
	else
		prismiq_sql_name(sql, output->name);
}
