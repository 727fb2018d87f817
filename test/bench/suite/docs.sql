-- Times of the definitions that docs.pl printed: place, key, JSON, on standard input.
SET search_path = prismiq, public;
CREATE TEMP TABLE blocks (place text, key text, value jsonb);
\copy blocks FROM pstdin WITH (FORMAT csv, DELIMITER E'\t', QUOTE E'\b', NULL '\N')
SELECT round(least_time::numeric, 1), place
FROM (SELECT place, bench.least_time(CASE WHEN key = '' THEN value ELSE '{
		"tables": [{"id": "f", "name": "flights"}, {"id": "a", "name": "airports"}],
		"joins": [{"from_table_id": "f", "from_column": "destination", "to_table_id": "a",
				   "to_column": "iata"}],
		"columns": [{"table_id": "a", "column": "city"},
					{"table_id": "f", "column": "*", "aggregation": "count"},
					{"table_id": "f", "column": "delay", "aggregation": "avg"}]}'::jsonb ||
		jsonb_build_object(key, value) END, '{}') FROM blocks) AS t
WHERE least_time IS NOT NULL;
