SELECT sum(amount) AS v
FROM metrics
WHERE tenant_id = 't1' AND at >= '2024-02-01' AND at < '2024-02-08'
