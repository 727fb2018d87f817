-- Joins, against statements written by a person.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

SELECT same('one table', def('o orders', 'o.id, o.amount'),
	$$SELECT id, amount FROM orders WHERE tenant = 'acme'$$);

SELECT same('inner join on one pair', def('o orders, c customers', 'o.id, c.name',
		joins => 'o.customer_id = c.id'),
	$$SELECT o.id, c.name FROM orders o, customers c
	WHERE o.tenant = 'acme' AND c.tenant = 'acme' AND o.customer_id = c.id$$);

SELECT same('left join', def('o orders, c customers', 'o.id, c.name',
		joins => 'o.customer_id = c.id LEFT'),
	$$SELECT id, (SELECT name FROM customers c WHERE c.tenant = 'acme' AND c.id = o.customer_id)
	FROM orders o WHERE tenant = 'acme'$$);

SELECT same('a left join keeps rows that other tenants would match',
	def('v visits, c customers', 'v.customer_id, v.page, c.id',
			joins => 'v.customer_id = c.id left'),
	$$SELECT customer_id, page, CASE WHEN customer_id BETWEEN 1 AND 40 THEN customer_id END
	FROM visits WHERE tenant = 'acme'$$);

SELECT same('right join', def('v visits, c customers', 'c.id, v.page',
		joins => 'v.customer_id = c.id RIGHT'),
	$$SELECT v.customer_id, v.page FROM visits v WHERE v.tenant = 'acme' AND v.customer_id <= 40
	UNION ALL
	SELECT id, NULL FROM customers c WHERE tenant = 'acme' AND NOT EXISTS
		(SELECT FROM visits v WHERE v.tenant = 'acme' AND v.customer_id = c.id)$$);

SELECT same('full join', def('v visits, o orders', 'v.customer_id, o.id, v.page',
		joins => 'v.customer_id = o.id FULL'),
	$$SELECT v.customer_id, o.id, v.page FROM visits v, orders o
		WHERE v.tenant = 'acme' AND o.tenant = 'acme' AND v.customer_id = o.id
	UNION ALL
	SELECT customer_id, NULL, page FROM visits v WHERE tenant = 'acme' AND NOT EXISTS
		(SELECT FROM orders o WHERE o.tenant = 'acme' AND o.id = v.customer_id)
	UNION ALL
	SELECT NULL, id, NULL FROM orders o WHERE tenant = 'acme' AND NOT EXISTS
		(SELECT FROM visits v WHERE v.tenant = 'acme' AND o.id = v.customer_id)$$);

SELECT same('a join written towards the first table',
	def('o orders, c customers', 'o.id, c.name', joins => 'c.id = o.customer_id'),
	$$SELECT o.id, c.name FROM orders o JOIN customers c USING (tenant)
	WHERE tenant = 'acme' AND o.customer_id = c.id$$);

SELECT same('an outer join written towards the first table keeps its meaning',
	def('o orders, c customers', 'o.id, c.id', joins => 'c.id = o.customer_id LEFT'),
	$$SELECT o.id, c.id FROM (SELECT * FROM customers WHERE tenant = 'acme') c
	LEFT JOIN (SELECT * FROM orders WHERE tenant = 'acme') o ON o.customer_id = c.id$$);

SELECT same('joins in any order', def('i items, c customers, o orders', 'c.name, i.quantity',
		joins => 'o.customer_id = c.id LEFT, i.order_id = o.id'),
	$$SELECT (SELECT name FROM customers c WHERE c.tenant = 'acme' AND c.id = o.customer_id),
		i.quantity
	FROM items i JOIN orders o ON o.tenant = i.tenant AND o.id = i.order_id
	WHERE i.tenant = 'acme'$$);

SELECT same('along a composite foreign key', def('o orders, c customers', 'o.id, c.name'),
	$$SELECT o.id, c.name FROM orders o JOIN customers c
		ON (c.tenant, c.id) = (o.tenant, o.customer_id) WHERE o.tenant = 'acme'$$);

SELECT same('along a foreign key, from the other side', def('c customers, o orders', 'o.id,
		c.name'),
	$$SELECT o.id, c.name FROM orders o JOIN customers c
		ON (c.tenant, c.id) = (o.tenant, o.customer_id) WHERE o.tenant = 'acme'$$);

SELECT same('through tables that are not listed',
	def('i items, c customers', 'c.region, i.quantity sum'),
	$$SELECT c.region, sum(quantity) FROM items i
		JOIN orders o ON o.tenant = i.tenant AND o.id = i.order_id
		JOIN customers c ON c.tenant = o.tenant AND c.id = o.customer_id
	WHERE i.tenant = 'acme' GROUP BY 1$$);

SELECT same('some joins given, the others found',
	def('i items, p products, c customers', 'p.sku, c.name, i.line',
		joins => 'i.product_id = p.id LEFT'),
	$$SELECT (SELECT sku FROM products p WHERE p.id = i.product_id), c.name, i.line FROM items i
		JOIN orders o ON o.tenant = i.tenant AND o.id = i.order_id
		JOIN customers c ON c.tenant = o.tenant AND c.id = o.customer_id
	WHERE i.tenant = 'acme'$$);

SELECT same('a table with itself', def('c customers, r customers', 'c.name, r.name',
		joins => 'c.referred_by = r.id'),
	$$SELECT c.name, r.name FROM customers c, customers r
	WHERE c.tenant = 'acme' AND r.tenant = 'acme' AND r.id = c.referred_by$$);

SELECT same('different integer types', def('v visits, c customers', 'v.page, c.name',
		joins => 'v.customer_id = c.id'),
	$$SELECT page, name FROM visits v, customers c
	WHERE v.tenant = 'acme' AND c.tenant = 'acme' AND v.customer_id = c.id$$);

SELECT same('types of one category', def('i items, p products', 'i.line, p.id',
		joins => 'i.unit_price = p.price'),
	$$SELECT i.line, p.id FROM items i,
			products p WHERE i.tenant = 'acme' AND unit_price = price$$);

SELECT same('a number with a floating point number', def('o orders, c customers', 'o.id, c.id',
		joins => 'o.amount = c.score'),
	$$SELECT o.id, c.id FROM orders o, customers c WHERE o.tenant = 'acme' AND c.tenant = 'acme'
		AND c.score <> 'NaN' AND o.amount = c.score::numeric$$);

SELECT same('text with varchar and char', def('p products, q products', 'p.id, q.id',
		joins => 'p.sku = q.name'),
	$$SELECT 1, 1 WHERE false$$);
SELECT same('char with text', def('p products, c customers', 'p.id, c.id',
		joins => 'p.code = c.region'), $$SELECT 1, 1 WHERE false$$);

-- What is counted on the weak side of an outer join is its rows.
SELECT same('count of a weak side', def('c customers, v visits', 'c.id, v.* count = visits',
		joins => 'c.id = v.customer_id LEFT'),
	$$SELECT id, (SELECT count(*) FROM visits v WHERE v.tenant = 'acme' AND v.customer_id = c.id)
	FROM customers c WHERE tenant = 'acme'$$);

SELECT same('count of the strong side, where nothing repeats it',
	def('o orders, c customers', 'c.region, o.* count', joins => 'o.customer_id = c.id LEFT'),
	$$SELECT (SELECT region FROM customers c WHERE c.tenant = 'acme' AND c.id = o.customer_id) AS r,
		count(*) FROM orders o WHERE tenant = 'acme' GROUP BY r$$);

-- Another tenant sees its own, an unknown one nothing, and both columns.
SET LOCAL prismiq.tenant_id = 'beta';
SELECT same('the other tenant', def('o orders, c customers', 'c.name, o.amount sum'),
	$$SELECT c.name, sum(o.amount) FROM orders o, customers c
	WHERE o.tenant = 'beta' AND c.tenant = 'beta' AND o.customer_id = c.id GROUP BY 1$$);
SET LOCAL prismiq.tenant_id = 'gamma';
SELECT same('a tenant without rows', def('o orders, c customers', 'c.name, o.amount sum'),
	$$SELECT '', 1.0 WHERE false$$);
SELECT same('a tenant without rows, a total', def('o orders', 'o.* count, o.amount sum'),
	$$SELECT 0, NULL::numeric$$);
SELECT same('shared rows are for all', def('p products', 'p.sku'), 'SELECT sku FROM products');

-- Real data: both ends of a flight.
SET LOCAL prismiq.tenant_id = 'AK';
SELECT same('flights: two airports', def('f flights, a airports, b airports',
		'a.city, b.city, f.* count', joins => 'f.origin = a.iata, f.destination = b.iata'),
	$$SELECT (SELECT city FROM airports WHERE iata = origin) AS a,
		(SELECT city FROM airports WHERE iata = destination) AS b, count(*)
	FROM flights WHERE state = 'AK' GROUP BY a, b$$);

SELECT * FROM finish();
ROLLBACK;
