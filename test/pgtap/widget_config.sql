-- The config of widgets: good and bad values of each key, keys of a type of one's own, and what a
-- type's config_schema asks for.
\set ON_ERROR_STOP on

INSERT INTO prismiq.prismiq_widget_types (type, label, shape, config_schema, default_query) VALUES
    ('loose', 'Loose', 'custom', '{"additionalProperties": true}', NULL),
    ('own', 'Own', 'custom', '{"type": "object", "required": ["speed"], "description": "x",
        "properties": {"speed": {"type": "integer", "minimum": 1, "maximum": 9, "default": 3},
            "mode": {"enum": ["fast", "slow", 3, null]},
            "code": {"type": ["string", "null"], "minLength": 2, "maxLength": 4},
            "tags": {"type": "array", "items": {"type": "string"}},
            "ratio": {"type": "number", "maximum": 0.5}, "on": {"type": "boolean"},
            "inner": {"type": "object", "properties": {"a": {"type": "null"}, "b": true,
                "c": false}, "additionalProperties": {"type": "number"}}}}', NULL),
    ('shut', 'Shut', 'text', '{"properties": {"content": {"maxLength": 5}},
        "additionalProperties": false}', NULL),
    ('asks', 'Asks', 'table', '{}', '{"params": {"carrier": {"type": "text"}}, "tables": [{"id":
        "f", "name": "flights"}], "columns": [{"table_id": "f", "column": "origin"}]}');
INSERT INTO prismiq.prismiq_widget_types (type, alias_of, label, shape) VALUES
    ('own_too', 'own', 'Own', 'custom'), ('asks_too', 'asks', 'Asks', 'table');
INSERT INTO prismiq.prismiq_widget_types (type, alias_of, label, shape, config_schema,
    default_config) VALUES
    ('quick', 'own', 'Quick', 'custom', '{}', '{"speed": 9}'),
    ('stern', 'own', 'Stern', 'custom', '{"required": ["speed", "rule"], "properties": {"speed":
        {}, "rule": {}}}', '{"rule": 1}');
SELECT prismiq.prismiq_custom_register('picture', 'pg_catalog.jsonb_pretty(jsonb)') \g /dev/null

-- The faults that a statement ends with, each as code, path, and suggestion.
CREATE FUNCTION public.config_faults(statement text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    failed boolean := false;
BEGIN
    BEGIN
        EXECUTE statement;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE '22023' THEN
        failed := true;
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    WHEN SQLSTATE 'ZZ000' THEN
        NULL;
    END;
    RETURN CASE WHEN failed THEN ARRAY(SELECT concat_ws(' ', f ->> 'code', f ->> 'path',
                                  '(' || (f ->> 'suggestion') || ')')
                 FROM json_array_elements(detail::json) f) ELSE '{}' END;
END
$$;
GRANT EXECUTE ON FUNCTION public.config_faults(text) TO PUBLIC;

SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) AS context \gset
SELECT prismiq.prismiq_dashboard_create('{"name": "D"}') ->> 'id' AS d \gset

CREATE FUNCTION pg_temp.add(type text, config text) RETURNS text[] LANGUAGE sql AS $$
    SELECT public.config_faults(format('SELECT prismiq.prismiq_widget_add((SELECT id FROM
        prismiq.prismiq_dashboards), %L)', jsonb_build_object('type', type, 'config',
        config::jsonb)))
$$;
CREATE FUNCTION pg_temp.plain(type text, config text) RETURNS text[] LANGUAGE sql AS $$
    SELECT public.config_faults(format('INSERT INTO prismiq.prismiq_widgets (dashboard_id, type,
        config) SELECT id, %L, %L FROM prismiq.prismiq_dashboards', type, config))
$$;

-- Good values: whatever road they come by

CREATE TEMP TABLE good (config text);
INSERT INTO good VALUES ('{}'), ('{"description": "what it is"}'), ('{"description": null}'),
    ('{"format": "number"}'), ('{"format": {"type": "currency", "decimals": 0, "currency": "EUR",
        "unit": "u", "prefix": "p", "suffix": "s", "date_format": "%b"}}'), ('{"format": {}}'),
    ('{"formats": {"a": "percent", "b": {"decimals": 20}}}'), ('{"formats": {}}'),
    ('{"labels": {"a": "A", "b": ""}}'),
    ('{"colors": ["red", "#fff", "#1F77b4", "#1f77b4cc", "rgb(1, 2, 3)", "rgba(1,2,3,.5)",
        "hsl(120 50% 50% / 0.5)", "accent-2", "my_color"]}'), ('{"colors": {"a": "blue"}}'),
    ('{"empty_text": "nothing here"}'), ('{"refresh_interval": 30}'),
    ('{"click": {"dashboard_id": "00000000-0000-4000-8000-000000000001"}}'),
    ('{"click": {"dashboard_id": "00000000-0000-4000-8000-000000000001", "filters":
        {"when": "month"}}}'),
    ('{"value": "delay"}'), ('{"thresholds": []}'),
    ('{"thresholds": [{"value": -1.5}, {"value": 0, "color": "green", "label": "good"},
        {"value": 1e3, "color": "red"}]}'),
    ('{"invert": true}'), ('{"trend": {"period": "previous_period"}}'),
    ('{"trend": {"period": "previous_week"}}'), ('{"trend": {"period": "previous_month"}}'),
    ('{"trend": {"period": "previous_year"}}'), ('{"trend": {"period": {"offset": "28 days"}}}'),
    ('{"sparkline": {"interval": "day"}}'),
    ('{"sparkline": {"interval": "auto", "table": "flights", "column": "departed_at"}}'),
    ('{"sparkline": {"interval": "15 minutes"}}'), ('{"target": 12.5, "min": 0, "max": 100}'),
    ('{"min": -1}'), ('{"max": null}'),
    ('{"status_mapping": [{"value": "up", "color": "green", "label": "Up"}, {"value": 2},
        {"value": true}, {"value": null}]}'),
    ('{"status_mapping": {"0": {"color": "green", "label": "Up"}, "-1": {}, "2.5": {}}}'),
    ('{"name": "host", "since": "at", "message": "text"}'),
    ('{"x": "month", "y": "delay", "series": "carrier"}'), ('{"y": ["delay", "distance"]}'),
    ('{"stacked": true, "orientation": "horizontal", "fill": false}'),
    ('{"orientation": "vertical"}'), ('{"y_range": [0, 100]}'), ('{"y_range": [null, 1.5]}'),
    ('{"y_label": "Minutes", "max_series": 5, "max_slices": 1}'),
    ('{"annotations": [{"value": 5, "label": "limit", "color": "red"}, {"value": "2024-01-01"},
        {"from": 1, "to": 2}, {"from": "2024-01-01", "to": "2024-02-01"}]}'),
    ('{"page_size": 25, "sortable": true}'), ('{"sortable": false}'), ('{"sortable": ["a"]}'),
    ('{"columns": [{"name": "a"}, {"name": "b", "label": "B", "format": "bytes", "align": "right",
        "width": 120}]}'),
    ('{"default_sort": [{"alias": "a", "direction": "DESC"}]}'),
    ('{"drill_down": {"enabled": false}}'), ('{"drill_down": {"columns": ["a", "b"]}}'),
    ('{"content": "**bold**"}'), ('{"content": ""}'),
    ('{"endpoint": "picture", "parameters": {"a": [1, {"b": null}]}, "template": "{{a}}"}');
SELECT is(pg_temp.add('line_chart', config), '{}', 'good: ' || config) FROM good;
SELECT is(pg_temp.plain('metric', config), '{}', 'good by INSERT: ' || config) FROM good;

-- Bad values: refused by functions, with all faults and their places, and by the table.

CREATE TEMP TABLE bad (config text, faults text[]);
INSERT INTO bad VALUES
    ('{"description": 1}', '{INVALID_VALUE /config/description}'),
    ('{"format": "numbr"}', '{"INVALID_VALUE /config/format (Did you mean \"number\"?)"}'),
    ('{"format": "qwertyuiop"}', '{"INVALID_VALUE /config/format (Valid formats are: plain, '
        'number, currency, percent, ratio, compact, duration, duration_ms, bytes, date, datetime, '
        'time, month, weekday.)"}'),
    ('{"format": 1}', '{INVALID_VALUE /config/format}'),
    ('{"format": {"type": "datetme"}}',
        '{"INVALID_VALUE /config/format/type (Did you mean \"datetime\"?)"}'),
    ('{"format": {"decimal": 1}}',
        '{"UNKNOWN_FIELD /config/format/decimal (Did you mean \"decimals\"?)"}'),
    ('{"format": {"decimals": 21}}', '{INVALID_VALUE /config/format/decimals}'),
    ('{"format": {"decimals": -1, "currency": "eur", "unit": 5}}', '{INVALID_VALUE '
        '/config/format/decimals,"INVALID_VALUE /config/format/currency (Use a code of ISO 4217, '
        'such as EUR.)",INVALID_VALUE /config/format/unit}'),
    ('{"formats": ["number"]}', '{INVALID_VALUE /config/formats}'),
    ('{"formats": {"a": null}}', '{INVALID_VALUE /config/formats/a}'),
    ('{"labels": {"a": 1}}', '{INVALID_VALUE /config/labels/a}'),
    ('{"labels": "x"}', '{INVALID_VALUE /config/labels}'),
    ('{"colors": "red"}', '{INVALID_VALUE /config/colors}'),
    ('{"empty_text": []}', '{INVALID_VALUE /config/empty_text}'),
    ('{"refresh_interval": 0}', '{INVALID_VALUE /config/refresh_interval}'),
    ('{"click": "x"}', '{INVALID_VALUE /config/click}'),
    ('{"click": {}}', '{MISSING_FIELD /config/click/dashboard_id}'),
    ('{"click": {"dashboard_id": "x", "filters": {"a": ""}, "dashbord": 1}}',
        '{INVALID_VALUE /config/click/dashboard_id,INVALID_VALUE /config/click/filters/a,'
        'UNKNOWN_FIELD /config/click/dashbord}'),
    ('{"value": 1}', '{INVALID_VALUE /config/value}'),
    ('{"value": ""}', '{INVALID_VALUE /config/value}'),
    ('{"thresholds": {"value": 1}}', '{INVALID_VALUE /config/thresholds}'),
    ('{"thresholds": [{"color": "red"}]}', '{MISSING_FIELD /config/thresholds/0/value}'),
    ('{"thresholds": [{"value": "1"}]}', '{INVALID_VALUE /config/thresholds/0/value}'),
    ('{"thresholds": [{"value": 10}, {"value": 9}]}', '{"INVALID_VALUE /config/thresholds/1/value '
        '(Begin with the lowest: the last one that is reached counts.)"}'),
    ('{"thresholds": [{"value": 1}, {"value": 1.0}]}', '{"INVALID_VALUE '
        '/config/thresholds/1/value (Begin with the lowest: the last one that is reached '
        'counts.)"}'),
    ('{"thresholds": [{"value": 9007199254740993}, {"value": 9007199254740992}]}',
        '{"INVALID_VALUE /config/thresholds/1/value (Begin with the lowest: the last one that is '
        'reached counts.)"}'),
    ('{"thresholds": [{"value": 1, "colour": "red"}]}',
        '{"UNKNOWN_FIELD /config/thresholds/0/colour (Did you mean \"color\"?)"}'),
    ('{"invert": "yes"}', '{INVALID_VALUE /config/invert}'),
    ('{"trend": true}', '{INVALID_VALUE /config/trend}'),
    ('{"trend": {}}', '{MISSING_FIELD /config/trend/period}'),
    ('{"trend": {"period": "previous_weak"}}',
        '{"INVALID_VALUE /config/trend/period (Did you mean \"previous_week\"?)"}'),
    ('{"trend": {"period": {}}}', '{MISSING_FIELD /config/trend/period/offset}'),
    ('{"trend": {"period": {"offset": 28, "ofset": "28 days"}}}', '{INVALID_VALUE '
        '/config/trend/period/offset,"UNKNOWN_FIELD /config/trend/period/ofset (Did you mean '
        '\"offset\"?)"}'),
    ('{"sparkline": {}}', '{MISSING_FIELD /config/sparkline/interval}'),
    ('{"sparkline": {"interval": "fortnightly"}}', '{"INVALID_VALUE /config/sparkline/interval '
        '(Write it as \"day\", \"15 minutes\" or \"auto\".)"}'),
    ('{"sparkline": {"interval": "-1 day", "table": ""}}', '{"INVALID_VALUE '
        '/config/sparkline/interval (Write it as \"day\", \"15 minutes\" or \"auto\".)",'
        'INVALID_VALUE /config/sparkline/table}'),
    ('{"target": "12"}', '{INVALID_VALUE /config/target}'),
    ('{"min": 5, "max": 5}', '{INVALID_VALUE /config/max}'),
    ('{"status_mapping": "up"}', '{INVALID_VALUE /config/status_mapping}'),
    ('{"status_mapping": [{"label": "Up"}, {"value": []}]}',
        '{MISSING_FIELD /config/status_mapping/0/value,'
        'INVALID_VALUE /config/status_mapping/1/value}'),
    ('{"status_mapping": {"up": {}}}', '{"INVALID_VALUE /config/status_mapping '
        '(Write it as [{\"value\", \"color\", \"label\"}], best first.)"}'),
    ('{"status_mapping": {"1.": {}}}', '{"INVALID_VALUE /config/status_mapping '
        '(Write it as [{\"value\", \"color\", \"label\"}], best first.)"}'),
    ('{"status_mapping": {"0": "Up"}}', '{INVALID_VALUE /config/status_mapping/0}'),
    ('{"name": 1, "since": [], "message": ""}', '{INVALID_VALUE /config/name,INVALID_VALUE '
        '/config/since,INVALID_VALUE /config/message}'),
    ('{"x": [], "y": [1], "series": ""}',
        '{INVALID_VALUE /config/x,INVALID_VALUE /config/y/0,INVALID_VALUE /config/series}'),
    ('{"stacked": 1, "fill": 0.5}', '{INVALID_VALUE /config/stacked,INVALID_VALUE /config/fill}'),
    ('{"orientation": "horizontl"}',
        '{"INVALID_VALUE /config/orientation (Did you mean \"horizontal\"?)"}'),
    ('{"y_range": [1]}', '{"INVALID_VALUE /config/y_range (Write it as [0, 100].)"}'),
    ('{"y_range": ["0", 1]}', '{"INVALID_VALUE /config/y_range (Write it as [0, 100].)"}'),
    ('{"y_range": [2, 1]}', '{INVALID_VALUE /config/y_range}'),
    ('{"max_series": 0, "max_slices": 1001}',
        '{INVALID_VALUE /config/max_series,INVALID_VALUE /config/max_slices}'),
    ('{"annotations": [{}, {"from": 1}, {"to": 1}, {"value": 1, "from": 0}, {"value": [1]}]}',
        '{MISSING_FIELD /config/annotations/0/value,MISSING_FIELD /config/annotations/1/to,'
        'MISSING_FIELD /config/annotations/2/from,INVALID_VALUE /config/annotations/3/from,'
        'INVALID_VALUE /config/annotations/4/value}'),
    ('{"page_size": 10001}', '{INVALID_VALUE /config/page_size}'),
    ('{"sortable": "a"}', '{INVALID_VALUE /config/sortable}'),
    ('{"sortable": [1]}', '{INVALID_VALUE /config/sortable/0}'),
    ('{"columns": ["a", {}, {"name": "a", "align": "middle", "width": 0}]}',
        '{INVALID_VALUE /config/columns/0,MISSING_FIELD /config/columns/1/name,'
        '"INVALID_VALUE /config/columns/2/align (Valid values are: left, center, right.)",'
        'INVALID_VALUE /config/columns/2/width}'),
    ('{"default_sort": [{"direction": "up"}]}', '{MISSING_FIELD /config/default_sort/0/alias,'
        '"INVALID_VALUE /config/default_sort/0/direction (Valid values are: ASC, DESC.)"}'),
    ('{"drill_down": true}', '{INVALID_VALUE /config/drill_down}'),
    ('{"drill_down": {"enabled": 1, "columns": [""]}}',
        '{INVALID_VALUE /config/drill_down/enabled,INVALID_VALUE /config/drill_down/columns/0}'),
    ('{"content": 1}', '{INVALID_VALUE /config/content}'),
    ('{"endpoint": "", "parameters": [], "template": {}}', '{INVALID_VALUE /config/endpoint,'
        'INVALID_VALUE /config/parameters,INVALID_VALUE /config/template}');
INSERT INTO bad SELECT format('{"colors": [%s]}', to_jsonb(c)),
    '{"INVALID_VALUE /config/colors/0 (Write it as #1f77b4, rgb(31, 119, 180), or as a name.)"}'
FROM unnest(ARRAY['', '#ff', '#ggg', 'url(x)', 'red;', 'expression(1)', 'rgb(', 'rgb()',
    'rgb(1;2)', 'rgb(1,2,3)x', 'a b', '-x', 'é', repeat('a', 65)]) c;
SELECT is(pg_temp.add('line_chart', config), faults, 'bad: ' || config) FROM bad;
SELECT is(pg_temp.plain('metric', config), faults, 'bad by INSERT: ' || config) FROM bad;
SELECT is(pg_temp.add('metric', '[]'), '{INVALID_VALUE /config}', 'no object');

-- Keys that nothing knows

SELECT is(pg_temp.add('metric', '{"thresholdz": [], "content": "x", "nothing_like_it": 1}'),
    '{UNKNOWN_FIELD /config/nothing_like_it,"UNKNOWN_FIELD /config/thresholdz (Did you mean '
    '\"thresholds\"?)"}', 'an unknown key has the nearest one; one of another shape is known');
SELECT is(pg_temp.plain('metric', '{"thresholdz": []}'),
    '{"UNKNOWN_FIELD /config/thresholdz (Did you mean \"thresholds\"?)"}', 'by INSERT');
SELECT is(pg_temp.add('metric', '{"speed": 1}'),
    '{"UNKNOWN_FIELD /config/speed (Did you mean \"trend\"?)"}',
    'a key of another type''s own');
SELECT is(public.config_faults($$SELECT prismiq.prismiq_dashboard_create('{"name": "x", "widgets": [
        {"type": "text"}, {"type": "text", "config": {"contnt": "x", "colors": 1}}]}')$$),
    '{INVALID_VALUE /widgets/1/config/colors,"UNKNOWN_FIELD /widgets/1/config/contnt (Did you mean '
    '\"content\"?)"}', 'of one of many widgets');
SELECT is(pg_temp.add('loose', '{"anything": [1]}'), '{}', 'a type may let any key in');
SELECT is(pg_temp.add('loose', '{"content": 1}'), '{INVALID_VALUE /config/content}',
    'but known keys are what they are');
SELECT is(pg_temp.add(t, '{"carrier": "AA"}'), '{}', 'a param of the type''s query: ' || t)
FROM unnest('{asks, asks_too}'::text[]) t;
SELECT is(pg_temp.add('asks', '{"carier": "AA"}'),
    '{"UNKNOWN_FIELD /config/carier (Did you mean \"carrier\"?)"}', 'no param');

-- What a schema asks for

CREATE TEMP TABLE held (config text, faults text[]);
INSERT INTO held VALUES
    ('{"speed": 1}', '{}'), ('{"speed": 9.0, "content": "x", "description": "d"}', '{}'),
    ('{"speed": 1, "mode": "slow"}', '{}'), ('{"speed": 1, "mode": 3.0}', '{}'),
    ('{"speed": 1, "mode": null}', '{}'), ('{"speed": 1, "code": null}', '{}'),
    ('{"speed": 1, "code": "äöü"}', '{}'), ('{"speed": 1, "tags": ["a", ""]}', '{}'),
    ('{"speed": 1, "tags": []}', '{}'), ('{"speed": 1, "ratio": 0.50, "on": false}', '{}'),
    ('{"speed": 1, "inner": {"a": null, "b": [1], "z": 2}}', '{}'),
    ('{}', '{MISSING_FIELD /config/speed}'), ('{"speed": 1.5}', '{INVALID_VALUE /config/speed}'),
    ('{"speed": "1"}', '{INVALID_VALUE /config/speed}'),
    ('{"speed": 0}', '{INVALID_VALUE /config/speed}'),
    ('{"speed": 10}', '{INVALID_VALUE /config/speed}'),
    ('{"speed": 1, "mode": "quick"}',
        '{"INVALID_VALUE /config/mode (Valid values are: fast, slow.)"}'),
    ('{"speed": 1, "code": "x"}', '{INVALID_VALUE /config/code}'),
    ('{"speed": 1, "code": "äöüßx"}', '{INVALID_VALUE /config/code}'),
    ('{"speed": 1, "code": 12}', '{INVALID_VALUE /config/code}'),
    ('{"speed": 1, "tags": "a"}', '{INVALID_VALUE /config/tags}'),
    ('{"speed": 1, "tags": ["a", 1, null]}',
        '{INVALID_VALUE /config/tags/1,INVALID_VALUE /config/tags/2}'),
    ('{"speed": 1, "ratio": 0.51, "on": 1}', '{INVALID_VALUE /config/on,INVALID_VALUE '
        '/config/ratio}'),
    ('{"speed": 1, "inner": []}', '{INVALID_VALUE /config/inner}'),
    ('{"speed": 1, "inner": {"a": 1, "c": 1, "z": "x"}}', '{INVALID_VALUE /config/inner/a,'
        'INVALID_VALUE /config/inner/c,INVALID_VALUE /config/inner/z}'),
    ('{"sped": 1}',
        '{MISSING_FIELD /config/speed,"UNKNOWN_FIELD /config/sped (Did you mean \"speed\"?)"}');
SELECT set_eq(format('SELECT unnest(%L::text[])', pg_temp.add(t, config)),
    format('SELECT unnest(%L::text[])', faults), format('%s, held to the schema: %s', t, config))
FROM held, unnest('{own, own_too}'::text[]) t;
SELECT set_eq(format('SELECT unnest(%L::text[])', pg_temp.plain(t, config)),
    format('SELECT unnest(%L::text[])', faults), format('%s, by INSERT: %s', t, config))
FROM held, unnest('{own, own_too}'::text[]) t;
SELECT is(pg_temp.add(t, config), faults, format('%s, over what the type has: %s', t, config))
FROM (VALUES ('quick', '{"mode": "fast"}', '{}'::text[]),
    ('quick', '{"speed": 10}', '{INVALID_VALUE /config/speed}'),
    ('stern', '{"speed": 10}', '{}'), ('stern', '{}', '{MISSING_FIELD /config/speed}'))
    v (t, config, faults);
SELECT is(pg_temp.plain(t, config), faults, format('%s, by INSERT: %s', t, config))
FROM (VALUES ('quick', '{"mode": "fast"}', '{}'::text[]),
    ('quick', '{"speed": 10}', '{INVALID_VALUE /config/speed}'),
    ('stern', '{"speed": 10}', '{}'), ('stern', '{}', '{MISSING_FIELD /config/speed}'))
    v (t, config, faults);
SELECT is(pg_temp.add('shut', '{"content": "12345"}'), '{}', 'a schema may shut out known keys');
SELECT is(pg_temp.add('shut', '{"contnt": "x", "labels": {}}'), '{"UNKNOWN_FIELD /config/contnt '
    '(Did you mean \"content\"?)",UNKNOWN_FIELD /config/labels}', 'those that it does not name');

-- A change is held to it too, but not what was there.

SELECT prismiq.prismiq_widget_add(:'d', '{"type": "own", "config": {"speed": 2}}') ->> 'id'
    AS w \gset
SELECT is(public.config_faults(format('SELECT prismiq.prismiq_widget_update(%L, %L)', :'w', data)),
    faults, 'change: ' || data)
FROM (VALUES ('{"config": {"speed": 3}}', '{}'::text[]),
    ('{"config": {"speed": 30}}', '{INVALID_VALUE /config/speed}'),
    ('{"config": {"content": "x"}}', '{MISSING_FIELD /config/speed}'),
    ('{"type": "text"}', '{"UNKNOWN_FIELD /config/speed (Did you mean \"trend\"?)"}'),
    ('{"type": "text", "config": {"content": "x"}}', '{}'),
    ('{"type": "own_too"}', '{}'), ('{"title": "x"}', '{}')) v (data, faults);
SELECT is(public.config_faults(format('UPDATE prismiq.prismiq_widgets SET %s WHERE id = %L', change,
    :'w')), faults, change)
FROM (VALUES ($$config = '{"speed": 30}'$$, '{INVALID_VALUE /config/speed}'::text[]),
    ($$type = 'text'$$, '{"UNKNOWN_FIELD /config/speed (Did you mean \"trend\"?)"}'),
    ($$type = 'text', config = '{}'$$, '{}'), ($$title = 'x'$$, '{}')) v (change, faults);
RESET ROLE;
UPDATE prismiq.prismiq_widget_types SET config_schema = '{"required": ["more"]}'
WHERE type = 'own';
SET ROLE app_user;
SELECT is(public.config_faults(format('SELECT prismiq.prismiq_layout_update(%L, %L)', :'d',
    jsonb_build_array(jsonb_build_object('id', :'w', 'x', 1, 'y', 1, 'w', 4, 'h', 3)))), '{}',
    'what no longer fits may be moved');
SELECT is(public.config_faults(format('UPDATE prismiq.prismiq_widgets SET config = config ||
    %L WHERE id = %L', '{"description": "x"}', :'w')),
    '{MISSING_FIELD /config/more,"UNKNOWN_FIELD /config/speed (Did you mean \"trend\"?)"}',
    'but not changed');
-- A restore is taken as it comes.
RESET ROLE;
SELECT is(public.config_faults(format('UPDATE prismiq.prismiq_widgets SET config = %L
    WHERE id = %L', '{"speed": 30}', :'w')), '{}', 'by a role that row security does not bind');

-- Schemas: other keywords are refused, and what is no schema.

SELECT is(public.config_faults(format($$INSERT INTO prismiq.prismiq_widget_types (type, label,
    shape, config_schema) VALUES ('next', 'Next', 'custom', %L)$$, schema)), faults,
    'schema: ' || schema)
FROM (VALUES ('{}', '{}'::text[]), ('true', '{}'), ('false', '{}'),
    ('{"default": {"anything": 1}}', '{}'),
    ('1', '{INVALID_VALUE /config_schema}'), ('[]', '{INVALID_VALUE /config_schema}'),
    ('{"pattern": "x"}', '{UNKNOWN_FIELD /config_schema/pattern}'),
    ('{"$ref": "#"}', '{UNKNOWN_FIELD /config_schema/$ref}'),
    ('{"maxlength": 1}',
        '{"UNKNOWN_FIELD /config_schema/maxlength (Did you mean \"maxLength\"?)"}'),
    ('{"type": "strng"}',
        '{"INVALID_VALUE /config_schema/type (Did you mean \"string\"?)"}'),
    ('{"type": [1]}', '{INVALID_VALUE /config_schema/type/0}'),
    ('{"properties": {"a": {"items": {"oneOf": []}}, "b": 1}}',
        '{UNKNOWN_FIELD /config_schema/properties/a/items/oneOf,'
        'INVALID_VALUE /config_schema/properties/b}'),
    ('{"required": "a", "enum": "a", "minimum": "1", "minLength": -1}',
        '{INVALID_VALUE /config_schema/required,INVALID_VALUE /config_schema/enum,'
        'INVALID_VALUE /config_schema/minimum,INVALID_VALUE /config_schema/minLength}'),
    ('{"required": [1], "additionalProperties": {"format": "x"}}',
        '{INVALID_VALUE /config_schema/required/0,'
        'UNKNOWN_FIELD /config_schema/additionalProperties/format}')) v (schema, faults);
SELECT is(public.config_faults($$UPDATE prismiq.prismiq_widget_types
    SET default_config = '{"colors": 1}' WHERE type = 'text'$$), '{INVALID_VALUE /config/colors}',
    'the config that a type has by default');

-- A schema as deep as a document may be is held as well, with the place in what a function takes.
UPDATE prismiq.prismiq_widget_types SET config_schema = format('{"properties": {"a": {"type":
    "string", "default": %s1%s}}}', repeat('[', 124), repeat(']', 124))::jsonb WHERE type = 'shut';
SET ROLE app_user;
SELECT is(public.config_faults($$SELECT prismiq.prismiq_dashboard_create('{"name": "x", "widgets":
    [{"type": "shut", "config": {"a": 1, "b": 1}}]}')$$),
    '{INVALID_VALUE /widgets/0/config/a,UNKNOWN_FIELD /widgets/0/config/b}', 'is held');

SELECT finish();
