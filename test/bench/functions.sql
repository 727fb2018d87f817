-- What the benchmark measures inside the server, as functions of schema bench.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE SCHEMA bench;
GRANT USAGE ON SCHEMA bench TO app_user;

-- How long compiling a definition takes when it is not remembered and when it is, and
-- how long writing it as text, in microseconds: the medians of rounds that take turns.
CREATE FUNCTION bench.compile(definition jsonb, calls int, rounds int,
							  OUT compiling float8, OUT again float8, OUT yardstick float8)
LANGUAGE plpgsql AS $$
DECLARE
	start timestamptz;
	compiled float8[];
	found float8[];
	written float8[];
BEGIN
	FOR round IN 1 .. rounds LOOP
		SET LOCAL prismiq.compiled_memory = 0;
		start := clock_timestamp();
		PERFORM count(prismiq.prismiq_compile(d))
		FROM (SELECT definition AS d FROM generate_series(1, calls) OFFSET 0) t;
		compiled := compiled ||
			(extract(epoch FROM clock_timestamp() - start) * 1e6 / calls)::float8;

		SET LOCAL prismiq.compiled_memory TO DEFAULT;
		start := clock_timestamp();
		PERFORM count(prismiq.prismiq_compile(d))
		FROM (SELECT definition AS d FROM generate_series(1, calls) OFFSET 0) t;
		found := found || (extract(epoch FROM clock_timestamp() - start) * 1e6 / calls)::float8;

		start := clock_timestamp();
		PERFORM count(length(d::text))
		FROM (SELECT definition AS d FROM generate_series(1, calls) OFFSET 0) t;
		written := written ||
			(extract(epoch FROM clock_timestamp() - start) * 1e6 / calls)::float8;
	END LOOP;
	SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) INTO compiling FROM unnest(compiled) x;
	SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) INTO again FROM unnest(found) x;
	SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) INTO yardstick FROM unnest(written) x;
END
$$;

-- The least time, in microseconds, that compiling a definition took; null when it is refused.
CREATE FUNCTION bench.least_time(definition jsonb, options jsonb) RETURNS float8
LANGUAGE plpgsql SET prismiq.compiled_memory = 0 AS $$
DECLARE
	calls CONSTANT int := 5;
	start timestamptz;
	best float8;
BEGIN
	FOR round IN 0 .. 5 LOOP
		start := clock_timestamp();
		FOR n IN 1 .. calls LOOP
			PERFORM prismiq.prismiq_compile(definition, options);
		END LOOP;
		best := least(best, extract(epoch FROM clock_timestamp() - start) * 1e6 / calls);
	END LOOP;
	RETURN best;
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END
$$;

-- A definition of so many rows of table "million".
CREATE FUNCTION bench.stream(rows int) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_build_object('limit', rows) || '{
		"tables": [{"id": "m", "name": "million"}],
		"columns": [{"table_id": "m", "column": "id"}, {"table_id": "m", "column": "words"},
					{"table_id": "m", "column": "ratio"}, {"table_id": "m", "column": "at"}]}'
$$;
