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

#include "base/fault.h"
#include "base/names.h"
#include "model/config.h"
#include "model/dates.h"
#include "model/options.h"
#include "model/query.h"
#include "model/table.h"
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

/*
 * What a check has to know from the database before it goes on.  A pass leaves
 * the question and is run again when it has been answered; only the check of
 * the outermost definition asks.
 */
typedef enum PrismiqQuestionKind
{
	PRISMIQ_QUESTION_NONE,
	PRISMIQ_QUESTION_SAVED,		/* the saved query that a table is */
	PRISMIQ_QUESTION_MEASURE,	/* the measure of the model that a column names */
	PRISMIQ_QUESTION_BOUNDS,	/* least and greatest value of the series' column */
	PRISMIQ_QUESTION_PIVOT		/* the values that a pivot makes columns of */
} PrismiqQuestionKind;

typedef struct PrismiqQuestion
{
	PrismiqQuestionKind kind;
	PrismiqTable *table;		/* saved: whose definition it is */
	const PrismiqPath *path;	/* and where it stands */
	int			depth;			/* of the definition that the table is of */
	struct PrismiqColumn *measure;	/* measure: to be made what the model says */

	bool		answered;
	bool		found;			/* else there are no rows, or no such saved query */
	Datum		values[2];		/* bounds: both; pivot: an array */
	PrismiqQuery *query;		/* saved: as it was read, or null after a fault */
} PrismiqQuestion;

/* A dashboard's filters, to be placed on a widget's definition. */
typedef struct PrismiqPlacing
{
	List	   *filters;		/* PrismiqDashboardFilter */
	const char *widget_id;
	bool		saving;			/* those without a value are looked at too */

	/* of the widget at hand */
	List	   *placed;			/* those that have found their place, */
	List	   *places;			/* and on which table (schema.table; null: a derived one) */
} PrismiqPlacing;

/* One check of one definition. */
typedef struct PrismiqCheck
{
	PrismiqQuery *query;
	PrismiqFaults *faults;
	const PrismiqQueryOptions *options;
	const PrismiqContext *who;
	Oid			own_schema;		/* of our own tables: saved queries, configuration */
	const PrismiqTenantConfig *config;	/* the tenant's, unless it is given */
	PrismiqCalendar calendar;
	const char *zone_name;
	PrismiqNames source_zones;	/* columns: PrismiqColumnRef, which says the zone of its times */

	/* nested definitions */
	int			depth;			/* 0 for the outermost one */
	int		   *tables;			/* how many all of them have */
	List	   *enums;			/* labels of the types met so far, see enums.c */
	PrismiqEffort *effort;		/* what the expressions of all of them take */
	PrismiqPlacing *placing;	/* null: there are no filters to place */

	int			pass;			/* the next one, of definition.c's list */
	PrismiqQuestion question;
} PrismiqCheck;

/*
 * May a pass ask what only the rows know?  Not for a definition inside another,
 * nor where nothing is run: then it stays unknown.
 */
static inline bool
prismiq_check_asks(const PrismiqCheck *check)
{
	return check->depth == 0 && !check->options->only_looked_at;
}

#endif							/* PRISMIQ_CONTEXT_H */
