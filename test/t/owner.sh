#!/bin/bash
# The owner of a database installs the extension without being a superuser, and
# is its owner: no more rights than that, a dump that takes everything along,
# and no row of a tenant without saying so.
. "$TEST_DIR/lib/tap.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"
  for d in ow_source ow_copy; do dropdb --if-exists --force $d; done
  psql -Xq -d postgres -c "DROP ROLE IF EXISTS ow_app, ow_boss, ow_other, ow_backup"' EXIT

psql -Xq -d postgres <<'SQL'
CREATE ROLE ow_boss LOGIN;
CREATE ROLE ow_other LOGIN;
CREATE ROLE ow_app;
CREATE DATABASE ow_source OWNER ow_boss;
CREATE DATABASE ow_copy OWNER ow_boss;
SQL

# as ROLE DATABASE [psql option...]: run what comes on standard input.
as()
{
  local role=$1 database=$2

  shift 2
  psql -XAtq -v ON_ERROR_STOP=1 -U "$role" -d "$database" "$@" 2>&1
}

# ---- Installing -----------------------------------------------------------

psql -Xq -d ow_source -c 'CREATE SCHEMA theirs'
like "$(as ow_boss ow_source -c 'CREATE EXTENSION prismiq SCHEMA theirs')" \
  'permission denied for the schema of the extension' 'not into a schema of others'
like "$(as ow_other ow_source -c 'CREATE EXTENSION prismiq')" 'permission denied' \
  'who does not own the database does not install'
psql -Xq -d ow_source -c 'DROP SCHEMA theirs'
ok 'who owns it does' as ow_boss ow_source <<'SQL'
CREATE SCHEMA "Our Own";
CREATE EXTENSION prismiq SCHEMA "Our Own";
SQL

members="FROM pg_extension x JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass
  AND d.refobjid = x.oid AND d.deptype = 'e' WHERE x.extname = 'prismiq'"
is "$(as postgres ow_source -c "
SELECT count(*) > 50, string_agg(DISTINCT p.proowner::regrole::text, ' ')
FROM pg_proc p WHERE p.oid IN (SELECT d.objid $members AND d.classid = 'pg_proc'::regclass)
  AND p.prorettype <> 'event_trigger'::regtype AND p.proname <> 'exposure_dumped'")" \
  't|ow_boss' 'all functions are the owner'\''s'
is "$(as postgres ow_source -c "
SELECT string_agg(DISTINCT p.proowner::regrole::text || ' ' || l.lanname, ', ')
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.oid IN (SELECT d.objid $members)
  AND (p.prorettype = 'event_trigger'::regtype OR p.proname = 'exposure_dumped')")" \
  'postgres c' 'but for those of event triggers and of pg_dump, which are C'
is "$(as postgres ow_source -c "
SELECT string_agg(DISTINCT c.relowner::regrole::text, ' ')
FROM pg_class c WHERE c.oid IN (SELECT d.objid $members AND d.classid = 'pg_class'::regclass)")" \
  ow_boss 'all tables are'
is "$(as postgres ow_source -c "
SELECT string_agg(DISTINCT t.typowner::regrole::text, ' ')
FROM pg_type t WHERE t.oid IN (SELECT d.objid $members AND d.classid = 'pg_type'::regclass)
  OR t.typrelid IN (SELECT d.objid $members)")" ow_boss 'and all types'
is "$(as postgres ow_source -c "SELECT nspowner::regrole FROM pg_namespace
  WHERE nspname = 'prismiq_internal'")" ow_boss 'and the schema of what is internal'
is "$(as postgres ow_source -c "SELECT count(*) FROM pg_event_trigger
  WHERE evtname LIKE 'prismiq%' AND evtowner = 'postgres'::regrole AND evtenabled = 'A'")" 3 \
  'event triggers stay with the superuser, and fire always'
is "$(as postgres ow_source -c "SELECT string_agg(p.proname, ' ' ORDER BY p.proname) FROM pg_proc p
  WHERE p.oid IN (SELECT d.objid $members) AND p.prosecdef")" \
  'prismiq_metrics provided_drop provided_entries provided_put' \
  'nothing runs with the rights of its owner but what provides dashboards, and what counts'
like "$(as ow_boss ow_source -c 'CREATE OR REPLACE FUNCTION prismiq_internal.exposures_follow()
  RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN END$$')" 'must be owner of function' \
  'nobody puts code of his own behind an event trigger'

# ---- What it is for -------------------------------------------------------

ok 'the owner exposes, grants, and the application works' as ow_boss ow_source <<'SQL'
SET search_path = "Our Own", public;
CREATE SCHEMA data;
CREATE TABLE data.sales (org text, amount numeric);
INSERT INTO data.sales VALUES ('a', 1.5), ('a', 2.5), ('b', 100);
GRANT USAGE ON SCHEMA data TO ow_app;
SELECT prismiq_expose('data.sales', tenant_column => 'org') \g /dev/null
SELECT prismiq_grant('ow_app', 'app') \g /dev/null
SQL
is "$(as postgres ow_source -c 'SELECT e ->> $$problem$$
  FROM jsonb_array_elements("Our Own".prismiq_exposed()) e')" not_readable \
  'that the application may not read a relation is told'
as ow_boss ow_source -c 'GRANT SELECT ON data.sales TO ow_app'
is "$(as ow_boss ow_source -c 'SELECT e -> $$problem$$
  FROM jsonb_array_elements("Our Own".prismiq_exposed()) e')" null 'and is gone when it may'
is "$(as postgres ow_source <<'SQL'
SET ROLE ow_app;
SET search_path = "Our Own";
SET prismiq.tenant_id = 'a';
SET prismiq.user_id = 'ann';
\set VERBOSITY terse
SELECT prismiq_query('{"tables": [{"id": "s", "name": "sales"}],
  "columns": [{"table_id": "s", "column": "amount", "aggregation": "sum"}]}') -> 'rows';
SELECT prismiq_saved_query_create('{"name": "Q", "query": {"tables": [{"id": "s",
  "name": "sales"}], "columns": [{"table_id": "s", "column": "amount"}]}}') ->> 'id' AS q \gset
SELECT prismiq_dashboard_create(jsonb_build_object('name', 'D', 'layout', '{"columns": 24}'::jsonb,
  'widgets', jsonb_build_array('{"type": "text", "title": "T"}'::jsonb, jsonb_build_object(
    'type', 'table', 'saved_query_id', :'q')))) -> 'version';
SELECT prismiq_saved_query_create('{"name": "P", "query": {"tables": [{"id": "s",
  "name": "sales"}], "columns": [{"table_id": "s", "column": "amount"}]}}') ->> 'id' AS p \gset
SELECT prismiq_dashboard_create(jsonb_build_object('name', 'E', 'widgets', jsonb_build_array(
  jsonb_build_object('type', 'table', 'saved_query_id', :'p')))) -> 'version';
SELECT prismiq_saved_query_delete(:'p');
SELECT w.saved_query_id IS NULL, d.version FROM prismiq_widgets w
JOIN prismiq_dashboards d ON d.id = w.dashboard_id WHERE d.name = 'E';
SELECT prismiq_dashboard_delete(id) FROM prismiq_dashboards WHERE name = 'E';
SELECT prismiq_schema_config_set('{"timezone": "Europe/Berlin"}');
SQL
)" '[[4.0]]
1
1
t
t|2
t
ERROR:  setting the configuration is not permitted' 'as an application, cascades included'
as postgres ow_source <<'SQL'
SET ROLE ow_app;
SET search_path = "Our Own";
SELECT prismiq_set_context('b', 'bob', '{admin}', false) \g /dev/null
SELECT prismiq_dashboard_create('{"name": "D", "timezone": "Asia/Tokyo"}') \g /dev/null
SELECT prismiq_schema_config_set('{"timezone": "Europe/Berlin"}') \g /dev/null
SQL

# ---- Maintenance ----------------------------------------------------------

counts='SELECT (SELECT count(*) FROM "Our Own".prismiq_dashboards),
  (SELECT count(*) FROM "Our Own".prismiq_widgets),
  (SELECT count(*) FROM "Our Own".prismiq_saved_queries),
  (SELECT count(*) FROM "Our Own".prismiq_schema_config)'
is "$(as ow_boss ow_source -c "$counts")" '0|0|0|0' 'the owner sees no rows'
is "$(PGOPTIONS='-c prismiq.maintenance=on' as ow_boss ow_source -c "$counts")" '2|2|1|1' \
  'until it says so'
is "$(PGOPTIONS='-c prismiq.maintenance=call' as ow_boss ow_source -c "$counts")" '2|2|1|1' \
  'or a function does'
is "$(as ow_boss ow_source -c 'SELECT "Our Own".prismiq_metrics()' |
  sed -n 's/^prismiq_\(dashboards\|widgets\|saved_queries\){provided="false"} //p' | tr '\n' '|'
)" '2|2|1|' 'as the one that counts does'
is "$(PGOPTIONS='-c prismiq.maintenance=on' as postgres ow_source -c 'SET ROLE ow_app' \
  -c "$counts")" '0|0|0|0' 'to another role it means nothing'
like "$(PGOPTIONS='-c prismiq.maintenance=on' as postgres ow_source <<'SQL'
SET ROLE ow_app;
SET search_path = "Our Own";
SET prismiq.tenant_id = 'a';
SET prismiq.user_id = 'ann';
UPDATE prismiq_dashboards SET timezone = 'Nowhere';
SQL
)" 'not recognized' 'nor does it let a role past the rules'
bad="UPDATE \"Our Own\".prismiq_dashboards SET timezone = 'Nowhere'"
like "$(PGOPTIONS='-c prismiq.maintenance=call' as ow_boss ow_source -c "$bad")" \
  'not recognized' 'nor does a function that acts for the owner'
ok 'the owner who restores is past them' \
  env PGOPTIONS='-c prismiq.maintenance=on' psql -Xq -U ow_boss -d ow_source \
  -c "BEGIN; $bad; ROLLBACK"

# Every row of the tables of tenants, as text.
rows()
{
  PGOPTIONS='-c prismiq.maintenance=on' as ow_boss "$1" <<'SQL'
SELECT t FROM "Our Own".prismiq_dashboards t ORDER BY t;
SELECT t FROM "Our Own".prismiq_widgets t ORDER BY t;
SELECT t FROM "Our Own".prismiq_saved_queries t ORDER BY t;
SELECT t FROM "Our Own".prismiq_schema_config t ORDER BY t;
SELECT t.schema_name, t.relation_name, t.tenant_column, t.created_at
FROM "Our Own".prismiq_exposures t ORDER BY 1, 2;
SELECT t FROM "Our Own".prismiq_grants t ORDER BY t;
SELECT t FROM "Our Own".prismiq_widget_types t WHERE NOT built_in ORDER BY t;
SQL
}

PGOPTIONS='-c prismiq.maintenance=on' as ow_boss ow_source <<'SQL'
INSERT INTO "Our Own".prismiq_widget_types (type, label, shape) VALUES ('zebra', 'Z', 'custom');
INSERT INTO "Our Own".prismiq_widget_types (type, alias_of, label, shape)
VALUES ('ape', 'zebra', 'Z', 'custom');
SQL
before=$(rows ow_source)
is "$(PGOPTIONS='-c prismiq.maintenance=on' pg_dump -U ow_boss --enable-row-security --inserts \
  -f "$scratch/dump.sql" ow_source 2>&1)" '' 'the owner dumps, without a warning'
is "$(grep -c 'GRANT\|REVOKE' "$scratch/dump.sql" | awk '{print ($1 > 80)}')" 1 \
  'what was granted is in the dump'
is "$(grep 'REVOKE\|FROM PUBLIC' "$scratch/dump.sql")" '' \
  'and nothing that the extension does by itself'
restored=$(PGOPTIONS='-c prismiq.maintenance=on' as ow_boss ow_copy -f "$scratch/dump.sql" |
  grep -v '^$\|^COMMENT\|set_config')
is "$restored" '' 'and restores'
is "$(rows ow_copy)" "$before" 'every row is as it was'
is "$(as postgres ow_copy <<'SQL'
SET ROLE ow_app;
SET prismiq.tenant_id = 'a';
SELECT "Our Own".prismiq_query('{"tables": [{"id": "s", "name": "sales"}],
  "columns": [{"table_id": "s", "column": "amount", "aggregation": "sum"}]}') -> 'rows';
SQL
)" '[[4.0]]' 'and the application works'
is "$(pg_dump -f "$scratch/super.sql" ow_source 2>&1; pg_dump -a ow_source 2>&1 >/dev/null)" '' \
  'a superuser dumps without a warning, too'

# ---- What the owner makes of what it owns ----------------------------------

# All functions in C with nulls in every place, though they were STRICT.
as ow_boss ow_source <<'SQL' >"$scratch/nulls.sql"
SELECT format('ALTER FUNCTION %s CALLED ON NULL INPUT;', p.oid::regprocedure)
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace IN ('"Our Own"'::regnamespace, 'prismiq_internal'::regnamespace)
  AND l.lanname = 'c' AND p.proisstrict ORDER BY p.oid;
SELECT format('\\echo %s', p.oid::regprocedure), format('SELECT %s.%s(%s);',
  p.pronamespace::regnamespace, p.proname,
  (SELECT string_agg('NULL::' || format_type(t, NULL), ', ') FROM unnest(p.proargtypes) t))
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace IN ('"Our Own"'::regnamespace, 'prismiq_internal'::regnamespace)
  AND l.lanname = 'c' AND p.prorettype <> 'event_trigger'::regtype ORDER BY p.oid;
SQL
sed -i 's/^\\echo \([^|]*\)|/\\echo \1\n/' "$scratch/nulls.sql"
nulls=$(psql -XAt -v ON_ERROR_ROLLBACK=on -U ow_boss -d ow_source -c 'BEGIN' \
  -f "$scratch/nulls.sql" -c "SELECT 'the end'" 2>&1)
is "$(grep 'server closed\|lost\|aborted' <<<"$nulls")" '' 'no null brings the server down'
like "$nulls" 'the end$' 'and all were tried'
is "$(grep -c '^ALTER FUNCTION' "$scratch/nulls.sql" | awk '{print ($1 > 10)}')" 1 \
  'many of them were strict'

is "$(as ow_boss ow_source <<'SQL'
CREATE TABLE public.odd (tenant_id text, created_by text);
ALTER TABLE public.odd ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY open ON public.odd USING (true) WITH CHECK (true);
CREATE TRIGGER odd AFTER INSERT ON public.odd
  FOR EACH ROW EXECUTE FUNCTION prismiq_internal.dashboards_limit();
INSERT INTO public.odd VALUES (NULL, 'ann') RETURNING created_by;
DROP TABLE public.odd;
SQL
)" ann 'nor does a row without a tenant, where the limit is put on another table'

# as_altered STATEMENT: what the application gets when the tables are not as they were made.
as_altered()
{
  {
    printf 'BEGIN;\nSET LOCAL ROLE ow_boss;\n%s;\nRESET ROLE;\n' "$1"
    cat <<'SQL'
SET LOCAL ROLE ow_app;
SET LOCAL search_path = "Our Own";
SET LOCAL prismiq.tenant_id = 'a';
SET LOCAL prismiq.user_id = 'ann';
\set VERBOSITY sqlstate
\set ON_ERROR_ROLLBACK on
SELECT 'widgets', count(prismiq_widget_data(id)) FROM prismiq_widgets;
SELECT 'dashboard', count(prismiq_dashboard_data(id)) FROM prismiq_dashboards;
SELECT 'tables', prismiq_tables();
SELECT FROM prismiq_validate('{"tables": [{"id": "s", "name": "sales"}], "columns": [
  {"measure": "m"}, {"measure": "n"}, {"measure": "sum"}]}') \g /dev/null
SELECT 'query', prismiq_query(jsonb_build_object('tables', jsonb_build_array(jsonb_build_object(
  'id', 's', 'saved_query', id)), 'columns', '[{"table_id": "s", "column": "amount"}]'::jsonb))
  -> 'row_count' FROM prismiq_saved_queries;
SELECT 'created', prismiq_dashboard_create('{"name": "N"}') -> 'version';
ROLLBACK;
SQL
  } | PGOPTIONS='-c prismiq.maintenance=on' psql -XAtq -d ow_source 2>&1 | tr '\n' ' '
}

mine='"Our Own".prismiq_'
is "$(as_altered '')" 'widgets|2 dashboard|1 tables|["sales"] query|2 created|1 ' \
  'as it was made'
odd='ERROR:  42P16'
is "$(as_altered "ALTER TABLE ${mine}dashboards DROP CONSTRAINT prismiq_dashboards_filters_check,
  ALTER filters DROP NOT NULL; UPDATE ${mine}dashboards SET filters = NULL")" \
  'widgets|2 dashboard|1 tables|["sales"] query|2 created|1 ' 'filters that are null are none'
is "$(as_altered "DROP TRIGGER prismiq_dashboards_documents ON ${mine}dashboards;
  ALTER TABLE ${mine}dashboards DROP CONSTRAINT prismiq_dashboards_filters_check,
  ALTER filters DROP DEFAULT, ALTER filters TYPE text")" \
  "$odd $odd tables|[\"sales\"] query|2 created|1 " 'filters of a dashboard as text'
is "$(as_altered "DROP TRIGGER prismiq_dashboards_timezone ON ${mine}dashboards;
  ALTER TABLE ${mine}dashboards DROP CONSTRAINT prismiq_dashboards_timezone_check,
  ALTER timezone TYPE integer USING 1")" \
  "$odd $odd tables|[\"sales\"] query|2 created|1 " 'its time zone as a number'
is "$(as_altered "DROP TRIGGER prismiq_widgets_documents ON ${mine}widgets;
  DROP TRIGGER prismiq_saved_queries_documents ON ${mine}saved_queries;
  ALTER TABLE ${mine}widgets DROP CONSTRAINT prismiq_widgets_query_check,
  DROP CONSTRAINT prismiq_widgets_one_query, ALTER query TYPE json;
  ALTER TABLE ${mine}saved_queries DROP CONSTRAINT prismiq_saved_queries_query_check,
  DROP CONSTRAINT prismiq_saved_queries_one_kind, ALTER query TYPE json")" \
  "$odd $odd tables|[\"sales\"] $odd created|1 " 'queries as another type'
is "$(as_altered "DROP TRIGGER prismiq_schema_config_documents ON ${mine}schema_config;
  DROP TRIGGER prismiq_schema_config_timezone ON ${mine}schema_config;
  ALTER TABLE ${mine}schema_config DROP CONSTRAINT prismiq_schema_config_config_check,
  ALTER config DROP DEFAULT, ALTER config TYPE text")" \
  "$odd dashboard|1 $odd $odd $odd created|1 " 'the configuration as text'
is "$(as_altered "DROP TRIGGER prismiq_model_documents ON ${mine}model;
  DROP TRIGGER prismiq_model_timezone ON ${mine}model;
  ALTER TABLE ${mine}model DROP CONSTRAINT prismiq_model_config_check,
  ALTER config DROP DEFAULT, ALTER config TYPE text")" \
  "$odd dashboard|1 $odd $odd $odd created|1 " 'the model as text'
is "$(as_altered "ALTER TABLE ${mine}model DROP CONSTRAINT prismiq_model_config_check;
  INSERT INTO ${mine}model (config) VALUES ('{\"tables\": 7, \"theme\": [1], \"number\": 1,
  \"timezone\": {}, \"relationships\": [5, {\"from_table\": 1, \"to_table\": \"sales\"},
    {\"from_table\": \"sales\", \"from_columns\": [1, null], \"to_table\": \"sales\",
     \"to_columns\": []}],
  \"measures\": {\"\": null, \"m\": 5, \"n\": {\"table\": [], \"column\": {}},
    \"sum\": {\"table\": \"sales\", \"expression\": \"sum(\"}}}')")" \
  'widgets|2 dashboard|1 tables|["sales"] query|2 created|1 ' 'what is no model says nothing'
is "$(as_altered "DROP POLICY prismiq_dashboards_insert ON ${mine}dashboards;
  CREATE POLICY open ON ${mine}dashboards FOR INSERT WITH CHECK (true);
  ALTER TABLE ${mine}dashboards DROP CONSTRAINT prismiq_dashboards_created_by_check,
  ALTER created_by DROP DEFAULT, ALTER created_by TYPE integer USING 1")" \
  "widgets|2 dashboard|1 tables|[\"sales\"] query|2 $odd " 'who made it as a number'
like "$(as ow_boss ow_source -c 'BEGIN' -c "ALTER TABLE ${mine}exposures RENAME TO moved" \
  -c "CREATE VIEW ${mine}exposures AS SELECT * FROM \"Our Own\".moved")" \
  'not the table that it was made as' 'nothing is put in the place of a table'

# What pg_dump evaluates runs as who dumps, a superuser say: none of it is the owner's.
for retyped in 'exposed_relations relid oid' 'widget_types built_in boolean'; do
  read -r table column type <<<"$retyped"
  as ow_boss ow_source <<SQL
CREATE SCHEMA trap;
CREATE TYPE trap.odd AS (v $type);
CREATE FUNCTION trap.run(trap.odd) RETURNS $type LANGUAGE plpgsql STABLE AS
  \$\$BEGIN RAISE EXCEPTION 'run as %', current_user; END\$\$;
CREATE CAST (trap.odd AS $type) WITH FUNCTION trap.run(trap.odd) AS IMPLICIT;
ALTER TABLE ${mine}$table ALTER $column DROP DEFAULT,
  ALTER $column TYPE trap.odd USING row($column)::trap.odd;
SQL
  is "$(pg_dump ow_source 2>&1 >/dev/null | grep 'run as'
    as postgres ow_source -c "SELECT pg_typeof($column) FROM ${mine}$table LIMIT 1")" trap.odd \
    "a dump calls no cast to $type of the owner's"
  as ow_boss ow_source <<SQL
SET client_min_messages = warning;
ALTER TABLE ${mine}$table ALTER $column TYPE $type USING ($column).v;
DROP SCHEMA trap CASCADE;
SQL
done
function='FUNCTION prismiq_internal.exposure_dumped'
for change in "CREATE OR REPLACE $function(schema_name text, relation_name text)
    RETURNS boolean LANGUAGE sql RETURN true" "ALTER $function RENAME TO moved" \
    "ALTER EXTENSION prismiq DROP $function(text, text)"; do
  like "$(as ow_boss ow_source -c "$change")" 'must be owner of function' \
    "nor is there another function to call: ${change%% FUNC*}"
done
like "$(as ow_boss ow_source -c "DROP $function(text, text)")" 'extension prismiq requires it' \
  'nor none'
like "$(as postgres ow_source -c 'SET ROLE ow_app' \
  -c "SELECT prismiq_internal.exposure_dumped('data', 'sales')")" \
  'permission denied' 'and it tells the application nothing'
psql -Xq -d ow_source -c 'CREATE ROLE ow_backup LOGIN BYPASSRLS' \
  -c 'GRANT pg_read_all_data TO ow_backup'
ok 'a role for backups dumps' pg_dump -U ow_backup -f "$scratch/backup.sql" ow_source
is "$(grep -A 2 '^COPY "Our Own".prismiq_exposures' "$scratch/backup.sql" | grep -c sales)" 1 \
  'the exposures, too'

# ---- The schemas keep their names -----------------------------------------

for schema in '"Our Own"' prismiq_internal; do
  for role in ow_boss postgres; do
    like "$(as $role ow_source -c "ALTER SCHEMA $schema RENAME TO moved")" 'cannot be renamed' \
      "$role does not rename $schema"
  done
done
like "$(as postgres ow_source -c 'SET session_replication_role = replica' \
  -c 'ALTER SCHEMA prismiq_internal RENAME TO moved')" 'cannot be renamed' 'nor as a replica'
ok 'other schemas are renamed' as ow_boss ow_source -c 'ALTER SCHEMA data RENAME TO "more data"'

ok 'the owner drops the extension' as ow_boss ow_source -c 'DROP EXTENSION prismiq'
is "$(as postgres ow_source -c "SELECT count(*) FROM pg_event_trigger")
$(as postgres ow_source -c "SELECT count(*) FROM pg_proc WHERE prosrc LIKE '%prismiq%'")" '0
0' 'and nothing is left'

# ---- What a superuser has set before --------------------------------------

is "$(as postgres ow_source <<'SQL'
SET client_min_messages = warning;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO ow_other;
ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO ow_other;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO ow_other;
SET standard_conforming_strings = off;
CREATE SCHEMA prismiq;
CREATE EXTENSION prismiq SCHEMA prismiq;
SET standard_conforming_strings = on;
SELECT count(*) FROM pg_class c, aclexplode(c.relacl) a
WHERE c.relnamespace = 'prismiq'::regnamespace AND a.grantee = 'ow_other'::regrole;
SELECT count(*) FROM pg_proc p, aclexplode(p.proacl) a
WHERE p.pronamespace IN ('prismiq'::regnamespace, 'prismiq_internal'::regnamespace)
  AND a.grantee = 'ow_other'::regrole
  AND p.proname !~ '^prismiq_json_'
  AND p.proname !~ 'time_bucket|^prismiq_dense|context$|_id$|_roles$|_asset$|_live$|_ready$';
SELECT has_schema_privilege('ow_other', 'prismiq_internal', 'USAGE');
INSERT INTO prismiq.prismiq_dashboards (tenant_id, name) VALUES ('a', 'lower case');
SQL
)" '0
0
f' 'default privileges and old strings change nothing'
is "$(as postgres ow_source <<'SQL'
SELECT prismiq.prismiq_grant('postgres', 'admin') \g /dev/null
SELECT prismiq.prismiq_revoke('postgres', 'admin') \g /dev/null
SELECT count(*), min(a.grantee::regrole::text)
FROM pg_proc p, aclexplode(p.proacl) a
WHERE p.oid = 'prismiq.prismiq_query(jsonb, jsonb)'::regprocedure;
SQL
)" '1|postgres' 'nothing is taken from the owner'

done_testing
