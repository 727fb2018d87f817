-- What is computed over the grouped rows.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\set prelude :srcdir /sql/include/prelude.sql
\i :prelude
CREATE FUNCTION pg_temp.by_day(rest jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.compiled('o orders', '{"columns": [{"table_id": "o", "column": "day"},
		{"table_id": "o", "column": "*", "aggregation": "count", "alias": "n"}]}' || rest)
$$;

-- A stage for windows, and a condition over it.
SELECT pg_temp.by_day('{"windows": [{"alias": "place", "function": "rank", "of": "n"},
		{"alias": "share", "function": "percent_of_total", "of": "n"}],
	"qualify": [{"column": "place", "operator": "lte", "value": 3}]}');

-- A stage for fields over windows; each has its place among the columns.
SELECT pg_temp.by_day('{"columns": [{"column": "part"},
		{"table_id": "o", "column": "*", "aggregation": "count", "alias": "n"},
		{"column": "first", "alias": "top"}],
	"calculated_fields": [{"name": "part", "expression": "[n] / [so_far]"},
		{"name": "first", "expression": "[place] == 1 or [part] > 0.5"}],
	"time_series": {"table_id": "o", "date_column": "day", "interval": "day", "alias": "b",
		"range": {"start": "2024-01-01", "end": "2024-01-31"}},
	"windows": [{"alias": "so_far", "function": "running_total", "of": "n"},
		{"alias": "place", "function": "rank", "of": "n"}],
	"qualify": [{"column": "top", "operator": "eq", "value": true}],
	"order_by": [{"column": "part"}]}');

-- Totals are grouping sets; the page is of the groups.
SELECT pg_temp.by_day('{"totals": true, "limit": 10}');

-- The rest is grouped by its place.
SELECT pg_temp.by_day('{"top": {"n": 5, "by": "n"}}');

-- The period before has its conditions moved.
SELECT pg_temp.by_day('{"compare": {"period": "previous_week"}, "filters": [{"table_id": "o",
	"column": "day", "operator": "between", "value": ["2024-03-04", "2024-03-10"]}]}');

-- With a gap in between; a series finds the buckets before among all.
SELECT pg_temp.by_day('{"compare": {"period": "previous_year"}, "time_series": {"table_id": "o",
	"date_column": "day", "interval": "week", "fill_missing": false,
	"range": {"start": "2024-03-04", "end": "2024-03-10"}}}');

-- What the dates decide is grouped by is another thing in the period before.
SELECT pg_temp.compiled('o orders', '{"compare": {"period": "previous_week"}, "filters": [
	{"table_id": "o", "column": "day", "operator": "between",
		"value": ["2024-03-04", "2024-03-10"]}],
	"calculated_fields": [{"name": "late", "expression": "[day] > \"2024-03-08\""}],
	"columns": [{"column": "late"}, {"table_id": "o", "column": "*", "aggregation": "count"}]}');

-- Values are parameters, and names.
SELECT pg_temp.by_day('{"pivot": {"column": "day", "value": "n",
	"values": ["2024-01-01", null, "2024-01-02"]}}');
