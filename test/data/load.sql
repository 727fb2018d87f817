-- The real data as tables of the current database's schema public.
--     psql -v dir=test/data -f test/data/load.sql
\set ON_ERROR_STOP on
\cd :dir

CREATE TABLE public.airports
(
	iata		text PRIMARY KEY,
	name		text,
	city		text,
	state		text,
	country		text,
	latitude	double precision,
	longitude	double precision
);

CREATE TABLE public.flights
(
	id			bigint PRIMARY KEY,
	departed_at timestamp NOT NULL,
	delay		integer,
	distance	integer,
	origin		text NOT NULL REFERENCES public.airports (iata),
	destination text NOT NULL REFERENCES public.airports (iata),
	state		text NOT NULL
);
COMMENT ON COLUMN public.flights.state IS 'State of the airport of origin: the tenant';

CREATE TABLE public.weather
(
	date		date PRIMARY KEY,
	precipitation numeric,
	temp_max	numeric,
	temp_min	numeric,
	wind		numeric,
	weather		text
);

CREATE TEMP TABLE raw_flights
(
	id			bigint GENERATED ALWAYS AS IDENTITY,
	departed_at timestamp,
	delay		integer,
	distance	integer,
	origin		text,
	destination text
);

\copy public.airports FROM 'airports.csv' WITH (FORMAT csv, HEADER true)
\copy public.weather FROM 'seattle-weather.csv' WITH (FORMAT csv, HEADER true)
\copy raw_flights (departed_at, delay, distance, origin, destination) FROM 'flights-20k.csv' WITH (FORMAT csv, HEADER true)

INSERT INTO public.flights (id, departed_at, delay, distance, origin, destination, state)
SELECT f.id, f.departed_at, f.delay, f.distance, f.origin, f.destination, a.state
FROM raw_flights f
JOIN public.airports a ON a.iata = f.origin
ORDER BY f.id;

DROP TABLE raw_flights;

CREATE INDEX ON public.flights (state, departed_at);
CREATE INDEX ON public.flights (origin);
CREATE INDEX ON public.flights (destination);

ANALYZE public.airports, public.flights, public.weather;
