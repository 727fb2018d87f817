/*-------------------------------------------------------------------------
 *
 * aggregates.c
 *	  Which aggregate function an aggregation is for a type, asked of the
 *	  catalogs.
 *
 * PostgreSQL's own aggregate of that name comes first, else the one in the
 * type's own schema (extension types).  first and last are the end of an
 * ordered array_agg, so they go with every type that has an array type.  A
 * median or percentile is interpolated (percentile_cont) where the type is a
 * number or an interval that the function takes, else it is one of the values
 * (percentile_disc), for types whose order measures something: dates and
 * times, enums, money.
 *
 * approx_count_distinct is an estimate where the extension hll is installed and
 * equal values of the type are equal bytes, which is what hll hashes; else it
 * is exact.
 *
 * What was found is remembered until the catalogs change.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/dependency.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "lib/stringinfo.h"
#include "nodes/makefuncs.h"
#include "parser/parse_coerce.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "base/cache.h"
#include "base/compat.h"
#include "check/check.h"

/* The extension whose estimates are taken. */
#define SKETCH_EXTENSION "hll"

/*
 * An aggregate that was looked up, by aggregation, type, and whether the role may
 * use the type's own schema.
 */
typedef struct Aggregate
{
	Oid			function;		/* invalid: there is none */
	Oid			result_type;
} Aggregate;

static PrismiqCache aggregates = {
	.name = "prismiq aggregates",
	.catalogs = PRISMIQ_OF_FUNCTIONS | PRISMIQ_OF_OPERATOR_CLASSES | PRISMIQ_OF_CASTS |
	PRISMIQ_OF_TYPES,
	.max_entries = 1024
};

/* Ask the catalogs for an aggregate of that name over those types. */
static Oid
find_in(const char *name, Oid namespace, int nargs, Oid *types, Oid *result_type)
{
	char	   *nspname = get_namespace_name(namespace);
	Oid			function;
	Oid			rettype;
	bool		retset;
	int			nvargs;
	Oid			vatype;
	Oid		   *declared;
	FuncDetailCode code;

	if (nspname == NULL)
		return InvalidOid;
	code = func_get_detail(list_make2(makeString(nspname), makeString(pstrdup(name))),
						   NIL, NIL, nargs, types, false, false, false,
						   &function, &rettype, &retset, &nvargs, &vatype, &declared, NULL);
	if (code != FUNCDETAIL_AGGREGATE || OidIsValid(vatype) ||
		!can_coerce_type(nargs, types, declared, COERCION_IMPLICIT))
		return InvalidOid;
	*result_type = enforce_generic_type_consistency(types, declared, nargs, rettype, false);
	return function;
}

/* The same, in PostgreSQL's schema and then in the type's own, if the role may use that. */
static Oid
find_aggregate(const char *name, int nargs, Oid *types, Oid type, Oid *result_type)
{
	Oid			function = find_in(name, PG_CATALOG_NAMESPACE, nargs, types, result_type);

	if (!OidIsValid(function) && type >= FirstNormalObjectId && prismiq_type_is_nameable(type))
		function = find_in(name, prismiq_type_namespace(type), nargs, types, result_type);
	return function;
}

/* median and percentile. */
static Oid
find_percentile(Oid type, Oid *result_type)
{
	Oid			types[2] = {FLOAT8OID, type};
	char		category = prismiq_type_category(type);
	Oid			function = InvalidOid;

	if (category == TYPCATEGORY_NUMERIC || category == TYPCATEGORY_TIMESPAN)
		function = find_aggregate("percentile_cont", 2, types, type, result_type);
	if (!OidIsValid(function) && prismiq_type_is_groupable(type) &&
		(category == TYPCATEGORY_NUMERIC || category == TYPCATEGORY_TIMESPAN ||
		 category == TYPCATEGORY_DATETIME || category == TYPCATEGORY_ENUM))
		function = find_aggregate("percentile_disc", 2, types, type, result_type);
	return function;
}

/* array_agg, and first and last, which are made of it. */
static Oid
find_array(Oid type, Oid *result_type)
{
	/* array_agg of arrays fails on the first two of different lengths. */
	if (!OidIsValid(get_array_type(type)) || OidIsValid(get_element_type(type)))
		return InvalidOid;
	return find_aggregate("array_agg", 1, &type, type, result_type);
}

/* Look an aggregation up for a type. */
static Oid
look_up(PrismiqAggregation aggregation, Oid type, Oid *result_type)
{
	Oid			types[2] = {type, type == BYTEAOID ? BYTEAOID : TEXTOID};
	Oid			function;

	switch (aggregation)
	{
		case PRISMIQ_AGG_COUNT_DISTINCT:
		case PRISMIQ_AGG_APPROX_COUNT_DISTINCT:
			if (!prismiq_type_is_groupable(type))
				return InvalidOid;
			return find_aggregate("count", 1, types, type, result_type);
		case PRISMIQ_AGG_MEDIAN:
		case PRISMIQ_AGG_PERCENTILE:
			return find_percentile(type, result_type);
		case PRISMIQ_AGG_MODE:
			if (!prismiq_type_is_groupable(type))
				return InvalidOid;
			return find_aggregate("mode", 1, types, type, result_type);
		case PRISMIQ_AGG_FIRST:
		case PRISMIQ_AGG_LAST:
			function = find_array(type, result_type);
			*result_type = type;
			return function;
		case PRISMIQ_AGG_ARRAY_AGG:
			return find_array(type, result_type);
		case PRISMIQ_AGG_STRING_AGG:
			return find_aggregate("string_agg", 2, types, type, result_type);
		default:
			return find_aggregate(prismiq_aggregation_names[aggregation], 1, types, type,
								  result_type);
	}
}

/*
 * The aggregate function for a type and its result's type; invalid when there
 * is none.
 */
Oid
prismiq_aggregate_find(PrismiqAggregation aggregation, Oid type, Oid *result_type)
{
	PrismiqCacheKey key = {{type, aggregation + 1, prismiq_type_is_nameable(type)}};
	const Aggregate *known = prismiq_cache_find(&aggregates, &key);
	Aggregate	found = {InvalidOid, InvalidOid};

	if (!OidIsValid(type))
		;						/* its fault has been noted */
	else if (known != NULL)
		found = *known;
	else
	{
		found.function = look_up(aggregation, type, &found.result_type);
		prismiq_cache_keep(&aggregates, &key, &found, sizeof(found));
	}
	*result_type = found.result_type;
	return found.function;
}

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
		const PrismiqPath *path = prismiq_path_key(column->path, "args", 10);

		prismiq_fault_add(check->faults, PRISMIQ_MISSING_FIELD,
						  prismiq_path_key(path, "fraction", 0),
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
		column->aggfn_order = own_column(column, column->args->order_by);
		if (column->aggfn_order == NULL)
			prismiq_fault_add(check->faults, PRISMIQ_COLUMN_NOT_FOUND, column->args->order_path,
							  prismiq_column_nearest(table, check->faults, column->args->order_by),
							  "column \"%s\" not found in table \"%s\"",
							  column->args->order_by, table->relname);
		else if (!prismiq_type_is_groupable(column->aggfn_order->basetype))
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, column->args->order_path,
							  NULL, "rows cannot be ordered by values of type %s",
							  prismiq_type_name(column->aggfn_order->type));
		else
			return true;
		return false;
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
					  prismiq_path_key(prismiq_path_key(column->path, "args", 10),
									   "order_by", 2),
					  "Write {\"order_by\": <column>}.",
					  "%s needs a column to order by, for table \"%s\" has no time column",
					  prismiq_aggregation_names[column->aggregation], table->relname);
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

/* Are equal values of the type equal bytes? */
static bool
is_bytewise(const PrismiqColumnRef *ref)
{
	switch (ref->basetype)
	{
		case BOOLOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case UUIDOID:
		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
		case BYTEAOID:
			return true;
		case TEXTOID:
		case VARCHAROID:
			return !OidIsValid(ref->collation) || get_collation_isdeterministic(ref->collation);
		default:
			return type_is_enum(ref->basetype);
	}
}

/*
 * A function of the extension that estimates, which is in this schema, with its
 * result; invalid if the caller may not execute it, or if one of somebody
 * else's in that schema fits the arguments better.
 */
static Oid
find_function(Oid namespace, const char *name, int nargs, Oid *types, Oid *result)
{
	char	   *nspname = get_namespace_name(namespace);
	Oid			function;
	bool		retset;
	int			nvargs;
	Oid			vatype;
	Oid		   *declared;
	FuncDetailCode code;

	if (nspname == NULL)
		return InvalidOid;		/* dropped just now */
	code = func_get_detail(list_make2(makeString(nspname), makeString(pstrdup(name))),
						   NIL, NIL, nargs, types, false, false, false, &function, result,
						   &retset, &nvargs, &vatype, &declared, NULL);
	return (code == FUNCDETAIL_NORMAL || code == FUNCDETAIL_AGGREGATE) &&
		getExtensionOfObject(ProcedureRelationId, function) ==
		get_extension_oid(SKETCH_EXTENSION, true) &&
		prismiq_may_execute(function) ? function : InvalidOid;
}

/* What estimates the number of different values of a column; null when nothing does. */
static PrismiqSketch *
find_sketch(const PrismiqColumnRef *ref)
{
	Oid			namespace = is_bytewise(ref) ?
		prismiq_extension_namespace(SKETCH_EXTENSION) : InvalidOid;
	Oid			types[2] = {ref->basetype, INT4OID};
	PrismiqSketch *sketch;
	Oid			result;

	if (!OidIsValid(namespace) || !prismiq_may_use_schema(namespace))
		return NULL;
	sketch = palloc(sizeof(PrismiqSketch));
	sketch->hash = find_function(namespace, "hll_hash_any", 2, types, &sketch->hash_type);
	if (!OidIsValid(sketch->hash))
		return NULL;
	sketch->add = find_function(namespace, "hll_add_agg", 1, &sketch->hash_type,
								&sketch->sketch_type);
	if (!OidIsValid(sketch->add))
		return NULL;
	sketch->cardinality = find_function(namespace, "hll_cardinality", 1, &sketch->sketch_type,
										&result);
	return OidIsValid(sketch->cardinality) ? sketch : NULL;
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

	column->aggfn = prismiq_aggregate_find(aggregation, ref->basetype, &column->type);
	column->typmod = -1;
	if (!OidIsValid(column->aggfn))
	{
		add_invalid_aggregation(check, column);
		return false;
	}
	if (aggregation == PRISMIQ_AGG_MEDIAN || aggregation == PRISMIQ_AGG_PERCENTILE)
		column->aggfn_arg = check_fraction(check, column);
	else if (aggregation == PRISMIQ_AGG_STRING_AGG)
		column->aggfn_arg = check_separator(check, column);
	if (!check_order(check, column) || !check_distinct(check, column))
		return false;
	column->aggfn_sorted = (lists || prismiq_aggregation_is_of_place(aggregation)) &&
		prismiq_type_is_groupable(ref->basetype);
	if (aggregation == PRISMIQ_AGG_APPROX_COUNT_DISTINCT)
	{
		column->sketch = find_sketch(ref);
		prismiq_fault_warn(check->faults, PRISMIQ_INVALID_AGGREGATION, column->aggregation_path,
						   NULL, "approx_count_distinct of \"%s\" is %s", ref->name,
						   column->sketch != NULL ? "an estimate" : "exact");
	}
	if (type_is_collatable(column->type))
		column->collation = ref->collation;
	return true;
}
