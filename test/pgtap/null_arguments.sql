-- A null argument means its default, for every function that has one; and no function that takes a
-- document answers null because it is not given one. A document may come as a JSON string.
\set ON_ERROR_STOP on

CREATE TABLE public.facts (id int PRIMARY KEY, tenant text, at timestamptz, n int);
INSERT INTO public.facts SELECT g, 'acme', '2024-01-01'::timestamptz + g * interval '1 day', g
FROM generate_series(1, 9) g;
SELECT prismiq.prismiq_expose('public.facts', tenant_column => 'tenant') \g /dev/null
CREATE TABLE public.other (id int PRIMARY KEY, tenant text);
SELECT prismiq.prismiq_set_context('acme', 'ann', '{admin}', false) \g /dev/null
SELECT prismiq.prismiq_dashboard_create('{"name": "D", "filters": [{"id": "f", "type": "select",
    "field": "id"}], "widgets": [{"id": "11111111-1111-4111-8111-111111111111", "type": "table",
    "query": {"tables": [{"id": "f", "name": "facts"}], "columns": [{"table_id": "f",
    "column": "id"}]}}]}') ->> 'id' AS d \gset
SELECT prismiq.prismiq_pin_add('dashboard', :'d') \g /dev/null

-- Good arguments, by their names, and by their functions and names

CREATE TEMP TABLE samples (function text, argument text, value text);
INSERT INTO samples VALUES
    ('', 'definition', $$'{"tables": [{"id": "f", "name": "facts"}], "columns": [{"table_id": "f",
        "column": "id"}]}'::jsonb$$),
    ('', 'dashboard_id', quote_literal(:'d') || '::uuid'),
    ('', 'widget_id', $$'11111111-1111-4111-8111-111111111111'::uuid$$),
    ('', 'tenant_id', $$'acme'$$), ('', 'table_name', $$'facts'$$), ('', 'column_name', $$'id'$$),
    ('prismiq_dashboard_duplicate', 'id', quote_literal(:'d') || '::uuid'),
    ('prismiq_provided_set', 'key', $$'k'$$),
    ('prismiq_provided_set', 'document', $$'{"format": "prismiq.dashboard", "version": "1.0",
        "name": "P"}'::jsonb$$),
    ('', 'resource_type', $$'dashboard'$$), ('', 'resource_id', quote_literal(:'d') || '::uuid'),
    ('prismiq_dashboard_import', 'document', $$'{"format": "prismiq.dashboard", "version": "1.0",
        "name": "I"}'::jsonb$$),
    ('prismiq_expose', 'relation', $$'public.other'$$), ('', 'relation', $$'public.facts'$$),
    ('prismiq_expose', 'tenant_column', $$'tenant'$$), ('prismiq_expose', 'shared', 'false'),
    ('', 'width', $$interval '1 day'$$), ('', 'ts', $$'2024-01-03 12:00'$$),
    ('', 'filter_id', $$'f'$$), ('', 'point', $$'{}'::jsonb$$),
    ('prismiq_query_preview', 'data', $$'{"type": "text"}'::jsonb$$),
    ('', 'start', $$'2024-01-01'$$), ('', 'stop', $$'2024-01-09'$$), ('', 'timezone', $$'UTC'$$);

CREATE TEMP VIEW arguments AS
SELECT p.oid, p.proname::text AS function, a.name, a.place::int, p.pronargs,
       format_type(a.type, NULL) AS type, pg_get_function_arg_default(p.oid,
           a.place::int) AS fallback,
       (SELECT s.value FROM samples s
        WHERE s.argument = a.name AND s.function IN ('',
            p.proname) ORDER BY s.function DESC LIMIT 1) AS
           sample
FROM pg_proc p
JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'prismiq',
     unnest(p.proargnames[1:p.pronargs], p.proargtypes::oid[]) WITH ORDINALITY a (name, type,
         place)
WHERE p.pronamespace = 'prismiq'::regnamespace;

-- A call with one argument replaced; the rest as their samples, else their defaults.
CREATE FUNCTION pg_temp.call(f oid, at int, value text) RETURNS text LANGUAGE sql AS $f$
    SELECT format('SELECT * FROM prismiq.%I(%s)', min(function), string_agg(format('(%s)::%s',
        CASE WHEN place = at THEN value ELSE coalesce(sample, fallback, 'NULL') END, type), ', '
        ORDER BY place))
    FROM arguments WHERE oid = f
$f$;

-- What it comes to; nothing of it stays.
CREATE FUNCTION pg_temp.outcome(call text) RETURNS text LANGUAGE plpgsql AS $f$
DECLARE
    answer text;
BEGIN
    EXECUTE format('SELECT string_agg(r::text, E''\n'') FROM (%s) r', call) INTO answer;
    RAISE EXCEPTION USING ERRCODE = 'ZZ000', MESSAGE = concat('=', answer, ' ',
        prismiq.prismiq_context(), (SELECT jsonb_agg(to_jsonb(e) - 'created_at' ORDER BY 1)
                                    FROM prismiq.prismiq_exposures e));
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    RETURN regexp_replace(SQLERRM, 'execution_time_ms(?:"+|&quot;):[0-9.]+'
        '|[0-9a-f]{8}-[0-9a-f-]{27}|_at"+: "+[^"]+', '', 'g');
WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END
$f$;

SELECT no_plan();
SELECT cmp_ok(count(*), '>=', 20::bigint, 'so many arguments have a default') FROM arguments
WHERE fallback IS NOT NULL;
SELECT is_empty($$SELECT function, name FROM arguments a WHERE fallback IS NULL AND sample IS NULL
    AND EXISTS (SELECT FROM arguments b WHERE b.oid = a.oid AND b.fallback IS NOT NULL)$$,
    'each that must be given has a good one here');
SELECT alike(pg_temp.outcome(pg_temp.call(oid, 0, NULL)), '=_%', function || ' answers')
FROM arguments WHERE fallback IS NOT NULL GROUP BY oid, function;
SELECT is(pg_temp.outcome(pg_temp.call(oid, place, 'NULL')),
    pg_temp.outcome(pg_temp.call(oid, place, fallback)),
    format('%s(%s): null is %s', function, name, fallback))
FROM arguments WHERE fallback IS NOT NULL;

-- Documents and ids that must be given: null is refused, and never answered by null.

CREATE TEMP TABLE required AS
SELECT oid, function, name, place FROM arguments
WHERE fallback IS NULL AND type IN ('jsonb', 'uuid', 'text', 'regclass')
  AND function ~
      '^prismiq_(asset|compile|validate|query|explain|table$|column'
        '|widget_(data|spec|add|update|delete|duplicate)|pin_(add|remove)'
        '|dashboard_(data|page|get|create|update|delete|duplicate|export|import)'
        '|saved_query_(get|create|update|delete)'
        '|custom_(register|remove)|schema_config_set|provided_(set|remove)|expose|hide|set_context)'
  AND function !~ '_check$';
SELECT cmp_ok(count(*), '>=', 25::bigint, 'so many must be given') FROM required;
SELECT matches(pg_temp.outcome(pg_temp.call(oid, place, 'NULL')),
    CASE function WHEN 'prismiq_validate' THEN '^=.*INVALID_JSON' ELSE '^(22023|PT404) ' END,
    format('%s(%s): null is refused', function, name))
FROM required;

-- Documents as strings

CREATE TEMP TABLE documents (call text, document jsonb);
INSERT INTO documents VALUES
    ('SELECT prismiq.prismiq_query(%s)::jsonb - ''execution_time_ms''', '{"tables": [{"id": "f",
        "name": "facts"}], "columns": [{"table_id": "f", "column": "id"}]}'),
    ('SELECT prismiq.prismiq_query_csv(%s)', '{"tables": [{"id": "f",
        "name": "facts"}], "columns": [{"table_id": "f", "column": "id"}]}'),
    ('SELECT prismiq.prismiq_compile(%s) -> ''sql''', '{"tables": [{"id": "f",
        "name": "facts"}], "columns": [{"table_id": "f", "column": "id"}]}'),
    ('SELECT prismiq.prismiq_validate(%s)', '{"tables": 1}'),
    ('SELECT prismiq.prismiq_query(''{"tables": [{"id": "f", "name": "facts"}],
        "columns": [{"table_id":
        "f", "column": "id"}]}'', %s)::jsonb - ''execution_time_ms''', '{"format": "objects",
        "limit": 2}'),
    ('SELECT prismiq.prismiq_dashboard_list(%s)', '{"search": "d", "limit": 3}'),
    ('SELECT prismiq.prismiq_saved_query_list(%s)', '{"scope": "mine"}'),
    ('SELECT prismiq.prismiq_dashboard_import(%s) -> ''name''', '{"format": "prismiq.dashboard",
        "version": "1.0", "name": "as a string"}'),
    ('SELECT prismiq.prismiq_dashboard_import(''{"format": "prismiq.dashboard", "version": "1.0",
        "name": "D"}'', %s) -> ''name''', '{"on_conflict": "rename"}'),
    ('SELECT prismiq.prismiq_dashboard_create(%s) -> ''name''', '{"name": "as a string"}'),
    ('SELECT prismiq.prismiq_saved_query_create(%s) -> ''query''', '{"name": "as a string",
        "query": {"tables": [{"id": "f", "name": "facts"}], "columns": [{"table_id": "f",
        "column": "id"}]}}'),
    ('SELECT prismiq.prismiq_schema_config_set(%s)', '{"timezone": "UTC"}'),
    ('SELECT prismiq.prismiq_widget_update(''11111111-1111-4111-8111-111111111111'',
        %s) -> ''title''',
        '{"title": "new"}'),
    ('SELECT prismiq.prismiq_dashboard_update(' || quote_literal(:'d') || ', %s) -> ''name''',
        '{"name": "new"}'),
    ('SELECT prismiq.prismiq_widget_add(' || quote_literal(:'d') || ', %s) -> ''title''',
        '{"type": "text", "title": "t"}'),
    ('SELECT prismiq.prismiq_widget_data(''11111111-1111-4111-8111-111111111111'',
        %s)::jsonb -> ''rows''',
        '{"f": 3}'),
    ('SELECT prismiq.prismiq_dashboard_data(' || quote_literal(:'d') || ', %s)::jsonb #>
        ''{11111111-1111-4111-8111-111111111111,rows}''', '{"f": 3}');
SELECT is(pg_temp.outcome(format(call, quote_literal(to_jsonb(document::text)) || '::jsonb')),
    pg_temp.outcome(format(call, quote_literal(document) || '::jsonb')), 'as a string: ' || call)
FROM documents;
SELECT alike(pg_temp.outcome(format(call, quote_literal(document) || '::jsonb')), '=(_%',
    'which answers: ' || call)
FROM documents;
SELECT matches(pg_temp.outcome(format(call, quote_literal(d) || '::jsonb')),
    '^(22023 |=.*INVALID_JSON)',
    format('%s in %s', d, call))
FROM documents, (VALUES ('"[]"'), ('"x"'), ('"{"'), ('"\"{}\""'), ('"{\"a\": \"\\u0000\"}"')) v (d);

SELECT finish();
