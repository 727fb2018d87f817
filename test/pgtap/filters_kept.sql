-- Filters never vanish: what they are on is looked at when they are saved, and what becomes of it
-- later is an error of the widgets that they were on.
\set ON_ERROR_STOP on

CREATE TABLE public.deals (id int PRIMARY KEY, org text, region text, total numeric, day date,
    stage text, done boolean);
INSERT INTO public.deals VALUES
    (1, 'acme', 'north', 10, '2024-01-05', 'won', true),
    (2, 'acme', 'south', 20, '2024-02-05', 'lost', true),
    (3, 'acme', 'north', 30, '2024-03-05', 'open', false),
    (4, 'other', 'north', 400, '2024-01-05', 'won', true);
CREATE TABLE public.people (id int PRIMARY KEY, org text, region text, name text);
INSERT INTO public.people VALUES (1, 'acme', 'north', 'Ann'), (2, 'acme', 'south', 'Bob'),
    (3, 'acme', 'south', 'Cy'), (4, 'other', 'south', 'Eve');
CREATE TABLE public.stock (id int PRIMARY KEY, org text, amount int);
INSERT INTO public.stock VALUES (1, 'acme', 5), (2, 'other', 6);
GRANT SELECT ON public.deals, public.people, public.stock TO app_user;
SELECT prismiq.prismiq_expose(t, tenant_column => 'org')
FROM unnest('{deals,people,stock}'::regclass[]) t \g /dev/null

-- The faults of a call, "code path" a line; "saved" when there are none.
CREATE FUNCTION public.faults(filters jsonb, widgets jsonb DEFAULT NULL) RETURNS text
LANGUAGE plpgsql AS $f$
DECLARE
    detail text;
BEGIN
    PERFORM prismiq.prismiq_dashboard_delete((prismiq.prismiq_dashboard_create(
        jsonb_build_object('name', 'Faults', 'filters', filters, 'widgets', coalesce(widgets,
            jsonb_build_array(public.widget(1, 'deals', 'total'),
                              public.widget(2, 'people', 'id'))))) ->> 'id')::uuid);
    RETURN 'saved';
EXCEPTION WHEN SQLSTATE '22023' THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN (SELECT string_agg((f ->> 'code') || ' ' || (f ->> 'path'), ', ' ORDER BY place)
            FROM jsonb_array_elements(detail::jsonb) WITH ORDINALITY x (f, place));
END
$f$;
CREATE FUNCTION public.widget(n int, name text, measure text) RETURNS jsonb LANGUAGE sql AS $f$
    SELECT jsonb_build_object('id', format('%s0000000-0000-4000-8000-000000000001', n), 'type',
        'metric', 'query', jsonb_build_object(
            'tables', jsonb_build_array(jsonb_build_object('id', 't', 'name', name)),
            'columns', jsonb_build_array(jsonb_build_object('table_id', 't', 'column', measure,
                'aggregation', 'sum', 'alias', 'v'))))
$f$;

-- What the three widgets answer: a value, or the code and message of an error.
CREATE FUNCTION public.answers(d uuid, filters jsonb) RETURNS text LANGUAGE sql AS $f$
    SELECT string_agg(coalesce(value #>> '{metric,value}',
                               nullif(concat_ws(' ', value #>> '{error,code}',
                                                value #>> '{error,message}'), ''), 'null'),
                      ' | ' ORDER BY key)
    FROM jsonb_each(prismiq.prismiq_dashboard_data(d, filters)::jsonb)
$f$;
CREATE FUNCTION public.reasons(d uuid, filters jsonb) RETURNS text LANGUAGE sql AS $f$
    SELECT string_agg((SELECT string_agg(coalesce(f ->> 'reason', 'applied'), ' ' ORDER BY place)
                       FROM jsonb_array_elements(value -> 'filters') WITH ORDINALITY x (f, place)),
                      ' | ' ORDER BY key)
    FROM jsonb_each(prismiq.prismiq_dashboard_data(d, filters)::jsonb)
$f$;
CREATE FUNCTION public.lost(ddl text, d uuid, filters jsonb) RETURNS text LANGUAGE plpgsql AS $f$
DECLARE
    result text;
BEGIN
    RESET ROLE;
    EXECUTE ddl;
    SET ROLE app_user;
    result := public.answers(d, filters);
    RAISE EXCEPTION USING ERRCODE = 'ZZ000', MESSAGE = result;
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    RETURN SQLERRM;
END
$f$;
SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{admin}', false) \g /dev/null

-- ---- When they are saved -------------------------------------------------

SELECT is(public.faults(jsonb_build_array(filter || '{"id": "f"}')), wanted, filter::text)
FROM (VALUES
    ('{"type": "select", "field": "region"}'::jsonb, 'saved'),
    ('{"type": "select", "field": "regoin"}', 'COLUMN_NOT_FOUND /filters/0/field'),
    ('{"type": "select", "field": "region", "table": "deals"}', 'saved'),
    ('{"type": "select", "field": "region", "table": "public.deals"}', 'saved'),
    ('{"type": "select", "field": "regoin", "table": "deals"}',
     'COLUMN_NOT_FOUND /filters/0/field'),
    ('{"type": "select", "field": "region", "table": "dealz"}', 'TABLE_NOT_FOUND /filters/0/table'),
    -- Of a table that no widget uses yet
    ('{"type": "number_range", "field": "amount"}', 'saved'),
    ('{"type": "number_range", "field": "amount", "table": "stock"}', 'saved'),
    ('{"type": "number_range", "field": "total"}', 'saved'),
    ('{"type": "number_range", "field": "stage"}', 'TYPE_MISMATCH /filters/0/type'),
    ('{"type": "number_range", "field": "day"}', 'TYPE_MISMATCH /filters/0/type'),
    ('{"type": "date_range", "field": "day"}', 'saved'),
    ('{"type": "date_range", "field": "stage"}', 'TYPE_MISMATCH /filters/0/type'),
    ('{"type": "date_range", "field": "total"}', 'TYPE_MISMATCH /filters/0/type'),
    ('{"type": "text", "field": "stage"}', 'saved'),
    ('{"type": "text", "field": "total"}', 'TYPE_MISMATCH /filters/0/type'),
    ('{"type": "search", "field": "stage"}', 'saved'),
    ('{"type": "search", "field": "done"}', 'TYPE_MISMATCH /filters/0/type'),
    ('{"type": "select", "field": "done"}', 'saved'),
    ('{"type": "multi_select", "field": "total"}', 'saved'),
    ('{"type": "select", "field": "region",
       "applies_to": ["10000000-0000-4000-8000-000000000001"]}', 'saved'),
    ('{"type": "select", "field": "region",
       "applies_to": ["10000000-0000-4000-8000-00000000000f"]}',
     'INVALID_VALUE /filters/0/applies_to/0'),
    ('{"type": "select", "field": "stage",
       "applies_to": ["20000000-0000-4000-8000-000000000001"]}',
     'COLUMN_NOT_FOUND /filters/0/field'),
    ('{"type": "date_range", "field": "day", "date_preset": "last_7_days"}', 'saved'),
    ('{"type": "date_range", "field": "day", "date_preset": "last_7_dayz"}',
     'INVALID_VALUE /filters/0/date_preset'),
    ('{"type": "number_range", "field": "total", "default_value": {"min": "x"}}',
     'TYPE_MISMATCH /filters/0/default_value/min')) AS v (filter, wanted);
SELECT is(public.faults('[]', jsonb_build_array(public.widget(1, 'deals', 'totl'),
    public.widget(2, 'peeple', 'id'))),
    'COLUMN_NOT_FOUND /widgets/0/query/columns/0/column, '
    'TABLE_NOT_FOUND /widgets/1/query/tables/0/name', 'the queries of widgets are looked at too');
SELECT is(public.faults('[{"id": "f", "type": "select", "field": "regoin"}]',
    jsonb_build_array(public.widget(1, 'deals', 'totl'))),
    'COLUMN_NOT_FOUND /filters/0/field, COLUMN_NOT_FOUND /widgets/0/query/columns/0/column',
    'and all of it comes at once');

-- ---- When the catalogs change --------------------------------------------

SELECT prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'Kept', 'filters',
    '[{"id": "where", "type": "select", "field": "region"},
      {"id": "stage", "type": "text", "field": "stage"},
      {"id": "size", "type": "number_range", "field": "total", "table": "deals"}]'::jsonb,
    'widgets', jsonb_build_array(public.widget(1, 'deals', 'id'), public.widget(2, 'people', 'id'),
        public.widget(3, 'stock', 'amount')))) ->> 'id' AS d \gset

SELECT is(public.answers(:'d', '{}'), '6 | 6 | 5', 'all are there');
SELECT is(public.answers(:'d', '{"where": "north"}'), '4 | 1 | 5', 'a filter on two of them');
SELECT is(public.reasons(:'d', '{"where": "north"}'),
    'applied no_value no_value | applied no_value no_value | no_such_column no_value no_value',
    'what they say of it');
SELECT is(public.reasons(:'d', '{"size": {"min": 1}}'),
    'no_value no_value applied | no_value no_value no_such_column | no_value no_value '
    'no_such_column', 'of one on a table');

\set lost 'COLUMN_NOT_FOUND filter "where" is on column "region", which table "deals" does not have'
SELECT is(public.lost(ddl, :'d', '{"where": "north"}'), :'lost' || ' | 1 | 5', ddl)
FROM (VALUES ('ALTER TABLE public.deals RENAME region TO area'),
    ('ALTER TABLE public.deals DROP region'),
    ('REVOKE SELECT ON public.deals FROM app_user;
      GRANT SELECT (id, org, total) ON public.deals TO app_user')) AS v (ddl);
SELECT is(public.lost('ALTER TABLE public.deals RENAME region TO area', :'d', '{}'), '6 | 6 | 5',
    'without a value nothing is filtered');
SELECT is(public.lost('ALTER TABLE public.deals RENAME total TO amount', :'d',
    '{"size": {"min": 15}}'),
    'COLUMN_NOT_FOUND filter "size" is on column "total", which table "deals" does not have '
    '| 6 | 5', 'a filter that names its table');
SELECT is(public.lost('ALTER TABLE public.deals ALTER stage TYPE int USING length(stage)', :'d',
    '{"stage": "o"}'),
    'TYPE_MISMATCH filter "stage" is of type text, which is for texts, but column "stage" is of '
    'type integer | 6 | 5', 'a column of another type');
SELECT is(public.lost('ALTER TABLE public.deals ALTER total TYPE text', :'d',
    '{"size": {"min": 15}}'),
    'TYPE_MISMATCH filter "size" is of type number_range, which is for numbers, but column '
    '"total" is of type text | 6 | 5', 'numbers that became text');

-- Hidden by the tenant: neither message nor code differ from what is not there.
SELECT prismiq.prismiq_schema_config_set('{"tables": {"deals": {"columns": {"region":
    {"hidden": true}}}}}') \g /dev/null
SELECT is(public.answers(:'d', '{"where": "north"}'), :'lost' || ' | 1 | 5', 'a hidden column');
SELECT prismiq.prismiq_schema_config_set('{}') \g /dev/null
SELECT is(public.answers(:'d', '{"where": "north"}'), '4 | 1 | 5', 'and shown again');

-- What is known follows the document: a widget more, a widget less, other filters.
SELECT is((SELECT filter_tables FROM prismiq.prismiq_dashboards WHERE id = :'d'),
    '{"where": ["public.deals", "public.people"], "stage": ["public.deals"],
      "size": ["public.deals"]}', 'the tables that filters are on are kept');
SELECT version AS v FROM prismiq.prismiq_dashboards WHERE id = :'d' \gset
SELECT prismiq.prismiq_dashboard_update(:'d', '{"filters": [{"id": "where", "type": "select",
    "field": "region"}]}') \g /dev/null
SELECT is((SELECT (filter_tables, version) FROM prismiq.prismiq_dashboards WHERE id = :'d'),
    ('{"where": ["public.deals", "public.people"]}'::jsonb, :v + 1),
    'with the filters, and it is one change');
SELECT prismiq.prismiq_widget_update('20000000-0000-4000-8000-000000000001', jsonb_build_object(
    'query', public.widget(3, 'stock', 'amount') -> 'query')) \g /dev/null
SELECT is((SELECT (filter_tables, version) FROM prismiq.prismiq_dashboards WHERE id = :'d'),
    ('{"where": ["public.deals"]}'::jsonb, :v + 2), 'with a widget''s query');
SELECT ok(NOT prismiq.prismiq_dashboard_get(:'d') ? 'filter_tables',
    'it is no part of the document');
UPDATE prismiq.prismiq_dashboards SET filters = '[{"id": "n", "type": "select", "field": "nope"}]'
WHERE id = :'d';
SELECT is((SELECT filter_tables FROM prismiq.prismiq_dashboards WHERE id = :'d'), '{"n": []}',
    'plain DML is not held to the catalogs');
SELECT * FROM finish();
