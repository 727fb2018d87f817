-- A zone in a value is honoured wherever the value stands and whatever the column has: against a
-- timestamp without time zone, or a date, it is the same moment on the clocks of the query's zone.
\set ON_ERROR_STOP on

CREATE DOMAIN public.local_time AS timestamp;
CREATE TABLE public.moments (id int PRIMARY KEY, tenant text, local timestamp,
    own public.local_time,
    instant timestamptz, day date, locals timestamp[], n int);
INSERT INTO public.moments
SELECT g, 'acme', l, l, l AT TIME ZONE 'Europe/Berlin', l::date, ARRAY[l], g
FROM generate_series(0, 9) g, LATERAL (SELECT timestamp '2024-01-01 00:00' + g * interval '6 hours')
    l (l);
INSERT INTO public.moments VALUES (99, 'acme');
SELECT prismiq.prismiq_expose('public.moments', tenant_column => 'tenant') \g /dev/null
GRANT SELECT ON public.moments TO app_user;
SET ROLE app_user;
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) \g /dev/null
SET TimeZone = 'America/New_York';
SELECT no_plan();

-- What a definition of these parts answers in Berlin, or what it is refused for.
CREATE FUNCTION pg_temp.asked(parts jsonb,
    options jsonb = '{}') RETURNS text LANGUAGE plpgsql AS $f$
BEGIN
    RETURN prismiq.prismiq_query('{"tables": [{"id": "m", "name": "moments"}], "columns": [
            {"table_id": "m", "column": "id"}]}' || parts,
        '{"timezone": "Europe/Berlin"}' || options)::jsonb -> 'rows';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END
$f$;

-- The same moment, 06:00 of 2 January in Berlin, with zones and without.
CREATE TEMP TABLE spellings (text text);
INSERT INTO spellings VALUES ('2024-01-02T05:00:00Z'), ('2024-01-02 05:00:00.000+00'),
    ('2024-01-01T23:00:00-06:00'), ('2024-01-02 14:00 Asia/Tokyo'), ('2024-01-02T00:00:00-05');
CREATE TEMP TABLE places (name text, parts text);
INSERT INTO places
SELECT format('%s %s', c, op), format('{"filters": [{"table_id": "m", "column": "%s",
    "operator": "%s",
    "value": %s}]}', c, op, value)
FROM unnest('{local,own,instant,day}'::text[]) c, (VALUES ('eq', '"@"'), ('neq', '"@"'), ('lt',
    '"@"'),
    ('lte', '"@"'), ('gt', '"@"'), ('gte', '"@"'), ('in', '["@", null]'), ('not_in', '["@"]'),
    ('between', '["@", "2024-01-02 19:00"]'), ('not_between', '["2024-01-01 12:00", "@"]')) o (op,
        value);
INSERT INTO places
SELECT format('%s: %s', c, name), format(parts, c)
FROM unnest('{local,own,instant,day}'::text[]) c, (VALUES
    ('a measure''s own condition', '{"columns": [{"table_id": "m", "column": "n",
        "aggregation": "sum",
        "filters": [{"table_id": "m", "column": "%s", "operator": "lt", "value": "@"}]}]}'),
    ('having', '{"columns": [{"table_id": "m", "column": "n"}, {"table_id": "m", "column": "%1$s",
        "aggregation": "max", "alias": "x"}], "having": [{"column": "x", "operator": "gte",
        "value": "@"}]}'),
    ('compared in an expression', '{"columns": [{"column": "f"}],
        "calculated_fields": [{"name": "f",
        "expression": "[%s] >= ''@''"}]}'),
    ('listed in an expression', '{"columns": [{"column": "f"}], "calculated_fields": [{"name": "f",
        "expression": "[%s] in (''@'', ''2024-01-01'')"}]}'),
    ('in place of null', '{"columns": [{"column": "f"}], "calculated_fields": [{"name": "f",
        "expression": "coalesce([%s], ''@'')"}]}'),
    ('a difference', '{"columns": [{"column": "f"}], "calculated_fields": [{"name": "f",
        "expression": "datediff([%s], ''@'', ''hour'')"}]}'),
    ('a range', '{"columns": [{"table_id": "m", "column": "n", "aggregation": "sum"}],
        "time_series": {"table_id": "m", "date_column": "%s", "interval": "1 day", "range": {
        "start": "2024-01-01", "end": "@"}}}'),
    ('a range''s start', '{"columns": [{"table_id": "m", "column": "n", "aggregation": "sum"}],
        "time_series": {"table_id": "m", "date_column": "%s", "interval": "1 day", "range": {
        "start": "@", "end": "2024-01-03"}}}'),
    ('a parameter', '{"params": {"p": {"type": "timestamp", "default": "@"}}, "filters": [
        {"table_id": "m", "column": "%s", "operator": "gt", "value": {"param": "p"}}]}'),
    ('what a gap is filled with', '{"columns": [{"table_id": "m", "column": "%1$s",
        "aggregation": "max"}],
        "filters": [{"table_id": "m", "column": "n", "operator": "lt", "value": 1}],
            "time_series": {
        "table_id": "m", "date_column": "instant", "interval": "1 day", "range": {"start":
        "2024-01-01", "end": "2024-01-02"}, "fill_value": "@"}}')) p (name, parts);
INSERT INTO places VALUES
    ('an element', '{"filters": [{"table_id": "m", "column": "locals", "operator": "array_contains",
        "value": "@"}]}');

SELECT cmp_ok(count(*), '=', 81::bigint, 'so many places') FROM places;
SELECT is(pg_temp.asked(replace(parts, '@', text)::jsonb),
    pg_temp.asked(replace(parts, '@', '2024-01-02 06:00')::jsonb), format('%s: %s', name, text))
FROM places, spellings;
SELECT matches(pg_temp.asked(replace(parts, '@', '2024-01-02 06:00')::jsonb), '^\[\[',
    'which is an answer: ' || name)
FROM places;

-- Said by hand

SELECT is(pg_temp.asked(replace('{"filters": [{"table_id": "m", "column": "local", "operator": "lt",
    "value": "@"}], "order_by": [{"alias": "id"}]}', '@', '2024-01-01T05:00:00Z')::jsonb), '[[0]]',
    'five in London is six in Berlin');
SELECT is(pg_temp.asked('{"filters": [{"table_id": "m", "column": "day", "operator": "eq",
    "value": "2024-01-01T23:00:00.000Z"}], "order_by": [{"alias": "id"}]}'), '[[4], [5], [6], [7]]',
    'midnight in Berlin, as a browser there writes it, is that day');
SELECT is(pg_temp.asked('{"filters": [{"table_id": "m", "column": "local", "operator": "lte",
    "value": "infinity"}, {"table_id": "m", "column": "local", "operator": "gt", "value":
    "-infinity"}], "columns": [{"table_id": "m", "column": "*", "aggregation": "count"}]}'),
        '[[10]]',
    'infinity has no zone');

SELECT finish();
