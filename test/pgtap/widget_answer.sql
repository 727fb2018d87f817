-- What all answers of widgets have in common: labels, roles, zone, bucket, filters and their
-- reasons, formatted rows, order of the widgets, types, default queries; one snapshot, read only,
-- and no row of another tenant.
\getenv dir TEST_DIR
\set lib :dir /lib/widgets.sql
\ir :lib

SET LOCAL ROLE NONE;
CREATE TABLE public.events (tenant text, id int, at timestamptz, kind text, v numeric,
	gdp_2020 int, "GDP_net" int);
INSERT INTO public.events
SELECT t, i, timestamptz '2024-01-01 20:00+00' + i * interval '7 hours', 'k' || i % 3, i, i, i
FROM unnest('{acme,beta}'::text[]) AS t, generate_series(1, 12) AS i;
SELECT oracle.expose('public.events') \g /dev/null
SET LOCAL ROLE app_user;
CREATE FUNCTION pg_temp.events(columns text, rest jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT def('e events', columns, rest)
$$;

-- Labels
CREATE TEMP TABLE labelled (columns text, rest jsonb, config jsonb, wanted text, name text);
INSERT INTO labelled VALUES
	('e.kind, e.v avg, e.v sum, e.* count, e.kind count_distinct', '{}', '{}',
	 'Kind|Average v|Sum of v|Number of events|Number of different kind', 'aggregations in words'),
	('e.v min, e.v max, e.v median, e.v stddev, e.v variance, e.kind mode', '{}', '{}',
	 'Minimum v|Maximum v|Median v|Standard deviation of v|Variance of v|Most frequent kind',
	 'all of them'),
	('e.v corr', '{"columns": [{"table_id": "e", "column": "v", "aggregation": "corr",
		"args": {"column": "gdp_2020"}}]}', '{}', 'Correlation of v with gdp 2020',
	 'of two columns'),
	('e.gdp_2020 sum, e.GDP_net max', '{}', '{}', 'Sum of gdp 2020|Maximum GDP net',
	 'names are made readable'),
	('e.v sum = total', '{}', '{}', 'Sum of v', 'an alias is no label'),
	('e.v sum = one, e.v sum = other_one', '{}', '{}', 'One|Other one',
	 'but tells apart what would be called the same'),
	('e.v sum, e.v sum', '{}', '{}', 'Sum of v|Sum of v (2)', 'else a number does'),
	('e.v sum, e.v sum = two', '{}', '{}', 'Sum of v|Two', 'one alias'),
	('e.v sum = a, e.v avg = b', '{}', '{"labels": {"b": "Sum of v"}}', 'A|Sum of v',
	 'what the config says stays as it is'),
	('e.v sum, e.v avg = b', '{}', '{"labels": {"b": "Sum of v"}}', 'Sum of v (2)|Sum of v',
	 'and comes before what is made up'),
	('e.v sum = a, e.v avg = b', '{}', '{"labels": {"a": "X", "b": "X"}}', 'X|X (2)',
	 'though not twice'),
	('e.v sum = a, e.v avg = b, e.v max = c', '{}', '{"labels": {"a": "X", "b": "X",
		"c": "X (2)"}}',
	 'X|X (3)|X (2)', 'a number is not one that stands there'),
	('e.v sum = a', '{}', '{"labels": {"a": ""}}', 'Sum of v', 'an empty label is none'),
	('e.kind, e.v sum', '{"totals": true}', '{}', 'Kind|Sum of v|Level', 'levels'),
	('e.v sum', '{"time_series": {"table_id": "e", "date_column": "at", "interval": "day"}}', '{}',
	 'At|Sum of v', 'a bucket is called like its column'),
	('e.at, e.v sum', '{"time_series": {"table_id": "e", "date_column": "at", "interval": "day"}}',
	 '{}', 'At|At (2)|Sum of v', 'not like another column'),
	('e.kind, e.v sum', '{"pivot": {"column": "kind", "value": "v_sum"}}', '{}', 'k0|k1|k2',
	 'a pivot''s columns are called like the values'),
	('e.kind, e.v sum', '{"pivot": {"column": "kind", "value": "v_sum"}}',
	 '{"labels": {"k1": "First"}}', 'k0|First|k2', 'or as the config says'),
	('e.v sum = s', '{"windows": [{"alias": "running_share", "function": "percent_of_total",
		"of": "s"}]}', '{}', 'Sum of v|Running share', 'windows are called like their aliases'),
	('e.v sum = s', '{"windows": [{"alias": "part", "function": "percent_of_total", "of": "s"}],
		"calculated_fields": [{"name": "half_of_it", "expression": "[part] / 2"}],
		"columns": [{"column": "half_of_it"}, {"table_id": "e", "column": "v", "aggregation": "sum",
			"alias": "s"}, {"column": "half_of_it", "alias": "h", "display_name": "Half"}]}', '{}',
	 'Half of it|Sum of v|Half|Part', 'and fields over them like other fields');
SELECT is(labels(widget('table', pg_temp.events(columns, rest), config)), wanted, name)
FROM labelled;
SELECT is(labels(widget('table', jsonb '{"tables": [{"id": "e", "name": "events"}], "columns": [
		{"table_id": "e", "column": "v", "aggregation": "sum", "alias": "late",
		 "filters": [{"table_id": "e", "column": "v", "operator": "gt", "value": 5}]},
		{"table_id": "e", "column": "ratio"}, {"table_id": "e", "column": "v",
		 "display_name": "As said"}], "calculated_fields": [{"name": "ratio",
		 "expression": "[v] / 2"}], "group_by": [{"table_id": "e", "column": "ratio"},
		 {"table_id": "e", "column": "v"}]}')), 'Late|Ratio|As said',
	'of a measure with filters the alias, of a field its name, else what the column says');
SET LOCAL ROLE NONE;
INSERT INTO prismiq.prismiq_schema_config (tenant_id, config) VALUES ('acme',
	'{"tables": {"events": {
	"display_name": "Happenings", "columns": {"v": {"display_name": "Volume",
		"format": "compact"}}}}}');
SET LOCAL ROLE app_user;
SELECT is(labels(widget('table', pg_temp.events('e.kind, e.v avg, e.* count'))),
	'Kind|Average volume|Number of happenings', 'names of the configuration');
SELECT is(widget('table', pg_temp.events('e.v max')) #>> '{columns,0,format}', 'compact',
	'and its formats');
SELECT is(widget('table', pg_temp.events('e.v max'), '{"formats": {"v_max": "number"}}')
	#>> '{columns,0,format}', 'number', 'the widget''s own come before them');

-- Roles
SELECT is((SELECT string_agg(concat_ws(' ', c ->> 'name', c ->> 'role', c ->> 'type'), '|'
	ORDER BY n)
	FROM jsonb_array_elements(widget('line_chart', pg_temp.events('e.kind, e.v sum = s',
		'{"time_series": {"table_id": "e", "date_column": "at", "interval": "day",
			"range": {"start": "2024-01-01", "end": "2024-01-05"}},
		  "compare": {"period": "previous_week"}, "windows": [{"alias": "w",
			"function": "percent_of_total", "of": "s"}]}')) -> 'columns') WITH ORDINALITY
			AS u (c, n)),
	'at_bucket time timestamp with time zone|kind dimension text|s measure numeric|'
	'w measure numeric|s_previous measure numeric|s_change measure numeric|'
	's_change_percent measure numeric', 'roles and types');

-- Zone and bucket
SELECT is(widget('line_chart', pg_temp.events('e.v sum', jsonb_build_object('time_series',
		jsonb '{"table_id": "e", "date_column": "at", "interval": "day"}' || series)),
		board => board, options => options)
		#>> '{timezone}', zone, 'the zone: ' || zone || ' of ' || concat(series, board, options))
FROM (VALUES ('{}'::jsonb, '{}'::jsonb, '{}'::jsonb, 'UTC'),
	('{}', '{"timezone": "Asia/Tokyo"}', '{}', 'Asia/Tokyo'),
	('{}', '{"timezone": "Asia/Tokyo"}', '{"timezone": "Asia/Kolkata"}', 'Asia/Kolkata'),
	('{"timezone": "Europe/Paris"}', '{"timezone": "Asia/Tokyo"}', '{"timezone": "Asia/Kolkata"}',
	 'Europe/Paris')) AS z (series, board, options, zone);
SELECT is(widget('line_chart', pg_temp.events('e.v sum', '{"time_series": {"table_id": "e",
		"date_column": "at", "interval": "day"}}'), board => '{"timezone": "Asia/Tokyo"}')
		#> '{series,series,0,points,0}', '["2024-01-02T00:00:00+09:00", 3]',
	'points are in the zone of the answer');
SELECT is(widget('line_chart', pg_temp.events('e.v sum', jsonb_build_object('time_series',
		jsonb_build_object('table_id', 'e', 'date_column', 'at', 'interval',
			interval_text)))) ->> 'bucket',
	bucket, 'the bucket of ' || interval_text)
FROM (VALUES ('day', '1 day'), ('6 hours', '6 hours'), ('quarter', '3 months')) AS b (interval_text,
	bucket);

-- Formatted rows
SELECT is(widget('metric', pg_temp.events('e.v sum = s, e.at max = m'), '{"formats": {"s":
		{"type": "number", "decimals": 1}, "m": "date"}}', options => '{"formatted": true}')
		-> 'formatted', '[["78.0", "2024-01-05"]]', 'rows as people read them');
SELECT is(widget('metric', pg_temp.events('e.v sum')) ? 'formatted', false, 'only if asked for');
SELECT is(widget('metric', pg_temp.events('e.v sum'), options => '{"format": "objects"}') -> 'rows',
	'[[78]]', 'rows are arrays whatever the format is');

-- Filters and why they do not bind
SELECT is((SELECT string_agg(concat_ws(' ', f ->> 'id', f ->> 'applied', coalesce(f ->> 'reason',
	'-')),
		'|' ORDER BY n) FROM jsonb_array_elements(widget('metric', pg_temp.events('e.v sum'),
			board =>
		'{"filters": [
			{"id": "kind", "type": "select", "label": "Kind", "field": "kind"},
			{"id": "min", "type": "number_range", "label": "V", "field": "v",
			"default_value": {"min": 5}},
			{"id": "idle", "type": "text", "label": "Kind", "field": "kind"},
			{"id": "other", "type": "select", "label": "Kind", "field": "kind", "applies_to": []},
			{"id": "far", "type": "text", "label": "City", "field": "city", "table": "airports"}]}',
		filters => '{"kind": "k1", "idle": "", "other": "k2", "far": "x"}') -> 'filters')
		WITH ORDINALITY AS u (f, n)),
	'kind true -|min true -|idle false no_value|other false not_listed|far false no_such_column',
	'each filter says whether it binds the widget, and why not');
SELECT is(widget('metric', pg_temp.events('e.v sum'), board => '{"filters": [
			{"id": "kind", "type": "select", "label": "Kind", "field": "kind"},
			{"id": "min", "type": "number_range", "label": "V", "field": "v",
			 "default_value": {"min": 5}}]}', filters => '{"kind": "k1"}') #> '{metric,value}',
	(SELECT to_jsonb(sum(v)) FROM events WHERE tenant = 'acme' AND kind = 'k1' AND v >= 5),
	'and the value is what they leave');
SELECT is(widget('metric', pg_temp.events('e.v sum'), '{"sparkline": {"interval": "day", "column":
		"at"}}', board => '{"filters": [{"id": "kind", "type": "select", "label": "Kind",
		"field": "kind"}]}', filters => '{"kind": "k1"}') #> '{metric,sparkline}',
	(SELECT jsonb_agg(jsonb_build_array(to_jsonb(d), coalesce(s, 0)) ORDER BY d) FROM (
		SELECT d, (SELECT sum(v) FROM events WHERE tenant = 'acme' AND kind = 'k1'
			AND at >= d AND at < d + interval '1 day') AS s
		FROM generate_series(timestamptz '2024-01-02', '2024-01-05', interval '1 day') AS d) AS q),
	'what is asked beside the query is under the same filters');

-- Cut answers
SELECT is(widget('bar_chart', pg_temp.events('e.id, e.v', '{"order_by": [{"alias": "id"}]}'),
		options => '{"max_rows": 3}') - 'columns' - 'series' - 'title' - 'filters' - 'timezone'
		- 'warnings' - 'bucket' - 'type' - 'shape',
	'{"rows": [[1, 1], [2, 2], [3, 3]], "row_count": 3, "truncated": true}',
		'an answer that is cut');

-- Without a query
SELECT is(widget('metric', NULL) #>> '{error,code}', 'EMPTY_QUERY', 'nothing to ask');
SELECT isnt(widget('metric', NULL) #>> '{error,hint}', NULL, 'with a hint');
SELECT is(widget('text', NULL, '{"content": "# Hi\n<b>"}') - 'title' - 'timezone',
	'{"type": "text", "shape": "text", "columns": [], "rows": [], "row_count": 0, "bucket": null,
	  "truncated": false, "filters": [], "warnings": [],
	  "text": {"content": "# Hi\n<b>", "markdown": true}}', 'a text is as it was written');
SELECT is(widget('text', NULL, '{}') -> 'text', '{"content": null, "markdown": true}',
	'an empty one');

-- Types of a customer's own
SET LOCAL ROLE NONE;
INSERT INTO prismiq.prismiq_widget_types (type, alias_of, label, shape, default_config) VALUES
	('share', 'pie_chart', 'Share', 'series', '{"max_slices": 1, "format": "percent"}'),
	('big_number', 'metric', 'Big', 'metric', '{"format": {"type": "number", "decimals": 3}}');
INSERT INTO prismiq.prismiq_widget_types (type, label, shape, default_query, default_config) VALUES
	('kind_total', 'Total of a kind', 'metric', '{"tables": [{"id": "e", "name": "events"}],
		"columns": [{"table_id": "e", "column": "v", "aggregation": "sum"}],
		"filters": [{"table_id": "e", "column": "kind", "operator": "eq",
			"value": {"param": "kind"}},
			{"table_id": "e", "column": "v", "operator": "gte", "value": {"param": "least"}}],
		"params": {"kind": {"type": "text", "default": "k0"},
			"least": {"type": "number", "default": 0}}}', '{"least": 3}');
SET LOCAL ROLE app_user;
SELECT is(widget('share', pg_temp.events('e.kind, e.v sum')) #> '{series,slices}',
	(SELECT jsonb_agg(jsonb_build_object('name', name, 'label', name, 'value', v, 'formatted',
		v || '%', 'percent', 100 * v / 78, 'color', NULL) ORDER BY n)
	 FROM (VALUES ('k0', 30::numeric, 1), ('Other', 48, 2)) AS s (name, v, n)),
	'an alias has the shape of its type, and a config of its own');
SELECT is(widget('share', pg_temp.events('e.kind, e.v sum'), '{"max_slices": 2}')
	#>> '{series,slices,2,name}', 'Other', 'the widget''s comes before it');
SELECT is(widget('share', pg_temp.events('e.kind, e.v sum')) ->> 'type', 'share',
	'the answer names the type that the widget has');
SELECT is(widget('big_number', pg_temp.events('e.v sum')) #>> '{metric,formatted}', '78.000',
	'a metric of one''s own');
SELECT is(widget('kind_total', NULL, config, options => options) #> '{metric,value}',
	(SELECT to_jsonb(sum(v)) FROM events WHERE tenant = 'acme' AND kind = wanted AND v >= least),
	concat('a default query with ', config, options))
FROM (VALUES ('{}'::jsonb, '{}'::jsonb, 'k0', 3), ('{"kind": "k1"}', '{}', 'k1', 3),
	('{"kind": "k1", "least": 8}', '{}', 'k1', 8),
	('{"kind": "k1", "least": 8}', '{"params": {"kind": "k2"}}', 'k2', 8),
	('{"kind": "k1"}', '{"params": {"elsewhere": 1}}', 'k1', 3))
		AS p (config, options, wanted, least);
SELECT is(widget('kind_total', pg_temp.events('e.v max')) #> '{metric,value}', '12',
	'a query of the widget''s own comes before it');

-- A dashboard: order, and equal queries once
SELECT prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'All', 'widgets',
	jsonb_build_array(
	jsonb_build_object('id', '10000000-0000-4000-8000-000000000001', 'type', 'metric', 'query',
		pg_temp.events('e.v sum')),
	jsonb_build_object('id', '10000000-0000-4000-8000-000000000002', 'type', 'table', 'query',
		pg_temp.events('e.kind, e.v sum')),
	jsonb_build_object('id', '10000000-0000-4000-8000-000000000003', 'type', 'metric', 'query',
		pg_temp.events('e.v sum'), 'config', '{"format": "currency"}'::jsonb),
	jsonb_build_object('id', '10000000-0000-4000-8000-000000000004', 'type', 'gauge', 'query',
		pg_temp.events('e.v sum'), 'config', '{"labels": {"v_sum": "All"}}'::jsonb),
	jsonb_build_object('id', '10000000-0000-4000-8000-000000000005', 'type', 'metric'))))
	->> 'id' AS d \gset
SELECT is((SELECT string_agg(right(k, 1), '' ORDER BY n) FROM
	json_object_keys(prismiq.prismiq_dashboard_data(:'d', '{}', '{"widgets": [
		"10000000-0000-4000-8000-000000000004", "10000000-0000-4000-8000-000000000001",
		"10000000-0000-4000-8000-000000000004"]}')) WITH ORDINALITY AS u (k, n)), '41',
	'some widgets, in the order in which they are asked for');
SELECT is((SELECT string_agg(right(k, 1), '' ORDER BY n) FROM
	json_object_keys(prismiq.prismiq_dashboard_data(:'d')) WITH ORDINALITY AS u (k, n)), '12345',
		'all');
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_data(%L, ''{}'', ''{"widgets":
	["10000000-0000-4000-8000-000000000009"]}'')', :'d'), 'PT404', 'widget not found',
	'one that is not there');
CREATE FUNCTION pg_temp.scans() RETURNS bigint LANGUAGE sql AS $$
	SELECT pg_stat_get_xact_numscans('public.events'::regclass)
$$;
SELECT pg_temp.scans() AS before \gset
SELECT prismiq.prismiq_dashboard_data(:'d') AS answers \gset
SELECT is(pg_temp.scans() - :before, 2::bigint, 'equal queries run once');
SELECT is((SELECT string_agg(concat_ws(' ', w #>> '{metric,value}', w #>> '{metric,formatted}',
		w #>> '{metric,label}'), '|' ORDER BY k) FROM jsonb_each(:'answers') AS a (k, w)
		WHERE w ? 'metric'), '78 78 Sum of volume|78 78.00 Sum of volume|78 78 All',
	'each is shown in its own way');
SELECT is((SELECT count(*) FROM jsonb_each(:'answers') AS a (k, w) WHERE (w - 'widget_id'
	- 'execution_time_ms') <> (prismiq.prismiq_widget_data(k::uuid)::jsonb - 'widget_id'
	- 'execution_time_ms')), 0::bigint,
		'the answers are those that the widgets have by themselves');

-- Read only, and nobody else's rows
SELECT prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'Shapes', 'widgets',
	(SELECT jsonb_agg(
		jsonb_build_object('id', ('20000000-0000-4000-8000-0000000000' || lpad(n::text, 2, '0')),
			'type', type, 'query', query, 'config', config))
	FROM (VALUES (1, 'metric', pg_temp.events('e.v avg', filters(cond('e.at between',
			'["2024-01-03", "2024-01-04"]'))), '{"trend": {"period": "previous_period"},
			"sparkline": {"interval": "6 hours"}, "thresholds": [{"value": 1,
			"label": "x"}]}'::jsonb),
		(2, 'line_chart', pg_temp.events('e.kind, e.v avg', '{"time_series": {"table_id": "e",
			"date_column": "at", "interval": "day"}}'), '{"max_series": 1}'),
		(3, 'pie_chart', pg_temp.events('e.kind, e.v median'), '{"max_slices": 1}'),
		(4, 'scatter_chart', pg_temp.events('e.kind, e.v sum, e.id max',
			'{"order_by": [{"alias": "kind"}]}'), '{}'),
		(5, 'heatmap', pg_temp.events('e.kind, e.v sum', '{"time_series": {"table_id": "e",
			"date_column": "at", "interval": "day"}}'), '{}'),
		(6, 'table', pg_temp.events('e.kind, e.v sum', '{"totals": true,
			"order_by": [{"alias": "kind"}]}'), '{"page_size": 2}'),
		(7, 'health_status', pg_temp.events('e.kind, e.v, e.at', '{"order_by": [{"alias": "at"}]}'),
		 '{"status_mapping": [{"value": 12, "label": "Best"}]}'),
		(8, 'bar_chart', pg_temp.events('e.kind, e.v sum', '{"pivot": {"column": "kind",
			"value": "v_sum"}}'), '{}'),
		(9, 'metric', pg_temp.events('e.v sum', '{"time_series": {"table_id": "e",
			"date_column": "at", "interval": "auto"}}'), '{}')) AS w (n, type, query, config))))
	->> 'id' AS shapes \gset
CREATE FUNCTION pg_temp.all_shapes(dashboard uuid) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(k || regexp_replace(w::text, '"execution_time_ms":[0-9.]+', ''), E'\n'
		ORDER BY k)
	FROM json_each(prismiq.prismiq_dashboard_data(dashboard, '{}', '{"formatted": true}'))
		AS a (k, w)
$$;
SELECT pg_temp.all_shapes(:'shapes') AS before \gset
SELECT is(:'before'::text LIKE '%"error"%', false, 'all shapes answer');
SET LOCAL ROLE NONE;
INSERT INTO public.events
SELECT t, 1000 + i, timestamptz '2020-01-01' + i * interval '3 days', (ARRAY['k0', 'k1', 'x' || i,
	NULL, ''])[i % 5 + 1], CASE i % 4 WHEN 0 THEN 'NaN' WHEN 1 THEN NULL ELSE 1e20 END, i, i
FROM unnest('{beta,gamma,"",Acme,"acme "}'::text[]) AS t, generate_series(1, 2000) AS i;
ANALYZE public.events;
SET LOCAL ROLE app_user;
SELECT is(pg_temp.all_shapes(:'shapes'), :'before',
	'rows of other tenants change no byte of any shape');
SET LOCAL transaction_read_only = on;
SELECT is(pg_temp.all_shapes(:'shapes'), :'before',
	'and all of them answer in a transaction that only reads');

SELECT * FROM finish();
ROLLBACK;
