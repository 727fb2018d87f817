-- What is wrong with calculated fields: code, place in the text, suggestion; and
-- that nothing of another tenant shows through them.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
-- The faults of one expression over orders, beside a field "total".
CREATE FUNCTION oracle.with_field(expression text, rest jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT '{"tables": [{"id": "o", "name": "orders"}, {"id": "c", "name": "customers"}],
		"columns": [{"column": "f"}], "joins": [{"from_table_id": "o", "from_column": "customer_id",
			"to_table_id": "c", "to_column": "id", "join_type": "LEFT"}]}'::jsonb
		|| jsonb_build_object('calculated_fields', jsonb_build_array(
			jsonb_build_object('name', 'f', 'expression', expression),
			'{"name": "total", "expression": "sum([o.amount])"}'::jsonb)) || rest
$$;
CREATE FUNCTION oracle.refused(expression text) RETURNS text LANGUAGE sql AS $$
	SELECT replace(oracle.faults(oracle.with_field(expression)), '/calculated_fields/0/expression ',
				   '')
$$;
SET LOCAL ROLE app_user;

SELECT is(refused(e), f, e) FROM (VALUES
	-- what is no expression
	('1 +', 'INVALID_EXPRESSION expected a value, found the end of the expression at character 4'),
	('(1', 'INVALID_EXPRESSION expected ")", found the end of the expression at character 3'),
	('1)', 'INVALID_EXPRESSION expected an operator or the end, found ")" at character 2'),
	('"☃☃" @ 1', 'INVALID_EXPRESSION unexpected "@" at character 6'),
	('[status] ~ "a"', 'INVALID_EXPRESSION unexpected "~" at character 10'),
	('[amount]; DROP TABLE x', 'INVALID_EXPRESSION unexpected ";" at character 9'),
	('[amount]::text', 'INVALID_EXPRESSION unexpected ":" at character 9'),
	('[amount] -- x', 'INVALID_EXPRESSION unexpected "x" at character 13 '
		'(Write columns in brackets, texts in quotes.)'),
	('amount', 'INVALID_EXPRESSION unexpected "amount" at character 1 '
		'(Write columns in brackets, texts in quotes.)'),
	('"abc', 'INVALID_EXPRESSION a text is not closed: the quote at character 1'),
	('[abc', 'INVALID_EXPRESSION a bracket is not closed: "[" at character 1'),
	('[]', 'INVALID_EXPRESSION there is no name in the brackets at character 1'),
	('1.2.3', 'INVALID_EXPRESSION malformed number at character 1'),
	('1e999999', 'INVALID_EXPRESSION number out of range at character 1'),
	('case when true then 1', 'INVALID_EXPRESSION expected "end", found the end of the '
		'expression at character 22'),
	('[status] in ()', 'INVALID_EXPRESSION the list of "in" is empty at character 10'),
	('[status] not 3', 'INVALID_EXPRESSION expected "in", "between" or "like", found "3" '
		'at character 14'),
	('regexp_match([status], "(")', 'INVALID_EXPRESSION not a regular expression '
		'(parentheses () not balanced) at character 24'),

	-- functions
	('pg_sleep(10)', 'INVALID_EXPRESSION unknown function "pg_sleep" at character 1'),
	('current_setting("prismiq.tenant_id")',
		'INVALID_EXPRESSION unknown function "current_setting" at character 1'),
	('set_config("a", "b")', 'INVALID_EXPRESSION unknown function "set_config" at character 1'),
	('pg_read_file("/etc/passwd")', 'INVALID_EXPRESSION unknown function "pg_read_file" '
		'at character 1'),
	('query_to_xml("select 1")', 'INVALID_EXPRESSION unknown function "query_to_xml" '
		'at character 1'),
	('1 + pg_catalog.pg_sleep(1)', 'INVALID_EXPRESSION unexpected "." at character 15'),
	('sun([amount])', 'INVALID_EXPRESSION unknown function "sun" at character 1 '
		'(Did you mean "sum"?)'),
	('left([status])', 'INVALID_EXPRESSION left() takes 2 arguments, found 1, at character 1'),
	('lower()', 'INVALID_EXPRESSION lower() takes 1 argument, found 0, at character 1'),
	('coalesce()', 'INVALID_EXPRESSION coalesce() takes 1 or more arguments, found 0, '
		'at character 1'),
	('date(2024, 1)', 'INVALID_EXPRESSION date() takes 1, 3 or 6 arguments, found 2, at character '
		'1 (Use date(year, month, day) or date(year, month, day, hour, minute, second).)'),
	('date_trunc("fortnight", [shipped])', 'INVALID_EXPRESSION expected a unit of time at '
		'character 12 (Use "day", "week", "month", "quarter", "year", "hour", "minute" or '
		'"second".)'),
	('percentile([amount], 95)', 'INVALID_EXPRESSION expected a number from 0 to 1 at character '
		'22 (Example: percentile([amount], 0.95).)'),

	-- names
	('1 + [amuont]', 'COLUMN_NOT_FOUND "amuont" is neither a column nor a calculated field, '
		'at character 5 (Did you mean "amount"?)'),
	('[totl] + 1', 'COLUMN_NOT_FOUND "totl" is neither a column nor a calculated field, '
		'at character 1 (Did you mean "total"?)'),
	('[c.nme]', 'COLUMN_NOT_FOUND "c.nme" is neither a column nor a calculated field, '
		'at character 1 (Did you mean "name"?)'),
	('[f] + 1', 'CIRCULAR_REFERENCE calculated field "f" refers to itself at character 1'),

	-- types
	('[name] == [amount]', 'TYPE_MISMATCH types text and numeric do not go together at '
		'character 8'),
	('[amount] == "x"', 'TYPE_MISMATCH "x" is not a valid value of type numeric at character 13'),
	('[shipped] == "2024-02-31"', 'TYPE_MISMATCH "2024-02-31" is not a valid value of type date '
		'at character 14'),
	('[status] + 1', 'TYPE_MISMATCH operator + does not go with types text and integer at '
		'character 10'),
	('[active] == 2', 'TYPE_MISMATCH types boolean and integer do not go together at '
		'character 10'),
	('if([amount], 1, 2)', 'TYPE_MISMATCH expected a condition, found a value of type numeric at '
		'character 4 (Compare it with something.)'),
	('if([active], 1, [name])', 'TYPE_MISMATCH types text and integer do not go together at '
		'character 1'),
	('lower([amount])', 'TYPE_MISMATCH expected a text, found a value of type numeric at '
		'character 7 (Use text().)'),
	('round([name])', 'TYPE_MISMATCH expected a number, found a value of type text at '
		'character 7 (Use number().)'),
	('year([amount])', 'TYPE_MISMATCH expected a date or timestamp, found a value of type '
		'numeric at character 6'),
	('[shipped] * 2', 'TYPE_MISMATCH operator * does not go with types date and integer at '
		'character 11'),
	('sum([status])', 'TYPE_MISMATCH cannot take sum of a value of type text at character 1'),

	-- aggregates
	('sum(avg([amount]))', 'INVALID_EXPRESSION avg() cannot stand inside sum() at character 5'),
	('1 + max([total])', 'INVALID_EXPRESSION "total" is an aggregate and cannot stand inside max()'
		' at character 9'),
	('[total] / [small]', 'INVALID_EXPRESSION a column stands outside the aggregates at '
		'character 11 (Put it inside an aggregate.)'),
	('sum_if([amount], [small])', 'TYPE_MISMATCH sum_if() needs a condition, at character 18')
) AS v (e, f);

-- Elsewhere in the definition.
SELECT is(faults(with_field('[amount] + 1', rest)), f, f) FROM (VALUES
	('{"calculated_fields": [{"name": "f", "expression": "[g]"}, {"name": "g", "expression": "[h]"},
		{"name": "h", "expression": "1 + [f]"}]}'::jsonb,
		'CIRCULAR_REFERENCE /calculated_fields/2/expression calculated field "f" refers to itself '
		'through "h" at character 5'),
	('{"calculated_fields": [{"name": "f"}, {"expression": "1"}, {"name": "g", "expression": 5},
		{"name": "f", "expression": "1", "data_type": "numbr", "sql_expression": "1"}]}',
		E'MISSING_FIELD /calculated_fields/0/expression "expression" is required\n'
		'MISSING_FIELD /calculated_fields/1/name "name" is required\n'
		'INVALID_VALUE /calculated_fields/2/expression "expression" must be a string, not a '
		'number\n'
		'INVALID_VALUE /calculated_fields/3/name calculated field "f" is there twice\n'
		'INVALID_VALUE /calculated_fields/3/data_type unknown data type "numbr" '
		'(Did you mean "number"?)\n'
		'UNSAFE_SQL /calculated_fields/3/sql_expression "sql_expression" would carry SQL, which a '
		'definition never does (Say it with a calculated field, or with a condition on a nested '
		'query.)'),
	('{"columns": [{"column": "amount"}]}', 'MISSING_FIELD /columns/0/table_id "table_id" is '
		'required'),
	('{"columns": [{"column": "total", "aggregation": "sum"}]}', 'INVALID_AGGREGATION '
		'/columns/0/aggregation calculated field "total" is an aggregate already '
		'(Take it as it is.)'),
	('{"columns": [{"column": "f"}], "filters": [{"column": "total", "operator": "gt",
		"value": 1}]}', 'INVALID_AGGREGATION /filters/0/column calculated field "total" is an '
		'aggregate (Put conditions on aggregates into "having".)'),
	('{"columns": [{"column": "total"}], "group_by": [{"column": "total"}]}',
		'INVALID_AGGREGATION /group_by/0/column calculated field "total" is an aggregate '
		'(Group by columns that are not aggregates.)'),
	('{"columns": [{"column": "f"}], "order_by": [{"column": "total"}]}',
		'INVALID_AGGREGATION /order_by/0/column calculated field "total" is an aggregate '
		'(Order by a column of the answer.)'),
	('{"columns": [{"column": "total"}], "having": [{"column": "f", "operator": "gt",
		"value": 1}]}', 'COLUMN_NOT_FOUND /having/0/column no column of the answer is called "f"'),
	('{"columns": [{"column": "total"}], "time_series": {"date_column": "f", "interval": "day"}}',
		'INVALID_TIME_SERIES /time_series/date_column column "f" is of type numeric, not a date '
		'or timestamp'),
	('{"columns": [{"column": "f"}], "filters": [{"column": "f", "operator": "eq", "value": 1,
		"scope": "any"}]}', 'INVALID_VALUE /filters/0/scope a condition on a calculated field has '
		'no scope'),
	('{"columns": [{"column": "f"}], "filters": [{"column": "f", "operator": "eq",
		"value": "x"}]}', 'TYPE_MISMATCH /filters/0/value "x" is not a valid value of type numeric')
) AS v (rest, f);
SELECT is(faults('{"tables": [{"id": "p", "name": "products"}, {"id": "o", "name": "orders"},
		{"id": "i", "name": "items"}, {"id": "r", "name": "refunds"}],
		"columns": [{"column": "f"}], "calculated_fields": [{"name": "f", "expression":
		"[amount]"}]}'), 'AMBIGUOUS_COLUMN /calculated_fields/0/expression several tables have a '
	'column "amount": at character 1 (Write [o.amount] or [r.amount].)', 'ambiguous');

-- Limits: at, below and above.
SELECT is(refused(e), f, left(e, 20) || ' of ' || length(e)) FROM (VALUES
	(repeat('(', 31) || '1' || repeat(')', 31), NULL),
	(repeat('(', 32) || '1' || repeat(')', 32),
		'TOO_COMPLEX the expression nests more than 32 at character 33'),
	('1' || repeat(' + 1', 499), NULL),
	('1' || repeat(' + 1', 500), 'TOO_COMPLEX the expression chains operators more than 500 at '
		'character 2002'),
	(repeat('not ', 100000) || 'true', 'TOO_COMPLEX the expression nests more than 32 at character '
		'133'),
	(repeat('-', 100000) || '[small]', 'TOO_COMPLEX the expression nests more than 32 at '
		'character 34'),
	(repeat('f(', 100000), 'TOO_COMPLEX the expression nests more than 32 at character 65'),
	('[status] in (' || repeat('1,', 6000) || '1)',
		'TOO_COMPLEX the expression has parts more than 5000 at character 10012'),
	('"' || repeat('x', 100000) || '"', NULL)) AS v (e, f);
SET LOCAL prismiq.max_nesting = 3;
SELECT is(refused('((1))'), NULL, 'max_nesting: below');
SELECT is(refused('(((1)))'), 'TOO_COMPLEX the expression nests more than 3 at character 4',
		  'max_nesting: above');
RESET prismiq.max_nesting;
SELECT is(faults(with_field('1', jsonb_build_object('calculated_fields',
	(SELECT jsonb_agg(jsonb_build_object('name', CASE n WHEN 30 THEN 'f' ELSE 'g' || n END,
		'expression', CASE n WHEN 0 THEN '[small]' ELSE format('[g%s] + [g%1$s]', n - 1) END))
	 FROM generate_series(0, 30) AS n)))),
	'TOO_COMPLEX /calculated_fields/13/expression the expression, with the fields that it refers '
	'to, is too large at character 7', 'fields that double');

-- Refusals and errors of values have our SQLSTATEs.
SELECT is(answer(with_field(e)), f, e) FROM (VALUES
	('pg_sleep(10)', '22023 INVALID_EXPRESSION'), ('[f]', '22023 CIRCULAR_REFERENCE'),
	('sqrt(-abs([small]) - 1)', '22023 INVALID_VALUE'), ('number([name])', '22023 INVALID_VALUE'),
	('ln(0)', '22023 INVALID_VALUE'), ('date(2024, 13, 1)', '22023 INVALID_VALUE')) AS v (e, f);

-- Rows of another tenant, under conditions that raise on them; PostgreSQL would
-- look at them first, for the tenant's own condition is made to cost the most.
RESET ROLE;
CREATE TABLE shop.traps (tenant text, id int PRIMARY KEY, n int, t text);
INSERT INTO shop.traps VALUES ('acme', 1, 4, '10'), ('acme', 2, 9, NULL), ('beta', 3, -1, 'x');
CREATE TABLE shop.springs (tenant text, id int PRIMARY KEY, trap int, s text);
INSERT INTO shop.springs VALUES ('acme', 1, 1, '5'), ('beta', 2, 2, 'x'), ('beta', 3, 3, 'y');
GRANT SELECT ON shop.traps, shop.springs TO app_user;
SELECT count(prismiq.prismiq_expose(('shop.' || t)::regclass, tenant_column => 'tenant'))
FROM unnest('{traps,springs}'::text[]) AS t;
ALTER FUNCTION pg_catalog.texteq(text, text) COST 1000000;
SET LOCAL ROLE app_user;
SELECT throws_ok($$SELECT id FROM traps WHERE tenant = 'acme' AND sqrt(n) > 1$$, '2201F', NULL,
				 'the trap works');
SELECT is(answer(def('t traps', 't.id', '{"order_by": [{"alias": "id"}]}'
	|| jsonb_build_object('calculated_fields', jsonb_build_array(
		jsonb_build_object('name', 'f', 'expression', e)),
	'filters', jsonb_build_array(jsonb_build_object('column', 'f', 'operator', op)
		|| coalesce(value, '{}'))))), a, format('%s %s on the tenant''s rows only', e, op))
FROM (VALUES
	('sqrt([n])', 'gt', '{"value": 2.5}'::jsonb, '[[2]]'),
	('sqrt([n])', 'is_not_null', NULL, '[[1], [2]]'),
	('number([t])', 'is_null', NULL, '[[2]]'),
	('number([t])', 'not_in', '{"value": [3, null]}', '[[1]]'),
	('number([t])', 'neq', '{"value": 3}', '[[1], [2]]'),
	('number([t])', 'between', '{"value": [1, 10]}', '[[1]]'),
	('to_date([t], "YYYY")', 'date_preset', '{"value": "this_year"}', '[]'),
	('left([t], 1) == "1"', 'eq', '{"value": true}', '[[1]]')) AS v (e, op, value, a);
SELECT is(answer(def('t traps, s springs', 't.id', '{"order_by": [{"alias": "id"}],
		"filters": [{"column": "f", "operator": "lte", "value": 9}],
		"calculated_fields": [{"name": "f", "expression": "ifnull(number([s]), 0) + sqrt([n])"}]}',
		't.id = s.trap LEFT')), '[[1], [2]]', 'two tables, one of them weakly joined');
SELECT is(answer(def('t traps', 't.id count', '{"time_series": {"date_column": "f",
		"interval": "month"}, "calculated_fields": [{"name": "f", "expression":
		"date_add(\"2024-01-01\", power([n], 0.5), \"month\")"}]}')),
	'[["2024-03-01", 1], ["2024-04-01", 1]]', 'a series');
SELECT is(answer(def('t traps', 't.id count', '{"columns": [{"column": "f", "aggregation": "sum"},
		{"column": "g"}], "calculated_fields": [{"name": "f", "expression": "sqrt([n])"},
		{"name": "g", "expression": "sum_if(1, number([t]) > 5)"}]}')),
	'[[5.000000000000000, 1]]', 'measures');

SELECT finish();
ROLLBACK;
