-- Limits while a statement runs, and errors that tell nothing of its rows.
BEGIN;
SET LOCAL search_path = prismiq, public;

CREATE TABLE public.run_numbers AS SELECT g AS id, g % 10 AS k FROM generate_series(1, 1000) g;
GRANT SELECT ON public.run_numbers TO app_user;

-- Views that fail in ways of their own, only once they are run.
CREATE FUNCTION public.run_fail(code text) RETURNS int LANGUAGE plpgsql STABLE AS $$
BEGIN
	RAISE EXCEPTION 'secret-7421' USING ERRCODE = code, DETAIL = 'secret', HINT = 'secret';
END $$;
CREATE FUNCTION public.run_swallow() RETURNS int LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM pg_sleep(5);
	RETURN 1;
EXCEPTION WHEN query_canceled THEN
	RETURN 2;
END $$;
CREATE VIEW public.run_divides AS SELECT id, 1000 / (id - 500) AS x FROM public.run_numbers;
CREATE VIEW public.run_casts AS SELECT id, ('secret' || id)::int AS x FROM public.run_numbers;
CREATE VIEW public.run_overflows AS SELECT id, (2147483647 + id) AS x FROM public.run_numbers;
CREATE VIEW public.run_sleeps AS
	SELECT id, pg_sleep(0.05)::text AS x FROM public.run_numbers;
CREATE VIEW public.run_swallows AS
	SELECT id, public.run_swallow() + id AS x FROM public.run_numbers;
CREATE VIEW public.run_raises AS
	SELECT id, public.run_fail(code) AS x FROM (VALUES (1, 'P0001'), (2, 'PT401'), (3, '40001'),
		(4, '23514'), (5, '42P01'), (6, '42501'), (7, '53200'), (8, '54001')) v (id, code);
GRANT SELECT ON public.run_divides, public.run_casts, public.run_overflows, public.run_sleeps,
	public.run_swallows, public.run_raises TO app_user;
SELECT prismiq_expose(r::regclass, shared => true)
FROM unnest('{run_numbers,run_divides,run_casts,run_overflows,run_sleeps,run_swallows,
			  run_raises}'::text[]) r \g /dev/null

-- A definition of column x of a relation.
CREATE FUNCTION public.run_definition(name text, columnname text = 'x', id int = NULL)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_build_object(
		'tables', jsonb_build_array(jsonb_build_object('id', 't', 'name', name)),
		'columns', jsonb_build_array(jsonb_build_object('table_id', 't', 'column', columnname)),
		'filters', CASE WHEN id IS NULL THEN '[]'::jsonb
						ELSE jsonb_build_array(jsonb_build_object('table_id', 't', 'column', 'id',
												'operator', 'eq', 'value', id)) END)
$$;

-- All that an error says, as one text.
CREATE FUNCTION public.run_error(definition jsonb, options jsonb = '{}') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
	context text;
BEGIN
	PERFORM prismiq.prismiq_query(definition, options);
	RETURN 'no error';
EXCEPTION WHEN OTHERS OR query_canceled THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
		hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
	-- Our caller's own statement is context of ours too; what counts is whether
	-- the statement that was run shows.
	-- Of a list of faults, what it says beside the message and the hint.
	IF detail LIKE '[%' THEN
		detail := (SELECT string_agg(concat_ws(' ', f ->> 'code', f ->> 'path',
											   nullif(f ->> 'message', message),
											   nullif(f ->> 'suggestion', hint)), ', ')
				   FROM jsonb_array_elements(detail::jsonb) f);
	END IF;
	RETURN format('%s %s|%s|%s|%s', SQLSTATE, message, detail, hint,
				  CASE WHEN context ~ 'secret|run_fail|run_numbers' THEN context END);
END $$;

-- The memory of this backend, which only superusers may look at.
CREATE FUNCTION public.run_memory(pattern text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS
	$$ SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts WHERE name LIKE pattern $$;

SELECT plan(32);
SET LOCAL ROLE app_user;
SET LOCAL prismiq.tenant_id = 'acme';

-- ---- Errors of the rows ---------------------------------------------------

SELECT is(run_error(run_definition(r)),
		  '22023 a value is out of range or cannot be converted|INVALID_VALUE ||',
		  r || ' is a value that does not fit, and no more is said')
FROM unnest('{run_divides,run_casts,run_overflows}'::text[]) r;
SELECT is(run_error(run_definition('run_raises', id => 4)),
		  '22023 a value is out of range or cannot be converted|INVALID_VALUE ||',
		  'a check that fails');
SELECT is(run_error(run_definition('run_raises', id => n)),
		  'XX000 the query failed|The server''s log says why.||',
		  'what a function made up says nothing, ' || n)
FROM unnest('{1,2,3,5,7,8}'::int[]) n;
SELECT is(run_error(run_definition('run_raises', id => 6)), '42501 permission denied|||',
		  'permission denied without a name');

-- ---- Rows, bytes, cost ----------------------------------------------------

SELECT is(prismiq_query(run_definition('run_numbers', 'id'), '{"max_rows": 3}') ->> 'truncated',
		  'true', 'rows are cut and it says so');
SELECT is(prismiq_query(run_definition('run_numbers', 'id'), '{"max_rows": 3}') ->> 'row_count',
		  '3', 'after so many');
SELECT is(prismiq_query(run_definition('run_numbers', 'id'), '{"max_rows": 1000}') ->> 'truncated',
		  'false', 'as many as allowed are not cut');
SET LOCAL prismiq.max_rows = 5;
SELECT is(prismiq_query(run_definition('run_numbers', 'id')) ->> 'row_count', '5',
		  'the setting holds');
SELECT is(prismiq_query(run_definition('run_numbers', 'id'), '{"max_rows": 7}') ->> 'row_count',
		  '5', 'an option does not raise it');
RESET prismiq.max_rows;

SET LOCAL prismiq.max_result_bytes = '1kB';
SELECT is(run_error(run_definition('run_numbers', 'id')),
		  'PT413 result is too large|TOO_COMPLEX  the answer is larger than '
		  'prismiq.max_result_bytes allows|'
		  'Ask for fewer rows or columns, or raise prismiq.max_result_bytes.|',
		  'an answer that is too large');
SELECT is(run_error(run_definition('run_numbers', 'id'), '{"format": "columnar"}'),
		  'PT413 result is too large|TOO_COMPLEX  the answer is larger than '
		  'prismiq.max_result_bytes allows|'
		  'Ask for fewer rows or columns, or raise prismiq.max_result_bytes.|', 'in columns too');
SELECT is(run_error(run_definition('run_numbers', 'id'), '{"max_rows": 10}'), 'no error',
		  'a smaller one passes');
RESET prismiq.max_result_bytes;

SET LOCAL prismiq.max_cost = 1;
SELECT matches(run_error(run_definition('run_numbers', 'id')),
			   '^PT413 query is too expensive\|.*TOO_EXPENSIVE', 'a plan that is too dear');
SELECT unalike(run_error(run_definition('run_sleeps')), '57014%', 'is not started');
SET LOCAL prismiq.max_cost = 1000000;
SELECT is(run_error(run_definition('run_numbers', 'id')), 'no error', 'a cheap one is');
RESET prismiq.max_cost;

-- ---- Time -----------------------------------------------------------------

SELECT is(run_error(run_definition('run_sleeps'), '{"timeout_ms": 100}'),
		  '57014 canceling query due to prismiq.query_timeout||'
		  'Narrow the range or the filters of the query.|', 'the time is over');
SELECT is(run_error(run_definition('run_swallows'), '{"timeout_ms": 100}'),
		  '57014 canceling query due to prismiq.query_timeout||'
		  'Narrow the range or the filters of the query.|',
		  'a function that swallows the cancel does not outlive it');
SELECT lives_ok('SELECT pg_sleep(0.2)', 'nothing is cancelled afterwards');
SET LOCAL prismiq.query_timeout = '100ms';
SELECT matches(run_error(run_definition('run_sleeps')), '^57014 .*prismiq.query_timeout',
			   'the setting holds');
SELECT matches(run_error(run_definition('run_sleeps'), '{"timeout_ms": 60000}'),
			   '^57014 .*prismiq.query_timeout', 'an option does not raise it');
SELECT is(run_error(run_definition('run_numbers', 'id')), 'no error', 'what is fast passes');
RESET prismiq.query_timeout;

-- ---- Memory ---------------------------------------------------------------

SELECT run_error(run_definition('run_divides')) FROM generate_series(1, 100) \g /dev/null
SELECT run_memory('%') AS before \gset
SELECT run_error(run_definition('run_divides')) FROM generate_series(1, 1000) \g /dev/null
SELECT cmp_ok(run_memory('%') - :before, '<', 131072::bigint, 'failed calls leave nothing behind');

-- ---- Kept plans follow what they depend on --------------------------------

SELECT is(prismiq_query(run_definition('run_numbers', 'k', 7)) -> 'rows' ->> 0, '[7]', 'as it is');
RESET ROLE;
CREATE FUNCTION public.run_visible(id int) RETURNS boolean LANGUAGE sql STABLE AS
	$$ SELECT id <> 7 $$;
ALTER TABLE public.run_numbers ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible ON public.run_numbers USING (public.run_visible(id));
SET LOCAL ROLE app_user;
SELECT is(prismiq_query(run_definition('run_numbers', 'k', 7)) ->> 'row_count', '0',
		  'a policy that came later holds');
RESET ROLE;
ALTER TABLE public.run_numbers DISABLE ROW LEVEL SECURITY;
ALTER TABLE public.run_numbers ALTER COLUMN k TYPE text USING 'k' || k;
SET LOCAL ROLE app_user;
SELECT is(prismiq_query(run_definition('run_numbers', 'k', 7)) -> 'rows' ->> 0, '["k7"]',
		  'so does another type of a column');

SELECT * FROM finish();
ROLLBACK;
