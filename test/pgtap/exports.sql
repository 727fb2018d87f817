-- Dashboards as documents: what is exported, what an import makes of it, and what it refuses.
\set ON_ERROR_STOP on

SET ROLE app_user;
SELECT no_plan();
CREATE FUNCTION pg_temp.act(who text, roles text DEFAULT '', tenant text DEFAULT 'acme')
    RETURNS void LANGUAGE sql AS $$
    SELECT prismiq.prismiq_set_context(tenant, who, string_to_array(roles, ','), false)
$$;
CREATE FUNCTION pg_temp.refused(who text, roles text, tenant text, call text, state text, why text)
    RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.act(who, roles, tenant);
    RETURN throws_ok(call, state, NULL, why);
END $$;
-- What a caller is told: code and place of each fault.
CREATE FUNCTION pg_temp.faults(document jsonb) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    PERFORM prismiq.prismiq_dashboard_import(document);
    RETURN '{}';
EXCEPTION WHEN SQLSTATE '22023' OR SQLSTATE 'PT413' THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN (SELECT array_agg(f ->> 'code' || ' ' || (f ->> 'path') ORDER BY place)
            FROM jsonb_array_elements(detail::jsonb) WITH ORDINALITY x (f, place));
END $$;
\set w1 11111111-1111-4111-8111-111111111111
\set w2 22222222-2222-4222-8222-222222222222

-- A dashboard with all that refers to something: filters to widgets, widgets and definitions to
-- saved queries, and one of these to another.

SELECT pg_temp.act('bob') \g /dev/null
SELECT prismiq.prismiq_saved_query_create('{"name": "B secret", "query": {"tables": [{"id": "f",
    "name": "flights"}], "columns": [{"table_id": "f", "column": "origin"}]}}') ->> 'id'
    AS secret \gset
SELECT pg_temp.act('ann') \g /dev/null
SELECT prismiq.prismiq_saved_query_create('{"name": "Z base", "description": "of Z", "is_shared":
    true, "query": {"tables": [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f",
    "column": "origin"}]}}') ->> 'id' AS base \gset
SELECT prismiq.prismiq_saved_query_create(format('{"name": "A over", "query": {"tables":
    [{"id": "b", "saved_query": "%s"}], "columns": [{"table_id": "b", "column": "origin"}]}}',
    upper(:'base'))::jsonb) ->> 'id' AS over \gset
SELECT prismiq.prismiq_saved_query_create('{"name": "unused", "query": {"tables": [{"id": "f",
    "name": "flights"}], "columns": [{"table_id": "f", "column": "origin"}]}}') ->> 'id'
    AS unused \gset
SELECT prismiq.prismiq_dashboard_create(format('{"name": "Sales", "description": "D",
    "timezone": "Europe/Berlin", "refresh_interval": 60, "is_public": true, "is_default": true,
    "allowed_viewers": ["vic"], "layout": {"columns": 10},
    "filters": [{"id": "a", "type": "text", "field": "origin", "applies_to": ["%1$s", "%2$s"]},
                {"id": "b", "type": "text", "field": "origin"}],
    "widgets": [{"id": "%1$s", "type": "table", "title": "on", "saved_query_id": "%3$s",
                 "position": {"x": 0, "y": 5, "w": 4, "h": 3}},
        {"id": "%2$s", "type": "text", "title": null, "config": {"content": "w1"},
         "position": {"x": 4, "y": 5, "w": 4, "h": 3}},
        {"type": "metric", "title": "of", "position": {"x": 1, "y": 0, "w": 1.0, "h": 1},
         "query": {"tables": [{"id": "t", "query": {"tables": [{"id": "s", "saved_query":
             "%4$s"}], "columns": [{"table_id": "s", "column": "origin"}]}}],
           "columns": [{"table_id": "t", "column": "*", "aggregation": "count"}]}}]}',
    :'w1', :'w2', :'over', :'base')::jsonb) AS made \gset
SELECT :'made'::jsonb ->> 'id' AS d \gset
SELECT prismiq.prismiq_dashboard_export(:'d') AS x \gset
SELECT is(:'x'::jsonb, '{"format": "prismiq.dashboard", "version": "1.0", "name": "Sales",
    "description": "D", "timezone": "Europe/Berlin", "refresh_interval": 60,
    "layout": {"columns": 10, "row_height": 50, "margin": [10, 10], "compact_type": "vertical"},
    "filters": [{"id": "a", "type": "text", "field": "origin", "applies_to": ["w2", "w3"]},
                {"id": "b", "type": "text", "field": "origin"}],
    "widgets": [{"id": "w1", "type": "metric", "title": "of", "saved_query_id": null, "config": {},
         "position": {"x": 1, "y": 0, "w": 1.0, "h": 1},
         "query": {"tables": [{"id": "t", "query": {"tables": [{"id": "s", "saved_query": "q2"}],
             "columns": [{"table_id": "s", "column": "origin"}]}}],
           "columns": [{"table_id": "t", "column": "*", "aggregation": "count"}]}},
        {"id": "w2", "type": "table", "title": "on", "saved_query_id": "q1", "query": null,
         "config": {}, "position": {"x": 0, "y": 5, "w": 4, "h": 3}},
        {"id": "w3", "type": "text", "title": null, "saved_query_id": null, "query": null,
         "config": {"content": "w1"},
         "position": {"x": 4, "y": 5, "w": 4, "h": 3}}],
    "saved_queries": [{"id": "q1", "name": "A over", "description": null, "is_shared": false,
         "query": {"tables": [{"id": "b", "saved_query": "q2"}],
                   "columns": [{"table_id": "b", "column": "origin"}]}},
        {"id": "q2", "name": "Z base", "description": "of Z", "is_shared": true,
         "query": {"tables": [{"id": "f", "name": "flights"}],
                   "columns": [{"table_id": "f", "column": "origin"}]}}]}',
    'what a dashboard shows, with the saved queries that it needs');

-- Round trips

SELECT pg_temp.act('eve', '', 'globex') \g /dev/null
SELECT prismiq.prismiq_dashboard_import(:'x') AS y \gset
SELECT is(prismiq.prismiq_dashboard_export((:'y'::jsonb ->> 'id')::uuid)::text, :'x'::jsonb::text,
    'in another tenant it is exported as the same document');
SELECT is(:'y'::jsonb - '{id,layout,filters,widgets,timezone,description,refresh_interval,
        created_at,updated_at}'::text[],
    '{"name": "Sales", "tenant_id": "globex", "owner_id": "eve", "created_by": "eve",
      "is_public": false, "is_default": false, "allowed_viewers": [], "allowed_editors": [],
      "version": 1, "is_owner": true, "can_edit": true, "is_provided": false}',
    'it is the importer''s, private, and no default');
SELECT results_eq('SELECT name::text, owner_id, created_by FROM prismiq.prismiq_saved_queries
    ORDER BY name', $$VALUES ('A over', 'eve', 'eve'), ('Z base', 'eve', 'eve')$$,
    'so are its saved queries');
SELECT is((SELECT count(*) FROM jsonb_path_query(:'y'::jsonb, '$.**') v
    WHERE v #>> '{}' IN (:'w1', :'w2', :'over', :'base')), 0::bigint, 'all ids are new');
SELECT is((SELECT w ->> 'title' FROM jsonb_array_elements(:'y'::jsonb -> 'widgets') w
    WHERE w ->> 'id' = :'y'::jsonb #>> '{filters,0,applies_to,0}'), 'on',
    'filters are for the same widgets');
SELECT pg_temp.act('ann') \g /dev/null
SELECT prismiq.prismiq_dashboard_import(:'x', '{"on_conflict": "rename"}') AS z \gset
SELECT is(prismiq.prismiq_dashboard_export((:'z'::jsonb ->> 'id')::uuid),
    jsonb_set(jsonb_set(jsonb_set(:'x', '{name}', '"Sales (2)"'),
        '{saved_queries,0,name}', '"A over (2)"'), '{saved_queries,1,name}', '"Z base (2)"'),
    'in the same tenant names get a number');
SELECT is((SELECT array_agg(name::text ORDER BY name COLLATE "C")
    FROM prismiq.prismiq_saved_queries), '{A over,A over (2),Z base,Z base (2),unused}',
    'those that are there stay');
SELECT prismiq.prismiq_dashboard_import(format('{"format": "prismiq.dashboard", "version": "1.0",
    "name": "one place", "filters": [{"id": "a", "type": "text", "field": "origin",
     "applies_to": ["c", "a", "A"]}], "widgets": [%s]}', (
    SELECT string_agg(format('{"id": "%s", "type": "text", "position": {"x": 0, "y": 0, "w": 1,
        "h": 1}}', i), ',') FROM unnest('{a,A,b,c}'::text[]) i))::jsonb) IS NULL AS done \gset
SELECT is(prismiq.prismiq_dashboard_export(id) #> '{filters,0,applies_to}', '["w4", "w1", "w2"]',
    'widgets in one place keep their order, and names their case')
FROM prismiq.prismiq_dashboards WHERE name = 'one place';
-- What no editor makes comes and goes all the same.
SELECT lives_ok(format($$INSERT INTO prismiq.prismiq_widgets (dashboard_id, type, position)
    SELECT id, 'gauge', '{"x": 0, "y": 0, "w": 9, "h": 9}' FROM prismiq.prismiq_dashboards
    WHERE name = 'one place'$$), 'a widget larger than editors make it');
UPDATE prismiq.prismiq_dashboards SET layout = '{"columns": 11}' WHERE name = 'one place';
SELECT prismiq.prismiq_dashboard_export(id) AS odd FROM prismiq.prismiq_dashboards
WHERE name = 'one place' \gset
SELECT prismiq.prismiq_dashboard_import(:'odd', '{"name": "odd"}') ->> 'id' AS o \gset
SELECT is(prismiq.prismiq_dashboard_export(:'o'), jsonb_set(:'odd', '{name}', '"odd"'),
    'is exported too');

-- Names that are taken

SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_import(%L)', :'x'), '23505',
    'a dashboard of this name exists already', 'error is what happens unless told');
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_import(%L, %L)', :'x',
    '{"on_conflict": "error"}'), '23505', 'a dashboard of this name exists already', 'or told');
SELECT is((SELECT count(*) FROM prismiq.prismiq_saved_queries), 5::bigint,
    'and nothing was done by halves');
SELECT is(prismiq.prismiq_dashboard_import(:'x', '{"name": "Another"}') ->> 'name', 'Another',
    'a name of one''s own');
SELECT prismiq.prismiq_dashboard_import('{"format": "prismiq.dashboard", "version": "1.0",
    "name": "Sales", "widgets": [{"type": "text", "title": "only"}]}', '{"on_conflict": "replace"}')
    AS replaced \gset
SELECT is(:'replaced'::jsonb - '{version,updated_at}'::text[], jsonb_set(
        :'made'::jsonb - '{version,updated_at}'::text[] || '{"description": null, "timezone": null,
            "refresh_interval": null, "filters": [], "layout": {"columns": 12, "row_height": 50,
            "margin": [10, 10], "compact_type": "vertical"}}',
        '{widgets}', (SELECT jsonb_agg(w) FROM prismiq.prismiq_widgets w WHERE title = 'only')),
    'replace keeps the id, the owner, and who may see it');
SELECT is(prismiq.prismiq_dashboard_import('{"format": "prismiq.dashboard", "version": "1.0",
    "name": "new"}', '{"on_conflict": "replace"}') ->> 'name', 'new', 'what is not there is made');
SELECT pg_temp.refused(who, roles, 'acme', format(
    'SELECT prismiq.prismiq_dashboard_import(%L, %L)', :'x', '{"on_conflict": "replace"}'), state,
    why)
FROM (VALUES ('bob', '', '42501', 'it needs the right to edit'),
    ('vee', 'viewer', '42501', 'a viewer may not'), (NULL, 'admin', '42501', 'nor an API key')) v
    (who, roles, state, why);
SELECT pg_temp.act('bob') \g /dev/null
SELECT prismiq.prismiq_dashboard_create('{"name": "hidden"}') IS NULL AS done \gset
SELECT pg_temp.act('ann') \g /dev/null
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_import(%L, %L)', :'x',
    '{"on_conflict": "replace", "name": "hidden"}'), '23505',
    'a dashboard of this name exists already', 'what is not seen is not replaced');
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_import(%L, %L)', :'x', o), '22023', NULL,
    o)
FROM unnest(ARRAY['{"on_conflict": "merge"}', '{"nam": "x"}', '{"name": 1}', '[]', '{"name":
    " "}']) o;

-- What the exporter does not see

SELECT prismiq.prismiq_dashboard_create('{"name": "gaps", "allowed_editors": ["bob"],
    "widgets": [{"type": "text", "title": "whole"}]}') ->> 'id' AS gaps \gset
INSERT INTO prismiq.prismiq_widgets (dashboard_id, type, position, query) VALUES (:'gaps', 'table',
    '{"x": 0, "y": 2, "w": 4, "h": 3}', format('{"tables": [{"id": "s", "saved_query": "%s"}],
    "columns": [{"table_id": "s", "column": "origin"}]}', :'secret')::jsonb);
SELECT pg_temp.act('bob') \g /dev/null
SELECT prismiq.prismiq_saved_query_create(format('{"name": "B over", "is_shared": true, "query":
    {"tables": [{"id": "s", "saved_query": "%s"}],
     "columns": [{"table_id": "s", "column": "origin"}]}}', :'secret')::jsonb) ->> 'id'
    AS over_secret \gset
SELECT prismiq.prismiq_widget_add(:'gaps', jsonb_build_object('type', 'table',
    'saved_query_id', id)) IS NULL FROM unnest(ARRAY[:'secret', :'over_secret']) id \g /dev/null
SELECT is(jsonb_array_length(prismiq.prismiq_dashboard_export(:'gaps') -> 'saved_queries'), 2,
    'who sees all exports all');
SELECT ok(NOT prismiq.prismiq_dashboard_export(:'gaps') ? 'warnings', 'and is told nothing');
SELECT pg_temp.act('ann') \g /dev/null
SELECT prismiq.prismiq_dashboard_export(:'gaps') AS g \gset
SELECT is((SELECT array_agg(w ->> 'path') FROM jsonb_array_elements(:'g'::jsonb -> 'warnings') w),
    '{/widgets/1/query,/widgets/2/saved_query_id,/widgets/3/saved_query_id}',
    'who does not is told what is missing');
SELECT is(:'g'::jsonb -> 'saved_queries', '[]', 'and has nothing of it');
SELECT is(strpos(:'g', :'secret') + strpos(:'g', 'B over') + strpos(:'g', 'B secret'), 0,
    'no name and no id either');
SELECT lives_ok(format('SELECT prismiq.prismiq_dashboard_import(%L, %L)', :'g',
    '{"name": "less"}'), 'it can be imported');
SELECT pg_temp.refused(who, roles, tenant,
    format('SELECT prismiq.prismiq_dashboard_export(%L)', :'gaps'), 'PT404', why)
FROM (VALUES ('vic', '', 'acme', 'what is not seen is not exported'),
    ('ann', 'owner', 'globex', 'least of all in another tenant')) v (who, roles, tenant, why);

-- Hostile documents

SELECT pg_temp.act('ann') \g /dev/null
SELECT count(*) AS before FROM prismiq.prismiq_dashboards \gset
SELECT is(pg_temp.faults(document::jsonb), wanted::text[], left(document, 90))
FROM (VALUES
    ('null', '{"INVALID_VALUE "}'), ('[]', '{"INVALID_VALUE "}'), ('7', '{"INVALID_VALUE "}'),
    ('"{}"', '{"MISSING_FIELD /format","MISSING_FIELD /version","MISSING_FIELD /name"}'),
    ('{"format": "other", "version": "2.0", "name": ""}',
     '{"INVALID_VALUE /format","INVALID_VALUE /version","INVALID_VALUE /name"}'),
    ('{"format": 1, "version": 1.0, "name": 2, "filters": 1, "widgets": {}, "saved_queries": 5,
       "layout": [], "timezone": "x", "refresh_interval": "y", "description": []}',
     '{"INVALID_VALUE /format","INVALID_VALUE /version","INVALID_VALUE /name",
       "INVALID_VALUE /description","INVALID_VALUE /layout","INVALID_VALUE /filters",
       "INVALID_VALUE /timezone","INVALID_VALUE /refresh_interval","INVALID_VALUE /widgets",
       "INVALID_VALUE /saved_queries"}'),
    ('{"format": "prismiq.dashboard", "version": "1.0", "name": "x", "owner_id": "adm",
       "tenant_id": "", "created_by": "adm", "id": "00000000-0000-4000-8000-000000000000",
       "widgets": [{"type": "text", "tenant_id": "globex", "dashboard_id": "x"}],
       "saved_queries": [{"id": "q", "name": "q", "owner_id": "bob", "query": {"tables":
           [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f",
            "column": "origin"}]}}]}',
     '{"UNKNOWN_FIELD /widgets/0/dashboard_id","UNKNOWN_FIELD /widgets/0/tenant_id",
       "UNKNOWN_FIELD /saved_queries/0/owner_id","UNKNOWN_FIELD /created_by",
       "UNKNOWN_FIELD /id","UNKNOWN_FIELD /owner_id","UNKNOWN_FIELD /tenant_id"}'),
    ('{"format": "prismiq.dashboard", "version": "1.0", "name": "x",
       "filters": [{"id": "a", "type": "text", "field": "origin",
                    "applies_to": ["w1", "w9", 5, null, "00000000-0000-4000-8000-000000000000"]}],
       "widgets": [{"id": "w1", "type": "text"}, {"id": "w1", "type": "texd"}, {"id": 5,
           "type": "text"}, {"id": "", "type": "text"}, 7, {"type": "text", "saved_query_id": "q9"},
          {"type": "text", "saved_query_id": "00000000-0000-4000-8000-000000000000"},
          {"type": "table", "query": {"tables": [{"id": "s", "saved_query": "q9"}],
              "columns": [{"table_id": "s", "column": "a"}], "filters": [{"table_id": "s",
              "column": "a", "operator": "in_query", "value": {"query": {"tables": [{"id": "u",
              "saved_query": "q8"}], "columns": [{"table_id": "u", "column": "a"}]}}}]}}],
       "saved_queries": [{"name": "n", "query": {}}, {"id": "q", "name": "n"},
           {"id": "q", "name": "", "query": 3}]}',
     '{"INVALID_VALUE /filters/0/applies_to/1","INVALID_VALUE /filters/0/applies_to/2",
       "INVALID_VALUE /filters/0/applies_to/3","INVALID_VALUE /filters/0/applies_to/4",
       "INVALID_VALUE /widgets/1/id","INVALID_VALUE /widgets/1/type",
       "INVALID_VALUE /widgets/2/id","INVALID_VALUE /widgets/3/id","INVALID_VALUE /widgets/4",
       "INVALID_VALUE /widgets/5/saved_query_id","INVALID_VALUE /widgets/6/saved_query_id",
       "INVALID_VALUE /widgets/7/query/tables/0/saved_query",
       "INVALID_VALUE /widgets/7/query/filters/0/value/query/tables/0/saved_query",
       "MISSING_FIELD /saved_queries/0/id","MISSING_FIELD /saved_queries/0/query/tables",
       "MISSING_FIELD /saved_queries/0/query/columns",
       "MISSING_FIELD /saved_queries/1/query","INVALID_VALUE /saved_queries/2/id",
       "INVALID_VALUE /saved_queries/2/name","INVALID_JSON /saved_queries/2/query"}'))
    v (document, wanted);
SELECT is((SELECT count(*) FROM prismiq.prismiq_dashboards), :before::bigint,
    'nothing came of any');
-- Against the catalogs, but for what is made of the document's own saved queries

SELECT is(pg_temp.faults('{"format": "prismiq.dashboard", "version": "1.0", "name": "x",
    "filters": [{"id": "a", "type": "text", "field": "nothing"}],
    "widgets": [{"type": "table", "saved_query_id": "q"}, {"type": "table", "query": {"tables":
        [{"id": "s", "saved_query": "q"}], "columns": [{"table_id": "s", "column": "gone"}]}},
      {"type": "table", "query": {"tables": [{"id": "f", "name": "flihgts"}],
       "columns": [{"table_id": "f", "column": "origin"}]}}],
    "saved_queries": [{"id": "q", "name": "q", "query": {"tables": [{"id": "f",
        "name": "flights"}], "columns": [{"table_id": "f", "column": "orign"}]}}]}'),
    '{"COLUMN_NOT_FOUND /filters/0/field","TABLE_NOT_FOUND /widgets/2/query/tables/0/name",
      "COLUMN_NOT_FOUND /saved_queries/0/query/columns/0/column"}', 'what is not there');
SELECT is((SELECT count(*) FROM prismiq.prismiq_saved_queries WHERE name = 'q'), 0::bigint,
    'and nothing was done by halves');
CREATE FUNCTION pg_temp.document(part text, value jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('format', 'prismiq.dashboard', 'version', '1.0', 'name', 'x',
                              part, value)
$$;
SELECT is(pg_temp.faults(pg_temp.document(part, value)), wanted::text[], what)
FROM (VALUES
    ('widgets', (SELECT jsonb_agg('{"type": "text"}'::jsonb) FROM generate_series(1, 31)),
     '{"TOO_COMPLEX /widgets"}', 'too many widgets'),
    ('widgets', (SELECT jsonb_agg('{"type": "text"}'::jsonb) FROM generate_series(1, 20000)),
     '{"INVALID_VALUE /widgets"}', 'far too many'),
    ('description', to_jsonb(repeat('x', 17000000)), '{"TOO_COMPLEX "}', 'a document of 17 MB'),
    ('widgets', jsonb_build_array(jsonb_build_object('type', 'text', 'config',
        jsonb_build_object('content', repeat('x', 2000000)))), '{"TOO_COMPLEX /widgets/0/config"}',
     'a large configuration'),
    ('widgets', jsonb_build_array(jsonb_build_object('type', 'text', 'config',
        (repeat('{"a": ', 100) || '1' || repeat('}', 100))::jsonb)),
     '{"TOO_COMPLEX /widgets/0/config","UNKNOWN_FIELD /widgets/0/config/a"}', 'a deep one'),
    ('warnings', (repeat('[', 200) || repeat(']', 200))::jsonb, '{"TOO_COMPLEX "}',
     'a document that is too deep')) v (part, value, wanted, what);
SELECT ok('TOO_COMPLEX /saved_queries' = ANY (pg_temp.faults(pg_temp.document('saved_queries',
    (SELECT jsonb_agg('{"id": "q"}'::jsonb) FROM generate_series(1, 1001))))),
    'too many saved queries');
SET prismiq.max_dashboards_per_user = 1;
SELECT throws_ok(format('SELECT prismiq.prismiq_dashboard_import(%L, %L)', :'x', '{"name": "y"}'),
    'PT413', 'too many dashboards', 'the limit of dashboards holds');
RESET prismiq.max_dashboards_per_user;
SELECT throws_ok('SELECT prismiq.prismiq_dashboard_import(NULL)', '22023', NULL, 'no document');
SELECT throws_ok('SELECT prismiq.prismiq_dashboard_export(NULL)', 'PT404', 'dashboard not found',
    'no dashboard');
SET prismiq.tenant_id = '';
SELECT throws_ok(format('SELECT prismiq.%s(%L)', call, x), '42501', NULL, call || ': no context')
FROM (VALUES ('prismiq_dashboard_import', :'x'), ('prismiq_dashboard_export', :'d')) v (call, x);

SELECT finish();
