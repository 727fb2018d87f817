-- What may change in a row, version and updated_at. Nothing here touches an INSERT, so a restore
-- is exact.

CREATE FUNCTION @extschema@.prismiq_row_keep() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
    kept text;
BEGIN
    FOREACH kept IN ARRAY TG_ARGV LOOP
        IF old_row -> kept IS DISTINCT FROM new_row -> kept THEN
            RAISE EXCEPTION USING ERRCODE = '42501',
                MESSAGE = format('column "%s" cannot be changed', kept);
        END IF;
    END LOOP;
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    RETURN NEW;
END
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_row_keep() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_row_keep() IS
$c$Keeps what may not change in a row, counts its version up and dates it.
Its arguments are the columns that nobody changes. A version that an UPDATE brings along is not
taken.$c$;

CREATE TRIGGER prismiq_dashboards_keep BEFORE UPDATE ON @extschema@.prismiq_dashboards
    FOR EACH ROW EXECUTE FUNCTION @extschema@.prismiq_row_keep('tenant_id', 'id', 'created_at');
CREATE TRIGGER prismiq_widgets_keep BEFORE UPDATE ON @extschema@.prismiq_widgets
    FOR EACH ROW
    EXECUTE FUNCTION @extschema@.prismiq_row_keep('tenant_id', 'id', 'dashboard_id', 'created_at');
CREATE TRIGGER prismiq_saved_queries_keep BEFORE UPDATE ON @extschema@.prismiq_saved_queries
    FOR EACH ROW EXECUTE FUNCTION @extschema@.prismiq_row_keep('tenant_id', 'id', 'created_at');
CREATE TRIGGER prismiq_schema_config_keep BEFORE UPDATE ON @extschema@.prismiq_schema_config
    FOR EACH ROW EXECUTE FUNCTION @extschema@.prismiq_row_keep('tenant_id', 'created_at');

-- For each row and always, so that changes which logical replication applies are told as well: it
-- fires no triggers of statements.
CREATE TRIGGER prismiq_schema_config_invalidate
    AFTER INSERT OR UPDATE OR DELETE ON @extschema@.prismiq_schema_config
    FOR EACH ROW EXECUTE FUNCTION @extschema@.prismiq_invalidate_trigger();
CREATE TRIGGER prismiq_schema_config_invalidate_all
    AFTER TRUNCATE ON @extschema@.prismiq_schema_config
    FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.prismiq_invalidate_trigger();
ALTER TABLE @extschema@.prismiq_schema_config
    ENABLE ALWAYS TRIGGER prismiq_schema_config_invalidate,
    ENABLE ALWAYS TRIGGER prismiq_schema_config_invalidate_all;

-- Policies cannot compare old with new, so who may share and hand on is asked here.
CREATE FUNCTION @extschema@.prismiq_dashboards_guard() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    IF NOT row_security_active(TG_RELID) THEN
        RETURN NEW;
    END IF;
    IF NOT @extschema@.prismiq_may_manage(OLD.owner_id) THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'only the owner of the dashboard or an admin may share it or hand it on',
            HINT = 'An editor changes everything but owner_id, is_public, is_default, '
                   'allowed_viewers and allowed_editors.';
    END IF;
    IF NEW.owner_id IS NULL AND OLD.owner_id IS NOT NULL AND NOT @extschema@.prismiq_is_admin() THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'only an admin may make a dashboard the whole tenant''s';
    END IF;
    RETURN NEW;
END
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_dashboards_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_dashboards_guard() IS
$c$Lets only the owner of a dashboard and admins change who owns, sees and edits it.
Binds those whom row security binds.$c$;

CREATE TRIGGER prismiq_dashboards_guard BEFORE UPDATE ON @extschema@.prismiq_dashboards
    FOR EACH ROW
    WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id
          OR OLD.is_public IS DISTINCT FROM NEW.is_public
          OR OLD.is_default IS DISTINCT FROM NEW.is_default
          OR OLD.allowed_viewers IS DISTINCT FROM NEW.allowed_viewers
          OR OLD.allowed_editors IS DISTINCT FROM NEW.allowed_editors)
    EXECUTE FUNCTION @extschema@.prismiq_dashboards_guard();

-- The owner of the extension counts, for the caller may not see all that another user owns.
CREATE FUNCTION @extschema@.prismiq_dashboards_limit() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    most integer := least(current_setting('prismiq.max_dashboards_per_user')::integer,
                          current_setting('prismiq.max_dashboards_per_user_cap')::integer);
BEGIN
    PERFORM pg_advisory_xact_lock(
        hashtextextended(jsonb_build_array('prismiq', NEW.tenant_id, NEW.owner_id)::text, 0));
    IF (SELECT count(*) FROM @extschema@.prismiq_dashboards d
        WHERE d.tenant_id = NEW.tenant_id AND d.owner_id = NEW.owner_id) > most THEN
        RAISE EXCEPTION USING ERRCODE = 'PT413', MESSAGE = 'too many dashboards',
            DETAIL = format('A user may own %s dashboards.', most),
            HINT = 'Delete one, or raise prismiq.max_dashboards_per_user.';
    END IF;
    RETURN NULL;
END
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_dashboards_limit() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_dashboards_limit() IS
$c$Holds prismiq.max_dashboards_per_user; raises PT413.
Sessions that add to the same user's dashboards wait for each other here.$c$;

CREATE TRIGGER prismiq_dashboards_limit_insert AFTER INSERT ON @extschema@.prismiq_dashboards
    FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL AND row_security_active(NEW.tableoid))
    EXECUTE FUNCTION @extschema@.prismiq_dashboards_limit();
CREATE TRIGGER prismiq_dashboards_limit_update AFTER UPDATE ON @extschema@.prismiq_dashboards
    FOR EACH ROW WHEN (NEW.owner_id IS DISTINCT FROM OLD.owner_id AND NEW.owner_id IS NOT NULL
                       AND row_security_active(NEW.tableoid))
    EXECUTE FUNCTION @extschema@.prismiq_dashboards_limit();
