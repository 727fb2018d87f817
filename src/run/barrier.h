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
#include "nodes/plannodes.h"

/* A subselect around a table that carries a tenant predicate. */
typedef struct PrismiqWrapper
{
	RangeTblEntry *rte;			/* the subselect, as its parent sees it */
	RangeTblEntry *base;		/* the table, or the view opened up */
	RangeTblEntry *table;		/* the one table on whose rows the predicate is asked, or null */
	Var		   *column;			/* and its tenant column there */
	AttrNumber	tenant;			/* the tenant column of "base" */
	bool		sealed;			/* "base" itself runs something loud on rows of any tenant */
} PrismiqWrapper;

/* wrapper.c */
extern void prismiq_barrier_refuse(const char *what);
extern bool prismiq_is_relation(const RangeTblEntry *rte);
extern bool prismiq_is_source(const RangeTblEntry *rte);
extern bool prismiq_takes_quals(const PrismiqWrapper *wrapper);

/* jit.c */
extern void prismiq_jit_decide(PlannedStmt *planned);

/* loud.c */
extern Bitmapset *prismiq_loud_wrappers(Query *query, List *wrappers, ParamListInfo params);

/* silent.c */
extern bool prismiq_node_is_silent(Node *node, ParamListInfo params);

/* views.c */
extern bool prismiq_view_is_simple(const RangeTblEntry *rte);
extern bool prismiq_predicate_is_first(const Query *query, AttrNumber tenant,
									   bool security_barrier);
extern bool prismiq_is_of_one_table(const Query *query);
extern AttrNumber prismiq_column_in_from(const Query *query, AttrNumber column, int rtindex);

/* bucket_bounds.c: of statements that are not ours, conditions on buckets become some on columns */
extern bool prismiq_bucket_bounds(Query *query);

#endif							/* PRISMIQ_BARRIER_H */
