/*-------------------------------------------------------------------------
 *
 * encode.h
 *	  One value as JSON or as bare text, appended to a buffer.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_ENCODE_H
#define PRISMIQ_ENCODE_H

#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "pgtime.h"

/* encode.c: one value as JSON or as bare text */
typedef enum PrismiqEncoding
{
	PRISMIQ_ENCODE_BOOL,
	PRISMIQ_ENCODE_INT2,
	PRISMIQ_ENCODE_INT4,
	PRISMIQ_ENCODE_INT8,
	PRISMIQ_ENCODE_FLOAT4,
	PRISMIQ_ENCODE_FLOAT8,
	PRISMIQ_ENCODE_NUMERIC,
	PRISMIQ_ENCODE_DATE,
	PRISMIQ_ENCODE_TIMESTAMP,
	PRISMIQ_ENCODE_TIMESTAMPTZ,
	PRISMIQ_ENCODE_UUID,
	PRISMIQ_ENCODE_BYTEA,
	PRISMIQ_ENCODE_TEXT,		/* text, varchar, char(n) */
	PRISMIQ_ENCODE_JSON,
	PRISMIQ_ENCODE_JSONB,
	PRISMIQ_ENCODE_OUTPUT,		/* the type's output function, as a string */
	PRISMIQ_ENCODE_SERVER		/* what the server's to_json makes of it */
} PrismiqEncoding;

typedef struct PrismiqEncoder
{
	PrismiqEncoding encoding;
	bool		large_as_string;	/* a bigint, or a numeric of integers, as a string */
	FmgrInfo	convert;		/* OUTPUT: the output function; SERVER: to_json */
	pg_tz	   *zone;			/* of timestamp with time zone */

	/* the day last written, and its text */
	int32		day;
	char		day_text[16];

	/* the span of seconds in which the offset last looked up holds */
	int64		offset_from;
	int64		offset_until;
	int64		offset;			/* microseconds east of UTC */
	char		offset_text[12];
	int			offset_len;
} PrismiqEncoder;

extern void prismiq_encoder_init(PrismiqEncoder *encoder, Oid type, pg_tz *zone,
								 bool large_as_string);
extern void prismiq_encode_json(PrismiqEncoder *encoder, StringInfo buf, Datum value);
extern void prismiq_encode_text(PrismiqEncoder *encoder, StringInfo buf, Datum value);
extern void prismiq_encode_json_string(StringInfo buf, const char *text, int len);

/* encode_time.c */
extern void prismiq_encode_date(PrismiqEncoder *encoder, StringInfo buf, Datum value);
extern void prismiq_encode_timestamp(PrismiqEncoder *encoder, StringInfo buf, Datum value);
extern void prismiq_encode_timestamptz(PrismiqEncoder *encoder, StringInfo buf, Datum value);

/* Room for n more bytes; returns where they go.  The length is not changed. */
static inline char *
prismiq_reserve(StringInfo buf, int n)
{
	if (unlikely(buf->maxlen - buf->len <= n))
		enlargeStringInfo(buf, n);
	return buf->data + buf->len;
}

/* Append bytes; unlike appendBinaryStringInfo() this leaves no trailing zero. */
static inline void
prismiq_append(StringInfo buf, const char *bytes, int n)
{
	memcpy(prismiq_reserve(buf, n), bytes, n);
	buf->len += n;
}

/* Append one byte, likewise. */
static inline void
prismiq_append_char(StringInfo buf, char c)
{
	*prismiq_reserve(buf, 1) = c;
	buf->len++;
}

#endif							/* PRISMIQ_ENCODE_H */
