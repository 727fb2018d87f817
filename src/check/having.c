/*-------------------------------------------------------------------------
 *
 * having.c
 *	  Conditions on what was grouped (having), and on the answer (qualify).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/names.h"
#include "catalog/catalogs.h"
#include "check/check.h"
#include "expr/lower.h"
#include "model/answer.h"
#include "model/condition.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/known_keys.h"
#include "model/measure.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"
#include "value/value.h"

/* The column of the answer that an alias names, or null. */
static PrismiqColumn *
column_by_name(PrismiqCheck *check, const char *name)
{
	const PrismiqName *known = prismiq_names_find(&check->query->answer_names, name);

	return known != NULL ? ((const PrismiqOutput *) known->value)->column : NULL;
}

/* Check a measure that is not in the answer; false after a fault. */
static bool
add_measure(PrismiqCheck *check, PrismiqColumn *measure)
{
	if (!prismiq_check_column(check, measure))
		return false;
	measure->output.column = measure;
	measure->basetype = prismiq_base_type(measure->output.type);
	check->query->having_measures = lappend(check->query->having_measures, measure);
	return true;
}

/* What is computed over windows is no measure of the groups. */
static void
refuse_over(PrismiqCheck *check, const char *name, const PrismiqPath *path)
{
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_WINDOW, path,
					  "Put conditions on it into \"qualify\".",
					  "\"%s\" is computed over windows", name);
}

/*
 * A calculated field that is a measure but not in the answer, or null.  False
 * when a fault has been noted: the field's own, above all.
 */
static bool
measure_field(PrismiqCheck *check, const PrismiqCondition *condition, const PrismiqPath *path,
			  PrismiqColumn **result)
{
	PrismiqColumn *measure = palloc0(sizeof(PrismiqColumn));
	PrismiqField *field;

	measure->path = condition->path;
	measure->ref = palloc0(sizeof(PrismiqColumnRef));
	measure->ref->column = PrismiqMeasureOperandOf(PrismiqTestOf(condition))->alias;
	measure->ref->column_path = path;
	field = prismiq_field_find(check, measure->ref);
	if (field == NULL || (field->expr != NULL && !field->expr->has_aggregate))
		return true;
	if (field->over)
		refuse_over(check, field->name, path);
	if (field->expr == NULL || !add_measure(check, measure))
		return false;
	*result = measure;
	return true;
}

/* The measure that a having test is over; null after a fault. */
static PrismiqColumn *
having_measure(PrismiqCheck *check, const PrismiqCondition *condition)
{
	const PrismiqMeasureOperand *operand = PrismiqMeasureOperandOf(PrismiqTestOf(condition));
	const PrismiqPath *path = prismiq_path_key(condition->path, "column", prismiq_test_keys);
	PrismiqColumn *measure;

	if (operand->named != NULL)
		return add_measure(check, operand->named) ? operand->named : NULL;
	if (operand->has_aggregation)
	{
		measure = palloc0(sizeof(PrismiqColumn));
		measure->path = condition->path;
		measure->ref = operand->ref;
		measure->aggregation = operand->aggregation;
		measure->args = operand->args;
		measure->aggregation_path = prismiq_path_key(condition->path, "aggregation",
													 prismiq_test_keys);
		if (operand->aggregation == PRISMIQ_AGG_NONE)
		{
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION,
							  measure->aggregation_path,
							  "Put conditions on plain columns into \"filters\".",
							  "a having condition needs an aggregation");
			return NULL;
		}
		return add_measure(check, measure) ? measure : NULL;
	}
	if (operand->alias == NULL)
	{
		/* What could not be read of it has its own fault. */
		(void) prismiq_check_column_ref(check, operand->ref, true);
		return NULL;
	}
	measure = column_by_name(check, operand->alias);
	if (measure == NULL && !measure_field(check, condition, path, &measure))
		return NULL;
	if (measure == NULL)
	{
		prismiq_output_missing(check, operand->alias, path, true);
		return NULL;
	}
	if (measure->over != NULL)
		refuse_over(check, operand->alias, path);
	if (measure->over != NULL || !PrismiqColumnIsKnown(measure))
		return NULL;
	if (PrismiqColumnIsDimension(measure))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION, path,
						  "Put conditions on plain columns into \"filters\".",
						  "\"%s\" is not an aggregate", operand->alias);
		return NULL;
	}
	return measure;
}

/* What a test of having is on: a measure, which need not be in the answer. */
static bool
check_having_test(PrismiqCondition *condition, void *arg)
{
	PrismiqCheck *check = (PrismiqCheck *) arg;
	PrismiqColumn *measure = having_measure(check, condition);

	PrismiqMeasureOperandOf(PrismiqTestOf(condition))->measure = measure;
	if (measure != NULL && OidIsValid(measure->basetype))
		prismiq_check_operand(check, condition, measure->basetype, measure->output.collation);
	return false;
}

/* All of having; the columns of the answer have their names by now. */
void
prismiq_check_having(PrismiqCheck *check)
{
	(void) prismiq_condition_walk(check->query->having, check_having_test, check);
}

/* What a test of qualify is on: a column of the answer, windows included. */
static bool
check_qualify_test(PrismiqCondition *condition, void *arg)
{
	PrismiqCheck *check = (PrismiqCheck *) arg;
	PrismiqOutputOperand *operand = PrismiqOutputOperandOf(PrismiqTestOf(condition));
	PrismiqOutput *output;

	if (operand->is_measure)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_WINDOW, condition->path,
						  "Put conditions on aggregates into \"having\".",
						  "a qualify condition names a column of the answer");
		return false;
	}
	if (operand->alias == NULL)
		return false;
	output = operand->output = prismiq_output_find(check, operand->alias,
												   prismiq_path_key(condition->path, "column",
																	prismiq_test_keys));
	if (output != NULL && OidIsValid(output->type))
		prismiq_check_operand(check, condition, prismiq_base_type(output->type),
							  output->collation);
	return false;
}

/* All of qualify; the columns of the answer are known. */
void
prismiq_check_qualify(PrismiqCheck *check)
{
	(void) prismiq_condition_walk(check->query->qualify, check_qualify_test, check);
}
