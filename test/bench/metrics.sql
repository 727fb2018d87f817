-- :rows measurements of 20 tenants, 50 servers each, in 90 days, as a monitoring service has them:
-- in the order in which they came, with an index by tenant and time.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

DROP TABLE IF EXISTS public.metrics, public.servers, public.monthly;
CREATE TABLE public.servers
(
	id			int PRIMARY KEY,
	tenant_id	text NOT NULL,
	name		text NOT NULL,
	region		text NOT NULL
);
INSERT INTO public.servers
SELECT s, 't' || (s - 1) / 50 + 1, 'server ' || (s - 1) % 50 + 1,
	   (ARRAY['north', 'south', 'east', 'west'])[1 + s % 4]
FROM generate_series(1, 1000) s;

-- Without randomness, and without a pattern that an order or a bucket could meet.
CREATE TABLE public.metrics
(
	id			bigint NOT NULL,
	tenant_id	text NOT NULL,
	server_id	int NOT NULL,
	type		text NOT NULL,
	measured_at timestamptz NOT NULL,
	value		float8 NOT NULL,
	amount		int NOT NULL,
	cost		numeric(12, 2) NOT NULL
);
INSERT INTO public.metrics
SELECT g, 't' || (server - 1) / 50 + 1, server,
	   (ARRAY['cpu', 'memory', 'disk', 'network', 'errors'])[1 + h % 5],
	   timestamptz '2024-01-01 00:00:00+00' + (90.0 * 86400 * g / :rows) * interval '1 second',
	   (h % 100003) / 1000.0, h % 977, (h % 1000003) / 100.0
FROM (SELECT g, g::bigint * 7919 % 1000003 + g::bigint * 104729 % 10007 AS h,
			 (1 + g::bigint * 7907 % 1009 % 1000)::int AS server
	  FROM generate_series(1, :rows) g) m;
CREATE INDEX ON public.metrics (tenant_id, measured_at);
VACUUM (ANALYZE) public.metrics, public.servers;
GRANT SELECT ON public.metrics, public.servers TO app_user;
SELECT FROM prismiq.prismiq_expose('public.metrics', tenant_column => 'tenant_id',
	time_column => 'measured_at');
SELECT FROM prismiq.prismiq_expose('public.servers', tenant_column => 'tenant_id');
