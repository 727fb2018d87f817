/*-------------------------------------------------------------------------
 *
 * config.h
 *	  A widget's config, what its type asks of it, and values that documents have
 *	  in more than one place.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_DOC_CONFIG_H
#define PRISMIQ_DOC_CONFIG_H

#include "postgres.h"

#include "doc/doc.h"

/* widget_config.c: the known keys of a config, and their values; other keys are ignored */
extern const char *const prismiq_widget_config_keys[];
extern void prismiq_read_widget_config(const json_t *node, const PrismiqPath *path,
									   PrismiqFaults *faults);

/* What the type of a widget says of its widgets' config; what is null is not said. */
typedef struct PrismiqConfigRules
{
	const json_t *schema;		/* its config_schema */
	const json_t *defaults;		/* its own config, which those of widgets lie over */
	const json_t *params;		/* of its default query */
} PrismiqConfigRules;

/*
 * json_schema.c: a schema itself; a config held to its type's, which has no other
 * keys than the known ones, those that the schema names and the params.
 */
extern void prismiq_read_json_schema(const json_t *node, const PrismiqPath *path,
									 PrismiqFaults *faults);
extern void prismiq_check_config_fits(const json_t *config, const PrismiqConfigRules *rules,
									  const PrismiqPath *path, PrismiqFaults *faults);

/*
 * doc_values.c: a format, a color, a text, a name that is not empty; the currency
 * of an object; a key's value read by its reader, where there is one, and each of
 * a list; numbers compared by their digits, as memcmp() compares.
 */
extern void prismiq_read_format(const json_t *node, const PrismiqPath *path,
								PrismiqFaults *faults);
extern void prismiq_read_color(const json_t *node, const PrismiqPath *path,
							   PrismiqFaults *faults);
extern void prismiq_read_text(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults);
extern void prismiq_read_name(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults);
extern void prismiq_object_currency(const PrismiqObject *object);
extern void prismiq_object_value(const PrismiqObject *object, const char *key,
								 PrismiqDocumentReader reader);
extern void prismiq_object_list(const PrismiqObject *object, const char *key,
								PrismiqDocumentReader reader);
extern int	prismiq_digits_compare(const char *a, const char *b);

#endif							/* PRISMIQ_DOC_CONFIG_H */
