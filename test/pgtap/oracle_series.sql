-- Time series, against statements written by a person with generate_series,
-- date_trunc and date_bin.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

-- A series of the orders' times.
CREATE FUNCTION pg_temp.series(what text, columns text, series jsonb, rest jsonb = '{}')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT def(what, columns, rest || jsonb_build_object('time_series',
		jsonb_build_object('table_id', left(what, 1)) || series))
$$;

-- ---- Fixed and calendar intervals, gaps filled ------------------------------------------
SELECT same('by month', pg_temp.series('o orders', 'o.amount sum, o.* count',
		'{"date_column": "placed_at", "interval": "month"}'),
	$$SELECT m, coalesce(sum(amount), 0), count(id)
	FROM generate_series(timestamptz '2024-01-01 00:00+00',
		(SELECT max(placed_at) FROM orders WHERE tenant = 'acme'), '1 month') AS m
	LEFT JOIN orders o ON tenant = 'acme' AND date_trunc('month', placed_at) = m
	GROUP BY m ORDER BY m$$, true);
SELECT same('by day in a range: empty days are there, and no other',
	pg_temp.series('o orders', 'o.amount sum', '{"date_column": "placed_at", "interval": "day",
		"range": {"start": "2023-12-30", "end": "2024-01-31"}}'),
	$$SELECT d, (SELECT CASE WHEN count(*) > 0 THEN sum(amount) ELSE 0 END FROM orders
		WHERE tenant = 'acme' AND placed_at >= d AND placed_at < d + interval '1 day')
	FROM generate_series(timestamptz '2023-12-30 00:00+00', '2024-01-31 00:00+00', '1 day') AS d
	ORDER BY d$$, true);
SELECT same('the range of the filters', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "placed_at", "interval": "day"}',
		filters(cond('o.placed_at between', '["2024-02-25", "2024-03-02"]'))),
	$$SELECT d, (SELECT count(*) FROM orders WHERE tenant = 'acme' AND placed_at >= d
		AND placed_at < d + interval '1 day')
	FROM generate_series(timestamptz '2024-02-25 00:00+00', '2024-03-02 00:00+00', '1 day') AS d
	ORDER BY d$$, true);
SELECT same('the tightest range: filters and range together', pg_temp.series('o orders',
		'o.* count',
		'{"date_column": "placed_at", "interval": "day",
		  "range": {"start": "2024-02-01", "end": "2024-02-28"}}',
		filters(cond('o.placed_at gte', '"2024-02-10"'), cond('o.placed_at lt', '"2024-02-14"'))),
	$$SELECT d, (SELECT count(*) FROM orders WHERE tenant = 'acme' AND placed_at >= d
		AND placed_at < d + interval '1 day')
	FROM generate_series(timestamptz '2024-02-10 00:00+00', '2024-02-13 00:00+00', '1 day') AS d
	ORDER BY d$$, true);
SELECT same('the range of a list of days, and of alternatives', pg_temp.series('o orders',
		'o.* count',
		jsonb_build_object('date_column', col, 'interval', 'day'), filters(condition)),
	format('SELECT d%1$s, (SELECT count(*) FROM orders WHERE tenant = ''acme'' AND %2$I >= d
			AND %2$I < d + interval ''1 day'' AND %3$s)
		FROM generate_series(timestamptz ''2024-02-10 00:00Z'', ''2024-02-13 00:00Z'',
			''1 day'') AS d
		ORDER BY d', CASE col WHEN 'shipped' THEN '::date' END, col, sql), true)
FROM (VALUES ('placed_at', cond('o.placed_at in', '["2024-02-13", "2024-02-10"]'),
		'placed_at::date IN (''2024-02-10'', ''2024-02-13'')'),
	('placed_at', cond('o.placed_at in', '["2024-02-10T00:00:00Z", "2024-02-13T10:00:00Z"]'),
		'false'),
	('shipped', cond('o.shipped in', '["2024-02-13", "2024-02-10"]'),
		'shipped IN (''2024-02-10'', ''2024-02-13'')'),
	('placed_at', jsonb_build_object('or', jsonb_build_array(
		jsonb_build_object('and', jsonb_build_array(cond('o.placed_at gte', '"2024-02-10"'),
			cond('o.placed_at lt', '"2024-02-11"'))), cond('o.placed_at eq', '"2024-02-13"'))),
		'placed_at::date IN (''2024-02-10'', ''2024-02-13'')')) AS v (col, condition, sql);
SELECT same('an alternative without an end has none', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "placed_at", "interval": "month"}', filters(jsonb_build_object('or',
			jsonb_build_array(cond('o.placed_at lt', '"2024-02-10"'), cond('o.id eq', '1006'))))),
	$$SELECT m, count(o.id) FROM generate_series(timestamptz '2024-01-01 00:00+00',
		(SELECT max(placed_at) FROM orders WHERE tenant = 'acme'), '1 month') AS m
	LEFT JOIN orders o ON tenant = 'acme' AND date_trunc('month', placed_at) = m
		AND (placed_at < '2024-02-10 00:00+00' OR id = 1006)
	GROUP BY m ORDER BY m$$, true);
SELECT same('an end with a time is exclusive, a start inside a bucket has its bucket',
	pg_temp.series('o orders', 'o.* count', '{"date_column": "placed_at", "interval": "6 hours",
		"range": {"start": "2024-01-31T13:00:00Z", "end": "2024-02-01T00:00:00Z"}}'),
	$$SELECT b, (SELECT count(*) FROM orders WHERE tenant = 'acme' AND placed_at >= b
		AND placed_at >= '2024-01-31 13:00+00' AND placed_at < b + interval '6 hours')
	FROM generate_series(timestamptz '2024-01-31 12:00+00', '2024-01-31 18:00+00', '6 hours') AS b
	ORDER BY b$$, true);
SELECT same('not filled: only the buckets that have rows', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "placed_at", "interval": "day", "fill_missing": false}'),
	$$SELECT date_trunc('day', placed_at), count(*) FROM orders WHERE tenant = 'acme'
	GROUP BY 1 ORDER BY 1$$, true);
SELECT same('filled with null', pg_temp.series('o orders', 'o.amount sum, o.* count',
		'{"date_column": "placed_at", "interval": "day", "fill": "null",
		  "range": {"start": "2024-01-01", "end": "2024-01-20"}}'),
	$$SELECT d, sum(amount), nullif(count(id), 0)
	FROM generate_series(timestamptz '2024-01-01 00:00+00', '2024-01-20 00:00+00', '1 day') AS d
	LEFT JOIN orders ON tenant = 'acme' AND placed_at >= d AND placed_at < d + interval '1 day'
	GROUP BY d ORDER BY d$$, true);
SELECT same('filled with a value; a null of a bucket with rows stays null',
	pg_temp.series('o orders', 'o.amount sum, o.* count',
		'{"date_column": "placed_at", "interval": "day", "fill_value": -1,
		  "range": {"start": "2024-01-01", "end": "2024-02-20"}}'),
	$$SELECT d, CASE WHEN count(id) = 0 THEN -1 ELSE sum(amount) END,
		CASE WHEN count(id) = 0 THEN -1 ELSE count(id) END
	FROM generate_series(timestamptz '2024-01-01 00:00+00', '2024-02-20 00:00+00', '1 day') AS d
	LEFT JOIN orders ON tenant = 'acme' AND placed_at >= d AND placed_at < d + interval '1 day'
	GROUP BY d ORDER BY d$$, true);
SELECT same('no data in the range: every bucket, filled', pg_temp.series('o orders', 'o.amount sum',
		'{"date_column": "placed_at", "interval": "month",
		  "range": {"start": "2030-01-01", "end": "2030-12-31"}}'),
	$$SELECT m, 0 FROM generate_series(timestamptz '2030-01-01 00:00+00', '2030-12-01 00:00+00',
		'1 month') AS m ORDER BY m$$, true);
SELECT same('no data and no range: no bucket', pg_temp.series('o orders', 'o.amount sum',
		'{"date_column": "placed_at", "interval": "month"}', filters(cond('o.id lt', '0'))),
	$$SELECT m, 0 FROM generate_series(timestamptz '2024-01-01 00:00+00',
		(SELECT max(placed_at) FROM orders WHERE tenant = 'acme'), '1 month') AS m ORDER BY m$$,
				true);

-- ---- Other group columns: every series has every bucket -----------------------------------
SELECT same('by status, null too', pg_temp.series('o orders', 'o.status, o.amount sum',
		'{"date_column": "placed_at", "interval": "month",
		  "range": {"start": "2024-01-01", "end": "2025-01-31"}}'),
	$$SELECT m, s.status, coalesce(sum(o.amount), 0)
	FROM generate_series(timestamptz '2024-01-01 00:00+00', '2025-01-01 00:00+00', '1 month') AS m
	CROSS JOIN (SELECT DISTINCT status FROM orders WHERE tenant = 'acme'
		AND placed_at < '2025-02-01 00:00+00') AS s
	LEFT JOIN orders o ON o.tenant = 'acme' AND o.status IS NOT DISTINCT FROM s.status
		AND date_trunc('month', placed_at) = m
	GROUP BY 1, 2 ORDER BY 1, 2$$, true);
SELECT same('by an enum and a boolean of another table', pg_temp.series('o orders, c customers',
		'o.channel, c.active, o.* count',
		'{"date_column": "placed_at", "interval": "quarter", "alias": "quarter"}'),
	$$SELECT q, s.channel, s.active, count(o.id)
	FROM generate_series(timestamptz '2024-01-01 00:00+00', '2024-12-31 00:00+00', '3 months') AS q
	CROSS JOIN (SELECT DISTINCT channel, active FROM orders o JOIN customers c
		ON c.tenant = o.tenant AND c.id = o.customer_id WHERE o.tenant = 'acme') AS s
	LEFT JOIN (SELECT o.*, c.active FROM orders o JOIN customers c
		ON c.tenant = o.tenant AND c.id = o.customer_id WHERE o.tenant = 'acme') AS o
		ON o.channel IS NOT DISTINCT FROM s.channel AND o.active IS NOT DISTINCT FROM s.active
		AND date_trunc('quarter', o.placed_at) = q
	GROUP BY 1, 2, 3 ORDER BY 1, 2, 3$$, true);
SELECT same('by a group that is not shown', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "placed_at", "interval": "year"}',
		'{"group_by": [{"table_id": "o", "column": "status"}]}'),
	$$SELECT y, (SELECT count(*) FROM orders WHERE tenant = 'acme'
		AND status IS NOT DISTINCT FROM s.status AND date_trunc('year', placed_at) = y)
	FROM generate_series(timestamptz '2024-01-01 00:00+00',
		(SELECT max(placed_at) FROM orders WHERE tenant = 'acme'), '1 year') AS y,
		(SELECT DISTINCT status FROM orders WHERE tenant = 'acme') AS s ORDER BY 1, s.status$$,
				true);
SELECT same('having takes groups away, not the gaps', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "placed_at", "interval": "day",
		  "range": {"start": "2024-01-28", "end": "2024-02-05"}}',
		'{"having": [{"column": "count", "operator": "lt", "value": 2}]}'),
	$$SELECT d, n FROM generate_series(timestamptz '2024-01-28 00:00+00', '2024-02-05 00:00+00',
			'1 day') AS d, LATERAL (SELECT count(*) FROM orders WHERE tenant = 'acme'
				AND placed_at >= d AND placed_at < d + interval '1 day') AS q (n)
	WHERE n < 2 ORDER BY d$$, true);
SELECT same('ordered by a measure, limited', pg_temp.series('o orders', 'o.amount sum = total',
		'{"date_column": "placed_at", "interval": "week"}',
		'{"order_by": [{"alias": "total", "direction": "DESC"}], "limit": 3}'),
	$$SELECT date_trunc('week', placed_at), sum(amount) FROM orders WHERE tenant = 'acme'
	GROUP BY 1 ORDER BY 2 DESC LIMIT 3$$, true);

-- ---- DST ------------------------------------------------------------------------------
SELECT same('days of New York: 23, 24 and 25 hours, each one bucket',
	pg_temp.series('o orders', 'o.* count', '{"date_column": "placed_at", "interval": "day",
		"timezone": "America/New_York", "range": {"start": "2024-03-08", "end": "2024-11-05"}}'),
	$$SELECT d AT TIME ZONE 'America/New_York', (SELECT count(*) FROM orders WHERE tenant = 'acme'
		AND (placed_at AT TIME ZONE 'America/New_York')::date = d)
	FROM generate_series(timestamp '2024-03-08', '2024-11-05', '1 day') AS d ORDER BY d$$, true);
SELECT same('hours of the day with 25 of them: the repeated hour is two',
	pg_temp.series('o orders', 'o.amount sum', '{"date_column": "placed_at", "interval": "hour",
		"timezone": "America/New_York", "range": {"start": "2024-11-03", "end": "2024-11-03"}}'),
	$$SELECT h, coalesce((SELECT sum(amount) FROM orders WHERE tenant = 'acme' AND placed_at >= h
		AND placed_at < h + interval '1 hour'), 0)
	FROM generate_series(timestamptz '2024-11-03 04:00+00', '2024-11-04 04:00+00', '1 hour') AS h
	ORDER BY h$$, true);
SELECT same('hours of the day with 23 of them', pg_temp.series('o orders', 'o.amount sum',
		'{"date_column": "placed_at", "interval": "hour", "timezone": "America/New_York",
		  "range": {"start": "2024-03-10", "end": "2024-03-10"}}'),
	$$SELECT h, coalesce((SELECT sum(amount) FROM orders WHERE tenant = 'acme' AND placed_at >= h
		AND placed_at < h + interval '1 hour'), 0)
	FROM generate_series(timestamptz '2024-03-10 05:00+00', '2024-03-11 03:00+00', '1 hour') AS h
	ORDER BY h$$, true);
SELECT same('months of Berlin', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "placed_at", "interval": "month", "timezone": "Europe/Berlin",
		  "range": {"start": "2024-01-01", "end": "2024-12-31"}}'),
	$$SELECT m AT TIME ZONE 'Europe/Berlin', (SELECT count(*) FROM orders WHERE tenant = 'acme'
		AND date_trunc('month', placed_at AT TIME ZONE 'Europe/Berlin') = m)
	FROM generate_series(timestamp '2024-01-01', '2024-12-01', '1 month') AS m ORDER BY m$$, true);
SELECT same('a day that begins at one o''clock', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "placed_at", "interval": "day", "timezone": "America/Havana",
		  "range": {"start": "2024-03-09", "end": "2024-03-11"}}'),
	$$SELECT d AT TIME ZONE 'America/Havana', (SELECT count(*) FROM orders WHERE tenant = 'acme'
		AND (placed_at AT TIME ZONE 'America/Havana')::date = d)
	FROM generate_series(timestamp '2024-03-09', '2024-03-11', '1 day') AS d ORDER BY d$$, true);
SELECT same('the zone of the options drives filters and buckets alike',
	pg_temp.series('o orders', 'o.* count', '{"date_column": "placed_at", "interval": "day"}',
		filters(cond('o.placed_at between', '["2024-03-09", "2024-03-11"]'))),
	$$SELECT d AT TIME ZONE 'Asia/Kolkata', (SELECT count(*) FROM orders WHERE tenant = 'acme'
		AND (placed_at AT TIME ZONE 'Asia/Kolkata')::date = d)
	FROM generate_series(timestamp '2024-03-09', '2024-03-11', '1 day') AS d ORDER BY d$$, true,
	'{"timezone": "Asia/Kolkata"}');

SELECT same('six hours of the day with 23 of them: on local time', pg_temp.series('o orders',
		'o.* count', '{"date_column": "placed_at", "interval": "6 hours",
		"timezone": "America/New_York", "range": {"start": "2024-03-09", "end": "2024-03-11"}}'),
	$$SELECT d AT TIME ZONE 'America/New_York', (SELECT count(*) FROM orders WHERE tenant = 'acme'
		AND date_bin('6 hours', placed_at AT TIME ZONE 'America/New_York', '2000-01-01') = d)
	FROM generate_series(timestamp '2024-03-09', '2024-03-11 18:00', '6 hours') AS d ORDER BY d$$,
			true);

-- ---- Other types and grids ----------------------------------------------------------------
SELECT same('a date by week that begins on Sunday', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "shipped", "interval": "week", "week_start": "sunday",
		  "range": {"start": "2024-01-01", "end": "2024-03-31"}}'),
	$$SELECT w::date, (SELECT count(*) FROM orders WHERE tenant = 'acme' AND shipped >= w
		AND shipped < w + interval '7 days' AND shipped BETWEEN '2024-01-01' AND '2024-03-31')
	FROM generate_series(timestamp '2023-12-31', '2024-03-31', '7 days') AS w ORDER BY w$$, true);
SELECT same('a date by day, nulls left out', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "shipped", "interval": "day"}'),
	$$SELECT d::date, (SELECT count(*) FROM orders WHERE tenant = 'acme' AND shipped = d::date)
	FROM generate_series((SELECT min(shipped) FROM orders WHERE tenant = 'acme')::timestamp,
		(SELECT max(shipped) FROM orders WHERE tenant = 'acme')::timestamp, '1 day') AS d
	ORDER BY d$$, true);
SELECT same('timestamp as it stands, whatever the zone', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "local_at", "interval": "2 weeks", "timezone": "Asia/Tokyo",
		  "fill_missing": false}'),
	$$SELECT date_bin('14 days', local_at, '2000-01-03'), count(*) FROM orders
	WHERE tenant = 'acme' AND local_at IS NOT NULL GROUP BY 1 ORDER BY 1$$, true);
SELECT same('timestamp of a given zone', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "local_at", "interval": "day", "timezone": "UTC",
		  "source_timezone": "America/New_York",
		  "range": {"start": "2024-03-09", "end": "2024-03-11"}}'),
	$$SELECT d, (SELECT count(*) FROM orders WHERE tenant = 'acme'
		AND local_at AT TIME ZONE 'America/New_York' >= d
		AND local_at AT TIME ZONE 'America/New_York' < d + interval '1 day')
	FROM generate_series(timestamptz '2024-03-09 00:00+00', '2024-03-11 00:00+00', '1 day') AS d
	ORDER BY d$$, true);
SELECT same('a domain, infinities left out', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "reviewed", "interval": "day"}'),
	$$SELECT d, (SELECT count(*) FROM orders WHERE tenant = 'acme' AND isfinite(reviewed)
		AND date_trunc('day', reviewed::timestamptz) = d)
	FROM generate_series(timestamptz '2024-03-01 00:00+00', (SELECT max(reviewed::timestamptz)
		FROM orders WHERE tenant = 'acme' AND isfinite(reviewed)), '1 day') AS d
	ORDER BY d$$, true);
SELECT same('every fifteen minutes', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "placed_at", "interval": "15 minutes",
		  "range": {"start": "2024-01-31T22:00:00Z", "end": "2024-02-01T01:00:00Z"}}'),
	$$SELECT b, (SELECT count(*) FROM orders WHERE tenant = 'acme'
		AND date_bin('15 minutes', placed_at, '2000-01-01 00:00+00') = b)
	FROM generate_series(timestamptz '2024-01-31 22:00+00', '2024-02-01 00:45+00',
			'15 minutes') AS b
	ORDER BY b$$, true);
SELECT same('three months from an origin', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "placed_at", "interval": "3 months", "origin": "2024-02-01",
		  "range": {"start": "2024-02-01", "end": "2024-10-31"}}'),
	$$SELECT m, (SELECT count(*) FROM orders WHERE tenant = 'acme' AND placed_at >= m
		AND placed_at < m + interval '3 months')
	FROM generate_series(timestamptz '2024-02-01 00:00+00', '2024-08-01 00:00+00', '3 months') AS m
	ORDER BY m$$, true);
SELECT same('fiscal quarters', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "placed_at", "interval": "quarter", "fiscal": true,
		  "range": {"start": "2024-02-01", "end": "2025-01-31"}}'),
	$$SELECT m, (SELECT count(*) FROM orders WHERE tenant = 'acme' AND placed_at >= m
		AND placed_at < m + interval '3 months' AND placed_at < '2025-02-01 00:00+00')
	FROM generate_series(timestamptz '2024-02-01 00:00+00', '2024-11-01 00:00+00', '3 months') AS m
	ORDER BY m$$, true) FROM set_config('prismiq.fiscal_year_start_month', '2', true);
SELECT same('fiscal, however the width is written: ' || width,
	pg_temp.series('o orders', 'o.* count',
		'{"date_column": "placed_at", "fiscal": true,
		  "range": {"start": "2024-01-01", "end": "2024-12-31"}}'
		|| jsonb_build_object('interval', width)),
	format($$SELECT m, (SELECT count(*) FROM orders WHERE tenant = 'acme' AND placed_at >= m
		AND placed_at < m + interval %1$L AND placed_at >= '2024-01-01 00:00+00'
		AND placed_at < '2025-01-01 00:00+00')
	FROM generate_series(%2$L::timestamptz, '2024-12-31 00:00+00', %1$L) AS m ORDER BY m$$,
		step, first), true)
FROM (VALUES ('1 year', '1 year', '2023-02-01 00:00+00'),
	('4 quarters', '1 year', '2023-02-01 00:00+00'),
	('12 months', '1 year', '2023-02-01 00:00+00'), ('2 years', '2 years', '2022-02-01 00:00+00'),
	('3 months', '3 months', '2023-11-01 00:00+00'),
	('1 quarter', '3 months', '2023-11-01 00:00+00'),
	('6 months', '6 months', '2023-08-01 00:00+00'), ('1 month', '1 month', '2024-01-01 00:00+00'),
	('P1Y', '1 year', '2023-02-01 00:00+00')) AS v (width, step, first);

SELECT is(prismiq_query(pg_temp.series('o orders', 'o.* count', jsonb_build_object('date_column',
		'placed_at', 'interval', given,
		'range', '{"start": "2024-01-01", "end": "2024-01-01"}'::jsonb)))::jsonb ->> 'bucket',
	said, 'the width of a bucket in words: ' || given)
FROM (VALUES ('day', '1 day'), ('15 minutes', '15 minutes'), ('hour', '1 hour'),
	('90 minutes', '90 minutes'), ('6 hours', '6 hours'), ('2 weeks', '2 weeks'),
	('week', '1 week'),
	('3 days', '3 days'), ('month', '1 month'), ('quarter', '3 months'), ('year', '1 year'),
	('18 months', '18 months'), ('second', '1 second'), ('1.5 seconds', '00:00:01.5'))
	AS v (given, said);

-- ---- auto -------------------------------------------------------------------------------
SELECT is(prismiq_query(pg_temp.series('o orders', 'o.* count', jsonb_build_object('date_column',
		'placed_at', 'interval', 'auto', 'range', jsonb_build_object('start',
				'2024-01-01T00:00:00Z',
			'end', to_char(timestamp '2024-01-01' + span, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))))::jsonb
		->> 'bucket', bucket, 'auto over ' || span)
FROM (VALUES (interval '8 hours', NULL::text), ('8 hours 1 second', '1 minute'), ('24 hours',
		'1 minute'),
	('24 hours 1 second', '10 minutes'), ('96 hours', '10 minutes'), ('96 hours 1 second',
			'1 hour'),
	('31 days', '1 hour'), ('41 days', '1 hour'), ('42 days', '1 day'), ('990 days', '1 day'),
	('1010 days', '1 week'), ('6900 days', '1 week'), ('7100 days', '1 month')) AS v (span, bucket);
SELECT same('auto without a range: the column''s own', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "placed_at", "interval": "auto"}'),
	$$SELECT d, (SELECT count(*) FROM orders WHERE tenant = 'acme' AND date_trunc('day',
			placed_at) = d)
	FROM generate_series(timestamptz '2024-01-02 00:00+00', (SELECT max(placed_at) FROM orders
		WHERE tenant = 'acme'), '1 day') AS d ORDER BY d$$, true);
SELECT same('auto, every point', pg_temp.series('o orders', 'o.amount sum',
		'{"date_column": "placed_at", "interval": "auto",
		  "range": {"start": "2024-01-31T20:00:00Z", "end": "2024-02-01T02:00:00Z"}}'),
	$$SELECT placed_at, sum(amount) FROM orders WHERE tenant = 'acme'
		AND placed_at >= '2024-01-31 20:00+00' AND placed_at < '2024-02-01 02:00+00'
	GROUP BY 1 ORDER BY 1$$, true);
SET LOCAL prismiq.tenant_id = 'gamma';
SELECT same('auto of a tenant without rows', pg_temp.series('o orders', 'o.* count',
		'{"date_column": "placed_at", "interval": "auto"}'), $$SELECT now(), 1 WHERE false$$);

-- ---- Where time begins -----------------------------------------------------------------
SELECT is(faults(pg_temp.series('o orders', 'o.* count', jsonb_build_object('date_column', name,
		'interval', width, 'range', '{"start": "4714-11-25 BC", "end": "4714-12-31 BC"}'::jsonb))),
	fault, format('%s by %s', name, width))
FROM (VALUES ('shipped', 'day', NULL), ('local_at', 'day', NULL), ('shipped', 'month',
		'INVALID_TIME_SERIES /time_series/interval the first bucket of the range would begin '
		'before 4714-11-24 BC (Choose a narrower interval or a later start.)'))
	AS v (name, width, fault);

-- ---- Real data: the DST change of 1 April 2001 ---------------------------------------------
SET LOCAL prismiq.tenant_id = 'CA';
SELECT same('flights by hour of Los Angeles', pg_temp.series('f flights', 'f.* count, f.delay avg',
		'{"date_column": "departed_at", "interval": "hour", "timezone": "America/Los_Angeles",
		  "source_timezone": "America/Los_Angeles", "fill": "null",
		  "range": {"start": "2001-03-31", "end": "2001-04-02"}}'),
	$$SELECT h, nullif(count(f.id), 0), avg(delay)
	FROM generate_series(timestamptz '2001-03-31 08:00+00', '2001-04-03 06:00+00', '1 hour') AS h
	LEFT JOIN flights f ON state = 'CA' AND departed_at AT TIME ZONE 'America/Los_Angeles' >= h
		AND departed_at AT TIME ZONE 'America/Los_Angeles' < h + interval '1 hour'
	GROUP BY h ORDER BY h$$, true);

SELECT * FROM finish();
ROLLBACK;
