/*-------------------------------------------------------------------------
 *
 * pipeline_widget.h
 *	  Drives one widget of a dashboard.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_PIPELINE_WIDGET_H
#define PRISMIQ_PIPELINE_WIDGET_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "access/context.h"
#include "compile/compile.h"
#include "pipeline.h"
#include "print/statement.h"
#include "read/read.h"
#include "run/run.h"
#include "run/sinks.h"
#include "show/show.h"

/* The rows of a statement that several widgets ask. */
typedef struct PrismiqSharedRows
{
	const PrismiqStatement *statement;	/* its text and parameters */
	PrismiqKeptRows rows;
} PrismiqSharedRows;

/* What filters are read from: as stored, the tables that they were on, the values given. */
#define PRISMIQ_FILTER_DOCUMENTS 3

/* What every widget of one call has in common. */
typedef struct PrismiqDashboardCall
{
	Oid			tables;			/* the schema that the dashboard is in */
	PrismiqPlacing placing;		/* of the filters, on the widget at hand */
	Jsonb	   *filter_documents[PRISMIQ_FILTER_DOCUMENTS]; /* what they are read from */
	bool		altered;		/* they are not as these say */
	const char *timezone;		/* the dashboard's, or null */
	Jsonb	   *options;		/* of prismiq_query */
	PrismiqWidgetOptions own;	/* of widgets: what goes with each answer */
	bool		only_picture;	/* the specification, and nothing else of the answer */
	bool		some;			/* of a dashboard: the widgets that are named, be it none */
	bool		bad_value;		/* a filter's value does not fit its column */

	MemoryContext memory;		/* of what outlives a widget */
	bool		shares;			/* widgets may ask the same: rows are kept */
	List	   *answers;		/* PrismiqSharedRows */
} PrismiqDashboardCall;

/* pipeline_call.c */
extern PrismiqKeptRows *prismiq_call_fetch(PrismiqDashboardCall *call, bool dashboard,
										   Datum id);
extern PrismiqWidget *prismiq_call_unsaved(PrismiqDashboardCall *call, Jsonb *data);
extern PrismiqWidget *prismiq_call_widget(const PrismiqKeptRow *row);
extern Jsonb *prismiq_call_options(PrismiqDashboardCall *call, Jsonb *options, bool dashboard,
								   List **ids);
extern void prismiq_call_begin(PrismiqDashboardCall *call, const PrismiqKeptRow *row,
							   Jsonb *filters);
extern Jsonb *prismiq_call_document(const PrismiqKeptRow *row, PrismiqWidgetColumn column);
extern void prismiq_call_reject_saved(void);

/* pipeline_cross.c */
extern void prismiq_cross_begin(PrismiqDashboardCall *call, const PrismiqKeptRow *row,
								Jsonb *filters);

/* pipeline_filters.c */
extern List *prismiq_filters_read(const PrismiqDashboardCall *call, PrismiqFaults *faults);
extern List *prismiq_filters_again(const PrismiqDashboardCall *call);
extern List *prismiq_filters_place(PrismiqDashboardCall *call, const PrismiqPlacing *placing);

/* pipeline_share.c */
extern const PrismiqKeptRows *prismiq_shared_find(const PrismiqDashboardCall *call,
												  const PrismiqStatement *statement);
extern const PrismiqKeptRows *prismiq_shared_run(PrismiqDashboardCall *call,
												 const PrismiqStatement *statement,
												 const PrismiqRunLimits *limits);

/* pipeline_widget.c */
extern void prismiq_widget_prepare(PrismiqDashboardCall *call, Jsonb *options,
								   PrismiqPipeline *pipeline, Jsonb *definition);
extern void prismiq_widget_look_into(PrismiqDashboardCall *call, Jsonb *options,
									 PrismiqPipeline *pipeline, Jsonb *definition);
extern Jsonb *prismiq_widget_params(const PrismiqWidget *widget, Jsonb *definition,
									Jsonb *options);
extern PrismiqFormatLocale prismiq_widget_locale(const PrismiqPipeline *pipeline);
extern List *prismiq_widget_prepare_sorted(PrismiqDashboardCall *call,
										   const PrismiqWidget *widget, Jsonb *options,
										   PrismiqPipeline *pipeline, Jsonb *definition);
extern StringInfo prismiq_pipeline_answer(PrismiqDashboardCall *call,
										  const PrismiqWidget *widget);

/* pipeline_custom.c */
extern const char *prismiq_custom_endpoint(const PrismiqWidget *widget);
extern void prismiq_custom_missing(Oid tables, const char *name, const PrismiqPath *path,
								   PrismiqFaults *faults);
extern const struct PrismiqCustomData *prismiq_custom_call(PrismiqDashboardCall *call,
														   const PrismiqWidget *widget,
														   const char *name);

#endif							/* PRISMIQ_PIPELINE_WIDGET_H */
