-- Properties that every definition has: other tenants' rows change nothing, a
-- condition never adds a group, buckets add up, pages make up the whole, and
-- the ways of asking agree.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;

CREATE TABLE oracle.definitions (name text, definition jsonb);
INSERT INTO oracle.definitions VALUES
('plain', def('o orders', 'o.id, o.amount', '{"order_by": [{"alias": "id"}]}')),
('total', def('o orders', 'o.amount sum, o.* count, o.status count_distinct, o.placed_at max')),
('grouped', def('o orders', 'o.status, o.channel, o.amount sum, o.* count',
	'{"order_by": [{"alias": "status"}, {"alias": "channel"}]}')),
('having', def('o orders', 'o.customer_id, o.amount sum = total', '{"having": [{"column": "total",
	"operator": "gt", "value": 1500}], "order_by": [{"alias": "customer_id"}]}')),
('inner', def('o orders, c customers', 'c.region, o.amount sum',
		'{"order_by": [{"alias": "region"}]}')),
('left', def('c customers, v visits', 'c.id, v.* count', '{"order_by": [{"alias": "id"}]}',
	'c.id = v.customer_id LEFT')),
('right', def('c customers, v visits', 'v.customer_id, c.* count',
	'{"order_by": [{"alias": "customer_id"}]}', 'c.id = v.customer_id RIGHT')),
('full', def('c customers, v visits', 'c.id, v.customer_id, v.* count',
	'{"order_by": [{"alias": "id"}, {"alias": "customer_id"}]}', 'c.id = v.customer_id FULL')),
('itself', def('c customers, r customers', 'c.name, r.name = by', '{"order_by": [{"alias": "name"},
	{"alias": "by"}]}', 'c.referred_by = r.id')),
('through', def('i items, c customers', 'c.region, i.quantity sum',
		'{"order_by": [{"alias": "region"}]}')),
('shared', def('i items, p products', 'p.sku, i.quantity sum', '{"order_by": [{"alias": "sku"}]}',
	'i.product_id = p.id LEFT')),
('filtered', def('o orders, c customers', 'o.id', filters(cond('c.name ilike', '"%1%"'),
	cond('o.amount between', '[10, 400]'), cond('o.status not_in', '["void"]'))
	|| '{"order_by": [{"alias": "id"}]}')),
('series', def('o orders', 'o.amount sum', '{"time_series": {"table_id": "o",
	"date_column": "placed_at", "interval": "month"}}')),
('series by group', def('o orders', 'o.channel, o.* count', '{"time_series": {"table_id": "o",
	"date_column": "placed_at", "interval": "week", "timezone": "America/New_York"}}')),
('series of a date', def('o orders', 'o.* count', '{"time_series": {"table_id": "o",
	"date_column": "shipped", "interval": "day"}}')),
('auto', def('o orders', 'o.* count', '{"time_series": {"table_id": "o",
	"date_column": "placed_at", "interval": "auto"}}')),
('infinities', def('o orders', 'o.* count', '{"time_series": {"table_id": "o",
	"date_column": "reviewed", "interval": "day"}}')),
('samples', def('o orders', 'o.id', '{"limit": 5, "offset": 3, "order_by": [{"alias": "id",
	"direction": "DESC"}]}'));
GRANT SELECT ON oracle.definitions TO app_user;
SET LOCAL ROLE app_user;

-- ---- Other tenants' rows  ------
CREATE TEMP TABLE before AS
	SELECT name, prismiq_query(definition)::jsonb -> 'rows' AS rows,
		prismiq_compile(definition) AS compiled
	FROM definitions;
SELECT cmp_ok(min(jsonb_array_length(rows)), '>', 0, 'every one has rows') FROM before;
RESET ROLE;
-- More of them, earlier and later, with the same keys, and with what sorts last.
INSERT INTO customers SELECT 'zeta', id, 'Zz' || name, email, 'zzz', active, 1e300, since, key,
		referred_by
FROM customers WHERE tenant = 'acme' ORDER BY id;
INSERT INTO orders SELECT 'zeta', id, customer_id, 1e9, 0, 'zzz', 'web',
	placed_at + (id % 3 - 1) * interval '9 years', local_at - interval '9 years', shipped + 4000,
	'2040-01-01', 0, 0 FROM orders WHERE tenant = 'acme';
INSERT INTO items SELECT 'zeta', order_id, line, product_id, 1000000,
		1e6 FROM items WHERE tenant = 'acme';
INSERT INTO visits SELECT 'zeta', customer_id, page, at + interval '20 years' FROM visits;
INSERT INTO visits SELECT 'beta', customer_id, page, at FROM visits WHERE tenant = 'acme';
DELETE FROM refunds WHERE tenant = 'beta';
DELETE FROM items WHERE tenant = 'beta';
UPDATE orders SET amount = -1, status = 'other', placed_at = '1999-01-01' WHERE tenant = 'beta';
ANALYZE customers, orders, items, visits;
SET LOCAL ROLE app_user;
SELECT is(prismiq_query(d.definition)::jsonb -> 'rows', b.rows, 'others'' rows change nothing: ' ||
		d.name)
FROM definitions d JOIN before b USING (name);
SELECT is(prismiq_compile(d.definition), b.compiled, 'nor the statement: ' || d.name)
FROM definitions d JOIN before b USING (name);
SET LOCAL prismiq.tenant_id = 'zeta';
SELECT isnt(prismiq_query(d.definition)::jsonb -> 'rows', b.rows, 'but its own do: ' || d.name)
FROM definitions d JOIN before b USING (name) WHERE name IN ('total', 'grouped', 'inner', 'series',
		'auto');
SET LOCAL prismiq.tenant_id = 'acme';

-- ---- A condition never adds rows to the plain, nor groups to the grouped  ------
CREATE TEMP TABLE conditions (condition jsonb);
INSERT INTO conditions VALUES (cond('o.amount gt', '100')), (cond('o.status neq', '"paid"')),
	(cond('o.status in', '["paid", null]')), (cond('o.channel is_null')), (cond('o.id not_between',
		'[5, 50]')),
	(cond('o.placed_at between', '["2024-02-01", "2024-02-29"]')), (cond('o.status ilike', '"P%"')),
	(jsonb_build_object('not', cond('o.amount lte', '100'))),
	(jsonb_build_object('or', jsonb_build_array(cond('o.small lt', '0'), cond('o.small is_null'))));
CREATE FUNCTION pg_temp.groups(definition jsonb) RETURNS text[] LANGUAGE sql AS $$
	SELECT coalesce(array_agg(concat_ws('/', r -> 0, r -> 1)), '{}')
	FROM jsonb_array_elements(prismiq_query(definition)::jsonb -> 'rows') AS r
$$;
SELECT ok(pg_temp.groups(def('o orders', 'o.status, o.channel, o.* count', filters(condition)))
		  <@ pg_temp.groups(def('o orders', 'o.status, o.channel, o.* count')),
		  'no group is added by ' || condition::text) FROM conditions;
-- What a condition lets through and what it does not make up the whole: with the nulls
-- of the column.
SELECT is((SELECT sum((prismiq_query(def('o orders', 'o.* count',
		filters(c)))::jsonb #>> '{rows,0,0}')::int)
		   FROM unnest(ARRAY[condition, jsonb_build_object('not', condition)]) AS c)::int
		  + (prismiq_query(def('o orders', 'o.* count', filters(jsonb_build_object('and',
			jsonb_build_array(
				cond('o.amount is_null'),
					cond('o.amount is_null'))))))::jsonb #>> '{rows,0,0}')::int,
		  (SELECT count(*)::int FROM orders WHERE tenant = 'acme'),
	'and its opposite: ' || condition::text)
FROM (VALUES (cond('o.amount gt', '100')), (cond('o.amount between', '[10, 300]')),
	(cond('o.amount in', '[57, 10, 1.5]'))) AS v (condition);
SELECT is((SELECT sum((prismiq_query(def('o orders', 'o.* count', filters(cond('o.status ' || op,
		value))))
			::jsonb #>> '{rows,0,0}')::int) FROM unnest(ARRAY[yes, no]) AS op)::int,
	(SELECT count(*)::int FROM orders WHERE tenant = 'acme'), yes || ' and ' || no ||
		' make up the whole')
FROM (VALUES ('eq', 'neq', '"paid"'::jsonb), ('in', 'not_in', '["paid", "open"]'),
	('in', 'not_in', '["paid", null]'), ('in', 'not_in', '[]'), ('like', 'not_like', '"pa%"'),
	('ilike', 'not_ilike', '"pa%"'), ('between', 'not_between', '["a", "p"]')) AS v (yes, no,
		value);

-- ---- Buckets add up  ------
SELECT is((SELECT sum((r ->> -1)::int)::int FROM jsonb_array_elements(prismiq_query(def('o orders',
		dimension || 'o.* count', jsonb_build_object('time_series', jsonb_build_object('table_id',
			'o',
			'date_column', col, 'interval', width, 'timezone', zone))))::jsonb -> 'rows') AS r),
	(prismiq_query(def('o orders', 'o.* count', filters(cond('o.' || col || ' is_not_null'),
		cond('o.' || col || ' lt', '"infinity"'), cond('o.' || col || ' gt',
			'"-infinity"'))))::jsonb
		#>> '{rows,0,0}')::int, format('%s by %s %s in %s add up', col, width, dimension, zone))
FROM unnest('{placed_at,local_at,shipped,reviewed}'::text[]) AS col,
	unnest('{day,week,month,quarter,"3 days","2 months"}'::text[]) AS width,
	unnest('{UTC,America/New_York,Asia/Kathmandu}'::text[]) AS zone,
	unnest('{"","o.status, "}'::text[]) AS dimension;
SELECT is((SELECT count(*) - count(DISTINCT r ->> 0) FROM
		jsonb_array_elements(prismiq_query(def('o orders',
		'o.* count', jsonb_build_object('time_series', jsonb_build_object('table_id', 'o',
			'date_column',
			'placed_at', 'interval', width, 'timezone', zone))))::jsonb -> 'rows') AS r), 0::bigint,
	format('no bucket twice: %s in %s', width, zone))
FROM unnest('{hour,"15 minutes",day,"90 minutes","6 hours",month}'::text[]) AS width,
	unnest('{America/New_York,Europe/Berlin,America/Havana,Australia/Lord_Howe}'::text[]) AS zone;

-- ---- Pages make up the whole; order does not change the rows  ------
SELECT is((SELECT jsonb_agg(r ORDER BY page, n) FROM generate_series(0, 25) AS page,
		jsonb_array_elements(prismiq_query(d.definition || jsonb_build_object('limit', 10,
			'offset', page * 10))
			::jsonb -> 'rows') WITH ORDINALITY AS u (r, n)), b.rows, 'pages make up the whole: ' ||
				d.name)
FROM definitions d JOIN before b USING (name) WHERE name IN ('plain', 'grouped', 'left', 'series',
		'full');
SELECT is((SELECT jsonb_agg(r ORDER BY r) FROM jsonb_array_elements(prismiq_query(d.definition -
		'order_by')
		::jsonb -> 'rows') AS r),
			(SELECT jsonb_agg(r ORDER BY r) FROM jsonb_array_elements(b.rows) AS r),
	'the order changes no row: ' || d.name)
FROM definitions d JOIN before b USING (name) WHERE NOT d.definition ? 'limit';
-- An inner join has the same rows whichever table comes first.
SELECT is(answer(def('c customers, o orders', 'c.region, o.amount sum',
		'{"order_by": [{"alias": "region"}]}')),
	b.rows::text, 'whichever table comes first') FROM before b WHERE name = 'inner';

SELECT * FROM finish();
ROLLBACK;
