-- What the regression tests share: some tables, exposed, and functions that
-- print statements and faults. All in one transaction that the test rolls back.
\set ON_ERROR_STOP on
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL TimeZone = 'UTC';
SET LOCAL DateStyle = 'ISO';
SET LOCAL IntervalStyle = 'postgres';
\o /dev/null
CREATE ROLE prismiq_regress;
CREATE SCHEMA shop;
CREATE TYPE shop.channel AS ENUM ('web', 'phone');
CREATE DOMAIN shop.price AS numeric(12, 2);
CREATE TABLE shop.customers (tenant text, id int, name text, region text, PRIMARY KEY (tenant, id));
CREATE TABLE shop.orders (tenant text, id int, customer_id int, amount numeric, status text,
	name varchar(9), code char(4), channel shop.channel, price shop.price, small smallint,
	at timestamptz, local timestamp, day date, tags text[], document json,
	PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, customer_id) REFERENCES shop.customers);
CREATE TABLE shop.items (tenant text, order_id int, line int, product_id int, quantity int,
	PRIMARY KEY (tenant, order_id, line), FOREIGN KEY (tenant, order_id) REFERENCES shop.orders);
CREATE TABLE shop.products (id bigint PRIMARY KEY, sku text, price double precision);
CREATE TABLE shop.acme_only (id int PRIMARY KEY, note text);
CREATE VIEW shop.order_view AS SELECT tenant, id, amount / id AS each FROM shop.orders;
SELECT prismiq.prismiq_expose(('shop.' || r)::regclass, tenant_column => 'tenant')
FROM unnest('{customers,orders,items,order_view}'::text[]) AS r;
SELECT prismiq.prismiq_expose('shop.products', shared => true),
	   prismiq.prismiq_expose('shop.acme_only', tenant => 'acme');
SELECT prismiq.prismiq_grant('prismiq_regress', 'app') \g /dev/null
GRANT USAGE ON SCHEMA shop TO prismiq_regress;
GRANT SELECT ON ALL TABLES IN SCHEMA shop TO prismiq_regress;
SET LOCAL search_path = prismiq, shop;
SET LOCAL prismiq.tenant_id = 'acme';

-- Tables as "o orders, c customers"; a column of the first one where none is given.
CREATE FUNCTION pg_temp.definition(tables text, rest jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', (SELECT jsonb_agg(jsonb_build_object(
			'id', split_part(t, ' ', 1), 'name', split_part(t, ' ', 2)) ORDER BY n)
		FROM regexp_split_to_table(tables, ', ') WITH ORDINALITY AS u (t, n)),
		'columns', jsonb_build_array(jsonb_build_object('table_id', left(tables, 1),
														'column', 'id'))) || rest
$$;

-- Parameters as "$2 = value", but for the tenant's.
CREATE FUNCTION pg_temp.params(compiled jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('$%s = %s', n, p ->> 'value'), ', ' ORDER BY n)
	FROM jsonb_array_elements(compiled -> 'params') WITH ORDINALITY AS u (p, n)
	WHERE p ->> 'value' IS DISTINCT FROM 'acme'
$$;

-- The statement of a definition, and its parameters.
CREATE FUNCTION pg_temp.compiled(tables text, rest jsonb = '{}', options jsonb = '{}') RETURNS text
LANGUAGE sql AS $$
	SELECT concat_ws(E'\n-- ', c ->> 'sql', pg_temp.params(c)) || E'\n'
	FROM prismiq_compile(pg_temp.definition(tables, rest), options) AS c
$$;

-- One condition on orders: what stands after WHERE.
CREATE FUNCTION pg_temp.condition(subject text, value jsonb = NULL, more jsonb = '{}') RETURNS text
LANGUAGE sql AS $$
	SELECT concat_ws(' ', subject, value, nullif(more, '{}')) || E'\n    '
		|| concat_ws('    -- ', split_part(c ->> 'sql', E'\nWHERE ', 2), pg_temp.params(c))
	FROM prismiq_compile(pg_temp.definition('o orders', jsonb_build_object('filters',
		jsonb_build_array(jsonb_build_object('table_id', 'o', 'column', split_part(subject, ' ', 1),
			'operator', split_part(subject, ' ', 2)) || more || CASE WHEN value IS NULL THEN '{}'
				ELSE jsonb_build_object('value', value) END)))) AS c
$$;

-- How a definition is refused: SQLSTATE and message, the hint, then every fault.
CREATE FUNCTION pg_temp.refused(definition jsonb, options jsonb = '{}') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	PERFORM prismiq_compile(definition, options);
	RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
		hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE || ': ' || message, '  HINT: ' || nullif(hint, ''),
		(SELECT string_agg(format('  %s %s', e ->> 'code', e ->> 'path')
				|| CASE WHEN n > 1 THEN format(': %s', e ->> 'message') ELSE '' END,
					E'\n' ORDER BY n)
		 FROM jsonb_array_elements(CASE WHEN detail LIKE '[%' THEN detail::jsonb END)
			WITH ORDINALITY AS u (e, n)));
END
$$;
CREATE FUNCTION pg_temp.refused(tables text, rest jsonb, options jsonb = '{}') RETURNS text
LANGUAGE sql AS $$
	SELECT pg_temp.refused(pg_temp.definition(tables, rest), options)
$$;
\o
\set ECHO all
