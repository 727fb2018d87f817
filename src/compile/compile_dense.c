/*-------------------------------------------------------------------------
 *
 * compile_dense.c
 *	  A series of which each combination of the other group columns is aggregated
 *	  at once: the twin of stage/dense.c.
 *
 * The stage "data" has a row for each of them, with the cells (c) of all of
 * its buckets; prismiq_dense_rows() makes rows of these, "u", for what the
 * filled stage takes from the grid and the grouped rows elsewhere
 * (compile_series.c): the bucket b, the number n of its rows, the measures m1
 * and on.  Its empty buckets have what those around them say where the series is
 * filled so, of the type that compile_fill.c gives them.  Of a series that is not
 * filled these are its buckets that have rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "compile/compile.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/words.h"
#include "print/print.h"

/* d1, d2, x1 and on: expressions under their names; returns how many there are. */
static int
print_keys(PrismiqSql *sql, const PrismiqQuery *query)
{
	int			dimensions = 0;
	int			extras = 0;
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (!PrismiqColumnIsDimension(column))
			continue;
		prismiq_print_dimension(sql, query, column);
		prismiq_sql_number(sql, " AS d", ++dimensions);
		prismiq_sql_text(sql, ",\n  ");
	}
	foreach(lc, query->group_extra)
	{
		prismiq_print_ref(sql, (const PrismiqColumnRef *) lfirst(lc));
		prismiq_sql_number(sql, " AS x", ++extras);
		prismiq_sql_text(sql, ",\n  ");
	}
	return dimensions + extras;
}

/* The stage "data": the rows, grouped by everything but the bucket. */
void
prismiq_print_dense(PrismiqSql *sql, const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;
	bool		before = prismiq_rows_begin(sql, query);
	int			keys;
	int			i;
	ListCell   *lc;

	sql->dense = true;
	prismiq_sql_text(sql, "SELECT ");
	keys = print_keys(sql, query);
	prismiq_sql_function(sql, series->dense_function);
	prismiq_sql_text(sql, "(");
	prismiq_sql_const(sql, series->dense);
	prismiq_sql_text(sql, ", ");
	prismiq_print_time(sql, query);
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column))
			continue;
		prismiq_sql_text(sql, ",\n    ");
		prismiq_print_measured(sql, column);
	}
	prismiq_sql_text(sql, ") AS c");
	prismiq_print_rows(sql, query);
	for (i = 1; i <= keys; i++)
		prismiq_sql_number(sql, i == 1 ? "\nGROUP BY " : ", ", i);
	prismiq_rows_end(sql, before);
}

/* Has the bucket of a filled row no rows of the tables?  Of either form. */
void
prismiq_print_empty(PrismiqSql *sql, const PrismiqTimeSeries *series)
{
	if (series->dense == NULL)
	{
		prismiq_sql_text(sql, "r.b IS NULL");
		return;
	}
	prismiq_sql_text(sql, "u.n");
	prismiq_sql_compare(sql, INT8OID, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, "0::bigint");
}

/* FROM the rows of its cells. */
void
prismiq_print_dense_from(PrismiqSql *sql, const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;
	int			measure = 0;
	ListCell   *lc;

	prismiq_sql_text(sql, "\nFROM data AS s\n  CROSS JOIN LATERAL ");
	prismiq_sql_home(sql, "prismiq_dense_rows");
	prismiq_sql_text(sql, "(s.c, ");
	prismiq_sql_const(sql, series->dense);
	prismiq_sql_text(sql, ") AS u(b ");
	prismiq_sql_type(sql, series->type);
	prismiq_sql_text(sql, ", n ");
	prismiq_sql_type(sql, INT8OID);
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column))
			continue;
		prismiq_sql_number(sql, ", m", ++measure);
		prismiq_sql_text(sql, " ");
		prismiq_sql_type(sql, column->fill_line != NULL ? column->fill_line->type :
						 column->basetype);
	}
	prismiq_sql_text(sql, ")");
}
