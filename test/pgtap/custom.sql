-- Custom widgets that are answered by functions of the application's.
\set ON_ERROR_STOP on

CREATE TABLE public.fleet (org text, name text, kilometres int);
INSERT INTO public.fleet VALUES ('acme', 'Van 1', 120), ('acme', 'Van 2', 80), ('other', 'X', 999);
ALTER TABLE public.fleet ENABLE ROW LEVEL SECURITY;
CREATE POLICY fleet_tenant ON public.fleet USING (org = (SELECT prismiq.prismiq_tenant_id()));
GRANT SELECT ON public.fleet TO app_user;
SELECT prismiq.prismiq_expose('public.fleet', tenant_column => 'org') \g /dev/null

CREATE FUNCTION public.echo(params jsonb) RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT params';
-- It names its table without a schema, and has no search_path of its own.
CREATE FUNCTION public.vans(params jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $f$
BEGIN
    RETURN (SELECT jsonb_agg(f.name ORDER BY f.name) FROM fleet f
            WHERE f.kilometres >= coalesce((params ->> 'least')::int, 0));
END
$f$;
CREATE FUNCTION public.greeting(params jsonb) RETURNS text LANGUAGE sql IMMUTABLE
    AS $f$ SELECT E'Hi "you" \\ </script>\n' || coalesce(params ->> 'who', '') $f$;
CREATE FUNCTION public.picture(params jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE
    AS $f$ SELECT decode(params ->> 'hex', 'hex') $f$;
CREATE FUNCTION public.nothing(params jsonb) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb';
CREATE FUNCTION public.fails(params jsonb) RETURNS jsonb LANGUAGE plpgsql AS $f$
BEGIN RAISE EXCEPTION 'the key is s3cret' USING ERRCODE = 'PT404'; END $f$;
CREATE FUNCTION public.sleeps(params jsonb) RETURNS jsonb LANGUAGE sql
    AS $f$ SELECT to_jsonb(pg_sleep(60)::text) $f$;
CREATE FUNCTION public.own_path(params jsonb) RETURNS jsonb LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $f$ BEGIN RETURN to_jsonb(current_setting('search_path')); END $f$;
CREATE FUNCTION public.no_path(params jsonb) RETURNS jsonb LANGUAGE plpgsql
    AS $f$ BEGIN RETURN to_jsonb(current_setting('search_path')); END $f$;
CREATE FUNCTION public.asks(params jsonb) RETURNS jsonb LANGUAGE sql STABLE
    AS $f$ SELECT prismiq.prismiq_query(params -> 'query')::jsonb -> 'rows' $f$;
CREATE FUNCTION public.moves(params jsonb) RETURNS jsonb LANGUAGE plpgsql AS $f$
BEGIN
    PERFORM prismiq.prismiq_set_context('other', 'svc', '{}', (params ->> 'local')::boolean);
    PERFORM set_config('work_mem', '77MB', (params ->> 'local')::boolean);
    RETURN to_jsonb(prismiq.prismiq_tenant_id());
END
$f$;
CREATE FUNCTION public.cancels(params jsonb) RETURNS jsonb LANGUAGE plpgsql AS $f$
BEGIN RAISE EXCEPTION 'no more' USING ERRCODE = '57014'; END $f$;
SELECT current_setting('work_mem') AS work_mem \gset
CREATE FUNCTION public.secret(params jsonb) RETURNS jsonb LANGUAGE sql AS 'SELECT params';
REVOKE EXECUTE ON FUNCTION public.secret(jsonb) FROM PUBLIC;
CREATE FUNCTION public.many(params jsonb) RETURNS SETOF jsonb LANGUAGE sql AS 'SELECT params';
CREATE FUNCTION public.two(params jsonb, other jsonb DEFAULT NULL) RETURNS jsonb LANGUAGE sql
    AS 'SELECT params';
CREATE FUNCTION public.number(params jsonb) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION public.words(params text) RETURNS jsonb LANGUAGE sql AS $$SELECT '{}'::jsonb$$;
CREATE FUNCTION public."Od d.name(jsonb)"(params jsonb) RETURNS jsonb LANGUAGE sql
    AS $$SELECT '"odd"'::jsonb$$;
CREATE ROLE custom_admin;
CREATE ROLE custom_planter;
SELECT prismiq.prismiq_grant('custom_admin', 'admin') \g /dev/null
GRANT USAGE, CREATE ON SCHEMA public TO custom_planter;

SELECT no_plan();

-- ---- Registering -----------------------------------------------------------

SET ROLE custom_admin;
SELECT is(prismiq.prismiq_custom_list(), '[]', 'none at first');
SELECT is(prismiq.prismiq_custom_register('vans', 'public.vans(jsonb)'),
    '{"endpoint": "vans", "function": "public.vans(jsonb)"}', 'a function is registered');
SELECT prismiq.prismiq_custom_register(v.name, v.signature::regprocedure)
FROM (VALUES ('echo', 'public.echo(jsonb)'), ('greeting', 'public.greeting(jsonb)'),
    ('picture', 'public.picture(jsonb)'), ('nothing', 'public.nothing(jsonb)'),
    ('fails', 'public.fails(jsonb)'), ('sleeps', 'public.sleeps(jsonb)'),
    ('own path', 'public.own_path(jsonb)'), ('no path', 'public.no_path(jsonb)'),
    ('asks', 'public.asks(jsonb)'), ('moves', 'public.moves(jsonb)'),
    ('cancels', 'public.cancels(jsonb)'), ('secret', 'public.secret(jsonb)'),
    ('odd', 'public."Od d.name(jsonb)"(jsonb)')) AS v (name, signature) \g /dev/null
SELECT is(jsonb_array_length(prismiq.prismiq_custom_list()), 14, 'all of them are listed');
SELECT is(prismiq.prismiq_custom_list() -> 0,
    '{"endpoint": "asks", "function": "public.asks(jsonb)", "problem": null}', 'by name');
SELECT throws_ok(format('SELECT prismiq.prismiq_custom_register(%L, %L)', name, signature),
    '22023', NULL, concat('refused: ', name, ' ', signature))
FROM (VALUES ('many', 'public.many(jsonb)'), ('two', 'public.two(jsonb,jsonb)'),
    ('number', 'public.number(jsonb)'), ('words', 'public.words(text)'),
    ('aggregate', 'pg_catalog.jsonb_agg(anyelement)'), ('', 'public.echo(jsonb)'),
    (' ', 'public.echo(jsonb)'), (repeat('x', 256), 'public.echo(jsonb)'))
    AS v (name, signature);
SELECT throws_ok($$SELECT prismiq.prismiq_custom_register('echo', NULL)$$, '22023', NULL,
    'no function');
SELECT throws_ok($$SELECT prismiq.prismiq_custom_register(NULL, 'public.echo(jsonb)')$$, '22023',
    NULL, 'no name');
SELECT throws_ok($$SELECT prismiq.prismiq_custom_remove('gone')$$, 'PT404', 'endpoint not found',
    'what is not there cannot be taken back');
RESET ROLE;

SET ROLE app_user;
SELECT prismiq.prismiq_set_context('acme', 'ann', '{owner}', false) \g /dev/null
SELECT throws_ok(call, '42501', NULL, concat('an application role may not: ', call))
FROM (VALUES ('SELECT prismiq.prismiq_custom_list()'),
    ($$SELECT prismiq.prismiq_custom_remove('echo')$$),
    ($$SELECT prismiq.prismiq_custom_register('x', 'public.echo(jsonb)')$$),
    ('TABLE prismiq.prismiq_custom_endpoints'),
    ($$SELECT prismiq_internal.endpoint_problem('public.secret(jsonb)', 'postgres')$$))
    AS v (call);

-- ---- Answers -----------------------------------------------------------------

-- What a custom widget with a config answers, but for its own keys.
CREATE FUNCTION pg_temp.custom(config jsonb, options jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE sql AS $$
    SELECT prismiq.prismiq_query_preview(jsonb_build_object('type', 'custom_template',
        'config', config), '{}', options)::jsonb -> 'custom'
$$;
CREATE FUNCTION pg_temp.cancelled() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.custom('{"endpoint": "cancels"}');
    RETURN 'done';
EXCEPTION WHEN query_canceled OR internal_error THEN
    RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END
$$;
SELECT is(pg_temp.custom(config::jsonb) - 'endpoint', answer::jsonb, config)
FROM (VALUES
    ('{"endpoint": "echo"}', '{"data": {}, "image": null, "template": null}'),
    ('{"endpoint": "echo", "parameters": {"days": 3, "a": [1, null]}, "template": "{{days}}"}',
     '{"data": {"days": 3, "a": [1, null]}, "image": null, "template": "{{days}}"}'),
    ('{"endpoint": "vans"}', '{"data": ["Van 1", "Van 2"], "image": null, "template": null}'),
    ('{"endpoint": "vans", "parameters": {"least": 100}}',
     '{"data": ["Van 1"], "image": null, "template": null}'),
    ('{"endpoint": "nothing"}', '{"data": null, "image": null, "template": null}'),
    ('{"endpoint": "greeting", "parameters": {"who": "Zoë"}}',
     '{"data": "Hi \"you\" \\ </script>\nZoë", "image": null, "template": null}'),
    ('{"endpoint": "odd"}', '{"data": "odd", "image": null, "template": null}'),
    ('{"endpoint": "own path"}', '{"data": "pg_catalog", "image": null, "template": null}'),
    ('{"endpoint": "no path"}', '{"data": "public, pg_temp", "image": null, "template": null}'),
    ('{"endpoint": "asks", "parameters": {"query": {"tables": [{"id": "f", "name": "fleet"}],
       "columns": [{"table_id": "f", "column": "kilometres", "aggregation": "sum"}]}}}',
     '{"data": [[200]], "image": null, "template": null}'),
    ('{"endpoint": "picture", "parameters": {"hex": "89504e470d0a1a0a00"}}',
     '{"data": null, "image": {"media_type": "image/png", "base64": "iVBORw0KGgoA"},
       "template": null}'),
    ('{"endpoint": "picture", "parameters": {"hex": "ffd8ffe0"}}',
     '{"data": null, "image": {"media_type": "image/jpeg", "base64": "/9j/4A=="},
       "template": null}'),
    ('{"endpoint": "picture", "parameters": {"hex": "474946383961"}}',
     '{"data": null, "image": {"media_type": "image/gif", "base64": "R0lGODlh"},
       "template": null}'),
    ('{"endpoint": "picture", "parameters": {"hex": "524946460102030457454250"}}',
     '{"data": null, "image": {"media_type": "image/webp", "base64": "UklGRgECAwRXRUJQ"},
       "template": null}'),
    ('{"endpoint": "picture", "parameters": {"hex": "3c7376673e"}}',
     '{"data": null, "image": {"media_type": "image/svg+xml", "base64": "PHN2Zz4="},
       "template": null}'),
    ('{"endpoint": "picture", "parameters": {"hex": "00"}}',
     '{"data": null, "image": {"media_type": "application/octet-stream", "base64": "AA=="},
       "template": null}'),
    ('{"endpoint": "picture", "parameters": {"hex": ""}}',
     '{"data": null, "image": {"media_type": "application/octet-stream", "base64": ""},
       "template": null}'),
    ('{"endpoint": "picture"}', '{"data": null, "image": null, "template": null}'))
    AS v (config, answer);
SELECT is(current_setting('search_path'), '"$user", public', 'the path is what it was');
SET search_path = pg_temp, prismiq, public;
SELECT is(pg_temp.custom('{"endpoint": "no path"}') ->> 'data', 'public, pg_temp',
    'whatever path the caller has');
RESET search_path;
SELECT is(pg_temp.custom('{"endpoint": "echo", "parameters": {"a": 1, "b": 2}}',
    '{"params": {"b": 3}}') -> 'data', '{"a": 1, "b": 3}', 'params of the caller over its own');
SELECT is(pg_temp.custom('{"endpoint": "echo", "parameters": {"a": 1}}',
    '{"params": null}') -> 'data', '{"a": 1}', 'no params');
SELECT is(pg_temp.custom('{"endpoint": "echo", "parameters": {"filters": {"x": 1}}}') -> 'data',
    '{}', 'filters are the dashboard''s, or none');
SELECT is(pg_temp.custom('{"endpoint": "echo"}') ->> 'endpoint', 'echo', 'it names the endpoint');
-- What a function sets is undone: the rest of a dashboard is still the caller's.
SELECT is(pg_temp.custom(format('{"endpoint": "moves", "parameters": {"local": %s}}',
    to_json(local))
    ::jsonb)
    ->> 'data', 'other', 'a function may take another context for itself')
FROM unnest('{true,false}'::boolean[]) local;
SELECT is(prismiq.prismiq_tenant_id(), 'acme', 'but for nobody else');
SELECT is(current_setting('work_mem'), :'work_mem', 'nor a setting');
SELECT is(pg_temp.cancelled(), 'XX000 the query failed', 'a function cancels nothing but itself');
SELECT is(prismiq.prismiq_query_preview('{"type": "custom_template", "config": {"endpoint": "echo"},
    "query": {"tables": [{"id": "f", "name": "fleet"}], "columns": [{"table_id": "f",
    "column": "name"}], "order_by": [{"table_id": "f", "column": "name"}]}}')::jsonb -> 'rows',
    '[["Van 1"], ["Van 2"]]', 'a query beside it is answered as well');

-- The dashboard's filters, with their defaults.
SELECT prismiq.prismiq_dashboard_create('{"name": "Fleet", "filters": [
    {"id": "name", "type": "multi_select", "field": "name", "table": "fleet"},
    {"id": "km", "type": "number_range", "field": "kilometres", "table": "fleet",
     "default_value": {"min": 5}},
    {"id": "off", "type": "text", "field": "name", "table": "fleet"},
    {"id": "aside", "type": "text", "field": "name", "table": "fleet", "default_value": "x",
     "applies_to": []}],
    "widgets": [{"id": "11111111-1111-4111-8111-111111111111", "type": "custom_template",
      "title": "Echo", "config": {"endpoint": "echo", "parameters": {"filters": 1, "k": 2}}},
     {"id": "22222222-2222-4222-8222-222222222222", "type": "custom_image", "title": "Fails",
      "config": {"endpoint": "fails"}}]}') ->> 'id' AS fleet \gset
SELECT id AS echo FROM prismiq.prismiq_widgets WHERE title = 'Echo' \gset
SELECT id AS fails FROM prismiq.prismiq_widgets WHERE title = 'Fails' \gset
SELECT prismiq.prismiq_dashboard_data(:'fleet', '{"name": ["Van 1"]}') AS data \gset
SELECT is(:'data'::jsonb #> ARRAY[:'echo', 'custom', 'data'],
    '{"filters": {"name": ["Van 1"], "km": {"min": 5}}, "k": 2}', 'values of the filters go along');
SELECT is(:'data'::jsonb #> ARRAY[:'echo', 'filters'],
    '[{"id": "name", "applied": true, "reason": null},
      {"id": "km", "applied": true, "reason": null},
      {"id": "off", "applied": false, "reason": "no_value"},
      {"id": "aside", "applied": false, "reason": "not_listed"}]', 'and are listed as applied');
SELECT is((:'data'::jsonb #> ARRAY[:'fails', 'error']) - 'errors', '{"code": null,
    "sqlstate": "XX000", "message": "the query failed", "hint": null}',
    'one that fails says nothing of why, and leaves the others');
SELECT is(prismiq.prismiq_widget_data(:'echo', '{"name": ["Van 2"], "km": null}')::jsonb
    #> '{custom,data}', '{"filters": {"name": ["Van 2"]}, "k": 2}', 'the same of one widget');
BEGIN READ ONLY;
SELECT is(prismiq.prismiq_widget_data(:'echo')::jsonb #>> '{custom,endpoint}', 'echo',
    'in a read-only transaction too');
COMMIT;

-- ---- What is refused -------------------------------------------------------

-- Whether there is one that the caller may not execute, nobody is told.
SELECT throws_ok($$SELECT pg_temp.custom('{"endpoint": "secret"}')$$, '22023',
    'endpoint "secret" not found', 'who may not execute the function');
CREATE FUNCTION pg_temp.hint_of(config text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    hint text;
BEGIN
    PERFORM pg_temp.custom(config::jsonb);
    RETURN NULL;
EXCEPTION WHEN invalid_parameter_value THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN hint;
END
$$;
SELECT is(pg_temp.hint_of('{"endpoint": "secrit"}'),
    'It has to be registered, and its function executable for the role.',
    'its name is not offered');
SELECT is(pg_temp.hint_of('{"endpoint": "grreting"}'), 'Did you mean "greeting"?', 'others are');
SELECT throws_ok($$SELECT pg_temp.custom('{"endpoint": "ecoh"}')$$, '22023',
    'endpoint "ecoh" not found', 'a name that is none');
SELECT throws_ok($$SELECT pg_temp.custom('{"endpoint": "public.echo(jsonb)"}')$$, '22023', NULL,
    'a function is no endpoint');
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_create('{"name": "Typo", "widgets": [
    {"type": "custom_template", "config": {"endpoint": "ecoh"}}]}')$$, '22023',
    'endpoint "ecoh" not found', 'nor is it saved');
DO $$
BEGIN
    PERFORM pg_temp.custom('{"endpoint": "sleeps"}', '{"timeout_ms": 100}');
EXCEPTION WHEN query_canceled THEN
    PERFORM set_config('test.said', SQLERRM, false);
END
$$;
SELECT is(current_setting('test.said', true), 'canceling query due to prismiq.query_timeout',
    'the time limit holds');
SELECT throws_ok($$SELECT pg_temp.custom('{"endpoint": "vans", "parameters": {"least": "x"}}')$$,
    '22023', 'a value is out of range or cannot be converted', 'errors tell nothing');
SET prismiq.max_result_bytes = 2000;
SELECT throws_ok(format($$SELECT pg_temp.custom('{"endpoint": "echo", "parameters": {"a": %s}}')$$,
    to_json(repeat('x', 3000))), 'PT413', 'result is too large', 'the limit on bytes');
RESET prismiq.max_result_bytes;
SELECT prismiq.prismiq_set_context('other', 'eve', '{}', false) \g /dev/null
SELECT is(pg_temp.custom('{"endpoint": "vans"}') -> 'data', '["X"]', 'another tenant has its own');
RESET prismiq.tenant_id;
SELECT throws_ok($$SELECT pg_temp.custom('{"endpoint": "echo"}')$$, '42501', NULL, 'no context');
SELECT prismiq.prismiq_set_context('acme', 'ann', '{owner}', false) \g /dev/null

-- ---- What becomes of functions ------------------------------------------------

SELECT is(prismiq.prismiq_broken(), '[]', 'nothing is broken');
RESET ROLE;
ALTER FUNCTION public.echo(jsonb) RENAME TO echo_once;
SET ROLE custom_planter;
CREATE FUNCTION public.echo(params jsonb) RETURNS jsonb LANGUAGE sql
    AS $$SELECT '"planted"'::jsonb$$;
RESET ROLE;
DROP FUNCTION public.nothing(jsonb);
ALTER FUNCTION public.vans(jsonb) RENAME TO vans_once;
CREATE FUNCTION public.vans(params jsonb) RETURNS int LANGUAGE sql AS 'SELECT 1';
SET ROLE custom_admin;
SELECT is((SELECT jsonb_object_agg(e ->> 'endpoint', e ->> 'problem')
           FROM jsonb_array_elements(prismiq.prismiq_custom_list()) e
           WHERE e ->> 'problem' IS NOT NULL),
    '{"echo": "owner_changed", "nothing": "function_gone", "vans": "not_suitable"}',
    'what holds no more says so');
SET ROLE app_user;
SELECT throws_ok(format('SELECT prismiq.prismiq_widget_data(%L)', :'echo'), '22023',
    'endpoint "echo" not found', 'another''s function in its place is not called');
SELECT is((SELECT jsonb_agg(b - '{id,dashboard_id}'::text[]) FROM jsonb_array_elements(
    prismiq.prismiq_broken()) b), '[{"kind": "widget", "name": "Echo", "path": "/config/endpoint",
    "code": "INVALID_VALUE", "message": "endpoint \"echo\" not found",
    "is_provided": false}]',
    'and the widget is broken');
SET ROLE custom_admin;
SELECT prismiq.prismiq_custom_register('echo', 'public.echo_once(jsonb)') \g /dev/null
SELECT ok(prismiq.prismiq_custom_remove('fails'), 'an endpoint is taken back');
SET ROLE app_user;
SELECT is(prismiq.prismiq_dashboard_data(:'fleet')::jsonb #>> ARRAY[:'echo', 'custom', 'endpoint'],
    'echo', 'registered again, it answers');
SELECT is(prismiq.prismiq_dashboard_data(:'fleet')::jsonb #>> ARRAY[:'fails', 'error', 'message'],
    'endpoint "fails" not found', 'what was taken back does not');
-- Other changes of such a widget are saved all the same.
SELECT is(prismiq.prismiq_widget_update(:'fails', '{"title": "Still"}') ->> 'title', 'Still',
    'its title can be changed');
RESET ROLE;
SELECT finish();
