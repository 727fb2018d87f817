-- What writes and lists provided dashboards. These rows are no tenant's, so these functions act as
-- the owner of the extension; profile admin alone may call them. They take nothing that is run.

CREATE FUNCTION prismiq_internal.provided_put(
    here @extschema@.prismiq_dashboards, key text, data jsonb, tenants text[])
    RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET prismiq.maintenance = 'call'
AS $f$
#variable_conflict use_column
DECLARE
    own_id CONSTANT uuid := prismiq_internal.provided_id(provided_put.key);
    d @extschema@.prismiq_dashboards;
    q @extschema@.prismiq_saved_queries;
    wanted text;
    number integer;
BEGIN
    -- One after the other; readers do not wait.
    LOCK TABLE @extschema@.prismiq_provided IN SHARE ROW EXCLUSIVE MODE;
    d := jsonb_populate_record(here, data - ARRAY['version', 'refresh_interval']);
    IF EXISTS (SELECT FROM @extschema@.prismiq_dashboards o
               WHERE o.tenant_id = '' AND o.name = d.name AND o.id <> own_id) THEN
        RAISE EXCEPTION USING ERRCODE = '23505',
            MESSAGE = 'a provided dashboard of this name exists already';
    END IF;
    -- A new layout is held against the widgets that come with it.
    SET CONSTRAINTS @extschema@.prismiq_layout_fit DEFERRED;
    INSERT INTO @extschema@.prismiq_dashboards AS o
        (tenant_id, id, name, description, layout, filters, owner_id, created_by, is_public,
         timezone, refresh_interval)
    VALUES ('', own_id, d.name, d.description,
            prismiq_internal.layout_whole(coalesce(d.layout, '{}')),
            coalesce(d.filters, '[]'), NULL, NULL, true, d.timezone,
            (data ->> 'refresh_interval')::numeric)
    ON CONFLICT (tenant_id, id) DO UPDATE
    SET name = EXCLUDED.name, description = EXCLUDED.description, layout = EXCLUDED.layout,
        filters = EXCLUDED.filters, timezone = EXCLUDED.timezone,
        refresh_interval = EXCLUDED.refresh_interval;
    FOR q IN SELECT * FROM jsonb_populate_recordset(
                 NULL::@extschema@.prismiq_saved_queries, data -> 'saved_queries') LOOP
        wanted := q.name;
        number := 1;
        WHILE EXISTS (SELECT FROM @extschema@.prismiq_saved_queries o
                      WHERE o.tenant_id = '' AND o.name = q.name AND o.id <> q.id) LOOP
            number := number + 1;
            q.name := prismiq_internal.name_numbered(wanted, number);
        END LOOP;
        INSERT INTO @extschema@.prismiq_saved_queries
            (tenant_id, id, name, description, query, owner_id, created_by, is_shared)
        VALUES ('', q.id, q.name, q.description, q.query, NULL, NULL, coalesce(q.is_shared, false))
        ON CONFLICT (tenant_id, id) DO UPDATE
        SET name = EXCLUDED.name, description = EXCLUDED.description, query = EXCLUDED.query,
            is_shared = EXCLUDED.is_shared;
    END LOOP;
    DELETE FROM @extschema@.prismiq_widgets w
    WHERE w.tenant_id = '' AND w.dashboard_id = own_id
      AND w.id NOT IN (SELECT (e ->> 'id')::uuid FROM jsonb_array_elements(data -> 'widgets') e);
    INSERT INTO @extschema@.prismiq_widgets
        (tenant_id, id, dashboard_id, type, title, query, saved_query_id, position, config)
    SELECT '', w.id, own_id, w.type, w.title, w.query, w.saved_query_id, w.position, w.config
    FROM jsonb_populate_recordset(NULL::@extschema@.prismiq_widgets, data -> 'widgets') w
    ON CONFLICT (tenant_id, id) DO UPDATE
    SET type = EXCLUDED.type, title = EXCLUDED.title, query = EXCLUDED.query,
        saved_query_id = EXCLUDED.saved_query_id, position = EXCLUDED.position,
        config = EXCLUDED.config;
    SET CONSTRAINTS @extschema@.prismiq_layout_fit IMMEDIATE;
    DELETE FROM @extschema@.prismiq_saved_queries o
    WHERE o.tenant_id = ''
      AND o.id IN (SELECT p.resource_id FROM @extschema@.prismiq_provided p
                   WHERE p.key = provided_put.key)
      AND o.id NOT IN (SELECT (e ->> 'id')::uuid
                       FROM jsonb_array_elements(data -> 'saved_queries') e);
    DELETE FROM @extschema@.prismiq_provided p WHERE p.key = provided_put.key;
    INSERT INTO @extschema@.prismiq_provided (tenant_id, resource_id, key)
    SELECT t.tenant_id, r.id, provided_put.key
    FROM (SELECT DISTINCT u.tenant_id FROM unnest(tenants) AS u (tenant_id)) t,
         LATERAL (SELECT own_id UNION ALL
                  SELECT (s ->> 'id')::uuid FROM jsonb_array_elements(data -> 'saved_queries') s)
             AS r (id);
END
$f$;
COMMENT ON FUNCTION prismiq_internal.provided_put(
    @extschema@.prismiq_dashboards, text, jsonb, text[]) IS
$c$Writes a provided dashboard that was checked, in place of what its key had before.
Raises 23505 when another one has its name.$c$;

CREATE FUNCTION prismiq_internal.provided_drop(here @extschema@.prismiq_dashboards, key text)
    RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET prismiq.maintenance = 'call'
AS $f$
#variable_conflict use_column
DECLARE
    found_one boolean;
BEGIN
    LOCK TABLE @extschema@.prismiq_provided IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM @extschema@.prismiq_dashboards d
    WHERE d.tenant_id = '' AND d.id = prismiq_internal.provided_id(provided_drop.key);
    found_one := FOUND;
    DELETE FROM @extschema@.prismiq_saved_queries o
    WHERE o.tenant_id = '' AND o.id IN (SELECT p.resource_id FROM @extschema@.prismiq_provided p
                                        WHERE p.key = provided_drop.key);
    DELETE FROM @extschema@.prismiq_provided p WHERE p.key = provided_drop.key;
    RETURN found_one;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.provided_drop(@extschema@.prismiq_dashboards, text) IS
$c$Deletes a provided dashboard, and says whether there was one.$c$;

CREATE FUNCTION prismiq_internal.provided_entries(here @extschema@.prismiq_dashboards)
    RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET prismiq.maintenance = 'call'
AS $f$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'key', k.key, 'id', d.id, 'name', d.name, 'description', d.description,
        'tenants', CASE WHEN k.tenants <> ARRAY[''] THEN k.tenants END,
        'widget_count', (SELECT count(*) FROM @extschema@.prismiq_widgets w
                         WHERE w.tenant_id = '' AND w.dashboard_id = d.id),
        'version', d.version, 'created_at', d.created_at, 'updated_at', d.updated_at)
        ORDER BY k.key), '[]')
    FROM (SELECT p.key, p.resource_id, array_agg(p.tenant_id ORDER BY p.tenant_id) AS tenants
          FROM @extschema@.prismiq_provided p GROUP BY p.key, p.resource_id) k
    JOIN @extschema@.prismiq_dashboards d ON d.tenant_id = '' AND d.id = k.resource_id
$f$;
COMMENT ON FUNCTION prismiq_internal.provided_entries(@extschema@.prismiq_dashboards) IS
$c$Lists the provided dashboards, for whichever tenants they are.$c$;
