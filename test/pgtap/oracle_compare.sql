-- The period before, against statements written by a person.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

-- Days with a value each: 2022 to 2025, some of them missing, one of them zero.
RESET ROLE;
CREATE TABLE public.stage_days (d date PRIMARY KEY, at timestamptz, g text, v int);
INSERT INTO public.stage_days
SELECT d, d + time '12:00', CASE n % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'b' END,
	CASE WHEN d = '2023-03-05' THEN 0 ELSE n END
FROM generate_series(date '2022-01-01', '2025-12-31', '1 day') WITH ORDINALITY AS u (d, n)
WHERE n % 17 <> 0;
GRANT SELECT ON public.stage_days TO app_user;
SELECT prismiq.prismiq_expose('public.stage_days', shared => true) \g /dev/null
SET LOCAL ROLE app_user;

-- A series of the days compared with a period.
CREATE FUNCTION pg_temp.days(period jsonb, series jsonb, columns text = 's.v sum = v',
							 rest jsonb = '{}')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT def('s stage_days', columns, jsonb_build_object('compare',
		jsonb_build_object('period', period), 'time_series',
		'{"table_id": "s", "date_column": "d", "interval": "day", "alias": "b"}'::jsonb || series)
		|| rest)
$$;

SELECT same('a day and the same day of the year before; no day before the 29th of February',
	pg_temp.days('"previous_year"', '{"range": {"start": "2024-02-25", "end": "2024-03-04"},
		"fill": "null"}'),
	$$SELECT b::date, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / nullif(p.v, 0)
	FROM generate_series(timestamp '2024-02-25', '2024-03-04', '1 day') AS b
	LEFT JOIN public.stage_days n ON n.d = b
	LEFT JOIN public.stage_days p ON p.d = make_date(2023, extract(month FROM b)::int,
		CASE WHEN b <> '2024-02-29' THEN extract(day FROM b)::int ELSE 28 END)
		AND b <> '2024-02-29'
	ORDER BY b$$, true);
SELECT is(prismiq_query(pg_temp.days('"previous_year"',
		'{"range": {"start": "2024-03-05", "end": "2024-03-05"}}'))::jsonb #> '{rows,0}',
	jsonb_build_array('2024-03-05', v, 0, v, NULL), 'a true zero is a value, and no base')
FROM public.stage_days WHERE d = '2024-03-05';
SELECT same('months of unequal length: a day that the month before lacks has none',
	pg_temp.days('"previous_month"', '{"range": {"start": "2023-03-01", "end": "2023-03-31"},
		"fill": "null"}'),
	$$SELECT b::date, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / nullif(p.v, 0)
	FROM generate_series(timestamp '2023-03-01', '2023-03-31', '1 day') AS b
	LEFT JOIN public.stage_days n ON n.d = b
	LEFT JOIN public.stage_days p ON p.d >= '2023-02-01' AND p.d < '2023-03-01'
		AND extract(day FROM p.d) = extract(day FROM b)
	ORDER BY b$$, true);
SELECT same('whole months and the year before, the leap day included',
	pg_temp.days('"previous_year"', '{"interval": "month",
		"range": {"start": "2025-01-01", "end": "2025-04-30"}}', 's.v sum = v, s.* count = n'),
	$$WITH m AS (SELECT date_trunc('month', d) AS m, sum(v) AS v, count(*) AS n
		FROM public.stage_days GROUP BY 1)
	SELECT n.m::date, n.v, n.n, p.v, n.v - p.v, (n.v - p.v) * 100.0 / p.v,
		p.n, n.n - p.n, (n.n - p.n) * 100.0 / p.n
	FROM m AS n JOIN m AS p ON p.m = n.m - interval '1 year'
	WHERE n.m >= '2025-01-01' AND n.m < '2025-05-01' ORDER BY 1$$, true);
SELECT same('the period before of a range: as many days',
	pg_temp.days('"previous_period"', '{"range": {"start": "2024-03-01", "end": "2024-03-10"},
		"fill": "null"}'),
	$$SELECT b::date, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / nullif(p.v, 0)
	FROM generate_series(timestamp '2024-03-01', '2024-03-10', '1 day') AS b
	LEFT JOIN public.stage_days n ON n.d = b
	LEFT JOIN public.stage_days p ON p.d = b - interval '10 days' ORDER BY b$$, true);
SELECT same('of whole months by month: as many months',
	pg_temp.days('"previous_period"', '{"interval": "month",
		"range": {"start": "2024-02-01", "end": "2024-03-31"}}'),
	$$WITH m AS (SELECT date_trunc('month', d) AS m, sum(v) AS v FROM public.stage_days GROUP BY 1)
	SELECT n.m::date, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / p.v
	FROM m AS n JOIN m AS p ON p.m = n.m - interval '2 months'
	WHERE n.m >= '2024-02-01' AND n.m < '2024-04-01' ORDER BY 1$$, true);
SELECT same('the range of the filters, and other filters, hold for both',
	pg_temp.days('"previous_week"', '{"fill": "null"}', 's.v sum = v', filters(
		cond('s.d gte', '"2024-05-06"'), cond('s.d lt', '"2024-05-13"'), cond('s.g eq', '"a"'))),
	$$SELECT b::date, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / nullif(p.v, 0)
	FROM generate_series(timestamp '2024-05-06', '2024-05-12', '1 day') AS b
	LEFT JOIN public.stage_days n ON n.d = b AND n.g = 'a'
	LEFT JOIN public.stage_days p ON p.d = b - interval '7 days' AND p.g = 'a' ORDER BY b$$, true);
SELECT same('an offset in words, by lines, null among them',
	pg_temp.days('{"offset": "3 days"}', '{"range": {"start": "2024-06-01", "end": "2024-06-09"},
		"fill": "null"}', 's.g, s.v sum = v'),
	$$WITH l AS (SELECT DISTINCT g FROM public.stage_days
		WHERE d BETWEEN '2024-06-01' AND '2024-06-09')
	SELECT b::date, l.g, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / nullif(p.v, 0)
	FROM generate_series(timestamp '2024-06-01', '2024-06-09', '1 day') AS b CROSS JOIN l
	LEFT JOIN public.stage_days n ON n.d = b AND n.g IS NOT DISTINCT FROM l.g
	LEFT JOIN public.stage_days p ON p.d = b - interval '3 days' AND p.g IS NOT DISTINCT FROM l.g
	ORDER BY b, l.g$$, true);
SELECT same('without a range: the first year has none before it',
	pg_temp.days('"previous_year"', '{"interval": "quarter"}'),
	$$WITH m AS (SELECT date_trunc('quarter', d) AS m, sum(v) AS v FROM public.stage_days
		GROUP BY 1)
	SELECT n.m::date, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / p.v
	FROM m AS n LEFT JOIN m AS p ON p.m = n.m - interval '1 year' ORDER BY 1$$, true);
SELECT same('gaps: by time, not by row', pg_temp.days('"previous_week"',
		'{"range": {"start": "2022-01-10", "end": "2022-02-20"}, "fill_missing": false}'),
	$$SELECT n.d, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / nullif(p.v, 0)
	FROM public.stage_days n LEFT JOIN public.stage_days p ON p.d = n.d - 7
	WHERE n.d BETWEEN '2022-01-10' AND '2022-02-20' ORDER BY 1$$, true);
SELECT same('local days across a change of clocks',
	def('s stage_days', 's.v sum = v', '{"compare": {"period": "previous_week"},
		"time_series": {"table_id": "s", "date_column": "at", "interval": "day", "fill": "null",
			"timezone": "America/New_York",
			"range": {"start": "2024-03-08", "end": "2024-03-18"}}}'),
	$$SELECT b AT TIME ZONE 'America/New_York', n.v, p.v, n.v - p.v,
		(n.v - p.v) * 100.0 / nullif(p.v, 0)
	FROM generate_series(timestamp '2024-03-08', '2024-03-18', '1 day') AS b
	LEFT JOIN public.stage_days n ON (n.at AT TIME ZONE 'America/New_York')::date = b
	LEFT JOIN public.stage_days p ON (p.at AT TIME ZONE 'America/New_York')::date
		= b - interval '7 days' ORDER BY b$$, true);

-- ---- Without a series ----------------------------------------------------------------------
CREATE FUNCTION pg_temp.groups(columns text, rest jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT def('s stage_days', columns, filters(cond('s.d between',
		'["2024-02-01", "2024-02-29"]')) || rest)
$$;
CREATE VIEW pg_temp.february AS SELECT g, sum(v) AS v, count(*) AS n, min(d) AS f, max(g) AS t
	FROM public.stage_days WHERE d >= '2024-02-01' AND d < '2024-03-01' GROUP BY 1;
CREATE VIEW pg_temp.before AS SELECT g, sum(v) AS v, count(*) AS n, min(d) AS f, max(g) AS t
	FROM public.stage_days WHERE d >= '2023-02-01' AND d < '2023-03-01' GROUP BY 1;
GRANT SELECT ON pg_temp.february, pg_temp.before TO app_user;
SELECT same('group by group, null among them',
	pg_temp.groups('s.g, s.v sum = v', '{"compare": {"period": "previous_year"}}'),
	$$SELECT n.g, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / p.v
	FROM pg_temp.february n LEFT JOIN pg_temp.before p ON p.g IS NOT DISTINCT FROM n.g$$);
SELECT same('one number', pg_temp.groups('s.* count = n',
		'{"compare": {"period": "previous_year"}}'),
	$$SELECT n, p, n - p, (n - p) * 100.0 / p FROM (SELECT (SELECT sum(n) FROM pg_temp.february)
		AS n, (SELECT sum(n) FROM pg_temp.before) AS p) AS q$$);
SELECT same('dates have a difference, texts only what was',
	pg_temp.groups('s.g, s.d min = f, s.g max = t', '{"compare": {"period": "previous_year"}}'),
	$$SELECT n.g, n.f, n.t, p.f, n.f - p.f, p.t
	FROM pg_temp.february n LEFT JOIN pg_temp.before p ON p.g IS NOT DISTINCT FROM n.g$$);
SELECT same('with totals, windows and qualify over what it adds',
	pg_temp.groups('s.g, s.v sum = v', '{"compare": {"period": "previous_year"}, "totals": true,
		"windows": [{"alias": "r", "function": "rank", "of": "v_change"}],
		"qualify": [{"column": "v_previous", "operator": "gt", "value": 0}]}'),
	$$WITH q AS (SELECT n.g, n.v, p.v AS w FROM pg_temp.february n
		JOIN pg_temp.before p ON p.g IS NOT DISTINCT FROM n.g)
	SELECT g, v, rank() OVER (ORDER BY v - w DESC), w, v - w, (v - w) * 100.0 / w, 0 FROM q
	UNION ALL SELECT NULL, sum(v), 1, sum(w), sum(v) - sum(w),
		(sum(v) - sum(w)) * 100.0 / sum(w), 1 FROM q$$);
SET LOCAL prismiq.tenant_id = 'CA';
SELECT same('with the rest, which has all others',
	def('f flights', 'f.origin, f.* count = n', '{"compare": {"period": "previous_month"},
		"top": {"n": 2, "by": "n"}}' || filters(cond('f.departed_at between',
			'["2001-04-01", "2001-04-30"]'))),
	$$WITH o AS (SELECT origin, row_number() OVER (ORDER BY count(*) DESC, origin) AS i
		FROM public.flights WHERE state = 'CA' AND departed_at >= '2001-04-01'
		AND departed_at < '2001-05-01' GROUP BY 1),
	a AS (SELECT least(coalesce(i, 3), 3) AS i,
			CASE WHEN i <= 2 THEN f.origin ELSE 'Other' END AS o,
			count(*) FILTER (WHERE departed_at >= '2001-04-01') AS n,
			count(*) FILTER (WHERE departed_at < '2001-04-01') AS p
		FROM public.flights f LEFT JOIN o USING (origin) WHERE state = 'CA'
		AND departed_at >= '2001-03-01' AND departed_at < '2001-05-01' GROUP BY 1, 2)
	SELECT o, n, p, n - p, (n - p) * 100.0 / p FROM a ORDER BY i$$, true);
SET LOCAL prismiq.tenant_id = 'acme';
SELECT same('what a join repeats counts once before too',
	def('o orders, i items', 'o.amount sum = s', '{"compare": {"period": "previous_month"}}'
		|| filters(cond('o.placed_at between', '["2024-02-01", "2024-02-29"]'),
				   cond('i.quantity gt', '0')), joins => 'i.order_id = o.id'),
	$$WITH q AS (SELECT (SELECT sum(amount) FROM orders o WHERE tenant = 'acme'
			AND placed_at >= s AND placed_at < s + interval '1 month' AND EXISTS
			(SELECT FROM items i WHERE i.tenant = 'acme' AND i.order_id = o.id AND quantity > 0))
			AS v, s FROM (VALUES (timestamptz '2024-02-01'), ('2024-01-01')) AS m (s))
	SELECT n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / p.v FROM q AS n, q AS p WHERE n.s > p.s$$);

-- ---- Faults --------------------------------------------------------------------------------
SELECT is(faults(d), expected, expected) FROM (VALUES
	(pg_temp.days('"previous_period"', '{}'),
	 'INVALID_TIME_SERIES /compare/period the period before is only known when the range is'
	 || ' (Give the range a start and an end.)'),
	(def('s stage_days', 's.g, s.v sum', '{"compare": {"period": "previous_year"}}'),
	 'INVALID_VALUE /compare comparing needs a range of dates'
	 || ' (Filter a date column on both ends.)'),
	(pg_temp.groups('s.g, s.v sum', '{"compare": {"period": "previous_year"}}'
		|| filters(cond('s.d between', '["2024-02-01", "2024-02-29"]'),
				   cond('s.at between', '["2024-02-01", "2024-02-29"]'))),
	 'INVALID_VALUE /compare several date columns have a range to compare by'
	 || ' (Use a time series to say which.)'),
	(pg_temp.groups('s.g', '{"compare": {"period": "previous_year"}}'),
	 'INVALID_VALUE /compare comparing needs an aggregated column'
	 || ' (Give at least one column an aggregation.)'),
	(pg_temp.days('{"offset": "-1 day"}', '{}'),
	 'INVALID_VALUE /compare/period/offset an offset goes back in time, so it must be positive'
	 || ' (Examples: 7 days, 1 month.)'),
	(pg_temp.days('{"offset": "a while"}', '{}'),
	 'TYPE_MISMATCH /compare/period/offset "a while" is not a valid value of type interval'),
	(pg_temp.days('"previous_decade"', '{}'), NULL),
	(def('s stage_days', 's.v sum', '{"compare": {}}'),
	 'MISSING_FIELD /compare/period "period" is required')
	) AS v (d, expected) WHERE expected IS NOT NULL;
SELECT matches(faults(pg_temp.days('"previous_decade"', '{}')),
			   '^INVALID_VALUE /compare/period ', 'a period that is none');

SELECT * FROM finish();
ROLLBACK;
