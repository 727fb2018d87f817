-- Random time series and, from the same draws, what plain SQL says of them:
-- local times cut by date_trunc and date_bin, days counted by generate_series.
-- SEED and DEFINITIONS choose other draws.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
\set seed 0.1234
\getenv seed SEED
\set definitions 600
\getenv definitions DEFINITIONS

CREATE TYPE pg_temp.pair AS (definition jsonb, sql text, zone text);
CREATE FUNCTION pg_temp.pick(list text[]) RETURNS text LANGUAGE sql VOLATILE
	AS 'SELECT list[floor(random() * cardinality(list))::int + 1]';

-- Orders by one of their times, in buckets that are made on local time, or are
-- no longer than an hour.
CREATE FUNCTION pg_temp.draw() RETURNS pg_temp.pair LANGUAGE plpgsql AS $$
DECLARE
	zone text := pg_temp.pick('{UTC,America/New_York,Europe/Berlin,America/Havana,Asia/Kathmandu,'
		'Australia/Lord_Howe,Pacific/Chatham,America/Sao_Paulo}');
	col text := pg_temp.pick('{placed_at,placed_at,placed_at,local_at,shipped}');
	width text := pg_temp.pick(CASE WHEN col = 'shipped' THEN
		'{day,week,month,quarter,year,"3 days","2 weeks","5 months"}' ELSE
		'{day,week,month,quarter,year,"3 days","2 weeks","5 months","6 hours","12 hours"}'
			END::text[]);
	step interval := CASE width WHEN 'quarter' THEN '3 months' WHEN 'week' THEN '7 days'
		WHEN 'day' THEN '1 day' WHEN 'month' THEN '1 month' WHEN 'year' THEN '1 year'
		ELSE width::interval END;
	start date := date '2023-12-20' + floor(random() * 300)::int;
	finish date := start + floor(random() * 120)::int;
	fill text := pg_temp.pick('{value,null}');
	dimension text := pg_temp.pick('{"","",status,channel}');
	filtered boolean := random() < 0.5;
	local text := CASE col WHEN 'placed_at' THEN format('(placed_at AT TIME ZONE %L)', zone)
		ELSE col || '::timestamp' END;
	cut text;
	lowest timestamp;
	result pg_temp.pair;
BEGIN
	cut := CASE WHEN step >= '1 month' THEN
		format('(timestamp ''2000-01-01'' + floor((extract(year FROM %1$s)
			* 12 + extract(month FROM %1$s) - 24001) / %2$s) * interval %3$L)', local,
			extract(year FROM step) * 12 + extract(month FROM step), step)
		ELSE format('date_bin(%L, %s, ''%s'')', step, local,
					CASE WHEN step IN ('7 days',
						'14 days') THEN '2000-01-03' ELSE '2000-01-01' END) END;
	EXECUTE format('SELECT %s FROM (SELECT %L::timestamp AS %I) AS x', replace(cut, local,
		quote_ident(col)),
				   start, col) INTO lowest;
	result.zone := zone;
	result.definition := oracle.def('o orders', concat_ws(',', 'o.' || nullif(dimension, ''),
			'o.* count, o.amount sum'),
		jsonb_build_object('time_series', jsonb_build_object('table_id', 'o', 'date_column', col,
				'interval', width, 'fill', fill, 'timezone', zone)
			|| CASE WHEN filtered THEN '{}' ELSE jsonb_build_object('range',
				jsonb_build_object('start', start, 'end', finish)) END)
		|| CASE WHEN filtered THEN oracle.filters(oracle.cond(format('o.%s between', col),
			jsonb_build_array(start, finish))) ELSE '{}' END);
	result.sql := format('WITH rows AS (SELECT *, %1$s AS b FROM shop.orders WHERE tenant = ''acme''
			AND %2$s >= %3$L AND %2$s < %4$L::date + 1)
		SELECT g.b%5$s%6$s, %7$s, %8$s
		FROM generate_series(%9$L::timestamp, %4$L::date + interval ''23:59:59'', %10$L) AS g (b)
		%11$s
		LEFT JOIN rows AS r ON r.b = g.b %12$s GROUP BY g.b %13$s',
		cut, local, start, finish,
		CASE col WHEN 'placed_at' THEN format(' AT TIME ZONE %L', zone) WHEN 'shipped' THEN '::date'
			ELSE '' END,
		', s.' || nullif(dimension, ''),
		CASE fill WHEN 'null' THEN 'nullif(count(r.id), 0)' ELSE 'count(r.id)' END,
		CASE fill WHEN 'null' THEN 'sum(r.amount)'
			ELSE 'CASE WHEN count(r.id) = 0 THEN 0 ELSE sum(r.amount) END' END,
		lowest, step,
		CASE WHEN dimension <> '' THEN format('CROSS JOIN (SELECT DISTINCT %I FROM rows) AS s',
											  dimension) END,
		CASE WHEN dimension <> '' THEN format('AND r.%1$I IS NOT DISTINCT FROM s.%1$I',
			dimension) END,
		', s.' || nullif(dimension, ''));
	RETURN result;
END
$$;

CREATE TEMP TABLE drawn (n int, definition jsonb, sql text, refused text, ours text, theirs text);
SELECT setseed(:seed) \g /dev/null
SET LOCAL oracle.definitions = :definitions;
DO $$
DECLARE
	drawn pg_temp.pair;
	answer jsonb;
BEGIN
	FOR n IN 1 .. current_setting('oracle.definitions')::int LOOP
		drawn := pg_temp.draw();
		BEGIN
			answer := prismiq_query(drawn.definition)::jsonb;
			INSERT INTO drawn VALUES (n, drawn.definition, drawn.sql, NULL,
				oracle.text(oracle.array_of(answer -> 'rows'), false),
				oracle.text(oracle.rows(drawn.sql, jsonb_array_length(answer -> 'columns'),
					drawn.zone),
							false));
		EXCEPTION WHEN OTHERS THEN
			INSERT INTO drawn VALUES (n, drawn.definition, drawn.sql, SQLSTATE || ' ' || SQLERRM);
		END;
	END LOOP;
END
$$;
SELECT is(count(*), :definitions::bigint, 'as many were drawn') FROM drawn;
SELECT is_empty('SELECT refused, definition, sql FROM drawn WHERE refused IS NOT NULL',
		'none is refused');
SELECT is_empty('SELECT definition, sql, ours, theirs FROM drawn WHERE ours <> theirs',
				'the answers are those of plain SQL');
SELECT cmp_ok(count(*) FILTER (WHERE theirs <> ''), '>', count(*) / 2, 'most have rows') FROM drawn;

SELECT * FROM finish();
ROLLBACK;
