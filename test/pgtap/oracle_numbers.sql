-- Numbers against columns that cannot hold them: compared as numbers all the same.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
CREATE DOMAIN public.small AS smallint;
CREATE TABLE public.held (id int PRIMARY KEY, i2 smallint, i4 int, i8 bigint, f4 real,
	f8 double precision, n numeric, dom public.small, m money, il int[], sl smallint[]);
INSERT INTO public.held
SELECT i, v, CASE i WHEN 1 THEN 2147483647 WHEN 2 THEN -2147483648 ELSE v END,
	CASE i WHEN 1 THEN 9223372036854775807 WHEN 2 THEN -9223372036854775808 ELSE v END,
	v / 2.0, v / 2.0, v / 2.0, v, v, ARRAY[v, 1], ARRAY[v, 1]
FROM unnest('{32767,-32768,0,1,2,3,NULL}'::int[]) WITH ORDINALITY AS u (v, i);
GRANT SELECT ON public.held TO app_user;
SELECT prismiq.prismiq_expose('public.held', shared => true) \g /dev/null
SET LOCAL ROLE app_user;

CREATE TEMP TABLE columns AS
SELECT unnest('{i2,i4,i8,f4,f8,n,dom,m}'::text[]) AS col;
CREATE TEMP TABLE numbers AS SELECT unnest('{2,2.5,-0.5,3.0,32767,32768,-32769,2147483647,
	2147483648,-2147483649,3000000000,9223372036854775807,9223372036854775808,
	-9223372036854775809,99999999999999999999.5,1e39,-1e39,1e400,1e-400}'::text[]) AS v;
CREATE FUNCTION pg_temp.ids(rest jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(r ->> 0, ',' ORDER BY (r ->> 0)::int), '')
	FROM json_array_elements(prismiq_query(def('h held', 'h.id', rest)) -> 'rows') AS r
$$;
CREATE FUNCTION pg_temp.theirs(condition text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE 'SELECT coalesce(string_agg(id::text, '','' ORDER BY id), '''') FROM public.held WHERE '
		|| condition INTO result;
	RETURN result;
END
$$;
-- A column as a number of any size.
CREATE FUNCTION pg_temp.wide(col text) RETURNS text LANGUAGE sql AS $$
	SELECT format('%I::numeric', col)
$$;

SELECT is(pg_temp.ids(filters(cond(format('h.%s %s', col, op), v::jsonb))),
	pg_temp.theirs(format('%s %s %s' || CASE op WHEN 'neq' THEN ' IS NOT FALSE' ELSE '' END,
		pg_temp.wide(col), sign, v::numeric)),
	format('%s %s %s', col, sign, v))
FROM columns, numbers,
	(VALUES ('lt', '<'), ('lte', '<='), ('gt', '>'), ('gte', '>='), ('eq', '='), ('neq', '<>'))
		AS o (op, sign);
SELECT is(pg_temp.ids(filters(cond(format('h.%s %s', col, op), format('[2, %s]', v)::jsonb))),
	pg_temp.theirs(format(sign, pg_temp.wide(col), v::numeric)),
	format('%s %s [2, %s]', col, op, v))
FROM columns, numbers,
	(VALUES ('in', '%s IN (2, %s)'), ('not_in', '(%s NOT IN (2, %s)) IS NOT FALSE'),
		('between', '%s BETWEEN 2 AND %s'),
		('not_between', '(%s NOT BETWEEN 2 AND %s) IS NOT FALSE'))
		AS o (op, sign);
SELECT is(pg_temp.ids(filters(cond(format('h.%s between', col), format('[%s, 2.5]', v)::jsonb))),
	pg_temp.theirs(format('%s BETWEEN %s AND 2.5', pg_temp.wide(col), v::numeric)),
	format('%s between %s and 2.5', col, v))
FROM columns, numbers;
SELECT is(pg_temp.ids(filters(cond(format('h.%s array_contains', col), v::jsonb))),
	pg_temp.theirs(format('%s::numeric[] @> ARRAY[%s]::numeric[]', col, v::numeric)),
	format('%s contains %s', col, v))
FROM unnest('{il,sl}'::text[]) AS col, numbers;

-- In expressions, over groups, over windows, by parameters.
SELECT is(pg_temp.ids(jsonb_build_object('calculated_fields', jsonb_build_array(
			jsonb_build_object('name', 'x', 'expression', format(form, col, v::numeric))))
		|| filters('{"column": "x", "operator": "eq", "value": true}')),
	pg_temp.theirs(format(sql, pg_temp.wide(col), v::numeric)), format(form, col, v))
FROM columns, numbers,
	(VALUES ('[%s] < %s', '%s < %s'), ('[%s] == %s', '%s = %s'),
		('[%s] in (2, %s)', '%s IN (2, %s)'),
		('[%s] between 2 and %s', '%s BETWEEN 2 AND %s')) AS f (form, sql)
WHERE col <> 'm';
SELECT is(pg_temp.ids(jsonb_build_object('group_by', '[{"table_id": "h", "column": "id"}]'::jsonb,
	'having', jsonb_build_array(jsonb_build_object('table_id',
			'h', 'column', 'i8', 'aggregation', 'max', 'operator', op, 'value', v::jsonb)))),
	pg_temp.theirs(format('i8::numeric %s %s', sign, v::numeric)), format('max(i8) %s %s', sign, v))
FROM numbers, (VALUES ('lt', '<'), ('gte', '>='), ('eq', '=')) AS o (op, sign);
SELECT is(pg_temp.ids(jsonb_build_object('group_by', '[{"table_id": "h", "column": "id"}]'::jsonb,
	'having', jsonb_build_array(jsonb_build_object('table_id',
			'h', 'column', '*', 'aggregation', 'count', 'operator', 'lt', 'value', v::jsonb)))),
	CASE WHEN v::numeric > 1 THEN '1,2,3,4,5,6,7' ELSE '' END, format('count < %s', v))
FROM numbers;
SELECT is(pg_temp.ids(jsonb_build_object('windows', '[{"alias": "r", "function": "row_number",
		"order_by": [{"alias": "id"}]}]'::jsonb, 'qualify', jsonb_build_array(jsonb_build_object(
			'column', 'r', 'operator', 'lt', 'value', v::jsonb)))),
	pg_temp.theirs(format('id < %s', v::numeric)), format('row_number < %s', v))
FROM numbers;
SELECT is((SELECT string_agg(r ->> 0, ',' ORDER BY (r ->> 0)::int) FROM json_array_elements(
		prismiq_query(def('h held', 'h.id', filters(cond(format('h.%s lt', col),
			'{"param": "p"}')) || jsonb_build_object('params', jsonb_build_object('p',
			jsonb_build_object('type', type)))), jsonb_build_object('params',
			jsonb_build_object('p', v))) -> 'rows') AS r),
	pg_temp.theirs(format('%s < %s', pg_temp.wide(col), v)), format('%s < $p = %s', col, v))
FROM columns, (VALUES ('integer', 3000000000), ('number', 3000000000), ('number', 2.5),
	('integer', 99999999999999999999)) AS p (type, v);

-- Where a value has to be one of the type, it is.
SELECT is(faults(def('h held', 'h.i4, h.* count', '{"pivot": {"column": "i4", "value": "count",
		"values": [3000000000]}}')),
	'TYPE_MISMATCH /pivot/values/0 3000000000 is not a valid value of type integer',
	'the name of a column');
SELECT is(faults(def('h held', 'h.id', filters(cond('h.i4 eq', '"3000000000"')))),
	'TYPE_MISMATCH /filters/0/value "3000000000" is not a valid value of type integer',
	'a text is what the input function takes');

-- ---- "bigint": "string" -----------------------------------------------------------------------
RESET ROLE;
CREATE DOMAIN public.bytes AS bigint;
CREATE TABLE public.used (id int PRIMARY KEY, who text, d date, i2 smallint, i4 int, i8 bigint,
	dom public.bytes, n numeric, f8 double precision);
INSERT INTO public.used
SELECT i, 'w' || i % 2, date '2024-01-01' + i, i, i, 9007199254740992 + i, 9007199254740992 + i, i,
	i FROM generate_series(1, 6) AS i;
GRANT SELECT ON public.used TO app_user;
SELECT prismiq.prismiq_expose('public.used', shared => true) \g /dev/null
SET LOCAL ROLE app_user;
-- Which columns of an answer are strings, in every format; numbers of all rows are alike.
CREATE FUNCTION pg_temp.strings(definition jsonb) RETURNS text LANGUAGE sql AS $$
	WITH answer AS MATERIALIZED (
		SELECT prismiq_query(definition, '{"bigint": "string"}')::jsonb AS arrays,
			prismiq_query(definition,
				'{"bigint": "string", "format": "objects"}')::jsonb AS objects,
			prismiq_query(definition,
				'{"bigint": "string", "format": "columnar"}')::jsonb AS columnar,
			prismiq_query(definition)::jsonb AS plain,
			(SELECT jsonb_agg(row) FROM prismiq_query_rows(definition, '{"bigint": "string"}')
				AS row) AS streamed
	), cells AS (
		SELECT name, n, arrays -> 'rows' -> r -> n AS cell,
			objects -> 'rows' -> r -> name AS object,
			columnar -> 'rows' -> n -> r AS column, plain -> 'rows' -> r -> n AS plain,
			streamed -> r -> name AS streamed
		FROM answer, jsonb_array_elements_text(arrays -> 'columns') WITH ORDINALITY AS u (name, o),
			LATERAL (SELECT o::int - 1) AS v (n),
			generate_series(0, jsonb_array_length(arrays -> 'rows') - 1) AS r
	)
	SELECT string_agg(DISTINCT name || CASE WHEN cell = object AND cell = "column" AND cell =
		streamed AND cell #>> '{}' = plain #>> '{}' THEN '' ELSE ' DIFFERS' END, ' ')
	FROM cells WHERE jsonb_typeof(cell) = 'string' AND jsonb_typeof(plain) = 'number'
		OR cell IS DISTINCT FROM object OR cell IS DISTINCT FROM "column"
		OR cell IS DISTINCT FROM streamed
$$;
CREATE FUNCTION pg_temp.field(expression text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', '[{"id": "u", "name": "used"}]'::jsonb, 'columns',
		'[{"column": "x"}]'::jsonb, 'calculated_fields', jsonb_build_array(jsonb_build_object(
			'name', 'x', 'expression', expression)))
$$;
SELECT is(pg_temp.strings(def('u used', columns, rest)), expected, columns || ' ' || rest::text)
FROM (VALUES
	('u.i2, u.i4, u.i8, u.dom, u.n, u.f8', '{}'::jsonb, 'dom i8'),
	('u.i2 sum, u.i4 sum, u.i8 sum, u.dom sum, u.n sum, u.f8 sum', '{}',
	 'dom_sum i2_sum i4_sum i8_sum'),
	('u.i8 min, u.i8 max, u.i8 avg, u.i8 median, u.i4 max, u.* count', '{}', 'count i8_max i8_min'),
	('u.i8 first, u.i8 mode, u.i8 stddev, u.i8 count_distinct', '{"time_series": {"table_id": "u",
		"date_column": "d", "interval": "week"}}', 'i8_count_distinct i8_first i8_mode'),
	('u.who, u.i8 sum = s', '{"pivot": {"column": "who", "value": "s"}}', 'w0 w1'),
	('u.who, u.i8 avg = s', '{"pivot": {"column": "who", "value": "s"}}', NULL),
	('u.who, u.i8 sum = s', '{"pivot": {"column": "who", "value": "s", "max_columns": 1}}',
	 'other w0'),
	('u.who, u.i8 sum = s', '{"totals": true}', 's'),
	('u.who, u.i8 sum = s', '{"top": {"n": 1, "by": "s"}}', 's'),
	('u.i8 sum = s, u.i8 avg = a, u.n sum = n', '{"compare": {"period": "previous_period"},
		"filters": [{"table_id": "u", "column": "d", "operator": "between",
			"value": ["2024-01-05", "2024-01-07"]}]}', 's s_change s_previous'),
	('u.i8 sum = s, u.i4 max = m', '{"time_series": {"table_id": "u", "date_column": "d",
		"interval": "day"}, "windows": [{"alias": "rt", "function": "running_total", "of": "s"},
		{"alias": "la", "function": "lag", "of": "s"}, {"alias": "di", "function": "difference",
		"of": "s"}, {"alias": "ma", "function": "moving_avg", "of": "s", "n": 2},
		{"alias": "pc", "function": "percent_of_total", "of": "s"},
		{"alias": "mt", "function": "running_total",
		"of": "m"}, {"alias": "rn", "function": "row_number"}]}', 'di la mt rn rt s'),
	('u.i8 sum = s', '{"time_series": {"table_id": "u", "date_column": "d", "interval": "day",
		"range": {"start": "2024-01-01", "end": "2024-01-09"}}}', 's'),
	('u.i8 sum = s', '{"time_series": {"table_id": "u", "date_column": "d", "interval": "day",
		"fill": "linear", "range": {"start": "2024-01-01", "end": "2024-01-09"}}}', NULL)
	) AS v (columns, rest, expected);
SELECT is(pg_temp.strings(pg_temp.field(expression)), expected, expression)
FROM (VALUES ('[i8]', 'x'), ('[i8] + 1', 'x'), ('sum([i8])', 'x'), ('sum([i8]) + 1', 'x'),
	('sum([i8]) * 1.5', NULL), ('sum([i8]) / 2', NULL), ('avg([i8])', NULL), ('-sum([i8])', 'x'),
	('sum_if([i8], [i4] > 2)', 'x'), ('ifnull(sum([i8]), 0)', 'x'), ('abs(sum([i8]))', 'x'),
	('if(max([i4]) > 2, sum([i8]), 0)', 'x'), ('if(max([i4]) > 2, sum([i8]), 0.5)', NULL),
	('greatest(sum([i8]), sum([i4]))', 'x'), ('sum([n])', NULL), ('[i4]', NULL),
	('max([i8])', 'x'), ('sum([i8] + [i4])', 'x'), ('sum([f8])', NULL)) AS v (expression, expected);
SELECT is(pg_temp.strings(jsonb_build_object('tables', jsonb_build_array(jsonb_build_object(
		'id', 'q', 'query', def('u used', 'u.who, u.i8 sum = s, u.n sum = n'))), 'columns',
	'[{"table_id": "q", "column": "s", "aggregation": "max"}, {"table_id": "q", "column": "s",
	   "aggregation": "sum"}, {"table_id": "q", "column": "n", "aggregation": "sum"}]'::jsonb)),
	's_max s_sum', 'a sum of sums');

SELECT * FROM finish();
ROLLBACK;
