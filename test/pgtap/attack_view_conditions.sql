-- What a view runs on rows of any tenant, and what a table's own policies do, may raise an error.
-- If a condition of a definition chose the rows that they run on, the error would tell of these:
-- so an answer is the same whether another tenant has the value that is asked for or not.
\set ON_ERROR_STOP on
SET client_min_messages = error;

CREATE SCHEMA seen;
GRANT USAGE ON SCHEMA seen TO app_user;
CREATE TABLE seen.owners (id int PRIMARY KEY, tenant text NOT NULL);
CREATE TABLE seen.things (id int PRIMARY KEY, owner int NOT NULL, code text, x float8);
CREATE TABLE seen.kept (tenant text, id int, code text, x float8);
INSERT INTO seen.owners VALUES (1, 'acme'), (2, 'beta');
INSERT INTO seen.things SELECT i, 1, 'own' || i, i FROM generate_series(1, 50) AS i;
INSERT INTO seen.things SELECT i, 2, 'secret' || i, -i FROM generate_series(1001, 1050) AS i;
INSERT INTO seen.things SELECT i, 3, 'more' || i, i FROM generate_series(2001, 9000) AS i;
INSERT INTO seen.kept SELECT CASE owner WHEN 1 THEN 'acme' ELSE 'beta' END, id, code, x
FROM seen.things;
CREATE INDEX ON seen.things (code);
CREATE INDEX ON seen.kept (code);
CREATE FUNCTION seen.logarithms(float8) RETURNS SETOF float8 LANGUAGE plpgsql STABLE
	AS 'BEGIN RETURN NEXT ln($1); END';
CREATE FUNCTION seen.may_be_seen(float8) RETURNS boolean LANGUAGE plpgsql STABLE COST 1
	AS 'BEGIN RETURN ln($1) > -9; END';
ALTER TABLE seen.kept ENABLE ROW LEVEL SECURITY;
CREATE POLICY kept ON seen.kept USING (seen.may_be_seen(x));
GRANT SELECT ON seen.kept TO app_user;

-- Rows of owners and things, of which the tenant and the secret stand in different tables.
CREATE VIEW seen.both AS SELECT o.tenant, t.id, t.code, t.x
	FROM seen.owners AS o JOIN seen.things AS t ON t.owner = o.id;

CREATE VIEW seen.v_where AS SELECT * FROM seen.both WHERE ln(x) > -9;
CREATE VIEW seen.v_where_alone AS
	SELECT CASE owner WHEN 1 THEN 'acme' ELSE 'beta' END AS tenant, id, code
	FROM seen.things WHERE ln(x) > -9;
CREATE VIEW seen.v_where_computed AS
	SELECT * FROM (SELECT *, ln(x) AS y FROM seen.both) AS q WHERE y > -9;
CREATE VIEW seen.v_on AS SELECT o.tenant, t.id, t.code
	FROM seen.owners AS o JOIN seen.things AS t ON t.owner = o.id AND ln(t.x) > -9;
CREATE VIEW seen.v_exists AS SELECT * FROM seen.both AS b
	WHERE EXISTS (SELECT FROM seen.things AS u WHERE u.id = b.id AND ln(u.x) > -9);
CREATE VIEW seen.v_in AS SELECT * FROM seen.both AS b
	WHERE ln(b.x) IN (SELECT ln(u.x) FROM seen.things AS u WHERE u.id < 1000);
CREATE VIEW seen.v_locked AS SELECT * FROM seen.both WHERE ln(x) > -9 FOR SHARE;
CREATE VIEW seen.v_barrier WITH (security_barrier) AS SELECT * FROM seen.both WHERE ln(x) > -9;
CREATE VIEW seen.v_sampled AS SELECT o.tenant, t.id, t.code
	FROM seen.owners AS o JOIN seen.things AS t TABLESAMPLE system (100) ON t.owner = o.id
	WHERE ln(t.x) > -9;
CREATE VIEW seen.v_union_where AS SELECT tenant, id, code FROM seen.both WHERE ln(x) > -9
	UNION ALL SELECT tenant, id, code FROM seen.both WHERE ln(x) > -9;
CREATE VIEW seen.v_with AS WITH q AS (SELECT * FROM seen.both WHERE ln(x) > -9) SELECT * FROM q;
CREATE VIEW seen.v_policy AS SELECT o.tenant, k.id, k.code
	FROM seen.owners AS o JOIN seen.kept AS k ON k.tenant = o.tenant;
CREATE VIEW seen.v_groups AS SELECT o.tenant, q.code, q.id FROM seen.owners AS o JOIN
	(SELECT owner, code, sum(ln(x)) AS id FROM seen.things GROUP BY 1, 2) AS q ON q.owner = o.id;
CREATE VIEW seen.v_distinct AS SELECT o.tenant, q.code, q.id FROM seen.owners AS o JOIN
	(SELECT DISTINCT owner, code, ln(x) AS id FROM seen.things) AS q ON q.owner = o.id;
CREATE VIEW seen.v_union AS SELECT o.tenant, q.code, q.id FROM seen.owners AS o JOIN
	(SELECT owner, code, ln(x) AS id FROM seen.things UNION ALL
	 SELECT owner, code, ln(x) AS id FROM seen.things) AS q ON q.owner = o.id;
CREATE VIEW seen.v_group AS SELECT max(tenant) AS tenant, code, sum(ln(x)) AS id
	FROM seen.both GROUP BY code;
CREATE VIEW seen.v_window AS SELECT tenant, code, sum(ln(x)) OVER (PARTITION BY code) AS id
	FROM seen.both;
CREATE VIEW seen.v_first AS SELECT DISTINCT ON (code) tenant, code, ln(x) AS id FROM seen.both;
CREATE VIEW seen.v_sets AS SELECT unnest(ARRAY[tenant]) AS tenant, code, ln(x) AS id FROM seen.both;
-- These compute after the tenant is known, and are asked as before.
CREATE VIEW seen.w_column AS SELECT *, ln(x) AS y FROM seen.both;
CREATE VIEW seen.w_group AS SELECT tenant, code, max(id) AS id, sum(ln(x)) AS y
	FROM seen.both GROUP BY 1, 2 HAVING sum(ln(x)) > -9;
CREATE VIEW seen.w_window AS SELECT *, sum(ln(x)) OVER (PARTITION BY tenant, code) AS y
	FROM seen.both;
GRANT SELECT ON ALL TABLES IN SCHEMA seen TO app_user;
ALTER TABLE seen.kept OWNER TO app_user;
ALTER TABLE seen.kept FORCE ROW LEVEL SECURITY;
ALTER VIEW seen.v_policy OWNER TO app_user;
SELECT count(prismiq.prismiq_expose(oid::regclass, 'tenant')) FROM pg_class
WHERE relnamespace = 'seen'::regnamespace AND (relkind = 'v' OR relname = 'kept') \gset
ANALYZE seen.owners, seen.things, seen.kept;

CREATE FUNCTION pg_temp.answer(name text, code text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN prismiq.prismiq_query(jsonb_build_object(
		'tables', jsonb_build_array(jsonb_build_object('id', 't', 'name', name, 'schema', 'seen')),
		'columns', '[{"table_id": "t", "column": "id"}]'::jsonb,
		'filters', jsonb_build_array(jsonb_build_object('table_id', 't', 'column', 'code',
			'operator', 'eq', 'value', code)))) ->> 'rows';
EXCEPTION WHEN OTHERS THEN
	RETURN sqlstate;
END
$$;
-- The number of all rows, or of the first ones.
CREATE FUNCTION pg_temp.rows_of(name text, options jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN jsonb_array_length(prismiq.prismiq_query(jsonb_build_object(
		'tables', jsonb_build_array(jsonb_build_object('id', 't', 'name', name, 'schema', 'seen')),
		'columns', '[{"table_id": "t", "column": "id"}]'::jsonb), options)::jsonb -> 'rows');
EXCEPTION WHEN OTHERS THEN
	RETURN sqlstate;
END
$$;
-- Its first rows as a list, in another definition.
CREATE FUNCTION pg_temp.listed(name text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN prismiq.prismiq_query(jsonb_build_object(
		'tables', '[{"id": "k", "name": "w_column", "schema": "seen"}]'::jsonb,
		'columns', '[{"table_id": "k", "column": "id"}]'::jsonb,
		'filters', jsonb_build_array(jsonb_build_object('table_id', 'k', 'column', 'y',
			'operator', 'in_query', 'value', jsonb_build_object('query', jsonb_build_object(
				'tables', jsonb_build_array(jsonb_build_object('id', 't', 'name', name,
					'schema', 'seen')), 'limit', 2,
				'columns', '[{"table_id": "t", "column": "id"}]'::jsonb)))))) ->> 'rows';
EXCEPTION WHEN OTHERS THEN
	RETURN sqlstate;
END
$$;
CREATE TEMP VIEW views AS SELECT relname::text AS name FROM pg_class
	WHERE relnamespace = 'seen'::regnamespace AND relname ~ '^[vw]_|^kept$';

SELECT plan(23 * 2 + 4 + 18 * 4 + 1);
SET ROLE app_user;
SET prismiq.tenant_id = 'acme';
SET prismiq.query_timeout = '60s';
RESET ROLE;
GRANT SELECT ON views TO app_user;
SET ROLE app_user;

SELECT is(pg_temp.answer(name, 'secret1007'), pg_temp.answer(name, 'secret7'),
	name || ' says nothing of another tenant''s values')
FROM views ORDER BY name;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SELECT is(pg_temp.answer(name, 'secret1007'), pg_temp.answer(name, 'secret7'),
	name || ' says nothing of them under another plan')
FROM views ORDER BY name;
RESET enable_hashjoin;
RESET enable_mergejoin;

SELECT is(pg_temp.answer(name, 'own7'), '[[7]]', name || ' has the tenant''s rows')
FROM unnest('{kept,w_column,w_group,w_window}'::text[]) AS name;

-- Where another tenant's row stands among the rows of a view is told by no answer that ends early
-- (in v_in the tenant's predicate comes first by itself).
SELECT is(pg_temp.rows_of(name, options), '22023', name || ' is read to its end with ' || options)
FROM views, unnest('{"{}", "{\"limit\": 2}", "{\"max_rows\": 2}"}'::jsonb[]) AS options
WHERE name ~ '^v_' AND name <> 'v_in' ORDER BY name, options;
SELECT is(pg_temp.listed(name), '22023', name || ' is read to its end in a list')
FROM views WHERE name ~ '^v_' AND name <> 'v_in' ORDER BY name;
SET prismiq.tenant_id = 'beta';
SELECT is(pg_temp.answer('kept', 'secret1007'), '22023', 'its own tenant is told of an error');

SELECT * FROM finish();
