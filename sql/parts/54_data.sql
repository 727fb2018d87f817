-- Answers of widgets and dashboards.

CREATE FUNCTION @extschema@.prismiq_widget_data(
    widget_id uuid, filters jsonb DEFAULT '{}', options jsonb DEFAULT '{}')
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_widget_data(uuid, jsonb, jsonb) IS
$c$Answers a widget: its query with the dashboard's filters merged in, in the shape of its type.
Takes the values of the dashboard's filters as {filter_id: value} and the options of
prismiq_query, {"formatted": true} for the rows as text, {"spec": true} (or "light", "dark") for a
member "spec" as prismiq_widget_spec has it, {"config": true} for the config of the widget, over
that of its type, and {"cross_filter": {widget_id: point}} for points
that were chosen in other widgets of the dashboard, as prismiq_widget_drill takes them: the widget
is answered for the rows behind them. A filter restricts the rows of the
table that has its field; where only conditions of scope any and none use the table, it says which
of the related rows count. A field of several tables, when the filter names none, is
AMBIGUOUS_COLUMN. Returns {widget_id, type, shape, title, columns: [{name, label, role, type,
format, unit}], timezone, bucket, rows, row_count, truncated, filters: [{id, applied, reason}],
warnings, execution_time_ms}, a filter of a point with the point's column, and a member that is called like the shape: metric {value, formatted,
label, status, trend, sparkline, target, min, max}; series {x, series, annotations, stacked}, of a
pie {slices, total}, of a heat map {x, y, cells}; table {columns, total_count, page, page_size,
sort}; status {services, worst, counts}; text {content, markdown}. A widget without any query
answers {"error": {"code": "EMPTY_QUERY", ...}}.
Errors: PT404 when the caller does not see the widget or its saved query, 22023 for a bad
definition or filter value, 42501 without a context.
Example: SELECT prismiq_widget_data('6f1c2a30-9a1e-4c57-8d0b-0f6a3a1c9f11',
  '{"when": {"start": "2024-01-01", "end": "2024-01-31"}}');$c$;

CREATE FUNCTION @extschema@.prismiq_dashboard_data(
    dashboard_id uuid, filters jsonb DEFAULT '{}', options jsonb DEFAULT '{}')
    RETURNS json
    LANGUAGE c STABLE PARALLEL UNSAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_data(uuid, jsonb, jsonb) IS
$c$Answers every widget of a dashboard in one call, from one snapshot.
Takes the values of the dashboard's filters as {filter_id: value} and the options of
prismiq_query; {"widgets": [ids]} for some of them, in that order, or none; {"formatted": true},
{"spec": true}; {"cross_filter": {widget_id: point}}, points that filter all widgets but their own.
Returns
{widget_id: answer}, each as prismiq_widget_data has it; a widget that fails has {"error": {code,
sqlstate, message, hint, errors}} instead, and the others their answers. Equal queries run once.
Errors: PT404 when the caller does not see the dashboard, 22023 for a bad filter value, 42501
without a context. prismiq.query_timeout is one limit for all widgets: the one that it cuts has
that error, and so have those not begun by then; those that were done have their answers. A cancel
ends the whole call.
Example: SELECT prismiq_dashboard_data('0b9a4f2e-3c7d-4a86-9a55-1c1de7f9a2d4',
  '{"region": "EU"}');$c$;

CREATE FUNCTION prismiq_internal.format_value(
    value "any", format jsonb, config jsonb DEFAULT '{}', zone text DEFAULT 'UTC')
    RETURNS text
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_format_value';
COMMENT ON FUNCTION prismiq_internal.format_value("any", jsonb, jsonb, text) IS
$c$Returns a value as people read it, as answers of widgets have it.
Takes a format, by its name or as {type, decimals, currency, unit, prefix, suffix, date_format}, null
for none; a configuration, of which {currency, number: {decimal, group}} counts; and the zone of the
answer. A value that the format does not suit is shown as without one; null stays null.
Errors: 22023 for a format or a zone that is none.$c$;
