SELECT measured_at, server_id, type, value
FROM metrics
WHERE tenant_id = 't1'
ORDER BY measured_at DESC
LIMIT 10
