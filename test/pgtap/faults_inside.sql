-- What is wrong with values inside of jsonb columns: paths, types, json(); and what of it tells
-- of columns that the caller may not see.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

RESET ROLE;
CREATE TABLE shop.goods (tenant text NOT NULL, id int PRIMARY KEY, attrs jsonb, raw json,
	secret jsonb, hidden jsonb);
INSERT INTO shop.goods VALUES ('acme', 1, '{"size": 1}', '{"size": 1}', '{"size": 1}');
SELECT FROM prismiq.prismiq_expose('shop.goods', tenant_column => 'tenant');
GRANT SELECT (tenant, id, attrs, raw, hidden) ON shop.goods TO app_user;
INSERT INTO prismiq_schema_config (tenant_id, config)
VALUES ('acme', '{"tables": {"goods": {"columns": {"hidden": {"hidden": true}}}}}');
SET LOCAL ROLE app_user;

-- The faults of a query of one column of goods.
CREATE FUNCTION pg_temp.faults_of(col jsonb, rest jsonb = '{}') RETURNS text LANGUAGE sql AS $$
	SELECT oracle.faults(jsonb_build_object('tables', '[{"id": "g", "name": "goods"}]'::jsonb,
		'columns', jsonb_build_array('{"table_id": "g"}'::jsonb || col)) || rest)
$$;

-- ---- Paths and types ------------------------------------------------------------

SELECT is(pg_temp.faults_of(col), wanted, col::text)
FROM (VALUES
	('{"column": "attrs", "path": ["size"], "type": "number"}'::jsonb, NULL),
	('{"column": "attrs", "path": null, "type": null}', NULL),
	('{"column": "attrs", "path": ["size"]}',
	 'MISSING_FIELD /columns/0/type "type" is required beside "path" '
	 '(Valid types are: text, number, integer, boolean, date, timestamp, uuid.)'),
	('{"column": "attrs", "type": "number"}',
	 'MISSING_FIELD /columns/0/path "path" is required beside "type" '
	 '(Leave "type" out where the column itself is meant.)'),
	('{"column": "attrs", "path": [], "type": "number"}',
	 'INVALID_VALUE /columns/0/path a path has at least one key (Leave it out.)'),
	('{"column": "attrs", "path": "size", "type": "number"}',
	 'INVALID_VALUE /columns/0/path "path" must be an array, not a string'),
	('{"column": "attrs", "path": ["size"], "type": "numbr"}',
	 'INVALID_VALUE /columns/0/type "numbr" is not a valid value of "type" '
	 '(Did you mean "number"?)'),
	('{"column": "attrs", "path": ["size"], "type": 7}',
	 'INVALID_VALUE /columns/0/type "type" must be a string, not a number'),
	('{"column": "attrs", "path": ["size"], "type": "text[]"}',
	 'INVALID_VALUE /columns/0/type "text[]" is not a valid value of "type" '
	 '(Did you mean "text"?)'),
	('{"column": "attrs", "path": ["size"], "type": "interval"}',
	 'INVALID_VALUE /columns/0/type "interval" is not a valid value of "type" (Valid values are: '
	 'text, number, integer, boolean, date, timestamp, uuid.)'),
	('{"column": "id", "path": ["size"], "type": "number"}',
	 'TYPE_MISMATCH /columns/0/path column "id" of type integer has no path '
	 '(Only jsonb has values inside.)'),
	('{"column": "raw", "path": ["size"], "type": "number"}',
	 'TYPE_MISMATCH /columns/0/path column "raw" of type json has no path '
	 '(Only jsonb has values inside.)'),
	('{"column": "attr", "path": ["size"], "type": "number"}',
	 'COLUMN_NOT_FOUND /columns/0/column column "attr" not found in table "goods" '
	 '(Did you mean "attrs"?)'),
	('{"column": "*", "path": ["size"], "type": "number", "aggregation": "count"}',
	 'COLUMN_NOT_FOUND /columns/0/column column "*" not found in table "goods"'),
	('{"table_id": null, "column": "attrs", "path": ["size"], "type": "number"}',
	 'MISSING_FIELD /columns/0/table_id "table_id" is required'),
	('{"column": "attrs", "path": ["size"], "type": "text", "aggregation": "sum"}',
	 'INVALID_AGGREGATION /columns/0/aggregation cannot take sum of column "attrs" of type text '
	 '(Valid for this type: count, count_distinct, min, max, mode, first, last, string_agg, '
	 'array_agg, approx_count_distinct.)')
) AS v (col, wanted);

SELECT is(pg_temp.faults_of(
	'{"column": "attrs", "path": ["a", 1.5, null, true, {}, 2147483648], "type": "number"}'),
	(SELECT string_agg('INVALID_VALUE /columns/0/path/' || n ||
		' a path is of keys (strings) and places in arrays (whole numbers)', E'\n' ORDER BY n)
	 FROM generate_series(1, 5) n), 'each step that is none');

-- What first, last and lists are ordered by.
SELECT is(pg_temp.faults_of(jsonb_build_object('column', 'id', 'aggregation', how, 'args', args)),
	wanted, how || ' ' || args)
FROM (VALUES
	('first', '{"order_by": "attrs", "path": ["a"], "type": "date"}'::jsonb, NULL),
	('first', '{"order_by": "attrs", "path": ["a"]}',
	 'MISSING_FIELD /columns/0/args/type "type" is required beside "path" '
	 '(Valid types are: text, number, integer, boolean, date, timestamp, uuid.)'),
	('array_agg', '{"path": ["a"], "type": "date"}',
	 E'INVALID_VALUE /columns/0/args/path what has no "order_by" has no "path" (Leave it out.)\n'
	 'INVALID_VALUE /columns/0/args/type what has no "order_by" has no "type" (Leave it out.)'),
	('sum', '{"path": ["a"], "type": "date"}',
	 E'INVALID_VALUE /columns/0/args/path aggregation "sum" takes no "path"\n'
	 'INVALID_VALUE /columns/0/args/type aggregation "sum" takes no "type"'),
	('last', '{"order_by": "raw", "path": ["a"], "type": "date"}',
	 'TYPE_MISMATCH /columns/0/args/path column "raw" of type json has no path '
	 '(Only jsonb has values inside.)'),
	('last', '{"order_by": "secret", "path": ["a"], "type": "date"}',
	 'COLUMN_NOT_FOUND /columns/0/args/order_by column "secret" not found in table "goods"')
) AS v (how, args, wanted);

-- A column that may not be read, or is hidden, is not there, whatever stands in it.
SELECT is(pg_temp.faults_of(jsonb_build_object('column', col, 'path', '["size"]'::jsonb,
	'type', 'number')), 'COLUMN_NOT_FOUND /columns/0/column column "' || col ||
	'" not found in table "goods"', col) FROM unnest('{secret,hidden,absent}'::text[]) AS col;
SELECT is(pg_temp.faults_of('{"column": "id"}', jsonb_build_object('calculated_fields',
	jsonb_build_array(jsonb_build_object('name', 'f', 'expression',
		format('json([%s], "size", "number")', col))))),
	'COLUMN_NOT_FOUND /calculated_fields/0/expression "' || col || '" is neither a column nor a '
	'calculated field, at character 6', col || ' in an expression')
FROM unnest('{secret,hidden,absent}'::text[]) AS col;

-- ---- Where a path cannot stand ----------------------------------------------------

SELECT is(pg_temp.faults_of('{"column": "id", "aggregation": "sum", "alias": "s"}', rest), wanted,
	rest::text)
FROM (VALUES
	('{"having": [{"column": "s", "path": ["a"], "type": "text", "operator": "gt", "value": 1}]}'
	 ::jsonb, E'INVALID_VALUE /having/0/path a column of the answer has no "path" (Leave it out.)\n'
	 'INVALID_VALUE /having/0/type a column of the answer has no "type" (Leave it out.)'),
	('{"order_by": [{"alias": "s", "type": "text"}]}',
	 'INVALID_VALUE /order_by/0/type an alias has no "type" (Leave it out.)'),
	('{"qualify": [{"column": "s", "path": ["a"], "operator": "gt", "value": 1}]}',
	 'INVALID_VALUE /qualify/0/path a column of the answer has no "path" (Leave it out.)'),
	('{"group_by": [{"table_id": "g", "column": "attrs", "path": [1.5], "type": "text"}]}',
	 'INVALID_VALUE /group_by/0/path/0 a path is of keys (strings) and places in arrays (whole '
	 'numbers)'),
	('{"filters": [{"table_id": "g", "column": "attrs", "path": ["a"], "type": "number",
	   "operator": "eq", "value": "x"}]}',
	 'TYPE_MISMATCH /filters/0/value "x" is not a valid value of type numeric'),
	('{"filters": [{"table_id": "g", "column": "attrs", "path": ["a"], "type": "boolean",
	   "operator": "contains", "value": "x"}]}',
	 'INVALID_OPERATOR /filters/0/operator operator "contains" does not go with type boolean '
	 '(It is for texts and enums.)'),
	('{"time_series": {"table_id": "g", "date_column": "attrs", "path": ["a"], "type": "text",
	   "interval": "day"}}',
	 'INVALID_TIME_SERIES /time_series/date_column column "attrs" is of type text, not a date or '
	 'timestamp')
) AS v (rest, wanted);
SELECT is(pg_temp.faults_of('{"measure": "m", "column": "attrs", "path": ["a"], "type": "text"}'),
	E'INVALID_VALUE /columns/0/column a measure says itself what its "column" is (Leave it out.)\n'
	'INVALID_VALUE /columns/0/path a measure says itself what its "path" is (Leave it out.)\n'
	'INVALID_VALUE /columns/0/type a measure says itself what its "type" is (Leave it out.)\n'
	'COLUMN_NOT_FOUND /columns/0/measure measure "m" not found (prismiq_schema() lists the '
	'measures; the table of one has to be in "tables".)',
	'beside a measure');

-- ---- json() -------------------------------------------------------------------------

SELECT is(pg_temp.faults_of('{"column": "id"}', jsonb_build_object('calculated_fields',
	jsonb_build_array(jsonb_build_object('name', 'f', 'expression', expression)))),
	replace(wanted, '@', '/calculated_fields/0/expression'), expression)
FROM (VALUES
	('json([attrs], "size", 0, -1, "number")', NULL),
	('json([attrs], "number")',
	 'INVALID_EXPRESSION @ json() takes 3 or more arguments, found 2, at '
	 'character 1'),
	('json([id], "size", "number")',
	 'TYPE_MISMATCH @ expected a value of type jsonb, found one of '
	 'type integer at character 6 (Only jsonb has values inside.)'),
	('json([raw], "size", "number")',
	 'TYPE_MISMATCH @ expected a value of type jsonb, found one of '
	 'type json at character 6 (Only jsonb has values inside.)'),
	('json("{}", "size", "number")',
	 'TYPE_MISMATCH @ expected a value of type jsonb, found one of '
	 'type text at character 6 (Only jsonb has values inside.)'),
	('json([attrs], "size", "numbr")',
	 'INVALID_EXPRESSION @ the last argument of json() is the type '
	 'of the value, at character 23 (Did you mean "number"?)'),
	('json([attrs], "size", 1)',
	 'INVALID_EXPRESSION @ the last argument of json() is the type of '
	 'the value, at character 23 (Valid types are: text, number, integer, boolean, date, '
	 'timestamp, uuid.)'),
	('json([attrs], "size", null)',
	 'INVALID_EXPRESSION @ the last argument of json() is the type of '
	 'the value, at character 23 (Valid types are: text, number, integer, boolean, date, '
	 'timestamp, uuid.)'),
	('json([attrs], [id], "text")',
	 'INVALID_EXPRESSION @ a path is of texts and whole numbers that '
	 'are written out, at character 15 (Write json([column], "key", 0, "number").)'),
	('json([attrs], 1.5, "text")',
	 'INVALID_EXPRESSION @ a path is of texts and whole numbers that '
	 'are written out, at character 15 (Write json([column], "key", 0, "number").)'),
	('json([attrs], null, "text")',
	 'INVALID_EXPRESSION @ a path is of texts and whole numbers that '
	 'are written out, at character 15 (Write json([column], "key", 0, "number").)'),
	('json([attrs], 3000000000, "text")',
	 'INVALID_EXPRESSION @ a path is of texts and whole numbers '
	 'that are written out, at character 15 (Write json([column], "key", 0, "number").)'),
	('upper(json([attrs], "size", "number"))',
	 'TYPE_MISMATCH @ expected a text, found a value of '
	 'type numeric at character 7 (Use text().)'),
	('jsn([attrs], "size", "number")',
	 'INVALID_EXPRESSION @ unknown function "jsn" at character 1 '
	 '(Did you mean "json"?)')
) AS v (expression, wanted);

-- ---- How much -------------------------------------------------------------------------

SELECT is(pg_temp.faults_of(jsonb_build_object('column', 'attrs', 'type', 'text', 'path',
	(SELECT jsonb_agg('k' || n) FROM generate_series(1, count) n))), wanted, count || ' steps')
FROM (VALUES (32, NULL), (33, 'TOO_COMPLEX /columns/0/path "path" has 33 elements, more than the '
	'limit of 32 (Make the list shorter, or raise prismiq.max_nesting.)')) AS v (count, wanted);
SELECT is(pg_temp.faults_of('{"column": "id"}', jsonb_build_object('calculated_fields',
	jsonb_build_array(jsonb_build_object('name', 'f', 'expression',
		format('json([attrs]%s, "text")', repeat(', "k"', count)))))), wanted,
	count || ' steps in an expression')
FROM (VALUES (32, NULL), (33, 'TOO_COMPLEX /calculated_fields/0/expression the path has 33 steps, '
	'more than the limit of 32 at character 1 (Make the path shorter, or raise prismiq.max_nesting.'
	')')) AS v (count, wanted);

-- ---- What a path may hold ----------------------------------------------------------------

-- Nothing in it is SQL, and no key is too odd.
SELECT is(prismiq_query(jsonb_build_object('tables', '[{"id": "g", "name": "goods"}]'::jsonb,
	'columns', jsonb_build_array(jsonb_build_object('table_id', 'g', 'column', 'attrs', 'type',
		'text', 'path', jsonb_build_array(key)))))::jsonb -> 'rows', '[[null]]',
	to_jsonb(left(key, 40))::text)
FROM unnest(ARRAY['''); DROP TABLE shop.goods; --', '"', '\', E'\n', '$1', '', 'ключ', 'size]',
	'[', repeat('k', 10000)]) AS key;
SELECT unalike(prismiq_compile(jsonb_build_object('tables', '[{"id": "g", "name": "goods"}]'::jsonb,
	'columns', '[{"table_id": "g", "column": "attrs", "type": "text", "path": ["needle"]}]'::jsonb))
	->> 'sql', '%needle%', 'a path is a parameter');

SELECT * FROM finish();
ROLLBACK;
