-- What people who keep books ask of a bank: the tables are those of pgbench (test/data/README.md).
-- The tenant is branch 2, written out in each statement by hand.  The history has no key, its
-- times no zone, and some of its accounts are another branch's.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
\set data :dir /data/pgbench.sql
\o /dev/null
\i :data
\o
SET LOCAL search_path = oracle, prismiq, bank, public;
SET LOCAL prismiq.tenant_id = '2';
SET LOCAL ROLE app_user;

-- A definition of the history, with tellers where these are named.
CREATE FUNCTION pg_temp.of(columns text, rest jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT def('h pgbench_history' || CASE WHEN columns LIKE '%t.%' THEN ', t pgbench_tellers'
			   ELSE '' END, columns, rest)
$$;
-- A series of it.
CREATE FUNCTION pg_temp.series(columns text, series jsonb, rest jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT pg_temp.of(columns, rest || jsonb_build_object('time_series',
		'{"table_id": "h", "date_column": "mtime"}'::jsonb || series))
$$;

-- ---- Balances ---------------------------------------------------------------------------
SELECT same('each teller, the idle too: what went in and out, and the balance that is kept',
	def('t pgbench_tellers, h pgbench_history', 't.tid', '{"columns": [
			{"table_id": "t", "column": "tid"}, {"table_id": "t", "column": "tbalance"},
			{"column": "paid_in"}, {"column": "paid_out"},
			{"table_id": "h", "column": "*", "aggregation": "count", "alias": "moves"}],
		"calculated_fields": [{"name": "paid_in", "expression": "sum_if([delta], [delta] > 0)"},
			{"name": "paid_out", "expression": "sum_if(-[delta], [delta] < 0)"}],
		"order_by": [{"table_id": "t", "column": "tid"}]}', 't.tid = h.tid LEFT'),
	$$SELECT t.tid, tbalance, sum(delta) FILTER (WHERE delta > 0),
		sum(-delta) FILTER (WHERE delta < 0), count(h.tid)
	FROM pgbench_tellers t LEFT JOIN pgbench_history h ON h.tid = t.tid AND h.bid = 2
	WHERE t.bid = 2 GROUP BY t.tid ORDER BY 1$$, true);
SELECT same('accounts whose balance is not what their history at this branch says',
	def('a pgbench_accounts, h pgbench_history', 'a.aid, a.abalance', '{"calculated_fields":
			[{"name": "off", "expression": "max([a.abalance]) - sum([h.delta])"}],
		"columns": [{"table_id": "a", "column": "aid"}, {"column": "off"}],
		"having": [{"column": "off", "operator": "neq", "value": 0}]}', 'a.aid = h.aid'),
	$$SELECT a.aid, a.abalance - sum(delta) FROM pgbench_accounts a JOIN pgbench_history h
		ON h.aid = a.aid AND h.bid = 2 WHERE a.bid = 2
	GROUP BY a.aid HAVING a.abalance <> sum(delta)$$);
SELECT same('three facts of a branch at once: its tellers, its accounts, its history',
	def('b pgbench_branches, t pgbench_tellers, a pgbench_accounts, h pgbench_history',
		'b.bid, b.bbalance max, t.tbalance sum, t.* count = tellers, a.abalance sum,
		a.* count = accounts, h.delta sum, h.* count = moves',
		joins => 'b.bid = t.bid,b.bid = a.bid,b.bid = h.bid'),
	$$SELECT bid, bbalance, (SELECT sum(tbalance) FROM pgbench_tellers WHERE bid = 2),
		(SELECT count(*) FROM pgbench_tellers WHERE bid = 2),
		(SELECT sum(abalance) FROM pgbench_accounts WHERE bid = 2),
		(SELECT count(*) FROM pgbench_accounts WHERE bid = 2),
		(SELECT sum(delta) FROM pgbench_history WHERE bid = 2),
		(SELECT count(*) FROM pgbench_history WHERE bid = 2)
	FROM pgbench_branches WHERE bid = 2$$);
SELECT same('accounts that never moved', def('a pgbench_accounts, h pgbench_history',
		'a.* count, a.aid min, a.aid max', filters(cond('h.delta is_not_null',
			more => '{"scope": "none"}')), 'a.aid = h.aid'),
	$$SELECT count(*), min(aid), max(aid) FROM pgbench_accounts a WHERE bid = 2 AND NOT EXISTS
		(SELECT FROM pgbench_history h WHERE h.bid = 2 AND h.aid = a.aid)$$);
SELECT same('what was moved on accounts of other branches', def(
		'h pgbench_history, a pgbench_accounts', 'h.* count, h.delta sum, h.aid count_distinct',
		filters(cond('a.aid is_null')), 'h.aid = a.aid LEFT'),
	$$SELECT count(*), sum(delta), count(DISTINCT aid) FROM pgbench_history h WHERE bid = 2
		AND NOT EXISTS (SELECT FROM pgbench_accounts a WHERE a.bid = 2 AND a.aid = h.aid)$$);
SELECT same('accounts by size of their balance, and each size''s share', def(
		'a pgbench_accounts', 'a.*', '{"calculated_fields": [{"name": "size", "expression":
			"case([abalance] == 0, ''none'', abs([abalance]) < 2000, ''small'', ''large'')"}],
		"columns": [{"column": "size"}, {"table_id": "a", "column": "*", "aggregation": "count",
			"alias": "n"}, {"table_id": "a", "column": "abalance", "aggregation": "sum"}],
		"windows": [{"alias": "share", "function": "percent_of_total", "of": "n"}]}'),
	$$SELECT CASE WHEN abalance = 0 THEN 'none' WHEN abs(abalance) < 2000 THEN 'small'
			ELSE 'large' END, count(*), sum(abalance),
		100 * count(*)::numeric / sum(count(*)) OVER ()
	FROM pgbench_accounts WHERE bid = 2 GROUP BY 1$$);

-- ---- Over time --------------------------------------------------------------------------
SELECT same('by month: in, out, net, and the net so far', pg_temp.series('h.delta sum = net',
		'{"interval": "month", "alias": "month"}', '{"columns": [
			{"table_id": "h", "column": "delta", "aggregation": "sum", "alias": "in", "filters":
				[{"table_id": "h", "column": "delta", "operator": "gt", "value": 0}]},
			{"table_id": "h", "column": "delta", "aggregation": "sum", "alias": "out", "filters":
				[{"table_id": "h", "column": "delta", "operator": "lt", "value": 0}]},
			{"table_id": "h", "column": "delta", "aggregation": "sum", "alias": "net"}],
		"windows": [{"alias": "so_far", "function": "running_total", "of": "net"}],
		"filters": [{"table_id": "h", "column": "mtime", "operator": "is_not_null"}]}'),
	$$SELECT date_trunc('month', mtime), sum(delta) FILTER (WHERE delta > 0),
		sum(delta) FILTER (WHERE delta < 0), sum(delta),
		sum(sum(delta)) OVER (ORDER BY date_trunc('month', mtime))
	FROM pgbench_history WHERE bid = 2 AND mtime IS NOT NULL GROUP BY 1 ORDER BY 1$$, true);
SELECT same('weeks from Sunday, the empty ones before too, and the change from week to week',
	pg_temp.series('h.delta sum = net, h.* count = n', '{"interval": "week",
			"week_start": "sunday", "range": {"start": "2023-10-25", "end": "2023-12-02"}}',
		'{"windows": [{"alias": "change", "function": "difference", "of": "n"},
			{"alias": "percent", "function": "percent_change", "of": "n"}]}'),
	$$SELECT w, coalesce(sum(delta), 0), count(delta), count(delta) - lag(count(delta))
			OVER (ORDER BY w), 100 * (count(delta) - lag(count(delta)) OVER (ORDER BY w))::numeric
			/ nullif(lag(count(delta)) OVER (ORDER BY w), 0)
	FROM generate_series(timestamp '2023-10-22', '2023-11-26', '7 days') AS w
		LEFT JOIN pgbench_history ON bid = 2 AND mtime >= w AND mtime < w + interval '7 days'
			AND mtime >= '2023-10-25' AND mtime < '2023-12-03'
	GROUP BY w ORDER BY w$$, true);
SELECT same('quarters of a year that begins in December', pg_temp.series('h.delta sum = net',
		'{"interval": "quarter", "fiscal": true}'), $$SELECT q, sum(delta)
	FROM (SELECT date_trunc('quarter', mtime - interval '2 months') + interval '2 months' AS q,
		delta FROM pgbench_history WHERE bid = 2 AND mtime IS NOT NULL) AS x
	GROUP BY q ORDER BY q$$, true)
FROM set_config('prismiq.fiscal_year_start_month', '12', true);
SELECT same('January against December, each teller', pg_temp.of('t.tid, h.delta sum = net',
		'{"filters": [{"table_id": "h", "column": "mtime", "operator": "between",
			"value": ["2024-01-01", "2024-01-31"]}], "compare": {"period": "previous_month"},
		  "order_by": [{"alias": "tid"}]}'),
	$$WITH m AS (SELECT tid, date_trunc('month', mtime) AS at, sum(delta) AS v
		FROM pgbench_history JOIN pgbench_tellers t USING (tid)
		WHERE pgbench_history.bid = 2 AND t.bid = 2 GROUP BY 1, 2)
	SELECT a.tid, a.v, b.v, (a.v - b.v)::numeric,
		(a.v - b.v)::numeric * 100 / nullif(b.v, 0)
	FROM m a LEFT JOIN m b ON b.tid = a.tid AND b.at = '2023-12-01'
	WHERE a.at = '2024-01-01' ORDER BY 1$$, true);
SELECT same('hours of the day by what is moved in them', pg_temp.of('h.delta sum',
		'{"calculated_fields": [{"name": "hour_of_day", "expression": "hour([mtime])"},
			{"name": "volume", "expression": "sum(abs([delta]))"}],
		"columns": [{"column": "hour_of_day"}, {"column": "volume"}],
		"windows": [{"alias": "share", "function": "percent_of_total", "of": "volume"},
			{"alias": "place", "function": "dense_rank", "of": "volume"}],
		"order_by": [{"alias": "hour_of_day", "nulls": "first"}]}'),
	$$SELECT extract(hour FROM mtime)::int, sum(abs(delta)),
		100 * sum(abs(delta))::numeric / sum(sum(abs(delta))) OVER (),
		dense_rank() OVER (ORDER BY sum(abs(delta)) DESC)
	FROM pgbench_history WHERE bid = 2 GROUP BY 1 ORDER BY 1 NULLS FIRST$$, true);
SELECT same('days on which nothing moved', pg_temp.series('h.* count = n', '{"interval": "day",
			"range": {"start": "2023-11-01", "end": "2023-11-30"}}', '{"qualify":
			[{"column": "n", "operator": "eq", "value": 0}]}'),
	$$SELECT d, 0 FROM generate_series(timestamp '2023-11-01', '2023-11-30', '1 day') AS d
	WHERE NOT EXISTS (SELECT FROM pgbench_history WHERE bid = 2 AND mtime::date = d)
	ORDER BY d$$, true);
SELECT same('tellers by month, a column a month, with a total', pg_temp.of('h.tid, h.delta sum',
		'{"columns": [{"table_id": "h", "column": "tid"}, {"table_id": "h", "column": "mtime",
			"date_trunc": "month", "alias": "month"}, {"table_id": "h", "column": "delta",
			"aggregation": "sum", "alias": "net"}],
		"pivot": {"column": "month", "value": "net", "values": ["2023-12-01", "2024-01-01"]},
		"totals": ["tid"]}'),
	$$SELECT tid, grouping(tid), sum(delta) FILTER (WHERE date_trunc('month', mtime) =
			'2023-12-01'), sum(delta) FILTER (WHERE date_trunc('month', mtime) = '2024-01-01')
	FROM pgbench_history WHERE bid = 2 GROUP BY ROLLUP (tid) ORDER BY grouping(tid), tid$$, true);

-- ---- Who, and how much ------------------------------------------------------------------
SELECT same('the three tellers that move most, and the rest', pg_temp.of('t.tid, h.* count',
		'{"calculated_fields": [{"name": "volume", "expression": "sum(abs([h.delta]))"}],
		"columns": [{"table_id": "t", "column": "tid"}, {"column": "volume"},
			{"table_id": "h", "column": "aid", "aggregation": "count_distinct"}],
		"top": {"n": 3, "by": "volume"}}'),
	$$WITH x AS (SELECT t.tid, abs(delta) AS v, aid FROM pgbench_history h
			JOIN pgbench_tellers t ON t.tid = h.tid AND t.bid = 2 WHERE h.bid = 2),
		best AS (SELECT tid, row_number() OVER (ORDER BY sum(v) DESC, tid) AS n FROM x GROUP BY tid)
	SELECT CASE WHEN n <= 3 THEN tid::text ELSE 'Other' END, sum(v), count(DISTINCT aid)
	FROM x JOIN best USING (tid) GROUP BY 1, least(n, 4) ORDER BY least(n, 4)$$, true);
SELECT same('who makes up the first half of all that is moved', pg_temp.of('h.tid',
		'{"calculated_fields": [{"name": "volume", "expression": "sum(abs([delta]))"}],
		"columns": [{"table_id": "h", "column": "tid"}, {"column": "volume"}],
		"windows": [{"alias": "so_far", "function": "cumulative_percent", "of": "volume",
			"order_by": [{"alias": "volume", "direction": "DESC"}]}],
		"qualify": [{"column": "so_far", "operator": "lte", "value": 50}]}'),
	$$SELECT * FROM (SELECT tid, sum(abs(delta)), 100 * sum(sum(abs(delta)))
			OVER (ORDER BY sum(abs(delta)) DESC, tid) / sum(sum(abs(delta))) OVER () AS so_far
		FROM pgbench_history WHERE bid = 2 GROUP BY tid) AS q WHERE so_far <= 50$$);
SELECT same('the spread of what each teller moves', pg_temp.of('h.tid, h.delta median,
		h.delta stddev, h.delta min, h.delta max, h.delta percentile = p',
		'{"having": [{"table_id": "h", "column": "delta", "aggregation": "avg", "operator": "gt",
			"value": 150}]}'::jsonb || '{"columns": [{"table_id": "h", "column": "tid"},
			{"table_id": "h", "column": "delta", "aggregation": "median"},
			{"table_id": "h", "column": "delta", "aggregation": "percentile",
				"args": {"fraction": 0.99}}, {"table_id": "h", "column": "delta", "aggregation":
				"stddev"}, {"table_id": "h", "column": "delta", "aggregation": "variance"}]}'),
	$$SELECT tid, percentile_cont(0.5) WITHIN GROUP (ORDER BY delta),
		percentile_cont(0.99) WITHIN GROUP (ORDER BY delta), stddev(delta), variance(delta)
	FROM pgbench_history WHERE bid = 2 GROUP BY tid HAVING avg(delta) > 150$$);
SELECT same('the largest movement of each teller, and when it was', pg_temp.of(
		'h.tid, h.delta, h.mtime', '{"windows": [{"alias": "place", "function": "row_number",
			"partition_by": ["tid"], "order_by": [{"alias": "delta", "direction": "DESC"},
			{"alias": "mtime"}]}],
		"qualify": [{"column": "place", "operator": "eq", "value": 1}]}'),
	$$SELECT * FROM (SELECT tid, delta, mtime, row_number() OVER (PARTITION BY tid
			ORDER BY delta DESC, mtime) AS place FROM pgbench_history WHERE bid = 2) AS q
	WHERE place = 1$$);
SELECT same('the first and last movement of the busiest accounts', pg_temp.of(
		'h.aid, h.delta first, h.delta last, h.mtime max, h.* count = n',
		'{"having": [{"column": "n", "operator": "gte", "value": 6}]}'),
	$$SELECT aid, (array_agg(delta ORDER BY mtime) FILTER (WHERE mtime IS NOT NULL))[1],
		(array_agg(delta ORDER BY mtime DESC) FILTER (WHERE mtime IS NOT NULL))[1],
		max(mtime), count(*)
	FROM pgbench_history WHERE bid = 2 GROUP BY aid HAVING count(*) >= 6$$);
SELECT same('how long accounts rest between two movements', pg_temp.of('h.aid, h.mtime',
		'{"filters": [{"table_id": "h", "column": "mtime", "operator": "is_not_null"}],
		"windows": [{"alias": "rested", "function": "difference", "of": "mtime",
			"partition_by": ["aid"], "order_by": [{"alias": "mtime"}]}],
		"order_by": [{"alias": "rested", "direction": "DESC", "nulls": "last"},
			{"alias": "aid"}, {"alias": "mtime"}], "limit": 10}'),
	$$SELECT aid, mtime, mtime - lag(mtime) OVER (PARTITION BY aid ORDER BY mtime) AS rested
	FROM pgbench_history WHERE bid = 2 AND mtime IS NOT NULL
	ORDER BY rested DESC NULLS LAST, aid, mtime LIMIT 10$$, true);
SELECT same('accounts in the red by all they did here: what moved them, page two', pg_temp.of(
		'h.aid, h.mtime, h.delta', '{"order_by": [{"alias": "mtime", "direction": "DESC",
			"nulls": "last"}], "limit": 15, "offset": 15}'::jsonb
		|| filters(cond('h.aid in_query', jsonb_build_object('query', pg_temp.of('h.aid',
			'{"having": [{"table_id": "h", "column": "delta", "aggregation": "sum",
				"operator": "lt", "value": -9000}]}'))))),
	$$SELECT aid, mtime, delta FROM pgbench_history WHERE bid = 2 AND aid IN (SELECT aid
		FROM pgbench_history WHERE bid = 2 GROUP BY aid HAVING sum(delta) < -9000)
	ORDER BY mtime DESC NULLS LAST LIMIT 15 OFFSET 15$$, true);
SELECT same('what the average account moves at each teller', def('x x', 'x.tid', jsonb_build_object(
		'tables', jsonb_build_array(jsonb_build_object('id', 'x', 'query',
			pg_temp.of('h.tid, h.aid, h.delta sum = net, h.* count = n'))),
		'order_by', '[{"alias": "tid"}]'::jsonb, 'columns', '[{"table_id": "x", "column": "tid"},
			{"table_id": "x", "column": "net", "aggregation": "avg"}, {"table_id": "x",
			"column": "n", "aggregation": "max"}, {"table_id": "x", "column": "*",
			"aggregation": "count", "alias": "accounts"}]'::jsonb)),
	$$SELECT tid, avg(net), max(n), count(*) FROM (SELECT tid, aid, sum(delta) AS net,
		count(*) AS n FROM pgbench_history WHERE bid = 2 GROUP BY 1, 2) AS x
	GROUP BY 1 ORDER BY 1$$, true);
SELECT same('round sums, and what has no time, by a field of blanks', def('a pgbench_accounts,
		h pgbench_history', 'h.* count', '{"calculated_fields": [
			{"name": "round", "expression": "[h.delta] % 100 == 0"},
			{"name": "dated", "expression": "if([h.mtime] is null, ''no date'', ''dated'')"}],
		"columns": [{"column": "dated"}, {"column": "round"}, {"table_id": "h", "column": "*",
			"aggregation": "count"}], "filters": [{"table_id": "a", "column": "filler",
			"operator": "eq", "value": ""}]}'),
	$$SELECT CASE WHEN mtime IS NULL THEN 'no date' ELSE 'dated' END, delta % 100 = 0, count(*)
	FROM pgbench_history h JOIN pgbench_accounts a ON a.aid = h.aid AND a.bid = 2
	WHERE h.bid = 2 AND a.filler = '' GROUP BY 1, 2$$);

SELECT * FROM finish();
