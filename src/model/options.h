/*-------------------------------------------------------------------------
 *
 * options.h
 *	  What comes beside a definition.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_OPTIONS_H
#define PRISMIQ_OPTIONS_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/fault.h"
#include "base/names.h"
#include "model/words.h"

/* A value given for a parameter; its type is the definition's business. */
typedef struct PrismiqGivenParam
{
	const char *name;
	bool		is_list;
	bool		is_object;		/* neither a scalar nor a list of them */
	List	   *values;			/* PrismiqLiteral; of a scalar: one */
} PrismiqGivenParam;

/* The specification of a picture that an answer is to have, by what it is drawn on. */
typedef enum PrismiqPicture
{
	PRISMIQ_PICTURE_NONE,
	PRISMIQ_PICTURE_LIGHT,
	PRISMIQ_PICTURE_DARK
} PrismiqPicture;

/* What the first line of a CSV says of its columns. */
typedef enum PrismiqCsvHeader
{
	PRISMIQ_CSV_HEADER_OWN,		/* not said: as the function has it */
	PRISMIQ_CSV_HEADER_NAME,
	PRISMIQ_CSV_HEADER_LABEL
} PrismiqCsvHeader;

/* How a CSV is written. */
typedef struct PrismiqCsvStyle
{
	char		delimiter;
	bool		raw;			/* what looks like a formula is left as it is */
	PrismiqCsvHeader header;
} PrismiqCsvStyle;

/* What comes beside a definition. */
typedef struct PrismiqQueryOptions
{
	const char *timezone;		/* options.timezone */
	const PrismiqPath *timezone_path;
	const char *dashboard_timezone;
	List	   *params;			/* PrismiqGivenParam */
	PrismiqNames param_names;	/* their names */
	bool		params_are_shared;	/* among definitions that do not all declare them */
	bool		only_looked_at; /* nothing is compiled to be run: values may be missing */
	bool		disable_aggregation;
	int64		max_rows;		/* -1: as the settings say */
	int64		timeout_ms;		/* -1: as the settings say */
	int			format;			/* 0 arrays, 1 objects, 2 columnar */
	PrismiqCsvStyle csv;
	bool		bigint_as_string;
	List	   *sort;			/* PrismiqOrder, each by an alias */
	int64		limit;			/* of the definition's answer; -1: none */
	int64		offset;
	PrismiqTotal total;			/* is total_count asked for? */
	bool		metadata;
} PrismiqQueryOptions;

#endif							/* PRISMIQ_OPTIONS_H */
