-- Exporting and importing dashboards.

CREATE FUNCTION @extschema@.prismiq_dashboard_export(id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    d @extschema@.prismiq_dashboards;
BEGIN
    PERFORM prismiq_internal.context_check();
    SELECT * INTO d FROM @extschema@.prismiq_dashboards
    WHERE tenant_id = ANY (ARRAY[(SELECT @extschema@.prismiq_tenant_id()), ''])
      AND id = prismiq_dashboard_export.id
    ORDER BY tenant_id DESC LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'dashboard not found';
    END IF;
    RETURN prismiq_internal.dashboard_export(d);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_export(uuid) IS
$c$Returns a dashboard as a document that can be imported in another tenant or database.
Returns {format: "prismiq.dashboard", version: "1.0", name, description, layout, filters, timezone,
refresh_interval, widgets: [{id, type, title, query, saved_query_id, position, config}],
saved_queries: [{id, name, description, query, is_shared}]}: what the dashboard shows, not whose it
is. ids are names within the document ("w1", "q1"), so one that was imported is exported as the same
document. The saved queries that it needs are in it; of one that the caller does not see nothing is,
and warnings: [{path, code, message}] say where it is missing.
Errors: PT404 when there is none that the caller may see; 42501 without a context.
Example: SELECT prismiq_dashboard_export('5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10');$c$;

CREATE FUNCTION @extschema@.prismiq_dashboard_import(document jsonb, options jsonb DEFAULT '{}')
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    data jsonb;
    d @extschema@.prismiq_dashboards;
    dashboard_id uuid;
BEGIN
    PERFORM prismiq_internal.context_check();
    options := prismiq_internal.json_argument(options, '{}'::jsonb);
    PERFORM prismiq_internal.import_options_check(options);
    data := prismiq_internal.json_argument(document, 'null'::jsonb);
    IF options ->> 'name' IS NOT NULL AND jsonb_typeof(data) = 'object' THEN
        data := data || jsonb_build_object('name', options -> 'name');
    END IF;
    data := prismiq_internal.import_data(
        here, data, prismiq_internal.new_ids(data -> 'widgets'),
        prismiq_internal.new_ids(data -> 'saved_queries'));
    IF options ->> 'on_conflict' = 'replace' THEN
        SELECT id INTO dashboard_id FROM @extschema@.prismiq_dashboards
        WHERE tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND name = data ->> 'name';
    END IF;
    IF dashboard_id IS NOT NULL THEN
        BEGIN
            d := prismiq_internal.dashboard_lock(here, dashboard_id);
        EXCEPTION WHEN SQLSTATE 'PT404' THEN
            dashboard_id := NULL;       -- deleted meanwhile
        END;
    END IF;
    d := jsonb_populate_record(d, '{"description": null, "layout": {}, "filters": [],
                                    "timezone": null}' || data
                                  - ARRAY['version', 'widgets', 'refresh_interval']);
    d.layout := prismiq_internal.layout_whole(d.layout);
    d.refresh_interval := (data ->> 'refresh_interval')::numeric;
    PERFORM prismiq_internal.saved_queries_insert(
        here, coalesce(nullif(data -> 'saved_queries', 'null'), '[]'));
    IF dashboard_id IS NOT NULL THEN
        PERFORM prismiq_internal.dashboard_put(d, coalesce(data -> 'widgets', '[]'));
    ELSE
        d.owner_id := @extschema@.prismiq_user_id();
        dashboard_id := prismiq_internal.dashboard_insert(
            d, coalesce(data -> 'widgets', '[]'),
            coalesce(options ->> 'on_conflict' = 'rename', false));
    END IF;
    RETURN prismiq_internal.dashboard_document(here, dashboard_id);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_import(jsonb, jsonb) IS
$c$Makes a dashboard of a document that prismiq_dashboard_export has returned.
Takes the document, and {name: in place of the document's, on_conflict: where the name is taken:
"error" | "rename" (it gets a number) | "replace" (that dashboard keeps its id, its owner and who
may see it, and gets what the document says)}. A new dashboard and its saved queries are the
caller's, and private, but for saved queries that the document says are shared. All ids are made
anew; a saved query whose name is taken gets a number. All of it is done or nothing.
Returns the whole dashboard.
Errors: 22023 with all faults of the document; 23505 when the name is taken; 42501 for viewers and
API keys, and to replace what the caller may not edit; PT413 at the limits of dashboards and
widgets.
Example:
  SELECT prismiq_dashboard_import('{"format": "prismiq.dashboard", "version": "1.0",
    "name": "Sales", "widgets": [{"type": "text"}]}', '{"on_conflict": "rename"}');$c$;
