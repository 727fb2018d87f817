SELECT h.hour, f.delay
FROM generate_series('2001-01-01'::timestamp, '2001-06-30 23:00', '1 hour') AS h (hour)
LEFT JOIN (SELECT date_trunc('hour', departed_at) AS hour, avg(delay) AS delay
           FROM flights
           WHERE state = 'CA' AND departed_at >= '2001-01-01' AND departed_at < '2001-07-01'
           GROUP BY 1) AS f USING (hour)
ORDER BY 1
