/*-------------------------------------------------------------------------
 *
 * entry_exposure.c
 *	  What the SQL functions of exposures need from C: the check of what is to
 *	  be exposed, and the trigger that tells caches of a change.
 *
 * Writing an exposure needs no rights but those of the caller.  The table
 * prismiq_exposures has a row security policy that shows and takes only rows
 * of relations that the current role owns, and its privileges go to profile
 * "admin" alone, so that prismiq_expose() and its companions are plain
 * SECURITY INVOKER functions: there is no code here that acts with more rights
 * than its caller has, and a row written past the functions can only expose
 * what the writer owns.  Readers of exposures are C code that scans the table
 * as a system does, without the caller's privileges.
 *
 * Data changes of an ordinary table send no invalidation.  The trigger sends
 * the relation cache's own for the table that changed; it is transactional, so
 * other backends hear of it at commit, and this one at the next command.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/transam.h"
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "base/compat.h"
#include "base/fault.h"

PGDLLEXPORT Datum prismiq_exposure_check(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_invalidate_trigger(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_exposure_check);
PG_FUNCTION_INFO_V1(prismiq_invalidate_trigger);

/* May a relation of this kind be queried at all? */
static void
check_relation(Oid relid, Oid own_extension)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Form_pg_class form;
	bool		queryable;
	bool		temporary;

	if (!HeapTupleIsValid(tuple))
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "relation not found");
	form = (Form_pg_class) GETSTRUCT(tuple);
	queryable = form->relkind == RELKIND_RELATION ||
		form->relkind == RELKIND_PARTITIONED_TABLE || form->relkind == RELKIND_VIEW ||
		form->relkind == RELKIND_MATVIEW || form->relkind == RELKIND_FOREIGN_TABLE;
	temporary = form->relpersistence == RELPERSISTENCE_TEMP;
	ReleaseSysCache(tuple);

	if (!prismiq_owns_relation(relid))
		prismiq_reject(PRISMIQ_DENIED, NULL,
					   "Only the owner of a relation or a superuser decides whether it is "
					   "exposed.",
					   "must be owner of the relation");
	if (!queryable)
		prismiq_reject(PRISMIQ_BAD_ARGUMENT, NULL,
					   "Tables, partitioned tables, views, materialized views and foreign "
					   "tables can be.",
					   "\"%s\" cannot be exposed", get_rel_name(relid));
	if (temporary)
		prismiq_reject(PRISMIQ_BAD_ARGUMENT, NULL, NULL,
					   "temporary relations cannot be exposed");
	if (relid < FirstNormalObjectId)
		prismiq_reject(PRISMIQ_BAD_ARGUMENT, NULL, NULL,
					   "system catalogs cannot be exposed");
	if (OidIsValid(own_extension) &&
		getExtensionOfObject(RelationRelationId, relid) == own_extension)
		prismiq_reject(PRISMIQ_BAD_ARGUMENT, NULL, NULL,
					   "the extension's own tables cannot be exposed");
}

/* The type of a column (a domain's base type), or an error with a suggestion. */
static Oid
column_type(Oid relid, const char *column)
{
	AttrNumber	attnum = get_attnum(relid, column);
	PrismiqNearest nearest;
	Relation	relation;
	int			i;

	if (attnum > 0)
		return getBaseType(get_atttype(relid, attnum));

	/* The caller owns the relation, so it may see every name in it. */
	(void) prismiq_nearest_init(&nearest, NULL, column);
	relation = relation_open(relid, AccessShareLock);
	for (i = 0; i < RelationGetNumberOfAttributes(relation); i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation), i);

		if (!attribute->attisdropped)
			prismiq_nearest_offer(&nearest, pstrdup(NameStr(attribute->attname)));
	}
	relation_close(relation, AccessShareLock);
	prismiq_reject(PRISMIQ_BAD_ARGUMENT, NULL, prismiq_nearest_result(&nearest),
				   "\"%s\" has no column \"%s\"", get_rel_name(relid), column);
}

/* May the caller expose this relation with these columns?  Returns true or raises. */
Datum
prismiq_exposure_check(PG_FUNCTION_ARGS)
{
	Oid			relid = PG_GETARG_OID(0);

	check_relation(relid, getExtensionOfObject(ProcedureRelationId, fcinfo->flinfo->fn_oid));
	if (!PG_ARGISNULL(1))
	{
		const char *column = NameStr(*PG_GETARG_NAME(1));
		TypeCacheEntry *type = lookup_type_cache(column_type(relid, column), TYPECACHE_EQ_OPR);

		if (!OidIsValid(type->eq_opr))
			prismiq_reject(PRISMIQ_BAD_ARGUMENT, NULL, NULL,
						   "values of column \"%s\" of \"%s\" cannot be compared for equality",
						   column, get_rel_name(relid));
	}
	if (!PG_ARGISNULL(2))
	{
		const char *column = NameStr(*PG_GETARG_NAME(2));
		Oid			type = column_type(relid, column);

		if (type != DATEOID && type != TIMESTAMPOID && type != TIMESTAMPTZOID)
			prismiq_reject(PRISMIQ_BAD_ARGUMENT, NULL, NULL,
						   "column \"%s\" of \"%s\" is no date or timestamp",
						   column, get_rel_name(relid));
	}
	PG_RETURN_BOOL(true);
}

/*
 * Trigger for any table whose rows are cached: invalidates the table's entry
 * in every relation cache, which is what the caches listen to.
 */
Datum
prismiq_invalidate_trigger(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("prismiq_invalidate_trigger was not called by the trigger manager")));
	CacheInvalidateRelcacheByRelid(RelationGetRelid(trigdata->tg_relation));

	/* What is returned counts in a BEFORE ROW trigger only. */
	if (TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event))
		return PointerGetDatum(trigdata->tg_newtuple);
	return PointerGetDatum(trigdata->tg_trigtuple);
}
