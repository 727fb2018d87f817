/*-------------------------------------------------------------------------
 *
 * stage.h
 *	  What is computed over the grouped rows.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_STAGE_H
#define PRISMIQ_STAGE_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"

#include "access/context.h"
#include "base/fault.h"
#include "model/answer.h"
#include "model/condition.h"
#include "model/query.h"
#include "model/table.h"
#include "value/value.h"

/* What is moved, and how far. */
typedef struct PrismiqMoving
{
	PrismiqCheck *check;
	const PrismiqColumnRef *ref;	/* the date column */
	PrismiqOperand operand;		/* conditions on it */
	Interval   *shift;
	bool		one_day;		/* the whole range is no longer than a day */
} PrismiqMoving;

/* answer.c */
extern PrismiqOutput *prismiq_output_add(PrismiqQuery *query, PrismiqRole role,
										 const char *wanted, int number);
extern void prismiq_answer_restart(PrismiqQuery *query, const List *kept);
extern void prismiq_check_answer(PrismiqQuery *query);
extern bool prismiq_same_column(const PrismiqColumnRef *a, const PrismiqColumnRef *b);
extern void prismiq_output_missing(PrismiqCheck *check, const char *name,
								   const PrismiqPath *path, bool columns_only);
extern PrismiqOutput *prismiq_output_find(PrismiqCheck *check, const char *name,
										  const PrismiqPath *path);
extern bool prismiq_check_sortable(PrismiqCheck *check, Oid type, PrismiqCode code,
								   const PrismiqPath *path);
extern void prismiq_check_keys(PrismiqQuery *query);
extern void prismiq_check_order_by(PrismiqCheck *check);
extern void prismiq_check_order_types(PrismiqCheck *check);

/* compare.c */
extern void prismiq_check_compare_begin(PrismiqQuery *query);
extern void prismiq_check_compare(PrismiqCheck *check);

/* compare_once.c */
extern void prismiq_check_compare_once(PrismiqCheck *check);

/* dense.c */
extern bool prismiq_dense_takes(const PrismiqQuery *query);
extern bool prismiq_dense_fits(const PrismiqQuery *query);
extern void prismiq_check_dense(PrismiqCheck *check);

/* fill.c */
extern void prismiq_check_fill_begin(PrismiqCheck *check);
extern void prismiq_check_fill_end(PrismiqCheck *check);

/* labels.c */
extern void prismiq_check_labels(PrismiqQuery *query);
extern const char *prismiq_compare_words(const struct PrismiqCompare *compare);

/* moved.c */

/*
 * A value in the column's terms as a local time of the query's zone; false when
 * out of range.  A day begins at midnight, though its zone may skip that.
 */
extern bool prismiq_moved_local(const PrismiqMoving *moving, int64 value, Timestamp *local);

/* A test of the date column, moved back. */
extern PrismiqForm *prismiq_move_form(const PrismiqMoving *moving, const PrismiqForm *form);

/*
 * Note what every condition on the date column, of the answer, of a join, of a
 * measure or in an expression, is in the period before.
 */
extern void prismiq_move_conditions(const PrismiqMoving *moving);

/* over.c */
struct PrismiqField;
extern void prismiq_check_over_begin(PrismiqCheck *check);
extern int	prismiq_over_place(const PrismiqQuery *query, const struct PrismiqField *field);
extern void prismiq_check_over(PrismiqCheck *check);

/* outputs.c */
extern void prismiq_check_outputs(PrismiqQuery *query);

/* page.c */
extern void prismiq_check_page(PrismiqCheck *check);
extern void prismiq_check_hints(PrismiqCheck *check);

/* pivot.c */
extern void prismiq_check_pivot_values(PrismiqCheck *check);
extern void prismiq_check_pivot_begin(PrismiqQuery *query);
extern void prismiq_check_pivot(PrismiqCheck *check);

/* read_once.c */
extern void prismiq_check_read_once(PrismiqCheck *check);

/* same.c */
extern void prismiq_check_same(PrismiqQuery *query);

/* ties.c */
extern bool prismiq_shown_key(PrismiqQuery *query, Bitmapset **places);
extern void prismiq_check_ties(PrismiqCheck *check);

/* top.c */
extern void prismiq_check_top(PrismiqCheck *check);

/* totals.c */
extern void prismiq_check_totals_begin(PrismiqQuery *query);
extern void prismiq_check_totals(PrismiqCheck *check);
extern void prismiq_check_totals_end(PrismiqCheck *check);

/* window.c */
extern void prismiq_check_windows_begin(PrismiqQuery *query);
extern void prismiq_check_windows(PrismiqCheck *check);

#endif							/* PRISMIQ_STAGE_H */
