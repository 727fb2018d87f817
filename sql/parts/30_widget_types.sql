-- The registry of widget types, as data: those that are built in, and a customer's own beside
-- them.

CREATE TABLE @extschema@.prismiq_widget_types (
    type           text
                   CONSTRAINT prismiq_widget_types_type_check
                   CHECK (type ~ '^[a-z][a-z0-9_]{0,62}$'),
    -- No foreign key: pg_dump warns of a table that refers to itself.
    alias_of       text
                   CONSTRAINT prismiq_widget_types_alias_of_check CHECK (alias_of <> type),
    label          text NOT NULL
                   CONSTRAINT prismiq_widget_types_label_check CHECK (btrim(label) <> ''),
    description    text,
    icon           text,
    category       text,
    default_title  text,
    default_w      integer NOT NULL DEFAULT 4
                   CONSTRAINT prismiq_widget_types_default_w_check
                   CHECK (default_w BETWEEN 1 AND 1000),
    default_h      integer NOT NULL DEFAULT 3
                   CONSTRAINT prismiq_widget_types_default_h_check CHECK (default_h >= 1),
    min_w          integer NOT NULL DEFAULT 1,
    min_h          integer NOT NULL DEFAULT 1,
    max_w          integer,
    max_h          integer,
    default_config jsonb NOT NULL DEFAULT '{}'
                   CONSTRAINT prismiq_widget_types_default_config_check
                   CHECK (prismiq_internal.widget_config_check(default_config)),
    default_query  jsonb
                   CONSTRAINT prismiq_widget_types_default_query_check
                   CHECK (prismiq_internal.definition_check(default_query)),
    shape          text NOT NULL
                   CONSTRAINT prismiq_widget_types_shape_check
                   CHECK (shape IN ('metric', 'series', 'table', 'status', 'text', 'custom')),
    config_schema  jsonb NOT NULL DEFAULT '{}'
                   CONSTRAINT prismiq_widget_types_config_schema_check
                   CHECK (prismiq_internal.config_schema_check(config_schema)),
    built_in       boolean NOT NULL DEFAULT false,
    CONSTRAINT prismiq_widget_types_pkey PRIMARY KEY (type),
    CONSTRAINT prismiq_widget_types_min_w_check CHECK (min_w BETWEEN 1 AND default_w),
    CONSTRAINT prismiq_widget_types_min_h_check CHECK (min_h BETWEEN 1 AND default_h),
    CONSTRAINT prismiq_widget_types_max_w_check CHECK (max_w >= default_w),
    CONSTRAINT prismiq_widget_types_max_h_check CHECK (max_h >= default_h)
);

COMMENT ON TABLE @extschema@.prismiq_widget_types IS
$c$Lists the types that widgets may have; a row with alias_of is another name of that type.
Rows of your own are dumped and restored; those that are built in come with the extension. Sizes
are in cells of the grid, and an alias has its own; without max_w or max_h there is no upper bound.
No widget is smaller than min_w by min_h; max_w and max_h are for editors, and for the functions
that they call. A widget that has neither a query nor a saved query asks default_query, the params
of which are its config's keys. A config may have the keys that all widgets know, those in the
properties of config_schema, a JSON Schema that it is held to, and these params; an alias that says
neither has what the type has of which it is another name.$c$;

INSERT INTO @extschema@.prismiq_widget_types
    (type, alias_of, label, description, icon, category, default_title, shape,
     default_w, default_h, min_w, min_h, max_w, max_h, built_in)
VALUES
    ('metric', NULL, 'Metric', 'One number, with its trend',
     'hash', 'numbers', 'Metric', 'metric', 3, 2, 1, 1, NULL, NULL, true),
    ('gauge', NULL, 'Gauge', 'One number on a scale',
     'gauge', 'numbers', 'Gauge', 'metric', 2, 2, 2, 2, 4, 4, true),
    ('bar_chart', NULL, 'Bar chart', 'Bars by category or time',
     'bar-chart', 'charts', 'Bar chart', 'series', 4, 3, 2, 2, 12, 6, true),
    ('line_chart', NULL, 'Line chart', 'Lines over time',
     'line-chart', 'charts', 'Line chart', 'series', 4, 3, 2, 2, 12, 6, true),
    ('area_chart', NULL, 'Area chart', 'Filled lines over time',
     'area-chart', 'charts', 'Area chart', 'series', 4, 3, 2, 2, 12, 6, true),
    ('pie_chart', NULL, 'Pie chart', 'Shares of a whole',
     'pie-chart', 'charts', 'Pie chart', 'series', 4, 3, 2, 2, 12, 6, true),
    ('scatter_chart', NULL, 'Scatter chart', 'Points by two measures',
     'scatter', 'charts', 'Scatter chart', 'series', 4, 3, 2, 2, 12, 6, true),
    ('heatmap', NULL, 'Heat map', 'A measure by two dimensions',
     'grid', 'charts', 'Heat map', 'series', 4, 3, 2, 2, 12, 6, true),
    ('map', NULL, 'Map', 'Points on a map',
     'map', 'charts', 'Map', 'series', 4, 3, 2, 2, 12, 6, true),
    ('table', NULL, 'Table', 'Rows and columns',
     'table', 'tables', 'Table', 'table', 6, 3, 3, 2, 12, 8, true),
    ('text', NULL, 'Text', 'Text of your own',
     'type', 'content', 'Text', 'text', 4, 2, 1, 1, NULL, NULL, true),
    ('health_status', NULL, 'Health status', 'The state of each service',
     'heart', 'status', 'Health', 'status', 4, 1, 2, 1, NULL, NULL, true),
    ('alert_feed', NULL, 'Alert feed', 'The latest alerts',
     'bell', 'status', 'Alerts', 'table', 4, 3, 2, 2, 6, 8, true),
    ('fleet_status', NULL, 'Fleet status', 'Devices by state',
     'truck', 'status', 'Fleet', 'status', 3, 3, 2, 2, 6, 6, true),
    ('health_score', NULL, 'Health score', 'One score out of a hundred',
     'activity', 'status', 'Health score', 'metric', 6, 2, 4, 2, 12, 4, true),
    ('custom_image', NULL, 'Custom image', 'A picture that a function makes',
     'image', 'custom', 'Image', 'custom', 6, 2, 1, 1, NULL, NULL, true),
    ('custom_template', NULL, 'Custom template', 'A template of your own over data',
     'code', 'custom', 'Template', 'custom', 6, 2, 1, 1, NULL, NULL, true),
    ('kpi', 'metric', 'KPI', 'One number, with its trend',
     'hash', 'numbers', 'Metric', 'metric', 4, 1, 1, 1, NULL, NULL, true),
    ('kpi_tile', 'metric', 'KPI tile', 'One number, with its trend',
     'hash', 'numbers', 'Metric', 'metric', 2, 1, 1, 1, 4, 2, true),
    ('device_count', 'metric', 'Device count', 'How many devices there are',
     'cpu', 'status', 'Devices', 'metric', 2, 1, 1, 1, 4, 2, true),
    ('timeseries', 'line_chart', 'Time series', 'Lines over time',
     'line-chart', 'charts', 'Line chart', 'series', 8, 2, 2, 2, 12, 6, true);

CREATE TRIGGER prismiq_widget_types_changed
    AFTER INSERT OR UPDATE OR DELETE ON @extschema@.prismiq_widget_types
    FOR EACH STATEMENT EXECUTE FUNCTION prismiq_internal.widget_types_changed();

CREATE FUNCTION @extschema@.prismiq_widget_type_list() RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT coalesce(jsonb_agg(to_jsonb(t) - 'built_in'
                              ORDER BY t.category NULLS LAST, t.label, t.type), '[]')
    FROM @extschema@.prismiq_widget_types t
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_widget_type_list() IS
$c$Lists the types that widgets may have, for an editor to offer.
Returns [{type, alias_of, label, description, icon, category, default_title, default_w, default_h,
min_w, min_h, max_w, max_h, default_config, default_query, shape, config_schema}] by category and
label: those that are built in, and your own. Sizes are in cells of the grid; max_w and max_h are
null where nothing bounds them. Needs no context: the types are the same for all tenants.
Example: SELECT prismiq_widget_type_list();$c$;
