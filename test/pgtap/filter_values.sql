-- A value that a dashboard's filter does not take: what it says is of the filter's own type.
\set ON_ERROR_STOP on

CREATE TABLE public.facts (id int PRIMARY KEY, tenant text, at date, n int, s text);
SELECT prismiq.prismiq_expose('public.facts', tenant_column => 'tenant') \g /dev/null
SELECT prismiq.prismiq_set_context('acme', 'ann', '{admin}', false) \g /dev/null
SELECT prismiq.prismiq_dashboard_create('{"name": "D", "filters": [
    {"id": "date_range", "type": "date_range", "field": "at"},
    {"id": "select", "type": "select", "field": "s"},
    {"id": "multi_select", "type": "multi_select", "field": "s"},
    {"id": "text", "type": "text", "field": "s"}, {"id": "search", "type": "search", "field": "s"},
    {"id": "number_range", "type": "number_range", "field": "n"}],
    "widgets": [{"type": "table", "id": "11111111-1111-4111-8111-111111111111", "query": {"tables":
        [
        {"id": "f", "name": "facts"}], "columns": [{"table_id": "f", "column": "id"}]}}]}') ->> 'id'
    AS d \gset

CREATE TEMP TABLE kinds (type text, takes text, good text[]);
INSERT INTO kinds VALUES
    ('date_range', '{start, end} or the name of a date preset', '{string,object}'),
    ('select', 'a single value', '{string,number,boolean}'),
    ('multi_select', 'a list of values', '{string,number,boolean,array}'),
    ('text', 'a text', '{string}'), ('search', 'a text', '{string}'),
    ('number_range', '{min, max}', '{object}');
CREATE TEMP TABLE bad (kind text, value text);
INSERT INTO bad VALUES ('array', '["a", {"b": 1}]'), ('array', '[["a"]]'), ('array', '[null, [1]]'),
    ('object', '{"a": 1}'), ('object', '{"value": ["a"]}'), ('string', '"abc"'), ('number', '1'),
    ('number', '1.5'), ('boolean', 'true');

CREATE FUNCTION pg_temp.said(call text, value text, d uuid) RETURNS text[] LANGUAGE plpgsql AS $f$
DECLARE
    detail text;
BEGIN
    EXECUTE call USING d, value::jsonb;
    RETURN '{answer}';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN ARRAY[SQLSTATE, SQLERRM, detail::jsonb #>> '{0,code}', detail::jsonb #>> '{0,path}'];
END
$f$;

SELECT plan(84);
SELECT is(pg_temp.said(call, format('{%s: %s}', to_json(type), value), id::uuid),
    ARRAY['22023', format('filter "%s" takes %s', type, takes), 'INVALID_VALUE', '/filters/' ||
        type],
    format('%s: %s by %s', type, value, call))
FROM kinds, bad, (VALUES ('SELECT prismiq.prismiq_dashboard_data($1, $2)', :'d'),
    ('SELECT prismiq.prismiq_widget_data($1, $2)', '11111111-1111-4111-8111-111111111111')) c (call,
        id)
WHERE NOT kind = ANY (good) OR (type = 'multi_select' AND kind = 'array');
SELECT is((SELECT count(*) FROM kinds, bad WHERE NOT kind = ANY (good)
    OR (type = 'multi_select' AND kind = 'array')), 39::bigint, 'so many kinds');
SELECT is(pg_temp.said('SELECT prismiq.prismiq_dashboard_data($1, $2)', format('{%s: %s}',
    to_json(type), value), :'d'), '{answer}', format('%s: %s is none', type, value))
FROM (VALUES ('multi_select', '[]'), ('multi_select', '"a"'), ('multi_select', '["a", "b"]'),
    ('select', '"__all__"'), ('number_range', '{"min": 1}')) v (type, value);

SELECT finish();
