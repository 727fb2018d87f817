-- The shop's categories, a tree of itself, and its currencies: self joins, roles of one table,
-- reference data that all tenants share.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

RESET ROLE;
CREATE TABLE shop.categories
(
	tenant		text,
	id			int,
	parent_id	int,
	name		text NOT NULL,
	PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, parent_id) REFERENCES shop.categories
);
CREATE TABLE shop.currencies (code char(3) PRIMARY KEY, rate numeric NOT NULL, name text);
CREATE TABLE shop.listings
(
	tenant		text,
	id			int,
	category_id int,
	currency	char(3) REFERENCES shop.currencies,
	amount		numeric(12, 2),
	PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, category_id) REFERENCES shop.categories
);
INSERT INTO shop.categories
SELECT tenant, n, CASE WHEN n > 3 THEN (n - 1) / 3 END, 'category ' || n
FROM unnest('{acme,beta}'::text[]) AS tenant, generate_series(1, 40) AS n;
INSERT INTO shop.currencies VALUES ('EUR', 1, 'Euro'), ('USD', 0.92, 'Dollar'),
	('JPY', 0.0061, 'Yen'), ('NIL', 0, NULL);
INSERT INTO shop.listings
SELECT tenant, n, CASE WHEN n % 11 > 0 THEN n * 7 % 40 + 1 END,
	(ARRAY['EUR', 'USD', 'JPY', NULL])[n % 4 + 1],
	CASE WHEN n % 13 > 0 THEN n * CASE tenant WHEN 'acme' THEN 1.25 ELSE 1000 END END
FROM unnest('{acme,beta}'::text[]) AS tenant, generate_series(1, 120) AS n;
SELECT FROM prismiq.prismiq_expose('shop.categories', tenant_column => 'tenant');
SELECT FROM prismiq.prismiq_expose('shop.listings', tenant_column => 'tenant');
SELECT FROM prismiq.prismiq_expose('shop.currencies', shared => true);
GRANT SELECT ON shop.categories, shop.currencies, shop.listings TO app_user;
SET ROLE app_user;

SELECT same('a tree, one level', def('c categories, p categories', 'p.name, c.* count',
		joins => 'c.parent_id = p.id LEFT'),
	$$SELECT p.name, count(*) FROM categories c LEFT JOIN categories p
		ON p.tenant = c.tenant AND p.id = c.parent_id WHERE c.tenant = 'acme' GROUP BY 1$$);
SELECT same('written from the other side', def('c categories, p categories', 'p.name, c.* count',
		joins => 'p.id = c.parent_id RIGHT'),
	$$SELECT p.name, count(*) FROM categories c LEFT JOIN categories p
		ON p.tenant = c.tenant AND p.id = c.parent_id WHERE c.tenant = 'acme' GROUP BY 1$$);
SELECT same('two levels', def('c categories, p categories, g categories', 'g.name, c.id',
		joins => 'c.parent_id = p.id LEFT, p.parent_id = g.id LEFT'),
	$$SELECT g.name, c.id FROM categories c
		LEFT JOIN categories p ON p.tenant = c.tenant AND p.id = c.parent_id
		LEFT JOIN categories g ON g.tenant = c.tenant AND g.id = p.parent_id
		WHERE c.tenant = 'acme'$$);
SELECT same('children are no reason to count a parent twice',
	def('p categories, c categories', 'p.id sum, p.* count, c.* count = children',
		joins => 'c.parent_id = p.id'),
	$$SELECT (SELECT sum(id) FROM categories p WHERE tenant = 'acme' AND EXISTS (SELECT FROM
			categories c WHERE c.tenant = 'acme' AND c.parent_id = p.id)),
		(SELECT count(*) FROM categories p WHERE tenant = 'acme' AND EXISTS (SELECT FROM
			categories c WHERE c.tenant = 'acme' AND c.parent_id = p.id)),
		(SELECT count(*) FROM categories WHERE tenant = 'acme' AND parent_id IS NOT NULL)$$);
SELECT same('leaves have no children', def('c categories, k categories', 'c.id',
		filters(cond('k.parent_id is_not_null', NULL, '{"scope": "none"}')),
		'c.id = k.parent_id'),
	$$SELECT id FROM categories c WHERE tenant = 'acme' AND NOT EXISTS (SELECT FROM categories k
		WHERE k.tenant = 'acme' AND k.parent_id = c.id)$$);
SELECT same('listings of a branch, each once', def('l listings, c categories, p categories',
		'p.name, l.amount sum, l.* count',
		joins => 'l.category_id = c.id LEFT, c.parent_id = p.id LEFT'),
	$$SELECT p.name, sum(l.amount), count(*) FROM listings l
		LEFT JOIN categories c ON c.tenant = 'acme' AND c.id = l.category_id
		LEFT JOIN categories p ON p.tenant = 'acme' AND p.id = c.parent_id
		WHERE l.tenant = 'acme' GROUP BY 1$$);
SELECT same('categories without a listing have none', def('c categories, l listings',
		'c.id, l.* count, l.amount sum', joins => 'c.id = l.category_id LEFT'),
	$$SELECT c.id, count(l.id), sum(l.amount) FROM categories c LEFT JOIN listings l
		ON l.tenant = c.tenant AND l.category_id = c.id WHERE c.tenant = 'acme' GROUP BY 1$$);
SELECT same('amounts in one currency', def('l listings, r currencies', 'r.name, l.id count', '{
		"calculated_fields": [{"name": "euros", "expression": "[l.amount] * [r.rate]"},
			{"name": "mean", "expression": "sum([euros]) / count([l.id])"}],
		"columns": [{"table_id": "r", "column": "name"}, {"column": "euros", "aggregation": "sum"},
			{"column": "mean"}]}'),
	$$SELECT r.name, sum(l.amount * r.rate), sum(l.amount * r.rate) / count(l.id)
		FROM listings l JOIN currencies r ON r.code = l.currency WHERE l.tenant = 'acme'
		GROUP BY 1$$);
SELECT same('currencies nobody uses', def('r currencies, l listings', 'r.code, l.* count',
		joins => 'r.code = l.currency LEFT'),
	$$SELECT r.code, count(l.id) FROM currencies r LEFT JOIN listings l
		ON l.currency = r.code AND l.tenant = 'acme' GROUP BY 1$$);
SELECT same('a rate of zero divides to null', def('r currencies', 'r.code', '{
		"calculated_fields": [{"name": "per_euro", "expression": "1 / [rate]"}],
		"columns": [{"table_id": "r", "column": "code"}, {"column": "per_euro"}]}'),
	'SELECT code, 1 / nullif(rate, 0) FROM currencies');

SELECT * FROM finish();
ROLLBACK;
