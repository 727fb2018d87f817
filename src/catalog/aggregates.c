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
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "parser/parse_coerce.h"
#include "parser/parse_func.h"
#include "utils/lsyscache.h"

#include "base/cache.h"
#include "base/compat_rights.h"
#include "catalog/catalogs.h"
#include "model/measure.h"
#include "model/table.h"
#include "model/words.h"

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

/* Between two values where there is something between them, else one of the two. */
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

/* Ask the catalogs, each time: what was found is remembered by the caller. */
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
		case PRISMIQ_AGG_CORR:
			types[1] = FLOAT8OID;	/* of the other column it is asked by itself */
			return find_in("corr", PG_CATALOG_NAMESPACE, 2, types, result_type);
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
PrismiqSketch *
prismiq_sketch_find(const PrismiqColumnRef *ref)
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
