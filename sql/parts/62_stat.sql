-- What runs: which queries were asked, how long they took, and what came of them.

CREATE FUNCTION @extschema@.prismiq_stat_queries()
    RETURNS TABLE (fingerprint text, saved_query uuid, tables regclass[], calls bigint,
                   errors bigint, refused bigint, rows bigint, total_ms double precision,
                   worst_ms double precision, durations bigint[])
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_stat_queries() IS
$c$Lists the queries that were asked in this database: how often, how long it took, what came of it.
Definitions that ask the same of other values are one query: fingerprint is a hash of names,
operators and shape, the same in every connection and after a restart. A saved query counts by
itself: saved_query is the id of a widget's, or of the definition's first table that is one. Each
widget of a dashboard is a call. tables are up to eight of those that were read, calls all calls,
errors those that failed, refused those of them that failed for what was asked or by whom (SQLSTATE
22023, PT404, PT413, 42501). rows are of the answers, total_ms and worst_ms milliseconds in the
server; of prismiq_query_rows, without the time that the reader takes. durations counts the calls
that took up to 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000 ms, and longer. No tenant,
user or value is kept. With prismiq in shared_preload_libraries it is the calls of all connections
since the server was started, otherwise those of this connection; prismiq.stat_max bounds how many
queries there are.
Errors: 42501 without the right to call it (profile admin has it).
Example: SELECT * FROM prismiq_stat_queries() ORDER BY total_ms DESC LIMIT 10;$c$;

CREATE VIEW @extschema@.prismiq_stat_queries WITH (security_invoker = true) AS
    SELECT s.fingerprint, s.saved_query, s.tables, s.calls, s.errors, s.refused, s.rows, s.total_ms,
           s.worst_ms, s.durations
    FROM @extschema@.prismiq_stat_queries() s;
COMMENT ON VIEW @extschema@.prismiq_stat_queries IS
$c$Shows what the function prismiq_stat_queries() returns.$c$;

CREATE FUNCTION @extschema@.prismiq_stat_fingerprint(definition jsonb) RETURNS text
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_stat_fingerprint(jsonb) IS
$c$Returns the fingerprint under which prismiq_stat_queries counts a definition.
The definition is not checked: one that has faults has a fingerprint too.
Errors: 42501 without the right to call it (profile admin has it).
Example: SELECT prismiq_stat_fingerprint('{"tables": [{"id": "o", "name": "orders"}],
  "columns": [{"table_id": "o", "column": "*", "aggregation": "count"}]}');$c$;

CREATE FUNCTION @extschema@.prismiq_stat_reset() RETURNS void
    LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_stat_forget';
COMMENT ON FUNCTION @extschema@.prismiq_stat_reset() IS
$c$Forgets what was counted in this database: prismiq_stat_queries begins anew.
So do the counters of prismiq_metrics. It writes nothing to the database, and works on a standby.
Errors: 42501 without the right to call it (profile admin has it).
Example: SELECT prismiq_stat_reset();$c$;

CREATE FUNCTION prismiq_internal.query_state() RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_query_state';
COMMENT ON FUNCTION prismiq_internal.query_state() IS
$c$Returns the numbers of all calls in this database, and of the counting itself.
{shared, queries, evicted, calls, errors, refused, rows, seconds, up_to: {seconds: calls}}.$c$;

CREATE FUNCTION prismiq_internal.query_samples() RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    WITH counted AS MATERIALIZED (SELECT prismiq_internal.query_state() AS state)
    SELECT jsonb_build_array(
               jsonb_build_object('name', 'prismiq_queries_total', 'value', state -> 'calls'),
               jsonb_build_object('name', 'prismiq_query_errors_total',
                   'labels', '{"kind": "refused"}'::jsonb, 'value', state -> 'refused'),
               jsonb_build_object('name', 'prismiq_query_errors_total',
                   'labels', '{"kind": "failed"}'::jsonb, 'value',
                   (state -> 'errors')::bigint - (state -> 'refused')::bigint),
               jsonb_build_object('name', 'prismiq_query_rows_total', 'value', state -> 'rows'))
           || (SELECT jsonb_agg(jsonb_build_object(
                          'family', 'prismiq_query_duration_seconds',
                          'name', 'prismiq_query_duration_seconds_bucket',
                          'labels', jsonb_build_object('le', b.key), 'value', b.value)
                          ORDER BY b.key::numeric)
               FROM jsonb_each(state -> 'up_to') b)
           || jsonb_build_array(
               jsonb_build_object('family', 'prismiq_query_duration_seconds',
                   'name', 'prismiq_query_duration_seconds_bucket',
                   'labels', '{"le": "+Inf"}'::jsonb, 'value', state -> 'calls'),
               jsonb_build_object('family', 'prismiq_query_duration_seconds',
                   'name', 'prismiq_query_duration_seconds_sum',
                   'value', round((state -> 'seconds')::numeric, 6)),
               jsonb_build_object('family', 'prismiq_query_duration_seconds',
                   'name', 'prismiq_query_duration_seconds_count', 'value', state -> 'calls'),
               jsonb_build_object('name', 'prismiq_queries_shared',
                   'value', (state -> 'shared')::boolean::integer),
               jsonb_build_object('name', 'prismiq_queries_known', 'value', state -> 'queries'),
               jsonb_build_object('name', 'prismiq_queries_evicted_total',
                   'value', state -> 'evicted'))
    FROM counted
$f$;
COMMENT ON FUNCTION prismiq_internal.query_samples() IS
$c$Returns what prismiq_metrics tells of the queries that were asked.$c$;
