-- Dashboard filters whose field is a calculated field of the widget's definition: in all ways that
-- a column is filtered by. What is right is asked by hand.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
CREATE SCHEMA lending;
GRANT USAGE ON SCHEMA lending TO app_user;
CREATE TABLE lending.branch (tenant text, id int PRIMARY KEY, city text);
CREATE TABLE lending.loan (tenant text, id int PRIMARY KEY, branch_id int REFERENCES lending.branch,
	on_day date, at timestamptz, fee int, title text);
INSERT INTO lending.branch SELECT 'acme', n, 'city ' || n % 2 FROM generate_series(1, 3) AS n;
INSERT INTO lending.loan
SELECT 'acme', n, 1 + n % 3, CURRENT_DATE - n,
	   timestamptz '2024-01-01 12:00 UTC' + n * interval '7 hours', nullif(n % 4, 3),
	   'Title ' || n % 5 FROM generate_series(1, 20) AS n;
INSERT INTO lending.loan VALUES ('beta', 99, 1, CURRENT_DATE, now(), 1, 'Title 1');
GRANT SELECT ON ALL TABLES IN SCHEMA lending TO app_user;
SELECT count(prismiq.prismiq_expose(oid::regclass, tenant_column => 'tenant')) AS exposed
FROM pg_class WHERE relnamespace = 'lending'::regnamespace AND relkind = 'r' \gset

-- The answer of a widget under one filter.
CREATE FUNCTION pg_temp.widget(query jsonb, filter jsonb, value jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	widget uuid := gen_random_uuid();
	dashboard jsonb;
	answer jsonb;
BEGIN
	dashboard := prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'd'
		|| clock_timestamp(), 'timezone', 'UTC', 'filters', jsonb_build_array('{"id": "f"}'
		|| filter), 'widgets', jsonb_build_array(jsonb_build_object('id', widget, 'type', 'table',
																	'query', query))));
	answer := prismiq.prismiq_dashboard_data((dashboard ->> 'id')::uuid,
		jsonb_build_object('f', value))::jsonb -> (dashboard #>> '{widgets,0,id}');
	PERFORM prismiq.prismiq_dashboard_delete((dashboard ->> 'id')::uuid);
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	RETURN jsonb_build_object('error', jsonb_build_object('message', SQLERRM));
END
$$;
CREATE FUNCTION pg_temp.ids(query jsonb, filter jsonb, value jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(a #>> '{error,message}',
		(SELECT string_agg(r ->> 0, ' ' ORDER BY (r ->> 0)::int)
		 FROM jsonb_array_elements(a -> 'rows') AS r))
	FROM pg_temp.widget(query, filter, value) AS a
$$;
-- Loans with one calculated field, c.
CREATE FUNCTION pg_temp.loans(expression text, columns text = 'l.id', tables text = 'l loan')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT oracle.def(tables, columns, jsonb_build_object('calculated_fields', jsonb_build_array(
		jsonb_build_object('name', 'c', 'expression', expression))))
$$;
CREATE FUNCTION pg_temp.by_hand(condition text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE 'SELECT string_agg(l.id::text, '' '' ORDER BY l.id) FROM lending.loan AS l
		JOIN lending.branch AS b ON b.id = l.branch_id WHERE l.tenant = ''acme'' AND ' || condition
	INTO result;
	RETURN result;
END
$$;
GRANT SELECT ON lending.loan, lending.branch TO app_user;
SET LOCAL ROLE app_user;
SELECT prismiq_set_context('acme', 'ann', '{}', true) AS context \gset

-- ---- Every type of filter, over every kind of field ----------------------------------------
SELECT is(pg_temp.ids(pg_temp.loans(expression, 'l.id', tables), jsonb_build_object('type', type,
	'field', 'c'), value), pg_temp.by_hand(hand), concat_ws(' ', type, expression, value))
FROM (VALUES
	('select', '[fee] * 10', 'l loan', '20'::jsonb, 'fee = 2'),
	('select', '[fee] * 10', 'l loan', 'null', 'true'),
	('select', '[fee] * 10', 'l loan', '"__all__"', 'true'),
	('select', 'if([fee] > 1, "dear", "cheap")', 'l loan', '"dear"', 'fee > 1'),
	('select', '[fee] > 1', 'l loan', 'true', 'fee > 1'),
	('select', '[fee] > 1', 'l loan', 'false', 'fee <= 1'),
	('multi_select', '[fee] * 10', 'l loan', '[0, 20]', 'fee IN (0, 2)'),
	('multi_select', '[fee] * 10', 'l loan', '[0, null]', 'coalesce(fee, 0) = 0'),
	('multi_select', 'upper([title])', 'l loan', '["TITLE 1", "TITLE 2"]', 'title ~ ''[12]$'''),
	('text', 'concat([title], "/", [fee])', 'l loan', '"1/2"',
		'title || ''/'' || fee LIKE ''%1/2%'''),
	('search', 'upper([title])', 'l loan', '"e 3"', 'title = ''Title 3'''),
	('search', 'upper([b.city])', 'l loan, b branch', '"Y 1"', 'city = ''city 1'''),
	('number_range', '[fee] / 4', 'l loan', '{"min": 0.25}', 'fee >= 1'),
	('number_range', '[fee] + [b.id]', 'l loan, b branch', '{"min": 2, "max": 3}',
		'fee + b.id BETWEEN 2 AND 3'),
	('date_range', 'date_add([on_day], 2)', 'l loan', jsonb_build_object('start', CURRENT_DATE - 9,
		'end', CURRENT_DATE - 5), 'on_day + 2 BETWEEN CURRENT_DATE - 9 AND CURRENT_DATE - 5'),
	('date_range', 'date_add([on_day], 2)', 'l loan', '"last_7_days"',
		'on_day + 2 > CURRENT_DATE - 7 AND on_day + 2 <= CURRENT_DATE'),
	('date_range', 'date_add([at], 1, "hour")', 'l loan',
		'{"start": "2024-01-02", "end": "2024-01-03"}',
		$$at + interval '1 hour' >= '2024-01-02' AND at + interval '1 hour' < '2024-01-04'$$),
	('date_range', 'date_add([at], 1, "hour")', 'l loan', '{"end": "2024-01-03"}',
		$$at + interval '1 hour' < '2024-01-04'$$)) AS v (type, expression, tables, value, hand);
SELECT is(pg_temp.ids(pg_temp.loans('[fee] * 10'), '{"type": "number_range", "field": "c",
	"default_value": {"min": 20}}', 'null'), pg_temp.by_hand('true'),
	'null is no filter, and no default');

-- ---- Where it goes -------------------------------------------------------------------------
SELECT is((SELECT string_agg(r::text, ' ' ORDER BY r::text)
	FROM jsonb_array_elements(pg_temp.widget(pg_temp.loans('upper([b.city])',
		'b.city, l.fee sum = s, b.id sum = n', 'l loan, b branch'),
	'{"type": "select", "field": "c"}', '"CITY 1"') -> 'rows') AS r),
	(SELECT jsonb_build_array('city 1', sum(fee), 4)::text FROM lending.loan WHERE tenant = 'acme'
	 AND branch_id IN (1, 3)), 'grouped, and counted once');
SELECT is(pg_temp.ids(pg_temp.loans('[fee] + 100') || '{"calculated_fields": [{"name": "fee",
	"expression": "[fee] + 100"}]}', '{"type": "number_range", "field": "fee"}', '{"min": 2}'),
	pg_temp.by_hand('fee >= 2'), 'a column goes before a field of its name');
SELECT is(pg_temp.ids(pg_temp.loans('[fee] + 100'), '{"type": "number_range", "field": "c",
	"table": "loan"}', '{"min": 102}'), 'filter "f" is on column "c", which table '
	'"loan" does not have', 'where a table is named, only its columns are meant');
SELECT prismiq_dashboard_create(jsonb_build_object('name', 'Two', 'filters',
	'[{"id": "f", "type": "number_range", "field": "c"}]'::jsonb, 'widgets', jsonb_build_array(
	jsonb_build_object('type', 'metric', 'query', pg_temp.loans('[fee] * 2', 'l.* count')),
	jsonb_build_object('type', 'metric', 'query', pg_temp.loans('sum([fee])', 'l.* count')))))
	->> 'id' AS two \gset
SELECT is((SELECT string_agg(concat_ws(' ', a -> 'rows', a #> '{filters,0,applied}',
		a #>> '{filters,0,reason}'), ', ' ORDER BY a #>> '{filters,0,reason}' NULLS FIRST)
	FROM jsonb_each(prismiq_dashboard_data(:'two', '{"f": {"min": 4}}')::jsonb) AS d (id, a)),
	'[[5]] true, [[20]] false no_such_column', 'no row has an aggregate; the answer says it');
SELECT is((SELECT string_agg(a #>> '{rows,0,0}', ' ' ORDER BY n)
	FROM generate_series(0, 23) AS n, jsonb_each(prismiq_dashboard_data(:'two',
		jsonb_build_object('f', jsonb_build_object('min', n % 6)))::jsonb) AS d (id, a)
	WHERE (a #>> '{filters,0,applied}')::boolean),
	(SELECT string_agg((SELECT count(*) FROM lending.loan WHERE tenant = 'acme'
		AND fee * 2 >= n % 6)::text, ' ' ORDER BY n) FROM generate_series(0, 23) AS n),
	'asked often, for other values');
SELECT is(pg_temp.ids(pg_temp.loans('sum([fee])'), '{"type": "number_range", "field": "c"}', '{}'),
	'no table has a column "c"', 'nor can it be all that a filter is on');
SELECT is(pg_temp.ids(oracle.def('l loan', 'q.id') || jsonb_build_object('tables',
	jsonb_build_array(jsonb_build_object('id', 'q', 'query', pg_temp.loans('[fee] * 10')))),
	'{"type": "select", "field": "c"}', '20'), pg_temp.by_hand('fee = 2'),
	'of a definition inside');
SELECT is(pg_temp.ids(oracle.def('l loan', 'q.id', '{"calculated_fields": [{"name": "c",
	"expression": "[q.fee] * 100"}]}') || jsonb_build_object('tables', jsonb_build_array(
	jsonb_build_object('id', 'q', 'query', pg_temp.loans('[fee] * 10', 'l.id, l.fee')))),
	'{"type": "select", "field": "c"}', '20'), pg_temp.by_hand('fee = 2'),
	'of that alone, where both have one');
SELECT is(pg_temp.ids(oracle.def('l loan', 'q.id', '{"calculated_fields": [{"name": "fees",
	"expression": "[q.fees] * 100"}]}') || jsonb_build_object('tables', jsonb_build_array(
	jsonb_build_object('id', 'q', 'query', oracle.def('l loan', 'l.id, l.fee = fees')))),
	'{"type": "select", "field": "fees"}', '200'), pg_temp.by_hand('fee = 2'),
	'before what a definition inside answers with');
SELECT is(pg_temp.ids(pg_temp.loans('[b.id] + 0', 'l.id', 'l loan, b branch') || jsonb_build_object(
	'filters', jsonb_build_array(oracle.cond('b.city eq', '"city 1"', '{"scope": "any"}'))),
	'{"type": "select", "field": "c"}', '3'), pg_temp.by_hand('b.id = 3'),
	'of a table that only a condition on related rows uses');
SELECT is((SELECT jsonb_array_length(pg_temp.widget(pg_temp.loans('[fee] * 10',
	'l.id, l.fee sum = s') || '{"time_series": {"table_id": "l", "date_column": "at",
	"interval": "day"}}',
	'{"type": "select", "field": "c"}', '20') -> 'rows')) > 0, true, 'beside a series');

-- ---- What cannot be ------------------------------------------------------------------------
SELECT is(pg_temp.ids(pg_temp.loans(expression), jsonb_build_object('type', type, 'field', 'c'),
	value), wanted, concat_ws(' ', type, expression, value))
FROM (VALUES
	('number_range', 'upper([title])', '{"min": 1}'::jsonb, 'filter "f" is of type number_range, '
		'which is for numbers, but calculated field "c" is of type text'),
	('date_range', '[fee] * 2', '"last_7_days"', 'filter "f" is of type date_range, which is for '
		'dates, but calculated field "c" is of type bigint'),
	('text', '[fee] * 2', '"1"', 'filter "f" is of type text, which is for texts, but calculated '
		'field "c" is of type bigint')) AS v (type, expression, value, wanted);
SELECT is(pg_temp.ids(pg_temp.loans('[fee] * 2'), '{"type": "select", "field": "c"}', '"x"'),
	'"x" is not a valid value of type bigint', 'a value of another type');
-- A field over windows: of the rows of the answer, which nobody has filtered.
CREATE FUNCTION pg_temp.over_windows() RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.loans('[fees] / [so far]', 'l.branch_id, l.fee sum = fees, l.c') || '{"windows":
		[{"alias": "so far", "function": "running_total", "of": "fees",
		  "order_by": [{"alias": "branch_id"}]}]}'
$$;
SELECT prismiq_dashboard_create(jsonb_build_object('name', 'Over', 'filters',
	'[{"id": "f", "type": "number_range", "field": "c"}]'::jsonb, 'widgets', jsonb_build_array(
	jsonb_build_object('type', 'metric', 'query', pg_temp.loans('[fee] * 2', 'l.* count')),
	jsonb_build_object('type', 'table', 'query', pg_temp.over_windows()))))
	->> 'id' AS over \gset
SELECT is((SELECT string_agg(concat_ws(' ', jsonb_array_length(a -> 'rows'),
		a #> '{filters,0,applied}', a #>> '{filters,0,reason}'), ', '
		ORDER BY a #>> '{filters,0,reason}' NULLS FIRST)
	FROM jsonb_each(prismiq_dashboard_data(:'over', '{"f": {"min": 4}}')::jsonb) AS d (id, a)),
	'1 true, 3 false no_such_column', 'no row has what is computed over windows');
SELECT throws_like(format('SELECT prismiq.prismiq_dashboard_create(%L)', jsonb_build_object('name',
	'Whole', 'filters', '[{"id": "f", "type": "number_range", "field": "c", "applies_to":
		["5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f11"]}]'::jsonb, 'widgets', jsonb_build_array(
	jsonb_build_object('id', '5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f11', 'type', 'table', 'query',
		pg_temp.over_windows())))), '%whose calculated field "c" is computed over windows%',
	'nor may one that is for the widget be left out');
SELECT throws_like(format('SELECT prismiq.prismiq_dashboard_create(%L)', jsonb_build_object('name',
	'Whole', 'filters', '[{"id": "f", "type": "select", "field": "c", "applies_to":
		["5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10"]}]'::jsonb, 'widgets', jsonb_build_array(
	jsonb_build_object('id', '5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10', 'type', 'metric', 'query',
		pg_temp.loans('sum([fee])', 'l.id'))))), '%whose calculated field "c" is an aggregate%',
	'a filter that is for the widget must not be left out');

-- ---- What it can be set to -----------------------------------------------------------------
SELECT prismiq_dashboard_create(jsonb_build_object('name', 'Choosing', 'filters', '[
	{"id": "c", "type": "select", "field": "c", "dynamic": true, "options":
		[{"value": "TITLE 1", "label": "The first"}]},
	{"id": "fee", "type": "number_range", "field": "fee"},
	{"id": "inside", "type": "select", "field": "inner"},
	{"id": "city", "type": "select", "field": "shout"},
	{"id": "id", "type": "select", "field": "id"}]'::jsonb, 'widgets', jsonb_build_array(
	jsonb_build_object('type', 'table', 'query', pg_temp.loans('upper([title])')),
	jsonb_build_object('type', 'table', 'query', oracle.def('l loan', 'l.id', '{"calculated_fields":
		[{"name": "shout", "expression": "upper([b.city])"}], "filters": [{"table_id": "l",
		"column": "fee", "operator": "gt", "value": 0}]}') || jsonb_build_object('tables',
		'[{"id": "l", "name": "loan"}, {"id": "b", "name": "branch"}]'::jsonb)),
	jsonb_build_object('type', 'table', 'query', oracle.def('l loan', 'q.id') || jsonb_build_object(
		'tables', jsonb_build_array(jsonb_build_object('id', 'q', 'query', oracle.def('l loan',
		'l.id', '{"calculated_fields": [{"name": "inner", "expression": "[fee] > 1"}]}'))))))))
	->> 'id' AS d \gset
SELECT is((SELECT string_agg(concat_ws('=', o ->> 'label', o -> 'value', o ->> 'count'), ' ')
	FROM jsonb_array_elements(prismiq_filter_options(:'d', filter, search, given)::jsonb
		-> 'options') AS o), wanted, concat_ws(' ', filter, search, given))
FROM (VALUES
	('c', NULL, '{}'::jsonb, (SELECT string_agg(format('%s="%s"=%s', CASE t WHEN 'TITLE 1'
		THEN 'The first' ELSE t END, t, n), ' ' ORDER BY n DESC, t) FROM (SELECT upper(title) AS t,
		count(*) AS n FROM lending.loan WHERE tenant = 'acme' GROUP BY 1) AS q)),
	('c', 'le 3', '{}', 'TITLE 3="TITLE 3"=4'),
	('c', NULL, '{"fee": {"min": 2}, "c": "TITLE 0"}', (SELECT string_agg(format('%s="%s"=%s',
		CASE t WHEN 'TITLE 1' THEN 'The first' ELSE t END, t, n), ' ' ORDER BY n DESC, t)
		FROM (SELECT upper(title) AS t, count(*) AS n FROM lending.loan WHERE tenant = 'acme'
			  AND fee >= 2 GROUP BY 1) AS q)),
	('inside', NULL, '{}', 'false=false=10 true=true=5'),
	('city', NULL, '{}', (SELECT string_agg(format('%s="%1$s"=%s', t, n), ' ' ORDER BY n DESC, t)
		FROM (SELECT upper(city) AS t, count(*) AS n FROM lending.loan AS l
			  JOIN lending.branch AS b ON b.id = branch_id WHERE l.tenant = 'acme'
			  GROUP BY 1) AS q)))
	AS v (filter, search, given, wanted);
SELECT is((prismiq_filter_options(:'d', 'c', max_values => 2)::jsonb -> 'truncated')::text, 'true',
	'no more of them than are wanted');
SELECT * FROM finish();
ROLLBACK;
