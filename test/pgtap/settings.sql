-- The settings: who may set them, what bounds them, what is said about them.
BEGIN;
SET LOCAL search_path = prismiq, public;
CREATE ROLE settings_user;
GRANT USAGE ON SCHEMA prismiq TO settings_user;
SELECT prismiq_tenant_id() AS ignored \gset

SELECT plan(33);

CREATE TEMP VIEW ours AS SELECT * FROM pg_settings WHERE name LIKE 'prismiq.%';
GRANT SELECT ON ours TO settings_user;

-- ---- What there is --------------------------------------------------------

SELECT set_eq(
	$$ SELECT name, context, boot_val, unit FROM ours WHERE name !~ '_cap$' $$,
	$$ VALUES ('prismiq.context_sources', 'superuser', 'token,claims,settings', NULL),
		('prismiq.tenant_claim', 'superuser', 'tenant_id', NULL),
		('prismiq.user_claim', 'superuser', 'sub', NULL),
		('prismiq.roles_claim', 'superuser', 'roles', NULL),
		('prismiq.trust_headers', 'superuser', 'off', NULL),
		('prismiq.tenant_id', 'user', '', NULL), ('prismiq.user_id', 'user', '', NULL),
		('prismiq.roles', 'user', '', NULL), ('prismiq.schema', 'user', '', NULL),
		('prismiq.fiscal_year_start_month', 'user', '1', NULL),
		('prismiq.compiled_memory', 'user', '8192', 'kB'),
		('prismiq.maintenance', 'user', 'off', NULL),
		('prismiq.assets_url', 'superuser', '', NULL), ('prismiq.dense', 'user', 'on', NULL),
		('prismiq.notify', 'superuser', 'off', NULL),
		('prismiq.track_queries', 'superuser', 'on', NULL),
		('prismiq.stat_max', 'superuser', '1000', NULL),
		('prismiq.max_rows', 'user', '10000', NULL),
		('prismiq.max_result_bytes', 'user', '67108864', 'B'),
		('prismiq.query_timeout', 'user', '30000', 'ms'), ('prismiq.max_cost', 'user', '0', NULL),
		('prismiq.max_definition_bytes', 'user', '1048576', 'B'),
		('prismiq.max_nesting', 'user', '32', NULL), ('prismiq.max_tables', 'user', '32', NULL),
		('prismiq.max_columns', 'user', '500', NULL),
		('prismiq.max_filters', 'user', '1000', NULL),
		('prismiq.max_buckets', 'user', '100000', NULL),
		('prismiq.max_list_values', 'user', '10000', NULL),
		('prismiq.max_items', 'user', '1000', NULL),
		('prismiq.max_dashboards_per_user', 'user', '20', NULL),
		('prismiq.max_widgets_per_dashboard', 'user', '30', NULL) $$,
	'these are the settings and their defaults');
SELECT set_eq(
	$$ SELECT name, context, boot_val, unit FROM ours WHERE name ~ '_cap$' $$,
	$$ VALUES ('prismiq.max_rows_cap', 'superuser', '1000000', NULL),
		('prismiq.max_result_bytes_cap', 'superuser', '1073741823', 'B'),
		('prismiq.query_timeout_cap', 'superuser', '600000', 'ms'),
		('prismiq.max_cost_cap', 'superuser', '0', NULL),
		('prismiq.max_definition_bytes_cap', 'superuser', '16777216', 'B'),
		('prismiq.max_nesting_cap', 'superuser', '128', NULL),
		('prismiq.max_tables_cap', 'superuser', '128', NULL),
		('prismiq.max_columns_cap', 'superuser', '1600', NULL),
		('prismiq.max_filters_cap', 'superuser', '10000', NULL),
		('prismiq.max_buckets_cap', 'superuser', '1000000', NULL),
		('prismiq.max_list_values_cap', 'superuser', '100000', NULL),
		('prismiq.max_items_cap', 'superuser', '10000', NULL),
		('prismiq.max_dashboards_per_user_cap', 'superuser', '1000', NULL),
		('prismiq.max_widgets_per_dashboard_cap', 'superuser', '500', NULL) $$,
	'and these their caps');
SELECT is_empty($$ SELECT name FROM ours
				   WHERE short_desc !~ '^Sets .*\.$' OR coalesce(extra_desc, '') !~ '\.$' $$,
				'each is explained to the administrator');

-- ---- Who may set them -----------------------------------------------------

SET LOCAL ROLE settings_user;
SELECT lives_ok(format('SET LOCAL %s = %L', name, 5), name || ' is for everybody')
FROM unnest('{prismiq.max_rows,prismiq.query_timeout,prismiq.max_cost,prismiq.max_buckets,
			  prismiq.fiscal_year_start_month,prismiq.schema,prismiq.tenant_id}'::text[]) name;
SELECT is_empty($$ SELECT name FROM ours WHERE context = 'superuser'
				   AND has_parameter_privilege(name, 'SET') $$,
				'none of the others is granted');
SELECT throws_ok('SET LOCAL prismiq.max_rows_cap = 5', '42501', NULL, 'a cap is not for users');
SELECT throws_ok('SET LOCAL prismiq.max_cost_cap = 5', '42501', NULL, 'that of the cost neither');
SELECT throws_ok(format('SET LOCAL %s = %L', name, value), '22023', NULL, name || ' = ' || value)
FROM (VALUES ('prismiq.max_rows', '0'), ('prismiq.max_rows', '-1'), ('prismiq.max_rows', 'x'),
	('prismiq.max_result_bytes', '1GB'), ('prismiq.query_timeout', '-1'),
	('prismiq.max_cost', '-1'), ('prismiq.max_nesting', '0'), ('prismiq.max_nesting', '1001'),
	('prismiq.max_columns', '1665'), ('prismiq.fiscal_year_start_month', '0'),
	('prismiq.fiscal_year_start_month', '13')) AS v (name, value);
SELECT throws_ok('SET LOCAL prismiq.max_row = 5', '42602', NULL, 'a name that there is not');

-- ---- Limits and caps ------------------------------------------------------

CREATE FUNCTION pg_temp.fits(n int) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM prismiq.prismiq_time_buckets('1 day', date '2024-01-01', date '2024-01-01' + n);
	RETURN true;
EXCEPTION WHEN SQLSTATE 'PT413' THEN
	RETURN false;
END $$;

SET LOCAL prismiq.max_buckets = 10;
SELECT ok(pg_temp.fits(10) AND NOT pg_temp.fits(11), 'a limit that the role set');
RESET ROLE;
SET LOCAL prismiq.max_buckets_cap = 20;
SET LOCAL ROLE settings_user;
SELECT ok(pg_temp.fits(10) AND NOT pg_temp.fits(11), 'a higher cap does not raise it');
SET LOCAL prismiq.max_buckets = 15;
SELECT ok(pg_temp.fits(15) AND NOT pg_temp.fits(16), 'the role raises it up to the cap');
SET LOCAL prismiq.max_buckets = 1000;
SELECT ok(pg_temp.fits(20) AND NOT pg_temp.fits(21), 'but not beyond');
RESET ROLE;
SELECT ok(pg_temp.fits(1000) AND NOT pg_temp.fits(1001), 'a superuser goes beyond');
CREATE FUNCTION public.settings_definer(n int) RETURNS boolean LANGUAGE plpgsql
	SECURITY DEFINER AS $$
BEGIN
	PERFORM prismiq.prismiq_time_buckets('1 day', date '2024-01-01', date '2024-01-01' + n);
	RETURN true;
END $$;
SET LOCAL ROLE settings_user;
SELECT ok(public.settings_definer(1000), 'so does a superuser''s SECURITY DEFINER function');
RESET ROLE;
SELECT lives_ok('GRANT SET ON PARAMETER prismiq.max_buckets_cap TO settings_user',
				'the right to set a cap can be granted');
SET LOCAL ROLE settings_user;
SELECT lives_ok('SET LOCAL prismiq.max_buckets_cap = 2000', 'and then is had');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
