/*-------------------------------------------------------------------------
 *
 * entry_health.c
 *	  prismiq_health, prismiq_health_ready: can what is installed here answer?  And
 *	  what this backend remembers, for prismiq_metrics.
 *
 * The library and the objects that the script made are installed in two steps, so
 * they can be of two versions: the files are there and ALTER EXTENSION UPDATE is
 * not, or it is, and a connection goes on with the library that it has loaded.
 * Then nothing is sure of what a call does.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "fmgr.h"
#include "utils/guc.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "base/cache.h"
#include "catalog/catalogs.h"
#include "entry/entry.h"
#include "entry/entry_gateway.h"

/* What a gateway answers with when the service is there and cannot serve. */
#define UNAVAILABLE "503"

PGDLLEXPORT Datum prismiq_health(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_health_ready(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_server_state(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_health);
PG_FUNCTION_INFO_V1(prismiq_health_ready);
PG_FUNCTION_INFO_V1(prismiq_server_state);

/* Are the objects of this database those that this library goes with? */
static bool
is_ready(const char *schema_version)
{
	return schema_version != NULL && strcmp(schema_version, PRISMIQ_VERSION) == 0;
}

/*
 * Whether what is installed is ready to answer and why not, and whether nothing can
 * be written here, which is no reason: reading goes on.
 */
static void
push_readiness(JsonbParseState **state, const char *schema_version)
{
	bool		ready = is_ready(schema_version);

	prismiq_push_member(state, "status", ready ? "ok" : "unavailable");
	prismiq_push_flag(state, "ready", ready);
	prismiq_push_key(state, "reasons");
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	if (!ready)
		prismiq_push_text(state, WJB_ELEM, "version_mismatch");
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
	prismiq_push_flag(state, "in_recovery", RecoveryInProgress());
	/* Not whether this transaction is: a gateway reads in those that are. */
	prismiq_push_flag(state, "read_only", RecoveryInProgress() || DefaultXactReadOnly);
}

/* What is at work here. */
static void
push_versions(JsonbParseState **state, const char *schema_version)
{
	prismiq_push_member(state, "version", PRISMIQ_VERSION);
	prismiq_push_member(state, "schema_version", schema_version);
	prismiq_push_member(state, "server_version", GetConfigOption("server_version", false, false));
}

/* How many answers the caches of this backend hold: {cache: number}, for those in use. */
static void
push_caches(JsonbParseState **state)
{
	const PrismiqCache *cache = NULL;

	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	while ((cache = prismiq_cache_next(cache)) != NULL)
	{
		JsonbValue	count;

		prismiq_push_key(state, cache->name);
		count.type = jbvNumeric;
		count.val.numeric = int64_to_numeric(prismiq_cache_count(cache));
		pushJsonbValue(state, WJB_VALUE, &count);
	}
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/* A health function: with the versions, or, for everybody, without what tells how to attack it. */
static Datum
health(bool versions)
{
	JsonbParseState *state = NULL;
	const char *schema_version = prismiq_extension_version("prismiq");

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_readiness(&state, schema_version);
	if (versions)
		push_versions(&state, schema_version);
	if (!is_ready(schema_version))
		prismiq_gateway_tell(PRISMIQ_RESPONSE_STATUS, UNAVAILABLE);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}

/* prismiq_health_ready() */
Datum
prismiq_health_ready(PG_FUNCTION_ARGS)
{
	return health(false);
}

/* prismiq_health() */
Datum
prismiq_health(PG_FUNCTION_ARGS)
{
	return health(true);
}

/* prismiq_internal.server_state(): for prismiq_metrics, which is answered whatever it tells */
Datum
prismiq_server_state(PG_FUNCTION_ARGS)
{
	JsonbParseState *state = NULL;
	const char *schema_version = prismiq_extension_version("prismiq");

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_readiness(&state, schema_version);
	push_versions(&state, schema_version);
	prismiq_push_key(&state, "caches");
	push_caches(&state);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}
