-- Answers of widgets and dashboards: filters merged in, one snapshot, broken widgets.
\set ON_ERROR_STOP on

CREATE TABLE public.sensors
(
	id			integer PRIMARY KEY,
	org			text NOT NULL,
	read_at		timestamptz NOT NULL,
	level		numeric,
	count		integer,
	active		boolean,
	place		text
);
INSERT INTO public.sensors
SELECT i, CASE WHEN i % 3 = 0 THEN 'other' ELSE 'acme' END,
	'2024-01-01 00:00+00'::timestamptz + i * interval '7 hours', i / 10.0, i % 4,
	i % 2 = 0, CASE WHEN i % 5 = 0 THEN NULL ELSE 'place ' || i % 4 END
FROM generate_series(1, 300) AS i;
GRANT SELECT ON public.sensors TO app_user;
SELECT FROM prismiq.prismiq_expose('public.sensors', tenant_column => 'org');

SET TIME ZONE 'UTC';
SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) AS context \gset

-- One dashboard: a count, a filtered sum, a text, a broken one, one on a saved query that only
-- ann sees, and one on another table.
SELECT prismiq.prismiq_saved_query_create('{"name": "Mine", "query": {
	"tables": [{"id": "s", "name": "sensors"}],
	"columns": [{"table_id": "s", "column": "level", "aggregation": "max"}]}}') ->> 'id' AS q \gset
SELECT prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'Data', 'is_public', true,
	'timezone', 'America/New_York',
	'filters', '[
		{"id": "when", "type": "date_range", "label": "When", "field": "read_at"},
		{"id": "place", "type": "multi_select", "label": "Place", "field": "place"},
		{"id": "count", "type": "select", "label": "Count", "field": "count"},
		{"id": "active", "type": "select", "label": "Active", "field": "active"},
		{"id": "level", "type": "number_range", "label": "Level", "field": "level"},
		{"id": "find", "type": "text", "label": "Find", "field": "place"},
		{"id": "only", "type": "select", "label": "Only", "field": "place",
		 "applies_to": ["10000000-0000-4000-8000-000000000002"]},
		{"id": "lost", "type": "select", "label": "Lost", "field": "place",
		 "applies_to": ["10000000-0000-4000-8000-000000000002"]},
		{"id": "table", "type": "text", "label": "Table", "field": "place",
		 "table": "public.sensors"}]'::jsonb,
	'widgets', jsonb_build_array(
		'{"id": "10000000-0000-4000-8000-000000000001", "type": "metric", "query": {
			"tables": [{"id": "s", "name": "sensors"}],
			"columns": [{"table_id": "s", "column": "*", "aggregation": "count"}]}}'::jsonb,
		'{"id": "10000000-0000-4000-8000-000000000002", "type": "metric", "query": {
			"tables": [{"id": "s", "name": "sensors"}],
			"columns": [{"table_id": "s", "column": "level", "aggregation": "sum"}],
			"filters": [{"table_id": "s", "column": "count", "operator": "gt",
				"value": 1}]}}'::jsonb,
		'{"id": "10000000-0000-4000-8000-000000000003", "type": "text"}'::jsonb,
		'{"id": "10000000-0000-4000-8000-000000000004", "type": "metric", "query": {
			"tables": [{"id": "s", "name": "sensors"}],
			"columns": [{"table_id": "s", "column": "*", "aggregation": "count"}]}}'::jsonb,
		jsonb_build_object('id', '10000000-0000-4000-8000-000000000005', 'type', 'metric',
			'saved_query_id', :'q'),
		'{"id": "10000000-0000-4000-8000-000000000006", "type": "metric", "query": {
			"tables": [{"id": "w", "name": "weather"}],
			"columns": [{"table_id": "w", "column": "*", "aggregation": "count"}]}}'::jsonb,
		'{"id": "10000000-0000-4000-8000-000000000007", "type": "line_chart", "query": {
			"tables": [{"id": "s", "name": "sensors"}],
			"columns": [{"table_id": "s", "column": "*", "aggregation": "count"}],
			"time_series": {"table_id": "s", "date_column": "read_at",
				"interval": "month"}}}'::jsonb))) ->> 'id' AS d \gset

-- What the functions would refuse comes by plain DML: a table that is not there, and a filter for
-- a widget that does not have its column.
UPDATE prismiq.prismiq_widgets SET query = jsonb_set(query, '{tables,0,name}', '"sensor"')
WHERE id = '10000000-0000-4000-8000-000000000004';
UPDATE prismiq.prismiq_dashboards SET filters = jsonb_set(jsonb_set(filters, '{7,applies_to,0}',
	'"10000000-0000-4000-8000-000000000006"'), '{8,table}', '"public.flights"')
WHERE id = :'d';

-- The first cell of a widget's answer, by the last digit of its id.
CREATE FUNCTION pg_temp.cell(data json, widget integer) RETURNS text
LANGUAGE sql AS $$
	SELECT data -> ('10000000-0000-4000-8000-00000000000' || widget) #>> '{rows,0,0}'
$$;

SELECT prismiq.prismiq_dashboard_data(:'d') AS all \gset
SELECT is(pg_temp.cell(:'all', 1), (SELECT count(*)::text FROM public.sensors WHERE org = 'acme'),
	'without values the widgets answer for the tenant');
SELECT is(pg_temp.cell(:'all', 2),
	(SELECT sum(level)::text FROM public.sensors WHERE org = 'acme' AND count > 1),
	'with their own filters');
SELECT is(:'all'::jsonb #> '{10000000-0000-4000-8000-000000000003,text}',
	'{"content": null, "markdown": true}', 'a text widget has its text');
SELECT is(:'all'::json #>> '{10000000-0000-4000-8000-000000000004,error,code}',
	'TABLE_NOT_FOUND', 'a broken widget says what is wrong');
SELECT is(:'all'::json #>> '{10000000-0000-4000-8000-000000000004,error,errors,0,path}',
	'/tables/0/name', 'and where');
SELECT is(pg_temp.cell(:'all', 5),
	(SELECT max(level)::text FROM public.sensors WHERE org = 'acme'), 'a saved query answers');
SELECT is(:'all'::json #>> '{10000000-0000-4000-8000-000000000007,rows,0,0}',
	'2024-01-01T00:00:00-05:00', 'buckets are in the zone of the dashboard');

-- Each filter against SQL by hand
CREATE TEMP TABLE cases (filters text, condition text, description text);
INSERT INTO cases VALUES
	('{"when": {"start": "2024-01-10", "end": "2024-01-20"}}',
	 $$read_at >= '2024-01-10 00:00 America/New_York'
	   AND read_at < '2024-01-21 00:00 America/New_York'$$,
	 'the last day is whole, in the zone of the dashboard'),
	('{"when": {"start": "2024-02-01"}}', $$read_at >= '2024-02-01 00:00 America/New_York'$$,
	 'an open end'),
	('{"when": {"end": "2024-02-01"}}', $$read_at < '2024-02-02 00:00 America/New_York'$$,
	 'an open start'),
	('{"count": 3000000000}', 'false', 'a number that the column cannot hold'),
	('{"count": 2.5}', 'false', 'a fraction'),
	('{"when": "all_time"}', 'true', 'a preset'),
	('{"when": "last_7_days"}', 'false', 'a preset without rows'),
	('{"when": ""}', 'true', 'an empty text is no filter'),
	('{"when": null}', 'true', 'null is no filter'),
	('{"place": ["place 1", "place 2"]}', $$place IN ('place 1', 'place 2')$$, 'a list'),
	('{"place": ["place 1", null]}', $$place = 'place 1' OR place IS NULL$$, 'a null in a list'),
	('{"place": []}', 'true', 'an empty list is no filter'),
	('{"place": ["__all__"]}', 'true', 'all'),
	('{"place": "place 3"}', $$place = 'place 3'$$, 'one of a list'),
	('{"count": 0}', 'count = 0', 'zero is a value'),
	('{"count": "__all__"}', 'true', 'all'),
	('{"count": "2"}', 'count = 2', 'a number as text'),
	('{"active": false}', 'NOT active', 'false is a value'),
	('{"level": {"min": 5, "max": 20.5}}', 'level BETWEEN 5 AND 20.5', 'a range of numbers'),
	('{"level": {"min": 0}}', 'level >= 0', 'zero is a bound'),
	('{"find": "PLACE 1"}', $$place ILIKE '%PLACE 1%'$$, 'text is contained in any case'),
	('{"find": "%"}', 'false', 'a wildcard is a letter'),
	('{"find": "a'' OR true --"}', 'false', 'SQL is a text'),
	('{"only": "place 1"}', 'true', 'a filter for another widget'),
	('{"table": "place 1"}', 'true', 'a filter for another table'),
	('{"count": 1, "active": false, "find": "1"}',
	 $$count = 1 AND NOT active AND place LIKE '%1%'$$, 'several at once');
SELECT is(
	prismiq.prismiq_widget_data('10000000-0000-4000-8000-000000000001', filters::jsonb)
		#>> '{rows,0,0}',
	(xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM public.sensors WHERE org = '
		'''acme'' AND (' || condition || ')', false, true, '')))[1]::text, description)
FROM cases;
SELECT is(pg_temp.cell(prismiq.prismiq_dashboard_data(:'d', filters::jsonb), 1),
	prismiq.prismiq_widget_data('10000000-0000-4000-8000-000000000001', filters::jsonb)
		#>> '{rows,0,0}', 'the dashboard answers as the widget: ' || description)
FROM cases;
SELECT is(pg_temp.cell(prismiq.prismiq_dashboard_data(:'d', '{"only": "place 3"}'), 2),
	(SELECT sum(level)::text FROM public.sensors
	 WHERE org = 'acme' AND count > 1 AND place = 'place 3'),
	'a filter for one widget reaches it, and joins its own filters');
SELECT is(prismiq.prismiq_dashboard_data(:'d', '{"lost": "x"}')
		#>> '{10000000-0000-4000-8000-000000000006,error,code}', 'COLUMN_NOT_FOUND',
	'a filter that names a widget and cannot be placed is an error there, never dropped');

-- Derived tables: a filter goes where the field is, inside or on what it answers with
SELECT prismiq.prismiq_widget_add(:'d', '{"id": "10000000-0000-4000-8000-000000000008",
	"type": "metric", "query": {
	"tables": [{"id": "x", "query": {
		"tables": [{"id": "s", "name": "sensors"}],
		"columns": [{"table_id": "s", "column": "count", "alias": "kind"},
			{"table_id": "s", "column": "level", "aggregation": "sum", "alias": "level"}]}}],
	"columns": [{"table_id": "x", "column": "level", "aggregation": "max"}]}}') AS w \gset
SELECT is(prismiq.prismiq_widget_data('10000000-0000-4000-8000-000000000008', filters)
		#>> '{rows,0,0}', wanted::text, 'inside a derived table: ' || filters::text)
FROM (VALUES
	('{}'::jsonb, (SELECT max(level) FROM (SELECT sum(level) AS level FROM public.sensors
		WHERE org = 'acme' GROUP BY count) AS x)),
	('{"place": ["place 1"]}', (SELECT max(level) FROM (SELECT sum(level) AS level
		FROM public.sensors WHERE org = 'acme' AND place = 'place 1' GROUP BY count) AS x)),
	('{"level": {"max": 5}}', (SELECT max(level) FROM (SELECT sum(level) AS level
		FROM public.sensors WHERE org = 'acme' AND level <= 5 GROUP BY count) AS x)))
	AS cases (filters, wanted);

-- The widget's own calculated fields, having and parameters stay as they are
SELECT prismiq.prismiq_widget_add(:'d', '{"id": "10000000-0000-4000-8000-000000000009",
	"type": "table", "query": {
	"tables": [{"id": "s", "name": "sensors"}],
	"calculated_fields": [{"name": "twice", "expression": "[level] * 2"},
		{"name": "mean", "expression": "sum([twice]) / count([s.id])"}],
	"columns": [{"table_id": "s", "column": "count"}, {"column": "mean"}],
	"filters": [{"column": "twice", "operator": "gt", "value": {"param": "least"}}],
	"having": [{"column": "mean", "operator": "gt", "value": 1}],
	"params": {"least": {"type": "number", "default": 2}},
	"order_by": [{"alias": "count"}]}}') AS w \gset
SELECT is(prismiq.prismiq_widget_data('10000000-0000-4000-8000-000000000009',
		'{"place": ["place 1", "place 2", "place 3"]}',
		'{"params": {"least": 10}}')::jsonb -> 'rows',
	(SELECT jsonb_agg(jsonb_build_array(count, mean) ORDER BY count)
	 FROM (SELECT count, sum(level * 2) / count(id) AS mean FROM public.sensors
		WHERE org = 'acme' AND level * 2 > 10 AND place IN ('place 1', 'place 2', 'place 3')
		GROUP BY 1 HAVING sum(level * 2) / count(id) > 1) AS x),
	'a filter joins a query with calculated fields');

-- A bad value is the caller's mistake
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_data(%L, %L)', :'d', filters), '22023',
	NULL, 'bad value: ' || filters)
FROM unnest(ARRAY['{"when": 5}', '{"when": {"start": "2024-02-31"}}', '{"when": "last_never"}',
	'{"when": {"begin": "2024-01-01"}}', '{"count": {"a": 1}}', '{"count": "many"}',
	'{"level": [1, 2]}', '{"level": {"min": "low"}}', '{"find": 7}', '{"place": [["x"]]}',
	'{"nothing": 1}', '[]', '"x"']) AS filters;
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_data(%L, ''{}'', ''{"formt": 1}'')',
	:'d'), '22023', 'unknown key "formt"', 'bad options are an error of the call');

-- Who sees what
SELECT prismiq.prismiq_set_context('acme', 'bob', '{}', false) AS context \gset
SELECT is(prismiq.prismiq_dashboard_data(:'d')
		#>> '{10000000-0000-4000-8000-000000000005,error,code}', 'NOT_FOUND',
	'a widget on a saved query of somebody else');
SELECT throws_ok($$SELECT prismiq.prismiq_widget_data('10000000-0000-4000-8000-000000000005')$$,
	'PT404', 'saved query not found', 'alone');
SELECT is(pg_temp.cell(prismiq.prismiq_dashboard_data(:'d'), 1),
	(SELECT count(*)::text FROM public.sensors WHERE org = 'acme'), 'the others answer');
SELECT prismiq.prismiq_set_context('other', 'eve', '{admin}', false) AS context \gset
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_data(%L)', :'d'), 'PT404',
	'dashboard not found', 'another tenant finds nothing');
SELECT throws_ok($$SELECT prismiq.prismiq_widget_data('10000000-0000-4000-8000-000000000001')$$,
	'PT404', 'widget not found', 'no widget either');
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_data(%L, ''{"when": 5}'')', :'d'),
	'PT404', 'dashboard not found', 'whatever it sends');
RESET prismiq.tenant_id;
RESET prismiq.user_id;
RESET prismiq.roles;
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_data(%L)', :'d'), '42501', NULL,
	'no context, no data');
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) AS context \gset

-- In a read-only transaction, and inside a subtransaction that then fails
BEGIN READ ONLY;
SELECT is(pg_temp.cell(prismiq.prismiq_dashboard_data(:'d'), 1), pg_temp.cell(:'all', 1),
	'reading is enough');
COMMIT;
DO $$
BEGIN
	PERFORM prismiq.prismiq_widget_data('10000000-0000-4000-8000-000000000004');
EXCEPTION WHEN OTHERS THEN
	NULL;
END
$$;
SELECT is(pg_temp.cell(prismiq.prismiq_dashboard_data(:'d'), 1), pg_temp.cell(:'all', 1),
	'a caught error leaves nothing behind');

-- One snapshot: what the statement itself writes is not in it
RESET ROLE;
CREATE FUNCTION public.write_more() RETURNS integer LANGUAGE sql VOLATILE AS $$
	INSERT INTO public.sensors SELECT 1000 + i, 'acme', now(), 1, 1, true, 'x'
	FROM generate_series(1, 5) AS i;
	SELECT 1
$$;
SELECT is(pg_temp.cell(data, 1), pg_temp.cell(:'all', 1), 'all widgets see one snapshot')
FROM (SELECT public.write_more() AS wrote OFFSET 0) AS w,
	LATERAL prismiq.prismiq_dashboard_data(:'d', CASE wrote WHEN 1 THEN '{}'::jsonb END) AS data;
SELECT is(pg_temp.cell(prismiq.prismiq_dashboard_data(:'d'), 1)::integer,
	pg_temp.cell(:'all', 1)::integer + 5, 'the next statement sees them');

-- A slow widget is an error of its own; a cancel is one of the call
CREATE FUNCTION public.slow(integer) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM pg_sleep(0.05);
	RETURN true;
END
$$;
CREATE VIEW public.slow_sensors AS SELECT * FROM public.sensors WHERE public.slow(id);
GRANT SELECT ON public.slow_sensors TO app_user;
SELECT FROM prismiq.prismiq_expose('public.slow_sensors', tenant_column => 'org');
SET ROLE app_user;
SELECT prismiq.prismiq_dashboard_create('{"name": "Slow", "widgets": [
	{"id": "20000000-0000-4000-8000-000000000001", "type": "metric", "query": {
		"tables": [{"id": "s", "name": "sensors"}],
		"columns": [{"table_id": "s", "column": "*", "aggregation": "count"}]}},
	{"id": "20000000-0000-4000-8000-000000000002", "type": "metric", "query": {
		"tables": [{"id": "s", "name": "slow_sensors"}],
		"columns": [{"table_id": "s", "column": "*", "aggregation": "count"}]}},
	{"id": "20000000-0000-4000-8000-000000000003", "type": "metric", "query": {
		"tables": [{"id": "s", "name": "sensors"}],
		"columns": [{"table_id": "s", "column": "*", "aggregation": "count"}]}}]}') ->> 'id' AS s
	\gset
SELECT prismiq.prismiq_dashboard_data(:'s', '{}', '{"timeout_ms": 300}') AS slow \gset
SELECT is(:'slow'::json #>> '{20000000-0000-4000-8000-000000000002,error,sqlstate}', '57014',
	'a widget that reaches the time limit says so');
SELECT isnt(:'slow'::json #>> '{20000000-0000-4000-8000-000000000001,rows,0,0}', NULL,
	'what was done before it stays');
SELECT is(:'slow'::json #>> '{20000000-0000-4000-8000-000000000003,error,message}',
	'canceling query due to prismiq.query_timeout', 'the limit is one for all widgets');
SELECT lives_ok('SELECT pg_sleep(0.4)', 'and nothing is cancelled afterwards');
CREATE FUNCTION pg_temp.cancelled(id uuid) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM prismiq.prismiq_dashboard_data(id);
	RETURN 'answered';
EXCEPTION WHEN query_canceled THEN
	RETURN SQLERRM;
END
$$;
SET statement_timeout = '300ms';
SELECT pg_temp.cancelled(:'s') AS ended \gset
RESET statement_timeout;
SELECT is(:'ended'::text, 'canceling statement due to statement timeout',
	'a timeout of the statement ends the call');

-- A filter of the dashboard is the range that a widget compares.
RESET ROLE;
CREATE TABLE public.days AS
SELECT d::date AS d FROM generate_series(timestamp '2023-01-01', '2024-12-31', '1 day') AS d;
GRANT SELECT ON public.days TO app_user;
SELECT FROM prismiq.prismiq_expose('public.days', shared => true);
SET ROLE app_user;
SELECT prismiq.prismiq_dashboard_create('{"name": "Compared", "filters": [
	{"id": "when", "type": "date_range", "label": "When", "field": "d"}], "widgets": [
	{"id": "30000000-0000-4000-8000-000000000001", "type": "metric", "query": {
		"tables": [{"id": "d", "name": "days"}],
		"columns": [{"table_id": "d", "column": "*", "aggregation": "count"}],
		"compare": {"period": "previous_month"}}},
	{"id": "30000000-0000-4000-8000-000000000002", "type": "line_chart", "query": {
		"tables": [{"id": "d", "name": "days"}],
		"columns": [{"table_id": "d", "column": "*", "aggregation": "count"}],
		"time_series": {"table_id": "d", "date_column": "d", "interval": "month"},
		"compare": {"period": "previous_month"}}}]}') ->> 'id' AS c \gset
SELECT is((SELECT jsonb_agg(answer::jsonb #> '{rows,0}' ORDER BY id)
		FROM json_each(prismiq.prismiq_dashboard_data(:'c', jsonb_build_object('when',
			jsonb_build_object('start', first, 'end', last)))) AS w (id, answer)),
	jsonb_build_array(jsonb_build_array(now, before, now - before,
			(now - before) * 100.0 / before),
		jsonb_build_array(first, now, before, now - before, (now - before) * 100.0 / before)),
	format('%s to %s compared', first, last))
FROM (VALUES ('2024-02-01', '2024-02-29', 29, 31), ('2023-03-01', '2023-03-28', 28, 28),
	('2024-05-01', '2024-05-30', 30, 30)) AS v (first, last, now, before);

SELECT * FROM finish();
