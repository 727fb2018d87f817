/*-------------------------------------------------------------------------
 *
 * rows_json.c
 *	  The JSON answer, written while the executor runs.
 *
 * The buffer begins with room for a varlena header, so that it becomes the
 * function's result as it is.  It lives in the memory context in which the
 * sink was created.  What stands before a value (the comma; in objects the
 * key too) is made once for each column.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/tupdesc.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/fault.h"
#include "print/statement.h"
#include "run/door.h"
#include "run/encode.h"
#include "run/run.h"
#include "run/sinks.h"

/* One column of the answer. */
typedef struct JsonColumn
{
	PrismiqEncoder encoder;
	char	   *prefix;			/* what stands before its value in a row */
	int			prefix_len;
	StringInfoData cells;		/* COLUMNAR: its values, a comma before each */
} JsonColumn;

typedef struct JsonSink
{
	PrismiqSink sink;
	const PrismiqStatement *statement;
	PrismiqJsonOptions options;
	PrismiqRunLimits limits;
	StringInfo	buf;
	MemoryContext context;		/* of the sink and its buffers */
	MemoryContext row_context;	/* emptied after each row */
	int			ncolumns;
	JsonColumn *columns;
} JsonSink;

/* Append the names and types of the columns, as far as the rows. */
static void
append_head(JsonSink *json, TupleDesc desc)
{
	StringInfo	buf = json->buf;
	ListCell   *lc;
	int			i;

	appendStringInfoString(buf, "{\"columns\":[");
	foreach(lc, json->statement->outputs)
	{
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);

		if (foreach_current_index(lc) > 0)
			appendStringInfoChar(buf, ',');
		prismiq_encode_json_string(buf, output->name, strlen(output->name));
	}
	appendStringInfoString(buf, "],\"column_types\":[");
	for (i = 0; i < json->ncolumns; i++)
	{
		const char *type = format_type_be(TupleDescAttr(desc, i)->atttypid);

		if (i > 0)
			appendStringInfoChar(buf, ',');
		prismiq_encode_json_string(buf, type, strlen(type));
	}
	appendStringInfoString(buf, "],\"rows\":[");
}

/* What is the same in every row is written out here: the separator, or the name. */
static void
init_column(JsonSink *json, int i, Oid type)
{
	JsonColumn *column = &json->columns[i];
	const PrismiqOutput *output = list_nth(json->statement->outputs, i);
	StringInfoData prefix;

	prismiq_encoder_init(&column->encoder, type, json->options.zone,
						 json->options.bigint_as_string && output->large);
	initStringInfo(&prefix);
	if (json->options.format == PRISMIQ_FORMAT_OBJECTS)
	{
		appendStringInfoChar(&prefix, i == 0 ? '{' : ',');
		prismiq_encode_json_string(&prefix, output->name, strlen(output->name));
		appendStringInfoChar(&prefix, ':');
	}
	else
		appendStringInfoChar(&prefix, i == 0 ? '[' : ',');
	column->prefix = prefix.data;
	column->prefix_len = prefix.len;
	if (json->options.format == PRISMIQ_FORMAT_COLUMNAR)
		initStringInfo(&column->cells);
}

/* The executor starts: now the types are known. */
static void
json_startup(DestReceiver *self, int operation, TupleDesc desc)
{
	JsonSink   *json = (JsonSink *) self;
	MemoryContext oldcontext = MemoryContextSwitchTo(json->context);
	int			i;

	json->ncolumns = desc->natts - (json->statement->counted ? 1 : 0);
	if (json->ncolumns != list_length(json->statement->outputs))
		elog(ERROR, "statement has %d columns, not %d", json->ncolumns,
			 list_length(json->statement->outputs));
	json->columns = palloc0(sizeof(JsonColumn) * Max(json->ncolumns, 1));
	for (i = 0; i < json->ncolumns; i++)
		init_column(json, i, TupleDescAttr(desc, i)->atttypid);
	append_head(json, desc);
	MemoryContextSwitchTo(oldcontext);
}

/* Append one value, or null. */
static inline void
append_value(PrismiqEncoder *encoder, StringInfo buf, Datum value, bool isnull)
{
	if (isnull)
		prismiq_append(buf, "null", 4);
	else
		prismiq_encode_json(encoder, buf, value);
}

/* Append a row as an array or an object. */
static void
append_row(JsonSink *json, TupleTableSlot *slot)
{
	StringInfo	buf = json->buf;
	int			i;

	if (json->sink.row_count > 0)
		prismiq_append_char(buf, ',');
	if (json->ncolumns == 0)	/* the bracket is part of the first column */
		prismiq_append_char(buf, json->options.format == PRISMIQ_FORMAT_OBJECTS ? '{' : '[');
	for (i = 0; i < json->ncolumns; i++)
	{
		JsonColumn *column = &json->columns[i];

		prismiq_append(buf, column->prefix, column->prefix_len);
		append_value(&column->encoder, buf, slot->tts_values[i], slot->tts_isnull[i]);
	}
	prismiq_append_char(buf, json->options.format == PRISMIQ_FORMAT_OBJECTS ? '}' : ']');
}

/* Append a row's values to their columns; returns the size of all of them. */
static int64
append_cells(JsonSink *json, TupleTableSlot *slot)
{
	int64		size = 0;
	int			i;

	for (i = 0; i < json->ncolumns; i++)
	{
		JsonColumn *column = &json->columns[i];

		prismiq_append_char(&column->cells, json->sink.row_count > 0 ? ',' : '[');
		append_value(&column->encoder, &column->cells, slot->tts_values[i],
					 slot->tts_isnull[i]);
		size += column->cells.len;
	}
	return size;
}

/* One row from the executor; false to have no more of them. */
static bool
json_receive(TupleTableSlot *slot, DestReceiver *self)
{
	JsonSink   *json = (JsonSink *) self;
	MemoryContext oldcontext;
	int64		size;

	if (json->limits.max_rows > 0 && json->sink.row_count >= json->limits.max_rows)
	{
		json->sink.truncated = true;
		return false;
	}
	prismiq_deadline_check();
	slot_getallattrs(slot);
	if (json->statement->counted)
		json->sink.total = DatumGetInt64(slot->tts_values[json->ncolumns]);

	oldcontext = MemoryContextSwitchTo(json->row_context);
	if (json->options.format == PRISMIQ_FORMAT_COLUMNAR)
		size = append_cells(json, slot);
	else
	{
		append_row(json, slot);
		size = json->buf->len;
	}
	MemoryContextSwitchTo(oldcontext);
	MemoryContextReset(json->row_context);

	json->sink.row_count++;
	if (json->limits.max_bytes > 0 && size > json->limits.max_bytes)
		json->sink.too_large = true;
	return !json->sink.too_large;
}

/* Nothing to do after the last row: prismiq_rows_json_finish() does it. */
static void
json_shutdown(DestReceiver *self)
{
}

/* A sink that writes the JSON answer. */
PrismiqSink *
prismiq_rows_json_create(const PrismiqStatement *statement, const PrismiqJsonOptions *options,
						 const PrismiqRunLimits *limits)
{
	JsonSink   *json = palloc0(sizeof(JsonSink));

	json->sink.receiver.receiveSlot = json_receive;
	json->sink.receiver.rStartup = json_startup;
	json->sink.receiver.rShutdown = json_shutdown;
	json->sink.receiver.rDestroy = json_shutdown;
	json->sink.receiver.mydest = DestNone;
	json->sink.total = -1;
	json->statement = statement;
	json->options = *options;
	json->limits = *limits;
	json->context = CurrentMemoryContext;
	json->row_context = AllocSetContextCreate(CurrentMemoryContext, "prismiq row",
											  ALLOCSET_DEFAULT_SIZES);
	json->buf = makeStringInfo();
	prismiq_reserve(json->buf, VARHDRSZ);
	json->buf->len = VARHDRSZ;
	return &json->sink;
}

/* Close the rows and add the counts. */
StringInfo
prismiq_rows_json_finish(PrismiqSink *sink)
{
	JsonSink   *json = (JsonSink *) sink;
	StringInfo	buf = json->buf;
	int			i;

	if (json->options.format == PRISMIQ_FORMAT_COLUMNAR)
	{
		for (i = 0; i < json->ncolumns; i++)
		{
			StringInfo	cells = &json->columns[i].cells;

			if (i > 0)
				prismiq_append_char(buf, ',');
			if (cells->len == 0)
				prismiq_append_char(buf, '[');
			prismiq_append(buf, cells->data, cells->len);
			prismiq_append_char(buf, ']');
			pfree(cells->data);
		}
	}
	MemoryContextDelete(json->row_context);
	appendStringInfo(buf, "],\"row_count\":" INT64_FORMAT ",\"truncated\":%s",
					 sink->row_count, sink->truncated ? "true" : "false");
	return buf;
}
