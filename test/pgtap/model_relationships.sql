-- Relationships of the application's model: the same answers as with foreign keys, and as by hand.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;

-- The shop once more, without foreign keys: tables with unique keys, tables without, and views.
CREATE FUNCTION pg_temp.copy_shop(wanted text, kind text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	r text;
BEGIN
	EXECUTE format('CREATE SCHEMA %I', wanted);
	FOREACH r IN ARRAY '{products,customers,orders,items,refunds,visits}'::text[] LOOP
		EXECUTE format('CREATE %s %I.%I AS TABLE shop.%I', kind, wanted, r, r);
		EXECUTE format('SELECT prismiq.prismiq_expose(%L::regclass, %s)', wanted || '.' || r,
			CASE r WHEN 'products' THEN 'shared => true' ELSE 'tenant_column => ''tenant''' END);
	END LOOP;
	EXECUTE format('GRANT USAGE ON SCHEMA %I TO app_user', wanted);
	EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO app_user', wanted);
END
$$;
SELECT pg_temp.copy_shop('keyed', 'TABLE') AS a, pg_temp.copy_shop('loose', 'TABLE') AS b,
	pg_temp.copy_shop('seen', 'VIEW') AS c \gset ignored_
ALTER TABLE keyed.products ADD PRIMARY KEY (id);
ALTER TABLE keyed.customers ADD PRIMARY KEY (tenant, id);
ALTER TABLE keyed.orders ADD UNIQUE (tenant, id);
CREATE TABLE public.other_things (tenant text, customer_id date, order_id int);
GRANT SELECT ON public.other_things TO app_user;
SELECT prismiq_expose('public.other_things', tenant_column => 'tenant') AS ignored \gset

-- Bare names: in each schema they are that schema's tables.
SELECT prismiq_model_set('{"relationships": [
	{"from_table": "orders", "from_column": "customer_id", "to_table": "customers",
	 "to_column": "id"},
	{"from_table": "items", "from_columns": ["order_id", "tenant"], "to_table": "orders",
	 "to_columns": ["id", "tenant"]},
	{"from_table": "items", "from_column": "product_id", "to_table": "products",
	 "to_column": "id"},
	{"from_table": "refunds", "from_column": "order_id", "to_table": "orders",
	 "to_column": "id"}]}') AS ignored \gset

-- A definition over each of the schemas answers as it does along foreign keys.
CREATE FUNCTION oracle.alike(name text, definition jsonb, by_person text = NULL)
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	wanted text;
	s text;
BEGIN
	PERFORM set_config('prismiq.schema', 'shop', true);
	wanted := oracle.text(oracle.array_of(prismiq_query(definition)::jsonb -> 'rows'), false);
	RETURN NEXT isnt(wanted, '', name || ': there are rows');
	FOREACH s IN ARRAY '{keyed,loose,seen}'::text[] LOOP
		PERFORM set_config('prismiq.schema', s, true);
		IF by_person IS NOT NULL THEN
			RETURN QUERY SELECT same(name || ', ' || s, definition, by_person);
		END IF;
		RETURN NEXT is(oracle.text(oracle.array_of(prismiq_query(definition)::jsonb -> 'rows'),
			false), wanted, name || ', ' || s || ': as along the foreign keys');
	END LOOP;
	PERFORM set_config('prismiq.schema', '', true);
END
$$;
SET LOCAL ROLE app_user;

SELECT alike('one step', def('o orders, c customers', 'c.name, o.amount sum'),
	$$SELECT c.name, sum(o.amount) FROM orders o JOIN customers c
		ON c.tenant = o.tenant AND c.id = o.customer_id WHERE o.tenant = 'acme' GROUP BY 1$$);
SELECT alike('the other way', def('c customers, o orders', 'c.region, c.id count, o.id count'),
	$$SELECT region, count(DISTINCT c.id), count(o.id) FROM customers c JOIN orders o
		ON o.tenant = c.tenant AND o.customer_id = c.id WHERE c.tenant = 'acme' GROUP BY 1$$);
SELECT alike('through a table that is not listed',
	def('i items, c customers', 'c.region, i.quantity sum'),
	$$SELECT region, sum(quantity) FROM items i JOIN orders o ON o.tenant = i.tenant
		AND o.id = i.order_id JOIN customers c ON c.tenant = o.tenant AND c.id = o.customer_id
		WHERE i.tenant = 'acme' GROUP BY 1$$);
SELECT alike('what it repeats is counted once',
	def('o orders, i items, r refunds', 'o.status, o.amount sum, i.quantity sum, r.amount sum'));
SELECT alike('a measure of the one end', def('o orders, i items', 'o.amount sum, o.id count'),
	$$SELECT sum(amount), count(*) FROM orders o WHERE tenant = 'acme'
		AND EXISTS (SELECT FROM items i WHERE i.tenant = o.tenant AND i.order_id = o.id)$$);
SELECT alike('four tables', def('c customers, o orders, i items, p products',
	'p.name, c.score count, o.amount avg, i.quantity max, p.price sum'));
SELECT alike('plain rows', def('r refunds, o orders', 'r.id, o.status'),
	$$SELECT r.id, o.status FROM refunds r JOIN orders o ON o.tenant = r.tenant
		AND o.id = r.order_id WHERE r.tenant = 'acme'$$);
SELECT alike('at least one related row', def('c customers, o orders', 'c.id',
		filters(cond('o.amount gt', '400', '{"scope": "any"}'))),
	$$SELECT id FROM customers c WHERE tenant = 'acme' AND EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND amount > 400)$$);
SELECT alike('no related row, two steps away', def('c customers, i items', 'c.id count',
		filters(cond('i.quantity gt', '4', '{"scope": "none"}'))),
	$$SELECT count(*) FROM customers c WHERE tenant = 'acme' AND NOT EXISTS (SELECT FROM orders o
		JOIN items i ON i.tenant = o.tenant AND i.order_id = o.id
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND quantity > 4)$$);
SELECT alike('in a nested definition', jsonb_build_object('tables', jsonb_build_array(
		jsonb_build_object('id', 'n', 'query', def('o orders, c customers',
			'c.region = region, o.amount sum = total'))),
		'columns', '[{"table_id": "n", "column": "total", "aggregation": "max"}]'::jsonb),
	$$SELECT max(total) FROM (SELECT region, sum(amount) AS total FROM orders o JOIN customers c
		ON c.tenant = o.tenant AND c.id = o.customer_id WHERE o.tenant = 'acme' GROUP BY 1) AS n$$);

-- Uniqueness is asked of the catalogs, not of the model: where there is none, rows are repeated.
RESET ROLE;
CREATE FUNCTION oracle.fault(definition jsonb, s text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('prismiq.schema', s, true);
	RETURN coalesce(faults(definition), 'none');
END
$$;
SET LOCAL ROLE app_user;
SELECT is(fault(def('o orders, c customers', 'c.name, o.amount sum', '{"fan_out": "error"}'), s),
	expected, s || ': does the join repeat orders?')
FROM (VALUES ('shop', 'none'), ('keyed', 'none'),
	('loose', 'FAN_OUT /columns/1 joining "orders" and "customers" repeats rows of "orders", so sum'
		' of "amount" would be wrong (Set "fan_out" to "correct", or ask in a query without that '
		'join.)'),
	('seen', 'FAN_OUT /columns/1 joining "orders" and "customers" repeats rows of "orders", so sum'
		' of "amount" would be wrong (Set "fan_out" to "correct", or ask in a query without that '
		'join.)')) AS v (s, expected);
RESET ROLE;
INSERT INTO loose.customers SELECT * FROM loose.customers WHERE id < 10;
SET LOCAL ROLE app_user;
SET LOCAL prismiq.schema = 'loose';
SELECT same('customers that are there twice', def('o orders, c customers', 'o.amount sum'),
	$$SELECT sum(amount) FROM orders o WHERE tenant = 'acme' AND EXISTS (SELECT FROM customers c
		WHERE c.tenant = 'acme' AND c.id = o.customer_id)$$);
SELECT same('and each order once in each group', def('o orders, c customers',
		'c.name, o.amount sum, c.id count'),
	$$SELECT name, (SELECT sum(amount) FROM orders o WHERE tenant = 'acme' AND EXISTS (SELECT FROM
			customers d WHERE d.tenant = 'acme' AND d.name = c.name AND d.id = o.customer_id)),
		(SELECT count(*) FROM loose.customers d WHERE d.tenant = 'acme' AND d.name = c.name
			AND EXISTS (SELECT FROM orders o WHERE o.tenant = 'acme' AND o.customer_id = d.id))
	FROM customers c WHERE tenant = 'acme' AND EXISTS (SELECT FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id) GROUP BY name$$);

-- Another tenant's rows are never joined.
SET LOCAL prismiq.tenant_id = 'beta';
SET LOCAL prismiq.schema = 'seen';
SELECT same('another tenant', def('o orders, c customers', 'c.name, o.amount sum'),
	$$SELECT c.name, sum(o.amount) FROM orders o JOIN customers c
		ON c.tenant = o.tenant AND c.id = o.customer_id WHERE o.tenant = 'beta' GROUP BY 1$$);
SET LOCAL prismiq.tenant_id = 'acme';

-- What cannot be used is as if it was not said.
RESET ROLE;
CREATE FUNCTION oracle.said(relationships jsonb, definition jsonb, tables jsonb = '{}')
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RESET ROLE;
	UPDATE prismiq.prismiq_model SET config = jsonb_build_object('relationships', relationships,
		'tables', tables);
	SET LOCAL ROLE app_user;
	RETURN coalesce((SELECT string_agg(e ->> 'code', ' ')
		FROM jsonb_array_elements(prismiq_validate(definition) -> 'errors') AS e), 'joined');
END
$$;
GRANT app_user TO CURRENT_USER;
SET LOCAL prismiq.schema = 'seen';
SELECT def('o orders, c customers', 'o.id, c.id') AS wanted \gset
SELECT '{"from_table": "orders", "from_column": "customer_id", "to_table": "customers",
	"to_column": "id"}' AS way \gset
SELECT is(said(relationships::jsonb, :'wanted', tables::jsonb), expected, name)
FROM (VALUES
	('nothing is said', '[]', '{}', 'MISSING_JOIN'),
	('it is', format('[%s]', :'way'), '{}', 'joined'),
	('twice', format('[%s, %s]', :'way', :'way'), '{}', 'joined'),
	('and once more from its other end', format('[%s, {"from_table": "customers", "from_column":
		"id", "to_table": "seen.orders", "to_column": "customer_id"}]', :'way'), '{}', 'joined'),
	('and with the tenants', format('[%s, {"from_table": "orders", "from_columns": ["tenant",
		"customer_id"], "to_table": "customers", "to_columns": ["tenant", "id"]}]', :'way'), '{}',
		'joined'),
	('two ways', format('[%s, {"from_table": "orders", "from_column": "id", "to_table": "customers",
		"to_column": "id"}]', :'way'), '{}', 'AMBIGUOUS_JOIN'),
	('a column is gone', '[{"from_table": "orders", "from_column": "customer", "to_table":
		"customers", "to_column": "id"}]', '{}', 'MISSING_JOIN'),
	('a table is gone', '[{"from_table": "orders", "from_column": "customer_id", "to_table":
		"customer", "to_column": "id"}]', '{}', 'MISSING_JOIN'),
	('it is of another schema', '[{"from_table": "keyed.orders", "from_column": "customer_id",
		"to_table": "customers", "to_column": "id"}]', '{}', 'MISSING_JOIN'),
	('with its schema', '[{"from_table": "seen.orders", "from_column": "customer_id", "to_table":
		"seen.customers", "to_column": "id"}]', '{}', 'joined'),
	('types that cannot be compared', '[{"from_table": "orders", "from_column": "placed_at",
		"to_table": "customers", "to_column": "id"}]', '{}', 'MISSING_JOIN'),
	('nor can documents', '[{"from_table": "orders", "from_column": "status", "to_table":
		"customers", "to_column": "key"}]', '{}', 'MISSING_JOIN'),
	('a number and a wider one', '[{"from_table": "orders", "from_column": "big", "to_table":
		"customers", "to_column": "id"}]', '{}', 'joined'),
	('a column is hidden', format('[%s]', :'way'),
		'{"orders": {"columns": {"customer_id": {"hidden": true}}}}', 'MISSING_JOIN'),
	('but the tenant''s may be', '[{"from_table": "orders", "from_columns": ["tenant",
		"customer_id"], "to_table": "customers", "to_columns": ["tenant", "id"]}]',
		'{"orders": {"columns": {"tenant": {"hidden": true}}}}', 'joined'))
	AS v (name, relationships, tables, expected);
SELECT is(said(format('[%s]', :'way')::jsonb, def('i items, c customers', 'i.line, c.id'),
	'{"orders": {"hidden": true}}'), 'MISSING_JOIN', 'no way leads through a table that is hidden')
FROM (SELECT) AS one;
RESET ROLE;
REVOKE SELECT ON seen.orders FROM app_user;
GRANT SELECT (tenant, id, amount) ON seen.orders TO app_user;
SELECT is(said(format('[%s]', :'way')::jsonb, def('o orders, c customers', 'o.id, c.id')),
	'MISSING_JOIN', 'nor over a column that the role may not read');
RESET ROLE;
GRANT SELECT ON seen.orders TO app_user;

-- Beside foreign keys: what says the same changes nothing, what says more is another way.
SET LOCAL prismiq.schema = 'shop';
SELECT is(said(relationships::jsonb, :'wanted'), expected, name)
FROM (VALUES
	('beside the foreign key', format('[%s]', :'way'), 'joined'),
	('turned', '[{"from_table": "customers", "from_column": "id", "to_table": "orders",
		"to_column": "customer_id"}]', 'joined'),
	('another way', '[{"from_table": "orders", "from_column": "id", "to_table": "customers",
		"to_column": "id"}]', 'AMBIGUOUS_JOIN')) AS v (name, relationships, expected);

-- Between tables of two schemas: the only one that there is.
SELECT is(said('[{"from_table": "other_things", "from_column": "order_id", "to_table": "visits",
	"to_column": "customer_id"}]', '{"tables": [{"id": "t", "name": "other_things"},
		{"id": "v", "name": "visits", "schema": "shop"}],
		"columns": [{"table_id": "v", "column": "page"}]}'), 'MISSING_JOIN',
	'one of several tables is none');
SELECT is(said('[{"from_table": "other_things", "from_column": "order_id", "to_table":
	"shop.visits", "to_column": "customer_id"}]', '{"tables": [{"id": "t", "name": "other_things"},
		{"id": "v", "name": "visits", "schema": "shop"}],
		"columns": [{"table_id": "v", "column": "page"}]}'), 'joined', 'unless it says which');

-- In the schema: what foreign keys do not say, and what the caller may see all of.
CREATE FUNCTION pg_temp.listed() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', r ->> 'from_schema', r ->> 'from_table', r ->> 'from_columns',
		r ->> 'to_table', r ->> 'to_columns'), E'\n' ORDER BY r)
	FROM jsonb_array_elements(prismiq_schema() -> 'relationships') AS r
	WHERE r ->> 'from_table' = 'orders'
$$;
SELECT said(format('[%s]', :'way')::jsonb, :'wanted') AS ignored \gset
SELECT is(pg_temp.listed(), 'keyed orders ["customer_id"] customers ["id"]
loose orders ["customer_id"] customers ["id"]
seen orders ["customer_id"] customers ["id"]
shop orders ["tenant", "customer_id"] customers ["tenant", "id"]', 'the relationships');
SELECT said(format('[%s]', :'way')::jsonb, :'wanted',
	'{"seen.customers": {"columns": {"id": {"hidden": true}}},
	  "keyed.customers": {"hidden": true}}')
	AS ignored \gset
SELECT is(pg_temp.listed(), 'loose orders ["customer_id"] customers ["id"]
shop orders ["tenant", "customer_id"] customers ["tenant", "id"]', 'but of what is hidden');

-- A model that serves tenants with a schema each: each sees its own tables.
RESET ROLE;
CREATE SCHEMA one;
CREATE SCHEMA two;
CREATE TABLE one.parents AS SELECT 1 AS id, 'p1' AS name;
CREATE TABLE one.children AS SELECT 1 AS parent, 'c1' AS name;
CREATE TABLE two.parents AS SELECT 1 AS id, 'p2' AS name;
CREATE TABLE two.children AS SELECT 1 AS parent, 'c2' AS name;
GRANT USAGE ON SCHEMA one, two TO app_user;
GRANT SELECT ON one.parents, one.children, two.parents, two.children TO app_user;
SELECT count(prismiq_expose(r::regclass, tenant => split_part(r, '.', 1))) AS ignored
FROM unnest('{one.parents,one.children,two.parents,two.children}'::text[]) AS r \gset
SELECT prismiq_model_set('{"relationships": [{"from_table": "children", "from_column": "parent",
	"to_table": "parents", "to_column": "id"}]}') AS ignored \gset
SET LOCAL ROLE app_user;
SET LOCAL prismiq.schema = '';
SET LOCAL prismiq.tenant_id = 'one';
SELECT is(answer(def('c children, p parents', 'c.name, p.name')), '[["c1", "p1"]]', 'one tenant');
SET LOCAL prismiq.tenant_id = 'two';
SELECT is(answer(def('c children, p parents', 'c.name, p.name')), '[["c2", "p2"]]', 'another');

SELECT * FROM finish();
ROLLBACK;
