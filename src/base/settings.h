/*-------------------------------------------------------------------------
 *
 * settings.h
 *	  Every setting (GUC) of the extension.
 *
 * Limits come in pairs: prismiq.NAME, which anyone may set, and
 * prismiq.NAME_cap, which a superuser sets and which bounds what the others
 * may ask for.  Read a limit through prismiq_limit(), never the variable.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_SETTINGS_H
#define PRISMIQ_SETTINGS_H

#include "postgres.h"

typedef enum PrismiqLimit
{
	PRISMIQ_MAX_ROWS,
	PRISMIQ_MAX_RESULT_BYTES,	/* bytes */
	PRISMIQ_QUERY_TIMEOUT,		/* milliseconds */
	PRISMIQ_MAX_DEFINITION_BYTES,
	PRISMIQ_MAX_NESTING,
	PRISMIQ_MAX_TABLES,
	PRISMIQ_MAX_COLUMNS,
	PRISMIQ_MAX_FILTERS,
	PRISMIQ_MAX_BUCKETS,
	PRISMIQ_MAX_LIST_VALUES,
	PRISMIQ_MAX_ITEMS,
	PRISMIQ_MAX_DASHBOARDS_PER_USER,
	PRISMIQ_MAX_WIDGETS_PER_DASHBOARD
} PrismiqLimit;

#define PRISMIQ_LIMIT_COUNT (PRISMIQ_MAX_WIDGETS_PER_DASHBOARD + 1)

/* Where a context can come from */
typedef enum PrismiqContextSource
{
	PRISMIQ_SOURCE_TOKEN,
	PRISMIQ_SOURCE_CLAIMS,
	PRISMIQ_SOURCE_SETTINGS
} PrismiqContextSource;

#define PRISMIQ_SOURCE_COUNT (PRISMIQ_SOURCE_SETTINGS + 1)

/* prismiq.context_sources, read: the sources to look at, in order */
extern PrismiqContextSource prismiq_setting_sources[PRISMIQ_SOURCE_COUNT];
extern int	prismiq_setting_source_count;

/* Context (who/context.c reads them) */
extern char *prismiq_setting_tenant_id;
extern char *prismiq_setting_user_id;
extern char *prismiq_setting_roles;
extern char *prismiq_setting_context_sources;
extern char *prismiq_setting_tenant_claim;
extern char *prismiq_setting_user_claim;
extern char *prismiq_setting_roles_claim;
extern bool prismiq_setting_trust_headers;

/* Does the owner of our tables work on all of their rows? */
typedef enum PrismiqMaintenance
{
	PRISMIQ_MAINTENANCE_OFF,
	PRISMIQ_MAINTENANCE_ON,		/* what is written is taken as it comes, too */
	PRISMIQ_MAINTENANCE_CALL	/* within a function that acts for the owner */
} PrismiqMaintenance;

extern int	prismiq_setting_maintenance;

/* Where unqualified tables are looked for first; empty for nowhere */
extern char *prismiq_setting_schema;

/* Series are aggregated by prismiq_dense() where they can be */
extern bool prismiq_setting_dense;

/* Where browsers find the libraries that draw; empty for beside the module */
extern char *prismiq_setting_assets_url;

/* 1 to 12 */
extern int	prismiq_setting_fiscal_year_start_month;

/* Is what runs counted, and how many queries by themselves? */
extern bool prismiq_setting_track_queries;
extern int	prismiq_setting_stat_max;

/* How much memory a backend keeps compiled definitions in, in kB; 0 is none */
extern int	prismiq_setting_compiled_memory;

/* settings.c */
extern void prismiq_settings_init(void);

/* The limit in force for the current role: the setting, or its cap if lower. */
extern int	prismiq_limit(PrismiqLimit limit);
extern int	prismiq_limit_cap(PrismiqLimit limit);
extern const char *prismiq_limit_name(PrismiqLimit limit);
extern const char *prismiq_limit_cap_name(PrismiqLimit limit);

/* A suggestion for who has reached a limit: the advice, and the setting that was hit. */
extern char *prismiq_limit_hint(PrismiqLimit limit, const char *advice);

/*
 * What of the settings decides what a definition is compiled to, apart from who is
 * asking and prismiq.schema; no padding in it.
 */
typedef struct PrismiqSettingsSeen
{
	int			limits[PRISMIQ_LIMIT_COUNT];
	int			fiscal_year_start_month;
	int			dense;
} PrismiqSettingsSeen;

extern void prismiq_settings_see(PrismiqSettingsSeen *seen);

/* Planner cost above which a query is refused; 0 is off. */
extern double prismiq_limit_max_cost(void);
extern char *prismiq_limit_cost_hint(const char *advice);

#endif							/* PRISMIQ_SETTINGS_H */
