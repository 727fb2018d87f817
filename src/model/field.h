/*-------------------------------------------------------------------------
 *
 * field.h
 *	  The model of a calculated field.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_FIELD_H
#define PRISMIQ_FIELD_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/path.h"
#include "model/expr.h"

typedef enum PrismiqFieldState
{
	PRISMIQ_FIELD_NEW,
	PRISMIQ_FIELD_OPEN,			/* being lowered: meeting it again is a cycle */
	PRISMIQ_FIELD_DONE
} PrismiqFieldState;

/* Types that data_type asks for. */
typedef enum PrismiqFieldType
{
	PRISMIQ_FIELD_ANY,			/* the expression's own */
	PRISMIQ_FIELD_TEXT,
	PRISMIQ_FIELD_NUMBER,
	PRISMIQ_FIELD_INTEGER,
	PRISMIQ_FIELD_FLOAT,
	PRISMIQ_FIELD_BOOLEAN,
	PRISMIQ_FIELD_DATE,
	PRISMIQ_FIELD_TIMESTAMP
} PrismiqFieldType;

/* A calculated field. */
typedef struct PrismiqField
{
	const PrismiqPath *path;
	const PrismiqPath *expression_path;
	const char *name;			/* null: could not be read */
	PrismiqExpr *written;		/* null: could not be read */
	PrismiqFieldType data_type;
	int			number;			/* from 1 */

	/* given by check/named.c */
	PrismiqTable *home;			/* of a measure of the model: all its columns are of this table */

	/* found by expr/over_names.c */
	bool		over;			/* it is computed over the windows */
	List	   *users;			/* PrismiqField: whose expressions name it, if there are windows */

	/* found by expr/fields.c */
	PrismiqFieldState state;
	PrismiqExpr *expr;			/* lowered; null: faults have been noted */
	PrismiqTable *table;		/* the first that it refers to */
} PrismiqField;

/*
 * A reference to a calculated field has an attribute number of its own, below
 * those of system columns, so that references to the same field compare equal.
 */
#define PRISMIQ_FIELD_ATTNUM(field) ((AttrNumber) (-100 - (field)->number))

#endif							/* PRISMIQ_FIELD_H */
