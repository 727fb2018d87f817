SELECT date_trunc('day', at) AS at, type, avg(value) AS v
FROM metrics
WHERE at >= '2024-01-01' AND at < '2024-04-01'
GROUP BY 1, 2
ORDER BY 1, 2
