/*-------------------------------------------------------------------------
 *
 * pipeline_drill.h
 *	  Drives what goes on from a widget's answer.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_PIPELINE_DRILL_H
#define PRISMIQ_PIPELINE_DRILL_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

/* Each a complete varlena: of type json, of text. */
extern StringInfo prismiq_pipeline_drill(Oid tables, Datum widget_id, Jsonb *point,
										 Jsonb *filters, Jsonb *options);
extern StringInfo prismiq_pipeline_widget_csv(Oid tables, Datum widget_id, Jsonb *filters,
											  Jsonb *options);

#endif							/* PRISMIQ_PIPELINE_DRILL_H */
