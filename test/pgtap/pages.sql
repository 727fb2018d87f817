-- An order in which no two rows are equal, whenever a part of an answer is asked
-- for: what follows what was asked, where there is nothing that could (a warning
-- says so), what it must not be made of, and what it must not cost.
-- page_random.sql asks for pages of all kinds of answers.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
CREATE SCHEMA pages;
GRANT USAGE ON SCHEMA pages TO app_user;

-- Few kinds, so that every order by kind has ties; "at" has an index, "day" has none.
CREATE TABLE pages.item (tenant text NOT NULL, id int, kind int, name text, secret text NOT NULL,
						 at timestamptz NOT NULL, PRIMARY KEY (tenant, id));
INSERT INTO pages.item
SELECT t, i, i % 3, 'n' || i, md5(i::text),
	   timestamptz '2024-01-01 00:00 UTC' + i / 3 * interval '1 h'
FROM unnest('{acme,beta}'::text[]) AS t, generate_series(1, 20000) AS i;
CREATE INDEX ON pages.item (tenant, at);
CREATE TABLE pages.kind (id int PRIMARY KEY, name text);
INSERT INTO pages.kind VALUES (0, 'a'), (1, 'b'), (2, 'b');
CREATE TABLE pages.keyless AS SELECT * FROM pages.item WHERE id < 20;
CREATE TABLE pages.maybe (tenant text NOT NULL, id int, name text, UNIQUE (tenant, id));
CREATE TABLE pages.secretive (tenant text NOT NULL, name text, secret text,
							  PRIMARY KEY (tenant, secret));
CREATE TABLE pages.partly (tenant text NOT NULL, name text, secret text,
							  PRIMARY KEY (tenant, secret));
CREATE TABLE pages.second (tenant text NOT NULL, name text, secret text PRIMARY KEY,
						   code int NOT NULL UNIQUE);
CREATE TABLE pages.only (tenant text PRIMARY KEY, name text);
CREATE VIEW pages.seen AS SELECT * FROM pages.item WHERE id < 20;
CREATE TABLE pages.parent (tenant text NOT NULL, id int PRIMARY KEY, name text);
CREATE TABLE pages.child () INHERITS (pages.parent);
CREATE TABLE pages.parted (tenant text NOT NULL, id int, name text, PRIMARY KEY (tenant, id))
	PARTITION BY LIST (tenant);
CREATE TABLE pages.part PARTITION OF pages.parted DEFAULT;
GRANT SELECT ON ALL TABLES IN SCHEMA pages TO app_user;
REVOKE SELECT ON pages.partly FROM app_user;
GRANT SELECT (tenant, name) ON pages.partly TO app_user;
SELECT count(prismiq.prismiq_expose(c.oid::regclass, tenant_column => 'tenant')) AS exposed
FROM pg_class AS c WHERE relnamespace = 'pages'::regnamespace AND relkind IN ('r', 'v', 'p')
	AND relname <> 'kind' \gset
SELECT FROM prismiq.prismiq_expose('pages.kind', shared => true);
INSERT INTO prismiq.prismiq_schema_config (tenant_id, config)
VALUES ('acme', '{"tables": {"secretive": {"columns": {"secret": {"hidden": true}}},
						   "second": {"columns": {"secret": {"hidden": true}}}}}');
ANALYZE pages.item;

-- ORDER BY of a compiled statement, the last one.
CREATE FUNCTION pg_temp.order(definition jsonb, options jsonb = '{}') RETURNS text
LANGUAGE sql AS $$
	SELECT substring(prismiq.prismiq_compile(definition, options) ->> 'sql'
					 FROM '.*\nORDER BY ([^\n]*)')
$$;
CREATE FUNCTION pg_temp.warnings(definition jsonb, options jsonb = '{}') RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', w ->> 'code', w ->> 'path', w ->> 'message'), E'\n')
	FROM jsonb_array_elements(prismiq.prismiq_query(definition, options)::jsonb -> 'warnings') AS w
$$;
CREATE FUNCTION pg_temp.items(rest jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT oracle.def('i item', 'i.name, i.kind') || rest
$$;
SET LOCAL ROLE app_user;

-- ---- When -------------------------------------------------------------------------
SELECT is(pg_temp.order(pg_temp.items()), NULL, 'a whole answer has no order of ours');
SELECT is(pg_temp.order(pg_temp.items('{"order_by": [{"alias": "kind"}]}')), '2',
	'nor has one that is ordered');
SELECT is(pg_temp.order(pg_temp.items(d), o), 't1.id', concat_ws(' ', 'a part has:', d, o))
FROM (VALUES ('{"limit": 5}'::jsonb, '{}'::jsonb), ('{"limit": 0}', '{}'), ('{"offset": 5}', '{}'),
	('{}', '{"page": 1}'), ('{}', '{"limit": 5}'), ('{}', '{"offset": 5}')) AS v (d, o);
SELECT is(pg_temp.order(pg_temp.items(), '{"sort": [{"alias": "kind"}]}'), '2, t1.id',
	'and so has what is sorted');
SELECT is(pg_temp.order(pg_temp.items('{"order_by": [{"alias": "kind", "direction": "desc"},
		{"table_id": "i", "column": "at"}]}'), '{"sort": [{"alias": "name"}], "page": 2}'),
	'1, 2 DESC, t1.at, t1.id', 'after what was asked');
SELECT is(pg_temp.order(def('i item', 'i.name, i.id', '{"limit": 5}')), '2', 'a key that is shown');
SELECT is(pg_temp.order(def('i item', 'i.id', '{"limit": 5, "order_by": [{"alias": "id",
		"direction": "desc"}]}')), '1 DESC', 'a key that rows are ordered by already');

-- ---- What it is made of ---------------------------------------------------------------
SELECT is(pg_temp.order(def('i item', 'i.* count, i.kind', '{"limit": 5}')), '2', 'a group column');
SELECT is(pg_temp.order(def('i item', 'i.* count = n', '{"limit": 5, "order_by": [
		{"alias": "n"}], "group_by": [{"table_id": "i", "column": "kind"}]}')), '1, t1.kind',
	'one that is not shown');
SELECT is(pg_temp.order(def('i item', 'i.* count', '{"limit": 5}')), NULL, 'of one row none');
SELECT is(pg_temp.order(def('i item, k kind', 'k.name', '{"limit": 5}', 'i.kind = k.id ' || t)),
	't1.id', 'a table of which a row has one row needs no key: ' || t)
FROM unnest('{INNER,LEFT}'::text[]) AS t;
SELECT is(pg_temp.order(def('i item, k kind', 'k.name', '{"limit": 5}', 'i.kind = k.id ' || t)),
	't1.id, t2.id', 'but where there are rows without one: ' || t)
FROM unnest('{RIGHT,FULL}'::text[]) AS t;
SELECT is(pg_temp.order(def('o only', 'o.name', '{"limit": 5}')), NULL, 'one row a tenant');
SELECT is(pg_temp.order(def('s second', 's.name', '{"limit": 5}')), 't1.code',
	'another key, where the primary one is hidden');
SELECT is(pg_temp.order(def('p parted', 'p.name', '{"limit": 5}')), 't1.id',
	'the key of a partitioned table');
SELECT is(pg_temp.order('{"tables": [{"id": "d", "query": {"tables": [{"id": "i", "name": "item"}],
		"columns": [{"table_id": "i", "column": "kind"},
			{"table_id": "i", "column": "*", "aggregation": "count"}]}}],
		"columns": [{"table_id": "d", "column": "count"}], "limit": 5}'), 't1.kind',
	'the groups of a derived table');
SELECT is(pg_temp.order('{"tables": [{"id": "d", "query": {"tables": [{"id": "i", "name": "item"},
			{"id": "k", "name": "kind"}], "joins": [{"from_table_id": "i", "from_column": "kind",
				"to_table_id": "k", "to_column": "id", "join_type": "LEFT"}],
		"columns": [{"table_id": "i", "column": "kind"}, {"table_id": "i", "column": "id"}]}}],
		"columns": [{"table_id": "d", "column": "kind"}], "limit": 5}'), 't1.id',
	'the key of the rows of a derived table');
SELECT matches(pg_temp.warnings('{"tables": [{"id": "d", "query": {"tables": [{"id": "i",
			"name": "item"}], "columns": [{"table_id": "i", "column": "kind"}]}}],
		"columns": [{"table_id": "d", "column": "kind"}], "limit": 5}'), 'table "d" has no key',
	'one that does not show it has none');

-- ---- Where there is nothing -----------------------------------------------------------
SELECT is(pg_temp.warnings(def('x ' || t, 'x.name', '{"limit": 5}')), format(
	'INVALID_VALUE /tables/0 table "%s" has no key: of rows that are equal in what they are '
	'ordered by, a page may repeat or lose some', t), 'no key: ' || t)
FROM unnest('{keyless,maybe,seen,secretive,partly,parent}'::text[]) AS t;
SELECT is(pg_temp.order(def('x ' || t, 'x.name', '{"limit": 5}')), NULL, 'and no order: ' || t)
FROM unnest('{keyless,maybe,seen,secretive,partly,parent}'::text[]) AS t;
SELECT is(pg_temp.warnings(def('x seen', 'x.name', d), o), NULL,
	concat_ws(' ', 'a whole answer needs none:', d, o))
FROM (VALUES ('{}'::jsonb, '{}'::jsonb), ('{"order_by": [{"alias": "name"}]}', '{}'),
	('{"windows": [{"alias": "n", "function": "row_number", "order_by": [{"alias": "name"}]}]}',
	 '{"max_rows": 3}')) AS v (d, o);
SELECT is(pg_temp.warnings(def('x seen', 'x.name, x.* count', '{"limit": 5}')), NULL,
	'groups need none');
SELECT matches(pg_temp.warnings(def('i item, x seen', 'i.name', '{"limit": 5}', 'i.kind = x.kind')),
	'^INVALID_VALUE /tables/1 ', 'one of two tables');
SELECT is(pg_temp.warnings(def('i item, x seen', 'i.name', '{"limit": 5, "filters": [
		{"table_id": "x", "column": "id", "operator": "gt", "value": 3, "scope": "any"}]}',
	'i.id = x.id')), NULL, 'a table that is not joined needs none');

-- ---- What it costs -------------------------------------------------------------------
RESET ROLE;
SET LOCAL prismiq.tenant_id = 'acme';
CREATE FUNCTION pg_temp.plan(definition jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(trim(both '" ' FROM n::text), ' ' ORDER BY i)
	FROM jsonb_path_query(prismiq.prismiq_explain(definition) -> 'plan', 'strict $.**."Node Type"')
		WITH ORDINALITY AS p (n, i)
$$;
SELECT is(pg_temp.plan(pg_temp.items('{"limit": 5, "order_by": [{"table_id": "i", "column": "at",
		"direction": "desc"}]}')), 'Limit Incremental Sort Index Scan',
	'what has an index is read along it');
SELECT is(pg_temp.plan(pg_temp.items('{"limit": 5}')), 'Limit Index Scan',
	'without an order, along the key');
SELECT * FROM finish();
ROLLBACK;
