/*-------------------------------------------------------------------------
 *
 * resolve.c
 *	  What a name means: a column of a table, or a calculated field.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "base/names.h"
#include "expr/elements.h"
#include "expr/lower.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/table.h"

/* The field of a name, or null. */
PrismiqField *
prismiq_field_by_name(PrismiqCheck *check, const char *name)
{
	const PrismiqName *known = prismiq_names_find(&check->query->field_names, name);

	return known != NULL ? (PrismiqField *) known->value : NULL;
}

/* The calculated field that a reference means, or null. */
PrismiqField *
prismiq_field_find(PrismiqCheck *check, const PrismiqColumnRef *ref)
{
	if (ref->field != NULL)
		return ref->field;
	return ref->plain || ref->column == NULL ? NULL : prismiq_field_by_name(check, ref->column);
}

/* Columns that a field refers to are read from their tables. */
static bool
mark_used(PrismiqExpr *expr, void *arg)
{
	PrismiqColumnRef *ref = expr->ref;

	if (expr->kind != PRISMIQ_EXPR_COLUMN)
		return false;
	ref->table->used = bms_add_member(ref->table->used, ref->attnum);
	return false;
}

/* Fill in a reference to a calculated field; false after a fault. */
bool
prismiq_check_field_ref(PrismiqCheck *check, PrismiqColumnRef *ref, PrismiqField *field)
{
	PrismiqExpr *expr = field->expr;

	if (ref->table_id != NULL && prismiq_table_by_id(check, ref->table_id,
													 ref->table_path) == NULL)
		return false;
	if (field->over)
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_WINDOW, ref->column_path,
						  "Take it in \"columns\": \"qualify\" and \"order_by\" may name it then.",
						  "calculated field \"%s\" is computed over windows", field->name);
	if (expr == NULL || field->table == NULL || !PrismiqTableIsKnown(field->table))
		return false;			/* its own fault says it, or its table's */
	if (!prismiq_expr_count_use(check, expr, ref->column_path))
		return false;
	ref->table = field->table;
	ref->attnum = PRISMIQ_FIELD_ATTNUM(field);
	ref->name = field->name;
	ref->type = ref->basetype = expr->type;
	ref->typmod = -1;
	ref->collation = expr->collation;
	ref->expr = expr;
	(void) prismiq_expr_walk(expr, mark_used, NULL);
	return true;
}

/* Is it a measure where only a column's value can stand?  Then note a fault. */
bool
prismiq_check_no_measure(PrismiqCheck *check, const PrismiqColumnRef *ref,
						 const char *suggestion)
{
	if (ref->expr == NULL || !ref->expr->has_aggregate)
		return true;
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION, ref->column_path, suggestion,
					  "calculated field \"%s\" is an aggregate", ref->name);
	return false;
}

/* Look a column up, into "result"; false after a fault. */
static bool
find_column(PrismiqCheck *check, PrismiqTable *table, const PrismiqColumnRef *ref,
			PrismiqColumnRef *result)
{
	if (prismiq_column_find(table, ref->column, result))
		return true;
	prismiq_fault_add(check->faults, PRISMIQ_COLUMN_NOT_FOUND, ref->column_path,
					  prismiq_column_nearest(table, check->faults, ref->column),
					  "column \"%s\" not found in table \"%s\"", ref->column, table->relname);
	return false;
}

/* A value inside of a column: from here on it is the field that stands for it. */
static bool
check_inside(PrismiqCheck *check, PrismiqTable *table, PrismiqColumnRef *ref)
{
	PrismiqColumnRef *column = palloc0(sizeof(PrismiqColumnRef));

	if (!find_column(check, table, ref, column))
		return false;
	ref->field = prismiq_inside_field(check, column, ref->inside);
	return ref->field != NULL && prismiq_check_field_ref(check, ref, ref->field);
}

/*
 * Look a reference up; false after a fault, or when the reference could not be
 * read.  "star_ok" lets "*" through.
 */
bool
prismiq_check_column_ref(PrismiqCheck *check, PrismiqColumnRef *ref, bool star_ok)
{
	PrismiqTable *table;
	PrismiqField *field;

	if (ref == NULL || ref->column == NULL)
		return false;
	field = ref->table == NULL || ref->expr != NULL ? prismiq_field_find(check, ref) : NULL;
	if (field != NULL)
		return prismiq_check_no_unnest(check, ref) && prismiq_check_field_ref(check, ref, field);
	if (ref->table == NULL && ref->table_id == NULL)
	{
		if (ref->without_table)
			prismiq_fault_add(check->faults, PRISMIQ_MISSING_FIELD, ref->table_path, NULL,
							  "\"table_id\" is required");
		return false;
	}
	table = ref->table != NULL ? ref->table :
		prismiq_table_by_id(check, ref->table_id, ref->table_path);
	if (table == NULL || !PrismiqTableIsKnown(table))
		return false;			/* the table's own fault says it */
	if (ref->inside != NULL)
		return check_inside(check, table, ref);
	if (strcmp(ref->column, "*") == 0 && star_ok)
	{
		ref->table = table;
		ref->star = true;
		return true;
	}
	if (!find_column(check, table, ref, ref))
		return false;
	table->used = bms_add_member(table->used, ref->attnum);
	return !ref->unnest || prismiq_check_element(check, ref);
}
