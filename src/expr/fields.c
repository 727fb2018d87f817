/*-------------------------------------------------------------------------
 *
 * fields.c
 *	  Calculated fields: what the references in their expressions mean, and
 *	  which of them are measures.
 *
 * A name in a definition means the calculated field of that name, else the
 * table's column.  Within expressions [table_id.column] always means the
 * column, and a field's own name does: "amount" may be calculated from the
 * column [amount].
 *
 * A field whose expression holds an aggregate is a measure: it gets the
 * aggregation PRISMIQ_AGG_EXPRESSION wherever it is a column, so that the rest
 * of the code takes it for one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "base/nearest.h"
#include "expr/lower.h"
#include "model/condition.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"

static void lower_field(PrismiqCheck *check, PrismiqField *field);

/* The part of a name before its n-th dot as a table; *rest is what follows. */
static PrismiqTable *
table_before_dot(PrismiqLower *lower, const char *name, const char *dot)
{
	ListCell   *lc;

	foreach(lc, lower->check->query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		if (table->id != NULL && PrismiqTableIsKnown(table) &&
			strlen(table->id) == (size_t) (dot - name) &&
			strncmp(table->id, name, dot - name) == 0)
			return table;
	}
	return NULL;
}

/* A name that is neither field nor column, with the nearest that is. */
static PrismiqExpr *
not_found(PrismiqLower *lower, PrismiqExpr *written, const PrismiqTable *table,
		  const char *column)
{
	PrismiqQuery *query = lower->check->query;
	char	   *suggestion = NULL;
	PrismiqNearest nearest;
	ListCell   *lc;

	if (table != NULL)
		suggestion = prismiq_column_nearest(table, lower->check->faults, column);
	else if (prismiq_nearest_init(&nearest, lower->check->faults, column))
	{
		foreach(lc, query->fields)
		{
			const PrismiqField *field = (const PrismiqField *) lfirst(lc);

			if (field->name != NULL && field->home == NULL && field != lower->field)
				prismiq_nearest_offer(&nearest, field->name);
		}
		suggestion = prismiq_nearest_result(&nearest);
	}
	foreach(lc, query->tables)
	{
		/* A table that was not found may have had it. */
		if (!PrismiqTableIsKnown((PrismiqTable *) lfirst(lc)))
			return NULL;
		if (suggestion == NULL)
			suggestion = prismiq_column_nearest((PrismiqTable *) lfirst(lc),
												lower->check->faults, column);
	}
	return prismiq_expr_fault(lower, PRISMIQ_COLUMN_NOT_FOUND, written->position, suggestion,
							  "\"%.*s\" is neither a column nor a calculated field,",
							  pg_mbcliplen(written->name, strlen(written->name), 100),
							  written->name);
}

/* A column by its name alone: the first table's, or the only one there is. */
static PrismiqExpr *
column_by_name(PrismiqLower *lower, PrismiqExpr *written, bool *found)
{
	PrismiqQuery *query = lower->check->query;
	PrismiqColumnRef *ref = NULL;
	PrismiqTable *other = NULL;
	ListCell   *lc;

	*found = true;
	foreach(lc, query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);
		PrismiqColumnRef *candidate = palloc0(sizeof(PrismiqColumnRef));

		if (!PrismiqTableIsKnown(table) || !prismiq_column_find(table, written->name, candidate))
			continue;
		if (ref == NULL)
			ref = candidate;
		else if (other == NULL)
			other = table;
		if (lc == list_head(query->tables))
			break;
	}
	if (ref == NULL)
	{
		*found = false;
		return NULL;
	}
	if (other != NULL)
		return prismiq_expr_fault(lower, PRISMIQ_AMBIGUOUS_COLUMN, written->position,
								  psprintf("Write [%s.%s] or [%s.%s].", ref->table->id, ref->name,
										   other->id, ref->name),
								  "several tables have a column \"%s\":", ref->name);
	return prismiq_expr_column(lower, written->position, ref);
}

/* [table_id.column]; null without a fault when no table has such an id. */
static PrismiqExpr *
column_of_table(PrismiqLower *lower, PrismiqExpr *written, bool *found)
{
	const char *dot;
	PrismiqTable *table = NULL;
	const char *column = NULL;

	*found = true;
	for (dot = strchr(written->name, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
	{
		PrismiqTable *candidate = table_before_dot(lower, written->name, dot);
		PrismiqColumnRef *ref;

		if (candidate == NULL)
			continue;
		table = candidate;
		column = dot + 1;
		ref = palloc0(sizeof(PrismiqColumnRef));
		if (prismiq_column_find(table, column, ref))
			return prismiq_expr_column(lower, written->position, ref);
	}
	if (table != NULL)
		return not_found(lower, written, table, column);
	*found = false;
	return NULL;
}

/* Another field in an expression. */
static PrismiqExpr *
other_field(PrismiqLower *lower, PrismiqExpr *written, PrismiqField *field)
{
	if (field->state == PRISMIQ_FIELD_OPEN)
		return prismiq_expr_fault(lower, PRISMIQ_CIRCULAR_REFERENCE, written->position, NULL,
								  "calculated field \"%s\" refers to itself through \"%s\"",
								  field->name, lower->field->name);
	lower_field(lower->check, field);
	if (field->expr == NULL)
		return NULL;
	if (lower->aggregate != NULL && field->expr->has_aggregate)
		return prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, written->position, NULL,
								  "\"%s\" is an aggregate and cannot stand inside %s()",
								  field->name, lower->aggregate);
	return field->expr;
}

/* A column of the table that a measure of the model is of: it knows no other names. */
static PrismiqExpr *
column_of_home(PrismiqLower *lower, PrismiqExpr *written)
{
	PrismiqTable *home = lower->field->home;
	PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));

	return prismiq_column_find(home, written->name, ref) ?
		prismiq_expr_column(lower, written->position, ref) :
		not_found(lower, written, home, written->name);
}

/* Another field goes before a column of its name; the name of the field itself means the column. */
PrismiqExpr *
prismiq_lower_ref(PrismiqLower *lower, PrismiqExpr *written)
{
	PrismiqField *field;
	PrismiqExpr *expr;
	bool		found;

	if (lower->field->home != NULL)
		return column_of_home(lower, written);
	if (lower->field->over)
	{
		expr = prismiq_lower_over_name(lower, written, &field);
		return field != NULL ? other_field(lower, written, field) : expr;
	}
	field = prismiq_field_by_name(lower->check, written->name);
	if (field != NULL && field != lower->field)
		return other_field(lower, written, field);
	expr = column_by_name(lower, written, &found);
	if (!found)
		expr = column_of_table(lower, written, &found);
	if (found)
		return expr;
	if (field != NULL)
		return prismiq_expr_fault(lower, PRISMIQ_CIRCULAR_REFERENCE, written->position, NULL,
								  "calculated field \"%s\" refers to itself", field->name);
	return not_found(lower, written, NULL, written->name);
}

/* The first reference that stands in no aggregate and is none itself. */
static PrismiqExpr *
bare_reference(PrismiqLower *lower, PrismiqExpr *written)
{
	ListCell   *lc;

	check_stack_depth();
	if (written->kind == PRISMIQ_EXPR_REF)
	{
		PrismiqField *field = lower->field->home != NULL ? NULL :
			prismiq_field_by_name(lower->check, written->name);

		return field == NULL || field == lower->field ||
			(field->expr != NULL && field->expr->has_column) ? written : NULL;
	}
	if (written->kind == PRISMIQ_EXPR_CALL && prismiq_expr_is_aggregate(written->name))
		return NULL;
	foreach(lc, written->args)
	{
		PrismiqExpr *result = bare_reference(lower, (PrismiqExpr *) lfirst(lc));

		if (result != NULL)
			return result;
	}
	return NULL;
}

/* Lower a field's expression, if that has not been done. */
static void
lower_field(PrismiqCheck *check, PrismiqField *field)
{
	PrismiqLower lower = {check, field, NULL, NULL};
	PrismiqExpr *expr;
	PrismiqExpr *bare;
	int			first;

	check_stack_depth();
	if (field->state != PRISMIQ_FIELD_NEW)
		return;
	field->state = PRISMIQ_FIELD_OPEN;
	if (field->written != NULL && field->name != NULL)
	{
		expr = prismiq_lower_expr(&lower, field->written);
		if (expr != NULL && expr->has_aggregate && expr->has_column)
		{
			bare = bare_reference(&lower, field->written);
			expr = prismiq_expr_fault(&lower, PRISMIQ_INVALID_EXPRESSION,
									  bare != NULL ? bare->position : 1,
									  "Put it inside an aggregate.",
									  "a column stands outside the aggregates");
		}
		expr = prismiq_expr_convert(&lower, expr, field->data_type);
		field->expr = expr;
		if (expr != NULL && check->query->tables != NIL)
		{
			first = bms_next_member(expr->tables, -1);
			field->table = (PrismiqTable *) list_nth(check->query->tables, Max(first, 0));
		}
	}
	field->state = PRISMIQ_FIELD_DONE;
}

/* A calculated field is worked out for the rows of the answer, in no other scope. */
static bool
refuse_scope(PrismiqCondition *condition, void *arg)
{
	PrismiqCheck *check = (PrismiqCheck *) arg;
	PrismiqColumnOperand *operand = PrismiqColumnOperandOf(PrismiqTestOf(condition));

	if (operand->scope == PRISMIQ_SCOPE_ROWS || operand->ref == NULL ||
		prismiq_field_find(check, operand->ref) == NULL)
		return false;
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, operand->scope_path, NULL,
					  "a condition on a calculated field has no scope");
	operand->scope = PRISMIQ_SCOPE_ROWS;
	return false;
}

/* All calculated fields but those over windows; the tables have been looked up, joins have not. */
void
prismiq_check_fields(PrismiqCheck *check)
{
	ListCell   *lc;

	if (check->query->fields == NIL)
		return;
	(void) prismiq_condition_walk(check->query->filters, refuse_scope, check);
	(void) prismiq_condition_walk(check->query->left_out, refuse_scope, check);
	prismiq_find_over(check);
	foreach(lc, check->query->fields)
	{
		PrismiqField *field = (PrismiqField *) lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (!field->over)
			lower_field(check, field);
	}
}

/*
 * Local times, of which a zone is said, as the instants that they are: of a column or
 * of a calculated field that is no measure.  False after a fault.
 */
bool
prismiq_check_instants(PrismiqCheck *check, PrismiqColumnRef *ref)
{
	PrismiqField nameless = {.expression_path = ref->source_timezone_path};
	PrismiqLower lower = {check, &nameless, NULL, NULL};
	PrismiqColumnRef *local;
	PrismiqExpr *zone;

	if (ref->source_timezone == NULL)
		return true;
	if (ref->source_zone == NULL)
		return false;			/* its own fault says it */
	local = palloc(sizeof(PrismiqColumnRef));
	*local = *ref;
	zone = prismiq_expr_text_const(&lower, 1, pg_get_timezone_name(ref->source_zone));
	ref->expr = prismiq_expr_function(&lower, 1, "timezone",
									  list_make2(zone, ref->expr != NULL ? ref->expr :
												 prismiq_expr_column(&lower, 1, local)));
	ref->type = ref->basetype = TIMESTAMPTZOID;
	ref->typmod = -1;
	ref->read_cast = InvalidOid;
	return ref->expr != NULL && prismiq_expr_count_use(check, ref->expr, ref->column_path);
}

/* Those that are over the windows; what these are is known. */
void
prismiq_lower_over(PrismiqCheck *check)
{
	ListCell   *lc;

	foreach(lc, check->query->fields)
		if (((PrismiqField *) lfirst(lc))->over)
			lower_field(check, (PrismiqField *) lfirst(lc));
}

/* A column that is a measure by its expression; false after a fault. */
bool
prismiq_check_measure_field(PrismiqCheck *check, PrismiqColumn *column)
{
	PrismiqColumnRef *ref = column->ref;

	if ((!PrismiqColumnIsDimension(column) &&
		 column->aggregation != PRISMIQ_AGG_EXPRESSION) || column->date_trunc != NULL ||
		(column->filters != NULL && column->named == NULL))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION,
						  !PrismiqColumnIsDimension(column) ? column->aggregation_path :
						  column->path, "Take it as it is.",
						  "calculated field \"%s\" is an aggregate already", ref->name);
		return false;
	}
	column->aggregation = PRISMIQ_AGG_EXPRESSION;
	column->output.type = ref->type;
	column->output.typmod = -1;
	column->output.collation = ref->collation;
	return true;
}
