-- Dashboards: what goes in, what comes out, versions, names, checks of what is written.
\set ON_ERROR_STOP on

SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) AS context \gset

-- Creating and reading

SELECT prismiq.prismiq_dashboard_create('{"name": "Sales", "description": "All of it",
    "filters": [{"id": "when", "type": "date_range", "label": "When", "field": "departed_at"}],
    "allowed_viewers": ["vic"], "timezone": "Europe/Berlin", "refresh_interval": 60,
    "widgets": [
        {"type": "text", "title": "second", "position": {"x": 0, "y": 10, "w": 4, "h": 2}},
        {"type": "text", "title": "third", "position": {"x": 5, "y": 10, "w": 4, "h": 2}},
        {"type": "kpi", "title": "first", "position": {"x": 0, "y": 9, "w": 4, "h": 1},
         "query": {"tables": [{"id": "f", "name": "flights"}],
                   "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}}]}') AS
                       made \gset
SELECT :'made'::jsonb ->> 'id' AS id \gset

SELECT is(prismiq.prismiq_dashboard_get(:'id'), :'made'::jsonb, 'create returns what get returns');
SELECT set_eq($$SELECT jsonb_object_keys(prismiq.prismiq_dashboard_get('$$ || :'id' || $$'))$$,
    '{tenant_id,id,name,description,layout,filters,owner_id,created_by,is_public,is_default,
      allowed_viewers,allowed_editors,timezone,refresh_interval,version,created_at,updated_at,
      is_owner,can_edit,is_provided,widgets}'::text[],
    'a dashboard has these keys');
SELECT is(:'made'::jsonb -> 'layout',
    '{"columns": 12, "row_height": 50, "margin": [10, 10], "compact_type": "vertical"}',
        'the layout has defaults');
SELECT is(:'made'::jsonb ->> 'owner_id', 'ann', 'the owner is who creates it');
SELECT is((:'made'::jsonb ->> 'version')::int, 1, 'the first version is 1');
SELECT is((SELECT array_agg(w ->> 'title' ORDER BY place)
           FROM jsonb_array_elements(:'made'::jsonb -> 'widgets') WITH ORDINALITY x (w, place)),
    '{first,second,third}', 'widgets come by y, then x, as numbers');
SELECT is(prismiq.prismiq_dashboard_create('{"name": "Plain"}') -> 'widgets', '[]',
    'a dashboard without widgets');
SELECT is(prismiq.prismiq_dashboard_create('{"name": "Rest", "layout": {"columns": 6}}') ->
    'layout',
    '{"columns": 6, "row_height": 50, "margin": [10, 10], "compact_type": "vertical"}',
    'what a layout leaves out is the default');

-- Two keys of a layout go by the names that grids in browsers have as well

SELECT is(prismiq.prismiq_dashboard_create('{"name": "Camels", "layout": {"columns": 6,
    "rowHeight": 40, "compactType": "none"}}') -> 'layout', '{"columns": 6, "row_height": 40,
    "margin": [10, 10], "compact_type": "none"}', 'and are kept by ours');
SELECT is(prismiq.prismiq_dashboard_update((prismiq.prismiq_dashboard_get_by_name('Camels')
    ->> 'id')::uuid, '{"layout": {"rowHeight": 30}}') -> 'layout', '{"columns": 12,
    "row_height": 30, "margin": [10, 10], "compact_type": "vertical"}', 'in a change too');
SELECT is(prismiq.prismiq_dashboard_import('{"format": "prismiq.dashboard", "version": "1.0",
    "name": "Camels", "layout": {"compactType": "horizontal"}}', '{"on_conflict": "replace"}')
    -> 'layout', '{"columns": 12, "row_height": 50, "margin": [10, 10],
    "compact_type": "horizontal"}', 'and in a document');
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_create(%L)', jsonb_build_object(
    'name', 'x', 'layout', layout)), '22023', message, message)
FROM (VALUES ('{"rowHeight": 0}'::jsonb, '"rowHeight" must be an integer from 1 to 10000'),
    ('{"compactType": "diagonal"}', '"diagonal" is not a valid value of "compactType"'),
    ('{"rowHeight": 1, "row_height": 1}', 'give "row_height" or "rowHeight", not both'))
    v (layout, message);
SELECT throws_ok($$INSERT INTO prismiq.prismiq_dashboards (name, layout)
    VALUES ('x', '{"rowHeight": 40}')$$, '22023', 'unknown key "rowHeight"',
    'a table has one name for each');
SELECT prismiq.prismiq_dashboard_delete((prismiq.prismiq_dashboard_get_by_name('Camels')
    ->> 'id')::uuid) \g /dev/null

-- Names

SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_create('{"name": "Sales"}')$$,
    '23505', 'a dashboard of this name exists already', 'a name is taken once');
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_update('$$ || :'id' || $$',
    '{"name": "Plain"}')$$,
    '23505', 'a dashboard of this name exists already', 'renaming onto another');
SELECT prismiq.prismiq_set_context('acme', 'bob', '{}', false) AS context \gset
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_create('{"name": "Sales"}')$$,
    '23505', 'a dashboard of this name exists already',
        'taken by one that is not seen: the same words');
SELECT prismiq.prismiq_set_context('globex', 'ann', '{}', false) AS context \gset
SELECT lives_ok($$SELECT prismiq.prismiq_dashboard_create('{"name": "Sales"}')$$,
    'each tenant has its own names');
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) AS context \gset
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_create('{"name": " \t"}')$$,
    '22023', '"name" must not be blank', 'a blank name');
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_create(jsonb_build_object('name', repeat('ä',
    256)))$$,
    '22023', '"name" must have at most 255 characters', 'a name too long');
SELECT lives_ok($$SELECT prismiq.prismiq_dashboard_create(jsonb_build_object('name', repeat('ä',
    255)))$$,
    'the longest name');

-- Updating

SELECT prismiq.prismiq_dashboard_update(:'id', '{"description": null, "is_public": true}') AS
    changed \gset
SELECT is(:'changed'::jsonb - '{description,is_public,version,updated_at}'::text[],
          :'made'::jsonb - '{description,is_public,version,updated_at}'::text[],
              'only the keys given change');
SELECT is(:'changed'::jsonb -> 'description', 'null', 'a key given as null');
SELECT is((:'changed'::jsonb ->> 'version')::int, 2, 'an update is a new version');
SELECT isnt(:'changed'::jsonb ->> 'updated_at', :'made'::jsonb ->> 'updated_at', 'and a new date');
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_update('$$ || :'id' || $$',
    '{"name": "x", "version": 1}')$$,
    'PT409', 'dashboard was changed meanwhile', 'a version that is not the current one');
SELECT is((prismiq.prismiq_dashboard_update(:'id', '{"name": "Sales 2", "version": 2}') ->>
    'version')::int, 3,
    'the current version');
SELECT is((prismiq.prismiq_dashboard_update(:'id', '{}') ->> 'version')::int, 3,
    'no keys, no new version');
SELECT is((prismiq.prismiq_dashboard_update(:'id', '{"version": 3}') ->> 'version')::int, 3,
    'a version alone changes nothing');
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_update('00000000-0000-4000-8000-000000000000',
    '{}')$$,
    'PT404', 'dashboard not found', 'updating what is not there');
UPDATE prismiq.prismiq_dashboards SET version = 99, updated_at = 'epoch', name = 'Sales 3' WHERE
    id = :'id';
SELECT results_eq($$SELECT version, updated_at > '2020-01-01' FROM prismiq.prismiq_dashboards
                    WHERE name = 'Sales 3'$$, $$VALUES (4, true)$$,
    'a plain UPDATE takes neither version nor date');

-- Widgets as a whole

SELECT :'made'::jsonb #>> '{widgets,0,id}' AS kept \gset
SELECT prismiq.prismiq_dashboard_update(:'id', jsonb_build_object('layout',
    '{"columns": 4}'::jsonb, 'widgets',
    jsonb_build_array(
        jsonb_build_object('id', :'kept', 'type', 'text', 'title', 'kept',
                           'position', '{"x": 0, "y": 0, "w": 4, "h": 1}'::jsonb),
        jsonb_build_object('type', 'text', 'title', 'new')))) AS replaced \gset
SELECT is((SELECT array_agg(w ->> 'title' ORDER BY place)
           FROM jsonb_array_elements(:'replaced'::jsonb -> 'widgets') WITH ORDINALITY x (w, place)),
    '{kept,new}', 'widgets replace them all');
SELECT is(:'replaced'::jsonb #>> '{widgets,0,id}', :'kept', 'one that brings its id stays itself');
SELECT is((:'replaced'::jsonb #>> '{widgets,0,version}')::int, 2, 'and has a new version');
SELECT is((:'replaced'::jsonb ->> 'version')::int, 5,
    'layout and widgets together are one version');
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_update('$$ || :'id' || $$', '{"name": "half",
    "widgets": [{"type": "text"}, {"type": "text", "position": {"x": 9, "y": 0, "w": 9,
        "h": 1}}]}')$$,
    '22023', 'widget does not fit into the layout', 'a widget that does not fit');
SELECT is(prismiq.prismiq_dashboard_get(:'id'), :'replaced'::jsonb,
    'and nothing was done by halves');
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_update('$$ || :'id' || $$',
    '{"layout": {"columns": 3}}')$$,
    '22023', 'the layout is too narrow for the widgets', 'a layout that its widgets do not fit');
SELECT throws_ok($$UPDATE prismiq.prismiq_dashboards SET layout = '{"columns": 3}' WHERE name =
    'Sales 3'$$,
    '22023', 'the layout is too narrow for the widgets', 'the same by a plain UPDATE');

-- The default

SELECT prismiq.prismiq_dashboard_create('{"name": "D1", "is_default": true}') ->> 'id' AS d1 \gset
SELECT prismiq.prismiq_dashboard_create('{"name": "D2", "is_default": true}') ->> 'id' AS d2 \gset
SELECT results_eq('SELECT name::text FROM prismiq.prismiq_dashboards WHERE is_default', $$VALUES
    ('D2')$$,
    'a new default takes the place of the old one');
SELECT throws_ok($$UPDATE prismiq.prismiq_dashboards SET is_default = true WHERE name = 'D1'$$,
    '23505', NULL,
    'two defaults of one owner cannot be');

-- Deleting

SELECT is(prismiq.prismiq_dashboard_delete(:'d1'), true, 'delete returns true');
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_delete('$$ || :'d1' || $$')$$,
    'PT404', 'dashboard not found', 'deleting it again');
SELECT is((SELECT count(*) FROM prismiq.prismiq_widgets WHERE dashboard_id = :'id'), 2::bigint,
    'widgets are there');
SELECT prismiq.prismiq_dashboard_delete(:'id') AS deleted \gset
SELECT is((SELECT count(*) FROM prismiq.prismiq_widgets WHERE dashboard_id = :'id'), 0::bigint,
    'and go with their dashboard');

-- Listing

DELETE FROM prismiq.prismiq_dashboards;
SELECT prismiq.prismiq_dashboard_create('{"name": "beta", "description": "50% off"}') IS NULL AS
    made \gset
SELECT prismiq.prismiq_dashboard_create('{"name": "Alpha", "is_public": true}') IS NULL AS made
    \gset
SELECT prismiq.prismiq_dashboard_create('{"name": "gamma", "widgets": [{"type": "text"},
    {"type": "text"}]}')
    IS NULL AS made \gset
CREATE FUNCTION pg_temp.names(options jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(d ->> 'name', ' ' ORDER BY place)
    FROM jsonb_array_elements(prismiq.prismiq_dashboard_list(options)) WITH ORDINALITY x (d, place)
$$;
SELECT is(pg_temp.names('{"sort": "name"}'), 'Alpha beta gamma', 'by name, in any case');
SELECT is(pg_temp.names('{"sort": "-name"}'), 'gamma beta Alpha', 'backwards');
SELECT is(pg_temp.names('{"sort": "-created_at"}'), 'gamma Alpha beta', 'the latest first');
SELECT is(pg_temp.names('{"search": "ETA"}'), 'beta', 'search in names');
SELECT is(pg_temp.names('{"search": "0%"}'), 'beta', 'search in descriptions, literally');
SELECT is(pg_temp.names('{"search": "_"}'), NULL, 'nothing found');
SELECT is(pg_temp.names('{"sort": "name", "limit": 1, "offset": 1}'), 'beta',
    'limit and offset');
SELECT is(pg_temp.names('{"sort": "name", "page": 2, "page_size": 2}'), 'gamma', 'pages');
SELECT is(pg_temp.names('{"scope": "public"}'), 'Alpha', 'public ones');
SELECT is(pg_temp.names('{"scope": "shared"}'), NULL, 'none of others');
SELECT is((prismiq.prismiq_dashboard_list('{"search": "gamma"}') #>> '{0,widget_count}')::int, 2,
    'widget_count');
SELECT is(prismiq.prismiq_dashboard_list('{"search": "gamma"}') #> '{0,is_owner}', 'true',
    'is_owner');
SELECT prismiq.prismiq_set_context('acme', 'bob', '{}', false) AS context \gset
SELECT is(pg_temp.names('{}'), 'Alpha', 'another user lists what it may see');
SELECT is(prismiq.prismiq_dashboard_list() #> '{0,can_edit}', 'false', 'can_edit');
SELECT is(pg_temp.names('{"scope": "mine"}'), NULL, 'nothing of its own');
SELECT prismiq.prismiq_set_context('acme', NULL, '{}', false) AS context \gset
SELECT is(pg_temp.names('{}'), 'Alpha', 'an API key lists public ones');
SELECT prismiq.prismiq_set_context('acme', 'adm', '{admin}', false) AS context \gset
SELECT is(pg_temp.names('{"scope": "shared", "sort": "name"}'), 'Alpha beta gamma',
    'an admin lists all');
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_list('{"serch": "x"}')$$, '22023',
    'unknown key "serch"',
    'an unknown option');
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_list('{"limit": -1}')$$, '22023', NULL,
    'a bad limit');

-- Bad data: every fault at once, with its place

CREATE FUNCTION pg_temp.faults(data jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    PERFORM prismiq.prismiq_dashboard_create(data);
    RETURN NULL;
EXCEPTION WHEN SQLSTATE '22023' THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN detail::jsonb;
END $$;

SELECT is((SELECT array_agg(f ->> 'path' || ' ' || (f ->> 'code') ORDER BY place)
           FROM jsonb_array_elements(pg_temp.faults('{"nme": 1, "layout": {"columns": 0,
               "margin": [1]},
               "filters": [{"id": "a", "type": "date"}, {"id": "a", "type": "text", "field": "f"}],
               "is_public": null, "allowed_editors": [1], "refresh_interval": 0,
               "widgets": [{"type": 1}, {"position": {"x": -1, "y": 0, "w": 0, "h": 1.5}}]}'))
               WITH ORDINALITY x (f, place)),
    ARRAY['/name MISSING_FIELD', '/layout/columns INVALID_VALUE', '/layout/margin INVALID_VALUE',
          '/filters/0/type INVALID_VALUE', '/filters/0/field MISSING_FIELD',
              '/filters/1/id INVALID_VALUE',
          '/is_public INVALID_VALUE', '/allowed_editors/0 INVALID_VALUE',
              '/refresh_interval INVALID_VALUE',
          '/widgets/0/type INVALID_VALUE', '/widgets/1/type MISSING_FIELD',
          '/widgets/1/position/x INVALID_VALUE', '/widgets/1/position/w INVALID_VALUE',
          '/widgets/1/position/h INVALID_VALUE', '/nme UNKNOWN_FIELD'],
    'all faults, in the order of the document');
SELECT throws_ok('SELECT prismiq.prismiq_dashboard_create(' || quote_literal(bad) || ')', '22023',
    NULL, 'data: ' || translate(bad, E'\n', ' '))
FROM unnest('{[],1,"\"x\"","null","{\"name\": 5}","{\"name\": \"x\",
    \"timezone\": \"Mars/Base\"}","{\"name\": \"x\", \"timezone\": \"CEST\"}"}'::text[]) bad;
SELECT throws_ok('SELECT prismiq.prismiq_dashboard_create(NULL)', '22023', '"name" is required',
    'no data');
SELECT throws_ok('SELECT prismiq.prismiq_dashboard_get(NULL)', 'PT404', 'dashboard not found',
    'no id');

-- What is written is checked in the table, whatever road it comes by

SELECT throws_ok(format('INSERT INTO prismiq.prismiq_dashboards (name, %s) VALUES (%L, %L)', col,
    'x' || col, bad),
    state, NULL, col || ': ' || bad)
FROM (VALUES ('layout', '[]', '22023'), ('layout', '{"columns": 1001}', '22023'), ('layout',
    '{"colums": 1}', '22023'),
             ('layout', '{"compact_type": "diagonal"}', '22023'), ('filters', '{}', '22023'),
             ('filters', '[{"id": "a", "type": "select", "field": "f", "applies_to": ["x"]}]',
                 '22023'),
             ('refresh_interval', '0', '23514'), ('allowed_viewers', '{NULL}', '23514'),
                 ('owner_id', '', '23514'))
     v (col, bad, state);
SELECT throws_ok($$INSERT INTO prismiq.prismiq_dashboards (name) VALUES (' ')$$, '23514', NULL,
    'a blank name');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_dashboards (name, tenant_id) VALUES ('x',
    'globex')$$, '42501', NULL,
    'a row of another tenant');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_dashboards (name, version) VALUES ('x', 7)$$,
    '42501', NULL,
    'a version of its own');
SELECT throws_ok($$UPDATE prismiq.prismiq_dashboards SET tenant_id = 'globex'$$, '42501', NULL,
    'moving to another tenant');
SELECT throws_ok($$UPDATE prismiq.prismiq_dashboards SET created_at = now()$$, '42501', NULL,
    'changing created_at');

-- In a read-only transaction

BEGIN READ ONLY;
SELECT lives_ok('SELECT prismiq.prismiq_dashboard_list()', 'list only reads');
SELECT lives_ok($$SELECT prismiq.prismiq_dashboard_get(id) FROM prismiq.prismiq_dashboards$$,
    'get only reads');
COMMIT;

RESET ROLE;
SELECT throws_ok($$UPDATE prismiq.prismiq_dashboards SET id = gen_random_uuid()$$, '42501',
    'column "id" cannot be changed', 'not even a superuser changes an id');

SELECT finish();
