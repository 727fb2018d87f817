-- Lists of values of every type, and elements of arrays.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

RESET ROLE;
CREATE DOMAIN shop.code AS text CHECK (VALUE <> '');
CREATE TYPE shop.size AS ENUM ('small', 'large', 'huge');
CREATE TABLE shop.things
(
	tenant text NOT NULL, id int PRIMARY KEY, i smallint, n numeric, f double precision, b boolean,
	t text, v varchar(8), c char(4), code shop.code, size shop.size, u uuid, d date,
	at timestamptz, local timestamp, clock time, span interval, cost money, doc jsonb, raw bytea,
	ip inet, r int4range, bits bit(4), a int[], names text[], sizes shop.size[], codes shop.code[],
	times timestamptz[], days date[], nums numeric[], docs jsonb[], spots point[]
);
CREATE INDEX ON shop.things USING gin (names);
INSERT INTO shop.things
SELECT 'acme', n, n, n * 0.5, n / 4.0, n % 2 = 0, 't' || n, 'v' || n, 'c' || n, 'k' || n,
	   (ARRAY['small', 'large', 'huge'])[n % 3 + 1]::shop.size, md5(n::text)::uuid,
	   date '2024-01-01' + n, timestamptz '2024-01-01 12:00 UTC' + n * interval '1 hour',
	   timestamp '2024-01-01 12:00' + n * interval '1 hour', time '00:00' + n * interval '1 hour',
	   n * interval '36 hours', n::money, jsonb_build_object('n', n),
	   decode(lpad(to_hex(n), 2, '0'), 'hex'), ('10.0.0.' || n)::inet, int4range(n, n + 3),
	   n::bit(4), ARRAY[n, n * 2, NULL], ARRAY['all', 'x' || n % 3],
	   ARRAY[(ARRAY['small', 'large', 'huge'])[n % 3 + 1]]::shop.size[],
	   ARRAY['k' || n]::shop.code[],
	   ARRAY[timestamptz '2024-01-01 12:00 UTC' + n * interval '1 hour'],
	   ARRAY[date '2024-01-01' + n],
	   ARRAY[n * 0.5], ARRAY[jsonb_build_object('n', n)], ARRAY[point(n, n)]
FROM generate_series(1, 9) AS n;
INSERT INTO shop.things (tenant, id) VALUES ('acme', 10);
INSERT INTO shop.things (tenant, id, t, names, a)
VALUES ('beta', 99, 'poison', '{poison,all}', '{4}');
SELECT FROM prismiq.prismiq_expose('shop.things', tenant_column => 'tenant');
GRANT SELECT ON shop.things TO app_user;
SET LOCAL ROLE app_user;

-- The rows that a condition lets through, by their ids, with a query's zone.
CREATE FUNCTION pg_temp.ids(subject text, value jsonb, more jsonb = '{}', zone text = 'UTC')
RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(r ->> 0, ' ')
	FROM jsonb_array_elements(prismiq.prismiq_query(oracle.def('x things', 'x.id',
		'{"order_by": [{"alias": "id"}]}' || oracle.filters(oracle.cond(subject, value, more))),
		jsonb_build_object('timezone', zone))::jsonb -> 'rows') AS r
$$;

-- ---- in, of every type ---------------------------------------------------------------
SELECT is(pg_temp.ids('x.' || type || ' in', list::jsonb), '2 3', type || ' in ' || list)
FROM (VALUES ('i', '[2, 3]'), ('i', '["2", 3.0, 2.5]'), ('n', '[1, 1.5]'), ('f', '[0.5, "0.75"]'),
	('t', '["t2", "t3"]'), ('v', '["v2", "v3"]'), ('c', '["c2", "c3  "]'), ('code', '["k2", "k3"]'),
	('u', '["c81e728d9d4c2f636f067f89cc14862c", "ECCBC87E-4B5C-E2FE-2830-8FD9F2A7BAF3"]'),
	('d', '["2024-01-03", "2024-01-04"]'),
	('at', '["2024-01-01T14:00:00Z", "2024-01-01T16:00:00+01:00"]'),
	('local', '["2024-01-01T14:00:00", "2024-01-01 15:00"]'), ('clock', '["02:00", "03:00:00"]'),
	('span', '["3 days", "4 days 12 hours"]'), ('cost', '["2", "3"]'),
	('doc', '["{\"n\": 2}", "{\"n\": 3}"]'), ('raw', '["\\x02", "\\x03"]'),
	('ip', '["10.0.0.2", "10.0.0.3"]'), ('r', '["[2,5)", "[3,6)"]'), ('bits', '["0010", "0011"]'),
	('a', '["{2,4,NULL}", "{3,6,NULL}"]'), ('codes', '["{k2}", "{k3}"]')) AS v (type, list);
SELECT is(pg_temp.ids('x.size in', '["small", "huge"]'), '2 3 5 6 8 9', 'enum in');
SELECT is(pg_temp.ids('x.b in', '[true]'), '2 4 6 8', 'boolean in');
SELECT is(pg_temp.ids('x.' || type || ' ' || op, list::jsonb), wanted,
	concat_ws(' ', type, op, list))
FROM (VALUES ('d', 'not_in', '["2024-01-02", "2024-01-03"]', '3 4 5 6 7 8 9 10'),
	('d', 'not_in', '["2024-01-02", null]', '2 3 4 5 6 7 8 9'),
	('doc', 'not_in', '["{\"n\": 1}"]', '2 3 4 5 6 7 8 9 10'),
	('u', 'in_or_null', '["c81e728d9d4c2f636f067f89cc14862c"]', '2 10'),
	('span', 'in', '[null]', '10'), ('a', 'not_in', '[]', '1 2 3 4 5 6 7 8 9 10'),
	('a', 'in', '["{2,4,NULL}", null]', '2 10'), ('r', 'not_in', '["[1,4)", null]',
	 '2 3 4 5 6 7 8 9')) AS v (type, op, list, wanted);
SELECT is(pg_temp.ids('x.at in', '["2024-01-01T09:00:00", "2024-01-01T15:00:00Z"]', '{}',
	'America/New_York'), '2 3', 'a time without a zone is one of the query''s zone');
SELECT is(pg_temp.ids('x.at in', '["2024-01-01"]', '{}', 'America/New_York'),
	'1 2 3 4 5 6 7 8 9', 'a day of a list is the whole day');
SELECT is(faults(def('x things', 'x.id', filters(
		cond('x.spots in', '["{}"]'), cond('x.d in', '["2024-01-01", "2024-02-30"]'),
		cond('x.size in', '["small", "tiny"]'), cond('x.at in', '["today"]'),
		cond('x.doc in', '["{"]'), cond('x.b in', '["x", 1]')))),
	'INVALID_OPERATOR /filters/0/operator operator "in" does not go with type point[] '
	'(Use is_null or is_not_null.)' || E'\n' ||
	'TYPE_MISMATCH /filters/1/value/1 "2024-02-30" is not a valid value of type date' || E'\n' ||
	'TYPE_MISMATCH /filters/2/value/1 "tiny" is not a valid value of type size' || E'\n' ||
	'TYPE_MISMATCH /filters/3/value/0 "today" is not a valid value of type timestamp with time zone'
	|| E'\n' || 'TYPE_MISMATCH /filters/4/value/0 "{" is not a valid value of type jsonb'
	|| E'\n' || 'TYPE_MISMATCH /filters/5/value/0 "x" is not a valid value of type boolean'
	|| E'\n' || 'TYPE_MISMATCH /filters/5/value/1 1 is not a valid value of type boolean',
	'values that are none');

-- ---- array_contains --------------------------------------------------------------------
SELECT is(pg_temp.ids('x.' || type || ' array_contains', value::jsonb), wanted,
	type || ' array_contains ' || value)
FROM (VALUES ('a', '4', '2 4'), ('a', '"6"', '3 6'), ('a', '2.5', NULL), ('a', '4.0', '2 4'),
	('names', '"x1"', '1 4 7'), ('names', '"all"', '1 2 3 4 5 6 7 8 9'), ('names', '"x"', NULL),
	('sizes', '"large"', '1 4 7'), ('codes', '"k5"', '5'), ('nums', '1.50', '3'),
	('days', '"2024-01-05"', '4'), ('times', '"2024-01-01T14:00:00Z"', '2'),
	('docs', '"{\"n\": 7}"', '7')) AS v (type, value, wanted);
SELECT is(pg_temp.ids('x.times array_contains', '"2024-01-01T09:00:00"', '{}', 'America/New_York'),
	'2', 'a time in the query''s zone');
SELECT same('under not, by its null', def('x things', 'x.id', filters(
		'{"not": {"table_id": "x", "column": "names", "operator": "array_contains",
				  "value": "x1"}}')),
	$$SELECT id FROM things WHERE tenant = 'acme' AND NOT names @> '{x1}'$$);
SELECT same('over a measure', def('x things', 'x.b, x.id array_agg',
		'{"having": [{"column": "id_array_agg", "operator": "array_contains", "value": 3}]}'),
	$$SELECT b, array_agg(id ORDER BY id) FROM things WHERE tenant = 'acme' AND NOT b GROUP BY 1$$);
SELECT ok(prismiq_compile(def('x things', 'x.id', filters(cond('x.names array_contains', '"x"'))))
	->> 'sql' ~ 't1.names OPERATOR\(pg_catalog.@>\) \$\d::text\[\]', 'which an index may serve');
SELECT is(faults(def('x things', 'x.id', filters(
		cond('x.t array_contains', '"x"'), cond('x.spots array_contains', '"(1,1)"'),
		cond('x.a array_contains', '"x"'), cond('x.a array_contains', 'null'),
		cond('x.sizes array_contains', '"tiny"'), cond('x.a array_contains', '[1]'),
		cond('x.codes array_contains', '""')))),
	'INVALID_OPERATOR /filters/0/operator operator "array_contains" does not go with type text '
	'(It is for arrays.)' || E'\n' ||
	'INVALID_OPERATOR /filters/1/operator operator "array_contains" does not go with type point[] '
	'(It is for arrays.)' || E'\n' ||
	'TYPE_MISMATCH /filters/2/value "x" is not a valid value of type integer' || E'\n' ||
	'INVALID_VALUE /filters/3/value operator "array_contains" takes no null '
	'(Use is_null or is_not_null.)' || E'\n' ||
	'TYPE_MISMATCH /filters/4/value "tiny" is not a valid value of type size' || E'\n' ||
	'INVALID_VALUE /filters/5/value the value must be a single value, not an array' || E'\n' ||
	'TYPE_MISMATCH /filters/6/value "" is not a valid value of type code',
	'elements that are none');
SET LOCAL prismiq.tenant_id = 'beta';
SELECT is(pg_temp.ids('x.names array_contains', '"all"'), '99', 'each tenant its own');
SET LOCAL prismiq.tenant_id = 'gamma';
SELECT is(pg_temp.ids('x.a array_contains', '4'), NULL, 'and no other');

SELECT * FROM finish();
ROLLBACK;
