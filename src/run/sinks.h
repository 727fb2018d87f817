/*-------------------------------------------------------------------------
 *
 * sinks.h
 *	  What rows are written into while the executor runs.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_SINKS_H
#define PRISMIQ_SINKS_H

#include "postgres.h"

#include "access/tupdesc.h"
#include "executor/tuptable.h"
#include "lib/stringinfo.h"
#include "pgtime.h"
#include "utils/jsonb.h"

#include "model/options.h"
#include "print/statement.h"
#include "run/run.h"

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
extern PrismiqSink *prismiq_rows_csv_create(const PrismiqStatement *statement,
											const PrismiqCsvStyle *style, char **labels,
											pg_tz *zone, const PrismiqRunLimits *limits);
extern StringInfo prismiq_rows_csv_finish(PrismiqSink *sink);
extern void prismiq_csv_append(StringInfo buf, const char *text, int len, char delimiter,
							   bool guarded);
extern bool prismiq_csv_is_harmless(Oid type);

/* rows_kept.c: rows in memory, for what is made of all of them */
typedef struct PrismiqKeptRow
{
	Datum	   *values;
	bool	   *isnull;
} PrismiqKeptRow;

typedef struct PrismiqKeptRows
{
	TupleDesc	desc;
	int			ncolumns;
	int64		count;
	bool		truncated;
	PrismiqKeptRow *rows;
} PrismiqKeptRows;

extern PrismiqSink *prismiq_rows_kept_create(PrismiqKeptRows *rows,
											 const PrismiqRunLimits *limits);

/* rows_jsonb.c: one row as a jsonb object */
typedef struct PrismiqRowBuilder PrismiqRowBuilder;

extern PrismiqRowBuilder *prismiq_row_builder_create(const PrismiqStatement *statement,
													 TupleDesc desc, pg_tz *zone,
													 bool bigint_as_string);
extern Jsonb *prismiq_row_build(PrismiqRowBuilder *builder, TupleTableSlot *slot);

#endif							/* PRISMIQ_SINKS_H */
