/*-------------------------------------------------------------------------
 *
 * bucket.c
 *	  The bucket that a value falls into.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/series.h"
#include "model/stages.h"
#include "model/table.h"
#include "print/print.h"

/* What follows the value in prismiq_time_bucket(width, value [, zone] [, origin]) */
void
prismiq_print_bucketing(PrismiqSql *sql, const PrismiqBucketing *bucketing)
{
	if (bucketing->zone != NULL)
	{
		prismiq_sql_text(sql, ", ");
		prismiq_sql_const(sql, bucketing->zone);
	}
	if (bucketing->origin != NULL)
	{
		prismiq_sql_text(sql, ", ");
		prismiq_sql_const(sql, bucketing->origin);
	}
	prismiq_sql_text(sql, ")");
}

/*
 * A column's time as buckets are made of it: of a domain's base type, so that a
 * function is found by its exact arguments, and an instant where it has a zone.
 */
void
prismiq_print_time_of(PrismiqSql *sql, const PrismiqBucketing *bucketing,
					  const PrismiqColumnRef *ref)
{
	prismiq_print_ref(sql, ref);
	if (ref->type != ref->basetype)
		prismiq_sql_cast(sql, ref->basetype);
	if (bucketing->source_zone == NULL)
		return;
	prismiq_sql_text(sql, " AT TIME ZONE ");
	prismiq_sql_const(sql, bucketing->source_zone);
}

/* prismiq_time_bucket(width, column [, zone] [, origin]) */
void
prismiq_print_bucket_of(PrismiqSql *sql, const PrismiqBucketing *bucketing,
						const PrismiqColumnRef *ref)
{
	prismiq_sql_home(sql, "prismiq_time_bucket");
	prismiq_sql_text(sql, "(");
	prismiq_sql_const(sql, bucketing->width);
	prismiq_sql_text(sql, ", ");
	prismiq_print_time_of(sql, bucketing, ref);
	prismiq_print_bucketing(sql, bucketing);
}
