-- Two tenants that are nearly one, caches in sessions that fire no ordinary triggers, and errors
-- that are larger than what they are about.
\set ON_ERROR_STOP on
SET client_min_messages = error;
SET statement_timeout = 60000;

CREATE TABLE public.by_name (tenant name, v int);
CREATE TABLE public.by_char (tenant char(10), v int);
INSERT INTO public.by_name VALUES (repeat('t', 63), 1);
INSERT INTO public.by_char VALUES ('acme', 1);
GRANT SELECT ON public.by_name, public.by_char TO app_user;
SELECT prismiq.prismiq_expose('public.by_name', 'tenant') \gset
SELECT prismiq.prismiq_expose('public.by_char', 'tenant') \gset
SET search_path = prismiq, public;

CREATE FUNCTION pg_temp.rows(table_name text, tenant text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('prismiq.tenant_id', tenant, true);
    RETURN prismiq_query(jsonb_build_object(
        'tables', jsonb_build_array(jsonb_build_object('id', 't', 'name', table_name)),
        'columns', '[{"table_id": "t", "column": "v"}]'::jsonb))::jsonb ->> 'rows';
EXCEPTION WHEN OTHERS THEN
    RETURN sqlerrm;
END
$$;

SET ROLE app_user;
SELECT no_plan();
SELECT is(pg_temp.rows('by_name', repeat('t', 63)), '[[1]]', 'a tenant in a column of type name');
SELECT is(pg_temp.rows('by_name', repeat('t', 63) || 'x'), 'table "by_name" not found',
          'a tenant that the type name would cut off is another tenant');
SELECT is(pg_temp.rows('by_char', 'acme'), '[[1]]', 'a tenant in a column of type char');
SELECT is(pg_temp.rows('by_char', 'acme '), 'table "by_char" not found',
          'a tenant with a blank at its end is another tenant');

-- A restore or replication changes exposures and settings without ordinary triggers.
SELECT is(pg_temp.rows('by_char', 'acme'), '[[1]]', 'before: seen');
RESET ROLE;
SET session_replication_role = replica;
DELETE FROM prismiq_exposures WHERE relation_name = 'by_char';
SET ROLE app_user;
SELECT is(pg_temp.rows('by_char', 'acme'), 'table "by_char" not found',
          'an exposure deleted without ordinary triggers is gone');
RESET ROLE;
INSERT INTO prismiq_exposures (schema_name, relation_name, tenant_column)
VALUES ('public', 'by_char', 'tenant');
INSERT INTO prismiq_schema_config (tenant_id, config)
VALUES ('acme', '{"tables": {"by_char": {"columns": {"v": {"hidden": true}}}}}');
SET ROLE app_user;
SELECT is(pg_temp.rows('by_char', 'acme'), 'column "v" not found in table "by_char"',
          'a setting inserted without ordinary triggers holds');
RESET ROLE;
TRUNCATE prismiq_schema_config;
SET ROLE app_user;
SELECT is(pg_temp.rows('by_char', 'acme'), '[[1]]', 'and is gone after TRUNCATE');
RESET ROLE;
DROP TABLE public.by_char;
SELECT is(count(*), 0::bigint, 'an exposure ends with its relation there too')
FROM prismiq_exposures e WHERE e.relation_name = 'by_char';
RESET session_replication_role;

-- Errors stay in proportion: long names are cut off, and the list ends.
SET ROLE app_user;
SET prismiq.tenant_id = 'acme';
SELECT is(length(prismiq_validate(jsonb_build_object(repeat('k', 900000), 1)) ::text) < 5000, true,
          'a key of 900 kB');
SELECT is(length(prismiq_validate(jsonb_build_object('params', jsonb_build_object(
              repeat('p', 300000), (SELECT jsonb_object_agg('k' || i, 1)
                                    FROM generate_series(1, 20000) i))))::text) < 2000000,
          true, 'many faults below a long name');
SELECT is(jsonb_array_length(prismiq_validate((SELECT jsonb_object_agg('k' || i, 1)
                                               FROM generate_series(1, 20000) i)) -> 'errors'),
          1000, 'not more than a thousand faults are told');

-- What the planner estimates knows values of other tenants: no estimate tells of them.
RESET ROLE;
CREATE TABLE public.mails AS
SELECT CASE WHEN i % 10 = 0 THEN 'acme' ELSE 'evil' END AS tenant,
       CASE WHEN i % 10 = 0 THEN 'u' || i WHEN i % 3 = 0 THEN 'boss@evil' ELSE 'x' || i END AS mail
FROM generate_series(1, 20000) i;
ANALYZE public.mails;
GRANT SELECT ON public.mails TO app_user;
SELECT prismiq_expose('public.mails', 'tenant') \gset
SET ROLE app_user;
CREATE FUNCTION pg_temp.total(mail text, op text) RETURNS int LANGUAGE sql AS $$
    SELECT (prismiq_query(jsonb_build_object('tables', '[{"id": "t", "name": "mails"}]'::jsonb,
        'columns', '[{"table_id": "t", "column": "mail"}]'::jsonb, 'filters', jsonb_build_array(
            jsonb_build_object('table_id', 't', 'column', 'mail', 'operator', op, 'value', mail))),
        '{"count": "estimated", "limit": 1}')::jsonb ->> 'total_count')::int
$$;
SELECT is(pg_temp.total('boss@evil', 'eq'), 0, 'a common value of another tenant is not estimated');
SELECT is(pg_temp.total('x', 'starts_with'), 0, 'nor a pattern');
SELECT is(pg_temp.total('u1', 'starts_with'), 1111, 'the tenant''s own are counted');
RESET ROLE;
SELECT prismiq_grant('app_user', 'admin') \gset
SET ROLE app_user;
SELECT cmp_ok(pg_temp.total('boss@evil', 'eq'), '>', 100, 'profile admin gets the estimate');

-- A range that only the rows know, and one whose buckets no integer counts.
RESET ROLE;
CREATE TABLE public.ages (tenant text, at timestamptz);
INSERT INTO public.ages VALUES ('acme', '0001-01-01'), ('acme', '9999-01-01');
GRANT SELECT ON public.ages TO app_user;
SELECT prismiq_expose('public.ages', 'tenant') \gset
SET ROLE app_user;
SELECT throws_ok($$ SELECT prismiq_query('{"tables": [{"id": "t", "name": "ages"}], "columns":
    [{"table_id": "t", "column": "*", "aggregation": "count"}], "time_series": {"table_id": "t",
      "date_column": "at", "interval": "1 second"}}') $$, 'PT413', 'query is too complex',
    'rows that span too many buckets');
SELECT throws_ok($$ SELECT count(*) FROM prismiq_time_buckets('1 microsecond',
    timestamp '4713-01-01 BC', timestamp '294276-12-31') $$, 'PT413', 'query is too complex',
    'more buckets than there are integers');
SELECT * FROM finish();
