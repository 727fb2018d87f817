SELECT origin, destination, count(*) AS flights, avg(delay) AS delay,
       grouping(origin) + grouping(destination) AS level
FROM flights
WHERE state = 'CA'
GROUP BY ROLLUP (origin, destination)
ORDER BY level, origin, destination
