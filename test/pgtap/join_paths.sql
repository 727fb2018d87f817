-- Automatic joins: exactly one shortest path along foreign keys, or an error.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
CREATE SCHEMA way;
GRANT USAGE ON SCHEMA way TO app_user;

-- a <- b <- c <- d, and d -> e -> a: two ways from a to d, three steps and two.
CREATE TABLE way.a (tenant text NOT NULL, id int, v int, PRIMARY KEY (tenant, id));
CREATE TABLE way.b (tenant text NOT NULL, id int, a int, v int, PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, a) REFERENCES way.a);
CREATE TABLE way.c (tenant text NOT NULL, id int, b int, v int, PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, b) REFERENCES way.b);
CREATE TABLE way.e (tenant text NOT NULL, id int, a int, v int, PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, a) REFERENCES way.a);
CREATE TABLE way.d (tenant text NOT NULL, id int, c int, e int, v int, PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, c) REFERENCES way.c, FOREIGN KEY (tenant, e) REFERENCES way.e);
CREATE TABLE way.alone (tenant text NOT NULL, id int PRIMARY KEY, v int);
CREATE TABLE way.twice (tenant text NOT NULL, id int PRIMARY KEY, one int, two int,
	FOREIGN KEY (tenant, one) REFERENCES way.a, FOREIGN KEY (tenant, two) REFERENCES way.a);
CREATE TABLE way.doubled (tenant text NOT NULL, id int PRIMARY KEY, a int,
	CONSTRAINT one FOREIGN KEY (tenant, a) REFERENCES way.a,
	CONSTRAINT two FOREIGN KEY (tenant, a) REFERENCES way.a);
CREATE TABLE way.tree (tenant text NOT NULL, id int, up int, v int, PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, up) REFERENCES way.tree);
CREATE TABLE way.parted (tenant text NOT NULL, id int, v int, PRIMARY KEY (tenant, id))
	PARTITION BY LIST (tenant);
CREATE TABLE way.parted_acme PARTITION OF way.parted FOR VALUES IN ('acme');
CREATE TABLE way.parted_rest PARTITION OF way.parted DEFAULT;
CREATE TABLE way.leaf (tenant text NOT NULL, id int PRIMARY KEY, parted int,
	FOREIGN KEY (tenant, parted) REFERENCES way.parted);
CREATE TABLE way.hidden (tenant text NOT NULL, id int PRIMARY KEY, alone int REFERENCES way.alone,
	a int, FOREIGN KEY (tenant, a) REFERENCES way.a);
INSERT INTO way.a SELECT t, n, n FROM unnest('{acme,beta}'::text[]) AS t, generate_series(1, 3)
	AS n;
INSERT INTO way.b SELECT tenant, id, id % 2 + 1, id FROM way.a;
INSERT INTO way.c SELECT tenant, id, id % 3 + 1, id FROM way.a;
INSERT INTO way.e SELECT tenant, id, id % 3 + 1, id FROM way.a;
INSERT INTO way.d SELECT tenant, id, id, 4 - id, id FROM way.a;
INSERT INTO way.tree SELECT tenant, id, NULLIF(id - 1, 0), id FROM way.a;
INSERT INTO way.doubled SELECT tenant, CASE tenant WHEN 'acme' THEN id ELSE -id END, id FROM way.a;
INSERT INTO way.parted SELECT * FROM way.a;
INSERT INTO way.leaf SELECT tenant, CASE tenant WHEN 'acme' THEN id ELSE -id END, id FROM way.a;
SELECT count(prismiq.prismiq_expose(c.oid::regclass, tenant_column => 'tenant')) AS n
FROM pg_class AS c WHERE relnamespace = 'way'::regnamespace AND relkind IN ('r', 'p')
	AND relname <> 'hidden' \gset
GRANT SELECT ON ALL TABLES IN SCHEMA way TO app_user;
SET search_path = oracle, prismiq, way, public;
SET ROLE app_user;

-- The relations that a compiled statement reads.
CREATE FUNCTION pg_temp.sources(definition jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(m[1], ' ') FROM regexp_matches(prismiq_compile(definition) ->> 'sql',
		'FROM way\.(\w+)', 'g') AS m
$$;

SELECT is(pg_temp.sources(def('a a, b b', 'a.id, b.v')), 'a b', 'one step');
SELECT is(pg_temp.sources(def('c c, a a', 'a.id, c.v')), 'c b a', 'two steps');
SELECT is(pg_temp.sources(def('a a, d d', 'a.id, d.v')), 'a e d', 'the shorter of two ways');
SELECT same('and its rows', def('a a, d d', 'a.id, d.id'),
	$$SELECT a.id, d.id FROM a JOIN e ON (e.tenant, e.a) = (a.tenant, a.id)
		JOIN d ON (d.tenant, d.e) = (e.tenant, e.id) WHERE a.tenant = 'acme'$$);
SELECT is(faults(def('b b, d d', 'b.id, d.v')), NULL, 'two steps against two that pass a');
SELECT is(pg_temp.sources(def('b b, d d', 'b.id, d.v')), 'b c d', 'the shorter one');
SELECT is(pg_temp.sources(def('a a, d d, c c', 'a.id, d.v, c.id')), 'a e d c',
	'the nearest is joined first');
SELECT is(pg_temp.sources(def('a a, c c, b b', 'a.id, c.v, b.id')), 'a b c',
	'a listed table stands in the middle, wherever it is listed');
SELECT is(pg_temp.sources(def('a a, d d, e e', 'a.id, d.v, e.id')), 'a e d', 'and once only');
SELECT is(faults(def('e e, c c', 'e.id, c.v')), NULL, 'by d, not by a and b');
SELECT is(pg_temp.sources(def('e e, c c', 'e.id, c.v')), 'e d c', 'which is shorter');
SELECT is(faults(def('a a, x alone', 'a.id, x.v')),
	'MISSING_JOIN /tables/1 table "x" is not joined, and no foreign keys lead to it (Say '
	'how "x" is joined, in "joins".)', 'no way');
SELECT is(faults(def('a a, x twice', 'a.id, x.id')),
	'AMBIGUOUS_JOIN /tables/1 table "x" can be joined in more than one way (Say how '
	'"x" is joined, in "joins".)', 'two of one length');
SELECT is(faults(def('a a, x twice', 'a.id, x.id', joins => 'x.two = a.id')), NULL,
	'until the definition says which');
SELECT same('two constraints on the same columns are one way', def('a a, x doubled', 'a.id, x.id'),
	$$SELECT a.id, x.id FROM a, doubled x WHERE (a.tenant, a.id) = (x.tenant, x.a)
		AND x.tenant = 'acme'$$);
SELECT matches(faults(def('a tree, b tree', 'a.id, b.id')), '^AMBIGUOUS_JOIN /tables/1 ',
	'up a tree or down');
SELECT same('a partitioned table is the target, not its partitions', def('l leaf, p parted',
	'l.id, p.v'),
	$$SELECT l.id, p.v FROM leaf l, parted p WHERE (l.tenant, l.parted) = (p.tenant, p.id)
		AND p.tenant = 'acme'$$);
SELECT matches(faults(def('x alone, a a', 'x.v, a.id')), '^MISSING_JOIN',
	'what is not exposed leads nowhere');

-- Several parts: what the definition joins hangs together.
SELECT is(pg_temp.sources(def('a a, x alone, b b', 'a.id, x.v, b.id', joins => 'x.v = b.v')),
	'a b alone', 'a part is reached by whichever of its tables is near');
SELECT is(pg_temp.sources(def('a a, b b, c c, d d', 'a.id, b.id, c.id, d.id',
							  joins => 'c.v = d.v')),
	'a b c d', 'its inner joins are as said');
SELECT matches(faults(def('a a, b b, e e', 'a.id', joins => 'b.v = e.v')),
	'^AMBIGUOUS_JOIN /tables/1 ', 'a part that is reached by two of its tables');
SELECT is(faults(def('a a, b b, c c', 'a.id', joins => 'a.id = b.a,b.id = c.b,c.v = a.v')),
	'CIRCULAR_JOIN /joins/2 tables "c" and "a" are already joined '
	'(Remove one of the joins, or list a table twice.)', 'a circle');

-- Columns that may not be read, tables that may not be seen.
RESET ROLE;
REVOKE SELECT ON way.e FROM app_user;
SET ROLE app_user;
SELECT is(pg_temp.sources(def('a a, d d', 'a.id, d.v')), 'a b c d',
	'what may not be read is no way');
RESET ROLE;
GRANT SELECT (tenant, id) ON way.e TO app_user;
SET ROLE app_user;
SELECT is(pg_temp.sources(def('a a, d d', 'a.id, d.v')), 'a b c d',
	'nor is a key that may not be read');
SET LOCAL prismiq.max_tables = 4;
SELECT is(faults(def('a a, d d', 'a.id, d.v')), NULL, 'at the limit of tables');
SET LOCAL prismiq.max_tables = 3;
SELECT is(faults(def('a a, d d', 'a.id, d.v')),
	'TOO_COMPLEX /tables/1 the automatic joins need more tables than allowed (Use fewer '
	'tables, or raise prismiq.max_tables.)', 'above it');

RESET prismiq.max_tables;

-- A table with a row for each tenant, to which the others refer by their tenant column: all rows
-- lead to one, so over it there is no way from table to table.
RESET ROLE;
CREATE TABLE way.place (id int PRIMARY KEY, name text);
CREATE TABLE way.org (id text PRIMARY KEY, name text, place int REFERENCES way.place, boss int);
CREATE TABLE way.person (id int PRIMARY KEY, org text NOT NULL REFERENCES way.org,
	place int REFERENCES way.place);
CREATE TABLE way.sale (id int PRIMARY KEY, org text NOT NULL REFERENCES way.org,
	person int REFERENCES way.person, v int);
CREATE TABLE way.visit (id int PRIMARY KEY, org text NOT NULL REFERENCES way.org, page text);
INSERT INTO way.place VALUES (1, 'one'), (2, 'two');
INSERT INTO way.org VALUES ('acme', 'Acme', 1), ('beta', 'Beta', 2);
INSERT INTO way.person SELECT n, CASE WHEN n < 4 THEN 'acme' ELSE 'beta' END, 1 + n % 2
FROM generate_series(1, 6) AS n;
UPDATE way.org SET boss = CASE id WHEN 'acme' THEN 1 ELSE 4 END;
ALTER TABLE way.org ADD FOREIGN KEY (boss) REFERENCES way.person;
INSERT INTO way.sale SELECT n, p.org, p.id, n FROM generate_series(1, 12) AS n
	JOIN way.person AS p ON p.id = 1 + n % 6;
INSERT INTO way.visit SELECT n, 'acme', '/' || n % 2 FROM generate_series(1, 4) AS n;
GRANT SELECT ON way.place, way.org, way.person, way.sale, way.visit TO app_user;
SELECT count(prismiq.prismiq_expose(('way.' || t)::regclass, tenant_column => 'org')) AS n
FROM unnest('{person,sale,visit}'::text[]) AS t \gset
SELECT count(prismiq.prismiq_expose('way.org', tenant_column => 'id')) AS n,
	count(prismiq.prismiq_expose('way.place', shared => true)) AS m \gset
SET ROLE app_user;
SELECT matches(faults(def('s sale, v visit', 's.v, v.page')), '^MISSING_JOIN /tables/1 ',
	'each sale with each visit is what nobody asked for');
SELECT matches(faults(def('s sale, v visit', 's.v sum', filters(cond('v.page eq', '"/1"',
	'{"scope": "any"}')))), '^MISSING_JOIN ', 'nor are all sales where there was any visit');
SELECT matches(faults(def('v visit, s sale, p place', 'v.page, s.v')),
	'^MISSING_JOIN /tables/1 ', 'nor is there a way on from what that row refers to');
SELECT is(pg_temp.sources(def('v visit, p place', 'v.page, p.name')), 'visit org place',
	'what it refers to belongs to all rows');
SELECT same('and is in each', def('v visit, p place', 'v.page, p.name'),
	$$SELECT page, 'one' FROM visit WHERE org = 'acme'$$);
SELECT is(pg_temp.sources(def(tables, 's.v')), way, tables)
FROM (VALUES ('s sale, p person', 'sale person'), ('s sale, o org', 'sale org'),
	('o org, s sale', 'org sale'), ('s sale, o org, v visit', 'sale org visit'),
	('v visit, o org, s sale', 'visit org sale')) AS v (tables, way);
-- It adds no way where there is another, but one that means something else.
SELECT is(faults(def(tables, 's.v')), format('AMBIGUOUS_JOIN /tables/%s table "%s" can be joined'
	' in more than one way (Say how "%2$s" is joined, in "joins".)', place, id),
	tables || ': the people, or the boss')
FROM (VALUES ('s sale, p person, o org', 2, 'o'), ('o org, p person, s sale', 1, 'p')) AS
	v (tables, place, id);
RESET ROLE;
ALTER TABLE way.org DROP COLUMN boss;
SET ROLE app_user;
SELECT is(pg_temp.sources(def(tables, 's.v')), way, tables)
FROM (VALUES ('s sale, p person, o org', 'sale person org'),
	('s sale, o org, p person', 'sale org person'),
	('o org, s sale, p person', 'org sale person'),
	('o org, p person, s sale', 'org person sale')) AS v (tables, way);
SELECT same('their rows', def('o org, p person, s sale', 'o.name, p.id, s.v sum'),
	$$SELECT 'Acme', person, sum(v) FROM sale WHERE org = 'acme' GROUP BY person$$);

SELECT * FROM finish();
ROLLBACK;
