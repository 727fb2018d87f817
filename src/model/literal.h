/*-------------------------------------------------------------------------
 *
 * literal.h
 *	  Values as a definition writes them, and as the statement is given them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_LITERAL_H
#define PRISMIQ_LITERAL_H

#include "postgres.h"

#include "base/fault.h"

/* A JSON scalar as it was written: the text of a string, digits of a number. */
typedef enum PrismiqLiteralKind
{
	PRISMIQ_LITERAL_NULL,
	PRISMIQ_LITERAL_BOOLEAN,
	PRISMIQ_LITERAL_NUMBER,
	PRISMIQ_LITERAL_STRING
} PrismiqLiteralKind;

typedef struct PrismiqLiteral
{
	PrismiqLiteralKind kind;
	const char *text;			/* "true"/"false" for a boolean; null for null */
	const PrismiqPath *path;
} PrismiqLiteral;

/* A value that became a Datum; printed as $n::type. */
typedef struct PrismiqConst
{
	Oid			type;
	Datum		value;
	bool		isnull;
	int			number;			/* of the parameter that it was printed as last, or 0 */
} PrismiqConst;

/* literal.c */
extern PrismiqConst *prismiq_const_make(Oid type, Datum value);

#endif							/* PRISMIQ_LITERAL_H */
