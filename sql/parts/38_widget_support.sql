-- What the functions on widgets have in common, by the same rule.

CREATE FUNCTION prismiq_internal.widgets_put(
    here @extschema@.prismiq_dashboards, dashboard_id uuid, widgets jsonb)
    RETURNS void
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
      AND dashboard_id = widgets_put.dashboard_id AND id <> ALL (given);
    UPDATE @extschema@.prismiq_widgets t
    SET type = n.type, title = n.title, query = n.query, saved_query_id = n.saved_query_id,
        position = coalesce(n.position, t.position), config = coalesce(n.config, '{}')
    FROM jsonb_to_recordset(widgets) AS n (id uuid, type text, title text, query jsonb,
                                           saved_query_id uuid, position jsonb, config jsonb)
    WHERE t.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND t.dashboard_id = widgets_put.dashboard_id AND t.id = n.id;
    SELECT coalesce(jsonb_agg(w), '[]') INTO widgets
    FROM jsonb_array_elements(widgets) w
    WHERE NOT EXISTS (SELECT FROM @extschema@.prismiq_widgets t
                      WHERE t.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                        AND t.dashboard_id = widgets_put.dashboard_id
                        AND t.id = (w ->> 'id')::uuid);
    PERFORM prismiq_internal.widgets_insert(here, widgets_put.dashboard_id, widgets);
END
$f$;
COMMENT ON FUNCTION prismiq_internal.widgets_put(@extschema@.prismiq_dashboards, uuid, jsonb) IS
$c$Makes the widgets of a dashboard what the list says.
Widgets whose id is not in the list are deleted, those whose id is in it are changed, the others
are made.$c$;

CREATE FUNCTION prismiq_internal.widgets_placed(
    here @extschema@.prismiq_dashboards, widgets jsonb, width numeric, bottom numeric)
    RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT coalesce(jsonb_agg(n.widget || jsonb_build_object(
        'title', CASE WHEN n.widget ? 'title' THEN n.widget -> 'title'
                      ELSE to_jsonb(n.default_title) END,
        'config', coalesce(nullif(n.widget -> 'config', 'null'), n.default_config),
        'position', coalesce(nullif(n.widget -> 'position', 'null'), jsonb_build_object(
            'x', 0, 'y', n.y, 'w', least(n.default_w, width), 'h', n.default_h)))
        ORDER BY n.place), '[]')
    FROM (SELECT w.widget, w.place, t.default_title, t.default_config, t.default_w, t.default_h,
                 greatest(bottom, max((w.widget #>> '{position,y}')::numeric
                                      + (w.widget #>> '{position,h}')::numeric) OVER ())
                 + sum(t.default_h) FILTER (WHERE w.widget #>> '{position,y}' IS NULL)
                       OVER (ORDER BY w.place)
                 - t.default_h AS y
          FROM jsonb_array_elements(widgets) WITH ORDINALITY AS w (widget, place)
          JOIN @extschema@.prismiq_widget_types t ON t.type = w.widget ->> 'type') n
$f$;
COMMENT ON FUNCTION prismiq_internal.widgets_placed(
    @extschema@.prismiq_dashboards, jsonb, numeric, numeric) IS
$c$Returns widgets with the title, the configuration and the size that their types give them.
One without a position is put below the others, and below "bottom", where those end that are there
already.$c$;

CREATE FUNCTION prismiq_internal.widgets_insert(
    here @extschema@.prismiq_dashboards, dashboard_id uuid, widgets jsonb)
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
    SELECT coalesce((d.layout ->> 'columns')::numeric, 12) INTO columns
    FROM @extschema@.prismiq_dashboards d
    WHERE d.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND d.id = widgets_insert.dashboard_id;
    SELECT coalesce(max((w.position ->> 'y')::numeric + (w.position ->> 'h')::numeric), 0)
    INTO bottom
    FROM @extschema@.prismiq_widgets w
    WHERE w.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND w.dashboard_id = widgets_insert.dashboard_id;
    WITH made AS (
        INSERT INTO @extschema@.prismiq_widgets
            (id, dashboard_id, type, title, query, saved_query_id, position, config)
        SELECT coalesce(n.id, gen_random_uuid()), widgets_insert.dashboard_id, n.type, n.title,
               n.query, n.saved_query_id, n.position, n.config
        FROM jsonb_to_recordset(prismiq_internal.widgets_placed(here, widgets, columns, bottom))
            AS n (id uuid, type text, title text, query jsonb, saved_query_id uuid,
                  position jsonb, config jsonb)
        ON CONFLICT (tenant_id, id) DO NOTHING
        RETURNING id)
    SELECT array_agg(id) INTO made FROM made;
    IF cardinality(coalesce(made, '{}')) <> jsonb_array_length(widgets) THEN
        RAISE EXCEPTION USING ERRCODE = '23505', MESSAGE = 'a widget of this id exists already';
    END IF;
    RETURN made;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.widgets_insert(
    @extschema@.prismiq_dashboards, uuid, jsonb) IS
$c$Adds a list of widgets to a dashboard and returns their ids.
A widget without a position is put below the others, in the size that its type has by default.$c$;

CREATE FUNCTION prismiq_internal.widget_lock(here @extschema@.prismiq_dashboards, id uuid)
    RETURNS @extschema@.prismiq_widgets
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    w @extschema@.prismiq_widgets;
BEGIN
    SELECT * INTO w FROM @extschema@.prismiq_widgets
    WHERE tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND id = widget_lock.id;
    IF FOUND THEN
        PERFORM prismiq_internal.dashboard_lock(here, w.dashboard_id);
        SELECT * INTO w FROM @extschema@.prismiq_widgets
        WHERE tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND id = widget_lock.id
        FOR NO KEY UPDATE;
    END IF;
    IF NOT FOUND THEN
        PERFORM prismiq_internal.provided_refuse(here, NULL::uuid, widget_lock.id);
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'widget not found';
    END IF;
    RETURN w;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.widget_lock(@extschema@.prismiq_dashboards, uuid) IS
$c$Locks a widget that the caller is about to edit, its dashboard first, and returns it.
Raises PT404 for what the caller cannot see, 42501 for what it may not edit.$c$;
