/*-------------------------------------------------------------------------
 *
 * run.h
 *	  Execute a compiled statement and encode its rows while it runs.
 *
 * The way of one answer: a sink is created (sinks.h), the statement is run into
 * it (portal.c, with plans.h and door.h), the sink is finished and its buffer is
 * the answer.  Nothing is stored in between.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_RUN_H
#define PRISMIQ_RUN_H

#include "postgres.h"

#include "pgtime.h"
#include "tcop/dest.h"

#include "catalog/catalogs.h"
#include "print/statement.h"

/* Limits of one run; prismiq_run_limits() fills in what the settings say. */
typedef struct PrismiqRunLimits
{
	int64		max_rows;		/* rows after this many are cut or refused; 0: none */
	const char *rows_setting;	/* what says so */
	int64		max_bytes;		/* of the encoded answer; 0: none */
	double		max_cost;		/* 0: none */
} PrismiqRunLimits;

/*
 * A destination that counts and cuts; the first member is PostgreSQL's.  What
 * it refuses it notes here, and prismiq_run() raises it once the executor is
 * done.
 */
typedef struct PrismiqSink
{
	DestReceiver receiver;
	int64		row_count;
	int64		total;			/* of JSON: as a row of a counted statement says; -1: none did */
	bool		truncated;		/* there were more rows than max_rows */
	bool		whole;			/* a truncated answer is an error (CSV) */
	bool		too_large;		/* the answer grew past max_bytes */
} PrismiqSink;

/* portal.c: plan, execute, limits */
extern void prismiq_run_limits(PrismiqRunLimits *limits);
extern void prismiq_run(const PrismiqStatement *statement, const PrismiqRunLimits *limits,
						PrismiqSink *sink);

/*
 * The first row of one statement (helper queries); false when there is none.
 * "limits" may be null: what the settings say.
 * "values" and "isnull" have room for all its columns; the values are copied
 * into the caller's memory context.
 */
extern bool prismiq_run_one(const PrismiqStatement *statement, const PrismiqRunLimits *limits,
							Datum *values, bool *isnull);

/*
 * call.c: a function of the application's, of one argument; the result is 0 where it
 * is null.  False when the caller may not execute it.
 */
extern bool prismiq_run_function(const PrismiqFunction *function, Datum argument,
								 Datum *result);

/* The planner's estimates and plan as text ("EXPLAIN (FORMAT JSON)"). */
extern char *prismiq_run_explain(const PrismiqStatement *statement, double *rows, double *cost);

/* estimate.c: the rows that the planner expects; false when it cannot tell. */
extern bool prismiq_run_estimate(PrismiqStatement *(*make) (void *arg), void *arg, double *rows);

/*
 * stream.c: the rows one by one, as jsonb objects, in memory that does not
 * grow with their number.  A stream lives in the memory context that is
 * current when it is opened, and for as long as the executor node that called
 * for it, and so must the statement; close it there (an ExprContext callback
 * when it is not read to the end).  After an error it is not closed but forgotten.  More rows than
 * max_rows are an error (PT413), because a stream cannot say that it was cut;
 * max_bytes does not apply.  The rest: see PrismiqJsonOptions.
 */
typedef struct PrismiqStream PrismiqStream;

extern PrismiqStream *prismiq_stream_open(const PrismiqStatement *statement,
										  const PrismiqRunLimits *limits, pg_tz *zone,
										  bool bigint_as_string);

/* False at the end.  The row is valid until the next call. */
extern bool prismiq_stream_next(PrismiqStream *stream, Datum *row);
extern void prismiq_stream_close(PrismiqStream *stream);

#endif							/* PRISMIQ_RUN_H */
