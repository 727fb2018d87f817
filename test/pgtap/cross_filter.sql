-- A point that is chosen in one widget filters the others of its dashboard.
\set ON_ERROR_STOP on

CREATE TABLE public.customers (id int PRIMARY KEY, org text, country text);
CREATE TABLE public.sales (id int PRIMARY KEY, org text,
    customer_id int REFERENCES public.customers, region text, total numeric, at timestamptz);
INSERT INTO public.customers VALUES (1, 'acme', 'FR'), (2, 'acme', 'DE'), (3, 'other', 'FR');
INSERT INTO public.sales VALUES
    (1, 'acme', 1, 'north', 10, '2024-01-05 12:00+00'),
    (2, 'acme', 2, 'south', 20, '2024-01-31 23:30+00'),
    (3, 'acme', 1, 'north', 40, '2024-02-01 12:00+00'),
    (4, 'acme', 2, NULL, 80, '2024-02-20 12:00+00'),
    (5, 'acme', 2, 'north', 160, '2024-03-20 12:00+00'),
    (6, 'other', 3, 'north', 1000, '2024-01-05 12:00+00');
GRANT SELECT ON public.customers, public.sales TO app_user;
SELECT prismiq.prismiq_expose('public.customers', tenant_column => 'org') \g /dev/null
SELECT prismiq.prismiq_expose('public.sales', tenant_column => 'org') \g /dev/null

SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) \g /dev/null

SELECT prismiq.prismiq_dashboard_create('{"name": "Sales", "timezone": "Europe/Berlin",
    "filters": [{"id": "country", "type": "select", "field": "country", "table": "customers"}],
    "widgets": [
    {"type": "bar_chart", "title": "regions", "id": "11111111-1111-4111-8111-111111111111",
     "query": {"tables": [{"id": "s", "name": "sales"}], "columns": [{"table_id": "s",
     "column": "region"}, {"table_id": "s", "column": "total", "aggregation": "sum",
     "alias": "t"}], "order_by": [{"alias": "region", "direction": "ASC"}]}},
    {"type": "line_chart", "title": "months", "id": "22222222-2222-4222-8222-222222222222",
     "query": {"tables": [{"id": "a", "name": "sales"}], "columns": [{"table_id": "a",
     "column": "total", "aggregation": "sum", "alias": "t"}], "time_series": {"table_id": "a",
     "date_column": "at", "interval": "month", "alias": "m"}}},
    {"type": "pie_chart", "title": "countries", "id": "33333333-3333-4333-8333-333333333333",
     "query": {"tables": [{"id": "s", "name": "sales"}, {"id": "c", "name": "customers"}],
     "joins": [{"from_table_id": "s", "from_column": "customer_id", "to_table_id": "c",
     "to_column": "id"}], "columns": [{"table_id": "c", "column": "country"}, {"table_id": "s",
     "column": "total", "aggregation": "sum", "alias": "t"}], "order_by": [{"alias": "country",
     "direction": "ASC"}]}},
    {"type": "metric", "title": "customers", "id": "44444444-4444-4444-8444-444444444444",
     "query": {"tables": [{"id": "c", "name": "customers"}], "columns": [{"table_id": "c",
     "column": "*", "aggregation": "count"}]}},
    {"type": "bar_chart", "title": "sizes", "id": "55555555-5555-4555-8555-555555555555",
     "query": {"tables": [{"id": "s", "name": "sales"}], "calculated_fields": [{"name": "size",
     "expression": "if([total] < 50, ''small'', ''large'')"}], "columns": [{"column": "size"},
     {"table_id": "s", "column": "total", "aggregation": "sum", "alias": "t"}],
     "order_by": [{"alias": "size", "direction": "ASC"}]}},
    {"type": "text", "title": "note", "id": "66666666-6666-4666-8666-666666666666",
     "config": {"content": "x"}}]}') ->> 'id' AS d \gset

-- The ids, which are made anew.
SELECT (SELECT id FROM prismiq.prismiq_widgets WHERE title = 'regions') AS regions,
    (SELECT id FROM prismiq.prismiq_widgets WHERE title = 'months') AS months,
    (SELECT id FROM prismiq.prismiq_widgets WHERE title = 'countries') AS countries,
    (SELECT id FROM prismiq.prismiq_widgets WHERE title = 'note') AS note,
    (SELECT id FROM prismiq.prismiq_widgets WHERE title = 'sizes') AS sizes \gset
-- Points by the titles of widgets; the rows of one widget, or of all of the dashboard.
CREATE FUNCTION pg_temp.points(points jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('cross_filter', jsonb_object_agg(w.id, p.value))
    FROM jsonb_each(points) p JOIN prismiq.prismiq_widgets w ON w.title = p.key
$$;
CREATE FUNCTION pg_temp.crossed(points jsonb, given jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE sql AS $$
    SELECT jsonb_object_agg(w.title, coalesce(a.value -> 'error', a.value -> 'rows'))
    FROM prismiq.prismiq_dashboards d, jsonb_each(prismiq.prismiq_dashboard_data(d.id, given,
        pg_temp.points(points))::jsonb) a
    JOIN prismiq.prismiq_widgets w ON w.id = a.key::uuid
    WHERE d.name = 'Sales' AND w.title <> 'note'
$$;

SELECT is(pg_temp.crossed(points::jsonb, filters::jsonb), wanted::jsonb, points)
FROM (VALUES
    ('{"regions": {}}', '{}', '{"regions": [["north", 210], ["south", 20], [null, 80]],
        "months": [["2024-01-01T00:00:00+01:00", 10], ["2024-02-01T00:00:00+01:00", 140],
                   ["2024-03-01T00:00:00+01:00", 160]],
        "countries": [["DE", 260], ["FR", 50]], "customers": [[2]],
        "sizes": [["large", 240], ["small", 70]]}'),
    -- The widget of the point keeps all of its bars.
    ('{"regions": {"region": "north", "t": 210}}', '{}', '{"regions": [["north", 210],
        ["south", 20], [null, 80]], "months": [["2024-01-01T00:00:00+01:00", 10],
        ["2024-02-01T00:00:00+01:00", 40], ["2024-03-01T00:00:00+01:00", 160]],
        "countries": [["DE", 160], ["FR", 50]], "customers": [[2]],
        "sizes": [["large", 160], ["small", 50]]}'),
    ('{"regions": {"region": null}}', '{}', '{"regions": [["north", 210], ["south", 20],
        [null, 80]], "months": [["2024-01-01T00:00:00+01:00", 0],
        ["2024-02-01T00:00:00+01:00", 80], ["2024-03-01T00:00:00+01:00", 0]],
        "countries": [["DE", 80]], "customers": [[2]], "sizes": [["large", 80]]}'),
    -- A bucket, in the dashboard's zone: the last evening of January there is February.
    ('{"months": {"m": "2024-02-01T00:00:00+01:00"}}', '{}', '{"regions": [["north", 40],
        ["south", 20], [null, 80]], "months": [["2024-01-01T00:00:00+01:00", 10],
        ["2024-02-01T00:00:00+01:00", 140], ["2024-03-01T00:00:00+01:00", 160]],
        "countries": [["DE", 100], ["FR", 40]], "customers": [[2]],
        "sizes": [["large", 80], ["small", 60]]}'),
    -- Two points at once, and the dashboard's filter beside them.
    ('{"regions": {"region": "north"}, "months": {"m": "2024-02-01T00:00:00+01:00"}}', '{}',
     '{"regions": [["north", 40], ["south", 20], [null, 80]],
        "months": [["2024-01-01T00:00:00+01:00", 10], ["2024-02-01T00:00:00+01:00", 40],
                   ["2024-03-01T00:00:00+01:00", 160]],
        "countries": [["FR", 40]], "customers": [[2]], "sizes": [["small", 40]]}'),
    ('{"regions": {"region": "north"}}', '{"country": "DE"}', '{"regions": [["north", 210],
        ["south", 20], [null, 80]], "months": [["2024-01-01T00:00:00+01:00", 10],
        ["2024-02-01T00:00:00+01:00", 40], ["2024-03-01T00:00:00+01:00", 160]],
        "countries": [["DE", 160]], "customers": [[1]], "sizes": [["large", 160], ["small", 50]]}'),
    -- A column of a joined table goes to where that table is.
    ('{"countries": {"country": "FR"}}', '{}', '{"regions": [["north", 210], ["south", 20],
        [null, 80]], "months": [["2024-01-01T00:00:00+01:00", 10],
        ["2024-02-01T00:00:00+01:00", 140], ["2024-03-01T00:00:00+01:00", 160]],
        "countries": [["DE", 260], ["FR", 50]], "customers": [[1]],
        "sizes": [["large", 240], ["small", 70]]}')) AS v (points, filters, wanted);

SELECT is(prismiq.prismiq_widget_data(:'months', '{}',
        pg_temp.points('{"regions": {"region": "north"}}'))::jsonb -> 'filters',
    jsonb_build_array('{"id": "country", "applied": false, "reason": "no_value"}'::jsonb,
        jsonb_build_object('id', :'regions', 'column', 'region', 'applied', true, 'reason', NULL)),
    'it is listed as a filter of that widget');
SELECT is((prismiq.prismiq_widget_data(:'regions', '{}',
        pg_temp.points('{"regions": {"region": "north"}, "countries": {"country": "FR"}}'))::jsonb
    -> 'filters') - 0, jsonb_build_array(
        jsonb_build_object('id', :'regions', 'column', 'region', 'applied', false,
            'reason', 'not_listed'),
        jsonb_build_object('id', :'countries', 'column', 'country', 'applied', false,
            'reason', 'no_such_column')), 'not of its own, nor where the column is not');
SELECT is((prismiq.prismiq_widget_drill(:'countries', '{"country": "DE"}', '{}',
        pg_temp.points('{"regions": {"region": "north"}}'))::jsonb #>> '{table,total_count}')::int,
    1, 'the rows behind a point are of the points too');
SELECT is(prismiq.prismiq_widget_csv(:'months', '{}',
        pg_temp.points('{"regions": {"region": "south"}}')),
    E'At,Sum of total\r\n2024-01-01T00:00:00+01:00,0\r\n2024-02-01T00:00:00+01:00,20\r\n'
    '2024-03-01T00:00:00+01:00,0\r\n', 'and the CSV');
SELECT is(prismiq.prismiq_query_preview(jsonb_build_object('dashboard_id', :'d', 'type', 'metric',
        'query', '{"tables": [{"id": "s", "name": "sales"}], "columns": [{"table_id": "s",
        "column": "total", "aggregation": "sum"}]}'::jsonb), '{}',
        pg_temp.points('{"regions": {"region": "south"}}'))::jsonb #> '{metric,value}', '20',
    'and a widget that is not saved');

-- In the zone of the call the last evening of January in Berlin is in February.
SELECT is(prismiq.prismiq_widget_drill(:'months', '{"m": "2024-02-01T00:00:00+09:00"}', '{}',
        '{"timezone": "Asia/Tokyo"}')::jsonb #> '{table,total_count}', '3',
    'the rows of a bucket as it was answered');
SELECT is((SELECT jsonb_agg(r -> 1) FROM jsonb_array_elements(prismiq.prismiq_widget_data(
        :'regions', '{}', '{"timezone": "Asia/Tokyo"}'::jsonb
        || pg_temp.points('{"months": {"m": "2024-02-01T00:00:00+09:00"}}'))::jsonb -> 'rows') r),
    '[40, 20, 80]', 'and as a filter');
SELECT throws_ok(format($$SELECT prismiq.prismiq_widget_drill(%L, '{"m":
    "2024-02-01T00:00:00+09:00"}')$$, :'months'), '22023',
    '"m" of the point is not the start of a bucket', 'in another zone it is no bucket');

-- What is calculated is of no table: nobody else's column of that name is meant.
SELECT is(pg_temp.crossed('{"sizes": {"size": "small"}}'), pg_temp.crossed('{"sizes": {}}'),
    'a calculated field filters nothing');
SELECT is(prismiq.prismiq_widget_data(:'regions', '{}',
        pg_temp.points('{"sizes": {"size": "small"}}'))::jsonb #>> '{filters,1,reason}',
    'no_such_column', 'and says so');
SELECT prismiq.prismiq_widget_add(:'d', '{"type": "bar_chart", "title": "loud", "query": {
    "tables": [{"id": "s", "name": "sales"}], "calculated_fields": [{"name": "region",
    "expression": "upper([s.region])"}], "columns": [{"column": "region"}, {"table_id": "s",
    "column": "*", "aggregation": "count"}]}}') IS NULL AS done \gset
SELECT is(prismiq.prismiq_widget_data(:'months', '{}',
        pg_temp.points('{"loud": {"region": "NORTH"}}'))::jsonb -> 'rows',
    prismiq.prismiq_widget_data(:'months')::jsonb -> 'rows', 'though it is called like a column');
SELECT prismiq.prismiq_widget_add(:'d', '{"type": "bar_chart", "title": "pairs", "query": {
    "tables": [{"id": "s", "name": "sales"}, {"id": "t", "name": "sales"}],
    "joins": [{"from_table_id": "s", "from_column": "customer_id", "to_table_id": "t",
    "to_column": "id"}], "columns": [{"table_id": "t", "column": "region"}, {"table_id": "s",
    "column": "*", "aggregation": "count"}]}}') IS NULL AS done \gset
SELECT is(prismiq.prismiq_widget_data(:'months', '{}',
        pg_temp.points('{"pairs": {"region": "north"}}'))::jsonb -> 'rows',
    prismiq.prismiq_widget_data(:'months')::jsonb -> 'rows', 'nor is one of a table that is twice');

-- Params of the call are those that the answer was made with.
SELECT prismiq.prismiq_widget_add(:'d', '{"type": "bar_chart", "title": "params", "query": {
    "params": {"least": {"type": "number"}}, "tables": [{"id": "s", "name": "sales"}],
    "filters": [{"table_id": "s", "column": "total", "operator": "gte",
    "value": {"param": "least"}}], "columns": [{"table_id": "s", "column": "region"},
    {"table_id": "s", "column": "*", "aggregation": "count"}]}}') ->> 'id' AS params \gset
SELECT is(prismiq.prismiq_widget_drill(:'params', '{"region": "north"}', '{}',
        '{"params": {"least": 15}}')::jsonb #> '{table,total_count}', '2', 'rows under params');
SELECT is(prismiq.prismiq_widget_data(:'countries', '{}', '{"params": {"least": 15}}'::jsonb
        || pg_temp.points('{"params": {"region": "south"}}'))::jsonb -> 'rows', '[["DE", 20]]',
    'a point under params');

-- Points are not read under each other: the columns of a pivot are those of all rows.
SELECT prismiq.prismiq_widget_add(:'d', '{"type": "table", "title": "pivot", "query": {
    "tables": [{"id": "s", "name": "sales"}, {"id": "c", "name": "customers"}],
    "joins": [{"from_table_id": "s", "from_column": "customer_id", "to_table_id": "c",
    "to_column": "id"}], "columns": [{"table_id": "s", "column": "region"}, {"table_id": "c",
    "column": "country"}, {"table_id": "s", "column": "total", "aggregation": "sum",
    "alias": "t"}], "pivot": {"column": "country", "value": "t"}}}') IS NULL AS done \gset
SELECT is(prismiq.prismiq_widget_data(:'months', '{}', pg_temp.points('{"regions": {"region":
        "south"}, "pivot": {"region": "north", "FR": 50}}'))::jsonb -> 'rows',
    '[["2024-01-01T00:00:00+01:00", 0], ["2024-02-01T00:00:00+01:00", 0],
      ["2024-03-01T00:00:00+01:00", 0]]', 'a cell of a pivot beside another point');

-- ---- What is refused ------------------------------------------------------

SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_data(%L, %L, %L)', :'d', '{}', options),
    state, message, options)
FROM (VALUES
    ('{"cross_filter": []}', '22023',
     '"cross_filter" must be an object of points by their widgets, not an array'),
    ('{"cross_filter": {"x": {}}}', '22023', 'an id of a widget is a uuid'),
    ('{"cross_filter": {"00000000-0000-4000-8000-000000000000": {}}}', 'PT404', 'widget not found'),
    (format('{"cross_filter": {"%s": 1}}', :'regions'), '22023',
     'a point is an object of columns of the widget''s answer'),
    (format('{"cross_filter": {"%s": {"regoin": 1}}}', :'regions'), '22023',
     'the widget''s answer has no column "regoin"'),
    (format('{"cross_filter": {"%s": {"m": "2024-02-30"}}}', :'months'), '22023',
     '"m" of the point is not the start of a bucket'),
    (format('{"cross_filter": {"%s": {"m": "2024-02-17T00:00:00+01:00"}}}', :'months'), '22023',
     '"m" of the point is not the start of a bucket'),
    (format('{"cross_filter": {"%s": {}}}', :'note'), '22023',
     'the widget of the point has no query')) AS v (options, state, message);
SELECT lives_ok(format('SELECT prismiq.prismiq_dashboard_data(%L, %L, %L)', :'d', '{}',
    '{"cross_filter": null}'), 'null is none');
SELECT throws_ok(format($$SELECT prismiq.prismiq_query_preview('{"type": "metric", "query": {
    "tables": [{"id": "s", "name": "sales"}], "columns": [{"table_id": "s", "column": "*",
    "aggregation": "count"}]}}', '{}', '{"cross_filter": {"%s": {}}}')$$, :'regions'), '22023',
    '"cross_filter" is of the widgets of a dashboard', 'without a dashboard there are none');
SELECT prismiq.prismiq_dashboard_create('{"name": "Elsewhere", "widgets": [{"type": "text",
    "title": "there", "config": {"content": "x"}}]}') ->> 'id' AS elsewhere \gset
SELECT throws_ok(format($$SELECT prismiq.prismiq_dashboard_data(%L, '{}',
    '{"cross_filter": {"%s": {"region": "north"}}}')$$, :'elsewhere', :'regions'), 'PT404',
    'widget not found', 'a widget of another dashboard');
SELECT prismiq.prismiq_set_context('other', 'eve', '{owner}', false) \g /dev/null
SELECT prismiq.prismiq_dashboard_create('{"name": "Eve", "widgets": [{"type": "text",
    "config": {"content": "x"}}]}') ->> 'id' AS eve \gset
SELECT throws_ok(format($$SELECT prismiq.prismiq_dashboard_data(%L, '{}',
    '{"cross_filter": {"%s": {"region": "north"}}}')$$, :'eve', :'regions'), 'PT404',
    'widget not found', 'a widget of another tenant');
RESET ROLE;
SELECT finish();
