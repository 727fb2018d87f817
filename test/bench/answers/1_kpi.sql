SELECT count(*) AS flights, avg(delay) AS delay
FROM flights
WHERE state = 'CA'
