SELECT id, departed_at, delay, distance, origin, destination
FROM flights
WHERE state = 'CA'
LIMIT 10000
