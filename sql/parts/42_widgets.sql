-- Writing widgets: one by one, and their places.

CREATE FUNCTION @extschema@.prismiq_widget_add(dashboard_id uuid, data jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    made uuid[];
BEGIN
    PERFORM prismiq_internal.context_check();
    data := prismiq_internal.json_argument(data, '{}'::jsonb);
    PERFORM prismiq_internal.widget_new_check(
        data, prismiq_internal.document_facts(
            here, data, prismiq_widget_add.dashboard_id, NULL::uuid), '@extschema@'::regnamespace);
    PERFORM prismiq_internal.dashboard_lock(here, prismiq_widget_add.dashboard_id);
    made := prismiq_internal.widgets_insert(here, prismiq_widget_add.dashboard_id,
                                            jsonb_build_array(data));
    RETURN (SELECT to_jsonb(w) FROM @extschema@.prismiq_widgets w
            WHERE w.tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND w.id = made[1]);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_widget_add(uuid, jsonb) IS
$c$Adds a widget to a dashboard.
Takes {id, type, title, query, saved_query_id, position: {x, y, w, h}, config}; only type is
required. An id is a uuid, of any version but 5, by which filters name the widget. query and saved_query_id exclude each other; without a position it is put below the
others. docs/widgets.md has the keys of config.
Returns the widget: {id, dashboard_id, type, title, query, saved_query_id, position, config,
version, created_at, updated_at}.
Errors: PT404 for the dashboard or the saved query; 42501; 22023 with all faults; PT413 at
prismiq.max_widgets_per_dashboard.
Example:
  SELECT prismiq_widget_add('5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10', '{"type": "metric",
    "title": "Flights", "query": {"tables": [{"id": "f", "name": "flights"}],
    "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}}');$c$;

CREATE FUNCTION @extschema@.prismiq_widget_update(id uuid, data jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    w @extschema@.prismiq_widgets;
BEGIN
    PERFORM prismiq_internal.context_check();
    data := prismiq_internal.json_argument(data, '{}'::jsonb);
    PERFORM prismiq_internal.widget_change_check(
        data, prismiq_internal.document_facts(here, data, NULL::uuid, prismiq_widget_update.id),
        '@extschema@'::regnamespace);
    w := prismiq_internal.widget_lock(here, prismiq_widget_update.id);
    IF w.version <> (data ->> 'version')::numeric THEN
        RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'widget was changed meanwhile',
            DETAIL = format('Its version is %s.', w.version),
            HINT = 'Get it again and repeat the change.';
    END IF;
    IF data - 'version' = '{}' THEN
        RETURN to_jsonb(w);
    END IF;
    w := jsonb_populate_record(w, data - 'version');
    -- The one that is given takes the place of the other.
    IF data ->> 'query' IS NOT NULL THEN
        w.saved_query_id := NULL;
    ELSIF data ->> 'saved_query_id' IS NOT NULL THEN
        w.query := NULL;
    END IF;
    UPDATE @extschema@.prismiq_widgets
    SET type = w.type, title = w.title, query = w.query, saved_query_id = w.saved_query_id,
        position = w.position, config = w.config
    WHERE tenant_id = w.tenant_id AND id = w.id
    RETURNING * INTO w;
    RETURN to_jsonb(w);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_widget_update(uuid, jsonb) IS
$c$Changes a widget: only the keys that are given.
Takes {type, title, query, saved_query_id, position, config, version}; with version the change is
made only if the widget still has it. A query takes the place of a saved query, and the other way
round.
Returns the widget. Errors: PT404; 42501; PT409 when the version does not match; 22023 with all
faults.
Example:
  SELECT prismiq_widget_update('0b8f4c1e-38f7-4f0f-a5a1-4f8f6a3d2c11', '{"title": "Delays"}');$c$;

CREATE FUNCTION @extschema@.prismiq_widget_delete(id uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    w @extschema@.prismiq_widgets;
BEGIN
    PERFORM prismiq_internal.context_check();
    w := prismiq_internal.widget_lock(here, prismiq_widget_delete.id);
    DELETE FROM @extschema@.prismiq_widgets WHERE tenant_id = w.tenant_id AND id = w.id;
    RETURN true;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_widget_delete(uuid) IS
$c$Deletes a widget.
Returns true. Errors: PT404 when there is none that the caller may see; 42501 when it may not edit
the dashboard.
Example: SELECT prismiq_widget_delete('0b8f4c1e-38f7-4f0f-a5a1-4f8f6a3d2c11');$c$;

CREATE FUNCTION @extschema@.prismiq_layout_update(dashboard_id uuid, positions jsonb)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    moved bigint;
BEGIN
    PERFORM prismiq_internal.context_check();
    positions := prismiq_internal.json_argument(positions, '[]'::jsonb);
    PERFORM prismiq_internal.positions_check(
        positions, prismiq_internal.document_facts(
            here, NULL::jsonb, prismiq_layout_update.dashboard_id, NULL::uuid));
    PERFORM prismiq_internal.dashboard_lock(here, prismiq_layout_update.dashboard_id);
    UPDATE @extschema@.prismiq_widgets w SET position = n.position
    FROM (SELECT coalesce(p ->> 'id', p ->> 'widget_id')::uuid AS id,
                 coalesce(nullif(p -> 'position', 'null'),
                          p - ARRAY['id', 'widget_id', 'position']) AS position
          FROM jsonb_array_elements(positions) p) n
    WHERE w.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND w.dashboard_id = prismiq_layout_update.dashboard_id AND w.id = n.id;
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved <> jsonb_array_length(positions) THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'widget not found',
            DETAIL = 'Each position must be of another widget of the dashboard. Nothing was moved.';
    END IF;
    RETURN prismiq_internal.dashboard_document(here, prismiq_layout_update.dashboard_id);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_layout_update(uuid, jsonb) IS
$c$Moves widgets of a dashboard, all of them or none.
Takes [{id, x, y, w, h}] or [{id, position: {x, y, w, h}}]; widget_id is another name for id.
Returns the whole dashboard. Errors: PT404 for the dashboard or any of the widgets; 42501; 22023
for a position that is bad or does not fit.
Example:
  SELECT prismiq_layout_update('5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10',
    '[{"id": "0b8f4c1e-38f7-4f0f-a5a1-4f8f6a3d2c11", "x": 0, "y": 0, "w": 6, "h": 4}]');$c$;
