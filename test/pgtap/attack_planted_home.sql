-- What is planted where a type or an extension is at home: in a schema in which others may create
-- things, an operator that fits a type better than any other, or a function that fits an argument
-- better than the extension's own. None of them is called.
\set ON_ERROR_STOP on
SET client_min_messages = error;

DO $$ BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'home_planter') THEN
		CREATE ROLE home_planter;
	END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE SCHEMA home;
GRANT CREATE, USAGE ON SCHEMA home TO home_planter;
GRANT USAGE ON SCHEMA home TO app_user;
CREATE TYPE home.kind;
CREATE FUNCTION home.kind_in(cstring) RETURNS home.kind LANGUAGE internal IMMUTABLE STRICT
	AS 'textin';
CREATE FUNCTION home.kind_out(home.kind) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT
	AS 'textout';
CREATE TYPE home.kind (INPUT = home.kind_in, OUTPUT = home.kind_out, LIKE = text, CATEGORY = 'S');
CREATE CAST (home.kind AS text) WITHOUT FUNCTION;
CREATE TABLE home.things (tenant text, id int, kind home.kind, note text);
INSERT INTO home.things VALUES ('acme', 1, 'low', 'a'), ('acme', 2, 'high', 'b'),
	('acme', 3, 'high', 'b'), ('beta', 4, 'low', 'c');
GRANT SELECT ON home.things TO app_user;
SELECT FROM prismiq.prismiq_expose('home.things', tenant_column => 'tenant');

-- An extension of the name, with an estimate that is exact.
CREATE FUNCTION home.hll_hash_any(anyelement, int) RETURNS bigint LANGUAGE sql IMMUTABLE
	AS 'SELECT hashtextextended($1::text, $2)';
CREATE AGGREGATE home.hll_add_agg(bigint) (SFUNC = array_append, STYPE = bigint[]);
CREATE FUNCTION home.hll_cardinality(bigint[]) RETURNS float8 LANGUAGE sql IMMUTABLE
	AS 'SELECT count(DISTINCT u) FROM unnest($1) AS u';
SET allow_system_table_mods = on;
INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
SELECT 4000000000, 'hll', 10, 'home'::regnamespace, false, '1';
RESET allow_system_table_mods;
ALTER EXTENSION hll ADD FUNCTION home.hll_hash_any(anyelement, int);
ALTER EXTENSION hll ADD AGGREGATE home.hll_add_agg(bigint);
ALTER EXTENSION hll ADD FUNCTION home.hll_cardinality(bigint[]);

CREATE FUNCTION pg_temp.rows(rest jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN prismiq.prismiq_query('{"tables": [{"id": "t", "name": "things", "schema": "home"}]}'
		|| rest) ->> 'rows';
EXCEPTION WHEN OTHERS THEN
	RETURN sqlstate || ' ' || sqlerrm;
END
$$;
CREATE FUNCTION pg_temp.told(rest jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT prismiq.prismiq_validate('{"tables": [{"id": "t", "name": "things", "schema": "home"}]}'
		|| rest) #>> '{warnings,0,message}'
$$;
CREATE FUNCTION pg_temp.alike() RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.rows('{"columns": [{"table_id": "t", "column": "id"}], "filters": [
		{"table_id": "t", "column": "kind", "operator": "like", "value": "hi%"}],
		"order_by": [{"alias": "id"}]}')
$$;
CREATE FUNCTION pg_temp.many() RETURNS jsonb LANGUAGE sql AS $$
	SELECT '{"columns": [{"table_id": "t", "column": "note",
		"aggregation": "approx_count_distinct"}]}'::jsonb
$$;

SELECT plan(6);
SET ROLE app_user;
SET prismiq.tenant_id = 'acme';
SELECT is(pg_temp.alike(), '[[2],[3]]', 'a type of somebody''s is compared with a pattern as text');
SELECT is(pg_temp.rows(pg_temp.many()), '[[2]]', 'an extension estimates');
SELECT alike(pg_temp.told(pg_temp.many()), '%is an estimate', 'and says so');

SET ROLE home_planter;
CREATE FUNCTION home.planted(home.kind, home.kind) RETURNS boolean LANGUAGE plpgsql
	AS $$ BEGIN RAISE 'planted'; END $$;
CREATE OPERATOR home.~~ (FUNCTION = home.planted, LEFTARG = home.kind, RIGHTARG = home.kind);
CREATE FUNCTION home.hll_hash_any(text, int) RETURNS bigint LANGUAGE plpgsql IMMUTABLE
	AS $$ BEGIN RAISE 'planted'; END $$;
SET ROLE app_user;
SELECT is(pg_temp.alike(), '[[2],[3]]', 'an operator beside the type is not its own');
SELECT is(pg_temp.rows(pg_temp.many()), '[[2]]', 'a function beside the extension is not its own');
SELECT alike(pg_temp.told(pg_temp.many()), '%is exact', 'and nothing is estimated with it');

SELECT * FROM finish();
