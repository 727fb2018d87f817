/*-------------------------------------------------------------------------
 *
 * dense_fill.c
 *	  The point on the line between two values of a dense series.
 *
 * It is what compile/compile_fill.c writes for a series that is grouped by the
 * bucket, to the digit: the same operators in the same order, over the same
 * types, with a time's distance of the same scale.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "base/fault.h"
#include "run/dense_fill.h"

/* Up to here a double has every whole number, and divides it as exactly as text is read. */
#define EXACT_DOUBLE (INT64CONST(1) << 53)

/* The type that values of a type are interpolated in; invalid: nothing is between them. */
Oid
prismiq_dense_line_type(Oid type)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
			return NUMERICOID;
		case FLOAT4OID:
		case FLOAT8OID:
			return FLOAT8OID;
		default:
			return InvalidOid;
	}
}

/* A value as one of that type. */
Datum
prismiq_dense_line_value(Oid type, Datum value)
{
	switch (type)
	{
		case INT2OID:
			return NumericGetDatum(int64_to_numeric(DatumGetInt16(value)));
		case INT4OID:
			return NumericGetDatum(int64_to_numeric(DatumGetInt32(value)));
		case INT8OID:
			return NumericGetDatum(int64_to_numeric(DatumGetInt64(value)));
		case FLOAT4OID:
			return Float8GetDatum((float8) DatumGetFloat4(value));
		default:
			return value;
	}
}

/* From one time to another, as the grid counts, or the error that timestamps raise. */
static int64
elapsed(int64 from, int64 to)
{
	int64		result;

	if (pg_sub_s64_overflow(to, from, &result))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("interval out of range")));
	return result;
}

/* As a number: days of a date, else seconds, which EXTRACT() gives six digits. */
static Datum
elapsed_numeric(Oid time_type, int64 length)
{
	return NumericGetDatum(time_type == DATEOID ? int64_to_numeric(length / USECS_PER_DAY) :
						   int64_div_fast_to_numeric(length, 6));
}

/* The same as a double. */
static float8
elapsed_float(Oid time_type, int64 length)
{
	if (time_type == DATEOID)
		return (float8) (length / USECS_PER_DAY);
	if (length < EXACT_DOUBLE)
		return (float8) length / USECS_PER_SEC;
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8, elapsed_numeric(time_type, length)));
}

/* before - ((before - after) * part / whole), of floats */
static float8
between_floats(float8 before, float8 after, float8 part, float8 whole)
{
	return float8_mi(before, float8_div(float8_mul(float8_mi(before, after), part), whole));
}

/* The same of numeric. */
static Datum
between_numerics(Datum before, Datum after, Datum part, Datum whole)
{
	Datum		step = DirectFunctionCall2(numeric_sub, before, after);

	step = DirectFunctionCall2(numeric_mul, step, part);
	step = DirectFunctionCall2(numeric_div, step, whole);
	return DirectFunctionCall2(numeric_sub, before, step);
}

/* What a time has between two points, whose values are of a type; of its line's type. */
Datum
prismiq_dense_between(Oid time_type, Oid type, const PrismiqDensePoint *before,
					  const PrismiqDensePoint *after, int64 time)
{
	Datum		first = prismiq_dense_line_value(type, before->value);
	Datum		last = prismiq_dense_line_value(type, after->value);
	int64		part = elapsed(before->time, time);
	int64		whole = elapsed(before->time, after->time);

	if (prismiq_dense_line_type(type) == FLOAT8OID)
		return Float8GetDatum(between_floats(DatumGetFloat8(first), DatumGetFloat8(last),
											 elapsed_float(time_type, part),
											 elapsed_float(time_type, whole)));
	return between_numerics(first, last, elapsed_numeric(time_type, part),
							elapsed_numeric(time_type, whole));
}
