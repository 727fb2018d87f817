-- Definitions inside definitions: in_query, derived tables, saved queries as tables.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

-- in_query('o.customer_id', <definition>, 'not_in_query') as a condition
CREATE FUNCTION pg_temp.among(subject text, query jsonb, op text = 'in_query', more jsonb = '{}')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT cond(subject || ' ' || op, jsonb_build_object('query', query), more)
$$;
-- {"tables": [...]} with a derived table beside named ones
CREATE FUNCTION pg_temp.derived(id text, query jsonb, others text = NULL) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', jsonb_build_array(
		jsonb_build_object('id', id, 'query', query)) || coalesce((SELECT jsonb_agg(
			jsonb_build_object('id', split_part(t, ' ', 1), 'name', split_part(t, ' ', 2)) ORDER
				BY n)
			FROM regexp_split_to_table(others, ',\s*') WITH ORDINALITY AS u (t, n)), '[]'))
$$;

-- Lists

SELECT same('in_query', def('c customers', 'c.id', filters(pg_temp.among('c.id',
		def('o orders', 'o.customer_id', filters(cond('o.status eq', '"paid"')))))),
	$$SELECT id FROM customers WHERE tenant = 'acme' AND id IN
		(SELECT customer_id FROM orders WHERE tenant = 'acme' AND status = 'paid')$$);
SELECT same('not_in_query: a null among the values empties nothing', def('c customers', 'c.id',
		filters(pg_temp.among('c.id', def('o orders', 'o.customer_id',
			filters(cond('o.status eq', '"paid"'))), 'not_in_query'))),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND NOT EXISTS
		(SELECT FROM orders o WHERE o.tenant = 'acme' AND status = 'paid' AND o.customer_id =
			c.id)$$);
SELECT isnt((SELECT count(*) FROM orders WHERE tenant = 'acme' AND customer_id IS NULL
		AND status = 'paid'), 0::bigint, 'there is a null among them');
SELECT same('not_in_query lets null subjects through', def('o orders', 'o.id', filters(
		pg_temp.among('o.customer_id', def('c customers', 'c.id', filters(cond('c.id lt', '20'))),
			'not_in_query'))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND (customer_id IS NULL OR customer_id >= 20)$$);
SELECT same('unless told not to', def('o orders', 'o.id', filters(
		pg_temp.among('o.customer_id', def('c customers', 'c.id', filters(cond('c.id lt', '20'))),
			'not_in_query', '{"nulls": "exclude"}'))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND customer_id >= 20$$);
SELECT same('of an empty list', def('c customers', 'c.id', filters(
		pg_temp.among('c.id', def('o orders', 'o.id', filters(cond('o.id lt', '0')))))),
	$$SELECT 1 WHERE false$$);
SELECT same('not of an empty list', def('c customers', 'c.id', filters(
		pg_temp.among('c.id', def('o orders', 'o.id', filters(cond('o.id lt', '0'))),
			'not_in_query'))),
	$$SELECT id FROM customers WHERE tenant = 'acme'$$);
SELECT same('grouped, with having and a limit', def('o orders', 'o.customer_id, o.amount sum',
	filters(
		pg_temp.among('o.customer_id', def('p orders', 'p.customer_id', '{"group_by":
			[{"table_id": "p",
			"column": "customer_id"}], "having": [{"table_id": "p", "column": "amount",
				"aggregation":
			"sum", "operator": "gt", "value": 1000}]}')))),
	$$SELECT customer_id, sum(amount) FROM orders WHERE tenant = 'acme' AND customer_id IS NOT NULL
	GROUP BY 1 HAVING sum(amount) > 1000$$);
SELECT same('the first of an order', def('o orders', 'o.id', filters(pg_temp.among('o.id',
		def('p orders', 'p.id', '{"order_by": [{"alias": "id", "direction": "DESC"}], "limit":
			3}')))),
	$$SELECT id FROM orders WHERE tenant = 'acme' ORDER BY id DESC LIMIT 3$$);
SELECT same('nested twice, joined', def('c customers', 'c.name', filters(pg_temp.among('c.id',
		def('o orders, i items', 'o.customer_id', filters(pg_temp.among('i.product_id',
			def('p products', 'p.id', filters(cond('p.price gt', '30')))))))))
	, $$SELECT name FROM customers WHERE tenant = 'acme' AND id IN (SELECT customer_id FROM orders o
		JOIN items i ON (i.tenant, i.order_id) = (o.tenant, o.id) WHERE o.tenant = 'acme'
		AND product_id IN (SELECT id FROM products WHERE price > 30))$$);
SELECT same('of another type', def('v visits', 'v.page', filters(pg_temp.among('v.customer_id',
		def('c customers', 'c.id', filters(cond('c.active eq', 'true')))))),
	$$SELECT page FROM visits WHERE tenant = 'acme' AND customer_id IN (SELECT id FROM customers
		WHERE tenant = 'acme' AND active)$$);
SELECT same('of types that need a cast', def('o orders', 'o.id', filters(pg_temp.among('o.amount',
		def('c customers', 'c.score'), 'not_in_query'))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND (amount IS NULL OR amount NOT IN
		(SELECT score::numeric FROM customers WHERE tenant = 'acme' AND score IS NOT NULL
			AND score <> 'NaN'))$$);
SELECT same('in a group', def('c customers', 'c.id', filters(jsonb_build_object('or',
	jsonb_build_array(
		cond('c.id lt', '3'), jsonb_build_object('not', pg_temp.among('c.id',
			def('o orders', 'o.customer_id', filters(cond('o.customer_id is_not_null'))))))))),
	$$SELECT id FROM customers WHERE tenant = 'acme' AND (id < 3 OR NOT id IN
		(SELECT customer_id FROM orders WHERE tenant = 'acme' AND customer_id IS NOT NULL))$$);
SELECT same('in having', def('c customers', 'c.region, c.* count = n', jsonb_build_object('having',
		jsonb_build_array(jsonb_build_object('column', 'n', 'operator', 'not_in_query', 'value',
			jsonb_build_object('query', def('r refunds', 'r.id', filters(cond('r.id gt',
				'7')))))))),
	$$SELECT region, count(*) FROM customers WHERE tenant = 'acme' GROUP BY 1 HAVING count(*) NOT IN
		(SELECT id FROM refunds WHERE tenant = 'acme' AND id > 7)$$);
SELECT same('in a measure''s filters', def('o orders', 'o.id', jsonb_build_object('columns',
		jsonb_build_array(jsonb_build_object('table_id', 'o', 'column', '*', 'aggregation', 'count',
			'filters', jsonb_build_array(pg_temp.among('o.customer_id', def('c customers', 'c.id',
				filters(cond('c.active eq', 'true')))))))) ),
	$$SELECT count(*) FROM orders WHERE tenant = 'acme' AND customer_id IN (SELECT id FROM customers
		WHERE tenant = 'acme' AND active)$$);
SELECT same('of a related row', def('c customers, o orders', 'c.id', filters(pg_temp.among('o.id',
		def('r refunds', 'r.order_id'), 'in_query', '{"scope": "any"}'))),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND EXISTS (SELECT FROM orders o WHERE
		o.tenant = 'acme' AND o.customer_id = c.id AND o.id IN
			(SELECT order_id FROM refunds WHERE tenant = 'acme'))$$);
SELECT same('a repeated measure inside', def('c customers', 'c.id', filters(pg_temp.among('c.id',
		def('o orders, i items', 'o.amount sum')))),
	$$SELECT id FROM customers WHERE tenant = 'acme' AND id = (SELECT sum(amount) FROM orders o
		WHERE tenant = 'acme' AND EXISTS (SELECT FROM items i WHERE i.tenant = 'acme'
			AND i.order_id = o.id))$$);

-- Derived tables

SELECT same('a grouped query as a table', def('c customers', 't.region, t.n', pg_temp.derived('t',
		def('c customers', 'c.region, c.* count = n'))),
	$$SELECT region, count(*) FROM customers WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('aggregated, filtered and ordered', def('c customers', 't.total avg, t.* count',
		pg_temp.derived('t', def('o orders', 'o.customer_id, o.amount sum = total'))
		|| filters(cond('t.total gt', '500'))),
	$$SELECT avg(t), count(*) FROM (SELECT customer_id, sum(amount) AS t FROM orders
		WHERE tenant = 'acme' GROUP BY 1) AS q WHERE t > 500$$);
SELECT same('joined; unique by what it is grouped by', def('c customers', 'c.region, t.total sum,
	c.* count',
		pg_temp.derived('t', def('o orders', 'o.customer_id, o.amount sum = total'), 'c customers')
		|| '{"fan_out": "error"}', joins => 'c.id = t.customer_id LEFT'),
	$$SELECT region, sum((SELECT sum(amount) FROM orders o WHERE o.tenant = 'acme'
		AND o.customer_id = c.id)), count(*) FROM customers c WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('one that is not grouped repeats', def('c customers', 'c.region, c.* count, t.amount
	sum',
		pg_temp.derived('t', def('o orders', 'o.customer_id, o.amount'), 'c customers'),
		joins => 'c.id = t.customer_id LEFT'),
	$$SELECT region, count(*), sum((SELECT sum(amount) FROM orders o WHERE o.tenant = 'acme'
		AND o.customer_id = c.id)) FROM customers c WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('and is repeated: told apart by how its rows come', def('c customers',
		'c.region, t.amount sum, t.* count = orders, v.* count = visits',
		pg_temp.derived('t', def('o orders', 'o.customer_id, o.amount'), 'c customers, v visits'),
		joins => 'c.id = t.customer_id LEFT,c.id = v.customer_id LEFT'),
	$$SELECT region, sum(a), sum(n), sum(v) FROM (SELECT region,
		(SELECT sum(amount) FROM orders o WHERE o.tenant = 'acme' AND o.customer_id = c.id) AS a,
		(SELECT count(*) FROM orders o WHERE o.tenant = 'acme' AND o.customer_id = c.id) AS n,
		(SELECT count(*) FROM visits v WHERE v.tenant = 'acme' AND v.customer_id = c.id) AS v
		FROM customers c WHERE tenant = 'acme') AS q GROUP BY 1$$);
SELECT same('a grouped one that is repeated', def('c customers', 't.region, t.n sum, c.* count',
		pg_temp.derived('t', def('c customers', 'c.region, c.* count = n'), 'c customers'),
		joins => 'c.region = t.region'),
	$$SELECT region, count(*), count(*) FROM customers WHERE tenant = 'acme' AND region IS NOT NULL
	GROUP BY 1$$);
SELECT same('a filled series as a table', def('c customers', 't.n max, t.* count',
	pg_temp.derived('t',
		def('o orders', 'o.* count = n', '{"time_series": {"table_id": "o", "date_column":
		"placed_at", "interval": "day", "alias": "d", "range": {"start": "2024-01-01",
		"end": "2024-01-31"}}}'))),
	$$SELECT max(n), 31 FROM (SELECT count(*) AS n FROM orders WHERE tenant = 'acme' AND
		placed_at >= '2024-01-01' AND placed_at < '2024-02-01' GROUP BY placed_at::date) AS q$$);
SELECT same('a series over a derived table', def('c customers', 't.n sum', pg_temp.derived('t',
		def('o orders', 'o.* count = n', '{"time_series": {"table_id": "o", "date_column":
		"placed_at", "interval": "day", "alias": "d", "range": {"start": "2024-01-01",
		"end": "2024-03-31"}}}')) || '{"time_series": {"table_id": "t", "date_column": "d",
		"interval": "month"}}'),
	$$SELECT date_trunc('month', placed_at), count(*) FROM orders WHERE tenant = 'acme'
		AND placed_at >= '2024-01-01' AND placed_at < '2024-04-01' GROUP BY 1$$);
SELECT same('tables in tables', def('c customers', 'u.n', pg_temp.derived('u', def('c customers',
		't.region count = n', pg_temp.derived('t', def('c customers', 'c.region, c.* count'))))),
	$$SELECT count(DISTINCT region) FROM customers WHERE tenant = 'acme'$$);
SELECT same('hostile names are names', def('c customers', 't.id', pg_temp.derived('t',
		'{"tables": [{"id": "c", "name": "customers"}], "columns": [
			{"table_id": "c", "column": "id", "alias": "\"; DROP TABLE x; --"},
			{"table_id": "c", "column": "name", "alias": "?row"}]}') || '{"columns": [
			{"table_id": "t", "column": "\"; DROP TABLE x; --"},
			{"table_id": "t", "column": "?row"}]}'),
	$$SELECT id, name FROM customers WHERE tenant = 'acme'$$);
SELECT same('a related row of a derived table', def('c customers', 'c.id',
		pg_temp.derived('t', def('o orders', 'o.customer_id, o.amount sum = total'), 'c customers')
		|| filters(cond('t.total gt', '500', '{"scope": "none"}')),
		joins => 't.customer_id = c.id'),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND NOT EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id HAVING sum(amount) > 500)$$);
SELECT same('parameters reach inside', def('c customers', 't.id', pg_temp.derived('t',
		def('c customers', 'c.id', filters(cond('c.region eq', '{"param": "region"}'))))
		|| '{"params": {"region": {"type": "text"}}}'),
	$$SELECT id FROM customers WHERE tenant = 'acme' AND region = 'north'$$,
	options => '{"params": {"region": "north"}}');

-- Saved queries

SET LOCAL prismiq.user_id = 'ada';
SET LOCAL prismiq.roles = 'analyst';
SELECT prismiq_saved_query_create(jsonb_build_object('name', 'totals', 'query',
	def('o orders', 'o.customer_id, o.amount sum = total'))) ->> 'id' AS totals \gset
SELECT prismiq_saved_query_create(jsonb_build_object('name', 'mean', 'query', jsonb_build_object(
	'tables', jsonb_build_array(jsonb_build_object('id', 't', 'saved_query', :'totals')),
	'columns', '[{"table_id": "t", "column": "total", "aggregation": "avg",
				  "alias": "mean"}]'::jsonb)))
	->> 'id' AS mean \gset
CREATE FUNCTION pg_temp.saved(id text, others text = NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_set(pg_temp.derived('t', '{}', others), '{tables,0}',
					 jsonb_build_object('id', 't', 'saved_query', id))
$$;
SELECT same('a saved query as a table', def('c customers', 'c.id, t.total',
		pg_temp.saved(:'totals', 'c customers'), joins => 'c.id = t.customer_id LEFT'),
	$$SELECT id, (SELECT sum(amount) FROM orders o WHERE o.tenant = 'acme' AND o.customer_id = c.id)
	FROM customers c WHERE tenant = 'acme'$$);
SELECT same('made of a saved query', def('c customers', 't.mean', pg_temp.saved(:'mean')),
	$$SELECT avg(t) FROM (SELECT sum(amount) AS t FROM orders WHERE tenant = 'acme'
		GROUP BY customer_id) AS q$$);
SELECT is(faults(def('c customers', 't.mean', pg_temp.saved(gen_random_uuid()::text))),
	'TABLE_NOT_FOUND /tables/0/saved_query saved query not found', 'one that is not there');
SELECT is(faults(def('c customers', 't.mean', pg_temp.saved('x'))),
	'INVALID_VALUE /tables/0/saved_query "saved_query" must be a uuid', 'no uuid');
SELECT is(faults(def('c customers', 't.meam', pg_temp.saved(:'mean'))),
	'COLUMN_NOT_FOUND /columns/0/column column "meam" not found in table "t" '
	'(Did you mean "mean"?)', 'a column that it has not');
SELECT prismiq_saved_query_update(:'totals', jsonb_build_object('query', def('c customers',
	't.mean',
	pg_temp.saved(:'mean')))) AS updated \gset
SELECT is(faults(def('c customers', 't.mean', pg_temp.saved(:'mean'))),
	'CIRCULAR_REFERENCE /tables/0/saved_query/tables/0/saved_query/tables/0/saved_query '
	'the saved query is made of itself', 'a circle of them');
SET LOCAL prismiq.user_id = 'bob';
SELECT is(faults(def('c customers', 't.mean', pg_temp.saved(:'mean'))),
	'TABLE_NOT_FOUND /tables/0/saved_query saved query not found', 'one that is not shared');
SET LOCAL prismiq.tenant_id = 'beta';
SET LOCAL prismiq.user_id = 'ada';
SELECT is(faults(def('c customers', 't.mean', pg_temp.saved(:'mean'))),
	'TABLE_NOT_FOUND /tables/0/saved_query saved query not found', 'another tenant''s');
SET LOCAL prismiq.tenant_id = 'acme';

-- What is wrong inside is told where it is

SELECT matches(faults(def('c customers', 't.x', pg_temp.derived('t', def('c customers', 'c.idd')))),
	'^COLUMN_NOT_FOUND /tables/0/query/columns/0/column [^\n]*$',
		'in a derived table, and only there');
SELECT is(faults(def('c customers', 't.x', pg_temp.derived('t', '{}'))),
	E'MISSING_FIELD /tables/0/query/tables "tables" is required\n'
	'MISSING_FIELD /tables/0/query/columns "columns" is required', 'an empty one');
SELECT is(faults(def('c customers', 'c.id', filters(pg_temp.among('c.id', '{}')))),
	E'MISSING_FIELD /filters/0/value/query/tables "tables" is required\n'
	'MISSING_FIELD /filters/0/value/query/columns "columns" is required', 'an empty list');
SELECT is(faults(def('c customers', 't.x', pg_temp.derived('t', '[]'))),
	'INVALID_VALUE /tables/0/query expected an object, found an array', 'no definition');
SELECT matches(faults(def('c customers', 'c.id', filters(pg_temp.among('c.id',
		def('o ordres', 'o.id'))))),
	'^TABLE_NOT_FOUND /filters/0/value/query/tables/0/name ', 'in a list');
SELECT is(faults(def('c customers', 'c.id', filters(pg_temp.among('c.id',
		def('o orders', 'o.id, o.amount'))))),
	'INVALID_VALUE /filters/0/value/query the nested query must have one column, not 2',
	'a list of two columns');
SELECT is(faults(def('c customers', 'c.id', filters(pg_temp.among('c.id',
		def('o orders', 'o.status'))))),
	'TYPE_MISMATCH /filters/0/value/query values of type integer cannot be compared with those of '
	'the nested query, of type text', 'a list of another kind');
SELECT is(faults(def('c customers', 'c.id', filters(cond('c.id in_query', value)))), says,
	value::text)
FROM (VALUES
	('"SELECT 1"'::jsonb, 'INVALID_VALUE /filters/0/value expected an object, found a string'),
	('{}', 'MISSING_FIELD /filters/0/value/query "query" is required'),
	('{"query": "SELECT 1"}', 'INVALID_VALUE /filters/0/value/query expected an object, found a '
	 'string'),
	('{"query": {}, "sql": "1"}', NULL)) AS v (value, says) WHERE says IS NOT NULL;
SELECT matches(faults(def('c customers', 't.x', '{"tables": [{"id": "t", "name": "orders",
		"query": {}}]}')), '^INVALID_VALUE /tables/0 a table has one of ', 'two sources');
SELECT matches(faults(def('c customers', 't.n', pg_temp.derived('t', def('o orders',
	'o.* count = n',
		'{"time_series": {"table_id": "o", "date_column": "placed_at", "interval": "auto"}}')))),
	'^INVALID_TIME_SERIES /tables/0/query/time_series/interval ', 'auto without a range, inside');
SELECT is(faults(def('c customers, v visits', 'v.page, t.n', pg_temp.derived('t', def('c customers',
		'c.* count = n'), 'v visits'))),
	'MISSING_JOIN /tables/1 table "v" is not joined, and no foreign keys lead to it '
	'(Say how "v" is joined, in "joins".)', 'a derived table has no foreign keys');

-- Limits

CREATE FUNCTION pg_temp.deep(levels int) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	result jsonb := def('c customers', 'c.id');
BEGIN
	FOR i IN 2 .. levels LOOP
		result := def('c customers', 'c.id', filters(pg_temp.among('c.id', result)));
	END LOOP;
	RETURN result;
END
$$;
SET LOCAL prismiq.max_nesting = 5;
SELECT is(faults(pg_temp.deep(5)), NULL, 'as deep as prismiq.max_nesting');
SELECT is(faults(pg_temp.deep(6)), 'TOO_COMPLEX ' || repeat('/filters/0/value/query', 5) ||
	' definitions are nested more than 5 deep (Nest less, or raise prismiq.max_nesting.)',
	'deeper');
RESET prismiq.max_nesting;
SELECT is(faults(pg_temp.deep(32)), NULL, 'as deep as the default');
SELECT matches(faults(pg_temp.deep(33)), '^TOO_COMPLEX', 'deeper than the default');
SET LOCAL prismiq.max_tables = 4;
SELECT is(faults(pg_temp.deep(4)), NULL, 'as many tables in all as prismiq.max_tables');
SELECT matches(faults(pg_temp.deep(5)), '^TOO_COMPLEX /\S+ the definition and those inside it have '
	'more tables than the limit of 4 \(Use fewer tables, or raise prismiq.max_tables.\)$', 'more');
RESET prismiq.max_tables;
SET LOCAL prismiq.max_filters = 3;
SELECT is(faults(pg_temp.deep(4)), NULL, 'as many conditions in all as prismiq.max_filters');
SELECT matches(faults(pg_temp.deep(5)), '^TOO_COMPLEX .*more conditions', 'more');
RESET prismiq.max_filters;

-- Another tenant's rows: never in a list, never in a table, never looked at.

SELECT alike(prismiq_compile(pg_temp.deep(3)) ->> 'sql',
	'%tenant %=) $1%tenant %=) $2%tenant %=) $3%',
	'every level has its tenant predicate');
SELECT results_eq(format('SELECT jsonb_array_elements_text(prismiq_compile(%L) -> ''tables'')',
		def('c customers', 't.id', pg_temp.derived('t', def('o orders', 'o.id',
			filters(pg_temp.among('o.id', def('r refunds', 'r.order_id'))))))),
	ARRAY['shop.orders', 'shop.refunds'], 'the tables of a statement are those inside as well');
RESET ROLE;
CREATE TABLE shop.notes (tenant text, id int, body text);
INSERT INTO shop.notes VALUES ('acme', 1, '7'), ('acme', 2, '8'), ('beta', 3, 'poison');
CREATE VIEW shop.numbers AS SELECT tenant, id, body::int AS n FROM shop.notes;
SELECT FROM prismiq.prismiq_expose('shop.notes', tenant_column => 'tenant');
SELECT FROM prismiq.prismiq_expose('shop.numbers', tenant_column => 'tenant');
GRANT SELECT ON shop.notes, shop.numbers TO app_user;
SET ROLE app_user;
SELECT same('a poisonous row under a list', def('c customers', 'c.id', filters(pg_temp.among('c.id',
		def('n numbers', 'n.n')))), 'SELECT id FROM customers WHERE tenant = ''acme'' AND id IN
			(7, 8)');
SELECT same('a poisonous row under a derived table', def('c customers', 't.id', pg_temp.derived('t',
		def('n numbers', 'n.id, n.n')) || filters(cond('t.n gt', '7'))), 'SELECT 2');
SELECT same('a pattern over a derived table', def('c customers', 't.id', pg_temp.derived('t',
		def('n notes', 'n.id, n.body')) || filters(cond('t.body like', '"7%"'))), 'SELECT 1');

SELECT * FROM finish();
ROLLBACK;
