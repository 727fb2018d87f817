SELECT date_trunc('day', departed_at) AS day, count(*) AS flights, avg(delay) AS delay
FROM flights
WHERE state = 'CA' AND departed_at >= '2001-01-01' AND departed_at < '2001-07-01'
GROUP BY 1
ORDER BY 1
