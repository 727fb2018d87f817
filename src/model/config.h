/*-------------------------------------------------------------------------
 *
 * config.h
 *	  What a tenant says of its tables, and the application of all tenants'.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_CONFIG_H
#define PRISMIQ_CONFIG_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/names.h"

/* access/config.c reads all of it; what is null or empty is not said. */
typedef struct PrismiqColumnConfig
{
	const char *name;
	const char *display_name;
	const char *description;
	const char *format;			/* a name, or */
	const char *format_object;	/* an object, as JSON text */
	const char *date_format;
	const char *unit;
	bool		hidden;
} PrismiqColumnConfig;

typedef struct PrismiqTableConfig
{
	const char *name;
	const char *display_name;
	const char *description;
	bool		hidden;
	List	   *columns;		/* PrismiqColumnConfig; the first that says a thing counts */
} PrismiqTableConfig;

/* One of the settings of a theme. */
typedef struct PrismiqThemeConfig
{
	const char *name;
	const char *value;			/* JSON text */
} PrismiqThemeConfig;

/* Columns of two tables that belong together, which no foreign key says. */
typedef struct PrismiqRelationshipConfig
{
	const char *from_table;
	const char *to_table;
	List	   *from_columns;	/* char *, as many as to_columns */
	List	   *to_columns;
} PrismiqRelationshipConfig;

/* A measure that definitions may name. */
typedef struct PrismiqMeasureConfig
{
	const char *name;
	const char *table;
	const char *label;
	const char *description;
	const char *format;			/* a name, or */
	const char *format_object;	/* an object, as JSON text */
	const char *written;		/* all of it, as JSON text: what it calculates is for read/ */
} PrismiqMeasureConfig;

/*
 * A tenant's settings.  What it does not say the application's model does, in
 * all but the tables, which are looked up in both.
 */
typedef struct PrismiqTenantConfig
{
	const char *timezone;		/* null: the session's */
	int			week_start;		/* 0 to 6; -1: not said */
	int			fiscal_year_start_month;	/* 1 to 12; 0: not said */
	const char *currency;
	const char *decimal;		/* separators of numbers */
	const char *group;
	List	   *theme;			/* PrismiqThemeConfig */
	PrismiqNames tables;		/* PrismiqTableConfig, its own, by their names */
	List	   *relationships;	/* PrismiqRelationshipConfig, of the application */
	List	   *measures;		/* PrismiqMeasureConfig, of the application */
	PrismiqNames measure_names; /* the same by their names */
	const struct PrismiqTenantConfig *model;	/* the application's own; null: it is that */
} PrismiqTenantConfig;

#endif							/* PRISMIQ_CONFIG_H */
