/*-------------------------------------------------------------------------
 *
 * pipeline.h
 *	  Drives one definition through the stages.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_PIPELINE_H
#define PRISMIQ_PIPELINE_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/config.h"
#include "model/options.h"
#include "print/statement.h"
#include "run/run.h"

/* One definition on its way; everything in it lives in one memory context. */
typedef struct PrismiqPipeline
{
	PrismiqFaults faults;		/* of the definition */
	PrismiqFaults option_faults;
	PrismiqQueryOptions *options;
	PrismiqCheck check;
	PrismiqStatement *statement;	/* null while there are faults */
} PrismiqPipeline;

/* Where a definition comes from. */
typedef Jsonb *(*PrismiqTake) (void *arg);

/*
 * "tables" is the schema whose saved queries, dashboards and configuration are
 * meant, see prismiq_home_tables().
 */
extern void prismiq_pipeline_start(PrismiqPipeline *pipeline, Oid tables, Jsonb *options);
extern void prismiq_pipeline_counted(Jsonb *definition, const char *saved_query);
extern void prismiq_pipeline_prepare(PrismiqPipeline *pipeline, Jsonb *definition,
									 PrismiqPlacing *placing);
extern void prismiq_pipeline_validate(PrismiqPipeline *pipeline, Oid tables, PrismiqTake take,
									  void *take_arg);
extern void prismiq_pipeline_look(Oid tables, const json_t *definition,
								  const PrismiqPath *path, PrismiqPlacing *placing,
								  PrismiqFaults *faults);
extern void prismiq_pipeline_raise(PrismiqPipeline *pipeline);
extern void prismiq_pipeline_limits(const PrismiqPipeline *pipeline, bool is_export,
									PrismiqRunLimits *limits);
extern void prismiq_pipeline_count(PrismiqPipeline *pipeline);
extern int64 prismiq_pipeline_total(PrismiqPipeline *pipeline, const PrismiqRunLimits *limits,
									int64 row_count, bool truncated, int64 counted);
extern StringInfo prismiq_pipeline_json(PrismiqPipeline *pipeline);
extern bool prismiq_may_see_plans(void);

/* pipeline_model.c */
extern const json_t *prismiq_pipeline_measure(const PrismiqMeasureConfig *measure);
extern bool prismiq_pipeline_may_use(const PrismiqMeasureConfig *measure,
									 const PrismiqContext *who,
									 const PrismiqTenantConfig *config);

/* pipeline_dashboard.c: a complete varlena of type json */
extern StringInfo prismiq_pipeline_widget(Oid tables, Datum widget_id, Jsonb *filters,
										  Jsonb *options);
extern StringInfo prismiq_pipeline_spec(Oid tables, Datum widget_id, Jsonb *filters,
										Jsonb *options);
extern StringInfo prismiq_pipeline_preview(Oid tables, Jsonb *data, Jsonb *filters,
										   Jsonb *options);
extern StringInfo prismiq_pipeline_dashboard(Oid tables, Datum dashboard_id, Jsonb *filters,
											 Jsonb *options);

#endif							/* PRISMIQ_PIPELINE_H */
