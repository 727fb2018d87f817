-- Querying: definitions in, SQL and answers out.

CREATE DOMAIN @extschema@."text/csv" AS text;

COMMENT ON DOMAIN @extschema@."text/csv" IS
$c$Holds text in CSV format; PostgREST serves it as it is to clients that accept text/csv.$c$;

CREATE FUNCTION @extschema@.prismiq_compile(definition jsonb, options jsonb DEFAULT '{}')
    RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_compile(jsonb, jsonb) IS
$c$Turns a query definition into one SQL statement with typed parameters, without running it.
Returns {sql, params: [{type, value}], columns: [{name, type, ...}], tables, rollup, warnings}.
The statement, run by hand with its parameters, gives the rows of prismiq_query.
Errors: 22023 for a bad definition (all faults as JSON in DETAIL), PT413 for one over a limit,
42501 without a context.
Example: SELECT prismiq_compile('{"tables": [{"id": "o", "name": "orders"}],
  "columns": [{"table_id": "o", "column": "*", "aggregation": "count"}]}') ->> 'sql';$c$;

CREATE FUNCTION @extschema@.prismiq_validate(definition jsonb) RETURNS jsonb
    LANGUAGE c STABLE PARALLEL UNSAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_validate(jsonb) IS
$c$Tells everything that is wrong with a query definition; a bad one is not an error.
Returns {valid, errors, warnings}; each entry is {code, message, path, suggestion}, path being a
JSON pointer into the definition. Nothing of it is run: what only the rows know (the values of a
pivot, the range of "auto") shows in the run.
Errors: 42501 without a context, and none for any definition.
Example: SELECT prismiq_validate('{"tables": []}');$c$;

CREATE FUNCTION @extschema@.prismiq_definition_schema() RETURNS jsonb
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_definition_schema() IS
$c$Tells what a query definition looks like, as JSON Schema (2020-12), for editors and front ends.
Returns the schema: keys with their types, words and what they mean in a line, made from the lists
that definitions are read by. What depends on the database (tables, columns, types, rights), on
limits or on another key's value is for prismiq_validate. docs/prismiq.d.ts has the same, and the
answers, as types of TypeScript.
Errors: none.
Example: SELECT prismiq_definition_schema() #> '{$defs,join,properties,join_type}';$c$;

CREATE FUNCTION @extschema@.prismiq_query(definition jsonb, options jsonb DEFAULT '{}')
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_query(jsonb, jsonb) IS
$c$Answers a query definition with the rows of the caller's tenant.
Returns {columns, column_types, rows, row_count, truncated, execution_time_ms, is_from_cache,
cached_at, bucket, warnings}. Options: format (arrays, objects, columnar), params, sort ([{alias,
direction, nulls}]), limit and offset or page and page_size, count (exact, estimated: adds
total_count), metadata (true: adds metadata), timezone, max_rows, timeout_ms, disable_aggregation,
bigint ("string").
Errors: 22023 for a bad definition, PT413 over a limit, 42501 without a context, 57014 after
prismiq.query_timeout.
Example: SELECT prismiq_query('{"tables": [{"id": "o", "name": "orders"}],
  "columns": [{"table_id": "o", "column": "total", "aggregation": "sum"}]}');$c$;

CREATE FUNCTION @extschema@.prismiq_query_csv(definition jsonb, options jsonb DEFAULT '{}')
    RETURNS @extschema@."text/csv"
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_query_csv(jsonb, jsonb) IS
$c$Answers a query definition as CSV (RFC 4180, header row).
Cells that a spreadsheet would run as a formula get a leading apostrophe unless options has
{"raw": true}. {"delimiter": ";"} is what stands between fields, and {"header": "label"} has what
people call the columns in the header row. Never cut: more rows than prismiq.max_rows_cap are an
error (PT413).
Errors: as prismiq_query.
Example: SELECT prismiq_query_csv('{"tables": [{"id": "o", "name": "orders"}],
  "columns": [{"table_id": "o", "column": "id"}]}');$c$;

CREATE FUNCTION @extschema@.prismiq_query_rows(definition jsonb, options jsonb DEFAULT '{}')
    RETURNS SETOF jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED ROWS 10000 AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_query_rows(jsonb, jsonb) IS
$c$Answers a query definition row by row, one JSON object each, for cursors and COPY.
In the SELECT list the rows are streamed; in FROM PostgreSQL stores them first. More rows than
prismiq.max_rows_cap are an error (PT413).
Errors: as prismiq_query.
Example: SELECT prismiq_query_rows('{"tables": [{"id": "o", "name": "orders"}],
  "columns": [{"table_id": "o", "column": "id"}]}');$c$;

CREATE FUNCTION @extschema@.prismiq_explain(definition jsonb, options jsonb DEFAULT '{}')
    RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_explain(jsonb, jsonb) IS
$c$Shows what a query definition becomes, without running it.
Returns {sql, warnings}; to roles with profile "admin" also {plan, estimated_rows,
estimated_cost}, which know of other tenants' rows.
Errors: as prismiq_compile.
Example: SELECT prismiq_explain('{"tables": [{"id": "o", "name": "orders"}],
  "columns": [{"table_id": "o", "column": "id"}]}');$c$;
