-- Local times that are read in a zone of their own, on dashboards: filters, points, the rows
-- behind them, sparklines.
\set ON_ERROR_STOP on

CREATE TABLE public.calls (id int PRIMARY KEY, org text, at timestamp, day date, team text);
-- In Tokyo it is nine hours later than in UTC: 3 is of 1 March there, of 29 February in UTC.
INSERT INTO public.calls VALUES
    (1, 'acme', '2024-02-29 07:00', '2024-02-29', 'a'),
    (2, 'acme', '2024-02-29 23:30', '2024-02-29', 'b'),
    (3, 'acme', '2024-03-01 08:30', '2024-03-01', 'a'),
    (4, 'acme', '2024-03-01 09:00', '2024-03-01', 'b'),
    (5, 'acme', '2024-03-02 08:59', '2024-03-02', 'a'),
    (6, 'acme', '2024-03-02 09:00', '2024-03-02', 'a'),
    (7, 'other', '2024-03-01 09:00', '2024-03-01', 'a');
GRANT SELECT ON public.calls TO app_user;
SELECT prismiq.prismiq_expose('public.calls', tenant_column => 'org') \g /dev/null

SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) \g /dev/null

SELECT prismiq.prismiq_dashboard_create('{"name": "Calls", "timezone": "UTC",
    "filters": [{"id": "days", "type": "date_range", "field": "at"}], "widgets": [
    {"type": "line_chart", "title": "days", "query": {"tables": [{"id": "c", "name": "calls"}],
     "columns": [{"table_id": "c", "column": "*", "aggregation": "count", "alias": "n"}],
     "time_series": {"table_id": "c", "date_column": "at", "interval": "day", "alias": "d",
     "source_timezone": "Asia/Tokyo", "range": {"start": "2024-02-28", "end": "2024-03-02"}}},
     "config": {"drill_down": {"columns": ["id"]}}},
    {"type": "metric", "title": "said", "query": {"tables": [{"id": "c", "name": "calls"}],
     "columns": [{"table_id": "c", "column": "*", "aggregation": "count"}], "filters":
     [{"table_id": "c", "column": "at", "operator": "date_preset", "value": "all_time",
     "source_timezone": "Asia/Tokyo"}]}, "config": {"sparkline": {"interval": "day"}}},
    {"type": "metric", "title": "plain", "query": {"tables": [{"id": "c", "name": "calls"}],
     "columns": [{"table_id": "c", "column": "*", "aggregation": "count"}]}},
    {"type": "bar_chart", "title": "column", "query": {"tables": [{"id": "c", "name": "calls"}],
     "columns": [{"table_id": "c", "column": "at", "date_trunc": "day", "alias": "d",
      "source_timezone": "Asia/Tokyo"}, {"table_id": "c", "column": "*", "aggregation": "count"}],
     "order_by": [{"alias": "d"}]}, "config": {"drill_down": {"columns": ["id"]}}},
    {"type": "table", "title": "rows", "query": {"tables": [{"id": "c", "name": "calls"}],
     "columns": [{"table_id": "c", "column": "id"}, {"table_id": "c", "column": "at",
      "source_timezone": "Asia/Tokyo"}], "order_by": [{"alias": "id"}]}}]}') ->> 'id' AS d \gset

CREATE FUNCTION pg_temp.rows_of(filters jsonb, options jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE sql AS $$
    SELECT jsonb_object_agg(w.title, coalesce(a.value -> 'error', a.value -> 'rows'))
    FROM prismiq.prismiq_dashboards d, jsonb_each(
        prismiq.prismiq_dashboard_data(d.id, $1, $2)::jsonb) a
    JOIN prismiq.prismiq_widgets w ON w.id = a.key::uuid
    WHERE d.name = 'Calls' AND w.title <> 'rows'
$$;
CREATE FUNCTION pg_temp.widget(wanted text) RETURNS uuid LANGUAGE sql AS
$$ SELECT id FROM prismiq.prismiq_widgets WHERE title = wanted $$;
CREATE FUNCTION pg_temp.behind(title text, point jsonb, filters jsonb DEFAULT '{}') RETURNS text
LANGUAGE sql AS $$
    SELECT string_agg(r ->> 0, ' ' ORDER BY (r ->> 0)::int) FROM jsonb_array_elements(
        prismiq.prismiq_widget_drill(pg_temp.widget(title), point, filters)::jsonb -> 'rows') r
$$;

SELECT is(pg_temp.rows_of('{"days": {"start": "2024-03-01", "end": "2024-03-01"}}'),
    '{"days": [["2024-03-01T00:00:00+00:00", 2]], "said": [[2]], "plain": [[2]],
      "column": [["2024-03-01T00:00:00+00:00", 2]]}',
    'a dashboard''s filter picks the rows as the widget reads the column');
SELECT is(pg_temp.rows_of('{"days": {"start": "2024-02-29", "end": "2024-02-29"}}'),
    '{"days": [["2024-02-29T00:00:00+00:00", 2]], "said": [[2]], "plain": [[2]],
      "column": [["2024-02-29T00:00:00+00:00", 2]]}', 'of another day');
SELECT is((SELECT jsonb_agg(r -> 0 ORDER BY r) FROM jsonb_array_elements(
        prismiq.prismiq_widget_data(pg_temp.widget('rows'),
            '{"days": {"start": "2024-03-01", "end": "2024-03-01"}}')::jsonb -> 'rows') r),
    '[4, 5]', 'of a table');
SELECT is(prismiq.prismiq_widget_data(pg_temp.widget('said'), '{"days": {"start": "2024-02-28",
        "end": "2024-03-01"}}')::jsonb #> '{metric,sparkline}',
    '[["2024-02-28T00:00:00+00:00", 1], ["2024-02-29T00:00:00+00:00", 2],
      ["2024-03-01T00:00:00+00:00", 2]]', 'the line of a number is of its rows');

-- ---- Points ------------------------------------------------------------------------------------
SELECT is(pg_temp.behind(title, point, filters), wanted, concat_ws(' ', title, point, filters))
FROM (VALUES ('days', '{"d": "2024-03-01T00:00:00+00:00"}'::jsonb, '{}'::jsonb, '4 5'),
    ('days', '{"d": "2024-02-28T00:00:00+00:00"}', '{}', '1'),
    ('days', '{}', '{}', '1 2 3 4 5 6'),
    ('days', '{}', '{"days": {"start": "2024-02-29", "end": "2024-02-29"}}', '2 3'),
    ('column', '{"d": "2024-02-29T00:00:00+00:00"}', '{}', '2 3'),
    ('column', '{"d": "2024-03-01T00:00:00+00:00"}', '{"days": {"start": "2024-02-29", "end":
        "2024-03-01"}}', '4 5')) AS v (title, point, filters, wanted);
SELECT is(pg_temp.rows_of('{}', jsonb_build_object('cross_filter', jsonb_build_object(
        pg_temp.widget(title), '{"d": "2024-03-01T00:00:00+00:00"}'::jsonb))) - title,
    wanted::jsonb - title, 'a point of ' || title || ' goes to the other widgets')
FROM (VALUES ('days', '{"said": [[2]], "plain": [[2]], "column":
    [["2024-03-01T00:00:00+00:00", 2]]}'), ('column', '{"said": [[2]], "plain": [[2]], "days":
    [["2024-03-01T00:00:00+00:00", 2]]}')) AS v (title, wanted);

-- The range of a series over days.
SELECT prismiq.prismiq_dashboard_create('{"name": "By day", "widgets": [
    {"type": "line_chart", "title": "by day", "query": {"tables": [{"id": "c", "name": "calls"}],
     "columns": [{"table_id": "c", "column": "team"}, {"table_id": "c", "column": "*",
     "aggregation": "count"}], "time_series": {"table_id": "c", "date_column": "day",
     "interval": "day", "range": {"start": "2024-02-29", "end": "2024-03-01"}}},
     "config": {"drill_down": {"columns": ["id"]}}}]}') \g /dev/null
SELECT is(pg_temp.behind('by day', '{"team": "a"}'), '1 3', 'rows of its range');

SELECT finish();
