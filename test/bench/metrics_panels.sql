-- Twenty panels about the measurements of a tenant, in table bench.questions, each with the SQL
-- that answers it by hand: five kinds, over the last day, week, month and quarter.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

DROP TABLE IF EXISTS bench.questions;
CREATE TABLE bench.questions AS
SELECT row_number() OVER () AS place,
	   '{"tables": [{"id": "m", "name": "metrics"}]}'::jsonb || replace(replace(definition,
			'RANGE', format('{"start": "%s", "end": "2024-03-30"}', date '2024-03-31' - days)),
			'STEP', step)::jsonb || jsonb_build_object('filters', jsonb_build_array(
				'{"table_id": "m", "column": "measured_at", "operator": "between"}'::jsonb ||
				jsonb_build_object('value', jsonb_build_array(date '2024-03-31' - days,
					'2024-03-30')))) AS definition,
	   format('SELECT json_agg(row_to_json(t)) FROM (%s) t',
			replace(replace(hand, 'SINCE', quote_literal(date '2024-03-31' - days)),
				'STEP', step)) AS hand
FROM (VALUES (1, 'hour'), (7, 'hour'), (30, 'day'), (90, 'day')) AS spans (days, step), (VALUES
	('{"columns": [{"table_id": "m", "column": "value", "aggregation": "avg", "alias": "v"},
		{"table_id": "m", "column": "amount", "aggregation": "sum", "alias": "a"}]}',
	 'SELECT avg(value) AS v, sum(amount) AS a FROM metrics
	  WHERE tenant_id = ''t1'' AND measured_at >= SINCE AND measured_at < ''2024-03-31'''),
	('{"columns": [{"table_id": "m", "column": "value", "aggregation": "avg", "alias": "v"}],
		"time_series": {"table_id": "m", "date_column": "measured_at", "interval": "STEP",
		"range": RANGE}}',
	 'SELECT date_trunc(''STEP'', measured_at) AS measured_at, avg(value) AS v FROM metrics
	  WHERE tenant_id = ''t1'' AND measured_at >= SINCE AND measured_at < ''2024-03-31''
	  GROUP BY 1 ORDER BY 1'),
	('{"columns": [{"table_id": "m", "column": "type"},
		{"table_id": "m", "column": "value", "aggregation": "avg", "alias": "v"}],
		"time_series": {"table_id": "m", "date_column": "measured_at", "interval": "STEP",
		"range": RANGE}}',
	 'SELECT date_trunc(''STEP'', measured_at) AS measured_at, type, avg(value) AS v FROM metrics
	  WHERE tenant_id = ''t1'' AND measured_at >= SINCE AND measured_at < ''2024-03-31''
	  GROUP BY 1, 2 ORDER BY 1, 2'),
	('{"columns": [{"table_id": "m", "column": "type"},
		{"table_id": "m", "column": "cost", "aggregation": "sum", "alias": "v"}]}',
	 'SELECT type, sum(cost) AS v FROM metrics
	  WHERE tenant_id = ''t1'' AND measured_at >= SINCE AND measured_at < ''2024-03-31'' GROUP BY 1'),
	('{"tables": [{"id": "m", "name": "metrics"}, {"id": "s", "name": "servers"}],
		"joins": [{"from_table_id": "m", "from_column": "server_id",
			"to_table_id": "s", "to_column": "id"}],
		"columns": [{"table_id": "s", "column": "name"},
			{"table_id": "m", "column": "amount", "aggregation": "sum", "alias": "v"}],
		"order_by": [{"alias": "v", "direction": "DESC"}], "limit": 10}',
	 'SELECT s.name, sum(m.amount) AS v FROM metrics m
	  JOIN servers s ON s.id = m.server_id AND s.tenant_id = ''t1''
	  WHERE m.tenant_id = ''t1'' AND measured_at >= SINCE AND measured_at < ''2024-03-31''
	  GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10')) AS kinds (definition, hand);
GRANT SELECT ON bench.questions TO app_user;
