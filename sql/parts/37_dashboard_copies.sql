-- What makes a dashboard, and copies of one, by the same rule.

CREATE FUNCTION prismiq_internal.dashboard_content(
    d @extschema@.prismiq_dashboards, names text[])
    RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    WITH placed AS (
        SELECT w.*, names[row_number() OVER (ORDER BY (w.position ->> 'y')::numeric,
                                             (w.position ->> 'x')::numeric, w.id)] AS name
        FROM @extschema@.prismiq_widgets w
        WHERE w.tenant_id = d.tenant_id AND w.dashboard_id = d.id)
    SELECT jsonb_build_object(
        'name', d.name, 'description', d.description,
        'layout', prismiq_internal.layout_default() || d.layout,
        'timezone', d.timezone, 'refresh_interval', d.refresh_interval,
        'filters', prismiq_internal.filters_map(d.filters, (
            SELECT coalesce(jsonb_object_agg(p.id, jsonb_build_array(p.name)), '{}')
            FROM placed p), false),
        'widgets', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', p.name, 'type', p.type, 'title', p.title, 'query', p.query,
                'saved_query_id', p.saved_query_id, 'position', p.position, 'config', p.config)
                ORDER BY array_position(names, p.name)), '[]')
            FROM placed p))
$f$;
COMMENT ON FUNCTION prismiq_internal.dashboard_content(
    @extschema@.prismiq_dashboards, text[]) IS
$c$Builds what a copy of a dashboard is made of: what it shows, not whose it is.
Its widgets get the names that are given, in their order by y, then x, in place of their ids; so
has "applies_to" of the filters.$c$;

CREATE FUNCTION prismiq_internal.dashboard_insert(
    d @extschema@.prismiq_dashboards, widgets jsonb, numbered boolean)
    RETURNS uuid
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    wanted CONSTANT text := d.name;
    number integer := 1;
    created uuid;
BEGIN
    IF NOT prismiq_internal.may_create() THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'creating dashboards is not permitted',
            HINT = 'It takes a user of the tenant whose role is more than viewer.';
    END IF;
    IF d.is_default THEN
        PERFORM prismiq_internal.default_lock();
        PERFORM prismiq_internal.default_clear(here, d.owner_id, NULL::uuid);
    END IF;
    -- A name may be that of a dashboard that the caller does not see.
    LOOP
        INSERT INTO @extschema@.prismiq_dashboards
            (name, description, layout, filters, owner_id, is_public, is_default,
             allowed_viewers, allowed_editors, timezone, refresh_interval)
        VALUES (d.name, d.description,
                prismiq_internal.layout_whole(coalesce(d.layout, '{}')),
                coalesce(d.filters, '[]'), d.owner_id, coalesce(d.is_public, false),
                coalesce(d.is_default, false),
                coalesce(d.allowed_viewers, '{}'), coalesce(d.allowed_editors, '{}'),
                d.timezone, d.refresh_interval)
        ON CONFLICT (tenant_id, name) DO NOTHING
        RETURNING id INTO created;
        EXIT WHEN created IS NOT NULL;
        IF NOT numbered OR number = 100000 THEN
            RAISE EXCEPTION USING ERRCODE = '23505',
                MESSAGE = 'a dashboard of this name exists already';
        END IF;
        number := number + 1;
        d.name := prismiq_internal.name_numbered(wanted, number);
    END LOOP;
    PERFORM prismiq_internal.widgets_insert(here, created, widgets);
    RETURN created;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.dashboard_insert(
    @extschema@.prismiq_dashboards, jsonb, boolean) IS
$c$Adds a dashboard with a list of widgets and returns its id.
A name that is taken is 23505, or gets a number. Raises 42501 for viewers and API keys.$c$;

CREATE FUNCTION prismiq_internal.dashboard_put(d @extschema@.prismiq_dashboards, widgets jsonb)
    RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    taken text;
BEGIN
    -- A new layout is held against the widgets that come with it.
    SET CONSTRAINTS @extschema@.prismiq_layout_fit DEFERRED;
    BEGIN
        UPDATE @extschema@.prismiq_dashboards
        SET name = d.name, description = d.description, layout = d.layout, filters = d.filters,
            owner_id = d.owner_id, is_public = d.is_public, is_default = d.is_default,
            allowed_viewers = d.allowed_viewers, allowed_editors = d.allowed_editors,
            timezone = d.timezone, refresh_interval = d.refresh_interval
        WHERE tenant_id = d.tenant_id AND id = d.id;
    EXCEPTION WHEN unique_violation THEN
        GET STACKED DIAGNOSTICS taken = CONSTRAINT_NAME;
        RAISE EXCEPTION USING ERRCODE = '23505',
            MESSAGE = CASE taken WHEN 'prismiq_dashboards_name_key' THEN
                          'a dashboard of this name exists already'
                      ELSE 'another dashboard has become the default meanwhile' END;
    END;
    IF widgets IS NOT NULL THEN
        PERFORM prismiq_internal.widgets_put(here, d.id, widgets);
    END IF;
    SET CONSTRAINTS @extschema@.prismiq_layout_fit IMMEDIATE;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.dashboard_put(@extschema@.prismiq_dashboards, jsonb) IS
$c$Makes a dashboard that was locked what the row says, and its widgets what the list says.
Without a list the widgets stay. Raises 23505 for a name that is taken.$c$;
