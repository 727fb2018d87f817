-- What prismiq_schema and its kin tell the caller, and what they do not.
\set ON_ERROR_STOP on

CREATE SCHEMA shop;
CREATE SCHEMA other;
CREATE SCHEMA closed;
GRANT USAGE ON SCHEMA shop, other TO app_user;
CREATE TYPE other.state AS ENUM ('new', 'paid');
CREATE DOMAIN other.money AS numeric(10, 2);
CREATE FUNCTION shop.secret_default() RETURNS text LANGUAGE sql AS $$SELECT 'x'$$;

CREATE TABLE shop.customers (
    org text DEFAULT 'acme', id integer, name varchar(20) NOT NULL, notes json,
    PRIMARY KEY (org, id));
CREATE TABLE shop.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org text NOT NULL, customer integer,
    state other.state NOT NULL DEFAULT 'new', amount other.money DEFAULT 12.50, tags text[],
    placed_at timestamptz DEFAULT now(), serial_no serial, own text DEFAULT shop.secret_default(),
    doubled numeric GENERATED ALWAYS AS (amount * 2) STORED, gone integer,
    FOREIGN KEY (org, customer) REFERENCES shop.customers (org, id));
ALTER TABLE shop.orders DROP COLUMN gone;
COMMENT ON TABLE shop.orders IS 'What was ordered';
COMMENT ON COLUMN shop.orders.amount IS 'Net';
CREATE TABLE shop.unexposed (id integer PRIMARY KEY);
CREATE TABLE shop.acme_only (id integer);
CREATE TABLE shop.events (org text, at date) PARTITION BY RANGE (at);
CREATE TABLE shop.events_2024 PARTITION OF shop.events FOR VALUES FROM ('2024-01-01') TO
    ('2025-01-01');
CREATE VIEW shop.paid AS SELECT org, id FROM shop.orders WHERE state = 'paid';
CREATE MATERIALIZED VIEW shop.totals AS SELECT org, count(*) FROM shop.orders GROUP BY 1;
CREATE TABLE shop."Odd. näme" (org text, "a.b" integer);
CREATE TABLE other.orders (org text);
CREATE TABLE closed.inside (org text);
CREATE TABLE shop.numbered (org integer, value text);
CREATE TABLE shop.dropped (org text);
CREATE TABLE shop.renamed (org text);

INSERT INTO shop.customers SELECT 'acme', n, 'c' || n FROM generate_series(1, 50) n;
INSERT INTO shop.orders (org, customer, state, amount)
SELECT 'acme', 1 + n % 50, 'paid', n % 7 FROM generate_series(1, 2000) n;
INSERT INTO shop.orders (org, state, amount) VALUES ('globex', 'new', 666), ('globex', 'new',
    NULL);
INSERT INTO shop.numbered VALUES (1, 'one'), (2, 'two');
ANALYZE shop.orders, shop.customers, shop.numbered;

GRANT SELECT ON ALL TABLES IN SCHEMA shop, other, closed TO app_user;
SELECT count(prismiq.prismiq_expose(r::regclass, 'org')::text) AS exposed
FROM unnest('{shop.customers, shop.orders, shop.events, shop.paid, shop.totals,
    "shop.\"Odd. näme\"", other.orders, closed.inside, shop.numbered, shop.dropped,
    shop.renamed}'::text[]) r \gset
SELECT FROM prismiq.prismiq_expose('shop.acme_only', tenant => 'acme');
DROP TABLE shop.dropped;
ALTER TABLE shop.renamed RENAME org TO tenant;

-- One table, one column, the names of the columns, as the caller sees them.
CREATE FUNCTION public.described(name text, schema text DEFAULT 'shop') RETURNS jsonb
    LANGUAGE sql AS $$SELECT t FROM jsonb_array_elements(prismiq.prismiq_schema() -> 'tables') t
        WHERE t ->> 'name' = name AND t ->> 'schema_name' = schema$$;
CREATE FUNCTION public.described_column(name text, col text) RETURNS jsonb
    LANGUAGE sql AS $$SELECT c FROM jsonb_array_elements(described(name) -> 'columns') c
        WHERE c ->> 'name' = col$$;
CREATE FUNCTION public.names(name text) RETURNS text
    LANGUAGE sql AS $$SELECT string_agg(c ->> 'name', ' ' ORDER BY n)
        FROM jsonb_array_elements(described(name) -> 'columns') WITH ORDINALITY AS x (c, n)$$;

SET ROLE app_user;
SELECT plan(73);

SELECT throws_ok('SELECT prismiq.' || call, '42501', NULL, 'no context: ' || call)
FROM unnest('{prismiq_schema(), prismiq_tables(), prismiq_table(''orders''),
    "prismiq_column_sample(''orders'', ''id'')"}'::text[]) call;
SELECT prismiq.prismiq_set_context('acme', 'ann', '{analyst}', false) AS context \gset

-- Tables

SELECT is(prismiq.prismiq_tables(),
    '["other.orders", "airports", "flights", "weather", "Odd. näme", "acme_only", "customers",
        "events", "shop.orders", "paid", "totals"]'::jsonb,
    'names: by schema and name, qualified where they repeat; and no others');
SELECT is((SELECT jsonb_agg(t ->> 'schema_name' || '.' || (t ->> 'name')) FROM
    jsonb_array_elements(prismiq.prismiq_schema() -> 'tables') t),
    '["other.orders", "public.airports", "public.flights", "public.weather", "shop.Odd. näme",
        "shop.acme_only", "shop.customers", "shop.events", "shop.orders", "shop.paid",
        "shop.totals"]',
    'the schema has the same');
SELECT is((SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(described('orders')) k),
    '{columns,description,display_name,name,row_count,schema_name}', 'the keys of a table');
SELECT is((SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(described_column('orders',
    'id')) k),
    '{data_type, date_format, default_value, description, display_name, format, hidden,
      is_nullable, is_primary_key, name, unit}',
    'the keys of a column');
SELECT is(described('orders') - 'columns' - 'row_count',
    '{"name": "orders", "schema_name": "shop", "display_name": "Orders", "description":
        "What was ordered"}',
    'a comment is the description, a display name is made from the name');
SELECT is(described('Odd. näme') ->> 'display_name', 'Odd. näme', 'a name for people stays');
SELECT is(names('orders'), 'id org customer state amount tags placed_at serial_no own doubled',
    'columns in their order, without the dropped one');
SELECT is(names(t), c, t) FROM (VALUES ('paid', 'org id'), ('totals', 'org count'), ('events',
    'org at'),
    ('acme_only', 'id'), ('Odd. näme', 'org a.b')) v (t, c);
SELECT ok((prismiq.prismiq_schema() #> '{tables,0,columns,0,hidden}') = 'false',
    'what is seen is not hidden');

-- Columns

SELECT is(described_column('orders', c) ->> 'data_type', t, c || ' is of type ' || t)
FROM (VALUES ('id', 'bigint'), ('state', 'other.state'), ('amount', 'other.money'), ('tags',
    'text[]'),
    ('placed_at', 'timestamp with time zone')) v (c, t);
SELECT is(described_column('customers', 'name') ->> 'data_type', 'character varying(20)',
    'with its modifier');
SELECT is(described_column('orders', c) ->> 'default_value', d, 'default of ' || c || ': ' || why)
FROM (VALUES ('state', '''new''::other.state', 'a constant'), ('amount', '12.50', 'a number'),
    ('placed_at', 'now()', 'a function of the server'), ('id', NULL, 'identity is none'),
    ('serial_no', NULL, 'names a sequence'), ('own', NULL, 'names a function'),
    ('doubled', NULL, 'tells of other columns'), ('tags', NULL, 'none')) v (c, d, why);
SELECT is(described_column('customers', 'org') ->> 'default_value', NULL,
    'default of the tenant column: a tenant');
SELECT is((SELECT string_agg(c ->> 'name', ' ') FROM jsonb_array_elements(described('customers')
    -> 'columns') c
           WHERE (c ->> 'is_primary_key')::boolean), 'org id', 'a primary key of two columns');
SELECT is((SELECT string_agg(c ->> 'name', ' ') FROM jsonb_array_elements(described('customers')
    -> 'columns') c
           WHERE (c ->> 'is_nullable')::boolean), 'notes', 'nullable: what has no NOT NULL');
SELECT is(described_column('orders', 'amount') ->> 'description', 'Net', 'a comment on a column');
SELECT is(described_column('orders', 'placed_at') ->> 'display_name', 'Placed at',
    'a column''s name for people');

-- Whatever the search path

SELECT prismiq.prismiq_schema() AS whole, prismiq.prismiq_tables() AS tables \gset
SET search_path = other, shop, public;
SELECT is(prismiq.prismiq_schema(), :'whole', 'the schema does not depend on the search path');
SELECT is(prismiq.prismiq_tables(), :'tables', 'nor do the names');
SELECT is(prismiq.prismiq_table('orders') ->> 'schema_name', 'other',
    'prismiq_table resolves a name as a query does');
SET search_path = public;

-- One table

SELECT is(prismiq.prismiq_table('customers'), described('customers'), 'one table: its entry');
SELECT is(prismiq.prismiq_table('shop.orders'), described('orders'), 'with its schema');
SELECT is(prismiq.prismiq_table(n), described('Odd. näme'), n) FROM
    unnest('{Odd. näme,shop.Odd. näme}'::text[]) n;
SELECT throws_ok(format('SELECT prismiq.prismiq_table(%L)', n), 'PT404', 'table not found',
    'not found: ' || n)
FROM unnest('{nope, orders, unexposed, shop.unexposed, inside, closed.inside, dropped, renamed, "",
    ., shop., numbered}'::text[]) n;
SELECT is((SELECT count(*) FROM jsonb_array_elements_text(prismiq.prismiq_tables()) n
           WHERE prismiq.prismiq_table(n) IS NULL), 0::bigint,
               'every name that is listed is found');

-- Rows

SELECT cmp_ok((described('orders') ->> 'row_count')::int, '>=', 1900,
    'row_count: this tenant''s');
SELECT prismiq.prismiq_set_context('globex', 'gus', '{}', false) AS context \gset
SELECT cmp_ok((described('orders') ->> 'row_count')::int, '<', 20, 'another tenant has another');
SELECT is(described('acme_only'), NULL, 'another tenant''s relation is not there');
SELECT throws_ok($$SELECT prismiq.prismiq_table('acme_only')$$, 'PT404', 'table not found',
    'nor by its name');

-- Relationships

SELECT prismiq.prismiq_set_context('acme', 'ann', '{admin}', false) AS context \gset
SELECT is((SELECT jsonb_agg(r) FROM jsonb_array_elements(prismiq.prismiq_schema() ->
    'relationships') r
           WHERE r ->> 'from_schema' = 'shop'),
    '[{"from_schema": "shop", "from_table": "orders", "from_column": "org", "from_columns":
        ["org", "customer"],
       "to_schema": "shop", "to_table": "customers", "to_column": "org", "to_columns": ["org",
           "id"]}]',
    'a composite foreign key is one relationship');
SELECT is((SELECT string_agg(r ->> 'from_column', ' ') FROM
    jsonb_array_elements(prismiq.prismiq_schema() -> 'relationships') r
           WHERE r ->> 'from_table' = 'flights'), 'destination origin',
               'two foreign keys to one table');

-- Samples

SELECT is(prismiq.prismiq_column_sample('shop.orders', 'amount'),
    '[0.00, 1.00, 2.00, 3.00, 4.00]', 'a sample: five, distinct, in order, the tenant''s');
SELECT is(prismiq.prismiq_column_sample('shop.orders', 'amount', 2), '[0.00, 1.00]',
    'as many as asked for');
SELECT is(prismiq.prismiq_column_sample('shop.orders', 'state'), '["paid"]', 'an enum');
SELECT is(prismiq.prismiq_column_sample('Odd. näme', 'a.b'), '[]', 'none');
SELECT throws_ok(format('SELECT prismiq.prismiq_column_sample(%L, %L, %s)', t, c, n), code,
    message, message || ': ' || t || ', ' || c)
FROM (VALUES ('nope', 'id', 5, 'PT404', 'table not found'), ('unexposed', 'id', 5, 'PT404',
    'table not found'),
    ('customers', 'nope', 5, 'PT404', 'column not found'), ('customers', 'ctid', 5, 'PT404',
        'column not found'),
    ('customers', 'notes', 5, '22023', 'values of type json cannot be compared'),
    ('customers', 'id', 0, '22023', 'max_values must be from 1 to 1000')) v (t, c, n, code,
        message);
SELECT prismiq.prismiq_set_context('globex', 'gus', '{admin}', false) AS context \gset
SELECT is(prismiq.prismiq_column_sample('shop.orders', 'amount'), '[666.00]',
    'another tenant''s, nulls left out');

SELECT finish();
