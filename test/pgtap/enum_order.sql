-- The order of an enum is what its type says at the moment: labels that are added before others,
-- renamed, or made in this very transaction, asked for by plans that were kept from before.
\set ON_ERROR_STOP on

CREATE TYPE public.size AS ENUM ('small', 'large');
CREATE TABLE public.shirts (id int PRIMARY KEY, tenant text, size public.size, n int);
INSERT INTO public.shirts VALUES (1, 'acme', 'small', 1), (2, 'acme', 'large', 2),
    (3, 'acme', 'small', 3), (4, 'other', 'large', 99);
SELECT prismiq.prismiq_expose('public.shirts', tenant_column => 'tenant') \g /dev/null
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) \g /dev/null

CREATE FUNCTION pg_temp.ask(parts jsonb) RETURNS text LANGUAGE plpgsql AS $f$
BEGIN
    RETURN prismiq.prismiq_query('{"tables": [{"id": "s", "name": "shirts"}], "columns":
        [{"table_id":
        "s", "column": "id"}], "order_by": [{"alias": "id"}]}' || parts)::jsonb -> 'rows';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END
$f$;
CREATE FUNCTION pg_temp.by_hand(statement text) RETURNS text LANGUAGE plpgsql AS $f$
DECLARE
    answer jsonb;
BEGIN
    EXECUTE format('SELECT coalesce(jsonb_agg((SELECT jsonb_agg(value ORDER BY n) FROM
        jsonb_each(to_jsonb(r)) WITH ORDINALITY e (key, value, n))), ''[]'') FROM (%s)
            r', statement)
    INTO answer;
    RETURN answer;
END
$f$;

-- In each, @ is a label. The statement by hand has the same rows.
CREATE TEMP TABLE asked (name text, parts text, statement text);
INSERT INTO asked
SELECT op, format('{"filters": [{"table_id": "s", "column": "size", "operator": "%s", "value":
        "@", "nulls": "exclude"}]}', op),
    format('SELECT id FROM shirts WHERE tenant = ''acme'' AND size %s ''@'' ORDER BY id', sign)
FROM (VALUES ('eq', '='), ('neq', '<>'), ('lt', '<'), ('lte', '<='), ('gt', '>'), ('gte', '>='))
    o (op, sign);
INSERT INTO asked VALUES
    ('between', '{"filters": [{"table_id": "s", "column": "size", "operator": "between", "value":
        ["@",
        "large"]}]}', 'SELECT id FROM shirts WHERE tenant = ''acme'' AND size BETWEEN ''@'' AND
        ''large'' ORDER BY id'),
    ('in', '{"filters": [{"table_id": "s", "column": "size", "operator": "in", "value": ["@"]}]}',
        'SELECT id FROM shirts WHERE tenant = ''acme'' AND size IN (''@'') ORDER BY id'),
    ('order', '{"columns": [{"table_id": "s", "column": "size"}, {"table_id": "s", "column": "id"}],
        "order_by": [{"alias": "size"}, {"alias": "id"}]}',
        'SELECT size AS a, id AS b FROM shirts WHERE tenant = ''acme'' ORDER BY size, id'),
    ('order, the other way', '{"columns": [{"table_id": "s", "column": "size"}, {"table_id": "s",
        "column": "id"}], "order_by": [{"alias": "size", "direction": "DESC"}, {"alias": "id"}]}',
        'SELECT size AS a, id AS b FROM shirts WHERE tenant = ''acme'' ORDER BY size DESC, id'),
    ('min and max', '{"columns": [{"table_id": "s", "column": "size", "aggregation": "min"},
        {"table_id": "s", "column": "size", "aggregation": "max"}], "order_by": []}',
        'SELECT min(size) AS a, max(size) AS b FROM shirts WHERE tenant = ''acme'''),
    ('groups', '{"columns": [{"table_id": "s", "column": "size"}, {"table_id": "s", "column": "n",
        "aggregation": "sum"}], "order_by": [{"alias": "size"}]}',
        'SELECT size AS a, sum(n)::int AS b FROM shirts WHERE tenant = ''acme'' GROUP BY size
        ORDER BY size'),
    ('having', '{"columns": [{"table_id": "s", "column": "id"}, {"table_id": "s", "column": "size",
        "aggregation": "max", "alias": "m"}], "having": [{"column": "m", "operator": "gte", "value":
        "@"}]}', 'SELECT id AS a, size AS b FROM shirts WHERE tenant = ''acme'' AND size >= ''@''
        ORDER BY id'),
    ('an expression', '{"columns": [{"table_id": "s", "column": "id"}, {"column": "f"}],
        "calculated_fields": [{"name": "f", "expression": "[size] > ''@''"}]}',
        'SELECT id AS a, size > ''@'' AS b FROM shirts WHERE tenant = ''acme'' ORDER BY id'),
    ('a window', '{"columns": [{"table_id": "s", "column": "size"}, {"table_id": "s", "column": "n",
        "aggregation": "sum", "alias": "t"}], "windows": [{"alias": "r", "function": "rank",
        "order_by": [{"alias": "size", "direction": "ASC"}]}], "order_by": [{"alias": "r"}]}',
        'SELECT size AS a, sum(n)::int AS b, rank() OVER (ORDER BY size) AS c FROM shirts
        WHERE tenant = ''acme'' GROUP BY size ORDER BY size'),
    ('a pivot', '{"columns": [{"table_id": "s", "column": "size"}, {"table_id": "s", "column": "n",
        "aggregation": "sum", "alias": "t"}], "pivot": {"column": "size", "value": "t"},
        "order_by": []}', 'SELECT * FROM crosstab');

CREATE FUNCTION pg_temp.labels() RETURNS SETOF text LANGUAGE sql AS $f$
    SELECT enumlabel::text FROM pg_enum WHERE enumtypid = 'public.size'::regtype
$f$;
CREATE FUNCTION pg_temp.all_right(stage text) RETURNS SETOF text LANGUAGE plpgsql AS $f$
BEGIN
    RETURN NEXT is(string_agg(format(E'%s %s: %s\n', name, label, pg_temp.ask(replace(parts, '@',
            label)::jsonb)), '' ORDER BY name, label),
        string_agg(format(E'%s %s: %s\n', name, label, pg_temp.by_hand(replace(statement, '@',
            label))), '' ORDER BY name, label), stage)
    FROM asked, pg_temp.labels() label WHERE name <> 'a pivot';
    RETURN NEXT is((SELECT jsonb_agg(c) FROM jsonb_array_elements(prismiq.prismiq_query(
            '{"tables": [{"id": "s", "name": "shirts"}]}' || parts::jsonb)::jsonb -> 'columns') c),
        (SELECT to_jsonb(array_agg(DISTINCT size)) FROM shirts WHERE tenant = 'acme'), stage
        || ': the columns of a pivot')
    FROM asked WHERE name = 'a pivot';
    RETURN NEXT is(prismiq.prismiq_column_sample('shirts', 'size', 20),
        (SELECT to_jsonb(array_agg(DISTINCT size)) FROM shirts WHERE tenant = 'acme'), stage
        || ': a sample');
END
$f$;

SELECT plan(24);
SELECT pg_temp.all_right('at first');
ALTER TYPE public.size ADD VALUE 'tiny' BEFORE 'small';
SELECT pg_temp.all_right('one that no row has');
INSERT INTO public.shirts VALUES (5, 'acme', 'tiny', 5);
SELECT pg_temp.all_right('one before all');
ALTER TYPE public.size ADD VALUE 'medium' BEFORE 'large';
ALTER TYPE public.size ADD VALUE 'huge' AFTER 'large';
ALTER TYPE public.size ADD VALUE 'mini' AFTER 'tiny';
INSERT INTO public.shirts VALUES (6, 'acme', 'medium', 6), (7, 'acme', 'huge', 7),
    (8, 'acme', 'mini', 8);
SELECT pg_temp.all_right('several between');
ALTER TYPE public.size RENAME VALUE 'large' TO 'big';
ALTER TYPE public.size RENAME VALUE 'tiny' TO 'large';
SELECT pg_temp.all_right('one that has another one''s name');

-- In the transaction that makes it: not committed, so no row can have it yet.
BEGIN;
ALTER TYPE public.size ADD VALUE 'first' BEFORE 'large';
SELECT is(pg_temp.ask(replace(parts, '@', 'first')::jsonb), rows, 'uncommitted: ' || name)
FROM asked JOIN (VALUES ('gt', '[[1], [2], [3], [5], [6], [7], [8]]'), ('lte', '[]'), ('eq', '[]'))
    v (name, rows) USING (name);
ROLLBACK;
SELECT is(pg_temp.ask(replace(parts, '@', 'first')::jsonb), '22023 "first" is not a valid value of '
    'type size', 'and gone: ' || name)
FROM asked WHERE name IN ('gt', 'lte', 'eq');
SELECT pg_temp.all_right('as if nothing had been');

SELECT finish();
