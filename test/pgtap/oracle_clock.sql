-- Parts of a time of day, the seconds of an interval and weeks of ISO 8601, in
-- every place where a calculated field may stand, against SQL.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

RESET ROLE;
CREATE DOMAIN shop.opening AS time;
CREATE DOMAIN shop.span AS interval;
CREATE TABLE shop.shifts
(
	tenant text NOT NULL, id int PRIMARY KEY, at timestamptz, starts time, ends timetz,
	opens shop.opening, lasts interval, pause shop.span
);
INSERT INTO shop.shifts
SELECT 'acme', n, timestamptz '2024-12-25 10:30 UTC' + n * interval '19 hours',
	   CASE WHEN n % 7 > 0 THEN time '05:10:20.25' + n * interval '100 minutes' END,
	   (time '07:50' + n * interval '50 minutes')::timetz, time '08:00' + n * interval '7 minutes',
	   CASE WHEN n % 5 > 0 THEN n * interval '1 day 2 hours 3.5 seconds' END,
	   n * interval '90 seconds' - interval '4 minutes'
FROM generate_series(1, 24) AS n;
INSERT INTO shop.shifts VALUES ('acme', 98, 'infinity', '24:00', '24:00+02', '0:00',
		'178000000 years', '1 month 1 day'), ('acme', 99, NULL, NULL, NULL, NULL, NULL, NULL),
	('beta', 100, '2024-12-30Z', '01:00', '01:00Z', '01:00', '1 second', '1 second');
SELECT FROM prismiq.prismiq_expose('shop.shifts', tenant_column => 'tenant', time_column => 'at');
GRANT SELECT ON shop.shifts TO app_user;
SET LOCAL ROLE app_user;

-- A definition over shifts with calculated fields: ask('{"f": "hour([starts])"}', ...).
CREATE FUNCTION pg_temp.ask(fields jsonb, columns jsonb, rest jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT def('s shifts', 's.id') || jsonb_build_object('columns', columns, 'calculated_fields',
		(SELECT jsonb_agg(jsonb_build_object('name', key, 'expression', value))
		 FROM jsonb_each(fields))) || rest
$$;

-- ---- Rows ------------------------------------------------------------------------------------
SELECT same(e, pg_temp.ask(jsonb_build_object('f', e), '[{"table_id": "s", "column": "id"},
		{"column": "f"}]'),
	format($q$SELECT id, %s FROM shifts WHERE tenant = 'acme'$q$, s),
	options => '{"timezone": "Asia/Kolkata"}') FROM (VALUES
	('hour([starts])', 'extract(hour from starts)'),
	('minute([starts])', 'extract(minute from starts)'),
	('second([starts])', 'date_part(''second'', starts)'),
	('hour([ends])', 'extract(hour from ends)'), ('minute([ends])', 'extract(minute from ends)'),
	('second([ends])', 'date_part(''second'', ends)'),
	('hour([opens]) * 60 + minute([opens])', '(extract(epoch from opens) / 60)::int'),
	('total_seconds([lasts])', 'extract(epoch from lasts)'),
	('total_seconds([pause]) / 60', 'extract(epoch from pause) / 60'),
	('total_seconds([pause] * 2)', 'extract(epoch from pause) * 2'),
	('total_seconds("1 day 2 hours")', '93600.000000'),
	('total_seconds(null)', 'NULL'),
	('if(hour([starts]) >= 12, "late", "early")',
		'CASE WHEN starts >= ''12:00'' THEN ''late'' ELSE ''early'' END'),
	('iso_year([at]) * 100 + iso_week([at])', 'CASE WHEN isfinite(at) THEN
		to_char(at AT TIME ZONE ''Asia/Kolkata'', ''IYYYIW'')::int END')
) AS v (e, s);

-- ---- Conditions, groups, orders -----------------------------------------------------------
SELECT same('in filters', pg_temp.ask('{"h": "hour([starts])", "t": "total_seconds([lasts])"}',
		'[{"table_id": "s", "column": "id"}]',
		'{"filters": [{"or": [
			{"column": "h", "operator": "between", "value": [8, 11]},
			{"column": "t", "operator": "gt", "value": 1000000}]}]}'),
	$$SELECT id FROM shifts WHERE tenant = 'acme' AND (extract(hour from starts) BETWEEN 8 AND 11
		OR extract(epoch from lasts) > 1000000)$$);
SELECT same('grouped by, and ordered', pg_temp.ask('{"h": "hour([starts])"}',
		'[{"column": "h"}, {"table_id": "s", "column": "*", "aggregation": "count"}]',
		'{"order_by": [{"column": "h", "direction": "DESC", "nulls": "last"}]}'),
	$$SELECT extract(hour from starts), count(*) FROM shifts WHERE tenant = 'acme' GROUP BY 1
	ORDER BY 1 DESC NULLS LAST$$, true);
SELECT same('weeks over the new year are told apart by their year',
	pg_temp.ask('{"y": "iso_year([at])", "w": "iso_week([at])"}',
		'[{"column": "y"}, {"column": "w"}, {"table_id": "s", "column": "*", "aggregation":
			"count"}]', '{"filters": [{"table_id": "s", "column": "at", "operator": "lt",
				"value": "2026-01-01"}], "order_by": [{"column": "y"}, {"column": "w"}]}'),
	$$SELECT extract(isoyear from at), extract(week from at), count(*) FROM shifts
	WHERE tenant = 'acme' AND at < '2026-01-01Z' GROUP BY 1, 2 ORDER BY 1, 2$$, true);
SELECT same('grouped by and not shown', pg_temp.ask('{"w": "iso_week([at])"}',
		'[{"table_id": "s", "column": "*", "aggregation": "count"}]',
		'{"group_by": [{"column": "w"}]}'),
	$$SELECT count(*) FROM shifts WHERE tenant = 'acme' GROUP BY extract(week from at)$$);

-- ---- Measures --------------------------------------------------------------------------------
SELECT same('under aggregations', pg_temp.ask(
		'{"h": "hour([ends])", "t": "total_seconds([pause])", "y": "iso_year([at])"}',
		'[{"column": "h", "aggregation": "max"}, {"column": "h", "aggregation": "count_distinct"},
		  {"column": "t", "aggregation": "sum"}, {"column": "t", "aggregation": "avg"},
		  {"column": "t", "aggregation": "median"}]'),
	$$SELECT max(extract(hour from ends)), count(DISTINCT extract(hour from ends)),
		sum(extract(epoch from pause)), avg(extract(epoch from pause)),
		percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch from pause))
	FROM shifts WHERE tenant = 'acme'$$);
SELECT same('inside aggregates, in having, in a measure''s own filters', pg_temp.ask(
		'{"late": "count_if(hour([starts]) >= 12)", "t": "sum(total_seconds([pause])) / count()",
		  "w": "iso_week([at])", "m": "minute([opens])"}',
		'[{"column": "w"}, {"column": "late"}, {"column": "t"}, {"table_id": "s", "column": "id",
			"aggregation": "sum", "filters": [{"column": "m", "operator": "gte", "value": 30}]}]',
		'{"having": [{"column": "late", "operator": "gt", "value": 0}]}'),
	$$SELECT extract(week from at), count(*) FILTER (WHERE extract(hour from starts) >= 12),
		sum(extract(epoch from pause)) / count(*),
		sum(id) FILTER (WHERE extract(minute from opens) >= 30)
	FROM shifts WHERE tenant = 'acme' GROUP BY 1
	HAVING count(*) FILTER (WHERE extract(hour from starts) >= 12) > 0$$);
SELECT same('beside the buckets of a series', pg_temp.ask('{"h": "hour([starts])"}',
		'[{"column": "h"}, {"table_id": "s", "column": "*", "aggregation": "count"}]',
		'{"time_series": {"table_id": "s", "date_column": "at", "interval": "week",
			"fill_missing": false, "timezone": "UTC"}}'),
	$$SELECT date_trunc('week', at, 'UTC'), extract(hour from starts), count(*) FROM shifts
	WHERE tenant = 'acme' AND isfinite(at) GROUP BY 1, 2 ORDER BY 1, 2$$, true);

-- ---- Refusals ----------------------------------------------------------------------------------
SELECT is(faults(pg_temp.ask(jsonb_build_object('f', e), '[{"column": "f"}]')), expected, e)
FROM (VALUES
	('iso_week([starts])', 'TYPE_MISMATCH /calculated_fields/0/expression expected a date or '
		'timestamp, found a value of type time without time zone at character 10'),
	('iso_year()', 'INVALID_EXPRESSION /calculated_fields/0/expression iso_year() takes 1 '
		'argument, found 0, at character 1'),
	('iso_years([at])', 'INVALID_EXPRESSION /calculated_fields/0/expression unknown function '
		'"iso_years" at character 1 (Did you mean "iso_year"?)'),
	('total_seconds([starts])', 'TYPE_MISMATCH /calculated_fields/0/expression expected a '
		'value of type interval, found a value of type time without time zone at character 15')
) AS v (e, expected);

SELECT * FROM finish();
ROLLBACK;
