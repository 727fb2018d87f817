/*-------------------------------------------------------------------------
 *
 * pipeline_point.h
 *	  A point of a widget's answer, as conditions on what its columns were made from.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_PIPELINE_POINT_H
#define PRISMIQ_PIPELINE_POINT_H

#include "postgres.h"

#include "base/json.h"
#include "model/literal.h"
#include "model/ref.h"
#include "model/words.h"
#include "pipeline.h"

/* One condition: a column is equal to a value, null, or on one side of a bound. */
typedef struct PrismiqPointTest
{
	const char *name;			/* the column of the answer */
	const PrismiqColumnRef *ref;
	PrismiqOperator op;
	PrismiqLiteral *literal;	/* null for null */
} PrismiqPointTest;

typedef struct PrismiqPoint
{
	PrismiqPipeline *pipeline;	/* the widget's query, prepared */
	const char *argument;		/* that the point came in */
	List	   *tests;			/* PrismiqPointTest */
	const char *name;			/* of the column at hand */
} PrismiqPoint;

/*
 * Of the options of a call those by which the answer is read that the point is of: its
 * zone, and its params, without which it may be no answer at all.
 */
extern Jsonb *prismiq_point_options(Jsonb *options);

/* Add what {column of the answer: value as answered} says of the rows. */
extern void prismiq_point_read(PrismiqPoint *point, const json_t *node);

/* Add one end of a range: an instant or a date in microseconds. */
extern void prismiq_point_bound(PrismiqPoint *point, const PrismiqColumnRef *ref,
								PrismiqOperator op, Oid type, int64 bound);

/* Say in which zone a column's local times are read, if it is said, and nothing of its rows. */
extern void prismiq_point_zone(PrismiqPoint *point, const PrismiqColumnRef *ref);

/* The zone that local times are read in, if any, as a member of what names their column. */
extern void prismiq_point_write_zone(StringInfo buf, pg_tz *source_zone);
/* The members that name a column, as a definition has them. */
extern void prismiq_point_write_ref(StringInfo buf, const PrismiqColumnRef *ref);

/* The conditions as a definition has them: an array. */
extern char *prismiq_point_written(const PrismiqPoint *point);

#endif							/* PRISMIQ_PIPELINE_POINT_H */
