/*-------------------------------------------------------------------------
 *
 * check.h
 *	  The walkers over a definition.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_CHECK_H
#define PRISMIQ_CHECK_H

#include "postgres.h"

#include "access/context.h"
#include "base/fault.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"

/* definition.c */
extern bool prismiq_check_run(PrismiqCheck *check);

/* filters.c */
extern void prismiq_check_filters(PrismiqCheck *check);
extern void prismiq_check_column_filters(PrismiqCheck *check, PrismiqColumn *column);

/* having.c */
extern void prismiq_check_having(PrismiqCheck *check);
extern void prismiq_check_qualify(PrismiqCheck *check);

/* measures.c */
extern bool prismiq_check_aggregate(PrismiqCheck *check, PrismiqColumn *column);
extern bool prismiq_check_column(PrismiqCheck *check, PrismiqColumn *column);

/* named.c */
extern void prismiq_check_named(PrismiqCheck *check);
extern void prismiq_check_named_end(PrismiqCheck *check);

/* nested.c */
extern bool prismiq_check_nested(PrismiqCheck *outer, PrismiqQuery *query,
								 const PrismiqPath *path);
extern void prismiq_check_derived(PrismiqCheck *check);
extern void prismiq_check_in_queries(PrismiqCheck *check);

/* ours.c */
extern PrismiqQuery *prismiq_describe_row_query(PrismiqTable *table, const char *column);
extern PrismiqQuery *prismiq_describe_sample_query(PrismiqTable *table, PrismiqColumnRef *ref,
												   int64 count);

/* placing.c */
extern void prismiq_check_placing(PrismiqCheck *check);

/* saved.c */
extern void prismiq_check_saved(PrismiqCheck *check);

/* series.c */
extern void prismiq_check_series_begin(PrismiqCheck *check);
extern void prismiq_check_series_end(PrismiqCheck *check);
extern void prismiq_check_series_auto(PrismiqCheck *check);

#endif							/* PRISMIQ_CHECK_H */
