-- A series over what has no key: its least and greatest time are looked for among plain rows, which
-- nothing numbers or tells apart. That a view can be asked for its least value by an index.
\set ON_ERROR_STOP on

CREATE TABLE public.visits (tenant text, at timestamptz, place int, cost numeric);
INSERT INTO public.visits SELECT 'acme', '2024-01-01 12:00Z'::timestamptz + g * interval '1 day', g
    % 3,
    10 FROM generate_series(0, 9) g;
INSERT INTO public.visits VALUES ('other', '2020-01-01', 1, 1), ('acme', 'infinity', 1, 1);
CREATE INDEX ON public.visits (tenant, at);
CREATE TABLE public.tags (tenant text, place int, tag text);
INSERT INTO public.tags SELECT 'acme', g % 3, 't' || g FROM generate_series(0, 5) g;
CREATE VIEW public.visits_view AS SELECT * FROM public.visits;
CREATE MATERIALIZED VIEW public.visits_kept AS SELECT * FROM public.visits;
SELECT prismiq.prismiq_expose(r, tenant_column => 'tenant')
FROM unnest('{visits,visits_view,visits_kept,tags}'::regclass[]) r \g /dev/null
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) \g /dev/null

CREATE FUNCTION pg_temp.series(name text, more jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $f$
    SELECT jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('id', 'v', 'name',
        name),
            '{"id": "t", "name": "tags"}'::jsonb),
        'joins', '[{"from_table_id": "v", "from_column": "place", "to_table_id": "t", "to_column":
            "place"}]'::jsonb,
        'columns', '[{"table_id": "v", "column": "cost", "aggregation": "sum"}]'::jsonb,
        'time_series', '{"table_id": "v", "date_column": "at", "interval": "1 day", "timezone":
            "UTC"}'
            ::jsonb || more)
$f$;
-- Where the least and greatest time are taken from, in a statement.
CREATE FUNCTION pg_temp.extremes(definition jsonb) RETURNS SETOF text LANGUAGE sql AS $f$
    SELECT m[1]
    FROM regexp_matches(prismiq.prismiq_compile(definition) ->> 'sql',
        'pg_catalog\.min\([^()]*\) AS low, pg_catalog\.max\([^()]*\) AS high '
        'FROM (\(SELECT [^()]*(?:\(\)[^()]*)*) AS b', 'g') m
$f$;

-- Nothing is asked before the statement is compiled.
SET prismiq.dense = off;
SELECT plan(13);
SELECT set_eq(format('SELECT pg_temp.extremes(pg_temp.series(%L))', name),
    ARRAY[format('(SELECT b.at FROM public.%s', name)], 'plain rows of ' || name)
FROM unnest('{visits,visits_view,visits_kept}'::text[]) name;
SELECT matches(prismiq.prismiq_compile(jsonb_insert(pg_temp.series('visits_view'), '{columns,0}',
    '{"table_id": "t", "column": "tag"}')) ->> 'sql', 'row_number',
    'its rows are numbered where they have to be told apart');
SELECT is(prismiq.prismiq_query(pg_temp.series(name)) ->> 'row_count', '10', name || ': ten days')
FROM unnest('{visits,visits_view,visits_kept}'::text[]) name;
SELECT is((SELECT sum((r ->> 1)::numeric) FROM jsonb_array_elements(prismiq.prismiq_query(
    pg_temp.series(name))::jsonb -> 'rows') r), 100::numeric, name || ': each visit once')
FROM unnest('{visits,visits_view,visits_kept}'::text[]) name;
SELECT is(prismiq.prismiq_query(pg_temp.series(name, '{"interval": "auto"}')) ->> 'bucket',
    '1 hour',
    name || ': auto')
FROM unnest('{visits,visits_view,visits_kept}'::text[]) name;

SELECT finish();
