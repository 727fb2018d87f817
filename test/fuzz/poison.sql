-- What the tests of the barrier between tenants ask a server with. Variables of
-- psql: host and port, under which the server reaches itself.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION postgres_fdw SCHEMA public;

-- Roles are of all databases, in which two tests may be doing this at once.
BEGIN;
LOCK TABLE pg_catalog.pg_authid IN SHARE ROW EXCLUSIVE MODE;
SELECT 'CREATE ROLE poison_admin NOLOGIN'
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'poison_admin') \gexec
SELECT FROM prismiq.prismiq_grant('poison_admin', 'app');
SELECT FROM prismiq.prismiq_grant('poison_admin', 'admin');
COMMIT;

CREATE SCHEMA poison;

GRANT USAGE ON SCHEMA poison TO app_user, poison_admin;
CREATE TYPE poison.kind AS ENUM ('web', 'phone', 'in store');
CREATE DOMAIN poison.price AS numeric(12,2) CHECK (VALUE >= 0);
CREATE DOMAIN poison.tenant_key AS text CHECK (length(VALUE) < 64);
CREATE TYPE poison.tenant_enum AS ENUM ('acme', 'beta', E'o''hara \\ co');

-- The server itself as another one: once asked what its plans cost, once not.
CREATE SERVER poison_far FOREIGN DATA WRAPPER postgres_fdw
	OPTIONS (host :'host', port :'port', dbname :'DBNAME');
CREATE SERVER poison_asked FOREIGN DATA WRAPPER postgres_fdw
	OPTIONS (host :'host', port :'port', dbname :'DBNAME', use_remote_estimate 'true');
SELECT format('CREATE USER MAPPING FOR %I SERVER %I OPTIONS (user ''postgres'',
		password_required ''false'')', role, server)
FROM unnest('{postgres,app_user,poison_admin}'::text[]) AS role,
	 unnest('{poison_far,poison_asked}'::text[]) AS server \gexec

-- A definition as the widget of a dashboard with filters.
CREATE FUNCTION poison.dashboard(definition jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	made uuid := prismiq.prismiq_dashboard_create('{"name": "poison"}') ->> 'id';
	answer jsonb;
BEGIN
	-- By plain DML: the functions would look at it first.
	UPDATE prismiq.prismiq_dashboards d SET
		-- Other tables have such columns too.
		filters = (SELECT jsonb_agg(f || CASE WHEN definition::text LIKE '%"orders"%'
				THEN '{"table": "orders"}'::jsonb ELSE '{}' END) FROM jsonb_array_elements(
			'[{"id": "a", "type": "number_range", "label": "A", "field": "amount"},
			{"id": "s", "type": "multi_select", "label": "S", "field": "status"},
			{"id": "w", "type": "date_range", "label": "W", "field": "placed_at"}]') AS f)
	WHERE d.id = made;
	INSERT INTO prismiq.prismiq_widgets (dashboard_id, type, query)
	VALUES (made, 'table', definition);
	answer := prismiq.prismiq_dashboard_data(made, '{"a": {"min": 1},
		"s": ["1", "2", "3.5", null], "w": {"start": "2024-03-01", "end": "2024-04-20"}}');
	PERFORM prismiq.prismiq_dashboard_delete(made);
	answer := (SELECT value - 'widget_id' FROM jsonb_each(answer));
	IF answer ? 'error' THEN
		RAISE EXCEPTION USING MESSAGE = answer #>> '{error,message}',
			DETAIL = answer #>> '{error,errors}', ERRCODE = answer #>> '{error,sqlstate}';
	END IF;
	RETURN answer;
END
$$;

-- What a call gives: its value, or its error.
CREATE FUNCTION poison.outcome(call text, definition jsonb, options jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	result jsonb;
	state text;
	message text;
	detail text;
	hint text;
BEGIN
	IF call = 'dashboard' THEN
		result := poison.dashboard(definition);
	ELSIF call = 'prismiq_query_rows' THEN
		SELECT jsonb_build_object('rows', coalesce(jsonb_agg(
			(SELECT jsonb_agg(value ORDER BY key) FROM jsonb_each(r))), '[]')) INTO result
		FROM (SELECT prismiq.prismiq_query_rows(definition, options) AS r) AS q;
	ELSE
		EXECUTE format('SELECT to_jsonb(prismiq.%I($1, $2))', call) INTO result
		USING definition, options;
	END IF;
	IF call = 'prismiq_query_csv' THEN
		result := jsonb_build_object('rows', (SELECT jsonb_agg(jsonb_build_array(line))
			FROM string_to_table(result #>> '{}', E'\r\n') AS line));
	END IF;
	RETURN jsonb_build_object('answer', result - 'execution_time_ms');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN jsonb_build_object('error', concat_ws(' | ', state, message, detail, hint));
END
$$;

-- A definition of copy a, asked of a copy.
CREATE FUNCTION poison.of_copy(definition text, copy text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT replace(definition, 'copy a', 'copy ' || copy)::jsonb $$;

-- Both copies asked the same, under settings that are put back; "calls" are names of functions.
-- What plans know (plan, estimated_rows, estimated_cost) is not compared.
CREATE FUNCTION poison.ask(definition text, options jsonb, settings text[], calls text[],
						   OUT call text, OUT a jsonb, OUT b jsonb)
RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
	setting text;
BEGIN
	FOREACH setting IN ARRAY settings LOOP
		PERFORM set_config(split_part(setting, '=', 1), split_part(setting, '=', 2), true);
	END LOOP;
	FOREACH call IN ARRAY calls LOOP
		a := poison.outcome(call, poison.of_copy(definition, 'a'), options)
			#- '{answer,plan}' #- '{answer,estimated_rows}' #- '{answer,estimated_cost}';
		b := poison.outcome(call, poison.of_copy(definition, 'b'), options)
			#- '{answer,plan}' #- '{answer,estimated_rows}' #- '{answer,estimated_cost}';
		a := replace(a::text, 'copy a', 'copy b');
		RETURN NEXT;
	END LOOP;
END
$$;

-- Values of a column in a copy, or the error.
CREATE FUNCTION poison.sample(copy text, name text, of text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('prismiq.schema', copy, true);
	RETURN prismiq.prismiq_column_sample(name, of, 1000);
EXCEPTION WHEN OTHERS THEN
	RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END
$$;

-- What samples of columns tell that differs between the copies; null for nothing.
CREATE FUNCTION poison.samples() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', table_name, column_name, a, b), '; ') FROM (
		SELECT c.table_name, c.column_name,
			poison.sample('copy a', c.table_name, c.column_name) AS a,
			poison.sample('copy b', c.table_name, c.column_name) AS b
		FROM information_schema.columns AS c
		WHERE c.table_schema = 'copy a' AND NOT c.table_name ~ ' ') AS q
	WHERE a <> b OR a !~ '^\['
$$;

-- The numbers of the rows that a relation of copy a has for the tenant, and those that its
-- master has.
CREATE FUNCTION poison.numbers(name text, OUT seen text, OUT own text) LANGUAGE plpgsql AS $$
DECLARE
	definition jsonb := jsonb_build_object('tables', jsonb_build_array(jsonb_build_object(
		'id', 't', 'name', name, 'schema', 'copy a')), 'columns', jsonb_build_array(
		jsonb_build_object('table_id', 't', 'column', 'rid')), 'order_by',
		jsonb_build_array(jsonb_build_object('alias', 'rid')));
BEGIN
	seen := poison.outcome('prismiq_query', definition, '{}') #>> '{answer,rows}';
	EXECUTE format('SELECT jsonb_agg(jsonb_build_array(rid) ORDER BY rid) FROM masters.%I AS m
		WHERE rtrim(coalesce(to_jsonb(m) ->> ''tenant'', to_jsonb(m) ->> ''org'',
			prismiq.prismiq_tenant_id())) = prismiq.prismiq_tenant_id()', name) INTO own;
END
$$;
