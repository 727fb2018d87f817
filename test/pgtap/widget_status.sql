-- States of services: the mapping, the latest row, the worst, and how many of each.
\getenv dir TEST_DIR
\set lib :dir /lib/widgets.sql
\ir :lib

SET LOCAL ROLE NONE;
CREATE TABLE public.checks (tenant text, service text, at timestamptz, code int, state text,
	since date, note text, up boolean, load numeric);
INSERT INTO public.checks VALUES
	('acme', 'api', '2024-01-01 10:00+00', 2, 'down', '2024-01-01', 'broken', false, 2.5),
	('acme', 'api', '2024-01-01 12:00+00', 0, 'ok', '2023-12-01', NULL, true, 0),
	('acme', 'api', '2024-01-01 11:00+00', 1, 'slow', '2024-01-01', 'slow', true, 1.0),
	('acme', 'web', '2024-01-01 12:00+00', 1, 'slow', '2024-01-01', 'busy', true, 1),
	('acme', 'job', NULL, 0, 'ok', NULL, NULL, true, 0.5),
	('acme', 'job', '2024-01-01 09:00+00', 7, 'odd', NULL, 'who knows', NULL, NULL),
	('acme', NULL, '2024-01-01 08:00+00', NULL, NULL, NULL, NULL, NULL, NULL),
	('beta', 'api', '2024-06-01 12:00+00', 2, 'down', '2024-06-01', 'theirs', false, 9);
SELECT oracle.expose('public.checks') \g /dev/null
SET LOCAL ROLE app_user;

CREATE FUNCTION pg_temp.checks(columns text, rest jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT def('c checks', columns, jsonb '{"order_by": [{"table_id": "c", "column": "service"},
		{"table_id": "c", "column": "at"}]}' || rest)
$$;
CREATE FUNCTION pg_temp.mapping() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb '{"status_mapping": [{"value": 0, "label": "Fine", "color": "green"},
		{"value": 1, "label": "Slow", "color": "orange"}, {"value": 2, "label": "Down"}]}'
$$;
CREATE FUNCTION pg_temp.service(name text, value jsonb, label text, color text, level int,
	since text = NULL, message text = NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('name', name, 'value', value, 'label', label, 'color', color,
		'level', level, 'since', since, 'message', message)
$$;
-- Labels of the services, in their order.
CREATE FUNCTION pg_temp.states(query jsonb, config jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg((s ->> 'name') || ' ' || (s ->> 'label') || ' ' || (s ->> 'level'), '|'
		ORDER BY n)
	FROM jsonb_array_elements(shape('health_status', query, config) -> 'services')
		WITH ORDINALITY AS u (s, n)
$$;

-- The whole of it
SELECT is(shape(type, pg_temp.checks('c.service, c.code, c.at, c.note'),
		pg_temp.mapping() || '{"name": "service", "value": "code", "message": "note"}'),
	jsonb_build_object('services', jsonb_build_array(
		pg_temp.service('api', '0', 'Fine', 'green', 0, '2024-01-01T12:00:00+00:00'),
		pg_temp.service('job', '7', 'unknown', NULL, 3, '2024-01-01T09:00:00+00:00', 'who knows'),
		pg_temp.service('web', '1', 'Slow', 'orange', 1, '2024-01-01T12:00:00+00:00', 'busy'),
		pg_temp.service('(none)', 'null', 'unknown', NULL, 3, '2024-01-01T08:00:00+00:00')),
		'worst', 'unknown', 'counts', jsonb '{"Fine": 1, "Slow": 1, "unknown": 2}'),
	type || ': the latest row of each service')
FROM unnest('{health_status,fleet_status}'::text[]) AS type;
SELECT is(widget('health_status', pg_temp.checks('c.service, c.code, c.at, c.note'),
		pg_temp.mapping()) - 'status' - 'columns' - 'title', jsonb_build_object('type',
		'health_status', 'shape', 'status', 'timezone', 'UTC', 'bucket', NULL, 'rows',
		jsonb '[["api", 2, "2024-01-01T10:00:00+00:00", "broken"],
			["api", 1, "2024-01-01T11:00:00+00:00", "slow"],
			["api", 0, "2024-01-01T12:00:00+00:00", null],
			["job", 7, "2024-01-01T09:00:00+00:00", "who knows"], ["job", 0, null, null],
			["web", 1, "2024-01-01T12:00:00+00:00", "busy"],
			[null, null, "2024-01-01T08:00:00+00:00", null]]',
		'row_count', 7, 'truncated', false, 'filters', '[]'::jsonb, 'warnings', '[]'::jsonb),
	'the rest of the answer has all rows');
SELECT is(shape('health_status', pg_temp.checks('c.service, c.code', filters(
		cond('c.code gt', '99'))), pg_temp.mapping()),
	'{"services": [], "worst": null, "counts": {}}', 'no rows: no services, and none is the worst');

-- Which column is what
SELECT is(pg_temp.states(pg_temp.checks('c.service, c.code, c.at'), pg_temp.mapping()),
	'api Fine 0|job unknown 3|web Slow 1|(none) unknown 3', 'without config: by roles and types');
SELECT is(pg_temp.states(pg_temp.checks('c.at, c.code, c.service'),
		pg_temp.mapping() || '{"name": "service"}'),
	'api Fine 0|job unknown 3|web Slow 1|(none) unknown 3', 'the config names the name');
SELECT is(pg_temp.states(pg_temp.checks('c.service, c.load, c.at, c.code'),
		pg_temp.mapping() || '{"value": "code"}'),
	'api Fine 0|job unknown 3|web Slow 1|(none) unknown 3', 'and the value');
SELECT is(pg_temp.states(def('c checks', 'c.service, c.code max = worst', '{"order_by":
		[{"alias": "service"}]}'), pg_temp.mapping()),
	'api Down 2|job unknown 3|web Slow 1|(none) unknown 3', 'a measure is the value');
SELECT is(shape('health_status', pg_temp.checks('c.service, c.code, c.since, c.at'),
		pg_temp.mapping() || '{"since": "since"}') #> '{services,0}',
	pg_temp.service('api', '2', 'Down', NULL, 2, '2024-01-01'),
	'a time that the config names is what the latest row is told by');
SELECT is(shape('health_status', def('c checks', 'c.service, c.code last = now', '{"time_series":
		{"table_id": "c", "date_column": "at", "interval": "hour", "alias": "hour",
		 "fill_missing": false}}' || filters(cond('c.service eq', '"api"'))),
			pg_temp.mapping()) -> 'services',
	jsonb_build_array(pg_temp.service('api', '0', 'Fine', 'green', 0, '2024-01-01T12:00:00+00:00')),
	'of a series the last bucket counts');
SELECT is(shape('health_status', pg_temp.checks('c.service, c.code', '{"order_by":
		[{"table_id": "c", "column": "service"}, {"table_id": "c", "column": "code",
		"direction": "DESC"}]}'), pg_temp.mapping()) -> 'counts',
	'{"Down": 1, "Slow": 1, "unknown": 2}', 'without a time the first row in order counts');
SELECT is(shape('health_status', def('c checks', 'c.code max = worst',
		filters(cond('c.service eq', '"web"'))), pg_temp.mapping()) -> 'services',
	jsonb_build_array(pg_temp.service('Health', '1', 'Slow', 'orange', 1)),
	'without a name: the widget');
SELECT is(warnings('health_status', pg_temp.checks('c.service, c.code'),
		pg_temp.mapping() || '{"message": "gone"}'),
	'COLUMN_NOT_FOUND /config/message the answer has no column "gone"',
		'a column that is not there');
SELECT is(shape('health_status', def('c checks', 'c.service, c.at max = seen, c.code max = code',
		'{"order_by": [{"alias": "service"}]}'), pg_temp.mapping() || '{"value": "code"}')
		#> '{services,0}', pg_temp.service('api', '2', 'Down', NULL, 2,
			'2024-01-01T12:00:00+00:00'),
	'since is a time column, a measure too');
SELECT is(shape('health_status', def('c checks', 'c.service, c.code max = code',
		'{"totals": true, "order_by": [{"alias": "service"}]}'), pg_temp.mapping()) -> 'counts',
	'{"Down": 1, "Slow": 1, "unknown": 2}', 'totals are no service');

-- The mapping
SELECT is(pg_temp.states(pg_temp.checks('c.service, c.' || col || ', c.at'),
	jsonb_build_object('value', col, 'status_mapping', mapping)), wanted, name)
FROM (VALUES
	('state', '[{"value": "ok"}, {"value": "slow", "label": "Slow"}]'::jsonb,
	 'api ok 0|job unknown 2|web Slow 1|(none) unknown 2', 'texts; without a label the value'),
	('up', '[{"value": true, "label": "Up"}, {"value": false, "label": "Down"}]',
	 'api Up 0|job unknown 2|web Up 0|(none) unknown 2', 'booleans'),
	('load', '[{"value": 0, "label": "Idle"}, {"value": 1, "label": "Busy"}]',
	 'api Idle 0|job unknown 2|web Busy 1|(none) unknown 2', 'a number however it is written'),
	('load', '[{"value": 0.00, "label": "Idle"}, {"value": 1.000, "label": "Busy"}]',
	 'api Idle 0|job unknown 2|web Busy 1|(none) unknown 2', 'in the mapping too'),
	('code', '[{"value": "0", "label": "Zero"}, {"value": "1", "label": "One"}]',
	 'api Zero 0|job unknown 2|web One 1|(none) unknown 2', 'a number as text'),
	('code', '{"0": {"label": "Fine"}, "10": {"label": "Gone"}, "7": {"label": "Odd"},
		"1": {"label": "Slow"}}',
	 'api Fine 0|job Odd 2|web Slow 1|(none) unknown 4', 'an object, in the order of its numbers'),
	('code', '{"7": {"label": "Odd"}, "-1": {"label": "Off"}, "0": {"label": "Fine"}}',
	 'api Fine 1|job Odd 2|web unknown 3|(none) unknown 3', 'with a negative one'),
	('code', '[{"value": 1, "label": "Slow"}, {"value": null, "label": "Silent"},
		{"value": 0, "label": "Fine"}]',
	 'api Fine 2|job unknown 3|web Slow 0|(none) Silent 1',
		'null has a place where it is given one'),
	('code', '[]', 'api unknown 0|job unknown 0|web unknown 0|(none) unknown 0',
		'an empty mapping'),
	('code', '[{"value": 0, "label": "A"}, {"value": 0, "label": "B"}]',
	 'api A 0|job unknown 2|web unknown 2|(none) unknown 2',
		'a value that is there twice: the first'))
	AS m (col, mapping, wanted, name);
SELECT is(pg_temp.states(pg_temp.checks('c.service, c.code, c.at'), '{}'),
	'api unknown 0|job unknown 0|web unknown 0|(none) unknown 0', 'no mapping');
SELECT is(shape('health_status', pg_temp.checks('c.service, c.code, c.at'), '{"status_mapping":
		[{"value": 0, "label": "Fine"}, {"value": 1, "label": "Not fine"},
		 {"value": 7, "label": "Not fine"}]}') - 'services',
	'{"worst": "unknown", "counts": {"Fine": 1, "Not fine": 2, "unknown": 1}}',
	'values of one label are counted together');
SELECT is(shape('health_status', pg_temp.checks('c.service, c.code, c.at',
		filters(cond('c.service in', '["api", "web"]'))), pg_temp.mapping()) ->> 'worst', 'Slow',
	'the worst is the last of the mapping that is there');
SELECT is(shape('health_status', pg_temp.checks('c.service, c.code, c.at',
		filters(cond('c.service in', '["api", "web"]'))), '{"status_mapping": [{"value": 1,
		"label": "Slow"}, {"value": 0, "label": "Fine"}]}') ->> 'worst', 'Fine',
	'whatever the values are: it is best first');

SELECT * FROM finish();
ROLLBACK;
