#!/bin/bash
# The extension works in a schema of any name that PostgreSQL allows for it,
# and needs neither that schema nor any other in the caller's search_path. The
# name "public" is no better and no worse than others.
. "$TEST_DIR/lib/tap.sh"

trap 'dropdb --if-exists --force any_schema' EXIT

# One database after the other: the caller's path holds what would be in the
# way if a function of ours trusted it.
for schema in 'My App.x' 'Größe_1' 'select' public; do
  dropdb --if-exists --force any_schema 2>/dev/null
  createdb any_schema
  ok "in schema $schema: installs, exposes, grants" \
    psql -XAtq -v ON_ERROR_STOP=1 -d any_schema -v s="$schema" <<'SQL'
CREATE SCHEMA IF NOT EXISTS :"s";
CREATE EXTENSION prismiq SCHEMA :"s";
CREATE SCHEMA data;
CREATE TABLE data.sales (org text NOT NULL, at timestamptz NOT NULL, amount numeric);
INSERT INTO data.sales VALUES ('a', '2024-01-01 10:00Z', 1.5), ('a', '2024-01-03 10:00Z', 2.5),
	('b', '2024-01-02 10:00Z', 100);
GRANT USAGE ON SCHEMA data TO app_user;
GRANT SELECT ON data.sales TO app_user;
SET search_path = pg_catalog;
SELECT :"s".prismiq_expose('data.sales', tenant_column => 'org', time_column => 'at');
SELECT :"s".prismiq_grant('app_user', 'app');

-- What is found first by whoever does not look in pg_catalog.
CREATE SCHEMA trap;
GRANT USAGE ON SCHEMA trap TO PUBLIC;
CREATE TABLE trap.prismiq_dashboards ();
CREATE TABLE trap.prismiq_exposures ();
CREATE FUNCTION trap.count("any") RETURNS bigint LANGUAGE internal AS 'pg_backend_pid';
CREATE FUNCTION trap.format(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS $$SELECT 'trap'$$;
CREATE FUNCTION trap.always(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.always);
SQL

  is "$(psql -XAtq -d any_schema -v s="$schema" 2>&1 <<'SQL'
SET ROLE app_user;
SET search_path = trap, pg_catalog;
SELECT :"s".prismiq_set_context('a', 'alice', '{analyst}', false) \g /dev/null
SELECT :"s".prismiq_query('{"tables": [{"id": "s", "name": "sales", "schema": "data"}],
	"columns": [{"table_id": "s", "column": "amount", "aggregation": "sum"},
				{"table_id": "s", "column": "*", "aggregation": "count"}]}') -> 'rows';
SELECT :"s".prismiq_query('{"tables": [{"id": "s", "name": "sales"}],
	"columns": [{"table_id": "s", "column": "*", "aggregation": "count"}],
	"filters": [{"table_id": "s", "column": "org", "operator": "neq", "value": "b"}],
	"time_series": {"table_id": "s", "date_column": "at", "interval": "day",
					"timezone": "UTC"}}') -> 'row_count';
SELECT :"s".prismiq_dashboard_create('{"name": "D", "widgets": [{"type": "table", "title": "T",
	"position": {"x": 0, "y": 0, "w": 4, "h": 4},
	"query": {"tables": [{"id": "s", "name": "sales"}],
			  "columns": [{"table_id": "s", "column": "amount"}]}}]}') ->> 'id' AS id \gset
SELECT d.value -> 'row_count'
FROM json_each(:"s".prismiq_dashboard_data(:'id')::json) AS d (key, value);
SELECT :"s".prismiq_tables();
SQL
)" '[[4.0,2]]
3
2
["sales"]' "in schema $schema: answers, with an empty path and with a hostile one"
done

done_testing
