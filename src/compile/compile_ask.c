/*-------------------------------------------------------------------------
 *
 * compile_ask.c
 *	  The small statements whose answers the check of a definition waits for.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "compile/compile.h"
#include "model/query.h"
#include "model/stages.h"
#include "print/print.h"
#include "print/statement.h"

/* The date column's least and greatest finite value, for "auto". */
PrismiqStatement *
prismiq_compile_bounds(const PrismiqQuery *query, Oid home)
{
	PrismiqSql *sql = prismiq_sql_begin(home, prismiq_print_nested);

	prismiq_print_extremes(sql, query->time_series, true, true);
	return prismiq_sql_finish(sql);
}

/* The values that a pivot makes columns of, for the statement that has them. */
PrismiqStatement *
prismiq_compile_pivot_values(const PrismiqQuery *query, Oid home)
{
	PrismiqSql *sql = prismiq_sql_begin(home, prismiq_print_nested);

	prismiq_print_pivot_values(sql, query, prismiq_print_ctes(sql, query));
	return prismiq_sql_finish(sql);
}
