-- The ids of what is provided: no tenant takes one, and where a restore has brought a row of a
-- tenant under such an id, that row is the tenant's everywhere, and nothing is mixed.
\set ON_ERROR_STOP on

CREATE ROLE id_provider;
SELECT prismiq.prismiq_grant('id_provider', 'admin');
CREATE FUNCTION public.act(who text, tenant text DEFAULT 'acme') RETURNS void LANGUAGE sql AS $$
    SELECT prismiq.prismiq_set_context(tenant, who, '{}', false)
$$;
SELECT no_plan();

SET ROLE id_provider;
SELECT prismiq.prismiq_provided_set('board', '{"format": "prismiq.dashboard", "version": "1.0",
    "name": "Board", "filters": [{"id": "f", "type": "select", "field": "iata",
                                  "options": [{"value": "provided"}]}],
    "widgets": [{"id": "w", "type": "table", "title": "provided", "saved_query_id": "q"},
        {"type": "text", "config": {"content": "provided"}}],
    "saved_queries": [{"id": "q", "name": "Q", "query": {"tables": [{"id": "a",
        "name": "airports"}], "columns": [{"table_id": "a", "column": "*", "aggregation": "count",
        "alias": "n"}]}}]}') ->> 'id' AS d \gset
SET ROLE app_user;
SELECT act('ann') \g /dev/null
SELECT id AS w, saved_query_id AS q FROM prismiq.prismiq_widgets WHERE title = 'provided' \gset
SELECT prismiq.prismiq_dashboard_create('{"name": "mine"}') ->> 'id' AS mine \gset

-- Taken by nobody, whether something is provided under it or not

SELECT throws_ok(format(statement, id, :'mine'), '42501', NULL, format(statement, id, 'mine'))
FROM (VALUES
    ('INSERT INTO prismiq.prismiq_dashboards (id, name) VALUES (%L, ''forged'')', :'d'),
    ('INSERT INTO prismiq.prismiq_dashboards (id, name) VALUES (%L, ''forged'')',
     '00000000-0000-5000-8000-000000000000'),
    ('INSERT INTO prismiq.prismiq_saved_queries (id, name, query) VALUES (%L, ''forged'', ''{
      "tables": [{"id": "a", "name": "airports"}],
      "columns": [{"table_id": "a", "column": "iata"}]}'')', :'q'),
    ('INSERT INTO prismiq.prismiq_widgets (id, dashboard_id, type) VALUES (%L, %L, ''text'')', :'w')
    ) v (statement, id);
SELECT throws_ok(format(statement, :'w', :'mine'), '22023',
    'uuids of version 5 are for what is provided to tenants', statement)
FROM unnest(ARRAY['SELECT prismiq.prismiq_widget_add(%2$L, ''{"type": "text", "id": "%1$s"}'')',
    'SELECT prismiq.prismiq_dashboard_create(''{"name": "n", "widgets": [
      {"type": "text", "id": "%1$s"}]}'')',
    'SELECT prismiq.prismiq_dashboard_update(%2$L, ''{"widgets": [
      {"type": "text", "id": "%1$s"}]}'')']) statement;
SELECT lives_ok(format('INSERT INTO prismiq.prismiq_dashboards (id, name) VALUES (%L, ''random'')',
    gen_random_uuid()), 'another id is taken as it is');
SELECT lives_ok($$INSERT INTO prismiq.prismiq_dashboards (id, name)
    VALUES ('55555555-5555-5555-5555-555555555555', 'fives')$$, 'of no version at all, too');
SELECT lives_ok(format($$SELECT prismiq.prismiq_widget_add(%L, '{"type": "text",
    "id": "55555555-5555-5555-5555-555555555555"}')$$, :'mine'), 'of a widget as well');

-- Restored: all of it is there twice

RESET ROLE;
INSERT INTO prismiq.prismiq_dashboards (tenant_id, id, name, filters, owner_id, created_by)
VALUES ('acme', :'d', 'Own', '[{"id": "f", "type": "select", "field": "iata",
                                "options": [{"value": "own"}]}]', 'ann', 'ann');
INSERT INTO prismiq.prismiq_saved_queries (tenant_id, id, name, query, owner_id, created_by)
VALUES ('acme', :'q', 'Own', '{"tables": [{"id": "a", "name": "airports"}], "columns": [
    {"table_id": "a", "column": "*", "aggregation": "count", "alias": "n"}],
    "filters": [{"table_id": "a", "column": "iata", "operator": "eq", "value": "LAX"}]}', 'ann',
    'ann');
INSERT INTO prismiq.prismiq_widgets (tenant_id, id, dashboard_id, type, title, saved_query_id)
VALUES ('acme', :'w', :'d', 'table', 'own', :'q');

-- What each function says of it, as "own" or "provided".
CREATE FUNCTION public.counted(answer json) RETURNS text LANGUAGE sql AS $$
    SELECT CASE answer #>> '{rows,0,0}' WHEN '1' THEN 'own' WHEN '3376' THEN 'provided' END
$$;
CREATE FUNCTION public.said(d uuid, w uuid, q uuid) RETURNS SETOF text LANGUAGE sql AS $f$
    VALUES (CASE prismiq.prismiq_dashboard_get(d) ->> 'name' WHEN 'Own' THEN 'own'
                WHEN 'Board' THEN 'provided' END),
        (prismiq.prismiq_dashboard_get(d) #>> '{widgets,0,title}'),
        (prismiq.prismiq_dashboard_export(d) #>> '{widgets,0,title}'),
        (counted(prismiq.prismiq_widget_data(w))),
        (counted(prismiq.prismiq_dashboard_data(d) -> w::text)),
        (counted(prismiq.prismiq_query(jsonb_build_object('tables', jsonb_build_array(
            jsonb_build_object('id', 's', 'saved_query', q)), 'columns',
            '[{"table_id": "s", "column": "n"}]'::jsonb)))),
        (prismiq.prismiq_filter_options(d, 'f') #>> '{options,0,value}')
$f$;
SET ROLE app_user;
SELECT act('ann') \g /dev/null
SELECT is((SELECT array_agg(DISTINCT s) FROM said(:'d', :'w', :'q') s), '{own}',
    'its owner has the own one');
SELECT is((SELECT count(*) FROM json_object_keys(prismiq.prismiq_dashboard_data(:'d'))), 1::bigint,
    'and no other widget');
SELECT is(counted(prismiq.prismiq_query_preview(jsonb_build_object('type', 'table',
    'saved_query_id', :'q'))), 'own', 'in a preview too');
SELECT is(prismiq.prismiq_dashboard_duplicate(:'d') ->> 'name', 'Own (2)', 'duplicates it');
SELECT is(prismiq.prismiq_pin_add('dashboard', :'d') ->> 'name', 'Own', 'pins it');
SELECT is(prismiq.prismiq_dashboard_update(:'d', jsonb_build_object('widgets', jsonb_build_array(
    jsonb_build_object('id', :'w', 'type', 'table', 'title', 'own', 'saved_query_id', :'q'))))
    #>> '{widgets,0,id}', :'w', 'and changes it, its widget being there already');
SELECT act('bob') \g /dev/null
SELECT is((SELECT array_agg(DISTINCT s) FROM said(:'d', :'w', :'q') s), '{provided}',
    'who does not see it has what is provided');
SELECT act('eve', 'globex') \g /dev/null
SELECT is((SELECT array_agg(DISTINCT s) FROM said(:'d', :'w', :'q') s), '{provided}',
    'as another tenant has');
SELECT is((SELECT count(*) FROM json_object_keys(prismiq.prismiq_dashboard_data(:'d'))), 2::bigint,
    'all of it');

SELECT finish();
