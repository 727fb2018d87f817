SELECT sum(amount) AS v
FROM metrics
WHERE tenant_id = 't1' AND measured_at >= '2024-02-01' AND measured_at < '2024-02-08'
