-- A widget before it is saved.

CREATE FUNCTION @extschema@.prismiq_query_preview(
    data jsonb, filters jsonb DEFAULT '{}', options jsonb DEFAULT '{}')
    RETURNS json
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    dashboard text;
BEGIN
    PERFORM prismiq_internal.context_check();
    data := prismiq_internal.json_argument(data, '{}'::jsonb);
    IF jsonb_typeof(data) = 'object' THEN
        dashboard := data ->> 'dashboard_id';
        IF dashboard !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
            PERFORM prismiq_internal.fault_raise(ARRAY['dashboard_id'],
                                                 '"dashboard_id" must be a uuid'::text, NULL::text);
        END IF;
        data := data - 'dashboard_id';
    END IF;
    PERFORM prismiq_internal.widget_new_check(
        data, prismiq_internal.document_facts(here, data, NULL::uuid, NULL::uuid),
        '@extschema@'::regnamespace);
    RETURN prismiq_internal.widget_preview(
        data || jsonb_strip_nulls(jsonb_build_object('dashboard_id', dashboard)),
        filters, options, '@extschema@'::regnamespace);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_query_preview(jsonb, jsonb, jsonb) IS
$c$Answers a widget that is not saved, as prismiq_widget_data would answer it.
Takes what prismiq_widget_add takes, and dashboard_id for the filters of a dashboard and its time
zone; the values of the filters, and options, as prismiq_widget_data does.
Errors: 22023 for a widget that could not be saved, PT404 for a dashboard or saved query that the
caller does not see, 42501 without a context.
Example: SELECT prismiq_query_preview('{"type": "metric", "query": {
  "tables": [{"id": "o", "name": "orders"}],
  "columns": [{"table_id": "o", "column": "*", "aggregation": "count"}]}}');$c$;
