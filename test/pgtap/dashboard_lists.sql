-- Finding dashboards: by name, the default, lists with their options; and filters that lose the
-- widgets they are for.
\set ON_ERROR_STOP on

SET ROLE app_user;
SELECT no_plan();
CREATE FUNCTION pg_temp.act(who text, roles text DEFAULT '', tenant text DEFAULT 'acme')
    RETURNS void LANGUAGE sql AS $$
    SELECT prismiq.prismiq_set_context(tenant, who, string_to_array(roles, ','), false)
$$;
CREATE FUNCTION pg_temp.names(options jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(d ->> 'name', ' ' ORDER BY place)
    FROM jsonb_array_elements(prismiq.prismiq_dashboard_list(options)) WITH ORDINALITY x (d, place)
$$;

-- The default: one's own, else the tenant's

SELECT pg_temp.act('ann') \g /dev/null
SELECT is(prismiq.prismiq_dashboard_default(), NULL, 'there is no default');
SELECT prismiq.prismiq_dashboard_create('{"name": "plain"}') IS NULL AS made \gset
SELECT is(prismiq.prismiq_dashboard_default(), NULL, 'one that nobody chose is none');
SELECT pg_temp.act('adm', 'admin') \g /dev/null
SELECT prismiq.prismiq_dashboard_create('{"name": "of all", "owner_id": null,
    "is_default": true}') IS NULL AS made \gset
SELECT prismiq.prismiq_dashboard_create('{"name": "of adm", "is_default": true,
    "is_public": true}') IS NULL AS made \gset
SELECT is(prismiq.prismiq_dashboard_default() ->> 'name', 'of adm', 'one''s own');
SELECT pg_temp.act('ann') \g /dev/null
SELECT is(prismiq.prismiq_dashboard_default() ->> 'name', 'of all',
    'the tenant''s, and not a colleague''s, though it is seen');
SELECT prismiq.prismiq_dashboard_create('{"name": "mine", "widgets": [{"type": "text"}]}') ->> 'id'
    AS mine \gset
SELECT prismiq.prismiq_dashboard_update(:'mine', '{"is_default": true}') IS NULL AS made \gset
SELECT is(prismiq.prismiq_dashboard_default(), prismiq.prismiq_dashboard_get(:'mine'),
    'the whole dashboard');
SELECT prismiq.prismiq_dashboard_create('{"name": "other", "is_default": true}') IS NULL
    AS made \gset
SELECT results_eq('SELECT name::text FROM prismiq.prismiq_dashboards WHERE is_default
                   ORDER BY name', $$VALUES ('of adm'), ('of all'), ('other')$$,
    'a new default takes the place of the same owner''s');
SELECT prismiq.prismiq_dashboard_update(:'mine', '{"is_default": true}') IS NULL AS made \gset
SELECT is(prismiq.prismiq_dashboard_default() ->> 'name', 'mine', 'and back');
SELECT pg_temp.act(NULL) \g /dev/null
SELECT is(prismiq.prismiq_dashboard_default(), NULL, 'an API key has none that is not public');
SELECT pg_temp.act('ann', '', 'globex') \g /dev/null
SELECT is(prismiq.prismiq_dashboard_default(), NULL, 'another tenant has its own');

-- By name

SELECT pg_temp.act('ann') \g /dev/null
SELECT is(prismiq.prismiq_dashboard_get_by_name('mine'), prismiq.prismiq_dashboard_get(:'mine'),
    'by name');
SELECT throws_ok(call, 'PT404', 'dashboard not found', call)
FROM unnest(ARRAY[$$SELECT prismiq.prismiq_dashboard_get_by_name('Mine')$$,
    $$SELECT prismiq.prismiq_dashboard_get_by_name('')$$,
    'SELECT prismiq.prismiq_dashboard_get_by_name(NULL)']) call;
SELECT pg_temp.act('bob') \g /dev/null
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_get_by_name('mine')$$, 'PT404',
    'dashboard not found', 'what is not seen has no name');
SELECT pg_temp.act('ann', 'admin', 'globex') \g /dev/null
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_get_by_name('mine')$$, 'PT404',
    'dashboard not found', 'nor in another tenant');

-- Lists

SELECT pg_temp.act('ann') \g /dev/null
SELECT is(pg_temp.names('{}'), 'mine of adm of all other plain', 'defaults, then the newest');
SELECT is(pg_temp.names('{"sort": "default"}'), pg_temp.names('{}'), 'which has a name');
SELECT is(pg_temp.names('{"scope": "mine", "sort": "name"}'), 'mine other plain', 'mine');
SELECT is(pg_temp.names('{"scope": "provided"}'), NULL, 'nothing is provided');
SELECT is(prismiq.prismiq_dashboard_list('{"count": true, "limit": 2}') -> 'total', '5',
    'the total, whatever the page');
SELECT is(jsonb_array_length(prismiq.prismiq_dashboard_list('{"count": true, "limit": 2}')
    -> 'items'), 2, 'beside the items');
SELECT is(prismiq.prismiq_dashboard_list('{"count": true, "page": 9}'),
    '{"items": [], "total": 5}', 'beyond the last page too');
SELECT is(prismiq.prismiq_dashboard_list('{"count": true, "search": "no such"}'),
    '{"items": [], "total": 0}', 'of what was looked for');
SELECT is(jsonb_typeof(prismiq.prismiq_dashboard_list('{"count": false}')), 'array', 'or not');
SELECT is(prismiq.prismiq_saved_query_list('{"count": true}'), '{"items": [], "total": 0}',
    'saved queries are counted too');
SELECT is(prismiq.prismiq_saved_query_list('{"scope": "provided"}'), '[]', 'none is provided');
SELECT set_eq($$SELECT jsonb_object_keys(prismiq.prismiq_dashboard_list() -> 0)$$,
    $$SELECT jsonb_object_keys(prismiq.prismiq_dashboard_list() -> 0)
      UNION ALL SELECT unnest('{widget_count,is_owner,can_edit,is_provided}'::text[])
      EXCEPT SELECT 'widgets'$$, 'an entry has these keys');
SELECT is(prismiq.prismiq_dashboard_list('{"search": "mine"}') #> '{0,widget_count}', '1',
    'widgets are counted');
SELECT is(prismiq.prismiq_dashboard_list('{"search": "mine"}') #> '{0,is_provided}', 'false',
    'it is provided by nobody');
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_list(%L)', bad), '22023', NULL, bad)
FROM unnest(ARRAY['{"count": 1}', '{"scope": "none"}', '{"sort": "-default"}']) bad;

-- A widget that is gone leaves the filters that were for it, by whatever road it goes

CREATE FUNCTION pg_temp.applies(d uuid) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_agg(coalesce(f -> 'applies_to', '"all"') ORDER BY place)
    FROM prismiq.prismiq_dashboards, jsonb_array_elements(filters) WITH ORDINALITY x (f, place)
    WHERE id = d
$$;
\set w1 11111111-1111-4111-8111-111111111111
\set w2 2222222a-2222-4222-8222-222222222222
SELECT prismiq.prismiq_dashboard_create(format('{"name": "filtered", "widgets": [
    {"type": "text", "id": "%1$s"}, {"type": "text", "id": "%2$s"}], "filters": [
    {"id": "a", "type": "text", "field": "origin", "applies_to": ["%1$s", "%3$s"]},
    {"id": "b", "type": "text", "field": "origin", "applies_to": ["%1$s"]},
    {"id": "c", "type": "text", "field": "origin"},
    {"id": "d", "type": "text", "field": "origin", "applies_to": null}]}', :'w1', :'w2',
    upper(:'w2'))::jsonb) ->> 'id' AS d \gset
SELECT version AS v FROM prismiq.prismiq_dashboards WHERE id = :'d' \gset
BEGIN;
SELECT prismiq.prismiq_widget_delete(:'w1');
SELECT is(pg_temp.applies(:'d'), jsonb_build_array(jsonb_build_array(upper(:'w2')), '[]'::jsonb,
    'all', NULL), 'by prismiq_widget_delete');
SELECT is((SELECT version FROM prismiq.prismiq_dashboards WHERE id = :'d'), :v + 1,
    'in one version');
ROLLBACK;
BEGIN;
DELETE FROM prismiq.prismiq_widgets WHERE dashboard_id = :'d';
SELECT is(pg_temp.applies(:'d'), '[[], [], "all", null]', 'by a plain DELETE of all');
ROLLBACK;
BEGIN;
SELECT prismiq.prismiq_dashboard_update(:'d', format('{"widgets": [{"type": "text",
    "id": "%s"}]}', :'w1')::jsonb) #> '{filters,0,applies_to}' AS kept \gset
SELECT is(:'kept'::jsonb, jsonb_build_array(:'w1'), 'by prismiq_dashboard_update, which says so');
ROLLBACK;
BEGIN;
INSERT INTO prismiq.prismiq_widgets (dashboard_id, type) VALUES (:'d', 'text');
DELETE FROM prismiq.prismiq_widgets WHERE id = :'w2';
SELECT is(pg_temp.applies(:'d'), jsonb_build_array(jsonb_build_array(:'w1'),
    jsonb_build_array(:'w1'), 'all', NULL), 'though the dashboard was changed already');
ROLLBACK;
SELECT is((SELECT version FROM prismiq.prismiq_dashboards WHERE id = :'d'), :v, 'all undone');
RESET ROLE;
DELETE FROM prismiq.prismiq_widgets WHERE id = :'w1';
SELECT is(pg_temp.applies(:'d'), jsonb_build_array(jsonb_build_array(upper(:'w2')), '[]'::jsonb,
    'all', NULL), 'by a superuser too');

SELECT finish();
