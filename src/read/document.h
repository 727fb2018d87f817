/*-------------------------------------------------------------------------
 *
 * document.h
 *	  The stored documents other than queries: layouts, positions, dashboard
 *	  filters, a tenant's configuration, and what the functions that write
 *	  dashboards take.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_DOCUMENT_H
#define PRISMIQ_DOCUMENT_H

#include "postgres.h"

#include "base/json.h"

/* How large and how deep a stored document may be, whatever the settings. */
#define PRISMIQ_DOCUMENT_BYTES (16 * 1024 * 1024)
#define PRISMIQ_DOCUMENT_DEPTH 128

/* The most columns that a layout may have, and the furthest row. */
#define PRISMIQ_LAYOUT_COLUMNS 1000
#define PRISMIQ_LAYOUT_ROWS 1000000

/*
 * Each reads one document at "path" and notes its faults.  They look at the
 * document alone, and where the faults say that it is a stored one not even at
 * prismiq.max_items, so that CHECK constraints may stand on them.
 */
typedef void (*PrismiqDocumentReader) (const json_t *node, const PrismiqPath *path,
									   PrismiqFaults *faults);

/* document.c: what the tables hold */
extern void prismiq_read_layout(const json_t *node, const PrismiqPath *path,
								PrismiqFaults *faults);
extern void prismiq_read_position(const json_t *node, const PrismiqPath *path,
								  PrismiqFaults *faults);
extern void prismiq_read_dashboard_filters(const json_t *node, const PrismiqPath *path,
										   PrismiqFaults *faults);
extern void prismiq_read_schema_config(const json_t *node, const PrismiqPath *path,
									   PrismiqFaults *faults);
extern void prismiq_read_widget_config(const json_t *node, const PrismiqPath *path,
									   PrismiqFaults *faults);

/* input.c: what the functions take */
extern void prismiq_read_dashboard_new(const json_t *node, const PrismiqPath *path,
									   PrismiqFaults *faults);
extern void prismiq_read_dashboard_change(const json_t *node, const PrismiqPath *path,
										  PrismiqFaults *faults);
extern void prismiq_read_widget_new(const json_t *node, const PrismiqPath *path,
									PrismiqFaults *faults);
extern void prismiq_read_widget_change(const json_t *node, const PrismiqPath *path,
									   PrismiqFaults *faults);
extern void prismiq_read_saved_query_new(const json_t *node, const PrismiqPath *path,
										 PrismiqFaults *faults);
extern void prismiq_read_saved_query_change(const json_t *node, const PrismiqPath *path,
											PrismiqFaults *faults);
extern void prismiq_read_positions(const json_t *node, const PrismiqPath *path,
								   PrismiqFaults *faults);
extern void prismiq_read_list_options(const json_t *node, const PrismiqPath *path,
									  PrismiqFaults *faults);

/* document.c, for input.c: a key that must hold a uuid as text */
extern const char *prismiq_object_uuid(const PrismiqObject *object, const char *key,
									   bool required);
extern bool prismiq_is_uuid(const char *text);

#endif							/* PRISMIQ_DOCUMENT_H */
