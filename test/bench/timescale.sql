-- The measurements as a hypertable.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

CREATE EXTENSION timescaledb SCHEMA public;
CREATE TABLE public.hyper (LIKE public.metrics);
SELECT public.create_hypertable('public.hyper', 'measured_at',
	chunk_time_interval => interval '7 days');
INSERT INTO public.hyper SELECT * FROM public.metrics;
CREATE INDEX ON public.hyper (tenant_id, measured_at);
VACUUM (ANALYZE) public.hyper;
GRANT SELECT ON public.hyper TO app_user;
