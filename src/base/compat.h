/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  What differs between the supported PostgreSQL versions.
 *
 * Only this file and its parts, compat_rights.h and compat_input.h, look at
 * PG_VERSION_NUM.  Every difference gets a name of ours in them, so that the
 * rest of the code reads as if there were one server.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_COMPAT_H
#define PRISMIQ_COMPAT_H

#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_attribute.h"
#include "commands/explain.h"
#include "executor/executor.h"
#include "nodes/parsenodes.h"
#include "utils/datetime.h"
#include "utils/syscache.h"

/* VARSIZE_ANY_EXHDR() and the like */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif
#if PG_VERSION_NUM >= 180000
#include "access/htup_details.h"
#include "catalog/pg_constraint.h"
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif

#if PG_VERSION_NUM < 150000
#error "prismiq needs PostgreSQL 15 or newer"
#endif

/* Is the foreign key one of periods, which do not have to be equal? */
static inline bool
prismiq_key_has_period(Oid constraint)
{
	bool		result = false;

#if PG_VERSION_NUM >= 180000
	HeapTuple	tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(constraint));

	if (!HeapTupleIsValid(tuple))
		return true;
	result = ((Form_pg_constraint) GETSTRUCT(tuple))->conperiod;
	ReleaseSysCache(tuple);
#endif
	return result;
}

/*
 * The search path in force, kept in "cxt", and whether it is still in force.
 * Version 17 renamed the type and the functions.
 */
#if PG_VERSION_NUM >= 170000
typedef SearchPathMatcher PrismiqSearchPath;
#define prismiq_search_path_get(cxt) GetSearchPathMatcher(cxt)
#define prismiq_search_path_matches(path) SearchPathMatchesCurrentEnvironment(path)
#else
typedef OverrideSearchPath PrismiqSearchPath;
#define prismiq_search_path_get(cxt) GetOverrideSearchPath(cxt)
#define prismiq_search_path_matches(path) OverrideSearchPathMatchesCurrent(path)
#endif

/* Date and time parsing, which answers with a code; 0 is success. */
static inline int
prismiq_decode_datetime(char **fields, int *types, int count, int *dtype, struct pg_tm *tm,
						fsec_t *fsec, int *tz)
{
#if PG_VERSION_NUM >= 160000
	DateTimeErrorExtra extra;

	return DecodeDateTime(fields, types, count, dtype, tm, fsec, tz, &extra);
#else
	return DecodeDateTime(fields, types, count, dtype, tm, fsec, tz);
#endif
}

/* Is the column worked out by an expression whenever it is read?  0: is any of the row? */
static inline bool
prismiq_column_is_virtual(Oid relid, AttrNumber attnum)
{
#if PG_VERSION_NUM >= 180000
	bool		whole = attnum == 0;
	bool		result = false;

	for (attnum = Max(attnum, 1); !result; attnum++)
	{
		HeapTuple	tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relid),
											Int16GetDatum(attnum));

		if (!HeapTupleIsValid(tuple))
			break;
		result = ((Form_pg_attribute) GETSTRUCT(tuple))->attgenerated ==
			ATTRIBUTE_GENERATED_VIRTUAL;
		ReleaseSysCache(tuple);
		if (!whole)
			break;
	}
	return result;
#else
	return false;
#endif
}

/* Does the entry of a range table stand for what a query is grouped by? */
static inline bool
prismiq_rte_is_group(const RangeTblEntry *rte)
{
#if PG_VERSION_NUM >= 180000
	return rte->rtekind == RTE_GROUP;
#else
	return false;
#endif
}

/* The expression behind a column of such an entry; all of them for column 0. */
static inline Node *
prismiq_group_expression(const RangeTblEntry *rte, AttrNumber column)
{
#if PG_VERSION_NUM >= 180000
	return column == 0 ? (Node *) rte->groupexprs :
		(Node *) list_nth(rte->groupexprs, column - 1);
#else
	return NULL;
#endif
}

/* Run an executor forward for "count" rows (0: all); "once": it is not run again. */
#if PG_VERSION_NUM >= 180000
#define prismiq_executor_run(desc, count, once) \
	ExecutorRun(desc, ForwardScanDirection, count)
#else
#define prismiq_executor_run(desc, count, once) \
	ExecutorRun(desc, ForwardScanDirection, count, once)
#endif

#endif							/* PRISMIQ_COMPAT_H */
