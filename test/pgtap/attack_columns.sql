-- A column that the role may not read, one that the tenant's settings hide, and one that does not
-- exist: in every place of a definition the three get the same answer.
\set ON_ERROR_STOP on
SET client_min_messages = error;

CREATE TABLE public.vault (tenant text, id int PRIMARY KEY, secret int, hidden int UNIQUE,
                           at timestamptz, n int);
CREATE TABLE public.slips (tenant text, vault_id int REFERENCES vault, n int,
                           other int REFERENCES vault (hidden));
INSERT INTO vault VALUES ('acme', 1, 10, 100, now(), 1), ('evil', 2, 66, 666, now(), 2);
INSERT INTO slips VALUES ('acme', 1, 5, 100);
GRANT SELECT (tenant, id, hidden, at, n) ON vault TO app_user;
GRANT SELECT ON slips TO app_user;
SELECT prismiq.prismiq_expose('vault', 'tenant', 'at') \gset
SELECT prismiq.prismiq_expose('slips', 'tenant') \gset
INSERT INTO prismiq.prismiq_schema_config (tenant_id, config)
VALUES ('acme', '{"tables": {"vault": {"columns": {"hidden": {"hidden": true}}}}}');

-- Definitions with the column "NAME" in one place each. Joined tables and one column unless the
-- case says otherwise.
CREATE TEMP TABLE cases (what text, rest jsonb);
GRANT SELECT ON cases TO app_user;
INSERT INTO cases VALUES
('column', '{"columns": [{"table_id": "v", "column": "NAME"}]}'),
('aggregate', '{"columns": [{"table_id": "v", "column": "NAME", "aggregation": "max"}]}'),
('first', '{"columns": [{"table_id": "v", "column": "id", "aggregation": "first",
    "args": {"order_by": "NAME"}}]}'),
('a column''s filter', '{"columns": [{"table_id": "v", "column": "id", "aggregation": "count",
    "filters": [{"table_id": "v", "column": "NAME", "operator": "gt", "value": 1}]}]}'),
('filter', '{"filters": [{"table_id": "v", "column": "NAME", "operator": "is_null"}]}'),
('filter in a group', '{"filters": [{"not": {"or": [{"table_id": "v", "column": "NAME",
    "operator": "eq", "value": "zz"}]}}]}'),
('scope any', '{"filters": [{"table_id": "v", "column": "NAME", "operator": "eq", "value": 1,
    "scope": "any"}]}'),
('scope join', '{"filters": [{"table_id": "v", "column": "NAME", "operator": "eq", "value": 1,
    "scope": "join"}]}'),
('in_query', '{"filters": [{"table_id": "s", "column": "n", "operator": "in_query", "value":
    {"query": {"tables": [{"id": "x", "name": "vault"}],
               "columns": [{"table_id": "x", "column": "NAME"}]}}}]}'),
('order_by', '{"order_by": [{"table_id": "v", "column": "NAME"}]}'),
('group_by', '{"group_by": [{"table_id": "v", "column": "id"},
    {"table_id": "v", "column": "NAME"}]}'),
('having', '{"having": [{"table_id": "v", "column": "NAME", "aggregation": "max",
    "operator": "gt", "value": 1}]}'),
('series', '{"time_series": {"table_id": "v", "date_column": "NAME", "interval": "day"}}'),
('window', '{"windows": [{"alias": "w", "function": "running_total", "of": "NAME",
    "order_by": [{"alias": "NAME"}]}]}'),
('totals', '{"totals": ["NAME"]}'),
('join', '{"joins": [{"from_table_id": "v", "from_column": "NAME", "to_table_id": "s",
    "to_column": "n"}]}'),
('join on', '{"joins": [{"from_table_id": "s", "to_table_id": "v", "on": [{"from_column": "n",
    "to_column": "NAME", "operator": "gt"}]}]}'),
('calculated', '{"columns": [{"table_id": "v", "column": "x"}], "calculated_fields":
    [{"name": "x", "expression": "[v.NAME] + 1"}]}'),
('calculated, without its table', '{"columns": [{"table_id": "v", "column": "x"}],
    "calculated_fields": [{"name": "x", "expression": "sum([NAME])"}]}'),
('derived table', '{"tables": [{"id": "v", "query": {"tables": [{"id": "x", "name": "vault"}],
    "columns": [{"table_id": "x", "column": "NAME"}]}}], "joins": []}'),
('pivot', '{"pivot": {"column": "NAME", "value": "id"}}'),
('top', '{"top": {"n": 1, "by": "NAME"}}'),
('nearly its name', '{"columns": [{"table_id": "v", "column": "NAMEx"}]}');

SET ROLE app_user;
SET prismiq.tenant_id = 'acme';
SET search_path = prismiq, public;
CREATE FUNCTION pg_temp.told(name text, rest jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT replace((prismiq_validate(replace(('{
        "tables": [{"id": "v", "name": "vault"}, {"id": "s", "name": "slips"}],
        "joins": [{"from_table_id": "s", "from_column": "vault_id", "to_table_id": "v",
                   "to_column": "id"}],
        "columns": [{"table_id": "v", "column": "id"}]}'::jsonb || rest)::text,
        'NAME', name)::jsonb) -> 'errors')::text, name, 'NAME')
$$;
SELECT no_plan();
SELECT ok(pg_temp.told('zzzzzz', rest) <> '[]', what || ': an error') FROM cases;
SELECT is(pg_temp.told('secret', rest), pg_temp.told('zzzzzz', rest), what || ': not readable')
FROM cases;
SELECT is(pg_temp.told('hidden', rest), pg_temp.told('zzzzzz', rest), what || ': hidden')
FROM cases;
SELECT throws_ok(format('SELECT prismiq_column_sample(''vault'', %L)', name), 'PT404',
    'column not found', 'a sample of ' || name)
FROM unnest('{secret,hidden,zzzzzz}'::text[]) name;
SELECT is(jsonb_path_query_array(prismiq_table('vault'), '$.columns[*].name'),
          '["tenant", "id", "at", "n"]', 'nor does its table');
SELECT is((SELECT count(*) FROM jsonb_array_elements(prismiq_schema() -> 'relationships') r
           WHERE r ->> 'from_table' = 'slips'), 1::bigint, 'nor do relationships');
SELECT * FROM finish();
