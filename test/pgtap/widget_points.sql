-- Pies, scatter charts, heat maps and maps.
\getenv dir TEST_DIR
\set lib :dir /lib/widgets.sql
\ir :lib

SET LOCAL ROLE NONE;
CREATE TABLE public.parts (tenant text, day date, name text, kind text, v numeric, w int, f float8,
	big bigint);
INSERT INTO public.parts VALUES
	('acme', '2024-01-01', 'a', 'x', 50, 5, 0.1, 9007199254740993),
	('acme', '2024-01-02', 'b', 'x', 30, 4, 0.2, 1), ('acme', '2024-02-01', 'c', 'y',
		15, 3, 0.7, 1),
	('acme', '2024-02-02', 'd', 'y', 5, 2, NULL, 1),
	('beta', '2024-01-01', 'e', 'x', 900, 1, 9, 1);
CREATE TABLE public.odd (tenant text, name text, v numeric);
INSERT INTO public.odd VALUES ('acme', NULL, 40), ('acme', '', 30), ('acme', 'Other', 20),
	('acme', 'a', 10), ('acme', 'b', NULL);
CREATE TABLE public.signs (tenant text, name text, kind text, v numeric, f float8);
INSERT INTO public.signs VALUES ('acme', 'loss', 'n', -30, 'NaN'), ('acme', 'gain', 'n', 50, 1),
	('acme', 'nought', 'z', 0, 'Infinity'), ('acme', 'up', 'z', 7, 2), ('acme', 'down', 'z', -7, 3);
CREATE TABLE public.places (tenant text, name text, kind text, latitude float8, longitude float8,
	size int);
INSERT INTO public.places VALUES ('acme', 'Rome', 'city', 41.9, 12.5, 3),
	('acme', 'Quito', 'city', -0.2, -78.5, 2), ('acme', 'Nowhere', NULL, NULL, NULL, 1),
	('acme', 'Etna', 'hill', 37.75, 15, NULL), ('beta', 'Lost', 'city', 1, 1, 1);
CREATE TABLE public.hours (tenant text, hour int, weekday numeric, day date, name text);
INSERT INTO public.hours VALUES ('acme', 9, 6, '2024-01-10', 'b'),
	('acme', 10, -1, '2024-02-01', 'c'), ('acme', 20, 1, '2024-01-09', 'a');
SELECT oracle.expose('public.parts'), oracle.expose('public.odd'),
	oracle.expose('public.hours'), oracle.expose('public.signs'),
	oracle.expose('public.places') \g /dev/null
SET LOCAL ROLE app_user;

-- Nothing is drawn without saying what is missing

SELECT is(warnings(type, def('p parts', columns)), wanted, concat(type, ' of ', columns))
FROM (VALUES ('line_chart', 'p.name', 'INVALID_VALUE  the answer has no column for the values of '
		|| 'the chart'),
	('pie_chart', 'p.name', 'INVALID_VALUE  the answer has no column for the size of the slices'),
	('scatter_chart', 'p.name, p.v sum', 'INVALID_VALUE  the answer has no column for the places '
		|| 'of the points'),
	('map', 'p.name', 'INVALID_VALUE  the answer has no column for longitude or latitude'),
	('map', 'p.name, p.v sum, p.w sum', 'INVALID_VALUE  the answer has no column for longitude or '
		|| 'latitude'),
	('heatmap', 'p.name, p.v sum', 'INVALID_VALUE  the answer has no column for one of the axes'),
	('heatmap', 'p.name, p.kind', 'INVALID_VALUE  the answer has no column for the values of the '
		|| 'cells'),
	('heatmap', 'p.name, p.kind, p.v sum', NULL), ('line_chart', 'p.name, p.v sum', NULL),
	('pie_chart', 'p.v sum, p.w sum', NULL), ('scatter_chart', 'p.name, p.v sum, p.w sum', NULL))
	AS v (type, columns, wanted);

-- Pies
CREATE FUNCTION pg_temp.slice(name text, label text, value jsonb, formatted text, percent jsonb,
	color text = NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('name', name, 'label', label, 'value', value, 'formatted', formatted,
		'percent', percent, 'color', color)
$$;
CREATE FUNCTION pg_temp.pie(total jsonb, VARIADIC slices jsonb[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('slices', to_jsonb(slices), 'total', total)
$$;
-- "name value percent" of the slices, in order; percent with one decimal.
CREATE FUNCTION pg_temp.slices(query jsonb, config jsonb = '{}', options jsonb = '{}') RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', coalesce(s ->> 'name', 'null'), coalesce(s ->> 'value',
		'null'),
		coalesce(round((s ->> 'percent')::numeric, 1)::text, 'null')), ', ' ORDER BY n)
	FROM jsonb_array_elements(shape('pie_chart', query, config, options) -> 'slices')
		WITH ORDINALITY AS u (s, n)
$$;
SELECT is(shape('pie_chart', def('p parts', 'p.name, p.v sum')), pg_temp.pie('100',
		pg_temp.slice('a', 'a', '50', '50', '50'), pg_temp.slice('b', 'b', '30', '30', '30'),
		pg_temp.slice('c', 'c', '15', '15', '15'), pg_temp.slice('d', 'd', '5', '5', '5')),
	'a slice for each value, largest first');
SELECT is(shape('pie_chart', def('p parts', 'p.name, p.v sum'), '{"max_slices": 2,
		"format": {"type": "number", "unit": "kg"}, "labels": {"a": "Anvils"},
		"colors": {"a": "red", "Other": "grey"}}'), pg_temp.pie('100',
		pg_temp.slice('a', 'Anvils', '50', '50 kg', '50', 'red'),
		pg_temp.slice('b', 'b', '30', '30 kg', '30'),
		pg_temp.slice('Other', 'Other', '20', '20 kg', '20', 'grey')),
	'at most so many, the rest last; with format, labels and colors');
SELECT is(pg_temp.slices(def('p parts', 'p.name, p.' || measure), '{"max_slices": 2}'), wanted,
	measure || ': the rest')
FROM (VALUES ('* count', 'a 1 25.0, b 1 25.0, Other 2 50.0'),
	('v sum', 'a 50 50.0, b 30 30.0, Other 20 20.0'), ('v max',
		'a 50 52.6, b 30 31.6, Other 15 15.8'),
	('v min', 'a 50 58.8, b 30 35.3, Other 5 5.9')) AS m (measure, wanted);
SELECT is((SELECT string_agg((s ->> 'name') || ' ' || (s ->> 'value')::numeric::real, ', '
	ORDER BY n)
		FROM jsonb_array_elements(shape('pie_chart', def('p parts', 'p.name, p.' || measure),
			'{"max_slices": 2}') -> 'slices') WITH ORDINALITY AS u (s, n)), wanted,
	measure || ': the rest is made of rows')
FROM (VALUES ('v avg', 'a 50, b 30, Other 10'), ('v median', 'a 50, b 30, Other 10'),
	('kind count_distinct', 'a 1, b 1, Other 1')) AS m (measure, wanted);
SELECT is(pg_temp.slices(def('p parts', 'p.name, p.v sum'), '{"max_slices": 4}'),
	'a 50 50.0, b 30 30.0, c 15 15.0, d 5 5.0', 'as many as there may be have no rest');
SELECT is(pg_temp.slices(def('p parts', 'p.v sum = all, p.w sum')),
	'all 100 87.7, w_sum 14 12.3', 'without a dimension each measure is a slice');
SELECT is(pg_temp.slices(def('p parts', 'p.v sum = all, p.w sum = more', '{"compare": {"period":
		"previous_month"}}' || filters(cond('p.day between', '["2024-02-01", "2024-02-29"]')))),
	'all 20 80.0, more 5 20.0', 'but not what it is compared with');
SELECT is(pg_temp.slices(def('p parts', 'p.v sum = all, p.w sum = more'), '{"y": ["more"]}'),
	'more 14 100.0', 'y chooses among them');
SELECT is(pg_temp.slices(def('p parts', 'p.name, p.kind, p.w sum', filters(cond('p.name in',
		'["a", "d"]'))), '{"x": "kind", "y": "w_sum"}'), 'x 5 71.4, y 2 28.6',
	'the config says which column makes the slices');
SELECT is(pg_temp.slices(def('p parts', 'p.name, p.v sum, p.w sum = w'), '{"y": "w"}'),
	'a 5 35.7, b 4 28.6, c 3 21.4, d 2 14.3', 'and which measure');
SELECT is(pg_temp.slices(def('p parts', 'p.kind, p.name, p.v sum')), 'x 80 80.0, y 20 20.0',
	'several rows of a slice are added');
SELECT is(pg_temp.slices(def('p parts', 'p.kind, p.name, p.v max')), 'x 50 76.9, y 15 23.1',
	'or the largest of them is taken');
SELECT is(pg_temp.slices(def('p parts', 'p.kind, p.name, p.v avg')), 'x null null, y null null',
	'averages of averages are none');
SELECT matches(warnings('pie_chart', def('p parts', 'p.kind, p.name, p.v avg')),
	'several rows', 'which is warned of');
SELECT is(pg_temp.slices(def('p parts', 'p.v sum', '{"time_series": {"table_id": "p",
		"date_column": "day", "interval": "month"}}')), '2024-01-01 80 80.0, 2024-02-01 20 20.0',
	'of a series alone the buckets are slices');
SELECT is(pg_temp.slices(def('p parts', 'p.name, p.v sum', '{"totals": true}')),
	'a 50 50.0, b 30 30.0, c 15 15.0, d 5 5.0', 'totals are no slices');
SELECT is(shape('pie_chart', def('o odd', 'o.name, o.v sum')), pg_temp.pie('100',
		pg_temp.slice(NULL, '(none)', '40', '40', '40'), pg_temp.slice('', '(empty)', '30', '30',
			'30'),
		pg_temp.slice('Other', 'Other', '20', '20', '20'), pg_temp.slice('a', 'a', '10', '10',
			'10'),
		pg_temp.slice('b', 'b', 'null', NULL, 'null')), 'null, empty, "Other", and no value');
SELECT is(pg_temp.slices(def('o odd', 'o.name, o.v sum'), '{"max_slices": 2}'),
	'null 40 40.0,  30 30.0, Other (2) 30 30.0', 'the rest is not called like a value');
SELECT is(pg_temp.slices(def('o odd', 'o.name, o.v sum'), '{"max_slices": 4}'),
	'null 40 40.0,  30 30.0, Other 20 20.0, a 10 10.0, Other (2) null null',
		'a rest without a value');
SELECT is(pg_temp.slices(def('s signs', 's.name, s.v sum', filters(cond('s.name in', names)))),
	wanted, name)
FROM (VALUES ('["gain", "loss"]'::jsonb, 'gain 50 250.0, loss -30 -150.0',
		'a share of what is left, which may be more than all of it'),
	('["up", "down"]', 'up 7 null, down -7 null', 'of nothing there are no shares'),
	('["nought"]', 'nought 0 null', 'nor of a zero'),
	('["loss", "down"]', 'down -7 18.9, loss -30 81.1', 'shares of a loss'))
		AS s (names, wanted, name);
SELECT is(pg_temp.slices(def('s signs', 's.name, s.f sum', filters(cond('s.name in', names)))),
	wanted, name)
FROM (VALUES ('["loss", "gain"]'::jsonb, 'gain 1 null, loss NaN null',
	'NaN is last, and has no share'),
	('["nought", "gain"]', 'nought Infinity null, gain 1 null', 'nor has infinity'))
		AS s (names, wanted,
	name);
SELECT is(shape('pie_chart', def('s signs', 's.name, s.v sum', filters(cond('s.name eq', '"x"')))),
	'{"slices": [], "total": null}', 'no rows: no slices');
SELECT is(pg_temp.slices(def('p parts', 'p.name, p.big sum', filters(cond('p.name neq', '"d"'))),
	'{"max_slices": 1}', '{"bigint": "string"}'),
	'a 9007199254740993 100.0, Other 2 0.0', 'large numbers');
SELECT is(jsonb_typeof(shape('pie_chart', def('p parts', 'p.name, p.big sum'), '{}',
	'{"bigint": "string"}') #> '{slices,0,value}'), 'string', 'are strings where that is wanted');
SELECT is(shape('pie_chart', def('p parts', 'p.f sum = a', filters(cond('p.name in', '["a",
	"b"]'))))
	#> '{slices,0,value}', to_jsonb(0.1::float8 + 0.2::float8),
		'a value is that of its row, exactly');

-- Scatter charts
CREATE FUNCTION pg_temp.axis(role text, type text, label text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('role', role, 'type', type, 'label', label)
$$;
CREATE FUNCTION pg_temp.dots(query jsonb, config jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT shape('scatter_chart', query || jsonb '{"order_by": [{"alias": "name"}]}', config)
$$;
SELECT is(pg_temp.dots(def('p parts', 'p.name, p.v sum, p.w sum')), jsonb_build_object(
		'x', pg_temp.axis('measure', 'numeric', 'Sum of v'),
		'y', pg_temp.axis('measure', 'bigint', 'Sum of w'), 'series', jsonb '[{"name": "w_sum",
			"label": "Sum of w", "color": null, "points": [[50, 5, "a", null], [30, 4, "b", null],
			[15, 3, "c", null], [5, 2, "d", null]]}]', 'annotations', '[]'::jsonb, 'stacked',
			false),
	'two measures, and a label');
SELECT is(pg_temp.dots(def('p parts', 'p.name, p.v sum, p.w sum, p.f sum')) #> '{series,0,points}',
	'[[50, 5, "a", 0.1], [30, 4, "b", 0.2], [15, 3, "c", 0.7], [5, 2, "d", null]]',
	'a third measure is the size');
SELECT is(pg_temp.dots(def('p parts', 'p.name, p.v sum = v, p.w sum = w'), '{"x": "w", "y": "v"}')
	#> '{series,0,points,0}', '[5, 50, "a", null]', 'the config says which is x');
SELECT is(pg_temp.dots(def('p parts', 'p.name, p.v, p.w')) #> '{series,0,points}',
	'[[50, 5, "a", null], [30, 4, "b", null], [15, 3, "c", null], [5, 2, "d", null]]',
	'rows without a measure have numbers too');
SELECT is(pg_temp.dots(def('p parts', 'p.name, p.kind, p.v sum, p.w sum'), '{"series": "kind"}')
	-> 'series', '[{"name": "x", "label": "x", "color": null,
		"points": [[50, 5, "a", null], [30, 4, "b", null]]},
	  {"name": "y", "label": "y", "color": null, "points": [[15, 3, "c", null], [5, 2,
		"d", null]]}]',
	'a series for each value of what the config names, largest total first');
SELECT is(pg_temp.dots(def('p parts', 'p.name, p.kind, p.w sum, p.v sum', filters(
		cond('p.name in', '["a", "c", "d"]'))), '{"series": "kind", "y": "v_sum", "x": "w_sum",
		"max_series": 1}') -> 'series', '[{"name": "x", "label": "x", "color": null,
		"points": [[5, 50, "a", null]]}, {"name": "Other", "label": "Other", "color": null,
		"points": [[3, 15, "c", null], [2, 5, "d", null]]}]', 'the rest are points of "Other"');
SELECT is(pg_temp.dots(def('p parts', 'p.name, p.v sum, p.w sum', filters(cond('p.v gt', '1000'))))
	#> '{series,0,points}', '[]', 'no rows: no points');
SELECT is(pg_temp.dots(def('s signs', 's.name, s.v sum, s.f sum', filters(cond('s.name in',
		'["gain", "loss", "nought"]')))) #> '{series,0,points}',
	'[[50, 1, "gain", null], [-30, "NaN", "loss", null], [0, "Infinity", "nought", null]]',
	'what is no number is a text');
SELECT is(pg_temp.dots(def('o odd', 'o.name, o.v max, o.* count', filters(cond('o.name neq',
	'"a"'))))
	#> '{series,0,points}', '[[30, 1, "(empty)", null], [20, 1, "Other", null], [null, 1,
		"b", null],
		[40, 1, "(none)", null]]', 'labels of null and the empty text');
SELECT is(pg_temp.dots(def('p parts', 'p.name, p.v sum, p.w sum', '{"totals": true}'))
	#> '{series,0,points,4}', NULL, 'totals are no points');

-- Maps
CREATE FUNCTION pg_temp.map(columns text, config jsonb = '{}', rest jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT shape('map', def('p places', columns,
		jsonb '{"order_by": [{"table_id": "p", "column": "name"}]}' || rest), config)
$$;
SELECT is(pg_temp.map('p.name, p.latitude, p.longitude, p.size'), jsonb_build_object(
		'x', pg_temp.axis('dimension', 'double precision', 'Longitude'),
		'y', pg_temp.axis('dimension', 'double precision', 'Latitude'), 'series', jsonb '[{
			"name": "latitude", "label": "Latitude", "color": null, "points": [
			[15, 37.75, "Etna", null], [null, null, "Nowhere", null], [-78.5, -0.2, "Quito", null],
			[12.5, 41.9, "Rome", null]]}]', 'annotations', '[]'::jsonb, 'stacked', false),
	'longitude before latitude, whatever comes first in the query');
SELECT is(pg_temp.map('p.name, p.latitude avg, p.longitude avg, p.size sum') #> '{series,0,points}',
	'[[15, 37.75, "Etna", null], [null, null, "Nowhere", 1], [-78.5, -0.2, "Quito", 2],
	  [12.5, 41.9, "Rome", 3]]', 'of aggregates too, with a size');
SELECT is(pg_temp.map('p.name, p.latitude avg = a, p.longitude avg = b, p.size sum')
	#> '{series,0,points,0}', '[15, 37.75, "Etna", null]', 'whatever they are called');
SELECT is(pg_temp.map('p.name, p.latitude = lat, p.longitude = lng') #> '{series,0,points,2}',
	'[-78.5, -0.2, "Quito", null]', 'by their short names');
SELECT is(pg_temp.map('p.name, p.size = u, p.latitude = v, p.longitude = w', '{"x": "w", "y": "v"}')
	#> '{series,0,points,3}', '[12.5, 41.9, "Rome", null]', 'or as the config says');
SELECT is((SELECT string_agg(coalesce(s ->> 'name', 'null') || jsonb_array_length(s -> 'points'),
	'|'
		ORDER BY n) FROM jsonb_array_elements(pg_temp.map('p.name, p.kind, p.latitude, p.longitude',
			'{"series": "kind"}') -> 'series') WITH ORDINALITY AS u (s, n)), 'city2|hill1|null1',
	'series of a map');

-- Heat maps
CREATE FUNCTION pg_temp.heat(columns text, config jsonb = '{}', rest jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT shape('heatmap', def('p parts', columns, rest), config)
$$;
SELECT is(pg_temp.heat('p.kind, p.name, p.v sum', '{}', '{"order_by": [{"alias": "name"}]}'),
	'{"x": {"role": "dimension", "type": "text", "label": "Kind", "values": ["x", "y"]},
	  "y": {"role": "dimension", "type": "text", "label": "Name", "values": ["a", "b", "c", "d"]},
	  "cells": [[0, 0, 50], [0, 1, 30], [1, 2, 15], [1, 3, 5]]}',
	'the first two dimensions, cells only where there are rows');
SELECT is(pg_temp.heat('p.kind, p.name, p.v sum, p.w sum = w', '{"x": "name", "y": "kind",
		"value": "w"}', '{"order_by": [{"alias": "name"}]}'),
	'{"x": {"role": "dimension", "type": "text", "label": "Name", "values": ["a", "b", "c", "d"]},
	  "y": {"role": "dimension", "type": "text", "label": "Kind", "values": ["x", "y"]},
	  "cells": [[0, 0, 5], [1, 0, 4], [2, 1, 3], [3, 1, 2]]}', 'as the config says');
SELECT is(pg_temp.heat('p.kind, p.v sum', '{}', '{"time_series": {"table_id": "p",
		"date_column": "day", "interval": "month"}}'),
	'{"x": {"role": "time", "type": "date", "label": "Day", "values": ["2024-01-01", "2024-02-01"]},
	  "y": {"role": "dimension", "type": "text", "label": "Kind", "values": ["x", "y"]},
	  "cells": [[0, 0, 80], [0, 1, 0], [1, 0, 0], [1, 1, 20]]}',
	'time is x, and buckets that are filled are rows');
SELECT is(pg_temp.heat('p.kind, p.v sum', '{}', '{"time_series": {"table_id": "p",
		"date_column": "day", "interval": "month", "fill_missing": false}}') -> 'cells',
	'[[0, 0, 80], [1, 1, 20]]', 'unless they are not');
SELECT is(pg_temp.heat('p.kind, p.name, p.v sum', '{"max_series": 1}',
		'{"order_by": [{"alias": "name"}]}') #> '{y,values}', '["a", "b", "c", "d"]',
	'max_series does not cut it');
SELECT is(pg_temp.heat('p.kind, p.name, p.f sum', '{}', '{"order_by": [{"alias": "name"}]}')
	-> 'cells', '[[0, 0, 0.1], [0, 1, 0.2], [1, 2, 0.7], [1, 3, null]]', 'a cell may be null');
SELECT is(shape('heatmap', def('s places', 's.kind, s.name, s.size sum',
		'{"order_by": [{"alias": "name"}]}')) #> '{x,values}', '["hill", null, "city"]',
	'null is a value of an axis');
-- Numbers and times have an order of their own, where the rows have them in none.
SELECT is((SELECT jsonb_build_array(h #> '{x,values}', h #> '{y,values}')
	FROM shape('heatmap', def('h hours', columns, jsonb_build_object('order_by', ordered::jsonb)))
		AS h), wanted::jsonb, concat(columns, ' by ', ordered))
FROM (VALUES
	('h.hour, h.weekday, h.* count', '[{"alias": "hour"}, {"alias": "weekday"}]',
		'[[9, 10, 20], [-1, 1, 6]]'),
	('h.hour, h.weekday, h.* count', '[{"alias": "hour", "direction": "DESC"},
		{"alias": "weekday"}]', '[[20, 10, 9], [-1, 1, 6]]'),
	('h.day, h.weekday, h.hour min = n', '[{"alias": "n"}]',
		'[["2024-01-09", "2024-01-10", "2024-02-01"], [-1, 1, 6]]'),
	('h.name, h.weekday, h.hour min = n', '[{"alias": "n"}]', '[["b", "c", "a"], [-1, 1, 6]]'))
	AS t (columns, ordered, wanted);
SELECT is(pg_temp.heat('p.kind, p.v sum', '{}', '{"order_by": [{"alias": "kind"}]}'),
	'{"x": {"role": "dimension", "type": "text", "label": "Kind", "values": ["x", "y"]}, "y": null,
	  "cells": [[0, 0, 80], [1, 0, 20]]}', 'one dimension is one line');
SELECT is(pg_temp.heat('p.kind, p.name, p.v sum', '{}', filters(cond('p.v gt', '1000'))),
	'{"x": {"role": "dimension", "type": "text", "label": "Kind", "values": []},
	  "y": {"role": "dimension", "type": "text", "label": "Name", "values": []}, "cells": []}',
		'no rows');
SELECT is(pg_temp.heat('p.kind, p.name, p.v sum', '{}', '{"totals": true,
		"order_by": [{"alias": "name"}]}') -> 'cells',
	'[[0, 0, 50], [0, 1, 30], [1, 2, 15], [1, 3, 5]]', 'totals are no cells');

-- The flights
SET LOCAL ROLE NONE;
CREATE TEMP VIEW ca AS SELECT * FROM public.flights WHERE state = 'CA';
GRANT SELECT ON ca TO app_user;
SET LOCAL ROLE app_user;
SET LOCAL prismiq.tenant_id = 'CA';
SELECT is(shape('pie_chart', def('f flights', 'f.destination, f.' || ours)) -> 'slices',
	(WITH named AS (SELECT destination, v, row_number() OVER (ORDER BY v DESC, destination) AS place
			FROM (SELECT destination, CASE ours WHEN '* count' THEN count(*)
				WHEN 'delay avg' THEN avg(delay) ELSE count(DISTINCT origin) END AS v
				FROM ca GROUP BY 1) AS q),
		rest AS (SELECT CASE ours WHEN '* count' THEN count(*) WHEN 'delay avg' THEN avg(delay)
			ELSE count(DISTINCT origin) END AS v FROM ca WHERE destination NOT IN
			(SELECT destination FROM named WHERE place <= 8)),
		slices AS (SELECT * FROM named WHERE place <= 8 UNION ALL SELECT 'Other', v, 9 FROM rest)
	 SELECT jsonb_agg(pg_temp.slice(destination, destination, to_jsonb(v), v::text, to_jsonb(
		100 * v / (SELECT sum(v) FROM slices))) ORDER BY place) FROM slices),
	ours || ' of eight destinations and the rest')
FROM unnest('{"* count","delay avg","origin count_distinct"}'::text[]) AS ours;
SELECT is(shape('heatmap', def('f flights', 'f.origin, f.* count',
	'{"time_series": {"table_id": "f",
		"date_column": "departed_at", "interval": "month"}}')) -> 'cells',
	(WITH o AS (SELECT origin, row_number() OVER (ORDER BY origin) - 1 AS j FROM
			(SELECT DISTINCT origin FROM ca) AS q),
		m AS (SELECT month, row_number() OVER (ORDER BY month) - 1 AS i FROM
			(SELECT DISTINCT date_trunc('month', departed_at) AS month FROM ca) AS q)
	 SELECT jsonb_agg(jsonb_build_array(i, j, (SELECT count(*) FROM ca WHERE ca.origin = o.origin
		AND date_trunc('month', departed_at) = m.month)) ORDER BY i, j) FROM o, m),
	'flights by month and origin');
SELECT is(shape('map', def('a airports, f flights', 'a.iata, a.latitude, a.longitude, f.* count',
		'{"order_by": [{"alias": "iata"}]}', 'f.destination = a.iata')) #> '{series,0,points}',
	(SELECT jsonb_agg(jsonb_build_array(longitude, latitude, iata, n) ORDER BY iata) FROM (
		SELECT iata, longitude, latitude, count(*) AS n FROM ca JOIN airports ON iata = destination
		GROUP BY 1, 2, 3) AS q), 'airports by how many fly there');

SELECT * FROM finish();
ROLLBACK;
