-- In place of test/lib/oracle.sql: the tests that compare answers with an oracle are run, but
-- same() only tells how long its definition took to compile, as "timed", microseconds and name.
\getenv tests BENCH_TESTS
\set lib :tests /lib/oracle.sql
\i :lib
SET LOCAL ROLE NONE;
GRANT USAGE ON SCHEMA bench TO app_user;
CREATE OR REPLACE FUNCTION oracle.same(name text, definition jsonb, by_person text,
									   ordered boolean = false, options jsonb = '{}')
RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN NEXT concat_ws(E'\t', 'timed', round(bench.least_time(definition, options)::numeric, 1),
						  name);
END
$$;
SET LOCAL ROLE app_user;
