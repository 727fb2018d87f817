-- A world of odd things for the mutations: every kind of type, extreme values,
-- collations in which different strings are equal, names in a schema that the
-- caller may not use, and views that have nothing to show.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

CREATE SCHEMA odd;
CREATE SCHEMA shut;
CREATE TYPE odd.mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE odd.pair AS (a integer, b text);
CREATE TYPE odd.document AS (a integer, b json);
CREATE TYPE odd.named AS (a regclass, b odd.mood);
CREATE DOMAIN odd.positive AS integer CHECK (value > 0);
CREATE DOMAIN odd.moods AS odd.mood[];
CREATE DOMAIN odd.moment AS timestamptz;
CREATE TYPE odd.mood_range AS RANGE (subtype = odd.mood);
CREATE TYPE shut.level AS ENUM ('low', 'high');
CREATE DOMAIN shut.amount AS numeric(10, 2);
CREATE DOMAIN odd.own_level AS shut.level;
CREATE DOMAIN odd.own_mood AS odd.mood;
CREATE TYPE shut.spot AS (x integer, y integer);
CREATE FUNCTION shut.level_text(shut.level) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN CASE $1 WHEN 'low' THEN 'l' ELSE 'h' END;
CREATE EXTENSION IF NOT EXISTS citext SCHEMA shut;
CREATE EXTENSION IF NOT EXISTS hstore SCHEMA shut;
SELECT EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i') AS has_icu \gset
\if :has_icu
CREATE COLLATION odd.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION shut.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
\else
CREATE COLLATION odd.loose FROM "C";
CREATE COLLATION shut.loose FROM "C";
\endif
CREATE COLLATION shut.strict FROM "C";

CREATE TABLE odd.numbers (tenant_id text NOT NULL, id integer PRIMARY KEY, n numeric, f4 real,
	f8 double precision, i2 smallint, i8 bigint, m money, p odd.positive, a shut.amount,
	iv interval, bt bit(3), vb varbit, ia integer[], na numeric[], ir int4range, nr numrange,
	im int4multirange, tm time, tz timetz);
CREATE TABLE odd.texts (tenant_id text NOT NULL, id integer PRIMARY KEY, t text, vc varchar(10),
	bp char(5), nm name, ch "char", ci shut.citext, nd text COLLATE odd.loose,
	nv varchar COLLATE shut.loose, st text COLLATE shut.strict, ta text[],
	na text[] COLLATE odd.loose, e odd.mood, ea odd.mood[], ed odd.moods, er odd.mood_range,
	l shut.level, la shut.level[], dl odd.own_level, dm odd.own_mood, by bytea, b boolean);
CREATE TABLE odd.times (tenant_id text NOT NULL, id integer PRIMARY KEY, d date, ts timestamp,
	tz timestamptz, mo odd.moment, tr tstzrange, dr datemultirange, da date[]);
CREATE TABLE odd.others (tenant_id text NOT NULL, id integer PRIMARY KEY, p odd.pair,
	pa odd.pair[], do_ odd.document, pn odd.named, s shut.spot, h shut.hstore, j json, ja json[],
	jb jsonb, x xml, xa xml[], jp jsonpath, pt point, ln line, sg lseg, bx box, pl path,
	pg polygon, cc circle, tv tsvector, tq tsquery, xi xid, x8 xid8, o oid, rc regclass,
	ra regclass[], rr regrole, rt regtype, ls pg_lsn, mc macaddr, m8 macaddr8, ip inet, cd cidr,
	u uuid, td tid, ac aclitem, ov oidvector, i2 int2vector, sn pg_snapshot);

INSERT INTO odd.numbers
SELECT t, i, coalesce(('{NaN,Infinity,-Infinity,1e30}'::text[])[i], i::text)::numeric,
	coalesce(('{NaN,Infinity,1e38}'::text[])[i], i::text)::real,
	coalesce(('{NaN,-Infinity,1e300}'::text[])[i], i::text)::double precision,
	coalesce(('{32767,-32768}'::text[])[i], i::text)::smallint,
	coalesce(('{9223372036854775807,-9223372036854775808}'::text[])[i], i::text)::bigint,
	(i * 7)::money, i, i * 1.1,
	coalesce(('{178000000 years,-5 days}'::text[])[i], '1 month 2 days')::interval, '101', '1011',
	ARRAY[i, 2], ARRAY['NaN', i]::numeric[], int4range(i, i + 5), numrange(i, NULL),
	'{[1,2),[5,9)}', '12:00', '12:00+02'
FROM unnest('{CA,NY}'::text[], '{1,9}'::int[]) AS u (t, first), generate_series(first, first + 7) i;
INSERT INTO odd.texts
SELECT t, i, coalesce(('{"",infinity,NaN,1e400,2024-02-30}'::text[])[i], 'Text ' || i), 'v' || i,
	'b' || i, 'n' || i, chr(64 + i)::"char", 'Ci' || i, 'Nd' || i % 3, 'ND' || i % 3, 'ä' || i,
	'{a,b}', '{a,B}', ('{sad,ok,happy}'::odd.mood[])[1 + i % 3], '{sad,ok}', '{ok}',
	odd.mood_range('sad', 'happy'), ('{low,high}'::shut.level[])[1 + i % 2], '{low}', 'low', 'ok',
		'\x00ff',
	i % 2 = 0
FROM unnest('{CA,NY}'::text[], '{1,9}'::int[]) AS u (t, first), generate_series(first, first + 7) i;
INSERT INTO odd.times
SELECT t, i,
	coalesce(('{infinity,-infinity,4713-01-01 BC,5874897-12-31}'::date[])[i], '2024-01-01'),
	coalesce(('{infinity,-infinity,4713-01-01 BC,294276-12-31}'::timestamp[])[i], '2024-02-01'),
	coalesce(('{infinity,-infinity,4713-01-01 BC,294276-12-31}'::timestamptz[])[i], '2024-03-01'),
	timestamptz '2024-01-30 12:00+00' + i * interval '40 hours', tstzrange('2024-01-01', NULL),
	'{[2024-01-01,2024-02-01)}', '{2024-01-01,infinity}'
FROM unnest('{CA,NY}'::text[], '{1,9}'::int[]) AS u (t, first), generate_series(first, first + 7) i;
INSERT INTO odd.others
SELECT t, i, (i, 'x')::odd.pair, ARRAY[(i, 'y')]::odd.pair[], (i, '{}')::odd.document,
	('pg_class', 'ok')::odd.named, (1, i)::shut.spot, 'a=>1', '{"a": 1}', ARRAY['{}', '1']::json[],
	'{"a": 1}', '<a/>', ARRAY['<a/>']::xml[], '$.a', point(1, i), '{1,2,3}', '[(0,0),(1,1)]',
	'(1,1),(0,0)', '((0,0),(1,1))', '((0,0),(1,1),(1,0))', '<(0,0),1>', 'a b c', 'a & b', '7', '7',
	i, 'pg_class', ARRAY['pg_class']::regclass[], current_user::regrole, 'int4', '0/16B3748',
	'08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', '10.0.0.1/8', '10.0.0.0/8',
	md5(i::text)::uuid, '(0,1)', (current_user || '=r/' || current_user)::aclitem, '1 2', '1 2',
	'10:20:10,14'
FROM unnest('{CA,NY}'::text[], '{1,9}'::int[]) AS u (t, first), generate_series(first, first + 7) i;
-- What does not fit a type, inside of documents.
UPDATE odd.others SET jb = coalesce((ARRAY['{"a": "NaN"}', '{"a": "infinity"}', '{"a": 1e400}',
	'[1, "2024-02-30"]', '{"a": {"a": [1]}}', '"a"', '{"a": "1e9999"}']::jsonb[])[id], jb);
-- Rows of nulls.
INSERT INTO odd.numbers (tenant_id, id) VALUES ('CA', 50);
INSERT INTO odd.texts (tenant_id, id) VALUES ('CA', 50);
INSERT INTO odd.times (tenant_id, id) VALUES ('CA', 50);
INSERT INTO odd.others (tenant_id, id) VALUES ('CA', 50);

ALTER TABLE odd.texts ADD FOREIGN KEY (id) REFERENCES odd.numbers;
ALTER TABLE odd.times ADD FOREIGN KEY (id) REFERENCES odd.numbers;
ALTER TABLE odd.others ADD FOREIGN KEY (id) REFERENCES odd.texts;

-- What says whose a row is may be of a type that the caller cannot name.
CREATE TABLE odd.by_mood (m odd.mood, v integer);
CREATE TABLE odd.by_level (m shut.level, v integer);
CREATE TABLE odd.by_own_level (m odd.own_level, v integer);
INSERT INTO odd.by_level VALUES ('low', 1), ('high', 2);
INSERT INTO odd.by_own_level VALUES ('low', 1), ('high', 2);
CREATE MATERIALIZED VIEW odd.unfilled AS SELECT id, n FROM odd.numbers WITH NO DATA;
CREATE VIEW odd.over_unfilled AS SELECT id, n + 1 AS n FROM odd.unfilled;
CREATE VIEW odd.beside_unfilled AS
	SELECT id, (SELECT max(n) FROM odd.unfilled) AS n FROM odd.times;
CREATE VIEW odd.computed AS
	SELECT tenant_id, id, t, nd, e, l, shut.level_text(l) AS lt, ci, nd || t AS nt,
		10 / nullif(id - 3, 0) AS q
	FROM odd.texts;

GRANT USAGE ON SCHEMA odd TO app_user;
GRANT SELECT ON ALL TABLES IN SCHEMA odd TO app_user;
SELECT FROM prismiq.prismiq_expose_schema('odd', tenant_column => 'tenant_id');
SELECT FROM prismiq.prismiq_expose('odd.times', tenant_column => 'tenant_id', time_column => 'mo');
SELECT FROM prismiq.prismiq_expose('odd.by_mood', tenant_column => 'm');
SELECT FROM prismiq.prismiq_expose('odd.by_level', tenant_column => 'm');
SELECT FROM prismiq.prismiq_expose('odd.by_own_level', tenant_column => 'm');
SELECT FROM prismiq.prismiq_expose('odd.unfilled', shared => true);
SELECT FROM prismiq.prismiq_expose('odd.over_unfilled', shared => true);
SELECT FROM prismiq.prismiq_expose('odd.beside_unfilled', shared => true);
