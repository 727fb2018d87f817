-- What a change of the schema has broken: widgets, saved queries and filters, as the caller sees
-- them.
\set ON_ERROR_STOP on

CREATE TABLE public.trips (id int PRIMARY KEY, tenant text NOT NULL, city text, fare numeric);
CREATE TABLE public.stops (id int PRIMARY KEY, tenant text NOT NULL, place text);
GRANT SELECT ON public.trips, public.stops TO app_user;
SELECT prismiq.prismiq_expose('public.trips', tenant_column => 'tenant') \g /dev/null
SELECT prismiq.prismiq_expose('public.stops', tenant_column => 'tenant') \g /dev/null
CREATE FUNCTION public.act(who text, roles text DEFAULT '', tenant text DEFAULT 'acme')
    RETURNS void LANGUAGE sql AS $$
    SELECT prismiq.prismiq_set_context(tenant, who, string_to_array(roles, ','), false)
$$;
-- kind, name, path and code of each.
CREATE FUNCTION public.broken() RETURNS text[] LANGUAGE sql AS $$
    SELECT coalesce(array_agg(concat_ws(' ', b ->> 'kind', b ->> 'name', b ->> 'path', b ->> 'code')
                     ORDER BY b ->> 'kind', b ->> 'name', b ->> 'path'), '{}')
    FROM jsonb_array_elements(prismiq.prismiq_broken()) b
$$;
SELECT no_plan();

SET ROLE app_user;
SELECT act('ann') \g /dev/null
SELECT is(prismiq.prismiq_broken(), '[]', 'nothing is there');
SELECT prismiq.prismiq_saved_query_create('{"name": "saved", "query": {"tables": [{"id": "t",
    "name": "trips"}], "columns": [{"table_id": "t", "column": "city"}]}}') ->> 'id' AS q \gset
SELECT prismiq.prismiq_dashboard_create(format('{"name": "D", "filters": [
    {"id": "c", "type": "text", "label": "City", "field": "city"},
    {"id": "f", "type": "number_range", "label": "Fare", "field": "fare", "table": "trips"}],
  "widgets": [
    {"type": "table", "title": "cities", "query": {"tables": [{"id": "t", "name": "trips"}],
        "columns": [{"table_id": "t", "column": "city"}]}},
    {"type": "metric", "title": "fares", "query": {"tables": [{"id": "t", "name": "trips"}],
        "columns": [{"table_id": "t", "column": "fare", "aggregation": "sum"}]}},
    {"type": "table", "title": "stops", "query": {"tables": [{"id": "s", "name": "stops"}],
        "columns": [{"table_id": "s", "column": "place"}]}},
    {"type": "table", "title": "on saved", "saved_query_id": "%s"},
    {"type": "text", "title": "text"}]}', :'q')::jsonb) ->> 'id' AS d \gset
SELECT is(broken(), '{}', 'all of it fits');

-- A column gets another name
RESET ROLE;
ALTER TABLE public.trips RENAME COLUMN city TO town;
SET ROLE app_user;
SELECT is(broken(), '{"filter City /filters/0/field COLUMN_NOT_FOUND",
    "query saved /query/columns/0/column COLUMN_NOT_FOUND",
    "widget cities /query/columns/0/column COLUMN_NOT_FOUND"}', 'a column that was renamed');
SELECT is((SELECT b - 'message' FROM jsonb_array_elements(prismiq.prismiq_broken()) b
    WHERE b ->> 'kind' = 'filter'), jsonb_build_object('kind', 'filter', 'id', 'c',
    'dashboard_id', :'d', 'name', 'City', 'path', '/filters/0/field', 'code',
    'COLUMN_NOT_FOUND', 'is_provided', false), 'an entry has these keys');
SELECT is((SELECT b ->> 'id' FROM jsonb_array_elements(prismiq.prismiq_broken()) b
    WHERE b ->> 'kind' = 'query'), :'q', 'a saved query is told by its id');
RESET ROLE;
ALTER TABLE public.trips RENAME COLUMN town TO city;
SET ROLE app_user;
SELECT is(broken(), '{}', 'and back');

-- Another type
RESET ROLE;
ALTER TABLE public.trips ALTER COLUMN fare TYPE text;
SET ROLE app_user;
SELECT is(broken(), '{"filter Fare /filters/1/type TYPE_MISMATCH",
    "widget fares /query/columns/0/aggregation INVALID_AGGREGATION"}', 'a column of another type');
RESET ROLE;
ALTER TABLE public.trips ALTER COLUMN fare TYPE numeric USING fare::numeric;

-- Hidden, not readable, gone
SELECT prismiq.prismiq_hide('public.stops') \g /dev/null
SET ROLE app_user;
SELECT is(broken(), '{"widget stops /query/tables/0/name TABLE_NOT_FOUND"}',
    'a table that is exposed no more');
SELECT act('adm', 'admin') \g /dev/null
SELECT prismiq.prismiq_schema_config_set('{"tables": {"trips": {"columns": {"fare": {"hidden":
    true}}}}}') \g /dev/null
SELECT act('ann') \g /dev/null
SELECT is(broken(), '{"filter Fare /filters/1/field COLUMN_NOT_FOUND",
    "widget fares /query/columns/0/column COLUMN_NOT_FOUND",
    "widget stops /query/tables/0/name TABLE_NOT_FOUND"}', 'a column that is hidden');
SELECT act('adm', 'admin') \g /dev/null
SELECT prismiq.prismiq_schema_config_set('{}') \g /dev/null
RESET ROLE;
DROP TABLE public.trips;
SET ROLE app_user;
SELECT act('ann') \g /dev/null
SELECT is(broken(), '{"filter City /filters/0/table TABLE_NOT_FOUND",
    "filter Fare /filters/1/table TABLE_NOT_FOUND",
    "query saved /query/tables/0/name TABLE_NOT_FOUND",
    "widget cities /query/tables/0/name TABLE_NOT_FOUND",
    "widget fares /query/tables/0/name TABLE_NOT_FOUND",
    "widget stops /query/tables/0/name TABLE_NOT_FOUND"}', 'a table that is gone');

-- As the caller sees it
SELECT act('bob') \g /dev/null
SELECT is(broken(), '{}', 'what a colleague does not see is not told of');
SELECT act('eve', 'owner', 'globex') \g /dev/null
SELECT is(broken(), '{}', 'nor another tenant');
SET prismiq.tenant_id = '';
SELECT throws_ok('SELECT prismiq.prismiq_broken()', '42501', NULL, 'without a context nothing');
SELECT act('ann') \g /dev/null
BEGIN READ ONLY;
SELECT is(cardinality(broken()), 6, 'it only reads');
COMMIT;

-- What is provided, to those to whom it is
RESET ROLE;
CREATE TABLE public.rides (id int PRIMARY KEY, tenant text NOT NULL, line text);
CREATE ROLE broken_provider;
SELECT prismiq.prismiq_grant('broken_provider', 'admin');
GRANT SELECT ON public.rides TO app_user, broken_provider;
SELECT prismiq.prismiq_expose('public.rides', tenant_column => 'tenant') \g /dev/null
SET ROLE broken_provider;
SELECT prismiq.prismiq_provided_set('rides', '{"format": "prismiq.dashboard", "version": "1.0",
    "name": "Rides", "filters": [{"id": "l", "type": "text", "label": "Line", "field": "line"}],
    "widgets": [{"type": "table", "title": "lines", "query": {"tables": [{"id": "r",
            "name": "rides"}], "columns": [{"table_id": "r", "column": "line"}]}},
        {"type": "table", "saved_query_id": "q"}],
    "saved_queries": [{"id": "q", "name": "All lines", "query": {"tables": [{"id": "r",
        "name": "rides"}], "columns": [{"table_id": "r", "column": "line"}]}}]}',
    '{"tenants": ["globex"]}') ->> 'id' AS d \gset
SET ROLE app_user;
SELECT act('eve', '', 'globex') \g /dev/null
SELECT is(broken(), '{}', 'what is provided fits');
RESET ROLE;
ALTER TABLE public.rides RENAME COLUMN line TO route;
SET ROLE app_user;
SELECT is(broken(), '{"filter Line /filters/0/field COLUMN_NOT_FOUND",
    "query All lines /query/columns/0/column COLUMN_NOT_FOUND",
    "widget lines /query/columns/0/column COLUMN_NOT_FOUND"}', 'and does not any more');
SELECT is((SELECT array_agg(DISTINCT concat_ws(' ', b ->> 'is_provided', b ->> 'dashboard_id'))
    FROM jsonb_array_elements(prismiq.prismiq_broken()) b), ARRAY['true', 'true ' || :'d'],
    'which is said of it');
SELECT act('ann') \g /dev/null
SELECT is((SELECT array_agg(DISTINCT b ->> 'is_provided')
    FROM jsonb_array_elements(prismiq.prismiq_broken()) b), '{false}',
    'and not told to those for whom it is not');

SELECT finish();
