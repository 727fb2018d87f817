-- Fan-out: measures whose rows a join repeats count each row once in its group.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

SELECT same('orders and their items: the total',
	def('o orders, i items', 'o.amount sum, o.* count, i.quantity sum, i.* count = lines'),
	$$SELECT sum(amount), count(*), (SELECT sum(quantity) FROM items i JOIN orders o
		ON (o.tenant, o.id) = (i.tenant, i.order_id) WHERE i.tenant = 'acme'),
		(SELECT count(*) FROM items i JOIN orders o
		ON (o.tenant, o.id) = (i.tenant, i.order_id) WHERE i.tenant = 'acme')
	FROM orders o WHERE tenant = 'acme'
		AND EXISTS (SELECT FROM items i WHERE i.tenant = 'acme' AND i.order_id = o.id)$$);

SELECT same('in every group that has the row',
	def('o orders, i items', 'i.product_id, o.amount sum, o.amount avg, i.quantity sum'),
	$$SELECT p, sum(amount), avg(amount), (SELECT sum(quantity) FROM items i JOIN orders o
			ON (o.tenant, o.id) = (i.tenant, i.order_id)
			WHERE i.tenant = 'acme' AND i.product_id IS NOT DISTINCT FROM p)
	FROM (SELECT DISTINCT i.product_id AS p, o.id, o.amount FROM items i JOIN orders o
		ON (o.tenant, o.id) = (i.tenant, i.order_id) WHERE i.tenant = 'acme') AS q GROUP BY p$$);

SELECT same('a chasm: two facts of one dimension', def('c customers, o orders, v visits',
		'c.id, o.amount sum, o.* count = orders, v.* count = visits',
		joins => 'c.id = o.customer_id LEFT,c.id = v.customer_id LEFT'),
	$$SELECT id, (SELECT sum(amount) FROM orders o WHERE o.tenant = 'acme' AND o.customer_id =
		c.id),
		(SELECT count(*) FROM orders o WHERE o.tenant = 'acme' AND o.customer_id = c.id),
		(SELECT count(*) FROM visits v WHERE v.tenant = 'acme' AND v.customer_id = c.id)
	FROM customers c WHERE tenant = 'acme'$$);

SELECT same('a chasm, and the dimension''s own measure', def('c customers, o orders, v visits',
		'c.region, c.score sum, c.* count, o.amount sum, v.* count = visits',
		joins => 'c.id = o.customer_id LEFT,c.id = v.customer_id LEFT'),
	$$WITH c AS (SELECT * FROM customers WHERE tenant = 'acme')
	SELECT region, sum(score), count(*),
		(SELECT sum(amount) FROM orders o JOIN c AS d ON d.id = o.customer_id
			WHERE o.tenant = 'acme' AND d.region IS NOT DISTINCT FROM c.region),
		(SELECT count(*) FROM visits v JOIN c AS d ON d.id = v.customer_id
			WHERE v.tenant = 'acme' AND d.region IS NOT DISTINCT FROM c.region)
	FROM c GROUP BY region$$);

SELECT same('grouped by what is not shown', def('o orders, i items', 'o.amount sum',
		'{"group_by": [{"table_id": "i", "column": "product_id"}],
		  "order_by": [{"table_id": "i", "column": "product_id", "direction": "DESC"}]}'),
	$$SELECT sum(amount) FROM (SELECT DISTINCT i.product_id AS p, o.id, o.amount
		FROM items i JOIN orders o ON (o.tenant, o.id) = (i.tenant, i.order_id)
		WHERE i.tenant = 'acme') AS q GROUP BY p ORDER BY p DESC$$, true);

SELECT same('filters come first', def('o orders, i items', 'o.amount sum',
		filters(cond('i.quantity gt', '2'), cond('o.status contains', '"a"'))),
	$$SELECT sum(amount) FROM orders o WHERE tenant = 'acme' AND status ILIKE '%a%' AND EXISTS
		(SELECT FROM items i WHERE i.tenant = 'acme' AND i.order_id = o.id AND quantity > 2)$$);

SELECT same('having, and order by such a measure', def('o orders, i items',
		'i.product_id, o.amount sum = total',
		'{"having": [{"column": "total", "operator": "gt", "value": 3000},
			{"table_id": "o", "column": "*", "aggregation": "count", "operator": "gt", "value":
				10}],
		  "order_by": [{"alias": "total", "direction": "DESC"}, {"alias": "product_id"}]}'),
	$$SELECT p, sum(amount) FROM (SELECT DISTINCT i.product_id AS p, o.id, o.amount
		FROM items i JOIN orders o ON (o.tenant, o.id) = (i.tenant, i.order_id)
		WHERE i.tenant = 'acme') AS q GROUP BY p
	HAVING sum(amount) > 3000 AND count(*) > 10 ORDER BY 2 DESC, 1$$, true);

SELECT same('a filled series', def('o orders, i items', 'o.amount sum = total, i.quantity sum = n',
		'{"time_series": {"table_id": "o", "date_column": "placed_at", "interval": "day",
						  "timezone": "Europe/Berlin"}}'),
	$$SELECT d, coalesce(t, CASE WHEN q.day IS NULL THEN 0 END), coalesce(n, 0) FROM
		(SELECT (placed_at AT TIME ZONE 'Europe/Berlin')::date AS day, sum(amount) AS t,
			sum((SELECT sum(quantity) FROM items i WHERE i.tenant = 'acme' AND i.order_id =
				o.id)) AS n
		 FROM orders o WHERE tenant = 'acme' AND EXISTS
			(SELECT FROM items i WHERE i.tenant = 'acme' AND i.order_id = o.id) GROUP BY 1) AS q
		RIGHT JOIN (SELECT g::date AS day, g AT TIME ZONE 'Europe/Berlin' AS d FROM generate_series(
			(SELECT min(placed_at) AT TIME ZONE 'Europe/Berlin' FROM orders WHERE tenant = 'acme'
				AND isfinite(placed_at))::date::timestamp,
			(SELECT max(placed_at) AT TIME ZONE 'Europe/Berlin' FROM orders WHERE tenant = 'acme'
				AND isfinite(placed_at))::date::timestamp, interval '1 day') AS g) AS g USING
					(day)$$);

SELECT same('rows without a key are told by their place', def('v visits, c customers, o orders',
		'v.* count, v.customer_id sum, v.at count = at',
		joins => 'v.customer_id = c.id,o.customer_id = c.id'),
	$$SELECT count(*), sum(customer_id), count(at) FROM visits v WHERE v.tenant = 'acme' AND EXISTS
		(SELECT FROM orders o WHERE o.tenant = 'acme' AND o.customer_id = v.customer_id)
		AND EXISTS (SELECT FROM customers c WHERE c.tenant = 'acme' AND c.id = v.customer_id)$$);

SELECT same('a table with itself, in two roles', def('c customers, r customers',
		'r.region, r.score sum = referrers, r.* count = people, c.score sum = referred',
		joins => 'c.referred_by = r.id'),
	$$SELECT r.region, sum(r.score), count(*), sum(n) FROM customers r, LATERAL
		(SELECT sum(score) AS n, count(*) FROM customers c WHERE c.tenant = 'acme'
			AND c.referred_by = r.id) AS c
	WHERE r.tenant = 'acme' AND c.count > 0 GROUP BY 1$$);

SELECT same('a full join', def('c customers, v visits', 'c.* count = customers, v.* count = visits,'
		' c.score sum', joins => 'c.id = v.customer_id FULL'),
	$$SELECT (SELECT count(*) FROM customers WHERE tenant = 'acme'),
		(SELECT count(*) FROM visits WHERE tenant = 'acme'),
		(SELECT sum(score) FROM customers WHERE tenant = 'acme')$$);

SELECT same('min, max and distinct do not care', def('o orders, i items',
		'o.amount min, o.amount max, o.status count_distinct'),
	$$SELECT min(amount), max(amount), count(DISTINCT status) FROM orders o WHERE tenant = 'acme'
		AND EXISTS (SELECT FROM items i WHERE i.tenant = 'acme' AND i.order_id = o.id)$$);
SELECT unalike(prismiq_compile(def('o orders, i items', 'o.amount min, o.status count_distinct'))
		->> 'sql', '%row_number%', 'and nothing is flagged for them');
SELECT unalike(prismiq_compile(def('o orders, c customers', 'c.region, o.amount sum')) ->> 'sql',
	'%row_number%', 'nor where nothing is repeated');

-- A measure's own conditions: an order counts when any of its items passes.
SELECT same('conditions on the table that repeats', def('o orders, i items', 'c.region',
		'{"columns": [
			{"table_id": "o", "column": "status"},
			{"table_id": "o", "column": "amount", "aggregation": "sum", "alias": "many", "filters":
				[{"table_id": "i", "column": "quantity", "operator": "gt", "value": 3}]},
			{"table_id": "o", "column": "amount", "aggregation": "sum", "alias": "big", "filters":
				[{"table_id": "o", "column": "amount", "operator": "gt", "value": 200}]},
			{"table_id": "o", "column": "*", "aggregation": "count", "alias": "all"}]}'),
	$$SELECT status, sum(amount) FILTER (WHERE many), sum(amount) FILTER (WHERE amount > 200),
		count(*)
	FROM (SELECT o.*, EXISTS (SELECT FROM items i WHERE i.tenant = 'acme' AND i.order_id = o.id
			AND quantity > 3) AS many FROM orders o WHERE tenant = 'acme'
			AND EXISTS (SELECT FROM items i WHERE i.tenant = 'acme' AND i.order_id = o.id)) AS o
	GROUP BY 1$$);

SELECT same('all aggregates that repetitions would change', def('o orders, i items',
		'o.status, o.amount median, o.amount stddev, o.small variance, o.status mode,'
		'o.small array_agg, o.status string_agg'),
	$$SELECT status, percentile_cont(0.5) WITHIN GROUP (ORDER BY amount), stddev(amount),
		variance(small), status, array_agg(small ORDER BY small), string_agg(status, ', ')
	FROM orders o WHERE tenant = 'acme' AND EXISTS
		(SELECT FROM items i WHERE i.tenant = 'acme' AND i.order_id = o.id) GROUP BY status$$);

-- The other two ways.
SELECT same('allow: plain SQL', def('o orders, i items', 'o.amount sum', '{"fan_out": "allow"}'),
	$$SELECT sum(amount) FROM orders o JOIN items i ON (o.tenant, o.id) = (i.tenant, i.order_id)
	WHERE o.tenant = 'acme'$$);
SELECT is(faults(def('o orders, i items', 'i.quantity sum, o.amount sum', '{"fan_out": "error"}')),
	'FAN_OUT /columns/1 joining "orders" and "items" repeats rows of "orders", so sum of "amount" '
	'would be wrong (Set "fan_out" to "correct", or ask in a query without that join.)',
	'error: names the join');
SELECT is(answer(def('o orders, i items', 'o.amount sum', '{"fan_out": "error"}')),
	'22023 FAN_OUT', 'error: as it is raised');
SELECT is(faults(def('c customers, o orders, i items', 'c.score sum', '{"fan_out": "error"}')),
	'FAN_OUT /columns/0 joining "customers" and "orders" repeats rows of "customers", so sum of '
	'"score" would be wrong (Set "fan_out" to "correct", or ask in a query without that join.)',
	'error: names the first that repeats');

-- Rows of what has no key are told apart by where they are stored, or how they come.
RESET ROLE;
CREATE VIEW shop.big_orders AS SELECT * FROM shop.orders WHERE amount > 100;
CREATE MATERIALIZED VIEW shop.kept_orders AS SELECT * FROM shop.orders;
CREATE TABLE shop.notes (tenant text, order_id int, body text, weight int);
INSERT INTO shop.notes SELECT 'acme', n % 7, 'x', n FROM generate_series(1, 50) AS n;
CREATE TABLE shop.more_notes () INHERITS (shop.notes);
INSERT INTO shop.more_notes SELECT 'acme', n % 7, 'y', n FROM generate_series(1, 50) AS n;
CREATE TABLE shop.parted (tenant text, order_id int, n int) PARTITION BY LIST (n);
CREATE TABLE shop.parted_1 PARTITION OF shop.parted FOR VALUES IN (1);
CREATE TABLE shop.parted_2 PARTITION OF shop.parted FOR VALUES IN (2);
INSERT INTO shop.parted SELECT 'acme', n % 5, n % 2 + 1 FROM generate_series(1, 40) AS n;
CREATE TABLE shop.keyed (tenant text, id int PRIMARY KEY, order_id int, n int, secret int);
INSERT INTO shop.keyed SELECT 'acme', n, n % 5, n, n FROM generate_series(1, 20) AS n;
SELECT FROM prismiq.prismiq_expose('shop.big_orders', tenant_column => 'tenant');
SELECT FROM prismiq.prismiq_expose('shop.kept_orders', tenant_column => 'tenant');
SELECT FROM prismiq.prismiq_expose('shop.notes', tenant_column => 'tenant');
SELECT FROM prismiq.prismiq_expose('shop.parted', tenant_column => 'tenant');
SELECT FROM prismiq.prismiq_expose('shop.keyed', tenant_column => 'tenant');
GRANT SELECT ON shop.big_orders, shop.kept_orders, shop.notes, shop.parted TO app_user;
GRANT SELECT (tenant, order_id, n) ON shop.keyed TO app_user;
SET ROLE app_user;
SELECT same('a view without a key', def('o big_orders, i items', 'o.amount sum',
		joins => 'o.id = i.order_id'),
	$$SELECT sum(amount) FROM orders o WHERE tenant = 'acme' AND amount > 100
		AND EXISTS (SELECT FROM items i WHERE i.tenant = 'acme' AND i.order_id = o.id)$$);
SELECT same('a materialized view', def('o kept_orders, i items', 'o.amount sum',
		joins => 'o.id = i.order_id'),
	$$SELECT sum(amount) FROM orders o WHERE tenant = 'acme'
		AND EXISTS (SELECT FROM items i WHERE i.tenant = 'acme' AND i.order_id = o.id)$$);
SELECT same('tables that inherit', def('n notes, i items', 'n.weight sum, n.* count',
		joins => 'n.order_id = i.order_id'),
	$$SELECT sum(weight), count(*) FROM notes n WHERE tenant = 'acme'
		AND EXISTS (SELECT FROM items i WHERE i.tenant = 'acme' AND i.order_id = n.order_id)$$);
SELECT same('partitions', def('p parted, i items', 'p.n sum, p.* count',
		joins => 'p.order_id = i.order_id'),
	$$SELECT sum(n), count(*) FROM parted p WHERE tenant = 'acme'
		AND EXISTS (SELECT FROM items i WHERE i.tenant = 'acme' AND i.order_id = p.order_id)$$);
SELECT is(answer(def('k keyed, i items', 'k.n sum, k.* count',
		joins => 'k.order_id = i.order_id')), wanted, 'a key that may not be read')
FROM (SELECT format('[[%s, %s]]', sum(n), count(*)) AS wanted
	FROM (SELECT n, n % 5 AS order_id FROM generate_series(1, 20) AS n) AS k
	WHERE EXISTS (SELECT FROM shop.items i
		WHERE i.tenant = 'acme' AND i.order_id = k.order_id)) AS x;
SELECT same('bigints joined as floating point numbers may be equal without being the same',
	def('o orders, c customers', 'c.* count', joins => 'o.amount = c.score'),
	$$SELECT count(*) FROM customers c WHERE c.tenant = 'acme' AND c.score <> 'NaN' AND EXISTS
		(SELECT FROM orders o WHERE o.tenant = 'acme' AND o.amount::float8 = c.score)$$);

-- Another tenant's rows repeat nothing.
SELECT answer(def('o orders, i items', 'o.amount sum, i.quantity sum')) AS before \gset
RESET ROLE;
INSERT INTO shop.items SELECT 'beta', id, 900 + n, 1, 9999, 1 FROM shop.orders,
	generate_series(1, 3) AS n
WHERE tenant = 'beta';
SET ROLE app_user;
SELECT is(answer(def('o orders, i items', 'o.amount sum, i.quantity sum')), :'before',
	'another tenant''s rows repeat nothing');

SELECT * FROM finish();
ROLLBACK;
