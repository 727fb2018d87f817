-- Provided dashboards: one for all tenants, or for some; read by each, written by none.
\set ON_ERROR_STOP on

CREATE ROLE provided_chief;
SELECT prismiq.prismiq_grant('provided_chief', 'admin');
CREATE FUNCTION public.act(who text, roles text DEFAULT '', tenant text DEFAULT 'acme')
    RETURNS void LANGUAGE sql AS $$
    SELECT prismiq.prismiq_set_context(tenant, who, string_to_array(roles, ','), false)
$$;
-- What comes of a statement: "done N", with its rows, or an SQLSTATE; then it is undone.
CREATE FUNCTION public.attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    touched bigint;
BEGIN
    BEGIN
        EXECUTE statement;
        GET DIAGNOSTICS touched = ROW_COUNT;
        RAISE EXCEPTION USING ERRCODE = 'UNDO1';
    EXCEPTION
        WHEN SQLSTATE 'UNDO1' THEN RETURN 'done ' || touched;
        WHEN OTHERS THEN RETURN SQLSTATE;
    END;
END $$;
SELECT no_plan();

SET ROLE provided_chief;
SELECT '{"format": "prismiq.dashboard", "version": "1.0", "name": "Overview",
    "description": "of all",
    "filters": [{"id": "a", "type": "text", "field": "origin", "applies_to": ["flights"]}],
    "widgets": [{"id": "flights", "type": "table", "saved_query_id": "q"},
        {"type": "text", "title": null, "config": {"content": "hello"}},
        {"id": "own", "type": "metric", "query": {"tables": [{"id": "s", "saved_query": "q"}],
            "columns": [{"table_id": "s", "column": "*", "aggregation": "count"}],
            "params": {"limit": {"type": "number", "default": 1}}}}],
    "saved_queries": [{"id": "q", "name": "Provided flights", "query": {"tables": [{"id": "f",
        "name": "flights"}], "columns": [{"table_id": "f", "column": "origin"}]}}]}' AS doc \gset
SELECT prismiq.prismiq_provided_set('overview', :'doc') AS made \gset
SELECT :'made'::jsonb ->> 'id' AS d \gset
SELECT is(:'made'::jsonb - '{id,created_at,updated_at}'::text[], '{"key": "overview",
    "name": "Overview", "description": "of all", "tenants": null, "widget_count": 3, "version": 1}',
    'it is provided without a context');
-- uuid.uuid5(uuid.UUID('6f1d9e52-5b0c-4a43-9d6e-2c1b7f0f3a57'), 'overview') in Python
SELECT is(:'d'::text, '6ac040dd-5163-5d53-8b96-22690cd72116', 'under an id that the key makes');
SELECT is(prismiq.prismiq_provided_list(), jsonb_build_array(:'made'::jsonb), 'and listed');

-- Each tenant sees it

SET ROLE app_user;
SELECT act('ann', 'viewer') \g /dev/null
SELECT prismiq.prismiq_dashboard_get(:'d') AS seen \gset
SELECT is(:'seen'::jsonb - '{id,layout,filters,widgets,created_at,updated_at}'::text[],
    '{"name": "Overview", "description": "of all", "tenant_id": "", "owner_id": null,
      "created_by": null, "is_public": true, "is_default": false, "allowed_viewers": [],
      "allowed_editors": [], "timezone": null, "refresh_interval": null, "version": 1,
      "is_owner": false, "can_edit": false, "is_provided": true}', 'as provided');
SELECT is((SELECT jsonb_agg(w -> 'position') FROM jsonb_array_elements(:'seen'::jsonb -> 'widgets')
    w), '[{"x": 0, "y": 0, "w": 6, "h": 3}, {"x": 0, "y": 3, "w": 4, "h": 2},
         {"x": 0, "y": 5, "w": 3, "h": 2}]', 'with its widgets, which have places');
SELECT is(:'seen'::jsonb #>> '{filters,0,applies_to,0}', :'seen'::jsonb #>> '{widgets,0,id}',
    'and what refers to them');
SELECT is(prismiq.prismiq_dashboard_default() ->> 'name', 'Overview', 'as the default');
SELECT is(prismiq.prismiq_dashboard_get_by_name('Overview') ->> 'id', :'d', 'by name');
SELECT is(prismiq.prismiq_dashboard_list('{"scope": "provided", "count": true}')
    #> '{items,0,widget_count}', '3', 'in the list');
SELECT is(jsonb_array_length(prismiq.prismiq_dashboard_list(jsonb_build_object('scope', scope))),
    n, 'scope ' || scope)
FROM (VALUES ('all', 1), ('mine', 0), ('shared', 0), ('public', 0)) v (scope, n);
SELECT is(prismiq.prismiq_dashboard_list() #> '{0,is_provided}', 'true', 'marked');
SELECT is(prismiq.prismiq_dashboard_export(:'d') ->> 'name', 'Overview', 'and exported');
SELECT is(jsonb_array_length(prismiq.prismiq_dashboard_export(:'d') -> 'saved_queries'), 1,
    'with its saved queries');
SELECT is(prismiq.prismiq_pin_add('dashboard', :'d') ->> 'name', 'Overview', 'it can be pinned');
SELECT is(prismiq.prismiq_pin_list() #>> '{0,name}', 'Overview', 'and is in the list then');
SELECT act('eve', '', 'globex') \g /dev/null
SELECT is(prismiq.prismiq_dashboard_get(:'d'), :'seen'::jsonb, 'another tenant sees the same');
SELECT act(NULL) \g /dev/null
SELECT is(prismiq.prismiq_dashboard_get(:'d'), :'seen'::jsonb, 'an API key too');
SELECT prismiq.prismiq_saved_query_list() AS queries \gset
SELECT is(:'queries'::text, '[]', 'its saved queries are not the tenant''s');
SET prismiq.tenant_id = '';
SELECT is((SELECT count(*) FROM prismiq.prismiq_dashboards), 0::bigint, 'nobody else does');
SELECT is((SELECT count(*) FROM prismiq.prismiq_widgets), 0::bigint, 'nor its widgets');
SELECT is((SELECT count(*) FROM prismiq.prismiq_saved_queries), 0::bigint, 'nor its queries');

-- And nobody changes it, admins least of all

SELECT act('adm', 'owner,admin') \g /dev/null
SELECT id AS w FROM prismiq.prismiq_widgets WHERE dashboard_id = :'d' ORDER BY id LIMIT 1 \gset
SELECT id AS q FROM prismiq.prismiq_saved_queries \gset
SELECT throws_ok(format(call, :'d', :'w'), '42501', 'a provided dashboard cannot be changed', call)
FROM unnest(ARRAY[$$SELECT prismiq.prismiq_dashboard_update(%L, '{"name": "mine"}')$$,
    'SELECT prismiq.prismiq_dashboard_delete(%L)',
    $$SELECT prismiq.prismiq_widget_add(%L, '{"type": "text"}')$$,
    $$SELECT prismiq.prismiq_widget_update(%2$L, '{"title": "x"}')$$,
    'SELECT prismiq.prismiq_widget_delete(%2$L)', 'SELECT prismiq.prismiq_widget_duplicate(%2$L)',
    $$SELECT prismiq.prismiq_layout_update(%L, '[]')$$]) call;
SELECT is(attempt(format(statement, :'d', :'w', :'q')), outcome, statement)
FROM (VALUES ('UPDATE prismiq.prismiq_dashboards SET name = ''mine'' WHERE id = %L', 'done 0'),
    ('DELETE FROM prismiq.prismiq_dashboards WHERE id = %L', 'done 0'),
    ('UPDATE prismiq.prismiq_widgets SET title = ''x'' WHERE id = %2$L', 'done 0'),
    ('DELETE FROM prismiq.prismiq_widgets WHERE id = %2$L', 'done 0'),
    ('UPDATE prismiq.prismiq_saved_queries SET is_shared = false WHERE id = %3$L', 'done 0'),
    ('DELETE FROM prismiq.prismiq_saved_queries WHERE id = %3$L', 'done 0'),
    ('INSERT INTO prismiq.prismiq_dashboards (tenant_id, name) VALUES ('''', ''forged'')', '42501'),
    ('INSERT INTO prismiq.prismiq_dashboards (tenant_id, name, owner_id)
      VALUES ('''', ''f'', NULL)', '42501'),
    ('INSERT INTO prismiq.prismiq_widgets (tenant_id, dashboard_id, type) VALUES ('''', %L,
      ''text'')', '42501'),
    ('INSERT INTO prismiq.prismiq_widgets (dashboard_id, type) VALUES (%L, ''text'')', '42501'),
    ('INSERT INTO prismiq.prismiq_saved_queries (tenant_id, name, query) SELECT '''', ''f'', query
      FROM prismiq.prismiq_saved_queries', '42501'),
    ('INSERT INTO prismiq.prismiq_dashboards (tenant_id, id, name) VALUES ('''', %L, ''f'')
      ON CONFLICT (tenant_id, id) DO UPDATE SET name = ''f''', '42501'),
    ('INSERT INTO prismiq.prismiq_widgets (tenant_id, id, dashboard_id, type)
      VALUES ('''', %2$L, %L, ''text'') ON CONFLICT (tenant_id, id) DO UPDATE SET title = ''f''',
     '42501'),
    ('INSERT INTO prismiq.prismiq_widgets (dashboard_id, type, saved_query_id)
      SELECT id, ''table'', %3$L FROM prismiq.prismiq_dashboards', 'PT404'),
    ('UPDATE prismiq.prismiq_provided SET tenant_id = ''acme''', '42501'),
    ('INSERT INTO prismiq.prismiq_provided VALUES (''acme'', %2$L, ''k'')', '42501'),
    ('DELETE FROM prismiq.prismiq_provided', '42501'),
    ('SELECT prismiq.prismiq_provided_list()', '42501'),
    ('SELECT prismiq.prismiq_provided_remove(''overview'')', '42501'),
    ('SELECT prismiq.prismiq_provided_set(''k'', ''{}'')', '42501'),
    ('SELECT prismiq_internal.provided_drop(NULL::prismiq.prismiq_dashboards, ''overview'')',
     '42501')) v (statement, outcome);
\set ON_ERROR_STOP off
COPY prismiq.prismiq_dashboards (tenant_id, name) FROM stdin;
\.
\set copied :SQLSTATE
\set ON_ERROR_STOP on
SELECT is(:'copied'::text, '0A000', 'rows cannot be copied into it');
-- A row of its own under the tenant ''
SELECT prismiq.prismiq_dashboard_create('{"name": "own"}') ->> 'id' AS own \gset
SELECT is(attempt('UPDATE prismiq.prismiq_dashboards SET tenant_id = '''''), '42501',
    'a dashboard is not made one');
RESET ROLE;
CREATE ROLE provided_broad;
SELECT prismiq.prismiq_grant('provided_broad', 'app');
GRANT ALL ON ALL TABLES IN SCHEMA prismiq TO provided_broad;
GRANT EXECUTE ON FUNCTION public.attempt TO provided_broad;
SET ROLE provided_broad;
SELECT act('adm', 'owner') \g /dev/null
SELECT is(attempt(statement), outcome, 'with all privileges: ' || statement)
FROM (VALUES ('UPDATE prismiq.prismiq_dashboards SET tenant_id = ''''', '42501'),
    ('UPDATE prismiq.prismiq_provided SET tenant_id = ''acme''', 'done 0'),
    ('DELETE FROM prismiq.prismiq_provided', 'done 0'),
    ('INSERT INTO prismiq.prismiq_provided VALUES ('''', gen_random_uuid(), ''k'')', '42501'),
    ('INSERT INTO prismiq.prismiq_provided VALUES (''acme'', gen_random_uuid(), ''k'')', '42501'))
    v (statement, outcome);

-- One of one's own

SET ROLE app_user;
SELECT act('ann') \g /dev/null
SELECT prismiq.prismiq_dashboard_duplicate(:'d') AS copy \gset
SELECT is(:'copy'::jsonb - '{id,layout,filters,widgets,created_at,updated_at}'::text[],
    '{"name": "Overview (2)", "description": "of all", "tenant_id": "acme", "owner_id": "ann",
      "created_by": "ann", "is_public": false, "is_default": false, "allowed_viewers": [],
      "allowed_editors": [], "timezone": null, "refresh_interval": null, "version": 1,
      "is_owner": true, "can_edit": true, "is_provided": false}', 'a copy is the caller''s');
SELECT is((SELECT q.tenant_id FROM prismiq.prismiq_saved_queries q
    WHERE q.id = (:'copy'::jsonb #>> '{widgets,0,saved_query_id}')::uuid), 'acme',
    'with saved queries of its own');
SELECT is(prismiq.prismiq_dashboard_export(:'d') - 'name', prismiq.prismiq_dashboard_export(
    (:'copy'::jsonb ->> 'id')::uuid) - 'name', 'and shows the same');
SELECT is(prismiq.prismiq_dashboard_duplicate(:'d') ->> 'name', 'Overview (3)', 'numbered');

-- Provided anew

SET ROLE provided_chief;
SELECT throws_ok(format('SELECT prismiq.prismiq_provided_set(%L, %L)', 'overview', :'doc'), '22023',
    NULL, 'with a context the tables of the document have to be there');
SET prismiq.tenant_id = '';
SELECT prismiq.prismiq_provided_set('overview', jsonb_set(:'doc', '{description}', '"new"'),
    '{"tenants": ["globex", "initech", "globex"], "params": {"limit": 7}}') AS again \gset
SELECT is(:'again'::jsonb - '{created_at,updated_at}'::text[], jsonb_build_object('id', :'d',
    'key', 'overview', 'name', 'Overview', 'description', 'new', 'widget_count', 3, 'version', 2,
    'tenants', '["globex", "initech"]'::jsonb), 'it keeps its id, and is for some');
SET ROLE app_user;
SELECT act('eve', '', 'globex') \g /dev/null
SELECT is(prismiq.prismiq_dashboard_get(:'d') ->> 'description', 'new', 'those see what is new');
SELECT is((SELECT array_agg(w ->> 'id' ORDER BY p) FROM jsonb_array_elements(
        prismiq.prismiq_dashboard_get(:'d') -> 'widgets') WITH ORDINALITY x (w, p)),
    (SELECT array_agg(w ->> 'id' ORDER BY p) FROM jsonb_array_elements(:'seen'::jsonb -> 'widgets')
        WITH ORDINALITY x (w, p)), 'under the same ids');
SELECT is(prismiq.prismiq_dashboard_get(:'d') #> '{widgets,2,query,params,limit,default}', '7',
    'with the parameter''s value');
SELECT is((SELECT array_agg(tenant_id) FROM prismiq.prismiq_provided GROUP BY tenant_id),
    '{globex,globex}', 'and nothing of who else does');
SELECT act('ann', 'owner') \g /dev/null
SELECT throws_ok(format('SELECT prismiq.%s(%L)', call, :'d'), 'PT404', 'dashboard not found', call)
FROM unnest('{prismiq_dashboard_get,prismiq_dashboard_export,prismiq_dashboard_duplicate,
    prismiq_dashboard_delete}'::text[]) call;
SELECT is((SELECT count(*) FROM prismiq.prismiq_widgets WHERE tenant_id = ''), 0::bigint,
    'for the others it is gone');
SELECT is((SELECT count(*) FROM prismiq.prismiq_saved_queries WHERE tenant_id = ''), 0::bigint,
    'with all of it');
SELECT is(prismiq.prismiq_pin_list(), '[]', 'and no pin tells of it');

-- Less of it, in a narrower layout: what is not said any more goes

SET ROLE provided_chief;
SET prismiq.tenant_id = '';
SELECT is(prismiq.prismiq_provided_set('overview', '{"format": "prismiq.dashboard",
    "version": "1.0", "name": "Overview", "layout": {"columns": 3},
    "widgets": [{"id": "flights", "type": "table"}]}',
    '{"tenants": ["globex"]}') -> 'version', '3', 'a third version');
RESET ROLE;
SELECT is((SELECT array_agg(w.id::text) FROM prismiq.prismiq_widgets w WHERE w.tenant_id = ''),
    ARRAY[:'seen'::jsonb #>> '{widgets,0,id}'], 'a widget stays itself');
SELECT is((SELECT count(*) FROM prismiq.prismiq_saved_queries q WHERE q.tenant_id = ''), 0::bigint,
    'the saved query is gone');

-- What is refused

SET ROLE provided_chief;
SELECT throws_ok(format('SELECT prismiq.prismiq_provided_set(%L, %L, %L)', key, document, options),
    state, NULL, what)
FROM (VALUES ('', :'doc', '{}', '22023', 'no key'), (NULL, :'doc', '{}', '22023', 'a null key'),
    (repeat('x', 256), :'doc', '{}', '22023', 'a long key'),
    ('k', '{}', '{}', '22023', 'no document'), ('k', NULL, '{}', '22023', 'a null document'),
    ('k', :'doc', '{"tenants": []}', '22023', 'for nobody'),
    ('k', :'doc', '{"tenants": [""]}', '22023', 'for a tenant that is none'),
    ('k', :'doc', '{"tenants": "acme"}', '22023', 'tenants that are no list'),
    ('k', :'doc', '{"tenant": ["acme"]}', '22023', 'an unknown option'),
    ('k', :'doc', '{"params": {"nothing": 1}}', '22023', 'an unknown parameter'),
    ('k', :'doc', '{"params": []}', '22023', 'parameters that are none'),
    ('k', :'doc', '{}', '23505', 'a name that another one has')) v
    (key, document, options, state, what);
SELECT is(jsonb_array_length(prismiq.prismiq_provided_list()), 1, 'and nothing came of it');
SELECT throws_ok($$SELECT prismiq.prismiq_provided_remove('other')$$, 'PT404',
    'provided dashboard not found', 'a key that is not there');
SELECT throws_ok('SELECT prismiq.prismiq_provided_remove(NULL)', 'PT404',
    'provided dashboard not found', 'no key');
SELECT is(prismiq.prismiq_provided_remove('overview'), true, 'it is removed');
SELECT is(prismiq.prismiq_provided_list(), '[]', 'and gone');
RESET ROLE;
SELECT is((SELECT count(*) FROM prismiq.prismiq_dashboards d WHERE d.tenant_id = '')
    + (SELECT count(*) FROM prismiq.prismiq_widgets w WHERE w.tenant_id = '')
    + (SELECT count(*) FROM prismiq.prismiq_saved_queries q WHERE q.tenant_id = '')
    + (SELECT count(*) FROM prismiq.prismiq_provided), 0::bigint, 'with all of it');
SELECT is((SELECT count(*) FROM prismiq.prismiq_dashboards WHERE name LIKE 'Overview (_)'),
    2::bigint, 'but for what was duplicated');

SELECT finish();
