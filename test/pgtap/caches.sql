-- What a backend remembers of the catalogs and of tenants' settings is bounded, and what is no
-- longer true is given back before the transaction ends.
BEGIN;
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SELECT plan(7);

-- What the backend has in memory of ours.
CREATE FUNCTION pg_temp.caches(OUT contexts int, OUT bytes int) LANGUAGE sql AS $$
	SELECT count(*)::int, sum(total_bytes)::int
	FROM pg_backend_memory_contexts WHERE name LIKE 'prismiq%'
$$;

-- Change something and look, so many times; returns the last that was seen.
CREATE FUNCTION pg_temp.repeat(times int, change text, look text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	seen text;
BEGIN
	FOR n IN 1 .. times LOOP
		EXECUTE format(change, n);
		EXECUTE look INTO seen;
	END LOOP;
	RETURN seen;
END
$$;

SELECT FROM prismiq.prismiq_set_context('CA', 'ann', '{admin}');
\set look 'SELECT prismiq.prismiq_table(''airports'') ->> ''display_name'''
CREATE FUNCTION pg_temp.compiled() RETURNS text LANGUAGE sql AS $$
	SELECT prismiq.prismiq_compile('{"tables": [{"id": "a", "name": "airports"}],
		"columns": [{"table_id": "a", "column": "state"},
			{"table_id": "a", "column": "latitude", "aggregation": "median"}]}') ->> 'sql'
$$;
\set compile 'SELECT pg_temp.compiled()'

SELECT is(pg_temp.repeat(1, 'SELECT %s', :'look'), 'Airports', 'a table as it is called');
SELECT pg_temp.repeat(1, 'SELECT %s', :'compile') AS wanted \gset
SELECT contexts, bytes FROM pg_temp.caches() \gset

SELECT is(pg_temp.repeat(200, $$SELECT prismiq.prismiq_schema_config_set(
		'{"tables": {"airports": {"display_name": "name %s"}}}')$$, :'look'), 'name 200',
	'a tenant changes its settings again and again');
SELECT cmp_ok((SELECT c.contexts FROM pg_temp.caches() c), '<=', :contexts + 1,
	'and nothing is left of those before');
SELECT is(pg_temp.repeat(600, $$SELECT prismiq.prismiq_set_context('tenant %s')$$, :'look'),
	'Airports', 'one tenant after the other');
SELECT cmp_ok((SELECT c.bytes FROM pg_temp.caches() c), '<', :bytes + 500000,
	'and not all are remembered');

SELECT is(pg_temp.repeat(200, 'CREATE OR REPLACE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql'
		' AS ''SELECT %s''', :'compile'), :'wanted', 'functions change while one compiles');
SELECT cmp_ok((SELECT c.contexts FROM pg_temp.caches() c), '<=', :contexts + 1,
	'and nothing is left of what was known before');

SELECT * FROM finish();
ROLLBACK;
