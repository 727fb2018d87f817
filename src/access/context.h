/*-------------------------------------------------------------------------
 *
 * context.h
 *	  One check of one definition: what every walker may read.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_CONTEXT_H
#define PRISMIQ_CONTEXT_H

#include "postgres.h"

#include "nodes/pg_list.h"
#include "pgtime.h"

#include "base/fault.h"
#include "model/config.h"
#include "model/dates.h"
#include "model/options.h"
#include "model/query.h"
#include "who/who.h"

/*
 * What the expressions of a definition, and of those inside it, take together:
 * nodes, which are all parsed and planned before anything can be interrupted,
 * and for a row of the answer work and memory as expr_sizes.c reckons them.
 */
#define PRISMIQ_MAX_EFFORT_NODES 100000
#define PRISMIQ_MAX_EFFORT_WORK 4e9
#define PRISMIQ_MAX_EFFORT_MEMORY (64.0 * 1024 * 1024)

typedef struct PrismiqEffort
{
	double		nodes;
	double		work;
	double		memory;
	bool		refused;		/* a fault says so */
} PrismiqEffort;

/* One check of one definition. */
typedef struct PrismiqCheck
{
	PrismiqQuery *query;
	PrismiqFaults *faults;
	const PrismiqQueryOptions *options;
	const PrismiqContext *who;
	const PrismiqTenantConfig *config;
	PrismiqCalendar calendar;
	const char *zone_name;
	pg_tz	   *source_zone;	/* time_series.source_timezone, or null */

	/* nested definitions */
	int			depth;			/* 0 for the outermost one */
	int		   *tables;			/* how many all of them have */
	List	   *enums;			/* labels of the types met so far, see enums.c */
	PrismiqEffort *effort;		/* what the expressions of all of them take */
	List	   *saved;			/* uuids (char *) of the saved ones around this one */
	PrismiqQuery *(*load_saved) (struct PrismiqCheck *check, const char *id,
								 const PrismiqPath *path);	/* null: not found */

	/*
	 * Called when the tables of a definition are known, those of derived tables
	 * before what is around them; may add to the query.  May be null.
	 */
	void		(*merge) (struct PrismiqCheck *check, void *arg);
	void	   *merge_arg;
} PrismiqCheck;

#endif							/* PRISMIQ_CONTEXT_H */
