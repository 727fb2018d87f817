-- Reading dashboards. All of it runs with the caller's rights, under the policies; the tenant
-- stands in each condition as well, so that a superuser with a context sees that tenant too.

CREATE FUNCTION @extschema@.prismiq_dashboard_get(id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    document jsonb;
BEGIN
    PERFORM prismiq_internal.context_check();
    document := prismiq_internal.dashboard_document(here, prismiq_dashboard_get.id);
    IF document IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'dashboard not found';
    END IF;
    RETURN document;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_get(uuid) IS
$c$Returns a dashboard with its widgets.
Returns {id, name, description, layout, filters, owner_id, created_by, is_public, is_default,
allowed_viewers, allowed_editors, timezone, refresh_interval, version, created_at, updated_at,
is_owner, can_edit, widgets: [...]}; the widgets are ordered by y, then x.
Errors: PT404 when there is none that the caller may see; 42501 without a context.
Example: SELECT prismiq_dashboard_get('5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10');$c$;

CREATE FUNCTION @extschema@.prismiq_dashboard_list(options jsonb DEFAULT '{}') RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    caller text := @extschema@.prismiq_user_id();
    o record;
BEGIN
    PERFORM prismiq_internal.context_check();
    o := prismiq_internal.list_options(options);
    RETURN (
        SELECT coalesce(jsonb_agg(to_jsonb(l) - 'place' ORDER BY l.place), '[]')
        FROM (SELECT d.*, coalesce(d.owner_id = caller, false) AS is_owner,
                     prismiq_internal.may_edit(d.owner_id, d.allowed_editors) AS can_edit,
                     (SELECT count(*) FROM @extschema@.prismiq_widgets w
                      WHERE w.tenant_id = d.tenant_id AND w.dashboard_id = d.id) AS widget_count,
                     prismiq_internal.list_key(
                         o.sort, row_number() OVER (ORDER BY lower(d.name), d.name),
                         d.created_at, d.updated_at) AS place
              FROM @extschema@.prismiq_dashboards d
              WHERE d.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                AND prismiq_internal.list_matches(o.search, d.name, d.description)
                AND CASE o.scope WHEN 'mine' THEN coalesce(d.owner_id = caller, false)
                                 WHEN 'public' THEN d.is_public
                                 WHEN 'shared' THEN d.owner_id IS NULL
                                                    OR d.owner_id IS DISTINCT FROM caller
                                 ELSE true END
              ORDER BY place LIMIT o.page_size OFFSET o.skipped) l);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_list(jsonb) IS
$c$Lists the dashboards that the caller may see: its own, those shared with it, public ones.
Takes {search: text in name or description, scope: "all" | "mine" | "shared" | "public", sort:
"name" | "created_at" | "updated_at" (with "-" in front: descending), limit and offset, or page
(from 1) and page_size}.
Returns [{the columns of a dashboard, widget_count, is_owner, can_edit}].
Errors: 22023 for options that are not known; 42501 without a context.
Example:
  SELECT prismiq_dashboard_list('{"search": "sales", "sort": "-updated_at", "limit": 10}');$c$;
