-- Pictures: what a specification of Vega-Lite has of an answer, in which theme; what is no picture;
-- and that nothing which a user wrote stands in it but as a value. That it is a specification, and
-- is drawn, test/http/specs.mjs has a browser's libraries say.
\getenv dir TEST_DIR
\set lib :dir /lib/widgets.sql
\ir :lib

SET LOCAL ROLE NONE;
CREATE TABLE public.sales (tenant text, at timestamptz, day date, shop text, v numeric, f float8,
	lon float8, lat float8);
INSERT INTO public.sales VALUES
	('acme', '2024-03-30 23:30Z', '2024-01-05', 'A', 10, 1, -118.4, 33.9),
	('acme', '2024-03-31 00:30Z', '2024-01-06', 'B', 5, 'NaN', -73.8, 40.6),
	('acme', '2024-03-31 01:30Z', '2024-02-07', 'A', 20, 2, 0, 91),
	('acme', '2024-10-27 00:30Z', 'infinity', 'B', NULL, 'Infinity', NULL, 0),
	('beta', '2024-03-31 00:30Z', '2024-01-06', 'C', 1000, 4, 10, 10);
SELECT oracle.expose('public.sales') \g /dev/null
SET LOCAL ROLE app_user;

-- The picture beside an answer.
CREATE FUNCTION pg_temp.spec(type text, query jsonb, config jsonb = '{}', spec jsonb = 'true',
	title text = 'T', options jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT oracle.widget(type, query, config, more => jsonb_build_object('title', title),
		options => options || jsonb_build_object('spec', spec)) -> 'spec'
$$;
-- A member of each row of its data, in order.
CREATE FUNCTION pg_temp.data(spec jsonb, field text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(d -> field ORDER BY n)
	FROM jsonb_array_elements(spec #> '{data,values}') WITH ORDINALITY AS u (d, n)
$$;
CREATE FUNCTION pg_temp.by_shop(columns text = 's.v sum', rest jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT def('s sales', 's.shop, ' || columns, '{"order_by": [{"alias": "shop"}]}'::jsonb || rest)
$$;
CREATE FUNCTION pg_temp.over_time(columns text, series jsonb, rest jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT def('s sales', columns, jsonb_build_object('time_series', jsonb '{"table_id": "s",
		"date_column": "at", "fill_missing": false}' || series) || rest)
$$;

-- Rows of the data
SELECT is(pg_temp.spec('bar_chart', pg_temp.by_shop()) #> '{data,values}',
	'[{"x": "A", "y": 30, "series": "s0", "label": "A", "text": "30", "row": 0},
	  {"x": "B", "y": 5, "series": "s0", "label": "B", "text": "5", "row": 1}]',
	'a row for each point');
SELECT is(pg_temp.data(pg_temp.spec('line_chart', def('s sales', 's.day, s.shop, s.v sum',
	'{"order_by": [{"alias": "shop"}, {"alias": "day"}]}'), '{"max_series": 1}'), f), wanted,
	'the rows of the answer that points are of, and that their places begin with: ' || f)
FROM (VALUES ('row', '[0, 1, null]'::jsonb), ('at', '[0, 1, 2]')) AS u (f, wanted);
SELECT is(pg_temp.spec('bar_chart', pg_temp.by_shop(), '{"labels": {"A": "__proto__", "B": "x"}}')
	#> '{layer,0,encoding,x,scale,domain}', to_jsonb(ARRAY[U&'__proto__\200B', 'x']),
	'a name that is none of JavaScript''s');
SELECT is(pg_temp.spec('bar_chart', pg_temp.by_shop(), title => 'constructor')
	#>> '{title,text}', U&'constructor\200B', 'nor is a title');
CREATE FUNCTION pg_temp.two() RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.spec('line_chart', pg_temp.by_shop('s.v sum = v, s.f max = f'))
$$;
SELECT is(pg_temp.data(pg_temp.two(), 'y'),
	'[30, 5, 2, null]', 'NaN is no number: the line breaks');
SELECT is(pg_temp.data(pg_temp.two(), 'text'), '["30", "5", "2", "NaN"]', 'but keeps its text');
SELECT is(pg_temp.data(pg_temp.two(), 'alone'), '[null, null, true, null]',
	'what no line reaches is marked');
SELECT is(pg_temp.data(pg_temp.spec('line_chart', pg_temp.by_shop('s.v avg'),
	'{"format": "currency"}'), 'text'), '["15.00", "5.00"]', 'as the format has it');
SELECT is(pg_temp.data(pg_temp.spec('line_chart', pg_temp.by_shop('s.f stddev')), 'text'),
	'["0.71", "NaN"]', 'without a format two decimals will do');
SELECT is(pg_temp.spec('pie_chart', pg_temp.by_shop()) #> '{data,values}',
	'[{"y": 30, "series": "s0", "order": 0, "row": 0, "text": "30", "percent": "85.7%"},
	  {"y": 5, "series": "s1", "order": 1, "row": 1, "text": "5", "percent": "14.3%"}]', 'slices');
SELECT is(pg_temp.spec('heatmap', pg_temp.over_time('s.shop, s.v sum', '{"interval": "month"}'))
	#> '{data,values}',
	'[{"x": "2024-03-01T00:00:00Z", "y": "A", "color": 30, "text": "30", "label": "Mar 2024",
	   "name": "A", "row": 0},
	  {"x": "2024-03-01T00:00:00Z", "y": "B", "color": 5, "text": "5", "label": "Mar 2024",
	   "name": "B", "row": 1}]', 'cells that have a number');
SELECT is(pg_temp.data(pg_temp.spec('map', def('s sales', 's.lon, s.lat, s.shop',
	'{"order_by": [{"alias": "lon"}]}')), 'label'), '["A", "B"]',
	'points that are on the earth are on the map');

-- Times
SELECT is(pg_temp.data(pg_temp.spec('line_chart', pg_temp.over_time('s.v sum',
	'{"interval": "hour", "timezone": "Europe/Berlin"}')), 'x'),
	'["2024-03-31T00:00:00Z", "2024-03-31T01:00:00Z", "2024-03-31T03:00:00Z",
	  "2024-10-27T02:00:00Z"]', 'what a clock in the zone of the answer shows');
SELECT is(pg_temp.spec('line_chart', pg_temp.over_time('s.v sum',
	'{"interval": "hour", "timezone": "Europe/Berlin"}')) #>> '{usermeta,prismiq,timezone}',
	'Europe/Berlin', 'which is told');
SELECT is(pg_temp.data(pg_temp.spec('line_chart', pg_temp.over_time('s.v sum',
	jsonb_build_object('interval', i, 'range', jsonb '{"start": "2024-03-30",
		"end": "2024-03-31"}'))), 'label') ->> 0, wanted, 'a bucket in words: ' || i)
FROM (VALUES ('hour', 'Mar 30, 2024 23:00'), ('day', 'Mar 30, 2024'),
	('week', 'Week of Mar 25, 2024'), ('month', 'Mar 2024'), ('quarter', 'Q1 2024'),
	('6 months', 'Jan – Jun 2024'), ('year', '2024')) AS u (i, wanted);
SELECT is(pg_temp.data(pg_temp.spec('bar_chart', def('s sales', 's.day, s.v sum',
	'{"order_by": [{"alias": "day"}]}')), 'x'),
	'["2024-01-05T00:00:00Z", "2024-01-06T00:00:00Z", "2024-02-07T00:00:00Z"]',
	'what no calendar of a browser has has no place');

-- What it says of itself
SELECT is(pg_temp.spec('bar_chart', pg_temp.by_shop()) -> 'description',
	'"T: bar chart of Sum of v by Shop, 1 series, 2 points"', 'a description');
SELECT is(pg_temp.spec('bar_chart', pg_temp.by_shop(), '{"colors": ["red"], "y_label": "EUR"}',
	'"dark"') #> '{usermeta,prismiq}',
	'{"type": "bar_chart", "shape": "series", "theme": "dark", "timezone": "UTC", "fields":
		{"x": {"kind": "category", "label": "Shop"},
		 "y": {"kind": "number", "label": "EUR", "unit": null},
		 "series": {"label": null, "values": [{"key": "s0", "label": "Sum of v", "color": "red",
			"dash": [1, 0]}]}}}', 'what the fields are');
SELECT is(pg_temp.spec('timeseries', pg_temp.by_shop()) #>> '{usermeta,prismiq,type}', 'line_chart',
	'an alias is what it stands for');
SELECT is(jsonb_path_query_array(pg_temp.spec('line_chart',
		def('s sales', 's.day, s.shop, s.v sum'), '{"max_series": 1}'),
		('$.usermeta.prismiq.fields.series.values[*].' || key)::jsonpath), wanted,
	'the rest is the last series, as in the answer, in a color that is no other''s: ' || key)
FROM (VALUES ('label', '["A", "Other"]'::jsonb), ('color', '["#2563eb", "#8a93a3"]'))
	AS u (key, wanted);
SELECT is(pg_temp.spec('bar_chart', pg_temp.by_shop('s.v sum = v',
	'{"order_by": [{"alias": "v"}]}'), '{"orientation": "horizontal"}')
	#> '{layer,0,encoding,y,scale,domain}', '["B", "A"]',
	'bars that lie, in the order of the rows');
SELECT is(pg_temp.spec('bar_chart', pg_temp.by_shop(),
	'{"labels": {"A": "A category with a name", "B": "B"}}')
	#> '{layer,0,encoding,y,scale,domain}', '["A category with a name", "B"]',
	'bars lie where labels are long');
SELECT is(pg_temp.spec('bar_chart', pg_temp.by_shop(), '{"labels": {"A": "same", "B": "same"}}')
	#> '{layer,0,encoding,x,scale,domain}', '["same", "same (2)"]',
	'two of a name stay two');

-- The axis of measures
CREATE FUNCTION pg_temp.axis(formats jsonb, columns text = 's.v sum = a, s.f avg = b') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('expression', axis -> 'labelExpr', 'format',
		axis -> 'format', 'step', axis -> 'tickMinStep', 'unit',
		spec #> '{usermeta,prismiq,fields,y,unit}'))
	FROM pg_temp.spec('line_chart', pg_temp.by_shop(columns), jsonb_build_object('formats',
		formats)) AS spec, LATERAL (SELECT spec #> '{layer,0,encoding,y,axis}') AS u (axis)
$$;
SELECT is(pg_temp.axis(formats), wanted, formats::text)
FROM (VALUES ('{}'::jsonb, '{"format": ",.6~f"}'::jsonb),
	('{"a": "ratio", "b": "ratio"}', '{"format": ".4~%"}'),
	('{"a": "percent", "b": "percent"}',
		'{"expression": "format(datum.value, '',.4~f'') + ''%''"}'),
	('{"a": "percent"}', '{"format": ",.6~f"}'),
	('{"a": {"currency": "USD"}, "b": {"currency": "USD"}}',
		'{"format": ",.6~f", "unit": "USD"}'),
	('{"a": {"currency": "USD"}, "b": {"currency": "EUR"}}', '{"format": ",.6~f"}'))
	AS u (formats, wanted);
SELECT is(pg_temp.axis('{}', 's.* count = n'), '{"format": ",.6~f", "step": 1}',
	'whole numbers have nothing between them');

-- What is no picture
SELECT is(answer -> 'spec', 'null', type || ': none') FROM
	(VALUES ('metric', def('s sales', 's.v sum'), '{}'::jsonb), ('gauge', def('s sales', 's.v sum'),
		'{}'), ('table', pg_temp.by_shop(), '{}'), ('text', NULL, '{"content": "x"}'),
		('health_status', pg_temp.by_shop(), '{}'),
		('custom_template', pg_temp.by_shop(), '{"template": "x"}'),
		('line_chart', pg_temp.by_shop(rest => filters(cond('s.v gt', '9999'))), '{}'),
		('pie_chart', pg_temp.by_shop(rest => filters(cond('s.v gt', '9999'))), '{}'),
		('map', def('s sales', 's.lon, s.lat', filters(cond('s.lat gt', '90'))), '{}'),
		('line_chart', pg_temp.by_shop('s.day max'), '{}')) AS u (type, query, config),
	LATERAL oracle.widget(type, query, config, options => '{"spec": true}') AS answer;
SELECT is(answer -> 'spec', NULL, 'not asked for: ' || options::text)
FROM unnest('{"{}", "{\"spec\": false}", "{\"spec\": null}"}'::jsonb[]) AS options,
	LATERAL oracle.widget('bar_chart', pg_temp.by_shop(), options => options) AS answer;
SELECT is(refusal('bar_chart', pg_temp.by_shop(), options => options), '22023 INVALID_VALUE',
	'what is no theme is refused: ' || options::text)
FROM unnest('{"{\"spec\": \"blue\"}", "{\"spec\": 1}", "{\"spec\": {}}"}'::jsonb[]) AS options;

-- The function and the option answer the same; the whole dashboard too
SELECT prismiq_dashboard_create(jsonb_build_object('name', 'D', 'filters',
	jsonb '[{"id": "shop", "type": "select", "field": "shop"}]', 'widgets', jsonb_build_array(
		jsonb_build_object('type', 'bar_chart', 'query', pg_temp.by_shop()),
		jsonb_build_object('type', 'metric', 'query', def('s sales', 's.v sum')),
		jsonb_build_object('type', 'line_chart')))) AS board \gset
SELECT (:'board'::jsonb #>> '{widgets,0,id}')::uuid AS bars,
	(:'board'::jsonb #>> '{widgets,1,id}')::uuid AS number,
	(:'board'::jsonb #>> '{widgets,2,id}')::uuid AS nothing,
	(:'board'::jsonb ->> 'id')::uuid AS board_id \gset
SELECT is(prismiq_widget_spec(:'bars')::jsonb,
	prismiq_widget_data(:'bars', '{}', '{"spec": "light"}')::jsonb -> 'spec', 'light unless said');
SELECT is(prismiq_widget_spec(:'bars', '{"shop": "A"}', '{"spec": "dark"}')::jsonb,
	prismiq_dashboard_data(:'board_id', '{"shop": "A"}', '{"spec": "dark"}')::jsonb
		#> ARRAY[:'bars', 'spec'], 'under a filter, dark');
SELECT is(jsonb_array_length(prismiq_widget_spec(:'bars', '{"shop": "A"}')::jsonb
	#> '{data,values}'), 1, 'which binds');
SELECT is(prismiq_widget_spec(:'number')::jsonb, NULL, 'a number is no picture');
SELECT is(prismiq_widget_spec(:'nothing')::jsonb, NULL, 'nor is what asks nothing');
SELECT throws_ok(format('SELECT prismiq.prismiq_widget_spec(%L)', gen_random_uuid()), 'PT404',
	'widget not found', 'a widget that is not there');
SET LOCAL prismiq.tenant_id = 'beta';
SELECT throws_ok(format('SELECT prismiq.prismiq_widget_spec(%L)', :'bars'), 'PT404',
	'widget not found', 'or is another tenant''s');
SELECT is(pg_temp.data(pg_temp.spec('bar_chart', pg_temp.by_shop()), 'x'), '["C"]',
	'each has its own rows');
SET LOCAL prismiq.tenant_id = 'acme';

-- Nothing that was written is a key, or stands where Vega-Lite would read an expression
CREATE FUNCTION pg_temp.keys(node jsonb) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT DISTINCT jsonb_object_keys(n) FROM jsonb_path_query(node, 'strict $.**') AS n
	WHERE jsonb_typeof(n) = 'object'
$$;
CREATE FUNCTION pg_temp.said(type text, query jsonb, title text, config jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	WITH s AS MATERIALIZED (SELECT pg_temp.spec(type, query, config, title => title) AS s),
	keys AS (SELECT pg_temp.keys(s) AS key FROM s)
	SELECT jsonb_agg(x ORDER BY x) FROM (
		SELECT key FROM keys UNION SELECT key || '=' || (v #>> '{}')
		FROM s, unnest('{expr,calculate,labelExpr,filter,title,field,href,url,signal,as,lookup}'
			::text[]) AS key, jsonb_path_query(s - 'title', ('$.**.' || key)::jsonpath) AS v
	) AS u (x)
$$;
SELECT is(pg_temp.said(type, query, E'a\\"b\u2028', jsonb '{"y_label": "a\\\"b", "labels":
		{"A": "a\\\"b", "B": "x"}, "annotations": [{"value": 1, "label": "a\\\"b"}], "thresholds":
		[{"value": 2, "label": "a\\\"b"}]}' || more),
	pg_temp.said(type, query, 'plain', jsonb '{"y_label": "plain", "labels":
		{"A": "plain", "B": "x"}, "annotations": [{"value": 1, "label": "plain"}], "thresholds":
		[{"value": 2, "label": "plain"}]}' || more), type || ' ' || more::text)
FROM (VALUES ('line_chart'), ('area_chart'), ('bar_chart'), ('pie_chart'), ('scatter_chart'),
		('heatmap')) AS t (type),
	(VALUES ('{}'::jsonb), ('{"series": "shop"}'), ('{"orientation": "vertical"}')) AS m (more),
	LATERAL (SELECT CASE type WHEN 'scatter_chart' THEN pg_temp.by_shop('s.v sum = v, s.f min = f')
		ELSE pg_temp.by_shop() END) AS q (query);

-- The tenant's theme: colors and a font, and nothing else
SET LOCAL prismiq.roles = 'admin';
SELECT is(pg_temp.spec('bar_chart', pg_temp.by_shop(), '{}', to_jsonb(theme))
	#>> '{config,range,category,0}', color, theme || ': the first color')
FROM (VALUES ('light', '#2563eb'), ('dark', '#6ea8fe')) AS u (theme, color);
CREATE FUNCTION pg_temp.themed(theme jsonb, spec text = 'light') RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM prismiq.prismiq_schema_config_set(jsonb_build_object('theme', theme));
	RETURN pg_temp.spec('bar_chart', pg_temp.by_shop(), '{}', to_jsonb(spec));
END
$$;
SELECT is(pg_temp.themed('{"colors": "#010203, rgb(4, 5, 6),hsl(7 8% 9%)", "font": "A b, ''C''",
		"text": "#111", "text_secondary": "#222", "grid": "#333", "axis": "#444",
		"background": "#555", "other": "#666", "radius": 3}') #> path, wanted,
	'a theme: ' || path::text)
FROM (VALUES ('{config,range,category}'::text[],
		'["#010203", "rgb(4, 5, 6)", "hsl(7 8% 9%)",
		  "#010203", "rgb(4, 5, 6)", "hsl(7 8% 9%)"]'::jsonb), ('{background}', '"#555"'),
	('{config,font}', '"A b, ''C''"'), ('{config,title,color}', '"#111"'),
	('{config,axis,labelColor}', '"#222"'), ('{config,axis,gridColor}', '"#333"'),
	('{config,axis,domainColor}', '"#444"')) AS u (path, wanted);
SELECT is(pg_temp.themed('{"colors": "#2563eb,#000000", "background": "#ffffff"}')
	#> '{config,range,category}', '["#2563eb", "#000000", "#92b1f5", "#7f7f7f"]',
	'after its colors a theme has the same, half way to the background');
SELECT is(jsonb_array_length(pg_temp.themed('{}') #> '{config,range,category}'), 16, 'its own too');
SELECT is(pg_temp.themed('{"accent": "#0af", "text": "#111", "dark_text": "#eee"}', 'dark')
	#> path, wanted, 'on a dark page: ' || path::text)
FROM (VALUES ('{config,range,category,0}'::text[], '"#0af"'::jsonb),
	('{config,title,color}', '"#eee"')) AS u (path, wanted);
SELECT is(pg_temp.themed('{"accent": "#0af", "text": "#111"}', 'dark') #> '{config,title,color}',
	'"#e6eaf0"', 'and not what is for a light one');
SELECT is(pg_temp.themed(jsonb_build_object(key, value)), pg_temp.themed('{}'),
	format('left out: %s %s', key, value))
FROM (VALUES ('accent', 'url(//x)'), ('text', 'constructor'),
	('font', 'toString'), ('accent', 'red;fill:url(//x)'), ('colors', '#111,</script>'),
	('colors', 'rgb(1,2'), ('colors', ''), ('colors', ','), ('font', 'x;background:url(//x)'),
	('font', 'a"b'), ('font', ''), ('font', repeat('x', 201)), ('text', 'var(--x)'),
	('background', 'expression(1)'), ('dark_text', '#eee')) AS u (key, value);

SELECT * FROM finish();
ROLLBACK;
