SELECT date_trunc('hour', measured_at) AS measured_at, server_id, avg(value) AS v
FROM metrics
WHERE tenant_id = 't1' AND measured_at >= '2024-02-01' AND measured_at < '2024-02-08'
GROUP BY 1, 2
ORDER BY 1, 2
