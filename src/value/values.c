/*-------------------------------------------------------------------------
 *
 * values.c
 *	  Literals of a definition as values of a column's type.
 *
 * A JSON string is taken for any type whose input function takes it; a number
 * for numeric types only; a boolean for boolean only.  What does not fit is a
 * TYPE_MISMATCH here, never a failure in the middle of a scan.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/input_value.h"
#include "catalog/catalogs.h"
#include "model/buckets.h"
#include "model/dates.h"
#include "model/literal.h"
#include "model/now.h"
#include "model/zones.h"
#include "value/value.h"

/* The largest value of an integer type; 0 for other types. */
static int64
integer_limit(Oid type)
{
	switch (type)
	{
		case INT2OID:
			return PG_INT16_MAX;
		case INT4OID:
			return PG_INT32_MAX;
		case INT8OID:
			return PG_INT64_MAX;
		default:
			return 0;
	}
}

/* The value is known to fit. */
static Datum
integer_datum(Oid type, int64 value)
{
	if (type == INT2OID)
		return Int16GetDatum((int16) value);
	if (type == INT4OID)
		return Int32GetDatum((int32) value);
	return Int64GetDatum(value);
}

/* Text of the form [+-]digits as an integer within the type's range. */
static bool
read_integer(const char *text, Oid type, int64 *value)
{
	char	   *end;
	long long	parsed;
	int64		limit = integer_limit(type);

	while (isspace((unsigned char) *text))
		text++;
	errno = 0;
	parsed = strtoll(text, &end, 10);
	if (errno != 0 || end == text)
		return false;
	while (isspace((unsigned char) *end))
		end++;
	if (*end != '\0' || parsed > limit || parsed < -limit - 1)
		return false;
	*value = parsed;
	return true;
}

/*
 * A name of the catalogs is never looked up, but its number may be written
 * where the type's input takes one.
 */
static bool
is_number_of_name(const char *text, Oid type)
{
	return type != ACLITEMOID && !OidIsValid(get_element_type(type)) &&
		get_typtype(type) == TYPTYPE_BASE && *text != '\0' &&
		text[strspn(text, "0123456789")] == '\0';
}

/*
 * Through the type's own input function.  One that is not immutable reads words
 * such as "now", or what nobody knows of; intervals it reads in our notation.
 */
static bool
read_by_input(PrismiqCheck *check, const char *text, Oid type, Datum *value)
{
	Oid			typinput;
	Oid			typioparam;

	if (prismiq_type_input_asks_catalogs(type) && !is_number_of_name(text, type))
		return false;
	getTypeInputInfo(type, &typinput, &typioparam);
	if (typinput != F_INTERVAL_IN && func_volatile(typinput) != PROVOLATILE_IMMUTABLE)
		prismiq_now_unknown(&check->calendar);
	return prismiq_input_value(typinput, text, typioparam, -1, value);
}

/* A string as a value of the type; false when it is none. */
static bool
read_string(PrismiqCheck *check, const char *text, Oid type, Datum *value)
{
	int64		number;
	bool		flag;

	switch (type)
	{
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			*value = CStringGetTextDatum(text);
			return true;
		case INT2OID:
		case INT4OID:
		case INT8OID:
			if (!read_integer(text, type, &number))
				return false;
			*value = integer_datum(type, number);
			return true;
		case BOOLOID:
			if (!parse_bool(text, &flag))
				return false;
			*value = BoolGetDatum(flag);
			return true;
		default:
			if (type_is_enum(type))
				return prismiq_enum_find(&check->enums, type, text, value);
			if (type_is_enum(get_element_type(type)))
				return prismiq_enum_array_find(&check->enums, type, text, value);
			return read_by_input(check, text, type, value);
	}
}

/*
 * Digits as numeric.  A short text without an exponent cannot fail, so it is
 * spared the care that input functions are called with.
 */
static bool
read_numeric(const char *text, Datum *value)
{
	size_t		len = strlen(text);

	if (len > NUMERIC_MAX_PRECISION || strspn(text, "-.0123456789") != len)
		return prismiq_input_value(F_NUMERIC_IN, text, InvalidOid, -1, value);
	*value = DirectFunctionCall3(numeric_in, CStringGetDatum(text),
								 ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	return true;
}

/* A number without a fraction as an integer; false when it is none, or out of range. */
static bool
read_whole_number(const char *text, Oid type, Datum *value)
{
	const char *fraction = strchr(text, '.');
	int64		number;

	if (fraction != NULL && strspn(fraction + 1, "0") == strlen(fraction + 1))
		text = pnstrdup(text, fraction - text);
	if (!read_integer(text, type, &number))
		return false;
	*value = integer_datum(type, number);
	return true;
}

/* Money; false when the number has more digits than money has. */
static bool
read_money(PrismiqCheck *check, const char *text, Datum *value)
{
	Datum		number;

	return read_by_input(check, text, MONEYOID, value) && read_numeric(text, &number) &&
		DatumGetBool(DirectFunctionCall2(numeric_eq, DirectFunctionCall1(cash_numeric, *value),
										 number));
}

/*
 * A number as a value of the type.  What an integer, a float or money cannot be
 * (a fraction, a number out of range) compares as numeric: then *cast_type says
 * what the column is cast to.
 */
static bool
read_number(PrismiqCheck *check, const char *text, Oid type, Datum *value, Oid *cast_type)
{
	bool		found;

	if (prismiq_type_category(type) != TYPCATEGORY_NUMERIC)
		return false;
	if (type == NUMERICOID)
		return read_numeric(text, value);
	if (integer_limit(type) > 0)
		found = read_whole_number(text, type, value);
	else if (type == MONEYOID)
		found = read_money(check, text, value);
	else
		found = read_by_input(check, text, type, value);
	if (found)
		return true;
	if (integer_limit(type) == 0 && type != FLOAT4OID && type != FLOAT8OID && type != MONEYOID)
		return false;			/* the number of an object, above all */
	*cast_type = NUMERICOID;
	return read_numeric(text, value);
}

/*
 * How many digits a number has when it is written out.  What is no number is
 * for numeric's input function to refuse.
 */
double
prismiq_count_digits(const char *text)
{
	size_t		before;
	size_t		after = 0;
	double		exponent = 0;

	text += strspn(text, " \t\n\r\f\v+-");
	before = strspn(text, "0123456789_");
	text += before;
	if (*text == '.')
	{
		after = strspn(++text, "0123456789_");
		text += after;
	}
	if (*text == 'e' || *text == 'E')
		exponent = strtol(text + 1, NULL, 10);
	return Max(before + exponent, 0) + Max(after - exponent, 0);
}

/*
 * Is the literal a number that is too long to be calculated with?  Then note a
 * fault.  What is larger than any numeric is none.
 */
static bool
refuse_long_number(PrismiqCheck *check, const PrismiqLiteral *literal, Oid type)
{
	double		digits;

	if ((literal->kind != PRISMIQ_LITERAL_NUMBER && type != NUMERICOID) ||
		literal->text == NULL)
		return false;
	digits = prismiq_count_digits(literal->text);
	if (digits <= PRISMIQ_MAX_DIGITS || digits > PRISMIQ_NUMERIC_DIGITS)
		return false;
	prismiq_fault_add(check->faults, PRISMIQ_TOO_COMPLEX, literal->path, NULL,
					  "a number has at most %d digits", PRISMIQ_MAX_DIGITS);
	return true;
}

/* Note that a literal is no value of the type. */
static void
add_mismatch(PrismiqCheck *check, const PrismiqLiteral *literal, Oid type)
{
	static const char *const kinds[] = {"null", "a boolean", "a number", "a string"};

	if (literal->kind == PRISMIQ_LITERAL_STRING || literal->kind == PRISMIQ_LITERAL_NUMBER)
		prismiq_fault_add(check->faults, PRISMIQ_TYPE_MISMATCH, literal->path, NULL,
						  "%s%.*s%s%s is not a valid value of type %s",
						  literal->kind == PRISMIQ_LITERAL_STRING ? "\"" : "",
						  pg_mbcliplen(literal->text, strlen(literal->text), 100),
						  literal->text,
						  strlen(literal->text) > 100 ? "..." : "",
						  literal->kind == PRISMIQ_LITERAL_STRING ? "\"" : "",
						  prismiq_type_name(type));
	else
		prismiq_fault_add(check->faults, PRISMIQ_TYPE_MISMATCH, literal->path, NULL,
						  "%s is not a valid value of type %s",
						  kinds[literal->kind], prismiq_type_name(type));
}

/* A string as a date or time; what has no zone is in the query's, not the session's. */
static bool
read_time(PrismiqCheck *check, const char *text, Oid type, Datum *value)
{
	PrismiqOperand operand = {prismiq_base_type(type), -1, NULL};
	PrismiqParsedTime parsed;
	int64		number;

	if (!prismiq_time_parse(text, &parsed) ||
		!prismiq_time_to_operand(check, &operand, &parsed, false, &number))
		return false;
	*value = prismiq_operand_const(&operand, number)->value;
	return true;
}

/*
 * Read a literal other than null as a value of a base type; null and a
 * TYPE_MISMATCH when it is none.  *cast_type is set when the column has to be
 * cast to compare with it.
 */
PrismiqConst *
prismiq_value_read(PrismiqCheck *check, const PrismiqLiteral *literal, Oid type,
				   Oid *cast_type)
{
	Datum		value = (Datum) 0;
	bool		ok = false;

	if (refuse_long_number(check, literal, type))
		return NULL;
	switch (literal->kind)
	{
		case PRISMIQ_LITERAL_STRING:
			ok = prismiq_type_is_time(prismiq_base_type(type)) ?
				read_time(check, literal->text, type, &value) :
				read_string(check, literal->text, type, &value);
			break;
		case PRISMIQ_LITERAL_NUMBER:
			ok = read_number(check, literal->text, type, &value, cast_type);
			break;
		case PRISMIQ_LITERAL_BOOLEAN:
			ok = type == BOOLOID;
			value = BoolGetDatum(literal->text[0] == 't');
			break;
		case PRISMIQ_LITERAL_NULL:
			break;
	}
	if (!ok)
	{
		add_mismatch(check, literal, type);
		return NULL;
	}
	return prismiq_const_make(OidIsValid(*cast_type) ? *cast_type : type, value);
}

/* Read a literal as a date or time; a TYPE_MISMATCH with that type when it is none. */
bool
prismiq_value_time(PrismiqCheck *check, const PrismiqLiteral *literal, Oid type,
					 PrismiqParsedTime *parsed)
{
	if (literal->kind == PRISMIQ_LITERAL_STRING &&
		prismiq_time_parse(literal->text, parsed))
		return true;
	add_mismatch(check, literal, type);
	return false;
}

/* A local time of the query's zone in the operand's own terms. */
bool
prismiq_local_to_operand(PrismiqCheck *check, const PrismiqOperand *operand,
						 Timestamp local, int64 *value)
{
	TimestampTz instant;
	Timestamp	reading;

	if (operand->type == DATEOID)
	{
		if (TIMESTAMP_NOT_FINITE(local))
			*value = TIMESTAMP_IS_NOBEGIN(local) ? DATEVAL_NOBEGIN : DATEVAL_NOEND;
		else
			*value = prismiq_floor_div(local, USECS_PER_DAY);
		return true;
	}
	if (TIMESTAMP_NOT_FINITE(local) ||
		(operand->type == TIMESTAMPOID && operand->source_zone == NULL))
	{
		*value = local;
		return true;
	}
	if (!prismiq_local_to_instant(local, check->calendar.zone, &instant))
		return false;
	if (operand->type == TIMESTAMPTZOID)
	{
		*value = instant;
		return true;
	}
	if (!prismiq_instant_to_local(instant, operand->source_zone, &reading))
		return false;
	*value = reading;
	return true;
}

/*
 * A parsed time in the operand's own terms: days for a date, microseconds for the
 * timestamps.  "next_day" moves a whole day on (for exclusive ends).  A zone in
 * the text is honoured whatever the column has: PostgreSQL's input would drop
 * it where there is none.  Then it is what clocks of the column's zone
 * show, which is the query's unless it was said.
 */
bool
prismiq_time_to_operand(PrismiqCheck *check, const PrismiqOperand *operand,
						  const PrismiqParsedTime *parsed, bool next_day, int64 *value)
{
	Timestamp	local = parsed->local;

	if (next_day && !TIMESTAMP_NOT_FINITE(local))
	{
		if (local > END_TIMESTAMP - 2 * USECS_PER_DAY)
			return false;
		local += USECS_PER_DAY;
	}
	if (!parsed->has_zone)
		return prismiq_local_to_operand(check, operand, local, value);
	if (operand->type == TIMESTAMPTZOID)
	{
		*value = parsed->instant;
		return true;
	}
	if (operand->type == TIMESTAMPOID && operand->source_zone != NULL)
		return prismiq_instant_to_local(parsed->instant, operand->source_zone, value);
	return prismiq_instant_to_local(parsed->instant, check->calendar.zone, &local) &&
		prismiq_local_to_operand(check, operand, local, value);
}

/* A value in the operand's terms as a constant of its type. */
PrismiqConst *
prismiq_operand_const(const PrismiqOperand *operand, int64 value)
{
	if (operand->type == DATEOID)
		return prismiq_const_make(DATEOID, DateADTGetDatum((DateADT) value));
	return prismiq_const_make(operand->type, TimestampGetDatum(value));
}
