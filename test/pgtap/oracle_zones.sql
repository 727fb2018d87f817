-- Buckets through queries in 20 zones over 30 years: what DST, skipped days and
-- odd offsets do to them, against PostgreSQL's own generate_series over local
-- times and date_trunc with a zone.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

RESET ROLE;
-- Events every 61 hours and some; four around every change of a zone's clock.
CREATE TABLE shop.zones AS SELECT unnest('{UTC,Europe/Berlin,Europe/London,America/New_York,
	America/Los_Angeles,America/Sao_Paulo,America/St_Johns,America/Havana,Atlantic/Azores,
	Africa/Cairo,Africa/Casablanca,Asia/Kolkata,Asia/Kathmandu,Asia/Tehran,Asia/Beirut,
	Australia/Lord_Howe,Australia/Adelaide,Pacific/Apia,Pacific/Chatham,
	America/Asuncion}'::text[]) AS zone;
CREATE TABLE shop.changes AS
SELECT zone, hour FROM shop.zones,
	generate_series(timestamptz '1995-07-01 00:00Z', '2025-06-30', '1 day') AS day,
	generate_series(day, day + interval '23 hours', '1 hour') AS hour
WHERE (day + interval '23 hours') AT TIME ZONE zone - (day - interval '1 hour') AT TIME ZONE zone
		<> interval '1 day'
	AND hour AT TIME ZONE zone - (hour - interval '1 hour') AT TIME ZONE zone <> interval '1 hour';
CREATE TABLE shop.events
(
	tenant text NOT NULL, at timestamptz NOT NULL, wall timestamp, day date
);
INSERT INTO shop.events
SELECT 'acme', t, t AT TIME ZONE 'Asia/Kathmandu', (t AT TIME ZONE 'UTC')::date
FROM (SELECT timestamptz '1995-06-15 00:00Z' + n * interval '61 hours 17 minutes 3.5 seconds' AS t
	  FROM generate_series(0, 4290) AS n
	  UNION
	  SELECT hour + n * interval '29 minutes 59 seconds' FROM shop.changes,
		generate_series(-3, 3, 2) AS n) AS q;
INSERT INTO shop.events
SELECT 'acme', now() - n * interval '7 hours' FROM generate_series(0, 40) AS n;
INSERT INTO shop.events VALUES ('beta', '2010-01-01', '2010-01-01', '2010-01-01');
CREATE INDEX ON shop.events (tenant, at);
ANALYZE shop.events;
SELECT FROM prismiq.prismiq_expose('shop.events', tenant_column => 'tenant');
GRANT SELECT ON ALL TABLES IN SCHEMA shop TO app_user;
SET LOCAL ROLE app_user;
SELECT cmp_ok((SELECT count(DISTINCT zone) FROM changes), '>=', 17::bigint, 'the zones change');

-- Edges by hand: local times of a step, as instants; a skipped one is no edge.
CREATE FUNCTION pg_temp.edges(step interval, first timestamp, low timestamp, high timestamp,
							  zone text)
RETURNS SETOF timestamptz LANGUAGE sql STABLE AS $$
	SELECT DISTINCT l AT TIME ZONE zone
	FROM generate_series(first, high + interval '3 years', step) AS l
	WHERE l + step > low
$$;

-- What is wrong with a series from day low to day high (both whole), a line a bucket.
CREATE FUNCTION pg_temp.wrong(zone text, width text, low date, high date, edges timestamptz[],
							  more jsonb = '{}', date_column text = 'at')
RETURNS text LANGUAGE sql AS $$
	WITH got AS (
		SELECT (r ->> 'b')::timestamptz AS b, (r ->> 'count')::int AS n
		FROM prismiq.prismiq_query_rows(oracle.def('e events', 'e.* count', jsonb_build_object(
			'time_series', jsonb_build_object('table_id', 'e', 'date_column', date_column,
				'interval', width, 'timezone', zone, 'alias', 'b',
				'range', jsonb_build_object('start', low, 'end', high)) || more))) AS r),
	grid AS (
		SELECT b, lead(b) OVER (ORDER BY b) AS next FROM unnest(edges) AS b),
	sorted AS MATERIALIZED (SELECT array_agg(b ORDER BY b) AS edges FROM grid),
	counts AS (
		SELECT width_bucket(at, s.edges) AS i, count(*)::int AS n
		FROM sorted AS s, shop.events AS e
		WHERE e.tenant = 'acme' AND at >= low::timestamp AT TIME ZONE zone
			AND at < (high + 1)::timestamp AT TIME ZONE zone
		GROUP BY 1),
	want AS (
		SELECT s.edges[i] AS b, n FROM counts, sorted AS s
		UNION ALL
		SELECT b, 0 FROM grid
		WHERE next > low::timestamp AT TIME ZONE zone
			AND b < (high + 1)::timestamp AT TIME ZONE zone
			AND b NOT IN (SELECT s.edges[i] FROM counts, sorted AS s))
	SELECT string_agg(concat_ws(' ', zone, width, b, 'has', got.n, 'wanted', want.n), E'\n'
					  ORDER BY b)
	FROM got FULL JOIN want USING (b) WHERE got.n IS DISTINCT FROM want.n
$$;

-- ---- Calendar buckets, 30 years -----------------------------------------------------
SELECT is((SELECT string_agg(pg_temp.wrong(zone, unit, '1995-07-01', '2025-06-30',
		ARRAY(SELECT pg_temp.edges(step, first, '1995-07-01', '2025-06-30', zone))), E'\n')
	FROM zones), NULL, unit || 's of 30 years in 20 zones')
FROM (VALUES ('day', interval '1 day', timestamp '1995-07-01'), ('week', '7 days', '1995-06-26'),
	('month', '1 month', '1995-07-01'), ('quarter', '3 months', '1995-07-01'),
	('year', '1 year', '1995-01-01')) AS u (unit, step, first);
SELECT is((SELECT string_agg(zone, ' ') FROM zones WHERE (
		SELECT count(*) FROM prismiq_query_rows(def('e events', 'e.* count', jsonb_build_object(
			'time_series', jsonb_build_object('table_id', 'e', 'date_column', 'at', 'alias', 'b',
				'interval', 'month', 'timezone', zone, 'fill_missing', false,
				'range', '{"start": "1995-07-01", "end": "2025-06-30"}'::jsonb)))) AS r,
			LATERAL (SELECT (r ->> 'b')::timestamptz AS b) AS x
		WHERE b <> date_trunc('month', b, zone)) > 0), NULL, 'each begins where date_trunc says');

-- ---- Buckets of several units ----------------------------------------------------------
SELECT is((SELECT string_agg(pg_temp.wrong(zone, width, '2009-11-01', '2012-02-15',
		ARRAY(SELECT pg_temp.edges(step, first, '2009-11-01', '2012-02-15', zone)), more), E'\n')
	FROM zones), NULL, width || ' ' || more::text)
FROM (VALUES ('6 hours', interval '6 hours', timestamp '2000-01-01', '{}'::jsonb),
	('12 hours', '12 hours', '2000-01-01', '{}'), ('10 days', '10 days', '2000-01-01', '{}'),
	('10 days', '10 days', '2009-10-18', '{"origin": "2011-12-27"}'),
	('10 days', '10 days', '2000-01-03', '{"origin": "2020-01-08"}'),
	('2 weeks', '14 days', '2000-01-03', '{}'),
	('2 weeks', '14 days', '2000-01-02', '{"week_start": "sunday"}'),
	('week', '7 days', '2000-01-01', '{"week_start": "saturday"}'),
	('week', '7 days', '2000-01-02', '{"week_start": "Sunday"}'),
	('3 months', '3 months', '2000-01-01', '{}'),
	('3 months', '3 months', '2000-02-01', '{"origin": "2000-02-01"}'),
	('2 years', '2 years', '2000-01-01', '{}')) AS w (width, step, first, more);
SET LOCAL prismiq.fiscal_year_start_month = 4;
SELECT is((SELECT string_agg(pg_temp.wrong(zone, width, '2009-11-01', '2012-02-15',
		ARRAY(SELECT pg_temp.edges(step, first, '2009-11-01', '2012-02-15', zone)), more), E'\n')
	FROM zones), NULL, 'fiscal: ' || width || ' ' || more::text)
FROM (VALUES ('year', interval '1 year', timestamp '2000-04-01', '{"fiscal": true}'::jsonb),
	('quarter', '3 months', '2000-04-01', '{"fiscal": true}'),
	('year', '1 year', '2000-01-01', '{}'), ('month', '1 month', '2000-01-01', '{"fiscal": true}'))
	AS w (width, step, first, more);
SET LOCAL prismiq.fiscal_year_start_month = 2;
SELECT is((SELECT string_agg(pg_temp.wrong(zone, 'quarter', '2009-11-01', '2012-02-15',
		ARRAY(SELECT pg_temp.edges('3 months', '2000-02-01', '2009-11-01', '2012-02-15', zone)),
		'{"fiscal": true}'), E'\n') FROM zones), NULL, 'fiscal quarters from February');
RESET prismiq.fiscal_year_start_month;

-- ---- Hours and less, around every change of the clock -----------------------------------
-- They step in absolute time from 2000-01-01 local: an hour that is repeated is two buckets.
SELECT is((SELECT string_agg(pg_temp.wrong(c.zone, width, c.day, c.day + 1,
		ARRAY(SELECT date_bin(width::interval, g, timestamp '2000-01-01' AT TIME ZONE c.zone)
			  FROM generate_series((c.day - 1)::timestamp AT TIME ZONE c.zone,
				(c.day + 3)::timestamp AT TIME ZONE c.zone, width::interval) AS g)), E'\n')
	FROM (SELECT zone, (hour AT TIME ZONE zone)::date AS day,
			row_number() OVER (PARTITION BY zone ORDER BY hour) AS n FROM changes) AS c
	WHERE n % 23 < 2), NULL, width || ': around the days of a change')
FROM unnest('{1 hour,15 minutes,1 minute}'::text[]) AS width;

-- ---- Columns without a zone ---------------------------------------------------------------
SELECT is((SELECT string_agg(pg_temp.wrong(zone, unit, '2009-11-01', '2012-02-15',
		ARRAY(SELECT pg_temp.edges(step, '1999-12-27', '2009-11-01', '2012-02-15', zone)),
		'{"source_timezone": "Asia/Kathmandu"}', 'wall'), E'\n') FROM zones), NULL,
	'a timestamp written in Kathmandu, in ' || unit || 's of 20 zones')
FROM (VALUES ('day', interval '1 day'), ('week', '7 days')) AS u (unit, step);
SELECT same(kind || ' by ' || unit || ', as it stands', def('e events', 'e.* count',
		jsonb_build_object('time_series', jsonb_build_object('table_id', 'e', 'date_column', kind,
			'interval', unit, 'timezone', 'America/New_York',
			'range', '{"start": "2009-11-01", "end": "2012-02-15"}'::jsonb))),
	format($$SELECT b, (SELECT count(*) FROM events WHERE tenant = 'acme'
			AND date_trunc(%1$L, %2$I::timestamp)::%3$s = b
			AND %2$I >= '2009-11-01' AND %2$I < '2012-02-16')
		FROM (SELECT DISTINCT date_trunc(%1$L, d)::%3$s AS b FROM generate_series(
			timestamp '2009-11-01', '2012-02-15', '1 day') AS d) AS g ORDER BY 1$$,
		   unit, kind, CASE kind WHEN 'day' THEN 'date' ELSE 'timestamp' END), true)
FROM unnest('{wall,day}'::text[]) AS kind, unnest('{week,month,quarter}'::text[]) AS unit;

-- ---- complete_only ----------------------------------------------------------------------
SELECT is((SELECT string_agg(concat_ws(' ', zone, unit, b, 'wanted', wanted), E'\n')
	FROM zones, unnest('{hour,day,week,month,quarter,year}'::text[]) AS unit,
		LATERAL (SELECT max((r ->> 'b')::timestamptz) AS b
			FROM prismiq_query_rows(def('e events', 'e.* count', jsonb_build_object('time_series',
				jsonb_build_object('table_id', 'e', 'date_column', 'at', 'alias', 'b',
					'interval', unit, 'timezone', zone, 'complete_only', true,
					'range', jsonb_build_object('start', now() - interval '800 days',
												'end', now() + interval '800 days'))))) AS r)
			AS got,
		LATERAL (SELECT max(e) AS wanted FROM (
			SELECT date_trunc(unit, now() - n * interval '1 hour', zone) AS e
			FROM generate_series(0, CASE unit WHEN 'hour' THEN 3 WHEN 'day' THEN 50
								 WHEN 'week' THEN 350 ELSE 9000 END) AS n) AS q
			WHERE e < date_trunc(unit, now(), zone)) AS want
	WHERE b IS DISTINCT FROM wanted AND zone NOT LIKE '%Lord_Howe'), NULL,
	'the last bucket is the one before that of now');
SELECT is((SELECT string_agg(zone, ' ') FROM zones WHERE pg_temp.wrong(zone, 'day',
		(now() AT TIME ZONE zone)::date - 9, (now() AT TIME ZONE zone)::date - 1,
		ARRAY(SELECT pg_temp.edges('1 day', (now() AT TIME ZONE zone)::date - 10,
			(now() AT TIME ZONE zone)::date - 10, (now() AT TIME ZONE zone)::date, zone)),
		'{"complete_only": true}') IS NOT NULL), NULL, 'a range that is complete keeps all of it');

SELECT * FROM finish();
ROLLBACK;
