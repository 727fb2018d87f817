/*-------------------------------------------------------------------------
 *
 * relationships.h
 *	  Which tables belong together, as the application's model says.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_RELATIONSHIPS_H
#define PRISMIQ_RELATIONSHIPS_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "catalog/catalogs.h"
#include "model/config.h"
#include "model/table.h"
#include "who/who.h"

/* relationships.c: keys that are said, as lists of PrismiqForeignKey */
extern List *prismiq_relationships_from(const PrismiqTable *table, const PrismiqContext *who,
										const PrismiqTenantConfig *config);
extern List *prismiq_relationships_to(const PrismiqTable *table, const PrismiqContext *who,
									  const PrismiqTenantConfig *config);
extern bool prismiq_keys_repeat(const PrismiqForeignKey *a, const PrismiqForeignKey *b,
								const PrismiqTable *from, const PrismiqTable *to);
extern List *prismiq_relations_written(const char *name);
extern bool prismiq_columns_compare(Oid left, AttrNumber left_attnum, Oid right,
									AttrNumber right_attnum);

#endif							/* PRISMIQ_RELATIONSHIPS_H */
