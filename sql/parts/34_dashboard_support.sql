-- What the functions that write dashboards and widgets have in common.

CREATE FUNCTION @extschema@.prismiq_timezone_check(timezone text) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    -- What queries take for a zone: AT TIME ZONE takes abbreviations and rules as well.
    PERFORM @extschema@.prismiq_time_bucket(interval '1 day', now(),
                                            prismiq_timezone_check.timezone);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_timezone_check(text) IS
$c$Raises 22023 when queries know no time zone of that name.
Full names are known (pg_timezone_names), abbreviations and POSIX rules are not.$c$;

-- By a trigger for whom row security binds, not by a constraint: the zones that a server knows
-- change with its updates, and a restore must not fail for it.
CREATE FUNCTION @extschema@.prismiq_timezone_guard() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    zone text := to_jsonb(NEW) #>> TG_ARGV;
BEGIN
    IF row_security_active(TG_RELID) AND zone IS DISTINCT FROM to_jsonb(OLD) #>> TG_ARGV THEN
        PERFORM @extschema@.prismiq_timezone_check(zone);
    END IF;
    RETURN NEW;
END
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_timezone_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_timezone_guard() IS
$c$Refuses a new time zone that queries do not know; raises 22023.
Its arguments are the path to the zone in the row. Binds those whom row security binds.$c$;

CREATE TRIGGER prismiq_dashboards_timezone
    BEFORE INSERT OR UPDATE OF timezone ON @extschema@.prismiq_dashboards
    FOR EACH ROW WHEN (NEW.timezone IS NOT NULL)
    EXECUTE FUNCTION @extschema@.prismiq_timezone_guard('timezone');
CREATE TRIGGER prismiq_schema_config_timezone
    BEFORE INSERT OR UPDATE OF config ON @extschema@.prismiq_schema_config
    FOR EACH ROW WHEN (NEW.config ->> 'timezone' IS NOT NULL)
    EXECUTE FUNCTION @extschema@.prismiq_timezone_guard('config', 'timezone');

CREATE FUNCTION @extschema@.prismiq_document_facts(
    data jsonb, dashboard_id uuid, widget_id uuid)
    RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT jsonb_build_object(
        'types', (
            SELECT jsonb_object_agg(n.type, jsonb_build_object(
                       'default_w', n.default_w, 'min_w', t.min_w, 'max_w', t.max_w,
                       'min_h', t.min_h, 'max_h', t.max_h))
            FROM @extschema@.prismiq_widget_types n
            JOIN @extschema@.prismiq_widget_types t ON t.type = coalesce(n.alias_of, n.type)),
        'saved_queries', (
            SELECT coalesce(jsonb_object_agg(q.id, true), '{}')
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
            SELECT coalesce(jsonb_object_agg(w.id, jsonb_build_object(
                       'type', w.type, 'position', w.position))
                       FILTER (WHERE w.id IS NOT NULL), '{}')
            FROM @extschema@.prismiq_dashboards d
            LEFT JOIN @extschema@.prismiq_widgets w
              ON w.tenant_id = d.tenant_id AND w.dashboard_id = d.id
            WHERE d.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
              AND d.id = prismiq_document_facts.dashboard_id
            HAVING count(d.id) > 0),
        'widget', (
            SELECT jsonb_build_object('type', w.type, 'position', w.position)
            FROM @extschema@.prismiq_widgets w
            WHERE w.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
              AND w.id = prismiq_document_facts.widget_id),
        'columns', (
            SELECT d.layout -> 'columns' FROM @extschema@.prismiq_dashboards d
            WHERE d.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
              AND d.id = coalesce(prismiq_document_facts.dashboard_id, (
                  SELECT w.dashboard_id FROM @extschema@.prismiq_widgets w
                  WHERE w.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                    AND w.id = prismiq_document_facts.widget_id))),
        'most_widgets', least(current_setting('prismiq.max_widgets_per_dashboard')::integer,
                              current_setting('prismiq.max_widgets_per_dashboard_cap')::integer))
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_document_facts(jsonb, uuid, uuid) IS
$c$Gathers what a document of dashboards is held to beside itself, as the caller sees it.
Takes the document, and the dashboard or the widget that it changes, or null. Returns {types,
saved_queries: those that the document names, widgets: those of the dashboard, widget, columns,
most_widgets}, for the checks.$c$;

CREATE FUNCTION @extschema@.prismiq_dashboard_lock(id uuid) RETURNS @extschema@.prismiq_dashboards
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    d @extschema@.prismiq_dashboards;
BEGIN
    SELECT * INTO d FROM @extschema@.prismiq_dashboards
    WHERE tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND id = prismiq_dashboard_lock.id;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'dashboard not found';
    END IF;
    IF NOT @extschema@.prismiq_may_edit(d.owner_id, d.allowed_editors) THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'editing this dashboard is not permitted',
            HINT = 'Its owner, those in allowed_editors and admins may edit it.';
    END IF;
    SELECT * INTO d FROM @extschema@.prismiq_dashboards
    WHERE tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND id = prismiq_dashboard_lock.id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'dashboard not found';
    END IF;
    RETURN d;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_lock(uuid) IS
$c$Locks a dashboard that the caller is about to edit, and returns it as it then is.
Whoever writes a dashboard or its widgets through the functions comes here first, so that they
wait for each other and never meet in a deadlock. Raises PT404 for what the caller cannot see,
42501 for what it may not edit.$c$;

CREATE FUNCTION @extschema@.prismiq_default_clear(owner_id text, except_id uuid) RETURNS void
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
    UPDATE @extschema@.prismiq_dashboards d SET is_default = false
    WHERE d.tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND d.is_default
      AND d.owner_id IS NOT DISTINCT FROM prismiq_default_clear.owner_id
      AND d.id IS DISTINCT FROM prismiq_default_clear.except_id
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_default_clear(text, uuid) IS
$c$Makes the owner's default dashboard an ordinary one, before another becomes the default.$c$;
