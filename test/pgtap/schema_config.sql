-- A tenant's configuration: its shape, who reads it and who sets it.
\set ON_ERROR_STOP on

SET ROLE app_user;
SELECT no_plan();
SELECT throws_ok('SELECT prismiq.prismiq_schema_config()', '42501', NULL, 'no context');
SELECT prismiq.prismiq_set_context('acme', 'ann', '{analyst}', false) AS context \gset

SELECT is(prismiq.prismiq_schema_config(), '{}', 'none at first');
SELECT throws_ok($$SELECT prismiq.prismiq_schema_config_set('{}')$$, '42501',
    'setting the configuration is not permitted', 'not for an analyst to set');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_schema_config (config) VALUES ('{}')$$, '42501',
    NULL, 'nor by a plain INSERT');

SELECT prismiq.prismiq_set_context('acme', 'adm', '{admin}', false) AS context \gset
SELECT '{"timezone": "America/Los_Angeles", "week_start": "sunday", "fiscal_year_start_month": 4,
    "tables": {"flights": {"display_name": "Flights", "hidden": false, "columns":
        {"delay": {"display_name": "Delay", "format": "duration", "hidden": true}}}}}' AS config
            \gset
SELECT is(prismiq.prismiq_schema_config_set(:'config'), :'config'::jsonb, 'an admin sets it');
SELECT is(prismiq.prismiq_schema_config(), :'config'::jsonb, 'and reads it');
SELECT is(prismiq.prismiq_schema_config_set('{"week_start": "monday"}'),
    '{"week_start": "monday"}', 'in place of what was');
SELECT is((SELECT version FROM prismiq.prismiq_schema_config), 2, 'a new version');

SELECT throws_ok(format('SELECT prismiq.prismiq_schema_config_set(%L)', bad), '22023', message,
    'config: ' || coalesce(bad, 'null'))
FROM (VALUES (NULL, 'expected an object, found null'), ('[]', 'expected an object, found an array'),
             ('{"timezon": "UTC"}', 'unknown key "timezon"'), ('{"timezone": "Mars/Base"}',
                 'time zone "Mars/Base" not recognized'),
             ('{"timezone": "UTC+3"}', 'time zone "UTC+3" not recognized'),
             ('{"week_start": "mon"}', '"mon" is not a valid value of "week_start"'),
             ('{"fiscal_year_start_month": 13}',
                 '"fiscal_year_start_month" must be an integer from 1 to 12'),
             ('{"tables": []}', '"tables" must be an object, not an array'),
             ('{"tables": {"t": {"columns": {"c": {"hidden": "no"}}}}}',
                 '"hidden" must be true or false, not a string'),
             ('{"tables": {"t": 1}}', 'expected an object, found a number')) v (bad, message);
SELECT throws_ok($$UPDATE prismiq.prismiq_schema_config SET config = '{"x": 1}'$$, '22023',
    'unknown key "x"',
    'checked in the table too');

-- How values are shown

CREATE FUNCTION pg_temp.faults(statement text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    EXECUTE statement;
    RETURN '{}';
EXCEPTION WHEN SQLSTATE '22023' THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN ARRAY(SELECT concat_ws(' ', f ->> 'code', f ->> 'path',
                                  '(' || (f ->> 'suggestion') || ')')
                 FROM json_array_elements(detail::json) f);
END
$$;
SELECT is(pg_temp.faults(format(statement, config)), faults, left(statement, 6) || ' ' || config)
FROM (VALUES ('{"currency": "EUR"}', '{}'::text[]), ('{"currency": null}', '{}'),
    ('{"number": {"decimal": ",", "group": "."}}', '{}'), ('{"number": {}}', '{}'),
    ('{"number": {"decimal": ",", "group": " "}}', '{}'), ('{"number": {"group": ""}}', '{}'),
    ('{"number": {"group": "’"}}', '{}'),
    ('{"theme": {"accent": "#f00", "radius": 4, "font": "Inter"}}', '{}'),
    ('{"tables": {"t": {"columns": {"c": {"unit": "km", "format": "our own"}}}}}', '{}'),
    ('{"tables": {"t": {"columns": {"c": {"format": {"type": "currency", "currency": "EUR"}}}}}}',
        '{}'),
    ('{"currency": "euro"}', '{"INVALID_VALUE /currency (Use a code of ISO 4217, such as EUR.)"}'),
    ('{"currency": 1}', '{INVALID_VALUE /currency}'),
    ('{"curency": "EUR"}', '{"UNKNOWN_FIELD /curency (Did you mean \"currency\"?)"}'),
    ('{"number": "x"}', '{INVALID_VALUE /number}'),
    ('{"number": {"decimal": "", "group": "ab"}}',
        '{INVALID_VALUE /number/decimal,INVALID_VALUE /number/group}'),
    ('{"number": {"decimal": "1", "group": "-"}}',
        '{INVALID_VALUE /number/decimal,INVALID_VALUE /number/group}'),
    ('{"number": {"decimal": ","}}', '{"INVALID_VALUE /number/group (Say both: \"decimal\" is . '
        'and \"group\" is , unless they are said.)"}'),
    ('{"number": {"decimals": 2}}',
        '{"UNKNOWN_FIELD /number/decimals (Did you mean \"decimal\"?)"}'),
    ('{"theme": []}', '{INVALID_VALUE /theme}'),
    ('{"theme": {"a": {}, "b": true}}', '{INVALID_VALUE /theme/a,INVALID_VALUE /theme/b}'),
    ('{"tables": {"t": {"columns": {"c": {"unit": 1, "format": {"type": "numbr"}}}}}}',
        '{"INVALID_VALUE /tables/t/columns/c/format/type (Did you mean \"number\"?)",'
        'INVALID_VALUE /tables/t/columns/c/unit}'),
    ('{"tables": {"t": {"columns": {"c": {"format": 1}}}}}',
        '{INVALID_VALUE /tables/t/columns/c/format}')) v (config, faults),
    unnest(ARRAY['SELECT prismiq.prismiq_schema_config_set(%L)',
        'UPDATE prismiq.prismiq_schema_config SET config = %L']) statement;
SELECT is(prismiq.prismiq_schema_config_set('{"week_start": "monday"}'),
    '{"week_start": "monday"}', 'as before');

SELECT prismiq.prismiq_set_context('acme', NULL, '{}', false) AS context \gset
SELECT is(prismiq.prismiq_schema_config(), '{"week_start": "monday"}',
    'everybody in the tenant reads it');
SELECT prismiq.prismiq_set_context('acme', NULL, '{admin}', false) AS context \gset
SELECT throws_ok($$SELECT prismiq.prismiq_schema_config_set('{}')$$, '42501', NULL,
    'an API key never sets it');
WITH changed AS (UPDATE prismiq.prismiq_schema_config SET config = '{}' RETURNING 1)
SELECT is((SELECT count(*) FROM changed), 0::bigint, 'nor by a plain UPDATE');
SELECT prismiq.prismiq_set_context('globex', 'adm', '{owner}', false) AS context \gset
SELECT is(prismiq.prismiq_schema_config(), '{}', 'another tenant does not see it');
SELECT is(prismiq.prismiq_schema_config_set('{"timezone": "UTC"}'), '{"timezone": "UTC"}',
    'and has its own');
SELECT is((SELECT count(*) FROM prismiq.prismiq_schema_config), 1::bigint, 'one row each');

-- A table may go by the name that it is listed by, its schema before it; what either hides is
-- hidden.
SELECT prismiq.prismiq_set_context('acme', 'adm', '{admin}', false) AS context \gset
SELECT set_config('search_path', 'prismiq, public', false) AS path \gset
CREATE FUNCTION pg_temp.seen(tables jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM prismiq_schema_config_set(jsonb_build_object('tables', tables));
    RETURN (SELECT concat_ws(' ', t ->> 'display_name', (SELECT c ->> 'display_name'
            FROM jsonb_array_elements(t -> 'columns') AS c WHERE c ->> 'name' = 'delay'))
        FROM prismiq_table('flights') AS t);
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
SELECT is(pg_temp.seen(tables::jsonb), expected, tables)
FROM (VALUES ('{"public.flights": {"hidden": true}}', 'PT404'),
    ('{"public.flights": {"hidden": true}, "flights": {"hidden": false}}', 'PT404'),
    ('{"public.flights": {"hidden": false}, "flights": {"hidden": true}}', 'PT404'),
    ('{"public.flights": {"display_name": "Departures"}}', 'Departures Delay'),
    ('{"public.flights": {"display_name": "Departures", "columns": {"delay": {"display_name":
        "Late"}}}, "flights": {"display_name": "F", "columns": {"delay": {"display_name": "L"}}}}',
        'Departures Late'),
    ('{"public.flights": {"display_name": "Departures"}, "flights": {"columns": {"delay":
        {"hidden": true}}}}', 'Departures'),
    ('{"public.flights": {"columns": {"delay": {"hidden": true}}}, "flights": {"display_name":
        "Departures", "columns": {"delay": {"display_name": "Late"}}}}', 'Departures'),
    ('{"other.flights": {"hidden": true}, "publicflights": {"hidden": true}}', 'Flights Delay'))
    v (tables, expected);

-- A restore is not asked whether a zone is one.
RESET ROLE;
UPDATE prismiq.prismiq_schema_config SET config = '{"timezone": "CEST"}';
SET ROLE app_user;
SELECT is(prismiq.prismiq_validate('{"tables": [{"id": "o", "name": "orders"}],
        "columns": [{"table_id": "o", "column": "id"}]}') #>> '{warnings,0,message}',
    'unknown time zone "CEST" of the tenant: the session''s is used',
    'a zone that is none is told');

SELECT finish();
