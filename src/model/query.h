/*-------------------------------------------------------------------------
 *
 * query.h
 *	  The model of a query definition.
 *
 * Nodes are made by read/, which fills in what the definition says, and
 * annotated by check/ and the rooms below it, which add what the catalogs say:
 * the fields under "found by", with the file that does it.  print/ and compile/
 * print them and decide nothing.  A node that read/ could not make whole has null
 * where something is missing; check/ passes over it, so that all faults are found
 * in one go.
 *
 * Pure data: no header of this room knows a catalog, SPI or JSON.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_QUERY_H
#define PRISMIQ_QUERY_H

#include "postgres.h"

#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"

#include "base/names.h"
#include "model/answer.h"
#include "model/condition.h"
#include "model/joins.h"
#include "model/series.h"
#include "model/table.h"
#include "model/words.h"

typedef struct PrismiqQuery
{
	List	   *tables;			/* PrismiqTable */
	List	   *joins;			/* PrismiqJoin */
	List	   *columns;		/* PrismiqColumn */
	PrismiqCondition *filters;	/* an AND group, or null */
	PrismiqCondition *having;

	/* AND groups, or null: conditions that stand nowhere, as nobody gave their optional values */
	PrismiqCondition *left_out;
	PrismiqCondition *left_out_having;
	bool		has_group_by;
	List	   *group_by;		/* PrismiqColumnRef */
	List	   *order_by;		/* PrismiqOrder */
	int64		limit;			/* -1: none */
	int64		offset;
	PrismiqTimeSeries *time_series;
	List	   *windows;		/* PrismiqWindow of stages.h */
	PrismiqCondition *qualify;
	struct PrismiqTop *top;
	struct PrismiqPivot *pivot;
	struct PrismiqCompare *compare;
	struct PrismiqTotals *totals;
	List	   *fields;			/* PrismiqField: calculated fields, see field.h */
	PrismiqNames field_names;	/* their names */
	PrismiqFanOut fan_out;

	/*
	 * found by expr/elements.c: each row is repeated for the elements of an array; or
	 * null.  stage/read_once.c hands it to the groups that it makes
	 */
	struct PrismiqUnnest *unnest;
	/* found by expr/expr_inside.c */
	PrismiqNames inside_names;	/* fields that values inside of columns are, by what they are */

	/* found by expr/over_names.c */
	PrismiqNames window_names;	/* PrismiqWindow: as the definition calls them */

	/* found by stage/over.c */
	List	   *over;			/* PrismiqColumn: fields over windows, no longer among columns */

	/* found by join/joins.c */
	PrismiqTable *first;		/* the table that the others are joined to */

	/* found by join/join_order.c */
	List	   *join_order;		/* PrismiqJoin, each joining one more table */

	/* found by join/fan_out.c */
	List	   *row_once;			/* PrismiqRowOnce; any: the joined rows are flagged */

	/* found by join/apart.c: as they were asked for, whatever is made of them to answer it */
	PrismiqTable *asked_first;
	PrismiqCondition *asked_filters;

	/* found by join/apart_branch.c */
	bool		apart;			/* nobody wrote it: it is a branch of the joins */

	/* found by check/definition.c */
	bool		grouped;		/* there is an aggregate */

	/*
	 * found by check/definition.c out of group_by; stage/answer.c and stage/ties.c
	 * add what rows are ordered by, stage/top.c and stage/pivot.c have others
	 */
	List	   *group_extra;	/* PrismiqColumnRef: grouped by, but not in the answer */

	/* found by check/having.c */
	List	   *having_measures;	/* PrismiqColumn of having that are not in the answer */

	/* found by stage/page.c: what the caller wants of the answer */
	List	   *sort;			/* PrismiqOrder, each by an output column */
	int64		page_limit;		/* -1: none */
	int64		page_offset;

	/* found by stage/ties.c */
	List	   *ties;			/* PrismiqOrder: where rows are equal in all other orders */

	/* found by stage/answer.c */
	List	   *answer;			/* PrismiqOutput */
	PrismiqNames answer_names;	/* their names: PrismiqOutput */
	PrismiqNames answer_stems;	/* what suffixes were put to: the last one tried */
	List	   *keys;			/* PrismiqOutput: what is grouped by, extras too */

	/*
	 * found by what is computed over the grouped rows: stage/window.c,
	 * stage/totals.c, stage/compare.c, stage/pivot.c, stage/fill.c, and
	 * check/definition.c (an order of what a limit lets through)
	 */
	bool		staged;			/* there is any such */

	/* found by compile/compile_statement.c */
	bool		unordered;		/* the rows are only counted */
} PrismiqQuery;

/* Are the rows grouped by the buckets of a series? */
#define PrismiqHasBuckets(query) \
	((query)->time_series != NULL && !(query)->time_series->left_out)

/* Are the buckets of a series aggregated all at once? */
#define PrismiqIsDense(query) \
	((query)->time_series != NULL && (query)->time_series->dense != NULL)

extern bool prismiq_output_is_key(const PrismiqOutput *output);
extern bool prismiq_is_filled(const PrismiqQuery *query);
extern bool prismiq_has_over(const PrismiqQuery *query);
extern bool prismiq_having_is_here(const PrismiqQuery *query);
extern bool prismiq_having_is_kept(const PrismiqQuery *query);
extern Bitmapset *prismiq_joined_tables(const PrismiqQuery *query);
extern bool prismiq_columns_are_known(const PrismiqQuery *query);

#endif							/* PRISMIQ_QUERY_H */
