/*-------------------------------------------------------------------------
 *
 * groups.h
 *	  The values of a column of an answer, and which of them are the rest.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_GROUPS_H
#define PRISMIQ_GROUPS_H

#include "postgres.h"

#include "base/names.h"
#include "show/show.h"

/* One value. */
typedef struct PrismiqShownGroup
{
	int			number;			/* in the order in which the rows have them */
	int64		row;			/* the first that has it */
	const char *name;			/* as text; null: rows without a value */
	Numeric		total;			/* of a measure, or the value itself; null: there is no number */
	int64		nrows;
} PrismiqShownGroup;

typedef struct PrismiqGroups
{
	int			column;			/* -1: all rows are of one group */
	int			count;
	PrismiqShownGroup *groups;
	int		   *of;				/* of each row: its group; -1: a subtotal */
	int			kept;			/* those after so many are the rest */
} PrismiqGroups;

/* How a measure of several groups is made of theirs; NONE: it cannot be. */
typedef enum PrismiqFold
{
	PRISMIQ_FOLD_NONE,
	PRISMIQ_FOLD_SUM,
	PRISMIQ_FOLD_LEAST,
	PRISMIQ_FOLD_GREATEST
} PrismiqFold;

/* groups.c */
extern void prismiq_groups_find(PrismiqGroups *groups, const PrismiqShown *shown, int column);
extern const char *prismiq_groups_label(const PrismiqShow *show, const PrismiqShown *shown,
										const PrismiqGroups *groups,
										const PrismiqShownGroup *group);
extern const char *prismiq_groups_rest(const PrismiqGroups *groups);
extern void prismiq_groups_rank(PrismiqGroups *groups, const PrismiqShown *shown, int measure,
								PrismiqFold fold, int64 most);
extern void prismiq_groups_by_value(PrismiqGroups *groups, const PrismiqShown *shown);
extern void prismiq_groups_put_last(PrismiqGroups *groups, const PrismiqShown *shown,
									const char *name);
extern PrismiqFold prismiq_fold_of(const PrismiqShown *shown, int measure);
extern void prismiq_fold(PrismiqFold fold, Numeric *result, Numeric number);
extern const PrismiqShown *prismiq_groups_ask(PrismiqShow *show, const PrismiqGroups *groups,
											  int measure, int64 most);

#endif							/* PRISMIQ_GROUPS_H */
