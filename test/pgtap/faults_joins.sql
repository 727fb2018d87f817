-- Wrong answers that other engines give about joins: measures that a join
-- multiplies, tables that nothing joins, keys of two columns.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;

CREATE SCHEMA f;
CREATE TABLE f.people (tenant text, id int, name text, PRIMARY KEY (tenant, id));
CREATE TABLE f.sales (tenant text, id int, person int, amount numeric, PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, person) REFERENCES f.people);
CREATE TABLE f.lines (tenant text, sale int, line int, quantity int, PRIMARY KEY (tenant, sale,
		line),
	FOREIGN KEY (tenant, sale) REFERENCES f.sales);
CREATE TABLE f.payments (tenant text, id int, sale int, paid numeric, PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, sale) REFERENCES f.sales);
CREATE TABLE f.island (tenant text, id int);
INSERT INTO f.people VALUES ('acme', 1, 'Ada'), ('acme', 2, 'Bob'), ('acme', 3, 'Eve'),
	('beta', 1, 'Zoe'), ('beta', 2, 'Yan');
INSERT INTO f.sales VALUES ('acme', 1, 1, 100), ('acme', 2, 1, 50), ('acme', 3, 2, 7),
	('beta', 1, 1, 1000), ('beta', 3, 2, 2000);
INSERT INTO f.lines VALUES ('acme', 1, 1, 1), ('acme', 1, 2, 2), ('acme', 1, 3, 3), ('acme', 2, 1,
		4),
	('beta', 1, 1, 100), ('beta', 3, 1, 100);
INSERT INTO f.payments VALUES ('acme', 1, 1, 60), ('acme', 2, 1, 40), ('acme', 3, 2, 50);
INSERT INTO f.island VALUES ('acme', 1);

-- The key of a unique index that is none for us.
CREATE TABLE f.partial (tenant text, id int, ended date);
CREATE UNIQUE INDEX ON f.partial (tenant, id) WHERE ended IS NULL;
INSERT INTO f.partial VALUES ('acme', 1, NULL), ('acme', 1, '2024-01-01');
CREATE TABLE f.expression (tenant text, id int, note text);
CREATE UNIQUE INDEX ON f.expression (tenant, id, lower(note));
INSERT INTO f.expression VALUES ('acme', 1, 'a'), ('acme', 1, 'b');
CREATE TABLE f.deferred (tenant text, id int, UNIQUE (tenant, id) DEFERRABLE);
INSERT INTO f.deferred VALUES ('acme', 1);
CREATE TABLE f.parents (tenant text, id int, PRIMARY KEY (tenant, id));
CREATE TABLE f.children () INHERITS (f.parents);
INSERT INTO f.parents VALUES ('acme', 1);
INSERT INTO f.children VALUES ('acme', 1), ('acme', 1);
CREATE TABLE f.large (tenant text, big bigint UNIQUE, f float8);
INSERT INTO f.large VALUES ('acme', 9007199254740992, 9007199254740992),
	('acme', 9007199254740993, 9007199254740992);
CREATE TABLE f.parted (tenant text, id int, n int, PRIMARY KEY (tenant,
		id)) PARTITION BY LIST (tenant);
CREATE TABLE f.parted_acme PARTITION OF f.parted FOR VALUES IN ('acme');
CREATE TABLE f.parted_rest PARTITION OF f.parted DEFAULT;
INSERT INTO f.parted VALUES ('acme', 1, 5), ('beta', 1, 6);
CREATE COLLATION f.folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE f.words (tenant text, word text UNIQUE, other text COLLATE "POSIX");
CREATE TABLE f.folded_words (tenant text, word text COLLATE f.folded, plain text COLLATE "C");
INSERT INTO f.words VALUES ('acme', 'a', 'x'), ('acme', 'A', 'y');
INSERT INTO f.folded_words VALUES ('acme', 'a', 'x');
CREATE TABLE f.markers (tenant text, id int, "?row" int, "?row_2" int, PRIMARY KEY (tenant, id));
INSERT INTO f.markers VALUES ('acme', 1, 10, 20);
CREATE VIEW f.sale_view AS SELECT * FROM f.sales;

GRANT USAGE ON SCHEMA f TO app_user;
GRANT SELECT ON ALL TABLES IN SCHEMA f TO app_user;
SELECT prismiq_expose(('f.' || r)::regclass, tenant_column => 'tenant')
FROM unnest('{people,sales,lines,payments,island,partial,expression,deferred,parents,large,parted,
	words,folded_words,markers,sale_view}'::text[]) AS r \g /dev/null
SET LOCAL search_path = oracle, prismiq, f, public;
SET LOCAL ROLE app_user;

-- ---- 13: a measure that a join multiplies ------------------------------------------------
SELECT is(answer(def('s sales', 's.amount sum')), '[[157]]', 'the sum is 157');
SELECT is(answer(def('s sales, l lines', 's.amount sum, l.quantity sum')), wanted,
	'not 357, joined to its lines: refused, or right') FROM (VALUES
	(CASE WHEN answer(def('s sales, l lines', 's.amount sum')) LIKE '22023%'
		THEN '22023 FAN_OUT' ELSE '[[150, 10]]' END)) AS v (wanted);
SELECT is(answer(def('s sales, l lines', 's.amount ' || aggregation, '{"fan_out": "error"}')),
	'22023 FAN_OUT', aggregation || ' of the one side: refused when asked to')
FROM unnest('{sum,avg,count}'::text[]) AS aggregation;
SELECT is(answer(def('s sales, l lines', 's.* count', '{"fan_out": "error"}')), '22023 FAN_OUT',
	'and so is a count of its rows');
SELECT is(answer(def('s sales, l lines', 's.amount ' || aggregation, '{"fan_out": "error"}')),
		wanted,
	aggregation || ' is what it is, however often a row is there')
FROM (VALUES ('min', '[[50]]'), ('max', '[[100]]'), ('count_distinct', '[[2]]'))
	AS v (aggregation, wanted);
SELECT is(answer(def('s sales, l lines', 's.amount sum', '{"fan_out": "allow"}')), '[[350]]',
	'allowed, it is what SQL says');
SELECT is(answer(def('s sales, l lines', 'l.quantity sum, l.* count', '{"fan_out": "error"}')),
	'[[10, 4]]', 'a measure of the many side is right');
SELECT is(answer(def('p people, l lines', 'p.name, l.quantity sum', '{"fan_out": "error"}')),
	'[["Ada", 10]]', 'two joins away, too');
SELECT is(answer(def('l lines, p payments', 'l.quantity sum', '{"fan_out": "error"}')),
	'22023 FAN_OUT', 'two facts through one dimension: the chasm');
SELECT is(answer(def('l lines, p payments', 'l.quantity sum, p.paid sum', '{"fan_out": "error"}')),
	'22023 FAN_OUT', 'both of them');
SELECT is(answer(def('s sales, l lines', 's.person', '{"fan_out": "error",
		"having": [{"table_id": "s",
	"column": "amount", "aggregation": "sum", "operator": "gt", "value": 120}],
	"columns": [{"table_id": "s", "column": "person"},
		{"table_id": "l", "column": "*", "aggregation": "count"}]}')),
	'22023 FAN_OUT', 'in having, too');
SELECT alike(faults(def('s sales, l lines', 's.amount sum', '{"fan_out": "error"}')),
	'FAN_OUT /columns/0 %sales% and %lines%', 'the refusal names the join');

-- What is unique, and what only looks so.
SELECT is(answer(def('s sales, x ' || name, 's.amount sum', '{"fan_out": "error"}',
		's.id = x.' || key)), '22023 FAN_OUT', why)
FROM (VALUES ('partial', 'id', 'a partial unique index is none'),
	('expression', 'id', 'nor is one on an expression'),
	('deferred', 'id', 'nor one that may be broken until the end of a transaction'),
	('parents', 'id', 'nor one of a table with children'),
	('sale_view', 'person', 'a view has none')) AS v (name, key, why);
SELECT is(answer(def('a large, b large', 'a.big sum', '{"fan_out": "error"}', 'a.f = b.big')),
	'22023 FAN_OUT', 'two numbers that are one as floating point numbers');
SELECT is(answer(def('s sales, x parted', 's.amount sum, x.n sum', '{"fan_out": "error"}',
	's.id = x.id')), '[[100, 5]]', 'a partitioned table''s key is one');
SELECT is(answer(def('a sales, b sales', 'a.amount sum', '{"fan_out": "error"}', 'a.id = b.id')),
	'[[157]]', 'a table with itself by its key');
SELECT is(answer(def('a folded_words, b words', 'a.word count', '{"fan_out": "error"}',
	'a.word = b.word')), '22023 INVALID_JOIN', 'a key that is unique in another collation only');
SELECT is(answer(def('a folded_words, b words', 'a.plain, b.word', joins => 'a.plain = b.other')),
	'[["x", "a"]]', 'two collations that tell bytes apart');

-- ---- 14: no silent cross join, no table twice ----------------------------------------------
SELECT is(answer(def('s sales, p people', 's.amount sum')), '[[157]]', 'not 314 or 471');
SELECT is(answer(def('s sales, p people', 's.amount sum', joins => 'p.id = s.person')), '[[157]]',
	'a join written towards the first table');
SELECT is(answer(def('s sales, i island', 's.amount sum')), '22023 MISSING_JOIN',
	'nothing leads to the other table');
SELECT is(answer(def('s sales, i island', 's.amount sum', '{"joins": []}')), '22023 MISSING_JOIN',
	'an empty list of joins is none');
SELECT is(answer(def('s sales, p people', 's.amount sum',
	joins => 's.person = p.id,p.id = s.id')), '22023 CIRCULAR_JOIN', 'in a circle');
SELECT is(answer(def('s sales, p people', 's.amount sum',
	joins => 's.person = p.id,s.person = p.id')), '22023 CIRCULAR_JOIN', 'twice');
SELECT is(answer(def('s sales', 's.amount sum', joins => 's.person = s.id')), '22023 INVALID_JOIN',
	'with itself under one id');
SELECT is(answer(def('s sales, p people', 's.id', joins => 's.person = p.name')),
	'22023 INVALID_JOIN', 'a number with a text');
SELECT is(answer(def('s sales, p people', 's.id', joins => 's.person = x.id')),
	'22023 TABLE_NOT_FOUND', 'an id that no table has');

-- ---- 15: a condition on the weak side of an outer join restricts the answer -------------------
SELECT is(answer(def('s sales, p people', 's.amount sum', filters(cond('p.name eq', '"Ada"')),
	's.person = p.id LEFT')), '[[150]]', 'not 157');
SELECT is(answer(def('p people, s sales', 'p.name, s.* count', filters(cond('s.id is_null')),
	'p.id = s.person LEFT')), '[["Eve", 0]]', 'is_null finds who has none');
SELECT is(answer(def('p people, s sales', 'p.name', filters(cond('s.amount neq', '7')),
	'p.id = s.person LEFT') || '{"order_by": [{"alias": "name"}]}'),
	'[["Ada"], ["Ada"], ["Eve"]]', 'a negation keeps who has none, "exclude" does not');
SELECT is(answer(def('p people, s sales', 'p.name', filters(cond('s.amount neq', '7',
	'{"nulls": "exclude"}')), 'p.id = s.person LEFT')), '[["Ada"], ["Ada"]]', 'nulls excluded');
SELECT is(answer(def('p people, s sales', 'p.name', filters(cond('s.id is_null',
	more => '{"scope": "none"}')), 'p.id = s.person LEFT')) ~ '^(22023 INVALID_VALUE|\[)', true,
	'scope is refused or works, never ignored');

-- ---- 29: keys of two columns, names that are taken twice ----------------------------------------
RESET ROLE;
CREATE SCHEMA g;
CREATE TABLE g.years (tenant text, year int, half int, PRIMARY KEY (tenant, year, half));
CREATE TABLE g.plans (tenant text, id int, y int, h int,
	CONSTRAINT same_name FOREIGN KEY (tenant, y, h) REFERENCES g.years);
CREATE TABLE f.years (tenant text, year int, half int, PRIMARY KEY (tenant, year, half));
CREATE TABLE f.plans (tenant text, id int, y int, h int,
	CONSTRAINT same_name FOREIGN KEY (tenant, y, h) REFERENCES f.years);
INSERT INTO g.years SELECT 'acme', y, h FROM generate_series(1, 3) y, generate_series(1, 2) h;
INSERT INTO f.years SELECT 'acme', y, h FROM generate_series(1, 3) y, generate_series(1, 2) h;
INSERT INTO g.plans VALUES ('acme', 1, 1, 2), ('acme', 2, 3, 1);
INSERT INTO f.plans VALUES ('acme', 7, 2, 2);
GRANT USAGE ON SCHEMA g TO app_user;
GRANT SELECT ON f.years, f.plans, g.years, g.plans TO app_user;
SELECT prismiq_expose(r::regclass, tenant_column => 'tenant')
FROM unnest('{f.years,f.plans,g.years,g.plans}'::text[]) AS r \g /dev/null
SET LOCAL ROLE app_user;
SELECT is(answer(def('p plans, y years', 'p.id, y.year, y.half', '{"tables": [
	{"id": "p", "name": "plans", "schema": "g"}, {"id": "y", "name": "years", "schema": "g"}],
	"order_by": [{"alias": "id"}]}')), '[[1, 1, 2], [2, 3, 1]]', 'all columns of the key');
SELECT is(answer(def('p plans, y years', 'p.id, y.year, y.half')), '[[7, 2, 2]]',
	'of the schema''s own constraint');
SELECT is(answer(def('p plans, y years', 'p.id', '{"tables": [{"id": "p", "name": "plans",
	"schema": "g"}, {"id": "y", "name": "years", "schema": "f"}]}')), '22023 MISSING_JOIN',
	'no key leads from one schema to the other');
SET LOCAL search_path = oracle, prismiq, public;
SELECT is(answer(def('p plans', 'p.id')), '22023 AMBIGUOUS_TABLE', 'a name in two schemas');
SET LOCAL search_path = oracle, prismiq, f, public;

-- Paths: one, several, through others.
SELECT is(answer(def('l lines, p people', 'p.name, l.quantity sum')), '[["Ada", 10]]',
	'through a table that is not listed');
SELECT is(answer(def('p people, l lines', 'l.quantity sum, p.name')), '[[10, "Ada"]]',
	'in the other direction');
SELECT is(answer(def('f flights, a airports', 'f.* count')), '22023 AMBIGUOUS_JOIN',
	'a flight has two airports');
SELECT alike(faults(def('f flights, a airports', 'f.* count')),
	'AMBIGUOUS_JOIN /tables/1 %(Say how "a" is joined, in "joins".)',
			'and the fault says what to do');

-- A column that is called as the marker of rows of a weak side.
SELECT is(answer(def('p people, m markers', 'p.name,
		m.* count') || '{"joins": [{"from_table_id": "p",
	"from_column": "id", "to_table_id": "m", "to_column": "id", "join_type": "LEFT"}], "columns": [
	{"table_id": "p", "column": "name"}, {"table_id": "m", "column": "*", "aggregation": "count"},
	{"table_id": "m", "column": "?row"}, {"table_id": "m", "column": "?row_2"}],
	"order_by": [{"alias": "name"}]}'),
	'[["Ada", 1, 10, 20], ["Bob", 0, null, null], ["Eve", 0, null, null]]', 'columns called ?row');

SELECT * FROM finish();
ROLLBACK;
