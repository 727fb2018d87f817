#!/bin/bash
# A database with dashboards, widgets, saved queries, settings, exposures and
# grants is dumped and restored: nothing lost, nothing changed, and what worked
# works.
. "$TEST_DIR/lib/tap.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; for d in dr_source dr_custom dr_plain; do
  dropdb --if-exists --force $d; done' EXIT

run()
{
  psql -XAtq -v ON_ERROR_STOP=1 -d "$1" 2>&1
}

# Every row that the extension asks pg_dump for, and how many, as text.
rows_of()
{
  psql -XAtq -d "$1" <<'SQL'
SELECT format($$SELECT %L, count(*), md5(string_agg(t::text, E'\n' ORDER BY t::text))
				 FROM %s t %s$$, c.oid::regclass, c.oid::regclass, condition)
FROM pg_extension x, unnest(x.extconfig, x.extcondition) AS config (relation, condition)
JOIN pg_class c ON c.oid = config.relation
WHERE x.extname = 'prismiq' AND c.relkind = 'r'
ORDER BY c.relname \gexec
SQL
}

# What a user of a tenant sees: the answers that matter most.
seen()
{
  psql -XAtq -d "$1" <<'SQL' 2>&1
SET ROLE app_user;
SET search_path = prismiq, public;
SET prismiq.tenant_id = 'CA';
SET prismiq.user_id = 'alice';
SET prismiq.roles = 'analyst';
SELECT prismiq_dashboard_list() - 'execution_time_ms';
SELECT prismiq_dashboard_get(id) FROM prismiq_dashboards ORDER BY name;
SELECT prismiq_saved_query_list();
SELECT prismiq_schema_config();
SET prismiq.tenant_id = 'TX';
SELECT prismiq_dashboard_list() - 'execution_time_ms';
RESET ROLE;
SELECT prismiq_exposed();
SQL
}

createdb -T "$TEMPLATE" dr_source
ok 'a database is filled' run dr_source <<'SQL'
CREATE TABLE public.gone (tenant text);
CREATE SCHEMA "My Data";
CREATE TABLE "My Data"."Odd.Name" (tenant text, at timestamptz);
SELECT prismiq.prismiq_expose('"My Data"."Odd.Name"', tenant_column => 'tenant',
							  time_column => 'at');
SELECT prismiq.prismiq_expose('public.gone', tenant_column => 'tenant');
DROP TABLE public.gone;
SET ROLE app_user;
SET search_path = prismiq, public;
SET prismiq.tenant_id = 'CA';
SET prismiq.user_id = 'alice';
SET prismiq.roles = 'admin';
SELECT prismiq_dashboard_create('{"name": "First", "is_default": true, "is_public": true,
	"allowed_viewers": ["bob"], "timezone": "America/Los_Angeles",
	"filters": [{"id": "p", "type": "date_range", "label": "P", "field": "departed_at"}],
	"widgets": [
		{"type": "table", "title": "Ta''ble \" \\ 🛫", "position": {"x": 0, "y": 0, "w": 6, "h": 3},
		 "query": {"tables": [{"id": "f", "name": "flights"}],
				   "columns": [{"table_id": "f", "column": "delay", "aggregation": "avg"}],
				   "filters": [{"table_id": "f", "column": "delay", "operator": "gt",
								"value": 1.50}]}},
		{"type": "text", "title": "Note", "position": {"x": 6, "y": 0, "w": 6, "h": 3},
		 "config": {"content": "**bold**"}}]}') \g /dev/null
SELECT prismiq_dashboard_create('{"name": "Second"}') ->> 'id' AS second \gset
SELECT prismiq_dashboard_update(:'second', '{"description": "changed once"}') \g /dev/null
SELECT prismiq_saved_query_create('{"name": "Late", "is_shared": true,
	"query": {"tables": [{"id": "f", "name": "flights"}],
			  "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}}') \g /dev/null
SELECT prismiq_schema_config_set('{"timezone": "America/Los_Angeles"}') \g /dev/null
SET prismiq.tenant_id = 'TX';
SET prismiq.user_id = 'tom';
SELECT prismiq_dashboard_create('{"name": "First"}') \g /dev/null
-- What no user could write now: limits and rights do not decide what comes back.
RESET ROLE;
RESET prismiq.tenant_id;
RESET prismiq.user_id;
RESET prismiq.roles;
INSERT INTO prismiq_dashboards (tenant_id, name, owner_id, created_by)
SELECT 'NY', 'many ' || i, 'ned', CASE WHEN i % 2 = 0 THEN 'ned' END FROM generate_series(1, 60) i;
INSERT INTO prismiq_saved_queries (tenant_id, name, owner_id, query)
SELECT 'NY', 'large', 'nell', jsonb_build_object(
	'tables', '[{"id": "f", "name": "flights"}]'::jsonb,
	'columns', '[{"table_id": "f", "column": "delay"}]'::jsonb,
	'filters', jsonb_agg(jsonb_build_object('table_id', 'f', 'column', 'origin',
											'operator', 'eq', 'value', repeat('x', 20000))))
FROM generate_series(1, 100);
INSERT INTO prismiq_saved_queries (tenant_id, name, owner_id, sql)
VALUES ('NY', 'sql', 'nell', 'SELECT 1');
INSERT INTO prismiq_widgets (tenant_id, dashboard_id, type, saved_query_id)
SELECT 'NY', d.id, 'table', q.id
FROM prismiq_dashboards d, prismiq_saved_queries q, generate_series(1, 40)
WHERE d.name = 'many 1' AND q.name = 'large';
SQL

before=$(rows_of dr_source)
seen_before=$(seen dr_source)
for table in dashboards widgets saved_queries schema_config exposures grants; do
  like "$before" "prismiq_$table\|[1-9]" "prismiq_$table is dumped, and has rows"
done
like "$seen_before" '"name": "Second"' 'a user sees a dashboard'
is "$(grep -c ERROR <<<"$seen_before")" 0 'nothing of it is an error'

ok 'pg_dump, custom format' pg_dump -Fc -f "$scratch/dump" dr_source
createdb dr_custom
ok 'pg_restore' pg_restore --exit-on-error -d dr_custom "$scratch/dump"
is "$(rows_of dr_custom)" "$before" 'custom format: the same rows'
is "$(seen dr_custom)" "$seen_before" 'custom format: the same answers'

ok 'pg_dump, plain' pg_dump -f "$scratch/dump.sql" dr_source
createdb dr_plain
ok 'psql' psql -Xq -v ON_ERROR_STOP=1 -d dr_plain -f "$scratch/dump.sql"
is "$(rows_of dr_plain)" "$before" 'plain: the same rows'
is "$(seen dr_plain)" "$seen_before" 'plain: the same answers'

done_testing
