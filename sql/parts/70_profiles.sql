-- What a role of the database needs, by profile: one list, of which prismiq_grant(),
-- prismiq_revoke() and prismiq_upgrade() give and take.

CREATE TABLE @extschema@.prismiq_grants (
    role_name  name NOT NULL,
    profile    text NOT NULL
               CONSTRAINT prismiq_grants_profile_check
               CHECK (profile IN ('public', 'app', 'analyst_sql', 'admin')),
    granted_at timestamptz NOT NULL DEFAULT now(),
    -- What was given: what is not here is new to the role, and what is here may have been taken
    -- by hand since.
    privileges text[] NOT NULL DEFAULT '{}',
    CONSTRAINT prismiq_grants_pkey PRIMARY KEY (role_name, profile)
);
COMMENT ON TABLE @extschema@.prismiq_grants IS
$c$Keeps which role was granted which profile by prismiq_grant(), and what that gave it.
prismiq_upgrade() adds what is new in a version; nothing is given back that was taken.$c$;

CREATE FUNCTION prismiq_internal.profile_functions() RETURNS TABLE (profile text, names text[])
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $f$
VALUES
    ('public'::text, '{prismiq_asset, prismiq_health_live, prismiq_health_ready,
        prismiq_context, prismiq_roles, prismiq_tenant_id, prismiq_user_id,
        prismiq_time_bucket, prismiq_time_bucket_auto, prismiq_time_buckets,
        time_bucket_last_session, time_bucket_last_zone, time_bucket_last_timestamp,
        time_bucket_last_date,
        prismiq_json_text, prismiq_json_number, prismiq_json_integer, prismiq_json_boolean,
        prismiq_json_date, prismiq_json_timestamp, prismiq_json_uuid,
        prismiq_dense, prismiq_dense_rows}'::text[]),
    ('app', '{prismiq_set_context, prismiq_compile, prismiq_validate, prismiq_explain,
        prismiq_definition_schema, prismiq_health,
        prismiq_query, prismiq_query_csv, prismiq_query_rows,
        prismiq_schema, prismiq_table, prismiq_tables, prismiq_column_sample,
        prismiq_schema_config, prismiq_schema_config_set,
        prismiq_dashboard_data, prismiq_widget_data, prismiq_query_preview,
        prismiq_dashboard_page, page_html, page_options_check, page_option_names_check,
        page_answers,
        prismiq_filter_options, prismiq_widget_drill, prismiq_widget_spec, prismiq_widget_csv,
        prismiq_dashboard_create, prismiq_dashboard_default, prismiq_dashboard_delete,
        prismiq_dashboard_duplicate, prismiq_dashboard_get, prismiq_dashboard_get_by_name,
        prismiq_dashboard_list, prismiq_dashboard_update, prismiq_layout_update,
        prismiq_widget_add, prismiq_widget_delete, prismiq_widget_duplicate,
        prismiq_widget_type_list, prismiq_widget_update,
        prismiq_saved_query_create, prismiq_saved_query_delete, prismiq_saved_query_get,
        prismiq_saved_query_list, prismiq_saved_query_update,
        prismiq_broken, prismiq_dashboard_export, prismiq_dashboard_import,
        prismiq_pin_add, prismiq_pin_list, prismiq_pin_remove, prismiq_pin_reorder}'),
    -- Of prismiq_internal: what those, the policies and the constraints call.
    ('app', '{config_schema_check, context_check, dashboard_change_check, dashboard_columns,
        dashboard_content, dashboard_document, dashboard_export, dashboard_filters_check,
        dashboard_insert, dashboard_lock, dashboard_new_check, dashboard_put,
        dashboard_queries, default_clear, default_lock, definition_check,
        definition_references, document_facts, document_renamed, elements_renamed,
        fault_raise, faults_of, filter_tables, filters_looked_at, filters_map, format_value,
        import_check, import_data, import_options_check, is_admin, is_analyst,
        is_own_change, is_restore, json_argument, layout_check, layout_default, layout_whole,
        left_out, list_answer, list_key, list_matches, list_options, list_options_check,
        max_widgets, may_create, may_edit, may_manage, name_numbered, name_suggest, name_uuid,
        names_map, new_ids, pin_check, pin_document, position_check, positions_check,
        provided_id, provided_refuse, references_map, saved_queries_insert,
        saved_query_change_check,
        saved_query_document, saved_query_new_check, schema_config_check,
        schema_config_new_check, timezone_check, users_check, widget_change_check,
        widget_config_check, widget_config_fit_check, widget_lock, widget_new_check,
        widget_preview, widgets_facts, widgets_insert, widgets_placed, widgets_put,
        widgets_refuse}'),
    -- Of prismiq_internal: what a schema with tables of its own calls.
    ('app', '{compile_in, validate_in, explain_in, query_in, query_csv_in, query_rows_in,
        schema_in, table_in, tables_in, column_sample_in, dashboard_data_in, widget_data_in,
        widget_spec_in}'),
    ('admin', '{prismiq_expose, prismiq_expose_schema, prismiq_exposed, prismiq_hide,
        prismiq_model, prismiq_model_set, exposure_check, exposure_problem, exposure_unread,
        prismiq_custom_register, prismiq_custom_list, prismiq_custom_remove, endpoint_problem,
        model_check, model_new_check,
        prismiq_provided_set, prismiq_provided_list, prismiq_provided_remove,
        provided_put, provided_drop, provided_entries, provided_options_check, provided_ids,
        list_with_params,
        prismiq_metrics, prismiq_stat_queries, prismiq_stat_fingerprint, prismiq_stat_reset}')
$f$;
COMMENT ON FUNCTION prismiq_internal.profile_functions() IS
$c$Lists which functions each profile may execute beyond those of the profiles below it.
Those of "public" are everybody's; what is in no profile is the owner's, and triggers are
nobody's to call.$c$;

CREATE FUNCTION prismiq_internal.profile_tables()
    RETURNS TABLE (profile text, table_name name, privilege text)
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $f$
    -- What nobody changes may not be updated. What nobody sets on an INSERT is in the policies,
    -- which let a DEFAULT through where a privilege would not.
    SELECT 'app'::text, c.relname, p.privilege
    FROM pg_class c,
         LATERAL (VALUES ('SELECT'::text), ('INSERT'), ('DELETE')
                  UNION ALL
                  SELECT format('UPDATE (%I)', a.attname)
                  FROM pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    AND a.attname <> ALL ('{tenant_id, id, dashboard_id, created_by,
                                            created_at}')) AS p (privilege)
    WHERE c.relnamespace = '@extschema@'::regnamespace
      AND c.relname IN ('prismiq_dashboards', 'prismiq_widgets', 'prismiq_saved_queries',
                        'prismiq_schema_config', 'prismiq_pins')
    UNION ALL
    SELECT 'app', 'prismiq_provided', 'SELECT'
    UNION ALL
    SELECT 'admin', 'prismiq_exposures', p.privilege
    FROM (VALUES ('SELECT'::text), ('INSERT'), ('UPDATE'), ('DELETE')) AS p (privilege)
    UNION ALL
    SELECT 'admin', 'prismiq_model', p.privilege
    FROM (VALUES ('SELECT'::text), ('INSERT'), ('UPDATE (config)'), ('DELETE')) AS p (privilege)
    UNION ALL
    SELECT 'admin', 'prismiq_custom_endpoints', p.privilege
    FROM (VALUES ('SELECT'::text), ('INSERT'), ('UPDATE (function, owner)'),
                 ('DELETE')) AS p (privilege)
    UNION ALL
    SELECT 'admin', r.name, 'SELECT'
    FROM (VALUES ('prismiq_grants'::name), ('prismiq_stat_queries')) AS r (name)
$f$;
COMMENT ON FUNCTION prismiq_internal.profile_tables() IS
$c$Lists which privileges on tables each profile has beyond those of the profiles below it.
Row security decides about the rows.$c$;

CREATE FUNCTION prismiq_internal.profile_privileges(profile text) RETURNS SETOF text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $f$
    WITH below AS (
        SELECT p.name FROM unnest('{public, app, analyst_sql, admin}'::text[])
                           WITH ORDINALITY AS p (name, place)
        WHERE p.place <= array_position('{public, app, analyst_sql, admin}'::text[],
                                        profile_privileges.profile))
    SELECT format('USAGE ON SCHEMA %s', '@extschema@'::regnamespace)
    UNION ALL
    SELECT 'USAGE ON SCHEMA prismiq_internal' WHERE 'app' IN (TABLE below)
    UNION ALL
    SELECT format('EXECUTE ON FUNCTION %s', p.oid::regprocedure)
    FROM prismiq_internal.profile_functions() AS f
    JOIN pg_proc p ON p.proname = ANY (f.names)
     AND p.pronamespace IN ('@extschema@'::regnamespace, 'prismiq_internal'::regnamespace)
    WHERE f.profile IN (TABLE below) AND f.profile <> 'public'
    UNION ALL
    SELECT format('%s ON %s.%I', t.privilege, '@extschema@'::regnamespace, t.table_name)
    FROM prismiq_internal.profile_tables() AS t
    WHERE t.profile IN (TABLE below)
$f$;
COMMENT ON FUNCTION prismiq_internal.profile_privileges(text) IS
$c$Lists what a profile gives, each as GRANT and REVOKE take it.$c$;
