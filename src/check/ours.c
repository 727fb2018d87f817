/*-------------------------------------------------------------------------
 *
 * ours.c
 *	  Definitions of our own: the rows of a table, the values of a column.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "access/access.h"
#include "catalog/catalogs.h"
#include "check/check.h"
#include "model/answer.h"
#include "model/condition.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"

/* A query over one column of one table. */
static PrismiqQuery *
one_column_query(PrismiqTable *table, PrismiqColumnRef *ref)
{
	PrismiqQuery *query = palloc0(sizeof(PrismiqQuery));
	PrismiqColumn *column = palloc0(sizeof(PrismiqColumn));

	table->listed = table->joined = true;
	table->used = bms_add_member(table->used, ref->attnum);
	column->ref = ref;
	column->aggregation = PRISMIQ_AGG_NONE;
	column->alias = ref->name;
	column->output.type = ref->type;
	column->output.typmod = ref->typmod;
	column->output.collation = ref->collation;
	query->tables = list_make1(table);
	query->columns = list_make1(column);
	query->limit = query->page_limit = -1;
	prismiq_check_answer(query);
	prismiq_check_keys(query);
	prismiq_check_outputs(query);
	return query;
}

/*
 * The query whose estimated rows are the table's for this tenant: a column of
 * it under the tenant's predicate, no more.  Null when the column is gone.
 */
PrismiqQuery *
prismiq_describe_row_query(PrismiqTable *table, const char *column)
{
	PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));

	return prismiq_column_find(table, column, ref) ? one_column_query(table, ref) : NULL;
}

/*
 * The query for the smallest "count" distinct values of a column that are not
 * null.  Null when its values cannot be sorted.
 */
PrismiqQuery *
prismiq_describe_sample_query(PrismiqTable *table, PrismiqColumnRef *ref, int64 count)
{
	PrismiqQuery *query;
	PrismiqCondition *condition;
	PrismiqTest *not_null;
	PrismiqOrder *order = palloc0(sizeof(PrismiqOrder));

	if (!prismiq_type_is_groupable(ref->basetype))
		return NULL;
	query = one_column_query(table, ref);
	condition = prismiq_condition_make(PRISMIQ_CONDITION_TEST, NULL);
	not_null = PrismiqTestOf(condition);
	not_null->on = PRISMIQ_OPERAND_COLUMN;
	PrismiqColumnOperandOf(not_null)->ref = ref;
	not_null->op = PRISMIQ_OP_IS_NOT_NULL;
	not_null->form = palloc0(sizeof(PrismiqForm));
	not_null->form->kind = PRISMIQ_FORM_NOT_NULL;
	query->filters = prismiq_condition_make(PRISMIQ_CONDITION_AND, NULL);
	PrismiqGroupOf(query->filters)->members = list_make1(condition);
	query->grouped = true;
	order->output = 1;
	query->order_by = list_make1(order);
	query->limit = count;
	return query;
}
