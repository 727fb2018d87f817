-- Time buckets against date_trunc, date_bin and edges made by AT TIME ZONE.
BEGIN;
SET LOCAL search_path = prismiq, public;
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO';
SET LOCAL intervalstyle = 'postgres';

CREATE ROLE bucket_user;
GRANT USAGE ON SCHEMA prismiq TO bucket_user;
SET LOCAL ROLE bucket_user;

SELECT plan(82);

-- Zones with every oddity: half and quarter hours, changes at midnight and at
-- one minute past, half an hour of summer time, days skipped and repeated.
CREATE TEMP TABLE zones AS
SELECT unnest(ARRAY['UTC', 'America/New_York', 'America/Los_Angeles', 'Europe/Berlin',
	'Europe/London', 'Europe/Dublin', 'Europe/Moscow', 'Africa/Cairo', 'Africa/Casablanca',
	'America/Sao_Paulo', 'America/St_Johns', 'America/Havana', 'America/Caracas',
	'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Tehran', 'Asia/Beirut', 'Asia/Gaza',
	'Australia/Lord_Howe', 'Pacific/Apia', 'Pacific/Chatham', 'Pacific/Kiritimati',
	'Pacific/Kwajalein', 'Antarctica/Casey', 'Antarctica/Troll']) AS z;

-- 1985 to 2015, and 2030 to 2060, at all times of day.
CREATE TEMP TABLE times AS
SELECT '1985-01-01 00:00+00'::timestamptz + n * interval '17 hours 17 minutes 13 seconds' AS t
FROM generate_series(0, 15000) n
UNION ALL
SELECT '2030-01-01 00:00+00'::timestamptz + n * interval '71 hours 17 minutes 13 seconds'
FROM generate_series(0, 3600) n;

CREATE TEMP TABLE truncated AS
SELECT z, u, t, date_trunc(u, t, z) AS wanted, prismiq_time_bucket(w, t, z) AS got
FROM zones, times,
	(VALUES ('day', interval '1 day'), ('week', '1 week'), ('month', '1 month'),
			('quarter', '3 months'), ('year', '1 year')) AS units (u, w);

-- ---- Calendar units against date_trunc ------------------------------------

SELECT cmp_ok((SELECT count(*) FROM truncated), '>', 2000000::bigint, 'there is enough to compare');

-- date_trunc makes buckets that begin after the time in them, where midnight is
-- repeated and the time is in the first of the two.
SELECT is_empty($$ SELECT z, u, t, wanted, got FROM truncated
				   WHERE got <> wanted AND wanted <= t $$,
				'days, weeks, months, quarters and years are those of date_trunc');
SELECT is_empty($$ SELECT * FROM truncated WHERE got > t $$, 'no bucket begins after its time');
SELECT is(prismiq_time_bucket('1 day', '2010-10-31 04:30+00', 'America/Havana'),
		  '2010-10-30 04:00+00', 'a time in the first of two midnight hours is in the old day');
SELECT is(prismiq_time_bucket('1 day', '2010-10-31 05:30+00', 'America/Havana'),
		  '2010-10-31 05:00+00', 'and in the second one in the new day');
SELECT is_empty($$ SELECT t FROM times
				   WHERE prismiq_time_bucket('1 day', t) <> date_trunc('day', t)
					  OR prismiq_time_bucket('1 week', t) <> date_trunc('week', t) $$,
				'without a zone it is the session''s');

-- ---- What is remembered ---------------------------------------------------

-- A call site whose arguments are constants, asked for times in no order, most of them near
-- changes of the offset; another one is asked for each time alone.
CREATE FUNCTION pg_temp.alone(w interval, t timestamptz, z text) RETURNS timestamptz
	LANGUAGE plpgsql AS $$
DECLARE
	result timestamptz;
BEGIN
	EXECUTE format('SELECT prismiq_time_bucket(%L::interval, %L::timestamptz, %L)', w, t, z)
		INTO result;
	RETURN result;
END $$;
CREATE TEMP TABLE mixed AS
SELECT t, md5(t::text) AS place
FROM (SELECT t FROM times WHERE extract(month FROM t) IN (3, 4, 10, 11)
	  UNION ALL SELECT t FROM times WHERE t >= '2000-01-01' AND t < '2001-01-01') x;
CREATE FUNCTION pg_temp.differ(w interval, z text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	result bigint;
BEGIN
	EXECUTE format('SELECT count(*) FILTER (WHERE got <> pg_temp.alone(%1$L, t, %2$L)) FROM (
		SELECT t, prismiq_time_bucket(%1$L::interval, t, %2$L) AS got FROM mixed ORDER BY place
		OFFSET 0) x WHERE hashtext(t::text) %% 8 = 0', w, z) INTO result;
	RETURN result;
END $$;
SELECT is_empty($$ SELECT w, z, pg_temp.differ(w, z)
				   FROM unnest('{90 minutes, 5 hours, 1 day, 8 days, 1 month, 5 years}'
							   ::interval[]) w,
					   unnest('{Europe/Berlin, Australia/Lord_Howe, America/Sao_Paulo, Pacific/Apia,
								Africa/Casablanca}'::text[]) z
				   WHERE pg_temp.differ(w, z) <> 0 $$,
				'what is remembered is what is found');
SELECT is_empty($$ SELECT d FROM (SELECT d FROM (SELECT t::date AS d, place FROM mixed) x
								  ORDER BY place OFFSET 0) x
				   WHERE prismiq_time_bucket('1 month', d) <> date_trunc('month', d)::date
					  OR prismiq_time_bucket('1 week', d) <> date_trunc('week', d)::date
					  OR prismiq_time_bucket('1 day', d) <> d $$, 'of dates too');
CREATE FUNCTION pg_temp.in_turn() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text := '';
	z text;
	w interval;
BEGIN
	FOREACH z IN ARRAY '{UTC,Asia/Kolkata,UTC}'::text[] LOOP
		FOREACH w IN ARRAY '{1 day,1 hour}'::interval[] LOOP
			result := concat_ws(' ', result, to_char(
				prismiq_time_bucket(w, '2024-05-06 07:10+00', z), 'HH24:MI'));
		END LOOP;
	END LOOP;
	RETURN result;
END $$;
SELECT is(pg_temp.in_turn(), ' 00:00 07:00 18:30 06:30 00:00 07:00',
		  'a call site of PL/pgSQL keeps nothing of arguments that change');

-- ---- Fixed widths against date_bin ----------------------------------------

SELECT is_empty(
	$$ SELECT w, t FROM times,
			unnest('{1 second, 7 seconds, 1 minute, 7 minutes, 15 minutes, 45 minutes, 1 hour}'
				   ::interval[]) w, unnest('{UTC, Europe/Berlin, America/St_Johns}'::text[]) z
	   WHERE prismiq_time_bucket(w, t, z)
		  <> date_bin(w, t, timestamp '2000-01-01' AT TIME ZONE z) $$,
	'up to an hour, buckets are those of date_bin from midnight of 2000-01-01 in the zone');
SELECT is_empty(
	$$ SELECT w, t FROM times, LATERAL (SELECT t AT TIME ZONE 'UTC' AS l) x,
			unnest('{1 millisecond, 7 minutes, 90 minutes, 6 hours, 1 day, 36 hours, 10 days}'
				   ::interval[]) w
	   WHERE prismiq_time_bucket(w, l) <> date_bin(w, l, '2000-01-01') $$,
	'those of timestamps without zone are those of date_bin at any width');
SELECT is_empty(
	$$ SELECT w, t FROM times, unnest('{11 minutes, 50 minutes}'::interval[]) w
	   WHERE prismiq_time_bucket(w, t, 'America/New_York', '2001-10-28 05:30+00')
		  <> date_bin(w, t, '2001-10-28 05:30+00') $$,
	'an origin in a repeated hour is that instant');

-- ---- Every width against edges made one by one ----------------------------

CREATE FUNCTION pg_temp.edges(z text, width interval, origin timestamp, a timestamp, b timestamp)
RETURNS SETOF timestamptz LANGUAGE sql AS $$
	SELECT DISTINCT (origin + k * width) AT TIME ZONE z
	FROM generate_series(
		floor(extract(epoch FROM a - origin) / extract(epoch FROM width)
			  * CASE WHEN a > origin THEN 0.97 ELSE 1.03 END)::int - 60,
		ceil(extract(epoch FROM b - origin) / extract(epoch FROM width)
			 * CASE WHEN b > origin THEN 1.03 ELSE 0.97 END)::int + 60) k
	WHERE origin + k * width BETWEEN a - 2 * width - interval '3 days'
								 AND b + 2 * width + interval '3 days';
$$;

CREATE TEMP TABLE widths AS
SELECT * FROM (VALUES
	(interval '90 minutes', timestamp '2000-01-01'), ('2 hours', '2000-01-01'),
	('5 hours', '2000-01-01'), ('6 hours', '2000-01-01'), ('7 hours', '2000-01-01 00:30'),
	('12 hours', '2000-01-01'), ('1 day', '2000-01-01'), ('1 day', '2000-01-01 12:00'),
	('1 day', '2000-01-01 00:30'), ('36 hours', '2000-01-01'), ('2 days', '2000-01-01'),
	('7 days', '2000-01-03'), ('14 days', '2000-01-02'), ('1 month', '2000-01-01'),
	('1 month', '2000-01-30 00:30'), ('3 months', '2000-02-01'), ('1 year', '2000-04-01'),
	('2 years', '2000-01-01')) AS w (width, origin);

-- Around days that zones skipped (Kwajalein 1993, Kiritimati 1995, Apia 2011)
-- or repeated (Juneau 1867, the other way round in Manila 1844).
CREATE TEMP TABLE enumerated AS
SELECT z, width, origin, wanted, got
FROM (SELECT z, a, a + interval '4 months' AS b
	  FROM zones, (VALUES (timestamp '2001-09-01'), ('2024-02-01')) AS y (a)
	  UNION ALL VALUES ('Pacific/Kwajalein', timestamp '1993-07-01', timestamp '1993-11-01'),
		('Pacific/Kiritimati', '1994-12-01', '1995-03-01'),
		('Pacific/Apia', '2011-12-01', '2012-02-01'), ('Asia/Manila', '1844-12-01', '1845-02-01'),
		('America/Juneau', '1867-10-01', '1867-12-01'),
		('Antarctica/Casey', '2009-10-01', '2010-04-01'),
		('America/Sao_Paulo', '2018-02-01', '2018-12-01')) AS r (z, a, b), widths,
	LATERAL (SELECT e AS wanted FROM pg_temp.edges(z, width, origin, a, b) e
			 WHERE e >= a AT TIME ZONE 'UTC' AND e < b AT TIME ZONE 'UTC') x
	FULL JOIN LATERAL (
		SELECT e AS got
		FROM prismiq_time_buckets(width, a AT TIME ZONE 'UTC', b AT TIME ZONE 'UTC', z,
								  CASE WHEN origin NOT IN ('2000-01-01', '2000-01-03')
									THEN origin AT TIME ZONE z END) e
		WHERE e >= a AT TIME ZONE 'UTC') y ON wanted = got;

SELECT cmp_ok((SELECT count(*) FROM enumerated), '>', 100000::bigint, 'there is enough to compare');
SELECT is_empty($$ SELECT * FROM enumerated WHERE wanted IS NULL OR got IS NULL $$,
				'buckets begin at local edges as AT TIME ZONE converts them, each once');

-- The bucket of a time is the last of these edges that is not after it.
SELECT is_empty(
	$$ SELECT z, width, t, prismiq_time_bucket(width, t, z, o) AS got, max(e)
	   FROM (VALUES ('Pacific/Apia', '2011-12-27 00:00+00'::timestamptz),
					('America/New_York', '2001-10-26 00:00+00'),
					('America/Havana', '2010-10-29 00:00+00'),
					('America/St_Johns', '2010-11-05 00:00+00'),
					('America/Sao_Paulo', '2018-11-02 00:00+00')) AS r (z, a), widths,
			LATERAL (SELECT origin AT TIME ZONE z AS o) x,
			LATERAL (SELECT a + n * interval '7 minutes 3 seconds' AS t
					 FROM generate_series(0, 1000) n) y
			JOIN LATERAL pg_temp.edges(z, width, origin, a AT TIME ZONE 'UTC',
									   a AT TIME ZONE 'UTC' + interval '6 days') e ON e <= t
	   WHERE width >= interval '5 hours'
	   GROUP BY z, width, t, o
	   HAVING prismiq_time_bucket(width, t, z, o) <> max(e) $$,
	'the bucket of a time is the last edge that is not after it');

SELECT is_empty(
	$$ SELECT z, width, b.b
	   FROM zones, widths, LATERAL (SELECT b, lead(b) OVER (ORDER BY b) AS next
			FROM prismiq_time_buckets(width, '2011-10-01', '2012-04-10', z) b) b,
			LATERAL (VALUES (b), (b + interval '1 microsecond'), (next - interval '1 microsecond'))
			AS t (t)
	   WHERE prismiq_time_bucket(width, t, z) <> b.b $$,
	'prismiq_time_buckets and prismiq_time_bucket have the same edges');

-- ---- Examples that can be checked by hand ---------------------------------

SELECT results_eq(
	$$ SELECT b, lead(b) OVER (ORDER BY b) - b
	   FROM prismiq_time_buckets('1 day', '2001-03-31 08:00+00', '2001-04-03 06:00+00',
								 'America/Los_Angeles') b $$,
	$$ VALUES ('2001-03-31 08:00+00'::timestamptz, interval '1 day'),
			  ('2001-04-01 08:00+00', '23 hours'), ('2001-04-02 07:00+00', NULL) $$,
	'the day in which summer time begins has 23 hours');
SELECT results_eq(
	$$ SELECT b AT TIME ZONE 'America/Los_Angeles'
	   FROM prismiq_time_buckets('1 hour', '2001-10-28 07:00+00', '2001-10-28 11:00+00',
								 'America/Los_Angeles') b $$,
	$$ VALUES (timestamp '2001-10-28 00:00'), ('2001-10-28 01:00'), ('2001-10-28 01:00'),
			  ('2001-10-28 02:00') $$,
	'the hour that a zone repeats is two buckets');
SELECT results_eq(
	$$ SELECT (b AT TIME ZONE 'Pacific/Apia')::date
	   FROM prismiq_time_buckets('1 day', '2011-12-29 10:00+00', '2012-01-01 09:00+00',
								 'Pacific/Apia') b $$,
	$$ VALUES (date '2011-12-29'), ('2011-12-31'), ('2012-01-01') $$,
	'a day that a zone skipped is no bucket');
SELECT results_eq(
	$$ SELECT b FROM prismiq_time_buckets('1 month', timestamp '2024-01-31', '2024-06-01',
										  '2023-12-31') b $$,
	$$ VALUES (timestamp '2024-01-31'), ('2024-02-29'), ('2024-03-31'), ('2024-04-30'),
			  ('2024-05-31') $$,
	'months from the 31st begin on the last day of shorter ones and do not drift');
SELECT results_eq(
	$$ SELECT b FROM prismiq_time_buckets('1 week', date '2024-03-01', date '2024-03-12') b $$,
	$$ VALUES (date '2024-02-26'), ('2024-03-04'), ('2024-03-11') $$,
	'weeks begin on Monday, and the first is that of the start');
SELECT results_eq(
	$$ SELECT b FROM prismiq_time_buckets('1 week', date '2024-03-01', date '2024-03-12',
										  '2000-01-02') b $$,
	$$ VALUES (date '2024-02-25'), ('2024-03-03'), ('2024-03-10') $$,
	'or on the weekday of the origin');
SELECT is(prismiq_time_bucket('3 months', date '2024-03-15', '2000-02-01'), '2024-02-01',
		  'quarters of a fiscal year follow the origin');
SELECT is(prismiq_time_bucket('1 year', date '2024-03-15', '2000-04-01'), '2023-04-01',
		  'so do fiscal years');
SELECT is(prismiq_time_bucket('1 year', date '1999-12-31', '2000-04-01'), '1999-04-01',
		  'before the origin as well');
SELECT is(prismiq_time_bucket('2 years', '2025-05-05 12:00+00', 'Asia/Tokyo'),
		  '2023-12-31 15:00+00', 'two years count from 2000');
SELECT is(prismiq_time_bucket('15 minutes', timestamp '2024-03-10 14:44:59.999999'),
		  '2024-03-10 14:30', 'the last moment of a bucket is in it');
SELECT is(prismiq_time_bucket('15 minutes', timestamp '2024-03-10 14:45'),
		  '2024-03-10 14:45', 'the first one of the next is not');
SELECT is(prismiq_time_bucket('1 hour', '2024-03-10 14:50+00', 'Asia/Kathmandu'),
		  '2024-03-10 14:15+00', 'hours of a zone with a quarter hour are its whole hours');

-- ---- One call site, changing arguments ------------------------------------

SELECT results_eq(
	$$ SELECT prismiq_time_bucket(w, '2024-07-04 03:30+00', z, o)
	   FROM (VALUES (1, interval '1 day', 'UTC', NULL::timestamptz),
					(2, '1 day', 'Asia/Tokyo', NULL),
					(3, '1 hour', 'Asia/Tokyo', NULL), (4, '1 hour', 'UTC', '2000-01-01 00:20+00'),
					(5, '1 day', 'UTC', NULL), (6, NULL, 'UTC', NULL), (7, '1 mon', 'UTC', NULL),
					(8, '30 days', 'UTC', NULL), (9, '1 day', NULL, NULL)) AS v (i, w, z, o)
	   ORDER BY i $$,
	$$ VALUES ('2024-07-04 00:00+00'::timestamptz), ('2024-07-03 15:00+00'),
			  ('2024-07-04 03:00+00'), ('2024-07-04 03:20+00'), ('2024-07-04 00:00+00'), (NULL),
			  ('2024-07-01 00:00+00'), ('2024-06-23 00:00+00'), (NULL) $$,
	'width, zone and origin may change from row to row');
SELECT is(prismiq_time_bucket('1 day', '2024-07-04 23:30+00'::timestamptz), '2024-07-04 00:00+00',
		  'the session''s zone');
SET LOCAL timezone = 'Asia/Tokyo';
SELECT is(prismiq_time_bucket('1 day', '2024-07-04 23:30+00'::timestamptz), '2024-07-04 15:00+00',
		  'follows SET');
SET LOCAL timezone = '<+05>-05';
SELECT is(prismiq_time_bucket('1 day', '2024-07-04 23:30+00', current_setting('timezone')),
		  '2024-07-04 19:00+00', 'the session''s zone can be named whatever it is');
SET LOCAL timezone = 'UTC';

-- ---- Nulls, infinities, the ends of time ----------------------------------

SELECT is(prismiq_time_bucket('1 day', NULL::timestamptz), NULL, 'null time');
SELECT is(prismiq_time_bucket(NULL, now(), 'UTC'), NULL, 'null width');
SELECT is(prismiq_time_bucket('1 day', NULL::timestamp), NULL, 'null timestamp');
SELECT is(prismiq_time_bucket(NULL, current_date), NULL, 'null width for a date');
SELECT is(prismiq_time_bucket('1 day', 'infinity', 'UTC'), 'infinity', 'infinity');
SELECT is(prismiq_time_bucket('1 month', timestamp '-infinity'), '-infinity', 'minus infinity');
SELECT is(prismiq_time_bucket('1 month', date 'infinity'), 'infinity', 'an infinite date');
SELECT is(prismiq_time_bucket('1 year', timestamp '0044-03-15 BC'), '0044-01-01 BC', 'a year BC');
SELECT is(prismiq_time_bucket('1 month', '0044-03-15 12:00+00 BC', 'UTC'), '0044-03-01 00:00+00 BC',
		  'a month BC');
SELECT is(prismiq_time_bucket('1 week', timestamp '0044-03-15 BC'),
		  date_trunc('week', timestamp '0044-03-15 BC'), 'a week BC');
SELECT is(prismiq_time_bucket('1 day', '12024-07-04 23:30+00', 'America/New_York'),
		  date_trunc('day', '12024-07-04 23:30+00'::timestamptz, 'America/New_York'),
		  'a year of five digits');
SELECT is(prismiq_time_bucket('1 year', timestamp '294276-12-31 23:59:59'), '294276-01-01',
		  'the last year');
SELECT is(prismiq_time_bucket('1 day', '294276-12-31 23:59:59+00', 'Asia/Tokyo'),
		  date_trunc('day', '294276-12-31 23:59:59+00'::timestamptz, 'Asia/Tokyo'), 'the last day');
SELECT is(prismiq_time_bucket('1 day', timestamp '4714-11-24 12:00 BC'), '4714-11-24 BC',
		  'the first day');
SELECT throws_ok($$ SELECT prismiq_time_bucket('1 year', timestamp '4714-11-24 12:00 BC') $$,
				 '22008', 'timestamp out of range', 'a bucket that begins before the first time');
SELECT throws_ok($$ SELECT prismiq_time_bucket('1 year', date '300000-01-01') $$,
				 '22008', 'date out of range for timestamp', 'a date beyond all timestamps');

-- ---- Bad arguments --------------------------------------------------------

SELECT throws_ok(format('SELECT prismiq_time_bucket(%L, now(), ''UTC'')', w), '22023', m, w)
FROM (VALUES ('0', 'an interval must be positive'), ('-1 day', 'an interval must be positive'),
			 ('-1 month', 'an interval must be positive'),
			 ('1 month 1 day', 'an interval of months cannot have days or hours as well'),
			 ('1 year -1 hour', 'an interval of months cannot have days or hours as well'),
			 ('2000000000 days', 'the interval is out of range')) AS v (w, m);
SELECT throws_ok(format('SELECT prismiq_time_bucket(''1 day'', now(), %L)', z), '22023',
				 format('time zone "%s" not recognized', z), 'time zone ' || quote_literal(z))
FROM unnest(ARRAY['', 'Nowhere', 'UTC+3', 'Etc/GMT+99', '+05:30', 'FOO5BAR', '../passwd',
				  'right/UTC ', repeat('x', 900)]) z;
SELECT lives_ok(format('SELECT prismiq_time_bucket(''1 day'', now(), %L)', z), z)
FROM unnest(ARRAY['europe/PARIS', 'Etc/GMT+5', 'EST5EDT', 'GMT0']) z;
SELECT throws_ok($$ SELECT prismiq_time_bucket('1 day', now(), 'UTC', 'infinity') $$, '22023',
				 'the origin is out of range', 'an infinite origin');
SELECT throws_ok(format('SELECT prismiq_time_bucket(%L, current_date)', w), '22023',
				 'the buckets of a date must be whole days', w || ' of a date')
FROM unnest('{1 hour,1 day 12 hours}'::text[]) w;
SELECT throws_ok($$ SELECT prismiq_time_buckets('1 hour', date '2024-01-01', '2024-01-02') $$,
				 '22023', 'the buckets of a date must be whole days', 'hours of a range of dates');

-- ---- prismiq_time_buckets -------------------------------------------------

SELECT is_empty($$ SELECT prismiq_time_buckets(w, a, b, z)
				   FROM (VALUES (interval '1 day', now(), now(), 'UTC'),
								('1 day', now(), now() - interval '1 day', 'UTC'),
								('1 day', NULL, now(), 'UTC'), ('1 day', now(), NULL, 'UTC'),
								(NULL, now() - interval '1 day', now(), 'UTC'),
								('1 day', now() - interval '1 day', now(), NULL)
						) AS v (w, a, b, z) $$,
				'an empty range and null arguments give no rows');
SET LOCAL prismiq.max_buckets = 100;
SELECT is((SELECT count(*) FROM prismiq_time_buckets('1 day', '2024-01-01', '2024-04-10', 'UTC')),
		  100::bigint, 'as many buckets as are allowed');
SELECT throws_ok($$ SELECT prismiq_time_buckets('1 day', '2024-01-01',
												'2024-04-10 00:00:01', 'UTC') $$,
				 'PT413', 'query is too complex', 'one more is too complex');
SELECT throws_ok($$ SELECT prismiq_time_buckets('1 microsecond', '0044-01-01 BC',
												'9999-01-01', 'UTC') $$,
				 'PT413', 'query is too complex', 'very many are too complex at once');
SELECT is((SELECT count(*) FROM prismiq_time_buckets('12 hours', '2011-11-12 10:00+00',
													 '2012-01-01 10:00+00', 'Pacific/Apia')),
		  100::bigint, 'what a zone skipped does not count');
SELECT throws_ok($$ SELECT prismiq_time_buckets('1 day', '2024-01-01', 'infinity', 'UTC') $$,
				 '22023', 'start and stop must be finite', 'an infinite range');

-- ---- auto -----------------------------------------------------------------

SELECT results_eq(
	$$ SELECT prismiq_time_bucket_auto('2024-01-01', '2024-01-01'::timestamptz + d)
	   FROM unnest('{0 hours, 8 hours, 8 hours 1 second, 1 day, 1 day 1 second, 4 days,
					 4 days 1 second, 31 days, 41 days, 42 days, 999 days, 1000 days, 15 years,
					 50 years, 100 years, 5000 years}'::interval[]) d $$,
	$$ VALUES (NULL), (NULL), (interval '1 minute'), ('1 minute'), ('10 minutes'), ('10 minutes'),
			  ('1 hour'), ('1 hour'), ('1 hour'), ('1 day'), ('1 day'), ('7 days'), ('7 days'),
			  ('1 month'), ('3 months'), ('1 year') $$,
	'auto follows the range');
SELECT is(prismiq_time_bucket_auto('2024-01-01', '2024-04-01', 20), '7 days', 'fewer points');
SELECT throws_ok($$ SELECT prismiq_time_bucket_auto('2024-01-01', 'infinity') $$, '22023',
				 'start and stop must be finite', 'auto of an infinite range');
SELECT throws_ok($$ SELECT prismiq_time_bucket_auto('2024-01-01', '2025-01-01', 0) $$, '22023',
				 'max_points must be positive', 'auto without points');

SELECT * FROM finish();
ROLLBACK;
