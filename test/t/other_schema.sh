#!/bin/bash
# The parts of the install script that make the tables of one schema, and what
# works on them, name no other schema: run again with another name they make a
# second set, of which each is by itself.
. "$TEST_DIR/lib/tap.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; dropdb --if-exists --force other_schema
  psql -Xq -d postgres -c "DROP ROLE IF EXISTS os_boss, os_app"' EXIT

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
   'prismiq_widget_types')"
what="string_agg(concat_ws(' ', c.relname, c.relrowsecurity, c.relforcerowsecurity,
  (SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint
   WHERE conrelid = c.oid AND contype <> 'n'),
  (SELECT string_agg(polname, ' ' ORDER BY polname) FROM pg_policy WHERE polrelid = c.oid),
  (SELECT string_agg(tgname || tgenabled, ' ' ORDER BY tgname) FROM pg_trigger
   WHERE tgrelid = c.oid AND NOT tgisinternal)), E'\n' ORDER BY c.relname)"
# shellcheck disable=SC2059
is "$(printf "$shape" "$what" other | run)" "$(printf "$shape" "$what" prismiq | run)" \
  'with the same constraints, policies and triggers'

# What an application sees when it uses a schema.
used()
{
  psql -XAtq -d other_schema 2>&1 <<SQL
SET ROLE os_app;
SET search_path = $1;
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
ok 'the second set is dropped' run <<<'SET client_min_messages = error;
  DROP SCHEMA other CASCADE'
is "$(run <<<"SELECT count(*) FROM pg_proc WHERE prosrc LIKE '%other.%'
  AND pronamespace = 'prismiq_internal'::regnamespace")" 0 'with its functions'

done_testing
