/*-------------------------------------------------------------------------
 *
 * literal.c
 *	  Values as the statement is given them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/literal.h"

/* A value that will be a parameter of the statement. */
PrismiqConst *
prismiq_const_make(Oid type, Datum value)
{
	PrismiqConst *result = palloc0(sizeof(PrismiqConst));

	result->type = type;
	result->value = value;
	return result;
}
