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
is_owner, can_edit, is_provided, widgets: [...]}; the widgets are ordered by y, then x. One that is
provided is the same for all tenants, and nobody edits it.
Errors: PT404 when there is none that the caller may see; 42501 without a context.
Example: SELECT prismiq_dashboard_get('5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10');$c$;

CREATE FUNCTION @extschema@.prismiq_dashboard_get_by_name(name text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    PERFORM prismiq_internal.context_check();
    RETURN @extschema@.prismiq_dashboard_get((
        SELECT d.id FROM @extschema@.prismiq_dashboards d
        WHERE d.tenant_id = ANY (ARRAY[(SELECT @extschema@.prismiq_tenant_id()), ''])
          AND d.name = prismiq_dashboard_get_by_name.name
        ORDER BY d.tenant_id DESC LIMIT 1));
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_get_by_name(text) IS
$c$Returns the dashboard of a name, with its widgets.
A dashboard of the tenant goes before a provided one of the same name. Returns what
prismiq_dashboard_get returns.
Errors: PT404 when there is none that the caller may see; 42501 without a context.
Example: SELECT prismiq_dashboard_get_by_name('Sales');$c$;

CREATE FUNCTION @extschema@.prismiq_dashboard_default() RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    caller text := @extschema@.prismiq_user_id();
BEGIN
    PERFORM prismiq_internal.context_check();
    RETURN prismiq_internal.dashboard_document(here, (
        SELECT d.id FROM @extschema@.prismiq_dashboards d
        WHERE (d.tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND d.is_default
               AND (d.owner_id = caller OR d.owner_id IS NULL))
           OR d.tenant_id = ''
        ORDER BY d.tenant_id DESC, d.owner_id NULLS LAST, d.name LIMIT 1));
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_default() IS
$c$Returns the dashboard that the caller sees first, with its widgets, or null.
That is its own default, else the tenant's, which has no owner, else the first by name of those
that are provided. Returns what prismiq_dashboard_get returns. Errors: 42501 without a context.
Example: SELECT prismiq_dashboard_default();$c$;

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
        WITH seen AS MATERIALIZED (
            SELECT d AS row, prismiq_internal.list_key(
                       coalesce(o.sort, 'default'),
                       row_number() OVER (ORDER BY lower(d.name), d.name, d.id),
                       d.created_at, d.updated_at, d.is_default) AS place
            FROM @extschema@.prismiq_dashboards d
            WHERE d.tenant_id = ANY (ARRAY[(SELECT @extschema@.prismiq_tenant_id()), ''])
              AND prismiq_internal.list_matches(o.search, d.name, d.description)
              AND CASE WHEN d.tenant_id = '' THEN o.scope IN ('all', 'provided')
                       WHEN o.scope = 'mine' THEN coalesce(d.owner_id = caller, false)
                       WHEN o.scope = 'public' THEN d.is_public
                       WHEN o.scope = 'shared' THEN d.owner_id IS NULL
                                                    OR d.owner_id IS DISTINCT FROM caller
                       ELSE o.scope = 'all' END)
        SELECT prismiq_internal.list_answer(
                   jsonb_agg(prismiq_internal.dashboard_columns(l.row) || jsonb_build_object(
                                 'widget_count', (
                                     SELECT count(*) FROM @extschema@.prismiq_widgets w
                                     WHERE w.tenant_id = (l.row).tenant_id
                                       AND w.dashboard_id = (l.row).id))
                             ORDER BY l.place),
                   CASE WHEN o.count THEN (SELECT count(*) FROM seen) END)
        FROM (SELECT s.row, s.place FROM seen s
              ORDER BY s.place LIMIT o.page_size OFFSET o.skipped) l);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_list(jsonb) IS
$c$Lists the dashboards that the caller may see: its own, those shared with it, public and provided.
Takes {search: text in name or description, scope: "all" | "mine" | "shared" | "public" |
"provided", sort: "default" (defaults first, then the newest) | "name" | "created_at" |
"updated_at" (with "-" in front of the last three: descending), limit and offset, or page (from 1)
and page_size, count: true for how many there are on all pages}.
Returns [{the columns of a dashboard, widget_count, is_owner, can_edit, is_provided}], with count
{items: [...], total}.
Errors: 22023 for options that are not known; 42501 without a context.
Example:
  SELECT prismiq_dashboard_list('{"search": "sales", "sort": "-updated_at", "limit": 10}');$c$;
