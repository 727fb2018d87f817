-- The period before, against statements written by a person.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

-- Days with a value each: 2022 to 2025, some of them missing, one of them zero.
RESET ROLE;
CREATE TABLE public.stage_days (d date PRIMARY KEY, at timestamptz, g text, v int, r real);
INSERT INTO public.stage_days
SELECT d, d + time '12:00', CASE n % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'b' END,
	CASE WHEN d = '2023-03-05' THEN 0 ELSE n END, n / 4.0
FROM generate_series(date '2022-01-01', '2025-12-31', '1 day') WITH ORDINALITY AS u (d, n)
WHERE n % 17 <> 0;
GRANT SELECT ON public.stage_days TO app_user;
SELECT prismiq.prismiq_expose('public.stage_days', shared => true) \g /dev/null
CREATE TABLE public.stage_hours AS SELECT generate_series(timestamp '2024-05-01', '2024-05-03',
														  '20 minutes') AS at;
GRANT SELECT ON public.stage_hours TO app_user;
SELECT prismiq.prismiq_expose('public.stage_hours', shared => true) \g /dev/null
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

SELECT same('what is filled in a straight line is of another type than what it is made of',
	pg_temp.days('"previous_week"', '{"range": {"start": "2024-01-20", "end": "2024-02-20"},
		"fill": "linear"}', 's.r sum = r'),
	$$WITH filled AS (
		SELECT b::date AS b, coalesce(n.r::float8, (l.r::float8 + h.r::float8) / 2) AS r,
			p.r::float8 AS pr
		FROM generate_series(timestamp '2024-01-20', '2024-02-20', '1 day') AS b
		LEFT JOIN public.stage_days n ON n.d = b
		LEFT JOIN public.stage_days l ON l.d = b - interval '1 day'
		LEFT JOIN public.stage_days h ON h.d = b + interval '1 day'
		LEFT JOIN public.stage_days p ON p.d = b - interval '7 days')
	SELECT b, r, pr, r - pr, (r - pr) * 100 / pr FROM filled$$);
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
-- ---- Where the period before begins and ends -------------------------------------------------
-- What is counted before of a range, and what of days that are said.
CREATE FUNCTION pg_temp.counted(filters jsonb, period jsonb, measure jsonb = '{}')
RETURNS bigint LANGUAGE sql AS $$
	SELECT (prismiq_query(jsonb_build_object('tables', '[{"id": "s", "name": "stage_days"}]'::jsonb,
		'columns', jsonb_build_array(
			'{"table_id": "s", "column": "*", "aggregation": "count"}'::jsonb || measure),
		'filters', filters, 'compare', jsonb_build_object('period', period)))::jsonb
		#>> '{rows,0,1}')::bigint
$$;
CREATE FUNCTION pg_temp.days_of(low date, high date) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM public.stage_days WHERE d BETWEEN low AND high
$$;
CREATE FUNCTION pg_temp.between(col text, low text, high text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_array(cond(format('s.%s between', col), jsonb_build_array(low, high)))
$$;
SELECT is(pg_temp.counted(pg_temp.between(col, low, high), to_jsonb(period)),
		  pg_temp.days_of(from_day, to_day),
		  format('%s of %s to %s (%s)', period, low, high, col))
FROM (VALUES
	('2024-02-01', '2024-02-29', 'previous_month', date '2024-01-01', date '2024-01-31'),
	('2023-03-01', '2023-03-28', 'previous_month', '2023-02-01', '2023-02-28'),
	('2023-03-01', '2023-03-30', 'previous_month', '2023-02-01', '2023-02-28'),
	('2023-03-01', '2023-03-31', 'previous_month', '2023-02-01', '2023-02-28'),
	('2024-05-01', '2024-05-30', 'previous_month', '2024-04-01', '2024-04-30'),
	('2024-04-01', '2024-04-30', 'previous_month', '2024-03-01', '2024-03-31'),
	('2024-04-01', '2024-04-29', 'previous_month', '2024-03-01', '2024-03-29'),
	('2024-03-30', '2024-04-15', 'previous_month', '2024-02-29', '2024-03-15'),
	('2024-01-01', '2024-02-28', 'previous_year', '2023-01-01', '2023-02-28'),
	('2024-01-01', '2024-02-29', 'previous_year', '2023-01-01', '2023-02-28'),
	('2025-02-01', '2025-02-28', 'previous_year', '2024-02-01', '2024-02-29'),
	('2024-12-01', '2024-12-31', 'previous_month', '2024-11-01', '2024-11-30'),
	('2024-02-01', '2024-02-29', 'previous_week', '2024-01-25', '2024-02-22'),
	('2024-02-01', '2024-02-29', 'previous_period', '2024-01-03', '2024-01-31'),
	-- A day is compared with a day.
	('2024-02-29', '2024-02-29', 'previous_month', '2024-01-29', '2024-01-29'),
	('2025-02-28', '2025-02-28', 'previous_year', '2024-02-28', '2024-02-28'),
	('2024-03-31', '2024-03-31', 'previous_month', '2024-02-29', '2024-02-29')
	) AS v (low, high, period, from_day, to_day), unnest('{d,at}'::text[]) AS col;
SELECT is(pg_temp.counted(filters, '"previous_month"'), pg_temp.days_of(from_day, to_day), name)
FROM (VALUES
	('before a day is up to the day before it', jsonb_build_array(cond('s.d gte', '"2023-03-01"'),
		cond('s.d lt', '"2023-03-29"')), date '2023-02-01', date '2023-02-28'),
	('after a day is from the next', jsonb_build_array(cond('s.at gt', '"2024-02-29"'),
		cond('s.at lte', '"2024-03-30"')), '2024-02-01', '2024-02-29'),
	('not after the end of a month', jsonb_build_array(cond('s.d between',
		'["2024-02-10", "2024-04-20"]'), jsonb_build_object('not', cond('s.d gt', '"2024-02-29"'))),
		'2024-01-10', '2024-01-31'),
	('a range that is left out', jsonb_build_array(cond('s.d between',
		'["2024-02-01", "2024-02-29"]'), cond('s.d not_between', '["2024-02-10", "2024-02-29"]')),
		'2024-01-01', '2024-01-09'),
	('the last second of a month', jsonb_build_array(cond('s.at between',
		'["2024-02-01T00:00:00", "2024-02-29T23:59:59"]')), '2024-01-01', '2024-01-31'),
	('moments before the next month', jsonb_build_array(cond('s.at gte', '"2024-02-01T00:00:00"'),
		cond('s.at lt', '"2024-03-01T00:00:00"')), '2024-01-01', '2024-01-31'),
	('a list of days', jsonb_build_array(cond('s.d in', '["2024-02-29", "2024-02-28"]')),
		'2024-01-28', '2024-01-29'),
	('a list of days and moments', jsonb_build_array(cond('s.at in',
		'["2024-02-29", "2024-02-28"]')), '2024-01-28', '2024-01-29'),
	('days said by ranges', '[{"or": [{"and": [{"table_id": "s", "column": "d", "operator": "gte",
		"value": "2024-02-29"}, {"table_id": "s", "column": "d", "operator": "lt",
		"value": "2024-03-01"}]}, {"table_id": "s", "column": "d", "operator": "eq",
		"value": "2024-02-28"}]}]', '2024-01-28', '2024-01-29'),
	('no day of a range', '[{"table_id": "s", "column": "d", "operator": "between",
		"value": ["2024-02-27", "2024-02-29"]}, {"not": {"and": [{"table_id": "s", "column": "d",
		"operator": "gte", "value": "2024-02-29"}, {"table_id": "s", "column": "d",
		"operator": "lte", "value": "2024-02-29"}]}}, {"not": {"or": [{"table_id": "s",
		"column": "d", "operator": "gt", "value": "2024-02-28"}]}}]', '2024-01-27', '2024-01-28')
	) AS v (name, filters, from_day, to_day);
SELECT is(pg_temp.counted(pg_temp.between('at', '2024-03-10T00:00:00', '2024-03-16T23:59:59'),
		'"previous_period"'), pg_temp.days_of('2024-03-03', '2024-03-09'),
	'whole days before, though their last second is cut');

SELECT is(pg_temp.counted(filters, '"previous_period"'),
	pg_temp.days_of('2024-01-03', '2024-01-31'), 'a range by what it is not: ' || filters::text)
FROM (VALUES (jsonb_build_array(jsonb_build_object('not', cond('s.d lt', '"2024-02-01"')),
		jsonb_build_object('not', cond('s.d gt', '"2024-02-29"')))),
	(jsonb_build_array(jsonb_build_object('not', jsonb_build_object('or', jsonb_build_array(
		cond('s.d lt', '"2024-02-01"'), cond('s.d gte', '"2024-03-01"'))))))) AS v (filters);

-- Beirut skips the midnight that ends the range.
SELECT is(prismiq_compile(def('s stage_days', 's.* count', filters(cond('s.at between',
		'["2024-03-01", "2024-03-30"]')) || '{"compare": {"period": "previous_period"}}'),
		'{"timezone": "Asia/Beirut"}')::jsonb #>> '{params,2,value}', '2024-01-30T22:00:00+00:00',
	'whole days before, whatever clocks do');

-- A preset is moved as the range that it is today.
CREATE FUNCTION pg_temp.values_of(filters jsonb, period text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT prismiq_compile(def('s stage_days', 's.* count', filters || jsonb_build_object('compare',
		jsonb_build_object('period', period))))::jsonb -> 'params'
$$;
SELECT is(pg_temp.values_of(filters('{"table_id": "s", "column": "at", "operator": "date_preset"}'
			|| jsonb_build_object('value', preset)), period),
		pg_temp.values_of(filters(cond('s.at gte', to_jsonb(low::date)),
			cond('s.at lt', to_jsonb(high::date))), period),
	format('%s compared with %s', preset, period))
FROM (SELECT date_trunc('day', now() AT TIME ZONE 'UTC')) AS t (today),
	LATERAL (VALUES ('today', today, today + interval '1 day'),
		('last_7_days', today - interval '6 days', today + interval '1 day'),
		('last_30_days', today - interval '29 days', today + interval '1 day'),
		('this_month', date_trunc('month', today), today + interval '1 day'),
		('last_month', date_trunc('month', today) - interval '1 month', date_trunc('month', today)),
		('last_quarter', date_trunc('quarter', today) - interval '3 months',
			date_trunc('quarter', today)),
		('this_year', date_trunc('year', today), today + interval '1 day'),
		('last_year', date_trunc('year', today) - interval '1 year', date_trunc('year', today))
		) AS p (preset, low, high),
	unnest('{previous_period,previous_month,previous_year}'::text[]) AS period;

-- ---- A measure's own conditions --------------------------------------------------------------
SELECT is(pg_temp.counted(pg_temp.between(col, '2024-04-01', '2024-04-30'), '"previous_month"',
		jsonb_build_object('filters', jsonb_build_array(own))), pg_temp.days_of(from_day, to_day),
	'a condition of the measure moves too: ' || own::text)
FROM unnest('{d,at}'::text[]) AS col, LATERAL (VALUES
	(cond(format('s.%s gte', col), '"2024-04-16"'), date '2024-03-16', date '2024-03-31'),
	(cond(format('s.%s lt', col), '"2024-04-16"'), '2024-03-01', '2024-03-15'),
	(cond(format('s.%s between', col), '["2024-04-20", "2024-04-30"]'), '2024-03-20', '2024-03-31'),
	(cond(format('s.%s eq', col), '"2024-04-30"'), '2024-03-30', '2024-03-30')
	) AS v (own, from_day, to_day);
SELECT is(pg_temp.counted(pg_temp.between('d', '2024-04-01', '2024-04-30'), '"previous_month"',
		'{"filters": [{"and": [{"table_id": "s", "column": "d", "operator": "gte",
			"value": "2024-04-30"}, {"table_id": "s", "column": "d", "operator": "lte",
			"value": "2024-04-30"}]}]}'), pg_temp.days_of('2024-03-30', '2024-03-30'),
	'a measure of one day, in two conditions');
SELECT is((prismiq_query('{"tables": [{"id": "s", "name": "stage_days"}],
			"columns": [{"column": "own"}], "compare": {"period": "previous_month"}}'
		|| jsonb_build_object('calculated_fields', jsonb_build_array(jsonb_build_object(
			'name', 'own', 'expression', format(form, condition))))
		|| filters(cond('s.d between', '["2024-04-01", "2024-04-30"]')))::jsonb
		#>> '{rows,0,1}')::bigint,
	pg_temp.days_of(from_day, to_day), 'a condition in an expression: ' || format(form, condition))
FROM unnest('{count_if(%s),"sum(if(%s, 1, 0))","count(case when %s then [at] end)",
	"sum(ifnull(if(not (%s), 0, null), 1))"}'::text[]) AS form, (VALUES
	('[d] >= "2024-04-16"', date '2024-03-16', date '2024-03-31'),
	('"2024-04-15" >= [d]', '2024-03-01', '2024-03-15'),
	('[d] between "2024-04-05" and "2024-04-30"', '2024-03-05', '2024-03-31'),
	('[d] in ("2024-04-30", "2024-04-29")', '2024-03-29', '2024-03-30'),
	('not ([d] > "2024-04-15")', '2024-03-01', '2024-03-15'),
	('[d] >= date(2024, 4, 16)', '2024-03-16', '2024-03-31'),
	('[d] >= date_add("2024-04-23", -1, "week")', '2024-03-16', '2024-03-31'),
	('to_date("2024-04-16") <= date([d])', '2024-03-16', '2024-03-31'),
	('[d] >= "2024-04-30" and [d] < "2024-05-01"', '2024-03-30', '2024-03-30'),
	('[d] between "2024-04-30" and "2024-04-30"', '2024-03-30', '2024-03-30'),
	('[at] < "2024-04-16"', '2024-03-01', '2024-03-31'),
	('month([d]) = 3', '2024-03-01', '2024-03-31')) AS v (condition, from_day, to_day);

-- Of an instant, its day is the date column as well.
SELECT is((prismiq_query('{"tables": [{"id": "s", "name": "stage_days"}],
			"columns": [{"column": "own"}], "compare": {"period": "previous_month"}}'
		|| jsonb_build_object('calculated_fields', jsonb_build_array(jsonb_build_object(
			'name', 'own', 'expression', format('count_if(%s)', condition))))
		|| filters(cond('s.at between', '["2024-04-01", "2024-04-30"]')),
		'{"timezone": "America/New_York"}')::jsonb #>> '{rows,0,1}')::bigint,
	pg_temp.days_of(from_day, to_day), 'a condition on instants: ' || condition)
FROM (VALUES ('date([at]) >= "2024-04-16"', date '2024-03-16', date '2024-03-31'),
	('date([at]) in ("2024-04-30", "2024-04-29")', '2024-03-29', '2024-03-30'),
	('[at] < date_add(to_date("2024-04-01"), 15)', '2024-03-01', '2024-03-15'),
	('[at] >= "2024-04-16"', '2024-03-16', '2024-03-31')) AS v (condition, from_day, to_day);

-- Fields that groups are made of, or that choose rows.
CREATE FUNCTION pg_temp.by_field(field text, rest jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT '{"tables": [{"id": "s", "name": "stage_days"}], "columns":
			[{"table_id": "s", "column": "*", "aggregation": "count"}],
			"compare": {"period": "previous_month"}}' || jsonb_build_object('calculated_fields',
		jsonb_build_array(jsonb_build_object('name', 'f', 'expression', field))) || rest
$$;
SELECT same('a half of a month and the same half of the one before',
	pg_temp.by_field('if([d] >= "2024-04-16", "second", "first")', '{"columns": [{"column": "f"},
		{"table_id": "s", "column": "*", "aggregation": "count", "alias": "n"}]}'
		|| filters(cond('s.d between', '["2024-04-01", "2024-04-30"]'))),
	$$SELECT h, n, p, n - p, (n - p) * 100.0 / p FROM (VALUES
		('first', pg_temp.days_of('2024-04-01', '2024-04-15'),
			pg_temp.days_of('2024-03-01', '2024-03-15')),
		('second', pg_temp.days_of('2024-04-16', '2024-04-30'),
			pg_temp.days_of('2024-03-16', '2024-03-31'))) AS v (h, n, p)$$);
SELECT is((prismiq_query(pg_temp.by_field(field, jsonb_build_object('filters', jsonb_build_array(
		cond('s.at between', '["2024-04-01", "2024-04-30"]'), condition))))::jsonb
		#>> '{rows,0,1}')::bigint, pg_temp.days_of('2024-03-16', '2024-03-31'),
	'a filter on a field: ' || field)
FROM (VALUES ('[at] >= "2024-04-16"', '{"column": "f", "operator": "eq", "value": true}'::jsonb),
	('date([at])', '{"column": "f", "operator": "gte", "value": "2024-04-16"}'))
	AS v (field, condition);

-- ---- A condition in a join --------------------------------------------------------------------
SELECT same('the range in a join',
	def('c customers, o orders', 'c.id, o.id count = n', '{"compare": {"period": "previous_month"}}'
		|| filters(cond('o.placed_at between', '["2024-03-01", "2024-03-31"]',
			'{"scope": "join"}')),
		joins => 'o.customer_id = c.id RIGHT'),
	$$SELECT c.id, n, p, n - p, (n - p) * 100.0 / nullif(p, 0) FROM customers c, LATERAL
		(SELECT count(*) FILTER (WHERE placed_at >= '2024-03-01 00:00+00') AS n,
			count(*) FILTER (WHERE placed_at < '2024-03-01 00:00+00') AS p FROM orders o
		WHERE o.tenant = 'acme' AND o.customer_id = c.id AND placed_at >= '2024-02-01 00:00+00'
		AND placed_at < '2024-04-01 00:00+00') AS q WHERE c.tenant = 'acme'$$);

-- ---- Buckets -----------------------------------------------------------------------------------
SELECT same('weeks and the year before: 52 whole weeks',
	pg_temp.days('"previous_year"', '{"interval": "week",
		"range": {"start": "2024-01-01", "end": "2024-01-17"}}'),
	$$WITH w AS (SELECT date_trunc('week', d) AS w, sum(v) AS v FROM public.stage_days
		WHERE d BETWEEN '2024-01-01' AND '2024-01-17' OR d BETWEEN '2023-01-02' AND '2023-01-18'
		GROUP BY 1)
	SELECT n.w::date, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / p.v
	FROM w AS n JOIN w AS p ON p.w = n.w - interval '364 days' WHERE n.w >= '2024-01-01'
	ORDER BY 1$$, true);
SELECT same('weeks and the month before: four whole weeks',
	pg_temp.days('"previous_month"', '{"interval": "week",
		"range": {"start": "2024-04-01", "end": "2024-04-21"}}'),
	$$WITH w AS (SELECT date_trunc('week', d) AS w, sum(v) AS v FROM public.stage_days GROUP BY 1)
	SELECT n.w::date, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / p.v
	FROM w AS n JOIN w AS p ON p.w = n.w - interval '28 days'
	WHERE n.w BETWEEN '2024-04-01' AND '2024-04-15' ORDER BY 1$$, true);
SELECT same('a range that begins and ends in a week: whole weeks before',
	pg_temp.days('"previous_period"', '{"interval": "week",
		"range": {"start": "2024-03-02", "end": "2024-03-31"}}'),
	$$WITH w AS (SELECT date_trunc('week', d) AS w, sum(v) AS v FROM public.stage_days
		WHERE d BETWEEN '2024-03-02' AND '2024-03-31' OR d BETWEEN '2024-01-27' AND '2024-02-25'
		GROUP BY 1)
	SELECT n.w::date, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / p.v
	FROM w AS n JOIN w AS p ON p.w = n.w - interval '35 days' WHERE n.w >= '2024-02-26'
	ORDER BY 1$$, true);
SELECT same('months of a range that is not of whole ones',
	pg_temp.days('"previous_period"', '{"interval": "month",
		"range": {"start": "2024-01-15", "end": "2024-03-15"}}'),
	$$WITH m AS (SELECT date_trunc('month', d) AS m, sum(v) AS v FROM public.stage_days
		WHERE d BETWEEN '2023-10-15' AND '2023-12-15' OR d BETWEEN '2024-01-15' AND '2024-03-15'
		GROUP BY 1)
	SELECT n.m::date, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / p.v
	FROM m AS n JOIN m AS p ON p.m = n.m - interval '3 months' WHERE n.m >= '2024-01-01'
	ORDER BY 1$$, true);
SELECT same('quarters and the month before: the quarter before',
	pg_temp.days('"previous_month"', '{"interval": "quarter",
		"range": {"start": "2024-01-01", "end": "2024-06-30"}}'),
	$$WITH m AS (SELECT date_trunc('quarter', d) AS m, sum(v) AS v FROM public.stage_days
		GROUP BY 1)
	SELECT n.m::date, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / p.v
	FROM m AS n JOIN m AS p ON p.m = n.m - interval '3 months'
	WHERE n.m BETWEEN '2024-01-01' AND '2024-04-01' ORDER BY 1$$, true);
SELECT same('months that begin on the last day of a shorter one',
	pg_temp.days('"previous_month"', '{"interval": "1 month", "origin": "2000-01-31",
		"range": {"start": "2024-01-31", "end": "2024-04-30"}}'),
	$$WITH e (a, z, b) AS (VALUES (date '2024-01-31', date '2024-02-29', date '2023-12-31'),
		('2024-02-29', '2024-03-31', '2024-01-31'), ('2024-03-31', '2024-04-30', '2024-02-29'),
		('2024-04-30', '2024-05-01', '2024-03-31'))
	SELECT a, n.v, p.v, n.v - p.v, (n.v - p.v) * 100.0 / p.v FROM e,
		LATERAL (SELECT sum(v) AS v FROM public.stage_days WHERE d >= a AND d < z) AS n,
		LATERAL (SELECT sum(v) AS v FROM public.stage_days
			WHERE d >= b AND d < least(a, '2024-04-01')) AS p
	ORDER BY 1$$, true);
SELECT same('hours up to a moment, both ends included: by as many hours',
	def('h stage_hours', 'h.* count = n', '{"compare": {"period": "previous_period"},
		"time_series": {"table_id": "h", "date_column": "at", "interval": "hour"}}'
		|| filters(cond('h.at between', '["2024-05-02T06:00:00", "2024-05-02T12:00:00"]'))),
	$$SELECT b, n, n, 0, 0 * 100.0 / n
	FROM (SELECT b, CASE WHEN b < '2024-05-02 12:00' THEN 3 ELSE 1 END AS n
		FROM generate_series(timestamp '2024-05-02 06:00', '2024-05-02 12:00', '1 hour') AS b) AS q
	ORDER BY b$$, true);
SELECT same('points, which are matched to the second',
	def('h stage_hours', 'h.* count = n', '{"compare": {"period": "previous_period"},
		"time_series": {"table_id": "h", "date_column": "at", "interval": "auto"}}'
		|| filters(cond('h.at between', '["2024-05-02T06:00:00", "2024-05-02T08:00:00"]'))),
	$$SELECT b, 1, 1, 0, 0 * 100.0 / 1
	FROM generate_series(timestamp '2024-05-02 06:00', '2024-05-02 08:00', '20 minutes') AS b
	ORDER BY b$$, true);

-- ---- Other stages -----------------------------------------------------------------------------
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
	(pg_temp.days('{"offset": "1001 years"}', '{}'),
	 'INVALID_VALUE /compare/period/offset an offset goes back 1000 years at most'
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
