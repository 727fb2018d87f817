/*-------------------------------------------------------------------------
 *
 * config_read.h
 *	  Settings out of documents, for config.c and for what checks a model.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_CONFIG_READ_H
#define PRISMIQ_CONFIG_READ_H

#include "postgres.h"

#include "base/json.h"
#include "model/config.h"

/* config_read.c */
extern PrismiqRelationshipConfig *prismiq_config_relationship(const json_t *node);
extern void prismiq_config_read(PrismiqTenantConfig *config, const json_t *root);
extern void prismiq_config_complete(PrismiqTenantConfig *config,
									const PrismiqTenantConfig *model);

#endif							/* PRISMIQ_CONFIG_READ_H */
