/*-------------------------------------------------------------------------
 *
 * moved.h
 *	  The conditions of the period before: those of the answer, moved back.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_MOVED_H
#define PRISMIQ_MOVED_H

#include "postgres.h"

#include "check/check.h"
#include "model/expr.h"
#include "model/periods.h"

/* What is moved, and how far. */
typedef struct PrismiqMoving
{
	PrismiqCheck *check;
	const PrismiqColumnRef *ref;	/* the date column */
	PrismiqSubject subject;		/* conditions on it */
	Interval   *shift;
	bool		one_day;		/* the whole range is no longer than a day */
} PrismiqMoving;

/*
 * A value in the column's terms as a local time of the query's zone; false when
 * out of range.  A day begins at midnight, though its zone may skip that.
 */
extern bool prismiq_moved_local(const PrismiqMoving *moving, int64 value, Timestamp *local);

/* A test of the date column, moved back. */
extern PrismiqTest *prismiq_move_test(const PrismiqMoving *moving, const PrismiqTest *test);

/*
 * Note what every condition on the date column, of the answer, of a join, of a
 * measure or in an expression, is in the period before.
 */
extern void prismiq_move_conditions(const PrismiqMoving *moving);

/* constants.c: the value of an expression without columns; false where it has none. */
extern bool prismiq_expr_evaluate(const PrismiqExpr *expr, Datum *value);

#endif							/* PRISMIQ_MOVED_H */
