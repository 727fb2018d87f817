-- Labels of an answer's columns are never twice the same, nor the same as a name without a label.
\set ON_ERROR_STOP on

CREATE TABLE public.facts (id int PRIMARY KEY, tenant text, at date, x numeric, n int, s text,
    ok boolean, other text);
INSERT INTO public.facts SELECT g, 'acme', date '2024-01-01' + g, g, g, 's' || g % 3, g % 2 = 0,
    'Label'
FROM generate_series(1, 90) g;
INSERT INTO public.facts VALUES (100, 'acme', '2024-01-20', 1, 1, 'x', true, 'y'),
    (101, 'acme', '2024-01-20', 1, 1, NULL, NULL, NULL);
SELECT prismiq.prismiq_expose('public.facts', tenant_column => 'tenant') \g /dev/null
GRANT SELECT ON public.facts TO app_user;
SET ROLE app_user;
SELECT prismiq.prismiq_set_context('acme', 'ann', '{admin}', false) \g /dev/null
SELECT prismiq.prismiq_schema_config_set('{"tables": {"facts": {"columns": {"x": {"display_name":
    "Amount"}, "n": {"display_name": "Amount"}, "s": {"display_name": "Label"}, "at":
        {"display_name":
    "Day"}, "ok": {"display_name": "Good"}, "other": {"display_name": "x"}}}}}') \g /dev/null

-- The labels of an answer, or its names where there are none, as prismiq_query says and as
-- compiled.
CREATE FUNCTION pg_temp.labels(definition jsonb) RETURNS text[] LANGUAGE sql AS $f$
    SELECT array_agg(coalesce(m ->> 'display_name', m ->> 'name') ORDER BY n)
    FROM jsonb_array_elements(prismiq.prismiq_query('{"tables": [{"id": "f", "name": "facts"}]}'
        || definition, '{"metadata": true}')::jsonb -> 'metadata') WITH ORDINALITY u (m, n)
$f$;
CREATE FUNCTION pg_temp.compiled(definition jsonb) RETURNS text[] LANGUAGE sql AS $f$
    SELECT array_agg(coalesce(m ->> 'display_name', m ->> 'name') ORDER BY n)
    FROM jsonb_array_elements(prismiq.prismiq_compile('{"tables": [{"id": "f", "name": "facts"}]}'
        || definition) -> 'columns') WITH ORDINALITY u (m, n)
$f$;
CREATE TEMP TABLE asked (name text, definition jsonb, labels text[]);
INSERT INTO asked VALUES
    ('one aggregate', '{"columns": [{"table_id": "f", "column": "x", "aggregation": "sum"}]}',
        '{Amount}'),
    ('two of a column', '{"columns": [{"table_id": "f", "column": "x", "aggregation": "sum"},
        {"table_id": "f", "column": "x", "aggregation": "avg"}]}',
        '{Amount (sum),Amount (average)}'),
    ('the same twice', '{"columns": [{"table_id": "f", "column": "x", "aggregation": "sum"},
        {"table_id": "f", "column": "x", "aggregation": "sum"}]}',
        '{Amount (sum),Amount (sum) (2)}'),
    ('two columns of one label', '{"columns": [{"table_id": "f", "column": "x"}, {"table_id": "f",
        "column": "n"}], "limit": 1}', '{Amount,Amount (2)}'),
    ('a column and its aggregate', '{"columns": [{"table_id": "f", "column": "s"}, {"table_id": "f",
        "column": "s", "aggregation": "max"}]}', '{Label,Label (maximum)}'),
    ('a bucket and its column', '{"columns": [{"table_id": "f", "column": "at"}, {"table_id": "f",
        "column": "at", "aggregation": "max"}], "time_series": {"table_id": "f", "date_column":
            "at",
        "interval": "month", "fill_missing": false}}', '{Day,Day (2),Day (maximum)}'),
    ('labels of the definition', '{"columns": [{"table_id": "f", "column": "x", "display_name":
        "A"},
        {"table_id": "f", "column": "n", "display_name": "A"}, {"table_id": "f", "column": "s",
        "display_name": "A (2)"}], "limit": 1}', '{A,A (2),A (2) (2)}'),
    ('a label that is a name', '{"columns": [{"table_id": "f", "column": "other"}, {"table_id": "f",
        "column": "id", "alias": "x"}], "limit": 1}', '{x (2),x}'),
    ('two tables', '{"tables": [{"id": "f", "name": "facts"}, {"id": "g", "name": "facts"}],
        "joins": [
        {"from_table_id": "f", "from_column": "id", "to_table_id": "g", "to_column": "id"}],
        "columns": [{"table_id": "f", "column": "s"}, {"table_id": "g", "column": "s"}], "limit":
            1}',
        '{Label,Label (2)}'),
    ('a pivot', '{"columns": [{"table_id": "f", "column": "ok"}, {"table_id": "f", "column": "s"},
        {"table_id": "f", "column": "x", "aggregation": "sum"}], "pivot": {"column": "s",
        "value": "x_sum", "rows": ["ok"]}}', '{Good,s0,s1,s2,x,"null"}'),
    ('a pivot of said values', '{"columns": [{"table_id": "f", "column": "ok"}, {"table_id": "f",
        "column": "s"}, {"table_id": "f", "column": "x", "aggregation": "sum", "display_name":
            "A"}],
        "pivot": {"column": "s", "value": "x_sum", "values": ["s0", "Good"]}}',
        '{Good,s0,Good (2)}'),
    ('a comparison', '{"columns": [{"table_id": "f", "column": "x", "aggregation": "sum"},
        {"table_id":
        "f", "column": "x", "aggregation": "max"}], "filters": [{"table_id": "f", "column": "at",
        "operator": "between", "value": ["2024-02-01", "2024-02-29"]}], "compare": {"period":
        "previous_month"}}', '{Amount (sum),Amount (maximum),"Amount (sum), previous month",
        "Amount (sum), change","Amount (sum), change in percent",
        "Amount (maximum), previous month","Amount (maximum), change",
        "Amount (maximum), change in percent"}'),
    ('another comparison', '{"columns": [{"table_id": "f", "column": "x", "aggregation": "sum"}],
        "filters": [{"table_id": "f", "column": "at", "operator": "between", "value": ["2024-02-01",
        "2024-02-29"]}], "compare": {"period": {"offset": "7 days"}}}',
        '{Amount,"Amount, 7 days before","Amount, change","Amount, change in percent"}'),
    ('totals and windows', '{"columns": [{"table_id": "f", "column": "s"}, {"table_id": "f",
        "column": "x", "aggregation": "sum", "alias": "Label"}], "totals": true}',
        '{Label,Amount,_level}');
INSERT INTO asked
SELECT 'all aggregates of ' || c, jsonb_build_object('columns',
    jsonb_agg(jsonb_build_object('table_id',
        'f', 'column', c, 'aggregation', a, 'args', CASE WHEN a IN ('first', 'last') THEN
            '{"order_by": "id"}'::jsonb WHEN a = 'percentile' THEN '{"fraction": 0.5}'
            WHEN a = 'corr' THEN '{"column": "id"}' ELSE '{}' END))),
    NULL
FROM unnest('{x,at,s,ok}'::text[]) c, unnest('{sum,avg,count,count_distinct,min,max,median,
    percentile,
    stddev,variance,corr,mode,first,last,bool_and,bool_or,string_agg,array_agg,
    approx_count_distinct}'::text[]) a
WHERE prismiq.prismiq_validate(jsonb_build_object('tables', '[{"id": "f", "name": "facts"}]'::jsonb,
    'columns', jsonb_build_array(jsonb_build_object('table_id', 'f', 'column', c, 'aggregation', a,
        'args', CASE WHEN a IN ('first', 'last') THEN '{"order_by": "id"}'::jsonb
            WHEN a = 'percentile' THEN '{"fraction": 0.5}'
            WHEN a = 'corr' THEN '{"column": "id"}' ELSE '{}' END)))) -> 'valid' = 'true'
GROUP BY c;

SELECT plan(56);
SELECT is(pg_temp.labels(definition), labels, name) FROM asked WHERE labels IS NOT NULL;
SELECT is(pg_temp.compiled(definition), pg_temp.labels(definition), 'compiled: ' || name) FROM
    asked;
SELECT is((SELECT count(DISTINCT l) FROM unnest(pg_temp.labels(definition)) l),
    (SELECT count(*) FROM unnest(pg_temp.labels(definition)) l), 'never twice: ' || name) FROM
        asked;
SELECT cmp_ok(cardinality(pg_temp.labels(definition)), '>=', 6, name) FROM asked WHERE labels IS
    NULL;
SELECT is((SELECT count(*) FROM asked), 18::bigint, 'so many kinds');
SELECT is(pg_temp.labels(jsonb_build_object('columns', (SELECT
    jsonb_agg(jsonb_build_object('table_id',
    'f', 'column', 'x', 'alias', 'c' || g)) FROM generate_series(1, 500) g), 'limit', 1)),
    '{Amount}' || ARRAY(SELECT format('Amount (%s)', g) FROM generate_series(2, 500) g), 'very
        many');

SELECT finish();
