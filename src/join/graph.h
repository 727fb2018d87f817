/*-------------------------------------------------------------------------
 *
 * graph.h
 *	  Relations and the foreign keys between them, as automatic joins see them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_GRAPH_H
#define PRISMIQ_GRAPH_H

#include "postgres.h"

#include "nodes/pg_list.h"
#include "utils/hsearch.h"

#include "access/context.h"
#include "catalog/catalogs.h"
#include "model/table.h"

/* A foreign key between two stations. */
typedef struct PrismiqKeyEdge
{
	int			from;			/* station */
	int			to;
	const PrismiqForeignKey *key;
	bool		of_tenant;		/* it leads from all rows to the one that is the tenant */
} PrismiqKeyEdge;

/* A relation that can be joined: one of the query's tables, or another. */
typedef struct PrismiqStation
{
	Oid			relid;
	PrismiqTable *table;
	int			part;			/* the station that stands for its part */
	bool		grown;			/* its edges are known: */
	List	   *edges;			/* PrismiqKeyEdge; to other stations, those known so far */
	int			next;			/* of the same relation, or -1 */

	/* of the part, in the station that stands for it */
	int			distance;		/* from the joined tables; -1: not reached */
	int			paths;			/* shortest ones, counted up to 2 */
	PrismiqKeyEdge *by;			/* edge by which it was reached */
	bool		beyond_tenant;	/* by way of the tenant's own row, which nobody listed */
} PrismiqStation;

typedef struct PrismiqGraph
{
	PrismiqCheck *check;
	PrismiqStation *stations;
	int			nstations;
	int			room;			/* for so many */
	HTAB	   *by_relid;		/* the stations of each relation */
	List	   *edges;			/* PrismiqKeyEdge */
} PrismiqGraph;

extern PrismiqGraph *prismiq_graph_build(PrismiqCheck *check, bool aside);
extern void prismiq_graph_search(PrismiqGraph *graph, const PrismiqTable *goal);
extern int	prismiq_graph_station(const PrismiqGraph *graph, const PrismiqTable *table);
extern bool prismiq_graph_key_is_true(const PrismiqGraph *graph, const PrismiqTable *from,
									  const PrismiqTable *to, const PrismiqForeignKey *key);

#endif							/* PRISMIQ_GRAPH_H */
