/*-------------------------------------------------------------------------
 *
 * formats.h
 *	  How a value is shown to people: the names of formats, and what may be
 *	  said beside one.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_FORMATS_H
#define PRISMIQ_FORMATS_H

#include "postgres.h"

typedef enum PrismiqFormatKind
{
	PRISMIQ_FORMAT_NONE,		/* not said: as values of the type are shown */
	PRISMIQ_FORMAT_PLAIN,
	PRISMIQ_FORMAT_NUMBER,
	PRISMIQ_FORMAT_CURRENCY,
	PRISMIQ_FORMAT_PERCENT,
	PRISMIQ_FORMAT_RATIO,
	PRISMIQ_FORMAT_COMPACT,
	PRISMIQ_FORMAT_DURATION,
	PRISMIQ_FORMAT_DURATION_MS,
	PRISMIQ_FORMAT_BYTES,
	PRISMIQ_FORMAT_DATE,
	PRISMIQ_FORMAT_DATETIME,
	PRISMIQ_FORMAT_TIME,
	PRISMIQ_FORMAT_MONTH,
	PRISMIQ_FORMAT_WEEKDAY
} PrismiqFormatKind;

/* The most decimals that a format may ask for, and the longest of its texts, in bytes. */
#define PRISMIQ_FORMAT_DECIMALS 20
#define PRISMIQ_FORMAT_TEXT 200

/* What is null is not said. */
typedef struct PrismiqFormatSpec
{
	PrismiqFormatKind kind;
	int			decimals;		/* exactly so many; -1: not said */
	const char *currency;		/* a code of ISO 4217 */
	const char *unit;			/* behind the value and a space */
	const char *prefix;
	const char *suffix;
	const char *date_format;	/* a pattern of strftime(), for dates and times */
} PrismiqFormatSpec;

/* The names, in the order of the kinds from PLAIN on; ends with null. */
extern const char *const prismiq_format_names[];

/*
 * The format of that name, and the pattern for dates and times; either may be
 * null.  False where no format has the name: the kind is NONE then.
 */
extern bool prismiq_format_named(const char *name, const char *date_format,
								 PrismiqFormatSpec *spec);

#endif							/* PRISMIQ_FORMATS_H */
