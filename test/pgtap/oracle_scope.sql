-- Conditions with a scope: of related rows (any, none), or in the ON clause (join).
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

-- scoped('o.amount gt', '5', 'any') as a condition
CREATE FUNCTION pg_temp.scoped(subject text, value jsonb, scope text) RETURNS jsonb
LANGUAGE sql AS $$ SELECT cond(subject, value, jsonb_build_object('scope', scope)) $$;

SELECT same('none: along a foreign key', def('c customers, o orders', 'c.id',
		filters(pg_temp.scoped('o.status eq', '"paid"', 'none'))),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND NOT EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND status = 'paid')$$);
SELECT same('any: no row comes twice', def('c customers, o orders', 'c.id, c.score',
		filters(pg_temp.scoped('o.amount gt', '100', 'any'))),
	$$SELECT id, score FROM customers c WHERE tenant = 'acme' AND EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND amount > 100)$$);
SELECT same('measures are not multiplied', def('c customers, o orders', 'c.region, c.score sum,
	c.* count',
		filters(pg_temp.scoped('o.amount gt', '100', 'any')) || '{"fan_out": "error"}'),
	$$SELECT region, sum(score), count(*) FROM customers c WHERE tenant = 'acme' AND EXISTS
		(SELECT FROM orders o WHERE o.tenant = 'acme' AND o.customer_id = c.id AND amount > 100)
	GROUP BY 1$$);
SELECT same('along a join of the definition', def('c customers, v visits', 'c.id',
		filters(pg_temp.scoped('v.page eq', '"/home"', 'any')), joins => 'v.customer_id = c.id
			LEFT'),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND EXISTS (SELECT FROM visits v
		WHERE v.tenant = 'acme' AND v.customer_id = c.id AND page = '/home')$$);
SELECT same('over hops that are not listed', def('c customers, r refunds', 'c.id',
		filters(pg_temp.scoped('r.amount gt', '20', 'none'))),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND NOT EXISTS (SELECT FROM orders o
		JOIN refunds r ON r.tenant = 'acme' AND r.order_id = o.id
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND r.amount > 20)$$);
SELECT same('over hops that are listed and not joined', def('c customers, o orders, i items',
	'c.id',
		filters(pg_temp.scoped('i.quantity gt', '3', 'none'))),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND NOT EXISTS (SELECT FROM orders o
		JOIN items i ON i.tenant = 'acme' AND i.order_id = o.id
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND i.quantity > 3)$$);
SELECT same('over hops by joins', def('c customers, o orders, i items', 'c.id',
		filters(pg_temp.scoped('i.quantity gt', '3', 'any')),
		joins => 'c.id = o.customer_id,i.order_id = o.id'),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND EXISTS (SELECT FROM orders o
		JOIN items i ON i.tenant = 'acme' AND i.order_id = o.id
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND i.quantity > 3)$$);
SELECT same('from a joined table, as far as it is joined', def('c customers, o orders, i items',
		'c.id, o.id', filters(pg_temp.scoped('i.quantity gt', '3', 'none'))),
	$$SELECT c.id, o.id FROM customers c JOIN orders o ON o.tenant = 'acme' AND o.customer_id = c.id
	WHERE c.tenant = 'acme' AND NOT EXISTS (SELECT FROM items i WHERE i.tenant = 'acme'
		AND i.order_id = o.id AND i.quantity > 3)$$);
SELECT same('first in the list', def('o orders, c customers', 'c.id',
		filters(pg_temp.scoped('o.amount is_null', NULL, 'none'))),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND NOT EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND amount IS NULL)$$);

-- Which conditions speak of one row.
SELECT same('ANDed: one row', def('c customers, o orders', 'c.id',
		filters(pg_temp.scoped('o.status eq', '"paid"', 'any'), cond('c.active eq', 'true'),
				pg_temp.scoped('o.amount gt', '300', 'any'))),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND active AND EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND amount > 300 AND status = 'paid')$$);
SELECT same('none of both at once', def('c customers, o orders', 'c.id',
		filters(pg_temp.scoped('o.status eq', '"paid"', 'none'),
				pg_temp.scoped('o.amount gt', '300', 'none'))),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND NOT EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND amount > 300 AND status = 'paid')$$);
SELECT same('any and none are two rows', def('c customers, o orders', 'c.id',
		filters(pg_temp.scoped('o.status eq', '"paid"', 'any'),
				pg_temp.scoped('o.status eq', '"void"', 'none'))),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND status = 'paid')
		AND NOT EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND status = 'void')$$);
SELECT same('a group on the one row', def('c customers, o orders', 'c.id',
		filters(jsonb_build_object('or', jsonb_build_array(
					pg_temp.scoped('o.status eq', '"paid"', 'any'),
					pg_temp.scoped('o.status is_null', NULL, 'any'))),
				pg_temp.scoped('o.amount gt', '400', 'any'))),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND amount > 400
			AND (status = 'paid' OR status IS NULL))$$);
SELECT same('in an "or" each none is its own', def('c customers, o orders', 'c.id',
		filters(jsonb_build_object('or', jsonb_build_array(
					pg_temp.scoped('o.status eq', '"paid"', 'none'),
					pg_temp.scoped('o.amount gt', '300', 'none'), cond('c.id eq', '1'))))),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND (id = 1 OR NOT EXISTS (SELECT FROM
		orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND status = 'paid')
		OR NOT EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND amount > 300))$$);
SELECT same('in a "not"', def('c customers, o orders', 'c.id',
		filters(jsonb_build_object('not', pg_temp.scoped('o.status eq', '"paid"', 'any')))),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND NOT EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND status = 'paid')$$);
SELECT same('two tables', def('c customers, o orders, v visits', 'c.id',
		filters(pg_temp.scoped('o.status eq', '"paid"', 'any'),
				pg_temp.scoped('v.page is_not_null', NULL, 'none')),
		joins => 'v.customer_id = c.id'),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND status = 'paid')
		AND NOT EXISTS (SELECT FROM visits v WHERE v.tenant = 'acme' AND v.customer_id = c.id
		AND page IS NOT NULL)$$);

-- Beside what is joined.
SELECT same('on a table that is joined too', def('c customers, o orders', 'c.id, o.id',
		filters(pg_temp.scoped('o.status eq', '"paid"', 'any'))),
	$$SELECT c.id, o.id FROM customers c JOIN orders o ON o.tenant = 'acme' AND o.customer_id = c.id
	WHERE c.tenant = 'acme' AND EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND status = 'paid')$$);
SELECT same('with a measure of it', def('c customers, o orders', 'c.id, o.amount sum',
		filters(pg_temp.scoped('o.status eq', '"paid"', 'none')), joins => 'c.id = o.customer_id
			LEFT'),
	$$SELECT c.id, sum(amount) FROM customers c LEFT JOIN orders o ON o.tenant = 'acme'
		AND o.customer_id = c.id WHERE c.tenant = 'acme' AND NOT EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND status = 'paid') GROUP BY 1$$);
SELECT same('in the conditions of a measure', def('c customers, o orders', 'c.region',
		jsonb_build_object('columns', jsonb_build_array(
			jsonb_build_object('table_id', 'c', 'column', 'region'),
			jsonb_build_object('table_id', 'c', 'column', '*', 'aggregation', 'count', 'filters',
				jsonb_build_array(pg_temp.scoped('o.status eq', '"paid"', 'none')))))),
	$$SELECT region, count(*) FILTER (WHERE NOT EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND status = 'paid'))
	FROM customers c WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('in the conditions of a measure that a join repeats',
	def('c customers, o orders, v visits', 'c.region',
		jsonb_build_object('columns', jsonb_build_array(
			jsonb_build_object('table_id', 'c', 'column', 'region'),
			jsonb_build_object('table_id', 'v', 'column', '*', 'aggregation', 'count'),
			jsonb_build_object('table_id', 'c', 'column', 'score', 'aggregation', 'sum', 'filters',
				jsonb_build_array(pg_temp.scoped('o.status eq', '"paid"', 'any'))))),
		joins => 'c.id = v.customer_id LEFT'),
	$$WITH c AS (SELECT *, EXISTS (SELECT FROM orders o WHERE o.tenant = 'acme' AND
		o.customer_id = c.id AND status = 'paid') AS paid FROM customers c WHERE tenant = 'acme')
	SELECT region, (SELECT count(*) FROM visits v JOIN c AS d ON d.id = v.customer_id
		WHERE v.tenant = 'acme' AND d.region IS NOT DISTINCT FROM c.region),
		sum(score) FILTER (WHERE paid) FROM c GROUP BY 1$$);
SELECT same('in a filled series', def('o orders, i items', 'o.* count', filters(
		pg_temp.scoped('i.quantity gt', '3', 'any')) || '{"time_series": {"table_id": "o",
		"date_column": "placed_at", "interval": "month", "range": {"start": "2024-01-01", "end":
		"2024-06-30"}}}'),
	$$SELECT m AT TIME ZONE 'UTC', (SELECT count(*) FROM orders o WHERE tenant = 'acme' AND
		placed_at >= m AT TIME ZONE 'UTC' AND placed_at < (m + interval '1 month') AT TIME ZONE
			'UTC'
		AND EXISTS (SELECT FROM items i WHERE i.tenant = 'acme' AND i.order_id = o.id AND
			quantity > 3))
	FROM generate_series(timestamp '2024-01-01', '2024-06-01', '1 month') AS m$$);

-- In the ON clause.
SELECT same('join: the rows of the strong side stay', def('c customers, o orders', 'c.id,
	o.amount sum',
		filters(pg_temp.scoped('o.status eq', '"paid"', 'join')), joins => 'c.id = o.customer_id
			LEFT'),
	$$SELECT id, (SELECT sum(amount) FROM orders o WHERE o.tenant = 'acme' AND o.customer_id = c.id
		AND status = 'paid') FROM customers c WHERE tenant = 'acme'$$);
SELECT same('without it they go', def('c customers, o orders', 'c.id, o.amount sum',
		filters(cond('o.status eq', '"paid"')), joins => 'c.id = o.customer_id LEFT'),
	$$SELECT c.id, sum(amount) FROM customers c JOIN orders o ON o.tenant = 'acme'
		AND o.customer_id = c.id WHERE c.tenant = 'acme' AND status = 'paid' GROUP BY 1$$);
SELECT same('join: a group, with a pattern', def('c customers, o orders', 'c.id, o.id',
		filters(jsonb_build_object('or', jsonb_build_array(
			pg_temp.scoped('o.status contains', '"AI"', 'join'),
			pg_temp.scoped('o.amount lt', '20', 'join')))), joins => 'o.customer_id = c.id RIGHT'),
	$$SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.tenant = 'acme'
		AND o.customer_id = c.id AND (status ILIKE '%ai%' OR amount < 20) WHERE c.tenant =
			'acme'$$);
SELECT same('join: on the strong side', def('c customers, o orders', 'c.id, o.id',
		filters(pg_temp.scoped('c.active eq', 'true', 'join')), joins => 'c.id = o.customer_id
			LEFT'),
	$$SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.tenant = 'acme'
		AND o.customer_id = c.id AND c.active WHERE c.tenant = 'acme'$$);
SELECT same('join: of an inner join', def('c customers, o orders', 'c.id, o.id',
		filters(pg_temp.scoped('o.status eq', '"paid"', 'join'))),
	$$SELECT c.id, o.id FROM customers c JOIN orders o ON o.tenant = 'acme'
		AND o.customer_id = c.id AND status = 'paid' WHERE c.tenant = 'acme'$$);

-- What is wrong with it.
SELECT is(faults(def('o orders, p poducts', 'o.id', filters(pg_temp.scoped('x.a eq', '1', 'any')))),
	'TABLE_NOT_FOUND /tables/1/name table "poducts" not found (Did you mean "products"?)' ||
		E'\n' ||
	'TABLE_NOT_FOUND /filters/0/table_id no table of the query has the id "x"', 'unknown tables');
SELECT is(faults(def('o orders, v visits', 'o.id', filters(pg_temp.scoped('v.page eq', '"a"',
	'any')))),
	'MISSING_JOIN /filters/0 table "v" is not joined, and no foreign keys lead to it (Say '
	'how "v" is joined, in "joins".)', 'nothing leads there');
SELECT is(faults(def('f flights, a airports', 'f.distance', filters(
		pg_temp.scoped('a.city eq', '"a"', 'any')))),
	'AMBIGUOUS_JOIN /filters/0 table "a" can be joined in more than one way (Say how "a" is '
	'joined, in "joins".)', 'too much leads there');
SELECT is(faults(def('o orders', 'o.id', filters(pg_temp.scoped('o.status eq', '"a"', 'any')))),
	'MISSING_JOIN /filters/0 table "o" is joined to nothing that its rows could be related to '
	'(List the table once more, with an id of its own, and say how it is joined.)', 'alone');
SELECT is(faults(def('c customers, o orders, i items', 'c.id', filters(
		pg_temp.scoped('i.quantity eq', '1', 'any')),
		joins => 'c.id = o.customer_id,o.id = i.order_id,i.line = c.id')),
	'CIRCULAR_JOIN /joins/2 tables "i" and "c" are already joined '
	'(Remove one of the joins, or list a table twice.)', 'in a circle');
SET LOCAL prismiq.max_tables = 2;
SELECT is(faults(def('c customers, o orders', 'c.id, o.id', filters(
		pg_temp.scoped('o.status eq', '"a"', 'any')))),
	'TOO_COMPLEX /filters/0 the related rows need more tables than allowed (Use fewer tables, or '
	'raise prismiq.max_tables.)', 'too many tables');
SET LOCAL prismiq.max_tables = 3;
SELECT is(faults(def('c customers, o orders', 'c.id, o.id', filters(
		pg_temp.scoped('o.status eq', '"a"', 'any')))), NULL, 'at the limit');
RESET prismiq.max_tables;
SELECT is(faults(def('c customers, o orders', 'c.id, o.id', filters(
		pg_temp.scoped('o.status eq', '"a"', 'join')), joins => 'c.id = o.customer_id FULL')),
	'INVALID_VALUE /filters/0 a FULL join of table "o" takes no conditions (Use LEFT or RIGHT, or '
	'leave "scope" out.)', 'in a FULL join');
SELECT is(faults(def('o orders', 'o.id', filters(pg_temp.scoped('o.status eq', '"a"', 'join')))),
	'INVALID_VALUE /filters/0 table "o" has no join for the condition to stand in (Leave "scope" '
	'out.)', 'without a join');
SELECT is(faults(def('c customers, o orders', 'c.id, o.id', filters(jsonb_build_object('or',
		jsonb_build_array(pg_temp.scoped('o.status eq', '"a"', 'join'), cond('c.id eq', '1')))))),
	'INVALID_VALUE /filters/0/or/0/scope a condition of scope "join" is on its own, or in a '
	'group of such on one table (Put it beside the other filters.)', 'in a mixed group');
SELECT is(faults(def('o orders', 'o.id', filters(pg_temp.scoped('o.status eq', '"a"', 'ani')))),
	'INVALID_VALUE /filters/0/scope "ani" is not a valid value of "scope" (Did you mean "any"?)',
	'unknown');
SELECT is(faults(def('c customers, o orders', 'c.id', filters(
		pg_temp.scoped('o.amuont eq', '1', 'none')))),
	'COLUMN_NOT_FOUND /filters/0/column column "amuont" not found in table "orders" '
	'(Did you mean "amount"?)', 'an unknown column');
SELECT is(faults(def('o orders', 'o.id = n, o.amount sum', '{"having": [{"column": "amount_sum",
		"operator": "gt", "value": 1, "scope": "any"}]}')),
	'INVALID_VALUE /having/0/scope a having condition has no scope (Put it into "filters".)',
	'in having');

-- Another tenant's rows relate to nothing, and no condition looks at them.
SELECT answer(def('c customers, r refunds', 'c.id', filters(pg_temp.scoped('r.amount gt', '20',
		'none'), pg_temp.scoped('r.amount lt', '1000000', 'any')) ||
	'{"order_by": [{"alias": "id"}]}')) AS before \gset
RESET ROLE;
INSERT INTO shop.refunds SELECT 'beta', 90000 + id, id, 99, now() FROM shop.orders WHERE tenant =
	'beta';
SET ROLE app_user;
SELECT is(answer(def('c customers, r refunds', 'c.id', filters(pg_temp.scoped('r.amount gt', '20',
		'none'), pg_temp.scoped('r.amount lt', '1000000', 'any')) ||
	'{"order_by": [{"alias": "id"}]}')), :'before',
	'another tenant''s rows');
SELECT alike(prismiq_compile(def('c customers, o orders', 'c.id', filters(
		pg_temp.scoped('o.status contains', '"a"', 'any')))) ->> 'sql',
	'%EXISTS (SELECT 1 FROM (%tenant %=) $%', 'the related rows are the tenant''s');

SELECT * FROM finish();
ROLLBACK;
