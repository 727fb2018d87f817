-- Views of several tables that compute for each row: nothing that they compute, and nothing that a
-- definition computes of their columns, is worked out on rows of another tenant, under any plan.
-- The tenant stands in another table than what is computed, so that a join lies between.
\set ON_ERROR_STOP on
SET client_min_messages = error;

CREATE SCHEMA views;
GRANT USAGE ON SCHEMA views TO app_user;
CREATE TABLE views.owners (id int PRIMARY KEY, tenant text NOT NULL);
CREATE TABLE views.things (id int PRIMARY KEY, owner int NOT NULL, x float8, note text);
CREATE TABLE views.parts (id int PRIMARY KEY, thing int NOT NULL, x float8);
INSERT INTO views.owners VALUES (1, 'acme'), (2, 'beta');
INSERT INTO views.things SELECT i, 1, i, i::text FROM generate_series(1, 50) AS i;
INSERT INTO views.things SELECT i, 2, -i, 'poison' FROM generate_series(1001, 1050) AS i;
INSERT INTO views.parts SELECT id, id, x FROM views.things;
CREATE INDEX ON views.parts (thing);

CREATE FUNCTION views.logarithms(float8) RETURNS SETOF float8 LANGUAGE sql STABLE
	AS 'SELECT ln($1)';
SELECT format('CREATE VIEW views.%I AS SELECT o.tenant, t.id, t.x, %s AS y
	FROM views.owners AS o JOIN views.things AS t ON t.owner = o.id %s', name, y, beside)
FROM (VALUES ('plain', 't.x', ''), ('computed', 'ln(t.x)', ''),
	('in values', 'v.y', ', LATERAL (VALUES (ln(t.x))) AS v (y)'),
	('in a function', 'v.y', ', LATERAL views.logarithms(t.x) AS v (y)'),
	('beside', 'v.y', ', LATERAL (SELECT ln(t.x) AS y OFFSET 0) AS v'),
	('in a subquery', '(SELECT max(ln(p.x)) FROM views.parts AS p WHERE p.thing = t.id)', ''),
	('under a condition', '(SELECT 1.5 FROM (SELECT p.x FROM views.parts AS p
		WHERE p.thing = t.id OFFSET 0) AS p WHERE ln(p.x) > -1)', ''),
	('summed beside', 'v.y', ', LATERAL (SELECT sum(ln(p.x)) AS y FROM views.parts AS p
		WHERE p.thing = t.id) AS v')) AS v (name, y, beside) \gexec
GRANT SELECT ON ALL TABLES IN SCHEMA views TO app_user;
SELECT count(prismiq.prismiq_expose(oid::regclass, 'tenant')) FROM pg_class
WHERE relnamespace = 'views'::regnamespace AND relkind = 'v' \gset
ANALYZE views.owners, views.things, views.parts;

-- What a definition gives under many plans: its first row, or its error. Once as on a small
-- machine, once with workers that cost nothing and sort what they bring.
CREATE FUNCTION pg_temp.answers(definition jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	plan text;
	cost text;
	answer text;
	answers text[] := '{}';
BEGIN
	FOR plan, cost IN SELECT p, c
		FROM unnest('{none,hashjoin,hashjoin mergejoin,nestloop}'::text[]) AS p,
			unnest('{1000000,0}'::text[]) AS c
	LOOP
		PERFORM set_config('parallel_setup_cost', cost, false),
			set_config('parallel_tuple_cost', cost, false);
		PERFORM set_config('enable_' || s, CASE WHEN strpos(plan, s) = 0 THEN 'on' ELSE 'off' END,
			false) FROM unnest('{hashjoin,mergejoin,nestloop}'::text[]) AS s;
		BEGIN
			answer := prismiq.prismiq_query(definition) #>> '{rows,0}';
		EXCEPTION WHEN OTHERS THEN
			answer := sqlstate;
		END;
		IF NOT answer = ANY (answers) THEN
			answers := answers || answer;
		END IF;
	END LOOP;
	RETURN array_to_string(answers, ' or ');
END
$$;
CREATE FUNCTION pg_temp.def(name text, rest jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', jsonb_build_array(jsonb_build_object(
		'id', 't', 'name', name, 'schema', 'views')),
		'columns', '[{"table_id": "t", "column": "id"}]'::jsonb) || rest
$$;

SELECT plan(8 * 2 + 8 + 1);
SET max_parallel_workers_per_gather = 2;
SET min_parallel_table_scan_size = 0;
SET min_parallel_index_scan_size = 0;
SET ROLE app_user;
SET prismiq.tenant_id = 'acme';

SELECT is(pg_temp.answers(pg_temp.def(name, rest)), wanted[place], ask || name)
FROM (VALUES ('plain', '{"[2]", "[1]"}'::text[]), ('computed', '{"[4]", "[0]"}'),
		('in values', '{"[4]", "[0]"}'), ('in a function', '{"[4]", "[0]"}'),
		('beside', '{"[4]", "[0]"}'), ('in a subquery', '{"[4]", "[0]"}'),
		('under a condition', '{"[1]", "[1.5]"}'), ('summed beside', '{"[4]", "[0]"}'))
		AS v (name, wanted),
	(VALUES (1, 'a condition: ', '{"filters": [{"table_id": "t", "column": "y", "operator": "gt",
			"value": 1.2}], "order_by": [{"alias": "id"}], "limit": 1}'::jsonb),
		(2, 'an order: ', '{"columns": [{"table_id": "t", "column": "y"}],
			"order_by": [{"alias": "y"}], "limit": 1}')) AS a (place, ask, rest);

-- What the definition computes of a plain column.
SELECT is(pg_temp.answers(pg_temp.def('plain', '{"calculated_fields": [
	{"name": "f", "expression": "ln([x])"}]}' || rest)), wanted, ask)
FROM (VALUES
	('a condition', '{"filters": [{"column": "f", "operator": "lt", "value": 0.1}]}'::jsonb, '[1]'),
	('a negated one', '{"filters": [{"not": {"column": "f", "operator": "gt", "value": 0.1}}]}',
		'[1]'),
	('an order', '{"columns": [{"column": "f"}], "order_by": [{"alias": "f"}], "limit": 1}', '[0]'),
	('groups', '{"columns": [{"column": "f"}, {"table_id": "t", "column": "*", "aggregation":
		"count"}], "order_by": [{"alias": "f"}], "limit": 1}', '[0,1]'),
	('distinct values', '{"columns": [{"column": "f", "aggregation": "count_distinct"}]}', '[50]'),
	('the least', '{"columns": [{"column": "f", "aggregation": "min"}]}', '[0]'),
	('a window', '{"columns": [{"column": "f"}], "windows": [{"alias": "n", "function": "rank",
		"order_by": [{"alias": "f"}]}], "order_by": [{"alias": "n"}], "limit": 1}', '[0,1]'),
	('totals', '{"columns": [{"column": "f"}, {"table_id": "t", "column": "*", "aggregation":
		"count"}], "totals": true, "order_by": [{"alias": "f"}], "limit": 1}', '[0,1,0]'))
	AS v (ask, rest, wanted);

-- The poison works.
SET prismiq.tenant_id = 'beta';
SELECT is(pg_temp.answers(pg_temp.def('in values', '{"columns": [{"table_id": "t",
	"column": "y"}]}')), '22023', 'its own tenant is told of an error');

SELECT * FROM finish();
