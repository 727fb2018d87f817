/*-------------------------------------------------------------------------
 *
 * entry_inside.c
 *	  SQL-callable: values inside of a jsonb value, as scalars of a type.
 *
 * Conditions with these run on rows of any tenant, for run/silent.c counts them among
 * what says nothing of the values that it looks at.  So none of them raises
 * anything, whatever stands in the document: what is not there, and what does not fit
 * the type, is null.  Each is immutable: dates and times are read here, by ISO 8601
 * alone, not by the server's input functions, which go by settings and know zones by
 * names.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "base/members.h"
#include "entry/entry.h"

PGDLLEXPORT Datum prismiq_inside_text(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_inside_number(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_inside_integer(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_inside_boolean(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_inside_date(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_inside_timestamp(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_inside_uuid(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_inside_text);
PG_FUNCTION_INFO_V1(prismiq_inside_number);
PG_FUNCTION_INFO_V1(prismiq_inside_integer);
PG_FUNCTION_INFO_V1(prismiq_inside_boolean);
PG_FUNCTION_INFO_V1(prismiq_inside_date);
PG_FUNCTION_INFO_V1(prismiq_inside_timestamp);
PG_FUNCTION_INFO_V1(prismiq_inside_uuid);

/* A text that is longer is no number, nor a time: no numeric overflows by it. */
#define MAX_CHARACTERS 1000
#define MAX_EXPONENT_DIGITS 4

/* Reads a scalar as one of a type; false where it does not fit. */
typedef bool (*Reader) (const JsonbValue *value, Datum *result);

/* ---- What is looked for ---- */

/* A whole number of 64 bits; 3.0 is one. */
static bool
to_int64(Numeric number, int64 *result)
{
	char	   *text = numeric_normalize(number);
	char	   *end;

	errno = 0;
	*result = strtoi64(text, &end, 10);
	return errno == 0 && end != text && *end == '\0';
}

/* One step into an object by a key, or into an array by a place; negative from its end. */
static bool
take_step(JsonbContainer *container, const JsonbValue *step, JsonbValue *value)
{
	int64		place;
	JsonbValue *element;

	if (step->type == jbvString && JsonContainerIsObject(container))
		return getKeyJsonValueFromContainer(container, step->val.string.val,
											step->val.string.len, value) != NULL;
	if (step->type != jbvNumeric || !JsonContainerIsArray(container) ||
		JsonContainerIsScalar(container) || !to_int64(step->val.numeric, &place))
		return false;
	if (place < 0)
		place += JsonContainerSize(container);
	if (place < 0 || place >= JsonContainerSize(container))
		return false;
	element = getIthJsonbValueFromContainer(container, (uint32) place);
	*value = *element;
	pfree(element);
	return true;
}

/* The value at the end of a path, which is an array of such steps; false where there is none. */
static bool
find_value(JsonbContainer *container, JsonbContainer *path, JsonbValue *value)
{
	uint32		i;

	if (!JsonContainerIsArray(path) || JsonContainerSize(path) == 0)
		return false;
	for (i = 0; i < JsonContainerSize(path); i++)
	{
		JsonbValue *step = getIthJsonbValueFromContainer(path, i);
		bool		found = container != NULL && take_step(container, step, value);

		pfree(step);
		if (!found)
			return false;
		container = value->type == jbvBinary ? value->val.binary.data : NULL;
	}
	return true;
}

/* What all of the functions do, with what reads the value. */
static Datum
read_inside(FunctionCallInfo fcinfo, Reader reader)
{
	Jsonb	   *document;
	Jsonb	   *path;
	JsonbValue	value;
	Datum		result = (Datum) 0;
	bool		found;

	CHECK_FOR_INTERRUPTS();		/* a row may have many of large documents */
	if (prismiq_has_null(fcinfo))
		PG_RETURN_NULL();
	document = PG_GETARG_JSONB_P(0);
	path = PG_GETARG_JSONB_P(1);
	found = find_value(&document->root, &path->root, &value) && reader(&value, &result);
	PG_FREE_IF_COPY(document, 0);	/* several of a large document may be of one row */
	PG_FREE_IF_COPY(path, 1);
	if (!found)
		PG_RETURN_NULL();
	return result;
}

/* ---- Texts, numbers and the like ---- */

/* A string as C has it, in a buffer; false where that has no room for it. */
static bool
copy_string(const JsonbValue *value, char buffer[MAX_CHARACTERS + 1])
{
	if (value->type != jbvString || value->val.string.len > MAX_CHARACTERS)
		return false;
	memcpy(buffer, value->val.string.val, value->val.string.len);
	buffer[value->val.string.len] = '\0';
	return true;
}

/* A string as it is, a number with its digits, true and false as words. */
static bool
read_text(const JsonbValue *value, Datum *result)
{
	switch (value->type)
	{
		case jbvString:
			*result = PointerGetDatum(cstring_to_text_with_len(value->val.string.val,
															   value->val.string.len));
			return true;
		case jbvNumeric:
			*result = CStringGetTextDatum(DatumGetCString(DirectFunctionCall1(numeric_out,
				NumericGetDatum(value->val.numeric))));
			return true;
		case jbvBool:
			*result = CStringGetTextDatum(value->val.boolean ? "true" : "false");
			return true;
		default:
			return false;
	}
}

/* Is it a number as JSON and SQL write it, of which numeric_in() makes one for sure? */
static bool
is_number(const char *text)
{
	const char *digits = "0123456789";
	size_t		whole;
	size_t		part = 0;
	size_t		exponent;

	text += *text == '-' || *text == '+';
	whole = strspn(text, digits);
	text += whole;
	if (*text == '.')
	{
		part = strspn(++text, digits);
		text += part;
	}
	if (whole + part == 0)
		return false;
	if (*text == 'e' || *text == 'E')
	{
		text++;
		text += *text == '-' || *text == '+';
		exponent = strspn(text, digits);
		if (exponent == 0 || exponent > MAX_EXPONENT_DIGITS)
			return false;
		text += exponent;
	}
	return *text == '\0';
}

/* A number, or a text that is one. */
static bool
read_number(const JsonbValue *value, Datum *result)
{
	char		text[MAX_CHARACTERS + 1];

	if (value->type == jbvNumeric)
	{
		*result = datumCopy(NumericGetDatum(value->val.numeric), false, -1);
		return true;
	}
	if (!copy_string(value, text) || !is_number(text))
		return false;
	*result = DirectFunctionCall3(numeric_in, CStringGetDatum(text),
								  ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	return true;
}

/* A number without a fraction that is a bigint. */
static bool
read_integer(const JsonbValue *value, Datum *result)
{
	Datum		number;
	int64		integer;

	if (!read_number(value, &number) || !to_int64(DatumGetNumeric(number), &integer))
		return false;
	*result = Int64GetDatum(integer);
	return true;
}

/* A boolean, or a text that is one. */
static bool
read_boolean(const JsonbValue *value, Datum *result)
{
	bool		flag;

	if (value->type == jbvBool)
		flag = value->val.boolean;
	else if (value->type != jbvString ||
			 !parse_bool_with_len(value->val.string.val, value->val.string.len, &flag))
		return false;
	*result = BoolGetDatum(flag);
	return true;
}

/* A text that is a uuid in its usual form. */
static bool
read_uuid(const JsonbValue *value, Datum *result)
{
	char		text[MAX_CHARACTERS + 1];

	if (!copy_string(value, text) || !prismiq_is_uuid(text))
		return false;
	*result = DirectFunctionCall1(uuid_in, CStringGetDatum(text));
	return true;
}

/* ---- Dates and times ---- */

/* So many digits as a number within bounds, after which *text goes on. */
static bool
take_digits(const char **text, int count, int min, int max, int *result)
{
	int			i;

	*result = 0;
	for (i = 0; i < count; i++)
	{
		if (!isdigit((unsigned char) (*text)[i]))
			return false;
		*result = *result * 10 + ((*text)[i] - '0');
	}
	*text += count;
	return *result >= min && *result <= max;
}

/* A certain character, after which *text goes on. */
static bool
take_character(const char **text, char wanted)
{
	if (**text != wanted)
		return false;
	(*text)++;
	return true;
}

/* YYYY-MM-DD, as days since 2000-01-01. */
static bool
take_date(const char **text, DateADT *date)
{
	int			year;
	int			month;
	int			day;

	if (!take_digits(text, 4, 1, 9999, &year) || !take_character(text, '-') ||
		!take_digits(text, 2, 1, 12, &month) || !take_character(text, '-') ||
		!take_digits(text, 2, 1, 31, &day) || day > day_tab[isleap(year)][month - 1])
		return false;
	*date = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
	return true;
}

/* The digits after a second's point as microseconds, rounded. */
static bool
take_fraction(const char **text, int64 *microseconds)
{
	int64		unit = USECS_PER_SEC;

	*microseconds = 0;
	if (!isdigit((unsigned char) **text))
		return false;
	for (; isdigit((unsigned char) **text); (*text)++)
	{
		if (unit == 1)
			*microseconds += **text >= '5';
		unit /= 10;
		*microseconds += (**text - '0') * unit;
	}
	return true;
}

/* HH:MM, HH:MM:SS or HH:MM:SS.fraction, as microseconds. */
static bool
take_clock(const char **text, int64 *microseconds)
{
	int			hour;
	int			minute;
	int			second = 0;
	int64		fraction = 0;

	if (!take_digits(text, 2, 0, 23, &hour) || !take_character(text, ':') ||
		!take_digits(text, 2, 0, 59, &minute))
		return false;
	if (take_character(text, ':') &&
		(!take_digits(text, 2, 0, 59, &second) ||
		 (take_character(text, '.') && !take_fraction(text, &fraction))))
		return false;
	*microseconds = ((hour * MINS_PER_HOUR + minute) * SECS_PER_MINUTE + second) *
		USECS_PER_SEC + fraction;
	return true;
}

/* Z, +HH, +HH:MM, +HHMM or nothing, as microseconds ahead of UTC. */
static bool
take_offset(const char **text, int64 *microseconds)
{
	bool		negative = **text == '-';
	int			hours;
	int			minutes = 0;

	*microseconds = 0;
	if (**text == '\0' || take_character(text, 'Z') || take_character(text, 'z'))
		return true;
	if ((!take_character(text, '+') && !take_character(text, '-')) ||
		!take_digits(text, 2, 0, MAX_TZDISP_HOUR, &hours))
		return false;
	if ((take_character(text, ':') || **text != '\0') &&
		!take_digits(text, 2, 0, 59, &minutes))
		return false;
	*microseconds = (hours * MINS_PER_HOUR + minutes) * SECS_PER_MINUTE * USECS_PER_SEC;
	if (negative)
		*microseconds = -*microseconds;
	return true;
}

/* A time as it stands, with an offset the one that clocks of UTC show; a date is its midnight. */
static bool
find_time(const JsonbValue *value, Timestamp *time)
{
	char		buffer[MAX_CHARACTERS + 1];
	const char *text = buffer;
	DateADT		date;
	int64		clock = 0;
	int64		offset = 0;

	if (!copy_string(value, buffer) || !take_date(&text, &date))
		return false;
	if (*text != '\0' &&
		((!take_character(&text, 'T') && !take_character(&text, 't') &&
		  !take_character(&text, ' ')) ||
		 !take_clock(&text, &clock) || !take_offset(&text, &offset)))
		return false;
	*time = date * USECS_PER_DAY + clock - offset;
	return *text == '\0';
}

/* A text that is a date or a time. */
static bool
read_timestamp(const JsonbValue *value, Datum *result)
{
	Timestamp	time;

	if (!find_time(value, &time))
		return false;
	*result = TimestampGetDatum(time);
	return true;
}

/* The same, the day of it. */
static bool
read_date(const JsonbValue *value, Datum *result)
{
	Timestamp	time;

	if (!find_time(value, &time))
		return false;
	*result = DateADTGetDatum((DateADT) ((time - (time < 0 ? USECS_PER_DAY - 1 : 0)) /
										 USECS_PER_DAY));
	return true;
}

/* ---- The functions ---- */

/* prismiq_json_text(jsonb, jsonb): text */
Datum
prismiq_inside_text(PG_FUNCTION_ARGS)
{
	return read_inside(fcinfo, read_text);
}

/* prismiq_json_number(jsonb, jsonb): numeric */
Datum
prismiq_inside_number(PG_FUNCTION_ARGS)
{
	return read_inside(fcinfo, read_number);
}

/* prismiq_json_integer(jsonb, jsonb): bigint */
Datum
prismiq_inside_integer(PG_FUNCTION_ARGS)
{
	return read_inside(fcinfo, read_integer);
}

/* prismiq_json_boolean(jsonb, jsonb): boolean */
Datum
prismiq_inside_boolean(PG_FUNCTION_ARGS)
{
	return read_inside(fcinfo, read_boolean);
}

/* prismiq_json_date(jsonb, jsonb): date */
Datum
prismiq_inside_date(PG_FUNCTION_ARGS)
{
	return read_inside(fcinfo, read_date);
}

/* prismiq_json_timestamp(jsonb, jsonb): timestamp */
Datum
prismiq_inside_timestamp(PG_FUNCTION_ARGS)
{
	return read_inside(fcinfo, read_timestamp);
}

/* prismiq_json_uuid(jsonb, jsonb): uuid */
Datum
prismiq_inside_uuid(PG_FUNCTION_ARGS)
{
	return read_inside(fcinfo, read_uuid);
}
