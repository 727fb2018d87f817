-- Exposures: who may make a relation queryable, how, and how that ends.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

CREATE ROLE exp_owner;
CREATE ROLE exp_other;
SELECT prismiq.prismiq_grant('exp_owner', 'admin') \gset
SELECT prismiq.prismiq_grant('exp_other', 'admin') \gset
CREATE SCHEMA shop AUTHORIZATION exp_owner;
GRANT USAGE ON SCHEMA shop TO exp_other;

SET ROLE exp_owner;
CREATE TABLE shop.orders (id int PRIMARY KEY, org_id text, created_at timestamptz, extra json,
    bits xml, noted date);
CREATE TABLE shop.countries (code text);
CREATE TABLE shop.parts (org_id int, at date) PARTITION BY RANGE (at);
CREATE TABLE shop.parts_1 PARTITION OF shop.parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE VIEW shop.recent AS SELECT * FROM shop.orders;
CREATE MATERIALIZED VIEW shop.summary AS SELECT org_id, count(*) FROM shop.orders GROUP BY org_id;
CREATE INDEX orders_org ON shop.orders (org_id);
CREATE SEQUENCE shop.numbers;
CREATE TEMP TABLE passing (org_id text);
RESET ROLE;
CREATE TABLE shop.foreign_owner (org_id text);
CREATE FUNCTION pg_temp.exposed(name text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT e - 'relation' FROM jsonb_array_elements(prismiq.prismiq_exposed()) e WHERE e ->>
        'relation' = name
$$;

SET ROLE exp_owner;
SELECT no_plan();

-- Exactly one of the three

SELECT throws_ok('SELECT prismiq.prismiq_expose(' || arguments || ')', '22023',
    'exactly one of tenant_column, shared and tenant must be given',
    translate(arguments, E'\n', ' '))
FROM unnest(ARRAY[$$'shop.orders'$$, $$'shop.orders', 'org_id', shared => true$$,
                  $$'shop.orders', 'org_id', tenant => 'acme'$$, $$'shop.orders', shared => true,
                      tenant => 'acme'$$,
                  $$'shop.orders', time_column => 'created_at'$$, $$'shop.orders', shared =>
                      NULL$$]) arguments;
SELECT throws_ok($$SELECT prismiq.prismiq_expose('shop.orders', tenant => '')$$, '22023', NULL,
    'a tenant that is empty');
SELECT lives_ok($$SELECT prismiq.prismiq_expose('shop.orders', tenant_column => 'org_id',
    time_column => 'created_at')$$, 'a tenant column');
SELECT is(pg_temp.exposed('shop.orders'),
    '{"tenant_column": "org_id", "time_column": "created_at", "shared": false, "tenant": null,
      "problem": null}',
        'and what it says');
SELECT lives_ok($$SELECT prismiq.prismiq_expose('shop.countries', shared => true)$$, 'shared');
SELECT is(pg_temp.exposed('shop.countries'),
    '{"tenant_column": null, "time_column": null, "shared": true, "tenant": null,
      "problem": null}',
        'and what it says');
SELECT lives_ok($$SELECT prismiq.prismiq_expose('shop.orders', tenant => 'acme')$$,
    'one tenant''s, in place of what was');
SELECT is(pg_temp.exposed('shop.orders'),
    '{"tenant_column": null, "time_column": null, "shared": false, "tenant": "acme",
      "problem": null}', 'all of it');

-- What can be exposed

SELECT lives_ok(format('SELECT prismiq.prismiq_expose(%L, %L)', r, 'org_id'), r)
FROM unnest('{shop.parts,shop.parts_1,shop.recent,shop.summary}'::text[]) r;
SELECT throws_ok(format('SELECT prismiq.prismiq_expose(%L, %L)', r, 'org_id'), '22023', message, r)
FROM (VALUES ('shop.orders_org', '"orders_org" cannot be exposed'), ('shop.numbers',
    '"numbers" cannot be exposed'),
             ('passing', 'temporary relations cannot be exposed')) v (r, message);
SELECT throws_ok('SELECT prismiq.prismiq_expose(999999999::oid::regclass, shared => true)',
    'PT404', 'relation not found', 'a number');
SELECT throws_ok('SELECT prismiq.prismiq_expose(NULL, shared => true)', '22023',
    'a relation is required', 'nothing');
SELECT throws_ok($$SELECT prismiq.prismiq_expose('shop.orders', tenant_column => 'org_ids')$$,
    '22023',
    '"orders" has no column "org_ids"', 'a column that is not there');
SELECT throws_ok($$SELECT prismiq.prismiq_expose('shop.orders', tenant_column => 'ctid')$$, '22023',
    '"orders" has no column "ctid"', 'a system column');
SELECT throws_ok(format('SELECT prismiq.prismiq_expose(%L, %L)', 'shop.orders', c), '22023',
    format('values of column "%s" of "orders" cannot be compared for equality', c),
        'a column without equality: ' || c)
FROM unnest('{extra,bits}'::text[]) c;
SELECT throws_ok($$SELECT prismiq.prismiq_expose('shop.orders', 'org_id', 'id')$$, '22023',
    'column "id" of "orders" is no date or timestamp', 'a time column that is none');
SELECT lives_ok($$SELECT prismiq.prismiq_expose('shop.orders', 'org_id', 'noted')$$,
    'a date is one');

-- Who may

SELECT throws_ok($$SELECT prismiq.prismiq_expose('shop.foreign_owner', 'org_id')$$, '42501',
    'must be owner of the relation',
    'what another owns');
SELECT throws_ok($$SELECT prismiq.prismiq_expose('pg_catalog.pg_class', shared => true)$$,
    '42501', NULL, 'a catalog');
SET ROLE exp_other;
SELECT throws_ok($$SELECT prismiq.prismiq_expose('shop.orders', shared => true)$$, '42501',
    'must be owner of the relation',
    'another admin');
SELECT throws_ok($$SELECT prismiq.prismiq_hide('shop.orders')$$, '42501',
    'must be owner of the relation', 'nor hides it');
SELECT is(prismiq.prismiq_exposed(), '[]', 'nor sees it');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_exposures (schema_name, relation_name,
    shared) VALUES ('shop', 'countries', true)$$, '42501', NULL,
    'nor writes the table');
WITH changed AS (UPDATE prismiq.prismiq_exposures SET tenant_column = NULL, shared = true
    RETURNING 1)
SELECT is((SELECT count(*) FROM changed), 0::bigint, 'nor changes rows of others');
SELECT throws_ok(format('INSERT INTO prismiq.prismiq_exposures (schema_name, relation_name, shared)
    VALUES (%L, %L, true)', s, r), '42501', NULL, 'by hand: ' || r)
FROM (VALUES ('pg_catalog', 'pg_authid'), ('prismiq', 'prismiq_dashboards'),
             ('shop', 'foreign_owner'), ('shop', 'not_there_yet')) v (s, r);
SELECT throws_ok('SELECT FROM prismiq.prismiq_exposed_relations', '42501', NULL,
    'nor looks at the numbers');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_exposed_relations VALUES (1, 'shop', 'countries')$$,
    '42501', NULL, 'nor writes them');
SET ROLE app_user;
SELECT throws_ok(s, '42501', NULL, 'an application role: ' || translate(s, E'\n', ' '))
FROM unnest(ARRAY[$$SELECT prismiq.prismiq_expose('public.flights', shared => true)$$,
                  $$SELECT prismiq.prismiq_expose_schema('public', 'state')$$, $$SELECT
                      prismiq.prismiq_hide('public.flights')$$,
                  'SELECT prismiq.prismiq_exposed()', 'SELECT FROM prismiq.prismiq_exposures',
                  $$INSERT INTO prismiq.prismiq_exposures
                      (schema_name, relation_name, shared) VALUES ('public', 'flights', true)$$,
                  'DELETE FROM prismiq.prismiq_exposures', 'TRUNCATE prismiq.prismiq_exposures']) s;
RESET ROLE;
SELECT throws_ok($$SELECT prismiq.prismiq_expose('prismiq.prismiq_dashboards', 'tenant_id')$$,
    '22023',
    'the extension''s own tables cannot be exposed', 'not even a superuser: our own');
SELECT throws_ok($$SELECT prismiq.prismiq_expose('pg_catalog.pg_class', shared => true)$$, '22023',
    'system catalogs cannot be exposed', 'and catalogs');
SELECT throws_ok($$SELECT prismiq.prismiq_expose('information_schema.tables', shared => true)$$,
    '22023',
    'system catalogs cannot be exposed', 'and the information schema');
SELECT lives_ok($$SELECT prismiq.prismiq_expose('shop.foreign_owner', 'org_id')$$,
    'a superuser exposes what others own');
SELECT is(jsonb_array_length(prismiq.prismiq_exposed()) > 6, true, 'and sees all');

-- Back, and to the end

SET ROLE exp_owner;
SELECT is(prismiq.prismiq_hide('shop.countries'), true, 'hide says that it was exposed');
SELECT is(prismiq.prismiq_hide('shop.countries'), false, 'and that it was not');
SELECT is(pg_temp.exposed('shop.countries'), NULL, 'it is hidden');
DROP MATERIALIZED VIEW shop.summary;
DROP VIEW shop.recent;
DROP TABLE shop.orders, shop.parts;
RESET ROLE;
SELECT is((SELECT string_agg(relation_name, ' ') FROM prismiq.prismiq_exposures
           WHERE schema_name = 'shop'), 'foreign_owner', 'exposures end with their relations');
SET ROLE exp_owner;
CREATE TABLE shop.orders (id int, org_id text);
SELECT is(pg_temp.exposed('shop.orders'), NULL, 'and are not those of others of the same name');
RESET ROLE;
DROP SCHEMA shop CASCADE;
SELECT is_empty('SELECT relation_name FROM prismiq.prismiq_exposures WHERE schema_name = ''shop''
    UNION ALL SELECT relation_name FROM prismiq.prismiq_exposed_relations r
    WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = r.relid)', 'with their schemas too');

-- Whole schemas

CREATE SCHEMA depot AUTHORIZATION exp_owner;
SET ROLE exp_owner;
CREATE TABLE depot.a (tenant_id text);
CREATE TABLE depot.b (tenant_id int, at date) PARTITION BY RANGE (at);
CREATE TABLE depot.b_1 PARTITION OF depot.b FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE VIEW depot.c AS SELECT * FROM depot.a;
CREATE TABLE depot.common (id int);
CREATE TABLE depot.kept (tenant_id text);
CREATE TABLE depot.gone (tenant_id text, x int);
ALTER TABLE depot.gone DROP COLUMN tenant_id;
SELECT prismiq.prismiq_expose('depot.kept', shared => true) \gset
RESET ROLE;
CREATE TABLE depot.of_another (tenant_id text);
SET ROLE exp_owner;
SELECT is(prismiq.prismiq_expose_schema('depot', tenant_column => 'tenant_id'), 3,
    'every table that has the column');
SELECT is((SELECT string_agg(e ->> 'relation', ' ') FROM
    jsonb_array_elements(prismiq.prismiq_exposed()) e),
    'depot.a depot.b depot.c depot.kept', 'no partitions, no tables of others');
SELECT is(pg_temp.exposed('depot.kept') -> 'shared', 'true', 'what is exposed stays as it is');
SELECT is(prismiq.prismiq_expose_schema('depot', 'tenant_id'), 0, 'and again does nothing');
SELECT throws_ok($$SELECT prismiq.prismiq_expose_schema('nowhere', 'tenant_id')$$, 'PT404',
    'schema not found', 'no such schema');
SELECT throws_ok($$SELECT prismiq.prismiq_expose_schema('depot', NULL)$$, '22023',
    'tenant_column is required', 'no column');
RESET ROLE;
SELECT is(prismiq.prismiq_expose_schema('prismiq', 'tenant_id'), 0, 'none of our own');

-- The table itself holds to it

SELECT throws_ok($$INSERT INTO prismiq.prismiq_exposures (schema_name, relation_name)
    VALUES ('depot', 'common')$$,
    '23514', NULL, 'none of the three');
SELECT throws_ok($$UPDATE prismiq.prismiq_exposures SET shared = true
    WHERE schema_name = 'depot' AND relation_name = 'a'$$, '23514', NULL, 'two of them');

SELECT finish();
DROP SCHEMA depot CASCADE;
DROP OWNED BY exp_owner, exp_other;
DROP ROLE exp_owner, exp_other;
