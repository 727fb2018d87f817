/*-------------------------------------------------------------------------
 *
 * entry_stat.c
 *	  prismiq_stat_queries and its like, and the numbers of all calls.
 *
 * Who may call them the privileges say: they are no tenant's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/uuid.h"

#include "entry/entry.h"
#include "read/fingerprint.h"
#include "run/door.h"
#include "run/stat.h"

PGDLLEXPORT Datum prismiq_stat_queries(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_stat_forget(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_query_state(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_stat_queries);
PG_FUNCTION_INFO_V1(prismiq_stat_forget);
PG_FUNCTION_INFO_V1(prismiq_query_state);

/* Columns of prismiq_stat_queries */
enum
{
	STAT_FINGERPRINT,
	STAT_SAVED_QUERY,
	STAT_TABLES,
	STAT_CALLS,
	STAT_ERRORS,
	STAT_REFUSED,
	STAT_ROWS,
	STAT_TOTAL_MS,
	STAT_WORST_MS,
	STAT_DURATIONS,
	STAT_COLUMNS
};

/* A fingerprint as text: there is no type of its size without a sign. */
static Datum
fingerprint_datum(uint64 fingerprint)
{
	return CStringGetTextDatum(psprintf("%016llx", (unsigned long long) fingerprint));
}

/* An array of the tables' numbers. */
static Datum
tables_datum(const PrismiqStatTables *tables)
{
	Datum		relids[PRISMIQ_STAT_TABLES];
	int			i;

	for (i = 0; i < tables->count; i++)
		relids[i] = ObjectIdGetDatum(tables->relids[i]);
	return PointerGetDatum(construct_array(relids, tables->count, REGCLASSOID, sizeof(Oid), true,
										   TYPALIGN_INT));
}

/* An array of how many calls took up to each of the bounds, and longer. */
static Datum
durations_datum(const PrismiqStatCounts *counts)
{
	Datum		numbers[lengthof(counts->durations)];
	int			i;

	for (i = 0; i < lengthof(numbers); i++)
		numbers[i] = Int64GetDatum(counts->durations[i]);
	return PointerGetDatum(construct_array(numbers, lengthof(numbers), INT8OID, sizeof(int64),
										   FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* Is it an id, or does it stand for none? */
static bool
has_saved_query(const PrismiqStatKey *key)
{
	static const pg_uuid_t none = {{0}};

	return memcmp(&key->saved_query, &none, sizeof(none)) != 0;
}

/*
 * prismiq_stat_queries() returns setof record
 *
 * Each query that was asked in this database, with its numbers.
 */
Datum
prismiq_stat_queries(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	PrismiqStatQuery *queries;
	int			count;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	queries = prismiq_stat_read(&count);
	for (i = 0; i < count; i++)
	{
		PrismiqStatQuery *query = &queries[i];
		Datum		values[STAT_COLUMNS];
		bool		nulls[STAT_COLUMNS] = {false};

		CHECK_FOR_INTERRUPTS();
		values[STAT_FINGERPRINT] = fingerprint_datum(query->key.fingerprint);
		values[STAT_SAVED_QUERY] = UUIDPGetDatum(&query->key.saved_query);
		nulls[STAT_SAVED_QUERY] = !has_saved_query(&query->key);
		values[STAT_TABLES] = tables_datum(&query->tables);
		values[STAT_CALLS] = Int64GetDatum(query->counts.calls);
		values[STAT_ERRORS] = Int64GetDatum(query->counts.errors);
		values[STAT_REFUSED] = Int64GetDatum(query->counts.refused);
		values[STAT_ROWS] = Int64GetDatum(query->counts.rows);
		values[STAT_TOTAL_MS] = Float8GetDatum(query->counts.total_ms);
		values[STAT_WORST_MS] = Float8GetDatum(query->counts.worst_ms);
		values[STAT_DURATIONS] = durations_datum(&query->counts);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * prismiq_stat_fingerprint(definition jsonb) returns text
 *
 * Under which fingerprint a definition is counted.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_stat_fingerprint)
{
	Jsonb	   *definition = prismiq_arg_document(fcinfo, 0, PRISMIQ_NO_DEFINITION);

	PG_RETURN_DATUM(fingerprint_datum(prismiq_fingerprint(definition).value));
}

/* prismiq_stat_reset() returns void */
Datum
prismiq_stat_forget(PG_FUNCTION_ARGS)
{
	prismiq_stat_reset();
	PG_RETURN_VOID();
}

/* A key and its value, a number. */
static void
push_number(JsonbParseState **state, const char *key, Datum number, PGFunction to_numeric)
{
	JsonbValue	value;

	prismiq_push_key(state, key);
	value.type = jbvNumeric;
	value.val.numeric = DatumGetNumeric(DirectFunctionCall1(to_numeric, number));
	pushJsonbValue(state, WJB_VALUE, &value);
}

/*
 * prismiq_internal.query_state() returns jsonb
 *
 * The numbers of all calls in this database, and of the counting: {shared, queries,
 * evicted, calls, errors, refused, rows, seconds, up_to: {seconds: calls}}.
 */
Datum
prismiq_query_state(PG_FUNCTION_ARGS)
{
	JsonbParseState *state = NULL;
	PrismiqStatState stat;
	int64		calls = 0;
	int			i;

	prismiq_stat_state(&stat);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	prismiq_push_flag(&state, "shared", stat.shared);
	push_number(&state, "queries", Int32GetDatum(stat.queries), int4_numeric);
	push_number(&state, "evicted", Int64GetDatum(stat.evicted), int8_numeric);
	push_number(&state, "calls", Int64GetDatum(stat.all.calls), int8_numeric);
	push_number(&state, "errors", Int64GetDatum(stat.all.errors), int8_numeric);
	push_number(&state, "refused", Int64GetDatum(stat.all.refused), int8_numeric);
	push_number(&state, "rows", Int64GetDatum(stat.all.rows), int8_numeric);
	push_number(&state, "seconds", Float8GetDatum(stat.all.total_ms / 1000.0), float8_numeric);
	prismiq_push_key(&state, "up_to");
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (i = 0; i < PRISMIQ_STAT_BOUNDS; i++)
	{
		calls += stat.all.durations[i];
		push_number(&state, psprintf("%g", prismiq_stat_bounds[i] / 1000.0), Int64GetDatum(calls),
					int8_numeric);
	}
	pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}
