-- For the dashboard of operations.json: what its status list shows.
CREATE TABLE public.services
(
	tenant		text NOT NULL,
	name		text NOT NULL,
	state		text NOT NULL,
	changed_at	timestamptz NOT NULL,
	note		text
);
INSERT INTO public.services
VALUES ('CA', 'Check-in', 'up', '2001-06-30 08:00Z', NULL),
	   ('CA', 'Baggage', 'slow', '2001-06-30 21:15Z', 'Belt 3 is being repaired'),
	   ('CA', 'Boarding', 'up', '2001-06-12 05:30Z', NULL),
	   ('CA', 'Fuel', 'down', '2001-06-30 22:40Z', 'Pump failure at LAX'),
	   ('TX', 'Check-in', 'down', '2001-06-30 08:00Z', 'Not for California');
GRANT SELECT ON public.services TO web_user;
SELECT FROM prismiq.prismiq_expose('public.services', tenant_column => 'tenant');
