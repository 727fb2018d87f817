-- What a backend remembers of the catalogs while it compiles (names, operators, unique keys) is
-- forgotten when it is no longer true. Each statement here is compiled twice, to be remembered,
-- before the catalogs change.
BEGIN;
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SELECT plan(18);
CREATE SCHEMA evil;
CREATE SCHEMA moved;
GRANT USAGE ON SCHEMA evil, moved, public TO app_user;
CREATE TYPE moved.mood AS ENUM ('low', 'high');
CREATE TABLE moved.days (id int, state text, mood moved.mood, other int);
CREATE TABLE moved.notes (day int, words text);
GRANT SELECT ON moved.days, moved.notes TO app_user;
SELECT FROM prismiq.prismiq_expose('moved.days', shared => true);
SELECT FROM prismiq.prismiq_expose('moved.notes', shared => true);

-- What is compiled under a search path, as one line.
CREATE FUNCTION pg_temp.compiled(conditions text, path text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	definition jsonb := format('{"tables": [{"id": "d", "name": "days", "schema": "moved"}],
		"columns": [{"table_id": "d", "column": "id", "aggregation": "sum"}],
		"filters": [%s]}', conditions);
	answer jsonb;
BEGIN
	PERFORM set_config('search_path', path, true);
	FOR i IN 1 .. 2 LOOP
		answer := prismiq.prismiq_compile(definition);
	END LOOP;
	PERFORM pg_catalog.set_config('search_path', 'public', true);
	RETURN regexp_replace(answer ->> 'sql', '\s+', ' ', 'g');
END
$$;
CREATE FUNCTION pg_temp.test_of(name text, value text,
	path text DEFAULT 'evil, pg_catalog, public') RETURNS text LANGUAGE sql AS $$
	SELECT substring(pg_temp.compiled(format(
		'{"table_id": "d", "column": "%s", "operator": "eq", "value": "%s"}', name, value), path)
		FROM 'WHERE (t1.*)')
$$;
CREATE FUNCTION pg_temp.aggregate() RETURNS text LANGUAGE sql AS $$
	SELECT substring(pg_temp.compiled('', 'evil, pg_catalog, public') FROM 'SELECT (\S+)\(')
$$;

SELECT prismiq.prismiq_set_context('acme') AS context \gset

-- ---- Names ------------------------------------------------------------------------
SELECT is(pg_temp.test_of('state', 'x'), 't1.state OPERATOR(pg_catalog.=) $1::text',
	'an operator, and a type, bare');
CREATE FUNCTION evil.same(text, text) RETURNS bool LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.same);
SELECT is(pg_temp.test_of('state', 'x'), 't1.state OPERATOR(pg_catalog.=) $1::text',
	'another operator of that name came in front');
SELECT is(pg_temp.test_of('state', 'x', 'pg_catalog, evil'),
	't1.state OPERATOR(pg_catalog.=) $1::text',
	'and is behind under another search path');
DROP OPERATOR evil.= (text, text);
SELECT is(pg_temp.test_of('state', 'x'), 't1.state OPERATOR(pg_catalog.=) $1::text',
	'it is gone');
CREATE DOMAIN evil.text AS pg_catalog.int4;
SELECT is(pg_temp.test_of('state', 'x'), 't1.state OPERATOR(pg_catalog.=) $1::pg_catalog.text',
	'another type came in front');
DROP DOMAIN evil.text;
SELECT is(pg_temp.test_of('state', 'x'), 't1.state OPERATOR(pg_catalog.=) $1::text',
	'it is gone');
SET quote_all_identifiers = on;
SELECT is(pg_temp.test_of('state', 'x'), 't1."state" OPERATOR("pg_catalog".=) $1::"text"',
	'names quoted, by the setting');
RESET quote_all_identifiers;

SELECT is(pg_temp.aggregate(), 'pg_catalog.sum', 'an aggregate');
CREATE AGGREGATE evil.sum(int) (SFUNC = int4pl, STYPE = int);
SELECT is(pg_temp.aggregate(), 'pg_catalog.sum', 'another came in front');

SELECT is(pg_temp.test_of('mood', 'low'), 't1.mood OPERATOR(pg_catalog.=) $1::moved.mood',
	'a type of a schema');
ALTER TYPE moved.mood SET SCHEMA evil;
SELECT is(pg_temp.test_of('mood', 'low'), 't1.mood OPERATOR(pg_catalog.=) $1::mood',
	'in another schema');
ALTER SCHEMA moved RENAME TO still;
ALTER TYPE evil.mood SET SCHEMA still;
ALTER SCHEMA still RENAME TO moved;
SELECT is(pg_temp.test_of('mood', 'low'), 't1.mood OPERATOR(pg_catalog.=) $1::moved.mood',
	'and back, by a renamed one');

-- ---- Unique keys --------------------------------------------------------------------
CREATE FUNCTION pg_temp.joined() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	definition jsonb := '{"tables": [{"id": "d", "name": "days", "schema": "moved"},
			{"id": "n", "name": "notes", "schema": "moved"}],
		"joins": [{"from_table_id": "n", "from_column": "day",
				   "to_table_id": "d", "to_column": "id"}],
		"columns": [{"table_id": "n", "column": "*", "aggregation": "count"}],
		"fan_out": "error"}';
BEGIN
	FOR i IN 1 .. 2 LOOP
		PERFORM prismiq.prismiq_compile(definition);
	END LOOP;
	RETURN 'single';
EXCEPTION WHEN invalid_parameter_value THEN
	RETURN 'repeated';
END
$$;
CREATE UNIQUE INDEX key ON moved.days (id);
SELECT is(pg_temp.joined(), 'single', 'a unique key');
DROP INDEX moved.key;
CREATE UNIQUE INDEX key ON moved.days (id) WHERE other > 0;
SELECT is(pg_temp.joined(), 'repeated', 'the key is only a partial one');

-- ---- Aggregates -----------------------------------------------------------------------
CREATE TABLE moved.boxes (id int, edges box);
GRANT SELECT ON moved.boxes TO app_user;
SELECT FROM prismiq.prismiq_expose('moved.boxes', shared => true);
CREATE FUNCTION pg_temp.counts() RETURNS text LANGUAGE sql AS $$
	SELECT prismiq.prismiq_validate('{"tables": [{"id": "b", "name": "boxes", "schema": "moved"}],
		"columns": [{"table_id": "b", "column": "edges", "aggregation": "count_distinct"}]}')
		->> 'valid'
$$;
SELECT is(pg_temp.counts(), 'false', 'a type whose values have no order');
CREATE FUNCTION evil.compared(box, box) RETURNS int LANGUAGE sql
	AS 'SELECT btfloat8cmp(area($1), area($2))';
SELECT is(pg_temp.counts(), 'false', 'a function is not yet one');
CREATE OPERATOR CLASS evil.box_ops DEFAULT FOR TYPE box USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 evil.compared(box, box);
SELECT is(pg_temp.counts(), 'true', 'an operator class is');

-- ---- Where the extension is -------------------------------------------------------------
CREATE TABLE planted AS SELECT 'moved.days'::regclass AS relation, NULL::name AS tenant_column,
	NULL::name AS time_column, true AS shared, NULL::text AS tenant;
SET client_min_messages = error;
DROP EXTENSION prismiq CASCADE;
ALTER TABLE planted RENAME TO prismiq_exposures;
ALTER TABLE prismiq_exposures SET SCHEMA prismiq;
CREATE EXTENSION prismiq SCHEMA evil;
SELECT is(evil.prismiq_tables(), '[]', 'a table left in its old schema is not taken for its own');
SELECT * FROM finish();
ROLLBACK;
