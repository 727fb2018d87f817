-- Numbers for who watches: what is stored in the tables of this schema, with those of the server.

CREATE DOMAIN @extschema@."text/plain" AS text;
COMMENT ON DOMAIN @extschema@."text/plain" IS
$c$Holds plain text; PostgREST serves it as it is to clients that accept text/plain.$c$;

CREATE FUNCTION @extschema@.prismiq_metrics() RETURNS @extschema@."text/plain"
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET prismiq.maintenance = 'call'
AS $f$
    WITH stored (name, provided, number) AS (
             SELECT 'prismiq_dashboards', d.tenant_id = '', count(*)
             FROM @extschema@.prismiq_dashboards d GROUP BY 2
             UNION ALL
             SELECT 'prismiq_widgets', w.tenant_id = '', count(*)
             FROM @extschema@.prismiq_widgets w GROUP BY 2
             UNION ALL
             SELECT 'prismiq_saved_queries', q.tenant_id = '', count(*)
             FROM @extschema@.prismiq_saved_queries q GROUP BY 2),
         tenants (number) AS (
             -- Whoever has a widget has a dashboard.
             SELECT count(DISTINCT t.tenant_id)
             FROM (SELECT d.tenant_id FROM @extschema@.prismiq_dashboards d
                   UNION ALL SELECT q.tenant_id FROM @extschema@.prismiq_saved_queries q
                   UNION ALL SELECT p.tenant_id FROM @extschema@.prismiq_pins p
                   UNION ALL SELECT c.tenant_id FROM @extschema@.prismiq_schema_config c) t
             WHERE t.tenant_id <> '')
    SELECT prismiq_internal.metrics_text(
        prismiq_internal.exposure_samples()
        || prismiq_internal.server_samples()
        || prismiq_internal.query_samples()
        || jsonb_build_array(jsonb_build_object(
               'name', 'prismiq_tenants', 'value', (SELECT t.number FROM tenants t)))
        || (SELECT jsonb_agg(jsonb_build_object(
                       'name', n.name, 'value', coalesce(s.number, 0),
                       'labels', jsonb_build_object('provided', p.provided))
                       ORDER BY n.name, p.provided)
            FROM unnest('{prismiq_dashboards,prismiq_widgets,prismiq_saved_queries}'::text[])
                     AS n (name)
            CROSS JOIN (VALUES (false), (true)) AS p (provided)
            LEFT JOIN stored s ON s.name = n.name AND s.provided = p.provided))
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_metrics() IS
$c$Returns numbers for who watches, in the text format of Prometheus.
Versions, whether the server is ready and a standby, how many tenants, dashboards, widgets and saved
queries are stored and how many relations exposed, with the problems that prismiq_exposed tells,
what the connection that answers remembers, and how many queries were asked, with what came of them
and how long they took (see prismiq_stat_queries). It counts over all tenants, and so acts for the owner of
the extension; it names no tenant and nothing of theirs. It writes nothing and takes no context.
A role that shall do nothing else needs USAGE of the schema and EXECUTE of this function.
Errors: 42501 without the right to call it (profile admin has it).
Example: SELECT prismiq_metrics();$c$;
