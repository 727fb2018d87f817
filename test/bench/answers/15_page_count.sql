SELECT origin, destination, count(*) AS flights, avg(delay) AS delay, count(*) OVER () AS total
FROM flights
WHERE state = 'CA'
GROUP BY origin, destination
ORDER BY flights DESC, origin, destination
LIMIT 20 OFFSET 20
