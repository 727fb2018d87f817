-- Writing widgets: one by one, all of a dashboard, and their places.

CREATE FUNCTION @extschema@.prismiq_widgets_put(dashboard_id uuid, widgets jsonb) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    given uuid[];
BEGIN
    SELECT coalesce(array_agg((w ->> 'id')::uuid) FILTER (WHERE w ->> 'id' IS NOT NULL), '{}')
    INTO given
    FROM jsonb_array_elements(widgets) w;
    DELETE FROM @extschema@.prismiq_widgets
    WHERE tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND dashboard_id = prismiq_widgets_put.dashboard_id AND id <> ALL (given);
    UPDATE @extschema@.prismiq_widgets t
    SET type = n.type, title = n.title, query = n.query, saved_query_id = n.saved_query_id,
        position = coalesce(n.position, t.position), config = coalesce(n.config, '{}')
    FROM jsonb_to_recordset(widgets) AS n (id uuid, type text, title text, query jsonb,
                                           saved_query_id uuid, position jsonb, config jsonb)
    WHERE t.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND t.dashboard_id = prismiq_widgets_put.dashboard_id AND t.id = n.id;
    SELECT coalesce(jsonb_agg(w), '[]') INTO widgets
    FROM jsonb_array_elements(widgets) w
    WHERE NOT EXISTS (SELECT FROM @extschema@.prismiq_widgets t
                      WHERE t.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                        AND t.dashboard_id = prismiq_widgets_put.dashboard_id
                        AND t.id = (w ->> 'id')::uuid);
    PERFORM @extschema@.prismiq_widgets_insert(prismiq_widgets_put.dashboard_id, widgets);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_widgets_put(uuid, jsonb) IS
$c$Makes the widgets of a dashboard what the list says.
Widgets whose id is not in the list are deleted, those whose id is in it are changed, the others
are made.$c$;

CREATE FUNCTION @extschema@.prismiq_widgets_insert(dashboard_id uuid, widgets jsonb)
    RETURNS uuid[]
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    bottom numeric;
    columns numeric;
    made uuid[];
BEGIN
    IF jsonb_array_length(widgets) = 0 THEN
        RETURN '{}';
    END IF;
    -- Without a position: the size of the type, each below what is there already.
    SELECT coalesce((d.layout ->> 'columns')::numeric, 12) INTO columns
    FROM @extschema@.prismiq_dashboards d
    WHERE d.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND d.id = prismiq_widgets_insert.dashboard_id;
    SELECT coalesce(max((p ->> 'y')::numeric + (p ->> 'h')::numeric), 0) INTO bottom
    FROM (SELECT position AS p FROM @extschema@.prismiq_widgets w
          WHERE w.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
            AND w.dashboard_id = prismiq_widgets_insert.dashboard_id
          UNION ALL
          SELECT w -> 'position' FROM jsonb_array_elements(widgets) w) placed;
    WITH made AS (
        INSERT INTO @extschema@.prismiq_widgets
            (id, dashboard_id, type, title, query, saved_query_id, position, config)
        SELECT coalesce(n.id, gen_random_uuid()), prismiq_widgets_insert.dashboard_id, n.type,
               coalesce(n.title, t.default_title), n.query, n.saved_query_id,
               coalesce(n.position, jsonb_build_object('x', 0, 'y',
                   bottom + sum(t.default_h) FILTER (WHERE n.position IS NULL)
                                OVER (ORDER BY n.place)
                          - t.default_h,
                   'w', least(t.default_w, columns), 'h', t.default_h)),
               coalesce(n.config, t.default_config)
        FROM (SELECT r.*, w.place
              FROM jsonb_array_elements(widgets) WITH ORDINALITY w (widget, place),
                   jsonb_to_record(w.widget)
                       AS r (id uuid, type text, title text, query jsonb,
                             saved_query_id uuid, position jsonb, config jsonb)) n
        JOIN @extschema@.prismiq_widget_types t ON t.type = n.type
        ON CONFLICT (tenant_id, id) DO NOTHING
        RETURNING id)
    SELECT array_agg(id) INTO made FROM made;
    IF cardinality(coalesce(made, '{}')) <> jsonb_array_length(widgets) THEN
        RAISE EXCEPTION USING ERRCODE = '23505', MESSAGE = 'a widget of this id exists already';
    END IF;
    RETURN made;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_widgets_insert(uuid, jsonb) IS
$c$Adds a list of widgets to a dashboard and returns their ids.
A widget without a position is put below the others, in the size that its type has by default.$c$;

CREATE FUNCTION @extschema@.prismiq_widget_add(dashboard_id uuid, data jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    made uuid[];
BEGIN
    PERFORM @extschema@.prismiq_context_check();
    data := @extschema@.prismiq_json_argument(data, '{}'::jsonb);
    PERFORM @extschema@.prismiq_widget_new_check(
        data, @extschema@.prismiq_document_facts(
            data, prismiq_widget_add.dashboard_id, NULL::uuid));
    PERFORM @extschema@.prismiq_dashboard_lock(prismiq_widget_add.dashboard_id);
    made := @extschema@.prismiq_widgets_insert(prismiq_widget_add.dashboard_id,
                                               jsonb_build_array(data));
    RETURN (SELECT to_jsonb(w) FROM @extschema@.prismiq_widgets w
            WHERE w.tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND w.id = made[1]);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_widget_add(uuid, jsonb) IS
$c$Adds a widget to a dashboard.
Takes {id, type, title, query, saved_query_id, position: {x, y, w, h}, config}; only type is
required. query and saved_query_id exclude each other; without a position it is put below the
others.
Returns the widget: {id, dashboard_id, type, title, query, saved_query_id, position, config,
version, created_at, updated_at}.
Errors: PT404 for the dashboard or the saved query; 42501; 22023 with all faults; PT413 at
prismiq.max_widgets_per_dashboard.
Example:
  SELECT prismiq_widget_add('5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10', '{"type": "metric",
    "title": "Flights", "query": {"tables": [{"id": "f", "name": "flights"}],
    "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}}');$c$;
