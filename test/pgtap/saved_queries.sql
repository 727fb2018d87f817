-- Saved queries: owners, sharing, versions, and the widgets that use them.
\set ON_ERROR_STOP on

SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) AS context \gset

CREATE FUNCTION pg_temp.act(who text, roles text DEFAULT '') RETURNS void LANGUAGE sql AS $$
    SELECT set_config('prismiq.user_id', who, false), set_config('prismiq.roles', roles, false)
$$;
CREATE FUNCTION pg_temp.names(options jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(q ->> 'name', ' ' ORDER BY place)
    FROM jsonb_array_elements(prismiq.prismiq_saved_query_list(options)) WITH ORDINALITY x (q,
        place)
$$;

SELECT '{"tables": [{"id": "f", "name": "flights"}],
         "columns": [{"table_id": "f", "column": "origin"}]}' AS query \gset
SELECT prismiq.prismiq_saved_query_create(jsonb_build_object('name', 'Private', 'query',
    :'query'::jsonb)) AS private \gset
SELECT :'private'::jsonb ->> 'id' AS private_id \gset
SELECT prismiq.prismiq_saved_query_create(jsonb_build_object('name', 'Common', 'is_shared', true,
    'description', 'for all', 'query', :'query'::jsonb)) ->> 'id' AS shared_id \gset

SELECT is(prismiq.prismiq_saved_query_get(:'private_id'), :'private'::jsonb,
    'create returns what get returns');
SELECT set_eq($$SELECT jsonb_object_keys('$$ || :'private' || $$')$$,
    '{tenant_id,id,name,description,query,sql,owner_id,created_by,is_shared,version,created_at,
      updated_at,is_owner,can_edit}'::text[],
    'a saved query has these keys');
SELECT is(:'private'::jsonb -> 'query', :'query'::jsonb, 'the definition is kept as it is');
SELECT is(pg_temp.names(), 'Common Private', 'its owner lists both');
SELECT is(pg_temp.names('{"scope": "shared"}'), 'Common', 'the shared ones');
SELECT is(pg_temp.names('{"search": "PRIV"}'), 'Private', 'search');
SELECT is(pg_temp.names('{"sort": "-name", "limit": 1}'), 'Private', 'sort and limit');

-- Bad data

SELECT throws_ok(format('SELECT prismiq.prismiq_saved_query_create(%L)', bad), state, message,
    'data: ' || translate(bad, E'\n', ' '))
FROM (VALUES ('{}', '22023', '"name" is required'), ('{"name": "x"}', '22023',
    '"query" is required'),
             ('{"name": "x", "query": null}', '22023', '"query" must not be null'),
             ('{"name": "x", "query": 1}', '22023', NULL),
                 ('{"name": "x", "query": {"columns": []}}', '22023', NULL),
             ('{"name": "x", "sql": "SELECT 1"}', '22023', '"sql" is not supported yet'),
             ('{"name": "x", "qurey": {}}', '22023', '"query" is required'), ('[]', '22023', NULL),
             ('{"name": "Common", "query": {"tables": [{"id": "f", "name": "flights"}],
                "columns": [{"table_id": "f", "column": "origin"}]}}', '23505',
                    'a saved query of this name exists already'),
             ('{"name": "x", "owner_id": "bob", "query": {"tables": [{"id": "f",
                 "name": "flights"}],
                "columns": [{"table_id": "f", "column": "origin"}]}}', '42501',
                    'only an admin may create a saved query for somebody else'))
     v (bad, state, message);
-- What is told of a bad definition.
CREATE FUNCTION pg_temp.told(data jsonb) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    PERFORM prismiq.prismiq_saved_query_create(data);
    RETURN '{}';
EXCEPTION WHEN SQLSTATE '22023' THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN ARRAY(SELECT concat(f ->> 'path', ' ', f ->> 'code')
                 FROM jsonb_array_elements(detail::jsonb) f);
END
$$;
SELECT is(pg_temp.told('{"name": "x", "query": {"tables": [{"id": "f", "name": "flights"}],
    "columns": []}}'), '{/query/columns EMPTY_QUERY}', 'a fault is told once');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_saved_queries (name) VALUES ('x')$$, '23514', NULL,
    'a row without a query');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_saved_queries (name, query) VALUES ('x', '[]')$$,
    '22023', NULL, 'a row with a bad one');

-- Changing

SELECT prismiq.prismiq_saved_query_update(:'private_id', '{"description": "mine", "version": 1}')
    AS changed \gset
SELECT is(:'changed'::jsonb - '{description,version,updated_at}'::text[],
          :'private'::jsonb - '{description,version,updated_at}'::text[],
              'only the keys given change');
SELECT is((:'changed'::jsonb ->> 'version')::int, 2, 'a new version');
SELECT throws_ok(format($$SELECT prismiq.prismiq_saved_query_update(%L,
    '{"name": "x", "version": 1}')$$, :'private_id'),
    'PT409', 'saved query was changed meanwhile', 'a version that is not the current one');
SELECT throws_ok(format($$SELECT prismiq.prismiq_saved_query_update(%L, '{"name": "Common"}')$$,
    :'private_id'),
    '23505', 'a saved query of this name exists already', 'a name that is taken');

-- Others

SELECT pg_temp.act('bob') \gset
SELECT is(pg_temp.names(), 'Common', 'another user sees the shared one');
SELECT is(prismiq.prismiq_saved_query_get(:'shared_id') -> 'can_edit', 'false',
    'but may not edit it');
SELECT throws_ok(format('SELECT prismiq.prismiq_saved_query_get(%L)', :'private_id'), 'PT404',
    'saved query not found', 'not the other');
SELECT throws_ok(format('SELECT prismiq.prismiq_saved_query_delete(%L)', :'private_id'), 'PT404',
    'saved query not found', 'nor deletes it');
SELECT throws_ok(format($$SELECT prismiq.prismiq_saved_query_update(%L, '{"name": "x"}')$$,
    :'private_id'), 'PT404', 'saved query not found', 'nor changes it');
SELECT throws_ok(format($$SELECT prismiq.prismiq_saved_query_update(%L, '{"name": "x"}')$$,
    :'shared_id'),
    '42501', 'editing this saved query is not permitted', 'changing the shared one');
SELECT throws_ok(format('SELECT prismiq.prismiq_saved_query_delete(%L)', :'shared_id'),
    '42501', 'deleting this saved query is not permitted', 'deleting the shared one');
WITH changed AS (UPDATE prismiq.prismiq_saved_queries SET name = 'x' RETURNING 1)
SELECT is((SELECT count(*) FROM changed), 0::bigint, 'a plain UPDATE reaches none');
WITH gone AS (DELETE FROM prismiq.prismiq_saved_queries RETURNING 1)
SELECT is((SELECT count(*) FROM gone), 0::bigint, 'nor does a plain DELETE');
SELECT prismiq.prismiq_dashboard_create('{"name": "of bob"}') ->> 'id' AS d \gset
SELECT throws_ok(format($$SELECT prismiq.prismiq_widget_add(%L,
    '{"type": "table", "saved_query_id": "%s"}')$$, :'d', :'private_id'),
    'PT404', 'saved query not found', 'a widget on a query that its maker does not see');
SELECT prismiq.prismiq_widget_add(:'d', jsonb_build_object('type', 'table', 'saved_query_id',
    :'shared_id')) ->> 'id' AS w \gset

SELECT pg_temp.act('') \gset
SELECT is(pg_temp.names(), 'Common', 'an API key sees the shared one');
SELECT throws_ok(format($$SELECT
    prismiq.prismiq_saved_query_create('{"name": "key", "query": %s}')$$, :'query'),
    '42501', 'creating saved queries is not permitted', 'and creates none');
SELECT pg_temp.act('vee', 'viewer') \gset
SELECT throws_ok(format($$SELECT
    prismiq.prismiq_saved_query_create('{"name": "key", "query": %s}')$$, :'query'),
    '42501', 'creating saved queries is not permitted', 'nor does a viewer');
SET prismiq.tenant_id = 'globex';
SELECT pg_temp.act('ann', 'owner') \gset
SELECT is(pg_temp.names(), NULL, 'another tenant sees none');
SELECT throws_ok(format('SELECT prismiq.prismiq_saved_query_get(%L)', :'shared_id'), 'PT404',
    'saved query not found', 'none at all');
SET prismiq.tenant_id = 'acme';
SELECT pg_temp.act('adm', 'admin') \gset
SELECT is(pg_temp.names(), 'Common Private', 'an admin sees all');
SELECT is(prismiq.prismiq_saved_query_delete(:'shared_id'), true, 'and may delete them');
SELECT results_eq(format('SELECT saved_query_id IS NULL,
    version FROM prismiq.prismiq_widgets WHERE id = %L', :'w'),
    'VALUES (true, 2)', 'the widget stays, without it');
SELECT throws_ok(format('SELECT prismiq.prismiq_saved_query_delete(%L)', :'shared_id'), 'PT404',
    'saved query not found', 'once');

SELECT finish();
