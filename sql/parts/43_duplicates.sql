-- Copies of dashboards and widgets.

CREATE FUNCTION @extschema@.prismiq_dashboard_duplicate(id uuid, name text DEFAULT NULL)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    d @extschema@.prismiq_dashboards;
    copy jsonb;
    widgets jsonb;
    warnings jsonb;
    created uuid;
BEGIN
    PERFORM prismiq_internal.context_check();
    SELECT * INTO d FROM @extschema@.prismiq_dashboards
    WHERE tenant_id = ANY (ARRAY[(SELECT @extschema@.prismiq_tenant_id()), ''])
      AND id = prismiq_dashboard_duplicate.id
    ORDER BY tenant_id DESC LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'dashboard not found';
    END IF;
    IF prismiq_dashboard_duplicate.name IS NOT NULL THEN
        PERFORM prismiq_internal.dashboard_change_check(
            jsonb_build_object('name', prismiq_dashboard_duplicate.name), '{}'::jsonb);
    END IF;
    IF d.tenant_id = '' THEN
        -- Its saved queries are not the tenant's: they are copied as well.
        copy := prismiq_internal.dashboard_export(d);
        copy := prismiq_internal.document_renamed(
            copy, prismiq_internal.new_ids(copy -> 'widgets'),
            prismiq_internal.new_ids(copy -> 'saved_queries'))
            || jsonb_build_object('name', prismiq_internal.name_numbered(d.name, 2));
        PERFORM prismiq_internal.saved_queries_insert(here, copy -> 'saved_queries');
    ELSE
        copy := prismiq_internal.dashboard_content(d, (
            -- In the order of their ids, which is that of widgets in one place.
            SELECT array_agg(n.id::text ORDER BY n.id)
            FROM (SELECT gen_random_uuid() AS id FROM @extschema@.prismiq_widgets w
                  WHERE w.tenant_id = d.tenant_id AND w.dashboard_id = d.id) n));
        -- A widget is put only on a saved query that its writer sees.
        SELECT coalesce(jsonb_agg(w.widget || jsonb_build_object('saved_query_id', q.id)
                                  ORDER BY w.place), '[]'),
               jsonb_agg(prismiq_internal.left_out(w.place, 'saved_query_id'::text)
                         ORDER BY w.place)
               FILTER (WHERE q.id IS NULL AND w.widget ->> 'saved_query_id' IS NOT NULL)
        INTO widgets, warnings
        FROM jsonb_array_elements(copy -> 'widgets') WITH ORDINALITY AS w (widget, place)
        LEFT JOIN @extschema@.prismiq_saved_queries q
          ON q.tenant_id = d.tenant_id AND q.id = (w.widget ->> 'saved_query_id')::uuid;
        copy := copy || jsonb_build_object('widgets', widgets);
    END IF;
    d := jsonb_populate_record(here, copy - 'version');
    d.name := coalesce(prismiq_dashboard_duplicate.name, d.name);
    d.owner_id := @extschema@.prismiq_user_id();
    created := prismiq_internal.dashboard_insert(
        d, copy -> 'widgets', prismiq_dashboard_duplicate.name IS NULL);
    RETURN prismiq_internal.dashboard_document(here, created)
           || CASE WHEN warnings IS NULL THEN '{}'
                   ELSE jsonb_build_object('warnings', warnings) END;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_duplicate(uuid, text) IS
$c$Makes a dashboard of one's own with the widgets and filters of another.
Takes the name of the new one; without it the name gets a number: "Sales (2)". The copy is the
caller's, private, and no default. A widget on a saved query that the caller does not see is copied
without it, and a warning says where; of one that is provided the saved queries are copied too.
Returns the whole dashboard, and warnings: [{path, code, message}] where there are any.
Errors: PT404 for what the caller does not see; 42501 for viewers and API keys; 23505 when the name
is taken; 22023 for a name that is none; PT413 at prismiq.max_dashboards_per_user or
prismiq.max_widgets_per_dashboard.
Example: SELECT prismiq_dashboard_duplicate('5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10', 'My sales');$c$;

CREATE FUNCTION @extschema@.prismiq_widget_duplicate(id uuid) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    copy_id CONSTANT uuid := gen_random_uuid();
    w @extschema@.prismiq_widgets;
BEGIN
    PERFORM prismiq_internal.context_check();
    w := prismiq_internal.widget_lock(here, prismiq_widget_duplicate.id);
    -- Before the copy, so that both are one version of the dashboard.
    UPDATE @extschema@.prismiq_dashboards d
    SET filters = prismiq_internal.filters_map(
        d.filters, jsonb_build_object(w.id, jsonb_build_array(w.id, copy_id)), true)
    WHERE d.tenant_id = w.tenant_id AND d.id = w.dashboard_id;
    w.position := w.position || jsonb_build_object('y', (
        SELECT max((o.position ->> 'y')::numeric + (o.position ->> 'h')::numeric)
        FROM @extschema@.prismiq_widgets o
        WHERE o.tenant_id = w.tenant_id AND o.dashboard_id = w.dashboard_id));
    INSERT INTO @extschema@.prismiq_widgets
        (id, dashboard_id, type, title, query, saved_query_id, position, config)
    VALUES (copy_id, w.dashboard_id, w.type, w.title, w.query, w.saved_query_id, w.position,
            w.config)
    RETURNING * INTO w;
    RETURN to_jsonb(w);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_widget_duplicate(uuid) IS
$c$Adds a copy of a widget to its dashboard, below all that is there.
A filter that names the widget in applies_to is for the copy as well. Returns the new widget.
Errors: PT404 when there is none that the caller may see, and for its saved query; 42501; PT413 at
prismiq.max_widgets_per_dashboard.
Example: SELECT prismiq_widget_duplicate('0b8f4c1e-38f7-4f0f-a5a1-4f8f6a3d2c11');$c$;
