SELECT date_trunc('hour', departed_at) AS hour, avg(delay) AS delay
FROM flights
WHERE state = 'CA' AND departed_at >= '2001-01-01' AND departed_at < '2001-07-01'
GROUP BY 1
ORDER BY 1
