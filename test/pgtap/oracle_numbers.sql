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

SELECT * FROM finish();
ROLLBACK;
