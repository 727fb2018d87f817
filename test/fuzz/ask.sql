-- What the driver of the property tests asks a server with: one call a
-- definition, which compares inside the database all that can be compared there.
\set ON_ERROR_STOP on
CREATE SCHEMA fuzz;
GRANT USAGE ON SCHEMA fuzz TO app_user;
CREATE SEQUENCE fuzz.rids;

-- Rows of a statement as JSON arrays, in their order.
CREATE FUNCTION fuzz.rows(statement text, width int) RETURNS jsonb[] LANGUAGE plpgsql AS $$
DECLARE
	columns text := (SELECT string_agg('c' || n, ', ') FROM generate_series(1, width) AS n);
	result jsonb[];
BEGIN
	EXECUTE format('SELECT array_agg(json_build_array(%s)::jsonb) FROM (%s) AS q (%s)',
				   columns, statement, columns) INTO result;
	RETURN coalesce(result, '{}');
END
$$;

-- The compiled statement, prepared and executed by hand with its parameters.
CREATE FUNCTION fuzz.by_hand(compiled jsonb) RETURNS jsonb[] LANGUAGE plpgsql AS $$
DECLARE
	types text := (SELECT string_agg(p ->> 'type', ', ' ORDER BY n)
				   FROM jsonb_array_elements(compiled -> 'params') WITH ORDINALITY AS u (p, n));
	literals text := (SELECT string_agg(format('%L', p ->> 'value'), ', ' ORDER BY n)
					  FROM jsonb_array_elements(compiled -> 'params') WITH ORDINALITY AS u (p, n));
	columns text := (SELECT string_agg('c' || n, ', ')
					 FROM generate_series(1, jsonb_array_length(compiled -> 'columns')) AS n);
	result jsonb[];
BEGIN
	-- A pivot of no values may have no columns.
	IF columns IS NULL THEN
		RETURN '{}';
	END IF;
	EXECUTE format('PREPARE fuzz_statement%s AS SELECT array_agg(json_build_array(%s)::jsonb)
					FROM (%s) AS q (%s)', '(' || types || ')', columns, compiled ->> 'sql',
							columns);
	EXECUTE 'EXECUTE fuzz_statement' || coalesce('(' || literals || ')', '') INTO result;
	DEALLOCATE fuzz_statement;
	RETURN coalesce(result, '{}');
EXCEPTION WHEN OTHERS THEN
	IF EXISTS (SELECT FROM pg_prepared_statements WHERE name = 'fuzz_statement') THEN
		DEALLOCATE fuzz_statement;
	END IF;
	RAISE;
END
$$;

CREATE FUNCTION fuzz.sorted(rows jsonb[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(array_agg(r::text ORDER BY r::text COLLATE "C"), '{}') FROM unnest(rows) AS r
$$;

-- Are rows the same, in order or as a set; digits count.
CREATE FUNCTION fuzz.same(one jsonb[], two jsonb[], ordered boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN ordered THEN one::text[] = two::text[]
		   ELSE fuzz.sorted(one) = fuzz.sorted(two) END
$$;

CREATE FUNCTION fuzz.elements(list jsonb) RETURNS jsonb[] LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(array_agg(e ORDER BY n), '{}')
	FROM jsonb_array_elements(list) WITH ORDINALITY AS u (e, n)
$$;

-- Objects as arrays, their values in the order of the names.
CREATE FUNCTION fuzz.values_of(objects jsonb[], names jsonb) RETURNS jsonb[]
LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(array_agg((SELECT jsonb_agg(o -> name ORDER BY n)
							   FROM jsonb_array_elements_text(names)
								   WITH ORDINALITY AS u (name, n)) ORDER BY i), '{}')
	FROM unnest(objects) WITH ORDINALITY AS v (o, i)
$$;

-- One array a column as one array a row.
CREATE FUNCTION fuzz.turned(columnar jsonb) RETURNS jsonb[] LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(array_agg((SELECT jsonb_agg(c -> i ORDER BY n)
							   FROM jsonb_array_elements(columnar)
								   WITH ORDINALITY AS u (c, n)) ORDER BY i), '{}')
	FROM generate_series(0, jsonb_array_length(columnar -> 0) - 1) AS i
$$;

-- The answer's rows and its error, if any.
CREATE FUNCTION fuzz.answer(definition jsonb, options jsonb, OUT answer jsonb, OUT error jsonb)
LANGUAGE plpgsql AS $$
DECLARE
	state text;
	message text;
	detail text;
BEGIN
	answer := prismiq.prismiq_query(definition, options)::jsonb;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL;
	error := jsonb_build_object('state', state, 'message', message, 'code',
		CASE WHEN left(detail, 1) = '[' THEN detail::jsonb #>> '{0,code}' END);
END
$$;

-- What was answered first, to be asked again when other tenants have changed.
CREATE TABLE fuzz.asked
(
	id int, definition jsonb, options jsonb, ordered boolean, zone text, answer jsonb
);
GRANT ALL ON fuzz.asked TO app_user;

-- Ask everything about one definition. "zone" is the zone of the answer,
-- "oracle" a statement that says what is right, or null; "complaints" tells
-- what does not agree, and the rows are there to be looked at further.
CREATE FUNCTION fuzz.ask(id int, definition jsonb, options jsonb, zone text, ordered boolean,
						 oracle text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	before text := current_setting('TimeZone');
	answer jsonb;
	error jsonb;
	compiled jsonb;
	rows jsonb[];
	other jsonb[];
	what text;
	complaints text[] := '{}';
	result jsonb;
BEGIN
	SELECT * INTO answer, error FROM fuzz.answer(definition, options) AS a;
	IF error IS NOT NULL THEN
		RETURN jsonb_build_object('error', error);
	END IF;
	rows := fuzz.elements(answer -> 'rows');
	INSERT INTO fuzz.asked VALUES (ask.id, definition, options, ask.ordered, before, answer);
	BEGIN
		what := 'objects';
		other := fuzz.values_of(fuzz.elements(prismiq.prismiq_query(definition,
			options || '{"format": "objects"}')::jsonb -> 'rows'), answer -> 'columns');
		IF NOT fuzz.same(rows, other, ordered) THEN
			complaints := complaints || format('objects are %s', other);
		END IF;
		what := 'columnar';
		other := fuzz.turned(prismiq.prismiq_query(definition,
			options || '{"format": "columnar"}')::jsonb -> 'rows');
		IF NOT fuzz.same(rows, other, ordered) THEN
			complaints := complaints || format('columnar is %s', other);
		END IF;
		what := 'stream';
		other := fuzz.values_of(ARRAY(SELECT prismiq.prismiq_query_rows(definition, options)),
								answer -> 'columns');
		IF NOT fuzz.same(rows, other, ordered) THEN
			complaints := complaints || format('query_rows is %s', other);
		END IF;
		what := 'compiled';
		compiled := prismiq.prismiq_compile(definition, options);
		IF (SELECT coalesce(jsonb_agg(c -> 'name' ORDER BY n), '[]') FROM jsonb_array_elements(
				compiled -> 'columns') WITH ORDINALITY AS u (c, n)) <> answer -> 'columns' THEN
			complaints := complaints || format('compile names %s', compiled -> 'columns');
		END IF;
		PERFORM set_config('TimeZone', zone, true);
		what := 'compiled, by hand';
		other := fuzz.by_hand(compiled);
		IF NOT fuzz.same(rows, other, ordered) THEN
			complaints := complaints || format('by hand it is %s', other);
		END IF;
		IF NOT (prismiq.prismiq_validate(definition) -> 'valid')::boolean
			AND definition -> 'params' IS NULL THEN
			complaints := complaints || 'answered, but not valid'::text;
		END IF;
		IF (answer ->> 'row_count')::int <> cardinality(rows) OR (answer -> 'truncated')::boolean
			OR jsonb_array_length(answer -> 'columns')
				<> jsonb_array_length(answer -> 'column_types') THEN
			complaints := complaints || format('the answer says %s', answer - 'rows');
		END IF;
		result := jsonb_build_object('columns', answer -> 'columns',
			'types', answer -> 'column_types', 'rows', rows::text[],
			'csv', prismiq.prismiq_query_csv(definition, options || '{"raw": true}'),
			'guarded', prismiq.prismiq_query_csv(definition, options));
		what := 'oracle';
		IF oracle IS NOT NULL THEN
			other := fuzz.rows(oracle, jsonb_array_length(answer -> 'columns'));
			IF NOT fuzz.same(rows, other, ordered) THEN
				result := result || jsonb_build_object('oracle', other::text[]);
			END IF;
		END IF;
	EXCEPTION WHEN OTHERS THEN
		complaints := complaints || format('%s: %s %s', what, SQLSTATE, SQLERRM);
		result := coalesce(result, '{}');
	END;
	PERFORM set_config('TimeZone', before, true);
	RETURN result || jsonb_build_object('complaints', complaints);
END
$$;

-- Ask again: what has another answer than before?
CREATE FUNCTION fuzz.ask_again() RETURNS SETOF jsonb LANGUAGE plpgsql AS $$
DECLARE
	old fuzz.asked;
	now record;
BEGIN
	FOR old IN SELECT * FROM fuzz.asked ORDER BY id LOOP
		PERFORM set_config('TimeZone', old.zone, true);
		SELECT * INTO now FROM fuzz.answer(old.definition, old.options);
		IF now.error IS NOT NULL OR now.answer -> 'columns' <> old.answer -> 'columns'
			OR NOT fuzz.same(fuzz.elements(old.answer -> 'rows'),
							 fuzz.elements(now.answer -> 'rows'), old.ordered) THEN
			RETURN NEXT jsonb_build_object('id', old.id, 'error', now.error,
				'types', old.answer -> 'column_types', 'ordered', old.ordered,
				'before', fuzz.elements(old.answer -> 'rows')::text[],
				'rows', fuzz.elements(coalesce(now.answer -> 'rows', '[]'))::text[]);
		END IF;
	END LOOP;
END
$$;

-- Are the groups of one answer among those of the other?  Null when they are.
CREATE FUNCTION fuzz.more_groups(wide jsonb, narrow jsonb, options jsonb, dimensions int)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	more jsonb;
BEGIN
	SELECT jsonb_agg(g) INTO more FROM (
		SELECT row - dimensions AS g
		FROM jsonb_array_elements(prismiq.prismiq_query(narrow, options)::jsonb -> 'rows') AS row
		EXCEPT ALL
		SELECT row - dimensions
		FROM jsonb_array_elements(prismiq.prismiq_query(wide, options)::jsonb -> 'rows') AS row
	) AS q;
	RETURN CASE WHEN more IS NOT NULL THEN
		format('a filter adds groups %s: %s', more, narrow) END;
EXCEPTION WHEN OTHERS THEN
	RETURN format('%s %s: %s', SQLSTATE, SQLERRM, narrow);
END
$$;

-- Do the counts of the buckets add up to the count without them?  Null when so.
CREATE FUNCTION fuzz.not_the_total(series jsonb, total jsonb, options jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	parts numeric;
	whole numeric;
BEGIN
	parts := (SELECT coalesce(sum((row ->> -1)::numeric), 0) FROM jsonb_array_elements(
		prismiq.prismiq_query(series, options)::jsonb -> 'rows') AS row);
	whole := prismiq.prismiq_query(total, options)::jsonb #>> '{rows,0,0}';
	RETURN CASE WHEN parts <> whole THEN format('buckets add up to %s, not to %s: %s', parts, whole,
												total) END;
EXCEPTION WHEN OTHERS THEN
	RETURN format('%s %s: %s', SQLSTATE, SQLERRM, total);
END
$$;
