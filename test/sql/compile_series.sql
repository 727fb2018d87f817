-- What time series become.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\set prelude :srcdir /sql/include/prelude.sql
\i :prelude
CREATE FUNCTION pg_temp.series(series jsonb, columns jsonb = '[]', rest jsonb = '{}') RETURNS text
LANGUAGE sql AS $$
	SELECT pg_temp.compiled('o orders', jsonb_build_object('columns', columns || jsonb_build_array(
			'{"table_id": "o", "column": "*", "aggregation": "count"}'::jsonb),
		'time_series', '{"table_id": "o", "date_column": "at", "interval": "day"}' || series) ||
			rest)
$$;

-- A known range: its ends are parameters, its buckets are made from them.
SELECT pg_temp.series('{"range": {"start": "2024-01-01", "end": "2024-01-31"},
	"timezone": "Europe/Paris"}');

-- Without one: the column's own, for the tenant, infinite times left out.
SELECT pg_temp.series('{"date_column": "local", "interval": "15 minutes"}');

-- The range of the filters.
SELECT pg_temp.series('{"date_column": "day", "interval": "week", "week_start": "sunday"}', '[]',
		'{"filters": [
	{"table_id": "o", "column": "day", "operator": "between",
	 "value": ["2024-01-01", "2024-01-31"]}]}');

-- Not filled.
SELECT pg_temp.series('{"fill_missing": false, "interval": "3 months", "origin": "2024-02-01"}');

-- Every series has every bucket; having does not bring back what it removed.
SELECT pg_temp.series('{"interval": "month",
	"range": {"start": "2024-01-01", "end": "2024-12-31"}}',
	'[{"table_id": "o", "column": "status"}, {"table_id": "o", "column": "id"}]',
	'{"group_by": [{"table_id": "o", "column": "status"}, {"table_id": "o", "column": "id"},
				   {"table_id": "o", "column": "amount"}],
	  "having": [{"column": "count", "operator": "gt", "value": 1}]}');

-- Times of a given zone.
SELECT pg_temp.series('{"date_column": "local", "source_timezone": "Asia/Tokyo", "timezone": "UTC",
	"range": {"start": "2024-01-01", "end": "2024-01-02"}, "fill": "null"}');

-- Carried in from before the range, which begins with the filter.
SELECT pg_temp.series('{"timezone": "UTC", "fill": "previous", "fill_before": true,
	"range": {"start": "2024-01-01", "end": "2024-01-31"}}',
	'[{"table_id": "o", "column": "status"}]', '{"filters": [
	{"table_id": "o", "column": "at", "operator": "gte", "value": "2024-01-15"}]}');

-- auto: every point.
SELECT pg_temp.series('{"interval": "auto",
	"range": {"start": "2024-01-01 00:00", "end": "2024-01-01 08:00"}}');
ROLLBACK;
