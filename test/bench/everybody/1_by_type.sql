SELECT date_trunc('day', measured_at) AS measured_at, type, avg(value) AS v
FROM metrics
WHERE measured_at >= '2024-01-01' AND measured_at < '2024-04-01'
GROUP BY 1, 2
ORDER BY 1, 2
