-- Metrics: value, thresholds, trend and sparkline, each expected as the contract has it and by
-- numbers that a person added up.
\getenv dir TEST_DIR
\set lib :dir /lib/widgets.sql
\ir :lib

SET LOCAL ROLE NONE;
CREATE TABLE public.readings (tenant text, id int, day date, kind text, v numeric, f float8,
	n bigint, at timestamptz);
INSERT INTO public.readings (tenant, id, day, kind, v, f) VALUES
	('acme', 1, '2024-01-05', 'a', 10, 1.5), ('acme', 2, '2024-01-20', 'b', 30, 'NaN'),
	('acme', 3, '2024-02-10', 'a', 20, 'Infinity'), ('acme', 4, '2024-02-11', 'b', NULL,
		'-Infinity'),
	('acme', 5, '2024-03-01', 'c', -5, NULL), ('acme', 6, '2024-03-31', NULL, 0, 0.25),
	('beta', 1, '2024-03-05', 'a', 1000, 1000), ('beta', 2, '2024-02-05', 'b', 1000, 1000);
-- Before, in and after the bucket in which this test runs.
CREATE TABLE public.clocks (tenant text, at timestamptz, v int);
INSERT INTO public.clocks VALUES
	('acme', date_trunc('month', now(), 'UTC') - interval '40 days', 1),
	('acme', date_trunc('month', now(), 'UTC') - interval '1 day', 2),
	('acme', now(), 4),
	('acme', date_trunc('month', now(), 'UTC') + interval '40 days', 8),
	('beta', date_trunc('month', now(), 'UTC') - interval '1 day', 100);
CREATE TABLE public.seconds (tenant text, at timestamptz, v int);
INSERT INTO public.seconds VALUES
	('acme', date_trunc('second', now()) - interval '1 second', 1),
	('acme', date_trunc('second', now()), 2);
SELECT oracle.expose('public.readings'), oracle.expose('public.clocks'),
	oracle.expose('public.seconds') \g /dev/null
SET LOCAL ROLE app_user;

-- Readings with some ids.
CREATE FUNCTION pg_temp.of_ids(columns text, ids text, rest jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT def('r readings', columns, filters(cond('r.id in', ids::jsonb)) || rest)
$$;
-- Readings of a range of days.
CREATE FUNCTION pg_temp.of_days(columns text, first text, last text, rest jsonb = '{}')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT def('r readings', columns,
		filters(cond('r.day between', jsonb_build_array(first, last))) || rest)
$$;
-- The members of a metric that a case is about, over those of one that has nothing else.
CREATE FUNCTION pg_temp.metric(members jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb '{"value": null, "formatted": "no data", "label": "Maximum v", "status": null,
		"trend": null, "sparkline": null, "target": null, "min": null, "max": null}' || members
$$;

-- The whole of it
SELECT is(shape('metric', pg_temp.of_ids('r.v max', '[1]')),
	pg_temp.metric('{"value": 10, "formatted": "10"}'), 'a metric without config');
SELECT is(shape('metric', pg_temp.of_ids('r.v max', '[1]'), '{"target": 12.5, "min": -1, "max": 20,
		"format": "currency", "thresholds": [{"value": 5, "color": "#0f0", "label": "Fine"}]}'),
	pg_temp.metric('{"value": 10, "formatted": "10.00", "target": 12.5, "min": -1, "max": 20,
		"status": {"level": 0, "color": "#0f0", "label": "Fine"}}'),
	'with target, scale and thresholds');
SELECT is(widget('metric', pg_temp.of_ids('r.v max', '[1]'), more => '{"title": "Most"}'),
	jsonb_build_object('type', 'metric', 'shape', 'metric', 'title', 'Most', 'columns', jsonb '[
		{"name": "v_max", "label": "Maximum v", "role": "measure", "type": "numeric",
		 "format": null, "unit": null}]', 'timezone', 'UTC', 'bucket', null, 'rows', jsonb '[[10]]',
		'row_count', 1, 'truncated', false, 'filters', '[]'::jsonb, 'warnings', '[]'::jsonb,
		'metric', pg_temp.metric('{"value": 10, "formatted": "10"}')),
	'the whole answer of a metric');

-- Where the value stands among thresholds
CREATE TEMP TABLE levels (columns text, ids text, status jsonb, name text);
INSERT INTO levels VALUES
	('r.v max', '[5]', NULL, 'below the first threshold: no status'),
	('r.v max', '[6]', '{"level": 0, "color": "green", "label": "Low"}',
		'at the first, which is 0'),
	('r.v max', '[1]', '{"level": 1, "color": "orange", "label": null}', 'at the second'),
	('r.v avg', '[1, 3]', '{"level": 1, "color": "orange", "label": null}', 'between'),
	('r.v avg', '[1, 2, 3]', '{"level": 2, "color": null, "label": "High"}',
		'at the last, an average'),
	('r.v max', '[2]', '{"level": 2, "color": null, "label": "High"}', 'beyond the last'),
	('r.v max', '[4]', NULL, 'null has no status'),
	('r.f max', '[2]', NULL, 'NaN has no status'),
	('r.f max', '[3]', '{"level": 2, "color": null, "label": "High"}', 'infinity is beyond all'),
	('r.f max', '[4]', NULL, 'minus infinity is below all'),
	('r.f max', '[6]', '{"level": 0, "color": "green", "label": "Low"}', 'a float between'),
	('r.id max', '[99]', NULL, 'no rows have no status'),
	('r.* count', '[99]', '{"level": 0, "color": "green", "label": "Low"}',
		'no rows are a count of 0'),
	('r.id max', '[2]', '{"level": 0, "color": "green", "label": "Low"}', 'an integer'),
	('r.kind max', '[1]', NULL, 'a text has no status');
SELECT is(coalesce(nullif(shape('metric', pg_temp.of_ids(columns, ids), '{"thresholds": [
		{"value": 0, "color": "green", "label": "Low"}, {"value": 10, "color": "orange"},
		{"value": 20, "label": "High"}]}') -> 'status', 'null'), 'null'), coalesce(status, 'null'),
	name) FROM levels;
SELECT is(shape('metric', pg_temp.of_ids('r.v max', '[1]'), '{"thresholds": [
		{"value": 9.99, "label": "a"}, {"value": 10.0, "label": "b"},
		{"value": 10.0000000000000000001, "label": "c"}]}') #>> '{status,label}', 'b',
	'thresholds are compared as exact numbers');

-- What is shown where there is no value
SELECT is(shape('metric', pg_temp.of_ids('r.v max', '[4]')), pg_temp.metric('{}'),
	'null: no data');
SELECT is(shape('metric', pg_temp.of_ids('r.v max', '[4]'), '{"empty_text": "none yet"}'),
	pg_temp.metric('{"formatted": "none yet"}'), 'or what the config says');
SELECT is(shape('metric', pg_temp.of_ids('r.kind, r.v max', '[99]')), pg_temp.metric('{}'),
	'no rows: no data');
SELECT is(shape('metric', pg_temp.of_ids('r.* count', '[99]')),
	pg_temp.metric('{"value": 0, "formatted": "0", "label": "Number of readings"}'),
	'a count of no rows is 0');
SELECT is(shape('metric', pg_temp.of_ids('r.f max', '[2]')),
	pg_temp.metric('{"value": "NaN", "formatted": "NaN", "label": "Maximum f"}'), 'NaN is a text');
SELECT is(shape('metric', pg_temp.of_ids('r.f max', '[4]'), '{"format": "number"}'),
	pg_temp.metric('{"value": "-Infinity", "formatted": "-Infinity", "label": "Maximum f"}'),
	'so is infinity');
SELECT is(shape('metric', pg_temp.of_ids('r.day max', '[1]')),
	pg_temp.metric('{"value": "2024-01-05", "formatted": "2024-01-05", "label": "Maximum day"}'),
	'a date');

-- Which value
SELECT is(shape('metric', pg_temp.of_ids('r.v max, r.v min = least', '[1, 2]'),
	'{"value": "least"}'),
	pg_temp.metric('{"value": 10, "formatted": "10", "label": "Minimum v"}'),
		'config names the value');
SELECT is(shape('metric', pg_temp.of_ids('r.v max, r.v min = least', '[1, 2]'),
	'{"labels": {"v_max": "Peak"}}'),
	pg_temp.metric('{"value": 30, "formatted": "30", "label": "Peak"}'),
	'else the first; config names the label');
SELECT is(shape('metric', pg_temp.of_ids('r.v max', '[1]'), '{"value": "gone"}'),
	pg_temp.metric('{"value": 10, "formatted": "10"}'), 'a name that is none: the first');
SELECT is(warnings('metric', pg_temp.of_ids('r.v max', '[1]'), '{"value": "gone"}'),
	'COLUMN_NOT_FOUND /config/value the answer has no column "gone"', 'with a warning');
SELECT is(shape('metric', pg_temp.of_ids('r.kind, r.v max', '[1, 2, 5]',
		'{"order_by": [{"alias": "v_max", "direction": "DESC"}]}')),
	pg_temp.metric('{"value": 30, "formatted": "30"}'), 'of several rows the first in order');
SELECT matches(warnings('metric', pg_temp.of_ids('r.kind, r.v max', '[1, 2, 5]',
		'{"order_by": [{"alias": "v_max", "direction": "DESC"}]}')), 'has 3 rows',
			'with a warning');
SELECT is(warnings('metric', pg_temp.of_ids('r.kind, r.v max', '[1, 2, 5]',
		'{"order_by": [{"alias": "v_max", "direction": "DESC"}], "limit": 1}')), NULL,
	'a limit of 1 is one row');
SELECT is(shape('metric', pg_temp.of_ids('r.kind, r.v max', '[1, 2]', '{"totals": true,
		"order_by": [{"alias": "kind"}], "limit": 1}')),
	pg_temp.metric('{"value": 10, "formatted": "10"}'), 'a subtotal is no value');
SELECT is(warnings('metric', pg_temp.of_ids('r.kind, r.v max', '[1]', '{"totals": true}')), NULL,
	'and no second row');
SELECT is(shape('metric', pg_temp.of_ids('r.kind', '[5]')),
	pg_temp.metric('{"value": "c", "formatted": "c", "label": "Kind"}'),
	'a query without a measure shows its column');
SELECT is(shape('metric', def('r readings', 'r.v sum = total, r.v max',
		'{"windows": [{"alias": "share", "function": "percent_of_total", "of": "total"}]}'),
		'{"value": "share", "format": "percent"}'),
	pg_temp.metric('{"value": 100, "formatted": "100%", "label": "Share"}'), 'a window is a value');

-- Over time: the last bucket that has ended
CREATE FUNCTION pg_temp.by_month(rest jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT def('c clocks', 'c.v sum = v', jsonb_build_object('time_series', jsonb '{"table_id": "c",
		"date_column": "at", "interval": "month", "timezone": "UTC"}' || rest))
$$;
SELECT is(shape('metric', pg_temp.by_month()) -> 'value', '2', 'the last month that has ended');
SELECT is(warnings('metric', pg_temp.by_month()), NULL, 'which is no matter to warn of');
SELECT is(shape('metric', pg_temp.by_month() ||
		'{"order_by": [{"alias": "at_bucket", "direction": "DESC"}]}') -> 'value', '2',
	'whatever the order is');
SELECT is(shape('metric', pg_temp.by_month('{"fill_missing": false}') ||
		filters(cond('c.v gte', '4'))) -> 'value', '8', 'when none has ended, the last');
SELECT is(shape('metric', pg_temp.by_month('{"fill_missing": false}')
		|| filters(cond('c.v eq', '1'))) -> 'value', '1', 'the only one');
SELECT is(shape('metric', pg_temp.by_month('{"fill_missing": false}')
		|| filters(cond('c.v eq', '77'))),
	pg_temp.metric('{"label": "Sum of v"}'), 'a series without rows');
SELECT is(shape('metric', def('r readings', 'r.v sum', '{"time_series": {"table_id": "r",
		"date_column": "day", "interval": "month"}}')),
	pg_temp.metric('{"value": -5, "formatted": "-5", "label": "Sum of v"}'), 'of dates');
SELECT is(warnings('metric', def('r readings', 'r.kind, r.v sum', '{"time_series": {"table_id": "r",
		"date_column": "day", "interval": "month"}}')),
	'INVALID_VALUE  the query has 4 rows for the bucket that is shown, of which the first is shown',
	'several rows of that bucket: a warning');
DO $$ BEGIN PERFORM pg_sleep(1.1); END $$;
SELECT is(shape('metric', def('s seconds', 's.v sum', '{"time_series": {"table_id": "s",
		"date_column": "at", "interval": "second"}}')) -> 'value', '1',
	'what has ended is told by the time of the transaction, as all that is relative to now');

-- Trends
CREATE FUNCTION pg_temp.trend(current text, previous text, change text, percent text,
	direction text, good text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('current', current::jsonb, 'previous', previous::jsonb, 'change',
		change::jsonb, 'change_percent', percent::jsonb, 'direction', direction, 'good',
			good::jsonb)
$$;
CREATE TEMP TABLE trends (columns text, first text, last text, period text, invert boolean,
	trend jsonb, name text);
INSERT INTO trends VALUES
	('r.v sum', '2024-03-01', '2024-03-31', 'previous_month', false,
	 pg_temp.trend('-5', '20', '-25', '-125', 'down', 'false'), 'down, which is bad'),
	('r.v sum', '2024-03-01', '2024-03-31', 'previous_month', true,
	 pg_temp.trend('-5', '20', '-25', '-125', 'down', 'true'), 'down is good when inverted'),
	('r.v sum', '2024-02-01', '2024-02-29', 'previous_month', false,
	 pg_temp.trend('20', '40', '-20', '-50', 'down', 'false'), 'February against January'),
	('r.v max', '2024-01-20', '2024-01-31', 'previous_period', false,
	 pg_temp.trend('30', NULL, NULL, NULL, NULL, NULL), 'nothing before: nothing is known'),
	('r.v max', '2024-01-16', '2024-01-31', 'previous_period', false,
	 pg_temp.trend('30', '10', '20', '200', 'up', 'true'), 'up'),
	('r.v max', '2024-01-16', '2024-01-31', 'previous_period', true,
	 pg_temp.trend('30', '10', '20', '200', 'up', 'false'), 'up is bad when inverted'),
	('r.* count', '2024-03-01', '2024-03-31', 'previous_month', false,
	 pg_temp.trend('2', '2', '0', '0', 'flat', NULL), 'flat is neither good'),
	('r.* count', '2024-03-01', '2024-03-31', 'previous_month', true,
	 pg_temp.trend('2', '2', '0', '0', 'flat', NULL), 'nor bad'),
	('r.* count', '2024-01-01', '2024-01-31', 'previous_month', false,
	 pg_temp.trend('2', '0', '2', NULL, 'up', 'true'),
		'nothing before of a count: 0, no percentage'),
	('r.v sum', '2024-04-01', '2024-04-30', 'previous_month', false,
	 pg_temp.trend(NULL, '-5', NULL, NULL, NULL, NULL), 'no value now'),
	('r.f max', '2024-02-10', '2024-02-10', 'previous_year', false,
	 pg_temp.trend('"Infinity"', NULL, NULL, NULL, NULL, NULL), 'infinity'),
	('r.kind max', '2024-03-01', '2024-03-31', 'previous_month', false,
	 pg_temp.trend('"c"', '"b"', NULL, NULL, NULL, NULL), 'a text has no change');
UPDATE trends SET trend = jsonb_set(jsonb_set(trend, '{good}', coalesce(trend -> 'good', 'null')),
	'{direction}', coalesce(trend -> 'direction', 'null'));
SELECT is(shape('metric', pg_temp.of_days(columns, first, last,
		jsonb_build_object('compare', jsonb_build_object('period', period))),
		jsonb_build_object('invert', invert)) -> 'trend', trend, 'the query compares: ' || name)
FROM trends;
SELECT is(shape('metric', pg_temp.of_days(columns, first, last),
		jsonb_build_object('invert', invert, 'trend', jsonb_build_object('period',
			period))) -> 'trend',
	trend, 'the config compares: ' || name) FROM trends;
SELECT is(shape('metric', pg_temp.of_days('r.v sum', '2024-03-01', '2024-03-31'),
		'{"trend": {"period": {"offset": "2 months"}}}') -> 'trend',
	pg_temp.trend('-5', '40', '-45', '-112.5', 'down', 'false'), 'with an offset');
SELECT is(shape('metric', pg_temp.of_days('r.v sum', '2024-03-01', '2024-03-31',
		'{"compare": {"period": "previous_month"}}'),
		'{"trend": {"period": {"offset": "2 months"}}}') #> '{trend,previous}', '20',
	'the query''s own comparison comes before the config''s');
SELECT is(shape('metric', pg_temp.of_days('r.v max, r.v min = low', '2024-02-01', '2024-02-29'),
		'{"value": "low", "trend": {"period": "previous_month"}}') -> 'trend',
	pg_temp.trend('20', '10', '10', '100', 'up', 'true'),
		'the trend is of the value that is shown');
SELECT is(shape('metric', def('r readings', 'r.v sum'), '{"trend": {"period": "previous_month"}}')
	-> 'trend', 'null', 'without a range there is nothing to compare by');
SELECT matches(warnings('metric', def('r readings', 'r.v sum'),
	'{"trend": {"period": "previous_month"}}'), '^INVALID_VALUE /config/trend ',
		'which is warned of');
SELECT is(shape('metric', def('r readings', 'r.v sum', filters(cond('r.day gte', '"2024-02-01"'))),
	'{"trend": {"period": "previous_month"}}') -> 'trend', 'null', 'nor with one end of a range');
SELECT is(shape('metric', pg_temp.of_days('r.v sum', '2024-03-01', '2024-03-31')) -> 'trend',
	'null',
	'nobody asked for a trend');
SELECT is(shape('metric', def('r readings', 'r.v sum', '{"compare": {"period": "previous_month"},
		"time_series": {"table_id": "r", "date_column": "day", "interval": "month",
			"range": {"start": "2024-01-01", "end": "2024-03-31"}}}')) -> 'trend',
	pg_temp.trend('-5', '20', '-25', '-125', 'down', 'false'),
	'of a series the bucket that is shown is compared with its own');
SELECT is(widget('metric', pg_temp.of_days('r.v sum', '2024-03-01', '2024-03-31'),
		'{"trend": {"period": "previous_month"}}') -> 'rows', '[[-5, 20, -25, -125]]',
	'the rows have what is compared');
SELECT is(labels(widget('metric', pg_temp.of_days('r.v sum', '2024-03-01', '2024-03-31'),
		'{"trend": {"period": "previous_month"}}')),
	'Sum of v|Sum of v, previous month|Sum of v, change|Sum of v, change in percent', 'called so');

-- Sparklines
SELECT is(shape('metric', pg_temp.of_days('r.v sum', '2024-01-01', '2024-03-31'),
		'{"sparkline": {"interval": "month"}}'),
	pg_temp.metric('{"value": 55, "formatted": "55", "label": "Sum of v",
		"sparkline": [["2024-01-01", 40], ["2024-02-01", 20], ["2024-03-01", -5]]}'),
	'over the date column of its filters');
SELECT is(shape('metric', def('r readings, s readings', 'r.v sum', '{"joins": [
		{"from_table_id": "r", "from_column": "id", "to_table_id": "s", "to_column": "id"}],
		"filters": [{"table_id": "s", "column": "day", "operator": "between",
			"value": ["2024-01-01", "2024-03-31"]}]}'),
		'{"sparkline": {"interval": "month"}}') -> 'sparkline',
	'[["2024-01-01", 40], ["2024-02-01", 20], ["2024-03-01", -5]]',
	'on a table that is grouped before it is joined, too');
SELECT is(shape('metric', pg_temp.of_days('r.v max', '2024-02-01', '2024-04-30'),
		'{"sparkline": {"interval": "month"}}') -> 'sparkline',
	'[["2024-02-01", 20], ["2024-03-01", 0], ["2024-04-01", 0]]',
		'empty buckets of the range are filled');
SELECT is(shape('metric', def('r readings', 'r.v sum', '{"time_series": {"table_id": "r",
		"date_column": "day", "interval": "month", "range": {"start": "2024-02-01",
		"end": "2024-03-31"}, "fill": "null"}}'),
			'{"sparkline": {"interval": "month"}}') -> 'sparkline',
	'[["2024-02-01", 20], ["2024-03-01", -5]]', 'of a series with a range: in that range');
SELECT is(shape('metric', def('r readings', 'r.v avg', '{"time_series": {"table_id": "r",
		"date_column": "day", "interval": "quarter", "fill": "null"}}'),
		'{"sparkline": {"interval": "2 weeks"}}') -> 'sparkline',
	(SELECT jsonb_agg(jsonb_build_array(b, (SELECT avg(v) FROM readings WHERE tenant = 'acme'
		AND day >= b AND day < b + 14)) ORDER BY b)
	 FROM (SELECT generate_series(date '2024-01-01', '2024-03-31', interval '14 days')::date)
		AS g (b)),
	'and filled as the series is');
SELECT is(shape('metric', pg_temp.of_days('r.v sum = s', '2024-01-01', '2024-03-31')
		|| '{"columns": [{"column": "half"}, {"table_id": "r", "column": "v", "aggregation": "sum",
			"alias": "s"}], "windows": [{"alias": "part", "function": "percent_of_total",
			"of": "s"}], "calculated_fields": [{"name": "half", "expression": "[part] / 2"}],
			"qualify": [{"column": "half", "operator": "gt", "value": 40}]}',
		'{"sparkline": {"interval": "month"}}'),
	pg_temp.metric(jsonb_build_object('value', 50.0000000000000000, 'formatted',
		'50.0000000000000000', 'label', 'Half', 'sparkline', jsonb_build_array(
			jsonb_build_array('2024-01-01', 40 * 100 / 55.0 / 2),
			jsonb_build_array('2024-02-01', 20 * 100 / 55.0 / 2),
			jsonb_build_array('2024-03-01', -5 * 100 / 55.0 / 2)))),
	'of a field over windows: with these');
SELECT is(shape('metric', pg_temp.of_ids('r.v sum', '[1, 3]'),
		'{"sparkline": {"interval": "month", "column": "day"}}') -> 'sparkline',
	'[["2024-01-01", 10], ["2024-02-01", 20], ["2024-03-01", 0]]',
		'over the column that the config says');
SELECT is(shape('metric', pg_temp.of_ids('r.v sum', '[1, 3]'),
	'{"sparkline": {"interval": "month"}}')
	-> 'sparkline', 'null', 'without a date column there is none');
SELECT matches(warnings('metric', pg_temp.of_ids('r.v sum', '[1, 3]'),
		'{"sparkline": {"interval": "month"}}'),
	'^INVALID_TIME_SERIES /config/sparkline the query has no date column', 'which is warned of');
SELECT matches(warnings('metric', pg_temp.of_days('r.v sum', '0001-01-01', '2024-03-31'),
		'{"sparkline": {"interval": "second"}}'), 'buckets',
	'what keeps it from being drawn is said');
SELECT is(shape('metric', pg_temp.of_days('r.v max', '2024-01-01', '2024-02-29',
		'{"compare": {"period": "previous_month"}, "limit": 1}'),
		'{"sparkline": {"interval": "month"}}') -> 'sparkline',
	'[["2024-01-01", 30], ["2024-02-01", 20]]', 'a limit or comparison does not cut it');
SELECT is(shape('metric', pg_temp.of_days('r.kind, r.v max', '2024-01-01', '2024-02-29',
		'{"order_by": [{"alias": "v_max"}], "limit": 1}'),
		'{"sparkline": {"interval": "month"}}') -> 'sparkline',
	'[["2024-01-01", 10], ["2024-02-01", 20]]',
		'of a grouped query it is of the row that is shown');
SELECT is(shape('metric', pg_temp.of_days('r.v max', '2024-01-01', '2024-02-29',
		'{"windows": [{"alias": "place", "function": "row_number",
			"order_by": [{"alias": "v_max"}]}]}'),
		'{"sparkline": {"interval": "month"}}') -> 'sparkline',
	'[["2024-01-01", 30], ["2024-02-01", 20]]', 'without the windows');
SELECT is(shape('metric', pg_temp.of_days('r.v sum', '2024-03-01', '2024-03-31'),
		'{"sparkline": {"interval": "month"}, "trend": {"period": "previous_month"}}'),
	pg_temp.metric(jsonb_build_object('value', -5, 'formatted', '-5', 'label', 'Sum of v',
		'sparkline',
		jsonb '[["2024-03-01", -5]]', 'trend',
		pg_temp.trend('-5', '20', '-25', '-125', 'down', 'false'))),
	'trend and sparkline at once: the line keeps the range');

-- Types that are metrics
SELECT is(shape(type, pg_temp.of_ids('r.v max', '[1]')),
	pg_temp.metric('{"value": 10, "formatted": "10"}'), type || ' is a metric')
FROM unnest('{kpi,kpi_tile,gauge,health_score,device_count}'::text[]) AS type;

-- The flights
SET LOCAL ROLE NONE;
CREATE TEMP VIEW ca AS SELECT * FROM public.flights WHERE state = 'CA';
GRANT SELECT ON ca TO app_user;
SET LOCAL ROLE app_user;
SET LOCAL prismiq.tenant_id = 'CA';
SELECT is(shape('metric', def('f flights', 'f.delay avg', filters(cond('f.departed_at between',
		'["2001-03-01", "2001-03-31"]'))), '{"format": {"type": "number", "decimals": 1,
			"unit": "min"},
		"trend": {"period": "previous_month"}, "invert": true, "sparkline": {"interval": "week"}}'),
	(SELECT jsonb_build_object('value', now.v, 'formatted', round(now.v, 1) || ' min', 'label',
		'Average delay', 'status', NULL, 'target', NULL, 'min', NULL, 'max', NULL, 'trend',
		jsonb_build_object('current', now.v, 'previous', before.v, 'change', now.v - before.v,
			'change_percent', 100 * (now.v - before.v) / before.v, 'direction',
			CASE WHEN now.v > before.v THEN 'up' ELSE 'down' END, 'good', now.v < before.v),
			'sparkline',
		(SELECT jsonb_agg(jsonb_build_array(to_jsonb(w), v) ORDER BY w) FROM (
			SELECT date_trunc('week', departed_at) AS w, avg(delay) AS v FROM ca
			WHERE departed_at >= '2001-03-01' AND departed_at < '2001-04-01' GROUP BY 1) AS weeks))
	 FROM (SELECT avg(delay) AS v FROM ca
		   WHERE departed_at >= '2001-03-01' AND departed_at < '2001-04-01') AS now,
		  (SELECT avg(delay) AS v FROM ca
		   WHERE departed_at >= '2001-02-01' AND departed_at < '2001-03-01') AS before),
	'the delay of a month, against the month before, by weeks');
SELECT is(shape('metric', def('f flights', 'f.* count'), '{"format": "number",
		"sparkline": {"interval": "month"}}'),
	(SELECT jsonb_build_object('value', count(*), 'formatted', to_char(count(*), 'FM999,999'),
		'label',
		'Number of flights', 'status', NULL, 'target', NULL, 'min', NULL, 'max', NULL, 'trend',
			NULL,
		'sparkline', (SELECT jsonb_agg(jsonb_build_array(to_jsonb(m), n) ORDER BY m) FROM (
			SELECT date_trunc('month', departed_at) AS m, count(*) AS n FROM ca GROUP BY 1)
			AS months))
	 FROM ca), 'without a date in the query: over the time column of the exposure');
SELECT is(shape('metric', def('f flights', 'f.destination, f.* count',
	'{"order_by": [{"alias": "count",
		"direction": "DESC"}, {"alias": "destination"}], "limit": 1}'), '{"value": "destination",
		"sparkline": {"interval": "month"}}') -> 'value',
	(SELECT to_jsonb(destination) FROM ca GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1),
	'the most frequent destination');
SELECT is(shape('metric', jsonb '{"tables": [{"id": "f", "name": "flights"}],
	"columns": [{"table_id": "f",
		"column": "late"}], "calculated_fields": [{"name": "late",
		"expression": "100 * count_if([delay] > 15) / count()"}]}',
			'{"format": "percent"}') -> 'value',
	(SELECT to_jsonb(100.0 * count(*) FILTER (WHERE delay > 15) / count(*)) FROM ca),
	'a calculated ratio');

SELECT * FROM finish();
ROLLBACK;
