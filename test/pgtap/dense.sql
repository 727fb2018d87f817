-- Dense aggregates against GROUP BY the bucket and PostgreSQL's own aggregates, joined to the
-- buckets of the range: every kind of value, of time, of zone and of plan.
BEGIN;
SET LOCAL search_path = prismiq, public;
SET LOCAL timezone = 'Asia/Kathmandu';
SET LOCAL datestyle = 'ISO';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL extra_float_digits = 3;

CREATE ROLE dense_user;
GRANT USAGE ON SCHEMA prismiq TO dense_user;
GRANT TEMPORARY, CREATE ON DATABASE :"DBNAME" TO dense_user;
CREATE SCHEMA AUTHORIZATION dense_user;
SET LOCAL ROLE dense_user;
SET LOCAL search_path = dense_user, prismiq, public;
SELECT no_plan();

-- Sums of halves are exact in any order, so that all plans give the same bits.
SELECT setseed(0.4711) \g /dev/null
CREATE TABLE samples AS
SELECT n % 7 AS k, at, at AT TIME ZONE 'UTC' AS local, (at AT TIME ZONE 'UTC')::date AS day,
       CASE WHEN random() > 0.2 THEN floor(random() * 65536 - 32768)::int2 END AS i2,
       CASE WHEN random() > 0.2 THEN floor(random() * 4e9 - 2e9)::int4 END AS i4,
       CASE WHEN random() > 0.2 THEN floor((random() * 2 - 1) * 9.2e18)::int8 END AS i8,
       CASE WHEN random() > 0.2 THEN (floor(random() * 2000 - 1000) / 2)::float4 END AS f4,
       CASE WHEN random() > 0.2 THEN floor(random() * 2000 - 1000)::float8 / 2 END AS f8,
       CASE WHEN random() > 0.2 THEN round((random() * 1e6)::numeric, (random() * 5)::int)
           END AS nu,
       CASE WHEN random() > 0.2 THEN date '2024-01-01' + (random() * 99)::int END AS da,
       random() AS chance
FROM (SELECT n, CASE WHEN random() > 0.02 THEN timestamptz '2023-10-01 00:00+00' +
                    random() * interval '400 days' END AS at
      FROM generate_series(1, 6000) n) AS draws;
INSERT INTO samples (k, at, local, day, f4, f8, nu, chance) VALUES
    (1, '2024-02-01 00:00+00', '2024-02-01', '2024-02-01', 'NaN', 'NaN', 'NaN', 1),
    (2, '2024-02-01 00:00+00', '2024-02-01', '2024-02-01', 'Infinity', '-Infinity', 'Infinity', 0),
    (2, '2024-02-01 00:01+00', '2024-02-01 00:01', '2024-02-01', 'Infinity', 'Infinity',
     '-Infinity', 1),
    (3, 'infinity', 'infinity', 'infinity', 1, 1, 1, 1),
    (3, '-infinity', '-infinity', '-infinity', 1, 1, 1, 1),
    (4, '2024-02-02 00:00+00', '2024-02-02', '2024-02-02', '-0', '-0', 1.0, 1),
    (4, '2024-02-02 00:00+00', '2024-02-02', '2024-02-02', '0', '0', 1.000, 1),
    (5, NULL, NULL, NULL, 1, 1, 1, 1), (NULL, '2024-02-01 12:00+00', '2024-02-01 12:00',
     '2024-02-01', 1, 1, 1, 1), (8, '1999-01-01 00:00+00', '1999-01-01', '1999-01-01', 1, 1, 1, 1);
ANALYZE samples;

-- What is measured: the name in a grid, the value, the type that comes out.
CREATE TEMP TABLE measures (place serial, measure text, value text, type text);
INSERT INTO measures (measure, value, type)
SELECT a, v, CASE WHEN a = 'count' THEN 'bigint' WHEN a IN ('min', 'max') THEN t
           WHEN a = 'sum' THEN CASE t WHEN 'smallint' THEN 'bigint' WHEN 'integer' THEN 'bigint'
               WHEN 'bigint' THEN 'numeric' ELSE t END
           WHEN t IN ('real', 'double precision') THEN 'double precision' ELSE 'numeric' END
FROM (VALUES ('i2', 'smallint'), ('i4', 'integer'), ('i8', 'bigint'), ('f4', 'real'),
             ('f8', 'double precision'), ('nu', 'numeric')) AS types (v, t),
     unnest('{count,sum,avg,min,max}'::text[]) AS a
UNION ALL
SELECT a, v, CASE a WHEN 'count' THEN 'bigint' ELSE t END
FROM (VALUES ('da', 'date'), ('local', 'timestamp'), ('at', 'timestamptz')) AS types (v, t),
     unnest('{count,min,max}'::text[]) AS a
UNION ALL VALUES ('count', $$'x'::text$$, 'bigint'),
    ('sum', 'CASE WHEN chance < 0.5 THEN i4 END', 'bigint'),
    ('avg', 'CASE WHEN chance < 0.1 THEN nu END', 'numeric');

-- Both ways over a range, as rows of text; "chosen" are the rows that are looked at.
CREATE FUNCTION pg_temp.grid(width text, zone text, start text, stop text, origin text)
RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('interval', width, 'timezone', zone, 'start', start,
        'stop', stop, 'origin', origin,
        'measures', (SELECT jsonb_agg(measure ORDER BY place) FROM measures)))
$$;
CREATE FUNCTION pg_temp.dense(col text, kind text, grid jsonb, keys text, chosen text) RETURNS text
LANGUAGE sql AS $$
    SELECT format('SELECT %4$s AS k, u.*
        FROM (SELECT %4$s AS k, prismiq_dense(%3$L, %1$s, %5$s) AS c
        FROM samples WHERE %6$s GROUP BY %7$s) AS s, prismiq_dense_rows(s.c, %3$L) AS u (b %2$s,
        n bigint, %8$s)', col, kind, grid, CASE keys WHEN '' THEN 'NULL::int' ELSE keys END,
        string_agg(value, ', ' ORDER BY place), chosen, CASE keys WHEN '' THEN '()' ELSE keys END,
        string_agg(format('m%s %s', place, m.type), ', ' ORDER BY place))
    FROM measures AS m
$$;
CREATE FUNCTION pg_temp.plain(col text, kind text, grid jsonb, keys text, chosen text) RETURNS text
LANGUAGE sql AS $$
    SELECT format('WITH r AS (SELECT %4$s AS k, prismiq_time_bucket(%9$L, %1$s%10$s) AS b,
            count(*) AS n, %5$s FROM samples WHERE (%6$s)
            GROUP BY %7$s prismiq_time_bucket(%9$L, %1$s%10$s)),
        s AS (SELECT DISTINCT %4$s AS k FROM samples WHERE (%6$s)%12$s)
        SELECT s.k, g.b, coalesce(r.n, 0), %8$s
        FROM s CROSS JOIN prismiq_time_buckets(%9$L, %11$s) AS g (b)
        LEFT JOIN r ON r.b = g.b AND r.k IS NOT DISTINCT FROM s.k', col, kind, grid,
        CASE keys WHEN '' THEN 'NULL::int' ELSE keys END,
        string_agg(format('%s(%s) AS m%s', measure, value, place), ', ' ORDER BY place), chosen,
        CASE keys WHEN '' THEN '' ELSE keys || ',' END,
        string_agg(format('r.m%s', place), ', ' ORDER BY place), grid ->> 'interval',
        concat(', ' || quote_literal(grid ->> 'timezone'),
               ', ' || quote_literal(grid ->> 'origin') || '::' || kind),
        concat_ws(', ', quote_literal(grid ->> 'start') || '::' || kind,
                  quote_literal(grid ->> 'stop') || '::' || kind,
                  quote_literal(grid ->> 'timezone'),
                  quote_literal(grid ->> 'origin') || '::' || kind),
        CASE keys WHEN '' THEN ' UNION SELECT NULL' ELSE '' END)
    FROM measures AS m
$$;
CREATE FUNCTION pg_temp.text_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT q::text FROM (' || query || ') AS q';
END
$$;
CREATE FUNCTION pg_temp.same(col text, grid jsonb, keys text, chosen text, what text)
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    kind text := CASE col WHEN 'at' THEN 'timestamptz' WHEN 'local' THEN 'timestamp'
        ELSE 'date' END;
BEGIN
    RETURN NEXT bag_eq(
        format('SELECT pg_temp.text_of(%L)', pg_temp.dense(col, kind, grid, keys, chosen)),
        format('SELECT pg_temp.text_of(%L)', pg_temp.plain(col, kind, grid, keys, chosen)), what);
END
$$;

-- ---- Times, zones, widths, origins ------------------------------------

SELECT pg_temp.same('at', pg_temp.grid(w, z, '2024-01-10 00:00+00', '2024-04-20 00:00+00', NULL),
    'k', $$at >= '2024-01-10 00:00+00' AND at < '2024-04-20 00:00+00'$$, concat_ws(' ', w, z))
FROM unnest('{1 hour,15 minutes,6 hours,1 day,1 week,1 month,3 months,1 year,5 days}'::text[]) w,
     unnest('{UTC,America/New_York,Australia/Lord_Howe}'::text[]) z
WHERE (w, z) NOT IN (('15 minutes', 'UTC'), ('15 minutes', 'Australia/Lord_Howe'));
SELECT pg_temp.same('at', pg_temp.grid(w, z, '2024-10-20 00:00+00', '2024-11-05 00:00+00', NULL),
    'k', $$at >= '2024-10-20 00:00+00' AND at < '2024-11-05 00:00+00'$$,
    concat_ws(' ', w, z, 'as clocks go back'))
FROM unnest('{1 hour,3 hours,1 day}'::text[]) w,
     unnest('{America/New_York,Europe/Berlin,Africa/Cairo}'::text[]) z;
SELECT pg_temp.same('local', pg_temp.grid(w, NULL, '2024-01-10', '2024-04-20', o), 'k',
    $$local >= '2024-01-10' AND local < '2024-04-20'$$, concat_ws(' ', 'timestamp', w, o))
FROM unnest('{8 hours,1 week,1 month}'::text[]) w, unnest('{NULL,2024-01-31 07:30}'::text[]) o;
SELECT pg_temp.same('day', pg_temp.grid(w, NULL, '2024-01-10', '2024-04-20', o), 'k',
    $$day >= '2024-01-10' AND day < '2024-04-20'$$, concat_ws(' ', 'date', w, o))
FROM unnest('{1 day,2 weeks,3 months}'::text[]) w, unnest('{NULL,2024-01-31}'::text[]) o;
SELECT pg_temp.same('at', pg_temp.grid('1 day', 'Pacific/Apia', '2011-12-25 00:00Z',
    '2012-01-03 00:00Z', NULL), 'k', 'false', 'a zone that skipped a day, and no rows');
SELECT pg_temp.same('at', pg_temp.grid('1 week', 'Europe/Berlin', '2024-01-10 00:00+00',
    '2024-04-20 00:00+00', '2024-01-04 13:00+00'), 'k',
    $$at >= '2024-01-10 00:00+00' AND at < '2024-04-20 00:00+00'$$, 'an origin, with a zone');
SELECT pg_temp.same('at', pg_temp.grid('10 minutes', 'Asia/Kathmandu', '2024-01-10 00:00+00',
    '2024-01-13 00:00+00', '2024-01-04 13:07+00'), 'k',
    $$at >= '2024-01-10 00:00+00' AND at < '2024-01-13 00:00+00'$$, 'one of absolute buckets');

-- ---- Groups -------------------------------------------------------------

SELECT pg_temp.same('at', pg_temp.grid('1 day', 'UTC', '2024-01-10 00:00Z', '2024-02-20 00:00Z',
    NULL), keys, o, concat_ws(', ', 'keys "' || keys || '"', o))
FROM unnest(ARRAY['', 'k']) keys,
     unnest(ARRAY[$$at >= '2024-01-10 00:00Z' AND at < '2024-02-20 00:00Z'$$, 'false',
                  $$at = '2024-02-01 12:00Z'$$]) o;
SELECT results_eq($$SELECT u.n, u.m FROM (SELECT prismiq_dense(g, at, i4) AS c FROM samples,
        jsonb_build_object('interval', '1 day', 'timezone', 'UTC', 'start', '2024-01-10',
                           'stop', '2024-01-10', 'measures', '["sum"]'::jsonb) AS g) AS s,
        prismiq_dense_rows(s.c, '{"interval": "1 day", "timezone": "UTC", "start": "2024-01-10",
            "stop": "2024-01-10", "measures": ["sum"]}') AS u (b timestamptz, n bigint, m bigint)$$,
    'SELECT 0::bigint, 0::bigint WHERE false', 'an empty range has no buckets');
SELECT results_eq($$SELECT k, u.b, u.n, u.m FROM (SELECT k, prismiq_dense('{"interval": "1 hour",
        "timezone": "UTC", "start": "2024-01-10", "stop": "2024-02-20", "gaps": false,
        "measures": ["sum"]}', at, i4) AS c FROM samples GROUP BY k) AS s, prismiq_dense_rows(s.c,
        '{"interval": "1 hour", "timezone": "UTC", "start": "2024-01-10", "stop": "2024-02-20",
          "gaps": false, "measures": ["sum"]}') AS u (b timestamptz, n bigint, m bigint)
        ORDER BY k, b$$,
    $$SELECT k, prismiq_time_bucket('1 hour', at, 'UTC') AS b, count(*), sum(i4) FROM samples
        WHERE at >= '2024-01-10 00:00Z' AND at < '2024-02-20 00:00Z' GROUP BY k, b ORDER BY k, b$$,
    'without gaps');
SELECT is((SELECT sum(u.n) FROM (SELECT prismiq_dense('{"interval": "1 month", "timezone": "UTC",
        "start": "2024-01-01", "stop": "2024-03-01"}', at) AS c FROM samples) AS s,
    prismiq_dense_rows(s.c, '{"interval": "1 month", "timezone": "UTC", "start": "2024-01-01",
        "stop": "2024-03-01"}') AS u (b timestamptz, n bigint)),
    (SELECT count(*)::numeric FROM samples WHERE at >= '2024-01-01 00:00Z'
        AND at < '2024-03-01 00:00Z'), 'rows outside the range are not counted');

-- ---- Plans --------------------------------------------------------------

-- Sorts do not keep the order in which equal values that are written differently come.
DELETE FROM samples WHERE k = 4 AND f8 = 0;

CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    lines text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        lines := lines || line || E'\n';
    END LOOP;
    RETURN lines;
END
$$;
SELECT pg_temp.grid('1 day', 'Europe/Berlin', '2024-01-10 00:00Z', '2024-04-20 00:00Z', NULL)
    AS wide \gset
\set range 'at >= ''2024-01-10 00:00Z'' AND at < ''2024-04-20 00:00Z'''
SET LOCAL enable_hashagg = off;
SELECT matches(pg_temp.plan_of(pg_temp.dense('at', 'timestamptz', :'wide', 'k', :'range')),
    'GroupAggregate', 'groups are sorted');
SELECT pg_temp.same('at', :'wide', 'k', :'range', 'and are right');
SET LOCAL enable_hashagg = on;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_leader_participation = off;
ALTER TABLE samples SET (parallel_workers = 3);
SELECT matches(pg_temp.plan_of(pg_temp.dense('at', 'timestamptz', :'wide', 'k', :'range')),
    'Finalize.*Partial', 'workers aggregate');
SELECT pg_temp.same('at', :'wide', keys, :'range', 'and are put together')
FROM unnest(ARRAY['k', '']) keys;
SET LOCAL parallel_leader_participation = on;
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL work_mem = 64;
SET LOCAL hash_mem_multiplier = 1;
CREATE TEMP TABLE wide AS
SELECT s.k, s.at, s.nu, s.i8, g AS series FROM samples AS s, generate_series(1, 60) AS g;
ANALYZE wide;
CREATE FUNCTION pg_temp.spilled(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, FORMAT json) ' || query INTO plan;
    RETURN jsonb_path_query_first(plan, '$.**."HashAgg Batches"')::bigint;
END
$$;
SELECT jsonb_build_object('interval', '1 day', 'timezone', 'UTC', 'start', '2024-01-10',
    'stop', '2024-02-10', 'measures', '["sum", "avg"]'::jsonb) AS big \gset
SET LOCAL enable_sort = off;
SELECT format('SELECT series, k, u.b, u.m1, u.m2
        FROM (SELECT series, k, prismiq_dense(%1$L, at, nu, i8) AS c FROM wide GROUP BY 1, 2) AS s,
        prismiq_dense_rows(s.c, %1$L) AS u (b timestamptz, n bigint, m1 numeric, m2 numeric)
        WHERE u.n > 0', :'big') AS spilling \gset
SELECT cmp_ok(pg_temp.spilled(:'spilling'), '>', 1::bigint, 'groups that do not fit are put aside');
RESET enable_sort;
RESET work_mem;
SELECT bag_eq(:'spilling', $$SELECT series, k, prismiq_time_bucket('1 day', at, 'UTC'), sum(nu),
        avg(i8) FROM wide WHERE at >= '2024-01-10 00:00Z' AND at < '2024-02-10 00:00Z'
        GROUP BY 1, 2, 3$$, 'and come back');

-- ---- A grid that is no constant -----------------------------------------

SELECT results_eq($$SELECT start, u.b, u.n FROM (VALUES (1, '2024-02-01'), (2, '2024-02-05'))
        AS p (place, start), LATERAL (SELECT jsonb_build_object('interval', '1 day', 'start', start,
            'stop', '2024-02-06', 'timezone', 'UTC') AS g) AS grids,
        LATERAL (SELECT prismiq_dense(g, at) AS c FROM samples) AS s,
        prismiq_dense_rows(s.c, g) AS u (b timestamptz, n bigint) ORDER BY place, b$$,
    $$SELECT start, g.b, (SELECT count(*) FROM samples
        WHERE prismiq_time_bucket('1 day', at, 'UTC') = g.b)
        FROM (VALUES (1, '2024-02-01'), (2, '2024-02-05')) AS p (place, start),
        prismiq_time_buckets('1 day', (start || ' 00:00Z')::timestamptz, '2024-02-06 00:00Z', 'UTC')
            AS g (b) ORDER BY place, b$$, 'a grid from an outer row');
SELECT results_eq($$SELECT k, sum(u.n) FROM (SELECT k, prismiq_dense(jsonb_build_object('interval',
            '1 day', 'start', '2024-02-01', 'stop', date '2024-02-02' + k, 'timezone', 'UTC'), at)
            AS c FROM samples WHERE k < 4 GROUP BY k) AS s, prismiq_dense_rows(s.c,
            jsonb_build_object('interval', '1 day', 'start', '2024-02-01', 'stop',
                               date '2024-02-02' + k, 'timezone', 'UTC')) AS u (b timestamptz,
            n bigint) GROUP BY k ORDER BY k$$,
    $$SELECT k, count(*)::numeric FROM samples WHERE k < 4 AND at >= '2024-02-01 00:00Z'
        AND at < timestamptz '2024-02-02 00:00Z' + k * interval '1 day' GROUP BY k ORDER BY k$$,
    'each group has a grid of its own');
SELECT results_eq($$SELECT sum(u.n), count(DISTINCT x) FROM (SELECT at, k, prismiq_dense(
            '{"interval": "1 year", "start": "2024-01-01", "stop": "2025-01-01", "timezone": "UTC",
              "measures": ["sum"]}', at, nu) OVER (ORDER BY at, k
            ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS x FROM samples
            WHERE at >= '2024-01-01 00:00Z' AND at < '2024-01-20 00:00Z') AS w (at,
            k, c), LATERAL prismiq_dense_rows(w.c,
            '{"interval": "1 year", "start": "2024-01-01", "stop": "2025-01-01", "timezone": "UTC",
              "measures": ["sum"]}') AS u (b timestamptz, n bigint, x numeric)$$,
    $$SELECT sum(n), count(DISTINCT s) FROM (SELECT count(*) OVER w AS n, sum(nu) OVER w AS s
        FROM samples WHERE at >= '2024-01-01 00:00Z' AND at < '2024-01-20 00:00Z'
        WINDOW w AS (ORDER BY at, k ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)) AS w$$,
    'a window');

-- ---- Gaps filled from the buckets around them ---------------------------

-- By hand: for each empty bucket the rows of its series before and after it that have a value.
CREATE FUNCTION pg_temp.filled(fill text, col text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT p.k, p.b, p.n, %s FROM gaps AS p', string_agg(format(CASE fill
        WHEN 'previous' THEN 'CASE WHEN p.n > 0 THEN p.m%1$s ELSE (%3$s) END'
        ELSE 'CASE WHEN p.n > 0 THEN p.m%1$s::%2$s ELSE (SELECT x.m%1$s::%2$s -
            ((x.m%1$s::%2$s - y.m%1$s::%2$s) * (%5$s)::%2$s / (%6$s)::%2$s)
            FROM (%3$s) AS x, (%4$s) AS y) END' END, place, type,
        format('SELECT q.m%1$s%2$s FROM gaps AS q WHERE q.k IS NOT DISTINCT FROM p.k
            AND q.b < p.b AND q.m%1$s IS NOT NULL ORDER BY q.b DESC LIMIT 1', place, times),
        format('SELECT q.m%1$s%2$s FROM gaps AS q WHERE q.k IS NOT DISTINCT FROM p.k
            AND q.b > p.b AND q.m%1$s IS NOT NULL ORDER BY q.b LIMIT 1', place, times),
        format(span, 'p.b - x.b'), format(span, 'y.b - x.b')), ', ' ORDER BY place))
    FROM measures, CAST(CASE col WHEN 'day' THEN '%s' ELSE 'EXTRACT(epoch FROM %s)' END AS text)
        AS span, CAST(CASE fill WHEN 'linear' THEN ', q.b' ELSE '' END AS text) AS times
$$;
CREATE FUNCTION pg_temp.same_filled(fill text, col text, kind text, grid jsonb, keys text)
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    chosen text := format('(chance < 0.06 OR chance = 1) AND %1$s >= ''2024-01-10''
        AND %1$s < ''2024-02-20''', col);
BEGIN
    EXECUTE format('CREATE TEMP TABLE gaps (k, b, n, %s) AS %s',
        (SELECT string_agg('m' || place, ', ' ORDER BY place) FROM measures),
        pg_temp.plain(col, kind, grid, keys, chosen));
    RETURN NEXT bag_eq(format('SELECT pg_temp.text_of(%L)', pg_temp.dense(col, kind,
            grid || jsonb_build_object('fill', fill), keys, chosen)),
        format('SELECT pg_temp.text_of(%L)', pg_temp.filled(fill, col)),
        concat_ws(' ', 'filled:', fill, col, grid ->> 'interval', keys));
    RETURN NEXT cmp_ok((SELECT count(*) FILTER (WHERE n = 0) FROM gaps), '>', count(*) / 5,
        'with gaps') FROM gaps;
    DROP TABLE gaps;
END
$$;
CREATE TEMP TABLE fillings AS SELECT * FROM (VALUES
    ('at', 'timestamptz', '1 day', 'America/New_York', '+00', 'k'),
    ('at', 'timestamptz', '3 hours', 'UTC', '+00', ''),
    ('local', 'timestamp', '1 day', NULL, '', 'k'),
    ('day', 'date', '1 day', NULL, '', 'k')) AS t (col, kind, width, zone, suffix, keys);
SELECT pg_temp.same_filled('previous', col, kind, pg_temp.grid(width, zone,
    '2024-01-10 00:00' || suffix, '2024-02-20 00:00' || suffix, NULL), keys)
FROM fillings;

-- A line has numbers alone, and types of its own.
CREATE TEMP TABLE all_measures AS SELECT * FROM measures;
DELETE FROM measures WHERE type IN ('date', 'timestamp', 'timestamptz');
UPDATE measures SET type = CASE WHEN type IN ('real', 'double precision') THEN 'double precision'
    ELSE 'numeric' END;
SELECT pg_temp.same_filled('linear', col, kind, pg_temp.grid(width, zone,
    '2024-01-10 00:00' || suffix, '2024-02-20 00:00' || suffix, NULL), keys)
FROM fillings;
TRUNCATE measures;
INSERT INTO measures SELECT * FROM all_measures;

-- A few rows, each number of which is plain to see.
CREATE FUNCTION pg_temp.few(fill text, kind text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT u.m FROM (SELECT prismiq_dense(%1$L, d, v) AS c FROM (VALUES
            (date ''2024-01-02'', 10::%3$s), (''2024-01-05'', 16), (''2024-01-06'', NULL),
            (''2024-01-08'', 13)) AS t (d, v)) AS s,
        prismiq_dense_rows(s.c, %1$L) AS u (b date, n bigint, m %2$s)',
        jsonb_build_object('interval', '1 day', 'start', '2024-01-01', 'stop', '2024-01-10',
            'measures', '["max"]'::jsonb, 'fill', fill),
        CASE WHEN fill <> 'linear' THEN kind WHEN kind ~ 'real|double' THEN 'double precision'
            ELSE 'numeric' END, kind)
$$;
SELECT is(ARRAY(SELECT pg_temp.text_of(pg_temp.few(fill, kind))),
    string_to_array(expected, ' '), concat_ws(' ', fill, kind))
FROM (VALUES
    ('null', 'integer', '() (10) () () (16) () () (13) ()'),
    ('previous', 'integer', '() (10) (10) (10) (16) () (16) (13) (13)'),
    ('previous', 'numeric', '() (10) (10) (10) (16) () (16) (13) (13)'),
    ('linear', 'double precision', '() (10) (12) (14) (16) () (14) (13) ()'),
    ('linear', 'real', '() (10) (12) (14) (16) () (14) (13) ()'),
    ('linear', 'smallint', '() (10) (12.0000000000000000) (14.0000000000000000) (16) () '
        || '(14.0000000000000000) (13) ()')) AS t (fill, kind, expected);
SELECT results_eq(format('SELECT m FROM prismiq_dense_rows(NULL, %L) AS u (b date, n bigint, m %s)',
        jsonb_build_object('interval', '1 day', 'start', '2024-01-01', 'stop', '2024-01-03',
            'measures', '["sum"]'::jsonb, 'fill', fill), kind),
    format('VALUES (NULL::%1$s), (NULL::%1$s)', kind), 'no cells are not filled: ' || fill)
FROM (VALUES ('previous', 'bigint'), ('linear', 'numeric')) AS t (fill, kind);
SELECT throws_ok($$SELECT u.* FROM (SELECT prismiq_dense(g, d, v) AS c, g FROM (VALUES
        (date '2024-01-01', 1.7e308::float8), ('2024-01-03', -1.7e308)) AS t (d, v),
        CAST('{"interval": "1 day", "start": "2024-01-01", "stop": "2024-01-04",
               "measures": ["max"], "fill": "linear"}' AS jsonb) AS g GROUP BY g) AS s,
    prismiq_dense_rows(s.c, s.g) AS u (b date, n bigint, m float8)$$, '22003', NULL,
    'a line of floats overflows as they do');
SELECT throws_ok($$SELECT u.* FROM (SELECT prismiq_dense(g, d, d) AS c, g FROM (VALUES
        (date '2024-01-01')) AS t (d), CAST('{"interval": "1 day", "start": "2024-01-01",
            "stop": "2024-01-04", "measures": ["max"], "fill": "linear"}' AS jsonb) AS g
        GROUP BY g) AS s, prismiq_dense_rows(s.c, s.g) AS u (b date, n bigint, m date)$$, '22023',
    NULL, 'there is nothing between two dates');

-- A bucket that no timestamp begins is not one too many.
SELECT throws_ok($$SELECT prismiq_dense('{"interval": "1 month", "start": "4714-11-25 BC",
    "stop": "4714-12-31 BC", "measures": []}', timestamp '4714-12-01 BC')$$, '22008',
    'timestamp out of range', 'before time begins');

-- ---- Overflow -------------------------------------------------------------

\set g '{"interval": "1 day", "start": "2024-01-01", "stop": "2024-01-03", "measures": ["sum"]}'
SELECT throws_ok(format('SELECT prismiq_dense(%1$L, timestamp ''2024-01-01'', v)
        FROM (VALUES (%2$s), (%2$s), (%2$s)) AS t (v)',
        jsonb_build_object('interval', '1 day', 'start', '2024-01-01',
        'stop', '2024-01-02', 'measures', jsonb_build_array(m)), v), '22003', NULL, m || ' ' || v)
FROM (VALUES ('sum', 'float8 ''1.7e308'''), ('sum', 'float4 ''3.4e38'''),
             ('avg', 'float8 ''1.7e308''')) AS t (m, v);
SELECT is((SELECT u.m FROM (SELECT prismiq_dense(:'g', timestamp '2024-01-01', v) AS c
        FROM (SELECT 9223372036854775807 AS v FROM generate_series(1, 5)) AS t) AS s,
    prismiq_dense_rows(s.c, :'g') AS u (b timestamp, n bigint, m numeric) WHERE u.n > 0),
    46116860184273879035, 'a sum of bigint that is no bigint');
SELECT is((SELECT u.m FROM (SELECT prismiq_dense(:'g', timestamp '2024-01-01', v) AS c
        FROM (SELECT -9223372036854775807 AS v FROM generate_series(1, 5)) AS t) AS s,
    prismiq_dense_rows(s.c, :'g') AS u (b timestamp, n bigint, m numeric) WHERE u.n > 0),
    -46116860184273879035, 'nor is its opposite');

-- ---- What cannot be -------------------------------------------------------

SELECT throws_ok(format('SELECT prismiq_dense(%L, local) FROM samples', g), '22023', NULL, g)
FROM unnest('{1,"[]","{}"}'::text[]) g;
SELECT throws_ok(format('SELECT prismiq_dense(%L, %s) FROM samples', jsonb_strip_nulls(
        '{"interval": "1 day", "start": "2024-01-01", "stop": "2024-01-02"}' || g), a), e, NULL,
    concat_ws(' ', a, g))
FROM (VALUES
    ('22023', jsonb '{"gaps": 1}', 'local'),
    ('22023', jsonb '{"fill": 1}', 'local'),
    ('22023', jsonb '{"fill": "value"}', 'local'),
    ('22023', jsonb '{"fill": "linear", "gaps": false}', 'local'),
    ('22023', jsonb '{"start": null}', 'at'),
    ('22023', jsonb '{"interval": null}', 'at'),
    ('22023', jsonb '{"stop": null}', 'at'),
    ('22023', jsonb '{"interval": "0 days", "timezone": "UTC"}', 'at'),
    ('22023', jsonb '{"interval": "-1 day", "timezone": "UTC"}', 'at'),
    ('22023', jsonb '{"interval": "1 month 1 day", "timezone": "UTC"}', 'at'),
    ('22023', jsonb '{"start": "-infinity", "timezone": "UTC"}', 'at'),
    ('22023', jsonb '{"stop": "infinity", "timezone": "UTC"}', 'at'),
    ('22023', jsonb '{"stop": "soon", "timezone": "UTC"}', 'at'),
    ('22023', jsonb '{"timezone": "Nowhere"}', 'at'),
    ('22023', jsonb '{}', 'at'),
    ('22023', jsonb '{"timezone": "UTC"}', 'local'),
    ('22023', jsonb '{"start": "2024-01-01 00:00Z"}', 'local'),
    ('22023', jsonb '{"interval": "1 hour"}', 'day'),
    ('22023', jsonb '{"width": 1}', 'local'),
    ('22023', jsonb '{"origin": 1}', 'local'),
    ('22023', jsonb '{}', 'i4'),
    ('22023', jsonb '{}', $$'2024-01-01'$$),
    ('22023', jsonb '{}', 'NULL'),
    ('22023', jsonb '{}', 'VARIADIC ARRAY[local]'),
    ('22023', jsonb '{}', 'local, i4'),
    ('22023', jsonb '{"measures": ["sum"]}', 'local'),
    ('22023', jsonb '{"measures": ["sum", "sum"]}', 'local, i4'),
    ('22023', jsonb '{"measures": ["mode"]}', 'local, i4'),
    ('22023', jsonb '{"measures": [1]}', 'local, i4'),
    ('22023', jsonb '{"measures": "sum"}', 'local, i4'),
    ('22023', jsonb '{"measures": ["sum"]}', 'local, da'),
    ('22023', jsonb '{"measures": ["min"]}', $$local, 'x'::text$$),
    ('22023', jsonb '{"measures": ["max"]}', $$local, 'x'$$),
    ('PT413', jsonb '{"interval": "1 microsecond", "start": "1000-01-01", "stop": "9999-01-02"}',
     'local'),
    ('PT413', jsonb '{"interval": "1 minute", "stop": "2025-01-02"}', 'local'))
    AS t (e, g, a);
SELECT is((SELECT prismiq_dense(NULL, local, i4) FROM samples) IS NULL, true, 'no grid, no cells');
SELECT throws_ok($$SELECT prismiq_dense(jsonb_build_object('interval', '1 day',
        'start', '2024-01-01', 'stop', date '2024-01-02' + k), local) FROM samples$$, '22023', NULL,
    'the grid may not change within a group');

-- Rows that are not those of the cells
CREATE TEMP TABLE kept AS SELECT prismiq_dense(:'g', local, i4) AS c FROM samples;
SELECT throws_ok(format('SELECT u.* FROM kept, prismiq_dense_rows(c, %L) AS u (%s)',
        :'g'::jsonb || g, a), e, NULL, concat_ws(' ', a, g))
FROM (VALUES
    ('42804', '{}'::jsonb, 'b timestamp, n bigint, m integer'),
    ('42804', '{}', 'b timestamp, n int, m bigint'),
    ('22023', '{}', 'b date, n bigint, m bigint'),
    ('22023', '{}', 'b timestamptz, n bigint, m bigint'),
    ('22023', '{}', 'b text, n bigint, m bigint'),
    ('22023', '{}', 'b timestamp, n bigint'),
    ('22023', '{}', 'b timestamp, n bigint, m bigint, o bigint'),
    ('0A000', '{}', 'b timestamp'),
    ('22023', '{"stop": "2024-01-04"}', 'b timestamp, n bigint, m bigint'),
    ('22023', '{"measures": ["avg"]}', 'b timestamp, n bigint, m numeric'),
    ('PT413', '{"interval": "1 second"}', 'b timestamp, n bigint, m bigint')) AS t (e, g, a);
SELECT throws_ok('SELECT prismiq_dense_rows(c, ''{}'') FROM kept', '0A000', NULL,
    'rows need a list of columns');
SELECT is((SELECT count(*) FROM kept, prismiq_dense_rows(c, NULL) AS u (b timestamp, n bigint)),
    0::bigint, 'no grid, no rows');
SELECT is((SELECT sum(m)::bigint FROM kept, prismiq_dense_rows(c, :'g') AS u (b timestamp, n bigint,
        m bigint)), (SELECT sum(i4) FROM samples WHERE local >= '2024-01-01'
        AND local < '2024-01-03'), 'cells that a table kept');
SELECT is((SELECT count(*) FROM prismiq_dense_rows(NULL, :'g') AS u (b date, n bigint, m text)
        WHERE n = 0 AND m IS NULL), 2::bigint, 'cells of nothing are as empty as any');

-- Nobody makes cells, or sees them
SELECT throws_ok(q, '0A000', NULL, q)
FROM unnest(ARRAY['SELECT ''x''::prismiq_cells', 'SELECT c::text FROM kept']) q;
SELECT throws_ok('SELECT ''\x00''::bytea::prismiq_cells', '42846', NULL, 'not from bytes');
SELECT throws_ok('SELECT prismiq_internal.' || call, '42501', NULL, call)
FROM unnest(ARRAY['dense_add(NULL, NULL, now())', 'dense_combine(NULL, NULL)',
    'dense_cells(NULL)', 'dense_deserialize(''\x00'', NULL)', 'dense_serialize(NULL)']) call;
RESET ROLE;
SELECT throws_ok('SELECT prismiq_internal.' || call, NULL, NULL, call || ' of nobody')
FROM unnest(ARRAY['dense_add(NULL, NULL, now())', 'dense_combine(NULL, NULL)',
    'dense_cells(NULL)', 'dense_deserialize(''\x00'', NULL)', 'dense_serialize(NULL)']) call;

-- What the planner expects
CREATE FUNCTION pg_temp.expected(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    RETURN (plan #>> '{0,Plan,Plan Rows}')::bigint;
END
$$;
SELECT is(pg_temp.expected(q), n::bigint, q)
FROM (VALUES
    ($$SELECT * FROM prismiq_time_buckets('1 day', '2024-01-01', '2024-02-01',
        'Asia/Kathmandu')$$, 31),
    ($$SELECT * FROM prismiq_time_buckets('1 day', timestamptz '2024-01-01 00:00Z',
        timestamptz '2024-01-01 00:00Z' + interval '240 hours', 'UTC')$$, 10),
    ($$SELECT * FROM prismiq_time_buckets('1 hour', timestamp '2024-01-01', '2024-01-02')$$, 24),
    ($$SELECT * FROM prismiq_time_buckets('1 month', date '2024-01-01', '2025-01-01')$$, 12),
    ($$SELECT * FROM prismiq_time_buckets('1 day', timestamp '2024-01-01', NULL)$$, 1000),
    ($$SELECT * FROM prismiq_time_buckets('0 days', timestamp '2024-01-01', '2024-01-02')$$, 1000),
    ($$SELECT * FROM prismiq_dense_rows(NULL, '{"interval": "1 week", "start": "2024-01-01",
        "stop": "2024-12-23"}') AS u (b date, n bigint)$$, 51),
    ($$SELECT * FROM prismiq_dense_rows(NULL, '{"interval": 1}') AS u (b date, n bigint)$$, 1000))
    AS t (q, n);

SELECT * FROM finish();
ROLLBACK;
