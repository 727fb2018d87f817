-- Columns that tell tenants apart: types in which two tenants could be one are refused, and a
-- tenant sees the rows whose value, written out, is its id.
\set ON_ERROR_STOP on
SET client_min_messages = error;

CREATE EXTENSION citext SCHEMA public;
CREATE EXTENSION hstore SCHEMA public;
CREATE SCHEMA kinds;
GRANT USAGE ON SCHEMA kinds TO app_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA kinds GRANT SELECT ON TABLES TO app_user;
CREATE TYPE kinds.colour AS ENUM ('red', 'Red', 'dark red');
CREATE TYPE kinds.pair AS (a int, b int);
CREATE TYPE kinds.span AS RANGE (subtype = text);
CREATE DOMAIN kinds.word AS varchar(20) CHECK (value <> '');
CREATE DOMAIN kinds.words AS kinds.word;
CREATE DOMAIN kinds.amount AS float8;
CREATE DOMAIN kinds.ci AS public.citext;
CREATE COLLATION kinds.anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE DOMAIN kinds.loose_text AS text COLLATE kinds.anycase;

-- What tenant sees of a table.
CREATE FUNCTION pg_temp.seen(tenant text, name text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('prismiq.tenant_id', tenant, true);
    RETURN prismiq.prismiq_query(jsonb_build_object(
        'tables', jsonb_build_array(jsonb_build_object('id', 't', 'name', name)),
        'columns', '[{"table_id": "t", "column": "v"}]'::jsonb))::jsonb ->> 'rows';
EXCEPTION WHEN OTHERS THEN
    RETURN regexp_replace(sqlerrm, 'table ".*" not found', 'not found');
END
$$;

SELECT no_plan();

-- ---- Refused ---------------------------------------------------------------------------
CREATE TABLE kinds.refused (
    one "char", number oid, row_of tid, transaction xid, transaction8 xid8, command cid, lsn pg_lsn,
    f4 float4, f8 float8, n numeric, n10 numeric(10, 0), price money, b bool, bits bit(3),
    varbits varbit, bytes bytea, d date, ts timestamp, tstz timestamptz, t time, ttz timetz,
    i interval, ip inet, net cidr, mac macaddr, mac8 macaddr8, jb jsonb, vector tsvector,
    search tsquery, class regclass, kind regtype, role regrole, space regnamespace,
    function regproc, texts text[], ints int[], pair kinds.pair, span kinds.span,
    spans int4multirange, r int4range, ci public.citext, ci_domain kinds.ci, amount kinds.amount,
    colours kinds.colour[], place point, area box, shape polygon, hs hstore);
SELECT throws_ok(format('SELECT prismiq.prismiq_expose(%L, %L)', 'kinds.refused', attname), '22023',
    NULL, 'refused: ' || attname)
FROM pg_attribute WHERE attrelid = 'kinds.refused'::regclass AND attnum > 0;
SELECT throws_ok($$ SELECT prismiq.prismiq_expose('kinds.refused', 'f8') $$, '22023',
    'column "f8" of "refused" is of type double precision, in which two tenants could be one',
    'and what is said');
CREATE TABLE kinds.loose (tenant text COLLATE kinds.anycase, domained kinds.loose_text,
    fixed char(5) COLLATE kinds.anycase);
SELECT throws_ok(format('SELECT prismiq.prismiq_expose(%L, %L)', 'kinds.loose', attname), '22023',
    format('column "%s" of "loose" has a collation under which two tenants could be one', attname),
    'a collation: ' || attname)
FROM pg_attribute WHERE attrelid = 'kinds.loose'::regclass AND attnum > 0;
CREATE VIEW kinds.loose_view AS SELECT tenant FROM kinds.loose;
SELECT throws_ok($$ SELECT prismiq.prismiq_expose('kinds.loose_view', 'tenant') $$, '22023', NULL,
    'a collation through a view');
CREATE SCHEMA many CREATE TABLE fine (tenant text) CREATE TABLE real (tenant real);
SELECT throws_ok($$ SELECT prismiq.prismiq_expose_schema('many', 'tenant') $$, '22023',
    'column "tenant" of "real" is of type real, in which two tenants could be one',
    'a whole schema with such a column');
SELECT is(prismiq.prismiq_exposed() @> '[{"relation": "many.fine"}]', false,
    'is not exposed by half');

-- ---- Taken -----------------------------------------------------------------------------
CREATE TABLE kinds.of_text (tenant text, v text);
CREATE TABLE kinds.of_varchar (tenant varchar(5), v text);
CREATE TABLE kinds.of_char (tenant char(5), v text);
CREATE TABLE kinds.of_name (tenant name, v text);
CREATE TABLE kinds.of_uuid (tenant uuid, v text);
CREATE TABLE kinds.of_int2 (tenant int2, v text);
CREATE TABLE kinds.of_int4 (tenant int4, v text);
CREATE TABLE kinds.of_int8 (tenant int8, v text);
CREATE TABLE kinds.of_colour (tenant kinds.colour, v text);
CREATE TABLE kinds.of_words (tenant kinds.words, v text);
CREATE TABLE kinds.of_c (tenant text COLLATE "C", v text);
INSERT INTO kinds.of_text VALUES ('acme', 'acme'), ('Acme', 'Acme'), ('acme ', 'acme blank'),
    ('é', 'composed'), (U&'e\0301', 'decomposed');
INSERT INTO kinds.of_varchar VALUES ('acme', 'acme'), ('acme ', 'acme blank');
INSERT INTO kinds.of_char VALUES ('acme', 'acme');
INSERT INTO kinds.of_name VALUES (repeat('n', 63), 'n');
INSERT INTO kinds.of_uuid VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'uuid');
INSERT INTO kinds.of_int2 VALUES (7, '7'), (-7, '-7');
INSERT INTO kinds.of_int4 VALUES (7, '7'), (-7, '-7');
INSERT INTO kinds.of_int8 VALUES (7, '7'), (9007199254740993, 'large');
INSERT INTO kinds.of_colour VALUES ('red', 'red'), ('Red', 'Red'), ('dark red', 'dark');
INSERT INTO kinds.of_words VALUES ('acme', 'acme'), ('acme ', 'acme blank');
INSERT INTO kinds.of_c VALUES ('acme', 'acme');
SELECT prismiq.prismiq_expose(oid::regclass, 'tenant') FROM pg_class
WHERE relnamespace = 'kinds'::regnamespace AND relname LIKE 'of\_%' \g /dev/null

SET ROLE app_user;
SELECT is(pg_temp.seen(tenant, name), COALESCE('[["' || v || '"]]', 'not found'),
    format('%s, tenant %L', name, tenant))
FROM (VALUES
    ('of_text', 'acme', 'acme'), ('of_text', 'Acme', 'Acme'), ('of_text', 'acme ', 'acme blank'),
    ('of_text', 'é', 'composed'), ('of_text', U&'e\0301', 'decomposed'),
    ('of_varchar', 'acme', 'acme'), ('of_varchar', 'acme ', 'acme blank'),
    ('of_char', 'acme', 'acme'), ('of_char', 'acme ', NULL),
    ('of_name', repeat('n', 63), 'n'), ('of_name', repeat('n', 64), NULL),
    ('of_uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'uuid'),
    ('of_uuid', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', NULL),
    ('of_uuid', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', NULL),
    ('of_uuid', 'a0eebc999c0b4ef8bb6d6bb9bd380a11', NULL), ('of_uuid', 'acme', NULL),
    ('of_int4', '7', '7'), ('of_int4', '-7', '-7'), ('of_int4', ' 7', NULL),
    ('of_int4', '7 ', NULL), ('of_int4', '+7', NULL), ('of_int4', '007', NULL),
    ('of_int4', '7.0', NULL), ('of_int4', '0x7', NULL), ('of_int4', '7_', NULL),
    ('of_int4', '4294967303', NULL), ('of_int4', 'acme', NULL),
    ('of_int2', '7', '7'), ('of_int2', '65543', NULL), ('of_int2', '07', NULL),
    ('of_int8', '7', '7'), ('of_int8', '9007199254740993', 'large'), ('of_int8', '07', NULL),
    ('of_int8', '18446744073709551623', NULL),
    ('of_colour', 'red', 'red'), ('of_colour', 'Red', 'Red'), ('of_colour', 'RED', NULL),
    ('of_colour', 'dark red', 'dark'), ('of_colour', ' red', NULL),
    ('of_words', 'acme', 'acme'), ('of_words', 'acme ', 'acme blank'), ('of_c', 'acme', 'acme')
) t (name, tenant, v);
SELECT is(pg_temp.seen('A', name), '[]', 'a tenant without rows: ' || name)
FROM unnest('{of_text,of_varchar,of_char,of_words,of_c}'::text[]) name;
SET prismiq.tenant_id = '007';
SELECT is(prismiq.prismiq_tables() ? 'of_int4', false, 'nor is the table listed');
SELECT is(prismiq.prismiq_validate('{"tables": [{"id": "t", "name": "of_int"}],
    "columns": [{"table_id": "t", "column": "v"}]}') -> 'errors' -> 0 ->> 'suggestion' ~ 'of_int',
    false, 'or suggested');

-- ---- Exposed already, and then of another type ---------------------------------------------
RESET ROLE;
CREATE FUNCTION pg_temp.seen_as(type text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('ALTER TABLE kinds.of_c ALTER tenant TYPE %s', type);
    SET LOCAL ROLE app_user;
    result := pg_temp.seen('acme', 'of_c');
    RESET ROLE;
    RETURN result || COALESCE(': ' || (SELECT e ->> 'problem'
        FROM jsonb_array_elements(prismiq.prismiq_exposed()) e
        WHERE e ->> 'relation' = 'kinds.of_c'), '');
END
$$;
SELECT is(pg_temp.seen_as(t), 'not found: tenant_type', t)
FROM unnest(ARRAY['public.citext', '"char" USING tenant::text::"char"',
    'text COLLATE kinds.anycase USING tenant::text', 'kinds.loose_text',
    'bytea USING tenant::text::bytea']) t;
SELECT is(pg_temp.seen_as('varchar COLLATE "C" USING ''acme'''), '[["acme"]]', 'and back');
ALTER TABLE kinds.of_c RENAME tenant TO other;
SELECT is(pg_temp.seen('acme', 'of_c'), 'not found', 'renamed');
ALTER TABLE kinds.of_c ADD tenant text DEFAULT 'acme';
SELECT is(pg_temp.seen('acme', 'of_c'), '[["acme"]]', 'another column of the name');
ALTER TABLE kinds.of_c DROP tenant;
SELECT is(pg_temp.seen('acme', 'of_c'), 'not found', 'dropped');
SELECT * FROM finish();
