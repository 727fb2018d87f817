-- Answers of widgets: each case is a widget of its own on a dashboard of its own, which is gone
-- again when the answer is there.
--
--     \getenv dir TEST_DIR
--     \set lib :dir /lib/widgets.sql
--     \ir :lib
--
-- Brings oracle.sql along, with its functions and the shop. The tables that a test makes itself
-- are of tenant acme by a column "tenant": SELECT oracle.expose('name', ...).
\set oracle :dir /lib/oracle.sql
\ir :oracle
SET LOCAL ROLE NONE;
SET LOCAL prismiq.user_id = 'ann';
GRANT CREATE ON SCHEMA oracle TO app_user;

-- Make a table of the test's own known.
CREATE FUNCTION oracle.expose(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('GRANT SELECT ON %s TO app_user', name);
	PERFORM prismiq.prismiq_expose(name::regclass, tenant_column => 'tenant');
END
$$;

-- The answer of a widget, but for its id and the time that it took. "board" is what the dashboard
-- has besides, "more" what the widget has.
CREATE FUNCTION oracle.widget(type text, query jsonb, config jsonb = '{}', board jsonb = '{}',
							  filters jsonb = '{}', options jsonb = '{}', more jsonb = '{}')
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	made jsonb := prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'Of a test',
		'widgets', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('type', type, 'query',
			query)) || jsonb_build_object('config', config) || more)) || board);
	answer jsonb;
BEGIN
	answer := prismiq.prismiq_widget_data((made #>> '{widgets,0,id}')::uuid, filters, options);
	PERFORM prismiq.prismiq_dashboard_delete((made ->> 'id')::uuid);
	RETURN answer - 'widget_id' - 'execution_time_ms';
END
$$;

-- The member of it that is called like the shape.
CREATE FUNCTION oracle.shape(type text, query jsonb, config jsonb = '{}', options jsonb = '{}')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT answer -> (answer ->> 'shape')
	FROM oracle.widget(type, query, config, options => options) AS answer
$$;

-- Its warnings, a line each.
CREATE FUNCTION oracle.warnings(type text, query jsonb, config jsonb = '{}') RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', w ->> 'code', w ->> 'path', w ->> 'message'), E'\n' ORDER BY n)
	FROM jsonb_array_elements(oracle.widget(type, query, config) -> 'warnings')
		 WITH ORDINALITY AS u (w, n)
$$;

-- What is called what: "label" of each column, in order.
CREATE FUNCTION oracle.labels(answer jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(c ->> 'label', '|' ORDER BY n)
	FROM jsonb_array_elements(answer -> 'columns') WITH ORDINALITY AS u (c, n)
$$;

-- SQLSTATE and first code of the refusal to answer.
CREATE FUNCTION oracle.refusal(type text, query jsonb, config jsonb = '{}', options jsonb = '{}')
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	RETURN oracle.shape(type, query, config, options)::text;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' ', SQLSTATE, substring(detail FROM '^\[\{"code": "(\w+)"'));
END
$$;
SET LOCAL ROLE app_user;
