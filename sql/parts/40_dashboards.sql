-- Reading dashboards. All of it runs with the caller's rights, under the policies; the tenant
-- stands in
-- each condition as well, so that a superuser with a context sees that tenant too.

CREATE FUNCTION @extschema@.prismiq_dashboard_document(id uuid) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT to_jsonb(d) || jsonb_build_object(
        'is_owner', coalesce(d.owner_id = @extschema@.prismiq_user_id(), false),
        'can_edit', @extschema@.prismiq_may_edit(d.owner_id, d.allowed_editors),
        'widgets', coalesce((SELECT jsonb_agg(to_jsonb(w) ORDER BY (w.position ->> 'y')::numeric,
                                              (w.position ->> 'x')::numeric, w.id)
                             FROM @extschema@.prismiq_widgets w
                             WHERE w.tenant_id = d.tenant_id AND w.dashboard_id = d.id), '[]'))
    FROM @extschema@.prismiq_dashboards d
    WHERE d.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND d.id = prismiq_dashboard_document.id
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_document(uuid) IS
$c$Builds the document of a dashboard that the caller may see, or null.
Its columns, is_owner, can_edit, and widgets by their rows and columns in the grid.$c$;

CREATE FUNCTION @extschema@.prismiq_dashboard_get(id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    document jsonb;
BEGIN
    PERFORM @extschema@.prismiq_context_check();
    document := @extschema@.prismiq_dashboard_document(prismiq_dashboard_get.id);
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
    wanted text;
    scope text;
    sort text;
    page_size bigint;
    skipped bigint;
BEGIN
    PERFORM @extschema@.prismiq_context_check();
    options := @extschema@.prismiq_json_argument(options, '{}'::jsonb);
    PERFORM @extschema@.prismiq_list_options_check(options);
    wanted := lower(options ->> 'search');
    scope := coalesce(options ->> 'scope', 'all');
    sort := coalesce(options ->> 'sort', 'name');
    page_size := coalesce(options ->> 'limit', options ->> 'page_size',
                          CASE WHEN options ->> 'page' IS NOT NULL THEN '20' END)::numeric;
    skipped := coalesce((options ->> 'offset')::numeric,
                        ((options ->> 'page')::numeric - 1) * page_size, 0);
    RETURN (
        SELECT coalesce(jsonb_agg(to_jsonb(l) - 'place' ORDER BY l.place), '[]')
        FROM (SELECT d.*, coalesce(d.owner_id = caller, false) AS is_owner,
                     @extschema@.prismiq_may_edit(d.owner_id, d.allowed_editors) AS can_edit,
                     (SELECT count(*) FROM @extschema@.prismiq_widgets w
                      WHERE w.tenant_id = d.tenant_id AND w.dashboard_id = d.id) AS widget_count,
                     row_number() OVER (ORDER BY
                         CASE sort WHEN 'created_at' THEN d.created_at
                                   WHEN 'updated_at' THEN d.updated_at END,
                         CASE sort WHEN '-created_at' THEN d.created_at
                                   WHEN '-updated_at' THEN d.updated_at END DESC,
                         CASE sort WHEN '-name' THEN lower(d.name) END DESC,
                         lower(d.name), d.name) AS place
              FROM @extschema@.prismiq_dashboards d
              WHERE d.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                AND (wanted IS NULL OR strpos(lower(d.name), wanted) > 0
                     OR strpos(lower(d.description), wanted) > 0)
                AND CASE scope WHEN 'mine' THEN coalesce(d.owner_id = caller, false)
                               WHEN 'public' THEN d.is_public
                               WHEN 'shared' THEN d.owner_id IS NULL
                                                  OR d.owner_id IS DISTINCT FROM caller
                               ELSE true END
              ORDER BY place LIMIT page_size OFFSET skipped) l);
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
