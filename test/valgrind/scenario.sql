-- What valgrind/run runs besides the regression tests: every stage of the
-- pipeline, each function that queries, errors in each stage, as an ordinary
-- role. psql goes on after an error: half of this is meant to fail.
SET ROLE app_user;
SET search_path = prismiq, public;
SELECT prismiq_set_context('CA', 'alice', '{analyst}', false);

-- Every kind of clause in one definition.
\set wide '{"tables": [{"id": "f", "name": "flights"}, {"id": "o", "name": "airports"}, {"id": "d", "name": "airports"}], "joins": [{"from_table_id": "f", "from_column": "origin", "to_table_id": "o", "to_column": "iata"}, {"from_table_id": "f", "from_column": "destination", "to_table_id": "d", "to_column": "iata", "join_type": "left"}], "columns": [{"table_id": "o", "column": "city"}, {"table_id": "f", "column": "*", "aggregation": "count", "alias": "n"}, {"table_id": "f", "column": "delay", "aggregation": "avg"}, {"table_id": "f", "column": "distance", "aggregation": "sum"}, {"table_id": "d", "column": "iata", "aggregation": "count_distinct"}, {"table_id": "f", "column": "departed_at", "aggregation": "max"}], "filters": [{"table_id": "f", "column": "delay", "operator": "gt", "value": -100}, {"or": [{"table_id": "f", "column": "origin", "operator": "in", "value": ["LAX", "SFO", null]}, {"not": {"and": [{"table_id": "d", "column": "state", "operator": "eq", "value": "NY"}, {"table_id": "d", "column": "latitude", "operator": "between", "value": [10.5, 60]}]}}]}, {"table_id": "o", "column": "city", "operator": "contains", "value": "a%_b\\\\"}], "having": [{"column": "n", "operator": "gte", "value": 1}], "order_by": [{"alias": "n", "direction": "DESC", "nulls": "last"}, {"table_id": "o", "column": "city"}], "limit": 50, "offset": 1}'
SELECT prismiq_compile(:'wide');
SELECT prismiq_validate(:'wide');
SELECT prismiq_query(:'wide');
SELECT prismiq_query(:'wide', '{"format": "objects"}');
SELECT prismiq_query(:'wide', '{"format": "columnar", "bigint": "string"}');
SELECT prismiq_query_csv(:'wide');
SELECT prismiq_query_rows(:'wide');
SELECT prismiq_explain(:'wide');

-- Plain rows of every type that there is, more than one batch, and a cut.
\set plain '{"tables": [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f", "column": "id"}, {"table_id": "f", "column": "departed_at"}, {"table_id": "f", "column": "delay"}, {"table_id": "f", "column": "origin"}]}'
SELECT prismiq_query(:'plain');
SELECT prismiq_query(:'plain', '{"max_rows": 7}');
SELECT prismiq_query_rows(:'plain');
SELECT prismiq_query_rows(:'plain') LIMIT 3;
SELECT prismiq_query_csv(:'plain', '{"raw": true}');
SELECT prismiq_query('{"tables": [{"id": "w", "name": "weather"}], "columns": [{"table_id": "w", "column": "date"}, {"table_id": "w", "column": "precipitation"}, {"table_id": "w", "column": "weather"}], "filters": [{"table_id": "w", "column": "date", "operator": "date_preset", "value": "last_30_days"}]}');
SELECT prismiq_query('{"tables": [{"id": "a", "name": "airports"}], "columns": [{"table_id": "a", "column": "latitude"}, {"table_id": "a", "column": "name"}], "limit": 600}');

-- Time series: widths, zones, fills, ranges.
SELECT prismiq_query(format('{"tables": [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}, {"table_id": "f", "column": "delay", "aggregation": "avg"}], "time_series": {"table_id": "f", "date_column": "departed_at", "interval": "%s", "timezone": "%s", "source_timezone": "%s", "fill": "%s", "range": {"start": "2001-03-25", "end": "2001-04-07"}}}', w, z, z, f)::jsonb)
FROM unnest('{hour,day,week,month,quarter,15 minutes,6 hours,auto}'::text[]) AS w,
	unnest('{UTC,America/Los_Angeles}'::text[]) AS z, unnest(ARRAY['value', 'null']) AS f;
SELECT prismiq_query('{"tables": [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f", "column": "origin"}, {"table_id": "f", "column": "*", "aggregation": "count"}], "time_series": {"table_id": "f", "date_column": "departed_at", "interval": "month"}}');
SELECT prismiq_query('{"tables": [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}], "filters": [{"table_id": "f", "column": "departed_at", "operator": "date_relative", "value": -7}], "time_series": {"table_id": "f", "date_column": "departed_at", "interval": "auto"}}');
SELECT prismiq_time_bucket(w::interval, t, 'Europe/Berlin')
FROM unnest('{15 minutes,1 day,1 week,3 months}'::text[]) AS w,
	generate_series('2024-03-30'::timestamptz, '2024-04-01', '1 hour') AS t;
SELECT prismiq_time_bucket_auto('2024-01-01', '2024-06-01');

-- Faults of every stage, several at once, and what is cut off on the way.
SELECT prismiq_validate(d) FROM (VALUES
	('[]'::jsonb), ('"x"'), ('null'), ('{}'), ('{"tables": 1, "colums": []}'),
	('{"tables": [], "columns": []}'),
	('{"tables": [{"id": "f", "name": "flihgts"}], "columns": [{"table_id": "g", "column": ""}]}'),
	('{"tables": [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f", "column": "dellay", "aggregation": "sun"}], "filters": [{"table_id": "f", "column": "delay", "operator": "gt", "value": "x"}, {"table_id": "f", "column": "departed_at", "operator": "lt", "value": "2001-02-31"}, {"table_id": "f", "column": "delay", "operator": "in", "value": [1, "y", {}]}, {"table_id": "f", "column": "origin", "operator": "like", "value": "x\\"}]}'),
	('{"tables": [{"id": "f", "name": "flights"}, {"id": "w", "name": "weather"}], "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}'),
	('{"tables": [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}], "time_series": {"table_id": "f", "date_column": "origin", "interval": "fortnight", "timezone": "Mars/Base"}}')
) AS definitions (d);
SELECT prismiq_query(jsonb_set(:'wide', '{columns,0,column}', '"ctiy"'));
SELECT prismiq_query(jsonb_set(:'wide', '{tables,0,name}', '"pg_class"'));
SELECT prismiq_query(jsonb_set(:'wide', '{filters,0,value}',
	(repeat('9', 400))::jsonb));
SELECT prismiq_validate(('{"filters": ' || repeat('[', 3000) || repeat(']', 3000) || '}')::jsonb);
SELECT prismiq_validate(jsonb_build_object('tables', repeat('x', 2000000)));
SELECT prismiq_query('{"tables": [{"id": "a", "name": "airports"}], "columns": [{"table_id": "a", "column": "city", "aggregation": "sum"}]}');
SET prismiq.max_result_bytes = '64kB';
SELECT prismiq_query(:'plain');
RESET prismiq.max_result_bytes;
SET prismiq.query_timeout = '1ms';
SELECT prismiq_query(:'plain');
RESET prismiq.query_timeout;

-- Contexts: claims, bad claims, none.
SET request.jwt.claims = '{"tenant_id": "TX", "sub": "tom", "roles": ["viewer"], "x": {"y": [1]}}';
SELECT prismiq_context(), prismiq_query(:'wide');
SET request.jwt.claims = '{"tenant_id": ';
SELECT prismiq_context();
SELECT prismiq_query(:'wide');
RESET request.jwt.claims;

-- Headers that are trusted, good and bad; and what tells of the server.
RESET ROLE;
SET prismiq.trust_headers = on;
SET request.headers = '{"host": "x", "x-tenant-id": " TX ", "x-user-id": "tom"}';
SELECT prismiq_context(), prismiq_context();
SET request.headers = '{"x-tenant-id": "TX", "X-Tenant-ID": "CA"}';
SELECT prismiq_context();
SET request.headers = '{"x-tenant-id": ';
SELECT prismiq_context();
SET request.jwt.claims = '{"role": "web_anon"}';
SELECT prismiq_tables();
RESET request.jwt.claims;
RESET request.headers;
RESET prismiq.trust_headers;
SELECT prismiq_metrics();
SELECT count(*) FROM prismiq_stat_queries;
SET ROLE app_user;
SELECT prismiq_health(), prismiq_health_ready();

-- Dashboards.
SET prismiq.tenant_id = 'CA';
SELECT prismiq_dashboard_create(jsonb_build_object('name', 'D', 'filters',
	'[{"id": "p", "type": "date_range", "label": "P", "table": "flights", "field": "departed_at"}]'::jsonb,
	'widgets', jsonb_build_array(
		jsonb_build_object('type', 'table', 'title', 'a', 'query', :'wide'::jsonb,
						   'position', '{"x": 0, "y": 0, "w": 4, "h": 4}'::jsonb),
		jsonb_build_object('type', 'table', 'title', 'b',
						   'query', jsonb_set(:'wide', '{columns,0,column}', '"ctiy"'),
						   'position', '{"x": 4, "y": 0, "w": 4, "h": 4}'::jsonb)))) ->> 'id' AS id \gset
SELECT prismiq_dashboard_data(:'id', '{"p": {"start": "2001-02-01", "end": "2001-02-07"}}');
SELECT prismiq_dashboard_data(:'id', '{"p": "nonsense"}');
SELECT prismiq_dashboard_update(:'id', '{"name": "E", "version": 1}');
SELECT prismiq_dashboard_update(:'id', '{"name": "F", "version": 1, "nmae": 2}');
SELECT prismiq_dashboard_list();
SELECT prismiq_query_preview(jsonb_build_object('type', type, 'query', :'wide'::jsonb, 'config',
	jsonb '{"max_series": 2, "max_slices": 2, "annotations": [{"value": 1, "label": "x"}]}'),
	'{}', '{"spec": "dark"}') -> 'spec'
FROM unnest('{line_chart,bar_chart,pie_chart,scatter_chart,heatmap,map}'::text[]) AS type;
SELECT prismiq_schema();
SELECT prismiq_dashboard_delete(:'id');
