-- Rows of another tenant that raise, or tell, whenever anything but the tenant
-- predicate looks at them; and a search path that would have other operators
-- and functions answer.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;

-- A type each of whose operators and functions raises when it meets the word
-- "poison". They cost next to nothing, so
-- that the planner would run them first.
CREATE SCHEMA venom;
CREATE TYPE venom.text;
CREATE FUNCTION venom.text_in(cstring) RETURNS venom.text IMMUTABLE STRICT LANGUAGE internal
	AS 'textin';
CREATE FUNCTION venom.text_out(venom.text) RETURNS cstring IMMUTABLE STRICT LANGUAGE internal
	AS 'textout';
CREATE TYPE venom.text (INPUT = venom.text_in, OUTPUT = venom.text_out, LIKE = pg_catalog.text,
						CATEGORY = 'S');
CREATE CAST (venom.text AS pg_catalog.text) WITHOUT FUNCTION AS IMPLICIT;
GRANT USAGE ON SCHEMA venom TO app_user;
CREATE FUNCTION venom.look(a pg_catalog.text,
		b pg_catalog.text) RETURNS void LANGUAGE plpgsql COST 0.0001 AS $$
BEGIN
	IF a = 'poison' OR b = 'poison' THEN
		RAISE division_by_zero USING MESSAGE = 'poison was looked at';
	END IF;
END
$$;

SELECT format($f$
	CREATE FUNCTION venom.%1$s(a venom.text, b venom.text) RETURNS %3$s
	LANGUAGE plpgsql IMMUTABLE STRICT COST 0.0001 AS $$
	BEGIN
		PERFORM venom.look(a::pg_catalog.text, b::pg_catalog.text);
		RETURN %2$s;
	END $$ $f$, name, body, type)
FROM (VALUES ('eq', 'a::pg_catalog.text = b::pg_catalog.text', 'boolean'),
	('ne', 'a::pg_catalog.text <> b::pg_catalog.text', 'boolean'),
	('lt', 'a::pg_catalog.text < b::pg_catalog.text', 'boolean'),
	('le', 'a::pg_catalog.text <= b::pg_catalog.text', 'boolean'),
	('gt', 'a::pg_catalog.text > b::pg_catalog.text', 'boolean'),
	('ge', 'a::pg_catalog.text >= b::pg_catalog.text', 'boolean'),
	('lk', 'a::pg_catalog.text ~~ b::pg_catalog.text', 'boolean'),
	('nl', 'a::pg_catalog.text !~~ b::pg_catalog.text', 'boolean'),
	('il', 'a::pg_catalog.text ~~* b::pg_catalog.text', 'boolean'),
	('ni', 'a::pg_catalog.text !~~* b::pg_catalog.text', 'boolean'),
	('cmp', 'pg_catalog.bttextcmp(a::pg_catalog.text, b::pg_catalog.text)', 'integer'),
	('larger', 'CASE WHEN a::pg_catalog.text > b::pg_catalog.text THEN a ELSE b END', 'venom.text')
) AS v (name, body, type) \gexec
SELECT format('CREATE OPERATOR venom.%s (LEFTARG = venom.text, RIGHTARG = venom.text,
	FUNCTION = venom.%s, NEGATOR = OPERATOR(venom.%s), RESTRICT = eqsel, JOIN = eqjoinsel%s)',
	op, name, negator, more)
FROM (VALUES ('=', 'eq', '<>', ', MERGES'), ('<>', 'ne', '=', ''), ('<', 'lt', '>=', ''),
	('>=', 'ge', '<', ''), ('>', 'gt', '<=', ''), ('<=', 'le', '>', ''), ('~~', 'lk', '!~~', ''),
	('!~~', 'nl', '~~', ''), ('~~*', 'il', '!~~*', ''), ('!~~*', 'ni', '~~*', ''))
	AS v (op, name, negator, more) \gexec
CREATE OPERATOR CLASS venom.text_ops DEFAULT FOR TYPE venom.text USING btree AS
	OPERATOR 1 venom.<, OPERATOR 2 venom.<=, OPERATOR 3 venom.=, OPERATOR 4 venom.>=,
	OPERATOR 5 venom.>, FUNCTION 1 venom.cmp(venom.text, venom.text);
CREATE AGGREGATE venom.max(venom.text) (SFUNC = venom.larger, STYPE = venom.text);

CREATE TABLE venom.orders (tenant venom.text NOT NULL, id int, org text NOT NULL, v venom.text,
						   n numeric, x int, at timestamptz);
INSERT INTO venom.orders (tenant, id, org, v, n, x, at) VALUES
	('t', 1, 'acme', 'sweet', 1, 2, '2024-01-01'), ('t', 2, 'acme', 'sour', 2, 5, '2024-01-02'),
	('t', 3, 'acme', NULL, NULL, NULL, NULL),
	('t', 4, 'beta', 'poison', '1e400', 0, '2024-01-01'),
	('t', 5, 'beta', 'poison', '1e400', 0, 'infinity');
INSERT INTO venom.orders SELECT 't', g, 'beta', 'poison', '1e400', 0, '2024-01-01'
FROM generate_series(6, 300) AS g;
CREATE INDEX ON venom.orders (org);
CREATE INDEX ON venom.orders (id);
CREATE TABLE venom.floats (org text, id int, f float8);
INSERT INTO venom.floats VALUES ('acme', 1, 1), ('beta', 2, 1e300);

-- What a view computes: a division, a cast, and a tenant that takes longer.
CREATE VIEW venom.computed AS
	SELECT replace(replace(replace(org, 'x', 'y'), 'x', 'y'), 'x', 'y') AS org, id,
		   100 / x AS y, n::float8 AS f, v
	FROM venom.orders;
CREATE VIEW venom.nested AS SELECT org, id, y + 1 AS y, f FROM venom.computed;
CREATE VIEW venom.plain AS SELECT org, id, x, v FROM venom.orders;
GRANT SELECT ON ALL TABLES IN SCHEMA venom TO app_user;
SELECT prismiq_expose(('venom.' || r)::regclass, tenant_column => 'org')
FROM unnest('{orders,floats,computed,nested,plain}'::text[]) AS r \g /dev/null
ALTER TABLE venom.orders ALTER v SET STATISTICS 0;
ANALYZE venom.orders;
SET LOCAL ROLE app_user;
SET LOCAL search_path = oracle, prismiq, venom, public;

-- ---- The poison works ----------------------------------------------------------------
SET LOCAL prismiq.tenant_id = 'beta';
SELECT is(answer(def('o orders', 'o.id', filters(cond('o.v ' || op, value)))),
	'22023 INVALID_VALUE',
	'its own tenant is told of an error: ' || op)
FROM (VALUES ('eq', '"a"'::jsonb), ('in', '["a"]'), ('like', '"a"'), ('gt', '"a"')) AS v (op,
		value);
SELECT is(answer(def('o computed', 'o.id', filters(cond('o.y gt', '0')))), '22023 INVALID_VALUE',
	'and of a division by zero');
SET LOCAL prismiq.tenant_id = 'acme';

-- ---- Under every operator, with every kind of plan --------------------------------------
CREATE FUNCTION pg_temp.answers(definition jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	plan text;
	result text;
	answers text[] := '{}';
BEGIN
	FOREACH plan IN ARRAY '{none,seqscan,indexscan,hashjoin,nestloop,mergejoin}'::text[] LOOP
		IF plan <> 'none' THEN
			PERFORM set_config('enable_' || plan, 'off', true);
		END IF;
		IF plan = 'indexscan' THEN
			PERFORM set_config('enable_bitmapscan', 'off', true);
		END IF;
		result := oracle.answer(definition);
		IF NOT result = ANY (answers) THEN
			answers := answers || result;
		END IF;
		IF plan <> 'none' THEN
			PERFORM set_config('enable_' || plan, 'on', true);
		END IF;
	END LOOP;
	PERFORM set_config('enable_bitmapscan', 'on', true);
	RETURN array_to_string(answers, ' or ');
END
$$;

SELECT is(pg_temp.answers(def('o orders', 'o.id', filters(cond('o.v ' || op, value))
		|| '{"order_by": [{"alias": "id"}]}')), wanted, op || ' ' || coalesce(value::text, ''))
FROM (VALUES ('eq', '"sweet"'::jsonb, '[[1]]'), ('neq', '"sweet"', '[[2], [3]]'),
	('gt', '"sour"', '[[1]]'), ('gte', '"sour"', '[[1], [2]]'), ('lt', '"sweet"', '[[2]]'),
	('lte', '"sour"', '[[2]]'), ('in', '["sweet", "x"]', '[[1]]'),
	('in', '["sweet", null]', '[[1], [3]]'), ('not_in', '["sweet"]', '[[2], [3]]'),
	('not_in', '["sweet", null]', '[[2]]'), ('in_or_null', '["x"]', '[[3]]'),
	('between', '["a", "sp"]', '[[2]]'), ('not_between', '["a", "sp"]', '[[1], [3]]'),
	('like', '"s%"', '[[1], [2]]'), ('ilike', '"SW%"', '[[1]]'),
	('not_like', '"sw%"', '[[2], [3]]'),
	('not_ilike', '"SW%"', '[[2], [3]]'), ('contains', '"EE"', '[[1]]'),
	('starts_with', '"so"', '[[2]]'), ('ends_with', '"T"', '[[1]]'), ('is_null', NULL, '[[3]]'),
	('is_not_null', NULL, '[[1], [2]]')) AS v (op, value, wanted);
SELECT is(pg_temp.answers(def('o orders', 'o.v, o.v max = m, o.* count', '{"having":
	[{"column": "m", "operator": "neq", "value": "sweet"}], "order_by": [{"alias": "v"}]}')),
	'[["sour", "sour", 1], [null, null, 1]]', 'grouped, aggregated, having, ordered');
SELECT is(pg_temp.answers(def('a orders, b orders', 'a.id, b.id', joins => 'a.v = b.v'
	|| join_type, rest => '{"order_by": [{"alias": "id"}]}')), wanted, 'joined' || join_type)
FROM (VALUES ('', '[[1, 1], [2, 2]]'), (' LEFT', '[[1, 1], [2, 2], [3, null]]'))
	AS v (join_type, wanted);
SELECT is(pg_temp.answers(def('a orders, b floats', 'a.id, b.f', joins => 'a.n = b.f')),
	'[[1, 1]]', 'a number that is too large for the other side''s type');
SELECT is(pg_temp.answers(def('o orders', 'o.* count', '{"time_series": {"table_id": "o",
	"date_column": "at", "interval": "day"}}' || filters(cond('o.v neq', '"sour"')))),
	'[["2024-01-01T00:00:00+00:00", 1], ["2024-01-02T00:00:00+00:00", 0]]', 'in a time series');

-- ---- Under everything else that looks at values ----------------------------------------------
SELECT is(pg_temp.answers(definition), wanted, name)
FROM (VALUES
	('scope any', def('f floats, o orders', 'f.id', joins => 'f.id = o.id',
		rest => filters(cond('o.v eq', '"sweet"', '{"scope": "any"}'))), '[[1]]'),
	('scope any, joined on it', def('a orders, o orders', 'a.id', joins => 'a.v = o.v',
		rest => filters(cond('o.v neq', '"sweet"', '{"scope": "any"}'))
			|| '{"order_by": [{"alias": "id"}]}'), '[[2]]'),
	('scope none', def('a orders, o orders', 'a.id', joins => 'a.v = o.v',
		rest => filters(cond('o.v gt', '"sour"', '{"scope": "none"}'))
			|| '{"order_by": [{"alias": "id"}]}'), '[[2], [3]]'),
	('scope join', def('a orders, o orders', 'a.id, o.id', joins => 'a.id = o.id LEFT',
		rest => filters(cond('o.v gt', '"sour"', '{"scope": "join"}'))
			|| '{"order_by": [{"alias": "id"}]}'), '[[1, 1], [2, null], [3, null]]'),
	('windows', def('o orders', 'o.v, o.* count = c', rest => '{"windows": [
		{"alias": "l", "function": "lag", "of": "v", "partition_by": ["c"],
		 "order_by": [{"alias": "v"}]}],
		"qualify": [{"column": "l", "operator": "eq", "value": "sour"}]}'),
		'[["sweet", 1, "sour"]]'),
	('totals', def('o orders', 'o.v, o.id sum', rest => '{"totals": true}'),
		'[["sour", 2, 0], ["sweet", 1, 0], [null, 3, 0], [null, 6, 1]]'),
	('totals of what a view computes', def('o computed', 'o.y, o.id sum',
		rest => '{"totals": true}'), '[[20, 2, 0], [50, 1, 0], [null, 3, 0], [null, 6, 1]]'),
	('scope any on what a view computes', def('f floats, o computed', 'f.id',
		joins => 'f.id = o.id', rest => filters(cond('o.y gt', '1', '{"scope": "any"}'))), '[[1]]'),
	('multiplied', def('a orders, b orders', 'a.v, a.id sum, b.id sum, b.v max',
		joins => 'a.v = b.v', rest => '{"order_by": [{"alias": "v"}]}'),
		'[["sour", 2, 2, "sour"], ["sweet", 1, 1, "sweet"]]'),
	('another operator in a join', def('a orders, b orders', 'a.id, b.id', rest => '{"joins": [
		{"from_table_id": "a", "to_table_id": "b", "join_type": "LEFT",
		 "on": [{"from_column": "v", "to_column": "v", "operator": "gt"}]}],
		"order_by": [{"alias": "id"}]}'), '[[1, 2], [2, null], [3, null]]'))
	AS v (name, definition, wanted);

-- ---- Views that compute --------------------------------------------------------------------
SELECT is(pg_temp.answers(def('o ' || name, 'o.id', filters(cond('o.y ' || op, value))
		|| '{"order_by": [{"alias": "id"}]}')), wanted, name || ' ' || op)
FROM (VALUES ('computed', 'eq', '50'::jsonb, '[[1]]'), ('computed', 'lt', '50', '[[2]]'),
	('computed', 'in', '[20]', '[[2]]'), ('computed', 'is_null', NULL, '[[3]]'),
	('nested', 'eq', '51', '[[1]]'), ('nested', 'between', '[20.5, 30]', '[[2]]'))
	AS v (name, op, value, wanted);
SELECT is(pg_temp.answers(def('a computed, b orders', 'b.id', joins => 'a.y = b.id')), '[]',
	'joined on what a view computes');
SELECT is(pg_temp.answers(def('o computed', 'o.f max')), '[[2]]', 'aggregated');
SELECT is(prismiq_column_sample(name, 'y'), wanted, 'a sample of ' || name)
FROM (VALUES ('computed', '[20, 50]'::jsonb), ('nested', '[21, 51]')) AS v (name, wanted);
SELECT is(prismiq_column_sample('orders', 'v'), '["sour", "sweet"]', 'a sample');
SELECT unalike(prismiq_compile(def('o plain', 'o.id', filters(cond('o.x gt', '1')))) ->> 'sql',
	'%OFFSET%', 'a view''s plain columns need no barrier');

-- ---- Hostile search path ---------------------------------------------------------------------
RESET ROLE;
CREATE SCHEMA evil;
CREATE TYPE evil.text AS (x int);
CREATE TYPE evil.timestamptz AS (x int);
CREATE DOMAIN evil."date" AS int;
CREATE FUNCTION evil.yes(anycompatible,
		anycompatible) RETURNS boolean LANGUAGE sql AS 'SELECT true';
SELECT format('CREATE FUNCTION evil.%s(%s, %s) RETURNS boolean LANGUAGE sql AS ''SELECT true''',
		n, t, t),
	   format('CREATE OPERATOR evil.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = evil.%s)', o, t,
			t, n)
FROM (VALUES ('=', 'eq'), ('<', 'lt'), ('>=', 'ge'), ('~~*', 'il')) AS v (o, n),
	 unnest('{pg_catalog.text,integer,numeric,timestamp with time zone}'::text[]) AS t \gexec
CREATE FUNCTION evil.sum(integer) RETURNS bigint LANGUAGE sql AS 'SELECT 666::bigint';
CREATE FUNCTION evil.next(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 666::bigint';
CREATE AGGREGATE evil.count(*) (SFUNC = evil.next, STYPE = bigint, INITCOND = 666);
CREATE FUNCTION evil.prismiq_time_bucket(interval, timestamptz, pg_catalog.text) RETURNS timestamptz
	LANGUAGE sql AS 'SELECT now()';
CREATE VIEW evil.orders AS SELECT 1 AS id;
GRANT USAGE ON SCHEMA evil TO app_user;
SET LOCAL ROLE app_user;
CREATE TEMP TABLE asked AS SELECT
	def('o orders, c customers', 'c.region, o.small sum, o.* count, o.amount max',
		'{"time_series": {"table_id": "o", "date_column": "placed_at", "interval": "month",
		  "timezone": "UTC"}, "having": [{"column": "count", "operator": "gte", "value": 2}]}'
		|| filters(cond('o.amount lt', '400'), cond('c.name ilike', '"a%"'),
				   cond('o.placed_at between', '["2024-01-01", "2024-06-30"]')),
		'o.customer_id = c.id LEFT')
	|| '{"tables": [{"id": "o", "name": "orders", "schema": "shop"},
					{"id": "c", "name": "customers", "schema": "shop"}]}' AS definition;
CREATE TEMP TABLE answers AS SELECT 'plain' AS path,
	prismiq.prismiq_query(definition)::jsonb -> 'rows' AS answer FROM asked;
SET LOCAL search_path = evil, pg_catalog;
INSERT INTO answers SELECT 'hostile',
	prismiq.prismiq_query(definition)::jsonb OPERATOR(pg_catalog.->) 'rows' FROM asked;
SET LOCAL search_path = '';
INSERT INTO answers SELECT 'empty', prismiq.prismiq_query(definition)::jsonb -> 'rows' FROM asked;
SET LOCAL search_path = evil;
INSERT INTO answers SELECT 'hostile behind',
	prismiq.prismiq_query(definition)::jsonb -> 'rows' FROM asked;
SET LOCAL search_path = oracle, prismiq, shop, public;
SELECT is(a.answer, b.answer, a.path || ' search path: the same answer')
FROM answers a, answers b WHERE b.path = 'plain' AND a.path <> 'plain';
SELECT cmp_ok(jsonb_array_length(answer), '>', 20,
		'and it is one') FROM answers WHERE path = 'plain';

SELECT * FROM finish();
ROLLBACK;
