-- Values inside of jsonb, by our functions: what fits a type and what does not, that nothing
-- raises, and that indexes serve.
BEGIN;
SET LOCAL search_path = prismiq, public;
SELECT * FROM no_plan();

CREATE ROLE reader;
GRANT USAGE ON SCHEMA prismiq TO reader;
SET LOCAL ROLE reader;

-- A value inside of {"k": ...} by one of the functions, as text; "null" for null.
CREATE FUNCTION pg_temp.value(type text, value jsonb, path jsonb = '["k"]') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE format('SELECT prismiq_json_%s($1, $2)::text', type) INTO result
		USING jsonb_build_object('k', value), path;
	RETURN coalesce(result, 'null');
END $$;

-- ---- Paths --------------------------------------------------------------------

SELECT is(pg_temp.value('text', '{"a": [1, [2, {"": "x", "1": "y"}], "z"], "b": null}',
	path::jsonb), wanted, path)
FROM (VALUES ('["k", "a", 0]', '1'), ('["k", "a", -1]', 'z'), ('["k", "a", -3]', '1'),
	('["k", "a", 3]', 'null'), ('["k", "a", -4]', 'null'), ('["k", "a", 1, 1, ""]', 'x'),
	('["k", "a", 1, 1, "1"]', 'y'), ('["k", "a", 1, 1, 1]', 'null'), ('["k", "a", "0"]', 'null'),
	('["k", "a", 1.0, 0.0]', '2'), ('["k", "a", 1.5]', 'null'), ('["k", "a", null]', 'null'),
	('["k", "a", 99999999999999999999]', 'null'), ('["k", "a", -9223372036854775808]', 'null'),
	('["k", "a", 4294967296]', 'null'), ('["k", "b"]', 'null'), ('["k", "b", "c"]', 'null'),
	('["k", "a", 0, 0]', 'null'), ('["k", "a", 2, "x"]', 'null'), ('["K"]', 'null'), ('[]', 'null'),
	('["k", "a"]', 'null'), ('["k"]', 'null'), ('["k", ["a"]]', 'null'), ('{"k": "a"}', 'null'),
	('"k"', 'null'), ('0', 'null')) AS v (path, wanted);
SELECT is(prismiq_json_text('"x"', '[0]'), NULL, 'a scalar has nothing inside');
SELECT is(prismiq_json_text('[["x"]]', '[0, 0]'), 'x', 'an array as the document');
SELECT is(prismiq_json_text(NULL, '["k"]'), NULL, 'no document');
SELECT is(prismiq_json_text('{"k": 1}', NULL), NULL, 'no path');

-- ---- Types --------------------------------------------------------------------

SELECT is(pg_temp.value(type, value::jsonb), wanted, format('%s as %s', left(value, 60), type))
FROM (VALUES
	('text', '"x"', 'x'), ('text', '""', ''), ('text', '1.50', '1.50'), ('text', 'true', 'true'),
	('text', 'null', 'null'), ('text', '{"a": 1}', 'null'), ('text', '[]', 'null'),
	('text', '"zweit\u00e4r"', 'zweitär'),
	('number', '1.50', '1.50'), ('number', '-1e3', '-1000'), ('number', '" 1"', 'null'),
	('number', '"1.50"', '1.50'), ('number', '"-.5e-1"', '-0.05'), ('number', '"+7."', '7'),
	('number', '""', 'null'), ('number', '"."', 'null'), ('number', '"1e"', 'null'),
	('number', '"1e99999"', 'null'), ('number', '"0x10"', 'null'), ('number', '"1_000"', 'null'),
	('number', '"NaN"', 'null'), ('number', '"Infinity"', 'null'), ('number', '"1,5"', 'null'),
	('number', 'true', 'null'), ('number', '[1]', 'null'), ('number', '"--1"', 'null'),
	('number', '"' || repeat('9', 1001) || '"', 'null'),
	('number', '"' || repeat('9', 1000) || '"', repeat('9', 1000)),
	('integer', '3', '3'), ('integer', '3.0', '3'), ('integer', '3.5', 'null'),
	('integer', '"-3"', '-3'), ('integer', '9223372036854775807', '9223372036854775807'),
	('integer', '9223372036854775808', 'null'), ('integer', '"-9223372036854775808"',
	 '-9223372036854775808'), ('integer', '1e400', 'null'), ('integer', '"x"', 'null'),
	('boolean', 'true', 'true'), ('boolean', 'false', 'false'), ('boolean', '"no"', 'false'),
	('boolean', '"TRUE"', 'true'), ('boolean', '1', 'null'), ('boolean', '"maybe"', 'null'),
	('uuid', '"C81E728D-9d4c-2f63-6f06-7f89cc14862c"', 'c81e728d-9d4c-2f63-6f06-7f89cc14862c'),
	('uuid', '"c81e728d9d4c2f636f067f89cc14862c"', 'null'), ('uuid', '"x"', 'null'),
	('uuid', '1', 'null'), ('uuid', '"c81e728d-9d4c-2f63-6f06-7f89cc14862cc"', 'null')
) AS v (type, value, wanted);

SELECT is(pg_temp.value('timestamp', to_jsonb(value)) || ' ' ||
	pg_temp.value('date', to_jsonb(value)), wanted, format('%s as a time', value))
FROM (VALUES
	('2024-02-29', '2024-02-29 00:00:00 2024-02-29'),
	('2024-02-29T13:30', '2024-02-29 13:30:00 2024-02-29'),
	('2024-02-29 13:30:07', '2024-02-29 13:30:07 2024-02-29'),
	('2024-02-29t13:30:07.25z', '2024-02-29 13:30:07.25 2024-02-29'),
	('2024-02-29T23:30:00-05:00', '2024-03-01 04:30:00 2024-03-01'),
	('2024-02-29T00:30:00+0130', '2024-02-28 23:00:00 2024-02-28'),
	('2024-02-29T00:30:00+01', '2024-02-28 23:30:00 2024-02-28'),
	('1999-12-31T23:59:59.9999996', '2000-01-01 00:00:00 2000-01-01'),
	('1999-12-31T23:59:59.9999994999', '1999-12-31 23:59:59.999999 1999-12-31'),
	('1999-12-31T00:00:00', '1999-12-31 00:00:00 1999-12-31'),
	('1999-12-30T23:59:59', '1999-12-30 23:59:59 1999-12-30'),
	('0001-01-01T00:00:00+15:59', '0001-12-31 08:01:00 BC 0001-12-31 BC'),
	('9999-12-31T23:59:59-15:59', '10000-01-01 15:58:59 10000-01-01')) AS v (value, wanted);
SELECT is(pg_temp.value('timestamp', value::jsonb) || ' ' || pg_temp.value('date', value::jsonb),
	'null null', format('%s is no time', value))
FROM unnest(ARRAY['"2023-02-29"', '"2024-13-01"', '"2024-00-01"', '"2024-01-00"', '"0000-01-01"',
	'"2024-1-1"', '"24-01-01"', '"01/02/2024"', '"20240101"', '"2024-01-01T"', '"2024-01-01X10:00"',
	'"2024-01-01T24:00"', '"2024-01-01T10"', '"2024-01-01T10:60"', '"2024-01-01T10:00:60"',
	'"2024-01-01T10:00:00."', '"2024-01-01T10:00:00 UTC"', '"2024-01-01T10:00:00+16:00"',
	'"2024-01-01T10:00:00+1"', '"2024-01-01T10:00:00+01:60"', '"2024-01-01T10:00:00+01:"',
	'"2024-01-01T10:00:00 Europe/Berlin"', '"now"', '"today"', '"epoch"', '"infinity"',
	'" 2024-01-01"', '"2024-01-01 "', '"2024-01-01 BC"', '""', '20240101', 'true', '{}']) AS value;

-- Whatever the session has set.
SET LOCAL DateStyle = 'SQL, DMY';
SET LOCAL TimeZone = 'Asia/Tokyo';
SELECT is(prismiq_json_timestamp('{"k": "2024-02-29T23:30:00Z"}', '["k"]'),
	timestamp '2024-02-29 23:30', 'no setting matters');
RESET DateStyle;

-- ---- How they are declared ----------------------------------------------------------

SELECT bag_eq($$SELECT proname::text, provolatile, proisstrict, proparallel, proleakproof
	FROM pg_proc WHERE pronamespace = 'prismiq'::regnamespace AND proname LIKE 'prismiq_json_%'$$,
	$$SELECT 'prismiq_json_' || t AS a, 'i'::"char" AS b, true AS c, 's'::"char" AS d, false AS e
	FROM unnest('{text,number,integer,boolean,date,timestamp,uuid}'::text[]) t$$,
	'immutable, strict and safe');

-- Their owner can make them no longer strict.
RESET ROLE;
ALTER FUNCTION prismiq_json_text(jsonb, jsonb) CALLED ON NULL INPUT;
SELECT is(prismiq_json_text(NULL, '["k"]'), NULL, 'nor does a null crash it');
ALTER FUNCTION prismiq_json_text(jsonb, jsonb) STRICT;

-- ---- Beside the predicate of the tenant -------------------------------------------------

CREATE SCHEMA things;
CREATE TABLE things.parts (tenant text NOT NULL, id int PRIMARY KEY, attrs jsonb);
INSERT INTO things.parts
SELECT CASE n % 4 WHEN 0 THEN 'acme' ELSE 'beta' END, n,
	   jsonb_build_object('size', n % 1000, 'at', date '2024-01-01' + n % 300)
FROM generate_series(1, 20000) AS n;
INSERT INTO things.parts VALUES ('beta', 99999, '{"size": "\\", "at": {"x": "1/0"}}');
CREATE INDEX parts_size ON things.parts (tenant, prismiq_json_number(attrs, '["size"]'));
ANALYZE things.parts;
GRANT USAGE ON SCHEMA things TO app_user;
GRANT SELECT ON things.parts TO app_user;
SELECT FROM prismiq_expose('things.parts', tenant_column => 'tenant');
SET LOCAL prismiq.tenant_id = 'acme';
SET LOCAL ROLE app_user;
CREATE FUNCTION pg_temp.asked(conditions jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', '[{"id": "p", "name": "parts"}]'::jsonb,
		'columns', '[{"table_id": "p", "column": "*", "aggregation": "count"}]'::jsonb,
		'calculated_fields', '[
			{"name": "size", "expression": "json([attrs], \"size\", \"number\")"},
			{"name": "at", "expression": "json([attrs], \"at\", \"date\")"}]'::jsonb,
		'filters', conditions)
$$;
SELECT is(prismiq_query(pg_temp.asked('[{"column": "size", "operator": "eq", "value": 96}]'))
	::jsonb -> 'rows', '[[20]]', 'a condition on a number inside');
SELECT is(prismiq_query(pg_temp.asked(
	'[{"column": "at", "operator": "between", "value": ["2024-02-01", "2024-02-29"]}]'))::jsonb
	-> 'rows',
	(SELECT jsonb_build_array(jsonb_build_array(count(*))) FROM generate_series(4, 20000, 4) n
	 WHERE n % 300 BETWEEN 31 AND 59), 'a condition on a date inside');

RESET ROLE;
SELECT matches((prismiq_explain(pg_temp.asked(condition::jsonb)) -> 'plan')::text,
	'Index Cond": .*prismiq_json_number\(.*\) = ',
	'an index on the expression serves ' || condition)
FROM (VALUES ('[{"column": "size", "operator": "eq", "value": 96}]'),
	('[{"table_id": "p", "column": "attrs", "path": ["size"], "type": "number", '
	 '"operator": "eq", "value": 96}]')) AS v (condition);
SELECT * FROM finish();
ROLLBACK;
