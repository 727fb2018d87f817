-- What the caller may query: tables, columns, relationships, sample values.

CREATE FUNCTION @extschema@.prismiq_schema() RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_schema() IS
$c$Describes what the caller may query: tables, columns, relationships and measures.
Returns {tables: [{name, schema_name, display_name, description, columns: [{name, data_type,
is_nullable, is_primary_key, default_value, display_name, description, format, date_format, unit,
hidden}], row_count}], relationships: [{from_schema, from_table, from_column, from_columns,
to_schema, to_table, to_column, to_columns}], measures: [{name, table, label, description,
format}]}, tables by schema and name, columns in their order. What is not exposed, not readable by
the role, or hidden by the tenant's configuration or the application's model is absent.
Descriptions are the configured ones, else the comments of the database; a display name that is
not configured is made from the name ("departed_at": "Departed at"). default_value is given only
for constants and the server's own functions. row_count is the planner's estimate for this
tenant's rows, null where there is none. Relationships are foreign keys, and what the model says
besides, all columns of which are visible, a composite one with its first pair in from_column and
to_column. Measures are those of the model of which the caller may see all that they use.
Errors: 42501 without a context.
Example: SELECT prismiq_schema() -> 'tables' -> 0 ->> 'name';$c$;

CREATE FUNCTION @extschema@.prismiq_tables() RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_tables() IS
$c$Lists the names of the tables that the caller may query.
Returns an array of strings, by schema and name; where tables of one name are in several schemas,
each as "schema.name". prismiq_table takes them.
Errors: 42501 without a context.
Example: SELECT prismiq_tables();$c$;

CREATE FUNCTION @extschema@.prismiq_table(name text) RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_table(text) IS
$c$Describes one table that the caller may query.
Takes a name as a definition does (looked for in prismiq.schema, along the search path, then among
all that is exposed), or "schema.name"; neither is quoted. Returns the table's entry in
prismiq_schema.
Errors: 42501 without a context; PT404 when there is no such table for the caller, or several.
Example: SELECT prismiq_table('orders');$c$;

CREATE FUNCTION @extschema@.prismiq_column_sample(
    table_name text, column_name text, max_values integer DEFAULT 5)
    RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_column_sample(text, text, integer) IS
$c$Shows some distinct values of a column in the tenant's rows.
Returns an array of the smallest max_values (1 to 1000) values that are not null, in order, each
as an answer of prismiq_query has it. The table is named as for prismiq_table.
Errors: 42501 without a context; PT404 for a table or column that the caller may not query; 22023
for another number of values, or a column whose values have no order; 57014 after
prismiq.query_timeout.
Example: SELECT prismiq_column_sample('orders', 'status');$c$;
