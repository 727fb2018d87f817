-- Calculated fields wherever a column can stand: measures, filters, groups, order, series.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
-- fields('margin', '[amount] - 1', ...) as calculated_fields, beside the rest.
CREATE FUNCTION oracle.fields(rest jsonb, VARIADIC texts text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
	SELECT rest || jsonb_build_object('calculated_fields', (SELECT jsonb_agg(jsonb_build_object(
		'name', texts[n], 'expression', texts[n + 1]) ORDER BY n)
		FROM generate_series(1, cardinality(texts), 2) AS n))
$$;

-- Columns of fields and tables: '[{"column": "f"}]' beside tables and joins.
CREATE FUNCTION oracle.shown(tables text, columns jsonb, rest jsonb = '{}', joins text = NULL)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT oracle.def(tables, 'x.y', rest, joins) || jsonb_build_object('columns', columns)
$$;
SET LOCAL ROLE app_user;

SELECT same('a ratio of sums', fields(shown('o orders',
		'[{"table_id": "o", "column": "status"}, {"column": "ratio"}]'),
		'ratio', 'sum([small]) / sum([amount])'),
	$$SELECT status, sum(small)::numeric / nullif(sum(amount), 0) FROM orders
		WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('a measure alone', fields(shown('o orders', '[{"column": "n"}]'),
		'n', 'count(*) + count() * 0'),
	$$SELECT count(*) FROM orders WHERE tenant = 'acme'$$);
SELECT same('every aggregate', fields(shown('o orders', '[{"column": "a"}, {"column": "b"},
		{"column": "c"}, {"column": "d"}, {"column": "e"}, {"column": "f"}, {"column": "g"},
		{"column": "h"}, {"column": "i"}, {"column": "j"}, {"column": "k"}, {"column": "l"}]'),
		'a', 'SUM([amount] * 2)', 'b', 'avg([small])', 'c', 'count([status])',
		'd', 'count_distinct(lower([status]))', 'e', 'min([placed_at])', 'f', 'max([status])',
		'g', 'median([amount])', 'h', 'percentile([amount], 0.9)',
		'i', 'sum_if([amount], [status] == "paid")', 'j', 'count_if([amount] > 100)',
		'k', 'avg_if([small] > 0, [amount])', 'l', 'median([shipped])'),
	$$SELECT sum(amount * 2), avg(small), count(status), count(DISTINCT lower(status)),
		min(placed_at), max(status), percentile_cont(0.5) WITHIN GROUP (ORDER BY amount),
		percentile_cont(0.9) WITHIN GROUP (ORDER BY amount),
		(SELECT sum(amount) FROM orders WHERE tenant = 'acme' AND status = 'paid'),
		(SELECT count(*) FROM orders WHERE tenant = 'acme' AND amount > 100),
		(SELECT avg(amount) FROM orders WHERE tenant = 'acme' AND small > 0),
		percentile_disc(0.5) WITHIN GROUP (ORDER BY shipped)
		FROM orders WHERE tenant = 'acme'$$);
SELECT same('references between fields, in any order', fields(shown('o orders',
		'[{"column": "share"}]'), 'share', '[net] / [gross]', 'net', 'sum([one])',
		'one', '[amount] * 0.9', 'gross', 'sum([amount])'),
	$$SELECT sum(amount * 0.9) / sum(amount) FROM orders WHERE tenant = 'acme'$$);
SELECT same('a field under an aggregation', fields(shown('o orders',
		'[{"table_id": "o", "column": "channel"}, {"column": "net", "aggregation": "sum"},
		  {"column": "net", "aggregation": "max", "alias": "top"},
		  {"column": "kind", "aggregation": "count_distinct"}]'),
		'net', 'coalesce([amount], 0) * 0.9', 'kind', '[status] || [small]'),
	$$SELECT channel, sum(coalesce(amount, 0) * 0.9), max(coalesce(amount, 0) * 0.9),
		count(DISTINCT status || small) FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('grouped by a field', fields(shown('o orders', '[{"column": "size"},
		{"table_id": "o", "column": "*", "aggregation": "count"}]'),
		'size', 'case when [amount] > 100 then "big" when [amount] is null then null
			else "small" end'),
	$$SELECT CASE WHEN amount > 100 THEN 'big' WHEN amount IS NOT NULL THEN 'small' END, count(*)
		FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('group_by and order_by name fields', fields(shown('o orders', '[{"column": "size"},
		{"table_id": "o", "column": "amount", "aggregation": "sum"}, {"column": "mean"}]',
		'{"group_by": [{"column": "size"}, {"column": "odd"}], "order_by": [{"column": "mean",
			"direction": "DESC"}, {"column": "odd"}, {"table_id": "o", "column": "size"}]}'),
		'size', 'left([status], 1)', 'odd', '[small] % 2 == 1', 'mean', 'avg([amount]) + 0'),
	$$SELECT left(status, 1), sum(amount), avg(amount) FROM orders WHERE tenant = 'acme'
		GROUP BY 1, small % 2 = 1 ORDER BY 3 DESC, small % 2 = 1, 1$$, true);
SELECT same('plain rows ordered by a field that is not shown', fields(shown('o orders',
		'[{"table_id": "o", "column": "id"}]', '{"order_by": [{"column": "key"}, {"table_id": "o",
			"column": "id"}], "limit": 20}'), 'key', '[small] % 10'),
	$$SELECT id FROM orders WHERE tenant = 'acme' ORDER BY small % 10, id LIMIT 20$$, true);
SELECT same('filters on fields', fields(shown('o orders', '[{"table_id": "o", "column": "id"}]',
		'{"filters": [{"column": "net", "operator": "gt", "value": 50},
			{"or": [{"column": "label", "operator": "contains", "value": "PAID"},
				{"not": {"column": "label", "operator": "is_not_null"}}]},
			{"column": "label", "operator": "not_in", "value": ["x", "open/1"]}]}'),
		'net', '[amount] * (1 - 0.1)', 'label', '[status] || "/" || [small]'),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND amount * 0.9 > 50 AND
		(status ILIKE '%paid%' OR status IS NULL)$$);
SELECT same('a field of a weakly joined table in a filter', fields(shown('c customers, o orders',
		'[{"table_id": "c", "column": "id"}, {"table_id": "o", "column": "id", "alias": "o"}]',
		'{"filters": [{"column": "paid", "operator": "eq", "value": 0}]}',
		'c.id = o.customer_id LEFT'), 'paid', 'coalesce([o.amount], 0)'),
	$$SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON (o.tenant, o.customer_id) =
		(c.tenant, c.id) WHERE c.tenant = 'acme' AND coalesce(o.amount, 0) = 0$$);
SELECT same('dates in filters are those of the query''s zone', fields(shown('o orders',
		'[{"table_id": "o", "column": "id"}]', '{"filters": [
			{"column": "later", "operator": "between", "value": ["2024-03-10", "2024-03-10"]}]}'),
		'later', 'date_add([placed_at], 1, "day")'),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND (placed_at AT TIME ZONE 'America/New_York'
		+ interval '1 day')::date = '2024-03-10'$$, options => '{"timezone": "America/New_York"}');
SELECT same('having by name, shown or not', fields(shown('o orders',
		'[{"table_id": "o", "column": "status"}, {"column": "mean", "alias": "m"}]',
		'{"having": [{"column": "m", "operator": "gt", "value": 200},
			{"column": "n", "operator": "gte", "value": 40},
			{"column": "twice", "aggregation": "sum", "operator": "gt", "value": 0}]}'),
		'mean', 'sum([amount]) / count([amount])', 'n', 'count()', 'twice', '2 * [amount]'),
	$$SELECT status, sum(amount) / count(amount) FROM orders WHERE tenant = 'acme' GROUP BY 1
		HAVING sum(amount) / count(amount) > 200 AND count(*) >= 40 AND sum(2 * amount) > 0$$);
SELECT same('a column''s own filters may name a field', fields(shown('o orders',
		'[{"table_id": "o", "column": "amount", "aggregation": "sum",
		   "filters": [{"column": "odd", "operator": "eq", "value": true}]}]'),
		'odd', '[small] % 2 == 1'),
	$$SELECT sum(amount) FILTER (WHERE small % 2 = 1) FROM orders WHERE tenant = 'acme'$$);

-- Names: a field hides a column, but not from itself nor from [table.column].
SELECT same('a field named as its column', fields(shown('o orders',
		'[{"table_id": "o", "column": "id"}, {"table_id": "o", "column": "amount"},
		  {"column": "raw"}, {"column": "twice"}]'),
		'amount', 'coalesce([amount], -1)', 'raw', '[o.amount]', 'twice', '[amount] * 2'),
	$$SELECT id, coalesce(amount, -1), amount, coalesce(amount, -1) * 2 FROM orders
		WHERE tenant = 'acme'$$);
SELECT same('brackets and quotes in names', fields(shown('o orders', '[{"column": "a]b\"c''d"}]',
		'{"order_by": [{"column": "a]b\"c''d"}], "limit": 3}'),
		'a]b"c''d', '[id] + 0', 'e', '[a]]b"c''d] * 2'),
	$$SELECT id FROM orders WHERE tenant = 'acme' ORDER BY id LIMIT 3$$, true);

-- Fan-out: each aggregate counts the rows of its own tables once.
SELECT same('aggregates of both sides of a join', fields(shown('o orders, i items',
		'[{"column": "per"}, {"column": "lines"}, {"column": "spent"}]'),
		'per', 'sum([o.amount]) / sum([quantity])', 'lines', 'count([line])',
		'spent', 'sum([quantity] * [unit_price] * (1 + coalesce([small], 0) * 0))'),
	$$SELECT (SELECT sum(amount) FROM orders o WHERE tenant = 'acme' AND EXISTS (SELECT FROM items
			i WHERE i.tenant = 'acme' AND i.order_id = o.id)) / sum(quantity), count(line),
		sum(quantity * unit_price) FROM items i
		WHERE tenant = 'acme' AND order_id IN (SELECT id FROM orders WHERE tenant = 'acme')$$);
SELECT same('a condition on the other side', fields(shown('o orders, i items',
		'[{"column": "s"}, {"column": "n"}, {"column": "m", "aggregation": "sum"}]'),
		's', 'sum_if([o.amount], [quantity] > 3)', 'n', 'count_if([o.amount] > 100)',
		'm', '[o.amount] * 2'),
	$$SELECT (SELECT sum(amount) FROM orders o WHERE tenant = 'acme' AND EXISTS (SELECT FROM items
			i WHERE i.tenant = 'acme' AND i.order_id = o.id AND quantity > 3)),
		count(*) FILTER (WHERE amount > 100), sum(amount * 2)
		FROM orders o WHERE tenant = 'acme' AND EXISTS (SELECT FROM items i
			WHERE i.tenant = 'acme' AND i.order_id = o.id)$$);
SELECT same('grouped by a field of the many side', fields(shown('o orders, i items',
		'[{"column": "big"}, {"column": "mean"}]'),
		'big', '[quantity] > 2', 'mean', 'sum([o.amount]) / count([o.amount])'),
	$$SELECT big, sum(amount) / count(amount) FROM (SELECT DISTINCT quantity > 2 AS big, o.id,
		o.amount FROM orders o JOIN items i ON (i.tenant, i.order_id) = (o.tenant, o.id)
		WHERE o.tenant = 'acme') AS q GROUP BY 1$$);

-- Time series.
SELECT same('a series of a ratio, its gaps filled', fields(shown('o orders',
		'[{"column": "mean"}, {"column": "odd"}]', '{"time_series": {"table_id": "o",
			"date_column": "placed_at", "interval": "day", "timezone": "America/New_York",
			"range": {"start": "2024-03-08", "end": "2024-03-14"}}}'),
		'mean', 'sum([amount]) / count([amount])', 'odd', '[status] == "paid"'),
	$$SELECT d, CASE WHEN n IS NULL THEN 0 ELSE m END, odd FROM
		generate_series(timestamp '2024-03-08', '2024-03-14', '1 day') AS g (l)
		CROSS JOIN LATERAL (SELECT l AT TIME ZONE 'America/New_York') AS b (d)
		CROSS JOIN (SELECT DISTINCT status = 'paid' AS odd FROM orders WHERE tenant = 'acme' AND
			(placed_at AT TIME ZONE 'America/New_York')::date BETWEEN '2024-03-08' AND
				'2024-03-14') AS s
		CROSS JOIN LATERAL (SELECT sum(amount) / nullif(count(amount), 0) AS m,
			nullif(count(*), 0) AS n FROM orders WHERE tenant = 'acme' AND (status = 'paid') IS NOT
				DISTINCT FROM odd
		AND (placed_at AT TIME ZONE 'America/New_York')::date = l) AS q$$);
SELECT same('a series over a calculated date', fields(shown('o orders',
		'[{"table_id": "o", "column": "*", "aggregation": "count"}]',
		'{"time_series": {"date_column": "due", "interval": "month"}}'),
		'due', 'date_add([shipped], 1, "month")'),
	$$SELECT d::date, (SELECT count(*) FROM orders WHERE tenant = 'acme' AND
			date_trunc('month', shipped + interval '1 month') = d)
		FROM (SELECT min(shipped + interval '1 month'), max(shipped + interval '1 month')
			FROM orders WHERE tenant = 'acme') AS r (low, high),
		generate_series(date_trunc('month', low), high, '1 month') AS g (d)$$);
SELECT same('a calculated timestamp in buckets', fields(shown('o orders',
		'[{"column": "due", "date_trunc": "week"}, {"table_id": "o", "column": "amount",
			"aggregation": "sum"}]'), 'due', 'date_add([local_at], 3, "days")'),
	$$SELECT date_trunc('week', local_at + interval '3 days'), sum(amount) FROM orders
		WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('windows over a measure', fields(shown('o orders',
		'[{"table_id": "o", "column": "status"}, {"column": "mean"}]',
		'{"windows": [{"alias": "r", "function": "rank", "order_by": [{"alias": "mean"}]}],
		  "order_by": [{"alias": "r"}]}'), 'mean', 'sum([amount]) / count([amount])'),
	$$SELECT status, sum(amount) / count(amount), rank() OVER (ORDER BY sum(amount) /
		count(amount)) FROM orders WHERE tenant = 'acme' GROUP BY 1 ORDER BY 3$$, true);

SELECT same('a table that only a field is of is joined', fields(shown('o orders, i items',
		'[{"table_id": "o", "column": "id"}, {"column": "q"}]', '{"filters": [{"table_id": "i",
			"column": "quantity", "operator": "gt", "value": 4, "scope": "any"}]}'),
		'q', '[i.quantity] + 0'),
	$$SELECT o.id, i.quantity FROM orders o JOIN items i ON (i.tenant, i.order_id) =
		(o.tenant, o.id) WHERE o.tenant = 'acme' AND EXISTS (SELECT FROM items j WHERE j.tenant =
			o.tenant AND j.order_id = o.id AND j.quantity > 4)$$);

SELECT same('the longest chain runs', fields(shown('o orders',
		'[{"column": "f", "aggregation": "sum"}]'), 'f', '[small]' || repeat(' + 1', 499)),
	$$SELECT sum(small + 499) FROM orders WHERE tenant = 'acme'$$);
SELECT same('the longest chain of divisions', fields(shown('o orders',
		'[{"column": "f", "aggregation": "sum"}]'), 'f', '[small]' || repeat(' / 1', 499)),
	$$SELECT sum(small::numeric / 1) FROM orders WHERE tenant = 'acme'$$);

-- Top, totals, definitions inside definitions.
SELECT same('top by a ratio, the rest as Other', fields(shown('o orders',
		'[{"column": "kind"}, {"column": "mean"}]', '{"top": {"n": 2, "by": "mean"}}'),
		'kind', 'ifnull([status], "none")', 'mean', 'sum([amount]) / count([amount])'),
	$$WITH t AS (SELECT coalesce(status, 'none') AS k, sum(amount) / count(amount) AS m
			FROM orders WHERE tenant = 'acme' GROUP BY 1 ORDER BY 2 DESC LIMIT 2)
	SELECT k, m FROM t UNION ALL SELECT 'Other', sum(amount) / count(amount) FROM orders
		WHERE tenant = 'acme' AND coalesce(status, 'none') NOT IN (SELECT k FROM t)$$);
SELECT same('totals of a ratio whose rows a join repeats', fields(shown('o orders, i items',
		'[{"column": "big"}, {"column": "mean"}]', '{"totals": true}'),
		'big', '[quantity] > 2', 'mean', 'sum([o.amount]) / count([o.amount])'),
	$$WITH r AS (SELECT quantity > 2 AS big, o.id, o.amount FROM orders o
		JOIN items i ON (i.tenant, i.order_id) = (o.tenant, o.id) WHERE o.tenant = 'acme')
	SELECT big, sum(amount) / count(amount), 0 FROM (SELECT DISTINCT * FROM r) AS q GROUP BY 1
	UNION ALL SELECT NULL, sum(amount) / count(amount), 1
		FROM (SELECT DISTINCT id, amount FROM r) AS q$$);
SELECT same('fields of a derived table, and over it', fields(shown('x y',
		'[{"column": "f", "aggregation": "sum"}, {"column": "g"}]', jsonb_build_object('tables',
			jsonb_build_array(jsonb_build_object('id', 'd', 'query', fields(shown('o orders',
				'[{"column": "kind"}, {"column": "mean"}]'), 'kind', 'ifnull([status], "none")',
				'mean', 'sum([amount]) / count([amount])'))))),
		'f', '[mean] * 2', 'g', 'max([kind]) || "!"'),
	$$SELECT sum(m * 2), max(k) || '!' FROM (SELECT coalesce(status, 'none') AS k,
		sum(amount) / count(amount) AS m FROM orders WHERE tenant = 'acme' GROUP BY 1) AS q$$);
SELECT same('a field in a list that a query makes of a field', fields(shown('o orders',
		'[{"table_id": "o", "column": "id"}]', jsonb_build_object('filters', jsonb_build_array(
			jsonb_build_object('column', 'f', 'operator', 'in_query', 'value',
				jsonb_build_object('query', fields(shown('i items', '[{"column": "g"}]',
					'{"limit": 5, "order_by": [{"column": "g"}]}'), 'g', '[order_id] * 2')))))),
		'f', '[id] * 2'),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND id * 2 IN (SELECT order_id * 2 FROM items
		WHERE tenant = 'acme' ORDER BY 1 LIMIT 5)$$);
SELECT same('auto over a calculated date', fields(shown('o orders', '[{"column": "n"}]',
		'{"time_series": {"date_column": "d", "interval": "auto", "max_points": 8}}'),
		'd', 'date([placed_at])', 'n', 'count()'),
	$$SELECT d::date, (SELECT count(*) FROM orders WHERE tenant = 'acme' AND
			date_trunc('quarter', placed_at) = d)
		FROM generate_series(timestamptz '2024-01-01', '2024-12-31', '3 months') AS d$$);

-- The rows behind an answer.
SELECT same('without aggregation a measure is left out', fields(shown('o orders',
		'[{"column": "mean"}, {"column": "net", "aggregation": "sum"}]',
		'{"order_by": [{"column": "net"}], "limit": 5}'),
		'mean', 'avg([amount])', 'net', '[amount] + [id]'),
	$$SELECT amount + id FROM orders WHERE tenant = 'acme' ORDER BY 1 LIMIT 5$$, true,
	'{"disable_aggregation": true}');

-- Collations that differ meet in the database's.
RESET ROLE;
CREATE TABLE shop.words (tenant text, a text COLLATE "C", b text COLLATE "POSIX", n money);
INSERT INTO shop.words VALUES ('acme', 'a', 'a', 1.5), ('acme', 'b', 'a', 2), ('beta', 'c', 'c', 3);
GRANT SELECT ON shop.words TO app_user;
SELECT prismiq.prismiq_expose('shop.words', tenant_column => 'tenant') IS NULL;
SET LOCAL ROLE app_user;
SELECT same('columns of two collations, and money', fields(shown('w words', '[{"column": "same"},
		{"column": "both"}, {"column": "most"}, {"column": "half"}]'),
		'same', '[a] == [b]', 'both', 'lower([a] || [b])', 'most', 'greatest([a], [b])',
		'half', '[n] / 2'),
	$$SELECT a COLLATE "C" = b COLLATE "C", a || b, greatest(a COLLATE "C", b COLLATE "C"),
		n::numeric / 2 FROM shop.words WHERE tenant = 'acme'$$);

-- A search path that would have other operators and functions answer.
RESET ROLE;
CREATE SCHEMA evil;
GRANT USAGE ON SCHEMA evil TO app_user;
CREATE FUNCTION evil.eq(numeric, numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR evil.= (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = evil.eq);
CREATE FUNCTION evil.round(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT -1.0';
CREATE FUNCTION evil.first(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE
	AS 'SELECT -1.0';
CREATE AGGREGATE evil.sum(numeric) (SFUNC = evil.first, STYPE = numeric);
SET LOCAL ROLE app_user;
CREATE TEMP TABLE asked AS SELECT fields(shown('o orders', '[{"column": "f"}, {"column": "g"}]'),
	'f', 'sum(round([amount])) / count()', 'g', 'sum(nullif([amount], 3))') AS definition;
CREATE TEMP TABLE plain AS SELECT prismiq_query(definition)::jsonb -> 'rows' AS rows FROM asked;
SET LOCAL search_path = evil, pg_catalog, oracle, prismiq, shop, public;
SELECT is(prismiq_query(definition)::jsonb -> 'rows', rows, 'a hostile search path')
FROM asked, plain;

SELECT finish();
ROLLBACK;
