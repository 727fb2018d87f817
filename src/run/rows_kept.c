/*-------------------------------------------------------------------------
 *
 * rows_kept.c
 *	  Rows that are kept, for what is made of all of them: the shape of a
 *	  widget's answer.
 *
 * They are copied into the memory context in which the sink was created, and
 * are bounded as an answer is: by so many rows, and so many bytes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/tupdesc.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "base/fault.h"
#include "run/door.h"
#include "run/run.h"
#include "run/sinks.h"

typedef struct KeptSink
{
	PrismiqSink sink;
	PrismiqRunLimits limits;
	MemoryContext context;
	PrismiqKeptRows *rows;
	int64		room;			/* for so many rows */
	int64		size;			/* bytes of their values */
} KeptSink;

/* The executor starts: now the types are known. */
static void
kept_startup(DestReceiver *self, int operation, TupleDesc desc)
{
	KeptSink   *kept = (KeptSink *) self;
	MemoryContext old = MemoryContextSwitchTo(kept->context);

	kept->rows->desc = CreateTupleDescCopy(desc);
	kept->rows->ncolumns = desc->natts;
	MemoryContextSwitchTo(old);
}

/* Room for one more row. */
static PrismiqKeptRow *
next_row(KeptSink *kept)
{
	PrismiqKeptRows *rows = kept->rows;
	PrismiqKeptRow *row;

	if (rows->count == kept->room)
	{
		kept->room = Max(64, kept->room * 2);
		rows->rows = rows->rows == NULL ?
			MemoryContextAllocHuge(CurrentMemoryContext, kept->room * sizeof(PrismiqKeptRow)) :
			repalloc_huge(rows->rows, kept->room * sizeof(PrismiqKeptRow));
	}
	row = &rows->rows[rows->count++];
	row->values = palloc(sizeof(Datum) * Max(rows->ncolumns, 1));
	row->isnull = palloc(sizeof(bool) * Max(rows->ncolumns, 1));
	return row;
}

/* One row from the executor; false to have no more of them. */
static bool
kept_receive(TupleTableSlot *slot, DestReceiver *self)
{
	KeptSink   *kept = (KeptSink *) self;
	MemoryContext old;
	PrismiqKeptRow *row;
	int			i;

	if (kept->limits.max_rows > 0 && kept->sink.row_count >= kept->limits.max_rows)
	{
		kept->sink.truncated = kept->rows->truncated = true;
		return false;
	}
	prismiq_deadline_check();
	slot_getallattrs(slot);
	old = MemoryContextSwitchTo(kept->context);
	row = next_row(kept);
	for (i = 0; i < kept->rows->ncolumns; i++)
	{
		Form_pg_attribute att = TupleDescAttr(kept->rows->desc, i);

		row->isnull[i] = slot->tts_isnull[i];
		row->values[i] = (Datum) 0;
		if (slot->tts_isnull[i])
			continue;
		row->values[i] = datumCopy(slot->tts_values[i], att->attbyval, att->attlen);
		kept->size += att->attbyval ? sizeof(Datum) :
			datumGetSize(row->values[i], false, att->attlen);
	}
	MemoryContextSwitchTo(old);
	kept->sink.row_count++;
	if (kept->limits.max_bytes > 0 && kept->size > kept->limits.max_bytes)
		kept->sink.too_large = true;
	return !kept->sink.too_large;
}

/* There is nothing to end. */
static void
kept_shutdown(DestReceiver *self)
{
}

/* A sink that keeps the rows in the current memory context. */
PrismiqSink *
prismiq_rows_kept_create(PrismiqKeptRows *rows, const PrismiqRunLimits *limits)
{
	KeptSink   *kept = palloc0(sizeof(KeptSink));

	memset(rows, 0, sizeof(PrismiqKeptRows));
	kept->sink.receiver.receiveSlot = kept_receive;
	kept->sink.receiver.rStartup = kept_startup;
	kept->sink.receiver.rShutdown = kept_shutdown;
	kept->sink.receiver.rDestroy = kept_shutdown;
	kept->sink.receiver.mydest = DestNone;
	kept->limits = *limits;
	kept->context = CurrentMemoryContext;
	kept->rows = rows;
	return &kept->sink;
}
