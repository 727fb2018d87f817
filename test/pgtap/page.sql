-- The page of a dashboard: what stands where, read by PostgreSQL's own XML reader, and hostile
-- content, which stays text.
\set ON_ERROR_STOP on

CREATE TABLE public.stock (org text, item text, amount numeric, day date);
INSERT INTO public.stock VALUES
    ('acme', '<b>bold</b>', 31415.92, '2024-01-05'),
    ('acme', 'O''Reilly & "Sons"', 2.5, '2024-01-06'),
    ('acme', '</script><script>alert(1)</script>', 3, '2024-01-07'),
    ('acme', E'a\r\nb\tc\u2028d', 4, '2024-01-08'), ('acme', NULL, NULL, NULL),
    ('other', 'secret item', 271828, '2024-01-05');
GRANT SELECT ON public.stock TO app_user;
SELECT prismiq.prismiq_expose('public.stock', tenant_column => 'org') \g /dev/null
CREATE TEMP TABLE hostile AS SELECT text FROM (VALUES ('</title><script>alert(1)</script>'),
    ('" onload="alert(1)'), (''' onload=''alert(1)'), ('javascript:alert(1)'), ('{{x}}${y}`z`'),
    ('<!-- --><![CDATA[ ]]>'), (E'a\u2028b\u2029c'), ('&lt;&amp;&#60;'), (E'\r\n\t'), ('\u003c'))
    AS v (text);
GRANT SELECT ON hostile TO app_user;

SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{owner}', false) \g /dev/null
SELECT prismiq.prismiq_schema_config_set('{"theme": {"accent": "#0a6cff"}, "timezone": "UTC",
    "tables": {"stock": {"display_name": "Stock"}}}') \g /dev/null
SELECT prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'Stock & <more>',
    'description', 'What "there" is', 'filters', '[{"id": "item", "type": "text", "label": "Item",
        "field": "item", "table": "stock"}]'::jsonb, 'widgets', '[
    {"type": "metric", "title": "All of it", "position": {"x": 0, "y": 0, "w": 3, "h": 2},
     "query": {"tables": [{"id": "s", "name": "stock"}], "columns": [{"table_id": "s",
     "column": "amount", "aggregation": "sum"}]}, "config": {"format": "number"}},
    {"type": "table", "title": "Items", "position": {"x": 3, "y": 0, "w": 6, "h": 3},
     "query": {"tables": [{"id": "s", "name": "stock"}], "columns": [{"table_id": "s",
     "column": "item"}, {"table_id": "s", "column": "amount"}, {"table_id": "s", "column": "day"}],
     "order_by": [{"alias": "amount", "direction": "ASC"}]},
     "config": {"columns": [{"name": "item", "label": "What"}, {"name": "amount",
     "format": "number"}]}},
    {"type": "bar_chart", "title": "By item", "position": {"x": 0, "y": 3, "w": 6, "h": 3},
     "query": {"tables": [{"id": "s", "name": "stock"}], "columns": [{"table_id": "s",
     "column": "item"}, {"table_id": "s", "column": "amount", "aggregation": "sum",
     "alias": "total"}], "order_by": [{"alias": "total", "direction": "DESC"}]},
     "config": {"format": "number"}},
    {"type": "text", "title": "Note", "position": {"x": 6, "y": 3, "w": 3, "h": 2},
     "config": {"content": "\n# <i>Hi</i>\n\nIt''s *here*"}},
    {"type": "health_status", "title": "Health", "position": {"x": 0, "y": 6, "w": 4, "h": 1},
     "query": {"tables": [{"id": "s", "name": "stock"}], "columns": [{"table_id": "s",
     "column": "item"}, {"table_id": "s", "column": "amount", "aggregation": "max",
     "alias": "level"}], "order_by": [{"alias": "level", "direction": "ASC"}]},
     "config": {"value": "level", "name": "item", "status_mapping": [{"value": 2.5,
     "label": "fine"}, {"value": 3, "label": "so so"}]}},
    {"type": "metric", "title": "Broken", "position": {"x": 9, "y": 0, "w": 3, "h": 2}}]'::jsonb))
    ->> 'id' AS d \gset
SELECT replace(prismiq.prismiq_dashboard_page(:'d')::text, '<!DOCTYPE html>', '') AS page \gset
SELECT :'page'::xml::text AS xml \gset

-- What an XPath finds, as text.
CREATE FUNCTION pg_temp.found(path text, page text) RETURNS text[] LANGUAGE sql AS $$
    SELECT xpath(path, page::xml)::text[]
$$;
-- The same with the references to characters resolved.
CREATE FUNCTION pg_temp.read(path text, page text) RETURNS text LANGUAGE sql AS $$
    SELECT (xpath('string(' || path || ')', page::xml))[1]::text
$$;
CREATE FUNCTION pg_temp.plain(written text) RETURNS text LANGUAGE sql AS $$
    SELECT replace(replace(replace(replace(replace(replace(replace(
        written, '&lt;', '<'), '&gt;', '>'),
        '&quot;', '"'), '&#39;', ''''), '&#13;', E'\r'), '&#x0d;', E'\r'), '&amp;', '&')
$$;

SELECT is(pg_temp.plain(pg_temp.read('/html/head/title', :'page')), 'Stock & <more>', 'the title');
SELECT is(substr(prismiq.prismiq_dashboard_page(:'d')::text, 1, 72),
    E'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n<title>',
    'what it is written in comes first');
SELECT is(pg_temp.found('//script/@src | //link/@href', :'page'),
    '{./assets/prismiq.css,./assets/prismiq.svg,./assets/prismiq.js}', 'what it asks for');
SELECT is(pg_temp.found('//script/text() | //style | //@style | //@*[starts-with(name(), "on")]',
    :'page'), '{}', 'no script and no style of its own');
SELECT is(pg_temp.found('count(//article)', :'page'), '{6}', 'an article for each widget');
SELECT is(pg_temp.found('//article/h2/text()', :'page'),
    '{"All of it",Items,Broken,"By item",Note,Health}', 'in their order');
SELECT is(pg_temp.found('//article[1]/dl/dd/text()', :'page'), '{"31,425.42"}', 'a metric');
SELECT is(pg_temp.found('//article[2]//th/text()', :'page'), '{What,Amount}', 'a table''s head');
SELECT is(pg_temp.found('//article[2]//tbody/tr/td[not(@hidden)][2]/text()', :'page'),
    '{2.5,3,4,"31,415.92"}', 'its rows as people read them');
SELECT is((SELECT array_agg(pg_temp.plain(t)::jsonb) FROM unnest(pg_temp.found(
    '//article[2]//tbody/tr/@data-v', :'page')) t),
    ARRAY['["O''Reilly & \"Sons\"", 2.5, "2024-01-06"]',
        '["</script><script>alert(1)</script>", 3, "2024-01-07"]',
        '["a\r\nb\tc\u2028d", 4, "2024-01-08"]', '["<b>bold</b>", 31415.92, "2024-01-05"]',
        '[null, null, null]']::jsonb[], 'and as the answer has them');
SELECT is(pg_temp.plain(pg_temp.read('//article[5]/pre', :'page')),
    E'\n\n# <i>Hi</i>\n\nIt''s *here*', 'a text, after a line''s end that readers drop');
SELECT is((SELECT array_agg(pg_temp.plain(t)) FROM unnest(pg_temp.found(
    '//article[6]//tbody/tr[2]/td/text()', :'page')) t),
    '{</script><script>alert(1)</script>,"so so"}', 'a service and how it is');
SELECT is(pg_temp.found('//article[3]/p/text()', :'page'), '{"the widget has no query",
    "Give it a query or a saved query, or its type a default query."}', 'what is wrong');

-- A chart: what is drawn, once.
SELECT is(pg_temp.found('//article[4]//th[not(@hidden)]/text()', :'page'), '{Item,"Sum of amount"}',
    'a chart''s head');
SELECT is(pg_temp.plain(pg_temp.read('//article[4]//tbody/tr[1]/td[1]', :'page')), '<b>bold</b>',
    'the largest first');
SELECT is(pg_temp.read('//article[4]//tbody/tr[1]/td[2]', :'page'), '31,415.92', 'as read');
SELECT is((SELECT (pg_temp.plain(t)::jsonb -> 'y') FROM unnest(pg_temp.found(
    '//article[4]//tbody/tr[1]/@data-v', :'page')) t), '31415.92', 'and as drawn');
SELECT is((SELECT count(*)::int FROM regexp_matches(:'page', '31415\.92', 'g')), 3,
    'the number stands once for each of the widgets that have it');
-- Row and cells together are what the answer has.
SELECT is((SELECT jsonb_agg(pg_temp.plain(t.v)::jsonb || (SELECT jsonb_object_agg(k.key,
            pg_temp.plain(coalesce((xpath(format('string(//article[4]//tbody/tr[%s]/td[%s])',
                t.i, k.i), :'page'::xml))[1]::text, '')))
        FROM unnest(pg_temp.found('//article[4]//th/@data-key', :'page')) WITH ORDINALITY k (key, i)
        WHERE NOT pg_temp.plain(t.v)::jsonb ? k.key) ORDER BY t.i)
    FROM unnest(pg_temp.found('//article[4]//tbody/tr/@data-v', :'page'))
        WITH ORDINALITY t (v, i)),
    (SELECT prismiq.prismiq_widget_spec(w.id)::jsonb #> '{data,values}'
     FROM prismiq.prismiq_widgets w WHERE title = 'By item'), 'the values of the picture');
SELECT is((SELECT pg_temp.plain(t)::jsonb - '{execution_time_ms}'::text[] FROM unnest(
    pg_temp.found('//article[4]/@data-answer', :'page')) t),
    (SELECT prismiq.prismiq_widget_data(w.id, '{}', '{"spec": true}')::jsonb
            - '{rows,execution_time_ms}'::text[] #- '{spec,data,values}'
            #- '{series,series,0,points}'
     FROM prismiq.prismiq_widgets w WHERE title = 'By item'), 'and all else of the answer');

-- What the module needs.
SELECT is((SELECT array_agg(t) FROM unnest(pg_temp.found('//prismiq-dashboard/@dashboard-id
    | //prismiq-dashboard/@theme | //prismiq-dashboard/@filters', :'page')) t),
    ARRAY[:'d', 'auto', '{}'], 'which dashboard');
SELECT is((SELECT pg_temp.plain(t)::jsonb ->> 'name' FROM unnest(pg_temp.found(
    '//prismiq-dashboard/@data-dashboard', :'page')) t), 'Stock & <more>', 'the dashboard');
SELECT is((SELECT pg_temp.plain(t)::jsonb FROM unnest(pg_temp.found(
    '//prismiq-dashboard/@data-config', :'page')) t),
    '{"theme": {"accent": "#0a6cff"}, "timezone": "UTC"}', 'what the tenant says');
SELECT is((SELECT pg_temp.plain(t)::jsonb ? 'query' FROM unnest(pg_temp.found(
    '//article[1]/@data-widget', :'page')) t), false, 'not what widgets ask');
SELECT unalike(:'page'::text, '%secret%', 'nothing of another tenant');

-- Options, filters.
SELECT replace(prismiq.prismiq_dashboard_page(:'d', '{"item": "bold"}', '{"theme": "dark",
    "locale": "de-AT", "endpoint": "/api/rpc/"}')::text, '<!DOCTYPE html>', '') AS dark \gset
SELECT is(pg_temp.found('/html/@lang | //body/@class | //prismiq-dashboard/@endpoint
    | //prismiq-dashboard/@theme', :'dark'), '{de-AT,prismiq-dark,dark,/api/rpc/}', 'options');
SELECT is(pg_temp.found('//article[1]/dl/dd/text() | //prismiq-dashboard/p[2]/text()', :'dark'),
    '{"Item: bold","31,415.92"}', 'filters');
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_page(%L, %L, %L)', :'d', '{}', options),
    '22023', NULL, options)
FROM (VALUES ('{"theme": "pink"}'), ('{"theme": 1}'), ('{"locale": "x\"y"}'), ('{"locale": 5}'),
    ('{"endpoint": "https://evil.example/"}'), ('{"endpoint": "//evil.example/"}'),
    ('{"endpoint": "/\\\\evil.example/"}'), ('{"endpoint": "javascript:alert(1)"}'),
    ('{"endpoint": "rpc/"}'), ('{"endpoint": 1}'), ('{"nope": 1}'), ('[]')) AS v (options);
CREATE FUNCTION pg_temp.hint(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
    EXECUTE call;
    RETURN 'none';
EXCEPTION WHEN invalid_parameter_value THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN hint;
END
$$;
SELECT matches(pg_temp.hint(format('SELECT prismiq.prismiq_dashboard_page(%L, %L, %L)', :'d', '{}',
    jsonb_build_object(written, 1))), format('"%s"', meant), 'an option that is ' || written)
FROM (VALUES ('thme', 'theme'), ('local', 'locale'), ('endpiont', 'endpoint'),
    ('timezon', 'timezone'), ('crossfilter', 'cross_filter'), ('widget', 'widgets'))
    v (written, meant);
SELECT matches(pg_temp.hint(format('SELECT prismiq.prismiq_dashboard_data(%L, %L, %L)', :'d', '{}',
    '{"formated": true}')), '"formatted"', 'and of answers');
SELECT unalike(pg_temp.hint(format('SELECT prismiq.prismiq_dashboard_data(%L, %L, %L)', :'d', '{}',
    '{"thme": 1}')), '%theme%', 'which have no theme');

-- What holds for all that the page asks later.
SELECT w.id AS items FROM prismiq.prismiq_widgets w WHERE title = 'Items' \gset
SELECT replace(prismiq.prismiq_dashboard_page(:'d', '{}', jsonb_build_object('timezone',
    'Asia/Tokyo', 'theme', 'dark', 'cross_filter', jsonb_build_object(:'items',
    '{"item": "<b>bold</b>"}'::jsonb)))::text, '<!DOCTYPE html>', '') AS crossed \gset
SELECT is(pg_temp.plain(pg_temp.read('//prismiq-dashboard/@options', :'crossed'))::jsonb,
    jsonb_build_object('timezone', 'Asia/Tokyo', 'cross_filter', jsonb_build_object(:'items',
    '{"item": "<b>bold</b>"}'::jsonb)), 'options of the answers go with the page');
SELECT is(pg_temp.plain(pg_temp.read('//prismiq-dashboard/p[2]', :'crossed')),
    'Items: {"item": "<b>bold</b>"}', 'people without scripts are told by what it is filtered');
SELECT is(pg_temp.found('//prismiq-dashboard/@options', :'page'), '{}', 'or of none');
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_page(gen_random_uuid())$$, 'PT404', NULL,
    'a dashboard that is not there');

-- People without scripts are told of defaults too.
SELECT prismiq.prismiq_dashboard_update(:'d', '{"filters": [{"id": "item", "type": "text",
    "label": "Item", "field": "item", "table": "stock", "default_value": "bold"}]}') IS NULL AS done
\gset
SELECT is(pg_temp.found('//prismiq-dashboard/p[2]/text()', replace(prismiq.prismiq_dashboard_page(
    :'d')::text, '<!DOCTYPE html>', '')), '{"Item: bold"}', 'a default');

-- Values that jsonb does not take are an error of their widget alone.
RESET ROLE;
CREATE TABLE public.raw (org text, id int, doc json);
INSERT INTO public.raw VALUES ('acme', 1, '{"a": "\u0000"}'), ('acme', 2, '{"a": 1e999999}');
GRANT SELECT ON public.raw TO app_user;
SELECT prismiq.prismiq_expose('public.raw', tenant_column => 'org') \g /dev/null
SET ROLE app_user;
SELECT prismiq.prismiq_dashboard_create('{"name": "Raw", "widgets": [{"type": "table",
    "title": "docs", "query": {"tables": [{"id": "r", "name": "raw"}], "columns": [
    {"table_id": "r", "column": "doc"}], "filters": [{"table_id": "r", "column": "id",
    "operator": "eq", "value": {"param": "id"}}], "params": {"id": {"type": "integer"}}}},
    {"type": "text", "title": "beside", "config": {"content": "here"}}]}') ->> 'id' AS raw \gset
SELECT is(pg_temp.found('//article[1]/p/text() | //article[2]/pre/text()', replace(
        prismiq.prismiq_dashboard_page(:'raw', '{}', format('{"params": {"id": %s}}', id)::jsonb)
        ::text, '<!DOCTYPE html>', '')),
    ARRAY['a value of the answer cannot stand in a page', E'\nhere'], id::text)
FROM generate_series(1, 2) id;

-- Whatever a text holds, it is that text.
CREATE FUNCTION pg_temp.hostile_page(content text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    made jsonb := prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'x' || content,
        'description', content, 'widgets', jsonb_build_array(jsonb_build_object('type', 'text',
        'title', content, 'config', jsonb_build_object('content', content, 'description', content,
        'labels', jsonb_build_object(content, content))))));
    page text := replace(prismiq.prismiq_dashboard_page((made ->> 'id')::uuid)::text,
        '<!DOCTYPE html>', '');
BEGIN
    PERFORM prismiq.prismiq_dashboard_delete((made ->> 'id')::uuid);
    RETURN page;
END
$$;
SELECT is(ARRAY[pg_temp.plain(pg_temp.read('/html/head/title', p.page)),
        pg_temp.plain(pg_temp.read('//article/h2', p.page)),
        pg_temp.plain(pg_temp.read('//article/pre', p.page)),
        (pg_temp.found('count(//*)', p.page))[1]],
    ARRAY['x' || text, text, E'\n' || text, '18'], text)
FROM hostile, LATERAL (SELECT pg_temp.hostile_page(text) AS page) p;
RESET ROLE;

-- What the gateway is told.
SET ROLE app_user;
BEGIN;
SELECT ok(prismiq.prismiq_dashboard_page(:'d') IS NOT NULL, 'a page');
SELECT is(current_setting('response.headers')::jsonb, '[{"Cache-Control": "private, no-store"},
    {"X-Content-Type-Options": "nosniff"}, {"Referrer-Policy": "same-origin"},
    {"Content-Security-Policy": "default-src ''self''; base-uri ''none''; form-action ''none''"}]',
    'nothing but what is of the same host');
COMMIT;
SELECT is(current_setting('response.headers', true), '', 'and no longer than the transaction');
RESET ROLE;
\set own 'default-src ''self''; base-uri ''none''; form-action ''none'''
CREATE FUNCTION pg_temp.policy_of(address text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('prismiq.assets_url', address, true);
    PERFORM prismiq_internal.page_html('{}');
    RETURN current_setting('response.headers')::jsonb #>> '{-1,Content-Security-Policy}';
END
$$;
SELECT is(pg_temp.policy_of(address), policy, address)
FROM (VALUES ('https://cdn.example:8443/p/',
        'default-src ''self'' https://cdn.example:8443; base-uri ''none''; form-action ''none'''),
    ('/static/', 'default-src ''self''; base-uri ''none''; form-action ''none'''),
    ('HTTPS://cdn.example/',
        'default-src ''self'' HTTPS://cdn.example; base-uri ''none''; form-action ''none'''),
    ('//cdn.example/', :'own'), ('https://a;script-src *//', :'own'), ('https://a b/', :'own'),
    ('https://u:p@a/', :'own'), ('./a/?next=http://x/', :'own')) AS v (address, policy);

-- Where the files are is the server's to say.
SET prismiq.assets_url = 'https://cdn.example/p?a="b"&c=/';
SET ROLE app_user;
SELECT is(pg_temp.plain((pg_temp.found('//script/@src', replace(prismiq.prismiq_dashboard_page(
    :'d')::text, '<!DOCTYPE html>', '')))[1]), 'https://cdn.example/p?a="b"&c=/prismiq.js',
    'another address');
SELECT throws_ok('SET prismiq.assets_url = ''https://evil.example/''', '42501', NULL,
    'which a tenant does not set');
RESET ROLE;
SELECT finish();
