-- Which time series are aggregated with all their buckets at once, and that nothing planted is.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

CREATE FUNCTION pg_temp.series(series jsonb = '{}', columns text = 'o.* count, o.amount avg',
    rest jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT oracle.def('o orders', columns, rest || jsonb_build_object('time_series',
        '{"table_id": "o", "date_column": "placed_at", "interval": "day",
          "range": {"start": "2024-01-01", "end": "2024-03-31"}}' || series))
$$;
CREATE FUNCTION pg_temp.is_dense(definition jsonb) RETURNS boolean LANGUAGE sql AS $$
    SELECT strpos(prismiq_compile(definition)::jsonb ->> 'sql', 'prismiq_dense') > 0
$$;

SELECT ok(pg_temp.is_dense(pg_temp.series(s)), format('dense: %s', s))
FROM unnest(ARRAY['{}', '{"fill": "null"}', '{"fill": "previous"}', '{"interval": "15 minutes"}',
    '{"interval": "quarter", "fiscal": true, "timezone": "Europe/Berlin"}',
    '{"date_column": "local_at", "source_timezone": "Asia/Tokyo"}',
    '{"date_column": "shipped", "interval": "week"}', '{"fill_missing": false}',
    '{"fill_missing": false, "fill": "linear"}']::jsonb[]) s;
SELECT ok(pg_temp.is_dense(pg_temp.series('{}', c)), 'dense: ' || c)
FROM unnest(ARRAY['o.status, o.* count', 'o.status, o.channel, o.amount sum',
    'o.small max, o.discount avg, o.shipped min, o.big sum, o.status count']) c;
SELECT ok(NOT pg_temp.is_dense(pg_temp.series(s)), format('by the bucket: %s', s))
FROM unnest(ARRAY['{"range": null}', '{"range": {"start": "2024-01-01"}}',
    '{"range": {"start": "2024-01-02", "end": "2024-01-01"}}',
    '{"interval": "auto", "range": {"start": "2024-01-01 00:00", "end": "2024-01-01 01:00"}}']
    ::jsonb[]) s;
SELECT ok(NOT pg_temp.is_dense(pg_temp.series('{}', c)), 'by the bucket: ' || c)
FROM unnest(ARRAY['o.status count_distinct', 'o.amount median', 'o.status max',
    'o.* count, o.amount stddev', 'o.status string_agg', 'o.small first']) c;
SELECT ok(NOT pg_temp.is_dense(pg_temp.series('{}', 'o.status, o.* count', r)),
    format('by the bucket: %s', r))
FROM unnest(ARRAY['{"totals": true}',
    '{"having": [{"column": "count", "operator": "gt", "value": 1}]}']::jsonb[]) r;

-- Its rows are filled as they are made: no window looks at them.
SELECT ok(pg_temp.is_dense(d) AND strpos(prismiq_compile(d)::jsonb ->> 'sql', 'OVER') = 0,
    format('filled at once: %s', s))
FROM unnest(ARRAY['{"fill": "previous"}', '{"fill": "linear"}',
    '{"fill": "linear", "date_column": "shipped", "interval": "week"}']::jsonb[]) s,
    LATERAL (SELECT pg_temp.series(s, 'o.status, o.* count, o.amount avg') AS d) AS definitions;
SELECT throws_ok(format('SELECT prismiq_query(%L)', pg_temp.series('{"fill": "linear"}',
    'o.shipped min')), '22023', NULL, 'there is nothing between two dates');

-- The range of conditions is as good, and a series whose ends the rows are asked for.
SELECT ok(pg_temp.is_dense(pg_temp.series('{"range": null}', 'o.* count',
    oracle.filters(oracle.cond('o.placed_at between', '["2024-01-01", "2024-02-01"]')))),
    'dense: the range of a condition');
SELECT ok(pg_temp.is_dense(pg_temp.series('{"range": null, "interval": "auto"}')),
    'dense: what "auto" found');

-- What would not fit into the memory of a hash table is grouped as ever.
SET LOCAL work_mem = 64;
SET LOCAL hash_mem_multiplier = 1;
SELECT ok(NOT pg_temp.is_dense(pg_temp.series('{"interval": "hour"}', 'o.customer_id, o.* count')),
    'by the bucket: many buckets of many series');
SELECT ok(pg_temp.is_dense(pg_temp.series('{"interval": "month"}', 'o.customer_id, o.* count')),
    'dense: few buckets of them');
SELECT ok(pg_temp.is_dense(pg_temp.series('{"interval": "hour",
    "range": {"start": "2024-01-01", "end": "2024-01-31"}}', 'o.* count')),
    'dense: many buckets of one');
RESET work_mem;
RESET hash_mem_multiplier;

-- Of many values that all tenants have together a tenant has its share.
RESET ROLE;
CREATE TABLE shop.meters AS
SELECT 't' || n % 40 AS tenant, n AS meter, timestamptz '2024-01-01' AS at, n % 7 AS value
FROM generate_series(1, 12000) AS n;
ANALYZE shop.meters;
GRANT SELECT ON shop.meters TO app_user;
SELECT FROM prismiq.prismiq_expose('shop.meters', tenant_column => 'tenant') \g /dev/null
CREATE FUNCTION pg_temp.meters() RETURNS jsonb LANGUAGE sql AS $$
    SELECT oracle.def('m meters', 'm.meter, m.value avg', '{"time_series": {"table_id": "m",
        "date_column": "at", "interval": "hour",
        "range": {"start": "2024-01-01", "end": "2024-01-30"}}}')
$$;
SET LOCAL ROLE app_user;
SELECT ok(pg_temp.is_dense(pg_temp.meters()), 'dense: a tenant''s share of many series');
RESET ROLE;
SELECT FROM prismiq.prismiq_expose('shop.meters', shared => true) \g /dev/null
SET LOCAL ROLE app_user;
SELECT ok(NOT pg_temp.is_dense(pg_temp.meters()), 'by the bucket: all of them');
SET LOCAL prismiq.dense = off;
SELECT ok(NOT pg_temp.is_dense(pg_temp.series()), 'by the bucket: as the setting says');
RESET prismiq.dense;

-- One that fits the arguments better than the extension's own is not called.
RESET ROLE;
CREATE FUNCTION prismiq.planted(state text, jsonb, timestamptz, boolean) RETURNS text
    LANGUAGE plpgsql AS $$ BEGIN RAISE 'planted'; END $$;
CREATE AGGREGATE prismiq.prismiq_dense(jsonb, timestamptz, boolean)
    (SFUNC = prismiq.planted, STYPE = text);
SET LOCAL ROLE app_user;
SELECT ok(NOT pg_temp.is_dense(pg_temp.series('{}', 'o.* count')),
    'by the bucket: there is another function of the name');
SELECT is(oracle.answer(pg_temp.series('{"interval": "year"}', 'o.* count')),
    (SELECT jsonb_build_array(jsonb_build_array('2024-01-01T00:00:00+00:00', count(*)))::text
     FROM orders WHERE tenant = 'acme' AND placed_at >= '2024-01-01' AND placed_at < '2024-04-01'),
    'nothing planted runs');
RESET ROLE;
DROP AGGREGATE prismiq.prismiq_dense(jsonb, timestamptz, boolean);
SET LOCAL ROLE app_user;
SELECT ok(pg_temp.is_dense(pg_temp.series('{}', 'o.* count')), 'dense: it is gone');

SELECT * FROM finish();
ROLLBACK;
