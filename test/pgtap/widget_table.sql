-- Tables: columns, pages, order, and what may be sorted by.
\getenv dir TEST_DIR
\set lib :dir /lib/widgets.sql
\ir :lib

SET LOCAL ROLE NONE;
CREATE TABLE public.things (tenant text, id int PRIMARY KEY, name text, kind text, price numeric,
	made date, good boolean, seen timestamptz, big bigint);
INSERT INTO public.things VALUES
	('acme', 1, 'Anvil', 'tool', 12.5, '2024-01-31', true, '2024-01-31 23:30+00', 9007199254740993),
	('acme', 2, 'Bolt', 'part', 0.05, NULL, false, '2024-07-01 12:00+00', 2),
	('acme', 3, 'Cog', 'part', NULL, '2024-02-01', NULL, NULL, 3),
	('acme', 4, '', NULL, -3, '2024-02-02', true, NULL, 4),
	('acme', 5, 'Drill', 'tool', 99, '2024-03-01', true, NULL, NULL),
	('beta', 6, 'Secret', 'part', 1, '2024-03-01', true, NULL, 6);
SELECT oracle.expose('public.things') \g /dev/null
SET LOCAL ROLE app_user;

CREATE FUNCTION pg_temp.things(columns text, rest jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT def('t things', columns, jsonb '{"order_by": [{"table_id": "t", "column": "id"}]}' ||
		rest)
$$;
CREATE FUNCTION pg_temp.plain(columns text, rest jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT def('t things', columns, rest)
$$;
-- A column of a table as it is without config.
CREATE FUNCTION pg_temp.col(name text, label text, type text, role text = 'dimension',
	more jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('name', name, 'label', label, 'role', role, 'type', type, 'format',
		NULL,
		'unit', NULL, 'sortable', true, 'align',
		CASE WHEN type IN ('integer', 'bigint', 'numeric', 'double precision') THEN 'right'
			ELSE 'left' END) || more
$$;

-- The whole of it
SELECT is(widget('table', pg_temp.things('t.id, t.name, t.price')), jsonb_build_object(
	'type', 'table', 'shape', 'table', 'title', 'Table', 'timezone', 'UTC', 'bucket', NULL,
	'columns', jsonb '[
		{"name": "id", "label": "Id", "role": "dimension", "type": "integer", "format": null,
		 "unit": null},
		{"name": "name", "label": "Name", "role": "dimension", "type": "text", "format": null,
		 "unit": null},
		{"name": "price", "label": "Price", "role": "dimension", "type": "numeric", "format": null,
		 "unit": null}]',
	'rows', jsonb '[[1, "Anvil", 12.5], [2, "Bolt", 0.05], [3, "Cog", null], [4, "", -3],
		[5, "Drill", 99]]', 'row_count', 5, 'truncated', false, 'filters', '[]'::jsonb,
	'warnings', '[]'::jsonb, 'table', jsonb_build_object('columns', jsonb_build_array(
		pg_temp.col('id', 'Id', 'integer'), pg_temp.col('name', 'Name', 'text'),
		pg_temp.col('price', 'Price', 'numeric')), 'total_count', 5, 'page', 1, 'page_size', NULL,
		'sort', '[]'::jsonb)), 'the whole answer of a table');
SELECT is(widget('table', pg_temp.things('t.id, t.price'), options => '{"formatted": true}')
	-> 'formatted', '[["1", "12.5"], ["2", "0.05"], ["3", null], ["4", "-3"], ["5", "99"]]',
	'formatted without formats');
SELECT is(widget('table', pg_temp.things('t.id, t.price, t.made, t.good, t.seen',
		filters(cond('t.id lte', '3'))), '{"formats": {"price": {"type": "number", "decimals": 2,
		"unit": "kg"}, "made": {"date_format": "%d.%m.%Y"}, "seen": "datetime"}}',
		options => '{"formatted": true, "timezone": "Asia/Kolkata"}') -> 'formatted',
	'[["1", "12.50 kg", "31.01.2024", "true", "2024-02-01 05:00"],
	  ["2", "0.05 kg", null, "false", "2024-07-01 17:30"],
	  ["3", null, "01.02.2024", null, null]]', 'formatted with formats, in the zone of the answer');
SELECT is(widget('table', pg_temp.things('t.id, t.seen', filters(cond('t.id eq', '1'))),
		options => '{"timezone": "Asia/Kolkata"}') -> 'rows', '[[1, "2024-02-01T05:00:00+05:30"]]',
	'instants are in the zone of the answer');
SELECT is(shape('table', pg_temp.things('t.name', filters(cond('t.id eq', '99')))),
	jsonb_build_object('columns', jsonb_build_array(pg_temp.col('name', 'Name', 'text')),
		'total_count', 0, 'page', 1, 'page_size', NULL, 'sort', '[]'::jsonb), 'no rows');
SELECT is(widget('alert_feed', pg_temp.things('t.name')) ->> 'shape', 'table',
	'a feed of alerts is a table');

-- Columns
SELECT is(shape('table', pg_temp.things('t.id, t.name, t.price'), '{"columns": [
		{"name": "price", "label": "Price each", "format": {"type": "currency", "currency": "EUR"},
		 "align": "center", "width": 120}, {"name": "name"}]}') -> 'columns', jsonb_build_array(
		pg_temp.col('price', 'Price each', 'numeric', more => '{"align": "center", "width": 120,
			"format": {"type": "currency", "currency": "EUR"}}'),
		pg_temp.col('name', 'Name', 'text')), 'those that the config lists, in its order');
SELECT is(widget('table', pg_temp.things('t.id, t.name, t.price'), '{"columns": [
		{"name": "price", "label": "Price each"}]}') -> 'rows' -> 0, '[1, "Anvil", 12.5]',
	'the rows are those of the answer''s own columns');
SELECT is(labels(widget('table', pg_temp.things('t.id, t.name, t.price'), '{"columns": [
		{"name": "price", "label": "Price each"}]}')), 'Id|Name|Price each',
	'which are called the same there');
SELECT is(warnings('table', pg_temp.things('t.id'), '{"columns": [{"name": "id"},
		{"name": "gone"}]}'), 'COLUMN_NOT_FOUND /config/columns/1 the answer has no column "gone"',
	'a column that is not there is warned of');
SELECT is(shape('table', pg_temp.plain('t.kind, t.price sum = total, t.* count = n',
		'{"order_by": [{"alias": "kind"}]}'), '{"format": "compact"}') -> 'columns',
	jsonb_build_array(pg_temp.col('kind', 'Kind', 'text'),
		pg_temp.col('total', 'Sum of price', 'numeric', 'measure', '{"format": "compact"}'),
		pg_temp.col('n', 'Number of things', 'bigint', 'measure', '{"format": "compact"}')),
	'one format for all measures');
SELECT is(shape('table', pg_temp.things('t.price'), '{"format": "percent"}')
	#> '{columns,0,format}', 'null', 'which is not one for what rows are grouped by');
SELECT is(shape('table', pg_temp.things('t.price'), '{"formats": {"price": {"type": "number",
	"unit": "km"}}}') #> '{columns,0,unit}', '"km"', 'the unit of a format');
SELECT is(widget('table', pg_temp.plain('t.kind, t.good, t.price sum = total',
		'{"pivot": {"column": "kind", "value": "total"},
			"order_by": [{"alias": "good"}]}')) -> 'rows',
	'[[false, 0.05, null, null], [true, null, 111.5, -3], [null, null, null, null]]',
	'a pivot: a column for each value');
SELECT is(labels(widget('table', pg_temp.plain('t.kind, t.good, t.price sum = total',
		'{"pivot": {"column": "kind", "value": "total"}}'))), 'Good|part|tool|(none)',
	'which is called like the value');
SELECT is(labels(widget('table', pg_temp.plain('t.kind, t.good, t.price sum = total',
		'{"pivot": {"column": "kind", "value": "total", "max_columns": 1}}'))), 'Good|part|Other',
	'and the rest like any other rest');
SELECT is((SELECT string_agg(c ->> 'role', '|' ORDER BY n) FROM jsonb_array_elements(widget('table',
		pg_temp.plain('t.kind, t.price sum = total', '{"totals": true}')) -> 'columns')
		WITH ORDINALITY AS u (c, n)), 'dimension|measure|level', 'roles, of levels too');

-- Subtotals
SELECT is(widget('table', pg_temp.plain('t.kind, t.price sum = total', '{"totals": true,
		"order_by": [{"alias": "kind"}]}')) -> 'rows',
	'[["part", 0.05, 0], ["tool", 111.5, 0], [null, -3, 0], [null, 108.55, 1]]',
	'subtotals are rows of another level');
SELECT is(concat_ws(' ', a -> 'rows', a #> '{table,total_count}', a #> '{table,page}'), wanted,
	concat('pages are of all rows, totals too: ', options))
FROM (VALUES ('{}'::jsonb, '[["part", 0.05, 0], ["tool", 111.5, 0], [null, -3, 0], '
		'[null, 108.55, 1]] 4 1'),
	('{"page_size": 3}', '[["part", 0.05, 0], ["tool", 111.5, 0], [null, -3, 0]] 4 1'),
	('{"page_size": 3, "page": 2}', '[[null, 108.55, 1]] 4 2'),
	('{"page_size": 3, "page": 3}', '[] 4 3')) AS p (options, wanted),
	widget('table', pg_temp.plain('t.kind, t.price sum = total', '{"totals": true,
		"order_by": [{"alias": "kind"}]}'), options => options) AS a;

-- Pages
CREATE FUNCTION pg_temp.page(config jsonb, options jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', a -> 'rows', a #> '{table,total_count}', a #> '{table,page}',
		a #> '{table,page_size}')
	FROM widget('table', pg_temp.things('t.id'), config, options => options) AS a
$$;
SELECT is(pg_temp.page(config, options), wanted, concat(config, ' ', options))
FROM (VALUES ('{}'::jsonb, '{}'::jsonb, '[[1], [2], [3], [4], [5]] 5 1 null'),
	('{"page_size": 2}', '{}', '[[1], [2]] 5 1 2'),
	('{"page_size": 2}', '{"page": 3}', '[[5]] 5 3 2'),
	('{"page_size": 2}', '{"page": 4}', '[] 5 4 2'),
	('{"page_size": 2}', '{"page_size": 4}', '[[1], [2], [3], [4]] 5 1 4'),
	('{"page_size": 2}', '{"page_size": 4, "page": 2}', '[[5]] 5 2 4'),
	('{"page_size": 5}', '{}', '[[1], [2], [3], [4], [5]] 5 1 5'),
	('{"page_size": 2}', '{"limit": 2, "offset": 2}', '[[3], [4]] 5 2 2'),
	('{"page_size": 2}', '{"limit": 3}', '[[1], [2], [3]] 5 1 3'),
	('{}', '{"page": 1}', '[[1], [2], [3], [4], [5]] 5 1 20')) AS p (config, options, wanted);
SELECT is(shape('table', pg_temp.things('t.id', '{"limit": 3}'), '{"page_size": 2}',
		'{"page": 2}') -> 'total_count', '3', 'a limit of the query is the whole of it');
SELECT is(widget('table', pg_temp.things('t.id', '{"limit": 3}'), '{"page_size": 2}',
		options => '{"page": 2}') -> 'rows', '[[3]]', 'of which the pages are');
SELECT is(shape('table', pg_temp.things('t.id'), '{}', '{"max_rows": 2}') -> 'total_count', '5',
	'an answer that is cut is counted to its end');
SELECT is(widget('table', pg_temp.things('t.id'), '{}', options => '{"max_rows": 2}')
	-> 'truncated', 'true', 'and says that it is cut');

-- Order
CREATE FUNCTION pg_temp.sorted(config jsonb, options jsonb, columns text = 't.id, t.price')
RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', (SELECT string_agg(r ->> 0, '' ORDER BY n) FROM
			jsonb_array_elements(a -> 'rows') WITH ORDINALITY AS u (r, n)), a #> '{table,sort}')
	FROM widget('table', pg_temp.plain(columns), config, options => options) AS a
$$;
SELECT is(pg_temp.sorted(config, options), wanted, concat(config, ' ', options))
FROM (VALUES ('{"default_sort": [{"alias": "id", "direction": "DESC"}]}'::jsonb, '{}'::jsonb,
		'54321 [{"alias": "id", "direction": "DESC"}]'),
	('{"default_sort": [{"alias": "price", "direction": "DESC", "nulls": "last"}]}', '{}',
		'51243 [{"alias": "price", "nulls": "last", "direction": "DESC"}]'),
	('{"default_sort": [{"alias": "id", "direction": "DESC"}]}', '{"sort": [{"alias": "price"}]}',
		'42153 [{"alias": "price", "direction": "ASC"}]'),
	('{"default_sort": [{"alias": "id", "direction": "DESC"}], "sortable": false}', '{}',
		'54321 [{"alias": "id", "direction": "DESC"}]'),
	('{"sortable": ["price"]}', '{"sort": [{"alias": "price", "direction": "DESC"}]}',
		'35124 [{"alias": "price", "direction": "DESC"}]'),
	('{"sortable": true}', '{"sort": [{"alias": "id", "direction": "DESC"}]}',
		'54321 [{"alias": "id", "direction": "DESC"}]')) AS s (config, options, wanted);
SELECT is(refusal('table', pg_temp.plain('t.id, t.price'), config, options), '22023 INVALID_VALUE',
	concat(config, ' ', options))
FROM (VALUES ('{"sortable": false}'::jsonb, '{"sort": [{"alias": "id"}]}'::jsonb),
	('{"sortable": ["price"]}', '{"sort": [{"alias": "id"}]}'),
	('{"sortable": []}', '{"sort": [{"alias": "id"}]}'),
	('{"sortable": ["price"]}', '{"sort": [{"alias": "price"}, {"alias": "id"}]}'),
	('{"sortable": false, "default_sort": [{"alias": "id"}]}', '{"sort": [{"alias": "id"}]}'))
	AS s (config, options);
SELECT matches(refusal('table', pg_temp.plain('t.id'), '{}', '{"sort": [{"alias": "gone"}]}'),
	'^22023', 'a column that is not there');
SELECT is(pg_temp.sorted('{"default_sort": [{"alias": "id", "direction": "DESC"},
	{"alias": "gone"}], "page_size": 2}', '{}'), '12 []', 'of the config it is left out');
SELECT is(warnings('table', pg_temp.plain('t.id'), '{"default_sort": [{"alias": "gone"}]}'),
	'COLUMN_NOT_FOUND /config/default_sort no column of the answer is called "gone"',
	'with a warning');
SELECT is((SELECT string_agg(c ->> 'sortable', '|' ORDER BY n) FROM jsonb_array_elements(
		shape('table', pg_temp.plain('t.id, t.price'), config) -> 'columns') WITH ORDINALITY
			AS u (c, n)),
	wanted, concat('what is sortable: ', config))
FROM (VALUES ('{}'::jsonb, 'true|true'), ('{"sortable": false}', 'false|false'),
	('{"sortable": ["price"]}', 'false|true'), ('{"sortable": true}', 'true|true'))
	AS s (config, wanted);

-- Large numbers, rows behind, comparisons
SELECT is(widget('table', pg_temp.things('t.big', filters(cond('t.id in', '[1, 2, 5]'))),
	options => '{"bigint": "string"}') -> 'rows', '[["9007199254740993"], ["2"], [null]]',
	'large numbers as strings');
SELECT is(widget('table', pg_temp.plain('t.price sum', '{"compare": {"period": "previous_month"}}'
		|| filters(cond('t.made between', '["2024-02-01", "2024-02-29"]')))) - 'table' - 'columns'
		- 'shape' - 'type' - 'title' - 'filters' - 'warnings' - 'timezone' - 'bucket',
	'{"rows": [[-3, 12.5, -15.5, -124]], "row_count": 1, "truncated": false}', 'compared columns');
SELECT is(labels(widget('table', pg_temp.plain('t.price sum',
		'{"compare": {"period": "previous_year"}}'
		|| filters(cond('t.made between', '["2024-02-01", "2024-02-29"]'))))),
	'Sum of price|Sum of price, previous year|Sum of price, change|Sum of price, change in percent',
	'and what they are called');
SELECT is((SELECT c ->> 'format' FROM jsonb_array_elements(shape('table',
	pg_temp.plain('t.price sum',
		'{"compare": {"period": "previous_year"}}'
		|| filters(cond('t.made between', '["2024-02-01", "2024-02-29"]'))), '{"formats":
		{"price_sum": "currency"}}') -> 'columns') AS c WHERE c ->> 'name' = name), format,
	name || ' has its format')
FROM (VALUES ('price_sum', 'currency'), ('price_sum_previous', 'currency'),
	('price_sum_change', 'currency'), ('price_sum_change_percent', 'percent')) AS f (name, format);

-- The flights and the weather
SELECT is(widget('table', def('w weather', 'w.weather, w.temp_max avg = warm, w.* count = days',
		'{"totals": true, "order_by": [{"alias": "weather"}]}')) -> 'rows',
	(SELECT jsonb_agg(jsonb_build_array(weather, warm, days, level) ORDER BY level, weather)
	 FROM (SELECT weather, avg(temp_max) AS warm, count(*) AS days, grouping(weather) AS level
		   FROM weather GROUP BY ROLLUP (weather)) AS q), 'the weather, and all of it');
SET LOCAL ROLE NONE;
CREATE TEMP VIEW ca AS SELECT * FROM public.flights WHERE state = 'CA';
GRANT SELECT ON ca TO app_user;
SET LOCAL ROLE app_user;
SET LOCAL prismiq.tenant_id = 'CA';
SELECT is(widget('table', def('f flights', 'f.origin, f.destination, f.delay median = late'),
		'{"page_size": 25, "default_sort": [{"alias": "late", "direction": "DESC"},
			{"alias": "origin"}, {"alias": "destination"}]}', options => jsonb_build_object('page',
			page))
		-> 'rows',
	(SELECT jsonb_agg(jsonb_build_array(origin, destination, late) ORDER BY late DESC, origin,
		destination) FROM (SELECT origin, destination, percentile_cont(0.5) WITHIN GROUP
			(ORDER BY delay) AS late FROM ca GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
			LIMIT 25 OFFSET 25 * (page - 1)) AS q), 'page ' || page || ' of the routes')
FROM generate_series(1, 3) AS page;
SELECT is(shape('table', def('f flights', 'f.origin, f.destination, f.delay median = late'),
		'{"page_size": 25}') -> 'total_count', (SELECT to_jsonb(count(*)) FROM
		(SELECT DISTINCT origin, destination FROM ca) AS q), 'how many routes there are');

SELECT * FROM finish();
ROLLBACK;
