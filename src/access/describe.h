/*-------------------------------------------------------------------------
 *
 * describe.h
 *	  The visible tables in words; texts are null where there is none.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_DESCRIBE_H
#define PRISMIQ_DESCRIBE_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "model/config.h"
#include "model/table.h"
#include "who/who.h"

/* describe.c: texts are null where there is none */
typedef struct PrismiqColumnDescription
{
	const char *name;
	const char *data_type;
	bool		is_nullable;
	bool		is_primary_key;
	const char *default_value;
	const char *display_name;
	const char *description;
	const char *format;			/* a name, or */
	const char *format_object;	/* an object, as JSON text */
	const char *date_format;
	const char *unit;
} PrismiqColumnDescription;

typedef struct PrismiqTableDescription
{
	PrismiqTable *table;
	const char *display_name;
	const char *description;
	List	   *columns;		/* PrismiqColumnDescription */
} PrismiqTableDescription;

typedef struct PrismiqRelationship
{
	const PrismiqTable *from;
	const PrismiqTable *to;
	List	   *from_columns;	/* char *, as many as to_columns */
	List	   *to_columns;
} PrismiqRelationship;

extern char *prismiq_describe_name(const char *name);
extern List *prismiq_describe_visible(const PrismiqContext *who,
									  const PrismiqTenantConfig *config);
extern PrismiqTableDescription *prismiq_describe_table(const PrismiqTable *seen,
													   const PrismiqContext *who,
													   const PrismiqTenantConfig *config);
extern List *prismiq_describe_relationships(const List *tables, const PrismiqContext *who,
											const PrismiqTenantConfig *config);

#endif							/* PRISMIQ_DESCRIBE_H */
