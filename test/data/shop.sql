-- A made shop of three tenants (acme and beta have rows, gamma has none), with
-- what data have in the wild: nulls, duplicates, orphans, composite keys,
-- domains, enums, arrays, documents, days of a DST change, infinite times.
-- Every row is a function of its number: the same on every machine.
--
--     psql -f test/data/shop.sql      after expose.sql, which makes app_user
\set ON_ERROR_STOP on

CREATE SCHEMA shop;
CREATE TYPE shop.channel AS ENUM ('web', 'phone', 'store');
CREATE DOMAIN shop.price AS numeric(12, 2) CHECK (VALUE >= 0);
CREATE DOMAIN shop.instant AS timestamptz;

CREATE TABLE shop.products
(
	id			int PRIMARY KEY,
	sku			varchar(12) NOT NULL UNIQUE,
	name		text NOT NULL,
	price		shop.price,
	code		char(4),
	tags		text[],
	attributes	jsonb,
	discontinued date
);

CREATE TABLE shop.customers
(
	tenant		text,
	id			int,
	name		text NOT NULL,
	email		text,
	region		text,
	active		boolean,
	score		double precision,
	since		date,
	key			uuid NOT NULL,
	referred_by int,
	PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, referred_by) REFERENCES shop.customers
);

CREATE TABLE shop.orders
(
	tenant		text,
	id			int,
	customer_id int,
	amount		numeric(12, 2),
	discount	real,
	status		text,
	channel		shop.channel,
	placed_at	timestamptz NOT NULL,
	local_at	timestamp,
	shipped		date,
	reviewed	shop.instant,
	big			bigint,
	small		smallint,
	PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, customer_id) REFERENCES shop.customers
);

CREATE TABLE shop.items
(
	tenant		text,
	order_id	int,
	line		int,
	product_id	int REFERENCES shop.products,
	quantity	int NOT NULL,
	unit_price	shop.price,
	PRIMARY KEY (tenant, order_id, line),
	FOREIGN KEY (tenant, order_id) REFERENCES shop.orders
);

CREATE TABLE shop.refunds
(
	tenant		text,
	id			int,
	order_id	int,
	amount		numeric(12, 2) NOT NULL,
	refunded	timestamptz,
	PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, order_id) REFERENCES shop.orders
);

-- No foreign key: visits of customers that do not exist, and of none.
CREATE TABLE shop.visits
(
	tenant		text NOT NULL,
	customer_id bigint,
	page		text,
	at			timestamptz
);

INSERT INTO shop.products
SELECT p, 'SKU-' || p, 'Product ' || p, CASE WHEN p <> 7 THEN p * 3.5 END, 'p' || p,
	   CASE WHEN p % 3 > 0 THEN ARRAY['tag' || p % 3, 'all'] END,
	   CASE WHEN p % 4 > 0 THEN jsonb_build_object('colour', p % 4, 'new', p % 2 = 0) END,
	   CASE WHEN p % 5 = 0 THEN date '2024-01-01' + p END
FROM generate_series(1, 12) AS p;

INSERT INTO shop.customers
SELECT t, c, CASE WHEN c % 10 = 3 THEN 'Twin' ELSE initcap(t) || ' ' || c END,
	   CASE WHEN c % 4 > 0 THEN lower(t) || c % 15 || '@example.com' END,
	   (ARRAY['north', 'South', '50%_\', NULL, ''])[c % 5 + 1],
	   CASE WHEN c % 7 > 0 THEN c % 2 = 0 END,
	   CASE c % 6 WHEN 0 THEN NULL WHEN 1 THEN 'NaN' ELSE c / 8.0 END,
	   CASE WHEN c % 9 > 0 THEN date '2023-06-01' + c * 11 END,
	   md5(t || c)::uuid, CASE WHEN c % 3 = 0 THEN c / 3 END
FROM unnest('{acme,beta}'::text[]) WITH ORDINALITY AS tenants (t, n),
	 generate_series(1, 40 / n::int) AS c;

-- Every five hours and some minutes from 1 January 2024; the last of January
-- and of each DST day are there.
INSERT INTO shop.orders
SELECT t, o, CASE WHEN o % 11 > 0 THEN o * 7 % (36 / n::int) + 1 END,
	   CASE WHEN o % 13 > 0 THEN round(o * 37 % 500 + o % 4 * 0.25, 2) END,
	   (o % 5) / 10.0, (ARRAY['paid', 'open', 'void', NULL, 'Paid'])[o % 5 + 1],
	   CASE WHEN o % 6 > 0 THEN (ARRAY['web', 'phone', 'store'])[o % 3 + 1]::shop.channel END,
	   timestamptz '2024-01-01 00:00 UTC' + o * interval '29 hours 7 minutes 11.25 seconds',
	   timestamp '2024-01-01 00:00' + o * interval '31 hours 3 minutes',
	   CASE WHEN o % 3 > 0 THEN date '2024-01-01' + o END,
	   CASE o % 17 WHEN 0 THEN NULL WHEN 1 THEN 'infinity' WHEN 2 THEN '-infinity'
		   ELSE timestamptz '2024-03-01 12:00 UTC' + o * interval '1 hour' END,
	   9007199254740993 + o, o % 100 - 50
FROM unnest('{acme,beta}'::text[]) WITH ORDINALITY AS tenants (t, n),
	 generate_series(1, 240 / n::int) AS o;
INSERT INTO shop.orders (tenant, id, customer_id, amount, status, channel, placed_at, local_at)
VALUES ('acme', 1001, 1, 57.00, 'paid', 'web', '2024-01-31 23:59:59.999999+00',
		'2024-01-31 23:59:59.999999'),
	   ('acme', 1002, 2, 10.00, 'paid', 'web', '2024-02-01 00:00:00+00', '2024-02-01 00:00'),
	   ('acme', 1003, 3, 1.00, 'open', 'phone', '2024-11-03 05:30:00+00', NULL),
	   ('acme', 1004, 3, 2.00, 'open', 'phone', '2024-11-03 06:30:00+00', NULL),
	   ('acme', 1005, 4, 4.00, NULL, NULL, '2024-03-10 06:59:00+00', '2024-03-10 02:30'),
	   ('acme', 1006, 4, 8.00, NULL, NULL, '2024-03-10 07:00:00+00', '2024-03-10 03:00'),
	   ('beta', 1001, 1, 5700.00, 'paid', 'web', '2024-01-31 23:59:59.999999+00', NULL);

INSERT INTO shop.items
SELECT o.tenant, o.id, line, CASE WHEN line < 4 THEN (o.id + line) % 12 + 1 END,
	   (o.id + line) % 5 + 1, line * 2.5
FROM shop.orders o, generate_series(1, o.id % 5) AS line;

INSERT INTO shop.refunds
SELECT o.tenant, o.id * 10 + n, o.id, n * 1.10,
	   CASE WHEN o.id % 2 = 0 THEN o.placed_at + interval '3 days' END
FROM shop.orders o, generate_series(1, 2) AS n
WHERE o.id % 8 = 0;

INSERT INTO shop.visits
SELECT t, CASE WHEN v % 10 > 0 THEN v % 50 + 1 END, (ARRAY['/', '/a', '/b'])[v % 3 + 1],
	   CASE WHEN v % 7 > 0 THEN timestamptz '2024-05-01 00:00 UTC' + v * interval '3 hours' END
FROM unnest('{acme,beta}'::text[]) AS t, generate_series(1, 120) AS v;

GRANT USAGE ON SCHEMA shop TO app_user;
GRANT SELECT ON ALL TABLES IN SCHEMA shop TO app_user;
SELECT count(prismiq.prismiq_expose(format('shop.%I', r)::regclass, tenant_column => 'tenant'))
FROM unnest('{customers,orders,items,refunds,visits}'::text[]) AS r;
SELECT FROM prismiq.prismiq_expose('shop.products', shared => true);
ANALYZE shop.products, shop.customers, shop.orders, shop.items, shop.refunds, shop.visits;
