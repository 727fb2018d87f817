-- Local times that are read in a zone of their own (source_timezone), in conditions and in
-- columns, against SQL: a number and the chart beside it are of the same rows.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

RESET ROLE;
CREATE DOMAIN shop.wall AS timestamp;
CREATE TABLE shop.shifts
(
	tenant text NOT NULL, id int PRIMARY KEY, order_id int, starts timestamp, ends shop.wall,
	day date, at timestamptz
);
INSERT INTO shop.shifts
SELECT 'acme', n, n % 20 + 1, timestamp '2024-03-05' + n * interval '5 hours 10 minutes',
	   timestamp '2024-03-05' + n * interval '6 hours', date '2024-03-05' + n, '2024-03-05Z'
FROM generate_series(1, 120) AS n;
INSERT INTO shop.shifts VALUES ('acme', 200, 1, NULL, NULL, NULL, NULL),
	('acme', 201, 1, 'infinity', '-infinity', NULL, NULL),
	('acme', 202, 2, now() AT TIME ZONE 'Asia/Tokyo', now() AT TIME ZONE 'Asia/Tokyo', NULL, NULL),
	('beta', 203, 1, '2024-03-10', '2024-03-10', '2024-03-10', NULL);
SELECT FROM prismiq.prismiq_expose('shop.shifts', tenant_column => 'tenant',
	time_column => 'starts');
GRANT SELECT ON shop.shifts TO app_user;
SET LOCAL ROLE app_user;

-- The same condition, read in Tokyo.
CREATE FUNCTION pg_temp.tokyo(subject text, value jsonb, more jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$ SELECT cond(subject, value, '{"source_timezone": "Asia/Tokyo"}' || more) $$;

-- ---- Conditions ------------------------------------------------------------------------------
-- S is the instant of a shift, D(day) the start of a day in New York.
CREATE FUNCTION pg_temp.midnight(day timestamp) RETURNS timestamptz LANGUAGE sql AS
$$ SELECT day AT TIME ZONE 'America/New_York' $$;
CREATE FUNCTION pg_temp.today() RETURNS date LANGUAGE sql AS
$$ SELECT (now() AT TIME ZONE 'America/New_York')::date $$;
SELECT same(subject || ' ' || value, def('s shifts', 's.id',
		filters(pg_temp.tokyo(subject, value::jsonb))),
	format($q$SELECT id FROM shifts WHERE tenant = 'acme' AND (%s)$q$,
		regexp_replace(replace(s, 'D(', 'pg_temp.midnight('), '\mS\M',
			'(starts AT TIME ZONE ''Asia/Tokyo'')', 'g')),
	options => '{"timezone": "America/New_York"}') FROM (VALUES
	('s.starts eq', '"2024-03-09"', 'S >= D(''2024-03-09'') AND S < D(''2024-03-10'')'),
	('s.starts eq', '"2024-03-05 05:10"', 'S = D(''2024-03-05 05:10'')'),
	('s.starts eq', '"2024-03-04T20:10:00Z"', 'S = ''2024-03-04 20:10Z'''),
	('s.starts gte', '"2024-03-10"', 'S >= D(''2024-03-10'')'),
	('s.starts gt', '"2024-03-10"', 'S >= D(''2024-03-11'')'),
	('s.starts lte', '"2024-03-10"', 'S < D(''2024-03-11'')'),
	('s.starts lt', '"2024-03-10 03:30"', 'S < D(''2024-03-10 03:30'')'),
	('s.starts between', '["2024-03-08", "2024-03-12"]',
		'S >= D(''2024-03-08'') AND S < D(''2024-03-13'')'),
	('s.starts not_between', '["2024-03-08", "2024-03-12T10:00:00+00"]',
		'(S >= D(''2024-03-08'') AND S <= ''2024-03-12 10:00Z'') IS NOT TRUE'),
	('s.starts in', '["2024-03-08", "2024-03-12"]',
		'(S >= D(''2024-03-08'') AND S < D(''2024-03-09''))
			OR (S >= D(''2024-03-12'') AND S < D(''2024-03-13''))'),
	('s.starts in', '["2024-03-04T20:10:00Z", "2024-03-05T01:20:00Z", null]',
		'S IN (''2024-03-04 20:10Z'', ''2024-03-05 01:20Z'') OR S IS NULL'),
	('s.starts not_in', '["2024-03-04T20:10:00Z", "2024-03-08"]',
		'S IS NULL OR (S <> ''2024-03-04 20:10Z'' AND NOT (S >= D(''2024-03-08'')
			AND S < D(''2024-03-09'')))'),
	('s.starts neq', '"2024-03-08"',
		'S IS NULL OR NOT (S >= D(''2024-03-08'') AND S < D(''2024-03-09''))'),
	('s.starts eq', 'null', 'S IS NULL'),
	('s.starts date_relative', '0', 'S >= D(pg_temp.today())
		AND S < D(pg_temp.today() + 1)'),
	('s.starts date_preset', '"last_2_hours"', 'S > now() - interval ''2 hours'' AND S <= now()'),
	('s.starts date_preset', '"today"',
		'S >= D(pg_temp.today())
		AND S < D(pg_temp.today() + 1)'),
	('s.starts date_window', '{"period": "yearly", "value": 0}',
		'S >= D(date_trunc(''year'', pg_temp.today()::timestamp))
		AND S < D(date_trunc(''year'', pg_temp.today()::timestamp) + interval ''1 year'')'),
	('s.starts date_preset', '"all_time"', 'true')
) AS v (subject, value, s);
SELECT same('a domain, under or and not', def('s shifts', 's.id', filters(jsonb_build_object('or',
		jsonb_build_array(pg_temp.tokyo('s.ends lt', '"2024-03-08"'), jsonb_build_object('not',
			pg_temp.tokyo('s.ends lt', '"2024-03-20"')))))),
	$$SELECT id FROM shifts WHERE tenant = 'acme' AND (ends AT TIME ZONE 'Asia/Tokyo'
		< timestamp '2024-03-08' AT TIME ZONE 'America/New_York'
		OR NOT ends AT TIME ZONE 'Asia/Tokyo'
			< timestamp '2024-03-20' AT TIME ZONE 'America/New_York')$$,
	options => '{"timezone": "America/New_York"}');
SELECT same('of related rows', def('o orders, s shifts', 'o.id',
		filters(pg_temp.tokyo('s.starts lt', '"2024-03-08"', '{"scope": "any"}')),
		'o.id = s.order_id'),
	$$SELECT id FROM orders AS o WHERE tenant = 'acme' AND EXISTS (SELECT FROM shifts AS s
		WHERE s.tenant = 'acme' AND s.order_id = o.id AND starts AT TIME ZONE 'Asia/Tokyo'
			< timestamp '2024-03-08' AT TIME ZONE 'America/New_York')$$,
	options => '{"timezone": "America/New_York"}');
SELECT same('of one measure', def('s shifts', 's.* count = n') || jsonb_build_object('columns',
		jsonb_build_array(jsonb_build_object('table_id', 's', 'column', '*', 'aggregation',
			'count', 'filters', jsonb_build_array(pg_temp.tokyo('s.starts lt', '"2024-03-08"'))))),
	$$SELECT count(*) FILTER (WHERE starts AT TIME ZONE 'Asia/Tokyo'
		< timestamp '2024-03-08' AT TIME ZONE 'America/New_York') FROM shifts
	WHERE tenant = 'acme'$$, options => '{"timezone": "America/New_York"}');
SELECT same('a parameter says it', def('s shifts', 's.id', filters(pg_temp.tokyo('s.starts lt',
		'"2024-03-08"', '{"source_timezone": {"param": "where"}}'))
		|| '{"params": {"where": {"type": "text", "default": "UTC"}}}'),
	$$SELECT id FROM shifts WHERE tenant = 'acme' AND starts AT TIME ZONE 'Asia/Tokyo'
		< timestamp '2024-03-08' AT TIME ZONE 'America/New_York'$$,
	options => '{"timezone": "America/New_York", "params": {"where": "Asia/Tokyo"}}');
SELECT matches(prismiq_compile(def('s shifts', 's.id', filters(pg_temp.tokyo('s.starts between',
		'["2024-03-08", "2024-03-12"]'))), '{"timezone": "UTC"}') ->> 'sql',
	't1\.starts OPERATOR\(pg_catalog\.>=\) \$\d+::timestamp without time zone AND t1\.starts',
	'an index on the column serves');

-- ---- A number and its chart -------------------------------------------------------------------
CREATE FUNCTION pg_temp.chart(filter jsonb, series jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT def('s shifts', 's.* count = n', filters(filter) || jsonb_build_object('time_series',
		'{"table_id": "s", "date_column": "starts", "interval": "day"}' || series))
$$;
CREATE FUNCTION pg_temp.total(definition jsonb) RETURNS numeric LANGUAGE sql AS $$
	SELECT sum((r ->> -1)::numeric) FROM jsonb_array_elements(prismiq_query(definition,
		'{"timezone": "America/New_York"}')::jsonb -> 'rows') AS r
$$;
SELECT is(pg_temp.total(def('s shifts', 's.* count', filters(pg_temp.tokyo(subject, value)))),
	pg_temp.total(pg_temp.chart(cond(subject, value), '{"source_timezone": "Asia/Tokyo"}')),
	'the same rows: ' || subject)
FROM (VALUES ('s.starts between', '["2024-03-08", "2024-03-12"]'::jsonb),
	('s.starts lt', '"2024-03-20"'), ('s.starts eq', '"2024-03-10"'),
	('s.starts in', '["2024-03-10", "2024-03-31"]')) AS v (subject, value);
SELECT same('a chart of a zone, its filter of another', pg_temp.chart(pg_temp.tokyo(
		's.starts between', '["2024-03-10", "2024-03-12"]'), '{"source_timezone": "Asia/Kolkata"}'),
	$$WITH d AS (SELECT date_trunc('day', starts AT TIME ZONE 'Asia/Kolkata', 'UTC') AS b
		FROM shifts WHERE tenant = 'acme' AND starts AT TIME ZONE 'Asia/Tokyo' >= '2024-03-10Z'
			AND starts AT TIME ZONE 'Asia/Tokyo' < '2024-03-13Z')
	SELECT g, (SELECT count(*) FROM d WHERE b = g)
	FROM generate_series(timestamptz '2024-03-10Z', '2024-03-13Z', '1 day') AS g ORDER BY 1$$,
	true, '{"timezone": "UTC"}');
SELECT is(answer(def('s shifts', 's.* count', filters(pg_temp.tokyo('s.starts gte',
		'"2024-03-10"'), cond('s.starts lt', '"2024-03-12"'))), '{"timezone": "UTC"}'),
	answer(def('s shifts', 's.* count', filters(pg_temp.tokyo('s.starts gte',
		'"2024-03-10"'), pg_temp.tokyo('s.starts lt', '"2024-03-12"'))), '{"timezone": "UTC"}'),
	'what is said of a column once, holds for its other conditions');
SELECT same('compared with the week before', def('s shifts', 's.* count = n',
		filters(pg_temp.tokyo('s.starts between', '["2024-03-11", "2024-03-17"]'))
		|| '{"compare": {"period": "previous_week"}}'),
	$$SELECT n, p, n - p, 100.0 * (n - p) / p FROM (SELECT
		count(*) FILTER (WHERE s >= timestamp '2024-03-11' AT TIME ZONE 'America/New_York') AS n,
		count(*) FILTER (WHERE s < timestamp '2024-03-11' AT TIME ZONE 'America/New_York') AS p
		FROM (SELECT starts AT TIME ZONE 'Asia/Tokyo' AS s FROM shifts WHERE tenant = 'acme') AS q
		WHERE s >= timestamp '2024-03-04' AT TIME ZONE 'America/New_York'
			AND s < timestamp '2024-03-18' AT TIME ZONE 'America/New_York') AS r$$,
	options => '{"timezone": "America/New_York"}');

-- ---- Columns ------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.read(columns jsonb, rest jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', '[{"id": "s", "name": "shifts"}]'::jsonb, 'columns',
		(SELECT jsonb_agg('{"table_id": "s"}' || CASE WHEN c ->> 'column' IN ('starts', 'ends')
			THEN '{"source_timezone": "Asia/Tokyo"}'::jsonb ELSE '{}' END || c)
		 FROM jsonb_array_elements(columns) AS c)) || rest
$$;
SELECT same('as it stands: an instant', pg_temp.read('[{"column": "id"}, {"column": "starts"},
		{"column": "ends"}]'),
	$$SELECT id, starts AT TIME ZONE 'Asia/Tokyo', ends::timestamp AT TIME ZONE 'Asia/Tokyo'
	FROM shifts WHERE tenant = 'acme'$$, options => '{"timezone": "America/New_York"}');
SELECT is((SELECT jsonb_agg(c ->> 'type') FROM jsonb_array_elements(prismiq_compile(
		pg_temp.read('[{"column": "starts"}, {"column": "ends", "date_trunc": "day"}]'))
		-> 'columns') AS c),
	'["timestamp with time zone", "timestamp with time zone"]', 'with the type of one');
SELECT same('date_trunc: days of the query''s zone', pg_temp.read('[{"column": "starts",
		"date_trunc": "day", "alias": "d"}, {"column": "*", "aggregation": "count"}]',
		'{"group_by": [{"table_id": "s", "column": "starts"}], "order_by": [{"alias": "d"}]}'),
	$$SELECT date_trunc('day', starts AT TIME ZONE 'Asia/Tokyo', 'America/New_York'), count(*)
	FROM shifts WHERE tenant = 'acme' GROUP BY 1 ORDER BY 1$$, true,
	'{"timezone": "America/New_York"}');
SELECT same('grouped and ordered by its names', pg_temp.read('[{"column": "starts"},
		{"column": "id", "aggregation": "max"}]', '{"group_by": [{"table_id": "s", "column":
		"starts"}], "order_by": [{"table_id": "s", "column": "starts", "direction": "DESC"}],
		"limit": 7}'),
	$$SELECT starts AT TIME ZONE 'Asia/Tokyo' AS s, max(id) FROM shifts WHERE tenant = 'acme'
	GROUP BY 1 ORDER BY 1 DESC LIMIT 7$$, true);
SELECT same('min, max, first, last, and different ones', pg_temp.read('[
		{"column": "starts", "aggregation": "min"}, {"column": "ends", "aggregation": "max"},
		{"column": "ends", "aggregation": "first", "args": {"order_by": "id"}},
		{"column": "ends", "aggregation": "last", "args": {"order_by": "id"}},
		{"column": "starts", "date_trunc": "week", "aggregation": "count_distinct"},
		{"column": "starts", "aggregation": "count"}, {"column": "ends", "aggregation": "mode",
			"filters": [{"table_id": "s", "column": "id", "operator": "eq", "value": 7}]}]'),
	$$SELECT min(starts) AT TIME ZONE 'Asia/Tokyo', max(ends) AT TIME ZONE 'Asia/Tokyo',
		(array_agg(ends ORDER BY id) FILTER (WHERE ends IS NOT NULL))[1] AT TIME ZONE 'Asia/Tokyo',
		(array_agg(ends ORDER BY id DESC) FILTER (WHERE ends IS NOT NULL))[1]
			AT TIME ZONE 'Asia/Tokyo',
		count(DISTINCT date_trunc('week', starts AT TIME ZONE 'Asia/Tokyo', 'America/New_York')),
		count(starts), max(ends) FILTER (WHERE id = 7) AT TIME ZONE 'Asia/Tokyo'
	FROM shifts WHERE tenant = 'acme'$$, options => '{"timezone": "America/New_York"}');
SELECT same('compared in having, by its alias', pg_temp.read('[{"column": "order_id"},
		{"column": "starts", "aggregation": "min", "alias": "first"}]', '{"having":
		[{"column": "first", "operator": "lt", "value": "2024-03-06"}]}'),
	$$SELECT order_id, min(starts) AT TIME ZONE 'Asia/Tokyo' FROM shifts WHERE tenant = 'acme'
	GROUP BY 1 HAVING min(starts) AT TIME ZONE 'Asia/Tokyo'
		< timestamp '2024-03-06' AT TIME ZONE 'America/New_York'$$,
	options => '{"timezone": "America/New_York"}');
SELECT same('over a join that repeats rows', def('o orders, s shifts', 's.id') || '{"columns":
		[{"table_id": "o", "column": "status"}, {"table_id": "s", "column": "starts",
		  "source_timezone": "Asia/Tokyo", "aggregation": "max"}, {"table_id": "o", "column":
		  "amount", "aggregation": "sum"}], "joins": [{"from_table_id": "o", "from_column": "id",
		  "to_table_id": "s", "to_column": "order_id"}]}',
	$$SELECT status, (SELECT max(starts) AT TIME ZONE 'Asia/Tokyo' FROM shifts AS s
			JOIN orders AS o ON (o.tenant, o.id) = (s.tenant, s.order_id)
			WHERE o.tenant = 'acme' AND o.status IS NOT DISTINCT FROM g.status), sum(amount)
	FROM orders AS g WHERE tenant = 'acme' AND id IN (SELECT order_id FROM shifts
		WHERE tenant = 'acme') GROUP BY 1$$);
SELECT same('a calculated field', def('s shifts', 's.id') || '{"calculated_fields": [{"name": "t",
		"expression": "date_add([ends], -1, \"h\")"}], "columns": [{"table_id": "s",
		"column": "id"}, {"column": "t", "source_timezone": "Asia/Tokyo"}], "filters":
		[{"column": "t", "operator": "lt", "value": "2024-03-08",
		"source_timezone": "Asia/Tokyo"}]}',
	$$SELECT id, (ends - interval '1 hour') AT TIME ZONE 'Asia/Tokyo' FROM shifts
	WHERE tenant = 'acme' AND ends - interval '1 hour' < timestamp '2024-03-08'
		AT TIME ZONE 'America/New_York' AT TIME ZONE 'Asia/Tokyo'$$,
	options => '{"timezone": "America/New_York"}');
SELECT same('the largest, the rest', pg_temp.read('[{"column": "starts", "date_trunc": "week",
		"alias": "w"}, {"column": "*", "aggregation": "count", "alias": "n"}]',
		'{"top": {"n": 2, "by": "n", "other": false}}'),
	$$SELECT date_trunc('week', starts AT TIME ZONE 'Asia/Tokyo', 'America/New_York'), count(*) AS n
	FROM shifts WHERE tenant = 'acme' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 2$$,
	options => '{"timezone": "America/New_York"}');

-- ---- Refusals --------------------------------------------------------------------------------
SELECT is(faults(d), expected, expected) FROM (VALUES
	(def('s shifts', 's.id', filters(pg_temp.tokyo('s.at lt', '"2024-01-01"'))),
		'INVALID_TIME_SERIES /filters/0/source_timezone "source_timezone" is for columns of type '
		'timestamp without time zone (Leave it out.)'),
	(def('s shifts', 's.id', filters(cond('s.starts lt', '"2024-01-01"',
		'{"source_timezone": "Mars/Base"}'))),
		'INVALID_VALUE /filters/0/source_timezone unknown time zone "Mars/Base" (Use a name such '
		'as "Europe/Berlin" or "UTC".)'),
	(def('s shifts', 's.nope', filters(cond('s.nope lt', '"2024-01-01"',
		'{"source_timezone": "Mars/Base"}'))),
		'COLUMN_NOT_FOUND /columns/0/column column "nope" not found in table "shifts"' || E'\n'
		'COLUMN_NOT_FOUND /filters/0/column column "nope" not found in table "shifts"' || E'\n'
		'INVALID_VALUE /filters/0/source_timezone unknown time zone "Mars/Base" (Use a name such '
		'as "Europe/Berlin" or "UTC".)'),
	(def('s shifts', 's.id') || '{"columns": [{"table_id": "s", "column": "day", "date_trunc":
		"month", "source_timezone": "UTC"}, {"table_id": "s", "column": "*", "aggregation":
		"count", "source_timezone": "UTC"}, {"table_id": "s", "column": "starts",
		"source_timezone": "UTC+"}]}',
		'INVALID_TIME_SERIES /columns/0/source_timezone "source_timezone" is for columns of type '
		'timestamp without time zone (Leave it out.)' || E'\n'
		'INVALID_TIME_SERIES /columns/1/source_timezone "source_timezone" is for columns of type '
		'timestamp without time zone (Leave it out.)' || E'\n'
		'INVALID_VALUE /columns/2/source_timezone unknown time zone "UTC+" (Use a name such as '
		'"Europe/Berlin" or "UTC".)'),
	(def('s shifts', 's.starts max = m') || '{"having": [{"column": "m", "operator": "lt",
		"value": "2024-01-01", "source_timezone": "UTC"}]}',
		'INVALID_VALUE /having/0/source_timezone a condition on an aggregate has no '
		'"source_timezone" (Give it to the column of the answer, and compare that.)'),
	(def('s shifts', 's.id') || '{"columns": [{"column": "m", "source_timezone": "UTC"}],
		"calculated_fields": [{"name": "m", "expression": "max([starts])"}]}',
		'INVALID_TIME_SERIES /columns/0/source_timezone "source_timezone" is for columns of type '
		'timestamp without time zone (Leave it out.)')
) AS v (d, expected);

SELECT * FROM finish();
ROLLBACK;
