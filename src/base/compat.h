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
#include "utils/acl.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#endif
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif

#if PG_VERSION_NUM < 150000
#error "prismiq needs PostgreSQL 15 or newer"
#endif

/* May the role look into the schema (of a relation that is gone: no)? */
static inline bool
prismiq_may_use_schema(Oid nspid)
{
	if (!OidIsValid(nspid))
		return false;
#if PG_VERSION_NUM >= 160000
	return object_aclcheck(NamespaceRelationId, nspid, GetUserId(), ACL_USAGE) == ACLCHECK_OK;
#else
	return pg_namespace_aclcheck(nspid, GetUserId(), ACL_USAGE) == ACLCHECK_OK;
#endif
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

/* Run an executor forward for "count" rows (0: all); "once": it is not run again. */
#if PG_VERSION_NUM >= 180000
#define prismiq_executor_run(desc, count, once) \
	ExecutorRun(desc, ForwardScanDirection, count)
#else
#define prismiq_executor_run(desc, count, once) \
	ExecutorRun(desc, ForwardScanDirection, count, once)
#endif

/*
 * Call a type's input function on text that may be bad; false when it is.
 *
 * From version 16 on the input functions report softly (those that do not
 * know how still throw, which is caught below as on version 15).  Version 15
 * needs a subtransaction to catch the error and stay whole.  In parallel mode
 * there can be none: the error then passes through.
 */
static inline bool
prismiq_input_value(Oid typinput, const char *text, Oid typioparam, int32 typmod,
					Datum *result)
{
	MemoryContext oldcontext = CurrentMemoryContext;
	ResourceOwner oldowner = CurrentResourceOwner;
	volatile bool ok = true;

	if (IsInParallelMode())
	{
		*result = OidInputFunctionCall(typinput, unconstify(char *, text), typioparam, typmod);
		return true;
	}

#if PG_VERSION_NUM >= 160000
	/* The built-in ones are soft: no subtransaction is worth its price. */
	if (typinput < FirstNormalObjectId)
	{
		ErrorSaveContext escontext = {T_ErrorSaveContext};
		FmgrInfo	flinfo;

		fmgr_info(typinput, &flinfo);
		return InputFunctionCallSafe(&flinfo, unconstify(char *, text), typioparam, typmod,
									 (Node *) &escontext, result);
	}
#endif

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
		int			category;

		MemoryContextSwitchTo(oldcontext);
		edata = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(oldcontext);
		CurrentResourceOwner = oldowner;

		/*
		 * Only what speaks of the value means that the value is bad: data
		 * exceptions and the like, never a cancel or a lack of memory.
		 */
		category = ERRCODE_TO_CATEGORY(edata->sqlerrcode);
		if (category != ERRCODE_DATA_EXCEPTION &&
			category != ERRCODE_SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION &&
			category != ERRCODE_FEATURE_NOT_SUPPORTED &&
			category != ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION &&
			category != ERRCODE_PROGRAM_LIMIT_EXCEEDED)
			ReThrowError(edata);
		FreeErrorData(edata);
		ok = false;
	}
	PG_END_TRY();

	return ok;
}

#endif							/* PRISMIQ_COMPAT_H */
