-- Random mutations of the documents that the functions of dashboards take, and
-- of the values of filters: see test/t/mutations.sh. After mutations.sql, in the
-- same session.
DELETE FROM keys;
CREATE TEMP TABLE documents (id serial, call text, document jsonb);
INSERT INTO documents (call, document) VALUES
('SELECT prismiq_dashboard_create(%1$s)', '{"name": "d", "description": "x", "is_public": true,
	"timezone": "UTC", "layout": {"columns": 12, "row_height": 50, "margin": [10, 10],
		"compact_type":
	"vertical"}, "allowed_viewers": ["bob"], "filters": [{"id": "a", "type": "date_range",
		"label": "A",
	"field": "mo"}, {"id": "b", "type": "multi_select", "label": "B", "field": "e",
		"table": "odd.texts",
	"default_value": ["ok"]}], "widgets": [{"title": "w", "type": "table", "position": {"x": 0,
		"y": 0,
	"w": 3, "h": 2}, "query": {"tables": [{"id": "f", "name": "flights"}],
		"columns": [{"table_id": "f",
	"column": "delay"}]}, "config": {"colors": ["red"]}}, {"type": "text",
		"config": {"content": "x"}}]}'),
('SELECT prismiq_widget_add(pg_temp.own(), %1$s)', '{"type": "gauge", "config": {"format": {"type":
	"currency", "decimals": 2, "currency": "EUR"}, "formats": {"a": "percent"}, "labels": {"a": "A"},
	"colors": {"a": "#fff"}, "click": {"dashboard_id": "10000000-0000-4000-8000-000000000001",
	"filters": {"f": "a"}}, "value": "a", "thresholds": [{"value": 1, "color": "red"}, {"value": 2}],
	"trend": {"period": "previous_week"}, "sparkline": {"interval": "day", "column": "mo"},
	"target": 5, "min": 0, "max": 9.5, "status_mapping": {"1": {"label": "up"}}}}'),
('SELECT prismiq_widget_add(pg_temp.own(), %1$s)', '{"type": "table", "config": {"y": ["a"],
	"stacked": true, "y_range": [0, null], "max_series": 5, "annotations": [{"value": 1, "label":
	"x"}, {"from": "a", "to": "b"}], "page_size": 5, "sortable": ["a"], "columns": [{"name": "a",
	"format": "bytes", "align": "left", "width": 9}], "default_sort": [{"alias": "a", "direction":
	"ASC"}], "drill_down": {"enabled": true, "columns": ["a"]}, "status_mapping": [{"value": 1}],
	"parameters": {"a": [1]}, "template": "t"}}'),
('SELECT prismiq_dashboard_update(pg_temp.own(), %1$s)', '{"name": "e", "version": 1,
	"filters": [{"id":
	"c", "type": "select", "label": "C", "field": "l"}], "is_default": true,
		"timezone": "Asia/Tokyo",
	"widgets": []}'),
('SELECT prismiq_widget_add(pg_temp.own(), %1$s)', '{"title": "w", "type": "bar_chart",
	"position": {"x":
	1, "y": 1, "w": 2, "h": 2}, "query": {"tables": [{"id": "t", "name": "times", "schema": "odd"}],
	"columns": [{"table_id": "t", "column": "id", "aggregation": "sum"}],
		"time_series": {"table_id": "t",
	"date_column": "mo", "interval": "day"}}, "hyperlink": "https://x.org"}'),
('SELECT prismiq_layout_update(pg_temp.own(), %1$s)',
	'[{"id": "10000000-0000-4000-8000-000000000001",
	"x": 0, "y": 0, "w": 3, "h": 3}]'),
('SELECT prismiq_saved_query_create(%1$s)', '{"name": "s", "description": "x", "is_shared": true,
	"query":
	{"tables": [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f", "column": "id"}]}}'),
('SELECT prismiq_schema_config_set(%1$s)', '{"currency": "EUR", "number": {"decimal": ",", "group":
	"."}, "theme": {"accent": "red"}, "tables": {"flights": {"columns": {"delay": {"unit": "min",
	"format": {"type": "number"}}}}}}'),
('SELECT prismiq_schema_config_set(%1$s)', '{"tables": [{"name": "flights", "display_name": "F",
	"columns":
	[{"name": "delay", "hidden": false, "format": "x", "display_name": "D"}]}], "timezone": "UTC",
	"week_start": "monday", "fiscal_year_start_month": 4}'),
('SELECT prismiq_model_set(%1$s)', '{"tables": {"flights": {"display_name": "F",
	"columns": {"delay": {"hidden": false, "format": {"type": "number"}, "unit": "min"}}}},
	"number": {"decimal": ",", "group": "."}, "theme": {"accent": "#123456", "size": 12},
	"relationships": [{"from_table": "flights", "from_columns": ["origin"],
		"to_table": "airports", "to_column": "iata"}],
	"measures": {"m": {"table": "flights", "column": "delay", "aggregation": "sum", "label": "M",
		"filters": [{"or": [{"column": "origin", "operator": "in", "value": ["JFK"]},
			{"not": {"column": "delay", "operator": "gt", "value": 1.5}}]}], "format": "number"},
		"n": {"table": "flights", "expression": "sum_if([delay], [origin] == \"JFK\") / count()",
			"description": "x"}}}'),
('SELECT prismiq_dashboard_list(%1$s)', '{"limit": 5, "offset": 0, "search": "d"}'),
('SELECT prismiq_saved_query_list(%1$s)', '{"limit": 5, "offset": 0, "search": "d"}'),
('SELECT prismiq_dashboard_data(pg_temp.own(), %1$s, %2$s)', '{"when": {"start": "2024-02-01",
	"end":
	"2024-03-01"}, "mood": ["ok"], "level": "low", "n": {"min": 1, "max": 5}, "loose": "ND1"}'),
('SELECT prismiq_widget_data(''10000000-0000-4000-8000-000000000001'', %1$s, %2$s)',
	'{"when": {"start":
	"2024-02-01"}, "mood": null, "level": ["low"], "n": {"min": 1}}'),
('SELECT prismiq_query_preview(%1$s, ''{}'', ''{"spec": true}'')', '{"type": "line_chart",
	"config": {"colors": ["red"], "annotations": [{"value": 1, "label": "x"}, {"from": "2024-02-01",
	"to": "2024-02-03"}], "thresholds": [{"value": 1}], "y_range": [0, 9], "stacked": true,
	"labels": {"a": "b"}, "orientation": "horizontal"}, "query": {"tables": [{"id": "f", "name":
	"flights"}], "columns": [{"table_id": "f", "column": "delay", "aggregation": "avg"},
	{"table_id": "f", "column": "origin"}], "time_series": {"table_id": "f", "date_column":
	"departed_at", "interval": "month"}}}');
INSERT INTO keys (key)
SELECT DISTINCT k FROM documents, jsonb_path_query(document, '$.**') AS node,
	jsonb_object_keys(CASE jsonb_typeof(node) WHEN 'object' THEN node ELSE '{}' END) AS k;

CREATE FUNCTION pg_temp.own() RETURNS uuid LANGUAGE sql AS $$
	SELECT current_setting('fuzz.dashboard')::uuid
$$;

CREATE PROCEDURE pg_temp.run_documents(n integer) LANGUAGE plpgsql AS $$
DECLARE
	chosen record;
	document jsonb;
	options jsonb;
	raised text[];
	valid text := '^(22023|23505|PT4..|42501)$';
BEGIN
	FOR i IN 1 .. n LOOP
		SELECT * INTO chosen FROM documents ORDER BY random() LIMIT 1;
		document := chosen.document;
		FOR m IN 1 .. 1 + floor(3 * random() ^ 3) LOOP
			CONTINUE WHEN jsonb_typeof(document) NOT IN ('object', 'array')
				OR document IN ('{}', '[]');
			document := pg_temp.mutate(document);
		END LOOP;
		options := pg_temp.some_options();
		SET LOCAL ROLE app_user;
		raised := pg_temp.raised(chosen.call, document, options);
		RESET ROLE;
		ROLLBACK;				-- the next call finds the same dashboard
		INSERT INTO outcome VALUES (document, options, coalesce(raised[1], 'answer'), NULL,
			CASE WHEN raised[1] !~ valid
				THEN format('%s: %s %s', chosen.call, raised[1], raised[2]) END);
		COMMIT;
	END LOOP;
END
$$;

-- One dashboard, whose widgets and filters meet odd columns.
SET prismiq.tenant_id = 'CA';
SET prismiq.user_id = 'ann';
SET prismiq.roles = 'admin';
SELECT set_config('fuzz.dashboard', prismiq_dashboard_create('{"name": "Odd", "filters": [
	{"id": "when", "type": "date_range", "label": "When", "field": "mo"},
	{"id": "mood", "type": "multi_select", "label": "Mood", "field": "e"},
	{"id": "level", "type": "select", "label": "Level", "field": "l"},
	{"id": "n", "type": "number_range", "label": "N", "field": "n"},
	{"id": "loose", "type": "text", "label": "Loose", "field": "nd"}], "widgets": [
	{"id": "10000000-0000-4000-8000-000000000001", "type": "metric",
		"query": {"tables": [{"id": "o",
		"name": "texts"}], "columns": [{"table_id": "o", "column": "*", "aggregation": "count"}]}},
	{"id": "10000000-0000-4000-8000-000000000002", "type": "metric",
		"query": {"tables": [{"id": "o",
		"name": "numbers"}], "columns": [{"table_id": "o", "column": "n", "aggregation": "sum"}]}},
	{"id": "10000000-0000-4000-8000-000000000003", "type": "table", "query": {"tables": [{"id": "o",
		"name": "times"}], "columns": [{"table_id": "o", "column": "mo"}]}},
	{"id": "10000000-0000-4000-8000-000000000004", "type": "table", "query": {"tables": [{"id": "o",
		"name": "times"}], "columns": [{"table_id": "o", "column": "mo"}]}},
	{"id": "10000000-0000-4000-8000-000000000005", "type": "table", "query": {"tables": [{"id": "o",
		"name": "numbers"}], "columns": [{"table_id": "o", "column": "n"}]}}]}') ->> 'id', false)
	\g /dev/null

-- What the functions would refuse.
UPDATE prismiq_widgets SET query = jsonb_set(query, '{tables,0,name}', '"nope"')
WHERE id = '10000000-0000-4000-8000-000000000004';
UPDATE prismiq_widgets SET query = jsonb_set(query, '{tables,0,name}', '"unfilled"')
WHERE id = '10000000-0000-4000-8000-000000000005';
CALL pg_temp.run_documents(:n / 4);
