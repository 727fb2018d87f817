-- A condition on the bucket of a column is one on the column too: indexes and partitions serve it,
-- and the answer is the same.
\set ON_ERROR_STOP on
SET search_path = prismiq, public;
SET timezone = 'Europe/Berlin';
SET enable_seqscan = off;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SELECT prismiq_time_bucket('1 day', now()) \g /dev/null

SELECT no_plan();

-- Hours of years in which zones change, months of a century, and the odd ones.
CREATE TABLE public.events (at timestamptz, ts timestamp, d date, n int);
INSERT INTO public.events
SELECT t, t AT TIME ZONE 'UTC', (t AT TIME ZONE 'UTC')::date, row_number() OVER ()
FROM (SELECT '2010-10-30 00:00+00'::timestamptz + g * interval '27 minutes'
	  FROM generate_series(0, 120) g
	  UNION ALL SELECT '2011-12-29 00:00+00'::timestamptz + g * interval '31 minutes'
	  FROM generate_series(0, 120) g
	  UNION ALL SELECT '2024-03-30 00:00+00'::timestamptz + g * interval '17 minutes'
	  FROM generate_series(0, 120) g
	  UNION ALL SELECT '1990-01-01 00:00+00'::timestamptz + g * interval '3331 hours'
	  FROM generate_series(0, 120) g
	  UNION ALL SELECT unnest('{infinity,-infinity,NULL,2000-01-01}'::timestamptz[])) t (t);
CREATE INDEX ON public.events (at);
CREATE INDEX ON public.events (ts);
CREATE INDEX ON public.events (d);
ANALYZE public.events;

-- ---- The plans ----------------------------------------------------------------

CREATE FUNCTION pg_temp.plan(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	result text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP
		result := result || line || E'\n';
	END LOOP;
	RETURN result;
END $$;
-- The index's condition of a query of events.
CREATE FUNCTION pg_temp.bounds(condition text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(substring(pg_temp.plan('SELECT n FROM public.events WHERE ' || condition)
							  FROM 'Index Cond: ([^\n]*)'), 'none')
$$;
SELECT matches(pg_temp.bounds(format('%s %s %s', call, op, value)), format(wanted, col),
			   format('%s %s', call, op))
FROM (VALUES
	($$prismiq_time_bucket('1 day', at, 'Europe/Berlin')$$, 'at',
	 $$timestamptz '2024-03-29 23:00+00'$$),
	($$prismiq_time_bucket('1 month', at)$$, 'at', $$timestamptz '2024-03-29 23:00+00'$$),
	($$prismiq_time_bucket('1 hour', at, 'UTC', '2001-01-01 00:20+00')$$, 'at', $$now()$$),
	($$prismiq_time_bucket(timezone => 'UTC', ts => at, width => '2 weeks')$$, 'at', 'now()'),
	($$prismiq_time_bucket('6 hours', ts)$$, 'ts', $$timestamp '2024-03-29 23:00'$$),
	($$prismiq_time_bucket('1 month', ts, '2001-01-07')$$, 'ts', 'localtimestamp'),
	($$prismiq_time_bucket('1 week', d)$$, 'd', $$date '2024-03-29'$$),
	($$prismiq_time_bucket('3 months', d, '2001-02-01')$$, 'd', 'current_date'))
	AS calls (call, col, value),
	(VALUES ('>=', '^\(%I >= .*\)$'), ('>', '^\(%I > .*\)$'), ('<=', '^\(%I <= .*\)$'),
			('<', '^\(%I <= .*\)$'), ('=', '^\(\(%1$I >= .*\) AND \(%1$I <= .*\)\)$'))
	AS ops (op, wanted);
SELECT is(pg_temp.bounds($$prismiq_time_bucket('1 day', at, 'Europe/Berlin')
			BETWEEN '2024-03-30 00:00+01' AND '2024-03-31 00:00+01'$$),
		  $$((at >= '2024-03-30 00:00:00+01'::timestamp with time zone) AND $$
		  || $$(at <= '2024-03-31 23:59:59.999999+02'::timestamp with time zone))$$,
		  'the day on which the zone changes is whole');
SELECT is(pg_temp.bounds($$prismiq_time_bucket('1 day', at, 'UTC') < '2024-03-30 00:00+00'$$),
		  $$(at <= '2024-03-30 00:59:59.999999+01'::timestamp with time zone)$$,
		  'less than an edge ends there');
SELECT is(pg_temp.bounds($$'2024-03-30 00:00+00' > prismiq_time_bucket('1 day', at, 'UTC')$$),
		  $$(at <= '2024-03-30 00:59:59.999999+01'::timestamp with time zone)$$,
		  'the other way round');
SELECT is(pg_temp.bounds($$prismiq_time_bucket('1 day', at, 'UTC') $$ || list),
		  $$((at >= '2024-03-28 01:00:00+01'::timestamp with time zone) AND $$
		  || $$(at <= '2024-03-31 00:59:59.999999+01'::timestamp with time zone))$$, list)
FROM unnest(ARRAY[$$IN ('2024-03-30 00:00+00', '2024-03-28 00:00+00')$$,
	$$= ANY ('{2024-03-30 00:00+00,2024-03-28 00:00+00,NULL}')$$]) list;
SELECT matches(pg_temp.plan($$SELECT n FROM public.events
		WHERE prismiq_time_bucket('1 day', at, 'UTC') >= '2024-03-30'$$),
	'Filter: \(prismiq_time_bucket\(', 'the condition itself stays');
SELECT is(pg_temp.bounds(condition), 'none', 'nothing follows from ' || condition)
FROM unnest(ARRAY[
	$$prismiq_time_bucket('1 day', at, 'UTC') <> '2024-03-30'$$,
	$$prismiq_time_bucket('1 day', at, 'UTC') NOT IN ('2024-03-30', '2024-03-31')$$,
	$$prismiq_time_bucket('1 day', at, 'UTC') = ANY ('{}')$$,
	$$prismiq_time_bucket('1 day', at, 'UTC') < ANY ('{2024-03-30,2024-03-31}')$$,
	$$prismiq_time_bucket('1 day', at, 'UTC') >= '2024-03-30' OR n = 1$$,
	$$NOT prismiq_time_bucket('1 day', at, 'UTC') >= '2024-03-30'$$,
	$$prismiq_time_bucket('1 day', at, 'UTC') >= at - interval '1 hour'$$,
	$$prismiq_time_bucket('1 day', at, 'UTC') >= clock_timestamp()$$,
	$$prismiq_time_bucket(n * interval '1 day', at, 'UTC') >= '2024-03-30'$$,
	$$prismiq_time_bucket('1 day', at + interval '1 day', 'UTC') >= '2024-03-30'$$]) condition;

-- A long list of conditions stays one list, and is no deeper than it was.
SET max_stack_depth = '200kB';
SELECT lives_ok(format('EXPLAIN SELECT FROM public.events WHERE EXISTS (SELECT FROM pg_class c
		WHERE c.oid = n) AND %s', string_agg(condition, ' AND ')), 'thousands of ' || condition)
FROM unnest(ARRAY[$$date_trunc('day', at) = '2024-03-30'$$,
		$$prismiq_time_bucket('1 day', at, 'UTC') = '2024-03-30'$$]) condition,
	generate_series(1, 3000)
GROUP BY condition;
RESET max_stack_depth;

-- Subqueries, WITH, joins, changes; and parameters of a plan for any values.
SELECT matches(pg_temp.plan(statement), 'Index Cond: \(+\w*\.?at >= ', statement)
FROM unnest(ARRAY[
	$$SELECT count(*) FROM (SELECT n FROM public.events
		WHERE prismiq_time_bucket('1 day', at, 'UTC') >= '2024-03-30' OFFSET 0) x$$,
	$$WITH x AS MATERIALIZED (SELECT n FROM public.events
		WHERE prismiq_time_bucket('1 day', at, 'UTC') >= '2024-03-30') SELECT * FROM x$$,
	$$SELECT FROM (VALUES (1)) v (n) JOIN public.events e
		ON e.n = v.n AND prismiq_time_bucket('1 day', at, 'UTC') >= '2024-03-30'$$,
	$$SELECT FROM (VALUES (1)) v (n) LEFT JOIN public.events e
		ON e.n = v.n AND prismiq_time_bucket('1 day', at, 'UTC') >= '2024-03-30'$$,
	$$DELETE FROM public.events
		WHERE prismiq_time_bucket('1 day', at, 'UTC') >= '2024-03-30'$$]) statement;
PREPARE asked (interval, timestamptz, text) AS SELECT count(*) FROM public.events
	WHERE prismiq_time_bucket($1, at, $3) >= $2 AND prismiq_time_bucket($1, at, $3) < $2 + $1;
SET plan_cache_mode = force_generic_plan;
SELECT matches(pg_temp.plan($$EXECUTE asked ('1 day', '2024-03-30 23:00+00', 'Europe/Berlin')$$),
	'Index Cond: \(\(at >= \$2\) AND \(at <= prismiq_internal.time_bucket_last_zone\(',
	'parameters of a plan for any values');
RESET plan_cache_mode;

CREATE TABLE public.parts (at timestamptz, n int) PARTITION BY RANGE (at);
SELECT format('CREATE TABLE public.parts_%s PARTITION OF public.parts FOR VALUES FROM (%L) TO (%L)',
			  m, make_timestamptz(2024, m, 1, 0, 0, 0, 'UTC'),
			  make_timestamptz(2024, m + 1, 1, 0, 0, 0, 'UTC'))
FROM generate_series(1, 11) m \gexec
SELECT is((SELECT string_agg(m[1], ' ' ORDER BY m[1]) FROM regexp_matches(pg_temp.plan(
	$$SELECT FROM public.parts WHERE prismiq_time_bucket('1 month', at, 'UTC') $$ || condition),
	'on parts_(\d+)', 'g') m), wanted, 'partitions of ' || condition)
FROM (VALUES ($$= '2024-05-01 00:00+00'$$, '5'), ($$= '2024-05-02 00:00+00'$$, '5'),
	($$< '2024-03-01 00:00+00'$$, '1 2'), ($$<= '2024-03-01 00:00+00'$$, '1 2 3'),
	($$BETWEEN '2024-03-01 00:00+00' AND '2024-04-30'$$, '3 4')) v (condition, wanted);

-- ---- The answers --------------------------------------------------------------

-- The rows that a condition lets through, and those that it lets through where it is no list of
-- ANDs, so that nothing follows from it.
CREATE FUNCTION pg_temp.rows(condition text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE format('SELECT string_agg(n::text, '' '' ORDER BY n) FROM public.events WHERE %s',
				   condition) INTO result;
	RETURN coalesce(result, '');
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
CREATE TEMP TABLE asked AS
SELECT format('%s %s %L', call, op, value) AS condition
FROM (SELECT format('prismiq_time_bucket(%L, at, %L%s)', w, z,
					CASE hashtext(w || z) % 3 WHEN 0 THEN ', ''2010-10-31 00:17+00''' END) AS call,
			 w || z AS seed
	  FROM unnest('{17 minutes,1 hour,90 minutes,5 hours,1 day,3 days,1 week,1 month,7 months}'
				  ::text[]) w,
		   unnest('{UTC,Europe/Berlin,Pacific/Apia,America/Havana,Australia/Lord_Howe}'::text[]) z
	  UNION ALL
	  SELECT format('prismiq_time_bucket(%L, at)', w), w
	  FROM unnest('{1 hour,1 day,1 month}'::text[]) w
	  UNION ALL
	  SELECT format('prismiq_time_bucket(%L, ts)', w), w
	  FROM unnest('{1 hour,5 hours,1 week,2 months}'::text[]) w
	  UNION ALL
	  SELECT format('prismiq_time_bucket(%L, d)', w), w
	  FROM unnest('{1 day,10 days,1 month}'::text[]) w) calls,
	unnest('{>=,>,<=,<,=}'::text[]) op,
	LATERAL (SELECT CASE WHEN position('d)' IN call) > 0 THEN v::date::text
						 WHEN position('ts)' IN call) > 0 THEN (v::timestamp)::text
						 ELSE v::text END AS value
			 FROM (SELECT '2010-10-31 00:00+00'::timestamptz
						  + (hashtext(seed || op || g) % 100000) * interval '7 seconds' AS v
				   FROM generate_series(1, 2) g
				   UNION ALL SELECT '2011-12-30 10:00+00'::timestamptz
						  + (hashtext(seed || op) % 20) * interval '1 hour'
				   UNION ALL SELECT unnest('{2024-03-31 00:00+01,infinity,-infinity}'
										   ::timestamptz[])) vs) vals;
CREATE TEMP TABLE answers AS
SELECT condition, pg_temp.rows(condition) AS got,
	pg_temp.rows(format('(%s) IS TRUE', condition)) AS wanted
FROM asked;
SELECT cmp_ok(count(*), '>', 1500::bigint, 'so many conditions') FROM answers;
SELECT is_empty('SELECT condition FROM answers WHERE got <> wanted',
				'let through the rows that they let through by themselves');
SELECT cmp_ok(count(*), '>', 500::bigint, 'some and not all, as a rule')
FROM answers WHERE length(wanted) BETWEEN 1 AND 1500;
SELECT is(pg_temp.rows(condition), pg_temp.rows(format('(%s) IS TRUE', condition)), condition)
FROM unnest(ARRAY[
	$$prismiq_time_bucket('1 day', at, NULL) >= '2024-03-30'$$,
	$$prismiq_time_bucket('1 day', at, 'Europe/Berlin') IN ('2024-03-30 00:00+01',
		'2011-12-30 00:00+01', 'infinity', NULL)$$,
	$$prismiq_time_bucket('1 month', d) = ANY ('{2024-03-01,NULL,2010-10-01}')$$,
	$$prismiq_time_bucket('1 month', d) = ANY ('{NULL}')$$,
	$$prismiq_time_bucket(NULL, at, 'UTC') <= '2024-03-30'$$,
	$$prismiq_time_bucket('1 day', at, 'UTC') <= NULL$$,
	$$prismiq_time_bucket('1 day', at, 'Nowhere') <= '2024-03-30'$$,
	$$prismiq_time_bucket('-1 day', at, 'UTC') <= '2024-03-30'$$,
	$$prismiq_time_bucket('1 day 1 month', at, 'UTC') <= '2024-03-30'$$,
	$$prismiq_time_bucket('1 day', at, 'UTC', 'infinity') <= '2024-03-30'$$,
	$$prismiq_time_bucket('1 hour', d) <= '2024-03-30'$$,
	$$prismiq_time_bucket('1 day', d) <= '200000-03-30'$$,
	$$prismiq_time_bucket('1 day', d, 'infinity') <= '2024-03-30'$$,
	$$prismiq_time_bucket('100000 years', at, 'UTC') <= '2024-03-30'$$]) condition;
EXECUTE asked ('1 day', '2024-03-30 23:00+00', 'Europe/Berlin') \gset
SELECT is(:count, (SELECT count(*) FROM public.events
	WHERE prismiq_time_bucket('1 day', at, 'Europe/Berlin')
		  IN ('2024-03-31 00:00+01', '2024-03-31 23:00+02'))::int, 'with parameters, too');

-- ---- What is shown ------------------------------------------------------------

-- Row security comes first: what is added is the server's leakproof operators.
CREATE ROLE bounds_user;
GRANT SELECT ON public.events TO bounds_user;
GRANT USAGE ON SCHEMA prismiq TO bounds_user;
ALTER TABLE public.events ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION public.told(n int) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$
BEGIN
	RAISE EXCEPTION 'row %', n;
END $$;
CREATE POLICY one ON public.events USING (n = 5);
SET ROLE bounds_user;
SELECT is(pg_temp.rows($$prismiq_time_bucket('1 day', at, 'UTC') >= '2000-01-01'$$),
		  (SELECT coalesce(string_agg(n::text, ' '), '') FROM public.events
		   WHERE at >= '2000-01-01'), 'row security holds');
SELECT isnt(pg_temp.rows($$prismiq_time_bucket('1 day', at, 'UTC') >= '2000-01-01'$$), '',
			'and lets one row through');
SELECT is(pg_temp.rows($$prismiq_time_bucket('1 day', at, 'UTC') <= '3000-01-01'
						 AND public.told(n)$$), 'P0001', 'for the row that it lets through');
SELECT is(pg_temp.rows($$prismiq_time_bucket('1 day', at, 'UTC') >= '2050-01-01'
						 AND public.told(n)$$), '', 'and shows no other');
RESET ROLE;

-- Who made the condition may not be who may execute what follows from it: as ever, everybody may.
SELECT ok(has_function_privilege('bounds_user', p.oid, 'EXECUTE'), p.proname || ' is everybody''s')
FROM pg_proc p WHERE p.proname LIKE 'time\_bucket\_last\_%';
-- Where somebody has taken that away, conditions on buckets are as they were, also under a plan
-- that was made for a role that may.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA prismiq_internal FROM PUBLIC;
ALTER TABLE public.events DISABLE ROW LEVEL SECURITY;
SET plan_cache_mode = force_generic_plan;
EXECUTE asked ('1 day', '2024-03-30 23:00+00', 'Europe/Berlin') \gset before_
SET ROLE bounds_user;
EXECUTE asked ('1 day', '2024-03-30 23:00+00', 'Europe/Berlin') \gset
SELECT is(:count, :before_count, 'a plan is for the role that may execute what follows');
SELECT unalike(pg_temp.plan($$EXECUTE asked ('1 day', '2024-03-30 23:00+00', 'Europe/Berlin')$$),
			  '%time_bucket_last%', 'another role has one of its own');
RESET ROLE;
RESET plan_cache_mode;
ALTER TABLE public.events ENABLE ROW LEVEL SECURITY;
SET ROLE bounds_user;
SELECT is(pg_temp.rows($$prismiq_time_bucket('1 day', at, 'UTC') <= '3000-01-01'$$), '5',
		  'who may not execute what follows is asked for nothing else');
RESET ROLE;

SELECT finish();
DROP OWNED BY bounds_user;
DROP ROLE bounds_user;
