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
	const char *format;
	const char *date_format;
} PrismiqHints;

#define PRISMIQ_HINTS 4

typedef struct PrismiqOrder
{
	const PrismiqPath *path;
	PrismiqColumnRef *ref;		/* or */
	const char *alias;
	const PrismiqPath *alias_path;
	bool		descending;
	int			nulls;			/* -1 first, 1 last, 0 as PostgreSQL does */

	/*
	 * found: an output column by its number from 1, or one of group_extra by its
	 * number from 1, or (both 0) the raw column in ref
	 */
	int			output;
	int			extra;
} PrismiqOrder;

/* What a column of the answer is. */
typedef enum PrismiqAnswerKind
{
	PRISMIQ_ANSWER_BUCKET,
	PRISMIQ_ANSWER_COLUMN,
	PRISMIQ_ANSWER_EXTRA,		/* grouped by, but not in the answer */
	PRISMIQ_ANSWER_WINDOW,
	PRISMIQ_ANSWER_COMPARISON,
	PRISMIQ_ANSWER_LEVEL,
	PRISMIQ_ANSWER_PIVOT
} PrismiqAnswerKind;

/*
 * A column of the answer, in order; made by stage/.  The stages of a statement
 * call it by prefix and number (b, d1, m2).
 */
typedef struct PrismiqAnswer
{
	PrismiqAnswerKind kind;
	const char *name;			/* null: it could not be read */
	int			place;			/* in the answer, from 1 */
	const char *prefix;
	int			number;			/* 0: the prefix alone */
	struct PrismiqColumn *column;		/* of kind column */
	struct PrismiqPivotCell *cell;	/* of kind pivot */
	Oid			type;
	int32		typmod;
	Oid			collation;
	bool		large;			/* see PrismiqOutput */
	PrismiqHints hints;
} PrismiqAnswer;

/* query.c: the n-th hint, from 0, with its name; null when it is not given */
extern const char *prismiq_hint(const PrismiqHints *hints, int n, const char **name);

#endif							/* PRISMIQ_ANSWER_H */
