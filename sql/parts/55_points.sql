-- What goes on from an answer: filters to choose, rows behind a point, pictures, CSV, and widgets
-- that are not saved.

CREATE FUNCTION @extschema@.prismiq_filter_options(
    dashboard_id uuid, filter_id text, search text DEFAULT NULL, filters jsonb DEFAULT '{}',
    max_values integer DEFAULT 50)
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_filter_options(uuid, text, text, jsonb, integer) IS
$c$Lists what a dashboard's filter can be set to, under the values of the other filters.
Takes a text to search the labels for, the values of the filters as {filter_id: value}, and how
many at most (1 to 1000). Returns {options: [{value, label, count}], truncated}: the values of the
filter's column in the tenant's rows, those of most rows first; a filter that lists options and is
not "dynamic" has these, with count null.
Errors: PT404 when the caller does not see the dashboard or it has no such filter, 22023 when no
table of it has the filter's column, 42501 without a context.
Example: SELECT prismiq_filter_options('0b9a4f2e-3c7d-4a86-9a55-1c1de7f9a2d4', 'region', 'no');$c$;

CREATE FUNCTION @extschema@.prismiq_widget_drill(
    widget_id uuid, point jsonb, filters jsonb DEFAULT '{}', options jsonb DEFAULT '{}')
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_widget_drill(uuid, jsonb, jsonb, jsonb) IS
$c$Answers with the rows behind one point of a widget's answer.
Takes the point as {column of the answer: value as answered}, null being a value and the start of
a bucket its bucket; and what prismiq_widget_data takes. Returns a table's answer with the members
definition, which asks for these rows, and point_filters, the conditions that the point became.
Errors: PT404 when the caller does not see the widget, 22023 for a point that is none of the
answer's or a widget whose config says {"drill_down": {"enabled": false}}, 42501 without a context.
Example: SELECT prismiq_widget_drill('6f1c2a30-9a1e-4c57-8d0b-0f6a3a1c9f11',
  '{"carrier": "AA"}');$c$;

CREATE FUNCTION @extschema@.prismiq_widget_spec(
    widget_id uuid, filters jsonb DEFAULT '{}', options jsonb DEFAULT '{}')
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_widget_spec(uuid, jsonb, jsonb) IS
$c$Answers with a picture of what a widget shows: a specification of Vega-Lite 6 with its data inside.
Takes what prismiq_widget_data takes; {"spec": "dark"} is for a dark page, "light" is what it is
without. Returns null for what is no chart (metric, status, table, text, custom) and where there is
nothing to draw. Fields have names of our own: what users wrote and tables hold are values in it
and never names or expressions. Times are those of the clock in "usermeta" / "prismiq" / "timezone",
written as UTC. The same specification is the member "spec" of the answers of prismiq_widget_data,
prismiq_dashboard_data and prismiq_query_preview with {"spec": true}, "light" or "dark".
Errors: as prismiq_widget_data.
Example: SELECT prismiq_widget_spec('6f1c2a30-9a1e-4c57-8d0b-0f6a3a1c9f11', '{}',
  '{"spec": "dark"}');$c$;

CREATE FUNCTION @extschema@.prismiq_widget_csv(
    widget_id uuid, filters jsonb DEFAULT '{}', options jsonb DEFAULT '{}')
    RETURNS @extschema@."text/csv"
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_widget_csv(uuid, jsonb, jsonb) IS
$c$Answers with what a widget shows as CSV: all its rows, with its labels as the header row.
Takes what prismiq_widget_data takes, and raw, delimiter and header as prismiq_query_csv does;
{"header": "name"} has the names of the columns as the header row. Cells are values as the database
has them, with {"formatted": true} as people read them. Never cut.
Errors: as prismiq_widget_data; PT413 for more rows than prismiq.max_rows_cap.
Example: SELECT prismiq_widget_csv('6f1c2a30-9a1e-4c57-8d0b-0f6a3a1c9f11');$c$;

CREATE FUNCTION prismiq_internal.widget_preview(
    widget jsonb, filters jsonb, options jsonb, here regnamespace DEFAULT '@extschema@')
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_widget_preview';
COMMENT ON FUNCTION prismiq_internal.widget_preview(jsonb, jsonb, jsonb, regnamespace) IS
$c$Answers a widget that is not saved; prismiq_query_preview has looked at it.$c$;
