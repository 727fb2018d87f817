/*-------------------------------------------------------------------------
 *
 * shapes.h
 *	  What a definition may look like, for those who write one: a table of all its
 *	  objects and keys.
 *
 * The lists of keys and words are the reader's own.  What the reader knows and the
 * table does not describe (or the other way round) is an internal error of
 * whoever prints the table.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_SHAPES_H
#define PRISMIQ_SHAPES_H

#include "postgres.h"

/* What may stand under a key. */
typedef enum PrismiqShapeKind
{
	PRISMIQ_SHAPE_TEXT,
	PRISMIQ_SHAPE_NAME,			/* a text that is not empty */
	PRISMIQ_SHAPE_ALIAS,		/* a name of at most 63 bytes */
	PRISMIQ_SHAPE_UUID,
	PRISMIQ_SHAPE_INTERVAL,
	PRISMIQ_SHAPE_BOOLEAN,
	PRISMIQ_SHAPE_INTEGER,		/* from min to max */
	PRISMIQ_SHAPE_SCALAR,
	PRISMIQ_SHAPE_STEP,			/* of a path: a key of an object, or a place in an array */
	PRISMIQ_SHAPE_CHOICE,		/* one of the words */
	PRISMIQ_SHAPE_OBJECT,		/* of the name in "object" */
	PRISMIQ_SHAPE_MAP,			/* of such, by any names */
	PRISMIQ_SHAPE_ANY,			/* said by the operator beside it */
	PRISMIQ_SHAPE_NOTHING		/* the key is read only to be refused */
} PrismiqShapeKind;

/* Is it a list? */
typedef enum PrismiqShapeList
{
	PRISMIQ_SHAPE_SINGLE,
	PRISMIQ_SHAPE_LIST,
	PRISMIQ_SHAPE_NOT_EMPTY,	/* a list of at least one */
	PRISMIQ_SHAPE_EITHER		/* a single one, or a list */
} PrismiqShapeList;

/* One key.  Where it is not required, null says the same as leaving it out. */
typedef struct PrismiqShape
{
	const char *key;
	PrismiqShapeKind kind;
	PrismiqShapeList list;
	bool		required;
	bool		param;			/* {"param": name} may stand there */
	bool		boolean;		/* true and false may stand there too */
	bool		any_case;		/* of the words */
	bool		is_label;		/* for who shows the answer, which is the same without it */
	const char *const *words;	/* may stand there too, where the kind is no choice */
	const char *object;			/* the same */
	int64		min;
	int64		max;			/* 0: none */
	const char *says;			/* what it is, in a line */
} PrismiqShape;

/* One way to write an object: keys that must be there, and that must not. */
typedef struct PrismiqShapeVariant
{
	const char *needs[5];
	const char *const *bars;	/* ends with null; keys that the object has not are passed over */
} PrismiqShapeVariant;

typedef struct PrismiqObjectShape
{
	const char *name;
	const char *const *keys;	/* as the reader has them; ends with null */
	const PrismiqShape *members;	/* ends with a null key */
	const PrismiqShapeVariant *variants;	/* ends with nothing barred; or null */
	const char *group;			/* a condition: the name of groups of such, or null */
	const char *says;
} PrismiqObjectShape;

/* shapes.c: all objects; ends with a null name */
extern const PrismiqObjectShape prismiq_definition_shapes[];

/* What the reader has, each in the file that reads it. */
extern const char *const prismiq_grouped_keys[];
extern const char *const prismiq_order_keys[];
extern const char *const prismiq_sort_keys[];
extern const char *const prismiq_top_keys[];
extern const char *const prismiq_compare_keys[];
extern const char *const prismiq_offset_keys[];
extern const char *const prismiq_pivot_keys[];
extern const char *const prismiq_frame_keys[];
extern const char *const prismiq_series_keys[];
extern const char *const prismiq_range_keys[];
extern const char *const prismiq_join_keys[];
extern const char *const prismiq_on_keys[];
extern const char *const prismiq_group_keys[];
extern const char *const prismiq_date_window_keys[];
extern const char *const prismiq_query_value_keys[];
extern const char *const prismiq_param_keys[];
extern const char *const prismiq_param_use_keys[];
extern const char *const prismiq_field_keys[];
extern const char *const prismiq_measure_own_keys[];	/* refused beside "measure" */

extern const char *const prismiq_join_operators[];
extern const char *const prismiq_scope_names[];
extern const char *const prismiq_nulls_names[];
extern const char *const prismiq_period_names[];
extern const char *const prismiq_fan_out_names[];
extern const char *const prismiq_fill_names[];
extern const char *const prismiq_direction_names[];
extern const char *const prismiq_nulls_place_names[];
extern const char *const prismiq_param_types[];
extern const char *const prismiq_data_type_names[];

#endif							/* PRISMIQ_SHAPES_H */
