-- Types, operators, functions and collations in a schema that the caller may
-- not use. What PostgreSQL runs without naming them is answered; the rest is a
-- fault; and "permission denied for schema" is never heard.
\set ON_ERROR_STOP on
SET client_min_messages = error;
\getenv dir TEST_DIR
\set odd :dir /fuzz/odd.sql
\i :odd

SET ROLE app_user;
SET prismiq.tenant_id = 'CA';
SET search_path = prismiq, public;
SELECT no_plan();

-- The rows, or the code of the first fault and its message.
CREATE FUNCTION pg_temp.comes_to(definition jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text;
	message text;
BEGIN
	IF NOT (prismiq_validate(definition) -> 'valid')::boolean THEN
		message := prismiq_validate(definition) #>> '{errors,0,message}';
	END IF;
	RETURN replace((prismiq_query(definition) -> 'rows')::text, ' ', '');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	RETURN CASE WHEN message = SQLERRM THEN '' ELSE 'not known before: ' END || code || ' '
		|| SQLERRM;
END
$$;

-- A definition over odd.texts.
CREATE FUNCTION pg_temp.of(rest jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT '{"tables": [{"id": "o", "name": "texts"}], "order_by": [{"alias": "id"}],
		"columns": [{"table_id": "o", "column": "id"}]}'::jsonb || rest
$$;
CREATE FUNCTION pg_temp.filtered(col text, op text, value jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.of(jsonb_build_object('filters', jsonb_build_array(jsonb_build_object(
		'table_id', 'o',
		'column', col, 'operator', op, 'value', value))))
$$;

-- An enum: the server's operators serve every enum.
SELECT is(pg_temp.comes_to(pg_temp.filtered(col, op, value::jsonb)), rows, col || ' ' || op)
FROM (VALUES
	('l', 'eq', '"low"', '[[2],[4],[6],[8]]'),
	('l', 'neq', '"low"', '[[1],[3],[5],[7],[50]]'),
	('l', 'gt', '"low"', '[[1],[3],[5],[7]]'),
	('l', 'in', '["low", null]', '[[2],[4],[6],[8],[50]]'),
	('l', 'between', '["low", "low"]', '[[2],[4],[6],[8]]'),
	('la', 'array_contains', '"high"', '[]'),
	('la', 'eq', '"{low}"', '[[1],[2],[3],[4],[5],[6],[7],[8]]')) v (col, op, value, rows);
SELECT is(pg_temp.comes_to(definition::jsonb), rows, rows) FROM (VALUES
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "l"},
		{"table_id": "o", "column": "id", "aggregation": "sum"}], "totals": true}',
		'[["low",20,0],["high",16,0],[null,50,0],[null,86,1]]'),
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "l"},
		{"table_id": "o", "column": "l", "alias": "again"}, {"table_id": "o", "column": "id",
		"aggregation": "sum"}], "totals": ["again"], "filters": [{"table_id": "o", "column": "l",
		"operator": "eq", "value": "low"}]}', '[["low","low",20,0],["low",null,20,1]]'),
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "l"},
		{"table_id": "o", "column": "e"}, {"table_id": "o", "column": "id", "aggregation": "sum"}],
		"pivot": {"column": "l", "value": "id_sum"}, "filters": [{"table_id": "o", "column": "e",
		"operator": "eq", "value": "sad"}]}', '[["sad",6,3]]'),
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "l"},
		{"table_id": "o", "column": "id", "aggregation": "sum"}], "top": {"n": 1, "by": "id_sum",
		"other": true}}', '[[null,50],["Other",36]]'),
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "l",
		"aggregation": "max"}, {"table_id": "o", "column": "l", "aggregation": "mode"}, {"table_id":
		"o", "column": "l", "aggregation": "first", "args": {"order_by": "id"}}]}',
		'[["high","low","high"]]'),
	('{"tables": [{"id": "o", "name": "texts"}, {"id": "p", "name": "texts"}], "joins":
		[{"from_table_id": "o", "from_column": "l", "to_table_id": "p", "to_column": "l"}],
			"columns":
		[{"table_id": "o", "column": "*", "aggregation": "count"}], "filters": [{"table_id": "p",
		"column": "id", "operator": "eq", "value": 1}]}', '[[4]]'),
	('{"tables": [{"id": "o", "name": "computed"}], "columns": [{"table_id": "o", "column": "lt"},
		{"table_id": "o", "column": "l"}], "filters": [{"table_id": "o", "column": "id", "operator":
		"eq", "value": 2}]}', '[["l","low"]]')) v (definition, rows);

-- A domain, a row, an extension's types: whatever they are, they are shown.
SELECT is(pg_temp.comes_to('{"tables": [{"id": "o", "name": "numbers"}],
	"columns": [{"table_id": "o",
	"column": "a", "aggregation": "sum"}], "filters": [{"table_id": "o", "column": "a", "operator":
	"gt", "value": 8}]}'), '[[8.80]]', 'a domain');
SELECT is(pg_temp.comes_to('{"tables": [{"id": "o", "name": "others"}],
	"columns": [{"table_id": "o",
	"column": "s"}, {"table_id": "o", "column": "h"}], "filters": [{"table_id": "o", "column": "id",
	"operator": "eq", "value": 2}]}'), '[[{"x":1,"y":2},{"a":"1"}]]', 'a row, an hstore');
SELECT is(pg_temp.comes_to('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o",
	"column": "ci"}, {"table_id": "o", "column": "st"}, {"table_id": "o", "column": "nv"},
	{"table_id": "o", "column": "id", "aggregation": "max"}], "order_by": [{"alias": "ci"}],
		"limit":
	1}'), '[["Ci1","ä1","ND1",1]]', 'rows are grouped and sorted by them');
SELECT is(pg_temp.comes_to(pg_temp.filtered('st', 'eq', '"ä3"')), '[[3]]', 'a collation');

-- Their own operators and functions cannot be named.
SELECT is(pg_temp.comes_to(pg_temp.filtered('ci', op, value::jsonb)), '22023 ' || message, op)
	FROM (VALUES
	('eq', '"ci3"', 'operator "eq" does not go with type shut.citext'),
	('in', '["ci3"]', 'operator "in" does not go with type shut.citext'),
	('between', '["a", "b"]', 'operator "between" does not go with type shut.citext'),
	('like', '"ci%"', 'operator "like" does not go with type shut.citext'),
	('not_ilike', '"ci%"', 'operator "not_ilike" does not go with type shut.citext'))
	v (op, value, message);
SELECT is(pg_temp.comes_to(definition::jsonb), '22023 ' || message, message) FROM (VALUES
	('{"tables": [{"id": "o", "name": "texts"}, {"id": "p", "name": "texts"}], "joins":
		[{"from_table_id": "o", "from_column": "ci", "to_table_id": "p", "to_column": "ci"}],
		"columns": [{"table_id": "o", "column": "id"}]}',
		'cannot join "ci" of type shut.citext with "ci" of type shut.citext'),
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "ci"},
		{"table_id": "o", "column": "id", "aggregation": "sum"}], "pivot": {"column": "ci", "value":
		"id_sum"}}', 'values of type shut.citext cannot become columns'),
	('{"tables": [{"id": "o", "name": "texts"}], "calculated_fields": [{"name": "f", "expression":
		"nullif([ci], \"x\")"}], "columns": [{"column": "f"}]}',
		'values of type shut.citext cannot be compared so at character 1'),
	('{"tables": [{"id": "o", "name": "others"}], "columns": [{"table_id": "o", "column": "h",
		"aggregation": "sum"}]}', 'cannot take sum of column "h" of type shut.hstore'))
	v (definition, message);

-- A domain over such a type cannot be cast to it.
SELECT is(pg_temp.comes_to(definition::jsonb), outcome, outcome) FROM (VALUES
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "dl"},
		{"table_id": "o", "column": "dl", "aggregation": "count_distinct"}, {"table_id": "o",
			"column":
		"dl", "aggregation": "first", "args": {"order_by": "id"}}]}',
			'[["low",1,"low"],[null,0,null]]'),
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "dl",
		"aggregation": "max"}]}', '22023 cannot take max of column "dl" of type odd.own_level'),
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "id"}],
		"filters": [{"table_id": "o", "column": "dl", "operator": "eq", "value": "low"}]}',
		'22023 operator "eq" does not go with type odd.own_level'),
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "id"}],
		"filters": [{"table_id": "o", "column": "dl", "operator": "between", "value": ["low",
		"low"]}]}', '22023 "low" is not a valid value of type odd.own_level'),
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "dl"},
		{"table_id": "o", "column": "id", "aggregation": "sum"}], "top": {"n": 1, "by": "id_sum"},
		"totals": true}', '[[null,50,0],["Other",36,0],[null,86,1]]'),
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "dl"},
		{"table_id": "o", "column": "id", "aggregation": "sum"}], "pivot": {"column": "dl", "value":
		"id_sum"}}', '22023 values of type odd.own_level cannot become columns'))
	v (definition, outcome);
SELECT is(prismiq_column_sample('texts', 'l'), '["low", "high"]', 'a sample of them');
SELECT lives_ok('SELECT prismiq_schema()', 'the schema is described');

-- With the right on the schema the same is answered, in the same session.
RESET ROLE;
GRANT USAGE ON SCHEMA shut TO app_user;
SET ROLE app_user;
SELECT is(pg_temp.comes_to(pg_temp.filtered('ci', op, value::jsonb)), '[[3]]',
	op || ' with the right')
FROM (VALUES ('eq', '"ci3"'), ('in', '["CI3"]'), ('like', '"c_3"')) v (op, value);
RESET ROLE;
REVOKE USAGE ON SCHEMA shut FROM app_user;
SET ROLE app_user;
SELECT is(pg_temp.comes_to(pg_temp.filtered('ci', 'eq', '"ci3"')),
	'22023 operator "eq" does not go with type shut.citext', 'and without it again');

-- What says whose a row is may be of such a type, but not of a domain over it.
SET prismiq.tenant_id = 'low';
SELECT is(pg_temp.comes_to(format('{"tables": [{"id": "o", "name": "%s"}], "columns":
	[{"table_id": "o", "column": "v"}]}', name)::jsonb), outcome, name)
FROM (VALUES ('by_level', '[[1]]'), ('by_own_level', '22023 table "by_own_level" not found'))
	v (name, outcome);
SET prismiq.tenant_id = 'lower';
SELECT is(pg_temp.comes_to('{"tables": [{"id": "o", "name": "by_level"}], "columns": [{"table_id":
	"o", "column": "v"}]}'), '22023 table "by_level" not found', 'a tenant that is no label');

SELECT finish();
