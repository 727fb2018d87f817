-- Definitions as existing front ends send them, against SQL written by hand.
\set ON_ERROR_STOP on

SET TIME ZONE 'UTC';
SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('CA', 'ann', '{}', false) AS context \gset

CREATE FUNCTION pg_temp.rows(definition jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT prismiq.prismiq_query(definition)::jsonb -> 'rows'
$$;

SELECT is(pg_temp.rows('{
	"tables": [{"id": "t1", "name": "flights", "schema": "public", "alias": "Flights"}],
	"joins": [],
	"columns": [
		{"table_id": "t1", "column": "destination", "aggregation": "none", "alias": "to"},
		{"table_id": "t1", "column": "delay", "aggregation": "avg", "alias": "avg_delay"}],
	"filters": [{"table_id": "t1", "column": "destination", "operator": "in_",
		"value": ["LAX", "SEA", "PHX"]}],
	"group_by": [{"table_id": "t1", "column": "destination"}],
	"order_by": [{"table_id": "t1", "column": "destination", "direction": "ASC"}],
	"limit": 100}'),
	(SELECT jsonb_agg(jsonb_build_array(destination, avg) ORDER BY destination)
	 FROM (SELECT destination, avg(delay) FROM public.flights
		WHERE state = 'CA' AND destination IN ('LAX', 'SEA', 'PHX') GROUP BY 1) AS x),
	'in_, explicit group_by, aggregation none');

SELECT is(pg_temp.rows('{
	"tables": [{"id": "t1", "name": "flights"}, {"id": "t2", "name": "airports"}],
	"joins": [{"from_table_id": "t1", "from_column": "destination", "to_table_id": "t2",
		"to_column": "iata", "join_type": "LEFT"}],
	"columns": [{"table_id": "t2", "column": "state"},
		{"table_id": "t1", "column": "*", "aggregation": "count", "alias": "flights"}],
	"filters": [], "group_by": [],
	"order_by": [{"alias": "flights", "direction": "DESC"}, {"alias": "state"}],
	"limit": 5, "offset": 0}'),
	(SELECT jsonb_agg(jsonb_build_array(state, n) ORDER BY n DESC, state)
	 FROM (SELECT a.state, count(*) AS n FROM public.flights f
		LEFT JOIN public.airports a ON a.iata = f.destination
		WHERE f.state = 'CA' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5) AS x),
	'join type in upper case, empty lists');

SELECT is(pg_temp.rows('{
	"tables": [{"id": "t1", "name": "flights"}],
	"columns": [{"table_id": "t1", "column": "delay", "aggregation": "sum", "alias": "total",
		"date_format": "%Y-%m"}],
	"filters": [{"table_id": "t1", "column": "destination", "operator": "eq", "value": "ABQ"},
		{"table_id": "t1", "column": "departed_at", "operator": "between",
		 "value": ["2001-01-01", "2001-01-10"]}],
	"time_series": {"table_id": "t1", "date_column": "departed_at", "interval": "day",
		"fill_missing": true, "fill_value": 0}}'),
	(SELECT jsonb_agg(jsonb_build_array(to_char(d, 'YYYY-MM-DD"T"HH24:MI:SS'), CASE WHEN EXISTS
			(SELECT FROM public.flights WHERE state = 'CA' AND destination = 'ABQ'
			 AND departed_at >= d AND departed_at < d + interval '1 day')
		THEN (SELECT sum(delay) FROM public.flights WHERE state = 'CA' AND destination = 'ABQ'
			AND departed_at >= d AND departed_at < d + interval '1 day') ELSE 0 END) ORDER BY d)
	 FROM generate_series(timestamp '2001-01-01', '2001-01-10', '1 day') AS d),
	'time_series with fill_missing');
SELECT is(jsonb_array_length(pg_temp.rows('{
	"tables": [{"id": "t1", "name": "flights"}],
	"columns": [{"table_id": "t1", "column": "delay", "aggregation": "sum"}],
	"time_series": {"table_id": "t1", "date_column": "departed_at", "interval": "month",
		"fill_missing": false}}')), 6, 'and without');

SELECT is(pg_temp.rows('{
	"tables": [{"id": "t1", "name": "flights"}],
	"calculated_fields": [{"name": "late", "expression": "if([delay] > 15, 1, 0)",
		"data_type": "number"}],
	"columns": [{"table_id": "t1", "column": "destination"},
		{"table_id": "t1", "column": "late", "aggregation": "sum", "alias": "late_flights"}],
	"order_by": [{"alias": "late_flights", "direction": "DESC"}, {"alias": "destination"}],
	"limit": 5}'),
	(SELECT jsonb_agg(jsonb_build_array(destination, n) ORDER BY n DESC, destination)
	 FROM (SELECT destination, count(*) FILTER (WHERE delay > 15) AS n FROM public.flights
		WHERE state = 'CA' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5) AS x),
	'a calculated field in brackets');

SELECT is(pg_temp.rows('{
	"tables": [{"id": "t1", "name": "flights"}],
	"columns": [{"table_id": "t1", "column": "*", "aggregation": "count"}],
	"filters": [{"table_id": "t1", "column": "departed_at", "operator": "date_window",
		"value": {"period": "monthly", "value": -1}}]}'),
	'[[0]]', 'date_window: nothing departed last month');
SELECT is(pg_temp.rows('{
	"tables": [{"id": "t1", "name": "flights"}],
	"columns": [{"table_id": "t1", "column": "*", "aggregation": "count"}],
	"filters": [{"table_id": "t1", "column": "delay", "operator": "neq", "value": 0},
		{"table_id": "t1", "column": "destination", "operator": "is_not_null", "value": null}]}'),
	(SELECT jsonb_build_array(jsonb_build_array(count(*))) FROM public.flights
	 WHERE state = 'CA' AND delay IS DISTINCT FROM 0 AND destination IS NOT NULL),
	'a null beside an operator that takes no value');

-- What is different on purpose
SELECT is((SELECT jsonb_agg(e ->> 'code') FROM jsonb_array_elements(
	prismiq.prismiq_validate('{"tables": [{"id": "t1", "name": "flights"}],
		"columns": [{"table_id": "t1", "column": "delay", "sql_expression": "1"}],
		"filters": [{"table_id": "t1", "column": "delay", "operator": "in_subquery",
			"value": "SELECT 1"}]}') -> 'errors') AS e),
	'["UNSAFE_SQL", "UNSAFE_SQL"]', 'SQL in a definition is refused');
SELECT is(pg_temp.rows('{
	"tables": [{"id": "a", "name": "airports"}, {"id": "f", "name": "flights"}],
	"joins": [{"from_table_id": "a", "from_column": "iata", "to_table_id": "f",
		"to_column": "destination", "join_type": "LEFT"}],
	"columns": [{"table_id": "a", "column": "iata"},
		{"table_id": "f", "column": "*", "aggregation": "count"}],
	"filters": [{"table_id": "a", "column": "iata", "operator": "in", "value": ["00M", "LAX"]}],
	"order_by": [{"alias": "iata"}]}'),
	(SELECT jsonb_build_array('["00M", 0]'::jsonb, jsonb_build_array('LAX', count(*)))
	 FROM public.flights WHERE state = 'CA' AND destination = 'LAX'),
	'an airport without flights has none');

SELECT * FROM finish();
