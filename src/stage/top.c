/*-------------------------------------------------------------------------
 *
 * top.c
 *	  The largest groups, and the rest of them in one.
 *
 * The twin of compile/compile_top.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "model/answer.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"

/* The measure that makes a group large; false after a fault. */
static bool
find_measure(PrismiqCheck *check, PrismiqTop *top)
{
	PrismiqOutput *output = prismiq_output_find(check, top->by->name, top->by->path);

	if (output == NULL || (output->column != NULL && !PrismiqColumnIsKnown(output->column)))
		return false;
	if (output->role != PRISMIQ_ROLE_MEASURE)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, top->by->path, NULL,
						  "\"%s\" is not an aggregate", top->by->name);
		return false;
	}
	if (!OidIsValid(output->type) ||
		!prismiq_check_sortable(check, output->type, PRISMIQ_INVALID_VALUE, top->by->path))
		return false;
	top->by->output = output;
	return true;
}

/* The group columns of the answer hold "Other" too, so they are text. */
static void
make_text(PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		PrismiqOutput *output = (PrismiqOutput *) lfirst(lc);

		if (output->role != PRISMIQ_ROLE_DIMENSION)
			continue;
		output->type = output->column->basetype = TEXTOID;
		output->typmod = -1;
		if (!OidIsValid(output->collation))
			output->collation = DEFAULT_COLLATION_OID;
	}
}

/* The place of a row's group, as something that rows are grouped by. */
static PrismiqColumnRef *
make_place(const PrismiqTop *top)
{
	PrismiqColumnRef *place = palloc0(sizeof(PrismiqColumnRef));

	place->path = top->path;
	place->name = "o";
	place->type = place->basetype = INT8OID;
	place->typmod = -1;
	place->notnull = true;
	place->ranked = true;
	return place;
}

/* Without another order, the largest group comes first and the rest last. */
static void
order_by_place(PrismiqQuery *query)
{
	PrismiqOrder *order = palloc0(sizeof(PrismiqOrder));

	order->path = query->top->path;
	order->ref = (PrismiqColumnRef *) linitial(query->group_extra);
	order->extra = 1;
	query->order_by = list_make1(order);
}

/* top; the columns and what is grouped by are checked, the order is not. */
void
prismiq_check_top(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	PrismiqTop *top = query->top;
	int			dimensions = list_length(query->group_extra);
	ListCell   *lc;

	if (top == NULL || top->by == NULL || !find_measure(check, top) || top->n < 1)
		return;
	foreach(lc, query->columns)
		if (PrismiqColumnIsDimension((const PrismiqColumn *) lfirst(lc)))
			dimensions++;
	if (dimensions == 0)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, top->path,
						  "Add a column without an aggregation.",
						  "\"top\" needs something to group by");
		return;
	}
	top->count = prismiq_const_make(INT8OID, Int64GetDatum(top->n));
	top->rest = prismiq_const_make(INT8OID, Int64GetDatum(top->n + 1));
	top->label = prismiq_const_make(TEXTOID, CStringGetTextDatum("Other"));
	top->zone = prismiq_const_make(TEXTOID, CStringGetTextDatum(check->zone_name));
	if (top->other)
		make_text(query);
	top->extras = query->group_extra;
	query->group_extra = NIL;
	if (query->pivot != NULL)
		return;					/* what has the same name is in the same cell */
	query->group_extra = list_make1(make_place(top));
	if (query->order_by == NIL && query->time_series == NULL)
		order_by_place(query);
}
