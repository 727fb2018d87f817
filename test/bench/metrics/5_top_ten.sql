SELECT s.name, sum(m.amount) AS v
FROM metrics m
JOIN servers s ON s.id = m.server_id AND s.tenant_id = 't1'
WHERE m.tenant_id = 't1' AND m.measured_at >= '2024-01-01' AND m.measured_at < '2024-03-31'
GROUP BY 1
ORDER BY 2 DESC, 1
LIMIT 10
