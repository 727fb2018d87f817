/*-------------------------------------------------------------------------
 *
 * entry_exposure.c
 *	  What the SQL functions of exposures need from C: the check of what is to
 *	  be exposed, the triggers on the tables, and those on events.
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
 * Data changes of an ordinary table send no invalidation.  The triggers send
 * the relation cache's own for the table that changed; it is transactional, so
 * other backends hear of it at commit, and this one at the next command.
 *
 * The event triggers run as whoever does the DDL, who need not know of us.
 * What they do is in access/follow.c, and takes no names from the statement: the
 * server says by number which relations it was about.
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
#include "commands/event_trigger.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "nodes/execnodes.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

#include "access/access.h"
#include "base/compat_rights.h"
#include "base/fault.h"
#include "base/nearest.h"
#include "catalog/catalogs.h"
#include "entry/entry.h"

PGDLLEXPORT Datum prismiq_exposure_check(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_exposure_problem(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_exposure_dumped(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_invalidate_trigger(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_exposures_trigger(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_exposures_forget(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_exposures_follow(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_schemas_stay(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_exposure_check);
PG_FUNCTION_INFO_V1(prismiq_exposure_problem);
PG_FUNCTION_INFO_V1(prismiq_exposure_dumped);
PG_FUNCTION_INFO_V1(prismiq_invalidate_trigger);
PG_FUNCTION_INFO_V1(prismiq_exposures_trigger);
PG_FUNCTION_INFO_V1(prismiq_exposures_forget);
PG_FUNCTION_INFO_V1(prismiq_exposures_follow);
PG_FUNCTION_INFO_V1(prismiq_schemas_stay);

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
	queryable = prismiq_relkind_is_queryable(form->relkind);
	temporary = form->relpersistence == RELPERSISTENCE_TEMP;
	ReleaseSysCache(tuple);

	if (!prismiq_owns_relation(relid))
		prismiq_reject(PRISMIQ_DENIED, NULL,
					   "Only the owner of a relation or a superuser decides whether it is "
					   "exposed.",
					   "must be owner of the relation");
	if (!queryable)
		prismiq_reject_argument("relation",
								"Tables, partitioned tables, views, materialized views and "
								"foreign tables can be.",
								"\"%s\" cannot be exposed", get_rel_name(relid));
	if (temporary)
		prismiq_reject_argument("relation", NULL, "temporary relations cannot be exposed");
	if (relid < FirstNormalObjectId)
		prismiq_reject_argument("relation", NULL, "system catalogs cannot be exposed");
	if (OidIsValid(own_extension) &&
		getExtensionOfObject(RelationRelationId, relid) == own_extension)
		prismiq_reject_argument("relation", NULL,
								"the extension's own tables cannot be exposed");
}

/* The number of the column that an argument names, or an error with a suggestion. */
static AttrNumber
find_column(Oid relid, const char *argument, const char *column)
{
	AttrNumber	attnum = get_attnum(relid, column);
	PrismiqNearest nearest;
	Relation	relation;
	int			i;

	if (attnum > 0)
		return attnum;

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
	prismiq_reject_argument(argument, prismiq_nearest_result(&nearest),
							"\"%s\" has no column \"%s\"", get_rel_name(relid), column);
}

/* Can the column tell tenants apart? */
static void
check_tenant_column(Oid relid, const char *column)
{
	Oid			type;
	int32		typmod;
	Oid			collation;
	TypeCacheEntry *entry;

	get_atttypetypmodcoll(relid, find_column(relid, "tenant_column", column), &type, &typmod,
						  &collation);
	entry = lookup_type_cache(getBaseType(type), TYPECACHE_EQ_OPR);
	if (!OidIsValid(entry->eq_opr))
		prismiq_reject_argument("tenant_column", NULL,
								"values of column \"%s\" of \"%s\" cannot be compared for "
								"equality", column, get_rel_name(relid));
	if (!OidIsValid(prismiq_tenant_type(type, InvalidOid)))
		prismiq_reject_argument("tenant_column",
								"Tenant columns are of type text, varchar, char, name, uuid, "
								"smallint, integer or bigint, an enum, or a domain over one of "
								"these.  Values of other types that are written in different "
								"ways can be equal, or how they are written depends on settings.",
								"column \"%s\" of \"%s\" is of type %s, in which two tenants "
								"could be one", column, get_rel_name(relid),
								prismiq_type_name(type));
	if (!OidIsValid(prismiq_tenant_type(type, collation)))
		prismiq_reject_argument("tenant_column",
								"Give the column a deterministic collation, such as \"C\".",
								"column \"%s\" of \"%s\" has a collation under which two "
								"tenants could be one", column, get_rel_name(relid));
}

/* May the caller expose this relation with these columns?  Returns true or raises. */
Datum
prismiq_exposure_check(PG_FUNCTION_ARGS)
{
	Oid			relid = PG_GETARG_OID(0);

	check_relation(relid, getExtensionOfObject(ProcedureRelationId, fcinfo->flinfo->fn_oid));
	if (!PG_ARGISNULL(1))
		check_tenant_column(relid, NameStr(*PG_GETARG_NAME(1)));
	if (!PG_ARGISNULL(2))
	{
		const char *column = NameStr(*PG_GETARG_NAME(2));
		Oid			type = getBaseType(get_atttype(relid, find_column(relid, "time_column",
																	  column)));

		if (type != DATEOID && type != TIMESTAMPOID && type != TIMESTAMPTZOID)
			prismiq_reject_argument("time_column", NULL,
									"column \"%s\" of \"%s\" is no date or timestamp",
									column, get_rel_name(relid));
	}
	PG_RETURN_BOOL(true);
}

/* Why nobody finds what is exposed under a name; null when there is no reason. */
Datum
prismiq_exposure_problem(PG_FUNCTION_ARGS)
{
	const char *problem;

	if (prismiq_has_null(fcinfo))
		PG_RETURN_NULL();
	problem = prismiq_exposure_obstacle(NameStr(*PG_GETARG_NAME(0)), NameStr(*PG_GETARG_NAME(1)));
	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem));
}

/*
 * Does pg_dump take an exposure along?  It asks as whoever dumps, so this is C
 * that runs nothing of the owner's, and stays with the superuser.
 */
Datum
prismiq_exposure_dumped(PG_FUNCTION_ARGS)
{
	Oid			exposures = prismiq_home_relation("prismiq_exposures");
	Oid			relid;

	if (pg_class_aclcheck(exposures, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		prismiq_reject(PRISMIQ_DENIED, NULL, NULL, "reading exposures is not permitted");
	relid = prismiq_exposure_relation(text_to_cstring(PG_GETARG_TEXT_PP(0)),
									  text_to_cstring(PG_GETARG_TEXT_PP(1)));
	PG_RETURN_BOOL(OidIsValid(relid));
}

/* What a trigger returns; it counts in a BEFORE ROW trigger only. */
static Datum
trigger_result(const TriggerData *trigdata)
{
	return PointerGetDatum(TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ?
						   trigdata->tg_newtuple : trigdata->tg_trigtuple);
}

/* The data of a trigger; an error when the function was called in another way. */
static TriggerData *
trigger_data(FunctionCallInfo fcinfo)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("the function was not called by the trigger manager")));
	return (TriggerData *) fcinfo->context;
}

/*
 * Trigger for any table whose rows are cached: invalidates the table's entry
 * in every relation cache, which is what the caches listen to.
 */
Datum
prismiq_invalidate_trigger(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = trigger_data(fcinfo);

	CacheInvalidateRelcacheByRelid(RelationGetRelid(trigdata->tg_relation));
	return trigger_result(trigdata);
}

/* Trigger of prismiq_exposures: notes which relation each is for. */
Datum
prismiq_exposures_trigger(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = trigger_data(fcinfo);
	TriggerEvent event = trigdata->tg_event;

	if (!TRIGGER_FIRED_FOR_ROW(event))
		prismiq_exposures_rewritten();
	else
		prismiq_exposure_written(trigdata->tg_relation,
								 TRIGGER_FIRED_BY_INSERT(event) ? NULL : trigdata->tg_trigtuple,
								 TRIGGER_FIRED_BY_INSERT(event) ? trigdata->tg_trigtuple :
								 TRIGGER_FIRED_BY_UPDATE(event) ? trigdata->tg_newtuple : NULL);
	return trigger_result(trigdata);
}

/* Are the tables of exposures there?  While the extension comes or goes they may not be. */
static bool
extension_is_whole(void)
{
	Oid			home = prismiq_extension_namespace("prismiq");

	return OidIsValid(home) &&
		OidIsValid(prismiq_relation_by_name("prismiq_exposures", home)) &&
		OidIsValid(prismiq_relation_by_name("prismiq_exposed_relations", home));
}

/*
 * The relations among the objects that one of the server's functions for event
 * triggers returns: the first three columns of both are classid, objid and
 * objsubid.
 */
static List *
event_relations(Oid function)
{
	LOCAL_FCINFO(fcinfo, 0);
	FmgrInfo	flinfo;
	ReturnSetInfo result = {T_ReturnSetInfo};
	TupleTableSlot *slot;
	List	   *relids = NIL;
	bool		isnull;

	fmgr_info(function, &flinfo);
	result.econtext = CreateStandaloneExprContext();
	result.allowedModes = SFRM_Materialize;
	InitFunctionCallInfoData(*fcinfo, &flinfo, 0, InvalidOid, NULL, (Node *) &result);
	(void) FunctionCallInvoke(fcinfo);
	if (result.returnMode != SFRM_Materialize || result.setResult == NULL)
		elog(ERROR, "function %u did not return a set", function);

	slot = MakeSingleTupleTableSlot(result.setDesc, &TTSOpsMinimalTuple);
	while (tuplestore_gettupleslot(result.setResult, true, false, slot))
	{
		Oid			classid = DatumGetObjectId(slot_getattr(slot, 1, &isnull));
		Oid			relid = DatumGetObjectId(slot_getattr(slot, 2, &isnull));

		if (classid == RelationRelationId && !isnull &&
			DatumGetInt32(slot_getattr(slot, 3, &isnull)) == 0)
			relids = lappend_oid(relids, relid);
	}
	ExecDropSingleTupleTableSlot(slot);
	tuplestore_end(result.setResult);
	FreeExprContext(result.econtext, true);
	return relids;
}

/* The data of an event trigger; an error when the function was called in another way. */
static EventTriggerData *
event_data(FunctionCallInfo fcinfo)
{
	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("the function was not called by the event trigger manager")));
	return (EventTriggerData *) fcinfo->context;
}

/* Event trigger on sql_drop: exposures end with their relations. */
Datum
prismiq_exposures_forget(PG_FUNCTION_ARGS)
{
	(void) event_data(fcinfo);
	if (extension_is_whole())
		prismiq_exposures_dropped(event_relations(F_PG_EVENT_TRIGGER_DROPPED_OBJECTS));
	PG_RETURN_NULL();
}

/* Relations were renamed, or (a schema was, or an extension moved) may have been. */
static void
follow_renamed(ObjectType type)
{
	if (type == OBJECT_SCHEMA || type == OBJECT_EXTENSION)
		prismiq_exposures_moved();
	else
		prismiq_exposures_renamed(event_relations(F_PG_EVENT_TRIGGER_DDL_COMMANDS));
}

/*
 * Event trigger on ddl_command_end: exposures follow their relations.  When the
 * triggers of our own table were switched, as a restore of data alone does to
 * work without them, its rows may have come without any.
 */
Datum
prismiq_exposures_follow(PG_FUNCTION_ARGS)
{
	Node	   *command = event_data(fcinfo)->parsetree;

	if (!extension_is_whole())
		PG_RETURN_NULL();
	switch (nodeTag(command))
	{
		case T_RenameStmt:
			follow_renamed(((RenameStmt *) command)->renameType);
			break;
		case T_AlterObjectSchemaStmt:
			follow_renamed(((AlterObjectSchemaStmt *) command)->objectType);
			break;
		case T_AlterTableStmt:
			if (list_member_oid(event_relations(F_PG_EVENT_TRIGGER_DDL_COMMANDS),
								prismiq_home_relation("prismiq_exposures")))
				prismiq_exposures_rewritten();
			break;
		case T_CreateStmt:
		case T_CreateForeignTableStmt:
		case T_CreateTableAsStmt:
		case T_ViewStmt:
		case T_CreateSchemaStmt:
		case T_ImportForeignSchemaStmt:
			prismiq_exposures_created(event_relations(F_PG_EVENT_TRIGGER_DDL_COMMANDS));
			break;
		default:
			break;
	}
	PG_RETURN_NULL();
}

/*
 * Event trigger on ddl_command_start: the extension's schemas keep their names.
 * The bodies of functions and the text of constraints hold them, and would then
 * find nothing, or what somebody makes under the old name.
 */
Datum
prismiq_schemas_stay(PG_FUNCTION_ARGS)
{
	const Node *parsetree = event_data(fcinfo)->parsetree;
	const RenameStmt *rename = (const RenameStmt *) parsetree;
	Oid			nspid;

	if (!IsA(parsetree, RenameStmt) || rename->renameType != OBJECT_SCHEMA)
		PG_RETURN_NULL();
	nspid = prismiq_schema_by_name(rename->subname);
	if (OidIsValid(nspid) && (nspid == prismiq_extension_namespace("prismiq") ||
							  strcmp(rename->subname, PRISMIQ_INTERNAL_SCHEMA) == 0))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("schema \"%s\" cannot be renamed while extension \"prismiq\" is in it",
						rename->subname),
				 errhint("Dump the database, drop the extension, and create it in another "
						 "schema.")));
	PG_RETURN_NULL();
}
