-- Random ranges compared with another period and, from the same draws, what
-- plain SQL counts in the period that a person would have meant. The ends of
-- months, leap days and presets of any day are drawn more often than others.
-- SEED and DEFINITIONS choose other draws.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
\set seed 0.4321
\getenv seed SEED
\set definitions 500
\getenv definitions DEFINITIONS

-- Every hour, and the last moment of every day.
RESET ROLE;
CREATE TABLE public.ticks (n int PRIMARY KEY, d date, at timestamp, tz timestamptz);
INSERT INTO public.ticks
SELECT row_number() OVER (ORDER BY t), t::date, t, t AT TIME ZONE 'UTC'
FROM (SELECT generate_series(timestamp '2021-11-01', '2025-04-02', '1 hour')
	  UNION ALL SELECT generate_series(timestamp '2021-11-01 23:59:59.999999',
		'2025-04-02', '1 day')) AS u (t);
CREATE INDEX ON public.ticks (d);
CREATE INDEX ON public.ticks (at);
CREATE INDEX ON public.ticks (tz);
GRANT SELECT ON public.ticks TO app_user;
SELECT prismiq.prismiq_expose('public.ticks', shared => true) \g /dev/null
ANALYZE public.ticks;
SET LOCAL ROLE app_user;
SET LOCAL prismiq.fiscal_year_start_month = 1;

CREATE FUNCTION pg_temp.pick(list text[]) RETURNS text LANGUAGE sql VOLATILE
	AS 'SELECT list[floor(random() * cardinality(list))::int + 1]';

-- ---- What a person means ---------------------------------------------------------------------
-- A bound of local time, before it: a start keeps its day, an end that is the
-- last day of its month stays the last.
CREATE FUNCTION pg_temp.before(t timestamp, step interval, is_end boolean, keeps boolean)
RETURNS timestamp LANGUAGE plpgsql AS $$
DECLARE
	months interval := make_interval(months => (extract(year FROM step) * 12
												+ extract(month FROM step))::int);
	day date := (t - interval '1 microsecond')::date;
BEGIN
	IF NOT is_end THEN
		RETURN t - step;
	END IF;
	IF extract(day FROM day + 1) = 1 AND months > interval '0' AND NOT keeps THEN
		RETURN date_trunc('month', day - months) + interval '1 month' - interval '1 day'
			+ (t - day) - (step - months);
	END IF;
	RETURN (day - months)::date + (t - day) - (step - months);
END
$$;

-- Rows of half-open local times: how many, and which.
CREATE FUNCTION pg_temp.rows_of(col text, zone text, low timestamp, high timestamp)
RETURNS TABLE (n int, local timestamp) LANGUAGE sql STABLE AS $$
	SELECT n, d::timestamp FROM public.ticks
	WHERE col = 'd' AND d >= low::date AND d < high::date
	UNION ALL
	SELECT n, at FROM public.ticks WHERE col = 'at' AND at >= low AND at < high
	UNION ALL
	SELECT n, tz AT TIME ZONE zone FROM public.ticks
	WHERE col = 'tz' AND tz >= low AT TIME ZONE zone AND tz < high AT TIME ZONE zone
$$;

-- How far back, bucket by bucket: whole buckets, as many as come nearest.
CREATE TEMP TABLE steps AS
SELECT * FROM (VALUES
	('previous_week', interval '7 days', interval '7 days', interval '14 days',
		interval '1 month', interval '3 months', interval '1 year'),
	('previous_month', '1 month', '28 days', '28 days', '1 month', '3 months', '1 year'),
	('previous_year', '1 year', '364 days', '364 days', '1 year', '1 year', '1 year'),
	('10 days', '10 days', '14 days', '14 days', '1 month', '3 months', '1 year'),
	('3 months', '3 months', '91 days', '98 days', '3 months', '3 months', '1 year'),
	('1 month 3 days', '1 month 3 days', '35 days', '28 days', '1 month', '3 months', '1 year')
	) AS v (period, step, week, fortnight, month, quarter, year);

CREATE FUNCTION pg_temp.step_of(period text, unit text, low timestamp, high timestamp)
RETURNS interval LANGUAGE plpgsql AS $$
DECLARE
	-- Both ends may be included.
	days int := ceil(extract(epoch FROM high - interval '1 microsecond' - low) / 86400);
	months int := 1;
BEGIN
	IF period <> 'previous_period' THEN
		RETURN (SELECT CASE unit WHEN 'week' THEN week WHEN '2 weeks' THEN fortnight
				WHEN 'month' THEN month WHEN 'quarter' THEN quarter WHEN 'year' THEN year
				ELSE step END FROM steps WHERE steps.period = step_of.period);
	END IF;
	IF unit IN ('month', 'quarter', 'year') THEN
		WHILE low + make_interval(months => months) < high LOOP
			months := months + 1;
		END LOOP;
		RETURN make_interval(months => CASE unit WHEN 'month' THEN months
			WHEN 'quarter' THEN (months + 2) / 3 * 3 ELSE (months + 11) / 12 * 12 END);
	END IF;
	IF unit IN ('week', '2 weeks') THEN
		RETURN make_interval(days => CASE unit WHEN 'week' THEN (days + 6) / 7 * 7
			ELSE (days + 13) / 14 * 14 END);
	END IF;
	IF unit = 'day' OR (low::time = '00:00' AND (high - interval '1 microsecond')::time
						>= '23:59') THEN
		RETURN make_interval(days => days);
	END IF;
	RETURN high - low;
END
$$;

-- ---- What is asked ---------------------------------------------------------------------------
CREATE TYPE pg_temp.span AS (low timestamp, high timestamp, dates boolean);

-- A range: of a month, up to some day of it, of a preset, of whole days or not.
CREATE FUNCTION pg_temp.draw_span(dates boolean) RETURNS pg_temp.span LANGUAGE plpgsql AS $$
DECLARE
	month date := date '2023-01-01' + make_interval(months => floor(random() * 24)::int);
	final date := month + interval '1 month' - interval '1 day';
	today date := (pg_temp.pick(ARRAY[final, final, final - 1, final - 2, month, month + 14,
									  least(month + 27, final)]::text[]))::date;
	result pg_temp.span;
	shape text := pg_temp.pick('{month,quarter,year,week,7,30,1,1,length,length,offset}');
BEGIN
	result.low := CASE WHEN shape IN ('month', 'quarter', 'year', 'week')
		THEN date_trunc(shape, today) WHEN shape = 'length' THEN today - floor(random() * 70)::int
		WHEN shape = 'offset' THEN month + floor(random() * (today - month))::int
		ELSE today - shape::int + 1 END;
	result.high := today + 1;
	result.dates := dates OR random() < 0.5;
	IF NOT result.dates THEN
		result.low := result.low + pg_temp.pick('{0,0,9 hours,23:59:59.999999}')::interval;
		result.high := result.high
			- pg_temp.pick('{0,1 second,0.999999 seconds,12 hours}')::interval;
		IF result.high <= result.low THEN
			result.high := result.low + interval '3 hours';
		END IF;
	END IF;
	RETURN result;
END
$$;

-- Days of a range, the last one more often than others.
CREATE FUNCTION pg_temp.draw_part(s pg_temp.span) RETURNS pg_temp.span LANGUAGE plpgsql AS $$
DECLARE
	last date := s.high - interval '1 microsecond';
	first date := last - floor(random() * (last - s.low::date + 1))::int;
BEGIN
	RETURN (first::timestamp, CASE WHEN random() < 0.5 THEN last
			ELSE first + floor(random() * (last - first + 1))::int END + interval '1 day', true);
END
$$;

-- A value as it is written: a day where it may be, else a time.
CREATE FUNCTION pg_temp.written(t timestamp, dates boolean) RETURNS jsonb LANGUAGE sql AS $$
	SELECT CASE WHEN dates THEN to_jsonb(t::date) ELSE to_jsonb(t::text) END
$$;

-- Conditions that let a range through, or what begins, or ends, with it.
CREATE FUNCTION pg_temp.conditions(col text, s pg_temp.span, side text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	less interval := CASE WHEN s.dates THEN interval '1 day' ELSE '1 microsecond' END;
	subject text := 't.' || col;
	lower jsonb[] := ARRAY[
		oracle.cond(subject || ' gte', pg_temp.written(s.low, s.dates)),
		oracle.cond(subject || ' gt', pg_temp.written(s.low - less, s.dates)),
		jsonb_build_object('not',
			oracle.cond(subject || ' lt', pg_temp.written(s.low, s.dates)))];
	upper jsonb[] := ARRAY[
		oracle.cond(subject || ' lte', pg_temp.written(s.high - less, s.dates)),
		oracle.cond(subject || ' lt', pg_temp.written(s.high, s.dates)),
		jsonb_build_object('not',
			oracle.cond(subject || ' gte', pg_temp.written(s.high, s.dates)))];
	within jsonb := oracle.cond(subject || ' between', jsonb_build_array(
		pg_temp.written(s.low, s.dates), pg_temp.written(s.high - less, s.dates)));
BEGIN
	IF side = 'low' THEN
		RETURN jsonb_build_array(lower[1 + floor(random() * 3)]);
	ELSIF side = 'high' THEN
		RETURN jsonb_build_array(upper[1 + floor(random() * 3)]);
	ELSIF s.dates AND s.high = s.low + interval '1 day' AND random() < 0.5 THEN
		RETURN jsonb_build_array(CASE WHEN random() < 0.5 THEN
			oracle.cond(subject || ' eq', pg_temp.written(s.low, true)) ELSE
			oracle.cond(subject || ' in', jsonb_build_array(pg_temp.written(s.low, true))) END);
	ELSIF random() < 0.4 THEN
		RETURN jsonb_build_array(within);
	ELSIF random() < 0.2 THEN
		RETURN jsonb_build_array(jsonb_build_object('or', jsonb_build_array(within, within)));
	END IF;
	RETURN jsonb_build_array(lower[1 + floor(random() * 3)], upper[1 + floor(random() * 3)]);
END
$$;

-- The table itself, a calculated field of it, or a nested definition.
CREATE FUNCTION pg_temp.source(definition jsonb, col text, way text) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT CASE way
	WHEN 'field' THEN regexp_replace(definition::text, format('column": "%s"', col),
		'column": "moment"', 'g')::jsonb || jsonb_build_object('calculated_fields',
			coalesce(definition -> 'calculated_fields', '[]') || jsonb_build_array(
				jsonb_build_object('name', 'moment', 'expression',
					format('ifnull([%s], null)', col))))
	WHEN 'nested' THEN definition || jsonb_build_object('tables', jsonb_build_array(
		jsonb_build_object('id', 't', 'query', jsonb_build_object(
			'tables', '[{"id": "i", "name": "ticks"}]'::jsonb, 'columns', jsonb_build_array(
				jsonb_build_object('table_id', 'i', 'column', 'n'),
				jsonb_build_object('table_id', 'i', 'column', col))))))
	ELSE definition END
$$;

CREATE FUNCTION pg_temp.period(period text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('compare', jsonb_build_object('period', CASE
		WHEN period ~ '^previous' THEN to_jsonb(period)
		ELSE jsonb_build_object('offset', period) END))
$$;

CREATE TYPE pg_temp.drawn AS (kind text, definition jsonb, zone text, theirs text);

-- ---- One number ------------------------------------------------------------------------------
-- The range in the filters; a measure may have a condition of its own.
CREATE FUNCTION pg_temp.draw_number() RETURNS pg_temp.drawn LANGUAGE plpgsql AS $$
DECLARE
	result pg_temp.drawn;
	col text := pg_temp.pick('{d,at,tz}');
	-- Havana and Beirut skip midnights.
	zone text := pg_temp.pick('{UTC,America/New_York,America/Havana,Asia/Beirut,Asia/Kathmandu}');
	period text := pg_temp.pick('{previous_period,previous_week,previous_month,previous_month,
		previous_year,previous_year,10 days,3 months,1 month 3 days}');
	s pg_temp.span := pg_temp.draw_span(col = 'd');
	own pg_temp.span := s;
	side text := pg_temp.pick('{low,high,both,none,none}');
	way text := pg_temp.pick('{table,table,field,nested}');
	field boolean := side <> 'none' AND way <> 'field' AND random() < 0.4;
	keeps boolean := s.high - s.low <= interval '1 day 1 microsecond';
	step interval := pg_temp.step_of(period, '', s.low, s.high);
	low timestamp := pg_temp.before(s.low, step, false, keeps);
	high timestamp := pg_temp.before(s.high, step, true, keeps);
	own_keeps boolean;
	columns jsonb := '[{"table_id": "t", "column": "n", "aggregation": "sum", "alias": "all"}]';
	measure jsonb := '{"table_id": "t", "column": "n", "aggregation": "sum", "alias": "own"}';
BEGIN
	IF period = '1 month 3 days' AND NOT s.dates THEN
		period := '3 months';
		step := interval '3 months';
		low := pg_temp.before(s.low, step, false, keeps);
		high := pg_temp.before(s.high, step, true, keeps);
	END IF;
	result.kind := concat_ws(' ', 'number', side, way, CASE WHEN field THEN 'sum_if' END);
	result.zone := zone;
	IF side <> 'none' THEN
		own := pg_temp.draw_part(s);
		IF field THEN
			measure := '{"column": "chosen", "alias": "own"}';
		ELSE
			measure := measure || jsonb_build_object('filters',
				pg_temp.conditions(col, own, side));
		END IF;
	END IF;
	own_keeps := keeps OR (side = 'both'
						   AND own.high - own.low <= interval '1 day 1 microsecond');
	result.definition := jsonb_build_object('tables', '[{"id": "t", "name": "ticks"}]'::jsonb,
		'columns', columns || measure, 'filters', pg_temp.conditions(col, s, 'range'))
		|| pg_temp.period(period);
	IF field THEN
		result.definition := result.definition || jsonb_build_object('calculated_fields',
			jsonb_build_array(jsonb_build_object('name', 'chosen', 'expression',
				format(pg_temp.pick('{"sum_if([n], %s)","sum(if(%s, [n], null))"}'),
				concat_ws(' and ',
					CASE WHEN side <> 'high' THEN CASE WHEN random() < 0.5
						THEN format('[%s] >= "%s"', col, own.low::date)
						ELSE format('not ("%s" > [%s])', own.low::date, col) END END,
					CASE WHEN side <> 'low' THEN
						format('[%s] < "%s"', col, own.high::date) END)))));
	END IF;
	result.definition := pg_temp.source(result.definition, col, way);
	IF side IN ('none', 'high') THEN
		own.low := '-infinity';
	END IF;
	IF side IN ('none', 'low') THEN
		own.high := 'infinity';
	END IF;
	result.theirs := (SELECT jsonb_build_array(
			sum(n) FILTER (WHERE now),
			sum(n) FILTER (WHERE now AND mine),
			sum(n) FILTER (WHERE NOT now), sum(n) FILTER (WHERE NOT now AND mine))
		FROM (SELECT n, true AS now, n IN (SELECT n FROM pg_temp.rows_of(col, zone,
					greatest(own.low, s.low), least(own.high, s.high))) AS mine
			  FROM pg_temp.rows_of(col, zone, s.low, s.high)
			  UNION ALL
			  SELECT n, false, n IN (SELECT n FROM pg_temp.rows_of(col, zone,
					greatest(low, CASE WHEN own.low > '-infinity' THEN
						pg_temp.before(own.low, step, false, own_keeps) END),
					least(high, CASE WHEN own.high < 'infinity' THEN
						pg_temp.before(own.high, step, true, own_keeps) END)))
			  FROM pg_temp.rows_of(col, zone, low, high)) AS u);
	RETURN result;
END
$$;

-- ---- A series --------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.cut(unit text, t timestamp) RETURNS timestamp LANGUAGE sql AS $$
	SELECT CASE unit WHEN '2 weeks' THEN date_bin('14 days', t, '2000-01-03')
		ELSE date_trunc(unit, t) END
$$;

CREATE FUNCTION pg_temp.draw_series() RETURNS pg_temp.drawn LANGUAGE plpgsql AS $$
DECLARE
	result pg_temp.drawn;
	col text := pg_temp.pick('{d,at,tz,tz,source}');
	zone text := pg_temp.pick('{UTC,America/New_York,Asia/Beirut,Asia/Kathmandu,'
							  'Australia/Lord_Howe}');
	unit text := pg_temp.pick('{day,week,"2 weeks",month,quarter,year}');
	period text := pg_temp.pick('{previous_period,previous_week,previous_month,previous_month,
		previous_year,previous_year,10 days,3 months}');
	name text := CASE col WHEN 'source' THEN 'at' ELSE col END;
	s pg_temp.span := pg_temp.draw_span(col = 'd');
	keeps boolean := s.high - s.low <= interval '1 day 1 microsecond';
	way text := pg_temp.pick('{table,table,field,nested}');
	ranged boolean := random() < 0.5;
	step interval := pg_temp.step_of(period, unit, s.low, s.high);
	width interval := CASE unit WHEN 'quarter' THEN '3 months' WHEN '2 weeks' THEN '14 days'
		ELSE '1 ' || unit END;
BEGIN
	IF col = 'source' THEN
		way := 'table';
	END IF;
	result.kind := concat_ws(' ', 'series', unit, way);
	result.zone := zone;
	result.definition := jsonb_build_object('tables', '[{"id": "t", "name": "ticks"}]'::jsonb,
		'columns', '[{"table_id": "t", "column": "n", "aggregation": "sum", "alias": "v"}]'::jsonb,
		'time_series', jsonb_build_object('table_id', 't', 'date_column', name,
				'interval', unit)
			|| CASE WHEN ranged THEN jsonb_build_object('range', jsonb_build_object(
				'start', pg_temp.written(s.low, s.dates),
				'end', CASE WHEN s.dates THEN pg_temp.written(s.high - interval '1 day', true)
					ELSE pg_temp.written(s.high, false) END)) ELSE '{}' END
			|| CASE col WHEN 'source' THEN '{"source_timezone": "UTC"}'::jsonb ELSE '{}' END)
		|| CASE WHEN ranged THEN '{}' ELSE
			jsonb_build_object('filters', pg_temp.conditions(name, s, 'range')) END
		|| pg_temp.period(period);
	result.definition := pg_temp.source(result.definition, name, way);
	IF col = 'source' THEN
		col := 'tz';
	END IF;
	result.theirs := (SELECT string_agg(jsonb_build_array(sum, before)::text, E'\n' ORDER BY b)
		FROM (SELECT b, coalesce((SELECT sum(n) FROM pg_temp.rows_of(col, zone, s.low, s.high)
								  WHERE pg_temp.cut(unit, local) = b), 0) AS sum,
				(SELECT sum(n) FROM pg_temp.rows_of(col, zone,
					pg_temp.before(s.low, step, false, keeps),
					pg_temp.before(s.high, step, true, keeps))
				 WHERE pg_temp.cut(unit, local) = pg_temp.cut(unit, b - step)
					-- A day that the month before lacks has none.
					AND (unit <> 'day' OR b - step + step = b)) AS before
			  FROM generate_series(pg_temp.cut(unit, s.low), s.high - interval '1 microsecond',
								   width) AS b) AS u);
	RETURN result;
END
$$;

-- ---- Asked -----------------------------------------------------------------------------------
CREATE TEMP TABLE asked (n int, kind text, definition jsonb, zone text, refused text, ours text,
						 theirs text);
SELECT setseed(:seed) \g /dev/null
SET LOCAL oracle.definitions = :definitions;
DO $$
DECLARE
	drawn pg_temp.drawn;
	got text;
BEGIN
	FOR i IN 1 .. current_setting('oracle.definitions')::int LOOP
		drawn := CASE WHEN i % 3 = 0 THEN pg_temp.draw_series() ELSE pg_temp.draw_number() END;
		BEGIN
			SELECT string_agg(CASE WHEN i % 3 = 0 THEN jsonb_build_array(r -> 1, r -> 2)
				ELSE jsonb_build_array(r -> 0, r -> 1, r -> 2, r -> 5) END::text, E'\n' ORDER BY o)
			INTO got FROM jsonb_array_elements(prismiq_query(drawn.definition,
				jsonb_build_object('timezone', drawn.zone))::jsonb -> 'rows')
				WITH ORDINALITY AS u (r, o);
			INSERT INTO asked VALUES (i, drawn.kind, drawn.definition, drawn.zone, NULL, got,
									  drawn.theirs);
		EXCEPTION WHEN OTHERS THEN
			INSERT INTO asked VALUES (i, drawn.kind, drawn.definition, drawn.zone,
									  SQLSTATE || ' ' || SQLERRM);
		END;
	END LOOP;
END
$$;
SELECT is(count(*), :definitions::bigint, 'as many were drawn') FROM asked;
SELECT is_empty('SELECT refused, definition FROM asked WHERE refused IS NOT NULL LIMIT 5',
				'none is refused');
SELECT is_empty('SELECT kind, zone, definition, ours, theirs FROM asked
				 WHERE ours IS DISTINCT FROM theirs LIMIT 5', 'the rows are those of plain SQL');
SELECT cmp_ok(count(*) FILTER (WHERE theirs !~ 'null'), '>', count(*) / 2, 'most have rows before')
FROM asked;

SELECT * FROM finish();
ROLLBACK;
