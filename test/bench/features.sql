-- One definition for each feature of the language, in table bench.features: a plain grouped query
-- with one thing more, so that what it costs to compile can be read off. What this version does
-- not speak yet is shown as refused.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

CREATE TABLE bench.features (place serial, name text, definition jsonb);
GRANT SELECT ON bench.features TO app_user;

\set plain '{"tables": [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f", "column": "origin"}, {"table_id": "f", "column": "*", "aggregation": "count", "alias": "flights"}, {"table_id": "f", "column": "delay", "aggregation": "avg", "alias": "delay"}]}'
\set series '{"time_series": {"table_id": "f", "date_column": "departed_at", "interval": "day", "range": {"start": "2001-01-01", "end": "2001-03-31"}}}'
\set joined '{"tables": [{"id": "f", "name": "flights"}, {"id": "a", "name": "airports"}], "joins": [{"from_table_id": "f", "from_column": "destination", "to_table_id": "a", "to_column": "iata"}]}'

INSERT INTO bench.features (name, definition)
SELECT name, :'plain'::jsonb || more::jsonb
FROM (VALUES
	('plain', '{}'),
	('one filter',
		'{"filters": [{"table_id": "f", "column": "delay", "operator": "gt", "value": 10}]}'),
	('and, or, not',
		'{"filters": [{"or": [{"table_id": "f", "column": "delay", "operator": "gt", "value": 10},
			{"not": {"and": [
				{"table_id": "f", "column": "distance", "operator": "lt", "value": 300},
				{"table_id": "f", "column": "origin", "operator": "eq", "value": "SFO"}]}}]}]}'),
	('list of 100', jsonb_build_object('filters', jsonb_build_array(jsonb_build_object(
		'table_id', 'f', 'column', 'distance', 'operator', 'in',
		'value', (SELECT jsonb_agg(g) FROM generate_series(1, 100) g))))::text),
	('relative dates', '{"filters": [{"table_id": "f", "column": "departed_at",
		"operator": "date_preset", "value": "last_month"}]}'),
	('having',
		'{"having": [{"column": "flights", "operator": "gt", "value": 100}]}'),
	('order and limit',
		'{"order_by": [{"alias": "flights", "direction": "DESC"}], "limit": 10}'),
	('filtered measure', '{"columns": [{"table_id": "f", "column": "origin"},
		{"table_id": "f", "column": "*", "aggregation": "count", "filters": [
			{"table_id": "f", "column": "delay", "operator": "gt", "value": 60}]}]}'),
	('percentile', '{"columns": [{"table_id": "f", "column": "origin"},
		{"table_id": "f", "column": "delay", "aggregation": "percentile",
		 "args": {"fraction": 0.95}}]}'),
	('date_trunc', '{"columns": [{"table_id": "f", "column": "departed_at",
		"date_trunc": "month"}, {"table_id": "f", "column": "*", "aggregation": "count"}]}'),
	('join', :'joined'),
	('join, two columns', '{"tables": [{"id": "f", "name": "flights"},
			{"id": "g", "name": "flights"}],
		"joins": [{"from_table_id": "f", "to_table_id": "g", "join_type": "LEFT", "on": [
			{"from_column": "destination", "to_column": "origin"},
			{"from_column": "departed_at", "to_column": "departed_at", "operator": "lt"}]}]}'),
	('related rows', '{"tables": [{"id": "f", "name": "flights"}, {"id": "a", "name": "airports"}],
		"joins": [{"from_table_id": "f", "from_column": "destination",
				   "to_table_id": "a", "to_column": "iata"}],
		"filters": [{"table_id": "a", "column": "state", "operator": "eq", "value": "NV",
					 "scope": "any"}]}'),
	('fan-out, corrected', (:'joined'::jsonb || '{"columns": [{"table_id": "a", "column": "state"},
		{"table_id": "a", "column": "*", "aggregation": "count"},
		{"table_id": "f", "column": "delay", "aggregation": "avg"}]}')::text),
	('query in a filter', '{"filters": [{"table_id": "f", "column": "destination",
		"operator": "in_query", "value": {"query": {
			"tables": [{"id": "a", "name": "airports"}],
			"columns": [{"table_id": "a", "column": "iata"}],
			"filters": [{"table_id": "a", "column": "state", "operator": "eq",
						 "value": "NV"}]}}}]}'),
	('query as a table', '{"tables": [{"id": "f", "query": {
		"tables": [{"id": "x", "name": "flights"}],
		"columns": [{"table_id": "x", "column": "origin"},
					{"table_id": "x", "column": "delay"}]}}]}'),
	('series', :'series'),
	('series, unfilled', jsonb_set(:'series', '{time_series,fill_missing}', 'false')::text),
	('series, linear', jsonb_set(:'series', '{time_series,fill}', '"linear"')::text),
	('window', '{"windows": [{"alias": "place", "function": "rank", "of": "flights"}]}'),
	('qualify', '{"windows": [{"alias": "place", "function": "rank", "of": "flights"}],
		"qualify": [{"column": "place", "operator": "lte", "value": 3}]}'),
	('top', '{"top": {"n": 10, "by": "flights"}}'),
	('totals', '{"totals": true}'),
	('compare', (:'series'::jsonb || '{"compare": {"period": "previous_month"}}')::text),
	('pivot', '{"columns": [{"table_id": "f", "column": "origin"},
			{"table_id": "f", "column": "destination"},
			{"table_id": "f", "column": "*", "aggregation": "count", "alias": "flights"}],
		"pivot": {"column": "destination", "value": "flights", "values": ["LAX", "SFO", "SAN"]}}'),
	('calculated field', '{"calculated_fields": [
			{"name": "late", "expression": "if([delay] > 15, [delay] / 60, 0)"}],
		"columns": [{"table_id": "f", "column": "origin"},
					{"table_id": "f", "column": "late", "aggregation": "sum"}]}'),
	('calculated measure', '{"calculated_fields": [
			{"name": "speed", "expression": "sum([distance]) / sum([delay])"}],
		"columns": [{"table_id": "f", "column": "origin"},
					{"table_id": "f", "column": "speed"}]}'),
	('parameter', '{"params": {"delay": {"type": "integer", "default": 10}},
		"filters": [{"table_id": "f", "column": "delay", "operator": "gt",
					 "value": {"param": "delay"}}]}')
) AS v (name, more);

-- The least microseconds that compiling each of them took, in rounds that take turns; null where it
-- is refused.
CREATE FUNCTION bench.by_feature(calls int, rounds int)
RETURNS TABLE (place int, name text, compiling float8)
LANGUAGE plpgsql SET prismiq.compiled_memory = 0 AS $$
DECLARE
	feature record;
	start timestamptz;
	times jsonb := '{}';
BEGIN
	FOR round IN 0 .. rounds LOOP
		FOR feature IN SELECT * FROM bench.features f ORDER BY f.place LOOP
			BEGIN
				start := clock_timestamp();
				PERFORM count(prismiq.prismiq_compile(d))
				FROM (SELECT feature.definition AS d FROM generate_series(1, calls) OFFSET 0) t;
				CONTINUE WHEN round = 0;
				times := jsonb_set(times, ARRAY[feature.place::text],
					coalesce(times -> feature.place::text, '[]') || to_jsonb(
						extract(epoch FROM clock_timestamp() - start) * 1e6 / calls));
			EXCEPTION WHEN invalid_parameter_value THEN
				NULL;
			END;
		END LOOP;
	END LOOP;
	RETURN QUERY SELECT f.place, f.name,
		(SELECT min(x::text::float8) FROM jsonb_array_elements(times -> f.place::text) x)
	FROM bench.features f ORDER BY f.place;
END
$$;
