-- Widgets over values inside of jsonb columns: filters of dashboards, rows behind a point, points
-- chosen in other widgets, sparklines; and how such queries are told apart where they are counted.
\set ON_ERROR_STOP on

CREATE TABLE public.deals (id int PRIMARY KEY, org text, stage text, attrs jsonb);
INSERT INTO public.deals VALUES
    (1, 'acme', 'won', '{"region": "north", "total": 10, "day": "2024-01-05"}'),
    (2, 'acme', 'lost', '{"region": "south", "total": "20", "day": "2024-01-31"}'),
    (3, 'acme', 'open', '{"region": "north", "total": 30, "day": "2024-02-01"}'),
    (4, 'acme', 'won', '{"total": 40, "day": "2024-02-29"}'),
    (5, 'acme', 'won', '{"region": ["=1+1"], "total": "x", "day": 5}'),
    (6, 'other', 'won', '{"region": "secret", "total": 400, "day": "2024-01-05"}');
GRANT SELECT ON public.deals TO app_user;
SELECT prismiq.prismiq_expose('public.deals', tenant_column => 'org') \g /dev/null

SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) \g /dev/null

SELECT prismiq.prismiq_dashboard_create('{"name": "Inside", "timezone": "UTC",
    "filters": [{"id": "stage", "type": "select", "field": "stage"}],
    "widgets": [{"type": "bar_chart", "title": "Regions", "query": {
        "tables": [{"id": "d", "name": "deals"}], "columns": [
        {"table_id": "d", "column": "attrs", "path": ["region"], "type": "text",
         "alias": "region"},
        {"table_id": "d", "column": "attrs", "path": ["total"], "type": "number",
         "aggregation": "sum", "alias": "total"}],
        "order_by": [{"alias": "total"}, {"alias": "region"}]}},
    {"type": "line_chart", "title": "Months", "query": {
        "tables": [{"id": "d", "name": "deals"}],
        "columns": [{"table_id": "d", "column": "*", "aggregation": "count"}],
        "time_series": {"table_id": "d", "date_column": "attrs", "path": ["day"], "type": "date",
            "interval": "month", "alias": "m"}}},
    {"type": "metric", "title": "Total", "config": {"sparkline": {"interval": "month"}},
     "query": {"tables": [{"id": "d", "name": "deals"}], "columns": [
        {"table_id": "d", "column": "attrs", "path": ["total"], "type": "number",
         "aggregation": "sum", "alias": "total"}],
        "time_series": {"table_id": "d", "date_column": "attrs", "path": ["day"], "type": "date",
            "interval": "year", "alias": "y"}}}]}') AS made \gset
SELECT :'made'::jsonb ->> 'id' AS board, :'made'::jsonb #>> '{widgets,0,id}' AS regions,
    :'made'::jsonb #>> '{widgets,1,id}' AS months,
    :'made'::jsonb #>> '{widgets,2,id}' AS total \gset

-- ---- Filters of dashboards ------------------------------------------------------

SELECT is(prismiq.prismiq_widget_data(:'regions', filters)::jsonb -> 'rows', wanted,
    'a filter: ' || filters::text)
FROM (VALUES ('{}'::jsonb, '[["south", 20], ["north", 40], [null, 40]]'::jsonb),
    ('{"stage": "won"}', '[["north", 10], [null, 40]]')) AS v (filters, wanted);

-- ---- Rows behind a point --------------------------------------------------------

SELECT prismiq.prismiq_widget_drill(:'regions', '{"region": "north"}') AS answer \gset
SELECT is(:'answer'::jsonb -> 'point_filters', '[{"table_id": "d", "column": "attrs",
    "path": ["region"], "type": "text", "operator": "eq", "value": "north"}]',
    'what a point became');
SELECT is(:'answer'::jsonb -> 'rows', '[["north", 10], ["north", 30]]', 'the rows behind it');
SELECT is(prismiq.prismiq_widget_drill(:'regions', '{"region": null}')::jsonb -> 'rows',
    '[[null, 40], [null, null]]', 'of what has no region');
SELECT is(prismiq.prismiq_widget_drill(:'regions', '{"region": "secret"}')::jsonb -> 'rows', '[]',
    'nothing of others');
SELECT is(prismiq.prismiq_widget_drill(:'months', '{"m": "2024-02-01"}',
    options => '{"formatted": false}')::jsonb #> '{point_filters,0}', '{"table_id": "d",
    "column": "attrs", "path": ["day"], "type": "date", "operator": "gte", "value": "2024-02-01"}',
    'a bucket');
SELECT is((SELECT string_agg(r #>> '{0}', ' ' ORDER BY r #>> '{0}') FROM jsonb_array_elements(
    prismiq.prismiq_widget_drill(:'months', '{"m": "2024-02-01"}')::jsonb -> 'rows') r), '3 4',
    'the rows of a bucket');

-- ---- Sparklines -----------------------------------------------------------------

SELECT is(prismiq.prismiq_widget_data(:'total')::jsonb #> '{metric,sparkline}',
    '[["2024-01-01", 30], ["2024-02-01", 70]]', 'a sparkline over the dates inside');

-- ---- Counting --------------------------------------------------------------------

CREATE FUNCTION pg_temp.fingerprint(path jsonb, type text) RETURNS text LANGUAGE sql AS $f$
    SELECT prismiq.prismiq_stat_fingerprint(jsonb_build_object('tables', '[{"id": "d",
        "name": "deals"}]'::jsonb, 'columns', jsonb_build_array(jsonb_build_object('table_id', 'd',
        'column', 'attrs', 'path', path, 'type', type))))::text
$f$;
RESET ROLE;
SELECT is(count(DISTINCT pg_temp.fingerprint(path::jsonb, type)), 5::bigint,
    'what is asked for is told apart')
FROM (VALUES ('["a"]', 'text'), ('["a"]', 'number'), ('["b"]', 'text'), ('["a", 0]', 'text'),
    ('["a", 1]', 'text')) AS v (path, type);

SELECT * FROM finish();
