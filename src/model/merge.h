/*-------------------------------------------------------------------------
 *
 * merge.h
 *	  A dashboard's filters, and how they join a widget's query.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_MERGE_H
#define PRISMIQ_MERGE_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/fault.h"
#include "model/condition.h"
#include "model/literal.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"

/* The root of the paths of what filters add: tells their faults from others. */
extern const char prismiq_merge_root[];

/* What a filter takes, and so on what columns it can be. */
typedef enum PrismiqFilterType
{
	PRISMIQ_FILTER_DATE_RANGE,
	PRISMIQ_FILTER_SELECT,
	PRISMIQ_FILTER_MULTI_SELECT,
	PRISMIQ_FILTER_TEXT,
	PRISMIQ_FILTER_NUMBER_RANGE,
	PRISMIQ_FILTER_SEARCH
} PrismiqFilterType;

extern const char *const prismiq_filter_types[];
extern const char *const prismiq_filter_keys[];

/* One filter of a dashboard, with the value that is in force for it. */
typedef struct PrismiqDashboardFilter
{
	const char *id;
	PrismiqFilterType type;
	const PrismiqPath *place;	/* in the document that is being saved; else null */
	const PrismiqPath *path;	/* of its value: /filters/<id> */
	const char *field;
	const char *source_timezone;	/* of a point: that the field is read in; or null */
	const char *table;			/* null: any table that has the field */
	List	   *applies_to;		/* widget ids as text; NIL: all */
	bool		restricted;		/* applies_to was given */
	const char *written;		/* the value as JSON; or null */
	List	   *known_on;		/* names of tables (schema.table) that it was on when saved */

	/* of a point that was chosen in a widget: which one, and of what column; else null */
	const char *point_of;
	const char *point_column;
	bool		nowhere;		/* it has no place in other widgets */

	/*
	 * Tests on the field, still without one: each lacks its operand.  NIL when
	 * the filter has no value and so does nothing.
	 */
	List	   *tests;			/* PrismiqCondition */
} PrismiqDashboardFilter;

/* merge.c */
extern PrismiqCondition *prismiq_filter_test(PrismiqOperator op, PrismiqLiteral *literal,
											 const PrismiqPath *path);
extern bool prismiq_filter_applies(const PrismiqDashboardFilter *filter,
								   const char *widget_id);
extern bool prismiq_filter_is_on(const PrismiqDashboardFilter *filter,
								 const PrismiqTable *table);
extern bool prismiq_filter_names_table(const PrismiqDashboardFilter *filter,
									   const PrismiqTable *table);
extern void prismiq_filter_merge(PrismiqQuery *query, const PrismiqDashboardFilter *filter,
								 const PrismiqTable *table);
extern bool prismiq_fault_is_of_filter(const PrismiqFault *fault);

#endif							/* PRISMIQ_MERGE_H */
