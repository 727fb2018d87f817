-- CSV: RFC 4180, formulas made harmless, never cut, and read back by COPY.
BEGIN;
SET LOCAL search_path = prismiq, public;
SET LOCAL timezone = 'UTC';

CREATE TABLE public.run_cells
(
	id int PRIMARY KEY, t text, n numeric, f double precision, b boolean, at timestamptz, j jsonb,
	iv interval
);
INSERT INTO public.run_cells VALUES
	(1, '=1+1', -5.50, '-Infinity', true, '2024-01-01', '{"a": "x,y"}', '-1 day'),
	(2, E'say "a, b"\r\nend', 1, 0.5, false, NULL, '[]', NULL),
	(3, '', NULL, NULL, NULL, NULL, NULL, NULL),
	(4, '+1', 0, 1, NULL, NULL, '"=1"', NULL),
	(5, '-1', 0, 1, NULL, NULL, '-1', NULL),
	(6, '@x', 0, 1, NULL, NULL, NULL, NULL),
	(7, E'\t=1', 0, 1, NULL, NULL, NULL, NULL),
	(8, E'\r=1', 0, 1, NULL, NULL, NULL, NULL),
	(9, ' lead and trail ', 0, 1, NULL, NULL, NULL, NULL);
GRANT SELECT ON public.run_cells TO app_user;
SELECT prismiq_expose('public.run_cells', shared => true) \g /dev/null

-- The CSV of some columns of some rows.
CREATE FUNCTION public.run_csv(columns text[], ids int[] = '{1,2,3,4,5,6,7,8,9}',
							   options jsonb = '{}')
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT prismiq.prismiq_query_csv(jsonb_build_object(
		'tables', '[{"id": "t", "name": "run_cells"}]'::jsonb,
		'columns', (SELECT jsonb_agg(jsonb_build_object('table_id', 't', 'column', c)
									 ORDER BY o)
					FROM unnest(columns) WITH ORDINALITY x (c, o)),
		'filters', jsonb_build_array(jsonb_build_object(
			'table_id', 't', 'column', 'id', 'operator', 'in', 'value', to_jsonb(ids))),
		'order_by', '[{"table_id": "t", "column": "id"}]'::jsonb), options)::text
$$;

SELECT no_plan();
SET LOCAL ROLE app_user;
SET LOCAL prismiq.tenant_id = 'acme';

SELECT is(run_csv('{id,n,f,b,at}', '{1}'),
		  E'id,n,f,b,at\r\n1,-5.50,-Infinity,true,2024-01-01T00:00:00+00:00\r\n',
		  'a header, CR LF, numbers and dates as in JSON');
SELECT is(run_csv('{id,t}', '{2}'), E'id,t\r\n2,"say ""a, b""\r\nend"\r\n', 'quotes');
SELECT is(run_csv('{id,t,n}', '{3}'), E'id,t,n\r\n3,"",\r\n', 'the empty text and null differ');
SELECT is(run_csv('{id,j}', '{1}'), E'id,j\r\n1,"{""a"": ""x,y""}"\r\n', 'jsonb');
SELECT is(run_csv('{id,iv}', '{1}'), E'id,iv\r\n1,-1 days\r\n', 'a span of time is not a formula');
SELECT is(run_csv('{id,t}', '{9}'), E'id,t\r\n9, lead and trail \r\n', 'blanks are kept');
SELECT is(run_csv('{id,t}', '{100}'), E'id,t\r\n', 'no rows, but the header');

SELECT is(run_csv('{id,t}', '{1}'), E'id,t\r\n1,''=1+1\r\n', 'a formula gets an apostrophe');
SELECT is(run_csv('{id,t}', '{4}'), E'id,t\r\n4,''+1\r\n', 'a plus');
SELECT is(run_csv('{id,t}', '{5}'), E'id,t\r\n5,''-1\r\n', 'a minus');
SELECT is(run_csv('{id,t}', '{6}'), E'id,t\r\n6,''@x\r\n', 'an at sign');
SELECT is(run_csv('{id,t}', '{7}'), E'id,t\r\n7,''\t=1\r\n', 'a tab');
SELECT is(run_csv('{id,t}', '{8}'), E'id,t\r\n8,"''\r=1"\r\n', 'a carriage return');
SELECT is(run_csv('{id,t}', '{1}', '{"raw": true}'), E'id,t\r\n1,=1+1\r\n', 'unless raw');
SELECT is(prismiq_query_csv('{"tables": [{"id": "t", "name": "run_cells"}],
							 "columns": [{"table_id": "t", "column": "id", "alias": "=A1"}],
							 "filters": [{"table_id": "t", "column": "id", "operator": "eq",
										  "value": 1}]}')::text,
		  E'''=A1\r\n1\r\n', 'names are guarded too');

-- Rows are never left out in silence.
SELECT throws_ok($$ SELECT run_csv('{id}', options => '{"max_rows": 3}') $$, 'PT413',
				 'result has too many rows', 'more rows than allowed are refused');
SELECT lives_ok($$ SELECT run_csv('{id}', options => '{"max_rows": 9}') $$,
				'as many as allowed are not');
SET LOCAL prismiq.max_rows = 3;
SELECT lives_ok($$ SELECT run_csv('{id}') $$, 'what is cut on a screen is not cut in an export');
RESET prismiq.max_rows;
RESET ROLE;
SET LOCAL prismiq.max_rows_cap = 3;
SET LOCAL ROLE app_user;
SELECT throws_ok($$ SELECT run_csv('{id}') $$, 'PT413', 'result has too many rows',
				 'the administrator''s cap holds');
RESET ROLE;
RESET prismiq.max_rows_cap;
SET LOCAL ROLE app_user;

-- COPY reads it back. (The file is in the throw-away server's own folder.)
CREATE TEMP TABLE exported AS
SELECT run_csv('{id,t,n,f,b,at,j,iv}', options => '{"raw": true}') AS csv;
RESET ROLE;
CREATE TEMP TABLE read_back (LIKE public.run_cells);
DO $$
DECLARE
	file text := current_setting('data_directory') || '/run_csv.' || pg_backend_pid();
	object oid := lo_from_bytea(0, (SELECT convert_to(csv, 'UTF8') FROM exported));
BEGIN
	PERFORM lo_export(object, file);
	EXECUTE format('COPY read_back FROM %L WITH (FORMAT csv, HEADER true)', file);
END $$;
SELECT results_eq('SELECT * FROM read_back ORDER BY id', 'SELECT * FROM run_cells ORDER BY id',
				  'COPY reads the same rows back');

-- So it does with any delimiter that it takes: signs and letters stand in numbers and dates, and an
-- apostrophe before formulas; what it would take for the end of the data is quoted.
INSERT INTO public.run_cells (id, t)
VALUES (10, '\.'), (11, 'a;b|c'), (12, '''='), (13, 'e1 -.:+T');
CREATE FUNCTION pg_temp.read_back(columns text, delimiter text, options jsonb = '{"raw": true}')
RETURNS SETOF jsonb LANGUAGE plpgsql AS $$
DECLARE
	file text := current_setting('data_directory') || '/run_csv.' || pg_backend_pid();
	csv text := run_csv(string_to_array(columns, ','), (SELECT array_agg(id) FROM run_cells),
						options || jsonb_build_object('delimiter', delimiter));
	object oid := lo_from_bytea(0, convert_to(csv, 'UTF8'));
BEGIN
	PERFORM lo_export(object, file);
	EXECUTE format('CREATE TEMP TABLE again AS SELECT %s FROM run_cells LIMIT 0', columns);
	EXECUTE format('COPY again FROM %L WITH (FORMAT csv, HEADER true, DELIMITER %L)', file,
				   delimiter);
	RETURN QUERY EXECUTE 'SELECT to_jsonb(a) FROM again AS a';
	DROP TABLE again;
END $$;
CREATE TEMP TABLE delimiters AS
	SELECT * FROM unnest(ARRAY[',', ';', '|', E'\t', ' ', '''', '=', '-', '+', '.', ':', '1', '0',
							   'e', 'T', 'y', '\', '~', '{', E'\x01']) AS u (d);
SELECT set_eq(format('SELECT pg_temp.read_back(''id,t,n,f,b,at,j,iv'', %L)', d),
			  'SELECT to_jsonb(r) FROM run_cells AS r', format('COPY reads with delimiter %L', d))
FROM delimiters;
SELECT set_eq(format('SELECT pg_temp.read_back(''id,t'', %L, ''{}'')', d),
			  $$SELECT jsonb_build_object('id', id, 't', CASE WHEN t ~ '^[=+@\t\r\n-]' THEN ''''
				ELSE '' END || t) FROM run_cells AS r$$, format('so it does with guards, %L', d))
FROM delimiters;
SELECT bag_eq(format('SELECT pg_temp.read_back(''t'', %L)', d),
			  $$SELECT to_jsonb(r) FROM (SELECT t FROM run_cells) AS r$$,
			  format('one column alone, %L', d))
FROM unnest('{",",;}'::text[]) AS d;
SET LOCAL ROLE app_user;
SELECT is(run_csv('{id,t,n}', '{1,11}', '{"delimiter": ";"}'),
		  E'id;t;n\r\n1;''=1+1;-5.50\r\n11;"a;b|c";\r\n',
		  'only what the delimiter is in is quoted');
SELECT is(run_csv('{id,n}', '{1}', '{"delimiter": "-"}'), E'id-n\r\n1-"-5.50"\r\n', 'numbers too');
SELECT throws_like(format('SELECT run_csv(''{id}'', options => %L)',
						  jsonb_build_object('delimiter', d)), '%' || wanted, 'delimiter ' || d)
FROM (VALUES ('"'::text, '"delimiter" must be one byte, and no quote nor the end of a line'),
	(E'\n', 'the end of a line'), (E'\r', 'the end of a line'), ('', 'the end of a line'),
	(';;', 'the end of a line'), (U&'\00E9', 'the end of a line')) AS v (d, wanted);
SELECT throws_like($$SELECT run_csv('{id}', options => '{"delimiter": 1}')$$, '%must be a string%',
				   'a delimiter is a string');

-- ---- The header ---------------------------------------------------------------------------
SELECT is(run_csv('{id,at}', '{100}', options), wanted, 'header ' || options::text)
FROM (VALUES ('{}'::jsonb, E'id,at\r\n'), ('{"header": "name"}', E'id,at\r\n'),
	('{"header": "label", "delimiter": ";"}', E'Id;At\r\n')) AS v (options, wanted);
SELECT throws_like($$SELECT run_csv('{id}', options => '{"header": "labels"}')$$,
				   '%header%', 'another word');
SELECT is(prismiq_query_csv('{"tables": [{"id": "t", "name": "run_cells"}], "columns": [
	{"table_id": "t", "column": "n", "aggregation": "sum"}, {"table_id": "t", "column": "n",
	"aggregation": "max", "display_name": "=Most"}, {"table_id": "t", "column": "*",
	"aggregation": "count", "alias": "c"}], "filters": [{"table_id": "t", "column": "id",
	"operator": "eq", "value": 1}]}', '{"header": "label"}')::text,
	E'Sum of n,''=Most,Number of run cells\r\n-5.50,-5.50,1\r\n',
	'labels, as widgets have them, guarded');

SELECT * FROM finish();
ROLLBACK;
