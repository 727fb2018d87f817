-- Pivots, against statements written by a person with FILTER.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

CREATE FUNCTION pg_temp.orders(pivot jsonb, rest jsonb = '{}',
	columns text = 'o.status, o.channel, o.amount sum = s, o.amount avg = a')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT def('o orders', columns, jsonb_build_object('pivot', pivot) || rest)
$$;
-- The names of the answer's columns.
CREATE FUNCTION pg_temp.names(definition jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(c, '|' ORDER BY n)
	FROM jsonb_array_elements_text(prismiq.prismiq_query(definition)::jsonb -> 'columns')
		 WITH ORDINALITY AS u (c, n)
$$;
-- A select list of a column for each value that stands in it, in order.
CREATE FUNCTION pg_temp.cells(of_column text, cell text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE format('SELECT string_agg(replace(%L, ''@'', format(''%I IS NOT DISTINCT FROM %%L'',
		v)), %L ORDER BY v) FROM (SELECT DISTINCT %I AS v FROM orders WHERE tenant = ''acme'')
		AS q', cell, of_column, ', ', of_column) INTO result;
	RETURN result;
END
$$;

SELECT same('a column for each status, null among them, a cell without rows is null',
	pg_temp.orders('{"column": "status", "value": "s"}'),
	'SELECT channel, ' || pg_temp.cells('status', 'sum(amount) FILTER (WHERE @)')
	|| $$ FROM orders WHERE tenant = 'acme' GROUP BY 1 ORDER BY 1$$, true);
SELECT same('of averages', pg_temp.orders('{"column": "channel", "value": "a"}'),
	'SELECT status, ' || pg_temp.cells('channel', 'avg(amount) FILTER (WHERE @)')
	|| $$ FROM orders WHERE tenant = 'acme' GROUP BY 1 ORDER BY 1$$, true);
SELECT is(pg_temp.names(pg_temp.orders('{"column": "status", "value": "s"}')),
	(SELECT 'channel|' || string_agg(coalesce(status, 'null'), '|' ORDER BY status)
	 FROM (SELECT DISTINCT status FROM orders WHERE tenant = 'acme') AS q),
	'values name the columns, in order');
SELECT same('without rows: one row', pg_temp.orders('{"column": "status", "value": "n"}',
		columns => 'o.status, o.* count = n'),
	'SELECT ' || pg_temp.cells('status', 'nullif(count(*) FILTER (WHERE @), 0)')
	|| $$ FROM orders WHERE tenant = 'acme'$$);
SELECT same('some of the rows: sums of several groups',
	pg_temp.orders('{"column": "status", "value": "s", "rows": []}'),
	'SELECT '
	|| pg_temp.cells('status', 'sum(amount) FILTER (WHERE @)')
	|| $$ FROM orders WHERE tenant = 'acme'$$);
SELECT same('too many: the rest under other',
	pg_temp.orders('{"column": "status", "value": "n", "max_columns": 1}',
		columns => 'o.status, o.channel, o.* count = n'),
	$$WITH f AS (SELECT min(status) AS s FROM orders WHERE tenant = 'acme')
	SELECT channel, nullif(count(*) FILTER (WHERE status = s), 0),
		nullif(count(*) FILTER (WHERE (status = s) IS NOT TRUE), 0)
	FROM orders, f WHERE tenant = 'acme' GROUP BY 1 ORDER BY 1$$, true);
SELECT matches(pg_temp.names(pg_temp.orders('{"column": "status", "value": "s",
	"max_columns": 1}')), '^channel\|\w+\|other$', 'and it is called so');
SELECT same('the largest value in cells of several groups',
	pg_temp.orders('{"column": "status", "value": "x", "rows": [], "max_columns": 1}',
		columns => 'o.status, o.channel, o.amount max = x'),
	$$WITH f AS (SELECT min(status) AS s FROM orders WHERE tenant = 'acme')
	SELECT max(amount) FILTER (WHERE status = s),
		max(amount) FILTER (WHERE (status = s) IS NOT TRUE)
	FROM orders, f WHERE tenant = 'acme'$$);
SELECT same('said values, in their order, one of them without rows',
	pg_temp.orders('{"column": "status", "value": "s", "values": ["paid", null, "nowhere"]}'),
	$$SELECT channel, sum(amount) FILTER (WHERE status = 'paid'),
		sum(amount) FILTER (WHERE status IS NULL), NULL
	FROM orders WHERE tenant = 'acme' GROUP BY 1 ORDER BY 1$$, true);
SELECT is(pg_temp.names(pg_temp.orders('{"column": "status", "value": "s",
	"values": ["paid", null, "nowhere", "paid"]}')), 'channel|paid|null|nowhere|paid_2',
	'a value that is said twice has two columns');
SELECT same('order and page are of the pivot''s rows',
	pg_temp.orders('{"column": "status", "value": "s", "values": ["paid"]}',
		'{"order_by": [{"alias": "channel", "direction": "DESC", "nulls": "last"}], "limit": 2}'),
	$$SELECT channel, sum(amount) FILTER (WHERE status = 'paid') FROM orders
	WHERE tenant = 'acme' GROUP BY 1 ORDER BY 1 DESC NULLS LAST LIMIT 2$$, true);
SELECT same('the caller sorts by a value''s column',
	pg_temp.orders('{"column": "status", "value": "s"}'),
	'SELECT * FROM (SELECT channel, ' || pg_temp.cells('status', 'sum(amount) FILTER (WHERE @)')
	|| $$ FROM orders WHERE tenant = 'acme' GROUP BY 1) AS q$$, false,
	'{"sort": [{"alias": "paid", "direction": "DESC"}]}');
SELECT same('having and qualify come before', pg_temp.orders(
		'{"column": "status", "value": "s"}',
		'{"having": [{"column": "s", "operator": "gt", "value": 1000}],
		  "qualify": [{"column": "status", "operator": "eq", "value": "paid"}]}'),
	$$SELECT channel, sum(amount) FROM orders WHERE tenant = 'acme' AND status = 'paid'
	GROUP BY 1 HAVING sum(amount) > 1000 ORDER BY 1$$, true);
SELECT same('windows in the cells', pg_temp.orders('{"column": "status", "value": "r"}',
		'{"windows": [{"alias": "r", "function": "rank", "of": "n",
			"partition_by": ["channel"]}],
		  "qualify": [{"column": "status", "operator": "in", "value": ["paid", "open"]}]}',
		'o.status, o.channel, o.* count = n'),
	$$WITH r AS (SELECT status, channel, rank() OVER (PARTITION BY channel ORDER BY count(*) DESC)
		AS r FROM orders WHERE tenant = 'acme' GROUP BY 1, 2)
	SELECT channel, min(r) FILTER (WHERE status = 'open'), min(r) FILTER (WHERE status = 'paid')
	FROM r WHERE status IN ('open', 'paid') GROUP BY 1 ORDER BY 1$$, true) WHERE EXISTS
	(SELECT FROM orders WHERE tenant = 'acme' AND status = 'open');
SELECT same('subtotals of the rows', pg_temp.orders('{"column": "channel", "value": "a",
		"values": ["web"]}', '{"totals": ["status"]}'),
	$$SELECT status, 0, avg(amount) FILTER (WHERE channel = 'web') FROM orders
	WHERE tenant = 'acme' GROUP BY 1
	UNION ALL SELECT NULL, 1, avg(amount) FILTER (WHERE channel = 'web') FROM orders
	WHERE tenant = 'acme'$$) WHERE 'web' = ANY (enum_range(NULL::shop.channel)::text[]);
SELECT same('the largest groups as columns', pg_temp.orders('{"column": "status", "value": "s"}',
		'{"top": {"n": 1, "by": "s"}}', 'o.status, o.amount sum = s'),
	$$WITH g AS (SELECT status,
			row_number() OVER (ORDER BY sum(amount) DESC NULLS LAST, status) AS i
		FROM orders WHERE tenant = 'acme' GROUP BY 1)
	SELECT x, y FROM (SELECT sum(amount) FILTER (WHERE i > 1) AS o,
			sum(amount) FILTER (WHERE i = 1) AS t, min(g.status) FILTER (WHERE i = 1) AS s
		FROM orders JOIN g ON g.status IS NOT DISTINCT FROM orders.status
		WHERE tenant = 'acme') AS q
	CROSS JOIN LATERAL (SELECT CASE WHEN 'Other' < s THEN o ELSE t END AS x,
		CASE WHEN 'Other' < s THEN t ELSE o END AS y) AS l$$);


-- ---- Cells are computed from rows ------------------------------------------------------------
-- pivot_random.sql asks for all measures; here, what stands above the groups.
SELECT same('averages of several columns'' rows', pg_temp.orders(
		'{"column": "status", "value": "a", "rows": []}'),
	'SELECT ' || pg_temp.cells('status', 'avg(amount) FILTER (WHERE @)')
	|| $$ FROM orders WHERE tenant = 'acme'$$);
SELECT same('customers'' scores by status of their orders, one and the rest',
	def('c customers, o orders', 'c.region, o.status, o.shipped, c.key count_distinct, c.* count',
		'{"pivot": {"column": "status", "value": "count", "rows": ["region"], "max_columns": 1}}'),
	$$WITH f AS (SELECT min(status) AS s FROM orders WHERE tenant = 'acme')
	SELECT region, nullif(count(DISTINCT c.id) FILTER (WHERE status = s), 0),
		nullif(count(DISTINCT c.id) FILTER (WHERE (status = s) IS NOT TRUE), 0)
	FROM customers c JOIN orders o ON (o.tenant, o.customer_id) = (c.tenant, c.id), f
	WHERE c.tenant = 'acme' GROUP BY 1$$);
SELECT same('having is of the groups of rows and columns', pg_temp.orders(
		'{"column": "status", "value": "s", "rows": []}',
		'{"having": [{"column": "s", "operator": "gt", "value": 11250}]}'),
	$$SELECT sum(amount) FROM orders WHERE tenant = 'acme' AND status = 'void'$$);
SELECT same('and so of those of the rest', pg_temp.orders(
		'{"column": "status", "value": "s", "max_columns": 1}',
		'{"having": [{"column": "s", "operator": "gt", "value": 2500}]}'),
	$$WITH g AS (SELECT channel, status, sum(amount) AS s FROM orders WHERE tenant = 'acme'
			GROUP BY 1, 2 HAVING sum(amount) > 2500), f AS (SELECT min(status) AS first FROM g)
	SELECT channel, sum(s) FILTER (WHERE status = first),
		sum(s) FILTER (WHERE (status = first) IS NOT TRUE)
	FROM g, f GROUP BY 1$$);
SELECT same('as qualify is', pg_temp.orders('{"column": "status", "value": "s", "max_columns": 1}',
		'{"qualify": [{"column": "status", "operator": "in", "value": ["paid", "open", "void"]}]}'),
	$$SELECT channel, sum(amount) FILTER (WHERE status = 'open'),
		sum(amount) FILTER (WHERE status <> 'open')
	FROM orders WHERE tenant = 'acme' AND status IN ('paid', 'open', 'void') GROUP BY 1$$);
SELECT is(answer(def('c customers, o orders', 'o.status, c.score sum = s', '{"pivot": {"column":
		"status", "value": "s", "max_columns": 1}, "having": [{"column": "s", "operator": "gt",
		"value": 0}]}')), '22023 PIVOT_TOO_WIDE',
	'groups that share a row are not added up');
SELECT same('windows are over the groups of rows and columns', pg_temp.orders(
		'{"column": "status", "value": "w", "rows": []}', '{"windows": [{"alias": "w",
			"function": "percent_of_total", "of": "s"}]}'),
	'SELECT ' || pg_temp.cells('status', 'sum(amount) FILTER (WHERE @) * 100 / sum(amount)')
	|| $$ FROM orders WHERE tenant = 'acme'$$);
SELECT same('totals are of the row columns that are left', pg_temp.orders(
		'{"column": "status", "value": "a", "rows": ["channel"], "values": ["paid"]}',
		'{"totals": ["channel"]}', 'o.status, o.channel, o.shipped, o.amount avg = a'),
	$$SELECT channel, GROUPING(channel), avg(amount) FILTER (WHERE status = 'paid')
	FROM orders WHERE tenant = 'acme' GROUP BY ROLLUP (channel)$$);
SELECT same('the largest are those of the columns that are left', pg_temp.orders(
		'{"column": "status", "value": "a", "rows": ["channel"], "values": ["paid", "Other"]}',
		'{"top": {"n": 2, "by": "s"}}', 'o.status, o.channel, o.shipped, o.amount avg = a,'
		'o.amount sum = s'),
	$$WITH g AS (SELECT status, channel,
			row_number() OVER (ORDER BY sum(amount) DESC NULLS LAST, status, channel) AS i
		FROM orders WHERE tenant = 'acme' GROUP BY 1, 2),
	o AS (SELECT CASE WHEN i < 3 THEN g.channel::text ELSE 'Other' END AS channel,
			CASE WHEN i < 3 THEN g.status ELSE 'Other' END AS status, amount
		FROM orders JOIN g ON g.status IS NOT DISTINCT FROM orders.status
			AND g.channel IS NOT DISTINCT FROM orders.channel WHERE tenant = 'acme')
	SELECT channel, avg(amount) FILTER (WHERE status = 'paid'),
		avg(amount) FILTER (WHERE status = 'Other') FROM o GROUP BY 1$$);
SELECT same('a group that is called as the rest is', '{"tables": [{"id": "o", "name": "orders"}],
		"calculated_fields": [{"name": "f", "expression":
			"if([status] in (\"void\", \"open\"), [status], \"Other\")"}],
		"columns": [{"column": "f"}, {"table_id": "o", "column": "amount", "aggregation": "avg"},
			{"table_id": "o", "column": "*", "aggregation": "count"}],
		"top": {"n": 1, "by": "count"}, "pivot": {"column": "f", "value": "amount_avg"}}',
	$$SELECT avg(amount) FROM orders WHERE tenant = 'acme'$$);
SELECT same('buckets that are left out', pg_temp.orders(
		'{"column": "channel", "value": "a", "rows": []}', '{"time_series": {"table_id": "o",
			"date_column": "placed_at", "interval": "month",
			"range": {"start": "2024-01-10", "end": "2024-04-30"}}}',
		'o.channel, o.amount avg = a'),
	'SELECT ' || pg_temp.cells('channel', 'avg(amount) FILTER (WHERE @)') || $$ FROM orders
	WHERE tenant = 'acme' AND placed_at >= '2024-01-10' AND placed_at < '2024-05-01'$$);
SELECT is(prismiq_query(pg_temp.orders('{"column": "channel", "value": "a", "rows": []}',
		'{"time_series": {"table_id": "o", "date_column": "placed_at", "interval": "month"}}'))
	::jsonb -> 'bucket', 'null', 'are none of the answer');
SELECT same('beside the period before', pg_temp.orders(
		'{"column": "channel", "value": "a_previous", "rows": []}', '{"time_series": {"table_id":
			"o", "date_column": "placed_at", "interval": "month",
			"range": {"start": "2024-04-01", "end": "2024-04-30"}},
			"compare": {"period": "previous_period"}}', 'o.channel, o.amount avg = a'),
	'SELECT ' || pg_temp.cells('channel', 'avg(amount) FILTER (WHERE @)') || $$ FROM orders
	WHERE tenant = 'acme' AND placed_at >= '2024-03-01' AND placed_at < '2024-04-01'$$);
SELECT same('buckets that become columns, one and the rest', pg_temp.orders(
		'{"column": "m", "value": "n", "rows": [], "max_columns": 1}', '{"time_series": {"table_id":
			"o", "date_column": "placed_at", "interval": "month", "alias": "m",
			"range": {"start": "2024-01-01", "end": "2024-04-30"}}}', 'o.channel, o.* count = n'),
	$$SELECT count(*) FILTER (WHERE placed_at < '2024-02-01'),
		count(*) FILTER (WHERE placed_at >= '2024-02-01')
	FROM orders WHERE tenant = 'acme' AND placed_at < '2024-05-01'$$);

-- ---- A series ------------------------------------------------------------------------------
SELECT same('filled buckets, a line for each value', pg_temp.orders(
		'{"column": "channel", "value": "n"}', '{"time_series": {"table_id": "o",
			"date_column": "placed_at", "interval": "month", "alias": "m",
			"range": {"start": "2024-01-01", "end": "2024-04-30"}}}', 'o.channel, o.* count = n'),
	'SELECT m, ' || pg_temp.cells('channel', 'count(id) FILTER (WHERE @)')
	|| $$ FROM generate_series(timestamptz '2024-01-01', '2024-04-01', '1 month') AS m
	LEFT JOIN orders ON tenant = 'acme' AND date_trunc('month', placed_at) = m
	GROUP BY 1 ORDER BY 1$$, true);
SELECT is(pg_temp.names(pg_temp.orders('{"column": "m", "value": "n"}', '{"time_series":
		{"table_id": "o", "date_column": "placed_at", "interval": "month", "alias": "m",
		"timezone": "Asia/Tokyo", "range": {"start": "2024-01-01", "end": "2024-02-29"}}}',
		'o.* count = n')), '2024-01-01T00:00:00+09:00|2024-02-01T00:00:00+09:00',
	'buckets as columns, named as the answer has them');

-- ---- Values that would be more than names ---------------------------------------------------
RESET ROLE;
CREATE TABLE public.stage_hostile (tenant text, v text, n int);
INSERT INTO public.stage_hostile VALUES
	('acme', 'a"; DROP TABLE orders; --', 1), ('acme', '', 2), ('acme', '$1', 3),
	('acme', repeat('é', 40) || '1', 4), ('acme', repeat('é', 40) || '2', 5), ('acme', NULL, 6),
	('acme', 'null', 7), ('acme', E'two\nlines', 8), ('globex', 'poison', 9);
GRANT SELECT ON public.stage_hostile TO app_user;
SELECT prismiq.prismiq_expose('public.stage_hostile', tenant_column => 'tenant') \g /dev/null
SET LOCAL ROLE app_user;
SELECT same('they are only ever names and values',
	def('h stage_hostile', 'h.v, h.n sum = n', '{"pivot": {"column": "v", "value": "n"}}'),
	$$SELECT (array_agg(n ORDER BY v))[1], (array_agg(n ORDER BY v))[2],
		(array_agg(n ORDER BY v))[3], (array_agg(n ORDER BY v))[4], (array_agg(n ORDER BY v))[5],
		(array_agg(n ORDER BY v))[6], (array_agg(n ORDER BY v))[7], (array_agg(n ORDER BY v))[8]
	FROM public.stage_hostile WHERE tenant = 'acme'$$);
SELECT is(pg_temp.names(def('h stage_hostile', 'h.v, h.n sum = n',
		'{"pivot": {"column": "v", "value": "n"}}')),
	'(empty)|$1|a"; DROP TABLE orders; --|null|' || E'two\nlines|' || repeat('é', 31) || '|'
	|| repeat('é', 30) || '_2|null_2', 'clipped, told apart, and none of another tenant');
SELECT same('no rows: no values', def('h stage_hostile', 'h.v, h.n sum = n', filters(
		cond('h.n eq', '0')) || '{"pivot": {"column": "v", "value": "n", "values": ["x"]}}'),
	'SELECT NULL');

-- ---- Faults ---------------------------------------------------------------------------------
SELECT is(faults(pg_temp.orders(p, rest)), expected, expected) FROM (VALUES
	('{"column": "stat", "value": "s"}'::jsonb, '{}'::jsonb,
	 'COLUMN_NOT_FOUND /pivot/column no column of the answer is called "stat"'
	 || ' (Did you mean "status"?)'),
	('{"column": "s", "value": "a"}', '{}', 'INVALID_PIVOT /pivot/column "s" is not grouped by'),
	('{"column": "status", "value": "channel"}', '{}',
	 'INVALID_PIVOT /pivot/value "channel" is not a measure'),
	('{"column": "status", "value": "s", "rows": ["status"]}', '{}',
	 'INVALID_PIVOT /pivot/rows/0 "status" becomes columns, so it is not in the rows'),
	('{"column": "status", "value": "a", "rows": []}',
	 '{"order_by": [{"alias": "channel"}], "totals": ["channel"],
	   "qualify": [{"column": "channel", "operator": "eq", "value": "web"}]}',
	 'COLUMN_NOT_FOUND /order_by/0/alias no column of the answer is called "channel"' || E'\n'
	 || 'COLUMN_NOT_FOUND /qualify/0/column no column of the answer is called "channel"' || E'\n'
	 || 'COLUMN_NOT_FOUND /totals/0 no column of the answer is called "channel"'),
	('{"column": "stat", "value": "a", "rows": ["chanel"]}', '{}',
	 'COLUMN_NOT_FOUND /pivot/column no column of the answer is called "stat"'
	 || ' (Did you mean "status"?)' || E'\n'
	 || 'COLUMN_NOT_FOUND /pivot/rows/0 no column of the answer is called "chanel"'
	 || ' (Did you mean "channel"?)'),
	('{"column": "status", "value": "s", "max_columns": 1, "values": ["a", "b"]}', '{}',
	 'PIVOT_TOO_WIDE /pivot/values more than 1 values (Raise "max_columns".)'),
	('{"column": "status", "value": "s"}', '{"totals": true}',
	 'INVALID_PIVOT /pivot/column "status" cannot be rolled up and become columns'
	 || ' (List the row columns in "totals".)'),
	('{"column": "channel", "value": "s", "values": ["nowhere"]}', '{}',
	 'TYPE_MISMATCH /pivot/values/0 "nowhere" is not a valid value of type channel'),
	('{"column": "channel", "value": "s", "values": [[1]]}', '{}',
	 'INVALID_VALUE /pivot/values/0 "values" takes single values'),
	('{"value": "s"}', '{}', 'MISSING_FIELD /pivot/column "column" is required'),
	('{"column": "status"}', '{}', 'MISSING_FIELD /pivot/value "value" is required'),
	('{"column": "status", "value": "s", "cells": 1}', '{}',
	 'UNKNOWN_FIELD /pivot/cells unknown key "cells"')
	) AS v (p, rest, expected);
SELECT matches(answer(pg_temp.orders('{"column": "status", "value": "a", "max_columns": 1}')),
			   'PIVOT_TOO_WIDE$', 'and it is refused');

-- What the values decide is for the run: nothing is asked to validate.
CREATE FUNCTION pg_temp.refusal(definition jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM prismiq_compile(definition);
	RETURN 'compiled';
EXCEPTION WHEN invalid_parameter_value THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' ', detail::jsonb #>> '{0,code}', detail::jsonb #>> '{0,path}', SQLERRM,
					 '(' || (detail::jsonb #>> '{0,suggestion}') || ')');
END $$;
SELECT is(faults(pg_temp.orders(p, rest)), NULL, 'valid: ' || expected) FROM (VALUES
	('{"column": "status", "value": "a", "max_columns": 1}'::jsonb, '{}'::jsonb,
	 'PIVOT_TOO_WIDE /pivot/column "status" has more than 1 values'
	 || ' (Say which in "values", or raise "max_columns".)'),
	('{"column": "status", "value": "s"}', '{"order_by": [{"alias": "s"}]}',
	 'INVALID_PIVOT /order_by/0 a pivot has no such column to order by'
	 || ' (Order by a column of the rows.)')) AS v (p, rest, expected);
SELECT is(pg_temp.refusal(pg_temp.orders(p, rest)), expected, expected) FROM (VALUES
	('{"column": "status", "value": "a", "max_columns": 1}'::jsonb, '{}'::jsonb,
	 'PIVOT_TOO_WIDE /pivot/column "status" has more than 1 values'
	 || ' (Say which in "values", or raise "max_columns".)'),
	('{"column": "status", "value": "s"}', '{"order_by": [{"alias": "s"}]}',
	 'INVALID_PIVOT /order_by/0 a pivot has no such column to order by'
	 || ' (Order by a column of the rows.)')) AS v (p, rest, expected);

-- No rows, so no values, and no row columns: neither columns nor rows.
SELECT is(prismiq_query(def('o orders', 'o.status, o.* count = n', '{"filters":
		[{"table_id": "o", "column": "id", "operator": "lt", "value": 0}],
		"pivot": {"column": "status", "value": "n"}}'),
	jsonb_build_object('format', format))::jsonb #> path, '[]',
	format('no %s, as %s', path, format))
FROM unnest('{arrays,objects,columnar}'::text[]) AS format,
	(VALUES ('{columns}'::text[]), ('{rows}')) AS v (path);

SELECT * FROM finish();
ROLLBACK;
