/*-------------------------------------------------------------------------
 *
 * run.h
 *	  Execute a compiled statement and encode its rows while it runs.
 *
 * The way of one answer: a sink is created (rows_json.c, rows_csv.c), the
 * statement is run into it (portal.c, with plans.c and guard.c), the sink is
 * finished and its buffer is the answer.  Nothing is stored in between.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_RUN_H
#define PRISMIQ_RUN_H

#include "postgres.h"

#include "executor/tuptable.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "nodes/params.h"
#include "nodes/parsenodes.h"
#include "nodes/plannodes.h"
#include "pgtime.h"
#include "tcop/dest.h"
#include "utils/jsonb.h"
#include "utils/plancache.h"

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

/* The planner's estimates and plan as text ("EXPLAIN (FORMAT JSON)"). */
extern char *prismiq_run_explain(const PrismiqStatement *statement, double *rows, double *cost);

/*
 * barrier.c: plans of our own statements, in which nothing runs on a row before
 * its tenant predicate.  No other way leads to a plan.
 */
extern void prismiq_barrier_init(void);
extern CachedPlan *prismiq_barrier_cached_plan(CachedPlanSource *source,
											   const PrismiqStatement *statement,
											   ParamListInfo params, ResourceOwner owner,
											   int *seen);
extern PlannedStmt *prismiq_barrier_plan(Query *query, const PrismiqStatement *statement,
										 int cursor_options, ParamListInfo params);

/* estimate.c: the rows that the planner expects; false when it cannot tell. */
extern bool prismiq_run_estimate(PrismiqStatement *(*make) (void *arg), void *arg, double *rows);

/* What portal.c, stream.c and estimate.c have in common */
extern ParamListInfo prismiq_run_params(const PrismiqStatement *statement);
extern PlannedStmt *prismiq_run_planned(CachedPlan *plan, const char *sql);
extern void prismiq_run_reject_cost(void) __attribute__((noreturn));
extern void prismiq_run_reject_rows(const PrismiqRunLimits *limits) __attribute__((noreturn));

/*
 * stream.c: the rows one by one, as jsonb objects, in memory that does not
 * grow with their number.  A stream lives in the memory context that is
 * current when it is opened, and for as long as the executor node that called
 * for it, and so must the statement; close it there (an ExprContext callback
 * when it is not read to the end).  After an error it is not closed but forgotten.  More rows than
 * max_rows are an error (PT413), for a stream cannot say that it was cut;
 * max_bytes does not apply.  The rest: see PrismiqJsonOptions.
 */
typedef struct PrismiqStream PrismiqStream;

extern PrismiqStream *prismiq_stream_open(const PrismiqStatement *statement,
										  const PrismiqRunLimits *limits, pg_tz *zone,
										  bool bigint_as_string);

/* False at the end.  The row is valid until the next call. */
extern bool prismiq_stream_next(PrismiqStream *stream, Datum *row);
extern void prismiq_stream_close(PrismiqStream *stream);

/* rows_jsonb.c: one row as a jsonb object */
typedef struct PrismiqRowBuilder PrismiqRowBuilder;

extern PrismiqRowBuilder *prismiq_row_builder_create(const PrismiqStatement *statement,
													 TupleDesc desc, pg_tz *zone,
													 bool bigint_as_string);
extern Jsonb *prismiq_row_build(PrismiqRowBuilder *builder, TupleTableSlot *slot);

/*
 * deadline.c: the time limit of one call.  Every function that takes a
 * definition or answers from tables goes in by prismiq_deadline_call().
 */
#define PRISMIQ_TIMEOUT_MESSAGE "canceling query due to prismiq.query_timeout"
#define PRISMIQ_TIMEOUT_HINT "Narrow the range or the filters of the query."

extern void prismiq_deadline(void (*body) (void *arg), void *arg, int timeout_ms);
extern void prismiq_deadline_lower(int64 timeout_ms);
extern int	prismiq_deadline_left(void);
extern void prismiq_deadline_check(void);
extern bool prismiq_deadline_settle(void);

/*
 * guard.c: every call of the executor or the planner goes through here.  An
 * error in "body" is raised again as one that tells nothing, and "cleanup"
 * (may be null; must not raise) runs on every way out.
 */
extern void prismiq_guard_door(MemoryContext caller);
extern void prismiq_guard(void (*body) (void *arg), void (*cleanup) (void *arg), void *arg);

/* Is an error not to be caught in a subtransaction and passed over? */
extern bool prismiq_error_must_pass(const ErrorData *edata);

/* door.c: what the functions of SQL come in by */
extern Datum prismiq_deadline_call(PGFunction function, FunctionCallInfo fcinfo);

/*
 * plans.c: kept plans.  A plan is pinned while it is planned or run, and is
 * not dropped meanwhile.
 */
typedef struct PrismiqKeptPlan PrismiqKeptPlan;

extern PrismiqKeptPlan *prismiq_plan_pin(const PrismiqStatement *statement,
										 int cursor_options);
extern void prismiq_plan_unpin(PrismiqKeptPlan *kept);
extern CachedPlan *prismiq_plan_get(PrismiqKeptPlan *kept, const PrismiqStatement *statement,
									ParamListInfo params, ResourceOwner owner);
extern const char *prismiq_plan_text(const PrismiqKeptPlan *kept);
extern void prismiq_plan_note(PrismiqKeptPlan *kept, const CachedPlan *plan, int64 planning,
							  int64 running);

/* encode.c: one value as JSON or as bare text */
typedef enum PrismiqEncoding
{
	PRISMIQ_ENCODE_BOOL,
	PRISMIQ_ENCODE_INT2,
	PRISMIQ_ENCODE_INT4,
	PRISMIQ_ENCODE_INT8,
	PRISMIQ_ENCODE_FLOAT4,
	PRISMIQ_ENCODE_FLOAT8,
	PRISMIQ_ENCODE_NUMERIC,
	PRISMIQ_ENCODE_DATE,
	PRISMIQ_ENCODE_TIMESTAMP,
	PRISMIQ_ENCODE_TIMESTAMPTZ,
	PRISMIQ_ENCODE_UUID,
	PRISMIQ_ENCODE_BYTEA,
	PRISMIQ_ENCODE_TEXT,		/* text, varchar, char(n) */
	PRISMIQ_ENCODE_JSON,
	PRISMIQ_ENCODE_JSONB,
	PRISMIQ_ENCODE_OUTPUT,		/* the type's output function, as a string */
	PRISMIQ_ENCODE_SERVER		/* what the server's to_json makes of it */
} PrismiqEncoding;

typedef struct PrismiqEncoder
{
	PrismiqEncoding encoding;
	bool		large_as_string;	/* a bigint, or a numeric of integers, as a string */
	FmgrInfo	convert;		/* OUTPUT: the output function; SERVER: to_json */
	pg_tz	   *zone;			/* of timestamp with time zone */

	/* the day last written, and its text */
	int32		day;
	char		day_text[16];

	/* the span of seconds in which the offset last looked up holds */
	int64		offset_from;
	int64		offset_until;
	int64		offset;			/* microseconds east of UTC */
	char		offset_text[12];
	int			offset_len;
} PrismiqEncoder;

extern void prismiq_encoder_init(PrismiqEncoder *encoder, Oid type, pg_tz *zone,
								 bool large_as_string);
extern void prismiq_encode_json(PrismiqEncoder *encoder, StringInfo buf, Datum value);
extern void prismiq_encode_text(PrismiqEncoder *encoder, StringInfo buf, Datum value);
extern void prismiq_encode_json_string(StringInfo buf, const char *text, int len);

/* encode_time.c */
extern void prismiq_encode_date(PrismiqEncoder *encoder, StringInfo buf, Datum value);
extern void prismiq_encode_timestamp(PrismiqEncoder *encoder, StringInfo buf, Datum value);
extern void prismiq_encode_timestamptz(PrismiqEncoder *encoder, StringInfo buf, Datum value);

/* Room for n more bytes; returns where they go.  The length is not changed. */
static inline char *
prismiq_reserve(StringInfo buf, int n)
{
	if (unlikely(buf->maxlen - buf->len <= n))
		enlargeStringInfo(buf, n);
	return buf->data + buf->len;
}

/* Append bytes; unlike appendBinaryStringInfo() this leaves no trailing zero. */
static inline void
prismiq_append(StringInfo buf, const char *bytes, int n)
{
	memcpy(prismiq_reserve(buf, n), bytes, n);
	buf->len += n;
}

/* Append one byte, likewise. */
static inline void
prismiq_append_char(StringInfo buf, char c)
{
	*prismiq_reserve(buf, 1) = c;
	buf->len++;
}

/*
 * rows_json.c: the sink writes "columns", "column_types", "rows", "row_count"
 * and "truncated" of the answer (everything up to where the caller appends the
 * rest) into a buffer that starts with room for a varlena header.
 */
typedef enum PrismiqFormat
{
	PRISMIQ_FORMAT_ARRAYS,
	PRISMIQ_FORMAT_OBJECTS,
	PRISMIQ_FORMAT_COLUMNAR
} PrismiqFormat;

typedef struct PrismiqJsonOptions
{
	PrismiqFormat format;
	bool		bigint_as_string;	/* "large" columns (see PrismiqOutput) are strings */
	pg_tz	   *zone;			/* in which instants are written; null: the session's */
} PrismiqJsonOptions;

extern PrismiqSink *prismiq_rows_json_create(const PrismiqStatement *statement,
											 const PrismiqJsonOptions *options,
											 const PrismiqRunLimits *limits);

/*
 * Close "rows", add the counts; the buffer is then open for more members: the
 * caller appends ", ..." and the closing brace, and sets the varlena size.
 */
extern StringInfo prismiq_rows_json_finish(PrismiqSink *sink);

/*
 * rows_csv.c: RFC 4180 with a header row; the buffer again starts with room
 * for a varlena header, and is complete.
 */
extern PrismiqSink *prismiq_rows_csv_create(const PrismiqStatement *statement, bool raw,
											pg_tz *zone, const PrismiqRunLimits *limits);
extern StringInfo prismiq_rows_csv_finish(PrismiqSink *sink);

#endif							/* PRISMIQ_RUN_H */
