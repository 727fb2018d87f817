-- Where a dashboard's filters go: on rows, or into the conditions of related rows
-- whose tables nothing else uses; and never to one of several tables by chance.
-- What is right is asked by hand.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
CREATE SCHEMA lending;
GRANT USAGE ON SCHEMA lending TO app_user;
CREATE TABLE lending.member (tenant text, id int, town text, boss int, PRIMARY KEY (tenant, id));
CREATE TABLE lending.branch (tenant text, id int, city text, town text, PRIMARY KEY (tenant, id));
CREATE TABLE lending.loan (tenant text, id int, member_id int, branch_id int, on_day date, fee int,
	PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, member_id) REFERENCES lending.member,
	FOREIGN KEY (tenant, branch_id) REFERENCES lending.branch);
CREATE TABLE lending.item (tenant text NOT NULL, loan_id int, title text,
	FOREIGN KEY (tenant, loan_id) REFERENCES lending.loan);
INSERT INTO lending.member
SELECT t, n, 'town ' || n % 3, n / 2 FROM unnest('{acme,beta}'::text[]) AS t,
	generate_series(1, 9) AS n;
INSERT INTO lending.branch
SELECT t, n, 'city ' || n % 2, 'town ' || n FROM unnest('{acme,beta}'::text[]) AS t,
	generate_series(1, 3) AS n;
INSERT INTO lending.loan
SELECT t, n, n * n % 7, 1 + n % 3, date '2024-01-01' + n, n % 4
FROM unnest('{acme,beta}'::text[]) AS t, generate_series(1, 20) AS n WHERE n * n % 7 > 0;
INSERT INTO lending.item
SELECT tenant, id, 'title ' || (id + n) % 4 FROM lending.loan, generate_series(1, 2) AS n;
GRANT SELECT ON ALL TABLES IN SCHEMA lending TO app_user;
SELECT count(prismiq.prismiq_expose(oid::regclass, tenant_column => 'tenant')) AS exposed
FROM pg_class WHERE relnamespace = 'lending'::regnamespace AND relkind = 'r' \gset

-- The answer of a widget under filters; its rows, or its error in words.
CREATE FUNCTION pg_temp.widget(query jsonb, filters jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	dashboard jsonb := prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'd'
		|| clock_timestamp(), 'filters', '[
			{"id": "when", "type": "date_range", "label": "When", "field": "on_day"},
			{"id": "city", "type": "select", "label": "City", "field": "city"},
			{"id": "town", "type": "select", "label": "Town", "field": "town"},
			{"id": "member_town", "type": "select", "label": "T", "field": "town",
			 "table": "member"},
			{"id": "title", "type": "select", "label": "Title", "field": "title"},
			{"id": "fee", "type": "number_range", "label": "Fee", "field": "fee"},
			{"id": "id", "type": "select", "label": "Id", "field": "id",
			 "table": "lending.member"}]'::jsonb,
		'widgets', jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'type', 'table',
														'query', query))));
	answer jsonb;
BEGIN
	answer := prismiq.prismiq_dashboard_data((dashboard ->> 'id')::uuid, filters)::jsonb
		-> (dashboard #>> '{widgets,0,id}');
	PERFORM prismiq.prismiq_dashboard_delete((dashboard ->> 'id')::uuid);
	RETURN answer;
END
$$;
CREATE FUNCTION pg_temp.rows(query jsonb, filters jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(a #>> '{error,message}', oracle.text(oracle.array_of(a -> 'rows'), false))
	FROM pg_temp.widget(query, filters) AS a
$$;
CREATE FUNCTION pg_temp.by_hand(statement text) RETURNS text LANGUAGE sql AS $$
	SELECT oracle.text(oracle.rows(statement, 1, 'UTC'), false)
$$;
-- A condition in short, with a scope.
CREATE FUNCTION pg_temp.scoped(subject text, value jsonb, scope text) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$ SELECT oracle.cond(subject, value,
	jsonb_build_object('scope', scope)) $$;
SET LOCAL ROLE app_user;
SELECT prismiq_set_context('acme', 'ann', '{}', true) AS context \gset

-- Members by their loans, whichever joins are written.
CREATE FUNCTION pg_temp.members(conditions jsonb, tables text, joins text) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT oracle.def(tables, 'm.id', jsonb_build_object('filters', conditions), joins)
$$;
SELECT is(pg_temp.rows(pg_temp.members(conditions, tables, joins), filters),
	pg_temp.by_hand('SELECT id FROM lending.member m WHERE tenant = ''acme'' AND ' || hand),
	concat_ws(', ', name, tables, joins))
FROM (VALUES
	('any', ARRAY[pg_temp.scoped('l.fee gt', '0', 'any')],
	 'EXISTS (SELECT FROM l WHERE fee > 0 AND on_day < ''2024-01-09'')'),
	('none', ARRAY[pg_temp.scoped('l.fee gt', '0', 'none')],
	 'NOT EXISTS (SELECT FROM l WHERE fee > 0 AND on_day < ''2024-01-09'')'),
	('both', ARRAY[pg_temp.scoped('l.fee gt', '0', 'none'),
		pg_temp.scoped('l.fee eq', '0', 'any')],
	 'NOT EXISTS (SELECT FROM l WHERE fee > 0 AND on_day < ''2024-01-09'')
	  AND EXISTS (SELECT FROM l WHERE fee = 0 AND on_day < ''2024-01-09'')'),
	('or', ARRAY[jsonb_build_object('or', ARRAY[pg_temp.scoped('l.fee gt', '2', 'any'),
										  cond('m.id lt', '3')])],
	 '(id < 3 OR EXISTS (SELECT FROM l WHERE fee > 2 AND on_day < ''2024-01-09''))'),
	('one or none', ARRAY[jsonb_build_object('or', ARRAY[pg_temp.scoped('l.fee gt', '2', 'none'),
										  pg_temp.scoped('l.fee lt', '1', 'none')])],
	 '(NOT EXISTS (SELECT FROM l WHERE fee > 2 AND on_day < ''2024-01-09'')
	   OR NOT EXISTS (SELECT FROM l WHERE fee < 1 AND on_day < ''2024-01-09''))'),
	('not', ARRAY[jsonb_build_object('not', jsonb_build_object('and', ARRAY[
		pg_temp.scoped('l.fee gt', '0', 'any'), cond('m.id gt', '2')]))],
	 'NOT (id > 2 AND EXISTS (SELECT FROM l WHERE fee > 0 AND on_day < ''2024-01-09''))')
	) AS v (name, written, hand_written),
	unnest(ARRAY['m.id = l.member_id', 'l.member_id = m.id LEFT', NULL]) AS joins,
	(VALUES ('m member, l loan'), ('l loan, m member')) AS t (tables),
	jsonb_build_object('when', '{"start": "2024-01-01", "end": "2024-01-08"}'::jsonb) AS filters,
	to_jsonb(written) AS conditions,
	replace(hand_written, 'FROM l WHERE', 'FROM lending.loan l WHERE (l.tenant, l.member_id) =
		(m.tenant, m.id) AND') AS hand;
SELECT is(pg_temp.rows(pg_temp.members(jsonb_build_array(pg_temp.scoped('i.title eq', '"title 1"',
		scope)), tables, joins), '{"when": {"start": "2024-01-01", "end": "2024-01-08"}}'),
	pg_temp.by_hand(format('SELECT id FROM lending.member m WHERE tenant = ''acme'' AND %s EXISTS (
		SELECT FROM lending.loan l JOIN lending.item i ON (i.tenant, i.loan_id) = (l.tenant, l.id)
		WHERE (l.tenant, l.member_id) = (m.tenant, m.id) AND title = ''title 1''
			AND on_day < ''2024-01-09'')', CASE scope WHEN 'none' THEN 'NOT' END)),
	concat_ws(', ', 'on the way to the related rows', scope, tables, joins))
FROM unnest('{any,none}'::text[]) AS scope,
	unnest(ARRAY['m.id = l.member_id,i.loan_id = l.id', 'l.member_id = m.id LEFT',
				 'l.id = i.loan_id', NULL]) AS joins,
	unnest(ARRAY['m member, l loan, i item', 'i item, l loan, m member']) AS tables;
SELECT is(pg_temp.rows(pg_temp.members(jsonb_build_array(pg_temp.scoped('l.fee gt', '0', scope)),
		'm member, l loan, b branch', 'm.id = l.member_id,l.branch_id = b.id'),
		'{"city": "city 1", "when": {"end": "2024-01-15"}}'),
	pg_temp.by_hand(format('SELECT id FROM lending.member m WHERE tenant = ''acme'' AND %s EXISTS (
		SELECT FROM lending.loan l
			JOIN lending.branch b ON (b.tenant, b.id) = (l.tenant, l.branch_id)
		WHERE (l.tenant, l.member_id) = (m.tenant, m.id) AND fee > 0 AND city = ''city 1''
			AND on_day < ''2024-01-16'')', CASE scope WHEN 'none' THEN 'NOT' END)),
	'beyond the related rows, along a join of the definition: ' || scope)
FROM unnest('{any,none}'::text[]) AS scope;
-- A condition that is left out leaves nothing that a filter could restrict, and the answer says so.
SELECT is((SELECT concat_ws(' ', f ->> 'applied', f ->> 'reason') FROM jsonb_array_elements(
		(pg_temp.widget(query, filters) -> 'filters')::jsonb) AS f WHERE f ->> 'id' = 'when')
		|| ': ' || pg_temp.rows(query, filters),
	applied || ': ' || pg_temp.by_hand('SELECT id FROM lending.member m WHERE tenant = ''acme'''
		|| hand), 'beside what is left out: ' || name)
FROM (VALUES ('nothing', '{}'::jsonb[], 'false no_such_column', ''),
	('a condition that stands', ARRAY[pg_temp.scoped('l.fee gt', '0', 'any')], 'true',
	 ' AND EXISTS (SELECT FROM lending.loan l WHERE (l.tenant, l.member_id) = (m.tenant, m.id)
		AND fee > 0 AND on_day BETWEEN ''2024-01-02'' AND ''2024-01-08'')'))
		AS v (name, stands, applied, hand),
	unnest('{any,none}'::text[]) AS scope,
	LATERAL (SELECT pg_temp.members(to_jsonb(stands || pg_temp.scoped('l.fee lt',
		'{"param": "fee", "optional": true}', scope)), 'm member, l loan', 'm.id = l.member_id')
		|| '{"params": {"fee": {"type": "number"}}}' AS query) AS q,
	(VALUES ('{"when": {"start": "2024-01-02", "end": "2024-01-08"}}'::jsonb)) AS f (filters);
SELECT is(pg_temp.rows(def('m member, l loan', 'm.id') || jsonb_build_object('columns',
		jsonb_build_array('{"table_id": "m", "column": "*", "aggregation": "count"}'::jsonb
			|| filters(pg_temp.scoped('l.fee gt', '0', 'any')))),
		'{"when": {"end": "2024-01-08"}}'),
	pg_temp.by_hand('SELECT count(*) FROM lending.member m WHERE tenant = ''acme'' AND EXISTS (
		SELECT FROM lending.loan l WHERE (l.tenant, l.member_id) = (m.tenant, m.id) AND fee > 0
			AND on_day < ''2024-01-09'')'), 'in the condition of a measure');
SELECT is(pg_temp.rows('{"tables": [{"id": "m", "name": "member"}, {"id": "d", "query": {
			"tables": [{"id": "l", "name": "loan"}], "columns": [
				{"table_id": "l", "column": "member_id"},
				{"table_id": "l", "column": "fee", "aggregation": "sum", "alias": "fee"}]}}],
		"joins": [{"from_table_id": "m", "from_column": "id", "to_table_id": "d",
				   "to_column": "member_id"}],
		"columns": [{"table_id": "m", "column": "id"}], "filters": [{"table_id": "d", "column":
			"fee", "operator": "gt", "value": 1, "scope": "none"}]}', filters),
	pg_temp.by_hand('SELECT id FROM lending.member m WHERE tenant = ''acme'' AND NOT EXISTS (SELECT
		FROM lending.loan l WHERE (l.tenant, l.member_id) = (m.tenant, m.id) ' || hand || ')'),
	concat_ws(' ', 'a derived table of related rows:', filters))
FROM (VALUES ('{"when": {"end": "2024-01-08"}}'::jsonb,
			  'AND on_day < ''2024-01-09'' HAVING sum(fee) > 1'),
			 ('{"fee": {"max": 2}}', 'AND fee <= 2 HAVING sum(fee) > 1')) AS v (filters, hand);

-- What is used for the rows is filtered as rows are.
SELECT is(pg_temp.rows(def('m member, l loan', 'l.id', filters(pg_temp.scoped('l.fee gt', '0',
		'any')), 'm.id = l.member_id'), '{"when": {"end": "2024-01-08"}}'),
	pg_temp.by_hand('SELECT id FROM lending.loan l WHERE tenant = ''acme''
		AND on_day < ''2024-01-09'' AND EXISTS (SELECT FROM lending.loan o
			WHERE (o.tenant, o.member_id) = (l.tenant, l.member_id) AND fee > 0)'),
	'a table that is joined, too');
SELECT is(pg_temp.rows(pg_temp.members(jsonb_build_array(pg_temp.scoped('l.fee gt', '0', 'any')),
		'm member, l loan', NULL), '{"member_town": "town 1"}'),
	pg_temp.by_hand('SELECT id FROM lending.member m WHERE tenant = ''acme'' AND town = ''town 1''
		AND EXISTS (SELECT FROM lending.loan l WHERE (l.tenant, l.member_id) = (m.tenant, m.id)
			AND fee > 0)'), 'the table that the rows are of');
SELECT throws_ok(format('SELECT pg_temp.rows(%L, ''{"when": {"start": "2024-02-31"}}'')',
	pg_temp.members(jsonb_build_array(pg_temp.scoped('l.fee gt', '0', 'any')), 'm member, l loan',
					NULL)), '22023', NULL, 'a bad value is the caller''s mistake here too');

CREATE FUNCTION pg_temp.detail(query jsonb, filters jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM pg_temp.widget(query, filters);
	RETURN NULL;
EXCEPTION WHEN invalid_parameter_value THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail;
END
$$;
SELECT is(jsonb_path_query_array(pg_temp.detail(pg_temp.members(jsonb_build_array(pg_temp.scoped(
		'l.fee gt', '0', 'any'), pg_temp.scoped('l.fee gt', '2', 'none')), 'm member, l loan',
		NULL), '{"fee": {"min": "low"}}'), '$[*].path'), '["/filters/fee/min"]',
	'said once, though it is in two places');

-- ---- A field of several tables ------------------------------------------------------------
CREATE FUNCTION pg_temp.told(query jsonb, filters jsonb) RETURNS text
LANGUAGE sql AS $$
	SELECT concat_ws(' ', e ->> 'code', e ->> 'message', '(' || (e ->> 'hint') || ')', a -> 'rows')
	FROM pg_temp.widget(query, filters) AS a, LATERAL (SELECT a -> 'error') AS l (e)
$$;
SELECT is(pg_temp.told(def(tables, 'l.* count'), '{"town": "town 1"}'),
	format('AMBIGUOUS_COLUMN filter "town" is on column "town", which tables %s have'
	' (Say which one is meant, in "table" of the filter.)', named), tables)
FROM (VALUES ('m member, l loan, b branch', '"member" and "branch"'),
	('b branch, l loan, m member', '"branch" and "member"'),
	('b branch, l loan, m member, i item', '"branch" and "member"')) AS v (tables, named);
SELECT is(pg_temp.told(def(tables, 'l.* count'), '{"member_town": "town 1"}'),
	(SELECT jsonb_build_array(jsonb_build_array(count(*)))::text FROM lending.loan l
	 JOIN lending.member m ON (m.tenant, m.id) = (l.tenant, l.member_id)
	 WHERE l.tenant = 'acme' AND town = 'town 1'), 'one that names its table: ' || tables)
FROM unnest('{"m member, l loan, b branch","b branch, l loan, m member"}'::text[]) AS tables;
SELECT is(pg_temp.told(def('m member, l loan, b branch', 'l.* count'), filters), '[[18]]',
	'one without a value: ' || filters::text)
FROM unnest('{"{}","{\"town\": \"__all__\"}"}'::jsonb[]) AS filters;
SELECT is(pg_temp.told(def('m member, l loan', 'l.* count'), '{"town": "town 1"}'),
	(SELECT jsonb_build_array(jsonb_build_array(count(*)))::text FROM lending.loan l
	 JOIN lending.member m ON (m.tenant, m.id) = (l.tenant, l.member_id)
	 WHERE l.tenant = 'acme' AND town = 'town 1'), 'one table that has it');
SELECT matches(pg_temp.told('{"tables": [{"id": "d", "query": {
		"tables": [{"id": "m", "name": "member"}, {"id": "l", "name": "loan"},
			{"id": "b", "name": "branch"}],
		"columns": [{"table_id": "l", "column": "id"}]}}],
		"columns": [{"table_id": "d", "column": "*", "aggregation": "count"}]}',
	'{"town": "town 1"}'), '^AMBIGUOUS_COLUMN .*"member" and "branch"', 'inside a derived table');
SELECT matches(pg_temp.told(def('m member, x member', 'm.* count', joins => 'm.boss = x.id'),
	'{"town": "town 1"}'), '^AMBIGUOUS_COLUMN .*"m" and "x"', 'one table listed twice');
SELECT matches(pg_temp.told(pg_temp.members(jsonb_build_array(pg_temp.scoped('b.city eq',
		'"city 1"', 'any')), 'm member, l loan, b branch', NULL), '{"town": "town 1"}'),
	'^AMBIGUOUS_COLUMN .*"member" and "branch"', 'one that only a scope uses is one of them');
SELECT * FROM finish();
ROLLBACK;
