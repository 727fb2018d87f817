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
