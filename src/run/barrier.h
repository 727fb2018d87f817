/*-------------------------------------------------------------------------
 *
 * barrier.h
 *	  The tenant barrier, between its own files.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_BARRIER_H
#define PRISMIQ_BARRIER_H

#include "postgres.h"

#include "nodes/bitmapset.h"
#include "nodes/params.h"
#include "nodes/parsenodes.h"

/* A subselect around a table that carries a tenant predicate. */
typedef struct PrismiqWrapper
{
	RangeTblEntry *rte;			/* the subselect, as its parent sees it */
	RangeTblEntry *base;		/* the table, or the view opened up */
	RangeTblEntry *table;		/* the one table on whose rows the predicate is asked, or null */
	Var		   *column;			/* and its tenant column there */
} PrismiqWrapper;

/* barrier.c */
extern void prismiq_barrier_refuse(const char *what);
extern bool prismiq_is_source(const RangeTblEntry *rte);
extern bool prismiq_takes_quals(const PrismiqWrapper *wrapper);

/* loud.c */
extern Bitmapset *prismiq_loud_wrappers(Query *query, List *wrappers, ParamListInfo params);

/* silent.c */
extern bool prismiq_function_is_silent(Oid function, List *args, Oid collation,
									   ParamListInfo params);
extern bool prismiq_order_is_silent(Oid type);

#endif							/* PRISMIQ_BARRIER_H */
