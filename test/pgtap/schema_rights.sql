-- What prismiq_schema and its kin leave out: by the role's privileges, by the tenant's
-- configuration; and what one table's trouble does to the others.
\set ON_ERROR_STOP on

CREATE SCHEMA shop;
GRANT USAGE ON SCHEMA shop TO app_user;
CREATE TABLE shop.makers (org text, id integer PRIMARY KEY, name text);
CREATE TABLE shop.parts (
    org text, id integer PRIMARY KEY, price numeric, cost numeric DEFAULT 3,
    maker integer REFERENCES shop.makers (id));
CREATE TABLE shop.no_tenant (org text, id integer);
CREATE TABLE shop.no_rights (org text);
CREATE TABLE shop.broken (org text);
CREATE TABLE shop.numbered (org integer, value text);
CREATE FOREIGN DATA WRAPPER nothing;
CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
CREATE FOREIGN TABLE shop.distant (org text) SERVER nowhere;

GRANT SELECT (org, id, price, maker) ON shop.parts TO app_user;
GRANT SELECT (id) ON shop.no_tenant TO app_user;
GRANT SELECT ON shop.makers, shop.broken, shop.numbered, shop.distant TO app_user;
INSERT INTO shop.parts VALUES (7, 1, 2.5, 1), (7, 2, 3.5, 1);
INSERT INTO shop.numbered VALUES (7, 'seven'), (8, 'eight');
SELECT count(prismiq.prismiq_expose(r, 'org')::text) AS exposed
FROM unnest('{shop.makers, shop.parts, shop.no_tenant, shop.no_rights, shop.broken,
    shop.numbered, shop.distant}'::regclass[]) r \gset

CREATE FUNCTION public.tables() RETURNS text LANGUAGE sql
    AS $$SELECT string_agg(n, ' ' ORDER BY n)
         FROM jsonb_array_elements_text(prismiq.prismiq_tables()) n$$;
CREATE FUNCTION public.columns(name text) RETURNS text LANGUAGE sql
    AS $$SELECT string_agg(c ->> 'name', ' ' ORDER BY n)
         FROM jsonb_array_elements(prismiq.prismiq_table(name) -> 'columns')
             WITH ORDINALITY x (c, n)$$;
CREATE FUNCTION public.links() RETURNS text LANGUAGE sql
    AS $$SELECT string_agg(concat_ws(' ', r ->> 'from_table', r ->> 'from_column'),
             ', ' ORDER BY 1)
         FROM jsonb_array_elements(prismiq.prismiq_schema() -> 'relationships') r
         WHERE r ->> 'from_schema' = 'shop'$$;

SET ROLE app_user;
SELECT plan(39);
SELECT prismiq.prismiq_set_context('7', 'ann', '{admin}', false) AS context \gset

-- Privileges

SELECT is(tables(), 'airports broken distant flights makers numbered parts weather',
    'not there: tables without a privilege, or whose tenant column may not be read');
SELECT is(columns('parts'), 'org id price maker', 'nor columns without one');
SELECT throws_ok(format('SELECT prismiq.prismiq_table(%L)', t), 'PT404', 'table not found', t)
FROM unnest('{no_tenant,no_rights,shop.no_rights}'::text[]) t;
SELECT is(prismiq.prismiq_column_sample('parts', 'price'), '[2.5, 3.5]',
    'a sample by column privilege');
SELECT throws_ok($$SELECT prismiq.prismiq_column_sample('parts', 'cost')$$, 'PT404',
    'column not found', 'none without it');
SELECT is(links(), 'parts maker', 'a relationship');
RESET ROLE;
REVOKE SELECT (maker) ON shop.parts FROM app_user;
SET ROLE app_user;
SELECT is(links(), NULL, 'none when a column of it may not be read');
RESET ROLE;
GRANT SELECT (maker) ON shop.parts TO app_user;
REVOKE USAGE ON SCHEMA shop FROM app_user;
SET ROLE app_user;
SELECT is(tables(), 'airports flights weather', 'nothing of a schema that the role may not use');
RESET ROLE;
GRANT USAGE ON SCHEMA shop TO app_user;
SET ROLE app_user;
SELECT is(prismiq.prismiq_column_sample('numbered', 'value'), '["seven"]',
    'a tenant column that is a number');

-- Configuration

SELECT lives_ok($$SELECT prismiq.prismiq_schema_config_set('{"timezone": "America/New_York",
    "tables": {
    "makers": {"hidden": true},
    "flights": {"display_name": "All flights", "description": "Said by the tenant", "columns": {
        "delay": {"display_name": "Late by", "description": "In minutes", "format": "duration"},
        "departed_at": {"date_format": "%d.%m."},
        "distance": {"hidden": true}}}}}')$$, 'a configuration');
SELECT is(tables(), 'airports broken distant flights numbered parts weather',
    'a hidden table is not there');
SELECT throws_ok($$SELECT prismiq.prismiq_table('makers')$$, 'PT404', 'table not found',
    'nor is it found');
SELECT throws_ok($$SELECT prismiq.prismiq_column_sample('makers', 'name')$$, 'PT404',
    'table not found', 'nor sampled');
SELECT is(links(), NULL, 'nor does a relationship lead to it');
SELECT is(columns('flights'), 'id departed_at delay origin destination state',
    'nor is a hidden column');
SELECT throws_ok($$SELECT prismiq.prismiq_column_sample('flights', 'distance')$$, 'PT404',
    'column not found', 'which is not sampled');
SELECT is(prismiq.prismiq_table('flights') - 'columns' - 'row_count',
    '{"name": "flights", "schema_name": "public", "display_name": "All flights", "description":
        "Said by the tenant"}',
    'what is configured goes before what is commented');
SELECT is((SELECT c FROM jsonb_array_elements(prismiq.prismiq_table('flights') -> 'columns') c
           WHERE c ->> 'name' = 'delay'),
    '{"name": "delay", "data_type": "integer", "is_nullable": true, "is_primary_key": false,
      "default_value": null, "display_name": "Late by", "description": "In minutes",
      "format": "duration", "date_format": null, "unit": null, "hidden": false}',
    'for columns too');
SELECT is((SELECT c ->> 'date_format'
           FROM jsonb_array_elements(prismiq.prismiq_table('flights') -> 'columns') c
           WHERE c ->> 'name' = 'departed_at'), '%d.%m.', 'a format of dates');
SELECT prismiq.prismiq_set_context('8', 'bob', '{admin}', false) AS context \gset
SELECT is(tables(), 'airports broken distant flights makers numbered parts weather',
    'another tenant''s tables are not hidden by it');
SELECT is(columns('flights'), 'id departed_at delay distance origin destination state',
    'nor its columns');
SELECT is(prismiq.prismiq_table('flights') ->> 'display_name', 'Flights', 'nor are they renamed');
SELECT is(prismiq.prismiq_column_sample('numbered', 'value'), '["eight"]',
    'and it samples its own rows');
SELECT is(prismiq.prismiq_schema_config_set('{}'), '{}', 'a configuration of its own');
SELECT prismiq.prismiq_set_context('7', 'ann', '{admin}', false) AS context \gset
SELECT is(tables(), 'airports broken distant flights numbered parts weather',
    'does not change the first');
SELECT is(prismiq.prismiq_schema_config_set('{}'), '{}', 'without a configuration');
SELECT is(columns('flights'), 'id departed_at delay distance origin destination state',
    'all is back');

-- Trouble

SELECT is(prismiq.prismiq_table('distant') -> 'row_count', 'null',
    'a foreign table is not asked for its rows');
RESET ROLE;
ALTER TABLE shop.broken ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON shop.broken USING (org::int = current_setting('app.unset')::int);
SET ROLE app_user;
SELECT is(prismiq.prismiq_table('broken') -> 'row_count', 'null',
    'a table that cannot be planned has no estimate');
SELECT is((SELECT count(*) FROM jsonb_array_elements(prismiq.prismiq_schema() -> 'tables') t
           WHERE t -> 'row_count' <> 'null'), 6::bigint, 'and takes no other along');
RESET ROLE;
DROP TABLE shop.broken;
SET session_replication_role = replica;
DROP TABLE shop.numbered;
RESET session_replication_role;
SET ROLE app_user;
SELECT is(tables(), 'airports distant flights makers parts weather',
    'a relation dropped past the event trigger does no harm');
SELECT throws_ok($$SELECT prismiq.prismiq_table('numbered')$$, 'PT404', 'table not found',
    'nor is it found');
BEGIN READ ONLY;
SELECT is(tables(), 'airports distant flights makers parts weather',
    'in a read-only transaction');
SELECT is(prismiq.prismiq_column_sample('parts', 'id'), '[1, 2]', 'samples too');
COMMIT;

-- Beside the workers of a parallel query, with caches that must be read anew
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
PREPARE parallel AS SELECT prismiq.prismiq_schema() IS NOT NULL AS known,
    prismiq.prismiq_column_sample('airports', 'country') -> 0 AS sample
    FROM public.flights WHERE delay > 10 LIMIT 1;
CREATE FUNCTION pg_temp.plan() RETURNS SETOF text LANGUAGE plpgsql
    AS $$BEGIN RETURN QUERY EXECUTE 'EXPLAIN EXECUTE parallel'; END$$;
SELECT ok(EXISTS (SELECT FROM pg_temp.plan() p WHERE p ~ 'Gather'), 'a parallel plan');
SELECT is(prismiq.prismiq_schema_config_set('{"week_start": "sunday"}') ->> 'week_start', 'sunday',
    'the configuration changes');
EXECUTE parallel \gset
SELECT is(:'sample'::jsonb, '"Federated States of Micronesia"', 'in a parallel query');

SELECT finish();
