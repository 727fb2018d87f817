-- What the caller wants of an answer beside its definition: order, pages,
-- counts, metadata, digits.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

CREATE FUNCTION pg_temp.ask(definition jsonb, options jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT prismiq.prismiq_query(definition, options)::jsonb
$$;
-- total_count and the number of rows.
CREATE FUNCTION pg_temp.total(definition jsonb, options jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' of ', a ->> 'row_count', a ->> 'total_count')
	FROM (SELECT pg_temp.ask(definition, options) AS a) AS q
$$;
CREATE FUNCTION pg_temp.by_id() RETURNS jsonb LANGUAGE sql AS $$
	SELECT oracle.def('o orders', 'o.id, o.amount', '{"order_by": [{"alias": "id"}]}')
$$;

-- ---- Order ------------------------------------------------------------------------
SELECT same('sort before the definition''s own order', pg_temp.by_id(),
	$$SELECT id, amount FROM orders WHERE tenant = 'acme'
	ORDER BY amount DESC NULLS LAST, id$$, true,
	'{"sort": [{"alias": "amount", "direction": "desc", "nulls": "last"}]}');
SELECT same('sort within what the definition limits',
	pg_temp.by_id() || '{"limit": 20, "offset": 5}',
	$$SELECT * FROM (SELECT id, amount FROM orders WHERE tenant = 'acme' ORDER BY id
					 LIMIT 20 OFFSET 5) AS q ORDER BY amount, id$$, true,
	'{"sort": [{"alias": "amount"}]}');
SELECT same('a page of that', pg_temp.by_id() || '{"limit": 20, "offset": 5}',
	$$SELECT * FROM (SELECT id, amount FROM orders WHERE tenant = 'acme' ORDER BY id
					 LIMIT 20 OFFSET 5) AS q ORDER BY amount DESC, id LIMIT 7 OFFSET 15$$, true,
	'{"sort": [{"alias": "amount", "direction": "DESC"}], "limit": 7, "offset": 15}');
SELECT same('sort of groups, by a measure', def('o orders', 'o.status, o.amount sum = total'),
	$$SELECT status, sum(amount) FROM orders WHERE tenant = 'acme' GROUP BY 1
	ORDER BY 2 DESC$$, true, '{"sort": [{"alias": "total", "direction": "DESC"}]}');
SELECT same('sort of a filled series', def('o orders', 'o.* count = n', '{"time_series":
		{"table_id": "o", "date_column": "placed_at", "interval": "day", "timezone": "UTC",
		 "range": {"start": "2024-01-01", "end": "2024-01-20"}}}'),
	$$SELECT d AT TIME ZONE 'UTC', (SELECT count(*) FROM orders WHERE tenant = 'acme'
		AND date_trunc('day', placed_at, 'UTC') = d AT TIME ZONE 'UTC')
	FROM generate_series(timestamp '2024-01-01', '2024-01-20', '1 day') AS d
	ORDER BY 2 DESC, 1 LIMIT 9$$, true,
	'{"sort": [{"alias": "n", "direction": "DESC"}], "limit": 9}');
SELECT is(answer(pg_temp.by_id(), '{"sort": [{"alias": "amont"}]}'), '22023 COLUMN_NOT_FOUND',
	'sort names only what is shown');
SELECT is(answer(pg_temp.by_id(), '{"sort": [{"alias": "status"}]}'), '22023 COLUMN_NOT_FOUND',
	'and no other column of the table');
SELECT is(answer(pg_temp.by_id(), '{"sort": [{"column": "id"}]}'), '22023 MISSING_FIELD',
	'by its alias');
SELECT is(answer(pg_temp.by_id(), '{"sort": [{"alias": "id", "direction": "up"}]}'),
	'22023 INVALID_VALUE', 'up or down');

-- ---- Pages ------------------------------------------------------------------------
SELECT same('limit and offset', pg_temp.by_id(),
	$$SELECT id, amount FROM orders WHERE tenant = 'acme' ORDER BY id LIMIT 10 OFFSET 30$$, true,
	'{"limit": 10, "offset": 30}');
SELECT same('page and page_size', pg_temp.by_id(),
	$$SELECT id, amount FROM orders WHERE tenant = 'acme' ORDER BY id LIMIT 10 OFFSET 30$$, true,
	'{"page": 4, "page_size": 10}');
SELECT same('twenty to a page', pg_temp.by_id(),
	$$SELECT id, amount FROM orders WHERE tenant = 'acme' ORDER BY id LIMIT 20 OFFSET 20$$, true,
	'{"page": 2}');
SELECT same('within the definition''s limit', pg_temp.by_id() || '{"limit": 25, "offset": 3}',
	$$SELECT id, amount FROM orders WHERE tenant = 'acme' ORDER BY id LIMIT 5 OFFSET 23$$, true,
	'{"limit": 10, "offset": 20}');
SELECT same('past the definition''s limit', pg_temp.by_id() || '{"limit": 25}',
	$$SELECT 1, 1 LIMIT 0$$, true, '{"limit": 10, "offset": 30}');
SELECT same('very far', pg_temp.by_id() || '{"offset": 9223372036854775807}',
	$$SELECT 1, 1 LIMIT 0$$, true, '{"offset": 9223372036854775807}');
SELECT same('no rows wanted', pg_temp.by_id(), $$SELECT 1, 1 LIMIT 0$$, true, '{"limit": 0}');
SELECT is(answer(pg_temp.by_id(), '{"page": 1, "limit": 5}'), '22023 INVALID_VALUE',
	'one way or the other');
SELECT is(answer(pg_temp.by_id(), '{"page": 0}'), '22023 INVALID_VALUE', 'pages count from 1');
SELECT is(answer(pg_temp.by_id(), '{"limit": -1}'), '22023 INVALID_VALUE', 'no negative limit');

-- ---- Counts -------------------------------------------------------------------------
SELECT is(pg_temp.total(pg_temp.by_id(), '{"limit": 10, "offset": 30, "count": "exact"}'),
	'10 of ' || (SELECT count(*) FROM prismiq.prismiq_query_rows(def('o orders', 'o.id'))),
	'the rows of the whole answer');
SELECT is(pg_temp.total(pg_temp.by_id() || '{"limit": 25, "offset": 3}',
		'{"page": 2, "page_size": 10, "count": "exact", "sort": [{"alias": "amount"}]}'),
	'10 of 25', 'of what the definition lets through');
SELECT is(pg_temp.total(def('o orders', 'o.status, o.* count'), '{"limit": 2, "count": "exact"}'),
	'2 of 5', 'of groups');
SELECT is(pg_temp.total(def('o orders', 'o.* count', '{"time_series":
		{"table_id": "o", "date_column": "placed_at", "interval": "day", "timezone": "UTC",
		 "range": {"start": "2024-01-01", "end": "2024-12-31"}}}'),
		'{"limit": 2, "count": "exact"}'),
	'2 of 366', 'of filled buckets');
SELECT is(pg_temp.total(pg_temp.by_id(), '{"offset": 240, "count": "exact"}'), '6 of 246',
	'at the end');
SELECT is(pg_temp.total(pg_temp.by_id(), '{"offset": 400, "count": "exact"}'), '0 of 246',
	'past the end');
SELECT is(pg_temp.total(pg_temp.by_id(), '{"max_rows": 5, "count": "exact"}'), '5 of 246',
	'of an answer that is cut');
SELECT is(pg_temp.total(pg_temp.by_id(), '{"limit": 0, "count": "exact"}'), '0 of 246',
	'of a page without rows');
SELECT ok((pg_temp.ask(pg_temp.by_id(), '{"limit": 1, "count": "estimated"}')
	->> 'total_count')::int BETWEEN 100 AND 400, 'an estimate is near');
SELECT is(pg_temp.total(pg_temp.by_id(), '{"limit": 3}'), '3', 'nobody asked');
SELECT is(answer(pg_temp.by_id(), '{"count": "maybe"}'), '22023 INVALID_VALUE',
	'exact or estimated');
SET LOCAL prismiq.tenant_id = 'gamma';
SELECT is(pg_temp.total(pg_temp.by_id(), '{"limit": 3, "count": "exact"}'), '0 of 0',
	'a tenant without rows');
SET LOCAL prismiq.tenant_id = 'beta';
SELECT is(pg_temp.total(pg_temp.by_id(), '{"limit": 3, "count": "exact"}'), '3 of 121',
	'each tenant counts its own');
SET LOCAL prismiq.tenant_id = 'acme';

-- ---- Metadata -------------------------------------------------------------------------
RESET ROLE;
COMMENT ON COLUMN shop.orders.amount IS 'What was "paid"';
COMMENT ON COLUMN shop.orders.status IS 'Where it stands';
SET LOCAL prismiq.user_id = 'boss';
SET LOCAL prismiq.roles = 'admin';
SELECT is(prismiq_schema_config_set('{"tables": {"orders": {"columns": {
	"amount": {"display_name": "Revenue", "format": "currency"},
	"status": {"description": "The order''s state"},
	"placed_at": {"display_name": "Placed", "date_format": "MMM yyyy"}}}}}') IS NOT NULL, true);
SET LOCAL ROLE app_user;
SELECT is(pg_temp.ask(def('o orders', 'o.status, o.amount sum = total, o.amount count = n,
		o.placed_at max = newest', '{"time_series": {"table_id": "o", "date_column": "placed_at",
			"interval": "month", "timezone": "UTC"}}'), '{"metadata": true}') -> 'metadata',
	'[{"name": "placed_at_bucket", "type": "timestamp with time zone", "display_name": "Placed",
	   "date_format": "MMM yyyy"},
	  {"name": "status", "type": "text", "description": "The order''s state"},
	  {"name": "total", "type": "numeric", "display_name": "Revenue (sum)", "format": "currency",
	   "description": "What was \"paid\""},
	  {"name": "n", "type": "bigint", "display_name": "Revenue (number)",
	   "description": "What was \"paid\""},
	  {"name": "newest", "type": "timestamp with time zone", "display_name": "Placed (maximum)",
	   "date_format": "MMM yyyy"}]'::jsonb,
	'the tenant''s settings, and the comments where they say nothing');
SELECT is(pg_temp.ask(def('o orders', 'o.id', '{"columns": [{"table_id": "o", "column": "amount",
		"format": "0.0", "display_name": "Geld \"€\"", "date_format": "x"},
		{"table_id": "o", "column": "*", "aggregation": "count"}],
		"group_by": [{"table_id": "o", "column": "amount"}], "limit": 1}'),
		'{"metadata": true}') -> 'metadata',
	'[{"name": "amount", "type": "numeric", "format": "0.0", "display_name": "Geld \"€\"",
	   "date_format": "x", "description": "What was \"paid\""},
	  {"name": "count", "type": "bigint"}]'::jsonb, 'hints of the definition come first');
SELECT is(prismiq_compile(def('o orders', 'o.amount max')) -> 'columns',
	'[{"name": "amount_max", "type": "numeric", "display_name": "Revenue", "format": "currency"}]',
	'prismiq_compile tells them too');
SELECT ok(NOT pg_temp.ask(pg_temp.by_id(), '{}') ? 'metadata', 'only when it is asked for');
SET LOCAL prismiq.tenant_id = 'beta';
SELECT is(pg_temp.ask(def('o orders', 'o.status'), '{"metadata": true}') -> 'metadata',
	'[{"name": "status", "type": "text", "description": "Where it stands"}]'::jsonb,
	'each tenant has its own settings');
SET LOCAL prismiq.tenant_id = 'acme';

-- ---- Digits, exports --------------------------------------------------------------------
SELECT is(prismiq_query(def('o orders', 'o.big max, o.id max, o.big array_agg',
		filters(cond('o.id eq', '7'))), '{"bigint": "string", "count": "exact"}')::text
	~ '"rows":\[\["9007199254741000",7,\[9007199254741000\]\]\].*"total_count":1,', true,
	'bigint as a string');
SELECT is(prismiq_query_csv(pg_temp.by_id(),
		'{"sort": [{"alias": "id", "direction": "DESC"}], "page": 2, "page_size": 2}')::text,
	E'id,amount\r\n1004,2.00\r\n1003,1.00\r\n', 'a page of CSV');
SELECT is((SELECT jsonb_agg(r) FROM prismiq_query_rows(pg_temp.by_id(),
		'{"sort": [{"alias": "id", "direction": "DESC"}], "limit": 1}') AS r),
	'[{"id": 1006, "amount": 8.00}]', 'and of a stream');

SELECT * FROM finish();
ROLLBACK;
