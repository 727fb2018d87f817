/*-------------------------------------------------------------------------
 *
 * pipeline_compiled.h
 *	  Definitions that were compiled before.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_PIPELINE_COMPILED_H
#define PRISMIQ_PIPELINE_COMPILED_H

#include "postgres.h"

#include "utils/jsonb.h"

#include "base/settings.h"
#include "model/now.h"
#include "pipeline.h"

/* What of a session decides what a definition is compiled to; zeros where there is padding. */
typedef struct PrismiqSeen
{
	Oid			role;
	Oid			tables;
	PrismiqSettingsSeen settings;
	int			quote_all;		/* quote_all_identifiers */
	int			row_security;
	int			has_filters;
	Size		hash_memory;
	pg_tz	   *zone;			/* the session's */
} PrismiqSeen;

/* The bytes of what was asked and of what it was asked under, piece by piece. */
#define PRISMIQ_ASKED_PIECES 7

typedef struct PrismiqPiece
{
	const void *data;
	Size		length;
} PrismiqPiece;

/* A definition that is about to be compiled, or has been found. */
typedef struct PrismiqCompiling
{
	const PrismiqAsked *asked;
	bool		remember;		/* nothing speaks against it so far */
	PrismiqSeen seen;
	PrismiqPiece pieces[PRISMIQ_ASKED_PIECES];
	uint32		hash;
	uint64		generation;
	MemoryContext memory;		/* to compile in */
	PrismiqHolds holds;			/* of what is made of "now" */
} PrismiqCompiling;

/* True: it was compiled before, and is in "pipeline".  Else it is to be compiled. */
extern bool prismiq_compiled_find(PrismiqCompiling *compiling, const PrismiqAsked *asked,
								  PrismiqPipeline *pipeline);

/* It has been compiled, in memory of "compiling": remember it if that can be. */
extern void prismiq_compiled_keep(PrismiqCompiling *compiling, PrismiqPipeline *pipeline,
								  const List *placed);

#endif							/* PRISMIQ_PIPELINE_COMPILED_H */
