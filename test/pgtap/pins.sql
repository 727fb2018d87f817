-- Pins: a user's own, on what it sees, in its order.
\set ON_ERROR_STOP on

SET ROLE app_user;
SELECT no_plan();
CREATE FUNCTION pg_temp.act(who text, roles text DEFAULT '', tenant text DEFAULT 'acme')
    RETURNS void LANGUAGE sql AS $$
    SELECT prismiq.prismiq_set_context(tenant, who, string_to_array(roles, ','), false)
$$;
CREATE FUNCTION pg_temp.pinned(place text DEFAULT '') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(p ->> 'name', ' ' ORDER BY n)
    FROM jsonb_array_elements(prismiq.prismiq_pin_list(place)) WITH ORDINALITY x (p, n)
$$;
\set nobody 00000000-0000-4000-8000-000000000000

SELECT pg_temp.act('bob') \g /dev/null
SELECT prismiq.prismiq_dashboard_create('{"name": "private"}') ->> 'id' AS private \gset
SELECT prismiq.prismiq_dashboard_create('{"name": "open", "is_public": true}') ->> 'id'
    AS open \gset
SELECT prismiq.prismiq_saved_query_create('{"name": "query", "is_shared": true, "query":
    {"tables": [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f",
     "column": "origin"}]}}') ->> 'id' AS query \gset
SELECT pg_temp.act('ann', '', 'globex') \g /dev/null
SELECT prismiq.prismiq_dashboard_create('{"name": "foreign", "is_public": true}') ->> 'id'
    AS foreign \gset

-- Adding

SELECT pg_temp.act('ann') \g /dev/null
SELECT prismiq.prismiq_dashboard_create('{"name": "own"}') ->> 'id' AS own \gset
SELECT is(prismiq.prismiq_pin_list(), '[]', 'there are none');
SELECT is(prismiq.prismiq_pin_add('dashboard', :'own') - 'created_at',
    jsonb_build_object('resource_type', 'dashboard', 'resource_id', :'own', 'context', '',
                       'position', 1, 'name', 'own'), 'a pin has these keys');
SELECT prismiq.prismiq_pin_add('query', :'query') IS NULL AS x \gset
SELECT prismiq.prismiq_pin_add('dashboard', :'open') IS NULL AS x \gset
SELECT is(pg_temp.pinned(), 'own query open', 'the last one comes last');
SELECT is(prismiq.prismiq_pin_add('dashboard', :'own') -> 'position', '1',
    'what is pinned stays where it is');
SELECT is(prismiq.prismiq_pin_add('dashboard', :'open', 'side') ->> 'context', 'side',
    'another place');
SELECT is(pg_temp.pinned('side') || ', ' || pg_temp.pinned(NULL), 'open, own query open',
    'has its own; none is favourites');
SELECT throws_ok(format('SELECT prismiq.prismiq_pin_add(%L, %L)', kind, id), state, message,
    message || ': ' || coalesce(kind, 'null'))
FROM (VALUES ('dashboard', :'private', 'PT404', 'dashboard not found'),
    ('dashboard', :'foreign', 'PT404', 'dashboard not found'),
    ('dashboard', :'query', 'PT404', 'dashboard not found'),
    ('dashboard', NULL, 'PT404', 'dashboard not found'),
    ('query', :'own', 'PT404', 'saved query not found'),
    ('story', :'own', '22023', 'this is nothing that can be pinned'),
    (NULL, :'own', '22023', 'this is nothing that can be pinned')) v (kind, id, state, message);
SELECT throws_ok(format('SELECT prismiq.prismiq_pin_list(%L)', repeat('x', 256)), '22023',
    '"context" must have at most 255 bytes', 'a place with a long name');

-- In order

SELECT is((SELECT string_agg(p ->> 'name', ' ' ORDER BY n) FROM jsonb_array_elements(
        prismiq.prismiq_pin_reorder('', ARRAY[:'open', :'query']::uuid[]))
        WITH ORDINALITY x (p, n)), 'open query own', 'those that are named come first');
SELECT is(pg_temp.pinned(), 'open query own', 'and stay there');
SELECT throws_ok(format('SELECT prismiq.prismiq_pin_reorder(%L, %L)', '', ids), state, NULL, ids)
FROM (VALUES (format('{%s,%s}', :'own', :'private'), 'PT404'),
    (format('{%s,%s}', :'own', :'own'), '22023'), ('{NULL}', '22023'),
    (format('{%s}', :'nobody'), 'PT404')) v (ids, state);
SELECT is(pg_temp.pinned(), 'open query own', 'nothing was moved by halves');
SELECT is(pg_temp.pinned('side'), 'open', 'nor anywhere else');

-- Each has its own

SELECT pg_temp.act('bob') \g /dev/null
SELECT is(pg_temp.pinned(), NULL, 'a colleague has other pins');
SELECT is((SELECT count(*) FROM prismiq.prismiq_pins), 0::bigint, 'and sees none');
SELECT throws_ok(format('SELECT prismiq.prismiq_pin_remove(%L, %L)', 'dashboard', :'own'), 'PT404',
    'pin not found', 'or takes one away');
SELECT pg_temp.act('ann', 'owner', 'globex') \g /dev/null
SELECT is(pg_temp.pinned(), NULL, 'so has a user of that name in another tenant');
SELECT pg_temp.act('adm', 'admin') \g /dev/null
SELECT is((SELECT count(*) FROM prismiq.prismiq_pins), 0::bigint, 'an admin sees none either');
SELECT pg_temp.act(NULL, 'admin') \g /dev/null
SELECT throws_ok(call, '42501', 'pins are a user''s own', 'an API key: ' || call)
FROM unnest(ARRAY['SELECT prismiq.prismiq_pin_list()',
    format('SELECT prismiq.prismiq_pin_add(%L, %L)', 'dashboard', :'open'),
    format('SELECT prismiq.prismiq_pin_remove(%L, %L)', 'dashboard', :'open'),
    format('SELECT prismiq.prismiq_pin_reorder(%L, %L)', '', '{}')]) call;
SELECT pg_temp.act('ann') \g /dev/null
SET prismiq.tenant_id = '';
SELECT throws_ok('SELECT prismiq.prismiq_pin_list()', '42501', NULL, 'there is no context');
SELECT is((SELECT count(*) FROM prismiq.prismiq_pins), 0::bigint, 'and no row');

-- By plain statements

SELECT pg_temp.act('ann') \g /dev/null
SELECT throws_ok(statement, state, NULL, statement)
FROM (VALUES
    (format($$INSERT INTO prismiq.prismiq_pins (resource_type, resource_id) VALUES ('dashboard',
     %L)$$, :'private'), '42501'),
    (format($$INSERT INTO prismiq.prismiq_pins (resource_type, resource_id) VALUES ('dashboard',
     %L)$$, :'foreign'), '42501'),
    (format($$INSERT INTO prismiq.prismiq_pins (resource_type, resource_id, context) VALUES
     ('query', %L, 'x')$$, :'own'), '42501'),
    (format($$INSERT INTO prismiq.prismiq_pins (resource_type, resource_id, user_id) VALUES
     ('dashboard', %L, 'bob')$$, :'open'), '42501'),
    (format($$INSERT INTO prismiq.prismiq_pins (resource_type, resource_id, tenant_id) VALUES
     ('dashboard', %L, 'globex')$$, :'foreign'), '42501'),
    (format($$INSERT INTO prismiq.prismiq_pins (resource_type, resource_id, tenant_id) VALUES
     ('dashboard', %L, '')$$, :'open'), '42501'),
    (format($$INSERT INTO prismiq.prismiq_pins (resource_type, resource_id, context, created_at)
     VALUES ('dashboard', %L, 'x', 'epoch')$$, :'open'), '42501'),
    (format('UPDATE prismiq.prismiq_pins SET resource_id = %L WHERE resource_id = %L',
     :'private', :'own'), '42501'),
    ($$UPDATE prismiq.prismiq_pins SET user_id = 'bob'$$, '42501'),
    ($$UPDATE prismiq.prismiq_pins SET tenant_id = 'globex'$$, '42501'),
    ('UPDATE prismiq.prismiq_pins SET position = 0', '23514')) v (statement, state);
SELECT lives_ok(format($$INSERT INTO prismiq.prismiq_pins (resource_type, resource_id, context)
    VALUES ('dashboard', %L, 'plain')$$, :'open'), 'what the functions do, an INSERT does');
SELECT is(pg_temp.pinned('plain'), 'open', 'and it is there');
SELECT lives_ok('UPDATE prismiq.prismiq_pins SET position = position + 5',
    'a user moves its own');

-- What is gone, or not for the user any more, is not in the list

SELECT pg_temp.act('bob') \g /dev/null
SELECT prismiq.prismiq_dashboard_update(:'open', '{"is_public": false}') IS NULL AS x \gset
SELECT prismiq.prismiq_saved_query_delete(:'query') IS NULL AS x \gset
SELECT pg_temp.act('ann') \g /dev/null
SELECT is(pg_temp.pinned(), 'own', 'neither what was deleted nor what is private now');
SELECT is(prismiq.prismiq_pin_remove('query', :'query'), true, 'such a pin can be taken away');
SELECT is((SELECT count(*) FROM jsonb_array_elements(prismiq.prismiq_pin_reorder('',
    ARRAY[:'own']::uuid[]))), 1::bigint, 'and is in no one''s way');
SELECT pg_temp.act('bob') \g /dev/null
SELECT prismiq.prismiq_dashboard_update(:'open', '{"is_public": true}') IS NULL AS x \gset
SELECT pg_temp.act('ann') \g /dev/null
SELECT is(pg_temp.pinned(), 'own open', 'what is shared again is back');
SELECT is(prismiq.prismiq_pin_remove('dashboard', :'open'), true, 'remove returns true');
SELECT throws_ok(format('SELECT prismiq.prismiq_pin_remove(%L, %L)', 'dashboard', :'open'),
    'PT404', 'pin not found', 'once');
SELECT is(pg_temp.pinned('side'), 'open', 'from one place');

SELECT finish();
