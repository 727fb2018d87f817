/*-------------------------------------------------------------------------
 *
 * encode.c
 *	  One value as JSON, or as bare text for CSV.
 *
 * What comes out is what the server's to_json makes of it, with these
 * exceptions: bytea is base64 and not hex, instants are in the zone of the
 * query, bigint and sums of it may be strings.  The types that answers are full of are
 * written by hand; other built-in ones go through their output function, and
 * arrays, composites and types with a cast to json through to_json itself.
 *
 * Values are fetched from toast and converted in the current memory context,
 * which the caller empties after each row.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/transam.h"
#include "catalog/pg_type.h"
#include "common/base64.h"
#include "common/shortest_dec.h"
#include "nodes/makefuncs.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/uuid.h"

#include "base/fault.h"
#include "run/encode.h"

static const char hex_digits[] = "0123456789abcdef";

/* How a type that is not written by hand is written: as to_json decides it. */
static PrismiqEncoding
other_encoding(Oid type)
{
	CoercionPathType path;
	Oid			castfunc;

	if (OidIsValid(get_element_type(type)) || type_is_rowtype(type) ||
		type == ANYARRAYOID || type == ANYCOMPATIBLEARRAYOID)
		return PRISMIQ_ENCODE_SERVER;
	if (type >= FirstNormalObjectId)
	{
		path = find_coercion_pathway(JSONOID, type, COERCION_EXPLICIT, &castfunc);
		if (path == COERCION_PATH_FUNC)
			return PRISMIQ_ENCODE_SERVER;
	}
	return PRISMIQ_ENCODE_OUTPUT;
}

/* Of a base type; what is not written here goes through its output function. */
static PrismiqEncoding
find_encoding(Oid type)
{
	switch (type)
	{
		case BOOLOID:
			return PRISMIQ_ENCODE_BOOL;
		case INT2OID:
			return PRISMIQ_ENCODE_INT2;
		case INT4OID:
			return PRISMIQ_ENCODE_INT4;
		case INT8OID:
			return PRISMIQ_ENCODE_INT8;
		case FLOAT4OID:
			return PRISMIQ_ENCODE_FLOAT4;
		case FLOAT8OID:
			return PRISMIQ_ENCODE_FLOAT8;
		case NUMERICOID:
			return PRISMIQ_ENCODE_NUMERIC;
		case DATEOID:
			return PRISMIQ_ENCODE_DATE;
		case TIMESTAMPOID:
			return PRISMIQ_ENCODE_TIMESTAMP;
		case TIMESTAMPTZOID:
			return PRISMIQ_ENCODE_TIMESTAMPTZ;
		case UUIDOID:
			return PRISMIQ_ENCODE_UUID;
		case BYTEAOID:
			return PRISMIQ_ENCODE_BYTEA;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			return PRISMIQ_ENCODE_TEXT;
		case JSONOID:
			return PRISMIQ_ENCODE_JSON;
		case JSONBOID:
			return PRISMIQ_ENCODE_JSONB;
		default:
			return other_encoding(type);
	}
}

/*
 * Prepare to write values of a type.  "zone" null is the session's.  What is
 * looked up stays in the current memory context.
 */
void
prismiq_encoder_init(PrismiqEncoder *encoder, Oid type, pg_tz *zone, bool large_as_string)
{
	Oid			base = getBaseType(type);

	memset(encoder, 0, sizeof(*encoder));
	encoder->encoding = find_encoding(base);
	encoder->zone = zone ? zone : session_timezone;
	encoder->large_as_string = large_as_string;
	if (encoder->encoding == PRISMIQ_ENCODE_OUTPUT)
	{
		Oid			output;
		bool		varlena;

		getTypeOutputInfo(base, &output, &varlena);
		fmgr_info(output, &encoder->convert);
	}
	else if (encoder->encoding == PRISMIQ_ENCODE_SERVER)
	{
		/* to_json takes anyelement, and asks its call which type that is. */
		Const	   *arg = makeNullConst(base, -1, InvalidOid);
		FuncExpr   *call = makeFuncExpr(F_TO_JSON, JSONOID, list_make1(arg), InvalidOid,
										InvalidOid, COERCE_EXPLICIT_CALL);

		fmgr_info(F_TO_JSON, &encoder->convert);
		fmgr_info_set_expr((Node *) call, &encoder->convert);
	}
}

/* Append what to_json makes of a value, with instants in the encoder's zone. */
static void
append_by_to_json(PrismiqEncoder *encoder, StringInfo buf, Datum value)
{
	pg_tz	   *session_zone = session_timezone;
	Datum		json;
	text	   *result;

	PG_TRY();
	{
		session_timezone = encoder->zone;
		json = FunctionCall1(&encoder->convert, value);
	}
	PG_FINALLY();
	{
		session_timezone = session_zone;
	}
	PG_END_TRY();
	result = DatumGetTextPP(json);
	prismiq_append(buf, VARDATA_ANY(result), VARSIZE_ANY_EXHDR(result));
}

/* Append a uuid. */
static void
append_uuid(StringInfo buf, Datum value)
{
	const pg_uuid_t *uuid = DatumGetUUIDP(value);
	char	   *to = prismiq_reserve(buf, 36);
	int			i;

	for (i = 0; i < UUID_LEN; i++)
	{
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		*to++ = hex_digits[uuid->data[i] >> 4];
		*to++ = hex_digits[uuid->data[i] & 0xF];
	}
	buf->len += 36;
}

/* Append a bytea as base64. */
static void
append_bytea(StringInfo buf, Datum value)
{
	bytea	   *bytes = DatumGetByteaPP(value);
	int			len = VARSIZE_ANY_EXHDR(bytes);
	int			room = pg_b64_enc_len(len);
	int			written;

	written = pg_b64_encode((const void *) VARDATA_ANY(bytes), len,
							prismiq_reserve(buf, room), room);
	if (written < 0)
		elog(ERROR, "base64 of a value did not fit");
	buf->len += written;
}

/* Append the text of a value of a type without need of escaping. */
static void
append_plain(PrismiqEncoder *encoder, StringInfo buf, Datum value)
{
	const char *text;
	char	   *to;

	switch (encoder->encoding)
	{
		case PRISMIQ_ENCODE_BOOL:
			if (DatumGetBool(value))
				prismiq_append(buf, "true", 4);
			else
				prismiq_append(buf, "false", 5);
			break;
		case PRISMIQ_ENCODE_INT2:
			buf->len += pg_ltoa(DatumGetInt16(value), prismiq_reserve(buf, 12));
			break;
		case PRISMIQ_ENCODE_INT4:
			buf->len += pg_ltoa(DatumGetInt32(value), prismiq_reserve(buf, 12));
			break;
		case PRISMIQ_ENCODE_INT8:
			buf->len += pg_lltoa(DatumGetInt64(value), prismiq_reserve(buf, MAXINT8LEN + 1));
			break;
		case PRISMIQ_ENCODE_FLOAT4:
			to = prismiq_reserve(buf, FLOAT_SHORTEST_DECIMAL_LEN);
			buf->len += float_to_shortest_decimal_bufn(DatumGetFloat4(value), to);
			break;
		case PRISMIQ_ENCODE_FLOAT8:
			to = prismiq_reserve(buf, DOUBLE_SHORTEST_DECIMAL_LEN);
			buf->len += double_to_shortest_decimal_bufn(DatumGetFloat8(value), to);
			break;
		case PRISMIQ_ENCODE_NUMERIC:
			text = DatumGetCString(DirectFunctionCall1(numeric_out, value));
			prismiq_append(buf, text, strlen(text));
			break;
		case PRISMIQ_ENCODE_DATE:
			prismiq_encode_date(encoder, buf, value);
			break;
		case PRISMIQ_ENCODE_TIMESTAMP:
			prismiq_encode_timestamp(encoder, buf, value);
			break;
		case PRISMIQ_ENCODE_TIMESTAMPTZ:
			prismiq_encode_timestamptz(encoder, buf, value);
			break;
		case PRISMIQ_ENCODE_UUID:
			append_uuid(buf, value);
			break;
		case PRISMIQ_ENCODE_BYTEA:
			append_bytea(buf, value);
			break;
		default:
			elog(ERROR, "unexpected encoding %d", (int) encoder->encoding);
	}
}

/*
 * Has one of eight bytes to be escaped: a control character, a quote, a
 * backslash?  Exact for the word as a whole, which is all that is asked.
 */
static inline bool
word_needs_escape(uint64 word)
{
	const uint64 ones = UINT64CONST(0x0101010101010101);
	const uint64 highs = UINT64CONST(0x8080808080808080);
	uint64		quote = word ^ (ones * '"');
	uint64		backslash = word ^ (ones * '\\');

	return ((((word - ones * 0x20) & ~word) |
			 ((quote - ones) & ~quote) |
			 ((backslash - ones) & ~backslash)) & highs) != 0;
}

/* How many bytes of a text, from its beginning, need no escape. */
static inline int
clean_length(const char *text, int len)
{
	int			i = 0;

	for (; i + (int) sizeof(uint64) <= len; i += sizeof(uint64))
	{
		uint64		word;

		memcpy(&word, text + i, sizeof(word));
		if (word_needs_escape(word))
			break;
	}
	for (; i < len; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (c < 0x20 || c == '"' || c == '\\')
			break;
	}
	return i;
}

/* Append one character that needs an escape. */
static void
append_escaped(StringInfo buf, unsigned char c)
{
	static const char shorts[0x20] = {
		['\b'] = 'b',['\f'] = 'f',['\n'] = 'n',['\r'] = 'r',['\t'] = 't'
	};
	char	   *to = prismiq_reserve(buf, 6);

	to[0] = '\\';
	if (c >= 0x20)
		to[1] = c;
	else
		to[1] = shorts[c];
	if (to[1] != '\0')
	{
		buf->len += 2;
		return;
	}
	memcpy(to + 1, "u00", 3);
	to[4] = hex_digits[c >> 4];
	to[5] = hex_digits[c & 0xF];
	buf->len += 6;
}

/* Append text as a JSON string, with its quotes. */
void
prismiq_encode_json_string(StringInfo buf, const char *text, int len)
{
	prismiq_append_char(buf, '"');
	for (;;)
	{
		int			clean = clean_length(text, len);

		prismiq_append(buf, text, clean);
		if (clean == len)
			break;
		append_escaped(buf, (unsigned char) text[clean]);
		text += clean + 1;
		len -= clean + 1;
	}
	prismiq_append_char(buf, '"');
}

/* The same, in quotes. */
static void
append_quoted(PrismiqEncoder *encoder, StringInfo buf, Datum value)
{
	prismiq_append_char(buf, '"');
	append_plain(encoder, buf, value);
	prismiq_append_char(buf, '"');
}

/* Append a number, in quotes when JSON has no such number (NaN, infinity). */
static void
append_number(PrismiqEncoder *encoder, StringInfo buf, Datum value)
{
	int			start = buf->len;
	const char *text;
	bool		finite;

	append_plain(encoder, buf, value);
	text = buf->data + start;
	finite = text[0] == '-' ? isdigit((unsigned char) text[1]) : isdigit((unsigned char) text[0]);
	if (likely(finite))
		return;
	buf->len = start;
	append_quoted(encoder, buf, value);
}

/* Append a value, which is not null, as JSON. */
void
prismiq_encode_json(PrismiqEncoder *encoder, StringInfo buf, Datum value)
{
	const char *cstring;
	text	   *string;
	Jsonb	   *jsonb;

	switch (encoder->encoding)
	{
		case PRISMIQ_ENCODE_BOOL:
		case PRISMIQ_ENCODE_INT2:
		case PRISMIQ_ENCODE_INT4:
			append_plain(encoder, buf, value);
			break;
		case PRISMIQ_ENCODE_FLOAT4:
		case PRISMIQ_ENCODE_FLOAT8:
			append_number(encoder, buf, value);
			break;
		case PRISMIQ_ENCODE_INT8:
		case PRISMIQ_ENCODE_NUMERIC:
			if (encoder->large_as_string)
				append_quoted(encoder, buf, value);
			else
				append_number(encoder, buf, value);
			break;
		case PRISMIQ_ENCODE_DATE:
		case PRISMIQ_ENCODE_TIMESTAMP:
		case PRISMIQ_ENCODE_TIMESTAMPTZ:
		case PRISMIQ_ENCODE_UUID:
		case PRISMIQ_ENCODE_BYTEA:
			append_quoted(encoder, buf, value);
			break;
		case PRISMIQ_ENCODE_TEXT:
			string = DatumGetTextPP(value);
			prismiq_encode_json_string(buf, VARDATA_ANY(string), VARSIZE_ANY_EXHDR(string));
			break;
		case PRISMIQ_ENCODE_JSON:
			string = DatumGetTextPP(value);
			prismiq_append(buf, VARDATA_ANY(string), VARSIZE_ANY_EXHDR(string));
			break;
		case PRISMIQ_ENCODE_JSONB:
			jsonb = DatumGetJsonbP(value);
			JsonbToCString(buf, &jsonb->root, VARSIZE(jsonb));
			break;
		case PRISMIQ_ENCODE_OUTPUT:
			cstring = OutputFunctionCall(&encoder->convert, value);
			prismiq_encode_json_string(buf, cstring, strlen(cstring));
			break;
		case PRISMIQ_ENCODE_SERVER:
			append_by_to_json(encoder, buf, value);
			break;
	}
}

/* Append a value, which is not null, as bare text: what JSON puts between the quotes. */
void
prismiq_encode_text(PrismiqEncoder *encoder, StringInfo buf, Datum value)
{
	const char *cstring;
	text	   *string;

	switch (encoder->encoding)
	{
		case PRISMIQ_ENCODE_TEXT:
			string = DatumGetTextPP(value);
			prismiq_append(buf, VARDATA_ANY(string), VARSIZE_ANY_EXHDR(string));
			break;
		case PRISMIQ_ENCODE_OUTPUT:
			cstring = OutputFunctionCall(&encoder->convert, value);
			prismiq_append(buf, cstring, strlen(cstring));
			break;
		case PRISMIQ_ENCODE_JSON:
		case PRISMIQ_ENCODE_JSONB:
		case PRISMIQ_ENCODE_SERVER:
			prismiq_encode_json(encoder, buf, value);
			break;
		default:
			append_plain(encoder, buf, value);
			break;
	}
}
