-- A definition that was compiled before is found as it was only while nothing that it was made
-- from has changed. Each case here is compiled until it is remembered; then something changes, and
-- what comes out is what comes out when nothing is remembered, and not what it was before.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
SELECT no_plan();
CREATE SCHEMA early;
CREATE SCHEMA kept;
CREATE ROLE kept_boss SUPERUSER;
CREATE ROLE kept_readers;
CREATE TABLE public.some ();
CREATE TYPE kept.mood AS ENUM ('low', 'high');
CREATE TABLE kept.notes (id int PRIMARY KEY, words text);
CREATE TABLE kept.days (id int PRIMARY KEY, state text, mood kept.mood, other int,
	note int REFERENCES kept.notes, at timestamptz);
CREATE TABLE kept.secrets (id int PRIMARY KEY, state text);
CREATE MATERIALIZED VIEW kept.seen AS SELECT 1 AS id, 'CA'::text AS state;
CREATE VIEW kept.shown AS SELECT id, words, id AS other FROM kept.notes;
INSERT INTO kept.notes VALUES (1, 'one'), (2, 'two');
INSERT INTO kept.days SELECT n, CASE n % 2 WHEN 0 THEN 'CA' ELSE 'NY' END, 'low', n, 1 + n % 2,
	timestamptz '2024-01-01' + n * interval '1 day' FROM generate_series(1, 10) n;
GRANT USAGE ON SCHEMA kept, early, public TO app_user, kept_readers;
GRANT SELECT ON kept.days, kept.notes, kept.seen, kept.shown TO app_user;
GRANT SELECT ON kept.secrets TO kept_readers;
GRANT kept_readers TO app_user;
SELECT FROM prismiq.prismiq_grant('kept_readers', 'app');
SELECT FROM prismiq.prismiq_grant('kept_boss', 'app');
SELECT count(prismiq.prismiq_expose(oid::regclass, shared => true)) AS n FROM pg_class
WHERE relnamespace = 'kept'::regnamespace AND relkind IN ('r', 'v', 'm') \gset
SELECT prismiq.prismiq_set_context('CA', 'ann', '{admin}', false) AS context \gset
SET kept.path = 'public, kept';

-- What compiling, or asking, comes to; as the application's role unless another is set.
CREATE FUNCTION public.outcome(definition jsonb, options jsonb DEFAULT '{}',
	asked bool DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN CASE WHEN asked THEN (prismiq.prismiq_query(definition, options)::jsonb
			- 'execution_time_ms')::text
		ELSE prismiq.prismiq_compile(definition, options)::text END;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;

-- How many definitions are remembered.
CREATE FUNCTION public.remembered() RETURNS int LANGUAGE sql AS $$
	SELECT coalesce((prismiq_internal.server_state() #>>
		'{caches,prismiq compiled definitions}')::int, 0)
$$;

-- The same by a role, along the path in kept.path; with nothing remembered, if so wanted.
CREATE FUNCTION public.by_role(role name, definition jsonb, options jsonb, asked bool,
	forgetful bool DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	before text := current_setting('prismiq.compiled_memory');
	result text;
BEGIN
	IF forgetful THEN
		PERFORM set_config('prismiq.compiled_memory', '0', true);
	END IF;
	EXECUTE format('SET LOCAL ROLE %I', role);
	EXECUTE 'SET LOCAL search_path = ' || current_setting('kept.path');
	result := public.outcome(definition, options, asked);
	SET LOCAL search_path = pg_catalog, public;
	RESET ROLE;
	PERFORM set_config('prismiq.compiled_memory', before, true);
	RETURN result;
END
$$;

-- A change that makes another outcome of a definition, of which all before came out the same and
-- one was remembered ("kept"), or none.
CREATE FUNCTION public.changes(change text, definition jsonb, description text,
	options jsonb DEFAULT '{}', role name DEFAULT 'app_user', asked bool DEFAULT false,
	kept int DEFAULT 1) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	before text := public.by_role(role, definition, options, asked, true);
	found text[];
	after text;
BEGIN
	-- Databases that other tests make and drop are changes too, and may come in between.
	FOR attempt IN 1 .. 5 LOOP
		ALTER TABLE public.some SET (fillfactor = 50);	-- nothing is remembered
		FOR n IN 1 .. 3 LOOP
			found := found || public.by_role(role, definition, options, asked);
		END LOOP;
		EXIT WHEN public.remembered() = kept;
	END LOOP;
	RETURN NEXT is(CASE WHEN before = ALL (found) AND before !~ '^.{5} '
		THEN public.remembered()::text ELSE before || E'\n' || found::text END, kept::text,
		description || ': as it was');
	EXECUTE change;
	after := public.by_role(role, definition, options, asked);
	RETURN NEXT is(after, public.by_role(role, definition, options, asked, true),
		description || ': as if nothing were remembered');
	RETURN NEXT isnt(after, before, description || ': and not as before');
END
$$;
GRANT EXECUTE ON FUNCTION public.outcome, public.remembered TO PUBLIC;

-- A definition of one table: "columns" by their names, conditions.
CREATE FUNCTION public.of_days(columns text DEFAULT 'id,other', rest jsonb DEFAULT '{}',
	relation text DEFAULT 'days') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('id', 'd', 'name',
			relation)),
		'columns', (SELECT jsonb_agg(jsonb_build_object('table_id', 'd', 'column', c))
			FROM unnest(string_to_array(columns, ',')) c)) || rest
$$;
CREATE FUNCTION public.where_days(name text, operator text, value jsonb) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('filters', jsonb_build_array(jsonb_build_object('table_id', 'd',
		'column', name, 'operator', operator, 'value', value)))
$$;
SELECT '{"tables": [{"id": "d", "name": "days"}, {"id": "n", "name": "notes"}],
	"columns": [{"table_id": "n", "column": "words"},
		{"table_id": "d", "column": "*", "aggregation": "count"}]}'::jsonb AS found_way,
	'{"tables": [{"id": "d", "name": "days"}, {"id": "n", "name": "notes"}],
	"joins": [{"from_table_id": "d", "from_column": "note", "to_table_id": "n",
		"to_column": "id"}],
	"columns": [{"table_id": "d", "column": "other", "aggregation": "sum"}],
	"fan_out": "error"}'::jsonb AS single \gset

-- ---- Relations -------------------------------------------------------------------------
SELECT changes('ALTER TABLE kept.days ALTER COLUMN other TYPE bigint',
	of_days(rest => where_days('other', 'gt', '5')), 'a column of another type');
SELECT changes('ALTER TABLE kept.days RENAME COLUMN other TO moved', of_days(),
	'a column of another name');
ALTER TABLE kept.days RENAME COLUMN moved TO other;
SELECT changes('ALTER TABLE kept.days RENAME TO nights', of_days(), 'a table of another name');
ALTER TABLE kept.nights RENAME TO days;
SELECT FROM prismiq.prismiq_expose('kept.days', shared => true);
SELECT changes('DROP TABLE kept.secrets; CREATE TABLE kept.secrets (id int, state text);
	GRANT SELECT ON kept.secrets TO kept_readers',
	of_days('id', relation => 'secrets'), 'a table that was made again');
SELECT FROM prismiq.prismiq_expose('kept.secrets', shared => true);
SELECT changes('ALTER TABLE kept.days SET SCHEMA early', of_days(),
	'a table in another schema');
ALTER TABLE early.days SET SCHEMA kept;
SELECT FROM prismiq.prismiq_expose('kept.days', shared => true);
SELECT changes('CREATE OR REPLACE VIEW kept.shown AS SELECT id, words, id AS other, 1 AS more
	FROM kept.notes; ALTER VIEW kept.shown RENAME COLUMN other TO changed',
	of_days(relation => 'shown'), 'a view that is another');
SELECT changes('REFRESH MATERIALIZED VIEW kept.seen WITH NO DATA',
	of_days('id', relation => 'seen'), 'a materialized view without its data');
SELECT changes('ALTER TABLE kept.days DROP CONSTRAINT days_note_fkey', :'found_way',
	'a foreign key that is gone');
ALTER TABLE kept.days ADD CONSTRAINT days_note_fkey FOREIGN KEY (note) REFERENCES kept.notes;
ALTER TABLE kept.days DROP CONSTRAINT days_note_fkey;
SELECT changes('ALTER TABLE kept.notes DROP CONSTRAINT notes_pkey', :'single',
	'a unique key that is gone');
ALTER TABLE kept.notes ADD PRIMARY KEY (id);

-- ---- Names -----------------------------------------------------------------------------
SELECT changes($$CREATE TABLE early.days (id bigint, other bigint);
	GRANT SELECT ON early.days TO app_user;
	SELECT FROM prismiq.prismiq_expose('early.days', shared => true);
	SET kept.path = 'public, early, kept'$$, of_days(), 'a search path with another table first');
DROP TABLE early.days;
SELECT changes($$CREATE TABLE early.days (id bigint, other bigint);
	GRANT SELECT ON early.days TO app_user;
	SELECT FROM prismiq.prismiq_expose('early.days', shared => true)$$, of_days(),
	'a table that came in front');
SELECT changes('DROP TABLE early.days', of_days(), 'and went away');
SET kept.path = 'public, kept';
CREATE TABLE early.days (id bigint, other bigint);
GRANT SELECT ON early.days TO app_user;
SELECT FROM prismiq.prismiq_expose('early.days', shared => true);
SELECT changes('SET prismiq.schema = early', of_days(), 'prismiq.schema');
RESET prismiq.schema;
DROP TABLE early.days;
SET kept.path = 'public, kept';
SET kept.path = 'early, pg_catalog, kept';
SELECT changes('CREATE DOMAIN early.text AS pg_catalog.int4',
	of_days(rest => where_days('state', 'eq', '"CA"')),
	'a type that came in front of the server''s');
DROP DOMAIN early.text;
SET kept.path = 'public, kept';
SELECT changes('ALTER TYPE kept.mood RENAME TO feeling',
	of_days('id', where_days('mood', 'eq', '"low"')), 'a type of another name');
SELECT changes('SET kept.path = ''public''; SET prismiq.schema = kept',
	of_days('id', where_days('mood', 'eq', '"low"')), 'a type that is out of the path');
RESET prismiq.schema;
SET kept.path = 'public, kept';

-- ---- Rights ----------------------------------------------------------------------------
SELECT changes('REVOKE SELECT ON kept.days FROM app_user', of_days(), 'a right that is gone');
SELECT changes('REVOKE SELECT ON kept.notes FROM app_user;
	GRANT SELECT (id) ON kept.notes TO app_user', of_days('id,words', relation => 'notes'),
	'a column that may not be read');
GRANT SELECT ON kept.days, kept.notes TO app_user;
GRANT SELECT (id, other) ON kept.days TO app_user;
REVOKE SELECT ON kept.days FROM app_user;
GRANT SELECT (id, other) ON kept.days TO app_user;
SELECT changes('REVOKE SELECT (other) ON kept.days FROM app_user', of_days(),
	'a right on a column that is gone');
GRANT SELECT ON kept.days TO app_user;
SELECT changes('REVOKE kept_readers FROM app_user', of_days('id', relation => 'secrets'),
	'a role that is no member any more');
GRANT kept_readers TO app_user;
-- Who inherits is said by the role up to 15, by each of its memberships from 16 on.
SELECT changes(CASE WHEN current_setting('server_version_num')::int < 160000
		THEN 'ALTER ROLE app_user NOINHERIT'
		ELSE 'GRANT kept_readers TO app_user WITH INHERIT FALSE' END,
	of_days('id', relation => 'secrets'), 'a role that inherits nothing');
ALTER ROLE app_user INHERIT;
REVOKE kept_readers FROM app_user;
GRANT kept_readers TO app_user;
SELECT changes('ALTER ROLE kept_boss NOSUPERUSER', of_days('id', relation => 'days'),
	'a superuser who is none any more', role => 'kept_boss');
SELECT changes('REVOKE USAGE ON SCHEMA kept FROM app_user;
	REVOKE USAGE ON SCHEMA kept FROM kept_readers',
	of_days(rest => '{"tables": [{"id": "d", "name": "days", "schema": "kept"}]}'),
	'a schema that may not be used');
GRANT USAGE ON SCHEMA kept TO app_user, kept_readers;
SELECT changes('CREATE POLICY few ON kept.days USING (id < 3);
	ALTER TABLE kept.days ENABLE ROW LEVEL SECURITY', of_days(), 'a policy', asked => true);
ALTER TABLE kept.days DISABLE ROW LEVEL SECURITY;
SELECT matches(by_role('kept_readers', of_days(), '{}', false), '^22023',
	'what one role has compiled is not another''s');

-- ---- Exposures, settings of the tenant, the model ------------------------------------------
SELECT changes($$SELECT FROM prismiq.prismiq_hide('kept.days')$$, of_days(), 'hidden');
SELECT FROM prismiq.prismiq_expose('kept.days', shared => true);
SELECT changes($$SELECT FROM prismiq.prismiq_expose('kept.days', tenant_column => 'state')$$,
	of_days(), 'of tenants by a column', asked => true);
SELECT changes($$SELECT prismiq.prismiq_set_context('NY', 'ann', '{admin}', false)$$,
	of_days(), 'another tenant', asked => true);
SELECT prismiq.prismiq_set_context('CA', 'ann', '{admin}', false) AS context \gset
SELECT changes($$UPDATE prismiq.prismiq_exposures SET tenant_column = NULL, tenant = 'NY'
	WHERE relation_name = 'days'$$, of_days(), 'another tenant''s');
SELECT FROM prismiq.prismiq_expose('kept.days', shared => true);
SELECT changes($$SELECT prismiq.prismiq_schema_config_set(
	'{"tables": {"days": {"columns": {"other": {"hidden": true}}}}}')$$, of_days(),
	'a column that the tenant hides');
SELECT prismiq.prismiq_schema_config_set('{"tables": {}}') AS config \gset
SELECT changes($$SELECT prismiq.prismiq_schema_config_set(
	'{"tables": {"days": {"columns": {"other": {"display_name": "Else"}}}}}')$$, of_days(),
	'a name that the tenant gives');
SELECT changes($$SELECT prismiq.prismiq_schema_config_set('{"timezone": "Asia/Tokyo"}')$$,
	of_days(rest => where_days('at', 'gte', '"2024-01-05"')), 'the tenant''s zone');
SELECT prismiq.prismiq_model_set('{"measures": {"total": {"table": "days", "column": "other",
	"aggregation": "sum"}}}') AS model \gset
SELECT changes($$SELECT prismiq.prismiq_model_set('{"measures": {"total": {"table": "days",
	"column": "other", "aggregation": "max"}}}')$$,
	of_days('id') || '{"columns": [{"measure": "total"}]}', 'a measure of the model');
SELECT prismiq.prismiq_model_set('{}') AS model \gset

-- ---- Types, operators, functions -------------------------------------------------------------
SELECT changes('ALTER TYPE kept.feeling RENAME VALUE ''low'' TO ''lower''',
	of_days('id', where_days('mood', 'eq', '"low"')), 'a label that is another');
CREATE TABLE kept.boxes (id int, edges box);
GRANT SELECT ON kept.boxes TO app_user;
SELECT FROM prismiq.prismiq_expose('kept.boxes', shared => true);
CREATE FUNCTION kept.compared(box, box) RETURNS int LANGUAGE sql
	AS 'SELECT btfloat8cmp(area($1), area($2))';
CREATE OPERATOR CLASS kept.box_ops DEFAULT FOR TYPE box USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 kept.compared(box, box);
SELECT changes('DROP OPERATOR CLASS kept.box_ops USING btree', of_days('edges') ||
	'{"tables": [{"id": "d", "name": "boxes"}], "columns": [{"table_id": "d", "column": "edges",
		"aggregation": "count_distinct"}]}', 'an operator class that is gone');
CREATE DOMAIN kept.place AS text;
ALTER TABLE kept.days ALTER COLUMN state TYPE kept.place;
SELECT changes('ALTER DOMAIN kept.place RENAME TO spot',
	of_days('state'), 'a domain of another name');

-- ---- Settings --------------------------------------------------------------------------------
SELECT changes('SET timezone = ''Europe/Berlin''',
	of_days('id', where_days('at', 'gte', '"2024-01-05"')), 'the session''s zone');
RESET timezone;
SELECT changes('SET prismiq.fiscal_year_start_month = 4',
	of_days('id', where_days('at', 'date_preset', '"this_year"')), 'the fiscal year');
RESET prismiq.fiscal_year_start_month;
SELECT changes('SET prismiq.max_columns = 1', of_days(), 'fewer columns');
RESET prismiq.max_columns;
SELECT changes('SET prismiq.max_nesting = 1', of_days(rest => '{"filters": [{"or": [{"or": [
	{"table_id": "d", "column": "id", "operator": "eq", "value": 1}]}]}]}'), 'less nesting');
RESET prismiq.max_nesting;
SELECT changes('SET prismiq.max_list_values = 1',
	of_days('id', where_days('id', 'in', '[1, 2]')), 'shorter lists');
RESET prismiq.max_list_values;
SELECT changes('SET quote_all_identifiers = on', of_days(), 'all names quoted');
RESET quote_all_identifiers;
SELECT of_days() || '{"columns": [{"table_id": "d", "column": "state"},
		{"table_id": "d", "column": "*", "aggregation": "count"}],
	"time_series": {"table_id": "d", "date_column": "at", "interval": "day", "fill": "value",
		"range": {"start": "2024-01-01", "end": "2024-12-31"}}}' AS filled \gset
SELECT changes('SET prismiq.dense = off', :'filled', 'no dense aggregates');
RESET prismiq.dense;
SET hash_mem_multiplier = 1;
SELECT changes('SET work_mem = ''64kB''', :'filled', 'less memory for hash tables');
SET work_mem = '4MB';
INSERT INTO kept.days (id, state) SELECT n, 'state ' || n FROM generate_series(1001, 3000) n;
SELECT changes('ANALYZE kept.days', :'filled', 'statistics');
RESET work_mem;
RESET hash_mem_multiplier;
SELECT isnt(outcome(of_days(), '{"timezone": "UTC"}', true),
	outcome(of_days(), '{"limit": 1}', true), 'other options');

-- ---- What is read with a snapshot --------------------------------------------------------------
SELECT changes('INSERT INTO kept.days (id, at) VALUES (99, ''2024-02-01'')',
	of_days('id') || '{"columns": [{"table_id": "d", "column": "*", "aggregation": "count"}],
	"time_series": {"table_id": "d", "date_column": "at", "interval": "auto"}}',
	'the range of a series', asked => true, kept => 0);
SELECT changes('INSERT INTO kept.days (id, state) VALUES (100, ''TX'')',
	of_days('id') || '{"columns": [{"table_id": "d", "column": "mood"},
	{"table_id": "d", "column": "state"}, {"table_id": "d", "column": "*",
	"aggregation": "count", "alias": "n"}], "pivot": {"column": "state", "value": "n"}}',
	'the values of a pivot', asked => true, kept => 0);
SELECT prismiq.prismiq_saved_query_create(jsonb_build_object('name', 'Saved', 'query',
	of_days())) ->> 'id' AS saved \gset
SELECT changes(format('SELECT prismiq.prismiq_saved_query_update(%L, %L)', :'saved',
		jsonb_build_object('query', of_days('id'))),
	jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('id', 's',
		'saved_query', :'saved')), 'columns', '[{"table_id": "s", "column": "other"}]'::jsonb),
	'a saved query', kept => 0);

SELECT * FROM finish();
ROLLBACK;
