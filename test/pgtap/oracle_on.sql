-- Joins on several pairs of columns, and by other operators than equality.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

-- on('o', 'i', '[{"from_column": ...}]', 'LEFT') as {"joins": [...]}
CREATE FUNCTION pg_temp.joins(one text, two text, pairs jsonb, kind text = 'INNER') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('joins', jsonb_build_array(jsonb_build_object('from_table_id', one,
		'to_table_id', two, 'on', pairs, 'join_type', kind)))
$$;

SELECT same('two pairs of columns', def('o orders, r refunds', 'o.id, r.id', pg_temp.joins('o', 'r',
		'[{"from_column": "id", "to_column": "order_id"}, {"from_column": "amount", "to_column":
		"amount"}]')),
	$$SELECT o.id, r.id FROM orders o, refunds r WHERE o.tenant = 'acme' AND r.tenant = 'acme'
		AND o.id = r.order_id AND o.amount = r.amount$$);
SELECT same('equal, and later', def('o orders, r refunds', 'o.id, r.id', pg_temp.joins('o', 'r',
		'[{"from_column": "id", "to_column": "order_id"},
		  {"from_column": "placed_at", "to_column": "refunded", "operator": "lt"}]', 'LEFT')),
	$$SELECT o.id, (SELECT r.id FROM refunds r WHERE r.tenant = 'acme' AND o.id = r.order_id
		AND r.refunded > o.placed_at AND r.id = n) FROM orders o LEFT JOIN LATERAL
		(SELECT r.id AS n FROM refunds r WHERE r.tenant = 'acme' AND o.id = r.order_id
			AND r.refunded > o.placed_at) AS r ON true WHERE o.tenant = 'acme'$$);
SELECT same('written from the other side', def('o orders, r refunds', 'o.id, r.id',
		pg_temp.joins('r', 'o', '[{"from_column": "order_id", "to_column": "id"},
		  {"from_column": "amount", "to_column": "amount", "operator": "gte"}]')),
	$$SELECT o.id, r.id FROM orders o, refunds r WHERE o.tenant = 'acme' AND r.tenant = 'acme'
		AND o.id = r.order_id AND r.amount >= o.amount$$);
SELECT same(op || ' alone', def('c customers, d customers', 'c.id, d.id', pg_temp.joins('c', 'd',
		jsonb_build_array(jsonb_build_object('from_column', 'since', 'to_column', 'since',
											 'operator', op)))),
	format($$SELECT c.id, d.id FROM customers c, customers d WHERE c.tenant = 'acme'
		AND d.tenant = 'acme' AND c.since %s d.since$$, sql))
FROM (VALUES ('eq', '='), ('neq', '<>'), ('gt', '>'), ('gte', '>='), ('lt', '<'), ('lte', '<='))
	AS v (op, sql);
SELECT same('of two types', def('v visits, c customers', 'v.page, c.id', pg_temp.joins('v', 'c',
		'[{"from_column": "customer_id", "to_column": "id", "operator": "lt"},
		  {"from_column": "customer_id", "to_column": "score", "operator": "gt"}]')),
	$$SELECT page, id FROM visits v, customers c WHERE v.tenant = 'acme' AND c.tenant = 'acme'
		AND v.customer_id < c.id AND v.customer_id > c.score$$);

-- What is not equal is never unique, and equal pairs beside it still are.
SELECT same('rows that a non-equal join repeats', def('c customers, d customers',
		'c.region, c.* count, c.score sum, d.* count = others', pg_temp.joins('c', 'd',
		'[{"from_column": "since", "to_column": "since", "operator": "lt"}]', 'LEFT')),
	$$WITH c AS (SELECT * FROM customers WHERE tenant = 'acme')
	SELECT region, count(*), sum(score), (SELECT count(DISTINCT d.id) FROM c AS d, c AS b
		WHERE b.since < d.since AND b.region IS NOT DISTINCT FROM c.region) FROM c GROUP BY 1$$);
SELECT unalike(prismiq_compile(def('r refunds, o orders', 'r.amount sum', pg_temp.joins('r', 'o',
		'[{"from_column": "order_id", "to_column": "id"},
		  {"from_column": "refunded", "to_column": "placed_at", "operator": "gt"}]'))) ->> 'sql',
	'%row_number%', 'a unique pair beside a non-equal one');
SELECT alike(prismiq_compile(def('i items, p items', 'i.quantity sum', pg_temp.joins('i', 'p',
		'[{"from_column": "order_id", "to_column": "order_id"}]'))) ->> 'sql',
	'%row_number%', 'half of a composite key repeats');
SELECT unalike(prismiq_compile(def('i items, p items', 'i.quantity sum', pg_temp.joins('i', 'p',
		'[{"from_column": "order_id", "to_column": "order_id"},
		  {"from_column": "line", "to_column": "line"}]'))) ->> 'sql',
	'%row_number%', 'a whole composite key does not');

-- What is wrong with it.
SELECT is(faults(def('o orders, r refunds', 'o.id', pg_temp.joins('o', 'r', pairs, kind))), says,
		  name)
FROM (VALUES
	('a FULL join by another operator', '[{"from_column": "id", "to_column": "order_id"},
		{"from_column": "amount", "to_column": "amount", "operator": "gt"}]'::jsonb, 'FULL',
	 'INVALID_JOIN /joins/0/on/1 a FULL join takes only columns that are equal (Use LEFT or RIGHT, '
	 'or equal columns.)'),
	('types that do not compare', '[{"from_column": "id", "to_column": "order_id"},
		{"from_column": "status", "to_column": "amount"}]', 'INNER',
	 'INVALID_JOIN /joins/0/on/1 cannot join "status" of type text with "amount" of type '
	 'numeric'),
	('an unknown column', '[{"from_column": "id", "to_column": "order_ids"}]', 'INNER',
	 'COLUMN_NOT_FOUND /joins/0/on/0/to_column column "order_ids" not found in table "refunds" '
	 '(Did you mean "order_id"?)'),
	('an operator that is none', '[{"from_column": "id", "to_column": "order_id",
		"operator": "like"}]', 'INNER',
	 'INVALID_VALUE /joins/0/on/0/operator "like" is not a valid value of "operator" '
	 '(Did you mean "lte"?)'),
	('nothing', '[]', 'INNER', 'INVALID_VALUE /joins/0/on "on" needs at least one pair of '
	 'columns'),
	('an unknown key', '[{"from_column": "id", "to_column": "order_id", "cast": "1"}]', 'INNER',
	 'UNKNOWN_FIELD /joins/0/on/0/cast unknown key "cast"'),
	('a missing column', '[{"from_column": "id"}]', 'INNER',
	 'MISSING_FIELD /joins/0/on/0/to_column "to_column" is required')
) AS v (name, pairs, kind, says);
SELECT is(faults(def('o orders, r refunds', 'o.id', '{"joins": [{"from_table_id": "o",
		"to_table_id": "r", "from_column": "id", "on": [{"from_column": "id", "to_column":
		"order_id"}]}]}')),
	'INVALID_VALUE /joins/0 a join has its columns in "on" or beside it, not both '
	'(Put all pairs of columns into "on".)', 'both forms');
SELECT is(faults(def('o orders, r refunds', 'o.id', pg_temp.joins('o', 'x',
		'[{"from_column": "id", "to_column": "order_id"}, {"from_column": "id", "to_column":
			"id"}]'))),
	'TABLE_NOT_FOUND /joins/0/to_table_id no table of the query has the id "x"',
	'an unknown table is told once');
SELECT is(faults(def('o orders, r refunds', 'o.id', joins => 'o.id = r.order_id,r.id = o.id')),
	'CIRCULAR_JOIN /joins/1 tables "r" and "o" are already joined '
	'(Put all pairs of columns into the "on" of one join.)', 'two joins of two tables');
SELECT is(faults(def('o orders, r refunds, i items', 'o.id',
		joins => 'o.id = r.order_id,o.id = i.order_id,i.order_id = r.order_id')),
	'CIRCULAR_JOIN /joins/2 tables "i" and "r" are already joined '
	'(Remove one of the joins, or list a table twice.)', 'a circle of three');
SELECT is(faults(def('o orders', 'o.id', joins => 'o.id = o.customer_id')),
	'INVALID_JOIN /joins/0 a join needs two tables (List the table twice, with two ids, to join it '
	'with itself.)', 'a table with itself');

-- Limits: as many pairs as columns.
SET LOCAL prismiq.max_columns = 2;
SELECT is(faults(def('o orders, r refunds', 'o.id', pg_temp.joins('o', 'r',
		'[{"from_column": "id", "to_column": "order_id"}, {"from_column": "id", "to_column":
			"id"}]'))),
	NULL, 'at the limit');
SELECT matches(faults(def('o orders, r refunds', 'o.id', pg_temp.joins('o', 'r',
		'[{"from_column": "id", "to_column": "order_id"}, {"from_column": "id", "to_column": "id"},
		  {"from_column": "id", "to_column": "id"}]'))),
	'^TOO_COMPLEX /joins/0/on "on" has 3 elements', 'above the limit');
RESET prismiq.max_columns;

-- An operator that may raise or show sees only the tenant's rows.
RESET ROLE;
CREATE TABLE shop.poisoned (tenant text, at int4range);
INSERT INTO shop.poisoned VALUES ('acme', '[1,5)'), ('acme', '[2,9)'), ('beta', '[3,4)');
SELECT FROM prismiq.prismiq_expose('shop.poisoned', tenant_column => 'tenant');
GRANT SELECT ON shop.poisoned TO app_user;
SET ROLE app_user;
SELECT same('an operator that is not silent, between two of them', def('p poisoned, q poisoned',
	'p.at', pg_temp.joins('p', 'q',
		'[{"from_column": "at", "to_column": "at", "operator": "lt"}]')),
	'SELECT ''[1,5)''::int4range');
SELECT same('and right', def('p poisoned, q poisoned', 'p.at', pg_temp.joins('p', 'q',
		'[{"from_column": "at", "to_column": "at", "operator": "lt"}]')),
	$$SELECT p.at FROM poisoned p, poisoned q WHERE p.tenant = 'acme' AND q.tenant = 'acme'
		AND p.at < q.at$$);

SELECT * FROM finish();
ROLLBACK;
