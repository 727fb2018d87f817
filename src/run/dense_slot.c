/*-------------------------------------------------------------------------
 *
 * dense_slot.c
 *	  One measure of one bucket: exactly what PostgreSQL's own aggregates do.
 *
 * What comes out has the type, the scale, the overflow errors and the order of
 * equal values of count, sum, avg, min and max over the same values.  Integers
 * and floats are added here, as the transition functions of int.c, numeric.c
 * and float.c add them; numeric has a state that is nobody's business, and is
 * left to those functions themselves.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datum.h"
#include "utils/float.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "run/dense.h"

/* As a grid writes them; ends with null. */
const char *const prismiq_dense_names[] = {"count", "sum", "avg", "min", "max", NULL};

/* How the values of a type are added, and what sum makes of them; false: they are not. */
static bool
resolve_sum(PrismiqDenseMeasure *measure)
{
	switch (measure->type)
	{
		case INT2OID:
		case INT4OID:
			measure->step = PRISMIQ_STEP_INTEGER;
			measure->result = INT8OID;
			return true;
		case INT8OID:
			measure->step = PRISMIQ_STEP_WIDE;
			measure->result = NUMERICOID;
			return true;
		case FLOAT4OID:
			measure->step = PRISMIQ_STEP_SINGLE;
			measure->result = FLOAT4OID;
			return true;
		case FLOAT8OID:
			measure->step = PRISMIQ_STEP_DOUBLE;
			measure->result = FLOAT8OID;
			return true;
		case NUMERICOID:
			measure->step = PRISMIQ_STEP_NUMERIC;
			measure->result = NUMERICOID;
			return true;
		default:
			return false;
	}
}

/* The same for the least and the greatest value. */
static bool
resolve_best(PrismiqDenseMeasure *measure)
{
	measure->result = measure->type;
	switch (measure->type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			measure->step = PRISMIQ_STEP_BEST_INTEGER;
			return true;
		case FLOAT4OID:
		case FLOAT8OID:
			measure->step = PRISMIQ_STEP_BEST_FLOAT;
			return true;
		case NUMERICOID:
			measure->step = PRISMIQ_STEP_BEST_NUMERIC;
			return true;
		default:
			return false;
	}
}

/* Find how a measure's values are taken in and what comes out; false: not of this type. */
bool
prismiq_dense_resolve(PrismiqDenseMeasure *measure)
{
	switch (measure->aggregate)
	{
		case PRISMIQ_DENSE_COUNT:
			measure->step = PRISMIQ_STEP_COUNT;
			measure->result = INT8OID;
			return true;
		case PRISMIQ_DENSE_SUM:
			return resolve_sum(measure);
		case PRISMIQ_DENSE_AVG:
			if (!resolve_sum(measure))
				return false;
			if (measure->type == FLOAT4OID || measure->type == FLOAT8OID)
			{
				measure->step = PRISMIQ_STEP_MOMENTS;
				measure->result = FLOAT8OID;
			}
			else
				measure->result = NUMERICOID;
			return true;
		default:
			return resolve_best(measure);
	}
}

/* A value of a type that is stored as an integer. */
static inline int64
integer_of(const PrismiqDenseMeasure *measure, Datum value)
{
	switch (measure->type)
	{
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
		case DATEOID:
			return DatumGetInt32(value);
		default:
			return DatumGetInt64(value);
	}
}

/* And back. */
static Datum
integer_datum(const PrismiqDenseMeasure *measure, int64 value)
{
	switch (measure->type)
	{
		case INT2OID:
			return Int16GetDatum((int16) value);
		case INT4OID:
		case DATEOID:
			return Int32GetDatum((int32) value);
		default:
			return Int64GetDatum(value);
	}
}

/* A float of either width. */
static inline float8
float_of(const PrismiqDenseMeasure *measure, Datum value)
{
	return measure->type == FLOAT4OID ? (float8) DatumGetFloat4(value) : DatumGetFloat8(value);
}

/* Add to a sum in 128 bits. */
static inline void
add_wide(PrismiqDenseSlot *slot, uint64 low, int64 high)
{
	uint64		before = slot->of.wide.low;

	slot->of.wide.low = before + low;
	slot->of.wide.high += high + (slot->of.wide.low < before ? 1 : 0);
}

/* Values for an average of floats: Youngs and Cramer's way, as float8_accum(). */
static inline void
take_moments(PrismiqDenseSlot *slot, float8 value)
{
	float8		before = slot->of.moments.sum;
	float8		n = (float8) slot->count;
	float8		sum = before + value;
	float8		squares = slot->of.moments.squares;

	if (n > 1.0)
	{
		float8		difference = value * n - sum;

		squares += difference * difference / (n * (n - 1.0));
		if (unlikely(isinf(sum) || isinf(squares)))
		{
			if (!isinf(before) && !isinf(value))
				float_overflow_error();
			squares = get_float8_nan();
		}
	}
	else if (unlikely(isnan(value) || isinf(value)))
		squares = get_float8_nan();
	slot->of.moments.sum = sum;
	slot->of.moments.squares = squares;
}

/* Call a function of an aggregate over numeric, in the place of our own. */
static Datum
call_numeric(PGFunction function, FunctionCallInfo fcinfo, int nargs, const NullableDatum *args,
			 bool *isnull)
{
	LOCAL_FCINFO(call, 2);
	Datum		result;
	int			i;

	InitFunctionCallInfoData(*call, NULL, nargs, InvalidOid, fcinfo->context, NULL);
	for (i = 0; i < nargs; i++)
		call->args[i] = args[i];
	result = function(call);
	*isnull = call->isnull;
	return result;
}

/* A state of numeric, or none, and another argument: what becomes of the state. */
static void
step_numeric(PGFunction function, PrismiqDenseSlot *slot, Datum other, FunctionCallInfo fcinfo)
{
	NullableDatum args[2] = {{slot->of.datum, slot->of.datum == (Datum) 0}, {other, false}};
	bool		isnull;

	slot->of.datum = call_numeric(function, fcinfo, 2, args, &isnull);
}

/*
 * Keep a numeric, if it is the better one.  Of equal ones the later is kept, as
 * PostgreSQL does, which shows where they are written differently (1.0 and 1.00;
 * of floats 0 and -0).
 */
static void
take_best_numeric(const PrismiqDenseMeasure *measure, PrismiqDenseSlot *slot, Datum value,
				  MemoryContext context)
{
	MemoryContext oldcontext;
	Datum		before = slot->of.datum;
	int			order = 0;

	if (slot->count > 1)
		order = DatumGetInt32(DirectFunctionCall2(numeric_cmp, before, value));
	if (measure->aggregate == PRISMIQ_DENSE_MIN ? order < 0 : order > 0)
		return;
	oldcontext = MemoryContextSwitchTo(context);
	slot->of.datum = datumCopy(NumericGetDatum(DatumGetNumeric(value)), false, -1);
	MemoryContextSwitchTo(oldcontext);
	if (slot->count > 1)
		pfree(DatumGetPointer(before));
}

/* Keep the better one of the values so far and another. */
static void
take_best(const PrismiqDenseMeasure *measure, PrismiqDenseSlot *slot, Datum value,
		  MemoryContext context)
{
	if (measure->step == PRISMIQ_STEP_BEST_INTEGER)
	{
		int64		integer = integer_of(measure, value);

		if (slot->count == 1 || (measure->aggregate == PRISMIQ_DENSE_MIN ?
								 integer < slot->of.integer : integer > slot->of.integer))
			slot->of.integer = integer;
	}
	else if (measure->step == PRISMIQ_STEP_BEST_FLOAT)
	{
		float8		number = float_of(measure, value);

		if (slot->count == 1 || (measure->aggregate == PRISMIQ_DENSE_MIN ?
								 !float8_lt(slot->of.best, number) :
								 !float8_gt(slot->of.best, number)))
			slot->of.best = number;
	}
	else
		take_best_numeric(measure, slot, value, context);
}

/* Take a value that is not null into a measure of a bucket. */
void
prismiq_dense_take(const PrismiqDenseMeasure *measure, PrismiqDenseSlot *slot, Datum value,
				   FunctionCallInfo fcinfo, MemoryContext context)
{
	slot->count++;
	switch (measure->step)
	{
		case PRISMIQ_STEP_COUNT:
			break;
		case PRISMIQ_STEP_INTEGER:
			slot->of.integer += integer_of(measure, value);
			break;
		case PRISMIQ_STEP_WIDE:
			add_wide(slot, (uint64) DatumGetInt64(value), DatumGetInt64(value) < 0 ? -1 : 0);
			break;
		case PRISMIQ_STEP_SINGLE:
			slot->of.single = slot->count == 1 ? DatumGetFloat4(value) :
				float4_pl(slot->of.single, DatumGetFloat4(value));
			break;
		case PRISMIQ_STEP_DOUBLE:
			slot->of.moments.sum = slot->count == 1 ? DatumGetFloat8(value) :
				float8_pl(slot->of.moments.sum, DatumGetFloat8(value));
			break;
		case PRISMIQ_STEP_MOMENTS:
			take_moments(slot, float_of(measure, value));
			break;
		case PRISMIQ_STEP_NUMERIC:
			step_numeric(numeric_avg_accum, slot, value, fcinfo);
			break;
		default:
			take_best(measure, slot, value, context);
			break;
	}
}

/* A sum in 128 bits as a numeric. */
static Numeric
wide_to_numeric(const PrismiqDenseSlot *slot)
{
	uint64		low = slot->of.wide.low;
	int64		high = slot->of.wide.high;
	Datum		part;
	Datum		power = NumericGetDatum(int64_to_numeric(INT64CONST(1) << 32));
	Datum		result = NumericGetDatum(int64_to_numeric(high));
	int			i;

	if (high == ((int64) low < 0 ? -1 : 0))
		return int64_to_numeric((int64) low);
	for (i = 0; i < 2; i++)
	{
		part = NumericGetDatum(int64_to_numeric((int64) (i == 0 ? low >> 32 :
														 low & PG_UINT32_MAX)));
		result = DirectFunctionCall2(numeric_mul, result, power);
		result = DirectFunctionCall2(numeric_add, result, part);
	}
	return DatumGetNumeric(result);
}

/* A sum or average of integers, or PostgreSQL's own of numeric. */
static Datum
finish_exact(const PrismiqDenseMeasure *measure, const PrismiqDenseSlot *slot,
			 FunctionCallInfo fcinfo, bool *isnull)
{
	bool		average = measure->aggregate == PRISMIQ_DENSE_AVG;
	Numeric		sum;

	if (measure->step == PRISMIQ_STEP_NUMERIC)
	{
		NullableDatum state = {slot->of.datum, false};

		return call_numeric(average ? numeric_avg : numeric_sum, fcinfo, 1, &state, isnull);
	}
	if (measure->step == PRISMIQ_STEP_INTEGER && !average)
		return Int64GetDatum(slot->of.integer);
	sum = measure->step == PRISMIQ_STEP_WIDE ? wide_to_numeric(slot) :
		int64_to_numeric(slot->of.integer);
	if (!average)
		return NumericGetDatum(sum);
	return DirectFunctionCall2(numeric_div, NumericGetDatum(sum),
							   NumericGetDatum(int64_to_numeric(slot->count)));
}

/* What a measure comes to. */
Datum
prismiq_dense_finish(const PrismiqDenseMeasure *measure, const PrismiqDenseSlot *slot,
					 FunctionCallInfo fcinfo, bool *isnull)
{
	*isnull = slot->count == 0 && measure->step != PRISMIQ_STEP_COUNT;
	if (*isnull)
		return (Datum) 0;
	switch (measure->step)
	{
		case PRISMIQ_STEP_COUNT:
			return Int64GetDatum(slot->count);
		case PRISMIQ_STEP_SINGLE:
			return Float4GetDatum(slot->of.single);
		case PRISMIQ_STEP_DOUBLE:
			return Float8GetDatum(slot->of.moments.sum);
		case PRISMIQ_STEP_MOMENTS:
			return Float8GetDatum(slot->of.moments.sum / (float8) slot->count);
		case PRISMIQ_STEP_BEST_INTEGER:
			return integer_datum(measure, slot->of.integer);
		case PRISMIQ_STEP_BEST_FLOAT:
			return measure->type == FLOAT4OID ? Float4GetDatum((float4) slot->of.best) :
				Float8GetDatum(slot->of.best);
		case PRISMIQ_STEP_BEST_NUMERIC:
			return slot->of.datum;
		default:
			return finish_exact(measure, slot, fcinfo, isnull);
	}
}

/* Write a slot for another process of this server. */
void
prismiq_dense_write(const PrismiqDenseMeasure *measure, const PrismiqDenseSlot *slot,
					FunctionCallInfo fcinfo, StringInfo buf)
{
	NullableDatum state = {slot->of.datum, false};
	struct varlena *value;
	bool		isnull;

	appendBinaryStringInfo(buf, (const char *) slot, sizeof(PrismiqDenseSlot));
	if (slot->count == 0)
		return;
	if (measure->step == PRISMIQ_STEP_NUMERIC)
		value = (struct varlena *) DatumGetPointer(call_numeric(numeric_avg_serialize, fcinfo,
																1, &state, &isnull));
	else if (measure->step == PRISMIQ_STEP_BEST_NUMERIC)
		value = (struct varlena *) DatumGetPointer(slot->of.datum);
	else
		return;
	appendBinaryStringInfo(buf, (const char *) value, VARSIZE(value));
}

/* What was written, in memory that is aligned. */
static Datum
read_value(StringInfo buf)
{
	int32		header;
	int			size;
	struct varlena *value;

	memcpy(&header, pq_getmsgbytes(buf, VARHDRSZ), VARHDRSZ);
	size = VARSIZE(&header);
	value = palloc(size);
	memcpy(value, &header, VARHDRSZ);
	memcpy(VARDATA(value), pq_getmsgbytes(buf, size - VARHDRSZ), size - VARHDRSZ);
	return PointerGetDatum(value);
}

/* Averages of floats put together, as float8_combine(). */
static void
merge_moments(PrismiqDenseSlot *slot, const PrismiqDenseSlot *other)
{
	float8		n1 = (float8) slot->count;
	float8		n2 = (float8) other->count;
	float8		sum;
	float8		difference;
	float8		squares;

	if (slot->count == 0)
	{
		*slot = *other;
		return;
	}
	sum = float8_pl(slot->of.moments.sum, other->of.moments.sum);
	difference = slot->of.moments.sum / n1 - other->of.moments.sum / n2;
	squares = slot->of.moments.squares + other->of.moments.squares +
		n1 * n2 * difference * difference / (n1 + n2);
	if (unlikely(isinf(squares)) && !isinf(slot->of.moments.squares) &&
		!isinf(other->of.moments.squares))
		float_overflow_error();
	slot->of.moments.sum = sum;
	slot->of.moments.squares = squares;
	slot->count += other->count;
}

/* A sum of floats and another; what a bucket begins with is taken as it is. */
static void
merge_floats(const PrismiqDenseMeasure *measure, PrismiqDenseSlot *slot,
			 const PrismiqDenseSlot *other)
{
	if (slot->count == 0)
		slot->of = other->of;
	else if (measure->step == PRISMIQ_STEP_SINGLE)
		slot->of.single = float4_pl(slot->of.single, other->of.single);
	else
		slot->of.moments.sum = float8_pl(slot->of.moments.sum, other->of.moments.sum);
	slot->count += other->count;
}

/* Numeric: PostgreSQL's own states put together. */
static void
merge_numeric(PrismiqDenseSlot *slot, Datum written, FunctionCallInfo fcinfo)
{
	NullableDatum args[2] = {{written, false}, {(Datum) 0, true}};
	bool		isnull;

	step_numeric(numeric_avg_combine, slot,
				 call_numeric(numeric_avg_deserialize, fcinfo, 2, args, &isnull), fcinfo);
}

/* The least or greatest of two slots: the other's is one value more. */
static void
merge_best(const PrismiqDenseMeasure *measure, PrismiqDenseSlot *slot,
		   const PrismiqDenseSlot *other, Datum written, MemoryContext context)
{
	int64		count = slot->count + other->count;

	slot->count++;
	if (measure->step == PRISMIQ_STEP_BEST_INTEGER)
		take_best(measure, slot, integer_datum(measure, other->of.integer), context);
	else if (measure->step == PRISMIQ_STEP_BEST_FLOAT)
		take_best(measure, slot, measure->type == FLOAT4OID ?
				  Float4GetDatum((float4) other->of.best) : Float8GetDatum(other->of.best),
				  context);
	else
		take_best(measure, slot, written, context);
	slot->count = count;
}

/* Read what prismiq_dense_write() wrote, and put it together with a slot. */
void
prismiq_dense_merge(const PrismiqDenseMeasure *measure, PrismiqDenseSlot *slot, StringInfo buf,
					FunctionCallInfo fcinfo, MemoryContext context)
{
	PrismiqDenseSlot other;
	Datum		written = (Datum) 0;

	memcpy(&other, pq_getmsgbytes(buf, sizeof(other)), sizeof(other));
	if (other.count == 0)
		return;
	if (measure->step == PRISMIQ_STEP_NUMERIC || measure->step == PRISMIQ_STEP_BEST_NUMERIC)
		written = read_value(buf);
	switch (measure->step)
	{
		case PRISMIQ_STEP_COUNT:
			slot->count += other.count;
			break;
		case PRISMIQ_STEP_INTEGER:
			slot->count += other.count;
			slot->of.integer += other.of.integer;
			break;
		case PRISMIQ_STEP_WIDE:
			slot->count += other.count;
			add_wide(slot, other.of.wide.low, other.of.wide.high);
			break;
		case PRISMIQ_STEP_SINGLE:
		case PRISMIQ_STEP_DOUBLE:
			merge_floats(measure, slot, &other);
			break;
		case PRISMIQ_STEP_MOMENTS:
			merge_moments(slot, &other);
			break;
		case PRISMIQ_STEP_NUMERIC:
			merge_numeric(slot, written, fcinfo);
			slot->count += other.count;
			break;
		default:
			merge_best(measure, slot, &other, written, context);
			break;
	}
}
