/*-------------------------------------------------------------------------
 *
 * arithmetic.c
 *	  The operators that a type is calculated with.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

#include "catalog/catalogs.h"
#include "model/stages.h"
#include "model/words.h"

/*
 * How to calculate with values of a type.  Integers and money become numeric,
 * so that nothing overflows or is cut; null when the type has no numbers.
 */
PrismiqArithmetic *
prismiq_arithmetic_find(Oid type)
{
	PrismiqArithmetic *result = palloc0(sizeof(PrismiqArithmetic));

	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case CASHOID:
			result->cast_type = NUMERICOID;
			break;
		case FLOAT4OID:
			result->cast_type = FLOAT8OID;
			break;
		case NUMERICOID:
		case FLOAT8OID:
			break;
		default:
			return NULL;
	}
	result->type = OidIsValid(result->cast_type) ? result->cast_type : type;
	result->minus = prismiq_builtin_operator("-", result->type, result->type);
	result->minus_type = result->type;
	result->times = prismiq_builtin_operator("*", result->type, result->type);
	result->divide = prismiq_builtin_operator("/", result->type, result->type);
	result->differs = prismiq_comparison_operator(result->type, PRISMIQ_OP_NEQ);
	if (result->type == FLOAT8OID)
	{
		result->hundred = prismiq_const_make(FLOAT8OID, Float8GetDatum(100));
		result->zero = prismiq_const_make(FLOAT8OID, Float8GetDatum(0));
	}
	else
	{
		result->hundred = prismiq_const_make(NUMERICOID, NumericGetDatum(int64_to_numeric(100)));
		result->zero = prismiq_const_make(NUMERICOID, NumericGetDatum(int64_to_numeric(0)));
	}
	return result;
}

/* Dates and times have a difference, and nothing else. */
PrismiqArithmetic *
prismiq_difference_find(Oid type)
{
	PrismiqArithmetic *result = prismiq_arithmetic_find(type);

	if (result != NULL || (type != INTERVALOID && !prismiq_type_is_time(type)))
		return result;
	result = palloc0(sizeof(PrismiqArithmetic));
	result->type = type;
	result->minus = prismiq_builtin_operator("-", type, type);
	result->minus_type = get_opcode(result->minus) != InvalidOid ?
		get_func_rettype(get_opcode(result->minus)) : InvalidOid;
	return result;
}
