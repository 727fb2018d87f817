/*-------------------------------------------------------------------------
 *
 * measures.c
 *	  The columns of an answer, and the measures of having: which aggregate, of
 *	  what, in which order, of which type.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "access/access.h"
#include "access/context.h"
#include "base/cache.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "check/check.h"
#include "expr/lower.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/known_keys.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/series.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"
#include "value/value.h"

/* Note an aggregate that the type has no function for, with those it has. */
static void
add_invalid_aggregation(PrismiqCheck *check, const PrismiqColumn *column)
{
	StringInfoData valid;
	int			i;

	initStringInfo(&valid);
	appendStringInfoString(&valid, "Valid for this type:");
	for (i = PRISMIQ_AGG_SUM; prismiq_aggregation_names[i] != NULL; i++)
	{
		Oid			result;

		if (OidIsValid(prismiq_aggregate_find(i, column->ref->basetype, &result)))
			appendStringInfo(&valid, " %s,", prismiq_aggregation_names[i]);
	}
	valid.data[valid.len - 1] = '.';
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION, column->aggregation_path,
					  valid.data, "cannot take %s of column \"%s\" of type %s",
					  prismiq_aggregation_names[column->aggregation], column->ref->name,
					  prismiq_type_name(column->ref->type));
}

/* The fraction of a percentile, from 0 to 1; null after a fault. */
static PrismiqConst *
check_fraction(PrismiqCheck *check, const PrismiqColumn *column)
{
	const PrismiqLiteral *literal = column->args != NULL ? column->args->fraction : NULL;
	Oid			cast = InvalidOid;
	PrismiqConst *value;
	double		fraction;

	if (column->aggregation == PRISMIQ_AGG_MEDIAN)
		return prismiq_const_make(FLOAT8OID, Float8GetDatum(0.5));
	if (literal == NULL || literal->kind == PRISMIQ_LITERAL_NULL)
	{
		const PrismiqPath *path = prismiq_path_key(column->path, "args", prismiq_column_keys);

		prismiq_fault_add(check->faults, PRISMIQ_MISSING_FIELD,
						  prismiq_path_key(path, "fraction", prismiq_argument_keys),
						  "Write {\"fraction\": 0.95} for the 95th percentile.",
						  "a percentile needs its \"fraction\"");
		return NULL;
	}
	value = literal->kind == PRISMIQ_LITERAL_NUMBER ?
		prismiq_value_read(check, literal, FLOAT8OID, &cast) : NULL;
	fraction = value != NULL && !OidIsValid(cast) ? DatumGetFloat8(value->value) : -1;
	if (fraction >= 0 && fraction <= 1)
		return value;
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, literal->path, NULL,
					  "\"fraction\" must be a number from 0 to 1");
	return NULL;
}

/* The separator of a list as text; null after a fault. */
static PrismiqConst *
check_separator(PrismiqCheck *check, const PrismiqColumn *column)
{
	const PrismiqLiteral *literal = column->args != NULL ? column->args->separator : NULL;
	Oid			type = column->ref->basetype == BYTEAOID ? BYTEAOID : TEXTOID;
	const char *text = ", ";

	if (literal != NULL && literal->kind == PRISMIQ_LITERAL_STRING)
		text = literal->text;
	else if (literal != NULL && literal->kind != PRISMIQ_LITERAL_NULL)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, literal->path, NULL,
						  "\"separator\" must be a string");
		return NULL;
	}
	return prismiq_const_make(type, CStringGetTextDatum(text));
}

/* A column of the measure's own table to order its values by; null when there is none. */
static PrismiqColumnRef *
own_column(const PrismiqColumn *column, const char *name)
{
	PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));

	ref->path = column->path;
	ref->table_id = column->ref->table_id;
	ref->column = pstrdup(name);	/* it may be an exposure's, which does not last */
	if (name[0] == '\0' || !prismiq_column_find(column->ref->table, name, ref))
		return NULL;
	column->ref->table->used = bms_add_member(column->ref->table->used, ref->attnum);
	return ref;
}

/* What args.order_by names, of the measure's own table; null after a fault. */
static PrismiqColumnRef *
named_order(PrismiqCheck *check, const PrismiqColumn *column)
{
	PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));

	ref->path = column->args->path;
	ref->table = column->ref->table;
	ref->column = column->args->order_by;
	ref->column_path = column->args->order_path;
	ref->inside = column->args->order_inside;
	ref->plain = true;
	return prismiq_check_column_ref(check, ref, false) ? ref : NULL;
}

/*
 * What the values are ordered by: args.order_by; for first and last else the
 * time column (the series', when it is of the same table, else the one that
 * the table was exposed with, else the series' after all).  False after a
 * fault.
 */
static bool
check_order(PrismiqCheck *check, PrismiqColumn *column)
{
	const PrismiqTimeSeries *series = check->query->time_series;
	PrismiqExposure exposure;
	PrismiqTable *table = column->ref->table;

	if (column->args != NULL && column->args->order_by != NULL)
	{
		column->aggfn_order = named_order(check, column);
		return column->aggfn_order != NULL &&
			prismiq_check_sortable(check, column->aggfn_order->type, PRISMIQ_INVALID_VALUE,
								   column->args->order_path);
	}
	if (!prismiq_aggregation_is_of_place(column->aggregation))
		return true;
	if (series != NULL && series->ref->table == table)
		column->aggfn_order = series->ref;
	else
	{
		if (prismiq_exposure_find(table->relid, &exposure) && exposure.time_column != NULL)
			column->aggfn_order = own_column(column, exposure.time_column);
		if (column->aggfn_order == NULL && series != NULL && series->ref->table != NULL)
			column->aggfn_order = series->ref;
	}
	if (column->aggfn_order != NULL)
		return true;
	prismiq_fault_add(check->faults, PRISMIQ_MISSING_FIELD,
					  prismiq_path_key(prismiq_path_key(column->path, "args",
														prismiq_column_keys),
									   "order_by", prismiq_argument_keys),
					  "Write {\"order_by\": <column>}.",
					  "%s needs a column to order by, for table \"%s\" has no time column",
					  prismiq_aggregation_names[column->aggregation], table->relname);
	return false;
}

/*
 * What a correlation is with: args.column, a calculated field of that name or else
 * a column of the same table.  False after a fault.
 */
static bool
check_with(PrismiqCheck *check, PrismiqColumn *column)
{
	PrismiqColumnRef *ref = column->args != NULL ? column->args->with : NULL;
	Oid			result;

	if (column->args == NULL)
		prismiq_fault_add(check->faults, PRISMIQ_MISSING_FIELD,
						  prismiq_path_key(prismiq_path_key(column->path, "args",
															prismiq_column_keys),
										   "column", prismiq_argument_keys),
						  "Write {\"column\": <column>}.",
						  "a correlation needs its other \"column\"");
	if (ref == NULL || ref->column == NULL)
		return false;
	if (prismiq_field_find(check, ref) == NULL)
		ref->table = column->ref->table;
	if (!prismiq_check_column_ref(check, ref, false) ||
		!prismiq_check_no_measure(check, ref, "Name a column that is no aggregate."))
		return false;
	column->aggfn_with = ref;
	if (OidIsValid(prismiq_aggregate_find(PRISMIQ_AGG_CORR, ref->basetype, &result)))
		return true;
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION, ref->column_path,
					  "Name a column of numbers.",
					  "cannot take corr with column \"%s\" of type %s", ref->name,
					  prismiq_type_name(ref->type));
	return false;
}

/* DISTINCT and an order of its own; false after a fault. */
static bool
check_distinct(PrismiqCheck *check, const PrismiqColumn *column)
{
	if (!column->distinct)
		return true;
	if (!prismiq_aggregation_takes_distinct(column->aggregation))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, column->distinct_path, NULL,
						  "aggregation \"%s\" takes no \"distinct\"",
						  prismiq_aggregation_names[column->aggregation]);
		return false;
	}
	if (!prismiq_type_is_groupable(column->ref->basetype))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION, column->aggregation_path,
						  "Leave \"distinct\" out.",
						  "values of type %s cannot be told apart",
						  prismiq_type_name(column->ref->type));
		return false;
	}
	if (column->aggfn_order != NULL)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, column->args->order_path, NULL,
						  "different values can only be ordered by themselves");
		return false;
	}
	return true;
}

/*
 * Give an aggregated column its function, the function's arguments and the
 * type of the result; false after a fault.
 */
bool
prismiq_check_aggregate(PrismiqCheck *check, PrismiqColumn *column)
{
	const PrismiqColumnRef *ref = column->ref;
	PrismiqAggregation aggregation = column->aggregation;
	bool		lists = aggregation == PRISMIQ_AGG_STRING_AGG ||
		aggregation == PRISMIQ_AGG_ARRAY_AGG;
	bool		paired = aggregation != PRISMIQ_AGG_CORR || check_with(check, column);

	column->aggfn = prismiq_aggregate_find(aggregation, ref->basetype, &column->output.type);
	column->output.typmod = -1;
	if (!OidIsValid(column->aggfn))
	{
		add_invalid_aggregation(check, column);
		return false;
	}
	if (aggregation == PRISMIQ_AGG_MEDIAN || aggregation == PRISMIQ_AGG_PERCENTILE)
		column->aggfn_arg = check_fraction(check, column);
	else if (aggregation == PRISMIQ_AGG_STRING_AGG)
		column->aggfn_arg = check_separator(check, column);
	if (!check_order(check, column) || !check_distinct(check, column) || !paired)
		return false;
	column->aggfn_sorted = (lists || prismiq_aggregation_is_of_place(aggregation)) &&
		prismiq_type_is_groupable(ref->basetype);
	if (aggregation == PRISMIQ_AGG_APPROX_COUNT_DISTINCT)
	{
		column->sketch = prismiq_sketch_find(ref);
		prismiq_fault_warn(check->faults, PRISMIQ_INVALID_AGGREGATION, column->aggregation_path,
						   NULL, "approx_count_distinct of \"%s\" is %s", ref->name,
						   column->sketch != NULL ? "an estimate" : "exact");
	}
	if (type_is_collatable(column->output.type))
		column->output.collation = ref->collation;
	return true;
}

/* count(*) of a table. */
static bool
check_star(PrismiqCheck *check, PrismiqColumn *column)
{
	if (column->aggregation == PRISMIQ_AGG_COUNT && column->date_trunc == NULL &&
		!column->distinct)
	{
		column->output.type = INT8OID;
		column->output.typmod = -1;
		return true;
	}
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION, column->aggregation_path,
					  "Use count.", "\"*\" goes only with count");
	return false;
}

/*
 * Give a column its function and type; false after a fault.  Used for the
 * columns of the answer and the measures of having.
 */
bool
prismiq_check_column(PrismiqCheck *check, PrismiqColumn *column)
{
	PrismiqColumnRef *ref = column->ref;

	prismiq_check_column_filters(check, column);
	prismiq_check_source_zone(check, ref);
	if (!prismiq_check_column_ref(check, ref, column->unread ||
								  column->aggregation == PRISMIQ_AGG_COUNT) || column->unread)
		return false;
	if (!prismiq_check_local_times(check, ref))
		return false;
	if (ref->star)
		return check_star(check, column);
	if (ref->expr != NULL && ref->expr->has_aggregate)
		return prismiq_check_measure_field(check, column);
	if (column->named != NULL && ref->field != NULL)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_EXPRESSION,
						  ref->field->expression_path, "Put its columns inside aggregates.",
						  "the expression of a measure holds no aggregate");
		return false;
	}
	if (!prismiq_check_instants(check, ref))
		return false;
	if (column->date_trunc != NULL)
	{
		column->bucketing = prismiq_check_date_trunc(check, column);
		if (column->bucketing == NULL)
			return false;
	}
	if (PrismiqColumnIsDimension(column))
	{
		column->output.type = column->bucketing != NULL ? ref->basetype : ref->type;
		column->output.typmod = column->bucketing != NULL ? -1 : ref->typmod;
		column->output.collation = ref->collation;
		return true;
	}
	return prismiq_check_aggregate(check, column);
}
