/*-------------------------------------------------------------------------
 *
 * pivot.c
 *	  Values that become columns.  What everything else looks at is checked
 *	  before, because the answer is made anew.
 *
 * The twin of compile/compile_pivot.c.  A value is only ever a constant and,
 * quoted and clipped, the name of a column.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/names.h"
#include "catalog/catalogs.h"
#include "model/answer.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/pivot.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/words.h"
#include "stage/stage.h"
#include "value/value.h"

/* The column of a name, if it is a group column; null after a fault. */
static PrismiqOutput *
find_key(PrismiqCheck *check, const PrismiqAlias *alias)
{
	PrismiqOutput *output = prismiq_output_find(check, alias->name, alias->path);

	if (output == NULL || prismiq_output_is_key(output))
		return output;
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_PIVOT, alias->path, NULL,
					  "\"%s\" is not grouped by", alias->name);
	return NULL;
}

/* The column whose values become columns; false after a fault. */
static bool
find_column(PrismiqCheck *check, PrismiqPivot *pivot)
{
	PrismiqOutput *output = find_key(check, pivot->column);

	if (output == NULL || !OidIsValid(output->type))
		return false;
	pivot->type = prismiq_base_type(output->type);
	pivot->equal = prismiq_comparison_operator(pivot->type, PRISMIQ_OP_EQ);
	pivot->differs = prismiq_comparison_operator(pivot->type, PRISMIQ_OP_NEQ);
	if (!prismiq_type_is_groupable(pivot->type) || !OidIsValid(get_array_type(pivot->type)) ||
		!OidIsValid(pivot->equal) || !OidIsValid(pivot->differs) ||
		OidIsValid(get_element_type(pivot->type)))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_PIVOT, pivot->column->path, NULL,
						  "values of type %s cannot become columns",
						  prismiq_type_name(pivot->type));
		return false;
	}
	if (check->query->totals != NULL &&
		list_member_ptr(check->query->totals->rolled, output))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_PIVOT, pivot->column->path,
						  "List the row columns in \"totals\".",
						  "\"%s\" cannot be rolled up and become columns", pivot->column->name);
		return false;
	}
	pivot->column->output = output;
	return true;
}

/* How the values of several groups are taken together, if they add up. */
static void
find_combination(PrismiqPivot *pivot)
{
	const PrismiqOutput *output = pivot->value->output;
	PrismiqAggregation with = PRISMIQ_AGG_NONE;
	Oid			ignored;

	if (output->column != NULL && output->column->ref != NULL)
		switch (output->column->aggregation)
		{
			case PRISMIQ_AGG_SUM:
			case PRISMIQ_AGG_COUNT:
				with = output->column->distinct ? PRISMIQ_AGG_NONE : PRISMIQ_AGG_SUM;
				break;
			case PRISMIQ_AGG_MIN:
			case PRISMIQ_AGG_MAX:
				with = output->column->aggregation;
				break;
			default:
				break;
		}
	pivot->combine_arg = prismiq_base_type(output->type);
	if (with != PRISMIQ_AGG_NONE)
		pivot->combine = prismiq_aggregate_find(with, pivot->combine_arg, &ignored);
}

/* The measure in the cells; false after a fault. */
static bool
find_value(PrismiqCheck *check, PrismiqPivot *pivot)
{
	PrismiqOutput *output = prismiq_output_find(check, pivot->value->name, pivot->value->path);

	if (output == NULL || !OidIsValid(output->type) ||
		(output->column != NULL && !PrismiqColumnIsKnown(output->column)))
		return false;
	if (prismiq_output_is_key(output) || output->role == PRISMIQ_ROLE_LEVEL)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_PIVOT, pivot->value->path, NULL,
						  "\"%s\" is not a measure", pivot->value->name);
		return false;
	}
	pivot->value->output = output;
	find_combination(pivot);
	if (OidIsValid(pivot->combine) || !OidIsValid(get_element_type(pivot->combine_arg)))
		return true;
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_PIVOT, pivot->value->path, NULL,
					  "a cell cannot hold a value of type %s",
					  prismiq_type_name(pivot->combine_arg));
	return false;
}

/* The columns that make a row; false after a fault. */
static bool
find_rows(PrismiqCheck *check, PrismiqPivot *pivot)
{
	PrismiqQuery *query = check->query;
	const PrismiqOutput *column = pivot->column != NULL ? pivot->column->output : NULL;
	bool		ok = true;
	ListCell   *lc;

	foreach(lc, query->answer)
		if (!pivot->has_rows && prismiq_output_is_key((PrismiqOutput *) lfirst(lc)) &&
			lfirst(lc) != column)
			pivot->row_outputs = lappend(pivot->row_outputs, lfirst(lc));
	foreach(lc, pivot->rows)
	{
		PrismiqAlias *alias = (PrismiqAlias *) lfirst(lc);
		PrismiqOutput *output = find_key(check, alias);

		if (output != NULL && output == column)
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_PIVOT, alias->path, NULL,
							  "\"%s\" becomes columns, so it is not in the rows", alias->name);
		ok = ok && output != NULL && output != column;
		pivot->row_outputs = list_append_unique_ptr(pivot->row_outputs, output);
	}
	return ok;
}

/* All that a pivot names, each looked up whatever the others are; false after a fault. */
static bool
find_names(PrismiqCheck *check, PrismiqPivot *pivot)
{
	bool		column = pivot->column != NULL && find_column(check, pivot);
	bool		value = pivot->value != NULL && find_value(check, pivot);

	return find_rows(check, pivot) && column && value;
}

/* A value as the name of a column, in the form that the answer would have it. */
static const char *
name_of(PrismiqCheck *check, Oid type, Datum value)
{
	char		buf[MAXDATELEN + 1];
	Oid			output;
	bool		varlena;
	char	   *text;

	if (prismiq_type_is_time(type))
	{
		struct pg_tm tm;
		fsec_t		fsec;
		int			zone = 0;

		if (type == TIMESTAMPTZOID && !TIMESTAMP_NOT_FINITE(DatumGetTimestampTz(value)))
			(void) timestamp2tm(DatumGetTimestampTz(value), &zone, &tm, &fsec, NULL,
								check->calendar.zone);
		return pstrdup(JsonEncodeDateTime(buf, value, type, &zone));
	}
	if (type == BOOLOID)
		return DatumGetBool(value) ? "true" : "false";
	getTypeOutputInfo(type, &output, &varlena);
	text = OidOutputFunctionCall(output, value);
	if (type == BPCHAROID)
		text[bpchartruelen(text, strlen(text))] = '\0';
	return text[0] != '\0' ? text : "(empty)";
}

/* Append a column for a value, or for the rest of them. */
static PrismiqOutput *
add_cell(PrismiqQuery *query, const char *name, PrismiqConst *value, bool other)
{
	PrismiqOutput *measure = query->pivot->value->output;
	PrismiqPivotCell *cell = palloc0(sizeof(PrismiqPivotCell));
	PrismiqOutput *output = prismiq_output_add(query, PRISMIQ_ROLE_CELL, name, 0);

	cell->value = value;
	cell->other = other;
	output->cell = cell;
	output->type = measure->type;
	output->typmod = measure->typmod;
	output->collation = measure->collation;
	output->hints = measure->hints;
	return output;
}

/* order_by refers to what is in the rows, by its new place. */
static void
move_order(PrismiqCheck *check, List *before)
{
	PrismiqQuery *query = check->query;
	List	   *kept = NIL;
	ListCell   *lc;

	foreach(lc, query->order_by)
	{
		PrismiqOrder *order = (PrismiqOrder *) lfirst(lc);
		PrismiqOutput *output;
		int			place = 0;

		if (order->output == 0 && order->ref != NULL && order->ref->ranked)
			continue;			/* the places of "top" are not in the rows */
		if (order->output > 0)
		{
			output = (PrismiqOutput *) list_nth(before, order->output - 1);
			if (output->place <= list_length(query->answer) &&
				list_nth(query->answer, output->place - 1) == output)
				place = output->place;
		}
		if (place == 0)
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_PIVOT, order->path,
							  "Order by a column of the rows.",
							  "a pivot has no such column to order by");
		order->output = place;
		kept = lappend(kept, order);
	}
	query->order_by = kept;
}

/* The values that are said, as columns in their order. */
static void
add_said_values(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	PrismiqPivot *pivot = query->pivot;
	ListCell   *lc;

	foreach(lc, pivot->values)
	{
		const PrismiqLiteral *literal = (const PrismiqLiteral *) lfirst(lc);
		Oid			cast = InvalidOid;
		PrismiqConst *value = NULL;

		if (literal->kind == PRISMIQ_LITERAL_NULL)
		{
			(void) add_cell(query, "null", NULL, false);
			continue;
		}
		value = prismiq_value_read(check, literal, pivot->type, &cast);
		if (value != NULL && !OidIsValid(cast))
			(void) add_cell(query, name_of(check, pivot->type, value->value), value, false);
		else if (value != NULL)
			prismiq_fault_add(check->faults, PRISMIQ_TYPE_MISMATCH, literal->path, NULL,
							  "%s is not a valid value of type %s", literal->text,
							  prismiq_type_name(pivot->type));
	}
}

/*
 * May the rest of the values be one group, before anything is aggregated?  Not
 * where groups are chosen, or the buckets of a series become columns; then the
 * groups of the rest are taken together.
 */
static bool
rest_is_group(const PrismiqQuery *query)
{
	return query->having == NULL && query->qualify == NULL &&
		query->pivot->column->output->column != NULL &&
		query->pivot->value->output->role == PRISMIQ_ROLE_MEASURE;
}

/* Does what is in the cells have a value for the rest? */
static bool
has_rest(const PrismiqQuery *query)
{
	const PrismiqPivot *pivot = query->pivot;

	/* groups of a measure that joins repeat may have the same row */
	return OidIsValid(pivot->combine) &&
		(rest_is_group(query) || pivot->value->output->column->row_once == NULL);
}

/*
 * What is not among the shown values, under "other".  More values than may be
 * shown were found, and null is the last of all, so it belongs to the rest.
 */
static void
add_rest(PrismiqQuery *query, PrismiqConst *shown)
{
	bool		grouped = rest_is_group(query);
	PrismiqOutput *other = add_cell(query, "other", grouped ? NULL : shown, !grouped);

	other->cell->rest = true;
	if (grouped)
		query->pivot->column->output->column->kept = shown;
	else
		other->cell->or_null = true;
}

/* The values that were found, as columns; what is too many goes under "other". */
static void
add_found_values(PrismiqCheck *check, Datum values)
{
	PrismiqQuery *query = check->query;
	PrismiqPivot *pivot = query->pivot;
	int			shown;
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	int			i;
	int16		len;
	bool		byval;
	char		align;

	get_typlenbyvalalign(pivot->type, &len, &byval, &align);
	deconstruct_array(DatumGetArrayTypeP(values), pivot->type, len, byval, align, &elements,
					  &nulls, &count);
	shown = Min(count, (int) pivot->max_columns);
	if (count > shown && !has_rest(query))
	{
		prismiq_fault_add(check->faults, PRISMIQ_PIVOT_TOO_WIDE, pivot->column->path,
						  "Say which in \"values\", or raise \"max_columns\".",
						  "\"%s\" has more than %d values", pivot->column->name, shown);
		return;
	}
	for (i = 0; i < shown; i++)
		(void) add_cell(query, nulls[i] ? "null" : name_of(check, pivot->type, elements[i]),
						nulls[i] ? NULL : prismiq_const_make(pivot->type, elements[i]), false);
	if (count > shown)
		add_rest(query, prismiq_const_make(get_array_type(pivot->type),
										   PointerGetDatum(construct_array(elements, shown,
																		   pivot->type, len,
																		   byval, align))));
}

/* The answer anew: the columns of the rows, and one for each value. */
static void
make_answer(PrismiqCheck *check, bool found, Datum values)
{
	PrismiqQuery *query = check->query;
	List	   *before = query->answer;
	List	   *kept = list_copy(query->pivot->row_outputs);

	if (query->totals != NULL)
		kept = lappend(kept, query->totals->level);
	prismiq_answer_restart(query, kept);
	if (query->pivot->has_values)
		add_said_values(check);
	else if (found)
		add_found_values(check, values);
	move_order(check, before);
	query->pivot->pending = false;
	query->pivot->made = true;
}

/*
 * A pivot that does not say which values it takes asks for those that there
 * are, and has its columns of them.
 */
void
prismiq_check_pivot_values(PrismiqCheck *check)
{
	const PrismiqPivot *pivot = check->query->pivot;
	PrismiqQuestion answer = check->question;

	if (pivot == NULL || !pivot->pending || !prismiq_check_asks(check))
		return;
	memset(&check->question, 0, sizeof(PrismiqQuestion));
	if (answer.answered)
		make_answer(check, answer.found, answer.values[0]);
	else
		check->question.kind = PRISMIQ_QUESTION_PIVOT;
}

/* Add the group column of a name to a list; false when there is none. */
static bool
add_named(PrismiqQuery *query, const PrismiqAlias *alias, List **answers)
{
	const PrismiqName *known = prismiq_names_find(&query->answer_names, alias->name);
	PrismiqOutput *output = known != NULL ? (PrismiqOutput *) known->value : NULL;

	*answers = lappend(*answers, output);
	return output != NULL && prismiq_output_is_key(output);
}

/* The group columns that a pivot shows; false when it names others, a fault. */
static bool
find_shown(PrismiqQuery *query, List **answers)
{
	const PrismiqPivot *pivot = query->pivot;
	ListCell   *lc;

	if (!add_named(query, pivot->column, answers))
		return false;
	foreach(lc, pivot->rows)
		if (!add_named(query, (const PrismiqAlias *) lfirst(lc), answers))
			return false;
	return true;
}

/*
 * What a pivot leaves out of its rows is not grouped by at all, so that each
 * cell is one group of rows.  The columns and what is grouped by are checked
 * and have their names; nothing else refers to them yet.
 */
void
prismiq_check_pivot_begin(PrismiqQuery *query)
{
	PrismiqPivot *pivot = query->pivot;
	List	   *shown = NIL;
	List	   *answers = NIL;
	List	   *columns = NIL;
	int			dimensions = 0;
	ListCell   *lc;

	if (pivot == NULL || pivot->column == NULL || !query->grouped)
		return;
	query->group_extra = NIL;
	if (!pivot->has_rows || !find_shown(query, &shown))
		return;
	foreach(lc, query->answer)
	{
		PrismiqOutput *output = (PrismiqOutput *) lfirst(lc);
		bool		kept = !prismiq_output_is_key(output) || list_member_ptr(shown, output);

		if (output->role == PRISMIQ_ROLE_TIME)
			query->time_series->left_out = !kept;
		if (!kept)
			continue;
		answers = lappend(answers, output);
		if (output->role == PRISMIQ_ROLE_TIME || output->role == PRISMIQ_ROLE_OVER)
			continue;
		if (prismiq_output_is_key(output))
			output->number = ++dimensions;
		columns = lappend(columns, output->column);
		output->column->place = list_length(columns);
	}
	query->columns = columns;
	prismiq_answer_restart(query, answers);
}

/* pivot; everything else is checked.  Afterwards the answer has its columns. */
void
prismiq_check_pivot(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	PrismiqPivot *pivot = query->pivot;

	if (pivot == NULL)
		return;
	query->staged = true;
	if (!query->grouped)
	{
		if (prismiq_columns_are_known(query))
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_PIVOT, pivot->path,
							  "Give at least one column an aggregation.",
							  "a pivot needs an aggregated column");
	}
	else if (find_names(check, pivot))
	{
		if (list_length(pivot->values) > pivot->max_columns)
			prismiq_fault_add(check->faults, PRISMIQ_PIVOT_TOO_WIDE, pivot->values_path,
							  "Raise \"max_columns\".", "more than %d values",
							  (int) pivot->max_columns);
		else if (pivot->has_values)
			make_answer(check, false, (Datum) 0);
		else
			pivot->pending = true;
	}
}
