-- What a change of the schema has broken.

CREATE FUNCTION prismiq_internal.faults_of(
    here @extschema@.prismiq_dashboards, kind text, data jsonb, facts jsonb)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    message text;
    detail text;
BEGIN
    CASE kind
        WHEN 'widget' THEN
            PERFORM prismiq_internal.widget_change_check(data, facts, '@extschema@'::regnamespace);
        WHEN 'query' THEN
            PERFORM prismiq_internal.saved_query_change_check(
                data, facts, '@extschema@'::regnamespace);
        ELSE
            PERFORM prismiq_internal.dashboard_change_check(
                data, facts, '@extschema@'::regnamespace);
    END CASE;
    RETURN '[]';
EXCEPTION WHEN SQLSTATE '22023' OR SQLSTATE 'PT404' OR SQLSTATE 'PT413' THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    RETURN CASE WHEN detail LIKE '[{%' THEN detail::jsonb
        ELSE jsonb_build_array(jsonb_build_object(
            'code', NULL, 'path', '', 'message', message)) END;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.faults_of(
    @extschema@.prismiq_dashboards, text, jsonb, jsonb) IS
$c$Returns the faults that saving something would have, as a list.
Takes "widget", "query" or "filter", the data, and the facts that they are held to.$c$;

CREATE FUNCTION prismiq_internal.filters_looked_at(d @extschema@.prismiq_dashboards)
    RETURNS TABLE (filter jsonb, place bigint, checked jsonb)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    -- One that names no table was on those that were noted: some other table with such a column
    -- says nothing of it.
    SELECT f.filter, f.place, f.filter
           || CASE WHEN t.place > 1 THEN
                  jsonb_build_object('id', concat(f.filter ->> 'id', ' ', t.place)) ELSE '{}' END
           || CASE WHEN t.name IS NOT NULL THEN jsonb_build_object('table', t.name) ELSE '{}' END
    FROM jsonb_array_elements(d.filters) WITH ORDINALITY AS f (filter, place)
    LEFT JOIN LATERAL jsonb_array_elements_text(
        CASE WHEN f.filter ->> 'table' IS NULL THEN d.filter_tables -> (f.filter ->> 'id') END)
        WITH ORDINALITY AS t (name, place) ON true
    ORDER BY f.place, t.place LIMIT 200
$f$;
COMMENT ON FUNCTION prismiq_internal.filters_looked_at(@extschema@.prismiq_dashboards) IS
$c$Lists the filters of a dashboard, each with a table that it was on when it was saved.$c$;

CREATE FUNCTION @extschema@.prismiq_broken() RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
BEGIN
    PERFORM prismiq_internal.context_check();
    RETURN (
        WITH stored AS (
            SELECT 'widget' AS kind, w.tenant_id, w.id, w.dashboard_id, w.title AS name,
                   jsonb_strip_nulls(jsonb_build_object('config', jsonb_build_object(
                       'endpoint', w.config -> 'endpoint')))
                   || jsonb_build_object('query', w.query) AS data, '{}'::jsonb AS facts,
                   NULL::jsonb AS origins
            FROM @extschema@.prismiq_widgets w
            WHERE w.tenant_id = ANY (ARRAY[(SELECT @extschema@.prismiq_tenant_id()), ''])
              AND (w.query IS NOT NULL OR w.config ? 'endpoint')
            UNION ALL
            SELECT 'query', q.tenant_id, q.id, NULL, q.name, jsonb_build_object('query', q.query),
                   '{}', NULL
            FROM @extschema@.prismiq_saved_queries q
            WHERE q.tenant_id = ANY (ARRAY[(SELECT @extschema@.prismiq_tenant_id()), ''])
              AND q.query IS NOT NULL
            UNION ALL
            SELECT 'filter', d.tenant_id, NULL, d.id, NULL, o.data,
                   prismiq_internal.document_facts(here, NULL::jsonb, NULL::uuid, NULL::uuid)
                   || jsonb_build_object('widgets', prismiq_internal.widgets_facts(d, true)),
                   o.origins
            FROM @extschema@.prismiq_dashboards d
            CROSS JOIN LATERAL (
                SELECT jsonb_build_object('filters', jsonb_agg(l.checked)) AS data,
                       jsonb_agg(jsonb_build_object('filter', l.filter, 'place', l.place - 1))
                           AS origins
                FROM prismiq_internal.filters_looked_at(d) l) o
            WHERE d.tenant_id = ANY (ARRAY[(SELECT @extschema@.prismiq_tenant_id()), ''])
              AND d.filters <> '[]'),
        faults AS (
            SELECT s.kind, s.tenant_id, s.id, s.dashboard_id, s.name, f.fault,
                   min(f.place) AS place,
                   s.origins #> ARRAY[split_part(f.fault ->> 'path', '/', 3)] AS origin
            FROM stored s
            CROSS JOIN LATERAL jsonb_array_elements(prismiq_internal.faults_of(
                here, s.kind, s.data, s.facts)) WITH ORDINALITY AS f (fault, place)
            GROUP BY s.kind, s.tenant_id, s.id, s.dashboard_id, s.name, f.fault, s.origins)
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'kind', f.kind, 'id', coalesce(f.id::text, f.origin #>> '{filter,id}'),
                   'dashboard_id', f.dashboard_id,
                   'name', coalesce(f.name, f.origin #>> '{filter,label}'),
                   'path', CASE WHEN f.origin IS NULL THEN f.fault ->> 'path' ELSE regexp_replace(
                       f.fault ->> 'path', '^/filters/[0-9]+', concat(
                           '/filters/', f.origin ->> 'place')) END,
                   'code', f.fault -> 'code', 'message', f.fault -> 'message',
                   'is_provided', f.tenant_id = '')
                   ORDER BY f.dashboard_id, f.kind DESC, f.id, f.place), '[]')
        FROM faults f);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_broken() IS
$c$Lists what of the tenant's dashboards and saved queries does not fit the tables any more, and why.
That is what a column that was renamed, dropped, hidden or given another type has broken, as far as
the caller sees dashboards and tables, or the endpoint of a custom widget that was taken back; what
is provided to the tenant is looked at too.
Returns [{kind: "widget" | "query" | "filter", id, dashboard_id: null for a saved query, name: the
title of a widget, the label of a filter, path: where in the document, code, message,
is_provided}], an entry for each fault.
Errors: 42501 without a context.
Example: SELECT prismiq_broken();$c$;
