-- Columns of every odd type, and values of every odd kind against them: what comes is the tenant's
-- row, or an error of ours. prismiq_validate() never raises.
\set ON_ERROR_STOP on
SET client_min_messages = error;

CREATE EXTENSION citext SCHEMA public;
CREATE EXTENSION hstore SCHEMA public;
CREATE SCHEMA odd;
GRANT USAGE ON SCHEMA odd TO app_user;
CREATE DOMAIN odd.words AS text;
CREATE DOMAIN odd.more_words AS odd.words;
CREATE DOMAIN odd.positive AS int CHECK (value > 0);
CREATE DOMAIN odd.more_positive AS odd.positive;
CREATE TYPE odd.colour AS ENUM ('a', 'b''; DROP', 'c');
-- A check whose author speaks of what nobody should hear.
CREATE FUNCTION odd.gossip(int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF $1 = 13 THEN
        RAISE EXCEPTION 'gossip of the tenant evil';
    END IF;
    RETURN true;
END
$$;
CREATE DOMAIN odd.talkative AS int CHECK (odd.gossip(value));
CREATE TYPE odd.pair AS (x int, y odd.talkative);
CREATE TYPE odd.text_range AS RANGE (subtype = text);
CREATE TABLE odd.odd (
    tenant text, id int PRIMARY KEY, words odd.more_words, positive odd.more_positive,
    colour odd.colour, pair odd.pair, pairs odd.pair[], text_range odd.text_range,
    int_range int4range, ranges int4multirange, price money, bits bit(3), varbits varbit,
    one "char", named name, number oid, doc xml, j json, jb jsonb, ci citext, hs hstore, ip inet,
    net cidr, mac macaddr, vector tsvector, search tsquery, place point, area box, poly polygon,
    id2 uuid, ints int[], positives odd.more_positive[], colours odd.colour[], span interval,
    at time, atz timetz, bytes bytea, padded char(5), short varchar(3), class regclass,
    role regrole, f4 float4, f8 float8, n numeric, xid xid, tid tid, lsn pg_lsn,
    snap pg_snapshot, path jsonpath, made int GENERATED ALWAYS AS (id * 2) STORED, "?row" int,
    "o""dd.
col" int, "ключ" text, d date, ts timestamp, tstz timestamptz);
-- Not in the list, for it is generated: made.
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute
WHERE attrelid = 'odd.odd'::regclass AND attnum > 0 AND attname <> 'made' \gset
INSERT INTO odd.odd (:columns)
SELECT t, i, 'x', 3, 'a', '(1,2)', '{"(1,2)"}', '[a,b)', '[1,2)', '{[1,2)}',
       '1.5', '101', '1010', 'c', 'nm', 12, '<a/>', '{"a":1}', '{"a":1}', 'CiText', 'a=>1',
       '1.2.3.4', '1.2.3.0/24', '08:00:2b:01:02:03', 'a b', 'a', '(1,2)', '(1,2),(3,4)',
       '((1,2),(3,4))', '0f9b7d52-3c41-4e7a-9d18-5b2a7c40e1f3'::uuid,
       '{1,2}', '{1,2}', '{a,c}', '1 day', '12:00',
       '12:00+02', '\xdead', 'ab', 'abc', 'pg_class', 'postgres', 1.5, 2.5, 3.5, '5', '(0,1)',
       '0/1', '10:20:', '$.a', 1, 2, 'ж', '2024-01-01', '2024-01-01 10:00',
       '2024-01-01 10:00+00'
FROM (VALUES ('acme', 1), ('evil', 666)) v (t, i);
GRANT SELECT ON odd.odd TO app_user;
SELECT prismiq.prismiq_expose('odd.odd', 'tenant') \gset

SET ROLE app_user;
SET prismiq.tenant_id = 'acme';
SET search_path = prismiq, public;
SELECT no_plan();

-- What a query comes to: "rows" for the tenant's row or none, else the SQLSTATE and the message.
CREATE FUNCTION pg_temp.outcome(definition jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    -- Without the time, whose digits may be those of another tenant.
    answer := prismiq_query(definition)::jsonb - 'execution_time_ms';
    RETURN CASE WHEN answer ~ 'evil|666|1332' THEN answer ELSE 'rows' END;
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END
$$;
CREATE FUNCTION pg_temp.validity(definition jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN prismiq_validate(definition) ->> 'valid';
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END
$$;
CREATE TEMP VIEW tried AS
SELECT attname, op, value, jsonb_build_object(
    'tables', '[{"id": "t", "name": "odd"}]'::jsonb,
    'columns', '[{"table_id": "t", "column": "id"}]'::jsonb,
    'filters', jsonb_build_array(jsonb_build_object(
        'table_id', 't', 'column', attname, 'operator', op, 'value', value))) AS definition
FROM pg_attribute,
     unnest(ARRAY['eq', 'neq', 'gt', 'lte', 'in', 'not_in', 'in_or_null', 'between',
                  'not_between', 'like', 'not_ilike', 'contains', 'is_null', 'date_relative',
                  'date_window', 'date_preset', 'array_contains']) op,
     unnest(ARRAY['null', '"x"', '""', '"2024-01-01"', '"infinity"', '"NaN"', '1', '-1.5', '1e400',
                  'true', '[]', '[null]', '["a", null]', '[1, 2.5]', '["a", "b"]', '{}',
                  '{"period": "daily", "value": 0}', '"last_99999999999_days"', '"{1,2}"',
                  '"(1,2)"', '"(1,13)"', '"{\"(1,13)\"}"', '"[1,2)"', '"\\"', '"%\\"',
                  '9223372036854775808', '"pg_authid"', '[2147483647, -2147483648]',
                  '"no_such_schema.x"', '["4713-01-01 BC", "294276-12-31"]']::jsonb[]) value
WHERE attrelid = 'odd.odd'::regclass AND attnum > 0;

SELECT is(count(*), 28560::bigint, 'columns, operators and values tried') FROM tried;
SELECT is_empty($$
    SELECT attname, op, value, outcome
    FROM (SELECT *, pg_temp.outcome(definition) AS outcome FROM tried) o
    WHERE outcome NOT IN ('rows') AND outcome !~ '^22023 '
       OR outcome ~ 'out of range or cannot be converted|gossip|does not exist' $$,
    'rows of the tenant, or an error about the definition');
SELECT is_empty($$
    SELECT attname, op, value, validity
    FROM (SELECT *, pg_temp.validity(definition) AS validity FROM tried) v
    WHERE validity NOT IN ('true', 'false') $$,
    'prismiq_validate() raises nothing');

-- A value too deep for its type's input.
SELECT is(pg_temp.outcome(definition || jsonb_build_object('filters', jsonb_build_array(
              jsonb_build_object('table_id', 't', 'column', c, 'operator', 'eq', 'value', deep)))),
          format('22023 "%s..." is not a valid value of type %s', left(deep, 100), type),
          'too deep for ' || type)
FROM (SELECT definition FROM tried LIMIT 1) t,
     (VALUES ('search', repeat('!', 100000) || 'a', 'tsquery'),
             ('jb', repeat('[', 200000), 'jsonb')) v (c, deep, type);

-- Whether a name is in the catalogs is not told.
SELECT is(pg_temp.outcome(jsonb_set(definition, '{filters,0,value}', to_jsonb(name))),
          format('22023 "%s" is not a valid value of type %s', name, type),
          format('%s %s', type, name))
FROM tried, (VALUES ('class', 'regclass', 'pg_authid'), ('class', 'regclass', 'pg_no_such'),
                    ('role', 'regrole', 'postgres'), ('role', 'regrole', 'nobody_at_all'))
            v (c, type, name)
WHERE attname = c AND op = 'eq' AND value = '1';

-- Every column as it is, and every aggregate of it.
SELECT is_empty($$
    SELECT attname, aggregation, outcome
    FROM (SELECT attname, aggregation, pg_temp.outcome(jsonb_build_object(
              'tables', '[{"id": "t", "name": "odd"}]'::jsonb,
              'columns', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
                  'table_id', 't', 'column', attname, 'aggregation', aggregation,
                  'args', CASE aggregation WHEN 'percentile' THEN '{"fraction": 0.5}'
                          WHEN 'first' THEN '{"order_by": "id"}'
                          WHEN 'corr' THEN '{"column": "id"}' END::jsonb))))) AS outcome
          FROM pg_attribute, unnest(ARRAY['none', 'sum', 'avg', 'count', 'count_distinct', 'min',
              'max', 'median', 'percentile', 'stddev', 'corr', 'mode', 'first', 'bool_and',
              'string_agg', 'array_agg', 'approx_count_distinct']) aggregation
          WHERE attrelid = 'odd.odd'::regclass AND attnum > 0) o
    WHERE outcome <> 'rows' AND outcome !~ '^22023 cannot take' $$,
    'every aggregate of every type');

-- Every column joined with every other.
SELECT is_empty($$
    SELECT a.attname, b.attname, j.outcome
    FROM pg_attribute a JOIN pg_attribute b
        ON b.attrelid = a.attrelid AND b.attnum > a.attnum,
    LATERAL (SELECT pg_temp.outcome(jsonb_build_object(
              'tables', '[{"id": "t", "name": "odd"}, {"id": "u", "name": "odd"}]'::jsonb,
              'columns', '[{"table_id": "t", "column": "id"}]'::jsonb,
              'joins', jsonb_build_array(jsonb_build_object('from_table_id', 't',
                  'from_column', a.attname, 'to_table_id', 'u', 'to_column', b.attname))))
             AS outcome) j
    WHERE a.attrelid = 'odd.odd'::regclass AND a.attnum > 0
        AND j.outcome <> 'rows' AND j.outcome !~ '^22023 cannot join' $$,
    'every two types joined');
SELECT * FROM finish();
