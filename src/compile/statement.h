/*-------------------------------------------------------------------------
 *
 * statement.h
 *	  What the compiler hands to the runner: one SQL statement, its typed
 *	  parameters, and what is known of its output columns.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_STATEMENT_H
#define PRISMIQ_STATEMENT_H

#include "postgres.h"

#include "nodes/pg_list.h"

typedef struct PrismiqParam
{
	Oid			type;
	Datum		value;
	bool		isnull;
} PrismiqParam;

/* One column of the answer. */
typedef struct PrismiqOutput
{
	char	   *name;
	Oid			type;
	int32		typmod;
	char	   *hints;			/* column metadata: text of a JSON object, or null */
} PrismiqOutput;

typedef struct PrismiqStatement
{
	char	   *sql;			/* parameters are $1, $2, ... */
	int			nparams;
	PrismiqParam *params;
	List	   *outputs;		/* PrismiqOutput *, in order */
	List	   *tables;			/* qualified names as text, char * */
	char	   *bucket;			/* width of the time bucket as text, or null */
	List	   *warnings;		/* PrismiqFault * */
} PrismiqStatement;

#endif							/* PRISMIQ_STATEMENT_H */
