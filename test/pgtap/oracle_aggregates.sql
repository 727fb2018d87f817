-- Aggregates, groups, having, order, limit and nulls, against statements
-- written by a person.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

-- ---- Aggregates -----------------------------------------------------------------
SELECT same('every aggregate of numeric', def('o orders',
		'o.amount sum, o.amount avg, o.amount count, o.amount count_distinct, o.amount min,
				o.amount max'),
	$$SELECT sum(amount), avg(amount), count(amount), count(DISTINCT amount), min(amount),
		max(amount) FROM orders WHERE tenant = 'acme'$$);
SELECT same('of bigint: no digit is lost', def('o orders',
		'o.big sum, o.big avg, o.big min, o.big max, o.big count_distinct'),
	$$SELECT sum(big), avg(big), min(big), max(big), count(DISTINCT big)
	FROM orders WHERE tenant = 'acme'$$);
SELECT same('of smallint and real', def('o orders',
		'o.small sum, o.small avg, o.discount sum, o.discount max', '{"limit": 1}'),
	$$SELECT sum(small), avg(small), sum(discount), max(discount)
	FROM orders WHERE tenant = 'acme'$$);
SELECT same('of double precision with NaN', def('c customers', 'c.score max, c.score min'),
	$$SELECT max(score), min(score) FROM customers WHERE tenant = 'acme'$$);
SELECT same('of a domain', def('i items', 'i.unit_price sum, i.unit_price avg, i.unit_price max'),
	$$SELECT sum(unit_price), avg(unit_price), max(unit_price::numeric)
	FROM items WHERE tenant = 'acme'$$);
SELECT same('of an enum, text, dates', def('o orders',
		'o.channel min, o.channel max, o.status max, o.shipped min, o.placed_at max,
				o.local_at min'),
	$$SELECT min(channel), max(channel), max(status), min(shipped), max(placed_at), min(local_at)
	FROM orders WHERE tenant = 'acme'$$);
SELECT same('of varchar, char, arrays', def('p products', 'p.sku max, p.code min, p.tags max'),
	$$SELECT max(sku), min(code), max(tags) FROM products$$);
SELECT same('a domain over timestamptz, infinities and all',
	def('o orders', 'o.reviewed min, o.reviewed max, o.reviewed count'),
	$$SELECT min(reviewed::timestamptz), max(reviewed::timestamptz), count(reviewed)
	FROM orders WHERE tenant = 'acme'$$);
SELECT same('distinct', def('o orders', 'o.amount sum', '{"columns": [
		{"table_id": "o", "column": "amount", "aggregation": "sum", "distinct": true},
		{"table_id": "o", "column": "status", "aggregation": "count", "distinct": true}]}'),
	$$SELECT sum(DISTINCT amount), count(DISTINCT status) FROM orders WHERE tenant = 'acme'$$);
SELECT same('count of rows, of values, of different values', def('o orders',
		'o.* count, o.status count, o.status count_distinct'),
	$$SELECT count(*), count(status), count(DISTINCT status) FROM orders WHERE tenant = 'acme'$$);
SELECT same('count of uuids, booleans, documents', def('c customers',
		'c.key count_distinct, c.active count_distinct'),
	$$SELECT count(DISTINCT key), count(DISTINCT active) FROM customers WHERE tenant = 'acme'$$);
SELECT same('in capitals', def('o orders', 'o.amount SUM, o.amount Count_Distinct'),
	$$SELECT sum(amount), count(DISTINCT amount) FROM orders WHERE tenant = 'acme'$$);
SELECT same('of nothing', def('o orders', 'o.amount sum, o.amount count, o.* count, o.amount max',
		filters(cond('o.id lt', '0'))),
	$$SELECT NULL::int, 0, 0, NULL::int$$);

-- ---- Groups ---------------------------------------------------------------------
SELECT same('by one column: null is a group', def('o orders', 'o.status, o.amount sum, o.* count'),
	$$SELECT status, sum(amount), count(*) FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('by two, measures between them', def('o orders', 'o.status, o.* count, o.channel'),
	$$SELECT status, count(*), channel FROM orders WHERE tenant = 'acme' GROUP BY 1, 3$$);
SELECT same('by an array, a document, a boolean', def('p products', 'p.tags, p.attributes,
		p.* count'),
	$$SELECT tags, attributes, count(*) FROM products GROUP BY 1, 2$$);
SELECT same('group_by given', def('o orders', 'o.status, o.* count',
		'{"group_by": [{"table_id": "o", "column": "status"}]}'),
	$$SELECT status, count(*) FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('group_by a column that is not shown', def('o orders', 'o.* count, o.amount max',
		'{"group_by": [{"table_id": "o", "column": "status"}]}'),
	$$SELECT count(*), max(amount) FROM orders WHERE tenant = 'acme' GROUP BY status$$);
SELECT same('group_by without an aggregate', def('o orders', 'o.status',
		'{"group_by": [{"table_id": "o", "column": "status"}]}'),
	$$SELECT DISTINCT status FROM orders WHERE tenant = 'acme'$$);
SELECT same('an empty group_by is derived', def('o orders', 'o.status, o.* count',
		'{"group_by": []}'),
	$$SELECT status, count(*) FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('without an aggregate the rows are plain', def('o orders', 'o.status, o.channel'),
	$$SELECT status, channel FROM orders WHERE tenant = 'acme'$$);
SELECT same('by both sides of a join', def('o orders, c customers', 'c.region, o.status,
		o.amount sum'),
	$$SELECT c.region, o.status, sum(o.amount) FROM orders o, customers c
	WHERE o.tenant = 'acme' AND c.tenant = 'acme' AND c.id = o.customer_id GROUP BY 1, 2$$);
SELECT same('the same name twice', def('o orders, c customers', 'o.id, c.id'),
	$$SELECT o.id, c.id FROM orders o, customers c
	WHERE o.tenant = 'acme' AND c.tenant = 'acme' AND c.id = o.customer_id$$);
SELECT is((prismiq_query(def('o orders, c customers', 'o.id, c.id, c.id = id_2, o.* count,
		o.* count'))
	::jsonb -> 'columns')::text, '["id", "id_2", "id_2_2", "count", "count_2"]',
	'names that are taken get a number');

-- date_trunc of a column
SELECT same('date_trunc: month', def('o orders', 'o.* count', '{"columns": [
		{"table_id": "o", "column": "placed_at", "date_trunc": "month"},
		{"table_id": "o", "column": "amount", "aggregation": "sum"}]}'),
	$$SELECT date_trunc('month', placed_at), sum(amount) FROM orders
	WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('date_trunc: week of a date', def('o orders', 'o.* count', '{"columns": [
		{"table_id": "o", "column": "shipped", "date_trunc": "week"},
		{"table_id": "o", "column": "*", "aggregation": "count"}]}'),
	$$SELECT date_trunc('week', shipped)::date, count(*) FROM orders
	WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('date_trunc: day in a zone', def('o orders', 'o.* count', '{"columns": [
		{"table_id": "o", "column": "placed_at", "date_trunc": "day"},
		{"table_id": "o", "column": "*", "aggregation": "count"}]}'),
	$$SELECT date_trunc('day', placed_at, 'America/New_York'), count(*) FROM orders
	WHERE tenant = 'acme' GROUP BY 1$$, options => '{"timezone": "America/New_York"}');
SELECT same('date_trunc of a domain, infinities and all', def('o orders', 'o.* count',
		'{"columns": [
		{"table_id": "o", "column": "reviewed", "date_trunc": "day"},
		{"table_id": "o", "column": "*", "aggregation": "count"}]}'),
	$$SELECT date_trunc('day', reviewed::timestamptz), count(*) FROM orders
	WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('the greatest truncated time', def('o orders', 'o.* count', '{"columns": [
		{"table_id": "o", "column": "local_at", "date_trunc": "6 hours", "aggregation": "max"}]}'),
	$$SELECT max(date_bin('6 hours', local_at, '2000-01-01')) FROM orders WHERE tenant = 'acme'$$);

-- ---- Having -----------------------------------------------------------------------
SELECT same('having by alias', def('o orders', 'o.status, o.amount sum = total',
		'{"having": [{"column": "total", "operator": "gt", "value": 10000}]}'),
	$$SELECT status, sum(amount) FROM orders WHERE tenant = 'acme' GROUP BY 1
	HAVING sum(amount) > 10000$$);
SELECT same('having an aggregate that is not shown', def('o orders', 'o.customer_id, o.amount sum',
		'{"having": [{"table_id": "o", "column": "*", "aggregation": "count", "operator": "gte",
					  "value": 7}]}'),
	$$SELECT customer_id, sum(amount) FROM orders WHERE tenant = 'acme' GROUP BY 1
	HAVING count(*) >= 7$$);
SELECT same('having: groups, null and between', def('o orders', 'o.customer_id,
		o.amount max = most',
		'{"having": [{"or": [{"column": "most", "operator": "between", "value": [400, 450.5]},
							 {"column": "most", "operator": "is_null"},
							 {"table_id": "o", "column": "shipped", "aggregation": "min",
							  "operator": "lte", "value": "2024-01-03"}]}]}'),
	$$SELECT customer_id, max(amount) FROM orders WHERE tenant = 'acme' GROUP BY 1
	HAVING max(amount) BETWEEN 400 AND 450.5 OR max(amount) IS NULL
		OR min(shipped) <= '2024-01-03'$$);
SELECT same('having: a count against a fraction', def('o orders', 'o.status, o.* count',
		'{"having": [{"column": "count", "operator": "lt", "value": 50.5}]}'),
	$$SELECT status,
			count(*) FROM orders WHERE tenant = 'acme' GROUP BY 1 HAVING count(*) < 50.5$$);
SELECT same('having: in and text', def('o orders', 'o.channel, o.status max = last',
		'{"having": [{"column": "last", "operator": "in", "value": ["void", "none"]},
					 {"column": "last", "operator": "ends_with", "value": "ID"}]}'),
	$$SELECT channel, max(status) FROM orders WHERE tenant = 'acme' GROUP BY 1
	HAVING max(status) = 'void'$$);
SELECT same('having over a total', def('o orders', 'o.* count',
		'{"having": [{"column": "count", "operator": "gt", "value": 100000}]}'),
	$$SELECT 1 WHERE false$$);

-- ---- Order, limit, offset -----------------------------------------------------------
SELECT same('by a column', def('o orders', 'o.id, o.amount',
		'{"order_by": [{"table_id": "o", "column": "amount"}, {"table_id": "o", "column": "id"}]}'),
	$$SELECT id, amount FROM orders WHERE tenant = 'acme' ORDER BY amount, id$$, true);
SELECT same('descending, nulls last, a page', def('o orders', 'o.id, o.amount',
		'{"order_by": [{"table_id": "o", "column": "amount", "direction": "desc", "nulls": "last"},
					   {"alias": "id", "direction": "DESC"}], "limit": 20, "offset": 225}'),
	$$SELECT id, amount FROM orders WHERE tenant = 'acme'
	ORDER BY amount DESC NULLS LAST, id DESC LIMIT 20 OFFSET 225$$, true);
SELECT same('ascending, nulls first', def('o orders', 'o.id, o.status',
		'{"order_by": [{"table_id": "o", "column": "status", "direction": "ASC", "nulls": "first"},
					   {"table_id": "o", "column": "id"}], "limit": 70}'),
	$$SELECT id, status FROM orders WHERE tenant = 'acme'
	ORDER BY status NULLS FIRST, id LIMIT 70$$, true);
SELECT same('the top three by a measure', def('o orders', 'o.customer_id, o.amount sum = total',
		'{"order_by": [{"alias": "total", "direction": "DESC"}], "limit": 3}'),
	$$SELECT customer_id, sum(amount) FROM orders WHERE tenant = 'acme'
	GROUP BY 1 ORDER BY sum(amount) DESC LIMIT 3$$, true);
SELECT same('by the column under a measure', def('o orders', 'o.customer_id, o.amount sum',
		'{"order_by": [{"table_id": "o", "column": "amount", "direction": "DESC"}], "limit": 3}'),
	$$SELECT customer_id, sum(amount) FROM orders WHERE tenant = 'acme'
	GROUP BY 1 ORDER BY sum(amount) DESC LIMIT 3$$, true);
SELECT same('by a column that is not shown', def('o orders', 'o.id',
		'{"order_by": [{"table_id": "o", "column": "placed_at", "direction": "DESC"}],
				"limit": 9}'),
	$$SELECT id FROM orders WHERE tenant = 'acme' ORDER BY placed_at DESC LIMIT 9$$, true);
SELECT same('by a group that is not shown', def('o orders', 'o.amount sum',
		'{"group_by": [{"table_id": "o", "column": "channel"}],
		  "order_by": [{"table_id": "o", "column": "channel", "direction": "DESC"}]}'),
	$$SELECT sum(amount) FROM orders WHERE tenant = 'acme' GROUP BY channel ORDER BY channel DESC$$,
	true);
SELECT same('by an alias that is also a column', def('o orders', 'o.id, o.small = amount',
		'{"order_by": [{"alias": "amount"}, {"alias": "id"}]}'),
	$$SELECT id, small FROM orders WHERE tenant = 'acme' ORDER BY small, id$$, true);
SELECT same('no rows', def('o orders', 'o.id, o.amount', '{"limit": 0}'), $$SELECT 1, 1 LIMIT 0$$);
SELECT same('past the end', def('o orders', 'o.id', '{"offset": 100000}'), $$SELECT 1 LIMIT 0$$);
SELECT is((prismiq_query(def('o orders', 'o.id, o.amount sum', '{"limit": 0}'))::jsonb
	- '{execution_time_ms,warnings,bucket,cached_at,is_from_cache,truncated}'::text[])::text,
	'{"rows": [], "columns": ["id", "amount_sum"], "row_count": 0, '
	|| '"column_types": ["integer", "numeric"]}', 'an empty answer has its columns');

-- ---- Raw points ---------------------------------------------------------------------
SELECT same('disable_aggregation', def('o orders', 'o.status, o.amount sum, o.small max'),
	$$SELECT status, amount, small FROM orders WHERE tenant = 'acme'$$,
	options => '{"disable_aggregation": true}');

-- ---- Real data ----------------------------------------------------------------------
SET LOCAL prismiq.tenant_id = 'CA';
SELECT same('delays by carrier-like groups', def('f flights', 'f.origin, f.delay avg, f.* count,
		f.delay max',
		'{"order_by": [{"alias": "count", "direction": "DESC"}, {"alias": "origin"}],
				"limit": 10}'),
	$$SELECT origin, avg(delay), count(*), max(delay) FROM flights WHERE state = 'CA'
	GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT 10$$, true);
SELECT same('weather, shared', def('w weather', 'w.weather, w.temp_max max, w.precipitation sum'),
	$$SELECT weather, max(temp_max), sum(precipitation) FROM public.weather GROUP BY 1$$);

SELECT * FROM finish();
ROLLBACK;
