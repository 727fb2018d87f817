/*-------------------------------------------------------------------------
 *
 * doc.h
 *	  The stored documents other than queries: layouts, positions, dashboard
 *	  filters, a tenant's configuration, and what the functions that write
 *	  dashboards take.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_DOC_H
#define PRISMIQ_DOC_H

#include "postgres.h"

#include "base/fault.h"
#include "base/json.h"

/* How large and how deep a stored document may be, whatever the settings. */
#define PRISMIQ_DOCUMENT_BYTES (16 * 1024 * 1024)
#define PRISMIQ_DOCUMENT_DEPTH 128

/* The facts hold stored documents some levels down. */
#define PRISMIQ_FACTS_DEPTH (PRISMIQ_DOCUMENT_DEPTH + 8)

/* The most columns that a layout may have, and the furthest row. */
#define PRISMIQ_LAYOUT_COLUMNS 1000
#define PRISMIQ_LAYOUT_ROWS 1000000

/* The columns of a layout that does not say how many. */
#define PRISMIQ_LAYOUT_DEFAULT 12

/*
 * Each reads one document at "path" and notes its faults.  They look at the
 * document alone, and where the faults say that it is a stored one not even at
 * prismiq.max_items, so that CHECK constraints may stand on them.
 */
typedef void (*PrismiqDocumentReader) (const json_t *node, const PrismiqPath *path,
									   PrismiqFaults *faults);

/* Keys in the order in which their faults are told. */
extern const char *const prismiq_dashboard_keys[];
extern const char *const prismiq_widget_keys[];

/* document.c: what the tables hold */
extern void prismiq_read_layout(const json_t *node, const PrismiqPath *path,
								PrismiqFaults *faults);
extern void prismiq_read_layout_input(const json_t *node, const PrismiqPath *path,
									  PrismiqFaults *faults);
extern const char *const prismiq_position_keys[];
extern void prismiq_read_sides(const PrismiqObject *object);
extern void prismiq_read_position(const json_t *node, const PrismiqPath *path,
								  PrismiqFaults *faults);
extern void prismiq_read_dashboard_filters(const json_t *node, const PrismiqPath *path,
										   PrismiqFaults *faults);
extern void prismiq_read_config_keys(const PrismiqObject *config);
extern void prismiq_read_schema_config(const json_t *node, const PrismiqPath *path,
									   PrismiqFaults *faults);

/* model.c */
extern void prismiq_read_model(const json_t *node, const PrismiqPath *path,
							   PrismiqFaults *faults);

/*
 * What other rows say that a document is held to; gathered in SQL
 * (prismiq_internal.document_facts()) and read without looking for faults.  What is null
 * is not known, and nothing is held to it.
 */
typedef struct PrismiqFacts
{
	const json_t *types;		/* type: {default_w, ..., config_schema, default_config, params} */
	const json_t *saved_queries;	/* id: true, of those that are named and seen */
	const json_t *widgets;		/* of the dashboard, id: {type, position} */
	const json_t *widget;		/* the one that is changed: {type, position} */
	int64		columns;		/* of the dashboard's layout */
	int64		most_widgets;	/* that it may have */
	const json_t *document;		/* that is imported, as it was sent */
} PrismiqFacts;

/* Each reads what a function takes, and notes its faults. */
typedef void (*PrismiqInputReader) (const json_t *node, const PrismiqFacts *facts,
									PrismiqFaults *faults);

/* input.c: the two parts are for import.c, whose documents have them as well */
extern void prismiq_read_dashboard_parts(const PrismiqObject *dashboard,
										 const PrismiqFacts *stored, bool is_new);
extern void prismiq_read_saved_query_parts(const PrismiqObject *saved, bool is_new);
extern void prismiq_read_dashboard_new(const json_t *node, const PrismiqFacts *facts,
									   PrismiqFaults *faults);
extern void prismiq_read_dashboard_change(const json_t *node, const PrismiqFacts *facts,
										  PrismiqFaults *faults);
extern void prismiq_read_saved_query_new(const json_t *node, const PrismiqFacts *facts,
										 PrismiqFaults *faults);
extern void prismiq_read_saved_query_change(const json_t *node, const PrismiqFacts *facts,
											PrismiqFaults *faults);
extern void prismiq_read_config_new(const json_t *node, const PrismiqFacts *facts,
									PrismiqFaults *faults);
extern void prismiq_read_list_options(const json_t *node, const PrismiqFacts *facts,
									  PrismiqFaults *faults);

/* import.c */
extern const char *const prismiq_import_keys[];
extern void prismiq_read_import(const json_t *node, const PrismiqFacts *facts,
								PrismiqFaults *faults);
extern void prismiq_read_import_options(const json_t *node, const PrismiqFacts *facts,
										PrismiqFaults *faults);
extern void prismiq_read_provided_options(const json_t *node, const PrismiqFacts *facts,
										  PrismiqFaults *faults);

/*
 * objects.c, for both files of input.  A null stands for "none" only where there can be
 * none; of two keys only one may have a value; a text may have so many
 * characters; a part is read by its own reader, and null is none; a definition
 * is looked at for its structure; of an object with names of the caller's each
 * member has the same reader.
 */
extern void prismiq_object_refuse_null(const PrismiqObject *object, const char *key);
extern void prismiq_object_refuse_both(const PrismiqObject *object, const char *one,
									   const char *other);
extern void prismiq_object_bounded(const PrismiqObject *object, const char *key, int most);
extern void prismiq_object_part(const PrismiqObject *object, const char *key,
								PrismiqDocumentReader reader);
extern void prismiq_object_definition(const PrismiqObject *object, const char *key);
extern void prismiq_object_each(const PrismiqObject *object, const char *key,
								PrismiqDocumentReader reader);

/* input_widgets.c */
extern void prismiq_read_facts(const json_t *node, PrismiqFacts *facts);
extern void prismiq_read_widget_new(const json_t *node, const PrismiqFacts *facts,
									PrismiqFaults *faults);
extern void prismiq_read_widget_change(const json_t *node, const PrismiqFacts *facts,
									   PrismiqFaults *faults);
extern void prismiq_read_widgets(const json_t *node, const PrismiqFacts *facts,
								 const PrismiqPath *path, PrismiqFaults *faults);
extern void prismiq_check_layout_holds(const PrismiqFacts *facts, const PrismiqPath *layout,
									   PrismiqFaults *faults);
extern void prismiq_read_positions(const json_t *node, const PrismiqFacts *facts,
								   PrismiqFaults *faults);

/* document.c: a "timezone": a name that queries know; looks at the server's files */
extern void prismiq_object_zone(const PrismiqObject *object);

#endif							/* PRISMIQ_DOC_H */
