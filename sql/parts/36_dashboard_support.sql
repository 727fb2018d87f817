-- What the functions on dashboards have in common. Each works on the tables of one schema, and says
-- which by the type of its first argument, "here", which is null: so the same functions over the
-- tables of another schema are overloads.

CREATE FUNCTION prismiq_internal.widgets_facts(d @extschema@.prismiq_dashboards, queries boolean)
    RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT coalesce(jsonb_object_agg(w.id, jsonb_build_object(
               'type', w.type, 'position', w.position, 'query',
               CASE WHEN queries THEN coalesce(w.query, q.query) END)), '{}')
    FROM @extschema@.prismiq_widgets w
    LEFT JOIN @extschema@.prismiq_saved_queries q
      ON q.tenant_id = w.tenant_id AND q.id = w.saved_query_id
    WHERE w.tenant_id = d.tenant_id AND w.dashboard_id = d.id
$f$;
COMMENT ON FUNCTION prismiq_internal.widgets_facts(@extschema@.prismiq_dashboards, boolean) IS
$c$Builds what is looked at of the widgets of a dashboard: {id: {type, position, query}}.
Their queries only where that is asked for.$c$;

CREATE FUNCTION prismiq_internal.document_facts(
    here @extschema@.prismiq_dashboards, data jsonb, dashboard_id uuid, widget_id uuid)
    RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT jsonb_build_object(
        'types', (
            SELECT jsonb_object_agg(n.type, jsonb_build_object(
                       'default_w', n.default_w, 'min_w', n.min_w, 'max_w', n.max_w,
                       'min_h', n.min_h, 'max_h', n.max_h,
                       'config_schema', coalesce(nullif(n.config_schema, '{}'), t.config_schema),
                       'default_config', t.default_config || n.default_config,
                       'params', coalesce(n.default_query, t.default_query) -> 'params'))
            FROM @extschema@.prismiq_widget_types n
            JOIN @extschema@.prismiq_widget_types t ON t.type = coalesce(n.alias_of, n.type)),
        'saved_queries', (
            SELECT coalesce(jsonb_object_agg(q.id, q.query), '{}')
            FROM @extschema@.prismiq_saved_queries q
            WHERE q.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
              AND q.id IN (
                  SELECT CASE WHEN v #>> '{}' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                              THEN (v #>> '{}')::uuid END
                  FROM jsonb_path_query(data, 'lax $.saved_query_id') v
                  UNION ALL
                  SELECT CASE WHEN v #>> '{}' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                              THEN (v #>> '{}')::uuid END
                  FROM jsonb_path_query(data, 'lax $.widgets[*].saved_query_id') v)),
        'widgets', (
            -- Their queries are for new filters that come without widgets.
            SELECT prismiq_internal.widgets_facts(d, data ? 'filters' AND NOT data ? 'widgets')
            FROM @extschema@.prismiq_dashboards d
            WHERE d.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
              AND d.id = document_facts.dashboard_id),
        'widget', (
            SELECT jsonb_build_object('type', w.type, 'position', w.position)
            FROM @extschema@.prismiq_widgets w
            WHERE w.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
              AND w.id = document_facts.widget_id),
        'columns', (
            SELECT d.layout -> 'columns' FROM @extschema@.prismiq_dashboards d
            WHERE d.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
              AND d.id = coalesce(document_facts.dashboard_id, (
                  SELECT w.dashboard_id FROM @extschema@.prismiq_widgets w
                  WHERE w.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                    AND w.id = document_facts.widget_id))),
        'most_widgets', prismiq_internal.max_widgets())
$f$;
COMMENT ON FUNCTION prismiq_internal.document_facts(
    @extschema@.prismiq_dashboards, jsonb, uuid, uuid) IS
$c$Gathers what a document of dashboards is held to beside itself, as the caller sees it.
Takes the document, and the dashboard or the widget that it changes, or null. Returns {types,
saved_queries: those that the document names, widgets: those of the dashboard, widget, columns,
most_widgets}, for the checks.$c$;

CREATE FUNCTION prismiq_internal.dashboard_columns(d @extschema@.prismiq_dashboards)
    RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT to_jsonb(d) - 'filter_tables' || jsonb_build_object(
        'is_owner', coalesce(d.owner_id = @extschema@.prismiq_user_id(), false),
        'can_edit', d.tenant_id <> ''
                    AND prismiq_internal.may_edit(d.owner_id, d.allowed_editors),
        'is_provided', d.tenant_id = '')
$f$;
COMMENT ON FUNCTION prismiq_internal.dashboard_columns(@extschema@.prismiq_dashboards) IS
$c$Builds the document of a dashboard without its widgets.
Its columns, is_owner, can_edit and is_provided.$c$;

CREATE FUNCTION prismiq_internal.dashboard_document(
    here @extschema@.prismiq_dashboards, id uuid)
    RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT prismiq_internal.dashboard_columns(d) || jsonb_build_object(
        'widgets', coalesce((SELECT jsonb_agg(to_jsonb(w) ORDER BY (w.position ->> 'y')::numeric,
                                              (w.position ->> 'x')::numeric, w.id)
                             FROM @extschema@.prismiq_widgets w
                             WHERE w.tenant_id = d.tenant_id AND w.dashboard_id = d.id), '[]'))
    FROM @extschema@.prismiq_dashboards d
    WHERE d.tenant_id = ANY (ARRAY[(SELECT @extschema@.prismiq_tenant_id()), ''])
      AND d.id = dashboard_document.id
    -- Should a restore have brought both, the tenant's own goes before what is provided.
    ORDER BY d.tenant_id DESC LIMIT 1
$f$;
COMMENT ON FUNCTION prismiq_internal.dashboard_document(@extschema@.prismiq_dashboards, uuid) IS
$c$Builds the document of a dashboard that the caller may see, or null.
Its columns, is_owner, can_edit, is_provided, and widgets by their rows and columns in the grid.$c$;

CREATE FUNCTION prismiq_internal.provided_refuse(
    here @extschema@.prismiq_dashboards, dashboard_id uuid, widget_id uuid)
    RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    IF EXISTS (SELECT FROM @extschema@.prismiq_dashboards d
               WHERE d.tenant_id = '' AND d.id = provided_refuse.dashboard_id)
       OR EXISTS (SELECT FROM @extschema@.prismiq_widgets w
                  WHERE w.tenant_id = '' AND w.id = provided_refuse.widget_id) THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'a provided dashboard cannot be changed',
            HINT = 'Make one of your own of it, with prismiq_dashboard_duplicate().';
    END IF;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.provided_refuse(
    @extschema@.prismiq_dashboards, uuid, uuid) IS
$c$Raises 42501 for a change of what is provided, when that is what the caller means.
It is asked when the tenant has no dashboard, or no widget, of that id.$c$;

CREATE FUNCTION prismiq_internal.dashboard_lock(
    here @extschema@.prismiq_dashboards, id uuid)
    RETURNS @extschema@.prismiq_dashboards
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    d @extschema@.prismiq_dashboards;
BEGIN
    SELECT * INTO d FROM @extschema@.prismiq_dashboards
    WHERE tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND id = dashboard_lock.id;
    IF NOT FOUND THEN
        PERFORM prismiq_internal.provided_refuse(here, dashboard_lock.id, NULL::uuid);
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'dashboard not found';
    END IF;
    IF NOT prismiq_internal.may_edit(d.owner_id, d.allowed_editors) THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'editing this dashboard is not permitted',
            HINT = 'Its owner, those in allowed_editors and admins may edit it.';
    END IF;
    SELECT * INTO d FROM @extschema@.prismiq_dashboards
    WHERE tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND id = dashboard_lock.id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'dashboard not found';
    END IF;
    RETURN d;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.dashboard_lock(@extschema@.prismiq_dashboards, uuid) IS
$c$Locks a dashboard that the caller is about to edit, and returns it as it then is.
Whoever writes a dashboard or its widgets through the functions comes here first, so that they
wait for each other and never meet in a deadlock. Raises PT404 for what the caller cannot see,
42501 for what it may not edit.$c$;

CREATE FUNCTION prismiq_internal.default_clear(
    here @extschema@.prismiq_dashboards, owner_id text, except_id uuid)
    RETURNS void
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
    UPDATE @extschema@.prismiq_dashboards d SET is_default = false
    WHERE d.tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND d.is_default
      AND d.owner_id IS NOT DISTINCT FROM default_clear.owner_id
      AND d.id IS DISTINCT FROM default_clear.except_id
$f$;
COMMENT ON FUNCTION prismiq_internal.default_clear(
    @extschema@.prismiq_dashboards, text, uuid) IS
$c$Makes the owner's default dashboard an ordinary one, before another becomes the default.$c$;
