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
#include "pgtime.h"
#include "utils/jsonb.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/config.h"
#include "model/options.h"
#include "model/query.h"
#include "print/statement.h"
#include "run/run.h"

/*
 * One definition on its way.  What is behind the pointers to const may be that of a
 * definition which was compiled before, for others after us as well.
 */
typedef struct PrismiqPipeline
{
	PrismiqFaults faults;		/* of the definition; the lists are the caller's own */
	PrismiqFaults option_faults;
	const PrismiqQueryOptions *options;
	const PrismiqQuery *query;
	const PrismiqTenantConfig *config;
	const char *zone_name;		/* in which dates and buckets are */
	pg_tz	   *zone;
	const PrismiqStatement *statement;	/* null while there are faults */
	const PrismiqStatement *total;	/* of its rows, where the options ask for it: */
	bool		estimates;		/* to be explained, not run */
	const PrismiqStatement *counted;	/* whose rows say how many there are in all; or null */
	struct PrismiqCompiled *compiled;	/* where it is remembered; or null */
	PrismiqCheck check;			/* only where it is "looked_into", below */
} PrismiqPipeline;

struct PrismiqDashboardCall;

/* What is to be compiled. */
typedef struct PrismiqAsked
{
	Oid			tables;			/* see prismiq_home_tables() */
	Jsonb	   *definition;
	Jsonb	   *options;
	struct PrismiqDashboardCall *call;	/* of a widget: its filters are put in; or null */
	bool		looked_into;	/* who asks goes on with the check: it has to be its own */
} PrismiqAsked;

/* Where a definition comes from. */
typedef Jsonb *(*PrismiqTake) (void *arg);

/*
 * "tables" is the schema whose saved queries, dashboards and configuration are
 * meant, see prismiq_home_tables().
 */
extern void prismiq_pipeline_start(Jsonb *options);
extern void prismiq_pipeline_counted(Jsonb *definition, const char *saved_query);
extern void prismiq_pipeline_prepare(PrismiqPipeline *pipeline, const PrismiqAsked *asked);
extern void prismiq_pipeline_validate(PrismiqPipeline *pipeline, Oid tables, PrismiqTake take,
									  void *take_arg);
extern void prismiq_pipeline_look(Oid tables, const json_t *definition,
								  const PrismiqPath *path, PrismiqPlacing *placing,
								  PrismiqFaults *faults);
extern void prismiq_pipeline_raise(PrismiqPipeline *pipeline);
extern void prismiq_pipeline_limits(const PrismiqPipeline *pipeline, bool is_export,
									PrismiqRunLimits *limits);
extern void prismiq_pipeline_count(PrismiqPipeline *pipeline);
extern int64 prismiq_pipeline_total(const PrismiqPipeline *pipeline,
									const PrismiqRunLimits *limits, int64 row_count,
									bool truncated, int64 counted);
extern StringInfo prismiq_pipeline_json(PrismiqPipeline *pipeline);
extern bool prismiq_may_see_plans(void);

/*
 * pipeline_compiled.c: what prismiq_compile() says of a definition, kept beside it;
 * null: it has not been asked yet, or is not to be kept.
 */
extern const Jsonb *prismiq_compiled_told(const PrismiqPipeline *pipeline);
extern void prismiq_compiled_tell(const PrismiqPipeline *pipeline, const Jsonb *told);

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
