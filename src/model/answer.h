/*-------------------------------------------------------------------------
 *
 * answer.h
 *	  The columns of an answer, and its order.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_ANSWER_H
#define PRISMIQ_ANSWER_H

#include "postgres.h"

#include "base/fault.h"
#include "model/table.h"

/*
 * How a column of the answer is to be shown; each may be null.  As members of a
 * document they have the names below, in this order.
 */
typedef struct PrismiqHints
{
	const char *display_name;
	const char *description;
	const char *format;			/* a name, or */
	const char *format_object;	/* an object, as JSON text */
	const char *date_format;
	const char *unit;
} PrismiqHints;

#define PRISMIQ_HINTS 5

typedef struct PrismiqOrder
{
	const PrismiqPath *path;
	PrismiqColumnRef *ref;		/* or */
	const char *alias;
	const PrismiqPath *alias_path;
	bool		descending;
	int			nulls;			/* -1 first, 1 last, 0 as PostgreSQL does */

	/*
	 * found by stage/answer.c, of what the caller sorts by by stage/page.c, anew by
	 * stage/top.c and stage/pivot.c, of ties by stage/ties.c: an output column by its
	 * number from 1, or one of group_extra by its number from 1, or (both 0) the raw
	 * column in ref
	 */
	int			output;
	int			extra;
} PrismiqOrder;

/*
 * What an output column is for.  By its role the stages of a statement call it
 * (print/refs.c), and a front end will know what to make of it.
 */
typedef enum PrismiqRole
{
	PRISMIQ_ROLE_TIME,			/* the bucket of the series */
	PRISMIQ_ROLE_DIMENSION,		/* a column without an aggregation */
	PRISMIQ_ROLE_MEASURE,		/* one with an aggregation, or a calculated field that has one */
	PRISMIQ_ROLE_PREVIOUS,		/* of a measure: its value of the period before, */
	PRISMIQ_ROLE_CHANGE,		/* the change since, */
	PRISMIQ_ROLE_PERCENT,		/* and that in percent */
	PRISMIQ_ROLE_WINDOW,		/* computed from the rows around */
	PRISMIQ_ROLE_OVER,			/* a calculated field over windows */
	PRISMIQ_ROLE_CELL,			/* a measure for one value of the column that a pivot takes apart */
	PRISMIQ_ROLE_LEVEL,			/* how many columns are rolled up in the row */
	PRISMIQ_ROLE_EXTRA			/* grouped by, but not in the answer */
} PrismiqRole;

/*
 * An output column: the same one from the check, which makes it, to the answer.
 * Of a column of the definition it stands in PrismiqColumn, and is of no use
 * before that has been looked up.
 */
typedef struct PrismiqOutput
{
	/* found by stage/answer.c, and of a pivot's cell by stage/pivot.c */
	PrismiqRole role;
	struct PrismiqColumn *column;	/* that it is, of a dimension, measure or field over windows */
	struct PrismiqPivotCell *cell;	/* of a cell; else null */

	/* found by stage/answer.c; numbers of dimensions anew by stage/pivot.c */
	const char *name;			/* null: it could not be read, or it is not in the answer */
	int			place;			/* in the answer, from 1; 0: it is not there */
	int			number;			/* among those of its role, from 1; 0: it is the only one */

	/*
	 * found by check/measures.c, of a calculated field by expr/fields.c; of other
	 * roles by stage/answer.c, check/series.c, stage/compare.c, stage/window.c,
	 * stage/over.c, stage/totals.c, stage/pivot.c; changed by stage/top.c and stage/fill.c
	 */
	Oid			type;
	int32		typmod;
	Oid			collation;

	/* found by stage/outputs.c */
	bool		large;			/* bigint, or numeric that is made by adding up integers */

	/* found by stage/page.c, of a pivot's cell by stage/pivot.c; labels by stage/labels.c */
	PrismiqHints hints;			/* how it is to be shown */
} PrismiqOutput;

/*
 * query.c: the n-th hint, from 0, with its name, and whether it is JSON text rather
 * than a text; null when it is not given
 */
extern const char *prismiq_hint(const PrismiqHints *hints, int n, const char **name,
								bool *is_json);

#endif							/* PRISMIQ_ANSWER_H */
