-- The largest groups and the rest, against statements written by a person.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

CREATE FUNCTION pg_temp.flights(columns text, rest jsonb) RETURNS jsonb
LANGUAGE sql AS $$ SELECT def('f flights', columns, rest) $$;
CREATE VIEW pg_temp.ca AS SELECT * FROM public.flights WHERE state = 'CA';
GRANT SELECT ON pg_temp.ca TO app_user;
SET LOCAL prismiq.tenant_id = 'CA';

SELECT same('the rest is aggregated from its rows; the largest come first',
	pg_temp.flights('f.origin, f.delay avg, f.destination count_distinct, f.* count = n',
					'{"top": {"n": 3, "by": "n"}}'),
	$$WITH o AS (SELECT origin, row_number() OVER (ORDER BY count(*) DESC, origin) AS i
		FROM pg_temp.ca GROUP BY 1)
	SELECT CASE WHEN i <= 3 THEN origin ELSE 'Other' END, avg(delay),
		count(DISTINCT destination), count(*)
	FROM pg_temp.ca JOIN o USING (origin) GROUP BY least(i, 4), 1 ORDER BY least(i, 4)$$, true);
SELECT same('without the rest', pg_temp.flights('f.origin, f.delay avg = a',
		'{"top": {"n": 4, "by": "a", "other": false}}'),
	$$SELECT origin, avg(delay) AS a FROM pg_temp.ca GROUP BY 1
	ORDER BY a DESC NULLS LAST, origin LIMIT 4$$, true);
SELECT same('as many as there are: no rest', pg_temp.flights('f.origin, f.* count = n',
		'{"top": {"n": 100, "by": "n"}}'),
	'SELECT origin, count(*) FROM pg_temp.ca GROUP BY 1 ORDER BY 2 DESC, 1', true);
SELECT same('ties are in the order of the group', pg_temp.flights('f.origin, f.distance min = m',
		'{"top": {"n": 2, "by": "m", "other": false}}' || filters(
			cond('f.origin in', '["SFO", "OAK", "SJC", "LAX", "SAN", "BUR"]'))),
	$$SELECT origin, min(distance) AS m FROM pg_temp.ca
	WHERE origin IN ('SFO', 'OAK', 'SJC', 'LAX', 'SAN', 'BUR')
	GROUP BY 1 ORDER BY m DESC, origin LIMIT 2$$, true);
SELECT same('in another order, within a limit', pg_temp.flights('f.origin, f.* count = n',
		'{"top": {"n": 5, "by": "n"}, "order_by": [{"alias": "origin"}], "limit": 3}'),
	$$WITH o AS (SELECT origin, row_number() OVER (ORDER BY count(*) DESC, origin) AS i
		FROM pg_temp.ca GROUP BY 1)
	SELECT CASE WHEN i <= 5 THEN origin ELSE 'Other' END, count(*)
	FROM pg_temp.ca JOIN o USING (origin) GROUP BY least(i, 6), 1 ORDER BY 1 LIMIT 3$$, true);
SELECT same('several columns make a group', pg_temp.flights(
		'f.origin, f.destination, f.distance sum = d', '{"top": {"n": 6, "by": "d"}}'),
	$$WITH o AS (SELECT origin, destination,
			row_number() OVER (ORDER BY sum(distance) DESC, origin, destination) AS i
		FROM pg_temp.ca GROUP BY 1, 2)
	SELECT CASE WHEN i <= 6 THEN origin ELSE 'Other' END,
		CASE WHEN i <= 6 THEN destination ELSE 'Other' END, sum(distance)
	FROM pg_temp.ca JOIN o USING (origin, destination) GROUP BY least(i, 7), 1, 2
	ORDER BY least(i, 7)$$, true);
SELECT same('one of them is not shown', pg_temp.flights('f.destination, f.* count = n',
		'{"top": {"n": 3, "by": "n"}, "group_by": [{"table_id": "f", "column": "origin"},
			{"table_id": "f", "column": "destination"}]}'),
	$$WITH o AS (SELECT origin, destination,
			row_number() OVER (ORDER BY count(*) DESC, destination, origin) AS i
		FROM pg_temp.ca GROUP BY 1, 2)
	SELECT CASE WHEN i <= 3 THEN destination ELSE 'Other' END, count(*)
	FROM pg_temp.ca JOIN o USING (origin, destination) GROUP BY least(i, 4), 1
	ORDER BY least(i, 4)$$, true);
SELECT same('having removes groups before the places are given',
	pg_temp.flights('f.origin, f.* count = n', '{"top": {"n": 2, "by": "n"},
		"having": [{"column": "n", "operator": "lt", "value": 200}]}'),
	$$WITH o AS (SELECT origin, row_number() OVER (ORDER BY count(*) DESC, origin) AS i
		FROM pg_temp.ca GROUP BY 1 HAVING count(*) < 200)
	SELECT CASE WHEN i <= 2 THEN origin ELSE 'Other' END, count(*)
	FROM pg_temp.ca JOIN o USING (origin) GROUP BY least(i, 3), 1 ORDER BY least(i, 3)$$, true);
SELECT same('the largest lines of a series, over its whole range',
	pg_temp.flights('f.origin, f.delay avg, f.* count = n', '{"top": {"n": 2, "by": "n"},
		"time_series": {"table_id": "f", "date_column": "departed_at", "interval": "month",
			"fill_missing": false, "range": {"start": "2001-02-01", "end": "2001-04-30"}}}'),
	$$WITH r AS (SELECT * FROM pg_temp.ca WHERE departed_at >= '2001-02-01'
			AND departed_at < '2001-05-01'),
		o AS (SELECT origin, row_number() OVER (ORDER BY count(*) DESC, origin) AS i
			FROM r GROUP BY 1)
	SELECT date_trunc('month', departed_at), CASE WHEN i <= 2 THEN origin ELSE 'Other' END,
		avg(delay), count(*)
	FROM r JOIN o USING (origin) GROUP BY 1, 2, least(i, 3) ORDER BY 1, 2$$, true);
SELECT same('filled: every line has every bucket',
	pg_temp.flights('f.origin, f.* count = n', '{"top": {"n": 2, "by": "n"},
		"time_series": {"table_id": "f", "date_column": "departed_at", "interval": "hour",
			"range": {"start": "2001-02-01", "end": "2001-02-01"}}}'),
	$$WITH o AS (SELECT origin, row_number() OVER (ORDER BY count(*) DESC, origin) AS i
			FROM pg_temp.ca WHERE departed_at::date = '2001-02-01' GROUP BY 1),
		l AS (SELECT DISTINCT least(i, 3) AS i, CASE WHEN i <= 2 THEN origin ELSE 'Other' END
			FROM o)
	SELECT h, l."case", (SELECT count(*) FROM pg_temp.ca JOIN o USING (origin)
		WHERE least(o.i, 3) = l.i AND date_trunc('hour', departed_at) = h)
	FROM generate_series(timestamp '2001-02-01', '2001-02-01 23:00', '1 hour') AS h
	CROSS JOIN l ORDER BY 1, 2$$, true);
SELECT same('with totals and windows', pg_temp.flights('f.origin, f.* count = n',
		'{"top": {"n": 2, "by": "n"}, "totals": true, "windows": [{"alias": "p",
			"function": "percent_of_total", "of": "n"}]}'),
	$$WITH o AS (SELECT origin, row_number() OVER (ORDER BY count(*) DESC, origin) AS i
			FROM pg_temp.ca GROUP BY 1),
		g AS (SELECT CASE WHEN i <= 2 THEN origin ELSE 'Other' END AS origin, least(i, 3) AS i,
				count(*) AS n FROM pg_temp.ca JOIN o USING (origin) GROUP BY 1, 2)
	(SELECT origin, n, n * 100::numeric / (SELECT count(*) FROM pg_temp.ca), 0 FROM g ORDER BY i)
	UNION ALL SELECT NULL, count(*), count(*) * 100::numeric / count(*), 1 FROM pg_temp.ca$$);

-- ---- Nulls, types, names, joins ------------------------------------------------------------
SET LOCAL prismiq.tenant_id = 'acme';
SELECT same('null is a group of its own', def('o orders', 'o.status, o.* count = n',
		'{"top": {"n": 2, "by": "n"}}'),
	$$WITH o AS (SELECT status, row_number() OVER (ORDER BY count(*) DESC, status) AS i
		FROM orders WHERE tenant = 'acme' GROUP BY 1)
	SELECT CASE WHEN i <= 2 THEN o.status ELSE 'Other' END, count(*)
	FROM orders JOIN o ON o.status IS NOT DISTINCT FROM orders.status
	WHERE tenant = 'acme' GROUP BY least(i, 3), 1 ORDER BY least(i, 3)$$, true);
SELECT same('enums, dates and numbers become text', def('o orders',
		'o.channel, o.shipped, o.small, o.* count = n', '{"top": {"n": 3, "by": "n"}}'),
	$$WITH o AS (SELECT channel, shipped, small,
			row_number() OVER (ORDER BY count(*) DESC, channel, shipped, small) AS i
		FROM orders WHERE tenant = 'acme' GROUP BY 1, 2, 3)
	SELECT CASE WHEN i <= 3 THEN o.channel::text ELSE 'Other' END,
		CASE WHEN i <= 3 THEN o.shipped::text ELSE 'Other' END,
		CASE WHEN i <= 3 THEN o.small::text ELSE 'Other' END, count(*)
	FROM orders JOIN o ON (o.channel, o.shipped, o.small) IS NOT DISTINCT FROM
		(orders.channel, orders.shipped, orders.small)
	WHERE tenant = 'acme' GROUP BY least(i, 4), 1, 2, 3 ORDER BY least(i, 4)$$, true);
RESET ROLE;
CREATE TABLE public.stage_names (name text, tags text[], v int);
INSERT INTO public.stage_names VALUES ('Other', '{a}', 9), ('x', NULL, 5), ('y', '{}', 3),
	('z', '{a}', 2), (NULL, '{b}', 1);
GRANT SELECT ON public.stage_names TO app_user;
SELECT prismiq.prismiq_expose('public.stage_names', shared => true) \g /dev/null
SET LOCAL ROLE app_user;
SELECT same('a group that is called Other stays apart', def('s stage_names', 's.name, s.v sum = v',
		'{"top": {"n": 2, "by": "v"}}'),
	$$VALUES ('Other', 9), ('x', 5), ('Other', 6)$$, true);
SELECT same('arrays, null and empty', def('s stage_names', 's.tags, s.v sum = v',
		'{"top": {"n": 2, "by": "v"}}'),
	$$VALUES ('{a}', 11), (NULL, 5), ('Other', 4)$$, true);
SELECT same('what a join repeats counts once in the rest too',
	def('o orders, i items', 'i.product_id = p, o.amount sum = s, o.* count = n',
		'{"top": {"n": 2, "by": "s"}}', joins => 'i.order_id = o.id'),
	$$WITH r AS (SELECT DISTINCT i.product_id AS p, o.id, o.amount FROM orders o
		JOIN items i ON i.tenant = 'acme' AND i.order_id = o.id WHERE o.tenant = 'acme'),
	g AS (SELECT p, row_number() OVER (ORDER BY sum(amount) DESC NULLS LAST, p) AS i
		FROM r GROUP BY 1),
	k AS (SELECT DISTINCT least(i, 3) AS i, CASE WHEN i <= 2 THEN g.p::text ELSE 'Other' END AS p,
		id, amount FROM r JOIN g ON r.p IS NOT DISTINCT FROM g.p)
	SELECT p, sum(amount), count(*) FROM k GROUP BY i, p ORDER BY i$$, true);

-- ---- Another tenant ------------------------------------------------------------------------
SELECT is((SELECT sum((r ->> 1)::int)::text FROM jsonb_array_elements(prismiq_query(
		def('o orders', 'o.status, o.* count = n', '{"top": {"n": 1, "by": "n"}}'))::jsonb
		-> 'rows') AS r), count(*)::text, 'top and rest are the tenant''s rows')
FROM orders WHERE tenant = 'acme';

-- ---- Faults --------------------------------------------------------------------------------
SELECT is(faults(def('o orders', columns, jsonb_build_object('top', t))), expected, expected)
FROM (VALUES
	('o.status, o.* count = n', '{"n": 3, "by": "m"}'::jsonb,
	 'COLUMN_NOT_FOUND /top/by no column of the answer is called "m"'),
	('o.status, o.* count = n', '{"n": 3, "by": "status"}',
	 'INVALID_VALUE /top/by "status" is not an aggregate'),
	('o.* count = n', '{"n": 3, "by": "n"}',
	 'INVALID_VALUE /top "top" needs something to group by (Add a column without an aggregation.)'),
	('o.status, o.* count = n', '{"by": "n"}', 'MISSING_FIELD /top/n "n" is required'),
	('o.status, o.* count = n', '{"n": 3}', 'MISSING_FIELD /top/by "by" is required'),
	('o.status, o.* count = n', '{"n": 3, "by": "n", "rest": 1}',
	 'UNKNOWN_FIELD /top/rest unknown key "rest"')
	) AS v (columns, t, expected);
SELECT matches(faults(def('o orders', 'o.status, o.* count = n', '{"top": {"n": 0, "by": "n"}}')),
			   '^INVALID_VALUE /top/n ', 'n must be positive');

-- Instants as text are in the query's zone, not in the session's.
SET LOCAL TIME ZONE 'Asia/Tokyo';
SELECT is(prismiq_query(def('o orders', 'o.placed_at, o.* count = n',
		'{"top": {"n": 1, "by": "n"}}'),
	'{"timezone": "America/New_York"}')::jsonb #>> '{rows,0,0}',
	(SELECT (placed_at AT TIME ZONE 'America/New_York')::text FROM shop.orders
	 WHERE tenant = 'acme' GROUP BY placed_at ORDER BY count(*) DESC, placed_at LIMIT 1),
	'instants are text in the query''s zone');
RESET TIME ZONE;

-- Values that are equal and written in several ways are one group.
RESET ROLE;
CREATE TABLE public.written (n int PRIMARY KEY, x numeric);
INSERT INTO public.written VALUES (1, 1.0), (2, 1.00), (3, 2), (4, 3.0), (5, 3.000), (6, 3),
	(7, NULL);
GRANT SELECT ON public.written TO app_user;
SELECT FROM prismiq.prismiq_expose('public.written', shared => true);
SET LOCAL ROLE app_user;
SELECT is((SELECT jsonb_agg(jsonb_build_array(round((r ->> 0)::numeric), r -> 1)) FROM
		jsonb_array_elements(prismiq_query(def('w written', 'w.x, w.* count = n',
			'{"top": {"n": 2, "by": "n"}, "order_by": [{"alias": "n", "direction": "desc"}],
			"qualify": [{"column": "x", "operator": "neq", "value": "Other"}]}'))::jsonb -> 'rows')
		AS r), '[[3, 3], [1, 2]]', 'equal values that are written in several ways are one group');
SELECT * FROM finish();
ROLLBACK;
