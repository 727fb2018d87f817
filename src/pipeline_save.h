/*-------------------------------------------------------------------------
 *
 * pipeline_save.h
 *	  Holds a document that is being saved against the catalogs.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_PIPELINE_SAVE_H
#define PRISMIQ_PIPELINE_SAVE_H

#include "postgres.h"

#include "utils/jsonb.h"

#include "base/fault.h"
#include "base/json.h"
#include "doc/doc.h"

/*
 * Each notes its faults with their places in "node", which is what a function was
 * given; parts in which there are faults already are passed over.
 */
typedef void (*PrismiqSaveChecker) (Oid tables, const json_t *node, const PrismiqFacts *facts,
									PrismiqFaults *faults);

extern void prismiq_pipeline_save_dashboard(Oid tables, const json_t *node,
											const PrismiqFacts *facts, PrismiqFaults *faults);
extern void prismiq_pipeline_save_import(Oid tables, const json_t *node,
										 const PrismiqFacts *facts, PrismiqFaults *faults);
extern void prismiq_pipeline_save_query(Oid tables, const json_t *node,
										const PrismiqFacts *facts, PrismiqFaults *faults);

/* pipeline_model.c: the application's model */
extern void prismiq_pipeline_save_model(Oid tables, const json_t *node,
										const PrismiqFacts *facts, PrismiqFaults *faults);

extern Jsonb *prismiq_pipeline_filter_tables(Oid tables, const json_t *filters,
											 const json_t *queries);

#endif							/* PRISMIQ_PIPELINE_SAVE_H */
