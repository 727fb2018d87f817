/*-------------------------------------------------------------------------
 *
 * access.h
 *	  What the caller may know: exposures, a tenant's settings, columns.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_ACCESS_H
#define PRISMIQ_ACCESS_H

#include "postgres.h"

#include "access/attnum.h"
#include "access/htup.h"
#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"
#include "utils/relcache.h"

#include "access/context.h"
#include "base/fault.h"
#include "model/config.h"
#include "model/table.h"
#include "who/who.h"

/* One exposed relation; texts are null where there is none. */
typedef struct PrismiqExposure
{
	Oid			relid;
	const char *schema_name;	/* what it has to be called */
	const char *relation_name;
	bool		shared;
	const char *tenant_column;
	const char *time_column;
	const char *tenant;			/* the whole relation is this tenant's */
} PrismiqExposure;

/* columns.c */
extern bool prismiq_column_allowed(const PrismiqTable *table, AttrNumber attnum,
								   const char *name);
extern void prismiq_column_keep(PrismiqTable *table, PrismiqColumnRef *ref);
extern AttrNumber prismiq_column_number(PrismiqTable *table, const char *name);
extern bool prismiq_column_find(PrismiqTable *table, const char *name, PrismiqColumnRef *ref);
extern PrismiqColumnRef *prismiq_column_numbered(PrismiqTable *table, AttrNumber attnum);
extern char *prismiq_column_nearest(const PrismiqTable *table, PrismiqFaults *faults,
									const char *name);
extern void prismiq_columns_end(const List *tables);

/* config.c */
extern const PrismiqTenantConfig *prismiq_config_get(Oid tables, const char *tenant_id);
extern uint64 prismiq_config_generation(void);
extern const PrismiqTableConfig *prismiq_config_table(const PrismiqTenantConfig *config,
													  const char *schema, const char *name);
extern const PrismiqColumnConfig *prismiq_config_column(const PrismiqTableConfig *table,
														const char *name);
extern const PrismiqMeasureConfig *prismiq_config_measure(const PrismiqTenantConfig *config,
														  const char *name);
extern bool prismiq_config_names(const char *written, const char *schema, const char *name);

/* exposure.c */
extern bool prismiq_table_see(PrismiqTable *table, Oid relid, const PrismiqContext *who,
							  const PrismiqTenantConfig *config);
extern bool prismiq_table_open(PrismiqTable *table, Oid relid, const PrismiqContext *who,
							   const PrismiqTenantConfig *config);
extern Oid	prismiq_exposure_relation(const char *schema_name, const char *relation_name);
extern const char *prismiq_exposure_obstacle(const char *schema_name, const char *relation_name);
extern const char *prismiq_exposure_any_tenant(Oid relid);
extern void prismiq_tables_find(PrismiqCheck *check);
extern PrismiqTable *prismiq_table_resolve(const char *name, const PrismiqContext *who,
										   const PrismiqTenantConfig *config);
extern char *prismiq_table_nearest(const char *name, const PrismiqContext *who,
								   const PrismiqTenantConfig *config);
extern PrismiqTable *prismiq_table_by_id(PrismiqCheck *check, const char *id,
										 const PrismiqPath *path);

/* follow.c */
extern void prismiq_exposure_written(Relation exposures, HeapTuple old, HeapTuple new);
extern void prismiq_exposures_rewritten(void);
extern void prismiq_exposures_created(const List *relids);
extern void prismiq_exposures_renamed(const List *relids);
extern void prismiq_exposures_moved(void);
extern void prismiq_exposures_dropped(const List *relids);

/* store.c */
extern bool prismiq_exposure_find(Oid relid, PrismiqExposure *exposure);
extern Oid	prismiq_exposure_named(const char *schema_name, const char *relation_name);
extern List *prismiq_exposure_namesakes(const char *relation_name);
extern List *prismiq_exposure_all(void);

/* tenants.c */
extern Oid	prismiq_tenant_type(Oid type, Oid collation);
extern bool prismiq_tenant_value(Oid type, const char *tenant_id, Datum *value);
extern const char *prismiq_tenant_any(Oid type);

/* unique.c */
extern bool prismiq_table_is_unique(PrismiqTable *table, const Bitmapset *attnums);
extern bool prismiq_table_find_key(PrismiqTable *table, bool seen, Bitmapset **key);
extern void prismiq_table_key(PrismiqTable *table);
extern bool prismiq_table_is_held(const PrismiqTable *table, AttrNumber attnum);
extern bool prismiq_table_is_led(const PrismiqTable *table, AttrNumber attnum);

#endif							/* PRISMIQ_ACCESS_H */
