SELECT id, departed_at, delay, distance, origin, destination
FROM flights
WHERE state = 'CA'
ORDER BY id
LIMIT 10000
