/*-------------------------------------------------------------------------
 *
 * pipeline_options.h
 *	  Drives what a dashboard's filter can be set to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_PIPELINE_OPTIONS_H
#define PRISMIQ_PIPELINE_OPTIONS_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

/* How many options there are when nobody says. */
#define PRISMIQ_DEFAULT_OPTIONS 50

/*
 * {"options": [{value, label, count}], "truncated"}, a complete varlena of type
 * json: those that the dashboard lists, else the values of the filter's column
 * under the values of the other filters, most rows first.
 */
extern StringInfo prismiq_pipeline_filter_options(Oid tables, Datum dashboard_id,
												  const char *filter_id, const char *search,
												  Jsonb *filters, int32 max_values);

#endif							/* PRISMIQ_PIPELINE_OPTIONS_H */
