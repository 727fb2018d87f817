-- Calculated fields across joins: what a join repeats, and definitions inside definitions.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

SELECT same('a ratio of measures of two tables that repeat each other',
	def('c customers, o orders, v visits', 'c.region', '{
		"calculated_fields": [
			{"name": "per_visit", "expression": "sum([o.amount]) / count([v.customer_id])"},
			{"name": "weight", "expression": "[o.amount] * [c.score]"}],
		"columns": [{"table_id": "c", "column": "region"}, {"table_id": "o", "column": "per_visit"},
			{"table_id": "o", "column": "weight", "aggregation": "sum"}]}',
		joins => 'c.id = o.customer_id LEFT,c.id = v.customer_id LEFT'),
	$$WITH c AS (SELECT * FROM customers WHERE tenant = 'acme')
	SELECT region, (SELECT sum(amount) FROM orders o JOIN c AS d ON d.id = o.customer_id
			WHERE o.tenant = 'acme' AND d.region IS NOT DISTINCT FROM c.region)
		/ NULLIF((SELECT count(*) FROM visits v JOIN c AS d ON d.id = v.customer_id
			WHERE v.tenant = 'acme' AND d.region IS NOT DISTINCT FROM c.region), 0)::numeric,
		(SELECT sum(amount * score) FROM orders o JOIN c AS d ON d.id = o.customer_id
			WHERE o.tenant = 'acme' AND d.region IS NOT DISTINCT FROM c.region)
	FROM c GROUP BY 1$$);

SELECT same('a calculated dimension that repeats', def('o orders, i items', 'i.kind, o.amount sum',
		'{"calculated_fields": [{"name": "kind",
			"expression": "if([i.quantity] > 3, \"many\", \"few\")"}]}'),
	$$SELECT k, sum(amount) FROM (SELECT DISTINCT
		CASE WHEN i.quantity > 3 THEN 'many' ELSE 'few' END AS k, o.id, o.amount
		FROM orders o JOIN items i ON (o.tenant, o.id) = (i.tenant, i.order_id)
		WHERE o.tenant = 'acme') AS q GROUP BY 1$$);

SELECT same('over a derived table', '{
	"tables": [{"id": "t", "query": {"tables": [{"id": "o", "name": "orders"}], "columns": [
		{"table_id": "o", "column": "customer_id"},
		{"table_id": "o", "column": "amount", "aggregation": "sum", "alias": "total"}]}}],
	"calculated_fields": [{"name": "size", "expression": "if([total] > 500, \"big\", \"small\")"}],
	"columns": [{"table_id": "t", "column": "size"},
		{"table_id": "t", "column": "*", "aggregation": "count"}]}',
	$$SELECT CASE WHEN t > 500 THEN 'big' ELSE 'small' END, count(*) FROM (SELECT sum(amount) AS t
		FROM orders WHERE tenant = 'acme' GROUP BY customer_id) AS q GROUP BY 1$$);

SELECT same('inside a derived table', '{
	"tables": [{"id": "t", "query": {"tables": [{"id": "o", "name": "orders"}],
		"calculated_fields": [{"name": "half", "expression": "[amount] / 2"}],
		"columns": [{"table_id": "o", "column": "half", "aggregation": "sum", "alias": "h"}]}}],
	"columns": [{"table_id": "t", "column": "h"}]}',
	$$SELECT sum(amount / 2) FROM orders WHERE tenant = 'acme'$$);

SELECT * FROM finish();
ROLLBACK;
