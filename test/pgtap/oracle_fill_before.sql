-- The last value before a range, carried into it (fill_before), against SQL, with the buckets
-- aggregated all at once and one by one.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

RESET ROLE;
CREATE TABLE shop.readings
(
	tenant text NOT NULL, id int PRIMARY KEY, sensor text, place int, at timestamptz,
	local timestamp, day date, level numeric, heat double precision, hits int, state text,
	took interval
);
INSERT INTO shop.readings
SELECT 'acme', n, (ARRAY['a', 'b', NULL, 'old'])[CASE WHEN n <= 4 THEN 4 ELSE n % 3 + 1 END],
	   n % 2 + 1, timestamptz '2024-03-01 05:30 UTC' + n * n * interval '90 minutes',
	   timestamp '2024-03-01 05:30' + n * n * interval '90 minutes',
	   (timestamp '2024-03-01 05:30' + n * n * interval '90 minutes')::date,
	   CASE WHEN n % 5 > 0 THEN n * 10.5 END, n / 8.0, n * 3,
	   CASE WHEN n % 4 > 0 THEN 's' || n END, n * interval '1 hour'
FROM generate_series(1, 30) AS n;
-- The first bucket of b that has rows in the range has a null; nothing of others counts.
INSERT INTO shop.readings (tenant, id, sensor, place, at, local, day, level, hits) VALUES
	('acme', 40, 'b', 1, '2024-03-17 12:00Z', '2024-03-17 12:00', '2024-03-17', NULL, 7),
	('acme', 41, 'a', 1, '-infinity', '-infinity', '-infinity', 77, 77),
	('beta', 42, 'a', 1, '2024-03-13 00:00Z', '2024-03-13', '2024-03-13', 1000000, 1000),
	('beta', 43, 'a', 1, '2024-03-17 00:00Z', '2024-03-17', '2024-03-17', 1, 1);
CREATE TABLE shop.places (tenant text, id int PRIMARY KEY, name text, area int);
INSERT INTO shop.places VALUES ('acme', 1, 'north', 10), ('acme', 2, 'south', 20);
CREATE TABLE shop.repairs (tenant text, id int PRIMARY KEY, place int, cost int);
INSERT INTO shop.repairs SELECT 'acme', n, n % 2 + 1, n * 100 FROM generate_series(1, 5) AS n;
SELECT FROM unnest('{readings,places,repairs}'::text[]) AS t,
	prismiq.prismiq_expose('shop.' || t, tenant_column => 'tenant');
GRANT SELECT ON shop.readings, shop.places, shop.repairs TO app_user;
SET LOCAL ROLE app_user;

-- A series over readings: series('at', 'day', '{"range": ...}').
CREATE FUNCTION pg_temp.series(date_column text, width text, more jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('time_series', '{"fill": "previous", "fill_before": true,
		"timezone": "UTC"}' || jsonb_build_object('table_id', 'r', 'date_column', date_column,
		'interval', width) || more)
$$;

-- What a person asks: m of each line s (null: there is one) in each bucket g of the range; of one
-- without rows the last that is known in it, else the last that is known before "low".
CREATE FUNCTION pg_temp.by_person(buckets text, bucket text, low text, high text, line text,
	m text, rows text = 'true', lines text = 'SELECT DISTINCT s FROM d', t text = 'at')
RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace(format($q$
	WITH d AS (SELECT %2$s AS b, %5$s AS s, %6$s AS m FROM readings WHERE tenant = 'acme'
		AND (%7$s) AND T >= %3$s AND T < %4$s GROUP BY 1, 2),
	e AS (SELECT %2$s AS b, %5$s AS s, %6$s AS m FROM readings WHERE tenant = 'acme'
		AND (%7$s) AND T < %3$s AND isfinite(T) GROUP BY 1, 2)
	SELECT g.b, s.s, CASE WHEN EXISTS (SELECT FROM d WHERE d.b = g.b
			AND d.s IS NOT DISTINCT FROM s.s)
		THEN (SELECT m FROM d WHERE d.b = g.b AND d.s IS NOT DISTINCT FROM s.s)
		ELSE coalesce(
			(SELECT m FROM d WHERE d.b < g.b AND d.s IS NOT DISTINCT FROM s.s AND m IS NOT NULL
			 ORDER BY d.b DESC LIMIT 1),
			(SELECT m FROM e WHERE e.s IS NOT DISTINCT FROM s.s AND m IS NOT NULL
			 ORDER BY e.b DESC LIMIT 1)) END AS v
	FROM (SELECT %1$s AS b) AS g, (%8$s) AS s ORDER BY 1, 2$q$,
		buckets, bucket, low, high, line, m, rows, lines), '\mT\M', t, 'g')
$$;

-- Both forms; the dense one by one more call.
CREATE FUNCTION pg_temp.both(name text, definition jsonb, by_person text, options jsonb = '{}')
RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('prismiq.dense', 'off', true);
	RETURN QUERY SELECT * FROM same(name, definition, by_person, true, options);
	PERFORM set_config('prismiq.dense', 'on', true);
	RETURN QUERY SELECT * FROM same(name || ', all at once', definition, by_person, true, options);
END
$$;
CREATE FUNCTION pg_temp.days(low text, high text) RETURNS text LANGUAGE sql AS $$
	SELECT format('generate_series(timestamptz %L, %L, ''1 day'')', low, high)
$$;

-- ---- The range says where it begins -----------------------------------------------------------
SELECT pg_temp.both('each measure for itself', def('r readings', 'r.level sum, r.state max,
		r.hits min, r.* count, r.heat avg', pg_temp.series('at', 'day',
			'{"range": {"start": "2024-03-15", "end": "2024-03-20"}}')),
	$$WITH d AS (SELECT date_trunc('day', at, 'UTC') AS b, sum(level) AS l, max(state) AS s,
			min(hits) AS h, count(*) AS n, avg(heat) AS a FROM readings
		WHERE tenant = 'acme' AND isfinite(at) GROUP BY 1)
	SELECT g,
		(SELECT l FROM d WHERE b <= g AND (l IS NOT NULL OR b = g) ORDER BY b DESC LIMIT 1),
		(SELECT s FROM d WHERE b <= g AND (s IS NOT NULL OR b = g) ORDER BY b DESC LIMIT 1),
		(SELECT h FROM d WHERE b <= g ORDER BY b DESC LIMIT 1),
		(SELECT n FROM d WHERE b <= g ORDER BY b DESC LIMIT 1),
		(SELECT a FROM d WHERE b <= g AND (a IS NOT NULL OR b = g) ORDER BY b DESC LIMIT 1)
	FROM generate_series(timestamptz '2024-03-15Z', '2024-03-20Z', '1 day') AS g ORDER BY 1$$);
SELECT pg_temp.both('each line; one that is only before the range is none',
	def('r readings', 'r.sensor, r.level sum', pg_temp.series('at', 'day',
		'{"range": {"start": "2024-03-15", "end": "2024-03-20"}}')),
	pg_temp.by_person(pg_temp.days('2024-03-15Z', '2024-03-20Z'),
		'date_trunc(''day'', T, ''UTC'')', '''2024-03-15Z''', '''2024-03-21Z''', 'sensor',
		'sum(level)'));
SELECT is(answer(def('r readings', 'r.sensor, r.hits sum', pg_temp.series('at', 'day',
		'{"range": {"start": "2024-03-16", "end": "2024-03-17"}}'))),
	'[["2024-03-16T00:00:00+00:00", "b", 39], ["2024-03-17T00:00:00+00:00", "b", 55]]',
	'in numbers');
SELECT pg_temp.both('a start within a bucket: what is of it before counts',
	def('r readings', 'r.sensor, r.hits sum', pg_temp.series('at', 'week',
		'{"range": {"start": "2024-03-14T12:00:00", "end": "2024-03-31"}}')),
	pg_temp.by_person('generate_series(timestamptz ''2024-03-11Z'', ''2024-03-31Z'',
		''7 days'')', 'date_trunc(''week'', T, ''UTC'')', '''2024-03-14 12:00Z''',
		'''2024-04-01Z''', 'sensor', 'sum(hits)'));
SELECT pg_temp.both('days of another zone', def('r readings', 'r.sensor, r.level max',
		pg_temp.series('at', 'day', '{"timezone": "America/New_York",
			"range": {"start": "2024-03-09", "end": "2024-03-13"}}')),
	pg_temp.by_person('generate_series(timestamp ''2024-03-09'', ''2024-03-13'',
		''1 day'') AT TIME ZONE ''America/New_York''', 'date_trunc(''day'', T,
		''America/New_York'')', '''2024-03-09 05:00Z''', '''2024-03-14 04:00Z''', 'sensor',
		'max(level)'));
SELECT pg_temp.both('local times of another zone', def('r readings', 'r.sensor, r.level max',
		pg_temp.series('local', 'day', '{"source_timezone": "Asia/Tokyo",
			"range": {"start": "2024-03-10", "end": "2024-03-14"}}')),
	pg_temp.by_person(pg_temp.days('2024-03-10Z', '2024-03-14Z'),
		'date_trunc(''day'', T AT TIME ZONE ''Asia/Tokyo'', ''UTC'')', '''2024-03-10 09:00''',
		'''2024-03-15 09:00''', 'sensor', 'max(level)', t => 'local'));
SELECT pg_temp.both('dates', def('r readings', 'r.sensor, r.level max',
		pg_temp.series('day', 'day', '{"range": {"start": "2024-03-10", "end": "2024-03-14"}}')),
	pg_temp.by_person('generate_series(timestamp ''2024-03-10'', ''2024-03-14'',
		''1 day'')::date', 'T', 'date ''2024-03-10''', 'date ''2024-03-15''', 'sensor',
		'max(level)', t => 'day'));

-- ---- Filters -----------------------------------------------------------------------------------
SELECT pg_temp.both('a start that a filter says; other filters stay',
	def('r readings', 'r.sensor, r.level sum', pg_temp.series('at', 'day')
		|| filters(cond('r.at between', '["2024-03-15", "2024-03-20"]'),
			cond('r.place eq', '1'), cond('r.hits neq', '54'))),
	pg_temp.by_person(pg_temp.days('2024-03-15Z', '2024-03-20Z'),
		'date_trunc(''day'', T, ''UTC'')', '''2024-03-15Z''', '''2024-03-21Z''', 'sensor',
		'sum(level)', 'place = 1 AND hits <> 54'));
SELECT pg_temp.both('within or and not', def('r readings', 'r.sensor, r.level sum',
		pg_temp.series('at', 'day') || filters('{"or": [{"and": [{"table_id": "r", "column": "at",
			"operator": "gte", "value": "2024-03-15"}, {"table_id": "r", "column": "place",
			"operator": "eq", "value": 1}]}, {"table_id": "r", "column": "at", "operator": "eq",
			"value": "2024-03-17"}]}', '{"not": {"or": [{"table_id": "r", "column": "at",
			"operator": "gte", "value": "2024-03-21"}, {"table_id": "r", "column": "at",
			"operator": "lt", "value": "2024-03-15"}]}}')),
	pg_temp.by_person(pg_temp.days('2024-03-15Z', '2024-03-20Z'),
		'date_trunc(''day'', T, ''UTC'')', '''2024-03-15Z''', '''2024-03-21Z''', 'sensor',
		'sum(level)', 'T < ''2024-03-15Z'' OR place = 1 OR T::date = ''2024-03-17'''));
SELECT pg_temp.both('the tightest start; what is looser still holds',
	def('r readings', 'r.sensor, r.level sum', pg_temp.series('at', 'day',
		'{"range": {"start": "2024-03-12", "end": "2024-03-20"}}')
		|| filters(cond('r.at gte', '"2024-03-15"'))),
	pg_temp.by_person(pg_temp.days('2024-03-15Z', '2024-03-20Z'),
		'date_trunc(''day'', T, ''UTC'')', '''2024-03-15Z''', '''2024-03-21Z''', 'sensor',
		'sum(level)', 'T >= ''2024-03-12Z'''));
SELECT pg_temp.both('the same of a filter', def('r readings', 'r.sensor, r.level sum',
		pg_temp.series('at', 'day', '{"range": {"start": "2024-03-15", "end": "2024-03-20"}}')
		|| filters(cond('r.at gt', '"2024-03-11"'))),
	pg_temp.by_person(pg_temp.days('2024-03-15Z', '2024-03-20Z'),
		'date_trunc(''day'', T, ''UTC'')', '''2024-03-15Z''', '''2024-03-21Z''', 'sensor',
		'sum(level)', 'T >= ''2024-03-12Z'''));
SELECT is(answer(def('r readings', 'r.level sum', pg_temp.series('at', 'month'))),
	answer(def('r readings', 'r.level sum', pg_temp.series('at', 'month',
		'{"fill_before": false}'))), 'where nothing says a start, nothing is before it');
SELECT matches(prismiq_compile(def('r readings', 'r.level sum', pg_temp.series('at', 'day',
		'{"range": {"start": "2024-03-15", "end": "2024-03-20"}}'))) ->> 'sql',
	'earlier AS .*WHERE \(t1\.at OPERATOR\(pg_catalog\.>\) \$\d+::timestamp with time zone AND '
	't1\.at OPERATOR\(pg_catalog\.<\) \$\d+::timestamp with time zone\)',
	'an index on the column serves the rows before');

-- ---- What stands beside and above -------------------------------------------------------------
SELECT pg_temp.both('a bucket that having removes is no last one',
	def('r readings', 'r.hits sum = h', pg_temp.series('at', 'day',
		'{"range": {"start": "2024-03-16", "end": "2024-03-16"}}')
		|| '{"having": [{"column": "h", "operator": "lt", "value": 45}]}'),
	$$SELECT timestamptz '2024-03-16Z', (SELECT sum(hits) FROM readings WHERE tenant = 'acme'
		AND at < '2024-03-16Z' AND isfinite(at) GROUP BY date_trunc('day', at, 'UTC')
		HAVING sum(hits) < 45 ORDER BY date_trunc('day', at, 'UTC') DESC LIMIT 1)$$);
SELECT pg_temp.both('by a group that is not shown', def('r readings', 'r.hits sum',
		pg_temp.series('at', 'day', '{"range": {"start": "2024-03-15", "end": "2024-03-20"}}')
		|| '{"group_by": [{"table_id": "r", "column": "place"}]}'),
	format('SELECT b, v FROM (%s) AS q', pg_temp.by_person(
		pg_temp.days('2024-03-15Z', '2024-03-20Z'), 'date_trunc(''day'', T, ''UTC'')',
		'''2024-03-15Z''', '''2024-03-21Z''', 'place', 'sum(hits)')));
SELECT pg_temp.both('under a window', def('r readings', 'r.hits max = h', pg_temp.series('at',
		'day', '{"range": {"start": "2024-03-15", "end": "2024-03-20"}}') || '{"windows": [{"alias":
		"total", "function": "running_total", "of": "h"}]}'),
	format('SELECT b, v, sum(v) OVER (ORDER BY b) FROM (%s) AS q ORDER BY 1',
		pg_temp.by_person(pg_temp.days('2024-03-15Z', '2024-03-20Z'),
		'date_trunc(''day'', T, ''UTC'')', '''2024-03-15Z''', '''2024-03-21Z''', '1', 'max(hits)',
		lines => 'SELECT 1 AS s')));
SELECT pg_temp.both('compared: the period before is as it was', def('r readings', 'r.hits sum = h',
		pg_temp.series('at', 'day', '{"range": {"start": "2024-03-16", "end": "2024-03-18"}}')
		|| '{"compare": {"period": "previous_week"}}'),
	format($$SELECT q.b, v, p.h, v - p.h, (v - p.h) * 100::numeric / p.h
	FROM (%s) AS q LEFT JOIN (SELECT date_trunc('day', at, 'UTC') AS b, sum(hits) AS h
		FROM readings WHERE tenant = 'acme' GROUP BY 1) AS p ON p.b = q.b - interval '7 days'
	ORDER BY 1$$, pg_temp.by_person(pg_temp.days('2024-03-16Z', '2024-03-18Z'),
		'date_trunc(''day'', T, ''UTC'')', '''2024-03-16Z''', '''2024-03-19Z''', '1', 'sum(hits)',
		lines => 'SELECT 1 AS s')));
SELECT pg_temp.both('the largest lines, and the rest', def('r readings', 'r.sensor, r.hits sum = h',
		pg_temp.series('at', 'day', '{"range": {"start": "2024-03-15", "end": "2024-03-25"}}')
		|| '{"top": {"n": 1, "by": "h"}}'),
	pg_temp.by_person(pg_temp.days('2024-03-15Z', '2024-03-25Z'),
		'date_trunc(''day'', T, ''UTC'')', '''2024-03-15Z''', '''2024-03-26Z''',
		$$CASE WHEN sensor IS NOT DISTINCT FROM (SELECT sensor FROM readings AS x WHERE tenant =
			'acme' AND x.at >= '2024-03-15Z' AND x.at < '2024-03-26Z' GROUP BY sensor
			ORDER BY sum(hits) DESC LIMIT 1) THEN sensor ELSE 'Other' END$$, 'sum(hits)'));
SELECT is(answer(def('r readings', 'r.sensor, r.hits sum = h', pg_temp.series('at', 'day',
		'{"range": {"start": "2024-03-15", "end": "2024-03-17"}}') || '{"pivot": {"column":
		"sensor", "value": "h"}}')),
	(SELECT jsonb_agg(jsonb_build_array(b, a, bb) ORDER BY b)::text FROM (SELECT r ->> 0 AS b,
		max((r ->> 2)::int) FILTER (WHERE r ->> 1 = 'a') AS a,
		max((r ->> 2)::int) FILTER (WHERE r ->> 1 = 'b') AS bb
		FROM jsonb_array_elements(answer(def('r readings', 'r.sensor, r.hits sum = h',
			pg_temp.series('at', 'day', '{"range": {"start": "2024-03-15", "end":
			"2024-03-17"}}')))::jsonb) AS r GROUP BY 1) AS q), 'as columns');
SELECT is(answer(def('r readings', 'r.sensor, r.hits sum = h', pg_temp.series('at', 'day',
		'{"range": {"start": "2024-03-16", "end": "2024-03-17"}}') || '{"totals": true}'))::jsonb
		-> -1, (SELECT jsonb_build_array(NULL, NULL, sum(hits), 2) FROM readings
		WHERE tenant = 'acme' AND at >= '2024-03-16Z' AND at < '2024-03-18Z'),
	'totals are of the rows');
SELECT pg_temp.both('over joins, one of which repeats the rows', def('r readings, p places,
		q repairs', 'p.name, r.hits sum', pg_temp.series('at', 'day',
			'{"range": {"start": "2024-03-15", "end": "2024-03-20"}}')
			|| filters(cond('q.cost gt', '100')), 'r.place = p.id, q.place = p.id'),
	pg_temp.by_person(pg_temp.days('2024-03-15Z', '2024-03-20Z'),
		'date_trunc(''day'', T, ''UTC'')', '''2024-03-15Z''', '''2024-03-21Z''',
		'CASE place WHEN 1 THEN ''north'' ELSE ''south'' END', 'sum(hits)'));
SELECT pg_temp.both('beside a measure of the table that repeats them', def('r readings, p places,
		q repairs', 'p.name, r.hits sum', pg_temp.series('at', 'day',
			'{"range": {"start": "2024-03-15", "end": "2024-03-20"}}') || '{"columns":
			[{"table_id": "p", "column": "name"}, {"table_id": "r", "column": "hits",
			"aggregation": "sum"}, {"table_id": "q", "column": "cost", "aggregation": "max"}]}',
			'r.place = p.id, q.place = p.id'),
	format('SELECT q.*, (SELECT max(cost) FROM repairs AS x, places AS p WHERE x.tenant = ''acme''
		AND x.place = p.id AND p.name = q.s) FROM (%s) AS q ORDER BY 1, 2',
		pg_temp.by_person(pg_temp.days('2024-03-15Z', '2024-03-20Z'),
		'date_trunc(''day'', T, ''UTC'')', '''2024-03-15Z''', '''2024-03-21Z''',
		'CASE place WHEN 1 THEN ''north'' ELSE ''south'' END', 'sum(hits)')));

-- ---- Refusals --------------------------------------------------------------------------------
SELECT is(faults(def('r readings', 'r.hits sum', pg_temp.series('at', 'day', more))), expected,
	expected) FROM (VALUES
	('{"fill": "linear"}'::jsonb, 'INVALID_TIME_SERIES /time_series/fill_before "fill_before" does '
		'not go with fill "linear" (Use fill "previous".)'),
	('{"fill": "value"}', 'INVALID_TIME_SERIES /time_series/fill_before "fill_before" does '
		'not go with fill "value" (Use fill "previous".)'),
	('{"fill_before": "yes"}', 'INVALID_VALUE /time_series/fill_before "fill_before" must be true '
		'or false, not a string'),
	('{"fill": "null", "fill_before": false}', NULL)) AS v (more, expected);

-- ---- Another tenant ----------------------------------------------------------------------------
SET LOCAL prismiq.tenant_id = 'beta';
SELECT is(answer(def('r readings', 'r.sensor, r.level sum', pg_temp.series('at', 'day',
		'{"range": {"start": "2024-03-16", "end": "2024-03-18"}}'))),
	'[["2024-03-16T00:00:00+00:00", "a", 1000000], ["2024-03-17T00:00:00+00:00", "a", 1], '
	'["2024-03-18T00:00:00+00:00", "a", 1]]', 'carries its own values only');

SELECT * FROM finish();
ROLLBACK;
