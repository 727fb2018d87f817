/*-------------------------------------------------------------------------
 *
 * run.h
 *	  Execute a compiled statement and encode its rows while it runs.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_RUN_H
#define PRISMIQ_RUN_H

#include "postgres.h"

#include "executor/tuptable.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "tcop/dest.h"

#include "compile/statement.h"

typedef enum PrismiqFormat
{
	PRISMIQ_FORMAT_ARRAYS,
	PRISMIQ_FORMAT_OBJECTS,
	PRISMIQ_FORMAT_COLUMNAR
} PrismiqFormat;

/* Limits of one run; prismiq_run_limits() fills in what the settings say. */
typedef struct PrismiqRunLimits
{
	int64		max_rows;		/* rows after this many are cut, or refused by CSV */
	int64		max_bytes;		/* of the encoded answer */
	int			timeout_ms;		/* 0: none */
	double		max_cost;		/* 0: none */
} PrismiqRunLimits;

/* A destination that counts and cuts; the first member is PostgreSQL's. */
typedef struct PrismiqSink
{
	DestReceiver receiver;
	int64		row_count;
	bool		truncated;
} PrismiqSink;

/* portal.c */
extern void prismiq_run_init(void);
extern void prismiq_run_limits(PrismiqRunLimits *limits);
extern void prismiq_run(const PrismiqStatement *statement, const PrismiqRunLimits *limits,
						PrismiqSink *sink);

/* One row of one statement (helper queries); false when there is none. */
extern bool prismiq_run_one(const PrismiqStatement *statement, Datum *values, bool *isnull);

/* The planner's estimates and plan as text ("EXPLAIN (FORMAT JSON)"). */
extern char *prismiq_run_explain(const PrismiqStatement *statement, double *rows, double *cost);

/*
 * rows_json.c: the sink writes "columns", "column_types", "rows", "row_count"
 * and "truncated" of the answer (everything up to where the caller appends the
 * rest) into a buffer that starts with room for a varlena header.
 */
typedef struct PrismiqJsonOptions
{
	PrismiqFormat format;
	bool		bigint_as_string;
} PrismiqJsonOptions;

extern PrismiqSink *prismiq_rows_json_create(const PrismiqStatement *statement,
											 const PrismiqJsonOptions *options,
											 const PrismiqRunLimits *limits);
/* Close "rows", add the counts; the buffer is then open for more members. */
extern StringInfo prismiq_rows_json_finish(PrismiqSink *sink);

/* One row as a JSON object, for prismiq_query_rows. */
extern void prismiq_row_object_append(StringInfo buf, TupleTableSlot *slot, void **state,
									  const PrismiqStatement *statement);

/* rows_csv.c: RFC 4180, header row; the whole text as a varlena. */
extern PrismiqSink *prismiq_rows_csv_create(const PrismiqStatement *statement, bool raw,
											const PrismiqRunLimits *limits);
extern StringInfo prismiq_rows_csv_finish(PrismiqSink *sink);

#endif							/* PRISMIQ_RUN_H */
