/*-------------------------------------------------------------------------
 *
 * same.h
 *	  How groups are told to be the same.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_SAME_H
#define PRISMIQ_SAME_H

#include "postgres.h"

#include "model/literal.h"

/*
 * How two values of a group column are told to be the same, where two nulls are.
 * PostgreSQL neither hashes nor merges IS NOT DISTINCT FROM.
 */
typedef enum PrismiqSameKind
{
	PRISMIQ_SAME_PLAIN,			/* a = b: there are no nulls */
	PRISMIQ_SAME_ARRAYS,		/* ARRAY[a] = ARRAY[b]: in arrays nulls are equal, and it hashes */
	PRISMIQ_SAME_FILLED,		/* nulls are replaced by a value and told apart by IS NULL */
	PRISMIQ_SAME_OR_NULL		/* a = b OR a IS NULL AND b IS NULL */
} PrismiqSameKind;

typedef struct PrismiqSame
{
	PrismiqSameKind kind;
	Oid			operator;
	Oid			cast_type;		/* the elements of arrays are cast to it; or invalid */
	PrismiqConst *instead;		/* of nulls, when they are filled */
} PrismiqSame;

#endif							/* PRISMIQ_SAME_H */
