SELECT destination, count(*) AS flights, avg(delay) AS delay
FROM flights
WHERE state = 'CA' AND distance > 300
GROUP BY destination
ORDER BY flights DESC
LIMIT 10
