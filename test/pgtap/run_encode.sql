-- Values in the JSON answer: digits, dates, escapes, what is not a number, and
-- types that the server itself turns into JSON.
BEGIN;
SET LOCAL search_path = prismiq, public;
SET LOCAL timezone = 'Europe/Berlin';

CREATE TYPE public.run_pair AS (a int, b text, at timestamptz);
CREATE TYPE public.run_mood AS ENUM ('so "so"', 'good');
CREATE DOMAIN public.run_money AS numeric(12,2);

CREATE TABLE public.run_values
(
	id int PRIMARY KEY,
	i2 smallint, i4 int, i8 bigint, f4 real, f8 double precision, n numeric, m public.run_money,
	b boolean, t text, c char(4), d date, ts timestamp, tz timestamptz, u uuid, y bytea,
	j json, jb jsonb, a int[], at timestamptz[], p public.run_pair, e public.run_mood,
	iv interval, ip inet
);
INSERT INTO public.run_values VALUES
	(1, -32768, 2147483647, 9007199254740993, 1.5, 0.1, 123456789012345678901234567890.1200, 12.5,
	 true, E'a "b" \\ \b\f\n\r\t\x01\x1f é \U0001F600', 'x', '2024-02-29',
	 '2024-02-29 13:14:15.120', '2024-03-31 03:30', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
	 '\xdeadbeef', '{ "x":  1, "x": 2}', '{"b": [1, 2.50, null], "a": "\u0001"}',
	 '{{1,2},{3,null}}', '{"2024-07-01 00:00+00"}', ROW (1, 'q"', '2024-01-01 00:00+00'),
	 'so "so"', '1 day 02:03', '10.0.0.1/8'),
	(2, 0, -1, -9223372036854775808, 'NaN', 'Infinity', 'NaN', 0, false, '', '', 'infinity',
	 'infinity', '-infinity', NULL, '', 'null', '"x"', '{}', '{}', NULL, NULL, '0', NULL),
	(3, 1, 1, 1, '-Infinity', '-Infinity', '-Infinity', -0.01, NULL, repeat('z', 9000), NULL,
	 '0044-03-15 BC', '12024-01-01 01:02:03.000001', '0044-03-15 12:00 BC', NULL,
	 decode(repeat('00', 300), 'hex'), '[]', '[]', '{1}', NULL, NULL, 'good', NULL, NULL),
	(4, NULL, NULL, NULL, 1e-10, 1e300, 1e20, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	 NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE public.run_random AS
SELECT g AS id, timestamptz '1850-01-01' + random() * interval '300 years' AS tz,
	   timestamp '0001-01-01' + random() * interval '9998 years' AS ts,
	   date '0001-01-01' + (random() * 3600000)::int AS d,
	   (random() - 0.5) * 10 ^ (random() * 600 - 300) AS f8, random()::real AS f4,
	   (random() * 1e15)::numeric / 1000 AS n, (random() * 1e18)::bigint AS i8,
	   (SELECT string_agg(chr(1 + (random() * 300)::int), '')
		FROM generate_series(0, (random() * 40)::int + g % 2) h WHERE g > 0) AS t
FROM generate_series(1, 500) g;
GRANT SELECT ON public.run_values, public.run_random TO app_user;
SELECT prismiq_expose('public.run_values', shared => true) \g /dev/null
SELECT prismiq_expose('public.run_random', shared => true) \g /dev/null

-- These columns of a table, in the order of the ids.
CREATE FUNCTION public.run_query(columns text[], options jsonb = '{}', name text = 'run_values')
RETURNS json LANGUAGE sql STABLE AS $$
	SELECT prismiq.prismiq_query(jsonb_build_object(
		'tables', jsonb_build_array(jsonb_build_object('id', 't', 'name', name)),
		'columns', (SELECT jsonb_agg(jsonb_build_object('table_id', 't', 'column', c)
									 ORDER BY o)
					FROM unnest(columns) WITH ORDINALITY x (c, o)),
		'order_by', '[{"table_id": "t", "column": "id"}]'::jsonb), options)
$$;

-- One value of the answer, as the text it is written in.
CREATE FUNCTION public.run_value(columnname text, id int, options jsonb = '{}')
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT (public.run_query(ARRAY[columnname], options) -> 'rows' -> (id - 1) -> 0)::text
$$;

-- How many of the random values are written otherwise than to_json does it.
CREATE FUNCTION public.run_differing(columnname text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
	result bigint;
BEGIN
	EXECUTE format('
		SELECT count(*)
		FROM json_array_elements(public.run_query(%L, ''{"format": "columnar"}'', ''run_random'')
								 -> ''rows'' -> 0) WITH ORDINALITY x (ours, id)
		FULL JOIN (SELECT id, to_json(%I) AS theirs FROM public.run_random) y USING (id)
		WHERE ours::text IS DISTINCT FROM theirs::text', ARRAY[columnname], columnname)
	INTO result;
	RETURN result;
END $$;

SELECT plan(68);
SET LOCAL ROLE app_user;
SET LOCAL prismiq.tenant_id = 'acme';

-- ---- Numbers --------------------------------------------------------------

SELECT is(run_value('i2', 1), '-32768', 'smallint');
SELECT is(run_value('i4', 1), '2147483647', 'integer');
SELECT is(run_value('i8', 1), '9007199254740993', 'a bigint beyond 2^53 keeps its digits');
SELECT is(run_value('i8', 2), '-9223372036854775808', 'the smallest bigint');
SELECT is(run_value('i8', 1, '{"bigint": "string"}'), '"9007199254740993"', 'bigint as a string');
SELECT is(run_value('i4', 1, '{"bigint": "string"}'), '2147483647', 'which integers are not');
SELECT is(run_value('n', 1), '123456789012345678901234567890.1200', 'a numeric keeps its digits');
SELECT is(run_value('m', 1), '12.50', 'a domain is its base type');
SELECT is(run_value('f8', 1), '0.1', 'a float is as short as can be');
SELECT is(run_value('f4', 4), '1e-10', 'a small one');
SELECT is(run_value('f8', 4), '1e+300', 'a large one');
SELECT is(run_value('n', 4), '100000000000000000000', 'a large numeric');
SELECT is(run_value('f4', 2), '"NaN"', 'NaN is a string');
SELECT is(run_value('f8', 2), '"Infinity"', 'infinity is a string');
SELECT is(run_value('f4', 3), '"-Infinity"', 'minus infinity too');
SELECT is(run_value('n', 2), '"NaN"', 'NaN of numeric');
SELECT is(run_value('n', 3), '"-Infinity"', 'minus infinity of numeric');
SELECT is(run_value('i4', 4), 'null', 'null');

-- ---- Text -----------------------------------------------------------------

SELECT is(run_value('t', 1), $$"a \"b\" \\ \b\f\n\r\t\u0001\u001f é 😀"$$, 'escapes');
SELECT is(run_value('t', 2), '""', 'the empty text');
SELECT is(run_value('t', 3), '"' || repeat('z', 9000) || '"', 'a text out of line');
SELECT is(run_value('c', 1), '"x   "', 'char(n) keeps its blanks');
SELECT is(run_value('b', 1), 'true', 'true');
SELECT is(run_value('b', 2), 'false', 'false');
SELECT is(run_value('u', 1), '"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"', 'uuid');
SELECT is(run_value('y', 1), '"3q2+7w=="', 'bytea is base64');
SELECT is(run_value('y', 2), '""', 'the empty bytea');
SELECT is(run_value('y', 3), '"' || repeat('AAAA', 100) || '"', 'base64 has no line ends');

-- ---- Dates and times ------------------------------------------------------

SELECT is(run_value('d', 1), '"2024-02-29"', 'date');
SELECT is(run_value('d', 2), '"infinity"', 'the infinite date');
SELECT is(run_value('d', 3), '"0044-03-15 BC"', 'a date BC');
SELECT is(run_value('ts', 1), '"2024-02-29T13:14:15.12"', 'timestamp');
SELECT is(run_value('ts', 2), '"infinity"', 'the infinite timestamp');
SELECT is(run_value('ts', 3), '"12024-01-01T01:02:03.000001"', 'a year of five digits');
SELECT is(run_value('tz', 1), '"2024-03-31T03:30:00+02:00"', 'an instant in the session''s zone');
SELECT is(run_value('tz', 1, '{"timezone": "Asia/Kolkata"}'), '"2024-03-31T07:00:00+05:30"',
		  'and in the zone that is asked for');
SELECT is(run_value('tz', 2), '"-infinity"', 'the infinite instant');
SELECT is(run_value('tz', 3), to_json('0044-03-15 12:00 BC'::timestamptz)::text, 'an instant BC');
SELECT is(run_value('iv', 1), '"1 day 02:03:00"', 'interval');

-- ---- JSON, arrays, composites and others ----------------------------------

SELECT is(run_value('j', 1), '{ "x":  1, "x": 2}', 'json as it was written');
SELECT is(run_value('jb', 1), '{"a": "\u0001", "b": [1, 2.50, null]}', 'jsonb');
SELECT is(run_value('j', 2), 'null', 'the null of json');
SELECT is(run_value('jb', 2), '"x"', 'a scalar of jsonb');
SELECT is(run_value('a', 1), '[[1,2],[3,null]]', 'an array of arrays');
SELECT is(run_value('a', 2), '[]', 'the empty array');
SELECT is(run_value('at', 1), '["2024-07-01T02:00:00+02:00"]', 'instants in an array');
SELECT is(run_value('at', 1, '{"timezone": "Asia/Kolkata"}'), '["2024-07-01T05:30:00+05:30"]',
		  'in the zone that is asked for');
SELECT is(run_value('p', 1), '{"a":1,"b":"q\"","at":"2024-01-01T01:00:00+01:00"}', 'a composite');
SELECT is(run_value('e', 1), '"so \"so\""', 'an enum');
SELECT is(run_value('ip', 1), '"10.0.0.1/8"', 'inet');

-- ---- The same as to_json, for many values ---------------------------------

SELECT is(run_differing(c), 0::bigint, 'random values of ' || c)
FROM unnest('{ts,d,f8,f4,n,i8,t,tz}'::text[]) c;
SET LOCAL timezone = 'America/Los_Angeles';
SELECT is(run_differing('tz'), 0::bigint, 'instants in Los Angeles');
SET LOCAL timezone = 'Africa/Casablanca';
SELECT is(run_differing('tz'), 0::bigint, 'instants in Casablanca');
SET LOCAL timezone = '<+0130>-1:30';
SELECT is(run_differing('tz'), 0::bigint, 'instants in a zone without a name');

-- ---- Shapes ---------------------------------------------------------------

SELECT is(run_query('{id,b}') -> 'rows' ->> 0, '[1,true]', 'rows are arrays');
SELECT is(run_query('{id,b}', '{"format": "objects"}') -> 'rows' ->> 0, '{"id":1,"b":true}',
		  'or objects');
SELECT is(run_query('{id,b}', '{"format": "columnar"}') ->> 'rows',
		  '[[1,2,3,4],[true,false,null,null]]', 'or columns');
SELECT is(run_query('{tz,n,u,a,e}') ->> 'column_types',
		  '["timestamp with time zone","numeric","uuid","integer[]","run_mood"]',
		  'names of types');

SET LOCAL ROLE postgres;
DELETE FROM public.run_values;
SET LOCAL ROLE app_user;
SELECT is(run_query('{id,n}') ->> 'rows', '[]', 'no rows');
SELECT is(run_query('{id,n}', '{"format": "columnar"}') ->> 'rows', '[[],[]]',
		  'no rows, but columns');
SELECT is(run_query('{id,n}') ->> 'columns', '["id","n"]', 'an empty answer has its columns');

SELECT * FROM finish();
ROLLBACK;
