/*-------------------------------------------------------------------------
 *
 * apart.h
 *	  Branches of the tree of joins that are grouped before they are joined.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_APART_H
#define PRISMIQ_APART_H

#include "postgres.h"

#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"

#include "access/context.h"
#include "model/condition.h"
#include "model/expr.h"
#include "model/joins.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"

/* How an aggregate is made from those of parts of its rows. */
typedef enum PrismiqPart
{
	PRISMIQ_PART_NONE,			/* it is not */
	PRISMIQ_PART_SAME,			/* by itself: the least of the least */
	PRISMIQ_PART_SUM,			/* a sum, of sums; cast to what it is of all rows */
	PRISMIQ_PART_COUNT,			/* a count, the sum of counts: of no rows 0 */
	PRISMIQ_PART_AVERAGE		/* a sum and a count */
} PrismiqPart;

/* A branch: the tables behind a join. */
typedef struct PrismiqBranch
{
	PrismiqJoin *join;
	PrismiqTable *top;			/* the end of the join that is in the branch */
	Bitmapset  *tables;			/* their indexes */
	List	   *filters;		/* PrismiqCondition: those of its rows */
	bool		inner;			/* rows without one of the branch are none of the answer */
	bool		whole;			/* no branch: all joined rows */
} PrismiqBranch;

/* The table that stands for it, while it is being made. */
typedef struct PrismiqGrouped
{
	PrismiqCheck *check;
	PrismiqBranch *branch;
	PrismiqTable *table;		/* derived */
	PrismiqQuery *query;		/* what that is */
	int			nkeys;
} PrismiqGrouped;

/* apart_branch.c */
extern void prismiq_branch_group(PrismiqCheck *check, PrismiqQuery *query,
								 PrismiqBranch *branch);

/* apart_filters.c */
extern Bitmapset *prismiq_add_ref_tables(Bitmapset *tables, const PrismiqColumnRef *ref);
extern Bitmapset *prismiq_condition_tables(const PrismiqCondition *condition);
extern PrismiqCondition *prismiq_branch_condition(PrismiqQuery *query,
												  const PrismiqBranch *branch);

/* apart_parts.c */
extern PrismiqPart prismiq_part_of_column(const PrismiqColumn *column);
extern PrismiqPart prismiq_part_of_expr(const PrismiqExpr *expr);
extern PrismiqColumnRef *prismiq_grouped_column(PrismiqGrouped *grouped, PrismiqColumn *column,
												const char *name);
extern PrismiqColumnRef *prismiq_grouped_key(PrismiqGrouped *grouped, PrismiqColumnRef *ref);
extern void prismiq_measure_set_apart(PrismiqGrouped *grouped, PrismiqColumn *column);

#endif							/* PRISMIQ_APART_H */
