-- What runs: which calls are counted, as which query, and who may see it. Without preloading the
-- library each connection counts for itself.
\set ON_ERROR_STOP on

CREATE TABLE public.facts (id int PRIMARY KEY, tenant text, at timestamptz, n int, name text,
	gone int);
INSERT INTO public.facts SELECT g, 'acme', '2024-01-01'::timestamptz + g * interval '1 day', g, 'x'
FROM generate_series(1, 9) g;
CREATE TABLE public.others (id int PRIMARY KEY, tenant text);
CREATE VIEW public.slow AS
SELECT id, tenant, (SELECT 1 FROM (SELECT pg_sleep(5)) s) AS n FROM public.facts;
SELECT prismiq.prismiq_expose(t, tenant_column => 'tenant')
FROM unnest('{public.facts,public.others,public.slow}'::regclass[]) t \g /dev/null
CREATE ROLE stat_admin;
SELECT prismiq.prismiq_grant('stat_admin', 'admin');
SET search_path = prismiq, public;
SELECT prismiq_set_context('acme', 'ann', '{admin}', false) \g /dev/null

SELECT no_plan();

-- A definition over facts with these members, and a query of it.
CREATE FUNCTION pg_temp.definition(members jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT '{"tables": [{"id": "f", "name": "facts"}],
			 "columns": [{"table_id": "f", "column": "id"}]}'::jsonb || members
$$;
-- The fingerprint of a definition, by asking it.
CREATE FUNCTION pg_temp.fingerprint(definition jsonb, OUT fingerprint text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM prismiq.prismiq_stat_reset();
	BEGIN
		PERFORM prismiq.prismiq_query(definition);
	EXCEPTION WHEN OTHERS THEN
	END;
	SELECT s.fingerprint INTO STRICT fingerprint FROM prismiq.prismiq_stat_queries s;
END $$;
CREATE FUNCTION pg_temp.fingerprint_of(members jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.fingerprint(pg_temp.definition(members))
$$;
-- What was counted: calls, errors, refused, rows, of each query.
CREATE FUNCTION pg_temp.counted() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s %s %s %s', calls, errors, refused, rows)
	FROM prismiq.prismiq_stat_queries ORDER BY calls DESC, rows DESC
$$;
-- The value of a sample of prismiq_metrics.
CREATE FUNCTION pg_temp.sample(name text) RETURNS numeric LANGUAGE sql AS $$
	SELECT substr(line, length(name) + 2)::numeric
	FROM regexp_split_to_table(prismiq.prismiq_metrics(), '\n') line
	WHERE left(line, length(name) + 1) = name || ' '
$$;

-- ---- Which definitions are one query ------------------------------------------

SELECT matches(pg_temp.fingerprint_of('{}'), '^[0-9a-f]{16}$', 'a fingerprint is sixteen digits');
SELECT is(pg_temp.fingerprint(b::jsonb), pg_temp.fingerprint_of(a::jsonb), what)
FROM (VALUES
	('the order of keys, and white space', '{"limit": 5}',
	 '{"limit":5,"columns":[{"column":"id","table_id":"f"}],"tables":[{"name":"facts","id":"f"}]}'),
	('a null says no more than leaving it out', '{}', pg_temp.definition('{"having": null}')::text),
	('the number of rows', '{"limit": 5}', pg_temp.definition('{"limit": 7}')::text),
	('a value', '{"filters": [{"table_id": "f", "column": "name", "operator": "eq",
		"value": "a"}]}', pg_temp.definition('{"filters": [{"table_id": "f", "column": "name",
		"operator": "eq", "value": "secret"}]}')::text),
	('how many values', '{"filters": [{"table_id": "f", "column": "id", "operator": "in",
		"value": [1]}]}', pg_temp.definition('{"filters": [{"table_id": "f", "column": "id",
		"operator": "in", "value": [4, 5, 6]}]}')::text),
	('values in groups', '{"filters": [{"or": [{"table_id": "f", "column": "id", "operator": "eq",
		"value": 1}]}]}', pg_temp.definition('{"filters": [{"or": [{"table_id": "f", "column": "id",
		"operator": "eq", "value": 2}]}]}')::text),
	('a range and a zone', '{"columns": [{"table_id": "f", "column": "id", "aggregation": "sum"}],
		"time_series": {"table_id": "f", "date_column": "at", "interval": "1 day",
		"timezone": "UTC", "range": {"start": "2024-01-01", "end": "2024-02-01"}}}',
		pg_temp.definition('{"columns": [{"table_id": "f", "column": "id", "aggregation": "SUM"}],
		"time_series": {"table_id": "f", "date_column": "at", "interval": "1 day", "timezone":
		"Europe/Berlin", "range": {"start": "2024-01-03", "end": "2024-02-03"}}}')::text),
	('numbers and texts of an expression', '{"calculated_fields": [{"name": "c",
		"expression": "[n] * 2 + LENGTH(''a'')"}]}', pg_temp.definition('{"calculated_fields":
		[{"name": "c", "expression": "[n]*31+length( ''bcd'' )"}]}')::text),
	('a label', '{"columns": [{"table_id": "f", "column": "id"}]}', pg_temp.definition(
		'{"columns": [{"table_id": "f", "column": "id", "display_name": "No."}]}')::text),
	('a nested query''s value', '{"filters": [{"table_id": "f", "column": "id", "operator": "in",
		"value": {"query": {"tables": [{"id": "o", "name": "others"}], "columns": [{"table_id": "o",
		"column": "id"}], "limit": 1}}}]}', pg_temp.definition('{"filters": [{"table_id": "f",
		"column": "id", "operator": "in", "value": {"query": {"tables": [{"id": "o",
		"name": "others"}], "columns": [{"table_id": "o", "column": "id"}], "limit": 3}}}]}')::text)
	) v (what, a, b);
SELECT is(prismiq_stat_fingerprint(to_jsonb(pg_temp.definition('{"limit": 9}')::text)),
		  pg_temp.fingerprint_of('{"limit": 8}'), 'it can be asked for');
CREATE TEMP TABLE shapes (what text, members jsonb);
INSERT INTO shapes VALUES
	('it alone', '{}'), ('a limit', '{"limit": 5}'), ('an offset', '{"offset": 5}'),
	('a column', '{"columns": [{"table_id": "f", "column": "n"}]}'),
	('an aggregation', '{"columns": [{"table_id": "f", "column": "n", "aggregation": "sum"}]}'),
	('another', '{"columns": [{"table_id": "f", "column": "n", "aggregation": "max"}]}'),
	('distinct', '{"columns": [{"table_id": "f", "column": "n", "aggregation": "sum",
		"distinct": true}]}'),
	('two columns', '{"columns": [{"table_id": "f", "column": "n"}, {"table_id": "f",
		"column": "id"}]}'),
	('in another order', '{"columns": [{"table_id": "f", "column": "id"}, {"table_id": "f",
		"column": "n"}]}'),
	('a table', '{"tables": [{"id": "f", "name": "others"}]}'),
	('an order', '{"order_by": [{"table_id": "f", "column": "id"}]}'),
	('the other way', '{"order_by": [{"table_id": "f", "column": "id", "direction": "DESC"}]}'),
	('a condition', '{"filters": [{"table_id": "f", "column": "id", "operator": "gt",
		"value": 1}]}'),
	('another operator', '{"filters": [{"table_id": "f", "column": "id", "operator": "lt",
		"value": 1}]}'),
	('a group', '{"filters": [{"or": [{"table_id": "f", "column": "id", "operator": "gt",
		"value": 1}]}]}'),
	('another group', '{"filters": [{"not": {"table_id": "f", "column": "id", "operator": "gt",
		"value": 1}}]}'),
	('a nested query', '{"filters": [{"table_id": "f", "column": "id", "operator": "in", "value":
		{"query": {"tables": [{"id": "o", "name": "others"}], "columns": [{"table_id": "o",
		"column": "id"}]}}}]}'),
	('another nested query', '{"filters": [{"table_id": "f", "column": "id", "operator": "in",
		"value": {"query": {"tables": [{"id": "o", "name": "facts"}], "columns": [{"table_id": "o",
		"column": "n"}]}}}]}'),
	('a width', '{"time_series": {"table_id": "f", "date_column": "at", "interval": "1 day"}}'),
	('another width', '{"time_series": {"table_id": "f", "date_column": "at",
		"interval": "1 hour"}}'),
	('an expression', '{"calculated_fields": [{"name": "c", "expression": "[n] + 1"}]}'),
	('another expression', '{"calculated_fields": [{"name": "c", "expression": "[n] - 1"}]}'),
	('of another column', '{"calculated_fields": [{"name": "c", "expression": "[id] - 1"}]}'),
	('parameters', '{"params": {"p": {"type": "integer", "default": 1}}}'),
	('more of them', '{"params": {"p": {"type": "integer", "default": 1}, "q": {"type": "text",
		"default": ""}}}');
SELECT is(count(DISTINCT pg_temp.fingerprint_of(members)), count(*), 'each of these is another one')
FROM shapes;
SELECT matches(pg_temp.fingerprint('{"tables": 5, "columns": {"a": [[1]]}, "x": {}}'),
			   '^[0-9a-f]+$', 'what is no definition has one too');
SELECT matches(pg_temp.fingerprint(
	('{"filters": [' || repeat('{"or": [', 60) || '1' || repeat(']}', 60) || ']}')::jsonb),
	'^[0-9a-f]+$', 'nested deep');

-- ---- What is counted ----------------------------------------------------------

SELECT prismiq_stat_reset();
SELECT is_empty('SELECT * FROM prismiq_stat_queries', 'after a reset there is nothing');
SELECT is(pg_temp.sample('prismiq_queries_total'), 0::numeric, 'in metrics neither');
SELECT prismiq_query(pg_temp.definition(format('{"limit": %s}', g)::jsonb)) AS ignored
FROM generate_series(1, 3) g \g /dev/null
SELECT results_eq('SELECT pg_temp.counted()', ARRAY['3 0 0 6'], 'calls and rows of prismiq_query');
SELECT ok(total_ms > 0 AND worst_ms > 0 AND worst_ms <= total_ms AND saved_query IS NULL
		  AND tables = '{public.facts}'::regclass[] AND cardinality(durations) = 12
		  AND (SELECT sum(d) FROM unnest(durations) d) = 3, 'time, tables, durations')
FROM prismiq_stat_queries;
SELECT prismiq_query_csv(pg_temp.definition('{"limit": 2}')) \g /dev/null
SELECT results_eq('SELECT pg_temp.counted()', ARRAY['4 0 0 8'], 'as CSV it is the same query');
SELECT prismiq_query_rows(pg_temp.definition('{"limit": 4}')) \g /dev/null
SELECT results_eq('SELECT pg_temp.counted()', ARRAY['5 0 0 12'], 'row by row, too');
SELECT prismiq_query_rows(pg_temp.definition('{"limit": 4}')) LIMIT 1 \g /dev/null
SELECT results_eq('SELECT pg_temp.counted()', ARRAY['6 0 0 13'], 'and what was read of it');
SELECT prismiq_compile(d), prismiq_validate(d), prismiq_explain(d)
FROM pg_temp.definition('{"limit": 2}') d \g /dev/null
SELECT results_eq('SELECT pg_temp.counted()', ARRAY['6 0 0 13'],
				  'what runs nothing is not counted');

-- What fails is counted, and stays counted when it is rolled back.
SELECT prismiq_stat_reset();
SELECT throws_ok(format('SELECT prismiq_query(%L)', definition), code, NULL, 'fails: ' || code)
FROM (VALUES ('22023', pg_temp.definition('{"columns": [{"table_id": "f", "column": "nope"}]}')),
			 ('PT413', pg_temp.definition('{"limit": 5}'))) v (code, definition),
	LATERAL (SELECT set_config('prismiq.max_cost', CASE code WHEN 'PT413' THEN '0.001' ELSE '0' END,
							   true)) AS ignored;
RESET prismiq.max_cost;
SELECT results_eq('SELECT pg_temp.counted()', ARRAY['1 1 1 0', '1 1 1 0'], 'what is refused');
SELECT prismiq_stat_reset();
BEGIN;
SELECT throws_ok(format('SELECT prismiq_query(%L)', pg_temp.definition('{"columns":
	[{"table_id": "f", "column": "nope"}]}')), '22023', NULL, 'in a transaction');
SELECT prismiq_query(pg_temp.definition('{}')) \g /dev/null
ROLLBACK;
SELECT results_eq('SELECT pg_temp.counted()', ARRAY['1 0 0 9', '1 1 1 0'],
				  'nothing that was rolled back is lost');
SELECT set_config('prismiq.tenant_id', '', false) \g /dev/null
SELECT throws_ok(format('SELECT prismiq_query(%L)', pg_temp.definition('{}')), '42501', NULL,
				 'without a tenant');
SELECT results_eq('SELECT pg_temp.counted()', ARRAY['2 1 1 9', '1 1 1 0'], 'is refused, too');
SELECT prismiq_set_context('acme', 'ann', '{admin}', false) \g /dev/null
SELECT prismiq_stat_reset();
SET prismiq.query_timeout = '50ms';
DO $$
BEGIN
	PERFORM prismiq.prismiq_query('{"tables": [{"id": "s", "name": "slow"}],
		"columns": [{"table_id": "s", "column": "n"}]}');
EXCEPTION WHEN query_canceled THEN
END $$;
RESET prismiq.query_timeout;
SELECT results_eq('SELECT pg_temp.counted()', ARRAY['1 1 0 0'],
				  'a time limit is an error, and no refusal');
SELECT ok(worst_ms >= 50 AND durations[1:4] = ARRAY[0,0,0,0]::bigint[]
		  AND tables = '{public.slow}'::regclass[], 'that took its time') FROM prismiq_stat_queries;
SELECT is(ARRAY[pg_temp.sample('prismiq_query_errors_total{kind="refused"}'),
				pg_temp.sample('prismiq_query_errors_total{kind="failed"}')], '{0,1}'::numeric[],
		  'metrics tell it from refusals');
SELECT prismiq_stat_reset();
BEGIN READ ONLY;
SELECT prismiq_query(pg_temp.definition('{}')) \g /dev/null
COMMIT;
SELECT results_eq('SELECT pg_temp.counted()', ARRAY['1 0 0 9'], 'a transaction that only reads');

-- ---- Widgets ------------------------------------------------------------------

SELECT prismiq_saved_query_create(jsonb_build_object('name', 'S', 'query',
	pg_temp.definition('{"limit": 4}'))) ->> 'id' AS saved \gset
SELECT prismiq_dashboard_create(jsonb_build_object('name', 'D', 'filters',
	'[{"id": "o", "type": "select", "field": "name", "table": "facts", "dynamic": true}]'::jsonb,
	'widgets', jsonb_build_array(
		jsonb_build_object('type', 'table', 'query', pg_temp.definition('{"limit": 3}')),
		jsonb_build_object('type', 'table', 'saved_query_id', :'saved'),
		jsonb_build_object('type', 'text', 'config', '{"content": "t"}'::jsonb)))) AS board \gset
SELECT :'board'::jsonb ->> 'id' AS board_id,
	(SELECT w ->> 'id' FROM jsonb_array_elements(:'board'::jsonb -> 'widgets') w
	 WHERE w ->> 'saved_query_id' IS NOT NULL) AS widget \gset
SELECT prismiq_stat_reset();
SELECT prismiq_dashboard_data(:'board_id') \g /dev/null
SELECT set_eq(
	'SELECT saved_query::text, calls, errors, rows FROM prismiq_stat_queries',
	format($$VALUES (NULL, 1::bigint, 0::bigint, 3::bigint), (%L, 1, 0, 4)$$, :'saved'),
	'each widget that asks something is a call, by its saved query');
SELECT is(count(DISTINCT fingerprint), 1::bigint, 'whose definition may be another''s')
FROM prismiq_stat_queries;
SELECT is(pg_temp.sample('prismiq_queries_total'), 2::numeric, 'two in all');
SELECT prismiq_widget_data(:'widget') \g /dev/null
SELECT prismiq_widget_csv(:'widget') \g /dev/null
SELECT is((calls, rows)::text, '(3,12)', 'the same for itself, and as CSV')
FROM prismiq_stat_queries WHERE saved_query = :'saved';
SELECT prismiq_stat_reset();
SELECT prismiq_query_preview(jsonb_build_object('type', 'table', 'saved_query_id', :'saved'))
	\g /dev/null
SELECT is((saved_query, rows)::text, format('(%s,4)', :'saved'), 'a preview')
FROM prismiq_stat_queries;
SELECT prismiq_query(jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('id', 's',
	'saved_query', :'saved')), 'columns', '[{"table_id": "s", "column": "id"}]'::jsonb))
	\g /dev/null
SELECT is(count(*), 2::bigint, 'a definition over a saved query is that one''s, and another query')
FROM prismiq_stat_queries WHERE saved_query = :'saved';
SELECT prismiq_stat_reset();
SELECT prismiq_filter_options(:'board_id', 'o') \g /dev/null
SELECT results_eq('SELECT pg_temp.counted()', ARRAY['1 0 0 1'], 'options of a filter');
SELECT prismiq_widget_update((w ->> 'id')::uuid, jsonb_build_object('query', pg_temp.definition(
	'{"columns": [{"table_id": "f", "column": "gone"}]}')))
FROM jsonb_array_elements(:'board'::jsonb -> 'widgets') w
WHERE w ->> 'type' = 'table' AND w ->> 'saved_query_id' IS NULL \g /dev/null
ALTER TABLE public.facts DROP COLUMN gone;
SELECT prismiq_stat_reset();
SELECT prismiq_dashboard_data(:'board_id') \g /dev/null
SELECT results_eq('SELECT pg_temp.counted()', ARRAY['1 0 0 4', '1 1 1 0'],
				  'a widget that fails is an error, the others are not');

-- ---- Metrics ------------------------------------------------------------------

SELECT is(ARRAY[pg_temp.sample('prismiq_queries_total'),
				pg_temp.sample('prismiq_query_errors_total{kind="refused"}'),
				pg_temp.sample('prismiq_query_errors_total{kind="failed"}'),
				pg_temp.sample('prismiq_query_rows_total'),
				pg_temp.sample('prismiq_query_duration_seconds_count'),
				pg_temp.sample('prismiq_query_duration_seconds_bucket{le="+Inf"}'),
				pg_temp.sample('prismiq_queries_shared')],
		  '{2,1,0,4,2,2,0}'::numeric[], 'metrics count all calls');
SELECT ok(pg_temp.sample('prismiq_query_duration_seconds_sum') > 0, 'and their time');
SELECT ok(bool_and(n >= lag), 'a bucket holds those before it')
FROM (SELECT n, lag(n, 1, 0::numeric) OVER (ORDER BY le) AS lag
	  FROM unnest('{0.005,0.01,0.025,0.05,0.1,0.25,0.5,1,2.5,5,10}'::numeric[]) le,
		   LATERAL (SELECT pg_temp.sample(
						format('prismiq_query_duration_seconds_bucket{le="%s"}', le))) AS s (n)) b;
SELECT ok(prismiq_metrics()::text !~ string_agg(fingerprint, '|'), 'no query is named there')
FROM prismiq_stat_queries;

-- ---- Who may see it -----------------------------------------------------------

-- The error of a statement as a role, or what it answers.
CREATE FUNCTION pg_temp.as_role(role name, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	BEGIN
		EXECUTE statement INTO answer;
	EXCEPTION WHEN OTHERS THEN
		answer := SQLSTATE || ' ' || SQLERRM;
	END;
	RESET ROLE;
	RETURN answer;
END $$;
SELECT is(pg_temp.as_role(role, statement), answer, format('%s: %s', role, statement))
FROM (VALUES
	('app_user', 'SELECT count(*) FROM prismiq_stat_queries()',
	 '42501 permission denied for function prismiq_stat_queries'),
	('app_user', 'SELECT count(*) FROM prismiq_stat_queries',
	 '42501 permission denied for view prismiq_stat_queries'),
	('app_user', 'SELECT prismiq_stat_fingerprint(''{}'')',
	 '42501 permission denied for function prismiq_stat_fingerprint'),
	('app_user', 'SELECT prismiq_stat_reset()',
	 '42501 permission denied for function prismiq_stat_reset'),
	('app_user', 'SELECT prismiq_internal.query_state()',
	 '42501 permission denied for function query_state'),
	('app_user', 'SELECT prismiq_internal.query_samples()',
	 '42501 permission denied for function query_samples'),
	('stat_admin', 'SELECT count(*) FROM prismiq_stat_queries()', '2'),
	('stat_admin', 'SELECT count(*) FROM prismiq_stat_queries', '2'),
	('stat_admin', 'SELECT prismiq_stat_reset()', '')) v (role, statement, answer);
SELECT is_empty('SELECT * FROM prismiq_stat_queries', 'then it is reset');

-- ---- Bounds, and off ----------------------------------------------------------

SELECT prismiq_query(pg_temp.definition(format('{"columns": [{"table_id": "f", "column": "id",
	"alias": "a%s"}]}', g)::jsonb)) FROM generate_series(1, 1100) g \g /dev/null
SELECT cmp_ok(count(*), '<=', 999::bigint, 'no more than prismiq.stat_max are kept')
FROM prismiq_stat_queries;
SELECT cmp_ok(count(*), '>', 900::bigint, 'and not much less') FROM prismiq_stat_queries;
SELECT is(pg_temp.sample('prismiq_queries_total'), 1100::numeric, 'all of them are counted in all');
SELECT is(pg_temp.sample('prismiq_queries_evicted_total'),
		  (SELECT 1100 - count(*) FROM prismiq_stat_queries)::numeric,
		  'it tells how many are gone');
SELECT prismiq_stat_reset();
SET prismiq.track_queries = off;
SELECT prismiq_query(pg_temp.definition('{}')) \g /dev/null
SELECT prismiq_query_rows(pg_temp.definition('{}')) \g /dev/null
SELECT prismiq_dashboard_data(:'board_id') \g /dev/null
SELECT is_empty('SELECT * FROM prismiq_stat_queries', 'switched off nothing is counted');
SELECT is(pg_temp.as_role('app_user', 'SET prismiq.track_queries = on'),
	'42501 permission denied to set parameter "prismiq.track_queries"', 'which a superuser does');
RESET prismiq.track_queries;

-- A query that is asked within another is counted by itself.
CREATE FUNCTION public.inner_rows() RETURNS bigint LANGUAGE sql STABLE AS
	$$SELECT count(*) FROM (SELECT prismiq.prismiq_query_rows('{"tables": [{"id": "o",
		"name": "others"}], "columns": [{"table_id": "o", "column": "id"}]}')) r$$;
CREATE VIEW public.nested AS SELECT id, tenant, public.inner_rows() AS n FROM public.facts;
SELECT prismiq_expose('public.nested', tenant_column => 'tenant') \g /dev/null
SELECT prismiq_query('{"tables": [{"id": "n", "name": "nested"}], "columns": [{"table_id": "n",
	"column": "n"}]}') \g /dev/null
SELECT set_eq('SELECT tables, calls, rows FROM prismiq_stat_queries', $$VALUES
	('{public.nested}'::regclass[], 1::bigint, 9::bigint), ('{public.others}', 9, 0)$$,
	'each counts its own');

SELECT finish();
DROP OWNED BY stat_admin;
DROP ROLE stat_admin;
