-- What aggregates, parameters, pages and fills become.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\set prelude :srcdir /sql/include/prelude.sql
\i :prelude
CREATE FUNCTION pg_temp.measure(measure jsonb, rest jsonb = '{}') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.compiled('o orders', jsonb_build_object('columns', jsonb_build_array(
		'{"table_id": "o", "alias": "m"}'::jsonb || measure)) || rest)
$$;

-- Ordered sets: interpolated for numbers, else one of the values.
SELECT pg_temp.measure('{"column": "amount", "aggregation": "percentile",
						 "args": {"fraction": 0.95}}');
SELECT pg_temp.measure('{"column": "at", "aggregation": "median"}');
SELECT pg_temp.measure('{"column": "channel", "aggregation": "mode"}');

-- Of two columns.
SELECT pg_temp.measure('{"column": "amount", "aggregation": "corr", "args": {"column": "small"}}');

-- First and last: of what is known, ties told by the value.
SELECT pg_temp.measure('{"column": "amount", "aggregation": "last", "args": {"order_by": "day"}}');
SELECT pg_temp.measure('{"column": "document", "aggregation": "first",
						 "args": {"order_by": "id"}}');

-- Lists are ordered.
SELECT pg_temp.measure('{"column": "name", "aggregation": "string_agg", "distinct": true,
						 "args": {"separator": "''; --"}}');
SELECT pg_temp.measure('{"column": "document", "aggregation": "array_agg"}');
SELECT pg_temp.measure('{"column": "status", "aggregation": "approx_count_distinct"}');

-- Conditions of one column need no barrier: what is aggregated is the tenant's.
SELECT pg_temp.measure('{"column": "*", "aggregation": "count", "filters": [
	{"table_id": "o", "column": "status", "operator": "not_like", "value": "p%"},
	{"table_id": "o", "column": "amount", "operator": "gt", "value": 5}]}');
SELECT pg_temp.condition('tags array_contains', '"a"');

-- Elements of an array: the rows are repeated for them, and flags tell their repetitions apart.
SELECT pg_temp.compiled('o orders', '{"columns": [{"table_id": "o", "column": "tags",
	"unnest": true}, {"table_id": "o", "column": "*", "aggregation": "count"}], "limit": 5}');
SELECT pg_temp.compiled('o orders', '{"columns": [{"table_id": "o", "column": "tags",
	"unnest": true}], "limit": 5}');
SELECT pg_temp.compiled('o orders, i items, c customers', '{"columns": [{"table_id": "o", "column":
	"amount", "aggregation": "median"}, {"table_id": "c", "column": "id", "aggregation": "sum"}],
	"group_by": [{"table_id": "o", "column": "tags", "unnest": true}]}');

-- Parameters become what a value in their place would.
SELECT pg_temp.compiled('o orders', '{"params": {"s": {"type": "text[]"}, "n": {"type": "integer"}},
	"filters": [{"table_id": "o", "column": "status", "operator": "in", "value": {"param": "s"}}],
	"limit": {"param": "n"}}', '{"params": {"s": ["a", "b"], "n": 7}}');

-- The caller's order, and a page of what the definition limits.
SELECT pg_temp.compiled('o orders', '{"order_by": [{"alias": "id"}]}',
	'{"sort": [{"alias": "id", "direction": "DESC", "nulls": "last"}], "page": 3}');
SELECT pg_temp.compiled('o orders', '{"order_by": [{"alias": "id"}], "limit": 50, "offset": 5}',
	'{"limit": 20, "offset": 40}');
SELECT pg_temp.compiled('o orders', '{"order_by": [{"alias": "id"}], "limit": 50}',
	'{"sort": [{"alias": "id"}], "limit": 20}');
-- What tells rows apart, where it is not shown.
SELECT pg_temp.compiled('o orders', '{"columns": [{"table_id": "o", "column": "status"}],
	"limit": 50}', '{"sort": [{"alias": "status"}], "page": 2}');

-- Fills that look around.
SELECT pg_temp.measure('{"column": "status", "aggregation": "max"}', '{"time_series":
	{"table_id": "o", "date_column": "day", "interval": "day", "fill": "previous",
	 "range": {"start": "2024-01-01", "end": "2024-01-31"}}}');
SELECT pg_temp.compiled('o orders', '{"columns": [{"table_id": "o", "column": "status"},
		{"table_id": "o", "column": "small", "aggregation": "max"}], "time_series":
	{"table_id": "o", "date_column": "at", "interval": "day", "fill": "linear",
	 "range": {"start": "2024-01-01", "end": "2024-01-31"}}}');
-- The same of a measure that is grouped by the bucket.
SELECT pg_temp.compiled('o orders', '{"columns": [{"table_id": "o", "column": "status"},
		{"table_id": "o", "column": "small", "aggregation": "count_distinct"}], "time_series":
	{"table_id": "o", "date_column": "at", "interval": "day", "fill": "linear",
	 "range": {"start": "2024-01-01", "end": "2024-01-31"}}}');
ROLLBACK;
