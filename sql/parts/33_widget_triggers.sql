-- What of a widget depends on other rows: its saved query, its place in the layout, its type's
-- sizes, how many there are.

CREATE FUNCTION @extschema@.prismiq_widgets_guard() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    IF row_security_active(TG_RELID)
       AND NOT EXISTS (SELECT FROM @extschema@.prismiq_saved_queries q
                       WHERE q.tenant_id = NEW.tenant_id AND q.id = NEW.saved_query_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'saved query not found';
    END IF;
    RETURN NEW;
END
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_widgets_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_widgets_guard() IS
$c$Lets a widget be put only on a saved query that the caller may see; raises PT404.
Binds those whom row security binds.$c$;

-- Before the foreign key, which sees more than the caller does.
CREATE TRIGGER prismiq_widgets_guard_insert BEFORE INSERT ON @extschema@.prismiq_widgets
    FOR EACH ROW WHEN (NEW.saved_query_id IS NOT NULL)
    EXECUTE FUNCTION @extschema@.prismiq_widgets_guard();
CREATE TRIGGER prismiq_widgets_guard_update BEFORE UPDATE ON @extschema@.prismiq_widgets
    FOR EACH ROW WHEN (NEW.saved_query_id IS NOT NULL
                       AND NEW.saved_query_id IS DISTINCT FROM OLD.saved_query_id)
    EXECUTE FUNCTION @extschema@.prismiq_widgets_guard();

CREATE FUNCTION @extschema@.prismiq_widgets_changed() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    bound boolean := row_security_active(TG_RELID);
    misfit record;
    most integer;
BEGIN
    -- A change of widgets is a change of their dashboard: it gets a new version, once in a
    -- transaction, and its row lock makes writers of one dashboard wait for each other, so that
    -- what is looked at below stays true. A restore (row security does not bind it) leaves the
    -- dashboard as it is.
    IF bound OR TG_OP <> 'INSERT' THEN
        UPDATE @extschema@.prismiq_dashboards d SET updated_at = now()
        FROM (SELECT DISTINCT c.tenant_id, c.dashboard_id FROM changed c) w
        WHERE d.tenant_id = w.tenant_id AND d.id = w.dashboard_id
          AND NOT @extschema@.prismiq_is_own_change(d.xmin);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN NULL;
    END IF;

    -- What is looked at below is what the caller sees: without the dashboard there would be nothing
    -- to refuse. A statement can change its own context while it runs.
    IF bound AND EXISTS (SELECT FROM changed c
                         WHERE NOT EXISTS (SELECT FROM @extschema@.prismiq_dashboards d
                                           WHERE d.tenant_id = c.tenant_id
                                             AND d.id = c.dashboard_id)) THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'dashboard not found';
    END IF;

    SELECT s.*, coalesce((d.layout ->> 'columns')::numeric, 12) AS columns,
           t.min_w, t.min_h, t.max_w, t.max_h
    INTO misfit
    FROM (SELECT c.tenant_id, c.dashboard_id, c.type, (c.position ->> 'x')::numeric AS x,
                 (c.position ->> 'w')::numeric AS w, (c.position ->> 'h')::numeric AS h
          FROM changed c) s
    JOIN @extschema@.prismiq_dashboards d ON d.tenant_id = s.tenant_id AND d.id = s.dashboard_id
    JOIN @extschema@.prismiq_widget_types n ON n.type = s.type
    JOIN @extschema@.prismiq_widget_types t ON t.type = coalesce(n.alias_of, n.type)
    WHERE s.x + s.w > coalesce((d.layout ->> 'columns')::numeric, 12)
       OR s.w NOT BETWEEN t.min_w AND coalesce(t.max_w, s.w)
       OR s.h NOT BETWEEN t.min_h AND coalesce(t.max_h, s.h)
    LIMIT 1;
    IF FOUND AND misfit.x + misfit.w > misfit.columns THEN
        PERFORM @extschema@.prismiq_fault_raise(
            ARRAY['position'], 'widget does not fit into the layout'::text,
            format('x + w is %s and the layout has %s columns.',
                   misfit.x + misfit.w, misfit.columns));
    ELSIF FOUND THEN
        PERFORM @extschema@.prismiq_fault_raise(
            ARRAY['position'], 'widget is too small or too large for its type'::text,
            format('It is %s by %s; its type allows %s by %s to %s by %s.',
                   misfit.w, misfit.h, misfit.min_w, misfit.min_h,
                   coalesce(misfit.max_w::text, 'any'), coalesce(misfit.max_h::text, 'any')));
    END IF;

    IF bound AND TG_OP = 'INSERT' THEN
        most := least(current_setting('prismiq.max_widgets_per_dashboard')::integer,
                      current_setting('prismiq.max_widgets_per_dashboard_cap')::integer);
        IF EXISTS (SELECT FROM @extschema@.prismiq_widgets w
                   WHERE (w.tenant_id, w.dashboard_id)
                         IN (SELECT c.tenant_id, c.dashboard_id FROM changed c)
                   GROUP BY w.tenant_id, w.dashboard_id HAVING count(*) > most) THEN
            PERFORM @extschema@.prismiq_limit_raise(
                'too many widgets'::text, format('a dashboard may have %s widgets', most),
                'Delete one, or raise prismiq.max_widgets_per_dashboard.'::text);
        END IF;
    END IF;
    RETURN NULL;
END
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_widgets_changed() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_widgets_changed() IS
$c$Checks changed widgets against their layout and their type, and holds the limit of widgets.
Gives their dashboard a new version. Raises 22023 for a widget that does not fit, PT413 for one
too many.$c$;

-- Statement triggers, for the check must come after the lock on the dashboard.
CREATE TRIGGER prismiq_widgets_inserted AFTER INSERT ON @extschema@.prismiq_widgets
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.prismiq_widgets_changed();
CREATE TRIGGER prismiq_widgets_updated AFTER UPDATE ON @extschema@.prismiq_widgets
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.prismiq_widgets_changed();
CREATE TRIGGER prismiq_widgets_deleted AFTER DELETE ON @extschema@.prismiq_widgets
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.prismiq_widgets_changed();

CREATE FUNCTION @extschema@.prismiq_layout_fit() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    columns numeric;
BEGIN
    -- The check may have been put off: look at the row as it is now.
    SELECT coalesce((d.layout ->> 'columns')::numeric, 12) INTO columns
    FROM @extschema@.prismiq_dashboards d
    WHERE d.tenant_id = NEW.tenant_id AND d.id = NEW.id;
    -- Handed on by the same statement, or the context is another one by now.
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'dashboard not found';
    END IF;
    IF EXISTS (SELECT FROM @extschema@.prismiq_widgets w
               WHERE w.tenant_id = NEW.tenant_id AND w.dashboard_id = NEW.id
                 AND (w.position ->> 'x')::numeric + (w.position ->> 'w')::numeric > columns) THEN
        PERFORM @extschema@.prismiq_fault_raise(
            ARRAY['layout', 'columns'], 'the layout is too narrow for the widgets'::text,
            'Move the widgets first, or give them with the layout.'::text);
    END IF;
    RETURN NULL;
END
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_layout_fit() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_layout_fit() IS
$c$Refuses a layout that has fewer columns than the dashboard's widgets reach.$c$;

-- Can be put off, for an update that brings both a layout and its widgets.
CREATE CONSTRAINT TRIGGER prismiq_layout_fit AFTER UPDATE ON @extschema@.prismiq_dashboards
    DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW WHEN (OLD.layout -> 'columns' IS DISTINCT FROM NEW.layout -> 'columns')
    EXECUTE FUNCTION @extschema@.prismiq_layout_fit();
