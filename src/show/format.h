/*-------------------------------------------------------------------------
 *
 * format.h
 *	  A value as people read it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_FORMAT_H
#define PRISMIQ_FORMAT_H

#include "postgres.h"

#include "pgtime.h"

#include "base/json.h"
#include "model/formats.h"

/* What the configuration says for all values; what is null is not said. */
typedef struct PrismiqFormatLocale
{
	const char *currency;		/* null: an amount without a code has no symbol */
	const char *decimal;		/* null: a point */
	const char *group;			/* null: a comma; empty: digits are not grouped */
	pg_tz	   *zone;			/* of the answer; null: the session's */
} PrismiqFormatLocale;

/*
 * format.c: the format that a name, or an object {type, decimals, currency,
 * unit, prefix, suffix, date_format}, stands for; false where it is none.  Lenient: what
 * was stored is read, whatever is wrong with it.  Its texts live as long as the tree.
 */
extern bool prismiq_format_read(const json_t *node, PrismiqFormatSpec *spec);

/*
 * The value as people read it, in the current memory context; null for null.  A
 * value that the format does not suit is shown as without one, and nothing is
 * raised.  "spec" and "locale" may be null.
 */
extern char *prismiq_format_text(const PrismiqFormatSpec *spec, Oid type, Datum value,
								 bool isnull, const PrismiqFormatLocale *locale);

/* format_number.c: null where the format is none of numbers, or the value no number */
extern char *prismiq_format_number(const PrismiqFormatSpec *spec, Oid type, Datum value,
								   const PrismiqFormatLocale *locale);

/* format_time.c: null where the value is no date or time */
extern char *prismiq_format_time(const PrismiqFormatSpec *spec, Oid type, Datum value,
								 pg_tz *zone);

#endif							/* PRISMIQ_FORMAT_H */
