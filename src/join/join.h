/*-------------------------------------------------------------------------
 *
 * join.h
 *	  How the tables of a definition hang together.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_JOIN_H
#define PRISMIQ_JOIN_H

#include "postgres.h"

#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"

#include "access/context.h"
#include "base/fault.h"
#include "model/condition.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"

/* Foreign keys lead from one listed table to another, which no join does. */
typedef struct PrismiqLink
{
	PrismiqTable *near;
	PrismiqTable *far;
} PrismiqLink;

/* apart.c */
extern void prismiq_check_apart(PrismiqCheck *check);

/* fan_out.c */
extern PrismiqTable *prismiq_other_end(const PrismiqJoin *join, const PrismiqTable *table);
extern Bitmapset *prismiq_joined_columns(const PrismiqJoin *join, const PrismiqTable *table);
extern bool prismiq_joins_one(const PrismiqJoin *join, PrismiqTable *table);
extern Bitmapset *prismiq_fixed_tables(PrismiqQuery *query, const Bitmapset *tables,
									   const Bitmapset *within, bool real);
extern Bitmapset *prismiq_spanned_tables(PrismiqQuery *query, const Bitmapset *tables);
extern void prismiq_check_field_fan_out(PrismiqCheck *check, PrismiqColumn *column,
										struct PrismiqExpr *expr);
extern Bitmapset *prismiq_keyed_tables(PrismiqQuery *query);
extern PrismiqRowOnce *prismiq_fan_out_row_once(PrismiqCheck *check, Bitmapset *tables,
										 PrismiqCondition *filter, PrismiqColumn *column,
										 const char *what);
extern void prismiq_check_fan_out(PrismiqCheck *check);

/* join_keys.c */
extern bool prismiq_join_key_check(PrismiqCheck *check, const PrismiqJoin *join,
								   PrismiqJoinKey *key);
extern PrismiqColumnRef *prismiq_key_of(const PrismiqJoinKey *key, const PrismiqTable *table);
extern bool prismiq_key_is_exact(const PrismiqJoinKey *key, const PrismiqColumnRef *ref);

/* join_order.c */
extern void prismiq_joins_place(PrismiqCheck *check, List *joins);
extern void prismiq_join_place(PrismiqCheck *check, PrismiqJoin *join);
extern bool prismiq_tables_are_joined(const PrismiqQuery *query);

/* joins.c */
extern void prismiq_check_joins(PrismiqCheck *check);

/* made_up.c */
extern void prismiq_check_made_up(PrismiqCheck *check);

/* paths.c */
extern bool prismiq_join_has_room(PrismiqCheck *check, const PrismiqPath *path,
								  const char *what);
extern bool prismiq_paths_connect(PrismiqCheck *check);
extern List *prismiq_path_steps(PrismiqCheck *check, PrismiqTable *target,
								const PrismiqPath *path);
extern bool prismiq_path_extend(PrismiqCheck *check, List **steps, PrismiqTable *table);
extern List *prismiq_path_links(PrismiqCheck *check, const Bitmapset *rows,
								const Bitmapset *targets);

/* told_apart.c */
extern bool prismiq_groups_tell_apart(const PrismiqQuery *query, const Bitmapset *grain);

/* related.c */
extern void prismiq_tables_set_aside(PrismiqCheck *check);
extern bool prismiq_check_related(PrismiqCheck *check);

/* related_filters.c */
extern void prismiq_check_related_filters(PrismiqCheck *check);

#endif							/* PRISMIQ_JOIN_H */
