-- Windows and qualify, against statements written by a person.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
SET LOCAL prismiq.tenant_id = 'CA';

-- Flights by origin and month, or by origin alone, with windows.
CREATE FUNCTION pg_temp.monthly(columns text, windows jsonb, rest jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT def('f flights', columns, jsonb_build_object('windows', windows, 'time_series',
		'{"table_id": "f", "date_column": "departed_at", "interval": "month", "alias": "m",
		  "fill_missing": false}'::jsonb) || rest)
$$;
CREATE FUNCTION pg_temp.grouped(windows jsonb, rest jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT def('f flights', 'f.origin, f.distance sum = d, f.* count = n',
			   jsonb_build_object('windows', windows) || rest)
$$;
CREATE VIEW pg_temp.by_origin AS
	SELECT origin, sum(distance) AS d, count(*) AS n FROM public.flights WHERE state = 'CA'
	GROUP BY 1;
CREATE VIEW pg_temp.by_month AS
	SELECT date_trunc('month', departed_at) AS m, origin, sum(distance) AS d, count(*) AS n
	FROM public.flights WHERE state = 'CA' GROUP BY 1, 2;
GRANT SELECT ON pg_temp.by_origin, pg_temp.by_month TO app_user;

-- ---- Along a series ------------------------------------------------------------------------
SELECT same('a running total follows the buckets, one line for each dimension',
	pg_temp.monthly('f.origin, f.distance sum = d',
					'[{"alias": "t", "function": "running_total", "of": "d"}]'),
	'SELECT m, origin, d, (SELECT sum(d) FROM pg_temp.by_month p
						   WHERE p.origin = q.origin AND p.m <= q.m)
	 FROM pg_temp.by_month q ORDER BY 1, 2', true);
SELECT same('partition_by [] is all rows; ties are broken by the group columns',
	pg_temp.monthly('f.origin, f.distance sum = d',
		'[{"alias": "t", "function": "running_total", "of": "d", "partition_by": []}]'),
	'SELECT m, origin, d, (SELECT sum(d) FROM pg_temp.by_month p
						   WHERE (p.m, p.origin) <= (q.m, q.origin))
	 FROM pg_temp.by_month q ORDER BY 1, 2', true);
SELECT same('a moving average of three rows',
	pg_temp.monthly('f.* count = n',
		'[{"alias": "a", "function": "moving_avg", "of": "n", "n": 3}]'),
	$$SELECT m, n, (SELECT avg(n) FROM (SELECT sum(n) AS n FROM pg_temp.by_month p
			WHERE p.m <= q.m AND p.m > q.m - interval '3 months' GROUP BY p.m) AS w)
	FROM (SELECT m, sum(n) AS n FROM pg_temp.by_month GROUP BY 1) AS q ORDER BY 1$$, true);
SELECT same('a frame around the row',
	pg_temp.monthly('f.* count = n', '[{"alias": "a", "function": "moving_avg", "of": "n",
		"frame": {"preceding": 1, "following": 1}}]'),
	$$SELECT m, n, (SELECT avg(n) FROM (SELECT sum(n) AS n FROM pg_temp.by_month p
			WHERE p.m BETWEEN q.m - interval '1 month' AND q.m + interval '1 month'
			GROUP BY p.m) AS w)
	FROM (SELECT m, sum(n) AS n FROM pg_temp.by_month GROUP BY 1) AS q ORDER BY 1$$, true);
SELECT same('from this row to the end',
	pg_temp.monthly('f.* count = n', '[{"alias": "a", "function": "running_total", "of": "n",
		"frame": {"preceding": 0, "following": "all"}}]'),
	$$SELECT m, n, (SELECT sum(n) FROM pg_temp.by_month p WHERE p.m >= q.m)
	FROM (SELECT m, sum(n) AS n FROM pg_temp.by_month GROUP BY 1) AS q ORDER BY 1$$, true);
SELECT same('differences and changes to the bucket before',
	pg_temp.monthly('f.* count = n', '[{"alias": "d", "function": "difference", "of": "n"},
		{"alias": "c", "function": "percent_change", "of": "n"},
		{"alias": "g", "function": "lag", "of": "n"},
		{"alias": "l", "function": "lead", "of": "n", "n": 2},
		{"alias": "s", "function": "difference", "of": "m"}]'),
	$$SELECT q.m, q.n, q.n - p.n, (q.n - p.n) * 100 / p.n, p.n, e.n, q.m - p.m
	FROM (SELECT m, sum(n) AS n FROM pg_temp.by_month GROUP BY 1) AS q
	LEFT JOIN (SELECT m, sum(n) AS n FROM pg_temp.by_month GROUP BY 1) AS p
		ON p.m = q.m - interval '1 month'
	LEFT JOIN (SELECT m, sum(n) AS n FROM pg_temp.by_month GROUP BY 1) AS e
		ON e.m = q.m + interval '2 months'
	ORDER BY 1$$, true);
SELECT same('over filled buckets: the empty ones count',
	def('f flights', 'f.* count = n', '{"time_series": {"table_id": "f",
			"date_column": "departed_at", "interval": "hour",
			"range": {"start": "2001-01-01", "end": "2001-01-03"}},
		"windows": [{"alias": "t", "function": "running_total", "of": "n"},
			{"alias": "a", "function": "moving_avg", "of": "n", "n": 4},
			{"alias": "c", "function": "percent_change", "of": "n"}]}'),
	$$WITH h AS (SELECT h, (SELECT count(*) FROM public.flights WHERE state = 'CA'
			AND departed_at >= h AND departed_at < h + interval '1 hour') AS n
		FROM generate_series(timestamp '2001-01-01', '2001-01-03 23:00', '1 hour') AS h)
	SELECT h, n, (SELECT sum(n) FROM h AS p WHERE p.h <= h.h),
		(SELECT avg(n) FROM h AS p WHERE p.h <= h.h AND p.h > h.h - interval '4 hours'),
		(SELECT (h.n - p.n) * 100.0 / nullif(p.n, 0) FROM h AS p
		 WHERE p.h = h.h - interval '1 hour')
	FROM h ORDER BY h$$, true);

-- ---- Over groups -----------------------------------------------------------------------------
SELECT same('rankings are by "of", largest first',
	pg_temp.grouped('[{"alias": "r", "function": "rank", "of": "n"},
		{"alias": "dr", "function": "dense_rank", "of": "n"},
		{"alias": "rn", "function": "row_number", "of": "n"},
		{"alias": "q", "function": "ntile", "of": "n", "n": 3}]'),
	'SELECT origin, d, n, rank() OVER (ORDER BY n DESC), dense_rank() OVER (ORDER BY n DESC),
		row_number() OVER (ORDER BY n DESC, origin), ntile(3) OVER (ORDER BY n DESC, origin)
	 FROM pg_temp.by_origin');
SELECT same('or by order_by',
	pg_temp.grouped('[{"alias": "r", "function": "rank",
		"order_by": [{"alias": "d", "direction": "ASC"}]}]'),
	'SELECT origin, d, n, rank() OVER (ORDER BY d) FROM pg_temp.by_origin');
SELECT same('the order of the rows is the order of a window',
	pg_temp.grouped('[{"alias": "t", "function": "running_total", "of": "n"}]',
		'{"order_by": [{"alias": "d", "direction": "DESC"}]}'),
	'SELECT origin, d, n, sum(n) OVER (ORDER BY d DESC, origin) FROM pg_temp.by_origin
	 ORDER BY d DESC', true);
SELECT same('shares of the total, and their sum down the ranks',
	pg_temp.grouped('[{"alias": "p", "function": "percent_of_total", "of": "n"},
		{"alias": "c", "function": "cumulative_percent", "of": "n",
		 "order_by": [{"alias": "n", "direction": "DESC"}]}]'),
	'SELECT origin, d, n, n * 100::numeric / sum(n) OVER (),
		sum(n) OVER (ORDER BY n DESC, origin) * 100 / sum(n) OVER () FROM pg_temp.by_origin');
SELECT same('shares within a partition',
	pg_temp.monthly('f.origin, f.* count = n', '[{"alias": "p", "function": "percent_of_total",
		"of": "n", "partition_by": ["m"]}]'),
	'SELECT m, origin, n, n * 100::numeric / (SELECT sum(n) FROM pg_temp.by_month p
											  WHERE p.m = q.m)
	 FROM pg_temp.by_month q');
SELECT same('first and last of a partition, whatever the row',
	pg_temp.monthly('f.origin, f.* count = n', '[{"alias": "a", "function": "first_value",
		"of": "n"}, {"alias": "z", "function": "last_value", "of": "n"},
		{"alias": "o", "function": "last_value", "of": "origin", "partition_by": ["m"],
		 "order_by": [{"alias": "n"}]}]'),
	'SELECT m, origin, n,
		(SELECT n FROM pg_temp.by_month p WHERE p.origin = q.origin ORDER BY m LIMIT 1),
		(SELECT n FROM pg_temp.by_month p WHERE p.origin = q.origin ORDER BY m DESC LIMIT 1),
		(SELECT origin FROM pg_temp.by_month p WHERE p.m = q.m
		 ORDER BY n DESC, origin DESC LIMIT 1)
	 FROM pg_temp.by_month q');
SELECT same('a frame of first_value',
	pg_temp.monthly('f.* count = n', '[{"alias": "a", "function": "first_value", "of": "n",
		"frame": {"preceding": 1}}]'),
	'SELECT m, n, coalesce(lag(n) OVER (ORDER BY m), n)
	 FROM (SELECT m, sum(n) AS n FROM pg_temp.by_month GROUP BY 1) q ORDER BY 1', true);
SELECT same('plain rows have windows too',
	def('f flights', 'f.id, f.distance', '{"order_by": [{"table_id": "f", "column": "departed_at"},
			{"alias": "id"}], "limit": 20,
		"windows": [{"alias": "r", "function": "row_number", "order_by": [{"alias": "distance",
			"direction": "DESC"}]}]}'),
	$$SELECT id, distance, row_number() OVER (ORDER BY distance DESC, id) FROM public.flights
	WHERE state = 'CA' ORDER BY departed_at, id LIMIT 20$$, true);
SELECT same('no rows, no windows, but columns',
	pg_temp.grouped('[{"alias": "p", "function": "percent_of_total", "of": "n"}]',
					filters(cond('f.id eq', '0'))),
	'SELECT origin, d, n, 0.0 FROM pg_temp.by_origin WHERE false');

-- ---- Exactness -------------------------------------------------------------------------------
RESET ROLE;
CREATE TABLE public.stage_numbers (id int PRIMARY KEY, g text, big bigint, num numeric,
								   f double precision, price money);
INSERT INTO public.stage_numbers VALUES
	(1, 'a', 9223372036854775807, 0.1, 0.5, 1.10), (2, 'b', 9223372036854775807, 0.2, 0.25, 2.20),
	(3, 'c', -9223372036854775808, 123456789012345678901234567890.123, 2, 0),
	(4, 'd', 0, 0, 0, 3), (5, NULL, NULL, NULL, NULL, NULL);
GRANT SELECT ON public.stage_numbers TO app_user;
SELECT prismiq.prismiq_expose('public.stage_numbers', shared => true) \g /dev/null
SET LOCAL ROLE app_user;
SELECT same('sums of bigint do not overflow, numeric stays numeric',
	def('s stage_numbers', 's.id, s.big, s.num', '{"order_by": [{"alias": "id"}], "windows": [
		{"alias": "t", "function": "running_total", "of": "big"},
		{"alias": "n", "function": "running_total", "of": "num"},
		{"alias": "d", "function": "difference", "of": "big"},
		{"alias": "p", "function": "percent_change", "of": "big"}]}'),
	'SELECT id, big, num, sum(big) OVER (ORDER BY id), sum(num) OVER (ORDER BY id),
		big::numeric - lag(big) OVER (ORDER BY id),
		(big::numeric - lag(big) OVER (ORDER BY id)) * 100
			/ nullif(lag(big::numeric) OVER (ORDER BY id), 0)
	 FROM public.stage_numbers ORDER BY id', true);
SELECT same('floats and money have shares; nulls have none',
	def('s stage_numbers', 's.id, s.f, s.price', '{"windows": [
		{"alias": "p", "function": "percent_of_total", "of": "f"},
		{"alias": "m", "function": "percent_of_total", "of": "price"}]}'),
	'SELECT id, f, price, f * 100 / (SELECT sum(f) FROM public.stage_numbers),
		price::numeric * 100 / (SELECT sum(price::numeric) FROM public.stage_numbers)
	 FROM public.stage_numbers');
SELECT same('a total of zero has no shares', def('s stage_numbers', 's.id, s.num', '{"windows": [
		{"alias": "p", "function": "percent_of_total", "of": "num", "partition_by": ["id"]}]}'
		|| filters(cond('s.id eq', '4'))), 'SELECT 4, 0, NULL');

-- ---- Qualify ---------------------------------------------------------------------------------
SELECT same('the top three of each month',
	pg_temp.monthly('f.origin, f.* count = n', '[{"alias": "r", "function": "row_number",
		"of": "n", "partition_by": ["m"]}]',
		'{"qualify": [{"column": "r", "operator": "lte", "value": 3}],
		  "order_by": [{"alias": "m"}, {"alias": "r"}]}'),
	'SELECT * FROM (SELECT m, origin, n, row_number() OVER (PARTITION BY m ORDER BY n DESC, origin)
			AS r FROM pg_temp.by_month) AS q WHERE r <= 3 ORDER BY m, r', true);
SELECT same('over windows and columns, with groups of conditions',
	pg_temp.grouped('[{"alias": "r", "function": "rank", "of": "n"}]',
		'{"qualify": [{"or": [{"column": "r", "operator": "eq", "value": 1},
			{"column": "origin", "operator": "starts_with", "value": "s"},
			{"not": {"column": "d", "operator": "gt", "value": 100}}]}]}'),
	$$SELECT * FROM (SELECT origin, d, n, rank() OVER (ORDER BY n DESC) AS r
		FROM pg_temp.by_origin) AS q WHERE r = 1 OR origin ILIKE 's%' OR NOT d > 100$$);
SELECT same('without windows, and with a limit after it',
	pg_temp.grouped('[]', '{"qualify": [{"column": "n", "operator": "gte", "value": 100}],
		"order_by": [{"alias": "n"}], "limit": 2}'),
	'SELECT origin, d, n FROM pg_temp.by_origin WHERE n >= 100 ORDER BY n LIMIT 2', true);
SELECT same('a window sees the rows that qualify takes away, and not what having took',
	pg_temp.grouped('[{"alias": "p", "function": "percent_of_total", "of": "n"}]',
		'{"having": [{"column": "n", "operator": "gt", "value": 20}],
		  "qualify": [{"column": "p", "operator": "gt", "value": 20}]}'),
	'SELECT * FROM (SELECT origin, d, n, n * 100::numeric / sum(n) OVER () AS p
		FROM pg_temp.by_origin WHERE n > 20) AS q WHERE p > 20');
SELECT same('order by a window',
	pg_temp.grouped('[{"alias": "r", "function": "rank", "of": "n"}]',
		'{"order_by": [{"alias": "r"}, {"alias": "origin"}], "limit": 3}'),
	'SELECT origin, d, n, rank() OVER (ORDER BY n DESC) AS r FROM pg_temp.by_origin
	 ORDER BY r, origin LIMIT 3', true);

-- ---- Another tenant ----------------------------------------------------------------------------
SELECT is((prismiq_query(pg_temp.grouped('[{"alias": "t", "function": "running_total", "of": "n",
		"order_by": [{"alias": "origin", "direction": "DESC"}]}]',
		'{"order_by": [{"alias": "origin"}], "limit": 1}'))::jsonb #>> '{rows,0,3}'),
	(SELECT count(*)::text FROM public.flights WHERE state = 'CA'),
	'a running total ends at the tenant''s own count');

-- ---- Faults ------------------------------------------------------------------------------------
SELECT is(faults(pg_temp.grouped(w)), expected, expected) FROM (VALUES
	('[{"alias": "t", "function": "runing_total", "of": "n"}]'::jsonb,
	 'INVALID_WINDOW /windows/0/function unknown window function "runing_total"'
	 || ' (Did you mean "running_total"?)'),
	('[{"alias": "t", "function": "percent_of_total"}]',
	 'INVALID_WINDOW /windows/0/of window function "percent_of_total" needs "of"'),
	('[{"alias": "t", "function": "percent_of_total", "of": "m"}]',
	 'COLUMN_NOT_FOUND /windows/0/of no column of the answer is called "m"'),
	('[{"alias": "t", "function": "percent_of_total", "of": "origin"}]',
	 'INVALID_WINDOW /windows/0/of cannot take percent_of_total of "origin" of type text'),
	('[{"alias": "t", "function": "rank", "of": "n"},
	   {"alias": "u", "function": "rank", "of": "t"}]',
	 'INVALID_WINDOW /windows/1/of "t" is a window itself'),
	('[{"alias": "t", "function": "running_total", "of": "n"}]',
	 'INVALID_WINDOW /windows/0/order_by window function "running_total" needs an order'
	 || ' (Say by what: [{"alias": ..., "direction": "ASC"}].)'),
	('[{"alias": "t", "function": "ntile", "of": "n"}]',
	 'INVALID_WINDOW /windows/0/n window function "ntile" needs "n"'),
	('[{"alias": "t", "function": "ntile", "of": "n", "n": 0}]',
	 'INVALID_WINDOW /windows/0/n window function "ntile" needs an "n" of at least 1'),
	('[{"alias": "t", "function": "rank", "of": "n", "n": 2}]',
	 'INVALID_WINDOW /windows/0/n window function "rank" takes no "n"'),
	('[{"alias": "t", "function": "rank", "of": "n", "frame": {"preceding": 2}}]',
	 'INVALID_WINDOW /windows/0/frame window function "rank" takes no "frame"'),
	('[{"alias": "t", "function": "moving_avg", "of": "n", "n": 2, "frame": {"preceding": 2},
		"order_by": [{"alias": "n"}]}]',
	 'INVALID_WINDOW /windows/0/frame window function "moving_avg" takes "n" or "frame", not both'),
	('[{"alias": "t", "function": "running_total", "of": "n", "frame": {"preceding": "most"},
		"order_by": [{"alias": "n"}]}]',
	 'INVALID_WINDOW /windows/0/frame/preceding "preceding" takes a number of rows, or "all"'
	 || ' (Examples: 6, "all".)'),
	('[{"alias": "t", "function": "rank", "of": "n", "partition_by": ["orign"]}]',
	 'COLUMN_NOT_FOUND /windows/0/partition_by/0 no column of the answer is called "orign"'
	 || ' (Did you mean "origin"?)'),
	('[{"alias": "t", "function": "rank", "order_by": [{"alias": "x; DROP TABLE flights"}]}]',
	 'COLUMN_NOT_FOUND /windows/0/order_by/0/alias no column of the answer is called'
	 || ' "x; DROP TABLE flights"'),
	('[{"alias": "t", "function": "rank", "of": "n", "over": 1}]',
	 'UNKNOWN_FIELD /windows/0/over unknown key "over"'),
	('[{"function": "rank", "of": "n"}]', 'MISSING_FIELD /windows/0/alias "alias" is required'),
	('[{"alias": "", "function": "rank", "of": "n"}]',
	 'INVALID_VALUE /windows/0/alias an alias must have 1 to 63 bytes'),
	('[{"alias": "t"}]', 'MISSING_FIELD /windows/0/function "function" is required')
	) AS v (w, expected);
SELECT is(faults(pg_temp.grouped('[]', '{"qualify": [{"column": "rnk", "operator": "eq",
		"value": 1}]}')),
	'COLUMN_NOT_FOUND /qualify/0/column no column of the answer is called "rnk"',
	'qualify over a name that is none');
SELECT is(faults(pg_temp.grouped('[]', '{"qualify": [{"table_id": "f", "column": "distance",
		"aggregation": "sum", "operator": "gt", "value": 1}]}')),
	'INVALID_WINDOW /qualify/0 a qualify condition names a column of the answer'
	|| ' (Put conditions on aggregates into "having".)', 'qualify over an aggregate');
SELECT is(faults(pg_temp.grouped('[]', '{"qualify": [{"column": "n", "operator": "eq",
		"value": "x"}]}')),
	'TYPE_MISMATCH /qualify/0/value "x" is not a valid value of type bigint',
	'qualify with a value of another type');
SELECT is(answer(pg_temp.grouped('[{"alias": "t", "function": "running_total", "of": "n"}]')),
		  '22023 INVALID_WINDOW', 'the SQLSTATE of a window');
SELECT is((SELECT c ->> 'name' FROM jsonb_array_elements(prismiq_compile(
		pg_temp.grouped('[{"alias": "n", "function": "rank", "of": "n"}]')) -> 'columns')
		WITH ORDINALITY AS u (c, i) WHERE i = 4), 'n_2', 'a name that is taken');

SELECT * FROM finish();
ROLLBACK;
