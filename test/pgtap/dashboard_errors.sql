-- Errors of a dashboard's widgets: what the caller is told of them, and what of them he is not.
\set ON_ERROR_STOP on

-- A check that raises while a value is read, as a part of a row type, with a code that is about
-- no value; what it says looks like faults.
CREATE FUNCTION public.heed(value text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $f$
BEGIN
	IF value LIKE 'boo%' THEN
		RAISE EXCEPTION 'words of somebody' USING ERRCODE = '58000', HINT = 'theirs', DETAIL =
			'[{"code": "FORGED", "message": "m", "path": "", "suggestion": null}'
			|| CASE value WHEN 'boo' THEN ']' ELSE '' END;
	END IF;
	RETURN true;
END
$f$;
CREATE DOMAIN public.quiet AS text CHECK (public.heed(VALUE));
CREATE TYPE public.pair AS (value public.quiet);
CREATE TABLE public.pairs (id integer PRIMARY KEY, org text NOT NULL, pair public.pair);
INSERT INTO public.pairs VALUES (1, 'acme', ROW('x'));

-- A view that has faults of its own, swallows them, and then ends otherwise.
CREATE FUNCTION public.swallow(id integer) RETURNS integer LANGUAGE plpgsql AS $f$
BEGIN
	BEGIN
		PERFORM prismiq.prismiq_query('{"tables": [{"id": "n", "name": "nowhere"}],
			"columns": [{"table_id": "n", "column": "id"}]}');
	EXCEPTION WHEN OTHERS THEN
		NULL;
	END;
	RAISE EXCEPTION 'something else';
END
$f$;
CREATE VIEW public.swallowing WITH (security_barrier) AS
	SELECT id, org, public.swallow(id) AS value FROM public.pairs;

-- Views that ask for a dashboard with faults in it; one of them ends in an error then.
CREATE FUNCTION public.inside(id integer) RETURNS text LANGUAGE plpgsql AS $f$
DECLARE
	answer text := prismiq.prismiq_dashboard_data(current_setting('test.inside')::uuid);
BEGIN
	RETURN answer || 1 / (id - 1);
END
$f$;
CREATE VIEW public.outside WITH (security_barrier) AS
	SELECT id, org, public.inside(id + 1) AS value FROM public.pairs;
CREATE VIEW public.failing WITH (security_barrier) AS
	SELECT id, org, public.inside(id) AS value FROM public.pairs;

GRANT SELECT ON public.pairs, public.swallowing, public.outside, public.failing TO app_user;
SELECT FROM prismiq.prismiq_expose('public.pairs', tenant_column => 'org');
SELECT FROM prismiq.prismiq_expose('public.swallowing', tenant_column => 'org');
SELECT FROM prismiq.prismiq_expose('public.outside', tenant_column => 'org');
SELECT FROM prismiq.prismiq_expose('public.failing', tenant_column => 'org');

SET ROLE app_user;
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) AS context \gset

-- The error of a dashboard whose only widget asks for this.
CREATE FUNCTION pg_temp.error_of(query jsonb) RETURNS jsonb LANGUAGE plpgsql AS $f$
DECLARE
	dashboard uuid := prismiq.prismiq_dashboard_create('{"name": "Errors"}') ->> 'id';
	answer jsonb;
BEGIN
	-- By plain DML: the functions would have the query checked.
	INSERT INTO prismiq.prismiq_widgets (dashboard_id, type, query)
	VALUES (dashboard, 'metric', query);
	answer := prismiq.prismiq_dashboard_data(dashboard);
	PERFORM prismiq.prismiq_dashboard_delete(dashboard);
	RETURN (SELECT value -> 'error' FROM jsonb_each(answer));
END
$f$;
CREATE FUNCTION pg_temp.pair_is(value text) RETURNS jsonb LANGUAGE sql AS $f$
	SELECT jsonb_build_object('tables', '[{"id": "p", "name": "pairs"}]'::jsonb,
		'columns', '[{"table_id": "p", "column": "id"}]'::jsonb,
		'filters', jsonb_build_array(jsonb_build_object('table_id', 'p', 'column', 'pair',
			'operator', 'eq', 'value', value)))
$f$;

SELECT is(pg_temp.error_of(pg_temp.pair_is('(x)')), NULL, 'a value that is fine is no error');
SELECT is(pg_temp.error_of(pg_temp.pair_is(value)), '{"code": null, "sqlstate": "XX000",
	"message": "the query failed", "hint": null, "errors": []}',
	'what somebody raised is none of our faults, whatever it looks like: ' || value)
FROM (VALUES ('(boo)'), ('(boo!)')) AS given (value);
SELECT throws_ok(format('SELECT prismiq.prismiq_query(%L)', pg_temp.pair_is('(boo)')), 'XX000',
	'the query failed', 'as it is without a dashboard');

SELECT is(pg_temp.error_of('{"tables": [{"id": "s", "name": "swallowing"}],
	"columns": [{"table_id": "s", "column": "value"}]}'), '{"code": null, "sqlstate": "XX000",
	"message": "the query failed", "hint": null, "errors": []}',
	'faults that were swallowed are not told');

-- Every fault of a definition is told, in the order of the document.
SELECT pg_temp.error_of('{"tables": [{"id": "p", "name": "pairs"}],
	"columns": [{"table_id": "p", "column": "nothing"}],
	"filters": [{"table_id": "p", "column": "id", "operator": "like", "value": "x"}]}')
	AS error \gset
SELECT is(:'error'::jsonb ->> 'code', 'COLUMN_NOT_FOUND', 'the code is that of the first fault');
SELECT is(:'error'::jsonb ->> 'message', :'error'::jsonb #>> '{errors,0,message}',
	'and so is the message');
SELECT is((SELECT array_agg(fault ->> 'code')
	FROM jsonb_array_elements(:'error'::jsonb -> 'errors') AS fault),
	'{COLUMN_NOT_FOUND,INVALID_OPERATOR}', 'with all of them');

-- A dashboard inside of a widget of another one: each tells its own.
SELECT set_config('test.inside', prismiq.prismiq_dashboard_create('{"name": "Inside"}') ->> 'id',
	false) AS d \gset
INSERT INTO prismiq.prismiq_widgets (dashboard_id, type, query)
VALUES (:'d', 'metric', '{"tables": [{"id": "n", "name": "nowhere"}],
	"columns": [{"table_id": "n", "column": "id"}]}');
SELECT ok(public.inside(2) LIKE '%"code":"TABLE_NOT_FOUND"%', 'there are faults inside');
SELECT is(pg_temp.error_of('{"tables": [{"id": "o", "name": "outside"}],
	"columns": [{"table_id": "o", "column": "value"}]}'), NULL,
	'they are none of the widget around');
SELECT is(pg_temp.error_of('{"tables": [{"id": "f", "name": "failing"}],
	"columns": [{"table_id": "f", "column": "value"}]}') #>> '{errors,0,code}', 'INVALID_VALUE',
	'nor are they taken for its own');
SELECT * FROM finish();
