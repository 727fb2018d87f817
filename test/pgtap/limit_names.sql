-- PT413 names the setting that was hit: in the hint, and in the list of faults.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

CREATE FUNCTION pg_temp.hit(setting text, value text, call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	before text := current_setting(setting);
	detail text;
	hint text;
	result text := 'an answer';
BEGIN
	PERFORM set_config(setting, value, true);
	BEGIN
		EXECUTE call;
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		result := concat_ws(' ', SQLSTATE, detail::jsonb #>> '{0,code}',
			CASE WHEN detail::jsonb #>> '{0,suggestion}' = hint THEN
				 substring(hint FROM 'or raise (.*)\.$') END);
	END;
	PERFORM set_config(setting, before, true);
	RETURN result;
END
$$;
CREATE FUNCTION pg_temp.ask(definition jsonb, called text = 'prismiq_query') RETURNS text
LANGUAGE sql AS $$ SELECT format('SELECT prismiq.%I(%L)', called, definition) $$;
SELECT prismiq_set_context('acme', 'ann', '{}', true) \g /dev/null
SELECT prismiq_dashboard_create('{"name": "limits", "filters": [{"id": "s", "type": "multi_select",
	"field": "status"}], "widgets": [{"id": "11111111-1111-4111-8111-111111111111",
	"type": "text"}]}') ->> 'id' AS d \gset

CREATE TEMP TABLE over (setting text, value text, call text);
INSERT INTO over VALUES
	('max_tables', '1', pg_temp.ask(def('i items, o orders', 'i.line count'))),
	('max_tables', '2', pg_temp.ask(def('i items, c customers', 'i.line count'))),
	('max_tables', '1', pg_temp.ask('{"tables": [{"id": "n", "query": {"tables": [{"id": "o",
		"name":
		"orders"}], "columns": [{"table_id": "o", "column": "id"}]}}], "columns": [{"table_id": "n",
		"column": "id"}]}')),
	('max_columns', '1', pg_temp.ask(def('o orders', 'o.id, o.status'))),
	('max_columns', '1', pg_temp.ask(def('o orders', 'o.id', '{"order_by": [{"alias": "id"},
		{"alias": "id"}]}'))),
	('max_filters', '1', pg_temp.ask(def('o orders', 'o.id', filters(cond('o.id gt', '0'),
		cond('o.id lt', '9'))))),
	('max_list_values', '1', pg_temp.ask(def('o orders', 'o.id', filters(cond('o.id in',
		'[1, 2]'))))),
	('max_list_values', '1', format('SELECT prismiq.prismiq_dashboard_data(%L, %L)', :'d',
		'{"s": ["a", "b"]}')),
	('max_nesting', '2', pg_temp.ask(def('o orders', 'o.id', '{"filters": [{"not": {"not": {"not": {
		"table_id": "o", "column": "id", "operator": "eq", "value": 1}}}}]}'))),
	('max_nesting', '1', pg_temp.ask('{"tables": [{"id": "n", "query": {"tables": [{"id": "o",
		"name":
		"orders"}], "columns": [{"table_id": "o", "column": "id"}]}}], "columns": [{"table_id": "n",
		"column": "id"}]}')),
	('max_nesting', '1', pg_temp.ask(('{"a": ' || repeat('[', 50) || repeat(']', 50)
		|| '}')::jsonb)),
	('max_definition_bytes', '1kB', pg_temp.ask(def('o orders', 'o.id', filters(cond('o.status eq',
		to_jsonb(repeat('x', 2000))))))),
	('max_buckets', '3', pg_temp.ask(def('o orders', 'o.* count', '{"time_series": {"table_id": "o",
		"date_column": "placed_at", "interval": "day", "range": {"start": "2024-01-01",
		"end": "2024-01-31"}}}'))),
	('max_buckets', '1', pg_temp.ask(def('o orders', 'o.* count', '{"time_series": {"table_id": "o",
		"date_column": "placed_at", "interval": "second"}}'))),
	('max_buckets', '3', 'SELECT count(*) FROM prismiq.prismiq_time_buckets(''1 day'',
		timestamp ''2024-01-01'', timestamp ''2024-01-31'')'),
	('max_items', '1', pg_temp.ask(def('o orders', 'o.id', '{"params": {"a": {"type": "text"},
		"b": {"type": "text"}}}'))),
	('max_items', '1', 'SELECT prismiq.prismiq_dashboard_create(''{"name": "x", "allowed_viewers":
		["a", "b"]}'')'),
	('max_cost', '0.001', pg_temp.ask(def('o orders', 'o.id'))),
	('max_result_bytes', '1kB', pg_temp.ask(def('o orders',
		'o.id, o.status, o.amount, o.placed_at'))),
	('max_widgets_per_dashboard', '1', format('SELECT prismiq.prismiq_widget_add(%L,
		''{"type": "text"}'')', :'d')),
	('max_widgets_per_dashboard', '1', format('INSERT INTO prismiq.prismiq_widgets (dashboard_id,
		type)
		VALUES (%L, ''text'')', :'d')),
	('max_dashboards_per_user', '1', 'SELECT prismiq.prismiq_dashboard_create(''{"name": "y"}'')'),
	('max_nesting', '1', 'SELECT prismiq.prismiq_saved_query_create(''{"name": "x", "query":
		{"tables":
		[{"id": "o", "name": "orders"}], "columns": [{"table_id": "o", "column": "id"}]}}'')'),
	('max_definition_bytes', '1kB', format('UPDATE prismiq.prismiq_widgets SET config = ''{"a":
		"%s"}''',
		repeat('x', 2000)));
INSERT INTO prismiq.prismiq_dashboards (name) VALUES ('another');

SELECT is(pg_temp.hit('prismiq.' || setting, value, call), format('PT413 %s prismiq.%s',
	CASE setting WHEN 'max_cost' THEN 'TOO_EXPENSIVE' ELSE 'TOO_COMPLEX' END, setting),
	format('%s: %s', setting, call)) FROM over;
SELECT cmp_ok((SELECT count(DISTINCT setting) FROM over), '=', (SELECT count(*) FROM pg_settings
	WHERE name ~ '^prismiq\.max_' AND name !~ '_cap$' AND name <> 'prismiq.max_rows'),
	'every limit that is an error');

-- Where the cap is what binds, that is named.
RESET ROLE;
CREATE FUNCTION public.set_as_superuser(name text, value text) RETURNS text
LANGUAGE sql SECURITY DEFINER AS $$ SELECT set_config(name, value, false) $$;
SET LOCAL ROLE app_user;
SELECT set_as_superuser('prismiq.max_filters_cap', '1') \g /dev/null
SELECT is(pg_temp.hit('prismiq.max_filters', '9', call),
	'PT413 TOO_COMPLEX prismiq.max_filters_cap',
	'the cap') FROM over WHERE setting = 'max_filters';
SELECT set_as_superuser('prismiq.max_filters_cap', '10000') \g /dev/null

-- Rows: what is not cut is bounded by the cap, or by the option.
SELECT set_as_superuser('prismiq.max_rows_cap', '1') \g /dev/null
SELECT is(pg_temp.hit('prismiq.max_rows', '9', format('SELECT prismiq.%I(%L)', called,
	def('o orders', 'o.id'))), 'PT413 TOO_COMPLEX prismiq.max_rows_cap', called)
FROM unnest('{prismiq_query_csv,prismiq_query_rows}'::text[]) called;
SELECT set_as_superuser('prismiq.max_rows_cap', '1000000') \g /dev/null
SELECT is(pg_temp.hit('prismiq.max_rows', '9', format('SELECT prismiq.%I(%L, ''{"max_rows": 1}'')',
	called, def('o orders', 'o.id'))), 'PT413 TOO_COMPLEX the option max_rows', called)
FROM unnest('{prismiq_query_csv,prismiq_query_rows}'::text[]) called;

SELECT * FROM finish();
ROLLBACK;
