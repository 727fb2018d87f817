-- Lines, bars and areas: what is x, what is a series, how they are ranked, and what the rest is
-- made of: of rows, never of averages.
\getenv dir TEST_DIR
\set lib :dir /lib/widgets.sql
\ir :lib

SET LOCAL ROLE NONE;
CREATE TABLE public.sales (tenant text, day date, shop text, kind text, v numeric, f float8,
	big bigint, sold boolean);
INSERT INTO public.sales VALUES
	('acme', '2024-01-05', 'A', 'x', 10, 1, 9007199254740993, true),
	('acme', '2024-01-06', 'A', 'y', 5, 1, 1, false),
	('acme', '2024-01-07', 'B', 'x', 20, 'NaN', 1, true),
	('acme', '2024-02-05', 'A', 'x', 1, 2, 1, NULL),
	('acme', '2024-02-06', 'B', 'y', NULL, 4, 2, true),
	('acme', '2024-03-05', 'B', 'x', 7, 8, 9007199254740993, true),
	('beta', '2024-01-05', 'C', 'x', 1000, 1, 1, true);
-- Values that are hard to name.
CREATE TABLE public.odd (tenant text, month date, name text, v numeric);
INSERT INTO public.odd VALUES
	('acme', '2024-01-01', NULL, 40), ('acme', '2024-01-01', '', 30), ('acme', '2024-01-01',
		'Other', 20),
	('acme', '2024-01-01', 'a', 10), ('acme', '2024-01-01', 'b', 5),
	('acme', '2024-02-01', NULL, 4), ('acme', '2024-02-01', 'b', 1);
SELECT oracle.expose('public.sales'), oracle.expose('public.odd') \g /dev/null
SET LOCAL ROLE app_user;

-- Sales by month.
CREATE FUNCTION pg_temp.months(columns text, rest jsonb = '{}', series jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT def('s sales', columns, jsonb_build_object('time_series', jsonb '{"table_id": "s",
		"date_column": "day", "interval": "month", "alias": "month"}' || series) || rest)
$$;
CREATE FUNCTION pg_temp.one(name text, label text, points jsonb, color text = NULL) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('name', name, 'label', label, 'color', color, 'points', points)
$$;
CREATE FUNCTION pg_temp.chart(x jsonb, VARIADIC series jsonb[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('x', x, 'series', to_jsonb(series), 'annotations', '[]'::jsonb,
		'stacked', false)
$$;
-- Names of the series, in order.
CREATE FUNCTION pg_temp.names(shape jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(coalesce(s ->> 'name', 'null'), '|' ORDER BY n)
	FROM jsonb_array_elements(shape -> 'series') WITH ORDINALITY AS u (s, n)
$$;
CREATE FUNCTION pg_temp.month_axis() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb '{"role": "time", "type": "date", "label": "Day"}'
$$;
CREATE FUNCTION pg_temp.shop_axis() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb '{"role": "dimension", "type": "text", "label": "Shop"}'
$$;

-- Axes and series
SELECT is(shape(type, pg_temp.months('s.v sum')),
	pg_temp.chart(pg_temp.month_axis(), pg_temp.one('v_sum', 'Sum of v',
		'[["2024-01-01", 35], ["2024-02-01", 1], ["2024-03-01", 7]]')), type ||
			': one measure over time')
FROM unnest('{line_chart,bar_chart,area_chart,timeseries}'::text[]) AS type;
SELECT is(shape('line_chart', pg_temp.months('s.v min = low, s.* count, s.v sum = v')),
	pg_temp.chart(pg_temp.month_axis(),
		pg_temp.one('low', 'Minimum v', '[["2024-01-01", 5], ["2024-02-01", 1],
			["2024-03-01", 7]]'),
		pg_temp.one('count', 'Number of sales', '[["2024-01-01", 3], ["2024-02-01", 2],
			["2024-03-01", 1]]'),
		pg_temp.one('v', 'Sum of v', '[["2024-01-01", 35], ["2024-02-01", 1], ["2024-03-01", 7]]')),
	'measures are series, in the order of the definition');
SELECT is(shape('line_chart', pg_temp.months('s.shop, s.v sum')),
	pg_temp.chart(pg_temp.month_axis(),
		pg_temp.one('B', 'B', '[["2024-01-01", 20], ["2024-02-01", null], ["2024-03-01", 7]]'),
		pg_temp.one('A', 'A', '[["2024-01-01", 15], ["2024-02-01", 1], ["2024-03-01", 0]]')),
	'a series for each value of the dimension, largest total first');
SELECT is(shape('line_chart', pg_temp.months('s.shop, s.v sum', '{}', '{"fill_missing": false}')),
	pg_temp.chart(pg_temp.month_axis(),
		pg_temp.one('B', 'B', '[["2024-01-01", 20], ["2024-02-01", null], ["2024-03-01", 7]]'),
		pg_temp.one('A', 'A', '[["2024-01-01", 15], ["2024-02-01", 1]]')),
	'what is not filled has no point');
SELECT is(shape('line_chart', pg_temp.months('s.shop, s.v sum, s.* count')),
	pg_temp.chart(pg_temp.month_axis(),
		pg_temp.one('B, Sum of v', 'B, Sum of v',
			'[["2024-01-01", 20], ["2024-02-01", null], ["2024-03-01", 7]]'),
		pg_temp.one('B, Number of sales', 'B, Number of sales',
			'[["2024-01-01", 1], ["2024-02-01", 1], ["2024-03-01", 1]]'),
		pg_temp.one('A, Sum of v', 'A, Sum of v',
			'[["2024-01-01", 15], ["2024-02-01", 1], ["2024-03-01", 0]]'),
		pg_temp.one('A, Number of sales', 'A, Number of sales',
			'[["2024-01-01", 2], ["2024-02-01", 1], ["2024-03-01", 0]]')),
	'values and measures: both are in the name');
SELECT is(shape('bar_chart', def('s sales', 's.shop, s.v sum',
	'{"order_by": [{"alias": "shop"}]}')),
	pg_temp.chart(pg_temp.shop_axis(), pg_temp.one('v_sum', 'Sum of v', '[["A", 16], ["B", 27]]')),
	'without time the first dimension is x');
SELECT is(shape('bar_chart', def('s sales', 's.shop, s.kind, s.v sum',
		'{"order_by": [{"alias": "shop"}, {"alias": "kind"}]}')),
	pg_temp.chart(pg_temp.shop_axis(), pg_temp.one('x', 'x', '[["A", 11], ["B", 27]]'),
		pg_temp.one('y', 'y', '[["A", 5], ["B", null]]')), 'the second one makes the series');
SELECT is(shape('bar_chart', def('s sales', 's.shop, s.kind, s.v sum',
		'{"order_by": [{"alias": "shop"}, {"alias": "kind"}]}'), '{"x": "kind", "series": "shop"}'),
	pg_temp.chart('{"role": "dimension", "type": "text", "label": "Kind"}',
		pg_temp.one('B', 'B', '[["x", 27], ["y", null]]'),
		pg_temp.one('A', 'A', '[["x", 11], ["y", 5]]')), 'unless the config says which is which');
SELECT is(shape('bar_chart', def('s sales', 's.shop, s.kind, s.v sum',
		'{"order_by": [{"alias": "shop"}, {"alias": "kind"}]}'), '{"x": "kind"}') #> '{x,label}',
	'"Kind"', 'x alone leaves the other one for the series');
SELECT is(shape('bar_chart', def('s sales', 's.shop, s.kind, s.v sum',
		'{"order_by": [{"alias": "shop"}, {"alias": "kind"}]}'),
			'{"series": "shop"}') #> '{x,label}',
	'"Kind"', 'and the other way round');
SELECT is(shape('line_chart', def('s sales', 's.v sum')),
	pg_temp.chart('null', pg_temp.one('v_sum', 'Sum of v', '[[null, 43]]')),
		'a number alone has no x');
SELECT is(shape('bar_chart', pg_temp.months('s.sold, s.v sum', '{}', '{"fill_missing": false}')),
	pg_temp.chart(pg_temp.month_axis(),
		pg_temp.one('true', 'true', '[["2024-01-01", 30], ["2024-02-01", null],
			["2024-03-01", 7]]'),
		pg_temp.one('false', 'false', '[["2024-01-01", 5]]'),
		pg_temp.one(NULL, '(none)', '[["2024-02-01", 1]]')), 'booleans and null have names');
SELECT is(shape('bar_chart', pg_temp.months('s.v sum', filters(cond('s.v gt', '1000')),
		'{"fill_missing": false}')), pg_temp.chart(pg_temp.month_axis(),
	pg_temp.one('v_sum', 'Sum of v', '[]')), 'no rows: a series without points');
SELECT is(shape('bar_chart', pg_temp.months('s.shop, s.v sum', filters(cond('s.v gt', '1000')),
		'{"fill_missing": false}')),
	jsonb_build_object('x', pg_temp.month_axis(), 'series', '[]'::jsonb, 'annotations', '[]'::jsonb,
		'stacked', false), 'no rows: no values, so no series');
SELECT is(warnings('line_chart', pg_temp.months('s.shop, s.kind, s.v sum')),
	'INVALID_VALUE  several rows are of one series and one x',
	'a dimension that is neither x nor a series is warned of');
SELECT is(warnings('line_chart', pg_temp.months('s.shop, s.v sum')), NULL, 'else nothing is');

-- What is drawn
CREATE FUNCTION pg_temp.compared(config jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.names(shape('line_chart', pg_temp.months('s.v sum = v',
		'{"compare": {"period": "previous_month"}}'), config))
$$;
SELECT is(pg_temp.compared('{}'), 'v|v_previous', 'changes of a comparison are not drawn');
SELECT is(pg_temp.compared('{"y": ["v", "v_change"]}'), 'v|v_change',
	'unless the config names them');
SELECT is(pg_temp.compared('{"y": "v_change_percent"}'), 'v_change_percent', 'one of them');
SELECT is(pg_temp.names(shape('line_chart', pg_temp.months('s.v sum = v, s.* count = n'),
	'{"y": ["n"]}')), 'n', 'y chooses among measures');
SELECT is(shape('line_chart', pg_temp.months('s.v sum = v, s.* count = n'), '{"y": ["nothing"]}')
	-> 'series', '[]', 'a y that the answer does not have draws nothing');
SELECT matches(warnings('line_chart', pg_temp.months('s.v sum = v'), '{"y": ["v", "nothing"]}'),
	'^COLUMN_NOT_FOUND /config/y', 'which is warned of');
SELECT is(shape('line_chart', pg_temp.months('s.v sum = v', '{"windows": [{"alias": "all",
		"function": "running_total", "of": "v", "order_by": [{"alias": "month"}]}]}')) -> 'series',
	jsonb_build_array(
		pg_temp.one('v', 'Sum of v', '[["2024-01-01", 35], ["2024-02-01", 1], ["2024-03-01", 7]]'),
		pg_temp.one('all', 'All', '[["2024-01-01", 35], ["2024-02-01", 36], ["2024-03-01", 43]]')),
	'windows are drawn');
SELECT is(shape('bar_chart', pg_temp.months('s.shop, s.v sum',
		'{"pivot": {"column": "shop", "value": "v_sum"}}', '{"fill_missing": false}')) -> 'series',
	jsonb_build_array(
		pg_temp.one('A', 'A', '[["2024-01-01", 15], ["2024-02-01", 1], ["2024-03-01", null]]'),
		pg_temp.one('B', 'B', '[["2024-01-01", 20], ["2024-02-01", null], ["2024-03-01", 7]]')),
	'columns of a pivot are series');
SELECT is(shape('bar_chart', def('s sales', 's.shop, s.v sum', '{"totals": true,
		"order_by": [{"alias": "shop"}]}')) -> 'series',
	jsonb_build_array(pg_temp.one('v_sum', 'Sum of v', '[["A", 16], ["B", 27]]')),
	'totals are not drawn');
SELECT is(shape('bar_chart', def('s sales', 's.shop, s.kind, s.v sum', '{"totals": true,
		"order_by": [{"alias": "shop"}, {"alias": "kind"}]}')) -> 'series',
	jsonb_build_array(pg_temp.one('x', 'x', '[["A", 11], ["B", 27]]'),
		pg_temp.one('y', 'y', '[["A", 5], ["B", null]]')),
			'nor subtotals, which would be nobody''s');

-- What the config says of them
SELECT is(shape('area_chart', pg_temp.months('s.shop, s.v sum'), '{"stacked": true,
		"annotations": [{"value": 12, "label": "Goal", "color": "red"}], "colors": ["#111"]}'),
	jsonb_build_object('x', pg_temp.month_axis(), 'stacked', true, 'annotations',
		jsonb '[{"value": 12, "label": "Goal", "color": "red"}]', 'series', jsonb_build_array(
			pg_temp.one('B', 'B', '[["2024-01-01", 20], ["2024-02-01", null], ["2024-03-01", 7]]',
				'#111'),
			pg_temp.one('A', 'A', '[["2024-01-01", 15], ["2024-02-01", 1], ["2024-03-01", 0]]',
				'#111'))), 'stacked, annotations, and colors that go round');
SELECT is((SELECT string_agg(coalesce(s ->> 'color', '-') || (s ->> 'label'), '|') FROM
		jsonb_array_elements(shape('line_chart', pg_temp.months('s.shop, s.v sum'),
			'{"colors": {"A": "blue"}, "labels": {"B": "Bakery"}}') -> 'series') AS s),
	'-Bakery|blueA', 'colors and labels by value');
SELECT is(shape('line_chart', pg_temp.months('s.v sum'), '{"labels": {"v_sum": "Turnover",
		"month": "When"}}') #> '{series,0,label}', '"Turnover"', 'the label of a measure');
SELECT is(shape('line_chart', pg_temp.months('s.v sum'), '{"labels": {"v_sum": "Turnover",
		"month": "When"}}') #> '{x,label}', '"When"', 'and of x');

-- The rest: what adds up
SELECT is(shape('line_chart', pg_temp.months('s.kind, s.' || measure), '{"max_series": 1}')
	#> '{series,1}', pg_temp.one('Other', 'Other', points), 'the rest of ' || measure)
FROM (VALUES ('v sum', jsonb '[["2024-01-01", 5], ["2024-02-01", null], ["2024-03-01", 0]]'),
	('* count', '[["2024-01-01", 1], ["2024-02-01", 1], ["2024-03-01", 0]]'),
	('v avg', '[["2024-01-01", 5], ["2024-02-01", null], ["2024-03-01", 0]]'),
	('v count', '[["2024-01-01", 1], ["2024-02-01", 0], ["2024-03-01", 0]]'))
	AS m (measure, points);
CREATE FUNCTION pg_temp.odd(measure text, config jsonb, series jsonb = '{}', rest jsonb = '{}')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT shape('line_chart', def('o odd', 'o.name, o.v ' || measure, jsonb_build_object(
		'time_series', jsonb '{"table_id": "o", "date_column": "month", "interval": "month",
		"alias": "m"}' || series) || rest), config)
$$;
SELECT is(pg_temp.odd('sum', '{}') -> 'series', jsonb_build_array(
		pg_temp.one(NULL, '(none)', '[["2024-01-01", 40], ["2024-02-01", 4]]'),
		pg_temp.one('', '(empty)', '[["2024-01-01", 30], ["2024-02-01", 0]]'),
		pg_temp.one('Other', 'Other', '[["2024-01-01", 20], ["2024-02-01", 0]]'),
		pg_temp.one('a', 'a', '[["2024-01-01", 10], ["2024-02-01", 0]]'),
		pg_temp.one('b', 'b', '[["2024-01-01", 5], ["2024-02-01", 1]]')),
	'null, the empty text and "Other" are values like any other');
SELECT is(pg_temp.odd('sum', '{"max_series": 3}') #> '{series,3}',
	pg_temp.one('Other (2)', 'Other (2)', '[["2024-01-01", 15], ["2024-02-01", 1]]'),
	'the rest is not called like a value that is called "Other"');
SELECT is(pg_temp.odd('sum', '{"max_series": 1}') -> 'series', jsonb_build_array(
		pg_temp.one(NULL, '(none)', '[["2024-01-01", 40], ["2024-02-01", 4]]'),
		pg_temp.one('Other (2)', 'Other (2)', '[["2024-01-01", 65], ["2024-02-01", 1]]')),
	'not even when that is among the rest');
SELECT is(pg_temp.odd('sum', '{"max_series": 5}') ->> 'series' ~ '\(2\)', false,
	'as many series as there may be have no rest');
SELECT is(pg_temp.odd('max', '{"max_series": 1}', rest => filters(cond('o.name neq', '"Other"')))
	#> '{series,1,points}', '[["2024-01-01", 30], ["2024-02-01", 1]]', 'the largest of the rest');
SELECT is(pg_temp.odd('min', '{"max_series": 1}', rest => filters(cond('o.name neq', '"Other"')))
	#> '{series,1,points}', '[["2024-01-01", 5], ["2024-02-01", 1]]',
	'the least of the rest is of its rows, not of the zeros that empty buckets have');
SELECT is(pg_temp.odd('min', '{"max_series": 1}', '{"fill_missing": false}') #> '{series,1,points}',
	'[["2024-01-01", 5], ["2024-02-01", 1]]', 'nor without them');
SELECT is(pg_temp.odd('sum', '{"max_series": 1}', '{"fill": "previous"}',
	filters(cond('o.name neq', '"Other"'))) #> '{series,1,points}',
	'[["2024-01-01", 45], ["2024-02-01", 1]]', 'nor of what empty buckets were given');
SELECT is(pg_temp.odd('sum', '{"max_series": 1}', '{"fill_value": 100}',
	filters(cond('o.name neq', '"Other"'))) #> '{series,1,points}',
	'[["2024-01-01", 45], ["2024-02-01", 1]]', 'nor of values that stand for none');
SELECT is(pg_temp.odd('sum', '{"max_series": 1}', '{"fill": "null"}') #> '{series,1,points}',
	'[["2024-01-01", 65], ["2024-02-01", 1]]', 'nulls count for nothing');
SELECT matches((SELECT warnings('line_chart', def('o odd', 'o.name, o.v avg', '{"time_series":
		{"table_id": "o", "date_column": "month", "interval": "month"}}'), '{"max_series": 1}')),
	'4 more series are not shown', 'what cannot be made is said');
SELECT is(shape('line_chart', pg_temp.months('s.shop, s.f sum'), '{}') #> '{series,0,name}',
	'"A"', 'a total that is no number is ranked last');
SELECT is(shape('line_chart', pg_temp.months('s.shop, s.f sum'), '{}') #> '{series,1,points,0}',
	'["2024-01-01", "NaN"]', 'and is drawn as it is');
SELECT is(shape('line_chart', pg_temp.months('s.shop, s.big sum = b', filters(cond('s.shop in',
		'["A", "B"]'))), '{"max_series": 1}', '{"bigint": "string"}') -> 'series',
	jsonb_build_array(
		pg_temp.one('B', 'B', '[["2024-01-01", "1"], ["2024-02-01", "2"],
			["2024-03-01", "9007199254740993"]]'),
		pg_temp.one('Other', 'Other', '[["2024-01-01", "9007199254740994"], ["2024-02-01", "1"],
			["2024-03-01", "0"]]')), 'large numbers are strings in the rest too');

-- The same over the flights: more values than series, each measure
SET LOCAL ROLE NONE;
CREATE TEMP VIEW ca AS SELECT *, date_trunc('month', departed_at) AS month
FROM public.flights WHERE state = 'CA';
GRANT SELECT ON ca TO app_user;
SET LOCAL ROLE app_user;
SET LOCAL prismiq.tenant_id = 'CA';
-- The largest destinations by a measure over the whole range, each month of them, and the rest.
CREATE FUNCTION pg_temp.destinations(measure text, most int) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	result jsonb;
BEGIN
	EXECUTE format('
		WITH places AS (SELECT destination, row_number() OVER (ORDER BY %1$s DESC, destination)
				> %2$s AS rest FROM ca GROUP BY 1),
			lines AS (SELECT DISTINCT CASE WHEN NOT rest THEN destination END AS line FROM places),
			months AS (SELECT DISTINCT month FROM ca),
			found AS (SELECT CASE WHEN NOT rest THEN destination END AS line, month, %1$s AS v
				FROM ca JOIN places USING (destination) GROUP BY 1, 2),
			points AS (SELECT l.line, m.month, coalesce(v, CASE WHEN f.month IS NULL THEN 0 END)
			AS v
				FROM lines l CROSS JOIN months m
				LEFT JOIN found f ON f.line IS NOT DISTINCT FROM l.line AND f.month = m.month)
		SELECT jsonb_agg(pg_temp.one(coalesce(line, ''Other''), coalesce(line, ''Other''), points)
			ORDER BY line IS NULL, total DESC, line)
		FROM (SELECT line, sum(v) AS total,
				jsonb_agg(jsonb_build_array(to_jsonb(month), v) ORDER BY month) AS points
			FROM points GROUP BY 1) AS q', measure, most) INTO result;
	RETURN result;
END
$$;
SELECT is(shape('line_chart', def('f flights', 'f.destination, f.' || ours, '{"time_series":
		{"table_id": "f", "date_column": "departed_at", "interval": "month"}}'),
			config) -> 'series',
	pg_temp.destinations(by_hand, most), ours || ' of the largest ' || most || ' and the rest')
FROM (VALUES ('distance sum', 'sum(distance)'), ('* count', 'count(*)'), ('distance min',
		'min(distance)'), ('distance max', 'max(distance)'), ('delay avg', 'avg(delay)'),
		('delay median', 'percentile_cont(0.5) WITHIN GROUP (ORDER BY delay)'),
		('origin count_distinct', 'count(DISTINCT origin)')) AS m (ours, by_hand),
	 (VALUES ('{}'::jsonb, 12), ('{"max_series": 3}', 3), ('{"max_series": 1000}', 1000))
		AS c (config, most)
WHERE (ours, most) NOT IN (('delay median', 1000), ('distance min', 1000));
SELECT is(shape('line_chart', def('f flights', 'f.destination, f.* count, f.delay avg',
		'{"time_series": {"table_id": "f", "date_column": "departed_at", "interval": "month"}}'),
		'{"max_series": 2}') #> '{series,5,points}',
	(SELECT jsonb_agg(jsonb_build_array(to_jsonb(month), v) ORDER BY month) FROM (
		SELECT month, avg(delay) AS v FROM ca WHERE destination NOT IN (SELECT destination FROM ca
			GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 2) GROUP BY 1) AS q),
	'the average of the rest beside its count');

-- Rows that a join repeats: an order of several products is one order of the rest.
SET LOCAL ROLE NONE;
CREATE TEMP VIEW ordered AS SELECT o.id, o.amount, i.product_id FROM shop.orders o
	JOIN shop.items i ON i.tenant = o.tenant AND i.order_id = o.id WHERE o.tenant = 'acme';
GRANT SELECT ON ordered TO app_user;
SET LOCAL ROLE app_user;
SET LOCAL prismiq.tenant_id = 'acme';
SELECT is(shape('pie_chart', def('o orders, i items', 'i.product_id, o.amount sum = v', joins =>
		'i.order_id = o.id'), '{"max_slices": 3}') #> '{slices,3,value}',
	(WITH top AS (SELECT product_id FROM (SELECT DISTINCT product_id, id, amount FROM ordered) AS q
		GROUP BY 1 ORDER BY sum(amount) DESC, product_id LIMIT 3)
	 SELECT to_jsonb(sum(amount)) FROM (SELECT DISTINCT id, amount FROM ordered
		WHERE product_id IS NULL OR product_id NOT IN (SELECT product_id FROM top
			WHERE product_id IS NOT NULL)) AS q),
	'the rest counts an order once');
SELECT is(shape('pie_chart', def('o orders, i items', 'i.line, o.amount sum = v', joins =>
		'i.order_id = o.id'), '{"max_slices": 1}') #> '{slices,1,value}',
	(SELECT to_jsonb(sum(amount)) FROM shop.orders o WHERE tenant = 'acme' AND EXISTS (SELECT
		FROM shop.items i WHERE i.tenant = 'acme' AND i.order_id = o.id AND line > 1)),
	'also where the lines of an order, the groups, tell it apart in each of them');

SELECT * FROM finish();
ROLLBACK;
