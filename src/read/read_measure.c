/*-------------------------------------------------------------------------
 *
 * read_measure.c
 *	  What the application's model says of a measure.
 *
 * What is read of a measure becomes the column that names it, so that the rest of
 * the code takes it for an aggregated column, or for one that is a calculated
 * field.  It is of its own table alone: no parameter, calculated field or other
 * table of the definition that it is used in changes what it means.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "base/json.h"
#include "model/condition.h"
#include "model/field.h"
#include "model/known_keys.h"
#include "model/measure.h"
#include "model/words.h"
#include "read/read.h"

/* How it is to be shown: by the name of a format, or by an object. */
static void
read_format(const PrismiqObject *measure, PrismiqHints *hints)
{
	const json_t *node = prismiq_object_get(measure, "format");
	const char *name = NULL;
	const char *object = NULL;
	StringInfoData buf;

	if (prismiq_json_kind(node) == PRISMIQ_JSON_OBJECT)
	{
		initStringInfo(&buf);
		prismiq_json_append(&buf, node);
		object = buf.data;
	}
	else
		name = prismiq_object_text(measure, "format", false);
	if (hints->format != NULL)
		return;					/* the definition says it */
	hints->format = name;
	hints->format_object = object;
}

/* A condition of a measure: on a column of its table, for the rows that it looks at. */
static bool
check_condition(PrismiqCondition *condition, void *arg)
{
	PrismiqFaults *faults = (PrismiqFaults *) arg;
	PrismiqTest *test = PrismiqTestOf(condition);
	PrismiqColumnOperand *operand = PrismiqColumnOperandOf(test);

	if (!operand->ref->without_table)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, operand->ref->table_path,
						  "Leave it out.",
						  "the conditions of a measure are on columns of its own table");
	if (operand->scope != PRISMIQ_SCOPE_ROWS)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, operand->scope_path, NULL,
						  "a condition of a measure has no scope");
	if (test->op == PRISMIQ_OP_IN_QUERY || test->op == PRISMIQ_OP_NOT_IN_QUERY)
		prismiq_fault_add(faults, PRISMIQ_INVALID_OPERATOR, test->op_path, NULL,
						  "a condition of a measure takes no query");
	operand->ref->without_table = false;
	operand->ref->plain = true;
	return false;
}

/* A column with an aggregation. */
static void
read_aggregate(const PrismiqObject *measure, PrismiqColumn *column)
{
	const char *name = prismiq_object_name(measure, "column", true);
	int			errors = list_length(measure->faults->errors);

	column->ref->column = name;
	column->ref->column_path = prismiq_object_path(measure, "column");
	column->ref->plain = true;
	column->aggregation_path = prismiq_object_path(measure, "aggregation");
	column->aggregation = prismiq_read_aggregation(measure, true);
	column->unread = list_length(measure->faults->errors) > errors;
	if (!column->unread && column->aggregation == PRISMIQ_AGG_NONE)
		prismiq_fault_add(measure->faults, PRISMIQ_INVALID_AGGREGATION,
						  column->aggregation_path, NULL, "a measure needs an aggregation");
	else if (column->aggregation == PRISMIQ_AGG_PERCENTILE)
		prismiq_fault_add(measure->faults, PRISMIQ_INVALID_AGGREGATION,
						  column->aggregation_path,
						  "Write \"expression\": \"percentile([column], 0.95)\".",
						  "a percentile needs its fraction");
	else if (column->aggregation == PRISMIQ_AGG_CORR)
		prismiq_fault_add(measure->faults, PRISMIQ_INVALID_AGGREGATION,
						  column->aggregation_path,
						  "Write \"expression\": \"corr([column], [other_column])\".",
						  "a correlation needs its other column");
}

/* An expression over columns of the measure's table. */
static void
read_expression(const PrismiqObject *measure, PrismiqColumn *column)
{
	const char *text = prismiq_object_name(measure, "expression", true);
	PrismiqField *field = palloc0(sizeof(PrismiqField));

	field->path = measure->path;
	field->expression_path = prismiq_object_path(measure, "expression");
	field->name = column->named->name;
	if (text != NULL)
		field->written = prismiq_read_expr(text, field->expression_path, measure->faults);
	column->named->field = field;
	column->aggregation = PRISMIQ_AGG_NONE;
	column->ref->column = field->name;
	column->ref->field = field;
	column->unread = field->written == NULL;
}

/*
 * What the model says of a measure, into the column that names it.  How it is to be
 * shown the definition may have said itself.
 */
void
prismiq_read_measure(const json_t *node, const PrismiqPath *path, PrismiqColumn *column,
					 PrismiqFaults *faults)
{
	PrismiqReader reader = prismiq_reader_make(1, NULL, faults);
	PrismiqHints *hints = &column->hints;
	PrismiqObject measure;
	const char *label;

	if (!prismiq_object_open(&measure, node, path, faults, prismiq_measure_keys))
		return;
	column->named->table = prismiq_object_name(&measure, "table", true);
	column->filters = prismiq_read_conditions(&reader, &measure, "filters",
											  PRISMIQ_OPERAND_COLUMN);
	(void) prismiq_condition_walk(column->filters, check_condition, faults);
	if (!prismiq_object_has(&measure, "expression"))
		read_aggregate(&measure, column);
	else if (prismiq_object_has(&measure, "column") ||
			 prismiq_object_has(&measure, "aggregation"))
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(&measure, "expression"), NULL,
						  "give \"column\" with \"aggregation\", or \"expression\"");
	else
		read_expression(&measure, column);
	label = prismiq_object_text(&measure, "label", false);
	if (hints->display_name == NULL)
		hints->display_name = label;
	hints->description = prismiq_object_text(&measure, "description", false);
	read_format(&measure, hints);
}
