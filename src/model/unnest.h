/*-------------------------------------------------------------------------
 *
 * unnest.h
 *	  The model of an array that the rows are repeated for.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_UNNEST_H
#define PRISMIQ_UNNEST_H

#include "postgres.h"

#include "access/attnum.h"

#include "model/expr.h"
#include "model/ref.h"

/*
 * An array column whose elements the rows are repeated for.  A row without any is
 * there once, with null for its element and the element's number.
 */
typedef struct PrismiqUnnest
{
	const PrismiqPath *path;	/* where it is first asked for */
	PrismiqColumnRef *array;
	PrismiqExpr *element;
	PrismiqColumnRef *number;	/* tells the repetitions of a row apart */
} PrismiqUnnest;

/* The attribute numbers of references to elements: no fields and no columns have them. */
#define PRISMIQ_ELEMENT_ATTNUM ((AttrNumber) -100)
#define PRISMIQ_ELEMENT_NUMBER_ATTNUM ((AttrNumber) -99)

#endif							/* PRISMIQ_UNNEST_H */
