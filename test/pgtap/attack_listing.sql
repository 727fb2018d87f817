-- What one owner exposes is in everybody's list of tables. Who only lists it runs nothing of that
-- owner's, and waits for nothing.
\set ON_ERROR_STOP on
SET client_min_messages = error;

CREATE SCHEMA listed;
GRANT USAGE ON SCHEMA listed TO app_user;
CREATE SEQUENCE listed.calls;
GRANT USAGE ON SEQUENCE listed.calls TO app_user;
CREATE TABLE listed.things (tenant text, id int);
CREATE TABLE listed.owned (tenant text, id int);
CREATE TABLE listed.many_rows (tenant text, id int);
CREATE TABLE listed.guarded (tenant text, id int);
INSERT INTO listed.many_rows SELECT 'acme', i FROM generate_series(1, 1000) AS i;
ANALYZE listed.many_rows;

-- Constant, so that it is run when the statement is planned.
CREATE FUNCTION listed.called(int) RETURNS int LANGUAGE plpgsql IMMUTABLE
	AS $$ BEGIN PERFORM nextval('listed.calls'); RETURN $1; END $$;
CREATE OPERATOR listed.#@ (FUNCTION = listed.called, RIGHTARG = int);
CREATE VIEW listed.calling AS SELECT tenant, id FROM listed.things WHERE id > listed.called(1);
CREATE VIEW listed.operating AS SELECT tenant, id FROM listed.things
	WHERE id > (OPERATOR(listed.#@) 1);
CREATE VIEW listed.of_calling AS SELECT tenant, id FROM listed.calling;
ALTER TABLE listed.owned ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON listed.owned USING (id > listed.called(1));
CREATE VIEW listed.of_owned WITH (security_invoker) AS SELECT tenant, id FROM listed.owned;
ALTER TABLE listed.guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON listed.guarded USING (tenant = current_setting('prismiq.tenant_id'));
CREATE VIEW listed.simple AS SELECT tenant, id FROM listed.many_rows WHERE id > 0;

-- A thousand tables.
CREATE VIEW listed.twice_0 AS SELECT tenant, id FROM listed.things;
SELECT format('CREATE VIEW listed.twice_%s AS SELECT a.tenant, a.id FROM listed.twice_%s AS a
	JOIN listed.twice_%2$s AS b USING (id)', i, i - 1) FROM generate_series(1, 10) AS i \gexec
-- And fifty that are joined in a way that takes long to plan.
SELECT 'CREATE VIEW listed.wide AS SELECT t1.tenant, t1.id FROM listed.many_rows AS t1'
	|| string_agg(format(' JOIN listed.many_rows AS t%s USING (id)', i), '')
FROM generate_series(2, 120) AS i \gexec
GRANT SELECT ON ALL TABLES IN SCHEMA listed TO app_user;
SELECT count(prismiq.prismiq_expose(oid::regclass, 'tenant')) FROM pg_class
WHERE relnamespace = 'listed'::regnamespace AND relkind IN ('r', 'v')
	AND relname !~ '^twice_[0-9]$' \gset

SELECT plan(12);
SET ROLE app_user;
SET prismiq.tenant_id = 'acme';
SET prismiq.query_timeout = '8s';
SELECT lives_ok($$ CREATE TEMP TABLE found AS SELECT t ->> 'name' AS name, t -> 'row_count' AS rows
	FROM jsonb_array_elements(prismiq.prismiq_schema() -> 'tables') AS t
	WHERE t ->> 'schema_name' = 'listed' $$, 'there is a list');
SELECT is((SELECT rows FROM found WHERE name = v), 'null', v || ' is not planned for it')
FROM unnest('{calling,operating,of_calling,owned,of_owned,twice_10}'::text[]) AS v;
SELECT is((SELECT rows::text FROM found WHERE name = v), '1000', v || ' is')
FROM unnest('{many_rows,simple}'::text[]) AS v;
SELECT isnt((SELECT rows FROM found WHERE name = 'guarded'), 'null',
	'and so is one with a policy of what the server has');
RESET ROLE;
SELECT is((SELECT is_called FROM listed.calls), false, 'no function was called');
SET ROLE app_user;
SELECT is(prismiq.prismiq_query('{"tables": [{"id": "t", "name": "calling"}],
	"columns": [{"table_id": "t", "column": "id"}]}') ->> 'rows', '[]', 'it is when it is queried');

SELECT * FROM finish();
