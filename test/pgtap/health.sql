-- Whether what is installed can answer, who may ask for it, and what is counted.
\set ON_ERROR_STOP on

SELECT no_plan();
CREATE ROLE health_nobody;
CREATE ROLE health_app;
CREATE ROLE health_admin;
CREATE ROLE health_scraper;
SELECT prismiq.prismiq_grant('health_nobody', 'public');
SELECT prismiq.prismiq_grant('health_app', 'app');
SELECT prismiq.prismiq_grant('health_admin', 'admin');
GRANT SELECT ON public.flights TO health_app;
-- What docs/watching.md gives a role that watches and does nothing else.
GRANT USAGE ON SCHEMA prismiq TO health_scraper;
GRANT EXECUTE ON FUNCTION prismiq.prismiq_metrics() TO health_scraper;

-- The value of a sample, or null when there is none.
CREATE FUNCTION pg_temp.sample(name text) RETURNS numeric LANGUAGE sql AS $$
	SELECT substr(line, length(name) + 2)::numeric
	FROM regexp_split_to_table(prismiq.prismiq_metrics(), '\n') line
	WHERE left(line, length(name) + 1) = name || ' '
$$;
-- As a role that has no right to look into prismiq_internal.
CREATE FUNCTION pg_temp.as_role(role name, call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	BEGIN
		EXECUTE 'SELECT ' || call INTO answer;
	EXCEPTION WHEN OTHERS THEN
		answer := SQLSTATE;
	END;
	RESET ROLE;
	RETURN answer;
END $$;

-- ---- Who may ask --------------------------------------------------------------

SELECT is(pg_temp.as_role(role, format('prismiq.%s() IS NOT NULL', function)), answer,
		  format('%s asks for %s', role, function))
FROM (VALUES
	('health_nobody', 'prismiq_health_live', 'true'),
	('health_nobody', 'prismiq_health_ready', 'true'),
	('health_nobody', 'prismiq_health', '42501'),
	('health_nobody', 'prismiq_metrics', '42501'),
	('health_app', 'prismiq_health', 'true'),
	('health_app', 'prismiq_metrics', '42501'),
	('health_app', 'prismiq_exposed', '42501'),
	('health_admin', 'prismiq_metrics', 'true'),
	('health_scraper', 'prismiq_metrics', 'true'),
	('health_scraper', 'prismiq_exposed', '42501')) v (role, function, answer);
SELECT is(pg_temp.as_role('health_scraper', 'prismiq_internal.server_state()'), '42501',
		  'who may ask for metrics may not call what they are made by');

-- ---- Ready or not -------------------------------------------------------------

SELECT is(prismiq.prismiq_health_live(), '{"status": "ok"}', 'it lives');
SELECT is(prismiq.prismiq_health_ready(),
		  '{"status": "ok", "ready": true, "reasons": [], "in_recovery": false,
			"read_only": false}', 'and is ready: nothing of versions is told to everybody');
SELECT is(prismiq.prismiq_health(), prismiq.prismiq_health_ready() || jsonb_build_object(
		  'version', x.extversion, 'schema_version', x.extversion,
		  'server_version', current_setting('server_version')), 'an application is told them')
FROM pg_extension x WHERE x.extname = 'prismiq';
SELECT is(current_setting('response.status', true), NULL, 'a gateway is told nothing');

BEGIN;
SET LOCAL default_transaction_read_only = on;
SELECT is(prismiq.prismiq_health_ready() - 'reasons',
		  '{"status": "ok", "ready": true, "in_recovery": false, "read_only": true}',
		  'where nothing is written reading goes on');
ROLLBACK;
BEGIN READ ONLY;
SELECT is(prismiq.prismiq_health_ready() -> 'read_only', 'false',
		  'a transaction of a gateway that only reads says nothing of the server');
SELECT ok(pg_temp.sample('prismiq_ready') = 1, 'metrics are read in such a transaction');
SELECT is(current_setting('transaction_read_only'), 'on', 'and it stays one');
ROLLBACK;

-- The files of the next version are there, and ALTER EXTENSION UPDATE was not run; or it was, and
-- this connection has loaded the old ones before.
BEGIN;
UPDATE pg_extension SET extversion = E'9.9 "\\\n' WHERE extname = 'prismiq';
SELECT is(prismiq.prismiq_health_live(), '{"status": "ok"}', 'of two versions: it lives');
SELECT is(pg_temp.sample('prismiq_ready'), 0::numeric, 'metrics tell that it is not ready');
SELECT is(coalesce(current_setting('response.status', true), ''), '',
		  'and a gateway is not told to answer with an error instead of them');
SELECT is(prismiq.prismiq_health_ready(),
		  '{"status": "unavailable", "ready": false, "reasons": ["version_mismatch"],
			"in_recovery": false, "read_only": false}', 'it is not ready, and says why');
SELECT is(current_setting('response.status', true), '503', 'so does a gateway');
SELECT is(prismiq.prismiq_health() ->> 'schema_version', E'9.9 "\\\n', 'the version that is there');
SELECT matches(prismiq.prismiq_metrics()::text,
			   E'prismiq_build_info{[^\n]*schema_version="9\\.9 \\\\"\\\\\\\\\\\\n"',
			   'a label''s quote, backslash and end of line are escaped');
ROLLBACK;

-- ---- What is counted ----------------------------------------------------------

CREATE TEMP TABLE before AS
SELECT n.name, coalesce(pg_temp.sample(n.name), -1) AS value FROM unnest(ARRAY['prismiq_tenants',
	'prismiq_dashboards{provided="false"}', 'prismiq_dashboards{provided="true"}',
	'prismiq_widgets{provided="false"}', 'prismiq_widgets{provided="true"}',
	'prismiq_saved_queries{provided="false"}', 'prismiq_saved_queries{provided="true"}',
	'prismiq_exposures', 'prismiq_exposure_problems{problem="relation_gone"}',
	'prismiq_exposure_problems{problem="tenant_column_gone"}',
	'prismiq_exposure_problems{problem="tenant_type"}',
	'prismiq_exposure_problems{problem="not_readable"}']) AS n (name);
SELECT is_empty('SELECT * FROM before WHERE value < 0', 'what there is none of is told too');
-- How much more there is than before, of what there is more.
CREATE FUNCTION pg_temp.more() RETURNS jsonb LANGUAGE sql AS $$
	SELECT coalesce(jsonb_object_agg(replace(name, 'prismiq_', ''),
									 pg_temp.sample(name) - value), '{}')
	FROM before WHERE pg_temp.sample(name) <> value
$$;
SELECT is(pg_temp.more(), '{}', 'nothing was made yet');
BEGIN;
SET LOCAL ROLE health_app;
SET LOCAL search_path = prismiq, public;
SELECT prismiq_set_context('tenant_a', 'ann', '{admin}') AS ignored \gset
SELECT prismiq_dashboard_create('{"name": "A", "widgets": [{"type": "text"}, {"type": "text"}]}')
	AS ignored \gset
SELECT prismiq_dashboard_create('{"name": "B"}') AS ignored \gset
SELECT prismiq_set_context('tenant_b', 'bob', '{admin}') AS ignored \gset
SELECT prismiq_saved_query_create('{"name": "Q", "query": {"tables": [{"id": "f",
	"name": "flights"}], "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}}')
	AS ignored \gset
SELECT prismiq_set_context('tenant_c', 'cem', '{admin}') AS ignored \gset
SELECT prismiq_schema_config_set('{"timezone": "UTC"}') AS ignored \gset
RESET ROLE;
SELECT is(pg_temp.more(), '{"tenants": 3, "dashboards{provided=\"false\"}": 2,
	"widgets{provided=\"false\"}": 2, "saved_queries{provided=\"false\"}": 1}',
	'what tenants store is counted over all of them, whoever asks');
COMMIT;
SELECT prismiq.prismiq_provided_set('k', '{"format": "prismiq.dashboard", "version": "1.0",
	"name": "P", "widgets": [{"type": "text"}]}') AS ignored \gset
SELECT is(pg_temp.more() -> 'tenants', '3', 'what is provided is no tenant''s');
SELECT is(pg_temp.more() -> 'dashboards{provided="true"}', '1', 'and is counted by itself');
SELECT is(pg_temp.more() -> 'widgets{provided="true"}', '1', 'its widgets, too');
SELECT is(pg_temp.sample('prismiq_tenants'),
		  substring(pg_temp.as_role('health_scraper', 'prismiq.prismiq_metrics()::text')
					FROM 'prismiq_tenants ([0-9]+)')::numeric,
		  'a role that sees no row itself gets the same numbers');
SELECT ok(prismiq.prismiq_metrics()::text !~ '\m(tenant_[abc]|ann|bob|cem)\M',
		  'no tenant and no user is named');

CREATE TABLE public.changed (tenant text);
CREATE TABLE public.hidden (tenant text);
CREATE TABLE public.retyped (tenant text);
SELECT prismiq.prismiq_expose(format('public.%I', t)::regclass, tenant_column => 'tenant')
FROM unnest('{changed,hidden,retyped}'::text[]) t;
GRANT SELECT ON public.changed, public.retyped TO health_app;
SELECT is(pg_temp.more() -> 'exposures', '3',
		  'what is exposed is counted');
SELECT is(pg_temp.more() -> 'exposure_problems{problem="not_readable"}', '1', 'not readable');
ALTER TABLE public.changed DROP COLUMN tenant;
ALTER TABLE public.retyped ALTER tenant TYPE float USING 1;
SELECT is(pg_temp.more() -> 'exposure_problems{problem="tenant_column_gone"}', '1',
		  'without its tenant column');
SELECT is(pg_temp.more() -> 'exposure_problems{problem="tenant_type"}', '1', 'of another type');
-- As after a restore that left the relation out.
INSERT INTO prismiq.prismiq_exposures (schema_name, relation_name, shared)
VALUES ('public', 'nowhere', true);
SELECT is(pg_temp.more() -> 'exposure_problems{problem="relation_gone"}', '1', 'gone');
SELECT is((SELECT sum(pg_temp.sample(name)) FROM before WHERE name LIKE '%problems%'),
		  (SELECT count(*)::numeric FROM jsonb_array_elements(prismiq.prismiq_exposed()) e
		   WHERE e ->> 'problem' IS NOT NULL), 'as many problems as prismiq_exposed() tells');

-- ---- What this connection remembers -------------------------------------------

CREATE FUNCTION pg_temp.remembered(cache text) RETURNS numeric LANGUAGE sql AS $$
	SELECT coalesce(pg_temp.sample(format('prismiq_backend_cache_entries{cache="%s"}', cache)), 0)
$$;
SELECT prismiq.prismiq_exposed() AS ignored \gset
SELECT is(pg_temp.remembered('exposures'), pg_temp.sample('prismiq_exposures'),
		  'as many exposures as there are');
BEGIN;
SELECT prismiq.prismiq_set_context('CA') AS ignored \gset
SELECT prismiq.prismiq_query('{"tables": [{"id": "f", "name": "public.flights"}],
	"columns": [{"table_id": "f", "column": "delay", "aggregation": "sum"}],
	"filters": [{"table_id": "f", "column": "delay", "operator": "gt", "value": 5}]}')
	AS ignored \gset
SELECT cmp_ok(pg_temp.remembered('tenant settings'), '>=', 2::numeric,
			  'the settings of a tenant, and the application''s');
SELECT cmp_ok(pg_temp.remembered('names'), '>', 0::numeric, 'names');
SELECT cmp_ok(pg_temp.remembered('operators'), '>', 0::numeric, 'operators');
COMMIT;
CREATE SCHEMA health_other;
SELECT is(pg_temp.remembered('names'), 0::numeric, 'what is untrue by now is not counted');

SELECT finish();
DROP OWNED BY health_nobody, health_app, health_admin, health_scraper;
DROP ROLE health_nobody, health_app, health_admin, health_scraper;
