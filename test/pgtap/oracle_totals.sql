-- Totals, against statements written by a person with GROUPING SETS.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

-- Orders, some without status or channel, with measures that do not add up.
CREATE FUNCTION pg_temp.orders(rest jsonb,
	columns text = 'o.status, o.channel, o.amount sum = s, o.amount avg = a,
					o.customer_id count_distinct = c')
RETURNS jsonb LANGUAGE sql AS $$ SELECT def('o orders', columns, rest) $$;

SELECT same('every column is rolled up, from the last to the first',
	pg_temp.orders('{"totals": true}'),
	$$SELECT status, channel, sum(amount), avg(amount), count(DISTINCT customer_id),
		grouping(status) + grouping(channel)
	FROM orders WHERE tenant = 'acme' GROUP BY ROLLUP (status, channel)$$);
SELECT same('a total is told from a null by its level', pg_temp.orders('{"totals": true}',
		'o.status, o.* count'),
	$$SELECT status, count(*), 0 FROM orders WHERE tenant = 'acme' GROUP BY 1
	UNION ALL SELECT NULL, count(*), 1 FROM orders WHERE tenant = 'acme'$$);
SELECT cmp_ok((SELECT count(*) FROM jsonb_array_elements(prismiq_query(pg_temp.orders(
		'{"totals": true}', 'o.status, o.* count'))::jsonb -> 'rows') AS r
	WHERE r -> 0 = 'null'), '=', 2::bigint, 'there is such a null');
SELECT same('some columns: the others have their subtotals',
	pg_temp.orders('{"totals": ["channel"]}'),
	$$SELECT status, channel, sum(amount), avg(amount), count(DISTINCT customer_id),
		grouping(channel)
	FROM orders WHERE tenant = 'acme'
	GROUP BY GROUPING SETS ((status, channel), (status))$$);
SELECT same('in the order that is said', pg_temp.orders('{"totals": ["channel", "status"]}'),
	$$SELECT status, channel, sum(amount), avg(amount), count(DISTINCT customer_id),
		grouping(channel) + grouping(status)
	FROM orders WHERE tenant = 'acme' GROUP BY ROLLUP (channel, status)$$);
SELECT same('details in their order, then the totals level by level',
	pg_temp.orders('{"totals": true, "order_by": [{"alias": "s", "direction": "DESC"}]}'),
	$$SELECT status, channel, sum(amount) AS s, avg(amount), count(DISTINCT customer_id),
		grouping(status) + grouping(channel) AS l
	FROM orders WHERE tenant = 'acme' GROUP BY ROLLUP (status, channel)
	ORDER BY l, s DESC, status, channel$$, true);
SELECT same('a page of the details, and all totals from all rows',
	pg_temp.orders('{"totals": true, "limit": 3, "offset": 2,
		"order_by": [{"alias": "s", "nulls": "first"}]}'),
	$$(SELECT status, channel, sum(amount) AS s, avg(amount), count(DISTINCT customer_id), 0
	FROM orders WHERE tenant = 'acme' GROUP BY 1, 2 ORDER BY s NULLS FIRST, 1, 2
	OFFSET 2 LIMIT 3)
	UNION ALL
	(SELECT status, NULL, sum(amount) AS s, avg(amount), count(DISTINCT customer_id), 1
	FROM orders WHERE tenant = 'acme' GROUP BY 1 ORDER BY s NULLS FIRST, 1)
	UNION ALL
	SELECT NULL, NULL, sum(amount), avg(amount), count(DISTINCT customer_id), 2
	FROM orders WHERE tenant = 'acme'$$, true);
SELECT same('limit 0: the totals alone', pg_temp.orders('{"totals": ["status"], "limit": 0}',
		'o.status, o.* count'),
	$$SELECT NULL, count(*), 1 FROM orders WHERE tenant = 'acme'$$);
SELECT same('nothing to roll up: the only row is a group',
	pg_temp.orders('{"totals": true}', 'o.amount sum'),
	$$SELECT sum(amount), 0 FROM orders WHERE tenant = 'acme'$$);
SELECT same('no rows: a grand total of nothing', pg_temp.orders(
		filters(cond('o.id eq', '0')) || '{"totals": true}', 'o.status, o.amount sum, o.* count'),
	'SELECT NULL, NULL, 0, 1');
SELECT same('a column twice', pg_temp.orders('{"totals": true}',
		'o.status = one, o.status = two, o.* count'),
	$$SELECT status, status, count(*), 0 FROM orders WHERE tenant = 'acme' GROUP BY 1
	UNION ALL SELECT status, NULL, count(*), 1 FROM orders WHERE tenant = 'acme' GROUP BY 1
	UNION ALL SELECT NULL, NULL, count(*), 2 FROM orders WHERE tenant = 'acme'$$);
SELECT same('what is grouped by and not shown has no part in the totals',
	pg_temp.orders('{"totals": true, "group_by": [{"table_id": "o", "column": "status"},
		{"table_id": "o", "column": "channel"}]}', 'o.status, o.* count'),
	$$SELECT status, count(*), 0 FROM orders WHERE tenant = 'acme' GROUP BY status, channel
	UNION ALL SELECT NULL, count(*), 1 FROM orders WHERE tenant = 'acme'$$);
SELECT same('having and qualify choose groups, and leave the totals as they are',
	pg_temp.orders('{"totals": true, "having": [{"column": "s", "operator": "lt", "value": 400}],
		"qualify": [{"column": "c", "operator": "gt", "value": 1}]}'),
	$$SELECT status, channel, sum(amount), avg(amount), count(DISTINCT customer_id), 0
	FROM orders WHERE tenant = 'acme' GROUP BY 1, 2
	HAVING sum(amount) < 400 AND count(DISTINCT customer_id) > 1
	UNION ALL
	SELECT status, NULL, sum(amount), avg(amount), count(DISTINCT customer_id), 1
	FROM orders WHERE tenant = 'acme' GROUP BY 1
	UNION ALL
	SELECT NULL, NULL, sum(amount), avg(amount), count(DISTINCT customer_id), 2
	FROM orders WHERE tenant = 'acme'$$);
SELECT same('windows stay on their level', pg_temp.orders('{"totals": true, "windows": [
		{"alias": "p", "function": "percent_of_total", "of": "n"},
		{"alias": "r", "function": "rank", "of": "n"}]}', 'o.status, o.channel, o.* count = n'),
	$$WITH g AS (SELECT status, channel, count(*) AS n, grouping(status) + grouping(channel) AS l
		FROM orders WHERE tenant = 'acme' GROUP BY ROLLUP (status, channel))
	SELECT status, channel, n, n * 100::numeric / (SELECT sum(n) FROM g AS o WHERE o.l = g.l),
		(SELECT 1 + count(*) FROM g AS o WHERE o.l = g.l AND o.n > g.n), l
	FROM g$$);

SELECT same('the caller''s order is within a level, its page of all rows',
	pg_temp.orders('{"totals": ["channel"], "limit": 4, "order_by": [{"alias": "n"},
		{"alias": "status"}, {"alias": "channel"}]}', 'o.status, o.channel, o.* count = n'),
	$$SELECT * FROM (
		(SELECT status, channel, count(*) AS n, 0 AS l FROM orders WHERE tenant = 'acme'
		 GROUP BY 1, 2 ORDER BY n, 1, 2 LIMIT 4)
		UNION ALL SELECT status, NULL, count(*), 1 FROM orders WHERE tenant = 'acme' GROUP BY 1)
		AS q ORDER BY l, n DESC, status, channel OFFSET 2 LIMIT 4$$, true,
	'{"sort": [{"alias": "n", "direction": "DESC"}, {"alias": "status"}, {"alias": "channel"}],
	  "offset": 2, "limit": 4}');
SELECT is(prismiq_query(pg_temp.orders('{"totals": true, "limit": 2}', 'o.status, o.* count'),
		'{"count": "exact", "limit": 1}')::jsonb ->> 'total_count', '3',
	'the totals are counted');

SELECT is((prismiq_query(pg_temp.orders('{"totals": ["again"]}',
		'o.status, o.status = again, o.* count'))::jsonb -> 'rows') @?
		'$[*] ? (@[0] != null && @[1] == null && @[3] == 0)', false,
	'a column is rolled up beside its twin');

-- ---- With a series ------------------------------------------------------------------------
SELECT same('buckets are filled, totals have no gaps',
	pg_temp.orders('{"totals": true, "time_series": {"table_id": "o", "date_column": "placed_at",
		"interval": "month", "alias": "m", "range": {"start": "2023-11-01", "end": "2024-06-30"}}}',
		'o.channel, o.amount sum = s, o.amount avg = a'),
	$$WITH f AS (SELECT date_trunc('month', placed_at) AS m, channel, amount FROM orders
		WHERE tenant = 'acme' AND placed_at >= '2023-11-01' AND placed_at < '2024-07-01')
	SELECT g.m, c.channel, CASE WHEN count(f.m) = 0 THEN 0 ELSE sum(amount) END,
		CASE WHEN count(f.m) = 0 THEN 0 ELSE avg(amount) END, 0
	FROM generate_series(timestamptz '2023-11-01', '2024-06-01', '1 month') AS g (m)
	CROSS JOIN (SELECT DISTINCT channel FROM f) AS c
	LEFT JOIN f ON f.m = g.m AND f.channel IS NOT DISTINCT FROM c.channel
	GROUP BY g.m, c.channel
	UNION ALL SELECT m, NULL, sum(amount), avg(amount), 1 FROM f GROUP BY 1
	UNION ALL SELECT NULL, NULL, sum(amount), avg(amount), 2 FROM f$$);
SELECT same('filled, with having',
	pg_temp.orders('{"totals": true, "having": [{"column": "s", "operator": "gt", "value": 50}],
		"time_series": {"table_id": "o", "date_column": "placed_at", "interval": "month",
			"alias": "m"}}', 'o.amount sum = s'),
	$$WITH f AS (SELECT date_trunc('month', placed_at) AS m, sum(amount) AS s FROM orders
		WHERE tenant = 'acme' GROUP BY 1)
	SELECT g.m, coalesce(f.s, 0), 0
	FROM generate_series((SELECT min(m) FROM f), (SELECT max(m) FROM f), '1 month') AS g (m)
	LEFT JOIN f ON f.m = g.m WHERE f.m IS NULL OR f.s > 50
	UNION ALL SELECT NULL, sum(s), 1 FROM f$$);

-- ---- Fan-out ------------------------------------------------------------------------------
SELECT same('an order with many items counts once on every level',
	def('o orders, i items, p products', 'o.status, p.id = product, o.amount sum = s,
		o.amount avg = a, i.quantity sum = q', '{"totals": true}',
		joins => 'i.order_id = o.id, i.product_id = p.id'),
	$$WITH r AS (SELECT o.status, i.product_id, o.id, o.amount, i.quantity FROM orders o
		JOIN items i ON i.tenant = 'acme' AND i.order_id = o.id AND i.product_id IS NOT NULL
		WHERE o.tenant = 'acme')
	SELECT status, product_id,
		(SELECT sum(amount) FROM (SELECT DISTINCT id, amount FROM r AS o WHERE
			o.status IS NOT DISTINCT FROM r.status AND o.product_id = r.product_id) AS d),
		(SELECT avg(amount) FROM (SELECT DISTINCT id, amount FROM r AS o WHERE
			o.status IS NOT DISTINCT FROM r.status AND o.product_id = r.product_id) AS d),
		sum(quantity), 0 FROM r GROUP BY status, product_id
	UNION ALL
	SELECT status, NULL,
		(SELECT sum(amount) FROM (SELECT DISTINCT id, amount FROM r AS o
			WHERE o.status IS NOT DISTINCT FROM r.status) AS d),
		(SELECT avg(amount) FROM (SELECT DISTINCT id, amount FROM r AS o
			WHERE o.status IS NOT DISTINCT FROM r.status) AS d),
		sum(quantity), 1 FROM r GROUP BY status
	UNION ALL
	SELECT NULL, NULL, (SELECT sum(amount) FROM (SELECT DISTINCT id, amount FROM r) AS d),
		(SELECT avg(amount) FROM (SELECT DISTINCT id, amount FROM r) AS d), sum(quantity), 2
	FROM r$$);

-- ---- Another tenant -------------------------------------------------------------------------
SELECT is(prismiq_query(pg_temp.orders('{"totals": true, "limit": 0}', 'o.status, o.* count'))
		  ::jsonb #>> '{rows,0,1}', count(*)::text, 'the grand total is the tenant''s own')
FROM orders WHERE tenant = 'acme';

-- ---- Faults -----------------------------------------------------------------------------------
SELECT is(faults(pg_temp.orders(rest, columns)), expected, expected) FROM (VALUES
	('{"totals": ["sattus"]}'::jsonb, 'o.status, o.* count',
	 'COLUMN_NOT_FOUND /totals/0 no column of the answer is called "sattus"'
	 || ' (Did you mean "status"?)'),
	('{"totals": ["count"]}', 'o.status, o.* count',
	 'INVALID_VALUE /totals/0 "count" is not grouped by, so it cannot be rolled up'),
	('{"totals": true}', 'o.status',
	 'INVALID_VALUE /totals totals need an aggregated column'
	 || ' (Give at least one column an aggregation.)'),
	('{"totals": "yes"}', 'o.status, o.* count',
	 'INVALID_VALUE /totals "totals" is true or a list of columns of the answer'),
	('{"totals": [1]}', 'o.status, o.* count',
	 'INVALID_VALUE /totals/0 "totals" takes names of columns of the answer')
	) AS v (rest, columns, expected);
SELECT is(faults(pg_temp.orders('{"totals": false}', 'o.status')), NULL, 'false asks for nothing');

SELECT * FROM finish();
ROLLBACK;
