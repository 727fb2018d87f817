-- Copies of dashboards and widgets: what is in them, whose they are, what they are called.
\set ON_ERROR_STOP on

SET ROLE app_user;
SELECT no_plan();
CREATE FUNCTION pg_temp.act(who text, roles text DEFAULT '', tenant text DEFAULT 'acme')
    RETURNS void LANGUAGE sql AS $$
    SELECT prismiq.prismiq_set_context(tenant, who, string_to_array(roles, ','), false)
$$;
-- A dashboard without what no copy has in common with it; widgets go by their titles.
CREATE FUNCTION pg_temp.content(d jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('layout', d -> 'layout', 'timezone', d -> 'timezone',
        'description', d -> 'description', 'refresh_interval', d -> 'refresh_interval',
        'filters', (SELECT jsonb_agg(f || jsonb_build_object('applies_to',
                (SELECT jsonb_agg(w ->> 'title' ORDER BY a.place)
                 FROM jsonb_array_elements_text(f -> 'applies_to') WITH ORDINALITY a (id, place)
                 JOIN jsonb_array_elements(d -> 'widgets') w ON w ->> 'id' = a.id)) ORDER BY place)
            FROM jsonb_array_elements(d -> 'filters') WITH ORDINALITY x (f, place)),
        'widgets', (SELECT jsonb_agg(w - '{id,dashboard_id,version,created_at,updated_at}'::text[]
                ORDER BY place)
            FROM jsonb_array_elements(d -> 'widgets') WITH ORDINALITY x (w, place)))
$$;
CREATE FUNCTION pg_temp.refused(who text, roles text, tenant text, call text, state text, why text)
    RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.act(who, roles, tenant);
    RETURN throws_ok(call, state, NULL, why);
END $$;
\set w1 11111111-1111-4111-8111-111111111111
\set w2 22222222-2222-4222-8222-222222222222

SELECT pg_temp.act('ann') \g /dev/null
SELECT prismiq.prismiq_saved_query_create('{"name": "hers", "query": {"tables": [{"id": "f",
    "name": "flights"}], "columns": [{"table_id": "f", "column": "origin"}]}}') ->> 'id' AS q \gset
SELECT prismiq.prismiq_dashboard_create(format('{"name": "Sales", "description": "D",
    "timezone": "Europe/Berlin", "refresh_interval": 60, "is_public": true, "is_default": true,
    "allowed_viewers": ["vic"], "allowed_editors": ["edi"], "layout": {"columns": 10},
    "filters": [{"id": "a", "type": "text", "field": "origin", "applies_to": ["%1$s", "%2$s"]},
                {"id": "b", "type": "text", "field": "origin"}],
    "widgets": [{"id": "%1$s", "type": "table", "title": "one", "saved_query_id": "%3$s"},
        {"id": "%2$s", "type": "text", "title": "two", "config": {"content": "hello"}},
        {"type": "metric", "title": null, "position": {"x": 1, "y": 50, "w": 1, "h": 1},
         "query": {"tables": [{"id": "f", "name": "flights"}],
                   "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}}]}',
    :'w1', :'w2', :'q')::jsonb) AS made \gset
SELECT :'made'::jsonb ->> 'id' AS d \gset
SELECT prismiq.prismiq_dashboard_duplicate(:'d') AS copy \gset
SELECT is(pg_temp.content(:'copy'), pg_temp.content(:'made'), 'a copy shows the same');
SELECT is(:'copy'::jsonb #> '{widgets,0,title}', 'null', 'a widget without a title has none');
SELECT is(:'copy'::jsonb - '{id,layout,filters,widgets,timezone,description,refresh_interval,
        created_at,updated_at}'::text[],
    '{"name": "Sales (2)", "tenant_id": "acme", "owner_id": "ann", "created_by": "ann",
      "is_public": false, "is_default": false, "allowed_viewers": [], "allowed_editors": [],
      "version": 1, "is_owner": true, "can_edit": true, "is_provided": false}',
    'it is one''s own, private, and no default');
SELECT is((SELECT count(*) FROM jsonb_array_elements(:'copy'::jsonb -> 'widgets') c
    JOIN jsonb_array_elements(:'made'::jsonb -> 'widgets') m ON c -> 'id' = m -> 'id'), 0::bigint,
    'with ids of its own');
SELECT is(prismiq.prismiq_dashboard_get(:'d'), :'made'::jsonb, 'the first one is as it was');

-- Names

SELECT is(prismiq.prismiq_dashboard_duplicate(:'d') ->> 'name', 'Sales (3)', 'the next number');
SELECT is(prismiq.prismiq_dashboard_duplicate((:'copy'::jsonb ->> 'id')::uuid) ->> 'name',
    'Sales (4)', 'a copy of a copy');
SELECT is(prismiq.prismiq_dashboard_duplicate(:'d', 'Mine') ->> 'name', 'Mine',
    'a name of one''s own');
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_duplicate(%L, %L)', :'d', n), state,
    message, message)
FROM (VALUES ('Mine', '23505', 'a dashboard of this name exists already'),
    (' ', '22023', '"name" must not be blank'),
    (repeat('x', 256), '22023', '"name" must have at most 255 characters')) v (n, state, message);
SELECT prismiq.prismiq_dashboard_update(:'d', jsonb_build_object('name', repeat('ä', 255))) IS NULL
    AS changed \gset
SELECT is(prismiq.prismiq_dashboard_duplicate(:'d') ->> 'name', repeat('ä', 251) || ' (2)',
    'the longest name loses its end');
SELECT pg_temp.act('bob') \g /dev/null
SELECT prismiq.prismiq_dashboard_create('{"name": "Secret (2)"}') IS NULL AS made \gset
SELECT pg_temp.act('ann') \g /dev/null
SELECT is(prismiq.prismiq_dashboard_duplicate((prismiq.prismiq_dashboard_create(
    '{"name": "Secret"}') ->> 'id')::uuid) ->> 'name', 'Secret (3)',
    'a name that another user has is taken, though it is not seen');

-- Who may

SELECT pg_temp.act('vic') \g /dev/null
SELECT prismiq.prismiq_dashboard_duplicate(:'d', 'of vic') AS copy \gset
SELECT is(:'copy'::jsonb ->> 'owner_id', 'vic', 'who sees a dashboard may copy it');
SELECT is(:'copy'::jsonb #> '{widgets,1,saved_query_id}', 'null',
    'without a saved query that is not for them');
SELECT is(:'copy'::jsonb -> 'warnings', '[{"path": "/widgets/1/saved_query_id",
    "code": "TABLE_NOT_FOUND",
    "message": "a saved query that is not there for the caller was left out"}]', 'which is said');
SELECT is(jsonb_array_length(:'copy'::jsonb -> 'widgets'), 3, 'though the widget is there');
SELECT pg_temp.refused(who, roles, tenant,
    format('SELECT prismiq.prismiq_dashboard_duplicate(%L)', :'d'), state, why)
FROM (VALUES ('vee', 'viewer', 'acme', '42501', 'a viewer may not'),
    (NULL, '', 'acme', '42501', 'nor an API key'),
    ('ann', 'owner', 'globex', 'PT404', 'another tenant sees nothing')) v
    (who, roles, tenant, state, why);
SELECT pg_temp.act('bob') \g /dev/null
SELECT throws_ok($$SELECT prismiq.prismiq_dashboard_duplicate(NULL)$$, 'PT404',
    'dashboard not found', 'no dashboard');
SET prismiq.max_dashboards_per_user = 1;
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_duplicate(%L)', :'d'), 'PT413',
    'too many dashboards', 'the limit holds');
RESET prismiq.max_dashboards_per_user;

-- Widgets

SELECT pg_temp.act('ann') \g /dev/null
SELECT version AS v FROM prismiq.prismiq_dashboards WHERE id = :'d' \gset
SELECT prismiq.prismiq_widget_duplicate(:'w2') AS w \gset
SELECT is(:'w'::jsonb - '{id,position,created_at,updated_at}'::text[],
    (SELECT to_jsonb(w) - '{id,position,created_at,updated_at}'::text[]
     FROM prismiq.prismiq_widgets w WHERE id = :'w2'), 'a widget is copied');
SELECT is(:'w'::jsonb -> 'position', '{"x": 0, "y": 56, "w": 4, "h": 2}', 'below all the others');
SELECT is((SELECT filters #> '{0,applies_to}' FROM prismiq.prismiq_dashboards WHERE id = :'d'),
    jsonb_build_array(:'w1', :'w2', :'w'::jsonb ->> 'id'),
    'a filter that is for the one is for the other');
SELECT is((SELECT version FROM prismiq.prismiq_dashboards WHERE id = :'d'), :v + 1,
    'all in one version');
SELECT pg_temp.refused(who, roles, tenant,
    format('SELECT prismiq.prismiq_widget_duplicate(%L)', :'w2'), state, why)
FROM (VALUES ('vic', '', 'acme', '42501', 'who may not edit may not copy'),
    ('ann', '', 'globex', 'PT404', 'another tenant sees none')) v (who, roles, tenant, state, why);
SELECT pg_temp.act('edi') \g /dev/null
SELECT throws_ok(format('SELECT prismiq.prismiq_widget_duplicate(%L)', :'w1'), 'PT404',
    'saved query not found', 'nor one on a saved query that the editor does not see');
SELECT pg_temp.act('ann') \g /dev/null
SET prismiq.max_widgets_per_dashboard = 4;
SELECT throws_ok(format('SELECT prismiq.prismiq_widget_duplicate(%L)', :'w2'), 'PT413',
    'too many widgets', 'the limit holds');
SELECT is((SELECT jsonb_array_length(filters #> '{0,applies_to}') FROM prismiq.prismiq_dashboards
    WHERE id = :'d'), 3, 'and nothing was done by halves');

SELECT finish();
