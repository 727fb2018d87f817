-- prismiq_validate runs nothing of a definition, and raises nothing but 42501, without a context.
\set ON_ERROR_STOP on

-- A relation that counts how often it is read, one without data, and odd types.
CREATE SCHEMA v;
GRANT USAGE ON SCHEMA v TO app_user;
CREATE SEQUENCE v.reads;
CREATE TYPE v.mood AS ENUM ('sad', 'happy');
CREATE TYPE v.pair AS (a int, b text);
CREATE DOMAIN v.small AS int CHECK (VALUE < 10);
CREATE TABLE v.facts (id int PRIMARY KEY, tenant text, at timestamptz, local timestamp, day date,
    n int, big bigint, x numeric, f float8, s text, m v.mood, p v.pair, d v.small, j jsonb,
    tags text[], r int4range, b bytea, ok boolean, t time, i interval, u uuid, o oid);
INSERT INTO v.facts (id, tenant, at, s, n) VALUES (1, 'acme', '2024-01-01', 'a', 1);
CREATE FUNCTION v.look(n int) RETURNS int LANGUAGE plpgsql VOLATILE AS
    $$BEGIN PERFORM nextval('v.reads'); RETURN n; END$$;
CREATE VIEW v.looked AS SELECT id, tenant, at, s, v.look(n) AS n FROM v.facts;
CREATE MATERIALIZED VIEW v.unfilled AS SELECT * FROM v.looked WITH NO DATA;
GRANT SELECT ON v.facts, v.looked, v.unfilled TO app_user;
GRANT USAGE ON SEQUENCE v.reads TO app_user;
SELECT prismiq.prismiq_expose(r, tenant_column => 'tenant', time_column => 'at')
FROM unnest('{v.facts,v.looked,v.unfilled}'::regclass[]) r \g /dev/null

CREATE FUNCTION public.looks() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS
    'SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM v.reads';

-- What validating comes to: the codes, or what was raised.
CREATE FUNCTION public.verdict(definition jsonb) RETURNS text LANGUAGE plpgsql AS $f$
DECLARE
    answer jsonb;
BEGIN
    answer := prismiq.prismiq_validate(definition);
    IF answer IS NULL OR NOT answer ?& '{valid,errors,warnings}'
        OR (answer -> 'valid')::boolean IS DISTINCT FROM (answer -> 'errors' = '[]') THEN
        RETURN 'no answer: ' || coalesce(answer::text, 'null');
    END IF;
    RETURN 'fine' || coalesce((SELECT string_agg(' ' || (e ->> 'code'), '')
                               FROM jsonb_array_elements(answer -> 'errors') e), '');
EXCEPTION WHEN OTHERS THEN
    RETURN 'raised ' || SQLSTATE || ' ' || SQLERRM;
END
$f$;

SET ROLE app_user;
SET prismiq.schema = 'v';
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) \g /dev/null
SELECT prismiq.prismiq_saved_query_create('{"name": "q", "query": {"tables": [{"id": "f",
    "name": "facts"}], "columns": [{"table_id": "f", "column": "s"}, {"table_id": "f",
    "column": "n", "aggregation": "sum"}]}}') ->> 'id' AS saved \gset

-- Documents that are none

SELECT is(public.verdict(d), 'fine INVALID_JSON', 'no object: ' || coalesce(d::text, 'NULL'))
FROM (VALUES (NULL::jsonb), ('null'), ('1'), ('"x"'), ('true'), ('[]'), ('[{}]'), ('"[]"'),
    ('"{"'), ('"{\"a\": 1e999999}"'), ('""'), ('"null"')) v (d);
SELECT is(public.verdict('{}'), 'fine MISSING_FIELD MISSING_FIELD', 'nothing at all');

-- What a key beside it makes needless, and what is null in place of a number, is looked at

SELECT is(public.verdict('{"tables": [{"id": "f", "name": "facts"}], "columns": [{"table_id": "f",
    "column": "s"}, {"table_id": "f", "column": "n", "aggregation": "sum", "alias": "n"}]}'
    || part), 'fine' || codes, 'looked at: ' || part::text)
FROM (VALUES ('{"order_by": [{"alias": "n", "table_id": 5}]}'::jsonb, ' INVALID_VALUE'),
    ('{"order_by": [{"alias": "n", "table_id": "f"}]}', ''),
    ('{"having": [{"column": "n", "operator": "gt", "value": 1, "args": {"fraction": 1}}]}',
        ' INVALID_VALUE'),
    ('{"filters": [{"table_id": "f", "column": "at", "operator": "date_window",
        "value": {"period": "daily", "value": null}}]}', ' INVALID_VALUE')) v (part, codes);

-- One definition of every kind

\getenv dir TEST_DIR
\set definitions :dir /lib/definitions.sql
\i :definitions
INSERT INTO definitions VALUES
    ('saved', jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('id', 'f',
        'saved_query', :'saved')), 'columns', '[{"table_id": "f", "column": "s"}]'::jsonb)),
    ('unfilled', '{"tables": [{"id": "f", "name": "unfilled"}], "columns": [{"table_id": "f",
        "column": "s"}, {"table_id": "f", "column": "n", "aggregation": "sum", "alias": "n"}],
        "pivot": {"column": "s", "value": "n"}}'),
    ('types', (SELECT jsonb_build_object('tables', '[{"id": "f", "name": "facts"}]'::jsonb,
        'columns',
        jsonb_agg(jsonb_build_object('table_id', 'f', 'column', attname)), 'filters',
        jsonb_agg(jsonb_build_object('table_id', 'f', 'column', attname, 'operator', 'gt', 'value',
            'x'))) FROM pg_attribute WHERE attrelid = 'v.facts'::regclass AND attnum > 0));
SELECT is(public.verdict(definition), CASE name WHEN 'unfilled' THEN 'fine INVALID_VALUE'
    ELSE 'fine' END, name)
FROM definitions WHERE name NOT IN ('types');
SELECT is(public.looks(), 0::bigint, 'nothing was run');
SELECT isnt(prismiq.prismiq_query(definition) ->> 'columns', NULL, name || ' answers, however')
FROM definitions WHERE name IN ('auto', 'pivot');
SELECT cmp_ok(public.looks(), '>', 0::bigint, 'which does run it');
SELECT public.looks() AS looks \gset

-- Every value of each of them, by every odd one

CREATE FUNCTION pg_temp.places(d jsonb, at text[] = '{}') RETURNS SETOF text[] LANGUAGE sql AS $f$
    SELECT at
    UNION ALL
    SELECT p FROM jsonb_each(CASE jsonb_typeof(d) WHEN 'object' THEN d ELSE '{}' END) o (k, v),
        pg_temp.places(v, at || k) p
    UNION ALL
    SELECT p FROM jsonb_array_elements(CASE jsonb_typeof(d) WHEN 'array' THEN d ELSE '[]' END)
        WITH ORDINALITY a (v, n), pg_temp.places(v, at || (n - 1)::text) p
$f$;
CREATE TEMP TABLE odd (value jsonb);
INSERT INTO odd VALUES ('null'), ('""'), ('"x"'), ('-1'), ('1e30'), ('0.5'), ('true'), ('[]'),
    ('{}'),
    ('[[[[[[]]]]]]'), ('{"a": {"b": [1]}}'), ('"f"'), ('"n"'), ('"p"'), ('"j"'), ('"tags"'),
    ('"infinity"'), ('"2024-02-31"'), ('"294277-01-01"'),
        ('"00000000-0000-4000-8000-000000000000"'),
    (to_jsonb(repeat('é', 300))), (to_jsonb(repeat('(', 5000))), ('{"param": "p"}'),
    ('"\\"'), ('[1, "a", null, {}]'), ('"prismiq_dashboards"'), ('"1 year"'),
        ('9223372036854775808');
CREATE TEMP TABLE tried AS
    SELECT d.name, p, value, public.verdict(CASE p WHEN '{}' THEN value
        ELSE jsonb_set(definition, p, value) END) AS verdict
    FROM definitions d, pg_temp.places(definition) p, odd;
SELECT cmp_ok(count(*), '>', 5000::bigint, 'so many were tried') FROM tried;
SELECT cmp_ok(count(*), '>', 100::bigint, 'of which some are valid') FROM tried WHERE verdict =
    'fine';
SELECT is_empty($$SELECT name, p, value, verdict FROM tried WHERE verdict NOT LIKE 'fine%' LIMIT
    10$$,
    'and none raised anything');
SELECT is(public.looks(), :looks::bigint, 'nothing was run');

-- Under limits that they are over

RESET ROLE;
CREATE FUNCTION public.under(setting text, value text, definition jsonb) RETURNS text
LANGUAGE plpgsql AS $f$
DECLARE
    before text := current_setting(setting);
    verdict text;
BEGIN
    PERFORM set_config(setting, value, false);
    verdict := public.verdict(definition);
    PERFORM set_config(setting, before, false);
    RETURN verdict;
END
$f$;
CREATE TEMP TABLE limits (setting text, value text);
INSERT INTO limits SELECT name, '1' FROM pg_settings
    WHERE name ~ '^prismiq\.max_(nesting|tables|columns|filters|buckets|list_values|items)$';
INSERT INTO limits VALUES ('prismiq.max_definition_bytes', '1kB'), ('prismiq.schema', 'nowhere'),
    ('prismiq.query_timeout', '1ms'), ('TimeZone', 'Asia/Kathmandu'), ('DateStyle', 'SQL, DMY'),
    ('search_path', ''), ('search_path', 'pg_temp, v'), ('default_transaction_read_only', 'on'),
    ('prismiq.max_cost', '1'), ('prismiq.max_result_bytes', '1kB'), ('standard_conforming_strings',
    'off');
GRANT SELECT ON limits TO app_user;
SET ROLE app_user;
SELECT cmp_ok(count(*), '=', 18::bigint, 'so many settings') FROM limits;
SELECT doesnt_match(string_agg(public.under(setting, value, definition), '; '), 'raised|no answer',
    format('%s = %s', setting, value))
FROM limits, definitions GROUP BY setting, value;
SELECT matches(public.under('prismiq.max_tables', '1', definition), 'TOO_COMPLEX',
    'a limit is a fault')
FROM definitions WHERE name = 'groups';
SELECT is(public.verdict(jsonb_build_object('tables', '[]'::jsonb, 'columns',
    (SELECT jsonb_agg(g) FROM generate_series(1, 200000) g))), 'fine TOO_COMPLEX',
    'a list of very many');
SELECT matches(public.verdict(('{"a": ' || repeat('[', 3000) || repeat(']', 3000) || '}')::jsonb),
    '^fine TOO_COMPLEX$', 'very deep');

-- A saved query that is not there, is another tenant's, or is made of itself

SELECT is(public.verdict('{"tables": [{"id": "f", "saved_query":
    "00000000-0000-4000-8000-000000000000"}], "columns": [{"table_id": "f", "column": "s"}]}'),
    'fine TABLE_NOT_FOUND', 'a saved query that is not there');
SELECT prismiq.prismiq_saved_query_update(:'saved', (SELECT jsonb_build_object('query', definition)
    FROM definitions WHERE name = 'saved')) \g /dev/null
SELECT is(public.verdict(definition), 'fine CIRCULAR_REFERENCE', 'one that is made of itself')
FROM definitions WHERE name = 'saved';
SELECT prismiq.prismiq_set_context('globex', 'bob', '{}', false) \g /dev/null
SELECT is(public.verdict(definition), 'fine TABLE_NOT_FOUND', 'one of another tenant')
FROM definitions WHERE name = 'saved';

-- A JSON string that holds a definition is that definition.

SELECT is(prismiq.prismiq_validate(to_jsonb(definition::text)),
    prismiq.prismiq_validate(definition),
    name || ' as a string')
FROM definitions WHERE name <> 'saved';

-- Warnings end, as faults do: each parameter without a value is one.

SET prismiq.max_items = 10000;
SELECT is(ARRAY[jsonb_array_length(v -> 'warnings'), jsonb_array_length(v -> 'errors')],
    ARRAY[least(n, 1000) + (n > 1000)::int, 0], n || ' warnings, at most a thousand and one')
FROM unnest('{3,1000,1001,9000}'::int[]) n,
    LATERAL prismiq.prismiq_validate(jsonb_build_object('tables',
        '[{"id": "f", "name": "facts"}]'::jsonb, 'columns',
            '[{"table_id": "f", "column": "s"}]'::jsonb,
        'params', (SELECT jsonb_object_agg('p' || g, '{"type": "integer", "required": true}'::jsonb)
            FROM generate_series(1, n) g),
        'filters', jsonb_build_array(jsonb_build_object('table_id', 'f', 'column', 'n', 'operator',
            'in',
            'value', (SELECT jsonb_agg(jsonb_build_object('param', 'p' || g))
                FROM generate_series(1, n) g))))) v;
RESET prismiq.max_items;

-- Without a context: 42501, whatever is asked

RESET prismiq.tenant_id;
SELECT is(public.verdict(d), 'raised 42501 there is no tenant context', 'no tenant')
FROM (SELECT definition FROM definitions UNION ALL VALUES (NULL::jsonb), ('[]'), ('{}')) v (d);
SET request.jwt.claims = 'no JSON';
SELECT is(public.verdict(definition), 'raised 42501 there is no tenant context', 'bad claims')
FROM definitions;
SELECT is((SELECT count(*) FROM definitions), 11::bigint, 'of every kind');

SELECT finish();
