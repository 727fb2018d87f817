/*-------------------------------------------------------------------------
 *
 * compile_stages.c
 *	  A checked definition as one SQL statement.
 *
 * A statement is made of stages, each a relation over the one before: the base
 * rows, grouped (compile_query.c); filled, every bucket of a series
 * (compile_series.c); and what is computed over these.  A definition that
 * needs only the base stage is printed as it alone; otherwise the stages are
 * CTEs whose columns have names of ours (b, d1, x1, m1 and so on), and the
 * last SELECT gives the answer's names.
 *
 * Output columns are referred to by position in ORDER BY, which needs no
 * quoting and means the output expression itself.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "compile/compile.h"

/* Direction and place of nulls. */
void
prismiq_print_direction(PrismiqSql *sql, bool descending, int nulls)
{
	if (descending)
		prismiq_sql_text(sql, " DESC");
	if (nulls != 0)
		prismiq_sql_text(sql, nulls < 0 ? " NULLS FIRST" : " NULLS LAST");
}

/*
 * A series without order_by: by bucket, then by its other group columns.  The
 * position of each output column is its number from 1.
 */
static void
print_series_order(PrismiqSql *sql, const PrismiqQuery *query, const char *extra_prefix)
{
	int			position = 1;
	int			extra = 0;
	ListCell   *lc;

	prismiq_sql_text(sql, "\nORDER BY 1");
	if (!query->grouped)
		return;
	foreach(lc, query->columns)
	{
		position++;
		if (((const PrismiqColumn *) lfirst(lc))->aggregation == PRISMIQ_AGG_NONE)
			prismiq_sql_number(sql, ", ", position);
	}
	foreach(lc, query->group_extra)
	{
		prismiq_sql_text(sql, ", ");
		if (extra_prefix != NULL)
			prismiq_sql_number(sql, extra_prefix, ++extra);
		else
			prismiq_print_ref(sql, (const PrismiqColumnRef *) lfirst(lc));
	}
}

/*
 * ORDER BY.  "extra_prefix" is how columns that are grouped by but not shown
 * are called where the tables themselves cannot be seen, else null.
 */
static void
print_order(PrismiqSql *sql, const PrismiqQuery *query, const char *extra_prefix)
{
	const char *separator = "\nORDER BY ";
	ListCell   *lc;

	if (query->order_by == NIL && query->time_series != NULL)
		print_series_order(sql, query, extra_prefix);
	foreach(lc, query->order_by)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);

		if (order->output > 0)
			prismiq_sql_number(sql, separator, order->output);
		else
		{
			prismiq_sql_text(sql, separator);
			if (order->extra > 0 && extra_prefix != NULL)
				prismiq_sql_number(sql, extra_prefix, order->extra);
			else
				prismiq_print_ref(sql, order->ref);
		}
		prismiq_print_direction(sql, order->descending, order->nulls);
		separator = ", ";
	}
}

/* LIMIT and OFFSET, as parameters so that pages share a plan. */
static void
print_limit(PrismiqSql *sql, const PrismiqQuery *query)
{
	PrismiqConst *value;

	if (query->limit >= 0)
	{
		value = palloc0(sizeof(PrismiqConst));
		value->type = INT8OID;
		value->value = Int64GetDatum(query->limit);
		prismiq_sql_text(sql, "\nLIMIT ");
		prismiq_sql_const(sql, value);
	}
	if (query->offset > 0)
	{
		value = palloc0(sizeof(PrismiqConst));
		value->type = INT8OID;
		value->value = Int64GetDatum(query->offset);
		prismiq_sql_text(sql, "\nOFFSET ");
		prismiq_sql_const(sql, value);
	}
}

/* SELECT the answer's columns, under their names, from the last stage. */
static void
print_answer(PrismiqSql *sql, const PrismiqQuery *query, const char *stage)
{
	const char *separator = "\nSELECT ";
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		const PrismiqAnswer *answer = (const PrismiqAnswer *) lfirst(lc);

		prismiq_sql_text(sql, separator);
		prismiq_print_answer_ref(sql, "r.", answer);
		prismiq_sql_text(sql, " AS ");
		prismiq_sql_name(sql, answer->name);
		separator = ",\n  ";
	}
	prismiq_sql_text(sql, "\nFROM ");
	prismiq_sql_text(sql, stage);
	prismiq_sql_text(sql, " AS r");
}

/* A column of the answer as the stages call it, after a prefix: r.m1. */
void
prismiq_print_answer_ref(PrismiqSql *sql, const char *prefix, const PrismiqAnswer *answer)
{
	prismiq_sql_text(sql, prefix);
	if (answer->number > 0)
		prismiq_sql_number(sql, answer->prefix, answer->number);
	else
		prismiq_sql_text(sql, answer->prefix);
}

/* The stages as CTEs, and the answer from the last of them. */
static void
print_stages(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *stage = "data";
	bool		filled = query->time_series != NULL && query->time_series->filled;

	prismiq_sql_text(sql, "WITH data AS (");
	prismiq_print_base(sql, query, true);
	prismiq_sql_text(sql, ")");
	if (filled)
	{
		prismiq_print_combinations(sql, query);
		if (!query->staged)
		{
			prismiq_print_filled(sql, query, false);
			print_order(sql, query, "s.x");
			return;
		}
		prismiq_sql_text(sql, ", filled AS (");
		prismiq_print_filled(sql, query, true);
		prismiq_sql_text(sql, ")");
		stage = "filled";
	}
	if (query->windows != NIL)
	{
		prismiq_sql_text(sql, ", windowed AS (");
		prismiq_print_windowed(sql, query, stage);
		prismiq_sql_text(sql, ")");
		stage = "windowed";
	}
	print_answer(sql, query, stage);
	if (query->qualify != NULL)
	{
		prismiq_sql_text(sql, "\nWHERE ");
		prismiq_print_condition(sql, query->qualify);
	}
	print_order(sql, query, "r.x");
}

/* Does HAVING mark the groups instead of removing them? */
bool
prismiq_having_is_kept(const PrismiqQuery *query)
{
	return query->having != NULL && query->time_series != NULL && query->time_series->filled;
}

/* The columns of the answer and the tables it is from. */
static void
describe(PrismiqStatement *statement, const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;
	ListCell   *lc;

	if (series != NULL && series->bucket_text != NULL)
		statement->bucket = pstrdup(series->bucket_text);
	foreach(lc, query->answer)
	{
		const PrismiqAnswer *answer = (const PrismiqAnswer *) lfirst(lc);
		PrismiqOutput *output = palloc(sizeof(PrismiqOutput));

		output->name = pstrdup(answer->name);
		output->type = answer->type;
		output->typmod = answer->typmod;
		output->hints = answer->column != NULL ? answer->column->hints : NULL;
		if (answer->kind == PRISMIQ_ANSWER_BUCKET)
			output->type = series->bucketing != NULL ? series->type : series->ref->type;
		statement->outputs = lappend(statement->outputs, output);
	}
	foreach(lc, query->tables)
		statement->tables = lappend(statement->tables,
									prismiq_sql_table_name((const PrismiqTable *) lfirst(lc)));
}

/* Print a query that was checked without a fault. */
PrismiqStatement *
prismiq_compile_query(const PrismiqQuery *query, Oid home)
{
	PrismiqSql *sql = prismiq_sql_begin(home);
	PrismiqStatement *statement;

	if (query->staged || (query->time_series != NULL && query->time_series->filled))
		print_stages(sql, query);
	else
	{
		bool		before = prismiq_rows_begin(sql, query);

		prismiq_print_base(sql, query, false);
		print_order(sql, query, NULL);
		prismiq_rows_end(sql, before);
	}
	print_limit(sql, query);
	statement = prismiq_sql_finish(sql);
	describe(statement, query);
	return statement;
}
