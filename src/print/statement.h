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

#include "access/attnum.h"
#include "nodes/pg_list.h"

#include "model/answer.h"

typedef struct PrismiqParam
{
	Oid			type;
	Datum		value;
	bool		isnull;
} PrismiqParam;

/* One appearance of a table that was exposed, and the tenant predicate there. */
typedef struct PrismiqSource
{
	Oid			relid;
	AttrNumber	tenant_attnum;	/* 0: none, the tenant may see all rows */
	Oid			tenant_eq;		/* the operator ... */
	int			tenant_param;	/* ... and the parameter that it is compared with */
} PrismiqSource;

typedef struct PrismiqStatement
{
	char	   *sql;			/* parameters are $1, $2, ... */
	uint32		hash;			/* of the text */
	int			nparams;
	PrismiqParam *params;

	/* What the text means, for the barrier to hold it against what PostgreSQL found. */
	List	   *sources;		/* PrismiqSource *, one for each time a table is named */
	List	   *operators;		/* OIDs, all that are in the text */
	List	   *functions;		/* OIDs, but those of our own and of fixed text in pg_catalog */
	Oid			home;			/* schema of our own functions and tables */

	bool		dense;			/* a series is aggregated with all its buckets at once */

	const Oid  *result_types;	/* of the columns, where it reads our own tables; or null */
	const List *outputs;		/* PrismiqOutput *, the query's own, in order */
	bool		counted;		/* a column more says how many rows there are in all */
	List	   *tables;			/* qualified names as text, char * */
	char	   *bucket;			/* width of the time bucket as text, or null */
	List	   *warnings;		/* PrismiqFault * */
} PrismiqStatement;

#endif							/* PRISMIQ_STATEMENT_H */
