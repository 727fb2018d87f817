-- From an answer on: what a filter can be set to, the rows behind a point, CSV, and a widget that
-- is not saved yet.
\set ON_ERROR_STOP on

CREATE TABLE public.deals (id int PRIMARY KEY, org text, region text, stage text, total numeric,
    day date, at timestamptz);
INSERT INTO public.deals VALUES
    (1, 'acme', 'north', 'won', 10, '2024-01-05', '2024-01-05 23:30+00'),
    (2, 'acme', 'south', 'lost', 20, '2024-01-31', '2024-01-31 23:30+00'),
    (3, 'acme', 'north', 'open', 30, '2024-02-01', '2024-02-01 12:00+00'),
    (4, 'acme', NULL, 'won', 40, '2024-02-29', '2024-02-29 12:00+00'),
    (5, 'acme', '=1+1', 'won', NULL, NULL, NULL),
    (6, 'other', 'secret', 'won', 400, '2024-01-05', '2024-01-05 12:00+00');
GRANT SELECT ON public.deals TO app_user;
SELECT prismiq.prismiq_expose('public.deals', tenant_column => 'org') \g /dev/null

-- A widget's definition over the deals.
CREATE FUNCTION public.deals(members jsonb) RETURNS jsonb LANGUAGE sql AS $f$
    SELECT '{"tables": [{"id": "d", "name": "deals"}]}'::jsonb || members
$f$;
-- The ids of the rows behind a point; the widget is of a dashboard of its own.
CREATE FUNCTION public.behind(members jsonb, point jsonb, filters jsonb DEFAULT '{}',
    config jsonb DEFAULT '{"drill_down": {"columns": ["id"]}}') RETURNS text
LANGUAGE plpgsql AS $f$
DECLARE
    made jsonb;
    answer jsonb;
BEGIN
    made := prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'Behind',
        'timezone', 'Europe/Berlin', 'filters', '[{"id": "stage", "type": "select",
            "field": "stage"}]'::jsonb, 'widgets', jsonb_build_array(jsonb_build_object('type',
        'bar_chart', 'config', config, 'query', public.deals(members)))));
    answer := prismiq.prismiq_widget_drill((made #>> '{widgets,0,id}')::uuid, point, filters);
    PERFORM prismiq.prismiq_dashboard_delete((made ->> 'id')::uuid);
    PERFORM set_config('test.answer', answer::text, false);
    RETURN (SELECT string_agg(r ->> 0, ' ' ORDER BY (r ->> 0)::int)
            FROM jsonb_array_elements(answer -> 'rows') r);
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END
$f$;

SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) \g /dev/null

-- ---- Rows behind a point --------------------------------------------------

SELECT '{"columns": [{"table_id": "d", "column": "region"}, {"table_id": "d", "column": "total",
    "aggregation": "sum"}]}' AS by_region \gset
SELECT is(public.behind(:'by_region', point, filters), wanted, concat_ws(' ', point, filters))
FROM (VALUES ('{"region": "north"}'::jsonb, '{}'::jsonb, '1 3'),
    ('{"region": "north", "total_sum": 40}', '{}', '1 3'),
    ('{"region": null}', '{}', '4'),
    ('{"region": "secret"}', '{}', NULL),
    ('{"region": "north"}', '{"stage": "open"}', '3'),
    ('{}', '{}', '1 2 3 4 5'),
    ('{"regoin": "north"}', '{}', '22023 the widget''s answer has no column "regoin"'),
    ('{"region": ["north"]}', '{}', '22023 "region" of the point must be a single value'),
    ('[]', '{}', '22023 a point is an object of columns of the widget''s answer'))
    AS v (point, filters, wanted);
SELECT is(current_setting('test.answer')::jsonb ->> 'shape', 'table', 'it is a table''s answer');
SELECT is(public.behind(:'by_region', '{"region": "north"}'), '1 3', 'once more');
SELECT is(current_setting('test.answer')::jsonb -> 'point_filters',
    '[{"table_id": "d", "column": "region", "operator": "eq", "value": "north"}]',
    'what the point became');
SELECT is((SELECT jsonb_agg(r ORDER BY r) FROM jsonb_array_elements(prismiq.prismiq_query(
        current_setting('test.answer')::jsonb -> 'definition',
        '{"disable_aggregation": true}')::jsonb -> 'rows') r), '[[1], [3]]',
    'the definition asks for the same');
SELECT is(current_setting('test.answer')::jsonb #> '{table,total_count}', '2', 'they are counted');

-- Conditions of the query stay, in whatever form; what was limited is not.
SELECT is(public.behind(:'by_region'::jsonb || '{"filters": [{"or": [{"table_id": "d",
    "column": "stage", "operator": "eq", "value": "won"}, {"table_id": "d", "column": "stage",
    "operator": "eq", "value": "lost"}]}]}', '{"region": "north"}'), '1', 'filters of the query');

-- Buckets in the dashboard's zone: 2024-01-31 23:30 in UTC is in February there.
SELECT '{"columns": [{"table_id": "d", "column": "*", "aggregation": "count"}], "time_series":
    {"table_id": "d", "date_column": "at", "interval": "month", "alias": "m"}}' AS by_month \gset
SELECT is(public.behind(:'by_month', jsonb_build_object('m', m)), wanted, m)
FROM (VALUES ('2024-01-01T00:00:00+01:00', '1'), ('2024-02-01T00:00:00+01:00', '2 3 4'),
    ('2024-03-01T00:00:00+01:00', NULL), ('soon', '22023 "m" of the point is not the start of a '
    'bucket')) AS v (m, wanted);
SELECT is(public.behind('{"columns": [{"table_id": "d", "column": "*", "aggregation": "count"}],
    "time_series": {"table_id": "d", "date_column": "day", "interval": "month", "alias": "m"}}',
    '{"m": "2024-02-01"}'), '3 4', 'months of dates');
-- When each row was stands beside what the definition has of it.
CREATE FUNCTION pg_temp.shown(members jsonb, point jsonb) RETURNS text LANGUAGE plpgsql AS $f$
DECLARE
    made jsonb := prismiq.prismiq_dashboard_create(jsonb_build_object('name', members::text,
        'widgets', jsonb_build_array(jsonb_build_object('type', 'bar_chart',
            'query', public.deals(members)))));
BEGIN
    RETURN (SELECT string_agg(c ->> 'name', ' ') FROM jsonb_array_elements(
        prismiq.prismiq_widget_drill((made #>> '{widgets,0,id}')::uuid, point)::jsonb
            -> 'columns') c);
END
$f$;
SELECT is(pg_temp.shown(members, point), wanted, wanted)
FROM (VALUES ('{"columns": [{"table_id": "d", "column": "stage"}, {"table_id": "d", "column": "*",
        "aggregation": "count"}], "time_series": {"table_id": "d", "date_column": "at",
        "interval": "month", "alias": "m"}}'::jsonb, '{}'::jsonb, 'stage at'),
    ('{"columns": [{"table_id": "d", "column": "stage"}, {"table_id": "d", "column": "day"},
        {"table_id": "d", "column": "*", "aggregation": "count"}], "time_series": {"table_id": "d",
        "date_column": "day", "interval": "month", "alias": "m"}}', '{"stage": "won"}',
        'stage day'),
    ('{"columns": [{"table_id": "d", "column": "stage"}, {"table_id": "d", "column": "total",
        "aggregation": "sum"}]}', '{}', 'stage total')) AS v (members, point, wanted);
SELECT is(public.behind(:'by_month'::jsonb || '{"order_by": [{"alias": "m"}, {"alias": "count"}],
    "limit": 1}', '{"m": "2024-02-01T00:00:00+01:00"}'), '2 3 4', 'limits are of groups');
SELECT is(public.behind(jsonb_set(:'by_month', '{time_series,range}', '{"start": "2024-01-10",
    "end": "2024-02-10"}'), '{}'), '2 3', 'the range of the series stays');
SELECT is(public.behind('{"columns": [{"table_id": "d", "column": "day", "date_trunc": "month"},
    {"table_id": "d", "column": "*", "aggregation": "count"}]}', '{"day": "2024-01-01"}'), '1 2',
    'dates that are truncated');
SELECT is(public.behind('{"columns": [{"table_id": "d", "column": "stage"},
    {"table_id": "d", "column": "region"},
    {"table_id": "d", "column": "*", "aggregation": "count"}],
    "pivot": {"column": "region", "value": "count", "values": ["north", "south"]}}',
    '{"stage": "won", "north": 1}'), '1', 'a cell of a pivot');
-- Rows of which nothing would be told but the point itself have all columns of their table.
SELECT is(public.behind('{"columns": [{"table_id": "d", "column": "region"}, {"table_id": "d",
    "column": "*", "aggregation": "count"}]}', '{"region": "north"}', config => '{}'), '1 3',
    'the rows of a number alone');
SELECT is(current_setting('test.answer')::jsonb #> '{columns}' @> '[{"name": "stage"},
    {"name": "total"}, {"name": "day"}]', true, 'with all of their columns');
SELECT prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'Sums', 'widgets',
    jsonb_build_array(jsonb_build_object('type', 'bar_chart', 'query',
        public.deals(:'by_region'))))) #>> '{widgets,0,id}' AS sums \gset
-- Whatever is made of the definition to answer it (the largest groups are found in rows that are
-- grouped, tables that would multiply are), behind a point stand the rows of its first table.
SELECT is(public.behind('{"columns": [{"table_id": "d", "column": "region"},
        {"table_id": "d", "column": "*", "aggregation": "count", "alias": "n"}],
    "top": {"n": 1, "by": "n"}}', '{"region": "north"}', config => '{}'), '1 3', 'of the largest');
SELECT is(public.behind('{"tables": [{"id": "d", "name": "deals"}, {"id": "e", "name": "deals"}],
    "joins": [{"from_table_id": "d", "from_column": "stage", "to_table_id": "e",
               "to_column": "stage"}],
    "columns": [{"table_id": "e", "column": "region"},
                {"table_id": "d", "column": "*", "aggregation": "count"},
                {"table_id": "e", "column": "*", "aggregation": "count"}],
    "order_by": [{"table_id": "e", "column": "region"}]}', '{"region": "south"}', config => '{}'),
    '2', 'of what was grouped');
SELECT is(prismiq.prismiq_widget_drill(:'sums', '{"region": "south"}')::jsonb -> 'rows',
    '[["south", 20]]', 'of a measure the definition''s columns, as they are');
-- In the row of a subtotal the null of a column that is rolled up stands for all values.
SELECT '{"columns": [{"table_id": "d", "column": "stage"}, {"table_id": "d", "column": "region"},
    {"table_id": "d", "column": "*", "aggregation": "count"}], "totals": true}' AS totals \gset
SELECT is(public.behind(:'totals', point), wanted, point::text)
FROM (VALUES ('{"stage": "won", "region": null, "count": 1, "_level": 0}'::jsonb, '4'),
    ('{"stage": "won", "region": null}', '4'),
    ('{"stage": "won", "region": null, "count": 3, "_level": 1}', '1 4 5'),
    ('{"stage": null, "region": null, "count": 5, "_level": 2}', '1 2 3 4 5')) AS v (point, wanted);
SELECT is(public.behind(:'totals'::jsonb || '{"totals": ["stage"]}',
    '{"stage": null, "region": "north", "_level": 1}'), '1 3', 'rolled up is what is listed');
SELECT is(public.behind('{"calculated_fields": [{"name": "big", "expression": "[d.total] > 15"}],
    "columns": [{"column": "big"}, {"table_id": "d", "column": "*", "aggregation": "count"}]}',
    '{"big": true}'), '2 3 4', 'a calculated field');
SELECT is(public.behind(:'by_region'::jsonb || '{"top": {"n": 1, "by": "total_sum"}}',
    '{"region": "Other"}'), '22023 the rest of several groups has no one value', 'the rest of top');
SELECT is(public.behind('{"columns": [{"table_id": "d", "column": "*", "aggregation": "count"}]}',
    '{"count": 5}', config => '{}'), '1 2 3 4 5', 'a count alone: all columns of the table');
SELECT is((SELECT array_agg(c ->> 'name') FROM jsonb_array_elements(
        current_setting('test.answer')::jsonb -> 'columns') c),
    '{id,org,region,stage,total,day,at}', 'are there');
SELECT is(public.behind(:'by_region', '{"region": "north"}',
    config => '{"drill_down": {"enabled": false}}'),
    '22023 the widget does not show what is behind it', 'it may be switched off');

-- ---- What a filter can be set to ------------------------------------------

SELECT prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'Options', 'filters', '[
    {"id": "region", "type": "select", "field": "region"},
    {"id": "stage", "type": "multi_select", "field": "stage", "table": "deals", "dynamic": true,
     "options": [{"value": "won", "label": "Won it"}]},
    {"id": "fixed", "type": "select", "field": "stage",
     "options": ["won", {"value": "lost", "label": "Lost it"}]},
    {"id": "total", "type": "select", "field": "total"},
    {"id": "gone", "type": "select", "field": "region"}]'::jsonb, 'widgets',
    jsonb_build_array(jsonb_build_object('type', 'table', 'query', public.deals(:'by_region')))))
    AS made \gset
SELECT :'made'::jsonb ->> 'id' AS d, :'made'::jsonb #>> '{widgets,0,id}' AS w \gset
SELECT is((SELECT string_agg(concat_ws('=', o ->> 'label', o -> 'value', o -> 'count'), ', '
                             ORDER BY place)
           FROM jsonb_array_elements(prismiq.prismiq_filter_options(:'d', filter, search, filters,
               most)::jsonb -> 'options') WITH ORDINALITY x (o, place)), wanted,
    concat_ws(' ', filter, search, filters, most))
FROM (VALUES
    ('region', NULL, '{}'::jsonb, 50, 'north="north"=2, =1+1="=1+1"=1, south="south"=1'),
    ('region', '', '{}', 50, 'north="north"=2, =1+1="=1+1"=1, south="south"=1'),
    ('region', 'OUT', '{}', 50, 'south="south"=1'),
    ('region', '%', '{}', 50, NULL),
    ('region', NULL, '{}', 1, 'north="north"=2'),
    ('region', NULL, '{"stage": ["won"]}', 50, '=1+1="=1+1"=1, north="north"=1'),
    ('region', NULL, '{"region": "south"}', 50,
     'north="north"=2, =1+1="=1+1"=1, south="south"=1'),
    ('stage', NULL, '{}', 50, 'Won it="won"=3, lost="lost"=1, open="open"=1'),
    ('stage', 'won i', '{}', 50, 'Won it="won"=3'),
    ('fixed', NULL, '{}', 50, 'won="won"=null, Lost it="lost"=null'),
    ('fixed', 'lost', '{}', 50, 'Lost it="lost"=null'),
    ('total', NULL, '{}', 50, '10=10=1, 20=20=1, 30=30=1, 40=40=1'),
    ('total', '3', '{}', 50, '30=30=1')) AS v (filter, search, filters, most, wanted);
SELECT is(prismiq.prismiq_filter_options(:'d', 'region', max_values => n)::jsonb -> 'truncated', t,
    n || ' of three') FROM (VALUES (2, 'true'::jsonb), (3, 'false')) AS v (n, t);
SELECT throws_ok(format('SELECT prismiq.prismiq_filter_options(%L, %L, max_values => %s)', d, f, n),
    state, NULL, concat_ws(' ', f, n, state))
FROM (VALUES (:'d', 'nope', 1, 'PT404'), (:'d', 'region', 0, '22023'),
    (:'d', 'region', 1001, '22023'), (gen_random_uuid()::text, 'region', 1, 'PT404'))
    AS v (d, f, n, state);

-- ---- CSV ------------------------------------------------------------------

SELECT is(prismiq.prismiq_widget_csv(:'w', '{"stage": ["won"]}', '{"sort": [{"alias": "region"}]}'),
    E'Region,Sum of total\r\n''=1+1,\r\nnorth,10\r\n,40\r\n', 'labels, filters, no formulas');
SELECT is(prismiq.prismiq_widget_csv(:'w', '{"region": "=1+1"}', '{"raw": true}'),
    E'Region,Sum of total\r\n=1+1,\r\n', 'raw');
SELECT is(prismiq.prismiq_widget_csv(:'w', '{"region": "north"}', options)::text, wanted,
    'styles: ' || options::text)
FROM (VALUES ('{"delimiter": ";"}'::jsonb, E'Region;Sum of total\r\nnorth;40\r\n'),
    ('{"delimiter": "o", "header": "label"}', E'"Region"o"Sum of total"\r\n"north"o40\r\n'),
    ('{"header": "name"}', E'region,total_sum\r\nnorth,40\r\n'),
    ('{"delimiter": "\t", "header": "name"}', E'region\ttotal_sum\r\nnorth\t40\r\n'))
    AS v (options, wanted);
SELECT throws_like(format('SELECT prismiq.prismiq_widget_csv(%L, ''{}'', %L)', :'w', options),
    '%delimiter%', 'no delimiter: ' || options)
FROM (VALUES ('{"delimiter": ""}'), ('{"delimiter": "\""}')) AS v (options);
SELECT prismiq.prismiq_widget_update(:'w', '{"config": {"page_size": 1, "default_sort":
    [{"alias": "total_sum", "direction": "desc", "nulls": "last"}], "columns": [
    {"name": "total_sum", "label": "Money, all", "format": {"type": "currency", "currency": "USD"}},
    {"name": "region"}]}}') IS NULL AS done \gset
SELECT is(prismiq.prismiq_widget_csv(:'w', '{"stage": ["won"]}'),
    E'"Money, all",Region\r\n40,\r\n10,north\r\n,''=1+1\r\n',
    'the columns and the order of the screen, and all pages');
SELECT is(prismiq.prismiq_widget_csv(:'w', '{"region": "north"}', '{"formatted": true}'),
    E'"Money, all",Region\r\n$40.00,north\r\n', 'as people read it');
SELECT prismiq.prismiq_widget_update(:'w', '{"config": {"default_sort": [{"alias": "gone"}]}}')
    IS NULL AS done \gset
SELECT is(prismiq.prismiq_widget_csv(:'w', '{"region": "north"}'),
    E'Region,Sum of total\r\nnorth,40\r\n', 'an order that cannot be is none');
SELECT is(pg_typeof(prismiq.prismiq_widget_csv(:'w'))::text, 'prismiq."text/csv"', 'its type');

-- A filter that is for one widget is for its CSV and the rows behind it too, and not for others'.
SELECT prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'Only one', 'filters',
    '[{"id": "stage", "type": "select", "field": "stage", "default_value": "won",
       "applies_to": ["70000000-0000-4000-8000-000000000007"]}]'::jsonb, 'widgets',
    jsonb_build_array(
        jsonb_build_object('id', '70000000-0000-4000-8000-000000000007', 'type', 'table',
            'title', 'one', 'query', public.deals(:'by_region')),
        jsonb_build_object('id', '80000000-0000-4000-8000-000000000008', 'type', 'table',
            'title', 'other', 'query', public.deals(:'by_region'))))) IS NULL AS done \gset
SELECT id AS one FROM prismiq.prismiq_widgets WHERE title = 'one' \gset
SELECT id AS other FROM prismiq.prismiq_widgets WHERE title = 'other' \gset
SELECT is((SELECT count(*)::int FROM regexp_matches(prismiq.prismiq_widget_csv(v.id::uuid)::text,
    E'\r\n', 'g')), v.lines, concat(v.lines, ' lines')) FROM (VALUES (:'one', 4), (:'other', 5))
    AS v (id, lines);
SELECT is(prismiq.prismiq_widget_drill(v.id::uuid, '{"region": "north"}')::jsonb -> 'row_count',
    v.count, concat(v.count, ' rows behind'))
FROM (VALUES (:'one', '1'::jsonb), (:'other', '2')) AS v (id, count);

-- ---- Which widgets of a dashboard are answered -------------------------------

SELECT prismiq.prismiq_dashboard_create('{"name": "Two", "widgets": [{"type": "text"},
    {"type": "text"}]}') AS two \gset
SELECT is((SELECT count(*) FROM json_object_keys(prismiq.prismiq_dashboard_data(
    (:'two'::jsonb ->> 'id')::uuid, '{}', options))), n::bigint, coalesce(options::text, 'all'))
FROM (VALUES (NULL::jsonb, 2), ('{"widgets": null}', 2), ('{"widgets": []}', 0),
    (jsonb_build_object('widgets', jsonb_build_array(:'two'::jsonb #> '{widgets,0,id}')), 1))
    AS v (options, n);

-- ---- The title of a widget that is not saved --------------------------------

SELECT is(prismiq.prismiq_query_preview(data) ->> 'title', wanted, data::text)
FROM (VALUES ('{"type": "text"}'::jsonb, 'Text'),
    ('{"type": "text", "title": "Mine"}', 'Mine'), ('{"type": "text", "title": null}', NULL))
    AS v (data, wanted);
SELECT is(prismiq.prismiq_query_preview('{"type": "text"}') ->> 'title',
    (prismiq.prismiq_widget_add((prismiq.prismiq_dashboard_create('{"name": "Titles"}')
        ->> 'id')::uuid, '{"type": "text"}') ->> 'title'), 'as it is when it is saved');

-- ---- Rows that are not grouped ---------------------------------------------

SELECT is(prismiq.prismiq_query_preview(jsonb_build_object('type', 'line_chart', 'query',
        public.deals('{"columns": [{"table_id": "d", "column": "day"},
            {"table_id": "d", "column": "total"}, {"table_id": "d", "column": "stage"}],
            "filters": [{"table_id": "d", "column": "id", "operator": "lt", "value": 4}],
            "order_by": [{"alias": "day"}]}')))::jsonb #> '{series,series}',
    '[{"name": "open", "label": "open", "color": null, "points": [["2024-02-01", 30]]},
      {"name": "lost", "label": "lost", "color": null, "points": [["2024-01-31", 20]]},
      {"name": "won", "label": "won", "color": null, "points": [["2024-01-05", 10]]}]',
    'numbers are drawn, texts tell the series apart');
SELECT is(prismiq.prismiq_query_preview(jsonb_build_object('type', 'line_chart', 'config',
        '{"y": "total"}'::jsonb, 'query',
        public.deals('{"columns": [{"table_id": "d", "column": "day"},
            {"table_id": "d", "column": "id"}, {"table_id": "d", "column": "total"}],
            "filters": [{"table_id": "d", "column": "id", "operator": "lt", "value": 3}],
            "order_by": [{"alias": "day"}]}')))::jsonb #> '{series,series}',
    '[{"name": "2", "label": "2", "color": null, "points": [["2024-01-31", 20]]},
      {"name": "1", "label": "1", "color": null, "points": [["2024-01-05", 10]]}]',
    'what the config draws tells none apart');

-- ---- Before it is saved ---------------------------------------------------

SELECT is(prismiq.prismiq_query_preview(jsonb_build_object('type', 'metric', 'dashboard_id', :'d',
        'query', public.deals('{"columns": [{"table_id": "d", "column": "total",
            "aggregation": "sum", "alias": "t"}]}')), '{"stage": ["won"]}')::jsonb
        #> '{metric,value}', '50', 'a preview has the dashboard''s filters');
SELECT is(prismiq.prismiq_query_preview(jsonb_build_object('type', 'metric',
        'query', public.deals('{"columns": [{"table_id": "d", "column": "total",
            "aggregation": "sum", "alias": "t"}]}')))::jsonb #> '{metric,value}', '100',
    'without a dashboard');
SELECT is(prismiq.prismiq_query_preview('{"type": "text", "config": {"content": "# Hi"}}')::jsonb
    #>> '{text,content}', '# Hi', 'a text');
SELECT is(prismiq.prismiq_query_preview(jsonb_build_object('type', 'custom_template', 'config',
        '{"template": "{{#data}}{{id}}{{/data}}"}'::jsonb, 'query', public.deals('{"columns": [
            {"table_id": "d", "column": "id"}, {"table_id": "d", "column": "region"}],
            "order_by": [{"alias": "id"}], "limit": 2}')))::jsonb -> 'custom',
    '{"endpoint": null, "data": [{"id": 1, "region": "north"}, {"id": 2, "region": "south"}],
      "image": null, "template": "{{#data}}{{id}}{{/data}}"}', 'a template over rows');
SELECT is(prismiq.prismiq_query_preview('{"type": "metric"}')::jsonb #>> '{error,code}',
    'EMPTY_QUERY', 'nothing to ask');
SELECT throws_ok(format('SELECT prismiq.prismiq_query_preview(%L)', data), state, NULL, data)
FROM (VALUES ('{"type": "metrik"}', '22023'), ('{"type": "metric", "query": {"tables": []}}',
    '22023'), ('{"type": "metric", "dashboard_id": "x"}', '22023'),
    ('{"type": "text", "dashboard_id": "00000000-0000-4000-8000-000000000000"}', 'PT404'),
    ('{"type": "metric", "saved_query_id": "00000000-0000-4000-8000-000000000000"}', 'PT404'))
    AS v (data, state);
SELECT * FROM finish();
