-- Date conditions: relative ranges, presets and date literals, in several zones.
BEGIN;
SET LOCAL search_path = prismiq, public;
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, YMD';

CREATE ROLE dates_user;
GRANT USAGE ON SCHEMA prismiq TO dates_user;

-- Two years back and one ahead of today, every 3 hours and some minutes.
CREATE TABLE public.dated AS
SELECT t AS tz, t AT TIME ZONE 'UTC' AS ts, (t AT TIME ZONE 'UTC')::date AS d
FROM generate_series(now() - interval '800 days', now() + interval '400 days',
					 interval '3 hours 7 minutes') t
UNION ALL
SELECT t, t AT TIME ZONE 'UTC', (t AT TIME ZONE 'UTC')::date
FROM (VALUES (now()), (now() - interval '1 minute'), (now() + interval '1 microsecond')) v (t);

CREATE TABLE public.moments (ts timestamp, tz timestamptz, d date);
INSERT INTO public.moments
SELECT l, l AT TIME ZONE 'America/New_York', l::date
FROM unnest('{2024-03-09 23:59:59.999999, 2024-03-10 00:00, 2024-03-10 12:00,
			  2024-03-10 23:59:59.999999, 2024-03-11 00:00, 2024-03-12 08:00, infinity,
			  -infinity}'::timestamp[]) l;
INSERT INTO public.moments VALUES (NULL, NULL, NULL);

GRANT SELECT ON public.dated, public.moments TO dates_user;
SELECT prismiq_expose('public.dated', shared => true) AS ignored \gset
SELECT prismiq_expose('public.moments', shared => true) AS ignored \gset
SELECT prismiq_grant('dates_user', 'app') AS ignored \gset

SELECT plan(50);
SET LOCAL prismiq.tenant_id = 'acme';
SET LOCAL ROLE dates_user;

-- How many rows a condition finds.
CREATE FUNCTION pg_temp.found(relation text, col text, op text, value jsonb, zone text)
RETURNS bigint LANGUAGE sql AS $$
	SELECT (prismiq_query(
		jsonb_build_object(
			'tables', jsonb_build_array(jsonb_build_object('id', 't', 'name', relation)),
			'columns', '[{"table_id": "t", "column": "*", "aggregation": "count"}]'::jsonb,
			'filters', jsonb_build_array(jsonb_build_object(
				'table_id', 't', 'column', col, 'operator', op, 'value', value))),
		jsonb_strip_nulls(jsonb_build_object('timezone', zone)))::jsonb #>> '{rows,0,0}')::bigint
$$;

-- The same for a half-open range of local times.
CREATE FUNCTION pg_temp.within(col text, low timestamp, high timestamp, zone text)
RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM public.dated
	WHERE CASE col
		WHEN 'tz' THEN tz >= low AT TIME ZONE zone AND tz < high AT TIME ZONE zone
		WHEN 'ts' THEN ts >= low AND ts < high
		ELSE d >= low AND d < high END
$$;

CREATE TEMP TABLE zones AS
SELECT z, date_trunc('day', now() AT TIME ZONE z) AS today
FROM unnest('{UTC, America/New_York, Asia/Kathmandu, Pacific/Kiritimati, Pacific/Pago_Pago,
			  Australia/Lord_Howe}'::text[]) z;

-- What each condition means, in SQL by hand.
CREATE TEMP TABLE meant AS
SELECT z, op, value, low, high
FROM (
	SELECT z, 'date_preset' AS op, to_jsonb(p) AS value, low, high
	FROM zones, LATERAL (VALUES
		('today', today, today + interval '1 day'),
		('yesterday', today - interval '1 day', today),
		('last_7_days', today - interval '6 days', today + interval '1 day'),
		('last_30_days', today - interval '29 days', today + interval '1 day'),
		('this_week', date_trunc('week', today), today + interval '1 day'),
		('last_week', date_trunc('week', today) - interval '1 week', date_trunc('week', today)),
		('this_month', date_trunc('month', today), today + interval '1 day'),
		('last_month', date_trunc('month', today) - interval '1 month',
			date_trunc('month', today)),
		('this_quarter', date_trunc('quarter', today), today + interval '1 day'),
		('last_quarter', date_trunc('quarter', today) - interval '3 months',
			date_trunc('quarter', today)),
		('this_year', date_trunc('year', today), today + interval '1 day'),
		('last_year', date_trunc('year', today) - interval '1 year', date_trunc('year', today)),
		('all_time', '-infinity', 'infinity'),
		('last_1_days', today, today + interval '1 day'),
		('last_90_days', today - interval '89 days', today + interval '1 day'),
		('last_2_weeks', today - interval '13 days', today + interval '1 day'),
		('last_3_months', today + interval '1 day' - interval '3 months',
			today + interval '1 day')) AS v (p, low, high)
	UNION ALL
	SELECT z, 'date_relative', to_jsonb(n), today + least(n, 0) * interval '1 day',
		today + (greatest(n, 0) + 1) * interval '1 day'
	FROM zones, unnest('{-7, -1, 0, 1, 7, 365}'::int[]) n
	UNION ALL
	SELECT z, 'date_window', jsonb_build_object('period', p, 'value', n), start + n * width,
		start + (n + 1) * width
	FROM zones, unnest('{-2, -1, 0, 1}'::int[]) n,
		LATERAL (VALUES ('daily', today, interval '1 day'),
			('weekly', date_trunc('week', today), '1 week'),
			('monthly', date_trunc('month', today), '1 month'),
			('quarterly', date_trunc('quarter', today), '3 months'),
			('yearly', date_trunc('year', today), '1 year')) AS v (p, start, width)
) AS m;

SELECT is_empty(format($$ SELECT z, op, value, pg_temp.found('dated', %1$L, op, value, z) AS got,
								 pg_temp.within(%1$L, low, high, z) AS wanted
						  FROM meant
						  WHERE pg_temp.found('dated', %1$L, op, value, z)
								<> pg_temp.within(%1$L, low, high, z) $$, col),
				'relative conditions on a column ' || kind)
FROM (VALUES ('tz', 'with time zone'), ('ts', 'without time zone'),
	('d', 'of dates')) AS v (col, kind);

SELECT is_empty(
	$$ SELECT n, pg_temp.found('dated', 'tz', 'date_preset', to_jsonb('last_' || n || '_' || u), z)
	   FROM zones, (VALUES ('minutes', interval '1 minute'), ('hours', '1 hour')) AS v (u, w),
			unnest('{1, 5, 60, 2000}'::int[]) n
	   WHERE pg_temp.found('dated', 'tz', 'date_preset', to_jsonb('last_' || n || '_' || u), z)
		  <> (SELECT count(*) FROM public.dated WHERE tz >= now() - n * w AND tz <= now()) $$,
	'minutes and hours are counted back from now, in absolute time');
SELECT is(pg_temp.found('dated', 'tz', 'not_date_relative', '-7', 'UTC')
		  + pg_temp.found('dated', 'tz', 'date_relative', '-7', 'UTC'),
		  (SELECT count(*) FROM public.dated), 'not_date_relative is all the rest');

-- ---- Fiscal years ---------------------------------------------------------

SET LOCAL prismiq.fiscal_year_start_month = 5;
SELECT is(pg_temp.found('dated', 'ts', 'date_preset', to_jsonb(p), 'UTC'),
		  pg_temp.within('ts', low, high, 'UTC'), p || ' of a fiscal year from May')
FROM (SELECT today, date_trunc('year', today - interval '4 months') + interval '4 months' AS y,
			 date_trunc('quarter', today - interval '1 month') + interval '1 month' AS q
	  FROM zones WHERE z = 'UTC') x,
	LATERAL (VALUES ('this_year', y, today + interval '1 day'),
		('last_year', y - interval '1 year', y),
		('this_quarter', q, today + interval '1 day'),
		('last_quarter', q - interval '3 months', q)) AS v (p, low, high);
RESET prismiq.fiscal_year_start_month;

-- ---- The tenant's own calendar --------------------------------------------

SET LOCAL prismiq.roles = 'admin';
SET LOCAL prismiq.user_id = 'u1';
SELECT prismiq_schema_config_set('{"week_start": "sunday", "fiscal_year_start_month": 2,
								   "timezone": "Pacific/Kiritimati"}') AS ignored \gset
SELECT is(pg_temp.found('dated', 'tz', op, value, NULL),
		  pg_temp.within('tz', low, high, 'Pacific/Kiritimati'),
		  op || ' ' || value || ' as the tenant is configured')
FROM (SELECT today, date_trunc('week', today + interval '1 day') - interval '1 day' AS w,
			 date_trunc('year', today - interval '1 month') + interval '1 month' AS y
	  FROM zones WHERE z = 'Pacific/Kiritimati') x,
	LATERAL (VALUES ('date_preset', '"today"'::jsonb, today, today + interval '1 day'),
		('date_preset', '"this_week"', w, today + interval '1 day'),
		('date_preset', '"last_year"', y - interval '1 year', y),
		('date_window', '{"period": "weekly", "value": -1}', w - interval '7 days', w)
	) AS v (op, value, low, high);

-- ---- Bad presets and offsets ----------------------------------------------

SELECT throws_ok(format('SELECT pg_temp.found(''dated'', ''tz'', %L, %L, ''UTC'')', op, value),
				 '22023', NULL, op || ' ' || value)
FROM (VALUES ('date_preset', '"last_0_days"'), ('date_preset', '"last_5_years"'),
	('date_preset', '"last_99999999999999999999_days"'), ('date_preset', '"last_-1_days"'),
	('date_preset', '"tomorrow"'), ('date_preset', '""'), ('date_preset', '7'),
	('date_relative', '1.5'), ('date_relative', '99999999999'), ('date_relative', '"x"'),
	('date_window', '{"period": "hourly", "value": 0}')) AS v (op, value);

-- ---- Date literals --------------------------------------------------------

-- Per operator the number of rows of public.moments, the infinite ones included.
SELECT is(pg_temp.found('moments', col, op, value::jsonb, 'America/New_York'), wanted::bigint,
		  format('%s %s %s', col, op, value))
FROM (VALUES ('eq', '"2024-03-10"', 3), ('gt', '"2024-03-10"', 3), ('gte', '"2024-03-10"', 6),
	('lt', '"2024-03-10"', 2), ('lte', '"2024-03-10"', 5),
	('between', '["2024-03-10", "2024-03-11"]', 4),
	('lte', '"infinity"', 8)) AS v (op, value, wanted),
	unnest('{tz, ts, d}'::text[]) col;
SELECT is(pg_temp.found('moments', 'tz', 'lt', to_jsonb('2024-03-10T17:00:00Z'::text),
						'America/New_York'), 4::bigint, 'an instant is an instant in any zone');
SELECT throws_ok(format('SELECT pg_temp.found(''moments'', ''tz'', ''eq'', %L, ''UTC'')', value),
				 '22023', NULL, 'eq ' || value)
FROM unnest('{"\"now\"", "\"today\"", "\"2024-02-30\"", "7"}'::text[]) value;

SELECT * FROM finish();
ROLLBACK;
