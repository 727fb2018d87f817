/*-------------------------------------------------------------------------
 *
 * elements.c
 *	  Elements of an array that rows are grouped by.
 *
 * "unnest" repeats each row of the joins for the elements of its array, before
 * anything is grouped; a row whose array is empty or null stays once, with null.  So
 * one array of a definition can be unnested: of two, rows would be counted for
 * each pair, which is nobody's number.
 *
 * What the answer is grouped and ordered by under the array's name are its elements
 * then.  Conditions, aggregates and joins look at the row, and mean the array.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/lsyscache.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "expr/elements.h"
#include "expr/lower.h"
#include "model/answer.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"
#include "model/unnest.h"

/* Do two references that were not looked up yet name the same? */
static bool
is_named_alike(const PrismiqColumnRef *a, const PrismiqColumnRef *b)
{
	return a->table_id != NULL && b->table_id != NULL && a->column != NULL &&
		b->column != NULL && strcmp(a->table_id, b->table_id) == 0 &&
		strcmp(a->column, b->column) == 0;
}

/* Of which column somebody asks for the elements; null: of none. */
static const PrismiqColumnRef *
find_asked(const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column) && column->ref->unnest)
			return column->ref;
	}
	foreach(lc, query->group_by)
		if (((const PrismiqColumnRef *) lfirst(lc))->unnest)
			return (const PrismiqColumnRef *) lfirst(lc);
	return NULL;
}

/* A reference beside it: of the same column it means the elements too. */
static void
take_along(PrismiqColumnRef *ref, const PrismiqColumnRef *asked)
{
	ref->unnest |= is_named_alike(ref, asked);
}

/* Whatever the answer is grouped and ordered by under the name means elements. */
void
prismiq_check_unnest(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	const PrismiqColumnRef *asked = find_asked(query);
	ListCell   *lc;

	if (asked == NULL)
		return;
	foreach(lc, query->columns)
		if (PrismiqColumnIsDimension((const PrismiqColumn *) lfirst(lc)))
			take_along(((PrismiqColumn *) lfirst(lc))->ref, asked);
	foreach(lc, query->group_by)
		take_along((PrismiqColumnRef *) lfirst(lc), asked);
	foreach(lc, query->order_by)
		if (((const PrismiqOrder *) lfirst(lc))->ref != NULL)
			take_along(((PrismiqOrder *) lfirst(lc))->ref, asked);
}

/* Where a reference says that it means elements. */
static const PrismiqPath *
unnest_path(const PrismiqColumnRef *ref)
{
	return prismiq_path_key(ref->path, "unnest", NULL);
}

/* A node of the elements of an array, or of their numbers. */
static PrismiqExpr *
make_node(PrismiqCheck *check, PrismiqExprKind kind, PrismiqColumnRef *array, Oid type)
{
	PrismiqLower lower = {.check = check};
	PrismiqExpr *expr = prismiq_expr_make(&lower, kind, 0, type, NIL);

	expr->ref = array;
	expr->tables = bms_make_singleton(array->table->index);
	expr->has_column = true;
	return expr;
}

/* The elements of a column that was looked up. */
static PrismiqUnnest *
make_unnest(PrismiqCheck *check, const PrismiqColumnRef *ref, Oid element)
{
	PrismiqUnnest *unnest = palloc0(sizeof(PrismiqUnnest));
	PrismiqColumnRef *number = palloc0(sizeof(PrismiqColumnRef));

	unnest->path = unnest_path(ref);
	unnest->array = palloc(sizeof(PrismiqColumnRef));
	*unnest->array = *ref;
	unnest->array->unnest = false;
	unnest->array->expr = NULL;
	unnest->element = make_node(check, PRISMIQ_EXPR_ELEMENT, unnest->array,
								prismiq_base_type(element));
	unnest->element->collation = ref->collation;
	number->table = ref->table;
	number->attnum = PRISMIQ_ELEMENT_NUMBER_ATTNUM;
	number->expr = make_node(check, PRISMIQ_EXPR_ELEMENT_NUMBER, unnest->array, INT8OID);
	number->name = ref->name;
	number->type = number->basetype = INT8OID;
	number->typmod = -1;
	unnest->number = number;
	return unnest;
}

/* What a column must be to have elements that rows can be grouped by; false after a fault. */
static bool
check_array(PrismiqCheck *check, const PrismiqColumnRef *ref, Oid element)
{
	if (!OidIsValid(element))
		prismiq_fault_add(check->faults, PRISMIQ_TYPE_MISMATCH, unnest_path(ref),
						  "Leave \"unnest\" out.",
						  "column \"%s\" of type %s is no array, so it has no elements",
						  ref->name, prismiq_type_name(ref->type));
	else if (type_is_rowtype(prismiq_base_type(element)))
		prismiq_fault_add(check->faults, PRISMIQ_TYPE_MISMATCH, unnest_path(ref),
						  "Leave \"unnest\" out.",
						  "the elements of column \"%s\" of type %s are rows themselves",
						  ref->name, prismiq_type_name(ref->type));
	else if (check->query->unnest != NULL &&
			 (check->query->unnest->array->table != ref->table ||
			  check->query->unnest->array->attnum != ref->attnum))
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, unnest_path(ref),
						  "Unnest one of them in a nested definition.",
						  "a definition unnests one array, and \"%s\" is one already",
						  check->query->unnest->array->name);
	else
		return true;
	return false;
}

/*
 * Let a reference to a column, which was looked up, mean the elements of its array;
 * false after a fault.
 */
bool
prismiq_check_element(PrismiqCheck *check, PrismiqColumnRef *ref)
{
	PrismiqQuery *query = check->query;
	Oid			element = get_element_type(ref->basetype);

	if (!check_array(check, ref, element))
		return false;
	if (query->unnest == NULL)
		query->unnest = make_unnest(check, ref, element);
	ref->expr = query->unnest->element;
	ref->attnum = PRISMIQ_ELEMENT_ATTNUM;
	ref->type = element;
	ref->basetype = ref->expr->type;
	ref->notnull = false;
	return true;
}

/* A calculated field has no elements; false after a fault. */
bool
prismiq_check_no_unnest(PrismiqCheck *check, const PrismiqColumnRef *ref)
{
	if (!ref->unnest)
		return true;
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, unnest_path(ref),
					  "Unnest the column of a table.",
					  "calculated field \"%s\" cannot be unnested", ref->column);
	return false;
}

/* Say of measures what they count, now that it is known what is grouped. */
void
prismiq_check_unnest_end(PrismiqCheck *check)
{
	const PrismiqUnnest *unnest = check->query->unnest;

	if (unnest != NULL && check->query->grouped)
		prismiq_fault_warn(check->faults, PRISMIQ_FAN_OUT, unnest->path, NULL,
						   "a row counts once for each element of \"%s\"",
						   unnest->array->name);
}
