/*-------------------------------------------------------------------------
 *
 * over.c
 *	  Calculated fields over windows: columns of the answer that are made of
 *	  others.
 *
 * The twin of compile/compile_over.c.  Below the windows such a field is nothing:
 * it is taken out of the columns before these are checked, and stands in the
 * answer where it was.  It has its type when the windows have theirs.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "expr/lower.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/known_keys.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/words.h"
#include "stage/stage.h"

/* Such a field is taken as it is; it counts to all else as one that is. */
static void
take_column(PrismiqCheck *check, PrismiqColumn *column, PrismiqField *field)
{
	PrismiqColumnRef *ref = column->ref;

	if (ref->table_id != NULL)
		(void) prismiq_table_by_id(check, ref->table_id, ref->table_path);
	if (!column->unread &&
		(!PrismiqColumnIsDimension(column) || column->date_trunc != NULL))
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION,
						  column->date_trunc != NULL ? column->date_trunc_path :
						  column->aggregation_path, "Take it as it is.",
						  "calculated field \"%s\" is computed over windows", field->name);
	column->aggregation = PRISMIQ_AGG_EXPRESSION;
	column->over = field;
	ref->name = field->name;
}

/* Take the fields over windows out of the columns; without windows there are none. */
void
prismiq_check_over_begin(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	List	   *kept = NIL;
	ListCell   *lc;

	if (query->windows == NIL || query->fields == NIL)
		return;
	foreach(lc, query->columns)
	{
		PrismiqColumn *column = (PrismiqColumn *) lfirst(lc);
		PrismiqField *field = prismiq_field_find(check, column->ref);

		if (field == NULL || !field->over)
		{
			kept = lappend(kept, column);
			continue;
		}
		take_column(check, column, field);
		column->place = list_length(kept);
		query->over = lappend(query->over, column);
	}
	query->columns = kept;
	if (kept == NIL && query->over != NIL)
		prismiq_fault_add(check->faults, PRISMIQ_EMPTY_QUERY,
						  prismiq_path_key(NULL, "columns", prismiq_query_keys),
						  "Add the columns that the windows are over.",
						  "there is no column but what is computed over windows");
}

/* The place in the answer of a field over windows; 0 when it is not there. */
int
prismiq_over_place(const PrismiqQuery *query, const PrismiqField *field)
{
	ListCell   *lc;

	foreach(lc, query->over)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (column->over == field)
			return column->output.place;
	}
	return 0;
}

/* What the fields are, with the windows known. */
void
prismiq_check_over(PrismiqCheck *check)
{
	ListCell   *lc;

	if (check->query->windows == NIL)
		return;
	prismiq_lower_over(check);
	foreach(lc, check->query->over)
	{
		PrismiqColumn *column = (PrismiqColumn *) lfirst(lc);
		const PrismiqExpr *expr = column->over->expr;

		if (expr == NULL || !prismiq_expr_count_use(check, expr, column->ref->column_path))
			continue;
		column->basetype = column->output.type = expr->type;
		column->output.typmod = -1;
		column->output.collation = expr->collation;
	}
}
