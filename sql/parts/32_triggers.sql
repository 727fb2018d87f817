-- What may change in a row, version and updated_at; limits. Nothing here touches what an INSERT
-- brings, so a restore is exact.

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
    FOR EACH ROW
    EXECUTE FUNCTION @extschema@.prismiq_row_keep('tenant_id', 'id', 'created_by', 'created_at');
CREATE TRIGGER prismiq_widgets_keep BEFORE UPDATE ON @extschema@.prismiq_widgets
    FOR EACH ROW
    EXECUTE FUNCTION @extschema@.prismiq_row_keep('tenant_id', 'id', 'dashboard_id', 'created_at');
CREATE TRIGGER prismiq_saved_queries_keep BEFORE UPDATE ON @extschema@.prismiq_saved_queries
    FOR EACH ROW
    EXECUTE FUNCTION @extschema@.prismiq_row_keep('tenant_id', 'id', 'created_by', 'created_at');
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
    -- Nobody but an admin chooses what somebody else sees first.
    IF NEW.owner_id IS DISTINCT FROM OLD.owner_id AND NOT @extschema@.prismiq_is_admin() THEN
        NEW.is_default := false;
    END IF;
    RETURN NEW;
END
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_dashboards_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_dashboards_guard() IS
$c$Lets only the owner of a dashboard and admins change who owns, sees and edits it.
One that its owner hands on is no default any more. Binds those whom row security binds.$c$;

CREATE TRIGGER prismiq_dashboards_guard BEFORE UPDATE ON @extschema@.prismiq_dashboards
    FOR EACH ROW
    WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id
          OR OLD.is_public IS DISTINCT FROM NEW.is_public
          OR OLD.is_default IS DISTINCT FROM NEW.is_default
          OR OLD.allowed_viewers IS DISTINCT FROM NEW.allowed_viewers
          OR OLD.allowed_editors IS DISTINCT FROM NEW.allowed_editors)
    EXECUTE FUNCTION @extschema@.prismiq_dashboards_guard();

-- What cannot be run yet is not kept for a day on which it can: who stores it then is asked what
-- it may do.
CREATE FUNCTION @extschema@.prismiq_saved_queries_guard() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    IF row_security_active(TG_RELID) THEN
        PERFORM @extschema@.prismiq_fault_raise(ARRAY['sql'], '"sql" is not supported yet'::text,
                                                'Write it as a definition in "query".'::text);
    END IF;
    RETURN NEW;
END
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_saved_queries_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_saved_queries_guard() IS
$c$Refuses a saved query in SQL, as the functions do; raises 22023.
Binds those whom row security binds.$c$;

CREATE TRIGGER prismiq_saved_queries_guard_insert BEFORE INSERT ON @extschema@.prismiq_saved_queries
    FOR EACH ROW WHEN (NEW.sql IS NOT NULL)
    EXECUTE FUNCTION @extschema@.prismiq_saved_queries_guard();
CREATE TRIGGER prismiq_saved_queries_guard_update BEFORE UPDATE ON @extschema@.prismiq_saved_queries
    FOR EACH ROW WHEN (NEW.sql IS NOT NULL AND NEW.sql IS DISTINCT FROM OLD.sql)
    EXECUTE FUNCTION @extschema@.prismiq_saved_queries_guard();

-- Limits that are settings. They bind whom row security binds, as a restore is not bound.
CREATE FUNCTION @extschema@.prismiq_dashboards_limit() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'prismiq_dashboards_limit';
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_dashboards_limit() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_dashboards_limit() IS
$c$Holds prismiq.max_dashboards_per_user, for the user who made a dashboard; raises PT413.
Sessions of one user that add dashboards wait for each other here.$c$;

CREATE TRIGGER prismiq_dashboards_limit AFTER INSERT ON @extschema@.prismiq_dashboards
    FOR EACH ROW EXECUTE FUNCTION @extschema@.prismiq_dashboards_limit();

CREATE FUNCTION @extschema@.prismiq_documents_limit() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'prismiq_documents_limit';
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_documents_limit() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_documents_limit() IS
$c$Holds prismiq.max_definition_bytes and prismiq.max_nesting for what is stored; raises PT413.
Its arguments are the columns that it looks at, when they are new.$c$;

CREATE TRIGGER prismiq_dashboards_documents
    BEFORE INSERT OR UPDATE OF layout, filters ON @extschema@.prismiq_dashboards
    FOR EACH ROW EXECUTE FUNCTION @extschema@.prismiq_documents_limit('layout', 'filters');
CREATE TRIGGER prismiq_widgets_documents
    BEFORE INSERT OR UPDATE OF query, config, position ON @extschema@.prismiq_widgets
    FOR EACH ROW
    EXECUTE FUNCTION @extschema@.prismiq_documents_limit('query', 'config', 'position');
CREATE TRIGGER prismiq_saved_queries_documents
    BEFORE INSERT OR UPDATE OF query ON @extschema@.prismiq_saved_queries
    FOR EACH ROW EXECUTE FUNCTION @extschema@.prismiq_documents_limit('query');
CREATE TRIGGER prismiq_schema_config_documents
    BEFORE INSERT OR UPDATE OF config ON @extschema@.prismiq_schema_config
    FOR EACH ROW EXECUTE FUNCTION @extschema@.prismiq_documents_limit('config');
