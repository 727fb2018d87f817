-- What is remembered of definitions that were compiled: how much, for how long, by whom it is
-- found, and that nobody changes it.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SELECT no_plan();
CREATE TABLE public.some ();
CREATE TABLE public.days (id int, state text, other int, at timestamptz);
INSERT INTO public.days SELECT n, CASE n % 2 WHEN 0 THEN 'CA' ELSE 'NY' END, n,
	timestamptz '2024-01-01' + n * interval '1 day' FROM generate_series(1, 40) n;
GRANT SELECT ON public.days TO app_user;
SELECT FROM prismiq.prismiq_expose('public.days', tenant_column => 'state', time_column => 'at');
SELECT prismiq.prismiq_set_context('CA', 'ann', '{admin}', false) AS context \gset

CREATE FUNCTION public.remembered() RETURNS int LANGUAGE sql AS $$
	SELECT coalesce((prismiq_internal.server_state() #>>
		'{caches,prismiq compiled definitions}')::int, 0)
$$;
-- How many there are after some work, if nothing was remembered before: from "low" to "high", or
-- what there was the last time. Databases that other tests make and drop are changes too, and may
-- come in between.
CREATE FUNCTION public.kept(work text, low int, high int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	result int;
BEGIN
	FOR attempt IN 1 .. 5 LOOP
		ALTER TABLE public.some SET (fillfactor = 50);
		EXECUTE work;
		result := public.remembered();
		EXIT WHEN result BETWEEN low AND high;
	END LOOP;
	RETURN result;
END
$$;
CREATE FUNCTION public.of_days(rest jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT '{"tables": [{"id": "d", "name": "days"}], "columns": [{"table_id": "d", "column": "id"},
		{"table_id": "d", "column": "other"}]}'::jsonb || rest
$$;
-- What the last of so many compilations says.
CREATE FUNCTION public.compiled(definition jsonb, times int DEFAULT 1) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	result jsonb;
BEGIN
	FOR n IN 1 .. times LOOP
		result := prismiq.prismiq_compile(definition);
	END LOOP;
	RETURN result;
END
$$;

-- ---- What is kept, and what is not ---------------------------------------------------------
SELECT compiled(of_days()) AS wanted \gset
SELECT is(remembered(), 0, 'what is asked once is not kept');
SELECT is(kept('SELECT compiled(of_days(), 2)', 1, 1), 1, 'what is asked again is');
SELECT is(compiled(of_days()), :'wanted'::jsonb, 'and found');
SELECT throws_ok($$SELECT compiled(of_days('{"limit": -1}'), 3)$$, '22023');
SELECT is(kept($work$DO $$
BEGIN
	FOR n IN 1 .. 5 LOOP
		BEGIN
			PERFORM compiled(of_days('{"limit": -1}'));
		EXCEPTION WHEN invalid_parameter_value THEN
		END;
	END LOOP;
END
$$$work$, 0, 0), 0, 'a fault is not kept');
SELECT is((SELECT count(*)::int FROM pg_backend_memory_contexts WHERE name = 'prismiq compiled'), 0,
	'and leaves no memory behind');
SELECT is((SELECT count(*)::int FROM (SELECT prismiq.prismiq_query(of_days())
	FROM generate_series(1, 3)) t), 3, 'a query');
SELECT is((prismiq.prismiq_query(of_days()) -> 'rows')::jsonb, (SELECT jsonb_agg(
	jsonb_build_array(id, other)) FROM days WHERE state = 'CA'), 'answers by it');
SELECT is(split_part(prismiq.prismiq_query_csv(of_days())::text, E'\r\n', 2), '2,2',
	'so does one as CSV');
SELECT is((SELECT count(*)::int FROM prismiq.prismiq_query_rows(of_days())), 20, 'and as rows');
SELECT is(kept('SELECT prismiq.prismiq_query(of_days()), prismiq.prismiq_query_csv(of_days()),
	prismiq.prismiq_compile(of_days()), prismiq.prismiq_explain(of_days())', 1, 1), 1,
	'it is one definition to all of them');
SELECT is((prismiq.prismiq_query(of_days(), '{"format": "objects"}') #>> '{rows,0,id}'), '2',
	'with other options it is another');

-- ---- For how long --------------------------------------------------------------------------
-- In three seconds clocks in the session's zone go forward into the next day: what is of today is
-- of another day then. The zone is less than 15 hours from UTC at all hours: further, what is
-- written of a time cannot be read again.
SELECT set_config('timezone', format('<x>%s<y>%s,%s/%s,%s/0', -hours, -hours - 2,
	extract(doy FROM clock) - 1, to_char(clock + interval '3 seconds', 'HH24:MI:SS'),
	(extract(doy FROM clock)::int + 100) % 360), false) AS zone
FROM (SELECT now() AT TIME ZONE 'UTC' AS utc) t,
	LATERAL (SELECT extract(hour FROM utc)::int AS hour) h,
	LATERAL (SELECT CASE WHEN hour < 10 THEN -2 ELSE 22 END - hour AS hours) o,
	LATERAL (SELECT utc + hours * interval '1 hour' AS clock) c \gset
SELECT matches(:'zone'::text, '^<X>', 'a zone of its own');
SELECT of_days('{"filters": [{"table_id": "d", "column": "at", "operator": "date_preset",
	"value": "today"}]}') AS today, of_days('{"filters": [{"table_id": "d", "column": "at",
	"operator": "date_preset", "value": "last_2_hours"}]}') AS hours,
	of_days('{"columns": [{"table_id": "d", "column": "*", "aggregation": "count"}],
	"time_series": {"table_id": "d", "date_column": "at", "interval": "second",
	"complete_only": true}}') || jsonb_build_object('filters', jsonb_build_array(jsonb_build_object(
	'table_id', 'd', 'column', 'at', 'operator', 'gt', 'value', now() - interval '1 hour')))
	AS complete,
	of_days('{"calculated_fields": [{"name": "t", "expression": "now()"}, {"name": "y",
	"expression": "year(today())"}], "columns": [{"column": "t"}, {"column": "y"}]}')
	AS fields \gset
SELECT compiled(:'today'::jsonb, 3) #>> '{params,1,value}' AS first_day,
	compiled(:'hours'::jsonb, 3) -> 'params' AS first_hours,
	compiled(:'complete'::jsonb, 3) -> 'params' AS first_end,
	compiled(:'fields'::jsonb, 3) -> 'params' AS first_now \gset
SELECT is(kept(format(
	'SELECT compiled(%L, 2), compiled(%L, 2), compiled(%L, 2), compiled(%L, 2)', :'today',
	:'hours', :'complete', :'fields'), 2, 2), 2,
	'relative dates are kept, what is of the instant is not');
SELECT isnt(compiled(:'hours'::jsonb) -> 'params', :'first_hours'::jsonb, 'hours go on');
SELECT isnt(compiled(:'fields'::jsonb) -> 'params', :'first_now'::jsonb, 'so does now()');
SELECT pg_sleep(3.2) \g /dev/null
SELECT is((compiled(:'today'::jsonb) #>> '{params,1,value}')::timestamptz
	- :'first_day'::timestamptz, interval '1 day', 'today is the next day');
SELECT isnt(compiled(:'complete'::jsonb) -> 'params', :'first_end'::jsonb,
	'what is complete ends later');
RESET timezone;

-- ---- Changes that are taken back -----------------------------------------------------------
SELECT compiled(of_days(), 3) AS wanted \gset
BEGIN;
SAVEPOINT a;
ALTER TABLE days ALTER COLUMN id TYPE bigint;
SELECT isnt(compiled(of_days(), 3), :'wanted'::jsonb, 'a column changed in a subtransaction');
ROLLBACK TO a;
SELECT is(compiled(of_days(), 3), :'wanted'::jsonb, 'that is rolled back');
SAVEPOINT b;
ALTER TABLE days ALTER COLUMN id TYPE bigint;
RELEASE b;
SELECT isnt(compiled(of_days(), 3), :'wanted'::jsonb, 'in one that is released');
ROLLBACK;
SELECT is(compiled(of_days(), 3), :'wanted'::jsonb, 'and rolled back after all');
BEGIN;
SELECT FROM prismiq.prismiq_hide('days');
SELECT is(prismiq.prismiq_validate(of_days()) ->> 'valid', 'false', 'hidden');
ROLLBACK;
SELECT is(compiled(of_days(), 3), :'wanted'::jsonb, 'and not');

-- ---- By whom -------------------------------------------------------------------------------
BEGIN TRANSACTION READ ONLY;
SELECT is(compiled(of_days(), 3), :'wanted'::jsonb, 'in a transaction that only reads');
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY;
SELECT is(compiled(of_days(), 3), :'wanted'::jsonb, 'in one that is serializable');
COMMIT;
SELECT set_config(CASE WHEN current_setting('server_version_num')::int < 160000
	THEN 'force_parallel_mode' ELSE 'debug_parallel_query' END, 'on', false) AS forced \gset
SELECT is((SELECT prismiq.prismiq_compile(of_days())), :'wanted'::jsonb, 'in parallel workers');
RESET ALL;
SELECT prismiq.prismiq_set_context('CA', 'ann', '{admin}', false) AS context \gset

-- A query in whose rows the same query is asked, and all that is remembered is forgotten.
CREATE FUNCTION public.asks(n int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
	PERFORM prismiq.prismiq_query(public.of_days('{"limit": 3}'));
	ALTER TABLE public.some SET (fillfactor = 60);
	PERFORM prismiq.prismiq_query(public.of_days('{"limit": 3}'));
	RETURN n;
END
$$;
CREATE TABLE public.inside (id int, state text);
INSERT INTO inside SELECT n, 'CA' FROM generate_series(1, 5) n;
CREATE VIEW public.asking AS SELECT asks(id) AS id, state FROM inside;
GRANT SELECT ON asking TO app_user;
SELECT FROM prismiq.prismiq_expose('asking', tenant_column => 'state');
SELECT '{"tables": [{"id": "a", "name": "asking"}], "columns": [{"table_id": "a", "column": "id"}]}'
	AS asking \gset
SELECT is(jsonb_agg((prismiq.prismiq_query(:'asking') -> 'rows')::jsonb),
	'[[[1], [2], [3], [4], [5]], [[1], [2], [3], [4], [5]], [[1], [2], [3], [4], [5]],
	[[1], [2], [3], [4], [5]]]', 'what is in use stays') FROM generate_series(1, 4);

-- ---- How much -------------------------------------------------------------------------------
SET prismiq.compiled_memory = '1MB';
SELECT cmp_ok(kept($$SELECT count(compiled(of_days(jsonb_build_object('limit', n)), 3))
	FROM generate_series(1, 300) n$$, 10, 100), '>=', 10, 'the memory that there is, is used');
SELECT cmp_ok((SELECT sum(total_bytes) FROM pg_backend_memory_contexts
	WHERE name = 'prismiq compiled'), '<=', 1024 * 1024::numeric, 'and no more than that');
SELECT is(compiled(of_days('{"limit": 300}')) ->> 'sql',
	replace(compiled(of_days('{"limit": 1}')) ->> 'sql', 'LIMIT 1', 'LIMIT 300'),
	'the last and the first');
SET prismiq.compiled_memory = '64kB';
SELECT compiled(of_days('{"limit": 1000}'), 3) IS NULL AS n \gset
SELECT cmp_ok(remembered(), '<=', 3, 'less memory, fewer of them');
SET prismiq.compiled_memory = 0;
SELECT is(compiled(of_days(), 3), :'wanted'::jsonb, 'none at all');
RESET prismiq.compiled_memory;

-- ---- Widgets ---------------------------------------------------------------------------------
SELECT prismiq.prismiq_dashboard_create('{"name": "Days", "timezone": "Asia/Tokyo", "filters": [
	{"id": "when", "type": "date_range", "label": "When", "field": "at",
		"default_value": {"start": "2024-01-05", "end": "2024-01-20"}},
	{"id": "other", "type": "multi_select", "label": "Other", "field": "other"}],
	"widgets": [{"type": "metric", "config": {"trend": {"period": "previous_period"},
			"sparkline": {"interval": "week"}},
		"query": {"tables": [{"id": "d", "name": "days"}],
		"columns": [{"table_id": "d", "column": "other", "aggregation": "sum"}]}},
		{"type": "table", "config": {"page_size": 3, "default_sort": [{"alias": "other",
			"direction": "DESC"}]}, "query": {"tables": [{"id": "d", "name": "days"}],
		"columns": [{"table_id": "d", "column": "id"}, {"table_id": "d", "column": "other"}]}},
		{"type": "bar_chart", "query": {"tables": [{"id": "d", "name": "days"}],
		"columns": [{"table_id": "d", "column": "other"},
			{"table_id": "d", "column": "*", "aggregation": "count"}]}}]}') AS made \gset
CREATE FUNCTION public.board(id uuid, filters jsonb DEFAULT '{}', memory text DEFAULT '8MB')
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('prismiq.compiled_memory', memory, true);
	RETURN regexp_replace(prismiq.prismiq_dashboard_data(id, filters)::text,
		'"execution_time_ms": ?[0-9.]+', '', 'g');
END
$$;
SELECT (:'made'::jsonb ->> 'id') AS board \gset
ALTER TABLE public.some SET (fillfactor = 70);
SELECT board(:'board', memory => '0') AS wanted,
	board(:'board', '{"other": [4, 6, 8]}', '0') AS chosen \gset
SELECT doesnt_match(:'wanted'::text, '"error"', 'widgets without an error');
SELECT is(board(:'board'), :'wanted'::text, 'a dashboard, ' || n) FROM generate_series(1, 4) n;
SELECT cmp_ok(kept(format('SELECT board(%L), board(%L)', :'board', :'board'), 3, 9), '>=', 3,
	'its widgets are remembered');
SELECT is(board(:'board', '{"other": [4, 6, 8]}'), :'chosen', 'with a filter, ' || n)
FROM generate_series(1, 4) n;
SELECT is(board(:'board'), :'wanted'::text, 'and without');

SELECT * FROM finish();
