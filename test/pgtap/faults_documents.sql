-- Faults of documents: all of them at once, each with its whole path, a code, and a suggestion
-- where there is one; and for every 22023 of ours the list of them as JSON in DETAIL.
\set ON_ERROR_STOP on

CREATE TYPE fault_call AS (state text, message text, hint text, faults jsonb);

-- What a call raises; the faults are null where DETAIL is no list.
CREATE FUNCTION public.raised(call text) RETURNS fault_call LANGUAGE plpgsql AS $f$
DECLARE
    r fault_call;
    detail text;
BEGIN
    EXECUTE call;
    RETURN ROW('done', NULL, NULL, NULL)::fault_call;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS r.state = RETURNED_SQLSTATE, r.message = MESSAGE_TEXT,
        r.hint = PG_EXCEPTION_HINT, detail = PG_EXCEPTION_DETAIL;
    r.hint := nullif(r.hint, '');
    IF detail LIKE '[%' THEN
        r.faults := detail;
    END IF;
    RETURN r;
END
$f$;
-- The same as a line a fault: "code path (suggestion)".
CREATE FUNCTION public.faults(call text) RETURNS text[] LANGUAGE sql AS $f$
    SELECT array_agg(concat_ws(' ', f ->> 'code', f ->> 'path', '(' || (f ->> 'suggestion') || ')')
                     ORDER BY place)
    FROM (SELECT public.raised(call) AS r) r,
         jsonb_array_elements((r.r).faults) WITH ORDINALITY x (f, place)
$f$;

CREATE TABLE public.orders (id int PRIMARY KEY, tenant text NOT NULL, total numeric, x text);
GRANT SELECT ON public.orders TO app_user;
SELECT prismiq.prismiq_expose('public.orders', tenant_column => 'tenant') \g /dev/null

SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{admin}', false) \g /dev/null
SELECT prismiq.prismiq_dashboard_create('{"name": "D", "layout": {"columns": 8}, "widgets": [
    {"type": "table", "id": "11111111-1111-4111-8111-111111111111",
     "position": {"x": 0, "y": 0, "w": 6, "h": 3}}]}') ->> 'id' AS d \gset
SELECT prismiq.prismiq_saved_query_create('{"name": "Q", "query": {"tables": [{"id": "o",
    "name": "orders"}], "columns": [{"table_id": "o", "column": "id"}]}}') ->> 'id' AS q \gset

-- A dashboard, all of it

SELECT is(public.faults($$SELECT prismiq.prismiq_dashboard_create('{"nam": "x",
    "layout": {"columns": 6, "row_hight": 5}, "filters": [{"id": "a", "type": "selct",
        "field": "x"}], "timezone": "Mars/Base", "refresh_interval": 0,
    "widgets": [
        {"type": "line_chrt", "position": {"x": 4, "y": 0, "w": 4, "h": 2}},
        {"type": "table", "saved_query_id": "00000000-0000-4000-8000-000000000000"},
        {"type": "text", "query": {"tables": [{"id": "o", "name": "orders"}], "columns": [
            {"table_id": "o", "column": "total", "aggregation": "summ"}], "limti": 1}},
        {"title": "no type", "config": []}]}')$$),
    '{"MISSING_FIELD /name",
      "UNKNOWN_FIELD /layout/row_hight (Did you mean \"row_height\"?)",
      "INVALID_VALUE /filters/0/type (Did you mean \"select\"?)",
      "INVALID_VALUE /timezone (Use a full name such as Europe/Paris; pg_timezone_names '
         'lists them.)",
      "INVALID_VALUE /refresh_interval",
      "INVALID_VALUE /widgets/0/type (Did you mean \"line_chart\"?)",
      "INVALID_VALUE /widgets/0/position/w (x + w is 8 and the layout has 6 columns.)",
      "TABLE_NOT_FOUND /widgets/1/saved_query_id",
      "INVALID_AGGREGATION /widgets/2/query/columns/0/aggregation (Did you mean \"sum\"?)",
      "UNKNOWN_FIELD /widgets/2/query/limti (Did you mean \"limit\"?)",
      "MISSING_FIELD /widgets/3/type", "INVALID_VALUE /widgets/3/config",
      "UNKNOWN_FIELD /nam (Did you mean \"name\"?)"}', 'a dashboard with a dozen faults');
SELECT is((SELECT count(*) FROM prismiq.prismiq_dashboards), 1::bigint,
    'and nothing of it is there');

-- Each fault in each function that takes such a document. "at" is put in front of its path.

CREATE TEMP TABLE documents (name text, call text, at text);
INSERT INTO documents VALUES
    ('widget', $$SELECT prismiq.prismiq_dashboard_create('{"name": "x", "widgets": [
        {"type": "text"}, %s]}')$$, '/widgets/1'),
    ('widget', $$SELECT prismiq.prismiq_dashboard_update('$$ || :'d' || $$', '{"widgets": [%s]}')$$,
        '/widgets/0'),
    ('widget', $$SELECT prismiq.prismiq_widget_add('$$ || :'d' || $$', '%s')$$, ''),
    ('widget', $$SELECT prismiq.prismiq_widget_update('11111111-1111-4111-8111-111111111111',
        '%s')$$, ''),
    ('dashboard', $$SELECT prismiq.prismiq_dashboard_create('%s')$$, ''),
    ('dashboard', $$SELECT prismiq.prismiq_dashboard_update('$$ || :'d' || $$', '%s')$$, ''),
    ('query', $$SELECT prismiq.prismiq_saved_query_create('{"name": "x", "query": %s}')$$,
        '/query'),
    ('query', $$SELECT prismiq.prismiq_saved_query_update('$$ || :'q' || $$', '{"query": %s}')$$,
        '/query'),
    ('query', $$SELECT prismiq.prismiq_widget_add('$$ || :'d' || $$', '{"type": "table",
        "query": %s}')$$, '/query'),
    ('query', $$SELECT prismiq.prismiq_widget_update('11111111-1111-4111-8111-111111111111',
        '{"query": %s}')$$, '/query'),
    ('query', $$SELECT prismiq.prismiq_dashboard_create('{"name": "x", "widgets": [
        {"type": "text", "query": %s}]}')$$, '/widgets/0/query'),
    ('query', $$SELECT prismiq.prismiq_dashboard_update('$$ || :'d' || $$', '{"widgets": [
        {"type": "text", "query": %s}]}')$$, '/widgets/0/query'),
    ('config', $$SELECT prismiq.prismiq_schema_config_set('%s')$$, '');
CREATE TEMP TABLE wrong (name text, document text, fault text);
INSERT INTO wrong VALUES
    ('widget', '{"type": "txt"}', 'INVALID_VALUE %s/type (Did you mean "text"?)'),
    ('widget', '{"type": "nothing like it"}',
        'INVALID_VALUE %s/type (The table prismiq_widget_types has all types.)'),
    ('widget', '{"type": "text", "titel": 1}',
        'UNKNOWN_FIELD %s/titel (Did you mean "title"?)'),
    ('widget', '{"type": "text", "position": {"x": 0, "y": 0, "w": 0, "h": 1}}',
        'INVALID_VALUE %s/position/w'),
    ('widget', '{"type": "text", "position": {"x": 5, "y": 0, "w": 9, "h": 1}}',
        'INVALID_VALUE %s/position/w (x + w is 14 and the layout has %c columns.)'),
    ('widget', '{"type": "text", "saved_query_id": "x"}', 'INVALID_VALUE %s/saved_query_id'),
    ('widget', '{"type": "text", "saved_query_id": "AAAAAAAA-0000-4000-8000-000000000000"}',
        'TABLE_NOT_FOUND %s/saved_query_id'),
    ('dashboard', '{"name": " ", "layout": {"colums": 3}}',
        'UNKNOWN_FIELD %s/layout/colums (Did you mean "columns"?)'),
    ('dashboard', '{"name": "x", "timezone": "CEST"}', 'INVALID_VALUE %s/timezone (Use a full name '
        'such as Europe/Paris; pg_timezone_names lists them.)'),
    ('dashboard', '{"name": "x", "filters": [{"id": "a", "type": "text", "fild": "x"}]}',
        'UNKNOWN_FIELD %s/filters/0/fild (Did you mean "field"?)'),
    ('query', '{}', 'MISSING_FIELD %s/tables'),
    ('query', '[]', 'INVALID_JSON %s'),
    ('query', '{"tables": [{"id": "o", "name": "orders"}], "columns": [{"table_id": "o", '
        '"column": "id"}], "limit": -1}', 'INVALID_VALUE %s/limit'),
    ('query', '{"tables": [{"id": "o", "name": "orders"}], "columns": [{"table_id": "o", '
        '"column": "id", "sql_expression": "1"}]}', 'UNSAFE_SQL %s/columns/0/sql_expression (Say '
        'it with a calculated field, or with a condition on a nested query.)'),
    ('config', '{"timezone": "Mars/Base"}', 'INVALID_VALUE %s/timezone (Use a full name such as '
        'Europe/Paris; pg_timezone_names lists them.)'),
    ('config', '{"week_start": "tusday"}', 'INVALID_VALUE %s/week_start (Did you mean "tuesday"?)'),
    ('config', '{"tables": {"orders": {"hiden": true}}}',
        'UNKNOWN_FIELD %s/tables/orders/hiden (Did you mean "hidden"?)');
SELECT cmp_ok(count(*), '=', 61::bigint, 'so many calls') FROM documents JOIN wrong USING (name);
SELECT ok(replace(replace(fault, '%s', at), '%c', CASE WHEN call ~ 'name": "x", "wid' THEN '12'
              ELSE '8' END) = ANY (public.faults(replace(call, '%s', document))),
    format('%s: %s', substring(call FROM 'prismiq_\w+'), document))
FROM documents JOIN wrong USING (name);
SELECT is((SELECT count(*) FROM prismiq.prismiq_dashboards d, prismiq.prismiq_widgets w,
    prismiq.prismiq_saved_queries q), 1::bigint, 'and nothing was done');

-- Sizes of types; an alias has its own

RESET ROLE;
INSERT INTO prismiq.prismiq_widget_types (type, alias_of, label, shape, default_w, default_h, min_w,
    max_w, min_h) VALUES ('wide', NULL, 'w', 'custom', 10, 3, 9, 11, 2),
    ('also_wide', 'wide', 'w', 'custom', 4, 3, 3, 5, 1);
SET ROLE app_user;
SELECT is(public.faults(format($$SELECT prismiq.prismiq_widget_add(%L, %L)$$, :'d', data)), want,
    data)
FROM (VALUES
    ('{"type": "wide", "position": {"x": 0, "y": 0, "w": 8, "h": 1}}',
     '{"INVALID_VALUE /position/w (Its type allows \"w\" from 9 to 11.)",
       "INVALID_VALUE /position/h (Its type allows \"h\" from 2.)"}'::text[]),
    ('{"type": "also_wide", "position": {"x": 0, "y": 0, "w": 8, "h": 1}}',
     '{"INVALID_VALUE /position/w (Its type allows \"w\" from 3 to 5.)"}'),
    ('{"type": "wide"}', '{"INVALID_VALUE /type (Its type allows \"w\" from 9 to 11.)"}'))
    v (data, want);
SELECT is(public.faults($$SELECT prismiq.prismiq_widget_update(
        '11111111-1111-4111-8111-111111111111', '{"type": "wide"}')$$),
    '{"INVALID_VALUE /type (Its type allows \"w\" from 9 to 11.)"}',
    'another type, which the size does not suit');

-- Moving

SELECT is(public.faults(format($$SELECT prismiq.prismiq_layout_update(%L, %L)$$, :'d', data)), want,
    data)
FROM (VALUES
    ('[{"id": "11111111-1111-4111-8111-111111111111", "x": 4, "y": 0, "w": 6, "h": 2},
       {"id": "22222222-1111-4111-8111-111111111111", "x": 0, "y": 0, "w": 0, "h": 1},
       {"widget_id": "x", "position": {"x": 1, "y": 1, "w": 1}}, 7]',
     '{"INVALID_VALUE /0/w (x + w is 10 and the layout has 8 columns.)",
       "INVALID_VALUE /1/id", "INVALID_VALUE /1/w", "INVALID_VALUE /2/widget_id",
       "MISSING_FIELD /2/position/h", "INVALID_VALUE /3"}'::text[]),
    ('[{"widget_id": "11111111-1111-4111-8111-111111111111",
        "position": {"x": 8, "y": 0, "w": 3, "h": 2}}]',
     '{"INVALID_VALUE /0/position/w (x + w is 11 and the layout has 8 columns.)"}')) v (data, want);
SELECT is((SELECT (r.r).state || (r.r).message FROM (SELECT public.raised(format(
    $$SELECT prismiq.prismiq_layout_update(%L, '[{"id": "22222222-1111-4111-8111-111111111111",
        "x": 0, "y": 0, "w": 1, "h": 1}]')$$, :'d')) AS r) r), 'PT404widget not found',
    'a widget that is not there is not found');
SELECT is((SELECT (r.r).state || (r.r).message FROM (SELECT public.raised(
    $$SELECT prismiq.prismiq_layout_update('22222222-1111-4111-8111-111111111111',
        '[{"id": "22222222-1111-4111-8111-111111111111",
        "x": 0, "y": 0, "w": 1, "h": 1}]')$$) AS r) r), 'PT404dashboard not found',
    'and of a dashboard that is not there nothing is');

-- A layout

SELECT is(public.faults(format($$SELECT prismiq.prismiq_dashboard_update(%L, %L)$$, :'d', data)),
    want, data)
FROM (VALUES
    ('{"layout": {"columns": 5}, "name": " "}', '{"INVALID_VALUE /name", "INVALID_VALUE '
        '/layout/columns (Move the widgets first, or give them with the layout.)"}'::text[]),
    ('{"layout": {"columns": 5}, "widgets": [{"type": "text",
        "id": "11111111-1111-4111-8111-111111111111"}]}',
     '{"INVALID_VALUE /widgets/0/type (x + w is 6 and the layout has 5 columns.)"}'))
    v (data, want);
SELECT is((SELECT (r.r).state FROM (SELECT public.raised(format(
    $$SELECT prismiq.prismiq_dashboard_update(%L, '{"layout": {}}')$$, :'d')) AS r) r), 'done',
    'a layout that says nothing has twelve columns');
SELECT prismiq.prismiq_dashboard_update(:'d', '{"layout": {"columns": 8}}') \g /dev/null

-- Whole numbers, however they are written

SELECT is((public.raised(format(call, data))).state, 'done', call)
FROM (VALUES ('SELECT prismiq.prismiq_dashboard_create(%L)',
        '{"name": "n", "refresh_interval": 5.0}'),
    ('SELECT prismiq.prismiq_dashboard_update(' || quote_literal(:'d') || ', %L)',
        '{"refresh_interval": 5.0}')) v (call, data);
SELECT is((SELECT refresh_interval FROM prismiq.prismiq_dashboards WHERE id = :'d'), 5, 'and kept');
SELECT is(prismiq.prismiq_dashboard_update(:'d', '{"refresh_interval": null, "name": "D"}')
    -> 'refresh_interval', 'null', 'none again');

-- Limits, each with the setting that says so

SET prismiq.max_widgets_per_dashboard = 1;
SET prismiq.max_definition_bytes = '1kB';
SET prismiq.max_nesting = 4;
SELECT is((SELECT array[(r.r).state, (r.r).message, (r.r).hint, (r.r).faults #>> '{0,code}',
        (r.r).faults #>> '{0,path}'] FROM (SELECT public.raised(call) AS r) r), want, call)
FROM (VALUES
    (format($$SELECT prismiq.prismiq_widget_add(%L, '{"type": "text"}')$$, :'d'),
     '{PT413,too many widgets,"Delete one, or raise prismiq.max_widgets_per_dashboard.",'
         'TOO_COMPLEX,""}'
         ::text[]),
    ($$SELECT prismiq.prismiq_dashboard_create('{"name": "x", "widgets": [{"type": "text"},
        {"type": "text"}]}')$$,
     '{PT413,too many widgets,"Delete one, or raise prismiq.max_widgets_per_dashboard.",'
         'TOO_COMPLEX,/widgets}'),
    (format($$INSERT INTO prismiq.prismiq_widgets (dashboard_id, type) VALUES (%L, 'text')$$, :'d'),
     '{PT413,too many widgets,"Delete one, or raise prismiq.max_widgets_per_dashboard.",'
         'TOO_COMPLEX,""}'),
    (format($$SELECT prismiq.prismiq_dashboard_update(%L, '{"widgets": [{"type": "text",
        "config": {"a": [[[[1]]]]}}]}')$$, :'d'),
     '{PT413,query is too complex,"Nest less, or raise prismiq.max_nesting.",TOO_COMPLEX,'
         '/widgets/0/config}'),
    (format($$SELECT prismiq.prismiq_widget_update('11111111-1111-4111-8111-111111111111',
        '{"config": {"a": "%s"}}')$$, repeat('x', 2000)),
     '{PT413,query is too complex,"Make it smaller, or raise prismiq.max_definition_bytes.",'
         'TOO_COMPLEX,/config}'),
    ($$SELECT prismiq.prismiq_schema_config_set('{"tables": {"o": {"columns": {"a": {"hidden":
        true}}}}}')$$,
     '{PT413,query is too complex,"Nest less, or raise prismiq.max_nesting.",TOO_COMPLEX,""}'))
    v (call, want);
RESET prismiq.max_widgets_per_dashboard;
RESET prismiq.max_definition_bytes;
RESET prismiq.max_nesting;

-- Every 22023 of ours has the list in DETAIL; its first entry is the message and the hint.

RESET ROLE;
CREATE TABLE public.kinds (id int, tenant text, at text, f float8, j json, big numeric);
INSERT INTO public.kinds VALUES (1, 'acme', 'x', 1, '{}', 1e30);
CREATE TEMP TABLE passing (id int);
CREATE INDEX kinds_index ON public.kinds (id);
CREATE MATERIALIZED VIEW public.unfilled AS SELECT 1 AS id, 'acme'::text AS tenant WITH NO DATA;
CREATE FUNCTION public.cannot(n int) RETURNS int LANGUAGE sql AS 'SELECT 2147483647 + n';
CREATE VIEW public.broken AS SELECT tenant, public.cannot(id) AS n FROM public.kinds;
SELECT prismiq.prismiq_expose(r, tenant_column => 'tenant')
FROM unnest('{kinds,unfilled,broken}'::regclass[]) r \g /dev/null
GRANT SELECT ON public.kinds, public.unfilled, public.broken TO app_user;
CREATE TEMP TABLE calls (call text, path text);
INSERT INTO calls VALUES
    ($$SELECT prismiq.prismiq_expose(NULL::regclass, 'tenant')$$, '/relation'),
    ($$SELECT prismiq.prismiq_expose('kinds')$$, ''),
    ($$SELECT prismiq.prismiq_expose('kinds', 'tenat')$$, '/tenant_column'),
    ($$SELECT prismiq.prismiq_expose('kinds', 'f')$$, '/tenant_column'),
    ($$SELECT prismiq.prismiq_expose('kinds', 'j')$$, '/tenant_column'),
    ($$SELECT prismiq.prismiq_expose('kinds', 'tenant', 'at')$$, '/time_column'),
    ($$SELECT prismiq.prismiq_expose('kinds', tenant => '')$$, '/tenant'),
    ($$SELECT prismiq.prismiq_expose('passing', 'id')$$, '/relation'),
    ($$SELECT prismiq.prismiq_expose('kinds_index', 'id')$$, '/relation'),
    ($$SELECT prismiq.prismiq_expose('pg_class', 'oid')$$, '/relation'),
    ($$SELECT prismiq.prismiq_expose('prismiq.prismiq_dashboards', 'tenant_id')$$, '/relation'),
    ($$SELECT prismiq.prismiq_expose_schema('public', NULL::name)$$, '/tenant_column'),
    ($$SELECT prismiq.prismiq_grant('app_user', 'ap')$$, '/profile'),
    ($$SELECT prismiq.prismiq_grant('app_user', 'analyst_sql')$$, '/profile'),
    ($$SELECT prismiq.prismiq_grant('nobody_at_all', 'app')$$, '/role_name'),
    ($$SELECT prismiq.prismiq_set_context('')$$, '/tenant_id'),
    ($$SELECT prismiq.prismiq_set_context('a', 'b', '{"a,b"}')$$, '/roles'),
    ($$SELECT prismiq.prismiq_set_context('a', 'b', '{NULL}')$$, '/roles'),
    ($$SELECT prismiq.prismiq_time_bucket('0 days', now())$$, '/width'),
    ($$SELECT prismiq.prismiq_time_bucket('1 month 1 day', now())$$, '/width'),
    ($$SELECT prismiq.prismiq_time_bucket('1 hour', date '2024-01-01')$$, '/width'),
    ($$SELECT prismiq.prismiq_time_bucket('1 hour', now(), 'Mars')$$, '/timezone'),
    ($$SELECT prismiq.prismiq_time_bucket('1 hour', now(), 'UTC', 'infinity')$$, '/origin'),
    ($$SELECT prismiq.prismiq_time_bucket_auto('-infinity', now())$$, '/start'),
    ($$SELECT prismiq.prismiq_time_bucket_auto(now(), now(), 0)$$, '/max_points'),
    ($$SELECT prismiq.prismiq_time_buckets('1 day', '-infinity', now()::timestamp)$$, '/start'),
    ($$SELECT prismiq.prismiq_column_sample('kinds', 'id', 0)$$, '/max_values'),
    ($$SELECT prismiq.prismiq_column_sample('kinds', 'j')$$, '/column_name'),
    ($$SELECT prismiq.prismiq_column_sample('unfilled', 'id')$$, '/table_name'),
    ($$SELECT prismiq.prismiq_query('{"tables": [{"id": "b", "name": "broken"}], "columns": [
        {"table_id": "b", "column": "n"}]}')$$, ''),
    ($$SELECT prismiq.prismiq_query_rows('{"tables": [{"id": "b", "name": "broken"}], "columns": [
        {"table_id": "b", "column": "n"}]}')$$, ''),
    ($$SELECT prismiq.prismiq_column_sample('broken', 'n')$$, ''),
    ($$SELECT prismiq.prismiq_query('{"tables": [{"id": "b", "name": "kinds"}], "columns": [
        {"table_id": "b", "column": "id"}]}', '{"formt": 1}')$$, '/formt'),
    ($$SELECT prismiq.prismiq_explain('[]')$$, ''),
    ($$SELECT prismiq.prismiq_dashboard_list('{"sort": "nme"}')$$, '/sort'),
    ($$SELECT prismiq.prismiq_saved_query_list('[]')$$, ''),
    ($$SELECT prismiq.prismiq_saved_query_create('{"name": "s", "sql": "SELECT 1"}')$$, '/sql'),
    ($$INSERT INTO prismiq.prismiq_saved_queries (name, sql) VALUES ('s', 'SELECT 1')$$, '/sql'),
    ($$INSERT INTO prismiq.prismiq_saved_queries (name, query) VALUES ('s', '[]')$$, ''),
    ($$INSERT INTO prismiq.prismiq_dashboards (name, layout) VALUES ('s', '{"columns": 0}')$$,
        '/layout/columns'),
    ($$INSERT INTO prismiq.prismiq_dashboards (name, filters) VALUES ('s', '{}')$$, '/filters'),
    ($$INSERT INTO prismiq.prismiq_dashboards (name, timezone) VALUES ('s', 'Mars')$$, '/timezone'),
    ($$UPDATE prismiq.prismiq_dashboards SET layout = '{"columns": 2}'$$, '/layout/columns'),
    ($$UPDATE prismiq.prismiq_widgets SET position = '{"x": 9, "y": 0, "w": 9, "h": 3}'$$,
        '/position'),
    ($$UPDATE prismiq.prismiq_widgets SET position = '{"x": 0, "y": 0, "w": 1, "h": 3}',
        type = 'wide'$$, '/position'),
    ($$UPDATE prismiq.prismiq_widgets SET position = '{}'$$, '/position/x'),
    ($$UPDATE prismiq.prismiq_widgets SET config = '1'$$, '/config'),
    ($$INSERT INTO prismiq.prismiq_schema_config (config) VALUES ('{"timezone": "Mars"}')$$,
        '/timezone');
SELECT is_empty($$SELECT p.proname FROM pg_proc p JOIN pg_depend d
        ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    WHERE p.prosrc ~ 'ERRCODE = ''22023'''$$, 'no function in SQL raises it by itself');
CREATE TEMP TABLE results (call text, path text, r fault_call);
GRANT ALL ON calls, results TO app_user;
INSERT INTO results SELECT call, path, public.raised(call) FROM calls
WHERE call ~ 'prismiq_(expose|grant)';
SET ROLE app_user;
INSERT INTO results SELECT call, path, public.raised(call) FROM calls
WHERE call !~ 'prismiq_(expose|grant)';
SELECT is(ARRAY[(r).state, coalesce((r).faults #>> '{0,path}', 'no list')], ARRAY['22023', path],
    'a list: ' || call) FROM results;
SELECT ok((r).message = (r).faults #>> '{0,message}'
    AND (r).hint IS NOT DISTINCT FROM (r).faults #>> '{0,suggestion}'
    AND (r).faults #>> '{0,code}' IS NOT NULL, 'the first of which it is: ' || call)
FROM results;
SELECT is((SELECT count(*) FROM results), 48::bigint, 'all of them');

SELECT finish();
