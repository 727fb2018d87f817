-- What the functions refuse, a plain INSERT or UPDATE cannot do either: limits, sizes, saved
-- queries of others, and what an owner may hand on.
\set ON_ERROR_STOP on

SET ROLE app_user;
CREATE FUNCTION pg_temp.act(who text, roles text DEFAULT '', tenant text DEFAULT 'acme')
    RETURNS void LANGUAGE sql AS $$
    SELECT prismiq.prismiq_set_context(tenant, who, string_to_array(roles, ','), false)
$$;
-- A definition of about so many bytes, and one that nests so deep.
CREATE FUNCTION pg_temp.large(bytes int) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('tables', '[{"id": "o", "name": "x"}]'::jsonb,
        'columns', '[{"table_id": "o", "column": "y"}]'::jsonb,
        'filters', jsonb_agg(jsonb_build_object('table_id', 'o', 'column', 'y', 'operator', 'eq',
                                                'value', repeat('z', bytes / 100))))
    FROM generate_series(1, 100)
$$;
CREATE FUNCTION pg_temp.deep(depth int) RETURNS jsonb LANGUAGE sql AS $$
    SELECT (repeat('{"a": ', depth) || '1' || repeat('}', depth))::jsonb
$$;
SELECT no_plan();

-- The limit on dashboards counts who made them

SELECT pg_temp.act('alice', 'analyst') \g /dev/null
SET prismiq.max_dashboards_per_user = 3;
SELECT is(prismiq.prismiq_dashboard_create('{"name": "a1"}') ->> 'created_by', 'alice',
    'a dashboard says who made it');
INSERT INTO prismiq.prismiq_dashboards (name) VALUES ('a2'), ('a3');
UPDATE prismiq.prismiq_dashboards SET owner_id = 'ghost', allowed_editors = '{alice}';
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_create('{"name": "a4"}')$$, 'PT413',
    'too many dashboards', 'handing dashboards on makes no room');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_dashboards (name) VALUES ('a4')$$, 'PT413',
    'too many dashboards', 'nor for a plain INSERT');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_dashboards (name, owner_id, created_by)
    VALUES ('a4', 'alice', 'ghost')$$, '42501', NULL, 'nobody says who made it');
SELECT throws_ok($$UPDATE prismiq.prismiq_dashboards SET created_by = 'ghost'$$, '42501', NULL,
    'or changes it');
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_create('{"name": "a4", "created_by": "x"}')$$,
    '22023', NULL, 'functions do not take it');

SELECT pg_temp.act('adm', 'admin') \g /dev/null
UPDATE prismiq.prismiq_dashboards SET owner_id = 'bob';
SELECT pg_temp.act('bob') \g /dev/null
SELECT lives_ok($$SELECT prismiq.prismiq_dashboard_create('{"name": "mine"}')$$,
    'what a colleague was handed does not count');
DELETE FROM prismiq.prismiq_dashboards WHERE name = 'a1';
SELECT pg_temp.act('alice') \g /dev/null
SELECT lives_ok($$SELECT prismiq.prismiq_dashboard_create('{"name": "a5"}')$$,
    'what is gone makes room');
SELECT pg_temp.act('adm', 'admin') \g /dev/null
INSERT INTO prismiq.prismiq_dashboards (name, owner_id) VALUES ('m1', 'x'), ('m2', NULL),
    ('m3', 'z');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_dashboards (name, owner_id) VALUES ('m4', 'q')$$,
    'PT413', 'too many dashboards', 'an admin who makes them for others has made them too');
SELECT pg_temp.act('alice', '', 'globex') \g /dev/null
SELECT lives_ok($$INSERT INTO prismiq.prismiq_dashboards (name) VALUES ('a1'), ('a2'), ('a3')$$,
    'a user of the same name in another tenant is another user');

-- What nobody sets may be listed as DEFAULT, as an ORM does, and as nothing else.
SELECT pg_temp.act('adm', 'admin') \g /dev/null
SET prismiq.max_dashboards_per_user = 100;
CREATE TEMP TABLE listed AS
SELECT a.attrelid::regclass AS t, a.attname::text AS name, CASE a.attname
        WHEN 'name' THEN quote_literal('orm') WHEN 'query' THEN quote_literal(pg_temp.large(100))
        WHEN 'type' THEN quote_literal('text') WHEN 'dashboard_id' THEN
            '(SELECT id FROM prismiq.prismiq_dashboards WHERE name = ''m1'')'
        ELSE 'DEFAULT' END AS value, a.attnum
FROM pg_attribute a
WHERE a.attrelid = ANY ('{prismiq.prismiq_dashboards,prismiq.prismiq_widgets,
        prismiq.prismiq_saved_queries,prismiq.prismiq_schema_config}'::regclass[])
    AND a.attnum > 0 AND (a.attname <> 'query' OR a.attrelid =
        'prismiq.prismiq_saved_queries'::regclass);
-- An INSERT that lists all columns, one of them with another value.
CREATE FUNCTION pg_temp.insert_all(t regclass, other text, value text) RETURNS text
LANGUAGE sql AS $f$
    SELECT format('INSERT INTO %s (%s) VALUES (%s)', insert_all.t, string_agg(l.name, ', ' ORDER BY
        attnum),
        string_agg(CASE l.name WHEN other THEN insert_all.value ELSE l.value END, ', '
            ORDER BY attnum))
    FROM listed l WHERE l.t = insert_all.t
$f$;
SELECT throws_ok(pg_temp.insert_all(t, name, v.value), '42501', NULL,
    format('%s: %s is not %s', t, name, v.value))
FROM listed JOIN (VALUES ('version', '2'), ('version', '0'), ('created_at', '''2024-01-01'''),
    ('created_at', '''infinity'''), ('updated_at', 'now() + interval ''1 s'''), ('created_by',
    '''ghost'''), ('created_by', 'NULL'), ('tenant_id', '''globex''')) v (name, value) USING (name);
SELECT is((SELECT count(*) FROM listed WHERE name = 'version'), 4::bigint, 'of so many tables');
SELECT lives_ok(pg_temp.insert_all(t, '', ''), t || ': every column as DEFAULT')
FROM (SELECT DISTINCT t FROM listed ORDER BY t) t;
SELECT is((SELECT array[d.version, w.version, q.version, c.version]
    FROM prismiq.prismiq_dashboards d, prismiq.prismiq_widgets w, prismiq.prismiq_saved_queries q,
        prismiq.prismiq_schema_config c
    WHERE d.name = 'orm' AND q.name = 'orm'), '{1,1,1,1}'::int[], 'and they are there');
DELETE FROM prismiq.prismiq_widgets;
DELETE FROM prismiq.prismiq_dashboards WHERE name = 'orm';
DELETE FROM prismiq.prismiq_saved_queries WHERE name = 'orm';
DELETE FROM prismiq.prismiq_schema_config;
RESET prismiq.max_dashboards_per_user;

-- A role with more privileges than prismiq_grant gives is held by the policies all the same.
RESET ROLE;
CREATE ROLE broad;
SELECT prismiq.prismiq_grant('broad', 'app');
GRANT ALL ON ALL TABLES IN SCHEMA prismiq TO broad;
SET ROLE broad;
SET prismiq.tenant_id = 'acme';
SET prismiq.user_id = 'carol';
SELECT throws_ok(format($$INSERT INTO prismiq.%I (name, %s created_by) VALUES ('c', %s %s)$$, t,
    CASE t WHEN 'prismiq_saved_queries' THEN 'query,' ELSE '' END,
    CASE t WHEN 'prismiq_saved_queries' THEN quote_literal(pg_temp.large(100)) || ',' ELSE '' END,
    maker), '42501', NULL, format('%s: made by %s', t, maker))
FROM unnest('{prismiq_dashboards,prismiq_saved_queries}'::text[]) t,
     unnest(ARRAY['''ghost''', 'NULL']) maker;
INSERT INTO prismiq.prismiq_dashboards (name) VALUES ('of carol');
INSERT INTO prismiq.prismiq_saved_queries (name, query) VALUES ('of carol', pg_temp.large(100));
SELECT throws_ok(format($$UPDATE prismiq.%I SET created_by = 'ghost'$$, t), '42501',
    'column "created_by" cannot be changed', t || ': made by somebody else')
FROM unnest('{prismiq_dashboards,prismiq_saved_queries}'::text[]) t;
RESET ROLE;
SET ROLE app_user;
SET prismiq.max_dashboards_per_user TO DEFAULT;

-- Sizes

SELECT pg_temp.act('ann') \g /dev/null
SELECT prismiq.prismiq_dashboard_create('{"name": "sizes", "widgets": [{"type": "text"}]}')
    ->> 'id' AS d \gset
SELECT throws_ok(statement, 'PT413', NULL, left(statement, 70))
FROM unnest(ARRAY[
    $$INSERT INTO prismiq.prismiq_saved_queries (name, query)
      VALUES ('big', pg_temp.large(2000000))$$,
    $$UPDATE prismiq.prismiq_widgets SET query = pg_temp.large(2000000)$$,
    $$UPDATE prismiq.prismiq_widgets SET config = pg_temp.large(2000000)$$,
    $$UPDATE prismiq.prismiq_widgets SET config = pg_temp.deep(33)$$,
    $$INSERT INTO prismiq.prismiq_widgets (dashboard_id, type, config)
      SELECT id, 'text', pg_temp.deep(100) FROM prismiq.prismiq_dashboards$$,
    $$UPDATE prismiq.prismiq_dashboards SET filters = jsonb_build_array(jsonb_build_object('id',
      'x', 'type', 'text', 'label', repeat('x', 2000000), 'field', 'y'))$$,
    $$SELECT prismiq.prismiq_saved_query_create(jsonb_build_object('name', 'big', 'query',
      pg_temp.large(2000000)))$$]) statement;
SET prismiq.max_definition_bytes = '4MB';
SELECT lives_ok($$UPDATE prismiq.prismiq_widgets SET query = pg_temp.large(2000000)$$,
    'with a higher limit it is stored');
SET prismiq.max_definition_bytes TO DEFAULT;
SELECT lives_ok($$UPDATE prismiq.prismiq_widgets SET title = 'y'$$,
    'and stays while other columns change');
SELECT throws_ok($$UPDATE prismiq.prismiq_widgets SET query = query || '{"limit": 1}'$$, 'PT413',
    NULL, 'but not itself');
SELECT lives_ok($$UPDATE prismiq.prismiq_widgets SET query = NULL,
    config = jsonb_build_object('parameters', pg_temp.deep(31))$$,
    'as deep as is allowed');
SELECT pg_temp.act('adm', 'admin') \g /dev/null
SELECT throws_ok(format($$%s jsonb_build_object('tables', jsonb_build_object('x',
    jsonb_build_object('description', repeat('x', 2000000)))) %s$$, before, after), 'PT413', NULL,
    before)
FROM (VALUES ('INSERT INTO prismiq.prismiq_schema_config (config) SELECT', ''),
             ('SELECT prismiq.prismiq_schema_config_set(', ')')) v (before, after);

-- Texts have a fixed bound, whoever writes them.
CREATE TEMP TABLE texts (relation text, column_name text, longest int);
INSERT INTO texts VALUES ('dashboards', 'name', 255), ('dashboards', 'description', 10000),
    ('dashboards', 'owner_id', 1024), ('widgets', 'title', 1000);
SELECT lives_ok(format($$UPDATE prismiq.prismiq_%s SET %I = repeat('x', %s) WHERE %I = %L$$,
    relation, column_name, longest,
    CASE relation WHEN 'widgets' THEN 'dashboard_id' ELSE 'id' END, :'d'),
    format('%s.%s: %s characters', relation, column_name, longest))
FROM texts;
SELECT throws_like(format($$UPDATE prismiq.prismiq_%s SET %I = repeat('x', %s) WHERE %I = %L$$,
    relation, column_name, longest + 1,
    CASE relation WHEN 'widgets' THEN 'dashboard_id' ELSE 'id' END, :'d'),
    CASE column_name WHEN 'name' THEN 'value too long%' ELSE '%violates check constraint%' END,
    format('%s.%s: one more', relation, column_name))
FROM texts;
SELECT throws_ok($$INSERT INTO prismiq.prismiq_dashboards (name, description)
    VALUES ('bigdesc', repeat('x', 50000000))$$, '23514', NULL, 'a description of 50 MB');
SELECT throws_ok(format($$UPDATE prismiq.prismiq_dashboards SET %I = %L$$, c, users), '23514', NULL,
    format('%s: %s', c, left(users, 20)))
FROM unnest('{allowed_viewers,allowed_editors}'::text[]) c,
     unnest(ARRAY['{""}', '{NULL}', '{{a,b},{c,d}}', '{' || repeat('x', 1025) || '}',
                  '{' || repeat('x,', 10000) || 'x}']) users;

CREATE FUNCTION pg_temp.fault(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    EXECUTE call;
    RETURN NULL;
EXCEPTION WHEN SQLSTATE '22023' THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN detail::jsonb #>> '{0,path}';
END $$;
SELECT is(pg_temp.fault(format('SELECT prismiq.%s(%L)', call, data)), path,
    call || ' tells where: ' || path)
FROM (VALUES
    ('prismiq_dashboard_create', jsonb_build_object('name', 'x', 'description', repeat('x', 10001)),
     '/description'),
    ('prismiq_dashboard_create', jsonb_build_object('name', 'x', 'owner_id', repeat('x', 1025)),
     '/owner_id'),
    ('prismiq_dashboard_create', jsonb_build_object('name', 'x', 'allowed_viewers',
     jsonb_build_array('y', repeat('x', 1025))), '/allowed_viewers/1'),
    ('prismiq_dashboard_create', jsonb_build_object('name', 'x', 'widgets', jsonb_build_array(
     jsonb_build_object('type', 'text', 'title', repeat('x', 1001)))), '/widgets/0/title'),
    ('prismiq_saved_query_create', jsonb_build_object('name', 'x', 'query', '{}'::jsonb,
     'description', repeat('x', 10001)), '/description')) v (call, data, path);

-- Saved queries that the writer cannot see

RESET ROLE;
TRUNCATE prismiq.prismiq_widgets, prismiq.prismiq_dashboards, prismiq.prismiq_saved_queries;
INSERT INTO prismiq.prismiq_saved_queries (tenant_id, id, name, query, owner_id, is_shared) VALUES
    ('acme', '00000000-0000-4000-8000-000000000001', 'own', pg_temp.large(100), 'ann', false),
    ('acme', '00000000-0000-4000-8000-000000000002', 'private', pg_temp.large(100), 'bob', false),
    ('acme', '00000000-0000-4000-8000-000000000003', 'shared', pg_temp.large(100), 'bob', true),
    ('globex', '00000000-0000-4000-8000-000000000004', 'foreign', pg_temp.large(100), 'ann', true);
INSERT INTO prismiq.prismiq_dashboards (tenant_id, id, name, owner_id, allowed_editors) VALUES
    ('acme', '00000000-0000-4000-8000-00000000000d', 'd', 'ann', '{bob}');
INSERT INTO prismiq.prismiq_widgets (tenant_id, dashboard_id, id, type) VALUES
    ('acme', '00000000-0000-4000-8000-00000000000d', '00000000-0000-4000-8000-00000000000e',
     'text');
SET ROLE app_user;

-- What comes of each way to name it: an SQLSTATE and a message, or "done"; then it is undone.
CREATE FUNCTION pg_temp.attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE statement;
        RAISE EXCEPTION USING ERRCODE = 'UNDO1';
    EXCEPTION
        WHEN SQLSTATE 'UNDO1' THEN RETURN 'done';
        WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
    END;
END $$;
CREATE TEMP TABLE ways (way text);
INSERT INTO ways VALUES
    ($$INSERT INTO prismiq.prismiq_widgets (dashboard_id, type, saved_query_id)
       VALUES ('00000000-0000-4000-8000-00000000000d', 'table', %L)$$),
    ($$UPDATE prismiq.prismiq_widgets SET saved_query_id = %L$$),
    ($$INSERT INTO prismiq.prismiq_widgets (id, dashboard_id, type)
       VALUES ('00000000-0000-4000-8000-00000000000e', '00000000-0000-4000-8000-00000000000d',
               'table')
       ON CONFLICT (tenant_id, id) DO UPDATE SET saved_query_id = %L$$),
    ($$SELECT prismiq.prismiq_widget_add('00000000-0000-4000-8000-00000000000d',
       '{"type": "table", "saved_query_id": %I}')$$),
    ($$SELECT prismiq.prismiq_widget_update('00000000-0000-4000-8000-00000000000e',
       '{"saved_query_id": %I}')$$),
    ($$SELECT prismiq.prismiq_dashboard_update('00000000-0000-4000-8000-00000000000d',
       '{"widgets": [{"id": "00000000-0000-4000-8000-00000000000e", "type": "table",
                      "saved_query_id": %I}]}')$$),
    ($$SELECT prismiq_internal.widgets_insert(NULL::prismiq.prismiq_dashboards,
       '00000000-0000-4000-8000-00000000000d',
       '[{"type": "table", "saved_query_id": %I}]')$$);
CREATE TEMP TABLE callers (who text, roles text, id int, outcome text);
INSERT INTO callers VALUES
    ('ann', '', 1, 'done'), ('ann', '', 2, 'PT404 saved query not found'), ('ann', '', 3, 'done'),
    ('ann', '', 4, 'PT404 saved query not found'), ('ann', '', 5, 'PT404 saved query not found'),
    ('adm', 'admin', 1, 'done'), ('adm', 'admin', 2, 'done'), ('adm', 'admin', 3, 'done'),
    ('adm', 'admin', 4, 'PT404 saved query not found'),
    ('bob', '', 1, 'PT404 saved query not found'), ('bob', '', 2, 'done');
SELECT is((SELECT array_agg(DISTINCT pg_temp.attempt(format(w.way,
              '00000000-0000-4000-8000-00000000000' || c.id)))
           FROM ways w, (SELECT pg_temp.act(c.who, c.roles)) x), ARRAY[c.outcome],
    format('%s %s names saved query %s: %s', c.who, c.roles, c.id, c.outcome))
FROM callers c;

-- What is there already stays while other columns change, whoever changes them.
SELECT pg_temp.act('bob') \g /dev/null
UPDATE prismiq.prismiq_widgets SET saved_query_id = '00000000-0000-4000-8000-000000000002';
SELECT pg_temp.act('ann') \g /dev/null
SELECT lives_ok($$UPDATE prismiq.prismiq_widgets SET title = 'x',
    position = '{"x": 1, "y": 1, "w": 2, "h": 2}'$$, 'another editor moves the widget');
SELECT lives_ok($$UPDATE prismiq.prismiq_widgets SET saved_query_id = saved_query_id$$,
    'or writes the same again');
SELECT throws_ok($$SELECT prismiq.prismiq_widget_data('00000000-0000-4000-8000-00000000000e')$$,
    'PT404', NULL, 'but does not see through it');
SELECT lives_ok($$UPDATE prismiq.prismiq_widgets SET saved_query_id = NULL$$,
    'and may take it off');

-- SQL, which no function takes

SELECT throws_ok(statement, '22023', '"sql" is not supported yet', statement)
FROM unnest(ARRAY[
    $$INSERT INTO prismiq.prismiq_saved_queries (name, sql) VALUES ('s', 'SELECT 1')$$,
    $$UPDATE prismiq.prismiq_saved_queries SET query = NULL, sql = 'SELECT 1'$$]) statement;

-- Time zones

SELECT pg_temp.act('adm', 'admin') \g /dev/null
SELECT throws_ok(format(statement, zone), '22023', NULL, left(statement, 50) || zone)
FROM unnest(ARRAY[
    $$INSERT INTO prismiq.prismiq_dashboards (name, timezone) VALUES ('z', %L)$$,
    $$UPDATE prismiq.prismiq_dashboards SET timezone = %L$$,
    $$INSERT INTO prismiq.prismiq_schema_config (config)
      VALUES ('{"timezone": "%s"}')$$]) statement,
    unnest('{Mars/Base,CEST}'::text[]) zone;
RESET ROLE;
UPDATE prismiq.prismiq_dashboards SET timezone = 'Mars/Base';
SET ROLE app_user;
SELECT lives_ok($$SELECT prismiq.prismiq_dashboard_update(id, '{"description": "x"}')
    FROM prismiq.prismiq_dashboards$$, 'a zone that was there already is in nobody''s way');
SELECT lives_ok($$UPDATE prismiq.prismiq_dashboards SET timezone = NULL$$, 'and may go');
SELECT pg_temp.act('ann') \g /dev/null

-- Handing on

SELECT throws_ok(statement, '42501', NULL, statement)
FROM unnest(ARRAY[
    $$UPDATE prismiq.prismiq_saved_queries SET owner_id = NULL, is_shared = true$$,
    $$SELECT prismiq.prismiq_saved_query_update('00000000-0000-4000-8000-000000000001',
      '{"owner_id": null, "is_shared": true}')$$]) statement;
SELECT pg_temp.act('adm', 'admin') \g /dev/null
SELECT is(prismiq.prismiq_saved_query_update('00000000-0000-4000-8000-000000000001',
    '{"owner_id": null}') -> 'owner_id', 'null', 'an admin may make a saved query the tenant''s');

-- Nobody but an admin chooses what a colleague sees first.
SELECT pg_temp.act('ann') \g /dev/null
UPDATE prismiq.prismiq_dashboards SET is_default = true;
UPDATE prismiq.prismiq_dashboards SET owner_id = 'bob', allowed_editors = '{ann}';
SELECT results_eq('SELECT owner_id, is_default FROM prismiq.prismiq_dashboards',
    $$VALUES ('bob'::text, false)$$, 'a default that is handed on is none any more');
SELECT pg_temp.act('bob') \g /dev/null
UPDATE prismiq.prismiq_dashboards SET is_default = true;
SELECT pg_temp.act('ann') \g /dev/null
SELECT prismiq.prismiq_dashboard_create('{"name": "hers", "is_default": true}') ->> 'id' AS hers
\gset
SELECT is(prismiq.prismiq_dashboard_update(:'hers', '{"owner_id": "bob", "is_public": true}')
    -> 'is_default', 'false', 'by the function too, where the other has a default');
SELECT pg_temp.act('adm', 'admin') \g /dev/null
SELECT is(prismiq.prismiq_dashboard_update(:'hers', '{"owner_id": "zoe", "is_default": true}')
    -> 'is_default', 'true', 'an admin may choose it');

-- A statement that changes its own context, or hands the row on, escapes no check.

SELECT pg_temp.act('bob') \g /dev/null
DELETE FROM prismiq.prismiq_widgets;
UPDATE prismiq.prismiq_dashboards SET allowed_editors = '{}', allowed_viewers = '{}'
WHERE name = 'd';
INSERT INTO prismiq.prismiq_widgets (dashboard_id, type, position) VALUES
    ('00000000-0000-4000-8000-00000000000d', 'text', '{"x": 8, "y": 0, "w": 4, "h": 1}');
SET prismiq.max_widgets_per_dashboard = 1;
SELECT throws_ok($$UPDATE prismiq.prismiq_dashboards SET owner_id = 'zoe',
    layout = '{"columns": 2}'$$, 'PT404', 'dashboard not found',
    'a layout that is too narrow, handed on at once');
SELECT throws_ok($$UPDATE prismiq.prismiq_dashboards SET layout = '{"columns": 2}'
    RETURNING set_config('prismiq.user_id', 'zoe', false)$$, 'PT404', 'dashboard not found',
    'a layout, and the context of somebody else');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_widgets (dashboard_id, type, position)
    VALUES ('00000000-0000-4000-8000-00000000000d', 'text', '{"x": 900, "y": 0, "w": 4, "h": 1}')
    RETURNING set_config('prismiq.tenant_id', 'globex', false)$$, 'PT404', 'dashboard not found',
    'a widget, and the context of another tenant');
SELECT throws_ok($$UPDATE prismiq.prismiq_widgets SET position = '{"x": 9, "y": 0, "w": 9, "h": 1}'
    RETURNING set_config('prismiq.tenant_id', '', false)$$, 'PT404', 'dashboard not found',
    'a widget, and no context');
SELECT is(current_setting('prismiq.tenant_id') || ' ' || current_setting('prismiq.user_id'),
    'acme bob', 'the context is as it was');
BEGIN;
SET CONSTRAINTS prismiq.prismiq_layout_fit DEFERRED;
UPDATE prismiq.prismiq_dashboards SET layout = '{"columns": 2}' WHERE name = 'd';
SET LOCAL prismiq.tenant_id = 'globex';
SELECT throws_ok('SET CONSTRAINTS ALL IMMEDIATE', 'PT404', 'dashboard not found',
    'a check that was put off until the context was another');
ROLLBACK;

-- A role that row security does not bind is not bound by any of it: a restore.
RESET ROLE;
SET prismiq.max_dashboards_per_user = 1;
SELECT lives_ok(statement, 'as superuser: ' || left(statement, 60))
FROM unnest(ARRAY[
    $$INSERT INTO prismiq.prismiq_dashboards (tenant_id, name, owner_id, created_by)
      SELECT 'acme', 'r' || i, 'bob', 'bob' FROM generate_series(1, 3) i$$,
    $$INSERT INTO prismiq.prismiq_saved_queries (tenant_id, name, query)
      VALUES ('acme', 'r', pg_temp.large(2000000))$$,
    $$INSERT INTO prismiq.prismiq_saved_queries (tenant_id, name, sql)
      VALUES ('acme', 's', 'SELECT 1')$$,
    $$UPDATE prismiq.prismiq_widgets
      SET saved_query_id = '00000000-0000-4000-8000-000000000002'$$]) statement;

SELECT finish();
