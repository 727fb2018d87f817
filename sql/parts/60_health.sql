-- Whether what is installed can answer, and numbers for who watches it. What is counted in the
-- tables of one schema is in 49_metrics.sql.

CREATE FUNCTION @extschema@.prismiq_health_live() RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT '{"status": "ok"}'::jsonb
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_health_live() IS
$c$Returns {"status": "ok"}: the server answers.
It needs nothing but the server, not even the library of the extension, and everybody may call it:
a probe that restarts what does not answer. prismiq_health_ready tells more.
Errors: none.
Example: SELECT prismiq_health_live();$c$;

CREATE FUNCTION @extschema@.prismiq_health_ready() RETURNS jsonb
    LANGUAGE c STABLE PARALLEL UNSAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_health_ready() IS
$c$Tells whether requests can be sent here, for a probe: everybody may call it.
Returns {status: "ok" | "unavailable", ready, reasons, in_recovery, read_only}. The one reason there
is: "version_mismatch", the library that this connection has loaded and the objects in the database
are of different versions (see prismiq_health). Then a gateway is told to answer with 503, by
response.status. A standby is ready: in_recovery and read_only say that nothing can be written.
Errors: none.
Example: SELECT prismiq_health_ready() -> 'ready';$c$;

CREATE FUNCTION @extschema@.prismiq_health() RETURNS jsonb
    LANGUAGE c STABLE PARALLEL UNSAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_health() IS
$c$Tells what prismiq_health_ready does, and which versions are at work.
Returns {status, ready, reasons, in_recovery, read_only, version: of the library, schema_version: of
the objects in the database, server_version: of PostgreSQL}. Where the first two differ, either
ALTER EXTENSION prismiq UPDATE is to be run, or it was, and this connection has loaded the library
before: connect anew.
Errors: none.
Example: SELECT prismiq_health() ->> 'version';$c$;

CREATE FUNCTION prismiq_internal.server_state() RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_server_state';
COMMENT ON FUNCTION prismiq_internal.server_state() IS
$c$Returns what prismiq_health does and how many answers the caches of this connection hold.
It tells a gateway nothing. Caches that are not in use yet are left out.$c$;

CREATE FUNCTION prismiq_internal.server_samples() RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    WITH server AS MATERIALIZED (SELECT prismiq_internal.server_state() AS state)
    SELECT jsonb_build_array(
               jsonb_build_object('name', 'prismiq_build_info', 'value', 1,
                   'labels', jsonb_build_object('version', state -> 'version',
                       'schema_version', state -> 'schema_version',
                       'postgresql_version', state -> 'server_version')),
               jsonb_build_object('name', 'prismiq_ready',
                   'value', (state -> 'ready')::boolean::integer),
               jsonb_build_object('name', 'prismiq_in_recovery',
                   'value', (state -> 'in_recovery')::boolean::integer))
           || (SELECT coalesce(jsonb_agg(jsonb_build_object(
                          'name', 'prismiq_backend_cache_entries', 'value', c.value,
                          'labels', jsonb_build_object('cache', regexp_replace(
                              c.key, '^prismiq ', ''))) ORDER BY c.key), '[]')
               FROM jsonb_each(state -> 'caches') c)
    FROM server
$f$;
COMMENT ON FUNCTION prismiq_internal.server_samples() IS
$c$Returns what prismiq_metrics tells of versions, the server and this connection.$c$;

CREATE FUNCTION prismiq_internal.exposure_samples() RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    -- A problem that nothing has is 0, so that an alert knows it.
    WITH exposed AS (SELECT jsonb_array_elements(@extschema@.prismiq_exposed()) ->> 'problem'
                                AS problem),
         problems AS (
             SELECT problem, count(e.present) AS number
             FROM unnest('{relation_gone,tenant_column_gone,tenant_type,not_readable}'::text[])
                      AS known (problem)
             FULL JOIN (SELECT x.problem, true AS present FROM exposed x
                        WHERE x.problem IS NOT NULL) e USING (problem)
             GROUP BY problem)
    SELECT jsonb_build_array(jsonb_build_object('name', 'prismiq_exposures',
                                                'value', (SELECT count(*) FROM exposed)))
           || (SELECT jsonb_agg(jsonb_build_object(
                          'name', 'prismiq_exposure_problems', 'value', p.number,
                          'labels', jsonb_build_object('problem', p.problem)) ORDER BY p.problem)
               FROM problems p)
$f$;
COMMENT ON FUNCTION prismiq_internal.exposure_samples() IS
$c$Returns how many exposures there are that the caller sees, and how many have which problem.$c$;

CREATE FUNCTION prismiq_internal.metrics_text(samples jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $f$
    WITH families (place, name, type, help) AS (VALUES
        (1, 'prismiq_build_info', 'gauge',
         'Versions of the library, of the objects in the database and of PostgreSQL; always 1.'),
        (2, 'prismiq_ready', 'gauge',
         'Whether the library and the objects in the database are of the same version.'),
        (3, 'prismiq_in_recovery', 'gauge', 'Whether the server is a standby.'),
        (4, 'prismiq_tenants', 'gauge',
         'Tenants that have something stored: dashboards, saved queries, pins or settings.'),
        (5, 'prismiq_dashboards', 'gauge',
         'Dashboards of tenants, and those that are provided to them.'),
        (6, 'prismiq_widgets', 'gauge', 'Widgets on these dashboards.'),
        (7, 'prismiq_saved_queries', 'gauge',
         'Saved queries of tenants, and those that are provided to them.'),
        (8, 'prismiq_exposures', 'gauge', 'Relations that are exposed.'),
        (9, 'prismiq_exposure_problems', 'gauge',
         'Exposed relations that no tenant finds, by what is in the way.'),
        (10, 'prismiq_backend_cache_entries', 'gauge',
         'Answers about catalogs and settings that the one connection that was asked remembers.'),
        (11, 'prismiq_queries_total', 'counter',
         'Definitions that were answered, or tried: each widget of a dashboard is one.'),
        (12, 'prismiq_query_errors_total', 'counter',
         'Those that failed: refused for what was asked or by whom, or failed otherwise.'),
        (13, 'prismiq_query_rows_total', 'counter', 'Rows of their answers.'),
        (14, 'prismiq_query_duration_seconds', 'histogram', 'How long they took.'),
        (15, 'prismiq_queries_shared', 'gauge',
         'Whether these are of all connections, or of the one that was asked.'),
        (16, 'prismiq_queries_known', 'gauge', 'Queries that are counted by themselves.'),
        (17, 'prismiq_queries_evicted_total', 'counter',
         'Queries that were forgotten because there were more than prismiq.stat_max.'))
    SELECT string_agg(concat(
               CASE WHEN s.first THEN
                   format(E'# HELP %1$s %2$s\n# TYPE %1$s %3$s\n', f.name, f.help, f.type) END,
               s.name, s.labels, ' ', s.value, E'\n'), '' ORDER BY f.place, s.place)
    FROM families f
    JOIN (SELECT n.family, e.sample ->> 'name' AS name, e.sample ->> 'value' AS value, e.place,
                 e.place = min(e.place) OVER (PARTITION BY n.family) AS first,
                 -- A backslash, a quote or the end of a line in a value stands behind a backslash.
                 (SELECT '{' || string_agg(format('%s="%s"', l.key, replace(replace(replace(
                             l.value, '\', '\\'), '"', '\"'), E'\n', '\n')), ',') || '}'
                  FROM jsonb_each_text(e.sample -> 'labels') l) AS labels
          FROM jsonb_array_elements(samples) WITH ORDINALITY AS e (sample, place)
          CROSS JOIN LATERAL (SELECT coalesce(e.sample ->> 'family',
                                              e.sample ->> 'name')) AS n (family)) s
      ON s.family = f.name
$f$;
COMMENT ON FUNCTION prismiq_internal.metrics_text(jsonb) IS
$c$Writes samples in the text format of Prometheus, each family with what it is.
Takes [{name, labels: {name: value}, value}], and of a histogram {family} too. A new family is a row of the list in here, and a
sample in one of the functions that end in _samples or in prismiq_metrics.$c$;
