-- Writing dashboards.

CREATE FUNCTION @extschema@.prismiq_dashboard_create(data jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    caller text := @extschema@.prismiq_user_id();
    d @extschema@.prismiq_dashboards;
    created uuid;
BEGIN
    PERFORM prismiq_internal.context_check();
    data := prismiq_internal.json_argument(data, '{}'::jsonb);
    PERFORM prismiq_internal.dashboard_new_check(
        data, prismiq_internal.document_facts(here, data, NULL::uuid, NULL::uuid),
        '@extschema@'::regnamespace);
    d := jsonb_populate_record(NULL::@extschema@.prismiq_dashboards,
                               jsonb_build_object('owner_id', caller) || data - 'refresh_interval');
    -- An integer may be written as 5.0, which the type's input does not take.
    d.refresh_interval := (data ->> 'refresh_interval')::numeric;
    IF d.owner_id IS DISTINCT FROM caller AND prismiq_internal.may_create()
       AND NOT prismiq_internal.is_admin() THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'only an admin may create a dashboard for somebody else';
    END IF;
    created := prismiq_internal.dashboard_insert(d, coalesce(data -> 'widgets', '[]'), false);
    RETURN prismiq_internal.dashboard_document(here, created);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_create(jsonb) IS
$c$Creates a dashboard, with widgets if given.
Takes {name, description, layout, filters, owner_id, is_public, is_default, allowed_viewers,
allowed_editors, timezone, refresh_interval, widgets: [{id, type, title, query, saved_query_id,
position, config}]}; only name is required. A widget may bring its id, for filters to refer to.
Returns the whole dashboard, as prismiq_dashboard_get does.
Errors: 22023 with all faults of data, those of its definitions included; 23505 when the name is
taken; 42501 for viewers and API keys; PT413 at prismiq.max_dashboards_per_user or
prismiq.max_widgets_per_dashboard.
Example:
  SELECT prismiq_dashboard_create('{"name": "Sales", "widgets": [{"type": "text",
    "title": "Hello"}]}');$c$;

CREATE FUNCTION @extschema@.prismiq_dashboard_update(id uuid, data jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    d @extschema@.prismiq_dashboards;
    owner text;
BEGIN
    PERFORM prismiq_internal.context_check();
    data := prismiq_internal.json_argument(data, '{}'::jsonb);
    PERFORM prismiq_internal.dashboard_change_check(
        data, prismiq_internal.document_facts(here, data, prismiq_dashboard_update.id, NULL::uuid),
        '@extschema@'::regnamespace);
    IF data -> 'is_default' = 'true' OR data ? 'owner_id' THEN
        PERFORM prismiq_internal.default_lock();
    END IF;
    d := prismiq_internal.dashboard_lock(here, prismiq_dashboard_update.id);
    IF d.version <> (data ->> 'version')::numeric THEN
        RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'dashboard was changed meanwhile',
            DETAIL = format('Its version is %s.', d.version),
            HINT = 'Get it again and repeat the change.';
    END IF;
    IF data - 'version' = '{}' THEN
        RETURN prismiq_internal.dashboard_document(here, d.id);
    END IF;
    owner := d.owner_id;
    d := jsonb_populate_record(d, data - ARRAY['version', 'refresh_interval']);
    IF data ? 'refresh_interval' THEN
        d.refresh_interval := (data ->> 'refresh_interval')::numeric;
    END IF;
    IF data ? 'layout' THEN
        d.layout := prismiq_internal.layout_whole(d.layout);
    END IF;
    d.is_default := d.is_default AND (d.owner_id IS NOT DISTINCT FROM owner
                                      OR prismiq_internal.is_admin());
    IF d.is_default AND (data ? 'is_default' OR data ? 'owner_id') THEN
        PERFORM prismiq_internal.default_clear(here, d.owner_id, d.id);
    END IF;
    PERFORM prismiq_internal.dashboard_put(d, data -> 'widgets');
    RETURN prismiq_internal.dashboard_document(here, d.id);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_update(uuid, jsonb) IS
$c$Changes a dashboard: only the keys that are given.
Takes the keys of prismiq_dashboard_create, and version: the change is made only if the dashboard
still has that version. widgets replaces them all at once; those with the id of a widget of this
dashboard are kept and changed.
Returns the whole dashboard.
Errors: PT404, 42501 when it may be seen but not edited (owner_id, is_public, is_default,
allowed_viewers and allowed_editors are for the owner and admins; one that becomes the default takes
the place of the owner's other one); PT409 when the version does not
match; 23505; 22023 with all faults of data; PT413.
Example:
  SELECT prismiq_dashboard_update('5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10', '{"name": "Sales 2024",
    "version": 3}');$c$;

CREATE FUNCTION @extschema@.prismiq_dashboard_delete(id uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
BEGIN
    PERFORM prismiq_internal.context_check();
    IF NOT EXISTS (SELECT FROM @extschema@.prismiq_dashboards
                   WHERE tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                     AND id = prismiq_dashboard_delete.id) THEN
        PERFORM prismiq_internal.provided_refuse(here, prismiq_dashboard_delete.id, NULL::uuid);
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'dashboard not found';
    END IF;
    DELETE FROM @extschema@.prismiq_dashboards
    WHERE tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND id = prismiq_dashboard_delete.id
      AND prismiq_internal.may_manage(owner_id);
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'deleting this dashboard is not permitted',
            HINT = 'Its owner and admins may delete it.';
    END IF;
    RETURN true;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_delete(uuid) IS
$c$Deletes a dashboard and its widgets.
Returns true. Errors: PT404 when there is none that the caller may see; 42501 unless the caller is
its owner or an admin.
Example: SELECT prismiq_dashboard_delete('5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10');$c$;
