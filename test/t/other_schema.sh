#!/bin/bash
# The parts of the install script that make the tables of one schema, and what
# works on them, name no other schema: run again with another name they make a
# second set, of which each is by itself.
. "$TEST_DIR/lib/tap.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; dropdb --if-exists --force other_schema
  psql -Xq -d postgres -c "DROP ROLE IF EXISTS os_boss, os_app, os_thief"' EXIT

psql -Xq -d postgres <<'SQL'
CREATE ROLE os_boss;
CREATE ROLE os_app;
CREATE DATABASE other_schema OWNER os_boss;
SQL

run()
{
  psql -XAtq -v ON_ERROR_STOP=1 -d other_schema 2>&1
}

# What hands its name on to the extension's functions in C, and the parts. Not
# a superuser makes them.
{
  cat <<'SQL'
SET ROLE os_boss;
CREATE SCHEMA prismiq;
CREATE EXTENSION prismiq SCHEMA prismiq;
CREATE SCHEMA other;
SET search_path = pg_catalog, pg_temp;
CREATE FUNCTION other.prismiq_tenant_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  BEGIN ATOMIC SELECT prismiq.prismiq_tenant_id(); END;
CREATE FUNCTION other.prismiq_user_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  BEGIN ATOMIC SELECT prismiq.prismiq_user_id(); END;
SQL
  cat "$TEST_DIR"/../tree/sql/parts/[34]*.sql |
    sed 's/@extschema@/other/g; s/@extowner@/os_boss/g'
  cat <<'SQL'
CREATE FUNCTION other.prismiq_query(definition jsonb, options jsonb DEFAULT '{}') RETURNS json
  LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT prismiq_internal.query_in(definition, options, 'other'); END;
CREATE FUNCTION other.prismiq_query_csv(definition jsonb, options jsonb DEFAULT '{}') RETURNS text
  LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT prismiq_internal.query_csv_in(definition, options, 'other'); END;
CREATE FUNCTION other.prismiq_query_rows(definition jsonb, options jsonb DEFAULT '{}')
  RETURNS SETOF jsonb LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT prismiq_internal.query_rows_in(definition, options, 'other'); END;
CREATE FUNCTION other.prismiq_compile(definition jsonb, options jsonb DEFAULT '{}') RETURNS jsonb
  LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT prismiq_internal.compile_in(definition, options, 'other'); END;
CREATE FUNCTION other.prismiq_explain(definition jsonb, options jsonb DEFAULT '{}') RETURNS jsonb
  LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT prismiq_internal.explain_in(definition, options, 'other'); END;
CREATE FUNCTION other.prismiq_validate(definition jsonb) RETURNS jsonb LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT prismiq_internal.validate_in(definition, 'other'); END;
CREATE FUNCTION other.prismiq_schema() RETURNS jsonb LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT prismiq_internal.schema_in('other'); END;
CREATE FUNCTION other.prismiq_tables() RETURNS jsonb LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT prismiq_internal.tables_in('other'); END;
CREATE FUNCTION other.prismiq_table(name text) RETURNS jsonb LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT prismiq_internal.table_in(name, 'other'); END;
CREATE FUNCTION other.prismiq_column_sample(
  table_name text, column_name text, max_values integer DEFAULT 5) RETURNS jsonb LANGUAGE sql STABLE
  BEGIN ATOMIC
    SELECT prismiq_internal.column_sample_in(table_name, column_name, max_values, 'other');
  END;
CREATE FUNCTION other.prismiq_widget_data(
  widget_id uuid, filters jsonb DEFAULT '{}', options jsonb DEFAULT '{}') RETURNS json
  LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT prismiq_internal.widget_data_in(widget_id, filters, options, 'other'); END;
CREATE FUNCTION other.prismiq_widget_spec(
  widget_id uuid, filters jsonb DEFAULT '{}', options jsonb DEFAULT '{}') RETURNS json
  LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT prismiq_internal.widget_spec_in(widget_id, filters, options, 'other'); END;
CREATE FUNCTION other.prismiq_dashboard_data(
  dashboard_id uuid, filters jsonb DEFAULT '{}', options jsonb DEFAULT '{}') RETURNS json
  LANGUAGE sql STABLE
  BEGIN ATOMIC
    SELECT prismiq_internal.dashboard_data_in(dashboard_id, filters, options, 'other');
  END;
GRANT SELECT ON other.prismiq_widget_types TO PUBLIC;
SELECT prismiq.prismiq_grant('os_app', 'app') \g /dev/null
GRANT USAGE ON SCHEMA other TO os_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA other TO os_app;
SQL
} >"$scratch/other.sql"
ok 'a second set is made by who is no superuser' run <"$scratch/other.sql"
is "$(grep -c '@' "$scratch/other.sql")" 0 'of the same text'

shape="SELECT %s FROM pg_class c WHERE c.relnamespace = '%s'::regnamespace AND c.relname IN
  ('prismiq_dashboards', 'prismiq_widgets', 'prismiq_saved_queries', 'prismiq_schema_config',
   'prismiq_model', 'prismiq_widget_types', 'prismiq_pins', 'prismiq_provided',
   'prismiq_custom_endpoints')"
what="string_agg(concat_ws(' ', c.relname, c.relrowsecurity, c.relforcerowsecurity,
  (SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint
   WHERE conrelid = c.oid AND contype <> 'n'),
  (SELECT string_agg(polname, ' ' ORDER BY polname) FROM pg_policy WHERE polrelid = c.oid),
  (SELECT string_agg(tgname || tgenabled, ' ' ORDER BY tgname) FROM pg_trigger
   WHERE tgrelid = c.oid AND NOT tgisinternal)), E'\n' ORDER BY c.relname)"
# shellcheck disable=SC2059
is "$(printf "$shape" "$what" other | run)" "$(printf "$shape" "$what" prismiq | run)" \
  'with the same constraints, policies and triggers'

run <<'SQL'
SET ROLE os_boss;
CREATE TABLE public.sales (tenant text NOT NULL, region text, amount int);
INSERT INTO sales VALUES ('a', 'north', 1), ('a', 'south', 2), ('b', 'north', 40);
GRANT SELECT ON sales TO os_app;
SELECT prismiq.prismiq_expose('sales', tenant_column => 'tenant') \g /dev/null
SQL

# What an application sees when it uses a schema.
used()
{
  psql -XAtq -d other_schema 2>&1 <<SQL
SET ROLE os_app;
SET search_path = $1;
SET prismiq.schema = 'public';
SET prismiq.tenant_id = 'a';
SET prismiq.user_id = 'ann';
\set VERBOSITY terse
SELECT prismiq_saved_query_create('{"name": "$1", "query": {"tables": [{"id": "s",
  "name": "sales"}], "columns": [{"table_id": "s", "column": "amount"}]}}') ->> 'id' AS q \gset
SELECT prismiq_dashboard_create(jsonb_build_object('name', '$1', 'widgets', jsonb_build_array(
  '{"type": "text", "title": "T"}'::jsonb,
  jsonb_build_object('type', 'table', 'saved_query_id', :'q')))) ->> 'id' AS d \gset
SELECT prismiq_widget_add(:'d', '{"type": "metric"}') ->> 'id' AS w \gset
SELECT prismiq_widget_update(:'w', '{"title": "M"}') ->> 'title';
SELECT prismiq_widget_add(:'d', jsonb_build_object('type', 'table', 'saved_query_id', id))
FROM $2.prismiq_saved_queries;
SELECT prismiq_widget_add(:'d', '{"type": "text", "position": {"x": 9, "y": 0, "w": 9, "h": 1}}');
SELECT prismiq_dashboard_update(:'d', '{"layout": {"columns": 2}}');
SELECT prismiq_saved_query_delete(:'q');
SELECT v ->> 'name', v -> 'version', jsonb_array_length(v -> 'widgets')
FROM prismiq_dashboard_get(:'d') v;
SELECT prismiq_dashboard_list() #>> '{0,name}', jsonb_array_length(prismiq_saved_query_list());
SELECT count(*) FROM prismiq_widgets;
SET prismiq.user_id = 'bob';
SELECT prismiq_dashboard_get(:'d');
SET prismiq.roles = 'admin';
SELECT prismiq_schema_config_set('{"timezone": "Europe/$3"}') ->> 'timezone';
SQL
}

used prismiq other Paris >"$scratch/prismiq"
psql -XAtq -d other_schema <<'SQL'
SET ROLE os_app;
SET prismiq.tenant_id = 'a';
SET prismiq.user_id = 'ann';
SELECT prismiq.prismiq_saved_query_create('{"name": "kept", "query": {"tables": [{"id": "s",
  "name": "sales"}], "columns": [{"table_id": "s", "column": "amount"}]}}') \g /dev/null
SQL
used other prismiq Rome >"$scratch/other"
like "$(cat "$scratch/prismiq")" $'prismiq\|[0-9]+\|3' 'the first set works'
like "$(cat "$scratch/other")" 'saved query not found' 'a query of the other set is not found'
is "$(sed 's/prismiq|/other|/; s/Paris/Rome/' "$scratch/prismiq")" \
  "$(grep -v 'saved query not found' "$scratch/other")" 'the second set does the same'
is "$(run <<'SQL'
SET ROLE os_boss;
SET prismiq.maintenance = 'on';
SELECT (SELECT string_agg(name, ' ') FROM prismiq.prismiq_dashboards),
  (SELECT string_agg(name, ' ') FROM other.prismiq_dashboards),
  (SELECT config ->> 'timezone' FROM prismiq.prismiq_schema_config),
  (SELECT config ->> 'timezone' FROM other.prismiq_schema_config);
SQL
)" 'prismiq|other|Europe/Paris|Europe/Rome' 'and neither knows of the other'

# What is provided is so in one of them, and the owner, who is no superuser, has the rights.
provided()
{
  psql -XAtq -d other_schema 2>&1 <<SQL
SET ROLE os_boss;
SET search_path = $1;
\set VERBOSITY terse
SELECT v ->> 'name', v -> 'version' FROM prismiq_provided_set('k', '{"format":
  "prismiq.dashboard", "version": "1.0", "name": "of $1", "widgets": [{"id": "a", "type": "text"}],
  "filters": [{"id": "f", "type": "text", "field": "x", "applies_to": ["a"]}]}') v;
SELECT v ->> 'name', v -> 'version' FROM prismiq_provided_set('k', '{"format":
  "prismiq.dashboard", "version": "1.0", "name": "of $1", "layout": {"columns": 2},
  "widgets": [{"id": "b", "type": "metric", "position": {"x": 0, "y": 0, "w": 2, "h": 1}}]}',
  '{"tenants": ["a"]}') v;
SET ROLE os_app;
SET prismiq.tenant_id = 'a';
SET prismiq.user_id = 'ann';
SELECT v ->> 'name', v ->> 'is_provided', v #>> '{widgets,0,type}'
FROM prismiq_dashboard_get_by_name('of $1') v;
SELECT count(*) FROM prismiq_dashboards WHERE tenant_id = '';
SET prismiq.tenant_id = 'b';
SELECT count(*) FROM prismiq_dashboards WHERE tenant_id = '';
SET ROLE os_boss;
SELECT count(*) FROM prismiq_dashboards WHERE tenant_id = '';
SELECT jsonb_array_length(prismiq_provided_list()), prismiq_provided_remove('k');
SET prismiq.maintenance = 'on';
SELECT count(*) FROM prismiq_dashboards WHERE tenant_id = '';
SQL
}
for schema in prismiq other; do
  is "$(provided $schema)" "of $schema|1
of $schema|2
of $schema|true|metric
1
0
0
1|t
0" "$schema: a dashboard is provided"
done

# What is in C takes the tables of the schema whose function was called: a saved query of that name,
# what is hidden, a dashboard.
answered()
{
  psql -XAtq -d other_schema 2>&1 <<SQL
SET ROLE os_app;
SET search_path = $1;
SET prismiq.schema = 'public';
SET prismiq.tenant_id = 'a';
SET prismiq.user_id = 'ann';
SET prismiq.roles = 'admin';
\set VERBOSITY terse
SELECT prismiq_schema_config_set('$2') \g /dev/null
SELECT prismiq_saved_query_create('{"name": "by $1", "query": {"tables": [{"id": "s",
  "name": "sales"}], "columns": [{"table_id": "s", "column": "amount", "aggregation": "$3",
  "alias": "$1"}]}}') ->> 'id' AS q \gset
SELECT v ->> 'id' AS d, v #>> '{widgets,0,id}' AS w
FROM prismiq_dashboard_create(jsonb_build_object('name', 'by $1', 'widgets', jsonb_build_array(
  jsonb_build_object('type', 'table', 'saved_query_id', :'q')))) v \gset
SELECT jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('id', 'x',
    'saved_query', :'q')),
  'columns', jsonb_build_array(jsonb_build_object('table_id', 'x', 'column', '$1'))) AS def,
  '{"tables": [{"id": "s", "name": "sales"}],
    "columns": [{"table_id": "s", "column": "region"}]}' AS hides \gset
SELECT 'query', prismiq_query(:'def') -> 'rows';
SELECT 'csv', replace(prismiq_query_csv(:'def'), E'\r\n', ' ');
SELECT 'rows', prismiq_query_rows(:'def');
SELECT 'compile', prismiq_compile(:'def') -> 'columns' -> 0 -> 'name';
SELECT 'explain', (prismiq_explain(:'def') ->> 'sql') LIKE '%$1%';
SELECT 'validate', prismiq_validate(:'def') -> 'valid', prismiq_validate(:'hides') -> 'valid';
SELECT 'schema', jsonb_array_length(prismiq_schema() #> '{tables,0,columns}');
SELECT 'tables', prismiq_tables();
SELECT 'table', jsonb_array_length(prismiq_table('sales') -> 'columns');
SELECT 'sample', prismiq_column_sample('sales', 'region');
SELECT 'widget', prismiq_widget_data(:'w') -> 'rows';
SELECT 'dashboard', prismiq_dashboard_data(:'d') -> :'w' -> 'rows';
SELECT 'elsewhere', $4.prismiq_query(:'def') -> 'rows';
SELECT 'elsewhere', $4.prismiq_widget_data(:'w') -> 'rows';
SELECT 'elsewhere', $4.prismiq_dashboard_data(:'d') -> 'rows';
SQL
}
is "$(answered prismiq '{}' sum other)" 'query|[[3]]
csv|prismiq 3 '"
rows|{\"prismiq\": 3}
compile|\"prismiq\"
explain|t
validate|true|true
schema|3
tables|[\"sales\"]
table|3
sample|[\"north\", \"south\"]
widget|[[3]]
dashboard|[[3]]
ERROR:  saved query not found
ERROR:  widget not found
ERROR:  dashboard not found" 'the first set answers'
hides='{"tables": {"sales": {"columns": {"region": {"hidden": true}}}}}'
is "$(answered other "$hides" max prismiq)" \
  'query|[[2]]
csv|other 2 '"
rows|{\"other\": 2}
compile|\"other\"
explain|t
validate|true|false
schema|2
tables|[\"sales\"]
table|2
ERROR:  column not found
widget|[[2]]
dashboard|[[2]]
ERROR:  saved query not found
ERROR:  widget not found
ERROR:  dashboard not found" 'so does the second, from its own queries and configuration'

# Each has a model of its own.
modelled()
{
  psql -XAtq -d other_schema 2>&1 <<SQL
SET prismiq.tenant_id = 'a';
SET ROLE os_boss;
SELECT $1.prismiq_model_set('{"tables": {"sales": {"display_name": "$1"}}, "measures": {
  "$1": {"table": "sales", "column": "amount", "aggregation": "$2"}}}') \g /dev/null
SET ROLE os_app;
\set VERBOSITY terse
SELECT prismiq.prismiq_table('sales') ->> 'display_name',
  other.prismiq_table('sales') ->> 'display_name';
SELECT '{"tables": [{"id": "s", "name": "sales"}], "columns": [{"measure": "$1"}]}' AS def \gset
SELECT prismiq.prismiq_query(:'def') -> 'rows';
SELECT other.prismiq_query(:'def') -> 'rows';
SELECT $1.prismiq_schema() #>> '{measures,0,name}';
SQL
}
is "$(modelled prismiq sum)" 'prismiq|Sales
[[3]]
ERROR:  measure "prismiq" not found
prismiq' 'the model of the first set is its own'
is "$(modelled other max)" 'prismiq|other
ERROR:  measure "other" not found
[[2]]
other' 'and so is that of the second'
run <<'SQL'
SET ROLE os_boss;
TRUNCATE other.prismiq_model, prismiq.prismiq_model;
SQL

# Each counts what is stored in it, by its owner, who is no superuser.
run <<'SQL'
SET ROLE os_app;
SET prismiq.tenant_id = 'b';
SET prismiq.user_id = 'bob';
SELECT other.prismiq_dashboard_create('{"name": "One more"}') \g /dev/null
SQL
counted()
{
  run <<SQL | sed -n 's/^prismiq_\(tenants\|dashboards\)\({provided="false"}\)* //p' | tr '\n' ' '
SET ROLE os_boss;
SELECT $1.prismiq_metrics();
SQL
}
dashboards=$(run <<<"SET ROLE os_boss; SET prismiq.maintenance = 'on';
  SELECT count(*) FROM prismiq.prismiq_dashboards")
is "$(counted prismiq)" "1 $dashboards " 'metrics of the first set'
is "$(counted other)" "2 $((dashboards + 1)) " 'metrics of the second'

# Nobody makes a set of tables that unhides what is hidden.
run <<'SQL'
CREATE ROLE os_thief;
GRANT CREATE ON DATABASE other_schema TO os_thief;
SELECT prismiq.prismiq_grant('os_thief', 'app') \g /dev/null
GRANT SELECT ON sales TO os_thief;
SET ROLE os_thief;
CREATE SCHEMA lair;
CREATE TABLE lair.prismiq_schema_config (tenant_id text PRIMARY KEY, config jsonb);
SQL
for schema in lair other nowhere public; do
  is "$(psql -XAtq -d other_schema 2>&1 <<SQL
SET ROLE os_thief;
SET prismiq.tenant_id = 'a';
\set VERBOSITY sqlstate
SELECT prismiq_internal.tables_in('$schema');
SQL
)" 'ERROR:  3F000' "who may not look into \"$schema\" has no tables there"
done
is "$(run <<<"SET ROLE os_app; SET prismiq.tenant_id = 'a';
  SELECT prismiq_internal.tables_in(NULL)" | head -1)" \
  'ERROR:  the schema holds no tables of extension "prismiq" for the caller' 'null names none'

ok 'the second set is dropped' run <<<'SET client_min_messages = error;
  DROP SCHEMA other CASCADE'
is "$(run <<<"SELECT count(*) FROM pg_proc WHERE prosrc LIKE '%other.%'
  AND pronamespace = 'prismiq_internal'::regnamespace")" 0 'with its functions'

done_testing
