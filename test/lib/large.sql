-- Definitions and documents of up to a megabyte, made of each kind of list,
-- name, literal, nesting and expression; and how long each call takes.

CREATE SCHEMA large;
GRANT USAGE ON SCHEMA large TO PUBLIC;

-- Repeat an element: {"#": n} in a text becomes 1, 2, ... n.
CREATE FUNCTION large.list(n int, element text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(replace(element, '#', i::text)::jsonb) FROM generate_series(1, n) i
$$;

CREATE FUNCTION large.base() RETURNS jsonb LANGUAGE sql AS $$
	SELECT '{"tables": [{"id": "f", "name": "flights"}],
		"columns": [{"table_id": "f", "column": "origin", "alias": "o"},
					{"table_id": "f", "column": "delay", "aggregation": "sum", "alias": "s"}],
		"limit": 1}'::jsonb
$$;

-- One key of the definition as a list.
CREATE FUNCTION large.key(name text, n int, element text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT large.base() || jsonb_build_object(name, large.list(n, element))
$$;

-- A definition whose one column is an expression, beside "n" fields of their own.
CREATE FUNCTION large.field(expression text, n int DEFAULT 0, others text DEFAULT '1')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT large.base() || jsonb_build_object('columns', '[{"column": "k"}]'::jsonb,
		'calculated_fields', jsonb_build_array(jsonb_build_object('name', 'k',
			'expression', expression)) || coalesce((SELECT jsonb_agg(jsonb_build_object(
				'name', 'x' || i, 'expression', replace(replace(others, '#-', (i - 1)::text),
					'#', i::text)))
			FROM generate_series(1, n) i), '[]'))
$$;

-- "n" fields, all of them columns of the answer.
CREATE FUNCTION large.fields(n int, expression text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT large.base() || jsonb_build_object('columns', large.list(n, '{"column": "k#"}'),
		'calculated_fields', (SELECT jsonb_agg(jsonb_build_object('name', 'k' || i,
			'expression', replace(expression, '#', i::text))) FROM generate_series(1, n) i))
$$;

CREATE FUNCTION large.condition(subject text, op text, value jsonb) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('table_id', 'f', 'column', subject, 'operator', op, 'value', value)
$$;

CREATE FUNCTION large.filter(subject text, op text, value jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT large.base() || jsonb_build_object('filters',
		jsonb_build_array(large.condition(subject, op, value)))
$$;

-- "n" filters, each of which lists "m" values.
CREATE FUNCTION large.lists(n int, m int, subject text, value text) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT large.base() || jsonb_build_object('filters', (SELECT jsonb_agg(large.condition(
		subject, 'in', large.list(m, value))) FROM generate_series(1, n)))
$$;

-- Definitions within definitions, as tables or as conditions.
CREATE FUNCTION large.nested(depth int, as_table bool) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	result jsonb := large.base();
BEGIN
	FOR i IN 1 .. depth LOOP
		result := CASE WHEN as_table THEN large.base() || jsonb_build_object(
			'tables', jsonb_build_array(jsonb_build_object('id', 'f', 'query', result)),
			'columns', '[{"table_id": "f", "column": "o"}]'::jsonb)
		ELSE large.base() || jsonb_build_object('columns',
			'[{"table_id": "f", "column": "origin"}]'::jsonb, 'filters', jsonb_build_array(
				large.condition('origin', 'in_query', jsonb_build_object('query', result -
					'columns' || '{"columns": [{"table_id": "f", "column": "origin"}]}')))) END;
	END LOOP;
	RETURN result;
END
$$;

-- {"not": {"not": ...}}, or any list in lists.
CREATE FUNCTION large.deep(depth int, open text, close text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT large.base() || ('{"filters": [' || repeat(open, depth) ||
		large.condition('delay', 'gt', '1')::text || repeat(close, depth) || ']}')::jsonb
$$;

CREATE FUNCTION large.sums(n int, rest jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT large.base() || jsonb_build_object('columns', large.list(n,
		'{"table_id": "f", "column": "delay", "aggregation": "sum", "alias": "column_name_#"}'))
		|| rest
$$;

-- The column of the answer that everything in the next ones is by.
CREATE FUNCTION large.window(n int, names int, name text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('windows', (SELECT jsonb_agg(jsonb_build_object('alias', 'w' || i,
		'function', 'row_number', 'of', 'column_name_1', 'partition_by', large.list(names, name)))
		FROM generate_series(1, n) i))
$$;

CREATE FUNCTION large.definitions() RETURNS TABLE (name text, definition jsonb)
LANGUAGE sql AS $$
	VALUES ('tables', large.key('tables', 20000, '{"id": "t#", "name": "flights"}')),
	('tables at their limit', large.key('tables', 32, '{"id": "t#", "name": "flights"}')),
	('tables that are not there', large.key('tables', 32, '{"id": "t#", "name": "flight_s#"}')),
	('tables of one id', large.key('tables', 128, '{"id": "f", "name": "flights"}')),
	('joins', large.key('joins', 8000, '{"from_table_id": "f", "from_column": "origin",
		"to_table_id": "a", "to_column": "iata"}')),
	('pairs of a join', large.base() || jsonb_build_object('tables',
		'[{"id": "f", "name": "flights"}, {"id": "a", "name": "airports"}]'::jsonb, 'joins',
		jsonb_build_array(jsonb_build_object('from_table_id', 'f', 'to_table_id', 'a', 'on',
			large.list(500, '{"from_column": "origin", "to_column": "iata"}'))))),
	('columns', large.key('columns', 20000, '{"table_id": "f", "column": "id"}')),
	('columns of one alias', large.key('columns', 500,
		'{"table_id": "f", "column": "id", "alias": "a"}')),
	('columns of one long alias', large.key('columns', 500, format(
		'{"table_id": "f", "column": "id", "alias": "%s"}', repeat('a', 63)))),
	('columns that are not there', large.key('columns', 500,
		'{"table_id": "f", "column": "dely#"}')),
	('columns without a table', large.key('columns', 500, '{"column": "dely#"}')),
	('columns with filters', large.key('columns', 30, '{"table_id": "f", "column": "delay",
		"aggregation": "sum", "filters": ' || large.list(30, '{"table_id": "f", "column":
		"delay", "operator": "gt", "value": #}')::text || '}')),
	('keys that are not known', large.base() || (SELECT jsonb_object_agg('colums' || i, i)
		FROM generate_series(1, 50000) i)),
	('keys of a table', jsonb_set(large.base(), '{tables,0}', '{"id": "f", "name": "flights"}'
		|| (SELECT jsonb_object_agg('nam' || i, i) FROM generate_series(1, 50000) i))),
	('filters', large.key('filters', 10000, '{"table_id": "f", "column": "delay",
		"operator": "gt", "value": #}')),
	('filters at their limit', large.key('filters', 1000, '{"table_id": "f", "column": "delay",
		"operator": "gt", "value": #}')),
	('filters on what is not there', large.key('filters', 1000, '{"table_id": "f",
		"column": "q#", "operator": "is_null"}')),
	('filters of no known operator', large.key('filters', 10000, '{"table_id": "f",
		"column": "delay", "operator": "gtt#", "value": 1}')),
	('filters by wrong ids', large.key('filters', 10000, '{"table_id": "g#",
		"column": "delay", "operator": "gt", "value": 1}')),
	('ranges to compare by', large.base() || jsonb_build_object('compare',
		'{"period": "previous_period"}'::jsonb, 'filters', large.list(2, '{"table_id": "f",
			"column": "departed_at", "operator": "between", "value": ["2024-01-01",
			"2024-03-31"]}') || large.list(4000, '{"or": [{"table_id": "f", "column":
			"departed_at", "operator": "gte", "value": "2024-01-01"}, {"table_id": "f",
			"column": "delay", "operator": "gt", "value": #}]}'))),
	('long names to compare', large.base() || jsonb_build_object('compare',
		'{"period": "previous_month"}'::jsonb, 'time_series', '{"table_id": "f",
			"date_column": "departed_at", "interval": "day"}'::jsonb, 'columns',
		large.list(1500, format('{"table_id": "f", "column": "delay", "aggregation": "sum",
			"alias": "%s_#"}', repeat('s', 55))))),
	('patterns', large.key('filters', 900, '{"table_id": "f", "column": "origin",
		"operator": "like", "value": "%' || repeat('a%', 400) || '"}')),
	('a long pattern', large.filter('origin', 'like', to_jsonb(repeat('%a', 400000)))),
	('a long text', large.filter('origin', 'eq', to_jsonb(repeat('a', 900000)))),
	('a long text for a number', large.filter('delay', 'eq', to_jsonb(repeat('9', 900000)))),
	('a long text for a time', large.filter('departed_at', 'eq', to_jsonb(repeat('1', 900000)))),
	('a long number', large.filter('delay', 'eq', repeat('9', 100000)::jsonb)),
	('many long numbers', large.lists(9, 1, 'delay', repeat('9', 100000))),
	('empty groups', large.key('filters', 60000, '{"and": []}')),
	('groups of groups', large.key('filters', 900, '{"and": ' ||
		large.list(90, '{"or": []}')::text || '}')),
	('negations', large.deep(30, '{"not": ', '}')),
	('many negations', large.deep(2000, '{"not": ', '}')),
	('lists in lists', large.deep(2000, '[', ']')),
	('a list of numbers', large.lists(1, 10000, 'delay', '#')),
	('lists of numbers', large.lists(12, 9900, 'delay', '#')),
	('lists of texts', large.lists(8, 9900, 'origin', '"a#"')),
	('lists of days', large.lists(6, 9900, 'departed_at', '"2024-01-01"')),
	('lists of times', large.lists(3, 9900, 'departed_at', '"2024-01-01 00:00:00"')),
	('lists of what are no numbers', large.lists(8, 9900, 'delay', '"a#"')),
	('a list that is too long', large.lists(1, 100000, 'delay', '#')),
	('having', large.key('having', 900, '{"column": "s", "operator": "gt", "value": #}')),
	('having of what is not there', large.key('having', 900,
		'{"column": "sum#", "operator": "gt", "value": #}')),
	('group_by', large.key('group_by', 500, '{"table_id": "f", "column": "id"}')),
	('too much of group_by', large.key('group_by', 20000, '{"table_id": "f", "column": "id"}')),
	('order_by', large.key('order_by', 500, '{"alias": "o"}')),
	('order_by what is not there', large.sums(500, jsonb_build_object('order_by',
		large.list(20000, '{"alias": "columm_nam_#"}')))),
	('totals', large.sums(500, jsonb_build_object('totals', large.list(50000,
		'"columm_nam_#"')))),
	('names in totals', large.sums(500, jsonb_build_object('totals', large.list(1000,
		'"columm_nam_#"')))),
	('a window of 60,000', large.sums(500, large.window(1, 60000, '"columm_nam_#"'))),
	('windows of 1,000 that are not there', large.sums(400, large.window(50, 1000, '"colum_#"'))),
	('windows of 1,000 of one', large.sums(400, large.window(100, 1000, '"column_name_1"'))),
	('windows', large.sums(2, large.window(500, 1, '"column_name_2"'))),
	('windows of one alias', large.sums(2, jsonb_build_object('windows', large.list(500,
		'{"alias": "w", "function": "row_number", "of": "column_name_1"}')))),
	('windows of no known function', large.key('windows', 500,
		'{"alias": "w#", "function": "rannk#"}')),
	('qualify', large.base() || jsonb_build_object('qualify', large.list(900,
		'{"column": "s", "operator": "gt", "value": #}'))),
	('rows of a pivot', large.base() || jsonb_build_object('pivot', jsonb_build_object('column',
		'o', 'value', 's', 'rows', large.list(50000, '"x#"')))),
	('values of a pivot', large.base() || jsonb_build_object('pivot', jsonb_build_object(
		'column', 'o', 'value', 's', 'values', large.list(50000, '"x#"')))),
	('500 values of a pivot', large.base() || jsonb_build_object('pivot', jsonb_build_object(
		'column', 'o', 'value', 's', 'max_columns', 500, 'values', large.list(500, '"x"')))),
	('params', large.base() || jsonb_build_object('params', (SELECT jsonb_object_agg('p' || i,
		'{"type": "text"}'::jsonb) FROM generate_series(1, 30000) i))),
	('params that are used', large.lists(2, 9900, 'origin', '{"param": "p1"}') ||
		jsonb_build_object('params', (SELECT jsonb_object_agg('p' || i, '{"type": "text",
			"default": "x"}'::jsonb) FROM generate_series(1, 1000) i))),
	('params that are not there', large.lists(2, 9900, 'origin', '{"param": "q#"}') ||
		jsonb_build_object('params', (SELECT jsonb_object_agg('p' || i, '{"type": "text",
			"default": "x"}'::jsonb) FROM generate_series(1, 1000) i))),
	('a series', large.base() || '{"time_series": {"table_id": "f", "date_column": "departed_at",
		"interval": "second"}}'),
	('a series in small steps', large.base() || '{"time_series": {"table_id": "f", "date_column":
		"departed_at", "interval": "1 second", "range": {"start": "2001-01-01", "end":
		"2001-01-02"}}}'),
	('a long interval', large.base() || jsonb_build_object('time_series', jsonb_build_object(
		'table_id', 'f', 'date_column', 'departed_at', 'interval', repeat('1 day ', 100000)))),
	('a long zone', large.base() || jsonb_build_object('time_series', jsonb_build_object(
		'table_id', 'f', 'date_column', 'departed_at', 'interval', 'day', 'timezone',
		repeat('Europe/', 100000)))),
	('nested tables', large.nested(31, true)),
	('too many nested tables', large.nested(300, true)),
	('nested conditions', large.nested(31, false)),
	('many nested conditions', large.base() || jsonb_build_object('filters', (SELECT jsonb_agg(
		large.condition('origin', 'in_query', jsonb_build_object('query', large.base())))
		FROM generate_series(1, 900))))
$$;

CREATE FUNCTION large.expressions() RETURNS TABLE (name text, definition jsonb)
LANGUAGE sql AS $$
	SELECT 'expression: ' || v.name, large.field(v.expression) FROM (VALUES
		('a sum', '1' || repeat('+[delay]', 100000)),
		('a sum of 400', '1' || repeat('+[delay]', 400)),
		('parentheses', repeat('(', 100000) || '1' || repeat(')', 100000)),
		('minuses', repeat('-', 400000) || '1'),
		('calls', repeat('abs(', 30) || '[delay]' || repeat(')', 30)),
		('nots', repeat('not ', 100000) || 'true'),
		('comparisons', 'true' || repeat(' = true', 400)),
		('arguments', 'coalesce(' || repeat('[delay],', 900) || '1)'),
		('many arguments', 'coalesce(' || repeat('[delay],', 100000) || '1)'),
		('concat', 'concat(' || repeat('[origin],', 400) || '"x")'),
		('cases', 'case ' || repeat('when [delay] = 1 then 2 ', 1000) || 'else 3 end'),
		('a list', '[delay] in (' || repeat('1,', 4000) || '1)'),
		('a list of texts', '[origin] in (' || repeat('"a",', 4000) || '"b")'),
		('a list of columns', '[delay] in (' || repeat('[delay],', 4000) || '1)'),
		('names that are not there', '1' || (SELECT string_agg('+[dely' || i || ']', '')
			FROM generate_series(1, 450) i)),
		('names with dots', '[' || repeat('f.', 100000) || 'x]'),
		('a long name', '[' || repeat('x', 900000) || ']'),
		('a long text', 'length("' || repeat('x', 900000) || '")'),
		('a long word', repeat('x', 900000)),
		('a long number', repeat('9', 100000)),
		('a short number that is long', '1e100000 + 1'),
		('digits after the point', '0.' || repeat('9', 100000)),
		('quotes', '"' || repeat('\"', 400000) || '"'),
		('products', repeat('9', 1000) || repeat(' * ' || repeat('9', 1000), 99)),
		('sums of products', '1' || repeat(' + ' || repeat('9', 900) || ' * ' ||
			repeat('9', 900), 200)),
		('a power', 'power(10.1, 100000)'), ('powers', 'power(power(10.1, 1000), 100)'),
		('powers that are not known', '1' || repeat(' + power([delay] + 0.1, [delay])', 100)),
		('exp', '1' || repeat(' + exp([delay] + 0.5)', 300)),
		('logarithms', '1' || repeat(' + log(' || repeat('9', 1000) || ', [delay] + ' ||
			repeat('8', 1000) || ')', 200)),
		('texts for numbers', '1' || repeat(' + number(concat("1e", "65000")) * ' ||
			'number(concat("1e", "65000"))', 100)),
		('replace', repeat('replace(', 8) || '[origin]' || repeat(', "x", [destination])', 8)),
		('replace by much', repeat('replace(', 8) || '"xxxx"' || repeat(', "x", "' ||
			repeat('x', 100) || '")', 8)),
		('LIKE', '[origin] like "' || repeat('%a', 400000) || '"')) AS v (name, expression)
	UNION ALL SELECT 'regular expression: ' || left(p, 30), large.field(format(
		'regexp_match([origin], "%s")', replace(p, '\', '\\')))
	FROM unnest(ARRAY['(((a{1,30}){1,30}){1,30})', '((((((a|b){0,9}){0,9}){0,9}){0,9}))',
		'(?:(?:(?:x{0,255}){0,255}))', repeat('(a|b|c)*', 2000), repeat('(a|b|c)*', 120),
		repeat('(x+x+)+', 500) || 'y', repeat('(x+x+)+', 140), repeat('[[:alpha:]]{0,100}', 50),
		repeat('(', 3000) || 'a' || repeat(')', 3000), repeat('a|', 30000), repeat('a|', 490),
		repeat('(?=a)', 200), repeat('(.)\1*', 160), '(\w{0,200}){0,100}', repeat('\w*', 330),
		repeat('a?', 500), '(a*){0,250}', '(a*)(?#){0,250}', '(?x)(a*) {0,250}',
		repeat('\y\Y\m\M', 120), repeat('(^|$|a)*', 120), repeat('(\ya?)*', 16),
		repeat('[[:<:]]', 100), repeat('(', 300) || 'a' || repeat(')*', 300),
		(SELECT string_agg('[^' || chr(200 + i) || ']*', '') FROM generate_series(1, 150) i),
		(SELECT string_agg('([^' || chr(200 + i) || ']*|b)*', '') FROM generate_series(1, 90) i)])
		AS p
	UNION ALL SELECT 'fields: ' || v.name, v.definition FROM (VALUES
		('many', large.fields(500, '[delay] + #')),
		('too many', large.fields(20000, '[delay] + #')),
		('of one name', large.field('1', 400, '1') || jsonb_build_object('calculated_fields',
			large.list(500, '{"name": "k", "expression": "1"}'))),
		('that refer to each other', large.field('[x1]', 499, '[x#-] + 1')),
		('in a circle', large.field('[x400]', 400, '[x#] + [x#-]')),
		('squares of squares', large.field('[x30]', 30, '[x#-] * [x#-]') ||
			jsonb_build_object('calculated_fields', '[{"name": "x0", "expression": "9.9"},
			{"name": "k", "expression": "[x12]"}]'::jsonb || (SELECT jsonb_agg(jsonb_build_object(
			'name', 'x' || i, 'expression', format('[x%s] * [x%s]', i - 1, i - 1)))
			FROM generate_series(1, 20) i))),
		('large ones in many columns', large.fields(100, '# + ' || repeat('[delay] + ', 450) ||
			'1')),
		('texts in many columns', large.fields(400, 'length(replace(replace([origin], "x",
			[destination]), "y", [origin])) + #')),
		('regular expressions', large.fields(300, 'regexp_match([origin], "(a|b#)*\\w{0,100}")')),
		('names that are not there', large.fields(500, '[dely#] + 1'))) AS v (name, definition)
$$;

-- Documents of dashboards and saved queries, as the functions take them.
CREATE FUNCTION large.documents() RETURNS TABLE (name text, statement text) LANGUAGE sql AS $$
	SELECT v.name, format(v.call, v.document) FROM (VALUES
		('widgets', 'SELECT prismiq_dashboard_create(%L)', jsonb_build_object('name', 'D',
			'widgets', large.list(9000, '{"type": "text", "id":
				"00000000-0000-4000-8000-000000000001"}'))),
		('widgets with queries', 'SELECT prismiq_dashboard_create(%L)', jsonb_build_object('name',
			'D', 'widgets', jsonb_build_array(jsonb_build_object('type', 'table', 'query',
			large.key('filters', 9000, '{"table_id": "f", "column": "delay", "operator": "gt",
				"value": #}'))))),
		('filters of a dashboard', 'SELECT prismiq_dashboard_create(%L)', jsonb_build_object('name',
			'D', 'filters', large.list(10000, '{"id": "f#", "type": "select", "field": "x"}'))),
		('options of a filter', 'SELECT prismiq_dashboard_create(%L)', jsonb_build_object('name',
			'D', 'filters', jsonb_build_array(jsonb_build_object('id', 'f', 'type', 'select',
			'field', 'x', 'options', large.list(60000, '{"value": "x#"}'))))),
		('widgets of a filter', 'SELECT prismiq_dashboard_create(%L)', jsonb_build_object('name',
			'D', 'filters', jsonb_build_array(jsonb_build_object('id', 'f', 'type', 'select',
			'field', 'x', 'applies_to', large.list(20000,
				'"00000000-0000-4000-8000-000000000001"'))))),
		('viewers', 'SELECT prismiq_dashboard_create(%L)', jsonb_build_object('name', 'D',
			'allowed_viewers', large.list(60000, '"u#"'))),
		('a long name', 'SELECT prismiq_dashboard_create(%L)', jsonb_build_object('name',
			repeat('x', 900000))),
		('keys', 'SELECT prismiq_dashboard_create(%L)', (SELECT jsonb_object_agg('nam' || i, i)
			FROM generate_series(1, 50000) i)),
		('a layout', 'SELECT prismiq_dashboard_create(%L)', jsonb_build_object('name', 'D',
			'layout', jsonb_build_object('margin', large.list(100000, '#')))),
		('a change of a dashboard', 'SELECT prismiq_dashboard_update(
			''10000000-0000-4000-8000-000000000000'', %L)', jsonb_build_object('allowed_editors',
			large.list(60000, '"u#"'))),
		('a widget', 'SELECT prismiq_widget_add(''10000000-0000-4000-8000-000000000000'', %L)',
			jsonb_build_object('type', 'text', 'config', (SELECT jsonb_object_agg('k' || i, i)
			FROM generate_series(1, 50000) i))),
		('positions', 'SELECT prismiq_layout_update(''10000000-0000-4000-8000-000000000000'', %L)',
			large.list(9900, '{"id": "00000000-0000-4000-8000-000000000001", "x": 1, "y": 1,
				"w": 1, "h": 1}')),
		('a saved query', 'SELECT prismiq_saved_query_create(%L)', jsonb_build_object('name', 'Q',
			'query', large.key('filters', 9000, '{"table_id": "f", "column": "delay",
				"operator": "gt", "value": #}'))),
		('options of a query', format('SELECT prismiq_query(%L, %%L)', large.base()),
			jsonb_build_object('params', (SELECT jsonb_object_agg('p' || i, i)
			FROM generate_series(1, 50000) i))),
		('orders of a query', format('SELECT prismiq_query(%L, %%L)', large.base()),
			jsonb_build_object('sort', large.list(30000, '{"alias": "x#"}'))))
		AS v (name, call, document)
$$;

-- Run it; how it ended, and in how many milliseconds.
CREATE FUNCTION large.ask(statement text, OUT ended text, OUT ms int) LANGUAGE plpgsql AS $$
DECLARE
	start timestamptz := clock_timestamp();
BEGIN
	BEGIN
		EXECUTE statement;
		ended := 'done';
	EXCEPTION WHEN query_canceled OR OTHERS THEN
		ended := SQLSTATE || ' ' || left(SQLERRM, 80);
	END;
	ms := extract(epoch FROM clock_timestamp() - start) * 1000;
END
$$;

CREATE TABLE large.calls AS
	SELECT d.name || ' (' || call || ')' AS name, format('SELECT prismiq_%s(%L)', call,
		d.definition) AS statement
	FROM (SELECT * FROM large.definitions() UNION ALL SELECT * FROM large.expressions()) d,
		unnest('{validate,compile,query}'::text[]) call
	UNION ALL SELECT * FROM large.documents();
GRANT SELECT ON large.calls TO PUBLIC;
