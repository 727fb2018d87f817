/*-------------------------------------------------------------------------
 *
 * compat_rights.h
 *	  What differs between versions in asking for rights (see compat.h).
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_COMPAT_RIGHTS_H
#define PRISMIQ_COMPAT_RIGHTS_H

#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/syscache.h"

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

#endif							/* PRISMIQ_COMPAT_RIGHTS_H */
