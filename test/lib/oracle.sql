-- Answers against an oracle: SQL that a person wrote, and not our compiler.
--
--     \getenv dir TEST_DIR
--     \set lib :dir /lib/oracle.sql
--     \ir :lib
--
-- Functions and not one of them knows what prismiq prints. They are the
-- test's own, and run with the rights of whoever calls them.
\set ON_ERROR_STOP on
\set QUIET on
\set shop :dir /data/shop.sql
\pset format unaligned
\pset tuples_only on
BEGIN;
SET LOCAL client_min_messages = warning;
\o /dev/null
\i :shop
\o
CREATE SCHEMA oracle;
GRANT USAGE ON SCHEMA oracle TO app_user;

-- "o.amount sum = total" as {table_id, column, aggregation, alias}.
CREATE FUNCTION oracle.column(text text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('table_id', m[1], 'column', m[2],
												'aggregation', m[4], 'alias', m[6]))
	FROM regexp_match(text, '^\s*(\w+)\.(\*|\w+)(\s+(\w+))?(\s*=\s*(\S+))?\s*$') AS m
$$;

-- "o.customer_id = c.id LEFT" as a join.
CREATE FUNCTION oracle.join(text text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('from_table_id', m[1], 'from_column', m[2],
		'to_table_id', m[3], 'to_column', m[4], 'join_type', m[6]))
	FROM regexp_match(text, '^\s*(\w+)\.(\w+) = (\w+)\.(\w+)(\s+(\w+))?\s*$') AS m
$$;

-- A definition in short: def('o orders, c customers', 'c.region, o.amount sum',
-- joins => 'o.customer_id = c.id LEFT', rest => '{"limit": 5}').
CREATE FUNCTION oracle.def(tables text, columns text, rest jsonb = '{}', joins text = NULL)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_build_object(
		'tables', (SELECT jsonb_agg(jsonb_build_object('id', split_part(t, ' ', 1),
													   'name', split_part(t, ' ', 2)) ORDER BY n)
				   FROM regexp_split_to_table(tables, ',\s*') WITH ORDINALITY AS u (t, n)),
		'columns', (SELECT jsonb_agg(oracle.column(c) ORDER BY n)
					FROM regexp_split_to_table(columns, ',') WITH ORDINALITY AS u (c, n)))
		|| CASE WHEN joins IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('joins',
			(SELECT jsonb_agg(oracle.join(j) ORDER BY n)
			 FROM regexp_split_to_table(joins, ',') WITH ORDINALITY AS u (j, n))) END
		|| rest
$$;

-- A condition in short: cond('o.amount gt', '5').
CREATE FUNCTION oracle.cond(subject text, value jsonb = NULL, more jsonb = '{}')
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_build_object('table_id', m[1], 'column', m[2], 'operator', m[3])
		|| CASE WHEN value IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('value', value) END
		|| more
	FROM regexp_match(subject, '^(\w+)\.(\w+) (\w+)$') AS m
$$;

-- {"filters": [...]} of conditions.
CREATE FUNCTION oracle.filters(VARIADIC conditions jsonb[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_build_object('filters', to_jsonb(conditions)) $$;

-- One of some values, at random.
CREATE FUNCTION oracle.one_of(VARIADIC jsonb[]) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
	SELECT $1[1 + floor(random() * cardinality($1))::int]
$$;

-- Rows of a statement as JSON arrays, in their order; run in a time zone.
CREATE FUNCTION oracle.rows(statement text, names int, zone text) RETURNS jsonb[]
LANGUAGE plpgsql AS $$
DECLARE
	columns text := (SELECT string_agg('c' || n, ', ') FROM generate_series(1, names) AS n);
	before text := current_setting('TimeZone');
	result jsonb[];
BEGIN
	PERFORM set_config('TimeZone', zone, true);
	EXECUTE format('SELECT array_agg(json_build_array(%s)::jsonb) FROM (%s) AS q (%s)',
				   columns, statement, columns) INTO result;
	PERFORM set_config('TimeZone', before, true);
	RETURN coalesce(result, '{}');
END
$$;

-- The compiled statement, prepared and executed by hand with its parameters.
CREATE FUNCTION oracle.by_hand(compiled jsonb, zone text) RETURNS jsonb[]
LANGUAGE plpgsql AS $$
DECLARE
	types text := (SELECT string_agg(p ->> 'type', ', ' ORDER BY n)
				   FROM jsonb_array_elements(compiled -> 'params') WITH ORDINALITY AS u (p, n));
	literals text := (SELECT string_agg(format('%L', p ->> 'value'), ', ' ORDER BY n)
				   FROM jsonb_array_elements(compiled -> 'params') WITH ORDINALITY AS u (p, n));
	columns text := (SELECT string_agg('c' || n, ', ')
					 FROM generate_series(1, jsonb_array_length(compiled -> 'columns')) AS n);
	before text := current_setting('TimeZone');
	result jsonb[];
BEGIN
	PERFORM set_config('TimeZone', zone, true);
	EXECUTE format('PREPARE oracle_statement%s AS SELECT array_agg(json_build_array(%s)::jsonb)
					FROM (%s) AS q (%s)', '(' || types || ')', columns, compiled ->> 'sql',
							columns);
	EXECUTE 'EXECUTE oracle_statement' || coalesce('(' || literals || ')', '') INTO result;
	DEALLOCATE oracle_statement;
	PERFORM set_config('TimeZone', before, true);
	RETURN coalesce(result, '{}');
END
$$;

-- Rows as text to compare: as a set they are sorted first.
CREATE FUNCTION oracle.text(rows jsonb[], ordered boolean) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(r::text, E'\n' ORDER BY CASE WHEN ordered THEN n END, r::text), '')
	FROM unnest(rows) WITH ORDINALITY AS u (r, n)
$$;

CREATE FUNCTION oracle.array_of(list jsonb) RETURNS jsonb[] LANGUAGE sql AS $$
	SELECT coalesce(array_agg(e ORDER BY n), '{}')
	FROM jsonb_array_elements(list) WITH ORDINALITY AS u (e, n)
$$;

-- The other formats, brought to arrays: "objects", "columnar" and the stream.
CREATE FUNCTION oracle.format(definition jsonb, options jsonb, names jsonb, format text)
RETURNS jsonb[] LANGUAGE plpgsql AS $$
DECLARE
	list jsonb;
BEGIN
	IF format = 'rows' THEN
		RETURN coalesce((SELECT array_agg((SELECT jsonb_agg(r -> name ORDER BY n)
				FROM jsonb_array_elements_text(names) WITH ORDINALITY AS u (name, n)))
			FROM (SELECT prismiq.prismiq_query_rows(definition, options) AS r) AS stream), '{}');
	END IF;
	list := prismiq.prismiq_query(definition, options || jsonb_build_object('format', format))
			::jsonb -> 'rows';
	IF format = 'objects' THEN
		RETURN coalesce((SELECT array_agg((SELECT jsonb_agg(r -> name ORDER BY n)
				FROM jsonb_array_elements_text(names) WITH ORDINALITY AS u (name, n)) ORDER BY i)
			FROM jsonb_array_elements(list) WITH ORDINALITY AS v (r, i)), '{}');
	END IF;
	RETURN coalesce((SELECT array_agg((SELECT jsonb_agg(c -> i ORDER BY n)
			FROM jsonb_array_elements(list) WITH ORDINALITY AS u (c, n)) ORDER BY i)
		FROM generate_series(0, jsonb_array_length(list -> 0) - 1) AS i), '{}');
END
$$;

-- Is the answer that of the hand-written statement (empty: do not ask), is it
-- that of the compiled statement run by hand, and do the formats agree?
CREATE FUNCTION oracle.same(name text, definition jsonb, by_person text, ordered boolean = false,
							options jsonb = '{}')
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	zone text := coalesce(definition #>> '{time_series,timezone}', options ->> 'timezone',
						  current_setting('TimeZone'));
	answer jsonb := prismiq.prismiq_query(definition, options);
	compiled jsonb := prismiq.prismiq_compile(definition, options);
	arrays jsonb[] := oracle.array_of(answer -> 'rows');
	format text;
	bad text := '';
	csv text;
BEGIN
	RETURN NEXT public.is(oracle.text(arrays, ordered),
		oracle.text(oracle.rows(by_person, jsonb_array_length(answer -> 'columns'), zone), ordered),
		name);
	RETURN NEXT public.is(oracle.text(arrays, ordered),
						  oracle.text(oracle.by_hand(compiled, zone), ordered),
						  name || ': the compiled statement, by hand');
	FOREACH format IN ARRAY '{objects,columnar,rows}'::text[] LOOP
		IF oracle.text(oracle.format(definition, options, answer -> 'columns', format), true)
			<> oracle.text(arrays, true) THEN
			bad := bad || ' ' || format;
		END IF;
	END LOOP;
	csv := prismiq.prismiq_query_csv(definition, options);
	IF position(E'\n' in csv) = 0 OR (cardinality(arrays) > 0) <>
		(length(csv) > position(E'\n' in csv)) THEN
		bad := bad || ' csv';
	END IF;
	IF (answer ->> 'row_count')::int <> cardinality(arrays) OR
		(SELECT jsonb_agg(c -> 'name') FROM jsonb_array_elements(compiled -> 'columns') AS c)
		<> answer -> 'columns' THEN
		bad := bad || ' row_count or columns';
	END IF;
	RETURN NEXT public.is(bad, '', name || ': the formats agree');
END
$$;

-- What is wrong with a definition, a line a fault: code, path, message (suggestion).
CREATE FUNCTION oracle.faults(definition jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', e ->> 'code', e ->> 'path', e ->> 'message',
								'(' || (e ->> 'suggestion') || ')'), E'\n' ORDER BY n)
	FROM jsonb_array_elements(prismiq.prismiq_validate(definition) -> 'errors')
		 WITH ORDINALITY AS u (e, n)
$$;

-- An answer's rows as text, or the SQLSTATE and first code of the refusal.
CREATE FUNCTION oracle.answer(definition jsonb, options jsonb = '{}') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	RETURN (prismiq.prismiq_query(definition, options)::jsonb -> 'rows')::text;
EXCEPTION WHEN OTHERS OR query_canceled THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' ', SQLSTATE, substring(detail FROM '^\[\{"code": "(\w+)"'));
END
$$;

SET LOCAL search_path = oracle, prismiq, shop, public;
SET LOCAL TimeZone = 'UTC';
SET LOCAL ROLE app_user;
SET LOCAL prismiq.tenant_id = 'acme';
SELECT * FROM no_plan();
