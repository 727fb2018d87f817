/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  What differs between the supported PostgreSQL versions.
 *
 * The only file that looks at PG_VERSION_NUM.  Every difference gets a name
 * of ours here, so that the rest of the code reads as if there were one
 * server.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_COMPAT_H
#define PRISMIQ_COMPAT_H

#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "commands/explain.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/acl.h"
#include "utils/fmgroids.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/syscache.h"

#include "base/fault.h"
#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#endif
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "access/htup_details.h"
#include "catalog/pg_constraint.h"
#include "commands/explain_state.h"
#include "catalog/pg_attribute.h"
#include "utils/lsyscache.h"
#endif

#if PG_VERSION_NUM < 150000
#error "prismiq needs PostgreSQL 15 or newer"
#endif

/* May the role look into the schema (one that is gone: no)? */
static inline bool
prismiq_may_use_schema(Oid nspid)
{
	/* What is in the cache now is found there by the check. */
	if (!OidIsValid(nspid) || !SearchSysCacheExists1(NAMESPACEOID, ObjectIdGetDatum(nspid)))
		return false;
#if PG_VERSION_NUM >= 160000
	return object_aclcheck(NamespaceRelationId, nspid, GetUserId(), ACL_USAGE) == ACLCHECK_OK;
#else
	return pg_namespace_aclcheck(nspid, GetUserId(), ACL_USAGE) == ACLCHECK_OK;
#endif
}

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

/* May the role call the function? */
static inline bool
prismiq_may_execute(Oid funcid)
{
#if PG_VERSION_NUM >= 160000
	return object_aclcheck(ProcedureRelationId, funcid, GetUserId(), ACL_EXECUTE) == ACLCHECK_OK;
#else
	return pg_proc_aclcheck(funcid, GetUserId(), ACL_EXECUTE) == ACLCHECK_OK;
#endif
}

/* Does the role own the relation (a superuser owns everything)? */
static inline bool
prismiq_owns_relation(Oid relid)
{
#if PG_VERSION_NUM >= 160000
	return object_ownercheck(RelationRelationId, relid, GetUserId());
#else
	return pg_class_ownercheck(relid, GetUserId());
#endif
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

/*
 * Is an error of an input function about the server or the transaction?  Every
 * other one is about the value, whatever its code: hstore's input raises
 * XX000, regclass's 3F000, and a domain's check inside a row type what its
 * author liked.
 */
static inline bool
prismiq_input_error_passes(int sqlerrcode)
{
	int			category = ERRCODE_TO_CATEGORY(sqlerrcode);

	return category == ERRCODE_OPERATOR_INTERVENTION ||
		category == ERRCODE_INSUFFICIENT_RESOURCES ||
		category == ERRCODE_TRANSACTION_ROLLBACK ||
		category == ERRCODE_SYSTEM_ERROR ||
		sqlerrcode == ERRCODE_DATA_CORRUPTED || sqlerrcode == ERRCODE_INDEX_CORRUPTED;
}

/*
 * The same without a subtransaction: what the input function throws ends the
 * statement, in words of ours.
 */
static inline bool
prismiq_input_value_bare(Oid typinput, const char *text, Oid typioparam, int32 typmod,
						 Datum *result)
{
	MemoryContext oldcontext = CurrentMemoryContext;
	volatile bool ok = true;

	PG_TRY();
	{
#if PG_VERSION_NUM >= 160000
		ErrorSaveContext escontext = {T_ErrorSaveContext};
		FmgrInfo	flinfo;

		fmgr_info(typinput, &flinfo);
		ok = InputFunctionCallSafe(&flinfo, unconstify(char *, text), typioparam, typmod,
								   (Node *) &escontext, result);
#else
		*result = OidInputFunctionCall(typinput, unconstify(char *, text), typioparam, typmod);
#endif
	}
	PG_CATCH();
	{
		ErrorData  *edata;

		MemoryContextSwitchTo(oldcontext);
		edata = CopyErrorData();
		FlushErrorState();
		if (prismiq_input_error_passes(edata->sqlerrcode))
			ReThrowError(edata);
		prismiq_reject_argument(NULL, NULL, "a value is out of range or cannot be converted");
	}
	PG_END_TRY();
	return ok;
}

/*
 * Does an input function say softly that a text is bad, and throw nothing?
 * From version 16 on those of the plain types do.  Those of rows, arrays,
 * ranges and domains run other people's functions, and those of documents
 * (jsonb, tsquery) throw when the text is nested too deep.
 */
static inline bool
prismiq_input_is_soft(Oid typinput)
{
#if PG_VERSION_NUM >= 160000
	switch (typinput)
	{
		case F_NUMERIC_IN:
		case F_FLOAT4IN:
		case F_FLOAT8IN:
		case F_UUID_IN:
		case F_INTERVAL_IN:
		case F_DATE_IN:
		case F_TIME_IN:
		case F_TIMETZ_IN:
		case F_TIMESTAMP_IN:
		case F_TIMESTAMPTZ_IN:
		case F_INET_IN:
		case F_OIDIN:
		case F_NAMEIN:
			return true;
		default:
			return false;
	}
#else
	return false;
#endif
}

/*
 * Call a type's input function on text that may be bad; false when it is.
 *
 * An input function that throws needs a subtransaction to catch the error and
 * stay whole.  In parallel mode there can be none: there a bad value is an
 * error.
 */
static inline bool
prismiq_input_value(Oid typinput, const char *text, Oid typioparam, int32 typmod,
					Datum *result)
{
	MemoryContext oldcontext = CurrentMemoryContext;
	ResourceOwner oldowner = CurrentResourceOwner;
	volatile bool ok = true;

	if (IsInParallelMode() || prismiq_input_is_soft(typinput))
		return prismiq_input_value_bare(typinput, text, typioparam, typmod, result);

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(oldcontext);
	PG_TRY();
	{
		*result = OidInputFunctionCall(typinput, unconstify(char *, text), typioparam, typmod);
		ReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(oldcontext);
		CurrentResourceOwner = oldowner;
	}
	PG_CATCH();
	{
		ErrorData  *edata;

		MemoryContextSwitchTo(oldcontext);
		edata = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(oldcontext);
		CurrentResourceOwner = oldowner;
		if (prismiq_input_error_passes(edata->sqlerrcode))
			ReThrowError(edata);
		FreeErrorData(edata);
		ok = false;
	}
	PG_END_TRY();

	return ok;
}

#endif							/* PRISMIQ_COMPAT_H */
