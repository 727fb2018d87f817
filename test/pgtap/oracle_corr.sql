-- Correlations: the aggregation "corr" and the function corr() of expressions, against
-- statements written by a person.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;

-- A column correlated with another: c('o.amount', 'small', '{"alias": "x"}').
CREATE FUNCTION oracle.c(text text, other text, more jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT oracle.column(text || ' corr') || jsonb_build_object('args',
		jsonb_build_object('column', other)) || more
$$;
-- A definition whose columns are those in short, and then those that are written out.
CREATE FUNCTION oracle.d(tables text, short text, columns jsonb, rest jsonb = '{}',
	joins text = NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT d || jsonb_build_object('columns',
		CASE WHEN short = '' THEN '[]' ELSE d -> 'columns' END || columns)
	FROM oracle.def(tables, CASE short WHEN '' THEN 'x.y' ELSE short END, rest, joins) AS d
$$;
-- Rows whose fractions are rounded: in which order rows are taken changes the last digit.
CREATE FUNCTION oracle.rounded(rows jsonb[]) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(line, E'\n' ORDER BY line) FROM (
		SELECT (SELECT jsonb_agg(CASE jsonb_typeof(v) WHEN 'number'
				THEN to_jsonb(round(v::numeric, 9)) ELSE v END ORDER BY n)::text
			FROM jsonb_array_elements(r) WITH ORDINALITY AS u (v, n)) AS line
		FROM unnest(rows) AS r) AS lines
$$;
CREATE FUNCTION oracle.near(name text, definition jsonb, by_person text) RETURNS SETOF text
LANGUAGE sql AS $$
	SELECT is(oracle.rounded(oracle.array_of(answer -> 'rows')),
		oracle.rounded(oracle.rows(by_person, jsonb_array_length(answer -> 'columns'), 'UTC')),
		name)
	FROM CAST(prismiq_query(definition) AS jsonb) AS q (answer)
$$;
CREATE FUNCTION oracle.field(name text, expression text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('calculated_fields', jsonb_build_array(jsonb_build_object(
		'name', name, 'expression', expression)))
$$;

-- Numbers of all kinds; another tenant's, that no double can hold.
CREATE DOMAIN shop.weight AS numeric;
CREATE TABLE shop.pairs
(
	tenant text, id int PRIMARY KEY, n numeric, weight shop.weight, r real, b bigint, m money,
	t text, f boolean
);
INSERT INTO shop.pairs SELECT 'acme', i, i % 7, i % 5 * 1.5, i % 11, i * i, i::numeric::money,
	'x' || i, i % 2 = 0 FROM generate_series(1, 60) AS i;
INSERT INTO shop.pairs VALUES ('beta', 100, '1e400', 1, 1, 1), ('beta', 101, 1, 1, 1, 1);
SELECT FROM prismiq.prismiq_expose('shop.pairs', tenant_column => 'tenant');
GRANT SELECT ON shop.pairs TO app_user;
SET LOCAL ROLE app_user;

-- ---- Of one table ------------------------------------------------------------------------
SELECT near('pairs in which one is null are left out', oracle.d('o orders', 'o.status',
		jsonb_build_array(c('o.amount', 'small'))),
	$$SELECT status, corr(amount, small) FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT is(prismiq_query(oracle.d('o orders', '', jsonb_build_array(c('o.amount', 'small'))))
	->> 'columns', '["amount_corr"]', 'its name');
SELECT is((prismiq_compile(oracle.d('o orders', '', jsonb_build_array(c('o.amount', 'small'))))
	#>> '{columns,0,type}'), 'double precision', 'its type');
SELECT near('every kind of number', oracle.d('p pairs', '', jsonb_build_array(c('p.n', 'weight'),
		c('p.weight', 'r'), c('p.r', 'b'), c('p.b', 'id'), c('p.id', 'n'), c('p.n', 'n'))),
	$$SELECT corr(n, weight), corr(weight, r), corr(r, b), corr(b, id), corr(id, n), corr(n, n)
	FROM pairs WHERE tenant = 'acme'$$);
SELECT near('of one row, and of what does not vary, there is none', oracle.d('p pairs', 'p.id',
		jsonb_build_array(c('p.n', 'b')), filters(cond('p.id lt', '4'))),
	$$SELECT id, NULL::float8 FROM generate_series(1, 3) AS id$$);
SELECT near('conditions of its own', oracle.d('o orders', 'o.channel', jsonb_build_array(
		c('o.amount', 'small', filters(cond('o.status eq', '"paid"'), cond('o.amount gt', '50'))))),
	$$SELECT channel, corr(amount, small) FILTER (WHERE status = 'paid' AND amount > 50)
	FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT near('with a calculated field, and of one', oracle.d('o orders', 'o.status',
		jsonb_build_array(c('o.amount', 'half'), '{"column": "half", "aggregation": "corr",
			"args": {"column": "amount"}}'::jsonb, '{"table_id": "o", "column": "half",
			"aggregation": "corr", "args": {"column": "half"}}'::jsonb),
		field('half', '[small] / 2 + length([status])')),
	$$SELECT status, corr(amount, h), corr(h, amount), corr(h, h)
	FROM (SELECT *, small / 2.0 + length(status) AS h FROM orders WHERE tenant = 'acme') AS q
	GROUP BY 1$$);
SELECT near('in an expression', def('o orders', 'o.status, o.together',
		field('together', 'round(corr([amount], [small] * 2), 4) * 100 + count()')),
	$$SELECT status, round(corr(amount, small * 2)::numeric, 4) * 100 + count(*)
	FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT near('having, by the aggregation, by the alias, by a field', oracle.d('o orders',
		'o.customer_id', jsonb_build_array(c('o.amount', 'small', '{"alias": "r"}')),
		field('other', 'corr([small], [amount])') || '{"having": [
		{"table_id": "o", "column": "amount", "aggregation": "corr", "args": {"column": "small"},
			"operator": "gt", "value": 0.2}, {"column": "r", "operator": "lt", "value": 0.9},
		{"column": "other", "operator": "lt", "value": 0.8}]}'),
	$$SELECT customer_id, corr(amount, small) FROM orders WHERE tenant = 'acme' GROUP BY 1
	HAVING corr(amount, small) > 0.2 AND corr(amount, small) < 0.8$$);
SELECT same('ordered by it', oracle.d('o orders', 'o.status', jsonb_build_array(
		c('o.small', 'amount', '{"alias": "r"}')),
		'{"order_by": [{"alias": "r", "direction": "DESC"}], "limit": 3}'),
	$$SELECT status, corr(small, amount) FROM orders WHERE tenant = 'acme' GROUP BY 1
	ORDER BY 2 DESC LIMIT 3$$, true);

-- ---- Where joins repeat rows -----------------------------------------------------------
SELECT near('each row counts once', oracle.d('o orders, i items', 'o.channel, i.quantity sum',
		jsonb_build_array(c('o.amount', 'small'), '{"column": "together"}'::jsonb),
		field('together', 'corr([o.amount], [o.small])')),
	$$WITH j AS (SELECT o.channel AS p, o.id, o.amount, o.small, i.quantity
		FROM items i JOIN orders o ON (o.tenant, o.id) = (i.tenant, i.order_id)
		WHERE i.tenant = 'acme')
	SELECT p, (SELECT sum(quantity) FROM j WHERE j.p IS NOT DISTINCT FROM q.p),
		corr(amount, small), corr(amount, small)
	FROM (SELECT DISTINCT p, id, amount, small FROM j) AS q GROUP BY p$$);
SELECT isnt(oracle.rounded(oracle.array_of(prismiq_query(d)::jsonb -> 'rows')),
	oracle.rounded(oracle.array_of(prismiq_query(d || '{"fan_out": "allow"}')::jsonb -> 'rows')),
	'which is not what the join alone gives')
FROM oracle.d('o orders, i items', 'o.channel', jsonb_build_array(c('o.amount', 'small'))) AS d;
SELECT near('a pair of two tables is each combination once', oracle.d(
		'o orders, i items, r refunds', '', jsonb_build_array(c('o.amount', 'pieces'),
			'{"column": "together"}'::jsonb),
		'{"calculated_fields": [{"name": "pieces", "expression": "[i.quantity]"},
			{"name": "together", "expression": "corr([o.amount], [i.quantity])"}]}',
		'o.id = i.order_id,o.id = r.order_id'),
	$$SELECT corr(amount, quantity), corr(amount, quantity) FROM orders o JOIN items i
		ON (o.tenant, o.id) = (i.tenant, i.order_id) WHERE i.tenant = 'acme'
		AND EXISTS (SELECT FROM refunds r WHERE (r.tenant, r.order_id) = (o.tenant, o.id))$$);
SELECT near('facts apart: each of its own rows', oracle.d('c customers, o orders, v visits',
		'c.region, v.* count = visits', jsonb_build_array(c('o.amount', 'small')), '{}',
		'c.id = o.customer_id LEFT,c.id = v.customer_id LEFT'),
	$$WITH c AS (SELECT * FROM customers WHERE tenant = 'acme')
	SELECT region, (SELECT count(*) FROM visits v JOIN c AS d ON d.id = v.customer_id
			WHERE v.tenant = 'acme' AND d.region IS NOT DISTINCT FROM c.region),
		(SELECT corr(amount, small) FROM orders o JOIN c AS d ON d.id = o.customer_id
			WHERE o.tenant = 'acme' AND d.region IS NOT DISTINCT FROM c.region)
	FROM c GROUP BY region$$);
SELECT near('rows that an outer join makes up are no pairs', oracle.d('c customers, o orders',
		'c.region', jsonb_build_array('{"column": "big", "aggregation": "corr",
			"args": {"column": "low"}}'::jsonb, '{"column": "together"}'::jsonb),
		'{"calculated_fields": [{"name": "big", "expression": "coalesce([o.amount], 900)"},
			{"name": "low", "expression": "coalesce([o.small], -900)"},
			{"name": "together", "expression": "corr([big], [low])"}]}',
		'c.id = o.customer_id LEFT'),
	$$SELECT c.region, corr(x, y), corr(x, y)
	FROM customers c LEFT JOIN (SELECT *, coalesce(amount, 900) AS x, coalesce(small, -900) AS y
		FROM orders) AS o ON (o.tenant, o.customer_id) = (c.tenant, c.id)
	WHERE c.tenant = 'acme' GROUP BY 1$$);
SELECT is(faults(oracle.d('o orders, i items', '', jsonb_build_array(c('o.amount', 'small')),
		'{"fan_out": "error"}')),
	'FAN_OUT /columns/0 joining "orders" and "items" repeats rows of "orders", so corr of '
	'"amount" would be wrong (Set "fan_out" to "correct", or ask in a query without that join.)',
	'or is refused');
-- A table that only its other column needs is joined.
SELECT near('a table that only the field is of', oracle.d('o orders, i items', '',
		jsonb_build_array(c('o.amount', 'pieces')), field('pieces', '[i.quantity]')
		|| filters(cond('i.quantity gt', '1', '{"scope": "any"}'))),
	$$SELECT corr(amount, quantity) FROM orders o JOIN items i
		ON (o.tenant, o.id) = (i.tenant, i.order_id) WHERE i.tenant = 'acme' AND EXISTS (SELECT
		FROM items k WHERE (k.tenant, k.order_id) = (o.tenant, o.id) AND k.quantity > 1)$$);

-- ---- What is computed over the groups --------------------------------------------------
SELECT near('totals are of rows', oracle.d('o orders', 'o.status', jsonb_build_array(
		c('o.amount', 'small')), '{"totals": true}'),
	$$SELECT status, corr(amount, small), grouping(status) FROM orders WHERE tenant = 'acme'
	GROUP BY ROLLUP (status)$$);
SELECT near('so is what is other', oracle.d('o orders', 'o.status, o.* count = n',
		jsonb_build_array(c('o.amount', 'small')), '{"top": {"n": 2, "by": "n"}}'),
	$$WITH k AS (SELECT status, row_number() OVER (ORDER BY count(*) DESC, status) AS p
		FROM orders WHERE tenant = 'acme' GROUP BY 1)
	SELECT CASE WHEN p < 3 THEN k.status ELSE 'Other' END, count(*), corr(amount, small)
	FROM orders o JOIN k ON k.status IS NOT DISTINCT FROM o.status WHERE tenant = 'acme'
	GROUP BY 1$$);
SELECT near('and the cells of a pivot', oracle.d('o orders', 'o.status, o.channel',
		jsonb_build_array(c('o.amount', 'small', '{"alias": "r"}')),
		'{"pivot": {"column": "channel", "value": "r"}}'),
	$$SELECT status, corr(amount, small) FILTER (WHERE channel = 'web'),
		corr(amount, small) FILTER (WHERE channel = 'phone'),
		corr(amount, small) FILTER (WHERE channel = 'store'),
		corr(amount, small) FILTER (WHERE channel IS NULL)
	FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT near('beside the period before', oracle.d('o orders', '', jsonb_build_array(
		c('o.amount', 'small', '{"alias": "r"}')), filters(cond('o.placed_at between',
		'["2024-03-01", "2024-03-31"]')) || '{"compare": {"period": "previous_month"}}'),
	$$SELECT n, p, n - p, (n - p) * 100 / p FROM (SELECT
		corr(amount, small) FILTER (WHERE placed_at >= '2024-03-01' AND placed_at < '2024-04-01'),
		corr(amount, small) FILTER (WHERE placed_at >= '2024-02-01' AND placed_at < '2024-03-01')
		FROM orders WHERE tenant = 'acme') AS q (n, p)$$);
SELECT near('by bucket, and empty ones', oracle.d('o orders', '', jsonb_build_array(
		c('o.amount', 'small', '{"alias": "r"}')), '{"time_series": {"table_id": "o", "date_column":
		"placed_at", "interval": "month", "fill": "null", "timezone": "UTC",
		"range": {"start": "2023-12-01", "end": "2024-05-31"}}}'),
	$$SELECT b, (SELECT corr(amount, small) FROM orders WHERE tenant = 'acme'
		AND placed_at >= b AND placed_at < b + interval '1 month')
	FROM generate_series(timestamptz '2023-12-01', '2024-05-01', '1 month') AS b$$);
SELECT near('windows go over it', oracle.d('o orders', 'o.channel', jsonb_build_array(
		c('o.amount', 'small', '{"alias": "r"}')), '{"windows": [{"alias": "place",
		"function": "rank", "order_by": [{"alias": "r"}]}, {"alias": "before", "function": "lag",
		"of": "r", "order_by": [{"alias": "r"}]}]}'),
	$$SELECT channel, r, rank() OVER (ORDER BY r), lag(r) OVER (ORDER BY r)
	FROM (SELECT channel, corr(amount, small) AS r FROM orders WHERE tenant = 'acme' GROUP BY 1)
	AS q$$);

-- ---- Whose rows ------------------------------------------------------------------------
SELECT is(answer(oracle.d('p pairs', '', jsonb_build_array(c('p.n', 'b', '{"alias": "r"}')))) ~
	'^\[\[-?0\.\d+\]\]$', true, 'what no double can hold is another tenant''s affair');
SET LOCAL prismiq.tenant_id = 'beta';
SELECT is(answer(oracle.d('p pairs', '', jsonb_build_array(c('p.n', 'b')))), '22023 INVALID_VALUE',
	'of one''s own it is an error');
SELECT is(answer(def('p pairs', 'p.r', field('r', 'corr([n], [b])'))), '22023 INVALID_VALUE',
	'in an expression too');
SELECT is(answer(oracle.d('p pairs', '', jsonb_build_array(c('p.n', 'b')),
	filters(cond('p.id gt', '100')))), '[[null]]', 'unless a condition leaves it out');
SET LOCAL prismiq.tenant_id = 'gamma';
SELECT is(answer(oracle.d('p pairs', '', jsonb_build_array(c('p.n', 'b')))), '[[null]]',
	'of no rows there is none');
SET LOCAL prismiq.tenant_id = 'acme';

-- ---- Refusals --------------------------------------------------------------------------
SELECT is(faults(oracle.d('p pairs', 'p.n corr', jsonb_build_array(
		c('p.n', 'weigt'), c('p.t', 'weight'), c('p.n', 't'), c('p.n', 'm'), c('p.n', '*'),
		c('p.n', 'total'), c('p.n', 'weight', '{"distinct": true}'),
		oracle.column('p.n corr') || '{"args": {}}', oracle.column('p.n corr')
		|| '{"args": {"column": 7}}', c('p.n', 'weight') || '{"aggregation": "sum"}',
		oracle.column('p.n corr') || '{"args": {"column": "weight", "order_by": "id"}}'),
		field('total', 'sum([n])'))),
	'MISSING_FIELD /columns/0/args/column a correlation needs its other "column" '
	'(Write {"column": <column>}.)' || E'\n' ||
	'COLUMN_NOT_FOUND /columns/1/args/column column "weigt" not found in table "pairs" '
	'(Did you mean "weight"?)' || E'\n' ||
	'INVALID_AGGREGATION /columns/2/aggregation cannot take corr of column "t" of type text '
	'(Valid for this type: count, count_distinct, min, max, mode, first, last, string_agg, '
	'array_agg, approx_count_distinct.)' || E'\n' ||
	'INVALID_AGGREGATION /columns/3/args/column cannot take corr with column "t" of type text '
	'(Name a column of numbers.)' || E'\n' ||
	'INVALID_AGGREGATION /columns/4/args/column cannot take corr with column "m" of type money '
	'(Name a column of numbers.)' || E'\n' ||
	'COLUMN_NOT_FOUND /columns/5/args/column column "*" not found in table "pairs"' || E'\n' ||
	'INVALID_AGGREGATION /columns/6/args/column calculated field "total" is an aggregate '
	'(Name a column that is no aggregate.)' || E'\n' ||
	'INVALID_VALUE /columns/7/distinct aggregation "corr" takes no "distinct"' || E'\n' ||
	'MISSING_FIELD /columns/8/args/column "column" is required' || E'\n' ||
	'INVALID_VALUE /columns/9/args/column "column" must be a string, not a number' || E'\n' ||
	'INVALID_VALUE /columns/10/args/column aggregation "sum" takes no "column"' || E'\n' ||
	'INVALID_VALUE /columns/11/args/order_by aggregation "corr" takes no "order_by"',
	'what is no correlation');
SELECT is(faults(def('p pairs', 'p.a, p.b, p.c, p.d',
	'{"calculated_fields": [{"name": "a", "expression": "corr([n])"},
		{"name": "b", "expression": "corr([t], [weight])"}, {"name": "c", "expression":
		"sum(corr([n], [weight]))"}, {"name": "d", "expression": "corr([n], sum([weight]))"}]}')),
	'INVALID_EXPRESSION /calculated_fields/0/expression corr() takes 2 arguments, found 1, at '
	'character 1' || E'\n' ||
	'TYPE_MISMATCH /calculated_fields/1/expression expected a number, found a value of type text '
	'at character 6 (Use number().)' || E'\n' ||
	'INVALID_EXPRESSION /calculated_fields/2/expression corr() cannot stand inside sum() at '
	'character 5' || E'\n' ||
	'INVALID_EXPRESSION /calculated_fields/3/expression sum() cannot stand inside corr() at '
	'character 11', 'nor is it of one number, or of what is none');
RESET ROLE;
GRANT app_user TO CURRENT_USER;
REVOKE SELECT ON shop.pairs FROM app_user;
GRANT SELECT (tenant, id, n, b) ON shop.pairs TO app_user;
SET LOCAL ROLE app_user;
SELECT is(faults(oracle.d('p pairs', '', jsonb_build_array(c('p.n', 'weight')))),
	'COLUMN_NOT_FOUND /columns/0/args/column column "weight" not found in table "pairs"',
	'a column that the caller may not read is not there');
RESET ROLE;
SELECT throws_ok($$SELECT prismiq_model_set('{"measures": {"r": {"table": "pairs", "column": "n",
	"aggregation": "corr"}}}')$$, '22023', 'a correlation needs its other column',
	'a measure of the model says it with an expression');
SELECT prismiq_model_set('{"measures": {"r": {"table": "pairs", "expression": "corr([n], [b])"}}}')
	IS NOT NULL AS set \g /dev/null
SET LOCAL ROLE app_user;
SELECT near('as this one does', def('p pairs', 'p.x') || '{"columns": [{"measure": "r"}],
		"having": [{"measure": "r", "operator": "lt", "value": 1}]}',
	$$SELECT corr(n, b) FROM pairs WHERE tenant = 'acme'$$);

SELECT * FROM finish();
ROLLBACK;
