/*-------------------------------------------------------------------------
 *
 * compile_rows.c
 *	  The rows that are grouped: FROM and WHERE, with a flag for every kind of
 *	  row that the joins repeat.  The twin of join/fan_out.c.
 *
 * Where nothing is repeated these are plain FROM and WHERE, and columns are
 * t1.name.  Else the joined rows are a subselect "j": its columns c1_2 are
 * table 1's column 2 (c1_0 tells a real row of it), d1.. what the answer is
 * grouped by (d0 the bucket), and f1.. the flags.  PrismiqSql.wrapped says
 * which of the two is in force; everything that prints a column asks
 * prismiq_print_place(), so conditions and expressions need not know.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/fmgroids.h"

#include "compile/compile.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/unnest.h"
#include "model/words.h"
#include "print/print.h"

/* Begin to print what stands over the joined rows; returns what to end with. */
bool
prismiq_rows_begin(PrismiqSql *sql, const PrismiqQuery *query)
{
	bool		before = sql->wrapped;

	sql->wrapped = query->row_once != NIL;
	return before;
}

/* Put back what prismiq_rows_begin() found. */
void
prismiq_rows_end(PrismiqSql *sql, bool before)
{
	sql->wrapped = before;
}

/* The columns of one table, for what stands over the joined rows. */
static void
print_exports(PrismiqSql *sql, const PrismiqTable *table, const char **separator)
{
	int			attnum = -1;

	while ((attnum = bms_next_member(table->used, attnum)) >= 0)
	{
		prismiq_sql_text(sql, *separator);
		prismiq_print_place(sql, table, attnum, prismiq_read_column(table, attnum)->name);
		prismiq_sql_number(sql, " AS c", table->index + 1);
		prismiq_sql_number(sql, "_", attnum);
		*separator = ", ";
	}
	if (!table->marker)
		return;
	prismiq_sql_text(sql, *separator);
	prismiq_print_marker(sql, table);
	prismiq_sql_number(sql, " AS c", table->index + 1);
	prismiq_sql_text(sql, "_0");
	*separator = ", ";
}

/* Does a row of the flag's grain have one value of this dimension? */
static bool
is_fixed(const PrismiqRowOnce *once, const PrismiqColumnRef *ref)
{
	if (ref->expr != NULL)
		return bms_is_subset(ref->expr->tables, once->fixed);
	return ref->table != NULL && bms_is_member(ref->table->index, once->fixed);
}

/* PARTITION BY: what the answer is grouped by, as far as the row does not settle it. */
static void
print_dimensions(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqRowOnce *once,
				 const char **separator)
{
	ListCell   *lc;

	if (PrismiqHasBuckets(query) && !is_fixed(once, query->time_series->ref) &&
		!prismiq_is_rolled(sql, query, NULL))
	{
		prismiq_sql_text(sql, *separator);
		prismiq_print_bucket(sql, query);
		*separator = ", ";
	}
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (!PrismiqColumnIsDimension(column) || is_fixed(once, column->ref) ||
			prismiq_is_rolled(sql, query, column))
			continue;
		prismiq_sql_text(sql, *separator);
		prismiq_print_dimension(sql, query, column);
		*separator = ", ";
	}
	foreach(lc, sql->ranking ? query->top->extras : query->group_extra)
	{
		const PrismiqColumnRef *ref = (const PrismiqColumnRef *) lfirst(lc);

		if (sql->level > 0 || is_fixed(once, ref))
			continue;
		prismiq_sql_text(sql, *separator);
		prismiq_print_ref(sql, ref);
		*separator = ", ";
	}
}

/*
 * PARTITION BY: what tells the rows of a table apart, and from those that an
 * outer join made up.  The latter's key is null, which only the key of a
 * derived table may be otherwise (a group without a value); or it has none, for
 * it has one row.
 */
static void
print_key(PrismiqSql *sql, const PrismiqTable *table, const char **separator)
{
	int			attnum = -1;

	if (table->keyless)
	{
		prismiq_sql_text(sql, *separator);
		if (!table->ordinal)
		{
			prismiq_sql_number(sql, "t", table->index + 1);
			prismiq_sql_text(sql, ".");
			prismiq_sql_name(sql, table->own_tableoid);
			prismiq_sql_text(sql, ", ");
		}
		prismiq_sql_number(sql, "t", table->index + 1);
		prismiq_sql_text(sql, ".");
		prismiq_sql_name(sql, table->own_ctid);
		*separator = ", ";
		return;
	}
	while ((attnum = bms_next_member(table->key, attnum)) >= 0)
	{
		prismiq_sql_text(sql, *separator);
		prismiq_print_place(sql, table, attnum, prismiq_read_column(table, attnum)->name);
		*separator = ", ";
	}
	if (!table->nullable || !table->derived)
		return;
	prismiq_sql_text(sql, *separator);
	prismiq_print_marker(sql, table);
	*separator = ", ";
}

/* row_number() OVER (PARTITION BY dimensions, keys, filter, period) = 1 AS f1 */
static void
print_flag(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqRowOnce *once)
{
	const char *separator = "PARTITION BY ";
	int			index = -1;

	prismiq_sql_text(sql, ",\n  ");
	prismiq_sql_function(sql, F_ROW_NUMBER);
	prismiq_sql_text(sql, "() OVER (");
	print_dimensions(sql, query, once, &separator);
	while ((index = bms_next_member(once->keyed, index)) >= 0)
		print_key(sql, (const PrismiqTable *) list_nth(query->tables, index), &separator);
	if (query->unnest != NULL && bms_is_subset(query->unnest->element->tables, once->fixed))
	{
		/* The row settles the array: it counts once for each of its elements. */
		prismiq_sql_text(sql, separator);
		prismiq_print_ref(sql, query->unnest->number);
		separator = ", ";
	}
	if (once->filter != NULL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_condition(sql, once->filter);
		separator = ", ";
	}
	if (sql->periods)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_condition(sql, query->compare->now);
	}
	prismiq_sql_text(sql, ")");
	prismiq_sql_compare(sql, INT8OID, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, "1::bigint");
	prismiq_sql_number(sql, " AS f", once->number);
}

/* SELECT of the flagged rows. */
static void
print_flagged(PrismiqSql *sql, const PrismiqQuery *query)
{
	const Bitmapset *joined = prismiq_joined_tables(query);
	const char *separator = " ";
	int			dimension = 0;
	int			index = -1;
	ListCell   *lc;

	prismiq_sql_text(sql, "SELECT");
	while ((index = bms_next_member(joined, index)) >= 0)
		print_exports(sql, (const PrismiqTable *) list_nth(query->tables, index), &separator);
	if (PrismiqHasBuckets(query))
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_bucket(sql, query);
		prismiq_sql_text(sql, " AS d0");
		separator = ", ";
	}
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		dimension++;
		if (!PrismiqColumnIsDimension(column))
			continue;
		prismiq_sql_text(sql, separator);
		prismiq_print_dimension(sql, query, column);
		prismiq_sql_number(sql, " AS d", dimension);
		separator = ", ";
	}
	if (query->top != NULL && !sql->ranking)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_place_of(sql);
		prismiq_sql_text(sql, " AS o");
		separator = ", ";
	}
	if (query->unnest != NULL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_expr(sql, query->unnest->element);
		prismiq_sql_text(sql, " AS e");
	}
	foreach(lc, query->row_once)
		print_flag(sql, query, (const PrismiqRowOnce *) lfirst(lc));
}

/* FROM and WHERE of the rows that are grouped, or that are the answer. */
void
prismiq_print_rows(PrismiqSql *sql, const PrismiqQuery *query)
{
	bool		wrapped = sql->wrapped;

	if (!wrapped)
	{
		prismiq_print_from(sql, query);
		prismiq_print_where(sql, query);
		return;
	}
	sql->wrapped = false;
	prismiq_sql_text(sql, "\nFROM (");
	print_flagged(sql, query);
	prismiq_print_from(sql, query);
	prismiq_print_where(sql, query);
	prismiq_sql_text(sql, ") AS j");
	sql->wrapped = wrapped;
}
