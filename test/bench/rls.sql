-- A table with row level security, and who is held by which policy; :tenant is the tenant.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

CREATE TABLE public.guarded AS SELECT * FROM public.metrics WHERE id <= 3000000;
VACUUM (ANALYZE) public.guarded;
CREATE ROLE by_setting;
CREATE ROLE by_init_plan;
CREATE ROLE unguarded BYPASSRLS;
ALTER TABLE public.guarded ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON public.guarded TO app_user, by_setting, by_init_plan, unguarded;
CREATE POLICY by_setting ON public.guarded TO by_setting
	USING (tenant_id = current_setting('prismiq.tenant_id'));
CREATE POLICY by_init_plan ON public.guarded TO by_init_plan, app_user
	USING (tenant_id = (SELECT current_setting('prismiq.tenant_id')));
SELECT FROM prismiq.prismiq_expose('public.guarded', tenant_column => 'tenant_id',
	time_column => 'measured_at');
