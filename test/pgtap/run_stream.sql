-- prismiq_query_rows: rows as they come, stopped anywhere, in flat memory.
BEGIN;
SET LOCAL search_path = prismiq, public;
SET LOCAL timezone = 'Europe/Berlin';

CREATE TABLE public.run_many AS
SELECT g AS id, 'text ' || g AS t, g::float8 / 0.3 AS f, timestamptz '2024-01-01' AS at,
	   jsonb_build_object('g', g, 'a', '[1, {"b": null}]'::jsonb) AS j,
	   CASE g WHEN 1 THEN 'NaN' WHEN 2 THEN 'Infinity' WHEN 3 THEN NULL ELSE g / 7.0 END AS n,
	   CASE g WHEN 1 THEN '"x"'::jsonb WHEN 2 THEN 'null' ELSE '[]' END AS s,
	   ARRAY[g, NULL] AS a, '\xff'::bytea AS y, (g % 2 = 0) AS b
FROM generate_series(1, 60000) g;
CREATE VIEW public.run_breaks AS SELECT id, 1 / (2000 - id) AS x FROM public.run_many;
GRANT SELECT ON public.run_many, public.run_breaks TO app_user;
SELECT prismiq_expose('public.run_many', shared => true) \g /dev/null
SELECT prismiq_expose('public.run_breaks', shared => true) \g /dev/null

CREATE FUNCTION public.run_definition(columns text[], name text = 'run_many', rows int = 60000)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_build_object(
		'tables', jsonb_build_array(jsonb_build_object('id', 't', 'name', name)),
		'columns', (SELECT jsonb_agg(jsonb_build_object('table_id', 't', 'column', c)
									 ORDER BY o)
					FROM unnest(columns) WITH ORDINALITY x (c, o)),
		'order_by', '[{"table_id": "t", "column": "id"}]'::jsonb, 'limit', rows)
$$;

-- The memory of this backend, which only superusers may look at.
CREATE FUNCTION public.run_memory(pattern text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS
	$$ SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts WHERE name LIKE pattern $$;

SELECT plan(12);
SET LOCAL ROLE app_user;
SET LOCAL prismiq.tenant_id = 'acme';

SELECT results_eq(
	$$ SELECT prismiq_query_rows(run_definition('{id,t,f,at,j,n,s,a,b}', rows => 500)) $$,
	$$ SELECT to_jsonb(m) - 'y' FROM run_many m ORDER BY id LIMIT 500 $$,
	'rows are what to_jsonb makes of them');
SELECT is(prismiq_query_rows(run_definition('{y}', rows => 1)), '{"y": "/w=="}',
		  'but bytea is base64');
SELECT is((SELECT count(*) FROM prismiq_query_rows(run_definition('{id}', rows => 5000))),
		  5000::bigint, 'in FROM as well');
SELECT is((SELECT count(*) FROM prismiq_query_rows(run_definition('{id}', rows => 0))),
		  0::bigint, 'no rows');

-- Stopped before the end.
SELECT is(array_agg(r ->> 'id'), '{1,2,3}', 'a LIMIT outside')
FROM (SELECT prismiq_query_rows(run_definition('{id}', rows => 5000)) AS r LIMIT 3) x;
DECLARE half CURSOR FOR SELECT prismiq_query_rows(run_definition('{id}', rows => 9000));
FETCH 2 FROM half \g /dev/null
SAVEPOINT s;
FETCH 1200 FROM half \g /dev/null
ROLLBACK TO s;
FETCH 1 FROM half \gset next_
SELECT is(:'next_prismiq_query_rows'::jsonb ->> 'id', '1203',
		  'a cursor goes on after a savepoint was rolled back');
CLOSE half;
SELECT pass('and is closed half read');

-- Errors in the middle.
CREATE FUNCTION pg_temp.rows_before_error(OUT state text, OUT message text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM prismiq_query_rows(run_definition('{id,x}', 'run_breaks'));
	state := 'no error';
EXCEPTION WHEN OTHERS THEN
	state := SQLSTATE;
	message := SQLERRM;
END $$;
SELECT is(pg_temp.rows_before_error()::text,
		  '(22023,"a value is out of range or cannot be converted")', 'a value that does not fit');
SELECT is((SELECT count(*) FROM prismiq_query_rows(run_definition('{id}', rows => 10))),
		  10::bigint, 'and the next stream is well');

-- Several at once.
SELECT is((SELECT sum((r ->> 'id')::int)
		   FROM generate_series(1, 30) n,
				LATERAL (SELECT prismiq_query_rows(run_definition('{id}', rows => n)) AS r) x),
		  (SELECT sum(n * (n + 1) / 2) FROM generate_series(1, 30) n), 'streams inside a query');

-- Memory: a cursor that has read 500 rows and one that has read 50,000.
SET LOCAL prismiq.max_rows = 100000;
DECLARE memory CURSOR FOR
	SELECT prismiq_query_rows(run_definition('{id,t,f,at,j}', rows => 60000));
MOVE 500 FROM memory;
SELECT run_memory('prismiq%') AS early \gset
SELECT cmp_ok(:early::bigint, '>', 0::bigint, 'an open stream has memory');
MOVE 50000 FROM memory;
SELECT cmp_ok(run_memory('prismiq%'), '<', :early + 4194304::bigint,
			  'which does not grow with what was read');
CLOSE memory;

SELECT * FROM finish();
ROLLBACK;
