-- Operators, functions and aggregates that a colleague plants in a schema on the path: for
-- columns of domains they match better than the server's own, wherever that schema stands in
-- the path, and between calls of one session. Whatever is asked is answered as it was before.
\set ON_ERROR_STOP on
\getenv dir TEST_DIR
SET client_min_messages = error;
CREATE EXTENSION citext SCHEMA public;

-- ---- Data: columns of many types, most of them domains -----------------------------------------
CREATE SCHEMA plain;
CREATE TYPE plain.kind AS ENUM ('low', 'middle', 'high');
CREATE DOMAIN plain.d_text AS text;
CREATE DOMAIN plain.d_varchar AS varchar(40);
CREATE DOMAIN plain.d_int4 AS int4;
CREATE DOMAIN plain.d_int8 AS int8;
CREATE DOMAIN plain.d_numeric AS numeric(12,2);
CREATE DOMAIN plain.d_float8 AS float8;
CREATE DOMAIN plain.d_bool AS bool;
CREATE DOMAIN plain.d_date AS date;
CREATE DOMAIN plain.d_timestamp AS timestamp;
CREATE DOMAIN plain.d_timestamptz AS timestamptz;
CREATE DOMAIN plain.d_interval AS interval;
CREATE DOMAIN plain.d_uuid AS uuid;
CREATE DOMAIN plain.d_jsonb AS jsonb;
CREATE DOMAIN plain.d_kind AS plain.kind;
CREATE TABLE plain.things
(
	org plain.d_text NOT NULL, id plain.d_int4, note plain.d_varchar, big plain.d_int8,
	price plain.d_numeric, ratio plain.d_float8, flag plain.d_bool, day plain.d_date,
	at plain.d_timestamp, seen plain.d_timestamptz, took plain.d_interval, key plain.d_uuid,
	doc plain.d_jsonb, kind plain.d_kind, bare plain.kind, tags text[], sizes int4[],
	ci citext, small int2, bits bit(4), word name, letters varchar(9), amount money
);
INSERT INTO plain.things
SELECT o, i, 'note ' || i % 3, i * 1000, i * 1.5, i / 4.0, i % 2 = 0, date '2024-01-30' + i,
	timestamp '2024-01-30 10:00' + i * interval '9 hours',
	timestamptz '2024-01-30 10:00+00' + i * interval '9 hours', i * interval '1 hour',
	md5((i % 5)::text)::uuid, jsonb_build_object('a', i % 4), k, k, array[n], array[i % 3],
	n, i % 4, i::bit(4), n, n, i::text::money
FROM unnest('{acme,other}'::text[]) AS o, generate_series(1, 12) AS i,
	LATERAL (SELECT (enum_range(NULL::plain.kind))[1 + i % 3] AS k, 'n' || i % 3 AS n) AS l;
CREATE UNIQUE INDEX ON plain.things (org, id);
GRANT USAGE ON SCHEMA plain TO app_user;
GRANT SELECT ON plain.things TO app_user;
SELECT FROM prismiq.prismiq_expose('plain.things', tenant_column => 'org', time_column => 'seen');

-- The tables of the documents' examples, their columns made domains too.
ALTER TABLE public.flights ALTER origin TYPE plain.d_text, ALTER destination TYPE plain.d_text,
	ALTER state TYPE plain.d_text, ALTER delay TYPE plain.d_int4,
	ALTER departed_at TYPE plain.d_timestamp;
ALTER TABLE public.airports ALTER city TYPE plain.d_varchar, ALTER state TYPE plain.d_text,
	ALTER latitude TYPE plain.d_float8;

-- ---- What is asked: every block of the documents, and every operator, aggregation, window -------
-- function and function of expressions over every column.
CREATE TEMP TABLE asked (id serial, tenant text, name text, definition jsonb);
INSERT INTO asked (tenant, name, definition)
SELECT 'CA', left(regexp_replace(m[1] || m[2], '\s+', ' ', 'g'), 70),
	CASE WHEN m[1] = '' THEN m[2]::jsonb
	ELSE '{"tables": [{"id": "f", "name": "flights"}, {"id": "a", "name": "airports"}],
		"joins": [{"from_table_id": "f", "from_column": "destination", "to_table_id": "a",
				   "to_column": "iata"}],
		"columns": [{"table_id": "a", "column": "city"},
					{"table_id": "f", "column": "*", "aggregation": "count"},
					{"table_id": "f", "column": "delay", "aggregation": "avg"}]}'::jsonb
		|| jsonb_build_object(m[1], m[2]::jsonb) END
FROM unnest('{definition,joins,series,stages,expressions,examples}'::text[]) AS document,
	regexp_matches(pg_read_file(:'dir' || '/../docs/' || document || '.md'),
				   '^```json ?([a-z_]*)\n(.*?)^```', 'gn') AS m
WHERE m[2] !~ '"column_types"';

CREATE TEMP TABLE columns AS
SELECT attname AS name, attnum, ('{"id": "2", "note": "note 1", "big": 3000, "price": 4.5,
	"ratio": 0.5, "flag": true, "day": "2024-02-03", "at": "2024-02-03", "seen": "2024-02-03",
	"took": "3 hours", "doc": {"a": 1}, "kind": "high", "bare": "high", "tags": "{n1}",
	"sizes": "{1}", "ci": "N1", "small": 2, "bits": "0101", "word": "n1", "letters": "n1",
	"amount": "3", "key": "c4ca4238-a0b9-2382-0dcc-509a6f75849b", "org": "acme"}'::jsonb)
	-> attname::text AS value
FROM pg_attribute WHERE attrelid = 'plain.things'::regclass AND attnum > 0;

CREATE FUNCTION pg_temp.over(rest jsonb, tables text[] = '{t}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', (SELECT jsonb_agg(jsonb_build_object('id', t, 'name',
		'things', 'schema', 'plain')) FROM unnest(tables) AS t)) || rest
$$;
INSERT INTO asked (tenant, name, definition)
SELECT 'acme', name || ' ' || op, pg_temp.over(jsonb_build_object('columns',
	'[{"table_id": "t", "column": "id"}]'::jsonb, 'order_by', '[{"alias": "id"}]'::jsonb,
	'filters', jsonb_build_array(jsonb_build_object('table_id', 't', 'column', name,
	'operator', op, 'value', CASE WHEN op ~ 'between' THEN jsonb_build_array(value, value)
		WHEN op ~ '_in|in_|^in' THEN jsonb_build_array(value, value, NULL)
		WHEN op = 'array_contains' THEN '"n1"' ELSE value END))))
FROM columns, unnest('{eq,neq,gt,gte,lt,lte,in,not_in,in_or_null,between,not_between,like,ilike,
	not_like,contains,starts_with,array_contains}'::text[]) AS op
UNION ALL
SELECT 'acme', name || ' ' || how, pg_temp.over(jsonb_build_object('columns', jsonb_build_array(
	'{"table_id": "t", "column": "flag"}'::jsonb, jsonb_build_object('table_id', 't', 'column',
	name, 'aggregation', how, 'alias', 'm') || more), 'order_by', '[{"alias": "flag"}]'::jsonb,
	'having', jsonb_build_array(jsonb_build_object('column', 'm', 'operator', 'neq',
		'value', CASE WHEN how ~ 'count' THEN '77' ELSE value END))))
FROM columns, (VALUES ('sum', '{}'::jsonb), ('avg', '{}'), ('min', '{}'), ('max', '{}'),
	('count', '{}'), ('count_distinct', '{}'), ('stddev', '{}'), ('mode', '{}'), ('median', '{}'),
	('first', '{}'), ('last', '{"args": {"order_by": "id"}}'), ('string_agg', '{}'),
	('array_agg', '{}'), ('bool_and', '{}'), ('percentile', '{"args": {"fraction": 0.5}}'),
	('corr', '{"args": {"column": "id"}}'),
	('sum', '{"distinct": true}')) AS v (how, more)
UNION ALL
SELECT 'acme', name || ' ' || how, pg_temp.over(jsonb_build_object('columns', jsonb_build_array(
	jsonb_build_object('table_id', 't', 'column', name, 'alias', 'g'),
	'{"table_id": "t", "column": "*", "aggregation": "count", "alias": "n"}'::jsonb),
	'filters', '[{"table_id": "t", "column": "day", "operator": "between",
		"value": ["2024-02-01", "2024-02-29"]}]'::jsonb) || rest::jsonb)
FROM columns, (VALUES ('groups', '{"having": [{"column": "n", "operator": "gt", "value": 0}]}'),
	('top', '{"top": {"n": 2, "by": "n"}}'), ('totals', '{"totals": true}'),
	('compare', '{"compare": {"period": "previous_month"}}'),
	('windows', '{"windows": [
		{"alias": "a", "function": "lag", "of": "g", "order_by": [{"alias": "n"}]},
		{"alias": "b", "function": "rank", "of": "n", "partition_by": ["g"]},
		{"alias": "c", "function": "percent_of_total", "of": "n"},
		{"alias": "d", "function": "difference", "of": "g", "order_by": [{"alias": "n"}]}],
		"qualify": [{"column": "b", "operator": "lte", "value": 3}]}'),
	('series', '{"time_series": {"table_id": "t", "date_column": "seen", "interval": "week",
		"fill": "previous"}}')) AS v (how, rest)
UNION ALL
SELECT 'acme', 'joined by ' || name || ' ' || op, pg_temp.over(jsonb_build_object('joins',
	jsonb_build_array(jsonb_build_object('from_table_id', 't', 'to_table_id', 'u', 'join_type',
		how, 'on', jsonb_build_array(jsonb_build_object('from_column', name, 'to_column', name,
		'operator', op)))), 'columns', '[{"table_id": "t", "column": "price", "aggregation": "sum"},
		{"table_id": "u", "column": "*", "aggregation": "count"}]'::jsonb), '{t,u}')
FROM columns, (VALUES ('eq', 'LEFT'), ('eq', 'FULL'), ('neq', 'INNER'), ('lt', 'INNER'))
	AS v (op, how)
UNION ALL
SELECT 'acme', name || ' ' || op, pg_temp.over(jsonb_build_object('columns',
	'[{"table_id": "t", "column": "*", "aggregation": "count"}]'::jsonb, 'filters',
	jsonb_build_array(jsonb_build_object('table_id', 't', 'column', name, 'operator', op,
	'value', jsonb_build_object('query', pg_temp.over(jsonb_build_object('columns',
		jsonb_build_array(jsonb_build_object('table_id', 't', 'column', name)))))))))
FROM columns, unnest('{in_query,not_in_query}'::text[]) AS op
UNION ALL
SELECT 'acme', expression, pg_temp.over(jsonb_build_object('calculated_fields',
	jsonb_build_array(jsonb_build_object('name', 'f', 'expression', expression)), 'columns',
	'[{"column": "f"}, {"table_id": "t", "column": "id"}]'::jsonb, 'order_by',
	'[{"alias": "id"}]'::jsonb))
FROM unnest(ARRAY['[price] + [price] * [ratio] - [id] / [big] % [small]', '-[price]', '[id] = 2',
	'[note] || "x"', '[note] like "n%"', '[note] in ("note 1", "x")', '[id] between 2 and 4',
	'[price] between [ratio] and [big]', 'case [id] when 1 then "a" when 2 then "b" end',
	'nullif([id], 2)', 'nullif([price], [ratio])', 'nullif([note], "note 1")',
	'coalesce([price], 0)', 'greatest([id], [big])', 'least([day], [day])', 'abs([price])',
	'round([price], 1)', 'ceil([ratio])', 'floor([price])', 'trunc([price], 1)',
	'power([price], 2)', 'sqrt([ratio])', 'ln([price])', 'exp([ratio])', 'log(2, [price])',
	'mod([id], 3)', 'sign([price])', 'concat([note], [id], [flag])', 'lower([note])',
	'upper([ci])', 'trim([note])', 'length([note])', 'left([note], 2)', 'right([letters], 2)',
	'substring([note], 1, [id])', 'replace([note], "n", "m")', 'split_part([note], " ", 1)',
	'find("o", [note])', 'starts_with([note], "no")', 'ends_with([note], "1")',
	'contains([note], "te")', 'regexp_match([note], "^n")', 'date([at])',
	'date(2024, 1, [id])', 'to_date("2024-01-02")', 'year([day])', 'month([seen])',
	'weekday([at])', 'date_trunc("month", [seen])', 'date_add([day], 1, "month")',
	'date_add([at], [id], "hour")', 'datediff([day], [at], "day")', 'age_days([seen])',
	'number([note] || "") > 1 or [flag]', 'text([price])', 'boolean([id])', 'not [flag]',
	'[flag] and [id] > 2', '[day] + 1', '[day] - [day]', '[took] * 2 > [took]', '[at] - [at]',
	'[kind] = "high"', '[bare] > "low"', '[key] = "c4ca4238-a0b9-2382-0dcc-509a6f75849b"',
	'[seen] > [at]', '[flag] = 1', '[ci] = "N1"']) AS expression;
GRANT SELECT ON asked TO app_user;

-- ---- How it is asked ----------------------------------------------------------------------------
CREATE TEMP TABLE outcomes (path text, id int, rows text, sql text);
GRANT ALL ON outcomes TO app_user;
CREATE FUNCTION pg_temp.ask_all(name text, path text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	one record;
	answer text;
	compiled jsonb;
	before text := current_setting('search_path');
BEGIN
	FOR one IN SELECT * FROM asked ORDER BY id LOOP
		compiled := NULL;
		BEGIN
			PERFORM set_config('prismiq.tenant_id', one.tenant, true);
			PERFORM set_config('search_path', path, true);
			compiled := prismiq.prismiq_compile(one.definition);
			answer := prismiq.prismiq_query(one.definition, '{"count": "exact"}');
			PERFORM pg_catalog.set_config('search_path', before, true);
			answer := (answer::jsonb - 'execution_time_ms')::text;
		EXCEPTION WHEN OTHERS THEN
			PERFORM pg_catalog.set_config('search_path', before, true);
			answer := sqlstate || ' ' || sqlerrm;
		END;
		INSERT INTO outcomes VALUES (name, one.id, answer, compiled ->> 'sql');
	END LOOP;
END
$$;

-- ---- What is planted --------------------------------------------------------------------------
-- Everything raises.
CREATE SCHEMA scratch;
GRANT USAGE ON SCHEMA scratch TO app_user;
CREATE FUNCTION pg_temp.attempt(statement text) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 1;
EXCEPTION WHEN OTHERS THEN
	RETURN 0;
END
$$;
CREATE FUNCTION pg_temp.raising(name text, arguments text, result text) RETURNS text LANGUAGE sql
AS $$ SELECT format('CREATE FUNCTION scratch.%I(%s) RETURNS %s LANGUAGE plpgsql IMMUTABLE
		COST 0.0001 AS %L', name, arguments, result, 'BEGIN RAISE ''planted''; END') $$;

-- Operators on these types, each with itself, with what it is made of, and with what is written.
CREATE FUNCTION pg_temp.plant_operators() RETURNS bigint LANGUAGE sql AS $$
	WITH types AS (
		SELECT typbasetype AS base, oid AS type FROM pg_type
		WHERE typnamespace = 'plain'::regnamespace AND typtype = 'd'
		UNION ALL
		SELECT t, t FROM unnest('{text,varchar,int2,int4,int8,numeric,float8,bool,date,timestamp,
			timestamptz,interval,uuid,jsonb,plain.kind,text[],int4[],citext,bit,name,money}'
			::regtype[]) AS t),
	pairs AS (
		SELECT a.type::regtype AS l, b.type::regtype AS r
		FROM types a JOIN types b ON b.base IN (a.base, 'text'::regtype, 'int4'::regtype,
			'numeric'::regtype) OR a.base IN ('text'::regtype, 'numeric'::regtype)),
	functions AS MATERIALIZED (
		SELECT l, r, pg_temp.attempt(pg_temp.raising('op', concat_ws(', ', l, r), 'boolean')) AS n
		FROM pairs)
	SELECT sum(pg_temp.attempt(format('CREATE OPERATOR scratch.%s (LEFTARG = %s, RIGHTARG = %s,
			FUNCTION = scratch.op)', o, l, r)))
	FROM functions, unnest('{=,<>,<,<=,>,>=,~~,!~~,~~*,!~~*,~,||,+,-,*,/,%,@>}'::text[]) AS o
	WHERE n = 1
$$;

-- The server's functions and aggregates of one to three arguments, with domains for the types
-- that the domains are made of, and as they are.
CREATE FUNCTION pg_temp.plant_functions() RETURNS bigint LANGUAGE sql AS $$
	WITH theirs AS (
		SELECT DISTINCT p.oid, p.proname, p.prokind, p.prorettype::regtype::text AS result, a.args
		FROM pg_proc p, unnest('{t,f}'::boolean[]) AS changed, LATERAL (
			SELECT string_agg(coalesce(d.oid, t.t)::regtype::text, ', ' ORDER BY n) AS args
			FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS t (t, n)
			LEFT JOIN pg_type d ON changed AND d.typbasetype = t.t
				AND d.typnamespace = 'plain'::regnamespace) AS a
		WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.provariadic = 0 AND NOT p.proretset
			AND p.prokind IN ('f', 'a') AND p.pronargs BETWEEN 0 AND 3
			AND (p.proname ~ '^(date_|extract|timezone|age|now|length|lower|upper|trim|btrim|ltrim'
				'|rtrim|left|right|substr|replace|split_part|strpos|position|starts_with|round|ceil'
				'|floor|trunc|abs|power|sqrt|ln|exp|log|mod|sign|make_|to_|isfinite|concat|md5'
				'|text|numeric|int[248]|float|bool|like|row_|lag|lead|percent|first_|last_|ntile'
				'|coalesce|greatest|least|nullif|array_|jsonb_|generate_)' OR p.prokind = 'a'))
	SELECT sum(CASE WHEN prokind = 'f' THEN pg_temp.attempt(pg_temp.raising(proname, args, result))
		ELSE pg_temp.attempt(pg_temp.raising('agg' || oid, concat_ws(', ', 'int', args), 'int'))
			* 0 + pg_temp.attempt(format('CREATE AGGREGATE scratch.%I(%s) (SFUNC = scratch.%I,
				STYPE = int)', proname, coalesce(args, '*'), 'agg' || oid)) END)
	FROM theirs
$$;

-- The session knows the paths before there is anything on them.
SET ROLE app_user;
SELECT no_plan();
SELECT pg_temp.ask_all('plain', 'prismiq, public');
SELECT pg_temp.ask_all(path || ', nothing there', path)
FROM unnest('{"scratch, public","public, scratch"}'::text[]) AS path;
RESET ROLE;
SELECT cmp_ok(pg_temp.plant_operators(), '>', 3000::bigint, 'operators are planted');
SELECT cmp_ok(pg_temp.plant_functions(), '>', 300::bigint, 'functions and aggregates are');
SET ROLE app_user;
SELECT pg_temp.ask_all(path, path)
FROM unnest('{"scratch, public","public, scratch","scratch, pg_catalog, public"}'::text[]) AS path;
SELECT pg_temp.ask_all('after', 'prismiq, public');

-- ---- The answers --------------------------------------------------------------------------------
SELECT cmp_ok(count(*)::int, '>', 450, 'much is answered') FROM outcomes
WHERE path = 'plain' AND rows ~ '^\{';
SELECT is_empty(format($$ SELECT a.name, o.rows, p.rows
	FROM outcomes o JOIN outcomes p USING (id) JOIN asked a USING (id)
	WHERE o.path = %L AND p.path = 'plain' AND o.rows IS DISTINCT FROM p.rows LIMIT 5 $$, path),
	'the same answers: ' || path)
FROM outcomes WHERE path <> 'plain' GROUP BY path ORDER BY path;
SELECT is_empty($$ SELECT a.name, o.path, o.sql FROM outcomes o JOIN asked a USING (id)
	WHERE o.sql ~ 'scratch' $$, 'nothing planted is named');
SELECT * FROM finish();
