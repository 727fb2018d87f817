-- A schema in front of pg_catalog that holds a function, an operator, an aggregate or a type for
-- almost everything that is in pg_catalog, each of which raises. Whatever is asked with that
-- search_path is answered as it is without.
\set ON_ERROR_STOP on
SET client_min_messages = error;

CREATE SCHEMA evil;
GRANT USAGE ON SCHEMA evil TO app_user;
-- DDL below runs where some of the names cannot be shadowed; these are passed over.
CREATE FUNCTION pg_temp.attempt(VARIADIC statements text[]) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    statement text;
BEGIN
    FOREACH statement IN ARRAY statements LOOP
        EXECUTE statement;
    END LOOP;
    RETURN 1;
EXCEPTION WHEN OTHERS THEN
    RETURN 0;
END
$$;
CREATE TEMP TABLE shadowed AS
SELECT 'function' AS kind, sum(pg_temp.attempt(format(
    'CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS
     $x$ BEGIN RAISE ''shadow''; END $x$',
    proname, pg_get_function_identity_arguments(oid), pg_get_function_result(oid)))) AS made
FROM pg_proc
WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND provariadic = 0
  AND proargmodes IS NULL
UNION ALL
SELECT 'operator', sum(pg_temp.attempt(
    format('CREATE FUNCTION evil.%I(%s, %s) RETURNS %s LANGUAGE plpgsql AS
            $x$ BEGIN RAISE ''shadow''; END $x$', 'op' || oid, oprleft::regtype,
           oprright::regtype, oprresult::regtype),
    format('CREATE OPERATOR evil.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = evil.%I)', oprname,
           oprleft::regtype, oprright::regtype, 'op' || oid)))
FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprleft <> 0
UNION ALL
SELECT 'aggregate', sum(pg_temp.attempt(
    format('CREATE FUNCTION evil.%I(int, %s) RETURNS int LANGUAGE plpgsql AS
            $x$ BEGIN RAISE ''shadow''; END $x$', 'agg' || oid, args),
    format('CREATE AGGREGATE evil.%I(%s) (SFUNC = evil.%I, STYPE = int)', proname, args,
           'agg' || oid)))
FROM (SELECT *, pg_get_function_identity_arguments(oid) AS args FROM pg_proc
      WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'a') p;
CREATE FUNCTION evil.counted(int) RETURNS int LANGUAGE plpgsql AS
$$ BEGIN RAISE 'shadow'; END $$;
CREATE AGGREGATE evil.count(*) (SFUNC = evil.counted, STYPE = int);
-- Types last: from here on nothing is made any more.
INSERT INTO shadowed
SELECT 'type', sum(pg_temp.attempt(format('CREATE DOMAIN evil.%I AS pg_catalog.int2', typname)))
FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm')
    AND typname !~ '^_';
GRANT SELECT ON shadowed TO app_user;

CREATE TEMP TABLE asked (name text, definition jsonb);
GRANT SELECT ON asked TO app_user;
INSERT INTO asked
SELECT name, '{"tables": [{"id": "f", "name": "flights"}]}'::jsonb || rest::jsonb
FROM (VALUES
('plain', '{"columns": [{"table_id": "f", "column": "origin"}, {"table_id": "f", "column": "id"}],
    "order_by": [{"alias": "id", "direction": "DESC", "nulls": "last"}], "limit": 5, "offset": 2}'),
('count', '{"columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}'),
('aggregates', '{"columns": [{"table_id": "f", "column": "origin"},
    {"table_id": "f", "column": "delay", "aggregation": "sum"},
    {"table_id": "f", "column": "delay", "aggregation": "avg"},
    {"table_id": "f", "column": "delay", "aggregation": "median"},
    {"table_id": "f", "column": "delay", "aggregation": "percentile", "args": {"fraction": 0.9}},
    {"table_id": "f", "column": "delay", "aggregation": "mode"},
    {"table_id": "f", "column": "delay", "aggregation": "stddev"},
    {"table_id": "f", "column": "delay", "aggregation": "first"},
    {"table_id": "f", "column": "delay", "aggregation": "last", "args": {"order_by": "id"}},
    {"table_id": "f", "column": "origin", "aggregation": "string_agg", "distinct": true},
    {"table_id": "f", "column": "origin", "aggregation": "array_agg", "distinct": true},
    {"table_id": "f", "column": "destination", "aggregation": "count_distinct",
     "filters": [{"table_id": "f", "column": "distance", "operator": "gt", "value": 300}]}],
    "having": [{"column": "delay_sum", "operator": "gt", "value": 0}],
    "order_by": [{"alias": "origin"}]}'),
('conditions', '{"columns": [{"table_id": "f", "column": "id"}], "order_by": [{"alias": "id"}],
    "filters": [{"or": [{"table_id": "f", "column": "delay", "operator": "in", "value": [1, 2.5]},
                        {"table_id": "f", "column": "origin", "operator": "contains", "value": "a"},
                        {"not": {"table_id": "f", "column": "origin", "operator": "not_like",
                                 "value": "S%"}}]},
                {"table_id": "f", "column": "delay", "operator": "between", "value": [-10, 99.5]},
                {"table_id": "f", "column": "destination", "operator": "not_in",
                 "value": ["LAX", null]},
                {"table_id": "f", "column": "departed_at", "operator": "lte",
                 "value": "2001-02-03"},
                {"table_id": "f", "column": "departed_at", "operator": "not_date_relative",
                 "value": -7}]}'),
('series', '{"columns": [{"table_id": "f", "column": "origin"},
    {"table_id": "f", "column": "delay", "aggregation": "sum"}],
    "time_series": {"table_id": "f", "date_column": "departed_at", "interval": "month",
                    "timezone": "Europe/Berlin", "source_timezone": "UTC"},
    "having": [{"column": "delay_sum", "operator": "gt", "value": 0}]}'),
('auto', '{"columns": [{"table_id": "f", "column": "delay", "aggregation": "max"}],
    "time_series": {"table_id": "f", "date_column": "departed_at", "interval": "auto"}}'),
('trunc', '{"columns": [{"table_id": "f", "column": "departed_at", "date_trunc": "week"},
    {"table_id": "f", "column": "*", "aggregation": "count"}], "order_by": [{"alias": "count"},
    {"alias": "departed_at"}]}')) v (name, rest);
INSERT INTO asked VALUES
('join', '{"tables": [{"id": "a", "name": "airports"}, {"id": "f", "name": "flights"}],
    "joins": [{"from_table_id": "a", "from_column": "iata", "to_table_id": "f",
               "to_column": "origin", "join_type": "LEFT"}],
    "columns": [{"table_id": "a", "column": "state"},
                {"table_id": "f", "column": "*", "aggregation": "count"},
                {"table_id": "a", "column": "latitude", "aggregation": "sum"}],
    "order_by": [{"alias": "state"}]}'),
('windows', '{"tables": [{"id": "w", "name": "weather"}],
    "columns": [{"table_id": "w", "column": "weather"},
                {"table_id": "w", "column": "wind", "aggregation": "sum", "alias": "wind"}],
    "windows": [{"alias": "total", "function": "running_total", "of": "wind",
                 "order_by": [{"alias": "weather"}]},
                {"alias": "rank", "function": "rank", "order_by": [{"alias": "wind"}]},
                {"alias": "before", "function": "lag", "of": "wind",
                 "order_by": [{"alias": "weather"}]},
                {"alias": "share", "function": "percent_of_total", "of": "wind"},
                {"alias": "change", "function": "percent_change", "of": "wind",
                 "order_by": [{"alias": "weather"}]},
                {"alias": "mean", "function": "moving_avg", "of": "wind", "n": 2,
                 "order_by": [{"alias": "weather"}]}],
    "order_by": [{"alias": "weather"}]}');

SET ROLE app_user;
SET prismiq.tenant_id = 'CA';
SET prismiq.user_id = 'u';
SET prismiq.roles = 'admin';
SELECT no_plan();
SELECT cmp_ok(made::int, '>', least, kind || 's are shadowed')
FROM shadowed NATURAL JOIN (VALUES ('function', 1500), ('operator', 600), ('aggregate', 80),
                                   ('type', 60)) v (kind, least);

-- Runs with whatever search_path is set; the temporary functions themselves are pinned.
CREATE FUNCTION pg_temp.answers(path text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    asked_one record;
    answer text;
    before text := current_setting('search_path');
BEGIN
    FOR asked_one IN SELECT * FROM asked ORDER BY name LOOP
        BEGIN
            PERFORM set_config('search_path', path, true);
            answer := prismiq.prismiq_query(asked_one.definition);
            PERFORM pg_catalog.set_config('search_path', before, true);
            answer := (answer::jsonb -> 'rows')::text;
        EXCEPTION WHEN OTHERS THEN
            answer := sqlstate || ' ' || sqlerrm;
        END;
        RETURN NEXT asked_one.name || ': ' || answer;
    END LOOP;
END
$$;
SELECT is(shadow, plain, split_part(plain, ':', 1))
FROM ROWS FROM (pg_temp.answers('evil, pg_catalog'), pg_temp.answers('pg_catalog'))
    AS t (shadow, plain);
SELECT is_empty($$ SELECT a FROM pg_temp.answers('pg_catalog') a WHERE a !~ ': \[\[' $$,
                'each of them has rows');

-- The functions around it, and plain writing under the policies.
SET search_path = evil, pg_catalog;
SELECT prismiq.prismiq_dashboard_create('{"name": "One", "is_default": true, "widgets":
    [{"type": "table", "query": {"tables": [{"id": "w", "name": "weather"}],
      "columns": [{"table_id": "w", "column": "wind", "aggregation": "sum"}]}}]}')
    OPERATOR(pg_catalog.->>) 'id'::pg_catalog.text AS id \gset
SELECT prismiq.prismiq_dashboard_update(:'id'::pg_catalog.uuid, '{"name": "Two",
    "layout": {"columns": 20}}') OPERATOR(pg_catalog.->>) 'name'::pg_catalog.text AS name \gset
SELECT prismiq.prismiq_dashboard_data(:'id'::pg_catalog.uuid) AS data \gset
SELECT prismiq.prismiq_dashboard_list('{"search": "two"}') AS list \gset
SELECT prismiq.prismiq_schema() AS schema \gset
SELECT prismiq.prismiq_column_sample('flights', 'origin') AS sample \gset
SELECT prismiq.prismiq_schema_config_set('{"timezone": "UTC"}') AS config \gset
UPDATE prismiq.prismiq_dashboards SET description = 'x';
DELETE FROM prismiq.prismiq_dashboards;
RESET search_path;
SELECT is(:'name'::text, 'Two'::text, 'a dashboard is made and changed');
SELECT alike(:'data'::text, '%4735.3%', 'and answered');
SELECT alike(:'list'::text, '%"widget_count": 1%', 'and listed');
SELECT alike(:'schema'::text, '%flights%', 'the schema');
SELECT alike(:'sample'::text, '%LAX%', 'a sample');
SELECT is(:'config'::text, '{"timezone": "UTC"}'::text, 'the configuration');
SELECT * FROM finish();
