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

#include "nodes/pg_list.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/names.h"
#include "base/settings.h"
#include "model/answer.h"
#include "model/condition.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/options.h"
#include "model/query.h"
#include "model/series.h"
#include "model/table.h"
#include "model/words.h"

/* The room's own: one reading of one definition. */
typedef struct PrismiqReader
{
	PrismiqFaults *faults;
	int			max_nesting;
	int			max_filters;
	int			filters;		/* seen so far */
	int			alternatives;	/* the same of groups of them, "or" and "not" */
	List	   *params;			/* its own: ReadParam, of read_values.c */
	PrismiqNames param_names;	/* their names */
	const struct PrismiqReader *outer;	/* of the definition around it, or null */
	bool		has_options;	/* a parameter without a value is one that is missing */
	const PrismiqQueryOptions *options;
	bool		in_condition;	/* what is read is the value of one, which may be optional */
	bool		leaves_out;		/* it is, and was not given */
	List	   *left_out;		/* tests (PrismiqCondition) with such a value */
	int			depth;			/* of the definition: 1, and one more for each around it */
} PrismiqReader;

/* read_query.c */
extern PrismiqQuery *prismiq_read_query(const json_t *root, const PrismiqQueryOptions *options,
										PrismiqFaults *faults);
extern PrismiqQuery *prismiq_read_query_at(const json_t *root, const PrismiqPath *path,
										   const PrismiqQueryOptions *options,
										   PrismiqFaults *faults);
extern PrismiqQuery *prismiq_read_nested(PrismiqReader *outer, const json_t *node,
										 const PrismiqPath *path);
extern PrismiqQuery *prismiq_read_saved(const json_t *node, const PrismiqPath *path, int depth,
										const PrismiqQueryOptions *options,
										PrismiqFaults *faults);

extern PrismiqReader prismiq_reader_make(int depth, const PrismiqQueryOptions *options,
										 PrismiqFaults *faults);

/* read_measure.c */
extern void prismiq_read_measure(const json_t *node, const PrismiqPath *path,
								 PrismiqColumn *column, PrismiqFaults *faults);

/* read_refs.c */
extern PrismiqColumnRef *prismiq_read_ref(const PrismiqObject *object, const char *column_key);
extern PrismiqColumnRef *prismiq_read_column_ref(const PrismiqObject *object);
extern void prismiq_read_source_timezone(PrismiqReader *reader, const PrismiqObject *object,
										 PrismiqColumnRef *ref);
extern const struct PrismiqInside *prismiq_read_inside(const PrismiqObject *object);
extern void prismiq_read_no_inside(const PrismiqObject *object, const char *what);
extern PrismiqColumn *prismiq_read_named(const PrismiqObject *object);
extern List *prismiq_read_sort(const PrismiqObject *object, const char *key,
							   PrismiqLimit limit);
extern bool prismiq_read_unsupported(const PrismiqObject *object, const char *const *keys);
extern const char *prismiq_read_alias(const PrismiqObject *object, bool required);
extern void prismiq_read_direction(PrismiqOrder *order, const PrismiqObject *item);

/* read_values.c */
extern PrismiqLiteral *prismiq_read_plain(const json_t *node, const PrismiqPath *path);
extern PrismiqGivenParam *prismiq_read_given_param(const char *name, const json_t *node);
extern void prismiq_read_params(PrismiqReader *reader, const PrismiqObject *query,
								const PrismiqQueryOptions *options);
extern bool prismiq_is_param(const json_t *node);
extern PrismiqLiteral *prismiq_read_scalar(PrismiqReader *reader, const json_t *node,
										   const PrismiqPath *path);
extern PrismiqLiteral *prismiq_read_literal(PrismiqReader *reader, const PrismiqObject *object,
											const char *key);
extern bool prismiq_read_values(PrismiqReader *reader, const json_t *node,
								const PrismiqPath *path, const char *not_list,
								const char *name, List **values);
extern int64 prismiq_read_integer(PrismiqReader *reader, const PrismiqObject *object,
								  const char *key, int64 min, int64 max, int64 fallback);

extern const char *prismiq_read_word(PrismiqReader *reader, const PrismiqObject *object,
									 const char *key, bool required);

/* read_aggregates.c */
extern PrismiqAggregation prismiq_read_aggregation(const PrismiqObject *object, bool required);
extern PrismiqAggregateArgs *prismiq_read_aggregate_args(PrismiqReader *reader,
														 const PrismiqObject *object,
														 PrismiqAggregation aggregation);

/* read_joins.c */
extern void prismiq_read_joins(PrismiqQuery *query, const PrismiqObject *object);

/* read_filters.c */
extern PrismiqCondition *prismiq_read_conditions(PrismiqReader *reader,
												 const PrismiqObject *object, const char *key,
												 PrismiqOperandKind on);

/* read_series.c */
extern PrismiqTimeSeries *prismiq_read_time_series(PrismiqReader *reader,
												   const PrismiqObject *query);

/* read_stages.c */
extern void prismiq_read_stages(PrismiqQuery *query, PrismiqReader *reader,
								const PrismiqObject *object);

/* read_fields.c */
extern void prismiq_read_fields(PrismiqQuery *query, const PrismiqObject *object);

/* read_expr.c */
extern struct PrismiqExpr *prismiq_read_expr(const char *text, const PrismiqPath *path,
											 PrismiqFaults *faults);

/* read_options.c: what widgets take beside the options of a query; the last is of dashboards */
#define PRISMIQ_WIDGET_OPTIONS 5
extern const char *const prismiq_widget_option_keys[];
typedef struct PrismiqWidgetOptions
{
	bool		formatted;		/* the rows as text, too */
	bool		config;			/* the widget's config, too */
	PrismiqPicture picture;
	const json_t *cross_filter; /* points by their widgets; or null */
} PrismiqWidgetOptions;
extern void prismiq_read_widget_options(const json_t *root, PrismiqWidgetOptions *options,
										List **ids, PrismiqFaults *faults);
extern PrismiqQueryOptions *prismiq_read_options(const json_t *root, PrismiqFaults *faults);
extern void prismiq_read_page_options(const json_t *root, PrismiqFaults *faults);

/* read_dashboard.c */
extern List *prismiq_read_filter_values(const json_t *filters, const json_t *values,
										const json_t *known, PrismiqFaults *faults);
extern List *prismiq_read_filters_saved(const json_t *filters, const PrismiqPath *path,
										PrismiqFaults *faults);

#endif							/* PRISMIQ_READ_H */
