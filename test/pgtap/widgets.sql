-- Widgets: adding, changing, moving, the registry of types, and what depends on other rows.
\set ON_ERROR_STOP on

INSERT INTO prismiq.prismiq_widget_types (type, label, shape, default_w, default_h, min_w, max_w,
    min_h)
VALUES ('own_type', 'Own', 'custom', 3, 3, 2, 5, 2);

SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) AS context \gset
SELECT prismiq.prismiq_dashboard_create('{"name": "D"}') ->> 'id' AS d \gset
SELECT prismiq.prismiq_saved_query_create('{"name": "Q", "query": {"tables": [{"id": "f",
    "name": "flights"}],
    "columns": [{"table_id": "f", "column": "origin"}]}}') ->> 'id' AS q \gset

-- Adding

SELECT prismiq.prismiq_widget_add(:'d', '{"type": "line_chart"}') AS w \gset
SELECT :'w'::jsonb ->> 'id' AS w_id \gset
SELECT set_eq($$SELECT jsonb_object_keys('$$ || :'w' || $$')$$,
    '{tenant_id,id,dashboard_id,type,title,query,saved_query_id,position,config,
      version,created_at,updated_at}'::text[],
    'a widget has these keys');
SELECT is(:'w'::jsonb -> 'position', '{"x": 0, "y": 0, "w": 4, "h": 3}',
    'the first place, in the size of the type');
SELECT is(:'w'::jsonb ->> 'title', 'Line chart', 'the title of the type');
SELECT is(prismiq.prismiq_widget_add(:'d', '{"type": "kpi"}') -> 'position',
    '{"x": 0, "y": 3, "w": 4, "h": 1}',
    'the next one below');
SELECT is((SELECT jsonb_agg(w -> 'position' ORDER BY place) FROM jsonb_array_elements(
        prismiq.prismiq_dashboard_create('{"name": "Stack", "layout": {"columns": 5},
            "widgets": [{"type": "table"}, {"type": "text"}, {"type": "text",
                "position": {"x":1,"y":0,"w":1,"h":9}}]}')
        -> 'widgets') WITH ORDINALITY x (w, place)),
    '[{"x": 1, "y": 0, "w": 1, "h": 9}, {"x": 0, "y": 9, "w": 5, "h": 3},
      {"x": 0, "y": 12, "w": 4, "h": 2}]',
    'several without a place are put below each other, no wider than the layout');
SELECT is(prismiq.prismiq_widget_add(:'d',
    '{"type": "text", "id": "11111111-1111-4111-8111-111111111111"}') ->> 'id',
    '11111111-1111-4111-8111-111111111111', 'a widget may bring its id');
SELECT throws_ok(format($$SELECT prismiq.prismiq_widget_add(%L,
    '{"type": "text", "id": "11111111-1111-4111-8111-111111111111"}')$$, :'d'),
    '23505', 'a widget of this id exists already', 'once');

-- Types

SELECT throws_ok(format($$SELECT prismiq.prismiq_widget_add(%L, '{"type": "line_chrt"}')$$, :'d'),
    '22023', '"line_chrt" is no type of widget', 'a type that does not exist');
SELECT is((SELECT count(*) FROM prismiq.prismiq_widget_types WHERE type IN
    ('metric', 'kpi', 'kpi_tile', 'bar_chart', 'line_chart', 'timeseries', 'area_chart',
        'pie_chart', 'scatter_chart',
     'heatmap', 'table', 'text', 'gauge', 'health_status', 'alert_feed', 'fleet_status',
         'device_count',
     'health_score', 'custom_image', 'custom_template') AND built_in), 20::bigint,
         'all types are there');
SELECT throws_ok(format($$INSERT INTO prismiq.prismiq_widgets (dashboard_id, type) VALUES (%L,
    'nothing')$$, :'d'),
    '23503', NULL, 'nor by a plain INSERT');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_widget_types (type, label, shape) VALUES ('x', 'x',
    'text')$$,
    '42501', NULL, 'the registry is not for everybody to write');
SELECT lives_ok(format($$SELECT prismiq.prismiq_widget_add(%L,
    '{"type": "own_type", "position": {"x":0,"y":90,"w":5,"h":7}}')$$, :'d'),
    'a type of one''s own');
SELECT throws_ok(format($$INSERT INTO prismiq.prismiq_widgets (dashboard_id, type, position)
        VALUES (%L, 'own_type', '{"x": 0, "y": 0, "w": %s, "h": %s}')$$, :'d', w, h),
    '22023', 'widget is too small for its type', format('its sizes: %s by %s', w, h))
FROM (VALUES (1, 3), (3, 1)) v (w, h);

-- Changing

SELECT prismiq.prismiq_widget_update(:'w_id', '{"title": "Delays", "config": {"colors": ["red"]}}')
    AS changed \gset
SELECT is(:'changed'::jsonb - '{title,config,version,updated_at}'::text[],
          :'w'::jsonb - '{title,config,version,updated_at}'::text[], 'only the keys given change');
SELECT is((:'changed'::jsonb ->> 'version')::int, 2, 'a new version');
SELECT throws_ok(format($$SELECT prismiq.prismiq_widget_update(%L,
    '{"title": "x", "version": 1}')$$, :'w_id'),
    'PT409', 'widget was changed meanwhile', 'a version that is not the current one');
SELECT is((prismiq.prismiq_widget_update(:'w_id', '{"version": 2}') ->> 'version')::int, 2,
    'nothing changed');
SELECT is(prismiq.prismiq_widget_update(:'w_id', jsonb_build_object('saved_query_id', :'q')) ->>
    'saved_query_id', :'q',
    'a saved query');
SELECT prismiq.prismiq_widget_update(:'w_id',
    '{"query": {"tables": [{"id": "f", "name": "flights"}],
    "columns": [{"table_id": "f", "column": "origin"}]}}') AS own \gset
SELECT is(:'own'::jsonb -> 'saved_query_id', 'null', 'a query takes the place of a saved one');
SELECT is(prismiq.prismiq_widget_update(:'w_id', jsonb_build_object('saved_query_id', :'q')) ->
    'query', 'null',
    'and the other way round');
SELECT throws_ok(format($$SELECT prismiq.prismiq_widget_update(%L,
        '{"saved_query_id": "00000000-0000-4000-8000-000000000000"}')$$, :'w_id'),
    'PT404', 'saved query not found', 'a saved query that is not there');
SELECT throws_ok(format('SELECT prismiq.prismiq_widget_update(%L, %L)', :'w_id', bad), '22023',
    NULL, 'data: ' || translate(bad, E'\n', ' '))
FROM (VALUES ('[]'), ('{"type": null}'), ('{"position": null}'),
    ('{"position": {"x": 0, "y": 0, "w": 13, "h": 1}}'),
             ('{"query": []}'), ('{"query": {}}'), ('{"config": 1}'), ('{"titel": "x"}'),
                 ('{"version": "1"}'),
             ('{"saved_query_id": "x"}'),
                 ('{"dashboard_id": "00000000-0000-4000-8000-000000000000"}')) v (bad);
SELECT throws_ok(format($$UPDATE prismiq.prismiq_widgets SET %s WHERE id = %L$$, change, :'w_id'),
    state, NULL, translate(change, E'\n', ' '))
FROM (VALUES ($$position = '{"x": 12, "y": 0, "w": 1, "h": 1}'$$, '22023'), ($$position =
    '{"x": 0, "y": 0, "w": 1}'$$, '22023'),
             ($$position = '{"x": 0, "y": 0, "w": 1, "h": 1, "z": 1}'$$, '22023'), ($$config =
                 '[]'$$, '22023'),
             ($$query = '1', saved_query_id = NULL$$, '22023'), ($$type = 'nothing'$$, '23503'),
             ($$query = '{"tables": [{"id": "f", "name": "f"}], "columns": [{"table_id": "f",
                 "column": "a"}]}'$$, '23514'),
             ('dashboard_id = gen_random_uuid()', '42501')) v (change, state);

-- Moving, all or none

SELECT is(prismiq.prismiq_layout_update(:'d', jsonb_build_array(
        jsonb_build_object('id', :'w_id', 'x', 2, 'y', 1, 'w', 4, 'h', 3),
        jsonb_build_object('widget_id', '11111111-1111-4111-8111-111111111111',
                           'position', '{"x": 0, "y": 0, "w": 2, "h": 2}'::jsonb))) #>
                               '{widgets,0,position}',
    '{"x": 0, "y": 0, "w": 2, "h": 2}', 'positions in both forms');
SELECT is((SELECT position FROM prismiq.prismiq_widgets WHERE id = :'w_id'),
    '{"x": 2, "y": 1, "w": 4, "h": 3}',
    'and the other');
SELECT throws_ok(format($$SELECT prismiq.prismiq_layout_update(%L, %L)$$, :'d', p), state,
    message, what)
FROM (VALUES
    (jsonb_build_array(jsonb_build_object('id', :'w_id', 'x', 0, 'y', 0, 'w', 2, 'h', 2),
        '{"id": "00000000-0000-4000-8000-000000000000", "x": 0, "y": 0, "w": 1, "h": 1}'::jsonb),
        'PT404', 'widget not found', 'one that is not there'),
    (jsonb_build_array(jsonb_build_object('id', :'w_id', 'x', 0, 'y', 0, 'w', 2, 'h', 2),
        jsonb_build_object('widget_id', :'w_id', 'x', 0, 'y', 0, 'w', 2, 'h', 2)),
        'PT404', 'widget not found', 'one that is there twice'),
    (jsonb_build_array(jsonb_build_object('id', :'w_id', 'x', 0, 'y', 0, 'w', 2, 'h', 2),
        jsonb_build_object('id', '11111111-1111-4111-8111-111111111111', 'x', 12, 'y', 0, 'w', 1,
            'h', 1)),
        '22023', 'widget does not fit into the layout', 'one that does not fit'),
    ('[{"id": "x", "x": 0, "y": 0, "w": 1, "h": 1}]', '22023', '"id" must be a uuid',
        'an id that is none'),
    ('[{"id": "11111111-1111-4111-8111-111111111111", "x": 0, "y": 0, "w": 1}]', '22023',
        '"h" is required', 'a side missing'),
    ('{}', '22023', 'expected an array, found an object', 'no list')) v (p, state, message, what);
SELECT is((SELECT position FROM prismiq.prismiq_widgets WHERE id = :'w_id'),
    '{"x": 2, "y": 1, "w": 4, "h": 3}',
    'nothing was moved by halves');

-- Deleting

SELECT is(prismiq.prismiq_widget_delete(:'w_id'), true, 'delete returns true');
SELECT throws_ok(format('SELECT prismiq.prismiq_widget_delete(%L)', :'w_id'), 'PT404',
    'widget not found', 'deleting it again');
SELECT throws_ok(format($$SELECT prismiq.prismiq_widget_update(%L, '{}')$$, :'w_id'), 'PT404',
    'widget not found', 'updating it');

-- A change of widgets is a change of their dashboard, once in a transaction

SELECT version AS before FROM prismiq.prismiq_dashboards WHERE id = :'d' \gset
BEGIN;
INSERT INTO prismiq.prismiq_widgets (dashboard_id, type) VALUES (:'d', 'text');
SAVEPOINT s;
UPDATE prismiq.prismiq_widgets SET title = 'x' WHERE dashboard_id = :'d';
RELEASE s;
DELETE FROM prismiq.prismiq_widgets WHERE dashboard_id = :'d';
COMMIT;
SELECT is((SELECT version FROM prismiq.prismiq_dashboards WHERE id = :'d'), :before + 1,
    'the dashboard has one version more');

-- Limits

SET prismiq.max_widgets_per_dashboard = 2;
INSERT INTO prismiq.prismiq_widgets (dashboard_id, type) VALUES (:'d', 'text'), (:'d', 'text');
SELECT throws_ok(format($$SELECT prismiq.prismiq_widget_add(%L, '{"type": "text"}')$$, :'d'),
    'PT413', 'too many widgets', 'one widget too many');
SELECT throws_ok(format($$INSERT INTO prismiq.prismiq_widgets (dashboard_id, type) VALUES (%L,
    'text')$$, :'d'),
    'PT413', 'too many widgets', 'by a plain INSERT too');
SELECT lives_ok($$UPDATE prismiq.prismiq_widgets SET title = 'still'$$,
    'those that are there can be changed');
SELECT lives_ok(format($$SELECT prismiq.prismiq_dashboard_update(%L,
    '{"widgets": [{"type": "text"}, {"type": "text"}]}')$$, :'d'), 'and replaced');
SET prismiq.max_dashboards_per_user = 3;
SELECT lives_ok($$SELECT prismiq.prismiq_dashboard_create('{"name": "three"}')$$,
    'as many dashboards as are allowed');
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_create('{"name": "four"}')$$,
    'PT413', 'too many dashboards', 'one dashboard too many');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_dashboards (name) VALUES ('four')$$,
    'PT413', 'too many dashboards', 'by a plain INSERT too');
SELECT lives_ok($$UPDATE prismiq.prismiq_dashboards SET description = 'x'$$,
    'those that are there can be changed');
SELECT prismiq.prismiq_set_context('acme', 'bob', '{}', false) AS context \gset
SELECT lives_ok($$SELECT prismiq.prismiq_dashboard_create('{"name": "of bob"}')$$,
    'each user has its own number');
SELECT lives_ok($$UPDATE prismiq.prismiq_dashboards SET owner_id = 'ann', is_public = true WHERE
    name = 'of bob'$$, 'and hands on what it likes');
RESET ROLE;
SET prismiq.max_dashboards_per_user_cap = 1;
SET ROLE app_user;
SET prismiq.max_dashboards_per_user = 100;
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_create('{"name": "of bob 2"}')$$,
    'PT413', 'too many dashboards', 'the cap holds whatever is asked for');

SELECT finish();
