-- The application's model under every tenant's configuration: who sets it, what it may say, which
-- of the two counts, and when it is seen.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE ROLE model_admin;
SELECT FROM prismiq.prismiq_grant('model_admin', 'admin');
GRANT SELECT ON flights, airports TO model_admin;
SELECT no_plan();

-- ---- Who sets it -------------------------------------------------------------------------------
SET ROLE model_admin;
SELECT is(prismiq.prismiq_model(), '{}', 'none at first');
SELECT is(prismiq.prismiq_model_set('{"week_start": "sunday"}'), '{"week_start": "sunday"}',
    'profile admin sets it, without a context');
SELECT is(prismiq.prismiq_model(), '{"week_start": "sunday"}', 'and reads it');
SELECT is(prismiq.prismiq_model_set('{"timezone": "UTC"}'), '{"timezone": "UTC"}',
    'in place of what was');
SELECT is(prismiq.prismiq_model_set('"{\"timezone\": \"UTC\"}"'), '{"timezone": "UTC"}',
    'a JSON string that holds an object is that object');
SELECT is((SELECT (count(*), min(version))::text FROM prismiq.prismiq_model), '(1,3)',
    'one row, with its versions');
SELECT throws_ok($$INSERT INTO prismiq.prismiq_model (only_row, config) VALUES (false, '{}')$$,
    '23514', NULL, 'there is one row at most');
SELECT throws_ok($$UPDATE prismiq.prismiq_model SET config = '{"x": 1}'$$, '22023',
    'unknown key "x"', 'a plain UPDATE is held to its form');
SELECT throws_ok($$UPDATE prismiq.prismiq_model SET config = '{"timezone": "Mars/Base"}'$$, '22023',
    NULL, 'and to time zones that there are');
SELECT throws_ok('UPDATE prismiq.prismiq_model SET version = 1', '42501', NULL,
    'and changes nothing else');
SET ROLE app_user;
SELECT prismiq.prismiq_set_context('CA', 'adm', '{owner,admin}', false) AS context \gset
SELECT throws_ok(what, '42501', NULL, 'not for a tenant: ' || what)
FROM (VALUES ('SELECT prismiq.prismiq_model()'), ($$SELECT prismiq.prismiq_model_set('{}')$$),
    ('TABLE prismiq.prismiq_model'), ($$INSERT INTO prismiq.prismiq_model (config) VALUES ('{}')$$),
    ('UPDATE prismiq.prismiq_model SET config = DEFAULT'), ('DELETE FROM prismiq.prismiq_model'),
    ('TRUNCATE prismiq.prismiq_model'),
    ($$SELECT prismiq_internal.model_new_check('{}')$$)) v (what);
RESET ROLE;

-- ---- What it may say: all faults at once, with their places ------------------------------------
CREATE FUNCTION pg_temp.faults(model text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    list text;
BEGIN
    PERFORM prismiq.prismiq_model_set(model::jsonb);
    RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS list = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ' ' || coalesce((SELECT string_agg(concat_ws(' ', e ->> 'code',
            e ->> 'path', e ->> 'message'), E'\n' ORDER BY n)
        FROM jsonb_array_elements(list::jsonb) WITH ORDINALITY AS u (e, n)), SQLERRM);
END
$$;
GRANT EXECUTE ON FUNCTION pg_temp.faults(text) TO PUBLIC;
SET ROLE model_admin;
SELECT is(pg_temp.faults(model), '22023 ' || faults, model)
FROM (VALUES
    ('null', 'INVALID_VALUE  expected an object, found null'),
    ('[]', 'INVALID_VALUE  expected an object, found an array'),
    ('{"measure": {}}', 'UNKNOWN_FIELD /measure unknown key "measure"'),
    ('{"relationship": []}', 'UNKNOWN_FIELD /relationship unknown key "relationship"'),
    ('{"measures": []}', 'INVALID_VALUE /measures "measures" must be an object, not an array'),
    ('{"relationships": {}}',
     'INVALID_VALUE /relationships "relationships" must be an array, not an object'),
    ('{"currency": 1, "number": {"decimal": 1, "x": 2}, "theme": {"a": [1]}}',
     'INVALID_VALUE /currency "currency" must be a string, not a number
INVALID_VALUE /number/decimal "decimal" must be a string, not a number
UNKNOWN_FIELD /number/x unknown key "x"
INVALID_VALUE /theme/a expected a string or a number, found an array'),
    ('{"tables": {"t": {"columns": {"c": {"format": 1, "unit": 2}}}}}',
     'INVALID_VALUE /tables/t/columns/c/format "format" must be a string, not a number
INVALID_VALUE /tables/t/columns/c/unit "unit" must be a string, not a number'),
    -- relationships
    ('{"relationships": [1, {}, {"from_table": "flights", "to_table": "airports"}]}',
     'INVALID_VALUE /relationships/0 expected an object, found a number
MISSING_FIELD /relationships/1/from_table "from_table" is required
MISSING_FIELD /relationships/1/from_column "from_column" is required
MISSING_FIELD /relationships/1/to_table "to_table" is required
MISSING_FIELD /relationships/1/to_column "to_column" is required
MISSING_FIELD /relationships/2/from_column "from_column" is required
MISSING_FIELD /relationships/2/to_column "to_column" is required'),
    ('{"relationships": [{"from_table": "flights", "from_columns": ["origin", "id"],
        "to_table": "airports", "to_columns": ["iata"]}]}',
     'INVALID_VALUE /relationships/0 a relationship has as many columns at its one end as at the'
     ' other'),
    ('{"relationships": [{"from_table": "flights", "from_columns": [], "to_table": "airports",
        "to_columns": ["iata", 1], "to_column": "iata"}]}',
     'INVALID_VALUE /relationships/0/from_columns "from_columns" must have from 1 to 32 columns
INVALID_VALUE /relationships/0/to_columns give "to_column" or "to_columns", not both
INVALID_VALUE /relationships/0/to_columns/1 "to_columns" must hold names of columns as strings'),
    ('{"relationships": [{"from_table": "flight", "from_column": "origin", "to_table": "airports",
        "to_column": "iata"}, {"from_table": "flights", "from_column": "orign",
        "to_table": "public.airports", "to_column": "iat"}, {"from_table": "flights",
        "from_column": "departed_at", "to_table": "airports", "to_column": "iata"}]}',
     'TABLE_NOT_FOUND /relationships/0/from_table table "flight" not found
COLUMN_NOT_FOUND /relationships/1/from_column column "orign" not found in table "flights"
COLUMN_NOT_FOUND /relationships/1/to_column column "iat" not found in table "airports"
TYPE_MISMATCH /relationships/2/to_column "departed_at" and "iata" cannot be compared'),
    ('{"relationships": [{"from_table": "weather", "from_column": "date", "to_table": "airports",
        "to_column": "iata"}]}', 'TABLE_NOT_FOUND /relationships/0/from_table table "weather" not '
     'found'),                  -- the role may not read it
    -- measures
    ('{"measures": {"m": 1, "n": {}, "o": {"table": "flights"}}}',
     'INVALID_VALUE /measures/m expected an object, found a number
MISSING_FIELD /measures/n/table "table" is required
MISSING_FIELD /measures/n/column "column" is required
MISSING_FIELD /measures/n/aggregation "aggregation" is required
MISSING_FIELD /measures/o/column "column" is required
MISSING_FIELD /measures/o/aggregation "aggregation" is required'),
    ('{"measures": {"": {"table": "flights", "column": "delay", "aggregation": "sum"},
        "' || repeat('x', 64) || '": {"table": "flights", "expression": "count()"}}}',
     'INVALID_VALUE /measures/ the name of a measure must have 1 to 63 bytes
INVALID_VALUE /measures/' || repeat('x', 64) || ' the name of a measure must have 1 to 63 bytes'),
    ('{"measures": {"m": {"table": "flights", "column": "delay", "aggregation": "none"},
        "n": {"table": "flights", "column": "delay", "aggregation": "percentile"},
        "o": {"table": "flights", "column": "delay", "aggregation": "summ"},
        "p": {"table": "flights", "column": "delay", "aggregation": "sum", "expression": "sum(1)"},
        "q": {"table": "flights", "expression": "sum([delay]", "filters": [{"column": "id",
              "operator": "is_null"}]}}}',
     'INVALID_AGGREGATION /measures/m/aggregation a measure needs an aggregation
INVALID_AGGREGATION /measures/n/aggregation a percentile needs its fraction
INVALID_AGGREGATION /measures/o/aggregation unknown aggregation "summ"
INVALID_VALUE /measures/p/expression give "column" with "aggregation", or "expression"
INVALID_EXPRESSION /measures/q/expression expected "," or ")", found the end of the expression at'
     ' character 12'),
    ('{"measures": {"m": {"table": "flights", "column": "delay", "aggregation": "sum", "filters": [
        {"table_id": "f", "column": "id", "operator": "eq", "value": 1},
        {"column": "id", "operator": "eq", "value": 1, "scope": "any"},
        {"column": "id", "operator": "in_query", "value": {"query": {}}},
        {"column": "id", "operator": "eq", "value": {"param": "p"}},
        {"or": [{"column": "id", "operator": "equals", "value": 1}]}]}}}',
     'INVALID_VALUE /measures/m/filters/0/table_id the conditions of a measure are on columns of'
     ' its own table
INVALID_VALUE /measures/m/filters/1/scope a condition of a measure has no scope
INVALID_OPERATOR /measures/m/filters/2/operator a condition of a measure takes no query
MISSING_FIELD /measures/m/filters/2/value/query/tables "tables" is required
MISSING_FIELD /measures/m/filters/2/value/query/columns "columns" is required
MISSING_PARAM /measures/m/filters/3/value/param there is no parameter "p"
INVALID_OPERATOR /measures/m/filters/4/or/0/operator unknown operator "equals"'),
    ('{"measures": {"m": {"table": "weather", "column": "wind", "aggregation": "avg"},
        "n": {"table": "flights", "column": "dely", "aggregation": "sum"},
        "o": {"table": "flights", "column": "origin", "aggregation": "sum"},
        "p": {"table": "flights", "expression": "sum([distnce])"},
        "q": {"table": "flights", "expression": "[delay] + 1"},
        "r": {"table": "flights", "expression": "sum([airports.latitude])"},
        "s": {"table": "flights", "column": "delay", "aggregation": "sum", "filters": [
              {"column": "dstance", "operator": "gt", "value": 1},
              {"column": "distance", "operator": "gt", "value": "far"}]}}}',
     'TABLE_NOT_FOUND /measures/m/table table "weather" not found
COLUMN_NOT_FOUND /measures/n/column column "dely" not found in table "flights"
INVALID_AGGREGATION /measures/o/aggregation cannot take sum of column "origin" of type text
COLUMN_NOT_FOUND /measures/p/expression "distnce" is neither a column nor a calculated field, at'
     ' character 5
INVALID_EXPRESSION /measures/q/expression the expression of a measure holds no aggregate
COLUMN_NOT_FOUND /measures/r/expression "airports.latitude" is neither a column nor a calculated'
     ' field, at character 5
COLUMN_NOT_FOUND /measures/s/filters/0/column column "dstance" not found in table "flights"
TYPE_MISMATCH /measures/s/filters/1/value "far" is not a valid value of type integer'),
    ('{"tables": {"flights": {"columns": {"delay": {"hidden": true}}}, "public.airports":
        {"hidden": true}}, "measures": {"m": {"table": "flights", "column": "delay", "aggregation":
        "sum"}, "n": {"table": "airports", "expression": "count()"}}}',
     'COLUMN_NOT_FOUND /measures/m/column column "delay" not found in table "flights"
TABLE_NOT_FOUND /measures/n/table table "airports" not found')) v (model, faults);
SELECT is(pg_temp.faults('{"measures": {"m": {"table": "flights", "expression": "count()"}}}'),
    'taken', 'a measure that is all right');
SET prismiq.max_items = 2;
SELECT is(pg_temp.faults(jsonb_build_object('measures', (SELECT jsonb_object_agg('m' || n,
        '{"table": "flights", "expression": "count()"}'::jsonb)
        FROM generate_series(1, 3) n))::text),
    'PT413 TOO_COMPLEX /measures "measures" has 3 elements, more than the limit of 2',
    'a list of measures has a limit');
RESET prismiq.max_items;
SELECT alike(pg_temp.faults(format('{"theme": {"a": "%s"}}', repeat('x', 1100000))), 'PT413%'::text,
    'and so has the whole');
SELECT prismiq.prismiq_model_set('{}') AS model \gset

-- ---- Which of the two counts -------------------------------------------------------------------
-- What a tenant sees of two columns of flights, as: table label|column label, format, unit, ...
CREATE FUNCTION pg_temp.seen(model text, config text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    t jsonb;
BEGIN
    SET LOCAL ROLE model_admin;
    PERFORM prismiq.prismiq_model_set(model::jsonb);
    SET LOCAL ROLE app_user;
    PERFORM prismiq.prismiq_schema_config_set(config::jsonb);
    t := prismiq.prismiq_table('flights');
    RETURN (t ->> 'display_name') || coalesce((SELECT string_agg('|' || concat_ws(' ',
            c ->> 'display_name', c ->> 'description', c ->> 'format', c ->> 'date_format',
            c ->> 'unit'), '' ORDER BY c ->> 'name')
        FROM jsonb_array_elements(t -> 'columns') c
        WHERE c ->> 'name' IN ('delay', 'distance')), '');
EXCEPTION WHEN SQLSTATE 'PT404' THEN
    RETURN 'not found';
END
$$;
RESET ROLE;
GRANT model_admin, app_user TO current_user;
SELECT prismiq.prismiq_set_context('CA', 'adm', '{admin}', false) AS context \gset
SELECT is(pg_temp.seen(model, config), expected, concat_ws(' under ', model, config))
FROM (VALUES
    ('{}', '{}', 'Flights|Delay|Distance'),
    ('{"tables": {"flights": {"display_name": "Departures", "columns": {"delay": {"display_name":
        "Late by", "description": "In minutes", "format": "duration", "unit": "min"}}}}}', '{}',
     'Departures|Late by In minutes duration min|Distance'),
    ('{"tables": {"flights": {"display_name": "Departures", "columns": {"delay": {"display_name":
        "Late by", "description": "In minutes", "format": "duration", "date_format": "%Y",
        "unit": "min"}}}}}',
     '{"tables": {"flights": {"columns": {"delay": {"display_name": "Verspätung"}}}}}',
     'Departures|Verspätung In minutes duration %Y min|Distance'),
    ('{"tables": {"flights": {"columns": {"delay": {"format": "duration"}}}}}',
     '{"tables": {"flights": {"display_name": "F", "columns": {"delay": {"format": {"type":
        "number", "decimals": 1}}}}}}', 'F|Delay {"type": "number", "decimals": 1}|Distance'),
    ('{"tables": {"flights": {"columns": {"delay": {"format": {"type": "currency"}}}}}}',
     '{"tables": {"flights": {"columns": {"delay": {"format": "plain"}}}}}',
     'Flights|Delay plain|Distance'),
    -- with the schema before it, and without
    ('{"tables": {"public.flights": {"display_name": "Model"}}}',
     '{"tables": {"flights": {"display_name": "Tenant"}}}', 'Tenant|Delay|Distance'),
    ('{"tables": {"public.flights": {"columns": {"delay": {"display_name": "qualified"}}},
        "flights": {"columns": {"delay": {"display_name": "plain", "unit": "min"}}}}}', '{}',
     'Flights|qualified min|Distance'),
    ('{"tables": {"other.flights": {"hidden": true}}}', '{}', 'Flights|Delay|Distance'),
    -- what either hides is hidden
    ('{"tables": {"flights": {"columns": {"delay": {"hidden": true}}}}}', '{}', 'Flights|Distance'),
    ('{"tables": {"flights": {"columns": {"delay": {"hidden": true}}}}}',
     '{"tables": {"flights": {"columns": {"delay": {"hidden": false, "display_name": "D"}}}}}',
     'Flights|Distance'),
    ('{"tables": {"flights": {"columns": {"delay": {"hidden": true}}}}}',
     '{"tables": {"public.flights": {"columns": {"delay": {"hidden": false}}}}}',
     'Flights|Distance'),
    ('{"tables": {"flights": {"columns": {"delay": {"hidden": true}}}}}',
     '{"tables": {"flights": {"columns": {"distance": {"hidden": true}}}}}', 'Flights'),
    ('{"tables": {"flights": {"columns": {"delay": {"hidden": false}}}}}',
     '{"tables": {"flights": {"columns": {"delay": {"hidden": true}}}}}', 'Flights|Distance'),
    ('{"tables": {"flights": {"hidden": true}}}',
     '{"tables": {"flights": {"hidden": false}, "public.flights": {"hidden": false}}}',
     'not found'),
    ('{"tables": {"public.flights": {"hidden": true}}}', '{}', 'not found'))
    v (model, config, expected);

-- In queries too: what the model hides is not found, with no suggestion that names it.
SELECT pg_temp.seen('{"tables": {"flights": {"columns": {"delay": {"hidden": true}}}}}',
    '{"tables": {"flights": {"columns": {"delay": {"hidden": false}}}}}') AS seen \gset
SET ROLE app_user;
SELECT prismiq.prismiq_validate('{"tables": [{"id": "f", "name": "flights"}],
    "columns": [{"table_id": "f", "column": "dela"}, {"table_id": "f", "column": "delay"},
        {"table_id": "f", "column": "delay", "aggregation": "sum"}],
    "filters": [{"table_id": "f", "column": "delay", "operator": "gt", "value": 1}]}') AS answer
    \gset
SELECT is((SELECT string_agg(concat_ws(' ', e ->> 'code', e ->> 'path', e ->> 'suggestion'), E'\n')
    FROM jsonb_array_elements(:'answer'::jsonb -> 'errors') e),
    'COLUMN_NOT_FOUND /columns/0/column
COLUMN_NOT_FOUND /columns/1/column
COLUMN_NOT_FOUND /columns/2/column
COLUMN_NOT_FOUND /filters/0/column', 'what the model hides is in no query');
SELECT throws_ok($$SELECT prismiq.prismiq_column_sample('flights', 'delay')$$, 'PT404', NULL,
    'nor are there samples of it');
RESET ROLE;

-- Another tenant has the model too, and its own words above it.
SELECT pg_temp.seen('{"tables": {"flights": {"display_name": "All", "columns": {"delay": {"unit":
    "min"}}}}}', '{"tables": {"flights": {"display_name": "CA"}}}') AS seen \gset
SELECT is(:'seen'::text, 'CA|Delay min|Distance', 'a tenant');
SELECT prismiq.prismiq_set_context('TX', 'adm', '{admin}', false) AS context \gset
SET ROLE app_user;
SELECT is(prismiq.prismiq_table('flights') ->> 'display_name', 'All', 'and another one');
SELECT is(prismiq.prismiq_schema_config(), '{}', 'of whose own configuration it is no part');
RESET ROLE;

-- The calendar: zone, start of the week and of the fiscal year, key by key.
CREATE FUNCTION pg_temp.first_bucket(model text, config text, series text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL ROLE model_admin;
    PERFORM prismiq.prismiq_model_set(model::jsonb);
    SET LOCAL ROLE app_user;
    PERFORM prismiq.prismiq_schema_config_set(config::jsonb);
    RETURN prismiq.prismiq_query(jsonb_build_object(
        'tables', '[{"id": "f", "name": "flights"}]'::jsonb,
        'columns', '[{"table_id": "f", "column": "*", "aggregation": "count"}]'::jsonb,
        'time_series', '{"table_id": "f", "column": "x", "date_column": "departed_at",
            "range": {"start": "2001-01-10", "end": "2001-01-10"}}'::jsonb - 'column'
            || series::jsonb)) #>> '{rows,0,0}';
END
$$;
SELECT is(pg_temp.first_bucket(model, config, series), expected,
    concat_ws(' / ', model, config, series))
FROM (VALUES
    ('{"week_start": "sunday"}', '{}', '{"interval": "week"}', '2001-01-07T00:00:00'),
    ('{"week_start": "sunday"}', '{"week_start": "monday"}', '{"interval": "week"}',
     '2001-01-08T00:00:00'),
    ('{}', '{}', '{"interval": "week"}', '2001-01-08T00:00:00'),
    ('{"fiscal_year_start_month": 4}', '{}', '{"interval": "year", "fiscal": true}',
     '2000-04-01T00:00:00'),
    ('{"fiscal_year_start_month": 4}', '{"fiscal_year_start_month": 7, "timezone": "UTC"}',
     '{"interval": "year", "fiscal": true}', '2000-07-01T00:00:00')) v (model, config, series,
    expected);
SELECT is(pg_temp.first_bucket('{"timezone": "Asia/Tokyo"}', '{"week_start": "monday"}',
    '{"interval": "day", "source_timezone": "UTC"}'), '2001-01-10T00:00:00+09:00', 'the zone');
SELECT is(pg_temp.first_bucket('{"timezone": "Asia/Tokyo"}', '{"timezone": "America/New_York"}',
    '{"interval": "day", "source_timezone": "UTC"}'), '2001-01-10T00:00:00-05:00',
    'a tenant has its own');

-- ---- Hints -------------------------------------------------------------------------------------
SELECT pg_temp.seen('{"tables": {"flights": {"columns": {
        "delay": {"display_name": "Delay", "format": {"type": "duration", "decimals": 0},
                  "unit": "min", "description": "How late"},
        "departed_at": {"date_format": "%d.%m.", "unit": "h"}}}}}',
    '{"tables": {"flights": {"columns": {"delay": {"description": "Wie spät"}}}}}') AS seen \gset
SET ROLE app_user;
SELECT is((SELECT jsonb_agg(c - 'name' - 'type') FROM jsonb_array_elements(prismiq.prismiq_query(
    '{"tables": [{"id": "f", "name": "flights"}],
      "columns": [{"table_id": "f", "column": "delay"}, {"table_id": "f", "column": "departed_at"},
        {"table_id": "f", "column": "distance"}], "limit": 1}', '{"metadata": true}')::jsonb
        -> 'metadata') c),
    '[{"display_name": "Delay", "description": "Wie spät", "unit": "min",
       "format": {"type": "duration", "decimals": 0}}, {"date_format": "%d.%m.", "unit": "h"}, {}]',
    'hints of columns, an object as an object');
SELECT is((SELECT jsonb_agg(c - 'name' - 'type' - 'description') FROM jsonb_array_elements(
    prismiq.prismiq_compile('{"tables": [{"id": "f", "name": "flights"}],
      "columns": [{"table_id": "f", "column": "delay", "aggregation": "avg"},
        {"table_id": "f", "column": "delay", "aggregation": "count"},
        {"table_id": "f", "column": "delay", "aggregation": "max", "format": "plain",
         "display_name": "Most"}]}') -> 'columns') c),
    '[{"display_name": "Delay (average)", "unit": "min", "format": {"type": "duration",
       "decimals": 0}}, {"display_name": "Delay (number)"},
      {"display_name": "Most", "format": "plain", "unit": "min"}]',
    'of aggregates, where they read like the column; what the definition says goes first');
SELECT is(prismiq.prismiq_table('flights') #> '{columns,1}' -> 'unit', '"h"',
    'the schema has the unit');

-- ---- Widgets -----------------------------------------------------------------------------------
RESET ROLE;
-- The formatted value, label and unit of a metric under a model and a configuration.
CREATE FUNCTION pg_temp.shown(model text, config text, query jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    widget uuid;
    answer jsonb;
BEGIN
    SET LOCAL ROLE model_admin;
    PERFORM prismiq.prismiq_model_set(model::jsonb);
    SET LOCAL ROLE app_user;
    PERFORM prismiq.prismiq_schema_config_set(config::jsonb);
    widget := prismiq.prismiq_dashboard_create(jsonb_build_object('name', gen_random_uuid(),
        'widgets', jsonb_build_array(jsonb_build_object('type', 'metric', 'query',
            '{"tables": [{"id": "f", "name": "flights"}]}'::jsonb || query))))
        #>> '{widgets,0,id}';
    answer := prismiq.prismiq_widget_data(widget);
    RETURN concat_ws('|', answer #>> '{metric,formatted}', answer #>> '{metric,label}',
        answer #>> '{columns,0,format}', answer #>> '{columns,0,unit}');
END
$$;
SELECT is(pg_temp.shown(model, config, query::jsonb), expected, concat_ws(' ', model, config))
FROM (VALUES
    ('{}', '{}', '{"columns": [{"table_id": "f", "column": "delay", "aggregation": "count"}],
        "filters": [{"table_id": "f", "column": "id", "operator": "lt", "value": 0}]}',
     '0|Number of delay'),
    ('{"currency": "EUR", "number": {"decimal": ",", "group": "."}, "measures": {"turnover":
        {"table": "flights", "expression": "max(1234.5)", "format": "currency"}}}', '{}',
     '{"columns": [{"measure": "turnover"}]}', '€1.234,50|Turnover|currency'),
    ('{"currency": "EUR", "number": {"decimal": ",", "group": "."}, "measures": {"turnover":
        {"table": "flights", "expression": "max(1234.5)", "format": "currency",
         "label": "Umsatz"}}}', '{"currency": "USD", "number": {"decimal": "."}}',
     '{"columns": [{"measure": "turnover"}]}', '$1,234.50|Umsatz|currency'),
    ('{"measures": {"turnover": {"table": "flights", "expression": "max(1234.5)", "format":
        {"type": "number", "decimals": 3, "suffix": "!"}}}}', '{"number": {"group": " "}}',
     '{"columns": [{"measure": "turnover"}]}',
     '1 234.500!|Turnover|{"type": "number", "suffix": "!", "decimals": 3}'),
    ('{"tables": {"flights": {"columns": {"delay": {"format": {"type": "number", "decimals": 1},
        "unit": "min"}}}}}', '{"tables": {"flights": {"columns": {"delay": {"display_name":
        "Lateness"}}}}}', '{"columns": [{"table_id": "f", "column": "delay", "aggregation":
        "max"}], "filters": [{"table_id": "f", "column": "delay", "operator": "eq", "value": 7}]}',
     '7.0 min|Maximum lateness|{"type": "number", "decimals": 1}|min'))
    v (model, config, query, expected);
SET ROLE app_user;

-- ---- When it is seen: at once, in every session ------------------------------------------------
SELECT is(prismiq.prismiq_table('airports') ->> 'display_name', 'Airports', 'before');
SELECT $$SELECT prismiq.prismiq_model_set('{"tables": {"airports": {"display_name": "Fields"}}}')$$
    AS change \gset
\setenv CHANGE :change
\! psql -Xq -o /dev/null -c "$CHANGE"
SELECT is(prismiq.prismiq_table('airports') ->> 'display_name', 'Fields',
    'another session sets it');
SELECT $$UPDATE prismiq.prismiq_model SET config = '{"tables": {"airports": {"hidden": true}}}'$$
    AS change \gset
\setenv CHANGE :change
\! psql -Xq -o /dev/null -c "$CHANGE"
SELECT throws_ok($$SELECT prismiq.prismiq_table('airports')$$, 'PT404', NULL,
    'or changes it by hand');
SELECT $$DELETE FROM prismiq.prismiq_model$$
    AS change \gset
\setenv CHANGE :change
\! psql -Xq -o /dev/null -c "$CHANGE"
SELECT is(prismiq.prismiq_table('airports') ->> 'display_name', 'Airports',
    'takes it away');
SELECT $$INSERT INTO prismiq.prismiq_model (config)
    VALUES ('{"tables": {"airports": {"display_name": "Ports"}}}')$$
    AS change \gset
\setenv CHANGE :change
\! psql -Xq -o /dev/null -c "$CHANGE"
SELECT is(prismiq.prismiq_table('airports') ->> 'display_name', 'Ports',
    'puts it there');
SELECT $$TRUNCATE prismiq.prismiq_model$$
    AS change \gset
\setenv CHANGE :change
\! psql -Xq -o /dev/null -c "$CHANGE"
SELECT is(prismiq.prismiq_table('airports') ->> 'display_name', 'Airports',
    'truncates it');
SELECT $$SET session_replication_role = replica;
    INSERT INTO prismiq.prismiq_model (config)
    VALUES ('{"tables": {"airports": {"display_name": "Copied"}}}')$$
    AS change \gset
\setenv CHANGE :change
\! psql -Xq -o /dev/null -c "$CHANGE"
SELECT is(prismiq.prismiq_table('airports') ->> 'display_name', 'Copied',
    'replicates it');
RESET ROLE;
BEGIN;
SELECT prismiq.prismiq_model_set('{"tables": {"airports": {"display_name": "Mine"}}}') AS model
    \gset
SELECT is(prismiq.prismiq_table('airports') ->> 'display_name', 'Mine', 'its own change');
ROLLBACK;
SELECT is(prismiq.prismiq_table('airports') ->> 'display_name', 'Copied', 'taken back');

SELECT finish();
