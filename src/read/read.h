/*-------------------------------------------------------------------------
 *
 * read.h
 *	  JSON to model: shape errors only, no catalogs.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_READ_H
#define PRISMIQ_READ_H

#include "postgres.h"

#include "base/json.h"
#include "model/merge.h"
#include "model/query.h"

/* The room's own: one reading of one definition. */
typedef struct PrismiqReader
{
	PrismiqFaults *faults;
	int			max_nesting;
	int			max_filters;
	int			max_list_values;
	int			filters;		/* seen so far */
} PrismiqReader;

/* read_query.c */
extern PrismiqQuery *prismiq_read_query(const json_t *root, PrismiqFaults *faults);
extern PrismiqColumnRef *prismiq_read_column_ref(const PrismiqObject *object);
extern PrismiqLiteral *prismiq_read_literal(const PrismiqObject *object, const char *key);
extern bool prismiq_read_unsupported(const PrismiqObject *object, const char *const *keys);

/* read_aggregates.c */
extern PrismiqAggregation prismiq_read_aggregation(const PrismiqObject *object, bool required);
extern PrismiqAggregateArgs *prismiq_read_aggregate_args(const PrismiqObject *object,
														 PrismiqAggregation aggregation);

/* read_filters.c */
extern PrismiqCondition *prismiq_read_conditions(PrismiqReader *reader,
												 const PrismiqObject *object, const char *key,
												 bool having);

/* read_series.c */
extern PrismiqTimeSeries *prismiq_read_time_series(const PrismiqObject *query);

/* read_options.c */
extern PrismiqQueryOptions *prismiq_read_options(const json_t *root, PrismiqFaults *faults);

/* read_dashboard.c */
extern List *prismiq_read_filter_values(const json_t *filters, const json_t *values,
										PrismiqFaults *faults);

#endif							/* PRISMIQ_READ_H */
