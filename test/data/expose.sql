-- Make the tables of load.sql known to prismiq (in schema prismiq) and give
-- the application role what it needs. Roles are the cluster's: the role may
-- be there already.
\set ON_ERROR_STOP on

SELECT 'CREATE ROLE app_user NOLOGIN'
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'app_user') \gexec

GRANT USAGE ON SCHEMA public TO app_user;
GRANT SELECT ON public.airports, public.flights, public.weather TO app_user;

SELECT FROM prismiq.prismiq_expose('public.flights', tenant_column => 'state',
								   time_column => 'departed_at');
SELECT FROM prismiq.prismiq_expose('public.airports', shared => true);
SELECT FROM prismiq.prismiq_expose('public.weather', shared => true);
SELECT FROM prismiq.prismiq_grant('app_user', 'app');
