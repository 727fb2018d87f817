-- Dashboards that are provided to all tenants, or to some.

CREATE FUNCTION @extschema@.prismiq_provided_set(
    key text, document jsonb, options jsonb DEFAULT '{}')
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    id CONSTANT uuid := prismiq_internal.provided_id(prismiq_provided_set.key);
    data jsonb;
    unknown text;
BEGIN
    IF id IS NULL OR octet_length(key) NOT BETWEEN 1 AND 255 THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['key'], '"key" must have 1 to 255 bytes'::text, NULL::text);
    END IF;
    options := prismiq_internal.json_argument(options, '{}'::jsonb);
    PERFORM prismiq_internal.provided_options_check(options);
    data := prismiq_internal.json_argument(document, 'null'::jsonb);
    data := prismiq_internal.import_data(
        here, data, prismiq_internal.provided_ids(id, 'widget'::text, data -> 'widgets'),
        prismiq_internal.provided_ids(id, 'query'::text, data -> 'saved_queries'));
    data := data || jsonb_build_object(
        'widgets', prismiq_internal.widgets_placed(
            here, coalesce(data -> 'widgets', '[]'),
            coalesce((data #>> '{layout,columns}')::numeric, 12), 0::numeric),
        'saved_queries', coalesce(nullif(data -> 'saved_queries', 'null'), '[]'));
    IF jsonb_typeof(options -> 'params') = 'object' THEN
        SELECT min(p) INTO unknown FROM jsonb_object_keys(options -> 'params') p
        WHERE NOT EXISTS (
            SELECT FROM jsonb_array_elements((data -> 'widgets') || (data -> 'saved_queries')) e
            WHERE e #> '{query,params}' ? p);
        IF unknown IS NOT NULL THEN
            PERFORM prismiq_internal.fault_raise(
                ARRAY['options', 'params', unknown],
                format('no definition of the document has a parameter "%s"', unknown), NULL::text);
        END IF;
        data := data || jsonb_build_object(
            'widgets', coalesce(prismiq_internal.list_with_params(
                data -> 'widgets', options -> 'params'), '[]'),
            'saved_queries', coalesce(prismiq_internal.list_with_params(
                data -> 'saved_queries', options -> 'params'), '[]'));
    END IF;
    PERFORM prismiq_internal.provided_put(here, key, data, CASE
        WHEN jsonb_typeof(options -> 'tenants') = 'array' THEN
            ARRAY(SELECT jsonb_array_elements_text(options -> 'tenants'))
        ELSE ARRAY['']::text[] END);
    RETURN (SELECT e FROM jsonb_array_elements(prismiq_internal.provided_entries(here)) e
            WHERE e ->> 'key' = prismiq_provided_set.key);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_provided_set(text, jsonb, jsonb) IS
$c$Provides a dashboard to all tenants, or gives the one of that key a new content.
Takes a key of the application's own, a document as prismiq_dashboard_export returns it, and
{tenants: [those it is for; without it all], params: {name: the default that this parameter of the
document's definitions gets}}. It is one dashboard, which each tenant sees answered with its own
data, reads, pins and duplicates, and none changes. Its id is made of the key, and those of its
widgets of the key and their ids in the document. With a context the document is held against the
tables of that tenant as well.
Returns {key, id, name, description, tenants: null for all, widget_count, version, created_at,
updated_at}.
Errors: 22023 with all faults of the document; 23505 when another provided dashboard has its name.
Example:
  SELECT prismiq_provided_set('overview', '{"format": "prismiq.dashboard", "version": "1.0",
    "name": "Overview", "widgets": [{"type": "text", "title": "Welcome"}]}');$c$;

CREATE FUNCTION @extschema@.prismiq_provided_list() RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT prismiq_internal.provided_entries(NULL::@extschema@.prismiq_dashboards)
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_provided_list() IS
$c$Lists the provided dashboards, for whichever tenants they are.
Returns [{key, id, name, description, tenants: null for all, widget_count, version, created_at,
updated_at}] by key.
Example: SELECT prismiq_provided_list();$c$;

CREATE FUNCTION @extschema@.prismiq_provided_remove(key text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
BEGIN
    IF NOT coalesce(prismiq_internal.provided_drop(here, key), false) THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'provided dashboard not found';
    END IF;
    RETURN true;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_provided_remove(text) IS
$c$Takes a provided dashboard away from all tenants; what they have duplicated stays.
Returns true. Errors: PT404 when no dashboard has the key.
Example: SELECT prismiq_provided_remove('overview');$c$;
