-- What of a widget depends on other rows: saved query, layout, what its type says of sizes and
-- config, how many there are. The other tables are those in the schema of the table that fires.

CREATE FUNCTION prismiq_internal.widgets_guard() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    seen boolean;
BEGIN
    IF prismiq_internal.is_restore(TG_RELID) THEN
        RETURN NEW;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.prismiq_saved_queries q
                                   WHERE q.tenant_id = $1 AND q.id = $2)', TG_TABLE_SCHEMA)
        INTO seen USING NEW.tenant_id, NEW.saved_query_id;
    IF NOT seen THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'saved query not found';
    END IF;
    RETURN NEW;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.widgets_guard() IS
$c$Lets a widget be put only on a saved query that the caller may see; raises PT404.
A restore is not bound by it.$c$;

CREATE FUNCTION prismiq_internal.widgets_changed() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    bound boolean := NOT prismiq_internal.is_restore(TG_RELID);
    missing boolean;
    misfit record;
    crowded boolean;
BEGIN
    -- A change of widgets is a change of their dashboard: it gets a new version, once in a
    -- transaction, and its row lock makes writers of one dashboard wait for each other, so that
    -- what is looked at below stays true. A restore leaves the dashboard as it is.
    IF TG_OP = 'DELETE' THEN
        EXECUTE format('UPDATE %I.prismiq_dashboards d
                        SET filters = prismiq_internal.filters_map(d.filters, w.ids, true)
                        FROM (SELECT c.tenant_id, c.dashboard_id,
                                     jsonb_object_agg(c.id, ''[]''::jsonb) AS ids
                              FROM changed c GROUP BY c.tenant_id, c.dashboard_id) w
                        WHERE d.tenant_id = w.tenant_id AND d.id = w.dashboard_id
                          AND (NOT prismiq_internal.is_own_change(d.xmin)
                               OR d.filters <> prismiq_internal.filters_map(d.filters, w.ids,
                                                                            true))',
                       TG_TABLE_SCHEMA);
        RETURN NULL;
    END IF;
    IF bound OR TG_OP = 'UPDATE' THEN
        EXECUTE format('UPDATE %I.prismiq_dashboards d SET updated_at = now()
                        FROM (SELECT DISTINCT c.tenant_id, c.dashboard_id FROM changed c) w
                        WHERE d.tenant_id = w.tenant_id AND d.id = w.dashboard_id
                          AND NOT prismiq_internal.is_own_change(d.xmin)', TG_TABLE_SCHEMA);
    END IF;

    IF bound THEN
        -- The tables that the filters are on may be others now.
        EXECUTE format('UPDATE %1$I.prismiq_dashboards d SET filter_tables = n.tables
                        FROM (SELECT e.tenant_id, e.id, prismiq_internal.filter_tables(
                                  e.filters, prismiq_internal.dashboard_queries(
                                      e.tenant_id, e.id, $1), $1) AS tables
                              FROM %1$I.prismiq_dashboards e
                              WHERE e.filters <> ''[]'' AND e.tenant_id <> ''''
                                AND (e.tenant_id, e.id)
                                    IN (SELECT c.tenant_id, c.dashboard_id FROM changed c)) n
                        WHERE d.tenant_id = n.tenant_id AND d.id = n.id
                          AND d.filter_tables <> n.tables', TG_TABLE_SCHEMA)
            USING to_regnamespace(quote_ident(TG_TABLE_SCHEMA));

        -- What is looked at below is what the caller sees: without the dashboard there would be
        -- nothing to refuse. A statement can change its own context while it runs.
        EXECUTE format('SELECT EXISTS (SELECT FROM changed c
                                       WHERE NOT EXISTS (SELECT FROM %I.prismiq_dashboards d
                                                         WHERE d.tenant_id = c.tenant_id
                                                           AND d.id = c.dashboard_id))',
                       TG_TABLE_SCHEMA) INTO missing;
        IF missing THEN
            RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'dashboard not found';
        END IF;
    END IF;

    EXECUTE format('
        SELECT s.*, l.columns, t.min_w, t.min_h
        FROM (SELECT c.tenant_id, c.dashboard_id, c.type, (c.position ->> ''x'')::numeric AS x,
                     (c.position ->> ''w'')::numeric AS w, (c.position ->> ''h'')::numeric AS h
              FROM changed c) s
        JOIN %1$I.prismiq_dashboards d ON d.tenant_id = s.tenant_id AND d.id = s.dashboard_id
        CROSS JOIN coalesce((d.layout ->> ''columns'')::numeric, 12) AS l (columns)
        JOIN %1$I.prismiq_widget_types t ON t.type = s.type
        WHERE s.x + s.w > l.columns OR s.w < t.min_w OR s.h < t.min_h
        LIMIT 1', TG_TABLE_SCHEMA) INTO misfit;
    IF misfit.x + misfit.w > misfit.columns THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['position'], 'widget does not fit into the layout'::text,
            format('x + w is %s and the layout has %s columns.',
                   misfit.x + misfit.w, misfit.columns));
    ELSIF misfit.w IS NOT NULL THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['position'], 'widget is too small for its type'::text,
            format('It is %s by %s; its type allows %s by %s or more.',
                   misfit.w, misfit.h, misfit.min_w, misfit.min_h));
    END IF;

    -- A type may ask for more than it did: what was stored before may stay.
    IF bound THEN
        EXECUTE format('SELECT prismiq_internal.widget_config_fit_check(
                       c.config, coalesce(nullif(n.config_schema, ''{}''), t.config_schema),
                       t.default_config || n.default_config,
                       coalesce(n.default_query, t.default_query) -> ''params'')
            FROM changed c
            JOIN %1$I.prismiq_widget_types n ON n.type = c.type
            JOIN %1$I.prismiq_widget_types t ON t.type = coalesce(n.alias_of, n.type)
            ' || CASE TG_OP WHEN 'UPDATE' THEN 'JOIN replaced r ON r.tenant_id = c.tenant_id
             AND r.id = c.id AND (r.type <> c.type OR r.config <> c.config)' ELSE '' END,
            TG_TABLE_SCHEMA);
    END IF;

    IF bound AND TG_OP = 'INSERT' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I.prismiq_widgets w
                                       WHERE (w.tenant_id, w.dashboard_id)
                                             IN (SELECT c.tenant_id, c.dashboard_id FROM changed c)
                                       GROUP BY w.tenant_id, w.dashboard_id
                                       HAVING count(*) > $1)', TG_TABLE_SCHEMA)
            INTO crowded USING prismiq_internal.max_widgets();
        IF crowded THEN
            PERFORM prismiq_internal.widgets_refuse();
        END IF;
    END IF;
    RETURN NULL;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.widgets_changed() IS
$c$Checks changed widgets against their layout and their type, and holds the limit of widgets.
A type's largest size is for editors: the functions look at it. Gives their dashboard a new
version; a widget that is deleted leaves the filters that were for it. Raises 22023 for a widget
that does not fit, or a config that its type does not allow, PT413 for one too many.$c$;

CREATE FUNCTION prismiq_internal.layout_fit() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    columns numeric;
    wide boolean;
BEGIN
    -- The check may have been put off: look at the row as it is now.
    EXECUTE format('SELECT coalesce((d.layout ->> ''columns'')::numeric, 12)
                    FROM %I.prismiq_dashboards d
                    WHERE d.tenant_id = $1 AND d.id = $2', TG_TABLE_SCHEMA)
        INTO columns USING NEW.tenant_id, NEW.id;
    -- Handed on by the same statement, or the context is another one by now.
    IF columns IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'dashboard not found';
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.prismiq_widgets w
                                   WHERE w.tenant_id = $1 AND w.dashboard_id = $2
                                     AND (w.position ->> ''x'')::numeric
                                         + (w.position ->> ''w'')::numeric > $3)', TG_TABLE_SCHEMA)
        INTO wide USING NEW.tenant_id, NEW.id, columns;
    IF wide THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['layout', 'columns'], 'the layout is too narrow for the widgets'::text,
            'Move the widgets first, or give them with the layout.'::text);
    END IF;
    RETURN NULL;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.layout_fit() IS
$c$Refuses a layout that has fewer columns than the dashboard's widgets reach.$c$;

CREATE FUNCTION prismiq_internal.widget_types_changed() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    lost text;
BEGIN
    -- Rows that are restored one by one come in any order.
    IF current_setting('prismiq.maintenance', true) = 'on' THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT a.alias_of FROM %1$I.prismiq_widget_types a
                    LEFT JOIN %1$I.prismiq_widget_types t ON t.type = a.alias_of
                    WHERE a.alias_of IS NOT NULL
                      AND (t.type IS NULL OR t.alias_of IS NOT NULL)
                    ORDER BY a.alias_of LIMIT 1', TG_TABLE_SCHEMA) INTO lost;
    IF lost IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = '23503',
            MESSAGE = format('a widget type is an alias of "%s", which is no type of its own',
                             lost);
    END IF;
    RETURN NULL;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.widget_types_changed() IS
$c$Holds that each alias names a widget type that is there and is no alias itself.
Raises 23503, as a foreign key would.$c$;
