-- Nothing that a caller writes is left behind in the backend's catalog caches:
-- the system caches keep an entry for every name that they were asked for in
-- vain, for as long as the session lasts.
\set ON_ERROR_STOP on
SET client_min_messages = error;
\getenv dir TEST_DIR
\set odd :dir /fuzz/odd.sql
\i :odd
GRANT EXECUTE ON FUNCTION pg_get_backend_memory_contexts() TO app_user;
SET prismiq.tenant_id = 'CA';
SET search_path = prismiq, public;
SELECT no_plan();

-- Texts that nothing is called, others with each call, as many as make one call large.
CREATE SEQUENCE pg_temp.calls;
GRANT USAGE ON SEQUENCE pg_temp.calls TO app_user;
CREATE FUNCTION pg_temp.strange(many integer) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('unknown_%s_%s_%s', call, n, repeat('x', 24))
	FROM nextval('pg_temp.calls') AS call, generate_series(1, many) AS n
$$;

-- Groups of conditions of at most 900, made by a pattern with the text in it.
CREATE FUNCTION pg_temp.conditions(pattern text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('and', members))
	FROM (SELECT jsonb_agg(format(pattern, s)::jsonb) AS members
		FROM (SELECT s, row_number() OVER () / 900 AS part FROM pg_temp.strange(2000) AS s) AS x
		GROUP BY part) AS y
$$;
CREATE FUNCTION pg_temp.of(name text, rest jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('id', 'o', 'name',
		name)),
		'columns', '[{"table_id": "o", "column": "id"}]'::jsonb) || rest
$$;
CREATE FUNCTION pg_temp.filtered(name text, pattern text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.of(name, jsonb_build_object('filters', pg_temp.conditions(pattern)))
$$;

-- How much the caches grow by ten of the calls, after a few that fill what is kept for good.
CREATE FUNCTION pg_temp.growth(call text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint;
	after bigint;
BEGIN
	FOR i IN 1 .. 13 LOOP
		IF i = 4 THEN
			SELECT sum(used_bytes) INTO before FROM pg_get_backend_memory_contexts()
			WHERE name = 'CacheMemoryContext';
		END IF;
		BEGIN
			EXECUTE call;
		EXCEPTION WHEN OTHERS THEN
			NULL;
		END;
	END LOOP;
	SELECT sum(used_bytes) INTO after FROM pg_get_backend_memory_contexts()
	WHERE name = 'CacheMemoryContext';
	RETURN after - before;
END
$$;

-- A hundred kilobytes are some thousand names, and each of the ten calls has twice as many.
CREATE FUNCTION pg_temp.leaves_nothing(what text, call text) RETURNS text LANGUAGE sql AS $$
	SELECT cmp_ok(pg_temp.growth(call), '<', 131072::bigint, what)
$$;

SET ROLE app_user;
SELECT pg_temp.leaves_nothing(what, format('SELECT prismiq_query(pg_temp.filtered(%L, %L))', name,
	pattern))
FROM (VALUES
	('columns', 'texts', '{"table_id": "o", "column": "%s", "operator": "is_null"}'),
	('labels of an enum', 'texts', '{"table_id": "o", "column": "e", "operator": "eq",
		"value": "%s"}'),
	('labels in a list', 'texts', '{"table_id": "o", "column": "l", "operator": "in",
		"value": ["%s"]}'),
	('labels in an array', 'texts',
		'{"table_id": "o", "column": "ea", "operator": "eq", "value": "{%s}"}'),
	('labels in a domain', 'texts',
		'{"table_id": "o", "column": "ed", "operator": "eq", "value": "{ok,%s}"}'),
	('labels of an array', 'texts',
		'{"table_id": "o", "column": "ea", "operator": "array_contains", "value": "%s"}'),
	('labels in a range', 'texts',
		'{"table_id": "o", "column": "er", "operator": "eq", "value": "[%s,%1$s)"}'),
	('names in a row', 'others',
		'{"table_id": "o", "column": "pn", "operator": "eq", "value": "(%s,ok)"}'),
	('relations', 'others', '{"table_id": "o", "column": "rc", "operator": "eq", "value": "%s"}'),
	('relations in an array', 'others',
		'{"table_id": "o", "column": "ra", "operator": "eq", "value": "{%s}"}'),
	('roles', 'others', '{"table_id": "o", "column": "rr", "operator": "eq", "value": "%s"}'),
	('types', 'others', '{"table_id": "o", "column": "rt", "operator": "eq", "value": "%s"}'),
	('roles in rights', 'others',
		'{"table_id": "o", "column": "ac", "operator": "eq", "value": "%s=r/%1$s"}'),
	('ids of tables', 'texts', '{"table_id": "%s", "column": "e", "operator": "is_null"}'),
	('operators', 'texts', '{"table_id": "o", "column": "e", "operator": "%s", "value": 1}'))
	v (what, name, pattern);

SELECT pg_temp.leaves_nothing(what, format('SELECT prismiq_query(pg_temp.of(''texts'',
	jsonb_build_object(%L, (SELECT jsonb_agg(format(%L, s)::jsonb) FROM pg_temp.strange(300) AS
		s))))',
	key, pattern))
FROM (VALUES
	('columns of the answer', 'columns', '{"table_id": "o", "column": "%s"}'),
	('columns that are aggregated', 'columns',
		'{"table_id": "o", "column": "id", "aggregation": "last", "args": {"order_by": "%s"}}'),
	('columns of group_by', 'group_by', '{"table_id": "o", "column": "%s"}'),
	('columns of order_by', 'order_by', '{"table_id": "o", "column": "%s"}'),
	('columns of expressions', 'calculated_fields', '{"name": "%s",
		"expression": "[%1$s] + [o.%1$s]"}'),
	('functions of expressions', 'calculated_fields', '{"name": "%s", "expression": "%1$s([e])"}'),
	('labels in expressions', 'calculated_fields', '{"name": "%s",
		"expression": "[e] = \"%1$s\""}'),
	('columns of joins', 'joins', '{"from_table_id": "o", "from_column": "%s", "to_table_id": "o",
		"to_column": "%1$s"}'),
	('functions of windows', 'windows', '{"alias": "w", "function": "%s", "of": "%1$s"}'),
	('types of parameters', 'params', '{"name": "%s", "type": "%1$s"}'),
	('tables', 'tables', '{"id": "%s", "name": "%1$s"}'),
	('schemas', 'tables', '{"id": "%s", "name": "%1$s", "schema": "%1$s"}')) v (what, key, pattern);

-- Where a call has room for few names: many calls.
CREATE FUNCTION pg_temp.tried(call text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE call;
EXCEPTION WHEN OTHERS THEN
	NULL;
END
$$;
SELECT pg_temp.leaves_nothing(call,
	format('SELECT pg_temp.tried(format(%L, s)) FROM pg_temp.strange(60) AS s', call))
FROM unnest(ARRAY[
	'SELECT prismiq_validate(''{"tables": [{"id": "o", "name": "%s"}]}'')',
	'SELECT prismiq_validate(''{"tables": [{"id": "o", "name": "texts", "schema": "%s"}]}'')',
	'SELECT prismiq_validate(''{"tables": [{"id": "o", "name": "times"}],
		"time_series": {"table_id": "o",
		"date_column": "mo", "interval": "day", "timezone": "%s"}}'')',
	'SELECT prismiq_table(''%s'')', 'SELECT prismiq_table(''odd.%s'')',
	'SELECT prismiq_column_sample(''texts'', ''%s'')',
	'SELECT prismiq_time_bucket(''1 day'', now(), timezone => ''%s'')']) call;

-- The tenant itself, where what says whose a row is is an enum.
SELECT pg_temp.leaves_nothing('tenants', $$SELECT pg_temp.tried('SELECT prismiq_query(
	''{"tables": [{"id":
	"o", "name": "by_mood"}], "columns": [{"table_id": "o", "column": "v"}]}'')')
	FROM pg_temp.strange(100) AS s, set_config('prismiq.tenant_id', s, true)$$);

SELECT finish();
