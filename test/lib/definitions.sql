-- One definition of every kind, of the tables "facts" and "looked", for tests that break
-- them: the table "definitions" (name, definition).
CREATE TEMP TABLE definitions (name text, definition jsonb);
INSERT INTO definitions VALUES
    ('rows', '{"tables": [{"id": "f", "name": "facts"}], "columns": [{"table_id": "f",
        "column": "s",
        "alias": "a"}, {"table_id": "f", "column": "at", "date_trunc": "month"}], "filters": [
        {"or": [{"table_id": "f", "column": "n", "operator": "in", "value": [1, 2]}, {"not":
        {"table_id": "f", "column": "at", "operator": "date_window", "value": {"period": "weekly",
        "value": -1}}}]}], "order_by": [{"alias": "a", "direction": "DESC", "nulls": "last"}],
        "limit": 5, "offset": 1}'),
    ('groups', '{"tables": [{"id": "f", "name": "facts"}, {"id": "g", "name": "facts"}], "joins": [
        {"from_table_id": "f", "from_column": "id", "to_table_id": "g", "to_column": "n",
        "join_type": "LEFT"}], "columns": [{"table_id": "f", "column": "m"}, {"table_id": "g",
        "column": "x", "aggregation": "percentile", "args": {"fraction": 0.9}, "alias": "p",
        "filters": [{"table_id": "g", "column": "s", "operator": "like", "value": "a%"}]}],
        "having": [{"column": "p", "operator": "gt", "value": 1}], "fan_out": "correct",
        "group_by": [{"table_id": "f", "column": "m"}]}'),
    ('auto', '{"tables": [{"id": "f", "name": "looked"}], "columns": [{"table_id": "f",
        "column": "n",
        "aggregation": "sum"}], "time_series": {"table_id": "f", "date_column": "at",
        "interval": "auto", "fill": "value", "fill_value": 0, "timezone": "Europe/Paris"}}'),
    ('series', '{"tables": [{"id": "f", "name": "facts"}], "columns": [{"table_id": "f",
        "column": "n", "aggregation": "sum", "alias": "s"}], "time_series": {"table_id": "f",
        "date_column": "local", "interval": "1 day", "range": {"start": "2024-01-01",
        "end": "2024-02-01"}, "week_start": "monday"}, "compare": {"period": "previous_month"},
        "windows": [{"alias": "w", "function": "running_total", "of": "s"}],
        "qualify": [{"column": "w", "operator": "gt", "value": 0}]}'),
    ('pivot', '{"tables": [{"id": "f", "name": "looked"}], "columns": [{"table_id": "f",
        "column": "s"}, {"table_id": "f", "column": "n", "aggregation": "sum", "alias": "n"}],
        "pivot": {"column": "s", "value": "n", "max_columns": 3}}'),
    ('top', '{"tables": [{"id": "f", "name": "facts"}], "columns": [{"table_id": "f",
        "column": "s"},
        {"column": "r"}], "calculated_fields": [{"name": "r", "expression":
        "sum(if([s] == \"a\" and date_add([day], 1, \"day\") < now(), [n] * 2, 0))"}, {"name": "r2",
        "expression": "sum([n]) / count()"}], "top": {"n": 2, "by": "r", "other": true}}'),
    ('totals', '{"tables": [{"id": "f", "name": "facts"}], "columns": [{"table_id": "f",
        "column": "s"}, {"table_id": "f", "column": "*", "aggregation": "count"}], "totals": ["s"],
        "params": {"p": {"type": "integer[]", "required": true}}, "filters": [{"table_id": "f",
        "column": "n", "operator": "in", "value": {"param": "p"}}]}'),
    ('nested', '{"tables": [{"id": "f", "query": {"tables": [{"id": "g", "name": "facts"}],
        "columns": [{"table_id": "g", "column": "s"}]}}], "columns": [{"table_id": "f",
        "column": "s"}], "filters": [{"table_id": "f", "column": "s", "operator": "in_query",
        "value": {"query": {"tables": [{"id": "h", "name": "facts"}], "columns": [
        {"table_id": "h", "column": "s"}]}}}]}');
