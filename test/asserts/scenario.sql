-- What asserts/run does twice, once with every cache emptied whenever the server may hear of a
-- change: a definition of each feature, what there is, what is exposed and hidden, a dashboard. As
-- the application's role, in a database of its own that has bench.features. The answers are
-- compared, so they tell no time and no ids.
SET client_min_messages = warning;
SET ROLE app_user;
SET search_path = prismiq, public;
SELECT FROM prismiq_set_context('CA', 'alice', '{admin}', false);

-- Looking everything up anew each time takes its time.
SET prismiq.query_timeout = '10min';
SELECT name, prismiq_query(definition || '{"limit": 5}')::jsonb - 'execution_time_ms'
FROM bench.features ORDER BY place;
SELECT prismiq_validate(definition), prismiq_compile(definition),
	length(prismiq_query_csv(definition)), (SELECT count(*) FROM prismiq_query_rows(definition))
FROM bench.features WHERE name = 'join';

-- What there is, and what a tenant says of it.
SELECT prismiq_tables(), prismiq_table('airports'), prismiq_column_sample('airports', 'state');
SELECT prismiq_schema_config_set('{"timezone": "Europe/Berlin", "tables": {"weather":
	{"hidden": true}, "flights": {"columns": {"delay": {"hidden": true}}}}}');
SELECT prismiq_schema() -> 'relationships', prismiq_tables();
SELECT prismiq_validate(definition) FROM bench.features WHERE name = 'plain';
SELECT prismiq_schema_config_set('{}');

-- What the application says for all tenants: measures, and a way that no foreign key leads.
RESET ROLE;
CREATE VIEW public.departures AS SELECT departed_at::date AS day, delay, state FROM flights;
GRANT SELECT ON public.departures TO app_user;
SELECT FROM prismiq_expose('public.departures', tenant_column => 'state');
SELECT prismiq_model_set('{"tables": {"departures": {"display_name": "Departures", "columns":
	{"delay": {"format": {"type": "duration"}, "unit": "min"}}}}, "relationships": [{"from_table":
	"departures", "from_column": "day", "to_table": "weather", "to_column": "date"}],
	"measures": {"late": {"table": "departures", "column": "delay", "aggregation": "avg",
	"filters": [{"column": "delay", "operator": "gt", "value": 0}]}, "share": {"table":
	"public.departures", "expression": "count_if([delay] > 15) / count()"}}}');
SET ROLE app_user;
SELECT prismiq_schema() - 'tables', prismiq_table('departures');
SELECT prismiq_query('{"tables": [{"id": "d", "name": "departures"}, {"id": "w", "name":
	"weather"}], "columns": [{"table_id": "w", "column": "weather"}, {"measure": "late"}, {"measure":
	"share"}], "having": [{"measure": "share", "operator": "gt", "value": 0}], "order_by": [{"alias":
	"weather"}]}', '{"metadata": true}')::jsonb - 'execution_time_ms';
SELECT prismiq_validate('{"tables": [{"id": "d", "name": "departures"}], "columns": [{"measure":
	"none"}, {"measure": "late", "table_id": "x"}]}');
RESET ROLE;
SELECT prismiq_model_set('{}');
SET ROLE app_user;

-- What was seen is altered, hidden, exposed again.
\set small '{"tables": [{"id": "s", "name": "small"}], "columns": [{"table_id": "s", "column": "amount", "aggregation": "sum"}], "filters": [{"table_id": "s", "column": "kind", "operator": "neq", "value": "b"}]}'
RESET ROLE;
CREATE SCHEMA elsewhere;
CREATE TYPE elsewhere.kind AS ENUM ('a', 'b', 'c');
CREATE TABLE elsewhere.small (tenant text, amount int, kind elsewhere.kind);
INSERT INTO elsewhere.small VALUES ('CA', 1, 'a'), ('CA', 2, 'b'), ('CA', 4, 'c'), ('NY', 8, 'a');
CREATE VIEW elsewhere.smaller AS SELECT tenant, amount * 2 AS amount, kind FROM elsewhere.small;
GRANT USAGE ON SCHEMA elsewhere TO app_user;
GRANT SELECT ON elsewhere.small, elsewhere.smaller TO app_user;
SELECT FROM prismiq_expose('elsewhere.small', tenant_column => 'tenant');
SELECT FROM prismiq_expose('elsewhere.smaller', tenant_column => 'tenant');
SET ROLE app_user;
SELECT prismiq_query(:'small')::jsonb -> 'rows';
SELECT prismiq_query(jsonb_set(:'small', '{tables,0,name}', '"smaller"'))::jsonb -> 'rows';
RESET ROLE;
DROP VIEW elsewhere.smaller;
ALTER TABLE elsewhere.small ALTER amount TYPE numeric, ADD PRIMARY KEY (tenant, kind);
SET ROLE app_user;
SELECT prismiq_query(:'small')::jsonb -> 'rows';
RESET ROLE;
ALTER TABLE elsewhere.small RENAME COLUMN amount TO total;
SET ROLE app_user;
SELECT prismiq_query(:'small');
RESET ROLE;
SELECT FROM prismiq_hide('elsewhere.small');
SET ROLE app_user;
SELECT prismiq_query(:'small');
SELECT prismiq_query(:'small', '{"formt": 1}');

-- A dashboard.
SELECT prismiq_dashboard_create(jsonb_build_object('name', 'D', 'filters',
	'[{"id": "p", "type": "date_range", "label": "P", "table": "flights",
	   "field": "departed_at"}]'::jsonb,
	'widgets', (SELECT jsonb_agg(jsonb_build_object('type', 'table', 'title', name,
		'query', definition) ORDER BY place)
		FROM bench.features WHERE name IN ('plain', 'series', 'pivot')))) ->> 'id' AS id \gset
SELECT (value::jsonb - '{execution_time_ms,widget_id}'::text[])::text
FROM json_each(prismiq_dashboard_data(:'id', '{"p": {"start": "2001-02-01", "end": "2001-02-07"}}'))
ORDER BY 1;
-- Pictures of what one of them shows.
SELECT prismiq_query_preview(jsonb_build_object('type', type, 'title', type, 'query', definition,
	'config', jsonb '{"max_series": 2, "max_slices": 2, "annotations": [{"value": 1, "label": "x"},
		{"from": "2001-02-01", "to": "2001-02-03", "label": "y"}]}'), '{}', '{"spec": "dark"}') -> 'spec'
FROM bench.features, unnest('{line_chart,bar_chart,pie_chart,scatter_chart,heatmap}'::text[]) AS type
WHERE name = 'series';
SELECT prismiq_dashboard_update(:'id', '{"name": "E", "version": 1}') ->> 'name';
SELECT prismiq_dashboard_update(:'id', '{"name": "F", "version": 1}') ->> 'name';
SELECT jsonb_array_length(prismiq_dashboard_list() -> 'dashboards');
SELECT prismiq_dashboard_delete(:'id');
