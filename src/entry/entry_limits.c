/*-------------------------------------------------------------------------
 *
 * entry_limits.c
 *	  Triggers that hold the settings' limits on what is stored.
 *
 * They do not bind a restore: a setting must not decide whether a stored row
 * comes back.
 *
 * They are in C for two reasons: rows of others are counted without running
 * anything with more rights than the caller's, and under REPEATABLE READ a
 * statement does not see what was committed after the transaction began.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

#include "base/compat_rights.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "entry/entry.h"
#include "who/who.h"

PGDLLEXPORT Datum prismiq_is_restore(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_max_widgets(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_widgets_refuse(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_default_lock(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_dashboards_limit(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_documents_limit(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_is_restore);
PG_FUNCTION_INFO_V1(prismiq_max_widgets);
PG_FUNCTION_INFO_V1(prismiq_widgets_refuse);
PG_FUNCTION_INFO_V1(prismiq_default_lock);
PG_FUNCTION_INFO_V1(prismiq_dashboards_limit);
PG_FUNCTION_INFO_V1(prismiq_documents_limit);

/* Raise unless called as the trigger that the function was written for. */
static TriggerData *
trigger_data(FunctionCallInfo fcinfo, bool before)
{
	TriggerData *data = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_ROW(data->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(data->tg_event) ||
		(before ? !TRIGGER_FIRED_BEFORE(data->tg_event) : !TRIGGER_FIRED_AFTER(data->tg_event)))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("not called by the trigger that it is for")));
	return data;
}

/* An INSERT has its row where an UPDATE has the old one. */
static HeapTuple
new_row(const TriggerData *data)
{
	return TRIGGER_FIRED_BY_UPDATE(data->tg_event) ? data->tg_newtuple : data->tg_trigtuple;
}

/*
 * Is what is written to a table taken as it comes?  By a role that row security
 * does not bind, such as a superuser, and by the table's owner who says so.
 * Anybody can set the setting, so the owner it has to be.
 */
static bool
is_restore(Oid relid)
{
	return check_enable_rls(relid, InvalidOid, true) != RLS_ENABLED ||
		(prismiq_setting_maintenance == PRISMIQ_MAINTENANCE_ON && prismiq_owns_relation(relid));
}

/* The same for triggers in PL/pgSQL. */
Datum
prismiq_is_restore(PG_FUNCTION_ARGS)
{
	if (prismiq_has_null(fcinfo))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(is_restore(PG_GETARG_OID(0)));
}

/* The limit of widgets that is in force. */
Datum
prismiq_max_widgets(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(prismiq_limit(PRISMIQ_MAX_WIDGETS_PER_DASHBOARD));
}

/* Raise PT413 for a dashboard that has more. */
Datum
prismiq_widgets_refuse(PG_FUNCTION_ARGS)
{
	prismiq_reject(PRISMIQ_LIMIT,
				   psprintf("a dashboard may have %d widgets",
							prismiq_limit(PRISMIQ_MAX_WIDGETS_PER_DASHBOARD)),
				   prismiq_limit_hint(PRISMIQ_MAX_WIDGETS_PER_DASHBOARD, "Delete one"),
				   "too many widgets");
	PG_RETURN_VOID();
}

/*
 * Those who choose a default dashboard in one tenant wait for each other, until
 * the end of the transaction.  It is a lock that no SQL can take, as below; the
 * function is what is locked, for the number of a tenant is no number of a row.
 */
Datum
prismiq_default_lock(PG_FUNCTION_ARGS)
{
	const char *tenant_id = prismiq_context_require()->tenant_id;

	LockDatabaseObject(fcinfo->flinfo->fn_oid,
					   hash_bytes((const unsigned char *) tenant_id, strlen(tenant_id)), 0,
					   ExclusiveLock);
	PG_RETURN_VOID();
}

/* How many rows of the tenant has this user made?  Of all that is committed by now. */
static int64
count_made(Relation rel, Datum tenant_id, Datum user_id)
{
	AttrNumber	tenant_column = prismiq_home_column(rel, "tenant_id", TEXTOID);
	AttrNumber	maker_column = prismiq_home_column(rel, "created_by", TEXTOID);
	Oid			collation = TupleDescAttr(RelationGetDescr(rel), tenant_column - 1)->attcollation;
	ScanKeyData key;
	SysScanDesc scan;
	Snapshot	snapshot;
	HeapTuple	tuple;
	Oid			primary_key;
	int64		count = 0;

	/* What this very statement has written is to be seen as well. */
	CommandCounterIncrement();

	primary_key = prismiq_home_index(rel, tenant_column);
	ScanKeyEntryInitialize(&key, 0, tenant_column, BTEqualStrategyNumber, InvalidOid, collation,
						   F_TEXTEQ, tenant_id);
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	scan = systable_beginscan(rel, primary_key, OidIsValid(primary_key), snapshot, 1, &key);
	while ((tuple = systable_getnext(scan)) != NULL)
	{
		bool		isnull;
		Datum		maker = heap_getattr(tuple, maker_column, RelationGetDescr(rel), &isnull);

		CHECK_FOR_INTERRUPTS();
		if (!isnull &&
			DatumGetBool(DirectFunctionCall2Coll(texteq, collation, maker, user_id)))
			count++;
	}
	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	return count;
}

/* A text's bytes, hashed. */
static uint32
hash_text(Datum value)
{
	text	   *t = DatumGetTextPP(value);

	return hash_bytes((unsigned char *) VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t));
}

/*
 * AFTER INSERT FOR EACH ROW on prismiq_dashboards: raise PT413 when the user
 * who made the row has made more than prismiq.max_dashboards_per_user.  Whose
 * they are now does not matter, so handing them on makes no room, nor does it
 * take a colleague's.
 *
 * Those who add to one user's dashboards wait for each other, until the end of
 * the transaction.  It is a lock that no SQL can take, unlike an advisory one.
 */
Datum
prismiq_dashboards_limit(PG_FUNCTION_ARGS)
{
	TriggerData *data = trigger_data(fcinfo, false);
	Relation	rel = data->tg_relation;
	TupleDesc	desc = RelationGetDescr(rel);
	int			most = prismiq_limit(PRISMIQ_MAX_DASHBOARDS_PER_USER);
	bool		isnull;
	Datum		tenant_id;
	Datum		user_id;

	/* A dashboard without a maker is a restored one. */
	if (is_restore(RelationGetRelid(rel)))
		return PointerGetDatum(NULL);
	user_id = heap_getattr(new_row(data), prismiq_home_column(rel, "created_by", TEXTOID), desc,
						   &isnull);
	if (isnull)
		return PointerGetDatum(NULL);
	tenant_id = heap_getattr(new_row(data), prismiq_home_column(rel, "tenant_id", TEXTOID), desc,
							 &isnull);
	/* Not in the table as it was made, but the owner may have changed it. */
	if (isnull)
		return PointerGetDatum(NULL);
	LockDatabaseObject(RelationGetRelid(rel),
					   hash_combine(hash_text(tenant_id), hash_text(user_id)), 0, ExclusiveLock);
	if (count_made(rel, tenant_id, user_id) > most)
		prismiq_reject(PRISMIQ_LIMIT, psprintf("a user may make %d dashboards", most),
					   prismiq_limit_hint(PRISMIQ_MAX_DASHBOARDS_PER_USER, "Delete one"),
					   "too many dashboards");
	return PointerGetDatum(NULL);
}

/*
 * Raise PT413 when a document is larger than prismiq.max_definition_bytes or
 * nests deeper than prismiq.max_nesting.
 */
static void
check_document_limits(Jsonb *document)
{
	MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "prismiq document",
											   ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(work);
	PrismiqFaults faults = {NIL, NIL};

	(void) prismiq_json_from_jsonb(document, prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES),
								   prismiq_limit(PRISMIQ_MAX_NESTING), &faults);
	prismiq_fault_raise_any(&faults);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(work);
}

/*
 * BEFORE INSERT OR UPDATE FOR EACH ROW, with the names of jsonb columns as
 * arguments: hold the limits on documents for each that is new.  What was
 * stored under a higher limit may stay while other columns change.
 */
Datum
prismiq_documents_limit(PG_FUNCTION_ARGS)
{
	TriggerData *data = trigger_data(fcinfo, true);
	Relation	rel = data->tg_relation;
	TupleDesc	desc = RelationGetDescr(rel);
	HeapTuple	row = new_row(data);
	int			i;

	if (is_restore(RelationGetRelid(rel)))
		return PointerGetDatum(row);
	for (i = 0; i < data->tg_trigger->tgnargs; i++)
	{
		AttrNumber	column = prismiq_home_column(rel, data->tg_trigger->tgargs[i],
														 JSONBOID);
		bool		isnull;
		Datum		value = heap_getattr(row, column, desc, &isnull);

		if (isnull)
			continue;
		if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
		{
			bool		was_null;
			Datum		before = heap_getattr(data->tg_trigtuple, column, desc, &was_null);

			if (!was_null && datumIsEqual(value, before, false, -1))
				continue;
		}
		check_document_limits(DatumGetJsonbP(value));
	}
	return PointerGetDatum(row);
}
