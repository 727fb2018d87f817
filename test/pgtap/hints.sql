-- A hint leads somewhere: what it says is taken. Over every kind of type.
\set ON_ERROR_STOP on
\getenv dir TEST_DIR
\set odd :dir /fuzz/odd.sql
\set QUIET on
\pset format unaligned
\pset tuples_only on
BEGIN;
\i :odd
SET LOCAL search_path = prismiq, public;
SET LOCAL TIME ZONE 'UTC';
SELECT no_plan();
CREATE SCHEMA "Sales.2024";
CREATE TABLE "Sales.2024".deals (id int, "Big.One" int, t time, z timetz, i interval, yes boolean);
CREATE TABLE odd.deals (id int);
CREATE TABLE odd."deals.of" (id int);
INSERT INTO "Sales.2024".deals
VALUES (1, 7, '08:30:15.5', '08:30:15.5+02', '1 day 02:00:01.5', true);
GRANT USAGE ON SCHEMA "Sales.2024" TO app_user;
GRANT SELECT ON "Sales.2024".deals, odd.deals, odd."deals.of" TO app_user;
SELECT FROM prismiq_expose('"Sales.2024".deals', shared => true);
SELECT FROM prismiq_expose('odd.deals', shared => true);
SELECT FROM prismiq_expose('odd."deals.of"', shared => true);
SET LOCAL ROLE app_user;
SET LOCAL prismiq.tenant_id = 'CA';

CREATE FUNCTION pg_temp.first_error(definition jsonb) RETURNS jsonb LANGUAGE sql AS
	$$SELECT prismiq_validate(definition) -> 'errors' -> 0$$;

-- ---- Expressions -------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.field(relation text, expression text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('id', 't', 'name',
		relation)), 'columns', '[{"column": "x"}]'::jsonb, 'calculated_fields',
		jsonb_build_array(jsonb_build_object('name', 'x', 'expression', expression)))
$$;
CREATE TEMP TABLE calls AS SELECT unnest(ARRAY['hour(%s)', 'minute(%s)', 'second(%s)', 'year(%s)',
	'iso_year(%s)', 'weekday(%s)', 'date(%s)', 'to_date(%s)', 'to_date(%s, "YYYYMMDD")',
	'date_trunc("day", %s)', 'date_add(%s, 1, "day")', 'datediff(%s, now(), "day")', 'age_days(%s)',
	'abs(%s)', 'round(%s)',
	'sqrt(%s)', 'mod(%s, 2)', 'log(%s)', 'number(%s)', 'text(%s)', 'boolean(%s)', 'upper(%s)',
	'left(%s, 1)', 'left("abc", %s)', 'replace(%s, "a", "b")', 'split_part(%s, "a", 1)',
	'find("a", %s)', 'contains(%s, "a")', 'starts_with(%s, "a")', 'regexp_match(%s, "a")',
	'concat(%s, "a")', 'sum(%s)', 'avg(%s)', 'median(%s)', 'sum_if(%s, true)',
	'total_seconds(%s)', '-(%s)', '%s * 2', '%s || "a"']) AS call;
CREATE TEMP TABLE refused AS
SELECT relation, col, type, call, hint,
	pg_temp.first_error(pg_temp.field(relation, format(call, format('%s([%s])',
		substring(hint FROM 'Use (\w+)\(\)'), col)))) AS still
FROM unnest('{numbers,texts,times,others}'::text[]) AS relation,
	jsonb_to_recordset(prismiq_table('odd.' || relation) -> 'columns')
		AS c (name text, data_type text),
	LATERAL (SELECT c.name AS col, c.data_type AS type) AS n, calls,
	LATERAL (SELECT pg_temp.first_error(pg_temp.field(relation, format(call, format('[%s]',
		col)))) ->> 'suggestion' AS hint) AS e
WHERE hint LIKE 'Use %()%';
SELECT cmp_ok(count(DISTINCT (hint, type)), '>', 60::bigint, 'hints for many types') FROM refused;
SELECT is_empty($$SELECT * FROM refused
	WHERE still IS NOT NULL AND still ->> 'code' <> 'TOO_COMPLEX' LIMIT 10$$,
	'what a hint says is taken');

CREATE FUNCTION pg_temp.values_of(expression text) RETURNS text LANGUAGE sql AS $$
	SELECT prismiq_query(pg_temp.field('Sales.2024.deals', expression)
		|| '{"filters": [{"table_id": "t", "column": "id", "operator": "eq", "value": 1}]}')::jsonb
		#>> '{rows,0,0}'
$$;
SELECT is(pg_temp.values_of(expression), expected, expression)
FROM (VALUES ('hour([t])', '8'), ('minute([t])', '30'), ('second([t])', '15.5'),
	('hour([z])', '8'), ('minute([z])', '30'), ('second([z])', '15.5'),
	('total_seconds([i])', '93601.500000'), ('total_seconds("2 hours")', '7200.000000'),
	('text([yes])', 'true'), ('concat("is ", [yes])', 'is true'),
	('"is " || text([yes])', 'is true'), ('upper(text([yes]))', 'TRUE'))
	AS v (expression, expected);
SELECT is(pg_temp.first_error(pg_temp.field('Sales.2024.deals', expression)) - 'path',
	jsonb_build_object('code', 'TYPE_MISMATCH', 'message', message, 'suggestion', hint),
	expression)
FROM (VALUES
	('year([t])', 'expected a date or timestamp, found a value of type time without time zone'
		' at character 6', NULL),
	('to_date([t])', 'expected a text or a date, found a value of type time without time zone'
		' at character 9', NULL),
	('number([i])', 'expected a number, found a value of type interval at character 8',
		'Use total_seconds().'),
	('total_seconds([id])', 'expected a value of type interval, found a value of type integer'
		' at character 15', NULL)) AS v (expression, message, hint);

-- Aggregations that are named in the place of another one.
CREATE FUNCTION pg_temp.aggregated(relation text, col text, name text) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('id', 't', 'name',
		relation)), 'columns', jsonb_build_array(jsonb_build_object('table_id', 't', 'column', col,
		'aggregation', name, 'args', '{"fraction": 0.5, "separator": ",", "order_by":
			{"table_id": "t", "column": "id"}}'::jsonb)))
$$;
CREATE TEMP TABLE named AS
SELECT relation, c.name AS col, data_type, instead,
	pg_temp.first_error(pg_temp.aggregated(relation, c.name, instead)) ->> 'message' AS still
FROM unnest('{numbers,texts,times,others}'::text[]) AS relation,
	jsonb_to_recordset(prismiq_table('odd.' || relation) -> 'columns')
		AS c (name text, data_type text),
	unnest('{sum,min,percentile,bool_and,string_agg}'::text[]) AS asked,
	LATERAL (SELECT pg_temp.first_error(pg_temp.aggregated(relation, c.name, asked))) AS e (fault),
	regexp_split_to_table(substring(fault ->> 'suggestion' FROM 'Valid for this type: (.*)\.'),
		', ') AS instead;
SELECT cmp_ok(count(*), '>', 400::bigint, 'aggregations are named') FROM named;
SELECT is_empty($$SELECT * FROM named WHERE still !~ 'takes no|only|"args"' LIMIT 10$$,
	'and can be taken');

-- ---- Names of tables ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.of(relation text, name text = NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
		'id', 't', 'name', relation, 'schema', name))), 'columns',
		'[{"table_id": "t", "column": "id"}]'::jsonb)
$$;
SELECT is(prismiq_validate(pg_temp.of(name)) -> 'valid', 'true', name || ', as it is listed')
FROM jsonb_array_elements_text(prismiq_tables()) AS name
WHERE name NOT LIKE 'odd.%unfilled' AND name ~ 'deals|numbers|texts|flights';
SELECT is(count(*) FILTER (WHERE name = 'Sales.2024.deals'), 1::bigint, 'one has dots in it')
FROM jsonb_array_elements_text(prismiq_tables()) AS name;
SELECT is(pg_temp.first_error(pg_temp.of(name, schema)) ->> 'suggestion', hint,
	concat_ws(' in ', name, schema))
FROM (VALUES ('NUMBERS', NULL, 'Did you mean "numbers"?'),
	('Number', NULL, 'Did you mean "numbers"?'),
	('NUMBERS', 'odd', 'Did you mean "numbers"?'), ('NUMBERS', 'ODD', 'Did you mean "numbers"?'),
	('numbers', 'ODD', 'Did you mean the one in schema "odd"?'),
	('numbers', 'nowhere', 'Did you mean the one in schema "odd"?'),
	('ODD.numbers', NULL, 'Did you mean "odd.numbers"?'),
	('odd.Number', NULL, 'Did you mean "odd.numbers"?'),
	('SALES.2024.DEALS', NULL, 'Did you mean "Sales.2024.deals"?'),
	('deals', NULL, 'Name its schema with "schema".'), ('nonesuch', NULL, NULL),
	('odd.nonesuch', NULL, NULL), ('.', NULL, NULL), ('odd.', NULL, NULL),
	('.numbers', NULL, 'Did you mean "odd.numbers"?'),
	('public.numbers', NULL, 'Did you mean "odd.numbers"?'),
	('somewhere.odd.numbers', NULL, 'Did you mean "odd.numbers"?'))
	AS v (name, schema, hint);
SELECT is(prismiq_validate(pg_temp.of(name, schema)) -> 'valid', 'true',
	name || ' in the schema that it begins with')
FROM (VALUES ('odd.numbers', 'odd'), ('Sales.2024.deals', 'Sales.2024')) AS v (name, schema);
SELECT is(pg_temp.first_error(pg_temp.of('numbers') || jsonb_build_object('columns',
		jsonb_build_array(jsonb_build_object('table_id', 't', 'column', name)))) ->> 'suggestion',
	hint, 'column ' || name)
FROM (VALUES ('ID', 'Did you mean "id"?'), ('Iv', 'Did you mean "iv"?'),
	('numbers.money', NULL), ('numbers.id', 'Did you mean "id"?'),
	('odd.numbers.ID', 'Did you mean "id"?')) AS v (name, hint);
SELECT is(pg_temp.first_error(pg_temp.field('numbers', '[numbers.id] + 1')) ->> 'suggestion',
	'Did you mean "id"?', 'a column of a table that goes by another id');

-- Functions that take a name give the same hints.
CREATE FUNCTION pg_temp.hint_of(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	EXECUTE call;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ' ' || hint;
END
$$;
SELECT is(pg_temp.hint_of('SELECT ' || call), hint, call)
FROM (VALUES ('prismiq_table(''NUMBERS'')', 'PT404 Did you mean "numbers"?'),
	('prismiq_table(''ODD.numbers'')', 'PT404 Did you mean "odd.numbers"?'),
	('prismiq_table(''nonesuch'')', 'PT404 '),
	('prismiq_column_sample(''Numbers'', ''id'')', 'PT404 Did you mean "numbers"?'),
	('prismiq_column_sample(''numbers'', ''ID'')', 'PT404 Did you mean "id"?'),
	('prismiq_column_sample(''numbers'', ''nonesuch'')', 'PT404 ')) AS v (call, hint);
-- What is hidden or not exposed is not there, by any name.
RESET ROLE;
CREATE TABLE odd.secret (id int);
SET LOCAL ROLE app_user;
SELECT is(pg_temp.first_error(pg_temp.of(name, schema)) - 'path', jsonb_build_object('code',
	'TABLE_NOT_FOUND', 'message', format('table "%s" not found', name), 'suggestion', NULL),
	'not exposed: ' || concat_ws(' in ', name, schema))
FROM (VALUES ('secret', NULL), ('odd.secret', NULL), ('SECRET', NULL), ('x.secret', NULL),
	('secret', 'odd'),
	('secret', 'ODD'), ('odd.secret', 'odd'), ('pg_catalog.pg_class', NULL)) AS v (name, schema);
SELECT is(pg_temp.hint_of(format('SELECT prismiq_table(%L)', name)), 'PT404 ', name)
FROM unnest('{secret,SECRET,odd.secret,x.secret}'::text[]) AS name;

-- ---- true and false ----------------------------------------------------------------------------
CREATE FUNCTION pg_temp.yes(rest jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT '{"tables": [{"id": "t", "name": "texts"}], "columns": [{"table_id": "t", "column": "b"},
		{"table_id": "t", "column": "*", "aggregation": "count"}], "filters": [{"table_id": "t",
			"column": "b", "operator": "is_not_null"}]}'::jsonb || rest
$$;
SELECT is((prismiq_query(pg_temp.yes('{"pivot": {"column": "b", "value": "count"}}')) -> 'columns')
	::text, '["false","true"]', 'columns of a pivot');
SELECT is((prismiq_query(pg_temp.yes('{"pivot": {"column": "b", "value": "count",
	"values": [true, false]}}')) -> 'columns')::text, '["true","false"]', 'and said ones');
SELECT is(prismiq_query(pg_temp.yes('{"top": {"n": 1, "by": "count"}}')) #>> '{rows,0,0}', 'false',
	'a label beside Other');
SELECT is(prismiq_query_csv(pg_temp.yes('{"order_by": [{"alias": "b"}]}'))::text,
	E'b,count\r\nfalse,4\r\ntrue,4\r\n', 'CSV');
SELECT is(prismiq_column_sample('texts', 'b')::text, '[false, true]', 'a sample');

SELECT * FROM finish();
ROLLBACK;
