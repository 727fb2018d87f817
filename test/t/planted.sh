#!/bin/bash
# What the owner of the target schema has planted there is never ours: neither
# while the extension is installed nor afterwards. Operators and functions of
# the names that the install script uses, with the argument types that would
# win over pg_catalog's or over ours, stand ready before CREATE EXTENSION; each
# raises when it is called.
. "$TEST_DIR/lib/tap.sh"

export PGDATABASE=planted_$$
trap 'dropdb --force "$PGDATABASE"; dropuser planter; dropuser --if-exists "$PGDATABASE"' EXIT
createdb "$PGDATABASE"
createuser planter

script=$("$PG_CONFIG" --sharedir)/extension/prismiq--$(sed -n \
  "s/^default_version *= *'\(.*\)'/\1/p" "$TEST_DIR/../tree/prismiq.control").sql

like "$(head -n 2 "$script" | tail -n 1)" '^SET LOCAL search_path = pg_catalog, pg_temp;$' \
  'the install script begins with its search path'

ok 'a hostile schema' psql -Xq -v ON_ERROR_STOP=1 -v script="$script" <<'SQL'
-- Our own functions, from an installation that is undone.
CREATE SCHEMA probe;
CREATE EXTENSION prismiq SCHEMA probe;
CREATE TABLE public.own AS
SELECT p.proname, ARRAY(SELECT unnest(p.proargtypes)) AS args
FROM pg_proc p WHERE p.pronamespace = 'probe'::regnamespace;
DROP EXTENSION prismiq;
DROP SCHEMA probe;

CREATE TABLE public.script AS SELECT pg_read_file(:'script') AS text;
GRANT SELECT ON public.own, public.script TO planter;
CREATE SCHEMA planted AUTHORIZATION planter;
GRANT USAGE ON SCHEMA planted TO PUBLIC;

SET ROLE planter;
SET check_function_bodies = off;
CREATE FUNCTION pg_temp.plant(name text, args text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format($f$CREATE FUNCTION planted.%I(%s) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
		AS 'BEGIN RAISE EXCEPTION ''planted code was called''; END'$f$, name, args);
END
$$;

CREATE TEMP TABLE types (type regtype, common boolean);
INSERT INTO types VALUES ('text', true), ('varchar', true), ('name', true), ('jsonb', true),
	('integer', true), ('bigint', true), ('uuid', true), ('text[]', true), ('boolean', false),
	('numeric', false), ('timestamptz', false), ('interval', false), ('regclass', false),
	('oid', false), ('xid', false), ('name[]', false), ('"char"', false), ('bpchar', false);

-- Operators: each that the script may use, for each pair of types; prefix operators too.
SELECT count(pg_temp.plant('trap', l.type || ', ' || r.type)) AS pairs
FROM types l, types r \gset
SELECT pg_temp.plant('trap', type::text) FROM types \g /dev/null
DO $$
DECLARE
	planted text;
BEGIN
	FOR planted IN
		SELECT format('CREATE OPERATOR planted.%s (FUNCTION = planted.trap, %sRIGHTARG = %s)',
					  o.oprname, coalesce('LEFTARG = ' || l.type || ', ', ''), r.type)
		FROM (SELECT DISTINCT oprname, oprkind FROM pg_operator, public.script s
			  WHERE strpos(s.text, oprname) > 0) o
		CROSS JOIN types r
		LEFT JOIN types l ON o.oprkind = 'b'
	LOOP
		EXECUTE planted;
	END LOOP;
END
$$;

-- Functions of pg_catalog: with one or two arguments of any kind, and their own with one of them
-- exchanged.
WITH names AS (
	SELECT DISTINCT p.proname
	FROM public.script s, regexp_matches(s.text, '\m([a-z_][a-z0-9_]*)\s*\(', 'g') AS m (word)
	JOIN pg_proc p ON p.proname = m.word[1] AND p.pronamespace = 'pg_catalog'::regnamespace),
signatures AS (
	SELECT n.proname, t.type::text AS args FROM names n, types t
	UNION
	SELECT n.proname, l.type || ', ' || r.type FROM names n, types l, types r
	WHERE l.common AND r.common
	UNION
	SELECT n.proname, concat_ws(', ', t.type, t.type, t.type) FROM names n, types t
	UNION
	SELECT n.proname, string_agg((CASE a.place WHEN x.place THEN t.type
									 ELSE a.type END)::regtype::text, ', ' ORDER BY a.place)
	FROM names n
	JOIN pg_proc p ON p.proname = n.proname AND p.pronargs BETWEEN 3 AND 4
	CROSS JOIN types t
	CROSS JOIN generate_series(1, p.pronargs) AS x (place)
	CROSS JOIN LATERAL unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a (type, place)
	WHERE t.common AND 'internal'::regtype <> ALL (p.proargtypes::oid[])
	  AND NOT EXISTS (SELECT FROM unnest(p.proargtypes::oid[]) t
					  WHERE format_type(t, NULL) ~ '"any"|cstring|any')
	GROUP BY n.proname, p.oid, t.type, x.place)
SELECT count(pg_temp.plant(s.proname, s.args)) AS functions FROM signatures s \gset

-- Our own: with text (which literals prefer) or another type in the place of one argument. One
-- that is shorter by what has a default is ambiguous, and an error: nobody takes it for ours.
WITH candidates AS (
	SELECT o.proname, o.args[1:n] || t || o.args[n + 2:] AS args
	FROM public.own o, generate_series(0, cardinality(o.args) - 1) AS n,
		 unnest(ARRAY['text', 'varchar', 'name', 'jsonb', 'bigint']::regtype[]::oid[]) AS t
	UNION
	SELECT o.proname,
		   o.args[1:n] || array_fill('text'::regtype::oid, ARRAY[cardinality(o.args) - n])
	FROM public.own o, generate_series(0, cardinality(o.args) - 1) AS n)
SELECT count(pg_temp.plant(c.proname, (
		SELECT coalesce(string_agg(format_type(t, NULL), ', ' ORDER BY place), '')
		FROM unnest(c.args) WITH ORDINALITY AS a (t, place)))) AS own
FROM candidates c
WHERE NOT EXISTS (SELECT FROM public.own o WHERE o.proname = c.proname AND o.args = c.args)
  AND NOT EXISTS (SELECT FROM unnest(c.args) AS t WHERE format_type(t, NULL) ~ 'probe|-|"any"|\?')
\gset
RESET ROLE;

SELECT :pairs >= 300 AND :functions >= 3000 AND :own >= 200 AND count(*) >= 5000 AS enough
FROM pg_operator WHERE oprnamespace = 'planted'::regnamespace \gset
\if :enough
\else
	\warn too little is planted
	\quit 3
\endif
SQL

ok 'the extension is installed there' psql -Xq -v ON_ERROR_STOP=1 \
  -c 'CREATE EXTENSION prismiq SCHEMA planted'

# Whatever belongs to the extension, or to a part of it, and points at what does not.
is "$(psql -XAtq <<'SQL'
WITH planted AS (
	SELECT 'pg_proc'::regclass AS class, oid FROM pg_proc
	WHERE pronamespace = 'planted'::regnamespace
	UNION ALL
	SELECT 'pg_operator'::regclass, oid FROM pg_operator
	WHERE oprnamespace = 'planted'::regnamespace
	EXCEPT
	SELECT classid, objid FROM pg_depend WHERE deptype = 'e')
SELECT pg_describe_object(d.classid, d.objid, d.objsubid), 'uses',
	   pg_describe_object(d.refclassid, d.refobjid, 0)
FROM pg_depend d
JOIN planted p ON p.class = d.refclassid AND p.oid = d.refobjid
WHERE NOT EXISTS (SELECT FROM planted q WHERE q.class = d.classid AND q.oid = d.objid)
SQL
)" '' 'nothing of the extension refers to what was planted'

is "$(psql -XAtq <<'SQL'
SELECT pg_describe_object(d.classid, d.objid, 0)
FROM pg_depend d
JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'prismiq'
CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) o
WHERE d.deptype = 'e' AND o.schema NOT IN ('planted', 'prismiq_internal')
SQL
)" '' 'all that the extension made is in its schemas'

# Every call has all its arguments, of their own types: what the caller writes
# is the caller's own affair.
answer=$(psql -XAtq -v ON_ERROR_STOP=1 2>&1 <<'SQL'
CREATE ROLE :"DBNAME" NOLOGIN;
CREATE SCHEMA data;
CREATE TABLE data.sales (org text NOT NULL, at timestamptz NOT NULL, amount numeric);
INSERT INTO data.sales VALUES ('a', '2024-01-01 10:00Z', 1.5), ('a', '2024-01-03 10:00Z', 2.5),
	('b', '2024-01-02 10:00Z', 100);
GRANT USAGE ON SCHEMA data TO :"DBNAME";
GRANT SELECT ON data.sales TO :"DBNAME";
SELECT planted.prismiq_expose_schema('data'::name, 'org'::name);
SELECT planted.prismiq_hide('data.sales'::regclass);
SELECT planted.prismiq_expose('data.sales'::regclass, 'org'::name, 'at'::name, false, NULL::text);
SELECT planted.prismiq_exposed() -> 0 ->> 'relation';
SELECT planted.prismiq_grant(:'DBNAME'::name, 'admin'::text);
CREATE TABLE data.gone (org text);
SELECT planted.prismiq_expose('data.gone'::regclass, 'org'::name, NULL::name, false, NULL::text);
DROP TABLE data.gone;

SET ROLE :"DBNAME";
SELECT planted.prismiq_set_context('a'::text, 'ann'::text, '{admin}'::text[], false) \g /dev/null
INSERT INTO planted.prismiq_dashboards (name, allowed_editors) VALUES ('plain', '{bob}');
UPDATE planted.prismiq_dashboards SET name = 'plainer', layout = '{"columns": 10}',
	is_public = true, owner_id = 'ann';
INSERT INTO planted.prismiq_widgets (dashboard_id, type)
SELECT id, 'text' FROM planted.prismiq_dashboards;
UPDATE planted.prismiq_widgets SET title = 'x', position = '{"x": 1, "y": 1, "w": 1, "h": 1}';
INSERT INTO planted.prismiq_schema_config (config) VALUES ('{}');
SELECT planted.prismiq_schema_config_set('{"timezone": "Europe/Berlin"}'::jsonb);
SELECT planted.prismiq_schema_config();

SELECT planted.prismiq_saved_query_create('{"name": "S", "query": {
	"tables": [{"id": "s", "name": "sales"}],
	"columns": [{"table_id": "s", "column": "amount"}]}}'::jsonb) ->> 'id' AS saved \gset
SELECT planted.prismiq_saved_query_update(:'saved'::uuid,
	'{"is_shared": true, "version": 1}'::jsonb) ->> 'version';
SELECT planted.prismiq_saved_query_list('{"search": "s"}'::jsonb) -> 0 ->> 'name';
SELECT planted.prismiq_dashboard_create(format('{"name": "D", "is_default": true,
	"timezone": "Europe/Berlin", "widgets": [
	{"type": "table", "title": "T", "saved_query_id": "%s"}, {"type": "text"}]}',
	:'saved')::jsonb) AS d \gset
SELECT :'d'::jsonb ->> 'id' AS d, :'d'::jsonb -> 'widgets' -> 0 ->> 'id' AS w \gset
SELECT planted.prismiq_dashboard_update(:'d'::uuid, '{"is_default": true, "layout":
	{"columns": 11}, "timezone": "UTC", "widgets": [{"type": "text"}]}'::jsonb) ->> 'version';
SELECT planted.prismiq_widget_add(:'d'::uuid, format(
	'{"type": "table", "saved_query_id": "%s"}', :'saved')::jsonb) ->> 'id' AS w \gset
SELECT planted.prismiq_widget_update(:'w'::uuid, '{"title": "U", "version": 1}'::jsonb)
	->> 'title';
SELECT planted.prismiq_layout_update(:'d'::uuid,
	format('[{"id": "%s", "x": 0, "y": 9, "w": 3, "h": 2}]', :'w')::jsonb) ->> 'name';
SELECT planted.prismiq_dashboard_list('{"search": "d", "sort": "-name", "page": 1}'::jsonb)
	-> 0 ->> 'widget_count';
SELECT planted.prismiq_widget_data(:'w'::uuid, '{}'::jsonb, '{}'::jsonb) ->> 'rows';
SELECT d.value ->> 'row_count'
FROM json_each(planted.prismiq_dashboard_data(:'d'::uuid, '{}'::jsonb, '{}'::jsonb)) d
ORDER BY 1 DESC LIMIT 1;
SELECT planted.prismiq_query('{"tables": [{"id": "s", "name": "sales"}],
	"columns": [{"table_id": "s", "column": "amount", "aggregation": "sum"}],
	"filters": [{"table_id": "s", "column": "org", "operator": "neq", "value": "b"}]}'::jsonb,
	'{}'::jsonb) ->> 'rows';
SELECT planted.prismiq_query('{"tables": [{"id": "s", "name": "sales"}],
	"columns": [{"table_id": "s", "column": "*", "aggregation": "count"}],
	"time_series": {"table_id": "s", "date_column": "at", "interval": "day", "timezone": "UTC",
		"range": {"start": "2024-01-01", "end": "2024-01-04"}}}'::jsonb, '{}'::jsonb)
	->> 'row_count';
SELECT planted.prismiq_widget_delete(:'w'::uuid);
SELECT planted.prismiq_dashboard_delete(:'d'::uuid);
SELECT planted.prismiq_saved_query_delete(:'saved'::uuid);
DELETE FROM planted.prismiq_dashboards;
DELETE FROM planted.prismiq_schema_config;
RESET ROLE;
SELECT count(*) FROM planted.prismiq_exposures;
SQL
)
is "$answer" '1
t

data.sales


{"timezone": "Europe/Berlin"}
{"timezone": "Europe/Berlin"}
2
S
2
U
D
2
[[1.5],[2.5]]
2
[[4.0]]
4
t
t
t
1' 'dashboards, queries, exposures: nothing that was planted is called'

done_testing
