/*-------------------------------------------------------------------------
 *
 * config.h
 *	  What a tenant says of its tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_CONFIG_H
#define PRISMIQ_CONFIG_H

#include "postgres.h"

#include "nodes/pg_list.h"

/* config.c: what a tenant says of its tables. */
typedef struct PrismiqColumnConfig
{
	const char *name;
	const char *display_name;
	const char *description;
	const char *format;
	const char *date_format;
	bool		hidden;
} PrismiqColumnConfig;

typedef struct PrismiqTableConfig
{
	const char *name;
	const char *display_name;
	const char *description;
	bool		hidden;
	List	   *columns;		/* PrismiqColumnConfig */
} PrismiqTableConfig;

typedef struct PrismiqTenantConfig
{
	const char *timezone;		/* null: the session's */
	int			week_start;		/* 0 to 6; -1: not said */
	int			fiscal_year_start_month;	/* 1 to 12; 0: not said */
	List	   *tables;			/* PrismiqTableConfig */
} PrismiqTenantConfig;

#endif							/* PRISMIQ_CONFIG_H */
