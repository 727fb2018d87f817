/*-------------------------------------------------------------------------
 *
 * statistics.c
 *	  What ANALYZE knows of a column.
 *
 * It only ever decides how a question is asked, never what the answer is.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "catalog/pg_statistic.h"
#include "utils/syscache.h"

#include "catalog/catalogs.h"

/* How many rows a relation has, about; negative when that is not known. */
static double
count_rows(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	double		rows;

	if (!HeapTupleIsValid(tuple))
		return -1;
	rows = ((Form_pg_class) GETSTRUCT(tuple))->reltuples;
	ReleaseSysCache(tuple);
	return rows;
}

/* How many values a column of a relation has, about; negative when that is not known. */
double
prismiq_distinct_values(Oid relid, AttrNumber attnum)
{
	HeapTuple	tuple = NULL;
	double		distinct;
	int			i;

	/* With those of its partitions and children, where they are there. */
	for (i = 1; i >= 0 && !HeapTupleIsValid(tuple); i--)
		tuple = SearchSysCache3(STATRELATTINH, ObjectIdGetDatum(relid), Int16GetDatum(attnum),
								BoolGetDatum(i == 1));
	if (!HeapTupleIsValid(tuple))
		return -1;
	distinct = ((Form_pg_statistic) GETSTRUCT(tuple))->stadistinct;
	ReleaseSysCache(tuple);
	return distinct >= 0 ? distinct : -distinct * count_rows(relid);
}
