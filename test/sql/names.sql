-- Names are the catalog's own, quoted where they must be; the search path
-- leads to nothing but PostgreSQL's own operators and functions.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\set prelude :srcdir /sql/include/prelude.sql
\i :prelude
\set long 'long name that has just as many bytes as PostgreSQL lets it be.'
\set emoji '🛫 départs "x"; --'
CREATE SCHEMA "My.Shop ""x""";
CREATE TABLE "My.Shop ""x"""."Odd ""Orders"".x" ("Tenant Id" text, "order" int, "select" int,
		"a.b" int,
	:"emoji" int, "it's" int, :"long" int, "CamelCase" text, "$1" timestamptz);
SELECT prismiq_expose('"My.Shop ""x"""."Odd ""Orders"".x"', tenant_column => 'Tenant Id');
CREATE FUNCTION pg_temp.odd(rest jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.compiled('o x', jsonb_build_object('tables', jsonb_build_array(
		jsonb_build_object('id', 'o', 'name', 'Odd "Orders".x', 'schema', 'My.Shop "x"'))) || rest)
$$;

-- Every column by its name, and an alias of each kind.
SELECT pg_temp.odd(jsonb_build_object('columns', (SELECT jsonb_agg(jsonb_build_object(
		'table_id', 'o', 'column', attname,
		'alias', CASE WHEN attnum > 5 THEN 'alias "' || attnum || '" $1' END) ORDER BY attnum)
	FROM pg_attribute WHERE attnum > 0
		AND attrelid = '"My.Shop ""x"""."Odd ""Orders"".x"'::regclass)));

-- Found along the search path, or as the only one of its name.
SELECT pg_temp.compiled('o x', '{"tables": [{"id": "o", "name": "Odd \"Orders\".x"}],
	"columns": [{"table_id": "o", "column": "$1", "date_trunc": "day", "alias": "O''Day"}]}');

-- Ids of tables are anything at all: they never reach the statement.
SELECT pg_temp.compiled('o x', '{"tables": [{"id": "1; --\"", "name": "orders", "alias": "x\"y"}],
	"columns": [{"table_id": "1; --\"", "column": "id"}]}');

-- A name of 64 bytes is none, and is not cut to one that is.
SELECT octet_length(:'long');
SELECT pg_temp.refused(jsonb_build_object('tables',
		'[{"id": "o", "name": "Odd \"Orders\".x"}]'::jsonb,
	'columns', jsonb_build_array(jsonb_build_object('table_id', 'o', 'column', :'long' || 'x'))));

-- Names that are taken get a number, and stay within 63 bytes.
SELECT c ->> 'name', octet_length(c ->> 'name') FROM jsonb_array_elements(prismiq_compile(
	pg_temp.definition('o orders', jsonb_build_object('columns',
		(SELECT jsonb_agg(jsonb_build_object(
		'table_id', 'o', 'column', 'id', 'alias', repeat('é', 31))) FROM generate_series(1, 3)))))
	-> 'columns') AS c;

-- A hostile search path: what is found there is not what is meant.
CREATE SCHEMA evil;
CREATE TYPE evil.text AS (x int);
CREATE FUNCTION evil.yes(pg_catalog.text,
		pg_catalog.text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION evil.sum(numeric) RETURNS numeric LANGUAGE sql AS 'SELECT 666.0';
CREATE FUNCTION evil.next(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 666::bigint';
CREATE AGGREGATE evil.count(*) (SFUNC = evil.next, STYPE = bigint, INITCOND = 666);
CREATE OPERATOR evil.= (LEFTARG = pg_catalog.text, RIGHTARG = pg_catalog.text, FUNCTION = evil.yes);
CREATE OPERATOR evil.~~* (LEFTARG = pg_catalog.text, RIGHTARG = pg_catalog.text,
		FUNCTION = evil.yes);
CREATE TABLE shop.asked AS SELECT pg_temp.definition('o orders',
		'{"tables": [{"id": "o", "name": "orders",
	"schema": "shop"}], "columns": [{"table_id": "o", "column": "status"},
	{"table_id": "o", "column": "amount", "aggregation": "sum"},
	{"table_id": "o", "column": "*", "aggregation": "count"}],
	"filters": [{"table_id": "o", "column": "status", "operator": "contains", "value": "x"}]}') AS
		d;
SET LOCAL search_path = evil, pg_catalog;
SELECT prismiq.prismiq_compile(d) OPERATOR(pg_catalog.->>) 'sql' FROM shop.asked;
SET LOCAL search_path = evil;
SELECT prismiq.prismiq_compile(d) ->> 'sql' FROM shop.asked;
ROLLBACK;
