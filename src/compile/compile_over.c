/*-------------------------------------------------------------------------
 *
 * compile_over.c
 *	  Calculated fields over windows: the twin of stage/over.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compile/compile.h"
#include "model/answer.h"
#include "model/field.h"
#include "model/measure.h"
#include "model/query.h"
#include "print/print.h"

/* The stage "calculated": the rows of a stage with a column for each field. */
void
prismiq_print_calculated(PrismiqSql *sql, const PrismiqQuery *query, const char *stage)
{
	ListCell   *lc;

	prismiq_sql_text(sql, "SELECT r.*");
	foreach(lc, query->over)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		prismiq_sql_text(sql, ",\n  ");
		prismiq_print_expr(sql, column->over->expr);
		prismiq_print_output_name(sql, &column->output, true);
	}
	prismiq_sql_text(sql, "\n  FROM ");
	prismiq_sql_text(sql, stage);
	prismiq_sql_text(sql, " AS r");
}
