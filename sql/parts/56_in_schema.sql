-- For a schema with a set of our tables of its own: what is in C, with the schema as the last
-- argument. A function of that schema, in SQL, hands its name on.

CREATE FUNCTION prismiq_internal.compile_in(definition jsonb, options jsonb, here regnamespace)
    RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_compile';
COMMENT ON FUNCTION prismiq_internal.compile_in(jsonb, jsonb, regnamespace) IS
$c$Does what prismiq_compile does, with the tables of a schema.
Errors: 3F000 for a schema that holds none, or that the caller may not use.$c$;

CREATE FUNCTION prismiq_internal.validate_in(definition jsonb, here regnamespace)
    RETURNS jsonb
    LANGUAGE c STABLE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'prismiq_validate';
COMMENT ON FUNCTION prismiq_internal.validate_in(jsonb, regnamespace) IS
$c$Does what prismiq_validate does, with the tables of a schema.
Errors: 3F000 for a schema that holds none, or that the caller may not use.$c$;

CREATE FUNCTION prismiq_internal.query_in(definition jsonb, options jsonb, here regnamespace)
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_query';
COMMENT ON FUNCTION prismiq_internal.query_in(jsonb, jsonb, regnamespace) IS
$c$Does what prismiq_query does, with the tables of a schema.
Errors: 3F000 for a schema that holds none, or that the caller may not use.$c$;

CREATE FUNCTION prismiq_internal.query_csv_in(definition jsonb, options jsonb, here regnamespace)
    RETURNS @extschema@."text/csv"
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_query_csv';
COMMENT ON FUNCTION prismiq_internal.query_csv_in(jsonb, jsonb, regnamespace) IS
$c$Does what prismiq_query_csv does, with the tables of a schema.
Errors: 3F000 for a schema that holds none, or that the caller may not use.$c$;

CREATE FUNCTION prismiq_internal.query_rows_in(definition jsonb, options jsonb, here regnamespace)
    RETURNS SETOF jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED ROWS 10000 AS 'MODULE_PATHNAME', 'prismiq_query_rows';
COMMENT ON FUNCTION prismiq_internal.query_rows_in(jsonb, jsonb, regnamespace) IS
$c$Does what prismiq_query_rows does, with the tables of a schema.
Errors: 3F000 for a schema that holds none, or that the caller may not use.$c$;

CREATE FUNCTION prismiq_internal.explain_in(definition jsonb, options jsonb, here regnamespace)
    RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_explain';
COMMENT ON FUNCTION prismiq_internal.explain_in(jsonb, jsonb, regnamespace) IS
$c$Does what prismiq_explain does, with the tables of a schema.
Errors: 3F000 for a schema that holds none, or that the caller may not use.$c$;

CREATE FUNCTION prismiq_internal.schema_in(here regnamespace)
    RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_schema';
COMMENT ON FUNCTION prismiq_internal.schema_in(regnamespace) IS
$c$Does what prismiq_schema does, with the tables of a schema.
Errors: 3F000 for a schema that holds none, or that the caller may not use.$c$;

CREATE FUNCTION prismiq_internal.tables_in(here regnamespace)
    RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_tables';
COMMENT ON FUNCTION prismiq_internal.tables_in(regnamespace) IS
$c$Does what prismiq_tables does, with the tables of a schema.
Errors: 3F000 for a schema that holds none, or that the caller may not use.$c$;

CREATE FUNCTION prismiq_internal.table_in(name text, here regnamespace)
    RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_table';
COMMENT ON FUNCTION prismiq_internal.table_in(text, regnamespace) IS
$c$Does what prismiq_table does, with the tables of a schema.
Errors: 3F000 for a schema that holds none, or that the caller may not use.$c$;

CREATE FUNCTION prismiq_internal.column_sample_in(
    table_name text, column_name text, max_values integer, here regnamespace)
    RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_column_sample';
COMMENT ON FUNCTION prismiq_internal.column_sample_in(text, text, integer, regnamespace) IS
$c$Does what prismiq_column_sample does, with the tables of a schema.
Errors: 3F000 for a schema that holds none, or that the caller may not use.$c$;

CREATE FUNCTION prismiq_internal.widget_data_in(
    widget_id uuid, filters jsonb, options jsonb, here regnamespace)
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_widget_data';
COMMENT ON FUNCTION prismiq_internal.widget_data_in(uuid, jsonb, jsonb, regnamespace) IS
$c$Does what prismiq_widget_data does, with the tables of a schema.
Errors: 3F000 for a schema that holds none, or that the caller may not use.$c$;

CREATE FUNCTION prismiq_internal.dashboard_data_in(
    dashboard_id uuid, filters jsonb, options jsonb, here regnamespace)
    RETURNS json
    LANGUAGE c STABLE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'prismiq_dashboard_data';
COMMENT ON FUNCTION prismiq_internal.dashboard_data_in(uuid, jsonb, jsonb, regnamespace) IS
$c$Does what prismiq_dashboard_data does, with the tables of a schema.
Errors: 3F000 for a schema that holds none, or that the caller may not use.$c$;

CREATE FUNCTION prismiq_internal.widget_spec_in(
    widget_id uuid, filters jsonb, options jsonb, here regnamespace)
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_widget_spec';
COMMENT ON FUNCTION prismiq_internal.widget_spec_in(uuid, jsonb, jsonb, regnamespace) IS
$c$Does what prismiq_widget_spec does, with the tables of a schema.
Errors: 3F000 for a schema that holds none, or that the caller may not use.$c$;
