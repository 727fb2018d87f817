-- What cannot be answered is a fault, told by prismiq_validate before, and never
-- an internal error: names that were not found and are referred to elsewhere,
-- collations in which different strings are equal, numbers that are none, views
-- with nothing to show.
\set ON_ERROR_STOP on
SET client_min_messages = error;
\getenv dir TEST_DIR
\set odd :dir /fuzz/odd.sql
\i :odd

SET ROLE app_user;
SET prismiq.tenant_id = 'CA';
SET search_path = prismiq, public;
SELECT no_plan();

-- "answer", or SQLSTATE and the codes of the faults; and whether validating says otherwise.
CREATE FUNCTION pg_temp.comes_to(definition jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	verdict jsonb := prismiq_validate(definition);
	code text := 'answer';
	message text;
	detail text;
BEGIN
	BEGIN
		PERFORM prismiq_query(definition);
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
			detail = PG_EXCEPTION_DETAIL;
		IF left(detail, 1) = '[' AND message <> 'the database cannot do this with a value' THEN
			code := concat_ws(' ', code, (SELECT string_agg(f ->> 'code', ' ')
				FROM jsonb_array_elements(detail::jsonb) AS f));
		ELSE
			code := concat_ws(' ', code, message);
		END IF;
	END;
	IF (verdict -> 'valid')::boolean AND code LIKE '22023%'
		AND message NOT IN ('a value is out of range or cannot be converted',
							'the database cannot do this with a value') THEN
		code := code || ', but valid';
	END IF;
	RETURN code;
END
$$;

-- A definition over one of the tables; "o" is its id.
CREATE FUNCTION pg_temp.of(name text, rest jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('id', 'o', 'name',
		name)))
		|| '{"columns": [{"table_id": "o", "column": "nope", "alias": "k"},
			{"table_id": "o", "column": "*", "aggregation": "count", "alias": "n"}]}' || rest
$$;

-- An expression over one of the tables, as the only column.
CREATE FUNCTION pg_temp.field(name text, expression text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.of(name, jsonb_build_object('columns', '[{"column": "f"}]'::jsonb,
		'calculated_fields', jsonb_build_array(jsonb_build_object('name', 'f', 'expression',
			expression))))
$$;

-- A column that was not found has no type, and everything may refer to it.
SELECT is(pg_temp.comes_to(pg_temp.of('texts', rest::jsonb)), '22023 COLUMN_NOT_FOUND', rest)
FROM (VALUES
	('{"windows": [{"alias": "w", "function": "moving_avg", "of": "n", "n": 1}],
		"order_by": [{"alias": "k"}]}'),
	('{"windows": [{"alias": "w", "function": "rank", "of": "n", "order_by": [{"alias": "k"}]}]}'),
	('{"windows": [{"alias": "w", "function": "lag", "of": "k", "order_by": [{"alias": "n"}]}]}'),
	('{"windows": [{"alias": "w", "function": "percent_of_total", "of": "k"}]}'),
	('{"windows": [{"alias": "w", "function": "row_number", "of": "n", "partition_by": ["k"]}]}'),
	('{"windows": [{"alias": "w", "function": "difference", "of": "n", "order_by":
		[{"alias": "n"}]}]}'),
	('{"top": {"n": 2, "by": "n"}}'), ('{"top": {"n": 2, "by": "n", "other": true}}'),
	('{"totals": true}'), ('{"totals": ["k"]}'), ('{"pivot": {"column": "k", "value": "n"}}'),
	('{"pivot": {"column": "k", "value": "n", "values": ["a"]}}'),
	('{"order_by": [{"alias": "k"}]}'),
	('{"qualify": [{"column": "k", "operator": "eq", "value": "x"}]}')) v (rest);
SELECT is(pg_temp.comes_to(pg_temp.of('texts', rest::jsonb || '{"columns": [{"table_id": "o",
	"column":
	"nope", "aggregation": "max", "alias": "k"}, {"table_id": "o", "column": "e"}]}')),
	'22023 COLUMN_NOT_FOUND', rest)
FROM (VALUES
	('{"windows": [{"alias": "w", "function": "running_total", "of": "k", "order_by":
		[{"alias": "e"}]}]}'),
	('{"top": {"n": 2, "by": "k"}}'), ('{"pivot": {"column": "e", "value": "k"}}'),
	('{"having": [{"column": "k", "operator": "gt", "value": 1}]}'),
	('{"totals": true, "order_by": [{"alias": "k"}]}')) v (rest);
SELECT is(pg_temp.comes_to(pg_temp.of('times', '{"time_series": {"table_id": "o",
	"date_column": "nope",
	"interval": "day", "fill_missing": true, "fill": "linear"},
		"compare": {"period": "previous_period"},
	"columns": [{"table_id": "o", "column": "id", "aggregation": "sum", "alias": "s"}], "windows":
	[{"alias": "w", "function": "running_total", "of": "s"}]}')), '22023 COLUMN_NOT_FOUND',
	'a series over a column that was not found');

-- Nor has a table that was not found any columns.
SELECT is(pg_temp.comes_to(jsonb_build_object('tables', '[{"id": "t", "name": "nope"}]'::jsonb,
	'calculated_fields', jsonb_build_array(jsonb_build_object('name', 'f', 'expression', e)),
	'columns', jsonb_build_array('{"column": "f"}'::jsonb || c::jsonb))),
	'22023 TABLE_NOT_FOUND', c || ' of ' || e)
FROM unnest('{1,"\"a\"","[t.x]","count()","today()"}'::text[]) e, unnest(ARRAY['{}',
	'{"aggregation": "first", "args": {"order_by": "x"}}', '{"aggregation": "last"}',
	'{"aggregation": "string_agg", "args": {"order_by": "x"}}', '{"aggregation": "array_agg"}',
	'{"date_trunc": "month"}']) c;
SELECT is(pg_temp.comes_to('{"tables": [{"id": "t", "name": "nope"}, {"id": "o", "name": "texts"}],
	"calculated_fields": [{"name": "f", "expression": "1"}], "columns": [{"column": "f",
		"aggregation":
	"max"}], "filters": [{"column": "f", "operator": "eq", "value": 1}], "time_series": {"column":
	"f", "date_column": "f", "interval": "day"}, "group_by": [{"column": "f"}],
		"order_by": [{"column":
	"f"}], "joins": [{"from_table_id": "t", "from_column": "f", "to_table_id": "o", "to_column":
	"f"}]}'), '22023 TABLE_NOT_FOUND COLUMN_NOT_FOUND UNKNOWN_FIELD',
		'a field of a table that is none');

-- Texts whose collation says that different ones are equal.
SELECT is(pg_temp.comes_to(pg_temp.field('texts', e)), '22023 TYPE_MISMATCH', e) FROM unnest(ARRAY[
	'replace([nd], "d", "c")', 'replace("abc", [nd], "c")', 'split_part([nd], "d", 1)',
	'split_part([nv], "d", 1)', 'replace(text([nd]), "d", "c")', 'replace([t], "d", [nd])',
	'replace(coalesce([nd], "x"), "d", "c")']) e
WHERE NOT (SELECT collisdeterministic FROM pg_collation WHERE oid = 'odd.loose'::regcollation);
SELECT is(pg_temp.comes_to(pg_temp.field('texts', e)), 'answer', e) FROM unnest(ARRAY[
	'find("d", [nd])', 'contains([nd], "d")', 'regexp_match([nd], "d")', '[nd] like "d%"',
	'ends_with([nd], "1")', 'upper([nd])', 'left([nd], 1)', '[nd] = "ND1"', 'replace([t], "T",
		"c")'])
	e;
SELECT is(pg_temp.comes_to(pg_temp.of('texts', jsonb_build_object('columns',
	'[{"table_id": "o", "column": "id"}]'::jsonb, 'filters', jsonb_build_array(jsonb_build_object(
		'table_id', 'o', 'column', 'nd', 'operator', op, 'value', 'd'))))),
	'22023 INVALID_OPERATOR', op)
FROM unnest('{like,ilike,not_like,contains,starts_with,ends_with}'::text[]) op
WHERE NOT (SELECT collisdeterministic FROM pg_collation WHERE oid = 'odd.loose'::regcollation);

-- Whatever is done to them is an answer, or a fault that was told before.
SELECT matches(pg_temp.comes_to(pg_temp.field('texts', format(e, col))),
	'^(answer|22023 [A-Z_ ]+)$',
	format(e, col))
FROM unnest('{[nd],[nv],[na],"upper([nd])","[nd] || [t]","if([id] > 3, [nd], [t])"}'::text[])
	AS col, unnest(ARRAY[
	'%s', 'text(%s)', 'lower(%s)', 'trim(%s)', 'trim(%s, "N")', 'trim("Nd", %s)',
	'ltrim(%s)', 'length(%s)', 'left(%s, 1)', 'right(%s, 1)', 'substring(%s, 1, 2)',
	'replace(%s, "d", "x")', 'replace("Nd", %s, "x")', 'replace("Nd", "d", %s)',
	'split_part(%s, "d", 1)', 'split_part("a", %s, 1)', 'find(%s, "Nd1")', 'find("d", %s)',
	'contains(%s, "d")', 'contains("Nd1", %s)', 'starts_with(%s, "N")', 'starts_with("Nd1", %s)',
	'ends_with(%s, "1")', 'ends_with("1", %s)', 'regexp_match(%s, "d")', '%s like "N%%"',
	'"Nd1" like %s', 'not (%s like "N%%")', 'concat(%s, "x")', '%s || "x"', '%s = "ND1"',
	'%s > "a"', '%s in ("ND1", "x")', '%s between "a" and "z"', 'nullif(%s, "ND1")',
	'ifnull(%s, "x")', 'greatest(%s, "x")', 'case %s when "ND1" then 1 else 2 end', 'number(%s)',
	'boolean(%s)', 'to_date(%s)', 'date(%s)', 'count_distinct(%s)', 'min(%s)', 'max(%s)',
	'sum_if([id], %s = "ND1")', 'median(length(%s))']) AS e;
SELECT matches(pg_temp.comes_to(pg_temp.of('texts', jsonb_build_object('columns',
	'[{"table_id": "o", "column": "id"}]'::jsonb, 'filters', jsonb_build_array(
		jsonb_build_object('table_id', 'o', 'column', col, 'operator', op) || more::jsonb)))),
	'^(answer|22023 [A-Z_ ]+)$', col || ' ' || op || more)
FROM unnest('{nd,nv,na}'::text[]) AS col, (VALUES ('eq', '{"value": "ND1"}'),
	('neq', '{"value": "ND1"}'), ('gt', '{"value": "a"}'), ('in', '{"value": ["ND1", null]}'),
	('not_in', '{"value": ["ND1"]}'), ('between', '{"value": ["a", "z"]}'),
	('like', '{"value": "N%"}'), ('not_ilike', '{"value": "N%"}'), ('contains', '{"value": "D"}'),
	('starts_with', '{"value": "n"}'), ('ends_with', '{"value": "1"}'),
	('array_contains', '{"value": "A"}'), ('is_null', '{}')) AS o (op, more);
SELECT matches(pg_temp.comes_to(pg_temp.of('texts', rest::jsonb || jsonb_build_object('columns',
	jsonb_build_array(jsonb_build_object('table_id', 'o', 'column', col, 'alias', 'k'),
		'{"table_id": "o", "column": "id", "aggregation": "sum", "alias": "n"}'::jsonb)))),
	'^(answer|22023 [A-Z_ ]+)$', col || rest)
FROM unnest('{nd,nv,na}'::text[]) AS col, unnest(ARRAY['{}', '{"top": {"n": 1, "by": "n"}}',
	'{"pivot": {"column": "k", "value": "n"}}', '{"totals": true}',
	'{"order_by": [{"alias": "k"}]}',
	'{"windows": [{"alias": "w", "function": "rank", "of": "n", "partition_by": ["k"]}]}',
	'{"pivot": {"column": "k", "value": "n", "values": ["ND1"]}}']) AS rest;
SELECT matches(pg_temp.comes_to(pg_temp.of('texts', jsonb_build_object('columns',
	jsonb_build_array(jsonb_build_object('table_id', 'o', 'column', col, 'aggregation', name,
		'args', CASE WHEN name IN ('first', 'last') THEN '{"order_by": "id"}'::jsonb
			ELSE '{}' END)))))
	, '^(answer|22023 [A-Z_ ]+)$', col || ' ' || name)
FROM unnest('{nd,nv,na}'::text[]) AS col, unnest('{min,max,mode,count_distinct,string_agg,array_agg,
	first,last,approx_count_distinct}'::text[]) AS name;

-- Values that a function does not take show while it runs.
SELECT is(pg_temp.comes_to(pg_temp.field('numbers', e)),
	'22023 the database cannot do this with a value', e)
FROM unnest(ARRAY['left("abc", [n])', 'substring("abc", [n])', 'round(1.5, [n])',
	'split_part("a", "b", [n])']) e;

-- So do they where the check itself has to ask the rows: validating asks none.
SELECT is(ARRAY[prismiq_validate(definition::jsonb)::text, pg_temp.comes_to(definition::jsonb)],
	ARRAY['{"valid": true, "errors": [], "warnings": []}', '22023 INVALID_VALUE'], definition)
FROM (VALUES
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"column": "f"}, {"table_id": "o",
		"column": "id", "aggregation": "sum"}], "calculated_fields": [{"name": "f", "expression":
		"number([t])"}], "pivot": {"column": "f", "value": "id_sum"}}'),
	('{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "id",
		"aggregation": "sum"}], "calculated_fields": [{"name": "f", "expression": "to_date([t])"}],
		"time_series": {"table_id": "o", "date_column": "f", "interval": "auto"}}')) v (definition);

-- What the server raises while a definition is checked tells as little as what it raises later.
RESET ROLE;
SET max_stack_depth = '100kB';
SET ROLE app_user;
SELECT throws_ok(format('SELECT %s(%L)', call, pg_temp.field('numbers',
	repeat('abs(', 490) || '[id]' || repeat(')', 490))),
	'PT413', 'query is too complex', call || ' runs out of stack')
FROM unnest('{prismiq_query,prismiq_compile}'::text[]) call;
RESET ROLE;
RESET max_stack_depth;
SET ROLE app_user;

-- Operators of containers are only as good as those of what is in them.
SELECT matches(pg_temp.comes_to(pg_temp.of('others', jsonb_build_object('columns',
	jsonb_build_array(jsonb_build_object('table_id', 'o', 'column', c)), 'filters',
	jsonb_build_array(jsonb_build_object('table_id', 'o', 'column', c, 'operator', op, 'value',
	'{}'))))), '^22023 (INVALID_OPERATOR|TYPE_MISMATCH)$', c || ' ' || op)
FROM unnest('{ja,xa,do_,j,x,pt}'::text[]) c, unnest('{eq,gt,lte}'::text[]) op;
SELECT is(pg_temp.comes_to(format('{"tables": [{"id": "o", "name": "numbers"}, {"id": "p", "name":
	"texts"}], "joins": [{"from_table_id": "o", "from_column": "%s", "to_table_id": "p",
		"to_column":
	"%s"}], "columns": [{"table_id": "o", "column": "id"}]}', a, b)::jsonb), '22023 INVALID_JOIN',
	format('%s with %s', a, b))
FROM (VALUES ('ia', 'ta'), ('ia', 'ea'), ('ir', 'er')) v (a, b);
SELECT is(pg_temp.comes_to(format('{"tables": [{"id": "o", "name": "numbers"}, {"id": "p", "name":
	"others"}], "joins": [{"from_table_id": "o", "from_column": "%s", "to_table_id": "p",
		"to_column":
	"%s"}], "columns": [{"table_id": "o", "column": "id"}]}', a, b)::jsonb), '22023 INVALID_JOIN',
	format('%s with %s', a, b))
FROM (VALUES ('id', 'o'), ('n', 'o'), ('f8', 'rc'), ('i8', 'rt'), ('m', 'o'), ('id', 'xi'))
	v (a, b);
SELECT is(pg_temp.comes_to('{"tables": [{"id": "p", "name": "texts"}, {"id": "q", "name": "texts"}],
	"joins": [{"from_table_id": "p", "from_column": "e", "to_table_id": "q", "to_column": "l"}],
	"columns": [{"table_id": "p", "column": "id"}]}'), '22023 INVALID_JOIN', 'two enums');

-- A materialized view without data, and what reads it.
SELECT is(pg_temp.comes_to(pg_temp.of(name, '{"columns": [{"table_id": "o", "column": "n"}]}')),
	'22023 INVALID_VALUE', name)
FROM unnest('{unfilled,over_unfilled,beside_unfilled}'::text[]) name;
SELECT throws_ok(format('SELECT prismiq_column_sample(%L, ''id'')', name), '22023',
	'the table has not been filled with data', 'a sample of ' || name)
FROM unnest('{unfilled,over_unfilled,beside_unfilled}'::text[]) name;
SELECT is(pg_temp.comes_to(replace(definition, 'NAME', name)::jsonb), '22023 INVALID_VALUE',
	name || ' in ' || definition)
FROM unnest('{unfilled,over_unfilled,beside_unfilled}'::text[]) AS name, unnest(ARRAY[
	'{"tables": [{"id": "o", "name": "texts"}, {"id": "p", "name": "NAME"}], "joins":
		[{"from_table_id": "o", "from_column": "id", "to_table_id": "p", "to_column": "id"}],
		"columns": [{"table_id": "o", "column": "id"}]}',
	'{"tables": [{"id": "q", "query": {"tables": [{"id": "p", "name": "NAME"}],
		"columns": [{"table_id": "p", "column": "n"}]}}], "columns": [{"table_id": "q",
			"column": "n"}]}',
	'{"tables": [{"id": "o", "name": "texts"}], "columns": [{"table_id": "o", "column": "id"}],
		"filters": [{"table_id": "o", "column": "id", "operator": "in_query", "value": {"query":
		{"tables": [{"id": "p", "name": "NAME"}], "columns": [{"table_id": "p",
			"column": "id"}]}}}]}',
	'{"tables": [{"id": "o", "name": "texts"}, {"id": "p", "name": "NAME"}], "joins":
		[{"from_table_id": "o", "from_column": "id", "to_table_id": "p", "to_column": "id"}],
		"columns": [{"table_id": "o", "column": "id"}], "filters": [{"table_id": "p",
			"column": "n", "operator": "gt", "value": 0, "scope": "any"}]}',
	'{"tables": [{"id": "p", "name": "NAME"}], "columns": [{"table_id": "p", "column": "n"},
		{"table_id": "p", "column": "*", "aggregation": "count"}], "pivot": {"column": "n",
			"value": "count"}}',
	'{"tables": [{"id": "p", "name": "NAME"}], "columns": [{"table_id": "p", "column": "*",
		"aggregation": "count"}], "limit": 3}']) AS definition;
SELECT throws_ok(format('SELECT %s(%L)', call, pg_temp.of('unfilled',
	'{"columns": [{"table_id": "o", "column": "n"}]}')), '22023',
	'table "unfilled" has not been filled with data', call)
FROM unnest('{prismiq_compile,prismiq_explain,prismiq_query_csv,prismiq_query_rows}'::text[])
	AS call;
SELECT is(prismiq_table('unfilled') ->> 'name', 'unfilled', 'it is described all the same');
RESET ROLE;
REFRESH MATERIALIZED VIEW odd.unfilled;
SET ROLE app_user;
SELECT is(pg_temp.comes_to(pg_temp.of(name, '{"columns": [{"table_id": "o", "column": "n"}]}')),
	'answer', name || ' once it is filled')
FROM unnest('{unfilled,over_unfilled,beside_unfilled}'::text[]) name;

SELECT finish();
