/*-------------------------------------------------------------------------
 *
 * rows_csv.c
 *	  The answer as CSV (RFC 4180), written while the executor runs.
 *
 * Lines end in CR LF, the first has the names, or the labels.  Null is an empty field, the
 * empty text a quoted one.  A cell whose text a spreadsheet would run as a
 * formula gets an apostrophe before it, unless the caller wants it raw;
 * numbers, dates, spans of time and booleans are what they seem and are left
 * as they are.  An export is never cut: more rows than allowed are an error.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "access/tupdesc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "base/fault.h"
#include "print/statement.h"
#include "run/door.h"
#include "run/encode.h"
#include "run/run.h"
#include "run/sinks.h"

typedef struct CsvColumn
{
	PrismiqEncoder encoder;
	bool		plain;			/* never holds a character that needs quotes */
	bool		guarded;		/* may look like a formula */
} CsvColumn;

typedef struct CsvSink
{
	PrismiqSink sink;
	const PrismiqStatement *statement;
	PrismiqCsvStyle style;
	char	  **labels;			/* of the columns; null: their names */
	pg_tz	   *zone;
	PrismiqRunLimits limits;
	StringInfo	buf;
	StringInfoData cell;		/* one cell, before quoting */
	MemoryContext context;		/* of the sink and its buffers */
	MemoryContext row_context;	/* emptied after each row */
	int			ncolumns;
	CsvColumn  *columns;
} CsvSink;

/* Would a spreadsheet take a cell that begins so for a formula? */
static inline bool
begins_formula(char c)
{
	return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r' || c == '\n';
}

/*
 * Append a field, quoted if need be: COPY takes a line of "\." alone for the end.
 */
void
prismiq_csv_append(StringInfo buf, const char *text, int len, char delimiter, bool guarded)
{
	bool		apostrophe = guarded && len > 0 && begins_formula(text[0]);
	bool		quoted = len == 0 || (apostrophe && delimiter == '\'') ||
		(len == 2 && text[0] == '\\' && text[1] == '.');
	int			i;

	for (i = 0; i < len && !quoted; i++)
		quoted = text[i] == '"' || text[i] == delimiter || text[i] == '\n' || text[i] == '\r';

	if (quoted)
		prismiq_append_char(buf, '"');
	if (apostrophe)
		prismiq_append_char(buf, '\'');
	if (!quoted)
	{
		prismiq_append(buf, text, len);
		return;
	}
	while (len > 0)
	{
		const char *quote = memchr(text, '"', len);
		int			part = quote ? (int) (quote - text) + 1 : len;

		prismiq_append(buf, text, part);
		if (quote)
			prismiq_append_char(buf, '"');
		text += part;
		len -= part;
	}
	prismiq_append_char(buf, '"');
}

/* Is the text of such values harmless in a spreadsheet, whatever it begins with? */
bool
prismiq_csv_is_harmless(Oid type)
{
	char		category;
	bool		preferred;

	get_type_category_preferred(type, &category, &preferred);
	return category == TYPCATEGORY_NUMERIC || category == TYPCATEGORY_DATETIME ||
		category == TYPCATEGORY_TIMESPAN || category == TYPCATEGORY_BOOLEAN;
}

/* Is the delimiter one of the characters that numbers, times and uuids are written in? */
static bool
stands_in_plain(char delimiter)
{
	return isalnum((unsigned char) delimiter) || strchr("+-.: ", delimiter) != NULL;
}

/* The executor starts: write the header row. */
static void
csv_startup(DestReceiver *self, int operation, TupleDesc desc)
{
	CsvSink    *csv = (CsvSink *) self;
	MemoryContext oldcontext = MemoryContextSwitchTo(csv->context);
	int			i;

	if (desc->natts != list_length(csv->statement->outputs))
		elog(ERROR, "statement has %d columns, not %d", desc->natts,
			 list_length(csv->statement->outputs));
	csv->ncolumns = desc->natts;
	csv->columns = palloc0(sizeof(CsvColumn) * Max(desc->natts, 1));
	for (i = 0; i < desc->natts; i++)
	{
		CsvColumn  *column = &csv->columns[i];
		const PrismiqOutput *output = list_nth(csv->statement->outputs, i);
		const char *title = csv->labels != NULL ? csv->labels[i] : output->name;
		Oid			type = getBaseType(TupleDescAttr(desc, i)->atttypid);

		prismiq_encoder_init(&column->encoder, type, csv->zone, false);
		column->plain = column->encoder.encoding <= PRISMIQ_ENCODE_UUID &&
			!stands_in_plain(csv->style.delimiter);
		column->guarded = !csv->style.raw && !prismiq_csv_is_harmless(type);
		if (i > 0)
			prismiq_append_char(csv->buf, csv->style.delimiter);
		prismiq_csv_append(csv->buf, title, strlen(title), csv->style.delimiter,
						   !csv->style.raw);
	}
	prismiq_append(csv->buf, "\r\n", 2);
	MemoryContextSwitchTo(oldcontext);
}

/* Append one value, which is not null. */
static void
append_cell(CsvSink *csv, CsvColumn *column, Datum value)
{
	if (column->plain)
	{
		prismiq_encode_text(&column->encoder, csv->buf, value);
		return;
	}
	if (column->encoder.encoding == PRISMIQ_ENCODE_TEXT)
	{
		text	   *string = DatumGetTextPP(value);

		prismiq_csv_append(csv->buf, VARDATA_ANY(string), VARSIZE_ANY_EXHDR(string),
						   csv->style.delimiter, column->guarded);
		return;
	}
	csv->cell.len = 0;
	prismiq_encode_text(&column->encoder, &csv->cell, value);
	prismiq_csv_append(csv->buf, csv->cell.data, csv->cell.len, csv->style.delimiter,
					   column->guarded);
}

/* One row from the executor; false to have no more of them. */
static bool
csv_receive(TupleTableSlot *slot, DestReceiver *self)
{
	CsvSink    *csv = (CsvSink *) self;
	MemoryContext oldcontext;
	int			i;

	if (csv->limits.max_rows > 0 && csv->sink.row_count >= csv->limits.max_rows)
	{
		csv->sink.truncated = true;
		return false;
	}
	prismiq_deadline_check();
	slot_getallattrs(slot);

	oldcontext = MemoryContextSwitchTo(csv->row_context);
	for (i = 0; i < csv->ncolumns; i++)
	{
		if (i > 0)
			prismiq_append_char(csv->buf, csv->style.delimiter);
		if (!slot->tts_isnull[i])
			append_cell(csv, &csv->columns[i], slot->tts_values[i]);
	}
	prismiq_append(csv->buf, "\r\n", 2);
	MemoryContextSwitchTo(oldcontext);
	MemoryContextReset(csv->row_context);

	csv->sink.row_count++;
	if (csv->limits.max_bytes > 0 && csv->buf->len > csv->limits.max_bytes)
		csv->sink.too_large = true;
	return !csv->sink.too_large;
}

/* Nothing to do after the last row. */
static void
csv_shutdown(DestReceiver *self)
{
}

/* A sink that writes CSV, with labels or (null) names; "zone" null is the session's. */
PrismiqSink *
prismiq_rows_csv_create(const PrismiqStatement *statement, const PrismiqCsvStyle *style,
						char **labels, pg_tz *zone, const PrismiqRunLimits *limits)
{
	CsvSink    *csv = palloc0(sizeof(CsvSink));

	csv->sink.receiver.receiveSlot = csv_receive;
	csv->sink.receiver.rStartup = csv_startup;
	csv->sink.receiver.rShutdown = csv_shutdown;
	csv->sink.receiver.rDestroy = csv_shutdown;
	csv->sink.receiver.mydest = DestNone;
	csv->sink.whole = true;
	csv->statement = statement;
	csv->style = *style;
	csv->labels = labels;
	csv->zone = zone;
	csv->limits = *limits;
	csv->context = CurrentMemoryContext;
	csv->row_context = AllocSetContextCreate(CurrentMemoryContext, "prismiq row",
											 ALLOCSET_DEFAULT_SIZES);
	initStringInfo(&csv->cell);
	csv->buf = makeStringInfo();
	prismiq_reserve(csv->buf, VARHDRSZ);
	csv->buf->len = VARHDRSZ;
	return &csv->sink;
}

/* The whole text, with its size in the header. */
StringInfo
prismiq_rows_csv_finish(PrismiqSink *sink)
{
	CsvSink    *csv = (CsvSink *) sink;

	MemoryContextDelete(csv->row_context);
	SET_VARSIZE(csv->buf->data, csv->buf->len);
	return csv->buf;
}
