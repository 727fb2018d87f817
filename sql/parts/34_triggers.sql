-- Which rules hold for which table.

CREATE TRIGGER prismiq_dashboards_keep BEFORE UPDATE ON @extschema@.prismiq_dashboards
    FOR EACH ROW
    EXECUTE FUNCTION prismiq_internal.row_keep('tenant_id', 'id', 'created_by', 'created_at');
CREATE TRIGGER prismiq_widgets_keep BEFORE UPDATE ON @extschema@.prismiq_widgets
    FOR EACH ROW
    EXECUTE FUNCTION prismiq_internal.row_keep('tenant_id', 'id', 'dashboard_id', 'created_at');
CREATE TRIGGER prismiq_saved_queries_keep BEFORE UPDATE ON @extschema@.prismiq_saved_queries
    FOR EACH ROW
    EXECUTE FUNCTION prismiq_internal.row_keep('tenant_id', 'id', 'created_by', 'created_at');
CREATE TRIGGER prismiq_schema_config_keep BEFORE UPDATE ON @extschema@.prismiq_schema_config
    FOR EACH ROW EXECUTE FUNCTION prismiq_internal.row_keep('tenant_id', 'created_at');

CREATE TRIGGER prismiq_model_keep BEFORE UPDATE ON @extschema@.prismiq_model
    FOR EACH ROW EXECUTE FUNCTION prismiq_internal.row_keep('only_row', 'created_at');

-- For each row and always, so that changes which logical replication applies are told as well: it
-- fires no triggers of statements.
CREATE TRIGGER prismiq_schema_config_invalidate
    AFTER INSERT OR UPDATE OR DELETE ON @extschema@.prismiq_schema_config
    FOR EACH ROW EXECUTE FUNCTION prismiq_internal.invalidate_trigger();
CREATE TRIGGER prismiq_schema_config_invalidate_all
    AFTER TRUNCATE ON @extschema@.prismiq_schema_config
    FOR EACH STATEMENT EXECUTE FUNCTION prismiq_internal.invalidate_trigger();
ALTER TABLE @extschema@.prismiq_schema_config
    ENABLE ALWAYS TRIGGER prismiq_schema_config_invalidate,
    ENABLE ALWAYS TRIGGER prismiq_schema_config_invalidate_all;
CREATE TRIGGER prismiq_model_invalidate
    AFTER INSERT OR UPDATE OR DELETE ON @extschema@.prismiq_model
    FOR EACH ROW EXECUTE FUNCTION prismiq_internal.invalidate_trigger();
CREATE TRIGGER prismiq_model_invalidate_all
    AFTER TRUNCATE ON @extschema@.prismiq_model
    FOR EACH STATEMENT EXECUTE FUNCTION prismiq_internal.invalidate_trigger();
ALTER TABLE @extschema@.prismiq_model
    ENABLE ALWAYS TRIGGER prismiq_model_invalidate,
    ENABLE ALWAYS TRIGGER prismiq_model_invalidate_all;

CREATE TRIGGER prismiq_dashboards_guard BEFORE UPDATE ON @extschema@.prismiq_dashboards
    FOR EACH ROW
    WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id
          OR OLD.is_public IS DISTINCT FROM NEW.is_public
          OR OLD.is_default IS DISTINCT FROM NEW.is_default
          OR OLD.allowed_viewers IS DISTINCT FROM NEW.allowed_viewers
          OR OLD.allowed_editors IS DISTINCT FROM NEW.allowed_editors)
    EXECUTE FUNCTION prismiq_internal.dashboards_guard();

CREATE TRIGGER prismiq_dashboards_filters
    BEFORE UPDATE ON @extschema@.prismiq_dashboards
    FOR EACH ROW
    EXECUTE FUNCTION prismiq_internal.dashboard_filters_bound();

CREATE TRIGGER prismiq_saved_queries_guard_insert BEFORE INSERT ON @extschema@.prismiq_saved_queries
    FOR EACH ROW WHEN (NEW.sql IS NOT NULL)
    EXECUTE FUNCTION prismiq_internal.saved_queries_guard();
CREATE TRIGGER prismiq_saved_queries_guard_update BEFORE UPDATE ON @extschema@.prismiq_saved_queries
    FOR EACH ROW WHEN (NEW.sql IS NOT NULL AND NEW.sql IS DISTINCT FROM OLD.sql)
    EXECUTE FUNCTION prismiq_internal.saved_queries_guard();

-- Before the foreign key, which sees more than the caller does.
CREATE TRIGGER prismiq_widgets_guard_insert BEFORE INSERT ON @extschema@.prismiq_widgets
    FOR EACH ROW WHEN (NEW.saved_query_id IS NOT NULL)
    EXECUTE FUNCTION prismiq_internal.widgets_guard();
CREATE TRIGGER prismiq_widgets_guard_update BEFORE UPDATE ON @extschema@.prismiq_widgets
    FOR EACH ROW WHEN (NEW.saved_query_id IS NOT NULL
                       AND NEW.saved_query_id IS DISTINCT FROM OLD.saved_query_id)
    EXECUTE FUNCTION prismiq_internal.widgets_guard();

-- Statement triggers, for the check must come after the lock on the dashboard.
CREATE TRIGGER prismiq_widgets_inserted AFTER INSERT ON @extschema@.prismiq_widgets
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION prismiq_internal.widgets_changed();
CREATE TRIGGER prismiq_widgets_updated AFTER UPDATE ON @extschema@.prismiq_widgets
    REFERENCING OLD TABLE AS replaced NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION prismiq_internal.widgets_changed();
CREATE TRIGGER prismiq_widgets_deleted AFTER DELETE ON @extschema@.prismiq_widgets
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION prismiq_internal.widgets_changed();

-- Can be put off, for an update that brings both a layout and its widgets.
CREATE CONSTRAINT TRIGGER prismiq_layout_fit AFTER UPDATE ON @extschema@.prismiq_dashboards
    DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW WHEN (OLD.layout -> 'columns' IS DISTINCT FROM NEW.layout -> 'columns')
    EXECUTE FUNCTION prismiq_internal.layout_fit();

-- By a trigger, not by a constraint: the zones that a server knows change with its updates, and a
-- restore must not fail for it.
CREATE TRIGGER prismiq_dashboards_timezone
    BEFORE INSERT OR UPDATE OF timezone ON @extschema@.prismiq_dashboards
    FOR EACH ROW WHEN (NEW.timezone IS NOT NULL)
    EXECUTE FUNCTION prismiq_internal.timezone_guard('timezone');
CREATE TRIGGER prismiq_schema_config_timezone
    BEFORE INSERT OR UPDATE OF config ON @extschema@.prismiq_schema_config
    FOR EACH ROW WHEN (NEW.config ->> 'timezone' IS NOT NULL)
    EXECUTE FUNCTION prismiq_internal.timezone_guard('config', 'timezone');

CREATE TRIGGER prismiq_model_timezone
    BEFORE INSERT OR UPDATE OF config ON @extschema@.prismiq_model
    FOR EACH ROW WHEN (NEW.config ->> 'timezone' IS NOT NULL)
    EXECUTE FUNCTION prismiq_internal.timezone_guard('config', 'timezone');

CREATE TRIGGER prismiq_dashboards_limit AFTER INSERT ON @extschema@.prismiq_dashboards
    FOR EACH ROW EXECUTE FUNCTION prismiq_internal.dashboards_limit();

CREATE TRIGGER prismiq_dashboards_documents
    BEFORE INSERT OR UPDATE OF layout, filters ON @extschema@.prismiq_dashboards
    FOR EACH ROW EXECUTE FUNCTION prismiq_internal.documents_limit('layout', 'filters');
CREATE TRIGGER prismiq_widgets_documents
    BEFORE INSERT OR UPDATE OF query, config, position ON @extschema@.prismiq_widgets
    FOR EACH ROW
    EXECUTE FUNCTION prismiq_internal.documents_limit('query', 'config', 'position');
CREATE TRIGGER prismiq_saved_queries_documents
    BEFORE INSERT OR UPDATE OF query ON @extschema@.prismiq_saved_queries
    FOR EACH ROW EXECUTE FUNCTION prismiq_internal.documents_limit('query');
CREATE TRIGGER prismiq_schema_config_documents
    BEFORE INSERT OR UPDATE OF config ON @extschema@.prismiq_schema_config
    FOR EACH ROW EXECUTE FUNCTION prismiq_internal.documents_limit('config');
CREATE TRIGGER prismiq_model_documents
    BEFORE INSERT OR UPDATE OF config ON @extschema@.prismiq_model
    FOR EACH ROW EXECUTE FUNCTION prismiq_internal.documents_limit('config');

-- Off unless a superuser says so: then each change is told, without its tenant or its content.
CREATE TRIGGER prismiq_dashboards_notify
    AFTER INSERT OR UPDATE OR DELETE ON @extschema@.prismiq_dashboards
    FOR EACH ROW WHEN (current_setting('prismiq.notify', true) = 'on')
    EXECUTE FUNCTION prismiq_internal.change_notify('dashboard');
CREATE TRIGGER prismiq_widgets_notify
    AFTER INSERT OR UPDATE OR DELETE ON @extschema@.prismiq_widgets
    FOR EACH ROW WHEN (current_setting('prismiq.notify', true) = 'on')
    EXECUTE FUNCTION prismiq_internal.change_notify('widget');
CREATE TRIGGER prismiq_saved_queries_notify
    AFTER INSERT OR UPDATE OR DELETE ON @extschema@.prismiq_saved_queries
    FOR EACH ROW WHEN (current_setting('prismiq.notify', true) = 'on')
    EXECUTE FUNCTION prismiq_internal.change_notify('query');
