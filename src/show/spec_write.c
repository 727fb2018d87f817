/*-------------------------------------------------------------------------
 *
 * spec_write.c
 *	  Specifications of pictures, piece by piece: parts of our own, and numbers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "utils/builtins.h"

#include "base/fault.h"
#include "run/plans.h"
#include "show/spec.h"

/* Larger numbers cannot be subtracted from each other by a browser. */
#define LARGEST 1e300

/* Append a part of a specification, all of it ours: ' stands for ". */
void
prismiq_spec_put(StringInfo buf, const char *text)
{
	int			from = buf->len;
	int			i;

	if (text[0] == '}' || text[0] == ']')
		appendStringInfoString(buf, text);
	else
		prismiq_write_literal(buf, text);
	for (i = from; i < buf->len; i++)
		if (buf->data[i] == '\'')
			buf->data[i] = '"';
}

/* What was written may not be larger than an answer may be. */
void
prismiq_spec_check_size(const PrismiqSpec *spec)
{
	if (spec->max_bytes > 0 && spec->buf->len > spec->max_bytes)
		prismiq_run_reject_size();
}

/* A number as a browser has it; false where it cannot be drawn. */
bool
prismiq_spec_double(Numeric number, double *value)
{
	if (number == NULL || numeric_is_nan(number) || numeric_is_inf(number))
		return false;
	*value = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
												NumericGetDatum(number)));
	return fabs(*value) <= LARGEST;
}

/* Append such a number. */
void
prismiq_spec_number(StringInfo buf, double value)
{
	char		text[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(value, text);
	prismiq_write_literal(buf, text);
}

/*
 * Is a text the name of something that every object of JavaScript has?  Vega looks
 * texts up in objects: such a one is found where there is nothing, and nothing is drawn.
 */
bool
prismiq_spec_is_reserved(const char *text)
{
	static const char *const names[] = {
		"__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
		"__proto__", "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
		"toLocaleString", "toString", "valueOf", NULL
	};
	int			i;

	for (i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], text) == 0)
			return true;
	return false;
}

/* A text as a value that Vega may look up: with nothing that is to be seen behind such a name. */
const char *
prismiq_spec_value(const char *text)
{
	return prismiq_spec_is_reserved(text) ? psprintf("%s\xe2\x80\x8b", text) : text;
}
