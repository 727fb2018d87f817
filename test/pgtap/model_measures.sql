-- Measures of the application's model: as if written out, as by hand, and only for who may see what
-- they use.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
GRANT app_user TO CURRENT_USER;
SELECT prismiq_model_set($${"measures": {
	"revenue": {"table": "orders", "column": "amount", "aggregation": "sum", "format": "currency",
		"description": "All orders"},
	"paid_revenue": {"table": "shop.orders", "column": "amount", "aggregation": "sum", "filters": [
		{"column": "status", "operator": "in", "value": ["paid", "Paid"]}], "label": "Paid",
		"format": {"type": "currency", "currency": "EUR"}},
	"orders": {"table": "orders", "column": "*", "aggregation": "count"},
	"big_orders": {"table": "orders", "column": "*", "aggregation": "count", "filters": [
		{"or": [{"column": "amount", "operator": "gt", "value": 400},
				{"not": {"column": "channel", "operator": "eq", "value": "web"}}]}]},
	"buyers": {"table": "orders", "column": "customer_id", "aggregation": "count_distinct"},
	"average": {"table": "orders", "expression": "sum([amount]) / count()"},
	"paid_share": {"table": "orders",
		"expression": "sum_if([amount], [status] == \"paid\") / sum([amount]) * 100"},
	"paid_average": {"table": "orders", "expression": "sum([amount]) / count()", "filters": [
		{"column": "status", "operator": "eq", "value": "paid"}, {"or": [
			{"column": "channel", "operator": "eq", "value": "web"},
			{"column": "amount", "operator": "gt", "value": 20}]}]},
	"paid_mix": {"table": "orders", "expression":
		"sum_if([amount], [small] > 0) - median([amount]) * count_distinct([channel])",
		"filters": [{"column": "status", "operator": "in", "value": ["paid", "Paid"]}]},
	"quarter_average": {"table": "orders", "expression": "sum([amount]) / count()", "filters": [
		{"column": "placed_at", "operator": "between", "value": ["2024-01-01", "2024-03-31"]}]},
	"middle": {"table": "orders", "column": "amount", "aggregation": "median"},
	"pieces": {"table": "items", "column": "quantity", "aggregation": "sum"},
	"turnover": {"table": "items", "expression": "sum([quantity] * [unit_price])"},
	"first_quarter": {"table": "orders", "column": "amount", "aggregation": "sum", "filters": [
		{"column": "placed_at", "operator": "between", "value": ["2024-01-01", "2024-03-31"]}]},
	"everybody": {"table": "customers", "expression": "count()"},
	"scores": {"table": "customers", "column": "score", "aggregation": "max"}}}$$) AS m \gset

-- "revenue, paid_revenue = paid" as columns.
CREATE FUNCTION oracle.measured(columns text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('measure', m[1], 'alias', m[3]))
		ORDER BY n)
	FROM regexp_split_to_table(columns, ',\s*') WITH ORDINALITY AS u (c, n),
		regexp_match(c, '^(\w+)(\s*=\s*(\w+))?$') AS m
$$;

-- A definition in short with measures after its columns (none: "").
CREATE FUNCTION oracle.mdef(tables text, columns text, measures text, rest jsonb = '{}',
	joins text = NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT d || jsonb_build_object('columns', CASE WHEN columns = '' THEN '[]'
		ELSE d -> 'columns' END || oracle.measured(measures))
	FROM oracle.def(tables, CASE columns WHEN '' THEN 'x.y' ELSE columns END, rest, joins) AS d
$$;

-- Two definitions that have the same answer, and the same names of columns.
CREATE FUNCTION oracle.like_written(name text, definition jsonb, written jsonb)
RETURNS SETOF text LANGUAGE sql AS $$
	SELECT is((prismiq_query(definition)::jsonb - 'execution_time_ms')::text,
		(prismiq_query(written)::jsonb - 'execution_time_ms')::text, name)
$$;
SET LOCAL ROLE app_user;

-- ---- By hand -----------------------------------------------------------------------------------
SELECT same('an aggregated column', mdef('o orders', '', 'revenue'),
	$$SELECT sum(amount) FROM orders WHERE tenant = 'acme'$$);
SELECT same('by groups', mdef('o orders', 'o.status', 'revenue, orders = n'),
	$$SELECT status, sum(amount), count(*) FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('filters of their own', mdef('o orders', 'o.channel',
		'paid_revenue, big_orders, revenue'),
	$$SELECT channel, sum(amount) FILTER (WHERE status IN ('paid', 'Paid')),
		count(*) FILTER (WHERE amount > 400 OR channel <> 'web'), sum(amount)
	FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('under filters of the definition', mdef('o orders', '', 'paid_revenue, buyers',
		filters(cond('o.small gt', '0'))),
	$$SELECT sum(amount) FILTER (WHERE status IN ('paid', 'Paid')), count(DISTINCT customer_id)
	FROM orders WHERE tenant = 'acme' AND small > 0$$);
SELECT same('expressions', mdef('o orders', 'o.status', 'average, paid_share'),
	$$SELECT status, sum(amount) / count(*), sum(amount) FILTER (WHERE status = 'paid')
		/ nullif(sum(amount), 0) * 100
	FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('expressions with filters of their own', mdef('o orders', 'o.channel',
		'paid_average, paid_mix, average'),
	$$SELECT channel, sum(amount) FILTER (WHERE status = 'paid' AND (channel = 'web'
			OR amount > 20)) / nullif(count(*) FILTER (WHERE status = 'paid' AND (channel = 'web'
			OR amount > 20)), 0),
		(sum(amount) FILTER (WHERE small > 0 AND status IN ('paid', 'Paid')))::float8
			- percentile_cont(0.5) WITHIN GROUP (ORDER BY amount)
				FILTER (WHERE status IN ('paid', 'Paid'))
			* count(DISTINCT channel) FILTER (WHERE status IN ('paid', 'Paid')),
		sum(amount) / count(*)
	FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('of rows that a join repeats, in having too', mdef('o orders, i items', 'o.status',
		'paid_average, pieces', '{"having": [{"measure": "paid_average", "operator": "gt",
			"value": 0}]}'),
	$$SELECT 'paid', sum(amount) FILTER (WHERE channel = 'web' OR amount > 20)
			/ count(*) FILTER (WHERE channel = 'web' OR amount > 20),
		(SELECT sum(quantity) FROM items i JOIN orders o USING (tenant)
			WHERE i.order_id = o.id AND tenant = 'acme' AND status = 'paid')
	FROM orders o WHERE tenant = 'acme' AND status = 'paid' AND EXISTS (SELECT FROM items i
		WHERE i.tenant = 'acme' AND i.order_id = o.id)$$);
SELECT same('compared, the condition moves with the period', mdef('o orders', '', 'quarter_average',
		'{"filters": [{"table_id": "o", "column": "placed_at", "operator": "between", "value":
		["2024-02-01", "2024-02-29"]}], "compare": {"period": "previous_month"}}'),
	$$SELECT a, b, a - b, (a - b) * 100 / abs(b) FROM (SELECT
		(SELECT sum(amount) / count(*) FROM orders WHERE tenant = 'acme'
			AND placed_at >= '2024-02-01' AND placed_at < '2024-03-01'),
		(SELECT sum(amount) / count(*) FROM orders WHERE tenant = 'acme'
			AND placed_at >= '2024-01-01' AND placed_at < '2024-02-01')) AS x (a, b)$$);
SELECT same('of two tables, of which one repeats the other', mdef('o orders, i items', '',
		'revenue, orders, average, pieces, turnover'),
	$$WITH t AS (SELECT * FROM orders o WHERE tenant = 'acme' AND EXISTS (SELECT FROM items i
		WHERE i.tenant = 'acme' AND i.order_id = o.id))
	SELECT (SELECT sum(amount) FROM t), (SELECT count(*) FROM t),
		(SELECT sum(amount) / count(*) FROM t), sum(quantity), sum(quantity * unit_price)
	FROM items WHERE tenant = 'acme'$$);
SELECT same('rows that an outer join makes up', mdef('c customers, o orders', '',
		'everybody, orders, average', joins => 'c.id = o.customer_id LEFT'),
	$$SELECT (SELECT count(*) FROM customers WHERE tenant = 'acme'), count(*),
		sum(amount) / count(*) FROM orders WHERE tenant = 'acme' AND customer_id IN
		(SELECT id FROM customers WHERE tenant = 'acme')$$);
SELECT same('having, on what is shown', mdef('o orders', 'o.status', 'revenue',
		'{"having": [{"measure": "revenue", "operator": "gt", "value": 11000}]}'),
	$$SELECT status, sum(amount) FROM orders WHERE tenant = 'acme' GROUP BY 1
	HAVING sum(amount) > 11000$$);
SELECT same('and on what is not', mdef('o orders', 'o.status', 'orders',
		'{"having": [{"or": [{"measure": "average", "operator": "gt", "value": 240},
			{"measure": "paid_revenue", "operator": "gte", "value": 100}]}]}'),
	$$SELECT status, count(*) FROM orders WHERE tenant = 'acme' GROUP BY 1
	HAVING sum(amount) / count(*) > 240
		OR sum(amount) FILTER (WHERE status IN ('paid', 'Paid')) >= 100$$);
SELECT same('in a nested definition', jsonb_build_object('tables', jsonb_build_array(
		jsonb_build_object('id', 'n', 'query', mdef('o orders', 'o.customer_id', 'revenue'))),
		'columns', '[{"table_id": "n", "column": "revenue", "aggregation": "max"}]'::jsonb),
	$$SELECT max(s) FROM (SELECT sum(amount) AS s FROM orders WHERE tenant = 'acme'
		GROUP BY customer_id) AS n$$);
SELECT same('in a list that a query makes', def('c customers', 'c.id', filters(
		cond('c.id in_query', jsonb_build_object('query', def('o orders', 'o.customer_id',
			'{"having": [{"measure": "revenue", "operator": "gt", "value": 2000}]}'))))),
	$$SELECT id FROM customers WHERE tenant = 'acme' AND id IN (SELECT customer_id FROM orders
		WHERE tenant = 'acme' GROUP BY 1 HAVING sum(amount) > 2000)$$);

-- ---- As if written out -------------------------------------------------------------------------
CREATE FUNCTION pg_temp.both(name text, tables text, columns text, rest jsonb)
RETURNS SETOF text LANGUAGE sql AS $$
	SELECT like_written(name, mdef(tables, columns, 'revenue, paid_revenue, average', rest),
		jsonb_set(d, '{columns}', CASE WHEN columns = '' THEN '[]' ELSE d -> 'columns' END || '[
			{"table_id": "o", "column": "amount", "aggregation": "sum", "alias": "revenue"},
			{"table_id": "o", "column": "amount", "aggregation": "sum", "alias": "paid_revenue",
			 "filters": [{"table_id": "o", "column": "status", "operator": "in",
						  "value": ["paid", "Paid"]}]},
			{"column": "average"}]')
		|| '{"calculated_fields": [{"name": "average", "expression":
			"sum([o.amount]) / count_if([o.tenant] is not null)"}]}')
	FROM def(tables, CASE columns WHEN '' THEN 'x.y' ELSE columns END, rest) AS d
$$;
SELECT pg_temp.both(name, 'o orders', columns, rest::jsonb)
FROM (VALUES
	('a series', '', '{"time_series": {"table_id": "o", "date_column": "placed_at", "interval":
		"month"}}'),
	('a filled one', 'o.channel', '{"time_series": {"table_id": "o", "date_column": "placed_at",
		"interval": "week", "fill": "linear"}, "order_by": [{"alias": "placed_at_bucket"},
		{"alias": "channel"}]}'),
	('compared', '', '{"filters": [{"table_id": "o", "column": "placed_at", "operator": "between",
		"value": ["2024-03-01", "2024-03-31"]}], "compare": {"period": "previous_month"}}'),
	('the top, and the rest', 'o.customer_id', '{"top": {"n": 3, "by": "revenue"}}'),
	('totals', 'o.status', '{"totals": true, "order_by": [{"alias": "_level"},
		{"alias": "status"}]}'),
	('windows', 'o.status', '{"windows": [{"alias": "share", "function": "percent_of_total", "of":
		"paid_revenue"}], "order_by": [{"alias": "revenue"}]}'),
	('a page', 'o.customer_id', '{"order_by": [{"alias": "average", "direction": "DESC"}],
		"limit": 7, "offset": 2}')) AS v (name, columns, rest);
SELECT like_written('a pivot', mdef('o orders', 'o.status, o.channel', 'revenue',
		'{"pivot": {"column": "channel", "value": "revenue"}, "order_by": [{"alias": "status"}]}'),
	def('o orders', 'o.status, o.channel, o.amount sum = revenue',
		'{"pivot": {"column": "channel", "value": "revenue"}, "order_by": [{"alias": "status"}]}'));
SELECT like_written('a measure of one quarter, compared', mdef('o orders', '', 'first_quarter', p),
	jsonb_set(def('o orders', 'o.amount sum = first_quarter', p), '{columns,0,filters}', '[
		{"table_id": "o", "column": "placed_at", "operator": "between",
		 "value": ["2024-01-01", "2024-03-31"]}]'))
FROM (VALUES ('{"filters": [{"table_id": "o", "column": "placed_at", "operator": "between", "value":
	["2024-01-01", "2024-03-31"]}], "compare": {"period": "previous_year"}}'::jsonb)) AS v (p);
SELECT is((prismiq_query(mdef('o orders', 'o.id', 'revenue, average',
		'{"order_by": [{"table_id": "o", "column": "id"}], "limit": 2}'),
		'{"disable_aggregation": true}')::jsonb -> 'columns')::text, '["id", "revenue"]',
	'without the aggregation, the column; what no row has is left out');

-- What the definition calls things changes nothing of a measure.
SELECT like_written('a calculated field of the name of a column', mdef('o orders', '',
		'revenue, average, paid_revenue', '{"calculated_fields": [
			{"name": "amount", "expression": "0 - [amount]"},
			{"name": "status", "expression": "\"paid\""},
			{"name": "revenue", "expression": "sum([amount]) * 2"}]}'),
	mdef('o orders', '', 'revenue, average, paid_revenue'));
SELECT is(prismiq_query('{"tables": [{"id": "o", "name": "orders"}], "columns": [
		{"measure": "revenue"}, {"column": "revenue"}], "calculated_fields": [
			{"name": "revenue", "expression": "count()"}]}')::jsonb -> 'columns',
	'["revenue", "revenue_2"]', 'and fields are fields');
SELECT like_written('a parameter is the definition''s', mdef('o orders', '', 'paid_revenue',
	'{"params": {"paid": {"type": "text", "default": "open"}}}'),
	mdef('o orders', '', 'paid_revenue'));
SELECT same('a table twice', '{"tables": [{"id": "a", "name": "orders"},
			{"id": "b", "name": "orders"}],
		"joins": [{"from_table_id": "a", "from_column": "customer_id", "to_table_id": "b",
			"to_column": "id"}],
		"columns": [{"measure": "revenue", "table_id": "b"}, {"measure": "average", "table_id":
			"a", "alias": "of_a"}]}',
	$$SELECT (SELECT sum(amount) FROM orders b WHERE tenant = 'acme' AND id IN (SELECT customer_id
			FROM orders WHERE tenant = 'acme')),
		sum(amount) / count(*) FROM orders WHERE tenant = 'acme' AND customer_id IN (SELECT id
			FROM orders WHERE tenant = 'acme')$$);

-- ---- What is not right -------------------------------------------------------------------------
\set hint 'prismiq_schema() lists the measures; the table of one has to be in "tables".'
SELECT is(faults(definition::jsonb), replace(expected, '!', :'hint'), definition)
FROM (VALUES
	('{"tables": [{"id": "o", "name": "orders"}], "columns": [{"measure": "revenues"}]}',
	 'COLUMN_NOT_FOUND /columns/0/measure measure "revenues" not found (!)'),
	('{"tables": [{"id": "o", "name": "orders"}], "columns": [{"measure": "pieces"}]}',
	 'COLUMN_NOT_FOUND /columns/0/measure measure "pieces" not found (!)'),
	('{"tables": [{"id": "o", "name": "orders"}], "columns": [{"measure": 1}, {"measure": ""}]}',
	 'INVALID_VALUE /columns/0/measure "measure" must be a string, not a number
INVALID_VALUE /columns/1/measure "measure" must not be empty'),
	('{"tables": [{"id": "o", "name": "orders"}], "columns": [{"measure": "revenue", "column":
		"id", "aggregation": "sum", "filters": [1], "distinct": true}]}',
	 'INVALID_VALUE /columns/0/column a measure says itself what its "column" is (Leave it out.)
INVALID_VALUE /columns/0/aggregation a measure says itself what its "aggregation" is (Leave it out.)
INVALID_VALUE /columns/0/distinct a measure says itself what its "distinct" is (Leave it out.)
INVALID_VALUE /columns/0/filters a measure says itself what its "filters" is (Leave it out.)'),
	('{"tables": [{"id": "o", "name": "orders"}, {"id": "p", "name": "orders"}], "joins": [
		{"from_table_id": "o", "from_column": "id", "to_table_id": "p", "to_column": "id"}],
		"columns": [{"measure": "revenue"}, {"measure": "revenue", "table_id": "q"}]}',
	 'AMBIGUOUS_TABLE /columns/0/measure "o" and "p" are both the table of measure "revenue" (Say'
	 ' which one is meant, with "table_id".)
TABLE_NOT_FOUND /columns/1/table_id no table of the query has the id "q"'),
	('{"tables": [{"id": "o", "name": "orders"}], "columns": [{"table_id": "o", "column": "id"}],
		"filters": [{"measure": "revenue", "operator": "gt", "value": 1}]}',
	 'MISSING_FIELD /filters/0/column "column" is required
INVALID_VALUE /filters/0/measure a filter cannot be on a measure (Put conditions on measures into'
	 ' "having".)'),
	('{"tables": [{"id": "o", "name": "orders"}], "columns": [{"table_id": "o", "column":
		"status"}, {"measure": "revenue"}], "having": [{"measure": "none", "operator": "gt",
		"value": 1}, {"measure": "revenue", "operator": "gt", "value": "x"}]}',
	 'COLUMN_NOT_FOUND /having/0/measure measure "none" not found (!)
TYPE_MISMATCH /having/1/value "x" is not a valid value of type numeric'),
	('{"tables": [{"id": "o", "name": "orders"}], "columns": [{"measure": "revenue"}],
		"calculated_fields": [{"name": "f", "expression": "[revenue] * 2"}]}',
	 'COLUMN_NOT_FOUND /calculated_fields/0/expression "revenue" is neither a column nor a'
	 ' calculated field, at character 1'),
	('{"tables": [{"id": "o", "name": "order"}], "columns": [{"measure": "revenue"}]}',
	 'TABLE_NOT_FOUND /tables/0/name table "order" not found (Did you mean "orders"?)
COLUMN_NOT_FOUND /columns/0/measure measure "revenue" not found (!)'))
	AS v (definition, expected);

-- ---- Who may use it ----------------------------------------------------------------------------
CREATE FUNCTION pg_temp.usable() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(m ->> 'name', ' ' ORDER BY m ->> 'name')
	FROM jsonb_array_elements(prismiq_schema() -> 'measures') AS m
$$;
-- What is not listed is not found, and the other way round.
CREATE FUNCTION pg_temp.agree() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT is((SELECT string_agg(name, ' ' ORDER BY name) FROM (VALUES ('revenue', 'orders'),
			('paid_revenue', 'orders'), ('orders', 'orders'), ('big_orders', 'orders'),
			('buyers', 'orders'), ('average', 'orders'), ('paid_share', 'orders'),
			('middle', 'orders'), ('first_quarter', 'orders'), ('pieces', 'items'),
			('paid_average', 'orders'), ('paid_mix', 'orders'), ('quarter_average', 'orders'),
			('turnover', 'items'), ('everybody', 'customers'), ('scores', 'customers'))
				AS v (name, of)
		WHERE (prismiq_validate(mdef('t ' || of, '', name)) ->> 'valid')::boolean),
		pg_temp.usable(), 'those that are listed can be used')
$$;
SELECT is(pg_temp.usable(), 'average big_orders buyers everybody first_quarter middle orders'
	' paid_average paid_mix paid_revenue paid_share pieces quarter_average revenue scores'
	' turnover', 'all are listed');
SELECT pg_temp.agree();
SELECT is((SELECT m FROM jsonb_array_elements(prismiq_schema() -> 'measures') AS m
	WHERE m ->> 'name' = 'paid_revenue'), '{"name": "paid_revenue", "table": "shop.orders", "label":
		"Paid", "description": null, "format": {"type": "currency", "currency": "EUR"}}',
	'what is listed of one');
SELECT is((SELECT m ->> 'label' FROM jsonb_array_elements(prismiq_schema() -> 'measures') AS m
	WHERE m ->> 'name' = 'big_orders'), 'Big orders', 'a label out of the name');

-- Hidden by the tenant.
CREATE FUNCTION pg_temp.hide(tables jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('prismiq.user_id', 'adm', true), set_config('prismiq.roles', 'admin', true);
	PERFORM prismiq_schema_config_set(jsonb_build_object('tables', tables));
	RETURN pg_temp.usable();
END
$$;
SELECT is(pg_temp.hide('{"orders": {"columns": {"status": {"hidden": true}}}}'),
	'average big_orders buyers everybody first_quarter middle orders pieces quarter_average'
	' revenue scores turnover', 'a column in filters and in an expression');
SELECT pg_temp.agree();
SELECT is(faults(mdef('o orders', '', 'revenue, paid_revenue, paid_share', '{"having": [
		{"measure": "paid_share", "operator": "gt", "value": 1}]}')),
	format('COLUMN_NOT_FOUND /columns/1/measure measure "paid_revenue" not found (%1$s)
COLUMN_NOT_FOUND /columns/2/measure measure "paid_share" not found (%1$s)
COLUMN_NOT_FOUND /having/0/measure measure "paid_share" not found (%1$s)', :'hint'),
	'is not found, and nothing of it is told');
SELECT is(faults(jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('id', 'n',
		'query', mdef('o orders', 'o.status', 'paid_share'))),
		'columns', '[{"table_id": "n", "column": "paid_share"}]'::jsonb)),
	format('COLUMN_NOT_FOUND /tables/0/query/columns/0/column column "status" not found in table'
	' "orders"
COLUMN_NOT_FOUND /tables/0/query/columns/1/measure measure "paid_share" not found (%s)', :'hint'),
	'in a nested definition neither');
SELECT is(pg_temp.hide('{"orders": {"hidden": true}, "items": {"columns": {"quantity":
	{"hidden": true}}}}'), 'everybody scores', 'tables');
SELECT pg_temp.agree();
SET LOCAL prismiq.tenant_id = 'beta';
SELECT is(pg_temp.usable(), 'average big_orders buyers everybody first_quarter middle orders'
	' paid_average paid_mix paid_revenue paid_share pieces quarter_average revenue scores'
	' turnover', 'another tenant has hidden nothing');
SELECT same('and has its own rows', mdef('o orders', '', 'revenue, average'),
	$$SELECT sum(amount), sum(amount) / count(*) FROM orders WHERE tenant = 'beta'$$);
SET LOCAL prismiq.tenant_id = 'acme';
SELECT pg_temp.hide('{}') AS ignored \gset

-- Not for the role.
RESET ROLE;
REVOKE SELECT ON shop.orders FROM app_user;
GRANT SELECT (tenant, id, amount, customer_id, channel) ON shop.orders TO app_user;
SET LOCAL ROLE app_user;
SELECT is(pg_temp.usable(), 'average big_orders buyers everybody middle orders pieces revenue'
	' scores turnover', 'what the role may not read');
SELECT pg_temp.agree();
RESET ROLE;
REVOKE SELECT ON shop.orders FROM app_user;
REVOKE SELECT (tenant, id, amount, customer_id, channel) ON shop.orders FROM app_user;
SET LOCAL ROLE app_user;
SELECT is(pg_temp.usable(), 'everybody pieces scores turnover', 'nor a table');
SELECT pg_temp.agree();
RESET ROLE;
GRANT SELECT ON shop.orders TO app_user;

-- What has changed since it was set.
ALTER TABLE shop.customers RENAME COLUMN score TO points;
ALTER TABLE shop.items ALTER COLUMN quantity TYPE text;
SET LOCAL ROLE app_user;
SELECT is(pg_temp.usable(), 'average big_orders buyers everybody first_quarter middle orders'
	' paid_average paid_mix paid_revenue paid_share quarter_average revenue',
	'what is gone, or of another type');
SELECT pg_temp.agree();
SELECT is(faults(mdef('i items', '', 'pieces')), 'INVALID_AGGREGATION /columns/0/measure measure'
	' "pieces": cannot take sum of column "quantity" of type text (Valid for this type: count,'
	' count_distinct, min, max, mode, first, last, string_agg, array_agg, approx_count_distinct.)',
	'what is wrong is told of the measure');

-- A model that a plain UPDATE brought is not trusted further than one that was set.
RESET ROLE;
UPDATE prismiq.prismiq_model SET config = '{"measures": {
	"rows": {"table": "orders", "expression": "[id]"},
	"others": {"table": "orders", "expression": "sum([customers.id])"},
	"exposed": {"table": "prismiq.prismiq_model", "expression": "count()"},
	"catalog": {"table": "pg_catalog.pg_authid", "expression": "count()"}}}';
SET LOCAL ROLE app_user;
SELECT is(pg_temp.usable(), NULL, 'what is no measure');
SELECT is(faults(mdef('o orders, c customers', '', 'rows, others, exposed, catalog')),
	format('INVALID_EXPRESSION /columns/0/measure measure "rows": the expression of a measure holds'
	' no aggregate (Put its columns inside aggregates.)
COLUMN_NOT_FOUND /columns/1/measure measure "others" not found (%1$s)
COLUMN_NOT_FOUND /columns/2/measure measure "exposed" not found (%1$s)
COLUMN_NOT_FOUND /columns/3/measure measure "catalog" not found (%1$s)', :'hint'), 'is none');

-- ---- Labels and formats ------------------------------------------------------------------------
RESET ROLE;
SELECT prismiq_model_set($${"tables": {"orders": {"columns": {"amount": {"display_name": "Amount",
		"description": "Of one order", "format": "number", "unit": "EUR"}}}}, "measures": {
	"revenue": {"table": "orders", "column": "amount", "aggregation": "sum"},
	"worth": {"table": "orders", "column": "amount", "aggregation": "sum", "label": "Amount",
		"description": "In euros", "format": "currency"},
	"average": {"table": "orders", "expression": "avg([amount])", "format": {"type": "number",
		"decimals": 1}},
	"how_many": {"table": "orders", "column": "amount", "aggregation": "count"}}}$$) AS m \gset
SET LOCAL ROLE app_user;
SELECT is((SELECT jsonb_agg(c - 'type' ORDER BY n) FROM jsonb_array_elements(prismiq_query('{
		"tables": [{"id": "o", "name": "orders"}], "columns": [{"measure": "revenue"},
		{"measure": "worth"}, {"measure": "average"}, {"measure": "how_many"},
		{"measure": "revenue", "alias": "again", "display_name": "Again", "format": "plain"},
		{"table_id": "o", "column": "amount", "aggregation": "max"}]}', '{"metadata": true}')::jsonb
			-> 'metadata') WITH ORDINALITY AS u (c, n)),
	'[{"name": "revenue", "display_name": "Revenue", "format": "number", "unit": "EUR"},
	  {"name": "worth", "display_name": "Amount", "description": "In euros", "format": "currency",
	   "unit": "EUR"},
	  {"name": "average", "display_name": "Average", "format": {"type": "number", "decimals": 1}},
	  {"name": "how_many", "display_name": "How many"},
	  {"name": "again", "display_name": "Again", "format": "plain", "unit": "EUR"},
	  {"name": "amount_max", "display_name": "Amount (maximum)", "description": "Of one order",
	   "format": "number", "unit": "EUR"}]', 'labels, descriptions, formats');
SELECT is(split_part(prismiq_query_csv(mdef('o orders', '', 'revenue')), E'\r\n', 1), 'revenue',
	'the header of a CSV');

SELECT * FROM finish();
ROLLBACK;
