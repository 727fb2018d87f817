/*-------------------------------------------------------------------------
 *
 * inside.c
 *	  The names of the types that values inside of a jsonb column are taken as.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/inside.h"

const char *const prismiq_inside_names[] = {
	[PRISMIQ_INSIDE_TEXT] = "text",
	[PRISMIQ_INSIDE_NUMBER] = "number",
	[PRISMIQ_INSIDE_INTEGER] = "integer",
	[PRISMIQ_INSIDE_BOOLEAN] = "boolean",
	[PRISMIQ_INSIDE_DATE] = "date",
	[PRISMIQ_INSIDE_TIMESTAMP] = "timestamp",
	[PRISMIQ_INSIDE_UUID] = "uuid",
	NULL
};
