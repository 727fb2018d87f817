-- Which rows an aggregate is of: count() and what else names no column are of
-- the rows of the joined answer, whatever table is listed first; and none is of
-- a row that an outer join made up.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;

-- The same question for both orders of the tables, joined from both sides.
CREATE FUNCTION oracle.both_ways(name text, rest jsonb, by_person text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
	tables text;
	joins text;
BEGIN
	FOREACH tables IN ARRAY '{"c customers, o orders","o orders, c customers"}'::text[] LOOP
		FOREACH joins IN ARRAY '{c.id = o.customer_id LEFT,o.customer_id = c.id RIGHT}'::text[] LOOP
			RETURN QUERY SELECT * FROM oracle.same(concat_ws(', ', name, tables, joins),
				oracle.def(tables, 'x.y', joins => joins) || rest, by_person);
		END LOOP;
	END LOOP;
END
$$;

-- {"columns": [...], "calculated_fields": [...]} of expressions, after other columns.
CREATE FUNCTION oracle.expressions(others jsonb, VARIADIC texts text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_build_object('columns', others || jsonb_agg(jsonb_build_object('column', 'f' || n)
			ORDER BY n),
		'calculated_fields', jsonb_agg(jsonb_build_object('name', 'f' || n, 'expression', t)
			ORDER BY n))
	FROM unnest(texts) WITH ORDINALITY AS u (t, n)
$$;
SET LOCAL ROLE app_user;

SELECT both_ways('count() is of the joined rows', expressions(
		'[{"table_id": "c", "column": "region"}, {"table_id": "c", "column": "*",
			"aggregation": "count"}]', 'count()', '100 * count_if([o.amount] > 100) / count()'),
	$$SELECT region, count(DISTINCT c.id), count(*),
		100.0 * count(*) FILTER (WHERE amount > 100) / count(*)
	FROM customers c LEFT JOIN orders o ON (o.tenant, o.customer_id) = (c.tenant, c.id)
	WHERE c.tenant = 'acme' GROUP BY region$$);
SELECT both_ways('so is whatever names no column', expressions('[]', 'sum(1)', 'count(1)',
		'count_if(true)', 'sum_if(2, true)', 'max(3)'),
	$$SELECT count(*), count(*), count(*), 2 * count(*), 3
	FROM customers c LEFT JOIN orders o ON (o.tenant, o.customer_id) = (c.tenant, c.id)
	WHERE c.tenant = 'acme'$$);
SELECT both_ways('a field of no column, aggregated', '{"columns": [{"column": "one",
		"aggregation": "sum"}], "calculated_fields": [{"name": "one", "expression": "1"}]}',
	$$SELECT count(*)
	FROM customers c LEFT JOIN orders o ON (o.tenant, o.customer_id) = (c.tenant, c.id)
	WHERE c.tenant = 'acme'$$);
SELECT both_ways('in having', expressions('[{"table_id": "c", "column": "region"}]',
		'sum([c.score])') || '{"having": [{"column": "n", "operator": "gt", "value": 30}],
		"calculated_fields": [{"name": "f1", "expression": "sum([c.score])"},
			{"name": "n", "expression": "count()"}]}',
	$$SELECT region, sum(score) FILTER (WHERE first) FROM (
		SELECT region, score, row_number() OVER (PARTITION BY c.id) = 1 AS first
		FROM customers c LEFT JOIN orders o ON (o.tenant, o.customer_id) = (c.tenant, c.id)
		WHERE c.tenant = 'acme') AS q
	GROUP BY region HAVING count(*) > 30$$);
SELECT same('of three tables, two of them repeated', def('v visits, o orders, c customers', 'x.y',
		joins => 'c.id = o.customer_id,c.id = v.customer_id') || expressions('[]', 'count()',
		'count_if([v.page] is not null)', 'count_if([o.id] > 0)'),
	$$SELECT count(*), count(DISTINCT v.ctid) FILTER (WHERE page IS NOT NULL),
		count(DISTINCT o.id)
	FROM customers c JOIN orders o ON (o.tenant, o.customer_id) = (c.tenant, c.id)
	JOIN visits v ON (v.tenant, v.customer_id) = (c.tenant, c.id) WHERE c.tenant = 'acme'$$);
SELECT is(oracle.faults(def('c customers, o orders', 'x.y', '{"fan_out": "error"}',
		'c.id = o.customer_id') || expressions('[]', 'count()')), NULL,
	'joined rows are not repeated: no fault');

-- The made-up rows of tables whose own rows are groups: of one row, which has no
-- key, and of one whose key is null.
SELECT same('made-up rows of a table of one row', def('c customers', 'c.score sum') ||
		'{"tables": [{"id": "c", "name": "customers"}, {"id": "d", "query": {
			"tables": [{"id": "o", "name": "orders"}], "columns": [
				{"table_id": "o", "column": "customer_id", "aggregation": "median", "alias": "m"},
				{"table_id": "o", "column": "id", "aggregation": "count", "alias": "n"}]}}],
		  "joins": [{"from_table_id": "c", "to_table_id": "d", "join_type": "LEFT",
			"on": [{"from_column": "id", "to_column": "m", "operator": "gt"}]}],
		  "columns": [{"table_id": "d", "column": "n", "aggregation": "sum"},
			{"table_id": "d", "column": "n", "aggregation": "array_agg"},
			{"table_id": "d", "column": "*", "aggregation": "count"}]}',
	$$SELECT count(id), ARRAY[count(id)], 1 FROM orders WHERE tenant = 'acme'$$);
SELECT same('made-up rows beside a group without a value', '{
		"tables": [{"id": "p", "name": "products"}, {"id": "d", "query": {
			"tables": [{"id": "c", "name": "customers"}], "columns": [
				{"table_id": "c", "column": "region"},
				{"table_id": "c", "column": "*", "aggregation": "count", "alias": "n"}]}},
			{"id": "v", "name": "products"}],
		"joins": [{"from_table_id": "p", "from_column": "id", "to_table_id": "d",
				   "to_column": "n", "join_type": "FULL"},
			{"from_table_id": "d", "to_table_id": "v", "join_type": "LEFT",
			 "on": [{"from_column": "n", "to_column": "id", "operator": "gt"}]}],
		"columns": [{"table_id": "d", "column": "n", "aggregation": "sum"},
			{"table_id": "d", "column": "*", "aggregation": "count"},
			{"table_id": "d", "column": "n", "aggregation": "array_agg"}]}',
	$$SELECT sum(n), count(*), array_agg(n ORDER BY n) FROM
		(SELECT count(*) AS n FROM customers WHERE tenant = 'acme' GROUP BY region) AS d$$);

-- What stands above the grouped rows takes them from these aggregates.
CREATE TEMP VIEW weakly AS
	SELECT c.region, c.active, c.since, c.id, o.id AS order_id, o.amount, o.status
	FROM shop.customers c LEFT JOIN shop.orders o
		ON (o.tenant, o.customer_id) = (c.tenant, c.id) AND o.amount > 400
	WHERE c.tenant = 'acme';
CREATE FUNCTION pg_temp.weakly(columns text, rest jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT oracle.def('c customers, o orders', columns, joins => 'c.id = o.customer_id LEFT')
		|| '{"filters": [{"table_id": "o", "column": "amount", "operator": "gt", "value": 400,
				"scope": "join"}],
			"calculated_fields": [
				{"name": "open", "expression": "count_if([o.status] is null)"},
				{"name": "most", "expression": "max(ifnull([o.amount], -1))"}]}' || rest
	|| jsonb_build_object('columns', (SELECT jsonb_agg(oracle.column(n)) FROM
			regexp_split_to_table(columns, ',') AS n) || '[{"column": "open"}, {"column": "most"}]')
$$;
SELECT same('under totals', pg_temp.weakly('c.region', '{"totals": true}'),
	$$SELECT region, count(*) FILTER (WHERE order_id IS NOT NULL AND status IS NULL), max(amount),
		GROUPING(region)
	FROM weakly GROUP BY ROLLUP (region)$$);
SELECT same('under top, with the others', pg_temp.weakly('c.name',
		'{"top": {"n": 2, "by": "most"}}'),
	$$SELECT CASE WHEN n < 3 THEN name ELSE 'Other' END,
		count(*) FILTER (WHERE order_id IS NOT NULL AND status IS NULL), max(w.amount)
	FROM weakly w JOIN (SELECT name, row_number() OVER (ORDER BY max(amount) DESC NULLS LAST, name)
			AS n FROM weakly JOIN shop.customers c USING (id) WHERE tenant = 'acme'
			GROUP BY name) AS b
		ON b.name = (SELECT name FROM shop.customers WHERE tenant = 'acme' AND id = w.id)
	GROUP BY 1$$);
SELECT same('under windows', pg_temp.weakly('c.region', '{"windows": [{"alias": "sum", "of": "open",
		"function": "running_total", "order_by": [{"alias": "region"}]}]}'),
	$$SELECT region, open, most, sum(open) OVER (ORDER BY region) FROM (SELECT region,
		count(*) FILTER (WHERE order_id IS NOT NULL AND status IS NULL) AS open, max(amount) AS most
		FROM weakly GROUP BY region) AS q$$);
SELECT same('in a series', pg_temp.weakly('c.active', '{"time_series": {"table_id": "c",
		"date_column": "since", "interval": "month", "fill": "null"}, "filters": [
			{"table_id": "o", "column": "amount", "operator": "gt", "value": 400, "scope": "join"},
			{"table_id": "c", "column": "since", "operator": "is_not_null"}]}'),
	$$SELECT m::date, a.active, CASE WHEN count(w.id) > 0 THEN
			count(order_id) FILTER (WHERE status IS NULL) END, max(amount)
	FROM (SELECT generate_series(min(date_trunc('month', since)), max(since), '1 month') AS m
		  FROM weakly) AS months CROSS JOIN (SELECT DISTINCT active FROM weakly
		  WHERE since IS NOT NULL) AS a
	LEFT JOIN weakly w ON date_trunc('month', w.since) = m
		AND w.active IS NOT DISTINCT FROM a.active
	GROUP BY m, a.active$$);
SELECT same('in the cells of a pivot', pg_temp.weakly('c.region,c.active', '{"pivot": {"column":
		"active", "value": "most", "values": [true, null]}}'),
	$$SELECT region, max(amount) FILTER (WHERE active), max(amount) FILTER (WHERE active IS NULL)
	FROM weakly GROUP BY region$$);
SELECT * FROM finish();
ROLLBACK;
