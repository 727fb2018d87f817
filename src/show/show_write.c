/*-------------------------------------------------------------------------
 *
 * show_write.c
 *	  JSON, piece by piece: what is written knows by what stands before it
 *	  whether it needs a comma.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "base/fault.h"
#include "show/show.h"

/* A comma, unless it would be the first thing in its brackets or behind a key. */
static void
separate(StringInfo buf)
{
	char		last = buf->len > 0 ? buf->data[buf->len - 1] : '[';

	if (last != '[' && last != '{' && last != ':')
		appendStringInfoChar(buf, ',');
}

/* An object or array begins. */
void
prismiq_write_open(StringInfo buf, char bracket)
{
	separate(buf);
	appendStringInfoChar(buf, bracket);
}

/* It ends. */
void
prismiq_write_close(StringInfo buf, char bracket)
{
	appendStringInfoChar(buf, bracket);
}

/* A key; its value is what is written next. */
void
prismiq_write_key(StringInfo buf, const char *key)
{
	separate(buf);
	prismiq_encode_json_string(buf, key, strlen(key));
	appendStringInfoChar(buf, ':');
}

/* A text, or null. */
void
prismiq_write_text(StringInfo buf, const char *text)
{
	separate(buf);
	if (text != NULL)
		prismiq_encode_json_string(buf, text, strlen(text));
	else
		appendStringInfoString(buf, "null");
}

/* What is JSON already. */
void
prismiq_write_literal(StringInfo buf, const char *text)
{
	separate(buf);
	appendStringInfoString(buf, text);
}

/* A whole number. */
void
prismiq_write_integer(StringInfo buf, int64 number)
{
	separate(buf);
	appendStringInfo(buf, INT64_FORMAT, number);
}

/* A part of a document, as it is. */
void
prismiq_write_json(StringInfo buf, const json_t *node)
{
	separate(buf);
	prismiq_json_append(buf, node);
}

/* A value of the answer, or null. */
void
prismiq_write_cell(StringInfo buf, const PrismiqShown *shown, int64 row, int column)
{
	const PrismiqKeptRow *kept = &shown->rows->rows[row];

	separate(buf);
	if (column < 0 || kept->isnull[column])
		appendStringInfoString(buf, "null");
	else
		prismiq_encode_json(&shown->columns[column].encoder, buf, kept->values[column]);
}

/*
 * A number that was worked out of values of a column, as they are written: what
 * JSON has no number for is a string, and so are large ones where the caller wants
 * that.  Null when it is none.
 */
void
prismiq_write_number(StringInfo buf, const PrismiqShown *shown, int column, Numeric number)
{
	char	   *text;

	if (number == NULL)
	{
		prismiq_write_literal(buf, "null");
		return;
	}
	text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(number)));
	if (numeric_is_nan(number) || numeric_is_inf(number) ||
		(column >= 0 && shown->columns[column].encoder.large_as_string))
		prismiq_write_text(buf, text);
	else
		prismiq_write_literal(buf, text);
	pfree(text);
}
