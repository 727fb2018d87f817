-- Aggregates beyond the common ones, FILTER and DISTINCT of one column, against
-- statements written by a person.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

-- Types that the shop has not, and a time column to go by; beta's row is poison.
RESET ROLE;
CREATE TYPE shop.size AS ENUM ('small', 'large', 'huge');
CREATE DOMAIN shop.span AS interval;
CREATE TABLE shop.parcels
(
	tenant text NOT NULL, id int PRIMARY KEY, at timestamptz, size shop.size, cost money,
	took shop.span, opens time, flag boolean, raw bytea, doc jsonb, plain json, spot point,
	parts int[], label text, fraction real
);
INSERT INTO shop.parcels
SELECT 'acme', n,
	   CASE WHEN n % 7 > 0 THEN timestamptz '2024-01-01 UTC' + n % 10 * interval '1 day' END,
	   (ARRAY['small', 'large', 'huge', NULL])[n % 4 + 1]::shop.size, (n * 1.25)::numeric::money,
	   n * interval '90 minutes', time '08:00' + n * interval '7 minutes', n % 3 > 0,
	   decode(lpad(to_hex(n), 2, '0'), 'hex'), jsonb_build_object('n', n % 3),
	   json_build_object('n', n), point(n, n), ARRAY[n % 2, n % 3],
	   CASE WHEN n % 5 > 0 THEN 'l' || n % 4 END, n / 4.0
FROM generate_series(1, 20) AS n;
INSERT INTO shop.parcels (tenant, id, at, size, label, flag, took)
VALUES ('beta', 100, '2030-01-01', 'huge', 'poison', false, '1000 years');
SELECT FROM prismiq.prismiq_expose('shop.parcels', tenant_column => 'tenant', time_column => 'at');
GRANT SELECT ON shop.parcels TO app_user;
SET LOCAL ROLE app_user;

-- A definition over one table whose columns are written out.
CREATE FUNCTION pg_temp.d(tables text, columns jsonb, rest jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT oracle.def(tables, 'x.x', jsonb_build_object('columns', columns) || rest)
$$;
-- A column: c('o.amount percentile', '{"args": {"fraction": 0.9}}').
CREATE FUNCTION pg_temp.c(text text, more jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$ SELECT oracle.column(text) || more $$;

-- ---- Spread and middle ------------------------------------------------------------
SELECT same('median, stddev, variance', def('o orders',
		'o.status, o.amount median, o.amount stddev, o.amount variance, o.discount stddev'),
	$$SELECT status, percentile_cont(0.5) WITHIN GROUP (ORDER BY amount), stddev(amount),
		variance(amount), stddev(discount) FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('of one row there is no deviation', def('o orders', 'o.amount stddev, o.amount median',
		filters(cond('o.id eq', '5'))),
	$$SELECT NULL::numeric, 185.25$$);
SELECT same('percentiles', pg_temp.d('o orders', jsonb_build_array(
		pg_temp.c('o.amount percentile = p95', '{"args": {"fraction": 0.95}}'),
		pg_temp.c('o.amount percentile = low', '{"args": {"fraction": 0}}'),
		pg_temp.c('o.small percentile = high', '{"args": {"fraction": 1}}'))),
	$$SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY amount), min(amount)::float8,
		max(small)::float8 FROM orders WHERE tenant = 'acme'$$);
SELECT same('the middle of dates, times, enums, money is one of them', pg_temp.d('p parcels',
		jsonb_build_array(pg_temp.c('p.at median'), pg_temp.c('p.size median'),
			pg_temp.c('p.cost percentile', '{"args": {"fraction": 0.25}}'),
			pg_temp.c('p.opens median'))),
	$$SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY at),
		percentile_disc(0.5) WITHIN GROUP (ORDER BY size),
		percentile_disc(0.25) WITHIN GROUP (ORDER BY cost),
		percentile_disc(0.5) WITHIN GROUP (ORDER BY opens) FROM parcels WHERE tenant = 'acme'$$);
SELECT same('of intervals under a domain', def('p parcels',
		'p.took median, p.took sum, p.took avg, p.took min, p.cost sum, p.cost max'),
	$$SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY took), sum(took), avg(took), min(took),
		sum(cost), max(cost) FROM parcels WHERE tenant = 'acme'$$);
SELECT same('the 95th percentile by week in a zone', pg_temp.d('o orders', jsonb_build_array(
		pg_temp.c('o.amount percentile = p95', '{"args": {"fraction": 0.95}}')),
		'{"time_series": {"table_id": "o", "date_column": "placed_at", "interval": "week",
						  "timezone": "America/New_York", "fill_missing": false}}'),
	$$SELECT date_trunc('week', placed_at, 'America/New_York'),
		percentile_cont(0.95) WITHIN GROUP (ORDER BY amount)
	FROM orders WHERE tenant = 'acme' GROUP BY 1 ORDER BY 1$$, true);
SELECT same('mode', def('o orders', 'o.channel, o.status mode, o.small mode, o.shipped mode'),
	$$SELECT channel, mode() WITHIN GROUP (ORDER BY status), mode() WITHIN GROUP (ORDER BY small),
		mode() WITHIN GROUP (ORDER BY shipped) FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('mode of arrays, documents, enums', def('p parcels', 'p.parts mode, p.doc mode,
		p.size mode'),
	$$SELECT mode() WITHIN GROUP (ORDER BY parts), mode() WITHIN GROUP (ORDER BY doc),
		mode() WITHIN GROUP (ORDER BY size) FROM parcels WHERE tenant = 'acme'$$);

-- ---- First and last -----------------------------------------------------------------
SELECT same('by the exposure''s time column; nulls are skipped, ties go to the value',
	def('p parcels', 'p.flag, p.label first, p.label last, p.size last, p.id last'),
	$$SELECT flag,
		(SELECT label FROM parcels q WHERE tenant = 'acme' AND q.flag = p.flag
		 AND label IS NOT NULL ORDER BY at, label LIMIT 1),
		(SELECT label FROM parcels q WHERE tenant = 'acme' AND q.flag = p.flag
		 AND label IS NOT NULL ORDER BY at DESC NULLS LAST, label DESC LIMIT 1),
		(SELECT size FROM parcels q WHERE tenant = 'acme' AND q.flag = p.flag
		 AND size IS NOT NULL ORDER BY at DESC NULLS LAST, size DESC LIMIT 1),
		(SELECT id FROM parcels q WHERE tenant = 'acme' AND q.flag = p.flag
		 ORDER BY at DESC NULLS LAST, id DESC LIMIT 1)
	FROM parcels p WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('by a column of one''s own', pg_temp.d('o orders', jsonb_build_array(
		pg_temp.c('o.channel'), pg_temp.c('o.amount first', '{"args": {"order_by": "id"}}'),
		pg_temp.c('o.status last', '{"args": {"order_by": "id"}}'))),
	$$SELECT channel,
		(SELECT amount FROM orders q WHERE tenant = 'acme' AND amount IS NOT NULL
		 AND q.channel IS NOT DISTINCT FROM o.channel ORDER BY id LIMIT 1),
		(SELECT status FROM orders q WHERE tenant = 'acme' AND status IS NOT NULL
		 AND q.channel IS NOT DISTINCT FROM o.channel ORDER BY id DESC LIMIT 1)
	FROM orders o WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('by the time of the series', def('o orders', 'o.amount last, o.amount first, o.id last',
		'{"time_series": {"table_id": "o", "date_column": "placed_at", "interval": "month",
						  "timezone": "UTC"}}'),
	$$SELECT m, (SELECT amount FROM orders WHERE tenant = 'acme' AND amount IS NOT NULL
			AND date_trunc('month', placed_at, 'UTC') = m ORDER BY placed_at DESC LIMIT 1),
		(SELECT amount FROM orders WHERE tenant = 'acme' AND amount IS NOT NULL
			AND date_trunc('month', placed_at, 'UTC') = m ORDER BY placed_at LIMIT 1),
		(SELECT id FROM orders WHERE tenant = 'acme'
			AND date_trunc('month', placed_at, 'UTC') = m ORDER BY placed_at DESC LIMIT 1)
	FROM (SELECT DISTINCT date_trunc('month', placed_at, 'UTC') AS m FROM orders
		  WHERE tenant = 'acme') AS months ORDER BY 1$$, true);
SELECT same('of documents, points, json', pg_temp.d('p parcels', jsonb_build_array(
		pg_temp.c('p.doc last', '{"args": {"order_by": "id"}}'),
		pg_temp.c('p.spot first', '{"args": {"order_by": "id"}}'),
		pg_temp.c('p.plain first', '{"args": {"order_by": "id"}}'))),
	$$SELECT (SELECT doc FROM parcels WHERE id = 20), point '(1, 1)', '{"n": 1}'::json$$);

-- ---- Booleans and lists -------------------------------------------------------------
SELECT same('bool_and, bool_or', def('p parcels', 'p.size, p.flag bool_and, p.flag bool_or'),
	$$SELECT size, bool_and(flag), bool_or(flag) FROM parcels WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('string_agg is ordered', def('p parcels', 'p.size, p.label string_agg'),
	$$SELECT size, string_agg(label, ', ' ORDER BY label) FROM parcels WHERE tenant = 'acme'
	GROUP BY 1$$);
SELECT same('its separator, distinct, its order', pg_temp.d('p parcels', jsonb_build_array(
		pg_temp.c('p.label string_agg', '{"distinct": true, "args": {"separator": "''; | "}}'),
		pg_temp.c('p.label string_agg = b', '{"args": {"separator": "", "order_by": "id"}}'))),
	$$SELECT string_agg(DISTINCT label, '''; | ' ORDER BY label),
		string_agg(label, '' ORDER BY id)
	FROM parcels WHERE tenant = 'acme'$$);
SELECT is(answer(pg_temp.d('p parcels', jsonb_build_array(
		pg_temp.c('p.raw string_agg', '{"args": {"separator": "-"}}')),
		filters(cond('p.id lte', '3')))), '[["AS0CLQM="]]', 'of bytes');
SELECT same('of varchar and char', pg_temp.d('p products', jsonb_build_array(
		pg_temp.c('p.sku string_agg', '{"distinct": true}'),
		pg_temp.c('p.code string_agg', '{"distinct": true}'))),
	$$SELECT string_agg(DISTINCT sku, ', ' ORDER BY sku),
		string_agg(DISTINCT code, ', ' ORDER BY code)
	FROM products$$);
SELECT same('array_agg keeps nulls', pg_temp.d('p parcels', jsonb_build_array(
		pg_temp.c('p.flag'), pg_temp.c('p.label array_agg'),
		pg_temp.c('p.size array_agg', '{"distinct": true}'),
		pg_temp.c('p.id array_agg = i', '{"args": {"order_by": "opens"}}'))),
	$$SELECT flag, array_agg(label ORDER BY label), array_agg(DISTINCT size ORDER BY size),
		array_agg(id ORDER BY opens) FROM parcels WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('approx_count_distinct', def('o orders',
		'o.channel, o.customer_id approx_count_distinct'),
	$$SELECT channel, count(DISTINCT customer_id) FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT is(prismiq_query(def('o orders', 'o.customer_id approx_count_distinct'))::jsonb
	#>> '{warnings,0,message}', 'approx_count_distinct of "customer_id" is exact',
	'and the answer says what it is');

-- With the extension hll it is an estimate.
SELECT count(*) > 0 AS has_hll FROM pg_available_extensions WHERE name = 'hll' \gset
\if :has_hll
	RESET ROLE;
	CREATE SCHEMA "Sketch es";
	CREATE EXTENSION hll SCHEMA "Sketch es";
	GRANT USAGE ON SCHEMA "Sketch es" TO app_user;
	SET LOCAL ROLE app_user;
	SELECT same('estimated', pg_temp.d('o orders', jsonb_build_array(pg_temp.c('o.channel'),
			pg_temp.c('o.status approx_count_distinct'),
			pg_temp.c('o.small approx_count_distinct = s', filters(cond('o.id lt', '40'))))),
		$$SELECT channel, count(DISTINCT status), count(DISTINCT small) FILTER (WHERE id < 40)
		FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
	SELECT same('of nothing', def('o orders', 'o.status approx_count_distinct',
			filters(cond('o.id lt', '0'))), $$SELECT 0$$);
	SELECT is((SELECT array_agg(w ->> 'message') FROM jsonb_array_elements(prismiq_query(def(
			'o orders', 'o.status approx_count_distinct, o.amount approx_count_distinct'))::jsonb
			-> 'warnings') AS w),
		'{"approx_count_distinct of \"status\" is an estimate",
		  "approx_count_distinct of \"amount\" is exact"}'::text[],
		'numbers with a scale are not told by their bytes');
	RESET ROLE;
	DROP EXTENSION hll;
	SET LOCAL ROLE app_user;
	SELECT is(prismiq_query(def('o orders', 'o.status approx_count_distinct'))::jsonb
		#>> '{warnings,0,message}', 'approx_count_distinct of "status" is exact',
		'without it again');
\endif

-- ---- Conditions on one column -------------------------------------------------------
SELECT same('filters of a column', pg_temp.d('o orders', jsonb_build_array(
		pg_temp.c('o.channel'), pg_temp.c('o.* count'),
		pg_temp.c('o.* count = paid', filters(cond('o.status eq', '"paid"'))),
		pg_temp.c('o.amount sum = unpaid', filters(cond('o.status neq', '"paid"'))),
		pg_temp.c('o.amount sum = early', filters(cond('o.placed_at lte', '"2024-02-01"'))),
		pg_temp.c('o.amount last = big', filters(cond('o.amount gt', '400'))
				  || '{"args": {"order_by": "id"}}'),
		pg_temp.c('o.amount median = m', filters(cond('o.status ilike', '"p%"'))))),
	$$SELECT channel, count(*), count(*) FILTER (WHERE status = 'paid'),
		sum(amount) FILTER (WHERE status IS DISTINCT FROM 'paid'),
		sum(amount) FILTER (WHERE placed_at < '2024-02-02'),
		(array_agg(amount ORDER BY id DESC) FILTER (WHERE amount > 400))[1],
		percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FILTER (WHERE status ILIKE 'p%')
	FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('groups of them, over two tables', pg_temp.d('o orders, c customers', jsonb_build_array(
		pg_temp.c('o.amount sum', '{"filters": [{"or": [
			{"table_id": "c", "column": "region", "operator": "eq", "value": "north"},
			{"not": {"table_id": "o", "column": "channel", "operator": "in",
					 "value": ["web"]}}]}]}'))),
	$$SELECT sum(amount) FILTER (WHERE c.region = 'north' OR NOT o.channel = 'web')
	FROM orders o, customers c
	WHERE o.tenant = 'acme' AND c.tenant = 'acme' AND c.id = o.customer_id$$);
SELECT same('in a filled series', pg_temp.d('o orders', jsonb_build_array(
		pg_temp.c('o.* count = paid', filters(cond('o.status eq', '"paid"')))),
		'{"time_series": {"table_id": "o", "date_column": "placed_at", "interval": "day",
						  "timezone": "UTC",
						  "range": {"start": "2024-01-01", "end": "2024-01-20"}}}'),
	$$SELECT d AT TIME ZONE 'UTC', (SELECT count(*) FROM orders WHERE tenant = 'acme'
		AND status = 'paid' AND date_trunc('day', placed_at, 'UTC') = d AT TIME ZONE 'UTC')
	FROM generate_series(timestamp '2024-01-01', '2024-01-20', '1 day') AS d ORDER BY 1$$, true);
SELECT same('distinct', pg_temp.d('o orders', jsonb_build_array(
		pg_temp.c('o.small sum', '{"distinct": true}'),
		pg_temp.c('o.small avg', '{"distinct": true}'),
		pg_temp.c('o.small variance', '{"distinct": true}'))),
	$$SELECT sum(DISTINCT small), avg(DISTINCT small), variance(DISTINCT small)
	FROM orders WHERE tenant = 'acme'$$);

-- ---- Having ---------------------------------------------------------------------------
SELECT same('having over a percentile that is not shown', def('o orders', 'o.status, o.* count',
		'{"having": [{"table_id": "o", "column": "amount", "aggregation": "percentile",
					  "args": {"fraction": 0.9}, "operator": "gt", "value": 450}]}'),
	$$SELECT status, count(*) FROM orders WHERE tenant = 'acme' GROUP BY 1
	HAVING percentile_cont(0.9) WITHIN GROUP (ORDER BY amount) > 450$$);
SELECT same('having where no column has an aggregation', def('o orders', 'o.status',
		'{"having": [{"table_id": "o", "column": "amount", "aggregation": "sum", "operator": "gt",
			"value": 11000}]}'),
	$$SELECT status FROM orders WHERE tenant = 'acme' GROUP BY 1 HAVING sum(amount) > 11000$$);
SELECT same('having over an alias with a filter, ordered by it', pg_temp.d('o orders',
		jsonb_build_array(pg_temp.c('o.customer_id'),
			pg_temp.c('o.* count = paid', filters(cond('o.status eq', '"paid"')))),
		'{"having": [{"column": "paid", "operator": "gte", "value": 3}],
		  "order_by": [{"alias": "paid", "direction": "DESC"}, {"alias": "customer_id"}]}'),
	$$SELECT customer_id, count(*) FILTER (WHERE status = 'paid') FROM orders WHERE tenant = 'acme'
	GROUP BY 1 HAVING count(*) FILTER (WHERE status = 'paid') >= 3 ORDER BY 2 DESC, 1$$, true);

-- ---- Refusals ---------------------------------------------------------------------------
SELECT is(faults(def('o orders', 'o.status median, o.amount bool_and')),
	'INVALID_AGGREGATION /columns/0/aggregation cannot take median of column "status" of type text '
	'(Valid for this type: count, count_distinct, min, max, mode, first, last, string_agg, '
	'array_agg, approx_count_distinct.)' || E'\n' ||
	'INVALID_AGGREGATION /columns/1/aggregation cannot take bool_and of column "amount" of type '
	'numeric (Valid for this type: sum, avg, count, count_distinct, min, max, median, percentile, '
	'stddev, variance, corr, mode, first, last, array_agg, approx_count_distinct.)',
	'a type without such a function');
SELECT is(faults(def('p parcels', 'p.parts array_agg, p.spot mode, p.size string_agg, p.size sum')),
	'INVALID_AGGREGATION /columns/0/aggregation cannot take array_agg of column "parts" of type '
	'integer[] (Valid for this type: count, count_distinct, min, max, mode, approx_count_distinct.)'
	|| E'\n' || 'INVALID_AGGREGATION /columns/1/aggregation cannot take mode of column "spot" of '
	'type point (Valid for this type: count, first, last, array_agg.)' || E'\n' ||
	'INVALID_AGGREGATION /columns/2/aggregation cannot take string_agg of column "size" of type '
	'size (Valid for this type: count, count_distinct, min, max, median, percentile, mode, '
	'first, last, array_agg, approx_count_distinct.)' || E'\n' ||
	'INVALID_AGGREGATION /columns/3/aggregation cannot take sum of column "size" of type size '
	'(Valid for this type: count, count_distinct, min, max, median, percentile, mode, first, last, '
	'array_agg, approx_count_distinct.)', 'arrays, points, enums');
SELECT is(faults(def('o orders', 'o.amount medin, o.amount percentile, o.amount first')),
	'INVALID_AGGREGATION /columns/0/aggregation unknown aggregation "medin" '
	'(Did you mean "median"?)'
	|| E'\n' || 'MISSING_FIELD /columns/1/args/fraction a percentile needs its "fraction" '
	'(Write {"fraction": 0.95} for the 95th percentile.)' || E'\n' ||
	'MISSING_FIELD /columns/2/args/order_by first needs a column to order by, for table "orders" '
	'has no time column (Write {"order_by": <column>}.)', 'what is missing');
SELECT is(faults(pg_temp.d('o orders', jsonb_build_array(
		pg_temp.c('o.amount percentile', '{"args": {"fraction": 1.01}}'),
		pg_temp.c('o.amount percentile = b', '{"args": {"fraction": "0.5"}}'),
		pg_temp.c('o.amount sum', '{"args": {"fraction": 0.5}}'),
		pg_temp.c('o.status string_agg', '{"args": {"separator": 1}}'),
		pg_temp.c('o.amount last', '{"args": {"order_by": "amont"}}'),
		pg_temp.c('o.amount median', '{"distinct": true}'),
		pg_temp.c('o.status string_agg = c', '{"distinct": true, "args": {"order_by": "id"}}'),
		pg_temp.c('o.amount', '{"filters": [{"table_id": "o", "column": "id", "operator": "eq",
											"value": 1}]}'),
		pg_temp.c('o.amount last = d', '{"args": {"order": "id"}}')))),
	'INVALID_VALUE /columns/0/args/fraction "fraction" must be a number from 0 to 1' || E'\n' ||
	'INVALID_VALUE /columns/1/args/fraction "fraction" must be a number from 0 to 1' || E'\n' ||
	'INVALID_VALUE /columns/2/args/fraction aggregation "sum" takes no "fraction"' || E'\n' ||
	'INVALID_VALUE /columns/3/args/separator "separator" must be a string' || E'\n' ||
	'COLUMN_NOT_FOUND /columns/4/args/order_by column "amont" not found in table "orders" '
	'(Did you mean "amount"?)' || E'\n' ||
	'INVALID_VALUE /columns/5/distinct aggregation "median" takes no "distinct"' || E'\n' ||
	'INVALID_VALUE /columns/6/args/order_by different values can only be ordered by themselves'
	|| E'\n' ||
	'INVALID_VALUE /columns/7/filters "filters" of a column need an aggregation '
	'(Put conditions on the rows into the query''s own "filters".)' || E'\n' ||
	'MISSING_FIELD /columns/8/args/order_by last needs a column to order by, for table "orders" '
	'has no time column (Write {"order_by": <column>}.)' || E'\n' ||
	'UNKNOWN_FIELD /columns/8/args/order unknown key "order" (Did you mean "order_by"?)',
	'arguments that do not fit');
SELECT is(faults(pg_temp.d('o orders', jsonb_build_array(pg_temp.c('o.amount sum',
		'{"filters": [{"table_id": "o", "column": "amount", "operator": "gt", "value": "x"},
					  {"table_id": "o", "column": "amout", "operator": "gt", "value": 1}]}')))),
	'TYPE_MISMATCH /columns/0/filters/0/value "x" is not a valid value of type numeric' || E'\n' ||
	'COLUMN_NOT_FOUND /columns/0/filters/1/column column "amout" not found in table "orders" '
	'(Did you mean "amount"?)', 'conditions of a column are checked like any');

-- ---- Another tenant's rows ------------------------------------------------------------------
SET LOCAL prismiq.tenant_id = 'beta';
SELECT is(answer(def('p parcels', 'p.label last, p.label string_agg, p.took median, p.* count')),
	'[["poison", "poison", "1000 years", 1]]', 'each tenant has its own');
SET LOCAL prismiq.tenant_id = 'gamma';
SELECT is(answer(def('p parcels', 'p.label last, p.size array_agg, p.took median, p.flag bool_or')),
	'[[null, null, null, null]]', 'no rows: nulls');

SELECT * FROM finish();
ROLLBACK;
