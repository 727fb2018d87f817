SELECT date_trunc('day', at, 'Europe/Berlin') AS at, type, avg(value) AS v
FROM metrics
WHERE at >= timestamptz '2024-01-01 Europe/Berlin' AND at < timestamptz '2024-04-01 Europe/Berlin'
GROUP BY 1, 2
ORDER BY 1, 2
