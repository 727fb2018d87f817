-- Limits of the definition and of the run, and input that no front end sends.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

-- The answer when a limit is one less, and when it is met.
CREATE FUNCTION pg_temp.limit(setting text, value int, definition jsonb) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
	before text := current_setting('prismiq.' || setting);
BEGIN
	PERFORM set_config('prismiq.' || setting, value::text, true);
	RETURN NEXT alike(oracle.answer(definition), '[[%', format('%s of %s is enough', setting,
		value));
	PERFORM set_config('prismiq.' || setting, (value - 1)::text, true);
	RETURN NEXT is(oracle.answer(definition), 'PT413 TOO_COMPLEX',
				   format('%s of %s is not', setting, value - 1));
	PERFORM set_config('prismiq.' || setting, before, true);
END
$$;

SELECT pg_temp.limit('max_tables', 3, def('i items, o orders, c customers', 'i.line count',
	joins => 'i.order_id = o.id,o.customer_id = c.id', rest => '{"fan_out": "allow"}'));
SELECT pg_temp.limit('max_tables', 3, def('i items, c customers', 'i.line count'));
SELECT pg_temp.limit('max_columns', 4, def('o orders', 'o.id, o.id, o.id, o.id'));
SELECT pg_temp.limit('max_filters', 3, def('o orders', 'o.* count', filters(cond('o.id gt', '0'),
	jsonb_build_object('or', jsonb_build_array(cond('o.id gt', '0'), cond('o.id lt', '9'))))));
SELECT pg_temp.limit('max_list_values', 3, def('o orders', 'o.* count',
	filters(cond('o.id in', '[1, 2, 3]'))));
SELECT pg_temp.limit('max_buckets', 31, def('o orders', 'o.* count',
		'{"time_series": {"table_id": "o",
	"date_column": "placed_at", "interval": "day",
	"range": {"start": "2024-01-01", "end": "2024-01-31"}}}'));

-- A group within a group, and so on; the definition's own text; bytes.
CREATE FUNCTION pg_temp.nested(depth int) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	node text := oracle.cond('o.id gt', '0')::text;
BEGIN
	node := repeat('{"not": ', depth - 1) || node || repeat('}', depth - 1);
	RETURN oracle.def('o orders', 'o.* count', jsonb_build_object('filters',
															  jsonb_build_array(node::jsonb)));
END
$$;
SELECT alike(answer(pg_temp.nested(32)), '[[%', '32 deep');
SELECT is(answer(pg_temp.nested(33)), 'PT413 TOO_COMPLEX', '33 deep');
SELECT is(answer(pg_temp.nested(2000)), 'PT413 TOO_COMPLEX', '2,000 deep');
SELECT is(answer(jsonb_set(def('o orders', 'o.id'), '{tables,0,alias}',
		(repeat('[', 6000) || repeat(']', 6000))::jsonb)), 'PT413 TOO_COMPLEX',
			'any value 6,000 deep');
SELECT pg_temp.limit('max_nesting', 5, pg_temp.nested(5));
SELECT is(answer(def('o orders', 'o.id', jsonb_build_object('filters', jsonb_build_array(
		cond('o.status eq', to_jsonb(repeat('x', 2000000))))))), 'PT413 TOO_COMPLEX',
			'two megabytes');
SELECT is(answer(def('o orders', 'o.id', jsonb_build_object('filters', jsonb_build_array(
		cond('o.status eq', to_jsonb(repeat('x', 500000))))))), '[]', 'half of one');
SET LOCAL prismiq.max_definition_bytes = 1024;
SELECT is(answer(def('o orders', 'o.id', filters(cond('o.status eq', to_jsonb(repeat('x',
		1024)))))),
	'PT413 TOO_COMPLEX', 'max_definition_bytes');
SET LOCAL prismiq.max_definition_bytes TO DEFAULT;

-- Rows, time, cost.
SET LOCAL prismiq.max_rows = 10;
SELECT is(prismiq_query(def('o orders',
		'o.id'))::jsonb - '{rows,columns,column_types,execution_time_ms,'
	'warnings,bucket,cached_at,is_from_cache}'::text[], '{"row_count": 10, "truncated": true}',
	'more rows than max_rows are cut, and it says so');
SELECT is((prismiq_query(def('o orders', 'o.id',
		'{"limit": 10}'))::jsonb ->> 'truncated')::boolean, false,
	'as many are not');
SELECT is((prismiq_query(def('o orders', 'o.id'), '{"max_rows": 20}')::jsonb ->> 'row_count')::int,
		10,
	'options only lower it');
SELECT is((prismiq_query(def('o orders', 'o.id'), '{"max_rows": 3}')::jsonb ->> 'row_count')::int,
		3,
	'and do');
SELECT is(answer(def('o orders', 'o.id'), '{"max_rows": 0}'), '22023 INVALID_VALUE',
	'nothing takes the limit away');
SET LOCAL prismiq.max_rows TO DEFAULT;
-- However fast the machine is, this is not done before the time is over.
RESET ROLE;
CREATE VIEW shop.sleeps AS SELECT 'acme'::text AS tenant, 1 AS id FROM pg_sleep(86400);
SELECT prismiq_expose('shop.sleeps', tenant_column => 'tenant') \g /dev/null
GRANT SELECT ON shop.sleeps TO app_user;
SET LOCAL ROLE app_user;
SET LOCAL prismiq.query_timeout = 50;
SELECT is(answer(def('s sleeps', 's.* count')), '57014', 'query_timeout');
SET LOCAL prismiq.query_timeout TO DEFAULT;
SELECT is(answer(def('o orders', 'o.id'), '{"timeout_ms": 0}'), '22023 INVALID_VALUE',
		'timeout_ms of 0');
SET LOCAL prismiq.max_cost = 1;
SELECT is(answer(def('o orders, c customers', 'c.name, o.amount sum')), 'PT413 TOO_EXPENSIVE',
		'max_cost');
SET LOCAL prismiq.max_cost = 100000;
SELECT alike(answer(def('o orders, c customers', 'c.name, o.amount sum')), '[[%', 'enough of it');
SET LOCAL prismiq.max_cost TO DEFAULT;
RESET ROLE;
SET LOCAL prismiq.max_rows_cap = 5;
SET LOCAL ROLE app_user;
SET LOCAL prismiq.max_rows = 1000000;
SELECT is((prismiq_query(def('o orders', 'o.id'))::jsonb ->> 'row_count')::int, 5,
	'a cap is above what anyone may ask for');

-- ---- Bad input ------------------------------------------------------------------------------
SELECT is(answer(d), '22023 INVALID_JSON', 'not an object: ' || d::text)
FROM jsonb_array_elements('[[], "x", 1, true, null, [{}]]') AS d;
SELECT is(answer(d), '22023 ' || code, left(d::text, 60))
FROM (VALUES ('{}'::jsonb, 'MISSING_FIELD'), ('{"tables": [], "columns": []}', 'EMPTY_QUERY'),
	('{"tables": {}, "columns": []}', 'INVALID_VALUE'), ('{"tables": [1], "columns": [null]}',
	 'INVALID_VALUE'), ('{"tables": [{"id": "", "name": "orders"}], "columns": []}',
		'INVALID_VALUE'),
	('{"tables": null, "columns": null}', 'MISSING_FIELD')) AS v (d, code);
SELECT is(answer(def('o orders', 'o.id', rest)), '22023 ' || code, rest::text)
FROM (VALUES ('{"limit": "ten"}'::jsonb, 'INVALID_VALUE'), ('{"limit": -1}', 'INVALID_VALUE'),
	('{"limit": 1.5}', 'INVALID_VALUE'), ('{"offset": 1e30}', 'INVALID_VALUE'),
	('{"limit": true}', 'INVALID_VALUE'), ('{"fan_out": "maybe"}', 'INVALID_VALUE'),
	('{"orderby": []}', 'UNKNOWN_FIELD'), ('{"time_series": []}', 'INVALID_VALUE'),
	('{"joins": [{}]}', 'MISSING_FIELD'), ('{"order_by": [{"alias": "nope"}]}', 'COLUMN_NOT_FOUND'),
	('{"order_by": [{"alias": "id", "direction": "up"}]}', 'INVALID_VALUE'),
	('{"group_by": [{"table_id": "o", "column": "*"}]}', 'INVALID_AGGREGATION'),
	('{"having": [{"column": "id", "operator": "gt", "value": 1}]}', 'INVALID_AGGREGATION'),
	('{"columns": [{"table_id": "o", "column": "*"}]}', 'COLUMN_NOT_FOUND'),
	('{"columns": [{"table_id": "o", "column": "status", "aggregation": "sum"}]}',
	 'INVALID_AGGREGATION'),
	('{"columns": [{"table_id": "o", "column": "id", "aggregation": "summ"}]}',
		'INVALID_AGGREGATION'),
	('{"columns": [{"table_id": "o", "column": "id", "date_trunc": "day"}]}', 'TYPE_MISMATCH'))
	AS v (rest, code);
SELECT is(answer(def('o orders', 'o.id') || jsonb_build_object('columns', jsonb_build_array(
	jsonb_build_object('table_id', 'o', 'column', 'id', 'alias', alias)))) ~ '^\[\[', ok,
	format('an alias of %s bytes', octet_length(alias)))
FROM (VALUES ('', false), ('x', true), (repeat('x', 63), true), (repeat('x', 64), false),
	(repeat('€', 21), true), (repeat('€', 22), false), (repeat('x', 300), false)) AS v (alias, ok);

-- Values: out of range, of another type, with 400 digits; never in the middle of a scan.
SELECT is(answer(def('o orders', 'o.id', filters(cond('o.' || subject, value)))), wanted,
	subject || ' ' || left(value::text, 30))
FROM (VALUES ('id eq', '2147483648'::jsonb, '[]'),
	('id eq', '"2147483648"', '22023 TYPE_MISMATCH'), ('id eq', '"1x"', '22023 TYPE_MISMATCH'),
	('id eq', '1e400', '[]'), ('small eq', '32768', '[]'), ('big eq', '9223372036854775808', '[]'),
	('big eq', repeat('9', 400)::jsonb, '[]'),
	('amount eq', repeat('9', 400)::jsonb, '[]'),
	('amount eq', ('0.' || repeat('1', 400))::jsonb, '[]'),
	('discount eq', '1e400', '[]'),
	('channel eq', '"fax"', '22023 TYPE_MISMATCH'), ('channel in', '["web", "fax"]',
		'22023 TYPE_MISMATCH'),
	('placed_at eq', '"2024-02-31"', '22023 TYPE_MISMATCH'),
	('placed_at eq', '"999999-01-01"', '22023 TYPE_MISMATCH'),
	('placed_at eq', '"soon"', '22023 TYPE_MISMATCH'), ('placed_at eq', '20240101',
		'22023 TYPE_MISMATCH'),
	('shipped eq', '"2023-02-29"', '22023 TYPE_MISMATCH'),
	('shipped date_relative', '99999999', '22023 INVALID_VALUE'),
	('shipped date_relative', '1.5', '22023 INVALID_VALUE'),
	('shipped date_preset', '"last_0_days"', '22023 INVALID_VALUE'),
	('shipped date_preset', '"last_99999999999_days"', '22023 INVALID_VALUE'),
	('id in', '5', '22023 INVALID_VALUE'), ('id eq', '[5]', '22023 INVALID_VALUE'),
	('id eq', '{"a": 1}', '22023 INVALID_VALUE'), ('id between', '[1]', '22023 INVALID_VALUE'),
	('id between', '[1, null]', '22023 INVALID_VALUE'), ('id gt', 'null', '22023 INVALID_VALUE'),
	('id like', '"1%"', '22023 INVALID_OPERATOR'), ('id date_preset', '"today"',
		'22023 INVALID_OPERATOR'),
	('id is_null', '1', '22023 INVALID_VALUE'), ('status like', '"a\\"', '22023 INVALID_VALUE'),
	('status like', '5', '22023 TYPE_MISMATCH'), ('status eqq', '"x"', '22023 INVALID_OPERATOR'))
	AS v (subject, value, wanted);
SELECT is(answer(def('c customers', 'c.id', filters(cond('c.key eq', '"no uuid"')))),
	'22023 TYPE_MISMATCH', 'a text that is no uuid');
SELECT is(answer(def('p products', 'p.id', filters(cond('p.attributes eq', '"{"')))),
	'22023 TYPE_MISMATCH', 'a text that is no document');

-- All faults at once, in the order of the contract's keys.
SELECT is((SELECT string_agg(concat_ws(' ', e ->> 'code', e ->> 'path'), E'\n')
	FROM jsonb_array_elements(prismiq_validate('{"zzz": 1, "aaa": 2, "limit": -1,
		"tables": [{"id": "o", "name": "orders"}, {"id": "o", "name": "orders"}],
		"columns": [{"table_id": "o", "column": "amuont"}, {"table_id": "x", "column": "id"}],
		"filters": [{"table_id": "o", "column": "status", "operator": "eqq", "value": 1},
					{"table_id": "o", "column": "id", "operator": "eq", "value": "x"}],
		"order_by": [{"alias": "nope"}]}') -> 'errors') AS e),
	E'INVALID_VALUE /tables/1/id\nCOLUMN_NOT_FOUND /columns/0/column\n'
	|| E'TABLE_NOT_FOUND /columns/1/table_id\nINVALID_OPERATOR /filters/0/operator\n'
	|| E'TYPE_MISMATCH /filters/1/value\nCOLUMN_NOT_FOUND /order_by/0/alias\nINVALID_VALUE /limit\n'
	|| E'UNKNOWN_FIELD /aaa\nUNKNOWN_FIELD /zzz', 'all faults, in order');
SELECT is(prismiq_validate(d), '{"valid": false, "errors": [{"code": "INVALID_JSON", "path": "",
	"message": "a query definition must be a JSON object, not an array", "suggestion": null}],
	"warnings": []}', 'prismiq_validate never raises') FROM (VALUES ('[]'::jsonb)) AS v (d);

-- Groups of alternatives have a bound of their own, whatever is allowed of conditions: planning
-- them cannot be stopped by a time limit.
SET prismiq.max_items = 10000;
SET prismiq.max_filters = 10000;
CREATE FUNCTION pg_temp.alternatives(n int, condition text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce((prismiq.prismiq_validate(jsonb_build_object('tables',
        '[{"id": "f", "name": "flights"}]'::jsonb, 'columns', '[{"table_id": "f",
        "column": "delay"}]'::jsonb, 'filters', (SELECT jsonb_agg(condition::jsonb)
        FROM generate_series(1, n)))) #>> '{errors,0,message}'), 'none')
$$;
SELECT is(pg_temp.alternatives(n, condition), said, concat_ws(' ', n, condition))
FROM (VALUES ('{"or": [{"table_id": "f", "column": "delay", "operator": "gt", "value": 1},
        {"table_id": "f", "column": "delay", "operator": "is_null"}]}'),
    ('{"not": {"and": [{"table_id": "f", "column": "delay", "operator": "gt", "value": 1},
        {"table_id": "f", "column": "delay", "operator": "lt", "value": 9}]}}')) AS c (condition),
    (VALUES (2000, 'none'), (2001, 'more than 2000 groups of alternatives')) AS v (n, said);
SELECT is(pg_temp.alternatives(4000, '{"and": [{"table_id": "f", "column": "delay",
    "operator": "gt", "value": 1}]}'), 'none', 'others have none');
RESET prismiq.max_items;
RESET prismiq.max_filters;

SELECT * FROM finish();
ROLLBACK;
