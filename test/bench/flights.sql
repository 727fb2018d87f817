-- 3,000,000 flights in place of the 20,000 of the tests: those of "file" (on
-- standard input, as CSV) when "given" is true, else the 20,000 repeated, a few
-- seconds later each time.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

CREATE TEMP TABLE raw_flights
(
	id			bigint GENERATED ALWAYS AS IDENTITY,
	departed_at timestamp,
	delay		integer,
	distance	integer,
	origin		text,
	destination text
);

\if :given
\copy raw_flights (departed_at, delay, distance, origin, destination) FROM pstdin WITH (FORMAT csv, HEADER true)
\else
INSERT INTO raw_flights (departed_at, delay, distance, origin, destination)
SELECT departed_at + n * interval '7 seconds', delay + n % 5, distance, origin, destination
FROM public.flights, generate_series(0, 149) n
ORDER BY 1;
\endif

TRUNCATE public.flights;
INSERT INTO public.flights (id, departed_at, delay, distance, origin, destination, state)
SELECT f.id, f.departed_at, f.delay, f.distance, f.origin, f.destination, a.state
FROM raw_flights f
JOIN public.airports a ON a.iata = f.origin
ORDER BY f.id;
DROP TABLE raw_flights;
VACUUM (ANALYZE) public.flights;

-- Many to one flight, to be counted with it.
CREATE TABLE public.remarks AS
SELECT row_number() OVER () AS id, f.id AS flight_id, f.state, n AS weight
FROM public.flights f, generate_series(1, 2) n
WHERE f.id % 5 = 0;
ALTER TABLE public.remarks ADD PRIMARY KEY (id);
CREATE INDEX ON public.remarks (flight_id);
VACUUM (ANALYZE) public.remarks;
GRANT SELECT ON public.remarks TO app_user;
SELECT FROM prismiq.prismiq_expose('public.remarks', tenant_column => 'state');

-- Found by indexes: a number, the beginning of a text, the latest.
CREATE TABLE public.payments AS
SELECT g AS id, (ARRAY['CA', 'TX', 'NY', 'OH'])[1 + g % 4] AS state,
	   round((g::bigint * 7919 % 1000003) / 100.0, 2) AS amount, 'note ' || g::bigint * 104729 % 1000003 AS note,
	   timestamptz '2001-01-01' + g * interval '1 minute' AS at
FROM generate_series(1, 1000000) g;
ALTER TABLE public.payments ADD PRIMARY KEY (id);
CREATE INDEX ON public.payments (state, amount);
CREATE INDEX ON public.payments (state, note text_pattern_ops);
CREATE INDEX ON public.payments (state, at);
VACUUM (ANALYZE) public.payments;
GRANT SELECT ON public.payments TO app_user;
SELECT FROM prismiq.prismiq_expose('public.payments', tenant_column => 'state', time_column => 'at');

-- The same, a partition for each of 55 spans of time.
CREATE TABLE public.visits (id int, state text, amount numeric, at timestamptz)
	PARTITION BY RANGE (at);
SELECT format('CREATE TABLE public.visits_%s PARTITION OF public.visits FOR VALUES FROM (%L) TO (%L)',
	p, timestamptz '2001-01-01' + p * interval '13 days',
	timestamptz '2001-01-01' + (p + 1) * interval '13 days')
FROM generate_series(0, 54) p \gexec
INSERT INTO public.visits SELECT id, state, amount, at FROM public.payments;
CREATE INDEX ON public.visits (state, at);
VACUUM (ANALYZE) public.visits;
GRANT SELECT ON public.visits TO app_user;
SELECT FROM prismiq.prismiq_expose('public.visits', tenant_column => 'state', time_column => 'at');

-- A million rows of one tenant, to be streamed.
CREATE TABLE public.million AS
SELECT g AS id, 'text number ' || g AS words, g / 7.0 AS ratio,
	   timestamptz '2001-01-01' + g * interval '1 minute' AS at
FROM generate_series(1, 1000000) g;
VACUUM (ANALYZE) public.million;
GRANT SELECT ON public.million TO app_user;
SELECT FROM prismiq.prismiq_expose('public.million', shared => true);

-- Ten tables in a chain, for the big definition.
SELECT format('CREATE TABLE public.chain_%s (id int PRIMARY KEY, next int, tenant text NOT NULL, %s)',
			  t, (SELECT string_agg(format('c%s numeric', c), ', ') FROM generate_series(1, 8) c))
FROM generate_series(1, 10) t \gexec
SELECT format('ALTER TABLE public.chain_%s ADD FOREIGN KEY (next) REFERENCES public.chain_%s', t, t + 1)
FROM generate_series(1, 9) t \gexec
SELECT format('GRANT SELECT ON public.chain_%s TO app_user', t) FROM generate_series(1, 10) t \gexec
SELECT FROM generate_series(1, 10) t,
	prismiq.prismiq_expose(format('public.chain_%s', t)::regclass, tenant_column => 'tenant');
