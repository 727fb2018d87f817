/*-------------------------------------------------------------------------
 *
 * table.c
 *	  The columns that are known of a table.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/table.h"

/* The column of a number in a list, or null. */
static PrismiqColumnRef *
numbered(const List *columns, AttrNumber attnum)
{
	ListCell   *lc;

	foreach(lc, columns)
		if (((const PrismiqColumnRef *) lfirst(lc))->attnum == attnum)
			return (PrismiqColumnRef *) lfirst(lc);
	return NULL;
}

/* What was found out of one of a table's columns, or null. */
PrismiqColumnRef *
prismiq_table_column(const PrismiqTable *table, AttrNumber attnum)
{
	PrismiqColumnRef *found = numbered(table->found, attnum);

	return found != NULL ? found : numbered(table->unasked, attnum);
}
