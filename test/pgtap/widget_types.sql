-- The registry of types: what is built in, a customer's own, what their sizes mean.
\set ON_ERROR_STOP on

SELECT no_plan();

-- By hand: default, least, and largest size for editors.
CREATE TEMP TABLE wanted (type text, alias_of text, shape text, sizes int[]);
INSERT INTO wanted VALUES
    ('metric', NULL, 'metric', '{3,2,1,1,NULL,NULL}'),
    ('kpi', 'metric', 'metric', '{4,1,1,1,NULL,NULL}'),
    ('kpi_tile', 'metric', 'metric', '{2,1,1,1,4,2}'),
    ('device_count', 'metric', 'metric', '{2,1,1,1,4,2}'),
    ('gauge', NULL, 'metric', '{2,2,2,2,4,4}'),
    ('health_score', NULL, 'metric', '{6,2,4,2,12,4}'),
    ('line_chart', NULL, 'series', '{4,3,2,2,12,6}'),
    ('timeseries', 'line_chart', 'series', '{8,2,2,2,12,6}'),
    ('bar_chart', NULL, 'series', '{4,3,2,2,12,6}'),
    ('area_chart', NULL, 'series', '{4,3,2,2,12,6}'),
    ('scatter_chart', NULL, 'series', '{4,3,2,2,12,6}'),
    ('pie_chart', NULL, 'series', '{4,3,2,2,12,6}'),
    ('heatmap', NULL, 'series', '{4,3,2,2,12,6}'),
    ('map', NULL, 'series', '{4,3,2,2,12,6}'),
    ('table', NULL, 'table', '{6,3,3,2,12,8}'),
    ('alert_feed', NULL, 'table', '{4,3,2,2,6,8}'),
    ('health_status', NULL, 'status', '{4,1,2,1,NULL,NULL}'),
    ('fleet_status', NULL, 'status', '{3,3,2,2,6,6}'),
    ('text', NULL, 'text', '{4,2,1,1,NULL,NULL}'),
    ('custom_image', NULL, 'custom', '{6,2,1,1,NULL,NULL}'),
    ('custom_template', NULL, 'custom', '{6,2,1,1,NULL,NULL}');
SELECT set_eq($$SELECT type, alias_of, shape, ARRAY[default_w, default_h, min_w, min_h, max_w,
                       max_h] FROM prismiq.prismiq_widget_types WHERE built_in$$,
    'TABLE wanted', 'the types that are built in');

-- A customer's own

SELECT throws_ok(format($$INSERT INTO prismiq.prismiq_widget_types (type, alias_of, label, shape)
    VALUES ('own', %L, 'Own', 'metric')$$, alias), '23503', NULL, 'no alias of ' || alias)
FROM unnest('{kpi,nothing}'::text[]) alias;
SELECT throws_ok($$UPDATE prismiq.prismiq_widget_types SET alias_of = 'gauge' WHERE type =
    'metric'$$, '23503', NULL, 'what has aliases becomes none');
SELECT throws_ok(format($$INSERT INTO prismiq.prismiq_widget_types (type, label, shape, %s)
    VALUES ('own', 'Own', 'metric', %s)$$, columns, sizes), '23514', NULL, columns || ': ' || sizes)
FROM (VALUES ('default_w', '0'), ('default_w, min_w', '2, 3'), ('default_h, min_h', '2, 3'),
    ('default_w, max_w', '3, 2'), ('default_h, max_h', '3, 2'), ('min_w', '0')) v (columns, sizes);
INSERT INTO prismiq.prismiq_widget_types (type, alias_of, label, category, default_title, shape,
    default_w, default_h, min_w, max_w, max_h, default_config)
VALUES ('own', NULL, 'Own', 'zoo', 'Mine', 'custom', 5, 3, 2, 6, 4, '{"content": "x"}'),
       ('same', 'own', 'Same', 'zoo', NULL, 'custom', 2, 2, 1, 3, NULL, '{}');

SET ROLE app_user;
SELECT set_eq($$SELECT DISTINCT jsonb_object_keys(t)
    FROM jsonb_array_elements(prismiq.prismiq_widget_type_list()) t$$,
    '{type,alias_of,label,description,icon,category,default_title,default_w,default_h,min_w,min_h,
      max_w,max_h,default_config,default_query,shape,config_schema}'::text[],
    'the list needs no context, and has these keys');
SELECT is(jsonb_array_length(prismiq.prismiq_widget_type_list()), 23, 'of all types');
SELECT is((SELECT array_agg(t ->> 'type' ORDER BY place) FROM jsonb_array_elements(
        prismiq.prismiq_widget_type_list()) WITH ORDINALITY x (t, place)
    WHERE t ->> 'category' IN ('tables', 'zoo')), '{table,own,same}', 'by category and label');
SELECT is((SELECT t -> 'max_w' FROM jsonb_array_elements(prismiq.prismiq_widget_type_list()) t
    WHERE t ->> 'type' = 'text'), 'null', 'without a bound');

SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) AS context \gset
SELECT prismiq.prismiq_dashboard_create('{"name": "D"}') ->> 'id' AS d \gset
SELECT is(prismiq.prismiq_widget_add(:'d', '{"type": "own"}') - '{tenant_id,id,dashboard_id,query,
        saved_query_id,version,created_at,updated_at}'::text[],
    '{"type": "own", "title": "Mine", "config": {"content": "x"},
      "position": {"x": 0, "y": 0, "w": 5, "h": 3}}',
    'a widget has its type''s title, size and configuration');
SELECT is(prismiq.prismiq_widget_add(:'d', '{"type": "same"}') -> 'position',
    '{"x": 0, "y": 3, "w": 2, "h": 2}', 'an alias has a size of its own');

-- The largest size is for editors: what has come by another road stays, and is no reason to
-- refuse what does not touch it.

SELECT throws_ok(format($$SELECT prismiq.prismiq_widget_add(%L, '{"type": "own",
    "position": {"x": 0, "y": 9, "w": %s, "h": %s}}')$$, :'d', w, h), '22023',
    'widget is too small or too large for its type', format('%s by %s', w, h))
FROM (VALUES (7, 3), (5, 5), (1, 3)) v (w, h);
SELECT lives_ok(format($$INSERT INTO prismiq.prismiq_widgets (id, dashboard_id, type, position)
    VALUES ('11111111-1111-4111-8111-111111111111', %L, 'own',
            '{"x": 0, "y": 9, "w": 9, "h": 9}')$$, :'d'), 'a row may be larger');
SELECT lives_ok(call, call) FROM unnest(ARRAY[
    $$SELECT prismiq.prismiq_widget_update('11111111-1111-4111-8111-111111111111',
      '{"title": "x", "position": {"x": 3, "y": 9, "w": 9, "h": 9}}')$$,
    format($$SELECT prismiq.prismiq_layout_update(%L,
      '[{"id": "11111111-1111-4111-8111-111111111111", "x": 1, "y": 9, "w": 9, "h": 9}]')$$, :'d'),
    format($$SELECT prismiq.prismiq_dashboard_update(%L, '{"widgets": [{"type": "own", "id":
      "11111111-1111-4111-8111-111111111111", "position": {"x": 0, "y": 0, "w": 9, "h": 9}}]}')$$,
      :'d')]) call;
SELECT throws_ok(call, '22023', 'widget is too small or too large for its type', call)
FROM unnest(ARRAY[
    $$SELECT prismiq.prismiq_widget_update('11111111-1111-4111-8111-111111111111',
      '{"position": {"x": 3, "y": 9, "w": 8, "h": 9}}')$$,
    format($$SELECT prismiq.prismiq_layout_update(%L,
      '[{"id": "11111111-1111-4111-8111-111111111111", "x": 0, "y": 9, "w": 10, "h": 9}]')$$,
      :'d')]) call;

SELECT finish();
