-- Empty buckets filled from the buckets around them, against statements written
-- by a person: previous and linear.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

RESET ROLE;
CREATE TABLE shop.readings
(
	tenant text NOT NULL, id int PRIMARY KEY, sensor text, at timestamptz, local timestamp,
	day date, level numeric, heat double precision, hits int, cost money, state text, took interval
);
INSERT INTO shop.readings
SELECT 'acme', n, (ARRAY['a', 'b', NULL])[n % 3 + 1],
	   timestamptz '2024-03-05 05:30 UTC' + n * n * interval '7 hours',
	   timestamp '2024-03-05 05:30' + n * n * interval '7 hours', date '2024-03-05' + n * n,
	   CASE WHEN n % 5 > 0 THEN n * 10.5 END, n / 8.0, n * 3, n::money,
	   CASE WHEN n % 4 > 0 THEN 's' || n END, n * interval '1 hour'
FROM generate_series(1, 14) AS n;
INSERT INTO shop.readings VALUES
	('beta', 100, 'a', '2024-03-07 00:00Z', '2024-03-07', '2024-03-07', 1000000, 1e9, 1000, 1, 'x');
SELECT FROM prismiq.prismiq_expose('shop.readings', tenant_column => 'tenant', time_column => 'at');
GRANT SELECT ON shop.readings TO app_user;
SET LOCAL ROLE app_user;

-- A series over readings: series('at', 'day', '{"fill": ...}').
CREATE FUNCTION pg_temp.series(date_column text, width text, more jsonb) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('time_series', jsonb_build_object('table_id', 'r',
		'date_column', date_column, 'interval', width) || more)
$$;

-- ---- previous ---------------------------------------------------------------------
SELECT same('previous: every measure, counts too', def('r readings',
		'r.level sum, r.hits max, r.state max, r.* count, r.took max', pg_temp.series('at', 'day',
			'{"fill": "previous", "timezone": "UTC",
			  "range": {"start": "2024-03-01", "end": "2024-04-10"}}')),
	$$WITH d AS (SELECT date_trunc('day', at, 'UTC') AS b, sum(level) AS l, max(hits) AS h,
			max(state) AS s, count(*) AS n, max(took) AS t
		FROM readings WHERE tenant = 'acme' GROUP BY 1)
	SELECT g AT TIME ZONE 'UTC',
		(SELECT l FROM d WHERE b <= x.at AND (l IS NOT NULL OR b = x.at) ORDER BY b DESC LIMIT 1),
		(SELECT h FROM d WHERE b <= x.at AND (h IS NOT NULL OR b = x.at) ORDER BY b DESC LIMIT 1),
		(SELECT s FROM d WHERE b <= x.at AND (s IS NOT NULL OR b = x.at) ORDER BY b DESC LIMIT 1),
		(SELECT n FROM d WHERE b <= x.at ORDER BY b DESC LIMIT 1),
		(SELECT t FROM d WHERE b <= x.at ORDER BY b DESC LIMIT 1)
	FROM generate_series(timestamp '2024-03-01', '2024-04-10', '1 day') AS g,
		LATERAL (SELECT g AT TIME ZONE 'UTC' AS at) AS x ORDER BY 1$$, true);
SELECT same('previous: each line by itself, in a zone with a DST change', def('r readings',
		'r.sensor, r.hits sum', pg_temp.series('at', 'day',
			'{"fill": "previous", "timezone": "America/New_York",
			  "range": {"start": "2024-03-08", "end": "2024-03-20"}}')),
	$$WITH d AS (SELECT date_trunc('day', at, 'America/New_York') AS b, sensor, sum(hits) AS h
		FROM readings WHERE tenant = 'acme' AND at >= '2024-03-08 05:00Z'
			AND at < '2024-03-21 04:00Z' GROUP BY 1, 2)
	SELECT x.at, s.sensor, (SELECT h FROM d WHERE b <= x.at
							AND d.sensor IS NOT DISTINCT FROM s.sensor
							ORDER BY b DESC LIMIT 1)
	FROM generate_series(timestamp '2024-03-08', '2024-03-20', '1 day') AS g,
		LATERAL (SELECT g AT TIME ZONE 'America/New_York' AS at) AS x,
		(SELECT DISTINCT sensor FROM d) AS s ORDER BY 1, 2$$, true);
SELECT same('previous: a bucket that having removed neither shows nor counts', def('r readings',
		'r.hits sum = h', pg_temp.series('day', 'day', '{"fill": "previous",
			"range": {"start": "2024-03-05", "end": "2024-04-20"}}')
			|| '{"having": [{"column": "h", "operator": "neq", "value": 9}]}'),
	$$SELECT g::date, (SELECT sum(hits) FROM readings WHERE tenant = 'acme' AND day <= g
			AND hits <> 9
			GROUP BY day ORDER BY day DESC LIMIT 1)
	FROM generate_series(timestamp '2024-03-05', '2024-04-20', '1 day') AS g
	WHERE g <> '2024-03-14' ORDER BY 1$$, true);
SELECT same('previous: by a group that is not shown', def('r readings', 'r.hits sum',
		pg_temp.series('day', 'week', '{"fill": "previous"}')
		|| '{"group_by": [{"table_id": "r", "column": "sensor"}]}'),
	$$WITH d AS (SELECT date_trunc('week', day)::date AS b, sensor, sum(hits) AS h
		FROM readings WHERE tenant = 'acme' GROUP BY 1, 2)
	SELECT g::date, (SELECT h FROM d WHERE b <= g AND d.sensor IS NOT DISTINCT FROM s.sensor
					 ORDER BY b DESC LIMIT 1)
	FROM (SELECT generate_series(min(b), max(b), '7 days') AS g FROM d) AS g,
		(SELECT DISTINCT sensor FROM d) AS s ORDER BY 1, s.sensor$$, true);

-- ---- linear ------------------------------------------------------------------------
-- Between the neighbours in time; nothing before the first and after the last.
SELECT same('linear: numeric, double, integer, money', def('r readings',
		'r.level sum, r.heat max, r.hits sum, r.cost sum', pg_temp.series('at', 'day',
			'{"fill": "linear", "timezone": "UTC",
			  "range": {"start": "2024-03-01", "end": "2024-04-10"}}')),
	$$WITH d AS (SELECT date_trunc('day', at, 'UTC') AS b, sum(level) AS l, max(heat) AS h,
			sum(hits)::numeric AS n, sum(cost)::numeric AS c
		FROM readings WHERE tenant = 'acme' AND at < '2024-04-11Z' GROUP BY 1),
	g AS (SELECT g AT TIME ZONE 'UTC' AS at
		  FROM generate_series(timestamp '2024-03-01', '2024-04-10', '1 day') AS g)
	SELECT g.at,
		CASE WHEN d.b IS NOT NULL THEN d.l ELSE (SELECT p.l - (p.l - n.l)
			* extract(epoch FROM g.at - p.b) / extract(epoch FROM n.b - p.b)
			FROM (SELECT * FROM d WHERE b < g.at AND l IS NOT NULL ORDER BY b DESC LIMIT 1) AS p,
				(SELECT * FROM d WHERE b > g.at AND l IS NOT NULL ORDER BY b LIMIT 1) AS n) END,
		CASE WHEN d.b IS NOT NULL THEN d.h ELSE (SELECT p.h - (p.h - n.h)
			* extract(epoch FROM g.at - p.b)::float8 / extract(epoch FROM n.b - p.b)::float8
			FROM (SELECT * FROM d WHERE b < g.at ORDER BY b DESC LIMIT 1) AS p,
				(SELECT * FROM d WHERE b > g.at ORDER BY b LIMIT 1) AS n) END,
		CASE WHEN d.b IS NOT NULL THEN d.n ELSE (SELECT p.n - (p.n - n.n)
			* extract(epoch FROM g.at - p.b) / extract(epoch FROM n.b - p.b)
			FROM (SELECT * FROM d WHERE b < g.at ORDER BY b DESC LIMIT 1) AS p,
				(SELECT * FROM d WHERE b > g.at ORDER BY b LIMIT 1) AS n) END,
		CASE WHEN d.b IS NOT NULL THEN d.c ELSE (SELECT p.c - (p.c - n.c)
			* extract(epoch FROM g.at - p.b) / extract(epoch FROM n.b - p.b)
			FROM (SELECT * FROM d WHERE b < g.at ORDER BY b DESC LIMIT 1) AS p,
				(SELECT * FROM d WHERE b > g.at ORDER BY b LIMIT 1) AS n) END
	FROM g LEFT JOIN d ON d.b = g.at ORDER BY 1$$, true);
SELECT same('linear: in time, months are not equal; dates; each line', def('r readings',
		'r.sensor, r.hits sum = h', pg_temp.series('day', 'month', '{"fill": "linear",
			"range": {"start": "2024-03-01", "end": "2024-12-31"}}')),
	$$WITH d AS (SELECT date_trunc('month', day)::date AS b, sensor, sum(hits)::numeric AS h
		FROM readings WHERE tenant = 'acme' GROUP BY 1, 2)
	SELECT g::date, s.sensor, coalesce(d.h, (
			SELECT p.h - (p.h - n.h) * (g::date - p.b) / (n.b - p.b)
			FROM (SELECT * FROM d WHERE b < g AND sensor IS NOT DISTINCT FROM s.sensor
				  ORDER BY b DESC LIMIT 1) AS p,
				(SELECT * FROM d WHERE b > g AND sensor IS NOT DISTINCT FROM s.sensor
				 ORDER BY b LIMIT 1) AS n))
	FROM generate_series(timestamp '2024-03-01', '2024-12-01', '1 month') AS g
		CROSS JOIN (SELECT DISTINCT sensor FROM d) AS s
		LEFT JOIN d ON d.b = g AND d.sensor IS NOT DISTINCT FROM s.sensor ORDER BY 1, 2$$, true);
SELECT same('linear: a timestamp read in a zone, day of 23 hours', def('r readings',
		'r.heat avg', pg_temp.series('local', '12 hours', '{"fill": "linear",
			"source_timezone": "UTC", "timezone": "America/New_York",
			"range": {"start": "2024-03-07", "end": "2024-03-16"}}')),
	$$WITH d AS (SELECT ((local AT TIME ZONE 'UTC') AT TIME ZONE 'America/New_York') AS wall, heat
			FROM readings WHERE tenant = 'acme' AND local >= '2024-03-07 05:00'
				AND local < '2024-03-17 04:00'),
	e AS (SELECT (date_trunc('day', wall) + CASE WHEN extract(hour FROM wall) >= 12
				THEN interval '12 hours' ELSE '0' END) AT TIME ZONE 'America/New_York' AS b,
			avg(heat) AS h FROM d GROUP BY 1),
	g AS (SELECT g AT TIME ZONE 'America/New_York' AS at
		  FROM generate_series(timestamp '2024-03-07', '2024-03-16 12:00', '12 hours') AS g)
	SELECT g.at, coalesce(e.h, (SELECT p.h - (p.h - n.h)
			* extract(epoch FROM g.at - p.b)::float8 / extract(epoch FROM n.b - p.b)::float8
			FROM (SELECT * FROM e WHERE b < g.at ORDER BY b DESC LIMIT 1) AS p,
				(SELECT * FROM e WHERE b > g.at ORDER BY b LIMIT 1) AS n))
	FROM g LEFT JOIN e ON e.b = g.at ORDER BY 1$$, true);

-- ---- What stands above, what comes out ---------------------------------------------------
SELECT same('a window over filled rows, sorted, a page', def('r readings', 'r.hits sum = h',
		pg_temp.series('day', 'day', '{"fill": "previous",
			"range": {"start": "2024-03-06", "end": "2024-03-20"}}')
		|| '{"windows": [{"alias": "total", "function": "running_total", "of": "h"}]}'),
	$$SELECT * FROM (SELECT g::date, h, sum(h) OVER (ORDER BY g)
		FROM (SELECT g, (SELECT sum(hits) FROM readings WHERE tenant = 'acme' AND day <= g
						 GROUP BY day ORDER BY day DESC LIMIT 1) AS h
			  FROM generate_series(timestamp '2024-03-06', '2024-03-20', '1 day') AS g) AS q) AS w
	ORDER BY 3 DESC LIMIT 4 OFFSET 2$$, true,
	'{"sort": [{"alias": "total", "direction": "DESC"}], "limit": 4, "offset": 2}');
SELECT is(answer(def('r readings', 'r.cost sum = c', pg_temp.series('day', 'day',
		'{"fill": "linear", "range": {"start": "2024-03-06", "end": "2024-03-14"}}')
		|| '{"totals": true}'))::jsonb -> -1, '[null, 6.00, 1]', 'totals are of the rows');
SELECT is((SELECT jsonb_agg(c ->> 'type')
	FROM jsonb_array_elements(prismiq_compile(def('r readings',
		'r.hits sum, r.* count, r.heat max, r.level avg', pg_temp.series('day', 'day',
			'{"fill": "linear"}'))) -> 'columns') AS c),
	'["date", "numeric", "numeric", "double precision", "numeric"]', 'types of a line');
SELECT is((SELECT jsonb_agg(c ->> 'type')
	FROM jsonb_array_elements(prismiq_compile(def('r readings',
		'r.* count', pg_temp.series('at', 'auto', '{"fill": "linear",
			"range": {"start": "2024-03-05T00:00:00", "end": "2024-03-05T06:00:00"}}')))
		-> 'columns') AS c),
	'["timestamp with time zone", "bigint"]', 'every point: nothing is filled');
SELECT is(answer(def('r readings', 'r.hits sum, r.level avg',
			pg_temp.series('day', 'auto', '{"fill": "linear"}'))),
		answer(def('r readings', 'r.hits sum, r.level avg',
			pg_temp.series('day', 'day', '{"fill": "linear"}'))),
	'a range that only the rows know: the line is the same');
SELECT same('fill_missing false: nothing is filled', def('r readings', 'r.hits sum',
		pg_temp.series('day', 'month', '{"fill": "linear", "fill_missing": false}')),
	$$SELECT date_trunc('month', day)::date, sum(hits) FROM readings WHERE tenant = 'acme'
	GROUP BY 1 ORDER BY 1$$, true);
SELECT is(answer(def('r readings', 'r.hits sum', pg_temp.series('day', 'day', '{"fill": "previous",
		"range": {"start": "2020-03-05", "end": "2020-03-06"}}'))),
	'[["2020-03-05", null], ["2020-03-06", null]]', 'a range without rows: nothing to carry');
SELECT is(answer(def('r readings', 'r.sensor, r.hits sum', pg_temp.series('day', 'day',
		'{"fill": "linear", "range": {"start": "2020-03-05", "end": "2020-03-06"}}'))), '[]',
	'and no line without rows');

-- ---- Refusals -------------------------------------------------------------------------------
SELECT is(faults(def('r readings', 'r.state max, r.took sum, r.at max', pg_temp.series('day', 'day',
		'{"fill": "linear"}'))),
	'TYPE_MISMATCH /time_series/fill there is nothing between two values of "state_max", which is '
	'of type text (Use previous, null or value.)' || E'\n' ||
	'TYPE_MISMATCH /time_series/fill there is nothing between two values of "took_sum", which is '
	'of type interval (Use previous, null or value.)' || E'\n' ||
	'TYPE_MISMATCH /time_series/fill there is nothing between two values of "at_max", which is '
	'of type timestamp with time zone (Use previous, null or value.)', 'numbers only');
SELECT is(faults(def('r readings', 'r.hits sum', pg_temp.series('day', 'day',
		'{"fill": "previous", "fill_value": 1}'))),
	'INVALID_VALUE /time_series/fill_value "fill_value" does not go with fill "previous"',
	'a value that would go nowhere');
SELECT is(faults(def('r readings', 'r.hits sum', pg_temp.series('day', 'day',
		'{"fill": "lineal"}'))),
	'INVALID_VALUE /time_series/fill "lineal" is not a valid value of "fill" '
	'(Did you mean "linear"?)',
	'no such fill');

-- ---- Another tenant ----------------------------------------------------------------------------
SET LOCAL prismiq.tenant_id = 'beta';
SELECT is(answer(def('r readings', 'r.level sum', pg_temp.series('day', 'day', '{"fill": "previous",
		"range": {"start": "2024-03-06", "end": "2024-03-08"}}'))),
	'[["2024-03-06", null], ["2024-03-07", 1000000], ["2024-03-08", 1000000]]',
	'carries its own values only');

SELECT * FROM finish();
ROLLBACK;
