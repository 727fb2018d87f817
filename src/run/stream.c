/*-------------------------------------------------------------------------
 *
 * stream.c
 *	  The rows of a statement one by one, as jsonb objects.
 *
 * The executor is started once and run for a batch of rows at a time, as the
 * server does for SQL functions that return sets.  There is no cursor: a
 * cursor has a name, and what has a name can be closed, or be replaced by
 * another, by a function in the calling query.  Executor state and plan belong
 * to the resource owner that was current when the stream was opened, and an
 * aborted (sub)transaction releases them with it.
 *
 * The time limit is what was left of the call that opened the stream.  Only
 * what is being read counts, not the time that the reader takes between two
 * rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/tupdesc.h"
#include "executor/execdesc.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "base/fault.h"
#include "base/notation.h"
#include "print/statement.h"
#include "run/door.h"
#include "run/plans.h"
#include "run/run.h"
#include "run/sinks.h"
#include "run/stat.h"

/* Rows in a batch: at most this many, and fewer when they are large. */
#define MAX_BATCH_ROWS 500
#define BATCH_BYTES (1024 * 1024)

struct PrismiqStream
{
	DestReceiver receiver;		/* first: the executor hands rows to it */
	const PrismiqStatement *statement;
	PrismiqRunLimits limits;
	pg_tz	   *zone;
	bool		bigint_as_string;
	MemoryContext context;		/* the stream and all that is its */
	MemoryContext batch_context;	/* rows handed out */
	MemoryContext row_context;	/* what one row needs */
	ResourceOwner owner;
	PrismiqRowBuilder *builder; /* from the first batch on */
	PrismiqKeptPlan *kept;		/* while pinned */
	CachedPlan *plan;
	QueryDesc  *desc;
	bool		too_expensive;
	bool		done;
	int64		row_count;
	PrismiqStatCall counted;	/* the call that opened it goes on with it */
	int			timeout_ms;		/* for all batches together; 0: none */
	int64		used_us;		/* of it */
	void		(*body) (void *arg);	/* what is being done */

	Datum		rows[MAX_BATCH_ROWS];
	int			nrows;
	int			next;
	int			batch_rows;
	int64		batch_bytes;
};

/* The executor starts a batch; before the first one the types become known. */
static void
stream_startup(DestReceiver *self, int operation, TupleDesc desc)
{
	PrismiqStream *stream = (PrismiqStream *) self;
	MemoryContext oldcontext;

	if (stream->builder != NULL)
		return;
	oldcontext = MemoryContextSwitchTo(stream->context);
	stream->builder = prismiq_row_builder_create(stream->statement, desc, stream->zone,
												 stream->bigint_as_string);
	MemoryContextSwitchTo(oldcontext);
}

/* One row from the executor: build its object. */
static bool
stream_receive(TupleTableSlot *slot, DestReceiver *self)
{
	PrismiqStream *stream = (PrismiqStream *) self;
	MemoryContext oldcontext;
	Jsonb	   *row;
	Jsonb	   *copy;

	prismiq_deadline_check();
	slot_getallattrs(slot);
	oldcontext = MemoryContextSwitchTo(stream->row_context);
	row = prismiq_row_build(stream->builder, slot);
	copy = MemoryContextAlloc(stream->batch_context, VARSIZE(row));
	memcpy(copy, row, VARSIZE(row));
	stream->rows[stream->nrows++] = JsonbPGetDatum(copy);
	stream->batch_bytes += VARSIZE(row);
	MemoryContextSwitchTo(oldcontext);
	MemoryContextReset(stream->row_context);
	return true;
}

/* Nothing to do after a batch. */
static void
stream_shutdown(DestReceiver *self)
{
}

/* On every way out of the guard. */
static void
stream_cleanup(void *arg)
{
	PrismiqStream *stream = (PrismiqStream *) arg;

	if (stream->kept)
		prismiq_plan_unpin(stream->kept);
	stream->kept = NULL;
}

/* Plan, and start the executor.  Under the guard. */
static void
open_body(void *arg)
{
	PrismiqStream *stream = (PrismiqStream *) arg;
	ParamListInfo params = prismiq_run_params(stream->statement);
	const char *text;
	PlannedStmt *planned;

	/* What is worth streaming is worth a plan of its own. */
	stream->kept = prismiq_plan_pin(stream->statement, CURSOR_OPT_CUSTOM_PLAN);
	text = prismiq_plan_text(stream->kept);
	stream->plan = prismiq_plan_get(stream->kept, stream->statement, params, stream->owner);
	planned = prismiq_run_planned(stream->plan, text);
	if (stream->limits.max_cost > 0 &&
		planned->planTree->total_cost > stream->limits.max_cost)
	{
		stream->too_expensive = true;
		return;
	}
	stream->desc = CreateQueryDesc(planned, pstrdup(text),
								   GetActiveSnapshot(), InvalidSnapshot,
								   &stream->receiver, params, NULL, 0);
	ExecutorStart(stream->desc, 0);
}

/* Read a batch.  Under the guard; the door has long been left. */
static void
read_body(void *arg)
{
	PrismiqStream *stream = (PrismiqStream *) arg;
	int			level = prismiq_notation_begin();

	prismiq_executor_run(stream->desc, stream->batch_rows, false);
	prismiq_notation_end(level);
}

/* End the executor.  Under the guard. */
static void
close_body(void *arg)
{
	PrismiqStream *stream = (PrismiqStream *) arg;

	if (stream->desc)
	{
		ExecutorFinish(stream->desc);
		ExecutorEnd(stream->desc);
		FreeQueryDesc(stream->desc);
	}
	stream->desc = NULL;
	if (stream->plan)
		ReleaseCachedPlan(stream->plan, stream->owner);
	stream->plan = NULL;
}

/* Do what is to be done under the guard, with the stream's resource owner. */
static void
guarded_body(void *arg)
{
	PrismiqStream *stream = (PrismiqStream *) arg;
	ResourceOwner oldowner = CurrentResourceOwner;

	PG_TRY();
	{
		CurrentResourceOwner = stream->owner;
		prismiq_guard(stream->body, stream_cleanup, stream);
	}
	PG_FINALLY();
	{
		CurrentResourceOwner = oldowner;
	}
	PG_END_TRY();
}

/* Do something within what is left of the time limit, in the stream's memory. */
static void
stream_guarded(PrismiqStream *stream, void (*body) (void *arg))
{
	MemoryContext oldcontext = MemoryContextSwitchTo(stream->context);
	int			timeout_ms = stream->timeout_ms;
	TimestampTz start = 0;

	if (timeout_ms > 0)
	{
		timeout_ms -= (int) Min(stream->used_us / 1000, timeout_ms - 1);
		start = GetCurrentTimestamp();
	}
	stream->body = body;
	prismiq_stat_enter(&stream->counted);
	PG_TRY();
	{
		prismiq_deadline(guarded_body, stream, timeout_ms);
	}
	PG_CATCH();
	{
		prismiq_stat_end(&stream->counted, geterrcode());
		PG_RE_THROW();
	}
	PG_END_TRY();
	prismiq_stat_leave(&stream->counted);
	if (start != 0)
		stream->used_us += Max(GetCurrentTimestamp() - start, 0);
	MemoryContextSwitchTo(oldcontext);
}

/* Start a statement whose rows are then fetched one by one. */
PrismiqStream *
prismiq_stream_open(const PrismiqStatement *statement, const PrismiqRunLimits *limits,
					pg_tz *zone, bool bigint_as_string)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "prismiq stream",
												  ALLOCSET_DEFAULT_SIZES);
	PrismiqStream *stream = MemoryContextAllocZero(context, sizeof(PrismiqStream));

	stream->receiver.receiveSlot = stream_receive;
	stream->receiver.rStartup = stream_startup;
	stream->receiver.rShutdown = stream_shutdown;
	stream->receiver.rDestroy = stream_shutdown;
	stream->receiver.mydest = DestNone;
	stream->statement = statement;
	stream->limits = *limits;
	stream->timeout_ms = prismiq_deadline_left();
	stream->zone = zone;
	stream->bigint_as_string = bigint_as_string;
	stream->context = context;
	stream->batch_context = AllocSetContextCreate(context, "prismiq stream batch",
												  ALLOCSET_DEFAULT_SIZES);
	stream->row_context = AllocSetContextCreate(context, "prismiq stream row",
												ALLOCSET_DEFAULT_SIZES);
	stream->owner = CurrentResourceOwner;
	stream->batch_rows = MAX_BATCH_ROWS / 10;

	stream_guarded(stream, open_body);
	if (stream->too_expensive)
	{
		prismiq_stream_close(stream);
		prismiq_run_reject_cost();
	}
	prismiq_stat_sources(statement->sources);
	prismiq_stat_take_over(&stream->counted);
	return stream;
}

/*
 * Read the next batch.  Its size follows the size of the rows, so that a batch
 * of large ones is not many times the memory of a batch of small ones.
 */
static void
read_batch(PrismiqStream *stream)
{
	if (stream->nrows > 0)
	{
		int64		row_bytes = Max(stream->batch_bytes / stream->nrows, 1);

		stream->batch_rows = Max(Min(BATCH_BYTES / row_bytes, MAX_BATCH_ROWS), 1);
	}
	MemoryContextReset(stream->batch_context);
	stream->nrows = 0;
	stream->next = 0;
	stream->batch_bytes = 0;
	stream_guarded(stream, read_body);
	if (stream->nrows < stream->batch_rows)
		stream->done = true;
}

/* The next row, or false at the end. */
bool
prismiq_stream_next(PrismiqStream *stream, Datum *row)
{
	if (stream->next >= stream->nrows)
	{
		if (stream->done)
			return false;
		read_batch(stream);
		if (stream->nrows == 0)
			return false;
	}
	if (stream->limits.max_rows > 0 && stream->row_count >= stream->limits.max_rows)
	{
		prismiq_stat_count(&stream->counted, MAKE_SQLSTATE('P', 'T', '4', '1', '3'));
		prismiq_run_reject_rows(&stream->limits);
	}
	*row = stream->rows[stream->next++];
	stream->row_count++;
	return true;
}

/* End a stream, read to its end or not, and free what is its. */
void
prismiq_stream_close(PrismiqStream *stream)
{
	stream->timeout_ms = 0;
	stream_guarded(stream, close_body);
	stream->counted.rows = stream->row_count;
	prismiq_stat_count(&stream->counted, 0);
	MemoryContextDelete(stream->context);
}
