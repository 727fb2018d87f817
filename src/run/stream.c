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
 * An object is built from its sorted keys directly: no text is made of it and
 * parsed again.  Only what is being read counts for the time limit, not the
 * time that the reader takes between two rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/tupdesc.h"
#include "catalog/pg_type.h"
#include "executor/execdesc.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "base/fault.h"
#include "run/run.h"

/* Rows in a batch: at most this many, and fewer when they are large. */
#define MAX_BATCH_ROWS 500
#define BATCH_BYTES (1024 * 1024)

typedef struct StreamColumn
{
	PrismiqEncoder encoder;
	FmgrInfo	to_jsonb;		/* for what is not written by hand */
	int			pair;			/* which of the sorted pairs is its */
} StreamColumn;

struct PrismiqStream
{
	DestReceiver receiver;		/* first: the executor hands rows to it */
	const PrismiqStatement *statement;
	PrismiqRunLimits limits;
	pg_tz	   *zone;
	MemoryContext context;		/* the stream and all that is its */
	MemoryContext batch_context;	/* rows handed out */
	MemoryContext row_context;	/* what one row needs */
	ResourceOwner owner;
	PrismiqKeptPlan *kept;		/* while pinned */
	CachedPlan *plan;
	QueryDesc  *desc;
	bool		too_expensive;
	bool		done;
	int64		row_count;
	int64		used_us;		/* of the time limit */

	int			ncolumns;
	StreamColumn *columns;
	JsonbPair  *pairs;			/* sorted as jsonb sorts keys */
	StringInfoData text;		/* the texts of one row's values */

	Datum		rows[MAX_BATCH_ROWS];
	int			nrows;
	int			next;
	int			batch_rows;
	int64		batch_bytes;
};

/* Order of keys inside jsonb: by length, then by bytes. */
static int
pair_compare(const void *a, const void *b)
{
	const JsonbValue *ka = &((const JsonbPair *) a)->key;
	const JsonbValue *kb = &((const JsonbPair *) b)->key;

	if (ka->val.string.len != kb->val.string.len)
		return ka->val.string.len > kb->val.string.len ? 1 : -1;
	return memcmp(ka->val.string.val, kb->val.string.val, ka->val.string.len);
}

/* Sort the keys, and tell each column its place. */
static void
init_pairs(PrismiqStream *stream)
{
	ListCell   *lc;
	int			i;

	foreach(lc, stream->statement->outputs)
	{
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);
		JsonbPair  *pair = &stream->pairs[foreach_current_index(lc)];

		pair->key.type = jbvString;
		pair->key.val.string.len = strlen(output->name);
		pair->key.val.string.val = output->name;
		pair->order = foreach_current_index(lc);
	}
	qsort(stream->pairs, stream->ncolumns, sizeof(JsonbPair), pair_compare);
	for (i = 0; i < stream->ncolumns; i++)
		stream->columns[stream->pairs[i].order].pair = i;
}

/* The executor starts a batch; before the first one the columns are made ready. */
static void
stream_startup(DestReceiver *self, int operation, TupleDesc desc)
{
	PrismiqStream *stream = (PrismiqStream *) self;
	MemoryContext oldcontext;
	int			i;

	if (stream->columns != NULL)
		return;
	if (desc->natts != list_length(stream->statement->outputs))
		elog(ERROR, "statement has %d columns, not %d", desc->natts,
			 list_length(stream->statement->outputs));

	oldcontext = MemoryContextSwitchTo(stream->context);
	stream->ncolumns = desc->natts;
	stream->pairs = palloc0(sizeof(JsonbPair) * Max(desc->natts, 1));
	stream->columns = palloc0(sizeof(StreamColumn) * Max(desc->natts, 1));
	for (i = 0; i < desc->natts; i++)
	{
		StreamColumn *column = &stream->columns[i];
		Oid			type = TupleDescAttr(desc, i)->atttypid;
		Const	   *arg = makeNullConst(type, -1, InvalidOid);

		prismiq_encoder_init(&column->encoder, type, stream->zone, false);
		fmgr_info(F_TO_JSONB, &column->to_jsonb);
		fmgr_info_set_expr((Node *) makeFuncExpr(F_TO_JSONB, JSONBOID, list_make1(arg),
												 InvalidOid, InvalidOid,
												 COERCE_EXPLICIT_CALL),
						   &column->to_jsonb);
	}
	init_pairs(stream);
	initStringInfo(&stream->text);
	MemoryContextSwitchTo(oldcontext);
}

/* The value as a jsonb number, or as a string when jsonb has no such number. */
static void
set_number(JsonbValue *result, Datum numeric, const char *not_finite)
{
	if (not_finite == NULL)
	{
		result->type = jbvNumeric;
		result->val.numeric = DatumGetNumeric(numeric);
		return;
	}
	result->type = jbvString;
	result->val.string.len = strlen(not_finite);
	result->val.string.val = unconstify(char *, not_finite);
}

/* What a float is called that is no number of JSON's; null when it is one. */
static const char *
not_finite(double value)
{
	if (isnan(value))
		return "NaN";
	if (isinf(value))
		return value > 0 ? "Infinity" : "-Infinity";
	return NULL;
}

/* A float, with the digits that are needed to tell it from others. */
static void
set_float(PrismiqEncoder *encoder, JsonbValue *result, Datum value)
{
	double		number = encoder->encoding == PRISMIQ_ENCODE_FLOAT4 ?
		(double) DatumGetFloat4(value) : DatumGetFloat8(value);
	const char *name = not_finite(number);
	StringInfoData text;
	Datum		numeric = (Datum) 0;

	if (name == NULL)
	{
		initStringInfo(&text);
		prismiq_encode_text(encoder, &text, value);
		prismiq_append_char(&text, '\0');
		numeric = DirectFunctionCall3(numeric_in, CStringGetDatum(text.data),
									  ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	}
	set_number(result, numeric, name);
}

/* A numeric, as it is. */
static void
set_numeric(JsonbValue *result, Datum value)
{
	Numeric		numeric = DatumGetNumeric(value);
	const char *name = NULL;

	if (numeric_is_nan(numeric))
		name = "NaN";
	else if (numeric_is_inf(numeric))
		name = DatumGetCString(DirectFunctionCall1(numeric_out, value));
	set_number(result, NumericGetDatum(numeric), name);
}

/* Take a jsonb value apart, as building one needs it. */
static void
set_jsonb(JsonbValue *result, Datum value)
{
	Jsonb	   *jsonb = DatumGetJsonbP(value);
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbParseState *state = NULL;
	JsonbValue	item;
	JsonbValue *whole = NULL;

	if (JB_ROOT_IS_SCALAR(jsonb))
	{
		if (!JsonbExtractScalar(&jsonb->root, result))
			elog(ERROR, "jsonb scalar without a value");
		return;
	}
	it = JsonbIteratorInit(&jsonb->root);
	while ((token = JsonbIteratorNext(&it, &item, false)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY || token == WJB_VALUE || token == WJB_ELEM)
			whole = pushJsonbValue(&state, token, &item);
		else
			whole = pushJsonbValue(&state, token, NULL);
	}
	*result = *whole;
}

/* What the server's to_jsonb makes of a value, with instants in our zone. */
static void
set_by_to_jsonb(StreamColumn *column, JsonbValue *result, Datum value)
{
	pg_tz	   *session_zone = session_timezone;
	Datum		jsonb = (Datum) 0;

	PG_TRY();
	{
		session_timezone = column->encoder.zone;
		jsonb = FunctionCall1(&column->to_jsonb, value);
	}
	PG_FINALLY();
	{
		session_timezone = session_zone;
	}
	PG_END_TRY();
	set_jsonb(result, jsonb);
}

/* A string whose text is written into the row's buffer. */
static void
set_text(StreamColumn *column, StringInfo text, JsonbValue *result, Datum value)
{
	int			start = text->len;

	prismiq_encode_text(&column->encoder, text, value);
	result->type = jbvString;
	result->val.string.len = text->len - start;
	/* The buffer may move while the row grows, so its own copy. */
	result->val.string.val = pnstrdup(text->data + start, text->len - start);
	text->len = start;
}

/* A value, which is not null, as an element of a jsonb tree. */
static void
set_value(StreamColumn *column, StringInfo text, JsonbValue *result, Datum value)
{
	struct varlena *string;

	switch (column->encoder.encoding)
	{
		case PRISMIQ_ENCODE_BOOL:
			result->type = jbvBool;
			result->val.boolean = DatumGetBool(value);
			break;
		case PRISMIQ_ENCODE_INT2:
			set_number(result, NumericGetDatum(int64_to_numeric(DatumGetInt16(value))), NULL);
			break;
		case PRISMIQ_ENCODE_INT4:
			set_number(result, NumericGetDatum(int64_to_numeric(DatumGetInt32(value))), NULL);
			break;
		case PRISMIQ_ENCODE_INT8:
			set_number(result, NumericGetDatum(int64_to_numeric(DatumGetInt64(value))), NULL);
			break;
		case PRISMIQ_ENCODE_FLOAT4:
		case PRISMIQ_ENCODE_FLOAT8:
			set_float(&column->encoder, result, value);
			break;
		case PRISMIQ_ENCODE_NUMERIC:
			set_numeric(result, value);
			break;
		case PRISMIQ_ENCODE_TEXT:
			string = PG_DETOAST_DATUM_PACKED(value);
			result->type = jbvString;
			result->val.string.len = VARSIZE_ANY_EXHDR(string);
			result->val.string.val = VARDATA_ANY(string);
			break;
		case PRISMIQ_ENCODE_JSONB:
			set_jsonb(result, value);
			break;
		case PRISMIQ_ENCODE_JSON:
		case PRISMIQ_ENCODE_SERVER:
			set_by_to_jsonb(column, result, value);
			break;
		default:
			set_text(column, text, result, value);
			break;
	}
}

/* One row from the executor: build its object. */
static bool
stream_receive(TupleTableSlot *slot, DestReceiver *self)
{
	PrismiqStream *stream = (PrismiqStream *) self;
	MemoryContext oldcontext;
	JsonbValue	object;
	Jsonb	   *row;
	int			i;

	prismiq_guard_check();
	slot_getallattrs(slot);
	oldcontext = MemoryContextSwitchTo(stream->row_context);
	for (i = 0; i < stream->ncolumns; i++)
	{
		StreamColumn *column = &stream->columns[i];
		JsonbValue *value = &stream->pairs[column->pair].value;

		if (slot->tts_isnull[i])
			value->type = jbvNull;
		else
			set_value(column, &stream->text, value, slot->tts_values[i]);
	}
	object.type = jbvObject;
	object.val.object.nPairs = stream->ncolumns;
	object.val.object.pairs = stream->pairs;
	row = JsonbValueToJsonb(&object);

	MemoryContextSwitchTo(stream->batch_context);
	stream->rows[stream->nrows++] = PointerGetDatum(memcpy(palloc(VARSIZE(row)), row,
														   VARSIZE(row)));
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
	CachedPlanSource *source;
	PlannedStmt *planned;

	stream->kept = prismiq_plan_pin(stream->statement, 0);
	source = prismiq_plan_source(stream->kept);
	stream->plan = GetCachedPlan(source, params, stream->owner, NULL);
	planned = prismiq_run_planned(stream->plan);
	if (stream->limits.max_cost > 0 &&
		planned->planTree->total_cost > stream->limits.max_cost)
	{
		stream->too_expensive = true;
		return;
	}
	stream->desc = CreateQueryDesc(planned, pstrdup(source->query_string),
								   GetActiveSnapshot(), InvalidSnapshot,
								   &stream->receiver, params, NULL, 0);
	ExecutorStart(stream->desc, 0);
}

/* Read a batch.  Under the guard. */
static void
read_body(void *arg)
{
	PrismiqStream *stream = (PrismiqStream *) arg;

	prismiq_executor_run(stream->desc, stream->batch_rows, false);
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

/* Do something under the guard with the stream's memory and resource owner. */
static void
stream_guarded(PrismiqStream *stream, void (*body) (void *arg))
{
	MemoryContext oldcontext = MemoryContextSwitchTo(stream->context);
	ResourceOwner oldowner = CurrentResourceOwner;
	int			timeout_ms = stream->limits.timeout_ms;
	TimestampTz start = 0;

	if (timeout_ms > 0)
	{
		timeout_ms -= (int) Min(stream->used_us / 1000, timeout_ms - 1);
		start = GetCurrentTimestamp();
	}
	PG_TRY();
	{
		CurrentResourceOwner = stream->owner;
		prismiq_guard(body, stream_cleanup, stream, timeout_ms);
	}
	PG_FINALLY();
	{
		CurrentResourceOwner = oldowner;
	}
	PG_END_TRY();
	if (start != 0)
		stream->used_us += Max(GetCurrentTimestamp() - start, 0);
	MemoryContextSwitchTo(oldcontext);
}

/* Start a statement whose rows are then fetched one by one. */
PrismiqStream *
prismiq_stream_open(const PrismiqStatement *statement, const PrismiqRunLimits *limits,
					pg_tz *zone)
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
	stream->zone = zone;
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
		prismiq_reject(PRISMIQ_LIMIT,
					   "The answer has more rows than prismiq.max_rows allows.",
					   "Narrow the filters, or give a limit.", "result has too many rows");
	*row = stream->rows[stream->next++];
	stream->row_count++;
	return true;
}

/* End a stream, read to its end or not, and free what is its. */
void
prismiq_stream_close(PrismiqStream *stream)
{
	stream->limits.timeout_ms = 0;
	stream_guarded(stream, close_body);
	MemoryContextDelete(stream->context);
}
