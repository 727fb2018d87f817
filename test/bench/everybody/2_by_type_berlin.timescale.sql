SELECT time_bucket('1 day', at, 'Europe/Berlin') AS at, type, avg(value) AS v
FROM hyper
WHERE at >= timestamptz '2024-01-01 Europe/Berlin' AND at < timestamptz '2024-04-01 Europe/Berlin'
GROUP BY 1, 2
ORDER BY 1, 2
