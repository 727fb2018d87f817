SELECT at, server_id, type, value
FROM metrics
WHERE tenant_id = 't1'
ORDER BY at DESC
LIMIT 10
