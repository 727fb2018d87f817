/*-------------------------------------------------------------------------
 *
 * compile_query.c
 *	  A checked definition as one SQL statement: the twin of
 *	  check/check_query.c.
 *
 * Output columns are referred to by position in GROUP BY and ORDER BY, which
 * needs no quoting and means the output expression itself.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "compile/compile.h"

/* A column's value before it is aggregated. */
static void
print_argument(PrismiqSql *sql, const PrismiqColumn *column)
{
	if (column->bucketing != NULL)
		prismiq_print_bucket_of(sql, column->bucketing, column->ref);
	else
		prismiq_print_ref(sql, column->ref);
}

/* The expression of an output column, or of a measure in having. */
void
prismiq_print_column(PrismiqSql *sql, const PrismiqColumn *column)
{
	if (column->aggregation == PRISMIQ_AGG_NONE)
	{
		print_argument(sql, column);
		return;
	}
	if (column->ref->star && !column->ref->table->marker)
	{
		prismiq_sql_text(sql, "count(*)");
		return;
	}
	if (column->ref->star)
	{
		/* rows of a weakly joined table: those that are there */
		prismiq_sql_number(sql, "count(t", column->ref->table->index + 1);
		prismiq_sql_text(sql, ".\"?row\")");
		return;
	}
	prismiq_sql_function(sql, column->aggfn, column->ref->basetype);
	prismiq_sql_text(sql, column->distinct ||
					 column->aggregation == PRISMIQ_AGG_COUNT_DISTINCT ? "(DISTINCT " : "(");
	print_argument(sql, column);
	prismiq_sql_text(sql, ")");
}

/* The bucket of the time series, or its column as it stands. */
void
prismiq_print_bucket(PrismiqSql *sql, const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;

	if (series->bucketing != NULL)
		prismiq_print_bucket_of(sql, series->bucketing, series->ref);
	else
		prismiq_print_ref(sql, series->ref);
}

/* SELECT with every output column under its name. */
static void
print_select(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *separator = "SELECT ";
	ListCell   *lc;

	if (query->time_series != NULL)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_bucket(sql, query);
		prismiq_sql_text(sql, " AS ");
		prismiq_sql_name(sql, query->time_series->name);
		separator = ",\n  ";
	}
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		prismiq_sql_text(sql, separator);
		prismiq_print_column(sql, column);
		prismiq_sql_text(sql, " AS ");
		prismiq_sql_name(sql, column->name);
		separator = ",\n  ";
	}
}

/* GROUP BY the positions of what is not aggregated, and what is not shown. */
static void
print_group_by(PrismiqSql *sql, const PrismiqQuery *query)
{
	const char *separator = "\nGROUP BY ";
	int			position = 0;
	ListCell   *lc;

	if (query->time_series != NULL)
	{
		prismiq_sql_number(sql, separator, ++position);
		separator = ", ";
	}
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		position++;
		if (column->aggregation != PRISMIQ_AGG_NONE)
			continue;
		prismiq_sql_number(sql, separator, position);
		separator = ", ";
	}
	foreach(lc, query->group_extra)
	{
		prismiq_sql_text(sql, separator);
		prismiq_print_ref(sql, (const PrismiqColumnRef *) lfirst(lc));
		separator = ", ";
	}
	if (query->having != NULL)
	{
		prismiq_sql_text(sql, "\nHAVING ");
		prismiq_print_condition(sql, query->having);
	}
}

/* Direction and place of nulls. */
static void
print_direction(PrismiqSql *sql, const PrismiqOrder *order)
{
	if (order->descending)
		prismiq_sql_text(sql, " DESC");
	if (order->nulls != 0)
		prismiq_sql_text(sql, order->nulls < 0 ? " NULLS FIRST" : " NULLS LAST");
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
void
prismiq_print_order(PrismiqSql *sql, const PrismiqQuery *query, const char *extra_prefix)
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
		print_direction(sql, order);
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

/* What is known of one output column. */
static PrismiqOutput *
make_output(const char *name, Oid type, int32 typmod, char *hints)
{
	PrismiqOutput *output = palloc(sizeof(PrismiqOutput));

	output->name = pstrdup(name);
	output->type = type;
	output->typmod = typmod;
	output->hints = hints;
	return output;
}

/* The columns of the answer and the tables it is from. */
static void
describe(PrismiqStatement *statement, const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;
	ListCell   *lc;

	if (series != NULL)
	{
		statement->outputs = list_make1(make_output(series->name,
													series->bucketing != NULL ? series->type :
													series->ref->type, -1, NULL));
		statement->bucket = series->bucket_text != NULL ? pstrdup(series->bucket_text) : NULL;
	}
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		statement->outputs = lappend(statement->outputs,
									 make_output(column->name, column->type, column->typmod,
												 column->hints));
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

	if (query->time_series != NULL && query->time_series->filled)
		prismiq_print_filled(sql, query);
	else
	{
		print_select(sql, query);
		prismiq_print_from(sql, query);
		prismiq_print_where(sql, query);
		if (query->grouped)
			print_group_by(sql, query);
		prismiq_print_order(sql, query, NULL);
	}
	print_limit(sql, query);
	statement = prismiq_sql_finish(sql);
	describe(statement, query);
	return statement;
}
